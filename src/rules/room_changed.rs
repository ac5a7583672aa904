//! Cost term `room_changed`.

use super::{Term, ToldOf, Unit};
use crate::instance::Instance;
use crate::parts::RepublishedOral;
use crate::program::{Program, joined};
use crate::tr;

/// The term.
pub static TERM: Term = Term {
    name: "room_changed",
    summary: || {
        tr!(
            "orals at their published date, centre and hour in another exam room",
            "oraux maintenus au même jour, centre et heure mais dans une autre salle"
        )
    },
    source: super::policy,
    weight: |w| w.room_changed,
    unit: Unit::Piece,
    said: None,
    told_of: ToldOf::Nobody,
    post,
};

pub(super) fn units(part: &RepublishedOral, _instance: &Instance) -> i64 {
    i64::from(!part.moved && part.other_room)
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
