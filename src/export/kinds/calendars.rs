//! iCalendar (RFC 5545): one file for each candidate, examiner and centre. An entry keeps its UID from one publication
//! to the next, so that a re-plan updates it; SEQUENCE is raised on what changed, and what went away is cancelled.
//!
//! Every file is a publication (METHOD:PUBLISH, RFC 5546, 3.2.1), the cancelled entries among the others: a file of
//! METHOD:CANCEL may hold one UID only (3.2.5), and programs that read files want no other method. The title of a
//! cancelled entry says so too, since not every program shows STATUS:CANCELLED.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use sha2::{Digest, Sha256};

use super::super::folder::file_stem;
use super::super::view::{Session, Sitting, View};
use super::super::zone::vtimezone;
use super::super::{File, Kind, Make, Options};
use crate::fault::Fault;
use crate::instance::{Interval, Minutes};
use crate::lang::Lang;
use crate::tr;

/// The kind.
pub static KIND: Kind = Kind {
    name: "calendars",
    summary: || {
        tr!(
            "iCalendar files by candidate, examiner and centre",
            "fichiers iCalendar par candidat, interrogateur et centre"
        )
    },
    make: Make::Files(files),
};

#[derive(Clone, PartialEq)]
struct Entry {
    zone: Tz,
    date: NaiveDate,
    time: Interval,
    summary: String,
    place: String,
    lines: Vec<String>,
}

/// A calendar: its file, its name, and its entries by UID.
#[derive(Default)]
struct Calendar {
    name: String,
    entries: BTreeMap<String, Entry>,
}

type Calendars = BTreeMap<String, Calendar>;

pub(super) fn files(view: &View, options: &Options) -> Result<Vec<File>, Fault> {
    let (mut new, mut old) = (calendars(view), view.baseline.as_ref().map(|b| calendars(b)).unwrap_or_default());
    let paths: BTreeSet<String> = new.keys().chain(old.keys()).cloned().collect();
    let written = paths.into_iter().map(|path| {
        let (is, was) = (new.remove(&path).unwrap_or_default(), old.remove(&path).unwrap_or_default());
        let text = text(view, options, &is, &was);
        File { path, bytes: text.into_bytes() }
    });
    Ok(written.collect())
}

fn calendars(view: &View) -> Calendars {
    let texts = view.texts;
    let mut all = Calendars::new();
    for s in view.sittings() {
        let path = format!("candidats/calendriers/{}.ics", file_stem(&s.candidate, &s.name));
        let calendar = all.entry(path).or_default();
        calendar.name = texts.fill("calendrier.candidate", &[("candidate", &s.name)]);
        calendar.entries.insert(uid(view, &["candidate", &s.candidate, &s.exam]), sitting(view, s));
    }
    type Duty<'v> = (&'v Session, &'v str, &'v str);
    let mut duties: BTreeMap<(&str, NaiveDate, HalfDay), Vec<Duty>> = BTreeMap::new();
    let mut rooms: BTreeMap<(&str, &str, NaiveDate, HalfDay), Vec<&Session>> = BTreeMap::new();
    for s in &view.sessions {
        rooms.entry((&s.centre.id, &s.room, s.date, half_day(s))).or_default().push(s);
        for m in &s.members {
            duties.entry((&m.id, s.date, half_day(s))).or_default().push((s, &m.name, &m.role));
        }
    }
    for ((id, date, half), mut own) in duties {
        own.sort_by_key(|(s, ..)| s.time);
        let name = own[0].1;
        let path = format!("interrogateurs/calendriers/{}.ics", file_stem(id, name));
        let calendar = all.entry(path).or_default();
        calendar.name = texts.fill("calendrier.examiner", &[("examiner", name)]);
        let key = uid(view, &["examiner", id, &date.to_string(), &half.to_string()]);
        calendar.entries.insert(key, duty(view, &own));
    }
    for ((centre, room, date, half), own) in rooms {
        let place = &own[0].centre;
        let path = format!("{}/calendrier.ics", super::centre_folder(place));
        let calendar = all.entry(path).or_default();
        calendar.name = texts.fill("calendrier.centre", &[("centre", &place.label())]);
        let key = uid(view, &["room", centre, room, &date.to_string(), &half.to_string()]);
        calendar.entries.insert(key, room_entry(view, &own));
    }
    all
}

/// What an examiner or a room is booked for: half a day, or its first minute where the sessions lie in none.
type HalfDay = Minutes;

fn half_day(s: &Session) -> HalfDay {
    s.half.map_or(s.time.from + 1_000, |h| h as Minutes)
}

/// The same for the same thing in every publication of an instance of that name; it tells nothing of whom it is about.
fn uid(view: &View, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in [view.instance.name.as_str()].iter().chain(parts) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let hex: String = hash.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect();
    format!("{hex}@oraux")
}

fn place(view: &View, centre: &super::Place, room: &str) -> String {
    view.texts.fill("calendrier.place", &[("centre", &centre.label()), ("room", &view.texts.room(room))])
}

fn sitting(view: &View, s: &Sitting) -> Entry {
    let texts = view.texts;
    let mut lines = vec![s.title.clone()];
    lines.extend(s.centre.local_time(texts));
    if !s.follows {
        lines.push(texts.fill("calendrier.arrival", &[("at", &texts.hour(s.arrival))]));
    }
    if let Some(room) = &s.preparation_room {
        let at = texts.from_to(s.preparation);
        lines.push(texts.fill("calendrier.preparation", &[("at", &at), ("room", &texts.room(room))]));
    }
    let (from, to) = (texts.hour(s.time.from), texts.hour(s.time.to));
    lines.push(texts.fill("calendrier.sitting", &[("from", &from), ("to", &to), ("room", &texts.room(&s.room))]));
    Entry {
        zone: s.centre.zone,
        date: s.date,
        time: s.block(),
        summary: texts.fill("calendrier.oral", &[("exam", &s.exam_and_language())]),
        place: place(view, &s.centre, &s.room),
        lines,
    }
}

/// The codes of all exams heard in these sessions, each once, and the stretch from the first to the last minute.
fn together(sessions: &[&Session]) -> (String, Interval) {
    let mut exams: Vec<&str> = Vec::new();
    for exam in sessions.iter().flat_map(|s| s.codes()) {
        if !exams.contains(&exam) {
            exams.push(exam);
        }
    }
    let from = sessions.iter().map(|s| s.time.from).min().unwrap_or(0);
    (exams.join(", "), Interval::new(from, sessions.iter().map(|s| s.time.to).max().unwrap_or(0)))
}

fn sitting_lines(view: &View, s: &Session) -> Vec<String> {
    let texts = view.texts;
    let said = |p: &Sitting| {
        let (from, to, exam) = (texts.hour(p.time.from), texts.hour(p.time.to), p.exam_and_language());
        texts.fill("calendrier.line", &[("from", &from), ("to", &to), ("exam", &exam), ("candidate", &p.name)])
    };
    s.sittings.iter().map(said).collect()
}

fn duty(view: &View, own: &[(&Session, &str, &str)]) -> Entry {
    let texts = view.texts;
    let sessions: Vec<&Session> = own.iter().map(|(s, _, _)| *s).collect();
    let (exams, time) = together(&sessions);
    let present = sessions.iter().map(|s| s.present_from).min().unwrap_or(time.from);
    let mut lines: Vec<String> = sessions[0].centre.local_time(texts).into_iter().collect();
    if present < time.from {
        lines.push(texts.fill("calendrier.present", &[("at", &texts.hour(present))]));
    }
    for (s, _, role) in own {
        let (from, to) = (texts.hour(s.time.from), texts.hour(s.time.to));
        let values = [
            ("commission", s.label_and_language()),
            ("role", role.to_string()),
            ("room", texts.room(&s.room)),
            ("from", from),
            ("to", to),
        ];
        lines.push(texts.fill("calendrier.role", &values.each_ref().map(|(k, v)| (*k, v.as_str()))));
        lines.extend(sitting_lines(view, s));
    }
    let mut places: Vec<String> = Vec::new();
    for s in &sessions {
        let place = place(view, &s.centre, &s.room);
        if !places.contains(&place) {
            places.push(place);
        }
    }
    Entry {
        zone: sessions[0].centre.zone,
        date: sessions[0].date,
        time: Interval::new(present.max(0), time.to),
        summary: texts.fill("calendrier.duty", &[("exams", &exams)]),
        place: places.join(" ; "),
        lines,
    }
}

fn room_entry(view: &View, own: &[&Session]) -> Entry {
    let texts = view.texts;
    let (exams, time) = together(own);
    let room = &own[0].room;
    let mut lines = Vec::new();
    for s in own {
        let members: Vec<String> = s.members.iter().map(|m| format!("{} ({})", m.name, m.seat)).collect();
        lines.push(s.label_and_language());
        lines.push(texts.fill("calendrier.members", &[("members", &members.join(", "))]));
        lines.extend(sitting_lines(view, s));
    }
    Entry {
        zone: own[0].centre.zone,
        date: own[0].date,
        time,
        summary: texts.fill("calendrier.room", &[("room", &texts.room_first(room)), ("exams", &exams)]),
        place: place(view, &own[0].centre, room),
        lines,
    }
}

fn text(view: &View, options: &Options, is: &Calendar, was: &Calendar) -> String {
    let language = match view.texts.lang {
        Lang::Fr => "FR",
        Lang::En => "EN",
    };
    let mut out = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n");
    line(&mut out, "PRODID", &format!("-//oraux//oraux {}//{language}", env!("CARGO_PKG_VERSION")));
    line(&mut out, "CALSCALE", "GREGORIAN");
    line(&mut out, "METHOD", "PUBLISH");
    line(&mut out, "X-WR-CALNAME", &escaped(if is.name.is_empty() { &was.name } else { &is.name }));
    let mut entries: Vec<(&String, &Entry, u32, bool)> = Vec::new();
    for (uid, entry) in &is.entries {
        // What did not change keeps a number that no earlier publication went beyond.
        let kept = was.entries.get(uid) == Some(entry);
        entries.push((uid, entry, options.revision.saturating_sub(u32::from(kept)), false));
    }
    for (uid, entry) in was.entries.iter().filter(|(uid, _)| !is.entries.contains_key(*uid)) {
        entries.push((uid, entry, options.revision, true));
    }
    entries.sort_by_key(|(uid, e, ..)| (e.date, e.time, *uid));
    // The zones in the order of their first entries; programs that know one zone a file take the first.
    let mut zones: Vec<Tz> = Vec::new();
    for (_, entry, ..) in &entries {
        if !zones.contains(&entry.zone) {
            zones.push(entry.zone);
        }
    }
    if let (Some(zone), Some((_, first, ..)), Some((_, last, ..))) = (zones.first(), entries.first(), entries.last()) {
        line(&mut out, "X-WR-TIMEZONE", zone.name());
        let years = (first.date.year(), last.date.year());
        zones.iter().for_each(|z| out.push_str(&vtimezone(*z, years)));
    }
    let organizer = organizer(view);
    let stamp = format!("{}T000000Z", options.today.format("%Y%m%d"));
    for (uid, entry, sequence, cancelled) in entries {
        let (status, summary) = match cancelled {
            true => ("CANCELLED", view.texts.fill("calendrier.cancelled", &[("summary", &entry.summary)])),
            false => ("CONFIRMED", entry.summary.clone()),
        };
        let zone = entry.zone.name();
        out.push_str("BEGIN:VEVENT\r\n");
        line(&mut out, "UID", uid);
        line(&mut out, "DTSTAMP", &stamp);
        line(&mut out, &format!("DTSTART;TZID={zone}"), &moment(entry.date, entry.time.from));
        line(&mut out, &format!("DTEND;TZID={zone}"), &moment(entry.date, entry.time.to));
        line(&mut out, "SEQUENCE", &sequence.to_string());
        line(&mut out, "STATUS", status);
        line(&mut out, "TRANSP", if cancelled { "TRANSPARENT" } else { "OPAQUE" });
        line(&mut out, &organizer.0, &organizer.1);
        line(&mut out, "SUMMARY", &escaped(&summary));
        line(&mut out, "LOCATION", &escaped(&entry.place));
        line(&mut out, "DESCRIPTION", &escaped(&entry.lines.join("\n")));
        out.push_str("END:VEVENT\r\n");
    }
    out.push_str("END:VCALENDAR\r\n");
    out
}

/// Who publishes (RFC 5546 wants one): the office, at its address or at one that no mail reaches.
fn organizer(view: &View) -> (String, String) {
    let (name, email) = (view.texts.get("office.name"), view.texts.get("office.email"));
    // A parameter's value may hold no quotation mark, even in quotation marks.
    let name: String = name.chars().filter(|c| !c.is_control() && *c != '"').collect();
    let email = if email.contains('@') { email.trim() } else { "ne-pas-repondre@oraux.invalid" };
    (format!("ORGANIZER;CN=\"{name}\""), format!("mailto:{email}"))
}

/// `20240603T083000`.
fn moment(date: NaiveDate, at: Minutes) -> String {
    let at = at.clamp(0, 24 * 60 - 1);
    format!("{}T{:02}{:02}00", date.format("%Y%m%d"), at / 60, at % 60)
}

/// A TEXT value (RFC 5545, 3.3.11); control characters have no place in one.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\u{a0}' | '\u{202f}' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A content line, folded so that no line is longer than 75 octets (3.1).
fn line(out: &mut String, name: &str, value: &str) {
    let mut width = 0;
    for c in name.chars().chain([':']).chain(value.chars()) {
        if width + c.len_utf8() > 75 {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(c);
        width += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_characters() {
        let mut out = String::new();
        line(&mut out, "SUMMARY", &"é".repeat(80));
        assert!(out.split("\r\n").all(|l| l.len() <= 75), "{out:?}");
        assert_eq!(out.replace("\r\n ", ""), format!("SUMMARY:{}\r\n", "é".repeat(80)));
        assert_eq!(escaped("a,b;c\\d\ne\u{7}"), "a\\,b\\;c\\\\d\\ne");
    }
}
