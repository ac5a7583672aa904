//! `greedy`: regret insertion, a valid schedule of any size at once.

use rand::SeedableRng;

use super::{By, Outcome, Progress, Strategy, Task, pins};
use crate::moves::Random;
use crate::search::construct::construct;
use crate::state::State;
use crate::tr;

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
    (task.watch)(&Progress { elapsed: task.budget.started.elapsed(), bound: None, tries: 0, by: by(task) }, &state);
    state
}
