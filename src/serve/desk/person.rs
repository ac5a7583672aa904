//! The plan as one candidate, examiner or commission sees it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::find::person_name;
use super::places::unknown as nothing_named;
use super::plan::{commission_label, seat_label};
use super::said::Names;
use super::{Call, Desk, Planned};
use crate::instance::*;
use crate::lang::{decimal, thousands};
use crate::schedule::PlanSession;
use crate::serve::problem::{Answer, Reply};
use crate::tr;

type Days = BTreeMap<NaiveDate, (Option<String>, Vec<Value>)>;

/// `GET /api/plan/{kind}/{id}`
pub(crate) fn person(desk: &mut Desk, call: &Call) -> Answer {
    let reasons = desk.planned_mut()?.reasons();
    let planned = desk.planned()?;
    let id = call.part("id");
    let unknown = || nothing_named(id);
    let instance = planned.instance;
    let value = match call.part("kind") {
        "candidate" => candidate(planned, instance.candidate(id).ok_or_else(unknown)?, &reasons),
        "examiner" => examiner(planned, instance.examiner(id).ok_or_else(unknown)?),
        "commission" => commission(planned, id).ok_or_else(unknown)?,
        _ => return Err(unknown()),
    };
    Ok(Reply::json(&value))
}

fn fact(label: String, value: impl Into<String>) -> Value {
    json!({ "label": label, "value": value.into() })
}

fn days(instance: &Instance, mut days: Days) -> Vec<Value> {
    let name =
        |id: &Option<String>| id.as_ref().and_then(|id| instance.centre(id)).map(|z| instance.centres[z].name.clone());
    for (_, blocks) in days.values_mut() {
        blocks.sort_by_key(|b| (b["from"].as_i64(), b["to"].as_i64()));
    }
    days.into_iter()
        .map(|(date, (centre, blocks))| {
            json!({ "date": date, "centre_name": name(&centre), "centre": centre, "blocks": blocks })
        })
        .collect()
}

fn span(date: NaiveDate, time: Interval, kind: &str, label: String, days: &mut Days) {
    let block = json!({ "kind": kind, "label": label, "from": time.from, "to": time.to });
    days.entry(date).or_default().1.push(block);
}

/// Every block of a candidate, by date: papers, hours that they cannot come, preparations and orals.
pub(crate) fn candidate_days(planned: &Planned, c: CandidateIx) -> Vec<Value> {
    let instance = planned.instance;
    let candidate = &instance.candidates[c];
    let mut all = Days::new();
    for &p in &candidate.papers {
        let paper = &instance.papers[p];
        let id = &paper.id;
        span(paper.date, instance.paper_time(c, p), "paper", tr!("paper {id}", "écrit {id}"), &mut all);
    }
    for away in &candidate.unavailable {
        span(away.date, away.time, "unavailable", tr!("can not come", "indisponible"), &mut all);
    }
    let plan = planned.plan().ok();
    for sat in plan.iter().flat_map(|p| p.of_candidate(c)) {
        let (session, sitting) = (sat.session.raw, sat.sitting);
        let day = all.entry(session.date).or_default();
        day.0 = Some(session.centre.clone());
        let title = sitting.exam.map_or(sitting.raw.exam.as_str(), |e| instance.regulation.exams[e].title.as_str());
        if sitting.preparation.minutes() > 0 {
            day.1.push(json!({
                "kind": "preparation", "label": tr!("preparation", "préparation"), "from": sitting.preparation.from,
                "to": sitting.preparation.to, "room": sitting.raw.preparation_room, "session": session.id,
                "candidate": candidate.id, "exam": sitting.raw.exam,
            }));
        }
        day.1.push(json!({
            "kind": "oral", "label": title, "from": sitting.time.from, "to": sitting.time.to, "room": session.room,
            "session": session.id, "candidate": candidate.id, "exam": sitting.raw.exam, "centre": session.centre,
        }));
    }
    days(instance, all)
}

fn candidate(planned: &Planned, c: CandidateIx, told: &BTreeMap<OralIx, String>) -> Value {
    let instance = planned.instance;
    let candidate = &instance.candidates[c];
    let plan = planned.plan().ok();
    let mut facts = Vec::new();
    if let Some(s) = candidate.school {
        let school = &instance.schools[s];
        facts.push(fact(tr!("school", "établissement"), format!("{} {}", school.name, school.town).trim()));
    }
    facts.push(fact(tr!("group", "groupe"), candidate.group.as_str()));
    let mut centres: Vec<CentreIx> = candidate.centres.iter().copied().collect();
    centres.sort_by_key(|&z| candidate.km[z]);
    let near: Vec<String> = centres
        .iter()
        .take(4)
        .map(|&z| format!("{} ({} km)", instance.centres[z].name, thousands(candidate.km[z])))
        .collect();
    facts.push(fact(tr!("centres", "centres"), near.join(", ")));
    let extra = candidate.extra;
    if extra.preparation + extra.exam + extra.written > 0 {
        let (preparation, exam, written) = (extra.preparation, extra.exam, extra.written);
        facts.push(fact(
            tr!("extra time (minutes an hour)", "temps majoré (minutes par heure)"),
            tr!(
                "preparation {preparation}, oral {exam}, written {written}",
                "préparation {preparation}, oral {exam}, écrit {written}"
            ),
        ));
    }
    if candidate.needs_accessible {
        facts.push(fact(tr!("rooms", "salles"), tr!("without steps", "accessibles")));
    }
    if candidate.prepares_alone {
        facts.push(fact(tr!("preparation", "préparation"), tr!("alone in the room", "seul dans la salle")));
    }
    if candidate.gap > 0 {
        let gap = candidate.gap;
        facts.push(fact(tr!("rest between two exams", "repos entre deux épreuves"), format!("{gap} min")));
    }
    let left = candidate.orals.iter().copied().filter(|&o| {
        instance.orals[o].status == Status::Due && plan.as_ref().is_none_or(|p| p.of_oral(o).next().is_none())
    });
    let reasons = planned.schedule.iter().flat_map(|s| &s.unscheduled);
    let names = Names::of(planned);
    let unplaced: Vec<Value> = left
        .map(|o| {
            let exam = instance.exam_of(o);
            let own = reasons.clone().find(|l| l.candidate == candidate.id && l.exam == exam.id);
            json!({ "exam": exam.id, "label": exam.title, "reason": names.sentence(told.get(&o).or(own.map(|l| &l.reason)).map_or("", String::as_str)) })
        })
        .collect();
    json!({
        "kind": "candidate", "id": candidate.id, "name": candidate.name, "facts": facts,
        "days": candidate_days(planned, c), "unplaced": unplaced,
    })
}

/// `28 h`, `28,5 h`.
fn hours(minutes: Minutes) -> String {
    format!("{} h", decimal(f64::from(minutes) / 60.0, usize::from(minutes % 60 != 0)))
}

fn session_block(instance: &Instance, s: &PlanSession, seat: Option<&str>) -> Value {
    let label = commission_label(instance, &s.raw.commission);
    let sittings: Vec<Value> = s
        .sittings
        .iter()
        .map(|t| {
            json!({
                "candidate": t.raw.candidate, "name": person_name(instance, &t.raw.candidate), "exam": t.raw.exam,
                "from": t.time.from, "to": t.time.to,
            })
        })
        .collect();
    json!({
        "kind": "session", "label": label, "seat": seat.map(|seat| seat_label(instance, seat)), "from": s.span.from, "to": s.span.to,
        "room": s.raw.room, "session": s.raw.id, "centre": s.raw.centre, "sittings": sittings,
    })
}

fn examiner(planned: &Planned, x: ExaminerIx) -> Value {
    let instance = planned.instance;
    let examiner = &instance.examiners[x];
    let plan = planned.plan().ok();
    let mut all = Days::new();
    for free in &examiner.available {
        span(free.date, free.time, "available", tr!("free", "disponible"), &mut all);
    }
    for event in instance.events.iter().filter(|e| e.concerns(x, examiner)) {
        span(event.date, event.time, "unavailable", event.id.clone(), &mut all);
    }
    let (mut sittings, mut minutes, mut dates) = (0, 0, std::collections::BTreeSet::new());
    for session in plan.iter().flat_map(|p| &p.sessions) {
        for member in session.members.iter().filter(|m| m.examiner == Some(x)) {
            let day = all.entry(session.date).or_default();
            day.0 = Some(session.raw.centre.clone());
            day.1.push(session_block(instance, session, Some(member.seat)));
            sittings += session.sittings.len();
            minutes += session.sittings.iter().map(|t| t.time.minutes()).sum::<Minutes>();
            dates.insert(session.date);
        }
    }
    let mut facts = vec![fact(
        tr!("qualifications", "compétences"),
        examiner.qualifications.iter().map(String::as_str).collect::<Vec<_>>().join(", "),
    )];
    let schools: Vec<&str> = examiner.schools.iter().map(|&s| instance.schools[s].name.as_str()).collect();
    if !schools.is_empty() {
        facts.push(fact(tr!("teaches at", "enseigne à"), schools.join(", ")));
    }
    facts.push(fact(tr!("days convened", "jours de convocation"), thousands(dates.len() as i64)));
    facts.push(fact(tr!("orals heard", "oraux entendus"), thousands(sittings as i64)));
    facts.push(fact(tr!("hours heard", "heures d'interrogation"), hours(minutes)));
    if let Some(most) = instance.sittings_a_day(x) {
        facts.push(fact(tr!("orals a day at most", "oraux par jour au plus"), most.to_string()));
    }
    if let Some(most) = examiner.max_days {
        facts.push(fact(tr!("days at most", "jours au plus"), most.to_string()));
    }
    if examiner.reserve {
        facts
            .push(fact(tr!("reserve", "réserve"), tr!("sits in a re-plan only", "ne siège qu'en cas de remplacement")));
    }
    json!({
        "kind": "examiner", "id": examiner.id, "name": examiner.name, "facts": facts, "days": days(instance, all), "unplaced": [],
    })
}

/// A kind of commission with all its sessions, or one session by its id.
fn commission(planned: &Planned, id: &str) -> Option<Value> {
    let instance = planned.instance;
    let plan = planned.plan().ok();
    let sessions: Vec<&PlanSession> =
        plan.iter().flat_map(|p| &p.sessions).filter(|s| s.raw.commission == id || s.raw.id == id).collect();
    if sessions.is_empty() && instance.regulation.commission(id).is_none() {
        return None;
    }
    let mut all = Days::new();
    for session in &sessions {
        let day = all.entry(session.date).or_default();
        // The commission may sit in several centres on one date.
        day.0 = if day.1.is_empty() || day.0.as_deref() == Some(session.raw.centre.as_str()) {
            Some(session.raw.centre.clone())
        } else {
            None
        };
        day.1.push(session_block(instance, session, None));
    }
    let kind = instance.regulation.commission(id).map_or_else(|| sessions[0].raw.commission.as_str(), |_| id);
    let sittings: usize = sessions.iter().map(|s| s.sittings.len()).sum();
    let facts = vec![
        fact(tr!("sessions", "vacations"), thousands(sessions.len() as i64)),
        fact(tr!("orals heard", "oraux entendus"), thousands(sittings as i64)),
    ];
    Some(json!({
        "kind": "commission", "id": id, "name": commission_label(instance, kind), "facts": facts, "days": days(instance, all),
        "unplaced": [],
    }))
}
