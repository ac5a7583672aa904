//! `oraux solve`, `show` and `report` as a clerk uses them: exit codes, files, messages.

mod common;

use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use serde_json::{Value, json};

fn oraux(arguments: &[&str]) -> Output {
    Command::cargo_bin("oraux").unwrap().env("LC_ALL", "C").args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn small() -> Value {
    serde_json::from_str(&std::fs::read_to_string("instances/small.json").unwrap()).unwrap()
}

fn written(folder: &Path, name: &str, value: &Value) -> String {
    let path = folder.join(name);
    std::fs::write(&path, value.to_string()).unwrap();
    path.display().to_string()
}

fn schedule(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Solves the small instance and returns where the schedule is.
fn solved(folder: &Path) -> PathBuf {
    let path = folder.join("schedule.json");
    let out = oraux(&["solve", "instances/small.json", "-o", path.to_str().unwrap(), "--iterations", "2000", "-q"]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    path
}

#[test]
fn a_schedule_is_valid_says_its_cost_and_where_it_comes_from() {
    let folder = tempfile::tempdir().unwrap();
    let path = solved(folder.path());
    let checked = oraux(&["check", "instances/small.json", path.to_str().unwrap(), "--json"]);
    assert_eq!(checked.status.code(), Some(0), "{}", text(&checked.stdout));
    let verdict: Value = serde_json::from_slice(&checked.stdout).unwrap();
    let schedule = schedule(&path);
    assert_eq!(schedule["cost"], verdict["cost"]);
    for key in ["version", "strategy", "seed", "threads", "seconds", "instance_hash"] {
        assert!(schedule["provenance"].get(key).is_some(), "provenance lacks {key}");
    }
}

#[test]
fn pins_are_obeyed_and_contradictory_ones_leave_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut instance = small();
    let path = solved(folder.path());
    let sitting = schedule(&path)["sessions"][0].clone();
    let (candidate, exam) = (&sitting["sittings"][0]["candidate"], &sitting["sittings"][0]["exam"]);
    let pin = json!({
        "candidate": candidate, "exam": exam, "date": sitting["date"], "start": sitting["sittings"][0]["start"],
        "room": sitting["room"]
    });
    instance["pins"] = json!([pin]);
    let pinned = written(folder.path(), "pinned.json", &instance);
    let out = folder.path().join("pinned-schedule.json");
    let run = oraux(&["solve", &pinned, "-o", out.to_str().unwrap(), "--iterations", "500", "-q", "--seed", "3"]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    assert_eq!(oraux(&["check", &pinned, out.to_str().unwrap()]).status.code(), Some(0));

    let mut other = pin.clone();
    other["start"] = json!("17:35");
    instance["pins"] = json!([pin, other]);
    let contradictory = written(folder.path(), "contradictory.json", &instance);
    let none = folder.path().join("none.json");
    let run = oraux(&["solve", &contradictory, "-o", none.to_str().unwrap(), "--iterations", "500", "-q"]);
    assert_eq!(run.status.code(), Some(1));
    assert!(text(&run.stderr).contains(&format!("{} {}", candidate.as_str().unwrap(), exam.as_str().unwrap())));
    assert!(!none.exists());
}

#[test]
fn bad_input_touches_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("schedule.json");
    std::fs::write(&out, "precious").unwrap();
    let broken = folder.path().join("broken.json");
    std::fs::write(&broken, "{\"format\": \"oraux-instance/1\"").unwrap();
    let run = oraux(&["solve", broken.to_str().unwrap(), "-o", out.to_str().unwrap()]);
    assert_eq!(run.status.code(), Some(2));
    assert!(text(&run.stderr).contains("broken.json:1:"), "{}", text(&run.stderr));
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "precious");
    for wrong in [vec!["--time", "0"], vec!["--time", "x"], vec!["--strategy", "magic"], vec!["--threads", "0"]] {
        let mut arguments = vec!["solve", "instances/small.json", "-o", out.to_str().unwrap()];
        arguments.extend(&wrong);
        assert_eq!(oraux(&arguments).status.code(), Some(2), "{wrong:?}");
    }
    let nowhere = oraux(&["solve", "instances/small.json", "-o", "/no/such/folder/s.json"]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "precious");
}

#[test]
fn starting_from_a_schedule_is_never_worse_and_a_replan_of_nothing_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = solved(folder.path());
    let first = schedule(&path);
    for option in ["--from", "--baseline"] {
        let out = folder.path().join("again.json");
        let arguments = [
            "solve",
            "instances/small.json",
            "-o",
            out.to_str().unwrap(),
            "--iterations",
            "100",
            "-q",
            option,
            path.to_str().unwrap(),
        ];
        let run = oraux(&arguments);
        assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
        assert!(schedule(&out)["cost"]["total"].as_i64() <= first["cost"]["total"].as_i64(), "{option}");
    }
}

#[test]
fn the_page_has_every_sitting_once_and_nothing_unescaped() {
    let folder = tempfile::tempdir().unwrap();
    let mut instance = small();
    instance["candidates"][0]["name"] = json!("<script>alert(1)</script> & Cie");
    let file = written(folder.path(), "instance.json", &instance);
    let path = folder.path().join("s.json");
    oraux(&["solve", &file, "-o", path.to_str().unwrap(), "--iterations", "300", "-q"]);
    let page = folder.path().join("page.html");
    let run = oraux(&["report", &file, path.to_str().unwrap(), "-o", page.to_str().unwrap()]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let html = std::fs::read_to_string(&page).unwrap();
    assert!(!html.contains("<script>alert"));
    let table = html.split("id=\"candidats\"").nth(1).unwrap().split("id=\"interrogateurs\"").next().unwrap();
    let sittings: usize =
        schedule(&path)["sessions"].as_array().unwrap().iter().map(|s| s["sittings"].as_array().unwrap().len()).sum();
    assert_eq!(table.matches("<tr><td>").count(), sittings);
    assert!(html.contains("Planning valable") && !html.contains("http://") && !html.contains("https://"));
}

#[test]
fn show_tells_a_candidates_day_and_refuses_strangers() {
    let folder = tempfile::tempdir().unwrap();
    let path = solved(folder.path());
    let sitting = schedule(&path)["sessions"][0]["sittings"][0].clone();
    let candidate = sitting["candidate"].as_str().unwrap();
    let shown = oraux(&["show", path.to_str().unwrap(), "--candidate", candidate]);
    let said = text(&shown.stdout);
    assert!(said.contains(sitting["start"].as_str().unwrap()) && said.starts_with(candidate), "{said}");
    let stranger = oraux(&["show", path.to_str().unwrap(), "--candidate", "nobody"]);
    assert_eq!(stranger.status.code(), Some(2));
    let french = oraux(&["--lang", "fr", "show", path.to_str().unwrap(), "--examiner", "personne"]);
    assert!(text(&french.stderr).contains("interrogateur inconnu"), "{}", text(&french.stderr));
}
