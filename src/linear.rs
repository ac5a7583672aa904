//! A linear model of our own: small enough to certify what a solver says about it.

/// A variable's number.
pub type Var = usize;

/// A coefficient below which a solver cannot be trusted to see it.
const NEXT_TO_NOTHING: f64 = 1e-6;

/// One row: Σ coefficient × variable ≤ `rhs`, or = where `equal`.
#[derive(Clone)]
pub struct Row {
    /// The variables with their factors.
    pub terms: Vec<(Var, f64)>,
    /// The right-hand side.
    pub rhs: f64,
    /// = instead of ≤.
    pub equal: bool,
}

/// Minimise the cost under the rows, each variable between 0 and its upper bound.
#[derive(Clone, Default)]
pub struct Linear {
    /// By variable, what a unit costs.
    pub cost: Vec<f64>,
    /// By variable, the most that it can be.
    pub upper: Vec<f64>,
    /// By variable, whether it is a whole number.
    pub integer: Vec<bool>,
    /// The rows.
    pub rows: Vec<Row>,
}

impl Linear {
    /// A variable from 0 to `upper`.
    pub fn var(&mut self, cost: f64, upper: f64, integer: bool) -> Var {
        self.cost.push(cost);
        self.upper.push(upper);
        self.integer.push(integer);
        self.cost.len() - 1
    }

    /// Adds Σ terms ≤ rhs. Of a coefficient that is all but zero the row keeps the least that its term can be: what rounding has
    /// left is below the solver's tolerances, and has made it prune the best solution.
    pub fn at_most(&mut self, mut terms: Vec<(Var, f64)>, mut rhs: f64) {
        terms.retain(|&(j, a)| {
            if a.abs() < NEXT_TO_NOTHING {
                rhs -= a.min(0.0) * self.upper[j];
            }
            a.abs() >= NEXT_TO_NOTHING
        });
        if !terms.is_empty() {
            self.rows.push(Row { terms, rhs, equal: false });
        }
    }

    /// How many coefficients and variables it has: a measure of the work that a step on it takes.
    pub fn size(&self) -> u64 {
        self.rows.iter().map(|r| r.terms.len() as u64).sum::<u64>() + self.cost.len() as u64
    }

    /// Adds Σ terms = rhs.
    pub fn exactly(&mut self, terms: Vec<(Var, f64)>, rhs: f64) {
        self.rows.push(Row { terms, rhs, equal: true });
    }

    /// The model with some variables fixed, and those that it is left with by their numbers here. What the fixed ones cost
    /// is left out.
    pub fn fixed(&self, values: &[Option<f64>]) -> (Linear, Vec<Var>) {
        let mut small = Linear::default();
        let mut left = Vec::new();
        let mut number = vec![usize::MAX; self.cost.len()];
        for (j, value) in values.iter().enumerate() {
            if value.is_none() {
                number[j] = small.var(self.cost[j], self.upper[j], self.integer[j]);
                left.push(j);
            }
        }
        for row in &self.rows {
            let known: f64 = row.terms.iter().filter_map(|&(j, a)| Some(a * values[j]?)).sum();
            let terms: Vec<_> =
                row.terms.iter().filter(|t| values[t.0].is_none()).map(|&(j, a)| (number[j], a)).collect();
            if !terms.is_empty() {
                small.rows.push(Row { terms, rhs: row.rhs - known, equal: row.equal });
            }
        }
        (small, left)
    }

    /// A lower bound on the optimum from any row multipliers, however wrong (Neumaier and Shcherbina 2004): for
    /// y ≤ 0 on the inequalities, every feasible x has c·x ≥ y·b + Σ min over [0, u] of (c − yA) x.
    ///
    /// The terms are sums of at most a few million products of doubles, so that the rounding error is below
    /// 1e-9 of the sum of their magnitudes; as much is taken off.
    pub fn certified(&self, multipliers: &[f64]) -> f64 {
        let mut reduced = self.cost.clone();
        let mut magnitude: Vec<f64> = self.cost.iter().map(|c| c.abs()).collect();
        let (mut bound, mut size) = (0.0, 0.0);
        for (row, &y) in self.rows.iter().zip(multipliers) {
            let y = if row.equal { y } else { y.min(0.0) };
            if y == 0.0 || !y.is_finite() {
                continue;
            }
            bound += y * row.rhs;
            size += (y * row.rhs).abs();
            for &(j, a) in &row.terms {
                reduced[j] -= y * a;
                magnitude[j] += (y * a).abs();
            }
        }
        let mut doubt = 0.0;
        for ((&r, &m), &u) in reduced.iter().zip(&magnitude).zip(&self.upper) {
            let low = (r * u).min(0.0);
            bound += low;
            size += low.abs();
            doubt += m * u;
        }
        bound - 1e-9 * size - 1e-12 * doubt
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Minimise 3x + 2y with x + y ≥ 4, x ≤ 3, y ≤ 3: the optimum is 9.
    fn small() -> Linear {
        let mut lp = Linear::default();
        let (x, y) = (lp.var(3.0, 3.0, false), lp.var(2.0, 3.0, false));
        lp.at_most(vec![(x, -1.0), (y, -1.0)], -4.0);
        lp
    }

    #[test]
    fn what_rounding_has_left_is_no_coefficient() {
        let mut lp = small();
        lp.at_most(vec![(0, 1.0), (1, 3e-9)], 2.0);
        lp.at_most(vec![(0, 1.0), (1, -3e-9)], 2.0);
        assert_eq!((&lp.rows[1].terms, lp.rows[1].rhs), (&vec![(0, 1.0)], 2.0));
        assert_eq!((&lp.rows[2].terms, lp.rows[2].rhs), (&vec![(0, 1.0)], 2.0 + 9e-9));
    }

    #[test]
    fn the_right_multipliers_prove_the_optimum() {
        assert!((small().certified(&[-3.0]) - 9.0).abs() < 1e-6);
    }

    #[test]
    fn no_multipliers_prove_more() {
        for y in [-100.0, -3.1, -2.0, -1.0, 0.0, 5.0, f64::NAN, f64::NEG_INFINITY] {
            assert!(small().certified(&[y]) <= 9.0, "{y}");
        }
    }
}
