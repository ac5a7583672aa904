//! The full model solved: the best schedule of a small instance, and the proof that it is the best.

use std::path::Path;
use std::sync::Arc;

use super::solve::{self, End, News, Run};
use super::{Limits, whole};
use crate::objective::grain;
use crate::program::Program;
use crate::schedule::{Plan, Schedule};

/// What solving the full model has found.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// No valid schedule costs less.
    Bound(i64),
    /// A schedule, without its cost and reasons; the caller checks it.
    Schedule(Box<Schedule>),
}

/// Solves the full model within the limits; every better schedule and bound goes to `report`, and nothing ten times a second, for whoever waits. `known` is a schedule to start from. True if the model was solved to the end.
pub fn exact(
    mut program: Program,
    known: Option<&Plan>,
    limits: &Limits,
    report: &mut dyn FnMut(Option<Found>),
) -> bool {
    let known = known.and_then(|plan| program.encode(plan)).unwrap_or_default();
    // Its rows have small factors, and a bound that fell short of the cost by a point would prove nothing.
    let run = Run { solutions: true, known, margin: (0.25, 1e-7), ..limits.run(limits.end()) };
    let linear = Arc::new(std::mem::take(&mut program.linear));
    let grain = grain(program.instance);
    let end = solve::solve(&linear, &run, &mut |news| match news {
        Some(News::Bound(proven)) => report(Some(Found::Bound(whole(proven, grain)))),
        Some(News::Solution(values)) => report(Some(Found::Schedule(Box::new(program.decode(&values))))),
        None => report(None),
    });
    end == End::Optimal
}

/// Writes the full model to a file, as its name ends: `.lp` or `.mps`.
///
/// # Errors
/// What could not be written.
pub fn write_model(program: &Program, path: &Path) -> Result<(), String> {
    let plain = |name: &str| -> String { name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect() };
    // A solver wants each name once.
    let numbered = |(i, name): (usize, &str)| format!("{}_{i}", plain(name));
    let names: Vec<String> = program.names.iter().map(String::as_str).enumerate().map(numbered).collect();
    let rows: Vec<String> = program.origins.iter().copied().enumerate().map(numbered).collect();
    solve::write(&program.linear, &names, &rows, path)
}
