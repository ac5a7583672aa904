//! Hard rule `grid`.

use super::{Rule, Violation};
use std::collections::BTreeSet;

use crate::program::Draft;
use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "grid",
    summary: || {
        tr!(
            "dates are in the calendar and allowed for the exam; times are on the grid",
            "les dates sont au calendrier et permises pour l'épreuve ; les heures sont sur la grille"
        )
    },
    source: || tr!("circular, 1-A and annexe 2 (calendar)", "circulaire, 1-A et annexe 2 (calendrier)"),
    violations,
    narrow,
    post: super::asks_nothing,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    let instance = plan.instance;
    for session in &plan.sessions {
        let date = session.date;
        if instance.date(date).is_none() {
            let message = tr!("{date} is not a date of the calendar", "le {date} n'est pas au calendrier");
            found.push(Violation::new(&RULE, &session.raw.id, message));
        }
        for sitting in &session.sittings {
            let at = format!("{}, {}", session.raw.id, sitting.name());
            if let Some(only) = sitting.exam.and_then(|e| instance.exam_dates[e].as_ref())
                && !only.contains(&date)
            {
                let message =
                    tr!("{date} is not a date for this exam", "le {date} n'est pas une date de cette épreuve");
                found.push(Violation::new(&RULE, at.clone(), message));
            }
            for time in BTreeSet::from([sitting.raw.preparation_start, sitting.raw.start, sitting.raw.end]) {
                if time.0 % instance.step != 0 {
                    let step = instance.step;
                    let message = tr!(
                        "{time} is not on the grid of {step} minutes",
                        "{time} n'est pas sur la grille de {step} minutes"
                    );
                    found.push(Violation::new(&RULE, at.clone(), message));
                }
            }
        }
    }
}

fn narrow(draft: &mut Draft) {
    draft.keep_hours(|instance, o, hour| {
        let only = &instance.exam_dates[instance.orals[o].exam];
        only.as_ref().is_none_or(|only| only.contains(&instance.dates[hour.spot.date]))
            && hour.start % instance.step == 0
    });
}
