//! Sheets as a whole: those of an unknown name, alone, in another shape, or with people of another sheet; what is left empty in them.

use assert_cmd::Command;
use oraux::exchange::headings::Mapping;
use oraux::exchange::import::import_sheets;
use oraux::exchange::read::Sheet;
use oraux::exchange::tables::filled;
use oraux::instance::RawInstance;
use oraux::lang::{Lang, within};

use crate::common::dressed_json;
use crate::common::office::office;
use crate::inert::{book, free, read, said, said_with};

/// An office's answers.
fn mapping(lines: &[&str]) -> Mapping {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("correspondance.csv");
    std::fs::write(&file, format!("Feuille;Votre titre;Titre attendu\n{}\n", lines.join("\n"))).unwrap();
    Mapping::read(&file).unwrap()
}

#[test]
fn a_sheet_of_an_unknown_name_with_known_columns_is_a_question() {
    let wishes: &[&str] = &["Enseignant;Date;Horaires", "X1;04/06/2024;8h-12h", "X2;03/06/2024;14h-18h"];
    let grid: &[&str] = &["Nom;lun. 3 juin;mar. 4 juin", "SAULE-FICTIF;x;", "ÉRABLE-FICTIF;;x"];
    let old: &[&str] = &["N° candidat;Nom;UAI", "0299000003;HÊTRE-FICTIF;0149001A"];
    let rooms: &[&str] = &["Centre;Salle;Type;Capacité", "0149003C;B2;passage;"];
    let books: &[&str] = &["Titre;Auteur;Prix", "Un livre;Quelqu'un;12"];
    insta::assert_snapshot!("sheet-wishes", said(&[("Vœux", wishes)]));
    insta::assert_snapshot!(
        "sheets-unknown",
        said(&[("Souhaits", grid), ("Candidats 2023", old), ("Bâtiment B", rooms), ("Bibliothèque", books)])
    );
    // Each of the answers is understood.
    let with = |line: &str| {
        let imported = import_sheets(book(&[("Vœux", wishes)]), "essai", &mapping(&[line])).unwrap();
        let count = imported.counts.iter().find(|c| c.name == "Vœux").unwrap().line();
        (free(&imported.raw, 0), count)
    };
    assert_eq!(with(";Vœux;Disponibilités").0, ["03/06 08:00-18:30", "04/06 08:00-12:00"]);
    assert_eq!(with(";Vœux;ignorer").0, ["03/06 08:00-18:30"]);
    within(Lang::Fr, || assert!(with(";Vœux;ignorer").1.contains("3 non lues (laissées de côté")));
    insta::assert_snapshot!("sheet-mistyped", said_with(&[], &mapping(&[";Voeu;Disponibilités"])));
}

/// Whatever a sheet is about, its own columns show it.
#[test]
fn every_sheet_of_the_template_is_known_by_its_columns() {
    let mut seen = 0;
    for seed in [0, 4, 8, 12] {
        let raw: RawInstance = serde_json::from_value(dressed_json(seed)).unwrap();
        let tables = filled(&raw).unwrap();
        for renamed in 0..tables.len() {
            let layout = tables[renamed].layout;
            if tables[renamed].rows.is_empty() {
                continue;
            }
            let sheets = tables.iter().enumerate().map(|(i, table)| {
                let rows = std::iter::once(&table.headings).chain(&table.rows).cloned().collect();
                Sheet::of_rows("x.xlsx", if i == renamed { "Divers" } else { layout_name(table.layout) }, rows)
            });
            let Err(refused) = import_sheets(sheets.collect(), "x", &Mapping::default()) else {
                panic!("{} called Divers is read", layout.name())
            };
            let asked = refused.questions.iter().find(|q| q.at.sheet == "Divers");
            let answers = asked.map(|q| q.answers.iter().map(|a| a.meaning.as_str()).collect::<Vec<_>>());
            assert!(answers.as_ref().is_some_and(|a| a.contains(&layout.name())), "{}: {answers:?}", layout.name());
            seen += 1;
        }
    }
    assert!(seen > 40, "{seen}");
}

fn layout_name(layout: &oraux::exchange::layout::Layout) -> &'static str {
    oraux::exchange::layout::layout(layout.kind).name()
}

/// When the centre is open.
fn open(raw: &RawInstance) -> Vec<String> {
    raw.centres[0].open.iter().map(|s| format!("{} {}-{}", s.date.format("%d/%m"), s.from, s.to)).collect()
}

#[test]
fn openings_may_be_a_grid() {
    let whole = ["03/06 08:00-18:30", "04/06 08:00-12:00"];
    for rows in [
        ["Centre;De;À;3 juin;mardi 4 juin", "0149003C;8h00;18h30;x;8h-12h"],
        ["Centre;lun. 3 juin;mar. 4 juin", "0149003C;8h-18h30;8h-12h"],
        ["Centre;03/06/2024;04/06/2024", "0149003C;8h00-18h30;8h00-12h00"],
    ] {
        assert_eq!(open(&read(&[("Ouvertures", &rows)])), whole, "{rows:?}");
    }
    let rows: &[&str] = &["Date;0149003C", "03/06/2024;8h00-18h30", "04/06/2024;8h-12h"];
    assert_eq!(open(&read(&[("Ouvertures", rows)])), whole);
    let halves: &[&str] =
        &["Centre;3 juin matin;3 juin après-midi;4 juin matin;4 juin après-midi", "0149003C;x;oui;x;"];
    insta::assert_snapshot!(
        "openings-grid",
        format!("{:?}\n{}", open(&read(&[("Ouvertures", halves)])), said(&[("Ouvertures", halves)]))
    );
    let rows: &[&str] =
        &["Centre;Date;Demi-journée", "0149003C;3/6;matin", "0149003C;3/6;après-midi", "0149003C;4/6;journée"];
    assert_eq!(open(&read(&[("Ouvertures", rows)])), ["03/06 08:00-18:30", "04/06 08:00-18:30"]);
    let wrong: &[&str] = &["Centre;3 juin;4 juin", "0149003C;x;peut-être", "0149999Z;x;x"];
    insta::assert_snapshot!("openings-grid-wrong", said(&[("Ouvertures", wrong)]));
    let other: &[&str] = &["Lieu;Quand;Comment", "0149003C;3 juin;toute la journée"];
    insta::assert_snapshot!("openings-other", said(&[("Ouvertures", other)]));
}

#[test]
fn rows_of_one_person_in_two_sheets_are_joined_or_named() {
    let more: &[&str] = &["N° candidat;Nom;Tiers temps;E4", "0299000002;ORME-FICTIF Bruant;oui;CCF"];
    let candidates = |rows| [("Inscriptions", rows)];
    let raw = read(&candidates(more));
    assert_eq!(raw.candidates.len(), 2);
    let second = &raw.candidates[1];
    assert_eq!((second.extra_per_hour.exam, second.orals.len()), (20, 2), "{second:?}");
    insta::assert_snapshot!("people-joined", said(&candidates(more)));
    let other: &[&str] = &[
        "N° candidat;Nom;Prénom;Établissement;E22",
        "0299000001;HÊTRE-FICTIF;Alouette;0149001A;ponctuelle",
        "0299000002;ORME-FICTIF;Bruant;0149002B;ponctuelle",
        "0299000003;IF-FICTIF;Pinson;0149002B;peut-être",
    ];
    insta::assert_snapshot!("people-contradict", said(&candidates(other)));
    // A fault in a value that came from the second sheet is told there.
    let wrong: &[&str] = &["N° candidat;Tiers temps", "0299000002;voir dossier"];
    insta::assert_snapshot!("people-second", said(&candidates(wrong)));
    let examiners: &[&str] = &["N° interrogateur;Compétences;Jours au plus", "X2;CCST;3"];
    let raw = read(&[("Examiners", examiners)]);
    assert_eq!(
        (&raw.examiners[1].qualifications[..], raw.examiners[1].max_days),
        (&["LV-en".into(), "CCST".into()][..], Some(3))
    );
    // A row for each candidate and exam, on two sheets.
    let headings = "N° candidat;Nom;Établissement;Épreuve;Forme";
    let first: &[&str] = &[headings, "0299000001;CHÊNE-FICTIF;0149001A;E22;ponctuelle"];
    let second: &[&str] = &[headings, "0299000001;CHÊNE-FICTIF;0149001A;E4;CCF"];
    let raw = read(&[("Candidats", first), ("Inscriptions", second)]);
    let orals: Vec<String> = raw.candidates[0].orals.iter().map(|o| format!("{} {:?}", o.exam, o.form)).collect();
    assert_eq!(orals, ["E4 Continuous", "E22 Final"]);
}

#[test]
fn what_is_empty_where_nearly_all_is_filled_is_named() {
    let mut rows = vec!["N° candidat;Nom;Établissement;E22;Tiers temps;PMR".to_string()];
    for i in 1..=9 {
        let (extra, access) = (if i == 3 { "" } else { "non" }, if i == 5 { "oui" } else { "" });
        rows.push(format!(
            "029900000{i};ARBRE-FICTIF {i};0149001A;{};{extra};{access}",
            if i == 7 { "" } else { "ponctuelle" }
        ));
    }
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    insta::assert_snapshot!("gaps", said(&[("Candidats", &rows)]));
}

#[test]
fn a_zero_lost_in_front_is_named() {
    let rows: &[&str] = &[
        "N° candidat;Nom;Établissement;E22;INE",
        "0299000001;CHÊNE-FICTIF;0149001A;ponctuelle;",
        "0299000002;ORME-FICTIF;0149001A;ponctuelle;",
        "299000001;IF-FICTIF;0149001A;ponctuelle;",
        "299000004;HÊTRE-FICTIF;0149001A;ponctuelle;",
    ];
    insta::assert_snapshot!("zeros", said(&[("Candidats", rows)]));
}

#[test]
fn a_school_is_seen_under_any_heading() {
    for (heading, values) in [
        ("Division", ["TS1 0149001A", "", "TS2-0149002B"]),
        ("Scolarité", ["0149001 A", "0149001-A", "0149002b"]),
        ("Site", ["Lycée fictif un", "idem", "LYCEE FICTIF DEUX"]),
    ] {
        let mut rows = vec![format!("N° candidat;Nom;{heading};E22;Commune")];
        rows.extend(
            values.iter().enumerate().map(|(i, v)| format!("029900000{i};ARBRE-FICTIF {i};{v};ponctuelle;Caen")),
        );
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let refused = import_sheets(book(&[("Candidats", &rows)]), "x", &Mapping::default()).unwrap_err();
        let answers: Vec<&str> = refused.questions[0].answers.iter().map(|a| a.line.as_str()).collect();
        assert!(
            answers[0].starts_with(&format!("Candidates;{heading};")) && answers.iter().any(|a| a.ends_with(";School")),
            "{answers:?}"
        );
    }
}

#[test]
fn what_a_row_of_a_candidate_says_of_a_sitting_is_asked() {
    for (heading, value, about) in [
        ("À passer", "E22 + E4", "exams"),
        ("À passer", "E22 et E4", "exams"),
        ("Heure de passage", "9h00", "decided"),
        ("Interrogateur", "X1", "exclude"),
    ] {
        let rows = [format!("N° candidat;Nom;Établissement;{heading}"), format!("1;CHÊNE-FICTIF;0149001A;{value}")];
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let refused = import_sheets(book(&[("Candidats", &rows)]), "x", &Mapping::default()).unwrap_err();
        assert!(refused.questions.iter().any(|q| q.at.heading == heading && q.about.contains(about)), "{refused:?}");
    }
}

#[test]
fn what_a_sheet_of_times_says_beside_its_columns_is_asked() {
    let except: &[&str] = &["Interrogateur;Date;De;À;Sauf;Matière", "X1;03/06/2024;8h00;18h30;12h-14h;anglais"];
    let weekdays: &[&str] = &["Interrogateur;L matin;M matin", "X1;x;", "X2;;x"];
    let people: &[&str] = &["Date;X1;X2", "03/06/2024;x;", "04/06/2024;;x"];
    insta::assert_snapshot!("times-except", said(&[("Disponibilités", except)]));
    insta::assert_snapshot!("times-weekdays", said(&[("Disponibilités", weekdays)]));
    insta::assert_snapshot!("times-people", said(&[("Disponibilités", people)]));
    let answered =
        import_sheets(book(&[("Disponibilités", weekdays)]), "x", &mapping(&["Disponibilités;M matin;mardi matin"]));
    assert_eq!(free(&answered.unwrap().raw, 1), ["04/06 08:00-12:30"]);
}

#[test]
fn merged_titles_of_a_grid_stand_over_their_columns() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("x.xlsx");
    let row = |text: &str| text.split(';').map(str::to_string).collect();
    let mut grid = office();
    *grid.rows_of("Disponibilités") =
        [";3 juin;;4 juin;", "Interrogateur;matin;après-midi;matin;après-midi", "X001;;x;x;"].map(row).to_vec();
    let merges = "<mergeCells><mergeCell ref=\"B1:C1\"/><mergeCell ref=\"D1:E1\"/></mergeCells>";
    grid.around.insert("Disponibilités", ("", merges));
    let read = |office: &crate::common::office::Office| {
        std::fs::write(&path, office.xlsx()).unwrap();
        oraux::exchange::import::import(&path, &Mapping::default())
    };
    let upper = grid.clone();
    assert_eq!(free(&read(&upper).unwrap().raw, 0), ["03/06 13:30-18:30", "04/06 08:00-12:30"]);
    // The title of the first column may be merged over both rows.
    grid.rows_of("Disponibilités")[0][0] = "Interrogateur".into();
    grid.rows_of("Disponibilités")[1][0].clear();
    let merges =
        "<mergeCells><mergeCell ref=\"A1:A2\"/><mergeCell ref=\"B1:C1\"/><mergeCell ref=\"D1:E1\"/></mergeCells>";
    grid.around.insert("Disponibilités", ("", merges));
    assert_eq!(free(&read(&grid).unwrap().raw, 0), ["03/06 13:30-18:30", "04/06 08:00-12:30"]);
    // A title between the rows is one fault.
    let mut between = office();
    between.rows_of("Candidats").insert(2, row("Lycée un;;;;;"));
    between.around.insert("Candidats", ("", "<mergeCells><mergeCell ref=\"A3:F3\"/></mergeCells>"));
    let one = |lang| {
        let faults = within(lang, || read(&between).unwrap_err().faults);
        faults.iter().map(|f| format!("{}: {}", f.place.as_ref().unwrap(), f.message)).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!("title-between", format!("{}\n{}", one(Lang::Fr), one(Lang::En)));
}

/// What a command says, without the folder.
fn import_of(source: &std::path::Path, folder: &std::path::Path, lang: &str) -> String {
    let output = Command::cargo_bin("oraux")
        .unwrap()
        .args(["--lang", lang, "import"])
        .arg(source)
        .arg("-o")
        .arg(folder.join("out.json"))
        .output()
        .unwrap();
    let text = [&b"stdout:\n"[..], &output.stdout, b"stderr:\n", &output.stderr].concat();
    String::from_utf8(text).unwrap().replace(&folder.display().to_string(), "DOSSIER")
}

#[test]
fn a_refused_import_counts_its_rows_and_a_lone_sheet_is_told_once() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path();
    let both = |source: &str| {
        let source = folder.join(source);
        format!("{}\n{}", import_of(&source, folder, "fr"), import_of(&source, folder, "en"))
    };
    let wrong = office().text("Candidats", 2, 4, "peut-être").text("Candidats", 3, 3, "individuel");
    wrong.csv(&folder.join("bureau"), |_, text| text.into_bytes());
    insta::assert_snapshot!("refused-count", both("bureau"));
    insta::assert_snapshot!("lone-of-folder", both("bureau/Candidats.csv"));
    std::fs::create_dir(folder.join("seul")).unwrap();
    std::fs::copy(folder.join("bureau/Candidats.csv"), folder.join("seul/Candidats.csv")).unwrap();
    insta::assert_snapshot!("lone", both("seul"));
    let mut two = office();
    two.sheets.retain(|(name, _)| ["Candidats", "Session"].contains(name));
    two.csv(&folder.join("deux"), |_, text| text.into_bytes());
    let text = both("deux");
    assert!(text.contains("ces feuilles manquent : Centres, Calendrier"), "{text}");
}
