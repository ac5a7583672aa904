//! Any bytes as a schedule: faults, or a schedule that reads back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use oraux::schedule::Schedule;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(schedule) = Schedule::from_json(bytes) {
        assert!(Schedule::from_json(schedule.to_json().as_bytes()).is_ok_and(|s| s == schedule));
    }
});
