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
mod replan;
mod report;
mod rules;
mod schema;
mod show;
mod simulate;
mod solve;
mod template;
mod whatif;
mod wrap;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

use crate::fault::Fault;
use crate::instance::Instance;
pub(crate) use crate::lang::thousands;
use crate::lang::{self, Lang};
use crate::schedule::Schedule;
use crate::tr;
use crate::whatif::Effort;

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
    Replan(replan::Replan),
    Report(report::ReportPage),
    Rules(rules::Rules),
    Schema(schema::SchemaOf),
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
        let file = Some(path.display().to_string());
        Failure::Input(vec![Fault {
            file,
            ..Fault::new("", tr!("cannot be written: {e}", "écriture impossible : {e}"))
        }])
    }
}

/// Parses the arguments, runs the command and says its exit code: 0 done, 1 a negative answer, 2 bad input, 3 a plan without
/// some of the pins.
pub fn run() -> u8 {
    clock::started();
    lang::set(locale());
    let cli = Cli::parse();
    let asked = cli.lang.map(|choice| match choice {
        LangChoice::En => Lang::En,
        LangChoice::Fr => Lang::Fr,
    });
    if let Some(lang) = asked {
        lang::set(lang);
    }
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
        Command::Replan(c) => c.run(),
        Command::Report(c) => c.run(),
        Command::Rules(c) => c.run(),
        Command::Schema(c) => c.run(),
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

/// A flag that Ctrl-C sets: the work then ends early and keeps what it has.
fn interrupted() -> &'static Arc<AtomicBool> {
    static STOP: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);
    // A handler that stands already is this one.
    let _ = ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed));
    &STOP
}

/// What a command spends on each plan that it makes to answer a question: seconds, or tries of moves.
fn effort(seconds: f64, iterations: Option<u64>) -> Effort<'static> {
    let time = iterations.is_none().then(|| Duration::from_secs_f64(seconds));
    Effort { time, iterations, seed: 1, threads: solve::available_threads(), stop: interrupted() }
}

/// Prints to standard output; a reader that went away (`| head`) is no error.
pub(crate) fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
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

/// Prints one line to standard error.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Reads an instance and a schedule; all faults of both at once.
pub(crate) fn read_both(instance: &Path, schedule: &Path) -> Result<(Instance, Schedule), Failure> {
    match (Instance::read(instance), Schedule::read(schedule)) {
        (Ok(i), Ok(s)) => Ok((i, s)),
        (i, s) => Err([i.err(), s.err()].into_iter().flatten().flatten().collect::<Vec<_>>().into()),
    }
}
