//! Cost term `oral_moved`.

use super::{Term, ToldOf, Unit};
use crate::instance::Instance;
use crate::parts::RepublishedOral;
use crate::program::{Program, joined};
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "oral_moved",
    summary: || {
        tr!(
            "orals whose date, centre or start differs from the published schedule",
            "oraux qui changent de date, de centre ou d'heure par rapport au planning publié"
        )
    },
    source: super::policy,
    weight: |w| w.oral_moved,
    unit: Unit::Piece,
    said: None,
    told_of: ToldOf::Nobody,
    post,
};

pub(super) fn units(part: &RepublishedOral, _instance: &Instance) -> i64 {
    i64::from(part.moved)
}

fn post(program: &mut Program) {
    let weight = f64::from(program.instance.weights.oral_moved);
    for t in 0..program.tasks.len() {
        let Some(unmoved) = program.unmoved(t) else { continue };
        let moved = program.choice(format!("moved({})", program.name(t)), weight);
        program.at_most(joined(program.heard(t), vec![(unmoved, -1.0), (moved, -1.0)]), 0.0);
    }
}
