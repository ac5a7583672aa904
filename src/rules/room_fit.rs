//! Hard rule `room-fit`.

use super::{Rule, Violation};
use chrono::NaiveDate;

use crate::instance::{Interval, Span};
use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "room-fit",
    summary: || tr!("rooms have the equipment, are accessible where needed, and free", "les salles ont l'équipement, sont accessibles au besoin, et libres"),
    source: || tr!("circular, E22 (simulated telephone call); accommodations: code de l'éducation D613-26", "circulaire, E22 (simulation d'entretien téléphonique) ; aménagements : code de l'éducation D613-26"),
    violations,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    let instance = plan.instance;
    for session in plan.sessions.iter().filter(|s| s.room.is_none()) {
        let (room, centre) = (&session.raw.room, &session.raw.centre);
        let message = tr!("the centre {centre} has no exam room {room}", "le centre {centre} n'a pas de salle d'interrogation {room}");
        found.push(Violation::new(&RULE, &session.raw.id, message));
    }
    for sat in plan.sittings() {
        let mut say = |message: String| {
            found.push(Violation::new(&RULE, format!("{}, {}", sat.session.raw.id, sat.sitting.name()), message))
        };
        let needs_accessible = sat.sitting.candidate.is_some_and(|c| instance.candidates[c].needs_accessible);
        if let Some(room) = sat.session.room.map(|r| &instance.rooms[r]) {
            let id = &room.id;
            for needed in sat.sitting.exam.iter().flat_map(|&e| &instance.regulation.exams[e].equipment) {
                if !room.equipment.contains(needed) {
                    say(tr!("the room {id} lacks: {needed}", "il manque à la salle {id} : {needed}"));
                }
            }
            if needs_accessible && !room.accessible {
                say(tr!("the room {id} is not accessible", "la salle {id} n'est pas accessible"));
            }
            if taken(&room.unavailable, sat.session.date, sat.sitting.time) {
                say(tr!("the room {id} is not available", "la salle {id} n'est pas disponible"));
            }
        }
        if let Some(room) = sat.sitting.preparation_room.map(|r| &instance.preparation_rooms[r]) {
            let id = &room.id;
            if needs_accessible && !room.accessible {
                say(tr!("the preparation room {id} is not accessible", "la salle de préparation {id} n'est pas accessible"));
            }
            if taken(&room.unavailable, sat.session.date, sat.sitting.preparation) {
                say(tr!("the preparation room {id} is not available", "la salle de préparation {id} n'est pas disponible"));
            }
        }
    }
}

fn taken(unavailable: &[Span], date: NaiveDate, time: Interval) -> bool {
    unavailable.iter().any(|u| u.date == date && u.time.meets(time))
}
