//! What an office has decided or wishes beside the lists: sessions composed already, hours before which an oral may not begin,
//! hours that an examiner would rather not have.

use super::cell::Cell;
use super::half_days::Words;
use super::import::Draft;
use super::layout::Kind;
use super::page::{Log, Page};
use super::row::Row;
use super::tables::{maybe, number, span, text};
use super::who::People;
use crate::fault::Fault;
use crate::instance::raw::{RawCandidate, RawGivenSession, RawOral, RawSpan};
use crate::instance::{Clock, Moment, RawInstance};
use crate::tr;

/// Reads the three sheets.
pub fn read(pages: &[Page], draft: &mut Draft, candidates: &mut People, examiners: &mut People, log: &mut Log) {
    for page in pages {
        for row in page.rows() {
            match page.layout.kind {
                Kind::NotBefore => not_before(&row, draft, candidates, log),
                Kind::RatherNot => rather_not(&row, draft, examiners, log),
                Kind::GivenSessions => given_session(&row, draft, examiners, log),
                _ => break,
            }
        }
    }
}

/// The rows of the sheet of hours before which an oral may not begin.
pub fn not_before_rows(raw: &RawInstance) -> Vec<Vec<Cell>> {
    let each = raw.candidates.iter().flat_map(|c| c.orals.iter().map(move |o| (c, o)));
    let row = |(c, o): (&RawCandidate, &RawOral)| {
        let m = o.not_before?;
        Some(vec![text(&c.id), text(&o.exam), Cell::Date(m.date), Cell::Clock(m.time)])
    };
    each.filter_map(row).collect()
}

/// The rows of the sheet of hours to avoid.
pub fn rather_not_rows(raw: &RawInstance) -> Vec<Vec<Cell>> {
    let each = raw.examiners.iter().flat_map(|x| x.rather_not.iter().map(move |s| (x, s)));
    each.map(|(x, s)| [vec![text(&x.id)], span(s).to_vec()].concat()).collect()
}

/// A row for each seat that is named, one at least.
pub fn given_rows(g: &RawGivenSession) -> Vec<Vec<Cell>> {
    let row = |seat: Cell, who: Cell| {
        let half = number(g.half_day);
        let place = [maybe(&g.language), text(&g.centre), maybe(&g.room), Cell::Date(g.date), half];
        [vec![text(&g.id), text(&g.commission)], place.to_vec(), vec![seat, who]].concat()
    };
    if g.members.is_empty() {
        return vec![row(Cell::Empty, Cell::Empty)];
    }
    g.members.iter().map(|(seat, who)| row(text(seat), maybe(who))).collect()
}

/// The person whom a cell names, by number or by a name that they alone have.
fn person(row: &Row, key: &str, people: &mut People, log: &mut Log) -> Option<String> {
    let named = row.id(key, log)?;
    people.id(&named).map_err(|message| row.fault(key, message, log)).ok()
}

fn not_before(row: &Row, draft: &mut Draft, candidates: &mut People, log: &mut Log) {
    let (who, exam) = (person(row, "candidate", candidates, log), row.id("exam", log));
    let (date, time) = (row.date("date", log), row.clock("start", log));
    let (Some(who), Some(exam), Some(date), Some(time)) = (who, exam, date, time) else { return };
    let raw = &mut draft.raw;
    let Some(i) = raw.candidates.iter().position(|c| c.id == who) else {
        let known = raw.candidates.iter().map(|c| &c.id);
        return row.fault("candidate", Fault::unknown("", "candidate", &who, known).message, log);
    };
    match raw.candidates[i].orals.iter().position(|o| o.exam == exam) {
        Some(j) => {
            row.binds(format!("candidates[{i}].orals[{j}].not_before"), Some("start"), log);
            raw.candidates[i].orals[j].not_before = Some(Moment { date, time });
        }
        None => row.fault("exam", tr!("{who} has no oral of {exam}", "{who} n'a pas d'oral de {exam}"), log),
    }
}

fn rather_not(row: &Row, draft: &mut Draft, examiners: &mut People, log: &mut Log) {
    let who = person(row, "examiner", examiners, log);
    let (date, from, to) = (row.date("date", log), row.clock("from", log), row.clock("to", log));
    let (Some(who), Some(date), Some(from), Some(to)) = (who, date, from, to) else { return };
    let all = &mut draft.raw.examiners;
    match all.iter().position(|x| x.id == who) {
        Some(i) => {
            let at = format!("examiners[{i}].rather_not[{}]", all[i].rather_not.len());
            row.binds(at, Some("from"), log);
            all[i].rather_not.push(RawSpan { date, from, to });
        }
        None => {
            let known = all.iter().map(|x| &x.id);
            row.fault("examiner", Fault::unknown("", "examiner", &who, known).message, log);
        }
    }
}

/// A row is a seat of a session; rows of one number are one session.
fn given_session(row: &Row, draft: &mut Draft, examiners: &mut People, log: &mut Log) {
    let id = row.text("id", log);
    let (commission, language) = (row.text("commission", log), row.text("language", log));
    let (centre, room) = (row.id("centre", log), row.text("room", log));
    let (date, half_day) = (row.date("date", log), half_day(row, &draft.raw.policy.half_days, log));
    let (seat, who) = (row.text("seat", log), person(row, "examiner", examiners, log));
    let (Some(id), Some(commission), Some(centre), Some(date), Some(half_day)) =
        (id, commission, centre, date, half_day)
    else {
        return;
    };
    let all = &mut draft.raw.given_sessions;
    let new = RawGivenSession { id, commission, language, centre, room, date, half_day, members: Default::default() };
    let i = all.iter().position(|g| g.id == new.id).unwrap_or_else(|| {
        all.push(new.clone());
        all.len() - 1
    });
    let at = format!("given_sessions[{i}]");
    row.binds(at.as_str(), None, log);
    for (field, key) in [("id", "id"), ("commission", "commission"), ("centre", "centre"), ("room", "room")] {
        row.binds(format!("{at}.{field}"), Some(key), log);
    }
    row.binds(format!("{at}.half_day"), Some("half"), log);
    let given = &mut all[i];
    let same = RawGivenSession { members: given.members.clone(), ..new };
    if same != *given {
        let id = &given.id;
        let message = tr!(
            "an earlier row says something else of the session {id}",
            "une ligne précédente dit autre chose de la vacation {id}"
        );
        return row.fault("id", message, log);
    }
    match (seat, who) {
        (Some(seat), who) => {
            row.binds(format!("{at}.members.{seat}"), Some(if who.is_some() { "examiner" } else { "seat" }), log);
            if given.members.insert(seat.clone(), who).is_some() {
                row.fault("seat", tr!("the seat {seat} a second time", "le siège {seat} une seconde fois"), log);
            }
        }
        (None, Some(_)) => row.fault("seat", tr!("in which seat?", "à quel siège ?"), log),
        (None, None) => {}
    }
}

/// The number of a half-day in the policy: as it is, or by its name.
fn half_day(row: &Row, half_days: &[(Clock, Clock)], log: &mut Log) -> Option<u32> {
    let text = row.text("half", log)?;
    if let Ok(number) = text.trim().trim_end_matches(".0").parse() {
        return Some(number);
    }
    let words = Words::of(std::iter::once(text.as_str()));
    let hours = match words.part(&text) {
        Ok(Some(part)) => part.hours(half_days),
        Ok(None) => Err(tr!(
            "\"{text}\" is no half-day; write morning, afternoon or its number",
            "« {text} » n'est pas une demi-journée ; écrivez matin, après-midi ou son numéro"
        )),
        Err(message) => Err(message),
    };
    match hours {
        Ok((from, to)) => half_days.iter().position(|h| (h.0, h.1) == (from, to)).map(|i| i as u32 + 1).or_else(|| {
            let message = tr!(
                "the policy has several half-days then; write the number",
                "la politique a plusieurs demi-journées à ce moment ; écrivez le numéro"
            );
            row.fault("half", message, log);
            None
        }),
        Err(message) => {
            row.fault("half", message, log);
            None
        }
    }
}
