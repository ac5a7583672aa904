//! The search state agrees with the rules: after any moves its cost is the objective of the frozen schedule,
//! no hard rule is broken, and undoing gives back exactly what was.

use oraux::check::check;
use oraux::moves::repair::{repair, take};
use oraux::moves::{MOVES, Random};
use oraux::schedule::Plan;
use oraux::search::construct::construct;
use oraux::state::{Model, Placement, State};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};

use crate::common;

/// The frozen state is valid and costs what the state says; pins still missing are the only excuse.
fn audit(state: &State, published: Option<&oraux::schedule::Schedule>, seed: u64) {
    let schedule = state.freeze(|_| "test".into());
    let verdict = check(state.model.instance, &schedule, published);
    let broken: Vec<_> = verdict.violations.iter().filter(|v| v.rule != "pin" || state.pins_missing == 0).collect();
    assert!(broken.is_empty(), "seed {seed}: {broken:#?}\n{}", schedule.to_json());
    assert_eq!(verdict.cost.total, state.cost, "seed {seed}: {:#?}\n{}", verdict.cost, schedule.to_json());
    assert_eq!(verdict.unscheduled as i64, state.unscheduled, "seed {seed}");
}

fn walk(seed: u64, steps: usize) {
    let instance = common::wild(seed);
    let model = Model::new(&instance, None);
    let mut rng = Random::seed_from_u64(seed);
    let mut state = State::new(&model);
    audit(&state, None, seed);
    construct(&mut state, &mut rng, &|| false);
    audit(&state, None, seed);
    journey(&mut state, None, &mut rng, steps, seed);

    // The same against a published schedule: what was reached is published, and reserves may sit.
    let published = state.freeze(|_| "test".into());
    let plan = Plan::new(&instance, &published, None);
    let model = Model::new(&instance, Some(&plan));
    let mut state = State::new(&model);
    state.load(&plan);
    audit(&state, Some(&published), seed);
    journey(&mut state, Some(&published), &mut rng, steps, seed);
}

/// What is heard on the dates that moves may not change.
fn elsewhere(state: &State) -> Vec<String> {
    let there = state.live.iter().filter(|&&s| !state.may_change(s)).map(|&s| state.session(s));
    let mut heard: Vec<String> =
        there.map(|s| format!("{} {:?} {:?} {:?}", s.uid, s.members, s.jobs, s.span)).collect();
    heard.sort();
    heard
}

#[test]
fn what_is_taken_out_comes_back_below_the_ceiling_pinned_or_not() {
    // By whether a pin holds it: how many orals, and how many came back.
    let mut counts = [[0; 2]; 2];
    for seed in 0..250 {
        let instance = common::wild(seed);
        let model = Model::new(&instance, None);
        let mut rng = Random::seed_from_u64(seed);
        let mut state = State::new(&model);
        construct(&mut state, &mut rng, &|| false);
        let all = |state: &State, j: u32| state.placed[j as usize].parts as usize == model.jobs[j as usize].parts.len();
        for job in 0..model.jobs.len() as u32 {
            if !all(&state, job) || instance.weights.unscheduled < 5000 {
                continue;
            }
            let count = &mut counts[usize::from(model.jobs[job as usize].pin.is_some())];
            let (mark, before) = (state.mark(), state.value());
            state.ceiling = before + 1000;
            let (mut pool, slot) = (Vec::new(), state.placed[job as usize].slot);
            take(&mut state, job, &mut pool);
            repair(&mut state, pool, &[slot], &mut rng);
            count[0] += 1;
            count[1] += usize::from(all(&state, job) && state.value() <= before + 1000);
            state.undo(mark);
            assert_eq!(state.value(), before);
        }
    }
    for [taken, back] in counts {
        assert!(taken >= 30 && back * 2 > taken, "{counts:?}");
    }
}

fn journey(
    state: &mut State,
    published: Option<&oraux::schedule::Schedule>,
    rng: &mut Random,
    steps: usize,
    seed: u64,
) {
    for _ in 0..steps {
        let (m, _) = MOVES[rng.random_range(0..MOVES.len())];
        let before = (state.freeze(|_| "test".into()), state.cost, state.unscheduled, state.pins_missing);
        let mark = state.mark();
        // Half of the time the move may give up, and some dates are not its to change.
        state.ceiling = if rng.random_bool(0.5) { state.value() + rng.random_range(0..3000) } else { i64::MAX };
        state.own.iter_mut().for_each(|own| *own = rng.random_bool(0.7));
        let there = elsewhere(state);
        m.apply(state, rng);
        audit(state, published, seed);
        assert_eq!(elsewhere(state), there, "seed {seed}: {} changed a date that is another's", m.name());
        if rng.random_bool(0.4) {
            state.undo(mark);
            audit(state, published, seed);
            let after = (state.freeze(|_| "test".into()), state.cost, state.unscheduled, state.pins_missing);
            assert_eq!(before, after, "seed {seed}: undoing {} is not the identity", m.name());
        }
    }
}

/// Where the masks leave a start, the checker finds nothing wrong, and where they leave none it does: start by start.
#[test]
fn each_start_is_open_exactly_where_the_checker_finds_nothing() {
    let (mut open, mut shut) = (0, 0);
    for seed in 0..60 {
        let instance = common::wild(seed);
        let model = Model::new(&instance, None);
        let mut rng = Random::seed_from_u64(seed);
        let mut state = State::new(&model);
        construct(&mut state, &mut rng, &|| false);
        if state.pins_missing > 0 || state.exceeded > 0 {
            continue;
        }
        let placed: Vec<u32> = (0..model.jobs.len() as u32).filter(|&j| state.placed[j as usize].parts > 0).collect();
        for &job in placed.iter().take(6) {
            let old = state.placed[job as usize].clone();
            state.unplace(job);
            let parts = old.parts;
            let slots: Vec<u32> = state.live.iter().copied().filter(|&s| state.suits(job, parts, s)).take(3).collect();
            for slot in slots {
                let session = state.session(slot);
                let (centre, date, half) = (session.centre, session.date, session.half);
                let starts = state.starts(job, parts, slot);
                for start in model.hours[half].hours() {
                    let spec = &model.jobs[job as usize].parts[parts as usize - 1];
                    let any = instance.centres[centre].preparation_rooms[0];
                    let rooms = state.preparation_rooms(job, parts, centre, date, start);
                    let rooms = rooms.unwrap_or_else(|| spec.preparations.iter().map(|_| any).collect());
                    let mark = state.mark();
                    state.place(job, Placement { slot, start, parts, rooms });
                    let schedule = state.freeze(|_| "test".into());
                    let broken = check(&instance, &schedule, None).violations;
                    let at = oraux::instance::Clock(start);
                    let is_open = starts.contains(start);
                    assert_eq!(broken.is_empty(), is_open, "seed {seed} {at}: {broken:#?}\n{}", schedule.to_json());
                    if is_open {
                        open += 1
                    } else {
                        shut += 1
                    }
                    state.undo(mark);
                }
            }
            state.place(job, old);
        }
    }
    assert!(open > 500 && shut > 500, "{open} {shut}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn moves_keep_the_state_true(seed in any::<u64>()) {
        walk(seed, 25);
    }

    #[test]
    fn loading_a_frozen_schedule_gives_it_back(seed in any::<u64>()) {
        let instance = common::wild(seed);
        let model = Model::new(&instance, None);
        let mut state = State::new(&model);
        construct(&mut state, &mut Random::seed_from_u64(seed), &|| false);
        let schedule = state.freeze(|_| "test".into());
        let plan = Plan::new(&instance, &schedule, None);
        let mut again = State::new(&model);
        again.load(&plan);
        prop_assert_eq!(again.freeze(|_| "test".into()), schedule);
    }
}
