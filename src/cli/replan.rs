//! `oraux replan`: a new schedule after a changed morning, and who has to be told what.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use chrono::NaiveDateTime;
use serde_json::json;

use super::check::cost_table;
use super::clock::{self, Clock};
use super::explain::pretty;
use super::solve::{available_threads, impossible, keep_account, refused_pins, told as told_pins};
use super::wrap::wrapped;
use super::{Failure, complain, interrupted, paths, print, progress, writable};
use crate::check::check;
use crate::fault::Fault;
use crate::instance::Instance;
use crate::replan::{Changes, Events, Notice, PersonChanges, Refused, Replanned, Request, changes, replan};
use crate::report::Answer;
use crate::schedule::Schedule;
use crate::strategy::Budget;
use crate::{output, tr};

/// Re-plan a published schedule after events, disturbing as few people as possible (exit 0, 1 if pins contradict one
/// another, 2 bad input, 3 with a schedule that does not keep all pins)
#[derive(clap::Args)]
pub struct Replan {
    /// The instance that was planned
    instance: PathBuf,
    /// The published schedule
    schedule: PathBuf,
    /// What happened (oraux-events/1; see `oraux schema events` and docs/replan.md)
    #[arg(long, value_name = "EVENTS", required_unless_present = "edited")]
    events: Option<PathBuf>,
    /// The instance as somebody changed it by hand since: each difference is named as the reason of what it changes
    #[arg(long, value_name = "INSTANCE")]
    edited: Option<PathBuf>,
    /// Where the new schedule goes
    #[arg(short, long, value_name = "SCHEDULE")]
    output: PathBuf,
    /// Where the instance after the events goes: the new schedule is checked against it
    #[arg(long, value_name = "INSTANCE")]
    amended: Option<PathBuf>,
    /// The hour in Paris: what has begun stays as it is, and nobody is asked to be anywhere sooner than they can be told and
    /// come (2024-06-04T07:40)
    #[arg(long, value_name = "DATE-TIME", value_parser = date_time)]
    now: Option<NaiveDateTime>,
    /// With --now, minutes between the call and what is asked for; the way at 60 km/h comes on top for who is not on site
    #[arg(long, value_name = "MINUTES", default_value_t = 60, requires = "now", value_parser = clap::value_parser!(u16).range(0..=1440))]
    notice: u16,
    /// With --now, let people be asked to come earlier than they were told
    #[arg(long, requires = "now")]
    allow_earlier: bool,
    /// Let an oral that no event touches be left out for another
    #[arg(long)]
    sacrifice: bool,
    /// Let every centre and date be planned anew, not only what is hit and what must make room
    #[arg(long)]
    wide: bool,
    /// Seconds of wall-clock time to improve in (0: only repair), in place of the tries: the answer then depends on the machine
    #[arg(long, value_name = "SECONDS", value_parser = seconds_or_none)]
    time: Option<f64>,
    /// Tries of moves: the same seed and number give the same schedule [default: by the number of orals; 10 s for a group of 150
    /// candidates]
    #[arg(long, value_name = "N", conflicts_with = "time")]
    iterations: Option<u64>,
    /// Everything random follows from it
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads [default: as many as the machine has]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=512))]
    threads: Option<u16>,
    /// Print the changes and the cost as JSON
    #[arg(long)]
    json: bool,
}

fn date_time(text: &str) -> Result<NaiveDateTime, String> {
    let forms = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"];
    forms.iter().find_map(|f| NaiveDateTime::parse_from_str(text, f).ok()).ok_or_else(|| {
        tr!("a date and an hour are wanted, as 2024-06-04T07:40", "il faut une date et une heure : 2024-06-04T07:40")
    })
}

fn seconds_or_none(text: &str) -> Result<f64, String> {
    if text.parse::<f64>() == Ok(0.0) { Ok(0.0) } else { super::solve::seconds(text) }
}

/// Tries by default, a thousand for each due oral: the same answer each time.
fn tries(instance: &Instance) -> u64 {
    1_000 * instance.due().count() as u64
}

impl Replan {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let started = clock::started();
        let before = Instance::read(&self.instance)?;
        let published = Schedule::read(&self.schedule)?;
        let edited = self.edited.as_deref().map(Instance::read).transpose()?;
        let events = match &self.events {
            Some(path) => Events::read(path, edited.as_ref().unwrap_or(&before))?,
            None => Events::none(),
        };
        let outputs = paths(&[Some(&self.output), self.amended.as_ref()]);
        let inputs = [Some(&self.instance), Some(&self.schedule), self.events.as_ref(), self.edited.as_ref()];
        writable(&outputs, &paths(&inputs))?;
        if let Some(broken) = check(&before, &published, None).violations.first() {
            let (rule, at, what) = (broken.rule, &broken.at, &broken.message);
            complain(&tr!(
                "warning: the published schedule is not valid ({rule} at {at}: {what}); see oraux check",
                "attention : le planning publié n'est pas valable ({rule}, {at} : {what}) ; voir oraux check"
            ));
        }
        let search = self.time != Some(0.0) || self.iterations.is_some();
        let time = self.time.map(Duration::from_secs_f64);
        let iterations = self.iterations.or_else(|| self.time.is_none().then(|| tries(&before)));
        // What comes after the search (the checker, the list, two files) takes about as long as what came before it.
        let clock = Clock::start(time.filter(|_| search), interrupted());
        clock.ending(started.elapsed());
        let request = Request {
            edited: edited.as_ref(),
            now: self.now,
            notice: self.now.map(|_| Notice { minutes: self.notice.into(), allow_earlier: self.allow_earlier }),
            sacrifice: self.sacrifice,
            wide: self.wide,
            seed: self.seed,
            threads: self.threads.map_or_else(available_threads, usize::from),
            budget: search.then_some(Budget { started, time, iterations, gap: 0.0 }),
            stop: interrupted(),
        };
        progress::tell(progress::Now { stage: "search", share: Some(0.0), ..progress::Now::default() });
        let Replanned { amended, edits, instance: after, mut schedule, tries } =
            replan(&before, &published, &events, &request).map_err(|refused| self.refused(&before.name, refused))?;
        for remark in &amended.remarks {
            complain(&tr!("note: {remark}", "remarque : {remark}"));
        }
        schedule.provenance = self.provenance(&after, tries, started);
        let not_kept = keep_account(&after, &mut schedule);
        let verdict = check(&after, &schedule, Some(&published));
        if let Some(broken) = verdict.violations.iter().find(|v| v.rule != "pin") {
            return Err(Failure::NoResult(super::solve::internal(broken)));
        }
        let list = changes(&after, &published, &schedule, &amended, &events, &edits);
        if let Some(path) = &self.amended {
            output::write(path, &amended.instance.to_bytes(path)).map_err(|e| Failure::unwritable(path, &e))?;
        }
        schedule.write(&self.output).map_err(|e| Failure::unwritable(&self.output, &e))?;
        if self.json {
            print(&pretty(&Answer::Changes {
                instance: after.name,
                cost: verdict.cost,
                changes: list,
                unscheduled: schedule.unscheduled,
                not_heard: schedule.not_heard,
                remarks: amended.remarks,
                frozen: amended.frozen.len(),
            }));
            return told_pins(&not_kept, &self.output);
        }
        // Who has no place any more comes first.
        for left in &schedule.unscheduled {
            let (c, e, why) = (&left.candidate, &left.exam, &left.reason);
            print(&wrapped("", &tr!("unscheduled: {c} {e}: {why}", "non programmé : {c} {e} : {why}")));
        }
        print(&told(&list));
        print(&cost_table(&verdict.cost));
        let (path, frozen) = (self.output.display(), amended.frozen.len());
        print(&tr!(
            "{frozen} orals past, under way or about to begin stay as they were; written to {path}\n",
            "{frozen} oraux passés, en cours ou imminents restent tels quels ; écrit dans {path}\n"
        ));
        if self.amended.is_none() {
            print(&tr!(
                "(--amended FILE writes the instance after the events, against which oraux check reads this schedule)\n",
                "(--amended FICHIER écrit l'instance après les événements, avec laquelle oraux check lit ce planning)\n"
            ));
        }
        told_pins(&not_kept, &self.output)
    }

    /// What is past or under way, and cannot be as the published schedule has it.
    fn held(&self, why: &str) -> Fault {
        let file = Some(self.schedule.display().to_string());
        let message = tr!(
            "past or under way at --now, and yet against a rule: {why}; write into the schedule what was really held, or correct the \
             instance or the events",
            "passé ou en cours à l'heure de --now, et pourtant contraire à une règle : {why} ; écrivez dans le planning ce qui a \
             vraiment eu lieu, ou corrigez l'instance ou les événements"
        );
        Fault { file, ..Fault::new("", message) }
    }

    fn refused(&self, name: &str, refused: Refused) -> Failure {
        match refused {
            Refused::System(message) => Failure::NoResult(message),
            Refused::Contradictory(found) => refused_pins(&found),
            Refused::Impossible(names) => impossible(name, names),
            Refused::Held(reasons) => Failure::Input(reasons.into_iter().map(|why| self.held(&why)).collect()),
            Refused::Events(faults) => {
                let file = self.events.as_ref().map(|path| path.display().to_string());
                Failure::Input(faults.into_iter().map(|f| Fault { file: file.clone(), ..f }).collect())
            }
            Refused::Faults(faults) => {
                let file = self.events.as_ref().or(self.edited.as_ref()).map(|path| path.display().to_string());
                let said = |f: Fault| {
                    let message = format!("{}: {}", tr!("after the events", "après les événements"), f.message);
                    Fault { file: file.clone(), message, ..f }
                };
                Failure::Input(faults.into_iter().map(said).collect())
            }
        }
    }

    fn provenance(&self, after: &Instance, tries: u64, started: Instant) -> BTreeMap<String, serde_json::Value> {
        let mut source = BTreeMap::from([
            ("program".to_string(), json!("oraux")),
            ("version".to_string(), json!(env!("CARGO_PKG_VERSION"))),
            ("strategy".to_string(), json!("replan")),
            ("seed".to_string(), json!(self.seed)),
            ("iterations".to_string(), json!(tries)),
            ("instance_hash".to_string(), json!(after.hash())),
            ("replan".to_string(), json!(true)),
            ("seconds".to_string(), json!((started.elapsed().as_secs_f64() * 10.0).round() / 10.0)),
        ]);
        if let Some(now) = self.now {
            source.insert("now".to_string(), json!(now.format("%Y-%m-%dT%H:%M").to_string()));
        }
        source
    }
}

/// The list that the office telephones from.
fn told(list: &Changes) -> String {
    let mut out = String::new();
    for event in &list.events {
        let (name, what, effect) = (&event.name, &event.text, event.effect());
        out += &wrapped("", &tr!("{name}: {what} ({effect})", "{name} : {what} ({effect})"));
    }
    let (call, know) = list.to_tell();
    let examiners: Vec<&PersonChanges> = list.examiners.iter().collect();
    for (i, (head, people)) in list.heads().into_iter().zip([call, examiners, know]).enumerate() {
        if i < 2 || !people.is_empty() {
            out += &format!("{}{head}\n", if out.is_empty() { "" } else { "\n" });
            people.iter().for_each(|p| person(&mut out, p));
        }
    }
    out + "\n"
}

fn person(out: &mut String, person: &PersonChanges) {
    *out += &wrapped("  ", &person.who());
    for change in &person.changes {
        let (date, message, because) = (change.date, &change.message, &change.because);
        *out += &wrapped("    ", &tr!("{date}: {message} [{because}]", "{date} : {message} [{because}]"));
    }
}
