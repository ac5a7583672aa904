//! Hard rule `candidate-available`.

use super::{Rule, Violation};
use crate::hours::{Ask, CandidateHours};
use crate::program::Draft;
use crate::schedule::Plan;
use crate::starts::{FOREVER, Shut};
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
        if let Some(moment) = sat.sitting.oral.and_then(|o| plan.instance.orals[o].not_before)
            && (sat.session.date, block.from) < (moment.date, moment.time.0)
        {
            let (day, time) = (crate::instance::time::day(moment.date), moment.time);
            let at = format!("{}, {}", sat.session.raw.id, sat.sitting.name());
            let message = tr!("may not begin before {day} {time}", "ne peut pas commencer avant le {day}, {time}");
            found.push(Violation::new(&RULE, at, message));
        }
        for away in candidate.unavailable.iter().filter(|u| u.date == sat.session.date && u.time.meets(block)) {
            let time = away.time;
            let at = format!("{}, {}", sat.session.raw.id, sat.sitting.name());
            let message = tr!("the candidate cannot come {time}", "le candidat ne peut pas venir {time}");
            found.push(Violation::new(&RULE, at, message));
        }
    }
}

/// No block meets a time when the candidate cannot come.
pub(super) fn candidate(day: &CandidateHours, ask: &Ask, starts: &mut impl Shut) {
    for away in day.unavailable {
        starts.between(away.from - ask.length, away.to + ask.before);
    }
    starts.between(-FOREVER, day.not_before);
}

fn narrow(draft: &mut Draft) {
    draft.keep_hours(|instance, o, hour| {
        let date = instance.dates[hour.spot.date];
        let block = hour.block(instance, o);
        if instance.orals[o].not_before.is_some_and(|m| (date, block.from) < (m.date, m.time.0)) {
            return false;
        }
        let away = &instance.candidates[instance.orals[o].candidate].unavailable;
        !away.iter().any(|u| u.date == date && u.time.meets(block))
    });
}
