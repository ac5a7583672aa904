//! An instance that falls apart is solved part by part: what the parts cost, and what is proven of them, adds up.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use oraux::check::check;
use oraux::instance::Instance;
use oraux::mip::{Limits, bound};
use oraux::moves::Random;
use oraux::rules;
use oraux::schedule::{Plan, Schedule};
use oraux::search::construct::construct;
use oraux::state::{Model, State};
use oraux::strategy::{Budget, Task, solve_on_threads, strategy};

use rand::SeedableRng;

use crate::common;

fn solve(instance: &Instance, name: &str, iterations: u64, threads: usize) -> Schedule {
    let model = Model::new(instance, None);
    let task = Task {
        model: &model,
        from: None,
        seed: 3,
        threads,
        budget: Budget { started: Instant::now(), time: None, iterations: Some(iterations), gap: 0.0 },
        stop: &AtomicBool::new(false),
        watch: &|_, _| {},
    };
    solve_on_threads(strategy(name).unwrap(), &task).unwrap().schedule(None)
}

/// The parts hold every centre, candidate, examiner, pin and waiver of the whole once, and never split what shares one.
#[test]
fn the_parts_are_the_whole() {
    for seed in 0..60 {
        let (one, both) = common::twins(seed);
        let parts = both.parts();
        assert_eq!(parts.len(), 2 * one.parts().len(), "seed {seed}");
        assert!(parts.len() >= 2);
        let sum = |count: &dyn Fn(&Instance) -> usize| parts.iter().map(count).sum::<usize>();
        assert_eq!(sum(&|p| p.centres.len()), both.centres.len(), "seed {seed}");
        assert_eq!(sum(&|p| p.candidates.len()), both.candidates.len(), "seed {seed}");
        assert_eq!(sum(&|p| p.examiners.len()), both.examiners.len(), "seed {seed}");
        assert_eq!(sum(&|p| p.due().count()), both.due().count(), "seed {seed}");
        assert_eq!(sum(&|p| p.pins.len()), both.pins.len(), "seed {seed}");
        for part in &parts {
            for candidate in part.candidates.iter() {
                let whole = &both.candidates[both.candidate(&candidate.id).unwrap()];
                assert_eq!(candidate.centres.len(), whole.centres.len(), "seed {seed}: {}", candidate.id);
            }
        }
    }
}

/// What a schedule does in a cell is a valid schedule of the cell, with all its orals; and a solution of the full model
/// that holds its order.
#[test]
fn a_cell_of_a_schedule_is_a_schedule_of_the_cell() {
    let mut seen = 0;
    for seed in 0..300 {
        let instance = common::wild(seed);
        let model = Model::new(&instance, None);
        let mut state = State::new(&model);
        construct(&mut state, &mut Random::seed_from_u64(seed), &|| false);
        if state.pins_missing > 0 {
            continue;
        }
        let schedule = state.freeze(|_| "test".into());
        let plan = Plan::new(&instance, &schedule, None);
        let cells: BTreeSet<_> = plan.sessions.iter().map(|s| (s.centre.unwrap(), s.date)).collect();
        for (centre, date) in cells {
            let here = || plan.sessions.iter().filter(|s| (s.centre, s.date) == (Some(centre), date));
            let orals: BTreeSet<_> = here().flat_map(|s| s.sittings.iter().filter_map(|s| s.oral)).collect();
            let people: BTreeSet<_> = here().flat_map(|s| s.members.iter().filter_map(|m| m.examiner)).collect();
            let cell = instance.cell(centre, instance.date(date).unwrap(), &orals, &people);
            assert_eq!((cell.due().count(), cell.examiners.len()), (orals.len(), people.len()), "seed {seed}");
            let sessions = here().map(|s| s.raw.clone()).collect();
            let own = Schedule { sessions, unscheduled: Vec::new(), not_heard: Vec::new(), ..schedule.clone() };
            let verdict = check(&cell, &own, None);
            assert!(verdict.violations.is_empty(), "seed {seed}: {:?}", verdict.violations);
            let own = Plan::new(&cell, &own, None);
            assert!(rules::program_around(&cell, &own, |_| false).encode(&own).is_some(), "seed {seed}");
            seen += 1;
        }
    }
    assert!(seen > 300, "{seen}");
}

/// What one group's bound may take: most of them come to an end.
const WORK: u64 = 2_000;

/// Two copies of a group cost twice what one costs at least, and what any strategy makes of them is valid and the same on one thread
/// or two.
#[test]
fn costs_and_bounds_add_up() {
    let mut compared = 0;
    for seed in 0..8 {
        let (one, both) = common::twins(seed);
        let proven = |instance, iterations| bound(instance, &Limits::iterations(iterations), &mut |_| {});
        let (single, double) = (proven(&one, WORK), proven(&both, 2 * WORK));
        // Where the work was enough to come to the end.
        if single.ended && double.ended {
            assert_eq!(double.value, 2 * single.value, "seed {seed}: {}", double.proof);
            compared += 1;
        }
        for name in ["anneal", "portfolio", "decompose", "greedy"] {
            let schedule = solve(&both, name, 1200, 1);
            let verdict = check(&both, &schedule, None);
            let broken: Vec<_> = verdict.violations.iter().filter(|v| v.rule != "pin").collect();
            assert!(broken.is_empty(), "{name}, seed {seed}: {broken:#?}");
            assert_eq!(Some(verdict.cost.total), schedule.cost.as_ref().map(|c| c.total), "{name}, seed {seed}");
            assert!(double.value <= verdict.cost.total, "{name}, seed {seed}");
            assert_eq!(schedule, solve(&both, name, 1200, 2), "{name}, seed {seed}");
        }
    }
    assert!(compared > 3, "{compared}");
}

/// What is heard in one part is heard as if the other were not there.
#[test]
fn a_part_is_planned_as_if_it_were_alone() {
    let (_, both) = common::twins(4);
    let parts = both.parts();
    let schedule = solve(&both, "anneal", 3000, 2);
    let mut sum = 0;
    for part in &parts {
        let mut own = schedule.clone();
        own.sessions.retain(|s| part.centre(&s.centre).is_some());
        own.unscheduled.retain(|l| part.candidate(&l.candidate).is_some());
        own.not_heard.retain(|l| part.candidate(&l.candidate).is_some());
        let verdict = check(part, &own, None);
        assert!(verdict.valid, "{:#?}", verdict.violations);
        sum += verdict.cost.total;
    }
    assert_eq!(Some(sum), schedule.cost.map(|c| c.total));
}
