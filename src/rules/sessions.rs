//! Cost term `sessions`.

use super::{Charge, Term};
use crate::program::Program;
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "sessions",
    summary: || tr!("sessions: every change of members, room or kind of commission makes one", "vacations : tout changement de membres, de salle ou de commission en ouvre une"),
    source: super::policy,
    weight: |w| w.sessions,
    charges,
    post,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    for session in &plan.sessions {
        Charge::push(charges, 1, || session.raw.id.clone());
    }
}

fn post(program: &mut Program) {
    let weight = f64::from(program.instance.weights.sessions);
    for t in 0..program.tasks.len() {
        for (var, opens) in program.opens(t) {
            program.charge(var, opens * weight);
        }
    }
}
