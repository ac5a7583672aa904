//! `oraux simulate`: how a schedule stands up to absences.

use std::path::PathBuf;
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};

use super::explain::pretty;
use super::solve::available_threads;
use super::wrap::wrapped;
use super::{Failure, interrupted, print, progress};
use crate::check::check;
use crate::fault::Fault;
use crate::instance::Instance;
use crate::replan::simulate::{Asked, Outlook, Rates, Simulation, simulate};
use crate::report::Answer;
use crate::schedule::Schedule;
use crate::tr;

/// Draw absences and late arrivals, re-plan each morning, and say what becomes of the orals
#[derive(clap::Args)]
pub struct Simulate {
    /// The instance
    instance: PathBuf,
    /// The schedule
    schedule: PathBuf,
    /// How many times to draw the whole of it
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    runs: u32,
    /// Per cent of the people with that qualification who do not come on a date; * for everybody else [default: PRO=17.5 *=4]
    #[arg(long, value_name = "QUALIFICATION=PERCENT", value_parser = rate)]
    absent: Vec<(String, f64)>,
    /// Per cent of candidates who are 15 to 90 minutes late on a date
    #[arg(long, value_name = "PERCENT", default_value_t = 2.5, value_parser = percent)]
    late: f64,
    /// Try reserve lists of up to so many people for each profession, centre and date
    #[arg(long, value_name = "K", default_value_t = 2, value_parser = clap::value_parser!(u8).range(0..=9))]
    reserves: u8,
    /// Everything random follows from it
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads [default: as many as the machine has]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=512))]
    threads: Option<u16>,
    /// Print what was found as JSON
    #[arg(long)]
    json: bool,
}

/// How many points are told.
const TOLD: usize = 10;

pub(super) fn percent(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(p) if (0.0..=100.0).contains(&p) => Ok(p),
        _ => Err(tr!("a percentage from 0 to 100 is wanted", "il faut un pourcentage de 0 à 100")),
    }
}

fn rate(text: &str) -> Result<(String, f64), String> {
    match text.split_once('=') {
        Some((who, p)) if !who.is_empty() => Ok((who.to_string(), percent(p)?)),
        _ => Err(tr!(
            "a qualification and a percentage are wanted, as PRO=20",
            "il faut une compétence et un pourcentage : PRO=20"
        )),
    }
}

impl Simulate {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let instance = Instance::read(&self.instance)?;
        let schedule = Schedule::read(&self.schedule)?;
        if let Some(broken) = check(&instance, &schedule, None).violations.first() {
            let (rule, at, what) = (broken.rule, &broken.at, &broken.message);
            return Err(Failure::NoResult(tr!(
                "the schedule is not valid ({rule} at {at}: {what}); see oraux check",
                "le planning n'est pas valable ({rule}, {at} : {what}) ; voir oraux check"
            )));
        }
        let mut rates = Rates { late: self.late / 100.0, ..Rates::default() };
        for (who, p) in &self.absent {
            let known = who == "*" || instance.examiners.iter().any(|x| x.qualifications.contains(who));
            if !known {
                let all: std::collections::BTreeSet<&String> =
                    instance.examiners.iter().flat_map(|x| &x.qualifications).collect();
                return Err(vec![Fault::unknown("--absent", "qualification", who, all)].into());
            }
            rates.absent.insert(who.clone(), p / 100.0);
        }
        let bar = ProgressBar::new(0);
        bar.set_style(ProgressStyle::with_template("{wide_bar} {pos}/{len} {eta}").expect("the template is constant"));
        let asked = Asked {
            runs: self.runs as usize,
            rates,
            reserves: usize::from(self.reserves),
            seed: self.seed,
            threads: self.threads.map_or_else(available_threads, usize::from),
            stop: interrupted(),
            watch: &|done, total| {
                bar.set_length(total as u64);
                bar.set_position(done as u64);
                let share = Some(done as f64 / total.max(1) as f64);
                progress::tell(progress::Now { stage: "runs", share, ..progress::Now::default() });
            },
        };
        let found = simulate(&instance, &schedule, &asked);
        bar.finish_and_clear();
        if self.json {
            let rates = asked.rates;
            print(&pretty(&Answer::Simulation { instance: instance.name, rates, seed: self.seed, found }));
        } else {
            print(&said(&found));
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn said(found: &Simulation) -> String {
    let line = |cells: [String; 8]| cells.map(|c| format!("{c:>11}")).concat() + "\n";
    let mut out = wrapped("", &found.intro());
    if !found.outlooks.is_empty() {
        out += &line(Outlook::columns());
        found.outlooks.iter().for_each(|o| out += &line(o.cells()));
        out += &wrapped("", &Simulation::note());
    }
    out += &wrapped("", &found.points_head());
    found.points.iter().take(TOLD).for_each(|p| out += &wrapped("  ", &p.text()));
    out
}
