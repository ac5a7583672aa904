//! Papers: what a template of Typst is given, and the templates.

use std::path::Path;

use serde_json::{Value, json};

use super::{Options, View};
use crate::fault::Fault;
use crate::lang::Lang;
use crate::tr;

/// A paper to be set.
pub struct Paper {
    /// Where it goes, without its ending: `candidats/convocations/0142059M`.
    pub path: String,
    /// The template: `candidate_convocation.typ`.
    pub template: &'static str,
    /// The title in the PDF's own description.
    pub title: String,
    /// What each part says: a person, a session, a room …
    pub pages: Vec<Value>,
}

/// The program's templates: name and text.
pub const TEMPLATES: &[(&str, &str)] = &[
    ("common.typ", include_str!("kinds/common.typ")),
    ("candidate_convocation.typ", include_str!("kinds/candidate_convocation.typ")),
    ("examiner_convocation.typ", include_str!("kinds/examiner_convocation.typ")),
    ("commission_timetable.typ", include_str!("kinds/commission_timetable.typ")),
    ("room_timetable.typ", include_str!("kinds/room_timetable.typ")),
    ("day_timetable.typ", include_str!("kinds/day_timetable.typ")),
    ("preparation.typ", include_str!("kinds/preparation.typ")),
    ("attendance.typ", include_str!("kinds/attendance.typ")),
    ("commission_report.typ", include_str!("kinds/commission_report.typ")),
    ("list.typ", include_str!("kinds/list.typ")),
    ("sign.typ", include_str!("kinds/sign.typ")),
    ("not_heard.typ", include_str!("kinds/not_heard.typ")),
    ("changes.typ", include_str!("kinds/changes.typ")),
    ("cancellation.typ", include_str!("kinds/cancellation.typ")),
];

/// The templates with those of the office in their place.
pub fn templates(folder: Option<&Path>) -> Result<Vec<(String, String)>, Fault> {
    let own = |name: &str, text: &str| {
        let Some(path) = folder.map(|f| f.join(name)).filter(|p| p.exists()) else { return Ok(text.to_string()) };
        std::fs::read_to_string(&path).map_err(|e| Fault {
            file: Some(path.display().to_string()),
            ..Fault::new("", tr!("cannot be read: {e}", "lecture impossible : {e}"))
        })
    };
    TEMPLATES.iter().map(|(name, text)| Ok((name.to_string(), own(name, text)?))).collect()
}

impl Paper {
    /// All that the template reads: `data.json`.
    pub fn data(&self, view: &View, options: &Options) -> Value {
        let texts = view.texts;
        let date = texts.day(options.today);
        let place = texts.get("office.place");
        let done = match place {
            "" => texts.fill("words.done", &[("date", &date)]),
            place => texts.fill("words.done_at", &[("place", place), ("date", &date)]),
        };
        let edition = (options.revision + 1).to_string();
        json!({
            "lang": match texts.lang { Lang::Fr => "fr", Lang::En => "en" },
            "title": self.title,
            "session": texts.examination_and_session(),
            "edition": texts.fill("words.edition", &[("n", &edition), ("date", &date)]),
            "done": done,
            "draft": options.draft,
            "t": texts.json(),
            "pages": self.pages,
        })
    }
}
