//! Hard rule `examiner-event`.

use super::examiner_available::presence;
use super::{Rule, Violation};
use crate::hours::{Ask, ExaminerHours};
use crate::instance::{Interval, Minutes};
use crate::program::Draft;
use crate::schedule::Plan;
use crate::starts::{FOREVER, Shut};
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "examiner-event",
    summary: || {
        tr!(
            "no member is at a meeting that concerns them while convened",
            "aucun membre n'est convoqué pendant une réunion qui le concerne"
        )
    },
    source: || {
        tr!(
            "circular, E5 (marking-scheme meeting); calendar",
            "circulaire, E5 (réunion de mise au point du barème) ; calendrier"
        )
    },
    violations,
    narrow,
    post: super::asks_nothing,
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

/// The session, as it would then be, meets no event.
pub(super) fn examiner(day: &ExaminerHours, ask: &Ask, starts: &mut impl Shut) {
    let briefing = ask.instance.policy.briefing as Minutes;
    for event in day.events {
        let (from, to) = (event.from - ask.length, event.to + briefing);
        match ask.joins {
            Some(span) if span.from - briefing >= event.to => starts.between(-FOREVER, to),
            Some(span) if span.to <= event.from => starts.between(from, FOREVER),
            Some(_) => starts.between(-FOREVER, FOREVER),
            None => starts.between(from, to),
        }
    }
}

fn narrow(draft: &mut Draft) {
    draft.keep_chairs(|instance, _, _, chair| {
        let (x, briefing) = (chair.examiner, instance.policy.briefing as Minutes);
        let date = instance.dates[chair.spot.date];
        let events = instance.events.iter().filter(|e| e.date == date && e.concerns(x, &instance.examiners[x]));
        events.fold(vec![chair.within], |left, e| {
            // Whoever comes from a meeting still has to read the files.
            let taken = Interval::new(e.time.from, e.time.to + briefing);
            left.into_iter().flat_map(|w| w.without(taken)).collect()
        })
    });
}
