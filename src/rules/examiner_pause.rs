//! Hard rule `examiner-pause`.

use super::{Rule, Violation};
use crate::hours::{Ask, ExaminerHours};
use crate::instance::{ExaminerIx, Instance, Interval, Minutes};
use crate::linear::Var;
use crate::program::{Program, Spot, joined, times};
use crate::schedule::{Plan, PlanSitting};
use crate::starts::{FOREVER, Shut};
use crate::tr;
use smallvec::SmallVec;
use std::collections::BTreeMap;

/// The rule.
pub static RULE: Rule = Rule {
    name: "examiner-pause",
    summary: || {
        tr!(
            "an examiner has a pause after so many minutes",
            "un interrogateur a une pause après tant de minutes d'interrogation"
        )
    },
    source: super::policy,
    violations,
    narrow: super::leaves_all,
    post,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    let instance = plan.instance;
    let Some(limit) = instance.policy.pause_after else { return };
    for (x, date, sessions) in plan.examiner_days() {
        let mut halves: BTreeMap<Option<usize>, Vec<&PlanSitting>> = BTreeMap::new();
        for sitting in sessions.iter().flat_map(|s| &s.sittings) {
            halves.entry(instance.half_day_of(sitting.time)).or_default().push(sitting);
        }
        for mut sittings in halves.into_values() {
            sittings.sort_by_key(|s| s.time);
            for time in too_long(instance, &sittings, |s| s.time, |a, b| follows(instance, a, b)) {
                let (minutes, at) = (time.minutes(), format!("{} {date}", instance.examiners[x].id));
                let message = tr!(
                    "hears for {minutes} min without a pause ({time}), {limit} at most",
                    "entend {minutes} min sans pause ({time}), {limit} au plus"
                );
                found.push(Violation::new(&RULE, at, message));
            }
        }
    }
}

/// The parts of a half-day, given in order of time, that last too long without a pause. A sitting with those that follow it may.
fn too_long<S>(
    instance: &Instance,
    sittings: &[S],
    time: impl Fn(&S) -> Interval + Copy,
    follows: impl Fn(&S, &S) -> bool,
) -> impl Iterator<Item = Interval> {
    let limit = instance.policy.pause_after.map_or(Minutes::MAX, |limit| limit as Minutes);
    let pause = instance.policy.pause as Minutes;
    let parts = sittings.chunk_by(move |a, b| time(b).from - time(a).to < pause);
    parts
        .filter(move |part| !part.windows(2).all(|pair| follows(&pair[0], &pair[1])))
        .map(move |part| Interval::new(time(&part[0]).from, time(&part[part.len() - 1]).to))
        .filter(move |whole| whole.minutes() > limit)
}

/// Whether the second sitting follows the first: the same candidate, in an exam that asks for it.
fn follows(instance: &Instance, first: &PlanSitting, second: &PlanSitting) -> bool {
    first.raw.candidate == second.raw.candidate
        && second.exam.is_some_and(|e| {
            let lead = instance.regulation.exams[e].follows;
            lead.is_some() && lead == first.exam
        })
}

/// Whether an examiner who hears these in one half-day, in order of time, has their pauses. Each is a sitting with those that
/// follow it.
pub fn rested(instance: &Instance, heard: &[Interval]) -> bool {
    too_long(instance, heard, |s| *s, |_, _| false).next().is_none()
}

/// The same of sittings one by one, which may overlap: those with the same number follow one another.
pub fn rested_one_by_one(instance: &Instance, heard: &[(Interval, u32)]) -> bool {
    too_long(instance, heard, |s| s.0, |a, b| a.1 == b.1).next().is_none()
}

/// Not where the sitting, with those that lie too close to it, would last too long.
pub(super) fn examiner(day: &ExaminerHours, ask: &Ask, starts: &mut impl Shut) {
    let Some(limit) = ask.instance.policy.pause_after else { return };
    let (limit, pause, length) = (limit as Minutes, ask.instance.policy.pause as Minutes, ask.length);
    let near = |a: &Interval, b: &Interval| b.from - a.to < pause;
    // Each with the part that it is in.
    let mut heard: SmallVec<[(Interval, Interval); 8]> = SmallVec::new();
    for part in day.heard.chunk_by(near) {
        let whole = Interval::new(part[0].from, part[part.len() - 1].to);
        heard.extend(part.iter().map(|&own| (own, whole)));
    }
    for i in 0..=heard.len() {
        let (earlier, later) = (i.checked_sub(1).map(|i| heard[i]), heard.get(i));
        let (first, last) =
            (earlier.map_or(-FOREVER, |(own, _)| own.to), later.map_or(FOREVER, |(own, _)| own.from - length));
        // Closer than a pause to what comes before up to `near`, and to what comes after from `far` on.
        let (near, far) = (first + pause, last - pause);
        if let Some((_, part)) = earlier {
            starts.between((part.from + limit - length).max(first - 1), near.min(last + 1));
        }
        if let Some((_, part)) = later {
            starts.between(far.max(first - 1), (part.to - limit).min(last + 1));
        }
        if let (Some((_, one)), Some((_, other))) = (earlier, later)
            && other.to - one.from > limit
        {
            starts.between(far.max(first - 1), near.min(last + 1));
        }
    }
}

fn post(program: &mut Program) {
    let Some(limit) = program.instance.policy.pause_after else { return };
    for (x, _) in program.instance.examiners.enumerate() {
        for spot in program.spots_of(x) {
            let own: Vec<usize> =
                (0..program.tasks.len()).filter(|&t| !program.hears(t, x, |s| s == spot).is_empty()).collect();
            if own.len() > 1 {
                half_day(program, x, spot, &own, f64::from(limit));
            }
        }
    }
}

/// Of any two that the examiner hears there, a pause lies between them or the part that holds both is not too long.
fn half_day(program: &mut Program, x: ExaminerIx, spot: Spot, own: &[usize], limit: f64) {
    let pause = f64::from(program.instance.policy.pause);
    let day = 24.0 * 60.0;
    let never = 2.0 * day;
    let at = format!("{}.{}", program.instance.examiners[x].id, program.spot_name(spot));
    // Since when the part lasts in which the oral is heard.
    let since: BTreeMap<usize, Var> =
        own.iter().map(|&t| (t, program.var(format!("since({}.{at})", program.name(t)), 0.0, day))).collect();
    let chain = |program: &Program, t: usize| {
        let whole = std::iter::successors(Some(t), |&t| program.tasks[t].lead).last().unwrap_or(t);
        let own = (0..program.tasks.len())
            .filter(|&o| std::iter::successors(Some(o), |&o| program.tasks[o].lead).any(|o| o == whole));
        (whole, own.map(|o| f64::from(program.tasks[o].duration)).sum::<f64>())
    };
    for &t in own {
        let heard = program.hears(t, x, |s| s == spot);
        program.at_most(joined(vec![(since[&t], 1.0)], times(program.start(t), -1.0)), 0.0);
        if chain(program, t).1 <= limit {
            // start + length - since <= limit, where the examiner hears it
            let row = joined(program.start(t), joined(vec![(since[&t], -1.0)], times(heard, never)));
            program.at_most(row, limit - f64::from(program.tasks[t].duration) + never);
        }
    }
    for &a in own {
        for &b in own {
            let Some(&before) = program.before.get(&(a, b)).filter(|_| a != b) else { continue };
            let both = joined(program.hears(a, x, |s| s == spot), program.hears(b, x, |s| s == spot));
            let rests = program.choice(format!("rests({}.{}.{at})", program.name(a), program.name(b)), 0.0);
            // start b >= end a + pause, where they rest
            let row = joined(program.start(b), joined(times(program.start(a), -1.0), vec![(rests, -never)]));
            program.at_least(row, f64::from(program.tasks[a].duration) + pause - never);
            // since b <= since a, unless they rest, or do not come one after the other, or not before that examiner
            let row = vec![(since[&b], 1.0), (since[&a], -1.0), (rests, -never), (before, never)];
            program.at_most(joined(row, times(both.clone(), never)), 3.0 * never);
            let ((one, long_a), (other, long_b)) = (chain(program, a), chain(program, b));
            if one != other && long_a.max(long_b) > limit {
                program.at_most(joined(both, vec![(before, 1.0), (rests, -1.0)]), 2.0);
            }
        }
    }
}
