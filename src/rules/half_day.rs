//! Hard rule `half-day`.

use super::{Rule, Violation};
use crate::hours::{Ask, OwnHours};
use crate::instance::Interval;
use crate::program::Draft;
use crate::schedule::Plan;
use crate::starts::Shut;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "half-day",
    summary: || {
        tr!(
            "all sittings of a session lie within one half-day",
            "tous les passages d'une vacation tiennent dans une même demi-journée"
        )
    },
    source: super::policy,
    violations,
    narrow,
    post: super::asks_nothing,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    for session in plan.sessions.iter().filter(|s| !s.sittings.is_empty() && s.half.is_none()) {
        let span = session.span;
        let message = tr!(
            "its sittings ({span}) do not lie within one half-day",
            "ses passages ({span}) ne tiennent pas dans une demi-journée"
        );
        found.push(Violation::new(&RULE, &session.raw.id, message));
    }
}

/// Within the half-day.
pub(super) fn own(own: &OwnHours, ask: &Ask, starts: &mut impl Shut) {
    starts.all_but([Interval::new(own.half.from, own.half.to - ask.length)]);
}

fn narrow(draft: &mut Draft) {
    draft.keep_hours(|instance, o, hour| instance.half_days[hour.spot.half].contains(hour.sitting(instance, o)));
}
