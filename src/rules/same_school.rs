//! Cost term `same_school`.

use std::collections::{BTreeMap, BTreeSet};

use super::{Term, ToldOf, Unit};
use crate::instance::{CommissionIx, ExaminerIx, Instance, SchoolIx};
use crate::lang::count;
use crate::linear::Var;
use crate::parts::SchoolBeforeTeam;
use crate::program::{Program, Spot, Sum, joined, times};
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "same_school",
    summary: || {
        tr!(
            "sittings of one school before the same people in one half-day, beyond same_school_max",
            "passages d'un même établissement devant les mêmes personnes dans une demi-journée, au-delà du maximum"
        )
    },
    source: super::policy,
    weight: |w| w.same_school,
    unit: Unit::Piece,
    said: Some(said),
    told_of: ToldOf::Nobody,
    post,
};

pub(super) fn units(part: &SchoolBeforeTeam, instance: &Instance) -> i64 {
    (part.sittings - i64::from(instance.policy.same_school_max)).max(0)
}

fn said(_plan: &Plan, units: usize) -> String {
    count(
        units,
        &tr!(
            "sitting of one school too many before the same people",
            "passage de trop d'un même établissement devant les mêmes personnes"
        ),
        &tr!(
            "sittings of one school too many before the same people",
            "passages de trop d'un même établissement devant les mêmes personnes"
        ),
    )
}

fn post(program: &mut Program) {
    let instance = program.instance;
    let exams = &instance.regulation.exams;
    let most = instance.policy.same_school_max as usize;
    let mut groups: BTreeMap<(CommissionIx, SchoolIx), Vec<usize>> = BTreeMap::new();
    for (t, task) in program.tasks.iter().enumerate() {
        if let (None, Some(school)) = (exams[task.exam].follows, instance.candidates[task.candidate].school) {
            groups.entry((task.commission, school)).or_default().push(t);
        }
    }
    for group in groups.into_values().filter(|g| g.len() > most) {
        let mut same: BTreeMap<(usize, usize), Var> = BTreeMap::new();
        for (i, &b) in group.iter().enumerate() {
            for &a in &group[..i] {
                let name = format!("team({}.{})", program.name(a), program.name(b));
                let var = program.var(name, 0.0, 1.0);
                same.insert((a, b), var);
                same_team(program, a, b, var);
            }
        }
        // One is beyond the number if so many before it, in the order of the list, had the same people.
        for (i, &b) in group.iter().enumerate().skip(most) {
            let beyond =
                program.choice(format!("school({})", program.name(b)), f64::from(instance.weights.same_school));
            let row: Sum = match most {
                0 => program.heard(b),
                _ => group[..i].iter().map(|&a| (same[&(a, b)], 1.0)).collect(),
            };
            let all = if most == 0 { 1.0 } else { (i + 1 - most) as f64 };
            program.at_most(joined(row, vec![(beyond, -all)]), most.saturating_sub(1) as f64);
        }
    }
}

/// `same` is 1 where the same people hear the two in the same half-day.
fn same_team(program: &mut Program, a: usize, b: usize, same: Var) {
    let spots = |t: usize| program.tasks[t].places.iter().map(|p| p.spot).collect::<BTreeSet<Spot>>();
    for spot in spots(a).intersection(&spots(b)).copied().collect::<Vec<_>>() {
        let chairs = [a, b].into_iter().flat_map(|t| program.tasks[t].chairs.iter().flatten());
        let people: BTreeSet<ExaminerIx> = chairs.filter(|(c, _)| c.spot == spot).map(|(c, _)| c.examiner).collect();
        let mut row = vec![(same, -1.0)];
        for t in [a, b] {
            row.extend(program.placed(t, |p| p.spot == spot));
        }
        for x in people {
            // 1 only where one of the two is heard by them and the other is not.
            let apart = program.var(format!("apart({}.{}.{x:?})", program.name(a), program.name(b)), 0.0, 1.0);
            let both = joined(program.hears(a, x, |s| s == spot), program.hears(b, x, |s| s == spot));
            program.at_most(joined(times(both.clone(), -1.0), vec![(apart, 1.0)]), 0.0);
            program.at_most(joined(both, vec![(apart, 1.0)]), 2.0);
            row.push((apart, -1.0));
        }
        program.at_most(row, 1.0);
    }
}
