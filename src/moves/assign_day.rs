//! Gives the duties of one date to the people who cost least, all at once: an assignment problem, solved
//! exactly (Kuhn 1955) on costs with a little luck added.

use pathfinding::kuhn_munkres::kuhn_munkres_min;
use pathfinding::matrix::Matrix;
use rand::RngExt;
use rand::seq::{IndexedRandom, SliceRandom};

use super::duty::{Duty, hand_over};
use super::repair::any_session;
use super::{Move, Random};
use crate::instance::ExaminerIx;
use crate::state::{NONE, State};

/// How many duties are reassigned at once, at most.
const MOST: usize = 14;
/// Stands for an impossible assignment.
const NEVER: i64 = 1 << 40;

/// See the module.
pub struct AssignDay;

impl Move for AssignDay {
    fn name(&self) -> &'static str {
        "assign-day"
    }

    fn apply(&self, state: &mut State, rng: &mut Random) -> bool {
        let Some(slot) = any_session(state, rng) else { return false };
        let session = state.session(slot);
        let filled: Vec<usize> = (0..session.members.len()).filter(|&i| session.members[i] != NONE).collect();
        let Some(&seat) = filled.choose(rng) else { return false };
        let date = session.date;
        let holders = &state.model.kinds[session.kind as usize].seats[seat].holders;
        // The duties of the date whose holders could hold this seat too: the same profession.
        let mut duties: Vec<Duty> = holders.iter().filter_map(|&x| Duty::of(state, x, date)).collect();
        duties.retain(|d| !d.pinned(state));
        duties.shuffle(rng);
        duties.truncate(MOST);
        let people: Vec<ExaminerIx> = holders
            .iter()
            .copied()
            .filter(|&y| state.of_examiner(y, date).is_empty() || duties.iter().any(|d| d.holder == y))
            .collect();
        if duties.len() < 2 {
            return false;
        }
        let luck = [1, 100, 600][rng.random_range(0..3)];
        let costs = duties.iter().map(|duty| {
            let cost = |&y: &ExaminerIx| {
                let own = y == duty.holder;
                let convened = !state.of_examiner(y, date).is_empty();
                if own || (duty.day_left(state, y, convened) && duty.suits(state, y)) {
                    duty.cost(state, y) + rng.random_range(0..luck)
                } else {
                    NEVER
                }
            };
            people.iter().map(cost).collect::<Vec<i64>>()
        });
        let costs = Matrix::from_rows(costs.collect::<Vec<_>>()).expect("every row has a column for everybody");
        let (total, assigned) = kuhn_munkres_min(&costs);
        if total >= NEVER {
            return false;
        }
        let changes: Vec<(&Duty, ExaminerIx)> = duties
            .iter()
            .zip(assigned)
            .map(|(duty, column)| (duty, people[column]))
            .filter(|(duty, y)| duty.holder != *y)
            .collect();
        hand_over(state, &changes);
        !changes.is_empty()
    }
}
