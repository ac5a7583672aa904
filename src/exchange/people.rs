//! Candidates, examiners and when they are free.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::accommodations;
use super::cell::{Cell, is_dash, is_quoted};
use super::derive::{Derived, School, Table};
use super::distance::{Distances, Start, nowhere};
use super::headings::{Part, plain};
use super::import::Draft;
use super::layout::{FILES, FORMS, Kind, STATUSES, WHOM};
use super::marks::{away, whom, words_of};
use super::page::{Log, Page, Row, not_among};
use super::signs::{on_their_own, says_gone};
use super::vocabulary::words;
use super::who::People;
use super::words::{choice, language};
use crate::fault::Fault;
use crate::instance::raw::{RawCandidate, RawExaminer, RawOral};
use crate::instance::{FileState, Form};
use crate::places::{around, of_academy, uai};
use crate::read::limit::Limit;
use crate::tr;

/// The form that a cell says: `Some(None)` where it says that the candidate does not take the exam.
pub fn form_of(cell: &Cell) -> Option<Option<Form>> {
    let text = cell.text();
    if is_dash(&text) {
        return Some(None);
    }
    Some(match choice(&text, FORMS)? {
        "final" => Some(Form::Final),
        "continuous" => Some(Form::Continuous),
        "exempt" => Some(Form::Exempt),
        _ => None,
    })
}

fn file_of(cell: &Cell) -> Option<FileState> {
    Some(match choice(&cell.text(), FILES)? {
        "conform" => FileState::Conform,
        "pending" => FileState::Pending,
        "nonconform" => FileState::Nonconform,
        _ => FileState::Missing,
    })
}

/// A language's code; the ways in which it is written are understood unless they are quoted.
pub fn language_of(cell: &Cell) -> String {
    let text = cell.text();
    if is_quoted(cell) { text } else { language(&text).map_or(text, str::to_string) }
}

/// Reads the candidates; gives them by name, and the forms that were derived.
pub fn candidates(
    pages: &[Page],
    draft: &mut Draft,
    distances: &mut Distances,
    log: &mut Log,
) -> (People, Vec<Derived>) {
    let mut people = People::default();
    let table = Table::read(pages, log).unwrap_or_else(Table::usual);
    let all_papers: Vec<String> = draft.raw.calendar.papers.iter().map(|p| p.id.clone()).collect();
    let mut derived = Vec::new();
    let (mut bare, mut presumed) = (Vec::new(), 0);
    for page in pages.iter().filter(|p| p.layout.kind == Kind::Candidates) {
        let others_have_one = page.column("school").is_some_and(|c| !page.filled(c).is_empty());
        for row in page.rows() {
            if Limit::People.holds(draft.raw.candidates.len() as u64).is_err() {
                return (people, derived); // said at the end
            }
            let at = format!("candidates[{}]", draft.raw.candidates.len());
            row.binds(at.as_str(), None, log);
            for (path, key) in [
                ("id", "id"),
                ("group", "group"),
                ("school", "school"),
                ("excluded_examiners", "excluded"),
                ("papers", "papers"),
                ("gap", "gap"),
                ("km", "school"),
            ] {
                row.binds(format!("{at}.{path}"), Some(key), log);
            }
            let id = row.id("id", log).unwrap_or_else(|| row.placeholder());
            let mut groups = draft.raw.groups.keys();
            let group = match (row.id("group", log), groups.next(), groups.next()) {
                (Some(group), ..) => group,
                (None, Some(only), None) => only.clone(),
                _ => {
                    let message =
                        tr!("the group is missing, and there are several", "le groupe manque, et il y en a plusieurs");
                    row.fault("group", message, log);
                    draft.raw.groups.keys().next().cloned().unwrap_or_default()
                }
            };
            gone(&row, log);
            let mut info = row.info();
            let faults = log.faults.len();
            let school = school_of(&row, &info, others_have_one, draft, log);
            let km = match (distances.own("candidate", &id), &school) {
                (None, Some(_)) => None,
                _ => {
                    let mut start = Start::of(&row, "", log);
                    start.hints.extend(group.split('/').map(of_academy));
                    let reach = distances.reach("candidate", &id, &start);
                    let reach = reach.unwrap_or_else(|| nowhere(&draft.raw.centres));
                    // Without the school that is asked for, kilometres are none of the row's faults.
                    let unsure = school.is_none() && (!log.questions.is_empty() || log.faults.len() > faults);
                    if let Some(fault) = reach.fault.filter(|_| !unsure) {
                        row.fault("town", fault, log);
                    }
                    Some(reach.km)
                }
            };
            let (orals, given) = orals(&row, &at, &id, &info, &school, draft, &table, &mut derived, log);
            if orals.is_empty() && !given && !info.contains_key("status") {
                bare.push(id.clone());
            }
            presumed += unfilled(&row, &orals, draft);
            let papers = match row.items("papers", log) {
                words
                    if words.len() == 1
                        && !is_quoted(row.cell("papers"))
                        && matches!(plain(&words[0]).as_str(), "tous" | "toutes" | "all") =>
                {
                    all_papers.clone()
                }
                words => words,
            };
            let granted = accommodations::read(&row, log);
            if let Some(aside) = accommodations::aside(&row) {
                info.insert(row.wanted("accommodations").fr.into(), aside);
            }
            let name = row.full_name(log);
            people.add(&id, name.as_deref(), family(&row).as_deref());
            draft.raw.candidates.push(RawCandidate {
                name,
                group,
                school,
                km,
                orals,
                papers,
                extra_per_hour: granted.extra,
                needs_accessible: granted.accessible,
                prepares_alone: granted.alone,
                gap: granted.gap,
                unavailable: Vec::new(),
                excluded_examiners: row.items("excluded", log),
                info,
                id,
            });
        }
    }
    if !bare.is_empty() {
        let (n, list) = (bare.len(), super::distance::abridged(&bare));
        log.notes.push(Fault::new(
            "",
            tr!(
                "candidates with neither a form for any exam nor a status, so without an oral ({n}): {list}",
                "candidats sans forme d'épreuve ni statut, donc sans oral ({n}) : {list}"
            ),
        ));
    }
    if presumed > 0 {
        log.notes.push(Fault::new(
            "",
            tr!(
                "orals in final form whose file is not filled in, taken as conform: {presumed}",
                "oraux en forme ponctuelle dont le dossier n'est pas renseigné, pris comme conformes : {presumed}"
            ),
        ));
    }
    (people, derived)
}

/// Remarks words by which an office says that somebody takes no part any more: nobody is left out for them.
fn gone(row: &Row, log: &mut Log) {
    for (column, cell) in row.kept().filter(|(_, cell)| says_gone(&cell.text())) {
        let shown = cell.shown();
        let message = tr!(
            "\"{shown}\": planned all the same as everybody else; delete the row of whoever does not come",
            "« {shown} » : planifié tout de même, comme les autres ; supprimez la ligne de qui ne vient pas"
        );
        row.note_at(column, message, log);
    }
}

/// The school of a candidate; an empty cell among filled ones must be meant.
fn school_of(
    row: &Row,
    info: &BTreeMap<String, String>,
    others_have_one: bool,
    draft: &Draft,
    log: &mut Log,
) -> Option<String> {
    let school = row.id("school", log);
    let own = |id: &str| draft.raw.schools.iter().any(|s| s.id == id);
    if school.is_none() && row.cell("school").is_empty() && others_have_one {
        let status = info.get("status").and_then(|s| choice(s, STATUSES));
        if !matches!(status, Some("individual" | "distance learning" | "professional experience")) {
            let message = tr!(
                "empty, where others have a school; write its id, or \"individual\" for a candidate on their own",
                "vide, alors que d'autres candidats ont un établissement ; écrivez son UAI, ou « individuel » pour un candidat qui n'en a pas"
            );
            row.fault("school", message, log);
        }
    }
    school.filter(|id| is_quoted(row.cell("school")) || own(id) || !on_their_own(id))
}

/// How many orals in final form need a file of which the row says nothing.
fn unfilled(row: &Row, orals: &[RawOral], draft: &Draft) -> usize {
    let said = |exam: &str| row.exams().any(|(e, part, c)| e == exam && part == Part::File && !row.at(c).is_empty());
    orals.iter().filter(|o| o.form == Form::Final && draft.filed.contains(&o.exam) && !said(&o.exam)).count()
}

/// The orals of a row, and whether any form was given.
#[allow(clippy::too_many_arguments)]
fn orals(
    row: &Row,
    at: &str,
    id: &str,
    info: &BTreeMap<String, String>,
    school: &Option<String>,
    draft: &Draft,
    table: &Table,
    derived: &mut Vec<Derived>,
    log: &mut Log,
) -> (Vec<RawOral>, bool) {
    let cells: HashMap<(&str, Part), usize> = row.exams().map(|(e, p, c)| ((e, p), c)).collect();
    let cell = |exam: &str, part| cells.get(&(exam, part)).map(|&c| (c, row.at(c))).filter(|(_, c)| !c.is_empty());
    let known = school.as_ref().and_then(|s| draft.kinds.get(s)).cloned().unwrap_or_default();
    let (mut orals, mut given, mut said) = (Vec::new(), false, BTreeSet::new());
    let order = row.items("order", log);
    let place = |e: &String| order.iter().position(|o| o == e).unwrap_or(order.len());
    let mut exams = draft.exams.clone();
    exams.sort_by_key(place);
    for exam in exams {
        let (form_cell, file_cell) = (cell(&exam, Part::Form), cell(&exam, Part::File));
        let language_cell = cell(&exam, Part::Language);
        let form = match (form_cell, info.get("status")) {
            (Some((column, cell)), _) => {
                given = true;
                let form = form_of(cell);
                if form.is_none() {
                    row.fault_at(column, not_among(&cell.shown(), FORMS), log);
                }
                form.flatten()
            }
            (None, Some(status)) => match table.form(&exam, status, &known) {
                Ok(Some((form, because))) => {
                    derived.push(Derived { candidate: id.to_string(), exam: exam.clone(), form, because });
                    Some(form)
                }
                Ok(None) => None,
                Err(message) => {
                    if said.insert(message.clone()) && !exam.starts_with("EF") {
                        row.fault("status", message, log);
                    }
                    None
                }
            },
            (None, None) => None,
        };
        let Some(form) = form else {
            if let (None, Some((column, _))) = (form_cell, file_cell.or(language_cell)) {
                let message = tr!(
                    "filled in for {exam}, but the column {exam} does not say that the candidate takes it",
                    "rempli pour {exam}, mais la colonne {exam} ne dit pas que le candidat la passe"
                );
                row.fault_at(column, message, log);
            }
            continue;
        };
        let file = file_cell.map_or(FileState::Conform, |(column, cell)| {
            file_of(cell).unwrap_or_else(|| {
                row.fault_at(column, not_among(&cell.shown(), FILES), log);
                FileState::Conform
            })
        });
        let path = format!("{at}.orals[{}]", orals.len());
        let column = cells.get(&(exam.as_str(), Part::Language)).or(cells.get(&(exam.as_str(), Part::Form)));
        if let Some(&column) = column {
            row.binds_column(path, column, log);
        }
        orals.push(RawOral {
            exam,
            form,
            file,
            language: language_cell.map(|(_, c)| language_of(c)),
            not_before: None,
        });
    }
    (orals, given)
}

/// Reads the examiners; gives them by name, and those who are free where nothing else is said.
pub fn examiners(
    pages: &[Page],
    draft: &mut Draft,
    distances: &mut Distances,
    log: &mut Log,
) -> (People, BTreeSet<String>) {
    let (mut people, mut free) = (People::default(), BTreeSet::new());
    for page in pages.iter().filter(|p| p.layout.kind == Kind::Examiners) {
        for row in page.rows() {
            let at = format!("examiners[{}]", draft.raw.examiners.len());
            row.binds(at.as_str(), None, log);
            for key in ["id", "schools", "centres", "max_days", "sittings_a_day", "max_sittings", "target_sittings"] {
                row.binds(format!("{at}.{key}"), Some(key), log);
            }
            let id = row.id("id", log).unwrap_or_else(|| row.placeholder());
            let schools = row.items("schools", log);
            let mut start = Start::of(&row, "", log);
            let teaches: Vec<_> = schools.iter().map(|s| uai::departments(s)).collect();
            start.hints.extend(teaches.iter().cloned().chain(teaches.iter().map(|codes| around(codes))));
            let reach = distances.reach("examiner", &id, &start).or_else(|| {
                let school = draft.raw.schools.iter().find(|s| Some(&s.id) == schools.first())?;
                Some(distances.by_school(&id, &school.id, &school.km))
            });
            let reach = reach.unwrap_or_else(|| nowhere(&draft.raw.centres));
            if let Some(fault) = reach.fault.filter(|_| schools.is_empty() || start.town.is_some()) {
                row.fault("town", fault, log);
            }
            if row.yes("free", log) {
                free.insert(id.clone());
            }
            let name = row.full_name(log);
            people.add(&id, name.as_deref(), family(&row).as_deref());
            draft.raw.examiners.push(RawExaminer {
                name,
                qualifications: words(&row, "qualifications", &draft.qualifications, log),
                schools,
                km: reach.km,
                available: Vec::new(),
                max_days: row.whole("max_days", log),
                sittings_a_day: row.whole("sittings_a_day", log),
                max_sittings: row.whole("max_sittings", log),
                target_sittings: row.whole("target_sittings", log),
                rather_not: Vec::new(),
                centres: distances.only(&row, &id, &reach.apart, log),
                reserve: row.yes("reserve", log),
                info: row.info(),
                id,
            });
        }
    }
    (people, free)
}

/// The family name, where the sheet has the first name apart.
pub(super) fn family(row: &Row) -> Option<String> {
    let (name, first) = (row.cell("name"), row.cell("first_name"));
    (!name.is_empty() && !first.is_empty()).then(|| name.text())
}

/// Reads when candidates cannot come and rooms cannot be used.
pub fn unavailabilities(pages: &[Page], draft: &mut Draft, candidates: &mut People, log: &mut Log) {
    let half_days = draft.raw.policy.half_days.clone();
    let raw = &mut draft.raw;
    for page in pages.iter().filter(|p| p.layout.kind == Kind::Unavailabilities) {
        if page.persons().next().is_some() {
            continue; // of examiners
        }
        let words = words_of(page);
        for row in page.rows() {
            let whom = whom(&row, page, log);
            if whom == Some("examiner") {
                continue; // read with the availabilities
            }
            let named = row.text("name", log).map(|_| row.full_name(log).unwrap_or_default());
            let (id, centre) = (row.id("id", log).or(named), row.id("centre", log));
            let stretches = away(&row, page, words, &half_days, log);
            let Some(id) = id else {
                row.fault("id", tr!("nobody is named here", "personne n'est nommé ici"), log);
                continue;
            };
            let (list, path) = match whom {
                Some("candidate") => {
                    let id = match candidates.id(&id) {
                        Ok(id) => id,
                        Err(message) => {
                            row.fault("id", message, log);
                            continue;
                        }
                    };
                    let Some(i) = raw.candidates.iter().position(|c| c.id == id) else {
                        let known = raw.candidates.iter().map(|c| &c.id);
                        row.fault("id", Fault::unknown("", "candidate", &id, known).message, log);
                        continue;
                    };
                    (&mut raw.candidates[i].unavailable, format!("candidates[{i}].unavailable"))
                }
                Some(_) => {
                    let Some(i) = raw.centres.iter().position(|c| Some(&c.id) == centre.as_ref()) else {
                        let (known, centre) = (raw.centres.iter().map(|c| &c.id), centre.unwrap_or_default());
                        row.fault("centre", Fault::unknown("", "centre", &centre, known).message, log);
                        continue;
                    };
                    let c = &mut raw.centres[i];
                    if let Some(j) = c.exam_rooms.iter().position(|r| r.id == id) {
                        (&mut c.exam_rooms[j].unavailable, format!("centres[{i}].exam_rooms[{j}].unavailable"))
                    } else if let Some(j) = c.preparation_rooms.iter().position(|r| r.id == id) {
                        (
                            &mut c.preparation_rooms[j].unavailable,
                            format!("centres[{i}].preparation_rooms[{j}].unavailable"),
                        )
                    } else {
                        let known = c.exam_rooms.iter().map(|r| &r.id).chain(c.preparation_rooms.iter().map(|r| &r.id));
                        row.fault("id", Fault::unknown("", "room", &id, known).message, log);
                        continue;
                    }
                }
                None => {
                    if row.cell("whom").is_empty() {
                        let words = WHOM.iter().map(|(fr, en)| tr!("{en}", "{fr}")).collect::<Vec<_>>().join(", ");
                        let message = tr!(
                            "whom does this row concern? Fill in Type: {words}",
                            "qui cette ligne concerne-t-elle ? Remplissez Type : {words}"
                        );
                        row.fault("whom", message, log);
                    }
                    continue;
                }
            };
            for (span, column) in stretches {
                let at = format!("{path}[{}]", list.len());
                row.binds_to(at.clone(), column.or(row.column("from")), log);
                row.binds_to(format!("{at}.date"), column.or(row.column("date")), log);
                list.push(span);
            }
        }
    }
}

/// What the sheet Schools says of a school's right to continuous assessment.
pub fn school_kind(row: &Row, log: &mut Log) -> School {
    let kind = row.text("kind", log);
    let habilitated = (!row.cell("habilitation").is_empty()).then(|| row.cell("habilitation").yes()).flatten();
    School { kind, habilitated }
}
