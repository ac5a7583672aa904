//! Why the plan is as it is, in sentences: where the cost comes from ([`costs`]), what binds a person
//! ([`candidate`], [`examiner`]), why an oral has no sitting ([`unscheduled`]).

pub mod candidate;
pub mod costs;
pub mod examiner;
mod phrases;
pub mod place;
pub mod unscheduled;

use serde::Serialize;

pub use phrases::{charged, heads, list, percent, source_of};

use crate::schedule::Plan;
use crate::state::{Model, State};

/// Something that binds a person, with the hard rule that it comes from.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Constraint {
    /// The rule's name.
    pub rule: &'static str,
    /// Its source: a paragraph of the circular, or the academy's policy.
    pub source: String,
    /// What it means for this person, in one sentence.
    pub text: String,
}

impl Constraint {
    fn new(rule: &crate::rules::Rule, text: String) -> Constraint {
        Constraint { rule: rule.name, source: (rule.source)(), text }
    }
}

/// A person's part of one cost term.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Share {
    /// The term's name.
    pub term: &'static str,
    /// How many units.
    pub units: i64,
    /// Units × weight.
    pub cost: i64,
}

/// A state that has taken over a plan: what would be otherwise is tried on it.
pub fn loaded<'m>(plan: &Plan, model: &'m Model<'m>) -> State<'m> {
    let mut state = State::new(model);
    state.load(plan);
    state
}
