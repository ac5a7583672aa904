//! What parts of the state cost: it makes the [parts](crate::parts) that a change touches, and the terms price them.

use smallvec::SmallVec;

use super::*;
use crate::parts::*;
use crate::rules::Part as _;

/// A candidate's block, as the cost sees it.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    /// Its date.
    pub date: DateIx,
    /// Its centre.
    pub centre: CentreIx,
    /// From the first preparation's start to the last end.
    pub time: Interval,
    /// Summed lengths of the orals' blocks.
    pub busy: Minutes,
}

impl State<'_> {
    /// What convening an examiner on a date at a centre costs. The examiner's count of days does not yet, or no longer,
    /// include it.
    pub(crate) fn convening(&self, x: ExaminerIx, d: DateIx, z: CentreIx) -> i64 {
        self.model.convening(self.dates_of(x), d, z)
    }

    /// What is saved by sending home an examiner who is convened.
    pub(crate) fn saved_by_release(&self, x: ExaminerIx, d: DateIx, z: CentreIx) -> i64 {
        let now = self.dates_of(x);
        self.model.convening(ExaminerDates { days: now.days - 1, ..now }, d, z)
    }

    /// What the published schedule costs whatever is scheduled: everybody released.
    pub(super) fn baseline_constant(&self) -> i64 {
        self.model.baseline.as_ref().map_or(0, |b| {
            let released = RepublishedConvocation { was: true, is: false };
            (b.lost + b.convened.len() as i64) * released.cost(self.model.instance)
        })
    }

    /// What each sitting of a session costs for its members.
    pub(super) fn per_sitting(&self, slot: Slot) -> i64 {
        let session = &self.sessions[slot as usize];
        self.member_cost(session.kind, &session.members)
    }

    /// What each sitting costs before these members: empty optional seats and holders not preferred.
    pub(crate) fn member_cost(&self, kind: KindId, members: &[u32]) -> i64 {
        let seats = self.model.kinds[kind as usize].seats.iter().zip(members);
        seats
            .map(|(seat, &x)| {
                let holder = match x {
                    NONE => Holder::Nobody,
                    x => seat.holder(ExaminerIx(x)),
                };
                SeatInSession { required: seat.required, holder, sittings: 1 }.cost(self.model.instance)
            })
            .sum()
    }

    /// The part of the cost that a session's jobs decide: sittings, schools and the idle time of its members.
    pub(super) fn jobs_part(&self, slot: Slot) -> i64 {
        let session = &self.sessions[slot as usize];
        let people = session.members.iter().copied().filter(|&x| x != NONE);
        let idle: i64 = people.map(|x| self.idle(ExaminerIx(x), session.date, session.half)).sum();
        session.sittings * session.per_sitting + self.schools(&self.together(slot)) + idle
    }

    /// The part of the cost that giving a seat from one examiner to another touches.
    pub(super) fn members_part(&self, slot: Slot, people: [u32; 2]) -> i64 {
        let session = &self.sessions[slot as usize];
        let people = people.into_iter().filter(|&x| x != NONE);
        let idle: i64 = people.map(|x| self.idle(ExaminerIx(x), session.date, session.half)).sum();
        session.sittings * session.per_sitting + self.schools_around(slot) + idle
    }

    /// What an examiner's idle time in a half-day costs.
    pub(crate) fn idle(&self, x: ExaminerIx, d: DateIx, half: usize) -> i64 {
        self.half_day(x, d, half).cost(self.model.instance)
    }

    /// What it costs an examiner to hear a job then, each sitting by itself.
    pub(crate) fn hearing(&self, x: ExaminerIx, d: DateIx, job: JobId, parts: u8, start: Minutes) -> i64 {
        let instance = self.model.instance;
        let date = instance.dates[d];
        // Nearly nobody has a wish: nothing is looked at for the others.
        if !self.model.wishes[self.model.xd(x, d)] {
            return 0;
        }
        let mut from = start;
        let orals = &self.model.jobs[job as usize].orals[..parts as usize];
        let each = orals.iter().map(|&o| {
            let time = Interval::new(from, from + instance.orals[o].duration);
            from = time.to;
            SittingHeard { examiner: x, date, time }.cost(instance)
        });
        each.sum()
    }

    /// The same for all jobs of a session.
    pub(super) fn hearing_all(&self, x: ExaminerIx, slot: Slot) -> i64 {
        let session = &self.sessions[slot as usize];
        let each = session.jobs.iter().map(|&j| {
            let placement = &self.placed[j as usize];
            self.hearing(x, session.date, j, placement.parts, placement.start)
        });
        each.sum()
    }

    /// What so many sittings more cost an examiner over all dates.
    pub(crate) fn sittings_more(&self, x: ExaminerIx, more: i64) -> i64 {
        let (now, instance) = (self.dates_of(x), self.model.instance);
        ExaminerDates { sittings: now.sittings + more, ..now }.cost(instance) - now.cost(instance)
    }

    /// An examiner's half-day.
    pub(crate) fn half_day(&self, x: ExaminerIx, d: DateIx, half: usize) -> ExaminerHalfDay {
        let (mut span, mut minutes) = (Interval::new(0, 0), 0);
        for &slot in self.of_examiner(x, d) {
            let session = &self.sessions[slot as usize];
            if session.half == half && !session.jobs.is_empty() {
                span = if minutes == 0 {
                    session.span
                } else {
                    Interval::new(span.from.min(session.span.from), span.to.max(session.span.to))
                };
                minutes += session.minutes;
            }
        }
        ExaminerHalfDay { span, heard: minutes }
    }

    /// The sessions that `same_school` counts together with this one: same kind of commission, members, date
    /// and half-day (this one included).
    fn together(&self, slot: Slot) -> SmallVec<[Slot; 2]> {
        let session = &self.sessions[slot as usize];
        let commission = self.model.kinds[session.kind as usize].commission;
        let all = self.counted_with(commission, &session.members, (session.date, session.half));
        let mut together = SmallVec::from_slice(&[slot]);
        together.extend(all.filter(|&s| s != slot));
        together
    }

    /// The sessions of a kind of commission that have these members in a half-day; none if there is nobody.
    fn counted_with<'s>(
        &'s self,
        commission: CommissionIx,
        members: &'s [u32],
        (d, half): (DateIx, usize),
    ) -> impl Iterator<Item = Slot> + 's {
        let anybody = members.iter().find(|&&x| x != NONE);
        let own = anybody.into_iter().flat_map(move |&x| self.of_examiner(ExaminerIx(x), d).iter().copied());
        own.filter(move |&s| {
            let other = &self.sessions[s as usize];
            other.half == half
                && self.model.kinds[other.kind as usize].commission == commission
                && same_people(&other.members, members)
        })
    }

    /// How many counted sittings of a school these members hear already in a half-day.
    pub(super) fn school_count_of(
        &self,
        commission: CommissionIx,
        members: &[u32],
        when: (DateIx, usize),
        school: SchoolIx,
    ) -> i64 {
        self.counted_with(commission, members, when).map(|s| self.school_count_in(s, school)).sum()
    }

    /// How many counted sittings of a school are heard together with a session.
    pub(crate) fn school_count(&self, slot: Slot, school: SchoolIx) -> i64 {
        self.together(slot).iter().map(|&s| self.school_count_in(s, school)).sum()
    }

    fn school_count_in(&self, slot: Slot, school: SchoolIx) -> i64 {
        let jobs = self.sessions[slot as usize].jobs.iter();
        jobs.filter(|&&j| {
            let job = &self.model.jobs[j as usize];
            job.counted && self.model.instance.candidates[job.candidate].school == Some(school)
        })
        .count() as i64
    }

    /// What too many sittings of one school cost in all sessions of the same cell, half-day and kind of
    /// commission: a change of members can part sessions that counted together, and join others.
    fn schools_around(&self, slot: Slot) -> i64 {
        let session = &self.sessions[slot as usize];
        let commission = self.model.kinds[session.kind as usize].commission;
        let mut seen: SmallVec<[Slot; 16]> = SmallVec::new();
        let mut cost = 0;
        for (k, _) in self.model.kinds.iter().enumerate().filter(|(_, kind)| kind.commission == commission) {
            for &s in self.in_cell(k as KindId, session.centre, session.date) {
                if !seen.contains(&s) && self.sessions[s as usize].half == session.half {
                    let together = self.together(s);
                    cost += self.schools(&together);
                    seen.extend(together);
                }
            }
        }
        cost
    }

    /// What the schools heard in sessions counted together cost.
    fn schools(&self, slots: &[Slot]) -> i64 {
        let mut counts: SmallVec<[(SchoolIx, i64); 8]> = SmallVec::new();
        for &slot in slots {
            for &j in &self.sessions[slot as usize].jobs {
                let job = &self.model.jobs[j as usize];
                let Some(school) = self.model.instance.candidates[job.candidate].school.filter(|_| job.counted) else {
                    continue;
                };
                match counts.iter_mut().find(|(s, _)| *s == school) {
                    Some((_, n)) => *n += 1,
                    None => counts.push((school, 1)),
                }
            }
        }
        counts.iter().map(|&(_, sittings)| SchoolBeforeTeam { sittings }.cost(self.model.instance)).sum()
    }

    pub(super) fn recost_candidate(&mut self, c: CandidateIx) {
        let cost = self.candidate_cost_with(c, None);
        self.cost += cost - self.candidate_cost[c.ix()];
        self.candidate_cost[c.ix()] = cost;
    }

    /// What a candidate costs now.
    pub(crate) fn candidate_cost(&self, c: CandidateIx) -> i64 {
        self.candidate_cost[c.ix()]
    }

    /// The candidate's blocks.
    pub(crate) fn blocks(&self, c: CandidateIx) -> SmallVec<[Block; 6]> {
        let placed = self.model.jobs_of[c].iter().filter(|&&j| self.placed[j as usize].parts > 0);
        placed.map(|&j| self.block(j, &self.placed[j as usize])).collect()
    }

    /// The block of a job at a placement.
    pub(crate) fn block(&self, job: JobId, placement: &Placement) -> Block {
        let session = &self.sessions[placement.slot as usize];
        self.block_at(job, placement.parts, session.date, session.centre, placement.start)
    }

    /// The block of a job that starts then and there.
    pub(crate) fn block_at(&self, job: JobId, parts: u8, date: DateIx, centre: CentreIx, start: Minutes) -> Block {
        let part = &self.model.jobs[job as usize].parts[parts as usize - 1];
        Block { date, centre, time: Interval::new(start - part.before, start + part.length), busy: part.busy }
    }

    /// What a candidate would cost with one more job placed.
    pub(crate) fn candidate_cost_with(&self, c: CandidateIx, extra: Option<(JobId, &Placement, Block, RoomIx)>) -> i64 {
        let mut blocks = self.blocks(c);
        blocks.extend(extra.map(|(_, _, block, _)| block));
        self.days_cost(c, &blocks) + self.moved_cost(c, extra)
    }

    /// Dates, ways, waiting and early starts of these blocks.
    pub(crate) fn days_cost(&self, c: CandidateIx, blocks: &[Block]) -> i64 {
        let instance = self.model.instance;
        let (mut days, mut centres, mut cost) = (0i64, 0i64, 0i64);
        for (i, b) in blocks.iter().enumerate() {
            centres += i64::from(!blocks[..i].iter().any(|o| o.centre == b.centre));
            if blocks[..i].iter().any(|o| o.date == b.date) {
                continue;
            }
            let (mut from, mut to, mut busy) = (b.time.from, b.time.to, b.busy);
            for o in &blocks[i + 1..] {
                if o.date == b.date {
                    (from, to, busy) = (from.min(o.time.from), to.max(o.time.to), busy + o.busy);
                }
            }
            days += 1;
            let day = CandidateDay { candidate: c, centre: Some(b.centre), span: Interval::new(from, to), busy };
            cost += day.cost(instance);
        }
        cost + CandidateDates { days, centres }.cost(instance)
    }

    /// What differs for this candidate from the published schedule.
    pub(crate) fn moved_cost(&self, c: CandidateIx, extra: Option<(JobId, &Placement, Block, RoomIx)>) -> i64 {
        let Some(baseline) = &self.model.baseline else { return 0 };
        let instance = self.model.instance;
        let (mut moved, mut cost) = (0i64, 0i64);
        let mut compare = |job: JobId, placement: &Placement, date: DateIx, centre: CentreIx, room: RoomIx| {
            let mut start = placement.start;
            for &o in &self.model.jobs[job as usize].orals[..placement.parts as usize] {
                if let Some(p) = baseline.orals.get(&o) {
                    let elsewhere = (p.date, p.centre, p.start) != (date.0, centre.0, start);
                    moved += i64::from(elsewhere);
                    cost += RepublishedOral { moved: elsewhere, other_room: p.room != room.0 }.cost(instance);
                }
                start += instance.orals[o].duration;
            }
        };
        for &j in &self.model.jobs_of[c] {
            let placement = &self.placed[j as usize];
            if placement.parts > 0 {
                let session = &self.sessions[placement.slot as usize];
                compare(j, placement, session.date, session.centre, session.room);
            }
        }
        if let Some((job, placement, block, room)) = extra {
            compare(job, placement, block.date, block.centre, room);
        }
        cost + RepublishedCandidate { moved }.cost(instance)
    }
}

/// Whether two commissions are the same set of people.
fn same_people(a: &[u32], b: &[u32]) -> bool {
    let count = |list: &[u32]| list.iter().filter(|&&x| x != NONE).count();
    count(a) == count(b) && a.iter().all(|&x| x == NONE || b.contains(&x))
}
