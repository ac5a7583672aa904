//! A sheet whose headings are understood, its rows, and the log of what is wrong or was mended.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use super::asides::asides;
use super::cell::{Cell, is_quoted};
use super::count::SheetCount;
use super::grid::settle;
use super::headings::{Mapping, Meaning, Names, Part, heading_row, meanings, plain};
use super::inspect::inspect;
use super::layout::{Column, Kind, Layout, Wants};
use super::read::{Line, Sheet};
use super::remarks::{notes, stretches};
use super::titles;
use crate::fault::{Fault, Faults};
use crate::instance::Clock;
use crate::instance::hopeless::Warning;
use crate::instance::raw::RawSpan;
use crate::tr;

/// What an import has to say: faults, and notes on what was mended, kept aside or taken for granted.
#[derive(Debug, Default)]
pub struct Log {
    /// What is wrong.
    pub faults: Faults,
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
    /// The file and place of a JSON path, or of the nearest one above it.
    pub fn origin(&self, path: &str) -> Option<(String, String)> {
        Some(self.place_of(self.whence(path)?))
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

    fn place_of(&self, at: Origin) -> (String, String) {
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

/// A place in words; rows and columns from 0.
pub fn place(sheet: &str, row: usize, column: Option<(usize, &str)>) -> String {
    let row = row + 1;
    match column {
        None => tr!("sheet \"{sheet}\", row {row}", "feuille « {sheet} », ligne {row}"),
        Some((column, heading)) => {
            let letters = letters(column);
            let heading = if heading.is_empty() { String::new() } else { format!(" ({heading})") };
            tr!(
                "sheet \"{sheet}\", row {row}, column {letters}{heading}",
                "feuille « {sheet} », ligne {row}, colonne {letters}{heading}"
            )
        }
    }
}

/// `A`, `B` … `Z`, `AA` …
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

/// A sheet whose headings are understood.
#[derive(Debug)]
pub struct Page {
    /// The sheet as read.
    pub sheet: Sheet,
    /// What it is about.
    pub layout: &'static Layout,
    /// What its columns mean.
    pub columns: Vec<Meaning>,
    /// Whether the sheet's name says that it is about when people are not free.
    pub inverse: bool,
    /// The row of the headings, from 0.
    pub(super) heading_row: usize,
    /// Rows that are a part of another one, from 0.
    pub(super) aside: HashSet<usize>,
    /// Cells whose value comes from another row or column.
    taken: HashMap<(usize, usize), (usize, usize)>,
    /// The sheet's name, or the one that a mapping file gives it.
    title: String,
    /// Its number among the log's sources.
    source: usize,
}

impl Page {
    /// Understands a sheet's headings; says those that are missing, doubled or unknown, and what stands below them
    /// that cannot be read as it stands.
    pub fn new(sheet: Sheet, layout: &'static Layout, mapping: &Mapping, names: &Names, log: &mut Log) -> Page {
        let heading_row = heading_row(&sheet, layout, mapping, names);
        let headings = sheet.line(heading_row).map(Line::dense).unwrap_or_default();
        let columns = meanings(&headings, layout, mapping, names);
        let title = mapping.title(&sheet.name).to_string();
        let (inverse, aside, taken) = (titles::says_away(&title), HashSet::new(), HashMap::new());
        let source = log.sources.len();
        let mut page = Page { sheet, layout, columns, inverse, heading_row, aside, taken, title, source };
        if layout.kind == Kind::Availabilities {
            settle(&mut page, &names.dates, |row| meanings(row, layout, mapping, names), log);
        }
        let headings = page.sheet.line(page.heading_row).map(Line::dense).unwrap_or_default();
        log.sources.push(Source {
            file: page.sheet.file.clone(),
            sheet: page.sheet.name.clone(),
            headings: headings.iter().map(Cell::shown).collect(),
        });
        let above = page.sheet.lines().filter(|(row, _)| *row < page.heading_row).count();
        // Before it is judged what stands in the others: a total has fewer fields than the headings.
        let asides = asides(&page, log);
        asides.iter().for_each(|(row, _)| page.sheet.remove_line(*row));
        let found = inspect(&mut page.sheet, page.heading_row, &page.columns);
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
        let mut count = SheetCount::new(&page.sheet, page.rows().count());
        count.skip(tr!("above the headings", "au-dessus des titres"), above);
        count.skip(tr!("unreadable", "illisibles"), found.torn);
        for (_, aside) in asides {
            count.skip(aside.reason(), 1);
        }
        log.counts.push(count);
        page
    }

    /// Whom the sheet's name says that it is about: candidates, rooms or examiners.
    pub fn whom(&self) -> Option<&'static str> {
        titles::whom(&self.title)
    }

    /// A cell; empty where the row ends before.
    pub fn cell(&self, row: usize, column: usize) -> &Cell {
        self.sheet.at(row, column)
    }

    /// Puts into a cell what stands in another, which stays its place in every message.
    pub(super) fn take(&mut self, row: usize, column: usize, from: (usize, usize), value: Cell) {
        self.sheet.set(row, column, value);
        let from = self.taken.get(&from).copied().unwrap_or(from);
        self.taken.insert((row, column), from);
    }

    fn headings(&self, headings: &[Cell], log: &mut Log) {
        let (mut seen, mut aside, mut unread) = (BTreeMap::<String, usize>::new(), Vec::new(), Vec::new());
        for (i, meaning) in self.columns.iter().enumerate() {
            let heading = headings.get(i).unwrap_or(&EMPTY);
            let shown = heading.shown();
            let name = match meaning {
                Meaning::Known(column) => format!("= {}", column.key),
                Meaning::Exam(exam, part) => format!("{part:?} {exam}"),
                Meaning::RowExam => "exam of the row".into(),
                Meaning::RowPart(part) => format!("{part:?} of the row"),
                Meaning::Slot(slot) => format!("{slot:?}"),
                Meaning::Centre(id) => format!("km {id}"),
                Meaning::Info(key) => {
                    aside.push(key.clone());
                    // Known columns kept in `info` share its keys.
                    let known = self.layout.columns.iter().find(|c| c.wants == Wants::Info && c.key == key);
                    known.map_or(format!("info {key}"), |c| format!("= {}", c.key))
                }
                Meaning::Ignored => continue,
                Meaning::Unknown => {
                    if let Cell::Broken(broken) = heading
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
            if let Some(other) = seen.insert(name, i) {
                let other = letters(other);
                let message = tr!(
                    "this column and column {other} mean the same; keep one, or rename the other",
                    "cette colonne et la colonne {other} disent la même chose ; n'en gardez qu'une ou renommez l'autre"
                );
                log.faults.push(self.about(self.heading_row, Some(i), message));
            }
        }
        let found: Vec<String> = headings.iter().filter(|h| !h.is_empty()).map(Cell::shown).collect();
        let grid = self.columns.iter().any(|m| matches!(m, Meaning::Slot(_)));
        let lacking = |c: &&Column| c.needed && self.column(c.key).is_none() && !(grid && c.key == "date");
        for column in self.layout.columns.iter().filter(lacking) {
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
        let records = below.filter(|(row, line)| !line.is_blank() && !self.aside.contains(row));
        records.map(|(row, line)| Row { page: self, row, line })
    }

    /// The column of that key.
    pub fn column(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|m| matches!(m, Meaning::Known(c) if c.key == key))
    }

    /// A fault or note at a row, from 0, and a column.
    pub fn about(&self, row: usize, column: Option<usize>, message: String) -> Fault {
        Fault { file: Some(self.sheet.file.clone()), place: Some(self.place(row, column)), ..Fault::new("", message) }
    }

    /// The row and column in which a cell stood in the file.
    fn whence(&self, row: usize, column: Option<usize>) -> (usize, Option<usize>) {
        let taken = column.and_then(|c| self.taken.get(&(row, c)));
        taken.map_or((row, column), |&(row, column)| (row, Some(column)))
    }

    fn place(&self, row: usize, column: Option<usize>) -> String {
        let (row, column) = self.whence(row, column);
        let heading = |c: usize| self.sheet.at(self.heading_row, c).shown();
        match column {
            None => place(&self.sheet.name, row, None),
            Some(c) => place(&self.sheet.name, row, Some((c, &heading(c)))),
        }
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
        log.bind(path, self.origin(column));
    }

    /// Where a cell of the row comes from, or the row.
    pub fn origin(&self, column: Option<usize>) -> Origin {
        let (row, column) = self.page.whence(self.row, column);
        Origin { source: self.page.source, row, column }
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

    /// Says what was mended.
    pub fn note(&self, key: Option<&str>, message: String, log: &mut Log) {
        log.notes.push(self.page.about(self.row, key.and_then(|k| self.page.column(k)), message));
    }

    fn wanted(&self, key: &str) -> &'static Column {
        self.page.layout.column(key)
    }

    /// The cell where it holds something; says that it is missing where it is needed.
    fn filled(&self, key: &str, log: &mut Log) -> Option<&'a Cell> {
        let column = self.page.column(key)?;
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

    /// A list; empty where the cell is.
    pub fn items(&self, key: &str, log: &mut Log) -> Vec<String> {
        self.filled(key, log).map(Cell::items).unwrap_or_default()
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
        let found = one_of(cell, words);
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

/// The English word of a cell among a column's.
pub fn one_of(cell: &Cell, words: &[(&'static str, &'static str)]) -> Option<&'static str> {
    let bare = plain(&cell.text());
    words.iter().find(|(fr, en)| plain(fr) == bare || plain(en) == bare).map(|(_, en)| *en)
}

/// `(aucun)`: an empty list, said on purpose.
pub fn says_none(cell: &Cell) -> bool {
    !is_quoted(cell) && matches!(cell, Cell::Text(t) if t == "(aucun)" || t == "(none)")
}
