//! `oraux merge`: brings the results of several machines together.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::Failure;
use super::bench::{ReportArgs, conclude};
use crate::bench::store::Store;
use crate::fault::Fault;
use crate::tr;

/// Bring the results of several folders together; a run that stands in two is taken once
#[derive(clap::Args)]
pub struct Merge {
    /// The folders that jobs wrote to
    #[arg(required = true)]
    folders: Vec<PathBuf>,
    /// The folder of them all
    #[arg(short, long, value_name = "FOLDER")]
    output: PathBuf,
    #[command(flatten)]
    report: ReportArgs,
}

impl Merge {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let open = |path: &PathBuf| Store::open(path).map_err(|e| Failure::unwritable(path, &e));
        let absent: Vec<Fault> = self.folders.iter().filter(|f| !f.is_dir()).flat_map(|f| no_folder(f)).collect();
        if !absent.is_empty() {
            return Err(absent.into());
        }
        let store = open(&self.output)?;
        for folder in &self.folders {
            store.merge(&open(folder)?)?;
        }
        conclude(&self.output, &store, &self.report)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// There is nothing to bring together.
pub(super) fn no_folder(path: &Path) -> Vec<Fault> {
    let file = Some(path.display().to_string());
    vec![Fault { file, ..Fault::new("", tr!("no such folder of results", "ce dossier de résultats n'existe pas")) }]
}
