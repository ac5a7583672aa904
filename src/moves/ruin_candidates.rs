//! Takes out all orals of a few candidates: one, and others who sit before the same commissions or come from
//! the same school; most often on all their dates.

use rand::RngExt;
use rand::seq::IndexedRandom;

use super::repair::{any_job, repair, take};
use super::{Move, Random};
use crate::instance::CandidateIx;
use crate::state::{JobId, State};

/// See the module.
pub struct RuinCandidates;

impl Move for RuinCandidates {
    fn name(&self) -> &'static str {
        "ruin-candidates"
    }

    fn apply(&self, state: &mut State, rng: &mut Random) -> bool {
        let Some(first) = any_job(state, rng) else { return false };
        let wanted = 1 + rng.random_range(0..4);
        let model = state.model;
        let mut chosen: Vec<CandidateIx> = vec![model.jobs[first as usize].candidate];
        for _ in 0..wanted * 3 {
            if chosen.len() > wanted {
                break;
            }
            let from = chosen[rng.random_range(0..chosen.len())];
            if let Some(c) = neighbour(state, from, rng).filter(|c| !chosen.contains(c)) {
                chosen.push(c);
            }
        }
        let mut pool: Vec<JobId> = Vec::new();
        let mut slots = Vec::new();
        for c in chosen {
            for &job in &model.jobs_of[c] {
                let slot = state.placed[job as usize].slot;
                if state.placed[job as usize].parts > 0 && state.may_change(slot) {
                    slots.push(slot);
                    take(state, job, &mut pool);
                }
            }
        }
        repair(state, pool, &slots, rng);
        true
    }
}

/// Somebody heard by a session that also hears the candidate.
fn neighbour(state: &State, c: CandidateIx, rng: &mut Random) -> Option<CandidateIx> {
    let jobs = &state.model.jobs_of[c];
    let &job = jobs.choose(rng)?;
    let placement = &state.placed[job as usize];
    if placement.parts == 0 {
        return None;
    }
    let &other = state.session(placement.slot).jobs.choose(rng)?;
    Some(state.model.jobs[other as usize].candidate)
}
