//! Where a held job could go: a place is allowed exactly where the checker finds the changed plan valid, its price is the
//! difference to the point, and a forbidden one names the rules that the checker would. What is compared with is made by
//! rewriting the schedule; only the checker judges it.

use std::collections::BTreeSet;

use oraux::check::check;
use oraux::instance::{Clock, ExaminerIx, GivenIx, Instance, Interval, Minutes, RoomIx};
use oraux::moves::Random;
use oraux::schedule::{Schedule, Session, Sitting};
use oraux::search::construct::construct;
use oraux::state::places::{Cell, Held, Spot};
use oraux::state::{JobId, Model, NONE, Slot, State};
use rand::{RngExt, SeedableRng};

use crate::common;

type Rules = BTreeSet<&'static str>;

/// What was compared.
#[derive(Default, Debug)]
struct Count {
    joined: usize,
    opened: usize,
    forbidden: usize,
    teams: usize,
}

#[test]
fn places_say_what_the_checker_says() {
    let mut count = Count::default();
    for seed in 0..25 {
        compare(seed, 2, &mut count);
    }
    assert!(count.joined > 100 && count.opened > 2000 && count.forbidden > 5000 && count.teams > 2000, "{count:?}");
}

/// The same for one random instance.
pub fn compare_one(seed: u64) {
    compare(seed, 2, &mut Count::default());
}

fn compare(seed: u64, jobs: usize, count: &mut Count) {
    let instance = common::wild(seed);
    let model = Model::new(&instance, None);
    let mut rng = Random::seed_from_u64(seed);
    let mut state = State::new(&model);
    construct(&mut state, &mut rng, &|| false);
    if state.pins_missing > 0 || state.exceeded > 0 || model.jobs.is_empty() {
        return;
    }
    for _ in 0..jobs {
        let job = rng.random_range(0..model.jobs.len() as JobId);
        let before = state.freeze(|_| "test".into());
        let cost = state.cost;
        let held = state.hold(job);
        let without = state.freeze(|_| "test".into());
        for z in instance.centres.indices() {
            for d in instance.dates.indices() {
                let cell = state.places(&held, z, d);
                let prices = |cell: &Cell| -> Vec<(RoomIx, Minutes, usize, i64)> {
                    let all = cell.rooms.iter().flat_map(|r| r.spots.iter().map(|s| (r.room, s)));
                    all.filter_map(|(room, s)| Some((room, s.start, s.half, s.answer.ok()?.price))).collect()
                };
                assert_eq!(prices(&state.allowed_places(&held, z, d)), prices(&cell), "seed {seed}");
                let rewritten = Rewritten { instance: &instance, model: &model, without: &without, held: &held, z, d };
                for places in &cell.rooms {
                    for (i, spot) in places.spots.iter().enumerate() {
                        let context = || {
                            let (at, room) = (Clock(spot.start), &instance.rooms[places.room].id);
                            let oral = instance.oral_name(model.jobs[job as usize].orals[0]);
                            format!("seed {seed}: {oral} {} {room} {at}: {:?}", instance.dates[d], spot.answer)
                        };
                        if let Ok(offer) = spot.answer {
                            let mark = state.mark();
                            state.put(&held, &cell, places.room, spot);
                            let after = state.freeze(|_| "test".into());
                            let verdict = check(&instance, &after, None);
                            assert!(verdict.valid, "{}: {:#?}", context(), verdict.violations);
                            assert_eq!(verdict.cost.total - cost, offer.price, "{}: {:#?}", context(), verdict.cost);
                            *(if offer.joins.is_some() { &mut count.joined } else { &mut count.opened }) += 1;
                            state.undo(mark);
                        } else if i % 3 == 0 {
                            rewritten.forbidden(&state, &cell, places.room, spot, count, &context);
                        }
                    }
                }
                if let Some(was) = held.was.as_ref().filter(|w| w.date == d && instance.rooms[w.room].centre == z) {
                    let now = cell.spot(was.room, was.start).expect("it stood there").answer;
                    assert_eq!(now.map(|o| o.price), Ok(0), "seed {seed}: where it was");
                }
            }
        }
        state.let_go(held);
        assert_eq!(state.freeze(|_| "test".into()), before, "seed {seed}: put back");
    }
}

struct Rewritten<'a> {
    instance: &'a Instance,
    model: &'a Model<'a>,
    without: &'a Schedule,
    held: &'a Held,
    z: oraux::instance::CentreIx,
    d: oraux::instance::DateIx,
}

impl Rewritten<'_> {
    fn forbidden(
        &self,
        state: &State,
        cell: &Cell,
        room: RoomIx,
        spot: &Spot,
        count: &mut Count,
        context: &dyn Fn() -> String,
    ) {
        assert_eq!(cell.centre, self.z);
        let said: Rules = spot.answer.unwrap_err().rules().map(|r| r.name).collect();
        assert!(!said.is_empty(), "{}", context());
        let kind = self.model.jobs[self.held.job as usize].kind;
        let there = |s: &Slot| {
            let session = state.session(*s);
            session.live && session.room == room && session.half == spot.half && !session.jobs.is_empty()
        };
        let joins: Vec<Slot> = state.in_cell(kind, self.z, self.d).iter().copied().filter(there).collect();
        if joins.is_empty() {
            let Some(ways) = self.openings(room, spot) else { return };
            count.teams += 1;
            let sets: Vec<Rules> = ways.into_iter().flat_map(|s| self.prepared(s, spot.start)).collect();
            self.same(&said, &sets, context);
        } else {
            // Of several sessions it may name what stands in the way of any.
            let mut all: Vec<Vec<Rules>> = Vec::new();
            let fits = joins.iter().any(|&slot| {
                let sets = self.prepared(self.joined(state, slot), spot.start);
                assert!(sets.iter().all(|s| !s.is_empty()), "{}: but it can join", context());
                let agreed = agrees(&said, &sets);
                all.push(sets);
                agreed
            });
            assert!(fits, "{}: {all:?}", context());
        }
        count.forbidden += 1;
    }

    fn same(&self, said: &Rules, sets: &[Rules], context: &dyn Fn() -> String) {
        assert!(sets.iter().all(|s| !s.is_empty()), "{}: but a way is free", context());
        let all = sets.iter().cloned().reduce(|a, b| a.intersection(&b).copied().collect());
        assert!(agrees(said, sets), "{}: said {said:?}, all ways break {all:?}", context());
    }

    /// The session in the schedule that a slot is, with the place for the held job.
    fn joined(&self, state: &State, slot: Slot) -> (Schedule, usize) {
        let first = state.session(slot).jobs[0];
        let oral = self.model.jobs[first as usize].orals[0];
        let (c, e) =
            (&self.instance.candidates[self.instance.orals[oral].candidate].id, &self.instance.exam_of(oral).id);
        let at =
            self.without.sessions.iter().position(|s| s.sittings.iter().any(|s| s.candidate == *c && s.exam == *e));
        (self.without.clone(), at.expect("the session is in the schedule"))
    }

    /// A session for each team that could be called, with a place for the held job; nothing if there are too many.
    fn openings(&self, room: RoomIx, spot: &Spot) -> Option<Vec<(Schedule, usize)>> {
        let (instance, model) = (self.instance, self.model);
        let spec = &model.jobs[self.held.job as usize];
        let kind = &model.kinds[spec.kind as usize];
        let used: Vec<&String> = self.without.sessions.iter().filter_map(|s| s.given.as_ref()).collect();
        let composed: Vec<GivenIx> = instance
            .given_sessions
            .indices()
            .filter(|&g| {
                let given = &instance.given_sessions[g];
                model.given[g].as_ref().is_some_and(|m| {
                    (m.kind, m.centre, m.date, m.half) == (spec.kind, self.z, self.d, spot.half)
                        && m.room.is_none_or(|r| r == room)
                }) && !used.contains(&&given.id)
            })
            .collect();
        let mut ways: Vec<(Option<GivenIx>, Vec<u32>)> = Vec::new();
        let mut named: Vec<(Option<GivenIx>, Vec<u32>)> =
            composed.iter().map(|&g| (Some(g), model.given[g].as_ref().unwrap().members.to_vec())).collect();
        if composed.is_empty() || !model.given_only[spec.kind as usize] {
            named.push((None, vec![NONE; kind.seats.len()]));
        }
        for (given, names) in named {
            let mut teams: Vec<Vec<u32>> = vec![Vec::new()];
            for (seat, &name) in kind.seats.iter().zip(&names) {
                let mut holders: Vec<u32> = match name {
                    NONE if seat.required => seat.holders.iter().map(|x| x.0).collect(),
                    NONE => vec![NONE],
                    x => vec![x],
                };
                if seat.required && holders.is_empty() {
                    holders.push(NONE);
                }
                teams = teams
                    .iter()
                    .flat_map(|t| {
                        holders.iter().filter(|x| **x == NONE || !t.contains(x)).map(|&x| [&t[..], &[x]].concat())
                    })
                    .collect();
                if teams.len() > 60 {
                    return None;
                }
            }
            ways.extend(teams.into_iter().map(|t| (given, t)));
        }
        // Pinned members may need the seats that nobody has to hold: not tried here.
        if ways.is_empty() || spec.pin.as_ref().is_some_and(|p| !p.examiners.is_empty()) {
            return None;
        }
        let commission = &instance.regulation.commissions[kind.commission];
        let schedules = ways.into_iter().map(|(given, team)| {
            let mut schedule = self.without.clone();
            let seats = commission.seats.iter().zip(&team).filter(|(_, x)| **x != NONE);
            schedule.sessions.push(Session {
                id: "NEW".into(),
                commission: commission.id.clone(),
                language: kind.language.clone(),
                centre: instance.centres[self.z].id.clone(),
                room: instance.rooms[room].id.clone(),
                date: instance.dates[self.d],
                given: given.map(|g| instance.given_sessions[g].id.clone()),
                members: seats.map(|(s, &x)| (s.id.clone(), instance.examiners[ExaminerIx(x)].id.clone())).collect(),
                sittings: Vec::new(),
            });
            let at = schedule.sessions.len() - 1;
            (schedule, at)
        });
        Some(schedules.collect())
    }

    /// What the checker names with the held job in that session, once for each choice of preparation rooms.
    fn prepared(&self, (schedule, at): (Schedule, usize), start: Minutes) -> Vec<Rules> {
        let (instance, spec) = (self.instance, &self.model.jobs[self.held.job as usize]);
        let orals = &spec.orals[..self.held.parts as usize];
        let rooms: Vec<Option<String>> = match &instance.centres[self.z].preparation_rooms[..] {
            [] => vec![None],
            own => own.iter().map(|&p| Some(instance.preparation_rooms[p].id.clone())).collect(),
        };
        let mut choices: Vec<Vec<Option<String>>> = vec![Vec::new()];
        for &o in orals {
            let own: &[Option<String>] = if instance.orals[o].preparation > 0 { &rooms } else { &[None] };
            choices =
                choices.iter().flat_map(|c| own.iter().map(|r| [&c[..], std::slice::from_ref(r)].concat())).collect();
        }
        let judged = choices.into_iter().map(|choice| {
            let mut schedule = schedule.clone();
            let mut from = start;
            for (&o, preparation_room) in orals.iter().zip(choice) {
                let oral = &instance.orals[o];
                let time = Interval::new(from, from + oral.duration);
                let (candidate, exam) =
                    (instance.candidates[oral.candidate].id.clone(), instance.exam_of(o).id.clone());
                schedule.unscheduled.retain(|l| (&l.candidate, &l.exam) != (&candidate, &exam));
                schedule.sessions[at].sittings.push(Sitting {
                    candidate,
                    exam,
                    preparation_room,
                    preparation_start: Clock(time.from - oral.preparation),
                    start: Clock(time.from),
                    end: Clock(time.to),
                });
                from = time.to;
            }
            schedule.sessions[at].sittings.sort_by_key(|s| s.start);
            check(instance, &schedule, None).violations.iter().map(|v| v.rule).collect()
        });
        judged.collect()
    }
}

/// Whether the rules said are those that all ways break, or, where each breaks another, some of theirs. Beyond
/// the half-day, where rests and pauses are counted differs: that it ends too late is enough.
fn agrees(said: &Rules, sets: &[Rules]) -> bool {
    let all = sets.iter().cloned().reduce(|a, b| a.intersection(&b).copied().collect()).unwrap_or_default();
    let any: Rules = sets.iter().flatten().copied().collect();
    if all.contains("half-day") {
        return said.contains("half-day");
    }
    if all.is_empty() { !said.is_disjoint(&any) } else { *said == all }
}

/// A whole session goes where the checker finds nothing wrong, at the price said; a seat is taken or refused by the rules that the
/// checker names.
#[test]
fn sessions_and_seats_say_what_the_checker_says() {
    let (mut moved, mut kept, mut seated, mut barred) = (0, 0, 0, 0);
    for seed in 0..25 {
        let instance = common::wild(seed);
        let model = Model::new(&instance, None);
        let mut state = State::new(&model);
        construct(&mut state, &mut Random::seed_from_u64(seed), &|| false);
        if state.pins_missing > 0 || state.exceeded > 0 {
            continue;
        }
        let before = state.freeze(|_| "test".into());
        let cost = state.cost;
        for slot in state.live.clone().into_iter().take(2) {
            for seat in 0..state.session(slot).members.len() {
                for (x, offer) in state.seat_offers(slot, seat) {
                    let mark = state.mark();
                    state.set_member(slot, seat, x);
                    let after = state.freeze(|_| "test".into());
                    state.undo(mark);
                    let verdict = check(&instance, &after, None);
                    let found: Rules = verdict.violations.iter().map(|v| v.rule).collect();
                    let said: Rules = offer.err().map(|r| r.rules().map(|r| r.name).collect()).unwrap_or_default();
                    assert_eq!(said, found, "seed {seed}: seat {seat} for {x}: {:#?}", verdict.violations);
                    match offer {
                        Ok(price) => {
                            assert_eq!(verdict.cost.total - cost, price, "seed {seed}: seat {seat} for {x}");
                            seated += 1;
                        }
                        Err(_) => barred += 1,
                    }
                }
            }
            let held = state.hold_session(slot);
            for room in instance.rooms.indices() {
                for d in instance.dates.indices() {
                    for start in model.hours.iter().flat_map(|h| h.hours().step_by(3)).collect::<Vec<_>>() {
                        let mark = state.mark();
                        match state.put_session(&held, room, d, start) {
                            Ok((price, _)) => {
                                let after = state.freeze(|_| "test".into());
                                let verdict = check(&instance, &after, None);
                                assert!(verdict.valid, "seed {seed}: {:#?}", verdict.violations);
                                assert_eq!(verdict.cost.total - cost, price, "seed {seed}");
                                moved += 1;
                            }
                            Err(rules) => {
                                assert!(!rules.is_empty(), "seed {seed}");
                                kept += 1;
                            }
                        }
                        state.undo(mark);
                    }
                }
            }
            let at = held.start();
            assert_eq!(state.session_price(&held, held.was.room, held.was.date, at), Ok(0), "seed {seed}");
            state.let_session_go(held);
            assert_eq!(state.freeze(|_| "test".into()), before, "seed {seed}: put back");
        }
    }
    assert!(moved > 200 && kept > 200 && seated > 20 && barred > 100, "{moved} {kept} {seated} {barred}");
}
