//! The language of what people read: French for the offices, English for everybody else.
//!
//! Every sentence stands in both languages at the place that says it, through [`tr!`](crate::tr), so that a
//! message and its translation cannot drift apart. The language is chosen once, by the command line.

use std::sync::atomic::{AtomicBool, Ordering};

/// A language that the program speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// English, the default of the library.
    En,
    /// French, the default of the command where the locale says so.
    Fr,
}

static FRENCH: AtomicBool = AtomicBool::new(false);

/// Chooses the language of every later message of this process.
pub fn set(lang: Lang) {
    FRENCH.store(lang == Lang::Fr, Ordering::Relaxed);
}

/// The language in force.
pub fn current() -> Lang {
    if FRENCH.load(Ordering::Relaxed) { Lang::Fr } else { Lang::En }
}

/// Formats the English or the French sentence, as the language in force asks.
#[macro_export]
macro_rules! tr {
    ($en:literal, $fr:literal $(, $($arg:tt)*)?) => {
        match $crate::lang::current() {
            $crate::lang::Lang::En => format!($en $(, $($arg)*)?),
            $crate::lang::Lang::Fr => format!($fr $(, $($arg)*)?),
        }
    };
}
