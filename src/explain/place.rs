//! Why a held job cannot be heard at a place, in the checker's own sentences: the plan is rewritten as if it were heard there,
//! and judged.

use std::collections::BTreeSet;

use crate::check::check;
use crate::instance::*;
use crate::rules::Violation;
use crate::schedule::{Left, Schedule, Session, Sitting};
use crate::state::places::{Held, Refusal};
use crate::state::{NONE, State};
use crate::tr;

/// What the checker finds wrong with a held job heard at a start in a room, as a refusal has it: only what its rules name, and
/// nothing that is wrong without the job.
pub fn broken(state: &State, held: &Held, refusal: &Refusal, start: Minutes) -> Vec<Violation> {
    let (model, instance) = (state.model, state.model.instance);
    let spec = &model.jobs[held.job as usize];
    let (opens, kind) = (&refusal.opens, &model.kinds[spec.kind as usize]);
    let centre = instance.rooms[opens.room].centre;
    let members = match refusal.joins {
        Some(slot) => &state.session(slot).members,
        None => &opens.members,
    };
    // Only what can matter: the date, and all dates of the candidate and of the members.
    let people: BTreeSet<u32> = members.iter().copied().filter(|&x| x != NONE).collect();
    let own = |s: &Session| s.sittings.iter().any(|t| t.candidate == instance.candidates[spec.candidate].id);
    let theirs = |s: &Session| s.members.values().any(|m| instance.examiner(m).is_some_and(|x| people.contains(&x.0)));
    let mut before = state.freeze(|_| String::new());
    before.sessions.retain(|s| s.date == instance.dates[opens.date] || own(s) || theirs(s));
    let known: Vec<Violation> = check(instance, &before, None).violations;

    let mut after = before.clone();
    let at = match refusal.joins {
        Some(slot) => {
            let first = state.session(slot).jobs.first().map(|&j| model.jobs[j as usize].orals[0]);
            let heard = |s: &Session| first.is_some_and(|o| s.sittings.iter().any(|t| is(instance, t, o)));
            after.sessions.iter().position(heard)
        }
        None => None,
    };
    let commission = &instance.regulation.commissions[kind.commission];
    let at = at.unwrap_or_else(|| {
        let seats = commission.seats.iter().zip(members).filter(|(_, x)| **x != NONE);
        after.sessions.push(Session {
            id: tr!("the new session", "la nouvelle vacation"),
            commission: commission.id.clone(),
            language: kind.language.clone(),
            centre: instance.centres[centre].id.clone(),
            room: instance.rooms[opens.room].id.clone(),
            date: instance.dates[opens.date],
            given: opens.given.map(|g| instance.given_sessions[g].id.clone()),
            members: seats.map(|(s, &x)| (s.id.clone(), instance.examiners[ExaminerIx(x)].id.clone())).collect(),
            sittings: Vec::new(),
        });
        after.sessions.len() - 1
    });
    // Each preparation where it fits; where none does, in the first that the candidate could use.
    let orals = &spec.orals[..held.parts as usize];
    let fits = state.preparation_rooms(held.job, held.parts, centre, opens.date, start);
    let mut fits = fits.into_iter().flatten();
    let needs = instance.candidates[spec.candidate].needs_accessible;
    let order = &model.preparation_order[centre.ix()];
    let first = order.iter().find(|&&p| !needs || instance.preparation_rooms[p].accessible).or(order.first()).copied();
    let mut from = start;
    for &o in orals {
        let oral = &instance.orals[o];
        let room = (oral.preparation > 0).then(|| fits.next().or(first)).flatten();
        put(&mut after, at, instance, o, room, from);
        from += oral.duration;
    }
    after.sessions[at].sittings.sort_by_key(|s| s.start);
    let rules: BTreeSet<&str> = refusal.blames.iter().map(|b| b.rule.name).collect();
    let mut broken = check(instance, &after, None).violations;
    broken.retain(|v| v.rule != "oral-once" && !known.contains(v));
    // The checker has the last word on what is broken; what was blamed comes first.
    broken.sort_by_key(|v| !rules.contains(v.rule));
    broken
}

fn is(instance: &Instance, sitting: &Sitting, o: OralIx) -> bool {
    let oral = &instance.orals[o];
    sitting.candidate == instance.candidates[oral.candidate].id && sitting.exam == instance.exam_of(o).id
}

fn put(schedule: &mut Schedule, at: usize, instance: &Instance, o: OralIx, room: Option<PrepIx>, from: Minutes) {
    let oral = &instance.orals[o];
    let (candidate, exam) = (instance.candidates[oral.candidate].id.clone(), instance.exam_of(o).id.clone());
    schedule.unscheduled.retain(|l: &Left| (&l.candidate, &l.exam) != (&candidate, &exam));
    schedule.sessions[at].sittings.push(Sitting {
        candidate,
        exam,
        preparation_room: room.map(|p| instance.preparation_rooms[p].id.clone()),
        preparation_start: Clock(from - oral.preparation),
        start: Clock(from),
        end: Clock(from + oral.duration),
    });
}
