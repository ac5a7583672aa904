//! Heuristic search on the state: a constructive start and parallel annealing over the moves.

pub mod anneal;
pub mod construct;
pub mod lanes;
mod replay;
