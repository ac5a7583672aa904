//! What people read of a schedule: one [`Report`] as data, and what is made of it ([`page`]).
//!
//! A report holds facts and no layout, so that every exporter says the same. What rules and cost terms say of
//! themselves, and the sentences of the checker, are in the language of the report's [`Texts`].

mod answers;
mod build;
pub mod page;
mod picture;
mod sections;
mod texts;
mod why;

use chrono::NaiveDate;
use serde::Serialize;

pub use answers::Answer;
pub use texts::{FRENCH, Texts};

use crate::check::Verdict;
use crate::explain::costs::Story;
use crate::instance::{Clock, Kilometres, Minutes};

/// Everything that a page, a workbook or a paper says of a schedule.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The instance's name.
    pub instance: String,
    /// The examination.
    pub regulation: String,
    /// The session: `2026`, or empty.
    pub session: String,
    /// The office that holds it, or empty.
    pub office: String,
    /// The text that the regulation is drawn from.
    pub source: String,
    /// Whether no rule is broken, which are, the cost, remarks.
    pub verdict: Verdict,
    /// The broken rules, each with every place where it breaks.
    pub broken: Vec<BrokenRule>,
    /// The headline's numbers.
    pub counts: Counts,
    /// The cost by term, biggest first.
    pub terms: Vec<TermLine>,
    /// A proven lower bound, if the schedule has one that does not exceed the cost.
    pub bound: Option<i64>,
    /// (cost − bound) / cost, in per cent.
    pub gap: Option<f64>,
    /// How the schedule was made, as its maker wrote it: simple values only.
    pub provenance: Vec<(String, serde_json::Value)>,
    /// The exams, in the regulation's order.
    pub exams: Vec<ExamLine>,
    /// Centre by centre, date by date.
    pub days: Vec<Day>,
    /// Candidate by candidate; at the end those that the instance does not know.
    pub candidates: Vec<CandidateLine>,
    /// Kind of commission by kind of commission.
    pub commissions: Vec<CommissionLine>,
    /// Examiner by examiner, those convened.
    pub examiners: Vec<ExaminerLine>,
    /// Examiners who are not convened.
    pub spared: Vec<Spared>,
    /// Every due oral without a sitting, whatever the schedule lists.
    pub unscheduled: Vec<LeftLine>,
    /// Final orals that are not heard.
    pub not_heard: Vec<LeftLine>,
    /// Overrides of impartiality that the schedule uses.
    pub waivers: Vec<WaiverLine>,
    /// Whether the schedule re-plans a published one.
    pub replan: bool,
    /// Where the cost comes from, in sentences.
    pub story: Story,
    /// For so many of the costliest people [`Why::otherwise`] is filled in.
    pub dearest: usize,
    /// The rules that bind somebody, with their sources; none for a schedule that breaks rules.
    pub rules: Vec<RuleLine>,
    /// What is needed and what there is, the scarcest first.
    pub needs: Vec<NeedLine>,
    /// What the counts of the needs stand for.
    pub halves: Vec<HalfDay>,
    /// What other commands found.
    pub answers: Vec<Answer>,
}

/// Why a person's plan is as it is.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Why {
    /// What binds the person, and the rule that it comes from.
    pub binds: Vec<(String, &'static str)>,
    /// What the person is charged, in one sentence.
    pub costs: String,
    /// The other dates and centres, each with what stands in the way; for the costliest people only.
    pub otherwise: Vec<String>,
}

/// A hard rule.
#[derive(Clone, Debug, Serialize)]
pub struct RuleLine {
    /// Its name.
    pub name: &'static str,
    /// What it demands.
    pub summary: String,
    /// Where it comes from.
    pub source: String,
}

/// What is needed of some means, and what there is.
#[derive(Clone, Debug, Serialize)]
pub struct NeedLine {
    /// What it is, in words.
    pub name: String,
    /// Orals that need it.
    pub orals: usize,
    /// Hours needed.
    pub needed: i64,
    /// Hours that there are.
    pub available: i64,
    /// The one of the other, in per cent.
    pub used: f64,
    /// How many are needed on average in each half-day in which there are any.
    pub average: f64,
    /// How many there are in each of [`Report::halves`]; for the scarcest only.
    pub counts: Vec<usize>,
}

/// A half-day of a date.
#[derive(Clone, Debug, Serialize)]
pub struct HalfDay {
    /// The date.
    pub date: NaiveDate,
    /// When it begins.
    pub from: Clock,
    /// When it ends.
    pub to: Clock,
}

/// Somebody or something with an id; the name is empty where it says no more than the id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Named {
    /// The id.
    pub id: String,
    /// The name, or empty.
    pub name: String,
}

/// The headline's numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Candidates with an oral to be organised.
    pub candidates: usize,
    /// Orals that have to be scheduled.
    pub due: usize,
    /// Due orals with a sitting.
    pub heard: usize,
    /// Due orals without.
    pub unscheduled: usize,
    /// Final orals that the state of the file forbids.
    pub not_heard: usize,
    /// Sessions.
    pub sessions: usize,
    /// Examiners convened.
    pub examiners: usize,
    /// Pairs (examiner, date).
    pub examiner_days: usize,
    /// Pairs (centre, date).
    pub centre_days: usize,
}

/// A rule that is broken.
#[derive(Clone, Debug, Serialize)]
pub struct BrokenRule {
    /// Its name.
    pub name: String,
    /// What it demands.
    pub summary: String,
    /// Where it breaks, and what is wrong there.
    pub places: Vec<(String, String)>,
}

/// A cost term.
#[derive(Clone, Debug, Serialize)]
pub struct TermLine {
    /// Its name.
    pub name: String,
    /// What a unit is.
    pub meaning: String,
    /// How many.
    pub units: i64,
    /// What one costs.
    pub weight: i64,
    /// Units × weight.
    pub cost: i64,
    /// Of the total, in per cent.
    pub share: f64,
    /// What drives it, in sentences.
    pub sentence: String,
    /// The biggest charges: to whom, how many units.
    pub biggest: Vec<(String, i64)>,
    /// How many more charges there are.
    pub more: usize,
}

/// An exam.
#[derive(Clone, Debug, Serialize)]
pub struct ExamLine {
    /// Its code.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Minutes of preparation, without any extra.
    pub preparation: Minutes,
    /// Minutes heard, without any extra.
    pub duration: Minutes,
}

/// One centre on one date.
#[derive(Clone, Debug, Serialize)]
pub struct Day {
    /// The centre.
    pub centre: Named,
    /// Its town, or empty.
    pub town: String,
    /// The date.
    pub date: NaiveDate,
    /// Whose time its hours are, in words, where candidates of one group go to centres with other clocks.
    pub local_time: Option<String>,
    /// Opening hours; none where it is closed.
    pub open: Option<(Clock, Clock)>,
    /// When commissions hear.
    pub half_days: Vec<(Clock, Clock)>,
    /// Candidates expected.
    pub candidates: usize,
    /// Sittings.
    pub sittings: usize,
    /// Examiners convened.
    pub examiners: usize,
    /// The sessions in order of room and hour.
    pub sessions: Vec<SessionLine>,
    /// When a room cannot be used, for the exam and preparation rooms in use.
    pub unavailable: Vec<(String, Clock, Clock)>,
}

/// A session.
#[derive(Clone, Debug, Serialize)]
pub struct SessionLine {
    /// Its id.
    pub id: String,
    /// The kind of commission.
    pub commission: String,
    /// Its language, or empty.
    pub language: String,
    /// The exam room.
    pub room: String,
    /// The first start.
    pub first: Clock,
    /// The last end.
    pub last: Clock,
    /// Who sits.
    pub members: Vec<MemberLine>,
    /// Seats that nobody holds.
    pub empty_seats: Vec<String>,
    /// The sittings in order.
    pub sittings: Vec<SittingLine>,
}

/// Who holds a seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MemberLine {
    /// The seat.
    pub seat: String,
    /// The examiner.
    pub who: Named,
}

/// The sessions of one kind of commission.
#[derive(Clone, Debug, Serialize)]
pub struct CommissionLine {
    /// The kind.
    pub commission: String,
    /// Its language, or empty.
    pub language: String,
    /// Sittings in all.
    pub sittings: usize,
    /// Its sessions in order of time: numbers in [`Report::days`] and in the day's sessions.
    pub sessions: Vec<(usize, usize)>,
}

/// A sitting.
#[derive(Clone, Debug, Serialize)]
pub struct SittingLine {
    /// The candidate.
    pub candidate: Named,
    /// The exam.
    pub exam: String,
    /// Its number in [`Report::exams`], if the regulation has it.
    pub exam_ix: Option<usize>,
    /// The preparation room, or empty.
    pub preparation_room: String,
    /// When the candidate is told to arrive; none where it begins right after the oral that it follows.
    pub arrival: Option<Clock>,
    /// When preparation or, without one, the oral starts.
    pub begins: Clock,
    /// Start.
    pub start: Clock,
    /// End.
    pub end: Clock,
    /// Whether preparation or sitting is lengthened for this candidate.
    pub extra: bool,
    /// Whether a waiver lets a member hear this candidate.
    pub waived: bool,
    /// The centre.
    pub centre: Named,
    /// The exam room.
    pub room: String,
    /// The date.
    pub date: NaiveDate,
    /// The session.
    pub session: String,
}

/// A candidate's orals.
#[derive(Clone, Debug, Serialize)]
pub struct CandidateLine {
    /// The candidate.
    pub who: Named,
    /// Whether the instance has this candidate.
    pub known: bool,
    /// The school, empty where there is none.
    pub school: Named,
    /// Extra minutes an hour for preparation, sitting and written papers.
    pub extra: (u32, u32, u32),
    /// Needs rooms without steps.
    pub needs_accessible: bool,
    /// Prepares alone in the room.
    pub prepares_alone: bool,
    /// Minutes at least between two blocks of one date, where set.
    pub gap: Minutes,
    /// The orals: those with a sitting in order of time, then the others.
    pub orals: Vec<CandidateOral>,
    /// Why they are as they are, where the schedule is valid.
    pub why: Option<Why>,
}

/// An oral of a candidate.
#[derive(Clone, Debug, Serialize)]
pub struct CandidateOral {
    /// The exam.
    pub exam: String,
    /// Its number in [`Report::exams`], if the regulation has it.
    pub exam_ix: Option<usize>,
    /// Whether it has to be scheduled.
    pub due: bool,
    /// Its place.
    pub sitting: Option<SittingLine>,
    /// Why it has none, as in [`LeftLine::reason`].
    pub reason: String,
    /// Whether date, centre, hour or room differ from the published schedule.
    pub changed: bool,
}

/// An examiner's convocation.
#[derive(Clone, Debug, Serialize)]
pub struct ExaminerLine {
    /// The examiner.
    pub who: Named,
    /// The qualifications.
    pub qualifications: Vec<String>,
    /// The dates.
    pub days: Vec<ExaminerDay>,
    /// Minutes heard in all.
    pub minutes: Minutes,
    /// Why the examiner's days are as they are, where the schedule is valid.
    pub why: Option<Why>,
}

/// An examiner who is not convened.
#[derive(Clone, Debug, Serialize)]
pub struct Spared {
    /// The examiner.
    pub who: Named,
    /// What binds the examiner, where the schedule is valid.
    pub why: Option<Why>,
}

/// A date of an examiner.
#[derive(Clone, Debug, Serialize)]
pub struct ExaminerDay {
    /// The date.
    pub date: NaiveDate,
    /// The centre.
    pub centre: Named,
    /// One way.
    pub km: Option<Kilometres>,
    /// The sessions in order of time.
    pub sessions: Vec<ExaminerSession>,
    /// The first start.
    pub first: Clock,
    /// The last end.
    pub last: Clock,
    /// How many sittings.
    pub sittings: usize,
    /// Minutes heard.
    pub minutes: Minutes,
}

/// A session as its member sees it.
#[derive(Clone, Debug, Serialize)]
pub struct ExaminerSession {
    /// Its id.
    pub id: String,
    /// The kind of commission.
    pub commission: String,
    /// The exam room.
    pub room: String,
    /// The first start.
    pub first: Clock,
    /// The last end.
    pub last: Clock,
}

/// An oral without a sitting, and why.
#[derive(Clone, Debug, Serialize)]
pub struct LeftLine {
    /// The candidate.
    pub who: Named,
    /// The exam.
    pub exam: String,
    /// Why: in the report's language where the program said it, else in the schedule's own words; `not-valid`,
    /// `not-held`; empty where nothing says why.
    pub reason: String,
}

/// An override of impartiality in use.
#[derive(Clone, Debug, Serialize)]
pub struct WaiverLine {
    /// The candidate.
    pub candidate: Named,
    /// The examiner.
    pub examiner: Named,
    /// The exams at which they meet.
    pub exams: Vec<String>,
    /// Who answers for it.
    pub by: String,
    /// Why.
    pub reason: String,
}
