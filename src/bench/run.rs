//! Runs one job and has its schedule checked.

use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use super::job::Job;
use super::record::{Ending, Point, Record, Solved};
use crate::check::check;
use crate::fault::Fault;
use crate::instance::Instance;
use crate::schedule::Schedule;
use crate::state::{Model, State};
use crate::strategy::{Budget, Strategy, Task, solve_on_threads, strategy};
use crate::tr;

/// Runs a job; none if it was stopped before its time was up. The clock starts before the instance is read, as in
/// `oraux solve`. An error is an instance that cannot be read or is another than the job's.
pub fn run(job: &Job, program: &str, stop: &AtomicBool) -> Result<Option<(Record, Schedule)>, Vec<Fault>> {
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
    let chosen = strategy(&job.strategy).ok_or_else(|| {
        let name = &job.strategy;
        refuse(tr!("unknown strategy \"{name}\"", "stratégie inconnue : « {name} »"))
    })?;
    let (ending, schedule) = run_with(chosen, &instance, job, begun, stop).map_err(refuse)?;
    if stop.load(Ordering::Relaxed) {
        return Ok(None);
    }
    let record = Record {
        key: job.key(program),
        program: program.to_string(),
        job: job.clone(),
        started,
        cpu: cpu(),
        cores: std::thread::available_parallelism().map_or(1, |n| n.get()),
        ending,
    };
    Ok(Some((record, schedule)))
}

#[derive(Default)]
struct Log {
    first: Option<(f64, Schedule)>,
    points: Vec<Point>,
}

impl Log {
    fn note(&mut self, elapsed: f64, bound: Option<i64>, state: &State) {
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
            self.points.push(Point { elapsed, cost, unscheduled, bound });
        }
    }
}

fn run_with(
    strategy: &dyn Strategy,
    instance: &Instance,
    job: &Job,
    started: Instant,
    stop: &AtomicBool,
) -> Result<(Ending, Schedule), String> {
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
            log.lock().expect("nobody panics while noting").note(elapsed, progress.bound, state)
        },
    };
    let outcome = solve_on_threads(strategy, &task)?;
    let elapsed = started.elapsed().as_secs_f64();
    let peak_rss_kib = peak_memory();
    let mut log = log.into_inner().expect("nobody panics while noting");
    log.note(elapsed, outcome.bound, &outcome.best);
    let state = &outcome.best;
    let mut schedule = state.freeze(|o| crate::explain::unscheduled::reason(state, o));
    let verdict = check(instance, &schedule, None);
    schedule.bound = outcome.bound;
    schedule.provenance = [
        ("program".to_string(), json!("oraux")),
        ("version".to_string(), json!(env!("CARGO_PKG_VERSION"))),
        ("strategy".to_string(), json!(job.strategy)),
        ("seed".to_string(), json!(job.seed)),
        ("threads".to_string(), json!(job.threads)),
        ("seconds".to_string(), json!(job.seconds)),
        ("instance_hash".to_string(), json!(job.instance_hash)),
    ]
    .into();
    let invalid = |message| Ending::Invalid { message };
    let first_broken =
        log.first.as_ref().and_then(|(_, first)| check(instance, first, None).violations.into_iter().next());
    let ending = if let Some(v) = verdict.violations.iter().chain(&first_broken).next() {
        let (rule, at, message) = (v.rule, &v.at, &v.message);
        invalid(tr!("the schedule breaks {rule} at {at}: {message}", "le planning enfreint {rule} ({at}) : {message}"))
    } else if verdict.cost.total != state.cost || log.points.last().is_some_and(|p| p.cost != state.cost) {
        let (said, cost) = (log.points.last().map_or(state.cost, |p| p.cost), verdict.cost.total);
        invalid(tr!(
            "the strategy claims the cost {said}, the checker says {cost}",
            "la stratégie annonce un coût de {said}, le vérificateur {cost}"
        ))
    } else if let Some(bound) = log.points.last().and_then(|p| p.bound).filter(|&b| b > verdict.cost.total) {
        let cost = verdict.cost.total;
        invalid(tr!("the bound {bound} is above the cost {cost}", "la borne {bound} dépasse le coût {cost}"))
    } else {
        let unscheduled_cost = verdict.cost.terms.get("unscheduled").map_or(0, |t| t.cost);
        Ending::Valid(Solved {
            cost: verdict.cost.total,
            unscheduled: verdict.unscheduled,
            bound: log.points.last().and_then(|p| p.bound),
            first_valid: log.first.as_ref().map_or(elapsed, |(t, _)| *t),
            elapsed,
            tries: outcome.tries,
            peak_rss_kib,
            unavoidable: unavoidable_km(instance) + unscheduled_cost,
            trajectory: log.points,
        })
    };
    schedule.cost = Some(verdict.cost);
    Ok((ending, schedule))
}

/// What the kilometres of every candidate to the nearest allowed centre cost.
fn unavoidable_km(instance: &Instance) -> i64 {
    let km: i64 = instance.candidates.iter().filter_map(|c| c.centres.iter().map(|&z| c.km[z]).min()).sum();
    km * i64::from(instance.weights.candidate_km)
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find(|l| l.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_string())
}

/// The most memory that this process held, in KiB, where the system tells.
fn peak_memory() -> Option<u64> {
    field("/proc/self/status", "VmHWM")?.split_whitespace().next()?.parse().ok()
}

fn cpu() -> Option<String> {
    field("/proc/cpuinfo", "model name")
}

/// The version and, run inside the program's own repository, the commit; changes not committed have their own mark.
pub fn program() -> String {
    let git = |args: &[&str]| {
        let out = Command::new("git").args(args).output().ok().filter(|o| o.status.success())?;
        Some(String::from_utf8_lossy(&out.stdout).trim().to_string())
    };
    let version = env!("CARGO_PKG_VERSION");
    let own = git(&["rev-parse", "--show-toplevel"])
        .and_then(|top| std::fs::read_to_string(format!("{top}/Cargo.toml")).ok())
        .is_some_and(|toml| toml.contains("name = \"oraux\""));
    // Only what the program is made of counts: a better best-known value must not start a campaign anew.
    let sources = [":/src", ":/Cargo.toml", ":/Cargo.lock"];
    let of = |args: &[&str]| git(&[args, &["--"], &sources].concat());
    match own.then(|| of(&["log", "-1", "--format=%h"])).flatten() {
        None => version.to_string(),
        Some(commit) => match of(&["diff", "HEAD"]).filter(|d| !d.is_empty()) {
            None => format!("{version} {commit}"),
            Some(diff) => {
                use sha2::{Digest, Sha256};
                let mark: String = Sha256::digest(diff.as_bytes()).iter().take(3).map(|b| format!("{b:02x}")).collect();
                format!("{version} {commit}+{mark}")
            }
        },
    }
}
