//! The instance: what has to be planned, with every reference resolved.
//!
//! [`Instance::read`] is the way in from a file; it says every fault at once. The types of the file itself
//! are in [`raw`].

pub mod contradictions;
mod given;
pub mod holidays;
pub mod hopeless;
mod ids;
pub mod inert;
mod namesakes;
pub mod office;
mod parts;
pub mod persons;
pub mod raw;
pub mod time;
mod validate;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::NaiveDate;
use chrono_tz::Tz;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

pub use ids::*;
pub use raw::{
    Extra, FileState, Form, INSTANCE_FORMAT, Info, Policy, RawCandidate, RawExaminer, RawInstance, RawOral, RawPin,
    RawSpan, Weights,
};
pub use time::{Clock, Interval, Kilometres, Minutes, Moment};

use crate::fault::Fault;
use crate::places;
use crate::regulation::{Commission, Exam, Regulation};

/// A validated instance.
#[derive(Clone, Debug)]
pub struct Instance {
    /// What the file said.
    pub raw: RawInstance,
    /// Its name.
    pub name: String,
    /// The time grid.
    pub step: Minutes,
    /// The diploma's regulation.
    pub regulation: Regulation,
    /// The session and the office that holds it.
    pub office: office::Office,
    /// The calendar's dates in order of time.
    pub dates: Table<DateIx, NaiveDate>,
    /// By exam, whether each date is allowed.
    pub exam_dates: Table<ExamIx, Option<BTreeSet<NaiveDate>>>,
    /// The written papers.
    pub papers: Table<PaperIx, Paper>,
    /// Meetings that take examiners.
    pub events: Vec<Event>,
    /// When commissions hear, in order of time.
    pub half_days: Vec<Interval>,
    /// The sites.
    pub centres: Table<CentreIx, Centre>,
    /// The exam rooms of all centres.
    pub rooms: Table<RoomIx, Room>,
    /// The preparation rooms of all centres.
    pub preparation_rooms: Table<PrepIx, PreparationRoom>,
    /// The schools.
    pub schools: Table<SchoolIx, School>,
    /// The people who may sit.
    pub examiners: Table<ExaminerIx, Examiner>,
    /// The candidates.
    pub candidates: Table<CandidateIx, Candidate>,
    /// All orals, candidate by candidate.
    pub orals: Table<OralIx, Oral>,
    /// What the academy decides.
    pub policy: Policy,
    /// What a unit of each cost term costs.
    pub weights: Weights,
    /// Decisions already taken, one entry an oral that has any.
    pub pins: BTreeMap<OralIx, Vec<Pin>>,
    /// Pairs that may meet in spite of `impartial`.
    pub waivers: BTreeMap<(CandidateIx, ExaminerIx), Waiver>,
    /// Commissions that the office has composed already.
    pub given_sessions: Table<GivenIx, GivenSession>,
    /// The kinds of commission, with their language, that sit in given sessions only.
    pub given_only: BTreeSet<(CommissionIx, Option<String>)>,
    lookup: Lookup,
}

#[derive(Clone, Debug, Default)]
struct Lookup {
    dates: FxHashMap<NaiveDate, DateIx>,
    centres: FxHashMap<String, CentreIx>,
    examiners: FxHashMap<String, ExaminerIx>,
    candidates: FxHashMap<String, CandidateIx>,
}

/// A written paper.
#[derive(Clone, Debug)]
pub struct Paper {
    /// Its code.
    pub id: String,
    /// Its date.
    pub date: NaiveDate,
    /// From its start to its end without extra time.
    pub time: Interval,
    /// Nobody leaves before.
    pub loge_until: Option<Minutes>,
}

/// A meeting that takes examiners.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its name.
    pub id: String,
    /// Its date.
    pub date: NaiveDate,
    /// Its hours.
    pub time: Interval,
    /// Qualifications concerned.
    pub qualifications: BTreeSet<String>,
    /// Examiners concerned by name.
    pub examiners: BTreeSet<ExaminerIx>,
}

impl Event {
    /// Whether it takes this examiner.
    pub fn concerns(&self, x: ExaminerIx, examiner: &Examiner) -> bool {
        self.examiners.contains(&x) || examiner.qualifications.iter().any(|q| self.qualifications.contains(q))
    }
}

/// A stretch of one date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its date.
    pub date: NaiveDate,
    /// Its hours.
    pub time: Interval,
}

/// A site that hears orals.
#[derive(Clone, Debug)]
pub struct Centre {
    /// Its id (the UAI).
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its town.
    pub town: String,
    /// Opening by date.
    pub open: BTreeMap<NaiveDate, Interval>,
    /// Its exam rooms.
    pub rooms: Vec<RoomIx>,
    /// Its preparation rooms.
    pub preparation_rooms: Vec<PrepIx>,
    /// The only exams heard here, if restricted.
    pub exams: Option<BTreeSet<ExamIx>>,
    /// The time zone of its hours: its own, else that of the département that its UAI or its town says.
    pub time_zone: Tz,
    /// Texts carried along.
    pub info: Info,
}

/// An exam room.
#[derive(Clone, Debug)]
pub struct Room {
    /// Its id within the centre.
    pub id: String,
    /// Its centre.
    pub centre: CentreIx,
    /// Whether it can be reached without steps.
    pub accessible: bool,
    /// What it has.
    pub equipment: BTreeSet<String>,
    /// When it cannot be used.
    pub unavailable: Vec<Span>,
}

/// A preparation room.
#[derive(Clone, Debug)]
pub struct PreparationRoom {
    /// Its id within the centre.
    pub id: String,
    /// Its centre.
    pub centre: CentreIx,
    /// How many candidates at once.
    pub seats: u32,
    /// Whether it can be reached without steps.
    pub accessible: bool,
    /// When it cannot be used.
    pub unavailable: Vec<Span>,
}

/// A school.
#[derive(Clone, Debug)]
pub struct School {
    /// Its id (the UAI).
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its town.
    pub town: String,
    /// Texts carried along.
    pub info: Info,
}

/// A person who may sit.
#[derive(Clone, Debug)]
pub struct Examiner {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// What the person may examine.
    pub qualifications: BTreeSet<String>,
    /// Where the person teaches.
    pub schools: BTreeSet<SchoolIx>,
    /// One way, by centre.
    pub km: Table<CentreIx, Kilometres>,
    /// When the person is free.
    pub available: Vec<Span>,
    /// Sittings on one date at most, in place of the policy's limit.
    pub sittings_a_day: Option<u32>,
    /// Sittings on all dates together at most.
    pub max_sittings: Option<u32>,
    /// Sittings that the person should hear.
    pub target_sittings: Option<u32>,
    /// When the person would rather not hear anybody.
    pub rather_not: Vec<Span>,
    /// On how many dates at most.
    pub max_days: Option<u32>,
    /// The only centres, if restricted.
    pub centres: Option<BTreeSet<CentreIx>>,
    /// Sits only in a re-plan.
    pub reserve: bool,
    /// Texts carried along.
    pub info: Info,
}

/// A candidate.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The group's name.
    pub group: String,
    /// The school, if any.
    pub school: Option<SchoolIx>,
    /// The centres of the group.
    pub centres: BTreeSet<CentreIx>,
    /// One way, by centre.
    pub km: Table<CentreIx, Kilometres>,
    /// The candidate's orals.
    pub orals: Vec<OralIx>,
    /// The candidate's written papers.
    pub papers: Vec<PaperIx>,
    /// Extra minutes an hour.
    pub extra: Extra,
    /// Needs rooms without steps.
    pub needs_accessible: bool,
    /// Prepares alone in the room.
    pub prepares_alone: bool,
    /// Minutes at least between any two blocks of one date.
    pub gap: Minutes,
    /// When the candidate cannot come.
    pub unavailable: Vec<Span>,
    /// Who may not hear this candidate.
    pub excluded: BTreeSet<ExaminerIx>,
    /// Texts carried along.
    pub info: Info,
}

/// Whether an oral has to be scheduled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It has.
    Due,
    /// Final, but the controlled file forbids it.
    NotValid,
    /// Final, but nothing was presented.
    NotHeld,
    /// Continuous assessment or exempt: none of our business.
    NotFinal,
}

impl Status {
    /// The reason under `not_heard`, where there is one.
    pub fn not_heard(self) -> Option<&'static str> {
        match self {
            Status::NotValid => Some("not-valid"),
            Status::NotHeld => Some("not-held"),
            Status::Due | Status::NotFinal => None,
        }
    }
}

/// One candidate's obligation for one exam.
#[derive(Clone, Debug)]
pub struct Oral {
    /// Whose.
    pub candidate: CandidateIx,
    /// Which exam.
    pub exam: ExamIx,
    /// In which language, where the commission has one.
    pub language: Option<String>,
    /// How it is taken.
    pub form: Form,
    /// What was handed in.
    pub file: FileState,
    /// Whether it has to be scheduled.
    pub status: Status,
    /// No block of it begins earlier.
    pub not_before: Option<Moment>,
    /// Preparation with this candidate's extra time, on the grid.
    pub preparation: Minutes,
    /// Sitting with this candidate's extra time, on the grid.
    pub duration: Minutes,
}

/// A commission that the office has composed already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenSession {
    /// The id.
    pub id: String,
    /// The kind of commission.
    pub commission: CommissionIx,
    /// The language, where the commission has one.
    pub language: Option<String>,
    /// The centre.
    pub centre: CentreIx,
    /// The exam room, if it is given.
    pub room: Option<RoomIx>,
    /// The date, which the calendar may not have.
    pub date: NaiveDate,
    /// The half-day's number in [`Instance::half_days`].
    pub half: usize,
    /// By seat of the commission, who holds it, if it is given.
    pub members: Vec<Option<ExaminerIx>>,
}

/// A decision already taken about an oral.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// The date.
    pub date: Option<NaiveDate>,
    /// The start of the sitting.
    pub start: Option<Minutes>,
    /// The centre.
    pub centre: Option<CentreIx>,
    /// The exam room's id.
    pub room: Option<String>,
    /// A member.
    pub examiner: Option<ExaminerIx>,
}

/// Who answers for an override, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// Who.
    pub by: String,
    /// Why.
    pub reason: String,
}

impl Instance {
    /// Reads and validates an instance file (JSON, or gzipped JSON); every fault at once.
    pub fn read(path: &Path) -> Result<Instance, Vec<Fault>> {
        let name = path.display().to_string();
        let result = crate::read::bytes(path).map_err(|f| vec![f]).and_then(|bytes| Self::from_json(&bytes));
        result.map_err(|faults| faults.into_iter().map(|f| Fault { file: Some(name.clone()), ..f }).collect())
    }

    /// Validates an instance in JSON; every fault at once.
    pub fn from_json(json: &[u8]) -> Result<Instance, Vec<Fault>> {
        crate::read::from_bytes(json, INSTANCE_FORMAT, Instance::from_raw)
    }

    /// Resolves what a file said; every fault at once.
    pub fn from_raw(raw: RawInstance) -> Result<Instance, Vec<Fault>> {
        validate::resolve(raw)
    }

    /// A fingerprint of the instance's content, independent of white space and field order. What is as it is by default does
    /// not count: a new field changes no fingerprint.
    pub fn hash(&self) -> String {
        let mut json = serde_json::to_value(&self.raw).expect("an instance is always JSON");
        let policy = serde_json::to_value(Policy::default()).expect("a policy is always JSON");
        let weights = serde_json::to_value(Weights::default()).expect("weights are always JSON");
        for (field, defaults) in [("policy", policy), ("weights", weights)] {
            if let Some(own) = json[field].as_object_mut() {
                own.retain(|name, value| defaults[name] != *value);
            }
        }
        let json = serde_json::to_vec(&json).expect("JSON is always JSON");
        Sha256::digest(&json).iter().take(8).map(|b| format!("{b:02x}")).collect()
    }

    /// The exam of an oral.
    pub fn exam_of(&self, o: OralIx) -> &Exam {
        &self.regulation.exams[self.orals[o].exam]
    }
    /// The kind of commission that hears an oral.
    pub fn commission_of(&self, o: OralIx) -> &Commission {
        &self.regulation.commissions[self.exam_of(o).commission]
    }
    /// The candidate's oral for that exam.
    pub fn oral(&self, c: CandidateIx, exam: ExamIx) -> Option<OralIx> {
        self.candidates[c].orals.iter().copied().find(|&o| self.orals[o].exam == exam)
    }
    /// The orals that have to be scheduled.
    pub fn due(&self) -> impl Iterator<Item = OralIx> + '_ {
        self.orals.enumerate().filter(|(_, o)| o.status == Status::Due).map(|(i, _)| i)
    }
    /// The due oral of the same candidate that this one must follow.
    pub fn lead_of(&self, o: OralIx) -> Option<OralIx> {
        let lead = self.oral(self.orals[o].candidate, self.exam_of(o).follows?)?;
        (self.orals[lead].status == Status::Due).then_some(lead)
    }
    /// `C0012 E4`.
    pub fn oral_name(&self, o: OralIx) -> String {
        format!("{} {}", self.candidates[self.orals[o].candidate].id, self.exam_of(o).id)
    }
    /// When the candidate is in that paper: to its end prolonged by extra written time, and at least to the
    /// end of the *loge* (circular, 1-E and annexe 2).
    pub fn paper_time(&self, c: CandidateIx, p: PaperIx) -> Interval {
        let paper = &self.papers[p];
        let extra = self.candidates[c].extra.written as Minutes;
        let length = paper.time.minutes();
        let prolonged = paper.time.to + time::round_up((length * extra + 59) / 60, self.step);
        Interval::new(paper.time.from, prolonged.max(paper.loge_until.unwrap_or(0)))
    }
    /// The half-day in which the interval wholly lies.
    pub fn half_day_of(&self, time: Interval) -> Option<usize> {
        self.half_days.iter().position(|h| h.contains(time))
    }
    /// Whether the pair may not meet: the examiner teaches in the candidate's school or is excluded, and
    /// nobody waived it (circular: impartiality; code de l'éducation D643).
    pub fn partial(&self, c: CandidateIx, x: ExaminerIx) -> bool {
        self.related(c, x) && !self.waivers.contains_key(&(c, x))
    }
    /// Whether the examiner teaches in the candidate's school or is excluded, waived or not.
    pub fn related(&self, c: CandidateIx, x: ExaminerIx) -> bool {
        let candidate = &self.candidates[c];
        candidate.excluded.contains(&x) || candidate.school.is_some_and(|s| self.examiners[x].schools.contains(&s))
    }
    /// How many sittings an examiner hears on one date at most: their own limit, or the policy's.
    pub fn sittings_a_day(&self, x: ExaminerIx) -> Option<u32> {
        self.examiners[x].sittings_a_day.or(self.policy.examiner_sittings_a_day)
    }
    /// The given session of that id.
    pub fn given_session(&self, id: &str) -> Option<GivenIx> {
        self.given_sessions.enumerate().find(|(_, g)| g.id == id).map(|(i, _)| i)
    }
    /// The calendar's index of a date.
    pub fn date(&self, date: NaiveDate) -> Option<DateIx> {
        self.lookup.dates.get(&date).copied()
    }
    /// The centre of that id.
    pub fn centre(&self, id: &str) -> Option<CentreIx> {
        self.lookup.centres.get(id).copied()
    }
    /// Whose clocks a centre goes by (`La Réunion`), where that has to be said: where one of its groups has centres
    /// whose clocks, on the dates of the orals, show another hour.
    pub fn local_time(&self, z: CentreIx) -> Option<String> {
        let own = &self.centres[z];
        if self.centres.iter().all(|other| other.time_zone == own.time_zone) {
            return None;
        }
        let date = self.dates.iter().next().copied().unwrap_or_default();
        let clock = |zone| places::clock(zone, date);
        let groups = self.raw.groups.values().filter(|ids| ids.contains(&own.id));
        let mut others = groups.flatten().filter_map(|id| self.centre(id)).map(|z| self.centres[z].time_zone);
        others.any(|zone| clock(zone) != clock(own.time_zone)).then(|| places::zone_name(own.time_zone))
    }
    /// The examiner of that id.
    pub fn examiner(&self, id: &str) -> Option<ExaminerIx> {
        self.lookup.examiners.get(id).copied()
    }
    /// The candidate of that id.
    pub fn candidate(&self, id: &str) -> Option<CandidateIx> {
        self.lookup.candidates.get(id).copied()
    }
    /// The exam room of that id in a centre.
    pub fn room(&self, centre: CentreIx, id: &str) -> Option<RoomIx> {
        self.centres[centre].rooms.iter().copied().find(|&r| self.rooms[r].id == id)
    }
    /// The preparation room of that id in a centre.
    pub fn preparation_room(&self, centre: CentreIx, id: &str) -> Option<PrepIx> {
        self.centres[centre].preparation_rooms.iter().copied().find(|&r| self.preparation_rooms[r].id == id)
    }
}
