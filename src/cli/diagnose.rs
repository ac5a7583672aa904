//! `oraux diagnose`: before any solving, is it feasible, what is scarce, what would help?

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use super::explain::pretty;
use super::solve::seconds;
use super::wrap::wrapped;
use super::{Failure, effort, print, progress};
use crate::diagnose::{Diagnosis, Need, Stage, diagnose, heads, scarcity};
use crate::instance::Instance;
use crate::report::Answer;
use crate::tr;

/// Say before any solving whether every due oral can have a sitting, what is scarce and what would help
#[derive(clap::Args)]
pub struct Diagnose {
    /// The instance
    instance: PathBuf,
    /// Seconds in all; what is scarce is told at once
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0, value_parser = seconds)]
    time: f64,
    /// Tries of moves for each plan, in place of --time: the same number gives the same answer
    ///
    /// What is proven has its share of them as steps of the solver over 10,000 coefficients each.
    #[arg(long, value_name = "N", conflicts_with = "time")]
    iterations: Option<u64>,
    /// How many remedies are priced, each by a plan made for it (0: none)
    #[arg(long, value_name = "N", default_value_t = 4)]
    remedies: usize,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

impl Diagnose {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let instance = Instance::read(&self.instance)?;
        let effort = effort(self.time, self.iterations);
        let mut tell = |stage: Stage, known: &Diagnosis| {
            let (name, share) = match stage {
                Stage::Scarcity => ("scarcity", 0.0),
                Stage::Verdict => ("verdict", 0.5),
                Stage::Remedies => ("remedies", 1.0),
            };
            progress::tell(progress::Now { stage: name, share: Some(share), ..progress::Now::default() });
            if !self.json {
                print(&text(&instance, stage, known));
            }
        };
        let diagnosis = diagnose(&instance, &effort, self.remedies, &mut tell).map_err(Failure::NoResult)?;
        if self.json {
            print(&pretty(&Answer::Diagnosis { instance: instance.name, found: diagnosis }));
        } else if diagnosis.stopped {
            print(&format!("\n{}", wrapped("", &heads::stopped())));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// How many needs are told with their half-days.
const TOLD: usize = 12;

/// What a stage has brought: whoever asks what is scarce need not wait for the rest.
fn text(instance: &Instance, stage: Stage, known: &Diagnosis) -> String {
    match stage {
        Stage::Scarcity => scarce(instance, known),
        Stage::Verdict => {
            let mut out = format!("\n{}", wrapped("", &known.summary));
            if !known.conflicts.is_empty() {
                out += &format!("\n{}", wrapped("", &heads::conflicts()));
            }
            for conflict in &known.conflicts {
                out += &wrapped("  - ", &conflict.text);
                if !conflict.irreducible {
                    out += &wrapped("    ", &heads::not_reduced());
                }
            }
            out
        }
        Stage::Remedies if known.remedies.is_empty() => String::new(),
        Stage::Remedies => {
            let told = known.remedies.iter().map(|r| wrapped("  - ", &r.priced()));
            format!("\n{}{}", wrapped("", &heads::remedies()), told.collect::<String>())
        }
    }
}

fn scarce(instance: &Instance, known: &Diagnosis) -> String {
    let mut out = String::new();
    if !known.hopeless.is_empty() {
        out += &format!("{}\n", heads::hopeless());
    }
    for hopeless in &known.hopeless {
        out += &wrapped("  - ", &hopeless.text());
    }
    if !known.hopeless.is_empty() {
        out.push('\n');
    }
    if !known.remarks.is_empty() {
        let told = known.remarks.iter().map(|remark| wrapped("  - ", remark));
        out += &format!("{}\n{}\n", heads::remarks(), told.collect::<String>());
    }
    let _ = writeln!(out, "{}", scarcity::heads().0);
    let [what, orals, needs, has, used] = scarcity::columns();
    let _ = writeln!(out, "  {what:<52} {orals:>6} {needs:>9} {has:>9} {used:>6}");
    for need in known.needs.iter().take(TOLD) {
        let name: String = need.name.chars().take(52).collect();
        let (needed, available) = need.hours();
        let _ = writeln!(out, "  {name:<52} {:>6} {needed:>9} {available:>9} {:>6}", need.orals, need.used());
    }
    out += &calendar(instance, &known.needs);
    out
}

/// How many people, rooms or seats there are, half-day by half-day.
fn calendar(instance: &Instance, needs: &[Need]) -> String {
    let mut out = format!("\n{}", wrapped("", &scarcity::heads().1));
    let halves = instance.half_days.len();
    // As many dates as fit in a line; the rest is in the JSON.
    let dates: Vec<_> = instance.dates.iter().take(9.min(18 / halves.max(1))).collect();
    let mut line = format!("  {:<36} {:>5} ", "", tr!("need", "besoin"));
    for date in &dates {
        let _ = write!(line, "{:>width$}", date.format("%d/%m"), width = 3 * halves.max(2));
    }
    out += line.trim_end();
    out.push('\n');
    for need in needs.iter().filter(|n| n.orals > 0).take(6) {
        let name: String = need.name.chars().take(36).collect();
        let mut line = format!("  {name:<36} {:>5.1} ", need.average(instance));
        for date in &dates {
            let counts = need.supply.iter().filter(|s| s.date == **date).map(|s| format!("{:>3}", s.count));
            let counts: String = counts.collect();
            let _ = write!(line, "{counts:>width$}", width = 3 * halves.max(2));
        }
        out += line.trim_end();
        out.push('\n');
    }
    out
}
