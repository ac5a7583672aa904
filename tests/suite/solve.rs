//! `oraux solve`, `show` and `report` as a clerk uses them: exit codes, files, messages.

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
    assert!(!html.contains("http://") && !html.contains("https://"));
    assert!(html.contains("Planning valable"));
    // Every due oral of every candidate has one row, with a sitting or without.
    let table = between(&html, "id=\"candidates\"", "</section>");
    assert_eq!(table.matches("data-due").count(), due(&instance).len());
    assert_eq!(table.matches("<tbody data-find").count(), instance["candidates"].as_array().unwrap().len());
    let sheets: usize = html.split("<details class=\"sheet\"").skip(1).map(rows).sum();
    let sittings: usize =
        schedule(&path)["sessions"].as_array().unwrap().iter().map(|s| s["sittings"].as_array().unwrap().len()).sum();
    assert_eq!(sheets, sittings);
}

/// The sittings of a day's sheet: the rows of its body.
fn rows(sheet: &str) -> usize {
    between(sheet, "</thead>", "</table>").matches("<tr>").count()
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    text.split_once(from).unwrap().1.split_once(to).unwrap().0
}

/// Candidate and exam of every due oral, from the files alone: E4, U61 and U62 want a valid file.
fn due(instance: &Value) -> Vec<(String, String)> {
    let mut due = Vec::new();
    for candidate in instance["candidates"].as_array().unwrap() {
        for oral in candidate["orals"].as_array().unwrap() {
            let file = oral["file"].as_str().unwrap_or("conform");
            let (exam, form) = (oral["exam"].as_str().unwrap(), oral["form"].as_str().unwrap());
            let forbidden = match exam {
                "E4" | "U61" | "U62" => ["nonconform", "missing"].contains(&file),
                "E22" | "EF1" => false,
                _ => file == "missing",
            };
            if form == "final" && !forbidden {
                due.push((candidate["id"].as_str().unwrap().into(), exam.into()));
            }
        }
    }
    due
}

#[test]
fn the_page_of_a_broken_schedule_says_so_and_counts_what_it_lists() {
    let folder = tempfile::tempdir().unwrap();
    let mut broken = schedule(&solved(folder.path()));
    let lost = broken["sessions"][0]["sittings"].as_array_mut().unwrap().pop().unwrap();
    broken["sessions"][1]["sittings"][0]["candidate"] = json!("C<9>");
    let path = written(folder.path(), "broken.json", &broken);
    let page = folder.path().join("page.html");
    let run = oraux(&["report", "instances/small.json", &path, "-o", page.to_str().unwrap()]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let html = std::fs::read_to_string(&page).unwrap();
    let head = between(&html, "<header>", "class=\"figures\"");
    assert!(head.contains("PLANNING NON VALABLE") && !head.contains("oral-once"), "{head}");
    assert!(head.contains(lost["candidate"].as_str().unwrap()) && head.contains("C&lt;9&gt;"), "{head}");
    let listed = between(&html, "<h3>Oraux non programmés</h3>", "</table>").matches("<tr data-find").count();
    assert_eq!(listed, 2);
    assert!(between(&html, "class=\"figures\"", "</header>").contains("<b>2</b>oraux non programmés"));
    let table = between(&html, "id=\"candidates\"", "</section>");
    assert_eq!(table.matches("ni programmé ni déclaré non programmé").count(), 2);
}

/// The page is in French whatever language `solve` spoke; what a clerk wrote as a reason stays as it is.
#[test]
fn reasons_are_said_in_the_language_of_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tight.json");
    let run = oraux(&["solve", "instances/tight.json", "-o", path.to_str().unwrap(), "--iterations", "50", "-q"]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let mut tight = schedule(&path);
    let reason = tight["unscheduled"][0]["reason"].as_str().unwrap().to_string();
    assert!(["no ", "nobody ", "on every ", "follows "].iter().any(|w| reason.starts_with(w)), "{reason}");
    tight["unscheduled"][1]["reason"] = json!("excused by the head (see her letter)");
    let path = written(folder.path(), "tight.json", &tight);
    let page = folder.path().join("page.html");
    oraux(&["report", "instances/tight.json", &path, "-o", page.to_str().unwrap()]);
    let html = std::fs::read_to_string(&page).unwrap();
    for english in ["no hour is left", "nobody is left", "no date is left", "on every possible date"] {
        assert!(!html.contains(english), "{english}");
    }
    assert!(html.contains("excused by the head (see her letter)"));
    assert!(html.contains("il ne reste aucune heure") || html.contains("personne ne reste pour le siège"));
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
    assert!(said.lines().all(|l| l.chars().count() <= 100), "{said}");
    let stranger = oraux(&["show", path.to_str().unwrap(), "--candidate", "nobody"]);
    assert_eq!(stranger.status.code(), Some(2));
    let french = oraux(&["--lang", "fr", "show", path.to_str().unwrap(), "--examiner", "personne"]);
    assert!(text(&french.stderr).contains("interrogateur inconnu"), "{}", text(&french.stderr));
}

#[test]
fn show_names_what_there_is_for_what_there_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = solved(folder.path());
    let path = path.to_str().unwrap();
    let first = schedule(Path::new(path))["sessions"][0].clone();
    for (option, wrong, known) in [
        ("--date", "2031-01-01", &first["date"]),
        ("--centre", "nowhere", &first["centre"]),
        ("--commission", "nothing", &first["commission"]),
    ] {
        let known = known.as_str().unwrap();
        let refused = oraux(&["show", path, option, wrong]);
        assert_eq!(refused.status.code(), Some(2), "{option}");
        assert!(refused.stdout.is_empty() && text(&refused.stderr).contains(known), "{}", text(&refused.stderr));
        let shown = oraux(&["show", path, option, known]);
        assert_eq!(shown.status.code(), Some(0), "{option}");
        assert!(text(&shown.stdout).contains(&format!("[{}]", first["id"].as_str().unwrap())), "{option}");
    }
    let near = oraux(&["show", path, "--candidate", "c0001x"]);
    assert!(text(&near.stderr).contains("C0001"), "{}", text(&near.stderr));
}

#[test]
fn show_keeps_within_a_hundred_columns() {
    let folder = tempfile::tempdir().unwrap();
    let path = solved(folder.path());
    for more in [&[][..], &["--instance", "instances/small.json"], &["--by", "commission"]] {
        let shown = oraux(&[&["show", path.to_str().unwrap()], more].concat());
        let said = text(&shown.stdout);
        assert!(said.lines().count() > 20 && said.lines().all(|l| l.chars().count() <= 100), "{said}");
    }
}
