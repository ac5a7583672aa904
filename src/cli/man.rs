//! `oraux man`: one manual page for the command and one for each subcommand, from the same definitions as the help.

use std::path::PathBuf;
use std::process::ExitCode;

use super::{Failure, command, print};
use crate::{output, tr};

/// Write the manual pages (oraux.1, oraux-solve.1 …)
#[derive(clap::Args)]
pub struct ManPages {
    /// The folder to write to: share/man/man1
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

impl ManPages {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let to = &self.to;
        let pages = pages().map_err(|e| Failure::unwritable(to, &e))?;
        std::fs::create_dir_all(to).map_err(|e| Failure::unwritable(to, &e))?;
        for (name, page) in &pages {
            let path = to.join(name);
            output::write(&path, page).map_err(|e| Failure::unwritable(&path, &e))?;
        }
        let (n, to) = (pages.len(), to.display());
        print(&(tr!("{n} pages written to {to}", "{n} pages écrites dans {to}") + "\n"));
        Ok(ExitCode::SUCCESS)
    }
}

/// Every page: the name of its file and its text.
fn pages() -> std::io::Result<Vec<(String, Vec<u8>)>> {
    fn add(command: &clap::Command, pages: &mut Vec<(String, Vec<u8>)>) -> std::io::Result<()> {
        for sub in command.get_subcommands().filter(|s| !s.is_hide_set()) {
            add(sub, pages)?;
        }
        let (man, mut page) = (clap_mangen::Man::new(command.clone()), Vec::new());
        man.render(&mut page)?;
        pages.push((man.get_filename(), page));
        Ok(())
    }
    let mut whole = command().disable_help_subcommand(true);
    whole.build();
    let mut pages = Vec::new();
    add(&whole, &mut pages)?;
    pages.sort();
    Ok(pages)
}
