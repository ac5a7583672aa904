//! ODS workbooks, cell by cell: repeated rows and columns cost what they hold; merged cells, hidden rows and sheets.

use std::collections::HashSet;
use std::io::Read;

use quick_xml::events::{BytesStart, Event};

use super::archive::{Archive, Xml, attribute, locked, number, text_of, torn};
use super::room::{Merge, Room};
use super::sheet::{Repair, Sheet};
use super::text::{Place, iso_date, iso_duration, shown_number, text};
use crate::exchange::cell::{Cell, Why};
use crate::read::limit::Limit;

/// The rows and columns that a sheet may have.
const MOST: (usize, usize) = (1_048_576, 16_384);

/// Reads the sheets of a workbook, in their order.
///
/// # Errors
/// A sentence on what cannot be read or is too large.
pub fn read(file: &str, archive: &mut Archive, room: &mut Room) -> Result<Vec<Sheet>, String> {
    if archive.has("META-INF/manifest.xml") {
        let mut xml = archive.part("META-INF/manifest.xml")?;
        loop {
            match xml.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "encryption-data" => return Err(locked()),
                Event::Eof => break,
                _ => {}
            }
        }
    }
    let mut xml = archive.part("content.xml")?;
    let (mut sheets, mut hidden_styles, mut style) = (Vec::new(), HashSet::new(), String::new());
    loop {
        match xml.next()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "style" => style = attribute(&tag, "name").unwrap_or_default(),
                "table-properties" if attribute(&tag, "display").as_deref() == Some("false") => {
                    hidden_styles.insert(style.clone());
                }
                "table" => {
                    let mut sheet = Sheet::new(file, attribute(&tag, "name").unwrap_or_default());
                    sheet.hidden = attribute(&tag, "style-name").is_some_and(|s| hidden_styles.contains(&s));
                    let merges = table(&mut xml, &mut sheet, room)?;
                    room.spread(&mut sheet, &merges)?;
                    sheet.drop_blank_lines();
                    sheets.push(sheet);
                }
                _ => {}
            },
            Event::Eof => return Ok(sheets),
            _ => {}
        }
    }
}

fn is_hidden(tag: &BytesStart) -> bool {
    attribute(tag, "visibility").is_some_and(|v| v != "visible")
}

fn table<R: Read>(xml: &mut Xml<R>, sheet: &mut Sheet, room: &mut Room) -> Result<Vec<Merge>, String> {
    let (mut merges, mut row, mut columns) = (Vec::new(), 0, 0);
    let mut depth = 0; // tables within cells are no rows of this one
    loop {
        match xml.next()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "table" => depth += 1,
                "table-column" if depth == 0 => {
                    let n = number(&tag, "number-columns-repeated").unwrap_or(1).min(MOST.1 - columns);
                    if is_hidden(&tag) {
                        sheet.hidden_columns.extend(columns..columns + n);
                    }
                    columns += n;
                }
                "table-row" if depth == 0 => {
                    let times = number(&tag, "number-rows-repeated").unwrap_or(1).clamp(1, MOST.0);
                    let hidden = is_hidden(&tag);
                    table_row(xml, sheet, room, row, &mut merges)?;
                    Limit::Cells.holds(merges.len() as u64)?;
                    if let Some(line) = sheet.line(row).cloned() {
                        sheet.line_mut(row).hidden = hidden;
                        for more in row + 1..(row + times).min(MOST.0) {
                            for (column, cell) in line.cells() {
                                room.put(sheet, more, column, cell.clone())?;
                            }
                            sheet.line_mut(more).hidden = hidden;
                        }
                    }
                    row = (row + times).min(MOST.0);
                }
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == "table" => match depth {
                0 => return Ok(merges),
                _ => depth -= 1,
            },
            Event::Eof => return Err(torn()),
            _ => {}
        }
    }
}

fn table_row<R: Read>(
    xml: &mut Xml<R>,
    sheet: &mut Sheet,
    room: &mut Room,
    row: usize,
    merges: &mut Vec<Merge>,
) -> Result<(), String> {
    let mut column = 0;
    loop {
        match xml.next()? {
            Event::Start(tag) if matches!(tag.local_name().as_ref(), "table-cell" | "covered-table-cell") => {
                let times = number(&tag, "number-columns-repeated").unwrap_or(1).clamp(1, MOST.1);
                let spans = |name| number(&tag, name).unwrap_or(1).clamp(1, MOST.0);
                let (down, across) = (spans("number-rows-spanned"), spans("number-columns-spanned"));
                if column < MOST.1 && (down > 1 || across > 1) {
                    merges.push(Merge { first: (row, column), last: (row + down - 1, column + across - 1) });
                }
                let head = Head::of(&tag);
                let cell = table_cell(xml, head, &mut Place { sheet, row, column })?;
                if !cell.is_empty() && row < MOST.0 {
                    for more in column..(column + times).min(MOST.1) {
                        room.put(sheet, row, more, cell.clone())?;
                    }
                }
                column = (column + times).min(MOST.1);
            }
            Event::End(tag) if tag.local_name().as_ref() == "table-row" => return Ok(()),
            Event::Eof => return Err(torn()),
            _ => {}
        }
    }
}

/// The attributes of a cell.
struct Head {
    kind: Option<String>,
    is_error: bool,
    value: Option<String>,
    formula: Option<String>,
}

impl Head {
    fn of(tag: &BytesStart) -> Head {
        let (mut kind, mut is_error) = (None, false);
        for a in tag.attributes().with_checks(false).flatten().filter(|a| a.key.local_name().as_ref() == "value-type") {
            // LibreOffice says the kind once more in a name of its own, where it knows of errors.
            is_error |= a.value == "error";
            if a.value != "error" {
                kind.get_or_insert_with(|| a.value.to_string());
            }
        }
        let value = match kind.as_deref() {
            Some("date") => attribute(tag, "date-value"),
            Some("time") => attribute(tag, "time-value"),
            Some("boolean") => attribute(tag, "boolean-value"),
            Some("string") => attribute(tag, "string-value"),
            _ => attribute(tag, "value"),
        };
        Head { kind, is_error, value, formula: attribute(tag, "formula") }
    }
}

fn table_cell<R: Read>(xml: &mut Xml<R>, head: Head, place: &mut Place) -> Result<Cell, String> {
    let shown = cell_text(xml)?;
    if head.is_error || (head.formula.is_some() && (shown.starts_with('#') || shown.starts_with("Err:"))) {
        return Ok(Cell::broken(Why::Error, shown));
    }
    let Some(kind) = head.kind.as_deref() else {
        return Ok(match head.formula {
            Some(formula) => without_value(&formula, place),
            None => text(&shown, place),
        });
    };
    let value = head.value.as_deref();
    Ok(match (kind, value) {
        ("string", _) => text(value.unwrap_or(&shown), place),
        ("boolean", Some(v)) => Cell::Bool(v == "true"),
        ("date", Some(v)) => iso_date(v).unwrap_or_else(|| text(&shown, place)),
        ("time", Some(v)) => iso_duration(v).map_or_else(|| text(&shown, place), Cell::Clock),
        ("float" | "percentage" | "currency", Some(v)) => match v.trim().parse::<f64>() {
            Ok(n) => number_shown_as(n, &shown, place),
            Err(_) => text(&shown, place),
        },
        (_, None) if head.formula.is_some() && shown.is_empty() => {
            without_value(head.formula.as_deref().unwrap_or_default(), place)
        }
        _ => text(&shown, place),
    })
}

/// A number, or its digits where the sheet shows zeros in front of them.
fn number_shown_as(n: f64, shown: &str, place: &mut Place) -> Cell {
    let cell = shown_number(n);
    let digits = cell.shown();
    let zeros = shown.len() > digits.len() && shown.starts_with('0') && shown.trim_start_matches('0') == digits;
    if zeros && shown.bytes().all(|b| b.is_ascii_digit()) && n > 0.0 {
        place.repaired(Repair::LeadingZeros);
        return Cell::Text(shown.to_string());
    }
    cell
}

/// `of:="0123"` has a certain value even where the file does not hold it.
fn without_value(formula: &str, place: &mut Place) -> Cell {
    let bare = formula.split_once(":=").map_or(formula, |(_, f)| f);
    let bare = bare.strip_prefix('=').unwrap_or(bare);
    match bare.strip_prefix('"').and_then(|f| f.strip_suffix('"')).filter(|f| !f.contains('"')) {
        Some(inner) => {
            let cell = text(inner, place);
            place.repaired(Repair::QuotedFormula);
            cell
        }
        None => Cell::broken(Why::Formula, format!("={bare}")),
    }
}

/// The paragraphs of a cell, without its comments and drawings.
fn cell_text<R: Read>(xml: &mut Xml<R>) -> Result<String, String> {
    let (mut out, mut paragraphs, mut aside, mut depth) = (String::new(), 0, 0, 0);
    loop {
        let event = xml.next()?;
        match &event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "annotation" | "frame" | "custom-shape" | "table" | "shapes" => aside += 1,
                "table-cell" | "covered-table-cell" => depth += 1,
                _ if aside > 0 => {}
                "p" => {
                    if paragraphs > 0 {
                        out.push('\n');
                    }
                    paragraphs += 1;
                }
                "s" => out.extend(std::iter::repeat_n(' ', number(tag, "c").unwrap_or(1).min(32_767))),
                "tab" => out.push('\t'),
                "line-break" => out.push('\n'),
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "annotation" | "frame" | "custom-shape" | "table" | "shapes" => aside -= 1,
                "table-cell" | "covered-table-cell" if depth == 0 => return Ok(out),
                "table-cell" | "covered-table-cell" => depth -= 1,
                _ => {}
            },
            Event::Eof => return Err(torn()),
            _ if aside == 0 && paragraphs > 0 => out.extend(text_of(&event)),
            _ => {}
        }
        if out.len() > 4 << 20 {
            return Err(Limit::Letters.exceeded());
        }
    }
}
