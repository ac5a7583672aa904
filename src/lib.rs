//! `oraux` plans the oral exams of a French national diploma: commissions, rooms and hours, under the rules of
//! the circular.
//!
//! An [`Instance`] says what has to be planned, a [`Schedule`] what was decided; [`solve`](solve()) makes one, [`check`](check())
//! is the verdict on one, [`replan`](replan()) changes one after a changed morning, [`explain`](explain()) says where its cost comes
//! from. `docs/design.md` says how it hangs together.
//!
//! ```
//! use oraux::{Instance, Options, check, solve};
//!
//! let instance = Instance::read("instances/small.json".as_ref()).map_err(oraux::Error::from)?;
//! let schedule = solve(&instance, &Options::iterations(1_000))?;
//! let verdict = check(&instance, &schedule, None);
//! assert!(verdict.valid && schedule.bound.is_none_or(|bound| bound <= verdict.cost.total));
//! # Ok::<(), oraux::Error>(())
//! ```

#![warn(missing_docs)]

pub mod bench;
pub mod check;
#[doc(hidden)]
pub mod cli;
pub mod csv_cell;
pub mod diagnose;
pub mod exchange;
pub mod explain;
pub mod export;
mod facade;
pub mod fault;
pub mod generate;
pub mod hours;
pub mod instance;
pub mod lang;
#[doc(hidden)]
pub mod linear;
#[doc(hidden)]
pub mod mip;
#[doc(hidden)]
pub mod moves;
pub mod objective;
pub mod output;
pub mod parts;
pub mod places;
#[doc(hidden)]
pub mod program;
pub mod project;
pub mod read;
pub mod regulation;
pub mod replan;
pub mod report;
pub mod rules;
pub mod schedule;
#[doc(hidden)]
pub mod search;
#[doc(hidden)]
pub mod serve;
pub mod starts;
#[doc(hidden)]
pub mod state;
pub mod strategy;
pub mod threads;
pub mod whatif;
pub mod words;

pub use check::check;
pub use facade::{Error, Options, explain, replan, solve};
pub use fault::Fault;
pub use instance::Instance;
pub use schedule::Schedule;
