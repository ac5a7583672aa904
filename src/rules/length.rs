//! Hard rule `length`.

use super::{Rule, Violation};
use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "length",
    summary: || {
        tr!(
            "an oral and its preparation last what the exam and the candidate's extra time say",
            "un oral et sa préparation durent ce que fixent l'épreuve et le temps majoré du candidat"
        )
    },
    source: || {
        tr!(
            "circular, 2 (duration of each exam); accommodations: code de l'éducation D613-26",
            "circulaire, 2 (durée de chaque épreuve) ; aménagements : code de l'éducation D613-26"
        )
    },
    violations,
    narrow: super::leaves_all,
    post: super::asks_nothing,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    for sat in plan.sittings() {
        let Some(oral) = sat.sitting.oral.map(|o| &plan.instance.orals[o]) else { continue };
        let at = || format!("{}, {}", sat.session.raw.id, sat.sitting.name());
        let (lasts, due) = (sat.sitting.time.minutes(), oral.duration);
        if lasts != due {
            let message = tr!("lasts {lasts} min instead of {due}", "dure {lasts} min au lieu de {due}");
            found.push(Violation::new(&RULE, at(), message));
        }
        let (lasts, due) = (sat.sitting.preparation.minutes(), oral.preparation);
        if lasts != due {
            let message =
                tr!("is prepared for {lasts} min instead of {due}", "est préparé {lasts} min au lieu de {due}");
            found.push(Violation::new(&RULE, at(), message));
        }
    }
}
