//! What a heading means by itself: tolerantly compared with the layout's, or named by an office's own mapping file.
//! What its words and the values below show besides is for [`super::columns`].

use std::collections::HashSet;

use chrono::NaiveDate;

use super::cell::{Cell, is_quoted};
use super::grid::{Slot, slot};
use super::layout::{Column, Kind, Layout};
pub use super::mapping::Mapping;
use super::mapping::Said;
use super::read::Sheet;
use super::signs::of_heading;
use super::vocabulary::Vocabulary;
use super::who::{Found, People};
use crate::regulation::{FileRule, RawRegulation};
pub use crate::words::plain;

/// What a column of a file holds.
#[derive(Clone, Debug)]
pub enum Meaning {
    /// A column of the layout.
    Known(&'static Column),
    /// Whether a list of the layout has that word: yes or no.
    Has(&'static Column, String),
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
    /// When one examiner is free.
    Person(String),
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

/// The ids that headings may name, and the words that values may be.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Exams of the regulation.
    pub exams: Vec<String>,
    /// Those of them that need a file.
    pub filed: Vec<String>,
    /// Those of them that are heard in a language.
    pub tongued: Vec<String>,
    /// The words that seats can use.
    pub qualifications: Vocabulary,
    /// The words that exams can use of rooms.
    pub equipment: Vocabulary,
    /// Centres.
    pub centres: Vec<String>,
    /// The calendar's dates.
    pub dates: Vec<NaiveDate>,
    /// Ids and names of schools, in [`super::words::folded`] form.
    pub schools: HashSet<String>,
    /// Examiners, by whom a grid may be headed.
    pub examiners: People,
}

impl Names {
    /// The names that a regulation gives.
    pub fn of(regulation: &RawRegulation) -> Names {
        let exams = |keep: &dyn Fn(&&crate::regulation::RawExam) -> bool| -> Vec<String> {
            regulation.exams.iter().filter(keep).map(|e| e.id.clone()).collect()
        };
        let tongued = |commission: &str| {
            let seats = regulation.commissions.iter().filter(|c| c.id == commission).flat_map(|c| &c.seats);
            seats.flat_map(|s| s.any_of.iter().flatten()).any(|q| q.contains("{language}"))
        };
        Names {
            exams: exams(&|_| true),
            filed: exams(&|e| e.file != FileRule::None),
            tongued: exams(&|e| tongued(&e.commission)),
            qualifications: Vocabulary::qualifications(regulation),
            equipment: Vocabulary::equipment(regulation),
            ..Names::default()
        }
    }
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
    const EXAM: &[&str] = &[
        "epreuve",
        "code epreuve",
        "epreuve passee",
        "exam",
        "exam code",
        "epreuve orale",
        "libelle epreuve",
        "libelle de l epreuve",
        "intitule epreuve",
        "intitule de l epreuve",
        "nom de l epreuve",
        "unite",
        "code unite",
        "sous epreuve",
    ];
    const PARTS: &[(Part, &[&str])] = &[
        (
            Part::Form,
            &[
                "forme",
                "forme de l epreuve",
                "forme de passage",
                "form",
                "modalite",
                "modalite d evaluation",
                "mode",
                "mode d evaluation",
            ],
        ),
        (
            Part::File,
            &["dossier", "fiche", "conformite", "conformite du dossier", "etat du dossier", "etat dossier", "file"],
        ),
        (Part::Language, &["langue", "langue de l epreuve", "langue vivante", "lv", "language"]),
    ];
    let named = |cell: &Cell, words: &[&str]| !is_quoted(cell) && words.contains(&plain(&cell.text()).as_str());
    let open = |m: &Meaning| matches!(m, Meaning::Unknown);
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
    let said = mapping.heading(layout.kind, &own);
    let heading = if let Some(Said::Heading(wanted)) = said { Cell::Text(wanted.to_string()) } else { cell.clone() };
    let meaning = match said {
        Some(Said::Ignored) => Meaning::Ignored,
        Some(Said::Info) => Meaning::Info(own),
        Some(Said::Heading(wanted)) => of_text(wanted, false, layout, names),
        None => of_text(&own, is_quoted(cell), layout, names),
    };
    match meaning {
        Meaning::Unknown if layout.may_be_grid() => match slot(&heading, &names.dates) {
            Some(slot) => Meaning::Slot(slot),
            None if layout.kind == Kind::Openings => Meaning::Unknown,
            None => match names.examiners.find(&heading.text()) {
                Found::One(id) => Meaning::Person(id),
                _ => Meaning::Unknown,
            },
        },
        meaning => meaning,
    }
}

fn of_text(own: &str, quoted: bool, layout: &Layout, names: &Names) -> Meaning {
    let has_exams = matches!(layout.kind, Kind::Candidates | Kind::Statuses);
    let exact = |c: &&Column| c.fr == own || c.en == own;
    let by_centre = matches!(layout.kind, Kind::Distances | Kind::Openings);
    if by_centre && let Some(id) = names.centres.iter().find(|c| *c == own) {
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
    if by_centre
        && let Some(id) = names.centres.iter().find(|c| plain(c) == bare || bare.ends_with(&format!(" {}", plain(c))))
    {
        return Meaning::Centre(id.clone());
    }
    Meaning::Unknown
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
    // Where two rows know as much, words that speak of a topic decide.
    let known = |row: &[Cell]| {
        let read = meanings(row, layout, mapping, names);
        // Dates below `Du` and `Au` are no headings of a grid: they count once.
        let persons = read.iter().filter(|m| matches!(m, Meaning::Person(_))).count();
        let grid = usize::from(read.iter().any(|m| matches!(m, Meaning::Slot(_))) || persons > 1);
        // So do columns that a row names twice: `dispo` and `indispo` are values too.
        let known: HashSet<&str> =
            read.iter().filter_map(|m| if let Meaning::Known(c) = m { Some(c.key) } else { None }).collect();
        let sure = read.iter().filter(|m| matches!(m, Meaning::Exam(..) | Meaning::Centre(_)));
        // A row of openings has a centre and a date too: headings of their grid have a word of their own.
        if layout.kind == Kind::Openings && known.is_empty() {
            return (0, 0);
        }
        let near = row.iter().filter(|c| matches!(c, Cell::Text(t) if !of_heading(t, layout.kind).is_empty()));
        (known.len() + sure.count() + grid, near.count())
    };
    let first = sheet.lines().next().map_or(0, |(row, _)| row);
    let mut best = ((0, 0), first);
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
    use crate::exchange::layout::{LAYOUTS, layout};

    #[test]
    fn headings_are_compared_without_accents_case_and_punctuation() {
        let names = Names { exams: vec!["E4".into(), "EF2-abroad".into()], ..Names::default() };
        let means = |t: &str| of_text(t, false, layout(Kind::Candidates), &names);
        assert!(matches!(means("ETABLISSEMENT"), Meaning::Known(c) if c.key == "school"));
        assert!(matches!(means("date de  naissance :"), Meaning::Known(c) if c.key == "birth_date"));
        assert!(matches!(means("Conformité E4"), Meaning::Exam(e, Part::File) if e == "E4"));
        assert!(matches!(means("ef2 abroad langue"), Meaning::Exam(e, Part::Language) if e == "EF2-abroad"));
        assert!(matches!(means("info : Statut"), Meaning::Info(k) if k == "Statut"));
        assert!(matches!(means("Boursier"), Meaning::Unknown));
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
