//! `oraux` plans the oral exams of a French national diploma: commissions, rooms and hours, under the rules of
//! the circular.
//!
//! An [`instance::Instance`] says what has to be planned, a [`schedule::Schedule`] what was decided;
//! [`check::check`] is the verdict on one, a [`strategy::Strategy`] makes one. `docs/design.md` says how it hangs
//! together.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//! use std::time::Instant;
//! use oraux::{check, instance::Instance, state::Model, strategy};
//!
//! let instance = Instance::read("instances/small.json".as_ref()).expect("a shipped instance");
//! let model = Model::new(&instance, None);
//! let task = strategy::Task {
//!     model: &model,
//!     from: None,
//!     seed: 1,
//!     threads: 1,
//!     budget: strategy::Budget { started: Instant::now(), time: None, iterations: Some(1_000), gap: 0.0 },
//!     stop: &AtomicBool::new(false),
//!     watch: &|_, _| {},
//! };
//! let outcome = strategy::strategy("anneal").unwrap().solve(&task);
//! let schedule = outcome.best.freeze(|_| "not placed".into());
//! let verdict = check::check(&instance, &schedule, None);
//! assert!(verdict.valid);
//! assert_eq!(verdict.cost.total, outcome.best.cost);
//! ```

#![warn(missing_docs)]

pub mod bench;
pub mod check;
pub mod cli;
pub mod csv_cell;
pub mod diagnose;
pub mod exchange;
pub mod explain;
pub mod export;
pub mod fault;
pub mod generate;
pub mod instance;
pub mod lang;
pub mod linear;
pub mod mip;
pub mod moves;
pub mod objective;
pub mod output;
pub mod parts;
pub mod places;
pub mod program;
pub mod read;
pub mod regulation;
pub mod replan;
pub mod report;
pub mod rules;
pub mod schedule;
pub mod search;
pub mod state;
pub mod strategy;
pub mod threads;
pub mod whatif;
pub mod words;
