//! `oraux anonymise`: an instance that may be shown to others.

use std::path::PathBuf;
use std::process::ExitCode;

use super::{Failure, print, writable};
use crate::exchange::anonymise::anonymise;
use crate::instance::Instance;
use crate::{output, tr};

/// Make an instance that may be shown to others: nobody's name, number, school or town is left
///
/// Ids are replaced and lists shuffled; kilometres are rounded to tens; extra time and gaps that fewer than 5 candidates
/// have become the usual ones. Dates, hours, orals, files, availabilities, policy and weights stay: the instance is about
/// as hard to plan as it was (docs/documents.md says exactly what may change).
#[derive(clap::Args)]
pub struct Anonymise {
    /// The instance
    instance: PathBuf,
    /// The instance to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Another seed, another order and other ids
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Anonymise {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let instance = Instance::read(&self.instance)?;
        writable(&[&self.output], &[&self.instance])?;
        let raw = anonymise(&instance.raw, self.seed);
        // A fault here would be one of this program: nothing is written then.
        Instance::from_raw(raw.clone())?;
        output::write(&self.output, &raw.to_bytes(&self.output)).map_err(|e| Failure::unwritable(&self.output, &e))?;
        let file = self.output.display();
        print(&(tr!("written: {file}", "écrit : {file}") + "\n"));
        Ok(ExitCode::SUCCESS)
    }
}
