//! What the name of a sheet or file says beyond the names that the layouts have: `Absences des enseignants`.

use super::headings::plain;
use super::layout::{Kind, Layout, layout};
use super::read::Sheet;

const AWAY: &[&str] = &["indispo", "absen", "conge", "empechement", "non dispo", "pas dispo", "unavail", "contrainte"];
const FREE: &[&str] = &["dispo", "presen", "availab"];
const EXAMINERS: &[&str] = &[
    "interrogat",
    "examin",
    "enseignant",
    "professeur",
    "prof",
    "jury",
    "jurys",
    "intervenant",
    "membre",
    "professionnel",
];
const CANDIDATES: &[&str] = &["candidat", "eleve", "etudiant"];
const ROOMS: &[&str] = &["salle", "room", "locaux", "loge"];

fn has(name: &str, words: &[&str]) -> bool {
    let bare = format!(" {}", plain(name));
    words.iter().any(|word| bare.contains(&format!(" {word}")))
}

/// Whether the name says when somebody is not free.
pub fn says_away(name: &str) -> bool {
    has(name, AWAY)
}

/// Whom the name says that the sheet is about.
pub fn whom(name: &str) -> Option<&'static str> {
    let about = [(CANDIDATES, "candidate"), (ROOMS, "room"), (EXAMINERS, "examiner")];
    let mut found = about.into_iter().filter(|(words, _)| has(name, words));
    match (found.next(), found.next()) {
        (Some((_, whom)), None) => Some(whom),
        _ => None,
    }
}

/// The layout of a sheet of availabilities or unavailabilities, whatever its name is exactly.
pub fn layout_of(name: &str, sheet: &Sheet, named: Option<&'static Layout>) -> Option<&'static Layout> {
    let about_time = matches!(named.map(|l| l.kind), None | Some(Kind::Availabilities | Kind::Unavailabilities));
    if !about_time || !(says_away(name) || has(name, FREE)) {
        return named;
    }
    let (free, away) = (layout(Kind::Availabilities), layout(Kind::Unavailabilities));
    if has(name, FREE) && !says_away(name) {
        return named.or(Some(free));
    }
    let answers = |layout: &Layout, keys: &[&str]| {
        let columns = || layout.columns.iter().filter(|c| keys.contains(&c.key));
        sheet
            .lines()
            .take(10)
            .flat_map(|(_, line)| line.cells())
            .any(|(_, cell)| columns().any(|c| c.answers_to(&plain(&cell.text()))))
    };
    // A column of types, of candidates or of rooms; else one of examiners.
    match whom(name) {
        Some("examiner") => Some(free),
        Some(_) => Some(away),
        None if answers(away, &["whom"]) => Some(away),
        None if answers(free, &["examiner", "name"]) && !answers(away, &["id"]) => Some(free),
        None => named.or(Some(away)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::cell::Cell;

    #[test]
    fn a_name_says_what_the_sheet_is_about() {
        let kind = |name: &str, headings: &[&str]| {
            let row = headings.iter().map(|h| Cell::Text((*h).into())).collect();
            let sheet = Sheet::of_rows("x", name, vec![row]);
            layout_of(name, &sheet, Layout::named(name)).map(|l| (l.kind, says_away(name), whom(name)))
        };
        let (free, away) = (Kind::Availabilities, Kind::Unavailabilities);
        for name in
            ["Indisponibilités des interrogateurs", "Absences enseignants", "indispos jurys", "Congés professeurs"]
        {
            assert_eq!(kind(name, &["Interrogateur", "Date"]), Some((free, true, Some("examiner"))), "{name}");
        }
        assert_eq!(kind("Indisponibilités", &["Interrogateur", "Date"]), Some((free, true, None)));
        assert_eq!(kind("Indisponibilités", &["Type", "Candidat ou salle"]), Some((away, true, None)));
        assert_eq!(kind("Absences des candidats", &["Candidat", "Date"]), Some((away, true, Some("candidate"))));
        assert_eq!(kind("Indisponibilités des salles", &["Salle", "Date"]), Some((away, true, Some("room"))));
        assert_eq!(kind("Disponibilités du jury", &["Interrogateur"]), Some((free, false, Some("examiner"))));
        assert_eq!(kind("Dispos juin", &["Interrogateur"]), Some((free, false, None)));
        assert_eq!(kind("Disponibilités", &["Interrogateur"]), Some((free, false, None)));
        assert_eq!(kind("Candidats", &["Date"]), Some((Kind::Candidates, false, Some("candidate"))));
        assert_eq!(kind("Salles indisponibles", &["Salle"]), Some((away, true, Some("room"))));
        assert_eq!(kind("Divers", &["Date"]), None);
    }
}
