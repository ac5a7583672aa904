//! What is found late, after publication: events that add and grant, and an instance that somebody changed by hand.

use oraux::check::check;
use oraux::instance::Instance;
use oraux::lang::{Lang, within};
use oraux::replan::{Changes, Events, Refused, changes, differences};
use oraux::schedule::Schedule;
use serde_json::{Value, json};

use crate::replan::{at, events, morning_plan, one_morning, planned, try_replan, try_replan_edited};

/// Two candidates who prepare E4, one after the other, and a second commission that is free.
fn prepared() -> (Instance, Schedule) {
    let free = |id: &str, q: &str| {
        json!({"id": id, "qualifications": [q], "km": {"Z": 0},
               "available": [{"date": "2024-06-04", "from": "08:00", "to": "18:00"}]})
    };
    let candidate =
        |id: &str| json!({"id": id, "group": "G", "school": "S", "orals": [{"exam": "E4", "form": "final"}]});
    let instance = json!({
        "format": "oraux-instance/1", "name": "prepared", "regulation": "bts-ccst-2024",
        "calendar": {"dates": ["2024-06-04"]}, "groups": {"G": ["Z"]},
        "centres": [{"id": "Z", "open": [{"date": "2024-06-04", "from": "08:00", "to": "18:00"}],
                     "exam_rooms": [{"id": "R1"}], "preparation_rooms": [{"id": "P", "seats": 4}]}],
        "schools": [{"id": "S", "km": {"Z": 10}}],
        "examiners": [free("EG1", "EG"), free("STI1", "STI"), free("EG2", "EG"), free("PRO1", "PRO")],
        "candidates": [candidate("C1"), candidate("C2")]
    });
    let sitting = |c: &str, prepares: &str, from: &str, to: &str| json!({"candidate": c, "exam": "E4", "preparation_room": "P", "preparation_start": prepares, "start": from, "end": to});
    let schedule = json!({
        "format": "oraux-schedule/1", "instance": "prepared",
        "sessions": [{"id": "S001", "commission": "technico-commerciale", "language": null, "centre": "Z", "room": "R1",
                      "date": "2024-06-04", "members": {"EG": "EG1", "STI": "STI1", "PRO": "PRO1"},
                      "sittings": [sitting("C1", "08:30", "09:30", "10:30"), sitting("C2", "10:00", "11:00", "12:00")]}],
        "unscheduled": [], "not_heard": []
    });
    let instance = Instance::from_json(instance.to_string().as_bytes()).unwrap();
    let schedule = Schedule::from_json(schedule.to_string().as_bytes()).unwrap();
    assert!(check(&instance, &schedule, None).valid);
    (instance, schedule)
}

fn told(list: &Changes) -> Vec<String> {
    let people = list.candidates.iter().chain(&list.examiners);
    people.flat_map(|p| p.changes.iter().map(|c| format!("{}: {} [{}]", p.id, c.message, c.because))).collect()
}

/// What a repair after these events tells whom.
fn told_after(instance: &Instance, published: &Schedule, list: Value) -> Vec<String> {
    let list = events(instance, list);
    let new = try_replan(instance, published, &list, None, None).unwrap();
    told(&changes(&new.instance, published, &new.schedule, &new.amended, &list, &new.edits))
}

/// The start stays at 9:30, but the candidate has to come twenty minutes earlier and is heard twenty minutes longer.
#[test]
fn whose_preparation_or_end_changes_is_told() {
    let (instance, published) = prepared();
    let granted =
        json!([{"type": "accommodation", "candidate": "C1", "extra_per_hour": {"preparation": 20, "exam": 20}}]);
    let list = events(&instance, granted);
    let new = try_replan(&instance, &published, &list, None, None).unwrap();
    let own = |s: &Schedule| {
        let all = s.sessions.iter().flat_map(|s| &s.sittings).find(|s| s.candidate == "C1").unwrap().clone();
        (all.preparation_start.to_string(), all.start.to_string(), all.end.to_string())
    };
    assert_eq!(own(&new.schedule), ("08:10".into(), "09:30".into(), "10:50".into()));
    let list = changes(&new.instance, &published, &new.schedule, &new.amended, &list, &[]);
    insta::assert_snapshot!(told(&list).join("\n"));
    assert_eq!(list.to_tell().0.len(), 1);
}

/// The accommodation takes an hour that the next candidate has: the cause of both changes is named.
#[test]
fn who_makes_room_for_an_accommodation_is_told_so() {
    let (instance, published) = prepared();
    let granted =
        json!([{"type": "accommodation", "candidate": "C1", "extra_per_hour": {"exam": 40}, "id": "late file"}]);
    insta::assert_snapshot!(told_after(&instance, &published, granted).join("\n"));
}

/// Another teacher hears who may not be heard by the first any more.
#[test]
fn an_exclusion_is_obeyed_and_a_waiver_lifts_one() {
    let (instance, published) = prepared();
    let excluded = events(&instance, json!([{"type": "exclusion", "candidate": "C2", "examiner": "EG1"}]));
    let new = try_replan(&instance, &published, &excluded, None, Some(300)).unwrap();
    let hears = |s: &Schedule| {
        let of = s.sessions.iter().find(|s| s.sittings.iter().any(|s| s.candidate == "C2")).unwrap();
        of.members["EG"].clone()
    };
    assert_eq!(hears(&new.schedule), "EG2");
    assert_eq!(new.schedule.unscheduled, []);
    // In the edited instance both teachers are excluded: a waiver that somebody answers for lets one of them sit.
    let mut raw = new.amended.instance.clone();
    let c2 = raw.candidates.iter_mut().find(|c| c.id == "C2").unwrap();
    c2.excluded_examiners = vec!["EG1".into(), "EG2".into()];
    let both = Instance::from_raw(raw).unwrap();
    let waived = json!([{"type": "waiver", "candidate": "C2", "examiner": "EG1", "by": "the head of division", "reason": "nobody else"}]);
    let waived = events(&both, waived);
    let again = try_replan(&both, &published, &waived, None, Some(300)).unwrap();
    assert_eq!((hears(&again.schedule).as_str(), again.schedule.unscheduled.len()), ("EG1", 0));
}

/// The only centre closes on the only date: everything moves to a date that the calendar did not have.
#[test]
fn a_date_is_added_and_a_centre_opened_on_it() {
    let (instance, published) = prepared();
    let free = |x: &str| json!({"type": "examiner-available", "examiner": x, "date": "2024-06-10", "from": "08:00", "to": "18:00"});
    let list = json!([
        free("EG1"), free("STI1"), free("PRO1"),
        {"type": "centre-closed", "centre": "Z", "date": "2024-06-04"},
        {"type": "centre-opened", "centre": "Z", "date": "2024-06-10", "from": "08:00", "to": "18:00"},
        {"type": "date-added", "date": "2024-06-10"}
    ]);
    let list = events(&instance, list);
    let new = try_replan(&instance, &published, &list, None, Some(300)).unwrap();
    assert_eq!(new.schedule.unscheduled, []);
    assert!(new.schedule.sessions.iter().all(|s| s.date.to_string() == "2024-06-10"));
    assert_eq!(new.amended.instance.calendar.dates.len(), 2);
    // An exam with dates of its own gets the new one only by name.
    let mut raw = instance.raw.clone();
    raw.calendar.exam_dates.insert("E4".into(), raw.calendar.dates.clone());
    let own = Instance::from_raw(raw).unwrap();
    let after = |list: Value| try_replan(&own, &published, &events(&own, list), None, None).unwrap().amended;
    let plain = after(json!([{"type": "date-added", "date": "2024-06-10"}]));
    assert_eq!((plain.instance.calendar.exam_dates["E4"].len(), plain.remarks.len()), (1, 1));
    let named = after(json!([{"type": "date-added", "date": "2024-06-10", "exam": "E4"}]));
    assert_eq!((named.instance.calendar.exam_dates["E4"].len(), named.remarks.len()), (2, 0));
}

/// Who would begin before the new opening hour moves; who would not stays.
#[test]
fn other_hours_of_a_centre_move_only_whom_they_hit() {
    let (instance, published) = prepared();
    let later = json!([{"type": "centre-hours", "centre": "Z", "date": "2024-06-04", "from": "09:30", "to": "18:00"}]);
    let list = events(&instance, later);
    let new = try_replan(&instance, &published, &list, None, None).unwrap();
    let hit: Vec<&str> = new.amended.hit.keys().map(|(c, _)| c.as_str()).collect();
    assert_eq!((hit, new.schedule.unscheduled.len()), (vec!["C1"], 0));
}

/// A room and a teacher more: the candidate added is heard there, with the event as the reason.
#[test]
fn what_is_added_is_used_and_named_as_the_reason() {
    let (instance, published) = prepared();
    let teacher = json!({"id": "STI2", "qualifications": ["STI"], "km": {"Z": 5},
                         "available": [{"date": "2024-06-04", "from": "08:00", "to": "12:30"}]});
    let new = json!({"id": "C3", "group": "G", "school": "S", "orals": [{"exam": "E4", "form": "final"}],
                     "unavailable": [{"date": "2024-06-04", "from": "12:30", "to": "23:59"}]});
    let list = json!([
        {"type": "candidate-added", "new": new},
        {"type": "examiner-added", "new_examiner": teacher},
        {"type": "room-added", "centre": "Z", "exam_room": {"id": "R2"}},
        {"type": "room-closed", "centre": "Z", "room": "R2", "from": "17:00", "to": "18:00"}
    ]);
    insta::assert_snapshot!(told_after(&instance, &published, list).join("\n"));
}

/// What was heard cannot be made otherwise: a fault each, and no plan.
#[test]
fn nothing_late_reaches_back_into_what_was_heard() {
    let (instance, published) = prepared();
    let list = events(
        &instance,
        json!([
            {"type": "accommodation", "candidate": "C1", "extra_per_hour": {"exam": 20}},
            {"type": "exclusion", "candidate": "C1", "examiner": "EG1"},
            {"type": "accommodation", "candidate": "C1", "extra_per_hour": {"written": 20}}
        ]),
    );
    let refused = try_replan(&instance, &published, &list, Some(at("2024-06-04T10:00")), None).err();
    let Some(Refused::Faults(faults)) = refused else { panic!("{refused:?}") };
    let said: Vec<String> = faults.iter().map(|f| format!("{}: {}", f.path, f.message)).collect();
    insta::assert_snapshot!(said.join("\n"));
}

fn faults(instance: &Instance, list: Value) -> String {
    let json = json!({"format": "oraux-events/1", "events": list}).to_string();
    let faults = Events::from_json(json.as_bytes(), instance).unwrap_err();
    faults.iter().map(|f| format!("{}: {}", f.path, f.message)).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_fault_of_what_is_found_late_is_said_with_its_place() {
    let (instance, _) = prepared();
    let list = json!([
        {"type": "accommodation", "candidate": "C1"},
        {"type": "exclusion", "candidate": "C1", "examiner": "EG9"},
        {"type": "waiver", "candidate": "C1", "examiner": "EG1", "by": "somebody of the division"},
        {"type": "date-added", "date": "2024-06-04", "exam": "E44"},
        {"type": "centre-opened", "centre": "Z", "date": "2024-06-04", "from": "08:00", "to": "18:00"},
        {"type": "centre-hours", "centre": "Z", "date": "2024-06-07", "from": "18:00", "to": "08:00"},
        {"type": "room-added", "centre": "Z"},
        {"type": "room-added", "centre": "Z", "exam_room": {"id": "P"}},
        {"type": "examiner-added", "new_examiner": {"id": "EG1", "km": {"Z": 5}}},
        {"type": "date-added", "date": "2024-06-10"},
        {"type": "centre-hours", "centre": "Z", "date": "2024-06-10", "from": "09:00", "to": "10:00"}
    ]);
    insta::assert_snapshot!("faults", faults(&instance, list.clone()));
    insta::assert_snapshot!("faults_fr", within(Lang::Fr, || faults(&instance, list)));
}

/// A fault of what an event brings names the event, not a place that stands in no file.
#[test]
fn a_fault_of_what_is_brought_names_the_event() {
    let (instance, published) = prepared();
    let list = events(
        &instance,
        json!([
            {"type": "date-added", "date": "2024-06-10"},
            {"type": "examiner-added", "new_examiner": {"id": "EG3", "qualifications": ["EG"], "km": {}}}
        ]),
    );
    let refused = try_replan(&instance, &published, &list, None, None).err();
    let Some(Refused::Faults(faults)) = refused else { panic!("{refused:?}") };
    assert!(faults.iter().all(|f| f.path.starts_with("events[1].new_examiner")), "{faults:?}");
}

/// Somebody typed into the instance what the events would have said: each difference is found, and is the reason.
#[test]
fn an_edited_instance_is_replanned_with_its_differences_as_reasons() {
    let (instance, published) = prepared();
    let mut raw = instance.raw.clone();
    let c1 = raw.candidates.iter_mut().find(|c| c.id == "C1").unwrap();
    c1.extra_per_hour.preparation = 20;
    raw.examiners.retain(|x| x.id != "PRO1");
    raw.centres[0].exam_rooms.push(serde_json::from_value(json!({"id": "R2"})).unwrap());
    raw.policy.candidate_gap = 20;
    let edited = Instance::from_raw(raw).unwrap();
    let new = try_replan_edited(&instance, &published, Some(&edited), &Events::none(), None, None).unwrap();
    let found: Vec<&str> = new.edits.iter().map(|d| d.text.as_str()).collect();
    let list = changes(&new.instance, &published, &new.schedule, &new.amended, &Events::none(), &new.edits);
    insta::assert_snapshot!(format!("{}\n\n{}", found.join("\n"), told(&list).join("\n")));
    let french = within(Lang::Fr, || differences(&instance.raw, &edited.raw));
    insta::assert_snapshot!("edited_fr", french.iter().map(|d| d.text.as_str()).collect::<Vec<_>>().join("\n"));
}

/// Nothing edited, nothing found; and who was heard may not be edited away.
#[test]
fn an_edit_is_held_to_what_was_heard() {
    let instance = one_morning();
    let published = morning_plan(&instance);
    assert_eq!(differences(&instance.raw, &instance.raw), []);
    let mut raw = instance.raw.clone();
    raw.candidates.iter_mut().find(|c| c.id == "C1").unwrap().excluded_examiners = vec!["STI".into()];
    let edited = Instance::from_raw(raw).unwrap();
    let after =
        |now: &str| try_replan_edited(&instance, &published, Some(&edited), &Events::none(), Some(at(now)), None);
    let heard = after("2024-06-04T09:35").err();
    assert!(matches!(&heard, Some(Refused::Faults(f)) if f.len() == 1 && f[0].message.contains("C1")), "{heard:?}");
    let early = after("2024-06-04T07:40").unwrap();
    let of_c1 = early.schedule.sessions.iter().find(|s| s.sittings.iter().any(|s| s.candidate == "C1"));
    assert!(of_c1.is_none_or(|s| s.members["STI"] != "STI"));
}

/// An instance that is edited into another one of the same people: whatever it is, the plan obeys it.
#[test]
fn any_edit_of_a_real_group_gives_a_valid_plan() {
    let instance = Instance::read("instances/small.json".as_ref()).unwrap();
    let published = planned(&instance).unwrap();
    let edits: [fn(&mut oraux::instance::RawInstance); 5] = [
        |raw| drop(raw.candidates.remove(3)),
        |raw| drop(raw.examiners.remove(1)),
        |raw| raw.policy.orals_a_day = 2,
        |raw| raw.calendar.dates.truncate(raw.calendar.dates.len() - 1),
        |raw| raw.centres[0].exam_rooms.truncate(1),
    ];
    for (i, edit) in edits.into_iter().enumerate() {
        let mut raw = instance.raw.clone();
        edit(&mut raw);
        let Ok(edited) = Instance::from_raw(raw) else { panic!("edit {i} makes no instance") };
        let new = try_replan_edited(&instance, &published, Some(&edited), &Events::none(), None, Some(200)).unwrap();
        assert!(!new.edits.is_empty(), "edit {i}");
        let list = changes(&new.instance, &published, &new.schedule, &new.amended, &Events::none(), &new.edits);
        let because = list.candidates.iter().chain(&list.examiners).flat_map(|p| &p.changes).map(|c| &c.because);
        let named = because.filter(|b| b.contains("edit")).count();
        assert!(named > 0 || list.candidates.is_empty(), "edit {i}: {list:?}");
    }
}
