//! Cost term `candidate_wait`.

use super::candidate_gap;
use super::words::n_minutes;
use super::{Term, ToldOf, Unit};
use crate::instance::Instance;
use crate::parts::CandidateDay;
use crate::program::{Program, joined, times};
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "candidate_wait",
    summary: || {
        tr!(
            "minutes in which a candidate waits between blocks of one date",
            "minutes d'attente d'un candidat entre ses passages d'un jour"
        )
    },
    source: super::policy,
    weight: |w| w.candidate_wait,
    unit: Unit::Minute,
    said: Some(said),
    told_of: ToldOf::Candidates,
    post,
};

pub(super) fn units(part: &CandidateDay, _instance: &Instance) -> i64 {
    i64::from(part.span.minutes() - part.busy)
}

fn said(_plan: &Plan, units: usize) -> String {
    let minutes = n_minutes(units);
    tr!(
        "candidates wait {minutes} between the sittings of a date",
        "les candidats attendent {minutes} entre les passages d'un même jour"
    )
}

fn post(program: &mut Program) {
    let instance = program.instance;
    for (c, candidate) in instance.candidates.enumerate() {
        let own = program.of_candidate(c);
        let weight = f64::from(instance.weights.candidate_wait);
        for (date, present) in program.days(c) {
            // The preparation of what follows may lie inside the block that leads, which then counts twice: the variable is the
            // waiting and those minutes, so that it is never below zero.
            let waits = format!("waits({}.{})", candidate.id, instance.dates[date]);
            let waits = program.var(waits, weight, 2880.0);
            // From the start of any block to the end of any other, less what lies between.
            let mut blocks = vec![(waits, -1.0)];
            // It follows that there is a gap between any two that do not follow one another.
            let due = f64::from(candidate_gap::gap(instance, c, false));
            let mut gaps = joined(vec![(waits, -1.0)], times(present, -due));
            for &t in &own {
                let task = &program.tasks[t];
                let (preparation, duration) = (f64::from(task.preparation), f64::from(task.duration));
                let here = program.on(t, date);
                if instance.regulation.exams[task.exam].follows.is_some() {
                    blocks.extend(times(here.clone(), -duration));
                    here.into_iter().for_each(|(v, _)| program.charge(v, -preparation * weight));
                } else {
                    blocks.extend(times(here.clone(), -preparation - duration));
                    gaps.extend(times(here, due));
                }
            }
            program.at_most(gaps, 0.0);
            for &a in &own {
                for &b in own.iter().filter(|&&b| b != a) {
                    let ends = f64::from(program.tasks[b].duration);
                    let begins = f64::from(program.tasks[a].preparation);
                    let never = program.latest(b) + ends + begins;
                    let span = joined(program.start(b), times(program.start(a), -1.0));
                    let both = joined(times(program.on(a, date), never), times(program.on(b, date), never));
                    program.at_most(joined(joined(span, both), blocks.clone()), 2.0 * never - ends - begins);
                }
            }
        }
    }
}
