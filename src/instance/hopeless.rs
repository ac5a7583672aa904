//! What is legal but hopeless.

use super::Instance;

/// Warnings.
pub fn warnings(_: &Instance) -> Vec<String> {
    Vec::new()
}
