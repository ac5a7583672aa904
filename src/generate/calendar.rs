//! The session of 2024: when the papers are, when the examiners meet, and on which dates orals may be heard.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::instance::Clock;
use crate::instance::raw::{RawCalendar, RawEvent, RawPaper};

/// How many working days the window of the orals has.
pub(super) const WINDOW: usize = 19;
/// How many dates the papers take.
pub(super) const PAPER_DATES: usize = 3;
/// From how many dates on the optional language is heard on only some of them.
const DATES_WITH_CHOICE: usize = 6;

/// The dates of an instance and how much of each can be used.
pub(super) struct Dates {
    /// In order of time.
    pub(super) all: Vec<NaiveDate>,
    /// The usable part of each, 0 to 1, for most candidates and examiners.
    pub(super) worth: Vec<f64>,
    /// The only dates for EF1, if there are enough to choose.
    pub(super) optional_language: Vec<NaiveDate>,
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, month, day).expect("a date of 2024")
}

fn clock(hours: i32, minutes: i32) -> Clock {
    Clock(hours * 60 + minutes)
}

/// Monday to Friday from 21 May to 14 June: no public holiday falls in between.
fn window() -> Vec<NaiveDate> {
    let days = (0..).map(|n| day(5, 21) + Days::new(n)).take_while(|d| *d <= day(6, 14));
    days.filter(|d| !matches!(d.weekday(), Weekday::Sat | Weekday::Sun)).collect()
}

/// `n` dates: whole weeks of June for a short session; from the first written day on, if wanted.
pub(super) fn dates(n: usize, first_written_day: bool, oral_on_paper_day: bool) -> Dates {
    let window = window();
    let all: Vec<NaiveDate> = if first_written_day {
        [day(5, 15), day(5, 16), day(5, 17)].into_iter().chain(window).take(n).collect()
    } else {
        let start = match n {
            0..=10 => day(6, 3),
            11..=15 => day(5, 27),
            _ => day(5, 21),
        };
        window.into_iter().filter(|d| *d >= start).take(n).collect()
    };
    let worth = |d: &NaiveDate| match *d {
        d if d < day(5, 21) && oral_on_paper_day => 0.4,
        d if d < day(5, 21) => 0.0,
        d if d == day(5, 23) => 0.5,
        _ => 1.0,
    };
    let whole: Vec<NaiveDate> = all.iter().copied().filter(|d| worth(d) == 1.0).collect();
    let optional_language = match whole.len() {
        n if n >= DATES_WITH_CHOICE => whole[n / 2 - 1..n / 2 + 2].to_vec(),
        _ => Vec::new(),
    };
    Dates { worth: all.iter().map(worth).collect(), optional_language, all }
}

/// The calendar with the papers (E1's date and the event are those of the session of 2024; the other dates and the
/// hours before which nobody leaves are examples) and the meeting on E5's marking scheme, Thursday 23 May at 14:00.
pub(super) fn calendar(dates: &Dates) -> RawCalendar {
    let paper = |id: &str, date, from, to, loge| RawPaper {
        id: id.to_string(),
        date,
        start: from,
        end: to,
        loge_until: Some(loge),
    };
    let mut calendar = RawCalendar {
        dates: dates.all.clone(),
        papers: vec![
            paper("E1", day(5, 15), clock(14, 0), clock(18, 0), clock(15, 0)),
            paper("E5", day(5, 16), clock(14, 0), clock(18, 0), clock(15, 0)),
            paper("E3", day(5, 17), clock(8, 30), clock(12, 30), clock(9, 30)),
            paper("E21", day(5, 17), clock(14, 0), clock(16, 0), clock(15, 0)),
        ],
        events: vec![RawEvent {
            id: "E5-bareme".into(),
            date: day(5, 23),
            start: clock(14, 0),
            end: clock(17, 0),
            concerns: vec!["EG".into(), "STI".into()],
        }],
        ..RawCalendar::default()
    };
    if !dates.optional_language.is_empty() {
        calendar.exam_dates.insert("EF1".into(), dates.optional_language.clone());
    }
    calendar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_has_the_working_days_of_four_weeks() {
        let window = window();
        assert_eq!(window.len(), WINDOW);
        assert_eq!((window[0], window[18]), (day(5, 21), day(6, 14)));
        assert_eq!(dates(4, false, false).all, [day(6, 3), day(6, 4), day(6, 5), day(6, 6)]);
        assert_eq!(dates(15, false, false).all[0], day(5, 27));
        assert_eq!(dates(WINDOW, false, false).all.len(), WINDOW);
        assert_eq!(dates(5, true, false).worth, [0.0, 0.0, 0.0, 1.0, 1.0]);
    }

    #[test]
    fn papers_of_one_day_do_not_overlap() {
        let calendar = calendar(&dates(6, true, true));
        for a in &calendar.papers {
            for b in calendar.papers.iter().filter(|b| b.id != a.id && b.date == a.date) {
                assert!(a.end <= b.start || b.end <= a.start, "{} and {}", a.id, b.id);
            }
        }
    }
}
