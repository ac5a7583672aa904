//! The kinds of documents: one file each, with its template beside it where it is a paper.

mod attendance;
mod calendars;
mod candidate_convocation;
mod changes;
mod commission_report;
mod commission_timetable;
mod csv;
mod day_timetable;
mod examiner_convocation;
mod not_heard;
mod preparation;
mod room_timetable;
mod workbook;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::folder::file_stem;
use super::view::{Place, Session, Sitting, View};
use super::{By, Kind, Texts};

/// Every kind of document.
pub static KINDS: &[&Kind] = &[
    &candidate_convocation::KIND,
    &examiner_convocation::KIND,
    &commission_timetable::KIND,
    &room_timetable::KIND,
    &day_timetable::KIND,
    &preparation::KIND,
    &attendance::KIND,
    &commission_report::KIND,
    &not_heard::KIND,
    &changes::KIND,
    &workbook::KIND,
    &csv::KIND,
    &calendars::KIND,
];

/// Where a centre's papers go.
fn centre_folder(centre: &Place) -> String {
    format!("centres/{}", file_stem(&centre.id, &centre.name))
}

/// The name of the file in which a person's convocation goes.
fn file_of(by: By, texts: &Texts, school: Option<&Place>, centre: &Place, id: &str, name: &str) -> String {
    match (by, school) {
        (By::Person, _) => file_stem(id, name),
        (By::Centre, _) => file_stem(&centre.id, &centre.name),
        (By::School, Some(school)) => file_stem(&school.id, &school.name),
        (By::School, None) => texts.get("words.school_file").to_string(),
    }
}

/// Pages put together by file, in the order of the files' names.
fn gather(pages: impl Iterator<Item = (String, Value)>) -> BTreeMap<String, Vec<Value>> {
    let mut files: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (file, page) in pages {
        files.entry(file).or_default().push(page);
    }
    files
}

/// What every paper of a session says at its head.
fn session_head(view: &View, session: &Session) -> Value {
    let texts = view.texts;
    json!({
        "id": session.id,
        "label": session.label_and_language(),
        "centre": session.centre.label_and_time(texts),
        "room": session.room,
        "date": texts.date(session.date),
        "hours": texts.from_to(session.time),
        "exams": session.exams().join(", "),
        "members": session.members.iter().map(|m| json!({"role": m.role, "name": m.name, "id": m.id})).collect::<Vec<_>>(),
        "vacant": session.vacant,
        "waivers": session.waivers.iter().map(|w| texts.fill(
            "planning_commission.waiver",
            &[("examiner", &w.examiner), ("candidate", &w.candidate), ("by", &w.by), ("reason", &w.reason)],
        )).collect::<Vec<_>>(),
        "sittings": session.sittings.iter().map(|s| sitting_line(texts, s)).collect::<Vec<_>>(),
        "extra": session.sittings.iter().any(Sitting::extra),
    })
}

/// A sitting on a list: no more than a candidate may see.
fn sitting_line(texts: &Texts, s: &Sitting) -> Value {
    let prepares = s.preparation.minutes() > 0;
    let mark = |extra: bool| if extra { texts.get("words.extra_mark") } else { "" };
    json!({
        "candidate": s.candidate,
        "name": s.name,
        "school": s.school.as_ref().map_or(texts.get("words.no_school").to_string(), Place::label),
        "exam": s.exam_and_language(),
        "room": s.room,
        "arrival": texts.hour(s.arrival),
        "prepares": if prepares { texts.hour(s.preparation.from) } else { String::new() },
        "preparation_room": s.preparation_room,
        "start": texts.hour(s.time.from),
        "end": texts.hour(s.time.to),
        "mark": mark(s.extra()),
        "mark_preparation": mark(s.extra_preparation),
        "accessible": s.accessible,
        "alone": s.alone,
    })
}
