//! Files as sheets: workbooks (XLSX, ODS, XLS) and folders of CSV files of any usual encoding and separator.
//!
//! What is read is a [`Sheet`] of filled cells. Where a file damages or lacks a value, the cell says so
//! ([`Cell::Broken`]) or the row does ([`Line::broken`]); where the value is certain, it is read right and written
//! down among the sheet's repairs. Nothing is judged here by what a column means.

mod archive;
mod encoding;
mod format;
mod lines;
mod ods;
mod room;
mod sheet;
mod text;
mod xls;
mod xlsx;

use std::path::Path;

pub use sheet::{Line, Repair, Sheet};
pub use text::has_doubtful_letters;

use self::archive::Archive;
use self::room::Room;
use self::text::Place;
use super::cell::Cell;
use crate::fault::Fault;
use crate::tr;

/// The endings of the files that are read in a folder.
const ENDINGS: &[&str] = &["csv", "tsv", "txt", "xlsx", "xlsm", "xls", "ods"];

/// All sheets of a workbook, of a CSV file or of a folder of them, in order of names.
pub fn sheets(path: &Path) -> Result<Vec<Sheet>, Vec<Fault>> {
    let mut room = Room::default();
    if !path.is_dir() {
        return file_sheets(path, &mut room).map_err(|f| vec![f]);
    }
    let broken = |e: std::io::Error| vec![about(path, tr!("cannot be read: {e}", "lecture impossible : {e}"))];
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(broken)? {
        let file = entry.map_err(broken)?.path();
        if is_sheet(&file) {
            files.push(file);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(vec![about(
            path,
            tr!("no CSV, XLSX or ODS file in this folder", "aucun fichier CSV, XLSX ou ODS dans ce dossier"),
        )]);
    }
    let (mut sheets, mut faults) = (Vec::new(), Vec::new());
    for file in files {
        match file_sheets(&file, &mut room) {
            Ok(found) => sheets.extend(found),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(sheets) } else { Err(faults) }
}

/// Whether a file of a folder is read, by its name.
pub fn is_sheet(file: &Path) -> bool {
    let hidden = file.file_name().is_some_and(|n| n.to_string_lossy().starts_with(['.', '~']));
    let ending = file.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    !hidden && ENDINGS.contains(&ending.as_str())
}

/// Whether a text in a cell is read as another one, or doubted.
pub fn is_altered(text: &str) -> bool {
    let mut sheet = Sheet::default();
    let read = text::text(text, &mut Place { sheet: &mut sheet, row: 0, column: 0 });
    read != Cell::Text(text.to_string()) || super::inspect::damage(text).is_some() || super::inspect::is_error(text)
}

fn about(path: &Path, message: String) -> Fault {
    Fault { file: Some(path.display().to_string()), ..Fault::new("", message) }
}

fn file_sheets(path: &Path, room: &mut Room) -> Result<Vec<Sheet>, Fault> {
    let bytes = crate::read::bytes(path)?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    sheets_of(&path.display().to_string(), &name, &bytes, room).map_err(|message| about(path, message))
}

/// The sheets that the bytes of a file hold; a CSV file's sheet takes `name`.
///
/// # Errors
/// One sentence: of what kind the file is instead, what is torn or missing, which limit is exceeded.
pub fn from_bytes(file: &str, name: &str, bytes: &[u8]) -> Result<Vec<Sheet>, String> {
    sheets_of(file, name, bytes, &mut Room::default())
}

fn sheets_of(file: &str, name: &str, bytes: &[u8], room: &mut Room) -> Result<Vec<Sheet>, String> {
    if bytes.starts_with(b"PK") {
        return archived(file, bytes, room);
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return xls::read(file, bytes, room);
    }
    if let Some(kind) = other_kind(bytes) {
        return Err(save_again(kind));
    }
    let Some(decoded) = encoding::decode(bytes) else {
        return Err(tr!(
            "neither a text nor a workbook; save it as CSV, XLSX or ODS",
            "ni un texte ni un classeur ; enregistrez-le en CSV, XLSX ou ODS"
        ));
    };
    let mut sheet = Sheet::new(file, name);
    sheet.notes.extend(decoded.note);
    lines::read(&decoded.text, &mut sheet, room)?;
    Ok(vec![sheet])
}

/// The sheets of a zipped workbook.
fn archived(file: &str, bytes: &[u8], room: &mut Room) -> Result<Vec<Sheet>, String> {
    let mut archive = Archive::open(bytes)?;
    if archive.has("content.xml") {
        return ods::read(file, &mut archive, room);
    }
    if archive.has("xl/workbook.bin") {
        return Err(save_again("XLSB"));
    }
    if archive.has("xl/workbook.xml") || (archive.has("_rels/.rels") && !archive.has("word/document.xml")) {
        return xlsx::read(file, &mut archive, room);
    }
    Err(tr!(
        "a ZIP archive or a document, not a workbook; unpack it, or save it as XLSX or ODS",
        "une archive ZIP ou un document, pas un classeur ; décompressez-la, ou enregistrez-le en XLSX ou ODS"
    ))
}

/// What a file is that is called `.xls` or `.csv` and is neither.
fn other_kind(bytes: &[u8]) -> Option<&'static str> {
    let head = encoding::glance(bytes).trim_start_matches('\u{feff}').trim_start().to_lowercase();
    let begins = |marks: &[&str]| marks.iter().any(|m| head.starts_with(m));
    if begins(&["<!doctype html", "<html", "<table", "<meta"]) || (begins(&["<?xml"]) && head.contains("<html")) {
        return Some("HTML");
    }
    if begins(&["{"]) && head.contains("\"format\"") {
        return Some("JSON");
    }
    let kinds: [(&[&str], &str); 4] =
        [(&["<?xml", "<workbook"], "XML"), (&["%pdf"], "PDF"), (&["{\\rtf"], "RTF"), (&["mime-version:"], "MHTML")];
    kinds.iter().find(|(marks, _)| begins(marks)).map(|(_, kind)| *kind)
}

fn save_again(kind: &str) -> String {
    tr!(
        "this is {kind}, whatever the file is called, and no workbook; open it in a spreadsheet program and save it as XLSX or ODS",
        "c'est du {kind}, quel que soit le nom du fichier, et non un classeur ; ouvrez-le dans un tableur et enregistrez-le en XLSX ou ODS"
    )
}
