//! An instance that may be shown to others: nobody's name, number, school or town is left in it, and it is as hard to
//! plan as it was.
//!
//! What goes: the instance's name, all names, towns and `info`, who decided waivers and why, the texts of a regulation of
//! one's own; every id is replaced, and the lists are shuffled. What is coarsened: kilometres to tens, and extra time or a
//! longest gap that few candidates have becomes the usual one. What stays: dates, hours, rooms and their equipment, the
//! regulation's own words, orals, files, availabilities, who teaches where and who may not meet whom, policy and weights.
//!
//! So `examiner_km` and `candidate_km` change by at most [`COARSE`] kilometres for each unit, `early_far` not at all (no
//! distance crosses `far_km`); where accommodations were merged, durations and breaks of those candidates change, and with
//! them what fits. Nothing else does.

use std::collections::{BTreeMap, BTreeSet};

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;

use crate::instance::Extra;
use crate::instance::raw::*;
use crate::regulation::{RawRegulation, Regulation, may_mean};

/// Kilometres are rounded to a multiple of this.
pub const COARSE: u32 = 10;
/// An accommodation that fewer candidates have is rare.
pub const RARE: usize = 5;
/// What stands in place of a text that has to be there.
const NOTHING: &str = "-";

/// The instance without anything that tells whose it is; the same seed gives the same.
pub fn anonymise(raw: &RawInstance, seed: u64) -> RawInstance {
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    let old = originals(raw);
    let mut out = raw.clone();
    out.centres.shuffle(&mut rng);
    out.schools.shuffle(&mut rng);
    out.examiners.shuffle(&mut rng);
    out.candidates.shuffle(&mut rng);

    let centres = Names::new("centre-", out.centres.iter().map(|c| &c.id), &old);
    let schools = Names::new("school-", out.schools.iter().map(|s| &s.id), &old);
    let examiners = Names::new("examiner-", out.examiners.iter().map(|x| &x.id), &old);
    let candidates = Names::new("candidate-", out.candidates.iter().map(|c| &c.id), &old);
    let papers = Names::new("paper-", out.calendar.papers.iter().map(|p| &p.id), &old);
    let mut groups: Vec<&String> = raw.groups.keys().collect();
    groups.shuffle(&mut rng);
    let groups = Names::new("group-", groups.into_iter(), &old);
    let words = words(raw);
    let far = raw.policy.far_km;

    out.info.clear();
    out.name = Names::new("anonymous-", [&raw.name].into_iter(), &old).of(&raw.name);
    if let RegulationChoice::Own(own) = &mut out.regulation {
        own.title.clear();
        own.source.clear();
        for exam in &mut own.exams {
            exam.title.clear();
            exam.source.clear();
            exam.grid = None;
        }
        own.id = NOTHING.into();
    }
    for (i, event) in out.calendar.events.iter_mut().enumerate() {
        event.id = format!("{}{}", fresh("event-", &old), i + 1);
        let mut concerns = Vec::new();
        for who in &event.concerns {
            concerns.extend(examiners.get(who));
            if known(&words, who) {
                concerns.push(who.clone());
            } else {
                // A qualification that the regulation never asks for goes; those who have it stay concerned.
                let holders = raw.examiners.iter().filter(|x| x.qualifications.contains(who));
                concerns.extend(holders.map(|x| examiners.of(&x.id)));
            }
        }
        event.concerns = concerns;
    }
    out.calendar.papers.iter_mut().for_each(|p| p.id = papers.of(&p.id));
    out.groups = raw
        .groups
        .iter()
        .map(|(group, list)| (groups.of(group), list.iter().map(|c| centres.of(c)).collect()))
        .collect();

    // Rooms of one id in several centres keep one id: a decision may name a room without its centre.
    let ids: BTreeSet<&String> = raw
        .centres
        .iter()
        .flat_map(|c| c.exam_rooms.iter().map(|r| &r.id).chain(c.preparation_rooms.iter().map(|r| &r.id)))
        .collect();
    let rooms = Names::new("room-", ids.into_iter(), &old);
    for centre in &mut out.centres {
        for room in &mut centre.exam_rooms {
            room.id = rooms.of(&room.id);
            room.equipment.retain(|e| words.contains(e.as_str()));
        }
        centre.preparation_rooms.iter_mut().for_each(|r| r.id = rooms.of(&r.id));
        centre.id = centres.of(&centre.id);
        (centre.name, centre.town, centre.time_zone) = (None, None, None);
        centre.info.clear();
    }
    let coarse =
        |km: &RawKm| km.iter().map(|(c, km)| (centres.of(c), KmValue(coarsened(km.0, far)))).collect::<RawKm>();
    for school in &mut out.schools {
        school.id = schools.of(&school.id);
        (school.name, school.town) = (None, None);
        school.km = coarse(&school.km);
        school.info.clear();
    }
    for x in &mut out.examiners {
        x.id = examiners.of(&x.id);
        x.name = None;
        x.qualifications.retain(|q| known(&words, q));
        x.schools.iter_mut().for_each(|s| *s = schools.of(s));
        x.km = coarse(&x.km);
        x.centres.iter_mut().flatten().for_each(|c| *c = centres.of(c));
        x.info.clear();
    }
    let usual = Usual::of(&raw.candidates);
    for c in &mut out.candidates {
        c.id = candidates.of(&c.id);
        c.name = None;
        c.group = groups.of(&c.group);
        c.school = c.school.as_ref().map(|s| schools.of(s));
        c.km = c.km.as_ref().map(&coarse);
        c.papers.iter_mut().for_each(|p| *p = papers.of(p));
        c.excluded_examiners.iter_mut().for_each(|x| *x = examiners.of(x));
        c.extra_per_hour = usual.extra(c.extra_per_hour);
        c.gap = c.gap.map(|g| usual.gap(g));
        c.info.clear();
    }
    for (i, given) in out.given_sessions.iter_mut().enumerate() {
        given.id = format!("{}{}", fresh("given-", &old), i + 1);
        given.centre = centres.of(&given.centre);
        given.room = given.room.as_ref().map(|room| rooms.of(room));
        given.members.values_mut().flatten().for_each(|x| *x = examiners.of(x));
    }
    for pin in &mut out.pins {
        pin.candidate = candidates.of(&pin.candidate);
        pin.room = pin.room.as_ref().map(|room| rooms.of(room));
        pin.centre = pin.centre.as_ref().map(|c| centres.of(c));
        pin.examiner = pin.examiner.as_ref().map(|x| examiners.of(x));
    }
    for waiver in &mut out.waivers {
        waiver.candidate = candidates.of(&waiver.candidate);
        waiver.examiner = examiners.of(&waiver.examiner);
        (waiver.by, waiver.reason) = (NOTHING.into(), NOTHING.into());
    }
    out
}

/// To the next multiple of [`COARSE`], on the side of `far` on which it was.
fn coarsened(km: u32, far: u32) -> u32 {
    let near = (km + COARSE / 2) / COARSE * COARSE;
    match (km > far, near > far) {
        (true, false) => near + COARSE,
        (false, true) => near - COARSE,
        _ => near,
    }
}

/// New ids for old ones.
struct Names(BTreeMap<String, String>);

impl Names {
    fn new<'a>(prefix: &str, ids: impl Iterator<Item = &'a String>, old: &BTreeSet<&str>) -> Names {
        let prefix = fresh(prefix, old);
        Names(ids.enumerate().map(|(i, id)| (id.clone(), format!("{prefix}{}", i + 1))).collect())
    }
    fn get(&self, id: &str) -> Option<String> {
        self.0.get(id).cloned()
    }
    /// The new id; what names nothing is an error of the instance, and stays one without saying what it was.
    fn of(&self, id: &str) -> String {
        self.get(id).unwrap_or_else(|| NOTHING.into())
    }
}

/// A prefix with which no original text begins.
fn fresh(prefix: &str, old: &BTreeSet<&str>) -> String {
    let mut prefix = prefix.to_string();
    while old.iter().any(|o| o.starts_with(&prefix)) {
        prefix.insert(0, 'x');
    }
    prefix
}

/// Every text that may tell whose the instance is.
pub fn originals(raw: &RawInstance) -> BTreeSet<&str> {
    fn info<'a>(all: &mut BTreeSet<&'a str>, info: &'a Info) {
        all.extend(info.iter().flat_map(|(k, v)| [k.as_str(), v.as_str()]));
    }
    let mut all = BTreeSet::from([raw.name.as_str()]);
    info(&mut all, &raw.info);
    all.extend(raw.groups.keys().map(String::as_str));
    all.extend(raw.calendar.papers.iter().map(|p| p.id.as_str()));
    all.extend(raw.calendar.events.iter().map(|e| e.id.as_str()));
    for c in &raw.centres {
        all.insert(&c.id);
        all.extend(c.name.iter().chain(&c.town).map(String::as_str));
        all.extend(c.exam_rooms.iter().map(|r| r.id.as_str()));
        all.extend(c.preparation_rooms.iter().map(|r| r.id.as_str()));
        info(&mut all, &c.info);
    }
    for s in &raw.schools {
        all.insert(&s.id);
        all.extend(s.name.iter().chain(&s.town).map(String::as_str));
        info(&mut all, &s.info);
    }
    for x in &raw.examiners {
        all.insert(&x.id);
        all.extend(x.name.as_deref());
        info(&mut all, &x.info);
    }
    for c in &raw.candidates {
        all.insert(&c.id);
        all.extend(c.name.as_deref());
        info(&mut all, &c.info);
    }
    all.extend(raw.given_sessions.iter().map(|g| g.id.as_str()));
    all.extend(raw.waivers.iter().flat_map(|w| [w.by.as_str(), w.reason.as_str()]));
    all.remove("");
    all
}

/// The regulation's own words for qualifications and equipment.
fn words(raw: &RawInstance) -> BTreeSet<String> {
    let shipped;
    let regulation: Option<&RawRegulation> = match &raw.regulation {
        RegulationChoice::Named(name) => {
            shipped = Regulation::shipped(name);
            shipped.as_ref()
        }
        RegulationChoice::Own(own) => Some(own),
    };
    let mut words = BTreeSet::new();
    for seat in regulation.iter().flat_map(|r| &r.commissions).flat_map(|c| &c.seats) {
        words.extend(seat.any_of.iter().flatten().chain(&seat.prefers).cloned());
    }
    words.extend(regulation.iter().flat_map(|r| &r.exams).flat_map(|e| e.equipment.iter().cloned()));
    words
}

fn known(words: &BTreeSet<String>, qualification: &str) -> bool {
    words.iter().any(|w| may_mean(w, qualification))
}

/// The usual accommodations, in place of rare ones.
struct Usual {
    extras: BTreeMap<[u32; 3], usize>,
    gaps: BTreeMap<u32, usize>,
}

impl Usual {
    fn of(candidates: &[RawCandidate]) -> Usual {
        let (mut extras, mut gaps) = (BTreeMap::new(), BTreeMap::new());
        for c in candidates {
            *extras.entry(key(c.extra_per_hour)).or_insert(0) += 1;
            *gaps.entry(c.gap.unwrap_or(0)).or_insert(0) += 1;
        }
        Usual { extras, gaps }
    }
    /// A rare combination of extra times becomes the most frequent one, or a third throughout.
    fn extra(&self, extra: Extra) -> Extra {
        let own = key(extra);
        if own == [0; 3] || self.extras.get(&own).is_some_and(|&n| n >= RARE) {
            return extra;
        }
        let [preparation, exam, written] = most(&self.extras, &[0; 3]).unwrap_or([20; 3]);
        Extra { preparation, exam, written }
    }
    /// A rare gap becomes the most frequent one, or an hour.
    fn gap(&self, gap: u32) -> u32 {
        if gap == 0 || self.gaps.get(&gap).is_some_and(|&n| n >= RARE) {
            return gap;
        }
        most(&self.gaps, &0).unwrap_or(60)
    }
}

fn key(extra: Extra) -> [u32; 3] {
    [extra.preparation, extra.exam, extra.written]
}

/// The most frequent of those that are not rare.
fn most<T: Ord + Clone>(counts: &BTreeMap<T, usize>, none: &T) -> Option<T> {
    let usual = counts.iter().filter(|(value, n)| *value != none && **n >= RARE);
    usual.max_by_key(|(_, n)| **n).map(|(value, _)| value.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_distance_crosses_the_threshold() {
        for far in [0, 5, 60, 63] {
            for km in 0..200 {
                let new = coarsened(km, far);
                assert_eq!((new > far, new % COARSE, new.abs_diff(km) <= COARSE), (km > far, 0, true), "{km} {far}");
            }
        }
    }

    #[test]
    fn rare_accommodations_become_the_usual_ones() {
        let usual = Usual {
            extras: BTreeMap::from([([0; 3], 90), ([20, 20, 20], 6), ([20, 0, 20], 1), ([30, 30, 30], 1)]),
            gaps: BTreeMap::from([(0, 90), (45, 1)]),
        };
        let third = Extra { preparation: 20, exam: 20, written: 20 };
        assert_eq!(usual.extra(Extra { preparation: 30, exam: 30, written: 30 }), third);
        assert_eq!(usual.extra(third), third);
        assert_eq!(usual.extra(Extra::default()), Extra::default());
        assert_eq!((usual.gap(45), usual.gap(0)), (60, 0));
    }
}
