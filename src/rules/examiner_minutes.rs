//! Hard rule `examiner-minutes`.

use super::{Rule, Violation};
use crate::instance::{Instance, Minutes};
use crate::parts::ExaminerLoad;
use crate::program::{Program, times};
use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "examiner-minutes",
    summary: || {
        tr!(
            "an examiner hears at most so many minutes and sittings a date",
            "un interrogateur entend au plus tant de minutes et de passages par jour"
        )
    },
    source: super::policy,
    violations,
    narrow: super::leaves_all,
    post,
};

/// Not more minutes nor sittings than a date may have.
pub(super) fn allows(part: &ExaminerLoad, instance: &Instance) -> bool {
    part.minutes <= instance.policy.examiner_minutes_a_day as Minutes
        && instance.sittings_a_day(part.examiner).is_none_or(|most| part.sittings <= i64::from(most))
}

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    let policy = &plan.instance.policy;
    for (x, date, sessions) in plan.examiner_days() {
        let at = format!("{} {date}", plan.instance.examiners[x].id);
        let minutes: Minutes = sessions.iter().flat_map(|s| &s.sittings).map(|s| s.time.minutes()).sum();
        let limit = policy.examiner_minutes_a_day;
        if minutes > limit as Minutes {
            let message = tr!("hears {minutes} min, {limit} at most", "entend {minutes} min, {limit} au plus");
            found.push(Violation::new(&RULE, &at, message));
        }
        let count: usize = sessions.iter().map(|s| s.sittings.len()).sum();
        if let Some(limit) = plan.instance.sittings_a_day(x).filter(|&l| count > l as usize) {
            let message = tr!("hears {count} sittings, {limit} at most", "entend {count} passages, {limit} au plus");
            found.push(Violation::new(&RULE, &at, message));
        }
    }
}

fn post(program: &mut Program) {
    let instance = program.instance;
    for (&(x, centre, date), &convened) in &program.convened.clone() {
        let limits = [Some(instance.policy.examiner_minutes_a_day), instance.sittings_a_day(x)];
        for (limit, minutes) in limits.iter().zip([true, false]) {
            let Some(limit) = limit else { continue };
            let mut row = vec![(convened, -f64::from(*limit))];
            for t in 0..program.tasks.len() {
                let weight = if minutes { f64::from(program.tasks[t].duration) } else { 1.0 };
                row.extend(times(program.hears(t, x, |s| (s.centre, s.date) == (centre, date)), weight));
            }
            program.at_most(row, 0.0);
        }
    }
}
