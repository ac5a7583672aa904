//! What a project holds at one moment.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::schedule::Schedule;

/// The fingerprint of some bytes, under which they are kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Hash(pub String);

impl Hash {
    /// The fingerprint of those bytes.
    pub fn of(bytes: &[u8]) -> Hash {
        Hash(Sha256::digest(bytes).iter().take(16).map(|b| format!("{b:02x}")).collect())
    }
}

/// The plan that was sent out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// Which publication it is, from 1.
    pub number: u32,
    /// When: RFC 3339.
    pub when: String,
    /// The instance as it was then.
    pub instance: Hash,
    /// The schedule that was sent out.
    pub schedule: Hash,
}

/// All that a project holds at one moment. What is written out is a function of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// The project's name.
    pub name: String,
    /// The last instance without faults, as JSON, byte for byte as it came.
    pub instance: Option<Arc<str>>,
    /// The sheets with faults that are being mended, as JSON.
    pub sheets: Option<Arc<str>>,
    /// The answers to the questions of imports: lines of a mapping file.
    pub mapping: Arc<str>,
    /// The plan.
    pub schedule: Option<Arc<Schedule>>,
    /// The plan that was sent out.
    pub published: Option<Published>,
    /// The files that were brought in, by name.
    pub files: BTreeMap<String, Hash>,
}
