//! Gives a seat of one session to another examiner: the cheapest of a sample, those already convened there
//! that day first.

use rand::RngExt;
use rand::seq::IndexedRandom;

use super::repair::any_session;
use super::{Move, Random};
use crate::instance::ExaminerIx;
use crate::state::{NONE, Slot, State};

/// See the module.
pub struct ReplaceMember;

impl Move for ReplaceMember {
    fn name(&self) -> &'static str {
        "replace-member"
    }

    fn apply(&self, state: &mut State, rng: &mut Random) -> bool {
        let Some(slot) = any_session(state, rng) else { return false };
        let seats = state.session(slot).members.len();
        let seat = rng.random_range(0..seats);
        if state.session(slot).members[seat] == NONE {
            return false;
        }
        match substitute(state, slot, seat, rng) {
            Some(x) => {
                state.set_member(slot, seat, x.0);
                true
            }
            None => false,
        }
    }
}

/// Who could take the seat, cheapest to convene, with some luck.
pub(super) fn substitute(state: &State, slot: Slot, seat: usize, rng: &mut Random) -> Option<ExaminerIx> {
    let session = state.session(slot);
    let model = &state.model.kinds[session.kind as usize].seats[seat];
    let mut best: Option<(i64, ExaminerIx)> = None;
    let greedy = rng.random_bool(0.7);
    if !greedy {
        let &x = model.holders.choose(rng)?;
        return state.may_sit(x, slot, seat).then_some(x);
    }
    for &x in &model.holders {
        let convened = !state.of_examiner(x, session.date).is_empty();
        let day = if convened { 0 } else { state.convening(x, session.date, session.centre) };
        let lack = i64::from(!model.preferred[x.0 as usize])
            * i64::from(state.model.instance.weights.not_preferred)
            * session.sittings;
        let score = day + lack + rng.random_range(0..400);
        if best.is_none_or(|b| score < b.0) && state.may_sit(x, slot, seat) {
            best = Some((score, x));
        }
    }
    best.map(|b| b.1)
}
