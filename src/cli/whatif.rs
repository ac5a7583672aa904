//! `oraux whatif`: what if the instance were another? Two plans side by side.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use super::explain::pretty;
use super::solve::seconds;
use super::wrap::wrapped;
use super::{Failure, effort, paths, print, thousands, writable};
use crate::fault::Fault;
use crate::instance::Instance;
use crate::schedule::Schedule;
use crate::whatif::compare::{Figures, figures, moved, term_changes};
use crate::whatif::edit::{Edit, edited};
use crate::whatif::{Both, Planned, both};
use crate::{output, tr};

/// Plan an instance as it is and as it might be, and compare the two
#[derive(clap::Args)]
pub struct WhatIf {
    /// The instance
    instance: PathBuf,
    /// Another value of a field: policy.orals_a_day=4 (in a list, the id is a step: centres.ID.open)
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Without this centre
    #[arg(long, value_name = "ID")]
    drop_centre: Vec<String>,
    /// Without this examiner
    #[arg(long, value_name = "ID")]
    drop_examiner: Vec<String>,
    /// One more examiner: STI+CCST@2024-06-04,2024-06-05 (all dates if none is named)
    #[arg(long, value_name = "QUALIFICATIONS@DATES")]
    add_examiner: Vec<String>,
    /// Start from this schedule
    #[arg(long, value_name = "SCHEDULE")]
    from: Option<PathBuf>,
    /// Where the schedule of the changed instance goes
    #[arg(short, long, value_name = "SCHEDULE")]
    output: Option<PathBuf>,
    /// Where the changed instance goes
    #[arg(long, value_name = "INSTANCE")]
    output_instance: Option<PathBuf>,
    /// Seconds for each of the two plans
    #[arg(long, value_name = "SECONDS", default_value_t = 20.0, value_parser = seconds)]
    time: f64,
    /// Tries of moves for each plan, in place of --time: the same number gives the same answer
    ///
    /// What is proven has its share of them as steps of the solver over 10,000 coefficients each.
    #[arg(long, value_name = "N", conflicts_with = "time")]
    iterations: Option<u64>,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

impl WhatIf {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let instance = Instance::read(&self.instance)?;
        let edits = self.edits()?;
        if edits.is_empty() {
            let message = tr!(
                "nothing is changed; give at least one of --set, --drop-centre, --drop-examiner, --add-examiner",
                "rien n'est changé ; donnez au moins l'un de --set, --drop-centre, --drop-examiner, --add-examiner"
            );
            return Err(Failure::Input(vec![Fault::new("", message)]));
        }
        let changed = edited(&instance, &edits)?;
        let from = self.from.as_deref().map(Schedule::read).transpose()?;
        let outputs = [self.output.as_ref(), self.output_instance.as_ref()];
        writable(&paths(&outputs), &paths(&[Some(&self.instance), self.from.as_ref()]))?;
        let effort = effort(self.time, self.iterations);
        let found = both(&instance, &changed, from.as_ref(), &effort).map_err(Failure::NoResult)?;
        let Both { before, after, stopped, .. } = &found;
        let of = |plan: &Planned, at_least| figures(&plan.schedule, &plan.cost, plan.unscheduled, Some(at_least));
        let (one, two) = (of(before, found.before_at_least), of(after, found.after_at_least));
        if let Some(path) = &self.output {
            after.schedule.write(path).map_err(|e| Failure::unwritable(path, &e))?;
        }
        if let Some(path) = &self.output_instance {
            let bytes = changed.raw.to_bytes(path);
            output::write(path, &bytes).map_err(|e| Failure::unwritable(path, &e))?;
        }
        let moved = moved(&before.schedule, &after.schedule);
        let terms = term_changes(&before.cost, &after.cost);
        if self.json {
            let edits: Vec<String> = edits.iter().map(Edit::text).collect();
            print(&pretty(&json!({
                "edits": edits, "before": one, "after": two, "terms": terms, "moved": moved, "stopped": stopped
            })));
            return Ok(ExitCode::SUCCESS);
        }
        let mut out = String::new();
        if *stopped {
            out += &wrapped(
                "",
                &tr!(
                    "Stopped: the plans and bounds are what there was by then.",
                    "Interrompu : plannings et bornes en l'état à ce moment-là."
                ),
            );
        }
        for edit in &edits {
            out += &wrapped("", &tr!("What if: {}", "Et si : {}", edit.text()));
        }
        out += &table(&one, &two);
        out.push('\n');
        for t in &terms {
            let _ = writeln!(
                out,
                "{:<24}{:>14}{:>14}{:>14}",
                t.term,
                thousands(t.before),
                thousands(t.after),
                signed(t.after - t.before)
            );
        }
        let mut people: Vec<&str> = moved.iter().map(|m| m.candidate.as_str()).collect();
        people.dedup();
        let (orals, people) = (moved.len(), people.len());
        let text = tr!(
            "{people} candidates are heard at another date, hour, centre or room ({orals} orals); part of that is the search's own.",
            "{people} candidats changent de date, d'heure, de centre ou de salle ({orals} oraux) ; une part en revient à la recherche elle-même."
        );
        out += &format!("\n{}", wrapped("", &text));
        print(&out);
        Ok(ExitCode::SUCCESS)
    }

    fn edits(&self) -> Result<Vec<Edit>, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut edits = Vec::new();
        let read = self.set.iter().map(|t| Edit::set(t)).chain(self.add_examiner.iter().map(|t| Edit::examiner(t)));
        for edit in read {
            match edit {
                Ok(edit) => edits.push(edit),
                Err(fault) => faults.push(fault),
            }
        }
        edits.extend(self.drop_centre.iter().map(|centre| Edit::DropCentre { centre: centre.clone() }));
        edits.extend(self.drop_examiner.iter().map(|examiner| Edit::DropExaminer { examiner: examiner.clone() }));
        if faults.is_empty() { Ok(edits) } else { Err(faults) }
    }
}

fn signed(n: i64) -> String {
    if n > 0 { format!("+{}", thousands(n)) } else { thousands(n) }
}

fn table(before: &Figures, after: &Figures) -> String {
    let rows = [
        (tr!("cost", "coût"), before.cost, after.cost),
        (tr!("proven bound", "borne prouvée"), before.bound.unwrap_or(0), after.bound.unwrap_or(0)),
        (tr!("orals without sitting", "oraux sans passage"), before.unscheduled as i64, after.unscheduled as i64),
        (tr!("sittings", "passages"), before.sittings as i64, after.sittings as i64),
        (tr!("examiners convened", "interrogateurs"), before.examiners as i64, after.examiners as i64),
        (tr!("their days", "leurs journées"), before.examiner_days, after.examiner_days),
        (tr!("their kilometres", "leurs kilomètres"), before.examiner_km, after.examiner_km),
        (tr!("candidates' kilometres", "km des candidats"), before.candidate_km, after.candidate_km),
        (tr!("days of centres", "journées de centre"), before.centre_days, after.centre_days),
    ];
    let mut out = format!("{:<24}{:>14}{:>14}\n", "", tr!("as it is", "tel quel"), tr!("changed", "modifié"));
    for (name, one, two) in rows {
        let _ = writeln!(out, "{name:<24}{:>14}{:>14}{:>14}", thousands(one), thousands(two), signed(two - one));
    }
    out
}
