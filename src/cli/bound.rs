//! `oraux bound`: what no schedule of an instance can cost less than.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::json;

use super::progress::{Now, tell};
use super::{Failure, interrupted, print, thousands};
use crate::instance::Instance;
use crate::mip::{Limits, bound};
use crate::tr;

/// Prove a lower bound on the cost of every schedule of an instance
#[derive(clap::Args)]
pub struct BoundOf {
    /// The instance
    instance: PathBuf,
    /// Seconds of wall-clock time
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0, value_parser = super::solve::seconds)]
    time: f64,
    /// Iterations, in place of --time: the same number gives the same bound on every machine
    ///
    /// An iteration is a step of the solver over 10,000 coefficients of its model. It works on one thread.
    #[arg(long, value_name = "N", conflicts_with = "time")]
    iterations: Option<u64>,
    /// Threads of the solver
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=512))]
    threads: u32,
    /// For re-plans too: let the examiners in reserve sit
    #[arg(long)]
    replan: bool,
    /// Print the bound as JSON
    #[arg(long)]
    json: bool,
}

impl BoundOf {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let instance = Instance::read(&self.instance)?;
        let stop = interrupted().clone();
        let limits = match self.iterations {
            // On several threads the tree is another each time.
            Some(n) => Limits::iterations(n),
            None => Limits { threads: self.threads, ..Limits::time(Duration::from_secs_f64(self.time)) },
        };
        let limits = Limits { reserves: self.replan, stop: stop.clone(), ..limits };
        let found = bound(&instance, &limits, &mut |value| {
            let share = self.iterations.is_none().then(|| super::clock::started().elapsed().as_secs_f64() / self.time);
            tell(Now { stage: "bound", share: share.map(|s| s.min(1.0)), bound: Some(value), ..Now::default() });
        });
        let (value, seconds, stopped) = (found.value, found.seconds, stop.load(Ordering::Relaxed));
        if self.json {
            let json = json!({ "instance": instance.name, "bound": value, "proof": found.proof, "seconds": seconds, "stopped": stopped });
            print(&(serde_json::to_string_pretty(&json).expect("a bound is always JSON") + "\n"));
        } else {
            let (value, proof) = (thousands(value), found.proof);
            if stopped {
                print(&tr!("stopped; so far: ", "interrompu ; à ce stade : "));
            }
            print(&tr!(
                "no schedule costs less than {value} ({proof}; {seconds:.1} s)\n",
                "aucun planning ne coûte moins de {value} ({proof} ; {seconds:.1} s)\n"
            ));
        }
        Ok(ExitCode::SUCCESS)
    }
}
