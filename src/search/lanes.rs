//! Parallel annealing that shares what is learnt. Lanes meet in rounds: each starts from the same state and tries its
//! own moves; then the lane that came out best is the common state, and the moves that the others kept are said again
//! on it where they still fit. In each round the calendar is dealt out among the lanes, [`DATES`] or more to each, and none
//! changes the dates of another: then nearly all fits, and two lanes get through twice the moves of one.
//!
//! Where there are too few dates for all, some lanes work on the same ones. Most of their moves fit too, but for the time while it
//! is hot and nearly every move is kept: until [`Course::together`] only lanes with dates of their own meet, as a team.
//!
//! Rounds are counted in tries, never in time, and lanes are merged in their order: the result depends on
//! the number of lanes, not on the number of threads that run them.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rayon::prelude::*;

use super::anneal::{Cooling, Tally, anneal};
use super::replay::replay;
use crate::instance::Ix;
use crate::moves::Random;
use crate::state::{Change, State};

/// How many dates a lane needs for itself: with one, no oral would move to another.
const DATES: usize = 2;

/// What a round tells.
pub struct Round<'a, 'm> {
    /// The common state after it; while there are several teams, the best of theirs.
    pub state: &'a State<'m>,
    /// Tries of all lanes so far.
    pub tries: u64,
}

/// How a run goes on.
pub struct Course {
    /// Seeds the lanes.
    pub seed: u64,
    /// How many lanes.
    pub lanes: usize,
    /// How many threads run them: one, and it is the caller's.
    pub threads: usize,
    /// From hot to cold.
    pub cooling: Cooling,
    /// The share of the budget after which all lanes meet, even on the same dates; at 1 teams go apart to the end.
    pub together: f64,
}

struct Lane<'m> {
    state: State<'m>,
    rng: Random,
    tally: Tally,
    log: Vec<(i64, Vec<Change>)>,
}

/// Improves a state until `go_on`, asked after every round, returns no progress (the share of the budget
/// used, 0 to 1).
pub fn improve<'m>(start: State<'m>, course: &Course, go_on: &mut dyn FnMut(&Round<'_, 'm>) -> Option<f64>) -> Tally {
    let tries = tries_a_round(&start);
    let stream = |i: u64| Random::seed_from_u64(course.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(i));
    let mut lanes: Vec<Lane> = (0..course.lanes)
        .map(|i| Lane { state: start.clone(), rng: stream(i as u64), tally: Tally::default(), log: Vec::new() })
        .collect();
    let mut dealer = stream(course.lanes as u64);
    let mut best = 0;
    let mut total = 0;
    let mut round = 1u64;
    while let Some(progress) = go_on(&Round { state: &lanes[best].state, tries: total }) {
        let temperature = course.cooling.at(progress);
        let shares = deal(&lanes[best].state, course.lanes, &mut dealer);
        let team = if progress < course.together { shares.len() } else { course.lanes };
        let work = |(i, lane): (usize, &mut Lane<'m>)| {
            lane.state.number_from((round << 24) | ((i as u64) << 18));
            lane.state.own.clone_from(&shares[i % shares.len()]);
            lane.log.clear();
            let log = (team > 1).then_some(&mut lane.log);
            anneal(&mut lane.state, &mut lane.rng, temperature, tries, &mut lane.tally, log);
            lane.state.own.fill(true);
        };
        if course.lanes > 1 && course.threads > 1 {
            lanes.par_iter_mut().enumerate().for_each(work);
        } else {
            lanes.iter_mut().enumerate().for_each(work);
        }
        lanes.chunks_mut(team).for_each(meet);
        best = leader(&lanes);
        total += tries * lanes.len() as u64;
        round += 1;
    }
    let mut tally = Tally::default();
    lanes.iter().for_each(|lane| tally.add(&lane.tally));
    tally
}

/// The best lane, the first of equals.
fn leader(lanes: &[Lane]) -> usize {
    (0..lanes.len()).min_by_key(|&i| lanes[i].state.value()).expect("there is a lane")
}

/// Makes the best lane's state, with what the others found said again on it, the state of all.
fn meet(team: &mut [Lane]) {
    let (before, rest) = team.split_at_mut(leader(team));
    let (leader, after) = rest.split_first_mut().expect("the leader is there");
    for other in before.iter().chain(after.iter()) {
        replay(&mut leader.state, &other.log);
    }
    for other in before.iter_mut().chain(after.iter_mut()) {
        other.state.clone_from(&leader.state);
    }
}

/// Deals the dates out at random, to as many lanes as they suffice for, with about as many sessions to each: by share and
/// date, whether it is among them.
fn deal(state: &State, lanes: usize, rng: &mut Random) -> Vec<Vec<bool>> {
    let mut sessions = vec![0; state.model.dates];
    state.live.iter().for_each(|&s| sessions[state.session(s).date.ix()] += 1);
    let used = sessions.iter().filter(|&&n| n > 0).count();
    let shares = (used / DATES).clamp(1, lanes);
    let mut order: Vec<usize> = (0..sessions.len()).collect();
    order.shuffle(rng);
    let mut dealt = vec![vec![false; sessions.len()]; shares];
    let mut load = vec![0; shares];
    for d in order {
        let least = (0..shares).min_by_key(|&i| load[i]).expect("there is a share");
        dealt[least][d] = true;
        load[least] += sessions[d];
    }
    dealt
}

/// Tries of a lane between two meetings: few enough that the lanes' changes rarely collide, many enough that
/// meeting costs little.
fn tries_a_round(state: &State) -> u64 {
    (state.model.jobs.len() as u64 / 12).clamp(24, 400)
}
