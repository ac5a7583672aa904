//! Insertion: the cheapest place for a job in the sessions that there are, or in a new one. Every
//! destroy-and-repair move and the constructive start stand on it.

mod opening;

use rand::RngExt;
use smallvec::SmallVec;

use super::Random;
use crate::instance::*;
use crate::parts::{ExaminerHalfDay, SchoolBeforeTeam};
use crate::rules::Part as _;
use crate::starts::Starts;
use crate::state::cost::Block;
use crate::state::{JobId, Model, NONE, Part, Placement, Slot, State};

/// How an insertion is chosen.
#[derive(Clone, Debug)]
pub struct Taste {
    /// The chance to overlook a session, so that repairs differ (Christiaens and Vanden Berghe 2020: blinks).
    pub blink: f64,
    /// The share of a new session's fixed cost (people, centre, session) that its first sitting bears: those
    /// still to come will share it.
    pub fixed_share: f64,
    /// How many half-days of cells a new session is tried in, at most.
    pub new_cells: usize,
    /// The only centre and date to look at, if not all.
    pub only: Option<(CentreIx, DateIx)>,
    /// A place that costs as much is as good as none.
    pub limit: i64,
}

impl Taste {
    /// Looks everywhere and bears the whole cost.
    pub const EXACT: Taste = Taste { blink: 0.0, fixed_share: 1.0, new_cells: usize::MAX, only: None, limit: i64::MAX };
}

/// A place for a job, with what the cost gains by it (the sitting's own `unscheduled` left out).
#[derive(Clone, Debug)]
pub struct Insertion {
    /// The change of cost, as chosen by taste.
    pub delta: i64,
    /// The change of the second best session, for regret; `i64::MAX` if there is none.
    pub second: i64,
    /// Where.
    pub place: Place,
}

/// Where a job goes.
#[derive(Clone, Debug)]
pub enum Place {
    /// Into a session that there is.
    Existing(Placement),
    /// Into a new session.
    New(Box<NewSession>),
}

/// A session to open for a job.
#[derive(Clone, Debug)]
pub struct NewSession {
    room: RoomIx,
    date: DateIx,
    half: usize,
    given: Option<GivenIx>,
    members: SmallVec<[u32; 4]>,
    start: Minutes,
    parts: u8,
}

/// What all insertions of one job share.
struct Seeker<'s, 'm> {
    state: &'s State<'m>,
    job: JobId,
    parts: u8,
    part: &'m Part,
    candidate: CandidateIx,
    blocks: SmallVec<[Block; 6]>,
    others: SmallVec<[(Block, usize); 6]>,
    before: i64,
    /// What the insertion can spare at most.
    spared: i64,
}

/// The cheapest place for a job, whole or, where it cannot be placed whole, its first orals.
pub fn cheapest(state: &State, job: JobId, taste: &Taste, rng: &mut Random) -> Option<Insertion> {
    let most = state.model.jobs[job as usize].parts.len() as u8;
    let unscheduled = i64::from(state.model.instance.weights.unscheduled);
    (1..=most).rev().find_map(|parts| {
        let limit = taste.limit.saturating_sub(i64::from(most - parts) * unscheduled);
        Seeker::new(state, job, parts).cheapest(taste, limit, rng)
    })
}

/// Inserts a job at its cheapest place; says whether there was one.
pub fn insert(state: &mut State, job: JobId, taste: &Taste, rng: &mut Random) -> bool {
    match cheapest(state, job, taste, rng) {
        Some(insertion) => {
            apply(state, job, insertion.place);
            true
        }
        None => false,
    }
}

/// Carries an insertion out.
pub fn apply(state: &mut State, job: JobId, place: Place) {
    let placement = match place {
        Place::Existing(placement) => placement,
        Place::New(new) => {
            let kind = state.model.jobs[job as usize].kind;
            let slot = state.open(kind, new.room, (new.date, new.half, new.given), new.members);
            let z = state.session(slot).centre;
            let rooms = state
                .preparation_rooms(job, new.parts, z, new.date, new.start)
                .expect("the place was found on this state");
            Placement { slot, start: new.start, parts: new.parts, rooms }
        }
    };
    state.place(job, placement);
}

/// Opens a session in the given half-day of a cell for a job and places it there, if that can be.
pub fn open_for(state: &mut State, job: JobId, z: CentreIx, d: DateIx, half: usize, rng: &mut Random) -> Option<Slot> {
    let parts = state.model.jobs[job as usize].parts.len() as u8;
    let seeker = Seeker::new(state, job, parts);
    if !state.cell_suits(job, parts, z, d) {
        return None;
    }
    let (_, new) = seeker.new_session(z, d, half, 1.0, i64::MAX, rng)?;
    apply(state, job, Place::New(Box::new(new)));
    Some(state.placed[job as usize].slot)
}

impl<'s, 'm> Seeker<'s, 'm> {
    fn new(state: &'s State<'m>, job: JobId, parts: u8) -> Self {
        let model = state.model;
        let spec = &model.jobs[job as usize];
        let others = state.other_blocks(spec.candidate, job);
        Seeker {
            state,
            job,
            parts,
            part: &spec.parts[parts as usize - 1],
            candidate: spec.candidate,
            blocks: others.iter().map(|(b, _)| *b).collect(),
            others,
            before: state.candidate_cost(spec.candidate),
            spared: spared(model, job, parts),
        }
    }

    fn cheapest(&self, taste: &Taste, limit: i64, rng: &mut Random) -> Option<Insertion> {
        let spec = &self.state.model.jobs[self.job as usize];
        // Cells by what the candidate's day there costs at least: those where the candidate is already come first.
        let mut cells: SmallVec<[(i64, CentreIx, DateIx); 64]> = SmallVec::new();
        for d in spec.dates.ones().filter(|&d| self.state.own[d]).map(DateIx::of) {
            for &z in &spec.centres {
                if taste.only.is_none_or(|only| only == (z, d)) && self.state.cell_suits(self.job, self.parts, z, d) {
                    cells.push((self.day_delta(z, d), z, d));
                }
            }
        }
        cells.sort_unstable_by_key(|c| c.0);
        let spared = self.spared;
        let mut best: Option<Insertion> = None;
        for &(floor, z, d) in &cells {
            let enough = best.as_ref().map_or(limit, |b| b.second.min(b.delta.saturating_add(2000)).min(limit));
            if floor - spared >= enough {
                break;
            }
            let mut free: SmallVec<[Option<Starts>; 3]> = SmallVec::from_elem(None, self.state.model.halves);
            for &slot in self.state.in_cell(spec.kind, z, d) {
                if taste.blink > 0.0 && rng.random_bool(taste.blink) {
                    continue;
                }
                let half = self.state.session(slot).half;
                let free = &*free[half].get_or_insert_with(|| self.free(z, d, half));
                if free.is_empty() {
                    continue;
                }
                // What is no better than the second best changes nothing.
                let enough = best.as_ref().map_or(limit, |b| b.second.min(limit));
                if let Some((delta, placement)) = self.in_session(slot, free, floor, enough, rng) {
                    keep(&mut best, delta, Place::Existing(placement));
                }
            }
        }
        self.try_new(&cells, taste, limit, &mut best, rng);
        best
    }

    /// What one more date or centre costs the candidate.
    fn day_delta(&self, z: CentreIx, d: DateIx) -> i64 {
        if self.blocks.iter().any(|b| b.date == d) {
            return 0;
        }
        let instance = self.state.model.instance;
        let w = &instance.weights;
        let mut delta = i64::from(w.candidate_km) * instance.candidates[self.candidate].km[z];
        if !self.blocks.is_empty() {
            delta += i64::from(w.candidate_days);
            if !self.blocks.iter().any(|b| b.centre == z) {
                delta += i64::from(w.candidate_centres);
            }
        }
        delta
    }

    /// The starts that the candidate, the centre and its preparation rooms leave.
    fn free(&self, z: CentreIx, d: DateIx, half: usize) -> Starts {
        self.state.candidate_starts(self.job, self.parts, (z, d, half), &self.others)
    }

    fn candidate_delta(&self, start: Minutes, z: CentreIx, d: DateIx, room: RoomIx) -> i64 {
        let block = self.state.block_at(self.job, self.parts, d, z, start);
        let mut blocks = self.blocks.clone();
        blocks.push(block);
        let placement = Placement { slot: NONE, start, parts: self.parts, rooms: SmallVec::new() };
        self.state.days_cost(self.candidate, &blocks)
            + self.state.moved_cost(self.candidate, Some((self.job, &placement, block, room)))
            - self.before
    }

    /// The cheapest of the `free` starts in a session that there is, where the candidate's day costs `floor` or more, below
    /// `limit`.
    fn in_session(
        &self,
        slot: Slot,
        free: &Starts,
        floor: i64,
        limit: i64,
        rng: &mut Random,
    ) -> Option<(i64, Placement)> {
        let state = self.state;
        let sittings = i64::from(self.parts) * state.session(slot).per_sitting;
        if sittings + floor - self.spared >= limit || !state.suits_there(self.job, self.parts, slot) {
            return None;
        }
        let own = state.left_by_session(slot, self.part);
        let mut starts = free.clone();
        starts.keep(&own);
        if starts.is_empty() {
            return None;
        }
        let session = state.session(slot);
        let people: SmallVec<[ExaminerHalfDay; 4]> = session
            .members
            .iter()
            .filter(|&&x| x != NONE)
            .map(|&x| state.half_day(ExaminerIx(x), session.date, session.half))
            .collect();
        let spec = &state.model.jobs[self.job as usize];
        let school = state.model.instance.candidates[self.candidate].school.filter(|_| spec.counted);
        let schools = school.map_or(0, |s| {
            let count = state.school_count(slot, s);
            let price = |sittings| SchoolBeforeTeam { sittings }.cost(state.model.instance);
            price(count + 1) - price(count)
        });
        let members = || session.members.iter().filter(|&&x| x != NONE).map(|&x| ExaminerIx(x));
        let more_sittings: i64 = members().map(|x| state.sittings_more(x, i64::from(self.parts))).sum();
        let fixed = i64::from(self.parts) * session.per_sitting + schools + more_sittings;
        let waiting = i64::from(self.part.busy) * i64::from(state.model.instance.weights.candidate_wait);
        let mut best: Option<(i64, Minutes)> = None;
        for start in self.worth_a_look(&own, &starts, (session.centre, session.date, session.half)) {
            let time = Interval::new(start, start + self.part.length);
            let idle: i64 = people.iter().map(|&half| more(state.model, half, time)).sum();
            let wishes: i64 = members().map(|x| self.wish(x, session.date, start)).sum();
            let base = fixed + idle + wishes;
            if base + floor - waiting >= best.map_or(limit, |b| b.0) {
                continue;
            }
            let delta = base + self.candidate_delta(start, session.centre, session.date, session.room);
            let better = match best {
                None => delta < limit,
                Some((least, _)) => delta < least || (delta == least && rng.random_bool(0.3)),
            };
            if better {
                best = Some((delta, start));
            }
        }
        let (delta, start) = best?;
        Some((delta, state.placement_at(self.job, self.parts, slot, start)?))
    }

    /// What it costs an examiner to hear the job then.
    fn wish(&self, x: ExaminerIx, d: DateIx, start: Minutes) -> i64 {
        self.state.hearing(x, d, self.job, self.parts, start)
    }

    /// Of the starts left, those worth a look: where they touch what the session or the team does before or after, the
    /// candidate's other blocks or the centre's opening, and the published one. A start in the midst of free time would only cut
    /// it up: such are looked at where nothing else is left.
    fn worth_a_look(&self, own: &Starts, left: &Starts, cell: (CentreIx, DateIx, usize)) -> SmallVec<[Minutes; 12]> {
        let mut few: SmallVec<[Minutes; 12]> = SmallVec::new();
        let mut look = |start: Minutes| {
            if left.contains(start) && !few.contains(&start) {
                few.push(start);
            }
        };
        own.runs().for_each(|run| [run.from, run.to].into_iter().for_each(&mut look));
        self.touching(cell).into_iter().for_each(&mut look);
        if let Some(baseline) = &self.state.model.baseline {
            let first = self.state.model.jobs[self.job as usize].orals[0];
            baseline.orals.get(&first).map(|p| p.start).into_iter().for_each(&mut look);
        }
        if few.is_empty() {
            few.extend(left.runs().flat_map(|run| [run.from, run.to]));
        }
        few
    }

    /// The starts that touch the candidate's other blocks of the date, or the ends of the opening.
    fn touching(&self, (z, d, half): (CentreIx, DateIx, usize)) -> SmallVec<[Minutes; 8]> {
        let model = self.state.model;
        let step = model.instance.step;
        let mut touching: SmallVec<[Minutes; 8]> = SmallVec::new();
        let (before, length) = (self.part.before, self.part.length);
        if let Some(open) = model.open[model.zd(z, d)] {
            touching.extend([time::round_up(open.from + before, step), (open.to - length).div_euclid(step) * step]);
        }
        for (block, h) in self.others.iter().filter(|(b, _)| b.date == d) {
            let gap = self.state.gap(self.candidate, *h != half);
            let after = time::round_up(block.time.to + gap + before, step);
            touching.extend([after, (block.time.from - gap - length).div_euclid(step) * step]);
        }
        touching
    }

    fn try_new(
        &self,
        cells: &[(i64, CentreIx, DateIx)],
        taste: &Taste,
        limit: i64,
        best: &mut Option<Insertion>,
        rng: &mut Random,
    ) {
        let w = &self.state.model.instance.weights;
        let halves = self.state.model.halves;
        let total = cells.len() * halves;
        if total == 0 {
            return;
        }
        let tries = taste.new_cells.min(total);
        // With few tries: cells where the candidate already is, then any, from a random point on.
        let present = cells.iter().take_while(|c| c.0 == 0).count() * halves;
        let offset = if tries < total { rng.random_range(0..total) } else { 0 };
        for i in 0..tries {
            let at = if i < present.min(tries / 2 + 1) { i } else { (i + offset) % total };
            let (floor, z, d) = cells[at / halves];
            let least = floor - self.spared + (i64::from(w.sessions) as f64 * taste.fixed_share) as i64;
            let limit = best.as_ref().map_or(limit, |b| b.delta.min(limit));
            if least >= limit {
                continue;
            }
            if let Some((delta, new)) = self.new_session(z, d, at % halves, taste.fixed_share, limit, rng) {
                keep(best, delta, Place::New(Box::new(new)));
            }
        }
    }
}

/// What the insertion of so many orals of a job can spare at most: waiting and idle time that it fills.
pub(super) fn spared(model: &Model, job: JobId, parts: u8) -> i64 {
    let spec = &model.jobs[job as usize];
    let part = &spec.parts[parts as usize - 1];
    let w = &model.instance.weights;
    let seats = model.kinds[spec.kind as usize].seats.len() as i64;
    let targets = if model.has_targets { i64::from(parts) * seats * i64::from(w.examiner_target) } else { 0 };
    i64::from(part.length) * seats * i64::from(w.examiner_idle)
        + i64::from(part.busy) * i64::from(w.candidate_wait)
        + targets
}

/// What a sitting then adds to the cost of an examiner's half-day.
fn more(model: &Model, half: ExaminerHalfDay, time: Interval) -> i64 {
    half.with(time).cost(model.instance) - half.cost(model.instance)
}

fn keep(best: &mut Option<Insertion>, delta: i64, place: Place) {
    match best {
        Some(b) if delta >= b.delta => b.second = b.second.min(delta),
        Some(b) => *b = Insertion { delta, second: b.delta, place },
        None => *best = Some(Insertion { delta, second: i64::MAX, place }),
    }
}
