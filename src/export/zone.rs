//! Legal times as iCalendar says them (VTIMEZONE, RFC 5545, 3.6.5), from the IANA database.

use std::fmt::Write;

use chrono::{Datelike, Days, Duration, NaiveDate, NaiveDateTime, Offset, TimeZone, Weekday};
use chrono_tz::{OffsetName, Tz};

/// A change of legal time.
#[derive(Clone, Debug, PartialEq)]
struct Change {
    /// When, by the clock before it.
    at: NaiveDateTime,
    /// Seconds ahead of UTC, before and after.
    offsets: (i32, i32),
    /// What the time after it is called: `CEST`, `+0400`.
    name: String,
}

impl Change {
    fn is_summer(&self) -> bool {
        self.offsets.1 > self.offsets.0
    }

    /// `BYMONTH=3;BYDAY=-1SU` where these changes, one a year, keep to such a rule.
    fn rule(yearly: &[&Change]) -> Option<String> {
        let first = yearly.first()?;
        let (month, weekday) = (first.at.month(), first.at.weekday());
        let steady = yearly.iter().all(|c| {
            (c.at.month(), c.at.weekday(), c.at.time(), c.offsets, &c.name)
                == (month, weekday, first.at.time(), first.offsets, &first.name)
        });
        let last = |c: &&Change| (c.at.date() + Days::new(7)).month() != month;
        let nth = |c: &&Change| (c.at.day() - 1) / 7 + 1;
        let which = if yearly.iter().all(last) {
            "-1".to_string()
        } else if yearly.iter().all(|c| nth(c) == nth(first)) {
            nth(first).to_string()
        } else {
            return None;
        };
        steady.then(|| format!("BYMONTH={month};BYDAY={which}{}", two_letters(weekday)))
    }
}

/// The VTIMEZONE of a zone, right for the years from the first to the last.
///
/// Where the changes of each year follow one rule for the start of summer time and one for its end, these two rules are
/// written, as every calendar program reads them; else each change is.
pub fn vtimezone(zone: Tz, years: (i32, i32)) -> String {
    let mut out = format!("BEGIN:VTIMEZONE\r\nTZID:{}\r\n", zone.name());
    // From the year before, so that the first date lies behind a change.
    let (from, to) = (years.0 - 1, years.1.max(years.0));
    let changes = changes(zone, from, to);
    let of = |summer: bool| changes.iter().filter(|c| c.is_summer() == summer).collect::<Vec<_>>();
    let (summer, winter) = (of(true), of(false));
    let yearly = |list: &[&Change]| (from..=to).eq(list.iter().map(|c| c.at.year()));
    if changes.is_empty() {
        let start = day(from);
        let (seconds, name) = offset(zone, start);
        observance(&mut out, &Change { at: start, offsets: (seconds, seconds), name }, None);
    } else if let (true, Some(s), Some(w)) =
        (yearly(&summer) && yearly(&winter), Change::rule(&summer), Change::rule(&winter))
    {
        observance(&mut out, summer[0], Some(&s));
        observance(&mut out, winter[0], Some(&w));
    } else {
        let start = day(from);
        let (seconds, name) = offset(zone, start);
        observance(&mut out, &Change { at: start, offsets: (seconds, seconds), name }, None);
        changes.iter().for_each(|c| observance(&mut out, c, None));
    }
    out + "END:VTIMEZONE\r\n"
}

fn observance(out: &mut String, change: &Change, rule: Option<&str>) {
    let kind = if change.is_summer() { "DAYLIGHT" } else { "STANDARD" };
    let at = change.at.format("%Y%m%dT%H%M%S");
    let (before, after, name) = (hours(change.offsets.0), hours(change.offsets.1), &change.name);
    let _ =
        write!(out, "BEGIN:{kind}\r\nDTSTART:{at}\r\nTZOFFSETFROM:{before}\r\nTZOFFSETTO:{after}\r\nTZNAME:{name}\r\n");
    if let Some(rule) = rule {
        let _ = write!(out, "RRULE:FREQ=YEARLY;{rule}\r\n");
    }
    let _ = write!(out, "END:{kind}\r\n");
}

/// Every change of these years.
fn changes(zone: Tz, from: i32, to: i32) -> Vec<Change> {
    let (mut changes, mut at) = (Vec::new(), day(from));
    while at < day(to + 1) {
        let next = at + Days::new(1);
        let (before, _) = offset(zone, at);
        if offset(zone, next).0 != before {
            let (mut low, mut high) = (0, 24 * 60);
            while high - low > 1 {
                let middle = (low + high) / 2;
                if offset(zone, at + Duration::minutes(middle)).0 == before { low = middle } else { high = middle }
            }
            let instant = at + Duration::minutes(high);
            let (after, name) = offset(zone, instant);
            let at = instant + Duration::seconds(before.into());
            changes.push(Change { at, offsets: (before, after), name });
        }
        at = next;
    }
    changes
}

/// Seconds ahead of UTC at an instant of UTC, and what that time is called.
fn offset(zone: Tz, utc: NaiveDateTime) -> (i32, String) {
    let offset = zone.offset_from_utc_datetime(&utc);
    let seconds = offset.fix().local_minus_utc();
    (seconds, offset.abbreviation().map_or_else(|| hours(seconds), str::to_string))
}

/// `+0200`.
fn hours(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    format!("{sign}{:02}{:02}", seconds.abs() / 3600, seconds.abs() / 60 % 60)
}

fn day(year: i32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default().and_time(chrono::NaiveTime::MIN)
}

fn two_letters(day: Weekday) -> &'static str {
    ["MO", "TU", "WE", "TH", "FR", "SA", "SU"][day.num_days_from_monday() as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mainland_france_changes_by_two_rules() {
        // Directive 2000/84/EC: the last Sundays of March and October, at 1:00 UTC.
        let text = vtimezone(Tz::Europe__Paris, (2026, 2026));
        assert_eq!(
            text.replace("\r\n", "|"),
            "BEGIN:VTIMEZONE|TZID:Europe/Paris|\
             BEGIN:DAYLIGHT|DTSTART:20250330T020000|TZOFFSETFROM:+0100|TZOFFSETTO:+0200|TZNAME:CEST|\
             RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU|END:DAYLIGHT|\
             BEGIN:STANDARD|DTSTART:20251026T030000|TZOFFSETFROM:+0200|TZOFFSETTO:+0100|TZNAME:CET|\
             RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU|END:STANDARD|END:VTIMEZONE|"
        );
    }

    #[test]
    fn a_zone_without_summer_time_has_one_offset() {
        let text = vtimezone(Tz::Indian__Reunion, (2026, 2026));
        assert_eq!(
            text.replace("\r\n", "|"),
            "BEGIN:VTIMEZONE|TZID:Indian/Reunion|BEGIN:STANDARD|DTSTART:20250101T000000|TZOFFSETFROM:+0400|\
             TZOFFSETTO:+0400|TZNAME:+0400|END:STANDARD|END:VTIMEZONE|"
        );
        assert!(vtimezone(Tz::Pacific__Marquesas, (2026, 2026)).contains("TZOFFSETTO:-0930\r\n"));
    }

    #[test]
    fn saint_pierre_changes_with_north_america() {
        let text = vtimezone(Tz::America__Miquelon, (2026, 2027));
        assert!(text.contains("BYMONTH=3;BYDAY=2SU") && text.contains("BYMONTH=11;BYDAY=1SU"), "{text}");
    }

    #[test]
    fn changes_that_follow_no_rule_are_written_one_by_one() {
        // Morocco leaves its time for the month of Ramadan.
        let text = vtimezone(Tz::Africa__Casablanca, (2026, 2026));
        assert!(!text.contains("RRULE"), "{text}");
        assert!(text.matches("BEGIN:STANDARD").count() + text.matches("BEGIN:DAYLIGHT").count() > 3, "{text}");
    }
}
