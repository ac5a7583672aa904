//! When people are told to be there: one definition for papers, pages and calendars.

use super::{Plan, PlanSession, PlanSitting};
use crate::instance::{ExaminerIx, Minutes};
use crate::regulation::FileRule;

impl Plan<'_> {
    /// When a candidate is told to arrive for a sitting: some minutes before the hour of preparation, or of the oral without
    /// one; not before the doors open, nor while still in a paper or another oral. None for an oral that begins where the one
    /// that it follows ends.
    pub fn candidate_called(&self, session: &PlanSession, sitting: &PlanSitting) -> Option<Minutes> {
        let instance = self.instance;
        let lead = sitting.exam.and_then(|e| instance.regulation.exams[e].follows);
        let follows = session.sittings.iter().any(|other| {
            lead.is_some()
                && other.exam == lead
                && other.candidate == sitting.candidate
                && other.time.to == sitting.time.from
        });
        if follows {
            return None;
        }
        let begins = sitting.preparation.from;
        let papers = sitting.candidate.into_iter().flat_map(|c| {
            let today = instance.candidates[c].papers.iter().filter(|&&w| instance.papers[w].date == session.date);
            today.map(move |&w| instance.paper_time(c, w).to)
        });
        let others = sitting.candidate.into_iter().flat_map(|c| self.of_candidate(c));
        let ends = others.filter(|o| o.session.date == session.date).map(|o| o.sitting.time.to);
        let held = papers.chain(ends).chain(self.opens(session)).filter(|&at| at <= begins).max();
        Some((begins - instance.office.candidates_before).max(held.unwrap_or(0)).max(0))
    }

    /// When the members of a session are told to arrive: some minutes before the first oral, or before the first preparation
    /// where the commission makes the subject from the candidate's file; not before the doors open, but never after the briefing
    /// begins.
    pub fn members_called(&self, session: &PlanSession) -> Minutes {
        let instance = self.instance;
        let ready = session.sittings.iter().map(|s| {
            let from_file = s.exam.is_some_and(|e| instance.regulation.exams[e].file == FileRule::Controlled);
            if from_file { s.preparation.from.min(s.time.from) } else { s.time.from }
        });
        let briefed = session.span.from - instance.policy.briefing as Minutes;
        let wanted = ready.min().unwrap_or(session.span.from) - instance.office.members_before;
        wanted.max(self.opens(session).unwrap_or(0)).min(briefed).max(0)
    }

    /// The members who are not free from the hour at which they are called on.
    pub fn called_too_early(&self, session: &PlanSession) -> Vec<ExaminerIx> {
        let from = self.members_called(session);
        let busy = |x: &ExaminerIx| {
            let free = &self.instance.examiners[*x].available;
            !free.iter().any(|s| s.date == session.date && s.time.from <= from && s.time.to >= session.span.from)
        };
        session.members.iter().filter_map(|m| m.examiner).filter(busy).collect()
    }

    fn opens(&self, session: &PlanSession) -> Option<Minutes> {
        session.centre.and_then(|z| self.instance.centres[z].open.get(&session.date)).map(|open| open.from)
    }
}
