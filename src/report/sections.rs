//! The answers of other commands as sections of the page, in their own words.

use serde::Serialize;

use super::{Answer, Texts};
use crate::diagnose::{Diagnosis, heads};
use crate::lang;
use crate::replan::simulate::{Outlook, Simulation};
use crate::replan::{Changes, PersonChanges};
use crate::schedule::Left;

/// A section of the page.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    /// What links to it.
    id: String,
    title: &'static str,
    /// Whether it is printed apart: to telephone from.
    apart: bool,
    blocks: Vec<Block>,
}

/// A part of a section.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Block {
    Head {
        text: String,
    },
    Text {
        text: String,
    },
    List {
        items: Vec<String>,
    },
    /// Of numbers or of words.
    Table {
        head: Vec<String>,
        rows: Vec<Vec<String>>,
        numbers: bool,
    },
}

use Block::{Head, List, Table, Text};

pub(super) fn sections(answers: &[Answer], texts: &Texts) -> Vec<Section> {
    let section = |(i, answer): (usize, &Answer)| {
        let (name, title, blocks) = match answer {
            Answer::Diagnosis { found, .. } => ("diagnosis", texts.diagnosis, diagnosis(found)),
            Answer::Simulation { found, .. } => ("simulation", texts.simulation, simulation(found)),
            Answer::Changes { changes, unscheduled, remarks, .. } => {
                ("changes", texts.changes, told(changes, unscheduled, remarks, texts))
            }
        };
        Section { id: format!("{name}-{i}"), title, apart: name == "changes", blocks }
    };
    lang::within(texts.lang, || answers.iter().enumerate().map(section).collect())
}

fn diagnosis(found: &Diagnosis) -> Vec<Block> {
    let mut blocks = vec![Text { text: found.summary.clone() }];
    let mut list = |head: String, items: Vec<String>| {
        if !items.is_empty() {
            blocks.extend([Head { text: head }, List { items }]);
        }
    };
    list(heads::hopeless(), found.hopeless.iter().map(|h| h.text()).collect());
    list(heads::remarks(), found.remarks.clone());
    let note = |irreducible: bool| if irreducible { String::new() } else { format!(" {}", heads::not_reduced()) };
    list(heads::conflicts(), found.conflicts.iter().map(|c| c.text.clone() + &note(c.irreducible)).collect());
    list(heads::remedies(), found.remedies.iter().map(|r| r.priced()).collect());
    if found.stopped {
        blocks.push(Text { text: heads::stopped() });
    }
    blocks
}

fn simulation(found: &Simulation) -> Vec<Block> {
    let mut blocks = vec![Text { text: found.intro() }];
    if !found.outlooks.is_empty() {
        let rows = found.outlooks.iter().map(|o| o.cells().to_vec()).collect();
        blocks.push(Table { head: Outlook::columns().to_vec(), rows, numbers: true });
        blocks.push(Text { text: Simulation::note() });
    }
    blocks.push(Text { text: found.points_head() });
    if !found.points.is_empty() {
        blocks.push(List { items: found.points.iter().take(POINTS).map(|p| p.text()).collect() });
    }
    blocks
}

/// How many people whose absence costs something are named.
const POINTS: usize = 30;

fn told(changes: &Changes, unscheduled: &[Left], remarks: &[String], texts: &Texts) -> Vec<Block> {
    let closing = texts.closing;
    let mut blocks = Vec::new();
    let events: Vec<String> =
        changes.events.iter().map(|e| format!("{}{closing}{} ({})", e.name, e.text, e.effect())).collect();
    if !events.is_empty() {
        blocks.push(List { items: events });
    }
    let (call, know) = changes.to_tell();
    let examiners: Vec<&PersonChanges> = changes.examiners.iter().collect();
    for (head, people) in changes.heads().into_iter().zip([call, examiners, know]) {
        blocks.push(Head { text: head });
        let line = |p: &&PersonChanges| {
            let who = p.who();
            let own = p.changes.iter();
            own.map(|c| vec![who.clone(), texts.short_date(c.date), c.message.clone(), c.because.clone()])
                .collect::<Vec<_>>()
        };
        let rows: Vec<Vec<String>> = people.iter().flat_map(line).collect();
        if !rows.is_empty() {
            let head = [texts.person, texts.date, texts.what_changes, texts.why].map(String::from).to_vec();
            blocks.push(Table { head, rows, numbers: false });
        }
    }
    let left = unscheduled.iter().map(|l| format!("{} {}{closing}{}", l.candidate, l.exam, l.reason));
    let left: Vec<String> = left.collect();
    if !left.is_empty() {
        blocks.extend([Head { text: texts.left_unscheduled.into() }, List { items: left }]);
    }
    if !remarks.is_empty() {
        blocks.push(List { items: remarks.iter().map(|r| format!("{}{closing}{r}", texts.remark)).collect() });
    }
    blocks
}
