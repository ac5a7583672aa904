//! What changes for whom between the published schedule and the new one: the list that the office telephones from.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::amend::{Amended, OralName};
use super::event::Events;
use crate::instance::Instance;
use crate::instance::time::Clock;
use crate::schedule::{Schedule, Session, Sitting};
use crate::tr;

/// Who has to be told what.
#[derive(Clone, Debug, Default, Serialize, PartialEq)]
pub struct Changes {
    /// By candidate, in the order of the first hour that changes.
    pub candidates: Vec<PersonChanges>,
    /// By examiner, in the order of the first hour that changes.
    pub examiners: Vec<PersonChanges>,
}

/// What changes for one person.
#[derive(Clone, Debug, Serialize, PartialEq)]
pub struct PersonChanges {
    /// The id.
    pub id: String,
    /// The name, if the instance has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// One sentence each.
    pub changes: Vec<Change>,
}

/// One change for one person.
#[derive(Clone, Debug, Serialize, PartialEq)]
pub struct Change {
    /// The date of the sooner of both, before and after.
    pub date: NaiveDate,
    /// The hour of the sooner of both.
    pub hour: Clock,
    /// What changes.
    pub message: String,
    /// Whether the person has other hours or another place than their convocation says.
    pub convocation: bool,
    /// Why: the event, or that it makes room for others.
    pub reason: String,
}

struct Place<'a> {
    session: &'a Session,
    sitting: &'a Sitting,
}

impl Place<'_> {
    fn key(&self) -> (NaiveDate, Clock) {
        (self.session.date, self.sitting.start)
    }

    fn people(&self) -> BTreeSet<&String> {
        self.session.members.values().collect()
    }
}

/// Compares the published schedule with the new one.
pub fn changes(
    instance: &Instance,
    before: &Schedule,
    after: &Schedule,
    amended: &Amended,
    events: &Events,
) -> Changes {
    let reason = |name: &OralName| match amended.hit.get(name) {
        Some(&i) => {
            let event = &events.events[i];
            let (name, what) = (event.name(i), event.describe());
            tr!("{name}: {what}", "{name} : {what}")
        }
        None => tr!("makes room for others", "fait place à d'autres"),
    };
    let (old, new) = (places(before), places(after));
    let names: BTreeSet<&OralName> = old.keys().chain(new.keys()).collect();
    let mut candidates: BTreeMap<String, Vec<Change>> = BTreeMap::new();
    for name in names {
        let (was, is) = (old.get(name), new.get(name));
        if let Some((message, convocation)) = oral(&name.1, was, is) {
            let first = was.into_iter().chain(is).map(Place::key).min().expect("one of both is there");
            let why = reason(name);
            let change = Change { date: first.0, hour: first.1, message, convocation, reason: why };
            candidates.entry(name.0.clone()).or_default().push(change);
        }
    }
    let name_of = |id: &String| instance.candidate(id).map(|c| instance.candidates[c].name.clone());
    let examiner_name = |id: &String| instance.examiner(id).map(|x| instance.examiners[x].name.clone());
    Changes {
        candidates: listed(candidates, name_of),
        examiners: listed(examiners(before, after, &reason), examiner_name),
    }
}

fn listed(by_id: BTreeMap<String, Vec<Change>>, name: impl Fn(&String) -> Option<String>) -> Vec<PersonChanges> {
    let mut list: Vec<PersonChanges> = by_id
        .into_iter()
        .map(|(id, mut changes)| {
            changes.sort_by_key(|c| (c.date, c.hour));
            PersonChanges { name: name(&id).filter(|n| *n != id), id, changes }
        })
        .collect();
    list.sort_by_key(|p| (p.changes.first().map(|c| (c.date, c.hour)), p.id.clone()));
    list
}

fn places(schedule: &Schedule) -> BTreeMap<OralName, Place<'_>> {
    let sat = schedule
        .sessions
        .iter()
        .flat_map(|session| session.sittings.iter().map(move |s| Place { session, sitting: s }));
    sat.map(|p| ((p.sitting.candidate.clone(), p.sitting.exam.clone()), p)).collect()
}

/// What changes for an oral, and whether the candidate has to know.
fn oral(exam: &str, was: Option<&Place>, is: Option<&Place>) -> Option<(String, bool)> {
    match (was, is) {
        (None, None) => None,
        (Some(was), None) => {
            let at = at(was, was);
            Some((tr!("{exam} at {at} is taken out", "{exam} de {at} est retiré"), true))
        }
        (None, Some(is)) => {
            let (at, centre) = (at(is, is), &is.session.centre);
            Some((tr!("{exam} is new: {at} at {centre}", "{exam} est nouveau : {at} à {centre}"), true))
        }
        (Some(was), Some(is)) => {
            let moved = was.key() != is.key() || was.session.centre != is.session.centre;
            let rooms =
                was.session.room != is.session.room || was.sitting.preparation_room != is.sitting.preparation_room;
            let (left, came) = (was.people(), is.people());
            let (out, into): (Vec<_>, Vec<_>) = (left.difference(&came).collect(), came.difference(&left).collect());
            let mut parts = Vec::new();
            if moved || rooms {
                let (from, to) = (at(was, is), at(is, was));
                parts.push(tr!("{exam} from {from} to {to}", "{exam} de {from} à {to}"));
            }
            if !out.is_empty() || !into.is_empty() {
                parts.push(crew(&out, &into));
            }
            if parts.is_empty() {
                return None;
            }
            let said = parts.join(&tr!("; ", " ; "));
            let said = if moved || rooms { said } else { tr!("{exam}: {said}", "{exam} : {said}") };
            Some((said, moved || rooms))
        }
    }
}

fn crew(out: &[&&String], into: &[&&String]) -> String {
    let list = |ids: &[&&String]| ids.iter().map(|x| x.as_str()).collect::<Vec<_>>().join(", ");
    let (out_list, in_list) = (list(out), list(into));
    match (out.is_empty(), into.is_empty()) {
        (false, false) => {
            tr!("commission now {in_list} for {out_list}", "commission : {in_list} au lieu de {out_list}")
        }
        (false, true) => tr!("commission without {out_list}", "commission sans {out_list}"),
        _ => tr!("commission with {in_list} too", "commission avec aussi {in_list}"),
    }
}

/// `09:00 in B101`, with the date and the centre where they differ from the other place's.
fn at(place: &Place, other: &Place) -> String {
    let (date, start, centre) = (place.session.date, place.sitting.start, &place.session.centre);
    let mut words = Vec::new();
    if other.session.date != date {
        words.push(date.to_string());
    }
    words.push(start.to_string());
    let room = &place.session.room;
    words.push(tr!("in {room}", "en {room}"));
    if let (Some(loge), prepares) = (&place.sitting.preparation_room, place.sitting.preparation_start) {
        words.push(tr!("(preparation {prepares} in {loge})", "(préparation {prepares} en {loge})"));
    }
    if other.session.centre != *centre {
        words.push(tr!("at {centre}", "à {centre}"));
    }
    words.join(" ")
}

type Duty<'a> = BTreeMap<(&'a String, NaiveDate), Vec<&'a Session>>;

fn duties(schedule: &Schedule) -> Duty<'_> {
    let mut duties: Duty = BTreeMap::new();
    for session in &schedule.sessions {
        for x in session.members.values() {
            duties.entry((x, session.date)).or_default().push(session);
        }
    }
    duties.values_mut().for_each(|own| own.sort_by_key(|s| first(s)));
    duties
}

fn first(session: &Session) -> Option<Clock> {
    session.sittings.iter().map(|s| s.start).min()
}

fn examiners(
    before: &Schedule,
    after: &Schedule,
    reason: &dyn Fn(&OralName) -> String,
) -> BTreeMap<String, Vec<Change>> {
    let (old, new) = (duties(before), duties(after));
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let mut changes: BTreeMap<String, Vec<Change>> = BTreeMap::new();
    for key in keys {
        let (was, is) = (old.get(key), new.get(key));
        let (was_at, is_at) = (was.map(|s| hours(s)), is.map(|s| hours(s)));
        let heard = |own: Option<&Vec<&Session>>| -> BTreeSet<OralName> {
            let all = own.into_iter().flatten().flat_map(|s| &s.sittings);
            all.map(|s| (s.candidate.clone(), s.exam.clone())).collect()
        };
        let (h_was, h_is) = (heard(was), heard(is));
        let moved = was_at != is_at;
        if !moved && h_was == h_is {
            continue;
        }
        let message = match (&was_at, &is_at) {
            (None, Some(to)) => tr!("called: {to}", "convoqué : {to}"),
            (Some(from), None) => tr!("released: {from}", "libéré : {from}"),
            (Some(from), Some(to)) if moved => tr!("{to} instead of {from}", "{to} au lieu de {from}"),
            _ => {
                let names = |set: BTreeSet<&OralName>| {
                    set.into_iter().map(|(c, e)| format!("{c} {e}")).collect::<Vec<_>>().join(", ")
                };
                let gone = names(h_was.difference(&h_is).collect());
                let come = names(h_is.difference(&h_was).collect());
                match (gone.is_empty(), come.is_empty()) {
                    (false, true) => tr!("no longer hears {gone}", "n'entend plus {gone}"),
                    (true, _) => tr!("hears {come} too", "entend aussi {come}"),
                    _ => tr!("hears {come}, no longer {gone}", "entend {come}, plus {gone}"),
                }
            }
        };
        let touched: BTreeSet<String> = h_was.symmetric_difference(&h_is).map(reason).collect();
        let why = touched.into_iter().collect::<Vec<_>>().join(&tr!("; ", " ; "));
        let hour = was.into_iter().chain(is).flatten().filter_map(|s| first(s)).min().unwrap_or(Clock(0));
        let why = if why.is_empty() { tr!("the hours of the same orals", "les heures des mêmes oraux") } else { why };
        changes.entry(key.0.clone()).or_default().push(Change {
            date: key.1,
            hour,
            message,
            convocation: moved,
            reason: why,
        });
    }
    changes
}

/// `CAEN 09:00-12:30 in B101, 13:30-16:00 in B102`.
fn hours(sessions: &[&Session]) -> String {
    let Some(one) = sessions.first() else { return String::new() };
    let stretch = |s: &&Session| {
        let (from, to) = (first(s).unwrap_or(Clock(0)), s.sittings.iter().map(|s| s.end).max().unwrap_or(Clock(0)));
        let room = &s.room;
        tr!("{from}-{to} in {room}", "{from}-{to} en {room}")
    };
    let list = sessions.iter().map(stretch).collect::<Vec<_>>().join(", ");
    format!("{} {list}", one.centre)
}
