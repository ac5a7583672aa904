use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::instance::Form;
use crate::instance::raw::{FileState, RawCandidate};

fn options(candidates: usize, seed: u64, slack: f64) -> Options {
    Options { candidates, seed, slack, ..Options::default() }
}

#[test]
fn the_same_options_make_the_same_instance_and_another_seed_another() {
    let make = |seed| generate(&options(80, seed, 1.2)).unwrap().to_json();
    assert_eq!(make(7), make(7));
    assert_ne!(make(7), make(8));
}

#[test]
fn another_slack_leaves_the_candidates_as_they_are() {
    let [scarce, plenty] = [0.7, 2.0].map(|slack| generate(&options(100, 3, slack)).unwrap());
    let orals = |raw: &RawInstance| raw.candidates.iter().map(|c| c.orals.clone()).collect::<Vec<_>>();
    assert_eq!(orals(&scarce), orals(&plenty));
    let rooms = |raw: &RawInstance| raw.centres.iter().map(|c| c.exam_rooms.len()).sum::<usize>();
    assert!(rooms(&scarce) < rooms(&plenty));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_instance_is_valid(
        n in 1usize..80,
        seed: u64,
        slack in 0.4f64..3.0,
        dates in proptest::option::of(4usize..19),
        first_written_day: bool,
        oral_on_paper_day: bool,
        groups in 1usize..4,
    ) {
        let options = Options {
            dates, first_written_day, oral_on_paper_day, groups: Some(groups), ..options(n, seed, slack)
        };
        let raw = generate(&options).unwrap();
        prop_assert_eq!(raw.candidates.len(), n);
        let json = raw.to_json();
        let read = Instance::from_json(json.as_bytes());
        prop_assert!(read.is_ok(), "{:?}", read.err());
        prop_assert!(raw.examiners.iter().all(|x| !x.available.is_empty()));
    }
}

/// The share of candidates of whom something is true, in per cent.
fn share(raw: &RawInstance, what: impl Fn(&RawCandidate) -> bool) -> f64 {
    100.0 * raw.candidates.iter().filter(|c| what(c)).count() as f64 / raw.candidates.len() as f64
}

fn has(c: &RawCandidate, exams: &[&str]) -> bool {
    c.orals.iter().any(|o| exams.contains(&o.exam.as_str()))
}

#[test]
fn shares_are_those_of_practice() {
    for seed in 1..=4 {
        let raw = generate(&options(2000, seed, 1.0)).unwrap();
        let ranges: [(&str, f64, f64, f64); 11] = [
            ("partial profiles", 15.0, 25.0, share(&raw, |c| c.orals.iter().any(|o| o.form != Form::Final))),
            ("extra time", 5.0, 8.0, share(&raw, |c| c.extra_per_hour != Default::default())),
            ("reduced mobility", 0.7, 1.3, share(&raw, |c| c.needs_accessible)),
            ("individuals", 8.0, 14.0, share(&raw, |c| c.school.is_none())),
            ("EF1", 3.0, 8.0, share(&raw, |c| has(c, &["EF1"]))),
            ("EF2", 0.0, 3.0, share(&raw, |c| has(c, &["EF2", "EF2-abroad"]))),
            ("EF3", 2.0, 5.0, share(&raw, |c| has(c, &["EF3"]))),
            ("unavailable", 2.0, 4.0, share(&raw, |c| !c.unavailable.is_empty())),
            ("excluded examiners", 1.0, 2.0, share(&raw, |c| !c.excluded_examiners.is_empty())),
            ("pending", 0.8, 3.0, share(&raw, |c| c.orals.iter().any(|o| o.file == FileState::Pending))),
            (
                "refused",
                0.9,
                3.2,
                share(&raw, |c| {
                    let broken = [FileState::Nonconform, FileState::Missing];
                    c.orals.iter().any(|o| broken.contains(&o.file) && !o.exam.starts_with("EF"))
                }),
            ),
        ];
        for (what, low, high, found) in ranges {
            assert!((low - 0.06..=high + 0.06).contains(&found), "seed {seed}: {what} {found} %");
        }
        let mut clumps: BTreeMap<&String, usize> = BTreeMap::new();
        for school in raw.candidates.iter().filter_map(|c| c.school.as_ref()) {
            *clumps.entry(school).or_default() += 1;
        }
        assert!(clumps.values().all(|n| (5..40).contains(n)), "{clumps:?}");
        assert!(raw.candidates.iter().all(|c| c.orals.iter().any(|o| o.form == Form::Final)));
        let extras: BTreeSet<_> = raw
            .candidates
            .iter()
            .map(|c| [c.extra_per_hour.preparation, c.extra_per_hour.exam, c.extra_per_hour.written].map(|e| e > 0))
            .collect();
        assert!(extras.len() >= 5, "each kind of extra time is granted apart: {extras:?}");
        assert!(raw.candidates.iter().any(|c| c.prepares_alone) && raw.candidates.iter().any(|c| c.gap.is_some()));
        assert!(raw.examiners.iter().any(|x| x.reserve) && raw.examiners.iter().any(|x| x.max_days.is_some()));
    }
}

#[test]
fn the_days_of_teachers_of_industrial_sciences_follow_the_slack() {
    for slack in [0.6, 1.0, 1.5] {
        let raw = generate(&options(300, 5, slack)).unwrap();
        let days: usize = raw.examiners.iter().filter(|x| x.qualifications[0] == "STI" && !x.reserve).map(days).sum();
        let shipped = Regulation::shipped(SHIPPED[0].0).unwrap();
        let regulation = Regulation::resolve(&shipped, "").unwrap();
        let need = Need::of(&raw.candidates, &regulation, 5).sti;
        let ratio = days as f64 / need;
        assert!((slack * 0.95..slack * 1.2).contains(&ratio), "slack {slack}: {ratio}");
    }
}

/// Dates on which an examiner can be convened; half a date counts as one.
fn days(x: &crate::instance::raw::RawExaminer) -> usize {
    let dates: BTreeSet<_> = x.available.iter().map(|s| s.date).collect();
    dates.len().min(x.max_days.map_or(usize::MAX, |m| m as usize))
}

#[test]
fn options_out_of_range_are_all_said() {
    let wrong = Options { dates: Some(0), academies: Some(9), centres: Some(0), slack: f64::NAN, ..options(0, 1, 1.0) };
    let faults: Vec<String> = generate(&wrong).unwrap_err().iter().map(|f| f.to_string()).collect();
    insta::assert_snapshot!(faults.join("\n"), @"
    --candidates: 0 is out of range; give 1 to 20000
    --academies: 9 is out of range; give 1 to 5
    --centres: 0 is out of range; give 1 to 20
    --dates: 0 is out of range; give 1 to 19
    --slack: NaN is out of range; give 0.1 to 10
    ");
}

#[test]
fn what_is_written_reads_back_the_same() {
    let raw = generate(&Options { candidates: 12, ..Options::default() }).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.json", "a.json.gz"] {
        let path = folder.path().join(name);
        std::fs::write(&path, raw.to_bytes(&path)).unwrap();
        assert_eq!(Instance::read(&path).unwrap().raw, raw);
    }
    let packed = raw.to_bytes(std::path::Path::new("a.json.gz"));
    assert_eq!(packed[..2], [0x1f, 0x8b]);
    assert_eq!(packed[4..8], [0; 4], "no date");
    let json = raw.to_json();
    assert_eq!(json.lines().filter(|l| l.starts_with("    {\"id\":\"C0")).count(), 12);
}
