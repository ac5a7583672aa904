//! Sentences of the checker, of answers and of the search as a clerk reads them: people, centres and sessions by their
//! names, hours and dates in words. The engine's own sentences have ids, so that they can be looked up in files.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::plan::{commission_label, seat_label};
use super::{Call, Desk, Planned};
use crate::instance::{Clock, Instance, Minutes};
use crate::lang::{Lang, current};
use crate::report::FRENCH;
use crate::rules::RULES;
use crate::schedule::{Schedule, Session};
use crate::serve::problem::{Answer, Reply};
use crate::tr;

/// `8 h 30`, `9 h`; `08:30` in English.
pub(super) fn hour(at: Minutes) -> String {
    let (hours, minutes) = (at.div_euclid(60), at.rem_euclid(60));
    match (current(), minutes) {
        (Lang::En, _) => Clock(at).to_string(),
        (Lang::Fr, 0) => format!("{hours}\u{a0}h"),
        (Lang::Fr, _) => format!("{hours}\u{a0}h\u{a0}{minutes:02}"),
    }
}

/// `3 juin 2026`.
fn day(date: NaiveDate) -> String {
    match current() {
        // Without the day of the week at its head.
        Lang::Fr => {
            let text = format!("{} {}", FRENCH.short_date(date), date.format("%Y"));
            text.split_once(' ').map_or_else(|| text.clone(), |(_, rest)| rest.to_string())
        }
        Lang::En => date.format("%-d %B %Y").to_string(),
    }
}

/// What equipment is called.
pub(super) fn equipment(id: &str) -> String {
    match id {
        "phone" => tr!("phone", "téléphone"),
        _ => id.to_string(),
    }
}

/// What a session is called where nothing else says which one it is.
fn session(instance: &Instance, session: &Session) -> String {
    let (label, room) = (commission_label(instance, &session.commission), &session.room);
    match session.sittings.iter().map(|s| s.start).min() {
        Some(first) => {
            let first = hour(first.0);
            tr!("\"{label}\" of {first} (room {room})", "«\u{a0}{label}\u{a0}» de {first} (salle {room})")
        }
        None => tr!("\"{label}\" (room {room})", "«\u{a0}{label}\u{a0}» (salle {room})"),
    }
}

/// The names of what has one.
pub(super) struct Names<'p> {
    instance: &'p Instance,
    sessions: HashMap<&'p str, &'p Session>,
}

impl<'p> Names<'p> {
    pub(super) fn of(planned: &'p Planned) -> Names<'p> {
        Names::new(planned.instance, planned.schedule.as_deref())
    }

    pub(super) fn new(instance: &'p Instance, schedule: Option<&'p Schedule>) -> Names<'p> {
        let sessions = schedule.into_iter().flat_map(|s| &s.sessions).map(|s| (s.id.as_str(), s)).collect();
        Names { instance, sessions }
    }

    /// A sentence with names for ids, with hours and dates in words, and without the names of rules.
    pub(super) fn sentence(&self, text: &str) -> String {
        let text = without_rules(text);
        let text = if current() == Lang::Fr { typography(&text) } else { text };
        let mut out = String::with_capacity(text.len() + 40);
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let of_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ':');
            let end = rest.find(|c| !of_word(c)).unwrap_or(rest.len());
            let word = rest[..end].trim_end_matches([':', '-']);
            match self.part_of_commission(word, &out).or_else(|| self.word(word)) {
                Some(name) => {
                    out.push_str(&name);
                    rest = &rest[word.len()..];
                    // A room behind its centre: `0149715J/B101`.
                    if let Some(room) = rest.strip_prefix('/').filter(|_| self.instance.centre(word).is_some()) {
                        out.push_str(&tr!(", room ", ", salle "));
                        rest = room;
                    }
                }
                None => {
                    let end = end + rest[end..].chars().next().map_or(0, char::len_utf8);
                    out.push_str(&rest[..end]);
                    rest = &rest[end..];
                }
            }
        }
        if current() == Lang::Fr {
            // « à », « de » and a centre's name.
            for noun in ["Lycée", "Collège", "CFA"] {
                out = out.replace(&format!(" à {noun} "), &format!(" au {noun} "));
                out = out.replace(&format!(" de {noun} "), &format!(" du {noun} "));
            }
        }
        out
    }

    /// A seat behind the word for it, a commission behind the word for it: both may be words of other meaning elsewhere.
    fn part_of_commission(&self, word: &str, before: &str) -> Option<String> {
        let commissions = &self.instance.regulation.commissions;
        let after = |words: &[&str]| before.rsplit([' ', '\u{a0}']).nth(1).is_some_and(|last| words.contains(&last));
        if after(&["seat", "siège"]) && commissions.iter().flat_map(|c| &c.seats).any(|s| s.id == word) {
            let label = seat_label(self.instance, word);
            return Some(tr!("\"{label}\"", "«\u{a0}{label}\u{a0}»"));
        }
        let known = after(&["commission", "of", "de"]) && commissions.iter().any(|c| c.id == word);
        known.then(|| {
            let label = commission_label(self.instance, word);
            tr!("\"{label}\"", "«\u{a0}{label}\u{a0}»")
        })
    }

    fn word(&self, word: &str) -> Option<String> {
        if let Some(at) = Clock::parse(word) {
            return Some(hour(at.0));
        }
        if let Some((from, to)) = word.split_once('-').and_then(|(a, b)| Clock::parse(a).zip(Clock::parse(b))) {
            return Some(format!("{} – {}", hour(from.0), hour(to.0)));
        }
        if let Ok(date) = word.parse::<NaiveDate>() {
            return Some(day(date));
        }
        if word == "phone" {
            return Some(equipment(word));
        }
        let digits = word.chars().filter(char::is_ascii_digit).count();
        // A bare number may be one; no sentence has so long a one without blanks.
        let is_id = if digits == word.len() { digits > 4 } else { digits > 0 };
        is_id.then(|| self.name(word)).flatten()
    }

    /// The name of a candidate, an examiner, a centre or a session.
    pub(super) fn name(&self, id: &str) -> Option<String> {
        let instance = self.instance;
        let candidate = || instance.candidate(id).map(|c| instance.candidates[c].name.clone());
        let examiner = || instance.examiner(id).map(|x| instance.examiners[x].name.clone());
        let centre = || instance.centre(id).map(|z| instance.centres[z].name.clone());
        candidate().or_else(examiner).or_else(centre).or_else(|| self.session(id)).filter(|name| !name.is_empty())
    }

    /// What a session is called; none, if no session has that id.
    pub(super) fn session(&self, id: &str) -> Option<String> {
        self.sessions.get(id).map(|s| session(self.instance, s))
    }

    /// The same of every sentence of a refusal, and of whom it names.
    pub(super) fn refusal(&self, said: &mut Value) {
        self.text(&mut said["text"]);
        for rule in said["rules"].as_array_mut().into_iter().flatten() {
            self.text(&mut rule["message"]);
        }
        for who in said["who"].as_array_mut().into_iter().flatten() {
            let id = who["id"].as_str().unwrap_or_default().to_string();
            match who["kind"].as_str() {
                Some("session") => {
                    who["name"] = json!(self.session(&id).unwrap_or_else(|| tr!("a session", "une vacation")))
                }
                Some("room") => who["name"] = json!(tr!("room {id}", "salle {id}")),
                Some("preparation_room") => {
                    who["name"] = json!(tr!("preparation room {id}", "salle de préparation {id}"));
                }
                _ => {}
            }
        }
    }

    fn text(&self, text: &mut Value) {
        if let Some(own) = text.as_str() {
            *text = json!(self.sentence(own));
        }
    }
}

/// A sentence without the names of the rules that it ends its parts with: `(examiner-available, examiner-event)`.
fn without_rules(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(" (") {
        let end = rest[at..].find(')').map(|end| at + end);
        let named = |inside: &str| inside.split(", ").all(|name| RULES.iter().any(|r| r.name == name));
        match end.filter(|&end| named(&rest[at + 2..end])) {
            Some(end) => {
                out.push_str(&rest[..at]);
                rest = &rest[end + 1..];
            }
            None => {
                out.push_str(&rest[..at + 2]);
                rest = &rest[at + 2..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// As French prints it: signs that no line begins with, and round apostrophes.
fn typography(text: &str) -> String {
    let mut out = text.replace('\'', "’").replace("« ", "«\u{a0}");
    for sign in [":", ";", "?", "!", "»", "%"] {
        out = out.replace(&format!(" {sign}"), &format!("\u{a0}{sign}"));
    }
    out
}

/// `POST /api/why`
pub(crate) fn why(desk: &mut Desk, call: &Call) -> Answer {
    let reply = super::places::why(desk, call)?;
    let Ok(mut said) = serde_json::from_slice::<Value>(&reply.body) else { return Ok(reply) };
    Names::of(desk.planned()?).refusal(&mut said);
    Ok(Reply::json(&said))
}
