//! Cost term `oral_moved`.

use super::{Charge, Term};
use crate::instance::OralIx;
use crate::program::{Program, joined};
use crate::schedule::Sat;
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "oral_moved",
    summary: || tr!("orals whose date, centre or start differs from the published schedule", "oraux qui changent de date, de centre ou d'heure par rapport au planning publié"),
    source: super::policy,
    weight: |w| w.oral_moved,
    charges,
    post,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    for o in plan.instance.orals.indices() {
        Charge::push(charges, i64::from(moved(plan, o)), || plan.instance.oral_name(o));
    }
}

/// The places of an oral in the published schedule and in this one, where it is in both.
pub(super) fn both<'p>(plan: &'p Plan<'p>, o: OralIx) -> Option<(Sat<'p, 'p>, Sat<'p, 'p>)> {
    Some((plan.baseline?.of_oral(o).next()?, plan.of_oral(o).next()?))
}

/// Whether an oral scheduled in both differs in date, centre or start.
pub(super) fn moved(plan: &Plan, o: OralIx) -> bool {
    both(plan, o).is_some_and(|(a, b)| {
        (a.session.date, &a.session.raw.centre, a.sitting.raw.start)
            != (b.session.date, &b.session.raw.centre, b.sitting.raw.start)
    })
}

fn post(program: &mut Program) {
    let weight = f64::from(program.instance.weights.oral_moved);
    for t in 0..program.tasks.len() {
        let Some(unmoved) = program.unmoved(t) else { continue };
        let moved = program.choice(format!("moved({})", program.name(t)), weight);
        program.at_most(joined(program.heard(t), vec![(unmoved, -1.0), (moved, -1.0)]), 0.0);
    }
}
