//! What absences and late arrivals would do to a schedule: morning after morning is drawn, and each is re-planned by
//! repair alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use chrono::NaiveDate;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use super::event::{EVENTS_FORMAT, Event, EventKind, Events};
use super::{Request, replan};
use crate::instance::time::{Clock, round_up};
use crate::instance::{ExaminerIx, Instance, Minutes, RawExaminer, RawSpan};
use crate::lang::decimal;
use crate::schedule::{Schedule, Session};
use crate::{threads, tr};

/// How often people fail, by person and date (0 to 1). The defaults are the middles of what exam offices report:
/// 10 to 25 % of professionals and 3 to 5 % of teachers do not come, 2 to 3 % of candidates are late.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rates {
    /// By qualification, for those who have no other in this list; `*` for everybody else.
    pub absent: BTreeMap<String, f64>,
    /// Candidates who arrive 15 to 90 minutes after the hour of their first convocation.
    pub late: f64,
}

impl Default for Rates {
    fn default() -> Self {
        Rates { absent: BTreeMap::from([("PRO".into(), 0.175), ("*".into(), 0.04)]), late: 0.025 }
    }
}

impl Rates {
    fn of(&self, instance: &Instance, x: ExaminerIx) -> f64 {
        let own = instance.examiners[x].qualifications.iter().filter_map(|q| self.absent.get(q)).copied();
        own.reduce(f64::min).unwrap_or_else(|| self.absent.get("*").copied().unwrap_or(0.0))
    }
}

/// What a simulation found.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct Simulation {
    /// Sessions of exams drawn, each with all its dates.
    pub runs: usize,
    /// So many were asked for: more, where the work was stopped.
    #[serde(default)]
    pub runs_asked: usize,
    /// With no, one, two … people more on call for each profession, centre and date; none before the first run.
    pub outlooks: Vec<Outlook>,
    /// Absences of one person on one date that were tried.
    #[serde(default)]
    pub absences: usize,
    /// So many there are: more, where the work was stopped.
    #[serde(default)]
    pub absences_asked: usize,
    /// Those of them that cost something, worst first.
    pub points: Vec<Point>,
}

/// What became of the orals, over all runs, each morning re-planned on its own.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Outlook {
    /// People on call for each profession, centre and date, beside the instance's own reserves.
    pub reserves: usize,
    /// Orals planned, summed over the runs.
    pub orals: u64,
    /// At the hour of the convocation.
    pub on_time: u64,
    /// On their day, at another hour.
    pub same_day: u64,
    /// On another day.
    pub another_day: u64,
    /// Nowhere any more.
    pub lost: u64,
    /// Heard while a seat is empty that was filled.
    pub seat_empty: u64,
    /// Candidates with another hour, day or centre, on average a run.
    pub candidates_moved: f64,
    /// The same in the worst run of twenty.
    pub candidates_moved_bad: u64,
}

/// The absence of one person on one date.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Point {
    /// Who.
    pub examiner: String,
    /// When.
    pub date: NaiveDate,
    /// Orals that nobody hears any more.
    pub lost: u64,
    /// Orals that move to another day.
    pub another_day: u64,
    /// Candidates with another hour, day or centre.
    pub candidates_moved: u64,
}

impl Simulation {
    /// What the table of outlooks shows.
    pub fn intro(&self) -> String {
        let (runs, asked) = (self.runs, self.runs_asked);
        if runs == 0 {
            return tr!(
                "Stopped before the first of {asked} runs was drawn.",
                "Interrompu avant le premier des {asked} tirages."
            );
        }
        if runs < asked {
            return tr!(
                "Stopped: so far {runs} of {asked} runs, each morning re-planned by repair alone; per cent of the orals:",
                "Interrompu : à ce stade, {runs} tirages sur {asked}, chaque matin réparé sans autre recherche ; en pour cent des oraux :"
            );
        }
        tr!(
            "{runs} runs, each morning re-planned by repair alone; per cent of the orals:",
            "{runs} tirages, chaque matin réparé sans autre recherche ; en pour cent des oraux :"
        )
    }

    /// What its columns mean.
    pub fn note() -> String {
        tr!(
            "(on call: people more for each profession, centre and date; moved: candidates a run)",
            "(réserve : personnes de plus par profession, centre et jour ; déplacés : candidats par tirage)"
        )
    }

    /// What stands above the points, or instead of them.
    pub fn points_head(&self) -> String {
        let (tried, asked) = (self.absences, self.absences_asked);
        if tried < asked {
            tr!(
                "Stopped: so far {tried} of {asked} absences of one person alone were tried; the costliest of these:",
                "Interrompu : à ce stade, {tried} absences isolées sur {asked} essayées ; les plus coûteuses d'entre elles :"
            )
        } else if self.points.is_empty() {
            tr!("nobody's absence alone moves a candidate", "l'absence d'une seule personne ne déplace aucun candidat")
        } else {
            tr!("Whose absence alone costs the most:", "Les absences isolées les plus coûteuses :")
        }
    }
}

impl Outlook {
    /// The columns of the table of outlooks.
    pub fn columns() -> [String; 8] {
        [
            tr!("on call", "réserve"),
            tr!("on time", "à l'heure"),
            tr!("same day", "même jour"),
            tr!("other day", "autre jour"),
            tr!("lost", "perdus"),
            tr!("seat empty", "siège vide"),
            tr!("moved", "déplacés"),
            tr!("worst 5 %", "pires 5 %"),
        ]
    }

    /// Its line of the table.
    pub fn cells(&self) -> [String; 8] {
        let share = |n: u64| decimal(100.0 * n as f64 / self.orals.max(1) as f64, 2);
        [
            self.reserves.to_string(),
            share(self.on_time),
            share(self.same_day),
            share(self.another_day),
            share(self.lost),
            share(self.seat_empty),
            decimal(self.candidates_moved, 1),
            self.candidates_moved_bad.to_string(),
        ]
    }
}

impl Point {
    /// In one sentence.
    pub fn text(&self) -> String {
        let (x, date, lost, day, moved) =
            (&self.examiner, self.date, self.lost, self.another_day, self.candidates_moved);
        tr!(
            "{x} on {date}: {lost} orals lost, {day} on another day, {moved} candidates moved",
            "{x} le {date} : {lost} oraux perdus, {day} un autre jour, {moved} candidats déplacés"
        )
    }
}

/// What is asked of a simulation.
pub struct Asked<'a> {
    /// Sessions of exams to draw.
    pub runs: usize,
    /// How often people fail.
    pub rates: Rates,
    /// Up to how many people on call to try.
    pub reserves: usize,
    /// Everything random follows from it.
    pub seed: u64,
    /// Threads.
    pub threads: usize,
    /// Set from outside to stop early: what was drawn so far counts.
    pub stop: &'a AtomicBool,
    /// Told how many mornings are done, of how many.
    pub watch: &'a (dyn Fn(usize, usize) + Sync),
}

/// Simulates the schedule, which the caller has checked. The same seed gives the same answer on any number of threads, and
/// the memory that it takes does not grow with the runs.
pub fn simulate(instance: &Instance, schedule: &Schedule, asked: &Asked) -> Simulation {
    let dates: Vec<NaiveDate> = schedule.sessions.iter().map(|s| s.date).collect::<BTreeSet<_>>().into_iter().collect();
    let people: Vec<(ExaminerIx, NaiveDate)> = convened(instance, schedule).into_iter().collect();
    let levels: Vec<Instance> = (0..=asked.reserves).map(|n| with_reserves(instance, schedule, n)).collect();
    let total = asked.runs * dates.len() * levels.len() + people.len();
    let done = AtomicUsize::new(0);
    let tick = || (asked.watch)(done.fetch_add(1, Ordering::Relaxed) + 1, total);
    let go_on = || (!asked.stop.load(Ordering::Relaxed)).then_some(());
    let mut sums: Vec<Sum> = levels.iter().map(|_| Sum::default()).collect();
    // All reserve lists see the same mornings, and a run that is stopped counts for none.
    let run = |run: usize| {
        let mut own = vec![Outcome::default(); levels.len()];
        for (i, &date) in dates.iter().enumerate() {
            let seed = asked.seed ^ ((run as u64) << 16 | i as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let rng = &mut Pcg64Mcg::seed_from_u64(seed);
            let events = morning(instance, schedule, date, &asked.rates, rng);
            for (with, own) in levels.iter().zip(&mut own) {
                go_on()?;
                own.add(&outcome(with, schedule, date, &events));
                tick();
            }
        }
        Some(own)
    };
    let runs = threads::each(asked.runs, asked.threads, run, |own: Vec<Outcome>| {
        sums.iter_mut().zip(&own).for_each(|(sum, one)| sum.add(one));
    });
    let alone = |i: usize| {
        go_on()?;
        let (x, date) = people[i];
        let id = instance.examiners[x].id.clone();
        let found = outcome(instance, schedule, date, &[absent(&id, date)]);
        tick();
        let (lost, another_day, candidates_moved) = (found.lost, found.another_day, found.moved);
        Some(Point { examiner: id, date, lost, another_day, candidates_moved })
    };
    let mut points = Vec::new();
    let absences = threads::each(people.len(), asked.threads, alone, |point| {
        if point.lost + point.another_day + point.candidates_moved > 0 {
            points.push(point);
        }
    });
    points.sort_by_key(|p| {
        let worst = std::cmp::Reverse((p.lost, p.another_day, p.candidates_moved));
        (worst, p.date, p.examiner.clone())
    });
    let drawn = sums.iter().enumerate().filter(|_| runs > 0);
    let outlooks = drawn.map(|(reserves, sum)| sum.outlook(reserves, runs)).collect();
    let (runs_asked, absences_asked) = (asked.runs, people.len());
    Simulation { runs, runs_asked, outlooks, absences, absences_asked, points }
}

fn convened(instance: &Instance, schedule: &Schedule) -> BTreeSet<(ExaminerIx, NaiveDate)> {
    let all = schedule.sessions.iter().flat_map(|s| s.members.values().map(move |x| (x, s.date)));
    all.filter_map(|(x, date)| Some((instance.examiner(x)?, date))).collect()
}

fn absent(examiner: &str, date: NaiveDate) -> Event {
    Event { examiner: Some(examiner.to_string()), date: Some(date), ..Event::of(EventKind::ExaminerAbsent) }
}

/// Who does not come and who is late on a date.
fn morning(instance: &Instance, schedule: &Schedule, date: NaiveDate, rates: &Rates, rng: &mut Pcg64Mcg) -> Vec<Event> {
    let mut events = Vec::new();
    for (x, _) in convened(instance, schedule).into_iter().filter(|c| c.1 == date) {
        if rng.random::<f64>() < rates.of(instance, x) {
            events.push(absent(&instance.examiners[x].id, date));
        }
    }
    let mut first: BTreeMap<&str, Minutes> = BTreeMap::new();
    for sitting in schedule.sessions.iter().filter(|s| s.date == date).flat_map(|s| &s.sittings) {
        let hour = first.entry(&sitting.candidate).or_insert(Minutes::MAX);
        *hour = (*hour).min(sitting.preparation_start.0);
    }
    for (candidate, hour) in first {
        // Drawn for everybody, so that one more who is late changes nothing for the others.
        let (late, by) = (rng.random::<f64>() < rates.late, rng.random_range(15..=90));
        if late {
            let arrives = Clock(round_up(hour + by, instance.step).min(24 * 60 - 1));
            let (candidate, to) = (Some(candidate.to_string()), Some(arrives));
            events.push(Event { candidate, date: Some(date), to, ..Event::of(EventKind::CandidateLate) });
        }
    }
    events
}

#[derive(Clone, Debug, Default)]
struct Outcome {
    orals: u64,
    on_time: u64,
    same_day: u64,
    another_day: u64,
    lost: u64,
    seat_empty: u64,
    moved: u64,
}

impl Outcome {
    fn add(&mut self, other: &Outcome) {
        self.orals += other.orals;
        self.on_time += other.on_time;
        self.same_day += other.same_day;
        self.another_day += other.another_day;
        self.lost += other.lost;
        self.seat_empty += other.seat_empty;
        self.moved += other.moved;
    }
}

/// Re-plans the date after its events, at midnight before it, and counts what becomes of its orals.
fn outcome(instance: &Instance, published: &Schedule, date: NaiveDate, events: &[Event]) -> Outcome {
    let of_date = || published.sessions.iter().filter(|s| s.date == date);
    let orals: u64 = of_date().map(|s| s.sittings.len() as u64).sum();
    let unchanged = Outcome { orals, on_time: orals, ..Outcome::default() };
    if events.is_empty() {
        return unchanged;
    }
    let events = Events { format: EVENTS_FORMAT.into(), events: events.to_vec() };
    let request = Request {
        edited: None,
        now: date.and_hms_opt(0, 0, 0),
        // A simulated morning is known before it begins: everybody can be told.
        notice: None,
        sacrifice: true,
        wide: false,
        seed: 1,
        threads: 1,
        budget: None,
        stop: &AtomicBool::new(false),
    };
    let Ok(new) = replan(instance, published, &events, &request) else {
        // Pins that the absence contradicts: nothing of what they hold can be kept.
        return Outcome { orals, lost: orals, ..Outcome::default() };
    };
    let mut after: BTreeMap<(&str, &str), (&Session, Clock)> = BTreeMap::new();
    for session in &new.schedule.sessions {
        for s in &session.sittings {
            after.insert((&s.candidate, &s.exam), (session, s.start));
        }
    }
    let mut found = Outcome { orals, ..Outcome::default() };
    let mut moved: BTreeSet<&str> = BTreeSet::new();
    for session in published.sessions.iter() {
        for s in &session.sittings {
            let now = after.get(&(s.candidate.as_str(), s.exam.as_str()));
            let kept =
                now.is_some_and(|(n, start)| (n.date, &n.centre, *start) == (session.date, &session.centre, s.start));
            if !kept {
                moved.insert(&s.candidate);
            }
            if session.date != date {
                continue;
            }
            match now {
                None => found.lost += 1,
                Some(_) if kept => found.on_time += 1,
                Some((n, _)) if n.date == date => found.same_day += 1,
                Some(_) => found.another_day += 1,
            }
            if now.is_some_and(|(n, _)| n.members.len() < session.members.len()) {
                found.seat_empty += 1;
            }
        }
    }
    found.moved = moved.len() as u64;
    found
}

/// The outcomes of all runs together.
#[derive(Default)]
struct Sum {
    all: Outcome,
    /// By number of candidates moved in a run, how many runs.
    moved: BTreeMap<u64, usize>,
}

impl Sum {
    fn add(&mut self, run: &Outcome) {
        self.all.add(run);
        *self.moved.entry(run.moved).or_default() += 1;
    }

    /// What became of them in so many runs, at least one.
    fn outlook(&self, reserves: usize, runs: usize) -> Outlook {
        let all = &self.all;
        // Of twenty runs the best nineteen, in order of how many moved; the next one is it.
        let mut better = runs * 19 / 20;
        let bad = self.moved.iter().find(|(_, n)| {
            let here = better < **n;
            better = better.saturating_sub(**n);
            here
        });
        Outlook {
            reserves,
            orals: all.orals,
            on_time: all.on_time,
            same_day: all.same_day,
            another_day: all.another_day,
            lost: all.lost,
            seat_empty: all.seat_empty,
            candidates_moved: all.moved as f64 / runs as f64,
            candidates_moved_bad: bad.map_or(0, |(moved, _)| *moved),
        }
    }
}

/// The instance with so many people more on call for each profession and centre, free on the centre's dates. They are as
/// qualified as the best of those convened, teach in no school of the instance and live at the centre: the most that a
/// reserve list of that length can do.
fn with_reserves(instance: &Instance, schedule: &Schedule, count: usize) -> Instance {
    if count == 0 {
        return instance.clone();
    }
    let mut professions: BTreeSet<Vec<String>> = BTreeSet::new();
    for (x, _) in convened(instance, schedule) {
        professions.insert(instance.examiners[x].qualifications.iter().cloned().collect());
    }
    // Who can do less than somebody else of the list adds nothing.
    let subset = |a: &Vec<String>, b: &Vec<String>| a != b && a.iter().all(|q| b.contains(q));
    let best: Vec<Vec<String>> =
        professions.iter().filter(|p| !professions.iter().any(|other| subset(p, other))).cloned().collect();
    let mut raw = instance.raw.clone();
    let distances: BTreeMap<_, _> =
        raw.centres.iter().map(|k| (k.id.clone(), crate::instance::raw::KmValue(0))).collect();
    for centre in &raw.centres {
        for (p, qualifications) in best.iter().enumerate() {
            for n in 0..count {
                raw.examiners.push(RawExaminer {
                    id: format!("~reserve {} {p} {n}", centre.id),
                    name: None,
                    qualifications: qualifications.clone(),
                    schools: Vec::new(),
                    km: distances.clone(),
                    available: centre.open.iter().map(|o| RawSpan { date: o.date, from: o.from, to: o.to }).collect(),
                    max_days: None,
                    sittings_a_day: None,
                    max_sittings: None,
                    target_sittings: None,
                    rather_not: Vec::new(),
                    centres: Some(vec![centre.id.clone()]),
                    reserve: true,
                    info: BTreeMap::new(),
                });
            }
        }
    }
    Instance::from_raw(raw).expect("more people do no harm to a valid instance")
}
