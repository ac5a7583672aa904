//! Cost term `candidate_centres`.

use super::{Charge, Term};
use std::collections::BTreeSet;

use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "candidate_centres",
    summary: || tr!("for each candidate, centres beyond the first", "pour chaque candidat, centres au-delà du premier"),
    source: super::policy,
    weight: |w| w.candidate_centres,
    charges,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    for c in plan.instance.candidates.indices() {
        let centres: BTreeSet<&str> = plan.of_candidate(c).map(|s| s.session.raw.centre.as_str()).collect();
        Charge::push(charges, (centres.len() as i64 - 1).max(0), || plan.instance.candidates[c].id.clone());
    }
}
