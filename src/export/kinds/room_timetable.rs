//! *Ordre de passage*: what is posted at a door. Everybody reads it: it names no jury and says nothing of anybody's
//! accommodations.

use std::collections::BTreeMap;

use serde_json::json;

use super::super::view::Sitting;
use super::super::{Kind, Make, Options, Paper, View};
use super::{Session, centre_folder};
use crate::tr;

/// The kind.
pub static KIND: Kind = Kind {
    name: "room-timetables",
    summary: || {
        tr!(
            "timetables of rooms, to post at the door, without the jury",
            "ordres de passage, à afficher aux portes, sans le jury"
        )
    },
    make: Make::Papers(papers),
};

fn papers(view: &View, _: &Options) -> Vec<Paper> {
    let texts = view.texts;
    let paper = |(centre, sessions): (&super::Place, Vec<&Session>)| {
        let mut rooms: BTreeMap<_, Vec<&Sitting>> = BTreeMap::new();
        for s in sessions {
            rooms.entry((s.date, s.room.as_str())).or_default().extend(&s.sittings);
        }
        let page = |((date, room), mut sittings): ((_, &str), Vec<&Sitting>)| {
            sittings.sort_by_key(|s| s.time);
            json!({
                "foot": format!("{} – {} – {}", texts.date(date), texts.room(room), centre.label()),
                "date": texts.date(date),
                "room": texts.room_first(room),
                "centre": centre.label_and_time(texts),
                "sittings": sittings.iter().map(|s| json!({
                    "start": texts.hour(s.time.from),
                    "end": texts.hour(s.time.to),
                    "exam": s.exam_and_language(),
                    "candidate": s.candidate,
                    "name": s.name,
                })).collect::<Vec<_>>(),
            })
        };
        Paper {
            path: format!("{}/ordres-de-passage", centre_folder(centre)),
            template: "room_timetable.typ",
            title: texts.get("planning_salle.title").to_string(),
            pages: rooms.into_iter().map(page).collect(),
        }
    };
    view.by_centre().into_iter().map(paper).collect()
}
