//! Changes of an instance: what somebody could decide, from a waiver to another teacher, and what a command line may
//! ask for. Each is carried out on what the file says, then validated like a file.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::fault::Fault;
use crate::instance::raw::{
    KmValue, RawExamRoom, RawExaminer, RawInstance, RawKm, RawPreparationRoom, RawSpan, RawWaiver,
};
use crate::instance::{Clock, INSTANCE_FORMAT, Instance};
use crate::lang::plural;
use crate::tr;

/// A change of an instance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Edit {
    /// An examiner may hear a candidate in spite of `impartial`.
    Waiver {
        /// The candidate.
        candidate: String,
        /// The examiner.
        examiner: String,
    },
    /// A candidate comes although said to be away.
    Come {
        /// The candidate.
        candidate: String,
    },
    /// The last half-day, the centres and whoever is there until its end stay longer, every date.
    Longer {
        /// How much.
        minutes: i32,
    },
    /// An exam room gets equipment.
    Equip {
        /// The centre.
        centre: String,
        /// The exam room.
        room: String,
        /// What it lacks.
        equipment: String,
    },
    /// All rooms of a centre become accessible.
    Accessible {
        /// The centre.
        centre: String,
    },
    /// Seats more in the largest preparation room of a centre.
    PreparationSeats {
        /// The centre.
        centre: String,
        /// How many more.
        seats: u32,
    },
    /// One more exam room, with whatever equipment the other rooms of the centre have, accessible.
    Room {
        /// The centre.
        centre: String,
    },
    /// An examiner may be convened on one more date.
    MoreDays {
        /// The examiner.
        examiner: String,
    },
    /// An examiner is free all day on a date.
    Free {
        /// The examiner.
        examiner: String,
        /// The date.
        date: NaiveDate,
    },
    /// One more oral a day for each candidate.
    OralsADay,
    /// One more hour of hearing a day for each examiner.
    ExaminerHour,
    /// Orals may be on the date of a written paper, outside its hours.
    PaperDay,
    /// A centre opens on one more date.
    CentreDay {
        /// The centre.
        centre: String,
        /// The date.
        date: NaiveDate,
    },
    /// One more examiner, who teaches in no school of the instance and travels as far as such people do on average.
    Examiner {
        /// The qualifications.
        qualifications: Vec<String>,
        /// The dates; all of them if empty.
        dates: Vec<NaiveDate>,
    },
    /// Every group may go to every centre.
    AnyCentre,
    /// A centre is no more.
    DropCentre {
        /// The centre.
        centre: String,
    },
    /// An examiner is no more.
    DropExaminer {
        /// The examiner.
        examiner: String,
    },
    /// Any field of the file gets another value.
    Set {
        /// Its path: `policy.orals_a_day`, `centres.0141640G.open`.
        path: String,
        /// The value, in JSON.
        value: String,
    },
}

/// The instance after the changes; every fault at once.
pub fn edited(instance: &Instance, edits: &[Edit]) -> Result<Instance, Vec<Fault>> {
    let mut raw = instance.raw.clone();
    let mut faults = Vec::new();
    for edit in edits {
        if let Err(fault) = edit.apply(&mut raw) {
            faults.push(fault);
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    // Through JSON, so that a value set by hand obeys the schema like any other.
    let json = serde_json::to_vec(&raw).expect("an instance is always JSON");
    crate::read::from_bytes(&json, INSTANCE_FORMAT, Instance::from_raw)
}

impl Edit {
    /// Reads `STI+CCST@2024-06-04,2024-06-05`: qualifications, and the dates if not all.
    pub fn examiner(text: &str) -> Result<Edit, Fault> {
        let (qualifications, dates) = text.split_once('@').unwrap_or((text, ""));
        let qualifications: Vec<String> =
            qualifications.split('+').map(|q| q.trim().to_string()).filter(|q| !q.is_empty()).collect();
        let read: Result<Vec<NaiveDate>, _> =
            dates.split(',').map(str::trim).filter(|d| !d.is_empty()).map(str::parse).collect();
        match read {
            Ok(dates) if !qualifications.is_empty() => Ok(Edit::Examiner { qualifications, dates }),
            _ => Err(Fault::new(
                "--add-examiner",
                tr!(
                    "\"{text}\" is not QUALIFICATIONS@DATES, such as STI+CCST@2024-06-04,2024-06-05",
                    "« {text} » n'est pas de la forme COMPÉTENCES@DATES, comme STI+CCST@2024-06-04,2024-06-05"
                ),
            )),
        }
    }

    /// Reads `policy.orals_a_day=4`.
    pub fn set(text: &str) -> Result<Edit, Fault> {
        match text.split_once('=') {
            Some((path, value)) if !path.trim().is_empty() => {
                Ok(Edit::Set { path: path.trim().into(), value: value.trim().into() })
            }
            _ => Err(Fault::new(
                "--set",
                tr!(
                    "\"{text}\" is not PATH=VALUE, such as policy.orals_a_day=4",
                    "« {text} » n'est pas de la forme CHEMIN=VALEUR, comme policy.orals_a_day=4"
                ),
            )),
        }
    }

    fn apply(&self, raw: &mut RawInstance) -> Result<(), Fault> {
        match self {
            Edit::Waiver { candidate, examiner } => raw.waivers.push(RawWaiver {
                candidate: candidate.clone(),
                examiner: examiner.clone(),
                by: "what-if".into(),
                reason: "what-if".into(),
            }),
            Edit::Come { candidate } => {
                for c in raw.candidates.iter_mut().filter(|c| c.id == *candidate) {
                    c.unavailable.clear();
                }
            }
            Edit::Longer { minutes } => longer(raw, *minutes),
            Edit::Equip { centre, room, equipment } => {
                let centres = raw.centres.iter_mut().filter(|z| z.id == *centre);
                for room in centres.flat_map(|z| &mut z.exam_rooms).filter(|r| r.id == *room) {
                    room.equipment.push(equipment.clone());
                }
            }
            Edit::Accessible { centre } => {
                for z in raw.centres.iter_mut().filter(|z| z.id == *centre) {
                    z.exam_rooms.iter_mut().for_each(|r| r.accessible = true);
                    z.preparation_rooms.iter_mut().for_each(|r| r.accessible = true);
                }
            }
            Edit::PreparationSeats { centre, seats } => {
                for z in raw.centres.iter_mut().filter(|z| z.id == *centre) {
                    match z.preparation_rooms.iter_mut().max_by_key(|r| r.seats) {
                        Some(room) => room.seats += seats,
                        None => z.preparation_rooms.push(RawPreparationRoom {
                            id: fresh("P", |id| z.exam_rooms.iter().any(|r| r.id == id)),
                            seats: *seats,
                            accessible: true,
                            unavailable: Vec::new(),
                        }),
                    }
                }
            }
            Edit::Room { centre } => {
                for z in raw.centres.iter_mut().filter(|z| z.id == *centre) {
                    let mut equipment: Vec<String> = z.exam_rooms.iter().flat_map(|r| r.equipment.clone()).collect();
                    equipment.sort();
                    equipment.dedup();
                    let taken = |id: &str| {
                        z.exam_rooms.iter().any(|r| r.id == id) || z.preparation_rooms.iter().any(|r| r.id == id)
                    };
                    let id = fresh("R", taken);
                    z.exam_rooms.push(RawExamRoom { id, accessible: true, equipment, unavailable: Vec::new() });
                }
            }
            Edit::MoreDays { examiner } => {
                for x in raw.examiners.iter_mut().filter(|x| x.id == *examiner) {
                    x.max_days = x.max_days.map(|d| d + 1);
                }
            }
            Edit::Free { examiner, date } => {
                let (from, to) = hours(raw);
                for x in raw.examiners.iter_mut().filter(|x| x.id == *examiner) {
                    x.available.retain(|a| a.date != *date);
                    x.available.push(RawSpan { date: *date, from, to });
                }
            }
            Edit::OralsADay => raw.policy.orals_a_day += 1,
            Edit::ExaminerHour => {
                raw.policy.examiner_minutes_a_day = (raw.policy.examiner_minutes_a_day + 60).min(1440);
                raw.policy.examiner_sittings_a_day = raw.policy.examiner_sittings_a_day.map(|n| n + 2);
            }
            Edit::PaperDay => raw.policy.oral_on_paper_day = true,
            Edit::CentreDay { centre, date } => {
                let (from, to) = hours(raw);
                if !raw.calendar.dates.contains(date) {
                    raw.calendar.dates.push(*date);
                }
                for z in raw.centres.iter_mut().filter(|z| z.id == *centre && z.open.iter().all(|o| o.date != *date)) {
                    let usual = z.open.first().map_or((from, to), |o| (o.from, o.to));
                    z.open.push(RawSpan { date: *date, from: usual.0, to: usual.1 });
                }
            }
            Edit::Examiner { qualifications, dates } => examiner(raw, qualifications, dates)?,
            Edit::AnyCentre => {
                let all: Vec<String> = raw.centres.iter().map(|z| z.id.clone()).collect();
                raw.groups.values_mut().for_each(|own| own.clone_from(&all));
            }
            Edit::DropCentre { centre } => drop_centre(raw, centre)?,
            Edit::DropExaminer { examiner } => {
                let known: Vec<String> = raw.examiners.iter().map(|x| x.id.clone()).collect();
                if !known.contains(examiner) {
                    return Err(Fault::unknown("--drop-examiner", "examiner", examiner, known));
                }
                raw.examiners.retain(|x| x.id != *examiner);
                raw.waivers.retain(|w| w.examiner != *examiner);
                raw.pins.retain(|p| p.examiner.as_ref() != Some(examiner));
                // Somebody else has to be found for the seat.
                let seats = raw.given_sessions.iter_mut().flat_map(|g| g.members.values_mut());
                seats.filter(|who| who.as_ref() == Some(examiner)).for_each(|who| *who = None);
                raw.candidates.iter_mut().for_each(|c| c.excluded_examiners.retain(|x| x != examiner));
                raw.calendar.events.iter_mut().for_each(|e| e.concerns.retain(|x| x != examiner));
            }
            Edit::Set { path, value } => {
                let mut json = serde_json::to_value(&*raw).expect("an instance is always JSON");
                let target = target(&mut json, path)?;
                *target = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.clone()));
                *raw = serde_json::from_value(json).map_err(|e| {
                    let why = e.to_string();
                    Fault::new(
                        path.clone(),
                        tr!("cannot be set to {value}: {why}", "ne peut pas valoir {value} : {why}"),
                    )
                })?;
            }
        }
        Ok(())
    }

    /// The change in words.
    pub fn text(&self) -> String {
        match self {
            Edit::Waiver { candidate, examiner } => tr!(
                "a waiver by which {examiner} may hear {candidate}",
                "une dérogation pour que {examiner} entende {candidate}"
            ),
            Edit::Come { candidate } => {
                tr!("{candidate} comes although said to be away", "{candidate} vient bien que déclaré indisponible")
            }
            Edit::Longer { minutes } => {
                tr!("{minutes} min more at the end of each day", "{minutes} min de plus à la fin de chaque jour")
            }
            Edit::Equip { centre, room, equipment } => {
                tr!("{equipment} in the room {room} of {centre}", "{equipment} dans la salle {room} de {centre}")
            }
            Edit::Accessible { centre } => {
                tr!("all rooms of {centre} accessible", "toutes les salles de {centre} accessibles")
            }
            Edit::PreparationSeats { centre, seats } => {
                let s = plural(*seats as usize);
                tr!(
                    "{seats} more preparation seat{s} in {centre}",
                    "{seats} place{s} de préparation de plus à {centre}"
                )
            }
            Edit::Room { centre } => {
                tr!("one more exam room in {centre}", "une salle d'interrogation de plus à {centre}")
            }
            Edit::MoreDays { examiner } => tr!("one more day of {examiner}", "un jour de plus de {examiner}"),
            Edit::Free { examiner, date } => tr!("{examiner} free on {date}", "{examiner} libre le {date}"),
            Edit::OralsADay => {
                tr!("one more oral a day for each candidate", "un oral de plus par jour et par candidat")
            }
            Edit::ExaminerHour => tr!(
                "one more hour of hearing a day for each examiner",
                "une heure d'interrogation de plus par jour et par interrogateur"
            ),
            Edit::PaperDay => tr!(
                "orals on the dates of written papers, outside their hours",
                "des oraux les jours d'écrit, hors des heures de l'écrit"
            ),
            Edit::CentreDay { centre, date } => tr!("{centre} open on {date}", "{centre} ouvert le {date}"),
            Edit::Examiner { qualifications, dates } => {
                let who = qualifications.join(" + ");
                if dates.is_empty() {
                    tr!("one more {who} on all dates", "un {who} de plus à toutes les dates")
                } else {
                    let on = crate::explain::list(&dates.iter().map(ToString::to_string).collect::<Vec<_>>());
                    tr!("one more {who} on {on}", "un {who} de plus le {on}")
                }
            }
            Edit::AnyCentre => {
                tr!("every group may go to every centre", "tout regroupement peut aller dans tout centre")
            }
            Edit::DropCentre { centre } => tr!("without the centre {centre}", "sans le centre {centre}"),
            Edit::DropExaminer { examiner } => tr!("without {examiner}", "sans {examiner}"),
            Edit::Set { path, value } => format!("{path} = {value}"),
        }
    }
}

fn fresh(prefix: &str, taken: impl Fn(&str) -> bool) -> String {
    (1..).map(|i| format!("{prefix}-NEW-{i}")).find(|id| !taken(id)).expect("one of them is free")
}

/// From the first to the last hour at which anything is open.
fn hours(raw: &RawInstance) -> (Clock, Clock) {
    let open = || raw.centres.iter().flat_map(|z| &z.open);
    let from = open().map(|o| o.from).min().unwrap_or(Clock(8 * 60));
    let to = open().map(|o| o.to).max().unwrap_or(Clock(18 * 60 + 30));
    (from, to)
}

fn longer(raw: &mut RawInstance, minutes: i32) {
    let Some(last) = raw.policy.half_days.iter_mut().max_by_key(|h| h.1) else { return };
    let end = last.1;
    let more = |t: Clock| Clock((t.0 + minutes).min(23 * 60 + 55));
    last.1 = more(end);
    let opens = raw.centres.iter_mut().flat_map(|z| &mut z.open);
    let frees = raw.examiners.iter_mut().flat_map(|x| &mut x.available);
    for span in opens.chain(frees).filter(|s| s.to >= end) {
        span.to = more(span.to);
    }
}

fn examiner(raw: &mut RawInstance, qualifications: &[String], dates: &[NaiveDate]) -> Result<(), Fault> {
    if let Some(strange) = dates.iter().find(|d| !raw.calendar.dates.contains(d)) {
        let message = tr!("{strange} is not in the calendar", "le {strange} n'est pas au calendrier");
        return Err(Fault::new("--add-examiner", message));
    }
    let (from, to) = hours(raw);
    let alike: Vec<&RawExaminer> =
        raw.examiners.iter().filter(|x| qualifications.iter().all(|q| x.qualifications.contains(q))).collect();
    let mut km = RawKm::new();
    for z in &raw.centres {
        let all: Vec<u32> = alike.iter().filter_map(|x| x.km.get(&z.id)).map(|k| k.0).collect();
        let mean = if all.is_empty() { 0 } else { all.iter().sum::<u32>() / all.len() as u32 };
        km.insert(z.id.clone(), KmValue(mean));
    }
    let id = fresh("X", |id| raw.examiners.iter().any(|x| x.id == id));
    let on = if dates.is_empty() { raw.calendar.dates.clone() } else { dates.to_vec() };
    raw.examiners.push(RawExaminer {
        name: Some(id.clone()),
        id,
        qualifications: qualifications.to_vec(),
        schools: Vec::new(),
        km,
        available: on.into_iter().map(|date| RawSpan { date, from, to }).collect(),
        max_days: None,
        sittings_a_day: None,
        max_sittings: None,
        target_sittings: None,
        rather_not: Vec::new(),
        centres: None,
        reserve: false,
        info: Default::default(),
    });
    Ok(())
}

fn drop_centre(raw: &mut RawInstance, centre: &String) -> Result<(), Fault> {
    let known: Vec<String> = raw.centres.iter().map(|z| z.id.clone()).collect();
    if !known.contains(centre) {
        return Err(Fault::unknown("--drop-centre", "centre", centre, known));
    }
    raw.centres.retain(|z| z.id != *centre);
    raw.groups.values_mut().for_each(|own| own.retain(|z| z != centre));
    raw.pins.retain(|p| p.centre.as_ref() != Some(centre));
    raw.given_sessions.retain(|g| g.centre != *centre);
    for s in &mut raw.schools {
        s.km.remove(centre);
    }
    for c in &mut raw.candidates {
        c.km.as_mut().and_then(|km| km.remove(centre));
    }
    for x in &mut raw.examiners {
        x.km.remove(centre);
        if let Some(own) = &mut x.centres {
            own.retain(|z| z != centre);
            if own.is_empty() {
                // Nowhere is left to sit, and an empty list would be everywhere.
                x.available.clear();
            }
        }
    }
    Ok(())
}

/// The value at a path; in a list of objects a step may be an id.
fn target<'v>(json: &'v mut Value, path: &str) -> Result<&'v mut Value, Fault> {
    let mut at = json;
    for step in path.split('.') {
        let known: Vec<String> = match &*at {
            Value::Object(fields) => fields.keys().cloned().collect(),
            Value::Array(list) => list.iter().filter_map(|e| Some(e.get("id")?.as_str()?.to_string())).collect(),
            _ => Vec::new(),
        };
        let found = match at {
            Value::Object(fields) => fields.get_mut(step),
            Value::Array(list) => match list.iter().position(|e| e.get("id").is_some_and(|id| id == step)) {
                Some(i) => list.get_mut(i),
                None => step.parse::<usize>().ok().and_then(|i| list.get_mut(i)),
            },
            _ => None,
        };
        match found {
            Some(value) => at = value,
            None => return Err(Fault::unknown("--set", &tr!("field", "champ"), step, known)),
        }
    }
    Ok(at)
}
