//! Files as sheets: workbooks (XLSX, XLS, ODS) and folders of CSV files of any usual encoding and separator.

use std::io::Cursor;
use std::path::Path;

use calamine::{Data, Reader, open_workbook_auto_from_rs};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use encoding_rs::WINDOWS_1252;

use super::cell::{Cell, day_fraction};
use crate::fault::Fault;
use crate::instance::Clock;
use crate::{csv_cell, tr};

/// One sheet of a workbook, or one CSV file.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// The file, as the user named it.
    pub file: String,
    /// The sheet's name; a CSV file's without its ending.
    pub name: String,
    /// The rows from the first row of the sheet on.
    pub rows: Vec<Vec<Cell>>,
    /// How many cells had blanks around their text, which are not kept.
    pub trimmed: usize,
}

/// All sheets of a workbook, of a CSV file or of a folder of them, in order of names.
pub fn sheets(path: &Path) -> Result<Vec<Sheet>, Vec<Fault>> {
    if !path.is_dir() {
        return file_sheets(path).map_err(|f| vec![f]);
    }
    let broken = |e: std::io::Error| vec![about(path, tr!("cannot be read: {e}", "lecture impossible : {e}"))];
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(broken)? {
        let file = entry.map_err(broken)?.path();
        let hidden = file.file_name().is_some_and(|n| n.to_string_lossy().starts_with(['.', '~']));
        if !hidden && matches!(ending(&file).as_str(), "csv" | "tsv" | "txt" | "xlsx" | "xlsm" | "xls" | "ods") {
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
        match file_sheets(&file) {
            Ok(found) => sheets.extend(found),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(sheets) } else { Err(faults) }
}

fn about(path: &Path, message: String) -> Fault {
    Fault { file: Some(path.display().to_string()), ..Fault::new("", message) }
}

fn ending(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default()
}

fn file_sheets(path: &Path) -> Result<Vec<Sheet>, Fault> {
    let bytes = crate::read::bytes(path)?;
    let is_zip = bytes.starts_with(b"PK\x03\x04");
    let is_ole = bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]);
    if is_zip || is_ole { workbook(path, bytes) } else { csv_sheet(path, &bytes).map(|s| vec![s]) }
}

fn workbook(path: &Path, bytes: Vec<u8>) -> Result<Vec<Sheet>, Fault> {
    let broken = |e: calamine::Error| {
        about(
            path,
            tr!(
                "not a workbook that can be read ({e}); save it as XLSX or ODS, without a password",
                "classeur illisible ({e}) ; enregistrez-le en XLSX ou ODS, sans mot de passe"
            ),
        )
    };
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(broken)?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(broken)?;
        let (top, left) = range.start().unwrap_or((0, 0));
        let mut rows = vec![Vec::new(); top as usize];
        let mut trimmed = 0;
        for row in range.rows() {
            let blanks = std::iter::repeat_n(Cell::Empty, left as usize);
            rows.push(blanks.chain(row.iter().map(|d| cell(d, &mut trimmed))).collect());
        }
        sheets.push(Sheet { file: path.display().to_string(), name, rows, trimmed });
    }
    Ok(sheets)
}

fn cell(data: &Data, trimmed: &mut usize) -> Cell {
    match data {
        Data::Empty => Cell::Empty,
        Data::Int(n) => Cell::Number(*n as f64),
        Data::Float(n) => Cell::Number(*n),
        Data::String(t) => text(t, trimmed),
        Data::Bool(b) => Cell::Bool(*b),
        Data::DateTime(at) => {
            let n = at.as_f64();
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            let date = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into());
            match (day_fraction(n), date.and_then(|d| d.and_hms_opt(hour.into(), minute.into(), second.into()))) {
                (Some(clock), _) => Cell::Clock(clock),
                (None, Some(at)) if n >= 1.0 => moment(at),
                _ => Cell::Number(n),
            }
        }
        Data::DateTimeIso(t) => match t.parse::<NaiveDateTime>() {
            Ok(at) => moment(at),
            Err(_) => t.parse().map_or_else(|_| text(t, trimmed), Cell::Date),
        },
        Data::DurationIso(t) => iso_duration(t).map_or_else(|| text(t, trimmed), Cell::Clock),
        Data::Error(e) => Cell::Other(e.to_string()),
    }
}

fn moment(at: NaiveDateTime) -> Cell {
    if at.time() == NaiveTime::MIN {
        Cell::Date(at.date())
    } else {
        Cell::Other(at.format("%d/%m/%Y %H:%M:%S").to_string())
    }
}

/// `PT08H30M00S`, the form of hours in ODS.
fn iso_duration(text: &str) -> Option<Clock> {
    let (hours, rest) = text.strip_prefix("PT")?.split_once('H')?;
    let minutes = rest.split_once('M').map_or("0", |(m, _)| m);
    let at = NaiveTime::from_hms_opt(hours.parse().ok()?, minutes.parse().ok()?, 0)?;
    Some(Clock((at.hour() * 60 + at.minute()) as i32))
}

fn text(raw: &str, trimmed: &mut usize) -> Cell {
    let kept = raw.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'));
    if kept.len() != raw.len() && !kept.is_empty() {
        *trimmed += 1;
    }
    if kept.is_empty() { Cell::Empty } else { Cell::Text(kept.to_string()) }
}

fn csv_sheet(path: &Path, bytes: &[u8]) -> Result<Sheet, Fault> {
    let content = decoded(path, bytes)?;
    let separator = separator(&content);
    let content = with_blank_rows(&content, separator);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(content.as_bytes());
    let (mut rows, mut trimmed) = (Vec::new(), 0);
    for record in reader.records() {
        let record = record.map_err(|e| about(path, tr!("cannot be read: {e}", "lecture impossible : {e}")))?;
        rows.push(record.iter().map(|t| text(csv_cell::read(t), &mut trimmed)).collect());
    }
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Sheet { file: path.display().to_string(), name, rows, trimmed })
}

/// The same text with a separator on blank lines, which the CSV reader would skip: a row keeps the number that the
/// clerk sees.
fn with_blank_rows(content: &str, separator: u8) -> String {
    let separator = char::from(separator);
    let mut out = String::with_capacity(content.len());
    let (mut quoted, mut before, mut at_start) = (false, '\n', true);
    for c in content.chars() {
        match c {
            '"' if quoted => quoted = false,
            // A quotation mark opens a cell at its start, or goes on after one that seemed to close it (`""`).
            '"' if before == '"' || before == separator || at_start => quoted = true,
            '\n' if !quoted && at_start => out.push(separator),
            _ => {}
        }
        if c != '\r' {
            at_start = c == '\n' && !quoted;
            before = c;
        }
        out.push(c);
    }
    out
}

/// The text of a file: UTF-8 where it is that, UTF-16 where a mark says so, else what the detector finds.
fn decoded(path: &Path, bytes: &[u8]) -> Result<String, Fault> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return Ok(encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_string());
    }
    if bytes.contains(&0) {
        return Err(about(
            path,
            tr!(
                "neither a text nor a workbook; save it as CSV, XLSX or ODS",
                "ni un texte ni un classeur ; enregistrez-le en CSV, XLSX ou ODS"
            ),
        ));
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(Some(b"fr"), Utf8Detection::Deny);
    // Only Western encodings come from French offices; ISO-8859-1 is a part of Windows-1252.
    let western = ["windows-1252", "ISO-8859-15", "macintosh"].contains(&guess.name());
    Ok(if western { guess } else { WINDOWS_1252 }.decode_without_bom_handling(bytes).0.into_owned())
}

/// The separator that splits the first lines into the most columns.
fn separator(content: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [(b';', 0), (b'\t', 0), (b',', 0)];
    let mut lines = 0;
    for c in content.bytes() {
        match c {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => lines += 1,
            _ if !quoted => counts.iter_mut().filter(|(s, _)| *s == c).for_each(|(_, n)| *n += 1),
            _ => {}
        }
        // The heading decides: below it commas stand within lists and names.
        if lines > 0 && counts.iter().any(|(_, n)| *n > 0) {
            break;
        }
    }
    counts.iter().rev().max_by_key(|(_, n)| *n).map_or(b';', |(s, _)| *s)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_of_the_heading_is_found() {
        assert_eq!(separator("a;b;c\n1,2;3,4;5"), b';');
        assert_eq!(separator("a,b\n1,2"), b',');
        assert_eq!(separator("a\tb, c\tc\n"), b'\t');
        assert_eq!(separator("\"x,y\";b\n"), b';');
        assert_eq!(separator("titre\nn°;nom\n"), b';');
        assert_eq!(separator("seul\n"), b';');
    }

    #[test]
    fn rows_keep_the_number_that_the_clerk_sees() {
        let sheet = csv_sheet(Path::new("x/Candidats.csv"), b"a;b\r\n\r\n1;\"x\n\n\"\"y\"\n3 \" 4\n\n\n5;6\n").unwrap();
        assert_eq!(sheet.name, "Candidats");
        let at = |row: usize| sheet.rows[row][0].shown();
        assert_eq!([at(0), at(2), at(3), at(6)], ["a", "1", "3 \" 4", "5"]);
        assert_eq!(sheet.rows[2][1], Cell::Text("x\n\n\"y".into()));
        assert_eq!(sheet.rows.len(), 7);
    }

    #[test]
    fn every_usual_encoding_is_read() {
        let wanted = "Prénom;Établissement;Coût\nÉlodie;Lycée;œuf – 5 €\n";
        let latin1 = "Prénom;Établissement;Coût\nÉlodie;Lycée;abc\n";
        let path = Path::new("x.csv");
        let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(wanted.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(decoded(path, wanted.as_bytes()).unwrap(), wanted);
        assert_eq!(decoded(path, format!("\u{feff}{wanted}").as_bytes()).unwrap(), wanted);
        assert_eq!(decoded(path, &WINDOWS_1252.encode(wanted).0).unwrap(), wanted);
        let bytes: Vec<u8> = latin1.chars().map(|c| c as u8).collect();
        assert_eq!(decoded(path, &bytes).unwrap(), latin1);
        assert_eq!(decoded(path, &utf16).unwrap(), wanted);
        assert!(decoded(path, &[0x89, 0, 0xff, 0]).is_err());
    }
}
