//! *Feuille de préparation* (loge): for each preparation room and date, who enters and leaves when.

use std::collections::BTreeMap;

use serde_json::json;

use super::super::view::Sitting;
use super::super::{Kind, Make, Options, Paper, View};
use super::{Session, centre_folder, sitting_line};
use crate::tr;

/// The kind.
pub static KIND: Kind = Kind {
    name: "preparation",
    summary: || tr!("preparation sheets, by centre", "feuilles de préparation (loge), par centre"),
    make: Make::Papers(papers),
};

fn papers(view: &View, _: &Options) -> Vec<Paper> {
    let texts = view.texts;
    let paper = |(centre, sessions): (&super::Place, Vec<&Session>)| {
        let mut rooms: BTreeMap<_, Vec<&Sitting>> = BTreeMap::new();
        for s in sessions.iter().flat_map(|s| &s.sittings) {
            if let Some(room) = s.preparation_room.as_deref() {
                rooms.entry((s.date, room)).or_default().push(s);
            }
        }
        let page = |((date, room), mut sittings): ((_, &str), Vec<&Sitting>)| {
            sittings.sort_by_key(|s| (s.preparation, s.candidate.clone()));
            let most = sittings.iter().map(|s| together(&sittings, s)).max().unwrap_or(0);
            let seats = view.instance.centre(&centre.id).and_then(|z| {
                let room = view.instance.preparation_room(z, room)?;
                Some(view.instance.preparation_rooms[room].seats as usize)
            });
            json!({
                "foot": format!("{} – {} – {}", texts.date(date), texts.room(room), centre.label()),
                "date": texts.date(date),
                "room": texts.room_first(room),
                "centre": centre.label_and_time(texts),
                "seats": seats.map(|n| {
                    texts.fill("preparation.seats", &[("seats", &texts.count("words.seats", n))])
                }),
                "most": texts.fill("preparation.most", &[("n", &most.to_string())]),
                "sittings": sittings.iter().map(|s| sitting_line(texts, s)).collect::<Vec<_>>(),
            })
        };
        Paper {
            path: format!("{}/preparation", centre_folder(centre)),
            template: "preparation.typ",
            title: texts.get("preparation.title").to_string(),
            pages: rooms.into_iter().map(page).collect(),
        }
    };
    view.by_centre().into_iter().map(paper).filter(|p| !p.pages.is_empty()).collect()
}

/// How many prepare when this one enters.
pub(super) fn together(all: &[&Sitting], s: &Sitting) -> usize {
    all.iter().filter(|o| o.preparation.from <= s.preparation.from && s.preparation.from < o.preparation.to).count()
}
