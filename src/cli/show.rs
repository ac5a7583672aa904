//! `oraux show`: a schedule in the terminal.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::ValueEnum;

use super::{Failure, print};
use crate::fault::Fault;
use crate::instance::Instance;
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
}

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
        self.narrow(&mut sessions, &schedule)?;
        let mut out = String::new();
        match (&self.candidate, &self.examiner) {
            (Some(c), _) => candidate(c, &sessions, &schedule, &names, &mut out),
            (None, Some(x)) => {
                let _ = writeln!(out, "{}", names.examiner(x));
                grouped(&sessions, By::Day, &names, &mut out);
            }
            (None, None) => {
                grouped(&sessions, self.by, &names, &mut out);
                rest(&schedule, &names, &mut out);
            }
        }
        print(&out);
        Ok(ExitCode::SUCCESS)
    }

    /// Keeps the sessions asked for; an id that the schedule does not know is an error.
    fn narrow(&self, sessions: &mut Vec<&Session>, schedule: &Schedule) -> Result<(), Failure> {
        let mut faults = Vec::new();
        let file = Some(self.schedule.display().to_string());
        if let Some(c) = &self.candidate {
            let known = schedule
                .sessions
                .iter()
                .flat_map(|s| &s.sittings)
                .map(|s| &s.candidate)
                .chain(schedule.unscheduled.iter().chain(&schedule.not_heard).map(|l| &l.candidate));
            if !known.clone().any(|k| k == c) {
                faults.push(Fault { file: file.clone(), ..Fault::unknown("", "candidate", c, known) });
            }
            sessions.retain(|s| s.sittings.iter().any(|p| p.candidate == *c));
        }
        if let Some(x) = &self.examiner {
            let known = schedule.sessions.iter().flat_map(|s| s.members.values());
            if !known.clone().any(|k| k == x) {
                faults.push(Fault { file: file.clone(), ..Fault::unknown("", "examiner", x, known) });
            }
            sessions.retain(|s| s.members.values().any(|m| m == x));
        }
        if let Some(z) = &self.centre {
            let known = schedule.sessions.iter().map(|s| &s.centre);
            if !known.clone().any(|k| k == z) {
                faults.push(Fault { file, ..Fault::unknown("", "centre", z, known) });
            }
            sessions.retain(|s| s.centre == *z);
        }
        if let Some(date) = self.date {
            sessions.retain(|s| s.date == date);
        }
        if faults.is_empty() { Ok(()) } else { Err(faults.into()) }
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

fn grouped(sessions: &[&Session], by: By, names: &Names, out: &mut String) {
    let mut groups: BTreeMap<(String, Option<NaiveDate>), Vec<&Session>> = BTreeMap::new();
    for s in sessions {
        let key = match by {
            By::Day => (names.centre(&s.centre), Some(s.date)),
            By::Commission => (s.commission.clone(), None),
        };
        groups.entry(key).or_default().push(s);
    }
    for ((head, date), mut sessions) in groups {
        let _ = match date {
            Some(date) => writeln!(out, "\n{head}  {date}"),
            None => writeln!(out, "\n{head}"),
        };
        sessions.sort_by_key(|s| (s.date, s.room.clone(), first_start(s)));
        for s in sessions {
            let members: Vec<String> =
                s.members.iter().map(|(seat, id)| format!("{seat} {}", names.examiner(id))).collect();
            let language = s.language.as_ref().map_or(String::new(), |l| format!(" ({l})"));
            let place = match by {
                By::Day => s.room.clone(),
                By::Commission => format!("{} {} {}", s.date, s.centre, s.room),
            };
            let _ = writeln!(out, "  {place}  {}{language}  {}  [{}]", s.commission, members.join(", "), s.id);
            for p in &s.sittings {
                let _ = writeln!(out, "    {}", sitting(p, &names.candidate(&p.candidate)));
            }
        }
    }
}

fn sitting(p: &Sitting, who: &str) -> String {
    let preparation = p.preparation_room.as_ref().map_or(String::new(), |room| {
        let from = p.preparation_start;
        tr!("  (prepares from {from} in {room})", "  (prépare dès {from} en {room})")
    });
    format!("{}-{}  {:<10}  {who}{preparation}", p.start, p.end, p.exam)
}

fn candidate(id: &str, sessions: &[&Session], schedule: &Schedule, names: &Names, out: &mut String) {
    let _ = writeln!(out, "{}", names.candidate(id));
    let mut sat: Vec<(&Session, &Sitting)> =
        sessions.iter().flat_map(|s| s.sittings.iter().filter(|p| p.candidate == id).map(move |p| (*s, p))).collect();
    sat.sort_by_key(|(s, p)| (s.date, p.start));
    for (s, p) in sat {
        let centre = names.centre(&s.centre);
        let _ = writeln!(out, "  {}  {}  {centre}, {}", s.date, sitting(p, ""), s.room);
    }
    for left in schedule.unscheduled.iter().chain(&schedule.not_heard).filter(|l| l.candidate == id) {
        let (exam, reason) = (&left.exam, &left.reason);
        let _ = writeln!(out, "  {}", tr!("{exam}: no sitting: {reason}", "{exam} : pas de passage : {reason}"));
    }
}

fn rest(schedule: &Schedule, names: &Names, out: &mut String) {
    for (head, list) in [
        (tr!("Without a sitting", "Sans passage"), &schedule.unscheduled),
        (tr!("Not heard", "Non entendus"), &schedule.not_heard),
    ] {
        if !list.is_empty() {
            let _ = writeln!(out, "\n{head}");
        }
        for left in list {
            let _ = writeln!(out, "  {}  {}: {}", names.candidate(&left.candidate), left.exam, left.reason);
        }
    }
}
