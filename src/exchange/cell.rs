//! A cell of a spreadsheet, and the ways in which offices write dates, hours, numbers and yes or no.

use chrono::{Datelike, NaiveDate};

use crate::instance::{Clock, Minutes};
use crate::tr;

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing, or blanks only.
    Empty,
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// True or false.
    Bool(bool),
    /// A date.
    Date(NaiveDate),
    /// An hour of the day.
    Clock(Clock),
    /// A date with an hour, or an error of the spreadsheet (`#REF!`): what it shows.
    Other(String),
}

impl Cell {
    /// A text that reads back as itself: quoted where blanks, separators or the reader would change it.
    pub fn exact(text: &str) -> Cell {
        Cell::Text(if is_plain(text) { text.to_string() } else { quoted(text) })
    }

    /// A list in one cell: `EG, CCST`.
    pub fn list<S: AsRef<str>>(items: &[S]) -> Cell {
        if items.is_empty() {
            return Cell::Empty;
        }
        let one = |s: &S| {
            let s = s.as_ref();
            if is_plain(s) && !s.contains([',', ';']) { s.to_string() } else { quoted(s) }
        };
        Cell::Text(items.iter().map(one).collect::<Vec<_>>().join(", "))
    }

    /// Whether nothing stands here.
    pub fn is_empty(&self) -> bool {
        *self == Cell::Empty
    }

    /// What stands here as a text, as the clerk sees it.
    pub fn shown(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(t) | Cell::Other(t) => t.clone(),
            Cell::Number(n) => number_text(*n),
            Cell::Bool(b) => yes_no(*b),
            Cell::Date(d) => d.format("%d/%m/%Y").to_string(),
            Cell::Clock(c) => c.to_string(),
        }
    }

    /// The text meant: unquoted where it is quoted; a date as ISO.
    pub fn text(&self) -> String {
        match self {
            Cell::Text(t) => unquoted(t).unwrap_or_else(|| t.clone()),
            Cell::Date(d) => d.to_string(),
            other => other.shown(),
        }
    }

    /// The list meant: items between `,`, `;` or line ends.
    pub fn items(&self) -> Vec<String> {
        let Cell::Text(text) = self else { return if self.is_empty() { Vec::new() } else { vec![self.text()] } };
        let (mut items, mut rest) = (Vec::new(), text.as_str());
        loop {
            rest = rest.trim_start();
            let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<String>();
            if rest.starts_with('"')
                && let Some(Ok(item)) = stream.next()
                && let after = rest[stream.byte_offset()..].trim_start()
                && (after.is_empty() || after.starts_with(is_separator))
            {
                items.push(item);
                rest = after;
            } else {
                let end = rest.find(is_separator).unwrap_or(rest.len());
                let item = rest[..end].trim();
                if !item.is_empty() {
                    items.push(item.to_string());
                }
                rest = &rest[end..];
            }
            match rest.chars().next() {
                Some(c) => rest = &rest[c.len_utf8()..],
                None => return items,
            }
        }
    }

    /// A date: a date cell, a serial number, JJ/MM/AAAA, AAAA-MM-JJ, `3 juin 2024`.
    pub fn date(&self) -> Option<NaiveDate> {
        match self {
            Cell::Date(d) => Some(*d),
            Cell::Number(n) if n.fract() == 0.0 && (20_000.0..80_000.0).contains(n) => serial_date(*n),
            Cell::Text(t) => text_date(t),
            _ => None,
        }
    }

    /// An hour: an hour cell, a fraction of a day, 8h30, 8h, 08:30, 8:30:00.
    pub fn clock(&self) -> Option<Clock> {
        match self {
            Cell::Clock(c) => Some(*c),
            Cell::Number(n) => day_fraction(*n),
            Cell::Text(t) => text_clock(t),
            _ => None,
        }
    }

    /// A whole number, its unit allowed: `45`, `45 min`, `4 jours`.
    pub fn whole(&self) -> Option<u32> {
        let n = self.decimal()?;
        (n.fract() == 0.0).then_some(n as u32)
    }

    /// A number of zero or more, with a decimal comma or point: `52,4 km`.
    pub fn decimal(&self) -> Option<f64> {
        let n = match self {
            Cell::Number(n) => *n,
            Cell::Text(t) => {
                let t = t.to_lowercase();
                let units = ["minutes", "minute", "min", "kilomètres", "km", "jours", "jour", "j", "places", "place"];
                let bare = units.iter().find_map(|u| t.strip_suffix(u)).unwrap_or(&t);
                let digits: String = bare.chars().filter(|c| !c.is_whitespace()).collect();
                if !digits.starts_with(|c: char| c.is_ascii_digit()) || digits.contains(['e', 'x']) {
                    return None;
                }
                digits.replace(',', ".").parse().ok()?
            }
            _ => return None,
        };
        (0.0..=f64::from(u32::MAX)).contains(&n).then_some(n)
    }

    /// A coordinate in degrees.
    pub fn degrees(&self) -> Option<f64> {
        let n = match self {
            Cell::Number(n) => *n,
            Cell::Text(t) => t.replace(',', ".").parse().ok()?,
            _ => return None,
        };
        (-180.0..=180.0).contains(&n).then_some(n)
    }

    /// Yes or no: oui, non, O, N, x, vrai, faux, 1, 0 and the English words; empty is no.
    pub fn yes(&self) -> Option<bool> {
        match self {
            Cell::Empty => Some(false),
            Cell::Bool(b) => Some(*b),
            Cell::Number(n) if *n == 1.0 => Some(true),
            Cell::Number(n) if *n == 0.0 => Some(false),
            Cell::Text(t) => match super::headings::plain(t).as_str() {
                "oui" | "o" | "x" | "vrai" | "yes" | "y" | "true" | "1" => Some(true),
                "non" | "n" | "faux" | "no" | "false" | "0" => Some(false),
                _ if t.trim() == "✓" || t.trim() == "✔" => Some(true),
                _ if is_dash(t) => Some(false),
                _ => None,
            },
            _ => None,
        }
    }
}

/// `oui` or `non`, in the language in force.
pub fn yes_no(yes: bool) -> String {
    if yes { tr!("yes", "oui") } else { tr!("no", "non") }
}

/// A dash alone: nothing, said on purpose.
pub fn is_dash(text: &str) -> bool {
    matches!(text.trim(), "-" | "–" | "—")
}

fn is_separator(c: char) -> bool {
    matches!(c, ',' | ';' | '\n')
}

/// Words that a reader takes for something else than themselves.
fn is_plain(text: &str) -> bool {
    let strange = |c: char| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{feff}');
    !text.is_empty()
        && text.trim() == text
        && !text.starts_with(['"', '('])
        && !is_dash(text)
        && !text.contains(strange)
        && !text.contains("_x")
        && !text.contains("  ")
}

/// The text between quotation marks, with what spreadsheets cannot hold written as JSON does.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            // Excel writes characters as _x0041_; two blanks in a row become one in an ODS file.
            '_' => out.push_str("\\u005f"),
            c if c.is_control() || (c.is_whitespace()) || matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{feff}') => {
                if c == ' ' && !out.ends_with(' ') && out.len() > 1 {
                    out.push(c);
                } else {
                    out.push_str(&format!("\\u{:04x}", c as u32));
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn unquoted(text: &str) -> Option<String> {
    text.starts_with('"').then(|| serde_json::from_str(text).ok()).flatten()
}

/// Whether the text is between quotation marks, so that it stands for itself.
pub fn is_quoted(cell: &Cell) -> bool {
    matches!(cell, Cell::Text(t) if unquoted(t).is_some())
}

fn number_text(n: f64) -> String {
    if n.fract() == 0.0 && n.abs() < 1e15 { format!("{}", n as i64) } else { n.to_string() }
}

/// The date of a serial number (days since 30 December 1899).
fn serial_date(n: f64) -> Option<NaiveDate> {
    let days = n as i64;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_signed(chrono::TimeDelta::try_days(days)?)
}

/// The hour of a fraction of a day, to the second.
pub fn day_fraction(n: f64) -> Option<Clock> {
    if !(0.0..1.0).contains(&n) {
        return None;
    }
    let seconds = (n * 86_400.0).round() as Minutes;
    (seconds % 60 == 0 && seconds < 86_400).then_some(Clock(seconds / 60))
}

fn text_date(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let text = text.strip_suffix("00:00:00").map_or(text, |t| t.trim_end().trim_end_matches('T'));
    let parts: Vec<&str> = text.split(['/', '-', '.', ' ']).filter(|p| !p.is_empty()).collect();
    let parts = match parts.as_slice() {
        [day, rest @ ..] if rest.len() == 3 && day.chars().all(char::is_alphabetic) => rest.to_vec(), // lundi 3 juin 2024
        all => all.to_vec(),
    };
    let [first, month, last] = parts[..] else { return None };
    let digits = |s: &str| -> Option<u32> { s.bytes().all(|b| b.is_ascii_digit()).then(|| s.parse().ok()).flatten() };
    let month = digits(month).or_else(|| month_number(month))?;
    let (day, year) = match (first.len(), last.len()) {
        (4, 1 | 2) => (digits(last)?, digits(first)?),
        (1 | 2, 4) => (digits(first)?, digits(last)?),
        (3, 4) if first.eq_ignore_ascii_case("1er") => (1, digits(last)?),
        _ => return None,
    };
    NaiveDate::from_ymd_opt(year as i32, month, day).filter(|d| d.year() > 0)
}

fn month_number(name: &str) -> Option<u32> {
    let months = [
        "janvier",
        "fevrier",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "aout",
        "septembre",
        "octobre",
        "novembre",
        "decembre",
    ];
    let name = super::headings::plain(name);
    months.iter().position(|m| *m == name).map(|i| i as u32 + 1)
}

fn text_clock(text: &str) -> Option<Clock> {
    let text: String = text.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let text = text.trim_end_matches("min");
    let (hours, rest) = text.split_once(['h', ':'])?;
    let minutes = match rest.split_once(':') {
        Some((minutes, "00")) => minutes,
        Some(_) => return None,
        None => rest,
    };
    let number = |s: &str, empty: Option<Minutes>| match s.len() {
        0 => empty,
        1 | 2 if s.bytes().all(|b| b.is_ascii_digit()) => s.parse().ok(),
        _ => None,
    };
    let hours = number(hours, None)?;
    let minutes = if text.contains('h') || rest.len() >= 2 {
        number(minutes, text.contains('h').then_some(0))?
    } else {
        return None;
    };
    (hours < 24 && minutes < 60).then_some(Clock(hours * 60 + minutes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(t: &str) -> Cell {
        Cell::Text(t.into())
    }

    #[test]
    fn dates_are_read_as_offices_write_them() {
        let june = NaiveDate::from_ymd_opt(2024, 6, 3);
        for t in [
            "03/06/2024",
            "3/6/2024",
            "2024-06-03",
            "03-06-2024",
            "03.06.2024",
            "3 juin 2024",
            "lundi 3 juin 2024",
            "2024-06-03 00:00:00",
            "2024-06-03T00:00:00",
        ] {
            assert_eq!(text(t).date(), june, "{t}");
        }
        assert_eq!(text("1er août 2024").date(), NaiveDate::from_ymd_opt(2024, 8, 1));
        assert_eq!(Cell::Number(45446.0).date(), june);
        for t in ["03/06/24", "31/02/2024", "juin 2024", "2024", "", "03/06/2024 10:00", "+3/06/2024", "0000-01-01"] {
            assert_eq!(text(t).date(), None, "{t}");
        }
    }

    #[test]
    fn hours_are_read_as_offices_write_them() {
        for t in ["8h30", "08:30", "8 h 30", "8H30", "8:30", "08:30:00", "8h30min"] {
            assert_eq!(text(t).clock(), Some(Clock(510)), "{t}");
        }
        assert_eq!(text("8h").clock(), Some(Clock(480)));
        assert_eq!(Cell::Number(510.0 / 1440.0).clock(), Some(Clock(510)));
        for t in ["8", "24h00", "8h60", "8:3", "8:", "h30", "8.30", "8h30:15", "08:30:15", "-8h30"] {
            assert_eq!(text(t).clock(), None, "{t}");
        }
        assert_eq!(Cell::Number(8.0).clock(), None);
    }

    #[test]
    fn yes_and_no_have_many_spellings() {
        for t in ["oui", "OUI", "O", "x", "X", "Vrai", "yes", "1", "✓"] {
            assert_eq!(text(t).yes(), Some(true), "{t}");
        }
        for t in ["non", "N", "FAUX", "no", "0", "–"] {
            assert_eq!(text(t).yes(), Some(false), "{t}");
        }
        assert_eq!(text("peut-être").yes(), None);
    }

    proptest! {
        #[test]
        fn an_exact_text_reads_back_as_itself(t in "\\PC*|[ \"_x0,;()\\-–\n\t\\\\]*") {
            prop_assert_eq!(Cell::exact(&t).text(), t);
        }
        #[test]
        fn a_list_reads_back_as_itself(items in prop::collection::vec("\\PC{0,6}|[ \",;()\\-\n\\\\]{0,4}", 0..4)) {
            prop_assert_eq!(Cell::list(&items).items(), items);
        }
        #[test]
        fn nothing_panics(t in "\\PC*|[0-9hH:/. ,-]*", n in any::<f64>()) {
            for cell in [Cell::Text(t), Cell::Number(n)] {
                let _ = (cell.date(), cell.clock(), cell.whole(), cell.decimal(), cell.yes(), cell.items(), cell.text());
            }
        }
    }
}
