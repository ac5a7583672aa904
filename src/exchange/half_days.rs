//! Half-days by name: the hours of "matin", whatever the order and number of the policy's half-days.

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
        self.span(half_days)?.ok_or_else(|| {
            tr!(
                "the policy has no such half-day; write hours",
                "la politique n'a pas cette demi-journée ; écrivez des heures"
            )
        })
    }

    /// From its first half-day to its last, if the policy has any.
    fn span(self, half_days: &[(Clock, Clock)]) -> Result<Option<(Clock, Clock)>, String> {
        let mine = |half: &&(Clock, Clock)| match self {
            Part::Day => true,
            Part::Morning => half.0 < NOON,
            Part::Afternoon => half.0 >= NOON,
        };
        let mine: Vec<&(Clock, Clock)> = half_days.iter().filter(mine).collect();
        let both = |half: &(Clock, Clock)| half.0 < NOON && half.1 > LATE;
        if self != Part::Day
            && let Some((from, to)) = half_days.iter().find(|half| both(half))
        {
            return Err(tr!(
                "the policy's half-day {from}-{to} is neither morning nor afternoon; write hours",
                "la demi-journée {from}-{to} de la politique n'est ni le matin ni l'après-midi ; écrivez des heures"
            ));
        }
        let from = mine.iter().map(|half| half.0).min();
        let to = mine.iter().map(|half| half.1).max();
        Ok(from.zip(to))
    }

    /// The hours of an absence: from the day's beginning or to its end, so that nobody prepares before or stays after.
    pub fn away(self, half_days: &[(Clock, Clock)]) -> Result<(Clock, Clock), String> {
        let (from, to) = self.span(half_days)?.unwrap_or((NOON, NOON));
        let end = Clock(24 * 60 - 1);
        Ok(match self {
            Part::Morning => (Clock(0), to),
            Part::Afternoon => (from, end),
            Part::Day => (Clock(0), end),
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
