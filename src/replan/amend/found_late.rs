//! What is found late, after publication: accommodations, exclusions, dates, openings, rooms and people that come to the
//! instance, and an instance that somebody changed by hand.

use chrono::NaiveDate;

use super::{Cause, Work, name, time};
use crate::fault::Fault;
use crate::instance::raw::RawSpan;
use crate::instance::time::{Clock, round_up};
use crate::instance::{CandidateIx, Form, Minutes};
use crate::replan::edited::{self, Difference};
use crate::replan::event::{Event, EventKind};
use crate::tr;

impl Work<'_> {
    /// Takes what an event adds into the instance.
    pub(super) fn bring(&mut self, i: usize, event: &Event) {
        match event.kind {
            EventKind::CandidateAdded => {
                let Some(new) = event.new.as_deref() else { return };
                let at = self.raw.candidates.len();
                self.brought.push((format!("candidates[{at}]"), format!("events[{i}].new")));
                for oral in new.orals.iter().filter(|o| o.form == Form::Final) {
                    self.hits((new.id.clone(), oral.exam.clone()), i);
                }
                self.raw.candidates.push(new.clone());
            }
            EventKind::ExaminerAdded => {
                let at = self.raw.examiners.len();
                self.brought.push((format!("examiners[{at}]"), format!("events[{i}].new_examiner")));
                self.raw.examiners.extend(event.new_examiner.as_deref().cloned());
            }
            EventKind::DateAdded => self.date_added(event),
            EventKind::CentreOpened => {
                let (k, span) = (event.centre.as_deref().unwrap_or_default(), whole(event));
                for centre in self.raw.centres.iter_mut().filter(|c| c.id == k) {
                    centre.open.extend(span);
                    centre.open.sort_by_key(|o| o.date);
                }
            }
            EventKind::RoomAdded => {
                let k = event.centre.as_deref().unwrap_or_default();
                for (z, centre) in self.raw.centres.iter_mut().enumerate().filter(|(_, c)| c.id == k) {
                    if let Some(room) = event.exam_room.as_deref() {
                        let at = format!("centres[{z}].exam_rooms[{}]", centre.exam_rooms.len());
                        self.brought.push((at, format!("events[{i}].exam_room")));
                        centre.exam_rooms.push(room.clone());
                    }
                    if let Some(room) = event.preparation_room.as_deref() {
                        let at = format!("centres[{z}].preparation_rooms[{}]", centre.preparation_rooms.len());
                        self.brought.push((at, format!("events[{i}].preparation_room")));
                        centre.preparation_rooms.push(room.clone());
                    }
                }
            }
            _ => {}
        }
    }

    /// A date more; an exam that has dates of its own gets it only where the event names the exam.
    fn date_added(&mut self, event: &Event) {
        let Some(date) = event.date else { return };
        self.raw.calendar.dates.clone_from(&self.dates);
        let mut others: Vec<&str> = Vec::new();
        for (exam, dates) in &mut self.raw.calendar.exam_dates {
            if event.exam.as_ref() == Some(exam) {
                dates.push(date);
                dates.sort_unstable();
            } else if event.exam.is_none() {
                others.push(exam);
            }
        }
        if !others.is_empty() {
            let exams = others.join(", ");
            self.remarks.push(tr!(
                "{date} is not for {exams}, which have dates of their own: an event date-added that names the exam gives it the date",
                "le {date} ne vaut pas pour {exams}, qui ont leurs propres dates : un événement date-added qui nomme l'épreuve la lui ouvre"
            ));
        }
    }

    /// An accommodation counts for all orals of a candidate: those that were heard must have been heard so.
    pub(super) fn granted(&mut self, i: usize, event: &Event, candidate: &str) {
        let Some(who) = self.raw.candidates.iter_mut().find(|c| c.id == candidate) else { return };
        let before = who.extra_per_hour;
        if let Some(extra) = event.extra_per_hour {
            who.extra_per_hour = extra.over(before);
        }
        let after = who.extra_per_hour;
        who.needs_accessible = event.needs_accessible.unwrap_or(who.needs_accessible);
        who.prepares_alone = event.prepares_alone.unwrap_or(who.prepares_alone);
        who.gap = event.gap.or(who.gap);
        let step = self.instance.step;
        let longer = |usual: Minutes, extra: u32| round_up(usual + usual * extra as Minutes / 60, step);
        for sat in self.plan.sittings().filter(|s| s.sitting.raw.candidate == candidate) {
            if !self.is_frozen(sat.sitting) {
                self.hits(name(sat.sitting), i);
                continue;
            }
            let Some(exam) = sat.sitting.exam.map(|e| &self.instance.regulation.exams[e]) else { continue };
            let other_length = longer(exam.preparation, before.preparation)
                != longer(exam.preparation, after.preparation)
                || longer(exam.duration, before.exam) != longer(exam.duration, after.exam);
            let accessible = |wanted: bool| {
                let room = sat.session.room.is_none_or(|r| self.instance.rooms[r].accessible);
                let preparation = sat.sitting.preparation_room;
                !wanted || (room && preparation.is_none_or(|p| self.instance.preparation_rooms[p].accessible))
            };
            if other_length || !accessible(event.needs_accessible == Some(true)) {
                let exam = &exam.id;
                self.faults.push(Fault::new(
                    format!("events[{i}]"),
                    tr!(
                        "{candidate} has been heard in {exam} already, or is being heard: an accommodation counts for all orals of a candidate and cannot be changed after the first; plan without this event and give the time by hand",
                        "{candidate} a déjà passé {exam}, ou est en train de le passer : un aménagement vaut pour tous les oraux du candidat et ne peut plus changer après le premier ; planifiez sans cet événement et accordez le temps sur place"
                    ),
                ));
            }
        }
    }

    /// Who is excluded may not hear what is still to come.
    pub(super) fn excluded(&mut self, i: usize, candidate: &str, examiner: &str) {
        let mut heard = false;
        for sat in self.plan.sittings().filter(|s| s.sitting.raw.candidate == candidate) {
            if sat.session.members.iter().any(|m| m.id == examiner) {
                if self.is_frozen(sat.sitting) {
                    heard = true;
                } else {
                    self.hits(name(sat.sitting), i);
                }
            }
        }
        if heard {
            self.faults.push(Fault::new(
                format!("events[{i}]"),
                tr!(
                    "{examiner} has heard {candidate} already, or is hearing them: it can no longer be excluded; a waiver says who answers for it",
                    "{examiner} a déjà interrogé {candidate}, ou l'interroge : l'exclusion n'est plus possible ; une dérogation dit qui en répond"
                ),
            ));
        }
        for who in self.raw.candidates.iter_mut().filter(|c| c.id == candidate) {
            if !who.excluded_examiners.iter().any(|x| x == examiner) {
                who.excluded_examiners.push(examiner.to_string());
            }
        }
    }

    /// Other opening hours; what has begun keeps its own.
    pub(super) fn other_hours(&mut self, i: usize, event: &Event) {
        let k = event.centre.as_deref().unwrap_or_default();
        let Some(mut hours) = whole(event) else { return };
        let there: Vec<_> =
            self.plan.sittings().filter(|s| s.session.raw.centre == k && s.session.date == hours.date).collect();
        for sat in &there {
            let block = sat.sitting.block();
            if self.is_frozen(sat.sitting) {
                hours.from = hours.from.min(Clock(block.from));
                hours.to = hours.to.max(Clock(block.to));
            } else if !time(&hours).contains(block) {
                self.hits(name(sat.sitting), i);
            }
        }
        for centre in self.raw.centres.iter_mut().filter(|c| c.id == k) {
            centre.open.iter_mut().filter(|o| o.date == hours.date).for_each(|o| *o = hours);
        }
    }

    /// What no longer stands in the edited instance, each with the difference that is nearest to it.
    pub(super) fn edited(&mut self, edits: &[Difference]) {
        for (oral, nearest) in edited::hit(self.plan, edits) {
            if self.frozen.contains(&oral) {
                let (candidate, exam) = oral;
                let why = nearest.map_or_else(String::new, |d| edits[d].text.clone());
                self.faults.push(Fault::new(
                    "",
                    tr!(
                        "{candidate} has been heard in {exam} already, or is being heard, and the edited instance no longer allows it ({why}); leave for this person what held then",
                        "{candidate} a déjà passé {exam}, ou est en train de le passer, et l'instance modifiée ne le permet plus ({why}) ; laissez pour cette personne ce qui valait alors"
                    ),
                ));
            } else if let Some(d) = nearest {
                self.hit.insert(oral, Cause::Edit(d));
            }
        }
        let of = |c: CandidateIx| &self.instance.candidates[c];
        for o in self.instance.due().filter(|&o| self.plan.of_oral(o).next().is_none()) {
            let (candidate, exam) = (of(self.instance.orals[o].candidate).id.clone(), &self.instance.exam_of(o).id);
            let own = edits.iter().position(|d| d.about == edited::About::Candidate(candidate.clone()));
            if let Some(d) = own {
                self.hit.insert((candidate, exam.clone()), Cause::Edit(d));
            }
        }
    }
}

/// The interval of an event that has all of it.
fn whole(event: &Event) -> Option<RawSpan> {
    let (date, from, to): (NaiveDate, Clock, Clock) = (event.date?, event.from?, event.to?);
    Some(RawSpan { date, from, to })
}
