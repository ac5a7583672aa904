//! The cases of `instances/tiny`, whose verdicts were worked out on paper, against `check`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use oraux::check::check;
use oraux::instance::{Instance, Weights};
use oraux::rules::{RULES, TERMS};
use oraux::schedule::{Cost, Schedule};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    note: Vec<String>,
    breaks: BTreeSet<Broken>,
    cost: Cost,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
struct Broken {
    rule: String,
    at: String,
}

struct Case {
    name: String,
    instance: Instance,
    schedule: Schedule,
    baseline: Option<Schedule>,
    expected: Expected,
}

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("instances/tiny");
    let mut folders: Vec<PathBuf> =
        root.read_dir().unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect();
    folders.sort();
    folders
}

fn cases() -> Vec<Case> {
    folders()
        .iter()
        .map(|folder| {
            let name = folder.file_name().unwrap().to_str().unwrap().to_string();
            let expected = std::fs::read_to_string(folder.join("expected.json")).unwrap();
            let baseline = folder.join("baseline.json");
            Case {
                instance: Instance::read(&folder.join("instance.json")).unwrap_or_else(|f| panic!("{name}: {f:?}")),
                schedule: Schedule::read(&folder.join("schedule.json")).unwrap_or_else(|f| panic!("{name}: {f:?}")),
                baseline: baseline
                    .exists()
                    .then(|| Schedule::read(&baseline).unwrap_or_else(|f| panic!("{name}: {f:?}"))),
                expected: serde_json::from_str(&expected).unwrap_or_else(|e| panic!("{name}: {e}")),
                name,
            }
        })
        .collect()
}

#[test]
fn every_verdict_is_the_one_worked_out_on_paper() {
    let mut wrong = Vec::new();
    for case in cases() {
        let verdict = check(&case.instance, &case.schedule, case.baseline.as_ref());
        let broken: BTreeSet<Broken> =
            verdict.violations.iter().map(|v| Broken { rule: v.rule.into(), at: v.at.clone() }).collect();
        if broken != case.expected.breaks {
            wrong.push(format!("{}: breaks {broken:?}, on paper {:?}", case.name, case.expected.breaks));
        }
        if verdict.valid != case.expected.breaks.is_empty() {
            wrong.push(format!("{}: valid is {}", case.name, verdict.valid));
        }
        if verdict.cost != case.expected.cost {
            wrong.push(format!("{}: costs {:?}, on paper {:?}", case.name, verdict.cost, case.expected.cost));
        }
        if verdict.valid && !verdict.remarks.is_empty() {
            wrong.push(format!("{}: remarks {:?}", case.name, verdict.remarks));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_paper_adds_up_and_says_why() {
    for case in cases() {
        let cost = &case.expected.cost;
        for (name, part) in &cost.terms {
            let term = TERMS.iter().find(|t| t.name == name).unwrap_or_else(|| panic!("{}: no term {name}", case.name));
            let weight = i64::from((term.weight)(&case.instance.weights));
            assert_eq!(part.cost, part.units * weight, "{}: {name}", case.name);
            assert_ne!(part.units, 0, "{}: {name}", case.name);
        }
        assert_eq!(cost.total, cost.terms.values().map(|t| t.cost).sum::<i64>(), "{}", case.name);
        for broken in &case.expected.breaks {
            assert!(RULES.iter().any(|r| r.name == broken.rule), "{}: no rule {}", case.name, broken.rule);
        }
        let sum = case.expected.note.last().unwrap_or_else(|| panic!("{}: no note", case.name));
        assert!(sum.ends_with(&format!("= {}.", cost.total)), "{}: the note ends with {sum:?}", case.name);
        assert_eq!(case.instance.name, case.name);
    }
}

#[test]
fn each_rule_is_broken_alone_and_each_term_charged_by_a_valid_schedule() {
    let (mut alone, mut charged) = (BTreeMap::new(), BTreeMap::new());
    for case in cases() {
        let rules: BTreeSet<&str> = case.expected.breaks.iter().map(|b| b.rule.as_str()).collect();
        match rules.len() {
            0 => charged.extend(case.expected.cost.terms.keys().map(|t| (t.clone(), case.name.clone()))),
            1 => alone.extend(rules.iter().map(|r| (r.to_string(), case.name.clone()))),
            _ => {}
        }
    }
    let bare: Vec<&str> = RULES.iter().map(|r| r.name).filter(|r| !alone.contains_key(*r)).collect();
    assert!(bare.is_empty(), "no case breaks only {bare:?}");
    let bare: Vec<&str> = TERMS.iter().map(|t| t.name).filter(|t| !charged.contains_key(*t)).collect();
    assert!(bare.is_empty(), "no valid case has units of {bare:?}");
}

/// The default weights stand in the paper's sums; a changed default must show.
#[test]
fn the_weights_of_the_contract_are_the_defaults() {
    let weights: BTreeMap<&str, u32> = TERMS.iter().map(|t| (t.name, (t.weight)(&Weights::default()))).collect();
    let contract = [
        ("unscheduled", 100_000),
        ("optional_seat_empty", 2_000),
        ("sessions", 100),
        ("examiner_days", 1_000),
        ("examiner_km", 10),
        ("examiner_idle", 2),
        ("examiner_overload", 300),
        ("centre_days", 1_500),
        ("candidate_days", 800),
        ("candidate_centres", 500),
        ("candidate_km", 10),
        ("candidate_wait", 1),
        ("early_far", 150),
        ("late_far", 150),
        ("not_preferred", 50),
        ("examiner_target", 100),
        ("examiner_wish", 200),
        ("same_school", 40),
        ("convocation_changed", 500),
        ("oral_moved", 100),
        ("room_changed", 50),
        ("examiner_called", 700),
        ("examiner_released", 200),
    ];
    assert_eq!(weights, contract.into());
    assert_eq!(RULES.len(), 28);
}
