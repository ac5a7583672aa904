//! The verdict on a schedule: every broken rule and the cost, recomputed from the instance. It trusts nothing
//! that the schedule says of itself, and knows nothing of the search.

use serde::Serialize;

use crate::instance::Instance;
use crate::objective;
use crate::rules::{RULES, Violation};
use crate::schedule::{Cost, Plan, Schedule};
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

fn remarks(schedule: &Schedule, cost: &Cost) -> Vec<String> {
    let mut remarks = Vec::new();
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
