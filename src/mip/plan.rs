//! Who sits where on which date, by the aggregated model: better and better plans to make a timetable from, each from the
//! last by solving a part of it with the rest held fast.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::limits::Until;
use super::model::{self, About, Aggregated, At, Count, Counted};
use super::solve::{self, End, Run};
use super::world::World;
use super::{LARGE, Limits, model_size};
use crate::instance::{CentreIx, DateIx, ExaminerIx, Instance};
use crate::linear::Var;
use crate::schedule::Plan;

/// Who is convened where and when.
pub type Duties = BTreeSet<(ExaminerIx, CentreIx, DateIx)>;

/// How long one part may take: the search for plans is made of many.
const PART: Duration = Duration::from_millis(1500);

/// The share of the work that one part may take, where time does not count.
const SHARE: f64 = 0.2;

/// Whether the model by date is small enough to plan with; not if it was not known while `waiting` said to go on.
pub fn can_plan(instance: &Instance, waiting: &dyn Fn() -> bool) -> bool {
    let world = World::new(instance, false);
    let together = model::build(&world, &[instance.dates.indices().collect()], waiting);
    together.is_some_and(|together| model_size(&together.linear, instance.dates.len()) <= LARGE)
}

/// Better and better plans from that of a valid schedule, within the limits or until `stop`; each goes to `report`.
pub fn plan(
    instance: &Instance,
    from: &Plan,
    seed: u64,
    limits: &Limits,
    stop: &dyn Fn() -> bool,
    report: &mut dyn FnMut(Duties),
) {
    let end = limits.end();
    let world = World::new(instance, limits.reserves);
    let by_date: Vec<Vec<DateIx>> = instance.dates.indices().map(|d| vec![d]).collect();
    let waiting = || limits.goes_on(end) && !stop();
    let Some(model) = model::build(&world, &by_date, &waiting) else { return };
    if model.at.is_empty() {
        return;
    }
    let mut search = Search { model: &model, values: Vec::new(), limits, stop };
    let Some(mut cost) = search.start(&image(&world, &model.counts, from), limits.part(end, PART, SHARE)) else {
        return;
    };
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    let mut size = 2usize;
    while waiting() {
        let (began, until) = (limits.now(), limits.part(end, PART, SHARE));
        let free = neighbourhood(&model, size.min(model.at.len()), &mut rng);
        let Some((ended, better)) = search.solve(&free, until) else { continue };
        if better < cost - 0.5 {
            cost = better;
            report(search.duties());
        }
        match ended {
            End::Optimal if limits.used(began, until) < 0.25 => size += 1,
            End::Optimal => {}
            _ => size = (size - 1).max(2),
        }
    }
}

struct Search<'a> {
    model: &'a Aggregated,
    /// By variable.
    values: Vec<f64>,
    limits: &'a Limits,
    stop: &'a dyn Fn() -> bool,
}

impl Search<'_> {
    /// The plan with those counts, and its cost.
    fn start(&mut self, counts: &[f64], until: Until) -> Option<f64> {
        let mut held: Vec<Option<f64>> = vec![None; self.model.linear.cost.len()];
        for ((_, _, var), &value) in self.model.counts.iter().zip(counts) {
            held[*var] = Some(value);
        }
        self.values = held.iter().map(|v| v.unwrap_or(0.0)).collect();
        self.part(&held, Vec::new(), until).map(|(_, cost)| cost)
    }

    /// Solves the model with all variables but the free ones held fast, and takes over what is better; its cost in all.
    fn solve(&mut self, free: &[bool], until: Until) -> Option<(End, f64)> {
        let held: Vec<_> = self.values.iter().zip(free).map(|(&v, &free)| (!free).then_some(v)).collect();
        let known = self.model.counts.iter().filter(|c| free[c.2]).map(|c| (c.2, self.values[c.2])).collect();
        self.part(&held, known, until)
    }

    fn part(&mut self, held: &[Option<f64>], known: Vec<(Var, f64)>, until: Until) -> Option<(End, f64)> {
        let costs = &self.model.linear.cost;
        let fixed: f64 = held.iter().zip(costs).filter_map(|(v, c)| Some((*v)? * c)).sum();
        let (small, left) = self.model.linear.fixed(held);
        let number: BTreeMap<Var, usize> = left.iter().enumerate().map(|(i, &j)| (j, i)).collect();
        let known = known.into_iter().map(|(j, v)| (number[&j], v)).collect();
        let run = Run { solutions: true, known, ..self.limits.run(until) };
        let (end, best) = solve::best(&Arc::new(small), &run, self.stop);
        let (cost, values) = best?;
        for (&j, value) in left.iter().zip(values) {
            let whole = value.round();
            // Held fast later, a millionth too much would be one that fits nowhere.
            self.values[j] = if (value - whole).abs() < 1e-6 { whole } else { value };
        }
        Some((end, fixed + cost))
    }

    fn duties(&self) -> Duties {
        let convened = self.model.counts.iter().filter(|c| self.values[c.2] > 0.5);
        convened
            .filter_map(|(count, at, _)| match (count, at) {
                (Count::Convened(x), Some((centre, date))) => Some((*x, *centre, DateIx(*date as u32))),
                _ => None,
            })
            .collect()
    }
}

/// The variables to free: all those of some cells, or a profession's in more of them.
fn neighbourhood(model: &Aggregated, size: usize, rng: &mut Pcg64Mcg) -> Vec<bool> {
    let first = rng.random_range(0..model.at.len());
    // Cells of one date share the examiners, those of one centre the kilometres as well.
    let (centre, date) = (rng.random_bool(0.5), rng.random_bool(0.3));
    let at = |slot: usize| model.at[slot];
    let mut near: Vec<usize> = (0..model.at.len()).filter(|&s| s != first).collect();
    let far = |s: usize| (centre && at(s).0 != at(first).0) || (date && at(s).1 != at(first).1);
    near.sort_by_cached_key(|&s| (far(s), rng.random::<u32>()));
    let crews: Vec<&Vec<ExaminerIx>> =
        model.counts.iter().filter_map(|c| if let Count::Crew(who) = &c.0 { Some(who) } else { None }).collect();
    let crew = if rng.random_bool(0.3) { crews.choose(rng).copied() } else { None };
    near.truncate(if crew.is_some() { 3 * size } else { size - 1 });
    near.push(first);
    let freed = |about: &About| match (*about, crew) {
        (About::Sum, _) => true,
        (About::Candidates(_), Some(_)) => false,
        (About::Examiner(x, slot), Some(crew)) => crew.contains(&x) && near.contains(&slot),
        (About::Examiner(_, slot) | About::Candidates(slot) | About::Slot(slot), _) => near.contains(&slot),
    };
    model.about.iter().map(freed).collect()
}

/// What a schedule counts.
fn image(world: &World, counts: &[Counted], plan: &Plan) -> Vec<f64> {
    let instance = world.instance;
    let mut class = BTreeMap::new();
    for (number, members) in world.classes.iter().enumerate() {
        class.extend(members.members.iter().map(|&c| (c, number)));
    }
    let mut present: BTreeMap<(usize, At), BTreeSet<_>> = BTreeMap::new();
    let mut sessions: BTreeMap<_, f64> = BTreeMap::new();
    let mut convened: BTreeSet<(ExaminerIx, At)> = BTreeSet::new();
    let mut used: BTreeSet<At> = BTreeSet::new();
    for session in &plan.sessions {
        let (Some(centre), Some(date), Some(commission)) =
            (session.centre, instance.date(session.date), session.commission)
        else {
            continue;
        };
        let at = (centre, date.0 as usize);
        used.insert(at);
        *sessions.entry((commission, session.raw.language.clone(), at)).or_default() += 1.0;
        convened.extend(session.members.iter().filter_map(|m| Some((m.examiner?, at))));
        for c in session.sittings.iter().filter_map(|s| s.candidate) {
            present.entry((class[&c], at)).or_default().insert(c);
        }
    }
    let value = |(count, at, _): &Counted| -> f64 {
        let here = |x: &ExaminerIx| match at {
            Some(at) => usize::from(convened.contains(&(*x, *at))),
            None => convened.iter().filter(|(y, _)| y == x).count(),
        };
        match (count, at) {
            (Count::Centre, Some(at)) => f64::from(u8::from(used.contains(at))),
            (Count::Present(k), Some(at)) => present.get(&(*k, *at)).map_or(0.0, |who| who.len() as f64),
            (Count::Sessions(k, language), Some(at)) => {
                sessions.get(&(*k, language.clone(), *at)).copied().unwrap_or(0.0)
            }
            (Count::Convened(x), _) => here(x) as f64,
            (Count::Crew(who), _) => who.iter().map(here).sum::<usize>() as f64,
            (_, None) => unreachable!("only professions are counted over all cells"),
        }
    };
    counts.iter().map(value).collect()
}
