//! *Convocation du candidat*: one page a person. No name of a jury is on it: it is made from sittings alone.

use serde_json::{Value, json};

use super::super::granted::birth;
use super::super::view::{Candidate, Place, Sitting};
use super::super::{AGAIN, Kind, Make, Options, Paper, Texts, View};
use super::{addressee, agreed, cancellation, cancelled, file_of, gather};
use crate::lang::capital;
use crate::tr;

/// The kind.
pub static KIND: Kind = Kind {
    name: "candidate-convocations",
    summary: || tr!("convocations of candidates, one page each", "convocations des candidats, une page chacun"),
    make: Make::Papers(papers),
};

fn papers(view: &View, options: &Options) -> Vec<Paper> {
    let texts = view.texts;
    let convened = view.candidates.iter().filter(|c| !c.sittings.is_empty());
    let files = gather(convened.map(|c| {
        let centre = &c.sittings[0].centre;
        (file_of(options.candidates_by, texts, c.school.as_ref(), centre, &c.id, &c.name), page(view, c))
    }));
    let paper = |(file, pages)| Paper {
        path: format!("candidats/convocations/{file}"),
        template: "candidate_convocation.typ",
        title: texts.get("convocation_candidat.title").to_string(),
        pages,
    };
    files.into_iter().map(paper).chain(cancellations(view, options)).collect()
}

/// Letters to those who were convened and are no more.
fn cancellations(view: &View, options: &Options) -> Vec<Paper> {
    let texts = view.texts;
    let convened = |v: &View, id: &str| v.candidates.iter().any(|c| c.id == id && !c.sittings.is_empty());
    let before = view.baseline.iter().flat_map(|old| &old.candidates);
    let gone = before.filter(|c| !c.sittings.is_empty() && !convened(view, &c.id));
    let files = gather(gone.map(|c| {
        let centre = &c.sittings[0].centre;
        let now = view.candidates.iter().find(|own| own.id == c.id);
        let reasons = now.into_iter().flat_map(|own| &own.not_convened).map(|(exam, title, why)| {
            texts.fill("annulation.reason", &[("exam", exam), ("title", title), ("why", why)])
        });
        let cancelled = c.sittings.iter().map(|s| {
            let what = format!("{} – {}", s.exam_and_language(), s.title);
            cancelled(texts, what, s.date, s.time, &s.centre)
        });
        let page = json!({
            "id": c.id,
            "name": c.name,
            "addressee": addressee(&c.info, &c.name, None),
            "intro": cancellation(texts, options, "candidate"),
            "cancelled": cancelled.collect::<Vec<_>>(),
            "reasons": reasons.collect::<Vec<_>>(),
            "note": texts.absence("annulation.note_candidate"),
        });
        (file_of(options.candidates_by, texts, c.school.as_ref(), centre, &c.id, &c.name), agreed(page, &c.info))
    }));
    let paper = |(file, pages)| Paper {
        path: format!("{AGAIN}/candidats/annulations/{file}"),
        template: "cancellation.typ",
        title: texts.get("annulation.title").to_string(),
        pages,
    };
    files.into_iter().map(paper).collect()
}

fn page(view: &View, c: &Candidate) -> Value {
    let texts = view.texts;
    let mut days: Vec<(String, Vec<&Sitting>)> = Vec::new();
    for s in &c.sittings {
        let title = format!("{} – {}", capital(&texts.date(s.date)), s.centre.label_and_time(texts));
        match days.last_mut() {
            Some((day, sittings)) if *day == title => sittings.push(s),
            _ => days.push((title, vec![s])),
        }
    }
    let exams: Vec<&str> = c.sittings.iter().map(|s| s.exam.as_str()).collect();
    let reasons = |list: &[(String, String, String)]| {
        list.iter().map(|(exam, title, why)| json!({"exam": exam, "title": title, "why": why})).collect::<Vec<_>>()
    };
    let page = json!({
        "id": c.id,
        "name": c.name,
        "addressee": addressee(&c.info, &c.name, None),
        "school": c.school.as_ref().map_or(texts.get("words.no_school").to_string(), Place::label),
        "birth": birth(texts, &c.info),
        "ine": c.info.get("ine").or(c.info.get("INE")),
        "intro": texts.fill("convocation_candidat.intro", &[("of_examination", &texts.of_examination_and_session())]),
        "days": days.iter().map(|(title, sittings)| json!({
            "title": title,
            "reached": sittings[0].centre.reached(texts),
            "sittings": sittings.iter().map(|s| sitting(texts, s)).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "arrival": match view.instance.office.candidates_before {
            0 => texts.get("convocation_candidat.arrival").to_string(),
            n => texts.fill("convocation_candidat.arrival_early", &[("minutes", &n.to_string())]),
        },
        "papers": c.papers.iter().map(|p| json!({
            "id": p.id,
            "date": texts.date(p.date),
            "time": texts.from_to(p.time),
            "extra": p.extra,
            "loge": p.loge_until.map(|at| texts.hour(at)),
        })).collect::<Vec<_>>(),
        "accommodations": c.accommodations,
        "not_convened": reasons(&c.not_convened),
        "not_due": reasons(&c.not_due),
        "bring": exams.iter().zip(&c.sittings).filter_map(|(e, s)| {
            view.of_exam(e, "bring").map(|text| json!({"exam": s.code, "text": text}))
        }).collect::<Vec<_>>(),
        "phones": exams.iter().filter_map(|e| view.of_exam(e, "phones")).collect::<Vec<_>>(),
        "absence": texts.absence("convocation_candidat.absence"),
    });
    agreed(page, &c.info)
}

fn sitting(texts: &Texts, s: &Sitting) -> Value {
    let included = |yes: bool| if yes { texts.get("words.extra_included") } else { "" };
    let preparation = (s.preparation.minutes() > 0).then(|| {
        json!({
            "time": texts.from_to(s.preparation),
            "length": texts.length(s.preparation.minutes()),
            "room": s.preparation_room.as_ref().map(|room| texts.room_first(room)),
            "extra": included(s.extra_preparation),
        })
    });
    json!({
        "exam": s.code,
        "title": s.title,
        "language": s.language.as_ref().map(|l| texts.fill("words.language", &[("language", l)])),
        "arrival": match s.follows {
            true => texts.get("convocation_candidat.at_once").to_string(),
            false => texts.hour(s.arrival),
        },
        "preparation": preparation,
        "time": texts.from_to(s.time),
        "length": texts.length(s.time.minutes()),
        "extra": included(s.extra_exam),
        "room": texts.room_first(&s.room),
    })
}
