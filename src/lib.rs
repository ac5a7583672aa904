//! crate docs

pub mod check;
pub mod cli;
pub mod explain;
pub mod fault;
pub mod instance;
pub mod lang;
pub mod mip;
pub mod moves;
pub mod objective;
pub mod read;
pub mod regulation;
pub mod rules;
pub mod schedule;
pub mod search;
pub mod state;
pub mod strategy;
