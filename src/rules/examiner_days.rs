//! Cost term `examiner_days`.

use super::{Charge, Term};
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "examiner_days",
    summary: || tr!("pairs (examiner, date) convened", "journées de convocation (interrogateur, date)"),
    source: super::policy,
    weight: |w| w.examiner_days,
    charges,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    for (x, date, _) in plan.examiner_days() {
        Charge::push(charges, 1, || format!("{} {date}", plan.instance.examiners[x].id));
    }
}
