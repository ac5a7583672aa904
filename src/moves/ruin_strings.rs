//! Takes strings of consecutive sittings out of sessions near one another (Christiaens and Vanden Berghe
//! 2020, slack induction by string removals): near is the same kind, and best the same cell.

use rand::RngExt;
use rand::seq::IndexedRandom;

use super::repair::{any_session, repair, take};
use super::{Move, Random};
use crate::state::{JobId, Slot, State};

/// See the module.
pub struct RuinStrings;

impl Move for RuinStrings {
    fn name(&self) -> &'static str {
        "ruin-strings"
    }

    fn apply(&self, state: &mut State, rng: &mut Random) -> bool {
        let Some(first) = any_session(state, rng) else { return false };
        let mut slots: Vec<Slot> = vec![first];
        for _ in 0..rng.random_range(0..3) {
            if let Some(s) = near(state, first, rng).filter(|s| !slots.contains(s)) {
                slots.push(s);
            }
        }
        let mut pool: Vec<JobId> = Vec::new();
        for &slot in &slots {
            let jobs = state.session(slot).jobs.to_vec();
            let length = rng.random_range(1..=jobs.len().clamp(1, 4));
            let from = rng.random_range(0..=jobs.len().saturating_sub(length));
            for &job in jobs.iter().skip(from).take(length) {
                take(state, job, &mut pool);
            }
        }
        repair(state, pool, &slots, rng);
        true
    }
}

/// Another session of the same kind: in the same cell, or one that hears a candidate of this one.
fn near(state: &State, slot: Slot, rng: &mut Random) -> Option<Slot> {
    let session = state.session(slot);
    if rng.random_bool(0.4) {
        return state.in_cell(session.kind, session.centre, session.date).choose(rng).copied();
    }
    if rng.random_bool(0.3) {
        let other = any_session(state, rng)?;
        return (state.session(other).kind == session.kind).then_some(other);
    }
    let &job = session.jobs.choose(rng)?;
    let &other = state.model.jobs_of[state.model.jobs[job as usize].candidate].choose(rng)?;
    let placement = &state.placed[other as usize];
    let there = placement.parts > 0 && placement.slot != slot;
    (there && state.may_change(placement.slot)).then_some(placement.slot)
}
