//! Who can still be told, and be there in time: what a re-plan of the morning may not ask of anybody.
//!
//! What begins within the notice, and within the way of those who are not on site yet, stays unless an event hits it. What is
//! moved begins after notice and way; nobody comes earlier than they were told, unless that is asked for or they are there
//! anyway. All of it goes into the amended instance, as hours before which an oral may not begin and as availabilities, so
//! that the checker judges a plan by it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime, Timelike};

use super::{END, OralName, Work, begins, free, join, name, pin, span, without};
use crate::instance::time::{Clock, Moment};
use crate::instance::{CentreIx, Instance, Interval, Kilometres, Minutes, RawSpan};
use crate::schedule::{Plan, Schedule};

/// What a re-plan at an hour of the morning may ask of people.
#[derive(Clone, Copy, Debug)]
pub struct Notice {
    /// Minutes between the call and what is asked for; the way comes on top.
    pub minutes: Minutes,
    /// Whether somebody may be asked to come earlier than they were told.
    pub allow_earlier: bool,
}

/// The way in minutes, at 60 km/h.
fn way(km: Kilometres) -> Minutes {
    Minutes::try_from(km).unwrap_or(Minutes::MAX / 8).min(Minutes::MAX / 8)
}

fn after(moment: NaiveDateTime, minutes: Minutes) -> NaiveDateTime {
    moment + chrono::Duration::minutes(i64::from(minutes))
}

fn moment(at: NaiveDateTime) -> Moment {
    let minute = (at.time().num_seconds_from_midnight() as Minutes + 59) / 60;
    Moment { date: at.date(), time: Clock(minute.min(END)) }
}

impl Work<'_> {
    /// Who is on site: something of theirs has begun there today.
    fn present(&self) -> BTreeSet<(String, CentreIx)> {
        let mut present = BTreeSet::new();
        for s in self.plan.sittings() {
            let Some((z, now)) = s.session.centre.and_then(|z| Some((z, self.now_at(Some(z))?))) else { continue };
            if s.session.date == now.date() && begins(s.session.date, s.sitting.block().from) <= now {
                present.insert((s.sitting.raw.candidate.clone(), z));
                present.extend(s.session.members.iter().map(|m| (m.id.to_string(), z)));
            }
        }
        present
    }

    /// From when on a candidate who is called now can begin at a centre.
    fn earliest(
        &self,
        notice: Notice,
        present: &BTreeSet<(String, CentreIx)>,
        candidate: &str,
        z: CentreIx,
    ) -> Option<NaiveDateTime> {
        let now = self.now_at(Some(z))?;
        let there = present.contains(&(candidate.to_string(), z));
        let km = self.instance.candidate(candidate).map_or(0, |c| self.instance.candidates[c].km[z]);
        Some(after(now, notice.minutes + if there { 0 } else { way(km) }))
    }

    /// Lets stay what begins so soon that nobody can be told, where no event hits it.
    pub(super) fn stays(&mut self) {
        let Some(notice) = self.notice else { return };
        let present = self.present();
        let soon: Vec<OralName> = self
            .plan
            .sittings()
            .filter(|s| !self.is_frozen(s.sitting) && !self.hit.contains_key(&name(s.sitting)))
            .filter(|s| {
                let earliest =
                    s.session.centre.and_then(|z| self.earliest(notice, &present, &s.sitting.raw.candidate, z));
                earliest.is_some_and(|t| begins(s.session.date, s.sitting.block().from) < t)
            })
            .map(|s| name(s.sitting))
            .collect();
        self.soon.extend(soon);
    }

    /// Says of each oral that may move before when it may not begin, and cuts today's hours of the examiners who would have to be
    /// called.
    pub(super) fn give_notice(&mut self) {
        let Some(notice) = self.notice else { return };
        if self.now.is_none() {
            return;
        }
        let present = self.present();
        // What stays of each candidate's dates: who is there anyway may begin earlier.
        let mut first: BTreeMap<(&str, NaiveDate), NaiveDateTime> = BTreeMap::new();
        for s in self.plan.sittings().filter(|s| !self.hit.contains_key(&name(s.sitting))) {
            let at = begins(s.session.date, s.sitting.block().from);
            let own = first.entry((&s.sitting.raw.candidate, s.session.date)).or_insert(at);
            *own = at.min(*own);
        }
        let published: BTreeMap<OralName, (Option<CentreIx>, NaiveDate, NaiveDateTime)> = self
            .plan
            .sittings()
            .map(|s| {
                let at = begins(s.session.date, s.sitting.block().from);
                (name(s.sitting), (s.session.centre, s.session.date, at))
            })
            .collect();
        let mut limits: Vec<(OralName, NaiveDateTime)> = Vec::new();
        for candidate in &self.raw.candidates {
            let nearest = self.instance.candidate(&candidate.id).and_then(|c| {
                let own = &self.instance.candidates[c];
                own.centres.iter().copied().min_by_key(|&z| own.km[z])
            });
            for oral in &candidate.orals {
                let key = (candidate.id.clone(), oral.exam.clone());
                if self.frozen.contains(&key) || self.soon.contains(&key) {
                    continue;
                }
                let was = published.get(&key);
                let centre = was.and_then(|w| w.0).or(nearest);
                let Some(mut limit) = centre.and_then(|z| self.earliest(notice, &present, &candidate.id, z)) else {
                    continue;
                };
                if let Some(&(_, date, at)) = was {
                    // With somebody else, or in another room, it can still be heard at its hour.
                    let kept = at.min(limit);
                    let earlier = first.get(&(candidate.id.as_str(), date)).copied().unwrap_or(at).min(at);
                    limit = match () {
                        _ if self.late.contains_key(&key) => self.late[&key].max(limit),
                        _ if notice.allow_earlier => kept,
                        _ => kept.max(earlier),
                    };
                }
                if let Some(&late) = self.late.get(&key) {
                    limit = limit.max(late);
                }
                limits.push((key, limit));
            }
        }
        let limits: BTreeMap<OralName, NaiveDateTime> = limits.into_iter().collect();
        for candidate in &mut self.raw.candidates {
            for oral in &mut candidate.orals {
                if let Some(&limit) = limits.get(&(candidate.id.clone(), oral.exam.clone())) {
                    let limit = moment(limit);
                    let later = |m: &Moment| (m.date, m.time) > (limit.date, limit.time);
                    oral.not_before = oral.not_before.filter(later).or(Some(limit));
                }
            }
        }
        self.call_in_time(notice, &present);
    }

    /// Today, an examiner serves in the sessions of the published plan that they were told of, and else from the hour on at which
    /// they can be there.
    fn call_in_time(&mut self, notice: Notice, present: &BTreeSet<(String, CentreIx)>) {
        let instance = self.instance;
        let briefing = instance.policy.briefing as Minutes;
        for (x, examiner) in instance.examiners.enumerate() {
            let id = &examiner.id;
            let mine = &self.plan.sessions;
            let own = || mine.iter().filter(|s| s.members.iter().any(|m| m.examiner == Some(x)));
            let there = instance.centres.indices().find(|&z| present.contains(&(id.clone(), z)));
            let all = || instance.centres.indices();
            let may = |z: &CentreIx| examiner.centres.as_ref().is_none_or(|own| own.contains(z));
            let near = all().filter(may).min_by_key(|&z| examiner.km[z]);
            let today = self.now_at(near).map(|n| n.date());
            let called = own().find(|s| Some(s.date) == today).and_then(|s| s.centre);
            let Some(z) = there.or(called).or(near) else { continue };
            let Some(now) = self.now_at(Some(z)) else { continue };
            let lead = notice.minutes + if there == Some(z) { 0 } else { way(examiner.km[z]) };
            let mut from = after(now, lead);
            if let Some(&late) = self.late_examiners.get(id) {
                from = from.max(late);
            }
            let until = if from.date() > now.date() { END } else { moment(from).time.0 };
            // Sittings heard before that hour, as they were told of them.
            let told: Vec<RawSpan> = own()
                .filter(|s| s.date == now.date() && !s.sittings.is_empty())
                .map(|s| span(s.date, Interval::new(s.span.from - briefing, s.span.to)))
                .collect();
            let said: Vec<RawSpan> = self.called.iter().filter(|(who, _)| who == id).map(|(_, s)| *s).collect();
            let before = free(&mut self.raw, id).available.clone();
            let cut = RawSpan { date: now.date(), from: Clock(0), to: Clock(until) };
            let mut left = without(&before, &cut);
            for kept in told.iter().chain(&said) {
                // Only what is still theirs: who is absent does not come back.
                left.extend(before.iter().filter_map(|own| meet(own, kept)));
            }
            join(&mut left);
            free(&mut self.raw, id).available = left;
        }
    }

    /// An oral that no event touches stays in the plan, wherever: a pin without fields.
    pub(super) fn nobody_else_pays(&mut self) {
        let pinned: BTreeSet<OralName> = self.raw.pins.iter().map(|p| (p.candidate.clone(), p.exam.clone())).collect();
        let names: BTreeSet<OralName> = self.plan.sittings().map(|s| name(s.sitting)).collect();
        let known = |(c, e): &OralName| {
            self.raw.candidates.iter().any(|own| own.id == *c && own.orals.iter().any(|o| o.exam == *e))
        };
        let due = |n: &OralName| {
            let (c, e) = (self.instance.candidate(&n.0), self.instance.regulation.exam(&n.1));
            let oral = c.zip(e).and_then(|(c, e)| self.instance.oral(c, e));
            oral.is_some_and(|o| self.instance.orals[o].status == crate::instance::Status::Due)
        };
        let new: Vec<OralName> = names
            .into_iter()
            .filter(|n| !self.hit.contains_key(n) && !pinned.contains(n) && known(n) && due(n))
            .collect();
        self.raw.pins.extend(new.iter().map(|(c, e)| pin(c, e)));
    }
}

/// What two spans of a date have in common.
fn meet(a: &RawSpan, b: &RawSpan) -> Option<RawSpan> {
    let (from, to) = (a.from.max(b.from), a.to.min(b.to));
    (a.date == b.date && from < to).then_some(RawSpan { date: a.date, from, to })
}

/// Who would have to be there sooner than they can: by oral and by examiner, from when on they could.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TooSoon {
    /// By oral.
    pub orals: BTreeMap<OralName, NaiveDateTime>,
    /// By examiner.
    pub examiners: BTreeMap<String, NaiveDateTime>,
}

impl TooSoon {
    /// Whether everybody can be there.
    pub fn is_empty(&self) -> bool {
        self.orals.is_empty() && self.examiners.is_empty()
    }

    /// With what was found before.
    pub fn with(mut self, other: &TooSoon) -> TooSoon {
        for (key, &at) in &other.orals {
            let own = self.orals.entry(key.clone()).or_insert(at);
            *own = at.max(*own);
        }
        for (key, &at) in &other.examiners {
            let own = self.examiners.entry(key.clone()).or_insert(at);
            *own = at.max(*own);
        }
        self
    }
}

/// What of a new schedule asks somebody to be there sooner than they can: an oral that is moved, or goes to another centre, and
/// an examiner who was not called there today, both with notice and way.
pub(in crate::replan) fn too_soon(
    plan: &Plan,
    new: &Schedule,
    after_events: &Instance,
    asked: &BTreeSet<String>,
    now: Option<NaiveDateTime>,
    notice: Notice,
) -> TooSoon {
    let mut found = TooSoon::default();
    let fresh = Plan::new(after_events, new, None);
    let was: BTreeMap<OralName, (Option<CentreIx>, NaiveDateTime)> = plan
        .sittings()
        .map(|s| (name(s.sitting), (s.session.centre, begins(s.session.date, s.sitting.block().from))))
        .collect();
    // Who is on site: something of theirs has begun there today.
    let here = |z: CentreIx| super::local(after_events, Some(z), now);
    let begun = |date: NaiveDate, from: Minutes, z: CentreIx| {
        here(z).is_some_and(|n| date == n.date() && begins(date, from) <= n)
    };
    let mut present: BTreeSet<(String, CentreIx)> = BTreeSet::new();
    let mut called: BTreeSet<(String, CentreIx, NaiveDate)> = BTreeSet::new();
    for s in plan.sittings() {
        let Some(z) = s.session.centre else { continue };
        let people = s.session.members.iter().map(|m| m.id.to_string());
        called.extend(people.clone().map(|id| (id, z, s.session.date)));
        if begun(s.session.date, s.sitting.block().from, z) {
            present.insert((s.sitting.raw.candidate.clone(), z));
            present.extend(people.map(|id| (id, z)));
        }
    }
    for s in fresh.sittings() {
        let Some((z, t)) = s.session.centre.and_then(|z| Some((z, here(z)?))) else { continue };
        let (key, at) = (name(s.sitting), begins(s.session.date, s.sitting.block().from));
        let same = was.get(&key).is_some_and(|&(centre, old)| centre == Some(z) && old == at);
        if !same && let Some(c) = s.sitting.candidate {
            let km = if present.contains(&(key.0.clone(), z)) { 0 } else { after_events.candidates[c].km[z] };
            let can = after(t, notice.minutes + way(km));
            if at < can {
                found.orals.insert(key, can);
            }
        }
    }
    let briefing = after_events.policy.briefing as Minutes;
    for session in fresh.sessions.iter().filter(|s| !s.sittings.is_empty()) {
        let Some((z, t)) = session.centre.and_then(|z| Some((z, here(z)?))) else { continue };
        for (id, x) in session.members.iter().filter_map(|m| Some((m.id.to_string(), m.examiner?))) {
            let told = asked.contains(&id) || called.contains(&(id.clone(), z, session.date));
            if told || present.contains(&(id.clone(), z)) {
                continue;
            }
            let can = after(t, notice.minutes + way(after_events.examiners[x].km[z]));
            if begins(session.date, session.span.from - briefing) < can {
                let own = found.examiners.entry(id).or_insert(can);
                *own = can.max(*own);
            }
        }
    }
    found
}
