//! What `oraux anonymise` leaves of an instance: nobody, and all that makes it hard.

use std::collections::BTreeSet;

use oraux::exchange::anonymise::{anonymise, originals};
use oraux::instance::raw::{RawInstance, RegulationChoice};
use oraux::instance::{Instance, Status};
use oraux::state::Model;
use oraux::strategy;
use proptest::prelude::*;
use serde_json::Value;

use crate::common;

/// Every text of a JSON value, the names of fields among them.
fn texts(value: &Value, out: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => drop(out.insert(text.clone())),
        Value::Array(list) => list.iter().for_each(|v| texts(v, out)),
        Value::Object(fields) => fields.iter().for_each(|(name, v)| {
            out.insert(name.clone());
            texts(v, out);
        }),
        _ => {}
    }
}

/// Texts of the format and of the regulation, which a person's name or a room's may equal by chance.
fn public(raw: &RawInstance) -> BTreeSet<String> {
    let mut bare = raw.clone();
    bare.name = String::new();
    (bare.groups, bare.waivers) = Default::default();
    (bare.centres, bare.schools, bare.candidates, bare.pins) = Default::default();
    bare.examiners.iter_mut().for_each(|x| {
        (x.id, x.name, x.info, x.schools, x.km) = Default::default();
    });
    bare.calendar.papers.clear();
    bare.calendar.events.clear();
    let mut words = BTreeSet::new();
    texts(&serde_json::to_value(&bare).unwrap(), &mut words);
    // The names of fields that the lists left out would have.
    let schema = serde_json::to_value(schemars::schema_for!(RawInstance)).unwrap();
    texts(&schema, &mut words);
    if let RegulationChoice::Named(name) = &raw.regulation {
        let regulation = oraux::regulation::Regulation::shipped(name).unwrap();
        texts(&serde_json::to_value(regulation).unwrap(), &mut words);
    }
    words
}

fn holds(raw: &RawInstance, seed: u64) {
    let hidden = anonymise(raw, seed);
    assert!(hidden == anonymise(raw, seed), "the same seed gives another instance");
    let json = hidden.to_json();
    let read = Instance::from_json(json.as_bytes()).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let mut left = BTreeSet::new();
    texts(&serde_json::from_str(&json).unwrap(), &mut left);
    let public = public(raw);
    for text in originals(raw).into_iter().filter(|t| !public.contains(*t)) {
        assert!(!left.contains(text), "{text:?} is still there");
        // A longer text not as a part of another one either.
        if text.chars().count() >= 6 {
            assert!(!json.contains(text), "{text:?} is still there");
        }
    }
    // The structure is the same.
    let before = Instance::from_raw(raw.clone()).unwrap();
    let count = |i: &Instance| {
        let due = i.orals.iter().filter(|o| o.status == Status::Due).count();
        let pairs: Vec<_> = i.candidates.indices().flat_map(|c| i.examiners.indices().map(move |x| (c, x))).collect();
        (
            due,
            pairs.iter().filter(|&&(c, x)| i.partial(c, x)).count(),
            pairs.iter().filter(|&&(c, x)| i.related(c, x)).count(),
            i.pins.len(),
            i.rooms.len(),
            i.preparation_rooms.len(),
            i.events
                .iter()
                .map(|e| i.examiners.enumerate().filter(|(x, own)| e.concerns(*x, own)).count())
                .sum::<usize>(),
        )
    };
    assert_eq!(count(&read), count(&before));
}

#[test]
fn the_shipped_instances_tell_nothing() {
    for name in ["small.json", "pilot.json", "tight.json", "first-written-day.json"] {
        holds(&Instance::read(&std::path::Path::new("instances").join(name)).unwrap().raw, 7);
    }
}

/// A regulation of one's own and texts in every place that takes one.
#[test]
fn another_diploma_tells_nothing() {
    let mut raw = Instance::read("instances/tiny/another-diploma/instance.json".as_ref()).unwrap().raw;
    raw.candidates[0].name = Some("Zoé Fictive-Dupont".into());
    raw.candidates[0].info.insert("adresse".into(), "12 rue Imaginaire".into());
    raw.examiners[0].info.insert("courriel".into(), "zoe@example.org".into());
    raw.centres[0].town = Some("Ville-Fictive".into());
    holds(&raw, 1);
    let json = anonymise(&raw, 1).to_json();
    for text in ["Zoé", "Imaginaire", "example.org", "Ville-Fictive", "adresse"] {
        assert!(!json.contains(text), "{text}");
    }
}

/// As hard as before: the first schedule costs about the same, kilometres apart exactly as many orals find a place.
#[test]
fn it_is_as_hard_to_plan() {
    let raw = Instance::read("instances/small.json".as_ref()).unwrap().raw;
    let solved = |raw: &RawInstance| {
        let instance = Instance::from_raw(raw.clone()).unwrap();
        let model = Model::new(&instance, None);
        let task = strategy::Task {
            model: &model,
            from: None,
            seed: 1,
            threads: 1,
            budget: strategy::Budget {
                started: std::time::Instant::now(),
                time: None,
                iterations: Some(2_000),
                gap: 0.0,
            },
            stop: &std::sync::atomic::AtomicBool::new(false),
            watch: &|_, _| {},
        };
        let outcome = strategy::strategy("anneal").unwrap().solve(&task);
        let schedule = outcome.best.freeze(|_| String::new());
        (schedule.unscheduled.len(), outcome.best.cost)
    };
    let (before, after) = (solved(&raw), solved(&anonymise(&raw, 3)));
    assert_eq!(before.0, after.0);
    assert!((before.1 - after.1).abs() * 10 < before.1, "{before:?} {after:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_original_text_survives(seed in 0u64..10_000, word in "Zq[A-Za-zéàç0-9 .-]{6,14}") {
        let mut raw = common::wild(seed).raw;
        let named = |i: usize, what: &str| Some(format!("{word}{what}{i}"));
        for (i, c) in raw.candidates.iter_mut().enumerate() {
            c.name = named(i, "candidat");
            c.info.insert(format!("{word}clé"), format!("{word}valeur{i}"));
        }
        for (i, x) in raw.examiners.iter_mut().enumerate() {
            x.name = named(i, "jury");
            x.qualifications.push(format!("{word}spécialité"));
        }
        for (i, s) in raw.schools.iter_mut().enumerate() {
            (s.name, s.town) = (named(i, "lycée"), named(i, "commune"));
        }
        for (i, c) in raw.centres.iter_mut().enumerate() {
            (c.name, c.town) = (named(i, "centre"), named(i, "ville"));
            c.exam_rooms[0].equipment.push(format!("{word}tableau"));
        }
        raw.calendar.events.push(oraux::instance::raw::RawEvent {
            id: format!("{word}réunion"),
            date: raw.calendar.dates[0],
            start: oraux::instance::Clock(600),
            end: oraux::instance::Clock(660),
            concerns: vec![format!("{word}spécialité")],
        });
        holds(&raw, seed);
        prop_assert!(!anonymise(&raw, seed).to_json().contains(&word));
    }
}
