//! Hard rule `candidate-gap`.

use super::{Rule, Violation};
use crate::instance::{CandidateIx, Instance, Minutes};
use crate::schedule::Sat;
use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "candidate-gap",
    summary: || tr!("a candidate's blocks on one date do not overlap and lie apart (more over lunch, or by accommodation)", "les passages d'un candidat le même jour ne se chevauchent pas et sont espacés (davantage à midi, ou par aménagement)"),
    source: || tr!("policy; rest and meal between two exams of one day: circular 2015-127", "choix de l'académie ; repos et repas entre deux épreuves d'un jour : circulaire 2015-127"),
    violations,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    let instance = plan.instance;
    for c in instance.candidates.indices() {
        for (date, day) in plan.candidate_days(c) {
            for (i, a) in day.iter().enumerate() {
                for b in &day[i + 1..] {
                    if follow(plan, a, b) || follow(plan, b, a) {
                        continue;
                    }
                    let due = gap(instance, c, a.session.half != b.session.half);
                    let pause = b.sitting.block().from - a.sitting.block().to;
                    if pause < due {
                        let (first, second) = (&a.sitting.raw.exam, &b.sitting.raw.exam);
                        let at = format!("{} {date}", instance.candidates[c].id);
                        let message = tr!("{pause} min between {first} and {second}, {due} are due", "{pause} min entre {first} et {second}, il en faut {due}");
                        found.push(Violation::new(&RULE, at, message));
                    }
                }
            }
        }
    }
}

fn follow(plan: &Plan, lead: &Sat, follower: &Sat) -> bool {
    let exam = follower.sitting.exam.map(|e| &plan.instance.regulation.exams[e]);
    lead.sitting.exam.is_some() && exam.is_some_and(|e| e.follows == lead.sitting.exam)
}

/// Minutes due between two blocks of a candidate on one date.
pub(crate) fn gap(instance: &Instance, c: CandidateIx, across_half_days: bool) -> Minutes {
    let policy = &instance.policy;
    let lunch = if across_half_days { policy.candidate_lunch } else { 0 };
    instance.candidates[c].gap.max(policy.candidate_gap.max(lunch) as Minutes)
}
