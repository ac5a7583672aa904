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

/// French as it is set: apostrophes and spaces that do not break, so that people type plain ones. `8 h 30`, `6 %`, `n° 3` stay on
/// one line; a narrow space stands before `;`, `!` and `?`, a whole one before `:` and within `« »`.
pub fn typeset(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 8);
    for (i, &c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).map(|i| chars[i]);
        let after = chars.get(i + 1).copied();
        match c {
            '\'' if before.is_some_and(char::is_alphabetic) => out.push('’'),
            ' ' if matches!(after, Some(';' | '!' | '?')) => out.push('\u{202f}'),
            ' ' if matches!(after, Some(':' | '»' | '%')) || before == Some('«') => out.push('\u{a0}'),
            ' ' if before == Some('°') => out.push('\u{a0}'),
            // `8 h`, `h 30`, `20 min`, `12 km`.
            ' ' if before.is_some_and(|b| b.is_ascii_digit() || b == '}') && unit(&chars[i + 1..]) => {
                out.push('\u{a0}')
            }
            ' ' if after.is_some_and(|a| a.is_ascii_digit()) && hour(&chars[..i]) => out.push('\u{a0}'),
            c => out.push(c),
        }
    }
    out
}

/// Whether this begins with the sign of a unit.
fn unit(rest: &[char]) -> bool {
    let word: String = rest.iter().take_while(|c| c.is_alphabetic()).collect();
    matches!(word.as_str(), "h" | "min" | "km" | "s")
}

/// Whether this ends with a number of hours: `8 h`.
fn hour(text: &[char]) -> bool {
    let [.., digit, gap, 'h'] = text else { return false };
    digit.is_ascii_digit() && matches!(gap, ' ' | '\u{a0}')
}

/// `du BTS`, `de l’UTC`: French for "of the" before a name in the masculine.
pub fn of_the(name: &str) -> String {
    if elides(name) { format!("de l’{name}") } else { format!("du {name}") }
}

/// `d’expertise`, `de langue`: French for "of" before a name.
pub fn of(name: &str) -> String {
    if elides(name) { format!("d’{name}") } else { format!("de {name}") }
}

fn elides(name: &str) -> bool {
    let first = name.chars().next().map(|c| c.to_lowercase().next().unwrap_or(c));
    first.is_some_and(|c| "aeiouyâàéèêëîïôùûüœæh".contains(c))
}

/// What a room that says so itself begins with.
const ROOMS: &[&str] = &[
    "amphi",
    "amphithéâtre",
    "atelier",
    "bibliothèque",
    "bureau",
    "cdi",
    "foyer",
    "gymnase",
    "hall",
    "infirmerie",
    "labo",
    "laboratoire",
    "loge",
    "plateau",
    "réfectoire",
    "room",
    "salle",
    "salles",
    "théâtre",
];

/// `salle B101`; a room that says itself what it is needs no word: `amphi 2`, `salle 12`, `CDI`.
pub fn room(lang: Lang, room: &str) -> String {
    let first = room.split([' ', '-', '.', '_']).next().unwrap_or("").to_lowercase();
    if !ROOMS.contains(&first.as_str()) {
        return if lang == Lang::Fr { format!("salle {room}") } else { format!("room {room}") };
    }
    // One in capitals all through is a name.
    let named = room.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    if named { room.to_string() } else { first.clone() + room.get(first.len()..).unwrap_or_default() }
}

/// With a capital at its head.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// A French sentence of the program for somebody who reads no computer's dates and hours: `2026-06-03` is `3 juin 2026`, `08:30` is
/// `8 h 30`; set by [`typeset`].
pub fn readable(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 16);
    let (mut i, mut ended) = (0, usize::MAX - 1);
    while i < chars.len() {
        let apart = i == 0
            // The second hour of `08:00-12:30`.
            || (i == ended + 1 && chars[i - 1] == '-')
            || !(chars[i - 1].is_alphanumeric() || matches!(chars[i - 1], '-' | ':' | '.' | '_' | '/'));
        let said = apart.then(|| date(&chars[i..]).or_else(|| clock(&chars[i..]))).flatten();
        match said {
            Some((words, length)) => {
                out.push_str(&words);
                i += length;
                ended = i;
            }
            None => {
                out.push(chars[i]);
                i += 1;
            }
        }
    }
    typeset(&out)
}

/// The number that these figures make, all of them.
fn figures(text: &[char], from: usize, length: usize) -> Option<usize> {
    let part = text.get(from..from + length)?;
    part.iter().try_fold(0, |n, c| Some(n * 10 + c.to_digit(10)? as usize))
}

/// Whether nothing stands behind that could belong to it.
fn ends(text: &[char], at: usize) -> bool {
    text.get(at).is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '-' | ':' | '_' | '/'))
        || (text.get(at) == Some(&'-')
            && text.get(at + 1).is_some_and(char::is_ascii_digit)
            && text.get(at + 3) == Some(&':'))
}

fn date(text: &[char]) -> Option<(String, usize)> {
    let (year, month, day) = (figures(text, 0, 4)?, figures(text, 5, 2)?, figures(text, 8, 2)?);
    let name = MONTHS.get(month.checked_sub(1)?)?;
    let whole = text[4] == '-' && text[7] == '-' && (1..=31).contains(&day) && ends(text, 10);
    let day = if day == 1 { "1er".to_string() } else { day.to_string() };
    whole.then(|| (format!("{day}\u{a0}{name} {year}"), 10))
}

fn clock(text: &[char]) -> Option<(String, usize)> {
    let (h, m) = (figures(text, 0, 2)?, figures(text, 3, 2)?);
    let next = text.get(5) == Some(&'-') && text.get(6).is_some_and(char::is_ascii_digit);
    let whole = text[2] == ':' && h < 25 && m < 60 && (ends(text, 5) || next);
    let said = if m == 0 { format!("{h}\u{a0}h") } else { format!("{h}\u{a0}h\u{a0}{m:02}") };
    whole.then_some((said, 5))
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
    fn french_is_set_as_printers_do() {
        for (plain, set) in [
            ("l'oral : 8 h 30 ; où ?", "l’oral\u{a0}: 8\u{a0}h\u{a0}30\u{202f}; où\u{202f}?"),
            ("« mot » n° 3, 6,0 %", "«\u{a0}mot\u{a0}» n°\u{a0}3, 6,0\u{a0}%"),
            ("20 min, 12 km, 3 huit, h 3", "20\u{a0}min, 12\u{a0}km, 3 huit, h 3"),
            ("de 8 h à 9 h, 'x'", "de 8\u{a0}h à 9\u{a0}h, 'x’"),
            ("", ""),
        ] {
            assert_eq!(typeset(plain), set);
            assert_eq!(typeset(set), set, "set twice");
        }
        assert_eq!((of_the("BTS"), of_the("Essai")), ("du BTS".into(), "de l’Essai".into()));
        assert_eq!(
            (of("expertise"), of("langue"), of("anglais")),
            ("d’expertise".into(), "de langue".into(), "d’anglais".into())
        );
    }

    #[test]
    fn dates_and_hours_of_a_computer_are_said_in_words() {
        for (raw, said) in [
            ("le 2026-06-03 à 08:30", "le 3\u{a0}juin 2026 à 8\u{a0}h\u{a0}30"),
            (
                "2024-06-01 10:00-11:05, 12:00–12:30",
                "1er\u{a0}juin 2024 10\u{a0}h-11\u{a0}h\u{a0}05, 12\u{a0}h–12\u{a0}h\u{a0}30",
            ),
            ("normandie-2024-06-03", "normandie-2024-06-03"),
            ("2024-13-01, 25:61, 1:2:3, 12:345", "2024-13-01, 25:61, 1:2:3, 12:345"),
        ] {
            assert_eq!(readable(raw), said);
        }
    }

    #[test]
    fn a_room_is_named_once() {
        for (own, said) in [
            ("B101", "salle B101"),
            ("Salle 12", "salle 12"),
            ("CDI", "CDI"),
            ("Amphi 2", "amphi 2"),
            ("12", "salle 12"),
        ] {
            assert_eq!(room(Lang::Fr, own), said);
        }
        assert_eq!(room(Lang::En, "B101"), "room B101");
        assert_eq!((capital("été"), capital("")), ("Été".into(), String::new()));
    }

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
