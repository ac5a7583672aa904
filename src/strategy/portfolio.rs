//! `portfolio`: the search for schedules and the proof of a bound side by side; stops early when they meet.
//!
//! Given time enough the search is `decompose`, else `anneal`; few orals are annealed by lanes that go apart to the end.
//! The proof of a small instance goes on with the full model, and may find the best schedule itself.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::{Bound, By, Outcome, Strategy, Task, anneal, decompose, exact};
use crate::mip::{self, Found, Limits, bound};
use crate::rules;
use crate::schedule::Schedule;
use crate::tr;

/// The share of the time in which a bound is sought: the first bounds come soon and the later ones slowly,
/// while the search puts every second to use. A small instance is soon searched, and proven for as long as it takes.
const SHARE: f64 = 0.3;

/// The share of the time that a first bound may take: without one nobody learns how good the schedule is.
const FIRST: f64 = 0.6;

/// With at least so many seconds for each due oral, a plan by date pays: below, its hours are not settled in time.
const SECONDS_AN_ORAL: f64 = 0.15;

/// Up to so many due orals a plan by date gains less than a second search from elsewhere.
const FEW: usize = 100;

/// Up to so many due orals the full model has a chance.
const SMALL: usize = 45;

const LOCKED: &str = "nobody panics while proving";

/// See the module.
pub struct Portfolio;

/// A proof that goes on beside the search, until it is dropped.
pub(super) struct Proof {
    found: Arc<Proven>,
    stop: Arc<AtomicBool>,
}

/// What it has found.
struct Proven {
    bound: AtomicI64,
    schedule: Mutex<Option<Box<Schedule>>>,
    smaller_ended: AtomicBool,
}

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

/// Whether the full model has a chance.
fn small(task: &Task) -> bool {
    task.model.instance.due().count() <= SMALL
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

impl Proof {
    /// Begins to prove by the smaller models for a share of the time, then by the full one if the instance is small. The
    /// thread is not waited for: building a large model cannot be interrupted, and the budget is a promise.
    pub(super) fn begin(task: &Task, time: Duration, share: f64) -> Proof {
        let found = Arc::new(Proven {
            bound: AtomicI64::new(i64::MIN),
            schedule: Mutex::default(),
            smaller_ended: AtomicBool::new(false),
        });
        let proof = Proof { found: found.clone(), stop: Arc::default() };
        let (instance, started) = (task.model.instance.clone(), task.budget.started);
        let replan = task.model.baseline.is_some();
        let full = small(task) && !replan;
        let limits = Limits {
            first: time.mul_f64(FIRST),
            reserves: replan,
            stop: proof.stop.clone(),
            ..Limits::time(time.mul_f64(share))
        };
        std::thread::spawn(move || {
            let better = |value| {
                found.bound.fetch_max(value, Ordering::Relaxed);
            };
            bound(&instance, &limits, &mut |value| better(value));
            found.smaller_ended.store(true, Ordering::Relaxed);
            if full && !limits.stop.load(Ordering::Relaxed) {
                let limits = Limits { time: time.saturating_sub(started.elapsed()), ..limits };
                let program = rules::program(&instance, None);
                mip::exact(program, None, &limits, None, &mut |news| match news {
                    Some(Found::Bound(value)) => better(value),
                    Some(Found::Schedule(s)) => *found.schedule.lock().expect(LOCKED) = Some(s),
                    None => {}
                });
            }
        });
        proof
    }

    /// The best bound by now.
    pub(super) fn bound(&self) -> Option<i64> {
        Some(self.found.bound.load(Ordering::Relaxed)).filter(|&b| b > i64::MIN)
    }

    /// Whether the smaller models have come to an end.
    pub(super) fn smaller_ended(&self) -> bool {
        self.found.smaller_ended.load(Ordering::Relaxed)
    }

    /// Gives what it has found to a search's outcome: the bound, and the schedule of the full model if it is better.
    pub(super) fn tell<'m>(&self, task: &Task<'_, 'm>, outcome: &mut Outcome<'m>) {
        outcome.bound = self.bound();
        if let Some(found) = self.found.schedule.lock().expect(LOCKED).take()
            && let Some(best) = exact::better(task, &found, &outcome.best)
        {
            (outcome.best, outcome.by) = (best, By::Model);
        }
    }
}

impl Drop for Proof {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}
