//! Fills or empties an optional seat: a professional is worth convening where enough candidates are heard.

use rand::RngExt;

use super::repair::any_session;
use super::replace_member::substitute;
use super::{Move, Random};
use crate::state::{NONE, State};

/// See the module.
pub struct FillSeat;

impl Move for FillSeat {
    fn name(&self) -> &'static str {
        "fill-seat"
    }

    fn apply(&self, state: &mut State, rng: &mut Random) -> bool {
        for _ in 0..4 {
            let Some(slot) = any_session(state, rng) else { return false };
            let session = state.session(slot);
            let seats = &state.model.kinds[session.kind as usize].seats;
            let Some(seat) = seats.iter().position(|s| !s.required) else { continue };
            if session.members[seat] == NONE {
                if let Some(x) = substitute(state, slot, seat, rng) {
                    state.set_member(slot, seat, x.0);
                    return true;
                }
            } else if rng.random_bool(0.3) {
                let pinned = session.jobs.iter().any(|&j| state.model.jobs[j as usize].pin.is_some());
                if !pinned && !state.seat_given(slot, seat) {
                    state.set_member(slot, seat, NONE);
                    return true;
                }
            }
        }
        false
    }
}
