//! Small words that every explanation uses.

use crate::rules::RULES;
use crate::tr;

/// `a, b and c`.
pub fn list<S: AsRef<str>>(items: &[S]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_string(),
        [rest @ .., last] => {
            let rest = rest.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
            let last = last.as_ref();
            tr!("{rest} and {last}", "{rest} et {last}")
        }
    }
}

/// A share in whole per cent, `12 %`; below one per cent `< 1 %`.
pub fn percent(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return "0 %".into();
    }
    let share = 100.0 * part as f64 / whole as f64;
    match share {
        s if part > 0 && s < 1.0 => "< 1 %".into(),
        s if part < whole && s >= 99.5 => "> 99 %".into(),
        s => format!("{s:.0} %"),
    }
}

/// So many of something, in the singular or the plural.
pub fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 || (n == 0 && crate::lang::current() == crate::lang::Lang::Fr) {
        format!("{n} {one}")
    } else {
        format!("{n} {many}")
    }
}

/// Where the rule of that name comes from: a paragraph of the circular, or the academy's policy.
pub fn source_of(rule: &str) -> String {
    RULES.iter().find(|r| r.name == rule).map_or_else(String::new, |r| (r.source)())
}
