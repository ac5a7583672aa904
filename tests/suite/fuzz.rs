//! Whatever stands in a file, the readers answer with a value or with faults, and the checker with a verdict.
//! Found cases are kept beside this file.

use oraux::check::check;
use oraux::fault::Fault;
use oraux::instance::{Instance, hopeless};
use oraux::schedule::Schedule;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use crate::common;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/instances/tiny/");

/// Cases that together use every field of both formats.
const CASES: [&str; 5] =
    ["another-diploma", "candidate-wait", "briefing-just", "impartial-waived-for-another", "pin-obeyed"];

fn text(case: &str, file: &str) -> String {
    std::fs::read_to_string(format!("{FOLDER}{case}/{file}")).unwrap()
}

fn sane(faults: &[Fault], size: usize) {
    assert!(!faults.is_empty());
    for fault in faults {
        let (line, column) =
            fault.position.map(|(l, c)| (l as usize, c as usize)).expect("every fault of a text has a place");
        assert!(line >= 1 && column >= 1 && line <= size + 1 && column <= size + 1, "{fault}");
        assert!(!fault.message.is_empty());
    }
}

/// Reads the bytes as both formats; what can be read is warned of and checked.
fn read(bytes: &[u8]) {
    match Instance::from_json(bytes) {
        Ok(instance) => {
            hopeless::warnings(&instance);
            let empty: Schedule = serde_json::from_value(json!({
                "format": "oraux-schedule/1", "instance": "", "sessions": []
            }))
            .unwrap();
            check(&instance, &empty, None);
        }
        Err(faults) => sane(&faults, bytes.len()),
    }
    if let Err(faults) = Schedule::from_json(bytes) {
        sane(&faults, bytes.len());
    }
}

/// A change to a text: cut a piece, copy a piece elsewhere, or put something in.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    Cut(Index, Index),
    Copy(Index, Index, Index),
    Put(Index, Vec<u8>),
}

pub(super) fn edit() -> impl Strategy<Value = Edit> {
    let tokens = prop::sample::select(vec![
        "{", "}", "[", "]", ",", ":", "\"", "\\", "null", "true", "-1", "1e9", "0.5", "1.0", "\"\"", "\u{e9}",
        "\u{feff}", "\n",
    ]);
    prop_oneof![
        (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Edit::Cut(a, b)),
        (any::<Index>(), any::<Index>(), any::<Index>()).prop_map(|(a, b, c)| Edit::Copy(a, b, c)),
        (any::<Index>(), tokens.prop_map(|t| t.as_bytes().to_vec())).prop_map(|(a, t)| Edit::Put(a, t)),
        (any::<Index>(), prop::collection::vec(any::<u8>(), 1..4)).prop_map(|(a, t)| Edit::Put(a, t)),
    ]
}

pub(super) fn apply(bytes: &mut Vec<u8>, edit: &Edit) {
    let place = |i: &Index, bytes: &[u8]| i.index(bytes.len() + 1);
    match edit {
        Edit::Cut(a, b) => {
            let from = place(a, bytes);
            let to = (from + b.index(40)).min(bytes.len());
            bytes.drain(from..to);
        }
        Edit::Copy(a, b, to) => {
            let from = place(a, bytes);
            let piece = bytes[from..(from + b.index(80)).min(bytes.len())].to_vec();
            let at = place(to, bytes);
            bytes.splice(at..at, piece);
        }
        Edit::Put(a, token) => {
            let at = place(a, bytes);
            bytes.splice(at..at, token.iter().copied());
        }
    }
}

/// A change to a value: what to do with one of its nodes.
#[derive(Clone, Debug)]
pub(super) enum Change {
    Delete,
    Double,
    Replace(Value),
    /// By another node of the same value.
    Swap(Index),
}

fn change() -> impl Strategy<Value = Change> {
    let junk = prop::sample::select(vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1),
        json!(719),
        json!(1440),
        json!(4_294_967_296_u64),
        json!(-9_223_372_036_854_775_808_i64),
        json!(1.0),
        json!(0.5),
        json!(1e300),
        json!(""),
        json!(" "),
        json!("00:00"),
        json!("23:59"),
        json!("2024-06-03"),
        json!("0001-01-01"),
        json!("9999-12-31"),
        json!("{language}"),
        json!("A"),
        json!("XE"),
        json!([]),
        json!({}),
        json!([[]]),
        json!(["00:00", "23:59"]),
    ]);
    prop_oneof![
        2 => Just(Change::Delete),
        2 => Just(Change::Double),
        4 => junk.prop_map(Change::Replace),
        4 => any::<Index>().prop_map(Change::Swap),
    ]
}

fn pointers(value: &Value, at: String, all: &mut Vec<String>) {
    match value {
        Value::Array(list) => list.iter().enumerate().for_each(|(i, v)| pointers(v, format!("{at}/{i}"), all)),
        Value::Object(fields) => fields.iter().for_each(|(k, v)| {
            pointers(v, format!("{at}/{}", k.replace('~', "~0").replace('/', "~1")), all);
        }),
        _ => {}
    }
    all.push(at);
}

pub(super) fn mutate(value: &mut Value, (node, change): &(Index, Change)) {
    let mut all = Vec::new();
    pointers(value, String::new(), &mut all);
    let at = node.get(&all).clone();
    let (parent, key) = at.rsplit_once('/').unwrap_or(("", ""));
    let key = key.replace("~1", "/").replace("~0", "~");
    match change {
        Change::Replace(new) => *value.pointer_mut(&at).unwrap() = new.clone(),
        Change::Swap(other) => {
            let new = value.pointer(other.get(&all).as_str()).unwrap().clone();
            *value.pointer_mut(&at).unwrap() = new;
        }
        Change::Delete | Change::Double if at.is_empty() => *value = Value::Null,
        Change::Delete | Change::Double => match value.pointer_mut(parent).unwrap() {
            Value::Array(list) => {
                let i: usize = key.parse().unwrap();
                if matches!(change, Change::Delete) {
                    list.remove(i);
                } else {
                    let copy = list[i].clone();
                    list.insert(i, copy);
                }
            }
            Value::Object(fields) => {
                let old = fields.remove(&key).unwrap();
                if matches!(change, Change::Double) {
                    fields.insert(format!("{key} "), old.clone());
                    fields.insert(key, old);
                }
            }
            _ => unreachable!("only lists and objects have nodes below them"),
        },
    }
}

pub(super) fn changes(most: usize) -> impl Strategy<Value = Vec<(Index, Change)>> {
    prop::collection::vec((any::<Index>(), change()), 1..=most)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read(&bytes);
    }

    #[test]
    fn any_text_is_read(text in "[\\[\\]{}:,\"\\\\a-z0-9. \n\u{e9}-]{0,120}") {
        read(text.as_bytes());
    }

    #[test]
    fn edited_files_are_read(
        case in prop::sample::select(&CASES[..]),
        file in prop::sample::select(&["instance.json", "schedule.json"][..]),
        edits in prop::collection::vec(edit(), 1..4),
    ) {
        let mut bytes = text(case, file).into_bytes();
        for edit in &edits {
            apply(&mut bytes, edit);
        }
        read(&bytes);
    }

    #[test]
    fn changed_instances_are_read(case in prop::sample::select(&CASES[..]), changes in changes(3)) {
        let mut value: Value = serde_json::from_str(&text(case, "instance.json")).unwrap();
        changes.iter().for_each(|c| mutate(&mut value, c));
        read(value.to_string().as_bytes());
    }

    #[test]
    fn changed_wild_instances_are_read(seed in 0..1000_u64, changes in changes(2)) {
        let mut value = common::wild_json(seed);
        changes.iter().for_each(|c| mutate(&mut value, c));
        read(value.to_string().as_bytes());
    }

    /// Schedules and published schedules as wrong as can be are checked against the right instance and a wrong one.
    #[test]
    fn changed_schedules_are_checked(
        case in prop::sample::select(&CASES[..]),
        other in prop::sample::select(&CASES[..]),
        schedule_changes in changes(6),
        baseline_changes in changes(6),
    ) {
        let mut read = Vec::new();
        for changes in [&schedule_changes, &baseline_changes] {
            let mut value: Value = serde_json::from_str(&text(case, "schedule.json")).unwrap();
            for change in changes {
                let before = value.clone();
                mutate(&mut value, change);
                // A change that makes the file unreadable is left out: what is read should stray far.
                if Schedule::from_json(value.to_string().as_bytes()).is_err() {
                    value = before;
                }
            }
            read.push(Schedule::from_json(value.to_string().as_bytes()).unwrap());
        }
        for case in [case, other] {
            let instance = Instance::from_json(text(case, "instance.json").as_bytes()).unwrap();
            let verdict = check(&instance, &read[0], Some(&read[1]));
            let sum: i64 = verdict.cost.terms.values().map(|t| t.cost).sum();
            prop_assert_eq!(verdict.cost.total, sum);
            prop_assert_eq!(verdict.valid, verdict.violations.is_empty());
            check(&instance, &read[1], None);
        }
    }
}
