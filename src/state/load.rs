//! Between frozen schedules and the state of the search.

use std::collections::BTreeMap;

use smallvec::SmallVec;

use super::model::SeatModel;
use super::*;
use crate::instance::Status;
use crate::schedule::{Left, Plan, PlanSession, SCHEDULE_FORMAT, Schedule, Session, Sitting};

impl<'m> State<'m> {
    /// Takes over from a frozen schedule all that fits; what breaks a rule is left out.
    pub fn load(&mut self, plan: &Plan) {
        let mut by_date: Vec<&PlanSession> = plan.sessions.iter().collect();
        let frozen = |s: &PlanSession| {
            let jobs = s.sittings.iter().filter_map(|sat| self.job_led_by(sat.oral?));
            jobs.into_iter().any(|j| self.model.frozen[j as usize])
        };
        by_date.sort_by_cached_key(|s| (!frozen(s), s.date, s.span));
        // What is past or under way comes first, then what still holds: a substitute must not be somebody who is expected elsewhere.
        let broken: Vec<&PlanSession> = by_date.into_iter().filter(|s| self.load_session(s, false).is_none()).collect();
        for session in broken {
            self.load_session(session, true);
        }
        self.forget();
    }

    /// Gives unmoved orals back the preparation room that the published schedule names, where it is free.
    pub fn restore_preparation_rooms(&mut self, plan: &Plan) {
        for sat in plan.sittings() {
            let Some((job, wanted)) =
                sat.sitting.oral.and_then(|o| self.job_led_by(o)).zip(sat.sitting.preparation_room)
            else {
                continue;
            };
            let placement = self.placed[job as usize].clone();
            let unmoved = placement.parts > 0
                && placement.start == sat.sitting.time.from
                && self.model.instance.dates[self.sessions[placement.slot as usize].date] == sat.session.date;
            if unmoved && placement.rooms.first() != Some(&wanted) {
                self.unplace(job);
                let mut again = placement;
                self.keep_rooms(job, &mut again, &SmallVec::<[_; 2]>::from_slice(&[Some(wanted)]));
                self.place(job, again);
            }
        }
        self.forget();
    }

    /// Takes over a session; to `mend` it, the best substitute serves where its room or one of its people no longer can.
    fn load_session(&mut self, session: &PlanSession, mend: bool) -> Option<()> {
        let model = self.model;
        let (room, half) = (session.room?, session.half?);
        let (centre, date) = (session.centre?, model.instance.date(session.date)?);
        let commission = session.commission?;
        let kind = model.kinds.iter().position(|k| k.commission == commission && k.language == session.raw.language)?
            as KindId;
        let seats = &model.kinds[kind as usize].seats;
        let mut members: SmallVec<[u32; 4]> = seats.iter().map(|_| NONE).collect();
        for member in &session.members {
            if let (Some(seat), Some(x)) = (member.seat_ix, member.examiner)
                && seats[seat].accepts[x.ix()]
                && !members.contains(&x.0)
                && self.may_convene(x, centre, date)
            {
                members[seat] = x.0;
            }
        }
        let due = |o: OralIx| model.instance.orals[o].status == Status::Due;
        let all: usize = session.sittings.iter().filter(|s| s.oral.is_some_and(due)).count();
        let mark = self.mark();
        let whole = seats.iter().zip(&members).all(|(s, &x)| !s.required || x != NONE);
        if whole && self.take_over(session, kind, room, date, half, &members) == all {
            return Some(());
        }
        self.undo(mark);
        if !mend {
            return None;
        }
        self.mend(session, kind, (room, centre, date, half), members)
    }

    /// Tries the session in each room with each substitute for one member after the other, and keeps the best.
    fn mend(
        &mut self,
        session: &PlanSession,
        kind: KindId,
        (room, centre, date, half): (RoomIx, CentreIx, DateIx, usize),
        mut members: SmallVec<[u32; 4]>,
    ) -> Option<()> {
        let seats = &self.model.kinds[kind as usize].seats;
        let others = self.model.instance.centres[centre].rooms.iter().copied().filter(|&r| r != room);
        let rooms: Vec<RoomIx> = std::iter::once(room).chain(others).collect();
        let try_with = |state: &mut Self, room: RoomIx, members: &SmallVec<[u32; 4]>| -> (usize, i64) {
            let mark = state.mark();
            let placed = state.take_over(session, kind, room, date, half, members);
            let value = state.value();
            state.undo(mark);
            (placed, value)
        };
        // Seat by seat: who left is replaced by whom the session hears most with, at the least cost.
        let gone: Vec<usize> = (0..seats.len()).filter(|&s| self.may_fill(session, seats, s, &members)).collect();
        for seat in gone {
            let mut best: Option<((usize, i64), u32)> = None;
            let empty = (!seats[seat].required).then_some(NONE);
            let free = seats[seat].holders.iter().filter(|x| !members.contains(&x.0)).map(|x| x.0).chain(empty);
            for x in free.collect::<Vec<_>>() {
                if x != NONE && !self.may_convene(ExaminerIx(x), centre, date) {
                    continue;
                }
                let mut with = members.clone();
                with[seat] = x;
                let (placed, value) = try_with(self, room, &with);
                let score = (usize::MAX - placed, value);
                if placed > 0 && best.is_none_or(|b| score < b.0) {
                    best = Some((score, x));
                }
            }
            members[seat] = best?.1;
        }
        // The room it had comes first and wins a tie.
        let mut best: Option<((usize, i64), RoomIx)> = None;
        for room in rooms {
            let (placed, value) = try_with(self, room, &members);
            let score = (usize::MAX - placed, value);
            if placed > 0 && best.is_none_or(|b| score < b.0) {
                best = Some((score, room));
            }
        }
        self.take_over(session, kind, best?.1, date, half, &members);
        Some(())
    }

    /// Whether a seat was filled, and its holder cannot serve now.
    fn may_fill(&self, session: &PlanSession, seats: &[SeatModel], seat: usize, members: &[u32]) -> bool {
        let held = session.members.iter().any(|m| m.seat_ix == Some(seat));
        if members[seat] == NONE {
            return held || seats[seat].required;
        }
        let (Some(date), x) = (self.model.instance.date(session.date), ExaminerIx(members[seat])) else { return true };
        !self.free_for(x, date, session.span, 0)
    }

    fn job_led_by(&self, oral: OralIx) -> Option<JobId> {
        let own = self.model.jobs_of[self.model.instance.orals[oral].candidate].iter().copied();
        own.into_iter().find(|&j| self.model.jobs[j as usize].orals[0] == oral)
    }

    /// Opens the session in that room with those people and places what fits; how many orals that is.
    fn take_over(
        &mut self,
        session: &PlanSession,
        kind: KindId,
        room: RoomIx,
        date: DateIx,
        half: usize,
        members: &SmallVec<[u32; 4]>,
    ) -> usize {
        let given = session.given.filter(|&g| self.model.given[g].is_some());
        if !self.may_open(kind, room, (date, half, given), members) {
            return 0;
        }
        let slot = self.open(kind, room, (date, half, given), members.clone());
        let mut placed = 0;
        for sitting in &session.sittings {
            let Some(job) = sitting.oral.and_then(|o| self.job_led_by(o)) else { continue };
            if self.placed[job as usize].parts > 0 {
                continue;
            }
            let orals = &self.model.jobs[job as usize].orals;
            let mut end = sitting.time.to;
            let mut rooms: SmallVec<[Option<PrepIx>; 2]> = SmallVec::from_slice(&[sitting.preparation_room]);
            let mut parts = 1;
            while let Some(next) = orals
                .get(parts)
                .and_then(|&o| session.sittings.iter().find(|s| s.oral == Some(o) && s.time.from == end))
            {
                rooms.push(next.preparation_room);
                end = next.time.to;
                parts += 1;
            }
            for parts in (1..=parts as u8).rev() {
                if let Some(mut placement) = self.placement(job, parts, slot, sitting.time.from) {
                    self.keep_rooms(job, &mut placement, &rooms);
                    self.place(job, placement);
                    placed += parts as usize;
                    break;
                }
            }
        }
        if self.sessions[slot as usize].jobs.is_empty() {
            self.close(slot);
        }
        placed
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
            given: session.given.map(|g| instance.given_sessions[g].id.clone()),
            members: holders.map(|(s, &x)| (s.id.clone(), instance.examiners[ExaminerIx(x)].id.clone())).collect(),
            sittings,
        }
    }
}
