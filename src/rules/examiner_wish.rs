//! Cost term `examiner_wish`.

use super::words::n_sittings;
use super::{Term, ToldOf, Unit};
use crate::instance::{DateIx, ExaminerIx, Instance, Interval};
use crate::linear::Var;
use crate::parts::SittingHeard;
use crate::program::{Program, joined, times};
use crate::schedule::Plan;
use crate::tr;
use std::collections::BTreeSet;

/// The term.
pub static TERM: Term = Term {
    name: "examiner_wish",
    summary: || {
        tr!(
            "sittings heard by an examiner who would rather not come then",
            "passages entendus par un interrogateur à une heure qu'il aurait préféré éviter"
        )
    },
    source: super::policy,
    weight: |w| w.examiner_wish,
    unit: Unit::Piece,
    said: Some(said),
    told_of: ToldOf::Examiners,
    post,
};

pub(super) fn units(part: &SittingHeard, instance: &Instance) -> i64 {
    let mut wishes = instance.examiners[part.examiner].rather_not.iter();
    i64::from(wishes.any(|w| w.date == part.date && w.time.meets(part.time)))
}

fn said(_plan: &Plan, units: usize) -> String {
    let sittings = n_sittings(units);
    tr!("{sittings} against somebody's wish", "{sittings} contre un souhait")
}

fn post(program: &mut Program) {
    let instance = program.instance;
    for (x, who) in instance.examiners.enumerate() {
        let dates: BTreeSet<_> = who.rather_not.iter().map(|w| w.date).collect();
        for date in dates.into_iter().filter_map(|d| instance.date(d)) {
            let shunned = || who.rather_not.iter().filter(|w| w.date == instance.dates[date]).map(|w| w.time);
            for t in 0..program.tasks.len() {
                let meets = program.tasks[t].places.iter().filter(|p| p.spot.date == date).any(|p| {
                    let hours = Interval::new(p.starts.from, p.starts.to + program.tasks[t].duration);
                    shunned().any(|w| w.meets(hours))
                });
                if meets && !program.hears(t, x, |s| s.date == date).is_empty() {
                    let name = format!("wish({}.{}.{})", who.id, instance.dates[date], program.name(t));
                    let wish = program.choice(name, f64::from(instance.weights.examiner_wish));
                    shunned().for_each(|w| avoid(program, t, (x, date), w, wish));
                }
            }
        }
    }
}

/// The oral ends before the hours or starts after them, or the examiner does not hear it that date, or it is said.
fn avoid(program: &mut Program, t: usize, (x, date): (ExaminerIx, DateIx), hours: Interval, wish: Var) {
    let (latest, length) = (program.latest(t), f64::from(program.tasks[t].duration));
    let never = latest + length + f64::from(hours.to);
    let after = program.choice(format!("after({}.{x:?}.{date:?}.{})", program.name(t), hours.from), 0.0);
    // What lifts the rows: that the examiner does not hear it, or that it is said.
    let lift = |program: &Program, factor: f64| {
        let heard = times(program.hears(t, x, |s| s.date == date), -factor);
        joined(heard, vec![(wish, factor)])
    };
    // start + length <= from + never (1 - heard + wish + after)
    let lifted = joined(times(lift(program, never), -1.0), vec![(after, -never)]);
    program.at_most(joined(program.start(t), lifted), f64::from(hours.from) - length + never);
    // start >= to - never (1 - heard + wish + 1 - after)
    let lifted = joined(lift(program, never), vec![(after, -never)]);
    program.at_least(joined(program.start(t), lifted), f64::from(hours.to) - 2.0 * never);
}
