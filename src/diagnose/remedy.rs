//! What would help: changes that somebody could decide, each priced by a plan made for it from the same start in the
//! same time as one without it, and by what is proven of both.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::conflict::Conflict;
use super::scarcity::Need;
use crate::explain::list;
use crate::instance::*;
use crate::lang::count;
use crate::lang::thousands;
use crate::mip::demand::Resource;
use crate::mip::{Limits, quick_bound};
use crate::tr;
use crate::whatif::edit::{Edit, edited};
use crate::whatif::{Effort, Planned, better, solve};

/// A change with what it buys.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Remedy {
    /// The changes of the instance.
    pub edits: Vec<Edit>,
    /// In words.
    pub text: String,
    /// Due orals left out without it, after the same search.
    pub left_before: usize,
    /// Due orals left out with it.
    pub left_after: usize,
    /// The cost without it, after the same search.
    pub cost_before: i64,
    /// The cost with it: never more, for the plan without it stays one with it.
    pub cost_after: i64,
    /// What no plan without it can cost less than (a quick bound).
    pub bound_before: i64,
    /// What no plan with it can cost less than.
    pub bound_after: i64,
    /// What it buys, in words.
    pub buys: String,
}

impl Remedy {
    /// The change and what it buys.
    pub fn priced(&self) -> String {
        let (text, buys) = (&self.text, &self.buys);
        tr!("{text}: {buys}", "{text} : {buys}")
    }
}

/// A change thought of, not yet priced.
struct Idea {
    text: String,
    edits: Vec<Edit>,
}

impl Idea {
    fn one(edit: Edit) -> Idea {
        Idea { text: edit.text(), edits: vec![edit] }
    }

    /// The first two together.
    fn together(ideas: &[Idea]) -> Option<Idea> {
        let [first, second, ..] = ideas else { return None };
        let text = list(&[&first.text, &second.text]);
        Some(Idea { text, edits: first.edits.iter().chain(&second.edits).cloned().collect() })
    }
}

/// The remedies that serve best, the best first; at most `most` are priced.
pub(super) fn priced(
    instance: &Instance,
    needs: &[Need],
    conflicts: &[Conflict],
    plan: &Planned,
    effort: &Effort,
    most: usize,
) -> Result<Vec<Remedy>, String> {
    let ideas = ideas(instance, needs, conflicts, plan);
    let ideas: Vec<Idea> = ideas.into_iter().take(most).collect();
    // A common start, the same search from it without and with each of them, and with two of them together.
    let each = effort.time.map_or(f64::INFINITY, |t| t.as_secs_f64() / (ideas.len() + 3) as f64);
    let bounding = (each * BOUND).min(LONGEST_BOUND);
    let searching = effort.lasting((each - bounding).min(LONGEST_SEARCH));
    let bounding = match effort.iterations {
        Some(_) => effort.limits(BOUND),
        None => effort.lasting(bounding).limits(1.0),
    };
    let start = solve(instance, Some(&plan.schedule), &searching)?;
    let control = solve(instance, Some(&start.schedule), &searching)?;
    if effort.stopped() {
        return Ok(Vec::new());
    }
    let trial = Trial { instance, effort: searching, bounding, start, bound: 0, control };
    let trial = Trial { bound: trial.bound(instance).min(trial.control.cost.total), ..trial };
    let together = Idea::together(&ideas);
    let mut remedies = Vec::new();
    for idea in ideas {
        remedies.extend(trial.of(idea)?);
    }
    // Where two things are short, more of one alone buys nothing.
    if trial.control.unscheduled > 0 && remedies.iter().all(|r| r.left_after >= r.left_before) {
        remedies.extend(together.map(|idea| trial.of(idea)).transpose()?.flatten());
    }
    remedies.sort_by_key(|r| (r.left_after, r.cost_after));
    Ok(remedies)
}

/// What every remedy is held against.
struct Trial<'a> {
    instance: &'a Instance,
    effort: Effort<'a>,
    /// What each bound may use.
    bounding: Limits,
    start: Planned,
    control: Planned,
    /// What no plan without a remedy can cost less than.
    bound: i64,
}

impl Trial<'_> {
    fn bound(&self, instance: &Instance) -> i64 {
        quick_bound(instance, &self.bounding.anew())
    }

    /// The price of a change; none if it makes no instance, or was stopped before it had its time.
    fn of(&self, idea: Idea) -> Result<Option<Remedy>, String> {
        if self.effort.stopped() {
            return Ok(None);
        }
        let Ok(changed) = edited(self.instance, &idea.edits) else { return Ok(None) };
        // The plan without it stays one with it.
        let with = better(&changed, solve(&changed, Some(&self.start.schedule), &self.effort)?, &self.control);
        if self.effort.stopped() {
            return Ok(None);
        }
        let bound = self.bound(&changed).min(with.cost.total);
        Ok(Some(remedy(idea, (&self.control, self.bound), (&with, bound))))
    }
}

/// A difference below this part of the whole is the search's own, and says nothing.
const LITTLE: i64 = 1000;

/// The share of the time of each search that its bound may take, and the most that bound and search take, in seconds.
const BOUND: f64 = 0.3;
const LONGEST_BOUND: f64 = 5.0;
const LONGEST_SEARCH: f64 = 3600.0;

fn remedy(idea: Idea, (control, bound_before): (&Planned, i64), (with, bound_after): (&Planned, i64)) -> Remedy {
    let (before, after) = (control.unscheduled, with.unscheduled);
    let (cost_before, cost_after) = (control.cost.total, with.cost.total);
    let by = thousands((cost_before - cost_after).abs());
    let mut buys = if after < before {
        let more = count(before - after, &tr!("more oral", "oral de plus"), &tr!("more orals", "oraux de plus"));
        tr!(
            "{more} heard ({before} left out without it, {after} with it)",
            "{more} ({before} sans passage sans cela, {after} avec)"
        )
    } else if after == before && cost_before - cost_after > cost_before / LITTLE {
        let (at, without) = (thousands(cost_after), thousands(cost_before));
        tr!(
            "a cost {by} lower ({without} without it, {at} with it)",
            "un coût de {by} moindre ({without} sans cela, {at} avec)"
        )
    } else {
        tr!("nothing that so short a search could show", "rien qu'une recherche si courte puisse montrer")
    };
    if (bound_before - bound_after).abs() > bound_before / LITTLE {
        let (without, with) = (thousands(bound_before), thousands(bound_after));
        buys += &tr!(
            "; proven bound {without} without it, {with} with it",
            " ; borne prouvée : {without} sans cela, {with} avec"
        );
    }
    Remedy {
        edits: idea.edits,
        text: idea.text,
        left_before: before,
        left_after: after,
        cost_before,
        cost_after,
        bound_before,
        bound_after,
        buys,
    }
}

/// What could help, the most promising first: against each conflict, then against what is scarce.
fn ideas(instance: &Instance, needs: &[Need], conflicts: &[Conflict], plan: &Planned) -> Vec<Idea> {
    let mut ideas: Vec<Idea> = Vec::new();
    // One thought for each conflict before second thoughts.
    let mut thoughts: Vec<Vec<Idea>> = conflicts.iter().map(|c| against(instance, c)).collect();
    let left: Vec<OralIx> = plan
        .schedule
        .unscheduled
        .iter()
        .filter_map(|l| instance.oral(instance.candidate(&l.candidate)?, instance.regulation.exam(&l.exam)?))
        .collect();
    thoughts.push(scarce(instance, needs));
    let longest = thoughts.iter().map(Vec::len).max().unwrap_or(0);
    let mut queues: Vec<_> = thoughts.into_iter().map(Vec::into_iter).collect();
    for _ in 0..longest {
        ideas.extend(queues.iter_mut().filter_map(Iterator::next));
    }
    if !left.is_empty() {
        ideas.extend(waivers(instance, &left));
    }
    let mut seen = BTreeSet::new();
    ideas.retain(|i| !i.edits.is_empty() && seen.insert(i.edits.clone()));
    ideas
}

fn against(instance: &Instance, conflict: &Conflict) -> Vec<Idea> {
    let mut ideas = Vec::new();
    for resource in &conflict.resources {
        match resource {
            Resource::Seat(k, s) => {
                let own = conflict.members.iter().find(|&&o| instance.exam_of(o).commission == *k);
                let language = own.and_then(|&o| instance.orals[o].language.as_deref()).unwrap_or("?");
                let seat = &instance.regulation.commissions[*k].seats[*s];
                let mut wanted: Vec<String> =
                    seat.any_of.first().into_iter().flatten().chain(&seat.prefers).cloned().collect();
                wanted.iter_mut().for_each(|q| *q = q.replace("{language}", language));
                let mut seen = BTreeSet::new();
                wanted.retain(|q| seen.insert(q.clone()));
                ideas.push(Idea::one(Edit::Examiner { qualifications: wanted, dates: Vec::new() }));
            }
            Resource::Rooms(z, ..) => ideas.push(Idea::one(Edit::Room { centre: instance.centres[*z].id.clone() })),
            Resource::Preparation(z) => {
                ideas.push(Idea::one(Edit::PreparationSeats { centre: instance.centres[*z].id.clone(), seats: 4 }));
            }
            Resource::CandidateDay => ideas.push(Idea::one(Edit::OralsADay)),
            Resource::Examiner(_) => {}
        }
    }
    let limited: Vec<Edit> = conflict
        .resources
        .iter()
        .filter_map(|r| match r {
            Resource::Examiner(x) if instance.examiners[*x].max_days.is_some() => {
                Some(Edit::MoreDays { examiner: instance.examiners[*x].id.clone() })
            }
            _ => None,
        })
        .collect();
    ideas.push(Idea::one(Edit::Longer { minutes: 60 }));
    if conflict.resources.iter().any(|r| matches!(r, Resource::Seat(..))) {
        ideas.extend(waivers(instance, &conflict.members));
    }
    if !limited.is_empty() {
        let n = limited.len();
        ideas.push(Idea {
            text: tr!("one more day of each of {n} examiners", "un jour de plus de chacun de {n} interrogateurs"),
            edits: limited,
        });
    }
    ideas
}

/// Waivers for all of these orals before whoever may not hear them, if there are any such people.
fn waivers(instance: &Instance, orals: &[OralIx]) -> Vec<Idea> {
    let mut pairs = BTreeSet::new();
    for &o in orals {
        let (c, language) = (instance.orals[o].candidate, instance.orals[o].language.as_deref());
        for seat in instance.commission_of(o).seats.iter().filter(|s| s.required) {
            let kept = instance
                .examiners
                .enumerate()
                .filter(|(x, who)| seat.accepts(&who.qualifications, language) && instance.partial(c, *x));
            pairs.extend(kept.map(|(x, _)| (c, x)));
        }
    }
    if pairs.is_empty() {
        return Vec::new();
    }
    let people: BTreeSet<&str> = pairs.iter().map(|(_, x)| instance.examiners[*x].id.as_str()).collect();
    let candidates: BTreeSet<CandidateIx> = pairs.iter().map(|(c, _)| *c).collect();
    let n = count(candidates.len(), &tr!("candidate", "candidat"), &tr!("candidates", "candidats"));
    let (n, who) = (n, list(&people.into_iter().collect::<Vec<_>>()));
    let edits = pairs
        .into_iter()
        .map(|(c, x)| Edit::Waiver {
            candidate: instance.candidates[c].id.clone(),
            examiner: instance.examiners[x].id.clone(),
        })
        .collect();
    let text = tr!(
        "waivers by which {who} may hear {n} of their own schools",
        "des dérogations pour que {who} entendent {n} de leurs établissements"
    );
    vec![Idea { text, edits }]
}

/// One more of each of the scarcest means; people on the two dates on which fewest are free.
fn scarce(instance: &Instance, needs: &[Need]) -> Vec<Idea> {
    let mut ideas = Vec::new();
    for need in needs.iter().filter(|n| n.orals > 0) {
        let centre = need.centres.first().cloned();
        match (need.kind.as_str(), centre) {
            ("seat", _) => {
                let mut dates: Vec<(i64, chrono::NaiveDate)> = instance
                    .dates
                    .iter()
                    .filter(|&d| instance.centres.iter().any(|z| z.open.contains_key(d)))
                    .map(|&d| (need.supply.iter().filter(|s| s.date == d).map(|s| s.minutes).sum(), d))
                    .collect();
                dates.sort();
                let mut dates: Vec<_> = dates.into_iter().take(2).map(|(_, d)| d).collect();
                dates.sort();
                ideas.push(Idea::one(Edit::Examiner { qualifications: need.profile.clone(), dates }));
            }
            ("room", Some(centre)) => ideas.push(Idea::one(Edit::Room { centre })),
            ("preparation", Some(centre)) => ideas.push(Idea::one(Edit::PreparationSeats { centre, seats: 4 })),
            _ => {}
        }
    }
    let closed = instance.centres.iter().flat_map(|z| {
        instance
            .dates
            .iter()
            .filter(|d| !z.open.contains_key(d))
            .map(|&date| Edit::CentreDay { centre: z.id.clone(), date })
    });
    let second = ideas.len().min(1);
    let mut more: Vec<Idea> = vec![Idea::one(Edit::Longer { minutes: 60 })];
    more.extend(closed.take(1).map(Idea::one));
    ideas.splice(second..second, more);
    ideas
}
