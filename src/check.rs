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
    let remarks = remarks(instance, schedule, &cost);
    Verdict { valid: violations.is_empty(), violations, cost, unscheduled, remarks }
}

fn remarks(instance: &Instance, schedule: &Schedule, cost: &Cost) -> Vec<String> {
    let mut remarks = Vec::new();
    if schedule.instance != instance.name {
        let (named, given) = (&schedule.instance, &instance.name);
        remarks.push(tr!(
            "the schedule says that it is for the instance \"{named}\", not for \"{given}\"",
            "le planning se dit fait pour l'instance « {named} », non pour « {given} »"
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
    let listed: std::collections::BTreeSet<(&str, &str, &str)> =
        schedule.not_heard.iter().map(|l| (l.candidate.as_str(), l.exam.as_str(), l.reason.as_str())).collect();
    let due: std::collections::BTreeSet<(&str, &str, &str)> = instance
        .orals
        .enumerate()
        .filter_map(|(o, oral)| {
            let reason = oral.status.not_heard()?;
            Some((instance.candidates[oral.candidate].id.as_str(), instance.exam_of(o).id.as_str(), reason))
        })
        .collect();
    for (c, e, reason) in due.difference(&listed) {
        remarks.push(tr!(
            "{c} {e} should be listed as not heard ({reason})",
            "{c} {e} devrait figurer parmi les oraux non entendus ({reason})"
        ));
    }
    for (c, e, reason) in listed.difference(&due) {
        remarks.push(tr!(
            "{c} {e} is wrongly listed as not heard ({reason})",
            "{c} {e} figure à tort parmi les oraux non entendus ({reason})"
        ));
    }
    remarks
}
