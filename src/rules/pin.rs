//! Hard rule `pin`.

use super::{Rule, Violation};
use crate::hours::{Ask, CandidateHours};
use crate::instance::{Clock, Interval, OralIx, Pin, Status};
use crate::program::{Draft, Program};
use crate::schedule::Plan;
use crate::starts::Shut;
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
    for broken in broken(plan) {
        let name = plan.instance.oral_name(broken.oral);
        found.push(Violation::new(&RULE, name, broken.message));
    }
}

/// A pin that a plan does not obey.
pub struct Broken {
    /// Whose oral.
    pub oral: OralIx,
    /// The field of the pin; all that it has, where the oral has no sitting.
    pub fields: Vec<&'static str>,
    /// What it asks for, in words.
    pub message: String,
}

/// Every pin that a plan does not obey, field by field.
pub fn broken(plan: &Plan) -> Vec<Broken> {
    let instance = plan.instance;
    let mut found = Vec::new();
    for (&oral, pins) in &instance.pins {
        if instance.orals[oral].status != Status::Due {
            continue;
        }
        if plan.of_oral(oral).next().is_none() {
            let fields = FIELDS.iter().filter(|(_, given)| pins.iter().any(given)).map(|f| f.0).collect();
            let message = tr!("is pinned but not scheduled", "est fixé mais non programmé");
            found.push(Broken { oral, fields, message });
            continue;
        }
        let mut say = |field: &'static str, message: String| found.push(Broken { oral, fields: vec![field], message });
        for (sat, pin) in plan.of_oral(oral).flat_map(|sat| pins.iter().map(move |pin| (sat, pin))) {
            if let Some(date) = pin.date.filter(|&d| d != sat.session.date) {
                say("date", tr!("is pinned to {date}", "est fixé au {date}"));
            }
            if let Some(start) = pin.start.filter(|&s| s != sat.sitting.time.from).map(Clock) {
                say("start", tr!("is pinned to {start}", "est fixé à {start}"));
            }
            if let Some(centre) = pin.centre.filter(|&c| Some(c) != sat.session.centre) {
                let centre = &instance.centres[centre].id;
                say("centre", tr!("is pinned to the centre {centre}", "est fixé au centre {centre}"));
            }
            if let Some(room) = pin.room.as_ref().filter(|&r| *r != sat.session.raw.room) {
                say("room", tr!("is pinned to the room {room}", "est fixé en salle {room}"));
            }
            if let Some(x) = pin.examiner.filter(|&x| !sat.session.members.iter().any(|m| m.examiner == Some(x))) {
                let examiner = &instance.examiners[x].id;
                say("examiner", tr!("is pinned to the examiner {examiner}", "est fixé avec {examiner}"));
            }
        }
    }
    found
}

/// Whether a pin has a field.
type Given = fn(&Pin) -> bool;

/// The fields of a pin, each with whether it is given.
const FIELDS: [(&str, Given); 5] = [
    ("date", |p| p.date.is_some()),
    ("start", |p| p.start.is_some()),
    ("centre", |p| p.centre.is_some()),
    ("room", |p| p.room.is_some()),
    ("examiner", |p| p.examiner.is_some()),
];

/// At the hour that is pinned.
pub(super) fn candidate(day: &CandidateHours, _: &Ask, starts: &mut impl Shut) {
    if let Some(start) = day.pinned {
        starts.all_but([Interval::new(start, start)]);
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
