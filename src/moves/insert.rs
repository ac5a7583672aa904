//! Insertion: the cheapest place for a job in the sessions that there are, or in a new one. Every
//! destroy-and-repair move and the constructive start stand on it.

use rand::RngExt;
use smallvec::SmallVec;

use super::Random;
use crate::instance::*;
use crate::parts::{ExaminerHalfDay, SchoolBeforeTeam};
use crate::rules::Part as _;
use crate::state::cost::Block;
use crate::state::fit::Stretches;
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
            let slot = state.open(kind, new.room, new.date, new.half, new.members);
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
        let spared = spared(self.state.model, self.job, self.parts);
        let mut best: Option<Insertion> = None;
        for &(floor, z, d) in &cells {
            let enough = best.as_ref().map_or(limit, |b| b.second.min(b.delta.saturating_add(2000)).min(limit));
            if floor - spared >= enough {
                break;
            }
            for &slot in self.state.in_cell(spec.kind, z, d) {
                if taste.blink > 0.0 && rng.random_bool(taste.blink) {
                    continue;
                }
                if let Some((delta, placement)) = self.in_session(slot, floor, limit, rng) {
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

    fn candidate_delta(&self, placement: &Placement, block: Block, room: RoomIx) -> i64 {
        self.state.candidate_cost_with(self.candidate, Some((self.job, placement, block, room))) - self.before
    }

    /// The cheapest start in a session that there is, where the candidate's day costs `floor` or more, below `limit`.
    fn in_session(&self, slot: Slot, floor: i64, limit: i64, rng: &mut Random) -> Option<(i64, Placement)> {
        let state = self.state;
        if !state.suits(self.job, self.parts, slot) {
            return None;
        }
        let session = state.session(slot);
        let w = &state.model.instance.weights;
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
        let fixed = i64::from(self.parts) * session.per_sitting + schools;
        let mut best: Option<(i64, Placement)> = None;
        for (from, to) in state.gaps(slot, self.part) {
            for start in self.starts(from, to, session.centre, session.date, session.half) {
                let time = Interval::new(start, start + self.part.length);
                let idle: i64 = people.iter().map(|&half| more(state.model, half, time)).sum();
                let base = fixed + idle;
                let least = base + floor - i64::from(self.part.busy) * i64::from(w.candidate_wait);
                if least >= best.as_ref().map_or(limit, |b| b.0) {
                    continue;
                }
                let Some(placement) = state.placement_at(self.job, self.parts, slot, start, &self.others) else {
                    continue;
                };
                let block = state.block_at(self.job, self.parts, session.date, session.centre, start);
                let delta = base + self.candidate_delta(&placement, block, session.room);
                let better = match &best {
                    None => delta < limit,
                    Some(b) => delta < b.0 || (delta == b.0 && rng.random_bool(0.3)),
                };
                if better {
                    best = Some((delta, placement));
                }
            }
        }
        best
    }

    /// Starts worth a look in a range: its ends, and those that touch the candidate's other blocks.
    fn starts(&self, from: Minutes, to: Minutes, z: CentreIx, d: DateIx, half: usize) -> SmallVec<[Minutes; 12]> {
        let step = self.state.model.instance.step;
        let mut starts: SmallVec<[Minutes; 12]> = SmallVec::new();
        let pinned = self.state.model.jobs[self.job as usize].pin.as_ref().and_then(|p| p.start);
        if let Some(start) = pinned {
            if from <= start && start <= to {
                starts.push(start);
            }
            return starts;
        }
        let mut add = |t: Minutes| {
            if from <= t && t <= to && !starts.contains(&t) {
                starts.push(t);
            }
        };
        add(from);
        add(to);
        if let Some(open) = self.state.model.open[self.state.model.zd(z, d)] {
            // A preparation may not start before the centre opens: the first start that leaves room for it.
            add(time::round_up(open.from + self.part.before, step));
            add((open.to - self.part.length).div_euclid(step) * step);
        }
        for (block, h) in self.others.iter().filter(|(b, _)| b.date == d) {
            let gap = self.state.gap(self.candidate, *h != half);
            add(time::round_up(block.time.to + gap + self.part.before, step));
            add((block.time.from - gap - self.part.length).div_euclid(step) * step);
        }
        if let Some(baseline) = &self.state.model.baseline {
            let first = self.state.model.jobs[self.job as usize].orals[0];
            if let Some(published) = baseline.orals.get(&first) {
                add(published.start);
            }
        }
        starts
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
            let least = floor - spared(self.state.model, self.job, self.parts)
                + (i64::from(w.sessions) as f64 * taste.fixed_share) as i64;
            let limit = best.as_ref().map_or(limit, |b| b.delta.min(limit));
            if least >= limit {
                continue;
            }
            if let Some((delta, new)) = self.new_session(z, d, at % halves, taste.fixed_share, limit, rng) {
                keep(best, delta, Place::New(Box::new(new)));
            }
        }
    }

    /// The best session to open for the job in a half-day of a cell: people one seat after the other, cheapest
    /// first, then the hour, then a room.
    fn new_session(
        &self,
        z: CentreIx,
        d: DateIx,
        half: usize,
        fixed_share: f64,
        limit: i64,
        rng: &mut Random,
    ) -> Option<(i64, NewSession)> {
        let state = self.state;
        let model = state.model;
        let spec = &model.jobs[self.job as usize];
        if let Some(pin) = &spec.pin
            && (pin.contradictory || pin.date.is_some_and(|p| p != d) || pin.centre.is_some_and(|p| p != z))
        {
            return None;
        }
        let h = model.instance.half_days[half];
        let open = model.open[model.zd(z, d)]?;
        let from = h.from.max(open.from + self.part.before);
        let mut stretches: Stretches = SmallVec::new();
        stretches.push(crate::state::fit::Stretch { from, to: h.to.min(open.to), next: Minutes::MAX / 2 });
        let spared = spared(model, self.job, self.parts);
        let kind = &model.kinds[spec.kind as usize];
        let mut order: SmallVec<[usize; 4]> = (0..kind.seats.len()).collect();
        order.sort_by_key(|&s| (!kind.seats[s].required, kind.seats[s].holders.len()));
        // Who is cheapest for one seat may be the only one for another: a seat that finds nobody goes first.
        let mut tries = order.len();
        let (members, stretches) = loop {
            match self.team(z, d, half, &order, &stretches, limit.saturating_add(spared), fixed_share, rng) {
                Ok(team) => break team,
                Err(Some(seat)) if tries > 1 && order[0] != seat => {
                    order.retain(|s| *s != seat);
                    order.insert(0, seat);
                    tries -= 1;
                }
                Err(_) => return None,
            }
        };
        if let Some(pin) = &spec.pin
            && !pin.examiners.iter().all(|x| members.contains(&x.0))
        {
            return None;
        }
        let mut fixed = self.opening(z, d);
        for &x in members.iter().filter(|&&x| x != NONE) {
            if state.of_examiner(ExaminerIx(x), d).is_empty() {
                fixed += state.convening(ExaminerIx(x), d, z);
            }
        }
        let share = (fixed as f64 * fixed_share) as i64;
        let per_sitting = i64::from(self.parts) * state.member_cost(spec.kind, &members);
        let people: SmallVec<[ExaminerHalfDay; 4]> =
            members.iter().filter(|&&x| x != NONE).map(|&x| state.half_day(ExaminerIx(x), d, half)).collect();
        let mut best: Option<(i64, NewSession)> = None;
        let step = model.instance.step;
        for s in &stretches {
            let (from, to) = (time::round_up(s.from, step), s.latest(self.part).div_euclid(step) * step);
            for start in self.starts(from, to, z, d, half) {
                let time = Interval::new(start, start + self.part.length);
                let block = state.block_at(self.job, self.parts, d, z, start);
                if !state.candidate_free(self.candidate, &block, half, &self.others) {
                    continue;
                }
                let idle: i64 = people.iter().map(|&half| more(state.model, half, time)).sum();
                let cheap = share + per_sitting + idle;
                if cheap - spared >= best.as_ref().map_or(limit, |b| b.0) {
                    continue;
                }
                let Some(room) = self.room_for(z, d, half, time) else { continue };
                let Some(rooms) = state.preparation_rooms(self.job, self.parts, z, d, start) else { continue };
                let placement = Placement { slot: NONE, start, parts: self.parts, rooms };
                let delta = cheap + self.candidate_delta(&placement, block, room);
                if best.as_ref().is_none_or(|b| delta < b.0) {
                    let new = NewSession { room, date: d, half, members: members.clone(), start, parts: self.parts };
                    best = Some((delta, new));
                }
            }
        }
        best
    }

    /// People for a session in a half-day of a cell, one seat after the other in the order given, each the
    /// cheapest who still fits, with the stretches that all of them share. Fails with the required seat that
    /// finds nobody, or with none where it would cost `dearest` or more.
    #[allow(clippy::too_many_arguments)]
    fn team(
        &self,
        z: CentreIx,
        d: DateIx,
        half: usize,
        order: &[usize],
        stretches: &Stretches,
        dearest: i64,
        fixed_share: f64,
        rng: &mut Random,
    ) -> Result<(SmallVec<[u32; 4]>, Stretches), Option<usize>> {
        let state = self.state;
        let model = state.model;
        let w = &model.instance.weights;
        let spec = &model.jobs[self.job as usize];
        let kind = &model.kinds[spec.kind as usize];
        let mut stretches = stretches.clone();
        let mut members: SmallVec<[u32; 4]> = kind.seats.iter().map(|_| NONE).collect();
        let mut fixed = self.opening(z, d);
        // What the floor of a holder's cost may overstate: a call that the published schedule made already, or
        // a pin.
        let mut released = if model.baseline.is_some() { i64::from(w.examiner_released) } else { 0 };
        if spec.pin.is_some() {
            released += PINNED;
        }
        let present = state.people_in(z, d);
        let room_to_grow = (model.instance.half_days[half].minutes() / 2).max(self.part.length);
        for &seat in order {
            let required = kind.seats[seat].required;
            let mut chosen: Option<(i64, i64, u32, Stretches)> = None;
            // Those already there cost nothing more; the others come cheapest first, until none can win.
            let others = kind.seats[seat].by_cost[model.zd(z, d)].iter().map(|&(floor, x)| (floor, x, false));
            for (floor, x, here) in present.iter().map(|&x| (0, ExaminerIx(x), true)).chain(others) {
                if chosen.as_ref().is_some_and(|c| floor - released >= c.0) {
                    break;
                }
                let convened = !state.of_examiner(x, d).is_empty();
                if convened != here
                    || !kind.seats[seat].accepts[x.ix()]
                    || model.partial[self.candidate.ix()][x.ix()]
                    || members.contains(&x.0)
                    || !state.may_convene(x, z, d)
                {
                    continue;
                }
                let mut cost = if convened { 0 } else { state.convening(x, d, z) };
                let lack = if kind.seats[seat].preferred[x.ix()] { 0 } else { i64::from(w.not_preferred) };
                let mut score = cost + 4 * lack + rng.random_range(0..60);
                if spec.pin.as_ref().is_some_and(|p| p.examiners.contains(&x)) {
                    score -= PINNED;
                }
                if chosen.as_ref().is_some_and(|c| score >= c.0)
                    || !state.load_allows(x, d, self.part.length, i64::from(self.parts))
                {
                    continue;
                }
                let common = State::common(&stretches, &state.person_free(x, d, NONE));
                let longest = common.iter().map(|s| s.latest(self.part) - s.from).max().unwrap_or(-1);
                if longest < 0 {
                    continue;
                }
                // A team that can hear only this one sitting is worth less.
                score += 3 * i64::from((room_to_grow - self.part.length - longest).max(0));
                if chosen.as_ref().is_none_or(|c| score < c.0) {
                    cost += lack * i64::from(self.parts);
                    chosen = Some((score, cost, x.0, common));
                }
            }
            match chosen {
                Some((_, cost, x, common)) if required || cost < i64::from(w.optional_seat_empty) * 2 => {
                    fixed += if required { cost } else { (cost - i64::from(w.optional_seat_empty)).max(cost / 4) };
                    members[seat] = x;
                    stretches = common;
                }
                Some(_) | None if required => return Err(Some(seat)),
                _ => {}
            }
            let share = (fixed as f64 * fixed_share) as i64;
            if share >= dearest {
                return Err(None);
            }
        }
        Ok((members, stretches))
    }

    /// What a session costs before anybody is convened: itself, and the centre's day where it is the first.
    fn opening(&self, z: CentreIx, d: DateIx) -> i64 {
        let w = &self.state.model.instance.weights;
        i64::from(w.sessions) + if self.state.cell_use(z, d) == 0 { i64::from(w.centre_days) } else { 0 }
    }

    /// A room of the centre for the time, the one that the fewest others need.
    fn room_for(&self, z: CentreIx, d: DateIx, half: usize, time: Interval) -> Option<RoomIx> {
        let state = self.state;
        let model = state.model;
        let spec = &model.jobs[self.job as usize];
        let pinned = spec.pin.as_ref().and_then(|p| p.room.as_ref());
        let published = model.baseline.as_ref().and_then(|b| b.orals.get(&spec.orals[0])).map(|p| RoomIx(p.room));
        let own = published.filter(|r| model.instance.rooms.len() > r.ix() && model.instance.rooms[*r].centre == z);
        let order = model.room_order[z.ix()].iter().copied();
        own.into_iter().chain(order).find(|&r| {
            model.room_fits[spec.need as usize][r.ix()]
                && pinned.is_none_or(|p| *p == model.instance.rooms[r].id)
                && state.room_usable(r, d, time)
                && state
                    .room_free(r, d, half, NONE)
                    .iter()
                    .any(|s| s.from <= time.from && time.to <= s.to && time.to + self.part.turnaround <= s.next)
        })
    }
}

/// What the insertion of so many orals of a job can spare at most: waiting and idle time that it fills.
pub(super) fn spared(model: &Model, job: JobId, parts: u8) -> i64 {
    let spec = &model.jobs[job as usize];
    let part = &spec.parts[parts as usize - 1];
    let w = &model.instance.weights;
    let seats = model.kinds[spec.kind as usize].seats.len() as i64;
    i64::from(part.length) * seats * i64::from(w.examiner_idle) + i64::from(part.busy) * i64::from(w.candidate_wait)
}

/// Outweighs any examiner's cost: who is pinned sits.
const PINNED: i64 = 1 << 40;

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
