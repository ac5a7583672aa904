//! Hard rule `pin`.

use super::{Rule, Violation};
use crate::instance::{Clock, Status};
use crate::program::{Draft, Program};
use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "pin",
    summary: || tr!("decisions already taken are obeyed", "les décisions déjà prises sont respectées"),
    source: super::policy,
    violations,
    narrow,
    post,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    let instance = plan.instance;
    for (&o, pins) in &instance.pins {
        if instance.orals[o].status != Status::Due {
            continue;
        }
        let mut say = |message: String| found.push(Violation::new(&RULE, instance.oral_name(o), message));
        if plan.of_oral(o).next().is_none() {
            say(tr!("is pinned but not scheduled", "est fixé mais non placé"));
        }
        for (sat, pin) in plan.of_oral(o).flat_map(|sat| pins.iter().map(move |pin| (sat, pin))) {
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

fn narrow(draft: &mut Draft) {
    draft.keep_hours(|instance, o, hour| {
        let mut pins = instance.pins.get(&o).into_iter().flatten();
        pins.all(|pin| {
            pin.date.is_none_or(|d| d == instance.dates[hour.spot.date])
                && pin.start.is_none_or(|s| s == hour.start)
                && pin.centre.is_none_or(|k| k == hour.spot.centre)
                && pin.room.as_ref().is_none_or(|id| *id == instance.rooms[hour.room].id)
        })
    });
}

fn post(program: &mut Program) {
    for t in 0..program.tasks.len() {
        let Some(pins) = program.instance.pins.get(&program.tasks[t].oral) else { continue };
        program.at_most(vec![(program.tasks[t].out, 1.0)], 0.0);
        for x in pins.iter().filter_map(|p| p.examiner) {
            program.at_least(program.hears(t, x, |_| true), 1.0);
        }
    }
}
