//! *Liste alphabétique pour l'accueil*: for each centre and date who is to come, when and where to. It names no jury.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::super::view::Sitting;
use super::super::{Kind, Make, Options, Paper, View};
use super::list::List;
use super::{Session, centre_folder};
use crate::tr;
use crate::words::plain;

/// The kind.
pub static KIND: Kind = Kind {
    name: "entrance-lists",
    summary: || {
        tr!("alphabetical lists for the entrance, by centre", "listes alphabétiques pour l'accueil, par centre")
    },
    make: Make::Papers(papers),
};

fn papers(view: &View, _: &Options) -> Vec<Paper> {
    let texts = view.texts;
    let paper = |(centre, sessions): (&super::Place, Vec<&Session>)| {
        let mut days: BTreeMap<NaiveDate, BTreeMap<(String, &str), Vec<&Sitting>>> = BTreeMap::new();
        for s in sessions.iter().flat_map(|s| &s.sittings) {
            let day = days.entry(s.date).or_default();
            day.entry((plain(&s.name), s.candidate.as_str())).or_default().push(s);
        }
        let page = |(date, people): (NaiveDate, BTreeMap<(String, &str), Vec<&Sitting>>)| {
            let n = people.len();
            let row = |(_, mut own): (_, Vec<&Sitting>)| {
                own.sort_by_key(|s| s.block());
                let lines = own.iter().map(|s| {
                    let room = s.preparation_room.as_ref().unwrap_or(&s.room);
                    format!("{} : {}, {}", s.exam_and_language(), texts.hour(s.preparation.from), texts.room(room))
                });
                let first = own[0];
                vec![
                    first.name_apart(texts),
                    first.candidate.clone(),
                    texts.hour(own.iter().map(|s| s.arrival).min().unwrap_or(first.arrival)),
                    texts.typeset(&lines.collect::<Vec<_>>().join("\n")),
                    String::new(),
                ]
            };
            List {
                facts: vec![
                    (texts.get("columns.date").into(), texts.date(date)),
                    (texts.get("columns.centre").into(), centre.label_and_time(texts)),
                    (String::new(), texts.count("words.candidates", n)),
                ],
                intro: texts.get("accueil.intro").into(),
                columns: vec![
                    (texts.get("columns.candidate").into(), 2, true),
                    (texts.get("columns.candidate_id").into(), 0, false),
                    (texts.get("columns.arrival").into(), 0, true),
                    (texts.get("accueil.goes_to").into(), 2, false),
                    (texts.get("accueil.came").into(), 0, false),
                ],
                rows: people.into_iter().map(row).collect(),
                foot: format!("{} – {}", texts.date(date), centre.label()),
                ..List::default()
            }
            .page()
        };
        Paper {
            path: format!("{}/accueil", centre_folder(centre)),
            template: "list.typ",
            title: texts.get("accueil.title").to_string(),
            pages: days.into_iter().map(page).collect(),
        }
    };
    view.by_centre().into_iter().map(paper).collect()
}
