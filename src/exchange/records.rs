//! Several rows of one candidate, examiner, school or centre become one: a row for each exam, as registration systems give them,
//! or the same on two sheets.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::cell::{Cell, is_dash};
use super::distance::abridged;
use super::headings::{Meaning, Names, Part, plain};
use super::layout::{Kind, Wants};
use super::page::{Log, Page, rows_in_words};
use crate::fault::Fault;
use crate::tr;

/// Makes one row of all rows of one number, on each page of a kind and across them.
pub fn joined(pages: &mut [Page], names: &Names, log: &mut Log) {
    let mut said: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for page in pages.iter_mut() {
        match page.layout.kind {
            Kind::Candidates => {
                for (id, exams) in by_exam(page, names, log).unwrap_or_default() {
                    said.entry(id).or_default().extend(exams);
                }
                join(page, log);
            }
            Kind::Examiners | Kind::Schools | Kind::Centres => join(page, log),
            _ => {}
        }
    }
    for page in pages.iter_mut().filter(|p| p.layout.kind == Kind::Candidates) {
        leave_out(page, names, &said);
    }
    for kind in [Kind::Candidates, Kind::Examiners, Kind::Schools, Kind::Centres] {
        across(pages, kind, log);
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
    page.add_column(Meaning::Exam(exam.to_string(), part), heading)
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
    let message = match page.layout.kind {
        Kind::Candidates => tr!(
            "rows of one number joined into one candidate ({n}: {ids}): {rows} with an earlier one",
            "lignes d'un même numéro réunies en un candidat ({n} : {ids}) : {rows} avec une ligne précédente"
        ),
        Kind::Examiners => tr!(
            "rows of one number joined into one examiner ({n}: {ids}): {rows} with an earlier one",
            "lignes d'un même numéro réunies en un interrogateur ({n} : {ids}) : {rows} avec une ligne précédente"
        ),
        _ => tr!(
            "rows of one code joined into one ({n}: {ids}): {rows} with an earlier one",
            "lignes d'un même code réunies en une ({n} : {ids}) : {rows} avec une ligne précédente"
        ),
    };
    log.notes.push(page.about(page.heading_row, None, message));
}

/// What says who somebody is: where it differs, a number stands for two people.
const WHO: &[&str] = &["name", "first_name", "ine", "birth_date"];

/// What becomes of two cells that say the same thing of one person.
enum Both {
    /// The first stays.
    Stays,
    /// The second takes its place.
    Second,
    /// A cell of both.
    Joined(Cell),
    /// They contradict each other.
    Differ,
}

fn both(meaning: &Meaning, old: &Cell, new: &Cell) -> Both {
    if new.is_empty() || plain(&old.shown()) == plain(&new.shown()) {
        return Both::Stays;
    }
    let form = matches!(meaning, Meaning::Exam(_, Part::Form));
    let yields = |cell: &Cell| cell.is_empty() || (form && is_dash(&cell.text()));
    match meaning {
        _ if yields(old) => Both::Second,
        _ if yields(new) => Both::Stays,
        Meaning::Known(c) if c.wants == Wants::List => {
            let mut items = old.items();
            items.extend(new.items().into_iter().filter(|item| !old.items().contains(item)));
            Both::Joined(Cell::list(&items))
        }
        Meaning::Info(_) => Both::Joined(Cell::exact(&format!("{} / {}", old.text(), new.text()))),
        Meaning::Known(_) | Meaning::Exam(..) | Meaning::Has(..) => Both::Differ,
        _ => Both::Stays,
    }
}

/// Contradictions between two rows of one number.
#[derive(Default)]
struct Contradictions {
    people: Option<Fault>,
    faults: Vec<Fault>,
}

impl Contradictions {
    /// Adds one: what stands `there` and what stands in the cell that `at` makes a fault of.
    fn add(
        &mut self,
        (meaning, kind): (&Meaning, Kind),
        id: &str,
        [was, is]: [&Cell; 2],
        there: &str,
        at: impl Fn(String) -> Fault,
    ) {
        let (was, is) = (was.shown(), is.shown());
        let people = matches!(kind, Kind::Candidates | Kind::Examiners);
        let who = people && matches!(meaning, Meaning::Known(c) if WHO.contains(&c.key));
        if who && self.people.is_none() {
            self.people = Some(at(tr!(
                "{id} stands for \"{was}\" in {there} and for \"{is}\" here: two people? Give each a number of their own",
                "{id} désigne « {was} » ({there}) et « {is} » ici : deux personnes ? Donnez à chacune son numéro"
            )));
        } else {
            self.faults.push(at(tr!(
                "\"{is}\" here and \"{was}\" in {there} for the same {id}; write one",
                "« {is} » ici et « {was} » ({there}) pour le même {id} ; gardez l'un des deux"
            )));
        }
    }

    /// Two people differ in everything: that there are two is the one thing to say.
    fn say(self, log: &mut Log) {
        match self.people {
            Some(people) => log.faults.push(people),
            None => log.faults.extend(self.faults),
        }
    }
}

fn merge(page: &mut Page, kept: usize, row: usize, id: &str, log: &mut Log) {
    let mut found = Contradictions::default();
    let line = kept + 1;
    let there = tr!("row {line}", "ligne {line}");
    for column in 0..page.columns.len() {
        let (old, new) = (page.cell(kept, column).clone(), page.cell(row, column).clone());
        match both(&page.columns[column], &old, &new) {
            Both::Stays => {}
            Both::Second => page.take(kept, column, (row, column), new),
            Both::Joined(cell) => page.sheet.set(kept, column, cell),
            Both::Differ => {
                let at = |message| page.about(row, Some(column), message);
                found.add((&page.columns[column], page.layout.kind), id, [&old, &new], &there, at);
            }
        }
    }
    found.say(log);
}

/// Whether two columns say the same thing.
fn alike(one: &Meaning, two: &Meaning) -> bool {
    match (one, two) {
        (Meaning::Known(a), Meaning::Known(b)) => a.key == b.key,
        (Meaning::Has(a, x), Meaning::Has(b, y)) => a.key == b.key && x == y,
        (Meaning::Exam(a, p), Meaning::Exam(b, q)) => a == b && p == q,
        (Meaning::Info(a), Meaning::Info(b)) => a == b,
        _ => false,
    }
}

/// The words of a row's name, in whatever columns they stand.
fn name_words(page: &Page, row: usize) -> BTreeSet<String> {
    let text = |key: &str| page.column(key).map(|c| plain(&page.cell(row, c).text())).unwrap_or_default();
    let words = format!("{} {}", text("name"), text("first_name"));
    words.split(' ').filter(|w| !w.is_empty()).map(str::to_string).collect()
}

/// Rows of one number on several pages of a kind become a row of the first page.
fn across(pages: &mut [Page], kind: Kind, log: &mut Log) {
    let mut first: HashMap<String, (usize, usize)> = HashMap::new();
    for p in 0..pages.len() {
        if pages[p].layout.kind != kind {
            continue;
        }
        let mut joined: BTreeMap<usize, (Vec<String>, Vec<usize>)> = BTreeMap::new();
        for (row, id) in identified(&pages[p]) {
            let &mut (other, kept) = first.entry(id.clone()).or_insert((p, row));
            if other == p {
                continue;
            }
            let (before, from) = pages.split_at_mut(p);
            merge_from(&mut before[other], kept, &from[0], row, &id, log);
            from[0].aside.insert(row);
            let (ids, rows) = joined.entry(other).or_default();
            ids.push(id);
            rows.push(row + 1);
        }
        for (other, (ids, rows)) in joined {
            let (n, ids, rows, sheet) = (ids.len(), abridged(&ids), rows_in_words(rows), &pages[other].sheet.name);
            let message = tr!(
                "ids that stand in the sheet \"{sheet}\" too, joined with its rows ({n}: {ids}): {rows}",
                "identifiants qui figurent aussi dans la feuille « {sheet} », réunis avec ses lignes ({n} : {ids}) : {rows}"
            );
            log.notes.push(pages[p].about(pages[p].heading_row, None, message));
        }
    }
}

/// Adds to a row what a row of another page says.
fn merge_from(page: &mut Page, kept: usize, other: &Page, row: usize, id: &str, log: &mut Log) {
    let mut found = Contradictions::default();
    let (sheet, line) = (&page.sheet.name, kept + 1);
    let there = tr!("the sheet \"{sheet}\", row {line}", "feuille « {sheet} », ligne {line}");
    let (one, two) = (name_words(page, kept), name_words(other, row));
    let told = !two.is_empty() && two.is_subset(&one);
    let more = !one.is_empty() && one.is_subset(&two);
    for (from, meaning) in other.columns.iter().enumerate() {
        let new = other.cell(row, from);
        if new.is_empty() || !alike(meaning, meaning) {
            continue;
        }
        let naming = matches!(meaning, Meaning::Known(c) if ["name", "first_name"].contains(&c.key));
        if naming && told {
            continue;
        }
        let own = page.columns.iter().position(|m| alike(m, meaning));
        let old = own.map_or(Cell::Empty, |c| page.cell(kept, c).clone());
        let outcome = both(meaning, &old, new);
        let column = match (own, &outcome) {
            (_, Both::Stays) => continue,
            (_, Both::Differ) if naming && more => continue,
            (Some(column), _) => column,
            (None, _) => page.add_column(meaning.clone(), other.cell(other.heading_row, from).clone()),
        };
        match outcome {
            Both::Stays => {}
            Both::Second => page.take_from(kept, column, other, (row, from)),
            Both::Joined(cell) => page.sheet.set(kept, column, cell),
            Both::Differ => {
                let at = |message| other.about(row, Some(from), message);
                found.add((meaning, page.layout.kind), id, [&old, new], &there, at);
            }
        }
    }
    found.say(log);
}
