//! What the text, the number or the date of a cell is: cleaned where its value is certain, broken where it is not.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};
use encoding_rs::WINDOWS_1252;

use super::sheet::{Repair, Sheet};
use crate::exchange::cell::{Cell, Why, day_fraction, is_invisible};
use crate::instance::Clock;

/// The place that a cell is read for.
pub struct Place<'a> {
    /// The sheet, where repairs are written down.
    pub sheet: &'a mut Sheet,
    /// The row, from 0.
    pub row: usize,
    /// The column, from 0.
    pub column: usize,
}

impl Place<'_> {
    /// Writes down that the cell was read otherwise than it stands.
    pub fn repaired(&mut self, repair: Repair) {
        self.sheet.repaired(repair, self.row, self.column);
    }
}

/// What a cell of a spreadsheet holds at most, in characters.
const LONGEST: usize = 32_767;

/// A text cell, cleaned of what nobody sees.
pub fn text(raw: &str, place: &mut Place) -> Cell {
    if raw.len() > LONGEST && raw.chars().count() > LONGEST {
        return Cell::broken(Why::Long, raw.chars().take(60).chain(['…']).collect::<String>());
    }
    let plain = |b: u8| (b' '..0x7f).contains(&b);
    let first = raw.bytes().next();
    if raw.bytes().all(plain)
        && !matches!(first, None | Some(b' ' | b'=' | b'\''))
        && !raw.ends_with(' ')
        && !raw.contains('?')
        && !has_codes(raw)
    {
        return Cell::Text(raw.to_string()); // as nearly all are
    }
    let mended = undoubled(raw);
    if mended.is_some() {
        place.repaired(Repair::DoubledUtf8);
    }
    let raw = mended.as_deref().unwrap_or(raw);
    let mut seen = String::with_capacity(raw.len());
    let mut invisible = false;
    // The mark of a line's end that some programs leave in a workbook.
    let lines = raw.replace("_x000D_", "\r").replace("\r\n", "\n");
    invisible |= raw.contains("_x000D_");
    for c in lines.trim_matches(is_blank).chars() {
        match c {
            '\r' => seen.push('\n'),
            '\t' | ' ' | '\n' => seen.push(c),
            c if c.is_whitespace() && !c.is_control() => {
                invisible = true;
                seen.push(' ');
            }
            c if is_invisible(c) => invisible = true,
            c => seen.push(c),
        }
    }
    if invisible {
        place.repaired(Repair::Invisible);
    }
    let kept = seen.trim();
    if kept.is_empty() {
        return Cell::Empty;
    }
    if lines.trim_matches(is_blank).len() != lines.len() {
        place.repaired(Repair::Trimmed);
    }
    let kept = match kept.strip_prefix("=\"").and_then(|k| k.strip_suffix('"')).filter(|k| !k.contains('"')) {
        Some(inner) => {
            place.repaired(Repair::QuotedFormula);
            inner.trim()
        }
        None => {
            match kept.strip_prefix('\'').filter(|k| k.starts_with(|c: char| c.is_ascii_digit()) && !k.contains('\'')) {
                Some(inner) => {
                    place.repaired(Repair::Apostrophe);
                    inner
                }
                None => kept,
            }
        }
    };
    if has_doubtful_letters(kept) || has_codes(kept) {
        return Cell::broken(Why::Letters, visible(kept));
    }
    if kept.is_empty() { Cell::Empty } else { Cell::Text(kept.to_string()) }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

/// Whether letters stand as codes that some program should have read: `&eacute;`, `=C3=A9`, `%C3%A9`, `_x00E9_`, `\u00e9`.
fn has_codes(text: &str) -> bool {
    let hex = |s: Option<&str>| s.is_some_and(|s| s.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_lowercase()));
    let any =
        |mark: &str, is: &dyn Fn(&str) -> bool| text.match_indices(mark).any(|(i, _)| is(&text[i + mark.len()..]));
    let entity = |rest: &str| {
        rest.split_once(';').is_some_and(|(name, _)| {
            let name = name.strip_prefix('#').unwrap_or(name);
            (2..=8).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric())
        })
    };
    // The first byte of a letter in UTF-8, then the second.
    let octets = |mark: char| {
        move |rest: &str| {
            let second = rest.get(2..).and_then(|r| r.strip_prefix(mark));
            rest.starts_with(['C', 'D', 'E']) && hex(rest.get(..2)) && hex(second.and_then(|r| r.get(..2)))
        }
    };
    let escaped = |rest: &str| hex(rest.get(..4)) && rest[4..].starts_with('_');
    let unicode = |rest: &str| rest.get(..4).is_some_and(|r| r.bytes().all(|b| b.is_ascii_hexdigit()));
    // A text between quotation marks is exact, and has codes of its own.
    text.contains(['&', '=', '%', '_', '\\'])
        && !text.contains('"')
        && (any("&", &entity)
            || any("=", &octets('='))
            || any("%", &octets('%'))
            || any("_x", &escaped)
            || any("\\u", &unicode))
}

/// Control characters as their names, so that a message shows them.
fn visible(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() && c != '\n' { format!("<U+{:04X}>", c as u32) } else { c.to_string() })
        .collect()
}

/// UTF-8 that was read as Windows-1252 and saved as UTF-8: `Ã‰lodie` is Élodie. None where it is not that.
fn undoubled(text: &str) -> Option<String> {
    if !text.contains(['Ã', 'Â', 'Å', 'â']) {
        return None;
    }
    let (bytes, _, lost) = WINDOWS_1252.encode(text);
    let read = String::from_utf8(bytes.into_owned()).ok().filter(|_| !lost)?;
    let right = read.chars().count() < text.chars().count() && !has_doubtful_letters(&read);
    right.then_some(read)
}

/// Whether a text has characters that come of a wrong encoding: control characters, the mark of a lost character,
/// signs in the middle of words.
pub fn has_doubtful_letters(text: &str) -> bool {
    /// Signs that stand beside no letter in a French text; readers of old encodings put them there.
    const BESIDE: &str = "‚ƒ„†‡ˆ‰‹›˜¢£¥¦¨¬¯±¶¸¹¼½¾¿¡×÷¤";
    /// Signs that stand on no two sides of a letter.
    const BETWEEN: &str = "“”™©®§»«µ•?³²";
    let mut before = ' ';
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        let after = letters.peek().copied().unwrap_or(' ');
        let (left, right) = (before.is_alphabetic(), after.is_alphabetic());
        let doubtful = match c {
            '\n' | '\t' => false,
            c if c.is_control() => true,
            '\u{fffd}' | '\u{fffe}' | '\u{ffff}' | '\u{e000}'..='\u{f8ff}' | '\u{2500}'..='\u{259f}' => true,
            c if BESIDE.contains(c) => left || right,
            // A letter of another script that looks like one of ours.
            '\u{370}'..='\u{52f}' => before.is_ascii_alphabetic() || after.is_ascii_alphabetic(),
            // ô and ö of MS-DOS at a word's end: an opening mark behind a letter, a closing one that nothing opens.
            '“' if left => true,
            '”' if left && !right => !text.contains(['“', '"']),
            c if BETWEEN.contains(c) => left && right,
            _ => false,
        };
        if doubtful {
            return true;
        }
        before = c;
    }
    false
}

/// A number, unless it has more digits than are kept.
pub fn shown_number(n: f64) -> Cell {
    if n.abs() >= 1e15 {
        return Cell::broken(Why::Digits, if n.abs() < 1e21 { format!("{n:.0}") } else { n.to_string() });
    }
    // 214567890.00000003 is 214567890 to everybody who sees 15 digits.
    let round = format!("{n:.14e}").parse().unwrap_or(n);
    Cell::Number(if f64::fract(round) == 0.0 { round } else { n })
}

/// The date or hour of a serial number (days since 30 December 1899).
pub fn moment(n: f64) -> Cell {
    if let Some(clock) = day_fraction(n) {
        return Cell::Clock(clock);
    }
    let seconds = (n * 86_400.0).round();
    let at = (1.0..2_958_466.0).contains(&n).then_some(seconds).and_then(|s| {
        NaiveDate::from_ymd_opt(1899, 12, 30)?
            .and_time(NaiveTime::MIN)
            .checked_add_signed(TimeDelta::try_seconds(s as i64)?)
    });
    at.map_or(Cell::Number(n), of_moment)
}

/// A date, or a date with an hour, which is none.
pub fn of_moment(at: NaiveDateTime) -> Cell {
    if at.time() == NaiveTime::MIN {
        Cell::Date(at.date())
    } else {
        Cell::broken(Why::Moment, at.format("%d/%m/%Y %H:%M:%S").to_string())
    }
}

/// `2024-06-03` or `2024-06-03T00:00:00`.
pub fn iso_date(text: &str) -> Option<Cell> {
    let text = text.trim_end_matches('Z');
    text.parse::<NaiveDateTime>().map(of_moment).or_else(|_| text.parse().map(Cell::Date)).ok()
}

/// `PT08H30M00S`, the form of hours in ODS.
pub fn iso_duration(text: &str) -> Option<Clock> {
    let (hours, rest) = text.strip_prefix("PT")?.split_once('H')?;
    let (minutes, seconds) = rest.split_once('M').unwrap_or(("0", ""));
    let seconds: f64 = seconds.strip_suffix('S').unwrap_or("0").parse().ok()?;
    let at = NaiveTime::from_hms_opt(hours.parse().ok()?, minutes.parse().ok()?, 0)?;
    (seconds == 0.0).then_some(Clock((at.hour() * 60 + at.minute()) as i32))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str) -> (Cell, Vec<Repair>) {
        let mut sheet = Sheet::new("x", "x");
        let cell = text(raw, &mut Place { sheet: &mut sheet, row: 0, column: 0 });
        (cell, sheet.repairs.into_keys().collect())
    }

    #[test]
    fn what_nobody_sees_is_taken_away_and_said() {
        let t = |s: &str| Cell::Text(s.into());
        assert_eq!(read("Élodie"), (t("Élodie"), vec![]));
        assert_eq!(read("  A \u{a0}"), (t("A"), vec![Repair::Trimmed]));
        assert_eq!(read("A\u{a0}B\u{ad}C\u{200b}"), (t("A BC"), vec![Repair::Trimmed, Repair::Invisible]));
        assert_eq!(read("=\"0123\""), (t("0123"), vec![Repair::QuotedFormula]));
        assert_eq!(read("'0123"), (t("0123"), vec![Repair::Apostrophe]));
        assert_eq!(read("'ok'"), (t("'ok'"), vec![]));
        assert_eq!(read("Ã‰lodie LefÃ¨vre Ã\u{a0}"), (t("Élodie Lefèvre à"), vec![Repair::DoubledUtf8]));
        assert_eq!(read(" \u{a0}\t"), (Cell::Empty, vec![]));
        assert_eq!(read("a\r\nb"), (t("a\nb"), vec![]));
    }

    #[test]
    fn letters_that_no_name_has_are_doubted() {
        assert!(has_doubtful_letters("Saint-L“") && has_doubtful_letters("Malm”"));
        assert!(!has_doubtful_letters("“oui”"));
        for wrong in
            ["GU‚RIN", "Jo‰l", "Andr‚", "GU\u{90}RIN", "a\u{0}b", "L\u{fffd}a", "LEF├êVRE", "GU?RIN", "BenoŒ¸t"]
        {
            assert!(has_doubtful_letters(wrong), "{wrong}");
        }
        for right in [
            "d’Artagnan",
            "Nuñez",
            "Ægidius Œuvre",
            "João",
            "Şahin",
            "N° 5",
            "« oui »",
            "5 €",
            "m²",
            "à revoir ?",
            "L'Haÿ",
            "1 ½ h",
            "Saint–Denis",
            "50 % ± 2",
            "Đặng",
            "Łukasz",
        ] {
            assert!(!has_doubtful_letters(right), "{right}");
        }
    }

    #[test]
    fn codes_of_letters_are_doubted() {
        for wrong in ["Zo&euml;", "Zo&#235;", "Zo=C3=AB", "Zo%C3%AB", "Zo_x00EB_", "Zo\\u00eb", "FIСTIF"] {
            assert!(matches!(read(wrong).0, Cell::Broken(b) if b.why == Why::Letters), "{wrong}");
        }
        assert_eq!(read("A_x000D_\nB"), (Cell::Text("A\nB".into()), vec![Repair::Invisible]));
        for right in ["\"\\u005fx0041\\u005f\"", "R&D; suite", "x=C3", "50 %", "salle_x1", "C:\\usb", "a & b;", "A=B=C"]
        {
            assert_eq!(read(right), (Cell::Text(right.into()), vec![]), "{right}");
        }
    }

    #[test]
    fn numbers_and_moments() {
        assert_eq!(shown_number(214_567_890.000_000_03), Cell::Number(214_567_890.0));
        assert_eq!(shown_number(0.1 + 0.2), Cell::Number(0.1 + 0.2));
        assert!(matches!(shown_number(12_345_678_901_234_567.0), Cell::Broken(b) if b.why == Why::Digits));
        assert_eq!(moment(45_446.0), Cell::Date(NaiveDate::from_ymd_opt(2024, 6, 3).unwrap()));
        assert_eq!(moment(510.0 / 1440.0), Cell::Clock(Clock(510)));
        assert!(matches!(moment(45_446.5), Cell::Broken(b) if b.why == Why::Moment));
        assert_eq!(iso_duration("PT08H30M00S"), Some(Clock(510)));
        assert_eq!(iso_duration("PT08H30M15S"), None);
    }
}
