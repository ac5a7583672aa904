//! `oraux solve`: makes a schedule.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::check::cost_table;
use super::clock::{self, Clock};
use super::progress::Now;
use super::wrap::wrapped;
use super::{Failure, complain, interrupted, paths, print, thousands, writable};
use crate::check::{check, said_not_kept};
use crate::fault::Fault;
use crate::instance::contradictions::{Contradiction, contradictions};
use crate::instance::hopeless;
use crate::instance::{Instance, OralIx};
use crate::mip;
use crate::objective::evaluate;
use crate::rules::{self, Violation};
use crate::schedule::{PINS_NOT_KEPT, Plan, Schedule};
use crate::state::{Model, State};
use crate::strategy::pins::{Impossible, not_kept, settle};
use crate::strategy::{Budget, Outcome, Progress, STRATEGIES, Task, refused, solve_on_threads, strategy};
use crate::{output, tr};

/// Make a schedule (exit 0 with a schedule, 1 if pins contradict one another, 2 bad input, 3 with a schedule that does not
/// keep all pins)
#[derive(clap::Args)]
pub struct Solve {
    /// The instance
    instance: PathBuf,
    /// Where the schedule goes
    #[arg(short, long, value_name = "SCHEDULE")]
    output: PathBuf,
    /// Seconds of wall-clock time [default: 30, unless --iterations is given]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    time: Option<f64>,
    /// Tries of moves: the same seed and number give the same schedule on any number of threads
    ///
    /// What decompose and exact solve by integer programming counts too: a step of the solver over 10,000 coefficients of its
    /// model is an iteration. decompose gives it a fifth of the N, exact as many again as its search has.
    #[arg(long, value_name = "N")]
    iterations: Option<u64>,
    /// Stop once the schedule is proven to cost at most so many per cent more than it must (strategy portfolio)
    #[arg(long, value_name = "PERCENT", default_value_t = 0.0, value_parser = super::simulate::percent)]
    gap: f64,
    /// Leave room for absences: plan as if nobody could hear so many minutes of a day (see oraux simulate)
    #[arg(long, value_name = "MINUTES", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=1440))]
    robust: u32,
    /// Everything random follows from it
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads [default: as many as the machine has]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=512))]
    threads: Option<u16>,
    /// How to search
    #[arg(long, default_value = STRATEGIES[0].name(), value_parser = strategy_names())]
    strategy: String,
    /// Start from this schedule
    #[arg(long, value_name = "SCHEDULE")]
    from: Option<PathBuf>,
    /// Re-plan this published schedule: changes to it cost
    #[arg(long, value_name = "SCHEDULE")]
    baseline: Option<PathBuf>,
    /// Write the schedule again whenever it is better by this many per cent (0: only at the end)
    #[arg(long, value_name = "PERCENT", default_value_t = 2.0)]
    checkpoint: f64,
    /// Write the full integer model first, to a file that ends in .lp or .mps
    #[arg(long, value_name = "FILE")]
    write_model: Option<PathBuf>,
    /// Print nothing but errors
    #[arg(short, long)]
    quiet: bool,
    /// Print how often each move was tried, kept and better
    #[arg(long)]
    statistics: bool,
}

impl Solve {
    /// The instance with shorter days for examiners, if asked for: what is valid there is valid here.
    fn robust(&self, instance: &Instance) -> Result<Option<Instance>, Failure> {
        if self.robust == 0 {
            return Ok(None);
        }
        let mut raw = instance.raw.clone();
        let minutes = &mut raw.policy.examiner_minutes_a_day;
        *minutes = minutes.saturating_sub(self.robust);
        Ok(Some(Instance::from_raw(raw)?))
    }
}

pub(super) fn strategy_names() -> clap::builder::PossibleValuesParser {
    STRATEGIES.iter().map(|s| clap::builder::PossibleValue::new(s.name()).help(s.summary())).collect::<Vec<_>>().into()
}

pub(super) fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(s) if s.is_finite() && s > 0.0 && s < 1e7 => Ok(s),
        _ => Err(tr!("a number of seconds above 0 is wanted", "il faut un nombre de secondes supérieur à 0")),
    }
}

impl Solve {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let started = clock::started();
        // The program ends with the command: to put away large structures in order would only take time.
        let instance = ManuallyDrop::new(Instance::read(&self.instance)?);
        let from = self.from.as_deref().map(Schedule::read).transpose()?;
        let baseline = self.baseline.as_deref().map(Schedule::read).transpose()?;
        let inputs = [Some(&self.instance), self.from.as_ref(), self.baseline.as_ref()];
        let outputs = [Some(&self.output), self.write_model.as_ref()];
        writable(&paths(&outputs), &paths(&inputs))?;
        let chosen = strategy(&self.strategy).expect("clap admits only known strategies");
        if let Some(why) = refused(chosen, &instance) {
            return Err(Failure::Input(vec![Fault::new("--strategy", why)]));
        }
        if let Some(path) = &self.write_model {
            let published = baseline.as_ref().map(|b| Plan::new(&instance, b, None));
            write_model(&instance, published.as_ref(), path)?;
        }
        let warnings = hopeless::warnings(&instance);
        let contradictory = contradictions(&instance, &warnings, baseline.is_some());
        if !contradictory.is_empty() {
            return Err(refused_pins(&contradictory));
        }
        if !self.quiet {
            for warning in hopeless::once(warnings) {
                complain(&tr!("warning: {warning}", "attention : {warning}"));
            }
        }
        let published = baseline.as_ref().map(|b| Plan::new(&instance, b, None));
        let roomy = self.robust(&instance)?;
        let searched = roomy.as_ref().unwrap_or(&instance);
        let model = ManuallyDrop::new(Model::new(searched, published.as_ref()));
        // A re-plan starts from what was published, unless told otherwise.
        let from = from.as_ref().or(baseline.as_ref()).map(|f| Plan::new(searched, f, None));
        let threads = self.threads.map_or_else(available_threads, usize::from);
        let time = self.time.or(if self.iterations.is_some() { None } else { Some(30.0) });
        let time = time.map(Duration::from_secs_f64);
        let clock = Clock::start(time, interrupted());
        let reporter = Reporter::new(&self, (started, clock), threads, &instance, baseline.as_ref());
        let (seed, stop) = (self.seed, interrupted());
        let budget = Budget { started, time, iterations: self.iterations, gap: self.gap };
        let task = Task {
            model: &model,
            from: from.as_ref(),
            seed,
            threads,
            budget,
            stop,
            watch: &|p, s| reporter.tell(p, s),
        };
        // With less of everybody's day than there is, what cannot be proves nothing.
        let settled = settle(&task, roomy.is_none()).map_err(|Impossible(orals)| {
            impossible(&instance.name, orals.iter().map(|&o| instance.oral_name(o)).collect())
        })?;
        let relaxed = settled.instance.as_ref();
        let there = relaxed.map(|own| baseline.as_ref().map(|b| Plan::new(own, b, None)));
        let relaxed = relaxed.zip(there.as_ref()).map(|(own, there)| Model::new(own, there.as_ref()));
        let model: &Model = relaxed.as_ref().unwrap_or(&model);
        let start = settled.start.as_ref().map(|s| Plan::new(model.instance, s, None));
        let task = Task { model, from: start.as_ref().or(from.as_ref()), ..task };
        reporter.without_pins(&settled.not_kept, &instance);
        let outcome = ManuallyDrop::new(solve_on_threads(chosen, &task).map_err(Failure::NoResult)?);
        reporter.done();
        let mut schedule = outcome.schedule(published.as_ref());
        schedule.provenance = reporter.provenance(&outcome);
        if roomy.is_some() {
            // It was proven of plans with room to spare only.
            schedule.bound = None;
        }
        let not_kept = keep_account(&instance, &mut schedule);
        let verdict = check(&instance, &schedule, baseline.as_ref());
        if let Some(broken) = verdict.violations.iter().find(|v| v.rule != "pin") {
            return Err(Failure::NoResult(internal(broken)));
        }
        schedule.write(&self.output).map_err(|e| Failure::unwritable(&self.output, &e))?;
        if !self.quiet {
            let unscheduled = schedule.unscheduled.len();
            print(&cost_table(&verdict.cost));
            for left in &schedule.unscheduled {
                let (c, e, why) = (&left.candidate, &left.exam, &left.reason);
                print(&(tr!("unscheduled: {c} {e}: {why}", "non programmé : {c} {e} : {why}") + "\n"));
            }
            let path = self.output.display();
            print(&match unscheduled {
                0 if instance.due().next().is_none() => tr!(
                    "no oral is due: the schedule is empty; written to {path}\n",
                    "aucun oral n'est dû : le planning est vide ; écrit dans {path}\n"
                ),
                0 => tr!(
                    "every due oral has a sitting; written to {path}\n",
                    "tous les oraux dus ont un passage ; écrit dans {path}\n"
                ),
                n => tr!(
                    "{n} due orals have no sitting; written to {path}\n",
                    "{n} oraux dus n'ont pas de passage ; écrit dans {path}\n"
                ),
            });
        }
        if self.statistics {
            print(&statistics(&outcome));
        }
        if let Some((least, time)) = reporter.first().zip(time).filter(|(least, time)| least > time) {
            let (least, time) = (format!("{:.1}", least.as_secs_f64()), time.as_secs_f64());
            complain(&tr!(
                "note: {time} s are too short for this instance: its first schedule was there after {least} s",
                "remarque : {time} s ne suffisent pas pour ces données : le premier planning était là au bout de {least} s"
            ));
        }
        told(&not_kept, &self.output)
    }
}

/// A schedule of ours that breaks a rule.
pub(super) fn internal(broken: &Violation) -> String {
    let (rule, at, message) = (broken.rule, &broken.at, &broken.message);
    tr!(
        "internal error, please report it: the schedule breaks {rule} at {at}: {message}",
        "erreur interne, merci de la signaler : le planning enfreint {rule} ({at}) : {message}"
    )
}

pub(super) fn available_threads() -> usize {
    std::thread::available_parallelism().map_or(1, |n| n.get())
}

/// Writes the full model of an instance that is small enough for it.
fn write_model(instance: &Instance, published: Option<&Plan>, path: &Path) -> Result<(), Failure> {
    let exact = strategy("exact").expect("it is in the registry");
    if let Some(why) = exact.refuses(instance) {
        return Err(Failure::Input(vec![Fault::new("--write-model", why)]));
    }
    let known = path.extension().is_some_and(|e| e == "lp" || e == "mps");
    if !known {
        let path = path.display();
        let message = tr!("{path}: the name must end in .lp or .mps", "{path} : le nom doit finir par .lp ou .mps");
        return Err(Failure::Input(vec![Fault::new("--write-model", message)]));
    }
    // The solver writes by name, and knows the form by its ending.
    let ending = path.extension().map(|e| format!(".{}", e.to_string_lossy())).unwrap_or_default();
    let scratch = output::Scratch::new(&ending).map_err(|e| Failure::unwritable(path, &e))?;
    mip::write_model(&rules::program(instance, published), scratch.path()).map_err(Failure::NoResult)?;
    let written = std::fs::read(scratch.path()).and_then(|model| output::write(path, &model));
    written.map_err(|e| Failure::unwritable(path, &e))
}

/// Pins that no schedule can obey, each by name.
pub(super) fn refused_pins(found: &[Contradiction]) -> Failure {
    let mut lines = vec![tr!(
        "no schedule can obey these pins; nothing is written; remove or change them:",
        "aucun planning ne peut respecter ces décisions fixées ; rien n'est écrit ; retirez-les ou modifiez-les :"
    )];
    lines.extend(found.iter().take(SHOWN).map(|c| wrapped("  ", &c.to_string()).trim_end().to_string()));
    if found.len() > SHOWN {
        let more = found.len() - SHOWN;
        lines.push(tr!("  and {more} more", "  et {more} autres"));
    }
    Failure::NoResult(lines.join("\n"))
}

/// So many contradictions, or orals of one, are shown.
const SHOWN: usize = 20;

/// Pinned orals that the relaxed model proves to contradict one another.
pub(super) fn impossible(name: &str, orals: Vec<String>) -> Failure {
    let n = orals.len();
    let mut list = orals.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if n > SHOWN {
        list += " …";
    }
    Failure::NoResult(paragraph(&tr!(
        "no schedule of {name} can hear these {n} pinned orals all as they are pinned (proven): {list}. Nothing is written; \
             remove or change a pin of them. oraux diagnose says what is scarce.",
        "aucun planning de {name} ne peut entendre ces {n} oraux tous comme ils sont fixés (c'est prouvé) : {list}. Rien n'est \
             écrit ; retirez ou modifiez l'une de ces décisions. oraux diagnose dit ce qui manque."
    )))
}

fn paragraph(text: &str) -> String {
    wrapped("", text).trim_end().to_string()
}

/// Writes into the provenance which pins the schedule does not keep; returns them in words: `C0001 E4 (date, room)`.
pub(super) fn keep_account(instance: &Instance, schedule: &mut Schedule) -> Vec<String> {
    let not_kept = not_kept(&Plan::new(instance, schedule, None));
    if not_kept.is_empty() {
        return Vec::new();
    }
    schedule.provenance.insert(PINS_NOT_KEPT.to_string(), json!(not_kept));
    said_not_kept(schedule)
}

/// Says which pins a schedule that was written does not keep, and what to do.
pub(super) fn told(not_kept: &[String], output: &Path) -> Result<ExitCode, Failure> {
    if not_kept.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let (n, path) = (not_kept.len(), output.display());
    let mut list = not_kept.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if n > SHOWN {
        list += " …";
    }
    Err(Failure::PinsNotKept(paragraph(&tr!(
        "PINS NOT KEPT: {n}: {list}. No place was found where they are pinned; that does not prove that there is none. The best \
             plan without them is in {path}: it breaks the rule pin, oraux check says so and oraux export refuses it. Give more \
             --time or another --seed, or remove or change these pins.",
        "DÉCISIONS FIXÉES NON TENUES : {n} : {list}. Aucune place n'a été trouvée là où elles sont fixées ; cela ne prouve pas \
             qu'il n'y en a pas. Le meilleur planning sans elles est dans {path} : il enfreint la règle pin, oraux check le dit et \
             oraux export le refuse. Donnez plus de --time ou un autre --seed, ou retirez ou modifiez ces décisions."
    ))))
}

fn statistics(outcome: &Outcome) -> String {
    let mut out = format!(
        "{:<20} {:>12} {:>12} {:>12}\n",
        "move",
        tr!("tried", "essais"),
        tr!("kept", "gardés"),
        tr!("better", "meilleurs")
    );
    for ((m, _), [tried, kept, better]) in crate::moves::MOVES.iter().zip(&outcome.tally.moves) {
        out += &format!("{:<20} {tried:>12} {kept:>12} {better:>12}\n", m.name());
    }
    out + &format!("{:<20} {:>12}\n", "total", outcome.tries)
}

/// Tells how the work goes, and writes checkpoints.
struct Reporter<'s> {
    solve: &'s Solve,
    started: Instant,
    clock: Clock,
    threads: usize,
    instance: &'s Instance,
    baseline: Option<&'s Schedule>,
    instance_hash: String,
    bar: ProgressBar,
    live: bool,
    /// Whether the schedule goes to a pipe or the like, which takes it once.
    stream: bool,
    told: Mutex<Told>,
}

#[derive(Default)]
struct Told {
    /// The orals whose pins are given up.
    without_pins: Vec<OralIx>,
    /// When the first schedule was there.
    first: Option<Duration>,
    /// How long its ending took, but for the file.
    ending: Duration,
    line: Option<Instant>,
    written: Option<(i64, Instant)>,
}

impl<'s> Reporter<'s> {
    fn new(
        solve: &'s Solve,
        (started, clock): (Instant, Clock),
        threads: usize,
        instance: &'s Instance,
        baseline: Option<&'s Schedule>,
    ) -> Self {
        let live = !solve.quiet && std::io::stderr().is_terminal();
        let bar = if live { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        bar.set_style(ProgressStyle::with_template("{spinner} {msg}").expect("the template is constant"));
        Reporter {
            solve,
            started,
            clock,
            threads,
            instance,
            baseline,
            instance_hash: instance.hash(),
            bar,
            live,
            stream: output::is_stream(&solve.output),
            told: Mutex::new(Told::default()),
        }
    }

    fn tell(&self, progress: &Progress, best: &State) {
        let mut told = self.told.lock().expect("nobody panics while telling");
        if told.first.is_none() {
            told.first = Some(self.started.elapsed());
            if self.clock.runs_on() {
                told.ending = self.try_ending(best);
                self.clock.ending(told.ending);
            }
        }
        super::progress::tell(self.now(progress, best));
        let now = Instant::now();
        let pause = if self.live { Duration::from_millis(100) } else { Duration::from_secs(5) };
        if !self.solve.quiet && !super::progress::as_json() && told.line.is_none_or(|t| now - t >= pause) {
            told.line = Some(now);
            let line = line(progress, best);
            if self.live { self.bar.set_message(line) } else { complain(&line) }
        }
        if self.solve.checkpoint > 0.0 && best.pins_missing == 0 && !self.stream {
            let better = told.written.is_none_or(|(cost, at)| {
                (best.cost as f64) < cost as f64 * (1.0 - self.solve.checkpoint / 100.0)
                    && now - at >= Duration::from_secs(1)
            });
            // The first one goes out at once: whatever happens later, there is a schedule.
            if better {
                told.written = Some((best.cost, now));
                let mut schedule =
                    best.freeze(|_| tr!("the search has not placed it yet", "pas encore programmé par la recherche"));
                schedule.provenance = self.source(progress.tries, true);
                if !told.without_pins.is_empty() {
                    keep_account(self.instance, &mut schedule);
                }
                let began = Instant::now();
                if let Err(e) = schedule.write(&self.solve.output) {
                    complain(&tr!("checkpoint not written: {e}", "point de reprise non écrit : {e}"));
                }
                // A disk may be slow.
                self.clock.ending(told.ending + began.elapsed());
            }
        }
    }

    /// Does with the first schedule what the last one will need, to learn how long that takes.
    fn try_ending(&self, best: &State) -> Duration {
        let began = Instant::now();
        let mut schedule = best.freeze(|o| crate::explain::unscheduled::reason(best, o));
        // An instance in parts is put together once more.
        State::new(best.model).load(&Plan::new(best.model.instance, &schedule, None));
        evaluate(&Plan::new(best.model.instance, &schedule, None));
        keep_account(self.instance, &mut schedule);
        check(self.instance, &schedule, self.baseline);
        schedule.to_json();
        began.elapsed()
    }

    /// How far it is.
    fn now(&self, progress: &Progress, best: &State) -> Now<'static> {
        let time = self.clock.time().map(|time| (self.started.elapsed().as_secs_f64() / time.as_secs_f64()).min(1.0));
        let tries = self.solve.iterations.map(|n| (progress.tries as f64 / n.max(1) as f64).min(1.0));
        Now {
            stage: "search",
            share: time.or(tries),
            cost: Some(best.cost),
            bound: progress.bound,
            unscheduled: Some(best.unscheduled),
        }
    }

    /// When the first schedule was there, since the program began.
    fn first(&self) -> Option<Duration> {
        self.told.lock().expect("nobody panics while telling").first
    }

    /// From now on the search is for a plan without the pins of these orals.
    fn without_pins(&self, orals: &[OralIx], instance: &Instance) {
        if orals.is_empty() {
            return;
        }
        self.told.lock().expect("nobody panics while telling").without_pins = orals.to_vec();
        if !self.solve.quiet {
            let list = orals.iter().map(|&o| instance.oral_name(o)).collect::<Vec<_>>().join(", ");
            let said = tr!(
                "no place found as pinned: {list}; the search goes on without these pins",
                "aucune place trouvée telle que fixée : {list} ; la recherche continue sans ces décisions"
            );
            complain(&paragraph(&said));
        }
    }

    fn done(&self) {
        self.bar.finish_and_clear();
    }

    fn provenance(&self, outcome: &Outcome) -> BTreeMap<String, serde_json::Value> {
        self.source(outcome.tries, false)
    }

    fn source(&self, tries: u64, checkpoint: bool) -> BTreeMap<String, serde_json::Value> {
        let mut source = BTreeMap::from([
            ("program".to_string(), json!("oraux")),
            ("version".to_string(), json!(env!("CARGO_PKG_VERSION"))),
            ("strategy".to_string(), json!(self.solve.strategy)),
            ("seed".to_string(), json!(self.solve.seed)),
            ("iterations".to_string(), json!(tries)),
            ("instance_hash".to_string(), json!(self.instance_hash)),
            ("replan".to_string(), json!(self.baseline.is_some())),
            ("threads".to_string(), json!(self.threads)),
            ("seconds".to_string(), json!((self.started.elapsed().as_secs_f64() * 10.0).round() / 10.0)),
        ]);
        if self.solve.robust > 0 {
            source.insert("robust".to_string(), json!(self.solve.robust));
        }
        if checkpoint {
            source.insert("checkpoint".to_string(), json!(true));
        }
        source
    }
}

/// Elapsed time, cost, unscheduled, gap, moves a second.
fn line(progress: &Progress, best: &State) -> String {
    let seconds = progress.elapsed.as_secs_f64();
    let cost = thousands(best.cost);
    let left = best.unscheduled;
    // Nothing costs less than nothing.
    let gap = match progress.bound.or((best.cost == 0).then_some(0)) {
        Some(bound) => {
            let percent = 100.0 * (best.cost - bound) as f64 / (best.cost as f64).max(1.0);
            let bound = thousands(bound);
            tr!("bound {bound} (gap {percent:.1} %)", "borne {bound} (écart {percent:.1} %)")
        }
        _ => tr!("no bound yet", "pas encore de borne"),
    };
    let by = progress.by.name();
    let speed = thousands((progress.tries as f64 / seconds.max(0.001)) as i64);
    tr!(
        "{seconds:6.1} s  cost {cost}  unscheduled {left}  {gap}  by {by}  {speed} moves/s",
        "{seconds:6.1} s  coût {cost}  non programmés {left}  {gap}  par {by}  {speed} mouvements/s"
    )
}
