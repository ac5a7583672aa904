//! The cost of a plan: the sum over [`TERMS`] of units × weight.

use crate::instance::Instance;
use crate::rules::{Charge, TERMS, Term, candidate_wait, examiner_idle};
use crate::schedule::{Cost, Plan, TermCost};

/// The cost in total and by term; terms without units are left out.
pub fn evaluate(plan: &Plan) -> Cost {
    let mut cost = Cost::default();
    for term in TERMS {
        let units: i64 = charges(plan, term).iter().map(|c| c.units).sum();
        if units != 0 {
            let part = TermCost { units, cost: units * i64::from((term.weight)(&plan.instance.weights)) };
            cost.total += part.cost;
            cost.terms.insert(term.name.to_string(), part);
        }
    }
    cost
}

/// What a term charges, to whom, biggest first.
pub fn charges(plan: &Plan, term: &Term) -> Vec<Charge> {
    let mut charges = Vec::new();
    (term.charges)(plan, &mut charges);
    charges.sort_by(|a, b| b.units.cmp(&a.units).then_with(|| a.at.cmp(&b.at)));
    charges
}

/// Every schedule's cost is a multiple of it: the greatest common divisor of what units cost, where those counted in
/// minutes come in steps of the grid, as all hours and lengths do.
pub fn grain(instance: &Instance) -> i64 {
    let in_minutes = [&examiner_idle::TERM, &candidate_wait::TERM];
    let price = |term: &&Term| {
        let step = if in_minutes.iter().any(|m| std::ptr::eq(*m, *term)) { i64::from(instance.step) } else { 1 };
        i64::from((term.weight)(&instance.weights)) * step
    };
    let common = |mut a: i64, mut b: i64| {
        while b != 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    TERMS.iter().map(price).fold(0, common).max(1)
}
