//! Small words that every explanation uses.

use super::Share;
use crate::lang::thousands;
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

/// Where the rule of that name comes from: a paragraph of the circular, or the academy's policy.
pub fn source_of(rule: &str) -> String {
    RULES.iter().find(|r| r.name == rule).map_or_else(String::new, |r| (r.source)())
}

/// What somebody is charged, in one sentence; empty where it is nothing.
pub fn charged(shares: &[Share]) -> String {
    let named: Vec<String> = shares.iter().map(|s| format!("{} {}", s.term, thousands(s.cost))).collect();
    if named.is_empty() {
        return String::new();
    }
    let (total, named) = (thousands(shares.iter().map(|s| s.cost).sum()), named.join(", "));
    tr!("Costs {total}: {named}.", "Coûte {total} : {named}.")
}

/// What stands above the parts of a story.
pub mod heads {
    use crate::tr;

    /// Above the constraints.
    pub fn binds() -> String {
        tr!("What binds", "Ce qui s'impose")
    }

    /// Above a candidate's other dates and centres.
    pub fn first_day() -> String {
        tr!("Why not the first day otherwise", "Pourquoi pas le premier jour autrement")
    }

    /// Above an examiner's other dates.
    pub fn other_dates() -> String {
        tr!("Why not on the other dates", "Pourquoi pas aux autres dates")
    }

    /// Above what is charged to whom over all terms.
    pub fn over_all_terms() -> String {
        tr!("Over all terms", "Tous postes confondus")
    }

    /// What the cost is split by: a [`Dimension`](crate::explain::costs::Dimension) of that name.
    pub fn dimension(by: &str) -> String {
        match by {
            "examiner" => tr!("examiners", "interrogateurs"),
            "centre" => tr!("centres", "centres"),
            "date" => tr!("dates", "dates"),
            "candidate" => tr!("candidates", "candidats"),
            _ => tr!("schools", "établissements"),
        }
    }
}
