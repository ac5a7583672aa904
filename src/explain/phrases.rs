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
    if part > 0 && share < 1.0 { "< 1 %".into() } else { format!("{share:.0} %") }
}

/// Where the rule of that name comes from: a paragraph of the circular, or the academy's policy.
pub fn source_of(rule: &str) -> String {
    RULES.iter().find(|r| r.name == rule).map_or_else(String::new, |r| (r.source)())
}
