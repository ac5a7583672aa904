//! A plan for an instance within a short budget, checked.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::check::check;
use crate::instance::Instance;
use crate::mip::{Limits, bound};
use crate::schedule::{Cost, Plan, Schedule};
use crate::state::Model;
use crate::strategy::{Budget, Task, solve_on_threads, strategy};
use crate::tr;

/// What a plan may cost to make.
#[derive(Clone, Copy)]
pub struct Effort<'a> {
    /// Wall-clock time, if limited.
    pub time: Option<Duration>,
    /// Tries of moves, if limited; makes the plan reproducible.
    pub iterations: Option<u64>,
    /// Everything random follows from it.
    pub seed: u64,
    /// Threads.
    pub threads: usize,
    /// Set from outside to stop early and keep the best so far.
    pub stop: &'a Arc<AtomicBool>,
}

impl Effort<'_> {
    /// The same with another time, if it is limited by time at all.
    pub fn lasting(self, seconds: f64) -> Self {
        Effort { time: self.time.map(|_| Duration::from_secs_f64(seconds.max(0.05))), ..self }
    }

    /// Whether the work should end, with what there is.
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// What a proof may use: a share of the time, or of the work that the tries of moves are.
    pub fn limits(&self, share: f64) -> Limits {
        let limits = match (self.iterations, self.time) {
            (Some(n), _) => Limits::iterations((n as f64 * share) as u64),
            (None, time) => Limits::time(time.map_or(Duration::ZERO, |t| t.mul_f64(share))),
        };
        Limits { stop: self.stop.clone(), ..limits }
    }
}

/// A plan that the checker found valid.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The plan, its cost and reasons included.
    pub schedule: Schedule,
    /// Its cost.
    pub cost: Cost,
    /// Due orals without a sitting.
    pub unscheduled: usize,
}

/// Makes a plan, starting from all that fits of another one if there is one. An error is an instance whose pins
/// cannot be obeyed within the budget, or threads that do not start.
pub fn solve(instance: &Instance, from: Option<&Schedule>, effort: &Effort) -> Result<Planned, String> {
    let model = Model::new(instance, None);
    let from = from.map(|f| Plan::new(instance, f, None));
    let task = Task {
        model: &model,
        from: from.as_ref(),
        seed: effort.seed,
        threads: effort.threads,
        budget: Budget { started: Instant::now(), time: effort.time, iterations: effort.iterations, gap: 0.0 },
        stop: effort.stop,
        watch: &|_, _| {},
    };
    let anneal = strategy("anneal").expect("a strategy of the registry");
    let outcome = solve_on_threads(anneal, &task)?;
    if outcome.best.pins_missing > 0 {
        return Err(tr!(
            "no plan was found that obeys the pins, which does not prove that there is none; oraux solve says which pins",
            "aucun planning trouvé qui respecte les décisions fixées, ce qui ne prouve pas qu'il n'y en a pas ; oraux solve dit lesquelles"
        ));
    }
    let schedule = outcome.schedule(None);
    let verdict = check(instance, &schedule, None);
    if let Some(broken) = verdict.violations.first() {
        return Err(format!("internal error: {} at {}: {}", broken.rule, broken.at, broken.message));
    }
    Ok(Planned { schedule, cost: verdict.cost, unscheduled: verdict.unscheduled })
}

/// The better of a plan and of one that was made for another instance, if that is valid for this one too: what only adds
/// to an instance makes no plan worse.
pub fn better(instance: &Instance, own: Planned, other: &Planned) -> Planned {
    let verdict = check(instance, &other.schedule, None);
    let other_is_better = (verdict.unscheduled, verdict.cost.total) < (own.unscheduled, own.cost.total);
    if !verdict.valid || !other_is_better {
        return own;
    }
    let schedule = Schedule { cost: Some(verdict.cost.clone()), ..other.schedule.clone() };
    Planned { schedule, cost: verdict.cost, unscheduled: verdict.unscheduled }
}

/// What no plan of the instance can cost less than, as far as a share (0 to 1) of the effort proves; 0 where there is none left.
pub fn proven(instance: &Instance, effort: &Effort, share: f64) -> i64 {
    if effort.stopped() {
        // To count the candidates of a large instance takes longer than it may.
        return 0;
    }
    bound(instance, &effort.limits(share), &mut |_| {}).value
}
