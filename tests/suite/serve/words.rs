//! What a French page is told: names, hours and dates in words, and nothing of the program's inside.

use serde_json::{Value, json};

use super::room::{Room, project};

/// Asks as a French page does.
fn french(room: &Room, method: &str, path: &str, body: &Value) -> Value {
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    let request = String::from_utf8(room.request(method, path, None, &body)).unwrap();
    let request = request.replace("Accept-Language: en", "Accept-Language: fr-FR,fr;q=0.9");
    room.raw(request.as_bytes()).json()
}

/// Words that no clerk says: ids of people and sessions, hours and dates as files have them, names of rules and fields.
fn odd(text: &str) -> Vec<&str> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || "-_:".contains(c)));
    let digits = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_digit());
    let is_id = |w: &&str| ["C", "X", "S"].iter().any(|k| w.strip_prefix(k).is_some_and(|n| n.len() > 2 && digits(n)));
    let is_hour =
        |w: &&str| w.split_once(':').is_some_and(|(h, m)| digits(h) && m.starts_with(|c: char| c.is_ascii_digit()));
    let is_date = |w: &&str| w.len() == 10 && w.split('-').all(digits);
    let inside = ["phone", "null", "examiner", "candidate", "session", "slot"];
    let is_inside = |w: &&str| w.contains('_') || inside.iter().any(|i| w == i || w.starts_with(&format!("{i}-")));
    words.filter(|w| is_id(w) || is_hour(w) || is_date(w) || is_inside(w)).collect()
}

#[test]
fn a_refusal_is_told_in_names_hours_and_dates() {
    let folder = tempfile::tempdir().unwrap();
    let room = Room::open(Some(&project(folder.path(), "instances/small.json", true)));
    let week = french(&room, "GET", "/api/plan/week", &Value::Null);
    assert!(
        week["kinds"]
            .as_array()
            .unwrap()
            .iter()
            .any(|k| k["label"] == "Commission d’anglais" && k["seats"][0]["seat"] == "LV")
    );
    let mut told = 0;
    for centre in week["centres"].as_array().unwrap() {
        let used = centre["days"].as_array().unwrap().iter().find(|d| d["sittings"] != 0);
        let Some(date) = used.and_then(|d| d["date"].as_str()) else { continue };
        let id = centre["id"].as_str().unwrap();
        let day = french(&room, "GET", &format!("/api/plan/day?centre={id}&date={date}"), &Value::Null);
        let Some(sitting) = day["sessions"][0]["sittings"].as_array().and_then(|s| s.first()) else { continue };
        let held = json!({ "sitting": { "candidate": sitting["candidate"], "exam": sitting["exam"] } });
        let hold = french(&room, "POST", "/api/hold", &json!({ "held": held, "centre": id, "date": date }));
        for place in hold["day"]["rooms"].as_array().unwrap() {
            for run in place["runs"].as_array().unwrap().iter().filter(|r| r["price"].is_null()) {
                let at =
                    json!({ "held": held, "centre": id, "date": date, "room": place["room"], "start": run["from"] });
                let why = french(&room, "POST", "/api/why", &at);
                assert_eq!(why["allowed"], false, "{why}");
                let mut texts = vec![why["text"].as_str().unwrap()];
                texts.extend(why["rules"].as_array().unwrap().iter().filter_map(|r| r["message"].as_str()));
                texts.extend(why["rules"].as_array().unwrap().iter().filter_map(|r| r["label"].as_str()));
                texts.extend(why["who"].as_array().unwrap().iter().filter_map(|w| w["name"].as_str()));
                for text in texts {
                    assert_eq!(odd(text), Vec::<&str>::new(), "{text}");
                    told += 1;
                }
            }
        }
    }
    assert!(told > 20, "{told}");
}

#[test]
fn what_is_scarce_and_what_was_done_are_told_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let room = Room::open(Some(&project(folder.path(), "instances/small.json", true)));
    let need = french(&room, "GET", "/api/need", &Value::Null);
    let labels = ["by_profession", "by_place"].iter().flat_map(|k| need[*k].as_array().unwrap());
    let labels: Vec<&str> = labels.map(|n| n["label"].as_str().unwrap()).collect();
    assert!(labels.iter().any(|l| l.contains("téléphone")), "{labels:?}");
    assert!(labels.iter().all(|l| odd(l).is_empty()), "{labels:?}");
    let day = room.get("/api/plan/week");
    let mut cells = day["centres"].as_array().unwrap().iter().flat_map(|c| {
        c["days"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|d| d["sittings"] != 0)
            .map(move |d| (c["id"].clone(), d["date"].clone()))
    });
    let (centre, date) = cells.next().unwrap();
    let (centre, date) = (centre.as_str().unwrap(), date.as_str().unwrap());
    let day = room.get(&format!("/api/plan/day?centre={centre}&date={date}"));
    let session = &day["sessions"][0];
    let (candidate, exam) = (&session["sittings"][0]["candidate"], &session["sittings"][0]["exam"]);
    let place = json!({ "kind": "place", "candidate": candidate, "exam": exam, "centre": centre, "date": date,
        "room": session["room"], "start": session["sittings"][0]["start"] });
    room.change("POST", "/api/actions", &place).ok();
    let what = french(&room, "GET", "/api/history", &Value::Null)["actions"][0]["what"].as_str().unwrap().to_string();
    assert!(what.contains("\u{a0}h") && odd(&what).is_empty(), "{what}");
}

#[test]
fn the_search_finds_commissions_and_what_a_candidate_is_due() {
    let folder = tempfile::tempdir().unwrap();
    let room = Room::open(Some(&project(folder.path(), "instances/small.json", true)));
    let hits = french(&room, "GET", "/api/search?q=anglais", &Value::Null);
    let hit = hits["hits"].as_array().unwrap().iter().find(|h| h["kind"] == "commission").unwrap().clone();
    assert_eq!((&hit["id"], &hit["name"]), (&json!("anglais"), &json!("Commission d’anglais")));
    assert!(hit["where"]["centre"].is_string());
    let shown = french(&room, "GET", "/api/plan/commission/anglais", &Value::Null);
    assert_eq!(shown["name"], "Commission d’anglais");
    let candidate = &room.get("/api/search?q=C0003")["hits"][0];
    let orals = candidate["orals"].as_array().unwrap();
    assert!(
        orals.iter().any(|o| o["exam"] == "E4" && o["commission"] == "technico-commerciale" && o["placed"] == true),
        "{candidate}"
    );
}

#[test]
fn papers_are_shown_with_their_labels_and_made_in_the_language_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let room = Room::open(Some(&project(folder.path(), "instances/small.json", true)));
    let first = json!({ "kind": "candidate-convocations", "language": "fr" });
    let seen = room.post("/api/preview", &first).ok();
    let blocks = seen["pages"][0]["blocks"].as_array().unwrap();
    let label = |of: &str| blocks.iter().any(|b| b["label"] == of);
    assert!(label("Nom et prénom") && label("INE"), "{seen}");
    let table = |b: &Value| {
        b["blocks"].as_array().is_some_and(|i| i.iter().any(|t| t["kind"] == "table" && t["head"][0] == "Épreuve"))
    };
    assert!(blocks.iter().any(table), "{seen}");
    let all =
        room.post("/api/preview", &json!({ "kind": "candidate-convocations", "language": "fr", "all": true })).ok();
    assert_eq!(json!(all["pages"].as_array().unwrap().len()), seen["count"]);
    assert!(seen["count"].as_u64().unwrap() > 1);
    // The page speaks English, its papers French.
    let job = room.post("/api/jobs", &json!({ "kind": "export", "kinds": ["csv"], "language": "fr" })).ok();
    assert!(job["command"].as_str().unwrap().starts_with("oraux --lang fr export "), "{job}");
    let job = room.ended(&job);
    assert_eq!(job["state"], "done", "{job}");
    assert!(job["result"]["files"].as_array().unwrap().contains(&json!("bureau/passages.csv")), "{job}");
    // What was made of one group is not offered in another.
    assert!(!room.get("/api/documents")["made"].is_null());
    room.post("/api/projects", &json!({ "demo": true })).ok();
    assert_eq!((&room.get("/api/jobs")["jobs"], &room.get("/api/documents")["made"]), (&json!([]), &Value::Null));
}

#[test]
fn reasons_are_told_in_the_readers_language_whatever_that_of_the_plan() {
    let folder = tempfile::tempdir().unwrap();
    let room = Room::open(Some(&project(folder.path(), "instances/tight.json", true)));
    let tray = french(&room, "GET", "/api/plan/tray", &Value::Null);
    let reasons: Vec<&str> = tray["orals"].as_array().unwrap().iter().map(|o| o["reason"].as_str().unwrap()).collect();
    assert!(
        reasons.len() > 10 && reasons.iter().all(|r| !r.is_empty() && !r.contains(" the ") && odd(r).is_empty()),
        "{reasons:?}"
    );
    let first = &tray["orals"][0];
    let person =
        french(&room, "GET", &format!("/api/plan/candidate/{}", first["candidate"].as_str().unwrap()), &Value::Null);
    assert!(person["unplaced"].as_array().unwrap().iter().any(|u| u["reason"] == first["reason"]), "{person}");
    assert!(room.get("/api/plan/tray")["orals"][0]["reason"].as_str().unwrap().contains(" the "));
}
