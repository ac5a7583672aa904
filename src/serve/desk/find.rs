//! Who and what is there: search, and names for ids.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::plan::commission_label;
use super::said::Names;
use super::{Call, Desk};
use crate::instance::*;
use crate::schedule::Plan;
use crate::serve::problem::{Answer, Reply};
use crate::tr;
use crate::words::plain;

/// So many hits an answer has at most.
const HITS: usize = 20;

/// The name of a candidate or an examiner; the id of anybody else.
pub(super) fn person_name(instance: &Instance, id: &str) -> String {
    let candidate = instance.candidate(id).map(|c| instance.candidates[c].name.as_str());
    let examiner = || instance.examiner(id).map(|x| instance.examiners[x].name.as_str());
    candidate.or_else(examiner).filter(|n| !n.is_empty()).unwrap_or(id).to_string()
}

/// Whom and what a place of the checker names: `C0012 E4, S003`.
pub(super) fn named_in(instance: &Instance, names: &Names, at: &str) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    let words = at.split([' ', ',']).filter(|w| !w.is_empty());
    words.filter(|w| seen.insert(*w)).filter_map(|word| thing(instance, names, word)).collect()
}

fn thing(instance: &Instance, names: &Names, id: &str) -> Option<Value> {
    let is = |kind: &str, name: &str| {
        Some(json!({ "kind": kind, "id": id, "name": if name.is_empty() { id } else { name } }))
    };
    if let Some(c) = instance.candidate(id) {
        return is("candidate", &instance.candidates[c].name);
    }
    if let Some(x) = instance.examiner(id) {
        return is("examiner", &instance.examiners[x].name);
    }
    if let Some(z) = instance.centre(id) {
        return is("centre", &instance.centres[z].name);
    }
    if let Some(session) = names.session(id) {
        return is("session", &session);
    }
    if instance.rooms.iter().any(|r| r.id == id) {
        return is("room", &tr!("room {id}", "salle {id}"));
    }
    let prepares = instance.preparation_rooms.iter().any(|r| r.id == id);
    prepares.then(|| is("preparation_room", &tr!("preparation room {id}", "salle de préparation {id}"))).flatten()
}

/// What a candidate is due, with who hears it and whether it has a place.
fn orals(instance: &Instance, plan: Option<&Plan>, c: CandidateIx) -> Vec<Value> {
    let due = instance.candidates[c].orals.iter().filter(|&&o| instance.orals[o].status == Status::Due);
    due.map(|&o| {
        let exam = instance.exam_of(o);
        json!({
            "exam": exam.id, "commission": instance.regulation.commissions[exam.commission].id, "language": instance.orals[o].language,
            "placed": plan.is_some_and(|p| p.of_oral(o).next().is_some()),
        })
    })
    .collect()
}

/// `GET /api/search`
pub(crate) fn search(desk: &mut Desk, call: &Call) -> Answer {
    let planned = desk.planned()?;
    let instance = planned.instance;
    let wanted = plain(call.asked("q").unwrap_or_default());
    let words: Vec<&str> = wanted.split(' ').filter(|w| !w.is_empty()).collect();
    if words.is_empty() {
        return Ok(Reply::json(&json!({ "hits": [] })));
    }
    // Each word begins some word of the name or the id; better, the name begins with what was typed.
    let rank = |id: &str, name: &str| -> Option<u8> {
        let (id, name) = (plain(id), plain(name));
        let all = format!("{id} {name}");
        let begins = |w: &&&str| all.split(' ').any(|own| own.starts_with(**w));
        if id == wanted {
            Some(0)
        } else if name.starts_with(&wanted) || id.starts_with(&wanted) {
            Some(1)
        } else if words.iter().filter(begins).count() == words.len() {
            Some(2)
        } else if words.iter().all(|w| all.contains(w)) {
            Some(3)
        } else {
            None
        }
    };
    let mut hits: Vec<(u8, u8, &str, Value)> = Vec::new();
    let (plan, names) = (planned.plan().ok(), Names::of(planned));
    let place = |found: Option<(&str, chrono::NaiveDate)>| {
        found.map(|(centre, date)| json!({ "centre": centre, "date": date }))
    };
    for (c, candidate) in instance.candidates.enumerate() {
        if let Some(rank) = rank(&candidate.id, &candidate.name) {
            let first = plan
                .as_ref()
                .and_then(|p| p.of_candidate(c).next().map(|s| (s.session.raw.centre.as_str(), s.session.date)));
            hits.push((
                rank,
                0,
                &candidate.id,
                json!({
                    "kind": "candidate", "id": candidate.id, "name": candidate.name, "where": place(first),
                    "orals": orals(instance, plan.as_ref(), c),
                }),
            ));
        }
    }
    for examiner in instance.examiners.iter() {
        if let Some(rank) = rank(&examiner.id, &examiner.name) {
            let own = |s: &&crate::schedule::PlanSession| s.members.iter().any(|m| m.id == examiner.id);
            let sessions = plan.iter().flat_map(|p| &p.sessions).filter(own);
            let first = sessions.min_by_key(|s| (s.date, s.span)).map(|s| (s.raw.centre.as_str(), s.date));
            hits.push((
                rank,
                1,
                &examiner.id,
                json!({
                    "kind": "examiner", "id": examiner.id, "name": examiner.name, "where": place(first),
                    "about": examiner.qualifications.iter().map(String::as_str).collect::<Vec<_>>().join(", "),
                }),
            ));
        }
    }
    for centre in instance.centres.iter() {
        if let Some(rank) = rank(&centre.id, &format!("{} {}", centre.name, centre.town)) {
            let first = centre.open.keys().next().map(|&date| (centre.id.as_str(), date));
            hits.push((
                rank,
                2,
                &centre.id,
                json!({ "kind": "centre", "id": centre.id, "name": centre.name, "where": place(first) }),
            ));
        }
    }
    let needed: BTreeSet<_> = planned.model.kinds.iter().map(|k| k.commission).collect();
    for commission in needed.into_iter().map(|c| &instance.regulation.commissions[c]) {
        let name = commission_label(instance, &commission.id);
        if let Some(rank) = rank(&commission.id, &name) {
            let own = plan.iter().flat_map(|p| &p.sessions).filter(|s| s.raw.commission == commission.id);
            let first = own.min_by_key(|s| (s.date, s.span)).map(|s| (s.raw.centre.as_str(), s.date));
            hits.push((
                rank,
                3,
                &commission.id,
                json!({ "kind": "commission", "id": commission.id, "name": name, "where": place(first) }),
            ));
        }
    }
    // Sessions have numbers that nobody knows but who reads the files.
    for session in plan.iter().flat_map(|p| &p.sessions).filter(|s| plain(&s.raw.id) == wanted) {
        let name = names.session(&session.raw.id).unwrap_or_default();
        let at = Some((session.raw.centre.as_str(), session.date));
        let hit = json!({ "kind": "session", "id": session.raw.id, "name": name, "where": place(at) });
        hits.push((0, 4, &session.raw.id, hit));
    }
    hits.sort_by(|a, b| (a.0, a.1, a.2).cmp(&(b.0, b.1, b.2)));
    hits.truncate(HITS);
    let hits: Vec<Value> = hits.into_iter().map(|(.., hit)| hit).collect();
    Ok(Reply::json(&json!({ "hits": hits })))
}
