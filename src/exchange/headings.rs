//! What a heading means: tolerantly compared with the layout's, or named by an office's own mapping file.

use std::collections::HashMap;
use std::path::Path;

use chrono::NaiveDate;

use super::cell::{Cell, is_dash, is_quoted};
use super::grid::{Slot, slot};
use super::layout::{Column, Kind, LAYOUTS, Layout};
use super::page::place;
use super::read::{Sheet, sheets};
use crate::fault::Fault;
use crate::tr;
pub use crate::words::plain;

/// What a column of a file holds.
#[derive(Clone, Debug)]
pub enum Meaning {
    /// A column of the layout.
    Known(&'static Column),
    /// Something about one exam.
    Exam(String, Part),
    /// Which exam the row is about, where each has a row of its own.
    RowExam,
    /// Something about the row's exam.
    RowPart(Part),
    /// When examiners are free: a date or half-day.
    Slot(Slot),
    /// Kilometres to one centre.
    Centre(String),
    /// A text kept in `info` under that key.
    Info(String),
    /// Left out on purpose by the mapping file.
    Ignored,
    /// A heading that says nothing here.
    Unknown,
}

/// What a column says about an exam.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// How it is taken.
    Form,
    /// What the conformity control found.
    File,
    /// The oral's language.
    Language,
}

/// An office's own names: `Feuille;Votre titre;Titre attendu`, one row each.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    sheets: HashMap<String, String>,
    headings: HashMap<(Kind, String), String>,
}

impl Mapping {
    /// Reads a mapping file (CSV or workbook) of three columns: sheet, the office's heading, the expected one.
    /// An empty first column renames a sheet; a dash as the expected heading leaves the column out.
    pub fn read(path: &Path) -> Result<Mapping, Vec<Fault>> {
        let (mut mapping, mut faults) = (Mapping::default(), Vec::new());
        for sheet in sheets(path)? {
            for (i, line) in sheet.lines() {
                let text = |i: usize| line.at(i).text();
                let (on, own, wanted) = (text(0), text(1), text(2));
                if own.is_empty() || (i == 0 && Layout::named(&on).is_none() && !on.is_empty()) {
                    continue;
                }
                let say = |column: usize, heading: &str, message: String| Fault {
                    file: Some(sheet.file.clone()),
                    place: Some(place(&sheet.name, i, Some((column, heading)))),
                    ..Fault::new("", message)
                };
                match Layout::named(if on.is_empty() { &wanted } else { &on }) {
                    None => {
                        let known = LAYOUTS.iter().map(Layout::name).collect::<Vec<_>>().join(", ");
                        faults.push(say(
                            if on.is_empty() { 2 } else { 0 },
                            "",
                            tr!(
                                "no sheet of that name is read here; those are: {known}",
                                "aucune feuille de ce nom n'est lue ici ; ce sont : {known}"
                            ),
                        ));
                    }
                    Some(_) if on.is_empty() => drop(mapping.sheets.insert(plain(&own), wanted)),
                    Some(layout) => {
                        let dynamic = matches!(layout.kind, Kind::Candidates | Kind::Distances | Kind::Statuses);
                        let known = is_dash(&wanted) || layout.columns.iter().any(|c| c.answers_to(&plain(&wanted)));
                        if !known && !dynamic && !layout.keeps_info() {
                            let headings: Vec<_> = layout.columns.iter().map(Column::heading).collect();
                            let headings = headings.join(", ");
                            faults.push(say(
                                2,
                                "",
                                tr!(
                                    "\"{wanted}\" is not a heading of that sheet; those are: {headings}",
                                    "« {wanted} » n'est pas un titre de cette feuille ; ce sont : {headings}"
                                ),
                            ));
                        }
                        mapping.headings.insert((layout.kind, plain(&own)), wanted);
                    }
                }
            }
        }
        if faults.is_empty() { Ok(mapping) } else { Err(faults) }
    }

    /// The layout of a sheet, by the mapping or by its name.
    pub fn layout(&self, name: &str) -> Option<&'static Layout> {
        Layout::named(self.title(name))
    }

    /// The sheet's name, or the one that the mapping gives it.
    pub fn title<'a>(&'a self, name: &'a str) -> &'a str {
        self.sheets.get(&plain(name)).map_or(name, String::as_str)
    }

    fn heading(&self, kind: Kind, heading: &str) -> Option<&str> {
        self.headings.get(&(kind, plain(heading))).map(String::as_str)
    }
}

/// The ids that headings may name.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Exams of the regulation.
    pub exams: Vec<String>,
    /// Centres.
    pub centres: Vec<String>,
    /// The calendar's dates.
    pub dates: Vec<NaiveDate>,
}

/// What each heading of the row means.
pub fn meanings(row: &[Cell], layout: &Layout, mapping: &Mapping, names: &Names) -> Vec<Meaning> {
    let mut all: Vec<Meaning> = row.iter().map(|cell| meaning(cell, layout, mapping, names)).collect();
    if layout.kind == Kind::Candidates {
        by_row(row, &mut all);
    }
    all
}

/// One column names the exam of each row: then others say something of that exam.
fn by_row(row: &[Cell], all: &mut [Meaning]) {
    const EXAM: &[&str] = &["epreuve", "code epreuve", "epreuve passee", "exam", "exam code", "epreuve orale"];
    const PARTS: &[(Part, &[&str])] = &[
        (Part::Form, &["forme", "forme de l epreuve", "forme de passage", "form"]),
        (Part::File, &["dossier", "fiche", "conformite", "conformite du dossier", "etat du dossier", "file"]),
        (Part::Language, &["langue", "langue de l epreuve", "lv", "language"]),
    ];
    let named = |cell: &Cell, words: &[&str]| !is_quoted(cell) && words.contains(&plain(&cell.text()).as_str());
    let open = |m: &Meaning| matches!(m, Meaning::Info(_));
    let Some(exam) = (0..all.len()).find(|&c| open(&all[c]) && named(&row[c], EXAM)) else { return };
    all[exam] = Meaning::RowExam;
    for (c, meaning) in all.iter_mut().enumerate().filter(|(_, m)| open(m)) {
        if let Some((part, _)) = PARTS.iter().find(|(_, words)| named(&row[c], words)) {
            *meaning = Meaning::RowPart(*part);
        }
    }
}

fn meaning(cell: &Cell, layout: &Layout, mapping: &Mapping, names: &Names) -> Meaning {
    let own = cell.text();
    if own.is_empty() || matches!(cell, Cell::Broken(_)) {
        return Meaning::Unknown;
    }
    let meaning = match mapping.heading(layout.kind, &own) {
        Some(target) if is_dash(target) => Meaning::Ignored,
        Some(target) => of_text(target, false, layout, names),
        None => of_text(&own, is_quoted(cell), layout, names),
    };
    match meaning {
        Meaning::Unknown if layout.kind == Kind::Availabilities => {
            slot(cell, &names.dates).map_or(Meaning::Unknown, Meaning::Slot)
        }
        meaning => meaning,
    }
}

fn of_text(own: &str, quoted: bool, layout: &Layout, names: &Names) -> Meaning {
    let has_exams = matches!(layout.kind, Kind::Candidates | Kind::Statuses);
    let exact = |c: &&Column| c.fr == own || c.en == own;
    if layout.kind == Kind::Distances
        && let Some(id) = names.centres.iter().find(|c| *c == own)
    {
        return Meaning::Centre(id.clone());
    }
    if let Some(known) = layout.columns.iter().find(exact).filter(|_| !quoted) {
        return Meaning::Known(known);
    }
    if has_exams && let Some(found) = exam(own, str::to_string, names) {
        return found;
    }
    if layout.keeps_info()
        && let Some(key) = own
            .get(..4)
            .filter(|p| p.eq_ignore_ascii_case("info"))
            .and_then(|_| own[4..].trim_start().strip_prefix(':'))
    {
        return Meaning::Info(Cell::Text(key.trim().to_string()).text());
    }
    let bare = plain(own);
    if let Some(known) = layout.columns.iter().find(|c| c.answers_to(&bare)).filter(|_| !quoted) {
        return Meaning::Known(known);
    }
    if has_exams && let Some(found) = exam(&bare, plain, names) {
        return found;
    }
    if layout.kind == Kind::Distances
        && let Some(id) = names.centres.iter().find(|c| plain(c) == bare || bare.ends_with(&format!(" {}", plain(c))))
    {
        return Meaning::Centre(id.clone());
    }
    if layout.keeps_info() { Meaning::Info(own.to_string()) } else { Meaning::Unknown }
}

/// `E4`, `E4 forme`, `forme E4`; `E4 dossier`, `conformité E4`; `EF1 langue`.
fn exam(own: &str, form: impl Fn(&str) -> String, names: &Names) -> Option<Meaning> {
    const WORDS: &[(Part, &[&str])] = &[
        (Part::Form, &["forme", "form", "epreuve"]),
        (Part::File, &["dossier", "file", "fiche", "conformite", "conformite dossier"]),
        (Part::Language, &["langue", "language", "lv"]),
    ];
    for id in &names.exams {
        let bare = form(id);
        if own == bare {
            return Some(Meaning::Exam(id.clone(), Part::Form));
        }
        for (part, words) in WORDS {
            if words.iter().any(|w| own == format!("{bare} {w}") || own == format!("{w} {bare}")) {
                return Some(Meaning::Exam(id.clone(), *part));
            }
        }
    }
    None
}

/// The row of the headings: the one of the first rows with most of them known, so that titles may stand above.
pub fn heading_row(sheet: &Sheet, layout: &Layout, mapping: &Mapping, names: &Names) -> usize {
    let known = |row: &[Cell]| {
        let read = meanings(row, layout, mapping, names);
        read.iter()
            .filter(|m| matches!(m, Meaning::Known(_) | Meaning::Exam(..) | Meaning::Centre(_) | Meaning::Slot(_)))
            .count()
    };
    let first = sheet.lines().next().map_or(0, |(row, _)| row);
    let mut best = (0, first);
    for (i, line) in sheet.lines().take_while(|(row, _)| *row < first + 10) {
        let n = known(&line.dense());
        if n > best.0 {
            best = (n, i);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::layout::layout;

    #[test]
    fn headings_are_compared_without_accents_case_and_punctuation() {
        let names = Names { exams: vec!["E4".into(), "EF2-abroad".into()], ..Names::default() };
        let means = |t: &str| of_text(t, false, layout(Kind::Candidates), &names);
        assert!(matches!(means("ETABLISSEMENT"), Meaning::Known(c) if c.key == "school"));
        assert!(matches!(means("date de  naissance :"), Meaning::Known(c) if c.key == "birth_date"));
        assert!(matches!(means("Conformité E4"), Meaning::Exam(e, Part::File) if e == "E4"));
        assert!(matches!(means("ef2 abroad langue"), Meaning::Exam(e, Part::Language) if e == "EF2-abroad"));
        assert!(matches!(means("info : Statut"), Meaning::Info(k) if k == "Statut"));
        assert!(matches!(means("Boursier"), Meaning::Info(k) if k == "Boursier"));
    }

    #[test]
    fn no_heading_of_a_sheet_means_two_columns() {
        for l in LAYOUTS {
            for c in l.columns {
                for heading in [c.fr, c.en].map(plain).iter().map(String::as_str).chain(c.also.iter().copied()) {
                    assert_eq!(plain(heading), heading, "{:?}", l.kind);
                    let answering: Vec<_> = l.columns.iter().filter(|o| o.answers_to(heading)).map(|o| o.key).collect();
                    assert_eq!(answering, [c.key], "{:?}: {heading}", l.kind);
                }
            }
            for name in [l.fr, l.en].map(plain).iter().map(String::as_str).chain(l.also.iter().copied()) {
                assert_eq!(Layout::named(name).unwrap().kind, l.kind, "{name}");
            }
        }
    }
}
