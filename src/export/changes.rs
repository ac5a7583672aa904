//! What differs from the published schedule, for the log of changes.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::view::{Place, Session, Sitting, View};
use crate::instance::Interval;

/// One difference, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The person's id.
    pub id: String,
    /// The person's name.
    pub name: String,
    /// The exam, for a candidate.
    pub exam: String,
    /// What happened.
    pub what: String,
    /// How it was.
    pub before: String,
    /// How it is.
    pub after: String,
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

fn candidates(old: &View, new: &View) -> Vec<Change> {
    let texts = new.texts;
    type Heard<'v> = (&'v Sitting, Vec<&'v str>);
    fn by_oral<'v>(view: &'v View) -> BTreeMap<(&'v str, &'v str), Heard<'v>> {
        let members = |s: &'v Session| s.members.iter().map(|m| m.id.as_str()).collect::<Vec<_>>();
        let all = view.sessions.iter().flat_map(|session| session.sittings.iter().map(move |s| (s, members(session))));
        all.map(|(s, members)| ((s.candidate.as_str(), s.exam.as_str()), (s, members))).collect()
    }
    let (before, after) = (by_oral(old), by_oral(new));
    let mut found = Vec::new();
    let keys: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
    for key in keys {
        let (was, is) = (before.get(key), after.get(key));
        let what = match (was, is) {
            (Some((a, _)), Some((b, _))) if (a.date, &a.centre, a.time) != (b.date, &b.centre, b.time) => "moved",
            (Some((a, _)), Some((b, _))) if a.room != b.room => "room",
            (Some((a, _)), Some((b, _)))
                if (a.preparation, &a.preparation_room) != (b.preparation, &b.preparation_room) =>
            {
                "preparation"
            }
            (Some((_, a)), Some((_, b))) if a != b => "commission",
            (Some(_), Some(_)) | (None, None) => continue,
            (None, Some(_)) => "added",
            (Some(_), None) => "removed",
        };
        let place = |(s, members): &Heard| {
            let mut text = texts.fill(
                "modifications.at",
                &[
                    ("date", &texts.short_date(s.date)),
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
                text = format!("{text}, {}", texts.fill("modifications.heard_by", &[("members", &members.join(", "))]));
            }
            text
        };
        let (sitting, _) = is.or(was).expect("one of the two is there");
        found.push(Change {
            id: sitting.candidate.clone(),
            name: sitting.name.clone(),
            exam: sitting.code.clone(),
            what: texts.get(&format!("modifications.{what}")).to_string(),
            before: was.map(place).unwrap_or_default(),
            after: is.map(place).unwrap_or_default(),
        });
    }
    found
}

/// An examiner's day in a centre: the hours and the rooms.
type Day = (Interval, Vec<String>);

fn examiners(old: &View, new: &View) -> Vec<Change> {
    let texts = new.texts;
    type Key = (String, NaiveDate, Place);
    let days = |view: &View| -> BTreeMap<Key, (String, Day)> {
        let mut days: BTreeMap<Key, (String, Day)> = BTreeMap::new();
        let duties = view.sessions.iter().flat_map(|s: &Session| s.members.iter().map(move |m| (s, m)));
        for (s, m) in duties {
            let (_, (hours, rooms)) = days
                .entry((m.id.clone(), s.date, s.centre.clone()))
                .or_insert_with(|| (m.name.clone(), (s.time, Vec::new())));
            *hours = Interval::new(hours.from.min(s.time.from), hours.to.max(s.time.to));
            if !rooms.contains(&s.room) {
                rooms.push(s.room.clone());
            }
        }
        days.values_mut().for_each(|(_, (_, rooms))| rooms.sort());
        days
    };
    let (before, after) = (days(old), days(new));
    let keys: std::collections::BTreeSet<&Key> = before.keys().chain(after.keys()).collect();
    let mut found = Vec::new();
    for key in keys {
        let (was, is) = (before.get(key), after.get(key));
        let what = match (was, is) {
            (None, _) => "called",
            (_, None) => "released",
            (Some((_, a)), Some((_, b))) if a != b => "changed",
            _ => continue,
        };
        let (id, date, centre) = key;
        let said = |(_, (hours, rooms)): &(String, Day)| {
            let duty = texts.fill(
                "modifications.duty",
                &[
                    ("date", &texts.short_date(*date)),
                    ("from", &texts.hour(hours.from)),
                    ("to", &texts.hour(hours.to)),
                    ("centre", &centre.label_and_time(texts)),
                ],
            );
            format!("{duty} ({})", rooms.join(", "))
        };
        found.push(Change {
            id: id.clone(),
            name: is.or(was).map(|(name, _)| name.clone()).unwrap_or_default(),
            exam: String::new(),
            what: texts.get(&format!("modifications.{what}")).to_string(),
            before: was.map(said).unwrap_or_default(),
            after: is.map(said).unwrap_or_default(),
        });
    }
    found
}
