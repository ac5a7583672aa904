//! Work that is stopped answers with what it has by then and says so, whenever the stop comes; and many pieces of work need no
//! more than one does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use oraux::diagnose::{Stage, diagnose};
use oraux::instance::Instance;
use oraux::mip::{Limits, bound, quick_bound};
use oraux::replan::simulate::{Asked, Rates, Simulation, simulate};
use oraux::schedule::Schedule;
use oraux::whatif::ask::Asked as Wish;
use oraux::whatif::edit::Edit;
use oraux::whatif::edit::edited;
use oraux::whatif::sites::{Wanted, sites};
use oraux::whatif::why_not::{Verdict, answer};
use oraux::whatif::{Effort, both, solve};

fn small() -> Instance {
    Instance::read("instances/small.json".as_ref()).unwrap()
}

fn effort(stop: &Arc<AtomicBool>) -> Effort<'_> {
    Effort { time: None, iterations: Some(300), seed: 1, threads: 2, stop }
}

fn planned(instance: &Instance) -> Schedule {
    solve(instance, None, &effort(&Arc::default())).unwrap().schedule
}

/// A flag that is set already.
fn set() -> Arc<AtomicBool> {
    Arc::new(AtomicBool::new(true))
}

/// Simulates until so many mornings and absences are done.
fn simulated(instance: &Instance, schedule: &Schedule, runs: usize, threads: usize, until: usize) -> Simulation {
    let stop = AtomicBool::new(until == 0);
    let watch = |done: usize, _: usize| {
        if done >= until {
            stop.store(true, Ordering::Relaxed);
        }
    };
    let rates = Rates::default();
    simulate(instance, schedule, &Asked { runs, rates, reserves: 1, seed: 5, threads, stop: &stop, watch: &watch })
}

#[test]
fn a_simulation_that_is_stopped_counts_the_whole_runs_that_it_has() {
    let instance = small();
    let schedule = planned(&instance);
    let dates = schedule.sessions.iter().map(|s| s.date).collect::<std::collections::BTreeSet<_>>().len();
    // Two whole runs, each date once without and once with somebody on call, and a part of the third.
    let found = simulated(&instance, &schedule, 100, 1, 2 * 2 * dates + 1);
    let two = simulated(&instance, &schedule, 2, 1, usize::MAX);
    assert_eq!((found.runs, found.runs_asked), (2, 100));
    assert_eq!(found.outlooks, two.outlooks);
    assert_eq!((found.absences, found.points.len()), (0, 0));
    assert_eq!(found.absences_asked, two.absences);
    assert!(found.intro().contains("so far 2 of 100 runs"), "{}", found.intro());
    assert!(found.points_head().contains("so far 0 of"), "{}", found.points_head());
    // Stopped while the absences are tried, it has all runs and some of these.
    let later = simulated(&instance, &schedule, 2, 1, 2 * 2 * dates + 3);
    assert_eq!((&later.outlooks, later.runs, later.absences), (&two.outlooks, 2, 3));
    assert!(later.points.iter().all(|p| two.points.contains(p)));
    // And before anything it has nothing, and says that.
    let none = simulated(&instance, &schedule, 100, 2, 0);
    assert_eq!((none.runs, none.outlooks.len(), none.absences), (0, 0, 0));
    assert!(none.intro().contains("before the first of 100 runs"), "{}", none.intro());
}

/// On several threads, whatever is begun at the stop ends, and what it has is what so many runs have.
#[test]
fn a_simulation_that_is_stopped_on_several_threads_has_whole_runs() {
    let instance = small();
    let schedule = planned(&instance);
    let found = simulated(&instance, &schedule, 1000, 3, 20);
    assert!(found.runs < 1000 && found.absences < found.absences_asked);
    let each: u64 = schedule.sessions.iter().map(|s| s.sittings.len() as u64).sum();
    found.outlooks.iter().for_each(|o| assert_eq!(o.orals, found.runs as u64 * each));
}

/// Runs that waited for one another on a thread would pile up on its stack: some hundreds were enough to run over two megabytes.
#[test]
fn many_runs_need_no_more_stack_than_one() {
    let instance = Instance::read("instances/tiny/candidate-wait/instance.json".as_ref()).unwrap();
    let schedule = Schedule::read("instances/tiny/candidate-wait/schedule.json".as_ref()).unwrap();
    let found = [1, 2, 3].map(|threads| {
        let (instance, schedule) = (instance.clone(), schedule.clone());
        let rates = Rates { absent: [("*".to_string(), 0.5)].into(), late: 0.5 };
        let run = move || {
            let (stop, reserves) = (AtomicBool::new(false), 1);
            let asked = Asked { runs: 3000, rates, reserves, seed: 5, threads, stop: &stop, watch: &|_, _| {} };
            simulate(&instance, &schedule, &asked)
        };
        std::thread::Builder::new().stack_size(256 << 10).spawn(run).unwrap().join().unwrap()
    });
    assert_eq!((found[0].runs, found[0].absences), (3000, found[0].absences_asked));
    let alone = &found[0].outlooks[0];
    assert!(alone.on_time > 0 && alone.another_day > 0, "{alone:?}");
    assert_eq!(found[0], found[1]);
    assert_eq!(found[0], found[2]);
}

/// With one plan there is nothing to compare, and what there is is said.
#[test]
fn two_plans_that_are_stopped_before_the_second_are_none() {
    let instance = small();
    let changed = edited(&instance, &[Edit::OralsADay]).unwrap();
    let said = both(&instance, &changed, None, &effort(&set())).unwrap_err();
    assert!(said.starts_with("stopped before there were two plans to compare; the one as it is cost "), "{said}");
}

#[test]
fn sites_that_are_stopped_are_those_begun() {
    let instance = Instance::read("instances/pilot.json".as_ref()).unwrap();
    let wanted = Wanted { most: 9, sets: 9, any_centre: true };
    let sizes = sites(&instance, wanted, &effort(&set())).unwrap();
    let [size] = &sizes[..] else { panic!("{sizes:?}") };
    assert!(size.stopped && size.others_at_least.is_none());
    assert_eq!((size.k, size.sets.len(), size.possible), (1, 1, instance.centres.len()));
}

/// Whenever the stop comes, what was told by then is whole, and what comes after it is missing and said to be.
#[test]
fn a_diagnosis_that_is_stopped_has_the_stages_before() {
    let instance = small();
    let stages = [Stage::Scarcity, Stage::Verdict, Stage::Remedies];
    for (last, told) in [(None, 2), (Some(Stage::Scarcity), 2), (Some(Stage::Verdict), 3)] {
        let stop = Arc::new(AtomicBool::new(last.is_none()));
        let mut heard = Vec::new();
        let found = diagnose(&instance, &effort(&stop), 2, &mut |stage, _| {
            heard.push(stage);
            stop.fetch_or(Some(stage) == last, Ordering::Relaxed);
        });
        let found = found.unwrap();
        assert!(found.stopped && found.remedies.is_empty() && !found.needs.is_empty(), "{last:?}");
        assert_eq!(heard, stages[..told], "{last:?}");
    }
    let found = diagnose(&instance, &effort(&Arc::default()), 2, &mut |_, _| {}).unwrap();
    assert!(!found.stopped && !found.remedies.is_empty());
}

#[test]
fn a_question_that_is_stopped_says_what_was_tried() {
    let instance = small();
    let schedule = planned(&instance);
    let session = &schedule.sessions[0];
    let (sitting, date) = (&session.sittings[0], session.date);
    // At the hour of somebody else's sitting in that room: not as the plan stands.
    let other = schedule.sessions.iter().find(|s| s.id != session.id && s.centre == session.centre).unwrap();
    let wish =
        format!("{} {} {} {} {}", sitting.candidate, sitting.exam, other.date, other.sittings[0].start, other.room);
    let wish = Wish::parse(&wish, &instance).unwrap();
    let found = answer(&instance, &schedule, &wish, &effort(&set()));
    assert!(found.stopped && found.summary.starts_with("Stopped"), "{} ({date})", found.summary);
    assert!(found.verdict != Verdict::IfOthersMove && found.tried.is_empty(), "{found:?}");
}

#[test]
fn a_bound_that_is_stopped_is_what_was_proven() {
    let instance = small();
    let stop = set();
    let limits = Limits { stop: stop.clone(), ..Limits::time(Duration::from_secs(3600)) };
    let first = bound(&instance, &limits, &mut |_| {});
    assert!(first.value > 0 && first.proof.contains("counted alone"), "{first:?}");
    assert_eq!(quick_bound(&instance, &limits), first.value);
    stop.store(false, Ordering::Relaxed);
    let mut told = Vec::new();
    let second = bound(&instance, &limits, &mut |value| {
        told.push(value);
        stop.fetch_or(told.len() == 2, Ordering::Relaxed);
    });
    assert!(told.len() >= 2 && second.value >= told[1] && told[1] > first.value, "{told:?} {second:?}");
}
