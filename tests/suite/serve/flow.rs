//! From a workbook to documents, as a page does it.

use std::path::Path;

use serde_json::{Value, json};

use super::room::{Room, project};

fn file(path: &str) -> Vec<u8> {
    std::fs::read(path).unwrap()
}

/// A row and a column of a table, by what stands there and by its heading.
fn find(room: &Room, table: &str, text: &str, heading: &str) -> (u64, u64) {
    let table = room.get(&format!("/api/tables/{table}?q={text}"));
    let column = table["columns"].as_array().unwrap().iter().position(|c| c["title"] == heading).unwrap();
    (table["rows"][0]["row"].as_u64().unwrap(), column as u64)
}

#[test]
fn from_a_workbook_to_documents() {
    let room = Room::open(None);
    assert_eq!(room.get("/api/project")["open"], false);
    let workbook = file("instances/pilot.xlsx");
    let dry = room.ask("POST", "/api/import?name=pilot.xlsx&dry=1", None, &workbook).ok();
    assert_eq!(dry["faults"], json!([]));
    assert_eq!(room.get("/api/project")["open"], false);
    let report = room.ask("POST", "/api/import?name=pilot.xlsx", None, &workbook).ok();
    assert_eq!(report["faults"], json!([]));
    assert!(report["read"].as_array().unwrap().iter().any(|r| r["sheet"] == "Candidats" && r["read"] == 150));
    let project = room.get("/api/project");
    assert_eq!(
        (&project["name"], &project["data"]["candidates"], &project["plan"]),
        (&json!("pilot"), &json!(150), &Value::Null)
    );
    assert_eq!(project["undo"]["what"], "brought in: pilot.xlsx");

    // Need against supply, and the sheets, before any plan.
    let need = room.get("/api/need");
    assert!(need["scarce"][0]["ratio"].as_f64().unwrap() > 0.3 && !need["by_centre"].as_array().unwrap().is_empty());
    assert_eq!(room.get("/api/plan/tray")["orals"].as_array().unwrap().len(), 555);

    // Planned by a job, whose plan is adopted.
    let job = room.post("/api/jobs", &json!({ "kind": "solve", "seconds": 2.0 })).ok();
    let job = room.ended(&job);
    assert_eq!((&job["state"], &job["result"]["unscheduled"]), (&json!("done"), &json!(0)), "{job}");
    assert!(
        !job["curve"].as_array().unwrap().is_empty() && job["command"].as_str().unwrap().starts_with("oraux solve ")
    );
    let adopted = room.change("POST", "/api/adopt", &json!({ "job": job["id"] })).ok();
    assert_eq!(adopted["cost"], job["result"]["cost"]);
    let plan = room.get("/api/project")["plan"].clone();
    assert_eq!((&plan["valid"], &plan["unscheduled"], &plan["due"]), (&json!(true), &json!(0), &json!(555)));

    // Seen by weeks, days, people and names.
    let week = room.get("/api/plan/week");
    let cell = week["centres"][0]["days"].as_array().unwrap().iter().find(|d| d["sittings"] != 0).unwrap();
    let centre = week["centres"][0]["id"].as_str().unwrap();
    let day = room.get(&format!("/api/plan/day?centre={centre}&date={}", cell["date"].as_str().unwrap()));
    let sittings: usize =
        day["sessions"].as_array().unwrap().iter().map(|s| s["sittings"].as_array().unwrap().len()).sum();
    assert_eq!(json!(sittings), cell["sittings"]);
    assert!(day["sessions"][0]["members"][0]["name"].as_str().unwrap().contains("FICTIF"));
    let hits = room.get("/api/search?q=murier%20mesange");
    assert_eq!(
        (&hits["hits"][0]["kind"], &hits["hits"][0]["name"]),
        (&json!("candidate"), &json!("MÛRIER-FICTIF Mésange"))
    );
    let person = room.get(&format!("/api/plan/candidate/{}", hits["hits"][0]["id"].as_str().unwrap()));
    let blocks = person["days"].as_array().unwrap().iter().flat_map(|d| d["blocks"].as_array().unwrap());
    assert!(blocks.clone().any(|b| b["kind"] == "oral") && blocks.clone().any(|b| b["kind"] == "paper"));
    let verdict = room.get("/api/check");
    assert_eq!((&verdict["valid"], &verdict["cost"]["total"]), (&json!(true), &plan["cost"]));

    // Published, shown, made, and had once.
    room.change("POST", "/api/publish", &json!(null)).ok();
    assert_eq!(room.get("/api/project")["published"]["number"], 1);
    assert_eq!(room.get("/api/documents")["stale"], json!([]));
    let preview =
        room.post("/api/preview", &json!({ "kind": "candidate-convocations", "id": hits["hits"][0]["id"] })).ok();
    assert!(preview["text"].as_str().unwrap().contains("MÛRIER-FICTIF Mésange"), "{preview}");
    let job = room.post("/api/jobs", &json!({ "kind": "export", "kinds": ["csv", "calendars"] })).ok();
    let job = room.ended(&job);
    assert_eq!(job["state"], "done", "{job}");
    let url = room.post("/api/tickets", &json!({ "job": job["id"] })).ok()["url"].as_str().unwrap().to_string();
    let download = format!("GET {url} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", room.port);
    let zip = room.raw(download.as_bytes());
    assert_eq!(zip.status, 200);
    let zip = zip::ZipArchive::new(std::io::Cursor::new(zip.body)).unwrap();
    assert!(zip.file_names().flatten().any(|n| n == "bureau/passages.csv"));
    assert_eq!(room.raw(download.as_bytes()).status, 404, "a ticket is good once");

    let (code, home) = room.end();
    assert_eq!(code, Some(0));
    let recent = Room::with(home, None, &[]);
    let list = recent.get("/api/recent");
    assert_eq!(list["recent"][0]["name"], "pilot");
    recent.post("/api/projects", &json!({ "recent": list["recent"][0]["id"] })).ok();
    assert_eq!(recent.get("/api/project")["published"]["number"], 1);
}

#[test]
fn a_fault_stands_on_its_row_until_it_is_mended() {
    let folder = tempfile::tempdir().unwrap();
    let room = Room::open(Some(&project(folder.path(), "instances/small.json", true)));
    let before = room.get("/api/project");
    let (row, column) = find(&room, "candidates", "C0003", "School");
    let cell = |value: &str| json!({ "edits": [{ "row": row, "column": column, "value": value }] });
    let done = room.change("PATCH", "/api/tables/candidates", &cell("9999999Z")).ok();
    let fault = &done["faults"][0];
    assert_eq!((&fault["table"], &fault["row"], &fault["column"]), (&json!("candidates"), &json!(row), &json!(column)));
    let faulty = room.get("/api/tables/candidates?faulty=1");
    assert_eq!((&faulty["total"], &faulty["rows"][0]["row"]), (&json!(1), &json!(row)));
    let project = room.get("/api/project");
    assert_eq!((&project["mending"], &project["data"]["faults"]), (&json!(true), &json!(1)));
    // The plan still stands on the last data without faults.
    assert_eq!(project["plan"]["cost"], before["plan"]["cost"]);
    // Told in French to whom French is asked for.
    let french = room.request("GET", "/api/tables/candidates?faulty=1", None, b"");
    let french =
        String::from_utf8(french).unwrap().replace("Accept-Language: en", "Accept-Language: fr-FR,fr;q=0.9,en;q=0.5");
    let french = room.raw(french.as_bytes()).ok();
    assert!(french["rows"][0]["faults"][0]["message"].as_str().unwrap().contains("établissement inconnu"));

    let was = room.get("/api/tables/candidates?q=C0004")["rows"][0]["cells"][column as usize].clone();
    let done = room.change("PATCH", "/api/tables/candidates", &cell(was.as_str().unwrap())).ok();
    assert_eq!(done["faults"], json!([]));
    assert_eq!(room.get("/api/project")["mending"], false);
    // Another one changed it meanwhile.
    let late = room.ask("PATCH", "/api/tables/candidates", Some(0), cell("x").to_string().as_bytes());
    assert_eq!((late.status, late.json()["revision"].as_u64()), (412, Some(2)));
    assert!(late.json()["changes"][0]["what"].as_str().unwrap().contains("School"));
    assert_eq!(room.ask("POST", "/api/undo", None, b"").status, 428);
    for _ in 0..2 {
        room.change("POST", "/api/undo", &json!(null)).ok();
    }
    assert_eq!(room.change("POST", "/api/undo", &json!(null)).status, 409);
    let after = room.get("/api/project");
    assert_eq!((&after["data"], &after["plan"]), (&before["data"], &before["plan"]));
}

#[test]
fn a_question_of_the_import_is_answered_by_a_click_and_kept() {
    let room = Room::open(None);
    let folder = tempfile::tempdir().unwrap();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let made = super::room::oraux(folder.path())
        .args(["--lang", "fr", "template", "--from", "instances/small.json", "-o"])
        .arg(folder.path().join("csv"))
        .status();
    assert!(made.unwrap().success());
    for entry in folder.path().join("csv").read_dir().unwrap().map(|e| e.unwrap().path()) {
        let name = entry.file_name().unwrap().to_str().unwrap();
        let text = std::fs::read_to_string(&entry).unwrap();
        let text = if name == "Candidats.csv" { text.replacen("Établissement", "Origine scolaire", 1) } else { text };
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    let report = room.ask("POST", "/api/import?name=groupe.zip", None, &bytes).ok();
    let question = report["questions"][0].clone();
    assert!(question["question"].as_str().unwrap().contains("Origine scolaire"), "{report}");
    let school = question["answers"].as_array().unwrap().iter().find(|a| a["id"] == "School").unwrap();
    let report = room.post("/api/answers", &json!({ "question": question["id"], "answer": school["id"] })).ok();
    assert_eq!((&report["faults"], &report["questions"]), (&json!([]), &json!([])), "{report}");
    assert_eq!(room.get("/api/project")["mending"], false);
    // The next file of the kind is not asked about.
    let again = room.ask("POST", "/api/import?name=groupe.zip", None, &bytes).ok();
    assert_eq!(again["questions"], json!([]));
}

#[test]
fn a_job_that_is_stopped_keeps_its_best_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let room = Room::open(Some(&project(folder.path(), "instances/pilot.json", false)));
    let job = room.post("/api/jobs", &json!({ "kind": "solve", "seconds": 600.0 })).ok();
    let path = format!("/api/jobs/{}", job["id"].as_str().unwrap());
    while room.get(&path)["progress"]["cost"].is_null() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    // Two at once are enough.
    let second = room.post("/api/jobs", &json!({ "kind": "diagnose", "seconds": 600.0 })).ok();
    assert_eq!(room.post("/api/jobs", &json!({ "kind": "diagnose", "seconds": 2.0 })).status, 409);
    room.ask("DELETE", &format!("/api/jobs/{}", second["id"].as_str().unwrap()), None, b"").ok();
    room.ask("DELETE", &path, None, b"").ok();
    let stopped = room.ended(&job);
    assert_eq!(stopped["state"], "stopped");
    let cost = stopped["result"]["cost"].as_i64().unwrap();
    let again = room.post(&format!("{path}/continue"), &json!({ "seconds": 1.0 })).ok();
    let again = room.ended(&again);
    assert!(again["result"]["cost"].as_i64().unwrap() <= cost, "{again}");
    room.change("POST", "/api/adopt", &json!({ "job": again["id"] })).ok();
    // About other data than the job's, its plan is not taken.
    let (row, column) = find(&room, "candidates", "C0003", "First name");
    let edit = json!({ "edits": [{ "row": row, "column": column, "value": "Alouette" }] });
    room.change("PATCH", "/api/tables/candidates", &edit).ok();
    assert_eq!(room.change("POST", "/api/adopt", &json!({ "job": again["id"] })).status, 409);
}

#[test]
fn jobs_end_with_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let mut room = Room::open(Some(&project(folder.path(), "instances/pilot.json", false)));
    room.post("/api/jobs", &json!({ "kind": "solve", "seconds": 600.0 })).ok();
    let children = |of: u32| -> Vec<u32> {
        let list = |task: &Path| std::fs::read_to_string(task.join("children")).unwrap_or_default();
        let tasks = std::fs::read_dir(format!("/proc/{of}/task")).unwrap();
        let all: String = tasks.map(|t| list(&t.unwrap().path()) + " ").collect();
        all.split_whitespace().map(|p| p.parse().unwrap()).collect()
    };
    let jobs = children(room.child.id());
    assert_eq!(jobs.len(), 1);
    room.child.kill().unwrap();
    room.child.wait().unwrap();
    let alive = |process: u32| {
        let status = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        !(status.is_empty() || status.contains(") Z "))
    };
    for _ in 0..100 {
        if !alive(jobs[0]) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("the job outlives the server");
}

#[test]
fn a_repair_changes_only_what_is_near() {
    let folder = tempfile::tempdir().unwrap();
    let room = Room::open(Some(&project(folder.path(), "instances/small.json", true)));
    let job = json!({ "kind": "repair", "candidate": "C0003", "seconds": 1.0, "told": 0 });
    let job = room.post("/api/jobs", &job).ok();
    let job = room.ended(&job);
    assert_eq!(job["state"], "done", "{job}");
    assert!(job["result"]["delta"].as_i64().unwrap() <= 0);
    let told = job["result"]["told"].as_array().unwrap().len();
    assert_eq!(job["result"]["within"], json!(told == 0));
    room.change("POST", "/api/adopt", &json!({ "job": job["id"] })).ok();
    assert_eq!(room.get("/api/check")["valid"], true);
}

#[test]
fn what_happens_is_told_to_the_pages() {
    let folder = tempfile::tempdir().unwrap();
    let room = Room::open(Some(&project(folder.path(), "instances/small.json", true)));
    let request = room.request("GET", "/api/events", None, b"");
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", room.port)).unwrap();
    std::io::Write::write_all(&mut stream, &request).unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(stream));
    lines.by_ref().map_while(Result::ok).find(|line| line.starts_with(": here")).unwrap();
    let (row, column) = find(&room, "candidates", "C0003", "First name");
    let edit = json!({ "edits": [{ "row": row, "column": column, "value": "Alouette" }] });
    room.change("PATCH", "/api/tables/candidates", &edit).ok();
    lines.by_ref().map_while(Result::ok).find(|line| line == "event: revision").unwrap();
    assert!(lines.next().unwrap().unwrap().contains("\"revision\":1"));
}

#[test]
fn the_description_names_every_endpoint() {
    let room = Room::open(None);
    let described = room.get("/api/openapi.json");
    assert_eq!(described["openapi"], "3.1.0");
    let paths = described["paths"].as_object().unwrap();
    for path in [
        "/api/project",
        "/api/hold",
        "/api/actions",
        "/api/tables/{id}",
        "/api/jobs/{id}/continue",
        "/download/{ticket}",
    ] {
        assert!(paths.contains_key(path), "{path}");
    }
    assert!(described["paths"]["/api/undo"]["post"]["parameters"].to_string().contains("If-Match"));
    // Each reference leads somewhere.
    let text = described.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(described.pointer(reference).is_some(), "{reference}");
    }
}
