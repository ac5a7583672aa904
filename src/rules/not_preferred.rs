//! Cost term `not_preferred`.

use super::{Charge, Term};
use crate::program::Program;
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "not_preferred",
    summary: || tr!("for each sitting, filled seats whose holder lacks a preferred qualification", "pour chaque passage, sièges tenus par quelqu'un sans une compétence préférée"),
    source: || tr!("circular, E22: \"de préférence en STS CCST\"", "circulaire, E22 : « de préférence en STS CCST »"),
    weight: |w| w.not_preferred,
    charges,
    post,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    for session in &plan.sessions {
        let Some(k) = session.commission else { continue };
        let seats = &plan.instance.regulation.commissions[k].seats;
        let lacking = session.members.iter().filter(|m| {
            m.seat_ix.zip(m.examiner).is_some_and(|(i, x)| {
                !seats[i].preferred(&plan.instance.examiners[x].qualifications, session.raw.language.as_deref())
            })
        });
        let units = lacking.count() * session.sittings.len();
        Charge::push(charges, units as i64, || session.raw.id.clone());
    }
}

fn post(program: &mut Program) {
    let instance = program.instance;
    let weight = instance.weights.not_preferred;
    for task in program.tasks.clone() {
        let seats = &instance.regulation.commissions[task.commission].seats;
        for (seat, chairs) in seats.iter().zip(&task.chairs) {
            for (chair, held) in chairs {
                let has = &instance.examiners[chair.examiner].qualifications;
                if !seat.preferred(has, task.language.as_deref()) {
                    program.charge(*held, weight);
                }
            }
        }
    }
}
