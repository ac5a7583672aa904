//! *Journal des modifications*: what differs from the published schedule; only where there is one.

use serde_json::{Value, json};

use super::super::changes::{Change, changes};
use super::super::{Kind, Make, Options, Paper, View};
use crate::tr;

/// The kind.
pub static KIND: Kind = Kind {
    name: "changes",
    summary: || {
        tr!("log of changes against the published schedule", "journal des modifications par rapport au planning publié")
    },
    make: Make::Papers(papers),
};

fn papers(view: &View, _: &Options) -> Vec<Paper> {
    if view.baseline.is_none() {
        return Vec::new();
    }
    let found = changes(view);
    let line = |c: &Change| json!({"id": c.id, "name": c.name, "exam": c.exam, "what": c.what, "before": c.before, "after": c.after});
    let lines = |list: &[Change]| list.iter().map(line).collect::<Vec<Value>>();
    vec![Paper {
        path: "bureau/modifications".into(),
        template: "changes.typ",
        title: view.texts.get("modifications.title").to_string(),
        pages: vec![json!({"candidates": lines(&found.candidates), "examiners": lines(&found.examiners)})],
    }]
}
