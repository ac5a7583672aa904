//! `oraux rules`: the regulation, the hard rules and the cost terms, each with its source.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use super::{Failure, print, thousands};
use crate::instance::{Instance, Weights};
use crate::regulation::{FileRule, Regulation, SHIPPED};
use crate::rules::{RULES, TERMS};
use crate::tr;

/// Show the regulation, the rules and the cost terms, with the paragraph that each comes from
#[derive(clap::Args)]
pub struct Rules {
    /// Show the regulation and the weights of this instance instead of the shipped ones
    instance: Option<PathBuf>,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

impl Rules {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let (regulation, weights) = match self.instance {
            Some(path) => {
                let instance = Instance::read(&path)?;
                (instance.regulation, instance.weights)
            }
            None => {
                let raw = Regulation::shipped(SHIPPED[0].0).expect("the first shipped regulation is shipped");
                (Regulation::resolve(&raw, "regulation")?, Weights::default())
            }
        };
        print(&if self.json { json(&regulation, &weights) } else { text(&regulation, &weights) });
        Ok(ExitCode::SUCCESS)
    }
}

fn json(regulation: &Regulation, weights: &Weights) -> String {
    let rules: Vec<_> = RULES
        .iter()
        .map(|r| serde_json::json!({"rule": r.name, "summary": (r.summary)(), "source": (r.source)()}))
        .collect();
    let terms: Vec<_> = TERMS
        .iter()
        .map(|t| {
            serde_json::json!({
                "term": t.name, "summary": (t.summary)(), "source": (t.source)(), "weight": (t.weight)(weights)
            })
        })
        .collect();
    let page = serde_json::json!({"regulation": regulation.id, "rules": rules, "terms": terms});
    serde_json::to_string_pretty(&page).expect("a list of rules is always JSON") + "\n"
}

fn text(regulation: &Regulation, weights: &Weights) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{} - {}\n{}\n", regulation.id, regulation.title, regulation.source);
    let head = [
        tr!("exam", "épreuve"),
        tr!("prep.", "prép."),
        tr!("min", "min"),
        tr!("then", "puis"),
        "commission".into(),
        tr!("file", "dossier"),
        tr!("source", "source"),
    ];
    let _ = writeln!(
        out,
        "{:<11} {:>5} {:>4} {:>4}  {:<27} {:<11} {}",
        head[0], head[1], head[2], head[3], head[4], head[5], head[6]
    );
    for exam in regulation.exams.iter() {
        let file = match exam.file {
            FileRule::None => "-".to_string(),
            FileRule::Controlled => tr!("controlled", "contrôlé"),
            FileRule::Presented => tr!("presented", "présenté"),
        };
        let lead = exam.follows.map(|l| {
            let lead = &regulation.exams[l].id;
            tr!(" (follows {lead})", " (suit {lead})")
        });
        let _ = writeln!(
            out,
            "{:<11} {:>5} {:>4} {:>4}  {:<27} {:<11} {}{}",
            exam.id,
            exam.preparation,
            exam.duration,
            exam.turnaround,
            regulation.commissions[exam.commission].id,
            file,
            exam.source,
            lead.unwrap_or_default()
        );
    }
    let _ = writeln!(out);
    for commission in regulation.commissions.iter() {
        let _ = writeln!(out, "{}", commission.id);
        for seat in &commission.seats {
            let kind = if seat.required { tr!("required", "obligatoire") } else { tr!("optional", "facultatif") };
            let prefers = if seat.prefers.is_empty() {
                String::new()
            } else {
                let list = seat.prefers.join(", ");
                tr!("; preferably {list}", " ; de préférence {list}")
            };
            let _ = writeln!(out, "  {:<4} {}, {kind}{prefers}", seat.id, seat.needs());
        }
    }
    let _ = writeln!(out, "\n{}", tr!("Hard rules", "Règles impératives"));
    for rule in RULES {
        let _ = writeln!(out, "  {:<20} {}\n  {:<20} [{}]", rule.name, (rule.summary)(), "", (rule.source)());
    }
    let _ = writeln!(
        out,
        "\n{}",
        tr!("Cost terms (weight: what a unit costs)", "Postes de coût (poids : ce que coûte une unité)")
    );
    for term in TERMS.iter() {
        let weight = thousands(i64::from((term.weight)(weights)));
        let _ = writeln!(
            out,
            "  {:<20} {:>8}  {}\n  {:<20} {:>8}  [{}]",
            term.name,
            weight,
            (term.summary)(),
            "",
            "",
            (term.source)()
        );
    }
    out
}
