//! When examiners are free: rows of hours or half-days, grids, and sheets that say when they are not.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::distance::abridged;
use super::half_days::Part;
use super::import::Draft;
use super::layout::Kind;
use super::marks::{Hours, Said, away, hours_of, said, slots, spans, times, when, whom, words_of};
use super::page::{Log, Origin, Page, Row, rows_in_words};
use super::who::People;
use crate::fault::Fault;
use crate::instance::Clock;
use crate::instance::inert::meant;
use crate::instance::raw::RawSpan;
use crate::instance::time::day;
use crate::tr;

/// A cell of a grid: whom it is about, on which dates, where it stands, what it says, and the hours that it means for who is
/// free and for who is not.
struct Mark {
    who: String,
    dates: Vec<NaiveDate>,
    origin: Origin,
    said: Option<Said>,
    hours: [Hours; 2],
}

/// One thing said of one examiner.
struct Entry {
    span: RawSpan,
    origin: Origin,
    /// A row of its own, and no cell of a grid.
    row: bool,
    apart: bool,
}

#[derive(Default)]
struct Own {
    free: Vec<Entry>,
    away: Vec<Entry>,
    /// Dates of empty cells of a grid in which others are marked.
    blank: BTreeSet<NaiveDate>,
}

struct Reader<'a> {
    half_days: &'a [(Clock, Clock)],
    examiners: &'a mut People,
    own: BTreeMap<String, Own>,
    log: &'a mut Log,
}

/// Reads when examiners are free; those of `default` are free on every date that nothing is said of.
pub fn read(pages: &[Page], draft: &mut Draft, default: &BTreeSet<String>, examiners: &mut People, log: &mut Log) {
    let half_days = draft.raw.policy.half_days.clone();
    let mut reader = Reader { half_days: &half_days, examiners, own: BTreeMap::new(), log: &mut *log };
    for page in pages {
        match page.layout.kind {
            Kind::Availabilities | Kind::Unavailabilities if page.persons().next().is_some() => reader.by_person(page),
            Kind::Availabilities if !slots(page).is_empty() => reader.grid(page),
            Kind::Availabilities => reader.rows(page),
            Kind::Unavailabilities => reader.absences(page),
            _ => {}
        }
    }
    let own = reader.own;
    settle(draft, default, own, log);
}

impl Reader<'_> {
    /// The examiner whom a row names, by id or by name.
    fn who(&mut self, row: &Row, key: &str) -> Option<String> {
        let named = row.text("name", self.log).map(|_| row.full_name(self.log).unwrap_or_default());
        let id = row.id(key, self.log);
        let column = if id.is_some() { key } else { "name" };
        let Some(text) = id.or(named) else {
            let message = tr!(
                "no examiner is named here; write the number",
                "aucun interrogateur n'est nommé ici ; écrivez le numéro"
            );
            row.fault(key, message, self.log);
            return None;
        };
        match self.examiners.id(&text) {
            Ok(id) if self.examiners.has(&id) => Some(id),
            Ok(id) => {
                let message = Fault::unknown("", "examiner", &id, self.examiners.ids()).message;
                row.fault(column, message, self.log);
                None
            }
            Err(message) => {
                row.fault(column, message, self.log);
                None
            }
        }
    }

    fn say(&mut self, who: &str, free: bool, entry: Entry) {
        let own = self.own.entry(who.to_string()).or_default();
        if free { own.free.push(entry) } else { own.away.push(entry) }
    }

    fn rows(&mut self, page: &Page) {
        if page.column("examiner").is_none() && page.column("name").is_none() {
            let message = tr!(
                "no column says which examiner a row is about, nor does a heading name one; a grid has a row for each examiner and a column for each date, or the other way round",
                "aucune colonne ne dit de quel interrogateur parle la ligne, et aucun titre n'en nomme un ; une grille a une ligne par interrogateur et une colonne par date, ou l'inverse"
            );
            self.log.faults.extend((!page.sheet.is_empty()).then(|| page.about(page.heading_row, None, message)));
            return;
        }
        let words = words_of(page);
        for row in page.rows() {
            let who = self.who(&row, "examiner");
            let (dates, parts) = when(&row, words, self.log);
            let free = self.free(&row, page.inverse);
            let hours = hours_of(&row, parts, self.half_days, free == Some(false), self.log);
            let apart = row.yes("apart", self.log);
            let (Some(who), Some(free), Some(hours)) = (who, free, hours) else { continue };
            let origin = row.origin(page.column("date"));
            for date in dates {
                for &(from, to) in &hours {
                    self.say(&who, free, Entry { span: RawSpan { date, from, to }, origin, row: true, apart });
                }
            }
        }
    }

    /// Whether a row says that its examiner is free.
    fn free(&mut self, row: &Row, inverse: bool) -> Option<bool> {
        let mut read = |key: &str| match said(row.cell(key), None, false) {
            Ok(said) => Some(said),
            Err(message) => {
                row.fault(key, message, self.log);
                None
            }
        };
        let free = read("free")?.map(|s| matches!(s, Said::Yes | Said::Free));
        let away = read("absent")?.map(|s| matches!(s, Said::Yes | Said::Away)).map(|away| !away);
        match (free, away) {
            (Some(true), _) if inverse => {
                let message = tr!(
                    "the sheet's name says unavailability, and this row says free; rename the sheet or correct the row",
                    "le nom de la feuille dit indisponibilité, et cette ligne dit libre ; renommez la feuille ou corrigez la ligne"
                );
                row.fault("free", message, self.log);
                None
            }
            (free, away) => Some(free.or(away).unwrap_or(!inverse)),
        }
    }

    /// A sheet of unavailabilities: its rows about examiners.
    fn absences(&mut self, page: &Page) {
        let words = words_of(page);
        for row in page.rows() {
            if whom(&row, page, self.log) != Some("examiner") {
                continue;
            }
            let who = self.who(&row, "id");
            let stretches = away(&row, page, words, self.half_days, self.log);
            let Some(who) = who else { continue };
            for (span, column) in stretches {
                let (origin, row) = (row.origin(column.or(page.column("date"))), column.is_none());
                self.say(&who, false, Entry { span, origin, row, apart: false });
            }
        }
    }

    /// A row for each examiner, a column for each date or half-day.
    fn grid(&mut self, page: &Page) {
        let (slots, words) = (slots(page), words_of(page));
        let mut faults = BTreeSet::new();
        let mut hours: BTreeMap<usize, [Hours; 2]> = BTreeMap::new();
        for &(column, slot) in &slots {
            let read = [false, true].map(|away| times(slot, words, self.half_days, away));
            match read {
                [Ok(free), Ok(away)] => drop(hours.insert(column, [free, away])),
                [Err(message), _] | [_, Err(message)] => {
                    if faults.insert(message.clone()) {
                        self.log.faults.push(page.about(page.heading_row, Some(column), message));
                    }
                }
            }
        }
        let mut marks = Vec::new();
        for row in page.rows() {
            let (who, own) = (self.who(&row, "examiner"), row.dates(self.log));
            let Some(who) = who else { continue };
            for &(column, slot) in &slots {
                let dates = if slot.dates.is_empty() { own.clone() } else { slot.dates.clone() };
                match said(row.at(column), (!slot.timed()).then_some(words), page.inverse) {
                    Ok(said) => {
                        let Some(hours) = hours.get(&column).cloned() else { continue };
                        marks.push(Mark { who: who.clone(), dates, origin: row.origin(Some(column)), said, hours });
                    }
                    Err(message) => row.fault_at(column, message, self.log),
                }
            }
        }
        self.marks(page, marks);
    }

    /// A row for each date or half-day, a column for each examiner.
    fn by_person(&mut self, page: &Page) {
        let words = words_of(page);
        let mut marks = Vec::new();
        for (column, _) in page.persons() {
            // Whoever is found by name is said.
            let _ = self.examiners.id(&page.heading_text(column));
        }
        for row in page.rows() {
            let (dates, parts) = when(&row, words, self.log);
            let timed = parts.is_some();
            let parts = parts.unwrap_or_else(|| vec![Part::Day]);
            let read = [false, true].map(|away| spans(&parts, self.half_days, away));
            let hours = match read {
                [Ok(free), Ok(away)] => [free, away],
                [Err(message), _] | [_, Err(message)] => {
                    row.fault(if row.cell("half").is_empty() { "date" } else { "half" }, message, self.log);
                    continue;
                }
            };
            for (column, who) in page.persons() {
                match said(row.at(column), (!timed).then_some(words), page.inverse) {
                    Ok(said) => {
                        let (origin, dates, hours) = (row.origin(Some(column)), dates.clone(), hours.clone());
                        marks.push(Mark { who: who.clone(), dates, origin, said, hours });
                    }
                    Err(message) => row.fault_at(column, message, self.log),
                }
            }
        }
        self.marks(page, marks);
    }

    /// What the cells of a grid come to.
    fn marks(&mut self, page: &Page, marks: Vec<Mark>) {
        let free = |said: &Said| match said {
            Said::Yes | Said::At(_) => !page.inverse,
            Said::Free => true,
            Said::Away => false,
            Said::No => page.inverse,
        };
        let marked = marks.iter().filter_map(|mark| mark.said.as_ref()).any(&free) && !page.inverse;
        let mut blanks = 0;
        for Mark { who, dates, origin, said, hours } in marks {
            let Some(said) = said else {
                if marked {
                    blanks += 1;
                    self.own.entry(who).or_default().blank.extend(dates);
                }
                continue;
            };
            let is_free = free(&said);
            if page.inverse && said == Said::No {
                continue; // not unavailable: nothing is said of when the examiner is free
            }
            let [of_free, of_away] = hours;
            let hours = match said.parts() {
                Some(parts) => spans(parts, self.half_days, !is_free),
                None => Ok(if is_free { of_free } else { of_away }),
            };
            let hours = match hours {
                Ok(hours) => hours,
                Err(message) => {
                    let fault = self.log.fault_at(origin, message);
                    self.log.faults.push(fault);
                    continue;
                }
            };
            for date in dates {
                for &(from, to) in &hours {
                    let span = RawSpan { date, from, to };
                    self.say(&who, is_free, Entry { span, origin, row: false, apart: false });
                }
            }
        }
        // Whoever has no mark at all in such a grid is never free, as the grid says of each date.
        if blanks > 0 {
            let message = tr!(
                "a grid of availabilities: empty cells are taken as not free ({blanks})",
                "grille de disponibilités : cases vides prises comme « pas libre » ({blanks})"
            );
            self.log.notes.push(page.about(page.heading_row, None, message));
        }
    }
}

/// What all that is said comes to.
fn settle(draft: &mut Draft, default: &BTreeSet<String>, mut own: BTreeMap<String, Own>, log: &mut Log) {
    let half_days = draft.raw.policy.half_days.clone();
    let whole = half_days.iter().map(|h| h.0).min().zip(half_days.iter().map(|h| h.1).max());
    let dates = draft.raw.calendar.dates.clone();
    let (mut joined, mut asked) = (Vec::new(), Vec::new());
    let mut idle: Vec<(RawSpan, Origin)> = Vec::new();
    for (i, examiner) in draft.raw.examiners.iter_mut().enumerate() {
        let said = own.remove(&examiner.id).unwrap_or_default();
        let (free, any) = together(said.free);
        if any {
            joined.push(examiner.id.clone());
        }
        let entry = |e: &Entry| (e.span, Some(e.origin));
        let mut left: Vec<(RawSpan, Option<Origin>)> = Vec::new();
        match whole.filter(|_| default.contains(&examiner.id)) {
            Some((from, to)) => {
                for &date in &dates {
                    let own: Vec<_> = free.iter().filter(|e| e.span.date == date).map(entry).collect();
                    if own.is_empty() && !said.blank.contains(&date) {
                        left.push((RawSpan { date, from, to }, None));
                    }
                    left.extend(own);
                }
                // What is said of other dates is kept, so that it is seen.
                left.extend(free.iter().filter(|e| !dates.contains(&e.span.date)).map(entry));
            }
            None => left.extend(free.iter().map(entry)),
        }
        let asleep = left.is_empty() && said.blank.is_empty() && !default.contains(&examiner.id);
        if let Some(first) = said.away.first().filter(|_| asleep && !covers(&said.away, &dates)) {
            asked.push((examiner.id.clone(), first.origin));
        }
        for hole in &said.away {
            let meets = |s: &RawSpan| s.date == hole.span.date && s.from < hole.span.to && hole.span.from < s.to;
            if !asleep && !left.iter().any(|(s, _)| meets(s)) && (hole.row || !dates.contains(&hole.span.date)) {
                idle.push((hole.span, hole.origin));
            }
            let cut = |(s, o): (RawSpan, Option<Origin>)| {
                without(s, hole.span, &half_days).into_iter().map(move |part| (part, o)).collect::<Vec<_>>()
            };
            left = left.into_iter().flat_map(cut).collect();
        }
        for (span, origin) in left {
            let path = format!("examiners[{i}].available[{}]", examiner.available.len());
            if let Some(origin) = origin {
                log.bind(path, origin);
            }
            examiner.available.push(span);
        }
    }
    let by_default = if dates.is_empty() { 0 } else { default.len() };
    notes(by_default, whole, &joined, log);
    without_default(asked, log);
    nothing_taken(idle, &dates, log);
}

/// Whether absences leave no date.
fn covers(away: &[Entry], dates: &[NaiveDate]) -> bool {
    dates.iter().all(|date| away.iter().any(|e| e.span.date == *date))
}

/// Stretches that touch or overlap as one, at the place of the first, save those that are to stand apart; whether any
/// were joined.
fn together(entries: Vec<Entry>) -> (Vec<Entry>, bool) {
    let touch = |a: &Entry, b: &Entry| {
        let (one, two) = (a.span, b.span);
        let whole = one.from < one.to && two.from < two.to && !a.apart && !b.apart;
        whole && one.date == two.date && one.from <= two.to && two.from <= one.to
    };
    let (mut out, mut joined): (Vec<Entry>, bool) = (Vec::new(), false);
    for entry in entries {
        out.push(entry);
        let mut at = out.len() - 1;
        while let Some(other) = (0..out.len()).find(|&i| i != at && touch(&out[i], &out[at])) {
            let gone = out.remove(at.max(other)).span;
            at = at.min(other);
            let kept = &mut out[at].span;
            (kept.from, kept.to, joined) = (kept.from.min(gone.from), kept.to.max(gone.to), true);
        }
    }
    (out, joined)
}

/// What is left of a stretch without a hole in it; crumbs in which no half-day has a minute are dropped.
fn without(span: RawSpan, hole: RawSpan, half_days: &[(Clock, Clock)]) -> Vec<RawSpan> {
    if span.date != hole.date || hole.to <= span.from || span.to <= hole.from {
        return vec![span];
    }
    let parts = [RawSpan { to: hole.from, ..span }, RawSpan { from: hole.to, ..span }];
    let heard = |p: &RawSpan| half_days.iter().any(|h| p.from.max(h.0) < p.to.min(h.1));
    parts.into_iter().filter(heard).collect()
}

/// Says what was taken for granted and joined.
fn notes(by_default: usize, day: Option<(Clock, Clock)>, joined: &[String], log: &mut Log) {
    if let Some((from, to)) = day.filter(|_| by_default > 0) {
        log.notes.push(Fault::new(
            "",
            tr!(
                "examiners free by default ({by_default}): {from} to {to} on every date, save what the sheet Availabilities says",
                "interrogateurs libres par défaut ({by_default}) : de {from} à {to} à toutes les dates, sauf mention dans la feuille Disponibilités"
            ),
        ));
    }
    if !joined.is_empty() {
        let (n, list) = (joined.len(), abridged(joined));
        log.notes.push(Fault::new(
            "",
            tr!(
                "availabilities that touch or overlap joined into one, for {n} examiner(s): {list}",
                "disponibilités qui se touchent ou se chevauchent réunies en une seule, pour {n} interrogateur(s) : {list}"
            ),
        ));
    }
}

/// Absences of people of whom nothing says when they are free: asked, once.
fn without_default(asked: Vec<(String, Origin)>, log: &mut Log) {
    let Some(&(_, origin)) = asked.first() else { return };
    let ids: Vec<String> = asked.iter().map(|(id, _)| id.clone()).collect();
    let (n, list) = (ids.len(), abridged(&ids));
    let message = tr!(
        "not free, but nothing says that these examiners are free otherwise ({n}: {list}); write yes under \"Free by default\" in the sheet Examiners, or when they are free",
        "pas libre, mais rien ne dit que ces interrogateurs le sont autrement ({n} : {list}) ; mettez oui à « Libre par défaut » dans la feuille Interrogateurs, ou dites quand ils sont libres"
    );
    let fault = log.fault_at(origin, message);
    log.faults.push(fault);
}

/// Absences that take nothing away, with the date that may be meant.
fn nothing_taken(idle: Vec<(RawSpan, Origin)>, dates: &[NaiveDate], log: &mut Log) {
    let mut said: Vec<(String, Origin, Vec<usize>)> = Vec::new();
    for (span, origin) in idle {
        let on = day(span.date);
        let message = match meant(span.date, dates.iter()) {
            _ if dates.contains(&span.date) => tr!(
                "not free at an hour when the examiner is not free anyway: this changes nothing",
                "pas libre à une heure où l'interrogateur ne l'est pas de toute façon : cela ne change rien"
            ),
            Some(meant) => {
                let meant = day(meant);
                tr!(
                    "{on} is outside the calendar: this absence changes nothing; is {meant} meant?",
                    "le {on} est hors du calendrier : cette absence ne change rien ; faut-il lire {meant} ?"
                )
            }
            None => tr!(
                "{on} is outside the calendar: this absence changes nothing",
                "le {on} est hors du calendrier : cette absence ne change rien"
            ),
        };
        match said.iter_mut().find(|(m, o, _)| *m == message && o.source == origin.source) {
            Some((.., rows)) => rows.push(origin.row + 1),
            None => said.push((message, origin, Vec::new())),
        }
    }
    for (message, origin, rows) in said {
        let also = if rows.is_empty() {
            String::new()
        } else {
            let rows = rows_in_words(rows);
            tr!(" (also {rows})", " (aussi {rows})")
        };
        let note = log.fault_at(origin, message + &also);
        log.notes.push(note);
    }
}
