//! XLS workbooks of old Excel, by `calamine`; it reads rectangles, so how far they reach is looked up first.

use std::collections::{HashMap, HashSet};
use std::io::{Cursor, Read};

use calamine::{Data, Reader, SheetVisible, Xls, XlsError};
use chrono::NaiveDate;

use super::archive::{locked, torn};
use super::room::{Merge, Room};
use super::sheet::Sheet;
use super::text::{Place, iso_date, iso_duration, moment, of_moment, shown_number, text};
use crate::exchange::cell::{Cell, Why, day_fraction};
use crate::read::limit::Limit;
use crate::tr;

/// Reads the sheets of a workbook, in their order.
///
/// # Errors
/// A sentence on what cannot be read or is too large.
pub fn read(file: &str, bytes: &[u8], room: &mut Room) -> Result<Vec<Sheet>, String> {
    let stream = stream(bytes)?;
    let hidden_rows = look_ahead(&stream)?;
    let mut book =
        Xls::new(Cursor::new(bytes)).map_err(|e| if matches!(e, XlsError::Password) { locked() } else { torn() })?;
    let listed: Vec<_> = book.sheets_metadata().iter().map(|s| (s.name.clone(), s.visible)).collect();
    let mut sheets = Vec::new();
    for (i, (name, visible)) in listed.into_iter().enumerate() {
        let Ok(range) = book.worksheet_range(&name) else { continue };
        let mut sheet = Sheet::new(file, &name);
        sheet.hidden = visible != SheetVisible::Visible;
        let (top, left) = range.start().map_or((0, 0), |(r, c)| (r as usize, c as usize));
        for (r, c, data) in range.used_cells() {
            let (row, column) = (top + r, left + c);
            let cell = cell(data, &mut Place { sheet: &mut sheet, row, column });
            room.put(&mut sheet, row, column, cell)?;
        }
        let merges = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let corner = |(r, c): (u32, u32)| (r as usize, c as usize);
        let merges: Vec<Merge> = merges.iter().map(|d| Merge { first: corner(d.start), last: corner(d.end) }).collect();
        room.spread(&mut sheet, &merges)?;
        for row in hidden_rows.get(&i).into_iter().flatten() {
            if sheet.line(*row).is_some() {
                sheet.line_mut(*row).hidden = true;
            }
        }
        sheet.drop_blank_lines();
        sheets.push(sheet);
    }
    Ok(sheets)
}

/// The records of the workbook; a file that holds an encrypted XLSX instead asks for a password.
fn stream(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| torn())?;
    if file.exists("/EncryptedPackage") {
        return Err(locked());
    }
    let name = ["/Workbook", "/Book"].into_iter().find(|n| file.exists(n)).ok_or_else(|| {
        tr!(
            "not a workbook (an old Word or other Office file?); save it as XLSX or ODS",
            "ce n'est pas un classeur (un ancien fichier Word ou autre ?) ; enregistrez-le en XLSX ou ODS"
        )
    })?;
    let mut records = Vec::new();
    let most = Limit::Text.most();
    file.open_stream(name)
        .map_err(|_| torn())?
        .take(most.saturating_add(1))
        .read_to_end(&mut records)
        .map_err(|_| torn())?;
    Limit::Text.holds(records.len() as u64)?;
    Ok(records)
}

/// The hidden rows of each sheet, by its place in the list; refuses a sheet whose rectangle is beyond the limits.
fn look_ahead(records: &[u8]) -> Result<HashMap<usize, HashSet<usize>>, String> {
    let (mut at, mut starts) = (0, Vec::new());
    let (mut current, mut hidden) = (None, HashMap::<usize, HashSet<usize>>::new());
    let mut corners: Option<[u64; 4]> = None;
    let word = |data: &[u8], i: usize| data.get(i..i + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]));
    while let Some(head) = records.get(at..at + 4) {
        let (kind, length) = (word(head, 0), usize::from(word(head, 2)));
        let Some(data) = records.get(at + 4..at + 4 + length) else { return Err(torn()) };
        if let Some(sheet) = starts.iter().position(|s| *s == at) {
            (current, corners) = (Some(sheet), None);
        }
        match kind {
            // The list of sheets: where each begins.
            0x0085 => starts.push(data.get(..4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize)),
            // A row, with whether it is hidden.
            0x0208 if word(data, 12) & 0x20 != 0 => {
                if let Some(sheet) = current {
                    hidden.entry(sheet).or_default().insert(usize::from(word(data, 0)));
                }
            }
            // The cells: numbers, texts, formulas, errors and rows of them.
            0x0006 | 0x00bd | 0x00d6 | 0x00fd | 0x0203 | 0x0204 | 0x0205 | 0x027e | 0x0003 | 0x0004 | 0x0005
            | 0x0002 => {
                let (row, column) = (u64::from(word(data, 0)), u64::from(word(data, 2)));
                let last = if kind == 0x00bd { u64::from(word(data, length.saturating_sub(2))) } else { column };
                let c = corners.get_or_insert([row, row, column, last]);
                *c = [c[0].min(row), c[1].max(row), c[2].min(column), c[3].max(last)];
                if (c[1] - c[0] + 1) * (c[3] - c[2] + 1) > Limit::Cells.most() {
                    let (row, column) = (row + 1, column + 1);
                    return Err(tr!(
                        "a cell stands far from the others (row {row}, column {column}); save the workbook as XLSX or ODS, or clear that cell",
                        "une cellule se trouve loin des autres (ligne {row}, colonne {column}) ; enregistrez le classeur en XLSX ou ODS, ou effacez cette cellule"
                    ));
                }
            }
            _ => {}
        }
        at += 4 + length;
    }
    Ok(hidden)
}

fn cell(data: &Data, place: &mut Place) -> Cell {
    match data {
        Data::Empty => Cell::Empty,
        Data::Int(n) => shown_number(*n as f64),
        Data::Float(n) => shown_number(*n),
        Data::String(t) => text(t, place),
        Data::Bool(b) => Cell::Bool(*b),
        Data::DateTime(at) => {
            let n = at.as_f64();
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            let date = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into());
            match (day_fraction(n), date.and_then(|d| d.and_hms_opt(hour.into(), minute.into(), second.into()))) {
                (None, Some(at)) if n >= 1.0 => of_moment(at),
                _ => moment(n),
            }
        }
        Data::DateTimeIso(t) => iso_date(t).unwrap_or_else(|| text(t, place)),
        Data::DurationIso(t) => iso_duration(t).map_or_else(|| text(t, place), Cell::Clock),
        Data::Error(e) => Cell::broken(Why::Error, e.to_string()),
    }
}
