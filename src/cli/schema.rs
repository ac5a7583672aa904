//! `oraux schema`: the JSON Schema of the formats, made from the types that read them.

use std::process::ExitCode;

use clap::ValueEnum;

use super::{Failure, print};
use crate::instance::RawInstance;
use crate::read::schema_of;
use crate::replan::Events;
use crate::schedule::Schedule;

/// Print the JSON Schema of a format
#[derive(clap::Args)]
pub struct SchemaOf {
    /// Which format
    #[arg(value_enum)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// oraux-instance/1
    Instance,
    /// oraux-schedule/1
    Schedule,
    /// oraux-events/1
    Events,
}

impl SchemaOf {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let schema = match self.format {
            Format::Instance => schema_of::<RawInstance>(),
            Format::Schedule => schema_of::<Schedule>(),
            Format::Events => schema_of::<Events>(),
        };
        print(&(serde_json::to_string_pretty(&schema).expect("a schema is always JSON") + "\n"));
        Ok(ExitCode::SUCCESS)
    }
}
