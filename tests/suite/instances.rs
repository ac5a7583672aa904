//! The committed instances: each is what its recorded command makes, and is what its description says.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use oraux::instance::{FileState, Form, Instance, OralIx, Status};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("instances")
}

fn read(name: &str) -> Instance {
    Instance::read(&folder().join(name)).unwrap_or_else(|faults| panic!("{name}: {}", faults[0]))
}

/// The commands in the README, as lists of arguments.
fn recorded() -> Vec<Vec<String>> {
    let readme = std::fs::read_to_string(folder().join("README.md")).unwrap();
    let commands = readme.lines().filter_map(|line| line.strip_prefix("oraux "));
    commands.map(|arguments| arguments.split_whitespace().map(str::to_string).collect()).collect()
}

#[test]
fn each_instance_is_made_by_its_recorded_command() {
    let scratch = tempfile::tempdir().unwrap();
    let mut made = Vec::new();
    for mut arguments in recorded() {
        let file = arguments[2].strip_prefix("instances/").expect("commands write to instances/").to_string();
        let again = scratch.path().join(&file);
        arguments[2] = again.display().to_string();
        Command::cargo_bin("oraux").unwrap().args(&arguments).assert().success();
        let text = |path: &Path| String::from_utf8(oraux::read::bytes(path).unwrap()).unwrap();
        let (committed, again) = (text(&folder().join(&file)), text(&again));
        let difference = committed.lines().zip(again.lines()).find(|(a, b)| a != b);
        assert_eq!(difference, None, "{file} differs from what its command makes");
        assert_eq!(committed.len(), again.len(), "{file}");
        made.push(file);
    }
    made.sort();
    let mut stored: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".json") || name.ends_with(".json.gz"))
        .collect();
    stored.sort();
    assert_eq!(made, stored, "every file has a command, every command a file");
}

#[test]
fn sizes_are_those_of_the_description() {
    let size = |name| {
        let i = read(name);
        (i.candidates.len(), i.centres.len(), i.raw.groups.len(), i.dates.len())
    };
    assert_eq!(size("small.json"), (20, 1, 1, 3));
    assert_eq!(size("pilot.json").0, 150);
    assert_eq!(size("pilot.json").1, 2);
    assert_eq!(size("large.json.gz"), (600, 5, 4, 10));
    assert_eq!(size("national.json.gz"), (3000, 28, 24, 16));
}

#[test]
fn tight_has_too_few_minutes_of_industrial_sciences_whatever_one_does() {
    let i = read("tight.json");
    let sits = |o: &OralIx| i.commission_of(*o).seats.iter().any(|s| s.id == "STI");
    let wanted: i32 = i.due().filter(sits).map(|o| i.orals[o].duration).sum();
    let teachers = i.examiners.iter().filter(|x| x.qualifications.contains("STI") && !x.reserve);
    let dates: usize = teachers
        .map(|x| {
            let free: std::collections::BTreeSet<_> = x.available.iter().map(|span| span.date).collect();
            free.len().min(x.max_days.map_or(usize::MAX, |most| most as usize))
        })
        .sum();
    let heard = dates as i32 * i.policy.examiner_minutes_a_day as i32;
    assert!(heard < wanted, "{heard} minutes can be heard, {wanted} are due");
}

#[test]
fn the_first_written_day_shows_both_effects_of_the_policy() {
    let (forbidden, allowed) = (read("first-written-day.json"), read("first-written-day-orals.json"));
    assert!(!forbidden.policy.oral_on_paper_day && allowed.policy.oral_on_paper_day);
    let orals = |i: &Instance| i.raw.candidates.iter().map(|c| c.orals.clone()).collect::<Vec<_>>();
    assert_eq!(orals(&forbidden), orals(&allowed), "the same candidates");
    for i in [forbidden, allowed] {
        for paper in i.papers.iter() {
            assert!(i.date(paper.date).is_some(), "{} lies within the window", paper.id);
            let sits = |c: &oraux::instance::Candidate| c.papers.iter().any(|&p| i.papers[p].date == paper.date);
            assert!(i.candidates.iter().any(sits), "{}: somebody sits it", paper.id);
            assert!(i.candidates.iter().any(|c| !sits(c)), "{}: somebody is free on its date", paper.id);
        }
        assert!(i.candidates.iter().any(|c| c.extra.written > 0), "somebody stays longer in papers");
    }
}

#[test]
fn the_national_instance_has_every_trait() {
    let i = read("national.json.gz");
    for exam in i.regulation.exams.indices() {
        assert!(i.due().any(|o| i.orals[o].exam == exam), "{} is due for somebody", i.regulation.exams[exam].id);
    }
    for status in [Status::Due, Status::NotValid, Status::NotHeld, Status::NotFinal] {
        assert!(i.orals.iter().any(|o| o.status == status), "{status:?}");
    }
    for form in [Form::Final, Form::Continuous, Form::Exempt] {
        assert!(i.orals.iter().any(|o| o.form == form), "{form:?}");
    }
    for file in [FileState::Conform, FileState::Pending, FileState::Nonconform, FileState::Missing] {
        assert!(i.orals.iter().any(|o| o.file == file), "{file:?}");
    }
    let c = &i.candidates;
    assert!(c.iter().any(|c| c.needs_accessible) && c.iter().any(|c| c.prepares_alone) && c.iter().any(|c| c.gap > 0));
    assert!(c.iter().any(|c| !c.unavailable.is_empty()) && c.iter().any(|c| !c.excluded.is_empty()));
    assert!(c.iter().any(|c| c.school.is_none()));
    let x = &i.examiners;
    assert!(
        x.iter().any(|x| x.reserve) && x.iter().any(|x| x.centres.is_some()) && x.iter().any(|x| x.max_days.is_some())
    );
    assert!(i.centres.iter().any(|c| c.exams.is_some()) && i.centres.iter().any(|c| c.open.len() < i.dates.len()));
    assert!(i.rooms.iter().any(|r| !r.unavailable.is_empty()));
    assert!(i.events.iter().all(|e| i.date(e.date).is_some()), "the meeting lies within the window");
    assert!(i.exam_dates.iter().any(|only| only.is_some()));
}
