//! What is past or under way, or stays because nobody can be told in time: pinned as it is; and the schedule to start from.

use std::collections::BTreeMap;

use chrono::{NaiveDate, Timelike};

use super::{END, Work, name, pin, span, without};
use crate::instance::time::Clock;
use crate::instance::{CentreIx, Minutes, RawPin, RawSpan};
use crate::schedule::{Schedule, Session, Sitting};
use crate::tr;

impl Work<'_> {
    /// Pins what is frozen as it is, lets nothing else start before now, and frees what an event hits of its pins.
    pub(super) fn freeze(&mut self) {
        for (candidate, exam) in self.hit.keys() {
            let before = self.raw.pins.len();
            let ordered = |p: &RawPin| self.substitutes.iter().any(|s| p.examiner.as_ref() == Some(&s.2));
            self.raw.pins.retain(|p| p.candidate != *candidate || p.exam != *exam || ordered(p));
            if self.raw.pins.len() < before {
                self.remarks.push(tr!(
                    "the pin of {candidate} {exam} no longer holds",
                    "la décision fixée pour {candidate} {exam} ne tient plus"
                ));
            }
        }
        let frozen = &self.frozen;
        self.raw.pins.retain(|p| !frozen.contains(&(p.candidate.clone(), p.exam.clone())));
        for session in &self.plan.sessions {
            for s in session.sittings.iter().filter(|s| frozen.contains(&name(s))) {
                let (candidate, exam) = (&s.raw.candidate, &s.raw.exam);
                let mut people = session.members.iter().map(|m| m.id.to_string());
                self.raw.pins.push(RawPin {
                    date: Some(session.date),
                    start: Some(s.raw.start),
                    centre: Some(session.raw.centre.clone()),
                    room: Some(session.raw.room.clone()),
                    examiner: people.next(),
                    ..pin(candidate, exam)
                });
                self.raw.pins.extend(people.map(|x| RawPin { examiner: Some(x), ..pin(candidate, exam) }));
            }
        }
        if self.now.is_none() {
            return;
        }
        // What has passed of a candidate's dates, by the clock of the centre that they go to.
        let mut centres: BTreeMap<&str, CentreIx> = BTreeMap::new();
        for s in self.plan.sittings() {
            if let Some(z) = s.session.centre {
                centres.entry(&s.sitting.raw.candidate).or_insert(z);
            }
        }
        let passed_at = |centre: Option<CentreIx>| -> Vec<RawSpan> {
            let Some(now) = self.now_at(centre) else { return Vec::new() };
            let minute = (now.time().num_seconds_from_midnight() as Minutes + 59) / 60;
            let until = |date: NaiveDate| Clock(if date < now.date() { END } else { minute.min(END) });
            let all = self.dates.iter().filter(|d| **d <= now.date());
            all.map(|&date| RawSpan { date, from: Clock(0), to: until(date) }).filter(|s| s.from < s.to).collect()
        };
        let passed: BTreeMap<String, Vec<RawSpan>> = self
            .raw
            .candidates
            .iter()
            .map(|who| {
                let own = || self.instance.candidate(&who.id);
                let first = || own().and_then(|c| self.instance.candidates[c].centres.iter().next().copied());
                (who.id.clone(), passed_at(centres.get(who.id.as_str()).copied().or_else(first)))
            })
            .collect();
        let mut blocks: BTreeMap<&str, Vec<RawSpan>> = BTreeMap::new();
        for s in self.plan.sittings().filter(|s| self.is_frozen(s.sitting)) {
            blocks.entry(&s.sitting.raw.candidate).or_default().push(span(s.session.date, s.sitting.block()));
        }
        for who in &mut self.raw.candidates {
            let frozen = blocks.get(who.id.as_str()).into_iter().flatten();
            let passed = passed.get(&who.id).cloned().unwrap_or_default();
            who.unavailable.extend(frozen.fold(passed, |spans, hole| without(&spans, hole)));
        }
    }

    /// The published schedule with its hit sessions taken apart: what is frozen, what an event hits, and the rest.
    pub(super) fn start(&self) -> Schedule {
        let mut start = self.plan.schedule.clone();
        start.sessions = Vec::new();
        for (number, session) in self.plan.schedule.sessions.iter().enumerate() {
            if !self.taken_apart.contains(&number) {
                start.sessions.push(session.clone());
                continue;
            }
            let mut parts: [Vec<Sitting>; 3] = Default::default();
            for s in &session.sittings {
                let name = (s.candidate.clone(), s.exam.clone());
                let part = if self.frozen.contains(&name) { 0 } else { 1 + usize::from(self.hit.contains_key(&name)) };
                parts[part].push(s.clone());
            }
            let mut replaced = session.members.clone();
            for (_, from, to) in self.substitutes.iter().filter(|s| s.0 == number) {
                replaced.values_mut().filter(|m| *m == from).for_each(|m| m.clone_from(to));
            }
            let [frozen, rest, hit] = parts;
            let parts = [
                Session { sittings: frozen, ..session.clone() },
                Session {
                    id: format!("{}+", session.id),
                    given: self.given_of_rest(session),
                    sittings: rest,
                    ..session.clone()
                },
                Session {
                    id: format!("{}++", session.id),
                    given: self.given_of_rest(session),
                    sittings: hit,
                    members: replaced,
                    ..session.clone()
                },
            ];
            start.sessions.extend(parts.into_iter().filter(|s| !s.sittings.is_empty()));
        }
        start
    }
}
