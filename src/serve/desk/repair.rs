//! « Réparer autour »: the neighbourhood of a candidate or a session is planned anew, everything else pinned where it is, and
//! every change of the plan has its price. What comes of it is shown before it is adopted.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::json;

use super::jobs::{INSTANCE, SCHEDULE, args, ground};
use super::{Desk, Planned};
use crate::instance::{Clock, Instance, OralIx, RawPin, Status};
use crate::schedule::{Plan, Schedule};
use crate::serve::jobs::{Finish, Order, read_json, threads};
use crate::serve::problem::Problem;
use crate::tr;

const BASELINE: &str = "avant.json";

/// The job.
pub(super) fn order(
    desk: &Desk,
    candidate: Option<&str>,
    session: Option<&str>,
    seconds: f64,
    told: Option<usize>,
) -> Result<Order, Problem> {
    if !(1.0..=3_600.0).contains(&seconds) {
        return Err(Problem::bad(tr!("from one second to one hour is possible", "de une seconde à une heure")));
    }
    let (text, revision) = ground(desk)?;
    let planned = desk.planned()?;
    let free = neighbourhood(planned, candidate, session)?;
    let plan = planned.plan()?;
    let mut raw = planned.instance.raw.clone();
    raw.pins.extend(pins(&plan, &free));
    let pinned = raw.to_json().into_bytes();
    let before = plan.schedule.clone();
    let files = vec![(INSTANCE, pinned), (BASELINE, before.to_json().into_bytes())];
    let time = seconds.to_string();
    let mut list = args(&["solve", INSTANCE, "-o", SCHEDULE, "--baseline", BASELINE, "--time", &time]);
    list.extend(args(&["--threads", &threads(), "--strategy", "anneal"]));
    let own = text.clone();
    let finish: Finish = Box::new(move |folder: &Path, _: &str| {
        let instance = Instance::from_json(own.as_bytes()).map_err(|_| String::new())?;
        let after: Schedule = read_json(&folder.join(SCHEDULE))?;
        let cost = |s: &Schedule| crate::objective::evaluate(&Plan::new(&instance, s, None)).total;
        let changes = super::compare::differences(&instance, Some(&before), Some(&after));
        let many = told.is_some_and(|most| changes.len() > most);
        Ok(json!({
            "delta": cost(&after) - cost(&before),
            "unscheduled": after.unscheduled.len(),
            "told": changes,
            "within": !many,
            "message": many.then(|| {
                let (n, most) = (changes.len(), told.unwrap_or(0));
                tr!("{n} people would have to be told, {most} at most were wanted", "{n} personnes seraient à prévenir, au lieu de {most} au plus")
            }),
        }))
    });
    Ok(Order {
        kind: "repair",
        revision,
        args: list,
        files,
        seconds,
        product: Some(SCHEDULE),
        curve: Vec::new(),
        finish,
        instance: text,
    })
}

/// The orals that may move: those of the candidate or the session, of everybody whom their sessions hear, and all without a place.
fn neighbourhood(
    planned: &Planned,
    candidate: Option<&str>,
    session: Option<&str>,
) -> Result<BTreeSet<OralIx>, Problem> {
    let plan = planned.plan()?;
    let instance = planned.instance;
    let unknown = || Problem::missing(tr!("there is nothing of that name", "rien ne porte ce nom"));
    let near: BTreeSet<&str> = match (candidate, session) {
        (Some(id), None) => {
            let c = instance.candidate(id).ok_or_else(unknown)?;
            plan.of_candidate(c).map(|s| s.session.raw.id.as_str()).collect()
        }
        (None, Some(id)) => {
            let own = plan.sessions.iter().find(|s| s.raw.id == id).ok_or_else(unknown)?;
            // Those that sit beside it can take its candidates.
            let beside = |s: &&crate::schedule::PlanSession| s.date == own.date && s.raw.centre == own.raw.centre;
            plan.sessions.iter().filter(beside).map(|s| s.raw.id.as_str()).collect()
        }
        _ => {
            return Err(Problem::bad(tr!("a candidate or a session is wanted", "il faut un candidat ou une vacation")));
        }
    };
    let mut free: BTreeSet<OralIx> =
        plan.sittings().filter(|s| near.contains(s.session.raw.id.as_str())).filter_map(|s| s.sitting.oral).collect();
    free.extend(instance.due().filter(|&o| plan.of_oral(o).next().is_none()));
    if let Some(c) = candidate.and_then(|id| instance.candidate(id)) {
        let due = |o: &OralIx| instance.orals[*o].status == Status::Due;
        free.extend(instance.candidates[c].orals.iter().copied().filter(due));
    }
    Ok(free)
}

/// Everything else stays where it is, with whom it is.
fn pins(plan: &Plan, free: &BTreeSet<OralIx>) -> Vec<RawPin> {
    let mut pins = Vec::new();
    for sat in plan.sittings() {
        let Some(oral) = sat.sitting.oral else { continue };
        if free.contains(&oral) || plan.instance.pins.contains_key(&oral) {
            continue;
        }
        let (session, sitting) = (sat.session.raw, sat.sitting.raw);
        let at = RawPin {
            candidate: sitting.candidate.clone(),
            exam: sitting.exam.clone(),
            date: Some(session.date),
            start: Some(Clock(sat.sitting.time.from)),
            centre: Some(session.centre.clone()),
            room: Some(session.room.clone()),
            examiner: None,
        };
        let of = |examiner: &String| RawPin {
            examiner: Some(examiner.clone()),
            date: None,
            start: None,
            centre: None,
            room: None,
            ..at.clone()
        };
        pins.extend(session.members.values().map(of));
        pins.push(at);
    }
    pins
}
