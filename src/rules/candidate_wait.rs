//! Cost term `candidate_wait`.

use super::{Charge, Term};
use crate::instance::{Interval, Minutes};
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "candidate_wait",
    summary: || tr!("minutes in which a candidate waits between blocks of one date", "minutes d'attente d'un candidat entre ses passages d'un jour"),
    source: super::policy,
    weight: |w| w.candidate_wait,
    charges,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    for (c, candidate) in plan.instance.candidates.enumerate() {
        for (date, day) in plan.candidate_days(c) {
            let blocks: Vec<Interval> = day.iter().map(|s| s.sitting.block()).collect();
            let first = blocks.iter().map(|b| b.from).min().unwrap_or(0);
            let last = blocks.iter().map(|b| b.to).max().unwrap_or(0);
            let busy = blocks.iter().map(|b| b.minutes()).sum();
            Charge::push(charges, wait(first, last, busy), || format!("{} {date}", candidate.id));
        }
    }
}

/// Waiting minutes of a day whose blocks run from `first` to `last` and take `busy` minutes in all.
pub(crate) fn wait(first: Minutes, last: Minutes, busy: Minutes) -> i64 {
    i64::from(last - first - busy)
}
