//! *Convocation de l'intervenant*: one page a person, with the sessions and as what the person sits.

use serde_json::{Value, json};

use super::super::view::{Examiner, Place, Session};
use super::super::{Kind, Make, Options, Paper, View};
use super::{file_of, gather};
use crate::tr;

/// The kind.
pub static KIND: Kind = Kind {
    name: "examiner-convocations",
    summary: || tr!("convocations of examiners, one page each", "convocations des intervenants, une page chacun"),
    make: Make::Papers(papers),
};

fn papers(view: &View, options: &Options) -> Vec<Paper> {
    let texts = view.texts;
    let files = gather(view.examiners.iter().map(|x| {
        let centre = &view.sessions[x.duties[0].session].centre;
        (file_of(options.examiners_by, texts, x.schools.first(), centre, &x.id, &x.name), page(view, x))
    }));
    let paper = |(file, pages)| Paper {
        path: format!("intervenants/convocations/{file}"),
        template: "examiner_convocation.typ",
        title: texts.get("convocation_intervenant.title").to_string(),
        pages,
    };
    files.into_iter().map(paper).collect()
}

fn page(view: &View, x: &Examiner) -> Value {
    let texts = view.texts;
    let briefing = view.instance.policy.briefing;
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
    let day = |own: &Vec<(&Session, &str)>| {
        let first = own[0].0;
        json!({
            "date": texts.date(first.date),
            "present": texts.hour(own.iter().map(|(s, _)| s.present_from).min().unwrap_or(first.present_from)),
            "centre": if travels { format!("{} – {}", first.centre.label(), first.centre.own_time(texts)) }
                else { first.centre.label_and_time(texts) },
            "address": first.centre.address,
            "sessions": own.iter().map(|(s, role)| json!({
                "hours": texts.from_to(s.time),
                "room": s.room,
                "commission": s.label_and_language(),
                "role": role,
                "exams": s.exams().join(", "),
                "sittings": texts.count("words.sittings", s.sittings.len()),
            })).collect::<Vec<_>>(),
        })
    };
    json!({
        "id": x.id,
        "name": x.name,
        "schools": x.schools.iter().map(Place::label).collect::<Vec<_>>().join(" ; "),
        "briefing": (briefing > 0).then(|| {
            texts.fill("convocation_intervenant.briefing", &[("minutes", &briefing.to_string())])
        }),
        "days": days.iter().map(day).collect::<Vec<_>>(),
    })
}
