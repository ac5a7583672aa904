//! A schedule read against its instance: ids resolved, sittings sorted. It accepts any schedule, however
//! wrong: what does not resolve stays `None`, and the rule that it breaks says so.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{Schedule, Session, Sitting};
use crate::instance::*;

/// A schedule read against its instance.
#[derive(Debug)]
pub struct Plan<'a> {
    /// The instance.
    pub instance: &'a Instance,
    /// The schedule as read.
    pub schedule: &'a Schedule,
    /// The published schedule that this one re-plans.
    pub baseline: Option<&'a Plan<'a>>,
    /// Its sessions, in the schedule's order.
    pub sessions: Vec<PlanSession<'a>>,
    by_oral: BTreeMap<OralIx, Vec<(usize, usize)>>,
    by_candidate: Table<CandidateIx, Vec<(usize, usize)>>,
    by_examiner: BTreeMap<(ExaminerIx, NaiveDate), Vec<usize>>,
}

/// A session read against the instance.
#[derive(Debug)]
pub struct PlanSession<'a> {
    /// As read.
    pub raw: &'a Session,
    /// The kind of commission, if known.
    pub commission: Option<CommissionIx>,
    /// The centre, if known.
    pub centre: Option<CentreIx>,
    /// The exam room, if the centre has it.
    pub room: Option<RoomIx>,
    /// The date.
    pub date: NaiveDate,
    /// The half-day in which all sittings lie, if there is one.
    pub half: Option<usize>,
    /// Which given session it is, if the instance has it.
    pub given: Option<GivenIx>,
    /// The filled seats.
    pub members: Vec<Member<'a>>,
    /// The sittings in order of time.
    pub sittings: Vec<PlanSitting<'a>>,
    /// From the first start to the last end.
    pub span: Interval,
}

/// A filled seat.
#[derive(Debug, Clone, Copy)]
pub struct Member<'a> {
    /// The seat's name.
    pub seat: &'a str,
    /// Its number in the commission, if it has it.
    pub seat_ix: Option<usize>,
    /// The examiner's id.
    pub id: &'a str,
    /// The examiner, if known.
    pub examiner: Option<ExaminerIx>,
}

/// A sitting read against the instance.
#[derive(Debug)]
pub struct PlanSitting<'a> {
    /// As read.
    pub raw: &'a Sitting,
    /// The candidate, if known.
    pub candidate: Option<CandidateIx>,
    /// The exam, if known.
    pub exam: Option<ExamIx>,
    /// The oral, if the candidate has it.
    pub oral: Option<OralIx>,
    /// The preparation room, if the centre has it.
    pub preparation_room: Option<PrepIx>,
    /// From the start of preparation to the start of the oral.
    pub preparation: Interval,
    /// From the start to the end of the oral.
    pub time: Interval,
}

impl PlanSitting<'_> {
    /// What it takes from the candidate's day.
    pub fn block(&self) -> Interval {
        Interval::new(self.preparation.from, self.time.to)
    }
    /// `C0012 E4`.
    pub fn name(&self) -> String {
        format!("{} {}", self.raw.candidate, self.raw.exam)
    }
}

/// A sitting with the session that hears it.
#[derive(Debug, Clone, Copy)]
pub struct Sat<'p, 'a> {
    /// The session.
    pub session: &'p PlanSession<'a>,
    /// The sitting.
    pub sitting: &'p PlanSitting<'a>,
}

impl Sat<'_, '_> {
    /// Whether anything that people were told of it is otherwise: date, centre, room, hours, preparation, commission.
    pub fn told_otherwise(&self, published: &Sat) -> bool {
        let told = |sat: &Sat| {
            let (session, s) = (sat.session.raw, sat.sitting.raw);
            let hours = (s.preparation_start, s.start, s.end);
            let rooms = (session.room.clone(), s.preparation_room.clone());
            (session.date, session.centre.clone(), hours, rooms, session.members.clone())
        };
        told(self) != told(published)
    }
}

impl<'a> Plan<'a> {
    /// Reads the schedule against the instance.
    pub fn new(instance: &'a Instance, schedule: &'a Schedule, baseline: Option<&'a Plan<'a>>) -> Plan<'a> {
        let sessions: Vec<PlanSession> = schedule.sessions.iter().map(|s| resolve(instance, s)).collect();
        let mut by_oral: BTreeMap<OralIx, Vec<(usize, usize)>> = BTreeMap::new();
        let mut by_candidate: Table<CandidateIx, Vec<(usize, usize)>> =
            instance.candidates.iter().map(|_| Vec::new()).collect();
        let mut by_examiner: BTreeMap<(ExaminerIx, NaiveDate), Vec<usize>> = BTreeMap::new();
        for (i, session) in sessions.iter().enumerate() {
            for (j, sitting) in session.sittings.iter().enumerate() {
                if let Some(c) = sitting.candidate {
                    by_candidate[c].push((i, j));
                }
                if let Some(o) = sitting.oral {
                    by_oral.entry(o).or_default().push((i, j));
                }
            }
            for member in &session.members {
                if let Some(x) = member.examiner {
                    let own = by_examiner.entry((x, session.date)).or_default();
                    if own.last() != Some(&i) {
                        own.push(i);
                    }
                }
            }
        }
        for c in instance.candidates.indices() {
            by_candidate[c].sort_by_key(|&(i, j)| (sessions[i].date, sessions[i].sittings[j].block()));
        }
        for own in by_examiner.values_mut() {
            own.sort_by_key(|&i| sessions[i].span);
        }
        Plan { instance, schedule, baseline, sessions, by_oral, by_candidate, by_examiner }
    }

    /// Every sitting.
    pub fn sittings(&self) -> impl Iterator<Item = Sat<'_, 'a>> {
        self.sessions.iter().flat_map(|session| session.sittings.iter().map(move |sitting| Sat { session, sitting }))
    }
    /// The sittings of an oral: one, if the schedule is sane.
    pub fn of_oral(&self, o: OralIx) -> impl Iterator<Item = Sat<'_, 'a>> {
        self.by_oral.get(&o).into_iter().flatten().map(|&at| self.sat(at))
    }
    /// A candidate's sittings in order of date and time.
    pub fn of_candidate(&self, c: CandidateIx) -> impl Iterator<Item = Sat<'_, 'a>> {
        self.by_candidate[c].iter().map(|&at| self.sat(at))
    }
    /// A candidate's sittings, date by date, each in order of time.
    pub fn candidate_days(&self, c: CandidateIx) -> Vec<(NaiveDate, Vec<Sat<'_, 'a>>)> {
        let mut days: Vec<(NaiveDate, Vec<Sat>)> = Vec::new();
        for sat in self.of_candidate(c) {
            match days.last_mut() {
                Some((date, day)) if *date == sat.session.date => day.push(sat),
                _ => days.push((sat.session.date, vec![sat])),
            }
        }
        days
    }
    /// Every convened examiner and date, with the sessions in order of time.
    pub fn examiner_days(&self) -> impl Iterator<Item = (ExaminerIx, NaiveDate, Vec<&PlanSession<'a>>)> {
        self.by_examiner.iter().map(|(&(x, date), own)| (x, date, own.iter().map(|&i| &self.sessions[i]).collect()))
    }
    /// Who is convened when and where, by id, so that two plans can be compared.
    pub fn convened(&self) -> BTreeSet<(&str, NaiveDate, &str)> {
        let each = self.sessions.iter();
        each.flat_map(|s| s.members.iter().map(|m| (m.id, s.date, s.raw.centre.as_str()))).collect()
    }
    /// Sessions by exam room and date, in order of time.
    pub fn room_days(&self) -> BTreeMap<(RoomIx, NaiveDate), Vec<&PlanSession<'a>>> {
        let mut days: BTreeMap<_, Vec<&PlanSession>> = BTreeMap::new();
        for s in &self.sessions {
            if let Some(room) = s.room {
                days.entry((room, s.date)).or_default().push(s);
            }
        }
        for own in days.values_mut() {
            own.sort_by_key(|s| s.span);
        }
        days
    }

    fn sat(&self, (i, j): (usize, usize)) -> Sat<'_, 'a> {
        Sat { session: &self.sessions[i], sitting: &self.sessions[i].sittings[j] }
    }
}

fn resolve<'a>(instance: &Instance, raw: &'a Session) -> PlanSession<'a> {
    let commission = instance.regulation.commission(&raw.commission);
    let centre = instance.centre(&raw.centre);
    let members = raw
        .members
        .iter()
        .map(|(seat, id)| Member {
            seat,
            seat_ix: commission
                .and_then(|k| instance.regulation.commissions[k].seats.iter().position(|s| s.id == *seat)),
            id,
            examiner: instance.examiner(id),
        })
        .collect();
    let mut sittings: Vec<PlanSitting> = raw
        .sittings
        .iter()
        .map(|s| {
            let candidate = instance.candidate(&s.candidate);
            let exam = instance.regulation.exam(&s.exam);
            PlanSitting {
                raw: s,
                candidate,
                exam,
                oral: candidate.zip(exam).and_then(|(c, e)| instance.oral(c, e)),
                preparation_room: centre
                    .zip(s.preparation_room.as_ref())
                    .and_then(|(c, room)| instance.preparation_room(c, room)),
                preparation: Interval::new(s.preparation_start.0, s.start.0),
                time: Interval::new(s.start.0, s.end.0),
            }
        })
        .collect();
    sittings.sort_by_key(|s| (s.time, s.preparation));
    let span = Interval::new(
        sittings.first().map_or(0, |s| s.time.from),
        sittings.iter().map(|s| s.time.to).max().unwrap_or(0),
    );
    PlanSession {
        raw,
        commission,
        centre,
        room: centre.and_then(|c| instance.room(c, &raw.room)),
        date: raw.date,
        half: instance.half_day_of(span),
        given: raw.given.as_ref().and_then(|id| instance.given_session(id)),
        members,
        sittings,
        span,
    }
}
