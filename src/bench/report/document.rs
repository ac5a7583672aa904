//! A text with tables and pictures, written once and put out as Markdown and as a page.

use minijinja::value::Serde;
use minijinja::{Environment, context};
use serde::Serialize;

use super::plot::Plot;
use crate::tr;

/// A part of the text.
pub enum Block {
    /// A heading of level 2 or 3.
    Heading(u8, String),
    /// A paragraph.
    Text(String),
    /// What must not be overlooked.
    Error(String),
    /// Rows under a head; all but the first column are figures unless `words`.
    Table {
        /// The names of the columns.
        head: Vec<String>,
        /// The rows.
        rows: Vec<Vec<String>>,
        /// Whether the cells are words, not figures.
        words: bool,
    },
    /// A picture, on the page only.
    Figure(Plot),
}

/// The whole.
pub struct Document {
    /// Its title.
    pub title: String,
    /// Its parts.
    pub blocks: Vec<Block>,
}

#[derive(Serialize)]
struct Part<'a> {
    kind: &'static str,
    level: u8,
    text: &'a str,
    head: &'a [String],
    rows: &'a [Vec<String>],
    words: bool,
    svg: String,
    legend: Vec<(usize, &'a str)>,
}

impl Document {
    /// As Markdown, without the pictures.
    pub fn markdown(&self) -> String {
        let mut out = format!("# {}\n", self.title);
        for block in &self.blocks {
            match block {
                Block::Heading(level, text) => out += &format!("\n{} {text}\n", "#".repeat((*level).into())),
                Block::Text(text) => out += &format!("\n{text}\n"),
                Block::Error(text) => {
                    let error = tr!("**ERROR, not a result**: {text}", "**ERREUR, pas un résultat** : {text}");
                    out += &format!("\n{error}\n");
                }
                Block::Table { head, rows, words } => {
                    out += &format!("\n{}", markdown_table(head, rows, *words));
                }
                Block::Figure(plot) => {
                    let title = &plot.title;
                    let see = tr!("plotted in `report.html`", "tracé dans `report.html`");
                    out += &format!("\n*{title}* ({see})\n");
                }
            }
        }
        out
    }

    /// As one self-contained page.
    pub fn page(&self) -> String {
        let mut env = Environment::new();
        env.add_template("page.html", include_str!("page.html.jinja")).expect("the template is part of the program");
        let template = env.get_template("page.html").expect("the template was just added");
        let parts: Vec<Part> = self.blocks.iter().map(part).collect();
        let error = tr!("ERROR, not a result:", "ERREUR, pas un résultat :");
        let contents = tr!("Contents", "Sommaire");
        let lang = tr!("en", "fr");
        template
            .render(context! { title => &self.title, lang, contents, error, parts => Serde(&parts) })
            .expect("a document has all that the template asks for")
    }
}

fn part(block: &Block) -> Part<'_> {
    let mut part = Part {
        kind: "text",
        level: 0,
        text: "",
        head: &[],
        rows: &[],
        words: false,
        svg: String::new(),
        legend: Vec::new(),
    };
    match block {
        Block::Heading(level, text) => (part.kind, part.level, part.text) = ("heading", *level, text),
        Block::Text(text) => part.text = text,
        Block::Error(text) => (part.kind, part.text) = ("error", text),
        Block::Table { head, rows, words } => {
            (part.kind, part.head, part.rows, part.words) = ("table", head, rows, *words);
        }
        Block::Figure(plot) => {
            (part.kind, part.text, part.svg) = ("figure", &plot.title, plot.svg());
            part.legend = plot.lines.iter().map(|l| (l.style, l.label.as_str())).collect();
        }
    }
    part
}

/// A table as Markdown has it.
pub fn markdown_table(head: &[String], rows: &[Vec<String>], words: bool) -> String {
    let row = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|c| c.replace('|', "\\|")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let rule = |i: usize| if i == 0 || words { " --- |" } else { " ---: |" };
    let rules: String = (0..head.len()).map(rule).collect();
    let body: String = rows.iter().map(|r| row(r)).collect();
    format!("{}|{rules}\n{body}", row(head))
}
