//! Parallel annealing that shares what is learnt. While it is hot the lanes go apart: nearly every move is kept,
//! and what one lane does rarely fits the state of another. From [`TOGETHER`] on they meet in rounds: each starts
//! from the same state and tries its own moves; then the lane that came out best is the common state, and the moves
//! that the others kept are said again on it where they still fit. Most do, so that two lanes get through nearly
//! twice the moves of one, not two tries at the same.
//!
//! Rounds are counted in tries, never in time, and lanes are merged in their order: the result depends on
//! the number of lanes, not on the number of threads that run them.

use rand::SeedableRng;
use rayon::prelude::*;

use super::anneal::{Cooling, Tally, anneal};
use super::replay::replay;
use crate::moves::Random;
use crate::state::{Change, State};

/// The share of the budget after which the lanes go on together from the best of them.
const TOGETHER: f64 = 0.3;

/// What a round tells.
pub struct Round<'a, 'm> {
    /// The common state after it; while the lanes go apart, the best of theirs.
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
    /// From hot to cold.
    pub cooling: Cooling,
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
    let mut lanes: Vec<Lane> = (0..course.lanes)
        .map(|i| Lane {
            state: start.clone(),
            rng: Random::seed_from_u64(course.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(i as u64)),
            tally: Tally::default(),
            log: Vec::new(),
        })
        .collect();
    let mut best = 0;
    let mut total = 0;
    let mut round = 1u64;
    while let Some(progress) = go_on(&Round { state: &lanes[best].state, tries: total }) {
        let temperature = course.cooling.at(progress);
        let shared = course.lanes > 1 && progress >= TOGETHER;
        let work = |(i, lane): (usize, &mut Lane<'m>)| {
            lane.state.number_from((round << 24) | ((i as u64) << 18));
            lane.log.clear();
            let log = shared.then_some(&mut lane.log);
            anneal(&mut lane.state, &mut lane.rng, temperature, tries, &mut lane.tally, log);
        };
        if course.lanes > 1 {
            lanes.par_iter_mut().enumerate().for_each(work);
        } else {
            lanes.iter_mut().enumerate().for_each(work);
        }
        best = (0..lanes.len()).min_by_key(|&i| (lanes[i].state.value(), i)).expect("there is a lane");
        if shared {
            let (before, rest) = lanes.split_at_mut(best);
            let (leader, after) = rest.split_first_mut().expect("the best lane is there");
            for other in before.iter().chain(after.iter()) {
                replay(&mut leader.state, &other.log);
            }
            for other in before.iter_mut().chain(after.iter_mut()) {
                other.state.clone_from(&leader.state);
            }
        }
        total += tries * lanes.len() as u64;
        round += 1;
    }
    let mut tally = Tally::default();
    lanes.iter().for_each(|lane| tally.add(&lane.tally));
    tally
}

/// Tries of a lane between two meetings: few enough that the lanes' changes rarely collide, many enough that
/// meeting costs little.
fn tries_a_round(state: &State) -> u64 {
    (state.model.jobs.len() as u64 / 12).clamp(24, 400)
}
