//! How many days the members of each profession serve in all: a whole number, and more than the model without whole numbers
//! asks for. Branch and bound does not find this soon, because it can give way in so many other places.

use super::model::Aggregated;
use crate::instance::{ExaminerIx, Weights};
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
/// without which orals are left out count: nothing is proven above `below` later, so that it should be far.
pub(super) fn needed(
    model: &Aggregated,
    weights: &Weights,
    root: &Relaxed,
    relaxed: &mut dyn FnMut(Linear) -> Option<Relaxed>,
) -> Vec<Needed> {
    let mut needed = Vec::new();
    let left_out = f64::from(weights.unscheduled);
    for (who, total) in model.totals() {
        let value = root.values[total];
        let fewer = (value - 1e-3).floor();
        if fewer < 0.0 || value - fewer > 1.0 - 1e-3 {
            continue;
        }
        let mut with_fewer = model.linear.clone();
        with_fewer.upper[total] = with_fewer.upper[total].min(fewer);
        let Some(Relaxed { bound, .. }) = relaxed(with_fewer) else { break };
        if bound >= root.bound + left_out / 2.0 {
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
