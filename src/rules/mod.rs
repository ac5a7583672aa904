//! The rules: one file for each hard rule and each cost term of the contract, in one registry each.
//!
//! A hard rule's file holds its meaning, naive and readable, on a frozen [`Plan`] (`violations`): the checker, the reports
//! and the explanations use only this. A cost term's file says the units of one [part](crate::parts) of a plan; a frozen
//! plan and the search's state both make these parts, so that nothing else knows a term by name.

use std::sync::LazyLock;

use serde::Serialize;

use crate::hours::*;
use crate::instance::{Instance, Minutes, OralIx, Weights};
use crate::parts::*;
use crate::program::{Draft, Program};
use crate::schedule::Plan;
use crate::starts::{At, Shut, Starts};

macro_rules! registry {
    (
        rules: $($rule:ident),*;
        $(hours of $thing:ty, by $by:ident: $($shuts:ident),*;)*
        $(limits of $counted:ident: $($limit:ident),*;)*
        $(terms of $part:ident: $($term:ident),*;)*
    ) => {
        /// Every hard rule, in the order of the contract.
        pub static RULES: &[&Rule] = &[$(&$rule::RULE),*];
        /// Every cost term, in the order of the contract.
        pub static TERMS: LazyLock<Vec<&Term>> = LazyLock::new(|| {
            let mut terms: Vec<&Term> = vec![$($(&$term::TERM),*),*];
            terms.sort_by_key(|t| Weights::NAMES.iter().position(|n| *n == t.name));
            terms
        });
        $(impl Hours for $thing {
            #[inline]
            fn shut(&self, ask: &Ask, starts: &mut impl Shut) {
                $($shuts::$by(self, ask, starts);)*
            }
            fn each(&self, ask: &Ask, all: &Starts, tell: &mut dyn FnMut(&'static Rule, Starts)) {
                $(
                    let mut starts = all.clone();
                    $shuts::$by(self, ask, &mut starts);
                    tell(&$shuts::RULE, starts);
                )*
            }
        })*
        $(impl Limited for $counted {
            #[inline]
            fn allowed(&self, instance: &Instance) -> bool {
                true $(&& $limit::allows(self, instance))*
            }
            fn exceeded(&self, instance: &Instance, tell: &mut dyn FnMut(&'static Rule)) {
                $(if !$limit::allows(self, instance) {
                    tell(&$limit::RULE);
                })*
            }
        })*
        $(impl Part for $part {
            #[inline]
            fn cost(&self, instance: &Instance) -> i64 {
                0 $(+ i64::from(instance.weights.$term) * $term::units(self, instance))*
            }
            fn units(&self, instance: &Instance, tell: &mut dyn FnMut(&'static Term, i64)) {
                $(tell(&$term::TERM, $term::units(self, instance));)*
            }
        })*
    };
}

pub mod candidate_available;
pub mod candidate_centre;
pub mod candidate_centres;
pub mod candidate_days;
pub mod candidate_gap;
pub mod candidate_km;
pub mod candidate_orals;
pub mod candidate_wait;
pub mod centre_allowed;
pub mod centre_days;
pub mod centre_open;
pub mod commission;
pub mod convocation_changed;
pub mod early_far;
pub mod examiner_available;
pub mod examiner_called;
pub mod examiner_centre;
pub mod examiner_days;
pub mod examiner_days_limit;
pub mod examiner_event;
pub mod examiner_idle;
pub mod examiner_km;
pub mod examiner_minutes;
pub mod examiner_overload;
pub mod examiner_pause;
pub mod examiner_released;
pub mod examiner_sittings;
pub mod examiner_target;
pub mod examiner_wish;
pub mod follows;
pub mod format;
pub mod given_session;
pub mod grid;
pub mod half_day;
pub mod impartial;
pub mod late_far;
pub mod length;
pub mod not_preferred;
pub mod optional_seat_empty;
pub mod oral_moved;
pub mod oral_once;
pub mod paper_clash;
pub mod pin;
pub mod preparation_seats;
pub mod room_changed;
pub mod room_fit;
pub mod same_school;
pub mod seats;
pub mod sessions;
pub mod turnaround;
pub mod unscheduled;
mod words;

registry! {
    rules:
        oral_once, format, grid, length, half_day, centre_open, centre_allowed, commission, seats, examiner_available,
        examiner_event, turnaround, examiner_centre, examiner_minutes, examiner_sittings, examiner_days_limit, examiner_pause,
        given_session, impartial, room_fit,
        preparation_seats, candidate_gap, candidate_centre, candidate_orals, candidate_available, paper_clash,
        follows, pin;
    hours of OwnHours<'_>, by own: half_day, turnaround;
    hours of RoomHours<'_>, by room: turnaround, room_fit;
    hours of ExaminerHours<'_>, by examiner: examiner_available, examiner_event, turnaround, examiner_pause;
    hours of CandidateHours<'_>, by candidate:
        centre_open, candidate_gap, candidate_available, paper_clash, pin;
    hours of PreparationHours<'_>, by preparation: room_fit, preparation_seats;
    limits of ExaminerLoad: examiner_minutes;
    limits of ExaminerDates: examiner_days_limit, examiner_sittings;
    terms of DueOral: unscheduled;
    terms of SeatInSession: optional_seat_empty, not_preferred;
    terms of OpenSession: sessions;
    terms of ExaminerDay: examiner_days, examiner_km;
    terms of ExaminerHalfDay: examiner_idle;
    terms of ExaminerDates: examiner_overload, examiner_target;
    terms of SittingHeard: examiner_wish;
    terms of CentreDay: centre_days;
    terms of CandidateDates: candidate_days, candidate_centres;
    terms of CandidateDay: candidate_km, candidate_wait, early_far, late_far;
    terms of SchoolBeforeTeam: same_school;
    terms of RepublishedCandidate: convocation_changed;
    terms of RepublishedOral: oral_moved, room_changed;
    terms of RepublishedConvocation: examiner_called, examiner_released;
}

/// A thing with hours: which starts it leaves to a job is said by the rules that are registered for it.
pub trait Hours {
    /// Takes away the starts that some rule forbids.
    fn shut(&self, ask: &Ask, starts: &mut impl Shut);
    /// Whether some rule forbids a start.
    fn shuts(&self, ask: &Ask, start: Minutes) -> bool {
        let mut at = At { start, shut: false };
        self.shut(ask, &mut at);
        at.shut
    }
    /// Tells of each rule which of all the starts it leaves.
    fn each(&self, ask: &Ask, all: &Starts, tell: &mut dyn FnMut(&'static Rule, Starts));
}

/// A part of a plan that has a limit: which is said by the rules that are registered for it.
pub trait Limited {
    /// Whether it keeps within every limit.
    fn allowed(&self, instance: &Instance) -> bool;
    /// Tells each rule whose limit it exceeds.
    fn exceeded(&self, instance: &Instance, tell: &mut dyn FnMut(&'static Rule));
}

/// A part of a plan, priced by the terms that are registered for it.
pub trait Part {
    /// What it costs: units × weight over its terms.
    fn cost(&self, instance: &Instance) -> i64;
    /// Tells the units of each of its terms, none too.
    fn units(&self, instance: &Instance, tell: &mut dyn FnMut(&'static Term, i64));
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

/// Some of the rules.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleSet(u64);

impl std::fmt::Debug for RuleSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.rules().map(|r| r.name)).finish()
    }
}

impl RuleSet {
    /// Only this one.
    pub fn of(rule: &'static Rule) -> RuleSet {
        let at = RULES.iter().position(|r| std::ptr::eq(*r, rule)).expect("every rule is in the registry");
        RuleSet(1 << at)
    }
    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
    /// Those of either.
    pub fn or(self, other: RuleSet) -> RuleSet {
        RuleSet(self.0 | other.0)
    }
    /// Those of both.
    pub fn and(self, other: RuleSet) -> RuleSet {
        RuleSet(self.0 & other.0)
    }
    /// The rules, in the order of the contract.
    pub fn rules(self) -> impl Iterator<Item = &'static Rule> {
        RULES.iter().enumerate().filter(move |(at, _)| self.0 >> at & 1 == 1).map(|(_, rule)| *rule)
    }
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
    /// What a unit is counted in.
    pub unit: Unit,
    /// What so many units in a plan are, in words, where that says more than the summary.
    pub said: Option<fn(&Plan, usize) -> String>,
    /// Whose biggest shares are told.
    pub told_of: ToldOf,
    /// Sets its prices in the full model.
    pub post: fn(&mut Program),
}

/// Whose biggest shares of a term say most about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToldOf {
    /// Examiners.
    Examiners,
    /// Candidates.
    Candidates,
    /// Candidates' schools.
    Schools,
    /// Centres.
    Centres,
    /// Dates.
    Dates,
    /// Nobody's: the number alone says all.
    Nobody,
}

/// What a unit of a term is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// One of something.
    Piece,
    /// A minute: units come in steps of the grid, as all hours and lengths do.
    Minute,
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
    for term in TERMS.iter() {
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

/// The source of what the circular leaves to each academy.
pub(crate) fn policy() -> String {
    crate::tr!("policy of the academy (the circular is silent)", "choix de l'académie (la circulaire est muette)")
}
