//! Every strategy, on every kind of instance: its schedules pass the checker, its cost is the checker's, and
//! the same seed and iterations give the same schedule on any number of threads.

use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use oraux::check::check;
use oraux::instance::Instance;
use oraux::schedule::{Plan, Schedule};
use oraux::state::Model;
use oraux::strategy::{Budget, STRATEGIES, Strategy, Task};

use crate::common;

fn solve(
    instance: &Instance,
    baseline: Option<&Schedule>,
    strategy: &dyn Strategy,
    threads: usize,
) -> (Schedule, i64, bool) {
    let published = baseline.map(|b| Plan::new(instance, b, None));
    let model = Model::new(instance, published.as_ref());
    let stop = AtomicBool::new(false);
    let told = Mutex::new(Vec::new());
    let task = Task {
        model: &model,
        from: published.as_ref(),
        seed: 7,
        threads,
        budget: Budget { started: Instant::now(), time: None, iterations: Some(1500), gap: 0.0 },
        stop: &stop,
        watch: &|progress, best| told.lock().unwrap().push((best.value(), progress.by)),
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let outcome = pool.install(|| strategy.solve(&task));
    // Whoever is said to have found the best schedule found it: the name changes with the schedule, never without.
    let mut told = told.into_inner().unwrap();
    told.push((outcome.best.value(), outcome.by));
    for pair in told.windows(2) {
        let [(before, who), (after, by)] = pair else { unreachable!() };
        assert!(after < before || (after, by) == (before, who), "{} on {}: {pair:?}", strategy.name(), instance.name);
    }
    let schedule = outcome.best.freeze(|_| "test".into());
    let verdict = check(instance, &schedule, baseline);
    let pins_obeyed = outcome.best.pins_missing == 0;
    let broken: Vec<_> = verdict.violations.iter().filter(|v| v.rule != "pin" || pins_obeyed).collect();
    assert!(broken.is_empty(), "{} on {}: {broken:#?}", strategy.name(), instance.name);
    assert_eq!(verdict.cost.total, outcome.best.cost, "{} on {}", strategy.name(), instance.name);
    if let Some(bound) = outcome.bound {
        assert!(bound <= verdict.cost.total, "{} on {}: bound {bound}", strategy.name(), instance.name);
    }
    (schedule, outcome.best.cost, pins_obeyed)
}

#[test]
fn every_schedule_is_valid_and_the_same_on_one_thread_or_two() {
    for seed in 0..40 {
        let instance = common::wild(seed);
        for strategy in STRATEGIES {
            // Its tree takes minutes where there are many orals; `tests/suite/exact.rs` has more of it.
            if strategy.name() == "exact" && instance.due().count() > 10 {
                continue;
            }
            let (one, cost, _) = solve(&instance, None, *strategy, 1);
            let (two, _, _) = solve(&instance, None, *strategy, 2);
            assert_eq!(one, two, "{} differs with two threads on {}", strategy.name(), instance.name);
            // A re-plan of what was made, with nothing changed, costs no more.
            let (_, again, obeyed) = solve(&instance, Some(&one), *strategy, 2);
            assert!(again <= cost || !obeyed, "{} on {}: {again} > {cost}", strategy.name(), instance.name);
        }
    }
}

/// Found by comparing with brute force: the cheapest holder of one seat was the only one for another, and the oral
/// stayed without a sitting though it had one.
#[test]
fn a_seat_that_only_one_can_hold_is_not_lost_to_another() {
    let mut json = common::wild_json(95);
    let mut candidate = json["candidates"][0].clone();
    let oral = candidate["orals"].as_array().unwrap().iter().find(|o| o["form"] == "final").unwrap().clone();
    candidate["orals"] = serde_json::json!([oral]);
    json["candidates"] = serde_json::json!([candidate]);
    json["pins"] = serde_json::json!([]);
    json["waivers"] = serde_json::json!([]);
    for x in json["examiners"].as_array_mut().unwrap() {
        x["reserve"] = serde_json::json!(false);
    }
    let instance = Instance::from_json(json.to_string().as_bytes()).unwrap();
    for strategy in STRATEGIES {
        let (schedule, _, _) = solve(&instance, None, *strategy, 1);
        assert!(schedule.unscheduled.is_empty(), "{}: {:?}", strategy.name(), schedule.unscheduled);
    }
}
