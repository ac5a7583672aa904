//! Another program to compare with. It is called as
//!
//! ```text
//! COMMAND INSTANCE -o SCHEDULE --seconds S --seed N --threads T
//! COMMAND --version
//! ```
//!
//! and writes a schedule of the format `oraux-schedule/1`. For each better one it prints a line of JSON, such as
//! `{"cost": 123456, "unscheduled": 0, "tries": 3}`; the clock is ours, and starts with its process. The checker
//! judges its schedule as it judges ours; its bounds, if it had any, would not be believed.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::job::Job;
use super::record::{Point, peak_memory};
use crate::fault::Fault;
use crate::schedule::Schedule;
use crate::tr;

/// What the names of peers begin with, among those of strategies.
pub const PREFIX: &str = "peer-";

/// How much longer than its time a peer may take before it is stopped: it then has no result.
const GRACE: Duration = Duration::from_secs(60);

/// Another program.
#[derive(Clone, Debug)]
pub struct Peer {
    /// Its name among the strategies: `peer-` and the name that the user gave.
    pub strategy: String,
    /// The program and its first arguments.
    pub command: Vec<String>,
}

/// What a peer made.
pub struct Made {
    /// Its schedule.
    pub schedule: Schedule,
    /// What it said on the way.
    pub points: Vec<Point>,
    /// The most memory that it held, in KiB.
    pub peak_rss_kib: Option<u64>,
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.strategy.strip_prefix(PREFIX).unwrap_or(&self.strategy), self.command.join(" "))
    }
}

#[derive(Deserialize)]
struct Said {
    cost: i64,
    #[serde(default)]
    unscheduled: i64,
    #[serde(default)]
    tries: u64,
}

impl Peer {
    /// A peer as people write it: `NAME=COMMAND`, the words of the command apart.
    pub fn parse(text: &str) -> Result<Peer, String> {
        let (name, command) = text.split_once('=').unwrap_or((text, ""));
        let command: Vec<String> = command.split_whitespace().map(str::to_string).collect();
        if name.is_empty() || command.is_empty() {
            return Err(tr!(
                "write NAME=COMMAND, such as cp-sat=benches/peers/cp_sat.py",
                "écrivez NOM=COMMANDE, par exemple cp-sat=benches/peers/cp_sat.py"
            ));
        }
        Ok(Peer { strategy: format!("{PREFIX}{name}"), command })
    }

    /// What it says of itself; part of the keys of its runs.
    pub fn version(&self) -> Result<String, Fault> {
        let failed = |why: String| {
            let name = &self.strategy;
            Fault::new("--peer", tr!("{name} does not answer: {why}", "{name} ne répond pas : {why}"))
        };
        let out = self.call().arg("--version").output().map_err(|e| failed(e.to_string()))?;
        let said = String::from_utf8_lossy(&out.stdout).trim().to_string();
        if out.status.success() && !said.is_empty() {
            return Ok(said);
        }
        Err(failed(String::from_utf8_lossy(&out.stderr).trim().to_string()))
    }

    fn call(&self) -> Command {
        let mut command = Command::new(&self.command[0]);
        command.args(&self.command[1..]);
        command
    }

    /// Has it run a job; an error is a run without a result, in words.
    pub fn run(&self, job: &Job, started: Instant, stop: &AtomicBool) -> Result<Made, String> {
        let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
        let file = folder.path().join("schedule.json");
        let mut child = self
            .call()
            .arg(&job.path)
            .arg("-o")
            .arg(&file)
            .args(["--seconds", &job.seconds.to_string(), "--seed", &job.seed.to_string()])
            .args(["--threads", &job.threads.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| e.to_string())?;
        let (send, lines) = mpsc::channel();
        let said = child.stdout.take().expect("it was asked for");
        std::thread::spawn(move || {
            for line in BufReader::new(said).lines().map_while(Result::ok) {
                let now = started.elapsed().as_secs_f64();
                let Ok(Said { cost, unscheduled, tries }) = serde_json::from_str(&line) else { continue };
                if send.send(Point { elapsed: now, cost, unscheduled, bound: None, tries }).is_err() {
                    break;
                }
            }
        });
        let peak_rss_kib = wait(&mut child, Duration::from_secs_f64(job.seconds) + GRACE, started, stop)?;
        // The channel ends with the process's output.
        let mut points: Vec<Point> = Vec::new();
        for point in lines {
            if points.last().is_none_or(|last| point.cost < last.cost) {
                points.push(point);
            }
        }
        Ok(Made { schedule: read(&file)?, points, peak_rss_kib })
    }
}

fn read(file: &Path) -> Result<Schedule, String> {
    Schedule::read(file).map_err(|faults| faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("; "))
}

/// Waits for the process and says its peak of memory.
fn wait(child: &mut Child, limit: Duration, started: Instant, stop: &AtomicBool) -> Result<Option<u64>, String> {
    let process = child.id().to_string();
    let mut peak = None;
    loop {
        peak = peak_memory(&process).max(peak);
        match child.try_wait().map_err(|e| e.to_string())? {
            Some(status) if status.success() => return Ok(peak),
            Some(status) => return Err(tr!("the peer failed ({status})", "le programme comparé a échoué ({status})")),
            None if stop.load(Ordering::Relaxed) || started.elapsed() > limit => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(tr!(
                    "the peer was stopped, long after its time",
                    "le programme comparé a été arrêté, bien après son temps"
                ));
            }
            None => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_is_read_as_people_write_it() {
        let peer = Peer::parse("x=python3 a.py --fast=1").unwrap();
        assert_eq!(peer.strategy, "peer-x");
        assert_eq!(peer.to_string(), "x=python3 a.py --fast=1");
        assert_eq!(peer.command, ["python3", "a.py", "--fast=1"]);
        assert!(Peer::parse("x").is_err() && Peer::parse("=a").is_err() && Peer::parse("x= ").is_err());
    }
}
