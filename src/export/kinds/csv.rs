//! CSV for the office's systems: `;`, UTF-8 with a mark, dates JJ/MM/AAAA and hours HH:MM, no text that a spreadsheet would run.

use super::super::tables::{self, Cell, Table};
use super::super::{File, Kind, Make, Options, View};
use crate::fault::Fault;
use crate::instance::Clock;
use crate::{csv_cell, tr};

/// The kind.
pub static KIND: Kind = Kind {
    name: "csv",
    summary: || tr!("CSV files for the office's systems", "fichiers CSV pour les logiciels du service"),
    make: Make::Files(files),
};

fn files(view: &View, _: &Options) -> Result<Vec<File>, Fault> {
    let mut made = vec![
        file("passages", view, &tables::candidates(view)),
        file("interrogateurs", view, &tables::examiners(view)),
        file("commissions", view, &tables::sessions(view)),
        file("non-interroges", view, &tables::left(view)),
    ];
    made.extend(tables::differences(view).map(|table| file("modifications", view, &table)));
    Ok(made)
}

/// A table as a file of the office.
pub(super) fn file(name: &str, view: &View, table: &Table) -> File {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(b"\xef\xbb\xbf".to_vec());
    let headings = table.headings.iter().map(|h| view.texts.heading(h));
    writer.write_record(headings.map(|h| csv_cell::written(&h).into_owned())).expect("memory takes what it is given");
    for row in &table.rows {
        writer.write_record(row.iter().map(shown)).expect("rows of one width go to memory");
    }
    let bytes = writer.into_inner().expect("memory takes what it is given");
    File { path: format!("bureau/{name}.csv"), bytes }
}

fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => csv_cell::written(text).into_owned(),
        Cell::Number(n) => n.to_string(),
        Cell::Date(date) => date.format("%d/%m/%Y").to_string(),
        Cell::Clock(at) => Clock(*at).to_string(),
    }
}
