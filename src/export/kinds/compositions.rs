//! *Composition des commissions*: for the inspector and the president of the jury, all commissions in order of time.

use super::super::{Kind, Make, Options, Paper, View};
use super::list::List;
use super::{Session, sittings_of_commissions};
use crate::tr;

/// The kind.
pub static KIND: Kind = Kind {
    name: "compositions",
    summary: || {
        tr!(
            "composition of the commissions, for the inspector and the president of the jury",
            "composition des commissions, pour l'inspecteur et le président du jury"
        )
    },
    make: Make::Papers(papers),
};

fn papers(view: &View, _: &Options) -> Vec<Paper> {
    let texts = view.texts;
    let sessions: Vec<&Session> = view.sessions.iter().collect();
    let mut commissions: Vec<Session> = Vec::new();
    for centre in view.by_centre().into_values() {
        commissions.extend(sittings_of_commissions(&centre));
    }
    commissions.sort_by_key(|s| (s.date, s.centre.clone(), s.time, s.id.clone()));
    let waived = sessions.iter().flat_map(|s| &s.waivers).map(|w| {
        texts.fill(
            "planning_commission.waiver",
            &[("examiner", &w.examiner), ("candidate", &w.candidate), ("by", &w.by), ("reason", &w.reason)],
        )
    });
    let mut notes: Vec<String> = waived.collect();
    notes.sort();
    notes.dedup();
    if !notes.is_empty() {
        notes.insert(0, texts.get("planning_commission.waivers").to_string());
    }
    let row = |s: &Session| {
        let members = s.members.iter().map(|m| format!("{} : {}", m.role, m.name));
        let vacant = s.vacant.iter().map(|r| format!("{r} : {}", texts.get("planning_commission.vacant")));
        let rooms: Vec<String> = s.rooms.iter().map(|room| texts.room(room)).collect();
        vec![
            texts.short_date(s.date),
            texts.from_to(s.time),
            format!("{}, {}", s.centre.label(), rooms.join(", ")),
            s.label_and_language(),
            texts.typeset(&members.chain(vacant).collect::<Vec<_>>().join("\n")),
            format!("{} : {}", s.codes().join(", "), texts.count("words.sittings", s.sittings.len())),
        ]
    };
    let list = List {
        columns: vec![
            (texts.get("columns.date").into(), 0, false),
            (texts.get("columns.hours").into(), 0, false),
            (texts.get("columns.centre").into(), 2, false),
            (texts.get("columns.commission").into(), 2, true),
            (texts.get("planning_commission.members").into(), 4, false),
            (texts.get("columns.sittings").into(), 0, false),
        ],
        rows: commissions.iter().map(row).collect(),
        notes,
        landscape: true,
        ..List::default()
    };
    vec![Paper {
        path: "bureau/composition-commissions".into(),
        template: "list.typ",
        title: texts.get("composition.title").to_string(),
        pages: vec![list.page()],
    }]
}
