//! Any bytes as an instance: faults, or an instance that reads back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use oraux::instance::Instance;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(instance) = Instance::from_json(bytes) {
        let again = serde_json::to_vec(&instance.raw).expect("an instance is always JSON");
        assert!(Instance::from_json(&again).is_ok_and(|i| i.raw == instance.raw));
    }
});
