//! A sheet whose headings are understood.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use super::asides::asides;
use super::cell::Cell;
use super::columns;
use super::count::SheetCount;
use super::grid::{self, Slot};
use super::headings::{Mapping, Meaning, Names, heading_row, meanings};
use super::inspect::inspect;
use super::layout::{Column, Kind, Layout, Wants};
pub use super::log::{Log, Origin, place, rows_in_words};
use super::mapping::{Said, no_heading, says_ignore};
use super::read::{Line, Sheet};
use super::remarks::{blank_rows, notes, stretches};
pub use super::row::{Row, not_a_date, not_among, says_none};
use super::titles;
use crate::fault::{Fault, Place, letters};
use crate::tr;

/// A sheet whose headings are understood.
#[derive(Debug)]
pub struct Page {
    /// The sheet as read.
    pub sheet: Sheet,
    /// What it is about.
    pub layout: &'static Layout,
    /// What its columns mean.
    pub columns: Vec<Meaning>,
    /// How many of them stand in the file; the others came from other rows and sheets.
    pub(super) own_columns: usize,
    /// Whether the sheet's name says that it is about when people are not free.
    pub inverse: bool,
    /// The row of the headings, from 0.
    pub(super) heading_row: usize,
    /// Rows that are a part of another one, from 0.
    pub(super) aside: HashSet<usize>,
    /// Cells whose value comes from another row or column.
    taken: HashMap<(usize, usize), (usize, usize)>,
    /// Cells whose value comes from another sheet: its file, the place there and what it is for the log.
    foreign: HashMap<(usize, usize), (String, Box<Place>, Origin)>,
    /// The sheet's name, or the one that a mapping file gives it.
    title: String,
    /// Its number among the log's sources.
    pub(super) source: usize,
    /// The calendar's dates, where they are known.
    dates: Vec<NaiveDate>,
    /// Cells in whose place the mapping file put another, by row and column.
    pub(super) answered: HashMap<(usize, usize), Cell>,
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

impl Page {
    /// Understands a sheet's headings; says those that are missing, doubled or unknown, and what stands below them
    /// that cannot be read as it stands.
    pub fn new(sheet: Sheet, layout: &'static Layout, mapping: &Mapping, names: &Names, log: &mut Log) -> Page {
        let heading_row = heading_row(&sheet, layout, mapping, names);
        let headings = sheet.line(heading_row).map(Line::dense).unwrap_or_default();
        let columns = meanings(&headings, layout, mapping, names);
        let title = mapping.title(&sheet.name).to_string();
        let mut page = Page {
            sheet,
            layout,
            columns,
            own_columns: 0,
            inverse: titles::says_away(&title),
            heading_row,
            aside: HashSet::new(),
            taken: HashMap::new(),
            foreign: HashMap::new(),
            title,
            source: log.sources(),
            dates: names.dates.clone(),
            answered: HashMap::new(),
        };
        if layout.may_be_grid() {
            grid::settle(&mut page, &names.dates, |row| meanings(row, layout, mapping, names), log);
            grid::by_person(&mut page, names.examiners.clone(), log);
        }
        page.answer(mapping, log);
        // Totals and legends say nothing of what a column is about.
        page.aside = asides(&page, &mut Log::default()).into_iter().map(|(row, _)| row).collect();
        columns::settle(&mut page, names, log);
        page.own_columns = page.columns.len();
        page.aside.clear();
        let headings = page.sheet.line(page.heading_row).map(Line::dense).unwrap_or_default();
        log.add_source(&page.sheet.file, &page.sheet.name, headings.iter().map(Cell::shown).collect());
        let above = page.sheet.lines().filter(|(row, _)| *row < page.heading_row).count();
        // Before it is judged what stands in the others: a total has fewer fields than the headings.
        let asides = asides(&page, log);
        let records = page.sheet.lines().map(|(row, _)| row).filter(|row| asides.iter().all(|(other, _)| other != row));
        let last = records.max().unwrap_or_default();
        if let Some(note) = blank_rows(&page.sheet, page.heading_row, last) {
            log.notes.push(Fault { file: Some(page.sheet.file.clone()), ..note });
        }
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

    /// Puts into a cell what stands in another, which stays its place in every message.
    pub(super) fn take(&mut self, row: usize, column: usize, from: (usize, usize), value: Cell) {
        self.sheet.set(row, column, value);
        let from = self.taken.get(&from).copied().unwrap_or(from);
        self.taken.insert((row, column), from);
    }

    /// Puts into a cell what stands in another sheet, which stays its place in every message.
    pub(super) fn take_from(&mut self, row: usize, column: usize, other: &Page, from: (usize, usize)) {
        let whence = match other.foreign.get(&from) {
            Some(whence) => whence.clone(),
            None => {
                let place = other.place(from.0, Some(from.1));
                (other.sheet.file.clone(), place, other.origin(from.0, Some(from.1)))
            }
        };
        self.sheet.set(row, column, other.cell(from.0, from.1).clone());
        self.taken.remove(&(row, column));
        self.foreign.insert((row, column), whence);
    }

    /// A new column behind all others.
    pub(super) fn add_column(&mut self, meaning: Meaning, heading: Cell) -> usize {
        let widest = self.sheet.lines().flat_map(|(_, line)| line.cells().last()).map(|(c, _)| c + 1).max();
        let column = self.columns.len().max(widest.unwrap_or_default());
        self.columns.resize(column, Meaning::Unknown);
        self.columns.push(meaning);
        self.sheet.set(self.heading_row, column, heading);
        column
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

    /// A date, which may be written without its year where the calendar has it; a message where its weekday is
    /// another's.
    pub fn date_of(&self, cell: &Cell) -> Result<Option<NaiveDate>, String> {
        if let Some(date) = cell.date() {
            return Ok(Some(date));
        }
        let Some(slot) = grid::slot(cell, &self.dates).filter(|s| !s.timed() && cell.text().contains(is_digit)) else {
            return Ok(None);
        };
        match (slot.wrong, slot.dates[..].first()) {
            (Some(wrong), _) => Err(wrong),
            (None, date) => Ok(date.copied().filter(|_| slot.dates.len() == 1)),
        }
    }

    /// The calendar's dates from one to another; the first alone where it has none there.
    pub fn dates_between(&self, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
        let within: Vec<NaiveDate> = self.dates.iter().copied().filter(|d| (from..=to).contains(d)).collect();
        if within.is_empty() { vec![from] } else { within }
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
        self.rows().map(|r| (r.number(), r.at(column))).filter(|(_, c)| !c.is_empty()).collect()
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
            let heading = headings.get(i).unwrap_or(&Cell::Empty);
            let shown = heading.shown();
            let name = match meaning {
                Meaning::Known(column) => format!("= {}", column.key),
                Meaning::Has(column, word) => format!("{} {word}", column.key),
                Meaning::Exam(exam, part) => format!("{part:?} {exam}"),
                Meaning::RowExam => "exam of the row".into(),
                Meaning::RowPart(part) => format!("{part:?} of the row"),
                Meaning::Slot(slot) => format!("{slot:?}"),
                Meaning::Centre(id) => format!("km {id}"),
                Meaning::Person(id) => format!("free {id}"),
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
        let grid = self.columns.iter().any(|m| matches!(m, Meaning::Slot(_)));
        let by_centre = self.columns.iter().any(|m| matches!(m, Meaning::Centre(_)));
        let openings = self.layout.kind == Kind::Openings;
        let stands = |key: &str| match key {
            "date" => grid && (!openings || self.column("centre").is_some()),
            "centre" => by_centre && openings && self.column("date").is_some(),
            _ => false,
        };
        let lacking = |c: &&Column| c.needed && self.column(c.key).is_none() && !stands(c.key);
        let lacking: Vec<&str> = self.layout.columns.iter().filter(lacking).map(Column::heading).collect();
        // An empty sheet has nothing to say.
        if !lacking.is_empty() && !self.sheet.is_empty() {
            let (wanted, found) = (lacking.join(tr!("\", \"", " », « ").as_str()), found.join(", "));
            let message = match lacking.len() {
                1 => tr!(
                    "no column \"{wanted}\" among the headings ({found}); add it, or name it in a mapping file",
                    "pas de colonne « {wanted} » parmi les titres ({found}) ; ajoutez-la ou nommez-la dans un fichier de correspondance"
                ),
                _ => tr!(
                    "no columns \"{wanted}\" among the headings ({found}); add them, or name them in a mapping file",
                    "pas de colonnes « {wanted} » parmi les titres ({found}) ; ajoutez-les ou nommez-les dans un fichier de correspondance"
                ),
            };
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

    /// The columns that are examiners, with their ids.
    pub fn persons(&self) -> impl Iterator<Item = (usize, &String)> {
        let all = self.columns.iter().enumerate();
        all.filter_map(|(c, m)| if let Meaning::Person(id) = m { Some((c, id)) } else { None })
    }

    /// A part of one date that a cell names, such as `lundi 3 juin matin`.
    pub fn half_day_of(&self, cell: &Cell) -> Option<Slot> {
        let one = |s: &Slot| s.timed() && s.dates.len() == 1 && s.wrong.is_none();
        matches!(cell, Cell::Text(_)).then(|| grid::slot(cell, &self.dates)).flatten().filter(one)
    }

    /// The rows below the headings that are not empty.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let below = self.sheet.lines().skip_while(|(row, _)| *row <= self.heading_row);
        let records = below.filter(|(row, line)| !line.is_blank() && !self.aside.contains(row));
        records.map(|(row, line)| Row::new(self, row, line))
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
        let (file, place) = match column.and_then(|c| self.foreign.get(&(row, c))) {
            Some((file, place, _)) => (file.clone(), place.clone()),
            None => (self.sheet.file.clone(), self.place(row, column)),
        };
        Fault { file: Some(file), place: Some(place), ..Fault::new("", message) }
    }

    /// The row and column in which a cell stood in the file.
    fn whence(&self, row: usize, column: Option<usize>) -> (usize, Option<usize>) {
        let taken = column.and_then(|c| self.taken.get(&(row, c)));
        taken.map_or((row, column), |&(row, column)| (row, Some(column)))
    }

    /// Where a cell or row comes from.
    pub(super) fn origin(&self, row: usize, column: Option<usize>) -> Origin {
        if let Some((_, _, origin)) = column.and_then(|c| self.foreign.get(&(row, c))) {
            return *origin;
        }
        let (row, column) = self.whence(row, column);
        Origin { source: self.source, row, column }
    }

    fn place(&self, row: usize, column: Option<usize>) -> Box<Place> {
        let (row, column) = self.whence(row, column);
        let heading = column.map(|c| (c, self.heading_text(c)));
        place(&self.sheet.name, row, heading.as_ref().map(|(c, h)| (*c, h.as_str())))
    }
}
