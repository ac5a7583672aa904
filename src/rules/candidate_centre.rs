//! Hard rule `candidate-centre`.

use super::{Rule, Violation};
use crate::program::Program;
use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "candidate-centre",
    summary: || tr!("a candidate is in one centre a date", "un candidat est dans un seul centre par jour"),
    source: super::policy,
    violations,
    narrow: super::leaves_all,
    post,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    for c in plan.instance.candidates.indices() {
        for (date, day) in plan.candidate_days(c) {
            let mut centres: Vec<&str> = day.iter().map(|s| s.session.raw.centre.as_str()).collect();
            centres.sort_unstable();
            centres.dedup();
            if centres.len() > 1 {
                let (at, list) = (format!("{} {date}", plan.instance.candidates[c].id), centres.join(", "));
                let message = tr!("is in several centres: {list}", "est dans plusieurs centres : {list}");
                found.push(Violation::new(&RULE, at, message));
            }
        }
    }
}

fn post(program: &mut Program) {
    for c in program.instance.candidates.indices() {
        for (_, centres) in program.days(c) {
            program.at_most(centres, 1.0);
        }
    }
}
