//! What is scarce and what contradicts itself: hand-made cases whose reason is known, and the relaxed model held to real
//! plans.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock};

use oraux::diagnose::{Diagnosis, Feasible, Stage, conflict::conflicts, diagnose, needs};
use oraux::instance::{Instance, OralIx};
use oraux::mip::Limits;
use oraux::mip::demand::{Answer, Relaxed};
use oraux::schedule::Plan;
use oraux::whatif::sites::{Wanted, sites};
use oraux::whatif::{Effort, solve};
use serde_json::{Value, json};

use crate::common;

static STOP: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

fn effort(iterations: u64) -> Effort<'static> {
    Effort { time: None, iterations: Some(iterations), seed: 1, threads: 1, stop: &STOP }
}

/// More than any of these questions needs.
fn enough() -> Limits {
    Limits::iterations(200_000)
}

/// One date, one centre, so many E4 of the school L1; teachers as given.
fn day(candidates: usize, examiners: &[Value], rooms: usize) -> Value {
    let exam_rooms: Vec<Value> = (1..=rooms).map(|r| json!({"id": format!("R{r}")})).collect();
    let list: Vec<Value> = (1..=candidates)
        .map(|c| {
            json!({"id": format!("C{c}"), "group": "G", "school": "L1", "orals": [{"exam": "E4", "form": "final"}]})
        })
        .collect();
    json!({
        "format": "oraux-instance/1", "name": "day", "regulation": "bts-ccst-2024",
        "calendar": {"dates": ["2024-06-03"]}, "groups": {"G": ["Z1"]},
        "centres": [{
            "id": "Z1", "town": "Caen", "open": [{"date": "2024-06-03", "from": "07:00", "to": "18:30"}],
            "exam_rooms": exam_rooms, "preparation_rooms": [{"id": "P1", "seats": 20}]
        }],
        "schools": [{"id": "L1", "town": "Lisieux", "km": {"Z1": 5}}, {"id": "L2", "km": {"Z1": 20}}],
        "examiners": examiners, "candidates": list
    })
}

fn teacher(id: &str, qualification: &str, school: &str, to: &str) -> Value {
    json!({
        "id": id, "qualifications": [qualification, "CCST"], "schools": [school], "km": {"Z1": 10},
        "available": [{"date": "2024-06-03", "from": "07:00", "to": to}]
    })
}

fn read(json: &Value) -> Instance {
    Instance::from_json(json.to_string().as_bytes()).unwrap_or_else(|f| panic!("{f:?}"))
}

fn ask(relaxed: &mut Relaxed, counts: &[usize]) -> Option<Answer> {
    let limits = enough();
    relaxed.ask(counts, &limits, limits.end())
}

fn heard_all(json: &Value) -> bool {
    solve(&read(json), None, &effort(400)).unwrap().unscheduled == 0
}

/// 420 minutes a day make seven E4; the eighth is one too many, and any seven can be heard.
#[test]
fn eight_e4_are_one_too_many_for_one_commission() {
    let people = [teacher("XEG", "EG", "L2", "18:30"), teacher("XSTI", "STI", "L2", "18:30")];
    let json = day(9, &people, 3);
    let instance = read(&json);
    let (least, found) = conflicts(&instance, &BTreeSet::new(), &enough());
    assert_eq!(least, 2);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].orals.len(), 8);
    assert_eq!(found[0].missing, 1);
    assert!(found[0].irreducible);
    assert!(found[0].text.contains("8 E4 of Lisieux"), "{}", found[0].text);
    let without = |id: &str| {
        let mut fewer = json.clone();
        let kept: Vec<&String> = found[0].orals.iter().map(|(c, _)| c).filter(|c| *c != id).collect();
        let list = fewer["candidates"].as_array_mut().unwrap();
        list.retain(|c| kept.iter().any(|k| c["id"] == **k));
        fewer
    };
    assert!(!heard_all(&json));
    for (candidate, _) in &found[0].orals {
        assert!(heard_all(&without(candidate)), "without {candidate}");
    }
}

/// The only STI teacher who is free all day teaches in the candidates' school; the other leaves at noon.
#[test]
fn who_is_barred_is_said() {
    let people = [
        teacher("XEG", "EG", "L2", "18:30"),
        teacher("XSTI1", "STI", "L1", "18:30"),
        teacher("XSTI2", "STI", "L2", "12:30"),
    ];
    let instance = read(&day(6, &people, 3));
    let (least, found) = conflicts(&instance, &BTreeSet::new(), &enough());
    assert_eq!((least, found.len(), found[0].orals.len()), (2, 1, 5), "four fit into a morning");
    let text = &found[0].text;
    assert!(text.contains("seat STI") && text.contains("need at least 2 half-days; 1 is free (XSTI2)"), "{text}");
    assert!(text.contains("2 more are barred: XSTI1"), "{text}");
    assert!(text.contains("(impartial)"), "{text}");
}

/// One STI teacher hears five E4 (300 minutes) or five U62 (150), but not both in a day of 420.
#[test]
fn seats_of_the_same_people_are_counted_together() {
    let mut people = vec![teacher("XSTI", "STI", "L2", "18:30")];
    people.extend((0..2).map(|i| teacher(&format!("XEG{i}"), "EG", "L2", "18:30")));
    let mut json = day(5, &people, 3);
    for candidate in json["candidates"].as_array_mut().unwrap() {
        candidate["orals"].as_array_mut().unwrap().push(json!({"exam": "U62", "form": "final"}));
    }
    let instance = read(&json);
    let (least, found) = conflicts(&instance, &BTreeSet::new(), &enough());
    assert_eq!((least, found.len()), (1, 1));
    let text = &found[0].text;
    assert!(text.contains("Together they take 9 hours of examiners STI"), "{text}");
}

/// Four commissions of people, but one room: the room is named, and one more is what helps.
#[test]
fn a_lack_of_rooms_is_a_lack_of_rooms() {
    let mut people = Vec::new();
    for i in 0..3 {
        people.push(teacher(&format!("XEG{i}"), "EG", "L2", "18:30"));
        people.push(teacher(&format!("XSTI{i}"), "STI", "L2", "18:30"));
    }
    let json = day(12, &people, 1);
    let instance = read(&json);
    let mut stages = Vec::new();
    let mut tell = |stage: Stage, known: &Diagnosis| {
        stages.push((stage, known.needs.len(), known.conflicts.len(), known.remedies.len()));
    };
    let diagnosis = diagnose(&instance, &effort(300), 3, &mut tell).unwrap();
    let (wanted, conflicts, remedies) = (diagnosis.needs.len(), diagnosis.conflicts.len(), diagnosis.remedies.len());
    assert!(wanted > 0 && conflicts > 0 && remedies > 0);
    // What is scarce is told before anything is planned.
    let told = [(Stage::Scarcity, wanted, 0, 0), (Stage::Verdict, wanted, conflicts, 0)];
    assert_eq!(stages, [told[0], told[1], (Stage::Remedies, wanted, conflicts, remedies)]);
    assert_eq!(diagnosis.feasible, Feasible::No);
    assert_eq!(diagnosis.conflicts.len(), 1);
    assert!(diagnosis.conflicts[0].text.contains("Z1 has 1 exam room (R1)"), "{}", diagnosis.conflicts[0].text);
    assert_eq!(diagnosis.conflicts[0].orals.len(), 9, "eight fit into one room");
    assert_eq!(diagnosis.needs[0].kind, "room");
    let best = &diagnosis.remedies[0];
    assert!(best.text.contains("one more exam room in Z1"), "{best:?}");
    assert_eq!((best.left_before, best.left_after), (4, 0));
}

#[test]
fn what_can_be_heard_is_called_feasible() {
    let people = [teacher("XEG", "EG", "L2", "18:30"), teacher("XSTI", "STI", "L2", "18:30")];
    let instance = read(&day(7, &people, 1));
    let diagnosis = diagnose(&instance, &effort(300), 0, &mut |_, _| {}).unwrap();
    assert_eq!(diagnosis.feasible, Feasible::Yes);
    assert!(diagnosis.conflicts.is_empty() && diagnosis.remedies.is_empty());
    // 7 × 70 minutes of 570 that one room has, and of the hearing that 420 minutes of sittings allow.
    let room = diagnosis.needs.iter().find(|n| n.kind == "room").unwrap();
    assert_eq!((room.orals, room.needed, room.available), (7, 490, 570));
    let seat = diagnosis.needs.iter().find(|n| n.kind == "seat").unwrap();
    assert_eq!((seat.orals, seat.needed, seat.available), (7, 490, 490));
}

/// Whatever a plan hears, the relaxed model can hear; whatever it calls a contradiction loses it with any one oral.
#[test]
fn the_relaxed_model_is_held_to_real_plans() {
    let mut contradictions = 0;
    for seed in 0..60 {
        let instance = common::wild(seed);
        let mut relaxed = Relaxed::new(&instance, false);
        if let Ok(plan) = solve(&instance, None, &effort(300)) {
            let plan = Plan::new(&instance, &plan.schedule, None);
            let heard = |o: &OralIx| plan.of_oral(*o).next().is_some();
            let counts: Vec<usize> =
                relaxed.demands.iter().map(|d| d.orals.iter().filter(|o| heard(o)).count()).collect();
            let answer = ask(&mut relaxed, &counts).unwrap();
            assert!(answer.feasible(), "seed {seed}: a plan hears what the model cannot: {}", answer.left);
        }
        for conflict in conflicts(&instance, &BTreeSet::new(), &enough()).1 {
            contradictions += 1;
            assert!(conflict.irreducible);
            let own = |d: usize| conflict.members.iter().filter(|o| relaxed.demands[d].orals.contains(o)).count();
            let counts: Vec<usize> = (0..relaxed.demands.len()).map(own).collect();
            assert_eq!(counts.iter().sum::<usize>(), conflict.members.len());
            assert!(!ask(&mut relaxed, &counts).unwrap().feasible(), "seed {seed}");
            for d in (0..counts.len()).filter(|&d| counts[d] > 0) {
                let mut fewer = counts.clone();
                fewer[d] -= 1;
                assert!(ask(&mut relaxed, &fewer).unwrap().feasible(), "seed {seed}: {}", conflict.text);
            }
        }
    }
    assert!(contradictions > 10, "{contradictions}");
}

/// The shipped instance where not everything fits: its contradiction is said in a few words, names a dozen candidates at
/// most, and any one oral less resolves it.
#[test]
fn the_contradiction_of_tight_is_as_small_as_can_be() {
    let instance = Instance::read("instances/tight.json".as_ref()).unwrap();
    let lost = oraux::instance::hopeless::warnings(&instance).into_iter().filter_map(|w| w.oral).collect();
    let (least, found) = conflicts(&instance, &lost, &enough());
    assert!(least > 40, "{least}");
    let mut relaxed = Relaxed::new(&instance, false);
    for conflict in &found {
        assert!(conflict.irreducible);
        assert!(conflict.orals.len() < 110, "{}", conflict.text);
        let named = instance.candidates.iter().filter(|c| conflict.text.contains(c.id.as_str())).count();
        assert!(named <= 12 && conflict.text.len() < 900, "{}", conflict.text);
        let own = |d: usize| conflict.members.iter().filter(|o| relaxed.demands[d].orals.contains(o)).count();
        let counts: Vec<usize> = (0..relaxed.demands.len()).map(own).collect();
        assert!(!ask(&mut relaxed, &counts).unwrap().feasible());
        for d in (0..counts.len()).filter(|&d| counts[d] > 0) {
            let mut fewer = counts.clone();
            fewer[d] -= 1;
            assert!(ask(&mut relaxed, &fewer).unwrap().feasible(), "{}", conflict.text);
        }
    }
}

/// A few candidates who can come on one morning only, among many who can come whenever they like: the contradiction is
/// theirs alone.
#[test]
fn a_small_contradiction_is_found_among_many_orals() {
    let people = [teacher("XEG", "EG", "L2", "18:30"), teacher("XSTI", "STI", "L2", "18:30")];
    let mut json = day(12, &people, 2);
    json["calendar"]["dates"] = json!(["2024-06-03", "2024-06-04", "2024-06-05"]);
    for date in ["2024-06-04", "2024-06-05"] {
        json["centres"][0]["open"].as_array_mut().unwrap().push(json!({"date": date, "from": "07:00", "to": "18:30"}));
        for x in json["examiners"].as_array_mut().unwrap() {
            x["available"].as_array_mut().unwrap().push(json!({"date": date, "from": "07:00", "to": "18:30"}));
        }
    }
    for candidate in json["candidates"].as_array_mut().unwrap().iter_mut().take(6) {
        candidate["unavailable"] = json!([
            {"date": "2024-06-03", "from": "12:30", "to": "18:30"},
            {"date": "2024-06-04", "from": "07:00", "to": "18:30"},
            {"date": "2024-06-05", "from": "07:00", "to": "18:30"}
        ]);
    }
    let instance = read(&json);
    let (least, found) = conflicts(&instance, &BTreeSet::new(), &enough());
    assert_eq!((least, found.len()), (2, 1));
    let own: BTreeSet<&str> = found[0].orals.iter().map(|(c, _)| c.as_str()).collect();
    assert_eq!(own.len(), 5, "four fit into a morning: {}", found[0].text);
    assert!(own.iter().all(|c| ["C1", "C2", "C3", "C4", "C5", "C6"].contains(c)), "{own:?}");
    assert!(found[0].text.starts_with("On 2024-06-03 08:00-12:30, 5 E4 of Lisieux cannot all"), "{}", found[0].text);
}

/// What only adds to an instance makes nothing dearer: the plan without it stays a plan with it.
#[test]
fn no_remedy_is_dearer_than_nothing() {
    let mut priced = 0;
    for seed in 0..20 {
        let Ok(diagnosis) = diagnose(&common::wild(seed), &effort(60), 3, &mut |_, _| {}) else { continue };
        for remedy in diagnosis.remedies {
            assert!(
                (remedy.left_after, remedy.cost_after) <= (remedy.left_before, remedy.cost_before),
                "seed {seed}: {remedy:?}"
            );
            assert!(remedy.bound_before <= remedy.cost_before && remedy.bound_after <= remedy.cost_after);
            priced += 1;
        }
    }
    assert!(priced > 20, "{priced}");
}

/// What is needed of a set of means never exceeds what there is where a plan hears everything.
#[test]
fn no_need_exceeds_its_supply_where_everything_is_heard() {
    let mut plans = 0;
    for seed in 0..80 {
        let instance = common::wild(seed);
        let Some(_) = solve(&instance, None, &effort(300)).ok().filter(|p| p.unscheduled == 0) else { continue };
        plans += 1;
        for need in needs(&instance) {
            // The turnaround behind the last sitting of a half-day may lie outside it.
            let slack = 10 * need.supply.iter().map(|s| s.count.max(1)).sum::<usize>() as i64;
            assert!(need.needed <= need.available + slack, "seed {seed}: {need:?}");
        }
    }
    assert!(plans > 5, "{plans}");
}

#[test]
fn every_set_of_sites_has_a_plan_and_a_bound_below_it() {
    let instance = common::wild(5);
    let mut raw = instance.raw.clone();
    raw.pins.clear();
    let instance = Instance::from_raw(raw).unwrap();
    let wanted = Wanted { most: 9, sets: 9, any_centre: true };
    let sizes = sites(&instance, wanted, &effort(200)).unwrap();
    assert_eq!(sizes.len(), instance.centres.len());
    for size in &sizes {
        assert_eq!(size.sets.len(), size.possible);
        for set in &size.sets {
            assert!(set.figures.bound.unwrap() <= set.figures.cost);
            assert!(set.schedule.sessions.iter().all(|s| set.centres.contains(&s.centre)));
        }
    }
}
