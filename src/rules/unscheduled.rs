//! Cost term `unscheduled`.

use super::{Term, ToldOf, Unit};
use crate::instance::Instance;
use crate::lang::count;
use crate::parts::DueOral;
use crate::program::Program;
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "unscheduled",
    summary: || tr!("due orals without a sitting", "oraux dus sans passage"),
    source: || tr!("circular, 2: every due oral is heard", "circulaire, 2 : tout oral dû est entendu"),
    weight: |w| w.unscheduled,
    unit: Unit::Piece,
    said: Some(said),
    told_of: ToldOf::Candidates,
    post,
};

pub(super) fn units(part: &DueOral, _instance: &Instance) -> i64 {
    i64::from(!part.heard)
}

fn said(_plan: &Plan, units: usize) -> String {
    count(
        units,
        &tr!("due oral has no sitting", "oral dû n'a pas de passage"),
        &tr!("due orals have no sitting", "oraux dus n'ont pas de passage"),
    )
}

fn post(program: &mut Program) {
    for t in 0..program.tasks.len() {
        program.charge(program.tasks[t].out, program.instance.weights.unscheduled);
    }
}
