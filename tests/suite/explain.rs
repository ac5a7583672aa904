//! Why a plan is as it is: every reason is true, every price is the checker's, every way out was tried.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock};

use oraux::check::check;
use oraux::explain::{candidate, costs, examiner};
use oraux::instance::{Clock, Instance, Ix, Status};
use oraux::schedule::{Plan, Schedule, Session};
use oraux::whatif::ask::Asked;
use oraux::whatif::edit::{Edit, edited};
use oraux::whatif::place::{Change, Tried};
use oraux::whatif::relax::stranded;
use oraux::whatif::why_not::{Answer, Verdict, answer};
use oraux::whatif::{Effort, solve};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde_json::json;

use crate::common;

static STOP: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

fn effort(iterations: u64) -> Effort<'static> {
    Effort { time: None, iterations: Some(iterations), seed: 1, threads: 1, stop: &STOP }
}

/// A random instance with a plan; none where its pins cannot be obeyed.
fn planned(seed: u64) -> Option<(Instance, Schedule)> {
    let instance = common::wild(seed);
    let plan = solve(&instance, None, &effort(400)).ok()?;
    Some((instance, plan.schedule))
}

/// The change carried out by hand, apart from the code that is tested.
fn by_hand(schedule: &Schedule, change: &Change) -> Schedule {
    let mut after = schedule.clone();
    match change {
        Change::Hear(h) => {
            for sitting in &h.sittings {
                let own = |c: &str, e: &str| c == sitting.candidate && e == sitting.exam;
                after.sessions.iter_mut().for_each(|s| s.sittings.retain(|p| !own(&p.candidate, &p.exam)));
                after.unscheduled.retain(|l| !own(&l.candidate, &l.exam));
            }
            match &h.session {
                Some(id) => {
                    let session = after.sessions.iter_mut().find(|s| s.id == *id).expect("the session is there");
                    assert_eq!((&session.room, &session.centre, session.date), (&h.room, &h.centre, h.date));
                    assert_eq!(session.members, h.members);
                    session.sittings.extend(h.sittings.iter().cloned());
                    session.sittings.sort_by_key(|s| s.start);
                }
                None => after.sessions.push(Session {
                    id: "by hand".into(),
                    commission: h.commission.clone(),
                    language: h.language.clone(),
                    centre: h.centre.clone(),
                    room: h.room.clone(),
                    date: h.date,
                    given: None,
                    members: h.members.clone(),
                    sittings: h.sittings.clone(),
                }),
            }
            after.sessions.retain(|s| !s.sittings.is_empty());
        }
        Change::Seat { examiner, seats } => {
            for (id, seat) in seats {
                let session = after.sessions.iter_mut().find(|s| s.id == *id).expect("the session is there");
                session.members.insert(seat.clone(), examiner.clone());
            }
        }
    }
    after
}

fn broken(instance: &Instance, schedule: &Schedule) -> BTreeSet<String> {
    check(instance, schedule, None).violations.iter().map(|v| v.rule.to_string()).collect()
}

fn rules(tried: &Tried) -> BTreeSet<String> {
    tried.broken.iter().map(|b| b.rule.clone()).collect()
}

/// What every answer owes.
fn holds(instance: &Instance, schedule: &Schedule, answer: &Answer) {
    let asked = &answer.asked;
    for tried in &answer.tried {
        let truth = broken(instance, &by_hand(schedule, &tried.change));
        assert_eq!(rules(tried), truth, "{asked}: {}", tried.text);
        assert!(!truth.is_empty(), "{asked}: nothing forbids {}", tried.text);
        assert!(tried.broken.iter().all(|b| !b.source.is_empty() && !b.message.is_empty()), "{asked}");
    }
    let possible = matches!(answer.verdict, Verdict::Possible | Verdict::IfOthersMove);
    assert_eq!(possible, answer.schedule.is_some(), "{asked}");
    if let (Some(after), Some(change)) = (&answer.schedule, &answer.change) {
        let (before, now) = (check(instance, schedule, None), check(instance, after, None));
        assert!(now.valid, "{asked}: {:?}", now.violations);
        assert_eq!(change.cost, now.cost.total - before.cost.total, "{asked}");
        assert_eq!(change.cost, change.terms.iter().map(|t| t.after - t.before).sum::<i64>(), "{asked}");
    }
}

#[test]
fn every_reason_against_an_oral_is_true() {
    let (mut forbidden, mut possible, mut blocked) = (0, 0, 0);
    for seed in 0..30 {
        let Some((instance, schedule)) = planned(seed) else { continue };
        let rng = &mut Pcg64Mcg::seed_from_u64(seed);
        for _ in 0..6 {
            let oral = oraux::instance::OralIx::of(rng.random_range(0..instance.orals.len().max(1)));
            if instance.orals.is_empty() {
                break;
            }
            let date = instance.dates[oraux::instance::DateIx::of(rng.random_range(0..instance.dates.len()))];
            let start = 480 + instance.step * rng.random_range(0..600 / instance.step);
            let room = oraux::instance::RoomIx::of(rng.random_range(0..instance.rooms.len()));
            let asked = Asked::Oral {
                oral,
                date: rng.random_bool(0.8).then_some(date),
                start: rng.random_bool(0.6).then_some(start),
                centre: rng.random_bool(0.5).then_some(instance.rooms[room].centre),
                room: rng.random_bool(0.4).then(|| instance.rooms[room].id.clone()),
            };
            let answer = answer(&instance, &schedule, &asked, &effort(60));
            holds(&instance, &schedule, &answer);
            let Asked::Oral { date, start, centre, room, .. } = &asked else { unreachable!() };
            let fulfilled = |schedule: &Schedule| {
                Plan::new(&instance, schedule, None).of_oral(oral).any(|sat| {
                    date.is_none_or(|d| d == sat.session.date)
                        && start.is_none_or(|s| s == sat.sitting.time.from)
                        && centre.is_none_or(|z| Some(z) == sat.session.centre)
                        && room.as_ref().is_none_or(|r| *r == sat.session.raw.room)
                })
            };
            assert_eq!(answer.verdict == Verdict::AlreadySo, fulfilled(&schedule), "seed {seed}: {}", answer.asked);
            if let Some(after) = &answer.schedule {
                assert!(fulfilled(after), "seed {seed}: {}", answer.asked);
            }
            match answer.verdict {
                Verdict::Possible => {
                    possible += 1;
                    let who = &instance.candidates[instance.orals[oral].candidate].id;
                    let moved = answer.change.as_ref().unwrap().candidates();
                    assert!(moved.iter().all(|c| c == who), "seed {seed}: {moved:?} move for {}", answer.asked);
                }
                Verdict::Forbidden => forbidden += 1,
                Verdict::IfOthersMove | Verdict::NotFound => blocked += 1,
                Verdict::AlreadySo => {}
            }
        }
    }
    assert!(forbidden > 10 && possible > 10 && blocked > 3, "{forbidden} {possible} {blocked}");
}

#[test]
fn every_reason_against_an_examiner_is_true() {
    let (mut forbidden, mut possible) = (0, 0);
    for seed in 0..30 {
        let Some((instance, schedule)) = planned(seed) else { continue };
        for examiner in instance.examiners.indices().take(5) {
            let date = instance.dates[oraux::instance::DateIx::of(seed as usize % instance.dates.len())];
            let asked = Asked::Examiner { examiner, date, centre: None };
            let answer = answer(&instance, &schedule, &asked, &effort(60));
            holds(&instance, &schedule, &answer);
            let id = &instance.examiners[examiner].id;
            let convened = |schedule: &Schedule| {
                schedule.sessions.iter().any(|s| s.date == date && s.members.values().any(|m| m == id))
            };
            assert_eq!(answer.verdict == Verdict::AlreadySo, convened(&schedule), "seed {seed}: {}", answer.asked);
            if let Some(after) = &answer.schedule {
                assert!(convened(after), "seed {seed}: {}", answer.asked);
                possible += 1;
            }
            forbidden += usize::from(answer.verdict == Verdict::Forbidden);
        }
    }
    assert!(forbidden > 5 && possible > 10, "{forbidden} {possible}");
}

/// Each way out makes a plan that is valid for the changed instance, and hears the oral.
#[test]
fn every_way_out_hears_the_oral() {
    let mut ways = 0;
    for seed in 0..40 {
        let Some((instance, schedule)) = planned(seed) else { continue };
        for left in stranded(&instance, &schedule, None) {
            for way in left.ways {
                let changed = edited(&instance, std::slice::from_ref(&way.edit)).unwrap();
                let verdict = check(&changed, &way.schedule, None);
                assert!(verdict.valid, "seed {seed}, {}: {:?}", way.text, verdict.violations);
                let heard = way.schedule.sessions.iter().flat_map(|s| &s.sittings);
                let mut own = heard.filter(|p| p.candidate == left.candidate && p.exam == left.exam);
                assert!(own.next().is_some(), "seed {seed}, {}: {} {}", way.text, left.candidate, left.exam);
                ways += 1;
            }
        }
    }
    assert!(ways > 10, "{ways}");
}

#[test]
fn the_story_of_the_cost_is_whole_and_what_is_unavoidable_is_travelled() {
    for seed in 0..30 {
        let Some((instance, schedule)) = planned(seed) else { continue };
        let plan = Plan::new(&instance, &schedule, None);
        let story = costs::story(&plan);
        assert_eq!(story.total, check(&instance, &schedule, None).cost.total);
        assert_eq!(story.total, story.terms.iter().map(|t| t.cost).sum::<i64>());
        assert!(story.unavoidable_km.km <= story.unavoidable_km.travelled, "seed {seed}");
        for c in instance.candidates.indices() {
            let told = candidate::story(&plan, c);
            assert_eq!(told.sittings.len(), plan.of_candidate(c).count());
            for share in &told.costs {
                assert!(story.terms.iter().any(|t| t.term == share.term && t.cost >= share.cost), "{share:?}");
            }
        }
        for x in instance.examiners.indices() {
            let told = examiner::story(&plan, x);
            assert_eq!(told.otherwise.len() + plan.examiner_days().filter(|d| d.0 == x).count(), instance.dates.len());
        }
    }
}

/// One E4 on one date before the only two teachers: the reasons are known beforehand.
fn known() -> Instance {
    let day = json!([{"date": "2024-06-03", "from": "07:00", "to": "18:30"}]);
    let teacher = |id: &str, q: &str| json!({"id": id, "qualifications": [q, "CCST"], "schools": ["L1"], "km": {"Z1": 10}, "available": day});
    let json = json!({
        "format": "oraux-instance/1", "name": "known", "regulation": "bts-ccst-2024",
        "calendar": {
            "dates": ["2024-06-03", "2024-06-04"],
            "papers": [{"id": "E5", "date": "2024-06-04", "start": "14:00", "end": "18:00"}]
        },
        "groups": {"G": ["Z1"]},
        "centres": [{
            "id": "Z1", "open": [{"date": "2024-06-03", "from": "07:00", "to": "18:30"}, {"date": "2024-06-04", "from": "07:00", "to": "18:30"}],
            "exam_rooms": [{"id": "R1"}], "preparation_rooms": [{"id": "P1", "seats": 2}]
        }],
        "schools": [{"id": "L1", "km": {"Z1": 5}}, {"id": "L2", "km": {"Z1": 20}}],
        "examiners": [teacher("XEG", "EG"), teacher("XSTI", "STI")],
        "candidates": [
            {"id": "C1", "group": "G", "school": "L2", "papers": ["E5"], "orals": [{"exam": "E4", "form": "final"}]},
            {"id": "C2", "group": "G", "school": "L1", "orals": [{"exam": "E4", "form": "final"}]}
        ]
    });
    Instance::from_json(json.to_string().as_bytes()).unwrap()
}

#[test]
fn a_paper_a_teacher_and_a_calendar_forbid_what_they_forbid() {
    let instance = known();
    let schedule = solve(&instance, None, &effort(50)).unwrap().schedule;
    let ask = |text: &str| {
        let asked = Asked::parse(text, &instance).unwrap();
        answer(&instance, &schedule, &asked, &effort(50))
    };
    let paper = ask("C1 E4 2024-06-04 09:00 R1");
    assert_eq!(paper.verdict, Verdict::Forbidden);
    assert!(paper.summary.contains("(paper-clash;"), "{}", paper.summary);
    assert!(rules(&paper.tried[0]).contains("paper-clash"), "{:?}", paper.tried);
    let taught = ask("C2 E4");
    assert_eq!(taught.verdict, Verdict::Forbidden);
    assert!(taught.summary.contains("(impartial;"), "{}", taught.summary);
    let never = ask("C1 E4 2024-07-14");
    assert!(never.summary.contains("(grid;"), "{}", never.summary);
    let away = ask("XEG 2024-06-04");
    assert!(away.summary.contains("(examiner-available;"), "{}", away.summary);
    let free = ask("C1 E4 2024-06-03 10:00");
    assert!(matches!(free.verdict, Verdict::Possible | Verdict::AlreadySo), "{}", free.summary);
    // Only a waiver for both teachers, or another of each, would do: no single change does.
    let left = stranded(&instance, &schedule, None);
    assert_eq!(left.len(), 1);
    assert!(left[0].ways.is_empty(), "{:?}", left[0].ways);
}

#[test]
fn a_question_is_read_in_any_order_and_faults_are_said() {
    let instance = known();
    let c1 = instance.candidate("C1").unwrap();
    let oral = instance.candidates[c1].orals[0];
    assert_eq!(instance.orals[oral].status, Status::Due);
    let asked = Asked::parse("C1 E4 R1 09:00 2024-06-03 Z1", &instance).unwrap();
    let wanted = Asked::Oral {
        oral,
        date: "2024-06-03".parse().ok(),
        start: Clock::parse("09:00").map(|c| c.0),
        centre: instance.centre("Z1"),
        room: Some("R1".into()),
    };
    assert_eq!(asked, wanted);
    for (wrong, said) in [("C9 E4", "C9"), ("C1 E9", "E9"), ("C1 E4 R9", "R9"), ("XEG", "X014"), ("", "C0012")] {
        let faults = Asked::parse(wrong, &instance).unwrap_err();
        assert!(faults.iter().any(|f| f.message.contains(said)), "{wrong}: {faults:?}");
    }
}

#[test]
fn a_field_is_set_by_its_path_and_obeys_the_schema() {
    let instance = known();
    let set = |text: &str| edited(&instance, &[Edit::set(text).unwrap()]);
    assert_eq!(set("policy.orals_a_day=5").unwrap().policy.orals_a_day, 5);
    let open = set(r#"centres.Z1.open=[{"date": "2024-06-04", "from": "08:00", "to": "12:00"}]"#).unwrap();
    assert_eq!(open.centres[open.centre("Z1").unwrap()].open.len(), 1);
    assert!(set("policy.oral_a_day=5").unwrap_err()[0].message.contains("orals_a_day"));
    assert!(set("policy.orals_a_day=many").is_err());
    let fewer = edited(&instance, &[Edit::DropExaminer { examiner: "XEG".into() }]).unwrap();
    assert_eq!(fewer.examiners.len(), 1);
    let more = edited(&instance, &[Edit::examiner("EG+CCST@2024-06-03").unwrap()]).unwrap();
    assert_eq!(more.examiners.len(), 3);
    assert!(edited(&instance, &[Edit::examiner("EG@2025-06-03").unwrap()]).is_err());
    assert!(edited(&instance, &[Edit::DropCentre { centre: "Z9".into() }]).is_err());
    let none = edited(&instance, &[Edit::DropCentre { centre: "Z1".into() }]).unwrap();
    assert_eq!(none.centres.len(), 0);
}
