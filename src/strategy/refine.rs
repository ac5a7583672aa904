//! Parts of a schedule solved exactly by integer programming while the rest is held, each kept if it is better: who does which
//! half-day of work ([`people`]), and the hours of a cell ([`hours`]).
//!
//! The search looks at one move after the other; a part has all of them at once.

mod hours;
mod people;

use std::time::Duration;

use rand::SeedableRng;

use super::{Bound, By, Outcome, Progress, Task};
use crate::mip::Limits;
use crate::moves::Random;
use crate::state::State;

/// How long one part may take.
const PART: Duration = Duration::from_millis(1500);

/// The work of all parts together, as a share of the iterations, where the budget counts them: once for people, and once for
/// the hours of a few cells.
const WORK: f64 = 0.1;

/// What is left of the time when no part is begun any more: building a model and its presolve do not look at the clock.
const SPARE: Duration = Duration::from_secs(1);

/// Refines the schedule until the time is over; once, where the budget counts iterations.
pub(super) fn refine<'m>(task: &Task<'_, 'm>, outcome: &mut Outcome<'m>, bound: Bound) {
    let done = |best: &State| task.stopped() || task.budget.reached(best.value(), bound());
    let mut cells = hours::Cells::of(&outcome.best);
    let mut rng = Random::seed_from_u64(task.seed);
    while !done(&outcome.best) && !limits(task, 1).time.is_zero() {
        let before = outcome.best.value();
        people::assign(&mut outcome.best, &limits(task, 1), &|| task.stopped());
        cells.solve(task, &mut outcome.best, &mut rng);
        if outcome.best.value() < before {
            outcome.by = By::Exactly;
        }
        let (elapsed, by, tries) = (task.budget.started.elapsed(), outcome.by, outcome.tries);
        (task.watch)(&Progress { elapsed, bound: bound(), tries, by }, &outcome.best);
        if task.budget.iterations.is_some() {
            break;
        }
    }
    outcome.bound = bound();
}

/// What one part may use; where the budget counts iterations, of half the work for so many of its kind.
fn limits(task: &Task, among: usize) -> Limits {
    let limits = task.budget.limits(WORK / 2.0 / among.max(1) as f64);
    let part = if limits.work.is_some() { Duration::MAX } else { PART };
    Limits { time: limits.time.saturating_sub(SPARE).min(part), ..limits }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;
    use std::time::Instant;

    use super::*;
    use crate::check::check;
    use crate::moves::fixture::{english, instance, schedule, sitting};
    use crate::schedule::Plan;
    use crate::state::{Model, State};
    use crate::strategy::Budget;

    /// Refines the schedule once in each way: what it cost, with people anew and with hours anew.
    fn costs(sessions: &[serde_json::Value]) -> [i64; 3] {
        let (instance, schedule) = (instance([1, 1]), schedule(sessions));
        let model = Model::new(&instance, None);
        let mut state = State::new(&model);
        state.load(&Plan::new(&instance, &schedule, None));
        let first = state.value();
        let (stop, budget) = (
            AtomicBool::new(false),
            Budget { started: Instant::now(), time: None, iterations: Some(10_000), gap: 0.0 },
        );
        let task = Task { model: &model, from: None, seed: 1, threads: 1, budget, stop: &stop, watch: &|_, _| {} };
        people::assign(&mut state, &limits(&task, 1), &|| false);
        let people = state.value();
        hours::Cells::of(&state).solve(&task, &mut state, &mut Random::seed_from_u64(1));
        let verdict = check(&instance, &state.freeze(|_| String::new()), None);
        assert!(verdict.violations.is_empty(), "{:?}", verdict.violations);
        assert_eq!(verdict.cost.total, state.value());
        [first, people, state.value()]
    }

    #[test]
    fn one_teacher_does_both_half_days() {
        let morning = english("S1", "far", &[sitting("C1", "08:00", "08:20", "08:40")]);
        let afternoon = english("S2", "near", &[sitting("C2", "13:10", "13:30", "13:50")]);
        // Two sessions, a centre's day, two ways of 1 km: 1,720. Two teachers' days and 30 km, or one and 10.
        assert_eq!(costs(&[morning, afternoon]), [4020, 2820, 2820]);
    }

    #[test]
    fn a_session_closes_up() {
        let both = [sitting("C1", "08:00", "08:20", "08:40"), sitting("C2", "09:00", "09:20", "09:40")];
        // One session, a centre's day, two ways of 1 km, a teacher's day and 10 km: 2,720. 40 minutes idle, or 5.
        assert_eq!(costs(&[english("S1", "near", &both)]), [2800, 2800, 2730]);
    }
}
