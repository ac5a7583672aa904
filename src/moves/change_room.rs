//! Moves a session to another exam room, so that a scarce one (accessible, equipped) comes free.

use rand::seq::IndexedRandom;

use super::repair::{any_session, empty};
use super::{Move, Random};
use crate::state::State;

/// See the module.
pub struct ChangeRoom;

impl Move for ChangeRoom {
    fn name(&self) -> &'static str {
        "change-room"
    }

    fn apply(&self, state: &mut State, rng: &mut Random) -> bool {
        let Some(slot) = any_session(state, rng) else { return false };
        let session = state.session(slot);
        let order = &state.model.room_order[session.centre.0 as usize];
        let Some(&room) = order.choose(rng) else { return false };
        if room == session.room || !state.room_serves(room, slot) {
            return false;
        }
        let (kind, when, members) =
            (session.kind, (session.date, session.half, session.given), session.members.clone());
        let placements: Vec<_> = session.jobs.iter().map(|&j| (j, state.placed[j as usize].clone())).collect();
        let mut pool = Vec::new();
        empty(state, slot, &mut pool);
        state.close(slot);
        let slot = state.open(kind, room, when, members);
        for (job, mut placement) in placements {
            placement.slot = slot;
            state.place(job, placement);
        }
        true
    }
}
