//! What the events make of an instance and of its published schedule: the instance as it is now, what is frozen,
//! and the schedule to start from.

mod found_late;
mod frozen;
mod given;
mod notice;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime, TimeZone as _};

use super::edited::Difference;
use super::event::{Event, EventKind, Events};
use crate::fault::Fault;
use crate::instance::raw::RawWaiver;
use crate::instance::time::Clock;
use crate::instance::{
    CandidateIx, CentreIx, Form, Instance, Interval, Minutes, RawExaminer, RawInstance, RawOral, RawPin, RawSpan,
};
use crate::schedule::{Plan, PlanSession, PlanSitting, Schedule, Session, Sitting};
use crate::tr;

pub(super) use notice::too_soon;
pub use notice::{Notice, TooSoon};

/// A candidate's id and an exam's.
pub type OralName = (String, String);

/// What something follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// An event, by its number in the file.
    Event(usize),
    /// A difference of the edited instance, by its number.
    Edit(usize),
}

/// The last minute that a file can name.
const END: Minutes = 24 * 60 - 1;

/// The instance and the schedule after the events.
#[derive(Clone, Debug)]
pub struct Amended {
    /// The instance as it is now: a re-plan is checked against it.
    pub instance: RawInstance,
    /// The published schedule, taken apart where an event hits it.
    pub start: Schedule,
    /// The orals past, under way, or too soon for anybody to be told: they stay as they are.
    pub frozen: BTreeSet<OralName>,
    /// By oral, what keeps it from its published sitting, or calls for one that it had not.
    pub hit: BTreeMap<OralName, Cause>,
    /// What an event could not do, in words.
    pub remarks: Vec<String>,
    /// Where the instance names what an event brings, for faults: `examiners[46]` is `events[2].new_examiner`.
    pub brought: Vec<(String, String)>,
    /// What cannot be planned after what has been heard.
    pub faults: Vec<Fault>,
    /// By oral, the event that pins it to a substitute.
    pub ordered: BTreeMap<OralName, usize>,
    /// Events that cannot be carried out at all.
    pub refused: Vec<Fault>,
    /// Examiners of whom an event says new hours: they were asked.
    pub asked: BTreeSet<String>,
}

impl Amended {
    /// A fault of the instance after the events, at the place of the event that brings it.
    pub fn named(&self, fault: Fault) -> Fault {
        let event = self.brought.iter().find_map(|(at, event)| {
            let rest = fault.path.strip_prefix(at.as_str())?;
            (rest.is_empty() || rest.starts_with('.')).then(|| format!("{event}{rest}"))
        });
        match event {
            Some(path) => Fault { path, ..fault },
            None => fault,
        }
    }

    /// The orals that stay as published: all that no event hits.
    pub fn untouched(&self, published: &Schedule) -> BTreeSet<OralName> {
        let all = published.sessions.iter().flat_map(|s| &s.sittings).map(|s| (s.candidate.clone(), s.exam.clone()));
        all.filter(|name| self.frozen.contains(name) || !self.hit.contains_key(name)).collect()
    }

    /// The orals that stay as published: those frozen, and those of the centres and dates where nothing happened.
    pub fn kept(&self, published: &Schedule) -> BTreeSet<OralName> {
        let own = |s: &Sitting| (s.candidate.clone(), s.exam.clone());
        let cell = |s: &Session| (s.centre.clone(), s.date);
        let touched: BTreeSet<_> = (published.sessions.iter())
            .filter(|session| session.sittings.iter().any(|s| self.hit.contains_key(&own(s))))
            .map(cell)
            .collect();
        let untouched = published.sessions.iter().filter(|s| !touched.contains(&cell(s)));
        let mut kept = self.frozen.clone();
        kept.extend(untouched.flat_map(|session| session.sittings.iter().map(own)));
        kept
    }
}

/// Applies the events, at the hour `now`, to an instance and its published schedule; `edits` are the differences of that
/// instance from the one that was planned.
///
/// What has begun at `now` is frozen: pinned as it is, and no event takes its people or rooms away. For the
/// rest nothing starts before `now`, nor sooner than people can be told and be there.
pub fn amend(plan: &Plan, events: &Events, edits: &[Difference], terms: &Terms) -> Amended {
    let now = terms.now;
    let mut work = Work {
        notice: terms.notice.filter(|_| now.is_some()),
        late: terms.late.orals.clone(),
        late_examiners: terms.late.examiners.clone(),
        soon: BTreeSet::new(),
        called: Vec::new(),
        plan,
        instance: plan.instance,
        raw: plan.instance.raw.clone(),
        dates: events.dates(plan.instance),
        now,
        frozen: frozen(plan, events, now),
        hit: BTreeMap::new(),
        ordered: BTreeMap::new(),
        remarks: Vec::new(),
        refused: Vec::new(),
        taken_apart: BTreeSet::new(),
        substitutes: Vec::new(),
        brought: Vec::new(),
        faults: Vec::new(),
        given_rest: BTreeMap::new(),
    };
    if !edits.is_empty() {
        work.edited(edits);
    }
    // What is new comes first: other events may speak of it.
    for (i, event) in events.events.iter().enumerate() {
        work.bring(i, event);
    }
    for (i, event) in events.events.iter().enumerate() {
        work.apply(i, event);
    }
    work.stays();
    work.frozen.append(&mut work.soon);
    work.freeze();
    work.give_notice();
    if !terms.sacrifice {
        work.nobody_else_pays();
    }
    work.given_sessions();
    let start = work.start();
    Amended {
        instance: work.raw,
        start,
        frozen: work.frozen,
        hit: work.hit,
        remarks: work.remarks,
        ordered: work.ordered,
        refused: work.refused,
        brought: work.brought,
        faults: work.faults,
        asked: work.called.into_iter().map(|(x, _)| x).collect(),
    }
}

/// On what terms a schedule is re-planned.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// The hour, in Paris.
    pub now: Option<NaiveDateTime>,
    /// What may be asked of people at that hour; nothing else is kept in mind without one.
    pub notice: Option<Notice>,
    /// Whether an oral that no event touches may be left out for another.
    pub sacrifice: bool,
    /// What a plan asked too soon of somebody, and is not to ask again.
    pub late: TooSoon,
}

/// The hour in a centre, where it is that hour in Paris.
fn local(instance: &Instance, centre: Option<CentreIx>, now: Option<NaiveDateTime>) -> Option<NaiveDateTime> {
    let now = now?;
    let Some(z) = centre else { return Some(now) };
    let paris = chrono_tz::Europe::Paris.from_local_datetime(&now).earliest();
    Some(paris.map_or(now, |at| at.with_timezone(&instance.centres[z].time_zone).naive_local()))
}

/// The sittings that have begun at `now` (with their preparation), save those that an event says were not held.
fn frozen(plan: &Plan, events: &Events, now: Option<NaiveDateTime>) -> BTreeSet<OralName> {
    if now.is_none() {
        return BTreeSet::new();
    }
    let held = |name: &OralName| {
        !events.events.iter().any(|e| {
            e.kind == EventKind::NotHeld && e.candidate.as_ref() == Some(&name.0) && e.exam.as_ref() == Some(&name.1)
        })
    };
    let here = |centre| local(plan.instance, centre, now);
    let begun = plan
        .sittings()
        .filter(|s| here(s.session.centre).is_some_and(|now| begins(s.session.date, s.sitting.block().from) <= now));
    begun.map(|s| (s.sitting.raw.candidate.clone(), s.sitting.raw.exam.clone())).filter(held).collect()
}

fn begins(date: NaiveDate, minute: Minutes) -> NaiveDateTime {
    date.and_hms_opt(0, 0, 0).expect("midnight exists") + chrono::Duration::minutes(i64::from(minute))
}

struct Work<'a> {
    plan: &'a Plan<'a>,
    instance: &'a Instance,
    raw: RawInstance,
    /// The dates of the calendar after the events.
    dates: Vec<NaiveDate>,
    now: Option<NaiveDateTime>,
    notice: Option<Notice>,
    /// Orals and examiners who can begin only later than they were asked to before.
    late: BTreeMap<OralName, NaiveDateTime>,
    late_examiners: BTreeMap<String, NaiveDateTime>,
    /// Orals that begin so soon that nobody can be told.
    soon: BTreeSet<OralName>,
    /// Hours that an event says of examiners: they were asked.
    called: Vec<(String, RawSpan)>,
    frozen: BTreeSet<OralName>,
    hit: BTreeMap<OralName, Cause>,
    ordered: BTreeMap<OralName, usize>,
    remarks: Vec<String>,
    refused: Vec<Fault>,
    /// Sessions, by number, whose frozen part must stand alone.
    taken_apart: BTreeSet<usize>,
    /// Session, who left, who comes.
    substitutes: Vec<(usize, String, String)>,
    brought: Vec<(String, String)>,
    faults: Vec<Fault>,
    /// By given session that has begun and changes, the id of what is still to come of it.
    given_rest: BTreeMap<String, String>,
}

impl<'a> Work<'a> {
    fn apply(&mut self, i: usize, event: &Event) {
        use EventKind::*;
        let spans = self.spans(event);
        let candidate = event.candidate.clone().unwrap_or_default();
        match event.kind {
            ExaminerAbsent | ExaminerReplaced => self.absent(i, event, &spans),
            ExaminerAvailable => {
                let x = event.examiner.as_deref().unwrap_or_default();
                for span in spans {
                    free(&mut self.raw, x).available.push(span);
                    self.called.push((x.to_string(), span));
                }
            }
            RoomClosed | CentreClosed => self.closed(i, event, &spans),
            LongerDay => self.longer(event),
            CandidateWithdrawn => {
                self.each_oral(i, event, &candidate, |oral| oral.form = Form::Exempt);
            }
            FileStatus => {
                let file = event.file.unwrap_or_default();
                self.each_oral(i, event, &candidate, |oral| oral.file = file);
            }
            CandidateAbsent => self.away(i, &candidate, &spans),
            CandidateLate => {
                let arrives = event.to.map_or(0, |t| t.0);
                let date = event.date.into_iter();
                let morning = |date| RawSpan { date, from: Clock(0), to: Clock(arrives) };
                self.away(i, &candidate, &date.map(morning).collect::<Vec<_>>());
            }
            NotHeld => {
                let name = (candidate, event.exam.clone().unwrap_or_default());
                self.hits(name, i);
            }
            Accommodation => self.granted(i, event, &candidate),
            Exclusion => self.excluded(i, &candidate, event.examiner.as_deref().unwrap_or_default()),
            Waiver => self.raw.waivers.push(RawWaiver {
                candidate,
                examiner: event.examiner.clone().unwrap_or_default(),
                by: event.by.clone().unwrap_or_default(),
                reason: event.reason.clone().unwrap_or_default(),
            }),
            CentreHours => self.other_hours(i, event),
            CandidateAdded | DateAdded | CentreOpened | RoomAdded | ExaminerAdded => {}
        }
    }

    fn hits(&mut self, oral: OralName, event: usize) {
        self.hit.entry(oral).or_insert(Cause::Event(event));
    }

    /// The interval of an event on each date that it covers.
    fn spans(&self, event: &Event) -> Vec<RawSpan> {
        let today = self.now.map(|n| n.date());
        let all = self.dates.iter().copied();
        let dates: Vec<NaiveDate> = match event.date {
            Some(date) => vec![date],
            None => all.filter(|d| today.is_none_or(|t| *d >= t)).collect(),
        };
        let (from, to) = (event.from.unwrap_or(Clock(0)), event.to.unwrap_or(Clock(END)));
        dates.into_iter().map(|date| RawSpan { date, from, to }).collect()
    }

    /// The hour in a centre.
    fn now_at(&self, centre: Option<CentreIx>) -> Option<NaiveDateTime> {
        local(self.instance, centre, self.now)
    }

    fn is_frozen(&self, s: &PlanSitting) -> bool {
        self.frozen.contains(&name(s))
    }

    /// From when to when a session's frozen sittings need its people.
    fn frozen_part(&self, session: &PlanSession) -> Option<Interval> {
        let own = session.sittings.iter().filter(|s| self.is_frozen(s)).map(|s| s.time);
        let part = own.reduce(|a, b| Interval::new(a.from.min(b.from), a.to.max(b.to)))?;
        Some(Interval::new(part.from - self.instance.policy.briefing as Minutes, part.to))
    }

    fn absent(&mut self, i: usize, event: &Event, spans: &[RawSpan]) {
        let x = event.examiner.clone().unwrap_or_default();
        let own: Vec<(usize, &PlanSession)> =
            (self.plan.sessions.iter().enumerate()).filter(|(_, s)| s.members.iter().any(|m| m.id == x)).collect();
        let needed: Vec<RawSpan> = own.iter().filter_map(|(_, s)| Some(span(s.date, self.frozen_part(s)?))).collect();
        let spans: Vec<RawSpan> = needed.iter().fold(spans.to_vec(), |spans, hole| without(&spans, hole));
        let available = &mut free(&mut self.raw, &x).available;
        *available = spans.iter().fold(std::mem::take(available), |free, gone| without(&free, gone));
        let (mut served, mut unqualified) = (false, Vec::new());
        for (number, session) in own {
            let left: Vec<_> = session.sittings.iter().filter(|s| !self.is_frozen(s)).collect();
            let hit: Vec<_> =
                left.iter().filter(|s| spans.iter().any(|gone| meets(gone, session.date, s.time))).collect();
            if hit.is_empty() {
                continue;
            }
            for s in hit {
                self.hits(name(s), i);
            }
            self.taken_apart.insert(number);
            if let Some(by) = &event.by {
                let missing = self.unqualified(by, &left);
                if let Some(missing) = missing {
                    unqualified.push((&session.raw.id, missing));
                    continue;
                }
                served = true;
                self.substitutes.push((number, x.clone(), by.clone()));
                let from = left.iter().map(|s| s.time.from).min().unwrap_or(0);
                let from = from - self.instance.policy.briefing as Minutes;
                let to = left.iter().map(|s| s.time.to).max().unwrap_or(0);
                let hours = span(session.date, Interval::new(from, to));
                free(&mut self.raw, by).available.push(hours);
                self.called.push((by.clone(), hours));
                self.order(i, &left.iter().map(|s| (name(s), s.candidate)).collect::<Vec<_>>(), by);
            }
        }
        self.lacking(i, served, &unqualified);
        join(&mut free(&mut self.raw, event.by.as_ref().unwrap_or(&x)).available);
    }

    /// Why the substitute may hold no seat of a session, if none.
    fn unqualified(&self, by: &str, sittings: &[&PlanSitting]) -> Option<String> {
        let oral = sittings.iter().find_map(|s| s.oral)?;
        self.instance.unqualified(self.instance.examiner(by)?, oral)
    }

    /// Says for which sessions a substitute lacks what their seats ask for: an event that is good for none is refused.
    fn lacking(&mut self, i: usize, served: bool, sessions: &[(&String, String)]) {
        let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (session, why) in sessions {
            reasons.entry(why).or_default().push(session);
        }
        for (why, sessions) in reasons {
            let list = sessions.join(", ");
            if served {
                self.remarks.push(tr!(
                    "{why} (sessions {list}): somebody else is looked for",
                    "{why} (vacations {list}) : on cherche quelqu'un d'autre"
                ));
            } else {
                let message = tr!(
                    "{why} (sessions {list}); name somebody qualified, or write examiner-absent and somebody is looked for [seats]",
                    "{why} (vacations {list}) ; nommez quelqu'un de compétent, ou écrivez examiner-absent : on cherchera quelqu'un [seats]"
                );
                self.refused.push(Fault::new(format!("events[{i}].by"), message));
            }
        }
    }

    /// Pins the substitute to the orals, save those whom they may not hear.
    fn order(&mut self, i: usize, orals: &[(OralName, Option<CandidateIx>)], by: &str) {
        let substitute = self.instance.examiner(by);
        for ((candidate, exam), c) in orals {
            if c.zip(substitute).is_some_and(|(c, x)| self.instance.partial(c, x)) {
                self.remarks.push(tr!(
                    "{by} may not hear {candidate} ({exam}): impartial; somebody else is looked for",
                    "{by} ne peut pas entendre {candidate} ({exam}) : impartial ; on cherche quelqu'un d'autre"
                ));
                continue;
            }
            self.unpin(candidate, exam);
            self.raw.pins.push(RawPin { examiner: Some(by.to_string()), ..pin(candidate, exam) });
            self.ordered.insert((candidate.clone(), exam.clone()), i);
        }
    }

    fn unpin(&mut self, candidate: &str, exam: &str) {
        self.raw.pins.retain(|p| p.candidate != candidate || p.exam != exam);
    }

    fn closed(&mut self, i: usize, event: &Event, spans: &[RawSpan]) {
        let k = event.centre.clone().unwrap_or_default();
        let closed = |room: &str| event.room.as_ref().is_none_or(|r| r == room);
        let mut needed: BTreeMap<String, Vec<RawSpan>> = BTreeMap::new();
        for (number, session) in self.plan.sessions.iter().enumerate().filter(|(_, s)| s.raw.centre == k) {
            for s in &session.sittings {
                let mut uses = vec![(session.raw.room.clone(), s.time)];
                uses.extend(s.raw.preparation_room.clone().map(|r| (r, s.preparation)));
                for (room, time) in uses {
                    if self.is_frozen(s) {
                        needed.entry(room).or_default().push(span(session.date, time));
                    } else if closed(&room) && spans.iter().any(|gone| meets(gone, session.date, time)) {
                        self.hits(name(s), i);
                        self.taken_apart.insert(number);
                    }
                }
            }
        }
        let gone = |room: &str| {
            let used = needed.get(room).into_iter().flatten();
            used.fold(spans.to_vec(), |spans, hole| without(&spans, hole))
        };
        for centre in self.raw.centres.iter_mut().filter(|c| c.id == k) {
            for room in centre.exam_rooms.iter_mut().filter(|r| closed(&r.id)) {
                room.unavailable.extend(gone(&room.id));
            }
            for room in centre.preparation_rooms.iter_mut().filter(|r| closed(&r.id)) {
                room.unavailable.extend(gone(&room.id));
            }
        }
    }

    fn longer(&mut self, event: &Event) {
        let (Some(k), Some(date), Some(to)) = (&event.centre, event.date, event.to) else { return };
        let mut before = None;
        for open in self.raw.centres.iter_mut().filter(|c| c.id == *k).flat_map(|c| &mut c.open) {
            if open.date == date && open.to < to {
                before = Some(open.to);
                open.to = to;
            }
        }
        let Some(before) = before else {
            self.remarks.push(tr!(
                "{k} is already open to {to} or later on {date}, or closed that day",
                "{k} est déjà ouvert jusqu'à {to} ou plus tard le {date}, ou fermé ce jour-là"
            ));
            return;
        };
        // The other centres and dates keep to their opening hours.
        if let Some(last) = self.raw.policy.half_days.iter_mut().max_by_key(|h| h.1)
            && last.1 < to
        {
            let old = last.1;
            last.1 = to;
            for centre in &mut self.raw.centres {
                for open in centre.open.iter_mut().filter(|o| o.to > old && (o.date != date || centre.id != *k)) {
                    open.to = old;
                }
            }
        }
        for x in &event.examiners {
            let hours = RawSpan { date, from: before, to };
            self.called.push((x.clone(), hours));
            let available = &mut free(&mut self.raw, x).available;
            available.push(hours);
            join(available);
        }
    }

    fn each_oral(&mut self, i: usize, event: &Event, candidate: &str, change: impl Fn(&mut RawOral)) {
        let wanted = |exam: &str| event.exam.as_ref().is_none_or(|e| e == exam);
        for who in self.raw.candidates.iter_mut().filter(|c| c.id == candidate) {
            for oral in who.orals.iter_mut().filter(|o| wanted(&o.exam)) {
                let name = (candidate.to_string(), oral.exam.clone());
                if self.frozen.contains(&name) {
                    let exam = &oral.exam;
                    self.remarks.push(tr!(
                        "{candidate} {exam} has been heard or is under way: it stays",
                        "{candidate} {exam} a été entendu ou est en cours : il reste"
                    ));
                } else {
                    change(oral);
                    self.hit.entry(name).or_insert(Cause::Event(i));
                }
            }
        }
    }

    fn away(&mut self, i: usize, candidate: &str, spans: &[RawSpan]) {
        let own = self.plan.sittings().filter(|s| s.sitting.raw.candidate == candidate);
        let mut gone = spans.to_vec();
        for s in own {
            let block = s.sitting.block();
            if self.is_frozen(s.sitting) {
                gone = without(&gone, &span(s.session.date, block));
            } else if spans.iter().any(|g| meets(g, s.session.date, block)) {
                self.hits(name(s.sitting), i);
            }
        }
        for who in self.raw.candidates.iter_mut().filter(|c| c.id == candidate) {
            who.unavailable.extend(gone.iter().copied());
        }
    }
}

fn name(s: &PlanSitting) -> OralName {
    (s.raw.candidate.clone(), s.raw.exam.clone())
}

fn pin(candidate: &str, exam: &str) -> RawPin {
    RawPin {
        candidate: candidate.to_string(),
        exam: exam.to_string(),
        date: None,
        start: None,
        centre: None,
        room: None,
        examiner: None,
    }
}

fn free<'r>(raw: &'r mut RawInstance, id: &str) -> &'r mut RawExaminer {
    raw.examiners.iter_mut().find(|x| x.id == id).expect("the reader knows every examiner named")
}

fn span(date: NaiveDate, time: Interval) -> RawSpan {
    RawSpan { date, from: Clock(time.from.max(0)), to: Clock(time.to.min(END)) }
}

fn time(span: &RawSpan) -> Interval {
    Interval::new(span.from.0, span.to.0)
}

fn meets(gone: &RawSpan, date: NaiveDate, own: Interval) -> bool {
    gone.date == date && time(gone).meets(own)
}

/// What is left of the spans once `hole` is taken away.
fn without(spans: &[RawSpan], hole: &RawSpan) -> Vec<RawSpan> {
    let cut = |s: &RawSpan| -> Vec<RawSpan> {
        if s.date != hole.date {
            return vec![*s];
        }
        let date = s.date;
        time(s).without(time(hole)).map(|part| span(date, part)).collect()
    };
    spans.iter().flat_map(cut).collect()
}

/// Joins spans that touch: a session must lie within one of them.
fn join(spans: &mut Vec<RawSpan>) {
    spans.sort_by_key(|s| (s.date, s.from));
    let mut joined: Vec<RawSpan> = Vec::new();
    for s in spans.drain(..) {
        match joined.last_mut() {
            Some(last) if last.date == s.date && s.from <= last.to => last.to = last.to.max(s.to),
            _ => joined.push(s),
        }
    }
    *spans = joined;
}
