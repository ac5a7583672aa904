//! Which sites to open as oral centres: for each number of them the sets that promise most, each backed by a plan and by
//! a bound, people and rooms included.

use std::collections::BTreeSet;

use serde::Serialize;

use super::compare::{Figures, figures};
use super::edit::{Edit, edited};
use super::solve::proven;
use super::{Effort, solve};
use crate::fault::Fault;
use crate::instance::*;
use crate::schedule::Schedule;

/// A set of sites with its plan.
#[derive(Clone, Debug, Serialize)]
pub struct SiteSet {
    /// How many sites are open.
    pub k: usize,
    /// Their ids.
    pub centres: Vec<String>,
    /// The plan in figures, with its bound.
    pub figures: Figures,
    /// The plan.
    #[serde(skip)]
    pub schedule: Schedule,
}

/// All sets of one size.
#[derive(Clone, Debug, Serialize)]
pub struct Size {
    /// How many sites are open.
    pub k: usize,
    /// The sets that were planned, the best first.
    pub sets: Vec<SiteSet>,
    /// How many sets of this size there are.
    pub possible: usize,
    /// What none of the sets that were not planned can cost less than; none if all were planned, or not all looked at.
    pub others_at_least: Option<i64>,
    /// Whether the work was stopped here: sets may be missing, and plans and bounds are what there was by then.
    pub stopped: bool,
}

/// What to try.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// The most sites.
    pub most: usize,
    /// How many sets of each size are planned.
    pub sets: usize,
    /// Whether every group may go to every site, whatever the instance says.
    pub any_centre: bool,
}

/// Above so many sets of one size only those that add a site to the best smaller set are looked at.
const LOOKED_AT: usize = 2_000;
/// Up to so many sets are bounded without being planned.
const BOUNDED: usize = 60;

/// The share of the time of a set that its plan has, and its bound.
const PLAN: f64 = 2.0 / 3.0;
const BOUND: f64 = 1.0 / 3.0;

/// Plans for k = 1, 2, … sites. The effort is for each set: its plan and its bound. Stopped, it has the sizes and sets that
/// were begun by then.
pub fn sites(instance: &Instance, wanted: Wanted, effort: &Effort) -> Result<Vec<Size>, Vec<Fault>> {
    let whole = if wanted.any_centre { edited(instance, &[Edit::AnyCentre])? } else { instance.clone() };
    let n = whole.centres.len();
    let mut sizes: Vec<Size> = Vec::new();
    for k in 1..=wanted.most.min(n) {
        let (mut looked_at, all) = choices(&whole, k, sizes.last());
        looked_at.sort_by_key(|set| promise(&whole, set));
        let planned: Vec<Vec<CentreIx>> = looked_at.iter().take(wanted.sets.max(1)).cloned().collect();
        let mut sets = Vec::new();
        for set in &planned {
            sets.push(plan(&whole, set, effort)?);
            if effort.stopped() {
                break;
            }
        }
        sets.sort_by_key(|s| s.figures.cost);
        let rest = &looked_at[planned.len()..];
        let mut others_at_least = None;
        if all && !rest.is_empty() && rest.len() <= BOUNDED && !effort.stopped() {
            let bounded = rest.iter().take_while(|_| !effort.stopped());
            let bounds: Result<Vec<i64>, Vec<Fault>> =
                bounded.map(|set| Ok(proven(&only(&whole, set)?, effort, 0.0))).collect();
            others_at_least = bounds?.into_iter().min();
        }
        // Of some of the others only, it says nothing of them all.
        let stopped = effort.stopped();
        let others_at_least = others_at_least.filter(|_| !stopped);
        sizes.push(Size { k, sets, possible: combinations(n, k), others_at_least, stopped });
        if stopped {
            break;
        }
    }
    Ok(sizes)
}

fn combinations(n: usize, k: usize) -> usize {
    (0..k).fold(1usize, |c, i| c.saturating_mul(n - i) / (i + 1))
}

/// The sets of a size that are looked at, and whether these are all.
fn choices(instance: &Instance, k: usize, smaller: Option<&Size>) -> (Vec<Vec<CentreIx>>, bool) {
    let all: Vec<CentreIx> = instance.centres.indices().collect();
    let best = smaller.and_then(|s| s.sets.first());
    if let Some(best) = best.filter(|_| combinations(all.len(), k) > LOOKED_AT) {
        let own: Vec<CentreIx> = best.centres.iter().filter_map(|id| instance.centre(id)).collect();
        let more = all.iter().filter(|z| !own.contains(z));
        return (more.map(|&z| own.iter().copied().chain([z]).collect()).collect(), false);
    }
    let mut sets: Vec<Vec<CentreIx>> = vec![Vec::new()];
    for _ in 0..k {
        sets = sets
            .into_iter()
            .flat_map(|set| {
                let after = set.last().map_or(0, |z: &CentreIx| z.ix() + 1);
                let longer = all[after..].iter().map(move |&z| set.iter().copied().chain([z]).collect());
                longer.collect::<Vec<_>>()
            })
            .collect();
    }
    (sets, true)
}

/// What the candidates' way to the nearest open site costs at least, and those who have none: the less the better.
fn promise(instance: &Instance, set: &[CentreIx]) -> i64 {
    let weights = &instance.weights;
    let mut cost = 0;
    for candidate in instance.candidates.iter() {
        let due = candidate.orals.iter().filter(|&&o| instance.orals[o].status == Status::Due);
        let (mut orals, mut counted) = (0i64, 0u32);
        for &o in due {
            orals += 1;
            counted += u32::from(instance.exam_of(o).follows.is_none());
        }
        let days = i64::from(counted.div_ceil(instance.policy.orals_a_day.max(1)));
        let near = set.iter().filter(|z| candidate.centres.contains(z)).map(|&z| candidate.km[z]).min();
        cost += match near {
            Some(km) => km * days * i64::from(weights.candidate_km),
            None => orals * i64::from(weights.unscheduled),
        };
    }
    cost
}

fn only(instance: &Instance, set: &[CentreIx]) -> Result<Instance, Vec<Fault>> {
    let open: BTreeSet<CentreIx> = set.iter().copied().collect();
    let closed: Vec<Edit> = instance
        .centres
        .enumerate()
        .filter(|(z, _)| !open.contains(z))
        .map(|(_, z)| Edit::DropCentre { centre: z.id.clone() })
        .collect();
    edited(instance, &closed)
}

fn plan(instance: &Instance, set: &[CentreIx], effort: &Effort) -> Result<SiteSet, Vec<Fault>> {
    let own = only(instance, set)?;
    let seconds = effort.time.map_or(3.0, |t| t.as_secs_f64());
    let planned = solve(&own, None, &effort.lasting(seconds * PLAN)).map_err(|e| vec![Fault::new("pins", e)])?;
    let bound = proven(&own, effort, BOUND).min(planned.cost.total);
    Ok(SiteSet {
        k: set.len(),
        centres: set.iter().map(|&z| instance.centres[z].id.clone()).collect(),
        figures: figures(&planned.schedule, &planned.cost, planned.unscheduled, Some(bound)),
        schedule: planned.schedule,
    })
}
