//! A bound that needs no solver: what each candidate costs alone.

use super::world::{Class, World};

/// The sum over candidates of the cheapest that their own dates, kilometres and unscheduled orals can cost.
pub(super) fn count(world: &World) -> i64 {
    world.classes.iter().map(|class| class.members.len() as i64 * candidate(world, class)).sum()
}

fn candidate(world: &World, class: &Class) -> i64 {
    let (weights, policy) = (&world.instance.weights, &world.instance.policy);
    let possible: Vec<_> = class.orals.iter().filter(|o| o.allowed.iter().any(|&a| a)).collect();
    let followers = possible.iter().filter(|o| !o.counted).count() as i64;
    let km = &world.instance.candidates[class.members[0]].km;
    let here = |c: &usize| possible.iter().any(|o| o.allowed[*c]);
    let nearest = (0..world.cells.len()).filter(here).map(|c| km[world.cells[c].centre]).min().unwrap_or(0);
    let cost = |scheduled: usize| {
        let left = (class.orals.len() - scheduled) as i64 * i64::from(weights.unscheduled);
        if scheduled == 0 {
            return left;
        }
        let counted = (scheduled as i64 - followers).max(0);
        let days = match i64::from(policy.orals_a_day) {
            0 => 1,
            limit => ((counted + limit - 1) / limit).max(1),
        };
        left + days * nearest * i64::from(weights.candidate_km) + (days - 1) * i64::from(weights.candidate_days)
    };
    (0..=possible.len()).map(cost).min().unwrap_or(0)
}
