//! Campaigns: what may happen at random, for as long as one likes. They are no tests, and `make test` runs none of them: `make campaign`
//! does, all side by side. Each case is made from its number alone, and a case that fails is said with the command that repeats it.
//!
//! `ORAUX_SECONDS`: how long (60); `ORAUX_SEED`: the first case (by default another one each time); `ORAUX_CASES`: no more than so many.

mod commands;
mod kills;
mod replans;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use crate::{bound, damages, held, pins, serve, workbooks};

/// What the cases of a campaign met, and how often.
#[derive(Default)]
pub struct Tally(BTreeMap<String, u64>);

impl Tally {
    /// Counts a thing once more.
    pub fn add(&mut self, what: &str) {
        self.count(what, 1);
    }

    /// Counts a thing some times more.
    pub fn count(&mut self, what: &str, times: u64) {
        *self.0.entry(what.to_string()).or_default() += times;
    }

    /// How often it was counted.
    pub fn of(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or_default()
    }
}

/// So many failures end a campaign: they are mostly one.
const ENOUGH: usize = 5;

/// Runs case after case until the time is over. A case fails by a panic; the others go on.
pub fn campaign(name: &str, mut case: impl FnMut(u64, &mut Tally)) -> Tally {
    let of = |name: &str| std::env::var(name).ok().and_then(|n| n.parse::<u64>().ok());
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |d| d.as_secs());
    let (first, most) = (of("ORAUX_SEED").unwrap_or(now), of("ORAUX_CASES").unwrap_or(u64::MAX));
    let end = Instant::now() + Duration::from_secs(of("ORAUX_SECONDS").unwrap_or(60));
    eprintln!("campaign {name}: from case {first} on");
    let (mut tally, mut failed, mut cases) = (Tally::default(), Vec::new(), 0);
    // What needs no time limit is repeated whole: the clock ends a campaign between two cases, never within one.
    while cases < most && failed.len() < ENOUGH && (Instant::now() < end || cases == 0) {
        let seed = first.wrapping_add(cases);
        cases += 1;
        if catch_unwind(AssertUnwindSafe(|| case(seed, &mut tally))).is_err() {
            eprintln!("campaign {name}: case {seed} FAILED; again: make campaign ONLY={name} SEED={seed} CASES=1");
            failed.push(seed);
        }
    }
    let mut line = format!("campaign {name}: {cases} cases from {first} on, {} failed", failed.len());
    tally.0.iter().for_each(|(what, times)| write!(line, "; {what}: {times}").unwrap());
    eprintln!("{line}");
    assert!(failed.is_empty(), "campaign {name}: cases {failed:?} failed");
    tally.count("cases", cases);
    tally
}

#[test]
#[ignore = "a campaign: make campaign"]
fn damages() {
    campaign("damages", |seed, tally| {
        let mut done = Default::default();
        damages::damaged(seed, &mut done);
        tally.count("damaged schedules", done.len() as u64);
    });
}

#[test]
#[ignore = "a campaign: make campaign"]
fn places() {
    campaign("places", |seed, _| held::compare_one(seed));
}

#[test]
#[ignore = "a campaign: make campaign"]
fn pins() {
    let tally = campaign("pins", |seed, tally| {
        // What tries did not find gets the five seconds that a person would give.
        let missed = [pins::Effort::Tries(200), pins::Effort::FiveSeconds].into_iter().try_fold((), |(), effort| {
            match pins::planned_as_pinned(seed, true, effort) {
                None => Err(()),
                Some(missed) => {
                    eprintln!("campaign pins: {missed}");
                    tally.add(&format!("not kept by {effort:?}"));
                    Ok(())
                }
            }
        });
        tally.add(if missed.is_ok() { "not kept" } else { "kept" });
    });
    assert!(tally.of("not kept") <= 1 + tally.of("cases") / 1000);
}

#[test]
#[ignore = "a campaign: make campaign"]
fn bounds() {
    campaign("bounds", |seed, tally| {
        let mut held = bound::Held::default();
        bound::bounded(seed, 1_000, &mut held);
        tally.count("comparisons", held.pairs as u64);
        tally.count("solved to the end", held.solved as u64);
    });
}

#[test]
#[ignore = "a campaign: make campaign"]
fn replans() {
    campaign("replans", replans::case);
}

#[test]
#[ignore = "a campaign: make campaign"]
fn pinned_replans() {
    let tally = campaign("pinned_replans", replans::pinned_case);
    assert!(tally.of("not kept") <= 1 + tally.of("cases") / 1000);
}

#[test]
#[ignore = "a campaign: make campaign"]
fn kills() {
    let mut bench = kills::Bench::new();
    campaign("kills", |seed, tally| bench.case(seed, tally));
}

#[test]
#[ignore = "a campaign: make campaign"]
fn killed_rooms() {
    campaign("killed_rooms", |seed, _| serve::kills::case(seed));
}

#[test]
#[ignore = "a campaign: make campaign"]
fn commands() {
    let place = commands::Place::new();
    campaign("commands", |seed, tally| place.case(seed, tally));
}

#[test]
#[ignore = "a campaign: make campaign"]
fn workbooks() {
    let mut good = workbooks::Good::new();
    campaign("workbooks", |seed, tally| {
        let one = workbooks::damaged(seed, &mut good);
        tally.add(&format!("{}, {}", one.kind, one.came()));
        one.apart().into_iter().for_each(|what| tally.add(&what));
    });
}

/// Once, whatever the time: it needs some minutes.
#[test]
#[ignore = "a campaign: make campaign"]
fn libreoffice() {
    match std::process::Command::new("soffice").arg("--version").output() {
        Ok(there) if there.status.success() => workbooks::instances_survive_libreoffice(),
        _ => eprintln!("SKIPPED: no LibreOffice (soffice) is installed, so that no workbook went through it"),
    }
}
