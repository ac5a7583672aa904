//! From an instance to a file: JSON that a person can read and compare line by line, gzipped if the name says so.

use std::io::Write;
use std::path::Path;

use flate2::{Compression, GzBuilder};
use serde_json::Value;

use super::raw::RawInstance;

impl RawInstance {
    /// JSON with one line for each field, and for each element of a list of objects.
    pub fn to_json(&self) -> String {
        let value = serde_json::to_value(self).expect("an instance is always JSON");
        let fields = value.as_object().expect("an instance is an object");
        let lines: Vec<String> =
            fields.iter().map(|(key, field)| format!("  \"{key}\": {}", laid_out(field))).collect();
        format!("{{\n{}\n}}\n", lines.join(",\n"))
    }

    /// What a file of that name holds: JSON, gzipped if the name ends in `.gz`; the same bytes every time, since no
    /// date is written.
    pub fn to_bytes(&self, path: &Path) -> Vec<u8> {
        let json = self.to_json().into_bytes();
        if path.extension().is_none_or(|e| e != "gz") {
            return json;
        }
        let mut packer = GzBuilder::new().write(Vec::new(), Compression::best());
        packer.write_all(&json).and_then(|()| packer.finish()).expect("memory takes every byte")
    }
}

fn laid_out(field: &Value) -> String {
    match field {
        Value::Array(elements) if elements.iter().any(Value::is_object) => {
            let lines: Vec<String> = elements.iter().map(|e| format!("    {e}")).collect();
            format!("[\n{}\n  ]", lines.join(",\n"))
        }
        other => other.to_string(),
    }
}
