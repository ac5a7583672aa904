//! Sets of orals that cannot all be heard, from the relaxed model. Looked for first in small families (one kind of
//! commission or one school in the same few places), then in the demands that the proof speaks of; then whole exams and
//! schools are left away as long as the rest still contradicts itself, then as many orals of each demand as can be: what
//! is left becomes possible, for the model, without any one of its orals.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::words;
use crate::instance::*;
use crate::mip::demand::{Answer, Relaxed, Resource};
use crate::mip::{Limits, Until};

/// Orals that cannot all be heard.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Conflict {
    /// The orals, candidate and exam of each.
    pub orals: Vec<(String, String)>,
    /// At least so many of them have no sitting in any schedule.
    pub missing: usize,
    /// Whether every oral of the set was tried and cannot be left away; not, where the time ran out.
    pub irreducible: bool,
    /// Why, in words.
    pub text: String,
    /// What they are short of.
    #[serde(skip)]
    pub resources: BTreeSet<Resource>,
    /// The same as orals of the instance.
    #[serde(skip)]
    pub members: Vec<OralIx>,
}

/// How many sets are sought.
const SETS: usize = 3;

/// How many families are tried for each, the small ones first.
const FAMILIES: usize = 120;

/// So long other ways to a smaller set are tried, or for such a share of the work: whoever asks what is scarce waits for it.
const MORE: (Duration, f64) = (Duration::from_secs(3), 0.1);

/// What is left away first: short orals, so that few long ones stay, or small groups, so that few groups stay.
#[derive(Clone, Copy)]
enum Order {
    ShortFirst,
    FewFirst,
}

/// What the demands of a family have in common besides their places.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Commission(CommissionIx, Option<String>),
    School(CommissionIx, Option<SchoolIx>),
    Accessible,
    Equipped,
}

/// At least how many due orals have no sitting in any schedule, besides those that are `hopeless` alone; and sets of
/// orals that cannot all be heard, without a common demand, each irreducible; none if the model sees no contradiction.
pub fn conflicts(instance: &Instance, hopeless: &BTreeSet<OralIx>, limits: &Limits) -> (usize, Vec<Conflict>) {
    let end = limits.end();
    let mut relaxed = Relaxed::new(instance, false);
    for demand in &mut relaxed.demands {
        demand.orals.retain(|o| !hopeless.contains(o));
    }
    let mut counts: Vec<usize> = relaxed.demands.iter().map(|d| d.orals.len()).collect();
    let mut found = Vec::new();
    let mut least = 0;
    while found.len() < SETS {
        let Some(answer) = relaxed.ask(&counts, limits, end).filter(|a| !a.feasible()) else { break };
        if found.is_empty() {
            least = missing(&answer);
        }
        let mut search = Search { relaxed: &mut relaxed, limits, end, out_of_time: false };
        let (own, answer) = search.smallest(&counts, answer);
        let irreducible = !search.out_of_time;
        let members: Vec<OralIx> =
            own.iter().zip(&relaxed.demands).flat_map(|(&n, demand)| demand.orals[..n].iter().copied()).collect();
        // The next set has none of these demands.
        counts.iter_mut().zip(&own).filter(|(_, n)| **n > 0).for_each(|(all, _)| *all = 0);
        found.push(conflict(instance, members, when(&relaxed, &own), &answer, irreducible));
    }
    (least, found)
}

/// Orals are whole: a fraction left out is one left out.
fn missing(answer: &Answer) -> usize {
    (answer.left - 1e-3).ceil().max(1.0) as usize
}

/// The half-days, by date and number, in which any of so many of each demand may be heard.
fn when(relaxed: &Relaxed, own: &[usize]) -> BTreeSet<(NaiveDate, usize)> {
    let instance = relaxed.instance();
    let places = (0..own.len()).filter(|&d| own[d] > 0).flat_map(|d| relaxed.places(d));
    let numbered = |(_, date, time): (CentreIx, DateIx, Interval)| {
        let half = instance.half_days.iter().position(|h| h.meets(time));
        half.map(|h| (instance.dates[date], h))
    };
    places.filter_map(numbered).collect()
}

fn conflict(
    instance: &Instance,
    members: Vec<OralIx>,
    when: BTreeSet<(NaiveDate, usize)>,
    answer: &Answer,
    irreducible: bool,
) -> Conflict {
    let name =
        |&o: &OralIx| (instance.candidates[instance.orals[o].candidate].id.clone(), instance.exam_of(o).id.clone());
    let missing = missing(answer);
    Conflict {
        orals: members.iter().map(name).collect(),
        missing,
        irreducible,
        text: words::conflict(instance, &members, &when, missing, &answer.resources),
        resources: answer.resources.clone(),
        members,
    }
}

struct Search<'r, 'a> {
    relaxed: &'r mut Relaxed<'a>,
    limits: &'r Limits,
    end: Until,
    out_of_time: bool,
}

impl Search<'_, '_> {
    /// The answer for so many of each demand, if they contradict one another.
    fn contradicts(&mut self, counts: &[usize]) -> Option<Answer> {
        let answer = self.relaxed.ask(counts, self.limits, self.end);
        self.out_of_time |= answer.is_none();
        answer.filter(|a| !a.feasible())
    }

    /// A contradiction of as few orals as were found: within the smallest family that is one, or within what the proof
    /// of the whole speaks of, whichever is smaller in the end.
    fn smallest(&mut self, counts: &[usize], answer: Answer) -> (Vec<usize>, Answer) {
        let (half, more) = (self.limits.before(self.end, 0.5), self.limits.part(self.end, MORE.0, MORE.1));
        let mut starts = vec![(self.named(counts, &answer), answer)];
        starts.extend(self.family(counts, half));
        let mut best: Option<(Vec<usize>, Answer)> = None;
        for (own, answer) in starts.into_iter().rev() {
            for order in [Order::ShortFirst, Order::FewFirst] {
                if best.is_some() && (self.out_of_time || !self.limits.goes_on(more)) {
                    break;
                }
                let found = self.reduced(own.clone(), answer.clone(), order);
                match &best {
                    // One that was finished is worth more than a smaller one that was not.
                    Some(_) if self.out_of_time => self.out_of_time = false,
                    Some(kept) if total(&kept.0) <= total(&found.0) => {}
                    _ => best = Some(found),
                }
            }
        }
        best.expect("there is at least one start")
    }

    /// The demands that the proof speaks of. It holds without the others; the solver's rounding may say otherwise.
    fn named(&mut self, counts: &[usize], answer: &Answer) -> Vec<usize> {
        let mut own = vec![0; counts.len()];
        answer.demands.iter().for_each(|&d| own[d] = counts[d]);
        if self.contradicts(&own).is_some() { own } else { counts.to_vec() }
    }

    /// The smallest family of demands that contradict one another: those that may be heard only in the same few places,
    /// all of them, or those of one kind of commission, of one school, or of the candidates who need accessible rooms. Families
    /// are tried until `half`; the rest is for leaving away.
    fn family(&mut self, counts: &[usize], half: Until) -> Option<(Vec<usize>, Answer)> {
        let instance = self.relaxed.instance();
        let present: Vec<usize> = (0..counts.len()).filter(|&d| counts[d] > 0).collect();
        let places: BTreeMap<usize, _> = present.iter().map(|&d| (d, self.relaxed.places(d))).collect();
        let kinds: BTreeSet<_> = places.values().cloned().collect();
        let mut families: BTreeSet<Vec<usize>> = BTreeSet::new();
        for within in &kinds {
            let own: Vec<usize> = present.iter().copied().filter(|d| places[d].is_subset(within)).collect();
            let first = |d: &usize| self.relaxed.demands[*d].orals[0];
            let mut groups: BTreeMap<Group, Vec<usize>> = BTreeMap::new();
            for &d in &own {
                let o = first(&d);
                let candidate = &instance.candidates[instance.orals[o].candidate];
                let language = instance.orals[o].language.clone();
                groups.entry(Group::Commission(instance.exam_of(o).commission, language)).or_default().push(d);
                groups.entry(Group::School(instance.exam_of(o).commission, candidate.school)).or_default().push(d);
                if candidate.needs_accessible {
                    groups.entry(Group::Accessible).or_default().push(d);
                }
                if !instance.exam_of(o).equipment.is_empty() {
                    groups.entry(Group::Equipped).or_default().push(d);
                }
            }
            families.insert(own);
            families.extend(groups.into_values());
        }
        let size = |family: &Vec<usize>| family.iter().map(|&d| counts[d]).sum::<usize>();
        let mut families: Vec<Vec<usize>> = families.into_iter().filter(|f| size(f) > 1).collect();
        families.sort_by_key(size);
        // A family is small only beside the whole.
        families.retain(|f| f.len() < present.len());
        families.truncate(FAMILIES);
        for family in families {
            if self.out_of_time || !self.limits.goes_on(half) {
                return None;
            }
            let mut own = vec![0; counts.len()];
            family.iter().for_each(|&d| own[d] = counts[d]);
            if let Some(answer) = self.contradicts(&own) {
                return Some((own, answer));
            }
        }
        None
    }

    /// As few of each demand as still contradict one another: whole exams and schools go first, then single demands.
    fn reduced(&mut self, mut own: Vec<usize>, mut answer: Answer, order: Order) -> (Vec<usize>, Answer) {
        for grouped in [Self::by_exam, Self::by_exam_and_school] {
            for group in grouped(self, &own, order) {
                let mut fewer = own.clone();
                group.iter().for_each(|&d| fewer[d] = 0);
                if total(&fewer) > 0
                    && let Some(smaller) = self.contradicts(&fewer)
                {
                    (own, answer) = (fewer, smaller);
                }
            }
        }
        let mut single: Vec<usize> = (0..own.len()).filter(|&d| own[d] > 0).collect();
        single.sort_by_key(|&d| self.rank(&[d], &own, order));
        for d in single {
            // Between a number known to be possible and one known to contradict.
            let (mut possible, mut contradicting) = (0, own[d]);
            let mut none = own.clone();
            none[d] = 0;
            if let Some(smaller) = self.contradicts(&none) {
                (own, answer) = (none, smaller);
                continue;
            }
            while contradicting - possible > 1 && !self.out_of_time {
                let mut fewer = own.clone();
                fewer[d] = (possible + contradicting) / 2;
                match self.contradicts(&fewer) {
                    Some(smaller) => {
                        contradicting = fewer[d];
                        (own, answer) = (fewer, smaller);
                    }
                    None => possible = fewer[d],
                }
            }
        }
        (own, answer)
    }

    fn by_exam(&self, own: &[usize], order: Order) -> Vec<Vec<usize>> {
        let instance = self.relaxed.instance();
        self.grouped(own, order, &|o| (instance.orals[o].exam, None))
    }

    fn by_exam_and_school(&self, own: &[usize], order: Order) -> Vec<Vec<usize>> {
        let instance = self.relaxed.instance();
        let school = |o: OralIx| instance.candidates[instance.orals[o].candidate].school;
        self.grouped(own, order, &|o| (instance.orals[o].exam, school(o)))
    }

    /// The demands in groups, those first that are left away first.
    fn grouped(
        &self,
        own: &[usize],
        order: Order,
        key: &dyn Fn(OralIx) -> (ExamIx, Option<SchoolIx>),
    ) -> Vec<Vec<usize>> {
        let mut groups: BTreeMap<(ExamIx, Option<SchoolIx>), Vec<usize>> = BTreeMap::new();
        for (d, demand) in self.relaxed.demands.iter().enumerate().filter(|(d, _)| own[*d] > 0) {
            groups.entry(key(demand.orals[0])).or_default().push(d);
        }
        let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
        groups.sort_by_key(|g| self.rank(g, own, order));
        groups
    }

    /// What is left away first has the least rank.
    fn rank(&self, group: &[usize], own: &[usize], order: Order) -> (i64, usize) {
        let instance = self.relaxed.instance();
        let o = self.relaxed.demands[group[0]].orals[0];
        let minutes = i64::from(instance.orals[o].duration + instance.exam_of(o).turnaround);
        let orals: usize = group.iter().map(|&d| own[d]).sum();
        match order {
            Order::ShortFirst => (minutes, orals),
            Order::FewFirst => (orals as i64, 0),
        }
    }
}

fn total(counts: &[usize]) -> usize {
    counts.iter().sum()
}
