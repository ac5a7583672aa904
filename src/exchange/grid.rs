//! Availability as a grid: a column for each date or half-day, under one heading (`lun. 3 juin matin`) or two (dates
//! above `matin`, `après-midi`).

use chrono::{Datelike, NaiveDate, Weekday};

use super::cell::{Cell, Why};
use super::half_days::{Words, hours};
use super::headings::{Meaning, plain};
use super::marks::{Said, said};
use super::page::{Log, Page};
use super::read::Line;
use super::who::People;
use crate::fault::Fault;
use crate::instance::Clock;
use crate::tr;

/// When a column is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slot {
    /// Its dates: several where a weekday alone is named.
    pub dates: Vec<NaiveDate>,
    /// The word for its part of the day, if it has one.
    pub part: Option<String>,
    /// Its hours, if it has any.
    pub hours: Option<(Clock, Clock)>,
    /// What does not fit together in the heading.
    pub wrong: Option<String>,
}

impl Slot {
    /// Whether its heading says hours or a part of the day.
    pub fn timed(&self) -> bool {
        self.part.is_some() || self.hours.is_some()
    }
}

const MONTHS: [&str; 12] = [
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
const WEEK: [(&str, Weekday); 7] = [
    ("lundi", Weekday::Mon),
    ("mardi", Weekday::Tue),
    ("mercredi", Weekday::Wed),
    ("jeudi", Weekday::Thu),
    ("vendredi", Weekday::Fri),
    ("samedi", Weekday::Sat),
    ("dimanche", Weekday::Sun),
];

/// The number of a month by its name, shortened or not, in [`plain`] form.
pub fn month(word: &str) -> Option<u32> {
    let short = |m: &&str| word.len() >= 3 && m.starts_with(word) && !matches!(word, "jui");
    let at = MONTHS.iter().position(|m| *m == word).or_else(|| MONTHS.iter().position(short))?;
    Some(at as u32 + 1)
}

fn weekday(word: &str) -> Option<Weekday> {
    // A letter alone may be a half-day's, but for these.
    let letter = |name: &str| matches!((word, name), ("l", "lundi") | ("v", "vendredi"));
    let short = |(name, _): &&(&str, Weekday)| letter(name) || (word.len() >= 2 && name.starts_with(word));
    WEEK.iter().find(short).map(|(_, day)| *day)
}

/// What a heading says of a date and a part of a day; nothing where it says anything else.
pub fn slot(heading: &Cell, calendar: &[NaiveDate]) -> Option<Slot> {
    let text = match heading {
        Cell::Date(date) => return Some(Slot { dates: vec![*date], ..Slot::default() }),
        Cell::Text(text) => text,
        _ => return None,
    };
    let mut found = Slot::default();
    // Hours first: their colons and hyphens would be taken for a date's.
    let spaced = text.replace(" - ", "-").replace(" – ", "-").replace(" à ", "-");
    let mut words = Vec::new();
    for word in spaced.split([' ', '\n', '(', ')']).filter(|w| !w.is_empty()) {
        match hours(word) {
            Some(hours) if found.hours.is_none() => found.hours = Some(hours),
            _ => words.extend(plain(word).split(' ').filter(|w| !w.is_empty()).map(str::to_string)),
        }
    }
    let (mut day, mut numbers, mut written) = (None, Vec::<u32>::new(), None);
    let mut rest = Vec::new();
    for word in &words {
        let number = word.parse().ok().or((word == "1er").then_some(1));
        if let Some(n) = number.filter(|_| word.len() <= 4) {
            numbers.push(n);
        } else if let (Some(m), None, 1) = (month(word), written, numbers.len()) {
            written = Some(m);
        } else if let (Some(d), None) = (weekday(word), day) {
            day = Some(d);
        } else if !matches!(word.as_str(), "le" | "du" | "de") {
            rest.push(word.as_str());
        }
    }
    let part = rest.join(" ");
    if !part.is_empty() {
        let known = ["am", "a m"].contains(&part.as_str()) || Words::default().part(&part).is_ok_and(|p| p.is_some());
        if !known {
            return None;
        }
        found.part = Some(part);
    }
    let dates = |fits: &dyn Fn(&NaiveDate) -> bool| calendar.iter().copied().filter(|d| fits(d)).collect::<Vec<_>>();
    let exact = |year: u32, month: u32, day: u32| NaiveDate::from_ymd_opt(year as i32, month, day);
    let this_year = |d: u32, m: u32| {
        let known = dates(&|date| (date.day(), date.month()) == (d, m));
        let year = calendar.first().map(|date| date.year() as u32);
        known.first().copied().or_else(|| exact(year?, m, d))
    };
    let dated = match (numbers.as_slice(), written) {
        ([], None) => None,
        ([d], Some(m)) => Some(this_year(*d, m)),
        ([d, m], None) => Some(this_year(*d, *m)),
        ([y, m, d], None) if *y > 1900 => Some(exact(*y, *m, *d)),
        ([d, m, y], None) if *y > 1900 => Some(exact(*y, *m, *d)),
        ([d, y], Some(m)) if *y > 1900 => Some(exact(*y, m, *d)),
        ([d], None) if day.is_some() => Some(dates(&|date| date.day() == *d).first().copied()),
        _ => return None,
    };
    match (dated, day) {
        (Some(None), _) => return None,
        (Some(Some(date)), Some(day)) if date.weekday() != day => {
            found.dates = vec![date];
            let (on, really) =
                (crate::instance::time::day(date), WEEK[date.weekday().num_days_from_monday() as usize].0);
            found.wrong = Some(tr!(
                "{on} is not the weekday named here; correct one of them",
                "le {on} est un {really} et non le jour nommé ici ; corrigez l'un ou l'autre"
            ));
        }
        (Some(Some(date)), _) => found.dates = vec![date],
        (None, Some(day)) => found.dates = dates(&|date| date.weekday() == day),
        (None, None) if found.timed() => {}
        (None, None) => return None,
    }
    Some(found)
}

/// Puts two rows of headings together, and leaves only columns whose date is known.
pub fn settle(page: &mut Page, calendar: &[NaiveDate], read: impl Fn(&[Cell]) -> Vec<Meaning>, log: &mut Log) {
    let slots = |page: &Page, row: usize| -> Vec<Option<Slot>> {
        headings(page, row).iter().map(|c| slot(c, calendar)).collect()
    };
    let dated = |slots: &[Option<Slot>]| slots.iter().flatten().any(|s| !s.dates.is_empty());
    let timed = |slots: &[Option<Slot>]| slots.iter().flatten().any(Slot::timed);
    let here = slots(page, page.heading_row);
    let above = page.heading_row.checked_sub(1).map(|row| slots(page, row)).unwrap_or_default();
    let below = slots(page, page.heading_row + 1);
    if !dated(&here) && timed(&here) && dated(&above) {
        let bottom = page.heading_row;
        let others = read(&headings(page, bottom - 1));
        combine(page, bottom - 1, bottom, [&above, &here], &others);
    } else if dated(&here) && !timed(&here) && timed(&below) && !dated(&below) && only_parts(page, &below) {
        let top = page.heading_row;
        let others = read(&headings(page, top + 1));
        combine(page, top, top + 1, [&here, &below], &others);
    }
    let by_row = page.column("date");
    for column in 0..page.columns.len() {
        let Meaning::Slot(slot) = &page.columns[column] else { continue };
        if let Some(wrong) = slot.wrong.clone() {
            log.faults.push(page.about(page.heading_row, Some(column), wrong));
        }
        // In a row with a date of its own, a column may be of a part of the day alone.
        if slot.dates.is_empty() && by_row.is_none() {
            page.columns[column] = Meaning::Unknown;
        }
    }
}

/// Columns headed by examiners, where no column says which of them a row is about; a heading that names nobody is said.
pub fn by_person(page: &mut Page, mut people: People, log: &mut Log) {
    let rows_name_them = ["examiner", "name", "id"].iter().any(|key| page.column(key).is_some());
    if rows_name_them || page.persons().next().is_none() {
        page.columns.iter_mut().filter(|m| matches!(m, Meaning::Person(_))).for_each(|m| *m = Meaning::Unknown);
        return;
    }
    let dated = |(_, cell): &(usize, &Cell)| {
        matches!(page.date_of(cell), Ok(Some(_)) | Err(_)) || page.half_day_of(cell).is_some()
    };
    let unknown = |i: &usize| matches!(page.columns[*i], Meaning::Unknown) && !page.filled(*i).is_empty();
    if page.column("date").is_none()
        && let Some(column) = (0..page.columns.len()).filter(unknown).find(|i| page.filled(*i).iter().all(dated))
    {
        page.columns[column] = Meaning::Known(page.layout.column("date"));
    }
    for i in 0..page.columns.len() {
        let (heading, cells) = (page.heading_text(i), page.filled(i));
        let marks = cells.iter().map(|(_, cell)| said(cell, Some(Words::default()), page.inverse));
        let (mut ticks, mut others) = (0, 0);
        for mark in marks {
            match mark {
                Ok(Some(Said::At(_))) => {}
                Ok(_) => ticks += 1,
                Err(_) => others += 1,
            }
        }
        if !matches!(page.columns[i], Meaning::Unknown) || heading.is_empty() || ticks == 0 || others > 0 {
            continue;
        }
        let message = match people.id(&heading) {
            Err(several) => several,
            Ok(id) => Fault::unknown("", "examiner", &id, people.ids()).message,
        };
        log.faults.push(page.about_heading(i, message));
        page.columns[i] = Meaning::Ignored;
    }
}

/// The cells of a row.
fn headings(page: &Page, row: usize) -> Vec<Cell> {
    page.sheet.line(row).map(Line::dense).unwrap_or_default()
}

/// Whether the row below the headings is headings too: nothing but parts of days.
fn only_parts(page: &Page, below: &[Option<Slot>]) -> bool {
    let row = headings(page, page.heading_row + 1);
    let same = |c: usize, cell: &Cell| page.cell(page.heading_row, c) == cell;
    row.iter()
        .enumerate()
        .all(|(c, cell)| cell.is_empty() || below.get(c).is_some_and(Option::is_some) || same(c, cell))
}

/// Makes the lower of two rows of headings the page's, each with the date above it; `others` is what the row that was
/// not the page's means.
fn combine(page: &mut Page, top: usize, bottom: usize, [dates, parts]: [&[Option<Slot>]; 2], others: &[Meaning]) {
    let width = headings(page, top).len().max(headings(page, bottom).len());
    let known = std::mem::take(&mut page.columns);
    let mut carried: Option<(Slot, String)> = None;
    for column in 0..width {
        // A date merged over several columns stands over each of them.
        let merged = |cell: &Cell| matches!(cell, Cell::Broken(b) if b.why == Why::Beside);
        let above = Some(page.cell(top, column)).filter(|c| !merged(c)).cloned().unwrap_or(Cell::Empty);
        match dates.get(column).cloned().flatten().filter(|s| !s.dates.is_empty()) {
            Some(slot) => carried = Some((slot, above.shown())),
            // A date stands over the columns to its right, up to the next heading.
            None if !above.is_empty() => carried = None,
            None => {}
        }
        let part = parts.get(column).cloned().flatten();
        let named = |all: &[Meaning]| {
            let own = all.get(column).filter(|m| !matches!(m, Meaning::Slot(_) | Meaning::Unknown));
            own.cloned()
        };
        let meaning = match (&carried, part) {
            (Some((day, shown)), Some(part)) => {
                let heading = format!("{shown} {}", page.cell(bottom, column).shown());
                page.sheet.set(bottom, column, Cell::Text(heading));
                Meaning::Slot(Slot { dates: day.dates.clone(), wrong: day.wrong.clone(), ..part })
            }
            (Some((day, _)), None) if !above.is_empty() => {
                page.sheet.set(bottom, column, above);
                Meaning::Slot(day.clone())
            }
            _ => {
                if page.cell(bottom, column).is_empty() {
                    page.sheet.set(bottom, column, above);
                }
                named(&known).or_else(|| named(others)).unwrap_or(Meaning::Unknown)
            }
        };
        page.columns.push(meaning);
    }
    page.heading_row = bottom;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_names_a_half_day_in_many_ways() {
        let june: Vec<NaiveDate> =
            ["2024-06-03", "2024-06-04", "2024-06-10"].iter().map(|d| d.parse().unwrap()).collect();
        let read = |text: &str| {
            let slot = slot(&Cell::Text(text.into()), &june)?;
            assert_eq!(slot.wrong, None, "{text}");
            let dates = slot.dates.iter().map(|d| d.format("%d/%m/%y").to_string()).collect::<Vec<_>>().join(" ");
            let hours = slot.hours.map(|(a, b)| format!("{a}-{b}"));
            Some(format!("{dates} {}", slot.part.or(hours).unwrap_or_default()).trim().to_string())
        };
        for text in [
            "lun. 3 juin matin",
            "Lundi 3 juin 2024 – matin",
            "03/06 matin",
            "3/6/2024 MATIN",
            "2024-06-03 matin",
            "matin du 03/06",
            "lundi 3 matin",
            "Lun 03/06\n(matin)",
            "L 3 juin matin",
            "Lu 3/6 matin",
        ] {
            assert_eq!(read(text).as_deref(), Some("03/06/24 matin"), "{text}");
        }
        assert_eq!(read("03/06 AM").as_deref(), Some("03/06/24 am"));
        assert_eq!(read("mar. 4 juin après-midi").as_deref(), Some("04/06/24 apres midi"));
        assert_eq!(read("4 juin 8h30-10h").as_deref(), Some("04/06/24 08:30-10:00"));
        assert_eq!(read("04/06 08:00 – 10:00").as_deref(), Some("04/06/24 08:00-10:00"));
        assert_eq!(read("4 juin 8h à 10h").as_deref(), Some("04/06/24 08:00-10:00"));
        assert_eq!(read("lundi après-midi").as_deref(), Some("03/06/24 10/06/24 apres midi"));
        assert_eq!(read("matin").as_deref(), Some("matin"));
        assert_eq!(read("1er juillet").as_deref(), Some("01/07/24"));
        assert_eq!(read("12 juin PM").as_deref(), Some("12/06/24 pm"));
        for text in ["Nom", "Observations", "Date", "N°", "Téléphone 2", "3", "31/02", "Juin", "Vœux 1", "2024"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert!(slot(&Cell::Text("mardi 3 juin".into()), &june).unwrap().wrong.is_some());
    }
}
