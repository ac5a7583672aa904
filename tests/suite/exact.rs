//! The full model is the contract: a schedule is one of its solutions and costs there what it costs; its solutions are
//! valid schedules; and no bound is above the best of them.

use oraux::check::check;
use oraux::instance::Instance;
use oraux::mip::{Found, Limits, bound, exact};
use oraux::moves::{MOVES, Random};
use oraux::rules;
use oraux::schedule::{Plan, Schedule};
use oraux::search::construct::construct;
use oraux::state::{Model, State};
use rand::{RngExt, SeedableRng};

use crate::common;

/// A schedule put together by insertion and a few moves, worse or better.
fn some_schedule(instance: &Instance, baseline: Option<&Plan>, seed: u64) -> Option<(Schedule, i64)> {
    let model = Model::new(instance, baseline);
    let mut rng = Random::seed_from_u64(seed);
    let mut state = State::new(&model);
    if let Some(plan) = baseline {
        state.load(plan);
    }
    construct(&mut state, &mut rng, &|| false);
    for _ in 0..10 {
        MOVES[rng.random_range(0..MOVES.len())].0.apply(&mut state, &mut rng);
    }
    (state.pins_missing == 0).then(|| (state.freeze(|_| "test".into()), state.cost))
}

/// With the variables that decide fixed to what the schedule says, the model has a solution, and it costs as much.
fn agrees(instance: &Instance, baseline: Option<&Schedule>, seed: u64) {
    let published = baseline.map(|b| Plan::new(instance, b, None));
    let Some((schedule, cost)) = some_schedule(instance, published.as_ref(), seed) else { return };
    let plan = Plan::new(instance, &schedule, published.as_ref());
    let mut program = rules::program(instance, published.as_ref());
    let values = program.encode(&plan).unwrap_or_else(|| panic!("seed {seed}: no place\n{}", schedule.to_json()));
    for (var, value) in values {
        program.exactly(vec![(var, 1.0)], value);
    }
    let (mut bound, mut found) = (0, None);
    let ended = exact(program, None, &Limits::iterations(100_000_000), &mut |news| match news {
        Some(Found::Bound(b)) => bound = bound.max(b),
        Some(Found::Schedule(s)) => found = Some(s),
        None => {}
    });
    assert!(ended && found.is_some(), "seed {seed}: no solution\n{}", schedule.to_json());
    let verdict = check(instance, &found.unwrap(), baseline);
    assert_eq!(bound, cost, "seed {seed}, again {}: {:#?}", baseline.is_some(), verdict.cost.terms);
    assert!(verdict.violations.is_empty(), "seed {seed}: {:?}", verdict.violations);
    assert_eq!(verdict.cost.total, cost, "seed {seed}");
}

#[test]
fn a_schedule_costs_in_the_model_what_it_costs() {
    for seed in 0..150 {
        let instance = common::wild(seed);
        agrees(&instance, None, seed);
        if let Some((published, _)) = some_schedule(&instance, None, seed + 1) {
            agrees(&instance, Some(&published), seed);
        }
    }
}

/// The best schedule of a random instance of one or two candidates, as far as little work finds it: valid, no
/// cheaper than any bound, and exactly as dear as the model's own bound where that was solved to the end.
#[test]
fn what_the_full_model_finds_is_valid_and_no_bound_is_above_it() {
    let (mut solved, mut all) = (0, 0);
    for seed in 0..SEEDS {
        let mut raw = common::wild(seed).raw;
        raw.candidates.truncate(1 + seed as usize % 2);
        let kept: Vec<String> = raw.candidates.iter().map(|c| c.id.clone()).collect();
        raw.pins.retain(|p| kept.contains(&p.candidate));
        raw.waivers.retain(|w| kept.contains(&w.candidate));
        let instance = Instance::from_raw(raw).unwrap_or_else(|faults| panic!("seed {seed}: {faults:?}"));
        let (mut proven, mut found) = (0, None);
        let ended = exact(rules::program(&instance, None), None, &Limits::iterations(WORK), &mut |news| match news {
            Some(Found::Bound(b)) => proven = proven.max(b),
            Some(Found::Schedule(s)) => found = Some(s),
            None => {}
        });
        let Some(found) = found else { continue };
        let verdict = check(&instance, &found, None);
        assert!(verdict.violations.is_empty(), "seed {seed}: {:?}\n{}", verdict.violations, found.to_json());
        let cost = verdict.cost.total;
        assert!(proven <= cost, "seed {seed}: {proven} > {cost}");
        let aggregated = bound(&instance, &Limits::iterations(2_000), &mut |_| {}).value;
        assert!(aggregated <= cost, "seed {seed}: {aggregated} > {cost}\n{}", found.to_json());
        all += 1;
        if ended {
            assert_eq!(proven, cost, "seed {seed}");
            solved += 1;
        }
    }
    assert!(solved * 2 > all && all * 2 > SEEDS, "{solved} of {all} solved");
}

const SEEDS: u64 = 60;
const WORK: u64 = 50_000;
