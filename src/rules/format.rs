//! Hard rule `format`: what a schedule file must say of itself and in which order.

use super::{Rule, Violation};
use std::collections::BTreeMap;

use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "format",
    summary: || {
        tr!(
            "the schedule names its instance; session ids are unique; sittings stand in order of time; a session has a language only where a seat needs one",
            "le planning nomme son instance ; chaque vacation a son identifiant ; les passages sont dans l'ordre des heures ; une vacation n'a de langue que si un siège en demande une"
        )
    },
    source: || {
        tr!("the format of schedules (oraux schema schedule)", "le format des plannings (oraux schema schedule)")
    },
    violations,
    narrow: super::leaves_all,
    post: super::asks_nothing,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    let mut say = |at: String, message: String| found.push(Violation::new(&RULE, at, message));
    let (named, given) = (&plan.schedule.instance, &plan.instance.name);
    if named != given {
        say(
            "instance".into(),
            tr!(
                "the schedule says that it is for \"{named}\", the instance is \"{given}\"",
                "le planning se dit fait pour « {named} », l'instance est « {given} »"
            ),
        );
    }
    let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
    for (i, session) in plan.sessions.iter().enumerate() {
        let id = session.raw.id.as_str();
        if id.trim().is_empty() {
            say(format!("sessions[{i}]"), tr!("has no id", "n'a pas d'identifiant"));
        } else {
            *ids.entry(id).or_default() += 1;
        }
        for pair in session.raw.sittings.windows(2).filter(|pair| pair[1].start < pair[0].start) {
            let [first, second] = [&pair[0], &pair[1]].map(|s| format!("{} {}", s.candidate, s.exam));
            let message =
                tr!("stands after {first}, which starts later", "figure après {first}, qui commence plus tard");
            say(format!("{id}, {second}"), message);
        }
        let needs_one = session.commission.is_none_or(|k| plan.instance.regulation.commissions[k].has_language);
        if let (false, Some(language)) = (needs_one, &session.raw.language) {
            let name = &session.raw.commission;
            let message = tr!(
                "no seat of the commission {name} needs a language, but the session says {language}",
                "aucun siège de la commission {name} ne demande de langue, or la vacation porte {language}"
            );
            say(id.to_string(), message);
        }
    }
    for (id, n) in ids.into_iter().filter(|(_, n)| *n > 1) {
        say(id.to_string(), tr!("{n} sessions have this id", "{n} vacations ont cet identifiant"));
    }
}
