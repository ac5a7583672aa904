//! Papers as the page shows and prints them, in any build: what stands on them, with the labels of the office's own texts.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::documents::{kind_of, options};
use super::{Call, Desk};
use crate::export::{Kind, Make, Texts, View};
use crate::lang::{Lang, current, within};
use crate::serve::problem::{Answer, Problem, Reply};
use crate::tr;

/// The text of a file is shown so far.
const LINES: usize = 200;
/// So many pages are printed at once at most.
const PAGES: usize = 5_000;
/// A label is no sentence.
const LABEL: usize = 40;

/// What a preview is of.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shown {
    /// The kind of document.
    pub(crate) kind: String,
    /// Of whom: a candidate, an examiner, a session or a centre; the first, where nobody is named.
    #[serde(default)]
    pub(crate) id: Option<String>,
    /// Every page, to be printed.
    #[serde(default)]
    pub(crate) all: bool,
    /// `fr` or `en`; the reader's own, where it is not named.
    #[serde(default)]
    pub(crate) language: Option<String>,
}

/// `POST /api/preview`
pub(crate) fn preview(desk: &mut Desk, call: &Call) -> Answer {
    let Shown { kind, id, all, language } = call.json()?;
    let kind = kind_of(&kind)?;
    let lang = match language.as_deref() {
        None => current(),
        Some("fr") => Lang::Fr,
        Some("en") => Lang::En,
        Some(_) => return Err(Problem::bad(tr!("fr or en is wanted", "il faut fr ou en"))),
    };
    let planned = desk.planned()?;
    let plan = planned.plan()?;
    let texts = Texts::of(lang).of_session(planned.instance);
    let view = View::new(&plan, &texts);
    let (pages, count) = match kind.make {
        Make::Papers(_) => within(lang, || papers(kind, &view, id.as_deref(), all)),
        Make::Files(_) => within(lang, || file(kind, &view, id.as_deref()))?,
    };
    if pages.is_empty() {
        return Err(Problem::missing(tr!("there is no such page", "aucune page de ce genre")));
    }
    Ok(Reply::json(
        &json!({ "title": pages[0]["title"], "text": plain(&pages[0]), "kind": kind.name, "pages": pages, "count": count }),
    ))
}

/// The pages of papers, and how many there are.
fn papers(kind: &'static Kind, view: &View, id: Option<&str>, all: bool) -> (Vec<Value>, usize) {
    let Make::Papers(make) = kind.make else { return (Vec::new(), 0) };
    let made = make(view, &options(vec![kind]));
    let count = made.iter().map(|p| p.pages.len()).sum();
    let every = made.iter().flat_map(|p| p.pages.iter().map(move |page| (p.title.as_str(), page)));
    let wanted = every.filter(|(_, page)| id.is_none_or(|id| says(page, id)));
    let pages = wanted.take(if all { PAGES } else { 1 }).map(|(title, page)| {
        let labels = Labels::of(view.texts, title);
        json!({ "title": title, "blocks": page.as_object().map_or_else(Vec::new, |own| blocks(own, &labels)) })
    });
    (pages.collect(), count)
}

/// The first file that names somebody, as text.
fn file(kind: &'static Kind, view: &View, id: Option<&str>) -> Result<(Vec<Value>, usize), Problem> {
    let Make::Files(make) = kind.make else { return Ok((Vec::new(), 0)) };
    let made = make(view, &options(vec![kind])).map_err(|f| Problem::faulty(&[f]))?;
    let count = made.len();
    let read = |bytes: &[u8]| match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').lines().take(LINES).collect::<Vec<_>>().join("\n"),
        Err(_) => tr!("(a file for a spreadsheet)", "(un fichier pour tableur)"),
    };
    let mut texts = made.iter().map(|f| (f.path.as_str(), read(&f.bytes)));
    let found = texts.find(|(path, text)| id.is_none_or(|id| path.contains(id) || text.contains(id)));
    let page = |(path, text): (&str, String)| json!({ "title": path, "blocks": [{ "kind": "file", "text": text }] });
    Ok((found.into_iter().map(page).collect(), count))
}

/// Whether a page has just that text somewhere.
fn says(value: &Value, text: &str) -> bool {
    match value {
        Value::String(own) => own == text,
        Value::Array(all) => all.iter().any(|v| says(v, text)),
        Value::Object(fields) => fields.values().any(|v| says(v, text)),
        _ => false,
    }
}

/// What the fields of a page are called: by the texts of its own document, else as columns are.
struct Labels<'t> {
    texts: &'t Texts,
    own: Option<&'t Map<String, Value>>,
}

impl<'t> Labels<'t> {
    fn of(texts: &'t Texts, title: &str) -> Labels<'t> {
        let mut sections = texts.json().as_object().into_iter().flat_map(Map::values).filter_map(Value::as_object);
        Labels { texts, own: sections.find(|s| s.get("title").and_then(Value::as_str) == Some(title)) }
    }

    fn find(&self, field: &str) -> Option<String> {
        let column = match field {
            "title" | "length" | "extra" | "why" => return None,
            "time" => "hours",
            "id" => "number",
            own => own,
        };
        let own = |field: &str| self.own.and_then(|s| s.get(field)).and_then(Value::as_str);
        let labels = [own(field), own(column), self.texts.find(&["columns", column])];
        let short = |l: &&str| l.chars().count() <= LABEL && !l.contains('{');
        labels.into_iter().flatten().find(short).map(str::to_string)
    }
}

/// A page's fields one below the other: lines, lists, tables, and parts that hold the same again.
fn blocks(fields: &Map<String, Value>, labels: &Labels) -> Vec<Value> {
    let mut all = Vec::new();
    for (field, value) in fields {
        let label = labels.find(field);
        match value {
            Value::Array(items) if items.iter().all(Value::is_object) && !items.is_empty() => {
                let rows: Vec<&Map<String, Value>> = items.iter().filter_map(Value::as_object).collect();
                if rows
                    .iter()
                    .any(|row| row.values().any(|v| v.as_array().is_some_and(|a| a.iter().any(Value::is_object))))
                {
                    all.extend(rows.iter().map(|row| part(row, labels)));
                } else {
                    all.push(table(&rows, label, labels));
                }
            }
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(said).filter(|t| !t.is_empty()).collect();
                if !items.is_empty() {
                    all.push(json!({ "kind": "list", "label": label, "items": items }));
                }
            }
            value => {
                let text = said(value);
                if !text.is_empty() {
                    all.push(json!({ "kind": "line", "label": label, "text": text }));
                }
            }
        }
    }
    all
}

/// A part: its bare texts are its heading.
fn part(row: &Map<String, Value>, labels: &Labels) -> Value {
    let (texts, rest): (Vec<_>, Vec<_>) = row.iter().partition(|(_, v)| !v.is_array() && !v.is_object());
    let head: Vec<String> = texts.iter().map(|(_, v)| said(v)).filter(|t| !t.is_empty()).collect();
    let rest: Map<String, Value> = rest.into_iter().map(|(k, v)| (k.clone(), v.clone())).collect();
    json!({ "kind": "part", "label": head.join(" – "), "blocks": blocks(&rest, labels) })
}

fn table(rows: &[&Map<String, Value>], label: Option<String>, labels: &Labels) -> Value {
    let mut fields: Vec<&String> = Vec::new();
    for field in rows.iter().flat_map(|row| row.iter()).filter(|(_, v)| !said(v).is_empty()).map(|(field, _)| field) {
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    // What bears a number is seen: a candidate's, an exam's.
    let label_of = |f: &&String| Some(f).filter(|f| **f != "id").and_then(|f| labels.find(f)).unwrap_or_default();
    let head: Vec<String> = fields.iter().map(label_of).collect();
    let cells = |row: &&Map<String, Value>| {
        fields.iter().map(|f| row.get(*f).map_or_else(String::new, said)).collect::<Vec<_>>()
    };
    json!({ "kind": "table", "label": label, "head": head, "rows": rows.iter().map(cells).collect::<Vec<_>>() })
}

/// A value in one line.
fn said(value: &Value) -> String {
    let joined = |all: Vec<String>, by: &str| all.into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(by);
    match value {
        Value::String(text) => text.clone(),
        Value::Number(n) => n.to_string(),
        Value::Array(all) => joined(all.iter().map(said).collect(), ", "),
        Value::Object(fields) => joined(fields.values().map(said).collect(), " · "),
        Value::Null | Value::Bool(_) => String::new(),
    }
}

/// The same as bare text.
fn plain(page: &Value) -> String {
    fn put(block: &Value, lines: &mut Vec<String>) {
        let texts = |field: &str| block[field].as_array().cloned().unwrap_or_default();
        let own = [&block["label"], &block["text"]].into_iter().filter_map(Value::as_str).filter(|t| !t.is_empty());
        lines.push(own.collect::<Vec<_>>().join(" : "));
        lines.extend(texts("items").iter().filter_map(Value::as_str).map(str::to_string));
        lines.extend(texts("rows").iter().map(said));
        texts("blocks").iter().for_each(|b| put(b, lines));
    }
    let mut lines = Vec::new();
    page["blocks"].as_array().into_iter().flatten().for_each(|b| put(b, &mut lines));
    lines.retain(|l| !l.is_empty());
    lines.join("\n")
}
