//! `exact`: the full model, every rule and every term, solved by branch and bound: for small instances, whose best
//! schedule it proves.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use super::proof::Proof;
use super::{Budget, By, Outcome, Progress, Strategy, Task, anneal, portfolio};
use crate::check::check;
use crate::instance::Instance;
use crate::mip::{self, Found, Limits};
use crate::rules;
use crate::schedule::{Plan, Schedule};
use crate::state::State;
use crate::tr;

/// The model grows with the cube of the orals: beyond so many it does not even fit in memory.
const ORALS: usize = 100;

/// The share of the time for a search; another follows while the smaller models are still at work.
const SEARCH: f64 = 0.15;

/// The share that these searches, and the smaller models, may have in all.
const SMALLER: f64 = 0.75;

/// How often the solver's news are looked for.
const OFTEN: Duration = Duration::from_millis(25);

/// See the module.
pub struct Exact;

impl Strategy for Exact {
    fn name(&self) -> &'static str {
        "exact"
    }

    fn summary(&self) -> String {
        tr!(
            "the full integer model: proves the best schedule of small instances (100 due orals at most)",
            "le modèle complet en nombres entiers : prouve le meilleur planning des petites instances (100 oraux dus au plus)"
        )
    }

    fn refuses(&self, instance: &Instance) -> Option<String> {
        let due = instance.due().count();
        (due > ORALS).then(|| {
            tr!(
                "exact solves instances of at most {ORALS} due orals, this one has {due}: use portfolio",
                "exact traite les instances d'au plus {ORALS} oraux dus, celle-ci en a {due} : utilisez portfolio"
            )
        })
    }

    fn solve<'m>(&self, task: &Task<'_, 'm>) -> Outcome<'m> {
        let mut all = first(task);
        let done = |all: &Outcome| task.budget.reached(all.best.value(), all.bound);
        // A re-plan must be there at once, and moves little: it is left to the search.
        let replan = task.model.baseline.is_some();
        if replan || self.refuses(task.model.instance).is_some() || done(&all) || task.stopped() {
            return all;
        }
        let (known, instance) = (all.best.freeze(|_| String::new()), task.model.instance.clone());
        let (budget, stop) = (task.budget, Arc::<AtomicBool>::default());
        // As much work again as the search had; on several threads the tree is another each time.
        let threads = if budget.iterations.is_some() { 1 } else { task.threads as u32 };
        let (found, news) = channel();
        let its = stop.clone();
        // The thread is not waited for: building the model cannot be interrupted, and the budget is a promise.
        std::thread::spawn(move || {
            let program = rules::program(&instance, None);
            let limits = Limits { threads, stop: its, ..budget.limits(1.0) };
            mip::exact(program, Some(&Plan::new(&instance, &known, None)), &limits, &mut |news| {
                let _ = found.send(news);
            });
        });
        let mut told = Instant::now();
        loop {
            let news = match news.recv_timeout(OFTEN) {
                Ok(news) => news,
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            match &news {
                Some(Found::Bound(b)) => all.bound = all.bound.max(Some(*b)),
                Some(Found::Schedule(s)) => {
                    if let Some(found) = better(task, s, &all.best) {
                        (all.best, all.by) = (found, By::Model);
                    }
                }
                None => {}
            }
            if news.is_some() || told.elapsed() > Duration::from_millis(100) {
                told = Instant::now();
                let (elapsed, bound, by, tries) = (task.budget.started.elapsed(), all.bound, all.by, all.tries);
                (task.watch)(&Progress { elapsed, bound, by, tries }, &all.best);
            }
            if done(&all) || task.stopped() {
                stop.store(true, Ordering::Relaxed);
                break;
            }
        }
        all
    }
}

/// The best of a few searches, and the bound of the smaller models, which work beside them.
fn first<'m>(task: &Task<'_, 'm>) -> Outcome<'m> {
    let Some(time) = task.budget.time.filter(|_| task.budget.iterations.is_none()) else {
        return anneal::anneal(task, &|| None);
    };
    let (one, most) = (time.mul_f64(SEARCH), time.mul_f64(SMALLER));
    let proof = Proof::begin(task, most, 1.0);
    let bound = || proof.bound();
    let search = |seed, started, threads, watch: &(dyn Fn(&Progress, &State<'m>) + Sync)| {
        let budget = Budget { started, time: Some(one), ..task.budget };
        portfolio::search(&Task { seed, threads, budget, watch, ..*task }, one, &bound)
    };
    let mut all = search(task.seed, task.budget.started, task.threads, task.watch);
    // A re-plan must be there at once.
    let once = task.model.baseline.is_some();
    for seed in task.seed.wrapping_add(1).. {
        let elapsed = task.budget.started.elapsed();
        let reached = task.budget.reached(all.best.value(), bound());
        if once || reached || proof.smaller_ended() || elapsed + one > most || task.stopped() {
            break;
        }
        let watch = |progress: &Progress, state: &State<'m>| {
            let better = state.value() < all.best.value();
            let (best, by) = if better { (state, progress.by) } else { (&all.best, all.by) };
            let (elapsed, tries) = (task.budget.started.elapsed(), all.tries + progress.tries);
            (task.watch)(&Progress { elapsed, tries, by, ..*progress }, best);
        };
        // It is the bound that the time is for: it has a thread to itself.
        let again = search(seed, Instant::now(), (task.threads - 1).max(1), &watch);
        all.tries += again.tries;
        all.tally.add(&again.tally);
        if again.best.value() < all.best.value() {
            (all.best, all.by) = (again.best, again.by);
        }
    }
    proof.tell(task, &mut all);
    all
}

/// The schedule as a state, if it obeys the rules and is better.
pub(super) fn better<'m>(task: &Task<'_, 'm>, schedule: &Schedule, than: &State<'m>) -> Option<State<'m>> {
    let verdict = check(task.model.instance, schedule, None);
    if !verdict.violations.is_empty() {
        return None;
    }
    let mut state = State::new(task.model);
    state.load(&Plan::new(task.model.instance, schedule, None));
    (state.value() < than.value()).then_some(state)
}
