//! An instance that falls apart is solved part by part: each has the strategy, and the time that its orals are worth, for
//! itself, and the bounds and the schedules are put together. Several parts are worked on at once, each by one thread where
//! there are enough of them: threads that share nothing need not wait for one another.

use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use rayon::{ThreadPool, ThreadPoolBuildError};

use super::{Budget, By, Outcome, Progress, Strategy, Task, greedy, on, pool};
use crate::instance::Instance;
use crate::mip;
use crate::schedule::{Plan, Schedule};
use crate::search::anneal::Tally;
use crate::state::{Model, State};

/// The share of the time after which what a part has found is put together with the others.
const PAUSE: f64 = 0.02;

/// What is known of the whole by now.
struct Whole<'m> {
    /// By part, the best schedule and its bound.
    parts: Vec<(Schedule, Option<i64>)>,
    /// By part, what each candidate costs alone at least.
    counted: Vec<i64>,
    best: State<'m>,
    tries: Vec<u64>,
    tally: Tally,
    done: usize,
    joined: Instant,
}

/// Solves the parts from a first schedule of the whole: who stops the work early has the best of the parts that were begun and
/// the first of the others.
///
/// # Errors
/// The threads could not be started.
pub(super) fn solve<'m>(
    strategy: &dyn Strategy,
    task: &Task<'_, 'm>,
    parts: &[Instance],
) -> Result<Outcome<'m>, ThreadPoolBuildError> {
    let due: Vec<usize> = parts.iter().map(|p| p.due().count()).collect();
    let teams = teams(task.threads, &due);
    let threads = |i: usize| task.threads * (i + 1) / teams.len() - task.threads * i / teams.len();
    let pools: Vec<Option<ThreadPool>> = (0..teams.len()).map(|i| pool(threads(i))).collect::<Result<_, _>>()?;
    let best = greedy::start(task);
    if task.stopped() {
        return Ok(Outcome { best, bound: None, by: greedy::by(task), tries: 0, tally: Tally::default() });
    }
    let schedule = best.freeze(|_| String::new());
    let whole = Mutex::new(Whole {
        parts: parts.iter().map(|part| (within(&schedule, part), None)).collect(),
        counted: parts.iter().map(mip::counted).collect(),
        best,
        tries: vec![0; parts.len()],
        tally: Tally::default(),
        done: 0,
        joined: Instant::now(),
    });
    std::thread::scope(|scope| {
        for (i, (team, pool)) in teams.iter().zip(&pools).enumerate() {
            let (whole, due, threads) = (&whole, &due, threads(i));
            scope.spawn(move || {
                on(pool.as_ref(), || work(strategy, &Task { threads, ..*task }, parts, due, team, whole));
            });
        }
    });
    let mut whole = whole.into_inner().expect("nobody panics while putting together");
    if task.stopped() {
        whole.join(task);
    }
    let by = By::Parts(whole.done, parts.len());
    Ok(Outcome { bound: whole.bound(), by, tries: whole.tries.iter().sum(), tally: whole.tally, best: whole.best })
}

/// The parts for each of those who work at the same time, so that all have about as many due orals.
fn teams(threads: usize, due: &[usize]) -> Vec<Vec<usize>> {
    let mut teams: Vec<(usize, Vec<usize>)> = vec![(0, Vec::new()); threads.clamp(1, due.len())];
    let mut order: Vec<usize> = (0..due.len()).collect();
    order.sort_by_key(|&i| std::cmp::Reverse(due[i]));
    for i in order {
        let team = teams.iter_mut().min_by_key(|t| t.0).expect("there is a team");
        team.0 += due[i];
        team.1.push(i);
    }
    teams.into_iter().map(|t| t.1).collect()
}

/// Solves some of the parts, one after the other.
fn work<'m>(
    strategy: &dyn Strategy,
    task: &Task<'_, 'm>,
    parts: &[Instance],
    due: &[usize],
    own: &[usize],
    whole: &Mutex<Whole<'m>>,
) {
    let lock = || -> MutexGuard<'_, Whole<'m>> { whole.lock().expect("nobody panics while putting together") };
    let pause = task.budget.time.map_or(Duration::ZERO, |t| t.mul_f64(PAUSE)).max(Duration::from_secs(1));
    for (n, &i) in own.iter().enumerate() {
        if task.stopped() {
            return;
        }
        let part = &parts[i];
        let model = Model::new(part, None);
        let first = lock().parts[i].0.clone();
        let from = Plan::new(part, &first, None);
        let watch = |progress: &Progress, state: &State| {
            let mut whole = lock();
            whole.tries[i] = progress.tries;
            whole.parts[i].1 = whole.parts[i].1.max(progress.bound);
            // In the end all parts are put together once.
            if whole.joined.elapsed() >= pause && state.pins_missing == 0 && !task.stopped() {
                whole.parts[i].0 = state.freeze(|_| String::new());
                whole.join(task);
            }
            whole.tell(task);
        };
        let left = own[n..].iter().map(|&i| due[i]).sum();
        let budget = share(&task.budget, due[i], left, due.iter().sum());
        let found = strategy.solve(&Task { model: &model, from: Some(&from), watch: &watch, budget, ..*task });
        let mut whole = lock();
        whole.tries[i] = found.tries;
        whole.tally.add(&found.tally);
        whole.parts[i].1 = whole.parts[i].1.max(found.bound);
        whole.done += 1;
        whole.parts[i].0 = found.best.freeze(|_| String::new());
        // Where the work is over, all parts are put together once.
        if !task.stopped() {
            whole.join(task);
            whole.tell(task);
        }
    }
}

impl<'m> Whole<'m> {
    /// Puts the schedules of the parts together.
    fn join(&mut self, task: &Task<'_, 'm>) {
        let all = joined(self.parts.iter().map(|p| &p.0));
        let mut state = State::new(task.model);
        state.load(&Plan::new(task.model.instance, &all, None));
        if state.value() <= self.best.value() {
            self.best = state;
        }
        self.joined = Instant::now();
    }

    /// What the parts cost at least, if anything but the candidates alone is known.
    fn bound(&self) -> Option<i64> {
        let each = self.parts.iter().zip(&self.counted).map(|((_, own), &least)| own.map_or(least, |b| b.max(least)));
        self.parts.iter().any(|p| p.1.is_some()).then(|| each.sum())
    }

    fn tell(&self, task: &Task<'_, 'm>) {
        let elapsed = task.budget.started.elapsed();
        let by = By::Parts(self.done, self.parts.len());
        let progress = Progress { elapsed, bound: self.bound(), tries: self.tries.iter().sum(), by };
        (task.watch)(&progress, &self.best);
    }
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

/// The schedule within a part.
fn within(schedule: &Schedule, part: &Instance) -> Schedule {
    let mut own = schedule.clone();
    own.sessions.retain(|s| part.centre(&s.centre).is_some());
    own.unscheduled.retain(|l| part.candidate(&l.candidate).is_some());
    own.not_heard.retain(|l| part.candidate(&l.candidate).is_some());
    own
}

/// The schedules of all parts as one; the sessions are numbered anew when the whole is frozen.
pub(super) fn joined<'s>(mut parts: impl Iterator<Item = &'s Schedule>) -> Schedule {
    let mut all = parts.next().expect("there is a part").clone();
    for part in parts {
        all.sessions.extend(part.sessions.iter().cloned());
        all.unscheduled.extend(part.unscheduled.iter().cloned());
        all.not_heard.extend(part.not_heard.iter().cloned());
    }
    for (i, session) in all.sessions.iter_mut().enumerate() {
        session.id = format!("S{:03}", i + 1);
    }
    all
}
