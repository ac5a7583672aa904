//! The verdict on a schedule: every broken rule and the cost, recomputed from the instance. It trusts nothing
//! that the schedule says of itself, and knows nothing of the search.

use serde::Serialize;

use crate::instance::Instance;
use crate::objective;
use crate::rules::{RULES, Violation};
use crate::schedule::{Cost, PINS_NOT_KEPT, Plan, Schedule};
use crate::tr;

/// The verdict on a schedule.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Verdict {
    /// Whether no rule is broken.
    pub valid: bool,
    /// Every broken rule, in the order of the contract.
    pub violations: Vec<Violation>,
    /// The recomputed cost.
    pub cost: Cost,
    /// Due orals that no sitting hears.
    pub unscheduled: usize,
    /// What is worth saying without being a broken rule: a stored cost that is wrong, a bound above the cost …
    pub remarks: Vec<String>,
}

/// Checks a schedule against its instance, and against the published one where it re-plans.
pub fn check(instance: &Instance, schedule: &Schedule, baseline: Option<&Schedule>) -> Verdict {
    let published = baseline.map(|b| Plan::new(instance, b, None));
    let plan = Plan::new(instance, schedule, published.as_ref());
    let mut violations = Vec::new();
    for rule in RULES {
        (rule.violations)(&plan, &mut violations);
    }
    let cost = objective::evaluate(&plan);
    let unscheduled = cost.terms.get("unscheduled").map_or(0, |t| t.units as usize);
    let remarks = remarks(schedule, &cost);
    Verdict { valid: violations.is_empty(), violations, cost, unscheduled, remarks }
}

/// The pins that a schedule's own account says were not kept: `C0001 E4 (date, room)`.
pub fn said_not_kept(schedule: &Schedule) -> Vec<String> {
    let text = |v: &serde_json::Value| v.as_str().unwrap_or("?").to_string();
    let said = |pin: &serde_json::Value| {
        let fields = pin["fields"].as_array().into_iter().flatten().map(text).collect::<Vec<_>>().join(", ");
        format!("{} {} ({fields})", text(&pin["candidate"]), text(&pin["exam"]))
    };
    let list = schedule.provenance.get(PINS_NOT_KEPT).and_then(|v| v.as_array());
    list.into_iter().flatten().map(said).collect()
}

fn remarks(schedule: &Schedule, cost: &Cost) -> Vec<String> {
    let mut remarks = Vec::new();
    let not_kept = said_not_kept(schedule);
    if !not_kept.is_empty() {
        let list = not_kept.join(", ");
        remarks.push(tr!(
            "whoever made the schedule says that these pins could not be kept: {list}",
            "l'auteur du planning dit que ces décisions fixées n'ont pas pu être tenues : {list}"
        ));
    }
    if let Some(stored) = schedule.cost.as_ref().filter(|stored| *stored != cost) {
        let (said, true_cost) = (stored.total, cost.total);
        remarks.push(if said == true_cost {
            tr!("the stored cost by term is wrong", "le coût enregistré par poste est faux")
        } else {
            tr!(
                "the stored cost {said} is wrong; it is {true_cost}",
                "le coût enregistré {said} est faux ; il est de {true_cost}"
            )
        });
    }
    if let Some(bound) = schedule.bound.filter(|&b| b > cost.total) {
        let total = cost.total;
        remarks.push(tr!(
            "the stored bound {bound} is above the cost {total}: it proves nothing",
            "la borne enregistrée {bound} dépasse le coût {total} : elle ne prouve rien"
        ));
    }
    remarks
}
