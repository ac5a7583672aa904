//! Makers that several tests share: small random instances that use every field of the format, quick plans of them, damages.

#![allow(dead_code)]

pub mod damage;
pub mod good;
pub mod office;

use std::sync::atomic::AtomicBool;
use std::time::Instant;

use oraux::instance::{Instance, OralIx};
use oraux::schedule::{Left, Schedule};
use oraux::state::Model;
use oraux::strategy::{Budget, Task, strategy};
use rand::{Rng, RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde_json::{Value, json};

const DATES: [&str; 4] = ["2024-06-03", "2024-06-04", "2024-06-05", "2024-06-06"];

fn hour(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn chance(rng: &mut impl Rng, percent: u32) -> bool {
    rng.random_range(0..100) < percent
}

fn pick<'a, T>(rng: &mut impl Rng, list: &'a [T]) -> &'a T {
    &list[rng.random_range(0..list.len())]
}

/// A random instance as JSON; every seed gives a valid one.
pub fn wild_json(seed: u64) -> Value {
    let mut json = plain_json(seed);
    more_rules(&mut json, &mut Pcg64Mcg::seed_from_u64(seed ^ 0x9e37_79b9));
    json
}

/// Some of the rules that are asked for by a field: pauses, own limits, wishes, given sessions …
fn more_rules(json: &mut Value, rng: &mut Pcg64Mcg) {
    let dates: Vec<Value> = json["calendar"]["dates"].as_array().unwrap().clone();
    if !json["policy"].is_object() {
        json["policy"] = json!({});
    }
    if chance(rng, 25) {
        json["policy"]["pause_after"] = json!(pick(rng, &[60, 90, 120, 180]));
        json["policy"]["pause"] = json!(pick(rng, &[0, 10, 15, 20]));
    }
    if chance(rng, 25) {
        json["policy"]["far_latest"] = json!(pick(rng, &["11:00", "16:00"]));
    }
    if chance(rng, 25) {
        if !json["weights"].is_object() {
            json["weights"] = json!({});
        }
        for weight in ["late_far", "examiner_target", "examiner_wish"] {
            json["weights"][weight] = json!(rng.random_range(0..500));
        }
    }
    for x in json["examiners"].as_array_mut().unwrap() {
        if chance(rng, 6) {
            x["sittings_a_day"] = json!(rng.random_range(0..6));
        }
        if chance(rng, 6) {
            x["max_sittings"] = json!(rng.random_range(0..8));
        }
        if chance(rng, 10) {
            x["target_sittings"] = json!(rng.random_range(0..8));
        }
        if chance(rng, 10) {
            x["rather_not"] = json!([
                {"date": pick(rng, &dates), "from": "08:00", "to": pick(rng, &["09:00", "11:20", "18:30"])},
                {"date": pick(rng, &dates), "from": "16:10", "to": "17:00"}
            ]);
        }
    }
    for candidate in json["candidates"].as_array_mut().unwrap() {
        for oral in candidate["orals"].as_array_mut().unwrap() {
            if chance(rng, 4) {
                let (date, hour) = (pick(rng, &dates).as_str().unwrap(), pick(rng, &["08:45", "11:00", "15:00"]));
                oral["not_before"] = json!(format!("{date}T{hour}"));
            }
        }
    }
    if chance(rng, 25) {
        let people: Vec<(Value, Vec<String>)> = json["examiners"]
            .as_array()
            .unwrap()
            .iter()
            .map(|x| {
                let held = x["qualifications"].as_array().unwrap().iter().map(|q| q.as_str().unwrap().to_string());
                (x["id"].clone(), held.collect())
            })
            .collect();
        let with = |rng: &mut Pcg64Mcg, quals: &[&str]| {
            let all: Vec<&Value> =
                people.iter().filter(|p| quals.iter().all(|q| p.1.iter().any(|h| h == q))).map(|p| &p.0).collect();
            if all.is_empty() || chance(rng, 20) { Value::Null } else { (*pick(rng, &all)).clone() }
        };
        let centres: Vec<Value> = json["centres"].as_array().unwrap().iter().map(|z| z["id"].clone()).collect();
        let given: Vec<Value> = (0..rng.random_range(1..5))
            .map(|i| {
                let (commission, members) = match rng.random_range(0..3) {
                    0 => ("anglais", json!({"LV": with(rng, &["LV-en"])})),
                    1 => ("anglais", json!({})),
                    _ => (
                        "technico-commerciale",
                        json!({"EG": with(rng, &["EG", "CCST"]), "STI": with(rng, &["STI", "CCST"])}),
                    ),
                };
                let room = if chance(rng, 30) { json!("R1") } else { Value::Null };
                json!({"id": format!("V{i}"), "commission": commission, "centre": pick(rng, &centres), "room": room,
                    "date": pick(rng, &dates), "half_day": rng.random_range(1..=2), "members": members})
            })
            .collect();
        json["given_sessions"] = json!(given);
        if chance(rng, 50) {
            json["policy"]["only_given_sessions"] = json!(false);
        }
    }
}

/// A random instance without those.
pub fn plain_json(seed: u64) -> Value {
    let rng = &mut Pcg64Mcg::seed_from_u64(seed);
    let dates = &DATES[..rng.random_range(1..=3)];
    let step = *pick(rng, &[5, 5, 10]);
    let centres: Vec<String> = (1..=rng.random_range(1..=2)).map(|i| format!("Z{i}")).collect();
    let km = |rng: &mut Pcg64Mcg| -> Value {
        centres.iter().map(|z| (z.clone(), json!(rng.random_range(0..150)))).collect::<serde_json::Map<_, _>>().into()
    };
    let centre_list: Vec<Value> = centres
        .iter()
        .map(|id| {
            let open: Vec<Value> = dates
                .iter()
                .filter_map(|d| {
                    let from = *pick(rng, &[450, 480, 480, 510]);
                    let to = *pick(rng, &[1050, 1080, 1110]);
                    (!chance(rng, 8)).then(|| json!({"date": d, "from": hour(from), "to": hour(to)}))
                })
                .collect();
            let rooms: Vec<Value> = (1..=rng.random_range(2..=4))
                .map(|r| {
                    let mut room = json!({
                        "id": format!("R{r}"), "accessible": chance(rng, 60),
                        "equipment": if chance(rng, 60) { json!(["phone"]) } else { json!([]) }
                    });
                    if chance(rng, 15) {
                        room["unavailable"] = json!([{"date": pick(rng, dates), "from": "09:00", "to": "11:00"}]);
                    }
                    room
                })
                .collect();
            let preparation: Vec<Value> = (1..=rng.random_range(1..=2))
                .map(
                    |r| json!({"id": format!("P{r}"), "seats": rng.random_range(1..=3), "accessible": chance(rng, 70)}),
                )
                .collect();
            let mut centre = json!({"id": id, "open": open, "exam_rooms": rooms, "preparation_rooms": preparation});
            if chance(rng, 10) {
                centre["exams"] = json!(["E4", "U61", "U62", "EF3"]);
            }
            centre
        })
        .collect();
    let schools: Vec<Value> = (1..=2).map(|i| json!({"id": format!("E{i}"), "km": km(rng)})).collect();
    let kinds: [&[&str]; 9] = [
        &["EG", "CCST"],
        &["EG"],
        &["STI", "CCST"],
        &["STI", "CCST"],
        &["PRO"],
        &["LV-en", "CCST"],
        &["LV-es", "CCST"],
        &["LV-de"],
        &["EG", "STI", "CCST"],
    ];
    let count = rng.random_range(6..=14);
    let examiners: Vec<Value> = (0..count)
        .map(|i| {
            let available: Vec<Value> = dates
                .iter()
                .flat_map(|d| match rng.random_range(0..10) {
                    0 => vec![],
                    1 => vec![json!({"date": d, "from": "08:00", "to": "12:30"})],
                    2 => vec![
                        json!({"date": d, "from": "08:00", "to": "12:00"}),
                        json!({"date": d, "from": "14:00", "to": "18:00"}),
                    ],
                    _ => vec![json!({"date": d, "from": "07:30", "to": "18:30"})],
                })
                .collect();
            let mut x = json!({
                "id": format!("X{i}"), "qualifications": kinds[i % kinds.len()], "km": km(rng), "available": available
            });
            if chance(rng, 20) {
                x["schools"] = json!([pick(rng, &["E1", "E2"])]);
            }
            if chance(rng, 20) {
                x["max_days"] = json!(rng.random_range(1..=2));
            }
            if chance(rng, 10) {
                x["centres"] = json!([pick(rng, &centres)]);
            }
            if chance(rng, 8) {
                x["reserve"] = json!(true);
            }
            x
        })
        .collect();
    let candidates: Vec<Value> = (0..rng.random_range(1..=7)).map(|i| candidate(rng, i, dates, &km, count)).collect();
    let mut pins = Vec::new();
    if chance(rng, 25) {
        let mut pin = json!({"candidate": "C0", "exam": "U62"});
        if chance(rng, 50) {
            pin["date"] = json!(pick(rng, dates));
        }
        if chance(rng, 30) {
            pin["centre"] = json!(centres[0]);
        }
        if candidates[0]["orals"].as_array().unwrap().iter().any(|o| o["exam"] == "U62") {
            pins.push(pin);
        }
    }
    let waivers = if chance(rng, 30) {
        json!([{"candidate": "C0", "examiner": "X0", "by": "chef de division", "reason": "essai"}])
    } else {
        json!([])
    };
    json!({
        "format": "oraux-instance/1", "name": format!("wild-{seed}"), "step": step, "regulation": "bts-ccst-2024",
        "calendar": {
            "dates": dates,
            "papers": [
                {"id": "E1", "date": "2024-05-15", "start": "14:00", "end": "18:00", "loge_until": "15:00"},
                {"id": "E5", "date": dates[0], "start": "14:00", "end": "16:00", "loge_until": "15:00"}
            ],
            "events": if chance(rng, 30) {
                json!([{"id": "bareme", "date": dates[0], "start": "14:00", "end": "17:00", "concerns": ["STI", "X0"]}])
            } else {
                json!([])
            },
            "exam_dates": if chance(rng, 15) { json!({"E4": [dates[dates.len() - 1]]}) } else { json!({}) }
        },
        "groups": {"G": centres, "H": [centres[0]]},
        "centres": centre_list, "schools": schools, "examiners": examiners, "candidates": candidates,
        "policy": {
            "candidate_gap": pick(rng, &[0, 20, 30]), "candidate_lunch": pick(rng, &[45, 60]),
            "orals_a_day": pick(rng, &[2, 3, 3, 4]), "oral_on_paper_day": chance(rng, 50),
            "examiner_minutes_a_day": pick(rng, &[120, 300, 420]), "briefing": pick(rng, &[0, 0, 30]),
            "examiner_sittings_a_day": pick(rng, &[json!(null), json!(3)]), "same_school_max": pick(rng, &[1, 3]),
            "fair_days": pick(rng, &[1, 4]), "far_km": 60, "far_earliest": "09:30"
        },
        "weights": if chance(rng, 30) {
            // Weights far apart, so that a wrong total tells which term is wrong.
            json!({
                "sessions": 0, "examiner_days": 0, "same_school": 503, "candidate_wait": 7, "examiner_idle": 0,
                "examiner_overload": 30_011, "early_far": 100_003, "not_preferred": 1_009
            })
        } else {
            json!({})
        },
        "pins": pins, "waivers": waivers
    })
}

fn candidate(
    rng: &mut Pcg64Mcg,
    i: usize,
    dates: &[&str],
    km: &dyn Fn(&mut Pcg64Mcg) -> Value,
    examiners: usize,
) -> Value {
    let mut orals = Vec::new();
    for exam in ["E4", "U61", "U62", "E22", "EF1", "EF2", "EF2-abroad", "EF3"] {
        let optional = exam.starts_with("EF");
        if chance(rng, if optional { 25 } else { 80 }) {
            let form = if chance(rng, 88) { "final" } else { *pick(rng, &["continuous", "exempt"]) };
            let file = *pick(rng, &["conform", "conform", "conform", "pending", "nonconform", "missing"]);
            let mut oral = json!({"exam": exam, "form": form, "file": if chance(rng, 70) { "conform" } else { file }});
            if exam == "EF1" || exam == "EF2-abroad" {
                oral["language"] = json!(pick(rng, &["es", "de"]));
            }
            orals.push(oral);
        }
    }
    let mut c = json!({
        "id": format!("C{i}"), "group": pick(rng, &["G", "G", "H"]), "orals": orals,
        "papers": if chance(rng, 30) { json!(["E1", "E5"]) } else { json!(["E1"]) }
    });
    if chance(rng, 70) {
        c["school"] = json!(pick(rng, &["E1", "E2"]));
    } else {
        c["km"] = km(rng);
    }
    if chance(rng, 25) {
        c["extra_per_hour"] =
            json!({"preparation": pick(rng, &[0, 20]), "exam": pick(rng, &[0, 20, 30]), "written": 20});
    }
    for (flag, percent) in [("needs_accessible", 12), ("prepares_alone", 12)] {
        if chance(rng, percent) {
            c[flag] = json!(true);
        }
    }
    if chance(rng, 12) {
        c["gap"] = json!(60);
    }
    if chance(rng, 20) {
        c["unavailable"] = json!([{"date": pick(rng, dates), "from": "08:00", "to": "12:30"}]);
    }
    if chance(rng, 20) {
        c["excluded_examiners"] = json!([format!("X{}", rng.random_range(0..examiners))]);
    }
    c
}

/// A random instance as [`wild_json`] makes it, with the fields that rules do not read as well: names, towns, zones, `info`, a
/// regulation of its own. Over a few seeds every field of the format has a value.
pub fn dressed_json(seed: u64) -> Value {
    let mut json = wild_json(seed);
    let rng = &mut Pcg64Mcg::seed_from_u64(seed ^ 0xd2e55);
    let names = ["CHÊNE-FICTIF Zoé", "D'ESSAI Léo", "ŒUVRÉ Anaïs", "MODÈLE Björn", "LE FICTIF-NOËL Ève"];
    let towns = ["Alençon", "L'Haÿ-les-Roses", "Saint-Lô", "Bœurs-en-Othe"];
    for list in ["centres", "schools", "examiners", "candidates"] {
        for thing in json[list].as_array_mut().unwrap() {
            if chance(rng, 70) {
                thing["name"] = json!(pick(rng, &names));
            }
            if ["centres", "schools"].contains(&list) && chance(rng, 70) {
                thing["town"] = json!(pick(rng, &towns));
            }
            if chance(rng, 50) {
                thing["info"] =
                    json!({"Observations": pick(rng, &["à rappeler ; voir M. Essai", "vu", "00123", "3/4"])});
            }
        }
    }
    for centre in json["centres"].as_array_mut().unwrap() {
        if chance(rng, 40) {
            centre["time_zone"] = json!(pick(rng, &["Indian/Reunion", "Europe/Paris"]));
        }
        for room in centre["preparation_rooms"].as_array_mut().unwrap() {
            if chance(rng, 30) {
                room["unavailable"] = json!([{"date": DATES[0], "from": "12:00", "to": "13:30"}]);
            }
        }
    }
    let centre = json["centres"][0]["id"].clone();
    if json["candidates"][0]["orals"].as_array().unwrap().iter().any(|o| o["exam"] == "U62" && o["form"] == "final")
        && chance(rng, 50)
    {
        json["pins"] = json!([{"candidate": "C0", "exam": "U62", "date": DATES[0], "start": "09:00", "centre": centre,
            "room": "R1", "examiner": "X0"}]);
    }
    if chance(rng, 40) {
        json["policy"]["half_days"] = json!([["07:30", "12:45"], ["13:30", "18:45"]]);
    }
    let weights = serde_json::to_value(oraux::instance::Weights::default()).unwrap();
    for weight in weights.as_object().unwrap().keys() {
        if chance(rng, 20) {
            json["weights"][weight] = json!(rng.random_range(0..500));
        }
    }
    if chance(rng, 30) {
        let mut own = oraux::regulation::Regulation::shipped("bts-ccst-2024").unwrap();
        own.id = "essai".into();
        json["regulation"] = serde_json::to_value(own).unwrap();
    }
    json
}

/// A random instance.
pub fn wild(seed: u64) -> Instance {
    let json = wild_json(seed);
    Instance::from_json(json.to_string().as_bytes())
        .unwrap_or_else(|faults| panic!("seed {seed}: {faults:?}\n{json:#}"))
}

/// What the schedule of an instance must list under `not_heard`.
pub fn not_heard(instance: &Instance) -> Vec<Left> {
    let left = |(o, reason): (OralIx, &str)| Left {
        candidate: instance.candidates[instance.orals[o].candidate].id.clone(),
        exam: instance.exam_of(o).id.clone(),
        reason: reason.into(),
    };
    instance.orals.enumerate().filter_map(|(o, oral)| Some((o, oral.status.not_heard()?))).map(left).collect()
}

/// A quick plan of an instance, the same each time.
pub fn greedy(instance: &Instance) -> Schedule {
    let model = Model::new(instance, None);
    let stop = AtomicBool::new(false);
    let task = Task {
        model: &model,
        from: None,
        seed: 7,
        threads: 1,
        budget: Budget { started: Instant::now(), time: None, iterations: Some(10), gap: 0.0 },
        stop: &stop,
        watch: &|_, _| {},
    };
    strategy("greedy").unwrap().solve(&task).best.freeze(|_| String::new())
}

/// A random instance, and the same twice in one: two sites that share no candidate and no examiner.
pub fn twins(seed: u64) -> (Instance, Instance) {
    let mut one = wild_json(seed);
    let sites: Vec<Value> = one["centres"].as_array().unwrap().iter().map(|z| z["id"].clone()).collect();
    for x in one["examiners"].as_array_mut().unwrap() {
        if x.get("centres").is_none() {
            x["centres"] = json!(sites);
        }
    }
    // Ids of candidates, examiners, centres and groups.
    let own = |id: &str| {
        let number = id.get(1..).is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()));
        ["G", "H"].contains(&id) || (number && ["C", "V", "X", "Z"].contains(&&id[..1]))
    };
    fn again(value: &Value, own: &dyn Fn(&str) -> bool) -> Value {
        let name = |s: &str| if own(s) { format!("{s}b") } else { s.to_string() };
        match value {
            Value::String(s) => json!(name(s)),
            Value::Array(list) => list.iter().map(|v| again(v, own)).collect(),
            Value::Object(map) => {
                map.iter().map(|(k, v)| (name(k), again(v, own))).collect::<serde_json::Map<_, _>>().into()
            }
            other => other.clone(),
        }
    }
    let other = again(&one, &own);
    let mut both = one.clone();
    both["given_sessions"] = one.get("given_sessions").cloned().unwrap_or(json!([]));
    if let Some(given) = other.get("given_sessions") {
        both["given_sessions"].as_array_mut().unwrap().extend(given.as_array().unwrap().iter().cloned());
    }
    for list in ["centres", "examiners", "candidates", "pins", "waivers"] {
        both[list].as_array_mut().unwrap().extend(other[list].as_array().unwrap().iter().cloned());
    }
    both["groups"].as_object_mut().unwrap().extend(other["groups"].as_object().unwrap().clone());
    for (school, same) in both["schools"].as_array_mut().unwrap().iter_mut().zip(other["schools"].as_array().unwrap()) {
        school["km"].as_object_mut().unwrap().extend(same["km"].as_object().unwrap().clone());
    }
    // How far the other copy's sites are is asked, and matters to nobody.
    let all: Vec<String> = [&one, &other]
        .iter()
        .flat_map(|v| v["centres"].as_array().unwrap())
        .map(|z| z["id"].as_str().unwrap().into())
        .collect();
    for list in ["examiners", "candidates"] {
        for person in both[list].as_array_mut().unwrap() {
            let Some(km) = person.get_mut("km").and_then(Value::as_object_mut) else { continue };
            for id in &all {
                km.entry(id).or_insert(json!(999));
            }
        }
    }
    for event in both["calendar"]["events"].as_array_mut().unwrap() {
        event["concerns"].as_array_mut().unwrap().push(json!("X0b"));
    }
    let read =
        |json: &Value| Instance::from_json(json.to_string().as_bytes()).unwrap_or_else(|f| panic!("{seed}: {f:?}"));
    (read(&one), read(&both))
}
