//! What a person reads of a schedule: one [`Report`] as data, and what is made of it ([`page`]).
//!
//! The texts of the page are French: heads of centre print it.

pub mod page;
mod picture;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::check::{Verdict, check};
use crate::instance::*;
use crate::lang::{self, Lang};
use crate::objective;
use crate::rules::TERMS;
use crate::schedule::{Plan, PlanSession, Schedule};

/// Everything that a page, a workbook or a paper says of a schedule.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The instance's name.
    pub instance: String,
    /// The regulation's title.
    pub regulation: String,
    /// Whether no rule is broken, and which are.
    pub verdict: Verdict,
    /// Counts worth a headline: label and value.
    pub figures: Vec<(String, String)>,
    /// The cost by term, biggest first.
    pub terms: Vec<TermLine>,
    /// A proven lower bound, if the schedule has one that holds.
    pub bound: Option<i64>,
    /// (cost − bound) / cost, in per cent.
    pub gap: Option<f64>,
    /// How the schedule was made: label and value.
    pub provenance: Vec<(String, String)>,
    /// The exams, in the regulation's order.
    pub exams: Vec<ExamLine>,
    /// Centre by centre, date by date.
    pub days: Vec<Day>,
    /// Candidate by candidate.
    pub candidates: Vec<CandidateLine>,
    /// Examiner by examiner, those convened.
    pub examiners: Vec<ExaminerLine>,
    /// Due orals without a sitting.
    pub unscheduled: Vec<LeftLine>,
    /// Final orals that are not heard.
    pub not_heard: Vec<LeftLine>,
    /// Overrides of impartiality that the schedule uses.
    pub waivers: Vec<WaiverLine>,
}

/// A cost term.
#[derive(Clone, Debug, Serialize)]
pub struct TermLine {
    /// Its name.
    pub name: String,
    /// What a unit is.
    pub meaning: String,
    /// How many.
    pub units: i64,
    /// What one costs.
    pub weight: i64,
    /// Units × weight.
    pub cost: i64,
    /// Of the total, in per cent.
    pub share: f64,
    /// The biggest charges: to whom, how many units.
    pub biggest: Vec<(String, i64)>,
}

/// An exam, for the legend.
#[derive(Clone, Debug, Serialize)]
pub struct ExamLine {
    /// Its code.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its colour class.
    pub class: String,
}

/// One centre on one date.
#[derive(Clone, Debug, Serialize)]
pub struct Day {
    /// The centre's id.
    pub centre: String,
    /// The centre's name and town.
    pub place: String,
    /// The date.
    pub date: NaiveDate,
    /// The date in words.
    pub date_text: String,
    /// Opening hours.
    pub open: String,
    /// Candidates and sittings that day.
    pub summary: String,
    /// The sessions in order of room and hour.
    pub sessions: Vec<SessionLine>,
    /// Rooms against hours (SVG).
    pub picture: String,
}

/// A session.
#[derive(Clone, Debug, Serialize)]
pub struct SessionLine {
    /// Its id.
    pub id: String,
    /// The kind of commission, with its language.
    pub commission: String,
    /// The exam room.
    pub room: String,
    /// Seat, id and name of each member.
    pub members: Vec<(String, String, String)>,
    /// The sittings in order.
    pub sittings: Vec<SittingLine>,
}

/// A sitting.
#[derive(Clone, Debug, Serialize)]
pub struct SittingLine {
    /// The candidate's id.
    pub candidate: String,
    /// The candidate's name.
    pub name: String,
    /// The exam.
    pub exam: String,
    /// Its colour class.
    pub class: String,
    /// The preparation room, or empty.
    pub preparation_room: String,
    /// When the candidate is expected.
    pub arrival: String,
    /// Start.
    pub start: String,
    /// End.
    pub end: String,
    /// Whether the candidate has extra time here.
    pub extra: bool,
    /// The centre.
    pub centre: String,
    /// The exam room.
    pub room: String,
    /// The date in words.
    pub date: String,
    /// The session.
    pub session: String,
}

/// A candidate's convocation.
#[derive(Clone, Debug, Serialize)]
pub struct CandidateLine {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The school, or empty.
    pub school: String,
    /// Accommodations, in words.
    pub accommodations: String,
    /// The sittings in order.
    pub sittings: Vec<SittingLine>,
}

/// An examiner's convocation.
#[derive(Clone, Debug, Serialize)]
pub struct ExaminerLine {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The qualifications.
    pub qualifications: String,
    /// The dates.
    pub days: Vec<ExaminerDay>,
}

/// A date of an examiner.
#[derive(Clone, Debug, Serialize)]
pub struct ExaminerDay {
    /// In words.
    pub date: String,
    /// The centre.
    pub centre: String,
    /// Sessions with their rooms and hours.
    pub sessions: String,
    /// First start.
    pub first: String,
    /// Last end.
    pub last: String,
    /// Minutes heard.
    pub minutes: Minutes,
}

/// An oral that is not heard, and why.
#[derive(Clone, Debug, Serialize)]
pub struct LeftLine {
    /// The candidate's id.
    pub candidate: String,
    /// The candidate's name.
    pub name: String,
    /// The exam.
    pub exam: String,
    /// Why.
    pub reason: String,
}

/// An override of impartiality in use.
#[derive(Clone, Debug, Serialize)]
pub struct WaiverLine {
    /// The candidate.
    pub candidate: String,
    /// The examiner.
    pub examiner: String,
    /// Who answers for it.
    pub by: String,
    /// Why.
    pub reason: String,
}

impl Report {
    /// Reads a schedule for people; `baseline` is the published one where this re-plans.
    pub fn new(instance: &Instance, schedule: &Schedule, baseline: Option<&Schedule>) -> Report {
        // What rules and terms say of themselves goes on a French page.
        let spoken = lang::current();
        lang::set(Lang::Fr);
        let published = baseline.map(|b| Plan::new(instance, b, None));
        let plan = Plan::new(instance, schedule, published.as_ref());
        let verdict = check(instance, schedule, baseline);
        let report = Report::of(&plan, verdict);
        lang::set(spoken);
        report
    }

    fn of(plan: &Plan, verdict: Verdict) -> Report {
        let instance = plan.instance;
        let total = verdict.cost.total;
        let bound = plan.schedule.bound.filter(|&b| b <= total);
        Report {
            instance: instance.name.clone(),
            regulation: instance.regulation.title.clone(),
            figures: figures(plan, &verdict),
            terms: terms(plan, &verdict),
            gap: bound.filter(|_| total > 0).map(|b| 100.0 * (total - b) as f64 / total as f64),
            bound,
            provenance: plan.schedule.provenance.iter().map(|(k, v)| (label(k), plain(v))).collect(),
            exams: instance
                .regulation
                .exams
                .enumerate()
                .map(|(e, exam)| ExamLine { id: exam.id.clone(), title: exam.title.clone(), class: class(e) })
                .collect(),
            days: days(plan),
            candidates: candidates(plan),
            examiners: examiners(plan),
            unscheduled: left(instance, &plan.schedule.unscheduled),
            not_heard: left(instance, &plan.schedule.not_heard),
            waivers: waivers(plan),
            verdict,
        }
    }
}

/// The colour class of an exam.
fn class(e: ExamIx) -> String {
    format!("e{}", e.ix() % 8)
}

fn label(key: &str) -> String {
    match key {
        "program" => "logiciel",
        "strategy" => "stratégie",
        "seed" => "graine",
        "iterations" => "essais",
        "threads" => "processus légers",
        "seconds" => "secondes",
        "instance_hash" => "empreinte de l'instance",
        "replan" => "replanification",
        other => other,
    }
    .to_string()
}

fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(s) => s.clone(),
        serde_json::Value::Bool(b) => if *b { "oui" } else { "non" }.to_string(),
        other => other.to_string(),
    }
}

/// `lundi 3 juin 2024`.
pub fn date_in_words(date: NaiveDate) -> String {
    const DAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
    const MONTHS: [&str; 12] = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ];
    let day = if date.day() == 1 { "1er".to_string() } else { date.day().to_string() };
    let (week, month) = (date.weekday().num_days_from_monday() as usize, date.month0() as usize);
    format!("{} {day} {} {}", DAYS[week], MONTHS[month], date.year())
}

fn figures(plan: &Plan, verdict: &Verdict) -> Vec<(String, String)> {
    let instance = plan.instance;
    let units = |name: &str| verdict.cost.terms.get(name).map_or(0, |t| t.units);
    let due = instance.due().count();
    let heard = plan.sittings().count();
    [
        ("candidats", instance.candidates.len() as i64),
        ("oraux à organiser", due as i64),
        ("passages", heard as i64),
        ("non placés", verdict.unscheduled as i64),
        ("non entendus (dossier)", plan.schedule.not_heard.len() as i64),
        ("vacations", plan.sessions.len() as i64),
        ("journées d'interrogateur", units("examiner_days")),
        ("journées de centre", units("centre_days")),
    ]
    .into_iter()
    .map(|(label, value)| (label.to_string(), value.to_string()))
    .collect()
}

fn terms(plan: &Plan, verdict: &Verdict) -> Vec<TermLine> {
    let total = verdict.cost.total;
    let mut lines: Vec<TermLine> = TERMS
        .iter()
        .filter_map(|term| {
            let part = verdict.cost.terms.get(term.name)?;
            let biggest = objective::charges(plan, term).into_iter().take(8).map(|c| (c.at, c.units)).collect();
            Some(TermLine {
                name: term.name.to_string(),
                meaning: (term.summary)(),
                units: part.units,
                weight: i64::from((term.weight)(&plan.instance.weights)),
                cost: part.cost,
                share: if total > 0 { 100.0 * part.cost as f64 / total as f64 } else { 0.0 },
                biggest,
            })
        })
        .collect();
    lines.sort_by_key(|t| std::cmp::Reverse(t.cost));
    lines
}

fn days(plan: &Plan) -> Vec<Day> {
    let instance = plan.instance;
    let mut cells: BTreeMap<(&str, NaiveDate), Vec<&PlanSession>> = BTreeMap::new();
    for s in &plan.sessions {
        cells.entry((s.raw.centre.as_str(), s.date)).or_default().push(s);
    }
    cells
        .into_iter()
        .map(|((id, date), mut sessions)| {
            sessions.sort_by_key(|s| (s.raw.room.clone(), s.span));
            let centre = instance.centre(id).map(|z| &instance.centres[z]);
            let open = centre.and_then(|z| z.open.get(&date)).copied();
            let place = centre.map_or_else(
                || id.to_string(),
                |z| if z.town.is_empty() { z.name.clone() } else { format!("{}, {}", z.name, z.town) },
            );
            let people: BTreeSet<&str> =
                sessions.iter().flat_map(|s| &s.sittings).map(|s| s.raw.candidate.as_str()).collect();
            let heard: usize = sessions.iter().map(|s| s.sittings.len()).sum();
            Day {
                centre: id.to_string(),
                place,
                date,
                date_text: date_in_words(date),
                open: open.map_or("fermé".into(), |o| format!("{} – {}", Clock(o.from), Clock(o.to))),
                summary: format!("{} candidats, {heard} passages, {} vacations", people.len(), sessions.len()),
                picture: picture::picture(plan, &sessions, open),
                sessions: sessions.iter().map(|s| session_line(plan, s)).collect(),
            }
        })
        .collect()
}

fn session_line(plan: &Plan, session: &PlanSession) -> SessionLine {
    let language = session.raw.language.as_ref().map_or(String::new(), |l| format!(" ({l})"));
    SessionLine {
        id: session.raw.id.clone(),
        commission: session.raw.commission.clone() + &language,
        room: session.raw.room.clone(),
        members: session
            .members
            .iter()
            .map(|m| {
                let name = m.examiner.map_or("?", |x| plan.instance.examiners[x].name.as_str());
                (m.seat.to_string(), m.id.to_string(), name.to_string())
            })
            .collect(),
        sittings: (0..session.sittings.len()).map(|i| sitting_line(plan, session, i)).collect(),
    }
}

fn sitting_line(plan: &Plan, session: &PlanSession, i: usize) -> SittingLine {
    let instance = plan.instance;
    let sitting = &session.sittings[i];
    let extra = sitting.candidate.is_some_and(|c| {
        let extra = &instance.candidates[c].extra;
        extra.exam > 0 || (extra.preparation > 0 && sitting.preparation.minutes() > 0)
    });
    SittingLine {
        candidate: sitting.raw.candidate.clone(),
        name: sitting.candidate.map_or(String::new(), |c| instance.candidates[c].name.clone()),
        exam: sitting.raw.exam.clone(),
        class: sitting.exam.map_or(String::new(), class),
        preparation_room: sitting.raw.preparation_room.clone().unwrap_or_default(),
        arrival: sitting.raw.preparation_start.to_string(),
        start: sitting.raw.start.to_string(),
        end: sitting.raw.end.to_string(),
        extra,
        centre: session.raw.centre.clone(),
        room: session.raw.room.clone(),
        date: date_in_words(session.date),
        session: session.raw.id.clone(),
    }
}

fn candidates(plan: &Plan) -> Vec<CandidateLine> {
    let instance = plan.instance;
    let line = |(c, candidate): (CandidateIx, &Candidate)| {
        let mut notes = Vec::new();
        let extra = &candidate.extra;
        for (minutes, what) in [(extra.preparation, "préparation"), (extra.exam, "oral"), (extra.written, "écrit")] {
            if minutes > 0 {
                notes.push(format!("{what} +{minutes} min/h"));
            }
        }
        if candidate.needs_accessible {
            notes.push("salle accessible".into());
        }
        if candidate.prepares_alone {
            notes.push("prépare seul".into());
        }
        if candidate.gap > 0 {
            notes.push(format!("pause d'au moins {} min", candidate.gap));
        }
        let sittings = plan.of_candidate(c).map(|sat| {
            let i = sat.session.sittings.iter().position(|s| std::ptr::eq(s, sat.sitting));
            sitting_line(plan, sat.session, i.expect("a sitting is in its session"))
        });
        CandidateLine {
            id: candidate.id.clone(),
            name: candidate.name.clone(),
            school: candidate.school.map_or(String::new(), |s| instance.schools[s].name.clone()),
            accommodations: notes.join(", "),
            sittings: sittings.collect(),
        }
    };
    instance.candidates.enumerate().map(line).collect()
}

fn examiners(plan: &Plan) -> Vec<ExaminerLine> {
    let mut lines: BTreeMap<ExaminerIx, ExaminerLine> = BTreeMap::new();
    for (x, date, sessions) in plan.examiner_days() {
        let examiner = &plan.instance.examiners[x];
        let line = lines.entry(x).or_insert_with(|| ExaminerLine {
            id: examiner.id.clone(),
            name: examiner.name.clone(),
            qualifications: examiner.qualifications.iter().cloned().collect::<Vec<_>>().join(", "),
            days: Vec::new(),
        });
        let said = |s: &&PlanSession| {
            format!("{} {}–{} salle {}", s.raw.commission, Clock(s.span.from), Clock(s.span.to), s.raw.room)
        };
        line.days.push(ExaminerDay {
            date: date_in_words(date),
            centre: sessions.first().map_or(String::new(), |s| s.raw.centre.clone()),
            sessions: sessions.iter().map(said).collect::<Vec<_>>().join(" ; "),
            first: Clock(sessions.iter().map(|s| s.span.from).min().unwrap_or(0)).to_string(),
            last: Clock(sessions.iter().map(|s| s.span.to).max().unwrap_or(0)).to_string(),
            minutes: sessions.iter().flat_map(|s| &s.sittings).map(|s| s.time.minutes()).sum(),
        });
    }
    lines.into_values().collect()
}

fn left(instance: &Instance, list: &[crate::schedule::Left]) -> Vec<LeftLine> {
    let reason = |reason: &str| match reason {
        "not-valid" => "mention « non valide » : dossier absent ou non conforme (circulaire, annexe 4)".to_string(),
        "not-held" => "épreuve non tenue : aucun support présenté".to_string(),
        other => other.to_string(),
    };
    list.iter()
        .map(|l| LeftLine {
            candidate: l.candidate.clone(),
            name: instance.candidate(&l.candidate).map_or(String::new(), |c| instance.candidates[c].name.clone()),
            exam: l.exam.clone(),
            reason: reason(&l.reason),
        })
        .collect()
}

fn waivers(plan: &Plan) -> Vec<WaiverLine> {
    let instance = plan.instance;
    let mut lines = Vec::new();
    for (&(c, x), waiver) in &instance.waivers {
        let meet = plan.of_candidate(c).any(|s| s.session.members.iter().any(|m| m.examiner == Some(x)));
        if meet && instance.related(c, x) {
            lines.push(WaiverLine {
                candidate: instance.candidates[c].id.clone(),
                examiner: instance.examiners[x].id.clone(),
                by: waiver.by.clone(),
                reason: waiver.reason.clone(),
            });
        }
    }
    lines
}
