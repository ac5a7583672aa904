//! The project as a whole: what is open, what it holds, what the checker says.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::office::{Office, Recent};
use super::said::Names;
use super::{Call, Desk, Planned};
use crate::lang::thousands;
use crate::project::{Document, Step};
use crate::rules::{RULES, TERMS, Unit};
use crate::schedule::{Cost, Schedule};
use crate::serve::jobs::listed;
use crate::serve::problem::{Answer, Problem, Reply};
use crate::tr;

/// The group of the demonstration, invented.
const DEMO: &str = include_str!("../../../instances/pilot.json");

/// What is to be opened: one of these.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub(crate) enum Wanted {
    /// The invented group.
    Demo(bool),
    /// A project that was open lately, by its id.
    Recent(String),
    /// A new project of that name, without data.
    Empty(String),
}

/// `GET /api/project`
pub(crate) fn project(desk: &mut Desk, _: &Call) -> Answer {
    summary(desk).map(|value| Reply::json(&value))
}

fn summary(desk: &mut Desk) -> Result<Value, Problem> {
    let reader = super::history::called(&desk.office.who);
    let Some(project) = &desk.office.project else { return Ok(json!({ "open": false, "reader": reader })) };
    let step = |step: Step| project.next(step).map(|a| json!({ "what": a.what.to_string(), "revision": a.revision }));
    let document = project.document();
    let mut answer = json!({
        "open": true,
        "name": document.name,
        "file": project.path().file_name().map(|n| n.to_string_lossy()),
        "revision": project.revision(),
        "undo": step(Step::Undo),
        "redo": step(Step::Redo),
        "mending": document.sheets.is_some(),
        "files": document.files.keys().collect::<Vec<_>>(),
        "jobs": listed(&desk.office.jobs),
        "reader": reader,
    });
    let published = document.published.clone();
    answer["data"] = data(desk)?;
    answer["plan"] = match &mut desk.planned {
        Some(planned) => plan(planned)?,
        None => Value::Null,
    };
    answer["published"] = match published {
        Some(p) => json!({ "number": p.number, "when": p.when, "stale": super::compare::stale(desk)? }),
        None => Value::Null,
    };
    Ok(answer)
}

fn data(desk: &mut Desk) -> Result<Value, Problem> {
    let mending = desk.project()?.document().sheets.is_some();
    let (faults, remarks) = if mending {
        let found = &desk.working()?.findings;
        (crate::fault::Fault::count(&found.faults), found.notes.len())
    } else {
        (0, desk.planned.as_mut().map_or(0, |p| p.remarks()))
    };
    let Some(planned) = &desk.planned else {
        return Ok(json!({ "candidates": 0, "examiners": 0, "centres": 0, "schools": 0, "orals": 0, "dates": [],
            "faults": faults, "remarks": remarks }));
    };
    let instance = planned.instance;
    Ok(json!({
        "candidates": instance.candidates.len(),
        "examiners": instance.examiners.len(),
        "centres": instance.centres.len(),
        "schools": instance.schools.len(),
        "orals": instance.due().count(),
        "dates": instance.dates.iter().collect::<Vec<_>>(),
        "faults": faults,
        "remarks": remarks,
    }))
}

fn plan(planned: &mut Planned) -> Result<Value, Problem> {
    let Some(schedule) = planned.schedule.clone() else { return Ok(Value::Null) };
    let verdict = planned.verdict()?;
    let cost = verdict.cost.total;
    let bound = schedule.bound.filter(|&b| b <= cost);
    let gap = bound.map(|b| if cost > 0 { (cost - b) as f64 / cost as f64 } else { 0.0 });
    Ok(json!({
        "cost": cost,
        "bound": bound,
        "gap": gap,
        "valid": verdict.valid,
        "broken": verdict.violations.len(),
        "unscheduled": verdict.unscheduled,
        "due": planned.instance.due().count(),
        "sessions": schedule.sessions.len(),
        "measures": measures(&schedule, &verdict.cost),
    }))
}

/// What a plan asks of people, in words, before any point.
pub(super) fn measures(schedule: &Schedule, cost: &Cost) -> Vec<Value> {
    let units = |term: &str| cost.terms.get(term).map_or(0, |t| t.units);
    let km = |n: i64| {
        let n = thousands(n);
        tr!("{n} km", "{n} km")
    };
    let hours = |minutes: i64| {
        let n = match minutes {
            ..6_000 => crate::lang::decimal(minutes as f64 / 60.0, 1),
            _ => thousands((minutes + 30) / 60),
        };
        tr!("{n} h", "{n} h")
    };
    let sittings: usize = schedule.sessions.iter().map(|s| s.sittings.len()).sum();
    let measure = |label: String, value: String| json!({ "label": label, "value": value });
    vec![
        measure(tr!("orals placed", "oraux programmés"), thousands(sittings as i64)),
        measure(tr!("candidates' ways (one way)", "trajets des candidats (aller)"), km(units("candidate_km"))),
        measure(
            tr!("candidates' days beyond the first", "jours des candidats au-delà du premier"),
            thousands(units("candidate_days")),
        ),
        measure(tr!("candidates' waiting", "attente des candidats"), hours(units("candidate_wait"))),
        measure(
            tr!("days of convened examiners", "journées d'interrogateurs convoqués"),
            thousands(units("examiner_days")),
        ),
        measure(tr!("examiners' ways (one way)", "trajets des interrogateurs (aller)"), km(units("examiner_km"))),
        measure(tr!("examiners' idle time", "temps creux des interrogateurs"), hours(units("examiner_idle"))),
        measure(tr!("days of open centres", "journées d'ouverture des centres"), thousands(units("centre_days"))),
    ]
}

/// `GET /api/recent`
pub(crate) fn recent(_: &mut Desk, _: &Call) -> Answer {
    let said = |r: &Recent| {
        let folder = r.path.parent().map(|p| p.display().to_string());
        json!({ "id": r.id(), "name": r.name, "when": r.when, "folder": folder })
    };
    Ok(Reply::json(&json!({ "recent": Office::recent().iter().map(said).collect::<Vec<_>>() })))
}

/// `POST /api/projects`
pub(crate) fn create(desk: &mut Desk, call: &Call) -> Answer {
    match call.json()? {
        Wanted::Demo(false) => return Err(Problem::bad(tr!("nothing is asked for", "rien n'est demandé"))),
        Wanted::Demo(true) => {
            let name = tr!("Demonstration group", "Groupe de démonstration");
            let instance = Some(DEMO.into());
            desk.office.begin(Document { name, instance, ..Document::default() })?;
        }
        Wanted::Empty(name) => {
            let name: String = name.chars().filter(|c| !c.is_control()).take(120).collect();
            if name.trim().is_empty() {
                return Err(Problem::bad(tr!("a project needs a name", "un projet a besoin d'un nom")));
            }
            desk.office.begin(Document { name: name.trim().into(), ..Document::default() })?;
        }
        Wanted::Recent(id) => {
            let found = Office::recent().into_iter().find(|r| r.id() == id);
            let gone = || Problem::missing(tr!("this project is not there any more", "ce projet n'est plus là"));
            desk.office.open(&found.ok_or_else(gone)?.path)?;
        }
    }
    let revision = desk.project()?.revision();
    desk.office.events.tell("revision", &json!({ "revision": revision, "touched": { "all": true } }));
    Ok(Reply::json(&json!({
        "open": true, "name": desk.project()?.document().name, "revision": revision, "reader": super::history::called(&desk.office.who),
    })))
}

/// `GET /api/check`
pub(crate) fn check(desk: &mut Desk, _: &Call) -> Answer {
    let planned = desk.planned_mut()?;
    let verdict = planned.verdict()?;
    let (instance, names) = (planned.instance, Names::of(planned));
    let violations: Vec<Value> = verdict
        .violations
        .iter()
        .map(|v| {
            let rule = RULES.iter().find(|r| r.name == v.rule);
            json!({
                "rule": v.rule,
                "label": rule.map(|r| (r.summary)()),
                "source": rule.map(|r| (r.source)()),
                "at": v.at,
                "message": names.sentence(&v.message),
                "who": super::find::named_in(instance, &names, &v.at),
            })
        })
        .collect();
    Ok(Reply::json(&json!({
        "valid": verdict.valid,
        "violations": violations,
        "unscheduled": verdict.unscheduled,
        "cost": { "total": verdict.cost.total, "terms": terms(&verdict.cost) },
        "remarks": verdict.remarks,
    })))
}

/// The cost term by term, the dearest first.
pub(super) fn terms(cost: &Cost) -> Vec<Value> {
    let mut all: Vec<_> = TERMS.iter().filter_map(|t| cost.terms.get(t.name).map(|c| (t, c))).collect();
    all.sort_by_key(|(_, c)| std::cmp::Reverse(c.cost));
    all.into_iter()
        .map(|(t, c)| {
            let unit = if t.unit == Unit::Minute { "minute" } else { "piece" };
            json!({ "term": t.name, "label": (t.summary)(), "units": c.units, "unit": unit, "cost": c.cost })
        })
        .collect()
}
