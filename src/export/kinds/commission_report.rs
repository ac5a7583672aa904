//! *Procès-verbal*: one for each commission and half-day, with the annexes of the evaluation grids (circular: E4 11, U61 17, U62 21,
//! E22 5, EF3 23), lines for incidents and, in E4, for marks under reserve.

use serde_json::json;

use super::super::{Kind, Make, Options, Paper, View};
use super::{Session, centre_folder, session_head, sittings_of_commissions};
use crate::tr;

/// The kind.
pub static KIND: Kind = Kind {
    name: "reports",
    summary: || tr!("reports of commissions, by centre", "procès-verbaux des commissions, par centre"),
    make: Make::Papers(papers),
};

fn papers(view: &View, _: &Options) -> Vec<Paper> {
    let texts = view.texts;
    let page = |session: &Session| {
        let mut page = session_head(view, session);
        let regulation = &view.instance.regulation;
        let exams = session.exams();
        let grids = exams.iter().filter_map(|code| {
            let grid = regulation.exams[regulation.exam(code)?].grid.as_ref()?;
            Some(texts.fill(
                "proces_verbal.grid",
                &[("exam", &regulation.exams[regulation.exam(code)?].code), ("grid", grid)],
            ))
        });
        page["grids"] = json!(grids.collect::<Vec<_>>());
        page["reserves"] = json!(exams.iter().filter_map(|e| view.of_exam(e, "reserve")).collect::<Vec<_>>());
        for (line, sitting) in page["sittings"].as_array_mut().into_iter().flatten().zip(&session.sittings) {
            line["may_reserve"] = json!(view.of_exam(&sitting.exam, "reserve").is_some());
        }
        page
    };
    let paper = |(centre, sessions): (&super::Place, Vec<&Session>)| Paper {
        path: format!("{}/proces-verbaux", centre_folder(centre)),
        template: "commission_report.typ",
        title: texts.get("proces_verbal.title").to_string(),
        pages: sittings_of_commissions(&sessions).iter().map(page).collect(),
    };
    view.by_centre().into_iter().map(paper).collect()
}
