//! What is not about people and places: session, regulation, calendar, policy, weights, decisions and waivers.

use serde_json::{Map, Value, json};

use super::cell::Cell;
use super::headings::plain;
use super::import::Draft;
use super::layout::Kind;
use super::page::{Log, Page, Row, not_a_date, says_none};
use super::tables::{label, none, yes};
use crate::fault::Fault;
use crate::instance::holidays::OWN_DAYS;
use crate::instance::office;
use crate::instance::raw::{RawCalendar, RawEvent, RawPaper, RawPin, RawWaiver, RegulationChoice};
use crate::instance::{Clock, Policy, Weights};
use crate::regulation::{FileRule, RawCommission, RawExam, RawRegulation, RawSeat};
use crate::tr;

/// The first rows of the sheet Session: key, French and English labels. Those of [`office::FIELDS`] follow.
pub const SESSION: &[(&str, &str, &str)] = &[
    ("name", "Nom", "Name"),
    ("step", "Pas", "Step"),
    ("regulation", "Règlement", "Regulation"),
    ("title", "Intitulé du règlement", "Regulation title"),
    ("source", "Source du règlement", "Regulation source"),
    ("sessions", "Sessions du règlement", "Regulation sessions"),
    (OWN_DAYS, "Jours fériés de l'académie", "The academy's own holidays"),
];

/// The row of the sheet Session that says this key of the instance's `info`, if one does.
pub fn info_row(key: &str) -> Option<(&'static str, &'static str, &'static str)> {
    info_rows().find(|row| row.0 == key)
}

/// The rows of the sheet Session that are kept in the instance's `info`.
pub fn info_rows() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    office::FIELDS.iter().chain(SESSION.iter().filter(|row| row.0 == OWN_DAYS)).copied()
}

/// The rows of the sheet Policy.
pub const POLICY: &[(&str, &str, &str)] = &[
    ("half_days", "Demi-journées", "Half-days"),
    ("candidate_gap", "Repos du candidat (min)", "Candidate gap (min)"),
    ("candidate_lunch", "Repas du candidat (min)", "Candidate lunch (min)"),
    ("orals_a_day", "Oraux par jour", "Orals a day"),
    ("oral_on_paper_day", "Oral un jour d'écrit", "Oral on a paper's date"),
    ("examiner_minutes_a_day", "Minutes d'interrogation par jour", "Examiner minutes a day"),
    ("briefing", "Temps de prise de connaissance (min)", "Briefing (min)"),
    ("examiner_sittings_a_day", "Passages entendus par jour", "Examiner sittings a day"),
    ("pause_after", "Pause due après (min)", "Pause after (min)"),
    ("pause", "Durée de la pause (min)", "Pause (min)"),
    ("only_given_sessions", "Vacations composées seulement", "Given sessions only"),
    ("same_school_max", "Candidats d'un même établissement", "Candidates of one school"),
    ("fair_days", "Jours équitables par interrogateur", "Fair days"),
    ("far_km", "Loin à partir de (km)", "Far beyond (km)"),
    ("far_earliest", "Pas avant, si loin", "Not before, if far"),
    ("far_latest", "Pas après, si loin", "Not after, if far"),
];

/// The rows of the sheet Weights.
pub const WEIGHTS: &[(&str, &str, &str)] = &[
    ("unscheduled", "Oral sans passage", "Oral without a sitting"),
    ("optional_seat_empty", "Siège facultatif vide", "Optional seat empty"),
    ("sessions", "Vacation", "Session"),
    ("examiner_days", "Journée d'interrogateur", "Examiner day"),
    ("examiner_km", "Kilomètre d'interrogateur", "Examiner kilometre"),
    ("examiner_idle", "Minute d'attente d'interrogateur", "Examiner idle minute"),
    ("examiner_overload", "Journée au-delà de l'équitable", "Day beyond the fair ones"),
    ("centre_days", "Journée de centre", "Centre day"),
    ("candidate_days", "Journée de plus d'un candidat", "Further candidate day"),
    ("candidate_centres", "Centre de plus d'un candidat", "Further candidate centre"),
    ("candidate_km", "Kilomètre de candidat", "Candidate kilometre"),
    ("candidate_wait", "Minute d'attente de candidat", "Candidate waiting minute"),
    ("early_far", "Matinal et lointain", "Early and far"),
    ("late_far", "Tardif et lointain", "Late and far"),
    ("not_preferred", "Compétence préférée absente", "Preferred qualification lacking"),
    ("examiner_target", "Écart aux passages souhaités", "Off the target of sittings"),
    ("examiner_wish", "Passage à une heure à éviter", "Sitting at an hour to avoid"),
    ("same_school", "Même établissement, même commission", "Same school, same commission"),
    ("convocation_changed", "Convocation changée", "Convocation changed"),
    ("oral_moved", "Oral déplacé", "Oral moved"),
    ("room_changed", "Salle changée", "Room changed"),
    ("examiner_called", "Interrogateur appelé", "Examiner called"),
    ("examiner_released", "Interrogateur libéré", "Examiner released"),
];

/// The key in the instance's `info` of a row `info : Key`.
fn info_key(row: &Row) -> Option<String> {
    let text = row.cell("key").text();
    let rest = text.get(..4).filter(|start| start.eq_ignore_ascii_case("info")).map(|_| text[4..].trim_start())?;
    rest.strip_prefix(':').map(|key| Cell::Text(key.trim().to_string()).text())
}

/// The key that a row of a sheet of parameters names, by key or by label.
fn key(row: &Row, keys: &[(&'static str, &str, &str)], log: &mut Log) -> Option<&'static str> {
    let text = row.text("key", log)?;
    let bare = plain(&text);
    let found = keys.iter().find(|(k, fr, en)| [k, fr, en].iter().any(|n| plain(n) == bare));
    if found.is_none() {
        let known =
            keys.iter().map(|(k, fr, en)| format!("{} ({k})", tr!("{en}", "{fr}"))).collect::<Vec<_>>().join(", ");
        let message =
            tr!("unknown parameter \"{text}\"; those are: {known}", "paramètre inconnu « {text} » ; ce sont : {known}");
        row.fault("key", message, log);
    }
    found.map(|(k, ..)| *k)
}

/// Reads the session's name, grid and regulation.
pub fn session(pages: &[Page], draft: &mut Draft, log: &mut Log) {
    let mut named = None;
    let (mut title, mut source, mut sessions) = (String::new(), String::new(), Vec::new());
    let known: Vec<_> = SESSION.iter().chain(office::FIELDS).copied().collect();
    for page in pages.iter().filter(|p| p.layout.kind == Kind::Session) {
        for row in page.rows() {
            if let Some(key) = info_key(&row) {
                row.binds(format!("info.{key}"), Some("value"), log);
                draft.raw.info.extend(row.text("value", log).map(|text| (key, text)));
                continue;
            }
            let Some(key) = key(&row, &known, log) else { continue };
            let kept = info_row(key).is_some();
            let path = if kept { format!("info.{key}") } else { key.to_string() };
            row.binds(path, Some("value"), log);
            match key {
                "name" => draft.raw.name = row.text("value", log).unwrap_or(std::mem::take(&mut draft.raw.name)),
                "step" => match row.whole("value", log) {
                    Some(step @ 1..=720) => draft.raw.step = step,
                    Some(_) => {
                        row.fault("value", tr!("the step is 1 to 720 minutes", "le pas va de 1 à 720 minutes"), log)
                    }
                    None => {}
                },
                "regulation" => named = row.text("value", log),
                "title" => title = row.text("value", log).unwrap_or_default(),
                "sessions" => sessions = row.items("value", log),
                key if kept => draft.raw.info.extend(row.text("value", log).map(|text| (key.to_string(), text))),
                _ => source = row.text("value", log).unwrap_or_default(),
            }
        }
    }
    let (commissions, exams) = (commissions(pages, log), exams(pages, log));
    draft.raw.regulation = if exams.is_empty() && commissions.is_empty() {
        if named.is_none() {
            let usual = crate::regulation::SHIPPED[0].0;
            log.notes.push(Fault::new(
                "",
                tr!("no regulation is named: {usual} is taken", "aucun règlement n'est nommé : {usual} est pris"),
            ));
        }
        RegulationChoice::Named(named.unwrap_or_else(|| crate::regulation::SHIPPED[0].0.into()))
    } else {
        RegulationChoice::Own(Box::new(RawRegulation {
            id: named.unwrap_or_default(),
            title,
            sessions,
            source,
            commissions,
            exams,
        }))
    };
}

fn exams(pages: &[Page], log: &mut Log) -> Vec<RawExam> {
    let mut exams = Vec::new();
    for page in pages.iter().filter(|p| p.layout.kind == Kind::Exams) {
        for row in page.rows() {
            let at = format!("regulation.exams[{}]", exams.len());
            row.binds(at.as_str(), None, log);
            for key in ["id", "commission", "follows"] {
                row.binds(format!("{at}.{key}"), Some(key), log);
            }
            let id = row.id("id", log).unwrap_or_else(|| row.placeholder());
            let mut minutes = |key: &str, least: u32| match row.whole(key, log) {
                Some(n) if (least..=720).contains(&n) => n,
                None if least == 0 => 0,
                None => 1,
                Some(n) => {
                    let message =
                        tr!("{n} minutes is not between {least} and 720", "{n} minutes n'est pas entre {least} et 720");
                    row.fault(key, message, log);
                    1
                }
            };
            let (preparation, duration, turnaround) =
                (minutes("preparation", 0), minutes("duration", 1), minutes("turnaround", 0));
            exams.push(RawExam {
                code: row.text("code", log),
                title: row.text("title", log).unwrap_or_default(),
                commission: row.text("commission", log).unwrap_or_default(),
                preparation,
                duration,
                turnaround,
                file: match row.choice("file", log) {
                    Some("controlled") => FileRule::Controlled,
                    Some("presented") => FileRule::Presented,
                    _ => FileRule::None,
                },
                equipment: row.items("equipment", log),
                follows: row.text("follows", log),
                grid: row.text("grid", log),
                source: row.text("source", log).unwrap_or_default(),
                id,
            });
        }
    }
    exams
}

fn commissions(pages: &[Page], log: &mut Log) -> Vec<RawCommission> {
    let mut commissions: Vec<RawCommission> = Vec::new();
    for page in pages.iter().filter(|p| p.layout.kind == Kind::Commissions) {
        for row in page.rows() {
            let id = row.text("commission", log).unwrap_or_else(|| row.placeholder());
            let i = commissions.iter().position(|c| c.id == id).unwrap_or_else(|| {
                commissions.push(RawCommission { id, seats: Vec::new() });
                commissions.len() - 1
            });
            let path = format!("regulation.commissions[{i}]");
            row.binds(path.as_str(), None, log);
            row.binds(format!("{path}.seats[{}]", commissions[i].seats.len()), Some("seat"), log);
            commissions[i].seats.push(RawSeat {
                id: row.text("seat", log).unwrap_or_default(),
                any_of: needs(row.cell("needs")),
                required: row.yes("required", log),
                prefers: row.items("prefers", log),
            });
        }
    }
    commissions
}

/// `EG + CCST / STI + CCST` as sets of qualifications.
fn needs(cell: &Cell) -> Vec<Vec<String>> {
    if cell.is_empty() {
        return Vec::new();
    }
    let text = cell.shown();
    let sets = text.split(" / ").map(|set| {
        let parts = set.split('+').map(|p| Cell::Text(p.trim().to_string()));
        parts.filter(|p| !says_none(p) && !p.shown().is_empty()).map(|p| p.text()).collect()
    });
    sets.collect()
}

/// Reads dates, papers, meetings and the dates of exams.
pub fn calendar(pages: &[Page], log: &mut Log) -> RawCalendar {
    let mut calendar = RawCalendar::default();
    for page in pages {
        for row in page.rows() {
            match page.layout.kind {
                Kind::Calendar => {
                    if let Some(date) = row.date("date", log) {
                        row.binds(format!("calendar.dates[{}]", calendar.dates.len()), Some("date"), log);
                        calendar.dates.push(date);
                    }
                }
                Kind::ExamDates => {
                    let Some(exam) = row.id("exam", log) else { continue };
                    row.binds(format!("calendar.exam_dates.{exam}"), Some("exam"), log);
                    row.binds(format!("calendar.exam_dates.{exam}.date"), Some("dates"), log);
                    let cell = row.cell("dates");
                    let texts = match cell {
                        Cell::Date(_) | Cell::Number(_) => vec![cell.clone()],
                        cell => cell.items().into_iter().map(Cell::Text).collect(),
                    };
                    let mut dates = Vec::new();
                    for text in texts {
                        match text.date() {
                            Some(date) => dates.push(date),
                            None => row.fault("dates", not_a_date(&text.shown()), log),
                        }
                    }
                    if calendar.exam_dates.insert(exam.clone(), dates).is_some() {
                        row.fault("exam", Fault::duplicate("", &exam).message, log);
                    }
                }
                Kind::Papers => {
                    let at = format!("calendar.papers[{}]", calendar.papers.len());
                    row.binds(at.as_str(), Some("start"), log);
                    row.binds(format!("{at}.id"), Some("id"), log);
                    row.binds(format!("{at}.date"), Some("date"), log);
                    let (id, date) = (row.id("id", log), row.date("date", log));
                    let (start, end) = (row.clock("start", log), row.clock("end", log));
                    let loge_until = row.clock("loge", log);
                    // A row with a fault keeps its id, so that candidates who name it are no fault too.
                    let id = id.unwrap_or_else(|| row.placeholder());
                    let (date, start, end) =
                        (date.unwrap_or_default(), start.unwrap_or(Clock(0)), end.unwrap_or(Clock(1)));
                    calendar.papers.push(RawPaper { id, date, start, end, loge_until });
                }
                Kind::Events => {
                    let at = format!("calendar.events[{}]", calendar.events.len());
                    row.binds(at.as_str(), Some("start"), log);
                    row.binds(format!("{at}.id"), Some("id"), log);
                    row.binds(format!("{at}.date"), Some("date"), log);
                    row.binds(format!("{at}.concerns"), Some("concerns"), log);
                    let (id, date) = (row.id("id", log), row.date("date", log));
                    let (start, end) = (row.clock("start", log), row.clock("end", log));
                    let concerns = row.items("concerns", log);
                    let (Some(id), Some(date), Some(start), Some(end)) = (id, date, start, end) else { continue };
                    calendar.events.push(RawEvent { id, date, start, end, concerns });
                }
                _ => {}
            }
        }
    }
    calendar
}

/// Reads policy and weights: rows that are not there keep the default.
pub fn policy(pages: &[Page], draft: &mut Draft, log: &mut Log) {
    let (mut policy, mut weights) = (object(&Policy::default()), object(&Weights::default()));
    for page in pages {
        for row in page.rows() {
            match page.layout.kind {
                Kind::Policy => {
                    let Some(key) = key(&row, POLICY, log) else { continue };
                    row.binds(format!("policy.{key}"), Some("value"), log);
                    if let Some(value) = policy_value(&row, key, log) {
                        policy.insert(key.into(), value);
                    }
                }
                Kind::Weights => {
                    let Some(key) = key(&row, WEIGHTS, log) else { continue };
                    if let Some(n) = limited(&row, 1_000_000_000, log) {
                        weights.insert(key.into(), json!(n));
                    }
                }
                _ => {}
            }
        }
    }
    draft.raw.policy = serde_json::from_value(Value::Object(policy)).expect("each value was read as its key wants");
    draft.raw.weights = serde_json::from_value(Value::Object(weights)).expect("weights are whole numbers");
}

fn object<T: serde::Serialize>(value: &T) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(map)) => map,
        _ => unreachable!("policy and weights are JSON objects"),
    }
}

fn limited(row: &Row, most: u32, log: &mut Log) -> Option<u32> {
    let n = row.whole("value", log)?;
    if n > most {
        row.fault("value", tr!("{n} is more than {most}", "{n} dépasse {most}"), log);
        return None;
    }
    Some(n)
}

fn policy_value(row: &Row, key: &str, log: &mut Log) -> Option<Value> {
    let cell = row.cell("value");
    match key {
        "half_days" if says_none(cell) => Some(json!([])),
        "half_days" => {
            let mut read = Vec::new();
            for item in cell.items() {
                let ends = item.split_once(['-', '–', '—']).map(|(from, to)| {
                    let clock = |t: &str| Cell::Text(t.trim().to_string()).clock();
                    (clock(from), clock(to))
                });
                match ends {
                    Some((Some(from), Some(to))) => read.push((from, to)),
                    _ => {
                        let message = tr!(
                            "\"{item}\" is not a half-day; write 08:00-12:30, 13:30-18:30",
                            "« {item} » n'est pas une demi-journée ; écrivez 8h00-12h30, 13h30-18h30"
                        );
                        row.fault("value", message, log);
                    }
                }
            }
            (!read.is_empty()).then(|| json!(read))
        }
        "far_latest" => Some(json!(row.clock("value", log))),
        "pause_after" => Some(json!(limited(row, 1440, log))),
        "only_given_sessions" => (!cell.is_empty()).then(|| json!(row.yes("value", log))),
        "far_earliest" => row.clock("value", log).map(|c| json!(c)),
        "oral_on_paper_day" => (!cell.is_empty()).then(|| json!(row.yes("value", log))),
        "examiner_sittings_a_day" => Some(json!(limited(row, 10_000, log))),
        "far_km" => limited(row, 100_000, log).map(|n| json!(n)),
        "candidate_gap" | "candidate_lunch" | "examiner_minutes_a_day" | "briefing" | "pause" => {
            limited(row, 1440, log).map(|n| json!(n))
        }
        _ => limited(row, 10_000, log).map(|n| json!(n)),
    }
}

/// The rows of the sheet Policy for a policy.
pub fn policy_rows(policy: &Policy) -> Vec<Vec<Cell>> {
    let values = serde_json::to_value(policy).unwrap_or_default();
    let row = |&row: &(&str, &str, &str)| {
        let value = match (row.0, &values[row.0]) {
            ("half_days", _) if policy.half_days.is_empty() => none(),
            ("half_days", _) => {
                Cell::list(&policy.half_days.iter().map(|(a, b)| format!("{a}-{b}")).collect::<Vec<_>>())
            }
            ("far_earliest", _) => Cell::Clock(policy.far_earliest),
            // As they are by default, these are not written down in files.
            ("pause_after", _) => policy.pause_after.map_or(Cell::Empty, |n| Cell::Number(f64::from(n))),
            ("pause", _) => Cell::Number(f64::from(policy.pause)),
            ("only_given_sessions", _) => yes(policy.only_given_sessions),
            ("far_latest", _) => policy.far_latest.map_or(Cell::Empty, Cell::Clock),
            (_, Value::Bool(b)) => yes(*b),
            (_, Value::Number(n)) => Cell::Number(n.as_f64().unwrap_or_default()),
            _ => Cell::Empty,
        };
        vec![label(row), value]
    };
    POLICY.iter().map(row).collect()
}

/// The rows of the sheet Weights.
pub fn weight_rows(weights: &Weights) -> Vec<Vec<Cell>> {
    let mut values = serde_json::to_value(weights).unwrap_or_default();
    // As it is by default, it is not written down in files.
    values["late_far"] = weights.late_far.into();
    values["examiner_target"] = weights.examiner_target.into();
    values["examiner_wish"] = weights.examiner_wish.into();
    WEIGHTS.iter().map(|&row| vec![label(row), Cell::Number(values[row.0].as_f64().unwrap_or_default())]).collect()
}

/// Reads decisions and waivers.
pub fn decisions(pages: &[Page], draft: &mut Draft, log: &mut Log) {
    let raw = &mut draft.raw;
    for page in pages {
        for row in page.rows() {
            let (list, length) = match page.layout.kind {
                Kind::Pins => ("pins", raw.pins.len()),
                Kind::Waivers => ("waivers", raw.waivers.len()),
                _ => continue,
            };
            let at = format!("{list}[{length}]");
            row.binds(at.as_str(), None, log);
            for key in ["candidate", "exam", "centre", "room", "examiner"] {
                row.binds(format!("{at}.{key}"), Some(key), log);
            }
            let Some(candidate) = row.id("candidate", log) else { continue };
            if list == "pins" {
                let Some(exam) = row.id("exam", log) else { continue };
                raw.pins.push(RawPin {
                    candidate,
                    exam,
                    date: row.date("date", log),
                    start: row.clock("start", log),
                    centre: row.id("centre", log),
                    room: row.id("room", log),
                    examiner: row.id("examiner", log),
                });
            } else {
                let (examiner, by, reason) = (row.id("examiner", log), row.text("by", log), row.text("reason", log));
                let (Some(examiner), Some(by), Some(reason)) = (examiner, by, reason) else { continue };
                raw.waivers.push(RawWaiver { candidate, examiner, by, reason });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_policy_and_weight_has_a_row() {
        let keys = |rows: &[(&str, &str, &str)]| rows.iter().map(|r| r.0.to_string()).collect::<Vec<_>>();
        let policy = Policy {
            pause_after: Some(90),
            pause: 10,
            only_given_sessions: false,
            far_latest: Some(Clock(17 * 60)),
            ..Policy::default()
        };
        assert_eq!(keys(POLICY), object(&policy).keys().cloned().collect::<Vec<_>>());
        let weights = Weights { late_far: 1, examiner_target: 1, examiner_wish: 1, ..Weights::default() };
        assert_eq!(keys(WEIGHTS), object(&weights).keys().cloned().collect::<Vec<_>>());
    }
}
