//! Cost term `examiner_km`.

use super::{Charge, Term};
use crate::program::Program;
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "examiner_km",
    summary: || tr!("kilometres of examiners, one way, summed over their convened dates", "kilomètres des interrogateurs (aller), cumulés sur leurs journées"),
    source: super::policy,
    weight: |w| w.examiner_km,
    charges,
    post,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    for (x, date, sessions) in plan.examiner_days() {
        let examiner = &plan.instance.examiners[x];
        if let Some(centre) = sessions.iter().find_map(|s| s.centre) {
            Charge::push(charges, examiner.km[centre], || format!("{} {date}", examiner.id));
        }
    }
}

fn post(program: &mut Program) {
    let instance = program.instance;
    for (&(x, centre, _), &convened) in &program.convened.clone() {
        let km = instance.examiners[x].km[centre] as f64;
        program.charge(convened, km * f64::from(instance.weights.examiner_km));
    }
}
