//! The proof of a bound that goes on beside a search.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::{By, Outcome, Task, exact};
use crate::mip::{self, Found, Limits, bound};
use crate::rules;
use crate::schedule::Schedule;

/// The share of the time that a first bound may take: without one nobody learns how good the schedule is.
const FIRST: f64 = 0.6;

/// Up to so many due orals the full model has a chance.
const SMALL: usize = 45;

const LOCKED: &str = "nobody panics while proving";

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

/// Whether the full model has a chance.
pub(super) fn small(task: &Task) -> bool {
    task.model.instance.due().count() <= SMALL
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
                mip::exact(program, None, &limits, &mut |news| match news {
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
