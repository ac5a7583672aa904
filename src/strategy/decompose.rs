//! `decompose`: a first schedule; from it a better plan of who sits where on which date, by the aggregated model; then the
//! hours with only those people, in which what finds no place costs little; then the whole again with everybody.
//!
//! Most of what can be saved is people's days, and a search that moves one sitting at a time rarely empties one.

use std::time::{Duration, Instant};

use super::{Bound, Budget, By, Outcome, Progress, Strategy, Task, anneal};
use crate::instance::Instance;
use crate::mip::{DayPlan, Effort, Limits, plan};
use crate::schedule::{Plan, Schedule};
use crate::search::anneal::Cooling;
use crate::state::{Model, State};
use crate::tr;

/// The share of the budget for the first schedule, for the plan, and for its hours; the rest is for the whole.
const SHARES: [f64; 3] = [0.2, 0.1, 0.56];

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
            "who sits where on which date by integer programming, then the hours by annealing",
            "qui siège où et quel jour par programmation en nombres entiers, puis les heures par recuit"
        )
    }

    fn solve<'m>(&self, task: &Task<'_, 'm>) -> Outcome<'m> {
        decompose(task, &|| None)
    }
}

/// Decomposes while `bound` is asked now and then, until the best schedule is as near to it as the budget asks.
pub(super) fn decompose<'m>(task: &Task<'_, 'm>, bound: Bound) -> Outcome<'m> {
    if task.model.baseline.is_some() {
        // A re-plan has its people already, and an hour of its own to keep.
        return anneal::anneal(task, bound);
    }
    // The parts have clocks of their own; who watches wants that of the whole.
    let whole = task;
    let watch = |progress: &Progress, state: &State<'m>| {
        (whole.watch)(&Progress { elapsed: whole.budget.started.elapsed(), ..*progress }, state);
    };
    let task = &Task { watch: &watch, ..*whole };
    let mut all = anneal::run(&part(task, SHARES[0]), bound, anneal::COOLING, By::Annealing);
    let done = |best: &State| task.stopped() || bound().is_some_and(|b| task.budget.reached(best.value(), b));
    if done(&all.best) {
        return all;
    }
    let known = all.best.freeze(|_| String::new());
    let hours =
        better_plan(task, &known).and_then(|days| timetable(task, &known, &days, &all.best, bound, &mut all.tries));
    // What the plan left without a place is for everybody now.
    let from = hours.as_ref().unwrap_or(&known);
    let plan = Plan::new(task.model.instance, from, None);
    let rest = Task { from: Some(&plan), ..part(task, 1.0) };
    let (cooling, by) = if hours.is_some() { (WHOLE, By::Plan) } else { (HOURS, By::Annealing) };
    let last = anneal::run(&rest, bound, cooling, by);
    all.tries += last.tries;
    for (sum, one) in all.tally.moves.iter_mut().zip(&last.tally.moves) {
        sum.iter_mut().zip(one).for_each(|(s, o)| *s += o);
    }
    all.bound = bound();
    if last.best.value() <= all.best.value() {
        all.best = last.best;
    }
    all
}

/// The task with that share of what is left of its budget.
fn part<'a, 'm>(task: &Task<'a, 'm>, share: f64) -> Task<'a, 'm> {
    let started = Instant::now();
    let left = |time: Duration| time.saturating_sub(task.budget.started.elapsed());
    // The shares are of the whole; what is left for the last is what the others did not use.
    let time = task.budget.time.map(|t| if share < 1.0 { t.mul_f64(share).min(left(t)) } else { left(t) });
    let share = if share < 1.0 { share } else { 1.0 - SHARES.iter().sum::<f64>() };
    let iterations = task.budget.iterations.map(|n| ((n as f64 * share) as u64).max(1));
    Task { budget: Budget { started, time, iterations, ..task.budget }, ..*task }
}

fn better_plan(task: &Task, known: &Schedule) -> Option<DayPlan> {
    let instance = task.model.instance;
    let plan_of = Plan::new(instance, known, None);
    let (time, effort) = match (task.budget.time, task.budget.iterations) {
        (Some(time), None) => (time.mul_f64(SHARES[1]), Effort::Time),
        // How far the solver gets in a time depends on the machine.
        _ => (Duration::from_secs(3600), Effort::Parts(4)),
    };
    let limits = Limits::time(time);
    let mut best = None;
    let stop = || task.stopped();
    plan(instance, &plan_of, task.seed, effort, &limits, &stop, &mut |days| best = Some(days.clone()));
    best
}

/// The hours with only the people of the plan, from the schedule that is known.
fn timetable<'m>(
    task: &Task<'_, 'm>,
    known: &Schedule,
    days: &DayPlan,
    best: &State<'m>,
    bound: Bound,
    tries: &mut u64,
) -> Option<Schedule> {
    let few = only(task.model.instance, days);
    let model = Model::new(&few, None);
    let plan = Plan::new(&few, known, None);
    let so_far = *tries;
    let watch = |progress: &Progress, _: &State| {
        let (elapsed, tries) = (task.budget.started.elapsed(), so_far + progress.tries);
        (task.watch)(&Progress { elapsed, tries, bound: bound(), by: By::Annealing }, best);
    };
    let whole = part(task, SHARES[2]);
    let inner = Task {
        model: &model,
        from: Some(&plan),
        seed: task.seed,
        threads: task.threads,
        budget: whole.budget,
        stop: task.stop,
        watch: &watch,
    };
    let found = anneal::run(&inner, &|| None, HOURS, By::Plan);
    *tries += found.tries;
    (found.best.pins_missing == 0).then(|| found.best.freeze(|_| String::new()))
}

/// The instance with everybody free only on the dates of their duties.
fn only(instance: &Instance, days: &DayPlan) -> Instance {
    let mut raw = instance.raw.clone();
    for ((x, _), who) in instance.examiners.enumerate().zip(&mut raw.examiners) {
        let serves = |date| days.duties.iter().any(|&(y, _, d)| y == x && instance.dates[d] == date);
        who.available.retain(|a| serves(a.date));
    }
    raw.weights.unscheduled = raw.weights.unscheduled.min(WITHOUT_PLACE);
    Instance::from_raw(raw).expect("people who come less often change nothing else")
}
