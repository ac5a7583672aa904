//! What the rules about hours look at: a job that asks for a start in a session, and the date of each thing that the session
//! would need then. Each holds plain figures and nothing of the search, so that a rule says once which starts a thing
//! leaves: all of a half-day at once, as bits, or one that is asked about.

use smallvec::SmallVec;

use crate::instance::{CandidateIx, ExaminerIx, Instance, Interval, Minutes};

/// A job that asks for a start.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The instance.
    pub instance: &'a Instance,
    /// From the first start to the last end.
    pub length: Minutes,
    /// After the last end, before the same room or people hear again.
    pub turnaround: Minutes,
    /// From the start of the first preparation to the first start.
    pub before: Minutes,
    /// The present span of the session that it would join, if that hears somebody.
    pub joins: Option<Interval>,
}

/// Sittings of another session, or one sitting of the own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spell {
    /// From the first start to the last end.
    pub span: Interval,
    /// After the last end.
    pub turnaround: Minutes,
}

/// The other sessions of a thing on a date.
#[derive(Clone, Copy, Debug)]
pub struct Others<'a> {
    /// Every session, by its number; one that hears nobody has no length.
    pub spells: &'a [Spell],
    /// The numbers of those that the thing has that date.
    pub here: &'a [u32],
    /// The number of the own one, which does not count.
    pub but: u32,
}

impl Others<'_> {
    /// None.
    pub const NONE: Others<'static> = Others { spells: &[], here: &[], but: u32::MAX };

    /// Those that hear somebody, in no order.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = Spell> {
        let heard = |s: &u32| *s != self.but;
        self.here.iter().filter(move |s| heard(s)).map(|&s| self.spells[s as usize]).filter(|s| s.span.from < s.span.to)
    }
}

/// The session that would hear the job.
#[derive(Clone, Debug)]
pub struct OwnHours<'a> {
    /// The half-day.
    pub half: Interval,
    /// What it hears already, one by one.
    pub sittings: &'a [Spell],
}

/// An exam room's date.
#[derive(Clone, Debug)]
pub struct RoomHours<'a> {
    /// When it cannot be used.
    pub unavailable: &'a [Interval],
    /// The other sessions there.
    pub others: Others<'a>,
}

/// An examiner's date.
#[derive(Clone, Debug)]
pub struct ExaminerHours<'a> {
    /// Who.
    pub examiner: ExaminerIx,
    /// The entries of availability, in order of their beginnings.
    pub available: &'a [Interval],
    /// The events that concern them.
    pub events: &'a [Interval],
    /// Their other sessions.
    pub others: Others<'a>,
    /// All that they hear in the half-day, in order of time: each sitting with those that follow it. Left out where no
    /// pause is asked for.
    pub heard: SmallVec<[Interval; 8]>,
}

/// A candidate's date at a centre.
#[derive(Clone, Debug)]
pub struct CandidateHours<'a> {
    /// Who.
    pub candidate: CandidateIx,
    /// When the centre is open.
    pub open: Interval,
    /// When the candidate cannot come.
    pub unavailable: &'a [Interval],
    /// The first start that the orals' `not_before` leaves on that date.
    pub not_before: Minutes,
    /// The written papers.
    pub papers: &'a [Interval],
    /// The candidate's other blocks, each with whether its sitting is in another half-day.
    pub others: SmallVec<[(Interval, bool); 6]>,
    /// The only start, by a pin.
    pub pinned: Option<Minutes>,
}

/// A preparation room's date, for one preparation of the job.
#[derive(Clone, Debug)]
pub struct PreparationHours<'a> {
    /// The preparation, relative to the job's start.
    pub preparation: Interval,
    /// When the room cannot be used.
    pub unavailable: &'a [Interval],
    /// When there is no place for the candidate, as bits: one for each step of the grid from midnight on.
    pub full: &'a [u64],
}
