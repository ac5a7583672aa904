//! What the page says below a person, of the cost and of what is scarce: the sentences of `oraux explain` and the figures of
//! `oraux diagnose`, as far as they need no plan but the one that is shown.

use std::collections::{BTreeMap, BTreeSet};

use super::{HalfDay, NeedLine, RuleLine, Texts, Why};
use crate::diagnose::needs;
use crate::explain::{Constraint, Share, candidate, charged, costs, examiner, loaded};
use crate::instance::*;
use crate::rules::RULES;
use crate::schedule::Plan;
use crate::state::Model;

/// For so many of the costliest candidates, and of the costliest examiners, the page says why not otherwise: it takes a
/// look at every date and centre for each.
pub(super) const DEAREST: usize = 200;

/// How many needs are shown, and how many of them half-day by half-day.
const NEEDS: (usize, usize) = (30, 8);

/// What is said of each person.
#[derive(Default)]
pub(super) struct Persons {
    pub(super) candidates: BTreeMap<CandidateIx, Why>,
    pub(super) examiners: BTreeMap<ExaminerIx, Why>,
    /// The rules that bind somebody.
    pub(super) rules: Vec<RuleLine>,
}

/// Tells of every person of a valid plan.
pub(super) fn persons(plan: &Plan, texts: &Texts) -> Persons {
    let instance = plan.instance;
    let shares = costs::Shares::new(plan);
    let mut cited: BTreeSet<&str> = BTreeSet::new();
    let mut why = |constraints: Vec<Constraint>, own: &[Share]| {
        cited.extend(constraints.iter().map(|c| c.rule));
        let binds = constraints.into_iter().map(|c| (c.text, c.rule)).collect();
        Why { binds, costs: charged(own), otherwise: Vec::new() }
    };
    let mut told = Persons::default();
    for c in instance.candidates.indices() {
        told.candidates.insert(c, why(candidate::constraints(instance, c), shares.of_candidate(c)));
    }
    for x in instance.examiners.indices() {
        told.examiners.insert(x, why(examiner::constraints(instance, x), shares.of_examiner(x)));
    }
    let model = Model::new(instance, None);
    let state = &mut loaded(plan, &model);
    let closing = texts.closing;
    for c in dearest(instance.candidates.indices().map(|c| (total(shares.of_candidate(c)), c))) {
        let say = |o: candidate::Otherwise| {
            let place = instance.centre(&o.centre).map_or(&o.centre, |z| &instance.centres[z].name);
            format!("{}, {place}{closing}{}", texts.short_date(o.date), o.text)
        };
        let lines = candidate::otherwise(plan, state, c).into_iter().map(say).collect();
        told.candidates.entry(c).and_modify(|why| why.otherwise = lines);
    }
    for x in dearest(instance.examiners.indices().map(|x| (total(shares.of_examiner(x)), x))) {
        let say = |o: examiner::IdleDate| format!("{}{closing}{}", texts.short_date(o.date), o.text);
        let lines = examiner::otherwise(plan, state, x).into_iter().map(say).collect();
        told.examiners.entry(x).and_modify(|why| why.otherwise = lines);
    }
    told.rules = RULES
        .iter()
        .filter(|rule| cited.contains(rule.name))
        .map(|rule| RuleLine { name: rule.name, summary: (rule.summary)(), source: (rule.source)() })
        .collect();
    told
}

fn total(shares: &[Share]) -> i64 {
    shares.iter().map(|s| s.cost).sum()
}

fn dearest<T: Ord>(all: impl Iterator<Item = (i64, T)>) -> impl Iterator<Item = T> {
    let mut all: Vec<(i64, T)> = all.filter(|a| a.0 > 0).collect();
    all.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    all.into_iter().take(DEAREST).map(|a| a.1)
}

/// Need against supply, with how many there are in each half-day.
pub(super) fn scarcity(instance: &Instance) -> (Vec<NeedLine>, Vec<HalfDay>) {
    let lines = needs(instance).into_iter().take(NEEDS.0).enumerate().map(|(i, need)| NeedLine {
        orals: need.orals,
        needed: need.hours().0,
        available: need.hours().1,
        used: 100.0 * need.ratio(),
        average: need.average(instance),
        counts: if i < NEEDS.1 { need.supply.iter().map(|s| s.count).collect() } else { Vec::new() },
        name: need.name,
    });
    let halves = instance.dates.iter().flat_map(|&date| {
        instance.half_days.iter().map(move |h| HalfDay { date, from: Clock(h.from), to: Clock(h.to) })
    });
    (lines.collect(), halves.collect())
}
