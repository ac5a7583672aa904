//! The project file (`.oraux`, SQLite): data, plan, every action with who and when, named versions.
//!
//! A project is a [`Document`] and the actions that led to it. [`Project::commit`] puts an action on the disk before it counts;
//! undo and redo are actions too, so that nothing is ever taken away. One process has the file open, and a second one is told who.

mod delta;
mod document;
mod history;
mod note;
mod schema;
mod store;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use document::{Document, Hash, Published};
pub use history::{Action, Known, Step, Version, now};
pub use store::Project;

use crate::fault::Fault;
use crate::lang::{Lang, within};
use crate::tr;

/// A sentence in both languages, for what is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// English.
    pub en: String,
    /// French.
    pub fr: String,
}

impl Sentence {
    /// Says the same in both languages.
    pub fn both(say: impl Fn() -> String) -> Sentence {
        Sentence { en: within(Lang::En, &say), fr: within(Lang::Fr, &say) }
    }
}

/// In the language in force.
impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match crate::lang::current() {
            Lang::En => &self.en,
            Lang::Fr => &self.fr,
        })
    }
}

/// Why a project can not be opened or written.
#[derive(Debug)]
pub enum Error {
    /// Somebody else has it open, as they said of themselves.
    Taken(String),
    /// It is no project, one of a later program, or damaged; in words.
    Unusable(String),
    /// The disk or the database would not; in words.
    Disk(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Taken(who) => f.write_str(&tr!(
                "this project is open elsewhere: {who}; it can be opened once it is closed there",
                "ce projet est déjà ouvert : {who} ; il pourra être ouvert une fois fermé là-bas"
            )),
            Error::Unusable(why) | Error::Disk(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Error {}

impl From<rusqlite::Error> for Error {
    fn from(e: rusqlite::Error) -> Error {
        use rusqlite::ErrorCode::{DatabaseCorrupt, DiskFull, NotADatabase, ReadOnly};
        match e.sqlite_error_code() {
            Some(NotADatabase) => Error::Unusable(no_project()),
            Some(DatabaseCorrupt) => damaged(),
            Some(DiskFull) => {
                Error::Disk(tr!("the disk is full: nothing was changed", "le disque est plein : rien n'a été changé"))
            }
            Some(ReadOnly) => Error::Disk(tr!(
                "this project may not be written to: nothing was changed",
                "ce projet n'est pas modifiable : rien n'a été changé"
            )),
            _ => Error::Disk(tr!(
                "the project file can not be used: {e}; nothing was changed",
                "fichier du projet inutilisable : {e} ; rien n'a été changé"
            )),
        }
    }
}

impl Error {
    /// The same as a fault of a file.
    pub fn of_file(&self, path: &std::path::Path) -> Fault {
        Fault { file: Some(path.display().to_string()), ..Fault::new("", self.to_string()) }
    }
}

fn no_project() -> String {
    tr!("this file is not a project of oraux", "ce fichier n'est pas un projet d'oraux")
}

fn damaged() -> Error {
    Error::Unusable(tr!(
        "the project file is damaged; take the last backup",
        "le fichier du projet est endommagé ; reprenez la dernière sauvegarde"
    ))
}
