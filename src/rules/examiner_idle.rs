//! Cost term `examiner_idle`.

use super::{Charge, Term};
use std::collections::BTreeMap;

use crate::instance::{Interval, Minutes};
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "examiner_idle",
    summary: || tr!("minutes in which an examiner waits within a half-day, from the first start to the last end", "minutes d'attente d'un interrogateur dans une demi-journée, du premier début à la dernière fin"),
    source: super::policy,
    weight: |w| w.examiner_idle,
    charges,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    for (x, date, sessions) in plan.examiner_days() {
        let mut halves: BTreeMap<Option<usize>, Vec<Interval>> = BTreeMap::new();
        for session in &sessions {
            halves.entry(session.half).or_default().extend(session.sittings.iter().map(|s| s.time));
        }
        for times in halves.values() {
            let first = times.iter().map(|t| t.from).min().unwrap_or(0);
            let last = times.iter().map(|t| t.to).max().unwrap_or(0);
            let heard: Minutes = times.iter().map(|t| t.minutes()).sum();
            let idle = idle(Interval::new(first, last), heard);
            Charge::push(charges, idle, || format!("{} {date}", plan.instance.examiners[x].id));
        }
    }
}

/// Idle minutes of a half-day with that span in which so many minutes are heard.
pub(crate) fn idle(span: Interval, heard: Minutes) -> i64 {
    i64::from(span.minutes() - heard)
}
