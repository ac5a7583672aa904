//! The self-contained HTML page: one file to open, to search and to print.

use chrono::NaiveDate;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, context};

use super::picture::{class, pictures};
use super::texts::thousands;
use super::{Report, Texts};
use crate::lang;

/// The page of a report, printed on that date.
pub fn page(report: &Report, texts: &'static Texts, printed: NaiveDate) -> String {
    let date = |text: &str| NaiveDate::parse_from_str(text, "%F").unwrap_or_default();
    let mut env = Environment::new();
    env.add_filter("thousands", thousands);
    env.add_filter("percent", |p: f64| lang::within(texts.lang, || format!("{}\u{a0}%", lang::decimal(p, 1))));
    env.add_filter("long_date", move |d: String| texts.long_date(date(&d)));
    env.add_filter("short_date", move |d: String| texts.short_date(date(&d)));
    env.add_filter("many", |text: String, n: i64| texts.many(&text, n));
    env.add_filter("reason", |reason: String| texts.reason(&reason).to_string());
    env.add_filter("provenance", |key: String| texts.provenance(&key).to_string());
    env.add_filter("exam_class", |exam: Option<usize>| class(exam));
    env.add_filter("fill", |text: String, name: String, value: Value| {
        text.replace(&format!("{{{name}}}"), &value.to_string())
    });
    env.add_template("page.html", include_str!("page.html.jinja")).expect("the template is part of the program");
    let template = env.get_template("page.html").expect("the template was just added");
    let drawn: Vec<Vec<String>> = report.days.iter().map(|day| pictures(day, texts)).collect();
    template
        .render(context! {
            r => Serde(report),
            t => Serde(texts),
            pictures => drawn,
            printed => printed.to_string(),
            style => include_str!("page.css"),
            script => include_str!("page.js"),
        })
        .expect("a report has all that the template asks for")
}
