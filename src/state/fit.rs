//! What fits: may this job be heard by that session at that hour, may this person take that seat, when is a
//! set of people and a room free together. Each answer says yes exactly where no hard rule would break: which starts a thing
//! leaves is said by the rules (`rules`), here the things are shown to them.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::cost::Block;
use super::*;
use crate::hours::*;
use crate::parts::{ExaminerDates, ExaminerLoad};
use crate::rules::{Hours as _, Limited as _, examiner_pause};
use crate::starts::Starts;

impl<'m> State<'m> {
    /// What does not depend on the hour: may the session's kind, cell, room and members hear the job?
    pub fn suits(&self, job: JobId, parts: u8, slot: Slot) -> bool {
        let session = &self.sessions[slot as usize];
        self.cell_suits(job, parts, session.centre, session.date) && self.suits_there(job, parts, slot)
    }

    /// The same, once the cell is known to suit.
    pub fn suits_there(&self, job: JobId, parts: u8, slot: Slot) -> bool {
        let session = &self.sessions[slot as usize];
        let spec = &self.model.jobs[job as usize];
        session.kind == spec.kind
            && self.model.room_fits[spec.need as usize][session.room.ix()]
            && self.members_suit(job, parts, slot)
            && self.pin_allows(job, slot)
    }

    /// Whether the candidate may be heard in that cell: the centre, the date, the orals of the date.
    pub fn cell_suits(&self, job: JobId, parts: u8, z: CentreIx, d: DateIx) -> bool {
        let spec = &self.model.jobs[job as usize];
        if !spec.dates[d.ix()] || !spec.centres.contains(&z) || self.model.open[self.model.zd(z, d)].is_none() {
            return false;
        }
        let later = &spec.orals[1..parts as usize];
        let exam = |o: &OralIx| self.model.instance.orals[*o].exam;
        if !later.iter().all(|o| self.model.exam_on[exam(o)][d.ix()] && self.model.exam_at[exam(o)][z.ix()]) {
            return false;
        }
        let mut counted = u32::from(spec.counted);
        for &other in self.model.jobs_of[spec.candidate].iter().filter(|&&j| j != job) {
            let placement = &self.placed[other as usize];
            if placement.parts > 0 {
                let session = &self.sessions[placement.slot as usize];
                if session.date == d {
                    if session.centre != z {
                        return false;
                    }
                    counted += u32::from(self.model.jobs[other as usize].counted);
                }
            }
        }
        counted <= self.model.instance.policy.orals_a_day || !spec.counted
    }

    fn members_suit(&self, job: JobId, parts: u8, slot: Slot) -> bool {
        let session = &self.sessions[slot as usize];
        let spec = &self.model.jobs[job as usize];
        let part = &spec.parts[parts as usize - 1];
        let partial = &self.model.partial[spec.candidate.ix()];
        session.members.iter().filter(|&&x| x != NONE).all(|&x| {
            !partial[x as usize] && self.load_allows(ExaminerIx(x), session.date, part.length, i64::from(parts))
        })
    }

    /// Whether an examiner can hear so much more on a date, and on all dates together.
    pub fn load_allows(&self, x: ExaminerIx, d: DateIx, minutes: Minutes, sittings: i64) -> bool {
        let now = self.dates_of(x);
        self.day_allows(x, d, minutes, sittings)
            && ExaminerDates { sittings: now.sittings + sittings, ..now }.allowed(self.model.instance)
    }

    /// Whether an examiner can hear so much more on a date, whatever they hear on others.
    pub fn day_allows(&self, x: ExaminerIx, d: DateIx, minutes: Minutes, sittings: i64) -> bool {
        let mut load = ExaminerLoad { examiner: x, minutes, sittings };
        for &s in self.of_examiner(x, d) {
            load.minutes += self.sessions[s as usize].minutes;
            load.sittings += self.sessions[s as usize].sittings;
        }
        load.allowed(self.model.instance)
    }

    fn pin_allows(&self, job: JobId, slot: Slot) -> bool {
        let Some(pin) = &self.model.jobs[job as usize].pin else { return true };
        let session = &self.sessions[slot as usize];
        !pin.contradictory
            && pin.date.is_none_or(|d| d == session.date)
            && pin.centre.is_none_or(|z| z == session.centre)
            && pin.room.as_ref().is_none_or(|r| *r == self.model.instance.rooms[session.room].id)
            && pin.examiners.iter().all(|x| session.members.contains(&x.0))
    }

    /// A job that asks for a start, alone or in a session that hears others.
    pub fn ask(&self, part: &Part, joins: Option<Slot>) -> Ask<'m> {
        let joins = joins.map(|s| &self.sessions[s as usize]).filter(|s| !s.jobs.is_empty()).map(|s| s.span);
        let Part { length, turnaround, before, .. } = *part;
        Ask { instance: self.model.instance, length, turnaround, before, joins }
    }

    /// A session's own hours.
    pub fn own_hours(&self, slot: Slot) -> OwnHours<'_> {
        let session = &self.sessions[slot as usize];
        OwnHours { half: self.model.instance.half_days[session.half], sittings: &session.sittings_heard }
    }

    /// An exam room's date, a session (`but`) not counted.
    #[inline]
    pub fn room_hours(&self, room: RoomIx, d: DateIx, but: Slot) -> RoomHours<'_> {
        let others = Others { spells: &self.spells, here: self.in_room(room, d), but };
        RoomHours { others, ..self.model.room_hours(room, d) }
    }

    /// An examiner's date, as a session of that half-day (`but`, if it is there already) sees it.
    #[inline]
    pub fn examiner_hours(&self, x: ExaminerIx, d: DateIx, half: usize, but: Slot) -> ExaminerHours<'_> {
        let others = Others { spells: &self.spells, here: self.of_examiner(x, d), but };
        let heard =
            if self.model.instance.policy.pause_after.is_some() { self.heard(x, d, half) } else { SmallVec::new() };
        ExaminerHours { others, heard, ..self.model.examiner_hours(x, d) }
    }

    /// What an examiner hears in a half-day, in order of time.
    pub(super) fn heard(&self, x: ExaminerIx, d: DateIx, half: usize) -> SmallVec<[Interval; 8]> {
        let own = self.of_examiner(x, d).iter().filter(|&&s| self.sessions[s as usize].half == half);
        let mut heard: SmallVec<[Interval; 8]> = own.flat_map(|&s| self.times(s)).collect();
        heard.sort_unstable();
        heard
    }

    /// The same, each sitting by itself with its job.
    pub(super) fn heard_one_by_one(&self, x: ExaminerIx, d: DateIx, half: usize) -> SmallVec<[(Interval, JobId); 8]> {
        let own = self.of_examiner(x, d).iter().filter(|&&s| self.sessions[s as usize].half == half);
        let jobs = own.flat_map(|&s| &self.sessions[s as usize].jobs);
        jobs.flat_map(|&j| self.sittings(j, self.placed[j as usize].parts, self.placed[j as usize].start)).collect()
    }

    /// The sittings of a job that starts then.
    pub(super) fn sittings(&self, job: JobId, parts: u8, start: Minutes) -> impl Iterator<Item = (Interval, JobId)> {
        let orals = &self.model.jobs[job as usize].orals[..parts as usize];
        let each = orals.iter().scan(start, |from, &o| {
            let time = Interval::new(*from, *from + self.model.instance.orals[o].duration);
            *from = time.to;
            Some((time, job))
        });
        each.collect::<SmallVec<[(Interval, JobId); 2]>>().into_iter()
    }

    /// The sittings of a session, each with those that follow it.
    fn times(&self, slot: Slot) -> impl Iterator<Item = Interval> {
        self.sessions[slot as usize].jobs.iter().map(|&j| {
            let start = self.placed[j as usize].start;
            Interval::new(start, start + self.part_of(j).length)
        })
    }

    /// The date of a job's candidate at a centre, in one of its half-days; nothing where the centre is closed. `others` are
    /// the blocks of the candidate's other jobs.
    pub fn candidate_hours(
        &self,
        job: JobId,
        parts: u8,
        (z, d, half): (CentreIx, DateIx, usize),
        others: &[(Block, usize)],
    ) -> Option<CandidateHours<'m>> {
        let others = others.iter().filter(|(b, _)| b.date == d).map(|(b, h)| (b.time, *h != half)).collect();
        Some(CandidateHours { others, ..self.model.candidate_hours(job, parts, z, d)? })
    }

    /// A preparation room's date, for a preparation of a candidate.
    pub(super) fn preparation_hours(
        &self,
        p: PrepIx,
        c: CandidateIx,
        d: DateIx,
        preparation: Interval,
    ) -> PreparationHours<'_> {
        let row = self.model.rd(p.ix(), d);
        let bits = if self.model.instance.candidates[c].prepares_alone { &self.prepared_in } else { &self.full };
        let words = self.model.slots.div_ceil(64);
        PreparationHours {
            preparation,
            unavailable: &self.model.preparation_taken[row],
            full: &bits[row * words..(row + 1) * words],
        }
    }

    /// The starts that a session's room, members and sittings leave to a job. What they leave is kept until one of them
    /// changes: a search asks the same of a session for many jobs.
    pub fn left_by_session(&self, slot: Slot, part: &Part) -> Cow<'_, Starts> {
        let key = (part.length, part.turnaround);
        for place in &self.kept[slot as usize] {
            let (of, left) = place.get_or_init(|| (key, self.session_starts(slot, part)));
            if *of == key {
                return Cow::Borrowed(left);
            }
        }
        Cow::Owned(self.session_starts(slot, part))
    }

    fn session_starts(&self, slot: Slot, part: &Part) -> Starts {
        let session = &self.sessions[slot as usize];
        let ask = self.ask(part, Some(slot));
        let mut starts = self.model.hours[session.half].clone();
        self.own_hours(slot).shut(&ask, &mut starts);
        self.room_hours(session.room, session.date, slot).shut(&ask, &mut starts);
        for &x in session.members.iter().filter(|&&x| x != NONE) {
            self.examiner_hours(ExaminerIx(x), session.date, session.half, slot).shut(&ask, &mut starts);
        }
        starts
    }

    /// The starts that a room, or any of several, leaves to a job alone in a session of its own.
    pub fn rooms_starts(&self, rooms: impl Iterator<Item = RoomIx>, d: DateIx, ask: &Ask, within: &Starts) -> Starts {
        let mut all = within.none();
        for room in rooms {
            let mut starts = within.clone();
            self.room_hours(room, d, NONE).shut(ask, &mut starts);
            all.add(&starts);
            if within.within(&all) {
                break;
            }
        }
        all
    }

    /// The starts that the candidate, the centre and its preparation rooms leave to a job.
    pub fn candidate_starts(
        &self,
        job: JobId,
        parts: u8,
        cell: (CentreIx, DateIx, usize),
        others: &[(Block, usize)],
    ) -> Starts {
        let model: &'m Model<'m> = self.model;
        let spec = &model.jobs[job as usize];
        let part = &spec.parts[parts as usize - 1];
        let ask = self.ask(part, None);
        let mut starts = model.hours[cell.2].clone();
        let Some(day) = self.candidate_hours(job, parts, cell, others) else { return starts.none() };
        day.shut(&ask, &mut starts);
        for &preparation in &part.preparations {
            if starts.is_empty() {
                break;
            }
            let mut any = starts.none();
            for &p in &model.preparation_order[cell.0.ix()] {
                if !self.may_prepare(p, spec.candidate) {
                    continue;
                }
                let mut here = starts.clone();
                self.preparation_hours(p, spec.candidate, cell.1, preparation).shut(&ask, &mut here);
                any.add(&here);
                if starts.within(&any) {
                    break;
                }
            }
            starts = any;
        }
        starts
    }

    /// The starts that a session and all that the job needs leave.
    pub fn starts(&self, job: JobId, parts: u8, slot: Slot) -> Starts {
        let session = &self.sessions[slot as usize];
        let spec = &self.model.jobs[job as usize];
        let others = self.other_blocks(spec.candidate, job);
        let mut starts = self.candidate_starts(job, parts, (session.centre, session.date, session.half), &others);
        starts.keep(&self.left_by_session(slot, &spec.parts[parts as usize - 1]));
        starts
    }

    /// Minutes due between two blocks of a candidate.
    pub fn gap(&self, c: CandidateIx, across: bool) -> Minutes {
        let (within, lunch) = self.model.gaps[c.ix()];
        if across { lunch } else { within }
    }

    /// The blocks of a candidate's jobs but one, each with its half-day.
    pub fn other_blocks(&self, c: CandidateIx, but: JobId) -> SmallVec<[(Block, usize); 6]> {
        let placed = self.model.jobs_of[c].iter().filter(|&&j| j != but && self.placed[j as usize].parts > 0);
        placed
            .map(|&j| {
                let placement = &self.placed[j as usize];
                (self.block(j, placement), self.sessions[placement.slot as usize].half)
            })
            .collect()
    }

    /// A preparation room of the centre for each preparation of a job that starts then; none if one has no
    /// place.
    pub fn preparation_rooms(
        &self,
        job: JobId,
        parts: u8,
        z: CentreIx,
        d: DateIx,
        start: Minutes,
    ) -> Option<SmallVec<[PrepIx; 2]>> {
        let spec = &self.model.jobs[job as usize];
        let mut rooms: SmallVec<[PrepIx; 2]> = SmallVec::new();
        for preparation in &spec.parts[parts as usize - 1].preparations {
            let time = Interval::new(start + preparation.from, start + preparation.to);
            let mut choices = self.model.preparation_order[z.ix()].iter().copied();
            rooms.push(choices.find(|&p| self.preparation_room_fits(p, spec.candidate, d, time))?);
        }
        Some(rooms)
    }

    fn may_prepare(&self, p: PrepIx, c: CandidateIx) -> bool {
        let room = &self.model.instance.preparation_rooms[p];
        room.seats > 0 && (room.accessible || !self.model.instance.candidates[c].needs_accessible)
    }

    pub(super) fn preparation_room_fits(&self, p: PrepIx, c: CandidateIx, d: DateIx, time: Interval) -> bool {
        let row = self.model.rd(p.ix(), d);
        if !self.may_prepare(p, c) || self.model.preparation_taken[row].iter().any(|u| u.meets(time)) {
            return false;
        }
        let needed = self.seats_taken(p, c);
        let step = self.model.instance.step;
        let row = row * self.model.slots;
        let times = row + (time.from / step) as usize..row + (time.to / step) as usize;
        let seats = self.model.instance.preparation_rooms[p].seats;
        needed > 0 && self.preparing[times].iter().all(|&n| u32::from(n) + needed <= seats)
    }

    /// Whether a job can be heard there then, whatever else is so: the placement, if it can.
    pub fn placement(&self, job: JobId, parts: u8, slot: Slot, start: Minutes) -> Option<Placement> {
        if !self.suits(job, parts, slot) || !self.starts(job, parts, slot).contains(start) {
            return None;
        }
        self.placement_at(job, parts, slot, start)
    }

    /// The placement at a start that [`State::starts`] has, once the session suits.
    pub fn placement_at(&self, job: JobId, parts: u8, slot: Slot, start: Minutes) -> Option<Placement> {
        let session = &self.sessions[slot as usize];
        let rooms = self.preparation_rooms(job, parts, session.centre, session.date, start)?;
        Some(Placement { slot, start, parts, rooms })
    }

    /// Whether an examiner may be convened at a centre on a date at all: one of theirs, no other centre that
    /// date, days left.
    pub fn may_convene(&self, x: ExaminerIx, z: CentreIx, d: DateIx) -> bool {
        let examiner = &self.model.instance.examiners[x];
        if examiner.reserve && self.model.baseline.is_none() {
            return false;
        }
        match self.of_examiner(x, d).first() {
            Some(&s) => self.sessions[s as usize].centre == z,
            None => {
                let now = self.dates_of(x);
                examiner.centres.as_ref().is_none_or(|own| own.contains(&z))
                    && ExaminerDates { days: now.days + 1, ..now }.allowed(self.model.instance)
            }
        }
    }

    /// Whether an examiner may take a seat of a session in place of its holder.
    pub fn may_sit(&self, x: ExaminerIx, slot: Slot, seat: usize) -> bool {
        let session = &self.sessions[slot as usize];
        if !self.model.kinds[session.kind as usize].seats[seat].accepts[x.ix()]
            || session.members.contains(&x.0)
            || self.seat_given(slot, seat)
            || !self.may_convene(x, session.centre, session.date)
            || session.jobs.iter().any(|&j| self.model.partial[self.model.jobs[j as usize].candidate.ix()][x.ix()])
            || !self.load_allows(x, session.date, session.minutes, session.sittings)
        {
            return false;
        }
        let replaced = session.members[seat];
        if replaced != NONE {
            let pinned = |&j: &JobId| {
                let pin = &self.model.jobs[j as usize].pin;
                pin.as_ref().is_some_and(|p| p.examiners.iter().any(|p| p.0 == replaced))
            };
            if session.jobs.iter().any(pinned) {
                return false;
            }
        }
        session.jobs.is_empty()
            || (self.free_for(x, session.date, session.span, session.turnaround) && self.rests_with(x, slot))
    }

    /// Whether an examiner has their pauses if they hear a session too.
    pub fn rests_with(&self, x: ExaminerIx, slot: Slot) -> bool {
        if self.model.instance.policy.pause_after.is_none() {
            return true;
        }
        let session = &self.sessions[slot as usize];
        let mut heard = self.heard(x, session.date, session.half);
        if !session.members.contains(&x.0) {
            heard.extend(self.times(slot));
            heard.sort_unstable();
        }
        examiner_pause::rested(self.model.instance, &heard)
    }

    /// Whether a session may be opened like this: as that given session, if nobody is heard there yet, or as one of its own, if
    /// its kind may sit so.
    pub fn may_open(
        &self,
        kind: KindId,
        room: RoomIx,
        (date, half, given): (DateIx, usize, Option<GivenIx>),
        members: &[u32],
    ) -> bool {
        let Some(g) = given else { return !self.model.given_only[kind as usize] };
        let centre = self.model.instance.rooms[room].centre;
        self.given_slots[g] == NONE
            && self.model.given[g].as_ref().is_some_and(|own| {
                (own.kind, own.centre, own.date, own.half) == (kind, centre, date, half)
                    && own.room.is_none_or(|r| r == room)
                    && own.members.iter().zip(members).all(|(&named, &x)| named == NONE || named == x)
            })
    }

    /// A session with these people in that room: a new one of its own where its kind may sit so, else the given one, open
    /// already or not. None where there is no such given session.
    pub fn session_like(
        &mut self,
        kind: KindId,
        room: RoomIx,
        (date, half): (DateIx, usize),
        members: &SmallVec<[u32; 4]>,
    ) -> Option<Slot> {
        if !self.model.given_only[kind as usize] {
            return Some(self.open(kind, room, (date, half, None), members.clone()));
        }
        let cell = self.model.zd(self.model.instance.rooms[room].centre, date);
        let model: &'m Model<'m> = self.model;
        let mut own = model.given_in[cell * model.kinds.len() + kind as usize].iter();
        own.find_map(|&g| self.given_like(g, room, (date, half), members))
    }

    /// A given session with these people in that room, open already or not; none where it is another one, or heard otherwise.
    pub fn given_like(
        &mut self,
        g: GivenIx,
        room: RoomIx,
        (date, half): (DateIx, usize),
        members: &SmallVec<[u32; 4]>,
    ) -> Option<Slot> {
        let slot = self.given_slots[g];
        if slot != NONE {
            let session = &self.sessions[slot as usize];
            let like = (session.date, session.half, session.room) == (date, half, room) && session.members == *members;
            return like.then_some(slot);
        }
        let kind = self.model.given[g].as_ref()?.kind;
        let may = self.may_open(kind, room, (date, half, Some(g)), members);
        may.then(|| self.open(kind, room, (date, half, Some(g)), members.clone()))
    }

    /// The given sessions of a kind in a half-day of a centre that a room may serve.
    pub fn given_at(
        &self,
        kind: KindId,
        room: RoomIx,
        (date, half): (DateIx, usize),
    ) -> impl Iterator<Item = (GivenIx, &'m Given)> + use<'m> {
        let model: &'m Model<'m> = self.model;
        let cell = model.zd(model.instance.rooms[room].centre, date);
        let all = model.given_in[cell * model.kinds.len() + kind as usize].iter();
        all.filter_map(|&g| Some((g, model.given[g].as_ref()?)))
            .filter(move |(_, own)| own.half == half && own.room.is_none_or(|r| r == room))
    }

    /// Whether the office has said who holds a seat of a session.
    pub fn seat_given(&self, slot: Slot, seat: usize) -> bool {
        self.given_of(slot).is_some_and(|g| g.members[seat] != NONE)
    }

    /// The given session that a session is.
    pub fn given_of(&self, slot: Slot) -> Option<&'m Given> {
        let model: &'m Model<'m> = self.model;
        self.sessions[slot as usize].given.and_then(|g| model.given[g].as_ref())
    }

    /// Whether an examiner is free for a session with that span.
    pub fn free_for(&self, x: ExaminerIx, d: DateIx, span: Interval, turnaround: Minutes) -> bool {
        let others = Others { spells: &self.spells, here: self.of_examiner(x, d), but: NONE };
        let day = ExaminerHours { others, ..self.model.examiner_hours(x, d) };
        !day.shuts(&self.whole(span, turnaround), span.from)
    }

    /// A session as a whole that asks for its hours.
    pub(super) fn whole(&self, span: Interval, turnaround: Minutes) -> Ask<'m> {
        Ask { instance: self.model.instance, length: span.minutes(), turnaround, before: 0, joins: None }
    }

    /// Whether a session with jobs can move to another room.
    pub fn room_serves(&self, room: RoomIx, slot: Slot) -> bool {
        let session = &self.sessions[slot as usize];
        let day = self.room_hours(room, session.date, slot);
        let fits = |&j: &JobId| {
            let spec = &self.model.jobs[j as usize];
            let start = self.placed[j as usize].start;
            let pinned = spec.pin.as_ref().and_then(|p| p.room.as_ref());
            self.model.room_fits[spec.need as usize][room.ix()]
                && pinned.is_none_or(|r| *r == self.model.instance.rooms[room].id)
                && !day.shuts(&self.ask(self.part_of(j), None), start)
        };
        let others = RoomHours { unavailable: &[], ..day.clone() };
        self.given_of(slot).is_none_or(|g| g.room.is_none_or(|r| r == room))
            && session.jobs.iter().all(fits)
            && !others.shuts(&self.whole(session.span, session.turnaround), session.span.from)
    }
}
