//! Hard rule `seats`.

use super::{Rule, Violation};
use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "seats",
    summary: || tr!("required seats are filled, each by somebody with the qualifications; nobody holds two", "les sièges obligatoires sont pourvus, chacun par quelqu'un de compétent ; personne n'en tient deux"),
    source: || tr!("circular, 2 (composition of each commission)", "circulaire, 2 (composition de chaque commission)"),
    violations,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    let instance = plan.instance;
    for session in &plan.sessions {
        let at = &session.raw.id;
        let Some(k) = session.commission else { continue };
        let seats = &instance.regulation.commissions[k].seats;
        for (i, seat) in seats.iter().enumerate() {
            if seat.required && !session.members.iter().any(|m| m.seat_ix == Some(i)) {
                let (name, needs) = (&seat.id, seat.needs());
                let message = tr!("the seat {name} ({needs}) is empty", "le siège {name} ({needs}) est vide");
                found.push(Violation::new(&RULE, at, message));
            }
        }
        for (i, member) in session.members.iter().enumerate() {
            let (seat, id) = (member.seat, member.id);
            let Some(x) = member.examiner else {
                let message = tr!("the seat {seat} is held by {id}, whom nobody knows", "le siège {seat} est tenu par {id}, inconnu");
                found.push(Violation::new(&RULE, at, message));
                continue;
            };
            match member.seat_ix.map(|i| &seats[i]) {
                None => {
                    let message = tr!("the commission has no seat {seat}", "la commission n'a pas de siège {seat}");
                    found.push(Violation::new(&RULE, at, message));
                }
                Some(s) if !s.accepts(&instance.examiners[x].qualifications, session.raw.language.as_deref()) => {
                    let needs = s.needs();
                    let has = instance.examiners[x].qualifications.iter().cloned().collect::<Vec<_>>().join(" + ");
                    let message = tr!("{id} ({has}) may not hold the seat {seat} ({needs})", "{id} ({has}) ne peut pas tenir le siège {seat} ({needs})");
                    found.push(Violation::new(&RULE, at, message));
                }
                Some(_) => {}
            }
            if session.members[..i].iter().any(|m| m.id == id) {
                let message = tr!("{id} holds two seats", "{id} tient deux sièges");
                found.push(Violation::new(&RULE, at, message));
            }
        }
    }
}
