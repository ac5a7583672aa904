//! The hours of a cell (one centre on one date) by the full model, with its people, rooms and half-days as they are, and in the order
//! that they have but for a few orals that are free.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng};
use rayon::prelude::*;

use super::{PART, limits};
use crate::instance::*;
use crate::mip::{self, Found, Limits};
use crate::moves::Random;
use crate::rules;
use crate::schedule::{Plan, PlanSession, Schedule};
use crate::state::State;
use crate::strategy::parts::joined;
use crate::strategy::{Task, exact};

/// How many orals are free at first, and at least.
const FREE: usize = 6;
const LEAST: usize = 3;

/// How many cells are solved, where the budget counts iterations: each needs work enough to come to something.
const CELLS: usize = 20;

/// The cells of a schedule, with how many orals to free in each the next time.
pub(super) struct Cells {
    cells: Vec<((CentreIx, DateIx), usize)>,
}

impl Cells {
    /// Those that the schedule uses.
    pub(super) fn of(state: &State) -> Cells {
        let sessions = state.live.iter().map(|&s| state.session(s));
        let cells: BTreeSet<_> = sessions.map(|s| (s.centre, s.date)).collect();
        Cells { cells: cells.into_iter().map(|cell| (cell, FREE)).collect() }
    }

    /// Solves the hours of each cell once, several at the same time, and keeps what is better.
    pub(super) fn solve<'m>(&mut self, task: &Task<'_, 'm>, best: &mut State<'m>, rng: &mut Random) {
        let schedule = best.freeze(|_| String::new());
        let plan = Plan::new(task.model.instance, &schedule, None);
        if task.budget.iterations.is_some() {
            self.cells.shuffle(rng);
            self.cells.truncate(CELLS);
        }
        let seeds: Vec<u64> = self.cells.iter().map(|_| rng.random()).collect();
        let cells = self.cells.len();
        let one = |(&(cell, free), &seed): (&((CentreIx, DateIx), usize), &u64)| {
            (!task.stopped()).then(|| hours(task, &plan, (cell, cells), free, &mut Random::seed_from_u64(seed)))
        };
        let found: Vec<_> = if task.threads > 1 {
            self.cells.par_iter().zip(&seeds).map(one).collect()
        } else {
            self.cells.iter().zip(&seeds).map(one).collect()
        };
        for (((centre, date), free), found) in self.cells.iter_mut().zip(found) {
            let Some((next, cell)) = found else { continue };
            *free = next;
            if let Some(cell) = cell
                && let Some(better) = exact::better(task, &put_back(best, *centre, *date, &cell), best)
            {
                *best = better;
            }
        }
    }
}

/// The schedule with a cell as it is there.
fn put_back(best: &State, centre: CentreIx, date: DateIx, cell: &Schedule) -> Schedule {
    let instance = best.model.instance;
    let mut others = best.freeze(|_| String::new());
    others.sessions.retain(|s| s.centre != instance.centres[centre].id || s.date != instance.dates[date]);
    joined([&others, cell].into_iter())
}

/// Solves the hours of a cell, one of so many, with so many orals free: how many to free the next time, and its schedule if it is better.
fn hours(
    task: &Task,
    whole: &Plan,
    ((centre, date), among): ((CentreIx, DateIx), usize),
    free: usize,
    rng: &mut Random,
) -> (usize, Option<Box<Schedule>>) {
    let instance = whole.instance;
    let here = || whole.sessions.iter().filter(|s| (s.centre, instance.date(s.date)) == (Some(centre), Some(date)));
    let orals = here().flat_map(|s| s.sittings.iter().filter_map(|s| s.oral)).collect();
    let people = here().flat_map(|s| s.members.iter().filter_map(|m| m.examiner)).collect();
    let part = instance.cell(centre, date, &orals, &people);
    let sessions = here().map(|s| s.raw.clone()).collect();
    let schedule = Schedule { sessions, unscheduled: Vec::new(), not_heard: Vec::new(), ..whole.schedule.clone() };
    let plan = Plan::new(&part, &schedule, None);
    let freed = freed(&plan, free, rng);
    let (started, stop) = (Instant::now(), Arc::<AtomicBool>::default());
    let program = rules::program_around(&part, &plan, |o| freed.contains(&o));
    let limits = Limits { stop: stop.clone(), ..limits(task, among) };
    let mut better = None;
    let ended = mip::exact(program, Some(&plan), &limits, &mut |news| {
        if let Some(Found::Schedule(found)) = news {
            better = Some(found);
        }
        if task.stopped() {
            stop.store(true, Ordering::Relaxed);
        }
    });
    let next = match ended {
        // How soon the solver is there depends on the machine.
        _ if limits.work.is_some() => free,
        true if started.elapsed() < PART / 4 => free + 1,
        true => free,
        false => (free - 1).max(LEAST),
    };
    (next, better)
}

/// The orals to free: sittings of a session and those near it, or all of some candidates who meet.
fn freed(plan: &Plan, size: usize, rng: &mut Random) -> BTreeSet<OralIx> {
    let mut free = BTreeSet::new();
    let Some(first) = plan.sessions.choose(rng) else { return free };
    if rng.random_bool(0.5) {
        // A session, then those that share people or candidates with it.
        let mut near: Vec<_> = plan.sessions.iter().collect();
        let shares = |s: &PlanSession| {
            s.members.iter().any(|m| first.members.iter().any(|f| f.examiner == m.examiner))
                || s.sittings.iter().any(|x| first.sittings.iter().any(|f| f.candidate == x.candidate))
        };
        near.sort_by_cached_key(|s| (!std::ptr::eq(*s, first), s.half != first.half, !shares(s), rng.random::<u32>()));
        for session in near {
            let left = size.saturating_sub(free.len());
            let all = session.sittings.len();
            let from = if all > left { rng.random_range(0..=all - left) } else { 0 };
            free.extend(session.sittings.iter().skip(from).take(left).filter_map(|s| s.oral));
        }
    } else {
        let Some(sat) = first.sittings.choose(rng) else { return free };
        let at = sat.time.from;
        let mut near: Vec<_> = plan.sessions.iter().flat_map(|s| s.sittings.iter().map(move |x| (s, x))).collect();
        near.shuffle(rng);
        near.sort_by_key(|(s, x)| (x.candidate != sat.candidate, !std::ptr::eq(*s, first), (x.time.from - at).abs()));
        for (_, x) in near {
            let Some(c) = x.candidate else { continue };
            let own: Vec<OralIx> = plan.of_candidate(c).filter_map(|s| s.sitting.oral).collect();
            if free.len() + own.len() > size && !free.is_empty() {
                break;
            }
            free.extend(own);
        }
    }
    free
}
