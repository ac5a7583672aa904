//! The planning room, asked as a page would ask it, and as no page should.

mod flow;
mod hostile;
pub mod kills;
mod project;
pub mod room;
mod words;
