//! What an import says, and which cell each part of the instance comes from.

use std::collections::{BTreeMap, HashSet};

use super::count::SheetCount;
use super::questions::Question;
use crate::fault::{Fault, Faults, Place, letters};
use crate::instance::hopeless::Warning;
use crate::tr;

/// What an import has to say: faults, and notes on what was mended, kept aside or taken for granted.
#[derive(Debug, Default)]
pub struct Log {
    /// What is wrong.
    pub faults: Faults,
    /// What is asked: each stands among the faults too.
    pub questions: Vec<Question>,
    /// What was done about what could be mended safely, and what deserves a look.
    pub notes: Faults,
    /// What became of the rows of each sheet.
    pub counts: Vec<SheetCount>,
    places: BTreeMap<String, Origin>,
    sources: Vec<Source>,
    once: HashSet<(String, String, usize)>,
}

/// A sheet that JSON paths come from.
#[derive(Debug)]
struct Source {
    file: String,
    sheet: String,
    headings: Vec<String>,
}

/// Where a JSON path comes from: there are many, so they are put in words only where a fault needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The number of the sheet among the log's.
    pub source: usize,
    /// The row, from 0.
    pub row: usize,
    /// The column, from 0, if it is about one.
    pub column: Option<usize>,
}

impl Log {
    /// How many sheets are known.
    pub fn sources(&self) -> usize {
        self.sources.len()
    }

    /// Takes in a sheet that JSON paths come from.
    pub fn add_source(&mut self, file: &str, sheet: &str, headings: Vec<String>) {
        self.sources.push(Source { file: file.into(), sheet: sheet.into(), headings });
    }

    /// Whether something was not said of a column of a sheet yet.
    pub fn first_of(&mut self, file: &str, sheet: &str, column: usize) -> bool {
        self.once.insert((file.into(), sheet.into(), column))
    }

    /// The file and place of a JSON path, or of the nearest one above it.
    pub fn origin(&self, path: &str) -> Option<(String, Box<Place>)> {
        Some(self.place_of(self.whence(path)?))
    }

    /// The cell of a JSON path as a spreadsheet names it: `B6`.
    pub fn cell(&self, path: &str) -> Option<String> {
        let origin = self.whence(path)?;
        Some(format!("{}{}", letters(origin.column?), origin.row + 1))
    }

    /// Where a JSON path comes from, or the nearest one above it.
    fn whence(&self, path: &str) -> Option<Origin> {
        let mut path = path;
        loop {
            if let Some(found) = self.places.get(path) {
                return Some(*found);
            }
            path = &path[..path.rfind(['.', '['])?];
        }
    }

    fn place_of(&self, at: Origin) -> (String, Box<Place>) {
        let source = &self.sources[at.source];
        let heading = |c: usize| source.headings.get(c).map_or("", String::as_str);
        (source.file.clone(), place(&source.sheet, at.row, at.column.map(|c| (c, heading(c)))))
    }

    /// Records where a JSON path comes from.
    pub fn bind(&mut self, path: String, origin: Origin) {
        self.places.insert(path, origin);
    }

    /// A fault or note at a cell.
    pub fn fault_at(&self, origin: Origin, message: String) -> Fault {
        let (file, place) = self.place_of(origin);
        Fault { file: Some(file), place: Some(place), ..Fault::new("", message) }
    }

    /// A fault or note at the cell from which a JSON path comes.
    pub fn fault_of(&self, path: &str, message: String) -> Fault {
        let (file, place) = self.origin(path).unzip();
        Fault { file, place, ..Fault::new(path, message) }
    }

    /// What the instance as a whole gives rise to, at the cells that it comes from.
    pub fn remark(&self, warning: &Warning) -> Fault {
        let mut message = warning.message.clone();
        let mut others: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let own = self.whence(&warning.path).map(|o| (o.source, o.row));
        let elsewhere = warning.also.iter().filter_map(|path| self.whence(path));
        for origin in elsewhere.filter(|o| own != Some((o.source, o.row))) {
            others.entry(origin.source).or_default().push(origin.row + 1);
        }
        for (source, rows) in others {
            let (sheet, rows) = (&self.sources[source].sheet, rows_in_words(rows));
            message += &tr!(" (also: sheet \"{sheet}\", {rows})", " (aussi : feuille « {sheet} », {rows})");
        }
        self.fault_of(&warning.path, message)
    }
}

/// Rows, from 1, in words: `rows 3, 5 to 9`.
pub fn rows_in_words(mut rows: Vec<usize>) -> String {
    rows.sort_unstable();
    rows.dedup();
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &row in &rows {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == row => *last = row,
            _ => runs.push((row, row)),
        }
    }
    let run = |&(first, last): &(usize, usize)| match last - first {
        0 => vec![first.to_string()],
        1 => vec![first.to_string(), last.to_string()],
        _ => vec![tr!("{first} to {last}", "{first} à {last}")],
    };
    let list = runs.iter().flat_map(run).collect::<Vec<_>>().join(", ");
    if rows.len() == 1 { tr!("row {list}", "ligne {list}") } else { tr!("rows {list}", "lignes {list}") }
}

/// A cell or a row; rows and columns from 0.
pub fn place(sheet: &str, row: usize, column: Option<(usize, &str)>) -> Box<Place> {
    Box::new(Place { sheet: sheet.into(), rows: vec![row], column: column.map(|(c, heading)| (c, heading.into())) })
}
