//! Hard rule `candidate-gap`.

use super::{Rule, Violation};
use crate::hours::{Ask, CandidateHours};
use crate::instance::{CandidateIx, DateIx, ExamIx, Instance, Minutes};
use crate::program::{Program, joined, times};
use crate::schedule::Plan;
use crate::starts::Shut;
use crate::tr;
use std::collections::BTreeSet;

/// The rule.
pub static RULE: Rule = Rule {
    name: "candidate-gap",
    summary: || {
        tr!(
            "a candidate's blocks on one date do not overlap and lie apart (more over lunch, or by accommodation)",
            "les passages d'un candidat le même jour ne se chevauchent pas et sont espacés (davantage à midi, ou par aménagement)"
        )
    },
    source: || {
        tr!(
            "policy; rest and meal between two exams of one day: circular 2015-127",
            "choix de l'académie ; repos et repas entre deux épreuves d'un jour : circulaire 2015-127"
        )
    },
    violations,
    narrow: super::leaves_all,
    post,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    let instance = plan.instance;
    for c in instance.candidates.indices() {
        for (date, day) in plan.candidate_days(c) {
            for (i, a) in day.iter().enumerate() {
                for b in &day[i + 1..] {
                    if either_follows(instance, [a.sitting.exam, b.sitting.exam]) {
                        continue;
                    }
                    let [one, other] = [a, b].map(|s| instance.half_day_of(s.sitting.time));
                    let due = gap(instance, c, one != other);
                    let pause = b.sitting.block().from - a.sitting.block().to;
                    if pause < due {
                        let (first, second) = (&a.sitting.raw.exam, &b.sitting.raw.exam);
                        let at = format!("{} {date}", instance.candidates[c].id);
                        let message = tr!(
                            "{pause} min between {first} and {second}, {due} are due",
                            "{pause} min entre {first} et {second}, il en faut {due}"
                        );
                        found.push(Violation::new(&RULE, at, message));
                    }
                }
            }
        }
    }
}

/// Whether one of two exams of a candidate follows the other.
fn either_follows(instance: &Instance, exams: [Option<ExamIx>; 2]) -> bool {
    let follows = |lead: Option<ExamIx>, e: Option<ExamIx>| {
        lead.is_some() && e.is_some_and(|e| instance.regulation.exams[e].follows == lead)
    };
    follows(exams[0], exams[1]) || follows(exams[1], exams[0])
}

/// Minutes due between two blocks of a candidate on one date.
pub(crate) fn gap(instance: &Instance, c: CandidateIx, across_half_days: bool) -> Minutes {
    let policy = &instance.policy;
    let lunch = if across_half_days { policy.candidate_lunch } else { 0 };
    instance.candidates[c].gap.max(policy.candidate_gap.max(lunch) as Minutes)
}

/// Far enough from the candidate's other blocks.
pub(super) fn candidate(day: &CandidateHours, ask: &Ask, starts: &mut impl Shut) {
    for &(other, across) in &day.others {
        let gap = gap(ask.instance, day.candidate, across);
        starts.between(other.from - gap - ask.length, other.to + gap + ask.before);
    }
}

fn post(program: &mut Program) {
    for c in program.instance.candidates.indices() {
        let own = program.of_candidate(c);
        for (i, &a) in own.iter().enumerate() {
            for &b in &own[i + 1..] {
                let exams = [Some(program.tasks[a].exam), Some(program.tasks[b].exam)];
                if !either_follows(program.instance, exams) {
                    apart(program, c, a, b);
                }
            }
        }
    }
}

/// The two blocks of one candidate lie apart, if they are on one date.
fn apart(program: &mut Program, c: CandidateIx, a: usize, b: usize) {
    let (gap, lunch) = (gap(program.instance, c, false), gap(program.instance, c, true));
    let days: BTreeSet<DateIx> = program.tasks[a].places.iter().map(|p| p.spot.date).collect();
    let name = format!("{}.{}", program.name(a), program.name(b));
    let order = [program.choice(format!("first({name})"), 0.0), program.choice(format!("second({name})"), 0.0)];
    // Whether they are in different half-days of one date.
    let across = program.var(format!("across({name})"), 0.0, 1.0);
    for date in days {
        let both = joined(program.on(a, date), program.on(b, date));
        program.at_most(joined(both, order.iter().map(|&v| (v, -1.0)).collect()), 1.0);
        for half in 0..program.instance.half_days.len() {
            let here = program.placed(a, |p| p.spot.date == date && p.spot.half == half);
            let elsewhere = program.placed(b, |p| p.spot.date == date && p.spot.half != half);
            if lunch > gap && !here.is_empty() && !elsewhere.is_empty() {
                program.at_most(joined(joined(here, elsewhere), vec![(across, -1.0)]), 1.0);
            }
        }
    }
    for (first, second, ordered) in [(a, b, order[0]), (b, a, order[1])] {
        let lengths = program.tasks[first].duration + program.tasks[second].preparation;
        let due = f64::from(lengths + gap);
        let more = f64::from(lunch - gap);
        let never = program.latest(first) + due + more;
        let mut row = joined(program.start(first), times(program.start(second), -1.0));
        row.extend([(ordered, never), (across, more)]);
        program.at_most(row, never - due);
    }
}
