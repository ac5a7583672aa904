//! Cost term `examiner_called`.

use super::{Term, ToldOf, Unit};
use crate::instance::Instance;
use crate::parts::RepublishedConvocation;
use crate::program::Program;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "examiner_called",
    summary: || {
        tr!(
            "triples (examiner, date, centre) new against the published schedule",
            "convocations (interrogateur, date, centre) nouvelles par rapport au planning publié"
        )
    },
    source: super::policy,
    weight: |w| w.examiner_called,
    unit: Unit::Piece,
    said: None,
    told_of: ToldOf::Nobody,
    post,
};

pub(super) fn units(part: &RepublishedConvocation, _instance: &Instance) -> i64 {
    i64::from(part.is && !part.was)
}

fn post(program: &mut Program) {
    let Some(baseline) = program.baseline else { return };
    let (instance, was) = (program.instance, baseline.convened());
    for (&(x, centre, date), &var) in &program.convened.clone() {
        let id = instance.examiners[x].id.as_str();
        if !was.contains(&(id, instance.dates[date], instance.centres[centre].id.as_str())) {
            program.charge(var, instance.weights.examiner_called);
        }
    }
}
