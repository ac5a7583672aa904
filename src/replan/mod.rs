//! A changed morning: the instance after the events, what of the published schedule is frozen, a new schedule that
//! disturbs as few people as it can, and who has to be told what.

mod amend;
mod changes;
mod event;

use std::collections::{BTreeMap, BTreeSet};

pub use amend::{Amended, OralName, amend};
pub use changes::{Change, Changes, PersonChanges, changes};
pub use event::{EVENTS_FORMAT, Event, EventKind, Events};

use crate::schedule::Schedule;

/// Gives each session the id of the published session with which it shares the most sittings, so that papers already
/// out keep their numbers; the others get numbers that were not in use.
pub fn keep_ids(published: &Schedule, schedule: &mut Schedule) {
    let mut of: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (i, session) in published.sessions.iter().enumerate() {
        for s in &session.sittings {
            of.insert((&s.candidate, &s.exam), i);
        }
    }
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    for (j, session) in schedule.sessions.iter().enumerate() {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for s in &session.sittings {
            if let Some(&i) = of.get(&(s.candidate.as_str(), s.exam.as_str()))
                && published.sessions[i].commission == session.commission
            {
                *shared.entry(i).or_default() += 1;
            }
        }
        pairs.extend(shared.into_iter().map(|(i, n)| (n, i, j)));
    }
    pairs.sort_by_key(|&(n, i, j)| (std::cmp::Reverse(n), i, j));
    let mut ids: BTreeMap<usize, String> = BTreeMap::new();
    let mut given = BTreeSet::new();
    for (_, i, j) in pairs {
        if !ids.contains_key(&j) && given.insert(i) {
            ids.insert(j, published.sessions[i].id.clone());
        }
    }
    let mut used: BTreeSet<String> = published.sessions.iter().map(|s| s.id.clone()).collect();
    let mut next = 1;
    for (j, session) in schedule.sessions.iter_mut().enumerate() {
        session.id = ids.remove(&j).unwrap_or_else(|| {
            while used.contains(&format!("N{next:02}")) {
                next += 1;
            }
            format!("N{next:02}")
        });
        used.insert(session.id.clone());
    }
}
