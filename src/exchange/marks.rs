//! What cells say of a stretch of time: yes, no, free, hours, parts of a day; and when a row or a column of a grid is about.

use chrono::NaiveDate;

use super::cell::{Cell, is_dash};
use super::grid::Slot;
use super::half_days::{Part, Words};
use super::headings::{Meaning, plain};
use super::page::{Log, Page, Row};
use super::titles;
use crate::instance::Clock;
use crate::instance::raw::RawSpan;
use crate::tr;

/// Stretches of a day.
pub type Hours = Vec<(Clock, Clock)>;

/// What a cell says of a stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// `x`, `oui`: yes to what the sheet is about.
    Yes,
    /// `non`: no to it.
    No,
    /// `dispo`, whatever the sheet is about.
    Free,
    /// `indispo`, whatever the sheet is about.
    Away,
    /// Yes, but only in those parts of a date.
    At(Vec<Part>),
}

impl Said {
    /// The parts of a date that it is about, where it names them.
    pub fn parts(&self) -> Option<&[Part]> {
        if let Said::At(parts) = self { Some(parts) } else { None }
    }
}

/// What a word or a sign says.
fn sense(text: &str) -> Option<Said> {
    Some(match plain(text).as_str() {
        "dispo" | "disponible" | "d" | "libre" | "present" | "presente" | "p" | "peut" | "free" | "available" => {
            Said::Free
        }
        "indispo" | "indisponible" | "i" | "absent" | "absente" | "abs" | "a" | "occupe" | "occupee" | "pris"
        | "prise" | "pas dispo" | "pas disponible" | "non dispo" | "non disponible" | "pas libre" | "ne peut pas"
        | "away" | "unavailable" | "busy" => Said::Away,
        "oui" | "o" | "x" | "xx" | "vrai" | "yes" | "y" | "true" | "1" | "ok" => Said::Yes,
        "non" | "n" | "faux" | "no" | "false" | "0" | "ko" => Said::No,
        _ if matches!(text.trim(), "✓" | "✔" | "☑" | "×") => Said::Yes,
        _ if is_dash(text) || matches!(text.trim(), "✗" | "✘" | "/") => Said::No,
        _ => return None,
    })
}

/// What a cell says; `words` where it may name a part of its date, as no heading does; `away` where its sheet says when people
/// are not free.
pub fn said(cell: &Cell, words: Option<Words>, away: bool) -> Result<Option<Said>, String> {
    let text = match cell {
        // What cannot be read is said already.
        Cell::Empty | Cell::Broken(_) => return Ok(None),
        Cell::Bool(yes) => return Ok(Some(if *yes { Said::Yes } else { Said::No })),
        cell => cell.text(),
    };
    let shown = cell.shown();
    if let Some(words) = words {
        if let Some(parts) = words.parts(&text)? {
            return Ok(Some(Said::At(parts)));
        }
        // `dispo à partir de 14h`; a sheet of when people are free cannot take `absent le matin`: is the rest of the day free?
        let (first, rest) = text.trim().split_once([' ', ':', ',', '(']).unwrap_or((&text, ""));
        let own = if away { Said::Away } else { Said::Free };
        if sense(first).is_some_and(|s| s == Said::Yes || s == own)
            && let Some(parts) = words.parts(rest.trim_matches(|c: char| " :,()-–".contains(c)))?
        {
            return Ok(Some(Said::At(parts)));
        }
        if let Cell::Date(_) = cell {
            return Err(tr!(
                "\"{shown}\" is a date where hours or yes are wanted; a spreadsheet makes it of something like 8-12: write 8h-12h",
                "« {shown} » est une date là où il faut des heures ou oui ; un tableur la fait de quelque chose comme 8-12 : écrivez 8h-12h"
            ));
        }
    }
    match sense(&text) {
        Some(said) => Ok(Some(said)),
        None => Err(tr!(
            "\"{shown}\" says neither free nor not free; write yes, no or hours (8h-12h)",
            "« {shown} » ne dit ni libre ni pas libre ; écrivez oui, non ou des heures (8h-12h)"
        )),
    }
}

/// The columns of a page that are dates or half-days.
pub fn slots(page: &Page) -> Vec<(usize, &Slot)> {
    let all = page.columns.iter().enumerate();
    all.filter_map(|(c, m)| if let Meaning::Slot(slot) = m { Some((c, slot)) } else { None }).collect()
}

/// What the words of a page for parts of a day mean: those of its column, its headings and its grid.
pub fn words_of(page: &Page) -> Words {
    let slots = slots(page);
    let headings = slots.iter().filter_map(|(_, s)| s.part.clone());
    let columns: Vec<usize> = slots.iter().map(|s| s.0).chain(page.persons().map(|p| p.0)).collect();
    let own = |row: Row| ["half", "date"].map(|key| row.cell(key).shown());
    let marked = |row: Row| columns.iter().map(|c| row.at(*c).shown()).chain(own(row)).collect();
    let cells = page.rows().flat_map(|row| -> Vec<String> { marked(row) });
    let all: Vec<String> = headings.chain(cells).collect();
    Words::of(all.iter().map(String::as_str))
}

/// The hours of parts of a day, for who is free or for who is away.
pub fn spans(parts: &[Part], half_days: &[(Clock, Clock)], away: bool) -> Result<Hours, String> {
    parts.iter().map(|part| if away { part.away(half_days) } else { part.hours(half_days) }).collect()
}

/// The parts of a day that a heading of a grid names: all of it where it names none.
fn parts_of(slot: &Slot, words: Words) -> Result<Vec<Part>, String> {
    if let Some((from, to)) = slot.hours {
        return Ok(vec![Part::Hours(from, to)]);
    }
    let part = slot.part.as_deref().map(|p| words.part(p)).transpose()?.flatten();
    Ok(vec![part.unwrap_or(Part::Day)])
}

/// The hours of a column of a grid.
pub fn times(slot: &Slot, words: Words, half_days: &[(Clock, Clock)], away: bool) -> Result<Hours, String> {
    spans(&parts_of(slot, words)?, half_days, away)
}

/// The hours of a cell that says yes, in a column of a grid.
pub fn marked(
    said: &Said,
    slot: &Slot,
    words: Words,
    half_days: &[(Clock, Clock)],
    away: bool,
) -> Result<Hours, String> {
    match said.parts() {
        Some(parts) => spans(parts, half_days, away),
        None => times(slot, words, half_days, away),
    }
}

/// When a row of absences says that somebody is away: at its date and hours, or where a grid is marked; each with the
/// column of the grid.
pub fn away(
    row: &Row,
    page: &Page,
    words: Words,
    half_days: &[(Clock, Clock)],
    log: &mut Log,
) -> Vec<(RawSpan, Option<usize>)> {
    let slots = slots(page);
    if slots.is_empty() {
        let (own, parts) = when(row, words, log);
        let Some(hours) = hours_of(row, parts, half_days, true, log) else { return Vec::new() };
        let each = |date: NaiveDate| hours.iter().map(move |&(from, to)| (RawSpan { date, from, to }, None));
        return own.into_iter().flat_map(each).collect();
    }
    let own = row.dates(log);
    let mut out = Vec::new();
    for (column, slot) in slots {
        let hours = match said(row.at(column), (!slot.timed()).then_some(words), true) {
            Ok(None | Some(Said::No | Said::Free)) => continue,
            Ok(Some(said)) => marked(&said, slot, words, half_days, true),
            Err(message) => Err(message),
        };
        let dates = if slot.dates.is_empty() { own.clone() } else { slot.dates.clone() };
        match hours {
            Ok(hours) => {
                let each =
                    |date: NaiveDate| hours.iter().map(move |&(from, to)| (RawSpan { date, from, to }, Some(column)));
                out.extend(dates.into_iter().flat_map(each));
            }
            Err(message) => row.fault_at(column, message, log),
        }
    }
    out
}

/// The dates of a row, and the parts of them that it names: in its columns, or beside the date (`lundi 3 juin matin`).
pub fn when(row: &Row, words: Words, log: &mut Log) -> (Vec<NaiveDate>, Option<Vec<Part>>) {
    let bare = ["from", "to", "half"].iter().all(|key| row.cell(key).is_empty());
    if bare
        && let Some(slot) = row.half_day_at("date")
        && let Ok(parts) = parts_of(&slot, words)
    {
        return (slot.dates, Some(parts));
    }
    let dates = row.dates(log);
    (dates, if bare { None } else { stretch(row, words, log) })
}

/// The hours of a row that needs some.
pub fn hours_of(
    row: &Row,
    parts: Option<Vec<Part>>,
    half_days: &[(Clock, Clock)],
    away: bool,
    log: &mut Log,
) -> Option<Hours> {
    let (no_from, no_half) = (row.cell("from").is_empty(), row.cell("half").is_empty());
    let Some(parts) = parts else {
        if no_from && no_half && row.cell("to").is_empty() {
            missing(row, "from", log);
        }
        return None;
    };
    let key = if no_half { "date" } else { "half" };
    spans(&parts, half_days, away).map_err(|message| row.fault(key, message, log)).ok()
}

fn missing(row: &Row, key: &str, log: &mut Log) {
    let message = tr!(
        "hours are missing: fill in From and To, or Half-day",
        "les heures manquent : remplissez De et À, ou Demi-journée"
    );
    row.fault(key, message, log);
}

/// The parts of a day that a row's columns name, where they name any.
fn stretch(row: &Row, words: Words, log: &mut Log) -> Option<Vec<Part>> {
    let (no_from, no_to) = (row.cell("from").is_empty(), row.cell("to").is_empty());
    if let Some(text) = row.text("half", log) {
        if !no_from || !no_to {
            let message =
                tr!("hours and a half-day both; keep one", "des heures et une demi-journée ; gardez l'un des deux");
            row.fault("half", message, log);
            return None;
        }
        let parts = words
            .parts(&text)
            .and_then(|parts| parts.ok_or_else(|| super::page::not_among(&text, super::layout::HALVES)));
        return parts.map_err(|message| row.fault("half", message, log)).ok();
    }
    if no_from || no_to {
        missing(row, if no_from { "from" } else { "to" }, log);
        return None;
    }
    row.clock("from", log).zip(row.clock("to", log)).map(|(from, to)| vec![Part::Hours(from, to)])
}

/// Whom a row of a sheet of unavailabilities is about: its own word, else the sheet's name.
pub fn whom(row: &Row, page: &Page, log: &mut Log) -> Option<&'static str> {
    if !row.cell("whom").is_empty() {
        let text = row.cell("whom").text();
        return match plain(&text).as_str() {
            "interrogateur" | "examiner" | "enseignant" | "enseignante" | "professeur" | "examinateur" | "jury"
            | "interrogatrice" | "professionnel" | "membre" => Some("examiner"),
            "candidate" | "eleve" | "etudiant" | "etudiante" => Some("candidate"),
            "local" | "loge" | "salle de preparation" | "salle de passage" => Some("room"),
            _ => row.choice("whom", log),
        };
    }
    // The sheet's name, else the heading over the numbers.
    page.whom().or_else(|| page.column("id").and_then(|id| titles::whom(&row.heading(id))))
}
