//! What a search may change: one file for each neighbourhood, all in [`MOVES`].
//!
//! A move changes the state through its primitives and leaves it feasible; whether the change is kept is the
//! search's business, which undoes it otherwise.

pub mod assign_day;
pub mod change_room;
pub(crate) mod duty;
pub mod eject_day;
pub mod exchange_hours;
pub mod fill_seat;
#[cfg(test)]
pub(crate) mod fixture;
pub mod insert;
pub mod relocate_session;
pub mod repair;
pub mod replace_day;
pub mod replace_member;
pub mod retime_session;
pub mod ruin_candidates;
pub mod ruin_cell;
pub mod ruin_day;
pub mod ruin_sessions;
pub mod ruin_strings;

use crate::state::State;

/// The generator of random numbers: small, fast, and the same stream on every machine for a seed.
pub type Random = rand_pcg::Pcg64Mcg;

/// A neighbourhood.
pub trait Move: Sync {
    /// Its name in statistics.
    fn name(&self) -> &'static str;
    /// The temperature below which a search tries it.
    fn below(&self) -> f64 {
        f64::INFINITY
    }
    /// Changes the state, or says that it found nothing to change.
    fn apply(&self, state: &mut State, rng: &mut Random) -> bool;
}

/// Every neighbourhood with its share of the tries.
pub static MOVES: &[(&dyn Move, u32)] = &[
    (&ruin_candidates::RuinCandidates, 24),
    (&ruin_sessions::RuinSessions, 16),
    (&ruin_day::RuinDay, 8),
    (&ruin_strings::RuinStrings, 20),
    (&ruin_cell::RuinCell, 6),
    (&relocate_session::RelocateSession, 6),
    (&retime_session::RetimeSession, 8),
    (&replace_member::ReplaceMember, 10),
    (&replace_day::ReplaceDay, 8),
    (&assign_day::AssignDay, 2),
    (&eject_day::EjectDay, 4),
    (&fill_seat::FillSeat, 4),
    (&change_room::ChangeRoom, 1),
    (&exchange_hours::ExchangeHours, 8),
];
