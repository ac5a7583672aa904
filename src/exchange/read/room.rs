//! What the sheets of one import take together, held to the limits; and merged cells, which are spread within them.

use super::sheet::{Repair, Sheet};
use crate::exchange::cell::{Cell, Why};
use crate::read::limit::Limit;

/// What was read so far.
#[derive(Debug, Default)]
pub struct Room {
    rows: u64,
    cells: u64,
    letters: u64,
}

/// A merged cell: rows and columns from 0, the last ones included.
#[derive(Clone, Copy, Debug)]
pub struct Merge {
    /// First row and column.
    pub first: (usize, usize),
    /// Last row and column.
    pub last: (usize, usize),
}

impl Room {
    /// Puts a filled cell into a sheet.
    ///
    /// # Errors
    /// The limit that is exceeded.
    pub fn put(&mut self, sheet: &mut Sheet, row: usize, column: usize, cell: Cell) -> Result<(), String> {
        if cell.is_empty() {
            return Ok(());
        }
        if sheet.line(row).is_none() {
            self.rows += 1;
            Limit::Rows.holds(self.rows)?;
        }
        self.cells += 1;
        Limit::Cells.holds(self.cells)?;
        self.letters += match &cell {
            Cell::Text(t) => t.len() as u64,
            Cell::Broken(b) => b.shown.len() as u64 + 32,
            _ => 0,
        };
        Limit::Letters.holds(self.letters)?;
        sheet.set(row, column, cell);
        Ok(())
    }

    /// Carries the value of each merged cell to every filled row that it covers. Beside it, in other columns, the
    /// value may not be meant: those cells say that they are covered.
    ///
    /// # Errors
    /// The limit that is exceeded.
    pub fn spread(&mut self, sheet: &mut Sheet, merges: &[Merge]) -> Result<(), String> {
        let widest = sheet.lines().flat_map(|(_, line)| line.cells().last()).map(|(c, _)| c).max().unwrap_or(0);
        for merge in merges {
            let value = sheet.at(merge.first.0, merge.first.1).clone();
            if value.is_empty() {
                continue;
            }
            let rows: Vec<usize> = sheet.rows_within(merge.first.0, merge.last.0).collect();
            self.cells += rows.len() as u64; // cells or not, the work is bounded
            Limit::Cells.holds(self.cells)?;
            for row in rows {
                for column in merge.first.1..=merge.last.1.min(widest) {
                    if (row, column) == merge.first {
                        continue;
                    }
                    let own = sheet.at(row, column);
                    let hides = !own.is_empty() && *own != value;
                    if hides {
                        let shown = own.shown();
                        self.put(sheet, row, column, Cell::broken(Why::Covered, shown))?;
                    } else if column > merge.first.1 {
                        self.put(sheet, row, column, Cell::broken(Why::Beside, value.shown()))?;
                    } else {
                        self.put(sheet, row, column, value.clone())?;
                        sheet.repaired(Repair::Merged, row, column);
                    }
                }
            }
        }
        Ok(())
    }
}
