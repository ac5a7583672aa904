//! Hard rule `room-fit`.

use super::{Rule, Violation};
use crate::hours::{Ask, PreparationHours, RoomHours};
use crate::starts::Shut;
use chrono::NaiveDate;

use crate::instance::{Interval, Span};
use crate::program::{Draft, Program, joined};
use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "room-fit",
    summary: || {
        tr!(
            "rooms have the equipment, are accessible where needed, and free",
            "les salles ont l'équipement, sont accessibles au besoin, et libres"
        )
    },
    source: || {
        tr!(
            "circular, E22 (simulated telephone call); accommodations: code de l'éducation D613-26",
            "circulaire, E22 (simulation d'entretien téléphonique) ; aménagements : code de l'éducation D613-26"
        )
    },
    violations,
    narrow,
    post,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    let instance = plan.instance;
    for session in plan.sessions.iter().filter(|s| s.room.is_none()) {
        let (room, centre) = (&session.raw.room, &session.raw.centre);
        let message = tr!(
            "the centre {centre} has no exam room {room}",
            "le centre {centre} n'a pas de salle d'interrogation {room}"
        );
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
                say(tr!(
                    "the preparation room {id} is not accessible",
                    "la salle de préparation {id} n'est pas accessible"
                ));
            }
            if taken(&room.unavailable, sat.session.date, sat.sitting.preparation) {
                say(tr!(
                    "the preparation room {id} is not available",
                    "la salle de préparation {id} n'est pas disponible"
                ));
            }
        }
    }
}

/// While the room can be used.
pub(super) fn room(day: &RoomHours, ask: &Ask, starts: &mut impl Shut) {
    for away in day.unavailable {
        starts.between(away.from - ask.length, away.to);
    }
}

/// While the preparation room can be used.
pub(super) fn preparation(day: &PreparationHours, _: &Ask, starts: &mut impl Shut) {
    for away in day.unavailable {
        starts.between(away.from - day.preparation.to, away.to - day.preparation.from);
    }
}

fn taken(unavailable: &[Span], date: NaiveDate, time: Interval) -> bool {
    unavailable.iter().any(|u| u.date == date && u.time.meets(time))
}

fn narrow(draft: &mut Draft) {
    draft.keep_hours(|instance, o, hour| {
        let (room, date) = (&instance.rooms[hour.room], instance.dates[hour.spot.date]);
        let candidate = &instance.candidates[instance.orals[o].candidate];
        instance.exam_of(o).equipment.iter().all(|needed| room.equipment.contains(needed))
            && (room.accessible || !candidate.needs_accessible)
            && !taken(&room.unavailable, date, hour.sitting(instance, o))
    });
}

/// Of the preparation rooms: one that suits the candidate, not while it is unavailable.
fn post(program: &mut Program) {
    let instance = program.instance;
    for (&(t, p, date), &prepares) in &program.prepares.clone() {
        let (task, room) = (&program.tasks[t], &instance.preparation_rooms[p]);
        let (length, latest) = (f64::from(task.preparation), program.latest(t));
        if instance.candidates[task.candidate].needs_accessible && !room.accessible {
            program.at_most(vec![(prepares, 1.0)], 0.0);
        }
        for (n, away) in room.unavailable.iter().filter(|u| u.date == instance.dates[date]).enumerate() {
            let (from, to) = (f64::from(away.time.from), f64::from(away.time.to));
            let late = program.choice(format!("late({}.{p:?}.{date:?}.{n})", program.name(t)), 0.0);
            // Prepared before it, or from its end on.
            let row = joined(program.start(t), vec![(prepares, latest), (late, -latest)]);
            program.at_most(row, from + latest);
            let row = joined(program.start(t), vec![(prepares, -to - length), (late, -to - length)]);
            program.at_least(row, -to - length);
        }
    }
}
