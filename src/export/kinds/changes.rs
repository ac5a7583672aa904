//! *Journal des modifications*: what differs from the published schedule, person by person in the order in which they have to be
//! told; only where there is one.

use serde_json::{Value, json};

use super::super::changes::{Change, changes};
use super::super::{Kind, Make, Options, Paper, Texts, View};
use crate::instance::Minutes;
use crate::tr;

/// The kind.
pub static KIND: Kind = Kind {
    name: "changes",
    summary: || {
        tr!(
            "log of changes against the published schedule, to call people from",
            "journal des modifications par rapport au planning publié, pour prévenir chacun"
        )
    },
    make: Make::Papers(papers),
};

/// Who would have to leave home before is told the day before.
const DAWN: Minutes = 7 * 60;

fn papers(view: &View, _: &Options) -> Vec<Paper> {
    if view.baseline.is_none() {
        return Vec::new();
    }
    let found = changes(view);
    let (tell, rest): (Vec<Change>, Vec<Change>) = found.candidates.into_iter().partition(|c| c.tell);
    // Who is told of something reads of the commission there too.
    let (with, unaffected): (Vec<Change>, Vec<Change>) =
        rest.into_iter().partition(|c| tell.iter().any(|other| other.id == c.id));
    let texts = view.texts;
    let page = json!({
        "candidates": people(texts, tell.into_iter().chain(with).collect()),
        "examiners": people(texts, found.examiners),
        "unaffected": people(texts, unaffected),
    });
    vec![Paper {
        path: "bureau/modifications".into(),
        template: "changes.typ",
        title: texts.get("modifications.title").to_string(),
        pages: vec![page],
    }]
}

/// A line a person, whom to call first first.
fn people(texts: &Texts, changes: Vec<Change>) -> Vec<Value> {
    let mut people: Vec<Vec<Change>> = Vec::new();
    for change in changes {
        match people.iter_mut().find(|own| own[0].id == change.id) {
            Some(own) => own.push(change),
            None => people.push(vec![change]),
        }
    }
    people.iter_mut().for_each(|own| own.sort_by_key(|c| c.wanted));
    let by = |own: &[Change]| (own[0].wanted.0, own[0].wanted.1 - own[0].way);
    people.sort_by_key(|own| (by(own), own[0].name.clone(), own[0].id.clone()));
    let line =
        |c: &Change| json!({"exam": c.exam, "what": c.what, "before": c.before, "after": c.after, "reason": c.reason});
    let person = |own: &Vec<Change>| {
        let (first, (date, at)) = (&own[0], by(own));
        // A round hour, and rather sooner.
        let at = at - at.rem_euclid(5);
        let date = texts.date(date);
        let call_by = match at < DAWN {
            true => texts.fill("modifications.the_day_before", &[("date", &date)]),
            false => texts.fill("modifications.before_hour", &[("date", &date), ("hour", &texts.hour(at))]),
        };
        json!({
            "id": first.id,
            "name": first.name,
            "telephone": first.telephone,
            "email": first.email,
            "call_by": call_by,
            "changes": own.iter().map(line).collect::<Vec<_>>(),
        })
    };
    people.iter().map(person).collect()
}
