//! Cost term `early_far`.

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
    name: "early_far",
    summary: || {
        tr!(
            "pairs (candidate, date) that start early at a far centre",
            "journées (candidat, date) qui commencent tôt dans un centre éloigné"
        )
    },
    source: super::policy,
    weight: |w| w.early_far,
    unit: Unit::Piece,
    said: Some(said),
    told_of: ToldOf::Schools,
    post,
};

pub(super) fn units(part: &CandidateDay, instance: &Instance) -> i64 {
    let km = part.centre.map_or(0, |z| instance.candidates[part.candidate].km[z]);
    i64::from(early(&instance.policy, part.span.from, km))
}

/// Whether a day that starts at `first`, `km` away, starts too early.
fn early(policy: &Policy, first: Minutes, km: Kilometres) -> bool {
    first < policy.far_earliest.0 && km > Kilometres::from(policy.far_km)
}

fn said(_plan: &Plan, units: usize) -> String {
    let times = n_times(units);
    tr!("{times} a candidate from far away starts early", "{times}, un candidat venu de loin commence tôt")
}

fn post(program: &mut Program) {
    let instance = program.instance;
    let policy = &instance.policy;
    for (c, candidate) in instance.candidates.enumerate() {
        for (date, _) in program.days(c) {
            let mut too_early: Option<Var> = None;
            for t in program.of_candidate(c) {
                let preparation = program.tasks[t].preparation;
                let is_early = |first, place: &Place| {
                    place.spot.date == date && early(policy, first, candidate.km[place.spot.centre])
                };
                let far = program.placed(t, |p| is_early(p.starts.from - preparation, p));
                if far.is_empty() {
                    continue;
                }
                let name = format!("early({}.{})", candidate.id, instance.dates[date]);
                let too_early =
                    *too_early.get_or_insert_with(|| program.choice(name, f64::from(instance.weights.early_far)));
                // Not before that hour, or it is early.
                let hour = f64::from(policy.far_earliest.0 + preparation);
                let row = joined(program.start(t), times(far, -hour));
                program.at_least(joined(row, vec![(too_early, hour)]), 0.0);
            }
        }
    }
}
