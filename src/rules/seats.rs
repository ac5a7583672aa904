//! Hard rule `seats`.

use super::{Rule, Violation};
use crate::program::{Draft, Program, Spot, times};
use crate::schedule::Plan;
use crate::tr;
use std::collections::BTreeSet;

/// The rule.
pub static RULE: Rule = Rule {
    name: "seats",
    summary: || {
        tr!(
            "required seats are filled, each by somebody with the qualifications; nobody holds two",
            "les sièges obligatoires sont pourvus, chacun par quelqu'un de compétent ; personne n'en tient deux"
        )
    },
    source: || tr!("circular, 2 (composition of each commission)", "circulaire, 2 (composition de chaque commission)"),
    violations,
    narrow,
    post,
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
                let message = tr!(
                    "the seat {seat} is held by {id}, whom nobody knows",
                    "le siège {seat} est tenu par {id}, inconnu"
                );
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
                    let message = tr!(
                        "{id} ({has}) may not hold the seat {seat} ({needs})",
                        "{id} ({has}) ne peut pas tenir le siège {seat} ({needs})"
                    );
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

fn narrow(draft: &mut Draft) {
    draft.keep_chairs(|instance, o, seat, chair| {
        let seat = &instance.commission_of(o).seats[seat];
        let language = instance.orals[o].language.as_deref();
        seat.accepts(&instance.examiners[chair.examiner].qualifications, language).then_some(chair.within)
    });
}

fn post(program: &mut Program) {
    for t in 0..program.tasks.len() {
        let task = program.tasks[t].clone();
        let spots: BTreeSet<Spot> = task.places.iter().map(|p| p.spot).collect();
        for spot in spots {
            // In each seat one holder, or nobody where it may be; that nobody holds two seats is said where whoever
            // hears is convened.
            for (seat, chairs) in task.chairs.iter().enumerate() {
                let held = chairs.iter().filter(|(c, _)| c.spot == spot).map(|&(_, v)| (v, 1.0));
                let empty = task.empty.get(&(seat, spot)).map(|&v| (v, 1.0));
                let here = times(program.placed(t, |p| p.spot == spot), -1.0);
                program.exactly(held.chain(empty).chain(here).collect(), 0.0);
            }
        }
    }
}
