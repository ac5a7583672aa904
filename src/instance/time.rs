//! Clock times, minutes and intervals of one day.

use std::borrow::Cow;
use std::fmt;

use chrono::NaiveDate;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// Minutes: a duration, or an instant counted from midnight.
pub type Minutes = i32;
/// Whole kilometres, one way.
pub type Kilometres = i64;

/// A time of the day written `HH:MM`, held in minutes from midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clock(pub Minutes);

impl Clock {
    /// Reads `HH:MM`, 00:00 to 23:59.
    pub fn parse(text: &str) -> Option<Clock> {
        let bytes = text.as_bytes();
        if bytes.len() != 5 || bytes[2] != b':' || !text.is_ascii() {
            return None;
        }
        let (hours, minutes): (Minutes, Minutes) = (text[..2].parse().ok()?, text[3..].parse().ok()?);
        let digits = [0, 1, 3, 4].iter().all(|&i| bytes[i].is_ascii_digit());
        (digits && hours < 24 && minutes < 60).then_some(Clock(hours * 60 + minutes))
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.div_euclid(60), self.0.rem_euclid(60))
    }
}

impl Serialize for Clock {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Clock {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(d)?;
        Clock::parse(&text).ok_or_else(|| D::Error::custom(format!("{text:?} is not a time HH:MM")))
    }
}

impl JsonSchema for Clock {
    fn schema_name() -> Cow<'static, str> {
        "Clock".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A local time, HH:MM",
            "type": "string",
            "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"
        })
    }
}

/// A date with an hour, written `2024-06-03T10:30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// The date.
    pub date: NaiveDate,
    /// The hour.
    pub time: Clock,
}

impl Moment {
    /// Reads `2024-06-03T10:30`.
    pub fn parse(text: &str) -> Option<Moment> {
        let (date, time) = text.split_once('T')?;
        let date = NaiveDate::parse_from_str(date, "%Y-%m-%d").ok().filter(|_| date.len() == 10)?;
        Some(Moment { date, time: Clock::parse(time)? })
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}T{}", self.date, self.time)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(d)?;
        Moment::parse(&text).ok_or_else(|| D::Error::custom(format!("{text:?} is not a moment YYYY-MM-DDTHH:MM")))
    }
}

impl JsonSchema for Moment {
    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A local date and hour, YYYY-MM-DDTHH:MM",
            "type": "string",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]$"
        })
    }
}

/// A date as people write it: ISO in English, day first in French.
pub fn day(date: NaiveDate) -> String {
    let form = if crate::lang::current() == crate::lang::Lang::Fr { "%d/%m/%Y" } else { "%Y-%m-%d" };
    date.format(form).to_string()
}

/// A half-open stretch of one day, `[from, to)`, in minutes from midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Interval {
    /// The first minute inside.
    pub from: Minutes,
    /// The first minute after.
    pub to: Minutes,
}

impl Interval {
    /// The interval from `from` to `to`.
    pub fn new(from: Minutes, to: Minutes) -> Self {
        Interval { from, to }
    }
    /// Whether the two share a minute.
    pub fn meets(&self, other: Interval) -> bool {
        self.from < other.to && other.from < self.to
    }
    /// Whether the other lies wholly inside.
    pub fn contains(&self, other: Interval) -> bool {
        self.from <= other.from && other.to <= self.to
    }
    /// Its length in minutes.
    pub fn minutes(&self) -> Minutes {
        self.to - self.from
    }
    /// What is left of it once `hole` is taken away, in order of time.
    pub fn without(self, hole: Interval) -> impl Iterator<Item = Interval> {
        let parts = if self.meets(hole) {
            [Interval::new(self.from, hole.from), Interval::new(hole.to, self.to)]
        } else {
            [self, Interval::new(0, 0)]
        };
        parts.into_iter().filter(|p| p.from < p.to)
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", Clock(self.from), Clock(self.to))
    }
}

/// `minutes` lengthened by `extra` minutes an hour, then rounded up to the grid (PROBLEM §2: every duration,
/// extra or not, is rounded up).
pub fn lengthened(minutes: Minutes, extra: Minutes, step: Minutes) -> Minutes {
    round_up((minutes * (60 + extra) + 59).div_euclid(60), step)
}

/// The first grid time at or after `minutes`.
pub fn round_up(minutes: Minutes, step: Minutes) -> Minutes {
    (minutes + step - 1).div_euclid(step) * step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_third_more_is_rounded_up_to_the_grid() {
        assert_eq!(lengthened(60, 20, 5), 80);
        assert_eq!(lengthened(30, 20, 5), 40);
        assert_eq!(lengthened(20, 20, 5), 30); // 26 min 40 s
        assert_eq!(lengthened(20, 0, 15), 30);
        assert_eq!(lengthened(0, 20, 5), 0);
        assert_eq!(lengthened(1, 1, 1), 2); // 61 s: never less than due
    }

    #[test]
    fn only_hours_of_the_clock_are_read() {
        assert_eq!(Clock::parse("08:05"), Some(Clock(485)));
        for wrong in ["24:00", "8:05", "08:60", "08h05", "+8:05", "", "08:0é"] {
            assert_eq!(Clock::parse(wrong), None, "{wrong}");
        }
    }
}
