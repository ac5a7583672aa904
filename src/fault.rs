//! What is wrong with an input: one [`Fault`] each, all of them at once.

use std::collections::HashMap;
use std::fmt;

use serde::{Serialize, Serializer};
use strsim::osa_distance;

use crate::tr;

/// One thing that is wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The file, as the user named it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Line and column, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<(u32, u32)>,
    /// The place in a workbook. Said in place of the path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Box<Place>>,
    /// The JSON path: `candidates[12].orals[0].exam`.
    pub path: String,
    /// What is wrong and what to do.
    pub message: String,
    /// How many faults this one stands for: more than one where one cause has many places, or where there were too
    /// many to keep.
    #[serde(skip)]
    pub stands_for: u32,
}

/// Faults as they are found: the first ones kept, all counted, so that a million of them take no memory.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    kept: Vec<Fault>,
    beyond: usize,
}

impl Faults {
    /// How many are kept.
    pub const KEPT: usize = 1_000;

    /// Adds a fault.
    pub fn push(&mut self, fault: Fault) {
        if fault.stands_for > 1 && self.kept.len() >= Faults::KEPT {
            self.beyond += fault.stands_for as usize;
        } else {
            self.add(|| fault);
        }
    }

    /// Adds a fault that is put in words only if it is kept.
    pub fn add(&mut self, fault: impl FnOnce() -> Fault) {
        if self.kept.len() < Faults::KEPT { self.kept.push(fault()) } else { self.beyond += 1 }
    }

    /// Adds all that others found, each changed by `change`.
    pub fn absorb(&mut self, others: Faults, change: impl Fn(Fault) -> Fault) {
        self.extend(others.kept.into_iter().map(change));
        self.beyond += others.beyond;
    }

    /// Adds faults.
    pub fn extend(&mut self, faults: impl IntoIterator<Item = Fault>) {
        for fault in faults {
            self.push(fault);
        }
    }

    /// Those that are kept, and a last one that stands for the others.
    pub fn into_vec(self) -> Vec<Fault> {
        let Faults { mut kept, beyond } = self;
        if beyond > 0 {
            let n = crate::lang::thousands(beyond as i64);
            let rest = Fault::new("", tr!("and {n} more, not listed", "et {n} autres, non détaillées"));
            kept.push(Fault { stands_for: u32::try_from(beyond).unwrap_or(u32::MAX), ..rest });
        }
        kept
    }
}

impl std::ops::Deref for Faults {
    type Target = [Fault];

    fn deref(&self) -> &[Fault] {
        &self.kept
    }
}

impl Fault {
    /// How many faults a list stands for.
    pub fn count(faults: &[Fault]) -> usize {
        faults.iter().map(|f| f.stands_for as usize).sum()
    }
}

/// A place in a workbook: cells of one column, or whole rows; rows and columns from 0. Written in words.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The sheet.
    pub sheet: String,
    /// The rows, at least one.
    pub rows: Vec<usize>,
    /// The column and its heading.
    pub column: Option<(usize, String)>,
}

/// How many rows a place names before it only counts them.
const ROWS_SAID: usize = 5;

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sheet = &self.sheet;
        let said: Vec<String> = self.rows.iter().take(ROWS_SAID).map(|r| (r + 1).to_string()).collect();
        let (said, n) = (said.join(", "), self.rows.len());
        let rows = match n {
            0 | 1 => tr!("row {said}", "ligne {said}"),
            _ if n <= ROWS_SAID => tr!("rows {said}", "lignes {said}"),
            _ => tr!("rows {said}... ({n} rows)", "lignes {said}… ({n} lignes)"),
        };
        write!(f, "{}", tr!("sheet \"{sheet}\", {rows}", "feuille « {sheet} », {rows}"))?;
        if let Some((column, heading)) = &self.column {
            let letters = letters(*column);
            write!(f, "{}", tr!(", column {letters}", ", colonne {letters}"))?;
            if !heading.is_empty() {
                write!(f, " ({heading})")?;
            }
        }
        Ok(())
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A column's letters: `A`, `B` ... `Z`, `AA` ...
pub fn letters(mut column: usize) -> String {
    let mut out = String::new();
    loop {
        out.insert(0, (b'A' + (column % 26) as u8) as char);
        if column < 26 {
            return out;
        }
        column = column / 26 - 1;
    }
}

/// One fault for one cause: faults of one column of a sheet that say the same become one that names all its rows.
pub fn together(faults: Vec<Fault>) -> Vec<Fault> {
    let mut first: HashMap<(Option<String>, Place, String), usize> = HashMap::new();
    let mut out: Vec<Fault> = Vec::new();
    for fault in faults {
        if let Some(place) = &fault.place {
            let cause =
                (fault.file.clone(), Place { rows: Vec::new(), ..place.as_ref().clone() }, fault.message.clone());
            if let Some(&i) = first.get(&cause) {
                if let Some(kept) = &mut out[i].place {
                    let new = place.rows.iter().filter(|r| !kept.rows.contains(r)).copied().collect::<Vec<_>>();
                    kept.rows.extend(new);
                }
                out[i].stands_for = out[i].stands_for.saturating_add(fault.stands_for);
                continue;
            }
            first.insert(cause, out.len());
        }
        out.push(fault);
    }
    out
}

impl Fault {
    /// A fault at a JSON path.
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Fault {
        Fault { file: None, position: None, place: None, path: path.into(), message: message.into(), stands_for: 1 }
    }

    /// An id that stands twice.
    pub fn duplicate(path: impl Into<String>, id: &str) -> Fault {
        Fault::new(
            path,
            tr!(
                "the id \"{id}\" stands twice; give each its own",
                "l'identifiant « {id} » figure deux fois ; donnez à chacun le sien"
            ),
        )
    }

    /// An id without a letter.
    pub fn empty_id(path: impl Into<String>) -> Fault {
        Fault::new(path, tr!("an id may not be empty", "un identifiant ne peut pas être vide"))
    }

    /// An id that names nothing; the nearest known one is proposed.
    pub fn unknown<S: AsRef<str>>(
        path: impl Into<String>,
        what: &str,
        id: &str,
        known: impl IntoIterator<Item = S>,
    ) -> Fault {
        let nearest = nearest(id, known);
        let hint = match nearest {
            Some(k) => tr!(" (did you mean \"{k}\"?)", " (vouliez-vous dire « {k} » ?)"),
            None => String::new(),
        };
        let unknown = unknown_kind(what);
        Fault::new(path, tr!("{unknown} \"{id}\"{hint}", "{unknown} : « {id} »{hint}"))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}:")?;
        }
        if let Some((line, column)) = self.position {
            write!(f, "{line}:{column}:")?;
        }
        if self.file.is_some() || self.position.is_some() {
            write!(f, " ")?;
        }
        match &self.place {
            Some(place) => write!(f, "{place}: ")?,
            None if !self.path.is_empty() => write!(f, "{}: ", self.path)?,
            None => {}
        }
        write!(f, "{}", self.message)
    }
}

/// Whether a message says that an id of that kind names nothing.
pub fn is_unknown(what: &str, message: &str) -> bool {
    message.starts_with(&format!("{}{}", unknown_kind(what), tr!(" \"", " : «")))
}

/// `unknown exam`; in French with its gender.
fn unknown_kind(what: &str) -> String {
    match what {
        "exam" => tr!("unknown exam", "épreuve inconnue"),
        "paper" => tr!("unknown paper", "écrit inconnu"),
        "school" => tr!("unknown school", "établissement inconnu"),
        "centre" => tr!("unknown centre", "centre inconnu"),
        "group" => tr!("unknown group", "regroupement inconnu"),
        "examiner" => tr!("unknown examiner", "interrogateur inconnu"),
        "candidate" => tr!("unknown candidate", "candidat inconnu"),
        "room" => tr!("unknown room", "salle inconnue"),
        "time zone" => tr!("unknown time zone", "fuseau horaire inconnu"),
        "commune" => tr!("unknown commune", "commune inconnue"),
        "commission" => tr!("unknown commission", "commission inconnue"),
        "seat" => tr!("unknown seat", "siège inconnu"),
        "text" => tr!("unknown text", "texte inconnu"),
        "regulation" => tr!("unknown regulation", "règlement inconnu"),
        "qualification or examiner" => {
            tr!("unknown qualification or examiner", "compétence ou interrogateur inconnu")
        }
        other => tr!("unknown {other}", "inconnu ({other})"),
    }
}

/// The known word nearest to a mistyped one, case apart, if one is near enough to be meant.
pub fn nearest<S: AsRef<str>>(word: &str, known: impl IntoIterator<Item = S>) -> Option<String> {
    let small = word.to_lowercase();
    let length = word.chars().count();
    let near = |k: &str| osa_distance(&small, &k.to_lowercase());
    let best = known.into_iter().map(|k| (near(k.as_ref()), k.as_ref().to_string())).min();
    best.filter(|(d, _)| *d <= 1 + length / 4 && *d < length).map(|(_, k)| k)
}
