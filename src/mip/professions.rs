//! How many days the members of each profession serve in all: a whole number, and more than the model without whole numbers
//! asks for. Branch and bound does not find this soon, because it can give way in so many other places.

use super::model::Aggregated;
use crate::instance::ExaminerIx;
use crate::linear::Linear;

/// The optimum of a model without whole numbers.
pub(super) struct Relaxed {
    /// About the values of its variables.
    pub(super) values: Vec<f64>,
    /// What it proves.
    pub(super) bound: f64,
}

/// Days that a profession serves in every schedule that costs less than some number.
pub(super) struct Needed {
    who: Vec<ExaminerIx>,
    days: f64,
    /// The number: with fewer days a schedule costs at least as much.
    pub(super) below: f64,
}

/// What each profession needs, as far as `relaxed` solves the models that ask for it; `root` is the model as it is. Only days
/// without which a schedule is dearer by `clear` count: nothing is proven above `below` later.
pub(super) fn needed(
    model: &Aggregated,
    root: &Relaxed,
    clear: f64,
    relaxed: &mut dyn FnMut(Linear) -> Option<Relaxed>,
) -> Vec<Needed> {
    let mut needed = Vec::new();
    for (who, total) in model.totals() {
        let value = root.values[total];
        let fewer = (value - 1e-3).floor();
        if fewer < 0.0 || value - fewer > 1.0 - 1e-3 {
            continue;
        }
        let mut with_fewer = model.linear.clone();
        with_fewer.upper[total] = with_fewer.upper[total].min(fewer);
        let Some(Relaxed { bound, .. }) = relaxed(with_fewer) else { break };
        if bound >= root.bound + clear {
            needed.push(Needed { who: who.to_vec(), days: fewer + 1.0, below: bound });
        }
    }
    needed
}

/// Adds to a model of the same instance that each profession serves as many days as it needs.
pub(super) fn hold(model: &mut Aggregated, needed: &[Needed]) {
    let totals = model.totals();
    let rows: Vec<_> = needed.iter().filter_map(|n| Some((*totals.get(n.who.as_slice())?, n.days))).collect();
    for (total, days) in rows {
        model.linear.at_most(vec![(total, -1.0)], -days);
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::{About, Count};
    use super::*;

    /// 650 minutes to hear, 420 a day at 10; what is left out of them costs 1,000 for each 420. Without whole numbers that is
    /// 1.55 days.
    fn model() -> Aggregated {
        let mut linear = Linear::default();
        let (days, left) = (linear.var(10.0, 5.0, true), linear.var(1000.0, 5.0, false));
        linear.at_most(vec![(days, -420.0), (left, -420.0)], -650.0);
        let counts = vec![(Count::Crew(vec![ExaminerIx(0), ExaminerIx(1)]), None, days)];
        Aggregated { linear, about: vec![About::Sum; 2], counts, at: Vec::new() }
    }

    /// Of that model the optimum is plain: as many days as may be, up to what is asked.
    fn relaxed(linear: Linear) -> Option<Relaxed> {
        let least = linear.rows.get(1).map_or(0.0, |row| -row.rhs);
        let days = (650.0f64 / 420.0).max(least).min(linear.upper[0]);
        let left = (650.0 / 420.0 - days).max(0.0);
        Some(Relaxed { values: vec![days, left], bound: 10.0 * days + 1000.0 * left })
    }

    #[test]
    fn a_profession_serves_whole_days() {
        let mut model = model();
        let root = relaxed(model.linear.clone()).unwrap();
        assert!((root.bound - 15.476).abs() < 1e-3);
        // One day leaves 230 minutes: 10 + 547.6.
        let found = needed(&model, &root, 500.0, &mut relaxed);
        assert!(found.len() == 1 && found[0].days == 2.0 && (found[0].below - 557.619).abs() < 1e-3);
        hold(&mut model, &found);
        assert_eq!(relaxed(model.linear.clone()).unwrap().bound, 20.0);
    }

    #[test]
    fn what_is_not_clear_is_not_held() {
        let model = model();
        let root = relaxed(model.linear.clone()).unwrap();
        assert!(needed(&model, &root, 600.0, &mut relaxed).is_empty());
        // Two days already, and nothing to round up.
        let whole = Relaxed { values: vec![2.0, 0.0], bound: 20.0 };
        assert!(needed(&model, &whole, 0.0, &mut relaxed).is_empty());
    }
}
