//! The instance as it stands in the file (`oraux-instance/1`): the types that serde reads and that the
//! JSON Schema is made from. [`super::validate`] turns them into an [`super::Instance`].

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::time::{Clock, Moment};
use crate::regulation::RawRegulation;

/// Texts carried along and printed where useful (birth date, INE, e-mail …); no rule reads them.
pub type Info = BTreeMap<String, String>;
/// Kilometres, one way, by centre id.
pub type RawKm = BTreeMap<String, KmValue>;

/// A distance in whole kilometres.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(transparent)]
pub struct KmValue(#[schemars(range(max = 100_000))] pub u32);

/// The format that an instance file names.
pub const INSTANCE_FORMAT: &str = "oraux-instance/1";

/// What an instance file says.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(title = "oraux-instance/1")]
pub struct RawInstance {
    /// Always `oraux-instance/1`.
    pub format: String,
    /// The instance's name; a schedule names it.
    pub name: String,
    /// Minutes of the time grid, counted from midnight.
    #[serde(default = "five")]
    #[schemars(range(min = 1, max = 720))]
    pub step: u32,
    /// The name of a regulation that the program ships, or a regulation.
    pub regulation: RegulationChoice,
    /// Dates, written papers and events.
    pub calendar: RawCalendar,
    /// Centres allowed to the candidates of each group.
    #[serde(default)]
    pub groups: BTreeMap<String, Vec<String>>,
    /// The sites that hear orals.
    pub centres: Vec<RawCentre>,
    /// Where candidates come from and examiners teach.
    #[serde(default)]
    pub schools: Vec<RawSchool>,
    /// The people who may sit in a commission.
    #[serde(default)]
    pub examiners: Vec<RawExaminer>,
    /// The candidates and their orals.
    pub candidates: Vec<RawCandidate>,
    /// What the circular leaves to each academy.
    #[serde(default)]
    pub policy: Policy,
    /// What a unit of each cost term costs.
    #[serde(default)]
    pub weights: Weights,
    /// Decisions already taken.
    #[serde(default)]
    pub pins: Vec<RawPin>,
    /// Overrides of impartiality that somebody answers for.
    #[serde(default)]
    pub waivers: Vec<RawWaiver>,
    /// Commissions that the office has composed already.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub given_sessions: Vec<RawGivenSession>,
    /// Texts carried along; `holidays` names the academy's own days without orals.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub info: Info,
}

fn five() -> u32 {
    5
}

/// A shipped regulation by name, or one written out.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(untagged)]
pub enum RegulationChoice {
    /// The name of a shipped regulation.
    Named(String),
    /// A regulation of the instance's own.
    Own(Box<RawRegulation>),
}

/// Dates, written papers and events.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct RawCalendar {
    /// The dates on which orals may be heard.
    pub dates: Vec<NaiveDate>,
    /// The national written papers.
    #[serde(default)]
    pub papers: Vec<RawPaper>,
    /// Meetings that take examiners.
    #[serde(default)]
    pub events: Vec<RawEvent>,
    /// By exam, the only dates for it.
    #[serde(default)]
    pub exam_dates: BTreeMap<String, Vec<NaiveDate>>,
}

/// A written paper at its national date and hour.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct RawPaper {
    /// Unique among papers.
    pub id: String,
    /// Its date.
    pub date: NaiveDate,
    /// When it starts.
    pub start: Clock,
    /// When it ends without extra time.
    pub end: Clock,
    /// Nobody leaves before this hour (*temps de loge*).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loge_until: Option<Clock>,
}

/// A meeting that takes examiners.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct RawEvent {
    /// Unique among events.
    pub id: String,
    /// Its date.
    pub date: NaiveDate,
    /// When it starts.
    pub start: Clock,
    /// When it ends.
    pub end: Clock,
    /// Qualifications, or ids of examiners.
    #[serde(default)]
    pub concerns: Vec<String>,
}

/// A stretch of one date.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct RawSpan {
    /// Its date.
    pub date: NaiveDate,
    /// The first minute inside.
    pub from: Clock,
    /// The first minute after.
    pub to: Clock,
}

/// A site that hears orals.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct RawCentre {
    /// Unique among centres.
    pub id: String,
    /// Its name; the id when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its town.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub town: Option<String>,
    /// Opening, one entry a date at most; closed on the other dates.
    #[serde(default)]
    pub open: Vec<RawSpan>,
    /// Rooms where commissions hear.
    #[serde(default)]
    pub exam_rooms: Vec<RawExamRoom>,
    /// Rooms where candidates prepare.
    #[serde(default)]
    pub preparation_rooms: Vec<RawPreparationRoom>,
    /// The only exams that this centre hears; an empty list is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exams: Option<Vec<String>>,
    /// The time zone of its hours (IANA: `Indian/Reunion`), where it is not that of its département. No rule reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Texts carried along.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub info: Info,
}

/// A room where a commission hears.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct RawExamRoom {
    /// Unique among the centre's rooms of both kinds.
    pub id: String,
    /// Whether a candidate with reduced mobility can get there.
    #[serde(default)]
    pub accessible: bool,
    /// What it is equipped with (`phone`).
    #[serde(default)]
    pub equipment: Vec<String>,
    /// When it cannot be used.
    #[serde(default)]
    pub unavailable: Vec<RawSpan>,
}

/// A room where candidates prepare (*loge*).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct RawPreparationRoom {
    /// Unique among the centre's rooms of both kinds.
    pub id: String,
    /// How many candidates prepare there at once.
    #[schemars(range(max = 10_000))]
    pub seats: u32,
    /// Whether a candidate with reduced mobility can get there.
    #[serde(default)]
    pub accessible: bool,
    /// When it cannot be used.
    #[serde(default)]
    pub unavailable: Vec<RawSpan>,
}

/// Where candidates come from and examiners teach.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct RawSchool {
    /// Unique among schools.
    pub id: String,
    /// Its name; the id when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its town.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub town: Option<String>,
    /// Kilometres to every centre.
    pub km: RawKm,
    /// Texts carried along.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub info: Info,
}

/// A person who may sit in a commission.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct RawExaminer {
    /// Unique among examiners.
    pub id: String,
    /// The person's name; the id when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// EG, STI, CCST, PRO, LV-en … as the regulation's seats ask for them.
    #[serde(default)]
    pub qualifications: Vec<String>,
    /// Schools where the person teaches.
    #[serde(default)]
    pub schools: Vec<String>,
    /// Kilometres to every centre.
    pub km: RawKm,
    /// When the person is free; not free on the other dates.
    #[serde(default)]
    pub available: Vec<RawSpan>,
    /// Sittings that the person hears on one date at most, in place of the policy's limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 10_000))]
    pub sittings_a_day: Option<u32>,
    /// Sittings that the person hears on all dates together at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 100_000))]
    pub max_sittings: Option<u32>,
    /// Sittings that the person should hear; see the cost term `examiner_target`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 100_000))]
    pub target_sittings: Option<u32>,
    /// When the person would rather not hear anybody; see the cost term `examiner_wish`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rather_not: Vec<RawSpan>,
    /// Dates on which the person is convened at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 10_000))]
    pub max_days: Option<u32>,
    /// The only centres where the person may sit; an empty list is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub centres: Option<Vec<String>>,
    /// On call: sits only in a re-plan.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reserve: bool,
    /// Texts carried along.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub info: Info,
}

/// A candidate and their orals.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct RawCandidate {
    /// Unique among candidates.
    pub id: String,
    /// The person's name; the id when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The group, which says the allowed centres.
    pub group: String,
    /// The school, or null.
    #[serde(default)]
    pub school: Option<String>,
    /// Own kilometres to every centre, in place of the school's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub km: Option<RawKm>,
    /// One entry for each exam of the candidate.
    #[serde(default)]
    pub orals: Vec<RawOral>,
    /// Ids of the written papers that the candidate sits.
    #[serde(default)]
    pub papers: Vec<String>,
    /// Extra minutes an hour (accommodations).
    #[serde(default, skip_serializing_if = "Extra::is_none")]
    pub extra_per_hour: Extra,
    /// Needs rooms and ways without steps.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub needs_accessible: bool,
    /// Prepares alone in the room.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub prepares_alone: bool,
    /// Minutes at least between any two blocks of one date (an accommodation).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 1440))]
    pub gap: Option<u32>,
    /// When the candidate cannot come.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unavailable: Vec<RawSpan>,
    /// Examiners who may not hear this candidate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded_examiners: Vec<String>,
    /// Texts carried along.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub info: Info,
}

/// One candidate's obligation for one exam.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct RawOral {
    /// The exam's id in the regulation.
    pub exam: String,
    /// How the candidate takes it.
    pub form: Form,
    /// What the conformity control found.
    #[serde(default, skip_serializing_if = "FileState::is_conform")]
    pub file: FileState,
    /// Needed where the commission has a language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// No block of this oral begins earlier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Moment>,
}

/// How a candidate takes an exam.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// *Ponctuelle*: the business of this program.
    Final,
    /// Continuous assessment (CCF).
    Continuous,
    /// Dispensed, or a mark kept.
    Exempt,
}

/// What the candidate handed in (circular, annexe 4).
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum FileState {
    /// In order.
    #[default]
    Conform,
    /// Not yet controlled.
    Pending,
    /// Controlled and refused.
    Nonconform,
    /// Never handed in.
    Missing,
}

impl FileState {
    fn is_conform(&self) -> bool {
        *self == FileState::Conform
    }
}

/// Extra minutes an hour; a *tiers temps* is 20.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
pub struct Extra {
    /// For preparation.
    #[schemars(range(max = 600))]
    pub preparation: u32,
    /// For the oral itself.
    #[schemars(range(max = 600))]
    pub exam: u32,
    /// For written papers.
    #[schemars(range(max = 600))]
    pub written: u32,
}

impl Extra {
    fn is_none(&self) -> bool {
        *self == Extra::default()
    }
}

/// A decision already taken: while that oral is due, it is scheduled so.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct RawPin {
    /// The candidate.
    pub candidate: String,
    /// The exam.
    pub exam: String,
    /// The date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// When the sitting starts (after preparation).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Clock>,
    /// The centre.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub centre: Option<String>,
    /// The exam room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// A member of the commission.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub examiner: Option<String>,
}

/// This examiner may hear this candidate in spite of `impartial`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct RawWaiver {
    /// The candidate.
    pub candidate: String,
    /// The examiner.
    pub examiner: String,
    /// Who answers for it.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// A commission that the office has composed already. The plan chooses what it leaves open.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct RawGivenSession {
    /// Unique among given sessions.
    pub id: String,
    /// The kind of commission.
    pub commission: String,
    /// The language, where the commission has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The centre.
    pub centre: String,
    /// The exam room, or null.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// The date.
    pub date: NaiveDate,
    /// The half-day: the number in the policy's list, from 1 on.
    #[schemars(range(min = 1, max = 100))]
    pub half_day: u32,
    /// By seat, who holds it; a seat that is absent or null is open.
    #[serde(default)]
    pub members: BTreeMap<String, Option<String>>,
}

/// What the circular leaves to each academy.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// When commissions hear.
    pub half_days: Vec<(Clock, Clock)>,
    /// Minutes between two blocks of a candidate on one date.
    #[schemars(range(max = 1440))]
    pub candidate_gap: u32,
    /// The same, where the two sittings are in different half-days.
    #[schemars(range(max = 1440))]
    pub candidate_lunch: u32,
    /// Sittings of a candidate on one date, exams that follow another not counted.
    #[schemars(range(max = 10_000))]
    pub orals_a_day: u32,
    /// Whether a candidate may have an oral on a date with one of their papers.
    pub oral_on_paper_day: bool,
    /// Summed durations of an examiner's sittings on one date.
    #[schemars(range(max = 1440))]
    pub examiner_minutes_a_day: u32,
    /// Minutes before a session's first start from which its members must be available.
    #[schemars(range(max = 1440))]
    pub briefing: u32,
    /// How many sittings an examiner hears on one date at most; null: no limit.
    #[schemars(range(max = 10_000))]
    pub examiner_sittings_a_day: Option<u32>,
    /// Minutes after which an examiner needs a pause (rule `examiner-pause`); null: none is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 1440))]
    pub pause_after: Option<u32>,
    /// How long that pause is, in minutes.
    #[serde(skip_serializing_if = "is::<15>")]
    #[schemars(range(max = 1440))]
    pub pause: u32,
    /// Whether a commission that has given sessions sits in no others (rule `given-session`).
    #[serde(skip_serializing_if = "Clone::clone")]
    pub only_given_sessions: bool,
    /// See the cost term `same_school`.
    #[schemars(range(max = 10_000))]
    pub same_school_max: u32,
    /// See the cost term `examiner_overload`.
    #[schemars(range(max = 10_000))]
    pub fair_days: u32,
    /// See the cost term `early_far`.
    #[schemars(range(max = 100_000))]
    pub far_km: u32,
    /// See the cost term `early_far`.
    pub far_earliest: Clock,
    /// See the cost term `late_far`; null: it costs nothing to end late.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub far_latest: Option<Clock>,
}

impl Default for Policy {
    fn default() -> Self {
        Policy {
            half_days: vec![(Clock(8 * 60), Clock(12 * 60 + 30)), (Clock(13 * 60 + 30), Clock(18 * 60 + 30))],
            candidate_gap: 30,
            candidate_lunch: 45,
            orals_a_day: 3,
            oral_on_paper_day: false,
            examiner_minutes_a_day: 420,
            briefing: 0,
            examiner_sittings_a_day: None,
            pause_after: None,
            pause: 15,
            only_given_sessions: true,
            same_school_max: 3,
            fair_days: 4,
            far_km: 60,
            far_earliest: Clock(9 * 60 + 30),
            far_latest: None,
        }
    }
}

macro_rules! weights {
    ($($(#[$note:meta])* $name:ident = $default:literal),* $(,)?) => {
        /// What a unit of each cost term costs; each term's file in `rules/` says what a unit is.
        #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq)]
        #[serde(deny_unknown_fields, default)]
        #[allow(missing_docs)]
        pub struct Weights { $($(#[$note])* #[schemars(range(max = 1_000_000_000))] pub $name: u32,)* }
        impl Weights {
            /// The names of the terms, in the order of the contract.
            pub const NAMES: &[&str] = &[$(stringify!($name)),*];
        }
        impl Default for Weights {
            fn default() -> Self {
                Weights { $($name: $default,)* }
            }
        }
    };
}

/// Whether it is as by default: fields that came later are written down only where they say something.
fn is<const DEFAULT: u32>(value: &u32) -> bool {
    *value == DEFAULT
}

weights! {
    unscheduled = 100_000,
    optional_seat_empty = 2_000,
    sessions = 100,
    examiner_days = 1_000,
    examiner_km = 10,
    examiner_idle = 2,
    examiner_overload = 300,
    centre_days = 1_500,
    candidate_days = 800,
    candidate_centres = 500,
    candidate_km = 10,
    candidate_wait = 1,
    early_far = 150,
    #[serde(skip_serializing_if = "is::<150>")]
    late_far = 150,
    not_preferred = 50,
    #[serde(skip_serializing_if = "is::<100>")]
    examiner_target = 100,
    #[serde(skip_serializing_if = "is::<200>")]
    examiner_wish = 200,
    same_school = 40,
    convocation_changed = 500,
    oral_moved = 100,
    room_changed = 50,
    examiner_called = 700,
    examiner_released = 200,
}
