//! Two moments of a project side by side, and what of the published papers is out of date.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::find::person_name;
use super::plan::seat_label;
use super::said::hour;
use super::{Call, Desk};
use crate::export::Texts;
use crate::instance::{Clock, Instance};
use crate::lang::current;
use crate::project::Document;
use crate::rules::TERMS;
use crate::schedule::Schedule;
use crate::serve::problem::{Answer, Problem, Reply};
use crate::tr;

/// Where and when somebody is expected.
type Places = BTreeMap<String, BTreeSet<Place>>;

/// The exam or the seat, the date, the hour, the centre and the room.
type Place = (NaiveDate, Clock, String, String, String);

/// Every candidate's sittings and every examiner's sessions.
fn expected(schedule: Option<&Schedule>) -> (Places, Places) {
    let (mut candidates, mut examiners) = (Places::new(), Places::new());
    for session in schedule.into_iter().flat_map(|s| &s.sessions) {
        for s in &session.sittings {
            let place = (session.date, s.start, s.exam.clone(), session.centre.clone(), session.room.clone());
            candidates.entry(s.candidate.clone()).or_default().insert(place);
        }
        let first = session.sittings.iter().map(|s| s.start).min().unwrap_or(Clock(0));
        for (seat, id) in &session.members {
            let place = (session.date, first, seat.clone(), session.centre.clone(), session.room.clone());
            examiners.entry(id.clone()).or_default().insert(place);
        }
    }
    (candidates, examiners)
}

/// Who is expected otherwise: kind, id, before, after.
fn moved<'p>(before: &'p Places, after: &'p Places) -> Vec<(&'p str, Vec<&'p Place>, Vec<&'p Place>)> {
    let ids: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut out = Vec::new();
    for id in ids {
        let (a, b) = (before.get(id), after.get(id));
        if a == b {
            continue;
        }
        let only = |own: Option<&'p BTreeSet<Place>>, other: Option<&'p BTreeSet<Place>>| -> Vec<&'p Place> {
            own.into_iter().flatten().filter(|p| !other.is_some_and(|o| o.contains(*p))).collect()
        };
        out.push((id.as_str(), only(a, b), only(b, a)));
    }
    out
}

fn say(instance: &Instance, places: &[&Place]) -> String {
    let texts = Texts::of(current());
    let one = |(date, start, what, centre, room): &&Place| {
        let centre = instance.centre(centre).map_or(centre.as_str(), |z| instance.centres[z].name.as_str());
        let (date, hour) = (texts.date(*date), hour(start.0));
        // A seat, where it is no exam.
        let is_exam = instance.regulation.exams.iter().any(|e| e.id == *what);
        let what = if is_exam { what.clone() } else { seat_label(instance, what) };
        tr!("{what}, {date}, {hour}, {centre}, room {room}", "{what}, {date}, {hour}, {centre}, salle {room}")
    };
    if places.is_empty() { tr!("nothing", "rien") } else { places.iter().map(one).collect::<Vec<_>>().join(" ; ") }
}

/// A moment of the project: `now`, `published`, a revision, or `v` and a version's number.
fn moment(desk: &Desk, name: &str) -> Result<Document, Problem> {
    let project = desk.project()?;
    let unknown = || Problem::missing(tr!("there is no such moment: {name}", "ce moment n'existe pas : {name}"));
    if name == "now" {
        return Ok(project.document().clone());
    }
    if name == "published" {
        let schedule = desk.office.published().ok_or_else(unknown)?;
        return Ok(Document { schedule: Some(schedule.into()), ..project.document().clone() });
    }
    let revision = match name.strip_prefix('v') {
        Some(id) => {
            let id: i64 = id.parse().map_err(|_| unknown())?;
            project.versions()?.into_iter().find(|v| v.id == id).ok_or_else(unknown)?.revision
        }
        None => name.parse::<u64>().ok().filter(|&r| r <= project.revision()).ok_or_else(unknown)?,
    };
    Ok(project.at(revision)?)
}

/// `GET /api/compare`
pub(crate) fn compare(desk: &mut Desk, call: &Call) -> Answer {
    let (a, b) = (call.asked("a").unwrap_or("published"), call.asked("b").unwrap_or("now"));
    let (a, b) = (moment(desk, a)?, moment(desk, b)?);
    let instance = desk.planned()?.instance;
    Ok(Reply::json(&json!({
        "cost": costs(a.schedule.as_deref(), b.schedule.as_deref()),
        "moved": differences(instance, a.schedule.as_deref(), b.schedule.as_deref()),
        "total": [total(a.schedule.as_deref()), total(b.schedule.as_deref())],
        "data": a.instance != b.instance,
    })))
}

fn total(schedule: Option<&Schedule>) -> Option<i64> {
    schedule?.cost.as_ref().map(|c| c.total)
}

pub(super) fn costs(a: Option<&Schedule>, b: Option<&Schedule>) -> Vec<Value> {
    let of = |s: Option<&Schedule>, term: &str| {
        s.and_then(|s| s.cost.as_ref()).and_then(|c| c.terms.get(term)).map_or(0, |t| t.cost)
    };
    let line = |name: &str, label: String| {
        let (a, b) = (of(a, name), of(b, name));
        (a != 0 || b != 0).then(|| json!({ "term": name, "label": label, "a": a, "b": b }))
    };
    TERMS.iter().filter_map(|t| line(t.name, (t.summary)())).collect()
}

/// Who is expected otherwise in one schedule than in another.
pub(crate) fn differences(instance: &Instance, a: Option<&Schedule>, b: Option<&Schedule>) -> Vec<Value> {
    let ((candidates, examiners), (candidates_now, examiners_now)) = (expected(a), expected(b));
    let both = [("candidate", &candidates, &candidates_now), ("examiner", &examiners, &examiners_now)];
    let mut out = Vec::new();
    for (kind, before, after) in both {
        for (id, was, is) in moved(before, after) {
            out.push(json!({
                "kind": kind, "id": id, "name": person_name(instance, id), "before": say(instance, &was), "after": say(instance, &is),
            }));
        }
    }
    out
}

/// How many people hold a convocation that is out of date.
pub(super) fn stale(desk: &Desk) -> Result<usize, Problem> {
    let Some(published) = desk.office.published() else { return Ok(0) };
    let now = desk.project()?.document().schedule.clone();
    let ((candidates, examiners), (candidates_now, examiners_now)) =
        (expected(Some(&published)), expected(now.as_deref()));
    Ok(moved(&candidates, &candidates_now).len() + moved(&examiners, &examiners_now).len())
}
