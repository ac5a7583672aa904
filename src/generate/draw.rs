//! Random draws whose values depend on the seed alone: the stream of PCG-64 is fixed, and the steps from it to a
//! number are written out here, so that no new version of a library changes an instance.

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

/// A stream of draws.
pub(super) struct Draw(Pcg64Mcg);

impl Draw {
    /// The stream of one part of an instance: parts do not disturb each other, so that another slack leaves the
    /// candidates as they were.
    pub(super) fn new(seed: u64, part: u64) -> Draw {
        Draw(Pcg64Mcg::seed_from_u64(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(part)))
    }

    /// One of `0..n`; `n` is not 0.
    pub(super) fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.0.next_u64()) * n as u128) >> 64) as usize
    }

    /// One of `low..=high`.
    pub(super) fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    /// A number of `[0, 1)`.
    pub(super) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number of `[low, high)`.
    pub(super) fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Yes, with this probability.
    pub(super) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// One of a list that is not empty.
    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// One of a list of (weight, value).
    pub(super) fn weighted<T: Copy>(&mut self, list: &[(f64, T)]) -> T {
        let total: f64 = list.iter().map(|(w, _)| w).sum();
        let mut left = self.unit() * total;
        for &(w, value) in list {
            left -= w;
            if left < 0.0 {
                return value;
            }
        }
        list[list.len() - 1].1
    }

    /// `k` of `0..n`, in order.
    pub(super) fn sample(&mut self, n: usize, k: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..n).collect();
        for i in 0..k.min(n) {
            let j = self.between(i, n - 1);
            all.swap(i, j);
        }
        all.truncate(k);
        all.sort_unstable();
        all
    }

    /// A share between `low` and `high` of `0..n`, in order: exact up to rounding, which is itself drawn, so that
    /// a rare trait still shows in one small instance of a few.
    pub(super) fn some(&mut self, n: usize, low: f64, high: f64) -> Vec<usize> {
        let wanted = self.within(low, high) * n as f64;
        let k = wanted.floor() as usize + usize::from(self.chance(wanted.fract()));
        self.sample(n, k)
    }
}
