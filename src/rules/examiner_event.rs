//! Hard rule `examiner-event`.

use super::{Rule, Violation};
use super::examiner_available::presence;
use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "examiner-event",
    summary: || tr!("no member is at a meeting that concerns them while convened", "aucun membre n'est convoqué pendant une réunion qui le concerne"),
    source: || tr!("circular, E5 (marking-scheme meeting); calendar", "circulaire, E5 (réunion de mise au point du barème) ; calendrier"),
    violations,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    let instance = plan.instance;
    for session in plan.sessions.iter().filter(|s| !s.sittings.is_empty()) {
        let presence = presence(plan, session);
        for event in instance.events.iter().filter(|e| e.date == session.date && e.time.meets(presence)) {
            for (id, x) in session.members.iter().filter_map(|m| Some((m.id, m.examiner?))) {
                if event.concerns(x, &instance.examiners[x]) {
                    let (name, time) = (&event.id, event.time);
                    let message = tr!("{id} is at {name} ({time})", "{id} est à {name} ({time})");
                    found.push(Violation::new(&RULE, &session.raw.id, message));
                }
            }
        }
    }
}
