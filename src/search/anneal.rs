//! Simulated annealing over [`MOVES`]: every move is carried out, then kept or undone.

use rand::RngExt;

use crate::moves::{MOVES, Random};
use crate::state::{Change, State};

/// Counts of one lane, by move.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Tries, acceptances and improvements of each move, in the order of [`MOVES`].
    pub moves: Vec<[u64; 3]>,
}

impl Default for Tally {
    fn default() -> Self {
        Tally { moves: vec![[0; 3]; MOVES.len()] }
    }
}

impl Tally {
    /// Counts what another has counted as well.
    pub fn add(&mut self, other: &Tally) {
        for (sum, one) in self.moves.iter_mut().zip(&other.moves) {
            sum.iter_mut().zip(one).for_each(|(s, o)| *s += o);
        }
    }
}

/// From hot to cold as the budget is used up, in geometric progression.
#[derive(Clone, Copy, Debug)]
pub struct Cooling {
    /// The temperature at the start: a move worse by so much is kept with probability 1/e.
    pub hot: f64,
    /// The temperature at the end.
    pub cold: f64,
}

impl Cooling {
    /// The temperature once a share of the budget (0 to 1) is used.
    pub fn at(&self, progress: f64) -> f64 {
        self.hot * (self.cold / self.hot).powf(progress.clamp(0.0, 1.0))
    }
}

/// Tries so many moves at a temperature; appends the changes of every move kept to `log`.
pub fn anneal(
    state: &mut State,
    rng: &mut Random,
    temperature: f64,
    tries: u64,
    tally: &mut Tally,
    mut log: Option<&mut Vec<(i64, Vec<Change>)>>,
) {
    let shares: Vec<u32> = MOVES.iter().map(|&(m, share)| if temperature < m.below() { share } else { 0 }).collect();
    let total: u32 = shares.iter().sum();
    let model_frozen = &state.model.frozen;
    for _ in 0..tries {
        let mut pick = rng.random_range(0..total);
        let which = shares
            .iter()
            .position(|&share| {
                let here = pick < share;
                pick = pick.wrapping_sub(share);
                here
            })
            .expect("the pick is below the sum of the shares");
        let before = state.value();
        // Worse by so much is still kept (drawn first: what cannot come below it need not be finished).
        let allowed = (-temperature * (1.0 - rng.random::<f64>()).ln()) as i64;
        state.ceiling = before.saturating_add(allowed);
        let mark = state.mark();
        let changed = MOVES[which].0.apply(state, rng);
        tally.moves[which][0] += 1;
        let delta = state.value() - before;
        let kept = changed && (model_frozen.is_clear() || !disturbs_frozen(state, mark)) && delta <= allowed;
        if !kept {
            state.undo(mark);
            continue;
        }
        tally.moves[which][1] += 1;
        tally.moves[which][2] += u64::from(delta < 0);
        if let Some(log) = log.as_deref_mut() {
            log.push((delta, state.since(mark).to_vec()));
        }
        state.forget();
    }
    state.ceiling = i64::MAX;
}

/// Whether the changes since the mark touch what is past or under way.
fn disturbs_frozen(state: &State, mark: usize) -> bool {
    let frozen = |j: &u32| state.model.frozen[*j as usize];
    state.since(mark).iter().any(|change| match change {
        Change::Place { job, .. } | Change::Unplace { job, .. } => frozen(job),
        Change::SetMember { slot, .. } => state.session(*slot).jobs.iter().any(frozen),
        Change::Open { .. } | Change::Close { .. } => false,
    })
}
