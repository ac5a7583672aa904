//! Shapes in which offices write when people are free, and the same thing written on two sheets.

use oraux::exchange::tables::filled;

use crate::inert::{free, read, said};

fn hours(cells: &[&str]) -> Vec<String> {
    // One cell of X1 on the first date, as a grid and as a row of its own; the second date keeps X1 from being never free.
    cells
        .iter()
        .map(|cell| {
            let row = format!("X1;{cell};x");
            let grid: &[&str] = &["Interrogateur;03/06/2024;04/06/2024", &row, "X2;;x"];
            let grid = free(&read(&[("Disponibilités", grid)]), 0);
            let row = format!("X1;03/06/2024;{cell}");
            let rows: &[&str] = &["Interrogateur;Date;Créneau", &row, "X1;04/06/2024;journée", "X2;04/06/2024;journée"];
            let rows = free(&read(&[("Disponibilités", rows)]), 0);
            assert_eq!(grid, rows, "{cell}");
            let of_first: Vec<&str> = grid.iter().filter_map(|s| s.strip_prefix("03/06 ")).collect();
            of_first.join(" ")
        })
        .collect()
}

#[test]
fn hours_are_read_as_they_are_written() {
    let cells = [
        "à partir de 14h",
        "dès 10h30",
        "avant 12h",
        "jusqu'à 12h",
        "jusqu\u{2019}à midi",
        "8-12",
        "8h-12h",
        "8-12h",
        "de 8 à 12",
        "8h à midi",
        "entre 9h et 11h",
        "matin",
        "matin uniquement",
        "8h-10h et 14h-16h",
        "8h-10h / 14h-16h",
        "matin, à partir de 16h",
    ];
    let wanted = [
        "14:00-18:30",
        "10:30-18:30",
        "08:00-12:00",
        "08:00-12:00",
        "08:00-12:00",
        "08:00-12:00",
        "08:00-12:00",
        "08:00-12:00",
        "08:00-12:00",
        "08:00-12:00",
        "09:00-11:00",
        "08:00-12:30",
        "08:00-12:30",
        "08:00-10:00 14:00-16:00",
        "08:00-10:00 14:00-16:00",
        "08:00-12:30 16:00-18:30",
    ];
    assert_eq!(hours(&cells), wanted);
    // In a grid, a word before the hours.
    let grid: &[&str] = &["Interrogateur;03/06/2024;04/06/2024", "X1;dispo à partir de 14h;oui (matin)", "X2;x;x"];
    assert_eq!(free(&read(&[("Disponibilités", grid)]), 0), ["03/06 14:00-18:30", "04/06 08:00-12:30"]);
    // Away: from the beginning of the day, and to its end.
    let grid: &[&str] = &["Interrogateur;03/06/2024;04/06/2024", "X1;avant 10h;absente à partir de 14h", "X2;;"];
    let people: &[&str] =
        &["N° interrogateur;Compétences;Commune;Libre par défaut", "X1;LV-en;Caen;oui", "X2;LV-en;Caen;oui"];
    let own: &[(&str, &[&str])] =
        &[("Absences des interrogateurs", grid), ("Interrogateurs", people), ("Disponibilités", &[])];
    assert_eq!(free(&read(own), 0), ["03/06 10:00-18:30", "04/06 08:00-14:00"]);
    // Openings too.
    let grid: &[&str] = &["Centre;03/06/2024;04/06/2024", "0149003C;8-17;à partir de 10h"];
    let raw = read(&[("Ouvertures", grid)]);
    let open: Vec<String> = raw.centres[0].open.iter().map(|o| format!("{}-{}", o.from, o.to)).collect();
    assert_eq!(open, ["08:00-17:00", "10:00-18:30"]);
}

/// What could be taken in two ways is a fault at its cell.
#[test]
fn hours_that_say_two_things_are_refused() {
    let rows: &[&str] =
        &["Interrogateur;03/06/2024;04/06/2024", "X1;8;à partir de 20h", "X2;absent le matin;pas avant 10h"];
    insta::assert_snapshot!("hours-refused", said(&[("Disponibilités", rows)]));
}

#[test]
fn a_grid_may_have_a_column_for_each_examiner() {
    let grid: &[&str] =
        &["Disponibilités de juin;;", "Date;X1;Pinson SAULE-FICTIF", "lundi 3 juin;x;14h-16h", "04/06;;matin"];
    let raw = read(&[("Disponibilités", grid)]);
    assert_eq!(free(&raw, 0), ["03/06 08:00-18:30"]);
    assert_eq!(free(&raw, 1), ["03/06 14:00-16:00", "04/06 08:00-12:30"]);
    insta::assert_snapshot!("by-person", said(&[("Disponibilités", grid)]));
    // Half-days in a column of their own, or beside the date, under no heading.
    let halves: &[&str] =
        &["Date;Demi-journée;X1;X2", "03/06/2024;matin;x;", "03/06/2024;après-midi;;x", "04/06/2024;8-12;x;x"];
    let beside: &[&str] = &[";X1;X2", "lundi 3 juin matin;x;", "lundi 3 juin après-midi;;x", "4 juin 8h-12h;x;x"];
    for rows in [halves, beside] {
        let raw = read(&[("Disponibilités", rows)]);
        assert_eq!(free(&raw, 0), ["03/06 08:00-12:30", "04/06 08:00-12:00"]);
        assert_eq!(free(&raw, 1), ["03/06 13:30-18:30", "04/06 08:00-12:00"]);
    }
    // When they are away.
    let away: &[&str] = &["Date;X1;X2", "03/06/2024;matin;", "04/06/2024;;abs"];
    let people: &[&str] =
        &["N° interrogateur;Compétences;Commune;Libre par défaut", "X1;LV-en;Caen;oui", "X2;LV-en;Caen;oui"];
    let own: &[(&str, &[&str])] =
        &[("Absences des interrogateurs", away), ("Interrogateurs", people), ("Disponibilités", &[])];
    let raw = read(own);
    assert_eq!(free(&raw, 0), ["03/06 12:30-18:30", "04/06 08:00-18:30"]);
    assert_eq!(free(&raw, 1), ["03/06 08:00-18:30"]);
}

#[test]
fn a_heading_that_names_no_examiner_is_a_fault() {
    let grid: &[&str] = &["Date;X1;X2;X3", "03/06/2024;x;x;x", "04/06/2024;x;;non"];
    insta::assert_snapshot!("by-person-unknown", said(&[("Disponibilités", grid)]));
}

/// The same on two sheets is one; where they differ, both are shown.
#[test]
fn a_school_or_centre_on_two_sheets_is_one() {
    let (schools, centres): (&[&str], &[&str]) = (
        &["RNE;Nom;Ville", "0149001A;LYCEE FICTIF UN;LISIEUX", "0149004D;Lycée fictif quatre;Bayeux"],
        &["UAI;Nom;Commune", "0149003C;Lycée fictif trois;Caen"],
    );
    let own: &[(&str, &[&str])] = &[("Établissement", schools), ("Centre", centres)];
    let raw = read(own);
    assert_eq!(raw.schools.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(), ["0149001A", "0149002B", "0149004D"]);
    assert_eq!(raw.centres.len(), 1);
    insta::assert_snapshot!("places-twice", said(own));
    let (schools, centres): (&[&str], &[&str]) = (
        &["RNE;Nom;Ville", "0149001A;Lycée fictif un;Bayeux"],
        &["UAI;Nom;Commune", "0149003C;Lycée fictif sept;Caen"],
    );
    insta::assert_snapshot!("places-differ", said(&[("Établissement", schools), ("Centre", centres)]));
}

/// What would be lost or mislead: several rooms in one cell, people who take no part, limits under a heading of the office's own,
/// lines below the table, errors of other spreadsheet programs.
#[test]
fn what_would_mislead_is_said() {
    let rooms: &[&str] = &[
        "Site;Local;Fonction;Capacité (places);PMR;Matériel",
        "0149003C;B1 à B4;passage;;oui;téléphone",
        "0149003C;CDI;loge;4 places;oui;",
    ];
    insta::assert_snapshot!("mislead-rooms", said(&[("Salles", rooms)]));
    let quoted: Vec<String> = rooms.iter().map(|r| r.replace("B1 à B4", "\"B1 à B4\"")).collect();
    let quoted: Vec<&str> = quoted.iter().map(String::as_str).collect();
    let raw = read(&[("Salles", &quoted)]);
    assert_eq!(raw.centres[0].exam_rooms[0].id, "B1 à B4");
    assert!(filled(&raw).is_ok(), "it reads back as one room");
    let candidates: &[&str] = &[
        "N° candidat;Nom;Établissement;E22;Observations",
        "0299000001;[SUPPRIMÉ] CHÊNE-FICTIF Alouette;0149001A;ponctuelle;",
        "0299000002;ORME-FICTIF Bruant;0149001A;ponctuelle;démission le 12 mai",
        "Imprimé le 02/05/2024 – page 1/1;;;;",
    ];
    insta::assert_snapshot!("mislead-gone", said(&[("Candidats", candidates)]));
    let examiners: &[&str] = &[
        "N° interrogateur;Compétences;Établissements;Commune;Passages max/jour",
        "X1;LV-en;0149002B;Caen;6",
        "X2;LV-en;#N/D;Caen;",
    ];
    insta::assert_snapshot!("mislead-limits", said(&[("Interrogateurs", examiners)]));
}

/// A second opening of a date, and an id that others do not know any more: the cell to mend is named.
#[test]
fn the_cell_to_mend_is_named() {
    let openings: &[&str] = &["Centre;Date;De;À", "0149003C;04/06/2024;8h00;11h00", "0149003C;04/06/2024;14h00;18h30"];
    insta::assert_snapshot!("mend-opening", said(&[("Ouvertures", openings)]));
    let schools: &[&str] = &["UAI;Nom;Commune", "Lycée fictif un;Lisieux;", "0149002B;Lycée fictif deux;Caen"];
    insta::assert_snapshot!("mend-school", said(&[("Établissements", schools)]));
}

#[test]
fn headings_in_one_cell_are_a_fault_of_their_own() {
    use oraux::exchange::read::sheets;
    let folder = tempfile::tempdir().unwrap();
    for by in [":", "~", "   "] {
        let rows = ["N° candidat;Nom;Établissement;E22", "0299000001;CHÊNE-FICTIF;0149001A;ponctuelle"];
        let file = folder.path().join("Candidats.csv");
        std::fs::write(&file, rows.map(|r| r.replace(';', by)).join("\n")).unwrap();
        let sheets = sheets(&file).unwrap();
        let refused = oraux::exchange::import::import_sheets(sheets, "essai", &Default::default()).unwrap_err();
        assert_eq!(refused.faults.len(), 1, "{by}: {:#?}", refused.faults);
        assert!(refused.faults[0].to_string().contains("semicolons"), "{}", refused.faults[0]);
    }
}
