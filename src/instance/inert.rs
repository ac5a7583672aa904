//! What an instance says without effect: a date outside the calendar, an hour when nobody hears, a person named twice,
//! a calendar's date that is a holiday. Each is allowed, and each is most likely a mistake of the hand.
//!
//! One sentence stands for everything of which it is true, with the paths of all.

use std::collections::BTreeMap;

use chrono::Datelike;

use super::holidays::{OWN_DAYS, Territory, holiday, own_days, weekend};
use super::hopeless::Warning;
use super::time::day;
use super::*;
use crate::tr;

/// Everything of the kind.
pub fn remarks(instance: &Instance) -> Vec<Warning> {
    let mut all = Remarks { instance, said: Vec::new() };
    all.calendar();
    all.shut_dates();
    all.centres();
    all.examiners();
    all.candidates();
    all.namesakes();
    all.decisions();
    all.given_sessions();
    all.said.into_iter().map(Said::warning).collect()
}

/// What may be without effect; the texts name one of several.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What<'a> {
    Opening,
    Closure,
    Meeting,
    Availability,
    Absence,
    ExamDate(&'a str),
}

impl What<'_> {
    fn named(self) -> String {
        match self {
            What::Opening => tr!("this opening", "cette ouverture"),
            What::Closure => tr!("this closure of a room", "cette indisponibilité de salle"),
            What::Meeting => tr!("this meeting", "cette réunion"),
            What::Availability => tr!("this availability", "cette disponibilité"),
            What::Absence => tr!("this absence", "cette absence"),
            What::ExamDate(exam) => tr!("this date of {exam}", "cette date de {exam}"),
        }
    }
    fn rule(self) -> &'static str {
        match self {
            What::Opening => "centre-open",
            What::Closure => "room-fit",
            What::Meeting => "examiner-event",
            What::Availability => "examiner-available",
            What::Absence => "candidate-available",
            What::ExamDate(_) => "grid",
        }
    }
}

/// Why something is without effect.
#[derive(Clone, PartialEq, Eq)]
enum Why {
    /// Its date is not in the calendar; that date most likely is meant.
    Outside(Option<NaiveDate>),
    /// No centre that matters is open then.
    Shut,
    /// Nobody hears at those hours.
    Hours,
    /// So many minutes at most are left of it, less than the shortest oral that it could serve.
    Short(Minutes, Minutes),
}

/// A sentence in the making: of what, and at which paths and dates.
struct Said<'a> {
    about: Option<(What<'a>, Why)>,
    rule: &'static str,
    message: String,
    paths: Vec<String>,
    dates: Vec<NaiveDate>,
}

impl Said<'_> {
    fn warning(mut self) -> Warning {
        self.dates.sort();
        self.dates.dedup();
        let shown: Vec<String> = self.dates.iter().take(4).map(|d| day(*d)).collect();
        let more = if self.dates.len() > 4 { ", …" } else { "" };
        let dates = shown.join(", ") + more;
        let message = match self.about {
            None => self.message,
            Some((what, why)) => {
                let what = what.named();
                match why {
                    Why::Outside(None) => tr!(
                        "outside the calendar ({dates}): {what} changes nothing",
                        "hors du calendrier ({dates}) : {what} ne change rien"
                    ),
                    Why::Outside(Some(meant)) => {
                        let meant = day(meant);
                        tr!(
                            "outside the calendar ({dates}): {what} changes nothing; is {meant} meant?",
                            "hors du calendrier ({dates}) : {what} ne change rien ; faut-il lire {meant} ?"
                        )
                    }
                    Why::Shut => tr!(
                        "no centre that matters is open then ({dates}): {what} changes nothing",
                        "aucun centre concerné n'est ouvert alors ({dates}) : {what} ne change rien"
                    ),
                    Why::Hours => tr!(
                        "nothing is heard at those hours ({dates}): {what} changes nothing",
                        "rien n'est entendu à ces heures ({dates}) : {what} ne change rien"
                    ),
                    Why::Short(left, shortest) => tr!(
                        "{left} min at most can be used, and the shortest oral lasts {shortest} min ({dates}): {what} changes nothing",
                        "{left} min au plus peuvent servir, et l'oral le plus court dure {shortest} min ({dates}) : {what} ne change rien"
                    ),
                }
            }
        };
        let path = self.paths.remove(0);
        Warning { path, oral: None, rule: self.rule, message, also: self.paths }
    }
}

pub(super) struct Remarks<'a> {
    pub(super) instance: &'a Instance,
    said: Vec<Said<'a>>,
}

impl<'a> Remarks<'a> {
    /// A sentence of its own.
    pub(super) fn say(&mut self, rule: &'static str, paths: Vec<String>, message: String) {
        if !paths.is_empty() {
            self.said.push(Said { about: None, rule, message, paths, dates: Vec::new() });
        }
    }

    /// Something of which the same may be true elsewhere.
    fn inert(&mut self, what: What<'a>, why: Why, path: String, date: NaiveDate) {
        let about = Some((what, why));
        match self.said.iter_mut().find(|s| s.about == about) {
            Some(same) => {
                same.paths.push(path);
                same.dates.push(date);
            }
            None => {
                let (rule, message) = (what.rule(), String::new());
                self.said.push(Said { about, rule, message, paths: vec![path], dates: vec![date] });
            }
        }
    }

    /// Says a date outside the calendar; whether it is one.
    fn outside(&mut self, what: What<'a>, path: &str, date: NaiveDate) -> bool {
        if self.instance.date(date).is_some() {
            return false;
        }
        let why = Why::Outside(meant(date, self.instance.dates.iter()));
        self.inert(what, why, format!("{path}.date"), date);
        true
    }

    fn calendar(&mut self) {
        let raw = &self.instance.raw.calendar;
        let (own, unread) = own_days(&self.instance.raw.info);
        for item in unread {
            let message = tr!(
                "\"{item}\" does not begin with a date; write 2024-05-10 bridge, 2024-05-11",
                "« {item} » ne commence pas par une date ; écrivez 10/05/2024 pont, 11/05/2024"
            );
            self.say("grid", vec![format!("info.{OWN_DAYS}")], message);
        }
        for (i, &date) in raw.dates.iter().enumerate() {
            if let Some(what) = self.shut_by_law(date, &own) {
                let on = day(date);
                let message = tr!(
                    "{on} is {what}; orals are planned on it all the same",
                    "le {on} est {what} ; des oraux y sont prévus tout de même"
                );
                self.say("grid", vec![format!("calendar.dates[{i}]")], message);
            }
        }
        let years: BTreeSet<i32> = self.instance.dates.iter().map(|d| d.year()).collect();
        for (i, paper) in raw.papers.iter().enumerate() {
            let (id, on, path) = (&paper.id, day(paper.date), format!("calendar.papers[{i}].date"));
            if let Some(what) = weekend(paper.date).or_else(|| holiday(paper.date).map(public)) {
                let message = tr!("the paper {id}: {on} is {what}", "l'écrit {id} : le {on} est {what}");
                self.say("paper-clash", vec![path], message);
            } else if !years.is_empty() && !years.contains(&paper.date.year()) {
                let message = tr!(
                    "the paper {id} is on {on}, in another year than the orals: it keeps no oral away",
                    "l'écrit {id} est le {on}, une autre année que les oraux : il n'en écarte aucun"
                );
                self.say("paper-clash", vec![path], message);
            }
        }
        for (i, event) in raw.events.iter().enumerate() {
            let path = format!("calendar.events[{i}]");
            // Before the orals begin, meetings are as usual as papers.
            let before = self.instance.dates.iter().next().is_some_and(|first| event.date < *first);
            let usual = before && years.contains(&event.date.year());
            if usual && meant(event.date, self.instance.dates.iter()).is_none() {
                continue;
            }
            if self.outside(What::Meeting, &path, event.date) {
                continue;
            }
            let concerned = &self.instance.events[i];
            if !self.instance.examiners.enumerate().any(|(x, examiner)| concerned.concerns(x, examiner)) {
                let id = &event.id;
                let message = tr!("the meeting {id} concerns nobody", "la réunion {id} ne concerne personne");
                self.say("examiner-event", vec![format!("{path}.concerns")], message);
            }
        }
        for (exam, dates) in &raw.exam_dates {
            let path = format!("calendar.exam_dates.{exam}");
            let Some((e, _)) = self.instance.regulation.exams.enumerate().find(|(_, e)| e.id == *exam) else {
                continue;
            };
            for &date in dates {
                if !self.outside(What::ExamDate(exam), &path, date) && !self.any_open(date, |c| self.hears(c, e)) {
                    self.inert(What::ExamDate(exam), Why::Shut, path.clone(), date);
                }
            }
        }
    }

    /// What a date of the calendar is, if it is no ordinary day of school.
    fn shut_by_law(&self, date: NaiveDate, own: &[(NaiveDate, String)]) -> Option<String> {
        if let Some(day) = weekend(date) {
            return Some(day);
        }
        if let Some((_, name)) = own.iter().find(|(d, _)| *d == date) {
            let named = if name.is_empty() { String::new() } else { format!(" ({name})") };
            return Some(tr!("one of the academy's own holidays{named}", "un jour férié propre à l'académie{named}"));
        }
        if let Some(name) = holiday(date) {
            return Some(public(name));
        }
        let here = text_of(&self.instance.raw.info, &["académie", "academie"]);
        let mut open = self.instance.centres.iter().filter(|c| c.open.contains_key(&date));
        open.find_map(|c| {
            let territory = Territory::of(&c.id, text_of(&c.info, &["académie", "academie"]).or(here))?;
            let (name, place, id) = (territory.holiday(date)?, territory.place(), &c.id);
            Some(tr!(
                "a public holiday {place} ({name}), where the centre {id} is open",
                "férié {place} ({name}), où le centre {id} est ouvert"
            ))
        })
    }

    fn any_open(&self, date: NaiveDate, matters: impl Fn(CentreIx) -> bool) -> bool {
        self.instance.centres.enumerate().any(|(c, centre)| matters(c) && centre.open.contains_key(&date))
    }

    fn hears(&self, c: CentreIx, exam: ExamIx) -> bool {
        self.instance.centres[c].exams.as_ref().is_none_or(|only| only.contains(&exam))
    }

    /// Dates of the calendar on which every centre is shut; what is said of them elsewhere follows from that.
    fn shut_dates(&mut self) {
        for (i, &date) in self.instance.raw.calendar.dates.iter().enumerate() {
            if !self.any_open(date, |_| true) {
                let on = day(date);
                let message = tr!(
                    "no centre is open on {on}: nothing is heard then, whoever is available",
                    "aucun centre n'est ouvert le {on} : rien n'y est entendu, qui que ce soit de disponible"
                );
                self.say("centre-open", vec![format!("calendar.dates[{i}]")], message);
            }
        }
    }

    fn centres(&mut self) {
        let instance = self.instance;
        let shortest = instance.due().map(|o| instance.orals[o].duration).min().unwrap_or(0);
        let used: BTreeSet<CentreIx> = instance.candidates.iter().flat_map(|c| c.centres.iter().copied()).collect();
        for (i, centre) in instance.centres.enumerate() {
            let (path, id, raw) = (format!("centres[{}]", i.ix()), &centre.id, &instance.raw.centres[i.ix()]);
            if !instance.candidates.is_empty() && !used.contains(&i) {
                let message = tr!(
                    "no candidate may come to the centre {id}: no group with candidates has it",
                    "aucun candidat ne peut venir au centre {id} : aucun groupe qui a des candidats ne l'a"
                );
                self.say("centre-allowed", vec![path.clone()], message);
            }
            if centre.rooms.is_empty() {
                let message =
                    tr!("the centre {id} has no exam room", "le centre {id} n'a pas de salle d'interrogation");
                self.say("room-fit", vec![path.clone()], message);
            }
            if !instance.dates.iter().any(|d| centre.open.contains_key(d)) {
                let message = tr!(
                    "the centre {id} is open on no date of the calendar",
                    "le centre {id} n'est ouvert à aucune date du calendrier"
                );
                self.say("centre-open", vec![path.clone()], message);
            }
            for (j, span) in raw.open.iter().enumerate() {
                let at = format!("{path}.open[{j}]");
                if self.outside(What::Opening, &at, span.date) {
                    continue;
                }
                let open = Interval::new(span.from.0, span.to.0);
                match instance.half_days.iter().map(|h| common(&[open, *h])).max().unwrap_or(0) {
                    left if left <= 0 => self.inert(What::Opening, Why::Hours, at, span.date),
                    left if left < shortest => self.inert(What::Opening, Why::Short(left, shortest), at, span.date),
                    _ => {}
                }
            }
            for (j, room) in raw.exam_rooms.iter().enumerate() {
                self.closures(i, &format!("{path}.exam_rooms[{j}]"), &room.unavailable);
            }
            for (j, room) in raw.preparation_rooms.iter().enumerate() {
                let at = format!("{path}.preparation_rooms[{j}]");
                self.closures(i, &at, &room.unavailable);
                if room.seats == 0 {
                    let room = &room.id;
                    let message = tr!(
                        "the preparation room {room} of the centre {id} has no seat: nobody prepares there",
                        "la salle de préparation {room} du centre {id} n'a aucune place : personne n'y prépare"
                    );
                    self.say("preparation-seats", vec![format!("{at}.seats")], message);
                }
            }
        }
    }

    /// When a room cannot be used, at a time when its centre is shut.
    fn closures(&mut self, c: CentreIx, room: &str, spans: &[RawSpan]) {
        for (j, span) in spans.iter().enumerate() {
            let at = format!("{room}.unavailable[{j}]");
            self.absent(What::Closure, at, span, &BTreeSet::from([c]));
        }
    }

    /// A stretch in which somebody or something cannot be had, at a time when none of these centres is open.
    fn absent(&mut self, what: What<'a>, at: String, span: &RawSpan, centres: &BTreeSet<CentreIx>) {
        if self.outside(what, &at, span.date) || !self.any_open(span.date, |_| true) {
            return;
        }
        let away = Interval::new(span.from.0, span.to.0);
        let mut open = centres.iter().filter_map(|&c| self.instance.centres[c].open.get(&span.date)).peekable();
        if open.peek().is_none() {
            self.inert(what, Why::Shut, at, span.date);
        } else if !open.any(|o| o.meets(away)) {
            self.inert(what, Why::Hours, at, span.date);
        }
    }

    fn examiners(&mut self) {
        let instance = self.instance;
        let everywhere: BTreeSet<CentreIx> = instance.centres.indices().collect();
        // The shortest due oral of each kind of commission and language.
        let mut kinds: BTreeMap<(CommissionIx, Option<&str>), Minutes> = BTreeMap::new();
        for o in instance.due() {
            let (oral, kind) = (&instance.orals[o], instance.exam_of(o).commission);
            let shortest = kinds.entry((kind, oral.language.as_deref())).or_insert(oral.duration);
            *shortest = oral.duration.min(*shortest);
        }
        let seats = || instance.regulation.commissions.iter().flat_map(|k| &k.seats);
        let asked = |q: &String| {
            let mut named = seats().flat_map(|s| s.any_of.iter().flatten().chain(&s.prefers));
            named.any(|a| crate::regulation::may_mean(a, q))
        };
        let (mut never, mut needless, mut barred) = (Vec::new(), Vec::new(), Vec::new());
        for (x, examiner) in instance.examiners.enumerate() {
            let path = format!("examiners[{}]", x.ix());
            let able = kinds.iter().filter(|((k, language), _)| {
                let mut seats = instance.regulation.commissions[*k].seats.iter();
                seats.any(|s| s.accepts(&examiner.qualifications, *language))
            });
            let shortest = able.map(|(_, shortest)| *shortest).min();
            if examiner.available.is_empty() {
                never.push(x);
            }
            // A qualification that no seat knows is said by its own warning.
            if shortest.is_none() && !kinds.is_empty() && examiner.qualifications.iter().all(asked) {
                needless.push(x);
            }
            if examiner.max_days == Some(0) {
                barred.push(x);
            }
            let centres = examiner.centres.as_ref().filter(|own| !own.is_empty()).unwrap_or(&everywhere);
            for (j, free) in examiner.available.iter().enumerate() {
                let at = format!("{path}.available[{j}]");
                if self.outside(What::Availability, &at, free.date) || !self.any_open(free.date, |_| true) {
                    continue;
                }
                let open: Vec<Interval> =
                    centres.iter().filter_map(|&c| instance.centres[c].open.get(&free.date).copied()).collect();
                let heard = Interval::new(free.time.from + instance.policy.briefing as Minutes, free.time.to);
                let pairs = open.iter().flat_map(|o| instance.half_days.iter().map(move |h| common(&[heard, *o, *h])));
                let why = match (pairs.max(), shortest) {
                    (None, _) if open.is_empty() => Why::Shut,
                    (None, _) => Why::Hours,
                    (Some(left), _) if left <= 0 => Why::Hours,
                    (Some(left), Some(shortest)) if left < shortest => Why::Short(left, shortest),
                    _ => continue,
                };
                self.inert(What::Availability, why, at, free.date);
            }
            self.touching(&path, &instance.raw.examiners[x.ix()].available);
        }
        self.listed("examiner-available", "available", never, |ids| {
            tr!(
                "without any availability, so never convened: {ids}",
                "sans aucune disponibilité, donc jamais convoqués : {ids}"
            )
        });
        self.listed("seats", "qualifications", needless, |ids| {
            tr!(
                "no due oral has a seat for what these examiners are qualified for: {ids}",
                "aucun oral dû n'a de siège pour les compétences de ces interrogateurs : {ids}"
            )
        });
        self.listed("examiner-days", "max_days", barred, |ids| {
            tr!("no day allowed, so never convened: {ids}", "aucun jour permis, donc jamais convoqués : {ids}")
        });
    }

    /// One sentence about several examiners.
    fn listed(&mut self, rule: &'static str, field: &str, who: Vec<ExaminerIx>, message: impl Fn(String) -> String) {
        let ids = abridged(who.iter().map(|&x| self.instance.examiners[x].id.as_str()));
        let paths = who.iter().map(|x| format!("examiners[{}].{field}", x.ix())).collect();
        self.say(rule, paths, message(ids));
    }

    /// Availabilities that touch or overlap: no session may go from one to the other.
    fn touching(&mut self, path: &str, spans: &[RawSpan]) {
        for (j, b) in spans.iter().enumerate() {
            let meets = |a: &&RawSpan| a.date == b.date && a.from <= b.to && b.from <= a.to;
            if let Some(a) = spans[..j].iter().find(meets) {
                let (on, first, second) = (day(b.date), format!("{}–{}", a.from, a.to), format!("{}–{}", b.from, b.to));
                let message = tr!(
                    "{first} and {second} on {on} are two availabilities: no session goes from one to the other; write one if they are one",
                    "{first} et {second} le {on} sont deux disponibilités : aucune vacation ne passe de l'une à l'autre ; n'en écrivez qu'une si c'en est une seule"
                );
                self.say("examiner-available", vec![format!("{path}.available[{j}]")], message);
            }
        }
    }

    fn candidates(&mut self) {
        let instance = self.instance;
        let due: BTreeSet<CandidateIx> = instance.due().map(|o| instance.orals[o].candidate).collect();
        let mut idle = Vec::new();
        for (c, candidate) in instance.candidates.enumerate() {
            let path = format!("candidates[{}]", c.ix());
            if !due.contains(&c) {
                idle.push(c);
            }
            for (j, span) in instance.raw.candidates[c.ix()].unavailable.iter().enumerate() {
                self.absent(What::Absence, format!("{path}.unavailable[{j}]"), span, &candidate.centres);
            }
        }
        let n = idle.len();
        let ids = abridged(idle.iter().map(|&c| instance.candidates[c].id.as_str()));
        let message = tr!("candidates without a due oral ({n}): {ids}", "candidats sans oral dû ({n}) : {ids}");
        self.say("oral-once", idle.iter().map(|c| format!("candidates[{}].orals", c.ix())).collect(), message);
    }

    /// Pins and waivers that decide nothing.
    fn decisions(&mut self) {
        let instance = self.instance;
        for (i, pin) in instance.raw.pins.iter().enumerate() {
            let (c, e) = (&pin.candidate, &pin.exam);
            let exam = instance.regulation.exams.enumerate().find(|(_, exam)| exam.id == *e).map(|(i, _)| i);
            let oral = instance.candidate(c).zip(exam).and_then(|(c, exam)| instance.oral(c, exam));
            let empty = pin.date.is_none() && pin.start.is_none() && pin.centre.is_none();
            if oral.is_some_and(|o| instance.orals[o].status != Status::Due) {
                let message = tr!(
                    "{c} has no due oral of {e}: this decision changes nothing",
                    "{c} n'a pas d'oral dû de {e} : cette décision ne change rien"
                );
                self.say("pin", vec![format!("pins[{i}]")], message);
            } else if empty && pin.room.is_none() && pin.examiner.is_none() {
                let message = tr!(
                    "the decision about {c} {e} names neither date, hour, centre, room nor examiner",
                    "la décision sur {c} {e} ne donne ni date, ni heure, ni centre, ni salle, ni interrogateur"
                );
                self.say("pin", vec![format!("pins[{i}]")], message);
            }
        }
        for (i, waiver) in instance.raw.waivers.iter().enumerate() {
            let (c, x) = (&waiver.candidate, &waiver.examiner);
            let pair = instance.candidate(c).zip(instance.examiner(x));
            if pair.is_some_and(|(c, x)| !instance.related(c, x)) {
                let message = tr!(
                    "{x} neither teaches in the school of {c} nor is excluded: this waiver changes nothing",
                    "{x} n'enseigne pas dans l'établissement de {c} et n'en est pas exclu : cette dérogation ne change rien"
                );
                self.say("impartial", vec![format!("waivers[{i}]")], message);
            }
        }
    }
}

/// A public holiday, in words.
fn public(name: String) -> String {
    tr!("a public holiday ({name})", "férié ({name})")
}

/// The date of the calendar that is most likely meant: the same day and month in its year, or day and month exchanged.
pub fn meant<'a>(date: NaiveDate, calendar: impl Iterator<Item = &'a NaiveDate> + Clone) -> Option<NaiveDate> {
    let same = |d: &&NaiveDate| (d.month(), d.day()) == (date.month(), date.day());
    let exchanged = |d: &&NaiveDate| (d.day(), d.month()) == (date.month(), date.day());
    let both = |d: &&NaiveDate| exchanged(d) && d.year() == date.year();
    calendar.clone().find(same).or(calendar.clone().find(both)).or(calendar.clone().find(exchanged)).copied()
}

/// Minutes that all have in common; negative where they have none.
fn common(all: &[Interval]) -> Minutes {
    let from = all.iter().map(|i| i.from).max().unwrap_or(0);
    all.iter().map(|i| i.to).min().unwrap_or(0) - from
}

/// A text of `info` under one of these keys, whatever their case.
pub(super) fn text_of<'a>(info: &'a Info, keys: &[&str]) -> Option<&'a str> {
    let named = info.iter().find(|(key, _)| keys.contains(&key.to_lowercase().as_str()));
    named.map(|(_, text)| text.trim()).filter(|text| !text.is_empty())
}

/// The first five of a list.
fn abridged<'a>(ids: impl Iterator<Item = &'a str> + Clone) -> String {
    let shown = ids.clone().take(5).collect::<Vec<_>>().join(", ");
    if ids.count() > 5 { shown + ", …" } else { shown }
}
