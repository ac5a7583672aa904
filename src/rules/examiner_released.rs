//! Cost term `examiner_released`.

use super::{Term, ToldOf, Unit};
use crate::instance::Instance;
use crate::parts::RepublishedConvocation;
use crate::program::{Program, joined, times};
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "examiner_released",
    summary: || {
        tr!(
            "triples (examiner, date, centre) of the published schedule that are gone",
            "convocations (interrogateur, date, centre) du planning publié qui disparaissent"
        )
    },
    source: super::policy,
    weight: |w| w.examiner_released,
    unit: Unit::Piece,
    said: None,
    told_of: ToldOf::Nobody,
    post,
};

pub(super) fn units(part: &RepublishedConvocation, _instance: &Instance) -> i64 {
    i64::from(part.was && !part.is)
}

fn post(program: &mut Program) {
    let Some(baseline) = program.baseline else { return };
    let (instance, weight) = (program.instance, f64::from(program.instance.weights.examiner_released));
    for (id, date, centre) in baseline.convened() {
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
