//! `oraux report`: one self-contained page to look at, to search and to print.

use std::path::PathBuf;
use std::process::ExitCode;

use super::{Failure, paths, print, read_both, writable};
use crate::report::{Answer, FRENCH, Report, page};
use crate::schedule::Schedule;
use crate::{output, tr};

/// Write a self-contained HTML page of a schedule, in French, to look at, search and print
#[derive(clap::Args)]
pub struct ReportPage {
    /// The instance
    instance: PathBuf,
    /// The schedule
    schedule: PathBuf,
    /// Where the page goes
    #[arg(short, long, value_name = "PAGE.html")]
    output: PathBuf,
    /// The published schedule that this one re-plans
    #[arg(long, value_name = "SCHEDULE")]
    baseline: Option<PathBuf>,
    /// Show this too: what diagnose, simulate or replan printed with --json (may be given several times)
    #[arg(long, value_name = "ANSWER")]
    with: Vec<PathBuf>,
}

impl ReportPage {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let (instance, schedule) = read_both(&self.instance, &self.schedule)?;
        let baseline = self.baseline.as_deref().map(Schedule::read).transpose()?;
        let (mut answers, mut faults) = (Vec::new(), Vec::new());
        for path in &self.with {
            match Answer::read(path, &instance.name) {
                Ok(answer) => answers.push(answer),
                Err(fault) => faults.push(fault),
            }
        }
        if !faults.is_empty() {
            return Err(faults.into());
        }
        let inputs = [Some(&self.instance), Some(&self.schedule), self.baseline.as_ref()];
        writable(&[&self.output], &[paths(&inputs), self.with.iter().map(|p| p.as_path()).collect()].concat())?;
        let report = Report { answers, ..Report::new(&instance, &schedule, baseline.as_ref(), &FRENCH) };
        let today = chrono::Local::now().date_naive();
        output::write(&self.output, page::page(&report, &FRENCH, today).as_bytes())
            .map_err(|e| Failure::unwritable(&self.output, &e))?;
        let path = self.output.display();
        print(&(tr!("open {path} in a browser", "ouvrez {path} dans un navigateur") + "\n"));
        Ok(ExitCode::SUCCESS)
    }
}
