//! When centres are open: a row for each date, or a grid of dates and centres.

use super::grid::Slot;
use super::headings::Meaning;
use super::import::{Draft, centre_of};
use super::marks::{Hours, Said, hours_of, marked, said, slots, when, words_of};
use super::page::{Log, Page, Row};
use crate::instance::Clock;
use crate::instance::raw::RawSpan;
use crate::instance::time::day;
use crate::tr;

/// Reads a sheet of openings.
pub fn read(page: &Page, draft: &mut Draft, log: &mut Log) {
    let half_days = draft.raw.policy.half_days.clone();
    let words = words_of(page);
    let (slots, centres) = (slots(page), centres(page));
    if !slots.is_empty() || !centres.is_empty() {
        grid(page, &slots, &centres, draft, log);
        return;
    }
    if page.column("centre").is_none() || page.column("date").is_none() {
        return; // said of the headings
    }
    for row in page.rows() {
        let (centre, (dates, parts)) = (centre_of(&row, draft, log), when(&row, words, log));
        let hours = hours_of(&row, parts, &half_days, false, log);
        let (Some(i), Some(hours)) = (centre, hours) else { continue };
        let columns = [page.column("from"), page.column("date")];
        for date in dates {
            for &(from, to) in &hours {
                open(&row, i, RawSpan { date, from, to }, columns, draft, log);
            }
        }
    }
}

/// The columns that are centres, with their ids.
fn centres(page: &Page) -> Vec<(usize, &String)> {
    let all = page.columns.iter().enumerate();
    all.filter_map(|(c, m)| if let Meaning::Centre(id) = m { Some((c, id)) } else { None }).collect()
}

/// Opens a centre; `from` and `date` are the columns that say so. Hours of one date that touch, or between which nothing is heard
/// anyway, are one opening.
fn open(row: &Row, centre: usize, span: RawSpan, [from, date]: [Option<usize>; 2], draft: &mut Draft, log: &mut Log) {
    let half_days = &draft.raw.policy.half_days;
    let open = &mut draft.raw.centres[centre].open;
    let heard = |from: Clock, to: Clock| half_days.iter().any(|h| from.max(h.0) < to.min(h.1));
    let meets = |o: &&mut RawSpan| {
        let whole = o.from < o.to && span.from < span.to && o.date == span.date;
        whole && !heard(o.to, span.from) && !heard(span.to, o.from)
    };
    if let Some(other) = open.iter_mut().find(meets).filter(|o| **o != span) {
        (other.from, other.to) = (other.from.min(span.from), other.to.max(span.to));
        let (from, to) = (other.from, other.to);
        let message = tr!(
            "hours of one date joined into one opening: {from} to {to}",
            "heures d'une même date réunies en une ouverture : de {from} à {to}"
        );
        log.notes.extend(date.map(|column| row.about(column, message)));
        return;
    }
    let other = open.iter().position(|o| o.date == span.date);
    let own = format!("centres[{centre}].open[{}]", open.len());
    row.binds_to(own.clone(), from, log);
    row.binds_to(format!("{own}.date"), date, log);
    open.push(span);
    let first = other.and_then(|o| log.cell(&format!("centres[{centre}].open[{o}].date")));
    if let (Some(first), Some(here)) = (first, log.cell(&format!("{own}.date"))) {
        let (on, column) = (day(span.date), from.or(date).unwrap_or_default());
        let message = tr!(
            "{first} and {here} both open the centre on {on}, with sittings between their hours; there is one opening a date: mend a date, or join the hours",
            "{first} et {here} ouvrent toutes deux le centre le {on}, avec des heures de passage entre elles ; il y a une ouverture par date : corrigez une date, ou réunissez les heures"
        );
        row.fault_at(column, message, log);
    }
}

/// A row for each centre and a column for each date, or a row for each date and a column for each centre.
fn grid(page: &Page, slots: &[(usize, &Slot)], centres: &[(usize, &String)], draft: &mut Draft, log: &mut Log) {
    let half_days = draft.raw.policy.half_days.clone();
    let words = words_of(page);
    let mut blanks = 0;
    for row in page.rows() {
        let own = if page.column("centre").is_some() { centre_of(&row, draft, log) } else { None };
        let dates = if page.column("date").is_some() { row.dates(log) } else { Vec::new() };
        let own_hours: Option<Hours> = row.clock("from", log).zip(row.clock("to", log)).map(|hours| vec![hours]);
        let index = |id: &String| draft.raw.centres.iter().position(|c| c.id == *id);
        let mut cells: Vec<(usize, Option<usize>, Slot)> = Vec::new();
        cells.extend(slots.iter().map(|(column, slot)| (*column, own, (*slot).clone())));
        cells.extend(centres.iter().map(|(column, id)| (*column, index(id), Slot::default())));
        for (column, centre, slot) in cells {
            let hours = match said(row.at(column), (!slot.timed()).then_some(words), false) {
                Ok(None) => {
                    blanks += 1;
                    continue;
                }
                Ok(Some(Said::No | Said::Away)) => continue,
                // The row's own hours, where it has some.
                Ok(Some(Said::Yes | Said::Free)) if own_hours.is_some() => Ok(own_hours.clone().unwrap_or_default()),
                Ok(Some(said)) => marked(&said, &slot, words, &half_days, false),
                Err(message) => Err(message),
            };
            let on = if slot.dates.is_empty() { &dates } else { &slot.dates };
            match (hours, centre) {
                (Ok(hours), Some(centre)) => {
                    for (&date, &(from, to)) in on.iter().flat_map(|date| hours.iter().map(move |h| (date, h))) {
                        open(&row, centre, RawSpan { date, from, to }, [Some(column); 2], draft, log);
                    }
                }
                (Err(message), _) => row.fault_at(column, message, log),
                (Ok(_), None) => {}
            }
        }
    }
    if blanks > 0 {
        let message = tr!(
            "a grid of openings: empty cells are taken as closed ({blanks})",
            "grille d'ouvertures : cases vides prises comme « fermé » ({blanks})"
        );
        log.notes.push(page.about(page.heading_row, None, message));
    }
}
