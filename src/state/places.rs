//! Places: where could this job be heard instead, at what price, and where not, by which rules? Answered for every exam
//! room and every start of the grid in a cell, from the same views and parts that the search asks.
//!
//! A place is a room and a start: the job joins a session that is there, or a session is opened for it. A session that hears
//! nobody else is opened again with the same people. Where both can be, it joins: whoever drops an oral on a session wants
//! it there.

mod forbidden;
mod session;
mod team;

use std::cell::RefCell;

use smallvec::SmallVec;

use super::cost::Block;
use super::*;
use crate::parts::{ExaminerHalfDay, SchoolBeforeTeam};
use crate::rules::{Rule, RuleSet};
use crate::starts::Starts;
use forbidden::Broken;
pub use session::HeldSession;
use team::{Team, Teams};

/// A job taken out of the plan, to be put elsewhere or back ([`State::let_go`]).
#[derive(Debug)]
pub struct Held {
    /// The job.
    pub job: JobId,
    /// How many of its orals are held: those that were heard, or all.
    pub parts: u8,
    /// Where it was.
    pub was: Option<Stand>,
    mark: usize,
    /// The cost before it was taken out.
    before: i64,
    /// The session that heard nobody else.
    emptied: Option<Opening>,
}

/// Where a job stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stand {
    /// The exam room.
    pub room: RoomIx,
    /// The date.
    pub date: DateIx,
    /// The start.
    pub start: Minutes,
}

/// A session to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The exam room.
    pub room: RoomIx,
    /// The date.
    pub date: DateIx,
    /// The half-day.
    pub half: usize,
    /// Which given session it is, if any.
    pub given: Option<GivenIx>,
    /// By seat, who holds it, or [`NONE`].
    pub members: SmallVec<[u32; 4]>,
}

/// The places of a cell.
#[derive(Debug)]
pub struct Cell {
    /// The centre.
    pub centre: CentreIx,
    /// The date.
    pub date: DateIx,
    /// By exam room, in the order of the centre.
    pub rooms: Vec<RoomPlaces>,
    teams: Vec<Team>,
}

/// The places of an exam room on a date.
#[derive(Debug)]
pub struct RoomPlaces {
    /// The room.
    pub room: RoomIx,
    /// Every start of every half-day, in order of time.
    pub spots: Vec<Spot>,
}

/// A start in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The half-day.
    pub half: usize,
    /// The start of the job.
    pub start: Minutes,
    /// What it would change, or the rules that forbid it.
    pub answer: Result<Offer, RuleSet>,
}

/// An allowed place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What the plan then costs more than before the job was taken out.
    pub price: i64,
    /// The session that it joins; else one is opened.
    pub joins: Option<Slot>,
    team: u32,
}

/// Neighbouring starts with the same answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The first and the last start.
    pub starts: Interval,
    /// What all of them would change, or the rules that forbid them.
    pub answer: Result<Offer, RuleSet>,
}

impl RoomPlaces {
    /// The starts, with neighbours of the same answer (and the same session to join) joined. An hour at which one half-day ends
    /// and the next begins counts once: where it is allowed, as such.
    pub fn runs(&self, step: Minutes) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for (i, spot) in self.spots.iter().enumerate() {
            let twice = |other: Option<&Spot>| other.is_some_and(|o| o.start == spot.start);
            let again = twice(self.spots.get(i + 1)) && spot.answer.is_err();
            if again || (twice(i.checked_sub(1).map(|i| &self.spots[i])) && self.spots[i - 1].answer.is_ok()) {
                continue;
            }
            let same = |run: &&mut Run| {
                let like = match (run.answer, spot.answer) {
                    (Ok(a), Ok(b)) => (a.price, a.joins) == (b.price, b.joins),
                    (Err(a), Err(b)) => a == b,
                    _ => false,
                };
                like && run.starts.to + step == spot.start
            };
            match runs.last_mut().filter(same) {
                Some(run) => run.starts.to = spot.start,
                None => runs.push(Run { starts: Interval::new(spot.start, spot.start), answer: spot.answer }),
            }
        }
        runs
    }
}

impl Cell {
    /// The cheapest price.
    pub fn best(&self) -> Option<i64> {
        let spots = self.rooms.iter().flat_map(|r| &r.spots);
        spots.filter_map(|s| Some(s.answer.ok()?.price)).min()
    }

    /// The place at a start in a room.
    pub fn spot(&self, room: RoomIx, start: Minutes) -> Option<&Spot> {
        let spots = &self.rooms.iter().find(|r| r.room == room)?.spots;
        let mut here = spots.iter().filter(|s| s.start == start);
        // An hour at which one half-day ends and the next begins is in both.
        let first = here.next()?;
        Some(here.find(|s| s.answer.is_ok()).filter(|_| first.answer.is_err()).unwrap_or(first))
    }

    /// The session that an offer opens, if it joins none.
    pub fn opening(&self, room: RoomIx, spot: &Spot) -> Option<Opening> {
        let offer = spot.answer.ok().filter(|o| o.joins.is_none())?;
        let team = &self.teams[offer.team as usize];
        let (half, given, members) = (spot.half, team.given, team.members.clone());
        Some(Opening { room, date: self.date, half, given, members })
    }
}

/// Whose it is that a rule forbids a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// The candidate.
    Candidate(CandidateIx),
    /// The centre.
    Centre(CentreIx),
    /// The exam room.
    Room(RoomIx),
    /// A preparation room.
    PreparationRoom(PrepIx),
    /// The session that would hear the job.
    Session(Slot),
    /// Somebody who would hear it.
    Examiner(ExaminerIx),
}

/// A rule that forbids a place, and whose it is.
#[derive(Clone, Copy)]
pub struct Blame {
    /// The rule.
    pub rule: &'static Rule,
    /// Whose.
    pub thing: Thing,
}

/// What stands in the way of a place.
pub struct Refusal {
    /// The session that the job would join as it is.
    pub joins: Option<Slot>,
    /// Else the session that would be opened, with those who come nearest to being free.
    pub opens: Opening,
    /// The rules that forbid it, each with whose they are.
    pub blames: Vec<Blame>,
}

/// What all places of a held job in a half-day of a cell share.
struct Place<'s, 'm> {
    state: &'s State<'m>,
    held: &'s Held,
    part: &'m Part,
    candidate: CandidateIx,
    cell: (CentreIx, DateIx, usize),
    /// Every start.
    all: Starts,
    /// Whether the rules that forbid a place are wanted: all of them; else that it is forbidden is enough.
    whys: bool,
    /// The start that is asked about, for which it is kept who forbids it.
    asked: Option<Minutes>,
    blamed: RefCell<Vec<Blame>>,
}

impl<'m> State<'m> {
    /// Takes a job out of the plan, with its session if that hears nobody else.
    pub fn hold(&mut self, job: JobId) -> Held {
        let (mark, before) = (self.mark(), self.cost);
        let placement = self.placed[job as usize].clone();
        if placement.parts == 0 {
            let parts = self.model.jobs[job as usize].parts.len() as u8;
            return Held { job, parts, was: None, mark, before, emptied: None };
        }
        self.unplace(job);
        let s = self.session(placement.slot);
        let was = Stand { room: s.room, date: s.date, start: placement.start };
        let emptied = s.jobs.is_empty().then(|| Opening {
            room: s.room,
            date: s.date,
            half: s.half,
            given: s.given,
            members: s.members.clone(),
        });
        if emptied.is_some() {
            self.close(placement.slot);
        }
        Held { job, parts: placement.parts, was: Some(was), mark, before, emptied }
    }

    /// Puts a held job back where it was.
    pub fn let_go(&mut self, held: Held) {
        self.undo(held.mark);
    }

    /// Puts a held job at an allowed place of a cell. The state has not changed since it was taken out.
    pub fn put(&mut self, held: &Held, cell: &Cell, room: RoomIx, spot: &Spot) -> Slot {
        let offer = spot.answer.expect("the place is allowed");
        let slot = match (offer.joins, cell.opening(room, spot)) {
            (Some(slot), _) => slot,
            (None, Some(new)) => {
                let kind = self.model.jobs[held.job as usize].kind;
                self.open(kind, new.room, (new.date, new.half, new.given), new.members)
            }
            (None, None) => unreachable!("an offer joins a session or opens one"),
        };
        let rooms = self.preparation_rooms(held.job, held.parts, cell.centre, cell.date, spot.start);
        let rooms = rooms.expect("the place has its preparation rooms");
        self.place(held.job, Placement { slot, start: spot.start, parts: held.parts, rooms });
        slot
    }

    /// Every place of a held job in a cell.
    pub fn places(&self, held: &Held, z: CentreIx, d: DateIx) -> Cell {
        self.cell(held, z, d, true)
    }

    /// The allowed places of a held job in a cell; of the forbidden ones not all are there, and not all that forbids them.
    pub fn allowed_places(&self, held: &Held, z: CentreIx, d: DateIx) -> Cell {
        self.cell(held, z, d, false)
    }

    fn cell(&self, held: &Held, z: CentreIx, d: DateIx, whys: bool) -> Cell {
        let model: &'m Model<'m> = self.model;
        let rooms = model.instance.centres[z].rooms.iter();
        let mut cell = Cell {
            centre: z,
            date: d,
            rooms: rooms.map(|&room| RoomPlaces { room, spots: Vec::new() }).collect(),
            teams: Vec::new(),
        };
        for half in 0..model.halves {
            Place { whys, ..self.place_in(held, (z, d, half), None) }.half_day(&mut cell);
        }
        cell.rooms.iter_mut().for_each(|r| r.spots.sort_by_key(|s| (s.start, s.half)));
        cell
    }

    fn place_in<'s>(
        &'s self,
        held: &'s Held,
        cell: (CentreIx, DateIx, usize),
        asked: Option<Minutes>,
    ) -> Place<'s, 'm> {
        let model: &'m Model<'m> = self.model;
        let spec = &model.jobs[held.job as usize];
        let part = &spec.parts[held.parts as usize - 1];
        let (candidate, all) = (spec.candidate, model.hours[cell.2].clone());
        Place { state: self, held, part, candidate, cell, all, whys: true, asked, blamed: RefCell::default() }
    }

    /// What stands in the way of a held job at a start in a room.
    pub fn refusal(&self, held: &Held, room: RoomIx, d: DateIx, half: usize, start: Minutes) -> Refusal {
        let z = self.model.instance.rooms[room].centre;
        let place = self.place_in(held, (z, d, half), Some(start));
        let others = self.other_blocks(place.candidate, held.job);
        place.candidate_broken(&others);
        place.room_broken(room);
        let joins = place.sessions_in(room).next();
        let teams = match joins {
            Some(slot) => {
                place.joining_broken(slot);
                None
            }
            None => {
                place.room_hours_broken(room);
                Some(place.teams())
            }
        };
        let at = place.all.hours().position(|s| s == start).unwrap_or_default();
        let team = teams.map(|t| t.nearest(room, at));
        let members = team.as_ref().map(|t| t.members.clone()).unwrap_or_default();
        let opens = Opening { room, date: d, half, given: team.and_then(|t| t.given), members };
        let mut blames = place.blamed.into_inner();
        // Of all who could be called, those who would be.
        let called =
            |b: &Blame| !matches!(b.thing, Thing::Examiner(x) if joins.is_none() && !opens.members.contains(&x.0));
        blames.retain(called);
        Refusal { joins, opens, blames }
    }
}

impl Place<'_, '_> {
    fn half_day(&self, cell: &mut Cell) {
        let state = self.state;
        let half = self.cell.2;
        let others = state.other_blocks(self.candidate, self.held.job);
        let blocks: SmallVec<[Block; 6]> = others.iter().map(|(b, _)| *b).collect();
        let day = self.candidate_broken(&others);
        if !self.whys && day.broken.rules.iter().zip(&day.unsure.rules).all(|(b, u)| !b.or(*u).is_empty()) {
            return;
        }
        let mut teams = self.teams();
        let base = self.base();
        let starts: Vec<Minutes> = self.all.hours().collect();
        // Against no published schedule, what the candidate pays is the same in each room.
        let apart = state.model.baseline.is_some();
        let prices = |room: RoomIx| -> Vec<i64> {
            let before = state.candidate_cost(self.candidate);
            let each = starts.iter().zip(&day.unsure.rules).zip(&day.broken.rules).map(|((&start, unsure), broken)| {
                if unsure.or(*broken).is_empty() { self.candidate_with(&blocks, start, room) - before } else { 0 }
            });
            each.collect()
        };
        let shared = cell.rooms.first().filter(|_| !apart).map(|r| prices(r.room));
        for at in 0..cell.rooms.len() {
            let room = cell.rooms[at].room;
            let own = shared.is_none().then(|| prices(room));
            let candidate = shared.as_ref().or(own.as_ref()).expect("one of them is there");
            let suits = self.room_broken(room);
            let joins: SmallVec<[Joining; 2]> = self.sessions_in(room).map(|slot| self.joining(slot)).collect();
            let alone = self.room_hours_broken(room);
            for (i, &start) in starts.iter().enumerate() {
                let (shared, unsure) = (day.broken.rules[i].or(suits), day.unsure.rules[i]);
                // What all ways break; else what one or another does.
                let told = |all: RuleSet, any: RuleSet| Err(if all.is_empty() { any } else { all });
                // Where it was, nothing changes: the session that it left is opened again.
                let stays = self.held.emptied.is_some()
                    && self.held.was.as_ref().is_some_and(|w| (w.room, w.date, w.start) == (room, cell.date, start));
                let free = |rules: RuleSet| rules.or(unsure).is_empty();
                let join = joins.iter().filter(|j| !stays && free(shared.or(j.broken.rules[i])));
                let join = join.map(|j| (j.price(self, start), j.slot)).min();
                let answer = if let Some((price, slot)) = join {
                    Ok(Offer { price: base + candidate[i] + price, joins: Some(slot), team: 0 })
                } else {
                    let open = shared.or(alone.rules[i]);
                    match teams.offer(self, room, i, start, free(open)) {
                        Ok((price, team)) if free(open) => {
                            let team = Cell::keep(&mut cell.teams, team);
                            Ok(Offer { price: base + candidate[i] + price, joins: None, team })
                        }
                        _ if !joins.is_empty() => told(shared.or(joins[0].broken.rules[i]), unsure),
                        Ok(_) => told(open, unsure),
                        Err(no) => told(open.or(no.all), unsure.or(no.any)),
                    }
                };
                cell.rooms[at].spots.push(Spot { half, start, answer });
            }
        }
    }

    /// The sessions of the job's kind in a room.
    fn sessions_in(&self, room: RoomIx) -> impl Iterator<Item = Slot> {
        let (state, (z, d, half)) = (self.state, self.cell);
        let kind = state.model.jobs[self.held.job as usize].kind;
        let there = move |s: &Slot| state.session(*s).room == room && state.session(*s).half == half;
        state.in_cell(kind, z, d).iter().copied().filter(there)
    }

    /// What the plan costs without the job and without its being left out, less what it cost with it.
    fn base(&self) -> i64 {
        let state = self.state;
        let left = i64::from(self.held.parts) * i64::from(state.model.instance.weights.unscheduled);
        state.cost - left - self.held.before
    }

    /// What the candidate costs with the job then.
    fn candidate_with(&self, blocks: &[Block], start: Minutes, room: RoomIx) -> i64 {
        let (state, held, (z, d, _)) = (self.state, self.held, self.cell);
        let block = state.block_at(held.job, held.parts, d, z, start);
        let mut blocks: SmallVec<[Block; 6]> = SmallVec::from_slice(blocks);
        blocks.push(block);
        let placement = Placement { slot: NONE, start, parts: held.parts, rooms: SmallVec::new() };
        state.days_cost(self.candidate, &blocks)
            + state.moved_cost(self.candidate, Some((held.job, &placement, block, room)))
    }

    /// What the school of the candidate adds before so many of its sittings that count together.
    fn school(&self, together: impl Fn(SchoolIx) -> i64) -> i64 {
        let state = self.state;
        let spec = &state.model.jobs[self.held.job as usize];
        let school = state.model.instance.candidates[self.candidate].school.filter(|_| spec.counted);
        school.map_or(0, |school| {
            let count = together(school);
            let price = |sittings| SchoolBeforeTeam { sittings }.cost(state.model.instance);
            price(count + 1) - price(count)
        })
    }

    /// What hearing the job then adds to an examiner's half-day, and to their wishes.
    fn hears(&self, x: ExaminerIx, half: ExaminerHalfDay, start: Minutes) -> i64 {
        let (state, held) = (self.state, self.held);
        let time = Interval::new(start, start + self.part.length);
        let instance = state.model.instance;
        half.with(time).cost(instance) - half.cost(instance)
            + state.hearing(x, self.cell.1, held.job, held.parts, start)
    }

    fn joining(&self, slot: Slot) -> Joining {
        let (state, held) = (self.state, self.held);
        let session = state.session(slot);
        let people = session.members.iter().filter(|&&x| x != NONE).map(|&x| ExaminerIx(x));
        let fixed: i64 = people.clone().map(|x| state.sittings_more(x, i64::from(held.parts))).sum();
        Joining {
            slot,
            broken: self.joining_broken(slot),
            fixed: i64::from(held.parts) * session.per_sitting
                + self.school(|school| state.school_count(slot, school))
                + fixed,
            people: people.map(|x| (x, state.half_day(x, session.date, session.half))).collect(),
        }
    }

    fn teams(&self) -> Teams {
        Teams::new(self)
    }
}

/// A session that the job could join.
struct Joining {
    slot: Slot,
    broken: Broken,
    /// What does not depend on the hour.
    fixed: i64,
    people: SmallVec<[(ExaminerIx, ExaminerHalfDay); 4]>,
}

impl Joining {
    fn price(&self, place: &Place, start: Minutes) -> i64 {
        self.fixed + self.people.iter().map(|&(x, half)| place.hears(x, half, start)).sum::<i64>()
    }
}

impl Cell {
    /// The number of a team, kept once.
    fn keep(teams: &mut Vec<Team>, team: Team) -> u32 {
        let at = teams.iter().rposition(|t| *t == team).unwrap_or_else(|| {
            teams.push(team);
            teams.len() - 1
        });
        at as u32
    }
}
