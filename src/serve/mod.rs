//! The planning room: a local server for people who never open a terminal. `docs/planning-room.md` has how it is run,
//! [`endpoints`] what it answers.
//!
//! One thread, the desk, owns the project and the state that is planned on; requests wait for it in a short queue. Long work is done by
//! child processes of this program.

mod access;
mod desk;
mod endpoints;
mod events;
mod files;
mod guard;
mod jobs;
mod openapi;
mod problem;
mod server;
mod tickets;

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::fault::Fault;

pub use access::{Access, hash_password};

/// How the planning room is to be run.
pub struct Options {
    /// The project to open.
    pub file: Option<PathBuf>,
    /// Where to listen.
    pub listen: IpAddr,
    /// The port, 0 for a free one.
    pub port: u16,
    /// Who may use it beyond this machine.
    pub access: Access,
    /// Who is at work, as the history says it.
    pub who: String,
    /// Set from outside to end it.
    pub stop: Arc<AtomicBool>,
}

/// Serves until it is stopped; `ready` hears the whole URL once requests are answered.
///
/// # Errors
/// The project cannot be opened, or the address not be listened on.
pub fn serve(options: Options, ready: impl FnOnce(&str)) -> Result<(), Fault> {
    server::run(options, ready)
}
