//! Places what is pinned, before anything else, and later what found no place: an oral that finds none throws out those that stand
//! in its way, the least blamed first (an ejection pool with counters, as Nagata and Bräysy 2009 place the last customers of a
//! tour).
//!
//! Of a pinned oral the hour and the room are often given, and the commission is assembled around who is pinned: each of them
//! in a seat of their own, then for every other required seat whoever disturbs least.

mod people;
mod spots;

use std::cmp::Reverse;

use rand::RngExt;
use rand::seq::SliceRandom;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::instance::*;
use crate::moves::Random;
use crate::moves::insert::{Taste, insert};
use crate::state::{JobId, KindId, NONE, Placement, Slot, State};
pub(crate) use spots::{Spot, spots};

/// How often what was thrown out last is placed next, and not any other.
const LAST: f64 = 0.8;

/// So many places of an oral are looked at, drawn by chance where it has more.
const PLACES: usize = 60;

/// What it weighs to throw out an oral that is wanted, for each time that it had to throw out others itself; any other weighs 1.
const WANTED: i64 = 1000;

/// What a pin weighs that is not obeyed, in orals without a place.
const PIN: i64 = 1 << 20;

/// Places what is pinned and throws others out where it must, until all pins are obeyed, the tries are used up, or `stop`.
/// Returns how many pinned jobs are still without the place that their pins want and might have one: those that have none
/// whatever is thrown out are not counted.
///
/// What was thrown out and is not pinned is left for whoever inserts the rest.
pub fn obey(state: &mut State, rng: &mut Random, tries: usize, stop: &dyn Fn() -> bool) -> usize {
    let mut search = Search::new(state, rng, Wanted::Pinned);
    search.run(tries, usize::MAX, stop);
    let open = search.missing().len();
    join_sessions(search.state);
    search.state.forget();
    open
}

/// Places the due orals that have no place and throws others out where it must, until all are heard, `tries` have not brought
/// one more, or `stop`. Fewer are never heard than before, and no pin is given up.
pub fn hear(state: &mut State, rng: &mut Random, tries: usize, stop: &dyn Fn() -> bool) {
    let mut search = Search::new(state, rng, Wanted::Everybody);
    search.run(usize::MAX, tries, stop);
    join_sessions(search.state);
    search.state.forget();
}

/// What is to be placed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// What is pinned.
    Pinned,
    /// All that is due.
    Everybody,
}

/// The holder of each seat, or [`NONE`].
type Members = SmallVec<[u32; 4]>;

/// Who hears an oral.
#[derive(Clone)]
struct Team {
    members: Members,
    /// As which given session, where the kind sits in no others.
    given: Option<GivenIx>,
}

/// A place with what the oral takes of it.
struct Place {
    spot: Spot,
    parts: u8,
    team: Team,
}

/// What came of placing a job.
enum Found {
    /// It has a place, and whoever stood in its way has none.
    Placed,
    /// None of the places that were looked at can be had, but it may have one.
    NotNow,
    /// It has no place, whatever is thrown out.
    Nowhere,
}

/// Somebody whom a pinned oral needs.
struct Claim {
    job: JobId,
    date: Option<DateIx>,
    centre: Option<CentreIx>,
    time: Option<Interval>,
}

struct Search<'s, 'm> {
    state: &'s mut State<'m>,
    rng: &'s mut Random,
    wanted: Wanted,
    /// By job, how often it had to throw others out, and 1.
    blame: Vec<i64>,
    /// By job, whether it has no place whatever is thrown out.
    lost: Vec<bool>,
    /// By examiner, who needs them.
    claims: FxHashMap<ExaminerIx, Vec<Claim>>,
    /// By kind of session and date, whom its pins name: they will sit together where they can.
    expected: FxHashMap<(KindId, DateIx), Vec<ExaminerIx>>,
    /// The jobs thrown out by the place that is tried.
    out: Vec<JobId>,
}

impl<'s, 'm> Search<'s, 'm> {
    fn new(state: &'s mut State<'m>, rng: &'s mut Random, wanted: Wanted) -> Self {
        let model = state.model;
        let mut claims: FxHashMap<ExaminerIx, Vec<Claim>> = FxHashMap::default();
        let mut expected: FxHashMap<(KindId, DateIx), Vec<ExaminerIx>> = FxHashMap::default();
        for (job, spec) in (0..).zip(&model.jobs) {
            let Some(pin) = &spec.pin else { continue };
            let length = spec.parts[spec.parts.len() - 1].length;
            for &x in &pin.examiners {
                let time = pin.start.map(|s| Interval::new(s, s + length));
                claims.entry(x).or_default().push(Claim { job, date: pin.date, centre: pin.centre, time });
                if let Some(d) = pin.date {
                    expected.entry((spec.kind, d)).or_default().push(x);
                }
            }
        }
        let (blame, lost) = (vec![1; model.jobs.len()], vec![false; model.jobs.len()]);
        Search { state, rng, wanted, blame, lost, claims, expected, out: Vec::new() }
    }

    /// How many orals of a job are wanted; 0 for a job that may stay out.
    fn orals_wanted(&self, job: JobId) -> usize {
        let spec = &self.state.model.jobs[job as usize];
        match (self.wanted, &spec.pin) {
            (_, Some(pin)) if pin.contradictory => 0,
            (Wanted::Pinned, pin) => pin.as_ref().map_or(0, |p| p.orals),
            (Wanted::Everybody, _) => spec.parts.len(),
        }
    }

    /// The jobs that are wanted, are not heard as they should be and might be.
    fn missing(&self) -> Vec<JobId> {
        let missing = |&j: &JobId| {
            (self.state.placed[j as usize].parts as usize) < self.orals_wanted(j) && !self.lost[j as usize]
        };
        (0..self.state.model.jobs.len() as JobId).filter(missing).collect()
    }

    /// How much is missing.
    fn lacking(&self) -> i64 {
        match self.wanted {
            Wanted::Pinned => self.state.pins_missing,
            Wanted::Everybody => self.state.pins_missing * PIN + self.state.unscheduled,
        }
    }

    /// So many tries in all, and so many since the last that brought something.
    fn run(&mut self, tries: usize, patience: usize, stop: &dyn Fn() -> bool) {
        let mut pool = self.missing();
        pool.shuffle(self.rng);
        // Those with the least choice come first, from the end.
        let model = self.state.model;
        pool.sort_by_key(|&j| match &model.jobs[j as usize].pin {
            Some(pin) => {
                let open = [pin.start.is_none(), pin.date.is_none(), pin.centre.is_none(), pin.room.is_none()];
                (open.iter().filter(|o| **o).count(), Reverse(pin.examiners.len()), pin.date, pin.start)
            }
            None => (usize::MAX, Reverse(0), None, None),
        });
        pool.reverse();
        let mut best: Option<(i64, State<'m>)> = None;
        let (mut least, mut since) = (self.lacking(), 0);
        // First each where nobody who is wanted has to go; then one that is left after the other.
        let mut left = pool.len();
        for _ in 0..tries {
            if stop() || pool.is_empty() || since >= patience {
                break;
            }
            since += 1;
            let gently = left > 0;
            left = left.saturating_sub(1);
            // Mostly what was thrown out last; now and then another, lest a few that stand in each other's way keep the rest
            // from a place.
            let at = if gently || self.rng.random_bool(LAST) {
                pool.len() - 1
            } else {
                self.rng.random_range(0..pool.len())
            };
            let job = pool.remove(at);
            let (missing, before) = (self.lacking(), self.state.mark());
            let heard = self.state.placed[job as usize].parts as usize;
            if heard >= self.orals_wanted(job) {
                // It waited twice: heard in part, and thrown out of that.
                continue;
            }
            if heard > 0 {
                self.take_out(job);
            }
            let pinned = model.jobs[job as usize].pin.as_ref().map_or(0, |p| p.orals);
            let found = self.place(job, pinned.max(heard + 1), gently);
            if !matches!(found, Found::Placed) {
                // What was heard of it in part still is.
                self.state.undo(before);
                match found {
                    Found::Nowhere => self.lost[job as usize] = true,
                    _ => pool.insert(0, job),
                }
                continue;
            }
            if self.lacking() < least {
                (least, since) = (self.lacking(), 0);
            }
            if self.lacking() >= missing {
                // Others had to go: what there was before may stay the best.
                self.blame[job as usize] += 1;
                if best.as_ref().is_none_or(|b| missing < b.0) {
                    let mut kept = self.state.clone();
                    kept.undo(before);
                    kept.forget();
                    best = Some((missing, kept));
                }
            }
            let mut out = std::mem::take(&mut self.out);
            out.retain(|&j| self.orals_wanted(j) > 0 && !self.lost[j as usize]);
            out.shuffle(self.rng);
            pool.extend(out);
            self.state.forget();
        }
        if let Some((missing, kept)) = best
            && (missing, kept.value()) < (self.lacking(), self.state.value())
        {
            *self.state = kept;
        }
    }

    /// Places so many orals of a job or more: where nobody has to go if it can, else where those weigh least that have to; `gently`,
    /// where nobody else who is wanted has to.
    fn place(&mut self, job: JobId, orals: usize, gently: bool) -> Found {
        self.out.clear();
        let spec = &self.state.model.jobs[job as usize];
        let mut spots = spots(self.state, job, orals as u8);
        let many = spots.len() > PLACES;
        // Into a session that there is; of an oral with much choice also into a new one.
        let taste = Taste { new_cells: if many { usize::MAX } else { 0 }, ..Taste::EXACT };
        let mark = self.state.mark();
        if insert(self.state, job, &taste, self.rng) {
            if self.state.placed[job as usize].parts as usize >= orals {
                return Found::Placed;
            }
            self.state.undo(mark);
        }
        if many {
            let (some, _) = spots.partial_shuffle(self.rng, PLACES);
            spots = some.to_vec();
        }
        let mut best: Option<((i64, i64), Place)> = None;
        for spot in spots {
            for parts in (orals as u8..=spec.parts.len() as u8).rev() {
                let before = self.state.value();
                let team = self.force(job, parts, &spot, None);
                let weighs = (self.weight(&self.out), self.state.value() - before);
                self.state.undo(mark);
                self.out.clear();
                if let Some(team) = team
                    && best.as_ref().is_none_or(|b| weighs < b.0)
                {
                    best = Some((weighs, Place { spot, parts, team }));
                }
            }
        }
        match best {
            Some(((out, _), _)) if gently && out >= WANTED => Found::NotNow,
            Some((_, place)) => {
                self.force(job, place.parts, &place.spot, Some(place.team));
                Found::Placed
            }
            None if many => Found::NotNow,
            None => Found::Nowhere,
        }
    }

    fn weight(&self, jobs: &[JobId]) -> i64 {
        jobs.iter().map(|&j| self.weight_of(j)).sum()
    }

    fn weight_of(&self, job: JobId) -> i64 {
        match (self.wanted, &self.state.model.jobs[job as usize].pin) {
            (Wanted::Pinned, None) => 1,
            // A pin is not given up for who has none.
            (Wanted::Everybody, Some(_)) => WANTED * WANTED * self.blame[job as usize],
            _ => WANTED * self.blame[job as usize],
        }
    }

    /// Places the job there before a commission of its own, the one given or the one that disturbs least, and throws out
    /// whatever stands in its way. None where that is not enough; what was changed by then is the caller's to undo.
    fn force(&mut self, job: JobId, parts: u8, spot: &Spot, team: Option<Team>) -> Option<Team> {
        let model = self.state.model;
        let spec = &model.jobs[job as usize];
        let part = &spec.parts[parts as usize - 1];
        let time = Interval::new(spot.start, spot.start + part.length);
        self.free_candidate(job, parts, spot)?;
        let free = !model.given_only[spec.kind as usize];
        if free {
            self.clear(self.state.in_room(spot.room, spot.date).to_vec(), time, part.turnaround, NONE)?;
        }
        let team = match team {
            Some(team) => team,
            None => self.commission(job, parts, spot)?,
        };
        let own = match team.given {
            Some(g) => self.compose(g, spot.room, &team.members)?,
            None => NONE,
        };
        if !free {
            self.clear(self.state.in_room(spot.room, spot.date).to_vec(), time, part.turnaround, own)?;
        }
        for &x in team.members.iter().filter(|&&x| x != NONE) {
            self.call(ExaminerIx(x), spot, (time, part.turnaround), parts, own)?;
        }
        let cell = (spot.date, spot.half);
        let mut slot = match team.given {
            Some(_) => NONE,
            None => self.state.open(spec.kind, spot.room, (spot.date, spot.half, None), team.members.clone()),
        };
        loop {
            if let Some(g) = team.given {
                slot = self.state.given_like(g, spot.room, cell, &team.members)?;
            }
            if let Some(placement) = self.state.placement(job, parts, slot, spot.start) {
                self.state.place(job, placement);
                return Some(team);
            }
            // What is left to blame is who prepares at that time; in a given session also what it hears already.
            let preparing = self.preparing(job, spot, Interval::new(spot.start - part.before, spot.start));
            let heard = || self.lightest(self.state.session(slot).jobs.to_vec());
            let gone = self.lightest(preparing).or_else(heard)?;
            self.throw_out(gone)?;
        }
    }

    /// Throws out whatever a given session hears in another room or before other people; its session, if it is still open.
    fn compose(&mut self, g: GivenIx, room: RoomIx, members: &Members) -> Option<Slot> {
        let slot = self.state.given_slot(g);
        if slot == NONE {
            return Some(NONE);
        }
        let session = self.state.session(slot);
        if session.room != room || session.members != *members {
            for job in session.jobs.clone() {
                self.throw_out(job)?;
            }
        }
        Some(self.state.given_slot(g))
    }

    fn throw_out(&mut self, job: JobId) -> Option<()> {
        if self.state.model.frozen[job as usize] {
            return None;
        }
        self.take_out(job);
        self.out.push(job);
        Some(())
    }

    /// Takes a job out, with its session if that hears nobody else.
    fn take_out(&mut self, job: JobId) {
        let slot = self.state.placed[job as usize].slot;
        self.state.unplace(job);
        if self.state.session(slot).jobs.is_empty() {
            self.state.close(slot);
        }
    }

    /// The one of the jobs that weighs least and may go.
    fn lightest(&self, jobs: Vec<JobId>) -> Option<JobId> {
        jobs.into_iter().filter(|&j| !self.state.model.frozen[j as usize]).min_by_key(|&j| self.weight_of(j))
    }

    /// Throws out the candidate's other orals that the place does not bear.
    fn free_candidate(&mut self, job: JobId, parts: u8, spot: &Spot) -> Option<()> {
        let model = self.state.model;
        let candidate = model.jobs[job as usize].candidate;
        let block = self.state.block_at(job, parts, spot.date, spot.centre, spot.start);
        for &other in model.jobs_of[candidate].iter().filter(|&&j| j != job) {
            let placement = &self.state.placed[other as usize];
            if placement.parts == 0 {
                continue;
            }
            let session = self.state.session(placement.slot);
            let own = self.state.block(other, placement);
            let gap = self.state.gap(candidate, session.half != spot.half);
            let apart = own.time.to + gap <= block.time.from || block.time.to + gap <= own.time.from;
            if session.date == spot.date && (session.centre != spot.centre || !apart) {
                self.throw_out(other)?;
            }
        }
        while !self.state.cell_suits(job, parts, spot.centre, spot.date) {
            let on_date = |&&j: &&JobId| {
                let placement = &self.state.placed[j as usize];
                j != job
                    && placement.parts > 0
                    && model.jobs[j as usize].counted
                    && self.state.session(placement.slot).date == spot.date
            };
            let others = model.jobs_of[candidate].iter().filter(on_date).copied().collect();
            self.throw_out(self.lightest(others)?)?;
        }
        Some(())
    }

    /// Throws out of sessions that share a room or somebody what is heard at that time; a session that goes on around it
    /// becomes two, but for the `own` one, which hears what is placed.
    fn clear(&mut self, slots: Vec<Slot>, time: Interval, turnaround: Minutes, own: Slot) -> Option<()> {
        // A given commission does not suspend: nothing else lies within all that it hears.
        let whole = match own {
            NONE => time,
            own if self.state.session(own).jobs.is_empty() => time,
            own => {
                let span = self.state.session(own).span;
                Interval::new(span.from.min(time.from), span.to.max(time.to))
            }
        };
        for slot in slots {
            let time = if slot == own { time } else { whole };
            for job in self.at_that_time(slot, time, turnaround) {
                self.throw_out(job)?;
            }
            let session = self.state.session(slot);
            if slot != own && session.live && session.span.from < time.from && time.to < session.span.to {
                if session.given.is_none() {
                    part_session(self.state, slot, time.to);
                    continue;
                }
                let first = |j: &JobId| self.state.placed[*j as usize].start < time.from;
                let (before, after): (Vec<JobId>, Vec<JobId>) = session.jobs.iter().copied().partition(first);
                let held = |jobs: &[JobId]| jobs.iter().any(|&j| self.state.model.frozen[j as usize]);
                let lighter = if held(&after) || (!held(&before) && self.weight(&before) < self.weight(&after)) {
                    before
                } else {
                    after
                };
                for job in lighter {
                    self.throw_out(job)?;
                }
            }
        }
        Some(())
    }

    /// The jobs of a session that leave no room for a sitting then.
    fn at_that_time(&self, slot: Slot, time: Interval, turnaround: Minutes) -> SmallVec<[JobId; 4]> {
        let meets = |&j: &JobId| {
            let (start, part) = (self.state.placed[j as usize].start, self.state.part_of(j));
            start + part.length + part.turnaround > time.from && time.to + turnaround > start
        };
        self.state.session(slot).jobs.iter().copied().filter(meets).collect()
    }

    /// Who prepares in the centre at that time, the job's own candidate left out.
    fn preparing(&self, job: JobId, spot: &Spot, time: Interval) -> Vec<JobId> {
        let model = self.state.model;
        let prepares = |&j: &JobId| {
            let placement = &self.state.placed[j as usize];
            if j == job || placement.parts == 0 {
                return false;
            }
            let session = self.state.session(placement.slot);
            let spans = &self.state.part_of(j).preparations;
            (session.centre, session.date) == (spot.centre, spot.date)
                && spans.iter().any(|p| Interval::new(placement.start + p.from, placement.start + p.to).meets(time))
        };
        (0..model.jobs.len() as JobId).filter(prepares).collect()
    }
}

/// Makes a session of its own of what a session hears from an hour on: both keep room and people.
fn part_session(state: &mut State, slot: Slot, from: Minutes) {
    let session = state.session(slot).clone();
    let later: Vec<(JobId, Placement)> = (session.jobs.iter())
        .map(|&j| (j, state.placed[j as usize].clone()))
        .filter(|(_, placement)| placement.start >= from)
        .collect();
    later.iter().for_each(|(j, _)| state.unplace(*j));
    let new = state.open(session.kind, session.room, (session.date, session.half, None), session.members);
    for (job, placement) in later {
        state.place(job, Placement { slot: new, ..placement });
    }
}

/// Joins sessions of the same people in the same room and half-day, where nothing lies between.
pub(crate) fn join_sessions(state: &mut State) {
    let mut slots = state.live.clone();
    let key = |state: &State, s: Slot| {
        let session = state.session(s);
        (session.date, session.room, session.half, session.kind, session.given, session.members.clone())
    };
    slots.sort_by_cached_key(|&s| (key(state, s), state.session(s).span.from));
    let mut into: Option<Slot> = None;
    for slot in slots {
        match into {
            Some(first) if key(state, first) == key(state, slot) => {
                if !move_jobs(state, slot, first) {
                    into = Some(slot);
                }
            }
            _ => into = Some(slot),
        }
    }
}

/// Moves all jobs of a session to another one, with hours and preparation rooms; false, and nothing is changed, where one
/// does not fit.
fn move_jobs(state: &mut State, from: Slot, to: Slot) -> bool {
    let mark = state.mark();
    for job in state.session(from).jobs.clone() {
        let old = state.placed[job as usize].clone();
        state.unplace(job);
        if state.placement(job, old.parts, to, old.start).is_none() {
            state.undo(mark);
            return false;
        }
        state.place(job, Placement { slot: to, ..old });
    }
    state.close(from);
    true
}
