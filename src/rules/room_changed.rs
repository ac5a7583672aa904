//! Cost term `room_changed`.

use super::{Charge, Term};
use crate::schedule::Plan;
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "room_changed",
    summary: || tr!("orals at their published date, centre and hour in another exam room", "oraux maintenus au même jour, centre et heure mais dans une autre salle"),
    source: super::policy,
    weight: |w| w.room_changed,
    charges,
};

fn charges(plan: &Plan, charges: &mut Vec<Charge>) {
    for o in plan.instance.orals.indices() {
        let changed = !super::oral_moved::moved(plan, o)
            && super::oral_moved::both(plan, o).is_some_and(|(a, b)| a.session.raw.room != b.session.raw.room);
        Charge::push(charges, i64::from(changed), || plan.instance.oral_name(o));
    }
}
