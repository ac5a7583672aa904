//! Some candidates exchange the hours at which they are heard, people and sessions as they are: each one's ways to use the hours
//! that they have together are enumerated, and the cheapest for all is chosen by branch and bound.

use rand::RngExt;
use rand::seq::IndexedRandom;
use smallvec::SmallVec;

use super::repair::any_job;
use super::{Move, Random};
use crate::instance::*;
use crate::state::cost::Block;
use crate::state::{JobId, Placement, Slot, State};

/// How many exchange at once, at least and at most.
const GROUP: std::ops::RangeInclusive<usize> = 3..=6;

/// So many places at most have a bit each.
const PLACES: usize = 64;

/// So many choices at most are tried in a group.
const NODES: u32 = 100_000;

/// A group in which somebody has more ways than this is left alone: enumerating them would take longer than they are worth.
const WAYS: usize = 5000;

/// An hour of a session that a job has, and that another could have.
struct Place {
    holder: JobId,
    slot: Slot,
    parts: u8,
    start: Minutes,
    half: usize,
}

/// A way to hear all jobs of a candidate: by job, the number of its place.
struct Way {
    places: SmallVec<[(JobId, usize); 6]>,
    /// The same as a set.
    used: u64,
    cost: i64,
}

/// Which job goes where.
type Exchange = Vec<(JobId, Slot, u8, Minutes)>;

/// See the module.
pub struct ExchangeHours;

impl Move for ExchangeHours {
    fn name(&self) -> &'static str {
        "exchange-hours"
    }

    /// It only ever improves, and what it finds while it is hot is gone at once.
    fn below(&self) -> f64 {
        150.0
    }

    fn apply(&self, state: &mut State, rng: &mut Random) -> bool {
        if state.model.baseline.is_some() {
            // Who has been told an hour keeps it.
            return false;
        }
        let Some(first) = any_job(state, rng) else { return false };
        let wanted = rng.random_range(GROUP);
        let afar = rng.random_bool(0.3);
        let mut group: Vec<CandidateIx> = vec![state.model.jobs[first as usize].candidate];
        for _ in 0..wanted * 3 {
            if group.len() == wanted {
                break;
            }
            let from = group[rng.random_range(0..group.len())];
            if let Some(c) = neighbour(state, from, afar, rng).filter(|c| !group.contains(c)) {
                group.push(c);
            }
        }
        best(state, &group).is_some_and(|exchange| carry_out(state, &exchange))
    }
}

/// Somebody heard by a session of the same kind, of the same cell if not from `afar`.
fn neighbour(state: &State, c: CandidateIx, afar: bool, rng: &mut Random) -> Option<CandidateIx> {
    let &job = state.model.jobs_of[c].choose(rng)?;
    let placement = &state.placed[job as usize];
    if placement.parts == 0 {
        return None;
    }
    let session = state.session(placement.slot);
    let other = if afar {
        any_job(state, rng)?
    } else {
        let &slot = state.in_cell(session.kind, session.centre, session.date).choose(rng)?;
        *state.session(slot).jobs.choose(rng)?
    };
    Some(state.model.jobs[other as usize].candidate)
}

/// The best exchange of a group, if one is better than what they have; the state is left as it was.
fn best(state: &mut State, group: &[CandidateIx]) -> Option<Exchange> {
    let own: i64 = group.iter().map(|&c| state.candidate_cost(c)).sum();
    let may_move = |&j: &JobId| {
        let placement = &state.placed[j as usize];
        placement.parts > 0 && state.may_change(placement.slot)
    };
    let jobs: Vec<SmallVec<[JobId; 6]>> =
        group.iter().map(|&c| state.model.jobs_of[c].iter().copied().filter(may_move).collect()).collect();
    let place = |&holder: &JobId| {
        let &Placement { slot, parts, start, .. } = &state.placed[holder as usize];
        Place { holder, slot, parts, start, half: state.session(slot).half }
    };
    let places: Vec<Place> = jobs.iter().flatten().map(place).collect();
    if places.len() > PLACES {
        return None;
    }
    let mark = state.mark();
    places.iter().for_each(|p| state.unplace(p.holder));
    let ways: Option<Vec<Vec<Way>>> = group.iter().zip(&jobs).map(|(&c, own)| ways(state, c, own, &places)).collect();
    state.undo(mark);
    let mut ways = ways?;
    let chosen = partition(&mut ways, own)?;
    let taken = chosen.iter().zip(&ways).flat_map(|(&w, ways)| &ways[w].places);
    Some(taken.map(|&(job, p)| (job, places[p].slot, places[p].parts, places[p].start)).collect())
}

/// All ways of a candidate to have these jobs, none of which is placed, at the places; none if there are too many.
fn ways(state: &State, c: CandidateIx, jobs: &[JobId], places: &[Place]) -> Option<Vec<Way>> {
    let open = |&job: &JobId| -> Vec<(usize, Block)> {
        let fits = |place: &Place| {
            same_shape(state, job, place) && state.placement(job, place.parts, place.slot, place.start).is_some()
        };
        let block = |place: &Place| {
            let session = state.session(place.slot);
            state.block_at(job, place.parts, session.date, session.centre, place.start)
        };
        places.iter().enumerate().filter(|(_, p)| fits(p)).map(|(i, p)| (i, block(p))).collect()
    };
    let mut search = Ways {
        state,
        candidate: c,
        jobs,
        places,
        open: jobs.iter().map(open).collect(),
        held: state.blocks(c),
        taken: SmallVec::new(),
        found: Vec::new(),
    };
    search.next().then_some(search.found)
}

/// Whether the job takes of that place exactly what its holder does.
fn same_shape(state: &State, job: JobId, place: &Place) -> bool {
    let (one, other) = (&state.model.jobs[job as usize], &state.model.jobs[place.holder as usize]);
    let n = place.parts as usize;
    one.kind == other.kind
        && one.parts.get(n - 1) == other.parts.get(n - 1)
        && (one.parts.len() == n) == (other.parts.len() == n)
}

/// The ways of one candidate, job by job.
struct Ways<'a, 'm> {
    state: &'a State<'m>,
    candidate: CandidateIx,
    jobs: &'a [JobId],
    places: &'a [Place],
    /// By job, the places that it could have.
    open: Vec<Vec<(usize, Block)>>,
    /// On dates that may not be changed.
    held: SmallVec<[Block; 6]>,
    /// By job so far.
    taken: SmallVec<[(usize, Block); 6]>,
    found: Vec<Way>,
}

impl Ways<'_, '_> {
    /// Adds the ways that begin with what is taken; false if there are too many.
    fn next(&mut self) -> bool {
        let n = self.taken.len();
        if n == self.jobs.len() {
            let blocks: SmallVec<[Block; 6]> =
                self.taken.iter().map(|t| t.1).chain(self.held.iter().copied()).collect();
            let places: SmallVec<[(JobId, usize); 6]> =
                self.jobs.iter().zip(&self.taken).map(|(&j, t)| (j, t.0)).collect();
            let used: u64 = places.iter().map(|p| 1 << p.1).sum();
            self.found.push(Way { places, used, cost: self.state.days_cost(self.candidate, &blocks) });
            return self.found.len() <= WAYS;
        }
        for i in 0..self.open[n].len() {
            let taken = self.open[n][i];
            if self.fits(taken) {
                self.taken.push(taken);
                let go_on = self.next();
                self.taken.pop();
                if !go_on {
                    return false;
                }
            }
        }
        true
    }

    /// Whether the next job may have that place beside what is taken.
    fn fits(&self, (p, block): (usize, Block)) -> bool {
        let counted = |i: usize| u32::from(self.state.model.jobs[self.jobs[i] as usize].counted);
        let mut orals = counted(self.taken.len());
        for (i, &(q, other)) in self.taken.iter().enumerate().filter(|(_, t)| t.1.date == block.date) {
            let gap = self.state.gap(self.candidate, self.places[p].half != self.places[q].half);
            let apart = other.time.to + gap <= block.time.from || block.time.to + gap <= other.time.from;
            if other.centre != block.centre || !apart {
                return false;
            }
            orals += counted(i);
        }
        orals <= self.state.model.instance.policy.orals_a_day
    }
}

/// A way for each candidate, no place used twice, that together cost less than they do now: the least, if there is one.
fn partition(ways: &mut [Vec<Way>], own: i64) -> Option<Vec<usize>> {
    ways.iter_mut().for_each(|ways| ways.sort_by_key(|w| w.cost));
    let mut choice = Choice { ways, after: vec![0; ways.len() + 1], best: own, chosen: None, nodes: NODES };
    for (i, own) in ways.iter().enumerate().rev() {
        choice.after[i] = choice.after[i + 1] + own.first()?.cost;
    }
    choice.next(&mut Vec::new(), 0, 0);
    choice.chosen
}

/// Depth first, with the cheapest ways of those still to come as a bound.
struct Choice<'a> {
    ways: &'a [Vec<Way>],
    /// By candidate, what they and those after them cost at least.
    after: Vec<i64>,
    best: i64,
    chosen: Option<Vec<usize>>,
    nodes: u32,
}

impl Choice<'_> {
    fn next(&mut self, chosen: &mut Vec<usize>, used: u64, cost: i64) {
        let i = chosen.len();
        let Some(own) = self.ways.get(i) else {
            (self.best, self.chosen) = (cost, Some(chosen.clone()));
            return;
        };
        for (w, way) in own.iter().enumerate() {
            let cost = cost + way.cost;
            if cost + self.after[i + 1] >= self.best || self.nodes == 0 {
                return;
            }
            self.nodes -= 1;
            if used & way.used == 0 {
                chosen.push(w);
                self.next(chosen, used | way.used, cost);
                chosen.pop();
            }
        }
    }
}

/// Carries an exchange out; false, with nothing changed, if it does not fit: what each fits alone may not be together, in
/// rooms to prepare in.
fn carry_out(state: &mut State, exchange: &Exchange) -> bool {
    let mark = state.mark();
    exchange.iter().for_each(|&(job, ..)| state.unplace(job));
    for &(job, slot, parts, start) in exchange {
        let Some(placement) = state.placement(job, parts, slot, start) else {
            state.undo(mark);
            return false;
        };
        state.place(job, placement);
    }
    true
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;
    use crate::moves::fixture::{english, instance, schedule, sitting};
    use crate::schedule::Plan;
    use crate::state::Model;

    /// One candidate from afar is heard before 9:30, one from nearby after it: they exchange, and neither people nor hours change.
    #[test]
    fn who_comes_from_afar_is_heard_later() {
        let both = [sitting("C1", "09:25", "09:45", "10:05"), sitting("C2", "09:50", "10:10", "10:30")];
        let (instance, schedule) = (instance([100, 5]), schedule(&[english("S1", "near", &both)]));
        let model = Model::new(&instance, None);
        let mut state = State::new(&model);
        state.load(&Plan::new(&instance, &schedule, None));
        let (before, mut rng) = (state.cost, Random::seed_from_u64(1));
        let found = (0..10).any(|_| ExchangeHours.apply(&mut state, &mut rng));
        assert!(found && state.cost == before - 150, "{before} {}", state.cost);
        assert!(!ExchangeHours.apply(&mut state, &mut rng), "there is nothing better");
        let after = state.freeze(|_| String::new());
        let heard: Vec<&str> = after.sessions[0].sittings.iter().map(|s| s.candidate.as_str()).collect();
        assert_eq!(heard, ["C2", "C1"]);
    }
}
