//! Pins that no schedule can obey, each by its name: those that break a rule alone, and those that break one together. Whatever
//! is said here is sound: it follows from the instance at once, without a search.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::NaiveDate;

use super::hopeless::{Pinned, Warning, pinned};
use super::time::round_up;
use super::*;
use crate::tr;

/// Pins that no schedule can obey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// The JSON path of the first of them: `pins[3]`.
    pub path: String,
    /// The oral that is pinned so, or the first of several.
    pub oral: OralIx,
    /// The hard rule that they break.
    pub rule: &'static str,
    /// Which orals, and why, in one sentence.
    pub message: String,
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} [{}]", self.path, self.message, self.rule)
    }
}

/// Every contradiction: oral by oral, one at most for each, then between orals. In a `replan` people in reserve may sit.
/// `hopeless` are the instance's warnings of orals that nobody can hear: the reason of those that are pinned.
pub fn contradictions(instance: &Instance, hopeless: &[Warning], replan: bool) -> Vec<Contradiction> {
    let mut found = Vec::new();
    let mut lost = BTreeSet::new();
    for &o in instance.pins.keys().filter(|&&o| instance.orals[o].status == Status::Due) {
        let own = Alone { instance, o, replan }.reason();
        let general = || hopeless.iter().find(|w| w.oral == Some(o)).map(|w| (w.rule, w.message.clone()));
        if let Some((rule, why)) = own.or_else(general) {
            let name = instance.oral_name(o);
            let message = tr!("{name}: {why}", "{name} : {why}");
            found.push(Contradiction { path: path(instance, o), oral: o, rule, message });
            lost.insert(o);
        }
    }
    found.extend(together(instance).into_iter().filter(|c| !lost.contains(&c.oral)));
    found
}

/// The JSON path of an oral's first pin.
fn path(instance: &Instance, o: OralIx) -> String {
    let (candidate, exam) = (&instance.candidates[instance.orals[o].candidate].id, &instance.exam_of(o).id);
    let own = instance.raw.pins.iter().position(|p| p.candidate == *candidate && p.exam == *exam);
    format!("pins[{}]", own.unwrap_or(0))
}

type Reason = (&'static str, String);

/// A field of a pin as text.
type Text<'a> = &'a dyn Fn(&Pin) -> Option<String>;

/// What the pins of one oral break by themselves.
struct Alone<'a> {
    instance: &'a Instance,
    o: OralIx,
    replan: bool,
}

impl Alone<'_> {
    fn reason(&self) -> Option<Reason> {
        let Ok(all) = pinned(self.instance, self.o) else { return Some(self.twice()) };
        self.time(&all)
            .or_else(|| self.centre(&all))
            .or_else(|| self.room(&all))
            .or_else(|| all.examiners.iter().find_map(|&x| self.examiner(x, &all)))
            .or_else(|| self.seats(&all))
            .or_else(|| self.candidate(&all))
    }

    /// Two values of one field.
    fn twice(&self) -> Reason {
        let pins = &self.instance.pins[&self.o];
        let fields: [Text; 4] = [
            &|p| p.date.map(|d| d.to_string()),
            &|p| p.start.map(|s| Clock(s).to_string()),
            &|p| p.centre.map(|z| self.instance.centres[z].id.clone()),
            &|p| p.room.clone(),
        ];
        let differ = fields.iter().find_map(|field| {
            let all: BTreeSet<String> = pins.iter().filter_map(field).collect();
            (all.len() > 1).then(|| all.into_iter().collect::<Vec<_>>().join(", "))
        });
        let values = differ.unwrap_or_default();
        ("pin", tr!("its pins contradict each other: {values}", "ses décisions fixées se contredisent : {values}"))
    }

    fn time(&self, all: &Pinned) -> Option<Reason> {
        let (instance, oral) = (self.instance, &self.instance.orals[self.o]);
        if let Some(date) = all.date {
            if instance.date(date).is_none() {
                return Some((
                    "grid",
                    tr!("{date} is not a date of the calendar", "{date} n'est pas une date du calendrier"),
                ));
            }
            if instance.exam_dates[oral.exam].as_ref().is_some_and(|only| !only.contains(&date)) {
                let exam = &instance.exam_of(self.o).id;
                return Some(("grid", tr!("{exam} is not heard on {date}", "{exam} n'a pas lieu le {date}")));
            }
        }
        let start = all.start?;
        let clock = Clock(start);
        if start % instance.step != 0 {
            let step = instance.step;
            return Some((
                "grid",
                tr!(
                    "{clock} is not on the grid of {step} minutes",
                    "{clock} n'est pas sur la grille de {step} minutes"
                ),
            ));
        }
        let time = Interval::new(start, start + oral.duration);
        if !instance.half_days.iter().any(|h| h.contains(time)) {
            let to = Clock(time.to);
            return Some((
                "half-day",
                tr!("{clock} to {to} lies in no half-day", "de {clock} à {to} : dans aucune demi-journée"),
            ));
        }
        None
    }

    fn centre(&self, all: &Pinned) -> Option<Reason> {
        let (instance, oral) = (self.instance, &self.instance.orals[self.o]);
        let z = all.centre?;
        let (id, centre) = (&instance.centres[z].id, &instance.centres[z]);
        let candidate = &instance.candidates[oral.candidate];
        if !candidate.centres.contains(&z) {
            let group = &candidate.group;
            return Some((
                "centre-allowed",
                tr!("centre {id} is not one of the group {group}", "le centre {id} n'est pas du regroupement {group}"),
            ));
        }
        if centre.exams.as_ref().is_some_and(|only| !only.contains(&oral.exam)) {
            return Some((
                "centre-allowed",
                tr!("centre {id} does not hear this exam", "le centre {id} n'organise pas cette épreuve"),
            ));
        }
        let date = all.date?;
        let Some(open) = centre.open.get(&date) else {
            return Some(("centre-open", tr!("centre {id} is closed on {date}", "le centre {id} est fermé le {date}")));
        };
        let start = all.start?;
        let block = Interval::new(start - oral.preparation, start + oral.duration);
        if !open.contains(block) {
            let (from, to) = (Clock(open.from), Clock(open.to));
            let (first, last) = (Clock(block.from), Clock(block.to));
            return Some((
                "centre-open",
                tr!(
                    "on {date} centre {id} is open from {from} to {to}, not from {first} to {last}",
                    "le {date}, le centre {id} est ouvert de {from} à {to}, non de {first} à {last}"
                ),
            ));
        }
        None
    }

    fn room(&self, all: &Pinned) -> Option<Reason> {
        let (instance, oral) = (self.instance, &self.instance.orals[self.o]);
        let candidate = &instance.candidates[oral.candidate];
        let id = all.room?;
        let at = |r: &Room| all.centre.map_or_else(|| candidate.centres.contains(&r.centre), |z| r.centre == z);
        let rooms: Vec<&Room> = instance.rooms.iter().filter(|r| r.id == id && at(r)).collect();
        if rooms.is_empty() {
            return Some((
                "centre-allowed",
                tr!("no allowed centre has a room {id}", "aucun centre permis n'a de salle {id}"),
            ));
        }
        let needed = &instance.exam_of(self.o).equipment;
        if !rooms.iter().any(|r| needed.iter().all(|e| r.equipment.contains(e))) {
            let list = needed.join(", ");
            return Some(("room-fit", tr!("room {id} has no {list}", "la salle {id} n'a pas : {list}")));
        }
        if candidate.needs_accessible && !rooms.iter().any(|r| r.accessible) {
            return Some(("room-fit", tr!("room {id} is not accessible", "la salle {id} n'est pas accessible")));
        }
        let date = all.date?;
        let starts: Vec<Minutes> = match all.start {
            Some(start) => vec![start],
            None => {
                let each = |h: &Interval| {
                    (round_up(h.from, instance.step)..=h.to - oral.duration).step_by(instance.step as usize)
                };
                instance.half_days.iter().flat_map(each).collect()
            }
        };
        let free = |r: &&Room, s: Minutes| {
            let time = Interval::new(s, s + oral.duration);
            !r.unavailable.iter().any(|u| u.date == date && u.time.meets(time))
        };
        if !rooms.iter().any(|r| starts.iter().any(|&s| free(r, s))) {
            let when = when(date, all.start);
            return Some(("room-fit", tr!("room {id} is closed on {when}", "la salle {id} est fermée le {when}")));
        }
        None
    }

    fn examiner(&self, x: ExaminerIx, all: &Pinned) -> Option<Reason> {
        let (instance, oral) = (self.instance, &self.instance.orals[self.o]);
        let (examiner, id) = (&instance.examiners[x], &instance.examiners[x].id);
        if let Some(missing) = instance.unqualified(x, self.o) {
            return Some(("seats", missing));
        }
        if instance.partial(oral.candidate, x) {
            return Some((
                "impartial",
                tr!(
                    "{id} teaches in the candidate's school or is excluded",
                    "{id} enseigne dans l'établissement du candidat ou est récusé"
                ),
            ));
        }
        if examiner.reserve && !self.replan {
            return Some((
                "examiner-centre",
                tr!(
                    "{id} is in reserve: sits only in a re-plan",
                    "{id} est en réserve : ne siège que dans un replanning"
                ),
            ));
        }
        if examiner.max_days == Some(0) {
            return Some(("examiner-days", tr!("{id} may sit on no day", "{id} ne peut siéger aucun jour")));
        }
        if let Some(own) = &examiner.centres {
            let candidate = &instance.candidates[oral.candidate];
            let allowed = |z: &CentreIx| all.centre.map_or_else(|| candidate.centres.contains(z), |p| p == *z);
            if !own.iter().any(allowed) {
                return Some((
                    "examiner-centre",
                    tr!("{id} does not sit in a centre of this oral", "{id} ne siège dans aucun centre de cet oral"),
                ));
            }
        }
        if let Some(reason) = self.never_free(all, x) {
            return Some(reason);
        }
        let date = all.date?;
        let mut free = examiner.available.iter().filter(|a| a.date == date).peekable();
        let absent = || {
            Some(("examiner-available", {
                let when = when(date, all.start);
                tr!("{id} is not free on {when}", "{id} n'est pas disponible le {when}")
            }))
        };
        if free.peek().is_none() {
            return absent();
        }
        let start = all.start?;
        let presence = Interval::new(start - instance.policy.briefing as Minutes, start + oral.duration);
        if !free.any(|a| a.time.contains(presence)) {
            return absent();
        }
        let met =
            instance.events.iter().find(|e| e.date == date && e.time.meets(presence) && e.concerns(x, examiner))?;
        let (event, when) = (&met.id, when(date, all.start));
        Some((
            "examiner-event",
            tr!("{id} has the meeting {event} on {when}", "{id} est pris par la réunion {event} le {when}"),
        ))
    }

    /// Whether the examiner has no hour for the oral on the date pinned, or on any: not free so long, or in meetings then.
    fn never_free(&self, all: &Pinned, x: ExaminerIx) -> Option<Reason> {
        let (instance, examiner) = (self.instance, &self.instance.examiners[x]);
        let needed = instance.policy.briefing as Minutes + instance.orals[self.o].duration;
        let mut free = examiner.available.iter().filter(|a| all.date.is_none_or(|d| a.date == d)).peekable();
        free.peek()?;
        let mut long = free.filter(|a| a.time.minutes() >= needed).peekable();
        let id = &examiner.id;
        if long.peek().is_none() {
            let why = tr!("{id} is never free for so long", "{id} n'est jamais disponible aussi longtemps");
            return Some(("examiner-available", why));
        }
        let met = long.all(|a| {
            let meetings = instance.events.iter().filter(|e| e.date == a.date && e.concerns(x, examiner));
            let cut = |left: Vec<Interval>, e: &Event| left.iter().flat_map(|s| s.without(e.time)).collect();
            meetings.fold(vec![a.time], cut).iter().all(|s| s.minutes() < needed)
        });
        met.then(|| ("examiner-event", tr!("{id} has meetings then", "{id} est en réunion à ce moment")))
    }

    fn seats(&self, all: &Pinned) -> Option<Reason> {
        fn seated(
            people: &[ExaminerIx],
            taken: &mut Vec<usize>,
            may: &dyn Fn(ExaminerIx, usize) -> bool,
            n: usize,
        ) -> bool {
            let Some((&x, rest)) = people.split_first() else { return true };
            (0..n).any(|s| {
                if taken.contains(&s) || !may(x, s) {
                    return false;
                }
                taken.push(s);
                let found = seated(rest, taken, may, n);
                taken.pop();
                found
            })
        }
        let instance = self.instance;
        let people: Vec<ExaminerIx> = all.examiners.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
        let seats = &instance.commission_of(self.o).seats;
        let language = instance.orals[self.o].language.as_deref();
        let may = |x: ExaminerIx, s: usize| seats[s].accepts(&instance.examiners[x].qualifications, language);
        if people.len() < 2 || seated(&people, &mut Vec::new(), &may, seats.len()) {
            return None;
        }
        let list = people.iter().map(|&x| instance.examiners[x].id.as_str()).collect::<Vec<_>>().join(", ");
        Some((
            "seats",
            tr!(
                "{list} cannot hold a seat each in one commission",
                "{list} ne peuvent tenir chacun un siège d'une même commission"
            ),
        ))
    }

    fn candidate(&self, all: &Pinned) -> Option<Reason> {
        let (instance, oral) = (self.instance, &self.instance.orals[self.o]);
        let candidate = &instance.candidates[oral.candidate];
        let date = all.date?;
        let block = all.start.map(|s| Interval::new(s - oral.preparation, s + oral.duration));
        let paper = candidate.papers.iter().copied().find(|&p| {
            let meets = block.is_some_and(|b| instance.paper_time(oral.candidate, p).meets(b));
            instance.papers[p].date == date && (!instance.policy.oral_on_paper_day || meets)
        });
        if let Some(p) = paper {
            let paper = &instance.papers[p].id;
            return Some((
                "paper-clash",
                tr!("the candidate sits {paper} on {date}", "le candidat passe {paper} le {date}"),
            ));
        }
        let block = block?;
        let away = candidate.unavailable.iter().any(|u| u.date == date && u.time.meets(block));
        let when = when(date, all.start);
        away.then(|| {
            (
                "candidate-available",
                tr!("the candidate cannot come on {when}", "le candidat ne peut pas venir le {when}"),
            )
        })
    }
}

fn when(date: NaiveDate, start: Option<Minutes>) -> String {
    let clock = start.map(Clock);
    match clock {
        Some(clock) => tr!("{date} at {clock}", "{date} à {clock}"),
        None => date.to_string(),
    }
}

impl Instance {
    /// Why an examiner may hold no seat of an oral's commission, if none: what each seat asks for, and what the person has.
    pub fn unqualified(&self, x: ExaminerIx, o: OralIx) -> Option<String> {
        let (examiner, commission) = (&self.examiners[x], self.commission_of(o));
        let language = self.orals[o].language.as_deref();
        if commission.seats.iter().any(|s| s.accepts(&examiner.qualifications, language)) {
            return None;
        }
        let needs = |s: &crate::regulation::Seat| {
            format!("{} ({})", s.id, s.needs().replace("{language}", language.unwrap_or("?")))
        };
        let seats = commission.seats.iter().map(needs).collect::<Vec<_>>().join(", ");
        let (id, kind) = (&examiner.id, &commission.id);
        let own = examiner.qualifications.iter().cloned().collect::<Vec<_>>().join(", ");
        let own = if own.is_empty() { tr!("nothing", "rien") } else { own };
        Some(tr!(
            "{id} may hold no seat of {kind}: {seats}; {id} has {own}",
            "{id} ne peut tenir aucun siège de {kind} : {seats} ; {id} a {own}"
        ))
    }

    fn has_follower(&self, o: OralIx) -> bool {
        let own = &self.candidates[self.orals[o].candidate].orals;
        own.iter().any(|&f| self.orals[f].status == Status::Due && self.lead_of(f) == Some(o))
    }
}

/// What pins of several orals break.
pub(super) fn together(instance: &Instance) -> Vec<Contradiction> {
    let due = instance.pins.keys().filter(|&&o| instance.orals[o].status == Status::Due);
    let pins: Vec<(OralIx, Pinned)> = due.filter_map(|&o| Some((o, pinned(instance, o).ok()?))).collect();
    let mut work = Together { instance, found: Vec::new() };
    let mut candidates: BTreeMap<CandidateIx, Vec<usize>> = BTreeMap::new();
    let mut rooms: BTreeMap<(CentreIx, &str, NaiveDate), Vec<usize>> = BTreeMap::new();
    let mut people: BTreeMap<ExaminerIx, Vec<usize>> = BTreeMap::new();
    let mut preparing: BTreeMap<(CentreIx, NaiveDate), Vec<usize>> = BTreeMap::new();
    for (i, (o, all)) in pins.iter().enumerate() {
        candidates.entry(instance.orals[*o].candidate).or_default().push(i);
        for &x in all.examiners.iter().collect::<BTreeSet<_>>() {
            people.entry(x).or_default().push(i);
        }
        let (Some(date), Some(centre)) = (all.date, all.centre) else { continue };
        if let Some(room) = all.room {
            rooms.entry((centre, room, date)).or_default().push(i);
        }
        if instance.orals[*o].preparation > 0 && all.start.is_some() {
            preparing.entry((centre, date)).or_default().push(i);
        }
    }
    let of = |own: &[usize]| -> Vec<&(OralIx, Pinned)> { own.iter().map(|&i| &pins[i]).collect() };
    candidates.values().for_each(|own| work.candidate(&of(own)));
    for ((_, room, _), own) in &rooms {
        let why = tr!("room {room} cannot hear both", "la salle {room} ne peut pas recevoir les deux");
        work.one_at_a_time(&of(own), &why);
    }
    people.iter().for_each(|(&x, own)| work.examiner(x, &of(own)));
    preparing.iter().for_each(|(&(centre, _), own)| work.preparation(centre, &of(own)));
    work.found
}

struct Together<'a> {
    instance: &'a Instance,
    found: Vec<Contradiction>,
}

impl Together<'_> {
    fn say(&mut self, orals: &[OralIx], rule: &'static str, why: &str) {
        let names = orals.iter().map(|&o| self.instance.oral_name(o)).collect::<Vec<_>>().join(", ");
        let message = tr!("{names}: as pinned, {why}", "{names} : tels que fixés, {why}");
        self.found.push(Contradiction { path: path(self.instance, orals[0]), oral: orals[0], rule, message });
    }

    fn candidate(&mut self, own: &[&(OralIx, Pinned)]) {
        let instance = self.instance;
        for (i, (a, first)) in own.iter().enumerate() {
            for (b, second) in &own[i + 1..] {
                if instance.lead_of(*a) == Some(*b) {
                    self.follows(*b, second, *a, first);
                } else if instance.lead_of(*b) == Some(*a) {
                    self.follows(*a, first, *b, second);
                } else if first.date.is_some() && first.date == second.date {
                    self.one_date((*a, first), (*b, second));
                }
            }
        }
        let mut dates: BTreeMap<NaiveDate, Vec<OralIx>> = BTreeMap::new();
        for (o, all) in own.iter().filter(|(o, _)| instance.exam_of(*o).follows.is_none()) {
            if let Some(date) = all.date {
                dates.entry(date).or_default().push(*o);
            }
        }
        let most = instance.policy.orals_a_day;
        for (date, orals) in dates.iter().filter(|(_, orals)| orals.len() > most as usize) {
            let why = tr!(
                "they are more than {most} orals of one candidate on {date}",
                "ils font plus de {most} oraux d'un candidat le {date}"
            );
            self.say(orals, "candidate-orals", &why);
        }
    }

    fn follows(&mut self, lead: OralIx, first: &Pinned, follower: OralIx, second: &Pinned) {
        let end = first.start.map(|s| s + self.instance.orals[lead].duration);
        let differ = |a: Option<&str>, b: Option<&str>| a.is_some() && b.is_some() && a != b;
        let apart = end.zip(second.start).is_some_and(|(e, s)| e != s)
            || first.date.zip(second.date).is_some_and(|(a, b)| a != b)
            || first.centre.zip(second.centre).is_some_and(|(a, b)| a != b)
            || differ(first.room, second.room);
        if apart {
            let (one, two) = (&self.instance.exam_of(lead).id, &self.instance.exam_of(follower).id);
            let why = tr!(
                "{two} does not begin at the end of {one}, in the same session",
                "{two} ne commence pas à la fin de {one}, dans la même vacation"
            );
            self.say(&[lead, follower], "follows", &why);
        }
    }

    fn one_date(&mut self, (a, first): (OralIx, &Pinned), (b, second): (OralIx, &Pinned)) {
        let instance = self.instance;
        if first.centre.zip(second.centre).is_some_and(|(z, y)| z != y) {
            let why =
                tr!("one candidate is in two centres on one date", "un candidat est dans deux centres le même jour");
            self.say(&[a, b], "candidate-centre", &why);
            return;
        }
        let Some((s, t)) = first.start.zip(second.start) else { return };
        let (one, two) = (&instance.orals[a], &instance.orals[b]);
        let (early, late) = if s <= t { ((one, s), (two, t)) } else { ((two, t), (one, s)) };
        let pause = late.1 - late.0.preparation - early.1 - early.0.duration;
        let half = |s: Minutes| instance.half_days.iter().position(|h| h.from <= s && s < h.to);
        let policy = &instance.policy;
        let lunch = if half(s) == half(t) { 0 } else { policy.candidate_lunch };
        let due = instance.candidates[one.candidate].gap.max(policy.candidate_gap.max(lunch) as Minutes);
        if pause < due {
            let why = match pause < 0 {
                true => tr!("one candidate has both at once", "un candidat a les deux à la fois"),
                false => {
                    tr!("{pause} min lie between them, {due} are due", "{pause} min les séparent, il en faut {due}")
                }
            };
            self.say(&[a, b], "candidate-gap", &why);
        }
    }

    /// Sittings of one room, or of one examiner, on one date: no two at once, and the turnaround between.
    fn one_at_a_time(&mut self, own: &[&(OralIx, Pinned)], why: &str) {
        let instance = self.instance;
        let mut timed: Vec<(Minutes, OralIx)> = own.iter().filter_map(|(o, all)| Some((all.start?, *o))).collect();
        timed.sort_unstable();
        for pair in timed.windows(2) {
            let ((s, a), (t, b)) = (pair[0], pair[1]);
            // Between an oral and what follows it lies nothing, and what else comes then waits for the last.
            let turnaround = if instance.has_follower(a) { 0 } else { instance.exam_of(a).turnaround };
            if s + instance.orals[a].duration + turnaround > t {
                self.say(&[a, b], "turnaround", why);
            }
        }
    }

    fn examiner(&mut self, x: ExaminerIx, own: &[&(OralIx, Pinned)]) {
        let instance = self.instance;
        let (examiner, id) = (&instance.examiners[x], &instance.examiners[x].id);
        let mut dates: BTreeMap<NaiveDate, Vec<&(OralIx, Pinned)>> = BTreeMap::new();
        for &pin in own {
            if let Some(date) = pin.1.date {
                dates.entry(date).or_default().push(pin);
            }
        }
        let policy = &instance.policy;
        for (date, pins) in &dates {
            let centred: Vec<(OralIx, CentreIx)> = pins.iter().filter_map(|p| Some((p.0, p.1.centre?))).collect();
            if let Some(&(b, _)) = centred.iter().find(|c| c.1 != centred[0].1) {
                let why = tr!("{id} is in two centres on {date}", "{id} est dans deux centres le {date}");
                self.say(&[centred[0].0, b], "examiner-centre", &why);
            }
            self.one_at_a_time(pins, &tr!("{id} cannot hear both", "{id} ne peut pas entendre les deux"));
            let orals: Vec<OralIx> = pins.iter().map(|p| p.0).collect();
            let minutes: Minutes = orals.iter().map(|&o| instance.orals[o].duration).sum();
            let most = policy.examiner_minutes_a_day;
            if minutes > most as Minutes {
                let why = tr!(
                    "{id} hears {minutes} min on {date}, {most} at most",
                    "{id} entend {minutes} min le {date}, {most} au plus"
                );
                self.say(&orals, "examiner-minutes", &why);
            }
            if let Some(most) = instance.sittings_a_day(x).filter(|&most| orals.len() > most as usize) {
                let n = orals.len();
                let why = tr!(
                    "{id} hears {n} orals on {date}, {most} at most",
                    "{id} entend {n} oraux le {date}, {most} au plus"
                );
                self.say(&orals, "examiner-minutes", &why);
            }
        }
        if let Some(most) = examiner.max_days.filter(|&most| most > 0 && dates.len() > most as usize) {
            let orals: Vec<OralIx> = dates.values().map(|pins| pins[0].0).collect();
            let n = dates.len();
            let why = tr!("{id} sits on {n} dates, {most} at most", "{id} siège {n} jours, {most} au plus");
            self.say(&orals, "examiner-days", &why);
        }
    }

    /// More candidates at once than the centre has preparation seats.
    fn preparation(&mut self, centre: CentreIx, own: &[&(OralIx, Pinned)]) {
        let instance = self.instance;
        let seats: u32 =
            instance.centres[centre].preparation_rooms.iter().map(|&p| instance.preparation_rooms[p].seats).sum();
        let time = |(o, all): &(OralIx, Pinned)| {
            let start = all.start.unwrap_or(0);
            Interval::new(start - instance.orals[*o].preparation, start)
        };
        for pin in own {
            let from = time(pin).from;
            let then = own.iter().filter(|p| time(p).from <= from && from < time(p).to);
            let orals: Vec<OralIx> = then.map(|p| p.0).collect();
            if orals.len() > seats as usize {
                let (id, clock) = (&instance.centres[centre].id, Clock(from));
                let why = tr!(
                    "at {clock} more candidates prepare in {id} than it has seats ({seats})",
                    "à {clock}, plus de candidats préparent que {id} n'a de places ({seats})"
                );
                self.say(&orals, "preparation-seats", &why);
                return;
            }
        }
    }
}
