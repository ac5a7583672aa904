//! Sends an examiner home for a date: every session of theirs closes and its candidates are placed anew.

use rand::RngExt;
use rand::seq::IndexedRandom;

use super::repair::{any_session, empty, repair};
use super::{Move, Random};
use crate::instance::ExaminerIx;
use crate::state::{NONE, State};

/// See the module.
pub struct RuinDay;

impl Move for RuinDay {
    fn name(&self) -> &'static str {
        "ruin-day"
    }

    fn apply(&self, state: &mut State, rng: &mut Random) -> bool {
        let Some(slot) = any_session(state, rng) else { return false };
        let session = state.session(slot);
        let people: Vec<u32> = session.members.iter().copied().filter(|&x| x != NONE).collect();
        let Some(&x) = people.choose(rng) else { return false };
        let date = session.date;
        let slots = state.of_examiner(ExaminerIx(x), date).to_vec();
        let mut pool = Vec::new();
        let close = rng.random_bool(0.8);
        for &s in &slots {
            empty(state, s, &mut pool);
            if close {
                state.close(s);
            }
        }
        repair(state, pool, if close { &[] } else { &slots }, rng);
        true
    }
}
