//! *Tableau d'interrogation de la journée*: a centre's date at a glance, for its head.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::super::{Kind, Make, Options, Paper, View};
use super::{Session, centre_folder};
use crate::tr;

/// The kind.
pub static KIND: Kind = Kind {
    name: "day-timetables",
    summary: || tr!("timetables of days, by centre", "tableaux d'interrogation de la journée, par centre"),
    make: Make::Papers(papers),
};

fn papers(view: &View, _: &Options) -> Vec<Paper> {
    let texts = view.texts;
    let paper = |(centre, sessions): (&super::Place, Vec<&Session>)| {
        let mut days: BTreeMap<_, Vec<&Session>> = BTreeMap::new();
        for s in sessions {
            days.entry(s.date).or_default().push(s);
        }
        let page = |(date, mut sessions): (_, Vec<&Session>)| {
            sessions.sort_by_key(|s| (s.room.clone(), s.time));
            let people: BTreeSet<&str> =
                sessions.iter().flat_map(|s| &s.sittings).map(|s| s.candidate.as_str()).collect();
            let heard: usize = sessions.iter().map(|s| s.sittings.len()).sum();
            let (candidates, sittings) =
                (texts.count("words.candidates", people.len()), texts.count("words.sittings", heard));
            let line = |s: &&Session| {
                json!({
                    "room": texts.room_first(&s.room),
                    "hours": texts.from_to(s.time),
                    "label": s.label_and_language(),
                    "members": s.members.iter().map(|m| m.name.as_str()).collect::<Vec<_>>(),
                    "sittings": s.sittings.iter().map(|p| json!({
                        "start": texts.hour(p.time.from),
                        "exam": p.exam_and_language(),
                        "name": p.name,
                        "mark": if p.extra() { texts.get("words.extra_mark") } else { "" },
                    })).collect::<Vec<_>>(),
                })
            };
            json!({
                "foot": format!("{} – {}", texts.date(date), centre.label()),
                "date": texts.date(date),
                "centre": centre.label_and_time(texts),
                "opening": view.opening(centre, date).map(|open| {
                    texts.fill("planning_jour.opening", &[("hours", &texts.from_to(open))])
                }),
                "summary": texts.fill("planning_jour.summary", &[("candidates", &candidates), ("sittings", &sittings)]),
                "sessions": sessions.iter().map(line).collect::<Vec<_>>(),
            })
        };
        Paper {
            path: format!("{}/tableaux-journees", centre_folder(centre)),
            template: "day_timetable.typ",
            title: texts.get("planning_jour.title").to_string(),
            pages: days.into_iter().map(page).collect(),
        }
    };
    view.by_centre().into_iter().map(paper).collect()
}
