//! Cost term `centre_days`.

use super::{Charge, Term};
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::instance::{CentreIx, DateIx};
use crate::linear::Var;
use crate::program::{Program, joined};
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "centre_days",
    summary: || tr!("pairs (centre, date) in use", "journées d'ouverture (centre, date)"),
    source: super::policy,
    weight: |w| w.centre_days,
    charges,
    post,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    let used: BTreeSet<(&str, NaiveDate)> = plan.sessions.iter().map(|s| (s.raw.centre.as_str(), s.date)).collect();
    for (centre, date) in used {
        Charge::push(charges, 1, || format!("{centre} {date}"));
    }
}

fn post(program: &mut Program) {
    let instance = program.instance;
    let mut used: BTreeMap<(CentreIx, DateIx), Var> = BTreeMap::new();
    for t in 0..program.tasks.len() {
        let cells: BTreeSet<_> = program.tasks[t].places.iter().map(|p| (p.spot.centre, p.spot.date)).collect();
        for (centre, date) in cells {
            let name = format!("used({}.{})", instance.centres[centre].id, instance.dates[date]);
            let var = *used
                .entry((centre, date))
                .or_insert_with(|| program.choice(name, f64::from(instance.weights.centre_days)));
            let here = program.placed(t, |p| (p.spot.centre, p.spot.date) == (centre, date));
            program.at_most(joined(here, vec![(var, -1.0)]), 0.0);
        }
    }
}
