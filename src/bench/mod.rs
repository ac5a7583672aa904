//! Comparing strategies: independent jobs ([`job`]), each run and checked ([`run`]), their records
//! ([`record`]) kept in a folder that a stopped campaign goes on from ([`store`]).

pub mod job;
pub mod record;
pub mod run;
pub mod store;
