//! Pins: what a valid plan has can be pinned and is found again, by every strategy; what contradicts itself is said by name and
//! at once; what was only not found is written, and says so.

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use assert_cmd::Command;
use oraux::check::check;
use oraux::generate::{self, Options};
use oraux::instance::contradictions::contradictions;
use oraux::instance::hopeless::warnings;
use oraux::instance::{Instance, RawPin};
use oraux::schedule::Schedule;
use oraux::state::Model;
use oraux::strategy::{Budget, STRATEGIES, Task, solve_on_threads, strategy};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use serde_json::{Value, json};

use crate::common;

pub(super) fn iterations(n: u64) -> Budget {
    Budget { started: Instant::now(), time: None, iterations: Some(n), gap: 0.0 }
}

pub(super) fn solved(instance: &Instance, name: &str, seed: u64, budget: Budget) -> (Schedule, i64) {
    let model = Model::new(instance, None);
    let stop = AtomicBool::new(false);
    let task = Task { model: &model, from: None, seed, threads: 1, budget, stop: &stop, watch: &|_, _| {} };
    let outcome = solve_on_threads(strategy(name).unwrap(), &task).unwrap();
    (outcome.schedule(None), outcome.best.pins_missing)
}

/// The shapes of the instances whose plans are pinned.
pub(super) fn shape(rng: &mut Pcg64Mcg, n: u64, large: bool) -> Instance {
    let mut raw = match n % 3 {
        0 => serde_json::from_value(common::wild_json(n)).unwrap(),
        _ => {
            let candidates = match rng.random_range(0..20) {
                0 if large => 150,
                _ if large => rng.random_range(20..=60),
                _ => rng.random_range(4..=20),
            };
            let slack = [1.0, 1.1, 1.3, 1.6][rng.random_range(0..4)];
            generate::generate(&Options { candidates, seed: n, slack, ..Options::default() }).unwrap()
        }
    };
    raw.pins.clear();
    Instance::from_raw(raw).unwrap()
}

/// The instance with orals of a valid plan pinned as they are there: a share of them, in fields that are drawn for all of
/// them or for each, or in all fields.
pub(super) fn pinned(rng: &mut Pcg64Mcg, instance: &Instance, plan: &Schedule) -> (Instance, String) {
    let share = rng.random_range(1..=100);
    let mode = rng.random_range(0..4);
    let drawn: [bool; 5] = std::array::from_fn(|_| rng.random_bool(0.5));
    let mut raw = instance.raw.clone();
    for session in &plan.sessions {
        for s in &session.sittings {
            if rng.random_range(0..100) >= share {
                continue;
            }
            let fields = match mode {
                0 | 1 => [true; 5],
                2 => drawn,
                _ => std::array::from_fn(|_| rng.random_bool(0.5)),
            };
            let people: Vec<&String> = session.members.values().collect();
            let one = people[rng.random_range(0..people.len())].clone();
            let pin = RawPin {
                candidate: s.candidate.clone(),
                exam: s.exam.clone(),
                date: fields[0].then_some(session.date),
                start: fields[1].then_some(s.start),
                centre: fields[2].then(|| session.centre.clone()),
                room: fields[3].then(|| session.room.clone()),
                examiner: fields[4].then_some(one),
            };
            if mode == 1 {
                let all = people.iter().map(|x| RawPin { examiner: Some((*x).clone()), ..pin.clone() });
                raw.pins.extend(all);
            } else {
                raw.pins.push(pin);
            }
        }
    }
    let count = raw.pins.len();
    (Instance::from_raw(raw).unwrap(), format!("{share} %, mode {mode}, {drawn:?}, {count} pins"))
}

/// How much a plan as pinned may take.
#[derive(Clone, Copy, Debug)]
pub(super) enum Effort {
    /// So many tries of moves.
    Tries(u64),
    /// What a person would give it.
    FiveSeconds,
}

/// Pins orals of a random instance as a valid plan has them, made by one strategy, and plans it anew by another: says so where
/// not every pin is obeyed.
pub(super) fn planned_as_pinned(n: u64, large: bool, effort: Effort) -> Option<String> {
    let rng = &mut Pcg64Mcg::seed_from_u64(n);
    let plain = shape(rng, n, large);
    let maker = ["greedy", "anneal", "anneal"][rng.random_range(0..3)];
    let (plan, _) = solved(&plain, maker, n.wrapping_add(1), iterations(400));
    if plan.sessions.is_empty() {
        return None;
    }
    let (instance, how) = pinned(rng, &plain, &plan);
    let exact = instance.due().count() <= 10;
    let names: Vec<&str> = STRATEGIES.iter().map(|s| s.name()).filter(|&s| s != "exact" || exact).collect();
    let name = if rng.random_bool(0.5) { "greedy" } else { names[rng.random_range(0..names.len())] };
    let budget = match effort {
        Effort::Tries(tries) => iterations(tries),
        Effort::FiveSeconds => {
            Budget { started: Instant::now(), time: Some(Duration::from_secs(5)), iterations: None, gap: 0.0 }
        }
    };
    let (schedule, missing) = solved(&instance, name, n.wrapping_add(7), budget);
    let verdict = check(&instance, &schedule, None);
    let broken: Vec<_> = verdict.violations.iter().filter(|v| v.rule != "pin" || missing == 0).collect();
    assert!(broken.is_empty(), "{n} {}: {broken:?}", instance.name);
    (missing > 0).then(|| format!("{n}: {missing} missing, {} by {name}, {how}", instance.name))
}

#[test]
fn pins_of_a_valid_plan_are_obeyed() {
    let failures: Vec<String> = (0..60).filter_map(|n| planned_as_pinned(n, false, Effort::Tries(200))).collect();
    assert_eq!(failures, Vec::<String>::new());
}

/// Two candidates, one room, a teacher of each profession, one morning: what a pin can break.
fn morning() -> Value {
    let free = |id: &str, q: &[&str]| {
        json!({"id": id, "qualifications": q, "km": {"Z": 0, "Y": 1},
               "available": [{"date": "2024-06-04", "from": "08:00", "to": "12:30"}]})
    };
    let candidate = |id: &str, exams: &[&str]| {
        let orals: Vec<Value> = exams.iter().map(|e| json!({"exam": e, "form": "final"})).collect();
        json!({"id": id, "group": "G", "school": "S", "orals": orals})
    };
    json!({
        "format": "oraux-instance/1", "name": "morning", "regulation": "bts-ccst-2024",
        "calendar": {"dates": ["2024-06-04", "2024-06-05"], "papers": [], "exam_dates": {"E22": ["2024-06-04"]}},
        "groups": {"G": ["Z"], "H": ["Y"]},
        "centres": [
            {"id": "Z", "open": [{"date": "2024-06-04", "from": "08:00", "to": "12:30"}],
             "exam_rooms": [{"id": "R1", "unavailable": [{"date": "2024-06-04", "from": "11:00", "to": "12:30"}]},
                            {"id": "R2", "equipment": ["phone"]}],
             "preparation_rooms": [{"id": "P", "seats": 1}]},
            {"id": "Y", "open": [], "exam_rooms": [{"id": "R9"}], "preparation_rooms": []}
        ],
        "schools": [{"id": "S", "km": {"Z": 10, "Y": 10}}],
        "examiners": [free("EG", &["EG", "CCST"]), free("STI", &["STI", "CCST"]), free("LV", &["LV-en"]),
                      free("EG2", &["EG", "CCST"])],
        "candidates": [candidate("C1", &["U62", "E22"]), candidate("C2", &["U62", "E22"])]
    })
}

fn contradicted(pins: Value, change: impl FnOnce(&mut Value)) -> String {
    let mut json = morning();
    json["pins"] = pins;
    change(&mut json);
    let instance = Instance::from_json(json.to_string().as_bytes()).unwrap_or_else(|faults| panic!("{faults:?}"));
    let found = contradictions(&instance, &warnings(&instance), false);
    found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_pin_that_breaks_a_rule_alone_is_named_with_the_rule() {
    let one = |more: Value| {
        let mut pin = json!({"candidate": "C1", "exam": "U62"});
        pin.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        contradicted(json!([pin]), |_| {})
    };
    let day = "2024-06-04";
    let said: Vec<String> = [
        json!({"date": day, "start": "09:00", "centre": "Z", "room": "R1", "examiner": "EG"}),
        json!({"date": "2024-06-06"}),
        json!({"start": "09:02"}),
        json!({"start": "12:15"}),
        json!({"centre": "Y"}),
        json!({"date": "2024-06-05", "centre": "Z"}),
        json!({"date": day, "start": "11:00", "room": "R1"}),
        json!({"examiner": "LV"}),
        json!({"date": "2024-06-05", "examiner": "EG"}),
        json!({"room": "R9"}),
    ]
    .map(one)
    .into();
    let expected = [
        "",
        "pins[0]: C1 U62: 2024-06-06 is not a date of the calendar [grid]",
        "pins[0]: C1 U62: 09:02 is not on the grid of 5 minutes [grid]",
        "pins[0]: C1 U62: 12:15 to 12:45 lies in no half-day [half-day]",
        "pins[0]: C1 U62: centre Y is not one of the group G [centre-allowed]",
        "pins[0]: C1 U62: centre Z is closed on 2024-06-05 [centre-open]",
        "pins[0]: C1 U62: room R1 is closed on 2024-06-04 at 11:00 [room-fit]",
        "pins[0]: C1 U62: LV may hold no seat of expertise: STI (STI + CCST), EG (EG + CCST); LV has LV-en [seats]",
        "pins[0]: C1 U62: EG is not free on 2024-06-05 [examiner-available]",
        "pins[0]: C1 U62: no allowed centre has a room R9 [centre-allowed]",
    ];
    assert_eq!(said, expected);
    // Twenty minutes of preparation come before.
    let early = json!([{"candidate": "C1", "exam": "E22", "date": day, "start": "08:00", "centre": "Z"}]);
    let opening =
        "pins[0]: C1 E22: on 2024-06-04 centre Z is open from 08:00 to 12:30, not from 07:40 to 08:20 [centre-open]";
    assert_eq!(contradicted(early, |_| {}), opening);
}

#[test]
fn pins_that_break_a_rule_together_are_named_together() {
    let day = "2024-06-04";
    let pin = |c: &str, e: &str, start: &str, room: &str| json!({"candidate": c, "exam": e, "date": day, "start": start, "centre": "Z", "room": room});
    let by = |mut pin: Value, x: &str| {
        pin["examiner"] = json!(x);
        pin
    };
    let said = [
        // Turnaround is 10 minutes: apart, and not.
        contradicted(json!([pin("C1", "U62", "09:00", "R2"), pin("C2", "U62", "09:40", "R2")]), |_| {}),
        contradicted(json!([pin("C1", "U62", "09:00", "R2"), pin("C2", "U62", "09:35", "R2")]), |_| {}),
        contradicted(
            json!([by(pin("C1", "U62", "09:00", "R1"), "EG"), by(pin("C2", "U62", "09:15", "R2"), "EG")]),
            |_| {},
        ),
        contradicted(json!([pin("C1", "U62", "09:00", "R1"), pin("C1", "E22", "09:50", "R2")]), |_| {}),
        contradicted(json!([pin("C1", "E22", "09:00", "R2"), pin("C2", "E22", "09:10", "R2")]), |_| {}),
        contradicted(json!([pin("C1", "U62", "08:00", "R1"), pin("C1", "E22", "10:00", "R2")]), |i| {
            i["policy"] = json!({"orals_a_day": 1});
        }),
        contradicted(
            json!([{"candidate": "C1", "exam": "U62", "examiner": "EG"}, {"candidate": "C1", "exam": "U62", "examiner": "EG2"}]),
            |_| {},
        ),
    ];
    let expected = [
        "",
        "pins[0]: C1 U62, C2 U62: as pinned, room R2 cannot hear both [turnaround]",
        "pins[0]: C1 U62, C2 U62: as pinned, EG cannot hear both [turnaround]",
        "pins[0]: C1 U62, C1 E22: as pinned, 0 min lie between them, 30 are due [candidate-gap]",
        "pins[0]: C1 E22, C2 E22: as pinned, room R2 cannot hear both [turnaround]\n\
         pins[0]: C1 E22, C2 E22: as pinned, at 08:50 more candidates prepare in Z than it has seats (1) [preparation-seats]",
        "pins[0]: C1 U62, C1 E22: as pinned, they are more than 1 orals of one candidate on 2024-06-04 [candidate-orals]",
        "pins[0]: C1 U62: EG, EG2 cannot hold a seat each in one commission [seats]",
    ];
    assert_eq!(said, expected);
}

fn oraux(lang: &str, args: &[&str]) -> (i32, String, String) {
    let out = Command::cargo_bin("oraux").unwrap().args(["--lang", lang]).args(args).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (out.status.code().unwrap(), text(&out.stdout), text(&out.stderr))
}

fn written(folder: &Path, name: &str, json: &Value) -> String {
    let path = folder.join(name);
    std::fs::write(&path, json.to_string()).unwrap();
    path.display().to_string()
}

/// Three orals of half an hour pinned to the only teacher of economics, whose morning holds two: no two pins contradict one another, and
/// no schedule hears all three. The relaxed model proves it; nothing is written.
#[test]
fn pins_that_cannot_all_be_obeyed_are_refused_with_a_proof() {
    let folder = tempfile::tempdir().unwrap();
    let mut json = morning();
    json["candidates"].as_array_mut().unwrap().push(json!({"id": "C3", "group": "G", "school": "S",
        "orals": [{"exam": "U62", "form": "final"}]}));
    json["examiners"][0]["available"] = json!([{"date": "2024-06-04", "from": "08:00", "to": "09:15"}]);
    json["examiners"].as_array_mut().unwrap().retain(|x| x["id"] != "EG2");
    json["pins"] = ["C1", "C2", "C3"].map(|c| json!({"candidate": c, "exam": "U62", "examiner": "EG"})).into();
    let instance = written(folder.path(), "i.json", &json);
    let out = folder.path().join("s.json");
    let (code, _, err) = oraux("en", &["solve", &instance, "-o", out.to_str().unwrap(), "--iterations", "100", "-q"]);
    assert_eq!(code, 1, "{err}");
    let err = err.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(err.contains("C1 U62, C2 U62, C3 U62") && err.contains("proven"), "{err}");
    assert!(!out.exists());
}

/// The professional's seat is optional for the relaxed model, which so sees no contradiction: the plan is written without the pins
/// that were not kept, says which, is not valid, and is not sent out.
#[test]
fn pins_that_were_not_kept_are_said_and_the_plan_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut json = morning();
    let free = json!([{"date": "2024-06-04", "from": "08:00", "to": "09:15"}]);
    json["examiners"]
        .as_array_mut()
        .unwrap()
        .push(json!({"id": "PRO", "qualifications": ["PRO"], "km": {"Z": 0, "Y": 0}, "available": free}));
    json["candidates"] = ["C1", "C2", "C3"]
        .map(|c| json!({"id": c, "group": "G", "school": "S", "orals": [{"exam": "U61", "form": "final"}]}))
        .into();
    json["pins"] = ["C1", "C2", "C3"].map(|c| json!({"candidate": c, "exam": "U61", "examiner": "PRO"})).into();
    let instance = written(folder.path(), "i.json", &json);
    let out = folder.path().join("s.json");
    let path = out.to_str().unwrap();
    let (code, _, err) = oraux("en", &["solve", &instance, "-o", path, "--iterations", "100", "-q"]);
    assert_eq!(code, 3, "{err}");
    assert!(err.contains("PINS NOT KEPT: 1: C"), "{err}");
    let schedule: Value = serde_json::from_slice(&std::fs::read(&out).unwrap()).unwrap();
    let account = schedule["provenance"]["pins_not_kept"].as_array().unwrap();
    assert_eq!(account.len(), 1);
    assert_eq!((&account[0]["exam"], &account[0]["fields"]), (&json!("U61"), &json!(["examiner"])));
    assert_eq!(schedule["unscheduled"], json!([]));
    let (code, said, _) = oraux("fr", &["check", &instance, path]);
    let name = format!("{} U61", account[0]["candidate"].as_str().unwrap());
    assert_eq!(code, 1);
    assert!(said.contains(&name) && said.contains("n'ont pas pu être tenues"), "{said}");
    let to = folder.path().join("papers");
    let (code, _, err) = oraux("en", &["export", &instance, path, "--to", to.to_str().unwrap(), "--only", "csv"]);
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("could not be kept") && !to.exists(), "{err}");
}
