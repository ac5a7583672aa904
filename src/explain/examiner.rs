//! One examiner: their days, everything that binds them, what they are charged, and why not on the other dates.

use chrono::NaiveDate;
use serde::Serialize;

use super::{Constraint, Share, costs, list, loaded};
use crate::instance::*;
use crate::lang::{self, count, thousands};
use crate::rules;
use crate::schedule::Plan;
use crate::state::{Model, NONE, State};
use crate::tr;

/// What is said of an examiner.
#[derive(Clone, Debug, Serialize)]
pub struct ExaminerStory {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Qualifications, schools.
    pub about: String,
    /// The sessions, in order.
    pub sessions: Vec<String>,
    /// Everything that binds the examiner.
    pub constraints: Vec<Constraint>,
    /// What the examiner is charged.
    pub costs: Vec<Share>,
    /// Every date on which the examiner is not convened, and why.
    pub otherwise: Vec<IdleDate>,
}

/// A date on which an examiner is not convened.
#[derive(Clone, Debug, Serialize)]
pub struct IdleDate {
    /// The date.
    pub date: NaiveDate,
    /// The least change of cost by which one seat of that date could be theirs, with nothing else changed.
    pub change: Option<i64>,
    /// In one sentence.
    pub text: String,
}

/// Tells everything of an examiner.
pub fn story(plan: &Plan, x: ExaminerIx) -> ExaminerStory {
    let instance = plan.instance;
    let examiner = &instance.examiners[x];
    let qualifications = examiner.qualifications.iter().cloned().collect::<Vec<_>>().join(" + ");
    let model = Model::new(instance, None);
    let schools = list(&examiner.schools.iter().map(|&s| instance.schools[s].name.as_str()).collect::<Vec<_>>());
    let about = if schools.is_empty() {
        qualifications
    } else {
        tr!("{qualifications}; teaches at {schools}", "{qualifications} ; enseigne à {schools}")
    };
    ExaminerStory {
        id: examiner.id.clone(),
        name: examiner.name.clone(),
        about,
        sessions: sessions(plan, x),
        constraints: constraints(instance, x),
        costs: costs::Shares::new(plan).of_examiner(x).to_vec(),
        otherwise: otherwise(plan, &mut loaded(plan, &model), x),
    }
}

fn sessions(plan: &Plan, x: ExaminerIx) -> Vec<String> {
    let mut lines = Vec::new();
    for (_, date, own) in plan.examiner_days().filter(|(who, _, _)| *who == x) {
        for s in own {
            let (span, room, centre, commission) =
                (s.span, lang::room(lang::current(), &s.raw.room), &s.raw.centre, &s.raw.commission);
            let seats: Vec<&str> = s.members.iter().filter(|m| m.examiner == Some(x)).map(|m| m.seat).collect();
            let seat = seats.join(", ");
            let n = count(s.sittings.len(), &tr!("sitting", "passage"), &tr!("sittings", "passages"));
            lines.push(tr!(
                "{date} {span} {commission}, seat {seat}, {room} ({centre}): {n}",
                "{date} {span} {commission}, siège {seat}, {room} ({centre}) : {n}"
            ));
        }
    }
    lines
}

/// Everything in the instance that binds an examiner, with its rule.
pub fn constraints(instance: &Instance, x: ExaminerIx) -> Vec<Constraint> {
    let examiner = &instance.examiners[x];
    let policy = &instance.policy;
    let mut all = Vec::new();
    let mut say = |rule: &rules::Rule, text: String| all.push(Constraint::new(rule, text));
    let seats: Vec<String> = instance
        .regulation
        .commissions
        .iter()
        .flat_map(|k| k.seats.iter().map(move |s| (k, s)))
        .filter(|(_, s)| {
            let languages = examiner.qualifications.iter().filter_map(|q| q.strip_prefix("LV-").map(Some));
            languages.chain([None]).any(|l| s.accepts(&examiner.qualifications, l))
        })
        .map(|(k, s)| format!("{} {}", k.id, s.id))
        .collect();
    let named = list(&seats);
    say(&rules::seats::RULE, tr!("may hold the seats {named}", "peut tenir les sièges {named}"));
    let free: Vec<String> = instance
        .dates
        .iter()
        .filter(|&&d| examiner.available.iter().any(|a| a.date == d))
        .map(|d| {
            let hours: Vec<String> =
                examiner.available.iter().filter(|a| a.date == *d).map(|a| a.time.to_string()).collect();
            format!("{d} ({})", hours.join(", "))
        })
        .collect();
    let named = list(&free);
    let text = if free.is_empty() {
        tr!("is free on no date of the calendar", "n'est libre à aucune date du calendrier")
    } else {
        tr!("is free on {named}", "est libre le {named}")
    };
    say(&rules::examiner_available::RULE, text);
    for event in instance.events.iter().filter(|e| e.concerns(x, examiner) && instance.date(e.date).is_some()) {
        let (id, date, time) = (&event.id, event.date, event.time);
        say(&rules::examiner_event::RULE, tr!("is at {id} on {date} {time}", "est à {id} le {date} {time}"));
    }
    if let Some(days) = examiner.max_days {
        say(
            &rules::examiner_days_limit::RULE,
            tr!("is convened on {days} dates at most", "est convoqué {days} jours au plus"),
        );
    }
    if let Some(most) = examiner.max_sittings {
        say(
            &rules::examiner_sittings::RULE,
            tr!("hears {most} sittings at most on all dates", "entend {most} passages au plus sur toute la session"),
        );
    }
    if let Some(after) = policy.pause_after {
        let pause = policy.pause;
        say(
            &rules::examiner_pause::RULE,
            tr!(
                "has a pause of {pause} min after {after} min at most",
                "a une pause de {pause} min après {after} min au plus"
            ),
        );
    }
    let named = instance.given_sessions.iter().filter(|g| g.members.contains(&Some(x)));
    let named: Vec<&str> = named.map(|g| g.id.as_str()).collect();
    if !named.is_empty() {
        let named = list(&named);
        say(&rules::given_session::RULE, tr!("is named in {named}", "est prévu dans {named}"));
    }
    if let Some(own) = &examiner.centres {
        let named = list(&own.iter().map(|&z| instance.centres[z].id.as_str()).collect::<Vec<_>>());
        say(&rules::examiner_centre::RULE, tr!("sits only in {named}", "ne siège qu'à {named}"));
    }
    if examiner.reserve {
        say(
            &rules::examiner_centre::RULE,
            tr!("in reserve: sits only in a re-plan", "en réserve : ne siège que dans une replanification"),
        );
    }
    let minutes = policy.examiner_minutes_a_day;
    let text = match instance.sittings_a_day(x) {
        None => tr!("hears {minutes} min a day at most", "entend {minutes} min par jour au plus"),
        Some(n) => {
            tr!(
                "hears {minutes} min and {n} sittings a day at most",
                "entend {minutes} min et {n} passages par jour au plus"
            )
        }
    };
    say(&rules::examiner_minutes::RULE, text);
    if policy.briefing > 0 {
        let before = policy.briefing;
        say(
            &rules::examiner_available::RULE,
            tr!(
                "must be there {before} min before the first sitting",
                "doit être là {before} min avant le premier passage"
            ),
        );
    }
    let barred: Vec<&str> = instance
        .candidates
        .enumerate()
        .filter(|(c, _)| instance.partial(*c, x))
        .map(|(_, candidate)| candidate.id.as_str())
        .collect();
    if !barred.is_empty() {
        let n = barred.len();
        let text = if n > 8 {
            tr!(
                "may not hear {n} candidates (own school, or excluded)",
                "ne peut pas entendre {n} candidats (son établissement, ou récusé)"
            )
        } else {
            let named = list(&barred);
            tr!(
                "may not hear {named} (own school, or excluded)",
                "ne peut pas entendre {named} (son établissement, ou récusé)"
            )
        };
        say(&rules::impartial::RULE, text);
    }
    all
}

/// Date by date where the examiner is not convened: what forbids it, or what one seat would cost; `state` has loaded the
/// plan and is left as it was.
pub fn otherwise(plan: &Plan, state: &mut State, x: ExaminerIx) -> Vec<IdleDate> {
    let instance = plan.instance;
    let mut found = Vec::new();
    for (d, &date) in instance.dates.enumerate() {
        if !state.of_examiner(x, d).is_empty() {
            continue;
        }
        let (change, text) = match forbidden(plan, state, x, d) {
            Some(text) => (None, text),
            None => match least(state, x, d) {
                Some((change, holder)) => {
                    let by = thousands(change.abs());
                    let more = if change >= 0 { tr!("dearer", "de plus") } else { tr!("cheaper", "de moins") };
                    let text = match holder {
                        Some(y) => {
                            let y = &instance.examiners[y].id;
                            tr!(
                                "could sit in place of {y}, {by} {more}",
                                "pourrait siéger à la place de {y}, {by} {more}"
                            )
                        }
                        None => {
                            tr!("could fill an empty seat, {by} {more}", "pourrait occuper un siège vide, {by} {more}")
                        }
                    };
                    (Some(change), text)
                }
                None => (
                    None,
                    tr!(
                        "free, but no session of that date has a seat that they could take as it stands",
                        "libre, mais aucune vacation de ce jour n'a de siège à sa portée en l'état"
                    ),
                ),
            },
        };
        found.push(IdleDate { date, change, text });
    }
    found
}

/// What forbids an examiner a date whatever the sessions, with its rule.
fn forbidden(plan: &Plan, state: &State, x: ExaminerIx, d: DateIx) -> Option<String> {
    let instance = plan.instance;
    let (examiner, date) = (&instance.examiners[x], instance.dates[d]);
    let rule = |rule: &rules::Rule, text: String| Some(format!("{text} [{}]", rule.name));
    if examiner.reserve {
        return rule(&rules::examiner_centre::RULE, tr!("in reserve", "en réserve"));
    }
    if !examiner.available.iter().any(|a| a.date == date) {
        return rule(&rules::examiner_available::RULE, tr!("not free", "pas libre"));
    }
    if let Some(event) = instance.events.iter().find(|e| e.date == date && e.concerns(x, examiner))
        && state.model.free[state.model.xd(x, d)].is_empty()
    {
        let id = &event.id;
        return rule(&rules::examiner_event::RULE, tr!("at the meeting {id}", "à la réunion {id}"));
    }
    if examiner.max_days.is_some_and(|most| state.days_of(x) >= most) {
        return rule(
            &rules::examiner_days_limit::RULE,
            tr!("already convened on as many dates as may be", "déjà convoqué autant de jours que permis"),
        );
    }
    None
}

/// The least change of cost by which a seat of that date goes to the examiner, and whose it was.
fn least(state: &mut State, x: ExaminerIx, d: DateIx) -> Option<(i64, Option<ExaminerIx>)> {
    let slots: Vec<_> = state.live.iter().copied().filter(|&s| state.session(s).date == d).collect();
    let before = state.cost;
    let mut best: Option<(i64, Option<ExaminerIx>)> = None;
    for slot in slots {
        for seat in 0..state.session(slot).members.len() {
            if !state.may_sit(x, slot, seat) {
                continue;
            }
            let holder = state.session(slot).members[seat];
            let mark = state.mark();
            state.set_member(slot, seat, x.0);
            let change = state.cost - before;
            state.undo(mark);
            if best.is_none_or(|b| change < b.0) {
                best = Some((change, (holder != NONE).then_some(ExaminerIx(holder))));
            }
        }
    }
    best
}
