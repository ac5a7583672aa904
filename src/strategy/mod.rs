//! Strategies: ways to make a schedule, all behind one trait and in one registry, [`STRATEGIES`].

mod anneal;
mod decompose;
mod exact;
mod greedy;
mod parts;
pub mod pins;
mod portfolio;
mod proof;
mod refine;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

use crate::instance::Instance;
use crate::mip::{Limits, Work};
use crate::objective::evaluate;
use crate::schedule::{Plan, Schedule};
use crate::search::anneal::Tally;
use crate::state::{Model, State};
use crate::tr;

/// Every strategy.
pub static STRATEGIES: &[&dyn Strategy] =
    &[&portfolio::Portfolio, &anneal::Anneal, &decompose::Decompose, &exact::Exact, &greedy::Greedy];

/// A way to make a schedule.
pub trait Strategy: Sync {
    /// Its name on the command line: the algorithm's.
    fn name(&self) -> &'static str;
    /// One line on how it works.
    fn summary(&self) -> String;
    /// Why it cannot work on the instance, if it cannot.
    fn refuses(&self, _instance: &Instance) -> Option<String> {
        None
    }
    /// Makes the best schedule that it can within the task's budget.
    fn solve<'m>(&self, task: &Task<'_, 'm>) -> Outcome<'m>;
}

/// The strategy of that name.
pub fn strategy(name: &str) -> Option<&'static dyn Strategy> {
    STRATEGIES.iter().copied().find(|s| s.name() == name)
}

/// Solves the task on as many threads as it names, part by part if the instance falls apart; an error says why
/// the strategy cannot work on the instance, or that the threads could not be started.
pub fn solve_on_threads<'m>(strategy: &dyn Strategy, task: &Task<'_, 'm>) -> Result<Outcome<'m>, String> {
    // What is published binds the whole.
    let parts = if task.model.baseline.is_none() { task.model.instance.parts() } else { Vec::new() };
    if let Some(why) = refused(strategy, task.model.instance) {
        return Err(why);
    }
    if parts.len() > 1 {
        return parts::solve(strategy, task, &parts).map_err(no_threads);
    }
    let pool = pool(task.threads).map_err(no_threads)?;
    Ok(on(pool.as_ref(), || strategy.solve(task)))
}

/// Threads to work beside the caller's; none where it works alone.
fn pool(threads: usize) -> Result<Option<ThreadPool>, ThreadPoolBuildError> {
    (threads > 1).then(|| ThreadPoolBuilder::new().num_threads(threads).build()).transpose()
}

fn no_threads(e: ThreadPoolBuildError) -> String {
    tr!(
        "the machine gives no more threads ({e}); ask for fewer with --threads",
        "la machine ne donne pas davantage de fils d'exécution ({e}) ; demandez-en moins avec --threads"
    )
}

/// Works on the pool, or, without one, where it stands.
fn on<R: Send>(pool: Option<&ThreadPool>, work: impl FnOnce() -> R + Send) -> R {
    match pool {
        Some(pool) => pool.install(work),
        None => work(),
    }
}

/// Why the strategy cannot work on the instance, or on one of its parts.
pub fn refused(strategy: &dyn Strategy, instance: &Instance) -> Option<String> {
    strategy.refuses(instance)?;
    instance.parts().iter().find_map(|part| strategy.refuses(part))
}

/// When to stop.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// When the work began.
    pub started: Instant,
    /// Wall-clock time in all, if limited.
    pub time: Option<Duration>,
    /// Tries of moves in all, if limited; makes the result reproducible. Whatever is solved exactly besides has as much work
    /// ([`Work`]) as its share of them.
    pub iterations: Option<u64>,
    /// Per cent of the cost: once a proven bound is as near, the work ends (0: once the schedule is proven the best).
    pub gap: f64,
}

/// What a strategy works on.
pub struct Task<'a, 'm> {
    /// The instance compiled.
    pub model: &'m Model<'m>,
    /// A schedule to start from.
    pub from: Option<&'a Plan<'a>>,
    /// Everything random follows from it.
    pub seed: u64,
    /// How many threads work.
    pub threads: usize,
    /// When to stop.
    pub budget: Budget,
    /// Set from outside to stop early and keep the best so far.
    pub stop: &'a AtomicBool,
    /// Told of the state of the work now and then, and of every better schedule that is worth keeping.
    pub watch: &'a (dyn Fn(&Progress, &State<'m>) + Sync),
}

/// How far the work is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Since the start.
    pub elapsed: Duration,
    /// A proven lower bound, if there is one.
    pub bound: Option<i64>,
    /// Moves tried so far.
    pub tries: u64,
    /// Who found the best schedule.
    pub by: By,
}

/// Asks for the bound that is proven by now.
type Bound<'a> = &'a (dyn Fn() -> Option<i64> + Sync);

/// Who found a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// It was given, to start from.
    Given,
    /// One oral after the other.
    Insertion,
    /// The search by moves.
    Annealing,
    /// The search by moves, with the people of a plan made by integer programming.
    Plan,
    /// Parts of the schedule solved by integer programming.
    Exactly,
    /// Branch and bound on the full model.
    Model,
    /// Whatever the strategy is, part by part: so many of them are done, of so many.
    Parts(usize, usize),
}

impl By {
    /// As a person reads it.
    pub fn name(self) -> String {
        match self {
            By::Given => tr!("the schedule to start from", "le planning de départ"),
            By::Insertion => tr!("insertion", "insertion"),
            By::Annealing => tr!("annealing", "recuit"),
            By::Plan => tr!("plan by date, then annealing", "plan par jour, puis recuit"),
            By::Exactly => tr!("parts solved exactly", "parties résolues exactement"),
            By::Model => tr!("full model", "modèle complet"),
            By::Parts(done, n) => tr!("parts ({done} of {n} done)", "parties ({done} sur {n} faites)"),
        }
    }
}

/// What a strategy made.
pub struct Outcome<'m> {
    /// The best schedule; the caller checks it.
    pub best: State<'m>,
    /// A proven lower bound, if there is one.
    pub bound: Option<i64>,
    /// Who found it.
    pub by: By,
    /// Moves tried.
    pub tries: u64,
    /// By move: tried, kept, better.
    pub tally: Tally,
}

impl Outcome<'_> {
    /// The best schedule with its cost, its bound and the reasons of what is unscheduled; where it comes from is the
    /// caller's to say. `published` is the schedule that it re-plans.
    pub fn schedule(&self, published: Option<&Plan>) -> Schedule {
        let state = &self.best;
        let mut schedule = state.freeze(|o| crate::explain::unscheduled::reason(state, o));
        let cost = evaluate(&Plan::new(state.model.instance, &schedule, published));
        schedule.bound = self.bound.or((cost.total == 0).then_some(0));
        schedule.cost = Some(cost);
        schedule
    }
}

impl Budget {
    /// What an exact method may use of it: the time that is left, and a share (0 to 1) of the iterations as work.
    fn limits(&self, share: f64) -> Limits {
        let time = self.time.map_or(Duration::MAX, |t| t.saturating_sub(self.started.elapsed()));
        let work = self.iterations.map(|n| Work::iterations((n as f64 * share) as u64));
        Limits { work, ..Limits::time(time) }
    }

    /// Whether a schedule of that cost is as good as asked, by the bound that is proven. Nothing costs less than 0.
    pub fn reached(&self, cost: i64, bound: Option<i64>) -> bool {
        (cost - bound.unwrap_or(0)) as f64 <= self.gap / 100.0 * cost as f64
    }
}

impl Task<'_, '_> {
    /// The share of the budget used up, or none once it is spent or the work was stopped.
    pub fn progress(&self, tries: u64) -> Option<f64> {
        if self.stop.load(Ordering::Relaxed) {
            return None;
        }
        let time = self.budget.time.map_or(0.0, |t| self.budget.started.elapsed().as_secs_f64() / t.as_secs_f64());
        let iterations = self.budget.iterations.map_or(0.0, |n| tries as f64 / n as f64);
        let progress = time.max(iterations);
        (progress < 1.0).then_some(progress)
    }

    /// Whether the work should end at once.
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.budget.time.is_some_and(|t| self.budget.started.elapsed() >= t)
    }
}
