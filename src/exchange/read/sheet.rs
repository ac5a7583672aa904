//! A sheet as its filled cells: a cell in the last column of the last row costs one cell, not a rectangle.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::exchange::cell::Cell;

/// One sheet of a workbook, or one CSV file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// The file, as the user named it.
    pub file: String,
    /// The sheet's name; a CSV file's without its ending.
    pub name: String,
    /// Whether a spreadsheet program does not show the sheet.
    pub hidden: bool,
    /// The columns, from 0, that a spreadsheet program does not show.
    pub hidden_columns: Vec<usize>,
    /// What was read otherwise than it stands, because its value is certain: of each kind the cells (row, column).
    pub repairs: BTreeMap<Repair, Vec<(usize, usize)>>,
    /// What is to be said of the whole file: its encoding.
    pub notes: Vec<String>,
    lines: BTreeMap<usize, Line>,
}

/// A row of a sheet that holds something.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Whether a spreadsheet program does not show the row.
    pub hidden: bool,
    /// Why the row cannot be read as it stands, and the column that shows it.
    pub broken: Option<(Option<usize>, String)>,
    /// How many fields the row has in its CSV file, the empty ones too; none for a row of a workbook.
    pub fields: Option<usize>,
    /// The filled cells, columns rising from 0.
    cells: Vec<(usize, Cell)>,
}

/// Why a cell was read otherwise than it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Repair {
    /// Blanks around the text, which are not kept.
    Trimmed,
    /// The value of a merged cell that covers this one.
    Merged,
    /// `="0123"`: a formula that is a text.
    QuotedFormula,
    /// A number cell whose format shows zeros in front: 0123 for 123.
    LeadingZeros,
    /// `214567890.0` for 214567890.
    DecimalZero,
    /// UTF-8 read as another encoding and saved: `Ã©` for é.
    DoubledUtf8,
    /// Characters that nobody sees, or blanks of another width.
    Invisible,
    /// A quotation mark that never closes, read as a part of the text.
    StrayQuote,
    /// An apostrophe in front, which forces a text in a spreadsheet.
    Apostrophe,
}

static EMPTY: Cell = Cell::Empty;

impl Line {
    /// The cell of a column, from 0.
    pub fn at(&self, column: usize) -> &Cell {
        self.cells.binary_search_by_key(&column, |(c, _)| *c).map_or(&EMPTY, |i| &self.cells[i].1)
    }

    /// The filled cells with their columns, from 0.
    pub fn cells(&self) -> impl Iterator<Item = (usize, &Cell)> {
        self.cells.iter().map(|(c, cell)| (*c, cell))
    }

    /// Every cell from the first column to the last filled one.
    pub fn dense(&self) -> Vec<Cell> {
        let mut all = vec![Cell::Empty; self.cells.last().map_or(0, |(c, _)| c + 1)];
        for (c, cell) in &self.cells {
            all[*c] = cell.clone();
        }
        all
    }

    /// Puts a cell; an empty one takes away what stood there.
    pub fn set(&mut self, column: usize, cell: Cell) {
        match self.cells.binary_search_by_key(&column, |(c, _)| *c) {
            Ok(i) if cell.is_empty() => drop(self.cells.remove(i)),
            Ok(i) => self.cells[i].1 = cell,
            Err(_) if cell.is_empty() => {}
            Err(i) => self.cells.insert(i, (column, cell)),
        }
    }

    /// Whether nothing stands here and nothing is wrong.
    pub fn is_blank(&self) -> bool {
        self.cells.is_empty() && self.broken.is_none()
    }
}

impl Sheet {
    /// A sheet of that file with nothing in it.
    pub fn new(file: impl Into<String>, name: impl Into<String>) -> Sheet {
        Sheet { file: file.into(), name: name.into(), ..Sheet::default() }
    }

    /// A sheet of whole rows.
    pub fn of_rows(file: impl Into<String>, name: impl Into<String>, rows: Vec<Vec<Cell>>) -> Sheet {
        let mut sheet = Sheet::new(file, name);
        for (r, row) in rows.into_iter().enumerate() {
            for (c, cell) in row.into_iter().enumerate() {
                sheet.set(r, c, cell);
            }
        }
        sheet
    }

    /// The rows that hold something, with their numbers from 0.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = (usize, &Line)> {
        self.lines.iter().map(|(r, line)| (*r, line))
    }

    /// The numbers of the rows that hold something, from one to another, both included.
    pub fn rows_within(&self, first: usize, last: usize) -> impl Iterator<Item = usize> {
        // A range that ends before it begins has nothing in it.
        self.lines.range(first..last.saturating_add(1).max(first)).map(|(row, _)| *row)
    }

    /// The row of that number, from 0, if it holds something.
    pub fn line(&self, row: usize) -> Option<&Line> {
        self.lines.get(&row)
    }

    /// The row of that number, from 0, to be filled.
    pub fn line_mut(&mut self, row: usize) -> &mut Line {
        self.lines.entry(row).or_default()
    }

    /// Takes a row away.
    pub fn remove_line(&mut self, row: usize) {
        self.lines.remove(&row);
    }

    /// Takes away the rows in which nothing stands.
    pub fn drop_blank_lines(&mut self) {
        self.lines.retain(|_, line| !line.is_blank());
    }

    /// The cell at a row and a column, from 0.
    pub fn at(&self, row: usize, column: usize) -> &Cell {
        self.line(row).map_or(&EMPTY, |line| line.at(column))
    }

    /// Puts a cell; an empty one takes away what stood there.
    pub fn set(&mut self, row: usize, column: usize, cell: Cell) {
        if !cell.is_empty() || self.lines.contains_key(&row) {
            self.line_mut(row).set(column, cell);
        }
    }

    /// Whether no cell holds anything.
    pub fn is_empty(&self) -> bool {
        self.lines.values().all(Line::is_blank)
    }

    /// Writes down that a cell was read otherwise than it stands.
    pub fn repaired(&mut self, repair: Repair, row: usize, column: usize) {
        self.repairs.entry(repair).or_default().push((row, column));
    }
}
