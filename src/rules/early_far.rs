//! Cost term `early_far`.

use super::{Charge, Term};
use crate::instance::{Kilometres, Minutes, Policy};
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "early_far",
    summary: || tr!("pairs (candidate, date) that start early at a far centre", "journées (candidat, date) qui commencent tôt dans un centre éloigné"),
    source: super::policy,
    weight: |w| w.early_far,
    charges,
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
