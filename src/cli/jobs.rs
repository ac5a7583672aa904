//! `oraux jobs`: writes the manifest of a campaign, or says what is missing of one.

use std::path::PathBuf;
use std::process::ExitCode;

use super::{Failure, complain, paths, print, writable};
use crate::bench::job::{Grid, Manifest, seeds};
use crate::bench::peer::{PREFIX, Peer};
use crate::bench::run::Runners;
use crate::bench::store::Store;
use crate::strategy::{STRATEGIES, strategy};
use crate::{output, tr};

/// What every instance is tried with.
#[derive(clap::Args)]
pub struct GridArgs {
    /// Strategies, separated by commas [default: all, and the peers]
    #[arg(long, value_delimiter = ',', value_parser = known)]
    strategies: Vec<String>,
    /// Seeds: 3, 1-5 or 1-3,7
    #[arg(long, default_value = "1-5", value_parser = |t: &str| seeds(t).map(Seeds))]
    seeds: Seeds,
    /// Seconds of wall-clock time a run; several, separated by commas, make as many runs
    #[arg(long, default_value = "10", value_delimiter = ',', value_parser = super::solve::seconds)]
    seconds: Vec<f64>,
    /// Threads a run
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=512))]
    threads: u16,
    /// Another program to compare with, as the strategy peer-NAME (see docs/campaigns.md)
    #[arg(long = "peer", value_name = "NAME=COMMAND", value_parser = Peer::parse)]
    pub(super) peers: Vec<Peer>,
}

/// The name of a strategy, or what may be that of a peer.
fn known(name: &str) -> Result<String, String> {
    if name.starts_with(PREFIX) || strategy(name).is_some() {
        return Ok(name.to_string());
    }
    let names = STRATEGIES.iter().map(|s| s.name()).collect::<Vec<_>>().join(", ");
    Err(tr!("the strategies are: {names}", "les stratégies sont : {names}"))
}

#[derive(Clone)]
struct Seeds(Vec<u64>);

impl GridArgs {
    pub(super) fn grid(&self) -> Grid {
        let own = STRATEGIES.iter().map(|s| s.name().to_string());
        let all = || own.chain(self.peers.iter().map(|p| p.strategy.clone())).collect();
        Grid {
            strategies: if self.strategies.is_empty() { all() } else { self.strategies.clone() },
            seeds: self.seeds.0.clone(),
            seconds: self.seconds.clone(),
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
            let runners = Runners::new(&self.grid.peers)?;
            let jobs = manifest.jobs.iter().enumerate();
            let missing: Vec<String> =
                jobs.filter(|(_, j)| !store.has(&runners.key(j))).map(|(i, _)| (i + 1).to_string()).collect();
            print(&(missing.join(",") + "\n"));
            return Ok(ExitCode::SUCCESS);
        }
        let manifest = Manifest::of(&self.instances, &self.grid.grid())?;
        writable(&[&self.manifest], &paths(&self.instances.iter().map(Some).collect::<Vec<_>>()))?;
        output::write(&self.manifest, manifest.to_json().as_bytes())
            .map_err(|e| Failure::unwritable(&self.manifest, &e))?;
        let (n, path) = (manifest.jobs.len(), self.manifest.display());
        complain(&tr!("{path}: jobs 1 to {n}", "{path} : tâches 1 à {n}"));
        Ok(ExitCode::SUCCESS)
    }
}
