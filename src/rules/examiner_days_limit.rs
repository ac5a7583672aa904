//! Hard rule `examiner-days`.

use super::{Rule, Violation};
use std::collections::BTreeMap;

use crate::instance::{ExaminerIx, Instance};
use crate::parts::ExaminerDates;
use crate::program::Program;
use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "examiner-days",
    summary: || {
        tr!(
            "an examiner is convened on at most max_days dates",
            "un interrogateur n'est pas convoqué plus de jours que son maximum"
        )
    },
    source: super::policy,
    violations,
    narrow: super::leaves_all,
    post,
};

/// Not on more dates than the person's own limit.
pub(super) fn allows(part: &ExaminerDates, instance: &Instance) -> bool {
    instance.examiners[part.examiner].max_days.is_none_or(|most| part.days <= i64::from(most))
}

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    let mut days: BTreeMap<ExaminerIx, u32> = BTreeMap::new();
    for (x, _, _) in plan.examiner_days() {
        *days.entry(x).or_default() += 1;
    }
    for (x, days) in days {
        let examiner = &plan.instance.examiners[x];
        if let Some(limit) = examiner.max_days.filter(|&limit| days > limit) {
            let message =
                tr!("is convened on {days} dates, {limit} at most", "est convoqué {days} jours, {limit} au plus");
            found.push(Violation::new(&RULE, &examiner.id, message));
        }
    }
}

fn post(program: &mut Program) {
    for (x, who) in program.instance.examiners.enumerate() {
        if let Some(limit) = who.max_days {
            let days = program.duties(x).into_values().flatten().collect();
            program.at_most(days, f64::from(limit));
        }
    }
}
