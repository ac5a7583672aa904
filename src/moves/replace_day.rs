//! Gives all sessions of an examiner on a date to another examiner.

use rand::RngExt;

use super::repair::any_session;
use super::{Move, Random};
use crate::instance::ExaminerIx;
use crate::state::{NONE, State};

/// See the module.
pub struct ReplaceDay;

impl Move for ReplaceDay {
    fn name(&self) -> &'static str {
        "replace-day"
    }

    fn apply(&self, state: &mut State, rng: &mut Random) -> bool {
        let Some(slot) = any_session(state, rng) else { return false };
        let session = state.session(slot);
        let seat = rng.random_range(0..session.members.len());
        let x = session.members[seat];
        if x == NONE {
            return false;
        }
        let date = session.date;
        let slots = state.of_examiner(ExaminerIx(x), date).to_vec();
        let kind = &state.model.kinds[session.kind as usize];
        let mut best: Option<(i64, ExaminerIx)> = None;
        let luck = if rng.random_bool(0.3) { 3000 } else { 300 };
        for &y in &kind.seats[seat].holders {
            if y.0 == x {
                continue;
            }
            let convened = !state.of_examiner(y, date).is_empty();
            let day = if convened { 0 } else { state.convening(y, date, session.centre) };
            let score = day + rng.random_range(0..luck);
            if best.is_some_and(|b| score >= b.0) {
                continue;
            }
            let all = slots.iter().all(|&s| {
                let seat = state.session(s).members.iter().position(|&m| m == x);
                seat.is_some_and(|seat| state.may_sit(y, s, seat))
            });
            if all {
                best = Some((score, y));
            }
        }
        let Some((_, y)) = best else { return false };
        for s in slots {
            let seat = state.session(s).members.iter().position(|&m| m == x).expect("the member was there");
            // Each session is settled on its own; what several together may not be (minutes of the day) is
            // asked again as they add up.
            if state.may_sit(y, s, seat) {
                state.set_member(s, seat, y.0);
            }
        }
        true
    }
}
