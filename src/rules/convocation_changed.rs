//! Cost term `convocation_changed`.

use super::{Term, ToldOf, Unit};
use crate::instance::Instance;
use crate::parts::RepublishedCandidate;
use crate::program::{Program, joined};
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "convocation_changed",
    summary: || {
        tr!(
            "candidates with an oral whose date, centre or start differs from the published schedule",
            "candidats dont un oral change de date, de centre ou d'heure par rapport au planning publié"
        )
    },
    source: super::policy,
    weight: |w| w.convocation_changed,
    unit: Unit::Piece,
    said: None,
    told_of: ToldOf::Nobody,
    post,
};

pub(super) fn units(part: &RepublishedCandidate, _instance: &Instance) -> i64 {
    i64::from(part.moved > 0)
}

fn post(program: &mut Program) {
    let weight = f64::from(program.instance.weights.convocation_changed);
    for (c, candidate) in program.instance.candidates.enumerate() {
        let mut changed = None;
        for t in program.of_candidate(c) {
            let Some(unmoved) = program.unmoved(t) else { continue };
            let name = format!("changed({})", candidate.id);
            let changed = *changed.get_or_insert_with(|| program.choice(name, weight));
            program.at_most(joined(program.heard(t), vec![(unmoved, -1.0), (changed, -1.0)]), 0.0);
        }
    }
}
