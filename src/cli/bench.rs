//! `oraux bench`: compares strategies.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::jobs::GridArgs;
use super::{Failure, complain, interrupted, print, thousands};
use crate::bench::best_known::BestKnown;
use crate::bench::job::{Job, Manifest};
use crate::bench::record::{Ending, Record};
use crate::bench::report::{self, Block, markdown_table};
use crate::bench::run::Runners;
use crate::bench::store::Store;
use crate::bench::summary::Summary;
use crate::fault::Fault;
use crate::{output, tr};

/// Compare strategies: run what has not run yet, each in a process of its own, and write a report (exit 0 done, 1 a
/// run failed or stopped)
#[derive(clap::Args)]
pub struct Bench {
    /// The instances
    #[arg(required_unless_present_any = ["manifest", "report_only"], conflicts_with_all = ["manifest", "report_only"])]
    instances: Vec<PathBuf>,
    #[command(flatten)]
    grid: GridArgs,
    /// Run the jobs of this manifest (see `oraux jobs`)
    #[arg(long, value_name = "MANIFEST", conflicts_with = "report_only")]
    manifest: Option<PathBuf>,
    /// Run only the job of this number, from 1
    #[arg(long, value_name = "N", requires = "manifest")]
    job: Option<usize>,
    /// Run nothing: write the report of the records that are in the folder
    #[arg(long)]
    report_only: bool,
    /// The folder of the results
    #[arg(short, long, value_name = "FOLDER")]
    output: PathBuf,
    #[command(flatten)]
    report: ReportArgs,
}

/// What the report compares with.
#[derive(clap::Args)]
pub struct ReportArgs {
    /// The table of best-known values to compare with
    #[arg(long, value_name = "FILE.csv")]
    best_known: Option<PathBuf>,
    /// Write better values into that table, and their schedules beside it, once the checker has accepted them
    #[arg(long, requires = "best_known")]
    update_best_known: bool,
}

impl Bench {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        if self.report_only && !self.output.is_dir() {
            return Err(super::merge::no_folder(&self.output).into());
        }
        // Its faults, before the work of hours.
        self.report.known()?;
        let store = Store::open(&self.output).map_err(|e| Failure::unwritable(&self.output, &e))?;
        if self.report_only {
            conclude(&self.output, &store, &self.report)?;
            return Ok(ExitCode::SUCCESS);
        }
        let manifest = match &self.manifest {
            Some(path) => Manifest::read(path)?,
            None => Manifest::of(&self.instances, &self.grid.grid())?,
        };
        let runners = Runners::new(&self.grid.peers)?;
        let Some(number) = self.job else { return self.all(&manifest, &store, &runners) };
        let count = manifest.jobs.len();
        let job = number.checked_sub(1).and_then(|n| manifest.jobs.get(n)).ok_or_else(|| {
            vec![Fault::new("--job", tr!("the jobs are 1 to {count}", "les tâches vont de 1 à {count}"))]
        })?;
        self.one(job, &store, &runners)
    }

    fn one(&self, job: &Job, store: &Store, runners: &Runners) -> Result<ExitCode, Failure> {
        if store.has(&runners.key(job)) {
            complain(&tr!("{}: already done", "{} : déjà fait", job.title()));
            return Ok(ExitCode::SUCCESS);
        }
        let Some((record, schedule)) = runners.run(job, interrupted())? else {
            return Err(Failure::NoResult(tr!(
                "{}: stopped; nothing is kept",
                "{} : arrêté ; rien n'est conservé",
                job.title()
            )));
        };
        store.keep(&record, schedule.as_ref()).map_err(|e| Failure::unwritable(&self.output, &e))?;
        match &record.ending {
            Ending::Valid(s) => {
                print(&format!("{}: {} ({})\n", job.title(), thousands(s.cost), s.unscheduled));
                Ok(ExitCode::SUCCESS)
            }
            Ending::Invalid { message } => Err(Failure::NoResult(error(&record, message))),
        }
    }

    fn all(&self, manifest: &Manifest, store: &Store, runners: &Runners) -> Result<ExitCode, Failure> {
        let file = self.output.join("manifest.json");
        let unwritable = |e: std::io::Error| Failure::unwritable(&file, &e);
        output::write(&file, manifest.to_json().as_bytes()).map_err(unwritable)?;
        // What a killed campaign left behind is put in order first; then each run is added as it ends.
        store.gather(&store.records()?).map_err(unwritable)?;
        let stopped = || interrupted().load(Ordering::Relaxed);
        let mut failed = 0;
        for (i, job) in manifest.jobs.iter().enumerate() {
            if stopped() {
                break;
            }
            if store.has(&runners.key(job)) {
                continue;
            }
            // A process for each run: its peak of memory is its own, and a crash takes nothing else along.
            let mut child = Command::new(std::env::current_exe().map_err(unwritable)?)
                .args(["bench", "--manifest"])
                .arg(&file)
                .args(["--job", &(i + 1).to_string(), "-o"])
                .arg(&self.output)
                .args(["--lang", &tr!("en", "fr")])
                .args(self.grid.peers.iter().map(|p| format!("--peer={p}")))
                .spawn()
                .map_err(unwritable)?;
            let status = loop {
                if stopped() {
                    let _ = child.kill();
                }
                match child.try_wait().map_err(unwritable)? {
                    Some(status) => break status,
                    None => std::thread::sleep(Duration::from_millis(50)),
                }
            };
            let key = runners.key(job);
            if store.has(&key) {
                store.record(&key).and_then(|record| store.append(&record)).map_err(unwritable)?;
            }
            if !status.success() && !stopped() {
                failed += 1;
                complain(&tr!("{}: FAILED ({status})", "{} : ÉCHEC ({status})", job.title()));
            }
        }
        conclude(&self.output, store, &self.report)?;
        let missing = manifest.jobs.iter().filter(|j| !store.has(&runners.key(j))).count();
        if failed == 0 && missing == 0 {
            return Ok(ExitCode::SUCCESS);
        }
        Err(Failure::NoResult(tr!(
            "{failed} runs failed, {missing} have not run; the same command goes on",
            "{failed} essais ont échoué, {missing} restent à faire ; la même commande reprend"
        )))
    }
}

impl ReportArgs {
    fn known(&self) -> Result<Option<BestKnown>, Failure> {
        Ok(self.best_known.as_deref().map(BestKnown::read).transpose()?)
    }
}

/// Gathers the records, writes the report and prints its first table; takes better values if it was asked for.
pub(super) fn conclude(folder: &Path, store: &Store, args: &ReportArgs) -> Result<(), Failure> {
    let records = store.records()?;
    store.gather(&records).map_err(|e| Failure::unwritable(folder, &e))?;
    let mut known = args.known()?;
    let summary = Summary::new(&records, known.as_ref());
    let document = report::report(&summary);
    for (name, text) in [("report.md", document.markdown()), ("report.html", document.page())] {
        let path = folder.join(name);
        output::write(&path, text.as_bytes()).map_err(|e| Failure::unwritable(&path, &e))?;
    }
    if let Block::Table { head, rows, words } = report::in_short(&summary) {
        print(&markdown_table(&head, &rows, words));
    }
    for record in &records {
        if let Ending::Invalid { message } = &record.ending {
            complain(&error(record, message));
        }
    }
    let page = folder.join("report.html");
    let page = page.display();
    print(&(tr!("open {page} in a browser", "ouvrez {page} dans un navigateur") + "\n"));
    if let (Some(known), true) = (&mut known, args.update_best_known) {
        let news = known.update(&records, store)?;
        news.iter().for_each(|line| print(&format!("{line}\n")));
        if news.is_empty() {
            print(
                &(tr!("no value is better than the best known", "aucune valeur ne dépasse les meilleures connues")
                    + "\n"),
            );
        }
    }
    Ok(())
}

fn error(record: &Record, message: &str) -> String {
    let run = record.job.title();
    tr!("ERROR, not a result: {run}: {message}", "ERREUR, pas un résultat : {run} : {message}")
}
