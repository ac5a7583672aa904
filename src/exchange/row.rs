//! A row of a page, and its cells as what their columns want.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::cell::{Cell, is_quoted};
use super::headings::{Meaning, Part};
use super::layout::{Column, Wants};
use super::log::{Log, Origin};
use super::page::Page;
use super::questions::{Topic, of_value};
use super::read::Line;
use super::words::choice;
use crate::fault::Fault;
use crate::instance::Clock;
use crate::tr;

/// A row of a page.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    page: &'a Page,
    row: usize,
    line: &'a Line,
}

static EMPTY: Cell = Cell::Empty;

impl<'a> Row<'a> {
    /// A row of a page, from 0, with its cells.
    pub(super) fn new(page: &'a Page, row: usize, line: &'a Line) -> Row<'a> {
        Row { page, row, line }
    }

    /// The cell of a column by number.
    pub fn at(&self, column: usize) -> &'a Cell {
        self.line.at(column)
    }

    /// The cell of a column by key; empty where there is no such column.
    pub fn cell(&self, key: &str) -> &'a Cell {
        self.page.column(key).map_or(&EMPTY, |c| self.at(c))
    }

    /// The number of a column by key.
    pub fn column(&self, key: &str) -> Option<usize> {
        self.page.column(key)
    }

    /// The heading of a column.
    pub fn heading(&self, column: usize) -> String {
        self.page.heading_text(column)
    }

    /// Whether the cell holds what cannot be used at all, which is said.
    pub fn refuses(&self, key: &str, log: &mut Log) -> bool {
        !self.cell(key).is_empty() && self.filled(key, log).is_none()
    }

    /// Whether the mapping file put another value into the cell.
    pub fn answered(&self, key: &str) -> bool {
        self.column(key).is_some_and(|c| self.page.answered.contains_key(&(self.row, c)))
    }

    /// The text of a cell as the office wrote it.
    pub fn original(&self, key: &str) -> Option<String> {
        let column = self.column(key)?;
        let cell = self.page.answered.get(&(self.row, column)).unwrap_or(self.at(column));
        (!cell.is_empty()).then(|| cell.text())
    }

    /// Asks what a value means.
    pub fn ask(&self, column: usize, value: &Cell, topic: Topic, log: &mut Log) {
        let at = self.page.about(self.row, Some(column), String::new());
        let (question, fault) = of_value(at, topic, &value.shown(), self.page.layout);
        log.questions.push(question);
        log.faults.push(fault);
    }

    /// A name that no other row has, for a row whose id is missing.
    pub fn placeholder(&self) -> String {
        format!("?{}:{}", self.page.sheet.name, self.row + 1)
    }

    /// Records where a JSON path comes from.
    pub fn binds(&self, path: impl Into<String>, key: Option<&str>, log: &mut Log) {
        self.binds_to(path.into(), key.and_then(|k| self.page.column(k)), log);
    }

    /// Records where a JSON path comes from, by the number of the column.
    pub fn binds_column(&self, path: impl Into<String>, column: usize, log: &mut Log) {
        self.binds_to(path.into(), Some(column), log);
    }

    /// Records where a JSON path comes from, by the number of the column or as the row.
    pub fn binds_to(&self, path: String, column: Option<usize>, log: &mut Log) {
        log.bind(path, self.origin(column));
    }

    /// Where a cell of the row comes from, or the row.
    pub fn origin(&self, column: Option<usize>) -> Origin {
        self.page.origin(self.row, column)
    }

    /// The row's number in the sheet, from 0.
    pub fn number(&self) -> usize {
        self.row
    }

    /// Says a fault at a column.
    pub fn fault(&self, key: &str, message: String, log: &mut Log) {
        log.faults.push(self.page.about(self.row, self.page.column(key), message));
    }

    /// Says a fault at a column by number.
    pub fn fault_at(&self, column: usize, message: String, log: &mut Log) {
        log.faults.push(self.page.about(self.row, Some(column), message));
    }

    /// A fault or note at a column by number.
    pub fn about(&self, column: usize, message: String) -> Fault {
        self.page.about(self.row, Some(column), message)
    }

    /// Says what was mended at a column by number.
    pub fn note_at(&self, column: usize, message: String, log: &mut Log) {
        log.notes.push(self.page.about(self.row, Some(column), message));
    }

    /// Says what was mended.
    pub fn note(&self, key: Option<&str>, message: String, log: &mut Log) {
        log.notes.push(self.page.about(self.row, key.and_then(|k| self.page.column(k)), message));
    }

    /// The column of the layout of that key.
    pub fn wanted(&self, key: &str) -> &'static Column {
        self.page.layout.column(key)
    }

    /// The cell where it holds something; says that it is missing where it is needed.
    fn filled(&self, key: &str, log: &mut Log) -> Option<&'a Cell> {
        self.filled_at(key, self.page.column(key)?, log)
    }

    fn filled_at(&self, key: &str, column: usize, log: &mut Log) -> Option<&'a Cell> {
        let cell = self.at(column);
        if cell.is_empty() {
            if self.wanted(key).needed {
                let example = self.wanted(key).example;
                self.fault(
                    key,
                    tr!(
                        "empty; a value is needed, such as {example}",
                        "vide ; il faut une valeur, par exemple {example}"
                    ),
                    log,
                );
            }
            return None;
        }
        if matches!(cell, Cell::Broken(_)) {
            return None; // said when the page was looked through
        }
        Some(cell)
    }

    /// A text, or nothing.
    pub fn text(&self, key: &str, log: &mut Log) -> Option<String> {
        let cell = self.filled(key, log)?;
        self.remark_type(self.page.column(key)?, log);
        Some(cell.text())
    }

    /// Remarks a date, an hour or a truth value where a text is wanted: a spreadsheet program may have made it of one. A date in
    /// place of a name or a number is a fault already.
    fn remark_type(&self, column: usize, log: &mut Log) {
        // Values of settings are of all kinds.
        let (named, setting) = match self.page.columns.get(column) {
            Some(Meaning::Known(c)) => (matches!(c.wants, Wants::Text | Wants::Id(_)), c.key == "value"),
            _ => (false, false),
        };
        if setting || (named && !matches!(self.at(column), Cell::Bool(_))) {
            return;
        }
        if let cell @ (Cell::Date(_) | Cell::Clock(_) | Cell::Bool(_)) = self.at(column) {
            let shown = cell.text();
            let message = match cell {
                Cell::Date(_) => {
                    tr!(
                        "a date where a text is wanted; read as \"{shown}\"",
                        "une date où il faut un texte ; lue comme « {shown} »"
                    )
                }
                Cell::Clock(_) => {
                    tr!(
                        "an hour where a text is wanted; read as \"{shown}\"",
                        "une heure où il faut un texte ; lue comme « {shown} »"
                    )
                }
                _ => tr!(
                    "true or false where a text is wanted; read as \"{shown}\"",
                    "vrai ou faux où il faut un texte ; lu comme « {shown} »"
                ),
            };
            self.note_at(column, message, log);
        }
    }

    /// An id: a text, whose leading zeros a number cell may have lost.
    pub fn id(&self, key: &str, log: &mut Log) -> Option<String> {
        let cell = self.filled(key, log)?;
        let column = self.page.column(key).unwrap_or_default();
        let sheet = &self.page.sheet;
        if matches!(cell, Cell::Number(_)) && log.first_of(&sheet.file, &sheet.name, column) {
            let message = tr!(
                "a number read as the text \"{}\"; if numbers here begin with zeros, make the column a text column",
                "un nombre lu comme le texte « {} » ; si ces numéros commencent par des zéros, mettez la colonne au format Texte",
                cell.text()
            );
            self.note(Some(key), message, log);
        }
        self.remark_type(column, log);
        Some(cell.text())
    }

    /// A date.
    pub fn date(&self, key: &str, log: &mut Log) -> Option<NaiveDate> {
        let cell = self.filled(key, log)?;
        self.date_in(key, cell, log)
    }

    fn date_in(&self, key: &str, cell: &Cell, log: &mut Log) -> Option<NaiveDate> {
        let message = match self.page.date_of(cell) {
            Ok(Some(date)) => return Some(date),
            Ok(None) => not_a_date(&cell.shown()),
            Err(message) => message,
        };
        self.fault(key, message, log);
        None
    }

    /// The part of one date that a cell names.
    pub fn half_day_at(&self, key: &str) -> Option<super::grid::Slot> {
        self.page.half_day_of(self.cell(key))
    }

    /// The dates of a row: several in one cell (`3/6, 4/6`, `du 3/6 au 5/6`), or from one column to another.
    pub fn dates(&self, log: &mut Log) -> Vec<NaiveDate> {
        let Some(cell) = self.filled("date", log) else { return Vec::new() };
        let until = if self.cell("until").is_empty() { None } else { self.date("until", log) };
        let stretch = |from: NaiveDate, to: Option<NaiveDate>, log: &mut Log| match to {
            None => vec![from],
            Some(to) if from <= to => self.page.dates_between(from, to),
            Some(_) => {
                let message = tr!("the last date comes before the first", "la dernière date précède la première");
                self.fault("date", message, log);
                Vec::new()
            }
        };
        if matches!(self.page.date_of(cell), Ok(Some(_)) | Err(_)) || !matches!(cell, Cell::Text(_)) {
            let date = self.date_in("date", cell, log);
            return date.into_iter().flat_map(|date| stretch(date, until, log)).collect();
        }
        let text = cell.text().replace(" et ", ",").replace(" & ", ",");
        let part = |t: &str| Cell::Text(t.trim().trim_start_matches("du ").trim_start_matches("le ").to_string());
        let mut out = Vec::new();
        for item in text.split([',', ';', '\n']).filter(|t| !t.trim().is_empty()) {
            let (from, to) = item.split_once(" au ").map_or((item, None), |(from, to)| (from, Some(to)));
            let Some(from) = self.date_in("date", &part(from), log) else { continue };
            let to = match to {
                Some(to) => match self.date_in("date", &part(to), log) {
                    Some(to) => Some(to),
                    None => continue,
                },
                None => until,
            };
            out.extend(stretch(from, to, log));
        }
        out
    }

    /// A value of a kind; a cell that holds another is a fault, in the words of `wrong`.
    fn read<T>(&self, key: &str, read: fn(&Cell) -> Option<T>, wrong: fn(&str) -> String, log: &mut Log) -> Option<T> {
        let cell = self.filled(key, log)?;
        let value = read(cell);
        if value.is_none() {
            self.fault(key, wrong(&cell.shown()), log);
        }
        value
    }

    /// An hour.
    pub fn clock(&self, key: &str, log: &mut Log) -> Option<Clock> {
        let wrong = |shown: &str| {
            tr!(
                "\"{shown}\" is not an hour; write 8h30 or 08:30",
                "« {shown} » n'est pas une heure ; écrivez 8h30 ou 08:30"
            )
        };
        self.read(key, Cell::clock, wrong, log)
    }

    /// Yes or no; empty is no.
    pub fn yes(&self, key: &str, log: &mut Log) -> bool {
        let wrong = |shown: &str| tr!("\"{shown}\" is not yes or no", "« {shown} » n'est ni oui ni non");
        self.read(key, Cell::yes, wrong, log).unwrap_or(false)
    }

    /// A whole number.
    pub fn whole(&self, key: &str, log: &mut Log) -> Option<u32> {
        let wrong = |shown: &str| {
            tr!(
                "\"{shown}\" is not a whole number of zero or more",
                "« {shown} » n'est pas un nombre entier, positif ou nul"
            )
        };
        self.read(key, Cell::whole, wrong, log)
    }

    /// A list; empty where the cell is. Several columns of one list are one list.
    pub fn items(&self, key: &str, log: &mut Log) -> Vec<String> {
        self.list(key, log).into_iter().map(|(_, item, _)| item).collect()
    }

    /// A list as the number of the column, the item and whether it is quoted.
    pub fn list(&self, key: &str, log: &mut Log) -> Vec<(usize, String, bool)> {
        let mut out = Vec::new();
        for (column, meaning) in self.page.columns.iter().enumerate() {
            match meaning {
                Meaning::Known(c) if c.key == key => {
                    let parts = self.filled_at(key, column, log).map(Cell::parts).unwrap_or_default();
                    self.remark_type(column, log);
                    out.extend(parts.into_iter().map(|(item, quoted)| (column, item, quoted)));
                }
                Meaning::Has(c, word)
                    if c.key == key
                        && self.at(column).yes() == Some(true)
                        && out.iter().all(|(_, other, _)| other != word) =>
                {
                    out.push((column, word.clone(), true));
                }
                _ => {}
            }
        }
        out
    }

    /// A list that may be absent: an empty cell is no list, `(aucun)` an empty one.
    pub fn only(&self, key: &str, log: &mut Log) -> Option<Vec<String>> {
        let cell = self.filled(key, log)?;
        Some(if says_none(cell) { Vec::new() } else { cell.items() })
    }

    /// One of the column's words, as the English one.
    pub fn choice(&self, key: &str, log: &mut Log) -> Option<&'static str> {
        let cell = self.filled(key, log)?;
        let Wants::OneOf(words) = self.wanted(key).wants else { unreachable!("choices are asked of such columns") };
        let found = choice(&cell.text(), words);
        if found.is_none() {
            self.fault(key, not_among(&cell.shown(), words), log);
        }
        found
    }

    /// The cells of the exam columns: exam, part, number of the column.
    pub fn exams(&self) -> impl Iterator<Item = (&'a str, Part, usize)> {
        self.page.columns.iter().enumerate().filter_map(|(i, m)| match m {
            Meaning::Exam(exam, part) => Some((exam.as_str(), *part, i)),
            _ => None,
        })
    }

    /// The columns of centres.
    pub fn centres(&self) -> impl Iterator<Item = (&'a str, usize)> {
        self.page.columns.iter().enumerate().filter_map(|(i, m)| match m {
            Meaning::Centre(id) => Some((id.as_str(), i)),
            _ => None,
        })
    }

    /// The texts that no rule reads.
    pub fn info(&self) -> BTreeMap<String, String> {
        let keys = self.page.columns.iter().enumerate().filter_map(|(i, m)| match m {
            Meaning::Info(key) => Some((key.clone(), self.at(i))),
            Meaning::Known(c) if c.wants == Wants::Info => Some((c.key.to_string(), self.at(i))),
            _ => None,
        });
        keys.filter(|(_, cell)| !cell.is_empty()).map(|(key, cell)| (key, cell.text())).collect()
    }

    /// The cells that no rule reads, and those of the name.
    pub fn kept(&self) -> impl Iterator<Item = (usize, &'a Cell)> {
        let kept = |m: &Meaning| match m {
            Meaning::Info(_) => true,
            Meaning::Known(c) => c.wants == Wants::Info || matches!(c.key, "name" | "first_name"),
            _ => false,
        };
        let all = self.page.columns.iter().enumerate().filter(move |(_, m)| kept(m));
        all.map(|(i, _)| (i, self.at(i))).filter(|(_, cell)| !cell.is_empty())
    }

    /// Full name from family name and first name.
    pub fn full_name(&self, log: &mut Log) -> Option<String> {
        match (self.text("name", log), self.text("first_name", log)) {
            (Some(name), Some(first)) => Some(format!("{name} {first}")),
            (name, first) => name.or(first),
        }
    }
}

/// The message for what is not a date.
pub fn not_a_date(shown: &str) -> String {
    tr!(
        "\"{shown}\" is not a date; write 03/06/2024 (day, month, year) or 2024-06-03",
        "« {shown} » n'est pas une date ; écrivez 03/06/2024 (jour, mois, année) ou 2024-06-03"
    )
}

/// The message for what is none of a column's words.
pub fn not_among(shown: &str, words: &[(&str, &str)]) -> String {
    let list = words.iter().map(|(fr, en)| tr!("{en}", "{fr}")).collect::<Vec<_>>().join(", ");
    tr!("\"{shown}\" is not one of: {list}", "« {shown} » n'est pas l'une de ces valeurs : {list}")
}

/// `(aucun)`: an empty list, said on purpose.
pub fn says_none(cell: &Cell) -> bool {
    !is_quoted(cell) && matches!(cell, Cell::Text(t) if t == "(aucun)" || t == "(none)")
}
