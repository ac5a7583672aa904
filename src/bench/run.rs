//! Runs one job and has its schedule checked.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use super::job::Job;
use super::peer::Peer;
use super::record::{Ending, Machine, Point, Program, Record, Solved, peak_memory};
use crate::check::check;
use crate::fault::Fault;
use crate::instance::Instance;
use crate::rules::Violation;
use crate::schedule::Schedule;
use crate::state::{Model, State};
use crate::strategy::{Budget, Strategy, Task, solve_on_threads, strategy};
use crate::tr;

/// What runs jobs: this program and the peers that it was told of, each with what it says of itself.
pub struct Runners {
    own: Program,
    peers: Vec<(Peer, String)>,
}

impl Runners {
    /// Asks each peer for its version; every peer that does not answer is a fault.
    pub fn new(peers: &[Peer]) -> Result<Runners, Vec<Fault>> {
        let (mut known, mut faults) = (Vec::new(), Vec::new());
        for peer in peers {
            match peer.version() {
                Ok(version) => known.push((peer.clone(), version)),
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() { Ok(Runners { own: Program::own(), peers: known }) } else { Err(faults) }
    }

    fn peer(&self, strategy: &str) -> Option<&(Peer, String)> {
        self.peers.iter().find(|(peer, _)| peer.strategy == strategy)
    }

    /// The key of a job when run by whom it is for.
    pub fn key(&self, job: &Job) -> String {
        match self.peer(&job.strategy) {
            Some((_, version)) => job.key(version),
            None => job.key(&self.own.id()),
        }
    }

    /// Runs a job; none if it was stopped before its time was up. The clock starts before the instance is read, as in
    /// `oraux solve`; a peer's with its process. An error is an instance that cannot be read or is another than the
    /// job's, or a strategy that nobody knows.
    pub fn run(&self, job: &Job, stop: &AtomicBool) -> Result<Option<(Record, Option<Schedule>)>, Vec<Fault>> {
        let begun = Instant::now();
        let started = chrono::Utc::now().format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let instance = Instance::read(&job.path)?;
        let refuse = |message| vec![Fault { file: Some(job.path.display().to_string()), ..Fault::new("", message) }];
        if instance.hash() != job.instance_hash {
            return Err(refuse(tr!(
                "the instance is not the one that the job was made for; write the manifest again",
                "l'instance n'est pas celle de la tâche ; réécrivez le manifeste"
            )));
        }
        let peer = self.peer(&job.strategy);
        let result = match (strategy(&job.strategy), peer) {
            (_, Some((peer, _))) => run_peer(peer, &instance, job, stop),
            (Some(own), None) => run_own(own, &instance, job, begun, stop).map_err(refuse)?,
            (None, None) => {
                let name = &job.strategy;
                return Err(refuse(tr!(
                    "unknown strategy \"{name}\"; a peer needs --peer NAME=COMMAND",
                    "stratégie inconnue : « {name} » ; un programme comparé demande --peer NOM=COMMANDE"
                )));
            }
        };
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let (ending, schedule) = result;
        let record = Record {
            key: self.key(job),
            program: self.own.clone(),
            peer: peer.map(|(_, version)| version.clone()),
            job: job.clone(),
            started,
            machine: Machine::here(),
            ending,
        };
        Ok(Some((record, schedule)))
    }
}

#[derive(Default)]
struct Log {
    first: Option<(f64, Schedule)>,
    points: Vec<Point>,
}

impl Log {
    fn note(&mut self, elapsed: f64, bound: Option<i64>, tries: u64, state: &State) {
        if state.pins_missing > 0 {
            return;
        }
        if self.first.is_none() {
            // Checked after the run, so that the checker takes no time from the search.
            self.first = Some((elapsed, state.freeze(|_| String::new())));
        }
        let last = self.points.last().copied();
        let bound = bound.max(last.and_then(|l| l.bound));
        if last.is_none_or(|l| state.cost < l.cost || bound > l.bound) {
            let (cost, unscheduled) = match last {
                Some(l) if l.cost <= state.cost => (l.cost, l.unscheduled),
                _ => (state.cost, state.unscheduled),
            };
            self.points.push(Point { elapsed, cost, unscheduled, bound, tries });
        }
    }
}

type Ended = (Ending, Option<Schedule>);

fn run_own(
    strategy: &dyn Strategy,
    instance: &Instance,
    job: &Job,
    started: Instant,
    stop: &AtomicBool,
) -> Result<Ended, String> {
    let model = Model::new(instance, None);
    let log = Mutex::new(Log::default());
    let task = Task {
        model: &model,
        from: None,
        seed: job.seed,
        threads: job.threads.into(),
        budget: Budget { started, time: Some(Duration::from_secs_f64(job.seconds)), iterations: None, gap: 0.0 },
        stop,
        watch: &|progress, state| {
            let elapsed = started.elapsed().as_secs_f64();
            log.lock().expect("nobody panics while noting").note(elapsed, progress.bound, progress.tries, state)
        },
    };
    let outcome = solve_on_threads(strategy, &task)?;
    let elapsed = started.elapsed().as_secs_f64();
    let peak_rss_kib = peak_memory("self");
    let mut log = log.into_inner().expect("nobody panics while noting");
    log.note(elapsed, outcome.bound, outcome.tries, &outcome.best);
    let state = &outcome.best;
    let mut schedule = state.freeze(|o| crate::explain::unscheduled::reason(state, o));
    schedule.bound = outcome.bound;
    schedule.provenance = [
        ("program".to_string(), json!("oraux")),
        ("version".to_string(), json!(env!("CARGO_PKG_VERSION"))),
        ("commit".to_string(), json!(env!("ORAUX_COMMIT"))),
        ("strategy".to_string(), json!(job.strategy)),
        ("seed".to_string(), json!(job.seed)),
        ("threads".to_string(), json!(job.threads)),
        ("seconds".to_string(), json!(job.seconds)),
        ("instance_hash".to_string(), json!(job.instance_hash)),
    ]
    .into();
    let first_broken =
        log.first.as_ref().and_then(|(_, first)| check(instance, first, None).violations.into_iter().next());
    if let Some(broken) = first_broken {
        return Ok((Ending::Invalid { message: in_words(&broken) }, Some(schedule)));
    }
    let claims = Claims {
        first_valid: log.first.as_ref().map_or(elapsed, |(t, _)| *t),
        elapsed,
        tries: outcome.tries,
        peak_rss_kib,
        trajectory: log.points,
    };
    Ok(judge(instance, schedule, claims))
}

/// A peer that fails has no result, which is the record's to say.
fn run_peer(peer: &Peer, instance: &Instance, job: &Job, stop: &AtomicBool) -> Ended {
    let started = Instant::now();
    let made = match peer.run(job, started, stop) {
        Ok(made) => made,
        Err(message) => return (Ending::Invalid { message }, None),
    };
    let claims = Claims {
        first_valid: made.points.first().map_or(started.elapsed().as_secs_f64(), |p| p.elapsed),
        elapsed: started.elapsed().as_secs_f64(),
        tries: made.points.last().map_or(0, |p| p.tries),
        peak_rss_kib: made.peak_rss_kib,
        trajectory: made.points,
    };
    judge(instance, Schedule { bound: None, ..made.schedule }, claims)
}

/// What a run says of itself.
struct Claims {
    first_valid: f64,
    elapsed: f64,
    tries: u64,
    peak_rss_kib: Option<u64>,
    trajectory: Vec<Point>,
}

fn in_words(v: &Violation) -> String {
    let (rule, at, message) = (v.rule, &v.at, &v.message);
    tr!("the schedule breaks {rule} at {at}: {message}", "le planning enfreint {rule} ({at}) : {message}")
}

/// Believes of a run only what the checker says of its schedule.
fn judge(instance: &Instance, mut schedule: Schedule, claims: Claims) -> Ended {
    let verdict = check(instance, &schedule, None);
    let cost = verdict.cost.total;
    let last = claims.trajectory.last();
    let refuted = if let Some(broken) = verdict.violations.first() {
        Some(in_words(broken))
    } else if let Some(said) = last.map(|p| p.cost).filter(|&said| said != cost) {
        Some(tr!(
            "the strategy claims the cost {said}, the checker says {cost}",
            "la stratégie annonce un coût de {said}, le vérificateur {cost}"
        ))
    } else {
        let above = last.and_then(|p| p.bound).filter(|&bound| bound > cost);
        above.map(|b| tr!("the bound {b} is above the cost {cost}", "la borne {b} dépasse le coût {cost}"))
    };
    let ending = match refuted {
        Some(message) => Ending::Invalid { message },
        None => Ending::Valid(Solved {
            cost,
            unscheduled: verdict.unscheduled,
            bound: last.and_then(|p| p.bound),
            first_valid: claims.first_valid,
            elapsed: claims.elapsed,
            tries: claims.tries,
            peak_rss_kib: claims.peak_rss_kib,
            nearest_km: nearest_km(instance),
            unscheduled_cost: verdict.cost.terms.get("unscheduled").map_or(0, |t| t.cost),
            trajectory: claims.trajectory,
        }),
    };
    schedule.cost = Some(verdict.cost);
    (ending, Some(schedule))
}

/// What the kilometres of every candidate to the nearest allowed centre cost.
fn nearest_km(instance: &Instance) -> i64 {
    let km: i64 = instance.candidates.iter().filter_map(|c| c.centres.iter().map(|&z| c.km[z]).min()).sum();
    km * i64::from(instance.weights.candidate_km)
}
