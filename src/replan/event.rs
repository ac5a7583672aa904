//! What happened since the schedule was published (`oraux-events/1`): the file, its reading, its faults.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::instance::time::Clock;
use crate::instance::{FileState, Instance, RawCandidate};
use crate::tr;

/// The format that an events file names.
pub const EVENTS_FORMAT: &str = "oraux-events/1";

/// What an events file says.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(title = "oraux-events/1")]
pub struct Events {
    /// Always `oraux-events/1`.
    pub format: String,
    /// What happened, in any order.
    pub events: Vec<Event>,
}

/// One thing that happened. Which fields it takes follows from `type`; `from`, `to` and `date` bound it where it
/// has an extent: without hours the whole date, without a date every date of the calendar from now on.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// What happened.
    #[serde(rename = "type")]
    pub kind: EventKind,
    /// A name for the change list; `event 1`, `event 2` … when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The examiner concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub examiner: Option<String>,
    /// Who replaces the examiner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Examiners who agreed to stay for a longer day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examiners: Vec<String>,
    /// The centre.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub centre: Option<String>,
    /// The exam or preparation room of the centre.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// The candidate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidate: Option<String>,
    /// The exam; where it may be absent, all of the candidate's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exam: Option<String>,
    /// What the conformity control found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileState>,
    /// A candidate as in an instance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<Box<RawCandidate>>,
    /// The date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// From this hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Clock>,
    /// To this hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Clock>,
}

/// What can happen.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    /// `examiner` cannot sit in the interval.
    ExaminerAbsent,
    /// The same, and `by` takes the seats where the rules let them.
    ExaminerReplaced,
    /// `examiner` is free in the interval too (`date`, `from`, `to`).
    ExaminerAvailable,
    /// `room` of `centre` cannot be used in the interval.
    RoomClosed,
    /// No room of `centre` can be used in the interval.
    CentreClosed,
    /// `centre` stays open on `date` to the hour `to`; `examiners` agreed to stay as long.
    LongerDay,
    /// `candidate` sits none of the orals that are left (or not `exam`).
    CandidateWithdrawn,
    /// `new` is a candidate more.
    CandidateAdded,
    /// `candidate`, excused, cannot come in the interval: the orals there move.
    CandidateAbsent,
    /// `candidate` arrives on `date` not before the hour `to`.
    CandidateLate,
    /// The control found `file` for `exam` of `candidate`.
    FileStatus,
    /// `exam` of `candidate` was not held although its hour has come: it is planned again.
    NotHeld,
}

impl EventKind {
    /// The fields that it must have, and those that it may have besides `id`.
    fn fields(self) -> (&'static [&'static str], &'static [&'static str]) {
        use EventKind::*;
        const EXTENT: &[&str] = &["date", "from", "to"];
        match self {
            ExaminerAbsent => (&["examiner"], EXTENT),
            ExaminerReplaced => (&["examiner", "by"], EXTENT),
            ExaminerAvailable => (&["examiner", "date", "from", "to"], &[]),
            RoomClosed => (&["centre", "room"], EXTENT),
            CentreClosed => (&["centre"], EXTENT),
            LongerDay => (&["centre", "date", "to"], &["examiners"]),
            CandidateWithdrawn => (&["candidate"], &["exam"]),
            CandidateAdded => (&["new"], &[]),
            CandidateAbsent => (&["candidate"], EXTENT),
            CandidateLate => (&["candidate", "date", "to"], &[]),
            FileStatus => (&["candidate", "exam", "file"], &[]),
            NotHeld => (&["candidate", "exam"], &[]),
        }
    }
}

impl Event {
    /// An event of that kind, with no field yet.
    pub fn of(kind: EventKind) -> Event {
        Event {
            kind,
            id: None,
            examiner: None,
            by: None,
            examiners: Vec::new(),
            centre: None,
            room: None,
            candidate: None,
            exam: None,
            file: None,
            new: None,
            date: None,
            from: None,
            to: None,
        }
    }

    /// What it is called in the change list.
    pub fn name(&self, index: usize) -> String {
        let n = index + 1;
        self.id.clone().unwrap_or_else(|| tr!("event {n}", "événement {n}"))
    }

    /// What happened, in a few words.
    pub fn describe(&self) -> String {
        use EventKind::*;
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        let (x, by, k, r) = (text(&self.examiner), text(&self.by), text(&self.centre), text(&self.room));
        let (c, e) = (text(&self.candidate), text(&self.exam));
        let what = match self.kind {
            ExaminerAbsent => tr!("{x} is absent", "{x} est absent"),
            ExaminerReplaced => tr!("{by} replaces {x}", "{by} remplace {x}"),
            ExaminerAvailable => tr!("{x} is free too", "{x} est aussi disponible"),
            RoomClosed => tr!("room {r} of {k} is closed", "la salle {r} de {k} est fermée"),
            CentreClosed => tr!("{k} is closed", "{k} est fermé"),
            LongerDay => tr!("{k} stays open longer", "{k} ferme plus tard"),
            CandidateWithdrawn if e.is_empty() => tr!("{c} withdraws", "{c} renonce"),
            CandidateWithdrawn => tr!("{c} withdraws from {e}", "{c} renonce à {e}"),
            CandidateAdded => {
                let new = self.new.as_ref().map(|n| n.id.clone()).unwrap_or_default();
                tr!("{new} is a candidate more", "{new} est un candidat de plus")
            }
            CandidateAbsent => tr!("{c} is absent, excused", "{c} est absent, excusé"),
            CandidateLate => tr!("{c} is late", "{c} est en retard"),
            FileStatus => tr!("the file of {c} for {e} changed", "le dossier de {c} pour {e} a changé"),
            NotHeld => tr!("{e} of {c} was not held", "{e} de {c} n'a pas eu lieu"),
        };
        let when: Vec<String> = [
            self.date.map(|d| d.to_string()),
            self.from.map(|t| tr!("from {t}", "de {t}")),
            self.to.map(|t| tr!("to {t}", "à {t}")),
        ]
        .into_iter()
        .flatten()
        .collect();
        if when.is_empty() { what } else { format!("{what} ({})", when.join(" ")) }
    }

    fn given(&self) -> Vec<&'static str> {
        let given = [
            ("examiner", self.examiner.is_some()),
            ("by", self.by.is_some()),
            ("examiners", !self.examiners.is_empty()),
            ("centre", self.centre.is_some()),
            ("room", self.room.is_some()),
            ("candidate", self.candidate.is_some()),
            ("exam", self.exam.is_some()),
            ("file", self.file.is_some()),
            ("new", self.new.is_some()),
            ("date", self.date.is_some()),
            ("from", self.from.is_some()),
            ("to", self.to.is_some()),
        ];
        given.into_iter().filter(|g| g.1).map(|g| g.0).collect()
    }
}

impl Events {
    /// Reads an events file for that instance; every fault at once.
    pub fn read(path: &Path, instance: &Instance) -> Result<Events, Vec<Fault>> {
        let name = path.display().to_string();
        let result = crate::read::bytes(path).map_err(|f| vec![f]).and_then(|bytes| Self::from_json(&bytes, instance));
        result.map_err(|faults| faults.into_iter().map(|f| Fault { file: Some(name.clone()), ..f }).collect())
    }

    /// Reads events in JSON for that instance; every fault at once.
    pub fn from_json(json: &[u8], instance: &Instance) -> Result<Events, Vec<Fault>> {
        crate::read::from_bytes(json, EVENTS_FORMAT, |events: Events| events.checked(instance))
    }

    fn checked(self, instance: &Instance) -> Result<Events, Vec<Fault>> {
        let mut faults = Vec::new();
        for (i, event) in self.events.iter().enumerate() {
            Checker { path: format!("events[{i}]"), event, instance, faults: &mut faults }.check(&self);
        }
        if faults.is_empty() { Ok(self) } else { Err(faults) }
    }
}

struct Checker<'a> {
    path: String,
    event: &'a Event,
    instance: &'a Instance,
    faults: &'a mut Vec<Fault>,
}

impl Checker<'_> {
    fn check(&mut self, all: &Events) {
        let (must, may) = self.event.kind.fields();
        let given: BTreeSet<&str> = self.event.given().into_iter().collect();
        let kind = serde_json::to_value(self.event.kind).expect("a unit variant is a string");
        let kind = kind.as_str().unwrap_or_default();
        for field in must.iter().filter(|f| !given.contains(*f)) {
            let message = tr!("an event {kind} needs \"{field}\"", "un événement {kind} demande « {field} »");
            self.faults.push(Fault::new(&self.path, message));
        }
        for field in given.iter().filter(|f| !must.contains(f) && !may.contains(f)) {
            let wanted = must.iter().chain(may).copied().collect::<Vec<_>>().join(", ");
            let message = tr!(
                "an event {kind} has no \"{field}\" (it takes {wanted})",
                "un événement {kind} n'a pas de « {field} » (il prend {wanted})"
            );
            self.faults.push(Fault::new(format!("{}.{field}", self.path), message));
        }
        self.ids(all);
        let event = self.event;
        if let (Some(from), Some(to)) = (event.from, event.to)
            && from >= to
        {
            let message =
                tr!("the interval ends at {to}, not after {from}", "l'intervalle finit à {to}, pas après {from}");
            self.faults.push(Fault::new(format!("{}.to", self.path), message));
        }
        if let Some(date) = event.date
            && self.instance.date(date).is_none()
        {
            let message = tr!("{date} is not a date of the calendar", "{date} n'est pas une date du calendrier");
            self.faults.push(Fault::new(format!("{}.date", self.path), message));
        }
    }

    fn ids(&mut self, all: &Events) {
        let (event, instance) = (self.event, self.instance);
        let people: Vec<&str> = instance.examiners.iter().map(|x| x.id.as_str()).collect();
        let named = event.examiners.iter().enumerate().map(|(i, x)| (format!("examiners[{i}]"), x));
        let single = [("examiner", &event.examiner), ("by", &event.by)];
        let single = single.into_iter().filter_map(|(f, x)| Some((f.to_string(), x.as_ref()?)));
        for (field, id) in single.chain(named) {
            if instance.examiner(id).is_none() {
                self.unknown(&field, "examiner", id, &people);
            }
        }
        let centre = event.centre.as_ref().map(|id| (id, instance.centre(id)));
        match centre {
            Some((id, None)) => {
                let known: Vec<&str> = instance.centres.iter().map(|k| k.id.as_str()).collect();
                self.unknown("centre", "centre", id, &known);
            }
            Some((_, Some(k))) => {
                if let Some(room) = &event.room
                    && instance.room(k, room).is_none()
                    && instance.preparation_room(k, room).is_none()
                {
                    let centre = &instance.centres[k];
                    let rooms = centre.rooms.iter().map(|&r| instance.rooms[r].id.as_str());
                    let loges = centre.preparation_rooms.iter().map(|&r| instance.preparation_rooms[r].id.as_str());
                    self.unknown("room", "room", room, &rooms.chain(loges).collect::<Vec<_>>());
                }
            }
            None => {}
        }
        if let Some(id) = &event.candidate {
            let added = all.events.iter().filter_map(|e| e.new.as_ref()).find(|n| n.id == *id);
            match (instance.candidate(id), added) {
                (None, None) => {
                    let known: Vec<&str> = instance.candidates.iter().map(|c| c.id.as_str()).collect();
                    self.unknown("candidate", "candidate", id, &known);
                }
                (Some(c), _) => {
                    let exams = instance.candidates[c].orals.iter().map(|&o| instance.exam_of(o).id.as_str());
                    let exams: Vec<&str> = exams.collect();
                    if let Some(exam) = event.exam.as_ref().filter(|e| !exams.contains(&e.as_str())) {
                        let list = exams.join(", ");
                        let message =
                            tr!("{id} does not sit {exam}, but {list}", "{id} ne passe pas {exam}, mais {list}");
                        self.faults.push(Fault::new(format!("{}.exam", self.path), message));
                    }
                }
                _ => {}
            }
        }
    }

    fn unknown(&mut self, field: &str, what: &str, id: &str, known: &[&str]) {
        self.faults.push(Fault::unknown(format!("{}.{field}", self.path), what, id, known));
    }
}
