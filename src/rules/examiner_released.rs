//! Cost term `examiner_released`.

use super::{Charge, Term};
use super::examiner_called::convened;
use crate::program::{Program, joined, times};
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "examiner_released",
    summary: || tr!("triples (examiner, date, centre) of the published schedule that are gone", "convocations (interrogateur, date, centre) du planning publié qui disparaissent"),
    source: super::policy,
    weight: |w| w.examiner_released,
    charges,
    post,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    let Some(baseline) = plan.baseline else { return };
    for (id, date, centre) in convened(baseline).difference(&convened(plan)) {
        Charge::push(charges, 1, || format!("{id} {date} {centre}"));
    }
}

fn post(program: &mut Program) {
    let Some(baseline) = program.baseline else { return };
    let (instance, weight) = (program.instance, f64::from(program.instance.weights.examiner_released));
    for (id, date, centre) in convened(baseline) {
        let cell = instance.examiner(id).zip(instance.centre(centre)).zip(instance.date(date));
        let still = cell.and_then(|((x, k), d)| program.convened.get(&(x, k, d)).copied());
        if let (Some(((x, k), d)), Some(still)) = (cell, still) {
            // Who hears nobody is not there, even if it were cheaper to let them come.
            let hears = (0..program.tasks.len()).flat_map(|t| program.hears(t, x, |s| (s.centre, s.date) == (k, d)));
            let row = joined(times(hears.collect(), -1.0), vec![(still, 1.0)]);
            program.at_most(row, 0.0);
        }
        let released = program.choice(format!("released({id}.{centre}.{date})"), weight);
        program.at_least(still.into_iter().chain([released]).map(|v| (v, 1.0)).collect(), 1.0);
    }
}
