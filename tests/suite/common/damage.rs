//! Random damages of a good schedule, each with a rule that it certainly breaks (it may break others).

use chrono::NaiveDate;
use oraux::instance::{Clock, Instance, OralIx, Status};
use oraux::schedule::{Left, Plan, Schedule, Session, Sitting};
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_pcg::Pcg64Mcg;

/// A kind of damage.
pub struct Kind {
    /// What is done.
    pub name: &'static str,
    /// The rule that it breaks, whatever else.
    pub breaks: &'static str,
    /// Does it somewhere at random; none where the schedule gives no occasion.
    pub damage: fn(&mut Pcg64Mcg, &Instance, &mut Schedule) -> Option<()>,
}

/// Does a random damage.
pub fn random(rng: &mut Pcg64Mcg, instance: &Instance, schedule: &mut Schedule) -> Option<&'static Kind> {
    (0..100).find_map(|_| {
        let kind = KINDS.choose(rng)?;
        (kind.damage)(rng, instance, schedule).map(|()| kind)
    })
}

macro_rules! kinds {
    ($($breaks:literal, $name:literal: $damage:expr;)*) => {
        /// Every kind.
        pub const KINDS: &[Kind] = &[$(Kind { name: $name, breaks: $breaks, damage: $damage }),*];
    };
}

kinds! {
    "oral-once", "an oral is forgotten": |rng, _, s| {
        let (i, j) = place(rng, s, |_, _| true)?;
        s.sessions[i].sittings.remove(j);
        s.sessions.retain(|s| !s.sittings.is_empty());
        Some(())
    };
    "oral-once", "scheduled and unscheduled": |rng, _, s| {
        let (i, j) = place(rng, s, |_, _| true)?;
        s.unscheduled.push(left(&s.sessions[i].sittings[j], "-"));
        Some(())
    };
    "oral-once", "twice in unscheduled": |rng, _, s| again(rng, &mut s.unscheduled);
    "oral-once", "twice in not_heard": |rng, _, s| again(rng, &mut s.not_heard);
    "oral-once", "not_heard lacks an oral": |rng, _, s| {
        let i = index(rng, s.not_heard.len())?;
        s.not_heard.remove(i);
        Some(())
    };
    "oral-once", "not_heard for another reason": |rng, _, s| {
        let i = index(rng, s.not_heard.len())?;
        let other = if s.not_heard[i].reason == "not-valid" { "not-held" } else { "not-valid" };
        s.not_heard[i].reason = other.into();
        Some(())
    };
    "oral-once", "not_heard has an oral that is due, or none of its business": |rng, instance, s| {
        let foreign = |&o: &OralIx| matches!(instance.orals[o].status, Status::Due | Status::NotFinal);
        let orals: Vec<OralIx> = instance.orals.indices().filter(foreign).collect();
        let &o = orals.choose(rng)?;
        let (candidate, exam) = (instance.candidates[instance.orals[o].candidate].id.clone(), instance.exam_of(o).id.clone());
        s.not_heard.push(Left { candidate, exam, reason: "not-valid".into() });
        Some(())
    };
    "oral-once", "an oral is heard twice": |rng, _, s| {
        let (i, j) = place(rng, s, |_, _| true)?;
        let twice = s.sessions[i].sittings[j].clone();
        let to = index(rng, s.sessions.len())?;
        s.sessions[to].sittings.push(twice);
        s.sessions[to].sittings.sort_by_key(|s| s.start);
        Some(())
    };
    "oral-once", "a candidate whom nobody knows": |rng, _, s| sitting(rng, s).map(|s| s.candidate = "Personne".into());
    "oral-once", "an exam that nobody knows": |rng, _, s| sitting(rng, s).map(|s| s.exam = "E99".into());
    "oral-once", "a session hears nobody": |rng, _, s| {
        let copy = Session { id: "vide".into(), sittings: Vec::new(), ..s.sessions.choose(rng)?.clone() };
        s.sessions.push(copy);
        Some(())
    };
    "format", "another instance's name": |_, _, s| {
        s.instance.push('x');
        Some(())
    };
    "format", "a session id twice": |rng, _, s| {
        let [a, b] = two(rng, s.sessions.len())?;
        s.sessions[a].id = s.sessions[b].id.clone();
        Some(())
    };
    "format", "sittings out of order": |rng, _, s| {
        let several = |s: &Session, j: usize| j > 0 && s.sittings[0].start < s.sittings[j].start;
        let (i, j) = place(rng, s, several)?;
        s.sessions[i].sittings.swap(0, j);
        Some(())
    };
    "format", "a language where no seat needs one": |rng, _, s| {
        let (i, _) = place(rng, s, |s, _| s.language.is_none())?;
        s.sessions[i].language = Some("es".into());
        Some(())
    };
    "grid", "a date outside the calendar": |rng, _, s| {
        session(rng, s)?.date = NaiveDate::from_ymd_opt(2031, 1, 6)?;
        Some(())
    };
    "grid", "a minute off the grid": |rng, _, s| sitting(rng, s).map(|s| shift(s, 1));
    "grid", "a date that is none of the exam's": |rng, instance, s| {
        let others = |e: &str| -> Vec<NaiveDate> {
            let only = instance.exam_dates[instance.regulation.exam(e).unwrap()].as_ref();
            instance.dates.iter().copied().filter(|d| only.is_some_and(|only| !only.contains(d))).collect()
        };
        let (i, j) = place(rng, s, |s, j| !others(&s.sittings[j].exam).is_empty())?;
        s.sessions[i].date = *others(&s.sessions[i].sittings[j].exam).choose(rng)?;
        Some(())
    };
    "length", "longer": |rng, instance, s| sitting(rng, s).map(|s| s.end.0 += instance.step);
    "length", "prepares longer": |rng, instance, s| sitting(rng, s).map(|s| s.preparation_start.0 -= instance.step);
    "half-day", "over noon": |rng, _, s| sitting(rng, s).map(|s| begin(s, 12 * 60 + 20));
    "centre-open", "before dawn": |rng, _, s| sitting(rng, s).map(|s| begin(s, 3 * 60));
    "centre-allowed", "a centre that nobody knows": |rng, _, s| session(rng, s).map(|s| s.centre = "Nulle part".into());
    "commission", "a commission that nobody knows": |rng, _, s| session(rng, s).map(|s| s.commission = "nulle".into());
    "commission", "another commission": |rng, instance, s| {
        let s = session(rng, s)?;
        let others: Vec<_> = instance.regulation.commissions.iter().filter(|k| k.id != s.commission).collect();
        s.commission = others.choose(rng)?.id.clone();
        Some(())
    };
    "commission", "another language": |rng, _, s| {
        let (i, _) = place(rng, s, |s, _| s.language.is_some())?;
        s.sessions[i].language = Some("eo".into());
        Some(())
    };
    "seats", "a required seat is empty": |rng, instance, s| {
        let s = session(rng, s)?;
        let seats = &instance.regulation.commissions[instance.regulation.commission(&s.commission)?].seats;
        let required: Vec<_> = seats.iter().filter(|seat| seat.required).collect();
        s.members.remove(&required.choose(rng)?.id);
        Some(())
    };
    "seats", "somebody in two seats": |rng, _, s| {
        let (i, _) = place(rng, s, |s, _| s.members.len() > 1)?;
        let all: Vec<String> = s.sessions[i].members.values().cloned().collect();
        *s.sessions[i].members.values_mut().next()? = all[1].clone();
        Some(())
    };
    "seats", "somebody unknown in a seat": |rng, _, s| session(rng, s)?.members.values_mut().next().map(|x| *x = "Personne".into());
    "examiner-available", "somebody who is away": |rng, instance, s| {
        let s = session(rng, s)?;
        let away: Vec<_> = instance.examiners.iter().filter(|x| x.available.iter().all(|a| a.date != s.date)).collect();
        let id = &away.choose(rng)?.id;
        replace(rng, s, id)
    };
    "examiner-event", "during a meeting": |rng, instance, s| {
        let event = instance.events.choose(rng)?;
        let taken = |s: &Session| s.members.values().any(|id| instance.examiner(id).is_some_and(|x| event.concerns(x, &instance.examiners[x])));
        let (i, j) = place(rng, s, |s, _| taken(s))?;
        s.sessions[i].date = event.date;
        begin(&mut s.sessions[i].sittings[j], event.time.from);
        Some(())
    };
    "turnaround", "no turnaround": |rng, instance, s| {
        let follows = |s: &Session, j: usize| {
            let exam = |j: usize| instance.regulation.exam(&s.sittings[j].exam).unwrap();
            instance.regulation.exams[exam(j)].follows == Some(exam(j - 1)) && s.sittings[j].candidate == s.sittings[j - 1].candidate
        };
        let (i, j) = place(rng, s, |s, j| j > 0 && !follows(s, j))?;
        let end = s.sessions[i].sittings[j - 1].end.0;
        begin(&mut s.sessions[i].sittings[j], end);
        Some(())
    };
    "examiner-centre", "two centres on one date": |rng, _, s| {
        let [a, b] = two(rng, s.sessions.len())?;
        let id = s.sessions[a].members.values().next()?.clone();
        s.sessions[b].date = s.sessions[a].date;
        s.sessions[b].centre = format!("{}bis", s.sessions[a].centre);
        replace(rng, &mut s.sessions[b], &id)
    };
    "examiner-centre", "a reserve in a first plan": |rng, instance, s| {
        let reserves: Vec<_> = instance.examiners.iter().filter(|x| x.reserve).collect();
        let id = &reserves.choose(rng)?.id;
        let session = session(rng, s)?;
        replace(rng, session, id)
    };
    "examiner-days", "a date too many": |rng, instance, s| {
        let limited: Vec<_> = instance.examiners.iter().filter(|x| x.max_days.is_some()).collect();
        let examiner = limited.choose(rng)?;
        let mut dates: Vec<NaiveDate> = s.sessions.iter().map(|s| s.date).collect();
        dates.sort();
        dates.dedup();
        let many = dates.len() > examiner.max_days? as usize;
        let all = s.sessions.iter_mut().filter(|_| many);
        all.map(|s| replace(rng, s, &examiner.id)).collect::<Option<Vec<()>>>().filter(|all| !all.is_empty()).map(|_| ())
    };
    "examiner-minutes", "the whole plan on one person in a day": |rng, instance, s| {
        let (date, id) = (s.sessions.first()?.date, s.sessions[0].members.values().next()?.clone());
        for session in &mut s.sessions {
            session.date = date;
            replace(rng, session, &id)?;
        }
        let minutes: i32 = s.sessions.iter().flat_map(|s| &s.sittings).map(|s| s.end.0 - s.start.0).sum();
        (minutes > instance.policy.examiner_minutes_a_day as i32).then_some(())
    };
    "impartial", "somebody who is partial": |rng, instance, s| {
        let partial = |id: &str| -> Vec<&str> {
            let c = instance.candidate(id).unwrap();
            instance.examiners.enumerate().filter(|(x, _)| instance.partial(c, *x)).map(|(_, x)| x.id.as_str()).collect()
        };
        let (i, j) = place(rng, s, |s, j| !partial(&s.sittings[j].candidate).is_empty())?;
        let who = partial(&s.sessions[i].sittings[j].candidate);
        let id = who.choose(rng)?;
        replace(rng, &mut s.sessions[i], id)
    };
    "room-fit", "a room that the centre has not": |rng, _, s| session(rng, s).map(|s| s.room = "Cave".into());
    "preparation-seats", "no preparation room": |rng, _, s| {
        let (i, j) = place(rng, s, |s, j| s.sittings[j].preparation_room.is_some())?;
        s.sessions[i].sittings[j].preparation_room = None;
        Some(())
    };
    "preparation-seats", "a preparation room without preparation": |rng, _, s| {
        let (i, j) = place(rng, s, |s, j| s.sittings[j].preparation_room.is_none())?;
        s.sessions[i].sittings[j].preparation_room = Some("P1".into());
        Some(())
    };
    "candidate-gap", "two orals at once": |rng, instance, s| {
        let [a, b] = pair(rng, instance, s)?;
        let start = s.sessions[a.0].sittings[a.1].start.0;
        let date = s.sessions[a.0].date;
        s.sessions[b.0].date = date;
        begin(&mut s.sessions[b.0].sittings[b.1], start);
        Some(())
    };
    "candidate-centre", "a candidate in two centres": |rng, instance, s| {
        let [a, b] = pair(rng, instance, s)?;
        if a.0 == b.0 {
            return None;
        }
        s.sessions[b.0].date = s.sessions[a.0].date;
        s.sessions[b.0].centre = format!("{}bis", s.sessions[a.0].centre);
        Some(())
    };
    "candidate-orals", "all orals on one date": |rng, instance, s| {
        let (i, j) = place(rng, s, |_, _| true)?;
        let (date, own) = (s.sessions[i].date, s.sessions[i].sittings[j].candidate.clone());
        s.sessions.iter_mut().for_each(|s| s.date = date);
        let leads = |s: &&Sitting| s.candidate == own && instance.regulation.exam(&s.exam).is_some_and(|e| instance.regulation.exams[e].follows.is_none());
        let count = s.sessions.iter().flat_map(|s| &s.sittings).filter(leads).count();
        (count > instance.policy.orals_a_day as usize).then_some(())
    };
    "candidate-available", "when the candidate cannot come": |rng, instance, s| {
        let away = |id: &str| instance.candidates[instance.candidate(id).unwrap()].unavailable.first();
        let (i, j) = place(rng, s, |s, j| away(&s.sittings[j].candidate).is_some())?;
        let span = away(&s.sessions[i].sittings[j].candidate)?;
        s.sessions[i].date = span.date;
        begin(&mut s.sessions[i].sittings[j], span.time.from);
        Some(())
    };
    "paper-clash", "during a paper": |rng, instance, s| {
        let (i, j) = place(rng, s, |_, _| true)?;
        let candidate = &instance.candidates[instance.candidate(&s.sessions[i].sittings[j].candidate)?];
        let paper = &instance.papers[*candidate.papers.choose(rng)?];
        s.sessions[i].date = paper.date;
        begin(&mut s.sessions[i].sittings[j], paper.time.from);
        Some(())
    };
    "follows", "a follower shifted": |rng, instance, s| {
        let follows = |s: &Session, j: usize| {
            let of = instance.candidate(&s.sittings[j].candidate).zip(instance.regulation.exam(&s.sittings[j].exam));
            of.and_then(|(c, e)| instance.oral(c, e)).is_some_and(|o| instance.lead_of(o).is_some())
        };
        let (i, j) = place(rng, s, follows)?;
        let by = *[-2, -1, 1, 2].choose(rng)? * instance.step;
        shift(&mut s.sessions[i].sittings[j], by);
        s.sessions[i].sittings.sort_by_key(|s| s.start);
        Some(())
    };
    "pin", "a pinned oral is unscheduled": |_, instance, s| {
        let plan = Plan::new(instance, s, None);
        let o = *instance.pins.keys().find(|&&o| plan.of_oral(o).next().is_some())?;
        let sitting = plan.of_oral(o).next()?.sitting.raw.clone();
        s.sessions.iter_mut().for_each(|s| s.sittings.retain(|s| *s != sitting));
        s.sessions.retain(|s| !s.sittings.is_empty());
        s.unscheduled.push(left(&sitting, "-"));
        Some(())
    };
}

fn index(rng: &mut Pcg64Mcg, length: usize) -> Option<usize> {
    (length > 0).then(|| rng.random_range(0..length))
}

/// Two different numbers below `length`.
fn two(rng: &mut Pcg64Mcg, length: usize) -> Option<[usize; 2]> {
    let a = index(rng, length)?;
    let b = index(rng, length - 1)?;
    Some([a, if b < a { b } else { b + 1 }])
}

/// A session's number, and that of one of its sittings, for which something holds.
fn place(rng: &mut Pcg64Mcg, s: &Schedule, fits: impl Fn(&Session, usize) -> bool) -> Option<(usize, usize)> {
    let all: Vec<(usize, usize)> = s
        .sessions
        .iter()
        .enumerate()
        .flat_map(|(i, session)| (0..session.sittings.len()).map(move |j| (i, j)))
        .filter(|&(i, j)| fits(&s.sessions[i], j))
        .collect();
    all.choose(rng).copied()
}

fn session<'s>(rng: &mut Pcg64Mcg, s: &'s mut Schedule) -> Option<&'s mut Session> {
    let (i, _) = place(rng, s, |_, _| true)?;
    Some(&mut s.sessions[i])
}

fn sitting<'s>(rng: &mut Pcg64Mcg, s: &'s mut Schedule) -> Option<&'s mut Sitting> {
    let (i, j) = place(rng, s, |_, _| true)?;
    Some(&mut s.sessions[i].sittings[j])
}

/// Two sittings of one candidate, neither of which follows the other.
fn pair(rng: &mut Pcg64Mcg, instance: &Instance, s: &Schedule) -> Option<[(usize, usize); 2]> {
    let leads = |s: &Session, j: usize| {
        instance.regulation.exam(&s.sittings[j].exam).is_some_and(|e| instance.regulation.exams[e].follows.is_none())
    };
    let a = place(rng, s, leads)?;
    let own = &s.sessions[a.0].sittings[a.1];
    let other = |s: &Session, j: usize| {
        leads(s, j) && s.sittings[j].candidate == own.candidate && s.sittings[j].exam != own.exam
    };
    Some([a, place(rng, s, other)?])
}

/// Gives a seat to somebody, or leaves them the one that they hold.
fn replace(rng: &mut Pcg64Mcg, s: &mut Session, id: &str) -> Option<()> {
    if !s.members.values().any(|x| x == id) {
        let mut all: Vec<&mut String> = s.members.values_mut().collect();
        let seat = index(rng, all.len())?;
        *all[seat] = id.into();
    }
    Some(())
}

fn again(rng: &mut Pcg64Mcg, list: &mut Vec<Left>) -> Option<()> {
    let copy = list.choose(rng)?.clone();
    list.push(copy);
    Some(())
}

fn left(sitting: &Sitting, reason: &str) -> Left {
    Left { candidate: sitting.candidate.clone(), exam: sitting.exam.clone(), reason: reason.into() }
}

fn shift(sitting: &mut Sitting, minutes: i32) {
    for Clock(at) in [&mut sitting.preparation_start, &mut sitting.start, &mut sitting.end] {
        *at += minutes;
    }
}

/// Lets the oral start at another hour, its preparation before it.
fn begin(sitting: &mut Sitting, start: i32) {
    shift(sitting, start - sitting.start.0);
}
