//! Hard rule `candidate-orals`.

use super::{Rule, Violation};
use crate::program::Program;
use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "candidate-orals",
    summary: || {
        tr!("a candidate has at most so many sittings a date", "un candidat a au plus tant de passages par jour")
    },
    source: super::policy,
    violations,
    narrow: super::leaves_all,
    post,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    let exams = &plan.instance.regulation.exams;
    let limit = plan.instance.policy.orals_a_day;
    for c in plan.instance.candidates.indices() {
        for (date, day) in plan.candidate_days(c) {
            let count = day.iter().filter(|s| s.sitting.exam.is_none_or(|e| exams[e].follows.is_none())).count();
            if count > limit as usize {
                let at = format!("{} {date}", plan.instance.candidates[c].id);
                let message = tr!("has {count} orals, {limit} at most", "a {count} oraux, {limit} au plus");
                found.push(Violation::new(&RULE, at, message));
            }
        }
    }
}

fn post(program: &mut Program) {
    let exams = &program.instance.regulation.exams;
    let limit = f64::from(program.instance.policy.orals_a_day);
    for (&(c, centre, date), &present) in &program.present.clone() {
        let mut row = vec![(present, -limit)];
        for t in program.of_candidate(c) {
            if exams[program.tasks[t].exam].follows.is_none() {
                row.extend(program.placed(t, |p| (p.spot.centre, p.spot.date) == (centre, date)));
            }
        }
        program.at_most(row, 0.0);
    }
}
