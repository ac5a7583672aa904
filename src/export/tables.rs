//! The view as tables, for the workbook and the CSV files.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::changes::{Change, changes};
use super::view::{Left, Place, Sitting, View};
use crate::instance::{Minutes, Status};

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// A number.
    Number(i64),
    /// A date.
    Date(NaiveDate),
    /// Minutes from midnight.
    Clock(Minutes),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        if text.is_empty() { Cell::Empty } else { Cell::Text(text.into()) }
    }
}

/// A table with one row of headings.
#[derive(Clone, Debug)]
pub struct Table {
    /// The sheet's name: a text's name.
    pub name: &'static str,
    /// The headings: texts' names in `columns`.
    pub headings: Vec<&'static str>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

fn count(n: usize) -> Cell {
    Cell::Number(n as i64)
}

fn school(view: &View, school: Option<&Place>) -> [Cell; 2] {
    match school {
        Some(s) => [s.id.as_str().into(), s.label().as_str().into()],
        None => [Cell::Empty, view.texts.get("words.no_school").into()],
    }
}

fn optional(text: &Option<String>) -> Cell {
    text.as_deref().unwrap_or("").into()
}

/// One row for each sitting, candidate by candidate; no member of a commission is named.
pub fn candidates(view: &View) -> Table {
    let row = |s: &Sitting| {
        let [school_id, school] = school(view, s.school.as_ref());
        let prepares = s.preparation.minutes() > 0;
        vec![
            s.candidate.as_str().into(),
            s.name.as_str().into(),
            school_id,
            school,
            s.group.as_str().into(),
            s.exam.as_str().into(),
            s.title.as_str().into(),
            optional(&s.language),
            Cell::Date(s.date),
            s.centre.id.as_str().into(),
            s.centre.name.as_str().into(),
            s.centre.town.as_str().into(),
            Cell::Clock(s.arrival),
            optional(&s.preparation_room),
            if prepares { Cell::Clock(s.preparation.from) } else { Cell::Empty },
            Cell::Clock(s.time.from),
            Cell::Clock(s.time.to),
            s.room.as_str().into(),
            if s.extra() { view.texts.get("words.yes").into() } else { Cell::Empty },
        ]
    };
    Table {
        name: "classeur.candidates",
        headings: vec![
            "candidate_id",
            "candidate",
            "school_id",
            "school",
            "group",
            "exam",
            "exam_title",
            "language",
            "date",
            "centre_id",
            "centre",
            "town",
            "arrival",
            "preparation_room",
            "preparation_start",
            "start",
            "end",
            "room",
            "extra",
        ],
        rows: view.candidates.iter().flat_map(|c| &c.sittings).map(row).collect(),
    }
}

/// One row for each examiner and session.
pub fn examiners(view: &View) -> Table {
    let mut rows = Vec::new();
    for x in &view.examiners {
        for duty in &x.duties {
            let s = &view.sessions[duty.session];
            rows.push(vec![
                x.id.as_str().into(),
                x.name.as_str().into(),
                x.qualifications.as_str().into(),
                x.schools.iter().map(Place::label).collect::<Vec<_>>().join(" ; ").as_str().into(),
                Cell::Date(s.date),
                Cell::Clock(s.present_from),
                Cell::Clock(s.time.from),
                Cell::Clock(s.time.to),
                s.centre.id.as_str().into(),
                s.centre.name.as_str().into(),
                s.centre.town.as_str().into(),
                s.room.as_str().into(),
                s.label.as_str().into(),
                optional(&s.language),
                duty.role.as_str().into(),
                s.exams().join(", ").as_str().into(),
                count(s.sittings.len()),
                x.km.get(&s.centre.id).map_or(Cell::Empty, |&km| Cell::Number(km)),
                s.id.as_str().into(),
            ]);
        }
    }
    Table {
        name: "classeur.examiners",
        headings: vec![
            "examiner_id",
            "examiner",
            "qualifications",
            "school",
            "date",
            "present_from",
            "from",
            "to",
            "centre_id",
            "centre",
            "town",
            "room",
            "commission",
            "language",
            "role",
            "exam",
            "sittings",
            "km",
            "session",
        ],
        rows,
    }
}

/// One row for each session.
pub fn sessions(view: &View) -> Table {
    let row = |s: &super::view::Session| {
        let members: Vec<String> = s.members.iter().map(|m| format!("{} : {}", m.role, m.name)).collect();
        vec![
            s.id.as_str().into(),
            s.commission.as_str().into(),
            s.label.as_str().into(),
            optional(&s.language),
            Cell::Date(s.date),
            Cell::Clock(s.time.from),
            Cell::Clock(s.time.to),
            s.centre.id.as_str().into(),
            s.centre.name.as_str().into(),
            s.centre.town.as_str().into(),
            s.room.as_str().into(),
            members.join(" ; ").as_str().into(),
            s.exams().join(", ").as_str().into(),
            count(s.sittings.len()),
            Cell::Number(s.sittings.iter().map(|p| i64::from(p.time.minutes())).sum()),
        ]
    };
    Table {
        name: "classeur.sessions",
        headings: vec![
            "session",
            "commission_id",
            "commission",
            "language",
            "date",
            "from",
            "to",
            "centre_id",
            "centre",
            "town",
            "room",
            "members",
            "exam",
            "sittings",
            "minutes",
        ],
        rows: view.sessions.iter().map(row).collect(),
    }
}

/// One row for each sitting, room by room.
pub fn rooms(view: &View) -> Table {
    let mut rows = Vec::new();
    let mut sessions: Vec<_> = view.sessions.iter().collect();
    sessions.sort_by_key(|s| (&s.centre.id, &s.room, s.date, s.time));
    for s in sessions {
        for p in &s.sittings {
            rows.push(vec![
                s.centre.id.as_str().into(),
                s.centre.name.as_str().into(),
                s.room.as_str().into(),
                Cell::Date(s.date),
                Cell::Clock(p.time.from),
                Cell::Clock(p.time.to),
                p.exam.as_str().into(),
                p.candidate.as_str().into(),
                p.name.as_str().into(),
                if p.extra() { view.texts.get("words.yes").into() } else { Cell::Empty },
                s.label_and_language().as_str().into(),
                s.id.as_str().into(),
            ]);
        }
    }
    Table {
        name: "classeur.rooms",
        headings: vec![
            "centre_id",
            "centre",
            "room",
            "date",
            "start",
            "end",
            "exam",
            "candidate_id",
            "candidate",
            "extra",
            "commission",
            "session",
        ],
        rows,
    }
}

/// Who is not heard, and why.
pub fn left(view: &View) -> Table {
    let row = |(status, l): (&str, &Left)| {
        let [school_id, school] = school(view, l.school.as_ref());
        vec![
            l.candidate.as_str().into(),
            l.name.as_str().into(),
            school_id,
            school,
            l.exam.as_str().into(),
            view.texts.get(status).into(),
            l.reason.as_str().into(),
        ]
    };
    let lists = [("non_entendus.not_due", &view.not_heard), ("non_entendus.waiting", &view.unscheduled)];
    Table {
        name: "classeur.left",
        headings: vec!["candidate_id", "candidate", "school_id", "school", "exam", "status", "reason"],
        rows: lists.iter().flat_map(|(status, list)| list.iter().map(|l| row((status, l)))).collect(),
    }
}

/// What differs from the published schedule; none without one.
pub fn differences(view: &View) -> Option<Table> {
    view.baseline.as_ref()?;
    let found = changes(view);
    let row = |c: &Change| {
        let cells = [&c.id, &c.name, &c.telephone, &c.email, &c.exam, &c.what, &c.before, &c.after, &c.reason];
        cells.map(|text| Cell::from(text.as_str())).into_iter().chain([Cell::Empty]).collect()
    };
    Some(Table {
        name: "classeur.changes",
        headings: vec!["number", "who", "telephone", "email", "exam", "change", "before", "after", "reason", "told"],
        rows: found.candidates.iter().chain(&found.examiners).map(row).collect(),
    })
}

/// Counts worth a line.
pub fn figures(view: &View) -> Table {
    let texts = view.texts;
    let (mut by_exam, mut by_centre, mut by_date) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for s in view.sittings() {
        *by_exam.entry(s.exam.clone()).or_insert(0) += 1;
        *by_centre.entry(s.centre.label()).or_insert(0) += 1;
        *by_date.entry(s.date).or_insert(0) += 1;
    }
    let days: BTreeSet<_> = view.sessions.iter().map(|s| (&s.centre.id, s.date)).collect();
    let examiner_days: BTreeSet<_> =
        view.sessions.iter().flat_map(|s| s.members.iter().map(|m| (&m.id, s.date))).collect();
    let due = view.instance.orals.iter().filter(|o| o.status == Status::Due).count();
    let mut rows = Vec::new();
    for (name, n) in [
        ("number_candidates", view.candidates.len()),
        ("number_convened", view.candidates.iter().filter(|c| !c.sittings.is_empty()).count()),
        ("number_due", due),
        ("number_sittings", view.sittings().count()),
        ("number_extra", view.sittings().filter(|s| s.extra()).count()),
        ("number_unscheduled", view.unscheduled.len()),
        ("number_not_heard", view.not_heard.len()),
        ("number_sessions", view.sessions.len()),
        ("number_examiners", view.examiners.len()),
        ("number_examiner_days", examiner_days.len()),
        ("number_centre_days", days.len()),
    ] {
        rows.push(vec![texts.get(&format!("classeur.{name}")).into(), Cell::Empty, count(n)]);
    }
    let by_date = by_date.into_iter().map(|(date, n)| (texts.date(date), n)).collect::<Vec<_>>();
    for (name, list) in [
        ("by_exam", by_exam.into_iter().collect::<Vec<_>>()),
        ("by_centre", by_centre.into_iter().collect()),
        ("by_date", by_date),
    ] {
        for (what, n) in list {
            rows.push(vec![texts.get(&format!("classeur.{name}")).into(), what.as_str().into(), count(n)]);
        }
    }
    Table { name: "classeur.figures", headings: vec!["figure", "detail", "value"], rows }
}
