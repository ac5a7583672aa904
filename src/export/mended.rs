//! What has to be sent again after a re-plan: the pages that say something else than those of the published schedule, marked as
//! taking their place, and once more in a folder of their own.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{File, Kind, Options, Paper, Texts, View};
use crate::fault::Fault;

/// The folder of what has to be sent again.
pub const AGAIN: &str = "a-renvoyer";

/// Kinds that the office keeps for itself: nothing of them is sent.
const KEPT: &[&str] = &["not-heard", "changes", "statistics", "workbook", "csv", "mail-merge"];

/// The papers of a kind; those that are not as they were published say so, and stand again under [`AGAIN`].
pub(super) fn papers(
    view: &View,
    options: &Options,
    kind: &Kind,
    make: fn(&View, &Options) -> Vec<Paper>,
) -> Vec<Paper> {
    let mut all = make(view, options);
    let Some(published) = view.baseline.as_deref().filter(|_| !KEPT.contains(&kind.name)) else { return all };
    let before: HashMap<String, Value> = make(published, options)
        .into_iter()
        .flat_map(|paper| paper.pages.into_iter().map(move |page| (key(&paper.path, &page), page)))
        .collect();
    let mut again = Vec::new();
    for paper in all.iter_mut().filter(|paper| !paper.path.starts_with(AGAIN)) {
        let mut pages = Vec::new();
        for page in &mut paper.pages {
            match before.get(&key(&paper.path, page)) {
                Some(was) if was == page => continue,
                Some(_) => page["replaces"] = json!(replaces(view.texts, options, letter(page))),
                None => {}
            }
            pages.push(page.clone());
        }
        if !pages.is_empty() {
            let path = format!("{AGAIN}/{}", paper.path);
            again.push(Paper { path, template: paper.template, title: paper.title.clone(), pages });
        }
    }
    all.extend(again);
    all
}

/// The files of a kind, and once more under [`AGAIN`] those that are not as they were published.
pub(super) fn files(
    view: &View,
    options: &Options,
    kind: &Kind,
    make: fn(&View, &Options) -> Result<Vec<File>, Fault>,
) -> Result<Vec<File>, Fault> {
    let mut all = make(view, options)?;
    let Some(published) = view.baseline.as_deref().filter(|_| !KEPT.contains(&kind.name)) else { return Ok(all) };
    // What did not change keeps the number of the publication before.
    let before = Options { revision: options.revision.saturating_sub(1), ..options.clone() };
    let before: HashMap<String, Vec<u8>> = make(published, &before)?.into_iter().map(|f| (f.path, f.bytes)).collect();
    let changed = all.iter().filter(|f| !f.path.starts_with(AGAIN) && before.get(&f.path) != Some(&f.bytes));
    let again: Vec<File> =
        changed.map(|f| File { path: format!("{AGAIN}/{}", f.path), bytes: f.bytes.clone() }).collect();
    all.extend(again);
    Ok(all)
}

/// `Annule et remplace la convocation du 4 mai 2026`.
fn replaces(texts: &Texts, options: &Options, letter: bool) -> String {
    let what = if letter { "convocation" } else { "edition" };
    match options.replaces {
        Some(date) => texts.fill(&format!("words.replaces_{what}"), &[("date", &texts.day(date))]),
        None => texts.get(&format!("words.replaces_last_{what}")).to_string(),
    }
}

/// Whether a page goes to somebody: a convocation, and not a list.
fn letter(page: &Value) -> bool {
    page["addressee"].is_array()
}

/// What a page is about, whatever it says: a letter its person, a list its file and what stands at its foot.
fn key(path: &str, page: &Value) -> String {
    let of = |names: &[&str]| names.iter().map(|n| page[*n].as_str().unwrap_or("")).collect::<Vec<_>>().join("\n");
    match letter(page) {
        // Somebody on call who is convened gets a first convocation.
        true => {
            format!("{}\n{}", of(&["id", "copy"]), page["days"].as_array().is_some_and(|days| !days.is_empty()))
        }
        false if page["id"].is_string() => format!("{path}\n{}", of(&["id"])),
        false => format!("{path}\n{}", of(&["foot", "big", "room", "date"])),
    }
}
