//! The common second half of every ruin: jobs taken out go back in, with those that were still waiting.

use rand::RngExt;
use rand::seq::{IndexedRandom, SliceRandom};

use super::Random;
use super::insert::{Taste, insert, spared};
use crate::instance::ExaminerIx;
use crate::state::{JobId, NONE, Slot, State};

/// Up to so many that wait for a place are all tried at a repair.
const FEW: usize = 20;

/// Of more, only so many: nearly all of them would look everywhere for nothing.
const SOME: usize = 6;

/// How often a session is drawn before none is found on the dates that may be changed.
const DRAWS: usize = 32;

/// Of the waiting and idle time that the orals still to come could fill at most, the part that a repair counts on: to
/// count on all of it would never give up, and on none would give up much that ends well.
const FILLED: f64 = 0.2;

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

/// A session at random, on a date that may be changed.
pub fn any_session(state: &State, rng: &mut Random) -> Option<Slot> {
    let draw = |_| state.live.choose(rng).copied().filter(|&s| state.may_change(s));
    (0..DRAWS).find_map(draw)
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
        let waits = |j: &JobId| {
            let placement = &state.placed[*j as usize];
            let whole = placement.parts as usize == model.jobs[*j as usize].parts.len();
            !whole && (placement.parts == 0 || state.may_change(placement.slot))
        };
        let mut waiting: Vec<JobId> = (0..model.jobs.len() as JobId).filter(waits).collect();
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
        new_cells: if rng.random_bool(0.3) { 6 } else { 1 },
        ..Taste::EXACT
    };
    for (i, &job) in pool.iter().enumerate() {
        let taste = Taste { limit: left(state, &pool[i..], &emptied), ..taste.clone() };
        let many = Taste { new_cells: usize::MAX, ..taste.clone() };
        // A job that is hard to place deserves a look everywhere.
        let placed = insert(state, job, &taste, rng) || insert(state, job, &many, rng);
        if !placed && taste.limit < state.cost_left_out(job) {
            // Neither with nor without it will the move be kept.
            break;
        }
    }
    close_if_empty(state, &emptied);
}

/// What the first of the jobs still to come may cost if the state is to end up no dearer than its ceiling.
fn left(state: &State, pool: &[JobId], emptied: &[Slot]) -> i64 {
    if state.ceiling == i64::MAX {
        return i64::MAX;
    }
    let waiting: i64 = pool.iter().map(|&j| state.cost_left_out(j)).sum();
    let filled: i64 =
        pool[1..].iter().map(|&j| spared(state.model, j, state.model.jobs[j as usize].parts.len() as u8)).sum();
    let least = state.value() - waiting - refund(state, emptied) - (FILLED * filled as f64) as i64;
    state.ceiling - least + 1
}

/// What is saved at most once sessions that hear nobody close.
fn refund(state: &State, emptied: &[Slot]) -> i64 {
    let w = &state.model.instance.weights;
    let empty = |&s: &Slot| state.session(s).live && state.session(s).jobs.is_empty();
    let of_one = |&slot: &Slot| {
        let session = state.session(slot);
        let people = session.members.iter().filter(|&&x| x != NONE).map(|&x| ExaminerIx(x));
        let free = people.filter(|&x| state.of_examiner(x, session.date).iter().all(&empty));
        let days: i64 = free.map(|x| state.saved_by_release(x, session.date, session.centre)).sum();
        i64::from(w.sessions) + i64::from(w.centre_days) + days
    };
    emptied.iter().filter(|&s| empty(s)).map(of_one).sum()
}
