//! Which rules forbid a start, and whose they are: the candidate's and the centre's, the room's, a session's.

use smallvec::SmallVec;

use super::{Blame, Place, Thing};
use crate::hours::{Ask, CandidateHours, ExaminerHours, OwnHours, PreparationHours};
use crate::instance::*;
use crate::parts::{ExaminerDates, ExaminerLoad};
use crate::rules::*;
use crate::starts::{FOREVER, Shut as _, Starts};
use crate::state::cost::Block;
use crate::state::{NONE, Slot};

/// By start of a half-day, the rules that forbid it.
#[derive(Clone, Debug)]
pub(super) struct Broken {
    pub(super) rules: Vec<RuleSet>,
}

impl Broken {
    pub(super) fn none(all: &Starts) -> Broken {
        Broken { rules: vec![RuleSet::default(); all.hours().count()] }
    }

    /// Forbids every start.
    fn always(&mut self, rule: RuleSet) {
        self.rules.iter_mut().for_each(|r| *r = r.or(rule));
    }

    /// Forbids all starts but those that a rule leaves.
    fn but(&mut self, rule: RuleSet, all: &Starts, left: &Starts) {
        for (r, start) in self.rules.iter_mut().zip(all.hours()) {
            if !left.contains(start) {
                *r = r.or(rule);
            }
        }
    }
}

/// What forbids the starts of a half-day whatever the room and the team.
pub(super) struct Day {
    /// Broken with every preparation room.
    pub(super) broken: Broken,
    /// Broken with one preparation room or another, where none would do.
    pub(super) unsure: Broken,
}

impl Place<'_, '_> {
    /// A rule forbids every start because of a thing.
    pub(super) fn always(&self, broken: &mut Broken, rule: &'static Rule, thing: Thing) {
        broken.always(RuleSet::of(rule));
        if self.asked.is_some() {
            self.blamed.borrow_mut().push(Blame { rule, thing });
        }
    }

    /// A rule leaves only some starts because of a thing.
    pub(super) fn but(&self, broken: &mut Broken, rule: &'static Rule, left: &Starts, thing: Thing) {
        if self.all.within(left) {
            return;
        }
        broken.but(RuleSet::of(rule), &self.all, left);
        if self.asked.is_some_and(|start| !left.contains(start)) {
            self.blamed.borrow_mut().push(Blame { rule, thing });
        }
    }

    /// What the candidate, the centre and its preparation rooms forbid.
    pub(super) fn candidate_broken(&self, others: &[(Block, usize)]) -> Day {
        let (state, held, (z, d, half)) = (self.state, self.held, self.cell);
        let (model, instance) = (state.model, state.model.instance);
        let spec = &model.jobs[held.job as usize];
        let (mut broken, own) = (Broken::none(&self.all), Thing::Candidate(self.candidate));
        let heard = &spec.orals[..held.parts as usize];
        if heard.iter().any(|&o| !model.exam_on[instance.orals[o].exam][d.ix()]) {
            self.always(&mut broken, &grid::RULE, own);
        }
        let at = |o: &OralIx| model.exam_at[instance.orals[*o].exam][z.ix()];
        if !instance.candidates[self.candidate].centres.contains(&z) || !heard.iter().all(at) {
            self.always(&mut broken, &centre_allowed::RULE, Thing::Centre(z));
        }
        let on_date = || others.iter().filter(|(b, _)| b.date == d);
        if on_date().any(|(b, _)| b.centre != z) {
            self.always(&mut broken, &candidate_centre::RULE, own);
        }
        if spec.counted && self.counted() + 1 > instance.policy.orals_a_day {
            self.always(&mut broken, &candidate_orals::RULE, own);
        }
        if !instance.policy.oral_on_paper_day && !model.papers[model.cd(self.candidate, d)].is_empty() {
            self.always(&mut broken, &paper_clash::RULE, own);
        }
        if let Some(pin) = &spec.pin
            && (pin.contradictory || pin.date.is_some_and(|p| p != d) || pin.centre.is_some_and(|p| p != z))
        {
            self.always(&mut broken, &pin::RULE, own);
        }
        let ask = state.ask(self.part, None);
        let day = model.candidate_hours(held.job, held.parts, z, d).unwrap_or_else(|| self.closed());
        let others = on_date().map(|(b, h)| (b.time, *h != half)).collect();
        CandidateHours { others, ..day }.each(&ask, &self.all, &mut |rule, left| {
            let thing = if std::ptr::eq(rule, &centre_open::RULE) { Thing::Centre(z) } else { own };
            self.but(&mut broken, rule, &left, thing);
        });
        let mut unsure = Broken::none(&self.all);
        for &preparation in &self.part.preparations {
            self.preparation_broken(preparation, &mut broken, &mut unsure);
        }
        Day { broken, unsure }
    }

    /// The candidate's date at a centre that is closed.
    fn closed(&self) -> CandidateHours<'_> {
        let (model, (_, d, _)) = (self.state.model, self.cell);
        let row = model.cd(self.candidate, d);
        let day = model.jobs[self.held.job as usize].not_before[self.held.parts as usize - 1];
        CandidateHours {
            candidate: self.candidate,
            open: Interval::new(FOREVER, -FOREVER),
            unavailable: &model.unavailable[row],
            not_before: model.first_start(day, d),
            papers: &model.papers[row],
            others: SmallVec::new(),
            pinned: model.jobs[self.held.job as usize].pin.as_ref().and_then(|p| p.start),
        }
    }

    /// The candidate's other orals of the date that count.
    fn counted(&self) -> u32 {
        let (state, d) = (self.state, self.cell.1);
        let own = state.model.jobs_of[self.candidate].iter().filter(|&&j| j != self.held.job);
        let there = own.filter(|&&j| {
            let placement = &state.placed[j as usize];
            placement.parts > 0 && state.session(placement.slot).date == d && state.model.jobs[j as usize].counted
        });
        there.count() as u32
    }

    /// Where no preparation room would do: the rules that all of them break are broken, and what one or another does is unsure.
    fn preparation_broken(&self, preparation: Interval, broken: &mut Broken, unsure: &mut Broken) {
        let (state, (z, d, _)) = (self.state, self.cell);
        let (model, instance) = (state.model, state.model.instance);
        let ask = state.ask(self.part, None);
        let rooms: Vec<Broken> = model.preparation_order[z.ix()]
            .iter()
            .map(|&p| {
                let room = &instance.preparation_rooms[p];
                let (mut broken, thing) = (Broken::none(&self.all), Thing::PreparationRoom(p));
                if !room.accessible && instance.candidates[self.candidate].needs_accessible {
                    self.always(&mut broken, &room_fit::RULE, thing);
                }
                if room.seats == 0 {
                    self.always(&mut broken, &preparation_seats::RULE, thing);
                }
                let day: PreparationHours = state.preparation_hours(p, self.candidate, d, preparation);
                day.each(&ask, &self.all, &mut |rule, left| self.but(&mut broken, rule, &left, thing));
                broken
            })
            .collect();
        let none = || RuleSet::of(&preparation_seats::RULE);
        for (i, (broken, unsure)) in broken.rules.iter_mut().zip(&mut unsure.rules).enumerate() {
            let each = || rooms.iter().map(|r| r.rules[i]);
            *broken = broken.or(each().reduce(RuleSet::and).unwrap_or_else(none));
            *unsure = unsure.or(no_way(each()).unwrap_or_else(none));
        }
    }

    /// What a room lacks, whatever the hour.
    pub(super) fn room_broken(&self, room: RoomIx) -> RuleSet {
        let model = self.state.model;
        let spec = &model.jobs[self.held.job as usize];
        let mut rules = RuleSet::default();
        let mut lacks = |rule: &'static Rule| {
            rules = rules.or(RuleSet::of(rule));
            if self.asked.is_some() {
                self.blamed.borrow_mut().push(Blame { rule, thing: Thing::Room(room) });
            }
        };
        if !model.room_fits[spec.need as usize][room.ix()] {
            lacks(&room_fit::RULE);
        }
        let pinned = spec.pin.as_ref().and_then(|p| p.room.as_ref());
        if pinned.is_some_and(|p| *p != model.instance.rooms[room].id) {
            lacks(&pin::RULE);
        }
        rules
    }

    /// What the room's date leaves to a session of its own.
    pub(super) fn room_hours_broken(&self, room: RoomIx) -> Broken {
        let (state, (_, d, half)) = (self.state, self.cell);
        let ask = state.ask(self.part, None);
        let mut broken = Broken::none(&self.all);
        let mut tell = |rule, left: Starts| self.but(&mut broken, rule, &left, Thing::Room(room));
        state.room_hours(room, d, NONE).each(&ask, &self.all, &mut tell);
        let own = OwnHours { half: state.model.instance.half_days[half], sittings: &[] };
        own.each(&ask, &self.all, &mut tell);
        broken
    }

    /// What a session forbids as it is: its own hours, its room's and its members'.
    pub(super) fn joining_broken(&self, slot: Slot) -> Broken {
        let (state, held) = (self.state, self.held);
        let session = state.session(slot);
        let ask = state.ask(self.part, Some(slot));
        let mut broken = Broken::none(&self.all);
        let mut tell = |rule, left: Starts| self.but(&mut broken, rule, &left, Thing::Session(slot));
        state.own_hours(slot).each(&ask, &self.all, &mut tell);
        state.room_hours(session.room, session.date, slot).each(&ask, &self.all, &mut tell);
        for x in session.members.iter().filter(|&&x| x != NONE).map(|&x| ExaminerIx(x)) {
            let day = state.examiner_hours(x, session.date, session.half, slot);
            let thing = Thing::Examiner(x);
            self.hours_broken(&mut broken, &day, &ask, x);
            for rule in self.examiner_broken(x, state.dates_of(x)) {
                self.always(&mut broken, rule, thing);
            }
        }
        let spec = &state.model.jobs[held.job as usize];
        let pinned = spec.pin.iter().flat_map(|p| &p.examiners);
        if pinned.into_iter().any(|x| !session.members.contains(&x.0)) {
            self.always(&mut broken, &pin::RULE, Thing::Candidate(self.candidate));
        }
        broken
    }

    /// What an examiner's date forbids. The pauses count as the checker counts them, also where two sittings would overlap; their
    /// mask knows only starts at which nothing else is heard.
    pub(super) fn hours_broken(&self, broken: &mut Broken, day: &ExaminerHours, ask: &Ask, x: ExaminerIx) {
        let (state, held, (_, d, half)) = (self.state, self.held, self.cell);
        let (instance, thing) = (state.model.instance, Thing::Examiner(x));
        day.each(ask, &self.all, &mut |rule, left| {
            if !std::ptr::eq(rule, &examiner_pause::RULE) {
                self.but(broken, rule, &left, thing);
            }
        });
        if instance.policy.pause_after.is_none() {
            return;
        }
        let day = state.heard_one_by_one(x, d, half);
        let mut left = self.all.clone();
        for start in self.all.hours() {
            let mut heard = day.clone();
            heard.extend(state.sittings(held.job, held.parts, start));
            heard.sort_unstable();
            if !examiner_pause::rested_one_by_one(instance, &heard) {
                left.between(start - 1, start + 1);
            }
        }
        self.but(broken, &examiner_pause::RULE, &left, thing);
    }

    /// What forbids it to an examiner at any hour, with all their dates as they would be but for the sitting.
    pub(super) fn examiner_broken(&self, x: ExaminerIx, dates: ExaminerDates) -> SmallVec<[&'static Rule; 4]> {
        let (state, held, (_, d, _)) = (self.state, self.held, self.cell);
        let instance = state.model.instance;
        let mut rules: SmallVec<[&'static Rule; 4]> = SmallVec::new();
        if state.model.partial[self.candidate.ix()][x.ix()] {
            rules.push(&impartial::RULE);
        }
        let more = i64::from(held.parts);
        let mut load = ExaminerLoad { examiner: x, minutes: self.part.length, sittings: more };
        for &s in state.of_examiner(x, d) {
            load.minutes += state.session(s).minutes;
            load.sittings += state.session(s).sittings;
        }
        load.exceeded(instance, &mut |rule| rules.push(rule));
        ExaminerDates { sittings: dates.sittings + more, ..dates }.exceeded(instance, &mut |rule| rules.push(rule));
        rules
    }
}

/// Of several ways of which each breaks some rules: none if one breaks nothing; else the rules that all break, or, where
/// each breaks another, all of them. Nothing if there is no way at all.
pub(super) fn no_way(ways: impl Iterator<Item = RuleSet>) -> Option<RuleSet> {
    let (mut all, mut any, mut free): (Option<RuleSet>, RuleSet, bool) = (None, RuleSet::default(), false);
    for way in ways {
        free |= way.is_empty();
        all = Some(all.map_or(way, |a| a.and(way)));
        any = any.or(way);
    }
    Some(match all? {
        _ if free => RuleSet::default(),
        all if all.is_empty() => any,
        all => all,
    })
}
