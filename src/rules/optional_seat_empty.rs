//! Cost term `optional_seat_empty`.

use super::{Term, ToldOf, Unit};
use crate::instance::Instance;
use crate::lang::count;
use crate::linear::Var;
use crate::parts::{Holder, SeatInSession};
use crate::program::Program;
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "optional_seat_empty",
    summary: || {
        tr!(
            "sittings heard while an optional seat (the professional's) is empty",
            "passages entendus alors qu'un siège facultatif (le professionnel) est vide"
        )
    },
    source: || {
        tr!(
            "circular, E4 and U61: \"en l'absence de ce dernier, la commission pourra néanmoins procéder\"",
            "circulaire, E4 et U61 : « en l'absence de ce dernier, la commission pourra néanmoins procéder »"
        )
    },
    weight: |w| w.optional_seat_empty,
    unit: Unit::Piece,
    said: Some(said),
    told_of: ToldOf::Dates,
    post,
};

pub(super) fn units(part: &SeatInSession, _instance: &Instance) -> i64 {
    if !part.required && part.holder == Holder::Nobody { part.sittings } else { 0 }
}

fn said(_plan: &Plan, units: usize) -> String {
    count(
        units,
        &tr!("sitting is heard without the professional", "passage est entendu sans le professionnel"),
        &tr!("sittings are heard without the professional", "passages sont entendus sans le professionnel"),
    )
}

fn post(program: &mut Program) {
    let weight = program.instance.weights.optional_seat_empty;
    let empty: Vec<Var> = program.tasks.iter().flat_map(|t| t.empty.values().copied()).collect();
    for seat in empty {
        program.charge(seat, weight);
    }
}
