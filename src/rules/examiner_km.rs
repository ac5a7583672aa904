//! Cost term `examiner_km`.

use super::{Term, ToldOf, Unit};
use crate::instance::Instance;
use crate::lang::thousands;
use crate::parts::ExaminerDay;
use crate::program::Program;
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "examiner_km",
    summary: || {
        tr!(
            "kilometres of examiners, one way, summed over their convened dates",
            "kilomètres des interrogateurs (aller), cumulés sur leurs journées"
        )
    },
    source: super::policy,
    weight: |w| w.examiner_km,
    unit: Unit::Piece,
    said: Some(said),
    told_of: ToldOf::Examiners,
    post,
};

pub(super) fn units(part: &ExaminerDay, instance: &Instance) -> i64 {
    part.centre.map_or(0, |z| instance.examiners[part.examiner].km[z])
}

fn said(_plan: &Plan, units: usize) -> String {
    let n = thousands(units as i64);
    tr!("examiners travel {n} km (one way)", "les interrogateurs font {n} km (aller)")
}

fn post(program: &mut Program) {
    let instance = program.instance;
    for (&(x, centre, _), &convened) in &program.convened.clone() {
        let km = instance.examiners[x].km[centre] as f64;
        program.charge(convened, km * f64::from(instance.weights.examiner_km));
    }
}
