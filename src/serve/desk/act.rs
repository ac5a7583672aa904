//! What hands change of a plan. Each action is asked of the state first; what is not allowed changes nothing and says why.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use smallvec::SmallVec;

use super::commit::Said;
use super::find::person_name;
use super::places::{refused, rule, unknown};
use super::plan::{commission_label, seat_label};
use super::said::{Names, hour};
use super::{Call, Desk, Planned};
use crate::explain::place::broken;
use crate::explain::unscheduled::reason;
use crate::instance::*;
use crate::lang::count;
use crate::project::Sentence;
use crate::rules::{RuleSet, given_session};
use crate::serve::problem::{Answer, Problem, Reply};
use crate::state::{JobId, NONE, Slot};
use crate::tr;

/// A seat of a session.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seat {
    pub(crate) session: String,
    pub(crate) seat: String,
}

/// Something that hands do.
#[derive(Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Action {
    /// Puts an oral, with those that follow it, at a place.
    Place { candidate: String, exam: String, centre: String, date: NaiveDate, room: String, start: Minutes },
    /// Takes an oral out of the plan.
    Unplace { candidate: String, exam: String },
    /// Gives a seat to somebody else, or to nobody.
    Member { session: String, seat: String, examiner: Option<String> },
    /// Moves a whole session: to another room or date, later or earlier by so many minutes.
    MoveSession {
        session: String,
        centre: Option<String>,
        room: Option<String>,
        date: Option<NaiveDate>,
        #[serde(default)]
        shift: Minutes,
    },
    /// Opens a session with these members for an oral, or for the first without a place that it can hear.
    OpenSession {
        commission: String,
        language: Option<String>,
        centre: String,
        room: String,
        date: NaiveDate,
        half: usize,
        members: BTreeMap<String, String>,
        candidate: Option<String>,
        exam: Option<String>,
    },
    /// Takes all that a session hears out of the plan.
    CloseSession { session: String },
    /// Pins an oral to what the plan says of it: `date`, `start`, `centre`, `room`, `examiners`.
    Pin { candidate: String, exam: String, fields: Vec<String> },
    /// Takes the pins of an oral away.
    Unpin { candidate: String, exam: String },
}

/// What the page is told of a change that is not allowed.
fn not_allowed(planned: &Planned, mut said: Value) -> Problem {
    Names::of(planned).refusal(&mut said);
    let mut problem = Problem::refused(said["text"].as_str().unwrap_or_default());
    for field in ["rules", "who", "datum"] {
        problem = problem.with(field, &said[field]);
    }
    problem
}

/// `POST /api/members`
pub(crate) fn members(desk: &mut Desk, call: &Call) -> Answer {
    let asked: Seat = call.json()?;
    let planned = desk.planned_mut()?;
    let instance = planned.instance;
    let (slot, seat) = planned.seat(&asked.session, &asked.seat)?;
    let now = planned.state.session(slot).members[seat];
    let who = |x: u32| (x != NONE).then(|| instance.examiners[ExaminerIx(x)].id.as_str());
    let name = |x: u32| match who(x) {
        Some(id) => person_name(instance, id),
        None => tr!("nobody", "personne"),
    };
    let people: Vec<Value> = planned
        .state
        .seat_offers(slot, seat)
        .into_iter()
        .map(|(x, offer)| {
            let rules: Vec<Value> = offer.err().map_or_else(Vec::new, |rules| rules.rules().map(rule).collect());
            json!({ "examiner": who(x), "name": name(x), "price": offer.ok(), "rules": rules })
        })
        .collect();
    let now = (now != NONE).then(|| json!({ "examiner": who(now), "name": name(now) }));
    Ok(Reply::json(
        &json!({ "seat": asked.seat, "label": seat_label(instance, &asked.seat), "now": now, "people": people }),
    ))
}

/// `POST /api/actions`
pub(crate) fn act(desk: &mut Desk, call: &Call) -> Answer {
    let action: Action = call.json()?;
    let (kind, what) = match action {
        Action::Pin { candidate, exam, fields } => return pin(desk, &candidate, &exam, &fields),
        Action::Unpin { candidate, exam } => return unpin(desk, &candidate, &exam),
        Action::Place { candidate, exam, centre, date, room, start } => {
            let planned = desk.planned_mut()?;
            let job = planned.job(&candidate, &exam)?;
            ("place", planned.place(job, &centre, date, &room, start)?)
        }
        Action::Unplace { candidate, exam } => {
            let planned = desk.planned_mut()?;
            let job = planned.job(&candidate, &exam)?;
            ("unplace", planned.unplace(job)?)
        }
        Action::Member { session, seat, examiner } => {
            let planned = desk.planned_mut()?;
            ("member", planned.member(&session, &seat, examiner.as_deref())?)
        }
        Action::MoveSession { session, centre, room, date, shift } => {
            let planned = desk.planned_mut()?;
            ("move-session", planned.move_session(&session, centre.as_deref(), room.as_deref(), date, shift)?)
        }
        Action::OpenSession { commission, language, centre, room, date, half, members, candidate, exam } => {
            let planned = desk.planned_mut()?;
            let (z, d) = planned.cell(&centre, date)?;
            let room = planned.room(z, &room)?;
            let job = match (candidate, exam) {
                (Some(candidate), Some(exam)) => Some(planned.job(&candidate, &exam)?),
                _ => None,
            };
            ("open-session", planned.open_session((&commission, language), room, (d, half), &members, job)?)
        }
        Action::CloseSession { session } => ("close-session", desk.planned_mut()?.close_session(&session)?),
    };
    let planned = desk.planned()?;
    // What broke a rule before is not in the state: it has no place any more, and that is said.
    let what = match planned.lost {
        0 => what,
        n => Sentence {
            en: format!("{} ({n} sittings that broke a rule have no place any more)", what.en),
            fr: format!("{} (passages contraires à une règle, désormais sans place : {n})", what.fr),
        },
    };
    let done = desk.commit_state(Said { kind, what }, &reason)?;
    Ok(Reply::json(&done.answer))
}

impl Planned<'_> {
    fn seat(&self, session: &str, seat: &str) -> Result<(Slot, usize), Problem> {
        let slot = self.slot_of(session).ok_or_else(|| unknown(session))?;
        let kind = &self.model.kinds[self.state.session(slot).kind as usize];
        let seats = &self.instance.regulation.commissions[kind.commission].seats;
        let at = seats.iter().position(|s| s.id == seat).ok_or_else(|| unknown(seat))?;
        Ok((slot, at))
    }

    /// What a job is, for the history.
    fn named(&self, job: JobId) -> String {
        let spec = &self.model.jobs[job as usize];
        let candidate = &self.instance.candidates[spec.candidate];
        let exams: Vec<&str> = spec.orals.iter().map(|&o| self.instance.exam_of(o).id.as_str()).collect();
        let name = if candidate.name.is_empty() { &candidate.id } else { &candidate.name };
        format!("{name}, {}", exams.join(" + "))
    }

    fn session_named(&self, slot: Slot) -> String {
        let session = self.state.session(slot);
        let kind = &self.model.kinds[session.kind as usize];
        let label = commission_label(self.instance, &self.instance.regulation.commissions[kind.commission].id);
        let (room, date) =
            (&self.instance.rooms[session.room].id, super::day_in_words(self.instance.dates[session.date]));
        tr!("{label}, room {room}, {date}", "{label}, salle {room}, {date}")
    }

    fn place(
        &mut self,
        job: JobId,
        centre: &str,
        date: NaiveDate,
        room: &str,
        start: Minutes,
    ) -> Result<Sentence, Problem> {
        let (z, d) = self.cell(centre, date)?;
        let at = self.room(z, room)?;
        let name = self.named(job);
        let held = self.state.hold(job);
        let cell = self.state.places(&held, z, d);
        let Some(spot) = cell.spot(at, start).copied() else {
            self.state.let_go(held);
            return Err(Problem::bad(tr!("this hour is not on the grid", "cette heure n'est pas sur la grille")));
        };
        if let Err(rules) = spot.answer {
            let refusal = self.state.refusal(&held, at, d, spot.half, start);
            let found = broken(&self.state, &held, &refusal, start);
            let said = refused(self, rules, &found, &refusal.blames);
            self.state.let_go(held);
            return Err(not_allowed(self, said));
        }
        self.state.put(&held, &cell, at, &spot);
        Ok(Sentence::both(|| {
            let (date, hour) = (super::day_in_words(date), hour(start));
            tr!("{name}: {date}, {hour}, room {room}", "{name} : {date}, {hour}, salle {room}")
        }))
    }

    fn unplace(&mut self, job: JobId) -> Result<Sentence, Problem> {
        if self.state.placed[job as usize].parts == 0 {
            return Err(Problem::refused(tr!("it has no place", "cet oral n'a pas de place")));
        }
        let name = self.named(job);
        self.take_out(job);
        Ok(Sentence::both(|| tr!("{name}: taken out", "{name} : retiré du planning")))
    }

    fn take_out(&mut self, job: JobId) {
        let slot = self.state.placed[job as usize].slot;
        self.state.unplace(job);
        if self.state.session(slot).jobs.is_empty() {
            self.state.close(slot);
        }
    }

    fn member(&mut self, session: &str, seat: &str, examiner: Option<&str>) -> Result<Sentence, Problem> {
        let (slot, at) = self.seat(session, seat)?;
        let x = match examiner {
            Some(id) => self.instance.examiner(id).ok_or_else(|| unknown(id))?.0,
            None => NONE,
        };
        let offer = self.state.seat_offers(slot, at).into_iter().find(|(who, _)| *who == x);
        let Some((_, offer)) = offer else {
            let qualified = tr!("this seat is not for them", "ce siège n'est pas pour cette personne");
            return Err(Problem::refused(qualified));
        };
        if let Err(rules) = offer {
            return Err(not_allowed(self, refused(self, rules, &[], &[])));
        }
        self.state.set_member(slot, at, x);
        let instance = self.instance;
        let name = examiner.map(|id| person_name(instance, id));
        let seat = seat.to_string();
        let here = self.session_in_both(slot);
        Ok(Sentence::both(|| {
            let label = seat_label(instance, &seat);
            let who = name.clone().unwrap_or_else(|| tr!("nobody", "personne"));
            let here = here();
            tr!("{label}: {who} ({here})", "{label} : {who} ({here})")
        }))
    }

    /// A session's name, said in the language in force when it is asked for.
    fn session_in_both(&self, slot: Slot) -> impl Fn() -> String + use<> {
        let both = Sentence::both(|| self.session_named(slot));
        move || both.to_string()
    }

    fn move_session(
        &mut self,
        session: &str,
        centre: Option<&str>,
        room: Option<&str>,
        date: Option<NaiveDate>,
        shift: Minutes,
    ) -> Result<Sentence, Problem> {
        let slot = self.slot_of(session).ok_or_else(|| unknown(session))?;
        let own = self.state.session(slot);
        let (centre_now, date_now) = (self.instance.centres[own.centre].id.clone(), self.instance.dates[own.date]);
        let here = own.room;
        let (z, d) = self.cell(centre.unwrap_or(&centre_now), date.unwrap_or(date_now))?;
        let room = match room {
            Some(id) => self.room(z, id)?,
            None => here,
        };
        let held = self.state.hold_session(slot);
        let start = held.start() + shift;
        match self.state.put_session(&held, room, d, start) {
            Ok((_, slot)) => {
                self.keeps_id(session, slot);
                let here = self.session_in_both(slot);
                Ok(Sentence::both(|| {
                    let (here, hour) = (here(), hour(start));
                    tr!("session moved: {here}, from {hour}", "vacation déplacée : {here}, à partir de {hour}")
                }))
            }
            Err(rules) => {
                self.state.let_session_go(held);
                Err(not_allowed(self, refused(self, rules, &[], &[])))
            }
        }
    }

    fn open_session(
        &mut self,
        (commission, language): (&str, Option<String>),
        room: RoomIx,
        (d, half): (DateIx, usize),
        members: &BTreeMap<String, String>,
        job: Option<JobId>,
    ) -> Result<Sentence, Problem> {
        let instance = self.instance;
        let c = instance.regulation.commission(commission).ok_or_else(|| unknown(commission))?;
        let kind = self.model.kinds.iter().position(|k| k.commission == c && k.language == language);
        let kind = kind.ok_or_else(|| {
            Problem::refused(tr!("no oral needs this commission", "aucun oral ne relève de cette commission"))
        })? as u32;
        if half >= instance.half_days.len() {
            return Err(unknown(&half.to_string()));
        }
        let mut team: SmallVec<[u32; 4]> = SmallVec::new();
        for seat in &instance.regulation.commissions[c].seats {
            team.push(match members.get(&seat.id) {
                Some(id) => instance.examiner(id).ok_or_else(|| unknown(id))?.0,
                None => NONE,
            });
        }
        if !self.state.may_open(kind, room, (d, half, None), &team) {
            return Err(not_allowed(self, refused(self, RuleSet::of(&given_session::RULE), &[], &[])));
        }
        let waiting =
            |j: &JobId| self.model.jobs[*j as usize].kind == kind && self.state.placed[*j as usize].parts == 0;
        let jobs: Vec<JobId> = match job {
            Some(job) => vec![job],
            None => (0..self.model.jobs.len() as JobId).filter(waiting).collect(),
        };
        if jobs.is_empty() {
            return Err(Problem::refused(tr!(
                "a session hears somebody: pick an oral and put it into a free room, that opens one",
                "une vacation entend quelqu'un : prenez un oral et posez-le dans une salle libre, cela en ouvre une"
            )));
        }
        let mark = self.state.mark();
        for job in jobs {
            if self.state.placed[job as usize].parts > 0 {
                self.take_out(job);
            }
            let seats = &self.model.kinds[kind as usize].seats;
            let z = instance.rooms[room].centre;
            let seated = seats.iter().zip(&team).all(|(seat, &x)| match x {
                NONE => !seat.required,
                x => seat.accepts[x as usize] && self.state.may_convene(ExaminerIx(x), z, d),
            });
            let slot = self.state.open(kind, room, (d, half, None), team.clone());
            let parts = self.model.jobs[job as usize].parts.len() as u8;
            let suits = seated && self.state.suits(job, parts, slot);
            let first = suits.then(|| self.state.starts(job, parts, slot).hours().next()).flatten();
            let found = first.and_then(|start| self.state.placement(job, parts, slot, start));
            if let Some(placement) = found {
                self.state.place(job, placement);
                let here = self.session_in_both(slot);
                let name = self.named(job);
                return Ok(Sentence::both(|| {
                    let here = here();
                    tr!("session opened: {here}, with {name}", "vacation ouverte : {here}, avec {name}")
                }));
            }
            self.state.undo(mark);
        }
        Err(Problem::refused(tr!(
            "with these members, in this room and half-day, none of the orals that wait can be heard",
            "avec ces membres, dans cette salle et cette demi-journée, aucun des oraux en attente ne peut être entendu"
        )))
    }

    fn close_session(&mut self, session: &str) -> Result<Sentence, Problem> {
        let slot = self.slot_of(session).ok_or_else(|| unknown(session))?;
        let here = self.session_in_both(slot);
        let held = self.state.hold_session(slot);
        let n = held.jobs.len();
        Ok(Sentence::both(|| {
            let here = here();
            let orals = count(n, &tr!("sitting", "passage"), &tr!("sittings", "passages"));
            tr!("session closed: {here} ({orals} without a place)", "vacation supprimée : {here} ({orals} sans place)")
        }))
    }
}

fn pin(desk: &mut Desk, candidate: &str, exam: &str, fields: &[String]) -> Answer {
    let planned = desk.planned()?;
    let name = planned.named(planned.job(candidate, exam)?);
    let plan = planned.plan()?;
    let there = plan.sessions.iter().find_map(|s| {
        let own = s.sittings.iter().find(|t| t.raw.candidate == candidate && t.raw.exam == exam)?;
        Some((s.raw, own.raw))
    });
    let Some((session, sitting)) = there else {
        return Err(Problem::refused(tr!(
            "it has no place to be pinned to",
            "cet oral n'a pas de place à laquelle le fixer"
        )));
    };
    let has = |field: &str| fields.iter().any(|f| f == field);
    if let Some(odd) = fields.iter().find(|f| !["date", "start", "centre", "room", "examiners"].contains(&f.as_str())) {
        return Err(Problem::bad(tr!("there is no field {odd}", "il n'y a pas de champ {odd}")));
    }
    let mut raw = planned.instance.raw.clone();
    raw.pins.retain(|p| !(p.candidate == candidate && p.exam == exam));
    let own = RawPin {
        candidate: candidate.into(),
        exam: exam.into(),
        date: has("date").then_some(session.date),
        start: has("start").then_some(sitting.start),
        centre: has("centre").then(|| session.centre.clone()),
        room: has("room").then(|| session.room.clone()),
        examiner: None,
    };
    let people = session.members.values().filter(|_| has("examiners"));
    let each = people.map(|id| RawPin {
        examiner: Some(id.clone()),
        date: None,
        start: None,
        centre: None,
        room: None,
        ..own.clone()
    });
    let each: Vec<RawPin> = each.collect();
    if has("date") || has("start") || has("centre") || has("room") {
        raw.pins.push(own.clone());
    }
    raw.pins.extend(each);
    let what = Sentence::both(|| tr!("{name}: pinned", "{name} : fixé"));
    let done = desk.commit_instance(&raw, Said { kind: "pin", what })?;
    Ok(Reply::json(&done.answer))
}

fn unpin(desk: &mut Desk, candidate: &str, exam: &str) -> Answer {
    let planned = desk.planned()?;
    let name = planned.named(planned.job(candidate, exam)?);
    let mut raw = planned.instance.raw.clone();
    let before = raw.pins.len();
    raw.pins.retain(|p| !(p.candidate == candidate && p.exam == exam));
    if raw.pins.len() == before {
        return Err(Problem::refused(tr!("it is not pinned", "cet oral n'est pas fixé")));
    }
    let what = Sentence::both(|| tr!("{name}: no longer pinned", "{name} : n'est plus fixé"));
    let done = desk.commit_instance(&raw, Said { kind: "unpin", what })?;
    Ok(Reply::json(&done.answer))
}
