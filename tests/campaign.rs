//! A campaign in jobs, one of them killed and resumed, gives the rows of the same campaign in one go; a run without
//! a valid schedule is an error and never a result.

use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

const GRID: [&str; 6] = ["--seeds", "1-2", "--seconds", "2", "--threads", "1"];

fn oraux(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_oraux"));
    command.args(["--lang", "en"]).args(args);
    command
}

fn said(command: &mut Command) -> String {
    String::from_utf8(command.assert().success().get_output().stdout.clone()).unwrap()
}

/// Key, program, instance, hash, strategy, seed, seconds, threads, status: what a run is, without what it found.
fn rows(folder: &Path) -> Vec<String> {
    let csv = std::fs::read_to_string(folder.join("runs.csv")).unwrap();
    csv.lines().skip(1).map(|l| l.split(',').take(9).collect::<Vec<_>>().join(",")).collect()
}

#[test]
fn jobs_of_which_one_is_killed_and_resumed_give_the_rows_of_bench() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let (manifest, one, two, all, whole) = (at("m.json"), at("one"), at("two"), at("all"), at("whole"));
    oraux(&["jobs", "instances/small.json", "-o", &manifest, "--strategies", "anneal,greedy"])
        .args(GRID)
        .assert()
        .success();
    let missing = |place: &str| said(&mut oraux(&["jobs", "-o", &manifest, "--missing", place]));
    assert_eq!(missing(&one), "1,2,3,4\n");

    let job = |n: &str, place: &str| oraux(&["bench", "--manifest", &manifest, "--job", n, "-o", place]);
    let mut killed = std::process::Command::new(env!("CARGO_BIN_EXE_oraux"))
        .args(["bench", "--manifest", &manifest, "--job", "1", "-o", &one])
        .spawn()
        .unwrap();
    killed.kill().unwrap();
    killed.wait().unwrap();
    job("2", &one).assert().success();
    assert_eq!(missing(&one), "1,3,4\n");
    for n in ["1", "2", "3"] {
        job(n, &one).assert().success();
    }
    let again = job("1", &one).assert().success();
    assert!(String::from_utf8_lossy(&again.get_output().stderr).contains("already done"));
    job("3", &two).assert().success();
    job("4", &two).assert().success();
    oraux(&["merge", &one, &two, "-o", &all]).assert().success();

    oraux(&["bench", "instances/small.json", "-o", &whole, "--strategies", "anneal,greedy"])
        .args(GRID)
        .assert()
        .success();
    assert_eq!(rows(Path::new(&all)), rows(Path::new(&whole)));
    assert_eq!(rows(Path::new(&all)).len(), 4);
    // The same command runs nothing again.
    let before = std::fs::read(Path::new(&whole).join("runs.jsonl")).unwrap();
    oraux(&["bench", "--manifest", &manifest, "-o", &whole]).assert().success();
    assert_eq!(std::fs::read(Path::new(&whole).join("runs.jsonl")).unwrap(), before);
}

#[test]
fn a_run_without_a_valid_schedule_is_an_error_and_no_result() {
    let folder = TempDir::new().unwrap();
    let mut instance: serde_json::Value =
        serde_json::from_slice(&std::fs::read("instances/small.json").unwrap()).unwrap();
    let candidates = instance["candidates"].as_array().unwrap().clone();
    let (candidate, exam) = candidates
        .iter()
        .flat_map(|c| c["orals"].as_array().unwrap().iter().map(move |o| (c, o)))
        .find(|(_, o)| o["exam"] == "E22" && o["form"] == "final")
        .map(|(c, o)| (c["id"].clone(), o["exam"].clone()))
        .unwrap();
    // Before any centre opens.
    instance["pins"] = serde_json::json!([{"candidate": candidate, "exam": exam, "start": "05:00"}]);
    let file = folder.path().join("pinned.json");
    std::fs::write(&file, instance.to_string()).unwrap();
    let output = folder.path().join("out");
    let args = ["bench", file.to_str().unwrap(), "-o", output.to_str().unwrap(), "--strategies", "greedy"];
    let ended = oraux(&args).args(["--seeds", "1", "--seconds", "1"]).assert().code(1);
    assert!(String::from_utf8_lossy(&ended.get_output().stderr).contains("ERROR, not a result"));
    assert_eq!(rows(&output).len(), 1);
    assert!(rows(&output)[0].ends_with(",invalid"));
    let report = std::fs::read_to_string(output.join("report.md")).unwrap();
    assert!(report.contains("**ERROR, not a result**"), "{report}");
}

#[test]
fn a_manifest_and_slurm() {
    let there = std::process::Command::new("sinfo").arg("-h").output().is_ok_and(|o| o.status.success());
    if !there {
        eprintln!("SKIPPED: no Slurm answers here (sinfo), so that no job array was run");
        return;
    }
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let (manifest, out) = (at("m.json"), at("out"));
    let grid = ["--strategies", "greedy", "--seeds", "1-2", "--seconds", "1", "--threads", "1"];
    oraux(&["jobs", "instances/small.json", "-o", &manifest]).args(grid).assert().success();
    let bin = env!("CARGO_BIN_EXE_oraux");
    let work = format!("{bin} bench --manifest {manifest} --job $SLURM_ARRAY_TASK_ID -o {out}");
    Command::new("sbatch").args(["--wait", "--array=1,2", "--output=/dev/null", "--wrap", &work]).assert().success();
    assert_eq!(said(&mut oraux(&["jobs", "-o", &manifest, "--missing", &out])), "\n");
}
