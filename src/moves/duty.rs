//! Duties: all that an examiner does on one date. People exchange whole duties.

use smallvec::SmallVec;

use crate::instance::*;
use crate::parts::{ExaminerDates, ExaminerLoad};
use crate::rules::Limited as _;
use crate::state::{NONE, Slot, State};

/// An examiner's sessions on one date, each with the seat held.
pub(crate) struct Duty {
    pub holder: ExaminerIx,
    pub date: DateIx,
    pub centre: CentreIx,
    pub seats: SmallVec<[(Slot, usize); 4]>,
}

impl Duty {
    /// The duty of a convened examiner.
    pub fn of(state: &State, x: ExaminerIx, d: DateIx) -> Option<Duty> {
        let slots = state.of_examiner(x, d);
        let centre = state.session(*slots.first()?).centre;
        let seat = |&s: &Slot| {
            (s, state.session(s).members.iter().position(|&m| m == x.0).expect("who has the session sits in it"))
        };
        Some(Duty { holder: x, date: d, centre, seats: slots.iter().map(seat).collect() })
    }

    /// What the examiner does in one half-day of it.
    pub fn of_half(state: &State, x: ExaminerIx, d: DateIx, half: usize) -> Option<Duty> {
        let mut duty = Duty::of(state, x, d)?;
        duty.seats.retain(|(s, _)| state.session(*s).half == half);
        (!duty.seats.is_empty()).then_some(duty)
    }

    /// Whether a pin keeps the holder, or the office has named them.
    pub fn pinned(&self, state: &State) -> bool {
        let named = self.seats.iter().any(|&(s, seat)| state.seat_given(s, seat));
        named
            || self.seats.iter().flat_map(|(s, _)| &state.session(*s).jobs).any(|&j| {
                let pin = &state.model.jobs[j as usize].pin;
                pin.as_ref().is_some_and(|p| p.examiners.contains(&self.holder))
            })
    }

    /// Whether somebody who has nothing else that date could do it: seats, candidates, hours, centre.
    pub fn suits(&self, state: &State, y: ExaminerIx) -> bool {
        let model = state.model;
        let examiner = &model.instance.examiners[y];
        let briefing = model.instance.policy.briefing as Minutes;
        let free = &model.free[model.xd(y, self.date)];
        let sessions = || self.seats.iter().map(|&(s, _)| state.session(s));
        let (minutes, sittings) = (sessions().map(|s| s.minutes).sum(), sessions().map(|s| s.sittings).sum());
        let load = ExaminerLoad { examiner: y, minutes, sittings };
        (!examiner.reserve || model.baseline.is_some())
            && load.allowed(model.instance)
            && !free.is_empty()
            && examiner.centres.as_ref().is_none_or(|own| own.contains(&self.centre))
            && self.seats.iter().all(|&(s, seat)| {
                let session = state.session(s);
                let presence = Interval::new(session.span.from - briefing, session.span.to);
                model.kinds[session.kind as usize].seats[seat].accepts[y.ix()]
                    && (session.jobs.is_empty() || free.iter().any(|f| f.contains(presence)))
                    && !session.jobs.iter().any(|&j| model.partial[model.jobs[j as usize].candidate.ix()][y.ix()])
            })
    }

    /// Whether `y` has a day left for it; `other` says whether y is convened that date anyway.
    pub fn day_left(&self, state: &State, y: ExaminerIx, other: bool) -> bool {
        let now = state.dates_of(y);
        let heard = |slots: &mut dyn Iterator<Item = Slot>| slots.map(|s| state.session(s).sittings).sum::<i64>();
        let given_up = if other { heard(&mut state.of_examiner(y, self.date).iter().copied()) } else { 0 };
        let days = now.days - i64::from(other) + 1;
        let sittings = now.sittings - given_up + heard(&mut self.seats.iter().map(|&(s, _)| s));
        ExaminerDates { days, sittings, ..now }.allowed(state.model.instance)
    }

    /// Whether `y` keeps within their limits if they do it in place of another.
    pub fn instead_of(&self, other: &Duty, state: &State, y: ExaminerIx) -> bool {
        let heard = |duty: &Duty| duty.seats.iter().map(|&(s, _)| state.session(s).sittings).sum::<i64>();
        let now = state.dates_of(y);
        ExaminerDates { sittings: now.sittings - heard(other) + heard(self), ..now }.allowed(state.model.instance)
    }

    /// What it costs if `y` does it: the day, the way, the overload and preferences.
    pub fn cost(&self, state: &State, y: ExaminerIx) -> i64 {
        let convened = !state.of_examiner(y, self.date).is_empty();
        let now = state.dates_of(y);
        let before = ExaminerDates { days: now.days - i64::from(convened), ..now };
        state.model.convening(before, self.date, self.centre) + self.lacking(state, y)
    }

    /// What it costs that `y` lacks preferred qualifications.
    pub fn lacking(&self, state: &State, y: ExaminerIx) -> i64 {
        let model = state.model;
        let sittings = self.seats.iter().map(|&(s, seat)| {
            let session = state.session(s);
            let preferred = model.kinds[session.kind as usize].seats[seat].preferred[y.ix()];
            if preferred { 0 } else { session.sittings }
        });
        i64::from(model.instance.weights.not_preferred) * sittings.sum::<i64>()
    }
}

/// Gives each duty to its new holder: all seats are left first, then taken, so that people can exchange.
pub(crate) fn hand_over(state: &mut State, duties: &[(&Duty, ExaminerIx)]) {
    for (duty, _) in duties {
        for &(s, seat) in &duty.seats {
            state.set_member(s, seat, NONE);
        }
    }
    for (duty, y) in duties {
        for &(s, seat) in &duty.seats {
            state.set_member(s, seat, y.0);
        }
    }
}
