//! Hard rule `follows`.

use super::{Rule, Violation};
use crate::program::{Program, joined, times};
use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "follows",
    summary: || {
        tr!(
            "an exam that follows another starts at its end, in the same session",
            "une épreuve qui en suit une autre commence à sa fin, dans la même vacation"
        )
    },
    source: || {
        tr!(
            "circular, EF3 (\"dans la continuité de l'épreuve U61\")",
            "circulaire, EF3 (« dans la continuité de l'épreuve U61 »)"
        )
    },
    violations,
    narrow: super::leaves_all,
    post,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    let instance = plan.instance;
    for sat in plan.sittings() {
        let Some(lead) = sat.sitting.oral.and_then(|o| instance.lead_of(o)) else { continue };
        let lead_name = &instance.exam_of(lead).id;
        let at = || format!("{}, {}", sat.session.raw.id, sat.sitting.name());
        let leads: Vec<_> = plan.of_oral(lead).collect();
        let Some(first) = leads.first() else {
            let message =
                tr!("follows {lead_name}, which is not scheduled", "suit {lead_name}, qui n'est pas programmé");
            found.push(Violation::new(&RULE, at(), message));
            continue;
        };
        // One that is heard twice breaks `oral-once`; to follow either is to follow it.
        let beside: Vec<_> = leads.iter().filter(|l| std::ptr::eq(l.session, sat.session)).collect();
        let (end, other) = (first.sitting.raw.end, &first.session.raw.id);
        let message = match &beside[..] {
            [] => tr!("follows {lead_name}, which is heard in {other}", "suit {lead_name}, entendu dans {other}"),
            here if here.iter().any(|l| l.sitting.time.to == sat.sitting.time.from) => continue,
            _ => tr!("must start at {end}, the end of {lead_name}", "doit commencer à {end}, à la fin de {lead_name}"),
        };
        found.push(Violation::new(&RULE, at(), message));
    }
}

fn post(program: &mut Program) {
    for t in 0..program.tasks.len() {
        let Some(lead) = program.tasks[t].lead else { continue };
        // In the same session right after it, or not at all.
        let next = program.next.get(&(lead, t)).copied();
        let heard = program.heard(t);
        program.at_most(joined(heard, next.map(|v| (v, -1.0)).into_iter().collect()), 0.0);
        let Some(next) = next else { continue };
        let length = f64::from(program.tasks[lead].duration);
        let (own, never) = (program.latest(t), program.latest(lead) + length);
        let apart = joined(program.start(t), times(program.start(lead), -1.0));
        program.at_most(joined(apart.clone(), vec![(next, own)]), own + length);
        program.at_least(joined(apart, vec![(next, -never)]), length - never);
    }
}
