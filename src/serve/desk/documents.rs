//! What goes out: the kinds of documents, previews, downloads, the publication.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::commit::Said;
use super::jobs::{INSTANCE, PUBLISHED, SCHEDULE, args, ground};
use super::{Call, Desk};
use crate::export::{By, HAS_PDF, KINDS, Kind, Make, Options, Texts, View, remarks};
use crate::lang::{Lang, current};
use crate::project::{Document, Hash, Published, Sentence, now};
use crate::schedule::{Plan, Schedule};
use crate::serve::jobs::{Finish, Order};
use crate::serve::problem::{Answer, Problem, Reply};
use crate::serve::tickets::Goods;
use crate::tr;

/// The folder of documents, and the same packed.
const FOLDER: &str = "documents";
pub(super) const PACKED: &str = "documents.zip";

/// What a download is of: one of these.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ticket {
    /// A job that made documents, or a plan.
    #[serde(default)]
    pub(crate) job: Option<String>,
    /// `instance`, `schedule` or `project`.
    #[serde(default)]
    pub(crate) kind: Option<String>,
}

pub(super) fn kind_of(name: &str) -> Result<&'static Kind, Problem> {
    let unknown = || Problem::missing(tr!("there is no such document", "ce document n'existe pas"));
    KINDS.iter().find(|k| k.name == name).copied().ok_or_else(unknown)
}

/// To whom a kind of document goes.
fn audience(kind: &Kind) -> String {
    match kind.name {
        "candidate-convocations" => tr!("candidates", "candidats"),
        "calendars" => tr!("candidates and examiners", "candidats et interrogateurs"),
        "examiner-convocations" => tr!("examiners", "interrogateurs"),
        "school-summaries" => tr!("schools", "établissements"),
        "workbook" | "csv" | "not-heard" | "changes" | "mail-merge" | "statistics" | "compositions" => {
            tr!("the office", "bureau des examens")
        }
        _ => tr!("centres", "centres"),
    }
}

pub(super) fn options(kinds: Vec<&'static Kind>) -> Options {
    Options {
        kinds,
        today: chrono::Local::now().date_naive(),
        candidates_by: By::School,
        examiners_by: By::School,
        templates: None,
        sources: false,
        draft: false,
        revision: 0,
        replaces: None,
    }
}

/// The files of a kind with what stands in each, as long as they do not depend on the day.
fn files(kind: &'static Kind, view: &View) -> BTreeMap<String, Hash> {
    let options = options(vec![kind]);
    match kind.make {
        Make::Papers(make) => make(view, &options)
            .into_iter()
            .map(|p| (p.path, Hash::of(&serde_json::to_vec(&p.pages).unwrap_or_default())))
            .collect(),
        Make::Files(make) => {
            let made = make(view, &options).unwrap_or_default();
            made.into_iter().map(|f| (f.path, Hash::of(&f.bytes))).collect()
        }
    }
}

/// `GET /api/documents`
pub(crate) fn documents(desk: &mut Desk, _: &Call) -> Answer {
    let kinds: Vec<Value> = KINDS
        .iter()
        .map(|k| {
            let paper = matches!(k.make, Make::Papers(_));
            json!({
                "kind": k.name, "label": (k.summary)(), "audience": audience(k), "about": (k.summary)(), "paper": paper,
                "made": HAS_PDF || !paper,
            })
        })
        .collect();
    let made = desk.office.jobs.list().into_iter().find(|j| j.kind == "export" && j.result.is_some());
    let made = made.map(|j| {
        json!({ "job": j.id, "when": j.started, "revision": j.revision, "files": j.result.as_ref().map(|r| r["files"].clone()) })
    });
    let stale = stale(desk)?;
    let published = desk.project()?.document().published.clone();
    let published = published.map(|p| json!({ "number": p.number, "when": p.when }));
    let remarks = desk.planned().ok().and_then(|planned| {
        let (texts, plan) = (Texts::of(current()).of_session(planned.instance), planned.plan().ok()?);
        Some(remarks(&plan, &View::new(&plan, &texts)))
    });
    Ok(Reply::json(&json!({
        "kinds": kinds, "made": made, "stale": stale, "published": published, "pdf": HAS_PDF,
        "remarks": remarks.unwrap_or_default(),
    })))
}

/// Of each kind, how many files say something else than what was sent out.
fn stale(desk: &Desk) -> Result<Vec<Value>, Problem> {
    let (Some(published), Ok(planned)) = (desk.office.published(), desk.planned()) else { return Ok(Vec::new()) };
    let texts = Texts::of(Lang::Fr).of_session(planned.instance);
    let before = Plan::new(planned.instance, &published, None);
    let now = planned.plan()?;
    // Seen by itself: what changed since is another document.
    let now = Plan::new(planned.instance, now.schedule, None);
    if before.schedule.sessions == now.schedule.sessions && before.schedule.unscheduled == now.schedule.unscheduled {
        return Ok(Vec::new());
    }
    let (before, now) = (View::new(&before, &texts), View::new(&now, &texts));
    let mut all = Vec::new();
    for kind in KINDS {
        let (old, new) = (files(kind, &before), files(kind, &now));
        let gone = old.keys().filter(|path| !new.contains_key(*path)).count();
        let changed = new.iter().filter(|(path, hash)| old.get(*path) != Some(hash)).count();
        if gone + changed > 0 {
            all.push(json!({ "kind": kind.name, "label": (kind.summary)(), "files": gone + changed }));
        }
    }
    Ok(all)
}

/// The job that makes documents.
pub(super) fn order(desk: &Desk, kinds: &[String], language: Option<&str>, baseline: bool) -> Result<Order, Problem> {
    kinds.iter().try_for_each(|k| kind_of(k).map(|_| ()))?;
    let (instance, revision) = ground(desk)?;
    let schedule = desk.planned()?.plan()?.schedule.to_json();
    let mut files = vec![(INSTANCE, instance.as_bytes().to_vec()), (SCHEDULE, schedule.into_bytes())];
    let mut list = match language {
        None => Vec::new(),
        Some(lang @ ("fr" | "en")) => args(&["--lang", lang]),
        Some(_) => return Err(Problem::bad(tr!("fr or en is wanted", "il faut fr ou en"))),
    };
    list.extend(args(&["export", INSTANCE, SCHEDULE, "--to", FOLDER]));
    if !kinds.is_empty() {
        list.extend(args(&["--only", &kinds.join(",")]));
    }
    if baseline {
        let missing = || Problem::not_yet(tr!("nothing was published yet", "rien n'a encore été publié"));
        files.push((PUBLISHED, desk.office.published().ok_or_else(missing)?.to_json().into_bytes()));
        list.extend(args(&["--baseline", PUBLISHED]));
    }
    let finish: Finish = Box::new(|folder: &Path, said: &str| {
        let files = pack(&folder.join(FOLDER), &folder.join(PACKED)).map_err(|e| e.to_string())?;
        Ok(json!({ "files": files, "said": said.trim() }))
    });
    Ok(Order {
        kind: "export",
        revision,
        args: list,
        files,
        seconds: 0.0,
        product: None,
        curve: Vec::new(),
        finish,
        instance,
    })
}

/// Packs a folder into one file; the names of what is in it.
fn pack(folder: &Path, to: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    let mut zip = zip::ZipWriter::new(std::fs::File::create(to)?);
    let options = zip::write::SimpleFileOptions::default();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        let mut entries: Vec<_> = std::fs::read_dir(&next)?.collect::<Result<_, _>>()?;
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
            zip.start_file(&*name, options).map_err(std::io::Error::other)?;
            zip.write_all(&std::fs::read(&path)?)?;
            if name != crate::export::folder::LIST {
                names.push(name);
            }
        }
    }
    zip.finish().map_err(std::io::Error::other)?;
    names.sort();
    Ok(names)
}

/// `POST /api/tickets`
pub(crate) fn ticket(desk: &mut Desk, call: &Call) -> Answer {
    let asked: Ticket = call.json()?;
    let project = desk.project()?;
    let stem = crate::words::plain(&project.document().name).replace(' ', "-");
    let missing = || Problem::not_yet(tr!("there is no such file yet", "ce fichier n'existe pas encore"));
    let (name, kind, goods) = match (asked.job.as_deref(), asked.kind.as_deref()) {
        (Some(job), None) => match desk.office.jobs.file(job, PACKED) {
            Some((path, _)) => (format!("{stem}-documents.zip"), "application/zip", Goods::File(path)),
            None => {
                let (path, _) = desk.office.jobs.file(job, SCHEDULE).ok_or_else(missing)?;
                (format!("{stem}-planning.json"), "application/json", Goods::File(path))
            }
        },
        (None, Some("instance")) => {
            let text = project.document().instance.clone().ok_or_else(missing)?;
            (format!("{stem}.json"), "application/json", Goods::Bytes(text.as_bytes().to_vec().into()))
        }
        (None, Some("schedule")) => {
            let text = project.document().schedule.as_ref().ok_or_else(missing)?.to_json();
            (format!("{stem}-planning.json"), "application/json", Goods::Bytes(text.into()))
        }
        (None, Some("project")) => {
            (format!("{stem}-projet.json"), "application/json", Goods::Bytes(project.to_json()?.into()))
        }
        _ => {
            return Err(Problem::bad(tr!(
                "a job or a kind of file is wanted",
                "il faut un travail ou une sorte de fichier"
            )));
        }
    };
    let url = desk.office.tickets.issue(name, kind, goods);
    Ok(Reply::json(&json!({ "url": url })))
}

/// `POST /api/publish`
pub(crate) fn publish(desk: &mut Desk, _: &Call) -> Answer {
    let planned = desk.planned_mut()?;
    let verdict = planned.verdict()?;
    if !verdict.valid {
        let n = verdict.violations.len();
        return Err(Problem::refused(tr!(
            "the plan breaks rules ({n}); mend it first",
            "le planning enfreint des règles ({n}) ; corrigez-le d'abord"
        )));
    }
    let document = desk.project()?.document().clone();
    let (Some(instance), Some(schedule)) = (&document.instance, &document.schedule) else {
        return Err(Problem::not_yet(tr!("there is no plan yet", "il n'y a pas encore de planning")));
    };
    let number = document.published.as_ref().map_or(1, |p| p.number + 1);
    let sent: Schedule = schedule.as_ref().clone();
    let blobs = [instance.as_bytes().to_vec(), sent.to_json().into_bytes()].map(|bytes| (Hash::of(&bytes), bytes));
    let published = Published { number, when: now(), instance: blobs[0].0.clone(), schedule: blobs[1].0.clone() };
    // Against itself a plan has no changes to pay for.
    let (read, plan) = (desk.planned()?.instance, Plan::new(desk.planned()?.instance, &sent, None));
    let cost = crate::objective::evaluate(&Plan::new(read, &sent, Some(&plan)));
    let schedule = Some(std::sync::Arc::new(Schedule { cost: Some(cost), ..sent.clone() }));
    let next = Document { published: Some(published), schedule, ..document.clone() };
    let what = Sentence::both(|| tr!("published, number {number}", "publié, numéro {number}"));
    let done = desk.commit(next, Said { kind: "publish", what }, &blobs)?;
    Ok(Reply::json(&done.answer))
}
