//! Hard rule `examiner-available`.

use super::{Rule, Violation};
use crate::instance::{Interval, Minutes};
use crate::schedule::PlanSession;
use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "examiner-available",
    summary: || tr!("from the briefing to the last end, each member is available in one stretch", "de la réunion préalable à la dernière fin, chaque membre est disponible d'un seul tenant"),
    source: super::policy,
    violations,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    for session in plan.sessions.iter().filter(|s| !s.sittings.is_empty()) {
        let presence = presence(plan, session);
        for (id, x) in session.members.iter().filter_map(|m| Some((m.id, m.examiner?))) {
            let available = &plan.instance.examiners[x].available;
            if !available.iter().any(|a| a.date == session.date && a.time.contains(presence)) {
                let date = session.date;
                let message = tr!("{id} is not available on {date} for all of {presence}", "{id} n'est pas disponible le {date} sur tout {presence}");
                found.push(Violation::new(&RULE, &session.raw.id, message));
            }
        }
    }
}

/// When the members must be there: from the briefing to the last end.
pub(super) fn presence(plan: &Plan, session: &PlanSession) -> Interval {
    Interval::new(session.span.from - plan.instance.policy.briefing as Minutes, session.span.to)
}
