//! Opening a session for a job: people one seat after the other, then the hour, then a room.

use rand::RngExt;
use smallvec::SmallVec;

use super::{NewSession, Seeker, more};
use crate::hours::{Ask, CandidateHours, OwnHours};
use crate::instance::*;
use crate::moves::Random;
use crate::parts::ExaminerHalfDay;
use crate::rules::Hours as _;
use crate::starts::{FOREVER, Starts};
use crate::state::NONE;

/// Outweighs any examiner's cost: who is pinned sits.
const PINNED: i64 = 1 << 40;

/// The starts that a team in the making leaves.
#[derive(Clone)]
struct TeamHours {
    /// To any job as long as this one.
    team: Starts,
    /// To this one.
    job: Starts,
}

impl Seeker<'_, '_> {
    /// The best session to open for the job in a half-day of a cell: people one seat after the other, cheapest
    /// first, then the hour, then a room.
    pub(super) fn new_session(
        &self,
        z: CentreIx,
        d: DateIx,
        half: usize,
        fixed_share: f64,
        limit: i64,
        rng: &mut Random,
    ) -> Option<(i64, NewSession)> {
        let state = self.state;
        let model = state.model;
        let spec = &model.jobs[self.job as usize];
        if let Some(pin) = &spec.pin
            && (pin.contradictory || pin.date.is_some_and(|p| p != d) || pin.centre.is_some_and(|p| p != z))
        {
            return None;
        }
        let free = self.free(z, d, half);
        if free.is_empty() {
            return None;
        }
        let mut best: Option<(i64, NewSession)> = None;
        for given in self.openings(z, d, half) {
            let limit = best.as_ref().map_or(limit, |b| b.0);
            let found = self.open_session((z, d, half), given, &free, fixed_share, limit, rng);
            best = best.into_iter().chain(found).min_by_key(|found| found.0);
        }
        best
    }

    /// What may be opened for the job in a half-day of a cell: a session of its own where its kind may sit so, and each given
    /// session in which nobody is heard yet.
    fn openings(&self, z: CentreIx, d: DateIx, half: usize) -> SmallVec<[Option<GivenIx>; 4]> {
        let model = self.state.model;
        let kind = model.jobs[self.job as usize].kind;
        let own = (!model.given_only[kind as usize]).then_some(None);
        let here = |g: &GivenIx| {
            model.given[*g].as_ref().is_some_and(|given| given.half == half) && self.state.given_slot(*g) == NONE
        };
        let given = model.given_in[model.zd(z, d) * model.kinds.len() + kind as usize].iter().copied().filter(here);
        own.into_iter().chain(given.map(Some)).collect()
    }

    /// The best way to open a session, a given one or not, for the job, cheaper than `limit`.
    fn open_session(
        &self,
        (z, d, half): (CentreIx, DateIx, usize),
        given: Option<GivenIx>,
        free: &Starts,
        fixed_share: f64,
        limit: i64,
        rng: &mut Random,
    ) -> Option<(i64, NewSession)> {
        let state = self.state;
        let model = state.model;
        let spec = &model.jobs[self.job as usize];
        let fixed_room = given.and_then(|g| model.given[g].as_ref()?.room);
        let ask = state.ask(self.part, None);
        // How long the team could go on hearing is a question of the half-day and of the centre, not of this candidate.
        let mut team = model.hours[half].clone();
        OwnHours { half: model.instance.half_days[half], sittings: &[] }.shut(&ask, &mut team);
        let day = model.candidate_hours(self.job, self.parts, z, d)?;
        let anybody = CandidateHours { unavailable: &[], papers: &[], pinned: None, not_before: -FOREVER, ..day };
        anybody.shut(&ask, &mut team);
        let mut starts = free.clone();
        starts.keep(&team);
        let rooms = state.rooms_starts(self.rooms(z, fixed_room), d, &ask, &starts);
        starts.keep(&rooms);
        if starts.is_empty() {
            return None;
        }
        let spared = self.spared;
        let kind = &model.kinds[spec.kind as usize];
        let mut order: SmallVec<[usize; 4]> = (0..kind.seats.len()).collect();
        order.sort_by_key(|&s| (!kind.seats[s].required, kind.seats[s].holders.len()));
        // Who is cheapest for one seat may be the only one for another: a seat that finds nobody goes first.
        let mut tries = order.len();
        let free = TeamHours { team, job: starts };
        let (members, hours) = loop {
            match self.team((z, d, half), given, &order, &free, limit.saturating_add(spared), fixed_share, rng) {
                Ok(team) => break team,
                Err(Some(seat)) if tries > 1 && order[0] != seat => {
                    order.retain(|s| *s != seat);
                    order.insert(0, seat);
                    tries -= 1;
                }
                Err(_) => return None,
            }
        };
        if let Some(pin) = &spec.pin
            && !pin.examiners.iter().all(|x| members.contains(&x.0))
        {
            return None;
        }
        let mut fixed = self.opening(z, d);
        for &x in members.iter().filter(|&&x| x != NONE) {
            if state.of_examiner(ExaminerIx(x), d).is_empty() {
                fixed += state.convening(ExaminerIx(x), d, z);
            }
        }
        let share = (fixed as f64 * fixed_share) as i64;
        let seated = || members.iter().filter(|&&x| x != NONE).map(|&x| ExaminerIx(x));
        let more_sittings: i64 = seated().map(|x| state.sittings_more(x, i64::from(self.parts))).sum();
        let per_sitting = i64::from(self.parts) * state.member_cost(spec.kind, &members) + more_sittings;
        let people: SmallVec<[ExaminerHalfDay; 4]> =
            members.iter().filter(|&&x| x != NONE).map(|&x| state.half_day(ExaminerIx(x), d, half)).collect();
        let mut best: Option<(i64, NewSession)> = None;
        for start in self.worth_a_look(&hours.team, &hours.job, (z, d, half)) {
            let time = Interval::new(start, start + self.part.length);
            let idle: i64 = people.iter().map(|&half| more(state.model, half, time)).sum();
            let wishes: i64 = seated().map(|x| self.wish(x, d, start)).sum();
            let cheap = share + per_sitting + idle + wishes;
            if cheap - spared >= best.as_ref().map_or(limit, |b| b.0) {
                continue;
            }
            let Some(room) = self.room_for(self.rooms(z, fixed_room), d, start, &ask) else { continue };
            let delta = cheap + self.candidate_delta(start, z, d, room);
            if best.as_ref().is_none_or(|b| delta < b.0) {
                let new = NewSession { room, date: d, half, given, members: members.clone(), start, parts: self.parts };
                best = Some((delta, new));
            }
        }
        best
    }

    /// People for a session in a half-day of a cell, one seat after the other in the order given, each the
    /// cheapest who still fits, with the starts that all of them leave. Fails with the required seat that
    /// finds nobody, or with none where it would cost `dearest` or more.
    #[allow(clippy::too_many_arguments)]
    fn team(
        &self,
        (z, d, half): (CentreIx, DateIx, usize),
        given: Option<GivenIx>,
        order: &[usize],
        hours: &TeamHours,
        dearest: i64,
        fixed_share: f64,
        rng: &mut Random,
    ) -> Result<(SmallVec<[u32; 4]>, TeamHours), Option<usize>> {
        let state = self.state;
        let model = state.model;
        let w = &model.instance.weights;
        let spec = &model.jobs[self.job as usize];
        let kind = &model.kinds[spec.kind as usize];
        let ask = state.ask(self.part, None);
        let mut hours = hours.clone();
        let mut members: SmallVec<[u32; 4]> = kind.seats.iter().map(|_| NONE).collect();
        let mut fixed = self.opening(z, d);
        // What the floor of a holder's cost may overstate: a call that the published schedule made already, or
        // a pin.
        let mut released = if model.baseline.is_some() { i64::from(w.examiner_released) } else { 0 };
        if spec.pin.is_some() {
            released += PINNED;
        }
        if model.has_targets {
            released += i64::from(self.parts) * i64::from(w.examiner_target);
        }
        let present = state.people_in(z, d);
        let room_to_grow = (model.instance.half_days[half].minutes() / 2).max(self.part.length);
        for &seat in order {
            let named = given.and_then(|g| Some(model.given[g].as_ref()?.members[seat])).filter(|&x| x != NONE);
            let required = kind.seats[seat].required || named.is_some();
            let mut chosen: Option<(i64, i64, u32, TeamHours)> = None;
            // Those already there cost nothing more; the others come cheapest first, until none can win.
            let others = kind.seats[seat].by_cost[model.zd(z, d)].iter().map(|&(floor, x)| (floor, x, false));
            for (floor, x, here) in present.iter().map(|&x| (0, ExaminerIx(x), true)).chain(others) {
                if chosen.as_ref().is_some_and(|c| floor - released >= c.0) {
                    break;
                }
                let convened = !state.of_examiner(x, d).is_empty();
                if convened != here
                    || named.is_some_and(|n| n != x.0)
                    || !kind.seats[seat].accepts[x.ix()]
                    || model.partial[self.candidate.ix()][x.ix()]
                    || members.contains(&x.0)
                    || !state.may_convene(x, z, d)
                {
                    continue;
                }
                let day = if convened { 0 } else { state.convening(x, d, z) };
                let mut cost = day + state.sittings_more(x, i64::from(self.parts));
                let lack = if kind.seats[seat].preferred[x.ix()] { 0 } else { i64::from(w.not_preferred) };
                let mut score = cost + 4 * lack + rng.random_range(0..60);
                if spec.pin.as_ref().is_some_and(|p| p.examiners.contains(&x)) {
                    score -= PINNED;
                }
                if chosen.as_ref().is_some_and(|c| score >= c.0)
                    || !state.load_allows(x, d, self.part.length, i64::from(self.parts))
                {
                    continue;
                }
                let mut common = hours.clone();
                state.examiner_hours(x, d, half, NONE).shut(&ask, &mut common.team);
                common.job.keep(&common.team);
                if common.job.is_empty() {
                    continue;
                }
                let longest = common.team.longest().unwrap_or(0);
                // A team that can hear only this one sitting is worth less.
                score += 3 * i64::from((room_to_grow - self.part.length - longest).max(0));
                if chosen.as_ref().is_none_or(|c| score < c.0) {
                    cost += lack * i64::from(self.parts);
                    chosen = Some((score, cost, x.0, common));
                }
            }
            match chosen {
                Some((_, cost, x, common)) if required || cost < i64::from(w.optional_seat_empty) * 2 => {
                    fixed += if required { cost } else { (cost - i64::from(w.optional_seat_empty)).max(cost / 4) };
                    members[seat] = x;
                    hours = common;
                }
                Some(_) | None if required => return Err(Some(seat)),
                _ => {}
            }
            let share = (fixed as f64 * fixed_share) as i64;
            if share >= dearest {
                return Err(None);
            }
        }
        Ok((members, hours))
    }

    /// What a session costs before anybody is convened: itself, and the centre's day where it is the first.
    fn opening(&self, z: CentreIx, d: DateIx) -> i64 {
        let w = &self.state.model.instance.weights;
        i64::from(w.sessions) + if self.state.cell_use(z, d) == 0 { i64::from(w.centre_days) } else { 0 }
    }

    /// The rooms of a centre that would do, the one that the fewest others need first; before them the published one. Only one,
    /// where it is given.
    fn rooms(&self, z: CentreIx, given: Option<RoomIx>) -> impl Iterator<Item = RoomIx> {
        let model = self.state.model;
        let spec = &model.jobs[self.job as usize];
        let pinned = spec.pin.as_ref().and_then(|p| p.room.as_ref());
        let published = model.baseline.as_ref().and_then(|b| b.orals.get(&spec.orals[0])).map(|p| RoomIx(p.room));
        let own = published.filter(|r| model.instance.rooms.len() > r.ix() && model.instance.rooms[*r].centre == z);
        let order = model.room_order[z.ix()].iter().copied();
        own.into_iter().chain(order).filter(move |r| {
            model.room_fits[spec.need as usize][r.ix()]
                && given.is_none_or(|g| g == *r)
                && pinned.is_none_or(|p| *p == model.instance.rooms[*r].id)
        })
    }

    /// The first of the rooms that is free then.
    fn room_for(
        &self,
        mut rooms: impl Iterator<Item = RoomIx>,
        d: DateIx,
        start: Minutes,
        ask: &Ask,
    ) -> Option<RoomIx> {
        rooms.find(|&r| !self.state.room_hours(r, d, NONE).shuts(ask, start))
    }
}
