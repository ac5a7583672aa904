//! What is kept of a run.

use serde::{Deserialize, Serialize};

use super::job::Job;

/// A run that ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// [`Job::key`].
    pub key: String,
    /// What ran it, or had a peer run it and judged.
    pub program: Program,
    /// What the peer that ran it says of itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<String>,
    /// What was run.
    pub job: Job,
    /// When, in UTC.
    pub started: String,
    /// Where.
    pub machine: Machine,
    /// How it ended.
    pub ending: Ending,
}

impl Record {
    /// What ran the job, as it stands in the key.
    pub fn ran_by(&self) -> String {
        self.peer.clone().unwrap_or_else(|| self.program.id())
    }

    /// The result, if it is one.
    pub fn solved(&self) -> Option<&Solved> {
        match &self.ending {
            Ending::Valid(solved) => Some(solved),
            Ending::Invalid { .. } => None,
        }
    }
}

/// This program, as far as it matters for what it measures.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Program {
    /// Its version.
    pub version: String,
    /// The commit that it was built from; `unknown` if it was built outside its repository.
    pub commit: String,
}

impl Program {
    /// The one that runs.
    pub fn own() -> Program {
        Program { version: env!("CARGO_PKG_VERSION").into(), commit: env!("ORAUX_COMMIT").into() }
    }

    /// What tells it from other programs that run the same job.
    pub fn id(&self) -> String {
        format!("{} {}", self.version, self.commit)
    }
}

/// A machine, as far as it tells.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Machine {
    /// The model of the processor.
    pub cpu: Option<String>,
    /// How many threads it runs at once.
    pub cores: usize,
}

impl Machine {
    /// This machine.
    pub fn here() -> Machine {
        Machine {
            cpu: proc_field("/proc/cpuinfo", "model name"),
            cores: std::thread::available_parallelism().map_or(1, |n| n.get()),
        }
    }
}

/// The most memory that a process held, in KiB, where the system tells; `self` is this one.
pub fn peak_memory(process: &str) -> Option<u64> {
    proc_field(&format!("/proc/{process}/status"), "VmHWM")?.split_whitespace().next()?.parse().ok()
}

fn proc_field(file: &str, name: &str) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find(|l| l.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_string())
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum Ending {
    /// With a schedule that the checker accepts.
    Valid(Solved),
    /// Without one, or with a claim that the checker refutes: an error, never a result.
    Invalid {
        /// What is wrong.
        message: String,
    },
}

/// The result of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Solved {
    /// The checker's cost.
    pub cost: i64,
    /// Due orals without a sitting.
    pub unscheduled: usize,
    /// Proven.
    pub bound: Option<i64>,
    /// Seconds to the first schedule that obeys every rule.
    pub first_valid: f64,
    /// Seconds in all.
    pub elapsed: f64,
    /// Moves tried.
    pub tries: u64,
    /// The most memory held, in KiB, where the system tells.
    pub peak_rss_kib: Option<u64>,
    /// What the kilometres from each candidate to the nearest allowed centre cost.
    pub nearest_km: i64,
    /// What the unscheduled orals cost.
    pub unscheduled_cost: i64,
    /// The first schedule and every better one, and every better bound.
    pub trajectory: Vec<Point>,
}

impl Solved {
    /// The gap to a bound in per cent of the cost.
    pub fn gap(&self, bound: i64) -> Option<f64> {
        (self.cost > 0).then(|| 100.0 * (self.cost - bound) as f64 / self.cost as f64)
    }

    /// The gap to a bound in per cent of the cost less what says nothing of the search: the kilometres from
    /// each candidate to the nearest allowed centre, and the unscheduled orals.
    pub fn net_gap(&self, bound: i64) -> Option<f64> {
        let net = self.cost - self.nearest_km - self.unscheduled_cost;
        (net > 0).then(|| 100.0 * (self.cost - bound) as f64 / net as f64)
    }

    /// The cost of the best schedule after so many seconds.
    pub fn cost_at(&self, seconds: f64) -> Option<i64> {
        self.trajectory.iter().take_while(|p| p.elapsed <= seconds).last().map(|p| p.cost)
    }

    /// The seconds to a schedule that costs at most so much; infinite if none did.
    pub fn time_to(&self, cost: f64) -> f64 {
        self.trajectory.iter().find(|p| p.cost as f64 <= cost).map_or(f64::INFINITY, |p| p.elapsed)
    }
}

/// A better schedule or a better bound.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Seconds since the start.
    pub elapsed: f64,
    /// The cost.
    pub cost: i64,
    /// Due orals without a sitting.
    pub unscheduled: i64,
    /// Proven.
    pub bound: Option<i64>,
    /// Moves tried so far.
    pub tries: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_read_at_any_second_and_gaps_are_those_of_the_definition() {
        let point = |elapsed, cost| Point { elapsed, cost, unscheduled: 1, bound: None, tries: 0 };
        let solved = Solved {
            cost: 1_000,
            unscheduled: 1,
            bound: Some(900),
            first_valid: 0.5,
            elapsed: 10.0,
            tries: 5,
            peak_rss_kib: None,
            nearest_km: 200,
            unscheduled_cost: 300,
            trajectory: vec![point(0.5, 1_200), point(2.0, 1_050), point(8.0, 1_000)],
        };
        let at = |t| solved.cost_at(t);
        assert_eq!((at(0.4), at(0.5), at(7.9), at(8.0)), (None, Some(1_200), Some(1_050), Some(1_000)));
        assert_eq!((solved.time_to(1_050.0), solved.time_to(999.0)), (2.0, f64::INFINITY));
        // 100 of 1000; 100 of 1000 - 200 - 300.
        assert_eq!((solved.gap(900), solved.net_gap(900)), (Some(10.0), Some(20.0)));
    }
}
