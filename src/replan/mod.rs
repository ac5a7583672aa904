//! A changed morning: the instance after the events, what of the published schedule is frozen, a new schedule that
//! disturbs as few people as it can, and who has to be told what.

mod amend;
mod changes;
mod edited;
mod event;
pub mod simulate;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;

use chrono::NaiveDateTime;

pub use amend::{Amended, Cause, OralName, amend};
pub use changes::{Change, Changes, Happened, PersonChanges, changes};
pub use edited::{About, Difference, differences};
pub use event::{EVENTS_FORMAT, Event, EventKind, Events};

use crate::fault::Fault;
use crate::instance::{Instance, OralIx};
use crate::schedule::{Plan, Schedule};
use crate::state::Model;
use crate::strategy::{Budget, Task, solve_on_threads, strategy};

/// What is asked of a re-plan.
pub struct Request<'a> {
    /// The instance as somebody changed it by hand since, if so; the events speak of it.
    pub edited: Option<&'a Instance>,
    /// The hour: what began before stays as it is.
    pub now: Option<NaiveDateTime>,
    /// Whether every centre and date may be planned anew, or only those where something happened.
    pub wide: bool,
    /// Everything random follows from it.
    pub seed: u64,
    /// How many threads work.
    pub threads: usize,
    /// When to stop improving; without one, the schedule is only repaired.
    pub budget: Option<Budget>,
    /// Set from outside to stop early.
    pub stop: &'a AtomicBool,
}

/// A new schedule after events.
pub struct Replanned {
    /// What the events made of the instance.
    pub amended: Amended,
    /// The same, read.
    pub instance: Instance,
    /// What the edited instance has differently.
    pub edits: Vec<Difference>,
    /// The new schedule, with the published one's session ids where a session goes on.
    pub schedule: Schedule,
    /// Moves tried.
    pub tries: u64,
}

/// Why there is no new schedule.
#[derive(Debug)]
pub enum Refused {
    /// The events make an instance that has these faults.
    Faults(Vec<Fault>),
    /// These pinned orals cannot be where the pins want them.
    Pins(Vec<String>),
    /// No threads.
    System(String),
}

/// Plans again what the events leave open.
pub fn replan(
    before: &Instance,
    published: &Schedule,
    events: &Events,
    request: &Request,
) -> Result<Replanned, Refused> {
    let edits = request.edited.map_or_else(Vec::new, |edited| differences(&before.raw, &edited.raw));
    let now = request.edited.unwrap_or(before);
    let amended = amend(&Plan::new(now, published, None), events, &edits, request.now);
    if !amended.faults.is_empty() {
        return Err(Refused::Faults(amended.faults));
    }
    let instance = Instance::from_raw(amended.instance.clone())
        .map_err(|faults| Refused::Faults(faults.into_iter().map(|f| amended.named(f)).collect()))?;
    let baseline = Plan::new(&instance, published, None);
    let mut model = Model::new(&instance, Some(&baseline));
    let kept = if request.wide { amended.frozen.clone() } else { amended.kept(published) };
    model.freeze(kept.iter().filter_map(|(c, e)| oral(&instance, c, e)));
    let from = Plan::new(&instance, &amended.start, None);
    let repair = Budget { started: std::time::Instant::now(), time: None, iterations: None, gap: 0.0 };
    let task = Task {
        model: &model,
        from: Some(&from),
        seed: request.seed,
        threads: request.threads,
        budget: request.budget.unwrap_or(repair),
        stop: request.stop,
        watch: &|_, _| {},
    };
    let chosen = if request.budget.is_some() { "anneal" } else { "greedy" };
    let mut outcome =
        solve_on_threads(strategy(chosen).expect("both are registered"), &task).map_err(Refused::System)?;
    let missing = outcome.best.pins_not_obeyed();
    if !missing.is_empty() {
        return Err(Refused::Pins(missing));
    }
    outcome.best.restore_preparation_rooms(&baseline);
    let mut schedule = outcome.schedule(Some(&baseline));
    keep_ids(published, &mut schedule);
    let tries = outcome.tries;
    drop(outcome);
    drop(model);
    Ok(Replanned { amended, edits, schedule, tries, instance })
}

fn oral(instance: &Instance, candidate: &str, exam: &str) -> Option<OralIx> {
    let c = instance.candidate(candidate)?;
    instance.candidates[c].orals.iter().copied().find(|&o| instance.exam_of(o).id == exam)
}

/// Gives each session the id of the published session with which it shares the most sittings, so that papers already
/// out keep their numbers; the others get numbers that were not in use.
fn keep_ids(published: &Schedule, schedule: &mut Schedule) {
    let mut of: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (i, session) in published.sessions.iter().enumerate() {
        for s in &session.sittings {
            of.insert((&s.candidate, &s.exam), i);
        }
    }
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    for (j, session) in schedule.sessions.iter().enumerate() {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for s in &session.sittings {
            if let Some(&i) = of.get(&(s.candidate.as_str(), s.exam.as_str()))
                && published.sessions[i].commission == session.commission
            {
                *shared.entry(i).or_default() += 1;
            }
        }
        pairs.extend(shared.into_iter().map(|(i, n)| (n, i, j)));
    }
    pairs.sort_by_key(|&(n, i, j)| (std::cmp::Reverse(n), i, j));
    let mut ids: BTreeMap<usize, String> = BTreeMap::new();
    let mut given = BTreeSet::new();
    for (_, i, j) in pairs {
        let id = &published.sessions[i].id;
        if !ids.contains_key(&j) && given.insert(id) {
            ids.insert(j, id.clone());
        }
    }
    let mut used: BTreeSet<String> = published.sessions.iter().map(|s| s.id.clone()).collect();
    let mut next = 1;
    for (j, session) in schedule.sessions.iter_mut().enumerate() {
        session.id = ids.remove(&j).unwrap_or_else(|| {
            while used.contains(&format!("N{next:02}")) {
                next += 1;
            }
            format!("N{next:02}")
        });
        used.insert(session.id.clone());
    }
}
