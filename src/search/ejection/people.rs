//! Who hears a pinned oral: whom its pins name, each in a seat of their own, and for the other required seats whoever disturbs
//! least.

use std::cmp::Reverse;

use rand::RngExt;
use rand::seq::SliceRandom;
use smallvec::SmallVec;

use super::{Members, Search, Spot, Team};
use crate::instance::*;
use crate::rules::examiner_pause::rested;
use crate::state::{JobId, NONE, Slot};

/// So many ways to seat those who are pinned are looked at.
const SEATINGS: usize = 24;

/// What it weighs to take somebody whom another pinned oral, not placed yet, needs at that time.
const CLAIMED: i64 = 300;

/// What minutes of a half-day cost in which somebody could not hear: whoever stays longer can hear the others too.
const SHORT: i64 = 3;

impl Search<'_, '_> {
    /// Whom a place needs: those pinned, and for each other required seat whoever disturbs least. Where the kind sits in given
    /// sessions only, one of those, as it sits or composed anew.
    pub(super) fn commission(&mut self, job: JobId, parts: u8, spot: &Spot) -> Option<Team> {
        let model = self.state.model;
        let kind = model.jobs[job as usize].kind;
        let seats = &model.kinds[kind as usize].seats;
        if !model.given_only[kind as usize] {
            let empty: Members = seats.iter().map(|_| NONE).collect();
            return self.seated(job, parts, spot, &empty).map(|(.., members)| Team { members, given: None });
        }
        let mut best: Option<((i64, i64), Team)> = None;
        let given: Vec<_> = self.state.given_at(kind, spot.room, (spot.date, spot.half)).collect();
        for (g, own) in given {
            let slot = self.state.given_slot(g);
            let mut gone = 0;
            if slot != NONE {
                let session = self.state.session(slot);
                let (jobs, members) = (session.jobs.to_vec(), session.members.clone());
                if session.room == spot.room
                    && let Some(found) = self.seated(job, parts, spot, &members).filter(|found| found.2 == members)
                {
                    keep_lighter(&mut best, (found.0, found.1), Team { members, given: Some(g) });
                }
                if jobs.iter().any(|&j| model.frozen[j as usize]) {
                    continue;
                }
                gone = self.weight(&jobs);
            }
            if let Some((burden, cost, members)) = self.seated(job, parts, spot, &own.members) {
                keep_lighter(&mut best, (burden + gone, cost), Team { members, given: Some(g) });
            }
        }
        best.map(|b| b.1)
    }

    /// Those who sit already, those pinned, and for each other required seat whoever disturbs least; with what that weighs and
    /// costs.
    fn seated(&mut self, job: JobId, parts: u8, spot: &Spot, sitting: &Members) -> Option<(i64, i64, Members)> {
        let model = self.state.model;
        let spec = &model.jobs[job as usize];
        let seats = &model.kinds[spec.kind as usize].seats;
        let mut pinned: Vec<ExaminerIx> = spec.pin.as_ref().map_or(Vec::new(), |p| p.examiners.clone());
        pinned.sort_unstable();
        pinned.dedup();
        pinned.retain(|x| !sitting.contains(&x.0));
        let may = |x: ExaminerIx, seat: usize| seats[seat].accepts[x.ix()];
        let mut own = 0;
        for (s, &x) in sitting.iter().enumerate().filter(|(_, x)| **x != NONE) {
            if !may(ExaminerIx(x), s) {
                return None;
            }
            own += self.burden(job, parts, spot, ExaminerIx(x))?.0;
        }
        for &x in &pinned {
            self.burden(job, parts, spot, x)?;
        }
        let mut seatings = Vec::new();
        seat(&pinned, sitting, &may, &mut seatings);
        if seatings.len() == 1 && seats.iter().zip(&seatings[0]).all(|(s, &x)| !s.required || x != NONE) {
            return seatings.pop().map(|members| (own, 0, members));
        }
        seatings.shuffle(self.rng);
        let mut best: Option<(i64, i64, Members)> = None;
        for mut members in seatings {
            let open: SmallVec<[usize; 4]> =
                (0..seats.len()).filter(|&s| seats[s].required && members[s] == NONE).collect();
            let mut choices: Vec<Vec<Choice>> = Vec::with_capacity(open.len());
            for &s in &open {
                choices.push(self.holders(job, parts, spot, s, &members, open.len()));
            }
            let Some((burden, cost, people)) = matched(&choices, &[]) else { continue };
            open.iter().zip(people).for_each(|(&s, x)| members[s] = x.0);
            if best.as_ref().is_none_or(|b| (burden + own, cost) < (b.0, b.1)) {
                best = Some((burden + own, cost, members));
            }
        }
        best
    }

    /// Who disturbs least in a seat, then who costs least: so `many`, as the other seats take one each at most.
    fn holders(
        &mut self,
        job: JobId,
        parts: u8,
        spot: &Spot,
        seat: usize,
        members: &[u32],
        many: usize,
    ) -> Vec<Choice> {
        let model = self.state.model;
        let kind = model.jobs[job as usize].kind;
        let own = &model.kinds[kind as usize].seats[seat];
        let w = &model.instance.weights;
        let mut found: Vec<Choice> = Vec::new();
        for &x in own.holders.iter().filter(|x| !members.contains(&x.0)) {
            let Some((burden, stay)) = self.burden(job, parts, spot, x) else { continue };
            let there = !self.state.of_examiner(x, spot.date).is_empty()
                || self.expected.get(&(kind, spot.date)).is_some_and(|all| all.contains(&x));
            let day = if there { 0 } else { self.state.convening(x, spot.date, spot.centre) };
            let lack = if own.preferred[x.ix()] { 0 } else { i64::from(w.not_preferred) };
            let half = model.instance.half_days[spot.half].minutes();
            let short = SHORT * i64::from((half / 2 - stay).max(0));
            let cost = day + 4 * lack + short + self.rng.random_range(0..60);
            found.push((burden, cost, x));
        }
        found.sort_unstable();
        found.truncate(many);
        found
    }

    /// What weighs to have somebody hear a job at a place, and for how long they could go on hearing there; none where
    /// nothing helps.
    fn burden(&self, job: JobId, parts: u8, spot: &Spot, x: ExaminerIx) -> Option<(i64, Minutes)> {
        let (state, model) = (&self.state, self.state.model);
        let spec = &model.jobs[job as usize];
        let part = &spec.parts[parts as usize - 1];
        let time = Interval::new(spot.start, spot.start + part.length);
        let examiner = &model.instance.examiners[x];
        let policy = &model.instance.policy;
        let presence = Interval::new(time.from - policy.briefing as Minutes, time.to);
        let stay =
            model.free[model.xd(x, spot.date)].iter().filter(|f| f.contains(presence)).map(Interval::minutes).max();
        let never = model.partial[spec.candidate.ix()][x.ix()]
            || examiner.centres.as_ref().is_some_and(|own| !own.contains(&spot.centre))
            || (examiner.reserve && model.baseline.is_none())
            || examiner.max_days == Some(0)
            || [examiner.max_sittings, model.instance.sittings_a_day(x)]
                .iter()
                .flatten()
                .any(|m| *m < u32::from(parts));
        let stay = stay.filter(|_| !never)?;
        let mut burden = 0;
        let mut heard: Vec<JobId> = Vec::new();
        for &slot in state.of_examiner(x, spot.date) {
            let session = state.session(slot);
            let gone = match session.centre == spot.centre {
                true => self.at_that_time(slot, time, part.turnaround),
                false => session.jobs.iter().copied().collect(),
            };
            if gone.iter().any(|&j| model.frozen[j as usize]) {
                return None;
            }
            burden += self.weight(&gone);
            heard.extend(session.jobs.iter().filter(|j| !gone.contains(j)));
        }
        let tired = self.tired(x, spot, time, &heard)?;
        burden += self.weight(&tired);
        heard.retain(|j| !tired.contains(j));
        let convened = !state.of_examiner(x, spot.date).is_empty();
        if !convened && examiner.max_days.is_some_and(|most| state.days_of(x) >= most) {
            burden += self.lightest_day(x)?.0;
        }
        // Of the rest of the day as much as is too much.
        heard.sort_unstable_by_key(|&j| Reverse(self.weight_of(j)));
        let most = policy.examiner_minutes_a_day as Minutes;
        let (mut minutes, mut sittings) = (part.length, i64::from(parts));
        for &j in &heard {
            minutes += state.part_of(j).length;
            sittings += i64::from(state.placed[j as usize].parts);
            let many = model.instance.sittings_a_day(x).is_some_and(|limit| sittings > i64::from(limit));
            if minutes > most || many {
                burden += self.weight_of(j);
                minutes -= state.part_of(j).length;
                sittings -= i64::from(state.placed[j as usize].parts);
            }
        }
        if let Some(limit) = examiner.max_sittings {
            // What has to go on that date makes room on all dates; so do the lightest of all.
            let mut others: Vec<JobId> = self.heard_by(x).filter(|j| !model.frozen[*j as usize]).collect();
            others.sort_unstable_by_key(|&j| self.weight_of(j));
            let mut beyond = state.dates_of(x).sittings + i64::from(parts) - i64::from(limit);
            for &j in &others {
                if beyond <= 0 {
                    break;
                }
                beyond -= i64::from(state.placed[j as usize].parts);
                burden += self.weight_of(j);
            }
            if beyond > 0 {
                return None;
            }
        }
        let claims = self.claims.get(&x).into_iter().flatten();
        let elsewhere = claims.filter(|claim| {
            let waits =
                claim.job != job && state.placed[claim.job as usize].parts == 0 && !self.lost[claim.job as usize];
            waits
                && claim.date == Some(spot.date)
                && (claim.centre.is_some_and(|z| z != spot.centre) || claim.time.is_some_and(|t| t.meets(time)))
        });
        burden += CLAIMED * elsewhere.count() as i64;
        Some((burden, stay))
    }

    /// All that an examiner hears.
    fn heard_by(&self, x: ExaminerIx) -> impl Iterator<Item = JobId> {
        let dates = self.state.model.instance.dates.indices();
        dates.flat_map(move |d| self.state.of_examiner(x, d)).flat_map(|&s| self.state.session(s).jobs.iter().copied())
    }

    /// Of what an examiner hears on the date, what has to go so that they have their pauses with a sitting more; none where that
    /// is not enough.
    fn tired(&self, x: ExaminerIx, spot: &Spot, time: Interval, heard: &[JobId]) -> Option<Vec<JobId>> {
        let (state, instance) = (&self.state, self.state.model.instance);
        let mut gone = Vec::new();
        if instance.policy.pause_after.is_none() {
            return Some(gone);
        }
        let here = |j: &JobId| {
            let session = state.session(state.placed[*j as usize].slot);
            session.half == spot.half && session.members.contains(&x.0)
        };
        let when = |&j: &JobId| {
            let start = state.placed[j as usize].start;
            (Interval::new(start, start + state.part_of(j).length), Some(j))
        };
        let mut all: Vec<(Interval, Option<JobId>)> = heard.iter().filter(|j| here(j)).map(when).collect();
        all.push((time, None));
        all.sort_unstable();
        let pause = instance.policy.pause as Minutes;
        loop {
            let times: Vec<Interval> = all.iter().map(|own| own.0).collect();
            if rested(instance, &times) {
                return Some(gone);
            }
            let mut parts = all.chunk_by(|a, b| b.0.from - a.0.to < pause);
            let part = parts.find(|part| part.iter().any(|own| own.1.is_none()))?;
            let job = self.lightest(part.iter().filter_map(|own| own.1).collect())?;
            all.retain(|own| own.1 != Some(job));
            gone.push(job);
        }
    }

    /// The date of an examiner whose jobs weigh least and may all go.
    fn lightest_day(&self, x: ExaminerIx) -> Option<(i64, DateIx)> {
        let model = self.state.model;
        let weigh = |d: DateIx| {
            let slots = self.state.of_examiner(x, d).iter();
            let jobs: Vec<JobId> = slots.flat_map(|&s| self.state.session(s).jobs.iter().copied()).collect();
            let free = !jobs.is_empty() && !jobs.iter().any(|&j| model.frozen[j as usize]);
            free.then(|| (self.weight(&jobs), d))
        };
        model.instance.dates.indices().filter_map(weigh).min_by_key(|&(weight, d)| (weight, d.0))
    }

    /// Frees somebody for a sitting.
    pub(super) fn call(
        &mut self,
        x: ExaminerIx,
        spot: &Spot,
        (time, turnaround): (Interval, Minutes),
        parts: u8,
        own: Slot,
    ) -> Option<()> {
        let slots = self.state.of_examiner(x, spot.date).to_vec();
        let elsewhere = slots.iter().filter(|&&s| self.state.session(s).centre != spot.centre);
        let gone: Vec<JobId> = elsewhere.flat_map(|&s| self.state.session(s).jobs.to_vec()).collect();
        for job in gone {
            self.throw_out(job)?;
        }
        self.clear(self.state.of_examiner(x, spot.date).to_vec(), time, turnaround, own)?;
        let on_date = |search: &Self| -> Vec<JobId> {
            let slots = search.state.of_examiner(x, spot.date).iter();
            slots.flat_map(|&s| search.state.session(s).jobs.to_vec()).collect()
        };
        for job in self.tired(x, spot, time, &on_date(self))? {
            self.throw_out(job)?;
        }
        while !self.state.load_allows(x, spot.date, time.minutes(), i64::from(parts)) {
            let of_date = !self.state.day_allows(x, spot.date, time.minutes(), i64::from(parts));
            let heard = if of_date { on_date(self) } else { self.heard_by(x).collect() };
            self.throw_out(self.lightest(heard)?)?;
        }
        if !self.state.may_convene(x, spot.centre, spot.date) {
            let (_, date) = self.lightest_day(x)?;
            let slots = self.state.of_examiner(x, date).iter();
            for job in slots.flat_map(|&s| self.state.session(s).jobs.to_vec()).collect::<Vec<_>>() {
                self.throw_out(job)?;
            }
        }
        Some(())
    }
}

/// What weighs and costs to have somebody in a seat.
type Choice = (i64, i64, ExaminerIx);

/// One of each seat's choices, all of them different people, that together weigh least, then cost least.
fn matched(choices: &[Vec<Choice>], taken: &[ExaminerIx]) -> Option<(i64, i64, Vec<ExaminerIx>)> {
    let Some((seat, rest)) = choices.split_first() else { return Some((0, 0, Vec::new())) };
    let with = |&(burden, cost, x): &Choice| {
        let (b, c, others) = matched(rest, &[taken, &[x]].concat())?;
        Some((burden + b, cost + c, [vec![x], others].concat()))
    };
    seat.iter().filter(|choice| !taken.contains(&choice.2)).filter_map(with).min()
}

/// Keeps the lighter of two teams.
fn keep_lighter(best: &mut Option<((i64, i64), Team)>, weighs: (i64, i64), team: Team) {
    if best.as_ref().is_none_or(|b| weighs < b.0) {
        *best = Some((weighs, team));
    }
}

/// Every way to give each of the people a seat of their own, up to a number of them.
fn seat(people: &[ExaminerIx], members: &Members, may: &dyn Fn(ExaminerIx, usize) -> bool, found: &mut Vec<Members>) {
    let Some((&x, rest)) = people.split_first() else {
        found.push(members.clone());
        return;
    };
    for s in (0..members.len()).filter(|&s| members[s] == NONE && may(x, s)) {
        if found.len() < SEATINGS {
            let mut with = members.clone();
            with[s] = x.0;
            seat(rest, &with, may, found);
        }
    }
}
