//! Cost term `examiner_days`.

use super::{Charge, Term};
use crate::program::Program;
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "examiner_days",
    summary: || tr!("pairs (examiner, date) convened", "journées de convocation (interrogateur, date)"),
    source: super::policy,
    weight: |w| w.examiner_days,
    charges,
    post,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    for (x, date, _) in plan.examiner_days() {
        Charge::push(charges, 1, || format!("{} {date}", plan.instance.examiners[x].id));
    }
}

fn post(program: &mut Program) {
    for convened in program.convened.values().copied().collect::<Vec<_>>() {
        program.charge(convened, program.instance.weights.examiner_days);
    }
}
