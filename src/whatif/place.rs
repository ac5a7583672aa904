//! A single change of a schedule, said exactly, carried out as it is asked whatever rules it breaks: the checker says
//! which.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use crate::check::check;
use crate::explain::{list, source_of};
use crate::instance::Instance;
use crate::lang;
use crate::schedule::{Schedule, Session, Sitting};
use crate::tr;

/// A change of a schedule.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Orals of one candidate are heard there, and nowhere else any more.
    Hear(Hearing),
    /// An examiner takes seats in place of their holders.
    Seat {
        /// Who.
        examiner: String,
        /// Session and seat of each.
        seats: Vec<(String, String)>,
    },
}

/// Sittings of one candidate, and the session that hears them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hearing {
    /// The session that they join; none if a new one is opened, as the other fields say.
    pub session: Option<String>,
    /// The kind of commission.
    pub commission: String,
    /// Its language.
    pub language: Option<String>,
    /// The centre.
    pub centre: String,
    /// The exam room.
    pub room: String,
    /// The date.
    pub date: NaiveDate,
    /// Who holds which seat.
    pub members: BTreeMap<String, String>,
    /// The sittings, one directly after the other.
    pub sittings: Vec<Sitting>,
}

/// A hard rule that a change breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// Its name.
    pub rule: String,
    /// Where it comes from: a paragraph of the circular, or the academy's policy.
    pub source: String,
    /// Where it breaks.
    pub at: String,
    /// What is wrong, in words.
    pub message: String,
}

/// A change with every rule that it breaks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tried {
    /// The change.
    pub change: Change,
    /// The change in words.
    pub text: String,
    /// What breaks: nothing, if it may be.
    pub broken: Vec<Broken>,
}

impl Tried {
    /// Carries a change out on a schedule and asks the checker.
    pub(super) fn new(instance: &Instance, schedule: &Schedule, change: Change) -> Tried {
        let violations = check(instance, &change.apply(schedule), None).violations;
        let broken = violations
            .into_iter()
            .map(|v| Broken { rule: v.rule.into(), source: source_of(v.rule), at: v.at, message: v.message })
            .collect();
        Tried { text: change.text(), change, broken }
    }

    /// The names of the broken rules, each once.
    pub fn rules(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.broken.iter().map(|b| b.rule.as_str()).collect();
        names.dedup();
        names
    }
}

/// The changes that break the fewest rules, at most `most`: none that breaks all that a nearer one breaks.
pub(super) fn nearest(mut tried: Vec<Tried>, most: usize) -> Vec<Tried> {
    let reasons = |t: &Tried| t.broken.iter().map(|b| b.rule.clone()).collect::<BTreeSet<String>>();
    tried.sort_by_key(|t| (reasons(t).len(), t.broken.len()));
    let mut told: Vec<Tried> = Vec::new();
    for t in tried {
        if told.len() < most && !told.iter().any(|nearer| reasons(nearer).is_subset(&reasons(&t))) {
            told.push(t);
        }
    }
    told
}

impl Change {
    /// The schedule after the change, rules broken or not.
    pub fn apply(&self, schedule: &Schedule) -> Schedule {
        let mut after = schedule.clone();
        match self {
            Change::Hear(hearing) => hear(&mut after, hearing),
            Change::Seat { examiner, seats } => {
                for session in &mut after.sessions {
                    for (_, seat) in seats.iter().filter(|(id, _)| *id == session.id) {
                        session.members.insert(seat.clone(), examiner.clone());
                    }
                }
            }
        }
        after
    }

    /// The change in words.
    pub fn text(&self) -> String {
        match self {
            Change::Hear(h) => {
                let exams = list(&h.sittings.iter().map(|s| s.exam.as_str()).collect::<Vec<_>>());
                let (date, room, centre) = (h.date, lang::room(lang::current(), &h.room), &h.centre);
                let start = h.sittings.first().map_or_else(String::new, |s| s.start.to_string());
                let people = h.members.iter().map(|(seat, x)| format!("{seat} {x}")).collect::<Vec<_>>();
                let people = if people.is_empty() { tr!("nobody", "personne") } else { list(&people) };
                match &h.session {
                    Some(id) => tr!(
                        "{exams} on {date} at {start}, {room} ({centre}), before the commission of {id}: {people}",
                        "{exams} le {date} à {start}, {room} ({centre}), devant la commission de {id} : {people}"
                    ),
                    None => tr!(
                        "{exams} on {date} at {start}, {room} ({centre}), before a new commission: {people}",
                        "{exams} le {date} à {start}, {room} ({centre}), devant une nouvelle commission : {people}"
                    ),
                }
            }
            Change::Seat { examiner, seats } => {
                let named = list(&seats.iter().map(|(id, seat)| format!("{seat} ({id})")).collect::<Vec<_>>());
                tr!("{examiner} in the seat {named}", "{examiner} au siège {named}")
            }
        }
    }
}

fn hear(after: &mut Schedule, hearing: &Hearing) {
    let same = |c: &str, e: &str| hearing.sittings.iter().any(|s| s.candidate == c && s.exam == e);
    for session in &mut after.sessions {
        session.sittings.retain(|s| !same(&s.candidate, &s.exam));
    }
    after.unscheduled.retain(|l| !same(&l.candidate, &l.exam));
    let joined = hearing.session.as_ref().and_then(|id| after.sessions.iter_mut().find(|s| s.id == *id));
    match joined {
        Some(session) => {
            session.sittings.extend(hearing.sittings.iter().cloned());
            session.sittings.sort_by_key(|s| (s.start, s.end));
        }
        None => {
            let taken = |id: &String| after.sessions.iter().any(|s| s.id == *id);
            let id = (1..).map(|i| format!("N{i:03}")).find(|id| !taken(id)).expect("one of them is free");
            after.sessions.push(Session {
                id,
                commission: hearing.commission.clone(),
                language: hearing.language.clone(),
                centre: hearing.centre.clone(),
                room: hearing.room.clone(),
                date: hearing.date,
                given: None,
                members: hearing.members.clone(),
                sittings: hearing.sittings.clone(),
            });
        }
    }
    after.sessions.retain(|s| !s.sittings.is_empty());
}
