//! Hard rule `commission`.

use super::{Rule, Violation};
use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "commission",
    summary: || {
        tr!(
            "the session's commission hears the exam, in the session's language",
            "la commission de la vacation entend l'épreuve, dans la langue de la vacation"
        )
    },
    source: || tr!("circular, 2 (composition of each commission)", "circulaire, 2 (composition de chaque commission)"),
    violations,
    narrow: super::leaves_all,
    post: super::asks_nothing,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    let regulation = &plan.instance.regulation;
    for session in &plan.sessions {
        let name = &session.raw.commission;
        let Some(k) = session.commission else {
            let message = tr!("there is no commission {name}", "il n'y a pas de commission {name}");
            found.push(Violation::new(&RULE, &session.raw.id, message));
            continue;
        };
        let has_language = regulation.commissions[k].has_language;
        for sitting in &session.sittings {
            let at = format!("{}, {}", session.raw.id, sitting.name());
            let Some(exam) = sitting.exam.map(|e| &regulation.exams[e]) else { continue };
            if exam.commission != k {
                let right = &regulation.commissions[exam.commission].id;
                let message = tr!(
                    "is heard by the commission {right}, not by {name}",
                    "relève de la commission {right}, non de {name}"
                );
                found.push(Violation::new(&RULE, at, message));
            } else if let (true, Some(o)) = (has_language, sitting.oral)
                && plan.instance.orals[o].language != session.raw.language
            {
                let none = "-".to_string();
                let wanted = plan.instance.orals[o].language.as_ref().unwrap_or(&none);
                let has = session.raw.language.as_ref().unwrap_or(&none);
                let message = tr!(
                    "is in the language {wanted}, the session in {has}",
                    "se passe en {wanted}, la vacation en {has}"
                );
                found.push(Violation::new(&RULE, at, message));
            }
        }
    }
}
