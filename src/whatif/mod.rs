//! Questions that only another plan answers: what if this oral were there ([`why_not`]), what would have to give for an
//! oral to have a sitting ([`relax`]), what if the instance were another ([`edit`], [`both`], [`compare`]), which sites should
//! open ([`sites`]). Every answer is a schedule that the checker has seen.

pub mod ask;
mod both;
pub mod compare;
pub mod edit;
pub mod map;
pub mod place;
pub mod relax;
pub mod sites;
mod solve;
pub mod why_not;

pub use both::{Both, both};
pub use solve::{Effort, Planned, better, proven, solve};
