//! Hard rule `examiner-available`.

use super::{Rule, Violation};
use crate::hours::{Ask, ExaminerHours};
use crate::instance::{ExaminerIx, Interval, Minutes};
use crate::program::{Draft, Program};
use crate::schedule::Plan;
use crate::schedule::PlanSession;
use crate::starts::Shut;
use crate::tr;
use std::collections::BTreeSet;

/// The rule.
pub static RULE: Rule = Rule {
    name: "examiner-available",
    summary: || {
        tr!(
            "from the briefing to the last end, each member is available in one stretch",
            "de la réunion préalable à la dernière fin, chaque membre est disponible d'un seul tenant"
        )
    },
    source: super::policy,
    violations,
    narrow,
    post,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    for session in plan.sessions.iter().filter(|s| !s.sittings.is_empty()) {
        let presence = presence(plan, session);
        for (id, x) in session.members.iter().filter_map(|m| Some((m.id, m.examiner?))) {
            let available = &plan.instance.examiners[x].available;
            if !available.iter().any(|a| a.date == session.date && a.time.contains(presence)) {
                let date = session.date;
                let message = tr!(
                    "{id} is not available on {date} for all of {presence}",
                    "{id} n'est pas disponible le {date} sur tout {presence}"
                );
                found.push(Violation::new(&RULE, &session.raw.id, message));
            }
        }
    }
}

/// When the members must be there: from the briefing to the last end.
pub(super) fn presence(plan: &Plan, session: &PlanSession) -> Interval {
    Interval::new(session.span.from - plan.instance.policy.briefing as Minutes, session.span.to)
}

/// The session, as it would then be, lies within one entry.
pub(super) fn examiner(day: &ExaminerHours, ask: &Ask, starts: &mut impl Shut) {
    let briefing = ask.instance.policy.briefing as Minutes;
    let has_all =
        |entry: &Interval| ask.joins.is_none_or(|span| entry.contains(Interval::new(span.from - briefing, span.to)));
    let entries = day.available.iter().copied().filter(has_all);
    starts.all_but(entries.map(|e| Interval::new(e.from + briefing, e.to - ask.length)));
}

fn narrow(draft: &mut Draft) {
    draft.keep_chairs(|instance, _, _, chair| {
        let (date, briefing) = (instance.dates[chair.spot.date], instance.policy.briefing as Minutes);
        let entries = instance.examiners[chair.examiner].available.iter().filter(move |a| a.date == date);
        entries.map(|a| Interval::new(a.time.from + briefing, a.time.to)).collect::<Vec<_>>()
    });
}

fn post(program: &mut Program) {
    for t in 0..program.tasks.len() {
        let (task, latest) = (program.tasks[t].clone(), program.latest(t));
        let end = latest + f64::from(task.duration);
        for chairs in &task.chairs {
            let holders: BTreeSet<ExaminerIx> = chairs.iter().map(|(c, _)| c.examiner).collect();
            for x in holders {
                let own = || chairs.iter().filter(|(c, _)| c.examiner == x);
                let (mut from, mut to) = (program.start(t), program.start(t));
                // Only where the stretch cuts into the hours that the oral has there.
                for (chair, held) in own() {
                    let hours = || task.places.iter().filter(|p| p.spot == chair.spot).map(|p| p.starts);
                    if hours().any(|h| h.from < chair.within.from) {
                        from.push((*held, -f64::from(chair.within.from)));
                    }
                    if hours().any(|h| h.to + task.duration > chair.within.to) {
                        to.push((*held, end - f64::from(chair.within.to)));
                    }
                }
                if from.len() > 1 {
                    program.at_least(from, 0.0);
                }
                if to.len() > 1 {
                    program.at_most(to, latest);
                }
            }
        }
    }
}
