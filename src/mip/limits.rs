//! What solving may use: a time, or an amount of work that is the same on every machine.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::solve::Run;

/// Later than anybody waits.
pub(super) const FOREVER: Duration = Duration::from_secs(1 << 31);

/// So many coefficients of a model that the solver steps over are one iteration of a budget: about as much time as one
/// try of a move takes.
const COEFFICIENTS: u64 = 10_000;

/// Building a model, loading it and its presolve look at each coefficient about so many times.
const PASSES: u64 = 20;

/// The presolve of whole numbers looks at each once more for so many coefficients: that of four million took minutes.
const PRESOLVE: u64 = 1000;

/// No model is smaller than that: the solver is called for each.
const LEAST: u64 = 100;

/// One step of the interior point is as much work as so many of the simplex method.
pub(super) const INTERIOR_STEP: u64 = 30;

/// What a bound or a solve may use.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Wall-clock time; the answer comes within a quarter of a second of it, or of `first` where that is more.
    pub time: Duration,
    /// So long the first relaxation may take in any case: what comes before it is no bound to speak of.
    pub first: Duration,
    /// Work, in place of time: the answer is then the same on every machine, however busy.
    pub work: Option<Work>,
    /// Threads of the solver.
    pub threads: u32,
    /// Whether examiners in reserve may sit: they do in a re-plan, whose cost is bounded only with them.
    pub reserves: bool,
    /// Set from outside, ends the search for a better bound.
    pub stop: Arc<AtomicBool>,
}

impl Limits {
    /// So much time on one thread, without reserves.
    pub fn time(time: Duration) -> Limits {
        let time = time.min(FOREVER);
        Limits { time, first: time, work: None, threads: 1, reserves: false, stop: Arc::default() }
    }

    /// So much work on one thread, however long it takes, without reserves.
    pub fn iterations(iterations: u64) -> Limits {
        Limits { work: Some(Work::iterations(iterations)), ..Limits::time(FOREVER) }
    }

    /// As much again, for one more use that takes nothing of this one.
    pub fn anew(&self) -> Limits {
        let work = self.work.as_ref().map(|w| Work(Arc::new(AtomicU64::new(w.left()))));
        Limits { work, ..self.clone() }
    }

    /// How to solve a model until then.
    pub(super) fn run(&self, until: Until) -> Run {
        let margin = (1.0, 1e-6);
        let limits = self.clone();
        Run { integers: true, limits, until, solutions: false, known: Vec::new(), margin }
    }

    /// The end of all, from now on.
    pub fn end(&self) -> Until {
        Until { at: Instant::now() + self.time.min(FOREVER), floor: 0 }
    }

    /// Begins to solve a model of that size: how many steps of the solver it may take, none at all if it is too late to begin.
    pub(super) fn begin(&self, until: Until, size: u64, integers: bool) -> Option<u64> {
        if let Some(work) = &self.work {
            let passes = PASSES + if integers { size / PRESOLVE } else { 0 };
            work.spend(size.saturating_add(LEAST).saturating_mul(passes));
        }
        let steps = |work: &Work| work.left().saturating_sub(until.floor) / size.max(1);
        self.goes_on(until).then(|| self.work.as_ref().map_or(u64::MAX, steps))
    }

    /// A model of that size has taken so many steps.
    pub(super) fn took(&self, steps: u64, size: u64) {
        if let Some(work) = &self.work {
            work.spend(steps.saturating_mul(size));
        }
    }

    /// The time that it is, and the work that is left.
    pub fn now(&self) -> Until {
        Until { at: Instant::now(), floor: self.work.as_ref().map_or(0, Work::left) }
    }

    /// What share (0 to 1) of all between two such ends is used by now.
    pub fn used(&self, from: Until, to: Until) -> f64 {
        match &self.work {
            Some(work) => {
                from.floor.saturating_sub(work.left()) as f64 / from.floor.saturating_sub(to.floor).max(1) as f64
            }
            None => from.at.elapsed().as_secs_f64() / (to.at - from.at).as_secs_f64().max(1e-9),
        }
    }

    /// Whether somebody wants to stop.
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Whether there is time and work left before that end, and nobody wants to stop.
    pub fn goes_on(&self, until: Until) -> bool {
        Instant::now() < until.at && self.work.as_ref().is_none_or(|w| w.left() > until.floor) && !self.stopped()
    }

    /// The end of one part of many: after so long, or after a share of the work that is left until then.
    pub fn part(&self, until: Until, time: Duration, share: f64) -> Until {
        match self.work {
            Some(_) => self.before(until, share),
            None => Until { at: until.at.min(Instant::now() + time), ..until },
        }
    }

    /// When a share of what is left until then is used up.
    pub fn before(&self, until: Until, share: f64) -> Until {
        let now = Instant::now();
        let left = until.at.saturating_duration_since(now);
        let work = self.work.as_ref().map_or(0, |w| w.left().saturating_sub(until.floor));
        Until { at: now + left.mul_f64(share), floor: until.floor + (work as f64 * (1.0 - share)) as u64 }
    }
}

/// An end by the clock and by work, whichever comes first.
#[derive(Clone, Copy, Debug)]
pub struct Until {
    pub(super) at: Instant,
    /// What is left of the work then.
    pub(super) floor: u64,
}

/// Work that is left, for whoever holds a clone of it: coefficients of models that the solver steps over. It is counted by the
/// solver's own steps (of the simplex method, of the interior point) and by the size of its models, never by a clock.
#[derive(Clone, Debug)]
pub struct Work(Arc<AtomicU64>);

impl Work {
    /// So many iterations of a budget.
    pub fn iterations(iterations: u64) -> Work {
        Work(Arc::new(AtomicU64::new(iterations.saturating_mul(COEFFICIENTS))))
    }

    /// Takes a share (0 to 1) of what is left into a purse of its own.
    pub fn share(&self, share: f64) -> Work {
        let own = (self.left() as f64 * share.clamp(0.0, 1.0)) as u64;
        self.spend(own);
        Work(Arc::new(AtomicU64::new(own)))
    }

    /// Puts back what is left of another.
    pub fn put_back(&self, other: &Work) {
        self.0.fetch_add(other.left(), Ordering::Relaxed);
        other.0.store(0, Ordering::Relaxed);
    }

    pub(super) fn left(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn spend(&self, coefficients: u64) {
        let less = |left: u64| Some(left.saturating_sub(coefficients));
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
    }
}
