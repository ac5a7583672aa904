//! Says the changes of one lane again on the state of another, as far as they still fit there.

use rustc_hash::FxHashMap;

use crate::instance::ExaminerIx;
use crate::state::{Change, NONE, Slot, State};

/// Replays kept moves one by one; a move that no longer fits, or is worse here than it was there, is undone
/// as a whole. Returns how many took.
pub fn replay(state: &mut State, log: &[(i64, Vec<Change>)]) -> usize {
    let mut slots: FxHashMap<u64, Slot> = state.live.iter().map(|&s| (state.session(s).uid, s)).collect();
    let mut took = 0;
    for (delta, changes) in log {
        let before = state.value();
        let mark = state.mark();
        let fits = changes.iter().all(|change| again(state, change, &mut slots));
        if fits && state.value() - before <= (*delta).max(0) && no_empty(state, changes, &slots) {
            took += 1;
            state.forget();
        } else {
            for change in state.since(mark) {
                if let Change::Open { session, .. } = change {
                    slots.remove(&session.uid);
                }
            }
            for change in state.since(mark).to_vec() {
                if let Change::Close { slot, session } = change {
                    slots.insert(session.uid, slot);
                }
            }
            state.undo(mark);
        }
    }
    took
}

/// A session that lost its last job here, but not there, would stay open for nobody.
fn no_empty(state: &State, changes: &[Change], slots: &FxHashMap<u64, Slot>) -> bool {
    changes.iter().all(|change| match change {
        Change::Unplace { uid, .. } => slots.get(uid).is_none_or(|&s| !state.session(s).jobs.is_empty()),
        Change::Open { session, .. } => slots.get(&session.uid).is_none_or(|&s| !state.session(s).jobs.is_empty()),
        _ => true,
    })
}

fn again(state: &mut State, change: &Change, slots: &mut FxHashMap<u64, Slot>) -> bool {
    match change {
        Change::Open { session, .. } => {
            let people = session.members.iter().filter(|&&x| x != NONE);
            if !people.map(|&x| ExaminerIx(x)).all(|x| state.may_convene(x, session.centre, session.date)) {
                return false;
            }
            let when = (session.date, session.half, session.given);
            if !state.may_open(session.kind, session.room, when, &session.members) {
                return false;
            }
            let slot = state.open_as(session);
            slots.insert(session.uid, slot);
            true
        }
        Change::Close { session, .. } => match slots.get(&session.uid) {
            Some(&slot) if state.session(slot).jobs.is_empty() => {
                state.close(slot);
                slots.remove(&session.uid);
                true
            }
            _ => false,
        },
        Change::Place { job, uid, placement } => {
            let Some(&slot) = slots.get(uid) else { return false };
            if state.placed[*job as usize].parts > 0 {
                return false;
            }
            match state.placement(*job, placement.parts, slot, placement.start) {
                Some(placement) => {
                    state.place(*job, placement);
                    true
                }
                None => false,
            }
        }
        Change::Unplace { job, uid, .. } => {
            let placement = &state.placed[*job as usize];
            let there = placement.parts > 0 && state.session(placement.slot).uid == *uid;
            if there {
                state.unplace(*job);
            }
            there
        }
        Change::SetMember { uid, seat, from, to, .. } => {
            let Some(&slot) = slots.get(uid) else { return false };
            let fits = state.session(slot).members[*seat] == *from
                && (*to == NONE || state.may_sit(ExaminerIx(*to), slot, *seat));
            if fits {
                state.set_member(slot, *seat, *to);
            }
            fits
        }
    }
}
