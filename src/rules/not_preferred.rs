//! Cost term `not_preferred`.

use super::words::n_times;
use super::{Term, ToldOf, Unit};
use crate::instance::Instance;
use crate::parts::{Holder, SeatInSession};
use crate::program::Program;
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "not_preferred",
    summary: || {
        tr!(
            "for each sitting, filled seats whose holder lacks a preferred qualification",
            "pour chaque passage, sièges tenus par quelqu'un sans une compétence préférée"
        )
    },
    source: || tr!("circular, E22: \"de préférence en STS CCST\"", "circulaire, E22 : « de préférence en STS CCST »"),
    weight: |w| w.not_preferred,
    unit: Unit::Piece,
    said: Some(said),
    told_of: ToldOf::Dates,
    post,
};

pub(super) fn units(part: &SeatInSession, _instance: &Instance) -> i64 {
    if part.holder == Holder::Other { part.sittings } else { 0 }
}

fn said(_plan: &Plan, units: usize) -> String {
    let times = n_times(units);
    tr!(
        "{times} a seat is held by somebody without a preferred qualification",
        "{times}, un siège est tenu par quelqu'un sans une compétence préférée"
    )
}

fn post(program: &mut Program) {
    let instance = program.instance;
    let weight = instance.weights.not_preferred;
    for task in program.tasks.clone() {
        let seats = &instance.regulation.commissions[task.commission].seats;
        for (seat, chairs) in seats.iter().zip(&task.chairs) {
            for (chair, held) in chairs {
                let has = &instance.examiners[chair.examiner].qualifications;
                if !seat.preferred(has, task.language.as_deref()) {
                    program.charge(*held, weight);
                }
            }
        }
    }
}
