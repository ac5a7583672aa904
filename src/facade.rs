//! The program as a library: [`solve`], [`replan`] and [`explain`](explain()), beside [`check`](crate::check::check). What they
//! stand on is not promised to stay as it is.

use std::fmt;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use crate::check::check;
use crate::explain::costs::{self, Story};
use crate::fault::Fault;
use crate::instance::contradictions::contradictions;
use crate::instance::{Instance, hopeless};
use crate::replan::{self, Events, Refused, Replanned, Request};
use crate::schedule::{PINS_NOT_KEPT, Plan, Schedule};
use crate::state::Model;
use crate::strategy::pins::{Impossible, not_kept, settle};
use crate::strategy::{Budget, STRATEGIES, Task, solve_on_threads};
use crate::tr;

/// How long and on how many threads to work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Wall-clock time in all, if limited.
    pub time: Option<Duration>,
    /// Tries of moves in all, if limited: the same seed and number give the same schedule on any number of threads.
    pub iterations: Option<u64>,
    /// Everything random follows from it.
    pub seed: u64,
    /// How many threads work.
    pub threads: usize,
}

impl Options {
    /// So many seconds on all threads of the machine.
    pub fn seconds(seconds: u64) -> Options {
        let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
        Options { time: Some(Duration::from_secs(seconds)), iterations: None, seed: 1, threads }
    }

    /// So many tries, the same result each time.
    pub fn iterations(iterations: u64) -> Options {
        Options { time: None, iterations: Some(iterations), ..Options::seconds(0) }
    }

    fn budget(&self) -> Budget {
        Budget { started: Instant::now(), time: self.time, iterations: self.iterations, gap: 0.0 }
    }
}

/// Why there is no answer.
#[derive(Clone, Debug)]
pub struct Error {
    /// What is wrong with an input, if that is the reason: each with its place.
    pub faults: Vec<Fault>,
    message: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<Vec<Fault>> for Error {
    fn from(faults: Vec<Fault>) -> Error {
        let message = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        Error { faults, message }
    }
}

impl From<String> for Error {
    fn from(message: String) -> Error {
        Error { faults: Vec::new(), message }
    }
}

/// Makes a schedule. Where not everything can be heard, `unscheduled` says what is not and why; where not all pins can be kept,
/// `provenance` says which.
///
/// # Errors
///
/// Pins that contradict one another, or that no schedule can keep, by name; threads that the machine does not give.
pub fn solve(instance: &Instance, options: &Options) -> Result<Schedule, Error> {
    let warnings = hopeless::warnings(instance);
    let contradictory = contradictions(instance, &warnings, false);
    if !contradictory.is_empty() {
        let said: Vec<String> = contradictory.iter().map(ToString::to_string).collect();
        return Err(said.join("\n").into());
    }
    let (model, stop) = (Model::new(instance, None), AtomicBool::new(false));
    let (seed, threads) = (options.seed, options.threads.max(1));
    let task =
        Task { model: &model, from: None, seed, threads, budget: options.budget(), stop: &stop, watch: &|_, _| {} };
    let settled = settle(&task, true).map_err(|Impossible(orals)| {
        let names = orals.iter().map(|&o| instance.oral_name(o)).collect::<Vec<_>>().join(", ");
        Error::from(tr!(
            "no schedule keeps the pins of {names}",
            "aucun planning ne tient les décisions fixées de {names}"
        ))
    })?;
    let relaxed = settled.instance.as_ref().map(|own| Model::new(own, None));
    let model = relaxed.as_ref().unwrap_or(&model);
    let start = settled.start.as_ref().map(|s| Plan::new(model.instance, s, None));
    let task = Task { model, from: start.as_ref(), ..task };
    let mut schedule = solve_on_threads(STRATEGIES[0], &task)?.schedule(None);
    let left = not_kept(&Plan::new(instance, &schedule, None));
    if !left.is_empty() {
        schedule.provenance.insert(PINS_NOT_KEPT.to_string(), left.into());
    }
    let verdict = check(instance, &schedule, None);
    match verdict.violations.iter().find(|v| v.rule != "pin") {
        Some(broken) => Err(format!("{} {}: {}", broken.rule, broken.at, broken.message).into()),
        None => Ok(schedule),
    }
}

/// Plans again what events leave open, and says who has to be told what.
///
/// # Errors
///
/// Faults of the events or of the instance that they make; pins that no schedule can keep then.
pub fn replan(
    instance: &Instance,
    published: &Schedule,
    events: &Events,
    options: &Options,
) -> Result<Replanned, Error> {
    let stop = AtomicBool::new(false);
    let request = Request {
        now: None,
        notice: None,
        sacrifice: false,
        edited: None,
        wide: false,
        seed: options.seed,
        threads: options.threads.max(1),
        budget: Some(options.budget()),
        stop: &stop,
    };
    replan::replan(instance, published, events, &request).map_err(|refused| match refused {
        Refused::Faults(faults) | Refused::Events(faults) => faults.into(),
        Refused::Contradictory(all) => Error::from(all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
        Refused::Impossible(said) | Refused::Held(said) => Error::from(said.join("\n")),
        Refused::System(why) => why.into(),
    })
}

/// Where the cost of a schedule comes from, term by term, and what no plan avoids.
pub fn explain(instance: &Instance, schedule: &Schedule) -> Story {
    costs::story(&Plan::new(instance, schedule, None))
}
