//! The language of what people read: French for the offices, English for everybody else.
//!
//! Every sentence stands in both languages at the place that says it, through [`tr!`](crate::tr), so that a
//! message and its translation cannot drift apart. The language is chosen once, by the command line.

use std::cell::Cell;
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

thread_local! {
    static HERE: Cell<Option<Lang>> = const { Cell::new(None) };
}

/// Chooses the language of every later message of this process.
pub fn set(lang: Lang) {
    FRENCH.store(lang == Lang::Fr, Ordering::Relaxed);
}

/// Does the work with its messages in that language, in this thread only: a French page asked for in English.
pub fn within<T>(lang: Lang, work: impl FnOnce() -> T) -> T {
    struct Restore(Option<Lang>);
    impl Drop for Restore {
        fn drop(&mut self) {
            HERE.set(self.0);
        }
    }
    let _restore = Restore(HERE.replace(Some(lang)));
    work()
}

/// The language in force.
pub fn current() -> Lang {
    if let Some(lang) = HERE.get() {
        return lang;
    }
    if FRENCH.load(Ordering::Relaxed) { Lang::Fr } else { Lang::En }
}

/// What the plural adds to most words, in either language; in French none is singular.
pub fn plural(n: usize) -> &'static str {
    if singular(n) { "" } else { "s" }
}

fn singular(n: usize) -> bool {
    n == 1 || (n == 0 && current() == Lang::Fr)
}

/// A whole number with its thousands apart: `1 234 567`.
pub fn thousands(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut text = String::from(if n < 0 { "-" } else { "" });
    for (i, d) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(d);
    }
    text
}

/// So many of something, in the singular or the plural.
pub fn count(n: usize, one: &str, many: &str) -> String {
    let said = thousands(n as i64);
    if singular(n) { format!("{said} {one}") } else { format!("{said} {many}") }
}

/// A number with that many decimals, behind a comma in French.
pub fn decimal(x: f64, decimals: usize) -> String {
    let text = format!("{x:.decimals$}");
    if current() == Lang::Fr { text.replace('.', ",") } else { text }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_holds_within_its_work_and_its_thread_only() {
        let word = || crate::tr!("yes", "oui");
        let outside = current();
        within(Lang::Fr, || {
            assert_eq!(word(), "oui");
            within(Lang::En, || assert_eq!(word(), "yes"));
            assert_eq!(word(), "oui");
            assert_eq!(std::thread::spawn(current).join().unwrap(), outside);
        });
        let panicked = std::panic::catch_unwind(|| within(Lang::Fr, || panic!("on purpose")));
        assert!(panicked.is_err());
        assert_eq!(current(), outside);
    }
}
