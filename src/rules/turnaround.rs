//! Hard rule `turnaround`.

use super::{Rule, Violation};
use crate::hours::{Ask, ExaminerHours, Others, OwnHours, RoomHours};
use crate::linear::Var;
use crate::program::{Program, Spot, Sum, Task, joined, times};
use crate::schedule::Plan;
use crate::schedule::{PlanSession, PlanSitting};
use crate::starts::{FOREVER, Shut};
use crate::tr;
use std::collections::BTreeSet;

/// The rule.
pub static RULE: Rule = Rule {
    name: "turnaround",
    summary: || {
        tr!(
            "in a room and for an examiner, sessions do not overlap and each sitting is followed by its turnaround",
            "dans une salle et pour un interrogateur, pas de vacations qui se chevauchent, et le battement après chaque passage"
        )
    },
    source: super::policy,
    violations,
    narrow: super::leaves_all,
    post,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    for ((room, _), sessions) in plan.room_days() {
        let room = &plan.instance.rooms[room];
        apart(plan, &sessions, &format!("{}/{}", plan.instance.centres[room.centre].id, room.id), found);
    }
    for (x, _, sessions) in plan.examiner_days() {
        apart(plan, &sessions, &plan.instance.examiners[x].id, found);
    }
}

fn apart(plan: &Plan, sessions: &[&PlanSession], who: &str, found: &mut Vec<Violation>) {
    for (i, a) in sessions.iter().enumerate() {
        for b in sessions[i + 1..].iter().take_while(|b| b.span.from < a.span.to).filter(|b| a.span.meets(b.span)) {
            let (first, second) = (&a.raw.id, &b.raw.id);
            let message = tr!("{who} has {first} and {second} at once", "{who} a {first} et {second} à la fois");
            found.push(Violation::new(&RULE, format!("{first}, {second}"), message));
        }
    }
    let mut sittings: Vec<&PlanSitting> = sessions.iter().flat_map(|s| &s.sittings).collect();
    sittings.sort_by_key(|s| s.time);
    for pair in sittings.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let Some(exam) = a.exam.map(|e| &plan.instance.regulation.exams[e]) else { continue };
        let follows = b.exam.is_some_and(|e| plan.instance.regulation.exams[e].follows == a.exam)
            && a.raw.candidate == b.raw.candidate;
        let pause = b.time.from - a.time.to;
        // A follower that is not at its place breaks `follows`.
        if pause < exam.turnaround && !follows {
            let (first, due) = (a.name(), exam.turnaround);
            let message = tr!(
                "{who} has {pause} min after {first}, {due} are due",
                "{who} a {pause} min après {first}, il en faut {due}"
            );
            found.push(Violation::new(&RULE, b.name(), message));
        }
    }
}

/// After and before the sittings that the session hears already.
pub(super) fn own(own: &OwnHours, ask: &Ask, starts: &mut impl Shut) {
    for sitting in own.sittings {
        let before = sitting.span.from - ask.length - ask.turnaround;
        starts.between(before, sitting.span.to + sitting.turnaround);
    }
}

/// Where the room's other sessions leave it.
pub(super) fn room(day: &RoomHours, ask: &Ask, starts: &mut impl Shut) {
    beside(&day.others, ask, starts);
}

/// Where the examiner's other sessions leave them.
pub(super) fn examiner(day: &ExaminerHours, ask: &Ask, starts: &mut impl Shut) {
    beside(&day.others, ask, starts);
}

/// The session, as it would then be, lies wholly before or after each of the others.
#[inline]
fn beside(others: &Others, ask: &Ask, starts: &mut impl Shut) {
    for other in others.iter() {
        let (before, after) = (other.span.from - ask.length - ask.turnaround, other.span.to + other.turnaround);
        match ask.joins {
            Some(span) if other.span.from >= span.to => starts.between(before, FOREVER),
            Some(_) => starts.between(-FOREVER, after),
            None => starts.between(before, after),
        }
    }
}

fn post(program: &mut Program) {
    for a in 0..program.tasks.len() {
        for b in a + 1..program.tasks.len() {
            let together = together(program, a, b);
            if together.is_empty() {
                continue;
            }
            let name = |a: usize, b: usize| format!("before({}.{})", program.name(a), program.name(b));
            let names = [name(a, b), name(b, a)];
            let [ab, ba] = names.map(|name| program.choice(name, 0.0));
            program.before.extend([((a, b), ab), ((b, a), ba)]);
            program.at_most(vec![(ab, 1.0), (ba, 1.0)], 1.0);
            for both in together {
                program.at_most(joined(both, vec![(ab, -1.0), (ba, -1.0)]), 1.0);
            }
            after(program, a, b, ab);
            after(program, b, a, ba);
        }
    }
    sessions_apart(program);
}

/// Sums that are 2 where the two orals share a room, or an examiner, in the same part of a date.
fn together(program: &Program, a: usize, b: usize) -> Vec<Sum> {
    let mut sums = Vec::new();
    let (one, other) = (&program.tasks[a], &program.tasks[b]);
    let part = |s: Spot| (s.centre, s.date, program.part(s.half));
    let rooms: BTreeSet<_> = one.places.iter().map(|p| (p.room, part(p.spot))).collect();
    for (room, here) in rooms {
        let there = program.placed(b, |p| p.room == room && part(p.spot) == here);
        if !there.is_empty() {
            sums.push(joined(program.placed(a, |p| p.room == room && part(p.spot) == here), there));
        }
    }
    let chairs =
        |t: &Task| -> BTreeSet<_> { t.chairs.iter().flatten().map(|(c, _)| (c.examiner, part(c.spot))).collect() };
    for &(x, here) in chairs(one).intersection(&chairs(other)) {
        let hears = |t: usize| program.hears(t, x, |s| part(s) == here);
        sums.push(joined(hears(a), hears(b)));
    }
    sums
}

/// The second starts after the first and its turnaround, if `before` says so.
fn after(program: &mut Program, first: usize, second: usize, before: Var) {
    let task = &program.tasks[first];
    let follows = program.tasks[second].lead == Some(first);
    let turnaround = if follows { 0.0 } else { f64::from(task.turnaround) };
    let length = f64::from(task.duration) + turnaround;
    let never = program.latest(first) + length;
    let mut row = joined(program.start(first), times(program.start(second), -1.0));
    row.push((before, never));
    // Where something follows the first, its own turnaround counts instead.
    for f in (0..program.tasks.len()).filter(|&f| program.tasks[f].lead == Some(first) && !follows) {
        row.extend(times(program.heard(f), -turnaround));
    }
    program.at_most(row, never - length);
}

/// Nothing that shares a room or people with a session is heard between two of its sittings.
fn sessions_apart(program: &mut Program) {
    let before = program.before.clone();
    for (&(a, b), &next) in &program.next.clone() {
        program.at_most(vec![(next, 1.0), (before[&(a, b)], -1.0)], 0.0);
        for c in (0..program.tasks.len()).filter(|&c| c != a && c != b) {
            if let (Some(&ca), Some(&cb)) = (before.get(&(c, a)), before.get(&(c, b))) {
                program.at_most(vec![(next, 1.0), (cb, 1.0), (ca, -1.0)], 1.0);
                program.at_most(vec![(next, 1.0), (before[&(a, c)], 1.0), (before[&(b, c)], -1.0)], 1.0);
            }
        }
    }
}
