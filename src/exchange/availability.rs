//! When examiners are free: rows of hours or half-days, grids, and sheets that say when they are not.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::cell::{Cell, is_dash};
use super::distance::abridged;
use super::grid::{Slot, hours};
use super::half_days::{Part, Words};
use super::headings::{Meaning, plain};
use super::import::Draft;
use super::layout::Kind;
use super::page::{Log, Origin, Page, Row, rows_in_words};
use super::titles;
use super::who::People;
use crate::fault::Fault;
use crate::instance::Clock;
use crate::instance::inert::meant;
use crate::instance::raw::RawSpan;
use crate::instance::time::day;
use crate::tr;

/// What a cell says of a stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// `x`, `oui`: yes to what the sheet is about.
    Yes,
    /// `non`: no to it.
    No,
    /// `dispo`, whatever the sheet is about.
    Free,
    /// `indispo`, whatever the sheet is about.
    Away,
    /// Only at those hours of a date.
    Hours(Clock, Clock),
    /// Only in that part of a date.
    Part(Part),
}

/// What a cell says; `part` where it may name a part of its date, as no heading does.
pub(super) fn said(cell: &Cell, words: Option<Words>) -> Result<Option<Said>, String> {
    let text = match cell {
        // What cannot be read is said already.
        Cell::Empty | Cell::Broken(_) => return Ok(None),
        Cell::Bool(yes) => return Ok(Some(if *yes { Said::Yes } else { Said::No })),
        cell => cell.text(),
    };
    if let Some(words) = words {
        if let Some((from, to)) = hours(&text) {
            return Ok(Some(Said::Hours(from, to)));
        }
        if let Some(part) = words.part(&text)? {
            return Ok(Some(Said::Part(part)));
        }
    }
    let said = match plain(&text).as_str() {
        "dispo" | "disponible" | "d" | "libre" | "present" | "presente" | "p" | "peut" | "free" | "available" => {
            Said::Free
        }
        "indispo" | "indisponible" | "i" | "absent" | "absente" | "abs" | "a" | "occupe" | "occupee" | "pris"
        | "prise" | "pas dispo" | "pas disponible" | "non dispo" | "non disponible" | "pas libre" | "ne peut pas"
        | "away" | "unavailable" | "busy" => Said::Away,
        "oui" | "o" | "x" | "xx" | "vrai" | "yes" | "y" | "true" | "1" | "ok" => Said::Yes,
        "non" | "n" | "faux" | "no" | "false" | "0" | "ko" => Said::No,
        _ if matches!(text.trim(), "✓" | "✔" | "☑" | "×") => Said::Yes,
        _ if is_dash(&text) || matches!(text.trim(), "✗" | "✘" | "/") => Said::No,
        _ => {
            let shown = cell.shown();
            return Err(tr!(
                "\"{shown}\" says neither free nor not free; write oui or non",
                "« {shown} » ne dit ni libre ni pas libre ; écrivez oui ou non"
            ));
        }
    };
    Ok(Some(said))
}

/// A cell of a grid: the examiner, the column, its dates, where it stands and what it says.
type Mark = (String, usize, Vec<NaiveDate>, Origin, Option<Said>);

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
            Kind::Availabilities if page.columns.iter().any(|m| matches!(m, Meaning::Slot(_))) => reader.grid(page),
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
                "no column says which examiner a row is about; a grid has a row for each examiner and a column for each date",
                "aucune colonne ne dit de quel interrogateur parle la ligne ; une grille a une ligne par interrogateur et une colonne par date"
            );
            self.log.faults.extend((!page.sheet.is_empty()).then(|| page.about(page.heading_row, None, message)));
            return;
        }
        let words = words_of(page);
        for row in page.rows() {
            let who = self.who(&row, "examiner");
            let dates = row.dates(self.log);
            let free = self.free(&row, page.inverse);
            let hours = stretch(&row, words, self.half_days, free == Some(false), self.log);
            let apart = row.yes("apart", self.log);
            let (Some(who), Some(free), Some((from, to))) = (who, free, hours) else { continue };
            let origin = row.origin(page.column("date"));
            for date in dates {
                self.say(&who, free, Entry { span: RawSpan { date, from, to }, origin, row: true, apart });
            }
        }
    }

    /// Whether a row says that its examiner is free.
    fn free(&mut self, row: &Row, inverse: bool) -> Option<bool> {
        let mut read = |key: &str| match said(row.cell(key), None) {
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

    fn grid(&mut self, page: &Page) {
        let (slots, words) = (slots(page), words_of(page));
        let mut faults = BTreeSet::new();
        // The hours of each column for who is free, and for who is not.
        let mut hours: BTreeMap<usize, [(Clock, Clock); 2]> = BTreeMap::new();
        for &(column, slot) in &slots {
            match (times(slot, words, self.half_days, false), times(slot, words, self.half_days, true)) {
                (Ok(free), Ok(away)) => drop(hours.insert(column, [free, away])),
                (Err(message), _) | (_, Err(message)) => {
                    if faults.insert(message.clone()) {
                        self.log.faults.push(page.about(page.heading_row, Some(column), message));
                    }
                }
            }
        }
        let mut read: Vec<Mark> = Vec::new();
        for row in page.rows() {
            let (who, own) = (self.who(&row, "examiner"), row.dates(self.log));
            let Some(who) = who else { continue };
            for &(column, slot) in &slots {
                let dates = if slot.dates.is_empty() { own.clone() } else { slot.dates.clone() };
                match said(row.at(column), (!slot.timed()).then_some(words)) {
                    Ok(said) => read.push((who.clone(), column, dates, row.origin(Some(column)), said)),
                    Err(message) => row.fault_at(column, message, self.log),
                }
            }
        }
        let free = |said: &Said| match said {
            Said::Yes | Said::Hours(..) | Said::Part(_) => !page.inverse,
            Said::Free => true,
            Said::Away => false,
            Said::No => page.inverse,
        };
        let marked = read.iter().filter_map(|(.., said)| said.as_ref()).any(&free) && !page.inverse;
        let mut blanks = 0;
        for (who, column, dates, origin, said) in read {
            let Some(hours) = hours.get(&column) else { continue };
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
            let (from, to) = match said {
                Said::Hours(from, to) => (from, to),
                Said::Part(part) => {
                    let hours = if is_free { part.hours(self.half_days) } else { part.away(self.half_days) };
                    match hours {
                        Ok(hours) => hours,
                        Err(message) => {
                            let fault = self.log.fault_at(origin, message);
                            self.log.faults.push(fault);
                            continue;
                        }
                    }
                }
                _ => hours[usize::from(!is_free)],
            };
            for date in dates {
                let span = RawSpan { date, from, to };
                self.say(&who, is_free, Entry { span, origin, row: false, apart: false });
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

/// The columns of a page that are dates or half-days.
pub(super) fn slots(page: &Page) -> Vec<(usize, &Slot)> {
    let all = page.columns.iter().enumerate();
    all.filter_map(|(c, m)| if let Meaning::Slot(slot) = m { Some((c, slot)) } else { None }).collect()
}

/// What the words of a page for parts of a day mean: those of its column, its headings and its grid.
pub fn words_of(page: &Page) -> Words {
    let slots = slots(page);
    let headings = slots.iter().filter_map(|(_, s)| s.part.clone());
    let marked = |row: Row| slots.iter().map(|(c, _)| row.at(*c).shown()).chain([row.cell("half").shown()]).collect();
    let cells = page.rows().flat_map(|row| -> Vec<String> { marked(row) });
    let all: Vec<String> = headings.chain(cells).collect();
    Words::of(all.iter().map(String::as_str))
}

/// The hours of a column of a grid.
pub(super) fn times(
    slot: &Slot,
    words: Words,
    half_days: &[(Clock, Clock)],
    away: bool,
) -> Result<(Clock, Clock), String> {
    if let Some(hours) = slot.hours {
        return Ok(hours);
    }
    let part = slot.part.as_deref().map(|p| words.part(p)).transpose()?.flatten().unwrap_or(Part::Day);
    if away { part.away(half_days) } else { part.hours(half_days) }
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
    let (slots, own) = (slots(page), row.dates(log));
    if slots.is_empty() {
        let Some((from, to)) = stretch(row, words, half_days, true, log) else { return Vec::new() };
        return own.into_iter().map(|date| (RawSpan { date, from, to }, None)).collect();
    }
    let mut out = Vec::new();
    for (column, slot) in slots {
        let said = match said(row.at(column), (!slot.timed()).then_some(words)) {
            Ok(said) => said,
            Err(message) => {
                row.fault_at(column, message, log);
                continue;
            }
        };
        let hours = match said {
            None | Some(Said::No | Said::Free) => continue,
            Some(Said::Hours(from, to)) => Ok((from, to)),
            Some(Said::Part(part)) => part.away(half_days),
            Some(Said::Yes | Said::Away) => times(slot, words, half_days, true),
        };
        let dates = if slot.dates.is_empty() { own.clone() } else { slot.dates.clone() };
        match hours {
            Ok((from, to)) => out.extend(dates.into_iter().map(|date| (RawSpan { date, from, to }, Some(column)))),
            Err(message) => row.fault_at(column, message, log),
        }
    }
    out
}

/// The hours of a row: its own, or those of the half-day that it names.
pub fn stretch(
    row: &Row,
    words: Words,
    half_days: &[(Clock, Clock)],
    away: bool,
    log: &mut Log,
) -> Option<(Clock, Clock)> {
    let (no_from, no_to) = (row.cell("from").is_empty(), row.cell("to").is_empty());
    if let Some(text) = row.text("half", log) {
        if !no_from || !no_to {
            let message =
                tr!("hours and a half-day both; keep one", "des heures et une demi-journée ; gardez l'un des deux");
            row.fault("half", message, log);
            return None;
        }
        if let Some(hours) = hours(&text) {
            return Some(hours);
        }
        let part =
            words.part(&text).and_then(|part| part.ok_or_else(|| super::page::not_among(&text, super::layout::HALVES)));
        let hours = part.and_then(|part| if away { part.away(half_days) } else { part.hours(half_days) });
        return hours.map_err(|message| row.fault("half", message, log)).ok();
    }
    if no_from || no_to {
        let message = tr!(
            "hours are missing: fill in From and To, or Half-day",
            "les heures manquent : remplissez De et À, ou Demi-journée"
        );
        row.fault(if no_from { "from" } else { "to" }, message, log);
        return None;
    }
    row.clock("from", log).zip(row.clock("to", log))
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
