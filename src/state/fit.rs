//! What fits: may this job be heard by that session at that hour, may this person take that seat, when is a
//! set of people and a room free together. Each answer says yes exactly where no hard rule would break.

use smallvec::SmallVec;

use super::cost::Block;
use super::*;

/// A stretch of a date in which a room and people are free for a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// A first start may be from here.
    pub from: Minutes,
    /// A last end may be to here …
    pub to: Minutes,
    /// … and its turnaround to here (the next session's start).
    pub next: Minutes,
}

impl Stretch {
    fn within(self, other: Stretch) -> Option<Stretch> {
        let s = Stretch { from: self.from.max(other.from), to: self.to.min(other.to), next: self.next.min(other.next) };
        (s.from < s.to.min(s.next)).then_some(s)
    }

    /// The latest start of a job of that length and turnaround.
    pub fn latest(&self, part: &Part) -> Minutes {
        (self.to - part.length).min(self.next - part.length - part.turnaround)
    }
}

/// Stretches in order of time.
pub type Stretches = SmallVec<[Stretch; 4]>;

const FOREVER: Minutes = Minutes::MAX / 2;

impl<'m> State<'m> {
    /// What does not depend on the hour: may the session's kind, cell, room and members hear the job?
    pub fn suits(&self, job: JobId, parts: u8, slot: Slot) -> bool {
        let session = &self.sessions[slot as usize];
        let spec = &self.model.jobs[job as usize];
        session.kind == spec.kind
            && self.cell_suits(job, parts, session.centre, session.date)
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

    /// Whether an examiner can hear so much more on a date.
    pub fn load_allows(&self, x: ExaminerIx, d: DateIx, minutes: Minutes, sittings: i64) -> bool {
        let policy = &self.model.instance.policy;
        let (mut total, mut count) = (minutes, sittings);
        for &s in self.of_examiner(x, d) {
            total += self.sessions[s as usize].minutes;
            count += self.sessions[s as usize].sittings;
        }
        total <= policy.examiner_minutes_a_day as Minutes
            && policy.examiner_sittings_a_day.is_none_or(|limit| count <= i64::from(limit))
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

    /// When a session with jobs may grow to: around its present span.
    pub fn window(&self, slot: Slot) -> Stretch {
        let session = &self.sessions[slot as usize];
        let half = self.model.instance.half_days[session.half];
        let mut w = Stretch { from: half.from, to: half.to, next: FOREVER };
        let briefing = self.model.instance.policy.briefing as Minutes;
        let around = |w: &mut Stretch, others: &[Slot]| {
            for &o in others.iter().filter(|&&o| o != slot) {
                let other = &self.sessions[o as usize];
                if other.jobs.is_empty() {
                    continue;
                }
                if other.span.from >= session.span.to {
                    w.next = w.next.min(other.span.from);
                } else {
                    w.from = w.from.max(other.span.to + other.turnaround);
                }
            }
        };
        around(&mut w, self.in_room(session.room, session.date));
        let presence = Interval::new(session.span.from - briefing, session.span.to);
        for &x in session.members.iter().filter(|&&x| x != NONE) {
            around(&mut w, self.of_examiner(ExaminerIx(x), session.date));
            let free = &self.model.free[self.model.xd(ExaminerIx(x), session.date)];
            // Of several stretches around the span (overlapping availabilities), the longest serves best.
            if let Some(stretch) = free.iter().filter(|f| f.contains(presence)).max_by_key(|f| f.minutes()) {
                w.from = w.from.max(stretch.from + briefing);
                w.to = w.to.min(stretch.to);
            }
        }
        w
    }

    /// When an examiner is free for a session (`but` not counted) on a date.
    pub fn person_free(&self, x: ExaminerIx, d: DateIx, but: Slot) -> Stretches {
        let briefing = self.model.instance.policy.briefing as Minutes;
        let free = self.model.free[self.model.xd(x, d)].iter();
        let mut stretches: Stretches =
            free.map(|f| Stretch { from: f.from + briefing, to: f.to, next: FOREVER }).collect();
        self.cut(&mut stretches, self.of_examiner(x, d), but);
        stretches
    }

    /// When a room is free for a session (`but` not counted) in a half-day of a date.
    pub fn room_free(&self, room: RoomIx, d: DateIx, half: usize, but: Slot) -> Stretches {
        let half = self.model.instance.half_days[half];
        let mut stretches = Stretches::from_slice(&[Stretch { from: half.from, to: half.to, next: FOREVER }]);
        self.cut(&mut stretches, self.in_room(room, d), but);
        stretches
    }

    fn cut(&self, stretches: &mut Stretches, sessions: &[Slot], but: Slot) {
        for &s in sessions.iter().filter(|&&s| s != but) {
            let session = &self.sessions[s as usize];
            if session.jobs.is_empty() {
                continue;
            }
            let before = Stretch { from: -FOREVER, to: session.span.from, next: session.span.from };
            let after = Stretch { from: session.span.to + session.turnaround, to: FOREVER, next: FOREVER };
            let parts = stretches.iter().flat_map(|s| [s.within(before), s.within(after)]).flatten().collect();
            *stretches = parts;
        }
    }

    /// The stretches common to both.
    pub fn common(a: &[Stretch], b: &[Stretch]) -> Stretches {
        a.iter().flat_map(|s| b.iter().filter_map(|o| s.within(*o))).collect()
    }

    /// When a session without jobs may sit.
    pub fn stretches(&self, slot: Slot) -> Stretches {
        let session = &self.sessions[slot as usize];
        let mut stretches = self.room_free(session.room, session.date, session.half, slot);
        for &x in session.members.iter().filter(|&&x| x != NONE) {
            stretches = Self::common(&stretches, &self.person_free(ExaminerIx(x), session.date, slot));
        }
        stretches
    }

    /// The gaps of a session in which a job may start: ranges of the first start, ends included.
    pub fn gaps(&self, slot: Slot, part: &Part) -> SmallVec<[(Minutes, Minutes); 8]> {
        let session = &self.sessions[slot as usize];
        let mut gaps = SmallVec::new();
        let mut add = |from: Minutes, to: Minutes| {
            let step = self.model.instance.step;
            let (from, to) = (time::round_up(from, step), to.div_euclid(step) * step);
            if from <= to {
                gaps.push((from, to));
            }
        };
        if session.jobs.is_empty() {
            for s in self.stretches(slot) {
                add(s.from, s.latest(part));
            }
            return gaps;
        }
        let window = self.window(slot);
        let mut from = window.from;
        for &j in &session.jobs {
            let start = self.placed[j as usize].start;
            add(from, start - part.length - part.turnaround);
            let own = self.part_of(j);
            from = start + own.length + own.turnaround;
        }
        add(from, window.latest(part));
        gaps
    }

    /// Whether the candidate is free for a block then, and the centre open; `others` are the blocks of the
    /// candidate's other jobs.
    pub fn candidate_free(&self, c: CandidateIx, block: &Block, half: usize, others: &[(Block, usize)]) -> bool {
        let open = self.model.open[self.model.zd(block.centre, block.date)];
        open.is_some_and(|open| open.contains(block.time))
            && !self.model.busy[self.model.cd(c, block.date)].iter().any(|b| b.meets(block.time))
            && others.iter().filter(|(o, _)| o.date == block.date).all(|(o, h)| {
                let gap = self.gap(c, *h != half);
                o.time.to + gap <= block.time.from || block.time.to + gap <= o.time.from
            })
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

    /// Whether the room is not withdrawn while the job is heard.
    pub fn room_usable(&self, room: RoomIx, d: DateIx, time: Interval) -> bool {
        !self.model.room_taken[self.model.rd(room.ix(), d)].iter().any(|u| u.meets(time))
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

    pub(super) fn preparation_room_fits(&self, p: PrepIx, c: CandidateIx, d: DateIx, time: Interval) -> bool {
        let room = &self.model.instance.preparation_rooms[p];
        if (self.model.instance.candidates[c].needs_accessible && !room.accessible)
            || self.model.preparation_taken[self.model.rd(p.ix(), d)].iter().any(|u| u.meets(time))
        {
            return false;
        }
        let needed = self.seats_taken(p, c);
        let row = self.model.rd(p.ix(), d) * self.model.slots;
        let step = self.model.instance.step;
        let times = row + (time.from / step) as usize..row + (time.to / step) as usize;
        needed > 0 && self.preparing[times].iter().all(|&n| u32::from(n) + needed <= room.seats)
    }

    /// Whether a job can be heard there then, whatever else is so: the placement, if it can.
    pub fn placement(&self, job: JobId, parts: u8, slot: Slot, start: Minutes) -> Option<Placement> {
        let spec = &self.model.jobs[job as usize];
        let part = &spec.parts[parts as usize - 1];
        if !self.suits(job, parts, slot) || !self.gaps(slot, part).iter().any(|g| g.0 <= start && start <= g.1) {
            return None;
        }
        self.placement_at(job, parts, slot, start, &self.other_blocks(spec.candidate, job))
    }

    /// The part of [`State::placement`] that the hour decides, once the session suits and the gap is found.
    pub fn placement_at(
        &self,
        job: JobId,
        parts: u8,
        slot: Slot,
        start: Minutes,
        others: &[(Block, usize)],
    ) -> Option<Placement> {
        let session = &self.sessions[slot as usize];
        let spec = &self.model.jobs[job as usize];
        let part = &spec.parts[parts as usize - 1];
        let block = self.block_at(job, parts, session.date, session.centre, start);
        let pinned = spec.pin.as_ref().and_then(|p| p.start);
        if pinned.is_some_and(|p| p != start)
            || start % self.model.instance.step != 0
            || !self.candidate_free(spec.candidate, &block, session.half, others)
            || !self.room_usable(session.room, session.date, Interval::new(start, start + part.length))
        {
            return None;
        }
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
                examiner.centres.as_ref().is_none_or(|own| own.contains(&z))
                    && examiner.max_days.is_none_or(|limit| self.days_of(x) < limit)
            }
        }
    }

    /// Whether an examiner may take a seat of a session in place of its holder.
    pub fn may_sit(&self, x: ExaminerIx, slot: Slot, seat: usize) -> bool {
        let session = &self.sessions[slot as usize];
        if !self.model.kinds[session.kind as usize].seats[seat].accepts[x.ix()]
            || session.members.contains(&x.0)
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
        session.jobs.is_empty() || self.free_for(x, session.date, session.span, session.turnaround)
    }

    /// Whether an examiner is free for a session with that span.
    pub fn free_for(&self, x: ExaminerIx, d: DateIx, span: Interval, turnaround: Minutes) -> bool {
        self.person_free(x, d, NONE)
            .iter()
            .any(|s| s.from <= span.from && span.to <= s.to && span.to + turnaround <= s.next)
    }

    /// Whether a session with jobs can move to another room.
    pub fn room_serves(&self, room: RoomIx, slot: Slot) -> bool {
        let session = &self.sessions[slot as usize];
        let fits = |&j: &JobId| {
            let spec = &self.model.jobs[j as usize];
            let start = self.placed[j as usize].start;
            let time = Interval::new(start, start + self.part_of(j).length);
            let pinned = spec.pin.as_ref().and_then(|p| p.room.as_ref());
            self.model.room_fits[spec.need as usize][room.ix()]
                && pinned.is_none_or(|r| *r == self.model.instance.rooms[room].id)
                && self.room_usable(room, session.date, time)
        };
        let (span, turnaround) = (session.span, session.turnaround);
        session.jobs.iter().all(fits)
            && self
                .room_free(room, session.date, session.half, slot)
                .iter()
                .any(|s| s.from <= span.from && span.to <= s.to && span.to + turnaround <= s.next)
    }
}
