//! Cost term `candidate_days`.

use super::{Charge, Term};
use crate::program::{Program, Sum, joined, times};
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "candidate_days",
    summary: || tr!("for each candidate, dates beyond the first", "pour chaque candidat, jours au-delà du premier"),
    source: super::policy,
    weight: |w| w.candidate_days,
    charges,
    post,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    for c in plan.instance.candidates.indices() {
        let days = plan.candidate_days(c).len() as i64;
        Charge::push(charges, (days - 1).max(0), || plan.instance.candidates[c].id.clone());
    }
}

fn post(program: &mut Program) {
    let weight = program.instance.weights.candidate_days;
    for (c, candidate) in program.instance.candidates.enumerate() {
        let days: Sum = program.days(c).into_values().flatten().collect();
        // The first is free.
        let comes = program.var(format!("any({})", candidate.id), -f64::from(weight), 1.0);
        program.at_most(joined(vec![(comes, 1.0)], times(days.clone(), -1.0)), 0.0);
        for (day, _) in days {
            program.charge(day, weight);
        }
    }
}
