//! Moves a session: it closes, another of its kind opens in another half-day or cell around one of its
//! candidates, and the others follow if that is cheapest for them.

use rand::RngExt;
use rand::seq::IndexedRandom;

use super::insert::open_for;
use super::repair::{any_session, empty, repair};
use super::{Move, Random};
use crate::instance::{DateIx, Ix};
use crate::state::State;

/// See the module.
pub struct RelocateSession;

impl Move for RelocateSession {
    fn name(&self) -> &'static str {
        "relocate-session"
    }

    fn apply(&self, state: &mut State, rng: &mut Random) -> bool {
        let Some(slot) = any_session(state, rng) else { return false };
        let Some(&job) = state.session(slot).jobs.choose(rng) else { return false };
        let session = state.session(slot);
        let (z, d, half) = (session.centre, session.date, session.half);
        let spec = &state.model.jobs[job as usize];
        let halves = state.model.halves;
        let target = if rng.random_bool(0.3) && halves > 1 {
            (z, d, (half + rng.random_range(1..halves)) % halves)
        } else {
            let dates: Vec<DateIx> = spec.dates.ones().filter(|&d| state.own[d]).map(DateIx::of).collect();
            let (Some(&d), Some(&z)) = (dates.choose(rng), spec.centres.choose(rng)) else { return false };
            (z, d, rng.random_range(0..halves))
        };
        let mut pool = Vec::new();
        empty(state, slot, &mut pool);
        state.close(slot);
        if open_for(state, job, target.0, target.1, target.2, rng).is_some() {
            pool.retain(|&j| j != job);
        }
        repair(state, pool, &[], rng);
        true
    }
}
