//! The examiners' part of the model by half-day.

use super::*;

impl<'w> Builder<'w, '_> {
    /// An examiner: dates, half-days, seats, what is heard in them, idle minutes.
    pub(super) fn examiner(&mut self, x: ExaminerIx) {
        let (world, instance) = (self.world, self.world.instance);
        let (weights, policy, who) = (&instance.weights, &instance.policy, &instance.examiners[x]);
        let mut by_date: BTreeMap<DateIx, Vec<(Var, f64)>> = BTreeMap::new();
        for cell in 0..world.cells.len() {
            let at = &world.cells[cell];
            let free = &world.free[x][cell];
            let here: Vec<(usize, Vec<Interval>)> = self
                .halves_of(cell)
                .into_iter()
                .filter_map(|j| {
                    let own = free.iter().find(|own| own.iter().all(|f| self.halves[j].time.contains(*f)))?;
                    Some((j, own.clone()))
                })
                .collect();
            let mut worked = Vec::new();
            let mut minutes = Vec::new();
            for (j, own) in &here {
                if let Some((works, heard)) = self.examiner_in_half(x, *j, own) {
                    worked.push(works);
                    minutes.extend(heard);
                }
            }
            if worked.is_empty() {
                continue;
            }
            let km = who.km[at.centre] as f64;
            let c = self.choice(w(weights.examiner_days) + km * w(weights.examiner_km));
            self.convened.insert((x, cell), c);
            by_date.entry(at.date).or_default().push((c, 1.0));
            self.lp.at_most(vec![(c, 1.0), (self.in_use[cell], -1.0)], 0.0);
            for &b in &worked {
                self.lp.at_most(vec![(b, 1.0), (c, -1.0)], 0.0);
            }
            self.lp.at_most([(c, 1.0)].into_iter().chain(minus(worked)).collect(), 0.0);
            if let Some(most) = instance.sittings_a_day(x) {
                let number = minutes.iter().map(|&(v, _)| (v, 1.0));
                self.lp.at_most(number.chain([(c, -f64::from(most))]).collect(), 0.0);
            }
            minutes.push((c, -f64::from(policy.examiner_minutes_a_day)));
            self.lp.at_most(minutes, 0.0);
        }
        let all: Vec<(Var, f64)> = by_date.values().flatten().copied().collect();
        let dates = by_date.len() as f64;
        for here in by_date.into_values().filter(|here| here.len() > 1) {
            self.lp.at_most(here, 1.0);
        }
        if let Some(limit) = who.max_days {
            self.lp.at_most(all.clone(), f64::from(limit));
        }
        let fair = f64::from(policy.fair_days);
        if dates > fair && who.max_days.is_none_or(|l| f64::from(l) > fair) {
            let beyond = self.lp.var(w(weights.examiner_overload), dates, false);
            self.lp.at_most(all.into_iter().chain([(beyond, -1.0)]).collect(), fair);
        }
    }

    /// Whether an examiner works in a half-day, and the minutes of what they hear.
    fn examiner_in_half(&mut self, x: ExaminerIx, j: usize, free: &[Interval]) -> Option<(Var, Vec<(Var, f64)>)> {
        let (world, instance) = (self.world, self.world.instance);
        let who = &instance.examiners[x];
        let longest = free.iter().map(Interval::minutes).max().unwrap_or(0);
        let mut hears: BTreeMap<Body<'w>, BTreeMap<usize, Vec<(Oral, Var)>>> = BTreeMap::new();
        for (oral, _) in self.heard_in(j) {
            let t = self.oral(oral).kind;
            let kind = &world.kinds[t];
            let candidate = world.classes[oral.0].members[0];
            if kind.duration > longest || instance.partial(candidate, x) {
                continue;
            }
            for (s, _) in world.holders[t].iter().enumerate().filter(|(_, own)| own.contains(&x)) {
                let seat = &instance.regulation.commissions[kind.commission].seats[s];
                let liked = seat.preferred(&who.qualifications, kind.language.as_deref());
                let a = self.choice(if liked { 0.0 } else { w(instance.weights.not_preferred) });
                self.seated.entry((oral, s, j)).or_default().push((x, a));
                hears.entry(self.body(t)).or_default().entry(s).or_default().push((oral, a));
            }
        }
        if hears.is_empty() {
            return None;
        }
        let works = self.choice(0.0);
        self.works.insert((x, j), works);
        let all: Vec<(Oral, Var)> = hears.values().flat_map(|seats| seats.values().flatten()).copied().collect();
        let turnaround = all.iter().map(|&(oral, _)| world.kinds[self.oral(oral).kind].turnaround).max().unwrap_or(0);
        let span: Minutes = free.iter().map(|f| f.minutes() + turnaround).sum();
        let idle = self.lp.var(w(instance.weights.examiner_idle), 1440.0, false);
        let mut busy = vec![(works, -f64::from(span))];
        let mut between = vec![(idle, -1.0), (works, -f64::from(turnaround))];
        let mut minutes = Vec::new();
        for &(oral, a) in &all {
            let (duration, whole) = self.length(oral);
            busy.push((a, whole));
            between.push((a, whole - duration));
            minutes.push((a, duration));
        }
        self.lp.at_most(busy, 0.0);
        self.lp.at_most(between, 0.0);
        self.lp.at_most([(works, 1.0)].into_iter().chain(minus(all.iter().map(|&(_, a)| a))).collect(), 0.0);
        let heard: Vec<(Oral, Var, f64)> = all.iter().map(|&(oral, a)| (oral, a, 1.0)).collect();
        self.packed(j, free, works, &heard);
        let kinds: BTreeSet<usize> = all.iter().map(|&(oral, _)| self.oral(oral).kind).collect();
        for t in kinds {
            let own: Vec<(Var, f64)> =
                all.iter().filter(|(oral, _)| self.oral(*oral).kind == t).map(|&(_, a)| (a, 1.0)).collect();
            let fit = self.fit(t, j, free);
            if (own.len() as f64) > fit {
                self.lp.at_most(own.into_iter().chain([(works, -fit)]).collect(), 0.0);
            }
        }
        for (body, seats) in hears {
            for (s, own) in seats {
                let sits = self.choice(0.0);
                self.sits.entry((body, s, j)).or_default().push(sits);
                self.lp.at_most(vec![(sits, 1.0), (works, -1.0)], 0.0);
                for &(_, a) in &own {
                    self.lp.at_most(vec![(a, 1.0), (sits, -1.0)], 0.0);
                }
            }
        }
        Some((works, minutes))
    }

    /// Each seat of a sitting has one holder, or is empty if it may be; a session has one holder of each of its seats; what
    /// follows is heard by the same people; who is pinned to an oral hears it.
    pub(super) fn seats(&mut self) {
        let (world, weights) = (self.world, &self.world.instance.weights);
        for j in 0..self.halves.len() {
            for (oral, y) in self.heard_in(j) {
                let kind = &world.kinds[self.oral(oral).kind];
                let seats = &world.instance.regulation.commissions[kind.commission].seats;
                let mut by_person: BTreeMap<ExaminerIx, Vec<(Var, f64)>> = BTreeMap::new();
                for (s, seat) in seats.iter().enumerate() {
                    let holders = self.seated.get(&(oral, s, j)).cloned().unwrap_or_default();
                    let mut row = vec![(y, -1.0)];
                    row.extend(holders.iter().map(|&(_, a)| (a, 1.0)));
                    if !seat.required {
                        row.push((self.lp.var(w(weights.optional_seat_empty), 1.0, false), 1.0));
                    }
                    self.lp.exactly(row, 0.0);
                    for (x, a) in holders {
                        by_person.entry(x).or_default().push((a, 1.0));
                        let lead = self.oral(oral).lead.map(|lead| (oral.0, lead));
                        let lead =
                            lead.filter(|&lead| self.body(self.oral(lead).kind) == self.body(self.oral(oral).kind));
                        let Some(lead) = lead else { continue };
                        let same = self.seated.get(&(lead, s, j)).into_iter().flatten().filter(|h| h.0 == x);
                        let row = [(a, 1.0)].into_iter().chain(minus(same.map(|h| h.1))).collect();
                        self.lp.at_most(row, 0.0);
                    }
                }
                for own in by_person.values().filter(|own| own.len() > 1) {
                    self.lp.at_most(own.iter().copied().chain([(y, -1.0)]).collect(), 0.0);
                }
                let pins = world.instance.pins.get(&self.due(oral)).into_iter().flatten();
                for x in pins.filter_map(|p| p.examiner) {
                    let own = by_person.get(&x).into_iter().flatten().map(|&(a, _)| a);
                    self.lp.at_most([(y, 1.0)].into_iter().chain(minus(own)).collect(), 0.0);
                }
            }
        }
        for ((body, _, j), sits) in &self.sits {
            let n = self.sessions[&(*body, *j)];
            self.lp.at_most(sits.iter().map(|&v| (v, 1.0)).chain([(n, -1.0)]).collect(), 0.0);
        }
    }

    /// Examiners counted by profession, as in the model by date, and in each half-day.
    pub(super) fn crews(&mut self) {
        let (world, policy) = (self.world, &self.world.instance.policy);
        for (crew, seats) in world.crews() {
            let mut total = Vec::new();
            for cell in 0..world.cells.len() {
                let convened = crew.iter().filter_map(|&x| self.convened.get(&(x, cell)).copied()).collect();
                let Some(n) = self.crew(convened) else { continue };
                total.push(n);
                let mut minutes = vec![(n, -f64::from(policy.examiner_minutes_a_day))];
                for j in self.halves_of(cell) {
                    let works = crew.iter().filter_map(|&x| self.works.get(&(x, j)).copied()).collect();
                    let Some(half) = self.crew(works) else { continue };
                    let own: Vec<(Oral, Var)> =
                        self.heard_in(j).into_iter().filter(|(oral, _)| seats[self.oral(*oral).kind] > 0.0).collect();
                    let turnaround = own.iter().map(|(oral, _)| world.kinds[self.oral(*oral).kind].turnaround).max();
                    let span = self.halves[j].time.minutes() + turnaround.unwrap_or(0);
                    let needed =
                        own.iter().map(|&(oral, y)| (oral, y, seats[self.oral(oral).kind])).collect::<Vec<_>>();
                    self.packed(j, &[self.halves[j].time], half, &needed);
                    let mut busy = vec![(half, -f64::from(span))];
                    for (oral, y) in own {
                        let ((duration, whole), seats) = (self.length(oral), seats[self.oral(oral).kind]);
                        minutes.push((y, seats * duration));
                        busy.push((y, seats * whole));
                    }
                    self.lp.at_most(busy, 0.0);
                }
                self.lp.at_most(minutes, 0.0);
            }
            if total.len() > 1 {
                self.crew(total);
            }
        }
    }

    /// How many of them, as a whole number.
    fn crew(&mut self, own: Vec<Var>) -> Option<Var> {
        if own.is_empty() {
            return None;
        }
        let most = own.iter().map(|&v| self.lp.upper[v]).sum();
        let n = self.lp.var(0.0, most, true);
        self.lp.exactly(own.into_iter().map(|v| (v, 1.0)).chain([(n, -1.0)]).collect(), 0.0);
        Some(n)
    }
}
