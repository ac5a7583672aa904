//! `oraux project`: a project file as JSON, or a new one from files.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::{Failure, distinct, paths, print};
use crate::fault::Fault;
use crate::instance::Instance;
use crate::objective::evaluate;
use crate::project::{Document, Project};
use crate::schedule::{Plan, Schedule};
use crate::{output, tr};

/// Write a project (.oraux) as JSON: instance, schedule and history; or make one with --new
#[derive(clap::Args)]
pub struct ProjectOf {
    /// The project
    file: PathBuf,
    /// Make the project, which must not be there yet
    #[arg(long, requires = "instance")]
    new: bool,
    /// With --new: the instance, kept byte for byte
    #[arg(long, value_name = "INSTANCE", requires = "new")]
    instance: Option<PathBuf>,
    /// With --new: the schedule
    #[arg(long, value_name = "SCHEDULE", requires = "new")]
    schedule: Option<PathBuf>,
    /// Write instance.json, schedule.json and project.json to this folder instead
    #[arg(long, value_name = "DIR", conflicts_with = "new")]
    to: Option<PathBuf>,
}

impl ProjectOf {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let who = std::env::var("USER").unwrap_or_default();
        match (&self.instance, &self.to) {
            (Some(instance), _) => self.create(instance, &who)?,
            (None, None) => {
                let project = open(&self.file, &who)?;
                print(&project.to_json().map_err(|e| one(e.of_file(&self.file)))?);
            }
            (None, Some(folder)) => {
                let project = open(&self.file, &who)?;
                std::fs::create_dir_all(folder).map_err(|e| Failure::unwritable(folder, &e))?;
                let document = project.document();
                let json = project.to_json().map_err(|e| one(e.of_file(&self.file)))?;
                let schedule = document.schedule.as_ref().map(|s| s.to_json());
                let files = [
                    ("instance.json", document.instance.as_deref()),
                    ("schedule.json", schedule.as_deref()),
                    ("project.json", Some(json.as_str())),
                ];
                for (name, text) in files {
                    let Some(text) = text else { continue };
                    let path = folder.join(name);
                    output::write(&path, text.as_bytes()).map_err(|e| Failure::unwritable(&path, &e))?;
                    told(&path);
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    fn create(&self, instance: &Path, who: &str) -> Result<(), Failure> {
        distinct(&[&self.file], &paths(&[self.instance.as_ref(), self.schedule.as_ref()]))?;
        let read = Instance::read(instance)?;
        let bytes = crate::read::bytes(instance).map_err(one)?;
        let json = String::from_utf8(bytes).map_err(|e| one(Fault::new("", e.to_string())))?;
        let schedule = match &self.schedule {
            None => None,
            Some(path) => {
                let mut schedule = Schedule::read(path)?;
                schedule.cost = Some(evaluate(&Plan::new(&read, &schedule, None)));
                Some(schedule.into())
            }
        };
        let document =
            Document { name: read.name.clone(), instance: Some(json.into()), schedule, ..Document::default() };
        Project::create(&self.file, who, document, &[]).map_err(|e| one(e.of_file(&self.file)))?;
        told(&self.file);
        Ok(())
    }
}

fn open(file: &Path, who: &str) -> Result<Project, Failure> {
    Project::open(file, who).map_err(|e| one(e.of_file(file)))
}

fn told(path: &Path) {
    let path = path.display();
    print(&(tr!("written: {path}", "écrit : {path}") + "\n"));
}

fn one(fault: Fault) -> Failure {
    Failure::Input(vec![fault])
}
