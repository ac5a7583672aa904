//! How much of an input is read: no file, however made, takes the machine's memory.
//!
//! The limits stand far above a national session (some 4,000 people); `--no-limits` lifts them.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::lang::thousands;
use crate::tr;

static LIFTED: AtomicBool = AtomicBool::new(false);

/// Lifts every limit for this process.
pub fn lift() {
    LIFTED.store(true, Ordering::Relaxed);
}

/// What is counted of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Bytes of a JSON or CSV file, unpacked.
    Text,
    /// Bytes of all parts of a workbook, unpacked; they are read in passing.
    Parts,
    /// Bytes of the texts in the cells of an import.
    Letters,
    /// Values of a JSON file: every number, text, list and object.
    Values,
    /// Lines of a CSV file, the blank ones too.
    Lines,
    /// Filled rows of an import.
    Rows,
    /// Filled cells of an import.
    Cells,
    /// Candidates and examiners.
    People,
    /// Distances of people and schools to centres.
    Distances,
}

impl Limit {
    /// How many there may be.
    pub fn most(self) -> u64 {
        match self {
            _ if LIFTED.load(Ordering::Relaxed) => u64::MAX,
            Limit::Text | Limit::Letters => 32 << 20,
            Limit::Parts => 256 << 20,
            Limit::Values => 600_000,
            Limit::Lines => 1_048_576,
            Limit::Rows => 100_000,
            Limit::Cells => 1_500_000,
            Limit::People => 25_000,
            Limit::Distances => 10_000_000,
        }
    }

    /// Holds a count against the limit.
    ///
    /// # Errors
    /// The sentence that names the limit and the option that lifts it.
    pub fn holds(self, count: u64) -> Result<(), String> {
        if count <= self.most() { Ok(()) } else { Err(self.exceeded()) }
    }

    /// The sentence that names the limit and the option that lifts it.
    pub fn exceeded(self) -> String {
        let most = match self {
            Limit::Text | Limit::Parts | Limit::Letters => self.most() >> 20,
            _ => self.most(),
        };
        let most = thousands(most.min(i64::MAX as u64) as i64);
        let what = match self {
            Limit::Text | Limit::Parts => {
                tr!("more than {most} MB once unpacked", "plus de {most} Mo une fois décompressé")
            }
            Limit::Letters => {
                tr!("more than {most} MB of text in the cells", "plus de {most} Mo de texte dans les cellules")
            }
            Limit::Values => tr!("more than {most} values", "plus de {most} valeurs"),
            Limit::Lines => tr!("more than {most} lines", "plus de {most} lignes"),
            Limit::Rows => tr!("more than {most} filled rows", "plus de {most} lignes remplies"),
            Limit::Cells => tr!("more than {most} filled cells", "plus de {most} cellules remplies"),
            Limit::Distances => {
                tr!(
                    "more than {most} distances from people to centres",
                    "plus de {most} distances des personnes aux centres"
                )
            }
            Limit::People => {
                tr!("more than {most} candidates and examiners", "plus de {most} candidats et interrogateurs")
            }
        };
        tr!(
            "{what}: is this the right file? If it is, --no-limits reads it all the same",
            "{what} : est-ce le bon fichier ? Si oui, --no-limits le lit quand même"
        )
    }
}
