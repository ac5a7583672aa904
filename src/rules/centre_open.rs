//! Hard rule `centre-open`.

use super::{Rule, Violation};
use crate::hours::{Ask, CandidateHours};
use crate::instance::Interval;
use crate::program::Draft;
use crate::schedule::Plan;
use crate::starts::Shut;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "centre-open",
    summary: || {
        tr!(
            "every block, preparation included, lies within the centre's opening",
            "tout passage, préparation comprise, tient dans l'ouverture du centre"
        )
    },
    source: super::policy,
    violations,
    narrow,
    post: super::asks_nothing,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    for sat in plan.sittings() {
        let Some(centre) = sat.session.centre.map(|c| &plan.instance.centres[c]) else { continue };
        let block = sat.sitting.block();
        let open = centre.open.get(&sat.session.date);
        if open.is_none_or(|open| !open.contains(block)) {
            let hours = open.map_or_else(|| tr!("closed", "fermé"), |open| open.to_string());
            let (id, date) = (&centre.id, sat.session.date);
            found.push(Violation::new(
                &RULE,
                format!("{}, {}", sat.session.raw.id, sat.sitting.name()),
                tr!(
                    "takes {block}, but the centre {id} on {date} is: {hours}",
                    "occupe {block}, or le centre {id} le {date} : {hours}"
                ),
            ));
        }
    }
}

/// Every block lies within the opening.
pub(super) fn candidate(day: &CandidateHours, ask: &Ask, starts: &mut impl Shut) {
    starts.all_but([Interval::new(day.open.from + ask.before, day.open.to - ask.length)]);
}

fn narrow(draft: &mut Draft) {
    draft.keep_hours(|instance, o, hour| {
        let open = instance.centres[hour.spot.centre].open.get(&instance.dates[hour.spot.date]);
        open.is_some_and(|open| open.contains(hour.block(instance, o)))
    });
}
