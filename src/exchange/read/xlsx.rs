//! XLSX workbooks, cell by cell: values, formulas without a value, merged cells, hidden rows, columns and sheets.

use std::collections::HashMap;
use std::io::Read;

use quick_xml::events::{BytesStart, Event};

use super::archive::{Archive, Xml, attribute, is_set, number, text_of, torn};
use super::format::{Shows, of_code, of_id};
use super::room::{Merge, Room};
use super::sheet::{Repair, Sheet};
use super::text::{Place, moment, shown_number, text};
use crate::exchange::cell::{Cell, Why};
use crate::read::limit::Limit;

/// The last row and column of a sheet, from 0.
const LAST: (usize, usize) = (1_048_575, 16_383);

/// What the sheets share.
struct Book {
    strings: Vec<String>,
    formats: Vec<Shows>,
    /// Dates count from 1904.
    from_1904: bool,
}

/// Reads the sheets of a workbook, in their order.
///
/// # Errors
/// A sentence on what cannot be read or is too large.
pub fn read(file: &str, archive: &mut Archive, room: &mut Room) -> Result<Vec<Sheet>, String> {
    let main = relations(archive, "_rels/.rels", "")?;
    let path = main
        .values()
        .find(|r| r.kind.ends_with("/officeDocument"))
        .map_or("xl/workbook.xml".into(), |r| r.target.clone());
    let folder = path.rsplit_once('/').map_or("", |(f, _)| f).to_string();
    let name = path.rsplit_once('/').map_or(path.as_str(), |(_, n)| n);
    let parts = relations(archive, &format!("{folder}/_rels/{name}.rels"), &folder)?;
    let of_kind = |kind: &str| parts.values().find(|r| r.kind.ends_with(kind)).map(|r| r.target.clone());
    let (listed, from_1904) = listed(archive, &path)?;
    let strings = match of_kind("/sharedStrings") {
        Some(part) if archive.has(&part) => strings(&mut archive.part(&part)?)?,
        _ => Vec::new(),
    };
    let formats = match of_kind("/styles") {
        Some(part) if archive.has(&part) => formats(&mut archive.part(&part)?)?,
        _ => Vec::new(),
    };
    let book = Book { strings, formats, from_1904 };
    let mut sheets = Vec::new();
    for entry in listed {
        let Some(part) = parts.get(&entry.relation).filter(|r| r.kind.ends_with("/worksheet")) else { continue };
        let mut sheet = Sheet::new(file, entry.name);
        sheet.hidden = entry.hidden;
        let merges = sheet_cells(&mut archive.part(&part.target)?, &book, &mut sheet, room)?;
        room.spread(&mut sheet, &merges)?;
        sheet.drop_blank_lines();
        sheets.push(sheet);
    }
    Ok(sheets)
}

struct Relation {
    kind: String,
    target: String,
}

fn relations(archive: &mut Archive, part: &str, folder: &str) -> Result<HashMap<String, Relation>, String> {
    let mut all = HashMap::new();
    if !archive.has(part) {
        return Ok(all);
    }
    let mut xml = archive.part(part)?;
    loop {
        match xml.next()? {
            Event::Start(tag) if tag.local_name().as_ref() == "Relationship" => {
                let (Some(id), Some(kind), Some(target)) =
                    (attribute(&tag, "Id"), attribute(&tag, "Type"), attribute(&tag, "Target"))
                else {
                    continue;
                };
                let target = match target.strip_prefix('/') {
                    Some(absolute) => absolute.to_string(),
                    None if folder.is_empty() => target,
                    None => format!("{folder}/{target}"),
                };
                all.insert(id, Relation { kind, target });
            }
            Event::Eof => return Ok(all),
            _ => {}
        }
    }
}

struct Listed {
    name: String,
    hidden: bool,
    relation: String,
}

fn listed(archive: &mut Archive, part: &str) -> Result<(Vec<Listed>, bool), String> {
    let mut xml = archive.part(part)?;
    let (mut sheets, mut from_1904) = (Vec::new(), false);
    loop {
        match xml.next()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "workbookPr" => from_1904 = is_set(&tag, "date1904"),
                "sheet" => sheets.push(Listed {
                    name: attribute(&tag, "name").unwrap_or_default(),
                    hidden: attribute(&tag, "state").is_some_and(|s| s != "visible"),
                    relation: attribute(&tag, "id").unwrap_or_default(),
                }),
                _ => {}
            },
            Event::Eof => return Ok((sheets, from_1904)),
            _ => {}
        }
    }
}

/// The text of `si` or `is`: its runs, without the reading aids of Asian texts.
fn rich_text<R: Read>(xml: &mut Xml<R>, end: &str) -> Result<String, String> {
    let (mut out, mut within, mut aid) = (String::new(), false, false);
    loop {
        let event = xml.next()?;
        match &event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "t" => within = !aid,
                "rPh" => aid = true,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "t" => within = false,
                "rPh" => aid = false,
                name if name == end => return Ok(unescaped(out)),
                _ => {}
            },
            Event::Eof => return Err(torn()),
            _ if within => out.extend(text_of(&event)),
            _ => {}
        }
    }
}

/// Excel writes characters that XML cannot hold as `_x000D_`.
fn unescaped(text: String) -> String {
    if !text.contains("_x") {
        return text;
    }
    let (mut out, mut rest) = (String::with_capacity(text.len()), text.as_str());
    while let Some(at) = rest.find("_x") {
        let code = rest.get(at + 2..at + 7).filter(|c| c.ends_with('_')).map(|c| &c[..4]);
        let sign = code.and_then(|c| u32::from_str_radix(c, 16).ok()).and_then(char::from_u32);
        match sign {
            Some(c) => {
                out.push_str(&rest[..at]);
                out.push(c);
                rest = &rest[at + 7..];
            }
            None => {
                out.push_str(&rest[..at + 2]);
                rest = &rest[at + 2..];
            }
        }
    }
    out + rest
}

fn strings<R: Read>(xml: &mut Xml<R>) -> Result<Vec<String>, String> {
    let (mut all, mut letters) = (Vec::new(), 0);
    loop {
        match xml.next()? {
            Event::Start(tag) if tag.local_name().as_ref() == "si" => {
                let text = rich_text(xml, "si")?;
                letters += text.len() as u64;
                Limit::Letters.holds(letters)?;
                all.push(text);
                Limit::Cells.holds(all.len() as u64)?;
            }
            Event::Eof => return Ok(all),
            _ => {}
        }
    }
}

/// What each style shows of a number.
fn formats<R: Read>(xml: &mut Xml<R>) -> Result<Vec<Shows>, String> {
    let (mut own, mut all, mut within) = (HashMap::new(), Vec::new(), false);
    loop {
        match xml.next()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "numFmt" => {
                    if let (Some(id), Some(code)) = (number(&tag, "numFmtId"), attribute(&tag, "formatCode")) {
                        own.insert(id, of_code(&code));
                    }
                }
                "cellXfs" => within = true,
                "xf" if within => {
                    let id = number(&tag, "numFmtId").unwrap_or(0);
                    all.push(own.get(&id).copied().unwrap_or_else(|| of_id(id)));
                    Limit::Cells.holds(all.len() as u64)?;
                }
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => within = false,
            Event::Eof => return Ok(all),
            _ => {}
        }
    }
}

/// `B7` as row and column from 0.
fn reference(text: &str) -> Option<(usize, usize)> {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let column = text[..letters].bytes().try_fold(0usize, |n, b| {
        let next = n * 26 + usize::from(b.to_ascii_uppercase() - b'A') + 1;
        (next <= LAST.1 + 1).then_some(next)
    })?;
    let row: usize = text[letters..].parse().ok()?;
    let at = (row.checked_sub(1)?, column.checked_sub(1)?);
    (at.0 <= LAST.0).then_some(at)
}

fn sheet_cells<R: Read>(
    xml: &mut Xml<R>,
    book: &Book,
    sheet: &mut Sheet,
    room: &mut Room,
) -> Result<Vec<Merge>, String> {
    let (mut merges, mut at, mut rows_hidden) = (Vec::new(), (0, 0), false);
    let (mut hidden, mut next_row) = (false, 0);
    loop {
        match xml.next()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "sheetFormatPr" => rows_hidden = is_set(&tag, "zeroHeight"),
                "col" if is_set(&tag, "hidden") => {
                    let (first, last) = (number(&tag, "min").unwrap_or(1), number(&tag, "max").unwrap_or(1));
                    sheet.hidden_columns.extend(first.saturating_sub(1)..last.min(LAST.1 + 1));
                    sheet.hidden_columns.truncate(LAST.1 + 1);
                }
                "row" => {
                    let row = number(&tag, "r").and_then(|r| r.checked_sub(1)).unwrap_or(next_row);
                    if row > LAST.0 {
                        return Err(torn());
                    }
                    (at, next_row) = ((row, 0), row + 1);
                    hidden = is_set(&tag, "hidden") || (rows_hidden && attribute(&tag, "hidden").is_none());
                }
                "c" => {
                    let place = attribute(&tag, "r").and_then(|r| reference(&r)).unwrap_or(at);
                    let (style, kind) = (number(&tag, "s"), attribute(&tag, "t"));
                    let cell =
                        cell(xml, book, style, kind.as_deref(), &mut Place { sheet, row: place.0, column: place.1 })?;
                    let filled = !cell.is_empty();
                    room.put(sheet, place.0, place.1, cell)?;
                    if filled && hidden {
                        sheet.line_mut(place.0).hidden = true;
                    }
                    at = (place.0, place.1 + 1);
                }
                "mergeCell" => merges.extend(merge(&tag)),
                _ => {}
            },
            Event::Eof => return Ok(merges),
            _ => {}
        }
        Limit::Cells.holds(merges.len() as u64)?;
    }
}

fn merge(tag: &BytesStart) -> Option<Merge> {
    let range = attribute(tag, "ref")?;
    let (first, last) = range.split_once(':')?;
    Some(Merge { first: reference(first)?, last: reference(last)? })
}

fn cell<R: Read>(
    xml: &mut Xml<R>,
    book: &Book,
    style: Option<usize>,
    kind: Option<&str>,
    place: &mut Place,
) -> Result<Cell, String> {
    let (mut formula, mut value, mut inline) = (None::<String>, None::<String>, None);
    let mut within = None::<bool>; // in the formula, or in the value
    loop {
        let event = xml.next()?;
        match &event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "f" => {
                    formula.get_or_insert_default();
                    within = Some(true);
                }
                "v" => {
                    value.get_or_insert_default();
                    within = Some(false);
                }
                "is" => inline = Some(rich_text(xml, "is")?),
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "f" | "v" => within = None,
                "c" => break,
                _ => {}
            },
            Event::Eof => return Err(torn()),
            _ => match (within, text_of(&event)) {
                (Some(true), Some(t)) => formula.get_or_insert_default().push_str(&t),
                (Some(false), Some(t)) => value.get_or_insert_default().push_str(&t),
                _ => {}
            },
        }
    }
    if let Some(t) = inline {
        return Ok(text(&t, place));
    }
    let value = match value {
        Some(v) if !v.is_empty() => v,
        // A formula whose result is the empty text has its value: none.
        Some(_) if kind == Some("str") => return Ok(Cell::Empty),
        _ => {
            return Ok(match formula {
                None => Cell::Empty,
                Some(f) => text_formula(&f, place).unwrap_or_else(|| Cell::broken(Why::Formula, format!("={f}"))),
            });
        }
    };
    Ok(match kind {
        Some("s") => match value.trim().parse::<usize>().ok().and_then(|i| book.strings.get(i)) {
            Some(t) => text(t, place),
            None => return Err(torn()),
        },
        Some("str" | "inlineStr") => text(&unescaped(value), place),
        Some("b") => Cell::Bool(value.trim() == "1" || value.trim() == "true"),
        Some("e") => Cell::broken(Why::Error, value),
        Some("d") => super::text::iso_date(&value).unwrap_or_else(|| text(&value, place)),
        _ => match value.trim().parse::<f64>() {
            Ok(n) => of_number(n, style.and_then(|s| book.formats.get(s)).copied(), book.from_1904, place),
            Err(_) => text(&value, place),
        },
    })
}

/// `="0123"`: the value of that formula is certain even where the file does not hold it.
fn text_formula(formula: &str, place: &mut Place) -> Option<Cell> {
    let inner = formula.strip_prefix('"')?.strip_suffix('"')?;
    if inner.replace("\"\"", "").contains('"') {
        return None;
    }
    let cell = text(&inner.replace("\"\"", "\""), place);
    place.repaired(Repair::QuotedFormula);
    Some(cell)
}

fn of_number(n: f64, shows: Option<Shows>, from_1904: bool, place: &mut Place) -> Cell {
    match shows.unwrap_or(Shows::Number) {
        Shows::Moment => moment(if from_1904 && n >= 1.0 { n + 1462.0 } else { n }),
        Shows::Digits(width) => {
            let plain = shown_number(n);
            let Cell::Number(_) = plain else { return plain };
            let digits = plain.shown();
            if n < 0.0 || n.fract() != 0.0 || digits.len() >= width {
                return plain;
            }
            place.repaired(Repair::LeadingZeros);
            Cell::Text(format!("{digits:0>width$}"))
        }
        Shows::Number => shown_number(n),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read() {
        assert_eq!(reference("A1"), Some((0, 0)));
        assert_eq!(reference("XFD1048576"), Some(LAST));
        for wrong in ["", "A", "1", "A0", "XFE1", "A1048577", "AAAAAAAAAAAAAAAAAAAAAA1", "é1"] {
            assert_eq!(reference(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn escaped_characters_are_read() {
        assert_eq!(unescaped("a_x0041_b_x000a_".into()), "aAb\n");
        assert_eq!(unescaped("_x005F_x0041_".into()), "_x0041_");
        assert_eq!(unescaped("_x00_ _xé".into()), "_x00_ _xé");
    }
}
