//! Hard rule `pin`.

use super::{Rule, Violation};
use crate::instance::{Clock, Status};
use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "pin",
    summary: || tr!("decisions already taken are obeyed", "les décisions déjà prises sont respectées"),
    source: super::policy,
    violations,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    let instance = plan.instance;
    for (&o, pins) in &instance.pins {
        if instance.orals[o].status != Status::Due {
            continue;
        }
        let mut say = |message: String| found.push(Violation::new(&RULE, instance.oral_name(o), message));
        let Some(sat) = plan.of_oral(o).next() else {
            say(tr!("is pinned but not scheduled", "est fixé mais non placé"));
            continue;
        };
        for pin in pins {
            if let Some(date) = pin.date.filter(|&d| d != sat.session.date) {
                say(tr!("is pinned to {date}", "est fixé au {date}"));
            }
            if let Some(start) = pin.start.filter(|&s| s != sat.sitting.time.from).map(Clock) {
                say(tr!("is pinned to {start}", "est fixé à {start}"));
            }
            if let Some(centre) = pin.centre.filter(|&c| Some(c) != sat.session.centre) {
                let centre = &instance.centres[centre].id;
                say(tr!("is pinned to the centre {centre}", "est fixé au centre {centre}"));
            }
            if let Some(room) = pin.room.as_ref().filter(|&r| *r != sat.session.raw.room) {
                say(tr!("is pinned to the room {room}", "est fixé en salle {room}"));
            }
            if let Some(x) = pin.examiner.filter(|&x| !sat.session.members.iter().any(|m| m.examiner == Some(x))) {
                let examiner = &instance.examiners[x].id;
                say(tr!("is pinned to the examiner {examiner}", "est fixé avec {examiner}"));
            }
        }
    }
}
