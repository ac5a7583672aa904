//! The self-contained HTML page: one file to open, to search and to print.

use std::collections::HashMap;

use chrono::NaiveDate;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, context, escape_formatter};
use serde::Serialize;

use super::picture::{class, pictures};
use super::sections::sections;
use super::texts::thousands;
use super::{Report, Texts};
use crate::diagnose::scarcity;
use crate::explain;
use crate::lang;
use crate::rules::RULES;

/// The page of a report, made on that date.
pub fn page(report: &Report, texts: &'static Texts, made: NaiveDate) -> String {
    let date = |text: &str| NaiveDate::parse_from_str(text, "%F").unwrap_or_default();
    let mut env = Environment::new();
    // Whatever a sentence of the program says reaches a reader as a reader writes it; what is safe is no sentence.
    env.set_formatter(|out, state, value| match value.as_str().filter(|_| !value.is_safe()) {
        Some(text) => escape_formatter(out, state, &Value::from(lang::readable(&unnamed(text)))),
        None => escape_formatter(out, state, value),
    });
    env.add_filter("thousands", thousands);
    env.add_filter("percent", |p: f64| lang::within(texts.lang, || format!("{}\u{a0}%", lang::decimal(p, 1))));
    env.add_filter("long_date", move |d: String| texts.long_date(date(&d)));
    env.add_filter("short_date", move |d: String| texts.short_date(date(&d)));
    env.add_filter("decimal", |n: f64| lang::within(texts.lang, || lang::decimal(n, 1)));
    env.add_filter("many", |text: String, n: i64| texts.many(&text, n));
    env.add_filter("reason", |reason: String| texts.reason(&reason).to_string());
    env.add_filter("room", |room: String| lang::room(texts.lang, &room));
    env.add_filter("capital", |text: String| lang::capital(&text));
    env.add_filter("provenance", |key: String| texts.provenance(&key).to_string());
    env.add_filter("exam_class", |exam: Option<usize>| class(exam));
    env.add_filter("fill", |text: String, name: String, value: Value| {
        text.replace(&format!("{{{name}}}"), &value.to_string())
    });
    let places = places(report);
    let numbers: HashMap<String, usize> = places.iter().enumerate().map(|(i, p)| (p.id.clone(), i)).collect();
    env.add_filter("day_id", |day: Value| -> Result<Value, minijinja::Error> {
        let (centre, date) = (day.get_attr("centre")?.get_attr("id")?, day.get_attr("date")?);
        let id = format!("j-{centre}-{date}").replace(|c: char| !c.is_alphanumeric() && c != '-', "_");
        Ok(Value::from_safe_string(id))
    });
    env.add_filter("place_ix", move |id: String| numbers.get(&id).copied());
    env.add_template("page.html", include_str!("page.html.jinja")).expect("the template is part of the program");
    let template = env.get_template("page.html").expect("the template was just added");
    let drawn: Vec<Vec<String>> = report.days.iter().map(|day| pictures(day, texts)).collect();
    template
        .render(context! {
            r => Serde(report),
            t => Serde(texts),
            pictures => drawn,
            sections => Serde(sections(&report.answers, texts)),
            heads => heads(texts),
            drivers => lang::within(texts.lang, || drivers(report)),
            made => made.to_string(),
            places => Serde(places),
            style => include_str!("page.css"),
            margin_left => css_text(&margin(report, texts)),
            margin_right => css_text(&texts.made_on.replace("{date}", &texts.long_date(made))),
            script => include_str!("page.js"),
        })
        .expect("a report has all that the template asks for")
}

/// The headings that the commands use too.
fn heads(texts: &Texts) -> Value {
    lang::within(texts.lang, || {
        let (needs, halves) = scarcity::heads();
        context! {
            binds => explain::heads::binds(),
            first_day => explain::heads::first_day(),
            other_dates => explain::heads::other_dates(),
            over_all_terms => explain::heads::over_all_terms(),
            needs, halves,
            needs_columns => scarcity::columns().to_vec(),
        }
    })
}

/// The dearest examiners, centres … over all terms, each with its heading.
fn drivers(report: &Report) -> Vec<Vec<String>> {
    let named = report.story.drivers.iter().filter(|d| !d.dearest.is_empty());
    named.map(|d| vec![explain::heads::dimension(d.by), d.named()]).collect()
}

/// What stands at the foot of every printed page: a plan that breaks rules says so on each.
fn margin(report: &Report, texts: &Texts) -> String {
    let title = texts.title.replace("{name}", &report.instance);
    if report.verdict.valid { title } else { texts.invalid_margin.replace("{title}", &title) }
}

/// A centre in use.
#[derive(Serialize)]
struct Place {
    id: String,
    name: String,
    /// The numbers of its days in the report.
    days: Vec<usize>,
}

/// The centres in use, in the order of the days.
fn places(report: &Report) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for (i, centre) in report.days.iter().map(|d| &d.centre).enumerate().filter(|(_, c)| !c.id.is_empty()) {
        if places.last().is_none_or(|p| p.id != centre.id) {
            let name = if centre.name.is_empty() { &centre.id } else { &centre.name }.clone();
            places.push(Place { id: centre.id.clone(), name, days: Vec::new() });
        }
        places.last_mut().expect("one was just added").days.push(i);
    }
    places
}

/// A text between quotes in a style sheet inside HTML: what could end either is written by its number.
fn css_text(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || " -–.,:'’".contains(c);
    let said: String =
        text.chars().map(|c| if plain(c) { c.to_string() } else { format!("\\{:x} ", u32::from(c)) }).collect();
    format!("\"{said}\"")
}

/// A sentence without the names of rules in brackets: `pas libre [examiner-available]` is `pas libre`.
fn unnamed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = [rest.find(" ["), rest.find(" (")].into_iter().flatten().min() {
        let close = if rest[at..].starts_with(" [") { ']' } else { ')' };
        let inner = rest[at + 2..].split_once(close).map_or("", |(inner, _)| inner);
        let names = !inner.is_empty() && inner.split(", ").all(|name| RULES.iter().any(|rule| rule.name == name));
        let kept = if names { at } else { at + 2 };
        out.push_str(&rest[..kept]);
        rest = &rest[if names { at + 3 + inner.len() } else { kept }..];
    }
    out + rest
}
