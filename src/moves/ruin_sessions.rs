//! Empties one to three sessions of one cell; half of the time their commissions stay convened and can hear
//! others, else they are sent home first.

use rand::RngExt;
use rand::seq::SliceRandom;

use super::repair::{any_session, empty, repair};
use super::{Move, Random};
use crate::state::{KindId, Slot, State};

/// See the module.
pub struct RuinSessions;

impl Move for RuinSessions {
    fn name(&self) -> &'static str {
        "ruin-sessions"
    }

    fn apply(&self, state: &mut State, rng: &mut Random) -> bool {
        let Some(first) = any_session(state, rng) else { return false };
        let (z, d, kind) = (state.session(first).centre, state.session(first).date, state.session(first).kind);
        let mut slots: Vec<Slot> = if rng.random_bool(0.5) {
            state.in_cell(kind, z, d).to_vec()
        } else {
            (0..state.model.kinds.len()).flat_map(|k| state.in_cell(k as KindId, z, d).to_vec()).collect()
        };
        slots.retain(|&s| s != first);
        slots.shuffle(rng);
        slots.truncate(rng.random_range(0..3));
        slots.push(first);
        let keep = rng.random_bool(0.5);
        let mut pool = Vec::new();
        for &slot in &slots {
            empty(state, slot, &mut pool);
            if !keep {
                state.close(slot);
            }
        }
        repair(state, pool, if keep { &slots } else { &[] }, rng);
        true
    }
}
