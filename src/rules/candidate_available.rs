//! Hard rule `candidate-available`.

use super::{Rule, Violation};
use crate::program::Draft;
use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "candidate-available",
    summary: || {
        tr!(
            "no block meets a time when the candidate cannot come",
            "aucun passage ne tombe quand le candidat ne peut pas venir"
        )
    },
    source: super::policy,
    violations,
    narrow,
    post: super::asks_nothing,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    for sat in plan.sittings() {
        let Some(candidate) = sat.sitting.candidate.map(|c| &plan.instance.candidates[c]) else { continue };
        let block = sat.sitting.block();
        for away in candidate.unavailable.iter().filter(|u| u.date == sat.session.date && u.time.meets(block)) {
            let time = away.time;
            let at = format!("{}, {}", sat.session.raw.id, sat.sitting.name());
            let message = tr!("the candidate cannot come {time}", "le candidat ne peut pas venir {time}");
            found.push(Violation::new(&RULE, at, message));
        }
    }
}

fn narrow(draft: &mut Draft) {
    draft.keep_hours(|instance, o, hour| {
        let date = instance.dates[hour.spot.date];
        let away = &instance.candidates[instance.orals[o].candidate].unavailable;
        !away.iter().any(|u| u.date == date && u.time.meets(hour.block(instance, o)))
    });
}
