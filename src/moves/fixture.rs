//! For tests: two candidates, each with an English oral (20 minutes and 20 of preparation) at one centre on one date, and two
//! teachers of English, 10 and 20 km away.

use serde_json::{Value, json};

use crate::instance::Instance;
use crate::schedule::Schedule;

/// The candidates come from so many kilometres.
pub(crate) fn instance(km: [u32; 2]) -> Instance {
    let open = json!([{"date": "2024-06-03", "from": "07:30", "to": "18:30"}]);
    let teacher =
        |id: &str, km: u32| json!({"id": id, "qualifications": ["LV-en", "CCST"], "km": {"Z": km}, "available": open});
    let candidate = |id: &str, km: u32| json!({"id": id, "group": "G", "km": {"Z": km}, "orals": [{"exam": "E22", "form": "final"}]});
    let raw = json!({
        "format": "oraux-instance/1", "name": "deux", "step": 5, "regulation": "bts-ccst-2024",
        "calendar": {"dates": ["2024-06-03"]},
        "groups": {"G": ["Z"]},
        "centres": [{
            "id": "Z", "open": open, "exam_rooms": [{"id": "R", "equipment": ["phone"]}],
            "preparation_rooms": [{"id": "P", "seats": 2}]
        }],
        "examiners": [teacher("near", 10), teacher("far", 20)],
        "candidates": [candidate("C1", km[0]), candidate("C2", km[1])],
        "policy": {}, "weights": {}
    });
    Instance::from_json(raw.to_string().as_bytes()).unwrap()
}

/// A candidate's oral at these hours.
pub(crate) fn sitting(candidate: &str, preparation: &str, start: &str, end: &str) -> Value {
    json!({
        "candidate": candidate, "exam": "E22", "preparation_room": "P", "preparation_start": preparation, "start": start,
        "end": end
    })
}

/// A session before that teacher.
pub(crate) fn english(id: &str, teacher: &str, sittings: &[Value]) -> Value {
    json!({
        "id": id, "commission": "anglais", "language": null, "centre": "Z", "room": "R", "date": "2024-06-03",
        "members": {"LV": teacher}, "sittings": sittings
    })
}

/// These sessions, and nobody left out.
pub(crate) fn schedule(sessions: &[Value]) -> Schedule {
    let raw = json!({"format": "oraux-schedule/1", "instance": "deux", "sessions": sessions, "unscheduled": []});
    serde_json::from_value(raw).unwrap()
}
