//! Cost term `candidate_days`.

use super::{Charge, Term};
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "candidate_days",
    summary: || tr!("for each candidate, dates beyond the first", "pour chaque candidat, jours au-delà du premier"),
    source: super::policy,
    weight: |w| w.candidate_days,
    charges,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    for c in plan.instance.candidates.indices() {
        let days = plan.candidate_days(c).len() as i64;
        Charge::push(charges, (days - 1).max(0), || plan.instance.candidates[c].id.clone());
    }
}
