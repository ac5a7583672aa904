//! Hard rule `oral-once`.

use super::{Rule, Violation};
use std::collections::BTreeMap;

use crate::instance::{Instance, OralIx, Status};
use crate::program::{Program, joined};
use crate::schedule::{Left, Plan};
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "oral-once",
    summary: || {
        tr!(
            "every due oral is heard once or listed once as unscheduled; nothing else is scheduled; orals that are not due are listed with their reason; no session is empty",
            "tout oral dû est interrogé une fois ou déclaré une fois non programmé ; rien d'autre n'est programmé ; les oraux non dus figurent avec leur motif ; aucune vacation n'est vide"
        )
    },
    source: || {
        tr!(
            "circular, 1-H and 2 (an oral without a valid file is not heard)",
            "circulaire, 1-H et 2 (sans dossier valable, pas d'interrogation)"
        )
    },
    violations,
    narrow: super::leaves_all,
    post,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    let instance = plan.instance;
    let mut say = |at: String, message: String| found.push(Violation::new(&RULE, at, message));
    let left = reasons(&plan.schedule.unscheduled);
    for o in instance.due() {
        let name = instance.oral_name(o);
        let times = plan.of_oral(o).count();
        match (times, left.get(&key(instance, o)).map_or(0, Vec::len)) {
            (0, 1) | (1, 0) => {}
            (0, 0) => say(
                name,
                tr!(
                    "is due but neither scheduled nor listed as unscheduled",
                    "est dû, mais ni programmé ni déclaré non programmé"
                ),
            ),
            (0, n) => say(name, tr!("is listed {n} times as unscheduled", "est déclaré {n} fois non programmé")),
            (1, _) => say(
                name,
                tr!("is scheduled and also listed as unscheduled", "est programmé et pourtant déclaré non programmé"),
            ),
            _ => say(name, tr!("is scheduled {times} times", "est programmé {times} fois")),
        }
    }
    let due = |c: &str, e: &str| named(instance, c, e).is_some_and(|o| instance.orals[o].status == Status::Due);
    for (c, e) in left.into_keys().filter(|(c, e)| !due(c, e)) {
        say(
            format!("{c} {e}"),
            tr!("is listed as unscheduled but is not due", "est déclaré non programmé alors qu'il n'est pas dû"),
        );
    }
    let mut not_heard = reasons(&plan.schedule.not_heard);
    for (o, oral) in instance.orals.enumerate() {
        let Some(reason) = oral.status.not_heard() else { continue };
        let name = instance.oral_name(o);
        match not_heard.remove(&key(instance, o)).as_deref() {
            None => say(
                name,
                tr!(
                    "should be listed as not heard ({reason})",
                    "devrait figurer parmi les oraux non interrogés ({reason})"
                ),
            ),
            Some([said]) if *said == reason => {}
            Some([said]) => say(
                name,
                tr!(
                    "is listed as not heard for the reason \"{said}\"; it is {reason}",
                    "figure parmi les oraux non interrogés pour le motif « {said} » ; c'est {reason}"
                ),
            ),
            Some(all) => {
                let n = all.len();
                say(name, tr!("is listed {n} times as not heard", "figure {n} fois parmi les oraux non interrogés"));
            }
        }
    }
    for (c, e) in not_heard.into_keys() {
        let message = match named(instance, c, e) {
            Some(_) => tr!("is wrongly listed as not heard", "figure à tort parmi les oraux non interrogés"),
            None => tr!(
                "is listed as not heard, but there is no such oral",
                "figure parmi les oraux non interrogés, mais cet oral n'existe pas"
            ),
        };
        say(format!("{c} {e}"), message);
    }
    for sat in plan.sittings() {
        let message = match sat.sitting.oral.map(|o| instance.orals[o].status) {
            Some(Status::Due) => continue,
            Some(Status::NotValid) => {
                tr!("is scheduled, but the file is not valid", "est programmé, mais le dossier n'est pas valable")
            }
            Some(Status::NotHeld) => {
                tr!("is scheduled, but nothing was presented", "est programmé, mais aucun support n'a été présenté")
            }
            Some(Status::NotFinal) => {
                tr!("is scheduled, but is continuous or exempt", "est programmé, mais relève du CCF ou d'une dispense")
            }
            None if sat.sitting.candidate.is_none() => {
                tr!("is scheduled, but there is no such candidate", "est programmé, mais ce candidat n'existe pas")
            }
            None => {
                tr!(
                    "is scheduled, but the candidate has no such oral",
                    "est programmé, mais le candidat n'a pas cet oral"
                )
            }
        };
        say(format!("{}, {}", sat.session.raw.id, sat.sitting.name()), message);
    }
    for session in &plan.sessions {
        if session.sittings.is_empty() {
            say(session.raw.id.clone(), tr!("hears nobody", "n'entend personne"));
        }
    }
}

/// The reasons that a list gives for each candidate and exam: more than one where they stand there again.
fn reasons(list: &[Left]) -> BTreeMap<(&str, &str), Vec<&str>> {
    let mut all: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for left in list {
        all.entry((left.candidate.as_str(), left.exam.as_str())).or_default().push(&left.reason);
    }
    all
}

fn key(instance: &Instance, o: OralIx) -> (&str, &str) {
    (&instance.candidates[instance.orals[o].candidate].id, &instance.exam_of(o).id)
}

fn named(instance: &Instance, candidate: &str, exam: &str) -> Option<OralIx> {
    instance.oral(instance.candidate(candidate)?, instance.regulation.exam(exam)?)
}

fn post(program: &mut Program) {
    for t in 0..program.tasks.len() {
        let all = joined(program.heard(t), vec![(program.tasks[t].out, 1.0)]);
        program.exactly(all, 1.0);
    }
}
