//! The note beside an open project that says who has it.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::tr;

/// Who has a project open.
#[derive(Serialize, Deserialize)]
struct Opener {
    who: String,
    machine: String,
    process: u32,
    since: String,
}

/// The note, taken away when the project is closed.
pub(super) struct Note(PathBuf);

fn beside(project: &Path) -> PathBuf {
    let name = project.file_name().unwrap_or_default().to_string_lossy();
    project.with_file_name(format!(".{name}.open"))
}

impl Note {
    /// Writes the note; a folder that takes no second file is no hindrance.
    pub(super) fn write(project: &Path, who: &str) -> Note {
        let (path, machine) = (beside(project), rustix::system::uname());
        let opener = Opener {
            who: who.into(),
            machine: machine.nodename().to_string_lossy().into_owned(),
            process: std::process::id(),
            since: super::history::now(),
        };
        let _ = std::fs::write(&path, serde_json::to_vec(&opener).unwrap_or_default());
        Note(path)
    }
}

impl Drop for Note {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Who has a project open, in words.
pub(super) fn holder(project: &Path) -> String {
    let read = std::fs::read(beside(project)).ok().and_then(|bytes| serde_json::from_slice::<Opener>(&bytes).ok());
    match read {
        Some(Opener { who, machine, since, .. }) => {
            let since = since.get(..16).unwrap_or(&since).replace('T', " ");
            tr!("by {who} on {machine}, since {since}", "par {who} sur {machine}, depuis {since}")
        }
        None => tr!("by another program", "par un autre programme"),
    }
}
