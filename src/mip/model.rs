//! The aggregated model: who is convened where on which dates, which candidates come, and how many sittings of
//! each kind each examiner hears there; hours are left out. Each row holds for every valid schedule, as
//! `docs/bound.md` argues row by row.

mod dates;
mod early;
mod examiners;

use std::collections::{BTreeMap, BTreeSet};

use super::windows::{self, Hours, Packing, Size};
use super::world::{Class, Kind, World};
use crate::instance::*;
use crate::linear::{Linear, Var};

/// A commission in one of its languages: the seats of a session.
type Body = (CommissionIx, Option<String>);

/// What a variable in whole numbers counts, in a slot.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Count {
    /// Days on which the centre is in use.
    Centre,
    /// Days on which members of a class come.
    Present(usize),
    /// Sessions of a kind of commission, in its language.
    Sessions(CommissionIx, Option<String>),
    /// Days on which an examiner is convened.
    Convened(ExaminerIx),
    /// The same of all of a profession.
    Crew(Vec<ExaminerIx>),
}

/// What a variable is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// Candidates in a slot.
    Candidates(usize),
    /// The centre, its sittings and sessions in a slot.
    Slot(usize),
    /// An examiner in a slot.
    Examiner(ExaminerIx, usize),
    /// Somebody over all slots.
    Sum,
}

/// Where a count is: a centre, and the number of the group of dates.
pub(super) type At = (CentreIx, usize);

/// A count with its variable; over all slots, where it has none.
pub(super) type Counted = (Count, Option<At>, Var);

/// The aggregated model, and what its variables mean.
pub(super) struct Aggregated {
    pub(super) linear: Linear,
    /// By variable.
    pub(super) about: Vec<About>,
    /// Those in whole numbers.
    pub(super) counts: Vec<Counted>,
    /// By slot, where it is.
    pub(super) at: Vec<At>,
}

/// Asked again and again while a model is built: whether anybody still waits for it. That of a large instance takes seconds.
pub(super) type Waiting<'w> = &'w dyn Fn() -> bool;

/// The model for cells grouped by centre and set of dates: one date each, or all dates together (coarser and
/// far smaller, and still a relaxation). None if nobody waits for it any more.
pub(super) fn build(world: &World, groups: &[Vec<DateIx>], waiting: Waiting) -> Option<Aggregated> {
    aggregated(world, groups, false, waiting)
}

/// The model over all dates together, with who is there told date by date; none if nobody waits for it any more.
pub(super) fn build_dated(world: &World, waiting: Waiting) -> Option<Aggregated> {
    aggregated(world, &[world.instance.dates.indices().collect()], true, waiting)
}

fn aggregated(world: &World, groups: &[Vec<DateIx>], dated: bool, waiting: Waiting) -> Option<Aggregated> {
    let mut b = Builder::new(world, groups, waiting);
    b.candidates()?;
    b.sittings();
    b.examiners()?;
    if dated {
        b.dates()?;
    }
    b.early()?;
    b.rooms();
    b.awaited()?;
    let at = b.slots.iter().map(|s| (s.centre, s.group)).collect();
    Some(Aggregated { linear: b.lp, about: b.about, counts: b.counts, at })
}

impl Aggregated {
    /// By profession, the days of its members in all.
    pub(super) fn totals(&self) -> BTreeMap<&[ExaminerIx], Var> {
        let mut totals: BTreeMap<&[ExaminerIx], (Var, bool, usize)> = BTreeMap::new();
        for (count, at, var) in &self.counts {
            if let Count::Crew(who) = count {
                let total = totals.entry(who).or_insert((*var, false, 0));
                total.2 += 1;
                if at.is_none() {
                    (total.0, total.1) = (*var, true);
                }
            }
        }
        // A profession with a single slot has no sum over all of them.
        totals.into_iter().filter(|(_, (_, sum, n))| *sum || *n == 1).map(|(who, (var, ..))| (who, var)).collect()
    }
}

/// A centre on the dates of one group.
struct Slot {
    centre: CentreIx,
    group: usize,
    /// Numbers of its cells.
    cells: Vec<usize>,
    /// (centre, date) pairs in use.
    days: Var,
}

/// The variables that make up a count, and the most that it can be.
type Part = (Vec<(Var, f64)>, f64);

struct Builder<'w, 'a> {
    world: &'w World<'a>,
    waiting: Waiting<'w>,
    lp: Linear,
    slots: Vec<Slot>,
    groups: usize,
    /// By class, oral and slot: members who are heard there.
    heard: Vec<Vec<Vec<Option<Var>>>>,
    /// By kind and slot: sittings.
    count: Vec<Vec<Option<Var>>>,
    /// By kind, seat and slot: sittings heard while that optional seat is empty.
    empty: BTreeMap<(usize, usize, usize), Var>,
    /// By body and slot: sessions.
    sessions: BTreeMap<(usize, usize), Var>,
    bodies: Vec<Body>,
    /// By kind, its body.
    body: Vec<usize>,
    /// By kind, seat and slot: what each holder hears.
    seated: BTreeMap<(usize, usize, usize), Vec<(ExaminerIx, Var)>>,
    /// By body, seat and slot: in how many sessions each holder sits.
    sits: BTreeMap<(usize, usize, usize), Vec<Var>>,
    shares: BTreeMap<(usize, Minutes), Vec<f64>>,
    /// Shares of a date, as found for an examiner with those dates and sizes of sittings.
    packings: BTreeMap<(Vec<Hours>, Vec<Size>), Vec<Packing>>,
    /// By examiner, group and dates on which they have the same hours somewhere: on how many of them they are convened in each centre.
    alike: BTreeMap<(ExaminerIx, usize, BTreeSet<usize>), Vec<Var>>,
    /// By cell, where the dates of a slot are told apart.
    days: BTreeMap<usize, dates::Day>,
    about: Vec<About>,
    counts: Vec<Counted>,
}

fn w(weight: u32) -> f64 {
    f64::from(weight)
}

impl<'w, 'a> Builder<'w, 'a> {
    fn new(world: &'w World<'a>, groups: &[Vec<DateIx>], waiting: Waiting<'w>) -> Self {
        let mut lp = Linear::default();
        let mut slots: Vec<Slot> = Vec::new();
        let (mut counts, mut about) = (Vec::new(), Vec::new());
        for centre in world.instance.centres.indices() {
            for (group, dates) in groups.iter().enumerate() {
                let all = world.cells.iter().enumerate();
                let cells: Vec<usize> =
                    all.filter(|(_, c)| c.centre == centre && dates.contains(&c.date)).map(|(i, _)| i).collect();
                if !cells.is_empty() {
                    let days = lp.var(w(world.instance.weights.centre_days), cells.len() as f64, true);
                    about.push(About::Slot(slots.len()));
                    counts.push((Count::Centre, Some((centre, group)), days));
                    slots.push(Slot { centre, group, cells, days });
                }
            }
        }
        let mut bodies: Vec<Body> = world.kinds.iter().map(|k| (k.commission, k.language.clone())).collect();
        bodies.sort();
        bodies.dedup();
        let body = world
            .kinds
            .iter()
            .map(|k| bodies.iter().position(|b| b.0 == k.commission && b.1 == k.language).expect("collected above"))
            .collect();
        let count = vec![vec![None; slots.len()]; world.kinds.len()];
        Builder {
            world,
            waiting,
            lp,
            slots,
            groups: groups.len(),
            heard: Vec::new(),
            count,
            empty: BTreeMap::new(),
            sessions: BTreeMap::new(),
            bodies,
            body,
            seated: BTreeMap::new(),
            sits: BTreeMap::new(),
            shares: BTreeMap::new(),
            packings: BTreeMap::new(),
            alike: BTreeMap::new(),
            days: BTreeMap::new(),
            about,
            counts,
        }
    }

    fn var(&mut self, about: About, cost: f64, upper: f64, integer: bool) -> Var {
        self.about.push(about);
        self.lp.var(cost, upper, integer)
    }

    /// None if nobody waits for the model any more.
    fn awaited(&self) -> Option<()> {
        (self.waiting)().then_some(())
    }

    fn kinds_of(&self, body: usize) -> Vec<usize> {
        (0..self.body.len()).filter(|&t| self.body[t] == body).collect()
    }

    /// Candidates: what is heard where, their dates, centres, kilometres and waiting.
    fn candidates(&mut self) -> Option<()> {
        let (world, instance) = (self.world, self.world.instance);
        let (weights, policy) = (&instance.weights, &instance.policy);
        for (number, class) in world.classes.iter().enumerate() {
            self.awaited()?;
            let m = class.members.len() as f64;
            let wait = f64::from(class.gap) * w(weights.candidate_wait);
            let mut heard: Vec<Vec<Option<Var>>> = Vec::new();
            // Each candidate needs so many dates, less at most one for each of these orals left out.
            let (mut days, mut counted) = (Vec::new(), 0u32);
            for oral in &class.orals {
                // A block that follows another adds no gap, and its preparation may lie inside that block.
                let cost = match oral.lead {
                    None => wait,
                    Some(_) => -f64::from(oral.preparation) * w(weights.candidate_wait),
                };
                let places = self.slots.iter().map(|s| s.cells.iter().any(|&c| oral.allowed[c])).collect::<Vec<_>>();
                let here = |(j, a): (usize, bool)| a.then(|| self.var(About::Candidates(j), cost, m, false));
                heard.push(places.into_iter().enumerate().map(here).collect());
                let left = self.var(About::Sum, w(weights.unscheduled), if oral.pinned { 0.0 } else { m }, false);
                let mut all: Vec<(Var, f64)> = heard[heard.len() - 1].iter().flatten().map(|&y| (y, 1.0)).collect();
                if oral.counted && !all.is_empty() {
                    days.push((left, -1.0));
                    counted += 1;
                }
                all.push((left, 1.0));
                self.lp.exactly(all, m);
            }
            let km = &instance.candidates[class.members[0]].km;
            let mut presences: Vec<(usize, Var)> = Vec::new();
            for j in 0..self.slots.len() {
                let (centre, cells) = (self.slots[j].centre, &self.slots[j].cells);
                let dates = cells.iter().filter(|&&c| class.orals.iter().any(|o| o.allowed[c])).count() as f64;
                if dates == 0.0 {
                    continue;
                }
                let cost = w(weights.candidate_days) + km[centre] as f64 * w(weights.candidate_km) - wait;
                let p = self.var(About::Candidates(j), cost, m * dates, true);
                self.counts.push((Count::Present(number), Some((centre, self.slots[j].group)), p));
                presences.push((j, p));
                let (mut roots, mut counted) = (vec![(p, 1.0)], vec![(p, -f64::from(policy.orals_a_day))]);
                for (oral, own) in class.orals.iter().zip(&heard) {
                    let Some(y) = own[j] else { continue };
                    self.lp.at_most(vec![(y, 1.0), (p, -1.0)], 0.0);
                    match oral.lead {
                        None => roots.push((y, -1.0)),
                        Some(l) => {
                            let lead = heard[l][j].map(|l| (l, -1.0));
                            self.lp.at_most([(y, 1.0)].into_iter().chain(lead).collect(), 0.0);
                        }
                    }
                    if oral.counted {
                        counted.push((y, 1.0));
                    }
                }
                self.lp.at_most(roots, 0.0);
                self.lp.at_most(counted, 0.0);
            }
            if policy.orals_a_day > 0 {
                days.extend(presences.iter().map(|(_, p)| (*p, -1.0)));
                self.lp.at_most(days, -m * f64::from(counted.div_ceil(policy.orals_a_day)));
            }
            self.first_day_and_centre(m, &presences, &heard);
            for group in 0..self.groups {
                let here: Vec<_> = presences.iter().filter(|(j, _)| self.slots[*j].group == group).collect();
                let dates: BTreeSet<DateIx> =
                    here.iter().flat_map(|(j, _)| &self.slots[*j].cells).map(|&c| world.cells[c].date).collect();
                self.lp.at_most(here.iter().map(|(_, p)| (*p, 1.0)).collect(), m * dates.len() as f64);
            }
            self.heard.push(heard);
        }
        Some(())
    }

    /// The first date and the first centre of each candidate who comes at all cost nothing.
    fn first_day_and_centre(&mut self, m: f64, presences: &[(usize, Var)], heard: &[Vec<Option<Var>>]) {
        let weights = &self.world.instance.weights;
        let centres: BTreeSet<CentreIx> = presences.iter().map(|(j, _)| self.slots[*j].centre).collect();
        let several = centres.len() > 1;
        let first_centre = if several { w(weights.candidate_centres) } else { 0.0 };
        let come = self.var(About::Sum, -w(weights.candidate_days) - first_centre, m, false);
        let days = presences.iter().map(|(_, p)| (*p, -1.0));
        self.lp.at_most([(come, 1.0)].into_iter().chain(days).collect(), 0.0);
        if !several {
            return;
        }
        let mut went = vec![(come, 1.0)];
        for k in centres {
            let there = self.var(About::Sum, w(weights.candidate_centres), m, false);
            went.push((there, -1.0));
            for own in heard {
                let here = own.iter().zip(&self.slots).filter(|(_, s)| s.centre == k).filter_map(|(y, _)| *y);
                self.lp.at_most([(there, -1.0)].into_iter().chain(here.map(|y| (y, 1.0))).collect(), 0.0);
            }
        }
        self.lp.at_most(went, 0.0);
    }

    /// Sittings of each kind and sessions of each body in each slot.
    fn sittings(&mut self) {
        let (world, weights) = (self.world, &self.world.instance.weights);
        let mut parts: BTreeMap<(usize, usize), Part> = BTreeMap::new();
        for (class, heard) in world.classes.iter().zip(&self.heard) {
            for (oral, own) in class.orals.iter().zip(heard) {
                for (j, y) in own.iter().enumerate().filter_map(|(j, y)| Some((j, (*y)?))) {
                    let (terms, most) = parts.entry((oral.kind, j)).or_default();
                    terms.push((y, -1.0));
                    *most += class.members.len() as f64;
                }
            }
        }
        for ((t, j), (mut terms, most)) in parts {
            let q = self.var(About::Slot(j), 0.0, most, false);
            self.count[t][j] = Some(q);
            terms.push((q, 1.0));
            self.lp.exactly(terms, 0.0);
            let seats = &world.instance.regulation.commissions[world.kinds[t].commission].seats;
            for (s, _) in seats.iter().enumerate().filter(|(_, s)| !s.required) {
                let empty = self.var(About::Slot(j), w(weights.optional_seat_empty), most, false);
                self.empty.insert((t, s, j), empty);
            }
        }
        for body in 0..self.bodies.len() {
            for j in 0..self.slots.len() {
                let own: Vec<(usize, Var)> =
                    self.kinds_of(body).into_iter().filter_map(|t| Some((t, self.count[t][j]?))).collect();
                if own.is_empty() {
                    continue;
                }
                let most: f64 = own.iter().map(|&(_, q)| self.lp.upper[q]).sum();
                let n = self.var(About::Slot(j), w(weights.sessions), most, true);
                self.sessions.insert((body, j), n);
                let (commission, language) = self.bodies[body].clone();
                let at = (self.slots[j].centre, self.slots[j].group);
                self.counts.push((Count::Sessions(commission, language), Some(at), n));
                let halves = self.slots[j].cells.iter().flat_map(|&c| &self.world.cells[c].halves);
                let longest = halves.map(Interval::minutes).max().unwrap_or(0);
                let shares = self.shares(body, longest);
                let mut fits: Vec<(Var, f64)> = own.iter().map(|&(t, q)| (q, shares[t])).collect();
                fits.push((n, -1.0));
                self.lp.at_most(fits, 0.0);
            }
        }
    }

    /// By kind, its share of a session of that body within `length` minutes.
    fn shares(&mut self, body: usize, length: Minutes) -> Vec<f64> {
        let (world, kinds) = (self.world, self.kinds_of(body));
        let all = world.kinds.len();
        self.shares
            .entry((body, length))
            .or_insert_with(|| {
                let turnaround = kinds.iter().map(|&t| world.kinds[t].turnaround).max().unwrap_or(0);
                // The longest first: it leaves the most unused minutes.
                let mut order = kinds.clone();
                order.sort_by_key(|&t| std::cmp::Reverse(world.kinds[t].duration));
                let sizes: Vec<Minutes> =
                    order.iter().map(|&t| world.kinds[t].duration + world.kinds[t].turnaround).collect();
                let found = windows::shares(&sizes, length + turnaround);
                let mut shares = vec![0.0; all];
                for (&t, s) in order.iter().zip(found) {
                    shares[t] = s;
                }
                shares
            })
            .clone()
    }

    /// Exam rooms and preparation seats of each slot.
    fn rooms(&mut self) {
        let (world, needs) = (self.world, self.world.needs());
        for j in 0..self.slots.len() {
            let slot = &self.slots[j];
            let cells = || slot.cells.iter().map(|&c| &world.cells[c]);
            for need in &needs {
                let most = cells().map(|c| world.room_minutes(c, &c.halves, need)).max().unwrap_or(0);
                let mut terms = vec![(slot.days, -f64::from(most))];
                for t in 0..world.kinds.len() {
                    if let Some(q) = self.count[t][j].filter(|_| world.asks_for(t, need)) {
                        terms.push((q, f64::from(world.kinds[t].duration + world.kinds[t].turnaround)));
                    }
                }
                self.lp.at_most(terms, 0.0);
            }
            let most = cells().map(|c| world.seat_minutes(c)).max().unwrap_or(0);
            let mut terms = vec![(slot.days, -(most as f64))];
            for (class, heard) in world.classes.iter().zip(&self.heard) {
                let prepare = class.orals.iter().zip(heard).filter(|(o, _)| o.preparation > 0);
                terms.extend(prepare.filter_map(|(o, own)| Some((own[j]?, f64::from(o.preparation)))));
            }
            self.lp.at_most(terms, 0.0);
        }
    }
}
