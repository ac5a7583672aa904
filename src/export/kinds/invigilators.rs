//! *Besoin en surveillants*: for each centre which preparation rooms are in use in each half-day, from when to when.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::super::view::Sitting;
use super::super::{Kind, Make, Options, Paper, View};
use super::list::List;
use super::preparation::together;
use super::{Session, centre_folder};
use crate::tr;

/// The kind.
pub static KIND: Kind = Kind {
    name: "invigilators",
    summary: || {
        tr!(
            "need of invigilators of preparation rooms, by centre",
            "besoin en surveillants des salles de préparation, par centre"
        )
    },
    make: Make::Papers(papers),
};

/// By preparation room, who prepares there.
type InUse<'v> = BTreeMap<&'v str, Vec<&'v Sitting>>;

fn papers(view: &View, _: &Options) -> Vec<Paper> {
    let texts = view.texts;
    let paper = |(centre, sessions): (&super::Place, Vec<&Session>)| {
        // Half-days, each with the preparation rooms in use; a half-day that the sessions lie in none of is the day itself.
        let mut halves: BTreeMap<(NaiveDate, Option<usize>), InUse> = BTreeMap::new();
        for s in &sessions {
            for p in &s.sittings {
                if let Some(room) = p.preparation_room.as_deref() {
                    halves.entry((s.date, s.half)).or_default().entry(room).or_default().push(p);
                }
            }
        }
        let mut rows = Vec::new();
        for ((date, _), rooms) in &halves {
            for (i, (room, sittings)) in rooms.iter().enumerate() {
                let from = sittings.iter().map(|s| s.preparation.from).min().unwrap_or(0);
                let to = sittings.iter().map(|s| s.preparation.to).max().unwrap_or(0);
                let most = sittings.iter().map(|s| together(sittings, s)).max().unwrap_or(0);
                let need = if i == 0 { rooms.len().to_string() } else { String::new() };
                rows.push(vec![
                    texts.date(*date),
                    need,
                    texts.room(room),
                    texts.from_to(crate::instance::Interval::new(from, to)),
                    texts.count("words.candidates", sittings.len()),
                    most.to_string(),
                    String::new(),
                ]);
            }
        }
        let list = List {
            facts: vec![(texts.get("columns.centre").into(), centre.label_and_time(texts))],
            intro: texts.get("surveillants.intro").into(),
            columns: vec![
                (texts.get("columns.date").into(), 0, true),
                (texts.get("surveillants.need").into(), 0, true),
                (texts.get("columns.preparation_room").into(), 0, false),
                (texts.get("columns.hours").into(), 0, false),
                (texts.get("classeur.number_candidates").into(), 0, false),
                (texts.get("surveillants.most").into(), 0, false),
                (texts.get("surveillants.who").into(), 1, false),
            ],
            rows,
            landscape: true,
            high: true,
            foot: centre.label(),
            ..List::default()
        };
        (!list.rows.is_empty()).then(|| Paper {
            path: format!("{}/surveillants", centre_folder(centre)),
            template: "list.typ",
            title: texts.get("surveillants.title").to_string(),
            pages: vec![list.page()],
        })
    };
    view.by_centre().into_iter().filter_map(paper).collect()
}
