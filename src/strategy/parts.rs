//! An instance that falls apart is solved part by part: each has the strategy, and the time that its orals are worth, for
//! itself, and the bounds and the schedules are put together.

use std::time::{Duration, Instant};

use super::{Budget, By, Outcome, Progress, Strategy, Task, greedy};
use crate::instance::Instance;
use crate::schedule::{Plan, Schedule};
use crate::search::anneal::Tally;
use crate::state::{Model, State};

/// Solves the parts one after the other, each on all threads, from a first schedule of the whole: who stops the work early
/// has the best of the parts that are done and the first of the others.
pub(super) fn solve<'m>(strategy: &dyn Strategy, task: &Task<'_, 'm>, parts: &[Instance]) -> Outcome<'m> {
    let mut all = Outcome { best: greedy::start(task), bound: Some(0), tries: 0, tally: Tally::default() };
    let mut schedule = all.best.freeze(|_| String::new());
    let due: Vec<usize> = parts.iter().map(|p| p.due().count()).collect();
    for (i, part) in parts.iter().enumerate() {
        if task.stopped() {
            all.bound = None;
            break;
        }
        let model = Model::new(part, None);
        let (before, after) = split(&schedule, part);
        let from = Plan::new(part, &before, None);
        let (last, by) = (i + 1 == parts.len(), By::Part(i + 1, parts.len()));
        let (best, proven, tries) = (&all.best, all.bound, all.tries);
        let watch = |progress: &Progress, _: &State| {
            let elapsed = task.budget.started.elapsed();
            // Of the parts to come nothing is proven yet.
            let bound = proven.zip(progress.bound).map(|(b, own)| b + own).filter(|_| last);
            (task.watch)(&Progress { elapsed, bound, tries: tries + progress.tries, by }, best);
        };
        let budget = share(&task.budget, due[i], due[i..].iter().sum(), due.iter().sum());
        let inner = Task { model: &model, from: Some(&from), watch: &watch, budget, ..*task };
        let found = strategy.solve(&inner);
        all.tries += found.tries;
        all.tally.add(&found.tally);
        all.bound = all.bound.zip(found.bound).map(|(b, own)| b + own);
        schedule = joined(after, found.best.freeze(|_| String::new()));
        let mut whole = State::new(task.model);
        whole.load(&Plan::new(task.model.instance, &schedule, None));
        if whole.value() <= all.best.value() {
            all.best = whole;
        }
        let progress = Progress {
            elapsed: task.budget.started.elapsed(),
            bound: all.bound.filter(|_| last),
            tries: all.tries,
            by,
        };
        (task.watch)(&progress, &all.best);
    }
    all
}

/// What a part with so many due orals may use, of what is left for it and the parts after it.
fn share(budget: &Budget, own: usize, left: usize, all: usize) -> Budget {
    let of = |n: usize| own as f64 / n.max(1) as f64;
    let time = budget.time.map(|t| t.saturating_sub(budget.started.elapsed()).mul_f64(of(left)));
    Budget {
        started: Instant::now(),
        time: time.map(|t| t.max(Duration::from_millis(1))),
        iterations: budget.iterations.map(|n| ((n as f64 * of(all)) as u64).max(1)),
        ..*budget
    }
}

/// The schedule within a part, and without it.
fn split(schedule: &Schedule, part: &Instance) -> (Schedule, Schedule) {
    let (mut own, mut rest) = (schedule.clone(), schedule.clone());
    let here = |centre: &str| part.centre(centre).is_some();
    own.sessions.retain(|s| here(&s.centre));
    rest.sessions.retain(|s| !here(&s.centre));
    own.unscheduled.retain(|l| part.candidate(&l.candidate).is_some());
    rest.unscheduled.retain(|l| part.candidate(&l.candidate).is_none());
    own.not_heard.retain(|l| part.candidate(&l.candidate).is_some());
    rest.not_heard.retain(|l| part.candidate(&l.candidate).is_none());
    (own, rest)
}

/// Both schedules as one; the sessions are numbered anew when the whole is frozen.
fn joined(mut one: Schedule, other: Schedule) -> Schedule {
    one.sessions.extend(other.sessions);
    for (i, session) in one.sessions.iter_mut().enumerate() {
        session.id = format!("S{:03}", i + 1);
    }
    one.unscheduled.extend(other.unscheduled);
    one.not_heard.extend(other.not_heard);
    one
}
