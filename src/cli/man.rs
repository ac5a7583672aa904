//! `oraux man`: one manual page for the command and one for each subcommand, from the same definitions as the help.

use std::path::PathBuf;
use std::process::ExitCode;

use super::{Failure, command, print};
use crate::schedule::write_atomically;
use crate::tr;

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
            write_atomically(&path, page).map_err(|e| Failure::unwritable(&path, &e))?;
        }
        let (n, to) = (pages.len(), to.display());
        print(&(tr!("{n} pages written to {to}", "{n} pages écrites dans {to}") + "\n"));
        Ok(ExitCode::SUCCESS)
    }
}

/// Every page: the name of its file and its text.
fn pages() -> std::io::Result<Vec<(String, Vec<u8>)>> {
    let scratch = tempfile::tempdir()?;
    clap_mangen::generate_to(command(), scratch.path())?;
    let page = |entry: std::io::Result<std::fs::DirEntry>| {
        let entry = entry?;
        Ok((entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path())?))
    };
    let mut pages = scratch.path().read_dir()?.map(page).collect::<std::io::Result<Vec<_>>>()?;
    pages.sort();
    Ok(pages)
}
