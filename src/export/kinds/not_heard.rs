//! *Candidats non interrogés*: exams that are not held and due orals without a sitting, each with its reason.

use serde_json::{Value, json};

use super::super::view::{Left, Place};
use super::super::{Kind, Make, Options, Paper, View};
use crate::tr;

/// The kind.
pub static KIND: Kind = Kind {
    name: "not-heard",
    summary: || {
        tr!("list of candidates not heard, with the reason", "liste des candidats non interrogés, avec le motif")
    },
    make: Make::Papers(papers),
};

fn papers(view: &View, _: &Options) -> Vec<Paper> {
    let line = |l: &Left| {
        json!({
            "candidate": l.candidate,
            "name": l.name,
            "school": l.school.as_ref().map_or(view.texts.get("words.no_school").to_string(), Place::label),
            "exam": l.exam,
            "reason": l.reason,
        })
    };
    let lines = |list: &[Left]| list.iter().map(line).collect::<Vec<Value>>();
    vec![Paper {
        path: "bureau/non-interroges".into(),
        template: "not_heard.typ",
        title: view.texts.get("non_entendus.title").to_string(),
        pages: vec![json!({"not_due": lines(&view.not_heard), "waiting": lines(&view.unscheduled)})],
    }]
}
