//! Need against supply, for whatever sittings take: holders of seats, exam rooms, preparation seats, the candidates'
//! own dates. A need counts what can be met by nobody else: all demands whose means lie within the same set.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::instance::*;
use crate::regulation::equipped;
use crate::tr;

/// One kind of means: what is needed of it, and what there is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Need {
    /// What it is, in words.
    pub name: String,
    /// `seat`, `room`, `preparation` or `candidate`.
    pub kind: String,
    /// The centres concerned.
    pub centres: Vec<String>,
    /// Orals that need it.
    pub orals: usize,
    /// Minutes needed, turnarounds included.
    pub needed: i64,
    /// Minutes that there are, days at most and hours a day considered.
    pub available: i64,
    /// By date, half-day and (rooms, preparation) centre: how many there are.
    pub supply: Vec<Supply>,
    /// For a seat: what a newcomer would have to have.
    #[serde(skip)]
    pub profile: Vec<String>,
}

/// What there is in one half-day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supply {
    /// The date.
    pub date: NaiveDate,
    /// The half-day, from 0.
    pub half: usize,
    /// People free, rooms or seats usable for at least half of the half-day.
    pub count: usize,
    /// Their minutes.
    pub minutes: i64,
}

impl Need {
    /// Needed over available; above 1 it cannot be met.
    pub fn ratio(&self) -> f64 {
        if self.needed == 0 { 0.0 } else { self.needed as f64 / self.available.max(1) as f64 }
    }

    /// The share used in words: `87 %`, or that there is nothing at all.
    pub fn used(&self) -> String {
        if self.available == 0 && self.needed > 0 {
            return tr!("none", "aucun");
        }
        format!("{:.0} %", 100.0 * self.ratio())
    }

    /// Needed and available in whole hours.
    pub fn hours(&self) -> (i64, i64) {
        ((self.needed + 30) / 60, (self.available + 30) / 60)
    }

    /// How many are needed on average in each half-day in which there are any.
    pub fn average(&self, instance: &Instance) -> f64 {
        let halves = instance.half_days.len().max(1) as i64;
        let whole: i64 = instance.half_days.iter().map(|h| i64::from(h.minutes())).sum::<i64>() / halves;
        let used = self.supply.iter().filter(|s| s.minutes > 0).count().max(1) as i64;
        self.needed as f64 / (whole.max(1) * used) as f64
    }
}

/// What stands above the table of needs, and above that of half-days.
pub fn heads() -> (String, String) {
    (
        tr!("Need against supply, the scarcest first", "Besoins et moyens, du plus rare au moins rare"),
        tr!(
            "How many there are in each half-day (of the scarcest; need: on average, in each)",
            "Combien il y en a par demi-journée (des plus rares ; besoin : en moyenne, par demi-journée)"
        ),
    )
}

/// The columns of the table of needs: what, orals, hours needed, hours there are, the share used.
pub fn columns() -> [String; 5] {
    [
        tr!("what", "quoi"),
        tr!("orals", "oraux"),
        tr!("needs h", "besoin h"),
        tr!("has h", "dispo h"),
        tr!("used", "part"),
    ]
}

/// A demand for one kind of means.
struct Demand {
    minutes: i64,
    share: f64,
}

/// Every kind of means that the due orals need, the scarcest first.
pub fn needs(instance: &Instance) -> Vec<Need> {
    let mut all = seats(instance, instance.due());
    all.extend(rooms(instance));
    all.extend(preparation(instance));
    all.sort_by(|a, b| b.ratio().total_cmp(&a.ratio()).then_with(|| a.name.cmp(&b.name)));
    all
}

/// Minutes that a sitting takes of a room or of people, at least: of what follows another, no turnaround.
fn taken(instance: &Instance, o: OralIx) -> i64 {
    let turnaround = if instance.lead_of(o).is_some() { 0 } else { instance.exam_of(o).turnaround };
    i64::from(instance.orals[o].duration + turnaround)
}

/// The people of whom these orals alone take more than there is; none, where people's hours in all do not tell.
pub(super) fn short_of(instance: &Instance, orals: &[OralIx]) -> Option<Need> {
    let needs = seats(instance, orals.iter().copied()).into_iter().filter(|n| n.needed > n.available);
    needs.max_by(|a, b| a.ratio().total_cmp(&b.ratio()))
}

fn seats(instance: &Instance, orals: impl Iterator<Item = OralIx>) -> Vec<Need> {
    type Means = BTreeSet<ExaminerIx>;
    type Role = (BTreeSet<String>, Vec<String>, Vec<Demand>);
    let mut roles: BTreeMap<Means, Role> = BTreeMap::new();
    for o in orals {
        let language = instance.orals[o].language.as_deref();
        for seat in instance.commission_of(o).seats.iter().filter(|s| s.required) {
            let holders: Means = instance
                .examiners
                .enumerate()
                .filter(|(_, x)| !x.reserve && seat.accepts(&x.qualifications, language))
                .map(|(x, _)| x)
                .collect();
            let said = |text: &str| text.replace("{language}", language.unwrap_or("?"));
            let (names, profile, demands) = roles.entry(holders).or_default();
            names.insert(said(&seat.needs()));
            if profile.is_empty() {
                let mut wanted: Vec<String> =
                    seat.any_of.first().into_iter().flatten().chain(&seat.prefers).map(|q| said(q)).collect();
                let mut seen = BTreeSet::new();
                wanted.retain(|q| seen.insert(q.clone()));
                *profile = wanted;
            }
            let (minutes, own) = (taken(instance, o), f64::from(instance.orals[o].duration));
            demands.push(Demand { minutes, share: own / minutes.max(1) as f64 });
        }
    }
    let within = |means: &Means| {
        let inner = roles.iter().filter(|(other, _)| other.is_subset(means)).flat_map(|(_, r)| &r.2);
        inner.fold((0usize, 0i64, 0.0), |(n, m, s), d| (n + 1, m + d.minutes, s + d.share))
    };
    roles
        .iter()
        .map(|(means, (names, profile, _))| {
            let (orals, needed, shares) = within(means);
            // Of a minute of people's time, so much is hearing, which a day limits too.
            let hearing = shares / orals.max(1) as f64;
            let names = names.iter().cloned().collect::<Vec<_>>().join(" / ");
            Need {
                name: tr!("examiners {names}", "interrogateurs {names}"),
                kind: "seat".into(),
                centres: Vec::new(),
                orals,
                needed,
                available: means.iter().map(|&x| examiner_minutes(instance, x, hearing)).sum(),
                supply: people(instance, means),
                profile: profile.clone(),
            }
        })
        .collect()
}

/// When an examiner may hear on a date, half-day by half-day: free, at no meeting, some centre open.
fn free(instance: &Instance, x: ExaminerIx, date: NaiveDate) -> Vec<(usize, i64)> {
    let examiner = &instance.examiners[x];
    let briefing = instance.policy.briefing as Minutes;
    let open = instance
        .centres
        .enumerate()
        .filter(|(z, _)| examiner.centres.as_ref().is_none_or(|own| own.contains(z)))
        .filter_map(|(_, z)| z.open.get(&date).copied())
        .reduce(|a, b| Interval::new(a.from.min(b.from), a.to.max(b.to)));
    let Some(open) = open else { return Vec::new() };
    let mut found = Vec::new();
    for (h, half) in instance.half_days.iter().enumerate() {
        let mut windows: Vec<Interval> = examiner
            .available
            .iter()
            .filter(|a| a.date == date)
            .map(|a| {
                let from = (a.time.from + briefing).max(half.from).max(open.from);
                Interval::new(from, a.time.to.min(half.to).min(open.to))
            })
            .filter(|w| w.from < w.to)
            .collect();
        for event in instance.events.iter().filter(|e| e.date == date && e.concerns(x, examiner)) {
            let away = Interval::new(event.time.from, event.time.to + briefing);
            windows = windows.into_iter().flat_map(|w| w.without(away)).collect();
        }
        windows.sort();
        let (mut minutes, mut last) = (0, Minutes::MIN);
        for w in windows {
            minutes += i64::from((w.to - w.from.max(last)).max(0));
            last = last.max(w.to);
        }
        if minutes > 0 {
            found.push((h, minutes));
        }
    }
    found
}

/// What an examiner can give on the best dates that `max_days` leaves.
fn examiner_minutes(instance: &Instance, x: ExaminerIx, hearing: f64) -> i64 {
    let examiner = &instance.examiners[x];
    let most = f64::from(instance.policy.examiner_minutes_a_day) / hearing.max(0.01);
    let mut days: Vec<i64> = instance
        .dates
        .iter()
        .map(|&date| (free(instance, x, date).iter().map(|f| f.1).sum::<i64>() as f64).min(most).round() as i64)
        .collect();
    days.sort_unstable_by(|a, b| b.cmp(a));
    days.into_iter().take(examiner.max_days.map_or(usize::MAX, |d| d as usize)).sum()
}

fn people(instance: &Instance, means: &BTreeSet<ExaminerIx>) -> Vec<Supply> {
    let mut supply = grid(instance);
    for &x in means {
        for (d, &date) in instance.dates.enumerate() {
            for (h, minutes) in free(instance, x, date) {
                add(instance, &mut supply[d.ix() * instance.half_days.len() + h], 1, minutes);
            }
        }
    }
    supply
}

/// Empty, date by date and half-day by half-day.
fn grid(instance: &Instance) -> Vec<Supply> {
    let halves = 0..instance.half_days.len();
    let dates = instance.dates.iter();
    dates.flat_map(|&date| halves.clone().map(move |half| Supply { date, half, count: 0, minutes: 0 })).collect()
}

/// Adds something that is there for so many minutes of the half-day.
fn add(instance: &Instance, supply: &mut Supply, count: usize, minutes: i64) {
    let whole = i64::from(instance.half_days[supply.half].minutes());
    supply.minutes += minutes * count as i64;
    if minutes * 2 >= whole {
        supply.count += count;
    }
}

/// The centres where an oral may be heard.
fn centres_of(instance: &Instance, o: OralIx) -> BTreeSet<CentreIx> {
    let oral = &instance.orals[o];
    let hears = |z: &CentreIx| instance.centres[*z].exams.as_ref().is_none_or(|only| only.contains(&oral.exam));
    instance.candidates[oral.candidate].centres.iter().copied().filter(hears).collect()
}

/// Minutes of a half-day in which something with those holes can be used while the centre is open.
fn usable(instance: &Instance, z: CentreIx, date: NaiveDate, within: Interval, holes: &[Span]) -> i64 {
    let Some(open) = instance.centres[z].open.get(&date) else { return 0 };
    let both = Interval::new(within.from.max(open.from), within.to.min(open.to));
    if both.from >= both.to {
        return 0;
    }
    let mut left = vec![both];
    for hole in holes.iter().filter(|h| h.date == date) {
        left = left.into_iter().flat_map(|w| w.without(hole.time)).collect();
    }
    left.iter().map(|w| i64::from(w.minutes())).sum()
}

fn named(instance: &Instance, centres: &BTreeSet<CentreIx>) -> (String, Vec<String>) {
    let ids: Vec<String> = centres.iter().map(|&z| instance.centres[z].id.clone()).collect();
    let towns: Vec<&str> = centres
        .iter()
        .map(|&z| if instance.centres[z].town.is_empty() { &instance.centres[z].id } else { &instance.centres[z].town })
        .map(String::as_str)
        .collect();
    (crate::explain::list(&towns), ids)
}

fn rooms(instance: &Instance) -> Vec<Need> {
    let mut wanted: BTreeSet<(BTreeSet<CentreIx>, Vec<String>, bool)> = BTreeSet::new();
    let accessible = |o: OralIx| instance.candidates[instance.orals[o].candidate].needs_accessible;
    let equipment = |o: OralIx| instance.exam_of(o).equipment.clone();
    for o in instance.due() {
        let centres = centres_of(instance, o);
        wanted.insert((centres.clone(), Vec::new(), false));
        wanted.insert((centres.clone(), equipment(o), false));
        wanted.insert((centres, equipment(o), accessible(o)));
    }
    let mut all = Vec::new();
    for (centres, with, access) in wanted.into_iter().filter(|w| !w.0.is_empty()) {
        let own: Vec<OralIx> = instance
            .due()
            .filter(|&o| {
                centres_of(instance, o).is_subset(&centres)
                    && with.iter().all(|e| equipment(o).contains(e))
                    && (!access || accessible(o))
            })
            .collect();
        let mut supply = grid(instance);
        for &z in &centres {
            for &r in &instance.centres[z].rooms {
                let room = &instance.rooms[r];
                if (room.accessible || !access) && with.iter().all(|e| room.equipment.contains(e)) {
                    for s in &mut supply {
                        let minutes = usable(instance, z, s.date, instance.half_days[s.half], &room.unavailable);
                        add(instance, s, 1, minutes);
                    }
                }
            }
        }
        let (towns, ids) = named(instance, &centres);
        let mut kind = tr!("exam rooms", "salles d'interrogation");
        if access {
            kind = tr!("accessible exam rooms", "salles d'interrogation accessibles");
        }
        if !with.is_empty() {
            let equipped = equipped(&with.iter().map(|e| e.as_str()).collect::<Vec<_>>());
            kind = format!("{kind} {equipped}");
        }
        all.push(Need {
            name: tr!("{kind} in {towns}", "{kind} à {towns}"),
            kind: "room".into(),
            centres: ids,
            orals: own.len(),
            needed: own.iter().map(|&o| taken(instance, o)).sum(),
            available: supply.iter().map(|s| s.minutes).sum(),
            supply,
            profile: Vec::new(),
        });
    }
    all
}

fn preparation(instance: &Instance) -> Vec<Need> {
    let prepared = || instance.due().filter(|&o| instance.orals[o].preparation > 0);
    let wanted: BTreeSet<BTreeSet<CentreIx>> = prepared().map(|o| centres_of(instance, o)).collect();
    let mut all = Vec::new();
    for centres in wanted.into_iter().filter(|c| !c.is_empty()) {
        let own: Vec<OralIx> = prepared().filter(|&o| centres_of(instance, o).is_subset(&centres)).collect();
        let mut supply = grid(instance);
        for &z in &centres {
            for &p in &instance.centres[z].preparation_rooms {
                let room = &instance.preparation_rooms[p];
                for s in &mut supply {
                    let minutes = usable(instance, z, s.date, instance.half_days[s.half], &room.unavailable);
                    add(instance, s, room.seats as usize, minutes);
                }
            }
        }
        let (towns, ids) = named(instance, &centres);
        all.push(Need {
            name: tr!("preparation seats in {towns}", "places de préparation à {towns}"),
            kind: "preparation".into(),
            centres: ids,
            orals: own.len(),
            needed: own.iter().map(|&o| i64::from(instance.orals[o].preparation)).sum(),
            available: supply.iter().map(|s| s.minutes).sum(),
            supply,
            profile: Vec::new(),
        });
    }
    all
}
