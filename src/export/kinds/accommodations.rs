//! *Aménagements d'épreuves*: for each centre who needs what, where and when. For the head of the centre alone.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Kind, Make, Options, Paper, View};
use super::list::List;
use super::{Session, centre_folder};
use crate::tr;

/// The kind.
pub static KIND: Kind = Kind {
    name: "accommodations",
    summary: || tr!("accommodations granted, by centre", "aménagements d'épreuves accordés, par centre"),
    make: Make::Papers(papers),
};

fn papers(view: &View, _: &Options) -> Vec<Paper> {
    let texts = view.texts;
    let granted: BTreeMap<&str, &[String]> = view
        .candidates
        .iter()
        .filter(|c| !c.accommodations.is_empty())
        .map(|c| (c.id.as_str(), c.accommodations.as_slice()))
        .collect();
    let paper = |(centre, sessions): (&super::Place, Vec<&Session>)| {
        let all = sessions.iter().flat_map(|s| &s.sittings);
        let mut own: Vec<_> = all.filter(|s| granted.contains_key(s.candidate.as_str())).collect();
        own.sort_by_key(|s| (s.date, s.block(), s.candidate.clone()));
        let people: BTreeSet<&str> = own.iter().map(|s| s.candidate.as_str()).collect();
        let rows: Vec<Vec<String>> = own
            .iter()
            .map(|s| {
                let prepares = match &s.preparation_room {
                    Some(room) => format!("{}, {}", texts.from_to(s.preparation), texts.room(room)),
                    None => texts.get("words.none").to_string(),
                };
                vec![
                    texts.short_date(s.date),
                    format!("{} ({})", s.name, s.candidate),
                    s.exam_and_language(),
                    prepares,
                    format!("{}, {}", texts.from_to(s.time), texts.room(&s.room)),
                    granted[s.candidate.as_str()].join(" ; "),
                ]
            })
            .collect();
        let list = List {
            facts: vec![
                (texts.get("columns.centre").into(), centre.label_and_time(texts)),
                (String::new(), texts.count("words.candidates", people.len())),
            ],
            intro: texts.get("amenagements.intro").into(),
            columns: vec![
                (texts.get("columns.date").into(), 0, false),
                (texts.get("columns.candidate").into(), 3, true),
                (texts.get("columns.exam").into(), 0, false),
                (texts.get("columns.preparation").into(), 2, false),
                (texts.get("columns.sitting").into(), 2, false),
                (texts.get("columns.accommodations").into(), 3, false),
            ],
            rows,
            landscape: true,
            foot: centre.label(),
            ..List::default()
        };
        (!list.rows.is_empty()).then(|| Paper {
            path: format!("{}/amenagements", centre_folder(centre)),
            template: "list.typ",
            title: texts.get("amenagements.title").to_string(),
            pages: vec![list.page()],
        })
    };
    view.by_centre().into_iter().filter_map(paper).collect()
}
