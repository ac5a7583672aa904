//! Which due orals cannot all be heard: a relaxed model of what hearing takes and nothing of what it costs. Every valid
//! schedule has an image in it, so what it cannot hear no schedule can.
//!
//! Orals that it cannot tell apart are one [`Demand`]. For each it says where and in which half-day so many are heard;
//! for each examiner, at which centre on which date they are, and how many sittings of a kind they hear in a seat
//! there. Its rows are those of the bound (`docs/bound.md`), half-day by half-day, without sessions, kilometres or
//! waiting. Their multipliers say which demands and which people or rooms a contradiction is made of.

use std::collections::{BTreeMap, BTreeSet};

use super::limits::{Limits, Until};
use super::solve;
use super::windows;
use super::world::{Cell, World};
use crate::instance::*;
use crate::linear::{Linear, Row, Var};

/// Due orals that the relaxed model cannot tell apart.
#[derive(Clone, Debug)]
pub struct Demand {
    /// One each of as many candidates of one school.
    pub orals: Vec<OralIx>,
}

/// What a row of the model is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resource {
    /// A required seat of a kind of commission.
    Seat(CommissionIx, usize),
    /// An examiner's time.
    Examiner(ExaminerIx),
    /// Exam rooms of a centre with some equipment, accessible or not.
    Rooms(CentreIx, Vec<String>, bool),
    /// Preparation seats of a centre.
    Preparation(CentreIx),
    /// How many orals a candidate has on a date, `orals_a_day`.
    CandidateDay,
}

/// What the model says of so many orals of each demand.
#[derive(Clone, Debug)]
pub struct Answer {
    /// At least so many of them have no sitting in any schedule; a fraction counts as a whole oral.
    pub left: f64,
    /// The demands that the proof needs.
    pub demands: Vec<usize>,
    /// The resources that the proof needs.
    pub resources: BTreeSet<Resource>,
}

impl Answer {
    /// Whether all of them may be heard, as far as the model sees.
    pub fn feasible(&self) -> bool {
        self.left < 1e-3
    }
}

/// Orals of which at least one has no sitting in any schedule, as far as the model proves it within the limits: those that the
/// proof speaks of.
pub fn contradiction(instance: &Instance, limits: &Limits) -> Option<Vec<OralIx>> {
    let mut relaxed = Relaxed::new(instance, limits.reserves);
    let counts: Vec<usize> = relaxed.demands.iter().map(|d| d.orals.len()).collect();
    let answer = relaxed.ask(&counts, limits, limits.end()).filter(|a| !a.feasible())?;
    let named = answer.demands.iter().flat_map(|&d| relaxed.demands[d].orals.iter().copied()).collect();
    Some(named)
}

/// A centre's half-day on a date.
struct Slot {
    cell: usize,
    /// Its number among those of the cell.
    half: usize,
    time: Interval,
}

/// The relaxed model of an instance.
pub struct Relaxed<'a> {
    world: World<'a>,
    /// What has to be heard.
    pub demands: Vec<Demand>,
    linear: Linear,
    /// The row that says how many of each demand there are, and the variable of those left out.
    own: Vec<(usize, Var)>,
    /// What each row is about.
    about: Vec<Option<Resource>>,
}

impl<'a> Relaxed<'a> {
    /// Builds the model; `reserves` says whether examiners in reserve may sit (in a re-plan).
    pub fn new(instance: &'a Instance, reserves: bool) -> Relaxed<'a> {
        let world = World::by_half(instance, reserves);
        let demands = world
            .classes
            .iter()
            .flat_map(|class| {
                class.orals.iter().map(|oral| Demand {
                    orals: class.members.iter().filter_map(|&c| instance.oral(c, oral.exam)).collect(),
                })
            })
            .collect();
        let mut relaxed = Relaxed { world, demands, linear: Linear::default(), own: Vec::new(), about: Vec::new() };
        Builder::new(&mut relaxed).build();
        relaxed
    }

    /// The instance.
    pub fn instance(&self) -> &'a Instance {
        self.world.instance
    }

    /// The half-days of which centres on which dates in which the orals of a demand may be heard, as far as the model sees.
    pub fn places(&self, demand: usize) -> BTreeSet<(CentreIx, DateIx, Interval)> {
        let mut all = self.world.classes.iter().flat_map(|class| &class.orals);
        let oral = all.nth(demand).expect("a demand is an oral of a class");
        let cells = self.world.cells.iter().zip(&oral.halves);
        cells
            .flat_map(|(cell, halves)| {
                let own = halves.iter().enumerate().filter(|(_, may)| **may);
                own.map(|(half, _)| (cell.centre, cell.date, cell.halves[half]))
            })
            .collect()
    }

    /// How many of so many orals of each demand are left out at least, and why; none if the limits come first.
    pub fn ask(&mut self, counts: &[usize], limits: &Limits, until: Until) -> Option<Answer> {
        for (&(row, left), &n) in self.own.iter().zip(counts) {
            self.linear.rows[row].rhs = n as f64;
            self.linear.upper[left] = n as f64;
        }
        let multipliers = solve::multipliers(&self.linear, limits, until)?;
        let left = self.linear.certified(&multipliers).max(0.0);
        let counted = |row: usize| multipliers[row].abs() > 1e-7;
        let demands = (0..self.own.len()).filter(|&i| counts[i] > 0 && counted(self.own[i].0)).collect();
        let resources = (0..self.about.len()).filter(|&r| counted(r)).filter_map(|r| self.about[r].clone()).collect();
        Some(Answer { left, demands, resources })
    }
}

struct Builder<'r, 'a> {
    relaxed: &'r mut Relaxed<'a>,
    slots: Vec<Slot>,
    /// By demand and slot, how many are heard there.
    heard: Vec<Vec<Option<Var>>>,
    /// By kind and slot, whether any may be heard there.
    kind_at: Vec<Vec<bool>>,
}

/// By kind, seat and slot: who may hold it, with how many they hear.
type Seated = BTreeMap<(usize, usize, usize), Vec<(ExaminerIx, Var)>>;

/// An examiner in one cell.
struct Day {
    present: Var,
    minutes: Vec<(Var, f64)>,
    number: Vec<(Var, f64)>,
}

impl<'r, 'a> Builder<'r, 'a> {
    fn new(relaxed: &'r mut Relaxed<'a>) -> Self {
        let cells = relaxed.world.cells.iter().enumerate();
        let halves = |(cell, c): (usize, &Cell)| -> Vec<Slot> {
            c.halves.iter().enumerate().map(|(half, &time)| Slot { cell, half, time }).collect()
        };
        let slots = cells.flat_map(halves).collect();
        Builder { relaxed, slots, heard: Vec::new(), kind_at: Vec::new() }
    }

    fn row(&mut self, mut terms: Vec<(Var, f64)>, rhs: f64, equal: bool, about: Option<Resource>) {
        terms.retain(|t| t.1 != 0.0);
        if !terms.is_empty() {
            self.relaxed.linear.rows.push(Row { terms, rhs, equal });
            self.relaxed.about.push(about);
        }
    }

    fn build(mut self) {
        self.demands();
        self.kind_at = vec![vec![false; self.slots.len()]; self.relaxed.world.kinds.len()];
        for (d, k, o) in self.each() {
            let kind = self.relaxed.world.classes[k].orals[o].kind;
            for (at, y) in self.kind_at[kind].iter_mut().zip(&self.heard[d]) {
                *at |= y.is_some();
            }
        }
        self.people();
        self.rooms();
    }

    /// What is heard where; a candidate's date; preparation.
    fn demands(&mut self) {
        let instance = self.relaxed.world.instance;
        let limit = f64::from(instance.policy.orals_a_day);
        let mut first = 0;
        for k in 0..self.relaxed.world.classes.len() {
            let (orals, members) = {
                let class = &self.relaxed.world.classes[k];
                (class.orals.len(), class.members.len() as f64)
            };
            for o in 0..orals {
                let left = self.relaxed.linear.var(1.0, members, false);
                let mut terms = vec![(left, 1.0)];
                let mut own = Vec::new();
                for j in 0..self.slots.len() {
                    let there = {
                        let oral = &self.relaxed.world.classes[k].orals[o];
                        let slot = &self.slots[j];
                        oral.halves[slot.cell][slot.half]
                    };
                    let y = there.then(|| self.relaxed.linear.var(0.0, members, false));
                    terms.extend(y.map(|y| (y, 1.0)));
                    own.push(y);
                }
                self.relaxed.own.push((self.relaxed.linear.rows.len(), left));
                self.row(terms, members, true, None);
                self.heard.push(own);
            }
            let mut by_date: BTreeMap<DateIx, Vec<(Var, f64)>> = BTreeMap::new();
            for o in 0..orals {
                if !self.relaxed.world.classes[k].orals[o].counted {
                    continue;
                }
                for (slot, y) in self.slots.iter().zip(&self.heard[first + o]) {
                    let date = self.relaxed.world.cells[slot.cell].date;
                    by_date.entry(date).or_default().extend(y.map(|y| (y, 1.0)));
                }
            }
            for terms in by_date.into_values().filter(|t| !t.is_empty()) {
                self.row(terms, limit * members, false, Some(Resource::CandidateDay));
            }
            first += orals;
        }
    }

    /// The demands of a class oral, in the order in which they were made: demand, class, oral.
    fn each(&self) -> Vec<(usize, usize, usize)> {
        let classes = self.relaxed.world.classes.iter().enumerate();
        classes
            .flat_map(|(k, c)| (0..c.orals.len()).map(move |o| (k, o)))
            .enumerate()
            .map(|(d, (k, o))| (d, k, o))
            .collect()
    }

    /// Examiners: where they are, and what they hear in which seat.
    fn people(&mut self) {
        let instance = self.relaxed.world.instance;
        let mut seated = Seated::new();
        let mut own: Table<ExaminerIx, Vec<(usize, usize)>> = instance.examiners.iter().map(|_| Vec::new()).collect();
        for (t, seats) in self.relaxed.world.holders.iter().enumerate() {
            let required = &instance.regulation.commissions[self.relaxed.world.kinds[t].commission].seats;
            for (s, who) in seats.iter().enumerate().filter(|(s, _)| required[*s].required) {
                who.iter().for_each(|&x| own[x].push((t, s)));
            }
        }
        for x in instance.examiners.indices().filter(|&x| !own[x].is_empty()) {
            self.examiner(x, &own[x], &mut seated);
        }
        // Each required seat of what is heard has a holder; of one school's candidates, one who may hear them.
        let mut groups: BTreeMap<(usize, Option<SchoolIx>), Vec<usize>> = BTreeMap::new();
        for (d, k, o) in self.each() {
            let class = &self.relaxed.world.classes[k];
            let school = instance.candidates[class.members[0]].school;
            groups.entry((class.orals[o].kind, None)).or_default().push(d);
            if school.is_some() {
                groups.entry((class.orals[o].kind, school)).or_default().push(d);
            }
        }
        for ((t, school), demands) in groups {
            let kind = &self.relaxed.world.kinds[t];
            let commission = kind.commission;
            for s in 0..instance.regulation.commissions[commission].seats.len() {
                if !instance.regulation.commissions[commission].seats[s].required {
                    continue;
                }
                for j in 0..self.slots.len() {
                    let mut terms: Vec<(Var, f64)> =
                        demands.iter().filter_map(|&d| Some((self.heard[d][j]?, 1.0))).collect();
                    if terms.is_empty() {
                        continue;
                    }
                    let holders = seated.get(&(t, s, j)).map_or(&[][..], Vec::as_slice);
                    let may = |x: ExaminerIx| {
                        school.is_none()
                            || demands.iter().any(|&d| {
                                let own = self.relaxed.demands[d].orals.iter();
                                own.map(|&o| instance.orals[o].candidate).any(|c| !instance.partial(c, x))
                            })
                    };
                    terms.extend(holders.iter().filter(|(x, _)| may(*x)).map(|&(_, v)| (v, -1.0)));
                    self.row(terms, 0.0, false, Some(Resource::Seat(commission, s)));
                }
            }
        }
    }

    fn examiner(&mut self, x: ExaminerIx, own: &[(usize, usize)], seated: &mut Seated) {
        let instance = self.relaxed.world.instance;
        let policy = &instance.policy;
        let about = || Some(Resource::Examiner(x));
        let mut dates: BTreeMap<DateIx, Vec<(Var, f64)>> = BTreeMap::new();
        for cell in 0..self.relaxed.world.cells.len() {
            if self.relaxed.world.free[x][cell].is_empty() {
                continue;
            }
            let present = self.relaxed.linear.var(0.0, 1.0, false);
            dates.entry(self.relaxed.world.cells[cell].date).or_default().push((present, 1.0));
            let mut day = Day {
                present,
                minutes: vec![(present, -f64::from(policy.examiner_minutes_a_day))],
                number: vec![(present, -instance.sittings_a_day(x).map_or(0.0, f64::from))],
            };
            for j in 0..self.slots.len() {
                if self.slots[j].cell == cell {
                    self.half(x, own, j, &mut day, seated);
                }
            }
            self.row(day.minutes, 0.0, false, about());
            if instance.sittings_a_day(x).is_some() {
                self.row(day.number, 0.0, false, about());
            }
        }
        if let Some(days) = instance.examiners[x].max_days {
            self.row(dates.values().flatten().copied().collect(), f64::from(days), false, about());
        }
        for terms in dates.into_values() {
            self.row(terms, 1.0, false, about());
        }
    }

    /// What an examiner hears in one half-day.
    fn half(&mut self, x: ExaminerIx, own: &[(usize, usize)], j: usize, day: &mut Day, seated: &mut Seated) {
        let (cell, time) = (self.slots[j].cell, self.slots[j].time);
        let world = &self.relaxed.world;
        let opens = world.open(&world.cells[cell]).from;
        let windows: Vec<Interval> =
            world.free[x][cell].iter().flatten().copied().filter(|w| time.contains(*w)).collect();
        // How many of a kind fit; the whole half-day taken as one stretch for the shares, which loses nothing that is
        // true.
        let mut fits: Vec<(usize, usize, i64)> = Vec::new();
        for &(t, s) in own {
            let kind = &world.kinds[t];
            let n = windows::count(&windows, opens + world.preparation[t], kind.duration, kind.turnaround);
            if n > 0 && self.kind_at[t][j] {
                fits.push((t, s, n));
            }
        }
        if fits.is_empty() {
            return;
        }
        let turnaround = fits.iter().map(|f| world.kinds[f.0].turnaround).max().unwrap_or(0);
        let (from, to) = (windows[0].from, windows[windows.len() - 1].to);
        let mut kinds: Vec<usize> = fits.iter().map(|f| f.0).collect();
        kinds.sort_by_key(|&t| (std::cmp::Reverse(world.kinds[t].duration), t));
        kinds.dedup();
        let sizes: Vec<Minutes> = kinds.iter().map(|&t| world.kinds[t].duration + world.kinds[t].turnaround).collect();
        let shares = windows::shares(&sizes, to - from + turnaround);
        let durations: Vec<f64> = fits.iter().map(|f| f64::from(world.kinds[f.0].duration)).collect();
        let free: Minutes = windows.iter().map(|w| w.minutes() + turnaround).sum();
        let sizes_of: Vec<f64> =
            fits.iter().map(|f| f64::from(world.kinds[f.0].duration + world.kinds[f.0].turnaround)).collect();
        let present = day.present;
        let mut packed = vec![(present, -1.0)];
        let mut busy = vec![(present, -f64::from(free))];
        let mut of_kind: BTreeMap<usize, Vec<(Var, f64)>> = BTreeMap::new();
        for (i, &(t, s, n)) in fits.iter().enumerate() {
            let v = self.relaxed.linear.var(0.0, n as f64, false);
            let share = shares[kinds.iter().position(|&k| k == t).expect("collected above")];
            packed.push((v, share));
            busy.push((v, sizes_of[i]));
            day.minutes.push((v, durations[i]));
            day.number.push((v, 1.0));
            of_kind.entry(t).or_insert_with(|| vec![(present, -(n as f64))]).push((v, 1.0));
            seated.entry((t, s, j)).or_default().push((x, v));
        }
        let about = || Some(Resource::Examiner(x));
        self.row(packed, 0.0, false, about());
        self.row(busy, 0.0, false, about());
        for terms in of_kind.into_values() {
            self.row(terms, 0.0, false, about());
        }
    }

    /// Exam rooms half-day by half-day, preparation seats day by day.
    fn rooms(&mut self) {
        let instance = self.relaxed.world.instance;
        let each = self.each();
        let needs = |o: ExamIx| instance.regulation.exams[o].equipment.clone();
        let mut kinds: BTreeSet<(Vec<String>, bool)> = BTreeSet::from([(Vec::new(), false)]);
        for &(_, k, o) in &each {
            let class = &self.relaxed.world.classes[k];
            let accessible = instance.candidates[class.members[0]].needs_accessible;
            kinds.extend([(needs(class.orals[o].exam), false), (needs(class.orals[o].exam), accessible)]);
        }
        for j in 0..self.slots.len() {
            let (cell, time) = (self.slots[j].cell, self.slots[j].time);
            let (z, date) = (self.relaxed.world.cells[cell].centre, self.relaxed.world.cells[cell].date);
            for (equipment, accessible) in &kinds {
                let mut terms = Vec::new();
                let mut turnaround = 0;
                for &(d, k, o) in &each {
                    let class = &self.relaxed.world.classes[k];
                    let own = needs(class.orals[o].exam);
                    let member = &instance.candidates[class.members[0]];
                    if (*accessible && !member.needs_accessible) || !equipment.iter().all(|e| own.contains(e)) {
                        continue;
                    }
                    if let Some(y) = self.heard[d][j] {
                        let kind = &self.relaxed.world.kinds[class.orals[o].kind];
                        turnaround = turnaround.max(kind.turnaround);
                        terms.push((y, f64::from(kind.duration + kind.turnaround)));
                    }
                }
                let rooms = instance.centres[z].rooms.iter().map(|&r| &instance.rooms[r]);
                let fit = rooms
                    .filter(|r| (r.accessible || !accessible) && equipment.iter().all(|e| r.equipment.contains(e)));
                let minutes: Minutes = fit
                    .flat_map(|r| windows::free(&[time], &r.unavailable, instance, date))
                    .map(|free| free.minutes() + turnaround)
                    .sum();
                let about = Resource::Rooms(z, equipment.clone(), *accessible);
                self.row(terms, f64::from(minutes), false, Some(about));
            }
        }
        for cell in 0..self.relaxed.world.cells.len() {
            let z = self.relaxed.world.cells[cell].centre;
            let minutes = self.relaxed.world.seat_minutes(&self.relaxed.world.cells[cell]);
            let mut terms = Vec::new();
            for &(d, k, o) in &each {
                let preparation = f64::from(self.relaxed.world.classes[k].orals[o].preparation);
                let here = (0..self.slots.len()).filter(|&j| self.slots[j].cell == cell);
                terms.extend(here.filter_map(|j| Some((self.heard[d][j]?, preparation))));
            }
            self.row(terms, minutes as f64, false, Some(Resource::Preparation(z)));
        }
    }
}
