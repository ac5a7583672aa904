//! The self-contained HTML page: one file to open, to search and to print.

use minijinja::value::Serde;
use minijinja::{Environment, context};

use super::Report;

/// The page of a report.
pub fn page(report: &Report) -> String {
    let mut env = Environment::new();
    env.add_filter("thousands", |n: i64| crate::report::page::thousands(n));
    env.add_filter("percent", |p: f64| format!("{p:.1} %").replace('.', ","));
    env.add_template("page.html", include_str!("page.html.jinja")).expect("the template is part of the program");
    let template = env.get_template("page.html").expect("the template was just added");
    template.render(context! { report => Serde(report) }).expect("a report has all that the template asks for")
}

/// `1 234 567`, with narrow spaces.
fn thousands(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let grouped: Vec<String> =
        digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    format!("{}{}", if n < 0 { "−" } else { "" }, grouped.join("\u{202f}"))
}
