//! Ids that nothing refers to, where others are unknown: the one may be the other, damaged where it is defined.

use std::collections::{BTreeMap, BTreeSet};

use super::page::Log;
use crate::fault::is_unknown;
use crate::instance::RawInstance;
use crate::tr;

/// So many ids of a kind are said; of more, and of people, those that look unlike the others.
const FEW: usize = 5;

/// The ids of an instance that something refers to, and where each is defined.
struct Ids {
    /// As messages call them.
    kind: &'static str,
    /// Path and id.
    defined: Vec<(String, String)>,
    used: BTreeSet<String>,
}

/// Remarks the ids that nothing refers to, of each kind of which a fault says that one is unknown.
pub fn notes(raw: &RawInstance, log: &mut Log) {
    for ids in all(raw) {
        let Some(fault) = log.faults.iter().find(|f| is_unknown(ids.kind, &f.message)) else { continue };
        let unknown = fault.message.split(" (").next().unwrap_or_default().to_string();
        // A row without an id is named already.
        let idle = |(_, id): &&(String, String)| !ids.used.contains(id) && !id.starts_with('?');
        let mut idle: Vec<&(String, String)> = ids.defined.iter().filter(idle).collect();
        // Nothing need refer to people.
        if idle.len() > FEW || matches!(ids.kind, "candidate" | "examiner") {
            let usual = usual(&ids.defined);
            idle.retain(|(_, id)| shape(id) != usual);
        }
        for (path, id) in idle.into_iter().take(FEW) {
            let message = tr!(
                "nothing refers to \"{id}\", and elsewhere stands: {unknown}; is this cell mistyped, or its row shifted?",
                "rien ne désigne « {id} », et ailleurs figure : {unknown} ; cette case est-elle mal écrite, ou sa ligne décalée ?"
            );
            let note = log.fault_of(path, message);
            log.notes.push(note);
        }
    }
}

/// An id with its letters and digits made alike: `X012` is `a9`.
fn shape(id: &str) -> String {
    let mut out = String::new();
    for c in id.chars().map(|c| {
        if c.is_numeric() {
            '9'
        } else if c.is_alphabetic() {
            'a'
        } else {
            c
        }
    }) {
        if !out.ends_with(c) {
            out.push(c);
        }
    }
    out
}

/// The shape that most ids have.
fn usual(defined: &[(String, String)]) -> String {
    let mut shapes = BTreeMap::<String, usize>::new();
    defined.iter().for_each(|(_, id)| *shapes.entry(shape(id)).or_default() += 1);
    shapes.into_iter().max_by_key(|(_, n)| *n).map(|(s, _)| s).unwrap_or_default()
}

fn all(raw: &RawInstance) -> [Ids; 5] {
    let of = |kind, list: &str, ids: Vec<&String>, used: Vec<&String>| Ids {
        kind,
        defined: ids.into_iter().enumerate().map(|(i, id)| (format!("{list}[{i}].id"), id.clone())).collect(),
        used: used.into_iter().cloned().collect(),
    };
    let (people, examiners) = (&raw.candidates, &raw.examiners);
    let centres = raw.groups.values().flatten().chain(examiners.iter().flat_map(|x| x.centres.iter().flatten()));
    let busy = raw.centres.iter().filter(|z| !z.open.is_empty() || !z.exam_rooms.is_empty()).map(|z| &z.id);
    let centres = centres.chain(busy).chain(raw.pins.iter().filter_map(|p| p.centre.as_ref()));
    let schools = people.iter().filter_map(|c| c.school.as_ref()).chain(examiners.iter().flat_map(|x| &x.schools));
    let free = examiners.iter().filter(|x| !x.available.is_empty()).map(|x| &x.id);
    let seated = raw.given_sessions.iter().flat_map(|g| g.members.values().flatten());
    let named =
        people.iter().flat_map(|c| &c.excluded_examiners).chain(raw.pins.iter().filter_map(|p| p.examiner.as_ref()));
    let waived = raw.waivers.iter();
    let examined = free.chain(seated).chain(named).chain(waived.clone().map(|w| &w.examiner));
    let met = raw.calendar.events.iter().flat_map(|e| &e.concerns);
    let away = people.iter().filter(|c| !c.unavailable.is_empty()).map(|c| &c.id);
    let candidates = away.chain(raw.pins.iter().map(|p| &p.candidate)).chain(waived.map(|w| &w.candidate));
    let groups = raw.groups.keys().map(|g| (format!("groups.{g}.id"), g.clone())).collect();
    [
        of("centre", "centres", raw.centres.iter().map(|z| &z.id).collect(), centres.collect()),
        of("school", "schools", raw.schools.iter().map(|s| &s.id).collect(), schools.collect()),
        of("examiner", "examiners", examiners.iter().map(|x| &x.id).collect(), examined.chain(met).collect()),
        of("candidate", "candidates", people.iter().map(|c| &c.id).collect(), candidates.collect()),
        Ids { kind: "group", defined: groups, used: people.iter().map(|c| c.group.clone()).collect() },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_a_shape() {
        assert_eq!(["X012", "0142059M", "LYCÉE FICTIF", "12.5"].map(shape), ["a9", "9a", "a a", "9.9"]);
        let ids = ["X1", "X22", "Zoé"].map(|id| (String::new(), id.to_string()));
        assert_eq!(usual(&ids), "a9");
    }
}
