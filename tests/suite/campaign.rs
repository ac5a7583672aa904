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

/// Key, version, commit, peer, instance, hash, strategy, seed, seconds, threads, status: what a run is, without what it
/// found.
fn rows(folder: &Path) -> Vec<String> {
    let csv = std::fs::read_to_string(folder.join("runs.csv")).unwrap();
    csv.lines().skip(1).map(|l| l.split(',').take(11).collect::<Vec<_>>().join(",")).collect()
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
    // On a machine that is busy elsewhere it may have ended before.
    let ended = killed.wait().unwrap().success();
    job("2", &one).assert().success();
    assert_eq!(missing(&one), if ended { "3,4\n" } else { "1,3,4\n" });
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
fn a_killed_campaign_goes_on_where_it_was() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    let args = ["bench", "instances/small.json", "-o", out.to_str().unwrap(), "--strategies", "anneal,greedy"];
    let mut campaign = std::process::Command::new(env!("CARGO_BIN_EXE_oraux")).args(args).args(GRID).spawn().unwrap();
    // A run stands in the table as soon as it has ended.
    while !out.join("runs.csv").exists() || rows(&out).is_empty() {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    campaign.kill().unwrap();
    campaign.wait().unwrap();
    let kept = std::fs::read_to_string(out.join("runs.jsonl")).unwrap();
    let first = kept.lines().next().unwrap().to_string();
    // As if it had been killed in the middle of a line.
    std::fs::write(out.join("runs.jsonl"), format!("{first}\n{{\"key\": \"12")).unwrap();
    oraux(&args).args(GRID).assert().success();
    assert_eq!(rows(&out).len(), 4);
    let all = std::fs::read_to_string(out.join("runs.jsonl")).unwrap();
    assert!(all.lines().any(|l| l == first), "the run that had ended was not run again");
}

#[test]
fn a_peer_stands_beside_the_strategies_and_is_believed_as_little() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let made = at("made.json");
    oraux(&["solve", "instances/small.json", "-o", &made, "--strategy", "greedy", "-q"]).assert().success();
    let cost =
        serde_json::from_slice::<serde_json::Value>(&std::fs::read(&made).unwrap()).unwrap()["cost"]["total"].clone();
    // It hands in the same schedule every time, and tells the truth on the first seed only.
    let script = format!(
        "#!/bin/sh\nif [ \"$1\" = --version ]; then echo copycat 1; exit; fi\nif [ \"$7\" = 3 ]; then exit 3; fi\n\
         echo good morning\necho '{{\"cost\": 99999999}}'\n\
         if [ \"$7\" = 1 ]; then echo '{{\"cost\": {cost}}}'; else echo '{{\"cost\": 1}}'; fi\ncp {made} \"$3\"\n"
    );
    std::fs::write(at("peer.sh"), script).unwrap();
    std::fs::set_permissions(at("peer.sh"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let (out, peer) = (at("out"), format!("copy={}", at("peer.sh")));
    let grid = ["--seeds", "1-3", "--seconds", "1", "--threads", "1", "--strategies", "greedy,peer-copy"];
    let ended = oraux(&["bench", "instances/small.json", "-o", &out, "--peer", &peer]).args(grid).assert().code(1);
    let said = String::from_utf8_lossy(&ended.get_output().stderr).to_string();
    assert!(said.contains("claims the cost 1,") && said.contains("the peer failed"), "{said}");
    let rows = rows(Path::new(&out));
    let ends = |seed: u64| rows.iter().find(|r| r.contains(&format!("peer-copy,{seed},"))).unwrap().clone();
    assert!(ends(1).contains(",copycat 1,") && ends(1).ends_with(",valid"), "{rows:?}");
    assert!(ends(2).ends_with(",invalid") && ends(3).ends_with(",invalid"), "{rows:?}");
    let report = std::fs::read_to_string(Path::new(&out).join("report.md")).unwrap();
    assert!(report.contains("| small | peer-copy | 1/3 |"), "{report}");

    let without = oraux(&["bench", "instances/small.json", "-o", &at("other")]).args(grid).assert().code(1);
    assert!(String::from_utf8_lossy(&without.get_output().stderr).contains("a peer needs --peer"));
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
