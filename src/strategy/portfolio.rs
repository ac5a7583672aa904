//! `portfolio`: the search for schedules and the proof of a bound side by side; stops early when they meet.
//!
//! Given time enough the search is `decompose`, else `anneal`; few orals are annealed by lanes that go apart to the end.
//! The proof of a small instance goes on with the full model, and may find the best schedule itself.

use std::time::Duration;

use super::proof::{Proof, small};
use super::{Bound, Outcome, Strategy, Task, anneal, decompose};
use crate::tr;

/// The share of the time in which a bound is sought: the first bounds come soon and the later ones slowly,
/// while the search puts every second to use. A small instance is soon searched, and proven for as long as it takes.
const SHARE: f64 = 0.3;

/// With at least so many seconds for each due oral, a plan by date pays: below, its hours are not settled in time.
const SECONDS_AN_ORAL: f64 = 0.15;

/// Up to so many due orals a plan by date gains less than a second search from elsewhere.
const FEW: usize = 100;

/// See the module.
pub struct Portfolio;

impl Strategy for Portfolio {
    fn name(&self) -> &'static str {
        "portfolio"
    }

    fn summary(&self) -> String {
        tr!(
            "decompose or anneal, as time allows, with a proven bound beside it; with --iterations alone, anneal only",
            "decompose ou anneal, selon le temps, et à côté une borne prouvée ; avec --iterations seul, anneal seulement"
        )
    }

    fn solve<'m>(&self, task: &Task<'_, 'm>) -> Outcome<'m> {
        // How far a bound gets depends on the clock: a reproducible run goes without.
        let Some(time) = task.budget.time.filter(|_| task.budget.iterations.is_none()) else {
            return anneal::anneal(task, &|| None);
        };
        let proof = Proof::begin(task, time, if small(task) { 1.0 } else { SHARE });
        let mut outcome = search(task, time, &|| proof.bound());
        proof.tell(task, &mut outcome);
        outcome
    }
}

/// The search that suits the time.
pub(super) fn search<'m>(task: &Task<'_, 'm>, time: Duration, bound: Bound) -> Outcome<'m> {
    let due = task.model.instance.due().count();
    match time.as_secs_f64() >= SECONDS_AN_ORAL * due as f64 {
        true if due <= FEW => anneal::apart(task, bound),
        true => decompose::decompose(task, bound),
        false => anneal::anneal(task, bound),
    }
}
