//! A small instance in which every rule binds somebody, and a valid schedule of it, written by hand: to be damaged.

use serde_json::{Value, json};

fn free(hours: &[(&str, &str, &str)]) -> Value {
    hours.iter().map(|(date, from, to)| json!({"date": date, "from": from, "to": to})).collect()
}

/// The two dates.
pub const FIRST: &str = "2024-06-03";
pub const SECOND: &str = "2024-06-04";

/// Two centres on two dates; every field of an instance has somebody whom it binds.
pub fn instance_json() -> Value {
    let days = || free(&[(FIRST, "08:00", "18:30"), (SECOND, "08:00", "18:30")]);
    let km = json!({"A": 10, "B": 20});
    let teacher = |id: &str, qualifications: &[&str], more: Value| {
        let mut x = json!({"id": id, "qualifications": qualifications, "km": km, "available": days()});
        x.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        x
    };
    let room = |id: &str| json!({"id": id, "accessible": true, "equipment": ["phone"]});
    let with = |mut value: Value, key: &str, more: Value| {
        value[key] = more;
        value
    };
    let oral = |exam: &str| json!({"exam": exam, "form": "final"});
    let spanish = json!({"exam": "EF1", "form": "final", "language": "es"});
    let without = |exam: &str| json!({"exam": exam, "form": "final", "file": "missing"});
    json!({
        "format": "oraux-instance/1", "name": "essai", "regulation": "bts-ccst-2024",
        "calendar": {
            "dates": [FIRST, SECOND],
            "papers": [{"id": "E5", "date": FIRST, "start": "17:00", "end": "18:00"}],
            "events": [
                {"id": "jury", "date": FIRST, "start": "15:00", "end": "17:00", "concerns": ["XD"]},
                {"id": "langues", "date": FIRST, "start": "13:30", "end": "14:00", "concerns": ["LV-es"]}
            ],
            "exam_dates": {"EF1": [FIRST]}
        },
        "groups": {"G": ["A", "B"], "H": ["A"]},
        "centres": [
            {"id": "A", "open": days(),
             "exam_rooms": [room("R1"), room("R2"), {"id": "R3", "accessible": true},
                            with(room("R4"), "unavailable", free(&[(FIRST, "14:00", "15:00")]))],
             "preparation_rooms": [
                {"id": "P1", "seats": 2, "accessible": true}, {"id": "P3", "seats": 1, "accessible": true},
                {"id": "P2", "seats": 9, "accessible": true, "unavailable": free(&[(FIRST, "08:00", "12:00")])}]},
            {"id": "B", "open": days(), "exams": ["U62", "E22"],
             "exam_rooms": [room("R1"), {"id": "R2", "equipment": ["phone"]}, room("R3")],
             "preparation_rooms": [{"id": "P1", "seats": 2, "accessible": true}, {"id": "PB", "seats": 2}]}
        ],
        "schools": [{"id": "L1", "km": km}, {"id": "L2", "km": km}],
        "examiners": [
            teacher("XE", &["EG", "CCST"], json!({"max_days": 1})),
            teacher("XS", &["STI", "CCST"], json!({"centres": ["A"]})),
            teacher("XP", &["PRO"], json!({})),
            teacher("XA", &["LV-en", "CCST"], json!({"available": free(&[(FIRST, "08:00", "18:30"), (SECOND, "09:05", "18:30")])})),
            teacher("XB", &["LV-en", "CCST"], json!({"max_sittings": 1, "available": free(&[(FIRST, "08:00", "18:30"), (SECOND, "08:00", "11:00")])})),
            teacher("XC", &["LV-en", "CCST"], json!({"schools": ["L1"]})),
            teacher("XD", &["EG", "CCST"], json!({})),
            teacher("XG", &["EG", "CCST"], json!({})),
            teacher("XT", &["STI", "CCST"], json!({})),
            teacher("XL", &["LV-es", "LV-de", "CCST"], json!({"schools": ["L1"]})),
            teacher("XN", &["LV-en", "CCST"], json!({})),
            teacher("XQ", &["PRO"], json!({})),
            teacher("XR", &["LV-en", "CCST"], json!({"reserve": true})),
            teacher("XW", &["EG", "STI", "CCST"], json!({}))
        ],
        "candidates": [
            {"id": "C1", "group": "G", "school": "L2", "orals": [oral("E4"), oral("U62")], "papers": ["E5"], "extra_per_hour": {"written": 20}},
            {"id": "C2", "group": "G", "school": "L2", "orals": [oral("U61"), oral("EF3"), oral("E22")],
             "unavailable": free(&[(FIRST, "13:30", "18:30")]), "excluded_examiners": ["XD"]},
            {"id": "C3", "group": "G", "school": "L1", "orals": [oral("E22"), spanish, oral("U62"), oral("EF2")]},
            {"id": "C4", "group": "G", "school": "L2", "orals": [oral("U62"), oral("E22")], "needs_accessible": true},
            {"id": "C5", "group": "H", "school": "L2", "orals": [spanish, oral("E22"), oral("U62")], "prepares_alone": true,
             "unavailable": free(&[(SECOND, "10:00", "12:30")])},
            {"id": "C6", "group": "G", "school": "L2",
             "orals": [without("U61"), oral("EF3"), without("EF2"), {"exam": "E4", "form": "continuous"}]},
            {"id": "C7", "group": "G", "school": "L2", "orals": [oral("U61"), oral("EF3"), oral("EF2"), oral("U62"), oral("E22")]}
        ],
        "policy": {"candidate_lunch": 100, "oral_on_paper_day": true, "briefing": 15, "examiner_minutes_a_day": 240,
                   "examiner_sittings_a_day": 6, "pause_after": 145},
        "pins": [
            {"candidate": "C4", "exam": "U62", "date": SECOND, "start": "09:00", "centre": "B", "room": "R1"},
            {"candidate": "C1", "exam": "E4", "examiner": "XS"}
        ],
        "waivers": [{"candidate": "C3", "examiner": "XL", "by": "division des examens", "reason": "seule en espagnol"}]
    })
}

/// `C3 E22 P1 08:30 08:50 09:10`, or without preparation `C1 U62 16:10 16:40`.
pub fn sitting(text: &str) -> Value {
    let words: Vec<&str> = text.split(' ').collect();
    let (room, hours) = if words.len() == 6 { (json!(words[2]), &words[3..]) } else { (Value::Null, &words[2..]) };
    let [begins, start, end] =
        if hours.len() == 3 { [hours[0], hours[1], hours[2]] } else { [hours[0], hours[0], hours[1]] };
    json!({"candidate": words[0], "exam": words[1], "preparation_room": room, "preparation_start": begins, "start": start, "end": end})
}

/// `S1 technico-commerciale A R1`, on that date, with those members.
pub fn session(head: &str, date: &str, members: Value, sittings: &[&str]) -> Value {
    let [id, commission, centre, room] = head.split(' ').collect::<Vec<_>>().try_into().unwrap();
    let language = if commission == "langue-facultative" { json!("es") } else { Value::Null };
    let sittings: Vec<Value> = sittings.iter().map(|s| sitting(s)).collect();
    json!({"id": id, "commission": commission, "language": language, "centre": centre, "room": room, "date": date,
           "members": members, "sittings": sittings})
}

/// `C5 U62 -`: candidate, exam, reason.
pub fn left(text: &str) -> Value {
    let [candidate, exam, reason] = text.split(' ').collect::<Vec<_>>().try_into().unwrap();
    json!({"candidate": candidate, "exam": exam, "reason": reason})
}

/// A valid schedule of the instance.
pub fn schedule_json() -> Value {
    let team = |eg: &str, sti: &str| json!({"EG": eg, "STI": sti});
    json!({
        "format": "oraux-schedule/1", "instance": "essai",
        "sessions": [
            session("S1 technico-commerciale A R1", FIRST, json!({"EG": "XE", "STI": "XS", "PRO": "XP"}),
                    &["C1 E4 P1 08:00 09:00 10:00", "C2 U61 10:10 10:40", "C2 EF3 10:40 11:00", "C6 EF3 11:15 11:35"]),
            session("S2 anglais A R2", FIRST, json!({"LV": "XA"}), &["C3 E22 P1 08:30 08:50 09:10", "C2 E22 P1 08:55 09:15 09:35"]),
            session("S3 langue-facultative A R2", FIRST, json!({"LV": "XL"}), &["C3 EF1 P1 14:00 14:20 14:40", "C5 EF1 P1 14:25 14:45 15:05"]),
            session("S4 expertise A R1", FIRST, team("XE", "XS"), &["C3 U62 15:30 16:00", "C1 U62 16:10 16:40"]),
            session("S5 expertise B R1", SECOND, team("XG", "XT"), &["C4 U62 09:00 09:30"]),
            session("S6 anglais B R1", SECOND, json!({"LV": "XB"}), &["C4 E22 P1 10:00 10:20 10:40"]),
            session("S7 anglais A R2", SECOND, json!({"LV": "XA"}), &["C5 E22 P1 09:00 09:20 09:40"])
        ],
        "unscheduled": (["C3 EF2 -", "C5 U62 -", "C7 U61 -", "C7 EF3 -", "C7 EF2 -", "C7 U62 -", "C7 E22 -"].map(left)),
        "not_heard": (["C6 U61 not-valid", "C6 EF2 not-held"].map(left))
    })
}
