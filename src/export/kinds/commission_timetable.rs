//! *Tableau d'interrogation*: for each session, its members and who they hear.

use super::super::{Kind, Make, Options, Paper, View};
use super::{centre_folder, session_head};
use crate::tr;

/// The kind.
pub static KIND: Kind = Kind {
    name: "commission-timetables",
    summary: || tr!("timetables of commissions, by centre", "tableaux d'interrogation, par centre"),
    make: Make::Papers(papers),
};

fn papers(view: &View, _: &Options) -> Vec<Paper> {
    let paper = |(centre, sessions): (&super::Place, Vec<&super::Session>)| Paper {
        path: format!("{}/tableaux-interrogation", centre_folder(centre)),
        template: "commission_timetable.typ",
        title: view.texts.get("planning_commission.title").to_string(),
        pages: sessions.iter().map(|s| session_head(view, s)).collect(),
    };
    view.by_centre().into_iter().map(paper).collect()
}
