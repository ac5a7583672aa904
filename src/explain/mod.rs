//! Why the plan is as it is, in sentences.

pub mod unscheduled;
