//! Between frozen schedules and the state of the search.

use std::collections::BTreeMap;

use smallvec::SmallVec;

use super::*;
use crate::schedule::{Left, Plan, PlanSession, SCHEDULE_FORMAT, Schedule, Session, Sitting};

impl<'m> State<'m> {
    /// Takes over from a frozen schedule all that fits; what breaks a rule is left out.
    pub fn load(&mut self, plan: &Plan) {
        let mut by_date: Vec<&PlanSession> = plan.sessions.iter().collect();
        by_date.sort_by_key(|s| (s.date, s.span));
        for session in by_date {
            self.load_session(session);
        }
        self.forget();
    }

    fn load_session(&mut self, session: &PlanSession) -> Option<()> {
        let model = self.model;
        let (room, half) = (session.room?, session.half?);
        let (centre, date) = (session.centre?, model.instance.date(session.date)?);
        let commission = session.commission?;
        let kind = model.kinds.iter().position(|k| k.commission == commission && k.language == session.raw.language)?
            as KindId;
        let seats = &model.kinds[kind as usize].seats;
        let mut members: SmallVec<[u32; 4]> = seats.iter().map(|_| NONE).collect();
        for member in &session.members {
            let (seat, x) = (member.seat_ix?, member.examiner?);
            let fits = seats[seat].accepts[x.ix()] && !members.contains(&x.0) && self.may_convene(x, centre, date);
            if !fits && seats[seat].required {
                return None;
            }
            members[seat] = if fits { x.0 } else { NONE };
        }
        if seats.iter().zip(&members).any(|(s, &x)| s.required && x == NONE) {
            return None;
        }
        let slot = self.open(kind, room, date, half, members);
        for sitting in &session.sittings {
            let Some(oral) = sitting.oral else { continue };
            let Some(job) = model.jobs_of[model.instance.orals[oral].candidate]
                .iter()
                .copied()
                .find(|&j| model.jobs[j as usize].orals[0] == oral)
            else {
                continue;
            };
            if self.placed[job as usize].parts > 0 {
                continue;
            }
            let orals = &model.jobs[job as usize].orals;
            let mut end = sitting.time.to;
            let mut given: SmallVec<[Option<PrepIx>; 2]> = SmallVec::from_slice(&[sitting.preparation_room]);
            let mut parts = 1;
            while let Some(next) = orals
                .get(parts)
                .and_then(|&o| session.sittings.iter().find(|s| s.oral == Some(o) && s.time.from == end))
            {
                given.push(next.preparation_room);
                end = next.time.to;
                parts += 1;
            }
            for parts in (1..=parts as u8).rev() {
                if let Some(mut placement) = self.placement(job, parts, slot, sitting.time.from) {
                    self.keep_rooms(job, &mut placement, &given);
                    self.place(job, placement);
                    break;
                }
            }
        }
        if self.sessions[slot as usize].jobs.is_empty() {
            self.close(slot);
        }
        Some(())
    }

    /// Prefers the preparation rooms that the schedule gave, where they fit.
    fn keep_rooms(&self, job: JobId, placement: &mut Placement, given: &[Option<PrepIx>]) {
        let spec = &self.model.jobs[job as usize];
        let part = &spec.parts[placement.parts as usize - 1];
        let session = &self.sessions[placement.slot as usize];
        let prepared = spec.orals.iter().zip(given).filter(|(o, _)| self.model.instance.orals[**o].preparation > 0);
        for ((room, preparation), (_, wanted)) in placement.rooms.iter_mut().zip(&part.preparations).zip(prepared) {
            let time = Interval::new(placement.start + preparation.from, placement.start + preparation.to);
            if let Some(wanted) = wanted
                && self.model.instance.preparation_rooms[*wanted].centre == session.centre
                && self.preparation_room_fits(*wanted, spec.candidate, session.date, time)
            {
                *room = *wanted;
            }
        }
    }

    /// The state as a schedule; `reason` says why an oral is unscheduled. Cost and provenance are the
    /// caller's to add.
    pub fn freeze(&self, reason: impl Fn(OralIx) -> String) -> Schedule {
        let instance = self.model.instance;
        let mut slots: Vec<Slot> = self.live.clone();
        slots.retain(|&s| !self.sessions[s as usize].jobs.is_empty());
        slots.sort_by_key(|&s| {
            let session = &self.sessions[s as usize];
            (session.date, session.centre, session.half, session.room, session.span)
        });
        let width = slots.len().to_string().len().max(3);
        let sessions = slots
            .iter()
            .enumerate()
            .map(|(i, &slot)| self.freeze_session(slot, format!("S{:0width$}", i + 1)))
            .collect();
        let name = |o: OralIx, reason: String| Left {
            candidate: instance.candidates[instance.orals[o].candidate].id.clone(),
            exam: instance.exam_of(o).id.clone(),
            reason,
        };
        Schedule {
            format: SCHEDULE_FORMAT.into(),
            instance: instance.name.clone(),
            sessions,
            unscheduled: self.left_out().into_iter().map(|o| name(o, reason(o))).collect(),
            not_heard: instance
                .orals
                .enumerate()
                .filter_map(|(o, oral)| Some(name(o, oral.status.not_heard()?.into())))
                .collect(),
            cost: None,
            bound: None,
            provenance: BTreeMap::new(),
        }
    }

    /// The due orals without a sitting, in the instance's order.
    pub fn left_out(&self) -> Vec<OralIx> {
        let left = |(job, placement): (&Job, &Placement)| job.orals[placement.parts as usize..].to_vec();
        let mut orals: Vec<OralIx> = self.model.jobs.iter().zip(&self.placed).flat_map(left).collect();
        orals.extend(&self.model.never);
        orals.sort();
        orals
    }

    fn freeze_session(&self, slot: Slot, id: String) -> Session {
        let instance = self.model.instance;
        let session = &self.sessions[slot as usize];
        let kind = &self.model.kinds[session.kind as usize];
        let commission = &instance.regulation.commissions[kind.commission];
        let holders = commission.seats.iter().zip(&session.members).filter(|(_, x)| **x != NONE);
        let mut sittings = Vec::new();
        for &j in &session.jobs {
            let placement = &self.placed[j as usize];
            let mut start = placement.start;
            let mut rooms = placement.rooms.iter();
            for &o in &self.model.jobs[j as usize].orals[..placement.parts as usize] {
                let oral = &instance.orals[o];
                let room = (oral.preparation > 0).then(|| rooms.next().expect("a room for each preparation"));
                sittings.push(Sitting {
                    candidate: instance.candidates[oral.candidate].id.clone(),
                    exam: instance.exam_of(o).id.clone(),
                    preparation_room: room.map(|&p| instance.preparation_rooms[p].id.clone()),
                    preparation_start: Clock(start - oral.preparation),
                    start: Clock(start),
                    end: Clock(start + oral.duration),
                });
                start += oral.duration;
            }
        }
        Session {
            id,
            commission: commission.id.clone(),
            language: kind.language.clone(),
            centre: instance.centres[session.centre].id.clone(),
            room: instance.rooms[session.room].id.clone(),
            date: instance.dates[session.date],
            members: holders.map(|(s, &x)| (s.id.clone(), instance.examiners[ExaminerIx(x)].id.clone())).collect(),
            sittings,
        }
    }
}
