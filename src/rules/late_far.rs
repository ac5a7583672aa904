//! Cost term `late_far`: not in the contract, off until the policy names an hour.

use super::words::n_times;
use super::{Term, ToldOf, Unit};
use crate::instance::{Instance, Kilometres, Minutes, Policy};
use crate::linear::Var;
use crate::parts::CandidateDay;
use crate::program::{Place, Program, joined, times};
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "late_far",
    summary: || {
        tr!(
            "pairs (candidate, date) that end late at a far centre",
            "journées (candidat, date) qui finissent tard dans un centre éloigné"
        )
    },
    source: super::policy,
    weight: |w| w.late_far,
    unit: Unit::Piece,
    said: Some(said),
    told_of: ToldOf::Schools,
    post,
};

pub(super) fn units(part: &CandidateDay, instance: &Instance) -> i64 {
    let km = part.centre.map_or(0, |z| instance.candidates[part.candidate].km[z]);
    i64::from(late(&instance.policy, part.span.to, km))
}

/// Whether a day that ends at `last`, `km` away, ends too late.
fn late(policy: &Policy, last: Minutes, km: Kilometres) -> bool {
    policy.far_latest.is_some_and(|hour| last > hour.0) && km > Kilometres::from(policy.far_km)
}

fn said(_plan: &Plan, units: usize) -> String {
    let times = n_times(units);
    tr!("{times} a candidate from far away ends late", "{times}, un candidat venu de loin finit tard")
}

fn post(program: &mut Program) {
    let instance = program.instance;
    let policy = &instance.policy;
    let Some(hour) = policy.far_latest else { return };
    for (c, candidate) in instance.candidates.enumerate() {
        for (date, _) in program.days(c) {
            let mut too_late: Option<Var> = None;
            for t in program.of_candidate(c) {
                let duration = program.tasks[t].duration;
                let is_late = |p: &Place| {
                    p.spot.date == date && late(policy, p.starts.to + duration, candidate.km[p.spot.centre])
                };
                let far = program.placed(t, is_late);
                if far.is_empty() {
                    continue;
                }
                let name = format!("late({}.{})", candidate.id, instance.dates[date]);
                let too_late =
                    *too_late.get_or_insert_with(|| program.choice(name, f64::from(instance.weights.late_far)));
                // Not beyond that hour, or it is late.
                let never = program.latest(t) + f64::from(duration);
                let row = joined(program.start(t), times(far, never));
                program.at_most(joined(row, vec![(too_late, -never)]), f64::from(hour.0) - f64::from(duration) + never);
            }
        }
    }
}
