//! Candidates from afar who come early: hearing them only later leaves their commissions less time.

use super::*;

/// Sittings of a kind that one slot hears: of candidates from afar, and of the others.
#[derive(Default)]
struct Heads {
    far: Vec<Var>,
    near: Vec<Var>,
}

/// Of the sittings of a kind of candidates from afar, those that begin early: as the first of their candidate on the date, or
/// after another.
struct Early {
    first: Var,
    second: Option<Var>,
}

/// Where early candidates are counted: a slot, or one of its cells where they are told apart.
struct Place {
    slot: usize,
    cells: Vec<usize>,
    /// By kind, what is heard there. What follows another oral is left out: it begins when that one ends, however early.
    heads: BTreeMap<usize, Heads>,
    crews: Vec<Crew>,
}

/// A profession in a place.
struct Crew {
    who: Vec<ExaminerIx>,
    /// The hours that its members have.
    days: Vec<Hours>,
    members: Members,
}

/// Those of a profession who are there.
enum Members {
    /// Their number, whatever their hours.
    Number(Var),
    /// By their hours, how many of them.
    ByHours(Vec<Var>),
}

impl Builder<'_, '_> {
    /// Place by place, how many pairs of a candidate from afar and a date begin before `far_earliest`, and what the professions
    /// can hear of the others.
    pub(super) fn early(&mut self) -> Option<()> {
        let weight = w(self.world.instance.weights.early_far);
        for place in self.places() {
            let Place { slot: j, heads, crews, .. } = &place;
            let (second_from, blocks) = self.early_blocks(&place);
            let most: f64 = heads.values().flat_map(|h| &h.far).map(|&y| self.lp.upper[y]).sum();
            if most == 0.0 || blocks == 0 || weight == 0.0 {
                continue;
            }
            let pairs = self.var(About::Slot(*j), weight, most, false);
            let (mut first, mut second) = (vec![(pairs, -1.0)], vec![(pairs, 1.0 - f64::from(blocks))]);
            let mut early: BTreeMap<usize, Early> = BTreeMap::new();
            for (&t, heard) in heads.iter().filter(|(_, h)| !h.far.is_empty()) {
                let most: f64 = heard.far.iter().map(|&y| self.lp.upper[y]).sum();
                let own = Early {
                    first: self.var(About::Slot(*j), 0.0, most, false),
                    second: (blocks > 1).then(|| self.var(About::Slot(*j), 0.0, most, false)),
                };
                let both = || [Some(own.first), own.second].into_iter().flatten().map(|u| (u, 1.0));
                self.lp.at_most(both().chain(heard.far.iter().map(|&y| (y, -1.0))).collect(), 0.0);
                self.lp.at_most(both().chain([(pairs, -1.0)]).collect(), 0.0);
                first.push((own.first, 1.0));
                second.extend(own.second.map(|u| (u, 1.0)));
                early.insert(t, own);
            }
            self.lp.at_most(first, 0.0);
            self.lp.at_most(second, 0.0);
            for crew in crews {
                self.awaited()?;
                self.late(crew, &place, &early, second_from);
            }
        }
        Some(())
    }

    /// What the members of a profession can hear in a place beside what begins early.
    fn late(&mut self, crew: &Crew, place: &Place, early: &BTreeMap<usize, Early>, second_from: Minutes) {
        let (world, heads, days) = (self.world, &place.heads, &crew.days);
        let seats = world.seats_of(&crew.who);
        let size = |t: usize, earliest: Minutes| {
            let Kind { duration, turnaround, .. } = world.kinds[t];
            Size { preparation: world.preparation[t], duration, turnaround, earliest }
        };
        let late_from = world.instance.policy.far_earliest.0;
        let mut parts = Vec::new();
        for (&t, heard) in heads.iter().filter(|(t, _)| !seats[**t].is_empty()) {
            let times = seats[t].len() as f64;
            let of = |vars: &[Var], times: f64| vars.iter().map(|&v| (v, times)).collect::<Vec<_>>();
            let most = |vars: &[Var]| vars.iter().map(|&v| self.lp.upper[v]).sum::<f64>() * times;
            parts.push((size(t, 0), most(&heard.near), of(&heard.near, times)));
            let mut late = of(&heard.far, times);
            if let Some(own) = early.get(&t) {
                parts.push((size(t, 0), 0.0, vec![(own.first, times)]));
                late.push((own.first, -times));
                if let Some(second) = own.second {
                    parts.push((size(t, second_from), 0.0, vec![(second, times)]));
                    late.push((second, -times));
                }
            }
            parts.push((size(t, late_from), most(&heard.far), late));
        }
        parts.retain(|part| !part.2.is_empty());
        let (sizes, terms) = windows::by_size(parts.into_iter());
        let alone = |size: &Size| days.iter().any(|d| windows::fullest(d, &[*size], &[1.0], world.instance.step) > 0.0);
        let fits: Vec<bool> = sizes.iter().map(alone).collect();
        let found = self.packings_on(days, &sizes);
        // What fits into no day is never heard.
        let never = fits.contains(&false).then(|| {
            let shares = fits.iter().map(|fits| f64::from(u8::from(!fits))).collect();
            Packing { shares, most: vec![0.0; days.len()] }
        });
        for packing in found.into_iter().chain(never) {
            let hold: Vec<(Var, f64)> = match &crew.members {
                Members::Number(n) => vec![(*n, -packing.most.iter().copied().fold(0.0, f64::max))],
                Members::ByHours(them) => them.iter().zip(&packing.most).map(|(&n, most)| (n, -most)).collect(),
            };
            // Where a seat is left empty, its sitting takes no more of anybody than the dearest of its kind.
            let share = |t: usize| {
                let own = |s: &Size| (Size { earliest: 0, ..*s }) == size(t, 0);
                let shares = sizes.iter().zip(&packing.shares).filter(|(s, _)| own(s)).map(|(_, share)| *share);
                shares.fold(0.0, f64::max)
            };
            let empty = heads.keys().flat_map(|&t| seats[t].iter().map(move |&s| (t, s)));
            let empty = empty.filter_map(|(t, s)| Some((self.empty_at(place, t, s)?, -share(t))));
            let row = packing.taken(&terms).chain(empty).chain(hold).collect();
            self.lp.at_most(row, 0.0);
        }
    }

    /// The hours of the members of a profession in a slot, but none that lie within others.
    fn longest_days(&self, crew: &[ExaminerIx], j: usize) -> Vec<Hours> {
        let world = self.world;
        let day =
            |x: ExaminerIx, c: usize| Hours { open: world.open(&world.cells[c]).from, free: world.free[x][c].concat() };
        let all = crew.iter().flat_map(|&x| self.slots[j].cells.iter().map(move |&c| day(x, c)));
        let all: BTreeSet<Hours> = all.filter(|day| !day.free.is_empty()).collect();
        all.iter().filter(|day| !all.iter().any(|other| other != *day && other.contain(day))).cloned().collect()
    }

    /// The cells, where they are told apart, else the slots.
    fn places(&self) -> Vec<Place> {
        let world = self.world;
        if self.days.is_empty() {
            let crews = self.crews_at();
            let place = |j: usize| {
                let crews = crews.iter().filter(|c| c.1 == j).map(|(who, _, n)| {
                    let days = self.longest_days(who, j);
                    Crew { who: who.clone(), days, members: Members::Number(*n) }
                });
                Place { slot: j, cells: self.slots[j].cells.clone(), heads: self.heads(j), crews: crews.collect() }
            };
            return (0..self.slots.len()).map(place).collect();
        }
        let place = |(&cell, day): (&usize, &super::dates::Day)| {
            let mut heads: BTreeMap<usize, Heads> = BTreeMap::new();
            for ((t, far), &q) in &day.heard {
                if world.instance.regulation.exams[world.kinds[*t].exam].follows.is_none() {
                    let heads = heads.entry(*t).or_default();
                    if *far { &mut heads.far } else { &mut heads.near }.push(q);
                }
            }
            let crews = day.crews.iter().map(|crew| Crew {
                who: crew.who.clone(),
                days: crew.hours.clone(),
                members: Members::ByHours(crew.there.clone()),
            });
            Place { slot: day.slot, cells: vec![cell], heads, crews: crews.collect() }
        };
        self.days.iter().map(place).collect()
    }

    /// The sittings of a kind in a place with that optional seat empty.
    fn empty_at(&self, place: &Place, t: usize, s: usize) -> Option<Var> {
        match place.cells.first().and_then(|cell| self.days.get(cell)) {
            Some(day) => day.empty.get(&(t, s)).copied(),
            None => self.empty.get(&(t, s, place.slot)).copied(),
        }
    }

    /// The professions in each slot: who, the slot, the variable of their days.
    fn crews_at(&self) -> Vec<(Vec<ExaminerIx>, usize, Var)> {
        let slot = |at: At| self.slots.iter().position(|s| (s.centre, s.group) == at).expect("counted in a slot");
        let all = self.counts.iter().filter_map(|(count, at, n)| match (count, at) {
            (Count::Crew(who), Some(at)) => Some((who.clone(), slot(*at), *n)),
            _ => None,
        });
        all.collect()
    }

    /// By kind, what is heard in a slot.
    fn heads(&self, j: usize) -> BTreeMap<usize, Heads> {
        let mut heads: BTreeMap<usize, Heads> = BTreeMap::new();
        for (class, heard) in self.world.classes.iter().zip(&self.heard) {
            for (oral, own) in class.orals.iter().zip(heard).filter(|(o, _)| o.lead.is_none()) {
                let own = own[j];
                if own.is_some() {
                    let heads = heads.entry(oral.kind).or_default();
                    if self.is_far(class, j) { &mut heads.far } else { &mut heads.near }.extend(own);
                }
            }
        }
        heads
    }

    /// Whether the candidates of a class come from afar to a slot.
    pub(super) fn is_far(&self, class: &Class, j: usize) -> bool {
        let instance = self.world.instance;
        instance.candidates[class.members[0]].km[self.slots[j].centre] > i64::from(instance.policy.far_km)
    }

    /// From when on a second block of one candidate can begin on one date, and how many can begin early.
    fn early_blocks(&self, place: &Place) -> (Minutes, i32) {
        let (world, instance) = (self.world, self.world.instance);
        let block = place.heads.keys().map(|&t| world.preparation[t] + world.kinds[t].duration).min().unwrap_or(0);
        let gap = world.classes.iter().map(|c| c.gap).min().unwrap_or(0);
        let open = |&c: &usize| world.open(&world.cells[c]).from;
        let open = place.cells.iter().map(open).min().unwrap_or(0);
        let early = (instance.policy.far_earliest.0 - open).max(0);
        (open + block + gap, (early + (block + gap).max(1) - 1) / (block + gap).max(1))
    }
}
