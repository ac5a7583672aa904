//! Hard rule `impartial`.

use super::{Rule, Violation};
use crate::program::Draft;
use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "impartial",
    summary: || {
        tr!(
            "no member teaches in the candidate's school or is excluded, unless waived",
            "aucun membre n'enseigne dans l'établissement du candidat ni n'est récusé, sauf dérogation"
        )
    },
    source: || {
        tr!(
            "impartiality of juries (Conseil d'État, 18 July 2008); waivers are named",
            "impartialité des jurys (Conseil d'État, 18 juillet 2008) ; les dérogations sont nominatives"
        )
    },
    violations,
    narrow,
    post: super::asks_nothing,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    let instance = plan.instance;
    for sat in plan.sittings() {
        let Some(c) = sat.sitting.candidate else { continue };
        for (id, x) in sat.session.members.iter().filter_map(|m| Some((m.id, m.examiner?))) {
            if instance.partial(c, x) {
                let message = if instance.candidates[c].excluded.contains(&x) {
                    tr!("{id} may not hear this candidate (excluded)", "{id} ne peut pas entendre ce candidat (récusé)")
                } else {
                    tr!("{id} teaches in the candidate's school", "{id} enseigne dans l'établissement du candidat")
                };
                found.push(Violation::new(&RULE, format!("{}, {}", sat.session.raw.id, sat.sitting.name()), message));
            }
        }
    }
}

fn narrow(draft: &mut Draft) {
    draft.keep_chairs(|instance, o, _, chair| {
        (!instance.partial(instance.orals[o].candidate, chair.examiner)).then_some(chair.within)
    });
}
