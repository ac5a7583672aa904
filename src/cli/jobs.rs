//! `oraux jobs`: writes the manifest of a campaign, or says what is missing of one.

use std::path::PathBuf;
use std::process::ExitCode;

use super::{Failure, complain, print};
use crate::bench::job::{Grid, Manifest, seeds};
use crate::bench::run::program;
use crate::bench::store::Store;
use crate::schedule::write_atomically;
use crate::strategy::STRATEGIES;
use crate::tr;

/// What every instance is tried with.
#[derive(clap::Args)]
pub struct GridArgs {
    /// Strategies, separated by commas [default: all]
    #[arg(long, value_delimiter = ',', value_parser = super::solve::strategy_names())]
    strategies: Vec<String>,
    /// Seeds: 3, 1-5 or 1-3,7
    #[arg(long, default_value = "1-5", value_parser = |t: &str| seeds(t).map(Seeds))]
    seeds: Seeds,
    /// Seconds of wall-clock time a run
    #[arg(long, default_value = "10", value_parser = super::solve::seconds)]
    seconds: f64,
    /// Threads a run
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=512))]
    threads: u16,
}

#[derive(Clone)]
struct Seeds(Vec<u64>);

impl GridArgs {
    pub(super) fn grid(&self) -> Grid {
        let all = || STRATEGIES.iter().map(|s| s.name().to_string()).collect();
        Grid {
            strategies: if self.strategies.is_empty() { all() } else { self.strategies.clone() },
            seeds: self.seeds.0.clone(),
            seconds: self.seconds,
            threads: self.threads,
        }
    }
}

/// Write a manifest of independent jobs for many machines, or print the numbers of those still missing
#[derive(clap::Args)]
pub struct Jobs {
    /// The instances
    #[arg(required_unless_present = "missing", conflicts_with = "missing")]
    instances: Vec<PathBuf>,
    #[command(flatten)]
    grid: GridArgs,
    /// The manifest: written, or read with --missing
    #[arg(short = 'o', long = "manifest", value_name = "MANIFEST")]
    manifest: PathBuf,
    /// Print the numbers of the jobs without a result in this folder, separated by commas
    #[arg(long, value_name = "FOLDER")]
    missing: Option<PathBuf>,
}

impl Jobs {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        if let Some(folder) = &self.missing {
            let manifest = Manifest::read(&self.manifest)?;
            let store = Store::open(folder).map_err(|e| Failure::unwritable(folder, &e))?;
            let program = program();
            let jobs = manifest.jobs.iter().enumerate();
            let missing: Vec<String> =
                jobs.filter(|(_, j)| !store.has(&j.key(&program))).map(|(i, _)| (i + 1).to_string()).collect();
            print(&(missing.join(",") + "\n"));
            return Ok(ExitCode::SUCCESS);
        }
        let manifest = Manifest::of(&self.instances, &self.grid.grid())?;
        write_atomically(&self.manifest, manifest.to_json().as_bytes())
            .map_err(|e| Failure::unwritable(&self.manifest, &e))?;
        let (n, path) = (manifest.jobs.len(), self.manifest.display());
        complain(&tr!("{path}: jobs 1 to {n}", "{path} : tâches 1 à {n}"));
        Ok(ExitCode::SUCCESS)
    }
}
