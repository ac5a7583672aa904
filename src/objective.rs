//! The cost of a plan: the sum over [`TERMS`] of units × weight.

use crate::rules::{Charge, TERMS, Term};
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
