//! The plan as a centre sees it: the weeks, a day, what has no place yet.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::find::person_name;
use super::said::{Names, equipment};
use super::{Call, Desk, Planned};
use crate::check::Verdict;
use crate::export::Texts;
use crate::instance::*;
use crate::lang::current;
use crate::schedule::{Plan, PlanSession, PlanSitting};
use crate::serve::problem::{Answer, Problem, Reply};
use crate::tr;

/// `GET /api/plan/week`
pub(crate) fn week(desk: &mut Desk, _: &Call) -> Answer {
    let planned = desk.planned()?;
    let instance = planned.instance;
    let plan = planned.plan().ok();
    #[derive(Default)]
    struct Use<'a> {
        sessions: usize,
        sittings: usize,
        rooms: BTreeSet<&'a str>,
        minutes: i64,
    }
    let mut cells: BTreeMap<(&str, NaiveDate), Use> = BTreeMap::new();
    for session in plan.iter().flat_map(|p| &p.sessions) {
        let cell = cells.entry((session.raw.centre.as_str(), session.date)).or_default();
        cell.sessions += 1;
        cell.sittings += session.sittings.len();
        cell.rooms.insert(&session.raw.room);
        cell.minutes += i64::from(session.span.minutes());
    }
    let centres: Vec<Value> = instance
        .centres
        .iter()
        .map(|centre| {
            let days: Vec<Value> = instance
                .dates
                .iter()
                .map(|date| {
                    let open = centre.open.get(date);
                    let own = cells.get(&(centre.id.as_str(), *date));
                    let half_days = instance.half_days.iter();
                    let hours = |o: &Interval| -> i64 {
                        let within = |h: &Interval| i64::from((h.to.min(o.to) - h.from.max(o.from)).max(0));
                        half_days.clone().map(within).sum()
                    };
                    let room = open.map_or(0, hours) * centre.rooms.len() as i64;
                    let used = own.map_or(0, |u| u.minutes);
                    json!({
                        "date": date,
                        "open": open.map(|o| [o.from, o.to]),
                        "sessions": own.map_or(0, |u| u.sessions),
                        "sittings": own.map_or(0, |u| u.sittings),
                        "rooms_used": own.map_or(0, |u| u.rooms.len()),
                        "rooms": centre.rooms.len(),
                        "load": if room > 0 { (used as f64 / room as f64).min(1.0) } else { 0.0 },
                    })
                })
                .collect();
            json!({ "id": centre.id, "name": centre.name, "town": centre.town, "days": days })
        })
        .collect();
    let due = instance.due().count();
    let placed = plan.as_ref().map_or(0, |p| p.sittings().filter(|s| s.sitting.oral.is_some()).count());
    Ok(Reply::json(&json!({
        "dates": instance.dates.iter().collect::<Vec<_>>(),
        "centres": centres,
        "kinds": kinds(planned),
        "unscheduled": due.saturating_sub(placed),
    })))
}

/// The commissions that the orals need, each with its language and its seats.
fn kinds(planned: &Planned) -> Vec<Value> {
    let instance = planned.instance;
    let seat = |s: &crate::regulation::Seat| json!({ "seat": s.id, "label": seat_label(instance, &s.id), "required": s.required });
    let all = planned.model.kinds.iter().map(|kind| {
        let commission = &instance.regulation.commissions[kind.commission];
        json!({
            "commission": commission.id, "language": kind.language, "label": commission_label(instance, &commission.id),
            "seats": commission.seats.iter().map(seat).collect::<Vec<_>>(),
        })
    });
    all.collect()
}

/// The centre and the date that a request is about.
fn cell(instance: &Instance, call: &Call) -> Result<(CentreIx, NaiveDate), Problem> {
    let id = call.asked("centre").unwrap_or_default();
    let centre = instance.centre(id);
    let centre =
        centre.ok_or_else(|| Problem::missing(tr!("there is no centre {id}", "il n'y a pas de centre {id}")))?;
    let date = call.parsed::<NaiveDate>("date")?;
    let date = date.ok_or_else(|| Problem::bad(tr!("a date is wanted", "il faut une date")))?;
    Ok((centre, date))
}

/// `GET /api/plan/day`
pub(crate) fn day(desk: &mut Desk, call: &Call) -> Answer {
    let planned = desk.planned_mut()?;
    let instance = planned.instance;
    let (z, date) = cell(instance, call)?;
    let verdict = if planned.schedule.is_some() { Some(planned.verdict()?) } else { None };
    let broken = Broken::of(instance, &Names::of(planned), verdict.as_deref());
    let plan = planned.plan().ok();
    let centre = &instance.centres[z];
    let of_day = |spans: &[Span]| -> Vec<[Minutes; 2]> {
        spans.iter().filter(|s| s.date == date).map(|s| [s.time.from, s.time.to]).collect()
    };
    let mut sessions: Vec<&PlanSession> =
        plan.iter().flat_map(|p| &p.sessions).filter(|s| s.date == date && s.raw.centre == centre.id).collect();
    sessions.sort_by_key(|s| (s.raw.room.as_str(), s.span));
    let rooms: Vec<Value> = centre
        .rooms
        .iter()
        .map(|&r| {
            let room = &instance.rooms[r];
            json!({
                "id": room.id, "label": room.id, "equipment": room.equipment.iter().map(|e| equipment(e)).collect::<Vec<_>>(), "accessible": room.accessible,
                "unavailable": of_day(&room.unavailable),
            })
        })
        .collect();
    let preparation: Vec<Value> = centre
        .preparation_rooms
        .iter()
        .map(|&p| {
            let room = &instance.preparation_rooms[p];
            let uses: Vec<Value> = sessions
                .iter()
                .flat_map(|s| &s.sittings)
                .filter(|s| s.raw.preparation_room.as_deref() == Some(room.id.as_str()))
                .map(|s| {
                    json!({
                        "candidate": s.raw.candidate, "name": person_name(instance, &s.raw.candidate), "exam": s.raw.exam,
                        "from": s.preparation.from, "to": s.preparation.to,
                    })
                })
                .collect();
            json!({
                "id": room.id, "label": room.id, "seats": room.seats, "accessible": room.accessible,
                "unavailable": of_day(&room.unavailable), "uses": uses,
            })
        })
        .collect();
    let names = [tr!("morning", "matin"), tr!("afternoon", "après-midi")];
    let half_days: Vec<Value> = instance
        .half_days
        .iter()
        .enumerate()
        .map(|(i, h)| {
            let name = if instance.half_days.len() == 2 { names[i].clone() } else { (i + 1).to_string() };
            json!({ "name": name, "from": h.from, "to": h.to })
        })
        .collect();
    Ok(Reply::json(&json!({
        "centre": centre.id,
        "name": centre.name,
        "town": centre.town,
        "local_time": instance.local_time(z),
        "date": date,
        "step": instance.step,
        "open": centre.open.get(&date).map(|o| [o.from, o.to]),
        "half_days": half_days,
        "rooms": rooms,
        "preparation_rooms": preparation,
        "sessions": sessions.iter().map(|s| session(planned, s, &broken)).collect::<Vec<_>>(),
    })))
}

/// What a commission is called.
pub(super) fn commission_label(instance: &Instance, id: &str) -> String {
    let texts = Texts::of(current());
    texts.of_regulation(&instance.regulation.id, &["commissions", id]).unwrap_or(id).to_string()
}

/// What a seat is called.
pub(super) fn seat_label(instance: &Instance, id: &str) -> String {
    let texts = Texts::of(current());
    texts.of_regulation(&instance.regulation.id, &["seats", id]).unwrap_or(id).to_string()
}

fn session(planned: &Planned, s: &PlanSession, broken: &Broken) -> Value {
    let instance = planned.instance;
    let seats = s.commission.map_or(&[][..], |k| &instance.regulation.commissions[k].seats);
    let mut members: Vec<Value> = seats
        .iter()
        .map(|seat| {
            let id = s.raw.members.get(&seat.id);
            json!({
                "seat": seat.id, "label": seat_label(instance, &seat.id), "required": seat.required,
                "examiner": id, "name": id.map(|id| person_name(instance, id)),
            })
        })
        .collect();
    let unknown = s.members.iter().filter(|m| m.seat_ix.is_none());
    members.extend(unknown.map(|m| {
        json!({ "seat": m.seat, "label": m.seat, "required": false, "examiner": m.id, "name": person_name(instance, m.id) })
    }));
    let turnaround = s.sittings.iter().filter_map(|t| t.exam).map(|e| instance.regulation.exams[e].turnaround).max();
    json!({
        "id": s.raw.id,
        "room": s.raw.room,
        "commission": s.raw.commission,
        "label": commission_label(instance, &s.raw.commission),
        "language": s.raw.language,
        "half": s.half,
        "given": s.raw.given,
        "turnaround": turnaround.unwrap_or(0),
        "members": members,
        "span": [s.span.from, s.span.to],
        "broken": broken.of_session(&s.raw.id),
        "sittings": s.sittings.iter().map(|t| sitting(instance, t, broken)).collect::<Vec<_>>(),
    })
}

fn sitting(instance: &Instance, t: &PlanSitting, broken: &Broken) -> Value {
    let oral = t.oral.map(|o| &instance.orals[o]);
    let exam = t.exam.map(|e| &instance.regulation.exams[e]);
    let candidate = t.candidate.map(|c| &instance.candidates[c]);
    let on_grid = |minutes| time::round_up(minutes, instance.step);
    let longer =
        oral.zip(exam).is_some_and(|(o, e)| o.duration > on_grid(e.duration) || o.preparation > on_grid(e.preparation));
    let pins = t.oral.and_then(|o| instance.pins.get(&o));
    json!({
        "candidate": t.raw.candidate,
        "name": person_name(instance, &t.raw.candidate),
        "exam": t.raw.exam,
        "label": exam.map_or(t.raw.exam.as_str(), |e| e.title.as_str()),
        "preparation_room": t.raw.preparation_room,
        "preparation_start": t.preparation.from,
        "start": t.time.from,
        "end": t.time.to,
        "pinned": pins.map_or_else(Vec::new, |pins| pinned(pins)),
        "accommodated": longer || candidate.is_some_and(|c| c.needs_accessible || c.prepares_alone || c.gap > 0),
        "broken": broken.of_sitting(&t.raw.candidate, &t.raw.exam),
    })
}

/// The fields that pins hold.
fn pinned(pins: &[Pin]) -> Vec<&'static str> {
    let mut fields: BTreeSet<&str> = BTreeSet::new();
    for pin in pins {
        let held = [
            ("date", pin.date.is_some()),
            ("start", pin.start.is_some()),
            ("centre", pin.centre.is_some()),
            ("room", pin.room.is_some()),
            ("examiners", pin.examiner.is_some()),
        ];
        fields.extend(held.into_iter().filter(|(_, held)| *held).map(|(name, _)| name));
    }
    fields.into_iter().collect()
}

/// Broken rules by what they are about.
struct Broken {
    all: Vec<(BTreeSet<String>, String)>,
    exams: BTreeSet<String>,
}

impl Broken {
    fn of(instance: &Instance, names: &Names, verdict: Option<&Verdict>) -> Broken {
        let words = |at: &str| at.split([' ', ',']).filter(|w| !w.is_empty()).map(str::to_string).collect();
        let all = verdict
            .into_iter()
            .flat_map(|v| &v.violations)
            .map(|v| (words(&v.at), names.sentence(&v.message)))
            .collect();
        Broken { all, exams: instance.regulation.exams.iter().map(|e| e.id.clone()).collect() }
    }

    fn of_session(&self, id: &str) -> Vec<&str> {
        self.all.iter().filter(|(at, _)| at.contains(id)).map(|(_, message)| message.as_str()).collect()
    }

    fn of_sitting(&self, candidate: &str, exam: &str) -> Vec<&str> {
        let about = |at: &BTreeSet<String>| {
            at.contains(candidate) && (at.contains(exam) || at.intersection(&self.exams).next().is_none())
        };
        self.all.iter().filter(|(at, _)| about(at)).map(|(_, message)| message.as_str()).collect()
    }
}

/// `GET /api/plan/tray`
pub(crate) fn tray(desk: &mut Desk, _: &Call) -> Answer {
    let fresh = desk.planned_mut()?.reasons();
    let planned = desk.planned()?;
    let instance = planned.instance;
    let plan = planned.plan().ok();
    let reasons: BTreeMap<(&str, &str), &str> = planned
        .schedule
        .iter()
        .flat_map(|s| &s.unscheduled)
        .map(|l| ((l.candidate.as_str(), l.exam.as_str()), l.reason.as_str()))
        .collect();
    let left = instance.due().filter(|&o| plan.as_ref().is_none_or(|p| p.of_oral(o).next().is_none()));
    let names = Names::of(planned);
    let told = |o: OralIx| fresh.get(&o).map(|reason| names.sentence(reason));
    let orals: Vec<Value> = left.map(|o| unplaced(instance, &plan, o, told(o), &reasons, &names)).collect();
    Ok(Reply::json(&json!({ "orals": orals })))
}

fn unplaced(
    instance: &Instance,
    plan: &Option<Plan>,
    o: OralIx,
    told: Option<String>,
    reasons: &BTreeMap<(&str, &str), &str>,
    names: &Names,
) -> Value {
    let candidate = &instance.candidates[instance.orals[o].candidate];
    let exam = instance.exam_of(o);
    let mut centres: Vec<CentreIx> = candidate.centres.iter().copied().collect();
    centres.sort_by_key(|&z| candidate.km[z]);
    let reason = match (told, reasons.get(&(candidate.id.as_str(), exam.id.as_str()))) {
        (Some(told), _) => told,
        (None, Some(reason)) => names.sentence(reason),
        (None, None) if plan.is_none() => tr!("nothing is planned yet", "rien n'est encore planifié"),
        (None, None) => String::new(),
    };
    json!({
        "candidate": candidate.id,
        "name": candidate.name,
        "exam": exam.id,
        "label": exam.title,
        "commission": instance.regulation.commissions[exam.commission].id,
        "length": instance.orals[o].preparation + instance.orals[o].duration,
        "language": instance.orals[o].language,
        "reason": reason,
        "centre_wishes": centres.iter().map(|&z| instance.centres[z].id.as_str()).collect::<Vec<_>>(),
    })
}
