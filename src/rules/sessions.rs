//! Cost term `sessions`.

use super::{Term, ToldOf, Unit};
use crate::instance::Instance;
use crate::lang::count;
use crate::parts::OpenSession;
use crate::program::Program;
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "sessions",
    summary: || {
        tr!(
            "sessions: every change of members, room or kind of commission makes one",
            "vacations : tout changement de membres, de salle ou de commission en ouvre une"
        )
    },
    source: super::policy,
    weight: |w| w.sessions,
    unit: Unit::Piece,
    said: Some(said),
    told_of: ToldOf::Dates,
    post,
};

pub(super) fn units(_part: &OpenSession, _instance: &Instance) -> i64 {
    1
}

fn said(_plan: &Plan, units: usize) -> String {
    count(units, &tr!("session", "vacation"), &tr!("sessions", "vacations"))
}

fn post(program: &mut Program) {
    let weight = f64::from(program.instance.weights.sessions);
    for t in 0..program.tasks.len() {
        for (var, opens) in program.opens(t) {
            program.charge(var, opens * weight);
        }
    }
}
