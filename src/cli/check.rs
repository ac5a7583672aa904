//! `oraux check`: is the schedule valid, and what does it cost?

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use super::{Failure, print, read_both, thousands};
use crate::check::{Verdict, check};
use crate::schedule::Schedule;
use crate::tr;

/// Check a schedule against every rule and recompute its cost (exit 0 valid, 1 not valid, 2 bad input)
#[derive(clap::Args)]
pub struct Check {
    /// The instance
    instance: PathBuf,
    /// The schedule
    schedule: PathBuf,
    /// The published schedule that this one re-plans
    #[arg(long, value_name = "SCHEDULE")]
    baseline: Option<PathBuf>,
    /// Print the verdict as JSON
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let (instance, schedule) = read_both(&self.instance, &self.schedule)?;
        let baseline = self.baseline.as_deref().map(Schedule::read).transpose()?;
        let verdict = check(&instance, &schedule, baseline.as_ref());
        if self.json {
            print(&(serde_json::to_string_pretty(&verdict).expect("a verdict is always JSON") + "\n"));
        } else {
            print(&text(&verdict));
        }
        Ok(ExitCode::from(if verdict.valid { 0 } else { 1 }))
    }
}

fn text(verdict: &Verdict) -> String {
    let mut out = String::new();
    for v in &verdict.violations {
        let _ = writeln!(out, "{:<18} {}: {}", v.rule, v.at, v.message);
    }
    let broken = verdict.violations.len();
    let _ = match (verdict.valid, verdict.unscheduled) {
        (true, 0) => {
            writeln!(out, "{}", tr!("valid: every rule is obeyed", "valable : toutes les règles sont respectées"))
        }
        (true, 1) => writeln!(
            out,
            "{}",
            tr!("valid, but one due oral has no sitting", "valable, mais un oral dû n'a pas de passage")
        ),
        (true, n) => writeln!(
            out,
            "{}",
            tr!("valid, but {n} due orals have no sitting", "valable, mais {n} oraux dus n'ont pas de passage")
        ),
        (false, _) => writeln!(out, "{}", not_valid(broken)),
    };
    out.push_str(&cost_table(&verdict.cost));
    for remark in &verdict.remarks {
        let _ = writeln!(out, "{}", tr!("note: {remark}", "remarque : {remark}"));
    }
    out
}

/// How many rules a schedule breaks.
pub(crate) fn not_valid(broken: usize) -> String {
    match broken {
        1 => tr!("NOT VALID: one broken rule", "NON VALABLE : une règle enfreinte"),
        _ => tr!("NOT VALID: {broken} broken rules", "NON VALABLE : {broken} règles enfreintes"),
    }
}

/// The cost by term, biggest first.
pub(crate) fn cost_table(cost: &crate::schedule::Cost) -> String {
    let mut out = String::new();
    let mut terms: Vec<_> = cost.terms.iter().collect();
    terms.sort_by_key(|(name, t)| (std::cmp::Reverse(t.cost), name.as_str()));
    let _ = writeln!(out, "{:<22} {:>10} {:>12}", tr!("term", "poste"), tr!("units", "unités"), tr!("cost", "coût"));
    for (name, t) in terms {
        let _ = writeln!(out, "{name:<22} {:>10} {:>12}", thousands(t.units), thousands(t.cost));
    }
    let _ = writeln!(out, "{:<22} {:>10} {:>12}", "total", "", thousands(cost.total));
    out
}
