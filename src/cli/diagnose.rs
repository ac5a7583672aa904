//! `oraux diagnose`: before any solving, is it feasible, what is scarce, what would help?

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use super::explain::pretty;
use super::solve::seconds;
use super::wrap::wrapped;
use super::{Failure, effort, print};
use crate::diagnose::{Diagnosis, Need, diagnose};
use crate::instance::Instance;
use crate::tr;

/// Say before any solving whether every due oral can have a sitting, what is scarce and what would help
#[derive(clap::Args)]
pub struct Diagnose {
    /// The instance
    instance: PathBuf,
    /// Seconds in all; without --remedies scarcity takes a few
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0, value_parser = seconds)]
    time: f64,
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
        let effort = effort(self.time);
        let diagnosis = diagnose(&instance, &effort, self.remedies).map_err(Failure::NoResult)?;
        print(&if self.json { pretty(&diagnosis) } else { text(&instance, &diagnosis) });
        Ok(ExitCode::SUCCESS)
    }
}

/// How many needs are told with their half-days.
const TOLD: usize = 12;

fn text(instance: &Instance, diagnosis: &Diagnosis) -> String {
    let mut out = wrapped("", &diagnosis.summary);
    for hopeless in &diagnosis.hopeless {
        out += &wrapped("  - ", &format!("{}: {} [{}]", hopeless.oral, hopeless.message, hopeless.rule));
    }
    let head = tr!("Need against supply, the scarcest first", "Besoins et moyens, du plus rare au moins rare");
    let _ = writeln!(out, "\n{head}");
    let _ = writeln!(
        out,
        "  {:<52} {:>6} {:>9} {:>9} {:>6}",
        tr!("what", "quoi"),
        tr!("orals", "oraux"),
        tr!("needs h", "besoin h"),
        tr!("has h", "dispo h"),
        tr!("used", "part")
    );
    for need in diagnosis.needs.iter().take(TOLD) {
        let hours = |minutes: i64| (minutes + 30) / 60;
        let name: String = need.name.chars().take(52).collect();
        let _ = writeln!(
            out,
            "  {name:<52} {:>6} {:>9} {:>9} {:>4.0} %",
            need.orals,
            hours(need.needed),
            hours(need.available),
            100.0 * need.ratio()
        );
    }
    out += &calendar(instance, &diagnosis.needs);
    if !diagnosis.conflicts.is_empty() {
        let head = tr!(
            "What cannot be met together (without any one of these orals the rest can, for the relaxed model)",
            "Ce qui ne peut pas aller ensemble (sans l'un quelconque de ces oraux, le reste va, pour le modèle relâché)"
        );
        out += &format!("\n{}", wrapped("", &head));
    }
    for conflict in &diagnosis.conflicts {
        out += &wrapped("  - ", &conflict.text);
        if !conflict.irreducible {
            let note =
                tr!("(the time ran out: a smaller set may do)", "(temps écoulé : un ensemble plus petit peut suffire)");
            out += &wrapped("    ", &note);
        }
    }
    if !diagnosis.remedies.is_empty() {
        let head = tr!(
            "What would help (each planned anew for as long as without it)",
            "Ce qui aiderait (chaque fois replanifié, aussi longtemps que sans cela)"
        );
        out += &format!("\n{}", wrapped("", &head));
    }
    for remedy in &diagnosis.remedies {
        out += &wrapped("  - ", &format!("{}: {}", remedy.text, remedy.buys));
    }
    out
}

/// How many people, rooms or seats there are, half-day by half-day.
fn calendar(instance: &Instance, needs: &[Need]) -> String {
    let head = tr!(
        "How many there are in each half-day (of the scarcest; need: on average, in each)",
        "Combien il y en a par demi-journée (des plus rares ; besoin : en moyenne, par demi-journée)"
    );
    let mut out = format!("\n{}", wrapped("", &head));
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
        let whole: i64 = instance.half_days.iter().map(|h| i64::from(h.minutes())).sum::<i64>() / halves.max(1) as i64;
        let used: usize = need.supply.iter().filter(|s| s.minutes > 0).count();
        let average = need.needed as f64 / (whole.max(1) * used.max(1) as i64) as f64;
        let mut line = format!("  {name:<36} {average:>5.1} ");
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
