//! The actions of a project and its versions, and what can be undone.

use chrono::{Local, SecondsFormat};
use serde::Serialize;

use super::Sentence;

/// What is to be done, as it will stand in the history.
#[derive(Clone, Debug)]
pub struct Action {
    /// Who does it.
    pub who: String,
    /// `import`, `edit`, `answer`, `move`, `solve`, `repair`, `remedy`, `restore`, `publish`, `undo` …
    pub kind: &'static str,
    /// What it is, in a sentence.
    pub what: Sentence,
    /// The plan's cost after it, in points.
    pub cost: Option<i64>,
}

/// An action that was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Known {
    /// The project's revision after it, from 1.
    pub revision: u64,
    /// When: RFC 3339.
    pub when: String,
    /// Who did it.
    pub who: String,
    /// The kind of action.
    pub kind: String,
    /// What it is.
    pub what: Sentence,
    /// The plan's cost after it, in points.
    pub cost: Option<i64>,
    /// The action that it takes back or carries out again.
    pub about: Option<u64>,
    /// Whether it is taken back.
    pub undone: bool,
}

/// A named moment of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Version {
    /// Its number.
    pub id: i64,
    /// The revision that it names.
    pub revision: u64,
    /// Its name.
    pub name: String,
    /// When it was named: RFC 3339.
    pub when: String,
    /// Who named it.
    pub who: String,
}

/// Back or forth in the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Takes the last action back.
    Undo,
    /// Carries out again what was taken back last.
    Redo,
}

impl Step {
    pub(super) fn kind(self) -> &'static str {
        match self {
            Step::Undo => "undo",
            Step::Redo => "redo",
        }
    }
}

/// The hour with its offset: RFC 3339.
pub fn now() -> String {
    Local::now().to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// What can be undone and redone.
#[derive(Default)]
pub(super) struct Stacks {
    pub(super) undo: Vec<u64>,
    pub(super) redo: Vec<u64>,
}

impl Stacks {
    /// Takes an action in, and marks those that it takes back or carries out again.
    pub(super) fn take(&mut self, actions: &mut [Known]) {
        let Some(last) = actions.last() else { return };
        match (last.kind.as_str(), last.about) {
            ("undo", Some(about)) => {
                self.undo.pop();
                self.redo.push(about);
                mark(actions, about, true);
            }
            ("redo", Some(about)) => {
                self.redo.pop();
                self.undo.push(about);
                mark(actions, about, false);
            }
            _ => {
                self.undo.push(last.revision);
                self.redo.clear();
            }
        }
    }
}

fn mark(actions: &mut [Known], revision: u64, undone: bool) {
    if let Ok(i) = actions.binary_search_by_key(&revision, |a| a.revision) {
        actions[i].undone = undone;
    }
}
