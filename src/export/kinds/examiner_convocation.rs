//! *Convocation de l'interrogateur*: one page a person, with the sessions, as what the person sits, with whom and whom they
//! hear, and a certificate of presence to be signed. A professional gets a copy for the employer; those on call get a letter.

use serde_json::{Value, json};

use super::super::folder::file_stem;
use super::super::view::{Examiner, Place, Reserve, Session};
use super::super::{AGAIN, By, Kind, Make, Options, Paper, View};
use super::{addressee, agreed, cancellation, cancelled, file_of, gather};
use crate::instance::Info;
use crate::lang::capital;
use crate::tr;

/// The kind.
pub static KIND: Kind = Kind {
    name: "examiner-convocations",
    summary: || {
        tr!(
            "convocations of examiners, one page each, and letters to those on call",
            "convocations des interrogateurs, une page chacun, et lettres aux suppléants"
        )
    },
    make: Make::Papers(papers),
};

/// Where letters to those on call go.
const ON_CALL: &str = "suppleants";

fn papers(view: &View, options: &Options) -> Vec<Paper> {
    let texts = view.texts;
    let called = view.examiners.iter().flat_map(|x| {
        let centre = &view.sessions[x.duties[0].session].centre;
        let file = file_of(options.examiners_by, texts, x.schools.first(), centre, &x.id, &x.name);
        let copy = professional(view, &x.info, &x.qualifications).then(|| (file.clone(), page(view, x, true)));
        std::iter::once((file, page(view, x, false))).chain(copy)
    });
    let files = gather(called);
    let paper = |title: &str, file: String, pages| Paper {
        path: format!("interrogateurs/convocations/{file}"),
        template: "examiner_convocation.typ",
        title: texts.get(&format!("convocation_interrogateur.{title}")).to_string(),
        pages,
    };
    let on_call = gather(view.reserves.iter().map(|r| {
        let own = options.examiners_by == By::Person;
        (if own { file_stem(&r.id, &r.name) } else { ON_CALL.to_string() }, reserve(view, r))
    }));
    let on_call = on_call.into_iter().map(|(file, pages)| paper("reserve_title", file, pages));
    let called = files.into_iter().map(|(file, pages)| paper("title", file, pages));
    called.chain(on_call).chain(cancellations(view, options)).collect()
}

/// Letters to those who were convened and are no more.
fn cancellations(view: &View, options: &Options) -> Vec<Paper> {
    let texts = view.texts;
    let Some(old) = view.baseline.as_deref() else { return Vec::new() };
    let gone = old.examiners.iter().filter(|x| !view.examiners.iter().any(|own| own.id == x.id));
    let files = gather(gone.map(|x| {
        let centre = &old.sessions[x.duties[0].session].centre;
        let lines = x.duties.iter().map(|d| {
            let s = &old.sessions[d.session];
            cancelled(texts, s.label_and_language(), s.date, s.time, &s.centre)
        });
        let page = json!({
            "id": x.id,
            "name": x.name,
            "addressee": addressee(&x.info, &x.name, None),
            "intro": cancellation(texts, options, "examiner"),
            "cancelled": lines.collect::<Vec<_>>(),
            "reasons": [],
            "note": texts.absence("annulation.note_examiner"),
        });
        (file_of(options.examiners_by, texts, x.schools.first(), centre, &x.id, &x.name), agreed(page, &x.info))
    }));
    let paper = |(file, pages)| Paper {
        path: format!("{AGAIN}/interrogateurs/annulations/{file}"),
        template: "cancellation.typ",
        title: texts.get("annulation.title").to_string(),
        pages,
    };
    files.into_iter().map(paper).collect()
}

/// Whether the person comes from an employer who must let them go.
fn professional(view: &View, info: &Info, qualifications: &str) -> bool {
    let of = view.texts.of_regulation(&view.instance.regulation.id, &["professionals"]);
    info.contains_key("employer") || of.is_some_and(|own| qualifications.split(", ").any(|q| q == own))
}

/// What both letters say.
fn letter(view: &View, id: &str, name: &str, schools: &[Place]) -> Value {
    let texts = view.texts;
    json!({
        "id": id,
        "name": name,
        "schools": schools.iter().map(Place::label).collect::<Vec<_>>().join(" ; "),
        "days": [],
        "dates": [],
        "copy": "",
        "withdrawal": texts.absence("convocation_interrogateur.withdrawal"),
    })
}

fn page(view: &View, x: &Examiner, copy: bool) -> Value {
    let texts = view.texts;
    let text = |name: &str| texts.get(&format!("convocation_interrogateur.{name}")).to_string();
    // One row for each date and centre.
    let mut days: Vec<Vec<(&Session, &str)>> = Vec::new();
    for duty in &x.duties {
        let s = &view.sessions[duty.session];
        match days.last_mut() {
            Some(day) if (day[0].0.date, &day[0].0.centre) == (s.date, &s.centre) => day.push((s, &duty.role)),
            _ => days.push(vec![(s, &duty.role)]),
        }
    }
    // Who goes from clock to clock is told whose it is, whatever the groups.
    let travels = days.iter().any(|day| day[0].0.centre.zone != days[0][0].0.centre.zone);
    let session = |(s, role): &(&Session, &str)| {
        let others: Vec<&str> = s.members.iter().filter(|m| m.id != x.id).map(|m| m.name.as_str()).collect();
        let with = match others.is_empty() {
            true => text("alone"),
            false => texts.fill("convocation_interrogateur.with", &[("names", &others.join(", "))]),
        };
        let (exams, sittings) = (s.codes().join(", "), texts.count("words.sittings", s.sittings.len()));
        json!({
            "hours": texts.from_to(s.time),
            "room": texts.room(&s.room),
            "commission": s.label_and_language(),
            "role": role,
            "hears": texts.fill("convocation_interrogateur.hears", &[("exams", &exams), ("sittings", &sittings)]),
            // An employer need not know who else sits.
            "with": if copy { String::new() } else { with },
        })
    };
    let day = |own: &Vec<(&Session, &str)>| {
        let first = own[0].0;
        json!({
            "date": capital(&texts.date(first.date)),
            "present": texts.hour(own.iter().map(|(s, _)| s.present_from).min().unwrap_or(first.present_from)),
            "until": texts.hour(own.iter().map(|(s, _)| s.time.to).max().unwrap_or(first.time.to)),
            "centre": if travels { format!("{} – {}", first.centre.label(), first.centre.own_time(texts)) }
                else { first.centre.label_and_time(texts) },
            "reached": first.centre.reached(texts),
            "sessions": own.iter().map(session).collect::<Vec<_>>(),
        })
    };
    let employed = professional(view, &x.info, &x.qualifications);
    let mission = match texts.get("office.mission") {
        "" => text("mission_order"),
        own if own.to_uppercase().starts_with("IMAG") && !own.contains(' ') => text("mission_imagin"),
        own => own.to_string(),
    };
    let employer = x.info.get("employer").map_or_else(|| text("employer_copy"), Clone::clone);
    let mut page = letter(view, &x.id, &x.name, &x.schools);
    let of = texts.of_examination_and_session();
    page["addressee"] = json!(addressee(&x.info, &x.name, copy.then_some(&employer)));
    page["intro"] = json!(texts.fill("convocation_interrogateur.intro", &[("of_examination", &of)]));
    page["status"] = json!([mission, text(if employed { "leave" } else { "duty" })]);
    page["briefing"] = json!(text("briefing"));
    page["days"] = json!(days.iter().map(day).collect::<Vec<_>>());
    page["certificate"] = json!(texts.fill("convocation_interrogateur.certificate_text", &[("name", &x.name)]));
    if copy {
        page["copy"] = json!(text("employer_copy"));
    }
    agreed(page, &x.info)
}

fn reserve(view: &View, r: &Reserve) -> Value {
    let texts = view.texts;
    let mut page = letter(view, &r.id, &r.name, &r.schools);
    let of = texts.of_examination_and_session();
    page["addressee"] = json!(addressee(&r.info, &r.name, None));
    page["intro"] = json!(texts.fill("convocation_interrogateur.reserve_intro", &[("of_examination", &of)]));
    page["status"] = json!([texts.get("convocation_interrogateur.reserve_called")]);
    page["dates"] = json!(r.dates.iter().map(|d| capital(&texts.date(*d))).collect::<Vec<_>>());
    agreed(page, &r.info)
}
