//! The kinds of documents: one file each, with its template beside it where it is a paper.

mod accommodations;
mod attendance;
mod calendars;
mod candidate_convocation;
mod changes;
mod commission_report;
mod commission_timetable;
mod compositions;
mod csv;
mod day_timetable;
mod entrance;
mod examiner_convocation;
mod invigilators;
mod list;
mod mail_merge;
mod not_heard;
mod preparation;
mod room_timetable;
mod school_summary;
mod signs;
mod statistics;
mod workbook;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::folder::file_stem;
use super::place::{ADDRESS, CIVILITY, said};
use super::view::{Place, Session, Sitting, View};
use super::{By, Kind, Options, Texts};
use crate::instance::{Info, Interval};

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
    &entrance::KIND,
    &accommodations::KIND,
    &invigilators::KIND,
    &signs::KIND,
    &school_summary::KIND,
    &compositions::KIND,
    &statistics::KIND,
    &not_heard::KIND,
    &changes::KIND,
    &workbook::KIND,
    &csv::KIND,
    &mail_merge::KIND,
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

/// To whom a letter goes: civility and name, then the lines of the address; nothing but the name where there is no address.
fn addressee(info: &Info, name: &str, employer: Option<&str>) -> Vec<String> {
    let address = said(info, if employer.is_some() { &["employer_address"] } else { ADDRESS });
    let title = said(info, CIVILITY);
    let person = format!("{title} {name}").trim().to_string();
    let lines = address_lines(&address);
    employer.map(str::to_string).into_iter().chain(employer.is_none().then_some(person)).chain(lines).collect()
}

/// A letter in words that suit whom it goes to: `convoqué(e)` is said of nobody whose civility is known.
fn agreed(page: Value, info: &Info) -> Value {
    let ending = match said(info, CIVILITY).trim_end_matches('.').to_lowercase().as_str() {
        "m" | "mr" | "monsieur" => "",
        "mme" | "mlle" | "madame" | "mademoiselle" => "e",
        _ => return page,
    };
    match page {
        Value::String(text) => Value::String(text.replace("(e)", ending)),
        Value::Array(all) => all.into_iter().map(|value| agreed(value, info)).collect(),
        Value::Object(fields) => fields.into_iter().map(|(key, value)| (key, agreed(value, info))).collect(),
        other => other,
    }
}

/// `12, rue X, 14000 Caen` in two lines: a number stays with its street.
fn address_lines(address: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in address.split([',', ';', '\n']).map(str::trim).filter(|p| !p.is_empty()) {
        let number = |line: &String| line.chars().next().is_some_and(|c| c.is_ascii_digit()) && line.len() < 8;
        match lines.last_mut().filter(|last| number(last)) {
            Some(last) => *last = format!("{last}, {part}"),
            None => lines.push(part.to_string()),
        }
    }
    lines
}

/// What somebody is told who is no longer convened.
fn cancellation(texts: &Texts, options: &Options, whom: &str) -> String {
    let replaced = match options.replaces {
        Some(date) => texts.fill("annulation.of_date", &[("date", &texts.day(date))]),
        None => texts.get("annulation.of_last").to_string(),
    };
    let of = texts.of_examination_and_session();
    texts.fill(&format!("annulation.{whom}"), &[("replaced", &replaced), ("of_examination", &of)])
}

/// What somebody was convened to before.
fn cancelled(texts: &Texts, what: String, date: NaiveDate, time: Interval, centre: &Place) -> String {
    let (date, hours, centre) = (texts.date(date), texts.from_to(time), centre.label_and_time(texts));
    texts.fill("annulation.line", &[("what", &what), ("date", &date), ("hours", &hours), ("centre", &centre)])
}

/// The commissions of a centre, half-day by half-day: the sessions of one kind of commission with the same members are one, even
/// where it changes room or was suspended, so that it signs one sheet and one report.
fn sittings_of_commissions(sessions: &[&Session]) -> Vec<Session> {
    let mut found: Vec<Session> = Vec::new();
    let same = |a: &Session, b: &Session| {
        let people = |s: &Session| s.members.iter().map(|m| (m.seat.clone(), m.id.clone())).collect::<Vec<_>>();
        (a.date, a.half, &a.commission, &a.language) == (b.date, b.half, &b.commission, &b.language)
            && a.half.is_some()
            && people(a) == people(b)
    };
    let mut sorted: Vec<&Session> = sessions.to_vec();
    sorted.sort_by_key(|s| (s.date, s.time, s.room.clone(), s.id.clone()));
    for s in sorted {
        let Some(one) = found.iter_mut().find(|one| same(one, s)) else {
            found.push(s.clone());
            continue;
        };
        one.id = format!("{}, {}", one.id, s.id);
        if !one.rooms.contains(&s.room) {
            one.rooms.push(s.room.clone());
        }
        one.time = Interval::new(one.time.from.min(s.time.from), one.time.to.max(s.time.to));
        one.present_from = one.present_from.min(s.present_from);
        one.sittings.extend(s.sittings.iter().cloned());
        one.sittings.sort_by_key(|p| p.time);
        let new: Vec<_> = s.waivers.iter().filter(|w| !one.waivers.contains(w)).cloned().collect();
        one.waivers.extend(new);
    }
    found
}

/// What every paper of a session says at its head.
fn session_head(view: &View, session: &Session) -> Value {
    let texts = view.texts;
    json!({
        "id": session.id,
        "label": session.label_and_language(),
        "centre": session.centre.label_and_time(texts),
        "room": session.rooms.iter().map(|room| texts.room_first(room)).collect::<Vec<_>>().join(", "),
        "foot": foot(texts, session),
        "date": texts.date(session.date),
        "hours": texts.from_to(session.time),
        "exams": session.codes().join(", "),
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

/// What stands at the foot of each sheet of a session's papers: `lundi 3 juin 2024 – salle B101 – Commission d’anglais`.
fn foot(texts: &Texts, session: &Session) -> String {
    let rooms: Vec<String> = session.rooms.iter().map(|room| texts.room(room)).collect();
    format!("{} – {} – {}", texts.date(session.date), rooms.join(", "), session.label_and_language())
}

/// A sitting on a list: no more than a candidate may see.
fn sitting_line(texts: &Texts, s: &Sitting) -> Value {
    let prepares = s.preparation.minutes() > 0;
    let mark = |extra: bool| if extra { texts.get("words.extra_mark") } else { "" };
    json!({
        "candidate": s.candidate,
        "name": s.name_apart(texts),
        "school": s.school.as_ref().map_or(texts.get("words.no_school").to_string(), Place::label),
        "exam": s.exam_and_language(),
        "room": texts.room(&s.room),
        "arrival": texts.hour(s.arrival),
        "prepares": if prepares { texts.hour(s.preparation.from) } else { String::new() },
        "preparation_room": s.preparation_room.as_ref().map(|room| texts.room(room)),
        "start": texts.hour(s.time.from),
        "end": texts.hour(s.time.to),
        "mark": mark(s.extra()),
        "mark_preparation": mark(s.extra_preparation),
        "accessible": s.accessible,
        "alone": s.alone,
    })
}
