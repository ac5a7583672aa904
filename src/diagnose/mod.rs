//! Before any plan is made: can every due oral have a sitting, what is scarce, which demands cannot be met together,
//! and what would help, priced by plans that were made.

pub mod conflict;
mod remedy;
pub mod scarcity;
mod words;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

pub use conflict::Conflict;
pub use remedy::Remedy;
pub use scarcity::{Need, Supply, needs};
pub use words::heads;

use crate::instance::{Instance, OralIx, hopeless};
use crate::lang::count;
use crate::mip::Limits;
use crate::tr;
use crate::whatif::{Effort, solve};

/// Whether every due oral can have a sitting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Feasible {
    /// A plan was made in which each has one.
    Yes,
    /// It is proven that some have none.
    No,
    /// Neither was found.
    Unknown,
}

/// What is known of an instance before it is planned in earnest.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Diagnosis {
    /// Whether every due oral can have a sitting.
    pub feasible: Feasible,
    /// The same in sentences.
    pub summary: String,
    /// Orals that no schedule hears, each for its own reason.
    pub hopeless: Vec<Hopeless>,
    /// What else of the instance can have no effect, or is most likely a mistake, in sentences.
    #[serde(default)]
    pub remarks: Vec<String>,
    /// What is needed and what there is, the scarcest first.
    pub needs: Vec<Need>,
    /// Sets of orals that cannot all be heard, each of which can be without any one of its orals.
    pub conflicts: Vec<Conflict>,
    /// So many due orals at least have no sitting in any schedule.
    pub left_out_at_least: usize,
    /// Due orals that the plan made on the way leaves out.
    pub left_out: usize,
    /// Its cost.
    pub cost: i64,
    /// What would help, the most useful first.
    pub remedies: Vec<Remedy>,
    /// Whether the work was stopped: contradictions and remedies may be missing.
    #[serde(default)]
    pub stopped: bool,
}

/// An oral that no schedule hears.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Hopeless {
    /// Where it stands in the instance.
    pub path: String,
    /// Candidate and exam.
    pub oral: String,
    /// The rule in the way.
    pub rule: String,
    /// Why, in one sentence.
    pub message: String,
}

impl Hopeless {
    /// Which oral, why, by which rule.
    pub fn text(&self) -> String {
        let (oral, why, rule) = (&self.oral, &self.message, &self.rule);
        tr!("{oral}: {why} [{rule}]", "{oral} : {why} [{rule}]")
    }
}

/// The shares of the time: for a first plan, for the proof of conflicts; the rest is for the remedies.
const PLAN: f64 = 0.15;
const PROOF: f64 = 0.35;
/// Seconds that the first plan takes at most: what is scarce should be there within ten.
const FIRST: f64 = 6.0;

/// How far a diagnosis is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Needs and hopeless orals are known: at once, whatever the size.
    Scarcity,
    /// A first plan was made, and contradictions sought if it leaves orals out.
    Verdict,
    /// The remedies are priced.
    Remedies,
}

/// Diagnoses an instance; `remedies` says how many are priced at most, and `report` hears of each stage, with what is
/// known by then. An error is a plan that could not be made.
pub fn diagnose(
    instance: &Instance,
    effort: &Effort,
    remedies: usize,
    report: &mut dyn FnMut(Stage, &Diagnosis),
) -> Result<Diagnosis, String> {
    let started = Instant::now();
    let seconds = effort.time.map_or(60.0, |t| t.as_secs_f64());
    let needs = needs(instance);
    let (alone, others): (Vec<_>, Vec<_>) = hopeless::warnings(instance).into_iter().partition(|w| w.oral.is_some());
    let remarks = hopeless::once(others).iter().map(ToString::to_string).collect();
    let lost: BTreeSet<OralIx> = alone.iter().filter_map(|w| w.oral).collect();
    let hopeless: Vec<Hopeless> = alone
        .into_iter()
        .map(|w| {
            let oral = w.oral.map_or_else(String::new, |o| instance.oral_name(o));
            Hopeless { path: w.path, oral, rule: w.rule.to_string(), message: w.message }
        })
        .collect();
    let mut known = Diagnosis {
        feasible: Feasible::Unknown,
        summary: String::new(),
        hopeless,
        remarks,
        needs,
        conflicts: Vec::new(),
        left_out_at_least: 0,
        left_out: 0,
        cost: 0,
        remedies: Vec::new(),
        stopped: false,
    };
    report(Stage::Scarcity, &known);
    let plan = solve(instance, None, &effort.lasting((seconds * PLAN).min(FIRST)))?;
    let mut least = known.hopeless.len();
    if plan.unscheduled > 0 && !effort.stopped() {
        let limits = match effort.iterations {
            // As the plan has all of them, for its share.
            Some(n) => Limits::iterations((n as f64 * PROOF / PLAN) as u64),
            None => Limits::time(Duration::from_secs_f64(
                (seconds * (PLAN + PROOF) - started.elapsed().as_secs_f64()).max(0.0),
            )),
        };
        let limits = Limits { stop: effort.stop.clone(), ..limits };
        let (missing, conflicts) = conflict::conflicts(instance, &lost, &limits);
        least += missing;
        known.conflicts = conflicts;
    }
    known.feasible = match (plan.unscheduled, least) {
        (0, _) => Feasible::Yes,
        (_, 0) => Feasible::Unknown,
        _ => Feasible::No,
    };
    (known.left_out_at_least, known.left_out, known.cost) = (least, plan.unscheduled, plan.cost.total);
    known.summary = summary(known.feasible, known.left_out, least, &known.needs);
    known.stopped = effort.stopped();
    report(Stage::Verdict, &known);
    if remedies > 0 && !known.stopped {
        let left = (seconds - started.elapsed().as_secs_f64()).max(seconds * (1.0 - PLAN - PROOF));
        let effort = effort.lasting(left);
        known.remedies = remedy::priced(instance, &known.needs, &known.conflicts, &plan, &effort, remedies)?;
        known.stopped = effort.stopped();
        report(Stage::Remedies, &known);
    }
    Ok(known)
}

fn summary(feasible: Feasible, left: usize, least: usize, needs: &[Need]) -> String {
    let mut text = match feasible {
        Feasible::Yes => tr!(
            "Feasible: a plan was made in which every due oral has a sitting.",
            "Possible : un planning a été fait où tout oral est programmé."
        ),
        Feasible::No => {
            let orals =
                count(least, &tr!("due oral", "oral n'est programmé"), &tr!("due orals", "oraux ne sont programmés"));
            tr!(
                "Not feasible: at least {orals} can have no sitting in any schedule; a first plan leaves {left} out.",
                "Impossible en l'état : au moins {orals} dans aucun planning ; un premier planning en laisse {left}."
            )
        }
        Feasible::Unknown => tr!(
            "Unknown: a first plan leaves {left} due orals out, and no proof was found that some must be. oraux solve with more time may do better.",
            "Indécis : un premier planning laisse {left} oraux non programmés, sans preuve qu'il le faille. oraux solve avec plus de temps peut faire mieux."
        ),
    };
    let scarce: Vec<&str> = needs.iter().filter(|n| n.ratio() > 0.8).map(|n| n.name.as_str()).take(3).collect();
    if let Some(tightest) = needs.first() {
        text.push(' ');
        text += &if scarce.is_empty() {
            let (name, used) = (&tightest.name, tightest.used());
            tr!(
                "Nothing is scarce; the tightest is {name}, {used} used.",
                "Rien ne manque ; le plus tendu : {name}, utilisé à {used}."
            )
        } else {
            let named = crate::explain::list(&scarce);
            tr!("Scarce: {named}.", "Rares : {named}.")
        };
    }
    text
}
