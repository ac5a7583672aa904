//! Proven lower bounds on the cost of every schedule of an instance, by linear and integer programming (HiGHS).
//!
//! The argument for each row of the model is in `docs/DESIGN.md`, under "The bound".

mod count;
pub mod demand;
mod exact;
mod half;
mod model;
mod plan;
mod professions;
mod solve;
mod windows;
mod world;

pub use exact::{Found, exact, write_model};
pub use plan::{Duties, can_plan, plan};

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::linear::{Linear, Var};
use model::Aggregated;
use professions::{Needed, Relaxed};
use solve::{End, News, Run};
use world::World;

use crate::instance::{DateIx, Instance};
use crate::objective::grain;
use crate::tr;

/// A proven lower bound.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// No valid schedule costs less.
    pub value: i64,
    /// What proves it, in words: the model and how its solve ended.
    pub proof: String,
    /// How long the whole took.
    pub seconds: f64,
}

/// What a bound may use.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Wall-clock time; the answer comes within about a second of it, or of `first` where that is more.
    pub time: Duration,
    /// So long the first relaxation may take in any case: what comes before it is no bound to speak of.
    pub first: Duration,
    /// Threads of the solver.
    pub threads: u32,
    /// Whether examiners in reserve may sit: they do in a re-plan, whose cost is bounded only with them.
    pub reserves: bool,
    /// Set from outside, ends the search for a better bound.
    pub stop: Arc<AtomicBool>,
}

impl Limits {
    /// So much time on one thread, without reserves.
    pub fn time(time: Duration) -> Limits {
        Limits { time, first: time, threads: 1, reserves: false, stop: Arc::default() }
    }

    fn run(&self, deadline: Instant) -> Run {
        let (threads, stop) = (self.threads, self.stop.clone());
        let margin = (1.0, 1e-6);
        Run { integers: true, deadline, threads, stop, solutions: false, known: Vec::new(), margin, nodes: None }
    }
}

/// The best solution of a model that is found within the limits, and at most so many nodes of the tree if it says; `known` are
/// values of some variables in a solution to start from.
pub fn best(linear: &Arc<Linear>, known: Vec<(Var, f64)>, limits: &Limits, nodes: Option<i32>) -> Option<Vec<f64>> {
    let run = Run { solutions: true, known, nodes, ..limits.run(Instant::now() + limits.time) };
    solve::best(linear, &run).1.map(|found| found.1)
}

/// Above so many variables the model by date is left out: with people alone told date by date it is far smaller.
const LARGE: usize = 100_000;
/// Above so many variables branch and bound gets nowhere, and the search has more use for the time.
const INTEGER: usize = 20_000;

/// Up to so many due orals times cells, the model by half-day comes to an end in about a minute.
const SMALL: usize = 100;

/// The best lower bound that is proven within the limits; `on_better` hears of each better one on the way.
///
/// A re-plan costs at least as much as the same schedule alone, since its five terms more are not negative: with
/// [`Limits::reserves`] the bound holds for it too.
pub fn bound(instance: &Instance, limits: &Limits, on_better: &mut dyn FnMut(i64)) -> Bound {
    let parts = instance.parts();
    if parts.len() > 1 { by_parts(&parts, limits, on_better) } else { of_one(instance, limits, on_better) }
}

/// The sum of what each part costs at least. A part has the time that its orals are worth of what is left.
fn by_parts(parts: &[Instance], limits: &Limits, on_better: &mut dyn FnMut(i64)) -> Bound {
    let start = Instant::now();
    let due: Vec<usize> = parts.iter().map(|p| p.due().count()).collect();
    // Each counted candidate by candidate until it has its turn.
    let mut known: Vec<i64> = parts.iter().map(counted).collect();
    on_better(known.iter().sum());
    let mut proofs = Vec::new();
    for (i, part) in parts.iter().enumerate() {
        let share = due[i] as f64 / due[i..].iter().sum::<usize>().max(1) as f64;
        let of = |time: Duration| time.saturating_sub(start.elapsed()).mul_f64(share);
        let limits = Limits { time: of(limits.time), first: of(limits.first), ..limits.clone() };
        let others = known.iter().sum::<i64>() - known[i];
        let found = of_one(part, &limits, &mut |value| on_better(others + value));
        known[i] = known[i].max(found.value);
        proofs.push(found.proof);
    }
    proofs.sort();
    proofs.dedup();
    let (n, proofs) = (parts.len(), proofs.join("; "));
    Bound {
        value: known.iter().sum(),
        proof: tr!("{n} independent parts: {proofs}", "{n} parties indépendantes : {proofs}"),
        seconds: start.elapsed().as_secs_f64(),
    }
}

fn of_one(instance: &Instance, limits: &Limits, on_better: &mut dyn FnMut(i64)) -> Bound {
    let start = Instant::now();
    let deadline = start + limits.time;
    let first = start + limits.time.max(limits.first);
    let world = World::new(instance, limits.reserves);
    let mut search = Search {
        limits,
        best: 0,
        grain: grain(instance),
        below: f64::INFINITY,
        proof: tr!("no term is negative", "aucun terme n'est négatif"),
        on_better,
    };
    let counted = tr!("each candidate counted alone", "chaque candidat compté à part");
    let least = whole(count::count(&world) as f64, search.grain);
    search.better(least, || counted);
    let by_date: Vec<Vec<DateIx>> = instance.dates.indices().map(|d| vec![d]).collect();
    let together = vec![instance.dates.indices().collect()];
    let mut by_date_too = true;
    let mut needed = Vec::new();
    // What branch and bound works on, that which proves most without it first.
    let mut models = Vec::new();
    if by_date.len() > 1 {
        let mut coarse = model::build(&world, &together);
        let name = || tr!("all dates together", "toutes dates confondues");
        let soon = Instant::now() + deadline.saturating_duration_since(Instant::now()) / 4;
        let clear = f64::from(instance.weights.unscheduled) / 2.0;
        needed = search.professions(&coarse, clear, first, soon, &name).unwrap_or_default();
        if !needed.is_empty() {
            professions::hold(&mut coarse, &needed);
            search.run(&Arc::new(coarse.linear.clone()), Way::Relaxed, deadline, &name);
        }
        let name = || tr!("people date by date", "les personnes date par date");
        let mut dated = model::build_dated(&world);
        professions::hold(&mut dated, &needed);
        let dated = Arc::new(dated.linear);
        if search.run(&dated, Way::Relaxed, deadline, &name) == End::Optimal {
            models.push((dated, name()));
        }
        by_date_too = model_size(&coarse.linear, by_date.len()) <= LARGE;
    }
    let until = if by_date.len() > 1 { deadline } else { first };
    if by_date_too && search.goes_on(until) {
        let mut fine = model::build(&world, &by_date);
        professions::hold(&mut fine, &needed);
        let fine = Arc::new(fine.linear);
        let name = || tr!("date by date", "date par date");
        let before = search.best;
        if search.run(&fine, Way::Relaxed, until, &name) == End::Optimal {
            let place = if search.best > before { 0 } else { models.len() };
            models.insert(place, (fine, name()));
        }
    }
    // Told apart by half-day and candidate, a small instance shows more of what cannot be.
    let half = (world.cells.len() * instance.due().count() <= SMALL).then(|| {
        let world = World::by_candidate(instance, limits.reserves);
        Arc::new(half::build(&world))
    });
    let left = deadline.saturating_duration_since(Instant::now());
    let soon = Instant::now() + if half.is_some() { left / 2 } else { left };
    for (model, name) in models.iter().filter(|(model, _)| model.cost.len() <= INTEGER) {
        if search.run(model, Way::Bound, soon, &|| name.clone()) != End::Optimal {
            break;
        }
    }
    if let Some(half) = half {
        // It has no row of the professions' days.
        search.below = f64::INFINITY;
        search.run(&half, Way::Solved, deadline, &|| tr!("half-day by half-day", "par demi-journée"));
    }
    Bound { value: search.best, proof: search.proof, seconds: start.elapsed().as_secs_f64() }
}

/// A bound that needs no solver: each candidate counted alone.
pub fn counted(instance: &Instance) -> i64 {
    whole(count::count(&World::new(instance, true)) as f64, grain(instance))
}

/// A bound that is quick rather than strong: each candidate counted alone, and the linear relaxation over all dates
/// together, as far as it comes within the time.
pub fn quick_bound(instance: &Instance, time: Duration) -> i64 {
    let limits = Limits::time(time);
    let world = World::new(instance, false);
    let grain = grain(instance);
    let below = f64::INFINITY;
    let mut search = Search { limits: &limits, best: 0, grain, below, proof: String::new(), on_better: &mut |_| {} };
    search.better(whole(count::count(&world) as f64, grain), String::new);
    let coarse = Arc::new(model::build(&world, &[instance.dates.indices().collect()]).linear);
    search.run(&coarse, Way::Relaxed, Instant::now() + time, &String::new);
    search.best
}

/// About how large the model by date will be.
fn model_size(coarse: &Linear, dates: usize) -> usize {
    coarse.cost.len() * dates
}

/// How a model is solved.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Without whole numbers.
    Relaxed,
    /// By branch and bound, for the bound alone.
    Bound,
    /// By branch and bound, with solutions to prune by: pays where it comes to an end.
    Solved,
}

struct Search<'a> {
    limits: &'a Limits,
    best: i64,
    grain: i64,
    /// What is proven now holds for schedules that cost less: those that cost as much are not looked at.
    below: f64,
    proof: String,
    on_better: &'a mut dyn FnMut(i64),
}

impl Search<'_> {
    fn goes_on(&self, deadline: Instant) -> bool {
        Instant::now() < deadline && !self.limits.stop.load(Ordering::Relaxed)
    }

    fn better(&mut self, value: i64, proof: impl FnOnce() -> String) {
        if value > self.best {
            self.best = value;
            self.proof = proof();
            (self.on_better)(value);
        }
    }

    fn run(&mut self, model: &Arc<Linear>, way: Way, deadline: Instant, name: &dyn Fn() -> String) -> End {
        if !self.goes_on(deadline) {
            return End::Stopped;
        }
        let kind = match way {
            Way::Relaxed => tr!("linear relaxation", "relaxation linéaire"),
            Way::Bound | Way::Solved => tr!("integer model", "modèle en nombres entiers"),
        };
        let (integers, solutions) = (way != Way::Relaxed, way == Way::Solved);
        let run = Run { integers, solutions, ..self.limits.run(deadline) };
        solve::solve(model, &run, &mut |news| {
            if let Some(News::Bound(proven)) = news {
                self.better(whole(proven.min(self.below), self.grain), || format!("{kind}, {}", name()));
            }
        })
    }

    /// The days of the professions that a model without whole numbers asks for, rounded up where that is proven, as far
    /// as it comes until `deadline`; none at all if the model itself is not solved at `first`.
    fn professions(
        &mut self,
        model: &Aggregated,
        clear: f64,
        first: Instant,
        deadline: Instant,
        name: &dyn Fn() -> String,
    ) -> Option<Vec<Needed>> {
        let (limits, grain) = (self.limits, self.grain);
        let relaxed = |linear: Linear, deadline: Instant| {
            let run = Run { integers: false, solutions: true, ..limits.run(deadline) };
            let (mut values, mut bound) = (None, None);
            solve::solve(&Arc::new(linear), &run, &mut |news| match news {
                Some(News::Bound(proven)) => bound = Some(proven),
                Some(News::Solution(found)) => values = Some(found),
                None => {}
            });
            Some(Relaxed { values: values?, bound: bound? })
        };
        let root = relaxed(model.linear.clone(), first)?;
        self.better(whole(root.bound, grain), || {
            format!("{}, {}", tr!("linear relaxation", "relaxation linéaire"), name())
        });
        let needed = professions::needed(model, &root, clear, &mut |linear| relaxed(linear, deadline));
        self.below = needed.iter().map(|n| n.below).fold(f64::INFINITY, f64::min);
        Some(needed)
    }
}

/// The least multiple of the grain of all costs that is not below a proven bound, whose last digits are not trusted.
fn whole(proven: f64, grain: i64) -> i64 {
    let least = if proven.is_finite() { (proven - 1e-3).ceil().clamp(0.0, 9e15) as i64 } else { 0 };
    least.div_euclid(grain) * grain + if least.rem_euclid(grain) > 0 { grain } else { 0 }
}
