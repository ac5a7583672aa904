//! Cost term `examiner_released`.

use super::{Charge, Term};
use super::examiner_called::convened;
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "examiner_released",
    summary: || tr!("triples (examiner, date, centre) of the published schedule that are gone", "convocations (interrogateur, date, centre) du planning publié qui disparaissent"),
    source: super::policy,
    weight: |w| w.examiner_released,
    charges,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    let Some(baseline) = plan.baseline else { return };
    for (id, date, centre) in convened(baseline).difference(&convened(plan)) {
        Charge::push(charges, 1, || format!("{id} {date} {centre}"));
    }
}
