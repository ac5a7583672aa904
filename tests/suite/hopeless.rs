//! What is legal but hopeless: each kind of warning, and that none is ever wrong.

use std::collections::{BTreeMap, BTreeSet};

use oraux::check::check;
use oraux::instance::hopeless::warnings;
use oraux::instance::inert::remarks;
use oraux::instance::{Clock, GivenSession, Instance, OralIx};
use oraux::schedule::{Plan, SCHEDULE_FORMAT, Schedule, Session, Sitting};
use serde_json::{Value, json};

use crate::common;

fn read(json: &Value) -> Instance {
    Instance::from_json(json.to_string().as_bytes()).unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// One candidate with U62 (two seats, no preparation) and E22 (one seat, preparation, a telephone), all feasible.
fn plain() -> Value {
    let available = json!([{"date": "2024-06-03", "from": "08:00", "to": "18:30"}]);
    let examiner = |id: &str, q: Value| json!({"id": id, "qualifications": q, "km": {"A": 0}, "available": available});
    json!({
        "format": "oraux-instance/1", "name": "plain", "regulation": "bts-ccst-2024",
        "calendar": {
            "dates": ["2024-06-03"],
            "papers": [{"id": "E5", "date": "2024-06-03", "start": "08:00", "end": "18:30"}]
        },
        "groups": {"G": ["A"], "NOWHERE": []},
        "centres": [{
            "id": "A", "open": [{"date": "2024-06-03", "from": "08:00", "to": "18:30"}],
            "exam_rooms": [{"id": "R1", "equipment": ["phone"]}], "preparation_rooms": [{"id": "P1", "seats": 1}]
        }],
        "schools": [{"id": "L1", "km": {"A": 0}}],
        "examiners": [
            examiner("XS", json!(["STI", "CCST"])), examiner("XE", json!(["EG", "CCST"])),
            examiner("XA", json!(["LV-en"]))
        ],
        "candidates": [{
            "id": "C1", "group": "G", "school": "L1",
            "orals": [{"exam": "U62", "form": "final"}, {"exam": "E22", "form": "final"}]
        }]
    })
}

/// The warnings of the plain instance after a change, each as `path [rule] message`.
fn said(change: impl FnOnce(&mut Value)) -> String {
    let mut json = plain();
    change(&mut json);
    let instance = read(&json);
    // What changes no plan is tested by itself.
    let inert = remarks(&instance);
    let hopeless = warnings(&instance).into_iter().filter(|w| !inert.contains(w));
    hopeless.map(|w| format!("{} [{}] {}", w.path, w.rule, w.message)).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_feasible_instance_has_no_warning() {
    assert_eq!(said(|_| {}), "");
}

#[test]
fn seats_that_nobody_can_hold() {
    insta::assert_snapshot!(said(|i| i["examiners"][0]["qualifications"] = json!(["STI"])), @r#"candidates[0].orals[0] [seats] cannot be heard: no examiner can hold the seat STI (STI + CCST)"#);
    insta::assert_snapshot!(said(|i| i["examiners"][2]["max_days"] = json!(0)), @r#"candidates[0].orals[1] [seats] cannot be heard: no examiner can hold the seat LV (LV-en)"#);
    insta::assert_snapshot!(said(|i| {
        i["candidates"][0]["orals"] = json!([{"exam": "EF1", "form": "final", "language": "es"}]);
    }), @r#"candidates[0].orals[0] [seats] cannot be heard: no examiner can hold the seat LV (LV-es + CCST)"#);
    insta::assert_snapshot!(said(|i| {
        i["examiners"] = json!([i["examiners"][0], i["examiners"][2]]);
        i["examiners"][0]["qualifications"] = json!(["STI", "EG", "CCST"]);
    }), @r#"candidates[0].orals[0] [seats] cannot be heard: the same people would have to hold several seats"#);
}

#[test]
fn commissions_that_are_never_impartial() {
    insta::assert_snapshot!(said(|i| i["examiners"][1]["schools"] = json!(["L1"])), @r#"candidates[0].orals[0] [impartial] cannot be heard: everybody who can hold the seat EG (EG + CCST) teaches in the candidate's school or is excluded"#);
    insta::assert_snapshot!(said(|i| i["candidates"][0]["excluded_examiners"] = json!(["XA"])), @r#"candidates[0].orals[1] [impartial] cannot be heard: everybody who can hold the seat LV (LV-en) teaches in the candidate's school or is excluded"#);
    // A waiver lifts it.
    assert_eq!(
        said(|i| {
            i["examiners"][1]["schools"] = json!(["L1"]);
            i["waivers"] = json!([{"candidate": "C1", "examiner": "XE", "by": "Office", "reason": "no other"}]);
        }),
        ""
    );
}

#[test]
fn centres_and_rooms_that_do_not_fit() {
    insta::assert_snapshot!(said(|i| i["candidates"][0]["group"] = json!("NOWHERE")), @r#"
    candidates[0].orals[0] [centre-allowed] cannot be heard: the group NOWHERE has no centre
    candidates[0].orals[1] [centre-allowed] cannot be heard: the group NOWHERE has no centre
    "#);
    insta::assert_snapshot!(said(|i| i["centres"][0]["exams"] = json!(["U62"])), @r#"candidates[0].orals[1] [centre-allowed] cannot be heard: no centre of the group G hears this exam"#);
    insta::assert_snapshot!(said(|i| i["centres"][0]["exam_rooms"][0]["equipment"] = json!([])), @r#"candidates[0].orals[1] [room-fit] cannot be heard: no room of an allowed centre is equipped with: phone"#);
    insta::assert_snapshot!(said(|i| i["centres"][0]["exam_rooms"] = json!([])), @r#"
    candidates[0].orals[0] [room-fit] cannot be heard: no allowed centre has an exam room
    candidates[0].orals[1] [room-fit] cannot be heard: no room of an allowed centre is equipped with: phone
    "#);
    insta::assert_snapshot!(said(|i| i["candidates"][0]["needs_accessible"] = json!(true)), @r#"
    candidates[0].orals[0] [room-fit] cannot be heard: no suitable exam room of an allowed centre is accessible
    candidates[0].orals[1] [room-fit] cannot be heard: no suitable exam room of an allowed centre is accessible
    "#);
    insta::assert_snapshot!(said(|i| i["centres"][0]["preparation_rooms"][0]["seats"] = json!(0)), @r#"candidates[0].orals[1] [preparation-seats] cannot be heard: no allowed centre has a preparation room with a seat"#);
    insta::assert_snapshot!(said(|i| {
        i["candidates"][0]["needs_accessible"] = json!(true);
        i["candidates"][0]["prepares_alone"] = json!(true);
        i["centres"][0]["exam_rooms"][0]["accessible"] = json!(true);
    }), @r#"candidates[0].orals[1] [room-fit] cannot be heard: no preparation room of an allowed centre is accessible"#);
    let all_day = json!([{"date": "2024-06-03", "from": "08:00", "to": "18:30"}]);
    insta::assert_snapshot!(said(|i| i["centres"][0]["exam_rooms"][0]["unavailable"] = all_day.clone()), @r#"
    candidates[0].orals[0] [room-fit] cannot be heard: no room that fits is free at any of its possible times
    candidates[0].orals[1] [room-fit] cannot be heard: no room that fits is free at any of its possible times
    "#);
    insta::assert_snapshot!(said(|i| i["centres"][0]["preparation_rooms"][0]["unavailable"] = all_day.clone()), @r#"candidates[0].orals[1] [preparation-seats] cannot be heard: no preparation room that fits is free at any of its possible times"#);
}

#[test]
fn dates_and_hours_that_leave_nothing() {
    insta::assert_snapshot!(said(|i| i["calendar"]["exam_dates"] = json!({"U62": ["2024-06-05"]})), @r#"candidates[0].orals[0] [grid] cannot be heard: the calendar has no date for it"#);
    insta::assert_snapshot!(said(|i| i["candidates"][0]["papers"] = json!(["E5"])), @r#"
    candidates[0].orals[0] [paper-clash] cannot be heard: the candidate's written papers leave no time for it
    candidates[0].orals[1] [paper-clash] cannot be heard: the candidate's written papers leave no time for it
    "#);
    insta::assert_snapshot!(said(|i| {
        i["candidates"][0]["papers"] = json!(["E5"]);
        i["policy"] = json!({"oral_on_paper_day": true});
    }), @r#"
    candidates[0].orals[0] [paper-clash] cannot be heard: the candidate's written papers leave no time for it
    candidates[0].orals[1] [paper-clash] cannot be heard: the candidate's written papers leave no time for it
    "#);
    insta::assert_snapshot!(said(|i| {
        i["candidates"][0]["unavailable"] = json!([{"date": "2024-06-03", "from": "08:25", "to": "18:10"}]);
    }), @r#"
    candidates[0].orals[0] [candidate-available] cannot be heard: the candidate can come at none of its possible times
    candidates[0].orals[1] [candidate-available] cannot be heard: the candidate can come at none of its possible times
    "#);
    insta::assert_snapshot!(said(|i| i["centres"][0]["open"] = json!([])), @r#"
    candidates[0].orals[0] [centre-open] cannot be heard: with its preparation it fits into no opening of an allowed centre
    candidates[0].orals[1] [centre-open] cannot be heard: with its preparation it fits into no opening of an allowed centre
    "#);
    insta::assert_snapshot!(said(|i| {
        i["centres"][0]["open"] = json!([{"date": "2024-06-03", "from": "09:00", "to": "09:35"}]);
    }), @r#"candidates[0].orals[1] [centre-open] cannot be heard: with its preparation it fits into no opening of an allowed centre"#);
    insta::assert_snapshot!(said(|i| i["policy"] = json!({"half_days": [["08:00", "08:25"]]})), @r#"
    candidates[0].orals[0] [half-day] cannot be heard: it lasts 30 min, longer than any half-day
    candidates[0].orals[1] [centre-open] cannot be heard: with its preparation it fits into no opening of an allowed centre
    "#);
    insta::assert_snapshot!(said(|i| i["policy"] = json!({"half_days": []})), @r#"
    candidates[0].orals[0] [half-day] cannot be heard: it lasts 30 min, longer than any half-day
    candidates[0].orals[1] [half-day] cannot be heard: it lasts 20 min, longer than any half-day
    "#);
    insta::assert_snapshot!(said(|i| i["policy"] = json!({"examiner_minutes_a_day": 25})), @r#"candidates[0].orals[0] [examiner-minutes] cannot be heard: alone it is more than an examiner may hear on one date"#);
    insta::assert_snapshot!(said(|i| i["policy"] = json!({"orals_a_day": 0})), @r#"
    candidates[0].orals[0] [candidate-orals] cannot be heard: the policy allows no oral a day
    candidates[0].orals[1] [candidate-orals] cannot be heard: the policy allows no oral a day
    "#);
}

#[test]
fn examiners_who_are_never_there() {
    insta::assert_snapshot!(said(|i| i["examiners"][0]["available"] = json!([])), @r#"candidates[0].orals[0] [examiner-available] cannot be heard: at none of its possible times is a whole commission available"#);
    // An empty list is no limit.
    assert_eq!(said(|i| i["examiners"][1]["centres"] = json!([])), "");
    insta::assert_snapshot!(said(|i| {
        i["calendar"]["events"] =
            json!([{"id": "M", "date": "2024-06-03", "start": "08:00", "end": "18:30", "concerns": ["XA"]}]);
    }), @r#"candidates[0].orals[1] [examiner-event] cannot be heard: whenever a commission would be available, a meeting takes a member"#);
}

#[test]
fn pins_that_cannot_be_obeyed() {
    let pin = |more: Value| {
        let mut pin = json!({"candidate": "C1", "exam": "U62"});
        pin.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        pin
    };
    insta::assert_snapshot!(said(|i| {
        i["pins"] = json!([pin(json!({"start": "09:00"})), pin(json!({"start": "10:00"}))]);
    }), @r#"candidates[0].orals[0] [pin] cannot be heard: its pins contradict each other"#);
    insta::assert_snapshot!(said(|i| i["pins"] = json!([pin(json!({"start": "12:15"}))])), @r#"candidates[0].orals[0] [half-day] cannot be heard: it fits into no half-day of its dates, pinned as it is"#);
    insta::assert_snapshot!(said(|i| i["pins"] = json!([pin(json!({"date": "2024-06-04"}))])), @r#"candidates[0].orals[0] [grid] cannot be heard: the calendar has no date for it, pinned as it is"#);
    insta::assert_snapshot!(said(|i| i["pins"] = json!([pin(json!({"examiner": "XA"}))])), @r#"candidates[0].orals[0] [pin] cannot be heard: it is pinned to XA, who may not hear it"#);
    insta::assert_snapshot!(said(|i| {
        i["pins"] = json!([
            pin(json!({"date": "2024-06-03", "start": "09:00"})),
            {"candidate": "C1", "exam": "E22", "date": "2024-06-03", "start": "09:30"}
        ]);
    }), @r#"pins[0] [candidate-gap] C1 U62, C1 E22: as pinned, one candidate has both at once; no schedule can be valid"#);
}

#[test]
fn an_exam_that_follows_a_hopeless_one() {
    insta::assert_snapshot!(said(|i| {
        i["candidates"][0]["orals"] = json!([{"exam": "EF3", "form": "final"}, {"exam": "U61", "form": "final"}]);
        i["calendar"]["exam_dates"] = json!({"U61": []});
    }), @r#"
    candidates[0].orals[0] [follows] cannot be heard: it follows U61, which is hopeless itself
    candidates[0].orals[1] [grid] cannot be heard: the calendar has no date for it
    "#);
}

#[test]
fn qualifications_that_no_seat_asks_for() {
    insta::assert_snapshot!(said(|i| {
        i["examiners"][0]["qualifications"] = json!(["STI", "CCST", "EGG"]);
        i["examiners"][2]["qualifications"] = json!(["LV-en", "LV-zh", "EGG"]);
    }), @r#"examiners[0].qualifications[2] [seats] no seat asks for the qualification "EGG"; is it mistyped?"#);
}

/// On whole random instances: nothing that a valid schedule hears is named.
#[test]
fn what_is_named_is_never_heard() {
    let mut named = 0;
    for seed in 0..150 {
        let instance = common::wild(seed);
        let hopeless: BTreeSet<_> = warnings(&instance).into_iter().filter_map(|w| w.oral).collect();
        named += hopeless.len();
        let schedule = common::greedy(&instance);
        let plan = Plan::new(&instance, &schedule, None);
        for sat in plan.sittings() {
            let oral = sat.sitting.oral.unwrap();
            assert!(!hopeless.contains(&oral), "seed {seed}: {} is heard", instance.oral_name(oral));
        }
    }
    assert!(named > 0, "no random instance has a hopeless oral: this test shows nothing");
}

/// Every way to fill the required seats, and those that are not in which a given session names somebody.
fn commissions(instance: &Instance, o: OralIx) -> Vec<BTreeMap<String, String>> {
    let mut all = vec![BTreeMap::new()];
    for (s, seat) in instance.commission_of(o).seats.iter().enumerate() {
        let language = instance.orals[o].language.as_deref();
        let named = |x: &&str| {
            let own =
                |g: &GivenSession| g.members.get(s).copied().flatten().is_some_and(|m| instance.examiners[m].id == **x);
            instance.given_sessions.iter().any(own)
        };
        let able =
            instance.examiners.iter().filter(|x| seat.accepts(&x.qualifications, language)).map(|x| x.id.as_str());
        let able: Vec<&str> = able.filter(|x| seat.required || named(x)).collect();
        let longer = |members: &BTreeMap<String, String>| {
            let with = |id: &&str| {
                let mut members = members.clone();
                members.insert(seat.id.clone(), id.to_string());
                members
            };
            let without = (!seat.required).then(|| members.clone());
            able.iter().map(with).chain(without).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(longer).collect();
    }
    all
}

/// Whether some sitting of the instance's only due oral passes the checker, all tried one by one.
fn can_be_heard(instance: &Instance, o: OralIx) -> bool {
    let (oral, commissions) = (&instance.orals[o], commissions(instance, o));
    let seats = &instance.commission_of(o).seats;
    let whole = |members: &BTreeMap<String, String>| {
        members.keys().all(|s| seats.iter().any(|own| own.id == *s && own.required))
    };
    for room in instance.rooms.iter() {
        let centre = &instance.centres[room.centre];
        let mut preparing: Vec<Option<String>> =
            centre.preparation_rooms.iter().map(|&p| Some(instance.preparation_rooms[p].id.clone())).collect();
        if oral.preparation == 0 {
            preparing = vec![None];
        }
        for (&date, preparation_room) in instance.dates.iter().flat_map(|d| preparing.iter().map(move |p| (d, p))) {
            for start in (oral.preparation..24 * 60 - oral.duration).step_by(instance.step as usize) {
                let sitting = Sitting {
                    candidate: instance.candidates[oral.candidate].id.clone(),
                    exam: instance.exam_of(o).id.clone(),
                    preparation_room: preparation_room.clone(),
                    preparation_start: Clock(start - oral.preparation),
                    start: Clock(start),
                    end: Clock(start + oral.duration),
                };
                // As a session of its own, or as a given one of that commission, place and date.
                let own = commissions.iter().filter(|m| whole(m)).map(|m| (m, None));
                let here = |g: &&GivenSession| {
                    (g.commission, g.centre, g.date) == (instance.exam_of(o).commission, room.centre, date)
                };
                let given = instance.given_sessions.iter().filter(here);
                let given = given.flat_map(|g| commissions.iter().map(|m| (m, Some(g.id.clone()))));
                for (members, given) in own.chain(given) {
                    let session = Session {
                        id: "S1".into(),
                        commission: instance.commission_of(o).id.clone(),
                        language: oral.language.clone(),
                        centre: centre.id.clone(),
                        room: room.id.clone(),
                        date,
                        given,
                        members: members.clone(),
                        sittings: vec![sitting.clone()],
                    };
                    let schedule = Schedule {
                        format: SCHEDULE_FORMAT.into(),
                        instance: instance.name.clone(),
                        sessions: vec![session],
                        unscheduled: Vec::new(),
                        not_heard: common::not_heard(instance),
                        cost: None,
                        bound: None,
                        provenance: BTreeMap::new(),
                    };
                    if check(instance, &schedule, None).valid {
                        return true;
                    }
                }
            }
        }
    }
    false
}

/// One oral alone is named exactly where no sitting of it passes the checker.
#[test]
fn an_oral_alone_is_named_or_can_be_heard() {
    let (mut named, mut heard) = (0, 0);
    for seed in 0..150 {
        let mut json = common::wild_json(seed);
        json["pins"] = json!([]);
        for x in json["examiners"].as_array_mut().unwrap() {
            x["reserve"] = json!(false);
        }
        let mut candidate = json["candidates"][0].clone();
        let Some(oral) = candidate["orals"].as_array().unwrap().iter().find(|o| o["form"] == "final").cloned() else {
            continue;
        };
        candidate["orals"] = json!([oral]);
        json["candidates"] = json!([candidate]);
        let instance = read(&json);
        let Some(oral) = instance.due().next() else { continue };
        let hopeless = warnings(&instance).iter().any(|w| w.oral == Some(oral));
        assert_eq!(hopeless, !can_be_heard(&instance, oral), "seed {seed}: {}", instance.oral_name(oral));
        *(if hopeless { &mut named } else { &mut heard }) += 1;
    }
    assert!(named > 0 && heard > 0, "{named} named, {heard} heard");
}
