//! *Liste d'émargement*: who signs for a commission and half-day, with the marks of extra time.

use super::super::{Kind, Make, Options, Paper, View};
use super::{centre_folder, session_head, sittings_of_commissions};
use crate::tr;

/// The kind.
pub static KIND: Kind = Kind {
    name: "attendance",
    summary: || tr!("attendance sheets, by centre", "listes d'émargement, par centre"),
    make: Make::Papers(papers),
};

fn papers(view: &View, _: &Options) -> Vec<Paper> {
    let paper = |(centre, sessions): (&super::Place, Vec<&super::Session>)| Paper {
        path: format!("{}/emargement", centre_folder(centre)),
        template: "attendance.typ",
        title: view.texts.get("emargement.title").to_string(),
        pages: sittings_of_commissions(&sessions).iter().map(|s| session_head(view, s)).collect(),
    };
    view.by_centre().into_iter().map(paper).collect()
}
