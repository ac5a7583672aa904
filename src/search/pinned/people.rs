//! Who hears a pinned oral: whom its pins name, each in a seat of their own, and for the other required seats whoever disturbs
//! least.

use std::cmp::Reverse;

use rand::RngExt;
use rand::seq::SliceRandom;
use smallvec::SmallVec;

use super::{Search, Spot, Team};
use crate::instance::*;
use crate::state::{JobId, NONE};

/// So many ways to seat those who are pinned are looked at.
const SEATINGS: usize = 24;

/// What it weighs to take somebody whom another pinned oral, not placed yet, needs at that time.
const CLAIMED: i64 = 300;

/// What minutes of a half-day cost in which somebody could not hear: whoever stays longer can hear the others too.
const SHORT: i64 = 3;

impl Search<'_, '_> {
    /// Whom a place needs: those pinned, and for each other required seat whoever disturbs least.
    pub(super) fn commission(&mut self, job: JobId, parts: u8, spot: &Spot) -> Option<Team> {
        let model = self.state.model;
        let spec = &model.jobs[job as usize];
        let seats = &model.kinds[spec.kind as usize].seats;
        let mut pinned: Vec<ExaminerIx> = spec.pin.as_ref().map_or(Vec::new(), |p| p.examiners.clone());
        pinned.sort_unstable();
        pinned.dedup();
        let mut seatings = Vec::new();
        let empty: Team = seats.iter().map(|_| NONE).collect();
        let may = |x: ExaminerIx, seat: usize| seats[seat].accepts[x.ix()];
        seat(&pinned, &empty, &may, &mut seatings);
        for &x in &pinned {
            self.burden(job, parts, spot, x)?;
        }
        if seatings.len() == 1 && seats.iter().zip(&seatings[0]).all(|(s, &x)| !s.required || x != NONE) {
            return seatings.pop();
        }
        seatings.shuffle(self.rng);
        let mut best: Option<(i64, i64, Team)> = None;
        for mut members in seatings {
            let (mut burden, mut cost) = (0, 0);
            let mut open: SmallVec<[usize; 4]> =
                (0..seats.len()).filter(|&s| seats[s].required && members[s] == NONE).collect();
            open.sort_by_key(|&s| seats[s].holders.len());
            let filled = open.iter().all(|&s| match self.holder(job, parts, spot, s, &members) {
                Some((own, price, x)) => {
                    (burden, cost, members[s]) = (burden + own, cost + price, x.0);
                    true
                }
                None => false,
            });
            if filled && best.as_ref().is_none_or(|b| (burden, cost) < (b.0, b.1)) {
                best = Some((burden, cost, members));
            }
        }
        best.map(|b| b.2)
    }

    /// Who disturbs least in a seat, then who costs least.
    fn holder(
        &mut self,
        job: JobId,
        parts: u8,
        spot: &Spot,
        seat: usize,
        members: &[u32],
    ) -> Option<(i64, i64, ExaminerIx)> {
        let model = self.state.model;
        let kind = model.jobs[job as usize].kind;
        let own = &model.kinds[kind as usize].seats[seat];
        let w = &model.instance.weights;
        let mut best: Option<(i64, i64, ExaminerIx)> = None;
        for &x in own.holders.iter().filter(|x| !members.contains(&x.0)) {
            let Some((burden, stay)) = self.burden(job, parts, spot, x) else { continue };
            let there = !self.state.of_examiner(x, spot.date).is_empty()
                || self.expected.get(&(kind, spot.date)).is_some_and(|all| all.contains(&x));
            let day = if there { 0 } else { self.state.convening(x, spot.date, spot.centre) };
            let lack = if own.preferred[x.ix()] { 0 } else { i64::from(w.not_preferred) };
            let half = model.instance.half_days[spot.half].minutes();
            let short = SHORT * i64::from((half / 2 - stay).max(0));
            let cost = day + 4 * lack + short + self.rng.random_range(0..60);
            if best.is_none_or(|b| (burden, cost) < (b.0, b.1)) {
                best = Some((burden, cost, x));
            }
        }
        best
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
            || examiner.max_days == Some(0);
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
        time: Interval,
        turnaround: Minutes,
        parts: u8,
    ) -> Option<()> {
        let slots = self.state.of_examiner(x, spot.date).to_vec();
        let elsewhere = slots.iter().filter(|&&s| self.state.session(s).centre != spot.centre);
        let gone: Vec<JobId> = elsewhere.flat_map(|&s| self.state.session(s).jobs.to_vec()).collect();
        for job in gone {
            self.throw_out(job)?;
        }
        self.clear(self.state.of_examiner(x, spot.date).to_vec(), time, turnaround)?;
        while !self.state.load_allows(x, spot.date, time.minutes(), i64::from(parts)) {
            let slots = self.state.of_examiner(x, spot.date).iter();
            let heard = slots.flat_map(|&s| self.state.session(s).jobs.to_vec()).collect();
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

/// Every way to give each of the people a seat of their own, up to a number of them.
fn seat(people: &[ExaminerIx], members: &Team, may: &dyn Fn(ExaminerIx, usize) -> bool, found: &mut Vec<Team>) {
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
