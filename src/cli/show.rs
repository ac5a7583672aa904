//! `oraux show`: a schedule in the terminal.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::ValueEnum;
use strsim::osa_distance;

use super::wrap::width;
use super::{Failure, print};
use crate::fault::Fault;
use crate::instance::Instance;
use crate::lang;
use crate::schedule::{Schedule, Session, Sitting};
use crate::tr;

/// Show a schedule in the terminal: by centre and day, by commission, or one person's
#[derive(clap::Args)]
pub struct Show {
    /// The schedule
    schedule: PathBuf,
    /// The instance, to show names beside ids
    #[arg(long, value_name = "INSTANCE")]
    instance: Option<PathBuf>,
    /// How to sort
    #[arg(long, value_enum, default_value = "day")]
    by: By,
    /// Only this candidate's day
    #[arg(long, value_name = "ID", conflicts_with = "examiner")]
    candidate: Option<String>,
    /// Only this examiner's sessions
    #[arg(long, value_name = "ID")]
    examiner: Option<String>,
    /// Only this centre
    #[arg(long, value_name = "ID")]
    centre: Option<String>,
    /// Only this date
    #[arg(long, value_name = "DATE")]
    date: Option<NaiveDate>,
    /// Only this kind of commission
    #[arg(long, value_name = "ID")]
    commission: Option<String>,
}

/// Up to so many known ids are all listed for an unknown one; of more, the nearest.
const LISTED: usize = 12;
const NEAREST: usize = 5;

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// Centre by centre, date by date, room by room
    Day,
    /// Kind of commission by kind of commission
    Commission,
}

impl Show {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let schedule = Schedule::read(&self.schedule)?;
        let instance = self.instance.as_deref().map(Instance::read).transpose()?;
        let names = Names { instance: instance.as_ref() };
        let mut sessions: Vec<&Session> = schedule.sessions.iter().collect();
        self.narrow(&mut sessions, &schedule, instance.as_ref())?;
        let mut out = Page { text: String::new(), width: width() };
        match (&self.candidate, &self.examiner) {
            (Some(c), _) => candidate(c, &sessions, &schedule, &names, &mut out),
            (None, Some(x)) => {
                out.line(0, &names.examiner(x));
                grouped(&sessions, By::Day, &names, &mut out);
            }
            (None, None) => {
                grouped(&sessions, self.by, &names, &mut out);
                let all = self.centre.is_none() && self.date.is_none() && self.commission.is_none();
                if all {
                    rest(&schedule, &names, &mut out);
                }
            }
        }
        if sessions.is_empty() {
            out.line(0, &tr!("no session", "aucune vacation"));
        }
        print(out.text.trim_start_matches('\n'));
        Ok(ExitCode::SUCCESS)
    }

    /// Keeps the sessions asked for; what neither the schedule nor the instance knows is an error.
    fn narrow(
        &self,
        sessions: &mut Vec<&Session>,
        schedule: &Schedule,
        instance: Option<&Instance>,
    ) -> Result<(), Failure> {
        let mut faults = Vec::new();
        let file = || Some(self.schedule.display().to_string());
        let mut must_know = |what: &str, id: &str, known: BTreeSet<&str>| {
            if !known.contains(id) {
                faults.push(Fault { file: file(), ..unknown(what, id, &known) });
            }
        };
        if let Some(c) = &self.candidate {
            let sat = schedule.sessions.iter().flat_map(|s| &s.sittings).map(|s| &s.candidate);
            let left = schedule.unscheduled.iter().chain(&schedule.not_heard).map(|l| &l.candidate);
            let own = instance.iter().flat_map(|i| i.candidates.iter()).map(|c| &c.id);
            must_know("candidate", c, sat.chain(left).chain(own).map(String::as_str).collect());
            sessions.retain(|s| s.sittings.iter().any(|p| p.candidate == *c));
        }
        if let Some(x) = &self.examiner {
            let sit = schedule.sessions.iter().flat_map(|s| s.members.values());
            let own = instance.iter().flat_map(|i| i.examiners.iter()).map(|x| &x.id);
            must_know("examiner", x, sit.chain(own).map(String::as_str).collect());
            sessions.retain(|s| s.members.values().any(|m| m == x));
        }
        if let Some(z) = &self.centre {
            let own = instance.iter().flat_map(|i| i.centres.iter()).map(|z| &z.id);
            let used = schedule.sessions.iter().map(|s| &s.centre);
            must_know("centre", z, used.chain(own).map(String::as_str).collect());
            sessions.retain(|s| s.centre == *z);
        }
        if let Some(k) = &self.commission {
            let own = instance.iter().flat_map(|i| i.regulation.commissions.iter()).map(|k| &k.id);
            let used = schedule.sessions.iter().map(|s| &s.commission);
            must_know("commission", k, used.chain(own).map(String::as_str).collect());
            sessions.retain(|s| s.commission == *k);
        }
        if let Some(date) = self.date {
            let own = instance.iter().flat_map(|i| i.dates.iter()).copied();
            let known: BTreeSet<NaiveDate> = schedule.sessions.iter().map(|s| s.date).chain(own).collect();
            if !known.contains(&date) {
                let list = known.iter().map(NaiveDate::to_string).collect::<Vec<_>>().join(", ");
                let message = tr!(
                    "nothing is held on {date}; the dates are {list}",
                    "rien n'a lieu le {date} ; les dates sont {list}"
                );
                faults.push(Fault { file: file(), ..Fault::new("", message) });
            }
            sessions.retain(|s| s.date == date);
        }
        if faults.is_empty() { Ok(()) } else { Err(faults.into()) }
    }
}

/// An id that nothing has, with all that there are or, of many, the nearest.
fn unknown(what: &str, id: &str, known: &BTreeSet<&str>) -> Fault {
    let mut fault = Fault::unknown("", what, id, std::iter::empty::<&str>());
    let mut list: Vec<&str> = known.iter().copied().collect();
    if list.len() > LISTED {
        list.sort_by_key(|k| osa_distance(&id.to_lowercase(), &k.to_lowercase()));
        list.truncate(NEAREST);
        let list = list.join(", ");
        fault.message += &tr!("; the nearest are {list}", " ; les plus proches sont {list}");
    } else if !list.is_empty() {
        let list = list.join(", ");
        fault.message += &tr!("; there are {list}", " ; il y a : {list}");
    }
    fault
}

/// Lines no wider than the terminal.
struct Page {
    text: String,
    width: usize,
}

impl Page {
    /// Adds a line at an indent; what does not fit goes on below, two columns further in.
    fn line(&mut self, indent: usize, text: &str) {
        let mut rest: Vec<char> = text.trim_end().chars().collect();
        let (mut indent, below) = (indent, indent + 2);
        loop {
            let room = self.width.saturating_sub(indent).max(10);
            self.text.extend(std::iter::repeat_n(' ', indent));
            if rest.len() <= room {
                self.text.extend(rest);
                self.text.push('\n');
                return;
            }
            let cut = rest[..=room].iter().rposition(|c| *c == ' ').filter(|cut| *cut > 0).unwrap_or(room);
            self.text.push_str(rest[..cut].iter().collect::<String>().trim_end());
            self.text.push('\n');
            rest.drain(..cut);
            let blanks = rest.iter().take_while(|c| **c == ' ').count();
            rest.drain(..blanks);
            indent = below;
        }
    }
}

/// Names beside ids, where the instance is known.
struct Names<'a> {
    instance: Option<&'a Instance>,
}

impl Names<'_> {
    fn of(id: &str, name: Option<&str>) -> String {
        name.filter(|n| *n != id).map_or_else(|| id.to_string(), |n| format!("{id} {n}"))
    }
    fn candidate(&self, id: &str) -> String {
        let name = self.instance.and_then(|i| i.candidate(id).map(|c| i.candidates[c].name.as_str()));
        Self::of(id, name)
    }
    fn examiner(&self, id: &str) -> String {
        let name = self.instance.and_then(|i| i.examiner(id).map(|x| i.examiners[x].name.as_str()));
        Self::of(id, name)
    }
    fn centre(&self, id: &str) -> String {
        let name = self.instance.and_then(|i| i.centre(id).map(|z| i.centres[z].name.as_str()));
        Self::of(id, name)
    }
}

fn first_start(session: &Session) -> i32 {
    session.sittings.iter().map(|s| s.start.0).min().unwrap_or(0)
}

fn grouped(sessions: &[&Session], by: By, names: &Names, out: &mut Page) {
    let mut groups: BTreeMap<(String, Option<NaiveDate>), Vec<&Session>> = BTreeMap::new();
    for s in sessions {
        let key = match by {
            By::Day => (names.centre(&s.centre), Some(s.date)),
            By::Commission => (s.commission.clone(), None),
        };
        groups.entry(key).or_default().push(s);
    }
    for ((head, date), mut sessions) in groups {
        out.line(0, "");
        out.line(0, &date.map_or(head.clone(), |date| format!("{head}  {date}")));
        sessions.sort_by_key(|s| (s.date, s.room.clone(), first_start(s)));
        for s in sessions {
            let members: Vec<String> =
                s.members.iter().map(|(seat, id)| format!("{seat} {}", names.examiner(id))).collect();
            let language = s.language.as_ref().map_or(String::new(), |l| format!(" ({l})"));
            let place = match by {
                By::Day => s.room.clone(),
                By::Commission => format!("{} {} {}", s.date, s.centre, s.room),
            };
            out.line(2, &format!("{place}  {}{language}  {}  [{}]", s.commission, members.join(", "), s.id));
            for p in &s.sittings {
                out.line(4, &sitting(p, &names.candidate(&p.candidate)));
            }
        }
    }
}

fn sitting(p: &Sitting, what: &str) -> String {
    let preparation = p.preparation_room.as_ref().map_or(String::new(), |room| {
        let from = p.preparation_start;
        let room = lang::room(lang::current(), room);
        tr!("  (prepares from {from}, {room})", "  (préparation à partir de {from}, {room})")
    });
    format!("{}-{}  {:<10}  {what}{preparation}", p.start, p.end, p.exam)
}

fn candidate(id: &str, sessions: &[&Session], schedule: &Schedule, names: &Names, out: &mut Page) {
    out.line(0, &names.candidate(id));
    let mut sat: Vec<(&Session, &Sitting)> =
        sessions.iter().flat_map(|s| s.sittings.iter().filter(|p| p.candidate == id).map(move |p| (*s, p))).collect();
    sat.sort_by_key(|(s, p)| (s.date, p.start));
    for (s, p) in sat {
        let centre = names.centre(&s.centre);
        let place = tr!("room {}, {centre}", "salle {}, {centre}", s.room);
        out.line(2, &format!("{}  {}", s.date, sitting(p, &place)));
    }
    for left in schedule.unscheduled.iter().chain(&schedule.not_heard).filter(|l| l.candidate == id) {
        let (exam, reason) = (&left.exam, why(&left.reason));
        out.line(2, &tr!("{exam}: no sitting: {reason}", "{exam} : pas de passage : {reason}"));
    }
}

fn rest(schedule: &Schedule, names: &Names, out: &mut Page) {
    for (head, list) in [
        (tr!("Without a sitting", "Sans passage"), &schedule.unscheduled),
        (tr!("Not heard", "Non interrogés"), &schedule.not_heard),
    ] {
        if !list.is_empty() {
            out.line(0, "");
            out.line(0, &head);
        }
        for left in list {
            let (who, exam, reason) = (names.candidate(&left.candidate), &left.exam, why(&left.reason));
            out.line(2, &tr!("{who}  {exam}: {reason}", "{who}  {exam} : {reason}"));
        }
    }
}

/// The two reasons of the format in words; the others are sentences already.
fn why(reason: &str) -> String {
    match reason {
        "not-valid" => {
            tr!("not valid: the file is missing or does not conform", "non valide : dossier absent ou non conforme")
        }
        "not-held" => tr!("not held: nothing was presented", "non tenue : aucun support présenté"),
        own => own.to_string(),
    }
}
