//! Hard rule `oral-once`.

use super::{Rule, Violation};
use std::collections::BTreeSet;

use crate::instance::Status;
use crate::program::{Program, joined};
use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "oral-once",
    summary: || tr!("every due oral is heard once or listed as unscheduled; nothing else is scheduled; no session is empty", "tout oral dû est entendu une fois ou déclaré non placé ; rien d'autre n'est placé ; aucune vacation n'est vide"),
    source: || tr!("circular, 1-H and 2 (an oral without a valid file is not heard)", "circulaire, 1-H et 2 (sans dossier valable, pas d'interrogation)"),
    violations,
    narrow: super::leaves_all,
    post,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    let instance = plan.instance;
    let mut say = |at: String, message: String| found.push(Violation::new(&RULE, at, message));
    let listed: BTreeSet<(&str, &str)> =
        plan.schedule.unscheduled.iter().map(|l| (l.candidate.as_str(), l.exam.as_str())).collect();
    for o in instance.due() {
        let name = instance.oral_name(o);
        let exam = &instance.exam_of(o).id;
        let times = plan.of_oral(o).count();
        let unscheduled =
            listed.contains(&(instance.candidates[instance.orals[o].candidate].id.as_str(), exam.as_str()));
        match (times, unscheduled) {
            (0, false) => say(name, tr!("is due but neither scheduled nor listed as unscheduled", "est dû, mais ni placé ni déclaré non placé")),
            (1, true) => say(name, tr!("is scheduled and also listed as unscheduled", "est placé et pourtant déclaré non placé")),
            (2.., _) => say(name, tr!("is scheduled {times} times", "est placé {times} fois")),
            _ => {}
        }
    }
    for left in &plan.schedule.unscheduled {
        let oral = instance
            .candidate(&left.candidate)
            .zip(instance.regulation.exam(&left.exam))
            .and_then(|(c, e)| instance.oral(c, e));
        if oral.is_none_or(|o| instance.orals[o].status != Status::Due) {
            say(
                format!("{} {}", left.candidate, left.exam),
                tr!("is listed as unscheduled but is not due", "est déclaré non placé alors qu'il n'est pas dû"),
            );
        }
    }
    for sat in plan.sittings() {
        let message = match sat.sitting.oral.map(|o| instance.orals[o].status) {
            Some(Status::Due) => continue,
            Some(Status::NotValid) => tr!("is scheduled, but the file is not valid", "est placé, mais le dossier n'est pas valable"),
            Some(Status::NotHeld) => tr!("is scheduled, but nothing was presented", "est placé, mais aucun support n'a été présenté"),
            Some(Status::NotFinal) => tr!("is scheduled, but is continuous or exempt", "est placé, mais relève du CCF ou d'une dispense"),
            None if sat.sitting.candidate.is_none() => tr!("is scheduled, but there is no such candidate", "est placé, mais ce candidat n'existe pas"),
            None => tr!("is scheduled, but the candidate has no such oral", "est placé, mais le candidat n'a pas cet oral"),
        };
        say(format!("{}, {}", sat.session.raw.id, sat.sitting.name()), message);
    }
    for session in &plan.sessions {
        if session.sittings.is_empty() {
            say(session.raw.id.clone(), tr!("hears nobody", "n'entend personne"));
        }
    }
}

fn post(program: &mut Program) {
    for t in 0..program.tasks.len() {
        let all = joined(program.heard(t), vec![(program.tasks[t].out, 1.0)]);
        program.exactly(all, 1.0);
    }
}
