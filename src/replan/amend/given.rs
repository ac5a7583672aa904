//! What events leave of the commissions that the office has composed.

use super::{Work, meets, name, span};
use crate::instance::Interval;
use crate::instance::raw::{RawGivenSession, RawSpan};
use crate::schedule::Session;

impl Work<'_> {
    /// The seat of somebody who is absent and a room that is closed are open again. Where the session has begun, what was heard
    /// keeps it as it was, and the rest of the half-day is a given session of its own.
    pub(super) fn given_sessions(&mut self) {
        let mut all = Vec::new();
        for given in std::mem::take(&mut self.raw.given_sessions) {
            let left = self.left_of(&given);
            let begun = left != given && self.heard_any(&given.id);
            if begun {
                let id = self.free_id(&given.id);
                self.given_rest.insert(given.id.clone(), id.clone());
                all.extend([given, RawGivenSession { id, ..left }]);
            } else {
                all.push(left);
            }
        }
        self.raw.given_sessions = all;
    }

    /// The given session without those who no longer can be there, and without a room that no longer can be used.
    fn left_of(&self, given: &RawGivenSession) -> RawGivenSession {
        let mut left = given.clone();
        let hours = self.instance.policy.half_days.get((given.half_day as usize).wrapping_sub(1));
        let Some(&(from, to)) = hours else { return left };
        let whole = RawSpan { date: given.date, from, to };
        // What is still to be heard there; nothing planned yet asks for the whole half-day.
        let ahead: Vec<Interval> = (self.plan.sessions.iter())
            .filter(|s| s.raw.given.as_ref() == Some(&given.id))
            .flat_map(|s| &s.sittings)
            .filter(|s| !self.frozen.contains(&name(s)))
            .map(|s| s.time)
            .collect();
        let ahead: Vec<RawSpan> =
            if ahead.is_empty() { vec![whole] } else { ahead.iter().map(|&t| span(given.date, t)).collect() };
        let interval = |s: &RawSpan| Interval::new(s.from.0, s.to.0);
        for who in left.members.values_mut() {
            let was = who
                .as_ref()
                .and_then(|id| self.plan.instance.examiner(id))
                .map(|x| &self.plan.instance.examiners[x].available);
            let is = who.as_ref().and_then(|id| self.raw.examiners.iter().find(|x| x.id == *id)).map(|x| &x.available);
            let (Some(was), Some(is)) = (was, is) else {
                *who = None;
                continue;
            };
            let gone = ahead.iter().any(|s| {
                let had = was.iter().any(|a| a.date == s.date && a.time.meets(interval(s)));
                let has = is.iter().any(|a| a.date == s.date && interval(a).contains(interval(s)));
                had && !has && (*s != whole || !is.iter().any(|a| meets(a, s.date, interval(s))))
            });
            if gone {
                *who = None;
            }
        }
        if let Some(room) = &left.room {
            let rooms = self.raw.centres.iter().filter(|z| z.id == given.centre).flat_map(|z| &z.exam_rooms);
            let closed = match rooms.into_iter().find(|r| r.id == *room) {
                None => true,
                Some(r) => ahead.iter().any(|s| r.unavailable.iter().any(|u| meets(u, s.date, interval(s)))),
            };
            if closed {
                left.room = None;
            }
        }
        left
    }

    fn heard_any(&self, id: &str) -> bool {
        let own = self.plan.sessions.iter().filter(|s| s.raw.given.as_deref() == Some(id));
        own.flat_map(|s| &s.sittings).any(|s| self.frozen.contains(&name(s)))
    }

    /// `V01+`, with as many signs as it takes.
    fn free_id(&self, id: &str) -> String {
        let taken = |id: &String| self.plan.instance.given_session(id).is_some();
        (1..).map(|n| format!("{id}{}", "+".repeat(n))).find(|id| !taken(id)).expect("one of them is free")
    }

    /// The given session of what is still to be heard of a session.
    pub(super) fn given_of_rest(&self, session: &Session) -> Option<String> {
        let own = session.given.as_ref()?;
        Some(self.given_rest.get(own).unwrap_or(own).clone())
    }
}
