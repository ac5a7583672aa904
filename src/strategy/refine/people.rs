//! Who does which half-day of work, over all dates at once, with sessions and hours as they are.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::instance::*;
use crate::linear::{Linear, Var};
use crate::mip::{self, Limits};
use crate::moves::duty::{Duty, hand_over};
use crate::state::State;

/// All that somebody does in one half-day.
struct Stint {
    duty: Duty,
    half: usize,
    span: Interval,
    turnaround: Minutes,
    minutes: Minutes,
    sittings: i64,
}

/// Who could take which, by number, and what that costs.
struct Assignment {
    linear: Linear,
    takes: BTreeMap<(usize, ExaminerIx), Var>,
}

/// Gives every half-day of work to the people who cost least in all, if that is better.
pub(super) fn assign(state: &mut State, limits: &Limits, stop: &dyn Fn() -> bool) {
    let stints = stints(state);
    let Assignment { linear, takes } = assignment(state, &stints);
    let now = takes.iter().map(|(&(i, y), &var)| (var, f64::from(u8::from(stints[i].duty.holder == y))));
    let Some(values) = mip::best(&Arc::new(linear), now.collect(), limits, stop) else { return };
    let changes: Vec<(&Duty, ExaminerIx)> = takes
        .iter()
        .filter(|&(&(i, y), &var)| values[var] > 0.5 && stints[i].duty.holder != y)
        .map(|(&(i, y), _)| (&stints[i].duty, y))
        .collect();
    let (mark, before) = (state.mark(), state.value());
    hand_over(state, &changes);
    if state.value() >= before {
        state.undo(mark);
    }
    state.forget();
}

fn stints(state: &State) -> Vec<Stint> {
    let instance = state.model.instance;
    let stint = |x, date, half| {
        let duty = Duty::of_half(state, x, date, half)?;
        let sessions = || duty.seats.iter().map(|&(s, _)| state.session(s)).filter(|s| !s.jobs.is_empty());
        let last = sessions().max_by_key(|s| s.span.to)?;
        let span = Interval::new(sessions().map(|s| s.span.from).min()?, last.span.to);
        let minutes = sessions().map(|s| s.minutes).sum();
        Some(Stint {
            half,
            span,
            turnaround: last.turnaround,
            minutes,
            sittings: sessions().map(|s| s.sittings).sum(),
            duty,
        })
    };
    let dates = instance.dates.indices();
    let all = dates.flat_map(|d| instance.examiners.indices().map(move |x| (x, d)));
    all.flat_map(|(x, d)| (0..instance.half_days.len()).filter_map(move |half| stint(x, d, half))).collect()
}

fn assignment(state: &State, stints: &[Stint]) -> Assignment {
    let instance = state.model.instance;
    let (w, policy) = (&instance.weights, &instance.policy);
    let mut linear = Linear::default();
    let mut takes = BTreeMap::new();
    let mut there: BTreeMap<(ExaminerIx, DateIx, CentreIx), Var> = BTreeMap::new();
    for (i, Stint { duty, .. }) in stints.iter().enumerate() {
        let fits = |&y: &ExaminerIx| y == duty.holder || !duty.pinned(state) && duty.suits(state, y);
        for y in instance.examiners.indices().filter(fits) {
            takes.insert((i, y), linear.var(duty.lacking(state, y) as f64, 1.0, true));
            there.entry((y, duty.date, duty.centre)).or_insert_with(|| {
                let way = i64::from(w.examiner_km) * instance.examiners[y].km[duty.centre];
                linear.var((i64::from(w.examiner_days) + way) as f64, 1.0, true)
            });
        }
        linear.exactly(takes.range((i, ExaminerIx(0))..).map(|(_, &v)| (v, 1.0)).collect(), 1.0);
    }
    let mut dates: BTreeMap<(ExaminerIx, DateIx), Vec<usize>> = BTreeMap::new();
    takes.keys().for_each(|&(i, y)| dates.entry((y, stints[i].duty.date)).or_default().push(i));
    for (&(y, date), own) in &dates {
        let sum = |f: &dyn Fn(&Stint) -> i64| own.iter().map(|&i| (takes[&(i, y)], f(&stints[i]) as f64)).collect();
        linear.at_most(sum(&|s| i64::from(s.minutes)), f64::from(policy.examiner_minutes_a_day));
        if let Some(limit) = instance.sittings_a_day(y) {
            linear.at_most(sum(&|s| s.sittings), f64::from(limit));
        }
        // One in a half-day, and time to go from one to the next.
        let mut halves: BTreeMap<(CentreIx, usize), Vec<usize>> = BTreeMap::new();
        own.iter().for_each(|&i| halves.entry((stints[i].duty.centre, stints[i].half)).or_default().push(i));
        for (&(centre, half), here) in &halves {
            let row = here.iter().map(|&i| (takes[&(i, y)], 1.0)).chain([(there[&(y, date, centre)], -1.0)]);
            linear.at_most(row.collect(), 0.0);
            for (&a, &b) in here.iter().flat_map(|a| own.iter().map(move |b| (a, b))) {
                let (one, other) = (&stints[a], &stints[b]);
                let late = |s: &Stint| s.span.to + s.turnaround;
                if other.half > half && one.span.from < late(other) && other.span.from < late(one) {
                    linear.at_most(vec![(takes[&(a, y)], 1.0), (takes[&(b, y)], 1.0)], 1.0);
                }
            }
        }
        let centres = there.range((y, date, CentreIx(0))..=(y, date, CentreIx(u32::MAX)));
        linear.at_most(centres.map(|(_, &v)| (v, 1.0)).collect(), 1.0);
    }
    let mut days: BTreeMap<ExaminerIx, Vec<(Var, f64)>> = BTreeMap::new();
    there.iter().for_each(|(&(y, ..), &v)| days.entry(y).or_default().push((v, 1.0)));
    for (y, who) in instance.examiners.enumerate() {
        if let Some(limit) = who.max_sittings {
            let own = takes.iter().filter(|((_, x), _)| *x == y);
            linear.at_most(own.map(|(&(i, _), &v)| (v, stints[i].sittings as f64)).collect(), f64::from(limit));
        }
    }
    for (y, own) in days {
        if let Some(limit) = instance.examiners[y].max_days {
            linear.at_most(own.clone(), f64::from(limit));
        }
        if own.len() > policy.fair_days as usize {
            let beyond = linear.var(f64::from(w.examiner_overload), own.len() as f64, false);
            linear.at_most(own.into_iter().chain([(beyond, -1.0)]).collect(), f64::from(policy.fair_days));
        }
    }
    Assignment { linear, takes }
}
