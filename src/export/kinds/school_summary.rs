//! *Bordereau par établissement*: the school's candidates with their convocations, to be acknowledged. It names no jury.

use std::collections::BTreeMap;

use super::super::folder::file_stem;
use super::super::view::{Candidate, Place};
use super::super::{Kind, Make, Options, Paper, View};
use super::list::List;
use crate::tr;
use crate::words::plain;

/// The kind.
pub static KIND: Kind = Kind {
    name: "school-summaries",
    summary: || {
        tr!("summaries by school, to be acknowledged", "bordereaux par établissement, avec accusé de réception")
    },
    make: Make::Papers(papers),
};

fn papers(view: &View, _: &Options) -> Vec<Paper> {
    let texts = view.texts;
    let mut schools: BTreeMap<&Place, Vec<&Candidate>> = BTreeMap::new();
    for c in &view.candidates {
        if let Some(school) = c.school.as_ref().filter(|_| !c.sittings.is_empty() || !c.not_convened.is_empty()) {
            schools.entry(school).or_default().push(c);
        }
    }
    let paper = |(school, mut candidates): (&Place, Vec<&Candidate>)| {
        candidates.sort_by_key(|c| (plain(&c.name), c.id.clone()));
        let n = candidates.iter().filter(|c| !c.sittings.is_empty()).count();
        let row = |c: &&Candidate| {
            let heard = c.sittings.iter().filter(|s| !s.follows).map(|s| {
                let (date, hour) = (texts.short_date(s.date), texts.hour(s.arrival));
                format!("{} : {date}, {hour}, {}", s.exam_and_language(), s.centre.label())
            });
            let left = c.not_convened.iter().map(|(exam, _, why)| format!("{exam} : {why}"));
            vec![c.name.clone(), c.id.clone(), texts.typeset(&heard.chain(left).collect::<Vec<_>>().join("\n"))]
        };
        let address = [&school.name, &school.address, &school.town];
        let list = List {
            to: address.into_iter().filter(|t| !t.is_empty()).cloned().collect(),
            facts: vec![
                (texts.get("columns.school").into(), format!("{} ({})", school.label(), school.id)),
                (String::new(), texts.count("words.candidates", n)),
            ],
            intro: texts.get("bordereau.intro").into(),
            columns: vec![
                (texts.get("columns.candidate").into(), 2, true),
                (texts.get("columns.candidate_id").into(), 0, false),
                (texts.get("bordereau.convoked").into(), 4, false),
            ],
            rows: candidates.iter().map(row).collect(),
            acknowledge: texts.get("bordereau.acknowledge").into(),
            foot: school.label(),
            ..List::default()
        };
        Paper {
            path: format!("etablissements/{}", file_stem(&school.id, &school.name)),
            template: "list.typ",
            title: texts.get("bordereau.title").to_string(),
            pages: vec![list.page()],
        }
    };
    schools.into_iter().map(paper).collect()
}
