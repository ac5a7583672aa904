//! *Affichettes et chevalets*: a sign for each room in use, a card with the name of each examiner of a centre.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::super::{Kind, Make, Options, Paper, View};
use super::centre_folder;
use crate::lang::capital;
use crate::tr;

/// The kind.
pub static KIND: Kind = Kind {
    name: "signs",
    summary: || {
        tr!(
            "signs for rooms and cards with the examiners' names, by centre",
            "affichettes des salles et chevalets des interrogateurs, par centre"
        )
    },
    make: Make::Papers(papers),
};

fn papers(view: &View, _: &Options) -> Vec<Paper> {
    let texts = view.texts;
    let mut all = Vec::new();
    for (centre, sessions) in view.by_centre() {
        let (mut rooms, mut loges) = (BTreeMap::<&str, BTreeSet<&str>>::new(), BTreeSet::new());
        let mut people: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
        for s in &sessions {
            rooms.entry(&s.room).or_default().extend(s.codes());
            loges.extend(s.sittings.iter().filter_map(|p| p.preparation_room.as_deref()));
            for m in &s.members {
                people.entry((&m.name, &m.id)).or_default().insert(&m.role);
            }
        }
        let page = |big: String, lines: Vec<&str>| json!({"big": big, "lines": lines, "place": centre.label()});
        let doors = rooms.iter().map(|(room, exams)| {
            let exams: Vec<&str> = exams.iter().copied().collect();
            page(capital(&texts.room(room)), vec![texts.get("affiches.orals"), &exams.join(", ")])
        });
        let doors: Vec<Value> = doors
            .chain(
                loges.iter().map(|room| page(capital(&texts.room(room)), vec![texts.get("columns.preparation_room")])),
            )
            .collect();
        let cards: Vec<Value> =
            people.iter().map(|((name, _), roles)| page(name.to_string(), roles.iter().copied().collect())).collect();
        for (name, title, pages) in [("affiches", "title", doors), ("chevalets", "cards", cards)] {
            all.push(Paper {
                path: format!("{}/{name}", centre_folder(centre)),
                template: "sign.typ",
                title: texts.get(&format!("affiches.{title}")).to_string(),
                pages,
            });
        }
    }
    all
}
