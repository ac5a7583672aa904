//! Cost term `examiner_target`.

use super::words::n_sittings;
use super::{Term, ToldOf, Unit};
use crate::instance::Instance;
use crate::parts::ExaminerDates;
use crate::program::{Program, times};
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "examiner_target",
    summary: || {
        tr!(
            "for each examiner with a target, sittings heard above or below it",
            "pour chaque interrogateur qui a un objectif, passages entendus en plus ou en moins"
        )
    },
    source: super::policy,
    weight: |w| w.examiner_target,
    unit: Unit::Piece,
    said: Some(said),
    told_of: ToldOf::Examiners,
    post,
};

pub(super) fn units(part: &ExaminerDates, instance: &Instance) -> i64 {
    instance.examiners[part.examiner].target_sittings.map_or(0, |target| (part.sittings - i64::from(target)).abs())
}

fn said(_plan: &Plan, units: usize) -> String {
    let sittings = n_sittings(units);
    tr!("{sittings} above or below the targets", "{sittings} en plus ou en moins des objectifs")
}

fn post(program: &mut Program) {
    let instance = program.instance;
    for (x, who) in instance.examiners.enumerate() {
        let Some(target) = who.target_sittings else { continue };
        let heard: Vec<_> = (0..program.tasks.len()).flat_map(|t| program.hears(t, x, |_| true)).collect();
        let most = f64::from(target).max(heard.len() as f64);
        let off = program.var(format!("off({})", who.id), f64::from(instance.weights.examiner_target), most);
        for sign in [1.0, -1.0] {
            let mut row = times(heard.clone(), sign);
            row.push((off, -1.0));
            program.at_most(row, sign * f64::from(target));
        }
    }
}
