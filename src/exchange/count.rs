//! The count at the end of an import, for the clerk to check: what became of every row of every sheet.

use super::read::Sheet;
use crate::lang::plural;
use crate::tr;

/// What became of the rows of a sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetCount {
    /// The file, as the user named it.
    pub file: String,
    /// The sheet.
    pub name: String,
    /// Whether a spreadsheet program does not show the sheet.
    pub hidden: bool,
    /// The rows that were read.
    pub read: usize,
    /// Those of them that a spreadsheet program does not show.
    pub hidden_rows: usize,
    /// The rows that were not read, by reason.
    pub skipped: Vec<(String, usize)>,
}

impl SheetCount {
    /// The count of a sheet of which so many rows are read.
    pub fn new(sheet: &Sheet, read: usize) -> SheetCount {
        SheetCount {
            file: sheet.file.clone(),
            name: sheet.name.clone(),
            hidden: sheet.hidden,
            read,
            hidden_rows: sheet.lines().filter(|(_, line)| line.hidden).count(),
            skipped: Vec::new(),
        }
    }

    /// Counts rows that are not read, for a reason.
    pub fn skip(&mut self, why: String, rows: usize) {
        match self.skipped.iter_mut().find(|(w, _)| *w == why) {
            Some((_, n)) => *n += rows,
            None if rows > 0 => self.skipped.push((why, rows)),
            None => {}
        }
    }

    /// The line that says it.
    pub fn line(&self) -> String {
        let (name, read) = (&self.name, self.read);
        let s = plural(read);
        let mut parts = vec![tr!("{read} read", "{read} lue{s}")];
        if self.hidden_rows > 0 {
            let n = self.hidden_rows;
            let s = plural(n);
            parts.push(tr!("of these {n} hidden", "dont {n} masquée{s}"));
        }
        for (why, n) in &self.skipped {
            let s = plural(*n);
            parts.push(tr!("{n} not read ({why})", "{n} non lue{s} ({why})"));
        }
        if self.hidden {
            parts.push(tr!("hidden sheet", "feuille masquée"));
        }
        format!("  {name}{} {}", tr!(":", " :"), parts.join(", "))
    }
}
