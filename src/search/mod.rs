//! Heuristic search on the state: a constructive start, what is pinned first, and parallel annealing over the moves.

pub mod anneal;
pub mod construct;
pub mod ejection;
pub mod lanes;
mod replay;
