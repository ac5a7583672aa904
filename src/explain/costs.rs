//! Where the cost of a plan comes from: term by term, biggest first, with who, where and when drives each, and what
//! no plan avoids.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::{Share, list, percent};
use crate::instance::*;
use crate::lang::thousands;
use crate::objective;
use crate::parts::Bearer;
use crate::rules::{TERMS, Term, ToldOf};
use crate::schedule::Plan;
use crate::tr;

/// Where the cost comes from.
#[derive(Clone, Debug, Serialize)]
pub struct Story {
    /// The cost.
    pub total: i64,
    /// What no plan can cost less than, if the schedule says so.
    pub bound: Option<i64>,
    /// The whole in one or two sentences.
    pub summary: String,
    /// Term by term, biggest first.
    pub terms: Vec<TermStory>,
    /// What no plan avoids of the candidates' kilometres.
    pub unavoidable_km: Unavoidable,
    /// The dearest examiners, centres, dates, candidates and schools, over all terms.
    pub drivers: Vec<Dimension>,
}

/// One cost term.
#[derive(Clone, Debug, Serialize)]
pub struct TermStory {
    /// Its name.
    pub term: &'static str,
    /// How many units.
    pub units: i64,
    /// Units × weight.
    pub cost: i64,
    /// Of the whole, in per cent.
    pub share: f64,
    /// What it is and what drives it.
    pub sentence: String,
}

/// The kilometres that candidates travel in every plan.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Unavoidable {
    /// Kilometres to each candidate's nearest centre, once for each date that their orals need at least.
    pub km: i64,
    /// Kilometres in this plan.
    pub travelled: i64,
    /// What the unavoidable ones cost.
    pub cost: i64,
}

/// What the cost is split by.
#[derive(Clone, Debug, Serialize)]
pub struct Dimension {
    /// `examiner`, `centre`, `date`, `candidate` or `school`.
    pub by: &'static str,
    /// The dearest few, dearest first.
    pub dearest: Vec<Driver>,
}

impl Dimension {
    /// The dearest few with what they cost, in one line.
    pub fn named(&self) -> String {
        let said = |d: &Driver| [d.id.as_str(), d.name.as_str(), &thousands(d.cost)].join(" ").replace("  ", " ");
        self.dearest.iter().map(said).collect::<Vec<_>>().join(", ")
    }
}

/// Somebody or something with what it costs.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Driver {
    /// Its id, or the date.
    pub id: String,
    /// Its name, where it has one.
    pub name: String,
    /// What is charged to it.
    pub cost: i64,
}

/// How many of the dearest are named.
const NAMED: usize = 5;

/// What each bearer is charged, in all.
#[derive(Default)]
struct Tally {
    examiners: BTreeMap<ExaminerIx, i64>,
    candidates: BTreeMap<CandidateIx, i64>,
    schools: BTreeMap<SchoolIx, i64>,
    centres: BTreeMap<CentreIx, i64>,
    dates: BTreeMap<NaiveDate, i64>,
}

impl Tally {
    fn add(&mut self, instance: &Instance, bearer: &Bearer, cost: i64) {
        fn to<K: Ord>(map: &mut BTreeMap<K, i64>, key: Option<K>, cost: i64) {
            if let Some(key) = key {
                *map.entry(key).or_default() += cost;
            }
        }
        to(&mut self.examiners, bearer.examiner, cost);
        to(&mut self.candidates, bearer.candidate, cost);
        to(&mut self.schools, bearer.candidate.and_then(|c| instance.candidates[c].school), cost);
        to(&mut self.centres, bearer.centre, cost);
        to(&mut self.dates, bearer.date, cost);
    }
}

/// Tells where the cost of a plan comes from.
pub fn story(plan: &Plan) -> Story {
    let (instance, cost) = (plan.instance, objective::evaluate(plan));
    let charges = objective::charges(plan);
    let unavoidable = unavoidable(plan);
    let mut all = Tally::default();
    let mut terms = Vec::new();
    for term in TERMS.iter() {
        let Some(part) = cost.terms.get(term.name) else { continue };
        let weight = i64::from((term.weight)(&instance.weights));
        let mut own = Tally::default();
        for charge in charges.get(term.name).into_iter().flatten() {
            own.add(instance, &charge.bearer, charge.units * weight);
            all.add(instance, &charge.bearer, charge.units * weight);
        }
        let share = if cost.total > 0 { 100.0 * part.cost as f64 / cost.total as f64 } else { 0.0 };
        let (units, total) = (part.units, part.cost);
        let mut sentence = said(plan, term, units);
        let (cost_text, of) = (thousands(total), percent(total, cost.total));
        sentence = tr!("{cost_text} ({of}): {sentence}.", "{cost_text} ({of}) : {sentence}.");
        if term.name == "candidate_km" && unavoidable.travelled > 0 {
            let (km, of) = (thousands(unavoidable.km), percent(unavoidable.km, unavoidable.travelled));
            sentence += &tr!(
                " {km} km of them ({of}) lead to each candidate's nearest centre, on as few dates as their orals need: no plan avoids them.",
                " {km} km ({of}) mènent au centre le plus proche de chaque candidat, en aussi peu de jours que ses oraux le permettent : aucun planning ne les évite."
            );
        }
        if total > 0 {
            sentence += &driven(instance, term, &own);
        }
        terms.push(TermStory { term: term.name, units, cost: total, share, sentence });
    }
    terms.sort_by_key(|t| (std::cmp::Reverse(t.cost), t.term));
    let bound = plan.schedule.bound.filter(|&b| b <= cost.total && b > 0);
    Story {
        total: cost.total,
        bound,
        summary: summary(cost.total, bound, &terms),
        terms,
        unavoidable_km: unavoidable,
        drivers: dimensions(instance, &all),
    }
}

fn summary(total: i64, bound: Option<i64>, terms: &[TermStory]) -> String {
    let cost = thousands(total);
    let mut text = tr!("The plan costs {cost}.", "Le planning coûte {cost}.");
    if let Some(bound) = bound {
        let (at_least, rest) = (thousands(bound), percent(total - bound, total));
        text += &tr!(
            " No plan can cost less than {at_least} (proven), so at most {rest} can be saved.",
            " Aucun planning ne peut coûter moins de {at_least} (prouvé) : on peut gagner {rest} au plus."
        );
    }
    let mut named = Vec::new();
    let mut so_far = 0;
    for term in terms {
        if so_far * 5 >= total * 4 {
            break;
        }
        so_far += term.cost;
        named.push(term.term);
    }
    if named.len() < terms.len() && so_far > 0 {
        let (names, of) = (list(&named), percent(so_far, total));
        text += &tr!(" {of} of it: {names}.", " {of} en vient de : {names}.");
    }
    text
}

/// The units of a term in words.
fn said(plan: &Plan, term: &Term, units: i64) -> String {
    if let Some(said) = term.said {
        return said(plan, units as usize);
    }
    let (n, meaning) = (thousands(units), (term.summary)());
    let weight = thousands(i64::from((term.weight)(&plan.instance.weights)));
    tr!("{n} × {weight}: {meaning}", "{n} × {weight} : {meaning}")
}

/// The dearest bearers of a term, by what says most about it.
fn driven(instance: &Instance, term: &Term, own: &Tally) -> String {
    let people = || dearest(&own.examiners, |x| person(&instance.examiners[x].id, &instance.examiners[x].name));
    let schools = || dearest(&own.schools, |s| place(&instance.schools[s].name, &instance.schools[s].town));
    let centres = || dearest(&own.centres, |z| place(&instance.centres[z].name, &instance.centres[z].town));
    let dates = || dearest(&own.dates, |d| (d.to_string(), String::new()));
    let candidates = || dearest(&own.candidates, |c| person(&instance.candidates[c].id, &instance.candidates[c].name));
    let (who, drivers) = match term.told_of {
        ToldOf::Examiners => (tr!("Dearest examiners", "Interrogateurs les plus coûteux"), people()),
        ToldOf::Centres => (tr!("By centre", "Par centre"), centres()),
        ToldOf::Dates => (tr!("Most on", "Surtout le"), dates()),
        ToldOf::Schools => (tr!("Most from", "Surtout depuis"), schools()),
        ToldOf::Candidates => (tr!("Most for", "Surtout pour"), candidates()),
        ToldOf::Nobody => return String::new(),
    };
    if drivers.is_empty() {
        return String::new();
    }
    let named: Vec<String> = drivers
        .iter()
        .take(3)
        .map(|d| {
            let cost = thousands(d.cost);
            if d.name.is_empty() { format!("{} {cost}", d.id) } else { format!("{} {} {cost}", d.id, d.name) }
        })
        .collect();
    let named = named.join(", ");
    tr!(" {who}: {named}.", " {who} : {named}.")
}

fn person(id: &str, name: &str) -> (String, String) {
    (id.to_string(), if name == id { String::new() } else { name.to_string() })
}

fn place(name: &str, town: &str) -> (String, String) {
    (name.to_string(), if town.is_empty() { String::new() } else { format!("({town})") })
}

fn dearest<K: Copy + Ord>(map: &BTreeMap<K, i64>, name: impl Fn(K) -> (String, String)) -> Vec<Driver> {
    let mut all: Vec<(K, i64)> = map.iter().map(|(k, c)| (*k, *c)).filter(|(_, c)| *c > 0).collect();
    all.sort_by_key(|(k, c)| (std::cmp::Reverse(*c), *k));
    let named = all.into_iter().take(NAMED).map(|(k, cost)| {
        let (id, name) = name(k);
        Driver { id, name, cost }
    });
    named.collect()
}

fn dimensions(instance: &Instance, all: &Tally) -> Vec<Dimension> {
    let (examiners, candidates) = (&instance.examiners, &instance.candidates);
    vec![
        Dimension {
            by: "examiner",
            dearest: dearest(&all.examiners, |x| person(&examiners[x].id, &examiners[x].name)),
        },
        Dimension {
            by: "centre",
            dearest: dearest(&all.centres, |z| (instance.centres[z].id.clone(), instance.centres[z].name.clone())),
        },
        Dimension { by: "date", dearest: dearest(&all.dates, |d| (d.to_string(), String::new())) },
        Dimension {
            by: "candidate",
            dearest: dearest(&all.candidates, |c| person(&candidates[c].id, &candidates[c].name)),
        },
        Dimension {
            by: "school",
            dearest: dearest(&all.schools, |s| (instance.schools[s].id.clone(), instance.schools[s].name.clone())),
        },
    ]
}

/// The kilometres that no plan which hears as many orals of each candidate avoids: to the nearest of the centres that
/// hear any of them, on at least ⌈orals / `orals_a_day`⌉ dates.
fn unavoidable(plan: &Plan) -> Unavoidable {
    let instance = plan.instance;
    let mut found = Unavoidable::default();
    for (c, candidate) in instance.candidates.enumerate() {
        let heard: Vec<OralIx> = plan.of_candidate(c).filter_map(|s| s.sitting.oral).collect();
        for (_, day) in plan.candidate_days(c) {
            found.travelled += day.iter().find_map(|s| s.session.centre).map_or(0, |z| candidate.km[z]);
        }
        let counted = heard.iter().filter(|&&o| instance.exam_of(o).follows.is_none()).count() as u32;
        let days = i64::from(counted.div_ceil(instance.policy.orals_a_day.max(1)).max(u32::from(!heard.is_empty())));
        let hears = |z: &&CentreIx| {
            let only = &instance.centres[**z].exams;
            heard.iter().any(|&o| only.as_ref().is_none_or(|only| only.contains(&instance.orals[o].exam)))
        };
        let nearest = candidate.centres.iter().filter(hears).map(|&z| candidate.km[z]).min().unwrap_or(0);
        found.km += nearest * days;
    }
    found.cost = found.km * i64::from(instance.weights.candidate_km);
    found
}

/// What each candidate and each examiner is charged, term by term, dearest first.
#[derive(Default)]
pub struct Shares {
    candidates: BTreeMap<CandidateIx, Vec<Share>>,
    examiners: BTreeMap<ExaminerIx, Vec<Share>>,
}

impl Shares {
    /// Looks at every charge of a plan once.
    pub fn new(plan: &Plan) -> Shares {
        let charges = objective::charges(plan);
        let mut found = Shares::default();
        for term in TERMS.iter() {
            let weight = i64::from((term.weight)(&plan.instance.weights));
            for charge in charges.get(term.name).into_iter().flatten() {
                let candidate = charge.bearer.candidate.map(|c| found.candidates.entry(c).or_default());
                let examiner = charge.bearer.examiner.map(|x| found.examiners.entry(x).or_default());
                for own in candidate.into_iter().chain(examiner) {
                    match own.iter_mut().find(|s| s.term == term.name) {
                        Some(share) => {
                            share.units += charge.units;
                            share.cost += charge.units * weight;
                        }
                        None => own.push(Share { term: term.name, units: charge.units, cost: charge.units * weight }),
                    }
                }
            }
        }
        for own in found.candidates.values_mut().chain(found.examiners.values_mut()) {
            own.retain(|s| s.units != 0);
            own.sort_by_key(|s| (std::cmp::Reverse(s.cost), s.term));
        }
        found
    }

    /// What a candidate is charged.
    pub fn of_candidate(&self, c: CandidateIx) -> &[Share] {
        self.candidates.get(&c).map_or(&[], Vec::as_slice)
    }

    /// What an examiner is charged.
    pub fn of_examiner(&self, x: ExaminerIx) -> &[Share] {
        self.examiners.get(&x).map_or(&[], Vec::as_slice)
    }
}
