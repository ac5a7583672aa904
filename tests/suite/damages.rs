//! A good schedule damaged in one place, and exactly the rules that `check` must then name: a row for each thing that the contract
//! asks of a schedule. Random damages of random schedules do the same without a table.

use std::collections::BTreeSet;

use oraux::check::check;
use oraux::instance::Instance;
use oraux::rules::RULES;
use oraux::schedule::Schedule;
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;
use serde_json::{Value, json};

use crate::common::good::*;
use crate::common::{self, damage};

fn find<'v>(schedule: &'v mut Value, id: &str) -> &'v mut Value {
    schedule["sessions"].as_array_mut().unwrap().iter_mut().find(|s| s["id"] == id).unwrap()
}

/// Puts another sitting in the place of one: `S7 0`, `C5 E22 …`.
fn resit(schedule: &mut Value, id: &str, i: usize, text: &str) {
    find(schedule, id)["sittings"][i] = sitting(text);
}

fn append(schedule: &mut Value, list: &str, value: Value) {
    schedule[list].as_array_mut().unwrap().push(value);
}

/// Takes an oral off the unscheduled ones, and hears it in a session of its own.
fn hear(schedule: &mut Value, oral: &str, session: Value) {
    let (candidate, exam) = oral.split_once(' ').unwrap();
    schedule["unscheduled"].as_array_mut().unwrap().retain(|l| l["candidate"] != candidate || l["exam"] != exam);
    append(schedule, "sessions", session);
}

type Row = (&'static str, fn(&mut Value), &'static [&'static str]);

/// What is done to the schedule, and the rules that it must break.
const DAMAGES: &[Row] = &[
    // oral-once
    (
        "a due oral is nowhere",
        |s| {
            s["unscheduled"].as_array_mut().unwrap().remove(1);
        },
        &["oral-once"],
    ),
    ("an oral twice in unscheduled", |s| append(s, "unscheduled", left("C5 U62 -")), &["oral-once"]),
    ("scheduled and unscheduled", |s| append(s, "unscheduled", left("C5 E22 -")), &["oral-once"]),
    ("unscheduled, but not due", |s| append(s, "unscheduled", left("C6 U61 -")), &["oral-once"]),
    ("unscheduled, but nobody's oral", |s| append(s, "unscheduled", left("C9 U61 -")), &["oral-once"]),
    (
        "an oral heard twice",
        |s| {
            append(
                s,
                "sessions",
                session("S8 expertise A R3", SECOND, json!({"EG": "XD", "STI": "XW"}), &["C1 U62 15:00 15:30"]),
            )
        },
        &["oral-once"],
    ),
    ("an oral heard again at once", |s| resit(s, "S4", 0, "C1 U62 15:30 16:00"), &["oral-once", "candidate-gap"]),
    (
        "an oral that is not due is heard",
        |s| {
            append(
                s,
                "sessions",
                session(
                    "S8 technico-commerciale A R3",
                    SECOND,
                    json!({"EG": "XD", "STI": "XW"}),
                    &["C6 E4 P1 14:00 15:00 16:00"],
                ),
            )
        },
        &["oral-once"],
    ),
    (
        "a candidate whom nobody knows is heard",
        |s| {
            append(
                s,
                "sessions",
                session("S8 expertise A R3", SECOND, json!({"EG": "XD", "STI": "XW"}), &["C9 U62 15:00 15:30"]),
            )
        },
        &["oral-once"],
    ),
    (
        "an oral that the candidate has not is heard",
        |s| {
            append(
                s,
                "sessions",
                session(
                    "S8 technico-commerciale A R3",
                    SECOND,
                    json!({"EG": "XD", "STI": "XW"}),
                    &["C1 U61 15:00 15:30"],
                ),
            )
        },
        &["oral-once"],
    ),
    (
        "an exam that nobody knows is heard",
        |s| {
            append(
                s,
                "sessions",
                session("S8 expertise A R3", SECOND, json!({"EG": "XD", "STI": "XW"}), &["C1 E9 15:00 15:30"]),
            )
        },
        &["oral-once"],
    ),
    (
        "not_heard lacks an oral",
        |s| {
            s["not_heard"].as_array_mut().unwrap().remove(0);
        },
        &["oral-once"],
    ),
    (
        "not_heard is not there",
        |s| {
            s.as_object_mut().unwrap().remove("not_heard");
        },
        &["oral-once"],
    ),
    ("not_heard has an oral twice", |s| append(s, "not_heard", left("C6 EF2 not-held")), &["oral-once"]),
    ("not_heard with the other reason", |s| s["not_heard"][0]["reason"] = json!("not-held"), &["oral-once"]),
    ("not_heard with a reason of one's own", |s| s["not_heard"][1]["reason"] = json!("ill"), &["oral-once"]),
    (
        "not_heard without a reason",
        |s| {
            s["not_heard"][1].as_object_mut().unwrap().remove("reason");
        },
        &["oral-once"],
    ),
    ("not_heard with a due oral", |s| append(s, "not_heard", left("C5 E22 not-valid")), &["oral-once"]),
    (
        "not_heard with a due oral that is unscheduled",
        |s| append(s, "not_heard", left("C5 U62 not-valid")),
        &["oral-once"],
    ),
    ("not_heard with a continuous oral", |s| append(s, "not_heard", left("C6 E4 not-valid")), &["oral-once"]),
    ("not_heard with somebody unknown", |s| append(s, "not_heard", left("C9 U61 not-valid")), &["oral-once"]),
    (
        "a session without sittings",
        |s| append(s, "sessions", session("S8 anglais A R3", SECOND, json!({"LV": "XN"}), &[])),
        &["oral-once"],
    ),
    // format
    ("another instance's name", |s| s["instance"] = json!("autre"), &["format"]),
    ("no name", |s| s["instance"] = json!(""), &["format"]),
    ("a session id twice", |s| find(s, "S7")["id"] = json!("S6"), &["format"]),
    ("a blank session id", |s| find(s, "S7")["id"] = json!(" "), &["format"]),
    ("sittings out of order", |s| find(s, "S1")["sittings"].as_array_mut().unwrap().swap(0, 3), &["format"]),
    ("neighbours out of order", |s| find(s, "S4")["sittings"].as_array_mut().unwrap().swap(0, 1), &["format"]),
    ("a language where no seat needs one", |s| find(s, "S1")["language"] = json!("es"), &["format"]),
    ("a language where the seat has its own", |s| find(s, "S2")["language"] = json!("en"), &["format"]),
    // grid
    (
        "a date outside the calendar",
        |s| find(s, "S7")["date"] = json!("2024-06-05"),
        &["grid", "centre-open", "examiner-available"],
    ),
    ("a date that is none of the exam's", |s| find(s, "S3")["date"] = json!(SECOND), &["grid"]),
    ("hours off the grid", |s| resit(s, "S7", 0, "C5 E22 P1 09:02 09:22 09:42"), &["grid"]),
    // length
    ("five minutes longer", |s| resit(s, "S7", 0, "C5 E22 P1 09:00 09:20 09:45"), &["length"]),
    ("five minutes shorter", |s| resit(s, "S4", 1, "C1 U62 16:10 16:35"), &["length"]),
    ("prepares five minutes more", |s| resit(s, "S7", 0, "C5 E22 P1 08:55 09:20 09:40"), &["length"]),
    (
        "waits between preparation and oral",
        |s| find(s, "S1")["sittings"][3]["preparation_start"] = json!("11:10"),
        &["length", "preparation-seats"],
    ),
    ("ends before it starts", |s| resit(s, "S7", 0, "C5 E22 P1 09:00 09:20 09:10"), &["length"]),
    // half-day, centre-open
    ("beyond the half-day", |s| resit(s, "S1", 3, "C6 EF3 12:20 12:40"), &["half-day"]),
    ("over noon in one session", |s| resit(s, "S1", 3, "C6 EF3 14:00 14:20"), &["half-day"]),
    ("prepares before the centre opens", |s| resit(s, "S1", 0, "C1 E4 P1 07:30 08:30 09:30"), &["centre-open"]),
    // centre-allowed
    (
        "a centre of another group",
        |s| {
            let s = find(s, "S7");
            s["centre"] = json!("B");
            s["room"] = json!("R2");
        },
        &["centre-allowed"],
    ),
    (
        "a centre that does not hear the exam",
        |s| {
            hear(
                s,
                "C7 EF2",
                session(
                    "S8 approfondissement B R3",
                    SECOND,
                    json!({"ENS": "XD", "PRO": "XQ"}),
                    &["C7 EF2 15:00 15:20"],
                ),
            )
        },
        &["centre-allowed"],
    ),
    (
        "a centre that nobody knows",
        |s| find(s, "S7")["centre"] = json!("Z"),
        &["centre-allowed", "room-fit", "preparation-seats"],
    ),
    // commission
    ("a commission that nobody knows", |s| find(s, "S7")["commission"] = json!("nulle"), &["commission"]),
    ("the wrong commission", |s| find(s, "S4")["commission"] = json!("technico-commerciale"), &["commission"]),
    ("the wrong language", |s| find(s, "S3")["language"] = json!("de"), &["commission"]),
    ("no language where a seat needs one", |s| find(s, "S3")["language"] = json!(null), &["commission", "seats"]),
    // seats
    (
        "a required seat is empty",
        |s| {
            find(s, "S1")["members"].as_object_mut().unwrap().remove("EG");
        },
        &["seats"],
    ),
    ("somebody unqualified", |s| find(s, "S7")["members"]["LV"] = json!("XP"), &["seats"]),
    ("somebody in two seats", |s| find(s, "S5")["members"] = json!({"EG": "XW", "STI": "XW"}), &["seats"]),
    ("somebody unknown in a seat", |s| find(s, "S7")["members"]["LV"] = json!("XZ"), &["seats"]),
    ("a seat that the commission has not", |s| find(s, "S7")["members"]["PRO"] = json!("XQ"), &["seats"]),
    // examiner-available, examiner-event
    ("after somebody has left", |s| resit(s, "S6", 0, "C4 E22 P1 10:25 10:45 11:05"), &["examiner-available"]),
    ("no time for the briefing", |s| resit(s, "S7", 0, "C5 E22 P1 08:55 09:15 09:35"), &["examiner-available"]),
    ("a meeting that concerns somebody by name", |s| find(s, "S4")["members"]["EG"] = json!("XD"), &["examiner-event"]),
    (
        "a meeting that concerns a qualification",
        |s| resit(s, "S3", 0, "C3 EF1 P1 13:45 14:05 14:25"),
        &["examiner-event"],
    ),
    // turnaround
    ("no turnaround", |s| resit(s, "S2", 1, "C2 E22 P1 08:50 09:10 09:30"), &["turnaround"]),
    ("two sessions in one room", |s| find(s, "S2")["room"] = json!("R1"), &["turnaround"]),
    (
        "somebody in two sessions at once",
        |s| {
            hear(
                s,
                "C7 EF2",
                session("S8 approfondissement A R3", FIRST, json!({"ENS": "XD", "PRO": "XP"}), &["C7 EF2 10:00 10:20"]),
            )
        },
        &["turnaround"],
    ),
    // examiner-centre
    (
        "two centres on one date",
        |s| find(s, "S7")["members"]["LV"] = json!("XB"),
        &["examiner-centre", "examiner-sittings"],
    ),
    ("not one of the examiner's centres", |s| find(s, "S5")["members"]["STI"] = json!("XS"), &["examiner-centre"]),
    ("a reserve in a first plan", |s| find(s, "S2")["members"]["LV"] = json!("XR"), &["examiner-centre"]),
    // examiner-minutes, examiner-days
    (
        "a sitting too many",
        |s| {
            hear(
                s,
                "C7 U62",
                session("S8 expertise A R3", FIRST, json!({"EG": "XD", "STI": "XS"}), &["C7 U62 17:15 17:45"]),
            )
        },
        &["examiner-minutes"],
    ),
    ("a date too many", |s| find(s, "S5")["members"]["EG"] = json!("XE"), &["examiner-days"]),
    // impartial
    ("a teacher of the school", |s| find(s, "S2")["members"]["LV"] = json!("XC"), &["impartial"]),
    ("somebody excluded", |s| find(s, "S1")["members"]["EG"] = json!("XD"), &["impartial"]),
    (
        "a teacher of the school in a second seat",
        |s| {
            hear(
                s,
                "C3 EF2",
                session(
                    "S8 approfondissement A R3",
                    SECOND,
                    json!({"ENS": "XD", "PRO": "XC"}),
                    &["C3 EF2 15:00 15:20"],
                ),
            )
        },
        &["impartial"],
    ),
    // room-fit
    ("a room without a telephone", |s| find(s, "S2")["room"] = json!("R3"), &["room-fit"]),
    ("a room that is taken", |s| find(s, "S3")["room"] = json!("R4"), &["room-fit"]),
    ("a room with steps", |s| find(s, "S6")["room"] = json!("R2"), &["room-fit"]),
    (
        "a preparation room with steps",
        |s| find(s, "S6")["sittings"][0]["preparation_room"] = json!("PB"),
        &["room-fit"],
    ),
    (
        "a preparation room that is taken",
        |s| find(s, "S2")["sittings"][0]["preparation_room"] = json!("P2"),
        &["room-fit"],
    ),
    ("a room that the centre has not", |s| find(s, "S7")["room"] = json!("R9"), &["room-fit"]),
    ("a preparation room as exam room", |s| find(s, "S7")["room"] = json!("P1"), &["room-fit"]),
    // preparation-seats
    (
        "more than the seats",
        |s| {
            for (id, i) in [("S1", 0), ("S2", 1)] {
                find(s, id)["sittings"][i]["preparation_room"] = json!("P3")
            }
        },
        &["preparation-seats"],
    ),
    (
        "not alone",
        |s| hear(s, "C7 E22", session("S8 anglais A R1", FIRST, json!({"LV": "XA"}), &["C7 E22 P1 14:20 14:40 15:00"])),
        &["preparation-seats"],
    ),
    ("no preparation room", |s| find(s, "S7")["sittings"][0]["preparation_room"] = json!(null), &["preparation-seats"]),
    (
        "a preparation room without preparation",
        |s| find(s, "S4")["sittings"][0]["preparation_room"] = json!("P1"),
        &["preparation-seats"],
    ),
    (
        "a preparation room of the other centre",
        |s| find(s, "S7")["sittings"][0]["preparation_room"] = json!("PB"),
        &["preparation-seats"],
    ),
    // candidate-gap
    ("too little time between two orals", |s| resit(s, "S2", 1, "C2 E22 P1 09:05 09:25 09:45"), &["candidate-gap"]),
    ("two orals at once", |s| resit(s, "S2", 1, "C2 E22 P1 09:50 10:10 10:30"), &["candidate-gap"]),
    ("too soon after a follower", |s| resit(s, "S2", 1, "C2 E22 P1 11:20 11:40 12:00"), &["candidate-gap"]),
    ("too soon after both of a pair", |s| resit(s, "S2", 1, "C2 E22 P1 11:00 11:20 11:40"), &["candidate-gap"]),
    (
        "too short a lunch",
        |s| {
            resit(s, "S2", 0, "C3 E22 P1 11:50 12:10 12:30");
            find(s, "S2")["sittings"].as_array_mut().unwrap().swap(0, 1)
        },
        &["candidate-gap"],
    ),
    // candidate-centre, candidate-orals, candidate-available
    (
        "a candidate in two centres",
        |s| {
            let s = find(s, "S6");
            s["centre"] = json!("A");
            s["room"] = json!("R2");
        },
        &["candidate-centre"],
    ),
    (
        "an oral too many",
        |s| {
            hear(
                s,
                "C3 EF2",
                session("S8 approfondissement A R3", FIRST, json!({"ENS": "XG", "PRO": "XQ"}), &["C3 EF2 17:00 17:20"]),
            )
        },
        &["candidate-orals"],
    ),
    ("when the candidate cannot come", |s| resit(s, "S7", 0, "C5 E22 P1 10:00 10:20 10:40"), &["candidate-available"]),
    (
        "preparation when the candidate cannot come",
        |s| resit(s, "S7", 0, "C5 E22 P1 12:20 12:40 13:00"),
        &["candidate-available", "half-day"],
    ),
    // paper-clash
    ("during a paper", |s| resit(s, "S4", 1, "C1 U62 16:40 17:10"), &["paper-clash"]),
    ("during a paper's extra time", |s| resit(s, "S4", 1, "C1 U62 18:00 18:30"), &["paper-clash"]),
    // follows
    ("a follower shifted back", |s| resit(s, "S1", 2, "C2 EF3 10:45 11:05"), &["follows", "examiner-pause"]),
    ("a follower shifted forward", |s| resit(s, "S1", 2, "C2 EF3 10:35 10:55"), &["follows"]),
    (
        "a follower too late for the next",
        |s| resit(s, "S1", 2, "C2 EF3 10:50 11:10"),
        &["follows", "turnaround", "examiner-pause"],
    ),
    (
        "a follower in another session",
        |s| {
            let ef3 = find(s, "S1")["sittings"].as_array_mut().unwrap().remove(2);
            let mut other = session("S8 technico-commerciale A R3", FIRST, json!({"EG": "XG", "STI": "XT"}), &[]);
            other["sittings"] = json!([ef3]);
            append(s, "sessions", other)
        },
        &["follows"],
    ),
    (
        "a follower without the oral that it follows",
        |s| {
            find(s, "S1")["sittings"].as_array_mut().unwrap().remove(1);
            append(s, "unscheduled", left("C2 U61 -"))
        },
        &["follows"],
    ),
    // examiner-sittings, examiner-pause, given-session
    (
        "a sitting more than the examiner may hear",
        |s| {
            let more = session("S8 anglais B R3", SECOND, json!({"LV": "XB"}), &["C7 E22 P1 08:20 08:40 09:00"]);
            hear(s, "C7 E22", more)
        },
        &["examiner-sittings"],
    ),
    ("too soon for a pause", |s| resit(s, "S1", 3, "C6 EF3 11:10 11:30"), &["examiner-pause"]),
    ("a given session that there is not", |s| find(s, "S7")["given"] = json!("V9"), &["given-session"]),
    // pin
    ("not at the pinned hour", |s| resit(s, "S5", 0, "C4 U62 08:30 09:00"), &["pin"]),
    ("not in the pinned room", |s| find(s, "S5")["room"] = json!("R3"), &["pin"]),
    ("not on the pinned date", |s| find(s, "S5")["date"] = json!(FIRST), &["pin"]),
    ("not in the pinned centre", |s| find(s, "S5")["centre"] = json!("A"), &["pin", "candidate-centre"]),
    ("without the pinned examiner", |s| find(s, "S1")["members"]["STI"] = json!("XW"), &["pin"]),
    (
        "a pinned oral is unscheduled",
        |s| {
            s["sessions"].as_array_mut().unwrap().retain(|s| s["id"] != "S5");
            append(s, "unscheduled", left("C4 U62 -"))
        },
        &["pin"],
    ),
];

fn read(json: &Value) -> Schedule {
    Schedule::from_json(json.to_string().as_bytes()).unwrap_or_else(|faults| panic!("{faults:?}"))
}

#[test]
fn each_damage_breaks_its_rules_and_no_other() {
    let instance = Instance::from_json(instance_json().to_string().as_bytes()).unwrap_or_else(|f| panic!("{f:?}"));
    let good = check(&instance, &read(&schedule_json()), None);
    assert!(good.valid, "{:?}", good.violations);
    assert!(good.remarks.is_empty(), "{:?}", good.remarks);
    let mut wrong = Vec::new();
    for (name, damage, rules) in DAMAGES {
        let mut schedule = schedule_json();
        damage(&mut schedule);
        assert_ne!(schedule, schedule_json(), "{name}: nothing is damaged");
        let verdict = check(&instance, &read(&schedule), None);
        let broken: BTreeSet<&str> = verdict.violations.iter().map(|v| v.rule).collect();
        if broken != rules.iter().copied().collect() {
            wrong.push(format!("{name}: breaks {broken:?}, not {rules:?}"));
        }
        let mut said = BTreeSet::new();
        let again: Vec<_> = verdict.violations.iter().filter(|v| !said.insert((v.rule, &v.at, &v.message))).collect();
        if !again.is_empty() {
            wrong.push(format!("{name}: says twice {again:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let covered: BTreeSet<&str> =
        DAMAGES.iter().filter(|(.., rules)| rules.len() == 1).map(|(.., rules)| rules[0]).collect();
    let bare: Vec<&str> = RULES.iter().map(|r| r.name).filter(|r| !covered.contains(r)).collect();
    assert!(bare.is_empty(), "no damage breaks only {bare:?}");
}

/// Damages the greedy plan of a random instance in every way that it gives occasion for: each breaks at least the rule that its maker names.
pub(super) fn damaged(seed: u64, done: &mut BTreeSet<&'static str>) {
    let instance = common::wild(seed);
    let good = common::greedy(&instance);
    let verdict = check(&instance, &good, None);
    assert!(verdict.violations.iter().all(|v| v.rule == "pin"), "seed {seed}: {:?}", verdict.violations);
    let rng = &mut Pcg64Mcg::seed_from_u64(seed);
    for kind in damage::KINDS {
        let mut schedule = good.clone();
        if (kind.damage)(rng, &instance, &mut schedule).is_none() {
            continue;
        }
        done.insert(kind.name);
        // What is written and read again is judged alike.
        let verdict = check(&instance, &read(&serde_json::to_value(&schedule).unwrap()), None);
        let broken: BTreeSet<&str> = verdict.violations.iter().map(|v| v.rule).collect();
        assert!(broken.contains(kind.breaks), "seed {seed}, {}: breaks {broken:?}, not {}", kind.name, kind.breaks);
    }
}

#[test]
fn random_damages_break_what_they_say() {
    let mut done = BTreeSet::new();
    (0..40).for_each(|seed| damaged(seed, &mut done));
    let idle: Vec<&str> = damage::KINDS.iter().map(|k| k.name).filter(|k| !done.contains(k)).collect();
    assert!(idle.is_empty(), "no occasion for {idle:?}");
}
