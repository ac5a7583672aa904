//! Random instances, random events, and the re-plan from the library and from the command: nothing frozen moves, the checker agrees, the exit
//! code says how it went, and pins that can be kept are.

use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use oraux::check::check;
use oraux::instance::Instance;
use oraux::replan::{Request, Terms, amend, differences, replan};
use oraux::schedule::{Plan, Schedule};
use oraux::state::{Model, State};
use oraux::strategy::Budget;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde_json::{Value, json};

use super::Tally;
use crate::pins::{iterations, pinned, shape, solved};
use crate::replan::{Disturbed, disturbed, events, planned, random_events};

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
    commanded(&instance, None, &published, &list, Some(&now.format("%Y-%m-%dT%H:%M").to_string()), tally);
}

/// The same with pins that a valid plan keeps: the published one, or another one, as somebody has written them into the instance since.
/// Where that plan still shows that the pins can be kept, they have to be, or the case counts as `not kept`.
pub fn pinned_case(seed: u64, tally: &mut Tally) {
    let rng = &mut Pcg64Mcg::seed_from_u64(seed);
    let plain = shape(rng, seed, false);
    let Some(published) = planned(&plain) else { return tally.add("no plan to begin with") };
    if published.sessions.is_empty() {
        return tally.add("empty plans");
    }
    let own = rng.random_bool(0.5);
    let witness = match own {
        true => published.clone(),
        false => solved(&plain, ["greedy", "anneal"][rng.random_range(0..2)], seed.wrapping_add(1), iterations(400)).0,
    };
    let (asked, how) = pinned(rng, &plain, &witness);
    let (before, edited) = if own { (&asked, None) } else { (&plain, Some(&asked)) };
    let session = &published.sessions[rng.random_range(0..published.sessions.len())];
    let now = own.then(|| session.date.and_hms_opt(rng.random_range(8..18), 5, 0).unwrap());
    let list = if rng.random_bool(0.25) { json!([]) } else { random_events(rng, &asked, session) };
    let happened = events(&asked, list.clone());

    let edits = edited.map_or_else(Vec::new, |edited| differences(&before.raw, &edited.raw));
    let terms = Terms { now, sacrifice: true, ..Terms::default() };
    let amended = amend(&Plan::new(&asked, &published, None), &happened, &edits, &terms);
    let after = Instance::from_raw(amended.instance).ok().filter(|_| amended.faults.is_empty());
    let can_be = after.filter(|_| amended.refused.is_empty()).is_some_and(|after| {
        let model = Model::new(&after, None);
        let mut state = State::new(&model);
        state.load(&Plan::new(&after, &witness, None));
        let hopeless = model.never.iter().any(|o| after.pins.contains_key(o));
        state.pins_missing == 0 && !hopeless
    });
    let kept = |time: Option<Duration>| {
        let tries = time.is_none().then_some(300);
        let budget = Some(Budget { started: Instant::now(), time, iterations: tries, gap: 0.0 });
        let stop = AtomicBool::new(false);
        let request = Request {
            edited,
            now,
            notice: None,
            sacrifice: true,
            wide: false,
            seed: 3,
            threads: 2,
            budget,
            stop: &stop,
        };
        let new = match replan(before, &published, &happened, &request) {
            Ok(new) => new,
            Err(refused) => {
                assert!(!can_be, "{}, {how}: refused, and yet {witness:?} keeps them: {refused:?}", before.name);
                return None;
            }
        };
        let verdict = check(&new.instance, &new.schedule, Some(&published));
        let broken: Vec<_> = verdict.violations.iter().filter(|v| v.rule != "pin").collect();
        assert!(broken.is_empty(), "{}, {how}: {broken:?}", before.name);
        Some(verdict.valid)
    };
    let whose = if own { "its own pins" } else { "another's pins" };
    tally.add(&match kept(None) {
        None => "refused".to_string(),
        Some(true) => format!("{whose}: kept"),
        Some(false) if !can_be => format!("{whose}: some cannot be kept by the plan that they are from"),
        // What tries did not find gets the five seconds that a person would give.
        Some(false) if kept(Some(Duration::from_secs(5))) == Some(true) => format!("{whose}: kept in five seconds"),
        Some(false) => {
            eprintln!("campaign pinned_replans: {seed}: not kept: {} {whose}, {how}, {list}", before.name);
            "not kept".to_string()
        }
    });
    let now = now.map(|now| now.format("%Y-%m-%dT%H:%M").to_string());
    commanded(before, edited, &published, &list, now.as_deref(), tally);
}

/// The same by the command: its exit code says what the checker says of what it wrote.
fn commanded(
    instance: &Instance,
    edited: Option<&Instance>,
    published: &Schedule,
    list: &Value,
    now: Option<&str>,
    tally: &mut Tally,
) {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let events = json!({"format": "oraux-events/1", "events": list});
    std::fs::write(at("i.json"), serde_json::to_vec(&instance.raw).unwrap()).unwrap();
    std::fs::write(at("s.json"), published.to_json()).unwrap();
    std::fs::write(at("e.json"), events.to_string()).unwrap();
    let mut words =
        "replan i.json s.json --events e.json -o new.json --amended after.json --iterations 200 --threads 1"
            .to_string();
    if let Some(edited) = edited {
        std::fs::write(at("h.json"), serde_json::to_vec(&edited.raw).unwrap()).unwrap();
        words += " --edited h.json";
    }
    if let Some(now) = now {
        words += &format!(" --now {now}");
    }
    let run = |words: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_oraux"));
        command.current_dir(folder.path()).args(["--lang", "en"]).args(words.split(' ')).output().unwrap()
    };
    let done = run(&words);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(!said.contains("panicked at"), "{said}");
    let code = done.status.code().unwrap_or_else(|| panic!("{:?}: {said}", done.status));
    tally.add(&format!("exit code {code}"));
    match code {
        0 | 3 => {
            let after = Instance::read(&at("after.json")).unwrap_or_else(|f| panic!("{f:?}"));
            let new = Schedule::read(&at("new.json")).unwrap_or_else(|f| panic!("{f:?}"));
            let verdict = check(&after, &new, Some(published));
            assert_eq!(verdict.valid, code == 0, "exit code {code}, {:?}", verdict.violations);
            assert!(verdict.violations.iter().all(|v| v.rule == "pin"), "{:?}", verdict.violations);
            assert_eq!(run("check after.json new.json --baseline s.json").status.code(), Some(i32::from(code == 3)));
        }
        1 | 2 => assert!(!at("new.json").exists() && !at("after.json").exists() && !said.is_empty()),
        _ => panic!("exit code {code}: {said}"),
    }
}
