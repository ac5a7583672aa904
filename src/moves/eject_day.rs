//! An examiner whose days are used up takes a duty elsewhere in the calendar from a dearer one, and is
//! replaced on one of the dates they had: an ejection chain of length two.

use rand::RngExt;
use rand::seq::IndexedRandom;

use super::duty::{Duty, hand_over};
use super::repair::any_session;
use super::{Move, Random};
use crate::instance::{DateIx, ExaminerIx, Ix};
use crate::state::{NONE, State};

/// See the module.
pub struct EjectDay;

impl Move for EjectDay {
    fn name(&self) -> &'static str {
        "eject-day"
    }

    fn apply(&self, state: &mut State, rng: &mut Random) -> bool {
        let Some(slot) = any_session(state, rng) else { return false };
        let session = state.session(slot);
        let seat = rng.random_range(0..session.members.len());
        if session.members[seat] == NONE {
            return false;
        }
        let x = ExaminerIx(session.members[seat]);
        let Some(duty) = Duty::of(state, x, session.date).filter(|d| !d.pinned(state)) else { return false };
        let holders = &state.model.kinds[session.kind as usize].seats[seat].holders;
        let full: Vec<ExaminerIx> = holders
            .iter()
            .copied()
            .filter(|&y| {
                y != x
                    && state.of_examiner(y, duty.date).is_empty()
                    && !duty.day_left(state, y, false)
                    && duty.suits(state, y)
            })
            .collect();
        let Some(&y) = full.choose(rng) else { return false };
        let dates: Vec<DateIx> = (0..state.model.dates)
            .filter(|&d| state.own[d])
            .map(DateIx::of)
            .filter(|&d| !state.of_examiner(y, d).is_empty())
            .collect();
        let Some(given) = dates.choose(rng).and_then(|&d| Duty::of(state, y, d)).filter(|d| !d.pinned(state)) else {
            return false;
        };
        if !duty.instead_of(&given, state, y) {
            return false;
        }
        // Whoever is cheapest takes what y gives up; x may, whose day comes free.
        let (first, seat) = given.seats[0];
        let takers = &state.model.kinds[state.session(first).kind as usize].seats[seat].holders;
        let mut best: Option<(i64, ExaminerIx)> = None;
        for &z in takers {
            let fits = z != y
                && state.of_examiner(z, given.date).is_empty()
                && (if z == x { given.instead_of(&duty, state, x) } else { given.day_left(state, z, false) })
                && given.suits(state, z);
            if fits {
                let score = given.cost(state, z) + rng.random_range(0..300);
                if best.is_none_or(|b| score < b.0) {
                    best = Some((score, z));
                }
            }
        }
        let Some((_, z)) = best else { return false };
        hand_over(state, &[(&duty, y), (&given, z)]);
        true
    }
}
