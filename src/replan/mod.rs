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

pub use amend::{Amended, Cause, Notice, OralName, Terms, TooSoon, amend};
pub use changes::{Change, Changes, Happened, PersonChanges, changes};
pub use edited::{About, Difference, differences};
pub use event::{EVENTS_FORMAT, Event, EventKind, Events};

use crate::fault::Fault;
use crate::instance::contradictions::{Contradiction, contradictions};
use crate::instance::hopeless::{self, Warning};
use crate::instance::{Instance, OralIx};
use crate::schedule::{Plan, Schedule};
use crate::state::Model;
use crate::strategy::pins::{Impossible, settle};
use crate::strategy::{Budget, Task, solve_on_threads, strategy};
use crate::tr;

/// What is asked of a re-plan.
pub struct Request<'a> {
    /// The instance as somebody changed it by hand since, if so; the events speak of it.
    pub edited: Option<&'a Instance>,
    /// The hour: what began before stays as it is.
    pub now: Option<NaiveDateTime>,
    /// What may be asked of people at that hour.
    pub notice: Option<Notice>,
    /// Whether an oral that no event touches may be left out for another.
    pub sacrifice: bool,
    /// Whether every centre and date may be planned anew at once, and not only where others have to make room.
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
    /// These events cannot be carried out; the paths are those of the events file.
    Events(Vec<Fault>),
    /// Pins that no schedule can obey, by name.
    Contradictory(Vec<Contradiction>),
    /// Pinned orals, `C0012 E4`, that no schedule can hear all as pinned: the relaxed model proves it.
    Impossible(Vec<String>),
    /// What is past or under way breaks rules of the instance after the events, each in words.
    Held(Vec<String>),
    /// No threads.
    System(String),
}

/// Plans again what the events leave open: what is hit, and as little else as must make room.
pub fn replan(
    before: &Instance,
    published: &Schedule,
    events: &Events,
    request: &Request,
) -> Result<Replanned, Refused> {
    let edits = request.edited.map_or_else(Vec::new, |edited| differences(&before.raw, &edited.raw));
    let instance = request.edited.unwrap_or(before);
    let plan = Plan::new(instance, published, None);
    let mut late = TooSoon::default();
    loop {
        let Request { now, notice, sacrifice, .. } = *request;
        let terms = Terms { now, notice, sacrifice, late: late.clone() };
        let new = attempt(&plan, events, &edits, &terms, request)?;
        let Some(notice) = notice.filter(|_| now.is_some()) else { return Ok(new) };
        // Where somebody goes, and so how long the way is, is known only now.
        let found = amend::too_soon(&plan, &new.schedule, &new.instance, &new.amended.asked, now, notice);
        let next = late.clone().with(&found);
        if next == late {
            return Ok(new);
        }
        late = next;
    }
}

/// One try of [`replan`], on terms that say what was asked too soon of whom before.
fn attempt(
    plan: &Plan,
    events: &Events,
    edits: &[Difference],
    terms: &Terms,
    request: &Request,
) -> Result<Replanned, Refused> {
    let published = plan.schedule;
    let amended = amend(plan, events, edits, terms);
    if !amended.faults.is_empty() {
        return Err(Refused::Faults(amended.faults));
    }
    let instance = Instance::from_raw(amended.instance.clone())
        .map_err(|faults| Refused::Faults(faults.into_iter().map(|f| amended.named(f)).collect()))?;
    if !amended.refused.is_empty() {
        return Err(Refused::Events(amended.refused));
    }
    contradicted(&amended, &instance, &[])?;
    // First only what is hit moves; then its dates and centres; then everything.
    let mut steps = vec![amended.frozen.clone()];
    if !request.wide {
        steps.insert(0, amended.kept(published));
        steps.insert(0, amended.untouched(published));
        steps.dedup();
    }
    // A mere repair says how much has to be open; the search then works there.
    let mut best: Option<(usize, usize, Schedule, u64)> = None;
    for (step, kept) in steps.iter().enumerate() {
        let last = step + 1 == steps.len();
        let Some((schedule, tries)) = planned(&amended, &instance, published, kept, None, last, request)? else {
            continue;
        };
        let lost = lost(published, &amended, &schedule);
        if best.as_ref().is_none_or(|b| lost < b.0) {
            best = Some((lost, step, schedule, tries));
        }
        if lost == 0 {
            break;
        }
    }
    let (lost, step, mut schedule, mut tries) = best.expect("the last step always has a plan");
    if request.budget.is_some() {
        // Where a repair leaves somebody out, a search finds more with everything open.
        let step = if lost == 0 { step } else { steps.len() - 1 };
        let found = planned(&amended, &instance, published, &steps[step], request.budget, true, request)?;
        (schedule, tries) = found.expect("the last try always has a plan");
    }
    Ok(Replanned { amended, edits: edits.to_vec(), schedule, tries, instance })
}

/// Orals that were heard, or that an event calls for, and that have no place.
fn lost(published: &Schedule, amended: &Amended, schedule: &Schedule) -> usize {
    let before: BTreeSet<(&str, &str)> =
        published.unscheduled.iter().map(|l| (l.candidate.as_str(), l.exam.as_str())).collect();
    let hit = |l: &&crate::schedule::Left| amended.hit.contains_key(&(l.candidate.clone(), l.exam.clone()));
    let counts = |l: &&crate::schedule::Left| !before.contains(&(l.candidate.as_str(), l.exam.as_str())) || hit(l);
    schedule.unscheduled.iter().filter(counts).count()
}

/// A plan in which `kept` stays as published; none where not all pins can be kept so, unless it is the last try.
fn planned(
    amended: &Amended,
    instance: &Instance,
    published: &Schedule,
    kept: &BTreeSet<OralName>,
    search: Option<Budget>,
    last: bool,
    request: &Request,
) -> Result<Option<(Schedule, u64)>, Refused> {
    let repair = Budget { started: std::time::Instant::now(), time: None, iterations: None, gap: 0.0 };
    let budget = search.unwrap_or(repair);
    let baseline = Plan::new(instance, published, None);
    let model = compiled(instance, &baseline, kept);
    let from = Plan::new(instance, &amended.start, None);
    let (seed, threads, stop) = (request.seed, request.threads, request.stop);
    let name = |o: &OralIx| instance.oral_name(*o);
    let task = Task { model: &model, from: Some(&from), seed, threads, budget, stop, watch: &|_, _| {} };
    let settled = match settle(&task, true) {
        Ok(settled) => settled,
        Err(Impossible(orals)) => return Err(Refused::Impossible(orals.iter().map(name).collect())),
    };
    if !settled.not_kept.is_empty() {
        if !last {
            return Ok(None);
        }
        contradicted(amended, instance, &hopeless::orals(instance))?;
        let frozen: BTreeSet<String> = amended.frozen.iter().map(|(c, e)| format!("{c} {e}")).collect();
        let held: Vec<String> = settled.not_kept.iter().map(name).filter(|n| frozen.contains(n)).collect();
        if !held.is_empty() {
            return Err(Refused::Held(held));
        }
    }
    let own = settled.instance.as_ref().unwrap_or(instance);
    let there = Plan::new(own, published, None);
    let relaxed = settled.instance.as_ref().map(|own| compiled(own, &there, kept));
    let from = Plan::new(own, settled.start.as_ref().unwrap_or(&amended.start), None);
    let model_left = relaxed.as_ref().unwrap_or(&model);
    let task = Task { model: model_left, from: Some(&from), seed, threads, budget, stop, watch: &|_, _| {} };
    let chosen = if search.is_some() { "anneal" } else { "greedy" };
    let mut outcome =
        solve_on_threads(strategy(chosen).expect("both are registered"), &task).map_err(Refused::System)?;
    outcome.best.restore_preparation_rooms(&there);
    let mut schedule = outcome.schedule(Some(&there));
    keep_ids(published, &mut schedule);
    Ok(Some((schedule, outcome.tries)))
}

/// The instance after the events compiled for the search, with what stays as published.
fn compiled<'a>(instance: &'a Instance, baseline: &Plan, kept: &BTreeSet<OralName>) -> Model<'a> {
    let mut model = Model::new(instance, Some(baseline));
    model.freeze(kept.iter().filter_map(|(c, e)| oral(instance, c, e)));
    model
}

/// Fails where pins cannot be obeyed for a reason that can be named: those that an event made, those of what is past, or the
/// instance's own. `hopeless` are its warnings, as far as they are known.
fn contradicted(amended: &Amended, instance: &Instance, hopeless: &[Warning]) -> Result<(), Refused> {
    let found = contradictions(instance, hopeless, true);
    if found.is_empty() {
        return Ok(());
    }
    let named = |c: &Contradiction| {
        let oral = &instance.orals[c.oral];
        (instance.candidates[oral.candidate].id.clone(), instance.exam_of(c.oral).id.clone())
    };
    let held = found.iter().filter(|c| amended.frozen.contains(&named(c)));
    let held: Vec<String> = held.map(|c| format!("{} [{}]", c.message, c.rule)).collect();
    if !held.is_empty() {
        return Err(Refused::Held(held));
    }
    let mut faults: BTreeMap<usize, (String, usize)> = BTreeMap::new();
    for c in &found {
        if let Some(&event) = amended.ordered.get(&named(c)) {
            let (rule, message) = (c.rule, &c.message);
            faults.entry(event).or_insert_with(|| (format!("{message} [{rule}]"), 0)).1 += 1;
        }
    }
    let said = |(event, (message, n)): (usize, (String, usize))| {
        let more = n - 1;
        let message = match more {
            0 => message,
            _ => tr!("{message} (and {more} more orals alike)", "{message} (et {more} autres oraux de même)"),
        };
        Fault::new(format!("events[{event}].by"), message)
    };
    let faults: Vec<Fault> = faults.into_iter().map(said).collect();
    Err(if faults.is_empty() { Refused::Contradictory(found) } else { Refused::Events(faults) })
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
