//! An instance that somebody changed by hand after the schedule was published: what differs, and which sittings it hits.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::amend::OralName;
use crate::instance::RawInstance;
use crate::schedule::{Plan, Sat, Schedule, Session, Sitting};
use crate::state::{Model, State};
use crate::tr;

/// One difference between the instance that was planned and the edited one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What it is about.
    pub about: About,
    /// What changed, in words.
    pub text: String,
}

/// What a difference is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// A candidate.
    Candidate(String),
    /// An examiner.
    Examiner(String),
    /// A school.
    School(String),
    /// A room of a centre.
    Room(String, String),
    /// A centre.
    Centre(String),
    /// Dates, papers and meetings.
    Calendar,
    /// Policy, pins, regulation: anything may hang on it.
    Whole,
}

/// Every difference between two instances, in the order of the file.
pub fn differences(before: &RawInstance, after: &RawInstance) -> Vec<Difference> {
    let json = |raw: &RawInstance| match serde_json::to_value(raw) {
        Ok(Value::Object(fields)) => fields,
        _ => unreachable!("an instance is written as an object"),
    };
    let (old, new) = (json(before), json(after));
    let mut found = Vec::new();
    for key in keys(&old, &new) {
        let (was, is) = (old.get(key).unwrap_or(&Value::Null), new.get(key).unwrap_or(&Value::Null));
        if was == is {
            continue;
        }
        match key {
            "candidates" => by_id(was, is, &tr!("candidate", "candidat"), &About::Candidate, &mut found),
            "examiners" => by_id(was, is, &tr!("examiner", "interrogateur"), &About::Examiner, &mut found),
            "schools" => by_id(was, is, &tr!("school", "établissement"), &About::School, &mut found),
            "centres" => centres(was, is, &mut found),
            _ => {
                let about = || if key == "calendar" { About::Calendar } else { About::Whole };
                fields(was, is, key, &about, &mut found);
            }
        }
    }
    found
}

fn keys<'v>(old: &'v Map<String, Value>, new: &'v Map<String, Value>) -> Vec<&'v str> {
    let mut keys: Vec<&str> = old.keys().chain(new.keys()).map(String::as_str).collect();
    let mut seen = BTreeSet::new();
    keys.retain(|k| seen.insert(*k));
    keys
}

fn entries(list: &Value) -> BTreeMap<&str, &Value> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(|entry| Some((entry.get("id")?.as_str()?, entry))).collect()
}

/// The differences of two lists whose entries have ids.
fn by_id(was: &Value, is: &Value, word: &str, about: &dyn Fn(String) -> About, found: &mut Vec<Difference>) {
    let (old, new) = (entries(was), entries(is));
    for id in old.keys().chain(new.keys()).copied().collect::<BTreeSet<_>>() {
        let own = || about(id.to_string());
        match (old.get(id), new.get(id)) {
            (Some(_), None) => {
                let text = tr!("{word} {id} is no more", "{word} {id} n'y est plus");
                found.push(Difference { about: own(), text });
            }
            (None, Some(_)) => {
                found.push(Difference { about: own(), text: tr!("{word} {id} is new", "nouveau : {word} {id}") });
            }
            (Some(was), Some(is)) if was != is => fields(was, is, &format!("{word} {id}"), &own, found),
            _ => {}
        }
    }
}

/// A centre's own fields, and its rooms one by one.
fn centres(was: &Value, is: &Value, found: &mut Vec<Difference>) {
    const ROOMS: [&str; 2] = ["exam_rooms", "preparation_rooms"];
    let bare = |list: &Value| {
        let mut list = list.clone();
        let own = list.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut);
        own.for_each(|centre| ROOMS.iter().for_each(|rooms| drop(centre.remove(*rooms))));
        list
    };
    by_id(&bare(was), &bare(is), &tr!("centre", "centre"), &About::Centre, found);
    let (old, new) = (entries(was), entries(is));
    for (id, centre) in &old {
        let Some(other) = new.get(id) else { continue };
        let word = tr!("centre {id}, room", "centre {id}, salle");
        for rooms in ROOMS {
            let of = |centre: &Value| centre.get(rooms).cloned().unwrap_or(Value::Null);
            by_id(&of(centre), &of(other), &word, &|room| About::Room(id.to_string(), room), found);
        }
    }
}

/// The fields in which two objects differ; two other values differ as a whole.
fn fields(was: &Value, is: &Value, whose: &str, about: &dyn Fn() -> About, found: &mut Vec<Difference>) {
    let none = Map::new();
    let (old, new) = match (was, is) {
        (Value::Object(old), Value::Object(new)) => (old, new),
        (Value::Null, Value::Object(new)) => (&none, new),
        (Value::Object(old), Value::Null) => (old, &none),
        _ => return found.push(changed(whose.to_string(), was, is, about())),
    };
    for name in keys(old, new) {
        let of = |fields: &Map<String, Value>| fields.get(name).cloned().unwrap_or(Value::Null);
        let (was, is) = (of(old), of(new));
        if was == is || (nothing(&was) && nothing(&is)) {
            continue;
        }
        if was.is_object() || is.is_object() {
            fields(&was, &is, &format!("{whose}, {name}"), about, found);
        } else {
            found.push(changed(format!("{whose}, {name}"), &was, &is, about()));
        }
    }
}

/// What is not written, or written without saying anything: a file may do either.
fn nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(n) => n.as_i64() == Some(0),
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(true) => false,
    }
}

fn changed(what: String, was: &Value, is: &Value, about: About) -> Difference {
    let text = match (short(was), short(is)) {
        (Some(was), Some(is)) => tr!("{what}: {is} instead of {was}", "{what} : {is} au lieu de {was}"),
        _ => tr!("{what} changed", "{what} a changé"),
    };
    Difference { about, text }
}

/// A value that is short enough for a sentence.
fn short(value: &Value) -> Option<String> {
    const LONGEST: usize = 60;
    let text = match value {
        Value::Null => tr!("nothing", "rien"),
        Value::String(text) => text.clone(),
        Value::Bool(true) => tr!("yes", "oui"),
        Value::Bool(false) => tr!("no", "non"),
        other => other.to_string(),
    };
    (text.chars().count() <= LONGEST).then_some(text)
}

/// The sittings of the published schedule that do not stand as they are in the edited instance, each with the difference
/// that is nearest to it, if one is.
pub(super) fn hit(plan: &Plan, differences: &[Difference]) -> Vec<(OralName, Option<usize>)> {
    let model = Model::new(plan.instance, Some(plan));
    let mut state = State::new(&model);
    state.load(plan);
    let stands = state.freeze(|_| String::new());
    let (was, is) = (places(plan.schedule), places(&stands));
    let gone = plan.sittings().filter(|s| {
        let name = (s.sitting.raw.candidate.as_str(), s.sitting.raw.exam.as_str());
        was.get(&name).map(standing) != is.get(&name).map(standing)
    });
    gone.map(|s| {
        let name = (s.sitting.raw.candidate.clone(), s.sitting.raw.exam.clone());
        let nearest =
            differences.iter().enumerate().filter_map(|(i, d)| Some((distance(plan, &s, &d.about)?, i))).min();
        (name, nearest.map(|(_, i)| i))
    })
    .collect()
}

type Place<'s> = (&'s Session, &'s Sitting);

fn places(schedule: &Schedule) -> BTreeMap<(&str, &str), Place<'_>> {
    let all = schedule.sessions.iter().flat_map(|session| session.sittings.iter().map(move |s| (session, s)));
    all.map(|(session, s)| ((s.candidate.as_str(), s.exam.as_str()), (session, s))).collect()
}

/// All that a sitting's people were told; which session and preparation room it is may change unnoticed.
fn standing<'s>((session, s): &Place<'s>) -> impl PartialEq + use<'s> {
    let (session, s): (&'s Session, &'s Sitting) = (session, s);
    (&session.centre, &session.room, session.date, &session.members, s.preparation_start, s.start, s.end)
}

/// How far a difference is from a sitting: its candidate, its members, its rooms …; none if they have nothing in common.
fn distance(plan: &Plan, sat: &Sat, about: &About) -> Option<usize> {
    let (session, sitting) = (sat.session.raw, sat.sitting.raw);
    let school = sat.sitting.candidate.and_then(|c| plan.instance.candidates[c].school);
    let near = match about {
        About::Candidate(id) => (*id == sitting.candidate, 0),
        About::Examiner(id) => (session.members.values().any(|x| x == id), 1),
        About::Room(centre, room) => {
            let own = session.room == *room || sitting.preparation_room.as_ref() == Some(room);
            (*centre == session.centre && own, 2)
        }
        About::Centre(id) => (*id == session.centre, 3),
        About::School(id) => (school.is_some_and(|s| plan.instance.schools[s].id == *id), 4),
        About::Calendar => (true, 5),
        About::Whole => (true, 6),
    };
    near.0.then_some(near.1)
}
