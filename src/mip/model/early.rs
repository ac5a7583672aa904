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

impl Builder<'_, '_> {
    /// Slot by slot, how many pairs of a candidate from afar and a date begin before `far_earliest`, and what the professions
    /// can hear of the others.
    pub(super) fn early(&mut self) {
        let weight = w(self.world.instance.weights.early_far);
        let crews = self.crews_at();
        for j in 0..self.slots.len() {
            let heads = self.heads(j);
            let (second_from, blocks) = self.early_blocks(j, &heads);
            let most: f64 = heads.values().flat_map(|h| &h.far).map(|&y| self.lp.upper[y]).sum();
            if most == 0.0 || blocks == 0 || weight == 0.0 {
                continue;
            }
            let pairs = self.var(About::Slot(j), weight, most, false);
            let (mut first, mut second) = (vec![(pairs, -1.0)], vec![(pairs, 1.0 - f64::from(blocks))]);
            let mut early: BTreeMap<usize, Early> = BTreeMap::new();
            for (&t, heard) in heads.iter().filter(|(_, h)| !h.far.is_empty()) {
                let most: f64 = heard.far.iter().map(|&y| self.lp.upper[y]).sum();
                let own = Early {
                    first: self.var(About::Slot(j), 0.0, most, false),
                    second: (blocks > 1).then(|| self.var(About::Slot(j), 0.0, most, false)),
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
            for (crew, n) in crews.iter().filter(|c| c.1 == j).map(|c| (&c.0, c.2)) {
                self.late(crew, n, j, &heads, &early, second_from);
            }
        }
    }

    /// What the members of a profession can hear in a slot beside what begins early.
    fn late(
        &mut self,
        crew: &[ExaminerIx],
        members: Var,
        j: usize,
        heads: &BTreeMap<usize, Heads>,
        early: &BTreeMap<usize, Early>,
        second_from: Minutes,
    ) {
        let world = self.world;
        let seats = world.seats_of(crew);
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
        let days = self.longest_days(crew, j);
        let alone = |size: &Size| days.iter().any(|d| windows::fullest(d, &[*size], &[1.0], world.instance.step) > 0.0);
        let fits: Vec<bool> = sizes.iter().map(alone).collect();
        let find = || windows::packings(&days, &sizes, world.instance.step);
        let found = self.packings.entry((days.clone(), sizes.clone())).or_insert_with(find).clone();
        // What fits into no day is never heard.
        let never = fits.contains(&false).then(|| {
            let shares = fits.iter().map(|fits| f64::from(u8::from(!fits))).collect();
            Packing { shares, most: vec![0.0] }
        });
        for packing in found.into_iter().chain(never) {
            let most = packing.most.iter().copied().fold(0.0, f64::max);
            // Where a seat is left empty, its sitting takes no more of anybody than the dearest of its kind.
            let share = |t: usize| {
                let own = |s: &Size| (Size { earliest: 0, ..*s }) == size(t, 0);
                let shares = sizes.iter().zip(&packing.shares).filter(|(s, _)| own(s)).map(|(_, share)| *share);
                shares.fold(0.0, f64::max)
            };
            let empty = heads.keys().flat_map(|&t| seats[t].iter().map(move |&s| (t, s)));
            let empty = empty.filter_map(|(t, s)| Some((*self.empty.get(&(t, s, j))?, -share(t))));
            let row = packing.taken(&terms).chain(empty).chain([(members, -most)]).collect();
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

    /// The professions in each slot: who, the slot, the variable of their days.
    fn crews_at(&self) -> Vec<(Vec<ExaminerIx>, usize, Var)> {
        let slot = |at: At| self.slots.iter().position(|s| (s.centre, s.group) == at).expect("counted in a slot");
        let all = self.counts.iter().filter_map(|(count, at, n)| match (count, at) {
            (Count::Crew(who), Some(at)) => Some((who.clone(), slot(*at), *n)),
            _ => None,
        });
        all.collect()
    }

    /// By kind, what is heard in a slot. What follows another oral is left out: it begins when that one ends, however early.
    fn heads(&self, j: usize) -> BTreeMap<usize, Heads> {
        let (world, instance) = (self.world, self.world.instance);
        let mut heads: BTreeMap<usize, Heads> = BTreeMap::new();
        for (class, heard) in world.classes.iter().zip(&self.heard) {
            let km = instance.candidates[class.members[0]].km[self.slots[j].centre];
            for (oral, own) in class.orals.iter().zip(heard).filter(|(o, _)| o.lead.is_none()) {
                let own = own[j];
                if own.is_some() {
                    let heads = heads.entry(oral.kind).or_default();
                    if km > i64::from(instance.policy.far_km) { &mut heads.far } else { &mut heads.near }.extend(own);
                }
            }
        }
        heads
    }

    /// From when on a second block of one candidate can begin on one date, and how many can begin early.
    fn early_blocks(&self, j: usize, heads: &BTreeMap<usize, Heads>) -> (Minutes, i32) {
        let (world, instance) = (self.world, self.world.instance);
        let block = heads.keys().map(|&t| world.preparation[t] + world.kinds[t].duration).min().unwrap_or(0);
        let gap = world.classes.iter().map(|c| c.gap).min().unwrap_or(0);
        let open = |&c: &usize| world.open(&world.cells[c]).from;
        let open = self.slots[j].cells.iter().map(open).min().unwrap_or(0);
        let early = (instance.policy.far_earliest.0 - open).max(0);
        (open + block + gap, (early + (block + gap).max(1) - 1) / (block + gap).max(1))
    }
}
