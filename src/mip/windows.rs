//! When people and rooms can be used, and how much fits.

use crate::instance::*;

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

/// Minutes heard at most by one person without a break: each kind of sitting has a duration, a size (with its turnaround)
/// and a room, into which all its sittings fit with those of the kinds before it. The rooms come in growing order.
pub(super) fn longest(kinds: &[(Minutes, Minutes, Minutes)]) -> Minutes {
    let most = kinds.iter().map(|k| k.2).max().unwrap_or(0).max(0) as usize;
    let mut best: Vec<Option<Minutes>> = vec![None; most + 1];
    best[0] = Some(0);
    for &(duration, size, room) in kinds {
        let size = size.max(1) as usize;
        for full in size..=room.max(0) as usize {
            best[full] = best[full].max(best[full - size].map(|b| b + duration));
        }
    }
    best.into_iter().flatten().max().unwrap_or(0)
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
    fn what_is_prepared_longer_has_less_room() {
        // From 9:30 to 12:30: one oral of an hour from 10:30 on and three of half an hour, not two and one.
        assert_eq!(longest(&[(60, 70, 130), (30, 40, 190)]), 150);
        assert_eq!(longest(&[(60, 70, 190), (30, 40, 190)]), 150);
        assert_eq!(longest(&[(30, 40, 190)]), 120);
        assert_eq!(longest(&[(60, 70, -20)]), 0);
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
