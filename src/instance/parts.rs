//! An instance that falls apart: groups of centres that share no candidate and no examiner can be planned one by one, and
//! neither a rule nor a term of the cost joins what they become. And one cell of it (a centre on a date), once it is known who
//! is heard there and by whom.

use std::collections::{BTreeMap, BTreeSet};

use super::raw::{Form, RawExaminer, RawInstance, RawKm, RawPin};
use super::{CentreIx, DateIx, ExaminerIx, Instance, OralIx};

impl Instance {
    /// The independent parts, each an instance with the same ids; one alone if all hangs together. Schedules of the parts
    /// put together are a schedule of the whole, and their costs add up to its cost.
    pub fn parts(&self) -> Vec<Instance> {
        let raw = &self.raw;
        let mut joined = Joined::new(raw);
        for list in raw.groups.values() {
            joined.join(list.iter());
        }
        for x in &raw.examiners {
            match &x.centres {
                Some(own) => joined.join(own.iter()),
                None => joined.join(raw.centres.iter().map(|z| &z.id)),
            }
        }
        let groups: BTreeMap<&str, &str> = raw.candidates.iter().map(|c| (c.id.as_str(), c.group.as_str())).collect();
        for pin in &raw.pins {
            let own = groups.get(pin.candidate.as_str()).and_then(|g| raw.groups.get(*g)).into_iter().flatten();
            let people = raw.examiners.iter().filter(|x| Some(&x.id) == pin.examiner.as_ref());
            joined.join(own.chain(&pin.centre).chain(people.flat_map(|x| x.centres.iter().flatten())));
        }
        for given in &raw.given_sessions {
            let named = |x: &&RawExaminer| given.members.values().flatten().any(|id| *id == x.id);
            let people = raw.examiners.iter().filter(named).flat_map(|x| x.centres.iter().flatten());
            joined.join(std::iter::once(&given.centre).chain(people));
        }
        let mut parts: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
        for (i, centre) in raw.centres.iter().enumerate() {
            parts.entry(joined.root(i)).or_default().insert(&centre.id);
        }
        if parts.len() < 2 {
            return vec![self.clone()];
        }
        let first = *parts.keys().next().expect("there are two at least");
        // Whoever can be nowhere is put anywhere.
        let part_of = |ids: &mut dyn Iterator<Item = &String>| {
            ids.next().map_or(first, |id| joined.root(joined.number[id.as_str()]))
        };
        let home = |raw: &RawInstance, group: &str| part_of(&mut raw.groups.get(group).into_iter().flatten());
        parts
            .iter()
            .map(|(&part, centres)| {
                let mut own = raw.clone();
                own.centres.retain(|z| centres.contains(z.id.as_str()));
                own.candidates.retain(|c| home(raw, &c.group) == part);
                own.examiners.retain(|x| part_of(&mut x.centres.iter().flatten()) == part);
                own.groups.retain(|_, list| part_of(&mut list.iter()) == part);
                reduce(&mut own, centres);
                self.less(own)
            })
            .collect()
    }

    /// What one centre does on one date, as an instance with the same ids: only those orals are due, and only those people may
    /// hear them.
    pub fn cell(
        &self,
        centre: CentreIx,
        date: DateIx,
        orals: &BTreeSet<OralIx>,
        people: &BTreeSet<ExaminerIx>,
    ) -> Instance {
        let mut own = self.raw.clone();
        let id = &self.centres[centre].id;
        own.centres.retain(|z| z.id == *id);
        own.centres.iter_mut().for_each(|z| z.open.retain(|span| span.date == self.dates[date]));
        own.groups.values_mut().for_each(|list| list.retain(|z| z == id));
        own.groups.retain(|_, list| !list.is_empty());
        let mut number = 0..;
        own.examiners.retain(|_| number.next().is_some_and(|x| people.contains(&ExaminerIx(x))));
        for x in &mut own.examiners {
            // They serve on that date: whatever is left of it costs no day more.
            x.max_days = None;
            x.centres = None;
            // What they hear elsewhere is not known here.
            x.max_sittings = None;
            x.target_sittings = None;
        }
        self.leave(&mut own, orals);
        reduce(&mut own, &BTreeSet::from([id.as_str()]));
        self.less(own)
    }

    /// The instance in which only these orals are due: every valid schedule of the whole, less the others, is one of it.
    pub fn only(&self, orals: &BTreeSet<OralIx>) -> Instance {
        let mut own = self.raw.clone();
        self.leave(&mut own, orals);
        let all: Vec<String> = own.centres.iter().map(|z| z.id.clone()).collect();
        reduce(&mut own, &all.iter().map(String::as_str).collect());
        self.less(own)
    }

    /// The instance without the pins of these orals.
    pub fn without_pins(&self, orals: &[OralIx]) -> Instance {
        let mut own = self.raw.clone();
        let names: BTreeSet<(&str, &str)> = orals
            .iter()
            .map(|&o| (self.candidates[self.orals[o].candidate].id.as_str(), self.exam_of(o).id.as_str()))
            .collect();
        own.pins.retain(|p| !names.contains(&(p.candidate.as_str(), p.exam.as_str())));
        self.less(own)
    }

    /// Resolves less of the same: a commission that is given anywhere sits in no other sessions, even where none is given.
    fn less(&self, own: RawInstance) -> Instance {
        let mut less = Instance::from_raw(own).expect("less of the same has no new faults");
        less.given_only.clone_from(&self.given_only);
        less
    }

    /// Leaves only these orals due, and only their candidates.
    fn leave(&self, own: &mut RawInstance, orals: &BTreeSet<OralIx>) {
        for ((_, candidate), raw) in self.candidates.enumerate().zip(&mut own.candidates) {
            for (o, oral) in candidate.orals.iter().zip(&mut raw.orals) {
                if !orals.contains(o) {
                    oral.form = Form::Exempt;
                }
            }
        }
        own.candidates.retain(|c| c.orals.iter().any(|o| o.form == Form::Final));
        let due = |p: &RawPin| {
            own.candidates
                .iter()
                .any(|c| c.id == p.candidate && c.orals.iter().any(|o| o.exam == p.exam && o.form == Form::Final))
        };
        own.pins.retain(due);
    }
}

/// Leaves away what speaks of centres and people that are gone.
fn reduce(own: &mut RawInstance, centres: &BTreeSet<&str>) {
    let near = |km: &mut RawKm| km.retain(|z, _| centres.contains(z.as_str()));
    own.schools.iter_mut().for_each(|s| near(&mut s.km));
    own.examiners.iter_mut().for_each(|x| near(&mut x.km));
    own.candidates.iter_mut().filter_map(|c| c.km.as_mut()).for_each(near);
    let people: BTreeSet<String> = own.examiners.iter().map(|x| x.id.clone()).collect();
    let held: BTreeSet<String> = own.examiners.iter().flat_map(|x| x.qualifications.iter().cloned()).collect();
    own.candidates.iter_mut().for_each(|c| c.excluded_examiners.retain(|x| people.contains(x)));
    own.calendar.events.iter_mut().for_each(|e| e.concerns.retain(|w| people.contains(w) || held.contains(w)));
    let candidates: BTreeSet<&str> = own.candidates.iter().map(|c| c.id.as_str()).collect();
    own.pins.retain(|p| candidates.contains(p.candidate.as_str()));
    own.given_sessions.retain(|g| centres.contains(g.centre.as_str()));
    for given in &mut own.given_sessions {
        given.members.retain(|_, who| who.as_ref().is_none_or(|x| people.contains(x)));
    }
    own.waivers.retain(|w| candidates.contains(w.candidate.as_str()) && people.contains(&w.examiner));
}

/// Sets of centres, joined one by one.
struct Joined<'a> {
    number: BTreeMap<&'a str, usize>,
    above: Vec<usize>,
}

impl<'a> Joined<'a> {
    fn new(raw: &'a RawInstance) -> Joined<'a> {
        let number = raw.centres.iter().enumerate().map(|(i, z)| (z.id.as_str(), i)).collect();
        Joined { number, above: (0..raw.centres.len()).collect() }
    }

    fn root(&self, mut i: usize) -> usize {
        while self.above[i] != i {
            i = self.above[i];
        }
        i
    }

    fn join<'b>(&mut self, ids: impl Iterator<Item = &'b String>) {
        let roots: Vec<usize> = ids.map(|id| self.root(self.number[id.as_str()])).collect();
        for pair in roots.windows(2) {
            // The roots of the first pairs may be joined by now.
            let (a, b) = (self.root(pair[0]), self.root(pair[1]));
            self.above[a.max(b)] = a.min(b);
        }
    }
}
