//! What is certain before any search is in the bound and in what the commands say: orals that nobody can hear, a cost of
//! nothing, an instance of nothing.

use std::path::Path;
use std::process::Output;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use assert_cmd::Command;
use oraux::check::check;
use oraux::instance::{Instance, hopeless};
use oraux::mip::{Limits, bound, counted};
use oraux::moves::Random;
use oraux::objective::evaluate;
use oraux::schedule::{Plan, Schedule};
use oraux::search::construct::construct;
use oraux::state::{Model, State};
use oraux::strategy::{Budget, STRATEGIES, Task, solve_on_threads};
use proptest::prelude::*;
use rand::SeedableRng;
use serde_json::{Value, json};

use crate::common;

fn read(json: &Value) -> Instance {
    Instance::from_json(json.to_string().as_bytes()).unwrap_or_else(|f| panic!("{f:?}"))
}

/// One date, one centre; a teacher of both subjects for the two seats of U62, an English teacher, two candidates 10 km away.
fn small() -> Value {
    let free = json!([{"date": "2030-06-03", "from": "08:00", "to": "18:30"}]);
    let examiner = |id: &str, q: &[&str]| json!({"id": id, "qualifications": q, "km": {"K1": 20}, "available": free});
    let candidate = |id: &str| {
        let orals = [json!({"exam": "U62", "form": "final"}), json!({"exam": "E22", "form": "final"})];
        json!({"id": id, "group": "G", "km": {"K1": 10}, "orals": orals})
    };
    json!({
        "format": "oraux-instance/1", "name": "certain", "regulation": "bts-ccst-2024",
        "calendar": {"dates": ["2030-06-03"]}, "groups": {"G": ["K1"]},
        "centres": [{"id": "K1", "open": free, "exam_rooms": [{"id": "R1", "equipment": ["phone"]}],
                     "preparation_rooms": [{"id": "P1", "seats": 1}]}],
        "examiners": [examiner("X1", &["EG", "STI"]), examiner("X2", &["LV-en", "CCST"])],
        "candidates": [candidate("C1"), candidate("C2")]
    })
}

/// X1 alone cannot hold both seats of U62: 100,000 each for two orals. The way of 10 km is due only if E22 is heard, and
/// hearing it is cheaper than leaving it out.
#[test]
fn what_nobody_can_hear_is_counted() {
    assert_eq!(counted(&read(&small())), 2 * 100_000 + 2 * 100);
    // Of whom everything is hopeless nobody travels.
    let mut json = small();
    json["examiners"].as_array_mut().unwrap().pop();
    assert_eq!(counted(&read(&json)), 4 * 100_000);
    // A pin that nobody can obey makes the rest no dearer.
    json["pins"] = json!([{"candidate": "C1", "exam": "U62", "examiner": "X1"}]);
    assert_eq!(counted(&read(&json)), 4 * 100_000);
    assert_eq!(bound(&read(&json), &Limits::iterations(100_000), &mut |_| {}).value, 4 * 100_000);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is made hopeless: the bound counts it, and no valid schedule costs less than the bound.
    #[test]
    fn hopeless_orals_are_in_the_bound_and_it_stays_one(seed in 0u64..100_000, spoilt in 0usize..6, which in 0usize..20) {
        let mut json = common::wild_json(seed);
        for list in ["pins", "waivers"] {
            json[list] = json!([]);
        }
        json["calendar"]["events"] = json!([]);
        let dates = json["calendar"]["dates"].clone();
        let of = |list: &Value, text: &str| list.as_array().unwrap().contains(&json!(text));
        let list = |json: &mut Value, name: &str| json[name].as_array_mut().unwrap().clone();
        match spoilt {
            0 => json["centres"][0]["preparation_rooms"] = json!([]),
            // Nobody for English, nobody for one seat, or one teacher for both seats.
            1..=3 => {
                let stays = |x: &Value| match spoilt {
                    1 => !of(&x["qualifications"], "LV-en"),
                    2 => !of(&x["qualifications"], "STI"),
                    _ => of(&x["qualifications"], "EG") == of(&x["qualifications"], "STI"),
                };
                json["examiners"] = list(&mut json, "examiners").into_iter().filter(stays).collect();
                json["candidates"].as_array_mut().unwrap().iter_mut().for_each(|c| c["excluded_examiners"] = json!([]));
                // A commission that was composed with somebody who is gone has an empty seat.
                let there: Vec<Value> = list(&mut json, "examiners").iter().map(|x| x["id"].clone()).collect();
                for given in json.get_mut("given_sessions").and_then(Value::as_array_mut).into_iter().flatten() {
                    for who in given["members"].as_object_mut().unwrap().values_mut().filter(|w| !there.contains(w)) {
                        *who = Value::Null;
                    }
                }
            }
            4 => json["policy"]["half_days"] = json!([["08:00", "08:40"], ["13:00", "13:25"]]),
            _ => {
                let n = list(&mut json, "candidates").len();
                let away = dates.as_array().unwrap().iter().map(|d| json!({"date": d, "from": "08:20", "to": "18:00"}));
                json["candidates"][which % n]["unavailable"] = away.collect();
            }
        }
        let instance = read(&json);
        let lost = hopeless::orals(&instance).len() as i64;
        let model = Model::new(&instance, None);
        let mut state = State::new(&model);
        construct(&mut state, &mut Random::seed_from_u64(seed), &|| false);
        let schedule = state.freeze(|_| "test".into());
        let verdict = check(&instance, &schedule, None);
        prop_assert!(verdict.valid, "{:?}", verdict.violations);
        let least = counted(&instance);
        prop_assert!(least >= lost * i64::from(instance.weights.unscheduled), "{} hopeless, {}", lost, least);
        prop_assert!(least <= verdict.cost.total, "counted {}, a schedule costs {}", least, verdict.cost.total);
        let proven = bound(&instance, &Limits::iterations(2_000), &mut |_| {});
        prop_assert!(proven.value >= least && proven.value <= verdict.cost.total, "{:?}, a schedule costs {}", proven, verdict.cost.total);
    }
}

/// No bound is above the cost of a schedule of `instances/tiny` that was found valid on paper.
#[test]
fn no_bound_is_above_what_was_worked_out_on_paper() {
    let mut compared = 0;
    for folder in Path::new("instances/tiny").read_dir().unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()) {
        let instance = Instance::read(&folder.join("instance.json")).unwrap();
        let schedule = Schedule::read(&folder.join("schedule.json")).unwrap();
        let baseline = folder.join("baseline.json");
        let baseline = baseline.exists().then(|| Schedule::read(&baseline).unwrap());
        let verdict = check(&instance, &schedule, baseline.as_ref());
        if !verdict.valid {
            continue;
        }
        let limits = Limits { reserves: baseline.is_some(), ..Limits::iterations(20_000) };
        let proven = bound(&instance, &limits, &mut |_| {});
        assert!(proven.value <= verdict.cost.total, "{folder:?}: {proven:?}, a schedule costs {}", verdict.cost.total);
        compared += 1;
    }
    assert!(compared > 20, "{compared}");
}

/// Nothing costs less than nothing: whoever finds such a schedule stops.
#[test]
fn a_cost_of_nothing_is_proven_at_once() {
    let mut json = small();
    let weights = serde_json::to_value(&read(&json).weights).unwrap();
    json["weights"] = weights.as_object().unwrap().keys().map(|k| (k.clone(), json!(0))).collect();
    let instance = read(&json);
    assert_eq!(bound(&instance, &Limits::iterations(1_000), &mut |_| {}).value, 0);
    for strategy in STRATEGIES {
        let model = Model::new(&instance, None);
        let task = Task {
            model: &model,
            from: None,
            seed: 1,
            threads: 1,
            budget: Budget { started: Instant::now(), time: None, iterations: Some(u64::MAX / 2), gap: 0.0 },
            stop: &AtomicBool::new(false),
            watch: &|_, _| {},
        };
        let outcome = solve_on_threads(*strategy, &task).unwrap();
        let schedule = outcome.schedule(None);
        assert_eq!(evaluate(&Plan::new(&instance, &schedule, None)).total, 0, "{}", strategy.name());
        assert_eq!(schedule.bound, Some(0), "{}", strategy.name());
        assert!(outcome.tries < 10_000, "{}: {} tries", strategy.name(), outcome.tries);
    }
}

/// An instance in which nothing is due, or nothing can be heard, by what is taken out of it.
fn nothing() -> Vec<(&'static str, Value)> {
    let bare = |change: fn(&mut Value)| {
        let mut json = small();
        change(&mut json);
        json
    };
    vec![
        ("candidates", bare(|i| i["candidates"] = json!([]))),
        ("orals", bare(|i| i["candidates"].as_array_mut().unwrap().iter_mut().for_each(|c| c["orals"] = json!([])))),
        (
            "due",
            bare(|i| {
                for c in i["candidates"].as_array_mut().unwrap() {
                    c["orals"] = json!([{"exam": "U62", "form": "exempt"}, {"exam": "E22", "form": "continuous"}]);
                }
            }),
        ),
        (
            "files",
            bare(|i| {
                for c in i["candidates"].as_array_mut().unwrap() {
                    c["orals"] = json!([{"exam": "U62", "form": "final", "file": "missing"}]);
                }
            }),
        ),
        (
            "dates",
            bare(|i| {
                i["calendar"]["dates"] = json!([]);
                i["centres"][0]["open"] = json!([]);
                i["examiners"].as_array_mut().unwrap().iter_mut().for_each(|x| x["available"] = json!([]));
            }),
        ),
        (
            "centres",
            bare(|i| {
                i["centres"] = json!([]);
                i["groups"]["G"] = json!([]);
                for list in ["examiners", "candidates"] {
                    i[list].as_array_mut().unwrap().iter_mut().for_each(|who| who["km"] = json!({}));
                }
            }),
        ),
        ("group", bare(|i| i["groups"]["G"] = json!([]))),
        ("exams", bare(|i| i["centres"][0]["exams"] = json!(["E4"]))),
        ("openings", bare(|i| i["centres"][0]["open"] = json!([]))),
        (
            "rooms",
            bare(|i| {
                i["centres"][0]["exam_rooms"] = json!([]);
                i["centres"][0]["preparation_rooms"] = json!([]);
            }),
        ),
        ("examiners", bare(|i| i["examiners"] = json!([]))),
        (
            "everything",
            json!({"format": "oraux-instance/1", "name": "nothing", "regulation": "bts-ccst-2024",
                              "calendar": {"dates": []}, "groups": {}, "centres": [], "candidates": []}),
        ),
    ]
}

fn run(folder: &Path, args: &str) -> Output {
    Command::cargo_bin("oraux").unwrap().current_dir(folder).args(args.split_whitespace()).output().unwrap()
}

/// Every command on every such instance has an answer and no panic, in both languages.
#[test]
fn commands_answer_where_there_is_nothing_to_do() {
    let folder = tempfile::tempdir().unwrap();
    for (what, json) in nothing() {
        std::fs::write(folder.path().join("i.json"), json.to_string()).unwrap();
        let due = read(&json).due().count();
        let ask = |args: &str, code: i32| -> String {
            let output = run(folder.path(), args);
            let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
            assert!(!err.contains("panicked") && !err.contains("internal"), "no {what}: {args}: {err}");
            assert_eq!(output.status.code(), Some(code), "no {what}: {args}: {err}");
            out
        };
        for lang in ["en", "fr"] {
            for strategy in STRATEGIES {
                let name = strategy.name();
                let said = ask(&format!("solve i.json -o s.json --strategy {name} --iterations 500 --lang {lang}"), 0);
                let words = if lang == "en" { "no oral is due" } else { "aucun oral n'est dû" };
                assert_eq!(said.contains(words), due == 0, "no {what}: {said}");
            }
            assert!(ask(&format!("check i.json s.json --lang {lang}"), 0).starts_with("val"));
            for args in [
                "bound i.json --iterations 500",
                "diagnose i.json --iterations 50 --remedies 1",
                "explain i.json s.json",
                "show s.json --instance i.json",
                "report i.json s.json -o p.html",
                "export i.json s.json --to papers",
                "simulate i.json s.json --runs 3",
                "centres i.json --iterations 50",
                "whatif i.json --iterations 50 --set policy.orals_a_day=1",
            ] {
                ask(&format!("{args} --lang {lang}"), 0);
            }
        }
    }
}
