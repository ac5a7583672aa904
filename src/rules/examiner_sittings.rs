//! Hard rule `examiner-sittings`.

use super::{Rule, Violation};
use crate::instance::Instance;
use crate::parts::ExaminerDates;
use crate::program::Program;
use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "examiner-sittings",
    summary: || {
        tr!(
            "an examiner hears at most max_sittings sittings on all dates together",
            "un interrogateur n'entend pas plus de passages que son maximum sur toute la session"
        )
    },
    source: super::policy,
    violations,
    narrow: super::leaves_all,
    post,
};

/// Not more than the person's own limit.
pub(super) fn allows(part: &ExaminerDates, instance: &Instance) -> bool {
    instance.examiners[part.examiner].max_sittings.is_none_or(|most| part.sittings <= i64::from(most))
}

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    for (x, examiner) in plan.instance.examiners.enumerate() {
        let Some(limit) = examiner.max_sittings else { continue };
        let own = plan.sessions.iter().filter(|s| s.members.iter().any(|m| m.examiner == Some(x)));
        let count: usize = own.map(|s| s.sittings.len()).sum();
        if count > limit as usize {
            let message = tr!("hears {count} sittings, {limit} at most", "entend {count} passages, {limit} au plus");
            found.push(Violation::new(&RULE, &examiner.id, message));
        }
    }
}

fn post(program: &mut Program) {
    for (x, who) in program.instance.examiners.enumerate() {
        if let Some(limit) = who.max_sittings {
            let heard = (0..program.tasks.len()).flat_map(|t| program.hears(t, x, |_| true)).collect();
            program.at_most(heard, f64::from(limit));
        }
    }
}
