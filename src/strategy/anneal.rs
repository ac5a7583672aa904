//! `anneal`: simulated annealing over destroy-and-repair moves and changes of people, in parallel lanes that
//! share what they learn.

use super::{Bound, By, Outcome, Progress, Strategy, Task, greedy};
use crate::search::anneal::Cooling;
use crate::search::lanes::{Course, improve};
use crate::tr;

/// Lanes of a reproducible run, whatever the number of threads.
const LANES: usize = 4;

/// From the price of an examiner's day to that of a few minutes' wait: at the start whole days are exchanged
/// freely, at the end only the hours still move.
pub(super) const COOLING: Cooling = Cooling { hot: 2000.0, cold: 8.0 };

/// For few orals with time to spare: above this nothing settles yet, and the time is better spent below.
const UNHURRIED: Cooling = Cooling { hot: 800.0, cold: 8.0 };

/// The share of the budget after which lanes that work on the same dates meet.
const TOGETHER: f64 = 0.3;

/// Against a published schedule: hot enough to exchange two convocations, too cold to plan anew.
const GENTLE: Cooling = Cooling { hot: 300.0, cold: 8.0 };

/// See the module.
pub struct Anneal;

impl Strategy for Anneal {
    fn name(&self) -> &'static str {
        "anneal"
    }

    fn summary(&self) -> String {
        tr!(
            "annealing over destroy-and-repair moves, in parallel lanes that share what they learn",
            "recuit simulé par destruction et réparation, en files parallèles qui partagent leurs trouvailles"
        )
    }

    fn solve<'m>(&self, task: &Task<'_, 'm>) -> Outcome<'m> {
        anneal(task, &|| None)
    }
}

/// Anneals while `bound` is asked now and then, until the best schedule is as near to it as the budget asks.
pub(super) fn anneal<'m>(task: &Task<'_, 'm>, bound: Bound) -> Outcome<'m> {
    let cooling = if task.model.baseline.is_some() { GENTLE } else { COOLING };
    run(task, bound, cooling, By::Annealing)
}

/// The same for few orals and time to spare: lanes that cannot have dates of their own are searches of their own to the
/// end, and the best of them counts.
pub(super) fn apart<'m>(task: &Task<'_, 'm>, bound: Bound) -> Outcome<'m> {
    if task.model.baseline.is_some() { anneal(task, bound) } else { course(task, bound, UNHURRIED, 1.0, By::Annealing) }
}

/// The same with a cooling of its own.
pub(super) fn run<'m>(task: &Task<'_, 'm>, bound: Bound, cooling: Cooling, by: By) -> Outcome<'m> {
    course(task, bound, cooling, TOGETHER, by)
}

fn course<'m>(task: &Task<'_, 'm>, bound: Bound, cooling: Cooling, together: f64, by: By) -> Outcome<'m> {
    let start = greedy::start(task);
    let lanes = if task.budget.iterations.is_some() { LANES } else { task.threads };
    let course = Course { seed: task.seed, lanes, threads: task.threads, cooling, together };
    let mut best = start.clone();
    let mut found = greedy::by(task);
    let mut tries = 0;
    let tally = improve(start, &course, &mut |round| {
        tries = round.tries;
        if round.state.value() < best.value() {
            best.clone_from(round.state);
            found = by;
        }
        let proven = bound();
        let elapsed = task.budget.started.elapsed();
        (task.watch)(&Progress { elapsed, bound: proven, tries, by: found }, &best);
        if task.budget.reached(best.value(), proven) { None } else { task.progress(tries) }
    });
    Outcome { best, bound: bound(), by: found, tries, tally }
}
