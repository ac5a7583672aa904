//! Parts of a day as offices write them: "matin", whatever the order and number of the policy's half-days, "8h-12h", "à partir
//! de 14h".

use super::cell::Cell;
use super::headings::plain;
use crate::instance::Clock;
use crate::tr;

/// A part of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What begins before noon.
    Morning,
    /// What begins from noon on.
    Afternoon,
    /// From the first half-day to the last.
    Day,
    /// Between two hours.
    Hours(Clock, Clock),
    /// From an hour to the end of the day.
    Since(Clock),
    /// From the beginning of the day to an hour.
    Until(Clock),
}

const NOON: Clock = Clock(12 * 60);
/// A morning may last until here: `9h00-13h30` is one.
const LATE: Clock = Clock(14 * 60);

const MORNING: &[&str] = &["matin", "le matin", "matinee", "mat", "m", "morning"];
const AFTERNOON: &[&str] =
    &["apres midi", "l apres midi", "apresmidi", "apres m", "ap midi", "apm", "ap", "a", "pm", "p m", "afternoon"];
const DAY: &[&str] = &[
    "journee",
    "la journee",
    "jour",
    "j",
    "day",
    "journee entiere",
    "journee complete",
    "toute la journee",
    "jour entier",
    "entiere",
    "full day",
    "whole day",
    "all day",
    "matin et apres midi",
    "matin apres midi",
    "m et am",
    "am pm",
    "m a",
    "m am",
    "les deux",
];

const SINCE: &[&str] = &[
    "à partir de",
    "a partir de",
    "à compter de",
    "a compter de",
    "dès",
    "des",
    "depuis",
    "après",
    "apres",
    "from",
    "after",
];
const UNTIL: &[&str] = &["jusqu'à", "jusqu'a", "jusque", "avant", "until", "till", "before"];

/// An hour among others: `8h30`, `midi`.
fn moment(text: &str) -> Option<Clock> {
    match text.trim() {
        "midi" | "noon" => Some(NOON),
        other => Cell::Text(other.to_string()).clock(),
    }
}

/// `8h-10h`, `8h30–12h`, `08:00 - 10:00`, `de 8h à 10h`, `8h/10h`, `8-12h`.
pub fn hours(text: &str) -> Option<(Clock, Clock)> {
    let (from, to) = ends(&text.replace('/', "-"))?;
    let to = moment(&to)?;
    // Of two hours the first may leave the letter to the second.
    moment(&from).or_else(|| bare(&from)).zip(Some(to))
}

/// The two sides of a stretch.
fn ends(text: &str) -> Option<(String, String)> {
    let mut text = text.to_lowercase().replace(" à ", "-").replace(" to ", "-").replace(['–', '—', '→'], "-");
    if let Some(between) = text.strip_prefix("entre ") {
        text = between.replacen(" et ", "-", 1);
    }
    let text = text.strip_prefix("de ").unwrap_or(&text);
    let (from, to) = text.split_once('-')?;
    Some((from.trim().to_string(), to.trim().to_string()))
}

/// An hour without its letter, where nothing else can stand.
fn bare(text: &str) -> Option<Clock> {
    let digits = !text.is_empty() && text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
    let hour: crate::instance::Minutes = text.parse().ok().filter(|_| digits)?;
    (hour < 24).then_some(Clock(hour * 60))
}

/// What the words of one sheet mean: `AM` is the morning beside `PM`, and the afternoon beside `M` or `matin`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Words {
    am: Option<Part>,
}

impl Words {
    /// By all words that the sheet uses.
    pub fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Words {
        let (mut pm, mut m) = (false, false);
        for text in texts {
            let bare = plain(text);
            let has = |words: &[&str]| bare.split(' ').any(|w| words.contains(&w));
            pm |= has(&["pm"]);
            m |= has(&["m", "mat", "matin", "matinee"]);
        }
        Words {
            am: match (pm, m) {
                (true, false) => Some(Part::Morning),
                (false, true) => Some(Part::Afternoon),
                _ => None,
            },
        }
    }

    /// All that a cell says of its date: one stretch or several (`8h-12h, 14h-17h`), each as hours or a part of the day; hours may
    /// stand without their letter (`8-12`), as in no heading.
    pub fn parts(self, text: &str) -> Result<Option<Vec<Part>>, String> {
        if let Some(one) = self.stretch(text)? {
            return Ok(Some(vec![one]));
        }
        let spaced = text.replace(" et ", ",").replace(" puis ", ",");
        let pieces: Vec<&str> =
            spaced.split([',', ';', '\n', '+', '&', '/']).filter(|t| !t.trim().is_empty()).collect();
        if pieces.len() < 2 {
            return Ok(None);
        }
        pieces.into_iter().map(|piece| self.stretch(piece)).collect()
    }

    /// One stretch of a day.
    fn stretch(self, text: &str) -> Result<Option<Part>, String> {
        if let Some(part) = self.part(text)? {
            return Ok(Some(part));
        }
        let small = text.trim().to_lowercase().replace('\u{2019}', "'");
        let small = ["uniquement", "seulement", "only"].iter().fold(small, |s, word| s.replace(word, ""));
        let small = small.trim();
        let after = |words: &[&str]| {
            words.iter().find_map(|w| small.strip_prefix(w)).and_then(|rest| {
                let rest = rest.strip_prefix([' ', '\u{a0}'])?.trim();
                moment(rest).or_else(|| bare(rest))
            })
        };
        if let Some((from, to)) = hours(small) {
            return Ok(Some(Part::Hours(from, to)));
        }
        if let Some((Some(from), Some(to))) = ends(small).map(|(from, to)| (bare(&from), bare(&to)))
            && from < to
        {
            return Ok(Some(Part::Hours(from, to)));
        }
        if let Some(part) = after(SINCE).map(Part::Since).or_else(|| after(UNTIL).map(Part::Until)) {
            return Ok(Some(part));
        }
        self.part(small)
    }

    /// The part of a day that a text names; a message where it is one of two.
    pub fn part(self, text: &str) -> Result<Option<Part>, String> {
        let bare = plain(text);
        let known = [(Part::Morning, MORNING), (Part::Afternoon, AFTERNOON), (Part::Day, DAY)];
        if let Some((part, _)) = known.into_iter().find(|(_, words)| words.contains(&bare.as_str())) {
            return Ok(Some(part));
        }
        match (bare.as_str(), self.am) {
            ("am" | "a m", Some(part)) => Ok(Some(part)),
            ("am" | "a m", None) => Err(tr!(
                "\"{text}\" is the morning beside PM, and the afternoon (après-midi) beside M; write the word",
                "« {text} » est le matin à côté de PM, et l'après-midi à côté de M ; écrivez le mot entier"
            )),
            _ => Ok(None),
        }
    }
}

impl Part {
    /// Its hours under a policy; a message where they cannot be known.
    pub fn hours(self, half_days: &[(Clock, Clock)]) -> Result<(Clock, Clock), String> {
        match self.span(half_days)? {
            Some((from, to)) if from < to || matches!(self, Part::Hours(..)) => Ok((from, to)),
            Some((from, to)) if matches!(self, Part::Since(_)) => Err(tr!(
                "nothing is heard from {from} on: the last half-day ends at {to}",
                "rien n'est entendu à partir de {from} : la dernière demi-journée finit à {to}"
            )),
            Some((from, to)) => Err(tr!(
                "nothing is heard before {to}: the first half-day begins at {from}",
                "rien n'est entendu avant {to} : la première demi-journée commence à {from}"
            )),
            None => Err(tr!(
                "the policy has no such half-day; write hours",
                "la politique n'a pas cette demi-journée ; écrivez des heures"
            )),
        }
    }

    /// From its first half-day to its last, if the policy has any.
    fn span(self, half_days: &[(Clock, Clock)]) -> Result<Option<(Clock, Clock)>, String> {
        let mine = |half: &&(Clock, Clock)| match self {
            Part::Morning => half.0 < NOON,
            Part::Afternoon => half.0 >= NOON,
            _ => true,
        };
        let mine: Vec<&(Clock, Clock)> = half_days.iter().filter(mine).collect();
        let both = |half: &(Clock, Clock)| half.0 < NOON && half.1 > LATE;
        if matches!(self, Part::Morning | Part::Afternoon)
            && let Some((from, to)) = half_days.iter().find(|half| both(half))
        {
            return Err(tr!(
                "the policy's half-day {from}-{to} is neither morning nor afternoon; write hours",
                "la demi-journée {from}-{to} de la politique n'est ni le matin ni l'après-midi ; écrivez des heures"
            ));
        }
        let from = mine.iter().map(|half| half.0).min();
        let to = mine.iter().map(|half| half.1).max();
        Ok(match self {
            Part::Hours(from, to) => Some((from, to)),
            Part::Since(from) => to.map(|to| (from, to)),
            Part::Until(to) => from.map(|from| (from, to)),
            _ => from.zip(to),
        })
    }

    /// The hours of an absence: from the day's beginning or to its end, so that nobody prepares before or stays after.
    pub fn away(self, half_days: &[(Clock, Clock)]) -> Result<(Clock, Clock), String> {
        let (from, to) = self.span(half_days)?.unwrap_or((NOON, NOON));
        let end = Clock(24 * 60 - 1);
        Ok(match self {
            Part::Morning => (Clock(0), to),
            Part::Afternoon => (from, end),
            Part::Day => (Clock(0), end),
            Part::Hours(from, to) => (from, to),
            Part::Since(from) => (from, end),
            Part::Until(to) => (Clock(0), to),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(text: &str) -> Vec<(Clock, Clock)> {
        let clock = |t: &str| Clock::parse(t).unwrap();
        text.split(' ').map(|h| h.split_once('-').unwrap()).map(|(a, b)| (clock(a), clock(b))).collect()
    }

    fn hours(part: Part, half_days: &str) -> String {
        part.hours(&policy(half_days)).map_or_else(|e| e, |(from, to)| format!("{from}-{to}"))
    }

    #[test]
    fn a_half_day_is_known_by_its_hours() {
        for policy in ["08:00-12:30 13:30-18:30", "13:30-18:30 08:00-12:30"] {
            assert_eq!(hours(Part::Morning, policy), "08:00-12:30");
            assert_eq!(hours(Part::Afternoon, policy), "13:30-18:30");
            assert_eq!(hours(Part::Day, policy), "08:00-18:30");
        }
        let three = "08:00-10:15 10:30-12:30 13:30-18:30";
        assert_eq!(hours(Part::Morning, three), "08:00-12:30");
        assert_eq!(hours(Part::Afternoon, three), "13:30-18:30");
        let four = "16:00-18:00 08:00-10:00 13:00-15:30 10:30-13:30";
        assert_eq!(hours(Part::Morning, four), "08:00-13:30");
        assert_eq!(hours(Part::Afternoon, four), "13:00-18:00");
        assert_eq!(hours(Part::Morning, "12:00-15:00 15:30-19:00"), "the policy has no such half-day; write hours");
        assert_eq!(
            hours(Part::Afternoon, "08:00-17:00"),
            "the policy's half-day 08:00-17:00 is neither morning nor afternoon; write hours"
        );
        assert_eq!(hours(Part::Day, "08:00-17:00"), "08:00-17:00");
        assert_eq!(Part::Morning.away(&policy("13:30-18:30 08:00-12:30")), Ok((Clock(0), Clock(750))));
    }

    #[test]
    fn hours_are_written_in_many_ways() {
        let read = |text: &str| {
            let parts = Words::default().parts(text).unwrap()?;
            let half_days = policy("08:00-12:30 13:30-18:30");
            let hours = parts.iter().map(|p| p.hours(&half_days).map_or_else(|e| e, |(a, b)| format!("{a}-{b}")));
            Some(hours.collect::<Vec<_>>().join(" "))
        };
        for (text, wanted) in [
            ("8h-12h", "08:00-12:00"),
            ("8-12", "08:00-12:00"),
            ("8 - 12", "08:00-12:00"),
            ("8–12h30", "08:00-12:30"),
            ("de 8 à 12", "08:00-12:00"),
            ("8h à midi", "08:00-12:00"),
            ("entre 9h et 11h", "09:00-11:00"),
            ("à partir de 14h", "14:00-18:30"),
            ("A partir de 14 h 30", "14:30-18:30"),
            ("dès 10h", "10:00-18:30"),
            ("après 10", "10:00-18:30"),
            ("avant 12h", "08:00-12:00"),
            ("jusqu'à 12h", "08:00-12:00"),
            ("jusqu\u{2019}à 12h", "08:00-12:00"),
            ("avant midi", "08:00-12:00"),
            ("until 11:30", "08:00-11:30"),
            ("matin", "08:00-12:30"),
            ("matin uniquement", "08:00-12:30"),
            ("8h-12h, 14h-17h", "08:00-12:00 14:00-17:00"),
            ("8h-10h et à partir de 15h", "08:00-10:00 15:00-18:30"),
            ("8h-12h/14h-18h", "08:00-12:00 14:00-18:00"),
            ("à partir de 19h", "nothing is heard from 19:00 on: the last half-day ends at 18:30"),
            ("avant 7h", "nothing is heard before 07:00: the first half-day begins at 08:00"),
        ] {
            assert_eq!(read(text).as_deref(), Some(wanted), "{text}");
        }
        for text in [
            "8",
            "8h",
            "12-8",
            "8/12",
            "8h et 10h",
            "8/6/2024",
            "8-25",
            "à partir du 14",
            "sauf matin",
            "pas avant 10h",
            "8h-10h ou 14h-16h",
            "14h environ",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        let away =
            |text: &str| Words::default().parts(text).unwrap().unwrap()[0].away(&policy("08:00-12:30 13:30-18:30"));
        assert_eq!(away("à partir de 14h"), Ok((Clock(840), Clock(1439))));
        assert_eq!(away("avant 10h"), Ok((Clock(0), Clock(600))));
    }

    #[test]
    fn offices_abbreviate_in_two_ways() {
        let part = |all: &[&str], text: &str| Words::of(all.iter().copied()).part(text);
        assert_eq!(part(&["AM", "PM"], "AM"), Ok(Some(Part::Morning)));
        assert_eq!(part(&["AM", "PM"], "P.M."), Ok(Some(Part::Afternoon)));
        assert_eq!(part(&["M", "AM"], "AM"), Ok(Some(Part::Afternoon)));
        assert_eq!(part(&["lundi matin", "lundi AM"], "AM"), Ok(Some(Part::Afternoon)));
        assert!(part(&["AM"], "AM").is_err());
        for (text, wanted) in [
            ("Matin", Part::Morning),
            ("matinée", Part::Morning),
            ("M", Part::Morning),
            ("APRÈS-MIDI", Part::Afternoon),
            ("après midi", Part::Afternoon),
            ("A", Part::Afternoon),
            ("journée entière", Part::Day),
            ("Toute la journée", Part::Day),
            ("J", Part::Day),
            ("journée", Part::Day),
        ] {
            assert_eq!(part(&[], text), Ok(Some(wanted)), "{text}");
        }
        assert_eq!(part(&[], "soir"), Ok(None));
    }
}
