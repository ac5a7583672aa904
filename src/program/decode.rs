//! From a solution to a schedule, and back.

use std::collections::BTreeMap;

use super::{Program, Sum};
use crate::instance::*;
use crate::linear::Var;
use crate::schedule::{Left, Plan, SCHEDULE_FORMAT, Schedule, Session, Sitting};

impl Program<'_> {
    /// The schedule that a solution is, its reasons and cost left blank.
    pub fn decode(&self, values: &[f64]) -> Schedule {
        let instance = self.instance;
        let is = |v: Var| values[v] > 0.5;
        let mut after: BTreeMap<usize, usize> = BTreeMap::new();
        for (&(a, b), &v) in &self.next {
            if is(v) {
                after.insert(a, b);
            }
        }
        let follows: Vec<usize> = after.values().copied().collect();
        let mut sessions: Vec<Session> = Vec::new();
        for (t, task) in self.tasks.iter().enumerate() {
            let Some(place) = task.places.iter().find(|p| is(p.var)).filter(|_| !follows.contains(&t)) else {
                continue;
            };
            let seats = &instance.regulation.commissions[task.commission].seats;
            let held = |seat: usize| task.chairs[seat].iter().find(|&&(_, v)| is(v));
            let member =
                |seat: usize| Some((seats[seat].id.clone(), instance.examiners[held(seat)?.0.examiner].id.clone()));
            let chain = std::iter::successors(Some(t), |t| after.get(t).copied());
            let sitting = |t: usize| {
                let task = &self.tasks[t];
                let start = (values[task.start].round() as Minutes) * instance.step;
                let mut rooms = self.prepares.iter().filter(|&(&(own, _, _), &v)| own == t && is(v));
                let preparation_room = rooms.next().map(|((_, p, _), _)| instance.preparation_rooms[*p].id.clone());
                Sitting {
                    candidate: instance.candidates[task.candidate].id.clone(),
                    exam: instance.regulation.exams[task.exam].id.clone(),
                    preparation_room,
                    preparation_start: Clock(start - task.preparation),
                    start: Clock(start),
                    end: Clock(start + task.duration),
                }
            };
            sessions.push(Session {
                id: String::new(),
                commission: instance.regulation.commissions[task.commission].id.clone(),
                language: task.language.clone(),
                centre: instance.centres[place.spot.centre].id.clone(),
                room: instance.rooms[place.room].id.clone(),
                date: instance.dates[place.spot.date],
                given: self
                    .given
                    .range((t, GivenIx(0))..=(t, GivenIx(u32::MAX)))
                    .find(|(_, v)| is(**v))
                    .map(|((_, g), _)| instance.given_sessions[*g].id.clone()),
                members: (0..seats.len()).filter_map(member).collect(),
                sittings: chain.map(sitting).collect(),
            });
        }
        sessions.sort_by(|a, b| {
            let key = |s: &Session| (s.date, s.centre.clone(), s.sittings[0].start, s.room.clone());
            key(a).cmp(&key(b))
        });
        for (i, session) in sessions.iter_mut().enumerate() {
            session.id = format!("S{:03}", i + 1);
        }
        let left = |o: OralIx, reason: String| Left {
            candidate: instance.candidates[instance.orals[o].candidate].id.clone(),
            exam: instance.exam_of(o).id.clone(),
            reason,
        };
        let out = self.tasks.iter().filter(|t| is(t.out)).map(|t| left(t.oral, String::new())).collect();
        let not_heard =
            instance.orals.enumerate().filter_map(|(o, oral)| Some(left(o, oral.status.not_heard()?.into())));
        Schedule {
            format: SCHEDULE_FORMAT.into(),
            instance: instance.name.clone(),
            sessions,
            unscheduled: out,
            not_heard: not_heard.collect(),
            cost: None,
            bound: None,
            provenance: BTreeMap::new(),
        }
    }

    /// What a schedule says of the variables that decide all the others; none if it places something where the
    /// model knows no place.
    pub fn encode(&self, plan: &Plan) -> Option<Sum> {
        let mut values = Sum::new();
        let mut at: BTreeMap<OralIx, usize> = BTreeMap::new();
        for (t, task) in self.tasks.iter().enumerate() {
            at.insert(task.oral, t);
            let sat = plan.of_oral(task.oral).next();
            let mut spot = None;
            for place in &task.places {
                let here = sat.is_some_and(|s| {
                    Some(place.room) == s.session.room
                        && Some(place.spot.half) == s.session.half
                        && Some(place.spot.date) == self.instance.date(s.session.date)
                        && (place.starts.from..=place.starts.to).contains(&s.sitting.time.from)
                });
                values.push((place.var, f64::from(u8::from(here))));
                spot = spot.or(here.then_some(place.spot));
            }
            if sat.is_some() && spot.is_none() {
                return None;
            }
            let start = sat.map_or(0, |s| s.sitting.time.from / self.instance.step);
            values.push((task.start, f64::from(start)));
            for (seat, chairs) in task.chairs.iter().enumerate() {
                let held = sat
                    .and_then(|s| Some((s.session.span, s.session.members.iter().find(|m| m.seat_ix == Some(seat))?)));
                let fits = |&(c, _): &&(super::Chair, Var)| {
                    held.is_some_and(|(span, m)| {
                        m.examiner == Some(c.examiner) && Some(c.spot) == spot && c.within.contains(span)
                    })
                };
                let chosen = chairs.iter().find(fits).map(|&(_, v)| v);
                if held.is_some() && chosen.is_none() {
                    return None;
                }
                values.extend(chairs.iter().map(|&(_, v)| (v, f64::from(u8::from(chosen == Some(v))))));
            }
        }
        for (&(t, p, date), &v) in &self.prepares {
            let sat = plan.of_oral(self.tasks[t].oral).next();
            let here = sat.is_some_and(|s| {
                s.sitting.preparation_room == Some(p) && self.instance.date(s.session.date) == Some(date)
            });
            values.push((v, f64::from(u8::from(here))));
        }
        let mut linked: BTreeMap<(usize, usize), f64> = self.next.keys().map(|&pair| (pair, 0.0)).collect();
        for session in &plan.sessions {
            let tasks: Vec<usize> = session.sittings.iter().filter_map(|s| at.get(&s.oral?).copied()).collect();
            for pair in tasks.windows(2) {
                *linked.get_mut(&(pair[0], pair[1]))? = 1.0;
            }
        }
        values.extend(linked.into_iter().map(|(pair, value)| (self.next[&pair], value)));
        Some(values)
    }
}
