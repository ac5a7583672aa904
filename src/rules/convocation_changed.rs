//! Cost term `convocation_changed`.

use super::{Charge, Term};
use crate::program::{Program, joined};
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "convocation_changed",
    summary: || tr!("candidates with an oral whose date, centre or start differs from the published schedule", "candidats dont un oral change de date, de centre ou d'heure par rapport au planning publié"),
    source: super::policy,
    weight: |w| w.convocation_changed,
    charges,
    post,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    for candidate in plan.instance.candidates.iter() {
        let changed = candidate.orals.iter().any(|&o| super::oral_moved::moved(plan, o));
        Charge::push(charges, i64::from(changed), || candidate.id.clone());
    }
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
