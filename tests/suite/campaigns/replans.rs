//! Random instances, random events, and the re-plan from the library and from the command: nothing frozen moves, the checker agrees, the exit
//! code says how it went.

use std::process::Command;

use oraux::check::check;
use oraux::instance::Instance;
use oraux::schedule::Schedule;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde_json::json;

use super::Tally;
use crate::pins::shape;
use crate::replan::{Disturbed, disturbed, planned, random_events};

pub fn case(seed: u64, tally: &mut Tally) {
    let rng = &mut Pcg64Mcg::seed_from_u64(seed);
    let instance = shape(rng, seed, false);
    let Some(published) = planned(&instance) else { return tally.add("no plan to begin with") };
    if published.sessions.is_empty() {
        return tally.add("empty plans");
    }
    let session = &published.sessions[rng.random_range(0..published.sessions.len())];
    let now = session.date.and_hms_opt(rng.random_range(8..18), 5, 0).unwrap();
    let list = random_events(rng, &instance, session);
    match disturbed(&instance, &published, list.clone(), now) {
        Disturbed::Done { frozen, kept } => {
            tally.count("frozen orals", frozen);
            tally.add(if kept { "re-plans" } else { "re-plans without some of the pins" });
        }
        Disturbed::Refused => tally.add("refused"),
    }
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let events = json!({"format": "oraux-events/1", "events": list});
    std::fs::write(at("i.json"), serde_json::to_vec(&instance.raw).unwrap()).unwrap();
    std::fs::write(at("s.json"), published.to_json()).unwrap();
    std::fs::write(at("e.json"), events.to_string()).unwrap();
    let now = now.format("%Y-%m-%dT%H:%M").to_string();
    let words =
        "replan i.json s.json --events e.json -o new.json --amended after.json --iterations 200 --threads 1 --now";
    let run = |words: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_oraux"));
        command.current_dir(folder.path()).args(["--lang", "en"]).args(words.split(' ')).output().unwrap()
    };
    let done = run(&format!("{words} {now}"));
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(!said.contains("panicked at"), "{said}");
    let code = done.status.code().unwrap_or_else(|| panic!("{:?}: {said}", done.status));
    tally.add(&format!("exit code {code}"));
    match code {
        0 | 3 => {
            let after = Instance::read(&at("after.json")).unwrap_or_else(|f| panic!("{f:?}"));
            let new = Schedule::read(&at("new.json")).unwrap_or_else(|f| panic!("{f:?}"));
            let verdict = check(&after, &new, Some(&published));
            assert_eq!(verdict.valid, code == 0, "exit code {code}, {:?}", verdict.violations);
            assert!(verdict.violations.iter().all(|v| v.rule == "pin"), "{:?}", verdict.violations);
            assert_eq!(run("check after.json new.json --baseline s.json").status.code(), Some(i32::from(code == 3)));
        }
        1 | 2 => assert!(!at("new.json").exists() && !at("after.json").exists() && !said.is_empty()),
        _ => panic!("exit code {code}: {said}"),
    }
}
