//! What is legal but hopeless: an oral that no valid schedule can hear, a qualification that no seat asks for, pins
//! that contradict each other, and what changes no plan at all ([`super::inert`]). None of it is an error: the rest of
//! the instance can be planned all the same.
//!
//! Whatever is said of an oral is sound: it looks at one oral alone, before one commission that hears nobody else,
//! so an oral named here has no sitting in any valid schedule, re-plans included. The converse does not hold: orals
//! that cannot all be heard together are the business of the search.

mod stage;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::rc::Rc;

use chrono::NaiveDate;

use self::stage::Stage;
use super::contradictions::together;
use super::time::round_up;
use super::*;
use crate::tr;

/// Something legal but hopeless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The JSON path of what causes it: `candidates[12].orals[0]`.
    pub path: String,
    /// The oral that can have no sitting, if it is about one.
    pub oral: Option<OralIx>,
    /// The hard rule that stands in the way.
    pub rule: &'static str,
    /// What is hopeless, in one sentence.
    pub message: String,
    /// Other paths of which the same is said.
    pub also: Vec<String>,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)?;
        match self.also.len() {
            0 => Ok(()),
            n => write!(f, "{}", tr!(" (and {n} more alike)", " (et {n} autres de même)")),
        }
    }
}

/// Everything that is hopeless about an instance: its orals in order, then the rest. One warning an oral at most.
pub fn warnings(instance: &Instance) -> Vec<Warning> {
    let mut found = orals(instance);
    found.extend(together(instance).into_iter().map(|c| {
        let message = c.message;
        let message = tr!("{message}; no schedule can be valid", "{message} ; aucun planning ne peut être valable");
        Warning { path: c.path, oral: None, rule: c.rule, message, also: Vec::new() }
    }));
    unasked(instance, &mut found);
    found.extend(inert::remarks(instance));
    found
}

/// The orals that no schedule hears, in order.
pub fn orals(instance: &Instance) -> Vec<Warning> {
    let people = People::new(instance);
    let mut found: Vec<Warning> = Vec::new();
    let mut hopeless = BTreeSet::new();
    // Leads come before those that follow them, so that a follower knows.
    let mut due: Vec<OralIx> = instance.due().collect();
    due.sort_by_key(|&o| (chain(instance, o), o));
    for o in due {
        let lost_lead = instance.lead_of(o).filter(|lead| hopeless.contains(lead));
        let reason = match lost_lead {
            Some(lead) => {
                let lead = &instance.exam_of(lead).id;
                Some((
                    "follows",
                    tr!("it follows {lead}, which is hopeless itself", "il suit {lead}, lui-même sans espoir"),
                ))
            }
            None => people.reason(o),
        };
        if let Some((rule, message)) = reason {
            hopeless.insert(o);
            let message = tr!("cannot be heard: {message}", "ne peut pas être entendu : {message}");
            found.push(Warning { path: path(instance, o), oral: Some(o), rule, message, also: Vec::new() });
        }
    }
    found.sort_by_key(|w| w.oral);
    found
}

/// The same, where one sentence stands for all orals of which it is true.
pub fn once(warnings: Vec<Warning>) -> Vec<Warning> {
    let mut alike: Vec<Warning> = Vec::new();
    for warning in warnings {
        match alike.iter_mut().find(|first| first.rule == warning.rule && first.message == warning.message) {
            Some(first) => first.also.extend([vec![warning.path], warning.also].concat()),
            None => alike.push(warning),
        }
    }
    alike
}

/// How many exams this oral follows in a row.
fn chain(instance: &Instance, o: OralIx) -> usize {
    std::iter::successors(instance.exam_of(o).follows, |&e| instance.regulation.exams[e].follows).count()
}

fn path(instance: &Instance, o: OralIx) -> String {
    let c = instance.orals[o].candidate;
    let place = instance.candidates[c].orals.iter().position(|&own| own == o).unwrap_or(0);
    format!("candidates[{}].orals[{place}]", c.ix())
}

type Reason = (&'static str, String);

/// The pins of an oral taken together.
#[derive(Default)]
pub(super) struct Pinned<'a> {
    pub(super) date: Option<NaiveDate>,
    pub(super) start: Option<Minutes>,
    pub(super) centre: Option<CentreIx>,
    pub(super) room: Option<&'a str>,
    pub(super) examiners: Vec<ExaminerIx>,
}

/// All that is pinned of an oral, or that its pins contradict each other.
pub(super) fn pinned(instance: &Instance, o: OralIx) -> Result<Pinned<'_>, Reason> {
    fn agree<T: PartialEq>(so_far: &mut Option<T>, new: Option<T>) -> bool {
        let agrees = so_far.is_none() || new.is_none() || *so_far == new;
        *so_far = so_far.take().or(new);
        agrees
    }
    let mut all = Pinned::default();
    for pin in instance.pins.get(&o).into_iter().flatten() {
        let agrees = agree(&mut all.date, pin.date)
            & agree(&mut all.start, pin.start)
            & agree(&mut all.centre, pin.centre)
            & agree(&mut all.room, pin.room.as_deref());
        if !agrees {
            return Err(("pin", tr!("its pins contradict each other", "ses décisions fixées se contredisent")));
        }
        all.examiners.extend(pin.examiner);
    }
    Ok(all)
}

/// Who may hold which seat, found once for each commission and language.
struct People<'a> {
    instance: &'a Instance,
    holders: FxHashMap<(CommissionIx, Option<&'a str>), Vec<Vec<ExaminerIx>>>,
    staffed: RefCell<FxHashMap<Kind<'a>, Rc<[Minutes]>>>,
}

/// Commission, language, duration and date: orals alike in these can be heard at the same hours.
type Kind<'a> = (CommissionIx, Option<&'a str>, Minutes, NaiveDate);

impl<'a> People<'a> {
    fn new(instance: &'a Instance) -> Self {
        let mut holders = FxHashMap::default();
        for o in instance.due() {
            let oral = &instance.orals[o];
            let k = instance.exam_of(o).commission;
            holders.entry((k, oral.language.as_deref())).or_insert_with(|| {
                let seats = instance.regulation.commissions[k].seats.iter();
                let able = |seat: &crate::regulation::Seat| {
                    let people = instance.examiners.enumerate();
                    let able = people.filter(|(i, x)| {
                        let some =
                            [x.max_days, x.max_sittings, instance.sittings_a_day(*i)].iter().all(|m| *m != Some(0));
                        some && seat.accepts(&x.qualifications, oral.language.as_deref())
                    });
                    able.map(|(i, _)| i).collect()
                };
                seats.map(able).collect()
            });
        }
        People { instance, holders, staffed: RefCell::default() }
    }

    fn seats(&self, o: OralIx) -> &[Vec<ExaminerIx>] {
        let oral = &self.instance.orals[o];
        &self.holders[&(self.instance.exam_of(o).commission, oral.language.as_deref())]
    }

    /// Why an oral can have no sitting, if it can have none.
    fn reason(&self, o: OralIx) -> Option<Reason> {
        let pinned = match pinned(self.instance, o) {
            Ok(pinned) => pinned,
            Err(reason) => return Some(reason),
        };
        let centres = match self.centres(o, &pinned) {
            Ok(centres) => centres,
            Err(reason) => return Some(reason),
        };
        if let Some(reason) = self.limits(o).or_else(|| self.nobody(o, &pinned)) {
            return Some(reason);
        }
        if self.has_place(o, &pinned, &centres, Stage::Events) {
            return None;
        }
        let first = Stage::ALL.into_iter().find(|&stage| !self.has_place(o, &pinned, &centres, stage))?;
        let bound = pinned.date.is_some() || pinned.start.is_some() || pinned.room.is_some();
        let given = if first > Stage::Given && self.given(o).is_some() {
            tr!(
                " (its commission sits in given sessions only)",
                " (sa commission ne siège que dans des vacations composées d'avance)"
            )
        } else {
            String::new()
        };
        let aside = if bound || !pinned.examiners.is_empty() {
            tr!(", pinned as it is", ", fixé comme il l'est")
        } else {
            String::new()
        };
        Some((first.rule(), first.message() + &given + &aside))
    }

    /// The centres where it may be heard, each with a room and a preparation room that fit.
    fn centres(&self, o: OralIx, pinned: &Pinned) -> Result<Vec<CentreIx>, Reason> {
        let (instance, oral) = (self.instance, &self.instance.orals[o]);
        let candidate = &instance.candidates[oral.candidate];
        let group = &candidate.group;
        if candidate.centres.is_empty() {
            let message = tr!("the group {group} has no centre", "le regroupement {group} n'a aucun centre");
            return Err(("centre-allowed", message));
        }
        let mut centres: Vec<CentreIx> = candidate.centres.iter().copied().collect();
        centres.retain(|&c| instance.centres[c].exams.as_ref().is_none_or(|only| only.contains(&oral.exam)));
        if centres.is_empty() {
            let message = tr!(
                "no centre of the group {group} hears this exam",
                "aucun centre du regroupement {group} n'organise cette épreuve"
            );
            return Err(("centre-allowed", message));
        }
        centres.retain(|&c| pinned.centre.is_none_or(|p| p == c));
        if centres.is_empty() {
            let message =
                tr!("it is pinned to a centre that is not allowed", "il est fixé dans un centre qui n'est pas permis");
            return Err(("centre-allowed", message));
        }
        let equipped = |r: &Room| instance.exam_of(o).equipment.iter().all(|e| r.equipment.contains(e));
        let any_room = |fits: &dyn Fn(&Room) -> bool| {
            centres.iter().flat_map(|&c| &instance.centres[c].rooms).any(|&r| fits(&instance.rooms[r]))
        };
        let named = |r: &Room| pinned.room.is_none_or(|id| r.id == id);
        if !any_room(&equipped) {
            let list = instance.exam_of(o).equipment.join(", ");
            let message = if list.is_empty() {
                tr!("no allowed centre has an exam room", "aucun centre permis n'a de salle d'interrogation")
            } else {
                tr!(
                    "no room of an allowed centre is equipped with: {list}",
                    "aucune salle d'un centre permis n'est équipée de : {list}"
                )
            };
            return Err(("room-fit", message));
        }
        if candidate.needs_accessible && !any_room(&|r| equipped(r) && r.accessible) {
            let message = tr!(
                "no suitable exam room of an allowed centre is accessible",
                "aucune salle d'interrogation convenable d'un centre permis n'est accessible"
            );
            return Err(("room-fit", message));
        }
        if !any_room(&|r| named(r) && self.room_fits(o, r)) {
            let message =
                tr!("it is pinned to a room that does not fit", "il est fixé dans une salle qui ne convient pas");
            return Err(("room-fit", message));
        }
        if oral.preparation > 0 {
            let any = |fits: &dyn Fn(&PreparationRoom) -> bool| {
                let rooms = centres.iter().flat_map(|&c| &instance.centres[c].preparation_rooms);
                rooms.map(|&p| &instance.preparation_rooms[p]).any(fits)
            };
            if !any(&|p| p.seats > 0) {
                let message = tr!(
                    "no allowed centre has a preparation room with a seat",
                    "aucun centre permis n'a de place de préparation"
                );
                return Err(("preparation-seats", message));
            }
            if !any(&|p| self.preparation_fits(o, p)) {
                let message = tr!(
                    "no preparation room of an allowed centre is accessible",
                    "aucune salle de préparation d'un centre permis n'est accessible"
                );
                return Err(("room-fit", message));
            }
        }
        Ok(centres)
    }

    fn room_fits(&self, o: OralIx, room: &Room) -> bool {
        let candidate = &self.instance.candidates[self.instance.orals[o].candidate];
        (!candidate.needs_accessible || room.accessible)
            && self.instance.exam_of(o).equipment.iter().all(|e| room.equipment.contains(e))
    }

    fn preparation_fits(&self, o: OralIx, room: &PreparationRoom) -> bool {
        let candidate = &self.instance.candidates[self.instance.orals[o].candidate];
        room.seats > 0 && (!candidate.needs_accessible || room.accessible)
    }

    /// Whether the oral alone is beyond what the policy allows.
    fn limits(&self, o: OralIx) -> Option<Reason> {
        let (policy, lasts) = (&self.instance.policy, self.instance.orals[o].duration);
        let most = self.instance.half_days.iter().map(|h| h.minutes()).max().unwrap_or(0);
        if lasts > most {
            let message = tr!(
                "it lasts {lasts} min, longer than any half-day",
                "il dure {lasts} min, plus que toute demi-journée"
            );
            return Some(("half-day", message));
        }
        if lasts > policy.examiner_minutes_a_day as Minutes
            || self.instance.examiners.indices().all(|x| self.instance.sittings_a_day(x) == Some(0))
        {
            let message = tr!(
                "alone it is more than an examiner may hear on one date",
                "à lui seul, il dépasse ce qu'un interrogateur peut entendre en un jour"
            );
            return Some(("examiner-minutes", message));
        }
        if policy.orals_a_day == 0 && self.instance.exam_of(o).follows.is_none() {
            let message = tr!("the policy allows no oral a day", "aucun oral par jour n'est permis");
            return Some(("candidate-orals", message));
        }
        None
    }

    /// Whether a required seat, or all of them together, can be held by nobody whatever the hour.
    fn nobody(&self, o: OralIx, pinned: &Pinned) -> Option<Reason> {
        let (c, language) = (self.instance.orals[o].candidate, &self.instance.orals[o].language);
        let seats = &self.instance.commission_of(o).seats;
        for (seat, holders) in seats.iter().zip(self.seats(o)).filter(|(seat, _)| seat.required) {
            let (id, needs) = (&seat.id, seat.needs().replace("{language}", language.as_deref().unwrap_or("?")));
            if holders.is_empty() {
                let message = tr!(
                    "no examiner can hold the seat {id} ({needs})",
                    "aucun interrogateur ne peut tenir le siège {id} ({needs})"
                );
                return Some(("seats", message));
            }
            if holders.iter().all(|&x| self.instance.partial(c, x)) {
                let message = tr!(
                    "everybody who can hold the seat {id} ({needs}) teaches in the candidate's school or is excluded",
                    "tous ceux qui peuvent tenir le siège {id} ({needs}) enseignent dans l'établissement du candidat ou sont récusés"
                );
                return Some(("impartial", message));
            }
        }
        if !self.complete(o, &[], |x| !self.instance.partial(c, x)) {
            let message = tr!(
                "the same people would have to hold several seats",
                "les mêmes personnes devraient tenir plusieurs sièges"
            );
            return Some(("seats", message));
        }
        for &x in &pinned.examiners {
            let id = &self.instance.examiners[x].id;
            if self.instance.partial(c, x) || !self.seats(o).iter().any(|holders| holders.contains(&x)) {
                let message = tr!(
                    "it is pinned to {id}, who may not hear it",
                    "il est fixé avec {id}, qui ne peut pas l'entendre"
                );
                return Some(("pin", message));
            }
        }
        None
    }

    /// The given sessions of its commission, if that sits in no others.
    fn given(&self, o: OralIx) -> Option<impl Iterator<Item = &'a GivenSession>> {
        let instance: &'a Instance = self.instance;
        let language = instance.orals[o].language.clone().filter(|_| instance.commission_of(o).has_language);
        let kind = (instance.exam_of(o).commission, language);
        let only = instance.given_only.contains(&kind);
        only.then(|| instance.given_sessions.iter().filter(move |g| (g.commission, &g.language) == (kind.0, &kind.1)))
    }

    /// Whether the required seats can be held by different people for whom `free` holds, whoever is `named` in their own.
    fn complete(&self, o: OralIx, named: &[Option<ExaminerIx>], free: impl Fn(ExaminerIx) -> bool) -> bool {
        fn fill(seats: &[Vec<ExaminerIx>], taken: &mut Vec<ExaminerIx>) -> bool {
            let Some((seat, rest)) = seats.split_first() else { return true };
            seat.iter().any(|&x| {
                if taken.contains(&x) {
                    return false;
                }
                taken.push(x);
                let filled = fill(rest, taken);
                taken.pop();
                filled
            })
        }
        let seats = &self.instance.commission_of(o).seats;
        let mut choices = Vec::with_capacity(seats.len());
        for (s, (seat, holders)) in seats.iter().zip(self.seats(o)).enumerate() {
            let named = named.get(s).copied().flatten();
            if named.is_none() && !seat.required {
                continue;
            }
            let fits = |x: &ExaminerIx| named.is_none_or(|n| n == *x) && free(*x);
            // As many as there are seats are enough: the others take one each at most.
            let own: Vec<ExaminerIx> = holders.iter().copied().filter(fits).take(seats.len()).collect();
            if own.is_empty() {
                return false;
            }
            choices.push(own);
        }
        fill(&choices, &mut Vec::new())
    }

    /// Whether some date, centre and hour satisfies everything up to `stage`.
    fn has_place(&self, o: OralIx, pinned: &Pinned, centres: &[CentreIx], stage: Stage) -> bool {
        let (instance, oral) = (self.instance, &self.instance.orals[o]);
        let allowed = |d: &&NaiveDate| {
            instance.exam_dates[oral.exam].as_ref().is_none_or(|only| only.contains(d))
                && pinned.date.is_none_or(|p| p == **d)
        };
        let possible = |s: &&Minutes| **s >= oral.preparation && pinned.start.is_none_or(|p| p == **s);
        instance.dates.iter().filter(allowed).any(|&date| {
            let starts = if stage < Stage::Examiners { self.starts(o) } else { self.staffed(o, date) };
            stage == Stage::Date
                || centres.iter().any(|&centre| {
                    starts.iter().filter(possible).any(|&s| self.place_fits(o, pinned, date, centre, s, stage))
                })
        })
    }

    /// The hours of the grid at which an oral of this length fits into a half-day.
    fn starts(&self, o: OralIx) -> Rc<[Minutes]> {
        let (step, lasts) = (self.instance.step, self.instance.orals[o].duration);
        let half_days = self.instance.half_days.iter();
        half_days.flat_map(|h| (round_up(h.from, step)..=h.to - lasts).step_by(step as usize)).collect()
    }

    /// Those hours of a date at which a whole commission is available, whoever the candidate and whatever the
    /// centre: found once for all orals of a kind, so that an instance full of hopeless orals takes no longer.
    fn staffed(&self, o: OralIx, date: NaiveDate) -> Rc<[Minutes]> {
        let oral = &self.instance.orals[o];
        let key = (self.instance.exam_of(o).commission, oral.language.as_deref(), oral.duration, date);
        if let Some(known) = self.staffed.borrow().get(&key) {
            return known.clone();
        }
        let whole = |&&s: &&Minutes| self.complete(o, &[], |x| self.available(x, date, self.presence(o, s)));
        let hours: Rc<[Minutes]> = self.starts(o).iter().filter(whole).copied().collect();
        self.staffed.borrow_mut().insert(key, hours.clone());
        hours
    }

    /// When the members must be there for a sitting that starts then.
    fn presence(&self, o: OralIx, start: Minutes) -> Interval {
        Interval::new(start - self.instance.policy.briefing as Minutes, start + self.instance.orals[o].duration)
    }

    fn available(&self, x: ExaminerIx, date: NaiveDate, time: Interval) -> bool {
        self.instance.examiners[x].available.iter().any(|a| a.date == date && a.time.contains(time))
    }

    fn place_fits(&self, o: OralIx, pinned: &Pinned, date: NaiveDate, ci: CentreIx, s: Minutes, stage: Stage) -> bool {
        let (instance, oral) = (self.instance, &self.instance.orals[o]);
        let (c, centre) = (oral.candidate, &instance.centres[ci]);
        let candidate = &instance.candidates[c];
        let preparation = Interval::new(s - oral.preparation, s);
        let time = Interval::new(s, s + oral.duration);
        let block = Interval::new(preparation.from, time.to);
        let taken = |spans: &[Span], t: Interval| spans.iter().any(|u| u.date == date && u.time.meets(t));
        let fits = |asked: Stage, given: Option<&GivenSession>| match asked {
            Stage::Date | Stage::HalfDay => true,
            Stage::Given => {
                given.is_none_or(|g| (g.centre, g.date) == (ci, date) && instance.half_days[g.half].contains(time))
            }
            Stage::Open => centre.open.get(&date).is_some_and(|open| open.contains(block)),
            Stage::Paper => !candidate.papers.iter().any(|&p| {
                instance.papers[p].date == date
                    && (!instance.policy.oral_on_paper_day || instance.paper_time(c, p).meets(block))
            }),
            Stage::Candidate => {
                !taken(&candidate.unavailable, block)
                    && oral.not_before.is_none_or(|m| (date, block.from) >= (m.date, m.time.0))
            }
            Stage::Room => centre.rooms.iter().map(|&r| (r, &instance.rooms[r])).any(|(i, r)| {
                given.and_then(|g| g.room).is_none_or(|own| own == i)
                    && self.room_fits(o, r)
                    && pinned.room.is_none_or(|id| r.id == id)
                    && !taken(&r.unavailable, time)
            }),
            Stage::Preparation => {
                let mut rooms = centre.preparation_rooms.iter().map(|&p| &instance.preparation_rooms[p]);
                oral.preparation == 0
                    || rooms.any(|p| self.preparation_fits(o, p) && !taken(&p.unavailable, preparation))
            }
            Stage::Examiners | Stage::Events => {
                let presence = self.presence(o, s);
                let free = |x: ExaminerIx| {
                    let examiner = &instance.examiners[x];
                    examiner.centres.as_ref().is_none_or(|own| own.contains(&ci))
                        && self.available(x, date, presence)
                        && !instance.partial(c, x)
                        && (asked == Stage::Examiners
                            || !instance
                                .events
                                .iter()
                                .any(|e| e.date == date && e.time.meets(presence) && e.concerns(x, examiner)))
                };
                let named = given.map_or(&[][..], |g| &g.members);
                pinned.examiners.iter().all(|&x| free(x)) && self.complete(o, named, free)
            }
        };
        let all = |given: Option<&GivenSession>| {
            Stage::ALL.into_iter().filter(|&asked| asked <= stage).all(|asked| fits(asked, given))
        };
        match self.given(o) {
            Some(mut given) if stage >= Stage::Given => given.any(|g| all(Some(g))),
            _ => all(None),
        }
    }
}

/// Qualifications that neither a seat nor an event asks for: mistyped, most likely.
fn unasked(instance: &Instance, found: &mut Vec<Warning>) {
    let seats = || instance.regulation.commissions.iter().flat_map(|k| &k.seats);
    let asked: BTreeSet<&String> = seats().flat_map(|s| s.any_of.iter().flatten().chain(&s.prefers)).collect();
    let mut said: BTreeSet<&String> = instance.events.iter().flat_map(|e| &e.qualifications).collect();
    for (i, examiner) in instance.raw.examiners.iter().enumerate() {
        for (j, q) in examiner.qualifications.iter().enumerate() {
            if !asked.iter().any(|a| crate::regulation::may_mean(a, q)) && said.insert(q) {
                let message = tr!(
                    "no seat asks for the qualification \"{q}\"; is it mistyped?",
                    "aucun siège ne demande la compétence « {q} » ; est-ce une faute de frappe ?"
                );
                let path = format!("examiners[{i}].qualifications[{j}]");
                found.push(Warning { path, oral: None, rule: "seats", message, also: Vec::new() });
            }
        }
    }
}
