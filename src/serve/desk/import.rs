//! What is brought in: workbooks, CSV files, an instance, a schedule; and the answers to what an import asks.

use std::io::{Cursor, Read};
use std::sync::Arc;

use flate2::read::GzDecoder;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::commit::Said;
use super::sheets::{Findings, Working, kept, remarks};
use super::{Call, Desk};
use crate::exchange::questions::Question;
use crate::exchange::read::{self, Sheet};
use crate::fault::Fault;
use crate::instance::{INSTANCE_FORMAT, Instance};
use crate::objective::evaluate;
use crate::project::{Document, Hash, Sentence};
use crate::schedule::{Plan, SCHEDULE_FORMAT, Schedule};
use crate::serve::problem::{Answer, Problem, Reply};
use crate::tr;

/// What is packed may unpack to so many bytes.
const UNPACKED: u64 = 200_000_000;
/// A zip has at most so many files.
const MOST_FILES: usize = 100;

/// An answer to a question of an import.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    /// The question's id.
    pub(crate) question: String,
    /// The answer's id.
    pub(crate) answer: String,
}

/// What was brought in.
enum Brought {
    Sheets(Vec<Sheet>),
    Instance(Arc<str>),
    Schedule(Box<Schedule>),
}

/// `POST /api/import`
pub(crate) fn import(desk: &mut Desk, call: &Call) -> Answer {
    let name = file_name(call.asked("name").unwrap_or("classeur"));
    let dry = call.asked("dry").is_some_and(|v| v != "0");
    if call.body.is_empty() {
        return Err(Problem::bad(tr!("the file is empty", "le fichier est vide")));
    }
    let brought = read_file(&name, &call.body)?;
    let what = Sentence::both(|| tr!("brought in: {name}", "fichier apporté : {name}"));
    let said = Said { kind: "import", what };
    let hash = Hash::of(&call.body);
    let original = [(hash.clone(), call.body.to_vec())];
    let new = || {
        let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem).to_string();
        Document { name: stem, ..Document::default() }
    };
    let document = desk.office.project.as_ref().map_or_else(new, |p| p.document().clone());
    let mut next = document.clone();
    next.files.insert(name.clone(), hash);
    let (next, report) = match brought {
        Brought::Schedule(schedule) => return take_schedule(desk, *schedule, next, said, &original, dry),
        Brought::Instance(json) => {
            let instance = Instance::from_json(json.as_bytes())?;
            let notes = remarks(&instance.raw);
            let report = report(None, &Findings { notes, raw: Some(instance.raw), ..Findings::default() });
            (Document { instance: Some(json), sheets: None, ..next }, report)
        }
        Brought::Sheets(sheets) => {
            let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
            let sheets = kept(sheets, true);
            let of_file = Document { name: stem.into(), sheets: Some(sheets.clone()), ..document.clone() };
            let working = Working::of(&of_file)?;
            if working.sheets.iter().all(|s| working.layout(s).is_none()) && working.findings.questions.is_empty() {
                return Err(Problem::faulty(&working.findings.faults));
            }
            match &working.findings.raw {
                Some(raw) => {
                    next.instance = Some(raw.to_json().into());
                    next.sheets = None;
                }
                None => next.sheets = Some(sheets),
            }
            let report = report(Some(&working), &working.findings);
            (next, report)
        }
    };
    if dry {
        return Ok(Reply::json(&report));
    }
    // Another instance: the plan goes on as far as it is about the same people, or not at all.
    let next = match &next.instance {
        Some(json) if document.instance.as_ref() != Some(json) => adapt(desk, next.clone(), json.clone())?,
        _ => next,
    };
    // Only what can be used makes a project.
    if desk.office.project.is_none() {
        desk.office.begin(document)?;
    }
    let done = desk.commit(next, said, &original)?;
    desk.office.remember();
    Ok(Reply::json(&with(done.answer, report)))
}

fn with(mut answer: Value, report: Value) -> Value {
    if let (Some(all), Value::Object(more)) = (answer.as_object_mut(), report) {
        all.extend(more);
    }
    answer
}

/// The document with its plan counted anew; without the plan where not one of its sittings is about the new data.
fn adapt(desk: &Desk, mut next: Document, json: Arc<str>) -> Result<Document, Problem> {
    let Some(schedule) = next.schedule.take() else { return Ok(next) };
    let instance = Instance::from_json(json.as_bytes())?;
    let published = desk.office.published();
    let baseline = published.as_ref().map(|s| Plan::new(&instance, s, None));
    let plan = Plan::new(&instance, &schedule, baseline.as_ref());
    if plan.sittings().any(|sat| sat.sitting.oral.is_some()) {
        let cost = evaluate(&plan);
        next.schedule = Some(Arc::new(Schedule { cost: Some(cost), bound: None, ..schedule.as_ref().clone() }));
    }
    Ok(next)
}

fn take_schedule(
    desk: &mut Desk,
    schedule: Schedule,
    next: Document,
    said: Said,
    original: &[(Hash, Vec<u8>)],
    dry: bool,
) -> Answer {
    let planned = desk.planned()?;
    let plan = Plan::new(planned.instance, &schedule, planned.published);
    if schedule.sessions.iter().any(|s| !s.sittings.is_empty()) && plan.sittings().all(|s| s.sitting.oral.is_none()) {
        return Err(Problem::refused(tr!(
            "this plan is about other candidates than the data of the project",
            "ce planning porte sur d'autres candidats que les données du projet"
        )));
    }
    let cost = evaluate(&plan);
    drop(plan);
    let report = json!({ "read": [], "repaired": [], "faults": [], "remarks": [], "questions": [] });
    if dry {
        return Ok(Reply::json(&report));
    }
    let schedule = Some(Arc::new(Schedule { cost: Some(cost), ..schedule }));
    let done = desk.commit(Document { schedule, ..next }, said, original)?;
    Ok(Reply::json(&with(done.answer, report)))
}

/// The name as it is kept and said: the last part, short, without control characters. It never becomes a path.
fn file_name(asked: &str) -> String {
    let last = asked.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|c| !c.is_control()).take(120).collect();
    if name.trim().is_empty() { "classeur".into() } else { name }
}

fn read_file(name: &str, bytes: &[u8]) -> Result<Brought, Problem> {
    let unpacked;
    let mut bytes = bytes;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut out = Vec::new();
        GzDecoder::new(bytes)
            .take(UNPACKED)
            .read_to_end(&mut out)
            .map_err(|e| Problem::bad(tr!("cannot be unpacked: {e}", "décompression impossible : {e}")))?;
        unpacked = out;
        bytes = &unpacked;
    }
    if bytes.len() as u64 >= UNPACKED {
        return Err(Problem::too_large(UNPACKED as usize));
    }
    let text = bytes.trim_ascii_start();
    if text.starts_with(b"{") || text.starts_with(b"\xef\xbb\xbf{") {
        return read_json(bytes);
    }
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let broken = |message: String| Problem::faulty(&[Fault { file: Some(name.into()), ..Fault::new("", message) }]);
    match folder(bytes)? {
        Some(files) => {
            let (mut sheets, mut faults) = (Vec::new(), Vec::new());
            for (file, content) in files {
                let own = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem);
                match read::from_bytes(&file, own, &content) {
                    Ok(found) => sheets.extend(found),
                    Err(message) => faults.push(Fault { file: Some(file.clone()), ..Fault::new("", message) }),
                }
            }
            if faults.is_empty() { Ok(Brought::Sheets(sheets)) } else { Err(faults.into()) }
        }
        None => read::from_bytes(name, stem, bytes).map(Brought::Sheets).map_err(broken),
    }
}

fn read_json(bytes: &[u8]) -> Result<Brought, Problem> {
    #[derive(Deserialize)]
    struct Head {
        format: Option<String>,
    }
    let head: Head = serde_json::from_slice(bytes)
        .map_err(|e| Problem::bad(tr!("no JSON that can be read: {e}", "JSON illisible : {e}")))?;
    match head.format.as_deref() {
        Some(SCHEDULE_FORMAT) => Ok(Brought::Schedule(Box::new(Schedule::from_json(bytes)?))),
        Some(INSTANCE_FORMAT) => {
            let text = String::from_utf8(bytes.to_vec()).map_err(|e| Problem::bad(e.to_string()))?;
            Ok(Brought::Instance(text.into()))
        }
        _ => Err(Problem::bad(tr!(
            "neither an instance nor a schedule of oraux",
            "ni des données ni un planning d'oraux"
        ))),
    }
}

/// Files by name.
type Files = Vec<(String, Vec<u8>)>;

/// The files of a zip of CSV files or workbooks; none, if the bytes are a workbook themselves or no zip.
fn folder(bytes: &[u8]) -> Result<Option<Files>, Problem> {
    if !bytes.starts_with(b"PK") {
        return Ok(None);
    }
    let broken =
        |e: zip::result::ZipError| Problem::bad(tr!("cannot be unpacked: {e}", "décompression impossible : {e}"));
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else { return Ok(None) };
    let of_workbook = ["[Content_Types].xml", "content.xml", "mimetype"];
    if archive.file_names().flatten().any(|n| of_workbook.contains(&&*n)) {
        return Ok(None);
    }
    let (mut files, mut left) = (Vec::new(), UNPACKED);
    for i in 0..archive.len() {
        let file = archive.by_index(i).map_err(broken)?;
        let path = file.name().map_err(broken)?.into_owned();
        let name = path.rsplit('/').next().unwrap_or_default().to_string();
        let wanted = file.is_file() && read::is_sheet(std::path::Path::new(&name)) && !path.contains("__MACOSX");
        if !wanted {
            continue;
        }
        if files.len() == MOST_FILES {
            return Err(Problem::bad(tr!("too many files in it", "trop de fichiers dedans")));
        }
        let mut content = Vec::new();
        let read = file.take(left).read_to_end(&mut content);
        read.map_err(|e| Problem::bad(tr!("cannot be unpacked: {e}", "décompression impossible : {e}")))?;
        left = left.saturating_sub(content.len() as u64);
        if left == 0 {
            return Err(Problem::too_large(UNPACKED as usize));
        }
        files.push((name, content));
    }
    if files.is_empty() {
        return Err(Problem::bad(tr!("no CSV, XLSX or ODS file in it", "aucun fichier CSV, XLSX ou ODS dedans")));
    }
    files.sort();
    Ok(Some(files))
}

/// What an import read, repaired, found and asks. The working sheets say where each of it stands.
fn report(working: Option<&Working>, found: &Findings) -> Value {
    let ids = working.map(Working::ids).unwrap_or_default();
    let say = |f: &Fault, severity: &str| match working {
        Some(working) => working.said(f, &ids, severity),
        None => json!({ "table": null, "sheet": null, "row": null, "column": null, "severity": severity,
            "message": if f.path.is_empty() { f.message.clone() } else { format!("{} : {}", f.path, f.message) } }),
    };
    let repaired = |f: &&Fault| f.path.is_empty() && f.place.as_ref().is_some_and(|p| p.column.is_some());
    let (repairs, notes): (Vec<&Fault>, Vec<&Fault>) = found.notes.iter().partition(repaired);
    let read: Vec<Value> = found
        .counts
        .iter()
        .map(|c| {
            json!({
                "sheet": c.name, "read": c.read, "hidden": c.hidden, "hidden_rows": c.hidden_rows,
                "rows": c.read + c.skipped.iter().map(|(_, n)| n).sum::<usize>(),
                "skipped": c.skipped.iter().map(|(why, n)| json!({ "why": why, "rows": n })).collect::<Vec<_>>(),
                "line": c.line().trim(),
            })
        })
        .collect();
    let repaired: Vec<Value> = repairs
        .iter()
        .map(|f| {
            let at = say(f, "remark");
            json!({ "table": at["table"], "sheet": at["sheet"], "row": at["row"], "rows": at["rows"], "column": at["column"], "text": at["message"] })
        })
        .collect();
    json!({
        "read": read,
        "repaired": repaired,
        "faults": found.faults.iter().map(|f| say(f, "fault")).collect::<Vec<_>>(),
        "remarks": notes.iter().map(|f| say(f, "remark")).collect::<Vec<_>>(),
        "questions": found.questions.iter().map(|q| question(working, &ids, q)).collect::<Vec<_>>(),
    })
}

fn id_of(q: &Question) -> String {
    let asked =
        format!("{}\n{}\n{}\n{}", q.at.sheet, q.at.column, q.at.heading, q.value.as_deref().unwrap_or_default());
    Hash::of(asked.as_bytes()).0[..12].to_string()
}

fn question(working: Option<&Working>, ids: &[String], q: &Question) -> Value {
    let (sheet, heading, about) = (&q.at.sheet, &q.at.heading, &q.about);
    let text = match &q.value {
        Some(value) => tr!(
            "Sheet {sheet}, column {heading}: what does \"{value}\" mean ({about})?",
            "Feuille {sheet}, colonne {heading} : que veut dire « {value} » ({about}) ?"
        ),
        None if q.at.column.is_empty() => tr!("Which sheet is \"{sheet}\"?", "Quelle feuille est « {sheet} » ?"),
        None => tr!(
            "Sheet {sheet}: the column \"{heading}\" looks like {about}. What is it?",
            "Feuille {sheet} : la colonne « {heading} » semble dire {about}. Qu'est-ce ?"
        ),
    };
    let label = |meaning: &str| match meaning {
        "info" => tr!("keep it as information", "garder comme information"),
        "ignorer" | "ignore" => tr!("leave it out", "laisser de côté"),
        meaning => meaning.to_string(),
    };
    let table = working.and_then(|w| w.sheets.iter().position(|s| s.name == q.at.sheet));
    json!({
        "id": id_of(q),
        "table": table.map(|i| &ids[i]),
        "sheet": sheet,
        "column": heading,
        "letters": q.at.column,
        "samples": q.examples,
        "question": text,
        "answers": q.answers.iter().map(|a| json!({ "id": a.meaning, "label": label(&a.meaning) })).collect::<Vec<_>>(),
    })
}

/// `GET /api/import`: what the last import says, as far as its sheets are still being mended.
pub(crate) fn last(desk: &mut Desk, _: &Call) -> Answer {
    let working = desk.working()?;
    Ok(Reply::json(&report(Some(working), &working.findings)))
}

/// `POST /api/answers`
pub(crate) fn answer(desk: &mut Desk, call: &Call) -> Answer {
    let given: Given = call.json()?;
    let working = desk.working()?;
    let gone = || Problem::missing(tr!("this is not asked any more", "cette question ne se pose plus"));
    let question = working.findings.questions.iter().find(|q| id_of(q) == given.question).ok_or_else(gone)?;
    let answer = question.answers.iter().find(|a| a.meaning == given.answer).ok_or_else(gone)?;
    let (line, sheets) = (answer.line.clone(), working.sheets.clone());
    let about = question.value.clone().unwrap_or_else(|| question.at.heading.clone());
    let about = if about.is_empty() { question.at.sheet.clone() } else { about };
    let document = desk.project()?.document();
    let lines: Arc<str> = format!("{}{line}\n", document.mapping).into();
    let sheets = kept(sheets, true);
    let mut next = Document { mapping: lines, sheets: Some(sheets), ..document.clone() };
    let read = Working::of(&next)?;
    if let Some(raw) = &read.findings.raw {
        let json: Arc<str> = raw.to_json().into();
        next = adapt(desk, Document { instance: Some(json.clone()), sheets: None, ..next }, json)?;
    }
    let meaning = given.answer;
    let what = Sentence::both(|| tr!("\"{about}\" means: {meaning}", "« {about} » veut dire : {meaning}"));
    let report = report(Some(&read), &read.findings);
    let done = desk.commit(next, Said { kind: "answer", what }, &[])?;
    Ok(Reply::json(&with(done.answer, report)))
}
