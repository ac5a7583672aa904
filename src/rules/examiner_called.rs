//! Cost term `examiner_called`.

use super::{Charge, Term};
use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::program::Program;
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "examiner_called",
    summary: || tr!("triples (examiner, date, centre) new against the published schedule", "convocations (interrogateur, date, centre) nouvelles par rapport au planning publié"),
    source: super::policy,
    weight: |w| w.examiner_called,
    charges,
    post,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    let Some(baseline) = plan.baseline else { return };
    for (id, date, centre) in convened(plan).difference(&convened(baseline)) {
        Charge::push(charges, 1, || format!("{id} {date} {centre}"));
    }
}

/// Who is convened when and where, by id, so that two instances can be compared.
pub(crate) fn convened<'p>(plan: &'p Plan) -> BTreeSet<(&'p str, NaiveDate, &'p str)> {
    plan.sessions
        .iter()
        .flat_map(|s| s.members.iter().map(|m| (m.id, s.date, s.raw.centre.as_str())))
        .collect()
}

fn post(program: &mut Program) {
    let Some(baseline) = program.baseline else { return };
    let (instance, was) = (program.instance, convened(baseline));
    for (&(x, centre, date), &var) in &program.convened.clone() {
        let id = instance.examiners[x].id.as_str();
        if !was.contains(&(id, instance.dates[date], instance.centres[centre].id.as_str())) {
            program.charge(var, instance.weights.examiner_called);
        }
    }
}
