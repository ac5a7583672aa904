//! The parts that a plan's cost is a sum over: a candidate's dates, an examiner's half-day, a seat of a session … Each holds
//! the few figures that some cost term asks for and nothing else, so that a frozen plan and the search's state can both
//! make it. What a part costs is said by the terms (`rules`).

use chrono::NaiveDate;

use crate::instance::{CandidateIx, CentreIx, ExaminerIx, Interval, Minutes};

/// A due oral.
#[derive(Clone, Copy, Debug)]
pub struct DueOral {
    /// Whether it has a sitting.
    pub heard: bool,
}

/// A session.
#[derive(Clone, Copy, Debug)]
pub struct OpenSession;

/// A seat of a session, with the sittings heard there.
#[derive(Clone, Copy, Debug)]
pub struct SeatInSession {
    /// Whether the session may not be without.
    pub required: bool,
    /// Who holds it, if anybody.
    pub holder: Holder,
    /// Sittings that the session hears.
    pub sittings: i64,
}

/// Who holds a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// Nobody.
    Nobody,
    /// Somebody who has one of the preferred qualifications, or none is preferred.
    Preferred,
    /// Somebody else.
    Other,
}

/// A centre's date on which it hears somebody.
#[derive(Clone, Copy, Debug)]
pub struct CentreDay;

/// An examiner's date on which they are convened.
#[derive(Clone, Copy, Debug)]
pub struct ExaminerDay {
    /// Who.
    pub examiner: ExaminerIx,
    /// Where, if the instance knows the centre.
    pub centre: Option<CentreIx>,
}

/// An examiner's half-day: the sittings that they hear between two pauses of everybody.
#[derive(Clone, Copy, Debug)]
pub struct ExaminerHalfDay {
    /// From the first start to the last end.
    pub span: Interval,
    /// Summed durations of the sittings.
    pub heard: Minutes,
}

impl ExaminerHalfDay {
    /// With one more sitting, or several that follow one another.
    pub fn with(self, time: Interval) -> ExaminerHalfDay {
        if self.heard == 0 {
            return ExaminerHalfDay { span: time, heard: time.minutes() };
        }
        let span = Interval::new(self.span.from.min(time.from), self.span.to.max(time.to));
        ExaminerHalfDay { span, heard: self.heard + time.minutes() }
    }
}

/// What an examiner hears on a date.
#[derive(Clone, Copy, Debug)]
pub struct ExaminerLoad {
    /// Who.
    pub examiner: ExaminerIx,
    /// Summed durations of the sittings.
    pub minutes: Minutes,
    /// How many there are.
    pub sittings: i64,
}

/// All dates of an examiner together.
#[derive(Clone, Copy, Debug)]
pub struct ExaminerDates {
    /// Who.
    pub examiner: ExaminerIx,
    /// Dates on which they are convened.
    pub days: i64,
    /// Sittings that they hear.
    pub sittings: i64,
}

/// A sitting that an examiner hears.
#[derive(Clone, Copy, Debug)]
pub struct SittingHeard {
    /// Who.
    pub examiner: ExaminerIx,
    /// The date.
    pub date: NaiveDate,
    /// From its start to its end.
    pub time: Interval,
}

/// A candidate's date.
#[derive(Clone, Copy, Debug)]
pub struct CandidateDay {
    /// Who.
    pub candidate: CandidateIx,
    /// Where the first block is, if the instance knows the centre.
    pub centre: Option<CentreIx>,
    /// From the first block's start to the last end.
    pub span: Interval,
    /// Summed lengths of the blocks.
    pub busy: Minutes,
}

/// All dates of a candidate together.
#[derive(Clone, Copy, Debug)]
pub struct CandidateDates {
    /// Dates with a block.
    pub days: i64,
    /// Centres with a block.
    pub centres: i64,
}

/// One school's sittings before the same people in one half-day (`follows` exams not counted).
#[derive(Clone, Copy, Debug)]
pub struct SchoolBeforeTeam {
    /// How many.
    pub sittings: i64,
}

/// An oral that the published schedule has as well.
#[derive(Clone, Copy, Debug)]
pub struct RepublishedOral {
    /// Whether its date, centre or start differs.
    pub moved: bool,
    /// Whether its exam room differs.
    pub other_room: bool,
}

/// A candidate in a re-plan.
#[derive(Clone, Copy, Debug)]
pub struct RepublishedCandidate {
    /// Orals whose date, centre or start differs from the published schedule.
    pub moved: i64,
}

/// An examiner's date at a centre, in a re-plan.
#[derive(Clone, Copy, Debug)]
pub struct RepublishedConvocation {
    /// Whether the published schedule convenes them so.
    pub was: bool,
    /// Whether this one does.
    pub is: bool,
}

/// Whom, where and when a part concerns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bearer {
    /// The candidate.
    pub candidate: Option<CandidateIx>,
    /// The examiner.
    pub examiner: Option<ExaminerIx>,
    /// The centre.
    pub centre: Option<CentreIx>,
    /// The date.
    pub date: Option<NaiveDate>,
}
