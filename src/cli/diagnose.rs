//! `oraux diagnose`: before any solving, is it feasible, what is scarce, what would help?

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use super::explain::pretty;
use super::solve::seconds;
use super::wrap::wrapped;
use super::{Failure, effort, print};
use crate::diagnose::{Diagnosis, Need, diagnose, heads, scarcity};
use crate::instance::Instance;
use crate::report::Answer;
use crate::tr;

/// Say before any solving whether every due oral can have a sitting, what is scarce and what would help
#[derive(clap::Args)]
pub struct Diagnose {
    /// The instance
    instance: PathBuf,
    /// Seconds in all; without --remedies scarcity takes a few
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0, value_parser = seconds)]
    time: f64,
    /// Tries of moves for each plan, in place of --time: the same number gives the same answer
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
        let diagnosis = diagnose(&instance, &effort, self.remedies).map_err(Failure::NoResult)?;
        print(&if self.json {
            pretty(&Answer::Diagnosis { instance: instance.name, found: diagnosis })
        } else {
            text(&instance, &diagnosis)
        });
        Ok(ExitCode::SUCCESS)
    }
}

/// How many needs are told with their half-days.
const TOLD: usize = 12;

fn text(instance: &Instance, diagnosis: &Diagnosis) -> String {
    let mut out = wrapped("", &diagnosis.summary);
    for hopeless in &diagnosis.hopeless {
        out += &wrapped("  - ", &hopeless.text());
    }
    let _ = writeln!(out, "\n{}", scarcity::heads().0);
    let [what, orals, needs, has, used] = scarcity::columns();
    let _ = writeln!(out, "  {what:<52} {orals:>6} {needs:>9} {has:>9} {used:>6}");
    for need in diagnosis.needs.iter().take(TOLD) {
        let name: String = need.name.chars().take(52).collect();
        let (needed, available) = need.hours();
        let _ =
            writeln!(out, "  {name:<52} {:>6} {needed:>9} {available:>9} {:>4.0} %", need.orals, 100.0 * need.ratio());
    }
    out += &calendar(instance, &diagnosis.needs);
    if !diagnosis.conflicts.is_empty() {
        out += &format!("\n{}", wrapped("", &heads::conflicts()));
    }
    for conflict in &diagnosis.conflicts {
        out += &wrapped("  - ", &conflict.text);
        if !conflict.irreducible {
            out += &wrapped("    ", &heads::not_reduced());
        }
    }
    if !diagnosis.remedies.is_empty() {
        out += &format!("\n{}", wrapped("", &heads::remedies()));
    }
    for remedy in &diagnosis.remedies {
        out += &wrapped("  - ", &remedy.priced());
    }
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
