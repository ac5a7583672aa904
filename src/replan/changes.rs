//! What changes for whom between the published schedule and the new one: the list that the office telephones from.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::amend::{Amended, Cause, OralName};
use super::edited::Difference;
use super::event::{EventKind, Events};
use crate::explain::list;
use crate::instance::Instance;
use crate::instance::time::Clock;
use crate::schedule::{Schedule, Session, Sitting};
use crate::tr;

/// Who has to be told what.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Changes {
    /// All that happened, in order, with what it caused.
    pub events: Vec<Happened>,
    /// By candidate, in the order of the first hour that changes.
    pub candidates: Vec<PersonChanges>,
    /// By examiner, in the order of the first hour that changes.
    pub examiners: Vec<PersonChanges>,
}

/// An event, by the name under which the changes speak of it.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct Happened {
    /// Its name: its `id`, or `event 2`.
    pub name: String,
    /// What happened.
    pub text: String,
    /// How many orals of the published plan it touches; none where it changes nothing.
    #[serde(default)]
    pub touches: usize,
}

impl Happened {
    /// What it caused, in words.
    pub fn effect(&self) -> String {
        let n = self.touches;
        match n {
            0 => tr!("touches no oral of the plan", "ne touche aucun oral du planning"),
            1 => tr!("touches 1 oral", "touche 1 oral"),
            _ => tr!("touches {n} orals", "touche {n} oraux"),
        }
    }
}

/// What changes for one person.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct PersonChanges {
    /// The id.
    pub id: String,
    /// The name, if the instance has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// One sentence each.
    pub changes: Vec<Change>,
}

/// One change for one person.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
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
    /// The same in short: the names of the events.
    pub because: String,
}

impl Changes {
    /// The candidates to tell, and those for whom only the commission changes.
    pub fn to_tell(&self) -> (Vec<&PersonChanges>, Vec<&PersonChanges>) {
        self.candidates.iter().partition(|p| p.changes.iter().any(|c| c.convocation))
    }

    /// What stands above the candidates to tell, the examiners to tell, and the candidates who notice nothing.
    pub fn heads(&self) -> [String; 3] {
        let (call, know) = self.to_tell();
        let (n, x, k) = (call.len(), self.examiners.len(), know.len());
        [
            tr!("Candidates to tell: {n}", "Candidats à prévenir : {n}"),
            tr!("Examiners to tell: {x}", "Interrogateurs à prévenir : {x}"),
            tr!(
                "Candidates who notice nothing but another commission: {k}",
                "Candidats pour qui seule la commission change : {k}"
            ),
        ]
    }
}

impl PersonChanges {
    /// The id, and the name if there is one.
    pub fn who(&self) -> String {
        match &self.name {
            Some(name) => format!("{} ({name})", self.id),
            None => self.id.clone(),
        }
    }
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
    edits: &[Difference],
) -> Changes {
    let (old, new) = (places(before), places(after));
    let why = Why { events, edits, amended, old: &old, new: &new };
    let names: BTreeSet<&OralName> = old.keys().chain(new.keys()).collect();
    let mut orals: BTreeMap<String, Vec<OralChange>> = BTreeMap::new();
    for name in names {
        if let Some(change) = oral(&name.1, old.get(name), new.get(name), why.of(name)) {
            orals.entry(name.0.clone()).or_default().push(change);
        }
    }
    let candidates = orals.into_iter().map(|(id, own)| (id, grouped(own, &why))).collect();
    let name_of = |id: &String| instance.candidate(id).map(|c| instance.candidates[c].name.clone());
    let examiner_name = |id: &String| instance.examiner(id).map(|x| instance.examiners[x].name.clone());
    let all = (0..events.events.len()).map(Cause::Event).chain((0..edits.len()).map(Cause::Edit));
    Changes {
        events: all.map(|cause| why.happened(cause)).collect(),
        candidates: listed(candidates, name_of),
        examiners: listed(examiners(before, after, &why), examiner_name),
    }
}

/// Why something changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// Because of something that happened.
    Hit(Cause),
    /// To make room for those whom something hit; none is known where the plan was only improved.
    Room(Option<Cause>),
}

struct Why<'a> {
    events: &'a Events,
    edits: &'a [Difference],
    amended: &'a Amended,
    old: &'a BTreeMap<OralName, Place<'a>>,
    new: &'a BTreeMap<OralName, Place<'a>>,
}

impl Why<'_> {
    fn happened(&self, cause: Cause) -> Happened {
        let touches = self.amended.hit.values().filter(|c| **c == cause).count();
        match cause {
            Cause::Event(i) => {
                let event = &self.events.events[i];
                Happened { name: event.name(i), text: event.describe(), touches }
            }
            Cause::Edit(i) => {
                let n = i + 1;
                let name = tr!("edit {n}", "modification {n}");
                Happened { name, text: self.edits[i].text.clone(), touches }
            }
        }
    }

    /// Whether an event says that an examiner is absent on a date.
    fn absent(&self, id: &str, date: NaiveDate) -> bool {
        let kinds = [EventKind::ExaminerAbsent, EventKind::ExaminerReplaced];
        let mut own =
            self.events.events.iter().filter(|e| kinds.contains(&e.kind) && e.examiner.as_deref() == Some(id));
        own.any(|e| e.date.is_none_or(|d| d == date))
    }

    /// What hit the oral; else what hit another one that was, or is now, heard in its centre on its date; else anything.
    fn of(&self, name: &OralName) -> Reason {
        if let Some(&cause) = self.amended.hit.get(name) {
            return Reason::Hit(cause);
        }
        let cells = |n: &OralName| {
            let both = [self.old.get(n), self.new.get(n)];
            both.into_iter().flatten().map(|p| (p.session.centre.as_str(), p.session.date)).collect::<Vec<_>>()
        };
        let own = cells(name);
        let near = self.amended.hit.iter().find(|(n, _)| cells(n).iter().any(|c| own.contains(c)));
        Reason::Room(near.or(self.amended.hit.iter().next()).map(|(_, &cause)| cause))
    }

    /// The causes in full and in short.
    fn said(&self, causes: &BTreeSet<Reason>) -> (String, String) {
        let room = || tr!("makes room for others", "fait place à d'autres");
        let full = |reason: &Reason| match *reason {
            Reason::Hit(cause) => {
                let Happened { name, text, .. } = self.happened(cause);
                tr!("{name}: {text}", "{name} : {text}")
            }
            Reason::Room(Some(cause)) => {
                let (room, Happened { name, text, .. }) = (room(), self.happened(cause));
                tr!("{room}, after {name}: {text}", "{room}, à la suite de {name} : {text}")
            }
            Reason::Room(None) => room(),
        };
        let short = |reason: &Reason| match *reason {
            Reason::Hit(cause) => self.happened(cause).name,
            Reason::Room(Some(cause)) => {
                let (room, name) = (room(), self.happened(cause).name);
                tr!("{room}, after {name}", "{room}, à la suite de {name}")
            }
            Reason::Room(None) => room(),
        };
        // The events first; what is told of an event itself is not told again of those who make room.
        let once = |r: &&Reason| !matches!(r, Reason::Room(Some(cause)) if causes.contains(&Reason::Hit(*cause)));
        let told: Vec<&Reason> = causes.iter().filter(once).collect();
        let both = |say: &dyn Fn(&Reason) -> String| told.iter().map(|r| say(r)).collect::<Vec<_>>();
        (both(&full).join(&tr!("; ", " ; ")), both(&short).join(", "))
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

/// What changes for one oral.
struct OralChange {
    exam: String,
    date: NaiveDate,
    hour: Clock,
    /// Without the exam's name where the hour stays, so that orals for which the same changes can be named together.
    text: String,
    kind: Kind,
    cause: Reason,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// New, taken out, or at another hour or centre.
    Moved,
    /// The same start at the same centre, with another preparation, end or room.
    Details,
    /// Other people only.
    Commission,
}

/// What changes for an oral, if anything does.
fn oral(exam: &str, was: Option<&Place>, is: Option<&Place>, cause: Reason) -> Option<OralChange> {
    let (date, hour) = was.into_iter().chain(is).map(Place::key).min()?;
    let (text, kind) = match (was, is) {
        (None, None) => return None,
        (Some(was), None) => {
            let at = at(was, was);
            (tr!("{exam} at {at} is taken out", "{exam} de {at} est retiré"), Kind::Moved)
        }
        (None, Some(is)) => {
            let (at, centre) = (at(is, is), &is.session.centre);
            (tr!("{exam} is new: {at} at {centre}", "{exam} est nouveau : {at} à {centre}"), Kind::Moved)
        }
        (Some(was), Some(is)) => {
            let (left, came) = (was.people(), is.people());
            let crew = crew(&left.difference(&came).collect::<Vec<_>>(), &came.difference(&left).collect::<Vec<_>>());
            let moved = was.key() != is.key() || was.session.centre != is.session.centre;
            let (mut parts, kind) = if moved {
                let (from, to) = (at(was, is), at(is, was));
                (vec![tr!("{exam} from {from} to {to}", "{exam} de {from} à {to}")], Kind::Moved)
            } else {
                let details = details(was, is);
                let kind = if details.is_empty() { Kind::Commission } else { Kind::Details };
                (details, kind)
            };
            parts.extend(crew);
            if parts.is_empty() {
                return None;
            }
            (parts.join(&tr!("; ", " ; ")), kind)
        }
    };
    Some(OralChange { exam: exam.to_string(), date, hour, text, kind, cause })
}

/// The changes of one candidate: those of a date that leave the hours alone and have one cause make one sentence.
fn grouped(mut own: Vec<OralChange>, why: &Why) -> Vec<Change> {
    own.sort_by_key(|c| (c.date, c.hour));
    let mut sentences: Vec<Vec<OralChange>> = Vec::new();
    for change in own {
        let alike = |first: &OralChange| {
            change.kind != Kind::Moved
                && (first.date, first.kind, first.cause) == (change.date, change.kind, change.cause)
        };
        match sentences.iter_mut().find(|s| alike(&s[0])) {
            Some(sentence) => sentence.push(change),
            None => sentences.push(vec![change]),
        }
    }
    sentences.into_iter().map(|orals| sentence(&orals, why)).collect()
}

fn sentence(orals: &[OralChange], why: &Why) -> Change {
    let first = &orals[0];
    let mut alike: Vec<(&str, Vec<String>)> = Vec::new();
    for oral in orals {
        let (exam, hour) = (&oral.exam, oral.hour);
        let name = if oral.kind == Kind::Details { tr!("{exam} at {hour}", "{exam} de {hour}") } else { exam.clone() };
        match alike.iter_mut().find(|(text, _)| *text == oral.text) {
            Some((_, names)) => names.push(name),
            None => alike.push((&oral.text, vec![name])),
        }
    }
    let said = |(text, names): &(&str, Vec<String>)| {
        let names = list(names);
        tr!("{names}: {text}", "{names} : {text}")
    };
    let message = match first.kind {
        Kind::Moved => first.text.clone(),
        Kind::Details | Kind::Commission => alike.iter().map(said).collect::<Vec<_>>().join(&tr!("; ", " ; ")),
    };
    let (reason, because) = why.said(&BTreeSet::from([first.cause]));
    let convocation = first.kind != Kind::Commission;
    Change { date: first.date, hour: first.hour, message, convocation, reason, because }
}

/// What changes around an unchanged start: preparation, end, rooms.
fn details(was: &Place, is: &Place) -> Vec<String> {
    let mut parts = Vec::new();
    let (old, new) = (was.sitting.preparation_start, is.sitting.preparation_start);
    if old != new {
        parts.push(tr!("preparation from {new} instead of {old}", "préparation à {new} au lieu de {old}"));
    }
    let (old, new) = (was.sitting.end, is.sitting.end);
    if old != new {
        parts.push(tr!("ends at {new} instead of {old}", "fin à {new} au lieu de {old}"));
    }
    let (old, new) = (&was.session.room, &is.session.room);
    let room = |room: &str| crate::lang::room(crate::lang::current(), room);
    if old != new {
        let (old, new) = (room(old), room(new));
        let of_old = crate::lang::of(&old);
        parts.push(tr!("{new} instead of {old}", "{new} au lieu {of_old}"));
    }
    match (&was.sitting.preparation_room, &is.sitting.preparation_room) {
        (Some(old), Some(new)) if old != new => {
            let (old, new) = (room(old), room(new));
            let of_old = crate::lang::of(&old);
            parts.push(tr!("preparation in {new} instead of {old}", "préparation déplacée, {new} au lieu {of_old}"));
        }
        _ => {}
    }
    parts
}

fn crew(out: &[&&String], into: &[&&String]) -> Option<String> {
    let list = |ids: &[&&String]| ids.iter().map(|x| x.as_str()).collect::<Vec<_>>().join(", ");
    let (out_list, in_list) = (list(out), list(into));
    match (out.is_empty(), into.is_empty()) {
        (true, true) => None,
        (false, false) => {
            Some(tr!("commission now {in_list} for {out_list}", "{in_list} au lieu de {out_list} dans la commission"))
        }
        (false, true) => Some(tr!("commission without {out_list}", "commission sans {out_list}")),
        (true, false) => Some(tr!("commission with {in_list} too", "commission avec aussi {in_list}")),
    }
}

/// `09:00 in B101`, with the date and the centre where they differ from the other place's.
fn at(place: &Place, other: &Place) -> String {
    let (date, start, centre) = (place.session.date, place.sitting.start, &place.session.centre);
    let mut words = Vec::new();
    if other.session.date != date {
        words.push(date.to_string());
    }
    words.push(format!("{start}, {}", crate::lang::room(crate::lang::current(), &place.session.room)));
    if let (Some(loge), prepares) = (&place.sitting.preparation_room, place.sitting.preparation_start) {
        let loge = crate::lang::room(crate::lang::current(), loge);
        words.push(tr!("(preparation {prepares}, {loge})", "(préparation {prepares}, {loge})"));
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

fn examiners(before: &Schedule, after: &Schedule, why: &Why) -> BTreeMap<String, Vec<Change>> {
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
            (Some(from), None) if why.absent(key.0, key.1) => {
                tr!("absent, replaced: {from}", "absent, remplacé : {from}")
            }
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
        let mut touched: BTreeSet<Reason> = h_was.symmetric_difference(&h_is).map(|name| why.of(name)).collect();
        if touched.is_empty() {
            let hours = |own: Option<&Vec<&Session>>, (c, e): &OralName| {
                let mut all = own.into_iter().flatten().flat_map(|s| s.sittings.iter().map(move |t| (&s.room, t)));
                all.find(|(_, t)| t.candidate == *c && t.exam == *e).map(|(room, t)| (room.clone(), t.start, t.end))
            };
            touched = h_is.iter().filter(|name| hours(was, name) != hours(is, name)).map(|name| why.of(name)).collect();
        }
        let (reason, because) = why.said(&touched);
        let hour = was.into_iter().chain(is).flatten().filter_map(|s| first(s)).min().unwrap_or(Clock(0));
        changes.entry(key.0.clone()).or_default().push(Change {
            date: key.1,
            hour,
            message,
            convocation: moved,
            reason,
            because,
        });
    }
    changes
}

/// `CAEN 09:00-12:30 in B101, 13:30-16:00 in B102`.
fn hours(sessions: &[&Session]) -> String {
    let Some(one) = sessions.first() else { return String::new() };
    let stretch = |s: &&Session| {
        let (from, to) = (first(s).unwrap_or(Clock(0)), s.sittings.iter().map(|s| s.end).max().unwrap_or(Clock(0)));
        let room = crate::lang::room(crate::lang::current(), &s.room);
        format!("{from}-{to}, {room}")
    };
    let list = sessions.iter().map(stretch).collect::<Vec<_>>().join(", ");
    format!("{} {list}", one.centre)
}
