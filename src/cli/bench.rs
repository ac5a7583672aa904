//! `oraux bench`: compares strategies.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::jobs::GridArgs;
use super::{Failure, complain, print, thousands};
use crate::bench::job::{Job, Manifest};
use crate::bench::record::{Ending, Record};
use crate::bench::run::{program, run};
use crate::bench::store::Store;
use crate::fault::Fault;
use crate::lang::decimal;
use crate::schedule::write_atomically;
use crate::tr;

/// Compare strategies: run what has not run yet, each in a process of its own (exit 0 done, 1 a run failed or stopped)
#[derive(clap::Args)]
pub struct Bench {
    /// The instances
    #[arg(required_unless_present = "manifest", conflicts_with = "manifest")]
    instances: Vec<PathBuf>,
    #[command(flatten)]
    grid: GridArgs,
    /// Run the jobs of this manifest (see `oraux jobs`)
    #[arg(long, value_name = "MANIFEST")]
    manifest: Option<PathBuf>,
    /// Run only the job of this number, from 1
    #[arg(long, value_name = "N", requires = "manifest")]
    job: Option<usize>,
    /// The folder of the results
    #[arg(short, long, value_name = "FOLDER")]
    output: PathBuf,
}

static STOP: AtomicBool = AtomicBool::new(false);

impl Bench {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let manifest = match &self.manifest {
            Some(path) => Manifest::read(path)?,
            None => Manifest::of(&self.instances, &self.grid.grid())?,
        };
        let store = Store::open(&self.output).map_err(|e| Failure::unwritable(&self.output, &e))?;
        let program = program();
        let _ = ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed));
        let Some(number) = self.job else { return self.all(&manifest, &store, &program) };
        let count = manifest.jobs.len();
        let job = number.checked_sub(1).and_then(|n| manifest.jobs.get(n)).ok_or_else(|| {
            vec![Fault::new("--job", tr!("the jobs are 1 to {count}", "les tâches vont de 1 à {count}"))]
        })?;
        self.one(job, &store, &program)
    }

    fn one(&self, job: &Job, store: &Store, program: &str) -> Result<ExitCode, Failure> {
        if store.has(&job.key(program)) {
            complain(&tr!("{}: already done", "{} : déjà fait", title(job)));
            return Ok(ExitCode::SUCCESS);
        }
        let Some((record, schedule)) = run(job, program, &STOP)? else {
            return Err(Failure::NoResult(tr!(
                "{}: stopped; nothing is kept",
                "{} : arrêté ; rien n'est conservé",
                title(job)
            )));
        };
        store.keep(&record, &schedule).map_err(|e| Failure::unwritable(&self.output, &e))?;
        match &record.ending {
            Ending::Valid(s) => {
                print(&format!("{}: {} ({})\n", title(job), thousands(s.cost), s.unscheduled));
                Ok(ExitCode::SUCCESS)
            }
            Ending::Invalid { message } => Err(Failure::NoResult(tr!(
                "ERROR, not a result: {}: {message}",
                "ERREUR, pas un résultat : {} : {message}",
                title(job)
            ))),
        }
    }

    fn all(&self, manifest: &Manifest, store: &Store, program: &str) -> Result<ExitCode, Failure> {
        let file = self.output.join("manifest.json");
        let unwritable = |e: std::io::Error| Failure::unwritable(&file, &e);
        write_atomically(&file, manifest.to_json().as_bytes()).map_err(unwritable)?;
        let mut failed = 0;
        for (i, job) in manifest.jobs.iter().enumerate() {
            if STOP.load(Ordering::Relaxed) {
                break;
            }
            if store.has(&job.key(program)) {
                continue;
            }
            // A process for each run: its peak of memory is its own, and a crash takes nothing else along.
            let mut child = Command::new(std::env::current_exe().map_err(unwritable)?)
                .args(["bench", "--manifest"])
                .arg(&file)
                .args(["--job", &(i + 1).to_string(), "-o"])
                .arg(&self.output)
                .args(["--lang", &tr!("en", "fr")])
                .spawn()
                .map_err(unwritable)?;
            let status = loop {
                if STOP.load(Ordering::Relaxed) {
                    let _ = child.kill();
                }
                match child.try_wait().map_err(unwritable)? {
                    Some(status) => break status,
                    None => std::thread::sleep(Duration::from_millis(50)),
                }
            };
            if !status.success() && !STOP.load(Ordering::Relaxed) {
                failed += 1;
                complain(&tr!("{}: FAILED ({status})", "{} : ÉCHEC ({status})", title(job)));
            }
        }
        conclude(&self.output, store)?;
        let missing = manifest.jobs.iter().filter(|j| !store.has(&j.key(program))).count();
        if failed == 0 && missing == 0 {
            return Ok(ExitCode::SUCCESS);
        }
        Err(Failure::NoResult(tr!(
            "{failed} runs failed, {missing} have not run; the same command goes on",
            "{failed} essais ont échoué, {missing} restent à faire ; la même commande reprend"
        )))
    }
}

/// Gathers the records and prints and writes their table.
pub(super) fn conclude(folder: &Path, store: &Store) -> Result<(), Failure> {
    let records = store.records()?;
    let report = folder.join("report.md");
    let text = table(&records);
    store
        .gather(&records)
        .and_then(|()| write_atomically(&report, text.as_bytes()))
        .map_err(|e| Failure::unwritable(&report, &e))?;
    print(&text);
    Ok(())
}

/// One row a run; runs that are no result stand apart, loudly.
fn table(records: &[Record]) -> String {
    let mut out = tr!(
        "| instance | strategy | seed | seconds | threads | program | cost | unscheduled | gap to bound % | net gap % | first valid s |\n",
        "| instance | stratégie | graine | secondes | fils | programme | coût | non placés | écart à la borne % | écart net % | premier valable s |\n"
    );
    out += &("|---".repeat(11) + "|\n");
    for Record { job, ending, program, .. } in records {
        let Ending::Valid(s) = ending else { continue };
        let percent = |gap: Option<f64>| gap.map_or("–".to_string(), |g| decimal(g, 1));
        let (gap, net) = (s.bound.and_then(|b| s.gap(b)), s.bound.and_then(|b| s.net_gap(b)));
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {program} | {} | {} | {} | {} | {} |",
            job.instance,
            job.strategy,
            job.seed,
            job.seconds,
            job.threads,
            thousands(s.cost),
            s.unscheduled,
            percent(gap),
            percent(net),
            decimal(s.first_valid, 2)
        );
    }
    for Record { job, ending, .. } in records {
        if let Ending::Invalid { message } = ending {
            let error = tr!("ERROR, not a result", "ERREUR, pas un résultat");
            let _ = writeln!(out, "\n**{error}**: {}: {message}", title(job));
        }
    }
    out
}

fn title(job: &Job) -> String {
    let Job { instance, strategy, seed, seconds, .. } = job;
    tr!("{instance} {strategy} seed {seed} {seconds} s", "{instance} {strategy} graine {seed} {seconds} s")
}
