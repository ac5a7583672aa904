//! Several rows of one candidate or examiner: one row for each exam, as registration systems give them, become one.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::cell::{Cell, is_dash};
use super::distance::abridged;
use super::headings::{Meaning, Names, Part, plain};
use super::layout::{Kind, Wants};
use super::page::{Log, Page, rows_in_words};
use crate::tr;

/// Makes one row of all rows of one number, on each page of candidates and examiners.
pub fn joined(pages: &mut [Page], names: &Names, log: &mut Log) {
    for page in pages.iter_mut() {
        match page.layout.kind {
            Kind::Candidates => {
                let said = by_exam(page, names, log);
                join(page, log);
                if let Some(said) = said {
                    leave_out(page, names, &said);
                }
            }
            Kind::Examiners => join(page, log),
            _ => {}
        }
    }
}

/// The rows of a page that are records, with their ids.
fn identified(page: &Page) -> Vec<(usize, String)> {
    let Some(id) = page.column("id") else { return Vec::new() };
    let rows = page.rows().map(|r| (r.number(), r.at(id).text()));
    rows.filter(|(_, id)| !id.is_empty()).collect()
}

/// A page with a row for each candidate and exam: what the row says of its exam goes to that exam's own columns.
/// The exams of each candidate, where the page is such a one.
fn by_exam(page: &mut Page, names: &Names, log: &mut Log) -> Option<BTreeMap<String, BTreeSet<String>>> {
    let named = page.columns.iter().position(|m| matches!(m, Meaning::RowExam))?;
    let parts: Vec<(usize, Part)> = page
        .columns
        .iter()
        .enumerate()
        .filter_map(|(c, m)| if let Meaning::RowPart(part) = m { Some((c, *part)) } else { None })
        .collect();
    let mut said: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (row, id) in identified(page) {
        let cell = page.cell(row, named).clone();
        if cell.is_empty() {
            continue;
        }
        let Some(exam) = exam_named(&cell, names) else {
            let (shown, known) = (cell.shown(), names.exams.join(", "));
            let message = tr!(
                "\"{shown}\" is no exam; those are: {known}",
                "« {shown} » n'est pas une épreuve ; ce sont : {known}"
            );
            log.faults.push(page.about(row, Some(named), message));
            continue;
        };
        said.entry(id).or_default().insert(exam.clone());
        let mut form = false;
        for &(column, part) in &parts {
            let value = page.cell(row, column).clone();
            if value.is_empty() {
                continue;
            }
            form |= part == Part::Form;
            let target = exam_column(page, &exam, part, column);
            page.take(row, target, (row, column), value);
        }
        let own = page.columns.iter().position(|m| matches!(m, Meaning::Exam(e, Part::Form) if *e == exam));
        let status = page.column("status").is_some_and(|c| !page.cell(row, c).is_empty());
        if !form && own.is_none_or(|c| page.cell(row, c).is_empty()) && (!status || exam.starts_with("EF")) {
            let message = tr!(
                "the row names {exam} but not how it is taken; fill in a column Form: final, continuous or exempt",
                "la ligne nomme {exam} sans dire comment elle est passée ; remplissez une colonne Forme : ponctuelle, CCF ou dispense"
            );
            log.faults.push(page.about(row, Some(named), message));
        }
    }
    Some(said)
}

/// Exams without a row are none of the candidate's, so that none is presumed from the status.
fn leave_out(page: &mut Page, names: &Names, said: &BTreeMap<String, BTreeSet<String>>) {
    let Some(named) = page.columns.iter().position(|m| matches!(m, Meaning::RowExam)) else { return };
    for (row, id) in identified(page) {
        let Some(own) = said.get(&id) else { continue };
        for exam in names.exams.iter().filter(|e| !own.contains(*e)) {
            let column = exam_column(page, exam, Part::Form, named);
            if page.cell(row, column).is_empty() {
                page.take(row, column, (row, named), Cell::Text("–".into()));
            }
        }
    }
}

/// The exam that a cell names: `E4`, `épreuve E4`, `E4 – Négociation`.
fn exam_named(cell: &Cell, names: &Names) -> Option<String> {
    let bare = plain(&cell.text());
    let bare = bare.strip_prefix("epreuve ").unwrap_or(&bare);
    let is = |e: &&String| plain(e) == bare || plain(e).replace(' ', "") == bare.replace(' ', "");
    // The longest, so that EF2-abroad is not EF2.
    let begins = |e: &&String| bare.strip_prefix(&plain(e)).is_some_and(|rest| rest.starts_with(' '));
    let longest = || names.exams.iter().filter(begins).max_by_key(|e| e.len());
    names.exams.iter().find(is).or_else(longest).cloned()
}

/// The column of a part of an exam, a new one where the sheet has none; its heading is that of `like`.
fn exam_column(page: &mut Page, exam: &str, part: Part, like: usize) -> usize {
    let wanted = |m: &Meaning| matches!(m, Meaning::Exam(e, p) if e == exam && *p == part);
    if let Some(found) = page.columns.iter().position(wanted) {
        return found;
    }
    let heading = page.cell(page.heading_row, like).clone();
    page.columns.push(Meaning::Exam(exam.to_string(), part));
    let column = page.columns.len() - 1;
    let row = page.heading_row;
    page.sheet.set(row, column, heading);
    column
}

/// Rows of one id become the first of them; what they contradict each other in is a fault that names both.
fn join(page: &mut Page, log: &mut Log) {
    let mut first: HashMap<String, usize> = HashMap::new();
    let (mut joined, mut seen): (Vec<String>, HashSet<usize>) = (Vec::new(), HashSet::new());
    let mut rows = Vec::new();
    for (row, id) in identified(page) {
        let Some(&kept) = first.get(&id) else {
            first.insert(id, row);
            continue;
        };
        merge(page, kept, row, &id, log);
        page.aside.insert(row);
        rows.push(row + 1);
        if seen.insert(kept) {
            joined.push(id);
        }
    }
    if joined.is_empty() {
        return;
    }
    let (n, ids, rows) = (joined.len(), abridged(&joined), rows_in_words(rows));
    let message = if page.layout.kind == Kind::Candidates {
        tr!(
            "rows of one number joined into one candidate ({n}: {ids}): {rows} with an earlier one",
            "lignes d'un même numéro réunies en un candidat ({n} : {ids}) : {rows} avec une ligne précédente"
        )
    } else {
        tr!(
            "rows of one number joined into one examiner ({n}: {ids}): {rows} with an earlier one",
            "lignes d'un même numéro réunies en un interrogateur ({n} : {ids}) : {rows} avec une ligne précédente"
        )
    };
    log.notes.push(page.about(page.heading_row, None, message));
}

/// What says who somebody is: where it differs, a number stands for two people.
const WHO: &[&str] = &["name", "first_name", "ine", "birth_date"];

fn merge(page: &mut Page, kept: usize, row: usize, id: &str, log: &mut Log) {
    let (mut people, mut faults) = (None, Vec::new());
    for column in 0..page.columns.len() {
        let (old, new) = (page.cell(kept, column).clone(), page.cell(row, column).clone());
        if new.is_empty() || plain(&old.shown()) == plain(&new.shown()) {
            continue;
        }
        let form = matches!(page.columns[column], Meaning::Exam(_, Part::Form));
        let yields = |cell: &Cell| cell.is_empty() || (form && is_dash(&cell.text()));
        match &page.columns[column] {
            _ if yields(&old) => page.take(kept, column, (row, column), new),
            _ if yields(&new) => {}
            Meaning::Known(c) if c.wants == Wants::List => {
                let mut items = old.items();
                items.extend(new.items().into_iter().filter(|item| !old.items().contains(item)));
                page.sheet.set(kept, column, Cell::list(&items));
            }
            Meaning::Info(_) => page.sheet.set(kept, column, Cell::exact(&format!("{} / {}", old.text(), new.text()))),
            Meaning::Known(_) | Meaning::Exam(..) => {
                let (was, is, line) = (old.shown(), new.shown(), kept + 1);
                let who = matches!(&page.columns[column], Meaning::Known(c) if WHO.contains(&c.key));
                if who && people.is_none() {
                    let message = tr!(
                        "{id} stands for \"{was}\" in row {line} and for \"{is}\" here: two people? Give each a number of their own",
                        "{id} désigne « {was} » à la ligne {line} et « {is} » ici : deux personnes ? Donnez à chacune son numéro"
                    );
                    people = Some(page.about(row, Some(column), message));
                } else {
                    let message = tr!(
                        "\"{is}\" here and \"{was}\" in row {line} for the same {id}; write one",
                        "« {is} » ici et « {was} » à la ligne {line} pour le même {id} ; gardez l'un des deux"
                    );
                    faults.push(page.about(row, Some(column), message));
                }
            }
            _ => {}
        }
    }
    // Two people differ in everything: that there are two is the one thing to say.
    match people {
        Some(people) => log.faults.push(people),
        None => log.faults.extend(faults),
    }
}
