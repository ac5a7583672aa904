//! Proven lower bounds on the cost of every schedule of an instance, by linear and integer programming (HiGHS).
//!
//! The argument for each row of the model is in `docs/bound.md`.

mod count;
pub mod demand;
mod exact;
mod half;
mod limits;
mod model;
mod plan;
mod professions;
mod solve;
mod windows;
mod world;

pub use exact::{Found, exact, write_model};
pub use limits::{Limits, Until, Work};
pub use plan::{Duties, can_plan, plan};

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::linear::{Linear, Var};
use limits::FOREVER;
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
    /// Whether every model was solved to the end: more time or work would prove no more.
    pub ended: bool,
}

/// The best solution of a model that is found within the limits or until `stop`; `known` are values of some variables in a
/// solution to start from.
pub fn best(
    linear: &Arc<Linear>,
    known: Vec<(Var, f64)>,
    limits: &Limits,
    stop: &dyn Fn() -> bool,
) -> Option<Vec<f64>> {
    let run = Run { solutions: true, known, ..limits.run(limits.end()) };
    solve::best(linear, &run, stop).1.map(|found| found.1)
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
    let (mut proofs, mut ended) = (Vec::new(), true);
    for (i, part) in parts.iter().enumerate() {
        if limits.stopped() {
            proofs.push(tr!("each candidate counted alone", "chaque candidat compté à part"));
            ended = false;
            break;
        }
        let share = due[i] as f64 / due[i..].iter().sum::<usize>().max(1) as f64;
        let of = |time: Duration| time.min(FOREVER).saturating_sub(start.elapsed()).mul_f64(share);
        let work = limits.work.as_ref().map(|w| w.share(share));
        let own = Limits { time: of(limits.time), first: of(limits.first), work, ..limits.clone() };
        let others = known.iter().sum::<i64>() - known[i];
        let found = of_one(part, &own, &mut |value| on_better(others + value));
        if let (Some(all), Some(left)) = (&limits.work, &own.work) {
            all.put_back(left);
        }
        known[i] = known[i].max(found.value);
        ended &= found.ended;
        proofs.push(found.proof);
    }
    proofs.sort();
    proofs.dedup();
    let (n, proofs) = (parts.len(), proofs.join("; "));
    Bound {
        value: known.iter().sum(),
        proof: tr!("{n} independent parts: {proofs}", "{n} parties indépendantes : {proofs}"),
        seconds: start.elapsed().as_secs_f64(),
        ended,
    }
}

fn of_one(instance: &Instance, limits: &Limits, on_better: &mut dyn FnMut(i64)) -> Bound {
    let start = Instant::now();
    let end = limits.end();
    let first = Until { at: limits.end().at.max(start + limits.first.min(FOREVER)), ..end };
    let world = World::new(instance, limits.reserves);
    let mut search = Search {
        limits,
        // So that zero is news.
        best: -1,
        grain: grain(instance),
        below: f64::INFINITY,
        proof: tr!("no term is negative", "aucun terme n'est négatif"),
        ended: true,
        on_better,
    };
    let counted = tr!("each candidate counted alone", "chaque candidat compté à part");
    let least = whole(count::count(&world) as f64, search.grain);
    search.better(least, || counted);
    if limits.stopped() {
        // Building the models would take longer than anybody waits who wants to stop.
        return search.told(start, false);
    }
    let by_date: Vec<Vec<DateIx>> = instance.dates.indices().map(|d| vec![d]).collect();
    let together = vec![instance.dates.indices().collect()];
    let mut by_date_too = true;
    let mut needed = Vec::new();
    // What branch and bound works on, that which proves most without it first.
    let mut models = Vec::new();
    if by_date.len() > 1 {
        let Some(mut coarse) = model::build(&world, &together, &|| limits.goes_on(first)) else {
            return search.told(start, false);
        };
        let name = || tr!("all dates together", "toutes dates confondues");
        let soon = limits.before(end, 0.25);
        let clear = f64::from(instance.weights.unscheduled) / 2.0;
        needed = search.professions(&coarse, clear, first, soon, &name).unwrap_or_default();
        if !needed.is_empty() {
            professions::hold(&mut coarse, &needed);
            search.run(&Arc::new(coarse.linear.clone()), Way::Relaxed, end, &name);
        }
        let name = || tr!("people date by date", "les personnes date par date");
        let Some(mut dated) = model::build_dated(&world, &|| limits.goes_on(end)) else {
            return search.told(start, false);
        };
        professions::hold(&mut dated, &needed);
        let dated = Arc::new(dated.linear);
        if search.run(&dated, Way::Relaxed, end, &name) == End::Optimal {
            models.push((dated, name()));
        }
        by_date_too = model_size(&coarse.linear, by_date.len()) <= LARGE;
    }
    let until = if by_date.len() > 1 { end } else { first };
    if by_date_too && limits.goes_on(until) {
        let Some(mut fine) = model::build(&world, &by_date, &|| limits.goes_on(until)) else {
            return search.told(start, false);
        };
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
    let soon = limits.before(end, if half.is_some() { 0.5 } else { 1.0 });
    for (model, name) in models.iter().filter(|(model, _)| model.cost.len() <= INTEGER) {
        if search.run(model, Way::Bound, soon, &|| name.clone()) != End::Optimal {
            break;
        }
    }
    if let Some(half) = half {
        // It has no row of the professions' days.
        search.below = f64::INFINITY;
        search.run(&half, Way::Solved, end, &|| tr!("half-day by half-day", "par demi-journée"));
    }
    let ended = search.ended;
    search.told(start, ended)
}

/// A bound that needs no solver: each candidate counted alone.
pub fn counted(instance: &Instance) -> i64 {
    whole(count::count(&World::new(instance, true)) as f64, grain(instance))
}

/// A bound that is quick rather than strong: each candidate counted alone, and the linear relaxation over all dates
/// together, as far as it comes within the limits.
pub fn quick_bound(instance: &Instance, limits: &Limits) -> i64 {
    let world = World::new(instance, false);
    let grain = grain(instance);
    let below = f64::INFINITY;
    let mut search =
        Search { limits, best: 0, grain, below, proof: String::new(), ended: true, on_better: &mut |_| {} };
    search.better(whole(count::count(&world) as f64, grain), String::new);
    let end = limits.end();
    if let Some(coarse) = model::build(&world, &[instance.dates.indices().collect()], &|| limits.goes_on(end)) {
        search.run(&Arc::new(coarse.linear), Way::Relaxed, end, &String::new);
    }
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
    /// Whether everything so far was solved to the end.
    ended: bool,
    on_better: &'a mut dyn FnMut(i64),
}

impl Search<'_> {
    /// What is proven by now.
    fn told(self, start: Instant, ended: bool) -> Bound {
        Bound { value: self.best, proof: self.proof, seconds: start.elapsed().as_secs_f64(), ended }
    }

    fn better(&mut self, value: i64, proof: impl FnOnce() -> String) {
        if value > self.best {
            self.best = value;
            self.proof = proof();
            (self.on_better)(value);
        }
    }

    fn run(&mut self, model: &Arc<Linear>, way: Way, until: Until, name: &dyn Fn() -> String) -> End {
        if !self.limits.goes_on(until) {
            self.ended = false;
            return End::Stopped;
        }
        let kind = match way {
            Way::Relaxed => tr!("linear relaxation", "relaxation linéaire"),
            Way::Bound | Way::Solved => tr!("integer model", "modèle en nombres entiers"),
        };
        let (integers, solutions) = (way != Way::Relaxed, way == Way::Solved);
        let run = Run { integers, solutions, ..self.limits.run(until) };
        let end = solve::solve(model, &run, &mut |news| {
            if let Some(News::Bound(proven)) = news {
                self.better(whole(proven.min(self.below), self.grain), || format!("{kind}, {}", name()));
            }
        });
        self.ended &= end != End::Stopped;
        end
    }

    /// The days of the professions that a model without whole numbers asks for, rounded up where that is proven, as far
    /// as it comes until `soon`; none at all if the model itself is not solved at `first`.
    fn professions(
        &mut self,
        model: &Aggregated,
        clear: f64,
        first: Until,
        soon: Until,
        name: &dyn Fn() -> String,
    ) -> Option<Vec<Needed>> {
        let (limits, grain) = (self.limits, self.grain);
        let mut ended = true;
        let mut relaxed = |linear: Linear, until: Until| {
            let run = Run { integers: false, solutions: true, ..limits.run(until) };
            let (mut values, mut bound) = (None, None);
            let end = solve::solve(&Arc::new(linear), &run, &mut |news| match news {
                Some(News::Bound(proven)) => bound = Some(proven),
                Some(News::Solution(found)) => values = Some(found),
                None => {}
            });
            ended &= end != End::Stopped;
            Some(Relaxed { values: values?, bound: bound? })
        };
        let Some(root) = relaxed(model.linear.clone(), first) else {
            self.ended = false;
            return None;
        };
        self.better(whole(root.bound, grain), || {
            format!("{}, {}", tr!("linear relaxation", "relaxation linéaire"), name())
        });
        let needed = professions::needed(model, &root, clear, &mut |linear| relaxed(linear, soon));
        self.ended &= ended;
        self.below = needed.iter().map(|n| n.below).fold(f64::INFINITY, f64::min);
        Some(needed)
    }
}

/// The least multiple of the grain of all costs that is not below a proven bound, whose last digits are not trusted.
fn whole(proven: f64, grain: i64) -> i64 {
    let least = if proven.is_finite() { (proven - 1e-3).ceil().clamp(0.0, 9e15) as i64 } else { 0 };
    least.div_euclid(grain) * grain + if least.rem_euclid(grain) > 0 { grain } else { 0 }
}
