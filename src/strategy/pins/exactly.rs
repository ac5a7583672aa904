//! Rooms, commissions and preparation rooms of all pinned orals at once, by integer programming: their hours are those that
//! they have, and a few others for those that may be elsewhere.
//!
//! Every oral sits in a session of its own here: two of the same people in one room, one after the other, are one session as
//! well, so nothing is lost by it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rand::seq::SliceRandom;

use crate::instance::*;
use crate::linear::{Linear, Var};
use crate::mip::{self, Limits};
use crate::moves::Random;
use crate::rules::Hours as _;
use crate::schedule::Plan;
use crate::search::ejection::{join_sessions, spots};
use crate::state::{Given, JobId, NONE, Part, Placement, State};

/// So many other hours an oral that has a place may have.
const OTHERS: usize = 3;

/// So many hours an oral without a place may have.
const HOURS: usize = 40;

/// A model with more variables is left out: it would not be solved in time.
const LARGE: usize = 150_000;

/// An examiner's date with more ways to go without a pause is left to whoever places the sittings.
const CHAINS: usize = 20_000;

/// An hour of a job, with the variables of what it takes there.
struct Hour {
    job: JobId,
    parts: u8,
    centre: CentreIx,
    date: DateIx,
    half: usize,
    start: Minutes,
    /// Whether the job is heard then.
    chosen: Var,
    rooms: Vec<(RoomIx, Var)>,
    /// By seat.
    seats: Vec<Vec<(ExaminerIx, Var)>>,
    /// By preparation.
    preparing: Vec<Vec<(PrepIx, Var)>>,
    /// As which given session, where the kind sits in no others.
    given: Vec<(GivenIx, Var)>,
}

/// Gives as many pinned jobs as can be a room and a commission at their hours; keeps the result if fewer pins are missing
/// then. What is past or under way stays as it is; whatever is not pinned goes back where it still fits.
pub(super) fn assemble(state: &mut State, rng: &mut Random, limits: &Limits, stop: &dyn Fn() -> bool) {
    let mut model = Assembly { state, linear: Linear::default(), hours: Vec::new() };
    model.jobs(rng);
    if model.linear.cost.len() > LARGE {
        return;
    }
    model.shared();
    let Assembly { linear, hours, .. } = model;
    let Some(values) = mip::best(&Arc::new(linear), Vec::new(), limits, stop) else { return };
    let mut new = State::new(state.model);
    let held = |hour: &&Hour| state.model.frozen[hour.job as usize];
    let chosen: Vec<&Hour> = hours.iter().filter(|h| values[h.chosen] > 0.5).collect();
    for hour in chosen.iter().filter(|h| held(h)).chain(chosen.iter().filter(|h| !held(h))) {
        hour.carry_out(&mut new, &values);
    }
    let before = state.freeze(|_| String::new());
    new.load(&Plan::new(state.model.instance, &before, None));
    join_sessions(&mut new);
    new.forget();
    if new.pins_missing < state.pins_missing {
        *state = new;
    }
}

/// Whether an hour is used, each with what it would use and whether it does.
type Uses = Vec<(Var, Vec<(u32, Var)>)>;

/// Seats of a preparation room for some time.
struct Use {
    time: Interval,
    var: Var,
    seats: f64,
}

impl Hour {
    fn carry_out(&self, state: &mut State, values: &[f64]) {
        let is = |v: Var| values[v] > 0.5;
        let model = state.model;
        let Some(&(room, _)) = self.rooms.iter().find(|r| is(r.1)) else { return };
        let holder = |seat: &Vec<(ExaminerIx, Var)>| seat.iter().find(|m| is(m.1)).map_or(NONE, |m| m.0.0);
        let members = self.seats.iter().map(holder).collect();
        let (kind, cell) = (model.jobs[self.job as usize].kind, (self.date, self.half));
        let slot = match self.given.iter().find(|g| is(g.1)) {
            Some(&(g, _)) => state.given_like(g, room, cell, &members),
            None => state.session_like(kind, room, cell, &members),
        };
        let Some(slot) = slot else { return };
        // The solver may err in the last digits: nothing is placed that does not fit.
        let Some(placement) = state.placement(self.job, self.parts, slot, self.start) else {
            if state.session(slot).jobs.is_empty() {
                state.close(slot);
            }
            return;
        };
        let prepared = self.preparing.iter().map(|rooms| rooms.iter().find(|p| is(p.1)).map(|p| p.0));
        let rooms = placement.rooms.iter().zip(prepared).map(|(&any, own)| own.unwrap_or(any)).collect();
        state.place(self.job, Placement { rooms, ..placement });
    }

    fn part<'m>(&self, state: &State<'m>) -> &'m Part {
        let model = state.model;
        &model.jobs[self.job as usize].parts[self.parts as usize - 1]
    }

    /// From the start to the end and the turnaround after it.
    fn taken(&self, state: &State) -> Interval {
        let part = self.part(state);
        Interval::new(self.start, self.start + part.length + part.turnaround)
    }
}

struct Assembly<'s, 'm> {
    state: &'s State<'m>,
    linear: Linear,
    hours: Vec<Hour>,
}

impl Assembly<'_, '_> {
    /// The hours of every pinned job, and of what stays as it is.
    fn jobs(&mut self, rng: &mut Random) {
        let (state, model) = (self.state, self.state.model);
        for (j, spec) in (0..).zip(&model.jobs) {
            let (placement, held) = (&state.placed[j as usize], model.frozen[j as usize]);
            if held && placement.parts > 0 {
                let session = state.session(placement.slot);
                let at = (session.centre, session.date, session.half, placement.start);
                let chosen = self.hour(j, placement.parts, at, true);
                self.linear.exactly(vec![(chosen, 1.0)], 1.0);
                continue;
            }
            let Some(pin) = spec.pin.as_ref().filter(|p| !p.contradictory) else { continue };
            let mut at = BTreeSet::new();
            let mut parts = pin.orals as u8;
            if placement.parts >= parts {
                parts = placement.parts;
                let session = state.session(placement.slot);
                at.insert((session.centre, session.date, session.half, placement.start));
            }
            let mut others: Vec<_> =
                spots(state, j, parts).iter().map(|s| (s.centre, s.date, s.half, s.start)).collect();
            others.dedup();
            others.retain(|other| !at.contains(other));
            let most = if at.is_empty() { HOURS } else { OTHERS };
            let (some, _) = others.partial_shuffle(rng, most);
            at.extend(some.iter().copied());
            let mut row: Vec<(Var, f64)> = vec![(self.linear.var(1.0, 1.0, false), 1.0)];
            row.extend(at.into_iter().map(|at| (self.hour(j, parts, at, false), 1.0)));
            self.linear.exactly(row, 1.0);
        }
    }

    /// The variables of a job at an hour; as it is now, if it is `held`.
    fn hour(
        &mut self,
        job: JobId,
        parts: u8,
        (centre, date, half, start): (CentreIx, DateIx, usize, Minutes),
        held: bool,
    ) -> Var {
        let (state, model) = (self.state, self.state.model);
        let instance = model.instance;
        let spec = &model.jobs[job as usize];
        let part = &spec.parts[parts as usize - 1];
        let pin = spec.pin.as_ref();
        let ask = state.ask(part, None);
        let now = held.then(|| (&state.placed[job as usize], state.session(state.placed[job as usize].slot)));
        let chosen = self.linear.var(0.0, 1.0, true);
        let room_fits = |&r: &RoomIx| match now {
            Some((_, session)) => session.room == r,
            None => {
                let named = pin.and_then(|p| p.room.as_ref()).is_none_or(|p| *p == instance.rooms[r].id);
                named && model.room_fits[spec.need as usize][r.ix()] && !model.room_hours(r, date).shuts(&ask, start)
            }
        };
        let rooms: Vec<RoomIx> = instance.centres[centre].rooms.iter().copied().filter(room_fits).collect();
        let only = model.given_only[spec.kind as usize];
        let mut given: BTreeMap<GivenIx, &Given> = BTreeMap::new();
        for &room in rooms.iter().filter(|_| only) {
            given.extend(state.given_at(spec.kind, room, (date, half)));
        }
        if let Some((_, session)) = now {
            given.retain(|g, _| session.given == Some(*g));
        }
        let rooms = self.one_of(rooms, chosen, true);
        let may_come = |x: ExaminerIx| {
            let examiner = &instance.examiners[x];
            let barred = model.partial[spec.candidate.ix()][x.ix()] || (examiner.reserve && model.baseline.is_none());
            !barred
                && examiner.centres.as_ref().is_none_or(|own| own.contains(&centre))
                && !model.examiner_hours(x, date).shuts(&ask, start)
        };
        let named = |x: &ExaminerIx| pin.is_some_and(|p| p.examiners.contains(x));
        let mut seats = Vec::new();
        for (s, seat) in model.kinds[spec.kind as usize].seats.iter().enumerate() {
            let holders: Vec<ExaminerIx> = match now {
                Some((_, session)) => {
                    Some(session.members[s]).filter(|&x| x != NONE).map(ExaminerIx).into_iter().collect()
                }
                None => {
                    // Who is not asked for sits in required seats only: the search fills the others where it pays.
                    // Nor whoever sits there by what is given.
                    let sits = |x: &ExaminerIx| given.values().any(|g| g.members[s] == x.0);
                    let all = seat.holders.iter().copied().filter(|x| seat.required || named(x) || sits(x));
                    all.filter(|&x| may_come(x)).collect()
                }
            };
            let filled = seat.required || !holders.is_empty() && held;
            seats.push(self.one_of(holders, chosen, filled));
        }
        let mut by_person: BTreeMap<ExaminerIx, Vec<Var>> = BTreeMap::new();
        for &(x, var) in seats.iter().flatten() {
            by_person.entry(x).or_default().push(var);
        }
        for (&x, vars) in &by_person {
            if (named(&x) && !held) || vars.len() > 1 {
                let mut row: Vec<(Var, f64)> = vars.iter().map(|&v| (v, 1.0)).collect();
                row.push((chosen, -1.0));
                if named(&x) && !held { self.linear.exactly(row, 0.0) } else { self.linear.at_most(row, 0.0) }
            }
        }
        if !held && pin.is_some_and(|p| p.examiners.iter().any(|x| !by_person.contains_key(x))) {
            self.linear.at_most(vec![(chosen, 1.0)], 0.0);
        }
        let mut preparing = Vec::new();
        for (i, span) in part.preparations.iter().enumerate() {
            let own = Interval::new(start + span.from, start + span.to);
            let fits = |&p: &PrepIx| match now {
                Some((placement, _)) => placement.rooms[i] == p,
                None => {
                    let room = &instance.preparation_rooms[p];
                    let reached = room.accessible || !instance.candidates[spec.candidate].needs_accessible;
                    let taken = model.preparation_taken[model.rd(p.ix(), date)].iter().any(|t| t.meets(own));
                    room.seats > 0 && reached && !taken
                }
            };
            let rooms = instance.centres[centre].preparation_rooms.iter().copied().filter(fits).collect();
            preparing.push(self.one_of(rooms, chosen, true));
        }
        let own: Vec<GivenIx> = given.keys().copied().collect();
        let own = if only { self.one_of(own, chosen, true) } else { Vec::new() };
        for &(g, var) in &own {
            // As it is composed: its room, and each of its members in their seat.
            let asked: Vec<Option<Var>> = match now {
                Some(_) => Vec::new(),
                None => {
                    let room = given[&g].room.map(|r| rooms.iter().find(|o| o.0 == r).map(|o| o.1));
                    let members = given[&g].members.iter().zip(&seats).filter(|(m, _)| **m != NONE);
                    let seat = members.map(|(m, seat)| seat.iter().find(|o| o.0.0 == *m).map(|o| o.1));
                    room.into_iter().chain(seat).collect()
                }
            };
            for other in asked {
                let row = [(var, 1.0)].into_iter().chain(other.map(|o| (o, -1.0))).collect();
                self.linear.at_most(row, 0.0);
            }
        }
        self.hours.push(Hour { job, parts, centre, date, half, start, chosen, rooms, seats, preparing, given: own });
        chosen
    }

    /// A variable for each, one of which is 1 if `chosen` is; at most one, where it need not be `filled`.
    fn one_of<T>(&mut self, all: Vec<T>, chosen: Var, filled: bool) -> Vec<(T, Var)> {
        let own: Vec<(T, Var)> = all.into_iter().map(|t| (t, self.linear.var(0.0, 1.0, true))).collect();
        let row = own.iter().map(|o| (o.1, 1.0)).chain([(chosen, -1.0)]).collect();
        if filled {
            self.linear.exactly(row, 0.0)
        } else {
            self.linear.at_most(row, 0.0)
        }
        own
    }

    /// What the jobs share: rooms, people, candidates, preparation seats.
    fn shared(&mut self) {
        let state = self.state;
        let mut rooms: BTreeMap<(RoomIx, DateIx), Vec<(Interval, Var)>> = BTreeMap::new();
        let mut people: BTreeMap<(ExaminerIx, DateIx), Vec<(usize, Var)>> = BTreeMap::new();
        let mut preparing: BTreeMap<(PrepIx, DateIx), Vec<Use>> = BTreeMap::new();
        let mut candidates: BTreeMap<CandidateIx, Vec<usize>> = BTreeMap::new();
        let mut given: BTreeMap<GivenIx, Vec<(usize, Var)>> = BTreeMap::new();
        for (h, hour) in self.hours.iter().enumerate() {
            let spec = &state.model.jobs[hour.job as usize];
            candidates.entry(spec.candidate).or_default().push(h);
            for &(g, var) in &hour.given {
                given.entry(g).or_default().push((h, var));
            }
            for &(room, var) in &hour.rooms {
                rooms.entry((room, hour.date)).or_default().push((hour.taken(state), var));
            }
            for &(x, var) in hour.seats.iter().flatten() {
                people.entry((x, hour.date)).or_default().push((h, var));
            }
            for (span, own) in hour.part(state).preparations.iter().zip(&hour.preparing) {
                let time = Interval::new(hour.start + span.from, hour.start + span.to);
                for &(p, var) in own {
                    let seats = state.seats_taken(p, spec.candidate);
                    preparing.entry((p, hour.date)).or_default().push(Use { time, var, seats: f64::from(seats) });
                }
            }
        }
        for uses in rooms.values() {
            one_at_a_time(&mut self.linear, uses);
        }
        for ((p, _), uses) in &preparing {
            let seats = f64::from(state.model.instance.preparation_rooms[*p].seats);
            for Use { time, .. } in uses {
                let then = uses.iter().filter(|u| u.time.from <= time.from && time.from < u.time.to);
                let row: Vec<(Var, f64)> = then.map(|u| (u.var, u.seats)).collect();
                if row.iter().map(|t| t.1).sum::<f64>() > seats {
                    self.linear.at_most(row, seats);
                }
            }
        }
        self.people(&people);
        for uses in given.into_values().filter(|uses| uses.len() > 1) {
            self.one_session(&uses);
        }
        for own in candidates.values() {
            self.candidate(own);
        }
    }

    /// Whatever a given session hears is heard in one room by the same people.
    fn one_session(&mut self, uses: &[(usize, Var)]) {
        let by_seat = |s: usize| {
            let own = move |h: &Hour| h.seats[s].iter().map(|o| (o.0.0, o.1)).collect::<Vec<_>>();
            uses.iter().map(|&(h, var)| (var, own(&self.hours[h]))).collect::<Vec<_>>()
        };
        let seats = self.hours[uses[0].0].seats.len();
        let mut things: Vec<Uses> = (0..seats).map(by_seat).collect();
        let rooms = |h: usize| self.hours[h].rooms.iter().map(|o| (o.0.0, o.1)).collect();
        things.push(uses.iter().map(|&(h, var)| (var, rooms(h))).collect());
        for uses in things {
            let mut one: BTreeMap<u32, Var> = BTreeMap::new();
            for (key, _) in uses.iter().flat_map(|u| &u.1).chain([&(NONE, 0)]) {
                one.entry(*key).or_insert_with(|| self.linear.var(0.0, 1.0, true));
            }
            self.linear.at_most(one.values().map(|&v| (v, 1.0)).collect(), 1.0);
            for (given, own) in &uses {
                for (key, var) in own {
                    self.linear.at_most(vec![(*given, 1.0), (*var, 1.0), (one[key], -1.0)], 1.0);
                }
                // Or the seat is empty for all.
                let mut row = vec![(*given, 1.0), (one[&NONE], -1.0)];
                row.extend(own.iter().map(|o| (o.1, -1.0)));
                self.linear.at_most(row, 0.0);
            }
        }
    }

    fn people(&mut self, people: &BTreeMap<(ExaminerIx, DateIx), Vec<(usize, Var)>>) {
        let state = self.state;
        let instance = state.model.instance;
        let mut days: BTreeMap<ExaminerIx, Vec<Var>> = BTreeMap::new();
        let mut heard: BTreeMap<ExaminerIx, Vec<(Var, f64)>> = BTreeMap::new();
        for (&(x, _), uses) in people {
            let times: Vec<(Interval, Var)> = uses.iter().map(|&(h, v)| (self.hours[h].taken(state), v)).collect();
            one_at_a_time(&mut self.linear, &times);
            let length = |h: usize| f64::from(self.hours[h].part(state).length);
            let minutes: Vec<(Var, f64)> = uses.iter().map(|&(h, v)| (v, length(h))).collect();
            let sittings: Vec<(Var, f64)> = uses.iter().map(|&(h, v)| (v, f64::from(self.hours[h].parts))).collect();
            self.linear.at_most(minutes, f64::from(instance.policy.examiner_minutes_a_day));
            heard.entry(x).or_default().extend(&sittings);
            self.pauses(uses);
            if let Some(most) = instance.sittings_a_day(x) {
                self.linear.at_most(sittings, f64::from(most));
            }
            let centres: BTreeSet<CentreIx> = uses.iter().map(|u| self.hours[u.0].centre).collect();
            let day = self.linear.var(0.0, 1.0, true);
            days.entry(x).or_default().push(day);
            let mut at = vec![(day, -1.0)];
            for centre in centres {
                let there = self.linear.var(0.0, 1.0, true);
                at.push((there, 1.0));
                for &(_, var) in uses.iter().filter(|u| self.hours[u.0].centre == centre) {
                    self.linear.at_most(vec![(var, 1.0), (there, -1.0)], 0.0);
                }
            }
            self.linear.at_most(at, 0.0);
        }
        for (x, own) in heard {
            if let Some(most) = instance.examiners[x].max_sittings {
                self.linear.at_most(own, f64::from(most));
            }
        }
        for (x, own) in days {
            if let Some(most) = instance.examiners[x].max_days {
                self.linear.at_most(own.into_iter().map(|d| (d, 1.0)).collect(), f64::from(most));
            }
        }
    }

    /// Of sittings that follow one another without a pause for too long, one at least is not there.
    fn pauses(&mut self, uses: &[(usize, Var)]) {
        let instance = self.state.model.instance;
        let Some(limit) = instance.policy.pause_after else { return };
        let (limit, pause) = (limit as Minutes, instance.policy.pause as Minutes);
        let end = |h: usize| self.hours[h].start + self.hours[h].part(self.state).length;
        let mut uses = uses.to_vec();
        uses.sort_by_key(|&(h, _)| (self.hours[h].half, self.hours[h].start, h));
        let mut rows = Vec::new();
        let mut open: Vec<Vec<usize>> = (0..uses.len()).map(|i| vec![i]).collect();
        while let Some(chain) = open.pop() {
            let (first, last) = (uses[chain[0]].0, uses[chain[chain.len() - 1]].0);
            if chain.len() > 1 && end(last) - self.hours[first].start > limit {
                rows.push(chain);
            } else {
                let next = |&i: &usize| {
                    let (hour, before) = (&self.hours[uses[i].0], &self.hours[last]);
                    let gap = hour.start - end(last);
                    let new = chain.iter().all(|&c| self.hours[uses[c].0].job != hour.job);
                    hour.half == before.half && (0..pause).contains(&gap) && new
                };
                let after = chain[chain.len() - 1] + 1..uses.len();
                let longer: Vec<Vec<usize>> = after.filter(next).map(|i| [&chain[..], &[i]].concat()).collect();
                open.extend(longer);
            }
            if rows.len() + open.len() > CHAINS {
                return; // what does not fit is not placed
            }
        }
        for chain in rows {
            let most = (chain.len() - 1) as f64;
            self.linear.at_most(chain.into_iter().map(|i| (uses[i].1, 1.0)).collect(), most);
        }
    }

    fn candidate(&mut self, own: &[usize]) {
        let state = self.state;
        let mut dates: BTreeMap<DateIx, Vec<(Var, f64)>> = BTreeMap::new();
        for (i, &a) in own.iter().enumerate() {
            let one = &self.hours[a];
            let spec = &state.model.jobs[one.job as usize];
            if spec.counted {
                dates.entry(one.date).or_default().push((one.chosen, 1.0));
            }
            for &b in &own[i + 1..] {
                let other = &self.hours[b];
                if one.job == other.job || one.date != other.date {
                    continue;
                }
                let block = |h: &Hour| state.block_at(h.job, h.parts, h.date, h.centre, h.start).time;
                let gap = state.gap(spec.candidate, one.half != other.half);
                let (first, second) = (block(one), block(other));
                let apart = first.to + gap <= second.from || second.to + gap <= first.from;
                if one.centre != other.centre || !apart {
                    self.linear.at_most(vec![(one.chosen, 1.0), (other.chosen, 1.0)], 1.0);
                }
            }
        }
        let most = f64::from(state.model.instance.policy.orals_a_day);
        for row in dates.into_values() {
            self.linear.at_most(row, most);
        }
    }
}

/// Of uses that meet at an hour, one at most.
fn one_at_a_time(linear: &mut Linear, uses: &[(Interval, Var)]) {
    let hours: BTreeSet<Minutes> = uses.iter().map(|u| u.0.from).collect();
    for hour in hours {
        let then = uses.iter().filter(|u| u.0.from <= hour && hour < u.0.to);
        let row: Vec<(Var, f64)> = then.map(|u| (u.1, 1.0)).collect();
        if row.len() > 1 {
            linear.at_most(row, 1.0);
        }
    }
}
