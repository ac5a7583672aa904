//! Whole sessions and their seats: where a session could sit instead with all that it hears, and who could take a seat.

use smallvec::SmallVec;

use super::{Opening, Place};
use crate::instance::*;
use crate::parts::{ExaminerDates, ExaminerLoad};
use crate::rules::*;
use crate::starts::Starts;
use crate::state::{JobId, KindId, NONE, Placement, Slot, State};

/// A session taken out of the plan with all that it hears, to be put elsewhere or back ([`State::let_session_go`]).
#[derive(Debug)]
pub struct HeldSession {
    /// Its kind.
    pub kind: KindId,
    /// As it was.
    pub was: Opening,
    /// What it heard, in order of time.
    pub jobs: Vec<(JobId, Placement)>,
    mark: usize,
    before: i64,
}

impl HeldSession {
    /// The start of its first sitting.
    pub fn start(&self) -> Minutes {
        self.jobs.first().map_or(0, |(_, p)| p.start)
    }
}

impl State<'_> {
    /// Takes a session out with all that it hears.
    pub fn hold_session(&mut self, slot: Slot) -> HeldSession {
        let (mark, before) = (self.mark(), self.cost);
        let s = self.session(slot);
        let members = s.members.clone();
        let was = Opening { room: s.room, date: s.date, half: s.half, given: s.given, members };
        let (kind, jobs) = (s.kind, s.jobs.clone());
        let jobs = jobs.iter().map(|&j| (j, self.placed[j as usize].clone())).collect();
        let held = HeldSession { kind, was, jobs, mark, before };
        for (job, _) in &held.jobs {
            self.unplace(*job);
        }
        self.close(slot);
        held
    }

    /// Puts a held session back where it was.
    pub fn let_session_go(&mut self, held: HeldSession) {
        self.undo(held.mark);
    }

    /// Opens a held session in that room with its first sitting at that hour, and places all that it heard. The price, with the
    /// session; or the rules in the way, with nothing changed.
    pub fn put_session(
        &mut self,
        held: &HeldSession,
        room: RoomIx,
        d: DateIx,
        start: Minutes,
    ) -> Result<(i64, Slot), RuleSet> {
        let model = self.model;
        let z = model.instance.rooms[room].centre;
        let mark = self.mark();
        let halves = &model.instance.half_days;
        let Some(half) = halves.iter().position(|h| h.from <= start && start < h.to) else {
            return Err(RuleSet::of(&half_day::RULE));
        };
        let mut rules = RuleSet::default();
        for x in held.was.members.iter().filter(|&&x| x != NONE).map(|&x| ExaminerIx(x)) {
            rules = rules.or(self.convening_broken(x, z, d));
        }
        if !self.may_open(held.kind, room, (d, half, held.was.given), &held.was.members) {
            rules = rules.or(RuleSet::of(&given_session::RULE));
        }
        if !rules.is_empty() {
            return Err(rules);
        }
        let slot = self.open(held.kind, room, (d, half, held.was.given), held.was.members.clone());
        for (job, placement) in &held.jobs {
            let at = start + placement.start - held.start();
            match self.placement(*job, placement.parts, slot, at) {
                Some(found) => self.place(*job, found),
                None => {
                    let rules = self.joining_rules(*job, placement.parts, slot, at);
                    self.undo(mark);
                    return Err(rules);
                }
            }
        }
        Ok((self.cost - held.before, slot))
    }

    /// What such a move would cost, with nothing changed.
    pub fn session_price(
        &mut self,
        held: &HeldSession,
        room: RoomIx,
        d: DateIx,
        start: Minutes,
    ) -> Result<i64, RuleSet> {
        let mark = self.mark();
        let found = self.put_session(held, room, d, start);
        self.undo(mark);
        found.map(|(price, _)| price)
    }

    /// The rules that keep a job that is not placed from a session at a start.
    fn joining_rules(&mut self, job: JobId, parts: u8, slot: Slot, start: Minutes) -> RuleSet {
        let s = self.session(slot);
        let (z, d, half, room) = (s.centre, s.date, s.half, s.room);
        let held = super::Held { parts, ..self.hold(job) };
        let place: Place = self.place_in(&held, (z, d, half), None);
        let others = self.other_blocks(place.candidate, job);
        let Some(at) = place.all.hours().position(|s| s == start) else { return RuleSet::of(&half_day::RULE) };
        let (day, own) = (place.candidate_broken(&others), place.joining_broken(slot));
        let broken = day.broken.rules[at].or(own.rules[at]).or(place.room_broken(room));
        if broken.is_empty() { day.unsure.rules[at] } else { broken }
    }

    /// What keeps an examiner from being convened at a centre on a date.
    fn convening_broken(&self, x: ExaminerIx, z: CentreIx, d: DateIx) -> RuleSet {
        let (model, examiner) = (self.model, &self.model.instance.examiners[x]);
        let there = self.of_examiner(x, d).first().map(|&s| self.session(s).centre);
        let mut rules = RuleSet::default();
        if there.is_some_and(|own| own != z)
            || (examiner.reserve && model.baseline.is_none())
            || examiner.centres.as_ref().is_some_and(|own| !own.contains(&z))
        {
            rules = rules.or(RuleSet::of(&examiner_centre::RULE));
        }
        let now = self.dates_of(x);
        let dates = ExaminerDates { days: now.days + i64::from(there.is_none()), ..now };
        dates.exceeded(model.instance, &mut |rule| rules = rules.or(RuleSet::of(rule)));
        rules
    }

    /// Everybody who could hold a seat of a session instead, or nobody ([`NONE`]): what the plan would cost more, or the rules in the
    /// way. Cheapest first, then who cannot.
    pub fn seat_offers(&mut self, slot: Slot, seat: usize) -> Vec<(u32, Result<i64, RuleSet>)> {
        let session = self.session(slot);
        let (members, kind) = (session.members.clone(), session.kind);
        let model = &self.model.kinds[kind as usize].seats[seat];
        let nobody = (!model.required && members[seat] != NONE).then_some(NONE);
        let holders = model.holders.iter().map(|x| x.0).filter(|x| !members.contains(x)).chain(nobody);
        let mut offers: Vec<(u32, Result<i64, RuleSet>)> = holders
            .collect::<Vec<u32>>()
            .into_iter()
            .map(|x| {
                let may = if x == NONE { self.may_leave(slot, seat) } else { self.may_sit(ExaminerIx(x), slot, seat) };
                if !may {
                    return (x, Err(self.seat_broken(x, slot, seat)));
                }
                let (mark, before) = (self.mark(), self.cost);
                self.set_member(slot, seat, x);
                let price = self.cost - before;
                self.undo(mark);
                (x, Ok(price))
            })
            .collect();
        offers.sort_by_key(|(_, offer)| match offer {
            Ok(price) => (0, *price),
            Err(rules) => (1, rules.rules().count() as i64),
        });
        offers
    }

    /// Whether a seat may be given up: the office did not name its holder, and no pin does.
    pub fn may_leave(&self, slot: Slot, seat: usize) -> bool {
        !self.seat_given(slot, seat) && !self.pinned_there(slot, seat)
    }

    fn pinned_there(&self, slot: Slot, seat: usize) -> bool {
        let session = self.session(slot);
        let holder = session.members[seat];
        let names = |&j: &JobId| {
            let pin = &self.model.jobs[j as usize].pin;
            pin.as_ref().is_some_and(|p| p.examiners.iter().any(|x| x.0 == holder))
        };
        holder != NONE && session.jobs.iter().any(names)
    }

    /// The rules that keep somebody from a seat of a session.
    fn seat_broken(&self, x: u32, slot: Slot, seat: usize) -> RuleSet {
        let (model, session) = (self.model, self.session(slot));
        let mut rules = RuleSet::default();
        let mut say = |rule: &'static Rule| rules = rules.or(RuleSet::of(rule));
        if self.seat_given(slot, seat) {
            say(&given_session::RULE);
        }
        if self.pinned_there(slot, seat) {
            say(&pin::RULE);
        }
        if x == NONE {
            return rules;
        }
        let x = ExaminerIx(x);
        if session.jobs.iter().any(|&j| model.partial[model.jobs[j as usize].candidate.ix()][x.ix()]) {
            say(&impartial::RULE);
        }
        let mut load = ExaminerLoad { examiner: x, minutes: session.minutes, sittings: session.sittings };
        for &s in self.of_examiner(x, session.date) {
            load.minutes += self.session(s).minutes;
            load.sittings += self.session(s).sittings;
        }
        load.exceeded(model.instance, &mut say);
        let now = self.dates_of(x);
        ExaminerDates { sittings: now.sittings + session.sittings, ..now }.exceeded(model.instance, &mut say);
        let all: Starts = model.hours[session.half].clone();
        let day = crate::hours::ExaminerHours {
            heard: SmallVec::new(),
            ..self.examiner_hours(x, session.date, session.half, NONE)
        };
        day.each(&self.whole(session.span, session.turnaround), &all, &mut |rule, left| {
            if !left.contains(session.span.from) {
                say(rule);
            }
        });
        if !self.rests_with(x, slot) {
            say(&examiner_pause::RULE);
        }
        rules.or(self.convening_broken(x, session.centre, session.date))
    }
}
