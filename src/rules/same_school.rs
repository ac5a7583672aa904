//! Cost term `same_school`.

use super::{Charge, Term};
use std::collections::BTreeMap;

use crate::instance::{Policy, SchoolIx};
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "same_school",
    summary: || tr!("sittings of one school before the same people in one half-day, beyond same_school_max", "passages d'un même établissement devant les mêmes personnes dans une demi-journée, au-delà de same_school_max"),
    source: super::policy,
    weight: |w| w.same_school,
    charges,
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
