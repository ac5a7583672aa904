//! From an instance to sheets that read back as the same instance.

use std::collections::BTreeSet;

use serde_json::Value;

use super::asides::heads;
use super::cell::{Cell, quoted, quoted_without, yes_no};
use super::composed;
use super::derive::usual_rows;
use super::headings::{Mapping, Meaning, Names, meanings, plain};
use super::import::{import_sheets, names_several};
use super::layout::{FILE_RULES, FILES, FORMS, Kind, LAYOUTS, Layout, ORIGINS, STATUSES, USES, WHOM, Wants};
use super::people::language_of;
use super::read::Sheet;
use super::settings::{self, SESSION, info_row, info_rows};
use super::signs::on_their_own;
use crate::fault::Fault;
use crate::instance::raw::{
    RawCandidate, RawCentre, RawEvent, RawExaminer, RawKm, RawPaper, RawSpan, RawWaiver, RegulationChoice,
};
use crate::instance::{FileState, Form, Info, RawInstance};
use crate::regulation::{FileRule, RawExam, RawRegulation, Regulation};
use crate::tr;

/// A sheet to write.
#[derive(Clone, Debug)]
pub struct Table {
    /// What it is about.
    pub layout: &'static Layout,
    /// Its headings.
    pub headings: Vec<Cell>,
    /// What each column wants.
    pub wants: Vec<Wants>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
}

/// The sheets of an instance; a fault where they could not say it exactly.
pub fn filled(raw: &RawInstance) -> Result<Vec<Table>, Fault> {
    let tables = tables(raw, false);
    // Read back before anything is written: what sheets cannot say (ids that only punctuation tells apart, say) is
    // refused, not altered.
    let again = import_sheets(as_sheets(&tables), "", &Mapping::default());
    let refused = |what: String| {
        Fault::new(
            "",
            tr!(
                "this instance cannot be written as sheets that read back the same: {what}",
                "cette instance ne peut s'écrire en feuilles qui se relisent à l'identique : {what}"
            ),
        )
    };
    match again {
        Ok(again) if again.raw == *raw => Ok(tables),
        Ok(again) => Err(refused(difference(&again.raw, raw))),
        Err(e) => Err(refused(e.faults.first().map(ToString::to_string).unwrap_or_default())),
    }
}

/// The sheets of an instance, without asking whether they read back the same: see [`difference`].
pub fn written(raw: &RawInstance) -> Vec<Sheet> {
    as_sheets(&tables(raw, false))
}

fn as_sheets(tables: &[Table]) -> Vec<Sheet> {
    let rows = |t: &Table| std::iter::once(t.headings.clone()).chain(t.rows.iter().cloned()).collect();
    tables.iter().map(|t| Sheet::of_rows("", t.layout.name(), rows(t))).collect()
}

/// The first field that differs.
pub fn difference(a: &RawInstance, b: &RawInstance) -> String {
    fn first(a: &Value, b: &Value, path: String) -> Option<String> {
        match (a, b) {
            _ if a == b => None,
            (Value::Object(x), Value::Object(y)) => {
                let keys: BTreeSet<&String> = x.keys().chain(y.keys()).collect();
                keys.into_iter().find_map(|k| first(x.get(k)?, y.get(k)?, format!("{path}.{k}"))).or(Some(path))
            }
            (Value::Array(x), Value::Array(y)) if x.len() == y.len() => {
                x.iter().zip(y).enumerate().find_map(|(i, (x, y))| first(x, y, format!("{path}[{i}]")))
            }
            _ => Some(path),
        }
    }
    let value = |raw: &RawInstance| serde_json::to_value(raw).unwrap_or_default();
    first(&value(a), &value(b), String::new()).unwrap_or_default().trim_start_matches('.').to_string()
}

/// The sheets of an empty workbook for the shipped regulation.
pub fn empty() -> Vec<Table> {
    let raw = RawInstance {
        name: String::new(),
        regulation: RegulationChoice::Named(crate::regulation::SHIPPED[0].0.into()),
        ..super::import::blank("")
    };
    tables(&raw, true)
}

fn tables(raw: &RawInstance, empty: bool) -> Vec<Table> {
    let (own, shipped) = match &raw.regulation {
        RegulationChoice::Named(name) => (None, Regulation::shipped(name)),
        RegulationChoice::Own(own) => (Some(own.as_ref()), None),
    };
    let writer = Writer {
        raw,
        own,
        regulation: own.or(shipped.as_ref()),
        names: Names {
            centres: raw.centres.iter().map(|c| c.id.clone()).collect(),
            dates: raw.calendar.dates.clone(),
            ..own.or(shipped.as_ref()).map(Names::of).unwrap_or_default()
        },
        empty,
    };
    LAYOUTS.iter().map(|l| writer.table(l)).collect()
}

struct Writer<'a> {
    raw: &'a RawInstance,
    own: Option<&'a RawRegulation>,
    regulation: Option<&'a RawRegulation>,
    names: Names,
    empty: bool,
}

/// The name of a room, which the reader would take for several.
fn room(id: &str) -> Cell {
    if names_several(id) { Cell::Text(quoted(id)) } else { text(id) }
}

pub(super) fn text(t: &str) -> Cell {
    // What the reader would take for a total or a legend stands for itself between quotation marks.
    if heads(t).is_some() { Cell::Text(quoted(t)) } else { Cell::exact(t) }
}

/// A text with an empty default, where empty and absent are one.
fn loose(t: &str) -> Cell {
    if t.is_empty() { Cell::Empty } else { Cell::exact(t) }
}

pub(super) fn maybe(t: &Option<String>) -> Cell {
    t.as_deref().map_or(Cell::Empty, Cell::exact)
}

pub(super) fn number(n: u32) -> Cell {
    Cell::Number(f64::from(n))
}

fn whole(n: Option<u32>) -> Cell {
    n.map_or(Cell::Empty, number)
}

/// Minutes an hour, where a bare number could be read as yes or as a percentage.
fn positive(n: u32) -> Cell {
    match n {
        0 => Cell::Empty,
        1 | 33 => Cell::Text(format!("{n} min")),
        n => number(n),
    }
}

pub(super) fn yes(b: bool) -> Cell {
    Cell::Text(yes_no(b))
}

fn if_yes(b: bool) -> Cell {
    if b { yes(true) } else { Cell::Empty }
}

fn only(list: &Option<Vec<String>>) -> Cell {
    match list {
        None => Cell::Empty,
        Some(list) if list.is_empty() => none(),
        Some(list) => Cell::list(list),
    }
}

pub(super) fn none() -> Cell {
    Cell::Text(tr!("(none)", "(aucun)"))
}

/// The word of a list for its English key, in the language in force.
fn word(words: &[(&str, &str)], key: &str) -> Cell {
    let (fr, en) = words.iter().find(|(_, en)| *en == key).expect("the key is one of the list's");
    Cell::Text(tr!("{en}", "{fr}"))
}

pub(super) fn span(s: &RawSpan) -> [Cell; 3] {
    [Cell::Date(s.date), Cell::Clock(s.from), Cell::Clock(s.to)]
}

impl Writer<'_> {
    fn table(&self, layout: &'static Layout) -> Table {
        let mut table = Table {
            layout,
            headings: layout.written().iter().map(|c| Cell::Text(c.heading().into())).collect(),
            wants: layout.written().iter().map(|c| c.wants).collect(),
            rows: Vec::new(),
        };
        match layout.kind {
            Kind::Candidates => self.candidates(&mut table),
            Kind::Schools => {
                let rows =
                    self.raw.schools.iter().map(|s| (vec![text(&s.id), maybe(&s.name), maybe(&s.town)], &s.info));
                self.informed(&mut table, rows.collect());
            }
            Kind::Centres => {
                let rows = self.raw.centres.iter().map(|c| (centre(c), &c.info)).collect();
                self.informed(&mut table, rows);
            }
            Kind::Examiners => {
                let rows = self.raw.examiners.iter().map(|x| {
                    let cells = vec![
                        text(&x.id),
                        maybe(&x.name),
                        Cell::Empty,
                        self.names.qualifications.cell(&x.qualifications),
                        Cell::list(&x.schools),
                        whole(x.max_days),
                        whole(x.sittings_a_day),
                        whole(x.max_sittings),
                        whole(x.target_sittings),
                        only(&x.centres),
                        if_yes(x.reserve),
                        Cell::Empty,
                    ];
                    (cells, &x.info)
                });
                self.informed(&mut table, rows.collect());
            }
            Kind::Distances => self.distances(&mut table),
            Kind::Statuses => {
                for exam in &self.names.exams {
                    table.headings.push(Cell::Text(exam.clone()));
                    table.wants.push(Wants::OneOf(FORMS));
                }
                if self.empty {
                    table.rows = usual_rows();
                }
            }
            kind => table.rows = self.plain_rows(kind),
        }
        table
    }

    /// Sheets whose columns are those of the layout alone.
    fn plain_rows(&self, kind: Kind) -> Vec<Vec<Cell>> {
        let raw = self.raw;
        let calendar = &raw.calendar;
        match kind {
            Kind::Session => self.session(),
            Kind::Openings => {
                let each = raw.centres.iter().flat_map(|c| c.open.iter().map(move |s| (c, s)));
                each.map(|(c, s)| [vec![text(&c.id)], span(s).to_vec()].concat()).collect()
            }
            Kind::Rooms => self.rooms(),
            Kind::Groups => raw.groups.iter().map(|(g, c)| vec![text(g), Cell::list(c)]).collect(),
            Kind::Availabilities => {
                let row = |x: &RawExaminer, s: &RawSpan| {
                    // Hours that touch are joined by the reader unless they stand apart.
                    let touches = |o: &RawSpan| o.date == s.date && o.from <= s.to && s.from <= o.to;
                    let apart = x.available.iter().filter(|o| touches(o)).count() > 1;
                    let rest = vec![Cell::Empty, Cell::Empty, if_yes(apart)];
                    [vec![text(&x.id)], span(s).to_vec(), rest].concat()
                };
                raw.examiners.iter().flat_map(|x| x.available.iter().map(move |s| row(x, s))).collect()
            }
            Kind::Unavailabilities => self.unavailabilities(),
            Kind::Calendar => calendar.dates.iter().map(|d| vec![Cell::Date(*d)]).collect(),
            Kind::ExamDates => {
                let french = |d: &chrono::NaiveDate| d.format("%d/%m/%Y").to_string();
                let row = |dates: &Vec<chrono::NaiveDate>| Cell::list(&dates.iter().map(french).collect::<Vec<_>>());
                calendar.exam_dates.iter().map(|(e, dates)| vec![text(e), row(dates)]).collect()
            }
            Kind::Papers => {
                let row = |p: &RawPaper| {
                    let loge = p.loge_until.map_or(Cell::Empty, Cell::Clock);
                    vec![text(&p.id), Cell::Date(p.date), Cell::Clock(p.start), Cell::Clock(p.end), loge]
                };
                calendar.papers.iter().map(row).collect()
            }
            Kind::Events => {
                let row = |e: &RawEvent| {
                    let concerns = Cell::list(&e.concerns);
                    vec![text(&e.id), Cell::Date(e.date), Cell::Clock(e.start), Cell::Clock(e.end), concerns]
                };
                calendar.events.iter().map(row).collect()
            }
            Kind::Policy => settings::policy_rows(&raw.policy),
            Kind::Weights => settings::weight_rows(&raw.weights),
            Kind::Pins => {
                let pins = raw.pins.iter().map(|p| {
                    let date = p.date.map_or(Cell::Empty, Cell::Date);
                    let start = p.start.map_or(Cell::Empty, Cell::Clock);
                    vec![
                        text(&p.candidate),
                        text(&p.exam),
                        date,
                        start,
                        maybe(&p.centre),
                        maybe(&p.room),
                        maybe(&p.examiner),
                    ]
                });
                pins.collect()
            }
            Kind::Waivers => {
                let row = |w: &RawWaiver| [&w.candidate, &w.examiner, &w.by, &w.reason].map(|t| text(t)).to_vec();
                raw.waivers.iter().map(row).collect()
            }
            Kind::NotBefore => composed::not_before_rows(raw),
            Kind::RatherNot => composed::rather_not_rows(raw),
            Kind::GivenSessions => raw.given_sessions.iter().flat_map(composed::given_rows).collect(),
            Kind::Exams => self.exams(),
            Kind::Commissions => self.commissions(),
            Kind::Candidates | Kind::Schools | Kind::Centres | Kind::Examiners | Kind::Distances | Kind::Statuses => {
                unreachable!("these have columns of their own")
            }
        }
    }

    fn session(&self) -> Vec<Vec<Cell>> {
        let id = match &self.raw.regulation {
            RegulationChoice::Named(name) => name,
            RegulationChoice::Own(own) => &own.id,
        };
        let mut rows = vec![
            vec![label(SESSION[0]), loose(&self.raw.name)],
            vec![label(SESSION[1]), number(self.raw.step)],
            vec![label(SESSION[2]), loose(id)],
        ];
        if let Some(own) = self.own {
            rows.push(vec![label(SESSION[3]), loose(&own.title)]);
            rows.push(vec![label(SESSION[4]), loose(&own.source)]);
            if !own.sessions.is_empty() {
                rows.push(vec![label(SESSION[5]), Cell::list(&own.sessions)]);
            }
        }
        let prefix = tr!("info: ", "info : ");
        rows.extend(self.raw.info.iter().map(|(key, value)| {
            vec![info_row(key).map_or_else(|| Cell::Text(prefix.clone() + &quoted(key)), label), text(value)]
        }));
        if self.empty {
            rows.extend(info_rows().map(|row| vec![label(row), Cell::Empty]));
        }
        rows
    }

    fn rooms(&self) -> Vec<Vec<Cell>> {
        let mut rows = Vec::new();
        for c in &self.raw.centres {
            for r in &c.exam_rooms {
                let equipment = self.names.equipment.cell(&r.equipment);
                rows.push(vec![
                    text(&c.id),
                    room(&r.id),
                    word(USES, "exam"),
                    Cell::Empty,
                    yes(r.accessible),
                    equipment,
                ]);
            }
            for r in &c.preparation_rooms {
                rows.push(vec![
                    text(&c.id),
                    room(&r.id),
                    word(USES, "preparation"),
                    number(r.seats),
                    yes(r.accessible),
                ]);
            }
        }
        rows
    }

    fn unavailabilities(&self) -> Vec<Vec<Cell>> {
        let mut rows = Vec::new();
        for c in &self.raw.candidates {
            for s in &c.unavailable {
                rows.push([vec![word(WHOM, "candidate"), Cell::Empty, text(&c.id)], span(s).to_vec()].concat());
            }
        }
        for c in &self.raw.centres {
            let exam = c.exam_rooms.iter().map(|r| (&r.id, &r.unavailable));
            for (id, spans) in exam.chain(c.preparation_rooms.iter().map(|r| (&r.id, &r.unavailable))) {
                for s in spans {
                    rows.push([vec![word(WHOM, "room"), text(&c.id), text(id)], span(s).to_vec()].concat());
                }
            }
        }
        rows
    }

    fn exams(&self) -> Vec<Vec<Cell>> {
        let row = |e: &RawExam| {
            let file = match e.file {
                FileRule::None => "none",
                FileRule::Controlled => "controlled",
                FileRule::Presented => "presented",
            };
            vec![
                text(&e.id),
                loose(&e.title),
                text(&e.commission),
                number(e.preparation),
                number(e.duration),
                number(e.turnaround),
                word(FILE_RULES, file),
                Cell::list(&e.equipment),
                maybe(&e.follows),
                maybe(&e.grid),
                loose(&e.source),
                maybe(&e.code),
            ]
        };
        self.own.into_iter().flat_map(|own| own.exams.iter().map(row)).collect()
    }

    fn commissions(&self) -> Vec<Vec<Cell>> {
        let one = |q: &String| match text(q) {
            Cell::Text(t) if !t.starts_with('"') && !t.contains(['+', '/']) => t,
            _ => quoted_without(q, &['+', '/']),
        };
        let set = |set: &Vec<String>| match set.as_slice() {
            [] => none().shown(),
            some => some.iter().map(one).collect::<Vec<_>>().join(" + "),
        };
        let mut rows = Vec::new();
        for c in self.own.into_iter().flat_map(|own| &own.commissions) {
            for s in &c.seats {
                let needs = s.any_of.iter().map(set).collect::<Vec<_>>().join(" / ");
                let needs = if needs.is_empty() { Cell::Empty } else { Cell::Text(needs) };
                rows.push(vec![text(&c.id), text(&s.id), needs, yes(s.required), Cell::list(&s.prefers)]);
            }
        }
        rows
    }

    fn candidates(&self, table: &mut Table) {
        let mut parts = Vec::new();
        for (i, exam) in self.names.exams.iter().enumerate() {
            let kind = self.regulation.map(|r| &r.exams[i]);
            let orals = || self.raw.candidates.iter().flat_map(|c| &c.orals).filter(|o| o.exam == *exam);
            let has_file =
                kind.is_some_and(|e| e.file != FileRule::None) || orals().any(|o| o.file != FileState::Conform);
            let has_language = orals().any(|o| o.language.is_some())
                || self.regulation.is_some_and(|r| {
                    let heard = r.commissions.iter().filter(|c| Some(&c.id) == kind.map(|e| &e.commission));
                    heard
                        .flat_map(|c| &c.seats)
                        .flat_map(|s| s.any_of.iter().flatten())
                        .any(|q| q.contains("{language}"))
                });
            table.headings.push(Cell::Text(exam.clone()));
            table.wants.push(Wants::OneOf(FORMS));
            if has_file {
                table.headings.push(Cell::Text(tr!("{exam} file", "{exam} dossier")));
                table.wants.push(Wants::OneOf(FILES));
            }
            if has_language {
                table.headings.push(Cell::Text(tr!("{exam} language", "{exam} langue")));
                table.wants.push(Wants::Text);
            }
            parts.push((exam, has_file, has_language, kind.is_some_and(|e| e.file != FileRule::None)));
        }
        let rows = self.raw.candidates.iter().map(|c| (self.candidate(c), &c.info)).collect();
        self.informed(table, rows);
        // The columns of exams stand between those of the layout and the other information.
        let width = table.layout.columns.len();
        for (row, c) in table.rows.iter_mut().zip(&self.raw.candidates) {
            let mut cells = Vec::new();
            for &(exam, has_file, has_language, ruled) in &parts {
                let oral = c.orals.iter().find(|o| o.exam == *exam);
                cells.push(match oral.map(|o| o.form) {
                    None => Cell::Text("–".into()),
                    Some(Form::Final) => word(FORMS, "final"),
                    Some(Form::Continuous) => word(FORMS, "continuous"),
                    Some(Form::Exempt) => word(FORMS, "exempt"),
                });
                if has_file {
                    cells.push(match oral {
                        Some(o) if o.file != FileState::Conform || (o.form == Form::Final && ruled) => {
                            file_word(o.file)
                        }
                        _ => Cell::Empty,
                    });
                }
                if has_language {
                    cells.push(oral.and_then(|o| o.language.as_deref()).map_or(Cell::Empty, language));
                }
            }
            row.splice(width..width, cells);
        }
    }

    /// The school, or that there is none where others have one.
    fn school(&self, c: &RawCandidate) -> Cell {
        match &c.school {
            Some(id) if on_their_own(id) => Cell::Text(quoted(id)),
            Some(id) => text(id),
            None if self.raw.candidates.iter().any(|c| c.school.is_some()) => word(STATUSES, "individual"),
            None => Cell::Empty,
        }
    }

    fn candidate(&self, c: &RawCandidate) -> Vec<Cell> {
        let usual = self.names.exams.iter().filter(|e| c.orals.iter().any(|o| o.exam == **e));
        let order: Vec<&String> = c.orals.iter().map(|o| &o.exam).collect();
        let order = if usual.eq(order.iter().copied()) { Cell::Empty } else { Cell::list(&order) };
        let papers = match c.papers.as_slice() {
            [one] if matches!(plain(one).as_str(), "tous" | "toutes" | "all") => Cell::Text(quoted(one)),
            papers => Cell::list(papers),
        };
        vec![
            text(&c.id),
            maybe(&c.name),
            Cell::Empty,
            text(&c.group),
            self.school(c),
            papers,
            positive(c.extra_per_hour.preparation),
            positive(c.extra_per_hour.exam),
            positive(c.extra_per_hour.written),
            Cell::Empty,
            Cell::Empty,
            if_yes(c.needs_accessible),
            if_yes(c.prepares_alone),
            whole(c.gap),
            Cell::list(&c.excluded_examiners),
            order,
        ]
    }

    /// Rows with their `info`: in the layout's columns where it has one of that key, else in columns of their own.
    fn informed(&self, table: &mut Table, rows: Vec<(Vec<Cell>, &Info)>) {
        let known: Vec<&str> = table.layout.columns.iter().filter(|c| c.wants == Wants::Info).map(|c| c.key).collect();
        let keys: BTreeSet<&String> = rows.iter().flat_map(|(_, info)| info.keys()).collect();
        let others: Vec<&String> = keys.into_iter().filter(|k| !known.contains(&k.as_str())).collect();
        for key in &others {
            let heading = [Cell::exact(key)];
            let read = meanings(&heading, table.layout, &Mapping::default(), &self.names);
            let [heading] = heading;
            let same = matches!(&read[0], Meaning::Info(k) if k == *key);
            let prefix = tr!("info: ", "info : ");
            table.headings.push(if same { heading } else { Cell::Text(prefix + &quoted(key)) });
            table.wants.push(Wants::Info);
        }
        let first = table.layout.columns.len() - known.len();
        for (mut cells, info) in rows {
            cells.resize(first, Cell::Empty);
            cells.extend(known.iter().map(|k| info.get(*k).map_or(Cell::Empty, |v| Cell::exact(v))));
            cells.extend(others.iter().map(|k| info.get(*k).map_or(Cell::Empty, |v| Cell::exact(v))));
            table.rows.push(cells);
        }
    }

    fn distances(&self, table: &mut Table) {
        for id in &self.names.centres {
            table.headings.push(text(id));
            table.wants.push(Wants::Whole);
        }
        let raw = self.raw;
        let schools = raw.schools.iter().map(|s| ("school", &s.id, &s.km));
        let examiners = raw.examiners.iter().map(|x| ("examiner", &x.id, &x.km));
        let candidates = raw.candidates.iter().filter_map(|c| Some(("candidate", &c.id, c.km.as_ref()?)));
        let row = |(origin, id, km): (&str, &String, &RawKm)| {
            let cells = self.names.centres.iter().map(|c| km.get(c).map_or(Cell::Empty, |n| number(n.0)));
            [word(ORIGINS, origin), text(id)].into_iter().chain(cells).collect()
        };
        table.rows = schools.chain(examiners).chain(candidates).map(row).collect();
    }
}

fn centre(c: &RawCentre) -> Vec<Cell> {
    vec![text(&c.id), maybe(&c.name), maybe(&c.town), only(&c.exams), maybe(&c.time_zone)]
}

fn file_word(file: FileState) -> Cell {
    let key = match file {
        FileState::Conform => "conform",
        FileState::Pending => "pending",
        FileState::Nonconform => "nonconform",
        FileState::Missing => "missing",
    };
    word(FILES, key)
}

fn language(code: &str) -> Cell {
    let cell = Cell::exact(code);
    if language_of(&cell) == code { cell } else { Cell::Text(quoted(code)) }
}

pub(super) fn label((_, fr, en): (&str, &str, &str)) -> Cell {
    Cell::Text(tr!("{en}", "{fr}"))
}
