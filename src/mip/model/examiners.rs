//! The examiners' part of the aggregated model.

use super::*;

/// Up to so many days of a profession in a slot, in the mean, each oral on its own says that somebody has to be there.
const FEW: f64 = 2.0;

impl Builder<'_, '_> {
    /// Examiners: their dates, what they hear, in how many sessions, and their idle minutes.
    pub(super) fn examiners(&mut self) -> Option<()> {
        let seats_of = self.seats_by_examiner();
        let (instance, weights) = (self.world.instance, &self.world.instance.weights);
        let mut all_convened = Table::default();
        for (x, who) in instance.examiners.enumerate() {
            let mut convened: Vec<(usize, Var)> = Vec::new();
            for j in 0..self.slots.len() {
                self.awaited()?;
                let Some(days) = self.examiner_in_slot(x, &seats_of[x], j) else { continue };
                let Slot { centre, group, .. } = self.slots[j];
                self.counts.push((Count::Convened(x), Some((centre, group)), days));
                convened.push((j, days));
            }
            all_convened.push(convened.clone());
            if convened.is_empty() {
                continue;
            }
            for group in 0..self.groups {
                let here: Vec<_> = convened.iter().filter(|(j, _)| self.slots[*j].group == group).collect();
                let dates = self.free_dates(x, here.iter().map(|(j, _)| *j));
                self.lp.at_most(here.iter().map(|(_, c)| (*c, 1.0)).collect(), dates as f64);
            }
            let all: Vec<(Var, f64)> = convened.iter().map(|(_, c)| (*c, 1.0)).collect();
            let dates = self.free_dates(x, convened.iter().map(|(j, _)| *j)) as f64;
            if let Some(limit) = who.max_days {
                self.lp.at_most(all.clone(), f64::from(limit));
            }
            let fair = f64::from(instance.policy.fair_days);
            if dates > fair && who.max_days.is_none_or(|l| f64::from(l) > fair) {
                let beyond = self.var(About::Sum, w(weights.examiner_overload), dates, false);
                self.lp.at_most(all.into_iter().chain([(beyond, -1.0)]).collect(), fair);
            }
        }
        for ((_, _, dates), own) in std::mem::take(&mut self.alike) {
            self.lp.at_most(own.into_iter().map(|v| (v, 1.0)).collect(), dates.len() as f64);
        }
        self.crews(&all_convened);
        self.commissions();
        Some(())
    }

    /// Examiners counted by profession: on each day enough of them for what only they can hear. The rows follow
    /// from those of the examiners one by one; that the counts are whole numbers is what the branch and bound
    /// makes much of.
    fn crews(&mut self, convened: &Table<ExaminerIx, Vec<(usize, Var)>>) {
        let (world, policy) = (self.world, &self.world.instance.policy);
        for (crew, seats) in world.crews() {
            let few = self.is_few(&seats);
            let mut total = Vec::new();
            for j in 0..self.slots.len() {
                let own = crew.iter().flat_map(|&x| &convened[x]).filter(|(slot, _)| *slot == j);
                let mut here: Vec<(Var, f64)> = own.map(|&(_, c)| (c, 1.0)).collect();
                if here.is_empty() {
                    continue;
                }
                let most = here.iter().map(|&(c, _)| self.lp.upper[c]).sum();
                let n = self.var(About::Slot(j), 0.0, most, true);
                let at = (self.slots[j].centre, self.slots[j].group);
                self.counts.push((Count::Crew(crew.clone()), Some(at), n));
                here.push((n, -1.0));
                self.lp.exactly(here, 0.0);
                total.push((n, 1.0));
                let mut minutes = vec![(n, -f64::from(policy.examiner_minutes_a_day))];
                for (t, seats) in seats.iter().enumerate() {
                    let duration = f64::from(world.kinds[t].duration);
                    minutes.extend(self.count[t][j].map(|q| (q, seats * duration)));
                }
                self.lp.at_most(minutes, 0.0);
                if few {
                    self.anybody(&seats, j, n);
                }
            }
            if total.len() > 1 {
                let most = total.iter().map(|&(n, _)| self.lp.upper[n]).sum();
                let all = self.var(About::Sum, 0.0, most, true);
                self.counts.push((Count::Crew(crew.clone()), None, all));
                total.push((all, -1.0));
                self.lp.exactly(total, 0.0);
            }
        }
    }

    /// Whether a slot has so little for a profession, in the mean, that fractions of a person would do for it.
    fn is_few(&self, seats: &[f64]) -> bool {
        let world = self.world;
        let orals = world.classes.iter().flat_map(|class| class.orals.iter().map(|o| (o, class.members.len() as f64)));
        let minutes: f64 = orals.map(|(o, m)| m * seats[o.kind] * f64::from(world.kinds[o.kind].duration)).sum();
        minutes < FEW * self.slots.len() as f64 * f64::from(world.instance.policy.examiner_minutes_a_day)
    }

    /// Whoever is heard by a profession finds as many of its members there as the oral has seats for it, however little they
    /// hear.
    fn anybody(&mut self, seats: &[f64], j: usize, members: Var) {
        for (class, heard) in self.world.classes.iter().zip(&self.heard) {
            for (oral, own) in class.orals.iter().zip(heard).filter(|(o, _)| o.lead.is_none() && seats[o.kind] > 0.0) {
                if let Some(y) = own[j] {
                    self.lp.at_most(vec![(y, seats[oral.kind]), (members, -self.lp.upper[y])], 0.0);
                }
            }
        }
    }

    /// By examiner, the (kind, seat) pairs that they may hold.
    fn seats_by_examiner(&self) -> Table<ExaminerIx, Vec<(usize, usize)>> {
        let mut own: Table<ExaminerIx, Vec<(usize, usize)>> =
            self.world.instance.examiners.iter().map(|_| Vec::new()).collect();
        for (t, seats) in self.world.holders.iter().enumerate() {
            for (s, who) in seats.iter().enumerate() {
                for &x in who {
                    own[x].push((t, s));
                }
            }
        }
        own
    }

    fn free_dates(&self, x: ExaminerIx, slots: impl Iterator<Item = usize>) -> usize {
        let free = &self.world.free[x];
        let cells = slots.flat_map(|j| &self.slots[j].cells).filter(|&&c| !free[c].is_empty());
        cells.map(|&c| self.world.cells[c].date).collect::<BTreeSet<_>>().len()
    }

    /// The variables and rows of one examiner in one slot; the dates convened there.
    fn examiner_in_slot(&mut self, x: ExaminerIx, own: &[(usize, usize)], j: usize) -> Option<Var> {
        let (world, instance) = (self.world, self.world.instance);
        let (weights, policy, kinds) = (&instance.weights, &instance.policy, &world.kinds);
        let slot = &self.slots[j];
        let (centre, in_use) = (slot.centre, slot.days);
        let days: Vec<usize> = slot.cells.iter().copied().filter(|&c| !world.free[x][c].is_empty()).collect();
        let most = |f: &dyn Fn(usize) -> i64| days.iter().map(|&c| f(c)).max().unwrap_or(0);
        let fits = |t: usize| {
            most(&|c| {
                let earliest = world.open(&world.cells[c]).from + world.preparation[t];
                let halves = world.free[x][c].iter();
                halves.map(|h| windows::count(h, earliest, kinds[t].duration, kinds[t].turnaround)).sum()
            })
            .min(i64::from(policy.examiner_minutes_a_day) / i64::from(kinds[t].duration))
            .min(instance.sittings_a_day(x).map_or(i64::MAX, i64::from))
        };
        let hears: Vec<(usize, usize, i64)> = own
            .iter()
            .filter(|&&(t, _)| self.count[t][j].is_some())
            .map(|&(t, s)| (t, s, fits(t)))
            .filter(|&(_, _, n)| n > 0)
            .collect();
        if hears.is_empty() {
            return None;
        }
        let n_days = days.len() as f64;
        let turnaround = hears.iter().map(|&(t, _, _)| kinds[t].turnaround).max().unwrap_or(0);
        let free_minutes = most(&|c| world.free[x][c].iter().flatten().map(|w| i64::from(w.minutes())).sum());
        let span = most(&|c| world.free[x][c].iter().flatten().map(|w| i64::from(w.minutes() + turnaround)).sum());
        let halves = most(&|c| world.free[x][c].len() as i64) as f64;
        let longest = most(&|c| {
            let spans = world.free[x][c].iter().filter_map(|h| Some(h.last()?.to - h.first()?.from));
            i64::from(spans.max().unwrap_or(0))
        }) as Minutes;
        let in_half = |h: &Vec<Interval>| h.iter().map(|w| i64::from(w.minutes() + turnaround)).sum::<i64>();
        let half = most(&|c| world.free[x][c].iter().map(in_half).max().unwrap_or(0)) as f64;
        let minutes = i64::from(policy.examiner_minutes_a_day).min(free_minutes) as f64;

        let km = instance.examiners[x].km[centre] as f64;
        let me = About::Examiner(x, j);
        let c = self.var(me, w(weights.examiner_days) + km * w(weights.examiner_km), n_days, true);
        self.lp.at_most(vec![(c, 1.0), (in_use, -1.0)], 0.0);
        let worked = self.var(me, 0.0, halves * n_days, false);
        self.lp.at_most(vec![(worked, 1.0), (c, -halves)], 0.0);
        self.lp.at_most(vec![(c, 1.0), (worked, -1.0)], 0.0);
        let idle = self.var(me, w(weights.examiner_idle), 1440.0 * n_days, false);

        let mut heard = vec![(c, -minutes)];
        let mut busy = vec![(c, -(span as f64))];
        let mut busy_half = vec![(worked, -half)];
        let mut number = vec![(c, -instance.sittings_a_day(x).map_or(0.0, f64::from))];
        let mut waits = vec![(idle, -1.0), (worked, -f64::from(turnaround))];
        let mut of_kind: BTreeMap<usize, Vec<(Var, f64)>> = BTreeMap::new();
        let mut of_seat: BTreeMap<(usize, usize), Vec<(usize, Var)>> = BTreeMap::new();
        for &(t, s, n) in &hears {
            let seat = &instance.regulation.commissions[kinds[t].commission].seats[s];
            let liked = seat.preferred(&instance.examiners[x].qualifications, kinds[t].language.as_deref());
            let all = self.count[t][j].map_or(0.0, |q| self.lp.upper[q]);
            let v =
                self.var(me, if liked { 0.0 } else { w(weights.not_preferred) }, (n as f64 * n_days).min(all), false);
            heard.push((v, f64::from(kinds[t].duration)));
            let whole = f64::from(kinds[t].duration + kinds[t].turnaround);
            busy.push((v, whole));
            busy_half.push((v, whole));
            number.push((v, 1.0));
            waits.push((v, f64::from(kinds[t].turnaround)));
            of_kind.entry(t).or_insert_with(|| vec![(c, -(n as f64).min(all))]).push((v, 1.0));
            of_seat.entry((self.body[t], s)).or_default().push((t, v));
            self.seated.entry((t, s, j)).or_default().push((x, v));
        }
        self.lp.at_most(heard, 0.0);
        self.lp.at_most(busy, 0.0);
        self.lp.at_most(busy_half, 0.0);
        self.lp.at_most(waits, 0.0);
        if instance.sittings_a_day(x).is_some() {
            self.lp.at_most(number, 0.0);
        }
        self.packed((x, j), (c, worked), &days, &of_kind);
        for (t, terms) in of_kind {
            // Where the minutes alone do not say as much.
            if -terms[0].1 * f64::from(kinds[t].duration) < minutes {
                self.lp.at_most(terms, 0.0);
            }
        }
        let mut each = vec![(worked, 1.0)];
        for ((body, s), own) in of_seat {
            let shares = self.shares(body, longest);
            let all: f64 = own.iter().map(|&(_, v)| self.lp.upper[v]).sum();
            let h = self.var(me, 0.0, all, false);
            self.sits.entry((body, s, j)).or_default().push(h);
            each.push((h, -1.0));
            let fit = own.iter().map(|&(t, v)| (v, shares[t]));
            self.lp.at_most([(h, -1.0)].into_iter().chain(fit).collect(), 0.0);
            if all * shares[own[0].0] < 1.0 {
                self.lp.at_most([(h, -all)].into_iter().chain(own.iter().map(|&(_, v)| (v, 1.0))).collect(), 0.0);
            }
        }
        self.lp.at_most(each, 0.0);
        Some(c)
    }

    /// What fits into a date of an examiner, hour by hour: where the minutes alone do not say as much. What follows another
    /// oral is left out: without it, the rest still fits. Dates with other hours are counted apart.
    fn packed(
        &mut self,
        (x, j): (ExaminerIx, usize),
        (convened, worked): (Var, Var),
        cells: &[usize],
        hears: &BTreeMap<usize, Vec<(Var, f64)>>,
    ) {
        let (world, instance) = (self.world, self.world.instance);
        let heads = hears.iter().filter(|(t, _)| instance.regulation.exams[world.kinds[**t].exam].follows.is_none());
        let (sizes, heard) = windows::by_size(heads.map(|(&t, terms)| {
            let Kind { duration, turnaround, .. } = world.kinds[t];
            let all = self.count[t][j].map_or(0.0, |q| self.lp.upper[q]);
            (Size { preparation: world.preparation[t], duration, turnaround, earliest: 0 }, all, terms[1..].to_vec())
        }));
        let mut dates: BTreeMap<Hours, BTreeSet<usize>> = BTreeMap::new();
        for &cell in cells {
            let day = Hours { open: world.open(&world.cells[cell]).from, free: world.free[x][cell].concat() };
            dates.entry(day).or_default().insert(world.cells[cell].date.ix());
        }
        let (days, dates): (Vec<Hours>, Vec<BTreeSet<usize>>) = dates.into_iter().unzip();
        self.packed_halves(x, (convened, worked), cells, &sizes, &heard);
        let key = (days.clone(), sizes.clone());
        let found = self.packings.entry(key).or_insert_with(|| windows::packings(&days, &sizes, instance.step));
        // By the minutes that count in a day, what a day holds if only they do.
        let most = instance.policy.examiner_minutes_a_day as Minutes;
        let says_more = |packing: &Packing| {
            let all = |d: usize| packing.most[d] * f64::from(most.min(days[d].free.iter().map(|f| f.minutes()).sum()));
            let more = |d: usize| {
                sizes.iter().zip(&packing.shares).any(|(s, share)| share * all(d) > f64::from(s.duration) + 1e-6)
            };
            packing.is_mixed() && (0..days.len()).any(more)
        };
        let found: Vec<Packing> = found.iter().filter(|p| says_more(p)).cloned().collect();
        if found.is_empty() {
            return;
        }
        let of_day: Vec<Var> = match days.len() {
            1 => vec![convened],
            _ => {
                let me = About::Examiner(x, j);
                let own: Vec<Var> = dates.iter().map(|d| self.var(me, 0.0, d.len() as f64, false)).collect();
                self.lp.exactly(own.iter().map(|&v| (v, 1.0)).chain([(convened, -1.0)]).collect(), 0.0);
                own
            }
        };
        for packing in found {
            let hold = of_day.iter().zip(&packing.most).map(|(&v, &most)| (v, -most));
            self.lp.at_most(hold.chain(packing.taken(&heard)).collect(), 0.0);
        }
        if days.len() > 1 {
            for (var, dates) in of_day.into_iter().zip(dates) {
                self.alike.entry((x, self.slots[j].group, dates)).or_default().push(var);
            }
        }
    }

    /// The same for half-days: the fullest holds so much, and what a second adds is at most what the date still leaves.
    fn packed_halves(
        &mut self,
        x: ExaminerIx,
        (convened, worked): (Var, Var),
        cells: &[usize],
        sizes: &[Size],
        heard: &[Vec<(Var, f64)>],
    ) {
        let instance = self.world.instance;
        if cells.iter().all(|&cell| self.world.free[x][cell].len() < 2) {
            return;
        }
        let (mut halves, mut days) = (BTreeSet::new(), BTreeSet::new());
        for &cell in cells {
            let free = &self.world.free[x][cell];
            let open = self.world.open(&self.world.cells[cell]).from;
            halves.extend(free.iter().map(|half| Hours { open, free: half.clone() }));
            days.insert(Hours { open, free: free.concat() });
        }
        let halves: Vec<Hours> = halves.into_iter().collect();
        let find = || windows::packings(&halves, sizes, instance.step);
        let found = self.packings.entry((halves.clone(), sizes.to_vec())).or_insert_with(find).clone();
        for packing in found.into_iter().filter(Packing::is_mixed) {
            let one = packing.most.iter().copied().fold(0.0, f64::max);
            let a_minute = sizes.iter().zip(&packing.shares).map(|(size, share)| share / f64::from(size.duration));
            let by_minutes = a_minute.fold(0.0, f64::max) * f64::from(instance.policy.examiner_minutes_a_day);
            let fullest = days.iter().map(|day| windows::fullest(day, sizes, &packing.shares, instance.step));
            let more = (fullest.fold(0.0, f64::max).min(by_minutes) + 1e-9 - one).max(0.0);
            let hold = [(convened, more - one), (worked, -more)];
            self.lp.at_most(hold.into_iter().chain(packing.taken(heard)).collect(), 0.0);
        }
    }

    /// Every sitting needs a holder of each seat, one who may hear the candidates of the school.
    fn commissions(&mut self) {
        let world = self.world;
        for ((body, j), &n) in &self.sessions {
            let seats = &world.instance.regulation.commissions[self.bodies[*body].0].seats;
            for s in 0..seats.len() {
                if let Some(own) = self.sits.get(&(*body, s, *j)) {
                    self.lp.at_most(own.iter().map(|&h| (h, 1.0)).chain([(n, -1.0)]).collect(), 0.0);
                }
            }
        }
        for t in 0..world.kinds.len() {
            for j in 0..self.slots.len() {
                let Some(q) = self.count[t][j] else { continue };
                for s in 0..world.holders[t].len() {
                    let mut terms = vec![(q, 1.0)];
                    terms.extend(self.covering(t, s, j, &|_| true));
                    self.lp.at_most(terms, 0.0);
                }
            }
        }
        self.impartial();
        self.same_school();
    }

    /// Candidates of one school before the same people: there are at most as many sets of people as sessions.
    fn same_school(&mut self) {
        let (world, instance) = (self.world, self.world.instance);
        let most = w(instance.policy.same_school_max);
        let mut schools: BTreeMap<(CommissionIx, SchoolIx, usize), Vec<(Var, f64)>> = BTreeMap::new();
        for (class, heard) in world.classes.iter().zip(&self.heard) {
            let Some(school) = instance.candidates[class.members[0]].school else { continue };
            // As the term has it: what follows another exam does not count, even where that other is not due.
            for (oral, own) in class.orals.iter().zip(heard).filter(|(o, _)| o.counted) {
                for (j, y) in own.iter().enumerate().filter_map(|(j, y)| Some((j, (*y)?))) {
                    let commission = world.kinds[oral.kind].commission;
                    schools.entry((commission, school, j)).or_default().push((y, 1.0));
                }
            }
        }
        for ((commission, _, j), mut terms) in schools {
            let all: f64 = terms.iter().map(|&(y, _)| self.lp.upper[y]).sum();
            if all <= most {
                continue;
            }
            terms.push((self.var(About::Slot(j), w(instance.weights.same_school), all, false), -1.0));
            let own = self.sessions.iter().filter(|((body, slot), _)| self.bodies[*body].0 == commission && *slot == j);
            terms.extend(own.map(|(_, &n)| (n, -most)));
            self.lp.at_most(terms, 0.0);
        }
    }

    /// What hears the sittings of a kind in a slot on that seat's behalf, or leaves it empty.
    fn covering(&self, t: usize, s: usize, j: usize, may: &dyn Fn(ExaminerIx) -> bool) -> Vec<(Var, f64)> {
        let who = self.seated.get(&(t, s, j)).into_iter().flatten().filter(|(x, _)| may(*x));
        who.map(|&(_, v)| (v, -1.0)).chain(self.empty.get(&(t, s, j)).map(|&e| (e, -1.0))).collect()
    }

    /// By school, who may hear none of its candidates.
    pub(super) fn barred(&self) -> BTreeMap<SchoolIx, BTreeSet<ExaminerIx>> {
        let instance = self.world.instance;
        let mut members: BTreeMap<SchoolIx, Vec<CandidateIx>> = BTreeMap::new();
        for class in &self.world.classes {
            if let Some(school) = instance.candidates[class.members[0]].school {
                members.entry(school).or_default().extend(&class.members);
            }
        }
        let of = |members: Vec<CandidateIx>| {
            let all = instance.examiners.indices();
            all.filter(|&x| members.iter().all(|&c| instance.partial(c, x))).collect()
        };
        members.into_iter().map(|(school, members)| (school, of(members))).collect()
    }

    /// School by school: who may hear none of its candidates does not count.
    fn impartial(&mut self) {
        let (world, instance) = (self.world, self.world.instance);
        let mut rows = Vec::new();
        for (school, barred) in self.barred() {
            let of_school = |class: &Class| instance.candidates[class.members[0]].school == Some(school);
            let classes: Vec<usize> = (0..world.classes.len()).filter(|&i| of_school(&world.classes[i])).collect();
            for body in 0..self.bodies.len() {
                let kinds = self.kinds_of(body);
                for s in 0..instance.regulation.commissions[self.bodies[body].0].seats.len() {
                    if !kinds.iter().any(|&t| world.holders[t][s].iter().any(|x| barred.contains(x))) {
                        continue;
                    }
                    for j in 0..self.slots.len() {
                        let mut terms = Vec::new();
                        for &i in &classes {
                            let orals = world.classes[i].orals.iter().zip(&self.heard[i]);
                            let own = orals.filter(|(o, _)| self.body[o.kind] == body);
                            terms.extend(own.filter_map(|(_, y)| Some((y[j]?, 1.0))));
                        }
                        if terms.is_empty() {
                            continue;
                        }
                        for &t in &kinds {
                            terms.extend(self.covering(t, s, j, &|x| !barred.contains(&x)));
                        }
                        rows.push(terms);
                    }
                }
            }
        }
        for terms in rows {
            self.lp.at_most(terms, 0.0);
        }
    }
}
