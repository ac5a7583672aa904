//! Columns whose heading is none of the layout's: read where heading and values make it certain, asked where they look
//! like something that a rule reads, kept with the information else.

use super::accommodations::{reads_extra, speaks_of};
use super::cell::{Cell, is_quoted};
use super::grid::slot;
use super::half_days::Words;
use super::headings::{Meaning, Names, plain};
use super::layout::{Column, Kind, STATUSES, Wants};
use super::page::{Log, Page};
use super::questions::{Topic, of_column};
use super::signs::{
    is_beside_school, matters, name_schools, of_heading, of_values, part_of_time, reads_code, reads_school, spaced,
};
use super::vocabulary::Reading;
use super::words::choice;
use crate::fault::nearest;
use crate::tr;

/// How many values a question shows.
const SHOWN: usize = 3;
/// Topics that the program must never miss: asked even where another column says them already.
const SAFETY: &[&str] = &[
    "school",
    "schools",
    "extra",
    "preparation",
    "exam",
    "written",
    "accommodations",
    "accessible",
    "alone",
    "gap",
    "excluded",
    "exclusions",
    "absences",
    "languages",
    "qualifications",
    "equipment",
    "yes",
];

/// What is done with a column.
enum Decision {
    /// It is this column of the layout, or a list's word with yes or no.
    Read(Meaning, Option<String>),
    Ask(Vec<Topic>),
    Keep,
}

/// Gives every column of a page that has a heading a meaning, and asks what is not certain.
pub fn settle(page: &mut Page, names: &Names, log: &mut Log) {
    one_school(page, names, log);
    for i in 0..page.columns.len() {
        let heading = page.heading_text(i);
        let quoted = is_quoted(&Cell::Text(heading.clone()));
        if !matches!(page.columns[i], Meaning::Unknown) || quoted || page.heading_is_broken(i) {
            continue;
        }
        let decision = decide(page, i, &heading, names);
        page.columns[i] = match decision {
            Decision::Read(meaning, said) => {
                if let Some(said) = said {
                    let message = tr!("this column is read as \"{said}\"", "cette colonne est lue comme « {said} »");
                    log.notes.push(page.about_heading(i, message));
                }
                meaning
            }
            Decision::Ask(topics) => {
                let mut rows = page.filled(i);
                // Of a column of remarks only those that matter.
                let kind = page.layout.kind;
                let speaks = |c: &Cell| matters(&c.text(), kind).is_some_and(|t| topics.contains(&Topic::of(t)));
                if rows.iter().any(|(_, c)| speaks(c)) {
                    rows.retain(|(_, c)| speaks(c));
                }
                let examples = examples(&rows);
                let mut fault = page.about_heading(i, String::new());
                if heading.is_empty() {
                    let shown = examples.join(" | ");
                    let about = page.layout.name();
                    fault.message = tr!(
                        "a column without a heading, whose cells may matter ({shown}); give it a heading of the sheet {about}, or empty it",
                        "une colonne sans titre, dont les cellules peuvent compter ({shown}) ; donnez-lui un titre de la feuille {about}, ou videz-la"
                    );
                    log.faults.push(fault);
                } else {
                    if let Some(place) = &mut fault.place {
                        place.rows = rows.iter().map(|(row, _)| *row).collect();
                    }
                    let (question, fault) = of_column(fault, &topics, examples, page, names);
                    log.questions.push(question);
                    log.faults.push(fault);
                }
                Meaning::Ignored
            }
            Decision::Keep if page.layout.keeps_info() && !heading.is_empty() => Meaning::Info(heading),
            Decision::Keep => Meaning::Unknown,
        };
    }
}

/// The first different values of a column.
fn examples(rows: &[(usize, &Cell)]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for shown in rows.iter().map(|(_, c)| c.shown()) {
        let short: String =
            if shown.chars().count() > 60 { shown.chars().take(59).chain(['…']).collect() } else { shown };
        if !out.contains(&short) && out.len() < SHOWN {
            out.push(short);
        }
    }
    out
}

fn decide(page: &Page, i: usize, heading: &str, names: &Names) -> Decision {
    let layout = page.layout;
    let rows = page.filled(i);
    let cells: Vec<&Cell> = rows.iter().map(|(_, c)| *c).collect();
    let free = |c: &Column| page.column(c.key).is_none() || c.wants == Wants::List;
    let known = |key: &str| layout.columns.iter().find(|c| c.key == key);
    let titled = !heading.is_empty();

    // The heading of the layout with a hint for who fills it in: `Établissement (UAI)`, `Salle accessible*`.
    let bare = plain(&without_hint(heading));
    if let Some(column) = layout.columns.iter().find(|c| titled && c.answers_to(&bare) && free(c)) {
        return Decision::Read(Meaning::Known(column), None);
    }
    if titled && layout.kind == Kind::Candidates && !cells.is_empty() && mentions_exam(heading, names) {
        return Decision::Ask(["forms", "files", "languages"].map(Topic::of).to_vec());
    }
    let mut topics = of_heading(heading, layout.kind);
    let beside = matches!(layout.kind, Kind::Candidates | Kind::Examiners) && is_beside_school(heading);
    topics.retain(|(t, _)| !(beside && matches!(t.key, "school" | "schools") && page.column(t.key).is_some()));
    if let [(topic, true)] = topics[..] {
        let key = if topic.key == "extra" { part_of_time(heading) } else { Some(topic.key) };
        if let Some(column) = key.and_then(known).filter(|c| free(c))
            && (cells.is_empty() || readable(column, &cells, names))
        {
            return Decision::Read(Meaning::Known(column), Some(column.heading().into()));
        }
    }
    // A word of a list as a heading, with yes or no below: `CCST`, `Téléphone`.
    if titled
        && !cells.is_empty()
        && let Some((column, word)) = word_of_list(page, heading, names)
        && cells.iter().all(|c| c.yes().is_some())
    {
        let said = format!("{} : {word}", column.heading());
        return Decision::Read(Meaning::Has(column, word), Some(said));
    }
    if cells.is_empty() {
        return Decision::Keep;
    }
    // A heading that is nearly one of the layout's.
    if let Some(column) = nearly(heading, layout.columns).filter(|c| free(c))
        && readable(column, &cells, names)
        && topics.iter().all(|(t, _)| t.key == column.key)
    {
        return Decision::Read(Meaning::Known(column), Some(column.heading().into()));
    }
    let claimed = |t: &Topic| known(t.key).is_some() && page.column(t.key).is_some();
    let mut asked: Vec<Topic> = topics.into_iter().map(|(t, _)| t).collect();
    asked.retain(|t| SAFETY.contains(&t.key) || !claimed(t));
    let full = page.rows().count() == cells.len();
    // What stands below counts beside what the heading says, where the program must not miss it.
    let heading_says = !asked.is_empty();
    for topic in of_values(&cells, heading, layout.kind, full, names) {
        let grave = matches!(topic.key, "school" | "schools" | "accommodations" | "extra" | "absences");
        if (!heading_says || grave) && !asked.contains(&topic) {
            asked.push(topic);
        }
    }
    // The names of schools under any heading, where no other column says the school.
    let says_school = |c: usize| match &page.columns[c] {
        Meaning::Known(column) => matches!(column.key, "school" | "schools"),
        _ => of_heading(&page.heading_text(c), layout.kind).iter().any(|(t, _)| matches!(t.key, "school" | "schools")),
    };
    let school = if layout.kind == Kind::Candidates { Topic::of("school") } else { Topic::of("schools") };
    if matches!(layout.kind, Kind::Candidates | Kind::Examiners)
        && name_schools(&cells, names)
        && !asked.contains(&school)
        && !(0..page.columns.len()).any(|c| c != i && says_school(c))
    {
        asked.push(school);
    }
    // Hours, dates and ticks beside those that are read: part of what the row says of a time.
    if layout.may_be_grid() && is_whole(page) && cells.iter().any(|c| tells_time(c, names)) {
        asked.push(Topic::of("times"));
    }
    if asked.is_empty() { Decision::Keep } else { Decision::Ask(asked) }
}

/// Several columns that say the school: the one of codes is read, the others, of names, are kept beside it.
fn one_school(page: &mut Page, names: &Names, log: &mut Log) {
    if page.layout.kind != Kind::Candidates {
        return;
    }
    let column = page.layout.column("school");
    let says = |i: &usize| match page.columns[*i] {
        Meaning::Known(c) => c.key == column.key,
        Meaning::Unknown if !page.heading_is_broken(*i) => {
            let heading = page.heading_text(*i);
            matches!(of_heading(&heading, Kind::Candidates)[..], [(t, true)] if t.key == column.key)
        }
        _ => false,
    };
    let all: Vec<usize> = (0..page.columns.len()).filter(says).filter(|i| !page.filled(*i).is_empty()).collect();
    let only = |reads: &dyn Fn(&Cell) -> bool| {
        let mut fit = all.iter().filter(|i| page.filled(**i).iter().all(|(_, c)| reads(c)));
        fit.next().copied().filter(|_| fit.next().is_none())
    };
    let Some(code) = only(&|c| reads_code(&c.text())).or_else(|| only(&|c| reads_school(c, names))) else { return };
    let others: Vec<usize> = all.into_iter().filter(|i| *i != code).collect();
    if others.is_empty() {
        return;
    }
    let shown = page.heading_text(code);
    page.columns[code] = Meaning::Known(column);
    for other in others {
        let message = tr!(
            "the school is read from \"{shown}\"; this column is kept with the information",
            "l'établissement est lu dans « {shown} » ; cette colonne est gardée parmi les informations"
        );
        log.notes.push(page.about_heading(other, message));
        page.columns[other] = Meaning::Info(page.heading_text(other));
    }
}

/// Whether a sheet of times has the columns that say of whom and when it speaks.
fn is_whole(page: &Page) -> bool {
    let has = |key: &str| page.column(key).is_some();
    let any = |is: &dyn Fn(&Meaning) -> bool| page.columns.iter().any(is);
    let dated = has("date") || any(&|m| matches!(m, Meaning::Slot(_)));
    let who = match page.layout.kind {
        Kind::Availabilities | Kind::Unavailabilities if page.persons().next().is_some() => true,
        Kind::Openings => has("centre") || any(&|m| matches!(m, Meaning::Centre(_))),
        Kind::Unavailabilities => has("id") || has("name"),
        _ => has("examiner") || has("name"),
    };
    dated && who
}

/// Whether a cell holds an hour, a date, a part of a day, or whether something is so.
fn tells_time(cell: &Cell, names: &Names) -> bool {
    let text = cell.text();
    let part = || Words::default().parts(&text).is_ok_and(|parts| parts.is_some());
    cell.yes().is_some()
        || matches!(cell, Cell::Clock(_))
        || cell.clock().is_some()
        || part()
        || slot(cell, &names.dates).is_some()
}

/// Whether at least half of the cells can be read as that column, and one at least.
fn readable(column: &Column, cells: &[&Cell], names: &Names) -> bool {
    let word = |c: &Cell| {
        let vocabulary = if column.key == "equipment" { &names.equipment } else { &names.qualifications };
        c.items().iter().all(|w| !matches!(vocabulary.read(w), Reading::Unknown(_)))
    };
    let one = |c: &&&Cell| match (column.key, column.wants) {
        ("school" | "schools", _) => reads_school(c, names),
        ("extra" | "preparation" | "exam" | "written", _) => reads_extra(c),
        ("qualifications" | "equipment", _) => word(c),
        ("status", _) => choice(&c.text(), STATUSES).is_some(),
        ("accessible" | "alone", _) => c.yes().is_some() || speaks_of(&c.text()),
        (_, Wants::Yes) => c.yes().is_some(),
        (_, Wants::Whole) => c.whole().is_some(),
        (_, Wants::Date) => c.date().is_some(),
        (_, Wants::Clock) => c.clock().is_some(),
        (_, Wants::OneOf(words)) => choice(&c.text(), words).is_some(),
        _ => true,
    };
    let n = cells.iter().filter(one).count();
    n > 0 && n * 2 >= cells.len()
}

/// The list and its word that a heading names.
fn word_of_list(page: &Page, heading: &str, names: &Names) -> Option<(&'static Column, String)> {
    let (key, vocabulary) = match page.layout.kind {
        Kind::Examiners => ("qualifications", &names.qualifications),
        Kind::Rooms => ("equipment", &names.equipment),
        _ => return None,
    };
    let word = match vocabulary.read(&without_hint(heading)) {
        Reading::Itself => without_hint(heading),
        Reading::As(words) if words.len() == 1 => words[0].clone(),
        _ => return None,
    };
    Some((page.layout.column(key), word))
}

/// A heading without what only says how to fill it in: `(oui/non)`, `(min/h)`, `(UAI)`, `*`.
fn without_hint(heading: &str) -> String {
    const HINTS: &str = "oui, non, o, n, x, min, mn, minutes, minute, h, heure, en, par, ou, vrai, faux, facultatif, obligatoire, uai, rne, \
        code, places, nombre, 1, 0, si, a, cocher, croix, texte, format, jj, mm, aaaa, hh, yes, no, liste, le, cas, echeant, numero";
    let mut out = heading.trim().trim_end_matches(['*', '?', ':']).trim().to_string();
    while let (Some(open), Some(close)) = (out.rfind(['(', '[']), out.rfind([')', ']'])) {
        if close < open || !plain(&out[open..=close]).split(' ').all(|w| super::words::among(HINTS, w)) {
            break;
        }
        out.replace_range(open..=close, "");
        out = out.trim().to_string();
    }
    out
}

/// Whether a heading names an exam in a way that is not understood.
fn mentions_exam(heading: &str, names: &Names) -> bool {
    let text = format!(" {} ", plain(heading));
    names.exams.iter().any(|e| text.contains(&format!(" {} ", plain(e))))
}

/// The column whose heading differs by a slip of the pen.
fn nearly(heading: &str, columns: &'static [Column]) -> Option<&'static Column> {
    let bare = spaced(heading);
    let names = columns.iter().flat_map(|c| [(plain(c.fr), c), (plain(c.en), c)]);
    let names: Vec<(String, &Column)> = names.filter(|(n, _)| n.len() >= 5).collect();
    let near = nearest(&bare, names.iter().map(|(n, _)| n))?;
    let slips = strsim::osa_distance(&bare, &near);
    let allowed = if bare.len() < 9 { 1 } else { 2 };
    (slips <= allowed).then(|| names.into_iter().find(|(n, _)| *n == near).map(|(_, c)| c)).flatten()
}
