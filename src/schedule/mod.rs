//! The schedule (`oraux-schedule/1`): which commission hears whom, where and when. Frozen: the search has
//! its own mutable state and freezes into this; [`Plan`] is a schedule read against its instance.

mod called;
mod plan;

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use plan::{Member, Plan, PlanSession, PlanSitting, Sat};

use crate::fault::Fault;
use crate::instance::Clock;

/// The format that a schedule file names.
pub const SCHEDULE_FORMAT: &str = "oraux-schedule/1";

/// Where the provenance of a schedule lists the pins that its maker could not keep: candidate, exam, fields.
pub const PINS_NOT_KEPT: &str = "pins_not_kept";

/// What a schedule file says.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(title = "oraux-schedule/1")]
pub struct Schedule {
    /// Always `oraux-schedule/1`.
    pub format: String,
    /// The name of the instance that it is for.
    pub instance: String,
    /// Who hears whom.
    pub sessions: Vec<Session>,
    /// Due orals without a sitting, each with its reason.
    #[serde(default)]
    pub unscheduled: Vec<Left>,
    /// Final orals that are not due: `not-valid` or `not-held`.
    #[serde(default)]
    pub not_heard: Vec<Left>,
    /// The cost, as its maker computed it; nothing trusts it.
    #[serde(default)]
    pub cost: Option<Cost>,
    /// A proven lower bound on the cost of every schedule of the instance.
    #[serde(default)]
    pub bound: Option<i64>,
    /// How it was made.
    #[serde(default)]
    pub provenance: BTreeMap<String, serde_json::Value>,
}

/// One commission, in one exam room, in one half-day of one date.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// Unique in the schedule.
    pub id: String,
    /// The kind of commission.
    pub commission: String,
    /// The language, where a seat needs one.
    #[serde(default)]
    pub language: Option<String>,
    /// The centre.
    pub centre: String,
    /// The exam room.
    pub room: String,
    /// The date.
    pub date: NaiveDate,
    /// Which of the instance's given sessions it is; null if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<String>,
    /// The holder of each filled seat.
    pub members: BTreeMap<String, String>,
    /// The sittings in order of time.
    pub sittings: Vec<Sitting>,
}

/// An oral given a place.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Sitting {
    /// Whose oral.
    pub candidate: String,
    /// Which exam.
    pub exam: String,
    /// Where the candidate prepares; null without preparation.
    #[serde(default)]
    pub preparation_room: Option<String>,
    /// When preparation starts; `start` without preparation.
    pub preparation_start: Clock,
    /// When the oral starts.
    pub start: Clock,
    /// When it ends.
    pub end: Clock,
}

/// An oral without a sitting.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Left {
    /// Whose oral.
    pub candidate: String,
    /// Which exam.
    pub exam: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// The cost in total and by term.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// The sum.
    pub total: i64,
    /// Every term whose units are not zero.
    pub terms: BTreeMap<String, TermCost>,
}

/// One term's part.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct TermCost {
    /// How many units.
    pub units: i64,
    /// Units × weight.
    pub cost: i64,
}

impl Schedule {
    /// Reads a schedule file (JSON, or gzipped JSON); every fault of form at once.
    pub fn read(path: &Path) -> Result<Schedule, Vec<Fault>> {
        let name = path.display().to_string();
        let result = crate::read::bytes(path).map_err(|f| vec![f]).and_then(|bytes| Self::from_json(&bytes));
        result.map_err(|faults| faults.into_iter().map(|f| Fault { file: Some(name.clone()), ..f }).collect())
    }

    /// Reads a schedule in JSON; every fault of form at once.
    pub fn from_json(json: &[u8]) -> Result<Schedule, Vec<Fault>> {
        crate::read::from_bytes(json, SCHEDULE_FORMAT, Ok)
    }

    /// The schedule as JSON text.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("a schedule is always JSON");
        text.push('\n');
        text
    }

    /// Writes the file (see [`crate::output::write`]).
    pub fn write(&self, path: &Path) -> std::io::Result<()> {
        crate::output::write(path, self.to_json().as_bytes())
    }
}
