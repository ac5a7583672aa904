//! Long work as pages ask for it: planning, diagnosis, repair, documents; and what becomes of it.

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::commit::Said;
use super::said::Names;
use super::{Call, Desk};
use crate::diagnose::Diagnosis;
use crate::instance::{Instance, RawInstance};
use crate::lang::{count, decimal, thousands};
use crate::objective::evaluate;
use crate::project::{Document, Sentence};
use crate::report;
use crate::schedule::{Plan, Schedule};
use crate::serve::jobs::{Finish, Order, Standing, Told, read_json, threads};
use crate::serve::problem::{Answer, Problem, Reply};
use crate::tr;
use crate::whatif::edit::edited;

pub(super) const INSTANCE: &str = "groupe.json";
pub(super) const SCHEDULE: &str = "planning.json";
const FROM: &str = "actuel.json";
pub(super) const PUBLISHED: &str = "publie.json";
const DIAGNOSIS: &str = "diagnostic.json";
/// A job takes at most so many seconds.
const LONGEST: f64 = 24.0 * 3_600.0;

/// What a job is to do.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, tag = "kind", rename_all = "lowercase")]
pub(crate) enum Wanted {
    /// Makes a plan.
    Solve {
        /// Seconds in all.
        seconds: f64,
        /// Whether to begin with the plan that there is.
        #[serde(default)]
        from: bool,
    },
    /// Looks for contradictions and prices remedies.
    Diagnose {
        /// Seconds in all.
        seconds: f64,
    },
    /// Plans anew around a candidate or a session, everything else as it is.
    Repair {
        /// The candidate.
        #[serde(default)]
        candidate: Option<String>,
        /// The session.
        #[serde(default)]
        session: Option<String>,
        /// Seconds in all.
        seconds: f64,
        /// So many people may have to be told at most.
        #[serde(default)]
        told: Option<usize>,
    },
    /// Makes documents.
    Export {
        /// The kinds; all, where none is named.
        #[serde(default)]
        kinds: Vec<String>,
        /// `fr` or `en`.
        #[serde(default)]
        language: Option<String>,
        /// Whether to say what changed since the publication.
        #[serde(default)]
        baseline: bool,
    },
}

/// How much longer.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Longer {
    /// Seconds.
    pub(crate) seconds: f64,
}

/// A job.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Named {
    /// Its id.
    pub(crate) job: String,
    /// Which of its remedies, from 0.
    #[serde(default)]
    pub(crate) index: Option<usize>,
}

pub(super) fn args(list: &[&str]) -> Vec<OsString> {
    list.iter().map(OsString::from).collect()
}

fn within_a_day(seconds: f64) -> Result<String, Problem> {
    if seconds.is_finite() && (1.0..=LONGEST).contains(&seconds) {
        Ok(seconds.to_string())
    } else {
        Err(Problem::bad(tr!("from one second to one day is possible", "de une seconde à un jour")))
    }
}

fn no_job() -> Problem {
    Problem::missing(tr!("there is no such job", "ce travail n'existe pas"))
}

/// `POST /api/jobs`
pub(crate) fn start(desk: &mut Desk, call: &Call) -> Answer {
    let order = match call.json()? {
        Wanted::Solve { seconds, from } => {
            let from = if from { desk.project()?.document().schedule.clone() } else { None };
            solve(desk, seconds, from, Vec::new())?
        }
        Wanted::Diagnose { seconds } => diagnose(desk, seconds)?,
        Wanted::Repair { candidate, session, seconds, told } => {
            super::repair::order(desk, candidate.as_deref(), session.as_deref(), seconds, told)?
        }
        Wanted::Export { kinds, language, baseline } => {
            super::documents::order(desk, &kinds, language.as_deref(), baseline)?
        }
    };
    Ok(Reply::json(&desk.office.jobs.start(order)?))
}

/// The instance's text and the revision that a job begins with.
pub(super) fn ground(desk: &Desk) -> Result<(Arc<str>, u64), Problem> {
    desk.planned()?;
    let project = desk.project()?;
    let instance = project.document().instance.clone();
    Ok((instance.ok_or_else(|| Problem::internal(""))?, project.revision()))
}

fn solve(
    desk: &Desk,
    seconds: f64,
    from: Option<Arc<Schedule>>,
    curve: Vec<(f64, i64, Option<i64>)>,
) -> Result<Order, Problem> {
    let time = within_a_day(seconds)?;
    let (instance, revision) = ground(desk)?;
    let mut list = args(&["solve", INSTANCE, "-o", SCHEDULE, "--time", &time, "--threads", &threads()]);
    list.extend(args(&["--checkpoint", "0.2"]));
    let mut files = vec![(INSTANCE, instance.as_bytes().to_vec())];
    if let Some(from) = &from {
        list.extend(args(&["--from", FROM]));
        files.push((FROM, from.to_json().into_bytes()));
    }
    if let Some(published) = desk.office.published() {
        list.extend(args(&["--baseline", PUBLISHED]));
        files.push((PUBLISHED, published.to_json().into_bytes()));
    }
    let finish: Finish = Box::new(|folder: &Path, _: &str| {
        let schedule: Schedule = read_json(&folder.join(SCHEDULE))?;
        let cost = schedule.cost.clone();
        let cost = match cost {
            Some(cost) => cost,
            // A checkpoint has none yet.
            None => {
                let raw = std::fs::read(folder.join(INSTANCE)).map_err(|e| e.to_string())?;
                let instance = Instance::from_json(&raw).map_err(|_| String::new())?;
                let published: Option<Schedule> = read_json(&folder.join(PUBLISHED)).ok();
                let published = published.as_ref().map(|s| Plan::new(&instance, s, None));
                evaluate(&Plan::new(&instance, &schedule, published.as_ref()))
            }
        };
        let kept = Schedule { cost: Some(cost.clone()), ..schedule.clone() };
        crate::output::write(&folder.join(SCHEDULE), kept.to_json().as_bytes()).map_err(|e| e.to_string())?;
        Ok(json!({
            "cost": cost.total,
            "bound": schedule.bound,
            "unscheduled": schedule.unscheduled.len(),
            "sessions": schedule.sessions.len(),
            "measures": super::data::measures(&schedule, &cost),
            "terms": super::data::terms(&cost),
        }))
    });
    Ok(Order { kind: "solve", revision, args: list, files, seconds, product: Some(SCHEDULE), curve, finish, instance })
}

fn diagnose(desk: &Desk, seconds: f64) -> Result<Order, Problem> {
    let time = within_a_day(seconds)?;
    let (instance, revision) = ground(desk)?;
    let files = vec![(INSTANCE, instance.as_bytes().to_vec())];
    let text = instance.clone();
    let finish: Finish = Box::new(move |folder: &Path, said: &str| {
        std::fs::write(folder.join(DIAGNOSIS), said).map_err(|e| e.to_string())?;
        let report::Answer::Diagnosis { found, .. } = serde_json::from_str(said).map_err(|e| e.to_string())? else {
            return Err(String::new());
        };
        let instance = Instance::from_json(text.as_bytes()).map_err(|_| String::new())?;
        Ok(diagnosis(&found, &Names::new(&instance, None)))
    });
    let args = args(&["diagnose", INSTANCE, "--time", &time, "--json"]);
    Ok(Order { kind: "diagnose", revision, args, files, seconds, product: None, curve: Vec::new(), finish, instance })
}

fn diagnosis(found: &Diagnosis, names: &Names) -> Value {
    let contradictions: Vec<Value> = found
        .conflicts
        .iter()
        .map(|c| {
            let who: Vec<Value> = c
                .orals
                .iter()
                .map(|(candidate, exam)| {
                    let name = names.name(candidate).unwrap_or_else(|| candidate.clone());
                    json!({ "kind": "candidate", "id": candidate, "name": name, "exam": exam })
                })
                .collect();
            json!({ "sentence": names.sentence(&c.text), "who": who, "missing": c.missing })
        })
        .collect();
    let remedies: Vec<Value> = found
        .remedies
        .iter()
        .map(|r| {
            json!({
                "sentence": names.sentence(&r.text), "buys": names.sentence(&r.buys), "price": 0, "saves": r.cost_before - r.cost_after,
                "heard": r.left_before.saturating_sub(r.left_after), "edit": null, "applies": true,
            })
        })
        .collect();
    json!({
        "feasible": found.feasible,
        "summary": names.sentence(&found.summary),
        "contradictions": contradictions,
        "remedies": remedies,
        "left_out_at_least": found.left_out_at_least,
        "stopped": found.stopped,
    })
}

/// `GET /api/jobs`
pub(crate) fn list(desk: &mut Desk, _: &Call) -> Answer {
    Ok(Reply::json(&json!({ "jobs": desk.office.jobs.list() })))
}

/// `GET /api/jobs/{id}`
pub(crate) fn get(desk: &mut Desk, call: &Call) -> Answer {
    Ok(Reply::json(&desk.office.jobs.get(call.part("id")).ok_or_else(no_job)?))
}

/// `DELETE /api/jobs/{id}`
pub(crate) fn stop(desk: &mut Desk, call: &Call) -> Answer {
    Ok(Reply::json(&desk.office.jobs.stop(call.part("id")).ok_or_else(no_job)?))
}

/// `POST /api/jobs/{id}/continue`
pub(crate) fn go_on(desk: &mut Desk, call: &Call) -> Answer {
    let Longer { seconds } = call.json()?;
    let told = desk.office.jobs.get(call.part("id")).ok_or_else(no_job)?;
    if told.kind != "solve" || told.state == Standing::Running {
        return Err(Problem::refused(tr!(
            "only planning that has ended goes on",
            "seul un calcul de planning terminé peut continuer"
        )));
    }
    let from = product(desk, &told)?;
    let order = solve(desk, seconds, Some(Arc::new(from)), Vec::new())?;
    Ok(Reply::json(&desk.office.jobs.start(order)?))
}

/// The plan that a job made, if it is about the data as they are.
fn product(desk: &Desk, told: &Told) -> Result<Schedule, Problem> {
    let nothing = || Problem::not_yet(tr!("this job has no plan yet", "ce travail n'a pas encore de planning"));
    if told.state == Standing::Running {
        return Err(nothing());
    }
    let (path, instance) = desk.office.jobs.file(&told.id, SCHEDULE).ok_or_else(nothing)?;
    if desk.project()?.document().instance.as_ref() != Some(&instance) {
        return Err(Problem::refused(tr!(
            "the data were changed since this job began; begin another",
            "les données ont été modifiées depuis le début de ce calcul ; relancez-le"
        )));
    }
    read_json(&path).map_err(Problem::internal)
}

/// `POST /api/adopt`
pub(crate) fn adopt(desk: &mut Desk, call: &Call) -> Answer {
    let Named { job, .. } = call.json()?;
    let told = desk.office.jobs.get(&job).ok_or_else(no_job)?;
    let mut schedule = product(desk, &told)?;
    let planned = desk.planned()?;
    schedule.cost = Some(evaluate(&Plan::new(planned.instance, &schedule, planned.published)));
    let cost = schedule.cost.as_ref().map_or(0, |c| c.total);
    let (kind, what) = match told.kind {
        "repair" => {
            schedule.bound = planned.schedule.as_ref().and_then(|s| s.bound);
            ("repair", Sentence::both(|| tr!("repaired around", "réparé autour")))
        }
        _ => {
            let seconds = told.progress.seconds.max(0.0);
            let say = || {
                let (cost, seconds) = (thousands(cost), decimal(seconds, 0));
                tr!(
                    "plan adopted: {cost} points after {seconds} s",
                    "planning adopté : {cost} points après {seconds} s"
                )
            };
            ("solve", Sentence::both(say))
        }
    };
    let next = Document { schedule: Some(Arc::new(schedule)), ..desk.project()?.document().clone() };
    let done = desk.commit(next, Said { kind, what }, &[])?;
    Ok(Reply::json(&done.answer))
}

/// `POST /api/remedies`
pub(crate) fn remedy(desk: &mut Desk, call: &Call) -> Answer {
    let Named { job, index } = call.json()?;
    let (path, instance) = desk.office.jobs.file(&job, DIAGNOSIS).ok_or_else(no_job)?;
    if desk.project()?.document().instance.as_ref() != Some(&instance) {
        return Err(Problem::refused(tr!(
            "the data were changed since this diagnosis; ask for it again",
            "les données ont été modifiées depuis ce diagnostic ; relancez-le"
        )));
    }
    let report::Answer::Diagnosis { found, .. } = read_json(&path).map_err(Problem::internal)? else {
        return Err(no_job());
    };
    let remedy = index.and_then(|i| found.remedies.get(i)).ok_or_else(no_job)?;
    let changed = edited(desk.planned()?.instance, &remedy.edits)?;
    let raw: RawInstance = changed.raw;
    let what = remedy.text.clone();
    let n = remedy.edits.len();
    let what = Sentence::both(|| {
        let changes = count(
            n,
            &tr!("change of the data", "modification des données"),
            &tr!("changes of the data", "modifications des données"),
        );
        tr!("remedy ({changes}): {what}", "remède ({changes}) : {what}")
    });
    let done = desk.commit_instance(&raw, Said { kind: "remedy", what })?;
    Ok(Reply::json(&done.answer))
}
