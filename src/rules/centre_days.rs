//! Cost term `centre_days`.

use std::collections::{BTreeMap, BTreeSet};

use super::words::n_days;
use super::{Term, ToldOf, Unit};
use crate::instance::{CentreIx, DateIx, Instance};
use crate::linear::Var;
use crate::parts::CentreDay;
use crate::program::{Program, joined};
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "centre_days",
    summary: || tr!("pairs (centre, date) in use", "journées d'ouverture (centre, date)"),
    source: super::policy,
    weight: |w| w.centre_days,
    unit: Unit::Piece,
    said: Some(said),
    told_of: ToldOf::Centres,
    post,
};

pub(super) fn units(_part: &CentreDay, _instance: &Instance) -> i64 {
    1
}

fn said(_plan: &Plan, units: usize) -> String {
    let days = n_days(units);
    tr!("centres open for {days} in all", "les centres ouvrent {days} en tout")
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
