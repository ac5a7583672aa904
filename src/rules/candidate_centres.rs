//! Cost term `candidate_centres`.

use std::collections::BTreeMap;

use super::{Term, ToldOf, Unit};
use crate::instance::{CentreIx, Instance};
use crate::lang::count;
use crate::linear::Var;
use crate::parts::CandidateDates;
use crate::program::Program;
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "candidate_centres",
    summary: || tr!("for each candidate, centres beyond the first", "pour chaque candidat, centres au-delà du premier"),
    source: super::policy,
    weight: |w| w.candidate_centres,
    unit: Unit::Piece,
    said: Some(said),
    told_of: ToldOf::Schools,
    post,
};

pub(super) fn units(part: &CandidateDates, _instance: &Instance) -> i64 {
    (part.centres - 1).max(0)
}

fn said(_plan: &Plan, units: usize) -> String {
    let centres = count(units, &tr!("centre", "centre"), &tr!("centres", "centres"));
    tr!("candidates go to {centres} beyond their first", "les candidats vont dans {centres} de plus")
}

fn post(program: &mut Program) {
    let weight = f64::from(program.instance.weights.candidate_centres);
    for (c, candidate) in program.instance.candidates.enumerate() {
        let mut went: BTreeMap<CentreIx, Var> = BTreeMap::new();
        let own = program.present.iter().filter(|((who, _, _), _)| *who == c);
        for ((_, centre, _), day) in own.map(|(&k, &v)| (k, v)).collect::<Vec<_>>() {
            let name = format!("went({}.{})", candidate.id, program.instance.centres[centre].id);
            let there = *went.entry(centre).or_insert_with(|| program.choice(name, weight));
            program.at_most(vec![(day, 1.0), (there, -1.0)], 0.0);
        }
        // The first is free.
        let any = program.var(format!("anywhere({})", candidate.id), -weight, 1.0);
        let row = went.into_values().map(|v| (v, -1.0)).chain([(any, 1.0)]).collect();
        program.at_most(row, 0.0);
    }
}
