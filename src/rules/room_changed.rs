//! Cost term `room_changed`.

use super::{Charge, Term};
use crate::program::{Program, joined};
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "room_changed",
    summary: || tr!("orals at their published date, centre and hour in another exam room", "oraux maintenus au même jour, centre et heure mais dans une autre salle"),
    source: super::policy,
    weight: |w| w.room_changed,
    charges,
    post,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    for o in plan.instance.orals.indices() {
        let changed = !super::oral_moved::moved(plan, o)
            && super::oral_moved::both(plan, o).is_some_and(|(a, b)| a.session.raw.room != b.session.raw.room);
        Charge::push(charges, i64::from(changed), || plan.instance.oral_name(o));
    }
}

fn post(program: &mut Program) {
    let weight = f64::from(program.instance.weights.room_changed);
    for t in 0..program.tasks.len() {
        let Some(unmoved) = program.unmoved(t) else { continue };
        let was = program.baseline.and_then(|b| b.of_oral(program.tasks[t].oral).next());
        let Some(room) = was.map(|s| s.session.room) else { continue };
        let elsewhere = program.placed(t, |p| Some(p.room) != room);
        let changed = program.choice(format!("exchanged({})", program.name(t)), weight);
        program.at_most(joined(elsewhere, vec![(unmoved, 1.0), (changed, -1.0)]), 1.0);
    }
}
