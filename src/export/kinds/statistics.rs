//! *Statistiques*: by school, and by examiner what was done and is to be paid.

use std::collections::{BTreeMap, BTreeSet};

use super::super::view::{Examiner, Place};
use super::super::{Kind, Make, Options, Paper, View};
use super::list::List;
use crate::instance::Minutes;
use crate::lang::thousands;
use crate::tr;

/// The kind.
pub static KIND: Kind = Kind {
    name: "statistics",
    summary: || {
        tr!(
            "statistics by school and by examiner, with the hours to pay",
            "statistiques par établissement et par interrogateur, avec les heures à payer"
        )
    },
    make: Make::Papers(papers),
};

fn papers(view: &View, _: &Options) -> Vec<Paper> {
    vec![Paper {
        path: "bureau/statistiques".into(),
        template: "list.typ",
        title: view.texts.get("statistiques.title").to_string(),
        pages: vec![schools(view).page(), examiners(view).page()],
    }]
}

/// Candidates, sittings, orals not scheduled, exams not heard.
type Counted = (BTreeSet<String>, usize, usize, usize);

fn schools(view: &View) -> List {
    let texts = view.texts;
    let name = |school: Option<&Place>| {
        school.map_or((String::new(), texts.get("words.no_school").to_string()), |s| (s.id.clone(), s.label()))
    };
    let mut counts: BTreeMap<(String, String), Counted> = BTreeMap::new();
    for c in view.candidates.iter().filter(|c| !c.sittings.is_empty()) {
        let own = counts.entry(name(c.school.as_ref())).or_default();
        own.0.insert(c.id.clone());
        own.1 += c.sittings.len();
    }
    for l in &view.unscheduled {
        counts.entry(name(l.school.as_ref())).or_default().2 += 1;
    }
    for l in &view.not_heard {
        counts.entry(name(l.school.as_ref())).or_default().3 += 1;
    }
    let row = |((id, name), (people, sittings, left, not_heard)): (&(String, String), &Counted)| {
        let numbers = [people.len(), *sittings, *left, *not_heard].map(|n| thousands(n as i64));
        [name.clone(), id.clone()].into_iter().chain(numbers).collect()
    };
    let heads =
        ["classeur.number_convened", "columns.sittings", "classeur.number_unscheduled", "classeur.number_not_heard"];
    let columns = [(texts.get("columns.school").to_string(), 2, true), ("UAI".to_string(), 0, false)];
    List {
        intro: texts.get("statistiques.schools").into(),
        columns: columns.into_iter().chain(heads.map(|h| (texts.get(h).to_string(), 1, false))).collect(),
        rows: counts.iter().map(row).collect(),
        foot: texts.get("statistiques.schools").into(),
        ..List::default()
    }
}

fn examiners(view: &View) -> List {
    let texts = view.texts;
    let row = |x: &Examiner| {
        let sessions: Vec<_> = x.duties.iter().map(|d| &view.sessions[d.session]).collect();
        let sittings = || sessions.iter().flat_map(|s| &s.sittings);
        let days: BTreeSet<_> = sessions.iter().map(|s| s.date).collect();
        let trips: BTreeSet<_> = sessions.iter().map(|s| (s.date, s.centre.id.as_str())).collect();
        let km: i64 = trips.iter().filter_map(|(_, centre)| x.km.get(*centre)).map(|km| 2 * km).sum();
        let minutes: Minutes = sittings().map(|p| p.time.minutes()).sum();
        vec![
            x.name.clone(),
            x.id.clone(),
            thousands(days.len() as i64),
            thousands(sessions.len() as i64),
            thousands(sittings().count() as i64),
            texts.length(minutes),
            thousands(km),
        ]
    };
    let heads = ["columns.days", "statistiques.sessions", "columns.sittings", "statistiques.heard", "statistiques.km"];
    let columns = [("columns.examiner", 2, true), ("columns.examiner_id", 0, false)]
        .map(|(h, w, b)| (texts.get(h).to_string(), w, b));
    List {
        intro: texts.get("statistiques.examiners").into(),
        columns: columns.into_iter().chain(heads.map(|h| (texts.get(h).to_string(), 0, false))).collect(),
        rows: view.examiners.iter().map(row).collect(),
        foot: texts.get("statistiques.examiners").into(),
        ..List::default()
    }
}
