//! Commissions that the office has composed: planned as they are, by every strategy, and by the full model.

use std::sync::atomic::AtomicBool;
use std::time::Instant;

use oraux::check::check;
use oraux::instance::Instance;
use oraux::instance::hopeless::warnings;
use oraux::mip::{Found, Limits, exact};
use oraux::rules;
use oraux::state::Model;
use oraux::strategy::{Budget, STRATEGIES, Task};
use serde_json::{Value, json};

/// Two centres of two groups that share nobody, 50 km apart for the examiners, each with two candidates in English.
fn two_centres(given: Value) -> Value {
    let open = json!([{"date": "2024-06-03", "from": "08:00", "to": "18:30"}]);
    let centre = |id: &str| {
        json!({"id": id, "open": open, "exam_rooms": [{"id": "R1", "equipment": ["phone"]}],
            "preparation_rooms": [{"id": "P1", "seats": 2}]})
    };
    let examiner = |id: &str, own: &str| {
        json!({"id": id, "qualifications": ["LV-en", "CCST"], "km": {"A": 0, "B": 0}, "centres": [own],
            "available": open})
    };
    let candidate = |id: &str, group: &str| {
        json!({"id": id, "group": group, "school": null, "km": {"A": 0, "B": 0},
            "orals": [{"exam": "E22", "form": "final"}]})
    };
    json!({"format": "oraux-instance/1", "name": "given", "regulation": "bts-ccst-2024",
        "calendar": {"dates": ["2024-06-03"]}, "groups": {"GA": ["A"], "GB": ["B"]},
        "centres": [centre("A"), centre("B")],
        "examiners": [examiner("XA", "A"), examiner("XB", "B"), examiner("XC", "A")],
        "candidates": [candidate("C1", "GA"), candidate("C2", "GA"), candidate("C3", "GB"), candidate("C4", "GB")],
        "given_sessions": given})
}

fn read(json: &Value) -> Instance {
    Instance::from_json(json.to_string().as_bytes()).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn solved(instance: &Instance, name: &str) -> (oraux::schedule::Schedule, Option<i64>) {
    let model = Model::new(instance, None);
    let task = Task {
        model: &model,
        from: None,
        seed: 1,
        threads: 1,
        budget: Budget { started: Instant::now(), time: None, iterations: Some(3000), gap: 0.0 },
        stop: &AtomicBool::new(false),
        watch: &|_, _| {},
    };
    let strategy = STRATEGIES.iter().find(|s| s.name() == name).unwrap();
    let outcome = strategy.solve(&task);
    (outcome.schedule(None), outcome.bound)
}

fn morning(id: &str, centre: &str, who: Value) -> Value {
    json!({"id": id, "commission": "anglais", "centre": centre, "date": "2024-06-03", "half_day": 1, "members": who})
}

/// A session each in A and B: sessions 2 x 100, examiner_days 2 x 1000, centre_days 2 x 1500, and 5 minutes between the two
/// sittings of each, 10 x 2.
#[test]
fn every_strategy_plans_given_sessions_as_they_are() {
    let given = json!([morning("V1", "A", json!({"LV": "XC"})), morning("V2", "B", json!({"LV": null}))]);
    let instance = read(&two_centres(given));
    for strategy in STRATEGIES {
        let (schedule, bound) = solved(&instance, strategy.name());
        let verdict = check(&instance, &schedule, None);
        assert!(verdict.valid, "{}: {:?}", strategy.name(), verdict.violations);
        assert_eq!(verdict.cost.total, 5220, "{}", strategy.name());
        assert!(bound.is_none_or(|b| b <= 5220), "{}", strategy.name());
        let mut ids: Vec<&str> = schedule.sessions.iter().map(|s| s.given.as_deref().unwrap()).collect();
        ids.sort_unstable();
        assert_eq!(ids, ["V1", "V2"], "{}", strategy.name());
        let of = |id: &str| &schedule.sessions.iter().find(|s| s.given.as_deref() == Some(id)).unwrap().members["LV"];
        assert_eq!((of("V1").as_str(), of("V2").as_str()), ("XC", "XB"), "{}", strategy.name());
    }
}

/// The commission is given in A alone: nobody is heard in B, though B shares nothing with A. 2 x 100000, and A's 2610.
#[test]
fn a_commission_given_anywhere_sits_nowhere_else() {
    let instance = read(&two_centres(json!([morning("V1", "A", json!({"LV": "XA"}))])));
    let parts = instance.parts();
    assert_eq!(parts.len(), 2);
    assert!(parts.iter().all(|part| part.given_only.len() == 1));
    for strategy in STRATEGIES {
        let (schedule, _) = solved(&instance, strategy.name());
        let verdict = check(&instance, &schedule, None);
        assert!(verdict.valid, "{}: {:?}", strategy.name(), verdict.violations);
        assert_eq!(verdict.cost.total, 202_610, "{}", strategy.name());
        assert!(schedule.unscheduled.iter().all(|left| left.reason.contains("(V1)")), "{:?}", schedule.unscheduled);
    }
    let mut free = two_centres(json!([morning("V1", "A", json!({"LV": "XA"}))]));
    free["policy"] = json!({"only_given_sessions": false});
    let (schedule, _) = solved(&read(&free), "anneal");
    assert_eq!(check(&read(&free), &schedule, None).cost.total, 5220);
}

/// In the full model the best is the one worked out on paper, and proven.
#[test]
fn the_full_model_proves_a_case_with_given_sessions() {
    let given = json!([morning("V1", "A", json!({"LV": "XC"})), morning("V2", "B", json!({}))]);
    let instance = read(&two_centres(given));
    let (mut proven, mut best) = (0, None);
    let ended =
        exact(rules::program(&instance, None), None, &Limits::iterations(100_000_000), &mut |news| match news {
            Some(Found::Bound(b)) => proven = proven.max(b),
            Some(Found::Schedule(s)) => best = Some(s),
            None => {}
        });
    let best = best.unwrap();
    let verdict = check(&instance, &best, None);
    assert!(ended && verdict.valid, "{:?}", verdict.violations);
    assert_eq!((proven, verdict.cost.total), (5220, 5220));
    assert!(best.sessions.iter().all(|s| s.given.is_some()));
}

#[test]
fn faults_of_given_sessions_name_their_place() {
    let given = json!([
        {"id": "V1", "commission": "anglaise", "centre": "A", "date": "2024-06-03", "half_day": 1},
        {"id": "V1", "commission": "anglais", "centre": "Z", "date": "2024-06-03", "half_day": 3,
            "members": {"LW": "XA", "LV": "XZ"}},
        {"id": "V2", "commission": "anglais", "language": "en", "centre": "A", "room": "R9", "date": "2024-06-03", "half_day": 9},
        {"id": "V3", "commission": "langue-facultative", "centre": "A", "date": "2024-06-03", "half_day": 1}
    ]);
    let faults = Instance::from_json(two_centres(given).to_string().as_bytes()).unwrap_err();
    let said: Vec<String> = faults.iter().map(|f| format!("{}: {}", f.path, f.message)).collect();
    insta::assert_snapshot!("given-faults", said.join("\n"));
}

/// Somebody named for two seats can hold neither: it is said, and no strategy opens the session.
#[test]
fn one_person_given_two_seats_hears_nobody() {
    let who = json!({"ENS": "XD", "PRO": "XD"});
    let mut json = two_centres(json!([{"id": "V1", "commission": "approfondissement", "centre": "A",
        "date": "2024-06-03", "half_day": 1, "members": who}]));
    let day = json["examiners"][0]["available"].clone();
    let orals = json!([{"exam": "U62", "form": "final"}]);
    json["examiners"].as_array_mut().unwrap().push(json!({"id": "XD", "qualifications": ["EG", "CCST"],
        "km": {"A": 0, "B": 0}, "available": day}));
    json["candidates"].as_array_mut().unwrap().push(json!({"id": "C5", "group": "GA", "school": null,
        "km": {"A": 0, "B": 0}, "orals": orals}));
    let instance = read(&json);
    let said: Vec<String> = warnings(&instance).into_iter().map(|w| w.message).collect();
    let twice =
        "V1: XD, given the seat ENS, is given another seat of it too: the session hears nobody until that is changed";
    assert!(said.iter().any(|s| s == twice), "{said:?}");
    for strategy in STRATEGIES {
        let (schedule, _) = solved(&instance, strategy.name());
        let verdict = check(&instance, &schedule, None);
        assert!(verdict.valid, "{}: {:?}", strategy.name(), verdict.violations);
        let left: Vec<&str> = schedule.unscheduled.iter().map(|l| l.candidate.as_str()).collect();
        assert_eq!(left, ["C5"], "{}", strategy.name());
    }
}
