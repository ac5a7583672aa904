//! The hours at which a job may start in a half-day, as bits: one for each step of the grid.

use smallvec::SmallVec;

use crate::instance::{Interval, Minutes, time::round_up};

/// Later than any hour; its negative is earlier than any.
pub const FOREVER: Minutes = Minutes::MAX / 4;

/// What takes hours away. A rule says which; whether they are kept as bits or only asked about is the taker's business.
pub trait Shut {
    /// Nothing may start after the first and before the second of these hours, both excluded.
    fn between(&mut self, after: Minutes, before: Minutes);

    /// Nothing may start but within these ranges, ends included, in order of their beginnings.
    fn all_but(&mut self, ranges: impl IntoIterator<Item = Interval>) {
        let mut after = -FOREVER;
        for range in ranges {
            if range.from <= range.to {
                if range.from > after {
                    self.between(after, range.from);
                }
                after = after.max(range.to);
            }
        }
        self.between(after, FOREVER);
    }
}

/// Asks of a single hour whether it is taken away.
#[derive(Clone, Copy, Debug)]
pub struct At {
    /// The hour.
    pub start: Minutes,
    /// Whether something has taken it away.
    pub shut: bool,
}

impl Shut for At {
    fn between(&mut self, after: Minutes, before: Minutes) {
        self.shut |= after < self.start && self.start < before;
    }
}

/// Starts on the grid within a half-day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Starts {
    first: Minutes,
    step: Minutes,
    count: usize,
    bits: SmallVec<[u64; 5]>,
}

impl Starts {
    /// Every hour of the grid in a half-day.
    pub fn of(half: Interval, step: Minutes) -> Starts {
        let first = round_up(half.from, step);
        let count = ((half.to - first).div_euclid(step) + 1).max(0) as usize;
        let mut bits: SmallVec<[u64; 5]> = SmallVec::from_elem(u64::MAX, count.div_ceil(64));
        if !count.is_multiple_of(64) {
            *bits.last_mut().expect("there is a rest, so there is a word") = (1 << (count % 64)) - 1;
        }
        Starts { first, step, count, bits }
    }

    /// No hour at all, of the same half-day.
    pub fn none(&self) -> Starts {
        Starts { bits: SmallVec::from_elem(0, self.bits.len()), ..*self }
    }

    /// Whether no hour is left.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.bits.iter().all(|&w| w == 0)
    }

    /// Whether something may start then.
    pub fn contains(&self, start: Minutes) -> bool {
        let (from, off) = ((start - self.first).div_euclid(self.step), (start - self.first).rem_euclid(self.step));
        off == 0 && (0..self.count as Minutes).contains(&from) && self.bits[from as usize / 64] >> (from % 64) & 1 == 1
    }

    /// Leaves the hours that both have; both are of one half-day.
    #[inline]
    pub fn keep(&mut self, other: &Starts) {
        self.bits.iter_mut().zip(&other.bits).for_each(|(a, b)| *a &= b);
    }

    /// Adds the other's hours; both are of one half-day.
    #[inline]
    pub fn add(&mut self, other: &Starts) {
        self.bits.iter_mut().zip(&other.bits).for_each(|(a, b)| *a |= b);
    }

    /// Whether the other has every hour that this one has.
    #[inline]
    pub fn within(&self, other: &Starts) -> bool {
        self.bits.iter().zip(&other.bits).all(|(a, b)| a & !b == 0)
    }

    /// The runs of neighbouring hours, in order of time: the first and the last start of each.
    pub fn runs(&self) -> Runs<'_> {
        Runs { starts: self, at: 0 }
    }

    /// Every hour, in order of time.
    pub fn hours(&self) -> impl Iterator<Item = Minutes> + '_ {
        self.runs().flat_map(|r| (r.from..=r.to).step_by(self.step as usize))
    }

    /// From the first to the last start of the longest run, in minutes; nothing if no hour is left.
    pub fn longest(&self) -> Option<Minutes> {
        self.runs().map(|r| r.to - r.from).max()
    }

    /// The first place from `at` on whose bit is `set`, or the end.
    #[inline]
    fn next(&self, at: usize, set: bool) -> usize {
        let mut at = at;
        while at < self.count {
            let word = self.bits[at / 64];
            let rest = if set { word } else { !word } >> (at % 64);
            if rest != 0 {
                return (at + rest.trailing_zeros() as usize).min(self.count);
            }
            at = (at / 64 + 1) * 64;
        }
        self.count
    }
}

impl Shut for Starts {
    #[inline]
    fn between(&mut self, after: Minutes, before: Minutes) {
        let from = ((after - self.first).div_euclid(self.step) + 1).max(0) as usize;
        let to = (before - self.first + self.step - 1).div_euclid(self.step).clamp(0, self.count as Minutes) as usize;
        let mut at = from;
        while at < to {
            let end = to.min((at / 64 + 1) * 64);
            let ones = u64::MAX >> (64 - (end - at)) << (at % 64);
            self.bits[at / 64] &= !ones;
            at = end;
        }
    }
}

/// The runs of bits that are set, in order.
pub fn runs(words: &[u64]) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    let count = words.len() * 64;
    let next = move |mut at: usize, set: bool| {
        while at < count {
            let word = words[at / 64];
            let rest = if set { word } else { !word } >> (at % 64);
            if rest != 0 {
                return at + rest.trailing_zeros() as usize;
            }
            at = (at / 64 + 1) * 64;
        }
        count
    };
    let mut at = 0;
    std::iter::from_fn(move || {
        let from = next(at, true);
        at = next(from, false);
        (from < count).then_some(from..at)
    })
}

/// See [`Starts::runs`].
#[derive(Clone, Debug)]
pub struct Runs<'a> {
    starts: &'a Starts,
    at: usize,
}

impl Iterator for Runs<'_> {
    type Item = Interval;

    #[inline]
    fn next(&mut self) -> Option<Interval> {
        let from = self.starts.next(self.at, true);
        if from == self.starts.count {
            return None;
        }
        let to = self.starts.next(from, false);
        self.at = to;
        let time = |at: usize| self.starts.first + at as Minutes * self.starts.step;
        Some(Interval::new(time(from), time(to - 1)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_half_day_has_its_hours() {
        let mut starts = Starts::of(Interval::new(481, 510), 5);
        assert_eq!(starts.hours().collect::<Vec<_>>(), [485, 490, 495, 500, 505, 510]);
        starts.between(485, 500);
        assert_eq!(starts.runs().collect::<Vec<_>>(), [Interval::new(485, 485), Interval::new(500, 510)]);
        assert_eq!(starts.longest(), Some(10));
        assert!(starts.contains(485) && !starts.contains(490) && !starts.contains(486) && !starts.contains(515));
        starts.all_but([Interval::new(480, 484), Interval::new(506, 600)]);
        assert_eq!(starts.hours().collect::<Vec<_>>(), [510]);
        starts.between(-FOREVER, FOREVER);
        assert!(starts.is_empty() && starts.longest().is_none());
    }

    #[test]
    fn runs_go_over_the_ends_of_words() {
        assert_eq!(runs(&[0, 0]).count(), 0);
        assert_eq!(runs(&[1 << 63 | 1, 0b11, u64::MAX]).collect::<Vec<_>>(), [0..1, 63..66, 128..192]);
    }

    proptest! {
        /// The bits say the same as asking hour by hour, on any grid.
        #[test]
        fn bits_and_questions_agree(
            step in prop_oneof![Just(1), Just(5), Just(15)],
            from in 400..600i32,
            length in 0..700i32,
            shut in prop::collection::vec((300..1400i32, -20..200i32), 0..6),
            but in prop::option::of(prop::collection::vec((300..1400i32, -20..200i32), 0..4)),
        ) {
            let mut starts = Starts::of(Interval::new(from, from + length), step);
            let all: Vec<Minutes> = (from..=from + length).filter(|t| t % step == 0).collect();
            prop_assert_eq!(starts.hours().collect::<Vec<_>>(), all.clone());
            let mut but = but;
            if let Some(but) = &mut but {
                but.sort();
            }
            fn take(to: &mut impl Shut, shut: &[(i32, i32)], but: &Option<Vec<(i32, i32)>>) {
                shut.iter().for_each(|&(after, by)| to.between(after, after + by));
                if let Some(but) = but {
                    to.all_but(but.iter().map(|&(from, by)| Interval::new(from, from + by)));
                }
            }
            take(&mut starts, &shut, &but);
            let left = all.into_iter().filter(|&start| {
                let mut at = At { start, shut: false };
                take(&mut at, &shut, &but);
                assert_eq!(starts.contains(start), !at.shut);
                !at.shut
            });
            let left: Vec<Minutes> = left.collect();
            prop_assert_eq!(starts.hours().collect::<Vec<_>>(), left);
        }
    }
}
