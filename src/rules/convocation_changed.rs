//! Cost term `convocation_changed`.

use super::{Charge, Term};
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "convocation_changed",
    summary: || tr!("candidates with an oral whose date, centre or start differs from the published schedule", "candidats dont un oral change de date, de centre ou d'heure par rapport au planning publié"),
    source: super::policy,
    weight: |w| w.convocation_changed,
    charges,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    for candidate in plan.instance.candidates.iter() {
        let changed = candidate.orals.iter().any(|&o| super::oral_moved::moved(plan, o));
        Charge::push(charges, i64::from(changed), || candidate.id.clone());
    }
}
