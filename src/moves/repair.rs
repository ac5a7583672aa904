//! The common second half of every ruin: jobs taken out go back in, with those that were still waiting.

use rand::RngExt;
use rand::seq::{IndexedRandom, SliceRandom};

use super::Random;
use super::insert::{Taste, insert};
use crate::state::{JobId, Slot, State};

/// Up to so many that wait for a place are all tried at a repair.
const FEW: usize = 20;

/// Of more, only so many: nearly all of them would look everywhere for nothing.
const SOME: usize = 6;

/// Takes all jobs out of a session, keeping the session, and adds them to the pool.
pub fn empty(state: &mut State, slot: Slot, pool: &mut Vec<JobId>) {
    while let Some(&job) = state.session(slot).jobs.last() {
        state.unplace(job);
        pool.push(job);
    }
}

/// Takes a job out and adds it to the pool.
pub fn take(state: &mut State, job: JobId, pool: &mut Vec<JobId>) {
    state.unplace(job);
    pool.push(job);
}

/// A session at random.
pub fn any_session(state: &State, rng: &mut Random) -> Option<Slot> {
    state.live.choose(rng).copied()
}

/// A placed job at random.
pub fn any_job(state: &State, rng: &mut Random) -> Option<JobId> {
    let slot = any_session(state, rng)?;
    state.session(slot).jobs.choose(rng).copied()
}

/// Closes those of the sessions that hear nobody.
pub fn close_if_empty(state: &mut State, slots: &[Slot]) {
    for &slot in slots {
        if state.session(slot).live && state.session(slot).jobs.is_empty() {
            state.close(slot);
        }
    }
}

/// Puts the pool back, in one of several orders, each job at its cheapest place by a taste drawn for the
/// whole repair; then closes the sessions of `emptied` that nobody came back to.
pub fn repair(state: &mut State, mut pool: Vec<JobId>, emptied: &[Slot], rng: &mut Random) {
    let model = state.model;
    let mut emptied = emptied.to_vec();
    if state.unscheduled > model.never.len() as i64 {
        let mut waiting: Vec<JobId> = (0..model.jobs.len() as JobId)
            .filter(|&j| (state.placed[j as usize].parts as usize) < model.jobs[j as usize].parts.len())
            .collect();
        if waiting.len() > FEW {
            let (some, _) = waiting.partial_shuffle(rng, SOME);
            waiting = some.to_vec();
        }
        for job in waiting {
            if !pool.contains(&job) {
                if state.placed[job as usize].parts > 0 {
                    emptied.push(state.placed[job as usize].slot);
                    state.unplace(job);
                }
                pool.push(job);
            }
        }
    }
    pool.shuffle(rng);
    let weight = |j: &JobId| {
        let job = &model.jobs[*j as usize];
        let seats = model.kinds[job.kind as usize].seats.len() as i32;
        -job.parts[job.parts.len() - 1].length * seats
    };
    match rng.random_range(0..10) {
        0..4 => pool.sort_by_key(weight),
        4..6 => pool.sort_by_key(|j| model.jobs[*j as usize].candidate),
        6..7 => pool.sort_by_key(|j| (model.jobs[*j as usize].dates.count_ones(..), weight(j))),
        _ => {}
    }
    let taste = Taste {
        blink: if rng.random_bool(0.5) { 0.0 } else { 0.03 },
        fixed_share: [1.0, 1.0, 0.6, 0.4, 0.25][rng.random_range(0..5)],
        new_cells: if rng.random_bool(0.3) { 12 } else { 4 },
        only: None,
    };
    let many = Taste { new_cells: usize::MAX, ..taste.clone() };
    for &job in &pool {
        // A job that is hard to place deserves a look everywhere.
        if !insert(state, job, &taste, rng) {
            insert(state, job, &many, rng);
        }
    }
    close_if_empty(state, &emptied);
}
