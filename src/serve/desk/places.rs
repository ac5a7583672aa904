//! What is allowed where, and what it costs, while something is held.

use super::{Call, Desk};
use crate::serve::problem::{Answer, Problem};

/// `POST /api/hold`
pub(crate) fn hold(_: &mut Desk, _: &Call) -> Answer {
    Err(Problem::not_built())
}

/// `POST /api/why`
pub(crate) fn why(_: &mut Desk, _: &Call) -> Answer {
    Err(Problem::not_built())
}

/// `POST /api/places`
pub(crate) fn places(_: &mut Desk, _: &Call) -> Answer {
    Err(Problem::not_built())
}
