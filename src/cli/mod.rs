//! The command line: one file for each subcommand. Only here is anything printed.

mod anonymise;
mod bench;
mod bound;
mod centres;
mod check;
mod clock;
mod completions;
mod diagnose;
mod explain;
mod export;
mod generate;
mod import;
mod jobs;
mod man;
mod merge;
mod places;
mod progress;
mod project;
mod replan;
mod report;
mod rules;
mod schema;
mod serve;
mod show;
mod simulate;
mod solve;
mod template;
mod whatif;
mod wrap;

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

use crate::fault::Fault;
use crate::instance::Instance;
pub(crate) use crate::lang::thousands;
use crate::lang::{self, Lang};
use crate::schedule::Schedule;
use crate::whatif::Effort;
use crate::{output, tr};

/// Plans the oral exams of a French national diploma: who hears whom, where and when.
#[derive(Parser)]
#[command(name = "oraux", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// The language of messages (by default French where the locale says so)
    #[arg(long, global = true, value_enum)]
    lang: Option<LangChoice>,
    /// Read inputs of any size: lifts the limits on bytes, values, rows, cells and people
    #[arg(long, global = true)]
    no_limits: bool,
    /// Tell progress and messages on standard error as data, for programs that run this one
    #[arg(long, global = true, value_enum, value_name = "FORM")]
    progress: Option<progress::Form>,
}

#[derive(Clone, Copy, ValueEnum)]
enum LangChoice {
    /// English
    En,
    /// français
    Fr,
}

#[derive(Subcommand)]
enum Command {
    Anonymise(anonymise::Anonymise),
    Bench(bench::Bench),
    Bound(bound::BoundOf),
    Centres(centres::Centres),
    Check(check::Check),
    Completions(completions::Completions),
    Diagnose(diagnose::Diagnose),
    Explain(explain::Explain),
    Export(Box<export::Export>),
    Generate(generate::Generate),
    Import(import::Import),
    Jobs(jobs::Jobs),
    Man(man::ManPages),
    Merge(merge::Merge),
    Project(project::ProjectOf),
    Replan(replan::Replan),
    Report(report::ReportPage),
    Rules(rules::Rules),
    Schema(schema::SchemaOf),
    Serve(serve::Serve),
    Show(show::Show),
    Simulate(simulate::Simulate),
    Solve(Box<solve::Solve>),
    Template(template::Template),
    #[command(name = "whatif")]
    WhatIf(Box<whatif::WhatIf>),
}

/// Why a command could not do its work.
pub(crate) enum Failure {
    /// Bad input or usage: exit 2.
    Input(Vec<Fault>),
    /// The work itself has no result: exit 1.
    NoResult(String),
    /// A plan is written, and does not keep all pins: exit 3.
    PinsNotKept(String),
}

impl From<Vec<Fault>> for Failure {
    fn from(faults: Vec<Fault>) -> Self {
        Failure::Input(faults)
    }
}

impl Failure {
    /// A file that cannot be written.
    pub(crate) fn unwritable(path: &Path, e: &std::io::Error) -> Failure {
        Failure::Input(vec![output::unwritable(path, e)])
    }
}

/// Parses the arguments, runs the command and says its exit code: 0 done, 1 a negative answer, 2 bad input or an answer that
/// could not be printed, 3 a plan without some of the pins.
pub fn run() -> u8 {
    clock::started();
    lang::set(locale());
    listen();
    let code = match Cli::try_parse() {
        Ok(cli) => answer(cli),
        // Help and version are answers like others.
        Err(e) if !e.use_stderr() => {
            let text = e.render();
            print(&if std::io::stdout().is_terminal() { text.ansi().to_string() } else { text.to_string() });
            0
        }
        Err(e) => e.exit(),
    };
    match UNPRINTED.get() {
        Some(e) => {
            complain(&tr!("standard output cannot be written: {e}", "sortie standard, écriture impossible : {e}"));
            2
        }
        None => code,
    }
}

fn answer(cli: Cli) -> u8 {
    let asked = cli.lang.map(|choice| match choice {
        LangChoice::En => Lang::En,
        LangChoice::Fr => Lang::Fr,
    });
    if let Some(lang) = asked {
        lang::set(lang);
    }
    progress::choose(cli.progress);
    if cli.no_limits {
        crate::read::limit::lift();
    }
    let result = match cli.command {
        Command::Anonymise(c) => c.run(),
        Command::Bench(c) => c.run(),
        Command::Bound(c) => c.run(),
        Command::Centres(c) => c.run(),
        Command::Check(c) => c.run(),
        Command::Completions(c) => c.run(),
        Command::Export(c) => c.run(asked),
        Command::Diagnose(c) => c.run(),
        Command::Explain(c) => c.run(),
        Command::Generate(c) => c.run(),
        Command::Import(c) => c.run(),
        Command::Jobs(c) => c.run(),
        Command::Man(c) => c.run(),
        Command::Merge(c) => c.run(),
        Command::Project(c) => c.run(),
        Command::Replan(c) => c.run(),
        Command::Report(c) => c.run(),
        Command::Rules(c) => c.run(),
        Command::Schema(c) => c.run(),
        Command::Serve(c) => c.run(),
        Command::Show(c) => c.run(),
        Command::Simulate(c) => c.run(),
        Command::Solve(c) => c.run(),
        Command::Template(c) => c.run(),
        Command::WhatIf(c) => c.run(),
    };
    match result {
        Ok(code) => u8::from(code != ExitCode::SUCCESS),
        Err(Failure::NoResult(message)) => {
            complain(&message);
            1
        }
        Err(Failure::PinsNotKept(message)) => {
            complain(&message);
            3
        }
        Err(Failure::Input(faults)) => {
            complain_all(&faults);
            2
        }
    }
}

/// The definition of the whole command, for completions and manual pages.
fn command() -> clap::Command {
    Cli::command()
}

fn locale() -> Lang {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|k| std::env::var(k).ok().filter(|v| !v.is_empty()));
    if set.is_some_and(|v| v.starts_with("fr")) { Lang::Fr } else { Lang::En }
}

/// Set by a signal (Ctrl-C, SIGTERM, SIGHUP).
static STOP: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);
/// Whether somebody looks at it. A signal holds the lock until the process has ended, so that nobody who looks from then on begins
/// what would be left half-done.
static WATCHED: Mutex<bool> = Mutex::new(false);
/// Why standard output took no more.
static UNPRINTED: OnceLock<String> = OnceLock::new();

/// From now on a signal ends the process without a file left half-written or under a name of its own.
fn listen() {
    let _ = ctrlc::set_handler(|| {
        static FIRST: OnceLock<Instant> = OnceLock::new();
        STOP.store(true, Ordering::Relaxed);
        let watched = WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
        // A command may be where nothing stops it, as in front of a pipe that nobody reads: who asks again is obeyed. `timeout` asks
        // twice at once.
        let again = FIRST.get_or_init(Instant::now).elapsed() > Duration::from_secs(1);
        if !*watched || again {
            output::abandon();
            // SAFETY: ends the process and returns to nobody.
            unsafe { libc::_exit(130) }
        }
    });
}

/// A flag that a signal sets: the work then ends early and keeps what it has.
fn interrupted() -> &'static Arc<AtomicBool> {
    *WATCHED.lock().unwrap_or_else(PoisonError::into_inner) = true;
    &STOP
}

/// Those paths that were given.
pub(crate) fn paths<'p>(given: &[Option<&'p std::path::PathBuf>]) -> Vec<&'p Path> {
    given.iter().flatten().map(|path| path.as_path()).collect()
}

/// Fails before the work if a file could not be written after it, or is another one that the command reads or writes.
pub(crate) fn writable(outputs: &[&Path], inputs: &[&Path]) -> Result<(), Failure> {
    distinct(outputs, inputs)?;
    outputs.iter().try_for_each(|path| output::check(path).map_err(|e| Failure::unwritable(path, &e)))
}

/// Fails if an output is another file that the command reads or writes.
pub(crate) fn distinct(outputs: &[&Path], inputs: &[&Path]) -> Result<(), Failure> {
    let clash = |path: &Path, message: String| {
        Failure::Input(vec![Fault { file: Some(path.display().to_string()), ..Fault::new("", message) }])
    };
    for (i, path) in outputs.iter().enumerate() {
        if let Some(input) = inputs.iter().find(|input| output::same(path, input)) {
            let input = input.display();
            return Err(clash(
                path,
                tr!(
                    "is the file that is read ({input}); write to another name",
                    "est le fichier lu ({input}) ; donnez un autre nom"
                ),
            ));
        }
        if outputs[..i].iter().any(|other| output::same(path, other)) {
            let message = tr!(
                "two outputs go to this file; give each its own",
                "deux sorties vont dans ce fichier ; donnez à chacune le sien"
            );
            return Err(clash(path, message));
        }
        if output::is_stdout(path) {
            let message = tr!(
                "standard output goes to this file too; give each its own",
                "la sortie standard va aussi dans ce fichier ; donnez à chacune le sien"
            );
            return Err(clash(path, message));
        }
    }
    Ok(())
}

/// What a command spends on each plan that it makes to answer a question: seconds, or tries of moves.
fn effort(seconds: f64, iterations: Option<u64>) -> Effort<'static> {
    let time = iterations.is_none().then(|| Duration::from_secs_f64(seconds));
    Effort { time, iterations, seed: 1, threads: solve::available_threads(), stop: interrupted() }
}

/// Prints to standard output; to standard error where a file was written to standard output (`-o /dev/stdout`). What cannot be
/// printed is told at the end, as exit code 2.
pub(crate) fn print(text: &str) {
    if output::took_stdout() {
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    } else if UNPRINTED.get().is_none() {
        let printed = output::stdout().and_then(|out| {
            let mut out = out.lock();
            out.write_all(text.as_bytes())?;
            out.flush()
        });
        if let Err(e) = printed {
            let _ = UNPRINTED.set(e.to_string());
        }
    }
}

/// How many faults are shown; beyond them they are counted.
const SHOWN: usize = 100;

/// Prints faults to standard error: the first ones, and how many there are.
fn complain_all(faults: &[Fault]) {
    for fault in faults.iter().take(SHOWN) {
        complain(&fault.to_string());
    }
    let n = Fault::count(faults);
    let total = thousands(n as i64);
    if faults.len() > SHOWN {
        complain(&tr!("{total} errors, the first {SHOWN} shown", "{total} erreurs, les {SHOWN} premières affichées"));
    } else if n > 1 {
        complain(&tr!("{total} errors", "{total} erreurs"));
    }
}

/// Prints one line to standard error, in several where a terminal is narrower.
pub(crate) fn complain(line: &str) {
    if progress::as_json() {
        return progress::message(line);
    }
    let _ = writeln!(std::io::stderr().lock(), "{}", wrap::for_errors(line));
}

/// Reads an instance and a schedule; all faults of both at once.
pub(crate) fn read_both(instance: &Path, schedule: &Path) -> Result<(Instance, Schedule), Failure> {
    match (Instance::read(instance), Schedule::read(schedule)) {
        (Ok(i), Ok(s)) => Ok((i, s)),
        (i, s) => Err([i.err(), s.err()].into_iter().flatten().flatten().collect::<Vec<_>>().into()),
    }
}
