//! When people and rooms can be used, and how much fits.

use std::collections::BTreeMap;

use crate::instance::*;
use crate::linear::Var;

/// The half-days of the policy within the centre's opening on that date.
pub(super) fn open_halves(instance: &Instance, k: CentreIx, d: DateIx) -> Vec<Interval> {
    let Some(open) = instance.centres[k].open.get(&instance.dates[d]) else { return Vec::new() };
    instance.half_days.iter().filter_map(|h| common(*h, *open)).collect()
}

/// When an examiner can hear in a cell, half-day by half-day: free since the briefing, at no meeting.
pub(super) fn examiner(instance: &Instance, x: ExaminerIx, k: CentreIx, d: DateIx) -> Vec<Vec<Interval>> {
    let (date, briefing) = (instance.dates[d], instance.policy.briefing as Minutes);
    let who = &instance.examiners[x];
    if who.centres.as_ref().is_some_and(|own| !own.contains(&k)) {
        return Vec::new();
    }
    let meetings: Vec<Interval> = instance
        .events
        .iter()
        .filter(|e| e.date == date && e.concerns(x, who))
        .map(|e| Interval::new(e.time.from, e.time.to + briefing))
        .collect();
    open_halves(instance, k, d)
        .into_iter()
        .map(|half| {
            let free = who.available.iter().filter(|a| a.date == date);
            merged(
                free.filter_map(|a| common(half, Interval::new(a.time.from + briefing, a.time.to)))
                    .flat_map(|w| without(w, &meetings))
                    .collect(),
            )
        })
        .filter(|windows| !windows.is_empty())
        .collect()
}

/// When an exam room or a preparation room can be used within those stretches.
pub(super) fn free(stretches: &[Interval], unavailable: &[Span], instance: &Instance, d: DateIx) -> Vec<Interval> {
    let holes: Vec<Interval> = unavailable.iter().filter(|u| u.date == instance.dates[d]).map(|u| u.time).collect();
    stretches.iter().flat_map(|s| without(*s, &holes)).collect()
}

/// How many sittings fit at most, one after the other.
pub(super) fn count(windows: &[Interval], earliest: Minutes, duration: Minutes, turnaround: Minutes) -> i64 {
    windows
        .iter()
        .map(|w| {
            let length = w.to - w.from.max(earliest);
            if length < duration { 0 } else { i64::from((length + turnaround) / (duration + turnaround)) }
        })
        .sum()
}

/// Shares of a session: coefficients such that no session whose sittings take `capacity` at most, with
/// `sizes` each, has shares that sum to more than 1. Found by sequential lifting in the order given, each as
/// large as the earlier ones leave (an unbounded knapsack by dynamic programming).
pub(super) fn shares(sizes: &[Minutes], capacity: Minutes) -> Vec<f64> {
    let capacity = capacity.max(0) as usize;
    let mut shares = vec![0.0f64; sizes.len()];
    let mut best = vec![0.0f64; capacity + 1];
    for (i, &size) in sizes.iter().enumerate() {
        let size = size.max(1) as usize;
        let mut share = 1.0f64;
        for n in 1..=capacity / size {
            share = share.min((1.0 - best[capacity - n * size]) / n as f64);
        }
        // Rounding must not make a share too large.
        shares[i] = (share - 1e-9).max(0.0);
        for c in size..=capacity {
            best[c] = best[c].max(best[c - size] + shares[i]);
        }
    }
    shares
}

/// The hours of one person on a date, or in a half-day of it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hours {
    /// When the centre opens.
    pub(super) open: Minutes,
    /// When the person can hear, in order; no sitting lies in two of them.
    pub(super) free: Vec<Interval>,
}

/// Sittings of a kind, for [`packings`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Size {
    pub(super) preparation: Minutes,
    pub(super) duration: Minutes,
    pub(super) turnaround: Minutes,
    /// The hour before which the block does not begin, whenever the centre opens.
    pub(super) earliest: Minutes,
}

/// A bound on what one person hears on a date.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Packing {
    /// By size, the share of a date that a sitting takes.
    pub(super) shares: Vec<f64>,
    /// By date, to how much the shares sum at most.
    pub(super) most: Vec<f64>,
}

impl Hours {
    /// Whether the other's hours all lie within these.
    pub(super) fn contain(&self, other: &Hours) -> bool {
        let inside = |f: &Interval| self.free.iter().any(|own| own.contains(*f));
        self.open <= other.open && other.free.iter().all(inside)
    }
}

impl Packing {
    /// Whether it says something of several sizes: of one alone, [`count`] says it.
    pub(super) fn is_mixed(&self) -> bool {
        self.shares.iter().filter(|s| **s > 0.0).count() > 1
    }

    /// The shares of what is gathered by size.
    pub(super) fn taken(&self, heard: &[Vec<(Var, f64)>]) -> impl Iterator<Item = (Var, f64)> {
        let some = self.shares.iter().zip(heard).filter(|(share, _)| **share > 0.0);
        some.flat_map(|(&share, own)| own.iter().map(move |&(v, times)| (v, share * times)))
    }
}

/// Bounds on what one person hears on each of some dates. The shares are found on one of the dates, where they sum to 1 at most,
/// by sequential lifting with the exact hours of the grid, once beginning with each of the first [`FIRST`] sizes, and with the
/// minutes of the first few: what is lifted first gets most.
pub(super) fn packings(days: &[Hours], sizes: &[Size], step: Minutes) -> Vec<Packing> {
    let first = sizes.len().min(FIRST);
    let begin: Vec<Vec<usize>> = (0..first).map(|i| vec![i]).chain((2..=first).map(|n| (0..n).collect())).collect();
    let mut found: Vec<Packing> = Vec::new();
    for (day, begin) in days.iter().flat_map(|d| begin.iter().map(move |b| (d, b))) {
        let mut shares = vec![0.0; sizes.len()];
        begin.iter().for_each(|&i| shares[i] = f64::from(sizes[i].duration));
        let minutes = fullest(day, sizes, &shares, step);
        if minutes == 0.0 {
            continue;
        }
        // Rounding must not make a share too large; what rounding alone has left is none.
        begin.iter().for_each(|&i| shares[i] = shares[i] / minutes - 1e-9);
        for i in (0..sizes.len()).filter(|i| !begin.contains(i)) {
            let share = beside(day, sizes, &shares, i, step).into_iter().fold(1.0, f64::min);
            shares[i] = if share < 1e-6 { 0.0 } else { share - 1e-9 };
        }
        let same = |p: &Packing| p.shares.iter().zip(&shares).all(|(a, b)| (a - b).abs() < 1e-6);
        if !found.iter().any(same) {
            let most = days.iter().map(|day| fullest(day, sizes, &shares, step) + 1e-9).collect();
            found.push(Packing { shares, most });
        }
    }
    found
}

/// With how many sizes the lifting begins once, each alone and the first of them together.
const FIRST: usize = 3;

/// Sittings gathered by size, those first of which there is most to hear: of each, what counts them in a model, and how often.
pub(super) fn by_size(
    sittings: impl Iterator<Item = (Size, f64, Vec<(Var, f64)>)>,
) -> (Vec<Size>, Vec<Vec<(Var, f64)>>) {
    let mut found: BTreeMap<Size, (f64, Vec<(Var, f64)>)> = BTreeMap::new();
    for (size, number, terms) in sittings {
        let own = found.entry(size).or_default();
        own.0 += number;
        own.1.extend(terms);
    }
    let mut all: Vec<_> = found.into_iter().collect();
    let minutes = |(size, (number, _)): &(Size, (f64, _))| number * f64::from(size.duration);
    all.sort_by(|a, b| minutes(b).total_cmp(&minutes(a)));
    all.into_iter().map(|(size, (_, terms))| (size, terms)).unzip()
}

/// To how much the shares sum at most on a date.
pub(super) fn fullest(day: &Hours, sizes: &[Size], shares: &[f64], step: Minutes) -> f64 {
    let all: Vec<usize> = (0..sizes.len()).collect();
    best_from(day, sizes, shares, &all, None, step)[0]
}

/// For each number of sittings of one size that fit on a date, the share that the best of the others beside them leave to each.
fn beside(day: &Hours, sizes: &[Size], shares: &[f64], one: usize, step: Minutes) -> Vec<f64> {
    let others: Vec<usize> = (0..sizes.len()).filter(|&i| i != one && shares[i] > 0.0).collect();
    let mut left = Vec::new();
    let mut best = best_from(day, sizes, shares, &others, None, step);
    for number in 1.. {
        best = best_from(day, sizes, shares, &others, Some((one, &best)), step);
        if best[0] == f64::NEG_INFINITY {
            break;
        }
        left.push((1.0 - best[0]) / f64::from(number));
    }
    left
}

/// By the hour from which on the person hears, to how much the shares of those sizes sum at most; with one more sitting of a
/// size beside them than in what is given, it says for how many that was.
fn best_from(
    day: &Hours,
    sizes: &[Size],
    shares: &[f64],
    which: &[usize],
    one_more: Option<(usize, &[f64])>,
    step: Minutes,
) -> Vec<f64> {
    let end = day.free.iter().map(|f| f.to / step + 1).max().unwrap_or(0) as usize;
    let starts = |i: usize, at: usize| {
        let start = at as Minutes * step;
        let sitting = Interval::new(start, start + sizes[i].duration);
        let block = start - sizes[i].preparation;
        block >= day.open.max(sizes[i].earliest) && day.free.iter().any(|f| f.contains(sitting))
    };
    let after = |i: usize, at: usize| {
        let taken = (sizes[i].duration + sizes[i].turnaround + step - 1) / step;
        (at + taken.max(1) as usize).min(end)
    };
    let mut best = vec![if one_more.is_none() { 0.0 } else { f64::NEG_INFINITY }; end + 1];
    for at in (0..end).rev() {
        let other = which.iter().filter(|&&i| starts(i, at)).map(|&i| best[after(i, at)] + shares[i]);
        let one = one_more.filter(|&(i, _)| starts(i, at)).map(|(i, fewer)| fewer[after(i, at)]);
        best[at] = other.chain(one).fold(best[at + 1], f64::max);
    }
    best
}

fn common(a: Interval, b: Interval) -> Option<Interval> {
    let both = Interval::new(a.from.max(b.from), a.to.min(b.to));
    (both.from < both.to).then_some(both)
}

fn without(window: Interval, holes: &[Interval]) -> Vec<Interval> {
    holes.iter().fold(vec![window], |parts, &hole| parts.into_iter().flat_map(|p| p.without(hole)).collect())
}

fn merged(mut windows: Vec<Interval>) -> Vec<Interval> {
    windows.sort();
    let mut out: Vec<Interval> = Vec::new();
    for w in windows {
        match out.last_mut() {
            Some(last) if w.from <= last.to => last.to = last.to.max(w.to),
            _ => out.push(w),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_turnaround_after_the_last_sitting_may_end_outside() {
        let morning = [Interval::new(480, 750)];
        assert_eq!(count(&morning, 540, 60, 10), 3);
        assert_eq!(count(&morning, 0, 30, 10), 7);
        assert_eq!(count(&morning, 0, 271, 10), 0);
    }

    #[test]
    fn what_is_prepared_longer_begins_later() {
        let morning = Hours { open: 480, free: vec![Interval::new(480, 750)] };
        let short = |earliest| Size { preparation: 0, duration: 30, turnaround: 10, earliest };
        let long = |earliest| Size { preparation: 60, duration: 60, turnaround: 10, earliest };
        let minutes = |sizes: &[Size]| {
            let each: Vec<f64> = sizes.iter().map(|s| f64::from(s.duration)).collect();
            fullest(&morning, sizes, &each, 5)
        };
        // From 9:30 to 12:30: one oral of an hour from 10:30 on and three of half an hour, not two and one.
        assert_eq!(minutes(&[long(570), short(570)]), 150.0);
        assert_eq!(minutes(&[long(510), short(570)]), 150.0);
        assert_eq!(minutes(&[short(570)]), 120.0);
        assert_eq!(minutes(&[long(700)]), 0.0);
        // One of an hour that may begin early, from 9:00 on, adds half an hour.
        assert_eq!(minutes(&[long(0), short(570)]), 180.0);
    }

    #[test]
    fn a_morning_holds_210_minutes_and_an_afternoon_240() {
        let (short, long) = (
            Size { preparation: 0, duration: 30, turnaround: 10, earliest: 0 },
            Size { preparation: 60, duration: 60, turnaround: 10, earliest: 0 },
        );
        let sizes = [short, long];
        let is = |found: &[f64], wanted: &[f64]| found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-6);
        // Three long ones from 9:00 leave half an hour before them.
        let morning = Hours { open: 480, free: vec![Interval::new(480, 750)] };
        let afternoon = Hours { open: 480, free: vec![Interval::new(810, 1110)] };
        let found = packings(&[morning.clone(), afternoon], &sizes, 5);
        assert!(
            is(&found[0].shares, &[30.0 / 210.0, 60.0 / 210.0]) && is(&found[0].most, &[1.0, 8.0 / 7.0]),
            "{found:?}"
        );
        assert!(is(&found[1].shares, &[0.0, 1.0 / 3.0]) && is(&found[1].most, &[1.0, 4.0 / 3.0]), "{found:?}");
        assert!(is(&found[2].shares, &[1.0 / 7.0, 1.0 / 7.0]) && is(&found[2].most, &[1.0, 1.0]), "{found:?}");
        assert!(is(&found[3].shares, &[30.0 / 240.0, 60.0 / 240.0]) && is(&found[3].most, &[0.875, 1.0]), "{found:?}");
        // Both on one date: seven long ones and a short one, fourteen short ones, or one long one in place of a short one.
        let date = Hours { open: 480, free: vec![Interval::new(480, 750), Interval::new(810, 1110)] };
        let found = packings(&[date], &sizes, 5);
        assert!(is(&found[0].shares, &[1.0 / 14.0, 1.0 / 14.0]), "{found:?}");
        assert!(is(&found[1].shares, &[0.0, 1.0 / 7.0]), "{found:?}");
    }

    #[test]
    fn no_packing_has_shares_above_one() {
        let (sizes, capacity) = ([70, 40, 20, 55], 310);
        let shares = shares(&sizes, capacity);
        assert!((shares[0] - 0.25).abs() < 1e-6 && (shares[1] - 0.125).abs() < 1e-6, "{shares:?}");
        for a in 0..=4 {
            for b in 0..=7 {
                for c in 0..=15 {
                    for d in 0..=5 {
                        let n = [a, b, c, d];
                        if n.iter().zip(sizes).map(|(n, s)| n * s).sum::<Minutes>() <= capacity {
                            let sum: f64 = n.iter().zip(&shares).map(|(&n, s)| f64::from(n) * s).sum();
                            assert!(sum <= 1.0, "{n:?}: {sum}");
                        }
                    }
                }
            }
        }
    }
}
