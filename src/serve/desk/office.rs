//! What the desk has besides an instance: the project, the pages that listen, the projects opened lately.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::sheets::Working;
use crate::project::{Document, Hash, Project};
use crate::schedule::Schedule;
use crate::serve::events::Events;
use crate::serve::jobs::Jobs;
use crate::serve::problem::Problem;
use crate::serve::tickets::Tickets;
use crate::words::plain;

/// So many projects are remembered.
const REMEMBERED: usize = 20;

/// What does not depend on the instance.
pub(crate) struct Office {
    /// The project that is open.
    pub(crate) project: Option<Project>,
    /// Who is at work.
    pub(crate) who: String,
    pub(crate) events: Events,
    pub(crate) tickets: Tickets,
    pub(crate) jobs: Jobs,
    pub(super) working: Option<Working>,
}

/// A project that was open lately.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Recent {
    pub(super) path: PathBuf,
    pub(super) name: String,
    pub(super) when: String,
}

impl Recent {
    /// By which a page names it: no path comes from a page.
    pub(super) fn id(&self) -> String {
        Hash::of(self.path.to_string_lossy().as_bytes()).0[..12].to_string()
    }
}

fn under_home(variable: &str, below: &str) -> PathBuf {
    let set = std::env::var_os(variable).map(PathBuf::from).filter(|p| p.is_absolute());
    set.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(below)))
        .unwrap_or_else(std::env::temp_dir)
}

impl Office {
    pub(super) fn new(who: String, events: Events, tickets: Tickets, project: Option<Project>) -> Office {
        let jobs = Jobs::new(events.clone());
        Office { project, who, events, tickets, jobs, working: None }
    }

    /// The schedule that was published, if one was.
    pub(crate) fn published(&self) -> Option<Schedule> {
        let project = self.project.as_ref()?;
        let published = project.document().published.as_ref()?;
        serde_json::from_slice(&project.blob(&published.schedule).ok()?).ok()
    }

    fn list() -> PathBuf {
        under_home("XDG_STATE_HOME", ".local/state").join("oraux").join("recent.json")
    }

    /// The projects that were open lately and are still there.
    pub(super) fn recent() -> Vec<Recent> {
        let read = std::fs::read(Office::list()).ok();
        let mut all: Vec<Recent> = read.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        all.retain(|r| r.path.is_file());
        all
    }

    /// Puts the open project at the head of those that were open lately.
    pub(super) fn remember(&mut self) {
        let Some(project) = &self.project else { return };
        let path = project.path().canonicalize().unwrap_or_else(|_| project.path().into());
        let mut all = Office::recent();
        all.retain(|r| r.path != path);
        all.insert(0, Recent { path, name: project.document().name.clone(), when: crate::project::now() });
        all.truncate(REMEMBERED);
        let list = Office::list();
        // Where nothing can be remembered, everything else goes on.
        let _ = list.parent().map(std::fs::create_dir_all);
        let _ = serde_json::to_vec_pretty(&all).map(|bytes| std::fs::write(list, bytes));
    }

    /// Makes a new project in the office's own folder, and opens it in the place of the one that is open.
    pub(super) fn begin(&mut self, document: Document) -> Result<(), Problem> {
        let folder = under_home("ORAUX_PROJECTS", "oraux");
        std::fs::create_dir_all(&folder).map_err(|e| {
            Problem::from(crate::project::Error::Disk(crate::output::unwritable(&folder, &e).to_string()))
        })?;
        let stem: String = plain(&document.name).replace(' ', "-").chars().take(60).collect();
        let stem = if stem.is_empty() { "projet".into() } else { stem };
        let free = |path: &PathBuf| !path.exists();
        let first = folder.join(format!("{stem}.oraux"));
        let path = if free(&first) {
            first
        } else {
            (2..).map(|n| folder.join(format!("{stem}-{n}.oraux"))).find(free).unwrap_or_default()
        };
        let project = Project::create(&path, &self.who, document, &[])?;
        self.enter(project);
        Ok(())
    }

    /// Opens a project in the place of the one that is open.
    pub(super) fn open(&mut self, path: &Path) -> Result<(), Problem> {
        let open = self.project.as_ref().map(|p| p.path().canonicalize());
        if matches!((open, path.canonicalize()), (Some(Ok(a)), Ok(b)) if a == b) {
            return Ok(());
        }
        let project = Project::open(path, &self.who)?;
        self.enter(project);
        Ok(())
    }

    fn enter(&mut self, project: Project) {
        self.working = None;
        self.jobs.leave();
        self.project = Some(project);
        self.remember();
    }

    /// Puts everything in order before the end.
    pub(super) fn end(&mut self) {
        self.jobs.end();
        self.project = None;
    }
}
