//! Cost term `unscheduled`.

use super::{Charge, Term};
use crate::program::Program;
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "unscheduled",
    summary: || tr!("due orals without a sitting", "oraux dus sans passage"),
    source: || tr!("circular, 2: every due oral is heard", "circulaire, 2 : tout oral dû est entendu"),
    weight: |w| w.unscheduled,
    charges,
    post,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    for o in plan.instance.due() {
        let missing = plan.of_oral(o).next().is_none();
        Charge::push(charges, i64::from(missing), || plan.instance.oral_name(o));
    }
}

fn post(program: &mut Program) {
    for t in 0..program.tasks.len() {
        program.charge(program.tasks[t].out, program.instance.weights.unscheduled);
    }
}
