//! What happened since the schedule was published (`oraux-events/1`): the file, its reading, its faults.

mod check;

use std::path::Path;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::instance::raw::{RawExamRoom, RawExaminer, RawPreparationRoom};
use crate::instance::time::Clock;
use crate::instance::{Extra, FileState, Instance, RawCandidate};
use crate::lang::{Lang, current, readable};
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
    /// Who replaces the examiner; of a waiver, who answers for it.
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
    /// An examiner as in an instance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_examiner: Option<Box<RawExaminer>>,
    /// An exam room as in an instance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exam_room: Option<Box<RawExamRoom>>,
    /// A preparation room as in an instance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preparation_room: Option<Box<RawPreparationRoom>>,
    /// Extra minutes an hour, as granted now; what is not named stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extra_per_hour: Option<Granted>,
    /// Whether the candidate needs rooms and ways without steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs_accessible: Option<bool>,
    /// Whether the candidate prepares alone in the room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prepares_alone: Option<bool>,
    /// Minutes at least between two blocks of one date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 1440))]
    pub gap: Option<u32>,
    /// Why somebody answers for a waiver.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
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

/// Extra minutes an hour that are granted or changed.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Granted {
    /// For preparation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 600))]
    pub preparation: Option<u32>,
    /// For the oral itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 600))]
    pub exam: Option<u32>,
    /// For written papers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 600))]
    pub written: Option<u32>,
}

impl Granted {
    /// What a candidate has after it who had `before`.
    pub fn over(self, before: Extra) -> Extra {
        Extra {
            preparation: self.preparation.unwrap_or(before.preparation),
            exam: self.exam.unwrap_or(before.exam),
            written: self.written.unwrap_or(before.written),
        }
    }
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
    /// `candidate` is granted an accommodation, or another (`extra_per_hour`, `needs_accessible`, `prepares_alone`, `gap`).
    Accommodation,
    /// `examiner` may not hear `candidate`.
    Exclusion,
    /// `examiner` may hear `candidate` in spite of impartiality: `by` answers for it, for that `reason`.
    Waiver,
    /// `date` is a date of the calendar too; where an exam has dates of its own, `exam` gets it.
    DateAdded,
    /// `centre`, closed on `date` before, opens `from` `to`.
    CentreOpened,
    /// `centre`, open on `date`, is open `from` `to` instead.
    CentreHours,
    /// `centre` has an `exam_room` or a `preparation_room` more.
    RoomAdded,
    /// `new_examiner` is an examiner more.
    ExaminerAdded,
}

impl EventKind {
    /// The fields that it must have, and those that it may have besides `id`.
    fn fields(self) -> (&'static [&'static str], &'static [&'static str]) {
        use EventKind::*;
        const EXTENT: &[&str] = &["date", "from", "to"];
        const GRANTED: &[&str] = &["extra_per_hour", "needs_accessible", "prepares_alone", "gap"];
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
            Accommodation => (&["candidate"], GRANTED),
            Exclusion => (&["candidate", "examiner"], &[]),
            Waiver => (&["candidate", "examiner", "by", "reason"], &[]),
            DateAdded => (&["date"], &["exam"]),
            CentreOpened | CentreHours => (&["centre", "date", "from", "to"], &[]),
            RoomAdded => (&["centre"], &["exam_room", "preparation_room"]),
            ExaminerAdded => (&["new_examiner"], &[]),
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
            new_examiner: None,
            exam_room: None,
            preparation_room: None,
            extra_per_hour: None,
            needs_accessible: None,
            prepares_alone: None,
            gap: None,
            reason: None,
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
            Accommodation => {
                let granted = self.granted();
                tr!("{c} is granted: {granted}", "aménagement accordé à {c} : {granted}")
            }
            Exclusion => tr!("{x} may not hear {c}", "{x} ne peut pas interroger {c}"),
            Waiver => {
                let why = text(&self.reason);
                tr!("{x} may hear {c}: {why} ({by})", "{x} peut interroger {c} : {why} ({by})")
            }
            DateAdded if e.is_empty() => tr!("a date more", "une journée de plus"),
            DateAdded => tr!("a date more for {e}", "une journée de plus pour {e}"),
            CentreOpened => tr!("{k} opens", "{k} ouvre"),
            CentreHours => tr!("{k} has other hours", "{k} a d'autres horaires"),
            RoomAdded => {
                let room = self.added_room();
                tr!("room {room} of {k} is added", "la salle {room} de {k} est ajoutée")
            }
            ExaminerAdded => {
                let new = self.new_examiner.as_ref().map(|n| n.id.clone()).unwrap_or_default();
                tr!("{new} is an examiner more", "{new} est un interrogateur de plus")
            }
        };
        let when: Vec<String> = [
            self.date.map(|d| d.to_string()),
            self.from.map(|t| match self.to {
                Some(_) => tr!("from {t}", "de {t}"),
                None => tr!("from {t}", "à partir de {t}"),
            }),
            self.to.map(|t| match self.from {
                Some(_) => tr!("to {t}", "à {t}"),
                None => tr!("to {t}", "jusqu'à {t}"),
            }),
        ]
        .into_iter()
        .flatten()
        .collect();
        let when = when.join(" ");
        let when = if current() == Lang::Fr { readable(&when) } else { when };
        if when.is_empty() { what } else { format!("{what} ({when})") }
    }

    /// The id of the room that it adds.
    pub(super) fn added_room(&self) -> &str {
        let exam_room = self.exam_room.as_ref().map(|r| r.id.as_str());
        exam_room.or(self.preparation_room.as_ref().map(|r| r.id.as_str())).unwrap_or_default()
    }

    /// The accommodations that it names.
    fn granted(&self) -> String {
        let extra = self.extra_per_hour.unwrap_or_default();
        let a_hour = |minutes: Option<u32>, en: &str, fr: &str| {
            let n = minutes?;
            Some(tr!("{n} min an hour {en}", "{n} min par heure {fr}"))
        };
        let whether = |wanted: Option<bool>, yes: String, no: String| Some(if wanted? { yes } else { no });
        let said = [
            a_hour(extra.preparation, "of preparation", "de préparation"),
            a_hour(extra.exam, "of the oral", "d'épreuve"),
            a_hour(extra.written, "of the papers", "d'écrit"),
            whether(
                self.needs_accessible,
                tr!("accessible rooms", "salles accessibles"),
                tr!("accessible rooms no longer needed", "plus besoin de salles accessibles"),
            ),
            whether(
                self.prepares_alone,
                tr!("prepares alone", "prépare seul"),
                tr!("no longer prepares alone", "ne prépare plus seul"),
            ),
            self.gap.map(|n| tr!("{n} min between two orals", "{n} min entre deux passages")),
        ];
        said.into_iter().flatten().collect::<Vec<_>>().join(", ")
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
            ("new_examiner", self.new_examiner.is_some()),
            ("exam_room", self.exam_room.is_some()),
            ("preparation_room", self.preparation_room.is_some()),
            ("extra_per_hour", self.extra_per_hour.is_some()),
            ("needs_accessible", self.needs_accessible.is_some()),
            ("prepares_alone", self.prepares_alone.is_some()),
            ("gap", self.gap.is_some()),
            ("reason", self.reason.is_some()),
            ("date", self.date.is_some()),
            ("from", self.from.is_some()),
            ("to", self.to.is_some()),
        ];
        given.into_iter().filter(|g| g.1).map(|g| g.0).collect()
    }
}

impl Events {
    /// Nothing happened.
    pub fn none() -> Events {
        Events { format: EVENTS_FORMAT.into(), events: Vec::new() }
    }

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
        let faults = check::faults(&self, instance);
        if faults.is_empty() { Ok(self) } else { Err(faults) }
    }

    /// The dates that the calendar has after the events.
    pub(super) fn dates(&self, instance: &Instance) -> Vec<NaiveDate> {
        let added = self.events.iter().filter(|e| e.kind == EventKind::DateAdded).filter_map(|e| e.date);
        let mut dates: Vec<NaiveDate> = instance.dates.iter().copied().chain(added).collect();
        dates.sort_unstable();
        dates.dedup();
        dates
    }
}
