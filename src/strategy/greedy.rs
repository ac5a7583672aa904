//! `greedy`: regret insertion, a valid schedule of any size at once.

use rand::SeedableRng;

use super::{Budget, By, Outcome, Progress, Strategy, Task, pins};
use crate::moves::Random;
use crate::search::construct::construct;
use crate::search::ejection::hear;
use crate::state::State;
use crate::tr;

/// The share of the time after which nobody is thrown out any more for who has no place.
const SHARE: f64 = 0.3;

/// Tries without one oral more after which it is given up, and more for each oral that has no place.
const TRIES: usize = 300;
const FOR_EACH: usize = 10;

/// See the module.
pub struct Greedy;

impl Strategy for Greedy {
    fn name(&self) -> &'static str {
        "greedy"
    }

    fn summary(&self) -> String {
        tr!(
            "regret insertion: a valid schedule of any size at once",
            "insertion au plus grand regret : un planning valable de toute taille, tout de suite"
        )
    }

    fn solve<'m>(&self, task: &Task<'_, 'm>) -> Outcome<'m> {
        let best = start(task);
        Outcome { best, bound: None, by: by(task), tries: 0, tally: Default::default() }
    }
}

/// Who finds what [`start`] makes.
pub(super) fn by(task: &Task) -> By {
    if task.from.is_some() { By::Given } else { By::Insertion }
}

/// The schedule to start from, completed by insertion.
pub(super) fn start<'m>(task: &Task<'_, 'm>) -> State<'m> {
    let mut state = State::new(task.model);
    if let Some(plan) = task.from {
        state.load(plan);
    }
    let mut rng = Random::seed_from_u64(task.seed);
    pins::obey(task, &mut state, &mut rng);
    construct(&mut state, &mut rng, &|| task.stopped());
    let tell = |state: &State<'m>| {
        (task.watch)(&Progress { elapsed: task.budget.started.elapsed(), bound: None, tries: 0, by: by(task) }, state);
    };
    tell(&state);
    if state.unscheduled > task.model.never.len() as i64 {
        let late = || match task.budget {
            Budget { time: Some(time), iterations: None, .. } => task.budget.started.elapsed() > time.mul_f64(SHARE),
            _ => false,
        };
        let tries = TRIES + FOR_EACH * state.unscheduled as usize;
        hear(&mut state, &mut rng, tries, &|| late() || task.stopped());
        tell(&state);
    }
    state
}
