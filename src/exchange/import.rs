//! From sheets to an instance, or everything that is wrong at once.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use super::cell::is_quoted;
use super::count::SheetCount;
use super::derive::{Derived, School};
use super::distance::{Distances, Start, nowhere};
use super::headings::{Mapping, Names};
use super::layout::{Kind, LAYOUTS, Layout};
use super::page::{Log, Page, Row};
use super::questions::{self, Question};
use super::read::{Sheet, sheets};
use super::vocabulary::{Vocabulary, words};
use super::words::folded;
use super::{availability, composed, gaps, known, openings, orphans, people, records, references, settings, who};
use crate::fault::{Fault, together};
use crate::instance::hopeless;
use crate::instance::raw::{RawCalendar, RawCentre, RawExamRoom, RawPreparationRoom, RawSchool, RegulationChoice};
use crate::instance::{INSTANCE_FORMAT, Instance, Policy, RawInstance, Weights};
use crate::places::uai;
use crate::read::limit::Limit;
use crate::regulation::Regulation;
use crate::tr;

/// An instance made of sheets, and what the clerk should know about how.
#[derive(Debug)]
pub struct Imported {
    /// The instance, as its file says it; it has no fault.
    pub raw: RawInstance,
    /// What was mended, kept aside, computed or taken for granted.
    pub notes: Vec<Fault>,
    /// The forms that follow from statuses.
    pub derived: Vec<Derived>,
    /// What became of the rows of each sheet.
    pub counts: Vec<SheetCount>,
}

/// What cannot be imported: every fault, and what there was to note before.
#[derive(Debug)]
pub struct Refused {
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// What is asked; each question is a fault too.
    pub questions: Vec<Question>,
    /// What was mended, kept aside, computed or taken for granted.
    pub notes: Vec<Fault>,
    /// What became of the rows of each sheet, as far as the import came.
    pub counts: Vec<SheetCount>,
    /// The candidates that were read without a school.
    pub without_school: usize,
}

impl Refused {
    /// A refusal before any row is read.
    fn early(faults: Vec<Fault>, counts: Vec<SheetCount>) -> Refused {
        Refused { faults, questions: Vec::new(), notes: Vec::new(), counts, without_school: 0 }
    }
}

/// How many candidates of an instance have no school.
pub fn without_school(raw: &RawInstance) -> usize {
    raw.candidates.iter().filter(|c| c.school.is_none()).count()
}

/// An instance in the making.
pub struct Draft {
    /// What is known of it.
    pub raw: RawInstance,
    /// The exams of the regulation.
    pub exams: Vec<String>,
    /// Those of them that need a file.
    pub filed: Vec<String>,
    /// The words that seats can use.
    pub qualifications: Vocabulary,
    /// The words that exams can use of rooms.
    pub equipment: Vocabulary,
    /// What is known of schools' right to continuous assessment.
    pub kinds: HashMap<String, School>,
}

/// Imports a workbook, a CSV file or a folder of them.
pub fn import(path: &Path, mapping: &Mapping) -> Result<Imported, Refused> {
    let sheets = sheets(path).map_err(|faults| Refused::early(faults, Vec::new()))?;
    if let Some((fault, count)) = known::lone(path, &sheets) {
        return Err(Refused::early(vec![fault], vec![count]));
    }
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    import_sheets(sheets, &name, mapping)
}

/// Imports sheets; the instance takes `name` where they give none.
pub fn import_sheets(sheets: Vec<Sheet>, name: &str, mapping: &Mapping) -> Result<Imported, Refused> {
    let glued = known::glued(&sheets, mapping);
    if !glued.is_empty() {
        return Err(Refused::early(glued, Vec::new()));
    }
    let mut log = Log::default();
    let mut draft = Draft {
        raw: blank(name),
        exams: Vec::new(),
        filed: Vec::new(),
        qualifications: Vocabulary::default(),
        equipment: Vocabulary::default(),
        kinds: HashMap::new(),
    };
    let mut sheets = known::known(sheets, mapping, &mut log);
    let present: Vec<Kind> = sheets.iter().map(|(_, l)| l.kind).collect();
    let known_schools = school_names(&sheets, mapping);
    let examiners = known::examiners(&sheets, mapping);
    log.notes.extend(mapping.unused(&sheets));
    let mut chosen = |kinds: &[Kind], names: &Names, log: &mut Log| -> Vec<Page> {
        let (of_kind, rest): (Vec<_>, Vec<_>) =
            std::mem::take(&mut sheets).into_iter().partition(|(_, l)| kinds.contains(&l.kind));
        sheets = rest;
        of_kind.into_iter().map(|(s, l)| Page::new(s, l, mapping, names, log)).collect()
    };
    let mut names = Names::default();

    settings::session(
        &chosen(&[Kind::Session, Kind::Exams, Kind::Commissions], &names, &mut log),
        &mut draft,
        &mut log,
    );
    let regulation = match &draft.raw.regulation {
        RegulationChoice::Named(id) => Regulation::shipped(id),
        RegulationChoice::Own(own) => Some(own.as_ref().clone()),
    };
    names = regulation.as_ref().map(Names::of).unwrap_or_default();
    draft.qualifications = names.qualifications.clone();
    draft.equipment = names.equipment.clone();
    draft.exams.clone_from(&names.exams);
    draft.filed.clone_from(&names.filed);

    let mut pages = chosen(&[Kind::Centres], &names, &mut log);
    records::joined(&mut pages, &names, &mut log);
    let starts = centres(&pages, &mut draft, &mut log);
    names.centres = draft.raw.centres.iter().map(|c| c.id.clone()).collect();
    names.schools = known_schools;
    names.examiners = examiners;
    let first = [Kind::Session, Kind::Exams, Kind::Commissions, Kind::Centres];
    // The dates first: a grid of availabilities is headed by them.
    let dated = [Kind::Calendar, Kind::ExamDates, Kind::Papers, Kind::Events, Kind::Policy, Kind::Weights];
    let pages = chosen(&dated, &names, &mut log);
    draft.raw.calendar = settings::calendar(&pages, &mut log);
    settings::policy(&pages, &mut draft, &mut log);
    names.dates.clone_from(&draft.raw.calendar.dates);
    let read = |k: &Kind| !first.contains(k) && !dated.contains(k);
    let rest: Vec<Kind> = LAYOUTS.iter().map(|l| l.kind).filter(read).collect();
    let mut pages = chosen(&rest, &names, &mut log);
    pages.iter().for_each(|page| gaps::zeros(page, &mut log));
    records::joined(&mut pages, &names, &mut log);
    log.notes.extend(pages.iter().filter_map(gaps::gaps));

    rooms(&pages, &mut draft, &mut log);
    groups(&pages, &mut draft, &mut log);
    let mut distances = Distances::read(&pages, &draft.raw.centres, &starts, &mut log);
    schools(&pages, &mut draft, &mut distances, &mut log);
    let (mut examiners, default) = people::examiners(&pages, &mut draft, &mut distances, &mut log);
    availability::read(&pages, &mut draft, &default, &mut examiners, &mut log);
    let (mut candidates, derived) = people::candidates(&pages, &mut draft, &mut distances, &mut log);
    people::unavailabilities(&pages, &mut draft, &mut candidates, &mut log);
    composed::read(&pages, &mut draft, &mut candidates, &mut examiners, &mut log);
    settings::decisions(&pages, &mut draft, &mut log);
    who::by_name(&mut draft.raw, &mut candidates, &mut examiners, &mut log);
    references::settle(&mut draft.raw, &draft.exams, &draft.qualifications, &mut log);
    references::unheard(&draft.raw, &names.tongued, &draft.qualifications, &mut log);
    distances.faults(&draft.raw, &mut log);
    distances.notes(&mut log);
    known::missing(&present, &mut log);
    finish(draft.raw, derived, log)
}

/// An instance with nothing in it.
pub fn blank(name: &str) -> RawInstance {
    RawInstance {
        format: INSTANCE_FORMAT.into(),
        name: name.into(),
        step: 5,
        regulation: RegulationChoice::Named(String::new()),
        calendar: RawCalendar::default(),
        groups: BTreeMap::new(),
        centres: Vec::new(),
        schools: Vec::new(),
        examiners: Vec::new(),
        candidates: Vec::new(),
        policy: Policy::default(),
        weights: Weights::default(),
        pins: Vec::new(),
        waivers: Vec::new(),
        given_sessions: Vec::new(),
        info: BTreeMap::new(),
    }
}

/// The ids and names of the sheets Schools, folded: by them a column of schools is known.
fn school_names(sheets: &[(Sheet, &'static Layout)], mapping: &Mapping) -> HashSet<String> {
    let mut out = HashSet::new();
    for (sheet, layout) in sheets.iter().filter(|(_, l)| l.kind == Kind::Schools) {
        let page = Page::new(sheet.clone(), layout, mapping, &Names::default(), &mut Log::default());
        for column in ["id", "name"].iter().filter_map(|key| page.column(key)) {
            out.extend(page.filled(column).iter().map(|(_, cell)| folded(&cell.text())));
        }
    }
    out
}

/// Holds the instance to its own rules and puts each fault at the cell that it comes from.
fn finish(raw: RawInstance, derived: Vec<Derived>, mut log: Log) -> Result<Imported, Refused> {
    let people = (raw.candidates.len() + raw.examiners.len()) as u64;
    if let Err(message) = Limit::People.holds(people) {
        let refused = Refused::early(vec![Fault::new("", message)], log.counts);
        return Err(Refused { notes: log.notes.into_vec(), ..refused });
    }
    let at_fault: HashSet<_> = log.faults.iter().map(|f| (f.file.clone(), f.place.clone())).collect();
    let lame = !log.faults.is_empty();
    let resolved = Instance::from_raw(raw.clone());
    if let (false, Ok(instance)) = (lame, &resolved) {
        // What no seat asks for is said where it stands already, with what may be meant.
        let mut warnings = hopeless::once(hopeless::warnings(instance));
        warnings.retain(|w| !w.path.contains("].qualifications["));
        let remarks: Vec<Fault> = warnings.iter().map(|warning| log.remark(warning)).collect();
        log.notes.extend(remarks);
    }
    for fault in resolved.err().unwrap_or_default() {
        let fault = match log.origin(&fault.path) {
            Some((file, place)) => Fault { file: Some(file), place: Some(place), ..fault },
            // What no cell says follows from a fault that is already named.
            None if lame => continue,
            None => fault,
        };
        if !at_fault.contains(&(fault.file.clone(), fault.place.clone())) {
            log.faults.push(fault);
        }
    }
    orphans::notes(&raw, &mut log);
    let notes = together(log.notes.into_vec());
    if log.faults.is_empty() {
        Ok(Imported { raw, notes, derived, counts: log.counts })
    } else {
        let (faults, questions) = (together(log.faults.into_vec()), questions::together(log.questions));
        Err(Refused { faults, questions, notes, counts: log.counts, without_school: without_school(&raw) })
    }
}

/// An id that looks like a UAI is one, or is noted with the right form beside it.
fn check_uai(row: &Row, id: &str, log: &mut Log) {
    if let Some(right) = uai::mended(id) {
        let message = tr!(
            "\"{id}\" is not a right UAI: with those digits it would be {right}; kept as it is",
            "« {id} » n'est pas un UAI juste : avec ces chiffres, ce serait {right} ; gardé tel quel"
        );
        row.note(Some("id"), message, log);
    }
}

fn centres(pages: &[Page], draft: &mut Draft, log: &mut Log) -> Vec<Start> {
    let mut starts = Vec::new();
    for row in pages.iter().flat_map(Page::rows) {
        let at = format!("centres[{}]", draft.raw.centres.len());
        row.binds(at.as_str(), None, log);
        row.binds(format!("{at}.id"), Some("id"), log);
        row.binds(format!("{at}.town"), Some("town"), log);
        row.binds(format!("{at}.exams"), Some("exams"), log);
        row.binds(format!("{at}.time_zone"), Some("time_zone"), log);
        let id = row.id("id", log).unwrap_or_else(|| row.placeholder());
        check_uai(&row, &id, log);
        starts.push(Start::of(&row, &id, log));
        draft.raw.centres.push(RawCentre {
            name: row.text("name", log),
            town: row.text("town", log),
            open: Vec::new(),
            exam_rooms: Vec::new(),
            preparation_rooms: Vec::new(),
            exams: row.only("exams", log),
            time_zone: row.text("time_zone", log),
            info: row.info(),
            id,
        });
    }
    starts
}

/// The index of the centre that a row names, or a fault.
pub(super) fn centre_of(row: &Row, draft: &Draft, log: &mut Log) -> Option<usize> {
    let id = row.id("centre", log)?;
    let found = draft.raw.centres.iter().position(|c| c.id == id);
    if found.is_none() {
        let known = draft.raw.centres.iter().map(|c| &c.id);
        row.fault("centre", Fault::unknown("", "centre", &id, known).message, log);
    }
    found
}

fn rooms(pages: &[Page], draft: &mut Draft, log: &mut Log) {
    for page in pages {
        if page.layout.kind == Kind::Openings {
            openings::read(page, draft, log);
        }
        let is_rooms = page.layout.kind == Kind::Rooms;
        for row in page.rows().filter(|_| is_rooms) {
            let (centre, id) = (centre_of(&row, draft, log), row.id("room", log));
            let (usage, seats) = (row.choice("use", log), row.whole("seats", log));
            let (accessible, equipment) = (row.yes("accessible", log), words(&row, "equipment", &draft.equipment, log));
            let (Some(i), Some(id), Some(usage)) = (centre, id, usage) else { continue };
            if !is_quoted(row.cell("room")) && names_several(&id) {
                let message = tr!(
                    "\"{id}\" seems to name several rooms; write a row for each, or put the name between quotation marks if it is one",
                    "« {id} » semble nommer plusieurs salles ; une ligne pour chacune, ou le nom entre guillemets droits si c'en est une seule"
                );
                row.fault("room", message, log);
            }
            let centre = &mut draft.raw.centres[i];
            let list = if usage == "exam" { "exam_rooms" } else { "preparation_rooms" };
            let length = if usage == "exam" { centre.exam_rooms.len() } else { centre.preparation_rooms.len() };
            row.binds(format!("centres[{i}].{list}[{length}]"), Some("room"), log);
            row.binds(format!("centres[{i}].{list}[{length}].seats"), Some("seats"), log);
            if usage == "exam" {
                if seats.is_some() {
                    let message = tr!(
                        "seats are for preparation rooms; not read for an exam room",
                        "les places ne concernent que les salles de préparation ; non lues pour une salle de passage"
                    );
                    row.note(Some("seats"), message, log);
                }
                centre.exam_rooms.push(RawExamRoom { id, accessible, equipment, unavailable: Vec::new() });
            } else {
                if seats.is_none_or(|n| n > 10_000) && (seats.is_some() || row.cell("seats").is_empty()) {
                    let message = tr!(
                        "a preparation room needs its number of seats",
                        "une salle de préparation doit avoir son nombre de places"
                    );
                    row.fault("seats", message, log);
                }
                if !equipment.is_empty() {
                    let message = tr!(
                        "equipment is for exam rooms; not read for a preparation room",
                        "l'équipement ne concerne que les salles de passage ; non lu pour une salle de préparation"
                    );
                    row.note(Some("equipment"), message, log);
                }
                let seats = seats.unwrap_or(0);
                centre.preparation_rooms.push(RawPreparationRoom { id, seats, accessible, unavailable: Vec::new() });
            }
        }
    }
}

/// Whether a text names several rooms: `B1 à B4`, `B1, B2`, `B1 et B2`; each with a digit.
pub(super) fn names_several(text: &str) -> bool {
    let small = text.to_lowercase();
    let several = [" à ", " a ", " au ", " et ", " to ", " and ", ",", ";", " + "];
    several.iter().any(|by| {
        let mut parts = small.split(by).peekable();
        let numbered = |part: &str| part.contains(|c: char| c.is_ascii_digit()) && part.split_whitespace().count() <= 2;
        small.contains(by) && parts.all(numbered)
    })
}

fn groups(pages: &[Page], draft: &mut Draft, log: &mut Log) {
    let mut sheet = false;
    for page in pages.iter().filter(|p| p.layout.kind == Kind::Groups) {
        for row in page.rows() {
            sheet = true;
            let Some(group) = row.id("group", log) else { continue };
            row.binds(format!("groups.{group}"), Some("centres"), log);
            row.binds(format!("groups.{group}.id"), Some("group"), log);
            let centres = row.items("centres", log);
            draft.raw.groups.entry(group).or_default().extend(centres);
        }
    }
    let named = pages.iter().any(|p| p.layout.kind == Kind::Candidates && p.column("group").is_some());
    if !sheet && !named && !draft.raw.centres.is_empty() {
        let name = tr!("ALL", "TOUS");
        let message = tr!(
            "no sheet of groups: every candidate may go to every centre (group {name})",
            "pas de feuille de groupes : chaque candidat peut aller dans chaque centre (groupe {name})"
        );
        log.notes.push(Fault::new("", message));
        draft.raw.groups.insert(name, draft.raw.centres.iter().map(|c| c.id.clone()).collect());
    }
}

fn schools(pages: &[Page], draft: &mut Draft, distances: &mut Distances, log: &mut Log) {
    for page in pages.iter().filter(|p| p.layout.kind == Kind::Schools) {
        for row in page.rows() {
            let at = format!("schools[{}]", draft.raw.schools.len());
            row.binds(at.as_str(), None, log);
            row.binds(format!("{at}.id"), Some("id"), log);
            let id = row.id("id", log).unwrap_or_else(|| row.placeholder());
            check_uai(&row, &id, log);
            let start = Start::of(&row, &id, log);
            let reach = distances.reach("school", &id, &start).unwrap_or_else(|| nowhere(&draft.raw.centres));
            if let Some(fault) = reach.fault {
                row.fault("town", fault, log);
            }
            draft.kinds.insert(id.clone(), people::school_kind(&row, log));
            let (name, town) = (row.text("name", log), row.text("town", log));
            draft.raw.schools.push(RawSchool { name, town, km: reach.km, info: row.info(), id });
        }
    }
}
