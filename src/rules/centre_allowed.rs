//! Hard rule `centre-allowed`.

use super::{Rule, Violation};
use crate::program::Draft;
use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "centre-allowed",
    summary: || {
        tr!(
            "a candidate is heard in a centre of the group, which hears the exam",
            "un candidat passe dans un centre de son regroupement, qui organise l'épreuve"
        )
    },
    source: || tr!("circular, 1-B (inter-academic groups)", "circulaire, 1-B (regroupements interacadémiques)"),
    violations,
    narrow,
    post: super::asks_nothing,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    let instance = plan.instance;
    for session in plan.sessions.iter().filter(|s| s.centre.is_none()) {
        let id = &session.raw.centre;
        let message = tr!("there is no centre {id}", "il n'y a pas de centre {id}");
        found.push(Violation::new(&RULE, &session.raw.id, message));
    }
    for sat in plan.sittings() {
        let (Some(centre), Some(c)) = (sat.session.centre, sat.sitting.candidate) else { continue };
        let at = || format!("{}, {}", sat.session.raw.id, sat.sitting.name());
        let id = &instance.centres[centre].id;
        if !instance.candidates[c].centres.contains(&centre) {
            let group = &instance.candidates[c].group;
            let message = tr!(
                "the centre {id} is not one of the group {group}",
                "le centre {id} n'est pas du regroupement {group}"
            );
            found.push(Violation::new(&RULE, at(), message));
        }
        let hears = &instance.centres[centre].exams;
        if sat.sitting.exam.is_some_and(|e| hears.as_ref().is_some_and(|only| !only.contains(&e))) {
            let message = tr!("the centre {id} does not hear this exam", "le centre {id} n'organise pas cette épreuve");
            found.push(Violation::new(&RULE, at(), message));
        }
    }
}

fn narrow(draft: &mut Draft) {
    draft.keep_hours(|instance, o, hour| {
        let (oral, centre) = (&instance.orals[o], hour.spot.centre);
        let hears = &instance.centres[centre].exams;
        instance.candidates[oral.candidate].centres.contains(&centre)
            && hears.as_ref().is_none_or(|only| only.contains(&oral.exam))
    });
}
