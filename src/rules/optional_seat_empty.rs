//! Cost term `optional_seat_empty`.

use super::{Charge, Term};
use crate::linear::Var;
use crate::program::Program;
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "optional_seat_empty",
    summary: || tr!("sittings heard while an optional seat (the professional's) is empty", "passages entendus alors qu'un siège facultatif (le professionnel) est vide"),
    source: || tr!("circular, E4 and U61: \"en l'absence de ce dernier, la commission pourra néanmoins procéder\"", "circulaire, E4 et U61 : « en l'absence de ce dernier, la commission pourra néanmoins procéder »"),
    weight: |w| w.optional_seat_empty,
    charges,
    post,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    for session in &plan.sessions {
        let Some(k) = session.commission else { continue };
        let seats = plan.instance.regulation.commissions[k].seats.iter().enumerate();
        let empty = seats.filter(|(i, s)| !s.required && !session.members.iter().any(|m| m.seat_ix == Some(*i)));
        let units = empty.count() * session.sittings.len();
        Charge::push(charges, units as i64, || session.raw.id.clone());
    }
}

fn post(program: &mut Program) {
    let weight = program.instance.weights.optional_seat_empty;
    let empty: Vec<Var> = program.tasks.iter().flat_map(|t| t.empty.values().copied()).collect();
    for seat in empty {
        program.charge(seat, weight);
    }
}
