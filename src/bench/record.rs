//! What is kept of a run.

use serde::{Deserialize, Serialize};

use super::job::Job;

/// A run that ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// [`Job::key`].
    pub key: String,
    /// Version and, where git knows it, commit.
    pub program: String,
    /// What was run.
    pub job: Job,
    /// When, in UTC.
    pub started: String,
    /// The processor.
    pub cpu: Option<String>,
    /// How many threads the machine has.
    pub cores: usize,
    /// How it ended.
    pub ending: Ending,
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
    /// What the kilometres to each candidate's nearest allowed centre cost, and the unscheduled orals: left out
    /// of the denominator of the net gap.
    pub unavoidable: i64,
    /// The first schedule and every better one.
    pub trajectory: Vec<Point>,
}

impl Solved {
    /// The gap to a bound in per cent of the cost.
    pub fn gap(&self, bound: i64) -> Option<f64> {
        (self.cost > 0).then(|| 100.0 * (self.cost - bound) as f64 / self.cost as f64)
    }

    /// The gap to a bound in per cent of the cost less what no schedule avoids.
    pub fn net_gap(&self, bound: i64) -> Option<f64> {
        let net = self.cost - self.unavoidable;
        (net > 0).then(|| 100.0 * (self.cost - bound) as f64 / net as f64)
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
}
