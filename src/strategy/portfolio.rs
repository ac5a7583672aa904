//! `portfolio`: the search for schedules and the proof of a bound side by side; stops early when they meet.
//!
//! Given time enough the search is `decompose`, else `anneal`; few orals are annealed by lanes that go apart to the end.
//! The proof of a small instance goes on with the full model, and may find the best schedule itself.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::{Outcome, Strategy, Task, anneal, decompose, exact};
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

/// See the module.
pub struct Portfolio;

/// What the proof has found.
struct Proof {
    bound: AtomicI64,
    schedule: Mutex<Option<Box<Schedule>>>,
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
        let proof = Arc::new(Proof { bound: AtomicI64::new(i64::MIN), schedule: Mutex::default() });
        let stop: Arc<AtomicBool> = Arc::default();
        let due = task.model.instance.due().count();
        prove(task, time, due <= SMALL, &proof, &stop);
        let proven = || Some(proof.bound.load(Ordering::Relaxed)).filter(|&b| b > i64::MIN);
        let search = match time.as_secs_f64() >= SECONDS_AN_ORAL * due as f64 {
            true if due <= FEW => anneal::apart,
            true => decompose::decompose,
            false => anneal::anneal,
        };
        let mut outcome = search(task, &proven);
        stop.store(true, Ordering::Relaxed);
        if let Some(found) = proof.schedule.lock().expect("nobody panics while proving").take()
            && let Some(best) = exact::better(task, &found, &outcome.best)
        {
            outcome.best = best;
        }
        outcome
    }
}

/// Proves beside the search, in a thread that is not waited for: building a large model cannot be interrupted, and the
/// budget is a promise.
fn prove(task: &Task, time: Duration, small: bool, proof: &Arc<Proof>, stop: &Arc<AtomicBool>) {
    let replan = task.model.baseline.is_some();
    let share = if small { 1.0 } else { SHARE };
    let first = time.mul_f64(FIRST);
    let limits = Limits { first, reserves: replan, stop: stop.clone(), ..Limits::time(time.mul_f64(share)) };
    let (instance, proof, started) = (task.model.instance.clone(), proof.clone(), task.budget.started);
    std::thread::spawn(move || {
        let better = |value| {
            proof.bound.fetch_max(value, Ordering::Relaxed);
        };
        bound(&instance, &limits, &mut |value| better(value));
        if !small || replan || limits.stop.load(Ordering::Relaxed) {
            return;
        }
        let limits = Limits { time: time.saturating_sub(started.elapsed()), ..limits };
        let program = rules::program(&instance, None);
        mip::exact(program, None, &limits, None, &mut |news| match news {
            Some(Found::Bound(value)) => better(value),
            Some(Found::Schedule(s)) => *proof.schedule.lock().expect("nobody panics while proving") = Some(s),
            None => {}
        });
    });
}
