//! The rules: one file for each hard rule and each cost term of the contract, in one registry each.
//!
//! A file holds the meaning, naive and readable, on a frozen [`Plan`] (`violations`, `charges`): the checker,
//! the reports and the explanations use only this. A term's file also holds the small function by which the
//! search state recomputes the part of one candidate, examiner or session that a move touches, where that is
//! not a bare count; tests hold the second to the first.

use serde::Serialize;

use crate::instance::{Instance, OralIx, Weights};
use crate::program::{Draft, Program};
use crate::schedule::Plan;

macro_rules! registry {
    (rules: $($rule:ident),*; terms: $($term:ident),* $(,)?) => {
        $(pub mod $rule;)*
        $(pub mod $term;)*
        /// Every hard rule, in the order of the contract.
        pub static RULES: &[&Rule] = &[$(&$rule::RULE),*];
        /// Every cost term, in the order of the contract.
        pub static TERMS: &[&Term] = &[$(&$term::TERM),*];
    };
}

registry! {
    rules:
        oral_once, format, grid, length, half_day, centre_open, centre_allowed, commission, seats, examiner_available,
        examiner_event, turnaround, examiner_centre, examiner_minutes, examiner_days_limit, impartial, room_fit,
        preparation_seats, candidate_gap, candidate_centre, candidate_orals, candidate_available, paper_clash,
        follows, pin;
    terms:
        unscheduled, optional_seat_empty, sessions, examiner_days, examiner_km, examiner_idle, examiner_overload,
        centre_days, candidate_days, candidate_centres, candidate_km, candidate_wait, early_far, not_preferred,
        same_school, convocation_changed, oral_moved, room_changed, examiner_called, examiner_released,
}

/// A hard rule: a schedule that breaks it is not valid.
pub struct Rule {
    /// Its name, the same everywhere.
    pub name: &'static str,
    /// One line for a clerk.
    pub summary: fn() -> String,
    /// Where it comes from: a paragraph of the circular, or the academy's policy.
    pub source: fn() -> String,
    /// Finds every place where a plan breaks it.
    pub violations: fn(&Plan, &mut Vec<Violation>),
    /// Takes from the full model the hours and holders that it forbids by themselves.
    pub narrow: fn(&mut Draft),
    /// Asks of the full model what ties sittings to one another.
    pub post: fn(&mut Program),
}

/// A cost term.
pub struct Term {
    /// Its name, the same everywhere.
    pub name: &'static str,
    /// What a unit is, in one line for a clerk.
    pub summary: fn() -> String,
    /// Where it comes from.
    pub source: fn() -> String,
    /// What a unit costs.
    pub weight: fn(&Weights) -> u32,
    /// Finds every unit, with whom or what it is charged to.
    pub charges: fn(&Plan, &mut Vec<Charge>),
    /// Sets its prices in the full model.
    pub post: fn(&mut Program),
}

/// The full model of an instance: what the rules leave, what they ask and what the terms charge. Against a published
/// schedule, with the terms of a re-plan.
pub fn program<'a>(instance: &'a Instance, baseline: Option<&'a Plan<'a>>) -> Program<'a> {
    whole(narrowed(instance, baseline))
}

/// The same with rooms, half-days and people as a schedule has them, and with its order of any two orals of which one is not
/// `free`: what is left are their hours.
pub fn program_around<'a>(instance: &'a Instance, plan: &Plan, free: impl Fn(OralIx) -> bool) -> Program<'a> {
    let mut draft = narrowed(instance, None);
    draft.hold(plan);
    let mut program = whole(draft);
    program.hold_order(plan, free);
    program
}

fn narrowed<'a>(instance: &'a Instance, baseline: Option<&'a Plan<'a>>) -> Draft<'a> {
    let mut draft = Draft::new(instance, baseline);
    for rule in RULES {
        (rule.narrow)(&mut draft);
    }
    draft
}

fn whole(draft: Draft) -> Program {
    let mut program = draft.program();
    for rule in RULES {
        program.asking = rule.name;
        (rule.post)(&mut program);
    }
    for term in TERMS {
        program.asking = term.name;
        (term.post)(&mut program);
    }
    program
}

/// For a rule that forbids no hour and no holder by itself.
fn leaves_all(_: &mut Draft) {}

/// For a rule that is obeyed by the shape of the variables, or once its hours and holders are taken away.
fn asks_nothing(_: &mut Program) {}

/// A broken rule, somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// The rule's name.
    pub rule: &'static str,
    /// Where: sessions, candidates, examiners, rooms.
    pub at: String,
    /// What is wrong, in words.
    pub message: String,
}

impl Violation {
    /// A broken rule.
    pub fn new(rule: &Rule, at: impl Into<String>, message: String) -> Violation {
        Violation { rule: rule.name, at: at.into(), message }
    }
}

/// Units of a cost term charged to somebody or something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Charge {
    /// How many.
    pub units: i64,
    /// To whom or what: `C0012`, `X003 2024-06-04`, `S012`.
    pub at: String,
}

impl Charge {
    /// Charges `units`, if any, to `at`.
    pub(crate) fn push(charges: &mut Vec<Charge>, units: i64, at: impl FnOnce() -> String) {
        if units != 0 {
            charges.push(Charge { units, at: at() });
        }
    }
}

/// The source of what the circular leaves to each academy.
pub(crate) fn policy() -> String {
    crate::tr!("policy of the academy (the circular is silent)", "choix de l'académie (la circulaire est muette)")
}
