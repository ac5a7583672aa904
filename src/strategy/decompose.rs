//! `decompose`: a first schedule; from it a better plan of who sits where on which date, by the aggregated model; then the
//! hours with only those people, in which what finds no place costs little; then the whole again with everybody; at last parts
//! of it are solved exactly ([`super::refine`]).
//!
//! Most of what can be saved is people's days, and a search that moves one sitting at a time rarely empties one.

use std::time::{Duration, Instant};

use super::refine::refine;
use super::{Bound, Budget, By, Outcome, Progress, Strategy, Task, anneal};
use crate::instance::Instance;
use crate::mip::{Duties, can_plan, plan};
use crate::schedule::{Plan, Schedule};
use crate::search::anneal::Cooling;
use crate::state::{Model, State};
use crate::tr;

/// The share of the budget after which the first schedule is there.
const FIRST: f64 = 0.2;
/// After which the plan is there.
const PLANNED: f64 = 0.3;
/// After which its hours are there.
const TIMED: f64 = 0.86;
/// After which the whole has been searched; the rest is for parts of it.
const SEARCHED: f64 = 0.98;

/// What an oral without a place costs while only the people of the plan may hear: enough to look for one, not so
/// much that no oral may ever lose its place to another.
const WITHOUT_PLACE: u32 = 10_000;

/// The hours of a plan: hot enough to exchange commissions.
const HOURS: Cooling = Cooling { hot: 1000.0, cold: 8.0 };

/// The whole again: only what lies nearby.
const WHOLE: Cooling = Cooling { hot: 100.0, cold: 8.0 };

/// See the module.
pub struct Decompose;

impl Strategy for Decompose {
    fn name(&self) -> &'static str {
        "decompose"
    }

    fn summary(&self) -> String {
        tr!(
            "who sits where on which date by integer programming, then the hours by annealing; at last parts solved exactly",
            "qui siège où et quel jour par programmation en nombres entiers, puis les heures par recuit ; enfin des parties résolues exactement"
        )
    }

    fn solve<'m>(&self, task: &Task<'_, 'm>) -> Outcome<'m> {
        decompose(task, &|| None)
    }
}

/// Decomposes while `bound` is asked now and then, until the best schedule is as near to it as the budget asks.
pub(super) fn decompose<'m>(task: &Task<'_, 'm>, bound: Bound) -> Outcome<'m> {
    if task.model.baseline.is_some() || !can_plan(task.model.instance, &|| !task.stopped()) {
        // A re-plan has its people already, and an hour of its own to keep.
        return anneal::anneal(task, bound);
    }
    let mut all = anneal::run(&part(task, 0.0, FIRST), bound, anneal::COOLING, By::Annealing);
    let done = |best: &State| task.stopped() || task.budget.reached(best.value(), bound());
    if done(&all.best) {
        return all;
    }
    let known = all.best.freeze(|_| String::new());
    let hours = duties(task, &known).and_then(|duties| timetable(task, &known, &duties, &mut all, bound));
    // What the plan left without a place is for everybody now.
    let plan = Plan::new(task.model.instance, hours.as_ref().unwrap_or(&known), None);
    let (cooling, by) = if hours.is_some() { (WHOLE, By::Plan) } else { (HOURS, By::Annealing) };
    // What it starts from is not the user's.
    let whose = |found| if found == By::Given { by } else { found };
    let (first, first_by, tries) = (&all.best, all.by, all.tries);
    let watch = |progress: &Progress, state: &State<'m>| {
        let better = state.value() < first.value();
        let (better, by) = if better { (state, whose(progress.by)) } else { (first, first_by) };
        tell(task, &Progress { tries: tries + progress.tries, by, ..*progress }, better);
    };
    let last =
        anneal::run(&Task { from: Some(&plan), watch: &watch, ..part(task, TIMED, SEARCHED) }, bound, cooling, by);
    all.tries += last.tries;
    all.tally.add(&last.tally);
    all.bound = bound();
    if last.best.value() < all.best.value() {
        (all.best, all.by) = (last.best, whose(last.by));
    }
    refine(task, &mut all, bound);
    all
}

/// The task from one share of its budget to another. It has a clock of its own.
fn part<'a, 'm>(task: &Task<'a, 'm>, from: f64, to: f64) -> Task<'a, 'm> {
    let started = Instant::now();
    let until = |time: Duration| time.mul_f64(to).saturating_sub(task.budget.started.elapsed());
    let time = task.budget.time.map(|t| until(t).max(Duration::from_millis(1)));
    let iterations = task.budget.iterations.map(|n| ((n as f64 * (to - from)) as u64).max(1));
    Task { budget: Budget { started, time, iterations, ..task.budget }, ..*task }
}

/// Who watches wants the clock of the whole.
fn tell<'m>(task: &Task<'_, 'm>, progress: &Progress, best: &State<'m>) {
    (task.watch)(&Progress { elapsed: task.budget.started.elapsed(), ..*progress }, best);
}

/// A better plan than that of the schedule, if one is found.
fn duties(task: &Task, known: &Schedule) -> Option<Duties> {
    let instance = task.model.instance;
    let plan_of = Plan::new(instance, known, None);
    let limits = part(task, FIRST, PLANNED).budget.limits(1.0);
    let mut best = None;
    plan(instance, &plan_of, task.seed, &limits, &|| task.stopped(), &mut |duties| best = Some(duties));
    best
}

/// The hours with only the people of the plan, from the schedule that is known.
fn timetable<'m>(
    task: &Task<'_, 'm>,
    known: &Schedule,
    duties: &Duties,
    all: &mut Outcome<'m>,
    bound: Bound,
) -> Option<Schedule> {
    let few = only(task.model.instance, duties);
    let model = Model::new(&few, None);
    let plan = Plan::new(&few, known, None);
    let (first, by, tries) = (&all.best, all.by, all.tries);
    // The best of them all is still the first: what is found here is not yet a schedule of the whole.
    let watch = |progress: &Progress, _: &State| {
        tell(task, &Progress { tries: tries + progress.tries, bound: bound(), by, ..*progress }, first);
    };
    let inner = Task {
        model: &model,
        from: Some(&plan),
        seed: task.seed,
        threads: task.threads,
        budget: part(task, PLANNED, TIMED).budget,
        stop: task.stop,
        watch: &watch,
    };
    let found = anneal::run(&inner, &|| None, HOURS, By::Plan);
    all.tries += found.tries;
    all.tally.add(&found.tally);
    (found.best.pins_missing == 0).then(|| found.best.freeze(|_| String::new()))
}

/// The instance with everybody free only on the dates of their duties.
fn only(instance: &Instance, duties: &Duties) -> Instance {
    let mut raw = instance.raw.clone();
    for ((x, _), who) in instance.examiners.enumerate().zip(&mut raw.examiners) {
        let serves = |date| duties.iter().any(|&(y, _, d)| y == x && instance.dates[d] == date);
        who.available.retain(|a| serves(a.date));
    }
    raw.weights.unscheduled = raw.weights.unscheduled.min(WITHOUT_PLACE);
    Instance::from_raw(raw).expect("people who come less often change nothing else")
}
