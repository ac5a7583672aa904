//! Cost term `candidate_days`.

use super::words::n_days;
use super::{Term, ToldOf, Unit};
use crate::instance::Instance;
use crate::lang::thousands;
use crate::parts::CandidateDates;
use crate::program::{Program, Sum, joined, times};
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "candidate_days",
    summary: || tr!("for each candidate, dates beyond the first", "pour chaque candidat, jours au-delà du premier"),
    source: super::policy,
    weight: |w| w.candidate_days,
    unit: Unit::Piece,
    said: Some(said),
    told_of: ToldOf::Schools,
    post,
};

pub(super) fn units(part: &CandidateDates, _instance: &Instance) -> i64 {
    (part.days - 1).max(0)
}

fn said(_plan: &Plan, units: usize) -> String {
    let (n, days) = (thousands(units as i64), n_days(units));
    tr!(
        "candidates come back for {days} beyond their first",
        "les candidats reviennent {n} fois après leur premier jour"
    )
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
