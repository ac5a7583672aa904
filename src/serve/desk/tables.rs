//! The sheets as tables: read by pages, changed by cells.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::commit::Said;
use super::sheets::{Working, findings, kept};
use super::{Call, Desk};
use crate::exchange::cell::Cell;
use crate::exchange::headings::Meaning;
use crate::exchange::layout::{Column, Wants};
use crate::exchange::workbook::explanation;
use crate::lang::{Lang, count, current};
use crate::project::{Document, Sentence};
use crate::serve::problem::{Answer, Problem, Reply};
use crate::tr;
use crate::words::plain;

/// So many rows an answer has at most.
const MOST_ROWS: usize = 1_000;
/// So many changes of cells are one action at most.
const MOST_EDITS: usize = 10_000;

/// Changes of a table: rows as the sheet numbers them, from 1; columns from 0.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Patch {
    /// Cells that get another text.
    #[serde(default)]
    pub(crate) edits: Vec<Edit>,
    /// Rows that are added at the end, cell by cell.
    #[serde(default)]
    pub(crate) insert: Vec<Vec<String>>,
    /// Rows that are taken away.
    #[serde(default)]
    pub(crate) delete: Vec<usize>,
}

/// A cell that gets another text.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Edit {
    /// The row, from 1.
    pub(crate) row: usize,
    /// The column, from 0.
    pub(crate) column: usize,
    /// The text.
    pub(crate) value: String,
}

/// `GET /api/tables`
pub(crate) fn tables(desk: &mut Desk, _: &Call) -> Answer {
    let working = desk.working()?;
    let ids = working.ids();
    let faults = by_sheet(working, &working.findings.faults);
    let notes = by_sheet(working, &working.findings.notes);
    let mut tables: Vec<(usize, Value)> = Vec::new();
    for (i, sheet) in working.sheets.iter().enumerate() {
        let layout = working.layout(sheet);
        let (heading, _) = working.head(sheet);
        let rows = sheet.lines().filter(|(row, _)| *row > heading).count();
        tables.push((
            Working::order(layout),
            json!({
                "id": ids[i],
                "title": layout.map_or(sheet.name.as_str(), |l| l.name()),
                "sheet": sheet.name,
                "help": layout.map(|l| if current() == Lang::Fr { l.help.0 } else { l.help.1 }),
                "required": layout.is_some_and(Working::required),
                "rows": rows,
                "faults": faults.get(&i).copied().unwrap_or(0),
                "remarks": notes.get(&i).copied().unwrap_or(0),
            }),
        ));
    }
    tables.sort_by_key(|(order, _)| *order);
    let tables: Vec<Value> = tables.into_iter().map(|(_, t)| t).collect();
    Ok(Reply::json(&json!({ "tables": tables, "locked": working.locked.as_deref().map(locked) })))
}

fn by_sheet(working: &Working, faults: &[crate::fault::Fault]) -> BTreeMap<usize, usize> {
    let mut counts = BTreeMap::new();
    for fault in faults {
        let place = fault.place.as_deref();
        if let Some(i) = place.and_then(|p| working.sheet_of(fault.file.as_deref(), p)) {
            *counts.entry(i).or_default() += fault.stands_for as usize;
        }
    }
    counts
}

/// `GET /api/tables/{id}`
pub(crate) fn table(desk: &mut Desk, call: &Call) -> Answer {
    let working = desk.working()?;
    let ids = working.ids();
    let at = position(&ids, call)?;
    let sheet = &working.sheets[at];
    let (heading, columns) = working.head(sheet);
    let mut said: BTreeMap<usize, Vec<Value>> = BTreeMap::new();
    let faults = working.findings.faults.iter().map(|f| (f, "fault"));
    for (fault, severity) in faults.chain(working.findings.notes.iter().map(|f| (f, "remark"))) {
        let Some(place) = fault.place.as_deref() else { continue };
        if working.sheet_of(fault.file.as_deref(), place) != Some(at) {
            continue;
        }
        let value = working.said(fault, &ids, severity);
        let short = json!({ "column": value["column"], "message": value["message"], "severity": severity });
        for row in &place.rows {
            said.entry(*row).or_default().push(short.clone());
        }
    }
    let faulty = call.asked("faulty").is_some_and(|v| v != "0");
    let wanted = call.asked("q").map(plain).unwrap_or_default();
    let (from, many) = (call.parsed::<usize>("from")?.unwrap_or(0), call.parsed::<usize>("count")?.unwrap_or(200));
    let width = sheet.lines().map(|(_, line)| line.dense().len()).max().unwrap_or(0).max(columns.len());
    let matching = |(row, line): &(usize, &crate::exchange::read::Line)| {
        *row > heading
            && (!faulty || said.contains_key(row))
            && (wanted.is_empty() || line.cells().any(|(_, cell)| plain(&cell.shown()).contains(&wanted)))
    };
    let total = sheet.lines().filter(matching).count();
    let rows: Vec<Value> = sheet
        .lines()
        .filter(matching)
        .skip(from)
        .take(many.min(MOST_ROWS))
        .map(|(row, line)| {
            let mut cells: Vec<String> = line.dense().iter().map(Cell::shown).collect();
            cells.resize(width, String::new());
            json!({ "row": row + 1, "cells": cells, "faults": said.get(&row).map_or(&[][..], Vec::as_slice) })
        })
        .collect();
    let layout = working.layout(sheet);
    let columns: Vec<Value> =
        columns.iter().enumerate().map(|(i, (title, meaning))| column(i, title, meaning)).collect();
    Ok(Reply::json(&json!({
        "id": ids[at],
        "title": layout.map_or(sheet.name.as_str(), |l| l.name()),
        "sheet": sheet.name,
        "columns": columns,
        "width": width,
        "total": total,
        "rows": rows,
        "locked": working.locked.as_deref().map(locked),
    })))
}

fn column(i: usize, title: &str, meaning: &Meaning) -> Value {
    let known: Option<&Column> = match meaning {
        Meaning::Known(column) | Meaning::Has(column, _) => Some(column),
        _ => None,
    };
    let kind = match known.map(|c| c.wants) {
        Some(Wants::Date) => "date",
        Some(Wants::Clock) => "hour",
        Some(Wants::Yes) => "yes",
        Some(Wants::Whole | Wants::Degrees) => "number",
        Some(Wants::List) => "list",
        Some(Wants::OneOf(_)) => "choice",
        Some(Wants::Id(_)) => "id",
        _ => "text",
    };
    let choices = match known.map(|c| c.wants) {
        Some(Wants::OneOf(words)) => {
            let word = |&(fr, en): &(&'static str, &'static str)| if current() == Lang::Fr { fr } else { en };
            Some(words.iter().map(word).collect::<Vec<_>>())
        }
        Some(Wants::Yes) => Some(if current() == Lang::Fr { vec!["oui", "non"] } else { vec!["yes", "no"] }),
        _ => None,
    };
    json!({
        "id": i,
        "title": title,
        "help": known.map(explanation),
        "example": known.map(|c| c.example),
        "needed": known.is_some_and(|c| c.needed),
        "kind": kind,
        "choices": choices,
    })
}

fn position(ids: &[String], call: &Call) -> Result<usize, Problem> {
    let id = call.part("id");
    ids.iter()
        .position(|own| own == id)
        .ok_or_else(|| Problem::missing(tr!("there is no table {id}", "il n'y a pas de table {id}")))
}

fn locked(why: &str) -> String {
    tr!(
        "these data came as an instance file that sheets can not say exactly ({why}); bring in a changed file instead",
        "ces données viennent d'un fichier que des feuilles ne disent pas exactement ({why}) ; apportez plutôt un fichier modifié"
    )
}

/// `PATCH /api/tables/{id}`
pub(crate) fn patch(desk: &mut Desk, call: &Call) -> Answer {
    let asked: Patch = call.json()?;
    let working = desk.working()?;
    if let Some(why) = &working.locked {
        return Err(Problem::refused(locked(why)));
    }
    let ids = working.ids();
    let at = position(&ids, call)?;
    let mut sheets = working.sheets.clone();
    let title = working.layout(&sheets[at]).map_or(sheets[at].name.as_str(), |l| l.name()).to_string();
    let (heading, columns) = working.head(&sheets[at]);
    if asked.edits.len() + asked.insert.len() + asked.delete.len() > MOST_EDITS {
        return Err(Problem::bad(tr!("too many changes at once", "trop de modifications à la fois")));
    }
    let sheet = &mut sheets[at];
    let last = sheet.lines().next_back().map_or(heading, |(row, _)| row);
    let mut touched: BTreeSet<usize> = BTreeSet::new();
    for edit in &asked.edits {
        let row = edit.row.wrapping_sub(1);
        if row <= heading || row > last + 1 || edit.column >= columns.len().max(1) + 20 {
            return Err(Problem::bad(tr!("there is no such cell", "cette cellule n'existe pas")));
        }
        if edit.value.chars().count() > 32_767 {
            return Err(Problem::bad(tr!(
                "this text is too long for a cell",
                "ce texte est trop long pour une cellule"
            )));
        }
        set(sheet, row, edit.column, &edit.value);
        touched.insert(edit.row);
    }
    for row in &asked.delete {
        if *row <= heading + 1 || *row > last + 1 {
            return Err(Problem::bad(tr!("there is no such row", "cette ligne n'existe pas")));
        }
        sheet.remove_line(row - 1);
        touched.insert(*row);
    }
    for (i, cells) in asked.insert.iter().enumerate() {
        let row = last + 1 + i;
        for (column, text) in cells.iter().enumerate().take(columns.len()) {
            set(sheet, row, column, text);
        }
        touched.insert(row + 1);
    }
    let what = what(&asked, &title, &columns);
    change_sheets(desk, sheets, Said { kind: "edit", what }, &touched)
}

/// Makes changed sheets the project's data: the instance where they have no fault, else they are kept with their faults.
pub(super) fn change_sheets(
    desk: &mut Desk,
    sheets: Vec<crate::exchange::read::Sheet>,
    said: Said,
    touched: &BTreeSet<usize>,
) -> Answer {
    let working = desk.working()?;
    let (mapped, mapping) = (working.mapped, working.mapping.clone());
    let name = if mapped { desk.project()?.document().name.clone() } else { String::new() };
    let found = findings(sheets.clone(), &name, &mapping);
    let next = match &found.raw {
        Some(raw) => desk.with_instance(raw.to_json().into())?,
        None => Document { sheets: Some(kept(sheets.clone(), mapped)), ..desk.project()?.document().clone() },
    };
    let done = desk.commit(next, said, &[])?;
    desk.working_is(sheets, found)?;
    let working = desk.working()?;
    let ids = working.ids();
    let all = |faults: &[crate::fault::Fault], severity: &str| -> Vec<Value> {
        faults.iter().map(|f| working.said(f, &ids, severity)).collect()
    };
    let mut answer = done.answer;
    answer["faults"] = all(&working.findings.faults, "fault").into();
    answer["remarks"] = all(&working.findings.notes, "remark").into();
    answer["rows"] = json!(touched);
    Ok(Reply::json(&answer))
}

fn set(sheet: &mut crate::exchange::read::Sheet, row: usize, column: usize, text: &str) {
    let text = text.trim();
    sheet.set(row, column, if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_string()) });
    for cells in sheet.repairs.values_mut() {
        cells.retain(|&at| at != (row, column));
    }
}

fn what(asked: &Patch, title: &str, columns: &[(String, Meaning)]) -> Sentence {
    let short = |text: &str| -> String {
        let mut short: String = text.chars().take(40).collect();
        if short.len() < text.len() {
            short.push('…');
        }
        short
    };
    Sentence::both(|| match (asked.edits.as_slice(), asked.insert.len(), asked.delete.len()) {
        ([edit], 0, 0) => {
            let (row, value) = (edit.row, short(&edit.value));
            let heading = columns.get(edit.column).map_or("", |(title, _)| title.as_str());
            tr!("{title}, row {row}, {heading}: \"{value}\"", "{title}, ligne {row}, {heading} : « {value} »")
        }
        (edits, added, taken) => {
            let mut parts = Vec::new();
            if !edits.is_empty() {
                parts.push(count(edits.len(), &tr!("cell", "cellule"), &tr!("cells", "cellules")));
            }
            if added > 0 {
                parts.push(count(added, &tr!("row added", "ligne ajoutée"), &tr!("rows added", "lignes ajoutées")));
            }
            if taken > 0 {
                parts.push(count(
                    taken,
                    &tr!("row taken away", "ligne retirée"),
                    &tr!("rows taken away", "lignes retirées"),
                ));
            }
            let parts = parts.join(", ");
            tr!("{title}: {parts}", "{title} : {parts}")
        }
    })
}
