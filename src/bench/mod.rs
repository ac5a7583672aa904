//! Comparing strategies: independent jobs ([`job`]), each run and checked ([`run`], [`peer`]), their records
//! ([`record`]) kept in a folder that a stopped campaign goes on from ([`store`]); what they say together
//! ([`summary`], [`report`]) and the best that was ever found ([`best_known`]).

pub mod best_known;
pub mod job;
pub mod peer;
pub mod record;
pub mod report;
pub mod run;
pub mod statistics;
pub mod store;
pub mod summary;
