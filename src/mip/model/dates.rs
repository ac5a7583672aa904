//! The model over all dates together, with each date told apart where that is cheap: whether the centre is in use, who is
//! convened, and how many sittings there are, of candidates of each school. What each examiner hears and what becomes of
//! each candidate stays in sums over the dates, so that it remains far smaller than the model by date.

use super::*;

/// Candidates whom the rows of a cell tell apart: of one school, or of none, and from afar or not.
type Group = (Option<SchoolIx>, bool);

/// By kind and group, what is heard in a slot: the class, its oral and the variable.
type Heard = BTreeMap<(usize, Group), Vec<(usize, usize, Var)>>;

/// By kind, the seats that some people hold, and whether nobody else can: else others can who are not preferred.
type Held = Vec<Vec<(usize, bool)>>;

/// A cell, in variables of its own.
#[derive(Default)]
pub(super) struct Day {
    pub(super) slot: usize,
    /// Whether the centre is in use.
    used: Var,
    /// By kind, its sittings of candidates from afar, and of the others.
    pub(super) heard: BTreeMap<(usize, bool), Var>,
    /// By kind and group.
    groups: BTreeMap<(usize, Group), Var>,
    /// By kind and seat, its sittings with that optional seat empty.
    pub(super) empty: BTreeMap<(usize, usize), Var>,
    /// By kind and seat, its sittings with somebody there who is not preferred.
    other: BTreeMap<(usize, usize), Var>,
    /// Whether each examiner is convened.
    there: BTreeMap<ExaminerIx, Var>,
    /// The professions.
    pub(super) crews: Vec<CrewDay>,
}

/// A profession in a cell, or those of it whom a seat prefers.
pub(super) struct CrewDay {
    pub(super) who: Vec<ExaminerIx>,
    seats: Held,
    /// The hours that its members have, each once.
    pub(super) hours: Vec<Hours>,
    /// Of each of these hours, how many who have them are convened.
    pub(super) there: Vec<Var>,
}

impl Day {
    /// Of the sittings of a kind, those with one of these seats empty, or with somebody in it who is not preferred.
    fn held_by_others<'d>(&'d self, t: usize, seats: &'d [(usize, bool)]) -> impl Iterator<Item = (Var, f64)> + 'd {
        let others = move |&(s, alone): &(usize, bool)| {
            let other = self.other.get(&(t, s)).filter(|_| !alone);
            [self.empty.get(&(t, s)), other].into_iter().flatten().map(|&v| (v, -1.0)).collect::<Vec<_>>()
        };
        seats.iter().flat_map(others)
    }
}

impl Builder<'_, '_> {
    /// Tells the dates apart: the sums over them are what the slots have.
    pub(super) fn dates(&mut self) -> Option<()> {
        let preferred = self.preferred();
        for j in 0..self.slots.len() {
            self.awaited()?;
            self.days_of_slot(j, &preferred);
        }
        let mut by_date: BTreeMap<(ExaminerIx, DateIx), Vec<(Var, f64)>> = BTreeMap::new();
        for (&cell, day) in &self.days {
            for (&x, &there) in &day.there {
                by_date.entry((x, self.world.cells[cell].date)).or_default().push((there, 1.0));
            }
        }
        for here in by_date.into_values().filter(|here| here.len() > 1) {
            self.lp.at_most(here, 1.0);
        }
        let schools = self.barred();
        let crews: BTreeSet<&Vec<ExaminerIx>> = self.world.holders.iter().chain(&preferred).flatten().collect();
        let crews = crews.into_iter().filter(|who| !who.is_empty());
        let crews: Vec<(&Vec<ExaminerIx>, Held)> = crews.map(|who| (who, self.seats_held(who, &preferred))).collect();
        let mut days = std::mem::take(&mut self.days);
        for (&cell, day) in &mut days {
            day.crews = crews.iter().map(|(who, seats)| self.crew_in(who, seats, cell, day)).collect();
            self.not_preferred_on_day(cell, day, &preferred);
            for crew in &day.crews {
                self.awaited()?;
                self.minutes_on_day(crew, cell, day, None);
                self.crew_on_day(crew, day);
                for school in schools.iter().filter(|(_, own)| crew.who.iter().any(|x| own.contains(x))) {
                    self.minutes_on_day(crew, cell, day, Some(school));
                }
            }
        }
        self.days = days;
        Some(())
    }

    /// By kind and seat, the holders who are preferred.
    fn preferred(&self) -> Vec<Vec<Vec<ExaminerIx>>> {
        let (world, instance) = (self.world, self.world.instance);
        let of_kind = |(kind, holders): (&Kind, &Vec<Vec<ExaminerIx>>)| {
            let seats = &instance.regulation.commissions[kind.commission].seats;
            let liked = |s: usize, x: ExaminerIx| {
                seats[s].preferred(&instance.examiners[x].qualifications, kind.language.as_deref())
            };
            let all = holders.iter().enumerate();
            all.map(|(s, own)| own.iter().copied().filter(|&x| liked(s, x)).collect()).collect()
        };
        world.kinds.iter().zip(&world.holders).map(of_kind).collect()
    }

    /// By kind, the seats that only these people hold, or that only they are preferred for.
    fn seats_held(&self, who: &[ExaminerIx], preferred: &[Vec<Vec<ExaminerIx>>]) -> Held {
        let within = |own: &Vec<ExaminerIx>| !own.is_empty() && own.iter().all(|x| who.contains(x));
        let of_kind = |(holders, preferred): (&Vec<Vec<ExaminerIx>>, &Vec<Vec<ExaminerIx>>)| {
            let seats = holders.iter().zip(preferred).enumerate();
            seats
                .filter(|(_, (all, liked))| within(all) || within(liked))
                .map(|(s, (all, _))| (s, within(all)))
                .collect()
        };
        self.world.holders.iter().zip(preferred).map(of_kind).collect()
    }

    /// Who is not preferred hears no more of what prefers others than those who are there can.
    fn not_preferred_on_day(&mut self, cell: usize, day: &Day, preferred: &[Vec<Vec<ExaminerIx>>]) {
        let world = self.world;
        let mut heard: BTreeMap<Vec<ExaminerIx>, Vec<(Var, f64)>> = BTreeMap::new();
        for (&(t, s), &v) in &day.other {
            let others = world.holders[t][s].iter().copied().filter(|x| !preferred[t][s].contains(x)).collect();
            heard.entry(others).or_default().push((v, f64::from(world.kinds[t].duration)));
        }
        for (others, mut terms) in heard {
            let minutes = |x: ExaminerIx| self.most_minutes(world.free[x][cell].iter().flatten());
            let there = others.iter().filter_map(|x| Some((*day.there.get(x)?, -minutes(*x))));
            terms.extend(there);
            self.lp.at_most(terms, 0.0);
        }
    }

    /// The most minutes that somebody with these hours hears on a date.
    fn most_minutes<'f>(&self, free: impl Iterator<Item = &'f Interval>) -> f64 {
        let free: Minutes = free.map(Interval::minutes).sum();
        f64::from(free.min(self.world.instance.policy.examiner_minutes_a_day as Minutes))
    }

    /// How many of a profession are convened in a cell, those with the same hours together.
    fn crew_in(&mut self, who: &[ExaminerIx], seats: &Held, cell: usize, day: &Day) -> CrewDay {
        let world = self.world;
        let open = world.open(&world.cells[cell]).from;
        let mut alike: BTreeMap<Hours, Vec<(Var, f64)>> = BTreeMap::new();
        for (x, there) in who.iter().filter_map(|x| Some((*x, *day.there.get(x)?))) {
            alike.entry(Hours { open, free: world.free[x][cell].concat() }).or_default().push((there, 1.0));
        }
        let mut crew = CrewDay { who: who.to_vec(), seats: seats.clone(), hours: Vec::new(), there: Vec::new() };
        for (hours, mut own) in alike {
            let number = self.var(About::Slot(day.slot), 0.0, own.len() as f64, true);
            own.push((number, -1.0));
            self.lp.exactly(own, 0.0);
            crew.hours.push(hours);
            crew.there.push(number);
        }
        crew
    }

    /// The cells of a slot.
    fn days_of_slot(&mut self, j: usize, preferred: &[Vec<Vec<ExaminerIx>>]) {
        let mut days: BTreeMap<usize, Day> = BTreeMap::new();
        for cell in self.slots[j].cells.clone() {
            let used = self.var(About::Slot(j), 0.0, 1.0, true);
            days.insert(cell, Day { slot: j, used, ..Day::default() });
        }
        let used: Vec<Var> = days.values().map(|day| day.used).collect();
        self.sum(&used, &[(self.slots[j].days, -1.0)]);
        self.heard_on_days(j, &mut days);
        let empty = self.empty.iter().filter(|((_, _, slot), _)| *slot == j);
        for (seat, all) in empty.map(|(&(t, s, _), &e)| ((t, s), e)).collect::<Vec<_>>() {
            for (day, v) in days.values_mut().zip(self.seat_on_days(j, &[(all, -1.0)])) {
                day.empty.insert(seat, v);
            }
        }
        let mut others: BTreeMap<(usize, usize), Vec<(Var, f64)>> = BTreeMap::new();
        for (&(t, s, _), own) in self.seated.iter().filter(|((_, _, slot), _)| *slot == j) {
            let own = own.iter().filter(|(x, _)| !preferred[t][s].contains(x));
            others.entry((t, s)).or_default().extend(own.map(|&(_, v)| (v, -1.0)));
        }
        for (seat, all) in others.into_iter().filter(|(_, all)| !all.is_empty()) {
            for (day, v) in days.values_mut().zip(self.seat_on_days(j, &all)) {
                day.other.insert(seat, v);
            }
        }
        self.sessions_on_days(j, &days);
        self.people_on_days(j, &mut days);
        self.rooms_on_days(&days);
        self.days.extend(days);
    }

    /// What is heard in each cell: of each group, and of all that are from afar or not.
    fn heard_on_days(&mut self, j: usize, days: &mut BTreeMap<usize, Day>) {
        let (world, at) = (self.world, About::Slot(j));
        for ((t, group), own) in self.groups_in(j) {
            let mut parts = Vec::new();
            for (&cell, day) in days.iter_mut() {
                let here = own.iter().filter(|(class, o, _)| world.classes[*class].orals[*o].allowed[cell]);
                let most: f64 = here.map(|(class, ..)| world.classes[*class].members.len() as f64).sum();
                if most > 0.0 {
                    let v = self.var(at, 0.0, most, false);
                    day.groups.insert((t, group), v);
                    parts.push(v);
                }
            }
            let all: Vec<(Var, f64)> = own.iter().map(|&(_, _, y)| (y, -1.0)).collect();
            self.sum(&parts, &all);
        }
        for day in days.values_mut() {
            let mut both: BTreeMap<(usize, bool), Vec<Var>> = BTreeMap::new();
            for (&(t, (_, far)), &v) in &day.groups {
                both.entry((t, far)).or_default().push(v);
            }
            for (key, parts) in both {
                let v = self.var(at, 0.0, parts.iter().map(|&v| self.lp.upper[v]).sum(), false);
                self.sum(&parts, &[(v, -1.0)]);
                day.heard.insert(key, v);
            }
        }
    }

    /// In how many sittings a seat is held in some way, in each cell of a slot.
    fn seat_on_days(&mut self, j: usize, all: &[(Var, f64)]) -> Vec<Var> {
        let most = all.iter().map(|&(v, _)| self.lp.upper[v]).sum();
        let cells = self.slots[j].cells.len();
        let parts: Vec<Var> = (0..cells).map(|_| self.var(About::Slot(j), 0.0, most, false)).collect();
        self.sum(&parts, all);
        parts
    }

    /// Who is convened in each cell: only where the centre is in use.
    fn people_on_days(&mut self, j: usize, days: &mut BTreeMap<usize, Day>) {
        for (x, all) in self.convened_in(j) {
            let mut parts = Vec::new();
            for (_, day) in days.iter_mut().filter(|(cell, _)| !self.world.free[x][**cell].is_empty()) {
                let v = self.var(About::Examiner(x, j), 0.0, 1.0, true);
                self.lp.at_most(vec![(v, 1.0), (day.used, -1.0)], 0.0);
                day.there.insert(x, v);
                parts.push(v);
            }
            self.sum(&parts, &[(all, -1.0)]);
        }
    }

    /// What is heard in each cell fits into its rooms.
    fn rooms_on_days(&mut self, days: &BTreeMap<usize, Day>) {
        let world = self.world;
        for (&cell, day) in days {
            let at = &world.cells[cell];
            for need in world.needs() {
                let mut terms = vec![(day.used, -f64::from(world.room_minutes(at, &at.halves, need)))];
                for ((t, _), &q) in day.heard.iter().filter(|((t, _), _)| world.asks_for(*t, need)) {
                    terms.push((q, f64::from(world.kinds[*t].duration + world.kinds[*t].turnaround)));
                }
                self.lp.at_most(terms, 0.0);
            }
        }
    }

    /// Sessions, in each cell a whole number, hold what is heard there.
    fn sessions_on_days(&mut self, j: usize, days: &BTreeMap<usize, Day>) {
        let world = self.world;
        let bodies: Vec<(usize, Var)> =
            self.sessions.iter().filter(|((_, slot), _)| *slot == j).map(|(&(body, _), &n)| (body, n)).collect();
        for (body, all) in bodies {
            let kinds = self.kinds_of(body);
            let mut parts = Vec::new();
            for (&cell, day) in days {
                let own = day.heard.iter().filter(|((t, _), _)| kinds.contains(t));
                let own: Vec<(usize, Var)> = own.map(|(&(t, _), &v)| (t, v)).collect();
                let n = self.var(About::Slot(j), 0.0, self.lp.upper[all], true);
                parts.push(n);
                let longest = world.cells[cell].halves.iter().map(Interval::minutes).max().unwrap_or(0);
                let shares = self.shares(body, longest);
                self.lp.at_most(own.iter().map(|&(t, v)| (v, shares[t])).chain([(n, -1.0)]).collect(), 0.0);
            }
            self.sum(&parts, &[(all, -1.0)]);
        }
    }

    /// What is heard in a slot.
    fn groups_in(&self, j: usize) -> Heard {
        let instance = self.world.instance;
        let mut groups = Heard::new();
        for (number, (class, heard)) in self.world.classes.iter().zip(&self.heard).enumerate() {
            let group = (instance.candidates[class.members[0]].school, self.is_far(class, j));
            for (o, (oral, own)) in class.orals.iter().zip(heard).enumerate() {
                groups.entry((oral.kind, group)).or_default().extend(own[j].map(|y| (number, o, y)));
            }
        }
        groups.retain(|_, own| !own.is_empty());
        groups
    }

    /// Who is convened in a slot, and on how many dates.
    fn convened_in(&self, j: usize) -> Vec<(ExaminerIx, Var)> {
        let slot = &self.slots[j];
        let here = |(count, at, var): &Counted| match (count, at) {
            (Count::Convened(x), Some(at)) if *at == (slot.centre, slot.group) => Some((*x, *var)),
            _ => None,
        };
        self.counts.iter().filter_map(here).collect()
    }

    /// The parts sum to the whole.
    fn sum(&mut self, parts: &[Var], whole: &[(Var, f64)]) {
        self.lp.exactly(parts.iter().map(|&v| (v, 1.0)).chain(whole.iter().copied()).collect(), 0.0);
    }

    /// What only a profession can hear in a cell fits into the hours of those who are there. What follows another oral is left
    /// out.
    fn crew_on_day(&mut self, crew: &CrewDay, day: &Day) {
        let (world, instance) = (self.world, self.world.instance);
        let seats = &crew.seats;
        let mut heads: BTreeMap<usize, Vec<Var>> = BTreeMap::new();
        for ((t, _), &q) in &day.heard {
            if !seats[*t].is_empty() && instance.regulation.exams[world.kinds[*t].exam].follows.is_none() {
                heads.entry(*t).or_default().push(q);
            }
        }
        let (sizes, heard) = windows::by_size(heads.iter().map(|(&t, heard)| {
            let Kind { duration, turnaround, .. } = world.kinds[t];
            let times = seats[t].len() as f64;
            let most: f64 = heard.iter().map(|&q| self.lp.upper[q]).sum();
            let terms = heard.iter().map(|&q| (q, times)).chain(day.held_by_others(t, &seats[t])).collect();
            (Size { preparation: world.preparation[t], duration, turnaround, earliest: 0 }, most * times, terms)
        }));
        for packing in self.packings_on(&crew.hours, &sizes) {
            let hold = crew.there.iter().zip(&packing.most).map(|(&n, most)| (n, -most));
            self.lp.at_most(packing.taken(&heard).chain(hold).collect(), 0.0);
        }
    }

    /// Bounds on what people with these hours hear on a date.
    pub(super) fn packings_on(&mut self, days: &[Hours], sizes: &[Size]) -> Vec<Packing> {
        let step = self.world.instance.step;
        let find = || windows::packings(days, sizes, step);
        self.packings.entry((days.to_vec(), sizes.to_vec())).or_insert_with(find).clone()
    }

    /// What only a profession can hear in a cell takes no more minutes than its members may hear; of one school, no more than
    /// those who are not barred.
    fn minutes_on_day(
        &mut self,
        crew: &CrewDay,
        cell: usize,
        day: &Day,
        school: Option<(&SchoolIx, &BTreeSet<ExaminerIx>)>,
    ) {
        let world = self.world;
        let seats = &crew.seats;
        let heard: Vec<(usize, Var)> = match school {
            None => day.heard.iter().map(|(&(t, _), &v)| (t, v)).collect(),
            Some((school, _)) => {
                let own = day.groups.iter().filter(|((_, group), _)| group.0 == Some(*school));
                own.map(|(&(t, _), &v)| (t, v)).collect()
            }
        };
        let (mut terms, mut others) = (Vec::new(), BTreeMap::new());
        for (t, v) in heard.into_iter().filter(|(t, _)| !seats[*t].is_empty()) {
            let duration = f64::from(world.kinds[t].duration);
            terms.push((v, duration * seats[t].len() as f64));
            others.extend(day.held_by_others(t, &seats[t]).map(|(v, times)| (v, times * duration)));
        }
        if terms.is_empty() {
            return;
        }
        let all = crew.there.iter().zip(&crew.hours).map(|(&n, hours)| (n, -self.most_minutes(hours.free.iter())));
        let out = crew.who.iter().filter(|x| school.is_some_and(|(_, barred)| barred.contains(x)));
        let minutes = |x: ExaminerIx| self.most_minutes(world.free[x][cell].iter().flatten());
        let without = out.filter_map(|x| Some((*day.there.get(x)?, minutes(*x))));
        let row = terms.into_iter().chain(all).chain(without).chain(others).collect();
        self.lp.at_most(row, 0.0);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::super::super::solve::{News, solve};
    use super::super::super::{Limits, World};
    use super::*;

    /// What branch and bound proves of a model.
    fn proven(model: Aggregated) -> f64 {
        let limits = Limits::iterations(100_000);
        let mut best = 0.0f64;
        solve(&Arc::new(model.linear), &limits.run(limits.end()), &mut |news| {
            if let Some(News::Bound(bound)) = news {
                best = best.max(bound);
            }
        });
        best
    }

    /// One U62. Of those who live beside the centre the one is free on the first date, the other on the second; those who come
    /// 100 km are free on both. By hand: two people 2 000, centre 1 500, session 100; one of the two has to come 100 km, 1 000,
    /// which sums over both dates do not see.
    #[test]
    fn who_is_free_on_different_dates_makes_no_commission() {
        let free = |dates: &[&str]| -> Vec<serde_json::Value> {
            dates.iter().map(|d| json!({"date": d, "from": "08:00", "to": "18:30"})).collect()
        };
        let (first, second) = ("2030-06-03", "2030-06-04");
        let who = |id: &str, subject: &str, km: u64, dates: &[&str]| json!({"id": id, "qualifications": [subject, "CCST"], "km": {"K1": km}, "available": free(dates)});
        let raw = json!({
            "format": "oraux-instance/1", "name": "apart", "regulation": "bts-ccst-2024",
            "calendar": {"dates": [first, second]}, "groups": {"G": ["K1"]},
            "centres": [{"id": "K1", "open": free(&[first, second]), "exam_rooms": [{"id": "R1"}], "preparation_rooms": []}],
            "examiners": [
                who("E1", "EG", 0, &[first]), who("S1", "STI", 0, &[second]),
                who("E2", "EG", 100, &[first, second]), who("S2", "STI", 100, &[first, second]),
            ],
            "candidates": [{"id": "C1", "group": "G", "km": {"K1": 0}, "orals": [{"exam": "U62", "form": "final"}]}],
        });
        let instance = Instance::from_json(raw.to_string().as_bytes()).expect("valid");
        let world = World::new(&instance, false);
        let together = [instance.dates.indices().collect()];
        let (coarse, dated) =
            (super::super::build(&world, &together, &|| true), super::super::build_dated(&world, &|| true));
        let (coarse, dated) = (proven(coarse.unwrap()), proven(dated.unwrap()));
        // Branch and bound is trusted but for one unit.
        assert!((3598.0..=3600.0).contains(&coarse), "{coarse}");
        assert!((4598.0..=4600.0).contains(&dated), "{dated}");
        // Who waits no longer has no model, however much of it there is.
        for asks in 0..6 {
            let left = std::cell::Cell::new(asks);
            let waiting = || left.replace(left.get().max(1) - 1) > 0;
            assert!(super::super::build_dated(&world, &waiting).is_none(), "{asks}");
        }
    }
}
