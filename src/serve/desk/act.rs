//! What hands change of a plan.

use super::{Call, Desk};
use crate::serve::problem::{Answer, Problem};

/// `POST /api/members`
pub(crate) fn members(_: &mut Desk, _: &Call) -> Answer {
    Err(Problem::not_built())
}

/// `POST /api/actions`
pub(crate) fn act(_: &mut Desk, _: &Call) -> Answer {
    Err(Problem::not_built())
}
