//! Cost term `examiner_idle`.

use super::words::n_minutes;
use super::{Term, ToldOf, Unit};
use crate::instance::Instance;
use crate::parts::ExaminerHalfDay;
use crate::program::{Program, joined, times};
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "examiner_idle",
    summary: || {
        tr!(
            "minutes in which an examiner waits within a half-day, from the first start to the last end",
            "minutes d'attente d'un interrogateur dans une demi-journée, du premier début à la dernière fin"
        )
    },
    source: super::policy,
    weight: |w| w.examiner_idle,
    unit: Unit::Minute,
    said: Some(said),
    told_of: ToldOf::Examiners,
    post,
};

pub(super) fn units(part: &ExaminerHalfDay, _instance: &Instance) -> i64 {
    i64::from(part.span.minutes() - part.heard)
}

fn said(_plan: &Plan, units: usize) -> String {
    let minutes = n_minutes(units);
    tr!(
        "examiners wait {minutes} between sittings of a half-day",
        "les interrogateurs attendent {minutes} entre les passages d'une demi-journée"
    )
}

fn post(program: &mut Program) {
    let weight = f64::from(program.instance.weights.examiner_idle);
    for x in program.instance.examiners.indices() {
        for spot in program.spots_of(x) {
            let half = program.instance.half_days[spot.half];
            let who = format!("{}.{}", program.instance.examiners[x].id, program.spot_name(spot));
            let last = program.var(format!("last({who})"), 0.0, 1440.0);
            let first = program.var(format!("first({who})"), 0.0, f64::from(half.to));
            let worked = program.choice(format!("works({who})"), 0.0);
            let idle = program.var(format!("idle({who})"), weight, 1440.0);
            let mut waits = vec![(last, 1.0), (first, -1.0), (idle, -1.0)];
            // It follows from the rest that every sitting but the last is followed by its turnaround.
            let mut turns = vec![(idle, -1.0)];
            let mut longest = 0.0f64;
            for t in 0..program.tasks.len() {
                let hears = program.hears(t, x, |s| s == spot);
                if hears.is_empty() {
                    continue;
                }
                let (duration, latest) = (f64::from(program.tasks[t].duration), program.latest(t));
                let to = f64::from(half.to);
                let row = joined(vec![(first, 1.0)], times(program.start(t), -1.0));
                program.at_most(joined(row, times(hears.clone(), to)), to);
                let end = joined(program.start(t), vec![(last, -1.0)]);
                program.at_most(joined(end, times(hears.clone(), latest + duration)), latest);
                program.at_most(joined(hears.clone(), vec![(worked, -1.0)]), 0.0);
                waits.extend(times(hears.clone(), -duration));
                let led = program.tasks.iter().any(|f| f.lead == Some(t));
                let turnaround = if led { 0.0 } else { f64::from(program.tasks[t].turnaround) };
                longest = longest.max(turnaround);
                turns.extend(times(hears, turnaround));
            }
            program.at_most(waits, 0.0);
            program.at_most(joined(turns, vec![(worked, -longest)]), 0.0);
        }
    }
}
