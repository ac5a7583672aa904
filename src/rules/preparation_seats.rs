//! Hard rule `preparation-seats`.

use super::{Rule, Violation};
use crate::hours::{Ask, PreparationHours};
use crate::starts::{Shut, runs};
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::instance::{Clock, DateIx, Minutes, PrepIx};
use crate::lang::plural;
use crate::linear::Var;
use crate::program::{Program, joined, times};
use crate::schedule::Plan;
use crate::schedule::Sat;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "preparation-seats",
    summary: || {
        tr!(
            "a preparation room of the centre, never with more candidates than seats; who prepares alone is alone",
            "une salle de préparation du centre, jamais plus de candidats que de places ; qui prépare seul est seul"
        )
    },
    source: || {
        tr!(
            "circular, E4, E22, EF1 (preparation); accommodations: code de l'éducation D613-26",
            "circulaire, E4, E22, EF1 (préparation) ; aménagements : code de l'éducation D613-26"
        )
    },
    violations,
    narrow: super::leaves_all,
    post,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    let instance = plan.instance;
    let mut rooms: BTreeMap<(PrepIx, NaiveDate), Vec<Sat>> = BTreeMap::new();
    for sat in plan.sittings() {
        let at = || format!("{}, {}", sat.session.raw.id, sat.sitting.name());
        match (sat.sitting.preparation.minutes() > 0, &sat.sitting.raw.preparation_room) {
            (true, None) => {
                let message = tr!("prepares, but no room is given", "prépare, mais aucune salle n'est donnée");
                found.push(Violation::new(&RULE, at(), message));
            }
            (false, Some(room)) => {
                let message = tr!(
                    "does not prepare, but the room {room} is given",
                    "ne prépare pas, mais la salle {room} est donnée"
                );
                found.push(Violation::new(&RULE, at(), message));
            }
            (true, Some(room)) => match sat.sitting.preparation_room {
                Some(p) => rooms.entry((p, sat.session.date)).or_default().push(sat),
                None => {
                    let message = tr!(
                        "the centre has no preparation room {room}",
                        "le centre n'a pas de salle de préparation {room}"
                    );
                    found.push(Violation::new(&RULE, at(), message));
                }
            },
            (false, None) => {}
        }
    }
    for ((p, date), mut sats) in rooms {
        let room = &instance.preparation_rooms[p];
        let at = format!("{}/{} {date}", instance.centres[room.centre].id, room.id);
        sats.sort_by_key(|s| s.sitting.preparation);
        for (i, sat) in sats.iter().enumerate() {
            let start = sat.sitting.preparation.from;
            let inside =
                sats.iter().filter(|s| s.sitting.preparation.from <= start && start < s.sitting.preparation.to);
            let (count, seats) = (inside.count(), room.seats);
            let said = sats[..i].last().is_some_and(|before| before.sitting.preparation.from == start);
            if count > seats as usize && !said {
                let (time, s) = (Clock(start), plural(seats as usize));
                let message = tr!(
                    "at {time} {count} candidates prepare, {seats} seat{s}",
                    "à {time}, {count} candidats préparent pour {seats} place{s}"
                );
                found.push(Violation::new(&RULE, &at, message));
            }
            let alone = sat.sitting.candidate.is_some_and(|c| instance.candidates[c].prepares_alone);
            for other in sats.iter().filter(|o| alone && !std::ptr::eq(o.sitting, sat.sitting)) {
                if other.sitting.preparation.meets(sat.sitting.preparation) {
                    let (a, b) = (sat.sitting.name(), other.sitting.name());
                    let message =
                        tr!("{a} must prepare alone, {b} is there too", "{a} doit préparer seul, {b} est là aussi");
                    found.push(Violation::new(&RULE, &at, message));
                }
            }
        }
    }
}

/// While there are seats left.
pub(super) fn preparation(day: &PreparationHours, ask: &Ask, starts: &mut impl Shut) {
    let step = ask.instance.step;
    for run in runs(day.full) {
        let (from, to) = (run.start as Minutes * step, run.end as Minutes * step);
        starts.between(from - day.preparation.to, to - day.preparation.from);
    }
}

fn post(program: &mut Program) {
    let instance = program.instance;
    for t in 0..program.tasks.len() {
        if program.tasks[t].preparation == 0 {
            continue;
        }
        let cells: BTreeSet<_> = program.tasks[t].places.iter().map(|p| (p.spot.centre, p.spot.date)).collect();
        for (centre, date) in cells {
            let mut rooms = times(program.placed(t, |p| (p.spot.centre, p.spot.date) == (centre, date)), -1.0);
            rooms.extend(
                instance.centres[centre].preparation_rooms.iter().map(|&p| (program.prepares[&(t, p, date)], 1.0)),
            );
            program.exactly(rooms, 0.0);
        }
    }
    let rooms: BTreeSet<(PrepIx, DateIx)> = program.prepares.keys().map(|&(_, p, date)| (p, date)).collect();
    for (p, date) in rooms {
        let all = program.prepares.iter().filter(|((_, room, day), _)| (*room, *day) == (p, date));
        let who: Vec<(usize, Var)> = all.map(|(&(t, _, _), &v)| (t, v)).collect();
        crowd(program, p, &who);
    }
}

/// No more at once than there are seats, and who prepares alone is alone: looked at whenever one comes in.
fn crowd(program: &mut Program, p: PrepIx, who: &[(usize, Var)]) {
    let instance = program.instance;
    let seats = instance.preparation_rooms[p].seats as usize;
    let alone = |t: usize| instance.candidates[program.tasks[t].candidate].prepares_alone;
    let shy: BTreeSet<usize> = who.iter().map(|&(t, _)| t).filter(|&t| alone(t)).collect();
    for &(b, here) in who {
        let mut inside = vec![(here, 1.0)];
        for &(a, there) in who.iter().filter(|&&(a, _)| a != b) {
            let apart = shy.contains(&a) || shy.contains(&b);
            // A candidate's own preparations never meet, unless one follows the other; else only a full room matters.
            let (one, other) = (&program.tasks[a], &program.tasks[b]);
            let led = one.lead == Some(b) || other.lead == Some(a);
            if (one.candidate == other.candidate && !led) || (who.len() <= seats && !apart) {
                continue;
            }
            let (came, stays) = meets(program, a, b);
            let both = vec![(came, 1.0), (stays, 1.0), (there, 1.0), (here, 1.0)];
            if apart {
                program.at_most(both, 3.0);
            } else {
                let with = program.var(format!("with({}.{}.{p:?})", program.name(a), program.name(b)), 0.0, 1.0);
                program.at_most(joined(both, vec![(with, -1.0)]), 3.0);
                inside.push((with, 1.0));
            }
        }
        if inside.len() > seats {
            program.at_most(inside, seats as f64);
        }
    }
}

/// Whether `a` came in no later than `b`, and whether `a` is still there when `b` comes in.
fn meets(program: &mut Program, a: usize, b: usize) -> (Var, Var) {
    let step = f64::from(program.instance.step);
    let length = |t: usize| f64::from(program.tasks[t].preparation);
    let (la, lb) = (length(a), length(b));
    let never = program.latest(a).max(program.latest(b)) + la + lb + step;
    let name = format!("{}.{}", program.name(a), program.name(b));
    let came = program.choice(format!("came({name})"), 0.0);
    let stays = program.choice(format!("stays({name})"), 0.0);
    // a comes in after b, or `came`; a starts the oral before b comes in, or `stays`.
    let apart = joined(program.start(a), times(program.start(b), -1.0));
    program.at_least(joined(apart.clone(), vec![(came, never)]), la - lb + step);
    program.at_most(joined(apart, vec![(stays, -never)]), -lb);
    (came, stays)
}
