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
            let part = &state.model.jobs[job as usize].parts[parts as usize - 1];
            let step = state.model.instance.step;
            let mut found = None;
            let gaps = state.gaps(slot, part);
            if !state.suits(job, parts, slot) {
                continue;
            }
            let others = state.other_blocks(state.model.jobs[job as usize].candidate, job);
            let last = gaps.len().wrapping_sub(1);
            'gaps: for i in 0..gaps.len() {
                let (from, to) = if late { gaps[last - i] } else { gaps[i] };
                for k in 0..=(to - from) / step {
                    let start = if late { to - k * step } else { from + k * step };
                    found = state.placement_at(job, parts, slot, start, &others);
                    if found.is_some() {
                        break 'gaps;
                    }
                }
            }
            if let Some(placement) = found {
                state.place(job, placement);
                pool.retain(|&j| j != job);
            }
        }
        repair(state, pool, &[slot], rng);
        true
    }
}
