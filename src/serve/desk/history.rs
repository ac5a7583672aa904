//! What was done: undo and redo, the history, named versions.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::commit::Said;
use super::{Call, Desk};
use crate::project::{Document, Known, Sentence, Step};
use crate::serve::problem::{Answer, Problem, Reply};
use crate::tr;

/// So many actions an answer has at most.
const MOST: usize = 500;

/// The name of a version.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Name {
    /// What it is called.
    pub(crate) name: String,
}

/// Who did something: somebody without a name is the office, in the language in force.
pub(super) fn called(who: &str) -> String {
    if matches!(who, "" | "the office" | "le bureau") { tr!("the office", "le bureau") } else { who.into() }
}

/// An action as the history says it; `before` is the cost before it.
pub(super) fn said(action: &Known, before: Option<i64>) -> Value {
    let what = match action.kind.as_str() {
        "undo" => {
            let what = &action.what;
            tr!("undone: {what}", "annulé : {what}")
        }
        "redo" => {
            let what = &action.what;
            tr!("done again: {what}", "rétabli : {what}")
        }
        _ => action.what.to_string(),
    };
    json!({
        "revision": action.revision, "when": action.when, "who": called(&action.who), "kind": action.kind, "what": what,
        "cost": action.cost, "delta": action.cost.zip(before).map(|(now, was)| now - was), "undone": action.undone,
        "about": action.about,
    })
}

/// `POST /api/undo`
pub(crate) fn undo(desk: &mut Desk, _: &Call) -> Answer {
    step(desk, Step::Undo)
}

/// `POST /api/redo`
pub(crate) fn redo(desk: &mut Desk, _: &Call) -> Answer {
    step(desk, Step::Redo)
}

fn step(desk: &mut Desk, step: Step) -> Answer {
    let who = desk.office.who.clone();
    let project = desk.project_mut()?;
    let before = project.document().clone();
    let nothing = || match step {
        Step::Undo => Problem::refused(tr!("there is nothing to undo", "il n'y a rien à annuler")),
        Step::Redo => Problem::refused(tr!("there is nothing to do again", "il n'y a rien à rétablir")),
    };
    let known = project.step(step, &who)?.ok_or_else(nothing)?;
    let done = desk.changed(&before, known.what.to_string());
    Ok(Reply::json(&done.answer))
}

/// `GET /api/history`
pub(crate) fn history(desk: &mut Desk, call: &Call) -> Answer {
    let from = call.parsed::<u64>("from")?.unwrap_or(u64::MAX);
    let all = desk.project()?.actions();
    let mut actions: Vec<Value> = Vec::new();
    for (i, action) in all.iter().enumerate().rev().filter(|(_, a)| a.revision <= from).take(MOST) {
        actions.push(said(action, i.checked_sub(1).and_then(|before| all[before].cost)));
    }
    Ok(Reply::json(&json!({ "actions": actions, "total": all.len() })))
}

/// `GET /api/versions`
pub(crate) fn versions(desk: &mut Desk, _: &Call) -> Answer {
    let project = desk.project()?;
    let cost = |revision: u64| project.actions().iter().rev().find(|a| a.revision <= revision).and_then(|a| a.cost);
    let all: Vec<Value> = project
        .versions()?
        .iter()
        .map(|v| json!({ "id": v.id, "name": v.name, "revision": v.revision, "when": v.when, "who": called(&v.who), "cost": cost(v.revision) }))
        .collect();
    Ok(Reply::json(&json!({ "versions": all })))
}

/// `POST /api/versions`
pub(crate) fn name_version(desk: &mut Desk, call: &Call) -> Answer {
    let asked: Name = call.json()?;
    let name: String = asked.name.trim().chars().filter(|c| !c.is_control()).take(120).collect();
    if name.is_empty() {
        return Err(Problem::bad(tr!("a version needs a name", "une version a besoin d'un nom")));
    }
    let who = desk.office.who.clone();
    let version = desk.project_mut()?.name_version(&name, &who)?;
    Ok(Reply::json(&version))
}

/// `POST /api/versions/{id}/restore`
pub(crate) fn restore(desk: &mut Desk, call: &Call) -> Answer {
    let gone = || Problem::missing(tr!("there is no such version", "cette version n'existe pas"));
    let id: i64 = call.part("id").parse().map_err(|_| gone())?;
    let project = desk.project()?;
    let version = project.versions()?.into_iter().find(|v| v.id == id).ok_or_else(gone)?;
    // What was sent out was sent out.
    let published = project.document().published.clone();
    let next = Document { published, ..project.at(version.revision)? };
    let name = version.name;
    let what = Sentence::both(|| tr!("back to \"{name}\"", "retour à « {name} »"));
    let done = desk.commit(next, Said { kind: "restore", what }, &[])?;
    Ok(Reply::json(&done.answer))
}
