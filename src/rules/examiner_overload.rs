//! Cost term `examiner_overload`.

use super::words::n_days;
use super::{Term, ToldOf, Unit};
use crate::instance::Instance;
use crate::parts::ExaminerDates;
use crate::program::Program;
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "examiner_overload",
    summary: || {
        tr!("for each examiner, dates beyond fair_days", "pour chaque interrogateur, jours au-delà du nombre équitable")
    },
    source: super::policy,
    weight: |w| w.examiner_overload,
    unit: Unit::Piece,
    said: Some(said),
    told_of: ToldOf::Examiners,
    post,
};

pub(super) fn units(part: &ExaminerDates, instance: &Instance) -> i64 {
    (part.days - i64::from(instance.policy.fair_days)).max(0)
}

fn said(plan: &Plan, units: usize) -> String {
    let (days, fair) = (n_days(units), plan.instance.policy.fair_days);
    tr!("{days} beyond {fair} a person", "{days} au-delà de {fair} par personne")
}

fn post(program: &mut Program) {
    let instance = program.instance;
    for (x, who) in instance.examiners.enumerate() {
        let days = program.duties(x);
        if days.len() > instance.policy.fair_days as usize {
            let most = days.len() as f64;
            let beyond =
                program.var(format!("beyond({})", who.id), f64::from(instance.weights.examiner_overload), most);
            let row = days.into_values().flatten().chain([(beyond, -1.0)]).collect();
            program.at_most(row, f64::from(instance.policy.fair_days));
        }
    }
}
