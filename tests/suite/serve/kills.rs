//! A planning room that is killed at any moment has on the disk all that it acknowledged.

use std::time::Duration;

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde_json::{Value, json};

use super::room::{Room, oraux, project};

/// Edits, imports, undoes and plans until it is killed at a random moment; then looks what is there.
pub fn case(seed: u64) {
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    let folder = tempfile::tempdir().unwrap();
    let file = project(folder.path(), "instances/small.json", false);
    let room = Room::open(Some(&file));
    let process = room.child.id();
    let wait = Duration::from_millis(rng.random_range(0..1_500));
    let killer = std::thread::spawn(move || {
        std::thread::sleep(wait);
        // SAFETY: our own child, which nobody waits for before this thread has ended.
        unsafe { libc::kill(process as libc::pid_t, libc::SIGKILL) };
    });
    let workbook = std::fs::read("instances/small.json").unwrap();
    let (mut revision, mut acknowledged, mut plan) = (0, 0, None::<Value>);
    let mut job: Option<String> = None;
    loop {
        let (method, path, body): (&str, String, Vec<u8>) = match (rng.random_range(0..10), &job) {
            (0, _) => ("POST", "/api/import?name=autre.json".into(), workbook.clone()),
            (1, _) => ("POST", "/api/undo".into(), Vec::new()),
            (2, None) => {
                ("POST", "/api/jobs".into(), json!({ "kind": "solve", "seconds": 1.0 }).to_string().into_bytes())
            }
            (3, Some(id)) => ("POST", "/api/adopt".into(), json!({ "job": id }).to_string().into_bytes()),
            _ => {
                let value = format!("Prénom {}", rng.random_range(0..1_000_000));
                let edit = json!({ "edits": [{ "row": rng.random_range(2..20), "column": 2, "value": value }] });
                ("PATCH", "/api/tables/candidates".into(), edit.to_string().into_bytes())
            }
        };
        let Some(response) = room.try_raw(&room.request(method, &path, Some(revision), &body)) else { break };
        let json = response.json();
        if path == "/api/jobs" && response.status == 200 {
            job = json["id"].as_str().map(str::to_string);
        } else if response.status == 200 {
            revision = json["revision"].as_u64().unwrap();
            acknowledged = revision;
            plan = Some(json["cost"].clone());
        }
    }
    killer.join().unwrap();
    drop(room);
    let output = oraux(folder.path()).arg("project").arg(&file).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let there: Value = serde_json::from_slice(&output.stdout).unwrap();
    let last = there["revision"].as_u64().unwrap();
    // What was on its way may be there too, but no more than that.
    assert!((acknowledged..=acknowledged + 1).contains(&last), "{acknowledged} acknowledged, {last} there");
    let history = there["history"].as_array().unwrap();
    assert_eq!(history.len() as u64, last);
    if last == acknowledged
        && let Some(cost) = plan
    {
        assert_eq!(there["schedule"]["cost"]["total"], cost);
    }
    // And it goes on.
    let room = Room::open(Some(&file));
    assert_eq!(room.revision(), last);
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    (1..=6).for_each(case);
}
