//! Counted words that several terms say.

use crate::lang::count;
use crate::tr;

/// `12 days`.
pub(super) fn n_days(n: usize) -> String {
    count(n, &tr!("day", "journée"), &tr!("days", "journées"))
}

/// `12 minutes`.
pub(super) fn n_minutes(n: usize) -> String {
    count(n, &tr!("minute", "minute"), &tr!("minutes", "minutes"))
}

/// `12 sittings`.
pub(super) fn n_sittings(n: usize) -> String {
    count(n, &tr!("sitting", "passage"), &tr!("sittings", "passages"))
}

/// `12 times`.
pub(super) fn n_times(n: usize) -> String {
    count(n, &tr!("time", "fois"), &tr!("times", "fois"))
}
