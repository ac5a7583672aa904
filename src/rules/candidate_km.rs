//! Cost term `candidate_km`.

use super::{Term, ToldOf, Unit};
use crate::instance::Instance;
use crate::lang::thousands;
use crate::parts::CandidateDay;
use crate::program::Program;
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "candidate_km",
    summary: || {
        tr!(
            "kilometres of candidates, one way, summed over their dates",
            "kilomètres des candidats (aller), cumulés sur leurs journées"
        )
    },
    source: super::policy,
    weight: |w| w.candidate_km,
    unit: Unit::Piece,
    said: Some(said),
    told_of: ToldOf::Schools,
    post,
};

pub(super) fn units(part: &CandidateDay, instance: &Instance) -> i64 {
    part.centre.map_or(0, |z| instance.candidates[part.candidate].km[z])
}

fn said(_plan: &Plan, units: usize) -> String {
    let n = thousands(units as i64);
    tr!("candidates travel {n} km (one way)", "les candidats font {n} km (aller)")
}

fn post(program: &mut Program) {
    let instance = program.instance;
    for (&(c, centre, _), &present) in &program.present.clone() {
        let km = instance.candidates[c].km[centre] as f64;
        program.charge(present, km * f64::from(instance.weights.candidate_km));
    }
}
