//! The model by half-day: the aggregated model with every candidate, every oral and every seat told apart, and half-days
//! instead of dates. It is far larger, sees more of what cannot be, and is meant for small instances. Each row
//! holds for every valid schedule, as `docs/bound.md` ("By half-day") argues.

mod examiners;

use std::collections::{BTreeMap, BTreeSet};

use super::windows::{self, Hours, Size};
use super::world::{Class, ClassOral, World};
use crate::instance::*;
use crate::linear::{Linear, Var};
use crate::rules::candidate_gap;

/// A half-day of a cell.
struct Half {
    cell: usize,
    /// Its number among those of the cell.
    number: usize,
    time: Interval,
}

/// An oral: its class, which has one member, and its number there.
type Oral = (usize, usize);

/// A commission in one of its languages: the seats of a session.
type Body<'a> = (CommissionIx, Option<&'a str>);

struct Builder<'w, 'a> {
    world: &'w World<'a>,
    lp: Linear,
    halves: Vec<Half>,
    /// By cell, whether the centre is in use.
    in_use: Vec<Var>,
    /// By oral, whether it is heard in each half-day.
    heard: BTreeMap<Oral, Vec<Option<Var>>>,
    /// By body and half-day, how many sessions.
    sessions: BTreeMap<(Body<'w>, usize), Var>,
    /// By oral, seat and half-day, whether each holder hears it.
    seated: BTreeMap<(Oral, usize, usize), Vec<(ExaminerIx, Var)>>,
    /// By body, seat and half-day, whether each holder sits there.
    sits: BTreeMap<(Body<'w>, usize, usize), Vec<Var>>,
    /// By cell, whether each examiner is convened.
    convened: BTreeMap<(ExaminerIx, usize), Var>,
    /// By half-day, whether each examiner hears anybody.
    works: BTreeMap<(ExaminerIx, usize), Var>,
}

/// The model; the world tells each candidate apart.
pub(super) fn build(world: &World) -> Linear {
    let halves = |(cell, c): (usize, &super::world::Cell)| -> Vec<Half> {
        c.halves.iter().enumerate().map(|(number, &time)| Half { cell, number, time }).collect()
    };
    let mut lp = Linear::default();
    let day = w(world.instance.weights.centre_days);
    let mut b = Builder {
        world,
        in_use: world.cells.iter().map(|_| lp.var(day, 1.0, true)).collect(),
        lp,
        halves: world.cells.iter().enumerate().flat_map(halves).collect(),
        heard: BTreeMap::new(),
        sessions: BTreeMap::new(),
        seated: BTreeMap::new(),
        sits: BTreeMap::new(),
        convened: BTreeMap::new(),
        works: BTreeMap::new(),
    };
    for class in 0..world.classes.len() {
        b.candidate(class);
    }
    b.sessions();
    for x in world.instance.examiners.indices() {
        b.examiner(x);
    }
    b.seats();
    b.crews();
    b.rooms();
    b.same_school();
    b.lp
}

fn w(weight: u32) -> f64 {
    f64::from(weight)
}

fn minus(vars: impl IntoIterator<Item = Var>) -> Vec<(Var, f64)> {
    vars.into_iter().map(|v| (v, -1.0)).collect()
}

impl<'w> Builder<'w, '_> {
    fn choice(&mut self, cost: f64) -> Var {
        self.lp.var(cost, 1.0, true)
    }

    fn oral(&self, (class, o): Oral) -> &'w ClassOral {
        &self.world.classes[class].orals[o]
    }

    fn due(&self, oral: Oral) -> OralIx {
        let candidate = self.world.classes[oral.0].members[0];
        self.world.instance.oral(candidate, self.oral(oral).exam).expect("of a candidate's orals")
    }

    fn body(&self, kind: usize) -> Body<'w> {
        let kind = &self.world.kinds[kind];
        (kind.commission, kind.language.as_deref())
    }

    /// Minutes of a sitting, and with its turnaround.
    fn length(&self, oral: Oral) -> (f64, f64) {
        let kind = &self.world.kinds[self.oral(oral).kind];
        (f64::from(kind.duration), f64::from(kind.duration + kind.turnaround))
    }

    /// What is heard in a half-day.
    fn heard_in(&self, j: usize) -> Vec<(Oral, Var)> {
        self.heard.iter().filter_map(|(&oral, own)| Some((oral, own[j]?))).collect()
    }

    fn halves_of(&self, cell: usize) -> Vec<usize> {
        (0..self.halves.len()).filter(|&j| self.halves[j].cell == cell).collect()
    }

    /// What a candidate hears where, their dates, centres, kilometres and waiting.
    fn candidate(&mut self, number: usize) {
        let (world, instance) = (self.world, self.world.instance);
        let class = &world.classes[number];
        let (weights, policy) = (&instance.weights, &instance.policy);
        let km = &instance.candidates[class.members[0]].km;
        let (mut days, mut counted) = (Vec::new(), 0u32);
        for (o, oral) in class.orals.iter().enumerate() {
            let places: Vec<bool> = self.halves.iter().map(|h| oral.halves[h.cell][h.number]).collect();
            // As in the model by date: a gap for each chain of blocks but the first of a date, and a follower's preparation
            // may lie inside the block that leads.
            let waits = match oral.lead {
                None => f64::from(class.gap),
                Some(_) => -f64::from(oral.preparation),
            };
            let cost = waits * w(weights.candidate_wait);
            let own: Vec<Option<Var>> = places.iter().map(|&p| p.then(|| self.choice(cost))).collect();
            let left = self.lp.var(w(weights.unscheduled), if oral.pinned { 0.0 } else { 1.0 }, false);
            let mut all: Vec<(Var, f64)> = own.iter().flatten().map(|&y| (y, 1.0)).collect();
            if oral.counted && !all.is_empty() {
                days.push((left, -1.0));
                counted += 1;
            }
            all.push((left, 1.0));
            self.lp.exactly(all, 1.0);
            self.heard.insert((number, o), own);
        }
        let mut present: BTreeMap<usize, Var> = BTreeMap::new();
        for cell in 0..world.cells.len() {
            if !class.orals.iter().any(|o| o.allowed[cell]) {
                continue;
            }
            let cost = w(weights.candidate_days) + km[world.cells[cell].centre] as f64 * w(weights.candidate_km);
            let p = self.choice(cost - f64::from(class.gap) * w(weights.candidate_wait));
            present.insert(cell, p);
            self.lp.at_most(vec![(p, 1.0), (self.in_use[cell], -1.0)], 0.0);
            self.day(number, class, cell, p);
        }
        if policy.orals_a_day > 0 {
            days.extend(minus(present.values().copied()));
            self.lp.at_most(days, -f64::from(counted.div_ceil(policy.orals_a_day)));
        }
        let mut by_date: BTreeMap<DateIx, Vec<(Var, f64)>> = BTreeMap::new();
        let mut by_centre: BTreeMap<CentreIx, Vec<Var>> = BTreeMap::new();
        for (&cell, &p) in &present {
            by_date.entry(world.cells[cell].date).or_default().push((p, 1.0));
            by_centre.entry(world.cells[cell].centre).or_default().push(p);
        }
        for here in by_date.into_values().filter(|here| here.len() > 1) {
            self.lp.at_most(here, 1.0);
        }
        // The first date and the first centre of who comes at all cost nothing.
        let centre = if by_centre.len() > 1 { w(weights.candidate_centres) } else { 0.0 };
        let come = self.lp.var(-w(weights.candidate_days) - centre, 1.0, false);
        self.lp.at_most([(come, 1.0)].into_iter().chain(minus(present.into_values())).collect(), 0.0);
        if by_centre.len() > 1 {
            let mut went = vec![(come, 1.0)];
            for there in by_centre.into_values() {
                let goes = self.lp.var(centre, 1.0, false);
                went.push((goes, -1.0));
                for p in there {
                    self.lp.at_most(vec![(p, 1.0), (goes, -1.0)], 0.0);
                }
            }
            self.lp.at_most(went, 0.0);
        }
    }

    /// A candidate in a cell: who is present hears somebody, and not too many; what waiting that makes.
    fn day(&mut self, number: usize, class: &Class, cell: usize, present: Var) {
        let (world, instance) = (self.world, self.world.instance);
        let halves = self.halves_of(cell);
        let open = world.open(&world.cells[cell]);
        let mut roots = vec![(present, 1.0)];
        let mut counted = vec![(present, -f64::from(instance.policy.orals_a_day))];
        let own = |b: &Self, o: usize, j: usize| b.heard[&(number, o)][j];
        for (o, oral) in class.orals.iter().enumerate() {
            let here: Vec<(usize, Var)> = halves.iter().filter_map(|&j| Some((j, own(self, o, j)?))).collect();
            if here.is_empty() {
                continue;
            }
            let all = || here.iter().map(|&(_, y)| y);
            self.lp.at_most(all().map(|y| (y, 1.0)).chain([(present, -1.0)]).collect(), 0.0);
            match oral.lead {
                None => {
                    roots.extend(minus(all()));
                }
                Some(lead) => {
                    for &(j, y) in &here {
                        let lead = own(self, lead, j).map(|l| (l, -1.0));
                        self.lp.at_most([(y, 1.0)].into_iter().chain(lead).collect(), 0.0);
                    }
                }
            }
            if oral.counted {
                counted.extend(all().map(|y| (y, 1.0)));
            }
        }
        self.lp.at_most(roots, 0.0);
        if instance.policy.orals_a_day > 0 {
            self.lp.at_most(counted, 0.0);
        }
        for &j in &halves {
            self.half_of_candidate(number, class, j, open);
        }
        let lunch = self.lp.var(w(instance.weights.candidate_wait), 1440.0, false);
        for (i, &early) in halves.iter().enumerate() {
            for &late in &halves[i + 1..] {
                self.over_lunch(number, class, (early, late), lunch);
            }
        }
    }

    /// A candidate's blocks, with the gaps between them, fit into the half-day, before which only the first may begin.
    fn half_of_candidate(&mut self, number: usize, class: &Class, j: usize, open: Interval) {
        let time = self.halves[j].time;
        let (mut terms, mut earliest) = (Vec::new(), 0);
        for (o, oral) in class.orals.iter().enumerate() {
            let Some(y) = self.heard[&(number, o)][j] else { continue };
            let (duration, _) = self.length((number, o));
            match oral.lead {
                None => terms.push((y, f64::from(oral.preparation + class.gap) + duration)),
                Some(_) => terms.push((y, duration)),
            }
            earliest = earliest.max(oral.preparation);
        }
        let from = open.from.max(time.from - earliest);
        self.lp.at_most(terms, f64::from(time.to - from + class.gap));
    }

    /// Who is heard in both half-days waits longer than the gap over lunch, less what the preparation of a later oral takes
    /// of it.
    fn over_lunch(&mut self, number: usize, class: &Class, (early, late): (usize, usize), longer: Var) {
        let (gap, lunch) = (class.gap, candidate_gap::gap(self.world.instance, class.members[0], true));
        // With a half-day between them no single pause is as long.
        let next = late == early + 1;
        let apart = if next { self.halves[late].time.from - self.halves[early].time.to } else { 0 };
        let over = lunch.max(apart);
        if over <= gap {
            return;
        }
        let own = |o: usize, j: usize| self.heard[&(number, o)][j];
        let heads: Vec<usize> = (0..class.orals.len()).filter(|&o| class.orals[o].lead.is_none()).collect();
        // Only the first block of the later half-day can begin before it.
        let taken = heads.iter().filter_map(|&o| {
            let begins = lunch.max(apart - class.orals[o].preparation);
            Some((own(o, late)?, -f64::from(over - begins)))
        });
        let taken: Vec<(Var, f64)> = taken.collect();
        let mut rows = Vec::new();
        for &a in &heads {
            for &b in heads.iter().filter(|&&b| b != a) {
                let (Some(first), Some(second)) = (own(a, early), own(b, late)) else { continue };
                let more = f64::from(over - gap);
                let mut row = vec![(longer, -1.0), (first, more), (second, more)];
                row.extend(taken.iter().copied());
                rows.push((row, more));
            }
        }
        for (row, most) in rows {
            self.lp.at_most(row, most);
        }
    }

    /// How many sessions of each body in each half-day.
    fn sessions(&mut self) {
        for j in 0..self.halves.len() {
            let mut bodies: BTreeMap<Body<'w>, Vec<(Oral, Var)>> = BTreeMap::new();
            for (oral, y) in self.heard_in(j) {
                bodies.entry(self.body(self.oral(oral).kind)).or_default().push((oral, y));
            }
            for (body, own) in bodies {
                let n = self.lp.var(w(self.world.instance.weights.sessions), own.len() as f64, true);
                self.sessions.insert((body, j), n);
                for &(_, y) in &own {
                    self.lp.at_most(vec![(y, 1.0), (n, -1.0)], 0.0);
                }
                self.packing(j, n, &own);
            }
        }
    }

    /// Sittings and turnarounds fit into the sessions, and as many of each kind as there is time for after the opening.
    fn packing(&mut self, j: usize, n: Var, own: &[(Oral, Var)]) {
        let (world, length) = (self.world, self.halves[j].time.minutes());
        let mut kinds: Vec<usize> = own.iter().map(|&(oral, _)| self.oral(oral).kind).collect();
        kinds.sort_by_key(|&t| (std::cmp::Reverse(world.kinds[t].duration), t));
        kinds.dedup();
        let turnaround = kinds.iter().map(|&t| world.kinds[t].turnaround).max().unwrap_or(0);
        let sizes: Vec<Minutes> = kinds.iter().map(|&t| world.kinds[t].duration + world.kinds[t].turnaround).collect();
        let shares = windows::shares(&sizes, length + turnaround);
        let mut minutes = vec![(n, -f64::from(length + turnaround))];
        let mut shared = vec![(n, -1.0)];
        for &(oral, y) in own {
            let at = kinds.iter().position(|&t| t == self.oral(oral).kind).expect("collected above");
            minutes.push((y, self.length(oral).1));
            shared.push((y, shares[at]));
        }
        self.lp.at_most(minutes, 0.0);
        self.lp.at_most(shared, 0.0);
        let heard: Vec<(Oral, Var, f64)> = own.iter().map(|&(oral, y)| (oral, y, 1.0)).collect();
        self.packed(j, &[self.halves[j].time], n, &heard);
        for &t in &kinds {
            let fit = self.fit(t, j, &[self.halves[j].time]);
            let of_kind = own.iter().filter(|(oral, _)| self.oral(*oral).kind == t);
            let terms: Vec<(Var, f64)> = of_kind.map(|&(_, y)| (y, 1.0)).collect();
            if (terms.len() as f64) > fit {
                self.lp.at_most(terms.into_iter().chain([(n, -fit)]).collect(), 0.0);
            }
        }
    }

    /// What fits into stretches of a half-day by its exact hours: so many times at most as there are `holders` of them. What follows
    /// another oral is left out. An oral may count several times.
    fn packed(&mut self, j: usize, free: &[Interval], holders: Var, heard: &[(Oral, Var, f64)]) {
        let (world, cell) = (self.world, &self.world.cells[self.halves[j].cell]);
        let open = world.open(cell).from;
        let heads = heard.iter().filter(|(oral, _, times)| self.oral(*oral).lead.is_none() && *times > 0.0);
        let (sizes, heard) = windows::by_size(heads.map(|&(oral, var, times)| {
            let (oral, kind) = (self.oral(oral), &world.kinds[self.oral(oral).kind]);
            let (duration, turnaround) = (kind.duration, kind.turnaround);
            (Size { preparation: oral.preparation, duration, turnaround, earliest: 0 }, times, vec![(var, times)])
        }));
        let hours = Hours { open, free: free.to_vec() };
        for packing in windows::packings(&[hours], &sizes, world.instance.step) {
            let own: Vec<(Var, f64)> = packing.taken(&heard).collect();
            if packing.is_mixed() && own.iter().map(|o| o.1).sum::<f64>() > 1.0 {
                self.lp.at_most(own.into_iter().chain([(holders, -packing.most[0])]).collect(), 0.0);
            }
        }
    }

    /// How many sittings of a kind fit into stretches of a half-day: nobody prepares before the doors open.
    fn fit(&self, kind: usize, j: usize, free: &[Interval]) -> f64 {
        let (world, cell) = (self.world, &self.world.cells[self.halves[j].cell]);
        let open = world.open(cell);
        let k = &world.kinds[kind];
        windows::count(free, open.from + world.preparation[kind], k.duration, k.turnaround) as f64
    }

    /// Exam rooms in each half-day, preparation seats on each date.
    fn rooms(&mut self) {
        let (world, needs) = (self.world, self.world.needs());
        for j in 0..self.halves.len() {
            let Half { cell, time, .. } = self.halves[j];
            for need in &needs {
                let minutes = world.room_minutes(&world.cells[cell], &[time], need);
                let mut terms = vec![(self.in_use[cell], -f64::from(minutes))];
                for (oral, y) in self.heard_in(j) {
                    if world.asks_for(self.oral(oral).kind, need) {
                        terms.push((y, self.length(oral).1));
                    }
                }
                self.lp.at_most(terms, 0.0);
            }
        }
        for (cell, at) in world.cells.iter().enumerate() {
            let mut terms = vec![(self.in_use[cell], -(world.seat_minutes(at) as f64))];
            for j in self.halves_of(cell) {
                let own = self.heard_in(j).into_iter();
                terms.extend(own.map(|(oral, y)| (y, f64::from(self.oral(oral).preparation))));
            }
            self.lp.at_most(terms, 0.0);
        }
    }

    /// Candidates of one school before the same people: there are at most as many sets of people as sessions.
    fn same_school(&mut self) {
        let (world, instance) = (self.world, self.world.instance);
        let most = f64::from(instance.policy.same_school_max);
        for j in 0..self.halves.len() {
            let mut schools: BTreeMap<(CommissionIx, SchoolIx), Vec<(Var, f64)>> = BTreeMap::new();
            for (oral, y) in self.heard_in(j) {
                let school = instance.candidates[world.classes[oral.0].members[0]].school;
                // As the term has it: what follows another exam does not count, even where that other is not due.
                if let (Some(school), true) = (school, self.oral(oral).counted) {
                    let commission = world.kinds[self.oral(oral).kind].commission;
                    schools.entry((commission, school)).or_default().push((y, 1.0));
                }
            }
            for ((commission, _), mut terms) in schools {
                if terms.len() as f64 <= most {
                    continue;
                }
                let beyond = self.lp.var(w(instance.weights.same_school), terms.len() as f64, false);
                terms.push((beyond, -1.0));
                let own = self.sessions.iter().filter(|((body, half), _)| body.0 == commission && *half == j);
                terms.extend(own.map(|(_, &n)| (n, -most)));
                self.lp.at_most(terms, 0.0);
            }
        }
    }
}
