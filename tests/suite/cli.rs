//! What the command says on standard output and which code it leaves: `check`, `rules`, `schema`.

use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

fn tiny() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("instances/tiny")
}

/// Runs the command in `instances/tiny`, in English unless it is told otherwise by the environment.
fn oraux(args: &[&str]) -> Output {
    let mut command = Command::cargo_bin("oraux").unwrap();
    command.current_dir(tiny()).env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", "C");
    command.args(args).output().unwrap()
}

/// Standard output, after the exit code that goes with it.
fn out(code: i32, args: &[&str]) -> String {
    let output = oraux(args);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
    assert!(said.is_empty(), "{args:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

fn check(code: i32, case: &str, more: &[&str]) -> String {
    let (instance, schedule) = (format!("{case}/instance.json"), format!("{case}/schedule.json"));
    out(code, &[&["check", &instance, &schedule], more].concat())
}

#[test]
fn a_valid_schedule() {
    insta::assert_snapshot!(check(0, "candidate-wait", &[]));
}

#[test]
fn a_valid_schedule_in_french() {
    insta::assert_snapshot!(check(0, "candidate-wait", &["--lang", "fr"]));
}

#[test]
fn a_valid_schedule_that_leaves_orals_out() {
    insta::assert_snapshot!(check(0, "unscheduled", &[]));
}

#[test]
fn broken_rules() {
    insta::assert_snapshot!(check(1, "another-diploma-broken", &[]));
}

#[test]
fn broken_rules_in_french() {
    insta::assert_snapshot!(check(1, "another-diploma-broken", &["--lang", "fr"]));
}

#[test]
fn broken_rules_as_json() {
    insta::assert_snapshot!(check(1, "turnaround-short", &["--json"]));
}

#[test]
fn a_replan() {
    let case = "replan-two-orals-of-one";
    insta::assert_snapshot!(check(0, case, &["--baseline", &format!("{case}/baseline.json")]));
}

/// What the schedule says of itself is compared, not believed.
#[test]
fn false_claims_are_remarked() {
    let folder = tempfile::tempdir().unwrap();
    let lying = folder.path().join("lying.json");
    let text = std::fs::read_to_string(tiny().join("one-oral/schedule.json")).unwrap();
    let mut schedule: Value = serde_json::from_str(&text).unwrap();
    schedule["cost"] = serde_json::json!({"total": 1, "terms": {}});
    schedule["bound"] = 99_999.into();
    std::fs::write(&lying, schedule.to_string()).unwrap();
    insta::assert_snapshot!(out(0, &["check", "one-oral/instance.json", lying.to_str().unwrap()]));
}

#[test]
fn a_packed_schedule_is_read_like_a_plain_one() {
    use std::io::Write;
    let folder = tempfile::tempdir().unwrap();
    let packed = folder.path().join("schedule.json.gz");
    let plain = std::fs::read(tiny().join("one-oral/schedule.json")).unwrap();
    let mut writer = flate2::write::GzEncoder::new(std::fs::File::create(&packed).unwrap(), Default::default());
    writer.write_all(&plain).unwrap();
    writer.finish().unwrap();
    let read = out(0, &["check", "one-oral/instance.json", packed.to_str().unwrap()]);
    assert_eq!(read, check(0, "one-oral", &[]));
}

#[test]
fn the_locale_chooses_the_language() {
    let said = |key: &str, value: &str| {
        let mut command = Command::cargo_bin("oraux").unwrap();
        command.current_dir(tiny()).env_remove("LC_ALL").env_remove("LC_MESSAGES").env_remove("LANG").env(key, value);
        let args = ["check", "one-oral/instance.json", "one-oral/schedule.json"];
        String::from_utf8(command.args(args).output().unwrap().stdout).unwrap()
    };
    assert!(said("LANG", "fr_FR.UTF-8").starts_with("valable"));
    assert!(said("LC_ALL", "fr_FR.UTF-8").starts_with("valable"));
    assert!(said("LANG", "de_DE.UTF-8").starts_with("valid"));
}

#[test]
fn rules_in_both_languages() {
    insta::assert_snapshot!("rules_in_english", out(0, &["rules"]));
    insta::assert_snapshot!("rules_in_french", out(0, &["rules", "--lang", "fr"]));
}

#[test]
fn rules_of_another_diploma() {
    insta::assert_snapshot!(out(0, &["rules", "another-diploma/instance.json"]).split("Hard rules").next().unwrap());
}

#[test]
fn rules_as_json() {
    let page: Value = serde_json::from_str(&out(0, &["rules", "--json", "weights-own/instance.json"])).unwrap();
    assert_eq!(page["rules"].as_array().unwrap().len(), 28);
    assert_eq!(page["terms"].as_array().unwrap().len(), 23);
    let weight = |term: &str| {
        let terms = page["terms"].as_array().unwrap();
        terms.iter().find(|t| t["term"] == term).unwrap()["weight"].as_i64()
    };
    assert_eq!((weight("sessions"), weight("centre_days")), (Some(7), Some(1500)));
}

/// What is hopeless is a warning before the work, never an error.
#[test]
fn solve_warns_of_what_is_hopeless() {
    let folder = tempfile::tempdir().unwrap();
    let schedule = folder.path().join("schedule.json");
    let args = ["solve", "seats-half-qualified/instance.json", "--iterations", "1", "--lang", "fr", "--output"];
    let output = oraux(&[&args[..], &[schedule.to_str().unwrap()]].concat());
    assert_eq!(output.status.code(), Some(0));
    let warning = "attention : candidates[0].orals[0]: ne peut pas être entendu : aucun interrogateur ne peut tenir le \
                   siège STI (STI + CCST)\n";
    assert!(String::from_utf8(output.stderr).unwrap().contains(warning));
}

/// The published schema accepts every shipped file of its format, and not the other's.
#[test]
fn the_schemas_accept_what_is_shipped() {
    let schema = |format: &str| {
        let schema: Value = serde_json::from_str(&out(0, &["schema", format])).unwrap();
        jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
    };
    let (instance, schedule) = (schema("instance"), schema("schedule"));
    let read = |path: &Path| -> Value { serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap() };
    let mut files = 0;
    for folder in tiny().read_dir().unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()) {
        for (name, right, wrong) in [
            ("instance.json", &instance, &schedule),
            ("schedule.json", &schedule, &instance),
            ("baseline.json", &schedule, &instance),
        ] {
            let path = folder.join(name);
            if path.exists() {
                let value = read(&path);
                let faults: Vec<String> =
                    right.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
                assert!(faults.is_empty(), "{}: {faults:?}", path.display());
                assert!(!wrong.is_valid(&value), "{}", path.display());
                files += 1;
            }
        }
    }
    assert!(files > 300, "{files} files");
}

#[test]
fn misuse_is_told_and_leaves_code_2() {
    for args in [&[][..], &["chekc"], &["check", "one"], &["schema", "neither"], &["check", "--no-such"]] {
        let output = oraux(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty(), "{args:?}");
        assert!(!output.stderr.is_empty(), "{args:?}");
    }
}

/// The morning's command: the list to telephone from, the schedule, the instance that it is checked against.
#[test]
fn a_replan_after_events() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    let events = r#"{"format": "oraux-events/1", "events": [{"type": "candidate-withdrawn", "candidate": "C1"}]}"#;
    std::fs::write(at("events.json"), events).unwrap();
    let (instance, schedule) = ("one-oral/instance.json", "one-oral/schedule.json");
    let (new, after) = (at("new.json"), at("after.json"));
    let args = ["replan", instance, schedule, "--events", &at("events.json"), "-o", &new, "--amended", &after];
    let said = out(0, &[&args[..], &["--time", "0"]].concat()).replace(&new, "new.json");
    insta::assert_snapshot!(said);
    let verdict = out(0, &["check", &after, &new, "--baseline", schedule]);
    assert!(verdict.starts_with("valid"), "{verdict}");
    // What cannot be read leaves no file.
    std::fs::write(at("events.json"), events.replace("C1", "C9")).unwrap();
    std::fs::remove_file(&new).unwrap();
    assert_eq!(oraux(&args).status.code(), Some(2));
    assert!(!Path::new(&new).exists());
}
