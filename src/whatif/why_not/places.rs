//! The nearest places of an oral in the plan as it stands: carried out one by one, whatever they break, and judged by
//! the checker.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::instance::*;
use crate::schedule::{Plan, PlanSession, Sitting};
use crate::whatif::Effort;
use crate::whatif::ask::Asked;
use crate::whatif::place::{self, Change, Hearing, Tried};

/// How many places the checker looks at, at most.
const LOOKED_AT: usize = 240;
/// How many are told.
const TOLD: usize = 3;

/// The places that break the fewest rules, no two of them for the same reasons.
pub(super) fn nearest(plan: &Plan, asked: &Asked, o: OralIx, effort: &Effort) -> Vec<Tried> {
    let search = Search { plan, chain: chain(plan, o), oral: o };
    let hearings = search.hearings(asked).into_iter().take_while(|_| !effort.stopped());
    let tried = hearings.map(|h| Tried::new(plan.instance, plan.schedule, Change::Hear(h))).collect();
    place::nearest(tried, TOLD)
}

/// The oral with what it follows and what follows it, as far as they are heard: they move together.
fn chain(plan: &Plan, o: OralIx) -> Vec<OralIx> {
    let instance = plan.instance;
    let mut chain = vec![o];
    while let Some(lead) = instance.lead_of(chain[0]) {
        chain.insert(0, lead);
    }
    let own = &instance.candidates[instance.orals[o].candidate].orals;
    while let Some(&next) = own.iter().find(|&&f| {
        instance.orals[f].status == Status::Due
            && instance.lead_of(f) == chain.last().copied()
            && plan.of_oral(f).next().is_some()
    }) {
        chain.push(next);
    }
    chain
}

struct Search<'p, 'a> {
    plan: &'p Plan<'a>,
    /// The orals that move, in order.
    chain: Vec<OralIx>,
    /// The one that is asked for.
    oral: OralIx,
}

impl<'p, 'a> Search<'p, 'a> {
    fn hearings(&self, asked: &Asked) -> Vec<Hearing> {
        let Asked::Oral { date, start, centre, room, .. } = asked else { unreachable!("asked of an oral") };
        let instance = self.plan.instance;
        let dates: Vec<NaiveDate> = date.map_or_else(|| instance.dates.iter().copied().collect(), |d| vec![d]);
        let candidate = &instance.candidates[instance.orals[self.oral].candidate];
        let centres: Vec<CentreIx> = match (centre, room) {
            (Some(z), _) => vec![*z],
            (None, Some(room)) => {
                let with = |z: &CentreIx| instance.room(*z, room).is_some();
                let own: Vec<CentreIx> = candidate.centres.iter().copied().filter(with).collect();
                if own.is_empty() { instance.centres.indices().filter(with).collect() } else { own }
            }
            (None, None) if candidate.centres.is_empty() => instance.centres.indices().collect(),
            (None, None) => candidate.centres.iter().copied().collect(),
        };
        let mut found = Vec::new();
        for &date in &dates {
            for &z in &centres {
                let rooms: Vec<&str> = match room {
                    Some(room) => vec![room.as_str()],
                    None => instance.centres[z].rooms.iter().map(|&r| instance.rooms[r].id.as_str()).collect(),
                };
                self.in_cell(date, z, &rooms, *start, &mut found);
            }
        }
        // Where there are too many to look at all: evenly spread.
        let every = found.len().div_ceil(LOOKED_AT).max(1);
        found.into_iter().step_by(every).collect()
    }

    /// Places in one centre on one date: in the sessions that there are, and in new ones.
    fn in_cell(&self, date: NaiveDate, z: CentreIx, rooms: &[&str], start: Option<Minutes>, found: &mut Vec<Hearing>) {
        let instance = self.plan.instance;
        let oral = &instance.orals[self.oral];
        let k = instance.exam_of(self.oral).commission;
        let language = if instance.regulation.commissions[k].has_language { oral.language.clone() } else { None };
        let first = start.map(|s| s - self.before());
        let sessions = self.plan.sessions.iter().filter(|s| {
            s.date == date
                && s.centre == Some(z)
                && s.commission == Some(k)
                && s.raw.language == language
                && rooms.contains(&s.raw.room.as_str())
        });
        for session in sessions {
            let half = session.half.map(|h| instance.half_days[h]);
            let starts = match first {
                Some(s) => vec![s],
                None => self.beside(session),
            };
            for s in starts.into_iter().filter(|&s| half.is_none_or(|h| h.contains(self.time(s)))) {
                let members = session.raw.members.clone();
                found.extend(self.hearing(Some(session.raw.id.clone()), z, &session.raw.room, date, members, s));
            }
        }
        let hours = match first {
            Some(s) => vec![s],
            None => instance.half_days.iter().flat_map(|h| (h.from..h.to).step_by(60)).collect(),
        };
        for s in hours {
            let members = self.members(k, language.as_deref(), z, date, self.time(s));
            for room in rooms {
                found.extend(self.hearing(None, z, room, date, members.clone(), s));
            }
        }
    }

    /// Minutes of the chain before the oral that is asked for.
    fn before(&self) -> Minutes {
        let leads = self.chain.iter().take_while(|&&o| o != self.oral);
        leads.map(|&o| self.plan.instance.orals[o].duration).sum()
    }

    fn time(&self, start: Minutes) -> Interval {
        let length: Minutes = self.chain.iter().map(|&o| self.plan.instance.orals[o].duration).sum();
        Interval::new(start, start + length)
    }

    /// Starts before, between and after the sittings of a session.
    fn beside(&self, session: &PlanSession) -> Vec<Minutes> {
        let length = self.time(0).to;
        let mut starts = BTreeSet::new();
        for s in &session.sittings {
            let after = s.exam.map_or(0, |e| self.plan.instance.regulation.exams[e].turnaround);
            let own = self.chain.last().map_or(0, |&o| self.plan.instance.exam_of(o).turnaround);
            starts.extend([s.time.from, s.time.to + after, s.time.from - own - length]);
        }
        starts.retain(|&s| s >= 0 && s + length <= 24 * 60);
        starts.into_iter().collect()
    }

    fn hearing(
        &self,
        session: Option<String>,
        z: CentreIx,
        room: &str,
        date: NaiveDate,
        members: BTreeMap<String, String>,
        start: Minutes,
    ) -> Option<Hearing> {
        let instance = self.plan.instance;
        let mut at = start;
        let mut sittings = Vec::new();
        for &o in &self.chain {
            let oral = &instance.orals[o];
            let preparation = Interval::new(at - oral.preparation, at);
            if preparation.from < 0 || at + oral.duration >= 24 * 60 {
                return None;
            }
            sittings.push(Sitting {
                candidate: instance.candidates[oral.candidate].id.clone(),
                exam: instance.exam_of(o).id.clone(),
                preparation_room: (oral.preparation > 0).then(|| self.preparation_room(z, date, preparation)).flatten(),
                preparation_start: Clock(preparation.from),
                start: Clock(at),
                end: Clock(at + oral.duration),
            });
            at += oral.duration;
        }
        let oral = &instance.orals[self.oral];
        let commission = &instance.regulation.commissions[instance.exam_of(self.oral).commission];
        Some(Hearing {
            session,
            commission: commission.id.clone(),
            language: if commission.has_language { oral.language.clone() } else { None },
            centre: instance.centres[z].id.clone(),
            room: room.to_string(),
            date,
            members,
            sittings,
        })
    }

    /// The preparation room of the centre with the most seats left then, of those that fit if there are any.
    fn preparation_room(&self, z: CentreIx, date: NaiveDate, time: Interval) -> Option<String> {
        let instance = self.plan.instance;
        let candidate = &instance.candidates[instance.orals[self.oral].candidate];
        let taken = |p: PrepIx| {
            let own = self.plan.sittings().filter(|s| {
                s.session.date == date
                    && s.sitting.preparation_room == Some(p)
                    && s.sitting.preparation.meets(time)
                    && s.sitting.oral.is_none_or(|o| !self.chain.contains(&o))
            });
            let alone =
                |s: &crate::schedule::Sat| s.sitting.candidate.is_some_and(|c| instance.candidates[c].prepares_alone);
            own.map(|s| if alone(&s) { 1_000 } else { 1 }).sum::<i64>()
        };
        let best = instance.centres[z].preparation_rooms.iter().copied().max_by_key(|&p| {
            let room = &instance.preparation_rooms[p];
            let closed = room.unavailable.iter().any(|u| u.date == date && u.time.meets(time));
            let used = taken(p);
            let left = if candidate.prepares_alone && used > 0 { -used } else { i64::from(room.seats) - used };
            (room.accessible || !candidate.needs_accessible, !closed, left.min(1), left)
        })?;
        Some(instance.preparation_rooms[best].id.clone())
    }

    /// Who would hold the seats of a new session: for each, the one against whom the least speaks. An optional seat
    /// stays empty if anything speaks against everybody.
    fn members(
        &self,
        k: CommissionIx,
        language: Option<&str>,
        z: CentreIx,
        date: NaiveDate,
        time: Interval,
    ) -> BTreeMap<String, String> {
        let instance = self.plan.instance;
        let mut chosen: BTreeMap<String, String> = BTreeMap::new();
        for seat in &instance.regulation.commissions[k].seats {
            let able = instance.examiners.enumerate().filter(|(_, x)| seat.accepts(&x.qualifications, language));
            let free = able.filter(|(_, x)| !chosen.values().any(|id| *id == x.id));
            let best = free.map(|(x, _)| (self.against(x, z, date, time), x)).min();
            if let Some((against, x)) = best
                && (seat.required || against == 0)
            {
                chosen.insert(seat.id.clone(), instance.examiners[x].id.clone());
            }
        }
        chosen
    }

    /// How many rules speak against an examiner in a session then; a choice, not a verdict.
    fn against(&self, x: ExaminerIx, z: CentreIx, date: NaiveDate, time: Interval) -> usize {
        let instance = self.plan.instance;
        let examiner = &instance.examiners[x];
        let presence = Interval::new(time.from - instance.policy.briefing as Minutes, time.to);
        let days: Vec<(NaiveDate, Vec<&PlanSession>)> =
            self.plan.examiner_days().filter(|(who, _, _)| *who == x).map(|(_, d, own)| (d, own)).collect();
        let that: Vec<&PlanSession> =
            days.iter().filter(|(d, _)| *d == date).flat_map(|(_, own)| own.iter().copied()).collect();
        let heard: Minutes = that.iter().flat_map(|s| &s.sittings).map(|p| p.time.minutes()).sum();
        let sittings = that.iter().map(|s| s.sittings.len()).sum::<usize>() + self.chain.len();
        let policy = &instance.policy;
        let speaks = [
            !examiner.available.iter().any(|a| a.date == date && a.time.contains(presence)),
            instance.events.iter().any(|e| e.date == date && e.time.meets(presence) && e.concerns(x, examiner)),
            instance.partial(instance.orals[self.oral].candidate, x),
            that.iter().any(|s| s.centre != Some(z)),
            that.iter().any(|s| s.span.meets(time)),
            examiner.centres.as_ref().is_some_and(|own| !own.contains(&z)) || examiner.reserve,
            that.is_empty() && examiner.max_days.is_some_and(|most| days.len() >= most as usize),
            heard + time.minutes() > policy.examiner_minutes_a_day as Minutes,
            instance.sittings_a_day(x).is_some_and(|most| sittings > most as usize),
        ];
        speaks.into_iter().filter(|s| *s).count()
    }
}
