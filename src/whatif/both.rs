//! Two instances planned in the same way from a common start, so that who moves is due to what differs.

use super::{Effort, Planned, better, proven, solve};
use crate::instance::Instance;
use crate::lang::thousands;
use crate::schedule::Schedule;
use crate::tr;

/// The plans of an instance as it is and as it might be.
#[derive(Clone, Debug)]
pub struct Both {
    /// As it is.
    pub before: Planned,
    /// What no plan of it can cost less than.
    pub before_at_least: i64,
    /// As it might be.
    pub after: Planned,
    /// What no plan of that can cost less than.
    pub after_at_least: i64,
    /// Whether the work was stopped: the plans are what there was by then.
    pub stopped: bool,
}

/// Plans both, from a schedule if there is one; the effort is for each plan, a third of its time for its bound.
///
/// # Errors
/// A plan that cannot be made, or a stop before the second one was begun: there is nothing to compare.
pub fn both(instance: &Instance, changed: &Instance, from: Option<&Schedule>, effort: &Effort) -> Result<Both, String> {
    let seconds = effort.time.map_or(0.0, |t| t.as_secs_f64()) / 3.0;
    let third = effort.lasting(seconds);
    let start = solve(instance, from, &third)?;
    if effort.stopped() {
        return Err(alone(&start));
    }
    let before = solve(instance, Some(&start.schedule), &third)?;
    if effort.stopped() {
        return Err(alone(&before));
    }
    let after = better(changed, solve(changed, Some(&start.schedule), &third)?, &before);
    let at_least = |instance: &Instance, plan: &Planned| proven(instance, effort, 1.0 / 3.0).min(plan.cost.total);
    Ok(Both {
        before_at_least: at_least(instance, &before),
        after_at_least: at_least(changed, &after),
        stopped: effort.stopped(),
        before,
        after,
    })
}

/// What there is where only the instance as it is has a plan.
fn alone(plan: &Planned) -> String {
    let (cost, left) = (thousands(plan.cost.total), plan.unscheduled);
    tr!(
        "stopped before there were two plans to compare; the one as it is cost {cost} by then, with {left} orals without a sitting",
        "interrompu avant qu'il y ait deux plannings à comparer ; le premier, tel quel, coûtait alors {cost}, avec {left} oraux sans passage"
    )
}
