//! A first schedule at once: regret insertion in a moving window. Of the next jobs, the one that would lose
//! most by not getting its best session now goes first (Potvin and Rousseau 1993).

use rand::RngExt;

use crate::moves::Random;
use crate::moves::insert::{Taste, apply, cheapest};
use crate::state::{JobId, State};

/// How many jobs compete for the next insertion.
const WINDOW: usize = 6;

/// Places every job that can be placed by insertion alone; `stop` cuts the regret short, not the schedule.
pub fn construct(state: &mut State, rng: &mut Random, stop: &dyn Fn() -> bool) {
    let model = state.model;
    let mut order: Vec<JobId> = (0..model.jobs.len() as JobId).collect();
    order.retain(|&j| state.placed[j as usize].parts == 0);
    let instance = model.instance;
    let supply: Vec<usize> = model
        .kinds
        .iter()
        .map(|k| k.seats.iter().filter(|s| s.required).map(|s| s.holders.len()).min().unwrap_or(0))
        .collect();
    // Pins first; then candidates who have little choice; then school by school, so that those who travel
    // together come together, and the long orals of a candidate before the short.
    let luck: Vec<u32> = instance.candidates.iter().map(|_| rng.random_range(0..1000)).collect();
    order.sort_by_key(|&j| {
        let job = &model.jobs[j as usize];
        let candidate = &instance.candidates[job.candidate];
        let choice = job.dates.count_ones(..) * job.centres.len();
        (
            job.pin.is_none(),
            choice.min(4),
            candidate.needs_accessible || candidate.prepares_alone,
            candidate.school.map_or(u32::MAX, |s| s.0),
            luck[job.candidate.0 as usize],
            -job.parts[job.parts.len() - 1].length,
            supply[job.kind as usize],
        )
    });
    let mut window: Vec<JobId> = Vec::new();
    let mut rest = order.into_iter();
    loop {
        window.extend(rest.by_ref().take(WINDOW - window.len()));
        if window.is_empty() {
            break;
        }
        let hurried = stop();
        let taste = Taste { fixed_share: 0.25, new_cells: if hurried { 4 } else { 24 }, ..Taste::EXACT };
        let looked = if hurried { 1 } else { window.len() };
        let mut chosen: Option<(i64, usize, crate::moves::insert::Place)> = None;
        let mut hopeless = Vec::new();
        for (i, &job) in window.iter().enumerate().take(looked) {
            let found = cheapest(state, job, &taste, rng)
                .or_else(|| cheapest(state, job, &Taste { new_cells: usize::MAX, ..taste.clone() }, rng));
            let Some(insertion) = found else {
                hopeless.push(job);
                continue;
            };
            let pinned = model.jobs[job as usize].pin.is_some();
            let regret = if pinned { i64::MAX } else { insertion.second.saturating_sub(insertion.delta) };
            if chosen.as_ref().is_none_or(|c| regret > c.0) {
                chosen = Some((regret, i, insertion.place));
            }
        }
        if let Some((_, i, place)) = chosen {
            let job = window[i];
            apply(state, job, place);
            window.retain(|&j| j != job);
        }
        window.retain(|j| !hopeless.contains(j));
    }
    state.forget();
}
