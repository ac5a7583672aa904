//! What is pinned, before any search: placed by ejection ([`crate::search::ejection`]), then by integer programming where that
//! fails.

mod exactly;

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rand::SeedableRng;

use super::{Budget, Task};
use crate::instance::{Instance, OralIx};
use crate::mip::{Limits, demand};
use crate::moves::Random;
use crate::schedule::{Plan, Schedule};
use crate::search::ejection;
use crate::state::{Model, State};

/// How often ejection and integer programming take turns, where no time limits them.
const ROUNDS: usize = 3;

/// Tries of ejection in a round, besides one for each pinned job.
const TRIES: usize = 500;

/// The share of the time in which pins are looked for, as long as some are missing.
const SHARE: f64 = 0.6;

/// The share of it that integer programming may have at a time.
const EXACTLY: f64 = 0.5;

/// Iterations that it may take at a time, where no time limits it.
const WORK: u64 = 20_000;

/// The share of the time that a proof may take that the pins cannot be obeyed.
const PROOF: f64 = 0.2;

/// Iterations that it may take, where no time is given.
const PROOF_WORK: u64 = 50_000;

/// What is to be searched, once it is known which pins can be kept.
#[derive(Default)]
pub struct Settled {
    /// The instance without the pins that could not be kept, if there are any.
    pub instance: Option<Instance>,
    /// A schedule to start from, in which all pins that are left are obeyed; none where the task has one already, or no pins.
    pub start: Option<Schedule>,
    /// The orals whose pins could not be kept: no place was found for them, which does not prove that there is none.
    pub not_kept: Vec<OralIx>,
}

/// These pinned orals contradict one another: the relaxed model proves that no schedule hears them all as pinned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impossible(pub Vec<OralIx>);

/// Finds which pins can be kept, before the search; `proves` says whether a contradiction of the task's instance is one of
/// what was asked for.
///
/// # Errors
/// A proof that no schedule obeys the pins.
pub fn settle(task: &Task, proves: bool) -> Result<Settled, Impossible> {
    let (model, instance) = (task.model, task.model.instance);
    let never: Vec<OralIx> = model.never.iter().copied().filter(|o| instance.pins.contains_key(o)).collect();
    if never.is_empty() && model.jobs.iter().all(|j| j.pin.is_none()) {
        return Ok(Settled::default());
    }
    let mut state = State::new(model);
    if let Some(plan) = task.from {
        state.load(plan);
    }
    if never.is_empty() && state.pins_missing == 0 {
        return Ok(Settled::default());
    }
    let mut rng = Random::seed_from_u64(task.seed);
    if first(task, &mut state, &mut rng) > 0 {
        if proves {
            prove(task, instance)?;
        }
        obey(task, &mut state, &mut rng);
    }
    let missing = model.jobs.iter().zip(&state.placed);
    let missing = missing.filter(|(job, at)| job.pin.as_ref().is_some_and(|p| (at.parts as usize) < p.orals));
    let pinned = |o: &OralIx| instance.pins.contains_key(o);
    let mut not_kept: Vec<OralIx> = missing.flat_map(|(job, _)| job.orals.iter().copied().filter(pinned)).collect();
    not_kept.extend(never);
    not_kept.sort_unstable();
    let start = Some(state.freeze(|_| String::new()));
    let instance = (!not_kept.is_empty()).then(|| instance.without_pins(&not_kept));
    Ok(Settled { instance, start, not_kept })
}

/// One round of ejection, which is nearly always enough, however little time there is.
fn first(task: &Task, state: &mut State, rng: &mut Random) -> usize {
    ejection::obey(state, rng, pinned_jobs(state.model) + TRIES, &|| task.stop.load(Ordering::Relaxed))
}

fn pinned_jobs(model: &Model) -> usize {
    model.jobs.iter().filter(|j| j.pin.is_some()).count()
}

/// Looks for a proof that the pinned orals, without any others, cannot all be heard.
fn prove(task: &Task, instance: &Instance) -> Result<(), Impossible> {
    let pinned: BTreeSet<OralIx> = instance.due().filter(|o| instance.pins.contains_key(o)).collect();
    let names: Vec<String> = pinned.iter().map(|&o| instance.oral_name(o)).collect();
    let only = instance.only(&pinned);
    let limits = match task.budget {
        Budget { time: Some(time), iterations: None, .. } => Limits::time(time.mul_f64(PROOF)),
        _ => Limits::iterations(PROOF_WORK),
    };
    let limits = Limits { reserves: task.model.baseline.is_some(), ..limits };
    let Some(found) = demand::contradiction(&only, &limits) else { return Ok(()) };
    // The orals are numbered anew there.
    let named: BTreeSet<String> = found.into_iter().map(|o| only.oral_name(o)).collect();
    let own = pinned.iter().zip(&names).filter(|(_, name)| named.contains(*name));
    Err(Impossible(own.map(|(&o, _)| o).collect()))
}

/// The schedule's pins that are not obeyed, as `provenance.pins_not_kept` says them: candidate, exam and the fields.
pub fn not_kept(plan: &Plan) -> Vec<serde_json::Value> {
    let mut all: Vec<(OralIx, Vec<&str>)> = Vec::new();
    for broken in crate::rules::pin::broken(plan) {
        match all.last_mut().filter(|(o, _)| *o == broken.oral) {
            Some((_, fields)) => {
                let new: Vec<&str> = broken.fields.into_iter().filter(|f| !fields.contains(f)).collect();
                fields.extend(new);
            }
            None => all.push((broken.oral, broken.fields)),
        }
    }
    let instance = plan.instance;
    let said = |(o, fields): (OralIx, Vec<&str>)| {
        let candidate = &instance.candidates[instance.orals[o].candidate].id;
        serde_json::json!({"candidate": candidate, "exam": instance.exam_of(o).id, "fields": fields})
    };
    all.into_iter().map(said).collect()
}

/// Places the pinned orals that are not where their pins want them, as far as they can be found a place.
pub(super) fn obey(task: &Task, state: &mut State, rng: &mut Random) {
    let left = || match task.budget {
        Budget { time: Some(time), iterations: None, .. } => {
            time.mul_f64(SHARE).saturating_sub(task.budget.started.elapsed())
        }
        _ => Duration::from_secs(3600),
    };
    let late = || task.stopped() || left().is_zero();
    let pinned = pinned_jobs(state.model);
    let timed = task.budget.time.is_some() && task.budget.iterations.is_none();
    for round in 0.. {
        if state.pins_missing == 0 || (round > 0 && late()) || (round == ROUNDS && !timed) {
            return;
        }
        let tries = pinned + (TRIES << round.min(ROUNDS));
        let open = if round == 0 { first(task, state, rng) } else { ejection::obey(state, rng, tries, &late) };
        if open == 0 || late() {
            return;
        }
        let limits = if timed { Limits::time(left().mul_f64(EXACTLY)) } else { Limits::iterations(WORK) };
        exactly::assemble(state, rng, &limits, &|| task.stopped());
    }
}
