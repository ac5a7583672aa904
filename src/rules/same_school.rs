//! Cost term `same_school`.

use super::{Charge, Term};
use std::collections::{BTreeMap, BTreeSet};

use crate::instance::{CommissionIx, ExaminerIx, Policy, SchoolIx};
use crate::linear::Var;
use crate::program::{Program, Spot, Sum, joined, times};
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "same_school",
    summary: || tr!("sittings of one school before the same people in one half-day, beyond same_school_max", "passages d'un même établissement devant les mêmes personnes dans une demi-journée, au-delà de same_school_max"),
    source: super::policy,
    weight: |w| w.same_school,
    charges,
    post,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    let exams = &plan.instance.regulation.exams;
    let mut heard: BTreeMap<_, BTreeMap<SchoolIx, i64>> = BTreeMap::new();
    for session in &plan.sessions {
        let mut members: Vec<&str> = session.members.iter().map(|m| m.id).collect();
        members.sort_unstable();
        let schools = heard.entry((session.raw.commission.as_str(), members, session.date, session.half)).or_default();
        for sitting in &session.sittings {
            let follows = sitting.exam.is_some_and(|e| exams[e].follows.is_some());
            if let (false, Some(school)) = (follows, sitting.candidate.and_then(|c| plan.instance.candidates[c].school)) {
                *schools.entry(school).or_default() += 1;
            }
        }
    }
    for ((commission, members, date, _), schools) in heard {
        for (school, count) in schools {
            let school = &plan.instance.schools[school].id;
            let at = || format!("{commission} {} {date} {school}", members.join("+"));
            Charge::push(charges, beyond(&plan.instance.policy, count), at);
        }
    }
}

/// Sittings beyond the number that is fair.
pub(crate) fn beyond(policy: &Policy, count: i64) -> i64 {
    (count - i64::from(policy.same_school_max)).max(0)
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
            let beyond = program.choice(format!("school({})", program.name(b)), f64::from(instance.weights.same_school));
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
