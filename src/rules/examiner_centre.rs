//! Hard rule `examiner-centre`.

use super::{Rule, Violation};
use std::collections::BTreeSet;

use crate::program::{Draft, Program};
use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "examiner-centre",
    summary: || {
        tr!(
            "an examiner is in one centre a date, one of their own; a reserve sits only in a re-plan",
            "un interrogateur est dans un seul centre par jour, l'un des siens ; une réserve ne siège qu'en cas de replanification"
        )
    },
    source: super::policy,
    violations,
    narrow,
    post,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    for (x, date, sessions) in plan.examiner_days() {
        let examiner = &plan.instance.examiners[x];
        let id = &examiner.id;
        let mut centres: Vec<&str> = sessions.iter().map(|s| s.raw.centre.as_str()).collect();
        centres.sort_unstable();
        centres.dedup();
        let mut say = |message: String| found.push(Violation::new(&RULE, format!("{id} {date}"), message));
        if centres.len() > 1 {
            let list = centres.join(", ");
            say(tr!("is in several centres: {list}", "est dans plusieurs centres : {list}"));
        }
        for centre in sessions.iter().filter_map(|s| s.centre).collect::<BTreeSet<_>>() {
            if examiner.centres.as_ref().is_some_and(|own| !own.contains(&centre)) {
                let centre = &plan.instance.centres[centre].id;
                say(tr!("may not sit in the centre {centre}", "ne peut pas siéger au centre {centre}"));
            }
        }
        if examiner.reserve && plan.baseline.is_none() {
            say(tr!(
                "is a reserve, who sits only in a re-plan",
                "est en réserve et ne siège qu'en cas de replanification"
            ));
        }
    }
}

fn narrow(draft: &mut Draft) {
    let again = draft.baseline.is_some();
    draft.keep_chairs(|instance, _, _, chair| {
        let who = &instance.examiners[chair.examiner];
        let may = who.centres.as_ref().is_none_or(|own| own.contains(&chair.spot.centre)) && (again || !who.reserve);
        may.then_some(chair.within)
    });
}

fn post(program: &mut Program) {
    for x in program.instance.examiners.indices() {
        for (_, centres) in program.duties(x) {
            program.at_most(centres, 1.0);
        }
    }
}
