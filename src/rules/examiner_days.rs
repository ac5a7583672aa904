//! Cost term `examiner_days`.

use super::words::n_days;
use super::{Term, ToldOf, Unit};
use crate::instance::{ExaminerIx, Instance};
use crate::lang::{count, decimal};
use crate::parts::ExaminerDay;
use crate::program::Program;
use crate::schedule::{Plan, PlanSession};
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "examiner_days",
    summary: || tr!("pairs (examiner, date) convened", "journées de convocation (interrogateur, date)"),
    source: super::policy,
    weight: |w| w.examiner_days,
    unit: Unit::Piece,
    said: Some(said),
    told_of: ToldOf::Examiners,
    post,
};

pub(super) fn units(_part: &ExaminerDay, _instance: &Instance) -> i64 {
    1
}

fn said(plan: &Plan, units: usize) -> String {
    let mut people: Vec<ExaminerIx> = plan.examiner_days().map(|(x, _, _)| x).collect();
    people.dedup();
    let people = count(
        people.len(),
        &tr!("examiner is convened", "interrogateur est convoqué"),
        &tr!("examiners are convened", "interrogateurs sont convoqués"),
    );
    let minutes = |s: &PlanSession| s.sittings.iter().map(|p| i64::from(p.time.minutes())).sum::<i64>();
    let heard: i64 = plan.sessions.iter().map(|s| s.members.len() as i64 * minutes(s)).sum();
    let each = decimal(heard as f64 / 60.0 / units.max(1) as f64, 1);
    let days = n_days(units);
    tr!(
        "{people} for {days} in all, with {each} hours heard on each",
        "{people} pour {days} en tout, avec {each} heures entendues chacune"
    )
}

fn post(program: &mut Program) {
    for convened in program.convened.values().copied().collect::<Vec<_>>() {
        program.charge(convened, program.instance.weights.examiner_days);
    }
}
