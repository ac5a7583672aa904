//! What is allowed where, and what it costs, while something is held: an oral or a whole session.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::find::person_name;
use super::person::candidate_days;
use super::plan::{commission_label, seat_label};
use super::{Call, Desk, Planned};
use crate::exchange::layout::{Kind, layout};
use crate::explain::place::broken;
use crate::instance::*;
use crate::lang::thousands;
use crate::objective::evaluate;
use crate::rules::{Rule, RuleSet, TERMS, Violation};
use crate::schedule::{Cost, Plan};
use crate::serve::problem::{Answer, Problem, Reply};
use crate::state::places::{Blame, Cell, Held, Opening, Run, Spot, Thing};
use crate::state::{JobId, NONE, Slot};
use crate::tr;
use crate::words::plain;

/// What is held.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum What {
    /// An oral, with those that follow it.
    Sitting {
        /// Whose.
        candidate: String,
        /// Which exam.
        exam: String,
    },
    /// A session with all that it hears.
    Session(String),
}

/// What is held, and the day that is looked at.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hold {
    pub(crate) held: What,
    pub(crate) centre: String,
    pub(crate) date: NaiveDate,
}

/// What is held, and a place.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Why {
    pub(crate) held: What,
    pub(crate) centre: String,
    pub(crate) date: NaiveDate,
    pub(crate) room: String,
    /// Minutes after midnight.
    pub(crate) start: Minutes,
}

/// What is held, and how many places are wanted.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ranked {
    pub(crate) held: What,
    #[serde(default = "twenty")]
    pub(crate) count: usize,
}

fn twenty() -> usize {
    20
}

/// Something in the hand.
pub(super) enum Hand {
    Job(JobId),
    Session(Slot),
}

/// What somebody is told who asks for something that is not there.
pub(super) fn unknown(id: &str) -> Problem {
    Problem::missing(tr!("there is nothing of that name: {id}", "rien ne porte ce nom : {id}"))
}

impl Planned<'_> {
    /// What somebody takes into the hand.
    pub(super) fn hand(&self, what: &What) -> Result<Hand, Problem> {
        match what {
            What::Sitting { candidate, exam } => self.job(candidate, exam).map(Hand::Job),
            What::Session(id) => self.slot_of(id).map(Hand::Session).ok_or_else(|| unknown(id)),
        }
    }

    /// The job that has an oral.
    pub(super) fn job(&self, candidate: &str, exam: &str) -> Result<JobId, Problem> {
        let c = self.instance.candidate(candidate).ok_or_else(|| unknown(candidate))?;
        let e = self.instance.regulation.exam(exam).ok_or_else(|| unknown(exam))?;
        let oral = self.instance.oral(c, e).ok_or_else(|| unknown(exam))?;
        let own = self.model.jobs_of[c].iter().copied();
        own.into_iter().find(|&j| self.model.jobs[j as usize].orals.contains(&oral)).ok_or_else(|| {
            Problem::refused(tr!(
                "this oral is not due: it has no place",
                "cet oral n'est pas dû : il n'a pas de place"
            ))
        })
    }

    /// A centre and a date of the calendar.
    pub(super) fn cell(&self, centre: &str, date: NaiveDate) -> Result<(CentreIx, DateIx), Problem> {
        let z = self.instance.centre(centre).ok_or_else(|| unknown(centre))?;
        Ok((z, self.instance.date(date).ok_or_else(|| unknown(&date.to_string()))?))
    }

    /// A room of a centre.
    pub(super) fn room(&self, z: CentreIx, id: &str) -> Result<RoomIx, Problem> {
        let own = self.instance.centres[z].rooms.iter().copied();
        own.into_iter().find(|&r| self.instance.rooms[r].id == id).ok_or_else(|| unknown(id))
    }

    fn about(&self, held: &Held) -> Value {
        let spec = &self.model.jobs[held.job as usize];
        let part = &spec.parts[held.parts as usize - 1];
        let orals = &spec.orals[..held.parts as usize];
        let candidate = &self.instance.candidates[spec.candidate];
        let exams: Vec<&str> = orals.iter().map(|&o| self.instance.exam_of(o).id.as_str()).collect();
        let orals: Vec<Value> = exams.iter().map(|exam| json!({ "candidate": candidate.id, "exam": exam })).collect();
        let name = if candidate.name.is_empty() { &candidate.id } else { &candidate.name };
        json!({
            "label": format!("{name}, {}", exams.join(" + ")),
            "orals": orals,
            "length": part.length,
            "before": part.before,
            "turnaround": part.turnaround,
        })
    }

    fn stands(&self, room: RoomIx, d: DateIx, start: Minutes, session: Option<&str>) -> Value {
        let room = &self.instance.rooms[room];
        json!({
            "centre": self.instance.centres[room.centre].id,
            "date": self.instance.dates[d],
            "room": room.id,
            "start": start,
            "session": session,
        })
    }
}

/// The rules of refusals, each set once, as the page numbers them.
#[derive(Default)]
struct Reasons {
    number: BTreeMap<RuleSet, usize>,
}

impl Reasons {
    fn number(&mut self, rules: RuleSet) -> usize {
        let next = self.number.len();
        *self.number.entry(rules).or_insert(next)
    }

    fn said(self) -> Vec<Value> {
        let mut all: Vec<(usize, RuleSet)> = self.number.into_iter().map(|(rules, n)| (n, rules)).collect();
        all.sort_unstable();
        all.into_iter()
            .map(|(_, rules)| json!({ "rules": rules.rules().map(rule).collect::<Vec<_>>(), "who": [] }))
            .collect()
    }
}

/// A rule, as the page shows it.
pub(super) fn rule(rule: &'static Rule) -> Value {
    json!({ "rule": rule.name, "label": (rule.summary)(), "source": (rule.source)(), "message": null })
}

fn run(starts: Interval, answer: Result<(i64, Option<&str>), usize>) -> Value {
    match answer {
        Ok((price, session)) => json!({ "from": starts.from, "to": starts.to, "price": price, "session": session }),
        Err(reason) => json!({ "from": starts.from, "to": starts.to, "reason": reason }),
    }
}

/// `POST /api/hold`
pub(crate) fn hold(desk: &mut Desk, call: &Call) -> Answer {
    let revision = desk.project()?.revision();
    let asked: Hold = call.json()?;
    let planned = desk.planned_mut()?;
    let (z, d) = planned.cell(&asked.centre, asked.date)?;
    let mut answer = match planned.hand(&asked.held)? {
        Hand::Job(job) => hold_job(planned, job, z, d),
        Hand::Session(slot) => hold_session(planned, slot, z, d),
    };
    answer["revision"] = json!(revision);
    Ok(Reply::json(&answer))
}

fn hold_job(planned: &mut Planned, job: JobId, z: CentreIx, d: DateIx) -> Value {
    let instance = planned.instance;
    let slot = planned.state.placed[job as usize].slot;
    let session =
        (planned.state.placed[job as usize].parts > 0).then(|| planned.id_of(slot).map(str::to_string)).flatten();
    let held = planned.state.hold(job);
    let candidate = planned.model.jobs[job as usize].candidate;
    let now = held.was.as_ref().map(|w| planned.stands(w.room, w.date, w.start, session.as_deref()));
    let mut reasons = Reasons::default();
    let mut cells = Vec::new();
    let mut day = Value::Null;
    for centre in instance.centres.indices() {
        for date in instance.dates.indices() {
            let shown = (centre, date) == (z, d);
            let own = instance.candidates[candidate].centres.contains(&centre);
            let places = match shown {
                true => Some(planned.state.places(&held, centre, date)),
                false => own.then(|| planned.state.allowed_places(&held, centre, date)),
            };
            let best = places.as_ref().and_then(Cell::best);
            cells.push(json!({ "centre": instance.centres[centre].id, "date": instance.dates[date], "best": best }));
            if let Some(cell) = places.filter(|_| shown) {
                day = day_of(planned, &cell, &mut reasons);
            }
        }
    }
    let about = planned.about(&held);
    planned.state.let_go(held);
    let days: BTreeMap<String, Value> = candidate_days(planned, candidate)
        .into_iter()
        .filter_map(|day| Some((day["date"].as_str()?.to_string(), day["blocks"].clone())))
        .collect();
    json!({ "held": about, "now": now, "day": day, "reasons": reasons.said(), "cells": cells, "candidate": days })
}

fn day_of(planned: &Planned, cell: &Cell, reasons: &mut Reasons) -> Value {
    let instance = planned.instance;
    let mut said = |r: &Run| {
        let answer = match r.answer {
            Ok(offer) => Ok((offer.price, offer.joins.and_then(|slot| planned.id_of(slot)))),
            Err(rules) => Err(reasons.number(rules)),
        };
        run(r.starts, answer)
    };
    let rooms: Vec<Value> = cell
        .rooms
        .iter()
        .map(|places| {
            let runs: Vec<Value> = places.runs(instance.step).iter().map(&mut said).collect();
            json!({ "room": instance.rooms[places.room].id, "runs": runs })
        })
        .collect();
    json!({ "centre": instance.centres[cell.centre].id, "date": instance.dates[cell.date], "rooms": rooms })
}

fn hold_session(planned: &mut Planned, slot: Slot, z: CentreIx, d: DateIx) -> Value {
    let instance = planned.instance;
    let id = planned.id_of(slot).unwrap_or_default().to_string();
    let held = planned.state.hold_session(slot);
    let kind = &planned.model.kinds[held.kind as usize];
    let label = commission_label(instance, &instance.regulation.commissions[kind.commission].id);
    let now = planned.stands(held.was.room, held.was.date, held.start(), Some(&id));
    let last = held
        .jobs
        .last()
        .map_or(0, |(job, p)| p.start + planned.model.jobs[*job as usize].parts[p.parts as usize - 1].length);
    let first =
        held.jobs.first().map_or(0, |(job, p)| planned.model.jobs[*job as usize].parts[p.parts as usize - 1].before);
    let turnaround =
        held.jobs.last().map_or(0, |(job, p)| planned.model.jobs[*job as usize].parts[p.parts as usize - 1].turnaround);
    let orals: Vec<Value> = held
        .jobs
        .iter()
        .flat_map(|(job, p)| planned.model.jobs[*job as usize].orals[..p.parts as usize].iter())
        .map(|&o| {
            let candidate = &instance.candidates[instance.orals[o].candidate].id;
            json!({ "candidate": candidate, "exam": instance.exam_of(o).id })
        })
        .collect();
    let mut reasons = Reasons::default();
    let starts: Vec<Minutes> = planned.model.hours.iter().flat_map(|h| h.hours()).collect();
    let mut rooms = Vec::new();
    let mut best: Option<i64> = None;
    for &room in &instance.centres[z].rooms {
        let mut runs: Vec<(Interval, Result<i64, RuleSet>)> = Vec::new();
        for &start in &starts {
            let answer = planned.state.session_price(&held, room, d, start);
            best = answer.ok().into_iter().chain(best).min();
            match runs.last_mut().filter(|(r, a)| r.to + instance.step == start && *a == answer) {
                Some((r, _)) => r.to = start,
                None => runs.push((Interval::new(start, start), answer)),
            }
        }
        let runs: Vec<Value> = runs
            .into_iter()
            .map(|(starts, answer)| run(starts, answer.map(|p| (p, Some(id.as_str()))).map_err(|r| reasons.number(r))))
            .collect();
        rooms.push(json!({ "room": instance.rooms[room].id, "runs": runs }));
    }
    let length = last - held.start();
    planned.state.let_session_go(held);
    let (centre, date) = (&instance.centres[z].id, instance.dates[d]);
    json!({
        "held": { "label": label, "orals": orals, "length": length, "before": first, "turnaround": turnaround },
        "now": now,
        "day": { "centre": centre, "date": date, "rooms": rooms },
        "reasons": reasons.said(),
        "cells": [{ "centre": centre, "date": date, "best": best }],
        "candidate": null,
    })
}

/// `POST /api/why`
pub(crate) fn why(desk: &mut Desk, call: &Call) -> Answer {
    let asked: Why = call.json()?;
    let planned = desk.planned_mut()?;
    let (z, d) = planned.cell(&asked.centre, asked.date)?;
    let room = planned.room(z, &asked.room)?;
    let answer = match planned.hand(&asked.held)? {
        Hand::Job(job) => why_job(planned, job, (z, d), room, asked.start)?,
        Hand::Session(slot) => {
            let held = planned.state.hold_session(slot);
            let found = planned.state.session_price(&held, room, d, asked.start);
            planned.state.let_session_go(held);
            match found {
                Ok(price) => allowed(price, Vec::new(), Value::Null),
                Err(rules) => refused(planned, rules, &[], &[]),
            }
        }
    };
    Ok(Reply::json(&answer))
}

fn why_job(
    planned: &mut Planned,
    job: JobId,
    (z, d): (CentreIx, DateIx),
    room: RoomIx,
    start: Minutes,
) -> Result<Value, Problem> {
    let held = planned.state.hold(job);
    let cell = planned.state.places(&held, z, d);
    let answer = match cell.spot(room, start) {
        None => Err(Problem::bad(tr!("this hour is not on the grid", "cette heure n'est pas sur la grille"))),
        Some(spot) => Ok(match spot.answer {
            Ok(offer) => {
                let (terms, plan) = changed(planned, &held, &cell, room, spot);
                allowed(offer.price, terms, plan)
            }
            Err(rules) => {
                let refusal = planned.state.refusal(&held, room, d, spot.half, spot.start);
                let found = broken(&planned.state, &held, &refusal, spot.start);
                refused(planned, rules, &found, &refusal.blames)
            }
        }),
    };
    planned.state.let_go(held);
    answer
}

/// The terms that an allowed place changes, and who would hear it there.
fn changed(planned: &mut Planned, held: &Held, cell: &Cell, room: RoomIx, spot: &Spot) -> (Vec<Value>, Value) {
    let before = planned.schedule.as_ref().and_then(|s| s.cost.clone()).unwrap_or_default();
    let mark = planned.state.mark();
    let slot = planned.state.put(held, cell, room, spot);
    let schedule = planned.state.freeze(|_| String::new());
    let after = evaluate(&Plan::new(planned.instance, &schedule, planned.published));
    let session = planned.state.session(slot).clone();
    let rooms: Vec<Value> = planned.state.placed[held.job as usize]
        .rooms
        .iter()
        .map(|&p| json!({ "id": planned.instance.preparation_rooms[p].id, "label": planned.instance.preparation_rooms[p].id }))
        .collect();
    let joins = spot.answer.ok().and_then(|o| o.joins).and_then(|slot| planned.id_of(slot));
    let opening =
        Opening { room, date: cell.date, half: spot.half, given: session.given, members: session.members.clone() };
    let plan =
        json!({ "session": joins, "members": members(planned, session.kind, &opening), "preparation_rooms": rooms });
    planned.state.undo(mark);
    (difference(&before, &after), plan)
}

fn members(planned: &Planned, kind: u32, opening: &Opening) -> Vec<Value> {
    let instance = planned.instance;
    let commission = &instance.regulation.commissions[planned.model.kinds[kind as usize].commission];
    let held = commission.seats.iter().zip(&opening.members).filter(|(_, x)| **x != NONE);
    held.map(|(seat, &x)| {
        let id = &instance.examiners[ExaminerIx(x)].id;
        json!({ "seat": seat.id, "label": seat_label(instance, &seat.id), "examiner": id, "name": person_name(instance, id) })
    })
    .collect()
}

/// What one cost has more of than another, term by term, the dearest first.
pub(super) fn difference(before: &Cost, after: &Cost) -> Vec<Value> {
    let of = |cost: &Cost, name: &str| cost.terms.get(name).map_or((0, 0), |t| (t.units, t.cost));
    let mut all: Vec<(i64, Value)> = TERMS
        .iter()
        .filter_map(|t| {
            let ((u, c), (units, cost)) = (of(before, t.name), of(after, t.name));
            let value = json!({ "term": t.name, "label": (t.summary)(), "units": units - u, "cost": cost - c });
            ((units, cost) != (u, c)).then_some((cost - c, value))
        })
        .collect();
    all.sort_by_key(|(cost, _)| -cost.abs());
    all.into_iter().map(|(_, value)| value).collect()
}

fn allowed(price: i64, terms: Vec<Value>, plan: Value) -> Value {
    let points = thousands(price.abs());
    let text = match price {
        0 => tr!("Possible, at the same cost.", "Possible, au même coût."),
        p if p > 0 => tr!("Possible: {points} points more.", "Possible : {points} points de plus."),
        _ => tr!("Possible: {points} points less.", "Possible : {points} points de moins."),
    };
    json!({ "allowed": true, "price": price, "terms": terms, "text": text, "rules": [], "who": [], "datum": null, "plan": plan })
}

/// A refusal: its rules with the checker's sentences, whom they name, and the datum in the way.
pub(super) fn refused(planned: &Planned, rules: RuleSet, found: &[Violation], blames: &[Blame]) -> Value {
    let mut said: Vec<Value> = Vec::new();
    for rule in rules.rules() {
        // One sentence for each rule is enough to see why.
        let mut value = self::rule(rule);
        value["message"] = json!(found.iter().find(|v| v.rule == rule.name).map(|v| &v.message));
        said.push(value);
    }
    let first = found.iter().find(|v| rules.rules().any(|r| r.name == v.rule));
    let text = match (first, rules.rules().next()) {
        (Some(v), _) => capital(&v.message),
        (None, Some(rule)) => capital(&(rule.summary)()),
        (None, None) => String::new(),
    };
    let mut who: Vec<Value> = Vec::new();
    for thing in blames.iter().filter(|b| rules.rules().any(|r| std::ptr::eq(r, b.rule))).map(|b| b.thing) {
        let value = named(planned, thing);
        if !who.contains(&value) {
            who.push(value);
        }
    }
    let datum = blames.iter().find_map(|b| datum(planned, b));
    json!({ "allowed": false, "price": null, "terms": [], "text": text, "rules": said, "who": who, "datum": datum, "plan": null })
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect::<String>() + ".")
}

fn named(planned: &Planned, thing: Thing) -> Value {
    let instance = planned.instance;
    let said = |kind: &str, id: &str, name: &str| json!({ "kind": kind, "id": id, "name": if name.is_empty() { id } else { name } });
    match thing {
        Thing::Candidate(c) => said("candidate", &instance.candidates[c].id, &instance.candidates[c].name),
        Thing::Centre(z) => said("centre", &instance.centres[z].id, &instance.centres[z].name),
        Thing::Room(r) => said("room", &instance.rooms[r].id, ""),
        Thing::PreparationRoom(p) => said("preparation_room", &instance.preparation_rooms[p].id, ""),
        Thing::Examiner(x) => said("examiner", &instance.examiners[x].id, &instance.examiners[x].name),
        Thing::Session(slot) => said("session", planned.id_of(slot).unwrap_or_default(), ""),
    }
}

/// The sheet in which what is in the way stands, and what to look for there.
fn datum(planned: &Planned, blame: &Blame) -> Option<Value> {
    let instance = planned.instance;
    let sheet = match (blame.rule.name, blame.thing) {
        ("candidate-available", _) => Kind::Unavailabilities,
        ("paper-clash", _) => Kind::Papers,
        ("centre-allowed", _) => Kind::Groups,
        ("impartial", Thing::Examiner(_)) => Kind::Examiners,
        ("examiner-available", _) => Kind::Availabilities,
        ("examiner-event", _) => Kind::Events,
        ("examiner-centre" | "examiner-days-limit" | "examiner-sittings", _) => Kind::Examiners,
        ("centre-open", _) => Kind::Openings,
        ("room-fit", _) => Kind::Rooms,
        ("pin", _) => Kind::Pins,
        ("grid", _) => Kind::ExamDates,
        ("given-session", _) => Kind::GivenSessions,
        ("candidate-gap" | "candidate-orals" | "examiner-minutes" | "examiner-pause", _) => Kind::Policy,
        _ => return None,
    };
    let id = match blame.thing {
        _ if sheet == Kind::Policy => "",
        Thing::Candidate(c) => &instance.candidates[c].id,
        Thing::Centre(z) => &instance.centres[z].id,
        Thing::Room(r) => &instance.rooms[r].id,
        Thing::PreparationRoom(p) => &instance.preparation_rooms[p].id,
        Thing::Examiner(x) => &instance.examiners[x].id,
        Thing::Session(_) => "",
    };
    let table = plain(layout(sheet).en).replace(' ', "-");
    Some(json!({ "table": table, "row": null, "column": null, "find": id }))
}

/// `POST /api/places`
pub(crate) fn places(desk: &mut Desk, call: &Call) -> Answer {
    let asked: Ranked = call.json()?;
    let planned = desk.planned_mut()?;
    let instance = planned.instance;
    let hand = planned.hand(&asked.held)?;
    let mut all: Vec<(i64, DateIx, Minutes, RoomIx, Option<Slot>)> = Vec::new();
    match hand {
        Hand::Job(job) => {
            let held = planned.state.hold(job);
            let candidate = planned.model.jobs[job as usize].candidate;
            for &z in &instance.candidates[candidate].centres {
                for d in instance.dates.indices() {
                    let cell = planned.state.allowed_places(&held, z, d);
                    for places in &cell.rooms {
                        // Of neighbours at one price, the first says enough.
                        let runs = places.runs(instance.step);
                        all.extend(runs.iter().filter_map(|run| {
                            let offer = run.answer.ok()?;
                            Some((offer.price, d, run.starts.from, places.room, offer.joins))
                        }));
                    }
                }
            }
            planned.state.let_go(held);
        }
        Hand::Session(slot) => {
            let held = planned.state.hold_session(slot);
            let z = instance.rooms[held.was.room].centre;
            for d in instance.dates.indices() {
                for &room in &instance.centres[z].rooms {
                    let found = planned.state.session_price(&held, room, d, held.start());
                    all.extend(found.ok().map(|price| (price, d, held.start(), room, None)));
                }
            }
            planned.state.let_session_go(held);
        }
    }
    all.sort_by_key(|&(price, d, start, room, _)| (price, d, start, room));
    let ranked: Vec<Value> = all
        .into_iter()
        .take(asked.count.min(500))
        .map(|(price, d, start, room, joins)| {
            let mut value = planned.stands(room, d, start, joins.and_then(|slot| planned.id_of(slot)));
            value["name"] = json!(instance.centres[instance.rooms[room].centre].name);
            value["price"] = json!(price);
            value["text"] = json!(match joins {
                Some(_) => tr!("with a session that sits there", "avec une vacation déjà prévue"),
                None => tr!("a session is opened", "une vacation est ouverte"),
            });
            value
        })
        .collect();
    Ok(Reply::json(&json!({ "places": ranked })))
}
