//! Takes many sittings out of one cell (one centre on one date), anywhere in it.

use rand::RngExt;
use rand::seq::SliceRandom;

use super::repair::{any_session, repair, take};
use super::{Move, Random};
use crate::state::{JobId, KindId, Slot, State};

/// See the module.
pub struct RuinCell;

impl Move for RuinCell {
    fn name(&self) -> &'static str {
        "ruin-cell"
    }

    fn apply(&self, state: &mut State, rng: &mut Random) -> bool {
        let Some(first) = any_session(state, rng) else { return false };
        let (z, d) = (state.session(first).centre, state.session(first).date);
        let slots: Vec<Slot> =
            (0..state.model.kinds.len()).flat_map(|k| state.in_cell(k as KindId, z, d).to_vec()).collect();
        let mut jobs: Vec<JobId> = slots.iter().flat_map(|&s| state.session(s).jobs.to_vec()).collect();
        jobs.shuffle(rng);
        jobs.truncate(4 + rng.random_range(0..10));
        let mut pool = Vec::new();
        for job in jobs {
            take(state, job, &mut pool);
        }
        repair(state, pool, &slots, rng);
        true
    }
}
