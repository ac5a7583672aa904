//! Long work, done by child processes of this program: at a lower priority, with a limit on memory, ended when the server ends. What
//! they say of their progress (`--progress json`) is told to the pages. A solver that fails takes only its own process down.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::events::Events;
use super::problem::Problem;
use crate::lang::{self, Lang, within};
use crate::tr;

/// So many run at once.
const AT_ONCE: usize = 2;
/// So many that have ended are kept, with their files.
const KEPT: usize = 20;
/// A child may use so many bytes of memory.
const MEMORY: u64 = 6 << 30;
/// By so much less is its priority.
const NICE: libc::c_int = 10;
/// So long a child may take to end when it is asked to.
const GRACE: Duration = Duration::from_millis(700);
/// So many points of a curve are kept.
const POINTS: usize = 2_000;
/// So much of what a child says is read.
const MOST_SAID: u64 = 64 << 20;

/// How a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Standing {
    Running,
    Done,
    Failed,
    Stopped,
}

/// How far a job is.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Progress {
    pub(crate) seconds: f64,
    pub(crate) cost: Option<i64>,
    pub(crate) bound: Option<i64>,
    pub(crate) unscheduled: Option<i64>,
    pub(crate) stage: String,
    pub(crate) share: Option<f64>,
}

/// A job as it is told.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Told {
    pub(crate) id: String,
    pub(crate) kind: &'static str,
    pub(crate) state: Standing,
    /// What a colleague would type.
    pub(crate) command: String,
    /// When: RFC 3339.
    pub(crate) started: String,
    /// The seconds that it was given.
    pub(crate) seconds: f64,
    /// The project's revision that it began with.
    pub(crate) revision: u64,
    pub(crate) progress: Progress,
    /// Seconds, cost, bound.
    pub(crate) curve: Vec<(f64, i64, Option<i64>)>,
    pub(crate) result: Option<Value>,
    pub(crate) error: Option<String>,
}

/// What is made of a child's files and its standard output when it has ended; whether it was stopped.
pub(crate) type Finish = Box<dyn FnOnce(&Path, &str) -> Result<Value, String> + Send>;

/// A job to be begun.
pub(crate) struct Order {
    pub(crate) kind: &'static str,
    /// The project's revision that it begins with.
    pub(crate) revision: u64,
    /// The arguments; files are names in the job's folder.
    pub(crate) args: Vec<OsString>,
    pub(crate) files: Vec<(&'static str, Vec<u8>)>,
    pub(crate) seconds: f64,
    /// The file without which there is nothing to keep when it is stopped.
    pub(crate) product: Option<&'static str>,
    /// A curve that this one goes on from.
    pub(crate) curve: Vec<(f64, i64, Option<i64>)>,
    pub(crate) finish: Finish,
    /// The data that it is about.
    pub(crate) instance: Arc<str>,
}

struct Entry {
    told: Told,
    folder: Arc<TempDir>,
    instance: Arc<str>,
    process: Option<libc::pid_t>,
    stopped: Option<Instant>,
}

/// Every job of this server.
#[derive(Clone)]
pub(crate) struct Jobs {
    all: Arc<Mutex<Vec<Entry>>>,
    events: Events,
}

impl Jobs {
    pub(crate) fn new(events: Events) -> Jobs {
        Jobs { all: Arc::default(), events }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every job, the newest first.
    pub(crate) fn list(&self) -> Vec<Told> {
        self.lock().iter().rev().map(|e| e.told.clone()).collect()
    }

    /// The job of that id.
    pub(crate) fn get(&self, id: &str) -> Option<Told> {
        self.lock().iter().find(|e| e.told.id == id).map(|e| e.told.clone())
    }

    /// A file that a job made, with the data that it is about.
    pub(crate) fn file(&self, id: &str, name: &str) -> Option<(PathBuf, Arc<str>)> {
        let all = self.lock();
        let entry = all.iter().find(|e| e.told.id == id)?;
        let path = entry.folder.path().join(name);
        path.is_file().then(|| (path, entry.instance.clone()))
    }

    /// Begins a job.
    pub(crate) fn start(&self, order: Order) -> Result<Told, Problem> {
        let running = |e: &&Entry| e.told.state == Standing::Running;
        if self.lock().iter().filter(running).count() >= AT_ONCE {
            return Err(Problem::refused(tr!(
                "{AT_ONCE} jobs are at work already; stop one, or wait",
                "{AT_ONCE} travaux sont déjà en cours ; arrêtez-en un ou attendez"
            )));
        }
        let broken = |e: std::io::Error| {
            Problem::internal(tr!("the work could not be begun: {e}", "le travail n'a pas pu démarrer : {e}"))
        };
        let folder = Arc::new(TempDir::with_prefix("oraux-").map_err(broken)?);
        for (name, bytes) in &order.files {
            std::fs::write(folder.path().join(name), bytes).map_err(broken)?;
        }
        let language = lang::current();
        let child = spawn(folder.path(), language, &order.args).map_err(broken)?;
        let shown: Vec<String> = order.args.iter().map(|a| a.to_string_lossy().into_owned()).collect();
        let told = Told {
            id: super::access::random(6),
            kind: order.kind,
            state: Standing::Running,
            command: format!("oraux {}", shown.join(" ")),
            started: crate::project::now(),
            seconds: order.seconds,
            revision: order.revision,
            progress: Progress::default(),
            curve: order.curve,
            result: None,
            error: None,
        };
        let process = libc::pid_t::try_from(child.id()).ok();
        let mut all = self.lock();
        let ended = |e: &Entry| e.told.state != Standing::Running;
        while all.len() >= KEPT {
            let Some(oldest) = all.iter().position(ended) else { break };
            all.remove(oldest);
        }
        all.push(Entry {
            told: told.clone(),
            folder: folder.clone(),
            instance: order.instance,
            process,
            stopped: None,
        });
        drop(all);
        self.events.tell("job", &told);
        let (jobs, id) = (self.clone(), told.id.clone());
        let watch = move || {
            within(language, || jobs.watch(&id, child, folder.path(), order.product, order.finish));
        };
        std::thread::Builder::new().name("job".into()).spawn(watch).map_err(broken)?;
        Ok(told)
    }

    /// Asks a job to end and to keep what it has.
    pub(crate) fn stop(&self, id: &str) -> Option<Told> {
        let mut all = self.lock();
        let entry = all.iter_mut().find(|e| e.told.id == id)?;
        if entry.told.state == Standing::Running && entry.stopped.is_none() {
            entry.stopped = Some(Instant::now());
            signal(entry.process, libc::SIGTERM);
        }
        Some(entry.told.clone())
    }

    /// Ends every job.
    pub(crate) fn end(&self) {
        for entry in self.lock().iter_mut().filter(|e| e.told.state == Standing::Running) {
            signal(entry.process, libc::SIGKILL);
        }
    }

    /// Ends and forgets every job: they are about a project that is left.
    pub(crate) fn leave(&self) {
        self.end();
        self.lock().clear();
    }

    fn change(&self, id: &str, change: impl FnOnce(&mut Entry)) {
        let mut all = self.lock();
        let Some(entry) = all.iter_mut().find(|e| e.told.id == id) else { return };
        change(entry);
        let told = entry.told.clone();
        drop(all);
        self.events.tell("job", &told);
    }

    /// Follows a child to its end.
    fn watch(&self, id: &str, mut child: Child, folder: &Path, product: Option<&str>, finish: Finish) {
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let said = std::thread::spawn(move || {
            let mut said = String::new();
            let _ = stdout.map(|out| out.take(MOST_SAID).read_to_string(&mut said));
            said
        });
        let (jobs, own) = (self.clone(), id.to_string());
        let messages = std::thread::spawn(move || {
            let mut messages = Vec::new();
            for line in stderr.into_iter().flat_map(|err| BufReader::new(err).lines()).map_while(Result::ok) {
                if let Some(message) = jobs.hear(&own, &line) {
                    messages.push(message);
                    // The last ones say why it ended.
                    if messages.len() > 50 {
                        messages.remove(0);
                    }
                }
            }
            messages
        });
        let code = loop {
            match child.try_wait() {
                Ok(Some(status)) => break status.code(),
                Ok(None) => {}
                Err(_) => break None,
            }
            let late = self.lock().iter().any(|e| e.told.id == id && e.stopped.is_some_and(|at| at.elapsed() > GRACE));
            // What is being written is whole or not there at all; before there is anything, a little more patience.
            if late && product.is_none_or(|name| folder.join(name).is_file()) {
                let _ = child.kill();
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        let said = said.join().unwrap_or_default();
        let messages = messages.join().unwrap_or_default();
        let stopped = self.lock().iter().any(|e| e.told.id == id && e.stopped.is_some());
        let there = product.is_none_or(|name| folder.join(name).is_file());
        let ended_well = matches!(code, Some(0 | 3)) || (stopped && there && product.is_some());
        let finished = if ended_well { finish(folder, &said) } else { Err(messages.join("\n")) };
        self.change(id, |entry| {
            entry.process = None;
            entry.told.state = match (&finished, stopped) {
                (_, true) => Standing::Stopped,
                (Ok(_), false) => Standing::Done,
                (Err(_), false) => Standing::Failed,
            };
            match finished {
                Ok(result) => entry.told.result = Some(result),
                Err(why) if why.is_empty() && !stopped => {
                    entry.told.error = Some(tr!("it ended without saying why", "arrêt sans explication"));
                }
                Err(why) => entry.told.error = Some(why).filter(|w| !w.is_empty()),
            }
        });
    }

    /// Takes in a line of a child's standard error; a message, if it is one.
    fn hear(&self, id: &str, line: &str) -> Option<String> {
        let Ok(value) = serde_json::from_str::<Value>(line) else { return Some(line.to_string()) };
        if value["event"] == "message" {
            return value["text"].as_str().map(str::to_string);
        }
        self.change(id, |entry| {
            let now = Progress {
                seconds: value["seconds"].as_f64().unwrap_or(0.0),
                cost: value["cost"].as_i64(),
                bound: value["bound"].as_i64(),
                unscheduled: value["unscheduled"].as_i64(),
                stage: value["stage"].as_str().unwrap_or_default().to_string(),
                share: value["share"].as_f64(),
            };
            let curve = &mut entry.told.curve;
            if let Some(cost) = now.cost
                && curve.last().is_none_or(|(_, c, b)| (*c, *b) != (cost, now.bound))
                && curve.len() < POINTS
            {
                curve.push((now.seconds, cost, now.bound));
            }
            entry.told.progress = now;
        });
        None
    }
}

fn signal(process: Option<libc::pid_t>, signal: libc::c_int) {
    if let Some(process) = process {
        // SAFETY: the number is that of a child that was not waited for yet.
        unsafe { libc::kill(process, signal) };
    }
}

fn spawn(folder: &Path, language: Lang, args: &[OsString]) -> std::io::Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    // Documents may be in another language than the page.
    if args.first().is_none_or(|first| first != "--lang") {
        command.args(["--lang", if language == Lang::Fr { "fr" } else { "en" }]);
    }
    command
        .args(["--progress", "json"])
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let parent = std::process::id();
    // SAFETY: between fork and exec only calls that are allowed there.
    unsafe {
        command.pre_exec(move || {
            libc::setpriority(libc::PRIO_PROCESS, 0, NICE);
            let limit = libc::rlimit { rlim_cur: MEMORY, rlim_max: MEMORY };
            libc::setrlimit(libc::RLIMIT_DATA, &limit);
            #[cfg(target_os = "linux")]
            {
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
                // The parent may be gone already.
                if libc::getppid() as u32 != parent {
                    libc::_exit(1);
                }
            }
            Ok(())
        });
    }
    command.spawn()
}

/// The threads that a job may use: one less than there are.
pub(crate) fn threads() -> String {
    let all = std::thread::available_parallelism().map_or(1, |n| n.get());
    all.saturating_sub(1).max(1).to_string()
}

/// What a file of a job holds, as JSON.
pub(crate) fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, String> {
    let bytes = std::fs::read(path).map_err(|e| e.to_string())?;
    serde_json::from_slice(&bytes).map_err(|e| e.to_string())
}

/// The list of jobs as data.
pub(crate) fn listed(jobs: &Jobs) -> Value {
    json!(jobs.list())
}
