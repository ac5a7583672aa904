//! What to run: independent jobs, and the manifest that carries them to other machines.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::fault::Fault;
use crate::instance::Instance;
use crate::tr;

/// The format that a manifest names.
pub const MANIFEST_FORMAT: &str = "oraux-manifest/1";

/// One run: nothing in it depends on another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// The instance's file; in a manifest, absolute.
    pub path: PathBuf,
    /// The instance's name.
    pub instance: String,
    /// The fingerprint of its content.
    pub instance_hash: String,
    /// The strategy's name.
    pub strategy: String,
    /// Everything random follows from it.
    pub seed: u64,
    /// Wall-clock seconds.
    pub seconds: f64,
    /// Threads.
    pub threads: u16,
}

impl Job {
    /// An instance, a strategy, a seed and a time, as they are named.
    pub fn title(&self) -> String {
        let Job { instance, strategy, seed, seconds, .. } = self;
        tr!("{instance} {strategy} seed {seed} {seconds} s", "{instance} {strategy} graine {seed} {seconds} s")
    }

    /// What tells this job from every other, when run by the program of that [id](super::record::Program::id): the
    /// start of a SHA-256 in hexadecimal; the same on every machine.
    pub fn key(&self, program: &str) -> String {
        let Job { instance_hash, strategy, seed, seconds, threads, .. } = self;
        let text = format!("{instance_hash}|{strategy}|{seed}|{seconds}|{threads}|{program}");
        Sha256::digest(text.as_bytes()).iter().take(8).map(|b| format!("{b:02x}")).collect()
    }
}

/// The jobs of a campaign, numbered from 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always `oraux-manifest/1`.
    pub format: String,
    /// The jobs.
    pub jobs: Vec<Job>,
}

/// What every instance of a campaign is tried with.
pub struct Grid {
    /// Names of strategies.
    pub strategies: Vec<String>,
    /// Seeds.
    pub seeds: Vec<u64>,
    /// Wall-clock seconds a run.
    pub seconds: Vec<f64>,
    /// Threads a run.
    pub threads: u16,
}

impl Manifest {
    /// Every instance with every strategy and every seed; every fault of every instance at once.
    pub fn of(paths: &[PathBuf], grid: &Grid) -> Result<Manifest, Vec<Fault>> {
        let (mut jobs, mut faults) = (Vec::new(), Vec::new());
        for path in paths {
            match Instance::read(path) {
                Err(more) => faults.extend(more),
                Ok(instance) => {
                    let instance_hash = instance.hash();
                    let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
                    // Seed by seed, so that a campaign stopped early has all strategies side by side.
                    for (&seed, &seconds) in grid.seeds.iter().flat_map(|s| grid.seconds.iter().map(move |t| (s, t))) {
                        jobs.extend(grid.strategies.iter().map(|strategy| Job {
                            path: path.clone(),
                            instance: instance.name.clone(),
                            instance_hash: instance_hash.clone(),
                            strategy: strategy.clone(),
                            seed,
                            seconds,
                            threads: grid.threads,
                        }));
                    }
                }
            }
        }
        if faults.is_empty() { Ok(Manifest { format: MANIFEST_FORMAT.into(), jobs }) } else { Err(faults) }
    }

    /// Reads a manifest; every fault of form at once.
    pub fn read(path: &Path) -> Result<Manifest, Vec<Fault>> {
        let named = |faults: Vec<Fault>| {
            let file = path.display().to_string();
            faults.into_iter().map(|f| Fault { file: Some(file.clone()), ..f }).collect::<Vec<_>>()
        };
        let bytes = crate::read::bytes(path).map_err(|f| vec![f])?;
        crate::read::from_bytes(&bytes, MANIFEST_FORMAT, Ok::<Manifest, _>).map_err(named)
    }

    /// The manifest as JSON text.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a manifest is always JSON") + "\n"
    }
}

/// Seeds as people write them: `1-5`, `3`, `1-3,7`.
pub fn seeds(text: &str) -> Result<Vec<u64>, String> {
    let mut seeds = Vec::new();
    for part in text.split(',') {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        match (from.trim().parse::<u64>(), to.trim().parse::<u64>()) {
            (Ok(a), Ok(b)) if a <= b && b - a < 10_000 => seeds.extend(a..=b),
            _ => {
                return Err(tr!(
                    "\"{part}\" is no seed; write 3, 1-5 or 1-3,7",
                    "« {part} » n'est pas une graine ; écrivez 3, 1-5 ou 1-3,7"
                ));
            }
        }
    }
    seeds.sort_unstable();
    seeds.dedup();
    Ok(seeds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_never_changes_and_tells_jobs_apart() {
        let job = Job {
            path: "a.json".into(),
            instance: "a".into(),
            instance_hash: "0123456789abcdef".into(),
            strategy: "anneal".into(),
            seed: 1,
            seconds: 10.0,
            threads: 2,
        };
        // The first 8 bytes of the SHA-256 of `0123456789abcdef|anneal|1|10|2|0.1.0 unknown`: records that lie
        // somewhere are found again only as long as this holds.
        let key = job.key("0.1.0 unknown");
        assert_eq!(key, "04e320b7d29dc345");
        assert_eq!(Job { path: "elsewhere.json".into(), ..job.clone() }.key("0.1.0 unknown"), key);
        assert_ne!(Job { seed: 2, ..job.clone() }.key("0.1.0 unknown"), key);
        assert_ne!(Job { seconds: 1.0, ..job.clone() }.key("0.1.0 unknown"), key);
        assert_ne!(job.key("0.2.0 unknown"), key);
    }

    #[test]
    fn seeds_are_read_as_people_write_them() {
        assert_eq!(seeds("1-3,7,2"), Ok(vec![1, 2, 3, 7]));
        assert!(seeds("3-1").is_err() && seeds("x").is_err() && seeds("").is_err());
    }
}
