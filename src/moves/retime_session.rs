//! Hears the same candidates in another order or at other hours, as tightly as they allow: the session is
//! emptied and filled again from one end, then the rest is placed where it is cheapest.

use rand::RngExt;
use rand::seq::SliceRandom;

use super::repair::{any_session, empty, repair};
use super::{Move, Random};
use crate::state::{JobId, State};

/// See the module.
pub struct RetimeSession;

impl Move for RetimeSession {
    fn name(&self) -> &'static str {
        "retime-session"
    }

    fn apply(&self, state: &mut State, rng: &mut Random) -> bool {
        let Some(slot) = any_session(state, rng) else { return false };
        let mut pool: Vec<JobId> = Vec::new();
        empty(state, slot, &mut pool);
        let mut order = pool.clone();
        match rng.random_range(0..3) {
            0 => order.reverse(),
            1 => {}
            _ => order.shuffle(rng),
        }
        let late = rng.random_bool(0.3);
        for &job in &order {
            let parts = state.model.jobs[job as usize].parts.len() as u8;
            if !state.suits(job, parts, slot) {
                continue;
            }
            let starts = state.starts(job, parts, slot);
            let first = if late { starts.runs().last().map(|r| r.to) } else { starts.runs().next().map(|r| r.from) };
            let found = first.and_then(|start| state.placement_at(job, parts, slot, start));
            if let Some(placement) = found {
                state.place(job, placement);
                pool.retain(|&j| j != job);
            }
        }
        repair(state, pool, &[slot], rng);
        true
    }
}
