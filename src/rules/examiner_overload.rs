//! Cost term `examiner_overload`.

use super::{Charge, Term};
use std::collections::BTreeMap;

use crate::instance::{ExaminerIx, Policy};
use crate::program::Program;
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "examiner_overload",
    summary: || tr!("for each examiner, dates beyond fair_days", "pour chaque interrogateur, jours au-delà de fair_days"),
    source: super::policy,
    weight: |w| w.examiner_overload,
    charges,
    post,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    let mut days: BTreeMap<ExaminerIx, i64> = BTreeMap::new();
    for (x, _, _) in plan.examiner_days() {
        *days.entry(x).or_default() += 1;
    }
    for (x, days) in days {
        Charge::push(charges, overload(&plan.instance.policy, days), || plan.instance.examiners[x].id.clone());
    }
}

/// Dates beyond the fair number.
pub(crate) fn overload(policy: &Policy, days: i64) -> i64 {
    (days - i64::from(policy.fair_days)).max(0)
}

fn post(program: &mut Program) {
    let instance = program.instance;
    for (x, who) in instance.examiners.enumerate() {
        let days = program.duties(x);
        if days.len() > instance.policy.fair_days as usize {
            let most = days.len() as f64;
            let beyond = program.var(format!("beyond({})", who.id), f64::from(instance.weights.examiner_overload), most);
            let row = days.into_values().flatten().chain([(beyond, -1.0)]).collect();
            program.at_most(row, f64::from(instance.policy.fair_days));
        }
    }
}
