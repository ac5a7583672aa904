//! Cost term `candidate_km`.

use super::{Charge, Term};
use crate::program::Program;
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "candidate_km",
    summary: || tr!("kilometres of candidates, one way, summed over their dates", "kilomètres des candidats (aller), cumulés sur leurs journées"),
    source: super::policy,
    weight: |w| w.candidate_km,
    charges,
    post,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    for (c, candidate) in plan.instance.candidates.enumerate() {
        for (date, day) in plan.candidate_days(c) {
            if let Some(centre) = day.iter().find_map(|s| s.session.centre) {
                Charge::push(charges, candidate.km[centre], || format!("{} {date}", candidate.id));
            }
        }
    }
}

fn post(program: &mut Program) {
    let instance = program.instance;
    for (&(c, centre, _), &present) in &program.present.clone() {
        let km = instance.candidates[c].km[centre] as f64;
        program.charge(present, km * f64::from(instance.weights.candidate_km));
    }
}
