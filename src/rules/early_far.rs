//! Cost term `early_far`.

use super::{Charge, Term};
use crate::instance::{Kilometres, Minutes, Policy};
use crate::linear::Var;
use crate::program::{Place, Program, joined, times};
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "early_far",
    summary: || tr!("pairs (candidate, date) that start early at a far centre", "journées (candidat, date) qui commencent tôt dans un centre éloigné"),
    source: super::policy,
    weight: |w| w.early_far,
    charges,
    post,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    for (c, candidate) in plan.instance.candidates.enumerate() {
        for (date, day) in plan.candidate_days(c) {
            let Some(first) = day.iter().min_by_key(|s| s.sitting.block().from) else { continue };
            let Some(centre) = first.session.centre else { continue };
            let units = early(&plan.instance.policy, first.sitting.block().from, candidate.km[centre]);
            Charge::push(charges, units, || format!("{} {date}", candidate.id));
        }
    }
}

/// 1 if a day that starts at `first`, `km` away, starts too early.
pub(crate) fn early(policy: &Policy, first: Minutes, km: Kilometres) -> i64 {
    i64::from(first < policy.far_earliest.0 && km > Kilometres::from(policy.far_km))
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
                    place.spot.date == date && early(policy, first, candidate.km[place.spot.centre]) > 0
                };
                let far = program.placed(t, |p| is_early(p.starts.from - preparation, p));
                if far.is_empty() {
                    continue;
                }
                let name = format!("early({}.{})", candidate.id, instance.dates[date]);
                let too_early = *too_early.get_or_insert_with(|| program.choice(name, f64::from(instance.weights.early_far)));
                // Not before that hour, or it is early.
                let hour = f64::from(policy.far_earliest.0 + preparation);
                let row = joined(program.start(t), times(far, -hour));
                program.at_least(joined(row, vec![(too_early, hour)]), 0.0);
            }
        }
    }
}
