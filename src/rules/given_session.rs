//! Hard rule `given-session`.

use super::{Rule, Violation};
use crate::instance::{GivenIx, GivenSession};
use crate::linear::Var;
use crate::program::{Draft, Place, Program, Sum, Task, joined, times};
use crate::schedule::{Plan, PlanSession};
use crate::tr;
use std::collections::BTreeMap;

/// The rule.
pub static RULE: Rule = Rule {
    name: "given-session",
    summary: || {
        tr!(
            "a session that the office has composed is as it was composed; its kind of commission sits in no others",
            "une vacation composée d'avance reste telle quelle ; sa commission ne siège dans aucune autre"
        )
    },
    source: super::policy,
    violations,
    narrow,
    post,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    let instance = plan.instance;
    let mut seen: BTreeMap<GivenIx, &str> = BTreeMap::new();
    for session in &plan.sessions {
        let id = session.raw.id.as_str();
        let mut say = |message: String| found.push(Violation::new(&RULE, id, message));
        let Some(name) = &session.raw.given else {
            let kind = session.commission.map(|k| (k, session.raw.language.clone()));
            if kind.is_some_and(|kind| instance.given_only.contains(&kind)) {
                let commission = &session.raw.commission;
                say(tr!(
                    "the commission {commission} sits in given sessions only, this is none",
                    "la commission {commission} ne siège que dans des vacations composées d'avance, or celle-ci n'en est pas une"
                ));
            }
            continue;
        };
        let Some(g) = instance.given_session(name) else {
            say(tr!("there is no given session {name}", "il n'y a pas de vacation composée d'avance {name}"));
            continue;
        };
        if let Some(first) = seen.insert(g, id) {
            say(tr!("{name} is the session {first} already", "{name} est déjà la vacation {first}"));
        }
        for (what, has, wanted) in unlike(plan, session, &instance.given_sessions[g]) {
            say(tr!("{name}: {what} is {has}, {wanted} was given", "{name} : {what} : {has}, or {wanted} était prévu"));
        }
    }
}

/// What differs from the given session: what it is, as it is and as it was given.
fn unlike(plan: &Plan, session: &PlanSession, given: &GivenSession) -> Vec<(String, String, String)> {
    let instance = plan.instance;
    let none = || "-".to_string();
    let mut all = Vec::new();
    let mut compare = |what: String, has: String, wanted: String| {
        if has != wanted {
            all.push((what, has, wanted));
        }
    };
    let commission = instance.regulation.commissions[given.commission].id.clone();
    compare(tr!("the commission", "la commission"), session.raw.commission.clone(), commission);
    let language = |l: &Option<String>| l.clone().unwrap_or_else(none);
    compare(tr!("the language", "la langue"), language(&session.raw.language), language(&given.language));
    let centre = instance.centres[given.centre].id.clone();
    compare(tr!("the centre", "le centre"), session.raw.centre.clone(), centre);
    compare(tr!("the date", "la date"), session.date.to_string(), given.date.to_string());
    let half = |h: Option<usize>| h.map_or_else(none, |h| instance.half_days[h].to_string());
    compare(tr!("the half-day", "la demi-journée"), half(session.half), half(Some(given.half)));
    if let Some(room) = given.room {
        compare(tr!("the room", "la salle"), session.raw.room.clone(), instance.rooms[room].id.clone());
    }
    let seats = &instance.regulation.commissions[given.commission].seats;
    for (seat, x) in seats.iter().zip(&given.members) {
        if let Some(x) = x {
            let has = session.raw.members.get(&seat.id).cloned().unwrap_or_else(none);
            let name = &seat.id;
            compare(tr!("the seat {name}", "le siège {name}"), has, instance.examiners[*x].id.clone());
        }
    }
    all
}

/// Whether the given session could hear the oral at that place.
fn serves(program: &Program, given: &GivenSession, place: &Place) -> bool {
    place.spot.centre == given.centre
        && program.instance.dates[place.spot.date] == given.date
        && place.spot.half == given.half
        && given.room.is_none_or(|r| r == place.room)
}

fn same_kind(task: &Task, given: &GivenSession) -> bool {
    task.commission == given.commission && task.language == given.language
}

/// A commission that has given sessions hears nobody elsewhere.
fn narrow(draft: &mut Draft) {
    draft.keep_hours(|instance, o, hour| {
        let commission = instance.exam_of(o).commission;
        let language = instance.orals[o].language.clone().filter(|_| instance.commission_of(o).has_language);
        if !instance.given_only.contains(&(commission, language.clone())) {
            return true;
        }
        instance.given_sessions.iter().any(|g| {
            (g.commission, &g.language) == (commission, &language)
                && (g.centre, g.half) == (hour.spot.centre, hour.spot.half)
                && g.date == instance.dates[hour.spot.date]
                && g.room.is_none_or(|r| r == hour.room)
        })
    });
}

fn post(program: &mut Program) {
    for (g, given) in program.instance.given_sessions.enumerate() {
        let mut heard: Vec<(usize, Var)> = Vec::new();
        for t in 0..program.tasks.len() {
            let here = program.placed(t, |p| same_kind(&program.tasks[t], given) && serves(program, given, p));
            if here.is_empty() {
                continue;
            }
            let var = program.choice(format!("given({}.{})", given.id, program.name(t)), 0.0);
            program.given.insert((t, g), var);
            program.at_most(joined(vec![(var, 1.0)], times(here, -1.0)), 0.0);
            for (seat, x) in given.members.iter().enumerate() {
                let Some(x) = x else { continue };
                let chairs = program.tasks[t].chairs[seat].iter();
                let holds: Sum = chairs.filter(|(c, _)| c.examiner == *x).map(|&(_, v)| (v, -1.0)).collect();
                program.at_most(joined(vec![(var, 1.0)], holds), 0.0);
            }
            heard.push((t, var));
        }
        one_session(program, g, &heard);
    }
    for t in 0..program.tasks.len() {
        let own: Sum = program.given.range((t, GivenIx(0))..=(t, GivenIx(u32::MAX))).map(|(_, &v)| (v, 1.0)).collect();
        let row = joined(own, times(program.heard(t), -1.0));
        let kind = (program.tasks[t].commission, program.tasks[t].language.clone());
        if program.instance.given_only.contains(&kind) {
            program.exactly(row, 0.0);
        } else {
            program.at_most(row, 0.0);
        }
    }
}

/// All that a given session hears is one session: who comes right after somebody of it is of it, and one alone opens it.
fn one_session(program: &mut Program, g: GivenIx, heard: &[(usize, Var)]) {
    for ((a, b), next) in program.next.clone() {
        let of = |t: usize| heard.iter().find(|h| h.0 == t).map(|h| (h.1, 1.0));
        if of(a).is_none() && of(b).is_none() {
            continue;
        }
        for (one, other) in [(a, b), (b, a)] {
            let row: Sum = of(one).into_iter().chain(of(other).map(|(v, _)| (v, -1.0))).collect();
            program.at_most(joined(row, vec![(next, 1.0)]), 1.0);
        }
    }
    let mut opens = Sum::new();
    for &(t, var) in heard {
        let open = program.var(format!("opens({g:?}.{})", program.name(t)), 0.0, 1.0);
        let earlier: Sum = program.next.iter().filter(|((_, b), _)| *b == t).map(|(_, &v)| (v, -1.0)).collect();
        program.at_most(joined(vec![(var, 1.0), (open, -1.0)], earlier), 0.0);
        opens.push((open, 1.0));
    }
    if opens.len() > 1 {
        program.at_most(opens, 1.0);
    }
}
