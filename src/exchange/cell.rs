//! A cell of a spreadsheet, and the ways in which offices write dates, hours, numbers and yes or no.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::instance::{Clock, Minutes};
use crate::tr;

/// What a cell holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// What cannot be used as it stands.
    Broken(Box<Broken>),
}

/// What a cell shows that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Broken {
    /// What the clerk sees.
    pub shown: String,
    /// Why it cannot be used.
    pub why: Why,
}

/// Why a cell cannot be used as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Why {
    /// A formula whose value the file does not hold.
    Formula,
    /// An error of the spreadsheet: `#REF!`.
    Error,
    /// A date with an hour.
    Moment,
    /// A number of more digits than a spreadsheet keeps, so that the last ones are lost.
    Digits,
    /// Characters that no text of an office has: the encoding was taken for another, or bytes were lost.
    Letters,
    /// More characters than a cell of a spreadsheet holds.
    Long,
    /// A merged cell lies over this one and hides what it holds.
    Covered,
    /// A merged cell begins in another column and covers this one; its value may not be meant here.
    Beside,
}

impl Broken {
    /// What is there, why it cannot be used, and what to do.
    pub fn message(&self) -> String {
        let shown = &self.shown;
        match self.why {
            Why::Formula => tr!(
                "a formula without a stored value ({shown}); open the file in a spreadsheet program and save it again, or write the value itself",
                "une formule sans valeur enregistrée ({shown}) ; ouvrez le fichier dans un tableur et réenregistrez-le, ou écrivez la valeur elle-même"
            ),
            Why::Error => tr!(
                "\"{shown}\" is an error of the spreadsheet; mend the formula or write the value itself",
                "« {shown} » est une erreur du tableur ; corrigez la formule ou écrivez la valeur elle-même"
            ),
            Why::Moment => tr!(
                "\"{shown}\" is a date with an hour; write the one or the other, as a text where a text is meant",
                "« {shown} » est une date avec une heure ; écrivez l'une ou l'autre, ou un texte si c'est un texte"
            ),
            Why::Digits => tr!(
                "{shown} is a number of more than 15 digits, of which a spreadsheet loses the last; write it as a text",
                "{shown} est un nombre de plus de 15 chiffres, dont un tableur perd les derniers ; écrivez-le comme texte"
            ),
            Why::Letters => tr!(
                "\"{shown}\" has characters that no name has; the file was saved or opened in another encoding: save it as UTF-8 or XLSX, or mend the cell",
                "« {shown} » a des caractères qu'aucun nom ne porte ; le fichier a été enregistré ou ouvert dans un autre codage : enregistrez-le en UTF-8 ou en XLSX, ou corrigez la cellule"
            ),
            Why::Long => tr!(
                "\"{shown}\" has more than 32,767 characters, more than a cell holds; shorten it",
                "« {shown} » a plus de 32 767 caractères, plus qu'une cellule n'en contient ; abrégez"
            ),
            Why::Covered => tr!(
                "a merged cell hides \"{shown}\" here; unmerge it and keep what is right",
                "une cellule fusionnée cache ici « {shown} » ; défusionnez-la et gardez ce qui est juste"
            ),
            Why::Beside => tr!(
                "the merged cell \"{shown}\" of another column covers this one; unmerge it and write what belongs here",
                "la cellule fusionnée « {shown} » d'une autre colonne recouvre celle-ci ; défusionnez-la et écrivez ce qui va ici"
            ),
        }
    }
}

impl Cell {
    /// A text that reads back as itself: quoted where blanks, separators or the reader would change it.
    pub fn exact(text: &str) -> Cell {
        Cell::Text(if is_plain(text) { text.to_string() } else { quoted(text) })
    }

    /// A list in one cell: `EG, CCST`.
    pub fn list<S: AsRef<str>>(items: &[S]) -> Cell {
        Cell::list_quoting(items, |_| false)
    }

    /// A list in one cell, with quotation marks also around the items that a reader would alter.
    pub fn list_quoting<S: AsRef<str>>(items: &[S], altered: impl Fn(&str) -> bool) -> Cell {
        if items.is_empty() {
            return Cell::Empty;
        }
        let one = |s: &S| {
            let s = s.as_ref();
            if is_plain(s) && !s.contains([',', ';']) && !altered(s) { s.to_string() } else { quoted(s) }
        };
        Cell::Text(items.iter().map(one).collect::<Vec<_>>().join(", "))
    }

    /// A cell that cannot be used, with what it shows.
    pub fn broken(why: Why, shown: impl Into<String>) -> Cell {
        Cell::Broken(Box::new(Broken { shown: shown.into(), why }))
    }

    /// Whether nothing stands here.
    pub fn is_empty(&self) -> bool {
        *self == Cell::Empty
    }

    /// What stands here as a text, as the clerk sees it.
    pub fn shown(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(t) => t.clone(),
            Cell::Broken(b) => b.shown.clone(),
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
        self.parts().into_iter().map(|(item, _)| item).collect()
    }

    /// The list meant, each item with whether it stands between quotation marks.
    pub fn parts(&self) -> Vec<(String, bool)> {
        let Cell::Text(text) = self else {
            return if self.is_empty() { Vec::new() } else { vec![(self.text(), false)] };
        };
        let (mut items, mut rest) = (Vec::new(), text.as_str());
        loop {
            rest = rest.trim_start();
            let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<String>();
            if rest.starts_with('"')
                && let Some(Ok(item)) = stream.next()
                && let after = rest[stream.byte_offset()..].trim_start()
                && (after.is_empty() || after.starts_with(is_separator))
            {
                items.push((item, true));
                rest = after;
            } else {
                let end = rest.find(is_separator).unwrap_or(rest.len());
                let item = rest[..end].trim();
                if !item.is_empty() {
                    items.push((item.to_string(), false));
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

    /// An hour: an hour cell, a fraction of a day, 8h30, 8h, 08:30, 8:30:00, 02:00:00 PM.
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

/// Characters that nobody sees: of no width, or for the direction of writing.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// Words that a reader takes for themselves.
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text.trim() == text
        && !text.starts_with(['"', '(', '=', '\''])
        && !is_dash(text)
        && !text.contains(is_strange)
        && !text.contains("_x")
        && !text.contains("  ")
        && !super::read::is_altered(text)
}

/// Characters that a spreadsheet or a reader changes.
fn is_strange(c: char) -> bool {
    c.is_control() || is_invisible(c) || (c.is_whitespace() && c != ' ') || matches!(c, '\u{fffd}'..='\u{ffff}')
}

/// The text between quotation marks, with what spreadsheets cannot hold, and what a reader would doubt, written as
/// JSON does.
pub fn quoted(text: &str) -> String {
    quoted_without(text, &[])
}

/// The same, with these signs written as JSON does too.
pub fn quoted_without(text: &str, signs: &[char]) -> String {
    let out = escaped(text, signs, super::read::is_altered(text));
    // Behind the letters of a code, another sign may look like one of a wrong encoding.
    if super::read::has_doubtful_letters(&out) { escaped(text, signs, true) } else { out }
}

fn escaped(text: &str, signs: &[char], doubted: bool) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            // Two blanks in a row become one in an ODS file.
            ' ' if !out.ends_with(' ') && out.len() > 1 => out.push(c),
            // Excel writes characters as _x0041_.
            ' ' | '_' => push_escaped(&mut out, c),
            c if signs.contains(&c) || is_strange(c) || (doubted && (!c.is_ascii() || c == '?')) => {
                push_escaped(&mut out, c)
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn push_escaped(out: &mut String, c: char) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        out.push_str(&format!("\\u{unit:04x}"));
    }
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
    // The hour that systems add to a date, which is none.
    let midnight = ["00:00:00", "00:00:00.000", "00:00:00Z", "00:00:00.000Z", "00:00"];
    let bare = midnight.iter().find_map(|hour| text.strip_suffix(hour));
    let text = bare.map_or(text, |t| t.trim_end().trim_end_matches('T'));
    let parts: Vec<&str> = text.split(['/', '-', '.', ' ']).filter(|p| !p.is_empty()).collect();
    let parts = match parts.as_slice() {
        [day, rest @ ..] if rest.len() == 3 && day.chars().all(char::is_alphabetic) => rest.to_vec(), // lundi 3 juin 2024
        all => all.to_vec(),
    };
    let [first, month, last] = parts[..] else { return None };
    let digits = |s: &str| -> Option<u32> { s.bytes().all(|b| b.is_ascii_digit()).then(|| s.parse().ok()).flatten() };
    // A year of two digits where nothing but a date is written so: 4/6/26, 04-juin-26.
    let short = text.contains('/') || digits(month).is_none();
    let month = digits(month).or_else(|| super::grid::month(&super::headings::plain(month)))?;
    let (day, year) = match (first.len(), last.len()) {
        (4, 1 | 2) => (digits(last)?, digits(first)?),
        (1 | 2, 4) => (digits(first)?, digits(last)?),
        (1 | 2, 2) if short => (digits(first)?, 2000 + digits(last)?),
        (3, 4) if first.eq_ignore_ascii_case("1er") => (1, digits(last)?),
        _ => return None,
    };
    NaiveDate::from_ymd_opt(year as i32, month, day).filter(|d| d.year() > 0)
}

fn text_clock(text: &str) -> Option<Clock> {
    let text: String = text.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    // A spreadsheet program set to English counts to twelve: `02:00:00 PM`.
    let (text, half) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(bare), _) => (bare, Some(0)),
        (_, Some(bare)) => (bare, Some(12)),
        _ => (text.trim_end_matches("min").trim_end_matches("mn"), None),
    };
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
    let mut hours = number(hours, None)?;
    if let Some(half) = half {
        if !(1..=12).contains(&hours) {
            return None;
        }
        hours = hours % 12 + half;
    }
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
            "2024-06-03T00:00:00.000Z",
            "2024-06-03 00:00",
        ] {
            assert_eq!(text(t).date(), june, "{t}");
        }
        assert_eq!(text("1er août 2024").date(), NaiveDate::from_ymd_opt(2024, 8, 1));
        assert_eq!(Cell::Number(45446.0).date(), june);
        for t in [
            "03.06.24",
            "03-06-24",
            "31/02/2024",
            "juin 2024",
            "2024",
            "",
            "03/06/2024 10:00",
            "+3/06/2024",
            "0000-01-01",
        ] {
            assert_eq!(text(t).date(), None, "{t}");
        }
    }

    #[test]
    fn hours_are_read_as_offices_write_them() {
        for t in ["8h30", "08:30", "8 h 30", "8H30", "8:30", "08:30:00", "8h30min", "08h30mn"] {
            assert_eq!(text(t).clock(), Some(Clock(510)), "{t}");
        }
        assert_eq!(text("8h").clock(), Some(Clock(480)));
        assert_eq!(Cell::Number(510.0 / 1440.0).clock(), Some(Clock(510)));
        for t in ["8", "24h00", "8h60", "8:3", "8:", "h30", "8.30", "8h30:15", "08:30:15", "-8h30"] {
            assert_eq!(text(t).clock(), None, "{t}");
        }
        assert_eq!(Cell::Number(8.0).clock(), None);
        for (written, minutes) in [("02:00:00 PM", 840), ("12:30 pm", 750), ("12:05:00 AM", 5), ("8:15 am", 495)] {
            assert_eq!(text(written).clock(), Some(Clock(minutes)), "{written}");
        }
        assert_eq!((text("14:00 PM").clock(), text("0:30 am").clock()), (None, None));
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
