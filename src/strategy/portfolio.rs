//! `portfolio`: annealing and the proof of a bound side by side; stops early when they meet.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use super::{Outcome, Strategy, Task, anneal};
use crate::mip::{Limits, bound};
use crate::tr;

/// The share of the time in which a bound is sought: the first bounds come soon and the later ones slowly,
/// while the search puts every second to use.
const SHARE: f64 = 0.3;

/// See the module.
pub struct Portfolio;

impl Strategy for Portfolio {
    fn name(&self) -> &'static str {
        "portfolio"
    }

    fn summary(&self) -> String {
        tr!(
            "annealing with a proven bound beside it; with --iterations alone, annealing only",
            "recuit simulé et, à côté, une borne prouvée ; avec --iterations seul, le recuit seulement"
        )
    }

    fn solve<'m>(&self, task: &Task<'_, 'm>) -> Outcome<'m> {
        // How far a bound gets depends on the clock: a reproducible run goes without.
        let Some(time) = task.budget.time.filter(|_| task.budget.iterations.is_none()) else {
            return anneal::anneal(task, &|| None);
        };
        let proven = Arc::new(AtomicI64::new(i64::MIN));
        let stop: Arc<AtomicBool> = Arc::default();
        let limits = Limits {
            time: Duration::from_secs_f64(time.as_secs_f64() * SHARE),
            threads: 1,
            reserves: task.model.baseline.is_some(),
            stop: stop.clone(),
        };
        let (instance, shared) = (task.model.instance.clone(), proven.clone());
        // Not waited for: building a large model cannot be interrupted, and the budget is a promise.
        std::thread::spawn(move || {
            bound(&instance, &limits, &mut |value| {
                shared.fetch_max(value, Ordering::Relaxed);
            })
        });
        let outcome = anneal::anneal(task, &|| Some(proven.load(Ordering::Relaxed)).filter(|&b| b > i64::MIN));
        stop.store(true, Ordering::Relaxed);
        outcome
    }
}
