//! Hard rule `turnaround`.

use super::{Rule, Violation};
use crate::schedule::{PlanSession, PlanSitting};
use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "turnaround",
    summary: || tr!("in a room and for an examiner, sessions do not overlap and each sitting is followed by its turnaround", "dans une salle et pour un interrogateur, pas de vacations qui se chevauchent, et le battement après chaque passage"),
    source: super::policy,
    violations,
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
    for pair in sessions.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        if a.span.meets(b.span) {
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
            && a.candidate == b.candidate;
        let pause = b.time.from - a.time.to;
        if pause < exam.turnaround && !(follows && pause >= 0) {
            let (first, due) = (a.name(), exam.turnaround);
            let message = tr!("{who} has {pause} min after {first}, {due} are due", "{who} a {pause} min après {first}, il en faut {due}");
            found.push(Violation::new(&RULE, b.name(), message));
        }
    }
}
