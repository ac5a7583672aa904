//! A sheet whose headings are understood, its rows, and the log of what is wrong or was mended.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::count::SheetCount;

use chrono::NaiveDate;

use super::cell::{Cell, is_quoted};
use super::columns;
use super::headings::{Mapping, Meaning, Names, Part, heading_row, meanings};
use super::inspect::inspect;
use super::layout::{Column, Layout, Wants};
use super::mapping::{Said, no_heading, says_ignore};
use super::questions::{Question, Topic, of_value};
use super::read::{Line, Sheet};
use super::remarks::{notes, stretches};
use super::words::choice;
use crate::fault::{Fault, Faults, Place, letters};
use crate::instance::Clock;
use crate::instance::raw::RawSpan;
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
    said: HashSet<(String, String, usize)>,
}

/// A sheet that JSON paths come from.
#[derive(Debug)]
struct Source {
    file: String,
    sheet: String,
    headings: Vec<String>,
}

/// Where a JSON path comes from: there are many, so they are put in words only where a fault needs it.
#[derive(Clone, Copy, Debug)]
struct Origin {
    source: usize,
    row: usize,
    column: Option<usize>,
}

impl Log {
    /// The file and place of a JSON path, or of the nearest one above it.
    pub fn origin(&self, path: &str) -> Option<(String, Box<Place>)> {
        let mut path = path;
        let at = loop {
            if let Some(found) = self.places.get(path) {
                break found;
            }
            path = &path[..path.rfind(['.', '['])?];
        };
        let source = &self.sources[at.source];
        let heading = |c: usize| source.headings.get(c).map_or("", String::as_str);
        Some((source.file.clone(), place(&source.sheet, at.row, at.column.map(|c| (c, heading(c))))))
    }
}

/// A cell or a row; rows and columns from 0.
pub fn place(sheet: &str, row: usize, column: Option<(usize, &str)>) -> Box<Place> {
    Box::new(Place { sheet: sheet.into(), rows: vec![row], column: column.map(|(c, heading)| (c, heading.into())) })
}

/// A sheet whose headings are understood.
#[derive(Debug)]
pub struct Page {
    /// The sheet as read.
    pub sheet: Sheet,
    /// What it is about.
    pub layout: &'static Layout,
    /// What its columns mean.
    pub columns: Vec<Meaning>,
    heading_row: usize,
    /// Its number among the log's sources.
    source: usize,
    /// Cells in whose place the mapping file put another, by row and column.
    answered: HashMap<(usize, usize), Cell>,
}

impl Page {
    /// Understands a sheet's headings; says those that are missing, doubled or unknown, and what stands below them
    /// that cannot be read as it stands.
    pub fn new(sheet: Sheet, layout: &'static Layout, mapping: &Mapping, names: &Names, log: &mut Log) -> Page {
        let heading_row = heading_row(&sheet, layout, mapping, names);
        let headings = sheet.line(heading_row).map(Line::dense).unwrap_or_default();
        let columns = meanings(&headings, layout, mapping, names);
        let above = sheet.lines().filter(|(row, _)| *row < heading_row).count();
        let source = log.sources.len();
        let mut page = Page { sheet, layout, columns, heading_row, source, answered: HashMap::new() };
        page.answer(mapping, log);
        columns::settle(&mut page, names, log);
        let found = inspect(&mut page.sheet, heading_row, &page.columns);
        log.sources.push(Source {
            file: page.sheet.file.clone(),
            sheet: page.sheet.name.clone(),
            headings: headings.iter().map(Cell::shown).collect(),
        });
        page.headings(&headings, log);
        if let Some(&(row, column)) = found.unheaded.first() {
            let list = stretches(found.unheaded);
            let message = tr!(
                "cells below no heading, not read: {list}; give the column a heading, or clear them",
                "cellules sous aucun titre, non lues : {list} ; donnez un titre à la colonne, ou effacez-les"
            );
            log.notes.push(page.about(row, Some(column), message));
        }
        for (row, column, message) in found.findings {
            log.faults.add(|| page.about(row, column, message));
        }
        log.counts.push(page.count(above, found.torn));
        page
    }

    /// What becomes of the rows of the sheet.
    fn count(&self, above: usize, torn: usize) -> SheetCount {
        let rows = self.rows().count();
        let mut count = SheetCount::new(&self.sheet, rows);
        count.skip(tr!("above the headings", "au-dessus des titres"), above);
        count.skip(tr!("unreadable", "illisibles"), torn);
        count
    }

    /// Puts the values that the mapping file says in the place of the office's own.
    fn answer(&mut self, mapping: &Mapping, log: &mut Log) {
        for i in 0..self.columns.len() {
            let heading = self.heading_text(i);
            if matches!(self.columns[i], Meaning::Unknown)
                && let Some(Said::Heading(wanted)) = mapping.heading(self.layout.kind, &heading)
            {
                let message = no_heading(wanted, self.layout);
                let message = tr!("in the mapping file: {message}", "dans le fichier de correspondance : {message}");
                log.faults.push(self.about(self.heading_row, Some(i), message));
                self.columns[i] = Meaning::Ignored;
            }
            if !mapping.has_values(self.layout.kind) {
                continue;
            }
            let meant = |text: &str| mapping.value(self.layout.kind, &heading, text);
            let mut changed = Vec::new();
            for (row, cell) in self.filled(i) {
                let items = cell.items();
                let whole = meant(&cell.text()).map(str::to_string);
                let parts = || {
                    let any = items.iter().any(|t| meant(t).is_some());
                    let each = items.iter().map(|t| meant(t).unwrap_or(t)).filter(|t| !says_ignore(t));
                    any.then(|| each.collect::<Vec<_>>().join(", "))
                };
                if let Some(text) = whole.or_else(parts) {
                    let empty = text.is_empty() || says_ignore(&text);
                    changed.push((row, if empty { Cell::Empty } else { Cell::Text(text) }));
                }
            }
            for (row, cell) in changed {
                self.answered.insert((row, i), self.sheet.at(row, i).clone());
                self.sheet.set(row, i, cell);
            }
        }
    }

    /// The heading of a column as text.
    pub fn heading_text(&self, column: usize) -> String {
        self.sheet.at(self.heading_row, column).shown()
    }

    /// Whether the heading of a column is a cell that cannot be used.
    pub fn heading_is_broken(&self, column: usize) -> bool {
        matches!(self.sheet.at(self.heading_row, column), Cell::Broken(_))
    }

    /// The rows below the headings where a column is filled.
    pub fn filled(&self, column: usize) -> Vec<(usize, &Cell)> {
        self.rows().map(|r| (r.row, r.at(column))).filter(|(_, c)| !c.is_empty()).collect()
    }

    /// A cell by row and column.
    pub fn cell(&self, row: usize, column: usize) -> &Cell {
        self.sheet.at(row, column)
    }

    /// A fault or note at a column's heading.
    pub fn about_heading(&self, column: usize, message: String) -> Fault {
        self.about(self.heading_row, Some(column), message)
    }

    fn headings(&self, headings: &[Cell], log: &mut Log) {
        let (mut seen, mut aside, mut unread) = (BTreeMap::<String, usize>::new(), Vec::new(), Vec::new());
        for (i, meaning) in self.columns.iter().enumerate() {
            let shown = headings[i].shown();
            let name = match meaning {
                Meaning::Known(column) => format!("= {}", column.key),
                Meaning::Has(column, word) => format!("{} {word}", column.key),
                Meaning::Exam(exam, part) => format!("{part:?} {exam}"),
                Meaning::Centre(id) => format!("km {id}"),
                Meaning::Info(key) => {
                    aside.push(key.clone());
                    // Known columns kept in `info` share its keys.
                    let known = self.layout.columns.iter().find(|c| c.wants == Wants::Info && c.key == key);
                    known.map_or(format!("info {key}"), |c| format!("= {}", c.key))
                }
                Meaning::Ignored => continue,
                Meaning::Unknown => {
                    if let Cell::Broken(broken) = &headings[i]
                        && self.rows().any(|r| !r.at(i).is_empty())
                    {
                        log.faults.push(self.about(self.heading_row, Some(i), broken.message()));
                        continue;
                    }
                    if !shown.is_empty() && self.rows().any(|r| !r.at(i).is_empty()) {
                        unread.push(shown);
                    }
                    continue;
                }
            };
            // Several columns of one list are one list: "UAI 1", "UAI 2".
            let is_list = matches!(meaning, Meaning::Known(c) if c.wants == Wants::List);
            if let Some(other) = seen.insert(name, i).filter(|_| !is_list) {
                let other = letters(other);
                let message = tr!(
                    "this column and column {other} mean the same; keep one, or rename the other",
                    "cette colonne et la colonne {other} disent la même chose ; n'en gardez qu'une ou renommez l'autre"
                );
                log.faults.push(self.about(self.heading_row, Some(i), message));
            }
        }
        let found: Vec<String> = headings.iter().filter(|h| !h.is_empty()).map(Cell::shown).collect();
        for column in self.layout.columns.iter().filter(|c| c.needed && self.column(c.key).is_none()) {
            if self.sheet.is_empty() {
                break; // an empty sheet has nothing to say
            }
            let (wanted, found) = (column.heading(), found.join(", "));
            let message = tr!(
                "no column \"{wanted}\" among the headings ({found}); add it, or name it in a mapping file",
                "pas de colonne « {wanted} » parmi les titres ({found}) ; ajoutez-la ou nommez-la dans un fichier de correspondance"
            );
            log.faults.push(self.about(self.heading_row, None, message));
        }
        if !aside.is_empty() {
            let list = aside.join(", ");
            let message = tr!(
                "columns that no rule reads, kept with the information: {list}",
                "colonnes qu'aucune règle ne lit, gardées parmi les informations : {list}"
            );
            log.notes.push(self.about(self.heading_row, None, message));
        }
        if !unread.is_empty() {
            let list = unread.join(", ");
            let message = tr!("columns not read: {list}", "colonnes non lues : {list}");
            log.notes.push(self.about(self.heading_row, None, message));
        }
        for note in notes(&self.sheet, self.heading_row) {
            log.notes.push(Fault { file: Some(self.sheet.file.clone()), ..note });
        }
    }

    /// The rows below the headings that are not empty.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let below = self.sheet.lines().skip_while(|(row, _)| *row <= self.heading_row);
        below.filter(|(_, line)| !line.is_blank()).map(|(row, line)| Row { page: self, row, line })
    }

    /// The column of that key.
    pub fn column(&self, key: &str) -> Option<usize> {
        self.columns_of(key).next()
    }

    /// The columns of that key: a list may have several.
    pub fn columns_of<'k>(&self, key: &'k str) -> impl Iterator<Item = usize> + use<'_, 'k> {
        let of_key = move |m: &Meaning| matches!(m, Meaning::Known(c) if c.key == key);
        self.columns.iter().enumerate().filter(move |(_, m)| of_key(m)).map(|(i, _)| i)
    }

    /// A fault or note at a row, from 0, and a column.
    pub fn about(&self, row: usize, column: Option<usize>, message: String) -> Fault {
        Fault { file: Some(self.sheet.file.clone()), place: Some(self.place(row, column)), ..Fault::new("", message) }
    }

    fn place(&self, row: usize, column: Option<usize>) -> Box<Place> {
        place(&self.sheet.name, row, column.map(|c| (c, self.heading_text(c))).as_ref().map(|(c, h)| (*c, h.as_str())))
    }
}

/// A row of a page.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    page: &'a Page,
    row: usize,
    line: &'a Line,
}

static EMPTY: Cell = Cell::Empty;

impl<'a> Row<'a> {
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

    fn binds_to(&self, path: String, column: Option<usize>, log: &mut Log) {
        log.places.insert(path, Origin { source: self.page.source, row: self.row, column });
    }

    /// Says a fault at a column.
    pub fn fault(&self, key: &str, message: String, log: &mut Log) {
        log.faults.push(self.page.about(self.row, self.page.column(key), message));
    }

    /// Says a fault at a column by number.
    pub fn fault_at(&self, column: usize, message: String, log: &mut Log) {
        log.faults.push(self.page.about(self.row, Some(column), message));
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
        Some(self.filled(key, log)?.text())
    }

    /// An id: a text, whose leading zeros a number cell may have lost.
    pub fn id(&self, key: &str, log: &mut Log) -> Option<String> {
        let cell = self.filled(key, log)?;
        let column = self.page.column(key).unwrap_or_default();
        let once = (self.page.sheet.file.clone(), self.page.sheet.name.clone(), column);
        if matches!(cell, Cell::Number(_)) && log.said.insert(once) {
            let message = tr!(
                "a number read as the text \"{}\"; if numbers here begin with zeros, make the column a text column",
                "un nombre lu comme le texte « {} » ; si ces numéros commencent par des zéros, mettez la colonne au format Texte",
                cell.text()
            );
            self.note(Some(key), message, log);
        }
        Some(cell.text())
    }

    /// A date.
    pub fn date(&self, key: &str, log: &mut Log) -> Option<NaiveDate> {
        let cell = self.filled(key, log)?;
        let date = cell.date();
        if date.is_none() {
            self.fault(key, not_a_date(&cell.shown()), log);
        }
        date
    }

    /// An hour.
    pub fn clock(&self, key: &str, log: &mut Log) -> Option<Clock> {
        let cell = self.filled(key, log)?;
        let clock = cell.clock();
        if clock.is_none() {
            let shown = cell.shown();
            let message = tr!(
                "\"{shown}\" is not an hour; write 8h30 or 08:30",
                "« {shown} » n'est pas une heure ; écrivez 8h30 ou 08:30"
            );
            self.fault(key, message, log);
        }
        clock
    }

    /// Yes or no; empty is no.
    pub fn yes(&self, key: &str, log: &mut Log) -> bool {
        let Some(cell) = self.filled(key, log) else { return false };
        cell.yes().unwrap_or_else(|| {
            let shown = cell.shown();
            let message = tr!("\"{shown}\" is not yes or no", "« {shown} » n'est ni oui ni non");
            self.fault(key, message, log);
            false
        })
    }

    /// A whole number.
    pub fn whole(&self, key: &str, log: &mut Log) -> Option<u32> {
        let cell = self.filled(key, log)?;
        let whole = cell.whole();
        if whole.is_none() {
            let shown = cell.shown();
            let message = tr!(
                "\"{shown}\" is not a whole number of zero or more",
                "« {shown} » n'est pas un nombre entier, positif ou nul"
            );
            self.fault(key, message, log);
        }
        whole
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

    /// A stretch of a date from three columns.
    pub fn span(&self, log: &mut Log) -> Option<RawSpan> {
        let (date, from, to) = (self.date("date", log), self.clock("from", log), self.clock("to", log));
        Some(RawSpan { date: date?, from: from?, to: to? })
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
