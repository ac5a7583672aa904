//! `oraux generate`: a realistic instance with invented people.

use std::path::PathBuf;
use std::process::ExitCode;

use super::{Failure, print, writable};
use crate::generate::{Options, generate};
use crate::{output, tr};

/// Make a realistic instance with invented people, always the same for the same options
#[derive(clap::Args)]
pub struct Generate {
    /// The file to write; gzipped if its name ends in .gz
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// How many candidates
    #[arg(short = 'n', long, value_name = "N", default_value_t = 60)]
    candidates: usize,
    /// Another seed, another instance
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// How much there is of people and rooms: 1.0 about the need, below scarce, 1.5 comfortable
    #[arg(long, value_name = "F", default_value_t = 1.3)]
    slack: f64,
    /// How many dates (by default after the number of candidates)
    #[arg(long, value_name = "N")]
    dates: Option<usize>,
    /// How many centres in all (by default after the number of candidates)
    #[arg(long, value_name = "N")]
    centres: Option<usize>,
    /// How many pilot groups, each with its own candidates, centres and examiners
    #[arg(long, value_name = "N")]
    groups: Option<usize>,
    /// How many académies in each group, 1 to 5
    #[arg(long, value_name = "N")]
    academies: Option<usize>,
    /// Start on the first written day, so that papers lie within the window of the orals
    #[arg(long)]
    first_written_day: bool,
    /// Let a candidate have orals on a date with one of their papers (policy)
    #[arg(long)]
    oral_on_paper_day: bool,
    /// The instance's name
    #[arg(long)]
    name: Option<String>,
}

impl Generate {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        writable(&[&self.output], &[])?;
        let raw = generate(&Options {
            candidates: self.candidates,
            seed: self.seed,
            slack: self.slack,
            dates: self.dates,
            centres: self.centres,
            groups: self.groups,
            academies: self.academies,
            first_written_day: self.first_written_day,
            oral_on_paper_day: self.oral_on_paper_day,
            name: self.name,
        })?;
        let path = &self.output;
        output::write(path, &raw.to_bytes(path)).map_err(|e| Failure::unwritable(path, &e))?;
        let (file, name) = (path.display(), &raw.name);
        let (n, x, c, d) = (raw.candidates.len(), raw.examiners.len(), raw.centres.len(), raw.calendar.dates.len());
        let line = tr!(
            "{file}: {name}, {n} candidates, {x} examiners, {c} centres, {d} dates",
            "{file} : {name}, {n} candidats, {x} interrogateurs, {c} centres, {d} dates"
        );
        print(&format!("{line}\n"));
        Ok(ExitCode::SUCCESS)
    }
}
