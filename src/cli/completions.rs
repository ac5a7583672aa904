//! `oraux completions`: what a shell proposes after `oraux`.

use std::process::ExitCode;

use clap_complete::Shell;

use super::{Failure, command, print};

/// Print the completions for a shell: source <(oraux completions bash)
#[derive(clap::Args)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command(), "oraux", &mut script);
        print(&String::from_utf8_lossy(&script));
        Ok(ExitCode::SUCCESS)
    }
}
