//! Sets of orals that cannot all be heard, from the relaxed model. First the demands that the proof speaks of, then
//! whole exams and schools are left away as long as the rest still contradicts itself, then as many orals of each
//! demand as can be: what is left becomes possible, for the model, without any one of its orals.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use serde::Serialize;

use super::words;
use crate::instance::*;
use crate::mip::demand::{Answer, Relaxed, Resource};

/// Orals that cannot all be heard.
#[derive(Clone, Debug, Serialize)]
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

/// At least how many due orals have no sitting in any schedule, besides those that are `hopeless` alone; and sets of
/// orals that cannot all be heard, without a common demand, each irreducible; none if the model sees no contradiction.
pub fn conflicts(instance: &Instance, hopeless: &BTreeSet<OralIx>, deadline: Instant) -> (usize, Vec<Conflict>) {
    let mut relaxed = Relaxed::new(instance);
    for demand in &mut relaxed.demands {
        demand.orals.retain(|o| !hopeless.contains(o));
    }
    let mut counts: Vec<usize> = relaxed.demands.iter().map(|d| d.orals.len()).collect();
    let mut found = Vec::new();
    let mut least = 0;
    while found.len() < SETS {
        let Some(answer) = relaxed.ask(&counts, deadline).filter(|a| !a.feasible()) else { break };
        if found.is_empty() {
            least = missing(&answer);
        }
        let mut search = Search { relaxed: &mut relaxed, deadline, out_of_time: false };
        let (own, answer) = search.reduced(&counts, answer);
        let irreducible = !search.out_of_time;
        let members: Vec<OralIx> =
            own.iter().zip(&relaxed.demands).flat_map(|(&n, demand)| demand.orals[..n].iter().copied()).collect();
        // The next set has none of these demands.
        counts.iter_mut().zip(&own).filter(|(_, n)| **n > 0).for_each(|(all, _)| *all = 0);
        found.push(conflict(instance, members, &answer, irreducible));
    }
    (least, found)
}

/// Orals are whole: a fraction left out is one left out.
fn missing(answer: &Answer) -> usize {
    (answer.left - 1e-3).ceil().max(1.0) as usize
}

fn conflict(instance: &Instance, members: Vec<OralIx>, answer: &Answer, irreducible: bool) -> Conflict {
    let name =
        |&o: &OralIx| (instance.candidates[instance.orals[o].candidate].id.clone(), instance.exam_of(o).id.clone());
    let missing = missing(answer);
    Conflict {
        orals: members.iter().map(name).collect(),
        missing,
        irreducible,
        text: words::conflict(instance, &members, missing, &answer.resources),
        resources: answer.resources.clone(),
        members,
    }
}

struct Search<'r, 'a> {
    relaxed: &'r mut Relaxed<'a>,
    deadline: Instant,
    out_of_time: bool,
}

impl Search<'_, '_> {
    /// The answer for so many of each demand, if they contradict one another.
    fn contradicts(&mut self, counts: &[usize]) -> Option<Answer> {
        let answer = self.relaxed.ask(counts, self.deadline);
        self.out_of_time |= answer.is_none();
        answer.filter(|a| !a.feasible())
    }

    /// As few of each demand as still contradict one another.
    fn reduced(&mut self, counts: &[usize], mut answer: Answer) -> (Vec<usize>, Answer) {
        let mut own = vec![0; counts.len()];
        answer.demands.iter().for_each(|&d| own[d] = counts[d]);
        // The proof holds without the demands that it does not speak of; the solver's rounding may say otherwise.
        match self.contradicts(&own) {
            Some(smaller) => answer = smaller,
            None => own.copy_from_slice(counts),
        }
        for grouped in [Self::by_exam, Self::by_exam_and_school] {
            for group in grouped(self, &own) {
                let mut fewer = own.clone();
                group.iter().for_each(|&d| fewer[d] = 0);
                if let Some(smaller) = self.contradicts(&fewer) {
                    (own, answer) = (fewer, smaller);
                }
            }
        }
        for d in 0..own.len() {
            // Between a number known to be possible and one known to contradict.
            let (mut possible, mut contradicting) = (0, own[d]);
            if contradicting == 0 {
                continue;
            }
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

    fn by_exam(&self, own: &[usize]) -> Vec<Vec<usize>> {
        let instance = self.relaxed.instance();
        self.grouped(own, &|o| (instance.orals[o].exam, None))
    }

    fn by_exam_and_school(&self, own: &[usize]) -> Vec<Vec<usize>> {
        let instance = self.relaxed.instance();
        self.grouped(own, &|o| (instance.orals[o].exam, instance.candidates[instance.orals[o].candidate].school))
    }

    /// The demands in groups, the small ones first: what is left at the end is rather one large group than many.
    fn grouped(&self, own: &[usize], key: &dyn Fn(OralIx) -> (ExamIx, Option<SchoolIx>)) -> Vec<Vec<usize>> {
        let mut groups: BTreeMap<(ExamIx, Option<SchoolIx>), Vec<usize>> = BTreeMap::new();
        for (d, demand) in self.relaxed.demands.iter().enumerate().filter(|(d, _)| own[*d] > 0) {
            groups.entry(key(demand.orals[0])).or_default().push(d);
        }
        let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
        groups.sort_by_key(|g| g.iter().map(|&d| own[d]).sum::<usize>());
        groups
    }
}
