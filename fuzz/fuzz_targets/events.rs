//! Any bytes as events for a small session: faults, or events.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oraux::instance::Instance;
use oraux::replan::Events;

static SMALL: LazyLock<Instance> =
    LazyLock::new(|| Instance::from_json(include_bytes!("../../instances/small.json")).expect("a shipped instance"));

fuzz_target!(|bytes: &[u8]| {
    let _ = Events::from_json(bytes, &SMALL);
});
