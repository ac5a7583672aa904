//! Two plans side by side: cost by term, people, travel, who moves.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use crate::instance::{Clock, Instance};
use crate::objective;
use crate::rules::TERMS;
use crate::schedule::{Cost, Plan, Schedule};

/// How a cost term changes.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct TermChange {
    /// The term's name.
    pub term: String,
    /// Cost before.
    pub before: i64,
    /// Cost after.
    pub after: i64,
}

/// Where somebody is heard.
#[derive(Clone, Debug, Serialize, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The date.
    pub date: NaiveDate,
    /// The start.
    pub start: Clock,
    /// The centre.
    pub centre: String,
    /// The exam room.
    pub room: String,
}

impl std::fmt::Display for Spot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {} ({})", self.date, self.start, self.room, self.centre)
    }
}

/// An oral that is heard elsewhere, or at another hour.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Moved {
    /// Whose.
    pub candidate: String,
    /// Which exam.
    pub exam: String,
    /// Where it was; none if it had no sitting.
    pub from: Option<Spot>,
    /// Where it is; none if it has none now.
    pub to: Option<Spot>,
}

/// An examiner on a date and in a centre, new or gone.
#[derive(Clone, Debug, Serialize, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duty {
    /// The examiner.
    pub examiner: String,
    /// The date.
    pub date: NaiveDate,
    /// The centre.
    pub centre: String,
}

/// What changes from one plan to another of the same instance.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Difference {
    /// The change of the whole cost.
    pub cost: i64,
    /// The terms that change, the biggest change first.
    pub terms: Vec<TermChange>,
    /// The orals that move.
    pub moved: Vec<Moved>,
    /// Examiners convened in addition.
    pub called: Vec<Duty>,
    /// Examiners no more convened.
    pub released: Vec<Duty>,
}

impl Difference {
    /// The candidates who move.
    pub fn candidates(&self) -> BTreeSet<&str> {
        self.moved.iter().map(|m| m.candidate.as_str()).collect()
    }
}

/// How the cost changes, term by term, the biggest change first.
pub fn term_changes(before: &Cost, after: &Cost) -> Vec<TermChange> {
    let cost = |c: &Cost, name: &str| c.terms.get(name).map_or(0, |t| t.cost);
    let mut changes: Vec<TermChange> = TERMS
        .iter()
        .map(|t| TermChange { term: t.name.into(), before: cost(before, t.name), after: cost(after, t.name) })
        .filter(|c| c.before != c.after)
        .collect();
    changes.sort_by_key(|c| (-(c.after - c.before).abs(), c.term.clone()));
    changes
}

fn spots(schedule: &Schedule) -> BTreeMap<(&str, &str), Spot> {
    let mut spots = BTreeMap::new();
    for s in &schedule.sessions {
        for p in &s.sittings {
            let spot = Spot { date: s.date, start: p.start, centre: s.centre.clone(), room: s.room.clone() };
            spots.insert((p.candidate.as_str(), p.exam.as_str()), spot);
        }
    }
    spots
}

fn duties(schedule: &Schedule) -> BTreeSet<Duty> {
    let each = schedule
        .sessions
        .iter()
        .flat_map(|s| s.members.values().map(|x| Duty { examiner: x.clone(), date: s.date, centre: s.centre.clone() }));
    each.collect()
}

/// The orals that are not heard at the same date, hour, centre and room in both.
pub fn moved(before: &Schedule, after: &Schedule) -> Vec<Moved> {
    let (old, new) = (spots(before), spots(after));
    let orals: BTreeSet<_> = old.keys().chain(new.keys()).copied().collect();
    orals
        .into_iter()
        .filter(|k| old.get(k) != new.get(k))
        .map(|k| Moved {
            candidate: k.0.into(),
            exam: k.1.into(),
            from: old.get(&k).cloned(),
            to: new.get(&k).cloned(),
        })
        .collect()
}

/// What changes from one plan to another of the same instance; costs are recomputed.
pub fn difference(instance: &Instance, before: &Schedule, after: &Schedule) -> Difference {
    let cost = |s: &Schedule| objective::evaluate(&Plan::new(instance, s, None));
    let (one, two) = (cost(before), cost(after));
    let (old, new) = (duties(before), duties(after));
    Difference {
        cost: two.total - one.total,
        terms: term_changes(&one, &two),
        moved: moved(before, after),
        called: new.difference(&old).cloned().collect(),
        released: old.difference(&new).cloned().collect(),
    }
}

/// A plan in a few figures.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    /// The cost.
    pub cost: i64,
    /// What no plan can cost less than, if it was sought.
    pub bound: Option<i64>,
    /// Due orals without a sitting.
    pub unscheduled: usize,
    /// Sittings.
    pub sittings: usize,
    /// Examiners convened.
    pub examiners: usize,
    /// Pairs (examiner, date).
    pub examiner_days: i64,
    /// Their kilometres.
    pub examiner_km: i64,
    /// The candidates' kilometres.
    pub candidate_km: i64,
    /// Pairs (centre, date) in use.
    pub centre_days: i64,
    /// Centres in use.
    pub centres: usize,
}

/// The figures of a plan.
pub fn figures(schedule: &Schedule, cost: &Cost, unscheduled: usize, bound: Option<i64>) -> Figures {
    let units = |name: &str| cost.terms.get(name).map_or(0, |t| t.units);
    let people: BTreeSet<&String> = schedule.sessions.iter().flat_map(|s| s.members.values()).collect();
    let centres: BTreeSet<&String> = schedule.sessions.iter().map(|s| &s.centre).collect();
    Figures {
        cost: cost.total,
        bound,
        unscheduled,
        sittings: schedule.sessions.iter().map(|s| s.sittings.len()).sum(),
        examiners: people.len(),
        examiner_days: units("examiner_days"),
        examiner_km: units("examiner_km"),
        candidate_km: units("candidate_km"),
        centre_days: units("centre_days"),
        centres: centres.len(),
    }
}
