//! Cost term `centre_days`.

use super::{Charge, Term};
use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "centre_days",
    summary: || tr!("pairs (centre, date) in use", "journées d'ouverture (centre, date)"),
    source: super::policy,
    weight: |w| w.centre_days,
    charges,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    let used: BTreeSet<(&str, NaiveDate)> = plan.sessions.iter().map(|s| (s.raw.centre.as_str(), s.date)).collect();
    for (centre, date) in used {
        Charge::push(charges, 1, || format!("{centre} {date}"));
    }
}
