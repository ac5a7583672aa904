//! Hard rule `preparation-seats`.

use super::{Rule, Violation};
use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::instance::{Clock, PrepIx};
use crate::schedule::Sat;
use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "preparation-seats",
    summary: || tr!("a preparation room of the centre, never with more candidates than seats; who prepares alone is alone", "une salle de préparation du centre, jamais plus de candidats que de places ; qui prépare seul est seul"),
    source: || tr!("circular, E4, E22, EF1 (preparation); accommodations: code de l'éducation D613-26", "circulaire, E4, E22, EF1 (préparation) ; aménagements : code de l'éducation D613-26"),
    violations,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    let instance = plan.instance;
    let mut rooms: BTreeMap<(PrepIx, NaiveDate), Vec<Sat>> = BTreeMap::new();
    for sat in plan.sittings() {
        let at = || format!("{}, {}", sat.session.raw.id, sat.sitting.name());
        match (sat.sitting.preparation.minutes() > 0, &sat.sitting.raw.preparation_room) {
            (true, None) => {
                let message = tr!("prepares, but no room is given", "prépare, mais aucune salle n'est donnée");
                found.push(Violation::new(&RULE, at(), message));
            }
            (false, Some(room)) => {
                let message = tr!("does not prepare, but the room {room} is given", "ne prépare pas, mais la salle {room} est donnée");
                found.push(Violation::new(&RULE, at(), message));
            }
            (true, Some(room)) => match sat.sitting.preparation_room {
                Some(p) => rooms.entry((p, sat.session.date)).or_default().push(sat),
                None => {
                    let message = tr!("the centre has no preparation room {room}", "le centre n'a pas de salle de préparation {room}");
                    found.push(Violation::new(&RULE, at(), message));
                }
            },
            (false, None) => {}
        }
    }
    for ((p, date), mut sats) in rooms {
        let room = &instance.preparation_rooms[p];
        let at = format!("{}/{} {date}", instance.centres[room.centre].id, room.id);
        sats.sort_by_key(|s| s.sitting.preparation);
        for sat in &sats {
            let start = sat.sitting.preparation.from;
            let inside = sats.iter().filter(|s| s.sitting.preparation.from <= start && start < s.sitting.preparation.to);
            let (count, seats) = (inside.count(), room.seats);
            if count > seats as usize {
                let time = Clock(start);
                let message = tr!("at {time} {count} candidates prepare, {seats} seats", "à {time}, {count} candidats préparent pour {seats} places");
                found.push(Violation::new(&RULE, &at, message));
            }
            let alone = sat.sitting.candidate.is_some_and(|c| instance.candidates[c].prepares_alone);
            for other in sats.iter().filter(|o| alone && !std::ptr::eq(o.sitting, sat.sitting)) {
                if other.sitting.preparation.meets(sat.sitting.preparation) {
                    let (a, b) = (sat.sitting.name(), other.sitting.name());
                    let message = tr!("{a} must prepare alone, {b} is there too", "{a} doit préparer seul, {b} est là aussi");
                    found.push(Violation::new(&RULE, &at, message));
                }
            }
        }
    }
}
