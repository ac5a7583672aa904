//! What the program says of bad files: `tests/bad/instance` and `tests/bad/schedule`, one fault or one family of
//! faults a file. The messages are what people read, so they stand in snapshots and are reviewed as prose.

use std::path::{Path, PathBuf};

use assert_cmd::Command;

fn folder(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad").join(kind)
}

/// Runs `oraux check` with the bad file in its place; exit code 2, nothing on standard output, and the messages.
fn complaints(kind: &str, file: &str, lang: &str) -> String {
    let good = Path::new(env!("CARGO_MANIFEST_DIR")).join("instances/tiny/one-oral");
    let (instance, schedule) = match kind {
        "instance" => (PathBuf::from(file), good.join("schedule.json")),
        _ => (good.join("instance.json"), PathBuf::from(file)),
    };
    let output = Command::cargo_bin("oraux")
        .unwrap()
        .current_dir(folder(kind))
        .args(["--lang", lang, "check"])
        .args([instance, schedule])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{kind}/{file}");
    assert!(output.stdout.is_empty(), "{kind}/{file}");
    String::from_utf8(output.stderr).unwrap()
}

fn page(kind: &str, lang: &str) -> String {
    let mut files: Vec<String> =
        folder(kind).read_dir().unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    files.iter().map(|f| format!("## {f}\n{}\n", complaints(kind, f, lang))).collect()
}

#[test]
fn bad_instances_in_english() {
    insta::assert_snapshot!(page("instance", "en"));
}

#[test]
fn bad_instances_in_french() {
    insta::assert_snapshot!(page("instance", "fr"));
}

#[test]
fn bad_schedules_in_english() {
    insta::assert_snapshot!(page("schedule", "en"));
}

#[test]
fn bad_schedules_in_french() {
    insta::assert_snapshot!(page("schedule", "fr"));
}

/// Every message says where: file, line and column; and faults of a value, the JSON path.
#[test]
fn every_message_names_its_place() {
    for kind in ["instance", "schedule"] {
        for entry in folder(kind).read_dir().unwrap() {
            let file = entry.unwrap().file_name().into_string().unwrap();
            let said = complaints(kind, &file, "en");
            let mut lines: Vec<&str> = said.lines().collect();
            if lines.len() > 1 {
                assert_eq!(lines.pop(), Some(format!("{} errors", lines.len()).as_str()), "{kind}/{file}");
            }
            for line in lines {
                let rest = line.strip_prefix(&format!("{file}:")).unwrap_or_else(|| panic!("{kind}/{file}: {line}"));
                let place: Vec<&str> = rest.splitn(3, ':').collect();
                assert!(place[..2].iter().all(|n| n.parse::<usize>().is_ok_and(|n| n > 0)), "{kind}/{file}: {line}");
            }
        }
    }
}

#[test]
fn faults_of_both_files_are_said_at_once() {
    let output = Command::cargo_bin("oraux")
        .unwrap()
        .current_dir(folder(""))
        .args(["--lang", "en", "check", "instance/empty.json", "schedule/empty.json"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap(), @r"
    instance/empty.json:1:1: the file is empty
    schedule/empty.json:1:1: the file is empty
    2 errors
    ");
}

#[test]
fn a_missing_file_and_a_folder_are_said() {
    let output = Command::cargo_bin("oraux")
        .unwrap()
        .current_dir(folder(""))
        .args(["--lang", "en", "check", "no-such-file.json", "instance"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap(), @r"
    no-such-file.json: no such file
    instance: a folder, not a file
    2 errors
    ");
}

/// A solve that cannot start leaves what was at its output.
#[test]
fn bad_input_touches_no_output() {
    let place = tempfile::tempdir().unwrap();
    let output = place.path().join("schedule.json");
    std::fs::write(&output, "precious").unwrap();
    Command::cargo_bin("oraux")
        .unwrap()
        .current_dir(folder("instance"))
        .args(["solve", "unknown-ids.json", "--output"])
        .arg(&output)
        .assert()
        .code(2);
    assert_eq!(std::fs::read_to_string(&output).unwrap(), "precious");
    assert_eq!(place.path().read_dir().unwrap().count(), 1);
}
