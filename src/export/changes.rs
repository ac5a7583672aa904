//! What differs from the published schedule, for the log of changes.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::place::{EMAIL, TELEPHONE, said};
use super::view::{Place, Session, Sitting, View};
use crate::instance::{Info, Interval, Minutes, Status};

/// One difference, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The person's id.
    pub id: String,
    /// The person's name.
    pub name: String,
    /// The telephone number, where `info` has one.
    pub telephone: String,
    /// The e-mail address, where `info` has one.
    pub email: String,
    /// The exam, for a candidate.
    pub exam: String,
    /// What happened.
    pub what: String,
    /// How it was.
    pub before: String,
    /// How it is.
    pub after: String,
    /// Why, where a re-plan said so.
    pub reason: String,
    /// When the person is wanted, or was: whichever is sooner.
    pub wanted: (NaiveDate, Minutes),
    /// The way there in minutes, at 60 km/h.
    pub way: Minutes,
    /// Whether the person has to be told: not of another commission.
    pub tell: bool,
}

/// The differences, candidates' and examiners' apart.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Sittings.
    pub candidates: Vec<Change>,
    /// Convocations of examiners.
    pub examiners: Vec<Change>,
}

/// Compares a view with its baseline; nothing differs where there is none.
pub fn changes(view: &View) -> Changes {
    match &view.baseline {
        Some(old) => Changes { candidates: candidates(old, view), examiners: examiners(old, view) },
        None => Changes::default(),
    }
}

/// A sitting with the members who hear it: ids and names.
type Heard<'v> = (&'v Sitting, Vec<(&'v str, &'v str)>);

fn by_oral<'v>(view: &'v View) -> BTreeMap<(&'v str, &'v str), Heard<'v>> {
    let members = |s: &'v Session| s.members.iter().map(|m| (m.id.as_str(), m.name.as_str())).collect::<Vec<_>>();
    let all = view.sessions.iter().flat_map(|session| session.sittings.iter().map(move |s| (s, members(session))));
    all.map(|(s, members)| ((s.candidate.as_str(), s.exam.as_str()), (s, members))).collect()
}

/// What became of an oral, by the name of its text; nothing where it is as it was.
fn oral(view: &View, was: Option<&Heard>, is: Option<&Heard>) -> Option<&'static str> {
    Some(match (was, is) {
        (None, None) => return None,
        (None, Some(_)) => "added",
        (Some((a, _)), None) => gone(view, a),
        (Some((a, members)), Some((b, others))) => {
            let ids = |all: &[(&str, &str)]| all.iter().map(|(id, _)| id.to_string()).collect::<BTreeSet<_>>();
            let (before, after) = ((a.date, a.time.from), (b.date, b.time.from));
            if after < before {
                "earlier"
            } else if after > before {
                "later"
            } else if a.centre.id != b.centre.id {
                "centre"
            } else if a.time != b.time {
                "length"
            } else if a.room != b.room {
                "room"
            } else if (a.preparation, &a.preparation_room) != (b.preparation, &b.preparation_room) {
                "preparation"
            } else if ids(members) != ids(others) {
                "commission"
            } else {
                return None;
            }
        }
    })
}

/// Why an oral has no sitting any more.
fn gone(view: &View, sitting: &Sitting) -> &'static str {
    let instance = view.instance;
    let own = instance.candidate(&sitting.candidate).into_iter().flat_map(|c| &instance.candidates[c].orals);
    let status = own.copied().find(|&o| instance.exam_of(o).id == sitting.exam).map(|o| instance.orals[o].status);
    match status {
        Some(Status::NotValid) => "removed_not_valid",
        Some(Status::NotHeld) => "removed_not_held",
        Some(Status::Due) => "removed_unplaced",
        Some(Status::NotFinal) | None => "removed",
    }
}

/// The way in minutes, at 60 km/h: what a re-plan gives people.
fn way(km: Option<i64>) -> Minutes {
    // Farther than a day away is a day.
    Minutes::try_from(km.unwrap_or(0).clamp(0, 24 * 60)).unwrap_or(0)
}

fn candidates(old: &View, new: &View) -> Vec<Change> {
    let texts = new.texts;
    let (before, after) = (by_oral(old), by_oral(new));
    let mut found = Vec::new();
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    for key in keys {
        let (was, is) = (before.get(key), after.get(key));
        let Some(what) = oral(new, was, is) else { continue };
        let place = |(s, members): &Heard| {
            let mut text = texts.fill(
                "modifications.at",
                &[
                    ("date", &texts.date(s.date)),
                    ("from", &texts.hour(s.time.from)),
                    ("to", &texts.hour(s.time.to)),
                    ("centre", &s.centre.label_and_time(texts)),
                    ("room", &texts.room(&s.room)),
                ],
            );
            if let Some(room) = &s.preparation_room {
                let at = texts.hour(s.preparation.from);
                text = format!(
                    "{text}, {}",
                    texts.fill("modifications.prepares", &[("at", &at), ("room", &texts.room(room))])
                );
            }
            if what == "commission" {
                let names = members.iter().map(|(_, name)| *name).collect::<Vec<_>>().join(", ");
                text = format!("{text}, {}", texts.fill("modifications.heard_by", &[("members", &names)]));
            }
            text
        };
        let (sitting, _) = is.or(was).expect("one of the two is there");
        let own = new.instance.candidate(&sitting.candidate);
        let none = Info::new();
        let info = own.map_or(&none, |c| &new.instance.candidates[c].info);
        let km =
            |s: &Sitting| own.zip(new.instance.centre(&s.centre.id)).map(|(c, z)| new.instance.candidates[c].km[z]);
        let both = was.into_iter().chain(is).map(|(s, _)| ((s.date, s.arrival), way(km(s))));
        let (wanted, way) = both.min().expect("one of the two is there");
        found.push(Change {
            id: sitting.candidate.clone(),
            name: sitting.name.clone(),
            telephone: said(info, TELEPHONE),
            email: said(info, EMAIL),
            exam: sitting.code.clone(),
            what: texts.get(&format!("modifications.{what}")).to_string(),
            before: was.map(place).unwrap_or_default(),
            after: is.map(place).unwrap_or_default(),
            reason: reason(new, &sitting.candidate, wanted.0),
            wanted,
            way,
            tell: what != "commission",
        });
    }
    found
}

/// What a re-plan said of somebody on a date; of any date, where it said nothing of that one.
fn reason(view: &View, id: &str, date: NaiveDate) -> String {
    let Some(own) = view.reasons.get(id) else { return String::new() };
    let of = |all: bool| {
        let mut said: Vec<&str> = Vec::new();
        for (_, text) in own.iter().filter(|(day, _)| all || *day == date) {
            if !said.contains(&text.as_str()) {
                said.push(text);
            }
        }
        said.join(" ; ")
    };
    let here = of(false);
    if here.is_empty() { of(true) } else { here }
}

/// An examiner's day in a centre: from when on there, the hours and the rooms.
#[derive(PartialEq)]
struct Day {
    name: String,
    present: Minutes,
    hours: Interval,
    rooms: BTreeSet<String>,
}

type Days = BTreeMap<(String, NaiveDate, Place), Day>;

fn days(view: &View) -> Days {
    let mut days = Days::new();
    let duties = view.sessions.iter().flat_map(|s: &Session| s.members.iter().map(move |m| (s, m)));
    for (s, m) in duties {
        let day = days.entry((m.id.clone(), s.date, s.centre.clone())).or_insert_with(|| Day {
            name: m.name.clone(),
            present: s.present_from,
            hours: s.time,
            rooms: BTreeSet::new(),
        });
        day.present = day.present.min(s.present_from);
        day.hours = Interval::new(day.hours.from.min(s.time.from), day.hours.to.max(s.time.to));
        day.rooms.insert(s.room.clone());
    }
    days
}

fn examiners(old: &View, new: &View) -> Vec<Change> {
    let texts = new.texts;
    let (before, after) = (days(old), days(new));
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let mut found = Vec::new();
    for key in keys {
        let (was, is) = (before.get(key), after.get(key));
        let what = match (was, is) {
            (None, _) => "called",
            (_, None) => "released",
            (Some(a), Some(b)) if a != b => "changed",
            _ => continue,
        };
        let (id, date, centre) = key;
        let place = |day: &Day| {
            let duty = texts.fill(
                "modifications.duty",
                &[
                    ("date", &texts.date(*date)),
                    ("from", &texts.hour(day.hours.from)),
                    ("to", &texts.hour(day.hours.to)),
                    ("centre", &centre.label_and_time(texts)),
                    ("present", &texts.hour(day.present)),
                ],
            );
            let rooms: Vec<String> = day.rooms.iter().map(|room| texts.room(room)).collect();
            format!("{duty} ({})", rooms.join(", "))
        };
        let (own, none) = (new.instance.examiner(id), Info::new());
        let info = own.map_or(&none, |x| &new.instance.examiners[x].info);
        let km = own.zip(new.instance.centre(&centre.id)).map(|(x, z)| new.instance.examiners[x].km[z]);
        let wanted = (*date, was.into_iter().chain(is).map(|day| day.present).min().unwrap_or(0));
        found.push(Change {
            id: id.clone(),
            name: is.or(was).map(|day| day.name.clone()).unwrap_or_default(),
            telephone: said(info, TELEPHONE),
            email: said(info, EMAIL),
            exam: String::new(),
            what: texts.get(&format!("modifications.{what}")).to_string(),
            before: was.map(place).unwrap_or_default(),
            after: is.map(place).unwrap_or_default(),
            reason: reason(new, id, *date),
            wanted,
            way: way(km),
            tell: true,
        });
    }
    found
}
