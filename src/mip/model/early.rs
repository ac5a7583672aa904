//! Candidates from afar who come early: hearing them only later leaves their commissions less time.

use super::*;

impl Builder<'_, '_> {
    /// Slot by slot, how many pairs of a candidate from afar and a date begin before `far_earliest`, and what the professions
    /// can hear of the others.
    pub(super) fn early(&mut self) {
        let weight = w(self.world.instance.weights.early_far);
        let crews = self.crews_at();
        for j in 0..self.slots.len() {
            let far = self.heard_from_afar(j);
            let blocks = self.early_blocks(j, &far);
            if far.is_empty() || blocks == 0 || weight == 0.0 {
                continue;
            }
            let most: f64 = far.values().flatten().map(|&y| self.lp.upper[y]).sum();
            let pairs = self.var(About::Slot(j), weight, most, false);
            let mut early = BTreeMap::new();
            for (&t, heard) in &far {
                let most: f64 = heard.iter().map(|&y| self.lp.upper[y]).sum();
                let u = self.var(About::Slot(j), 0.0, most, false);
                self.lp.at_most([(u, 1.0)].into_iter().chain(heard.iter().map(|&y| (y, -1.0))).collect(), 0.0);
                self.lp.at_most(vec![(u, 1.0), (pairs, -1.0)], 0.0);
                early.insert(t, u);
            }
            let all = early.values().map(|&u| (u, 1.0));
            self.lp.at_most(all.chain([(pairs, -(blocks as f64))]).collect(), 0.0);
            for (crew, seats, n) in crews.iter().filter(|c| c.3 == j).map(|c| (&c.0, &c.1, c.2)) {
                let longest = crew.iter().map(|&x| self.late_minutes(x, j, seats)).max().unwrap_or(0);
                let mut late = vec![(n, -f64::from(longest))];
                for (&t, heard) in &far {
                    let minutes = seats[t] * f64::from(self.world.kinds[t].duration);
                    late.extend(heard.iter().map(|&y| (y, minutes)));
                    late.push((early[&t], -minutes));
                }
                self.lp.at_most(late, 0.0);
            }
        }
    }

    /// The professions in each slot: who, how many of their seats each kind takes, the variable of their days, the slot.
    fn crews_at(&self) -> Vec<(Vec<ExaminerIx>, Vec<f64>, Var, usize)> {
        let crews = self.world.crews();
        let of = |who: &Vec<ExaminerIx>| crews.iter().find(|c| c.0 == who).expect("counted as a profession").1.clone();
        let slot = |at: At| self.slots.iter().position(|s| (s.centre, s.group) == at).expect("counted in a slot");
        let all = self.counts.iter().filter_map(|(count, at, n)| match (count, at) {
            (Count::Crew(who), Some(at)) => Some((who.clone(), of(who), *n, slot(*at))),
            _ => None,
        });
        all.collect()
    }

    /// By kind, what those who live beyond `far_km` are heard of in a slot. What follows another oral is left out: it begins
    /// when that one ends, however early.
    fn heard_from_afar(&self, j: usize) -> BTreeMap<usize, Vec<Var>> {
        let (world, instance) = (self.world, self.world.instance);
        let mut far: BTreeMap<usize, Vec<Var>> = BTreeMap::new();
        for (class, heard) in world.classes.iter().zip(&self.heard) {
            let km = instance.candidates[class.members[0]].km[self.slots[j].centre];
            if km > i64::from(instance.policy.far_km) {
                for (oral, own) in class.orals.iter().zip(heard).filter(|(o, _)| o.lead.is_none()) {
                    far.entry(oral.kind).or_default().extend(own[j]);
                }
            }
        }
        far.retain(|_, heard| !heard.is_empty());
        far
    }

    /// How many blocks of one candidate can begin early on one date.
    fn early_blocks(&self, j: usize, far: &BTreeMap<usize, Vec<Var>>) -> i32 {
        let (world, instance) = (self.world, self.world.instance);
        let block = far.keys().map(|&t| world.preparation[t] + world.kinds[t].duration).min().unwrap_or(0);
        let gap = world.classes.iter().map(|c| c.gap).min().unwrap_or(0);
        let open = |&c: &usize| world.open(&world.cells[c]).from;
        let open = self.slots[j].cells.iter().map(open).min().unwrap_or(0);
        let early = (instance.policy.far_earliest.0 - open).max(0);
        (early + (block + gap).max(1) - 1) / (block + gap).max(1)
    }

    /// Minutes that an examiner hears at most on a date of candidates whose blocks begin no earlier than `far_earliest`.
    fn late_minutes(&self, x: ExaminerIx, j: usize, seats: &[f64]) -> Minutes {
        let world = self.world;
        let earliest = world.instance.policy.far_earliest.0;
        // By preparation, the longest first: what is prepared longer begins later, and has less of the time.
        let mut kinds: Vec<usize> = (0..world.kinds.len()).filter(|&t| seats[t] > 0.0).collect();
        kinds.sort_by_key(|&t| std::cmp::Reverse(world.preparation[t]));
        let turnaround = kinds.iter().map(|&t| world.kinds[t].turnaround).max().unwrap_or(0);
        let window = |free: &Interval| {
            let items = kinds.iter().map(|&t| {
                let kind = &world.kinds[t];
                let room = free.to - free.from.max(earliest + world.preparation[t]) + turnaround;
                (kind.duration, kind.duration + kind.turnaround, room)
            });
            windows::longest(&items.collect::<Vec<_>>())
        };
        let date = |c: &usize| world.free[x][*c].iter().flatten().map(window).sum::<Minutes>();
        let all = self.slots[j].cells.iter().map(date).max().unwrap_or(0);
        all.min(world.instance.policy.examiner_minutes_a_day as Minutes)
    }
}
