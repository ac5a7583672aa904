//! Rows that could do nothing unseen, and the shapes in which offices write: what each is read as, and what is said of it.

use oraux::exchange::cell::Cell;
use oraux::exchange::headings::Mapping;
use oraux::exchange::import::import_sheets;
use oraux::exchange::read::Sheet;
use oraux::exchange::tables::filled;
use oraux::instance::hopeless::{once, warnings};
use oraux::instance::{Instance, RawInstance};
use oraux::lang::{Lang, within};

/// A sheet of rows with `;` between the cells.
fn sheet(name: &str, rows: &[&str]) -> Sheet {
    let cell = |text: &str| if text.is_empty() { Cell::Empty } else { Cell::Text(text.into()) };
    let rows = rows.iter().map(|row| row.split(';').map(cell).collect()).collect();
    Sheet::of_rows("essai.xlsx", name, rows)
}

/// A small session of invented people; sheets of the same name replace its own.
pub(super) fn book(own: &[(&str, &[&str])]) -> Vec<Sheet> {
    let usual: &[(&str, &[&str])] = &[
        ("Session", &["Paramètre;Valeur", "Nom;essai", "Règlement;bts-ccst-2024"]),
        (
            "Candidats",
            &[
                "N° candidat;Nom;Prénom;Établissement;E22",
                "0299000001;CHÊNE-FICTIF;Alouette;0149001A;ponctuelle",
                "0299000002;ORME-FICTIF;Bruant;0149001A;ponctuelle",
            ],
        ),
        ("Établissements", &["UAI;Nom;Commune", "0149001A;Lycée fictif un;Lisieux", "0149002B;Lycée fictif deux;Caen"]),
        ("Centres", &["UAI;Nom;Commune", "0149003C;Lycée fictif trois;Caen"]),
        ("Ouvertures", &["Centre;Date;De;À", "0149003C;03/06/2024;8h00;18h30", "0149003C;04/06/2024;8h00;18h30"]),
        (
            "Salles",
            &[
                "Centre;Salle;Usage;Places;Accessible;Équipement",
                "0149003C;B1;passage;;oui;phone",
                "0149003C;CDI;préparation;4;oui;",
            ],
        ),
        (
            "Interrogateurs",
            &[
                "N° interrogateur;Nom;Prénom;Compétences;Établissements;Commune",
                "X1;ÉRABLE-FICTIF;Mésange;LV-en, CCST;0149002B;Caen",
                "X2;SAULE-FICTIF;Pinson;LV-en;0149002B;Caen",
            ],
        ),
        ("Disponibilités", &["Interrogateur;Date;De;À", "X1;03/06/2024;8h00;18h30", "X2;04/06/2024;8h00;18h30"]),
        ("Calendrier", &["Date", "03/06/2024", "04/06/2024"]),
    ];
    let replaced = |name: &str| own.iter().any(|(n, _)| *n == name);
    let kept = usual.iter().filter(|(name, rows)| !replaced(name) && !rows.is_empty());
    kept.chain(own.iter().filter(|(_, rows)| !rows.is_empty())).map(|(name, rows)| sheet(name, rows)).collect()
}

fn mute(text: &str) -> bool {
    // What is said of every small book of this file.
    let usual = [
        "bureau",
        "distances calculées",
        "distances computed",
        "not a right UAI",
        "pas un UAI juste",
        "no sheet of groups",
        "pas de feuille de groupes",
        "file is not filled in",
        "dossier n'est pas renseigné",
        "communes reconnues",
        "communes told",
    ];
    usual.iter().any(|u| text.contains(u))
}

/// What is said of a book: remarks, then faults, in one language.
fn said_in(lang: Lang, own: &[(&str, &[&str])], mapping: &Mapping) -> String {
    within(lang, || {
        let (notes, faults) = match import_sheets(book(own), "essai", mapping) {
            Ok(imported) => (imported.notes, Vec::new()),
            Err(refused) => (refused.notes, refused.faults),
        };
        let notes = notes.iter().map(|n| format!("remark: {n}"));
        let lines = notes.chain(faults.iter().map(|f| format!("FAULT: {f}")));
        lines.map(|l| l.replace("essai.xlsx: ", "")).filter(|l| !mute(l)).collect::<Vec<_>>().join("\n")
    })
}

/// The same in both languages.
pub(super) fn said(own: &[(&str, &[&str])]) -> String {
    said_with(own, &Mapping::default())
}

/// The same with an office's answers.
pub(super) fn said_with(own: &[(&str, &[&str])], mapping: &Mapping) -> String {
    format!("{}\n\n{}", said_in(Lang::Fr, own, mapping), said_in(Lang::En, own, mapping))
}

pub(super) fn read(own: &[(&str, &[&str])]) -> RawInstance {
    match import_sheets(book(own), "essai", &Mapping::default()) {
        Ok(imported) => imported.raw,
        Err(refused) => panic!("{:#?}", refused.faults),
    }
}

/// When the examiner of that place in the list is free.
pub(super) fn free(raw: &RawInstance, i: usize) -> Vec<String> {
    raw.examiners[i].available.iter().map(|s| format!("{} {}-{}", s.date.format("%d/%m"), s.from, s.to)).collect()
}

#[test]
fn the_small_book_has_nothing_to_say() {
    assert_eq!(said(&[]).trim(), "");
}

#[test]
fn hours_that_touch_or_overlap_are_one_availability() {
    let rows = &[
        "Interrogateur;Date;De;À;À part",
        "X1;03/06/2024;8h00;9h00;",
        "X1;03/06/2024;10h00;11h00;",
        "X1;03/06/2024;9h00;10h00;",
        "X1;04/06/2024;14h00;16h30;",
        "X1;04/06/2024;16h00;18h00;",
        "X1;04/06/2024;8h00;10h00;",
        "X2;03/06/2024;8h00;12h00;oui",
        "X2;03/06/2024;12h00;18h00;oui",
    ];
    let own: &[(&str, &[&str])] = &[("Disponibilités", rows)];
    let raw = read(own);
    assert_eq!(free(&raw, 0), ["03/06 08:00-11:00", "04/06 14:00-18:00", "04/06 08:00-10:00"]);
    assert_eq!(free(&raw, 1), ["03/06 08:00-12:00", "03/06 12:00-18:00"], "apart on purpose");
    insta::assert_snapshot!("joined", said(own));
    assert!(filled(&raw).is_ok(), "what is apart reads back apart");
}

#[test]
fn people_are_known_by_name_where_one_alone_has_it() {
    let own: &[(&str, &[&str])] = &[
        (
            "Disponibilités",
            &[
                "Interrogateur;Date;De;À",
                "Mésange Érable-Fictif;03/06/2024;8h00;18h30",
                "M. SAULE-FICTIF;04/06/2024;8h00;18h30",
            ],
        ),
        (
            "Candidats",
            &[
                "N° candidat;Nom;Prénom;Établissement;E22;Interrogateurs exclus",
                "0299000001;CHÊNE-FICTIF;Alouette;0149001A;ponctuelle;P. Saule-Fictif",
                "0299000002;ORME-FICTIF;Bruant;0149001A;ponctuelle;",
            ],
        ),
        (
            "Indisponibilités",
            &["Type;Candidat ou salle;Date;Demi-journée", "candidat;Bruant ORME-FICTIF;04/06/2024;matin"],
        ),
        ("Réunions", &["Réunion;Date;Début;Fin;Concerne", "R1;04/06/2024;9h00;10h00;Pinson Saule-Fictif"]),
        (
            "Décisions",
            &["Candidat;Épreuve;Date;Heure;Interrogateur", "Chêne-Fictif Alouette;E22;03/06/2024;9h00;Érable-Fictif"],
        ),
    ];
    let raw = read(own);
    assert_eq!((free(&raw, 0).len(), free(&raw, 1).len()), (1, 1));
    assert_eq!(raw.candidates[0].excluded_examiners, ["X2"]);
    assert_eq!(raw.candidates[1].unavailable[0].to.to_string(), "12:30");
    assert_eq!(raw.calendar.events[0].concerns, ["X2"]);
    assert_eq!((raw.pins[0].candidate.as_str(), raw.pins[0].examiner.as_deref()), ("0299000001", Some("X1")));
    insta::assert_snapshot!("by-name", said(own));
    // Two of one name: asked.
    let two: &[(&str, &[&str])] = &[
        (
            "Interrogateurs",
            &[
                "N° interrogateur;Nom;Prénom;Compétences;Établissements;Commune",
                "X1;ÉRABLE-FICTIF;Mésange;LV-en, CCST;0149002B;Caen",
                "X2;ÉRABLE-FICTIF;Pinson;LV-en;0149002B;Caen",
            ],
        ),
        (
            "Disponibilités",
            &["Interrogateur;Date;De;À", "Érable-Fictif;03/06/2024;8h00;18h30", "Merle;04/06/2024;8h00;18h30"],
        ),
    ];
    insta::assert_snapshot!("by-name-asked", said(two));
}

#[test]
fn a_sheet_of_unavailabilities_is_one_whatever_its_name() {
    let examiners: (&str, &[&str]) = (
        "Interrogateurs",
        &[
            "N° interrogateur;Nom;Prénom;Compétences;Établissements;Commune;Libre par défaut",
            "X1;ÉRABLE-FICTIF;Mésange;LV-en, CCST;0149002B;Caen;oui",
            "X2;SAULE-FICTIF;Pinson;LV-en;0149002B;Caen;oui",
        ],
    );
    let none: (&str, &[&str]) = ("Disponibilités", &[]);
    let away = |name: &str, rows: &[&str]| read(&[examiners, none, (name, rows)]);
    for name in [
        "Indisponibilités des interrogateurs",
        "Absences",
        "indispos enseignants",
        "Indisponibilités",
        "Congés des professeurs",
    ] {
        let raw =
            away(name, &["Interrogateur;Date;Demi-journée", "X1;03/06/2024;matin", "X2;04/06/2024;toute la journée"]);
        assert_eq!(free(&raw, 0), ["03/06 12:30-18:30", "04/06 08:00-18:30"], "{name}");
        assert_eq!(free(&raw, 1), ["03/06 08:00-18:30"], "{name}");
    }
    let raw = away(
        "Indisponibilités",
        &[
            "Type;Candidat ou salle;Centre;Date;De;À",
            "interrogateur;X1;;03/06/2024;8h00;12h30",
            "salle;CDI;0149003C;04/06/2024;8h00;9h00",
        ],
    );
    assert_eq!(free(&raw, 0), ["03/06 12:30-18:30", "04/06 08:00-18:30"]);
    assert_eq!(raw.centres[0].preparation_rooms[0].unavailable.len(), 1);
    let raw = away("Absences des candidats", &["Candidat;Date;Demi-journée", "0299000002;03/06/2024;après-midi"]);
    assert_eq!(raw.candidates[1].unavailable[0].from.to_string(), "13:30");
    let raw = read(&[(
        "Disponibilités",
        &["Interrogateur;Date;De;À;Indisponible", "X1;03/06/2024;8h00;18h30;", "X1;03/06/2024;8h00;12h30;oui"],
    )]);
    assert_eq!(free(&raw, 0), ["03/06 12:30-18:30"], "an absence is taken from what is said elsewhere");
    let rows: &[&str] = &["Interrogateur;Date;Demi-journée;Libre", "X1;03/06/2024;matin;oui"];
    insta::assert_snapshot!("away-or-free", said(&[examiners, none, ("Indisponibilités des interrogateurs", rows)]));
    let rows: &[&str] = &["Interrogateur;Date;Demi-journée", "X1;03/06/2024;matin", "X2;04/06/2024;matin"];
    insta::assert_snapshot!("away-asked", said(&[none, ("Indisponibilités des interrogateurs", rows)]));
    let rows: &[&str] = &[
        "Interrogateur;Date;De;À",
        "X1;03/06/2023;8h00;12h30",
        "X1;06/03/2024;8h00;12h30",
        "X2;04/06/2024;19h00;20h00",
        "X2;12/06/2024;8h00;9h00",
    ];
    insta::assert_snapshot!("away-idle", said(&[examiners, none, ("Indisponibilités des interrogateurs", rows)]));
}

#[test]
fn half_days_are_known_by_their_hours() {
    let rows: (&str, &[&str]) = (
        "Disponibilités",
        &[
            "Interrogateur;Date;Demi-journée",
            "X1;03/06/2024;matin",
            "X1;04/06/2024;après-midi",
            "X2;03/06/2024;journée",
        ],
    );
    for policy in ["8h00-10h15, 10h30-12h30, 13h30-18h30", "13h30-18h30, 8h00-12h30"] {
        let raw = read(&[rows, ("Politique", &["Paramètre;Valeur", &format!("half_days;{policy}")])]);
        assert_eq!(free(&raw, 0), ["03/06 08:00-12:30", "04/06 13:30-18:30"], "{policy}");
        assert_eq!(free(&raw, 1), ["03/06 08:00-18:30"], "{policy}");
    }
    let short: (&str, &[&str]) = (
        "Disponibilités",
        &["Interrogateur;Date;Demi-journée", "X1;03/06/2024;AM", "X1;04/06/2024;PM", "X2;03/06/2024;J"],
    );
    assert_eq!(free(&read(&[short]), 0), ["03/06 08:00-12:30", "04/06 13:30-18:30"]);
    let french: (&str, &[&str]) =
        ("Disponibilités", &["Interrogateur;Date;Demi-journée", "X1;03/06/2024;M", "X1;04/06/2024;AM"]);
    assert_eq!(free(&read(&[french]), 0), ["03/06 08:00-12:30", "04/06 13:30-18:30"]);
    let asked: (&str, &[&str]) =
        ("Disponibilités", &["Interrogateur;Date;Demi-journée", "X1;03/06/2024;AM", "X2;03/06/2024;soir"]);
    let long: (&str, &[&str]) = ("Politique", &["Paramètre;Valeur", "half_days;8h00-17h00"]);
    insta::assert_snapshot!("half-days", format!("{}\n\n{}", said(&[asked]), said(&[rows, long])));
}

#[test]
fn availability_may_be_a_grid() {
    let grid = |rows: &[&str]| read(&[("Disponibilités", rows)]);
    let wanted = (vec!["03/06 08:00-12:30", "04/06 13:30-18:30"], vec!["03/06 13:30-18:30"]);
    let forms: [&[&str]; 8] = [
        &["Interrogateur;Date;Matin;Après-midi", "X1;03/06/2024;x;", "X1;04/06/2024;;x", "X2;03/06/2024;;x"],
        &[
            "Interrogateur;lun. 3 juin matin;lun. 3 juin après-midi;mar. 4 juin matin;mar. 4 juin après-midi",
            "X1;x;;;x",
            "X2;;x;;",
        ],
        &[
            "N°;Nom;Prénom;03/06 AM;03/06 PM;04/06 AM;04/06 PM",
            "X1;ÉRABLE-FICTIF;Mésange;oui;non;non;oui",
            "X2;SAULE-FICTIF;Pinson;non;oui;non;non",
        ],
        &[
            "Disponibilités du jury de juin",
            ";03/06/2024;;04/06/2024;",
            "Interrogateur;matin;après-midi;matin;après-midi",
            "X1;dispo;indispo;indispo;dispo",
            "X2;indispo;dispo;indispo;indispo",
        ],
        &["Interrogateur;3 juin;;4 juin;", ";M;A;M;A", "X1;1;0;0;1", "X2;0;1;0;0"],
        &["Nom;Prénom;3 juin;4 juin", "ÉRABLE-FICTIF;Mésange;M;A", "SAULE-FICTIF;Pinson;après-midi;non"],
        &["Interrogateur;lundi matin;lundi après-midi;mardi matin;mardi après-midi", "X1;P;A;A;P", "X2;A;P;A;A"],
        &["Interrogateur;2024-06-03;2024-06-04", "X1;8h-12h30;13h30-18h30", "X2;13:30-18:30;–"],
    ];
    for form in forms {
        let raw = grid(form);
        assert_eq!(
            (free(&raw, 0), free(&raw, 1)),
            (wanted.0.iter().map(|s| s.to_string()).collect(), wanted.1.iter().map(|s| s.to_string()).collect()),
            "{form:?}"
        );
    }
    insta::assert_snapshot!("grid", said(&[("Disponibilités", forms[1])]));
    // Somebody free by default is free where the grid says so only.
    let examiners: (&str, &[&str]) = (
        "Interrogateurs",
        &[
            "N° interrogateur;Nom;Prénom;Compétences;Établissements;Commune;Libre par défaut",
            "X1;ÉRABLE-FICTIF;Mésange;LV-en, CCST;0149002B;Caen;oui",
            "X2;SAULE-FICTIF;Pinson;LV-en;0149002B;Caen;oui",
        ],
    );
    let raw = read(&[examiners, ("Disponibilités", forms[1])]);
    assert_eq!(
        (free(&raw, 0), free(&raw, 1).len()),
        (vec!["03/06 08:00-12:30".to_string(), "04/06 13:30-18:30".into()], 1)
    );
    // Only "non": what an empty cell means is asked, unless they are free by default.
    let negative: &[&str] =
        &["Interrogateur;03/06 matin;03/06 après-midi;04/06 matin;04/06 après-midi", "X1;non;;;", "X2;;;non;"];
    let raw = read(&[examiners, ("Disponibilités", negative)]);
    assert_eq!(free(&raw, 0), ["03/06 12:30-18:30", "04/06 08:00-18:30"]);
    let wrong: &[&str] = &["Interrogateur;mar. 3 juin matin;04/06 matin", "X1;x;peut-être", "X2;;x"];
    insta::assert_snapshot!(
        "grid-asked",
        format!("{}\n\n{}", said(&[("Disponibilités", negative)]), said(&[("Disponibilités", wrong)]))
    );
    // A grid of absences.
    let none: (&str, &[&str]) = ("Disponibilités", &[]);
    let away: &[&str] =
        &["Interrogateur;03/06 matin;03/06 après-midi;04/06 matin;04/06 après-midi", "X1;x;;non;", "X2;;;;indispo"];
    let raw = read(&[examiners, none, ("Indisponibilités du jury", away)]);
    assert_eq!(free(&raw, 0), ["03/06 12:30-18:30", "04/06 08:00-18:30"]);
    assert_eq!(free(&raw, 1), ["03/06 08:00-18:30", "04/06 08:00-13:30"]);
}

#[test]
fn rows_of_one_number_are_one_candidate() {
    let orals = |raw: &RawInstance| -> Vec<String> {
        raw.candidates[0]
            .orals
            .iter()
            .map(|o| format!("{} {:?} {:?} {}", o.exam, o.form, o.file, o.language.as_deref().unwrap_or("-")))
            .collect()
    };
    let wide: &[(&str, &[&str])] = &[(
        "Candidats",
        &[
            "N° candidat;Nom;Établissement;E22;EF1;EF1 langue;Écrits",
            "0299000001;CHÊNE-FICTIF;0149001A;ponctuelle;;;",
            "0299000002;ORME-FICTIF;0149001A;ponctuelle;;;",
            "0299000001;CHÊNE-FICTIF;;;ponctuelle;es;",
        ],
    )];
    let raw = read(wide);
    assert_eq!(raw.candidates.len(), 2);
    assert_eq!(orals(&raw), ["E22 Final Conform -", "EF1 Final Conform es"]);
    insta::assert_snapshot!("row-per-exam", said(wide));
    let long: &[(&str, &[&str])] = &[(
        "Candidats",
        &[
            "N° candidat;Nom;Établissement;Statut;Épreuve;Forme;Dossier;Langue",
            "0299000001;CHÊNE-FICTIF;0149001A;individuel;E4;ponctuelle;en attente;",
            "0299000001;CHÊNE-FICTIF;0149001A;individuel;EF1 – langue facultative;ponctuelle;;espagnol",
            "0299000001;CHÊNE-FICTIF;0149001A;individuel;U61;CCF;;",
            "0299000001;CHÊNE-FICTIF;0149001A;individuel;E22;;;",
        ],
    )];
    let raw = read(long);
    assert_eq!(
        orals(&raw),
        ["E4 Final Pending -", "U61 Continuous Conform -", "E22 Final Conform -", "EF1 Final Conform es"]
    );
    let wrong: &[(&str, &[&str])] = &[(
        "Candidats",
        &[
            "N° candidat;Nom;Prénom;Établissement;Épreuve;Forme;Dossier",
            "0299000001;CHÊNE-FICTIF;Alouette;0149001A;E22;ponctuelle;",
            "0299000001;CHÊNE-FICTIF;Alouette;0149002B;E4;ponctuelle;conforme",
            "0299000001;CHÊNE-FICTIF;Alouette;0149001A;E4;CCF;manquant",
            "0299000002;ORME-FICTIF;Bruant;0149001A;E22;ponctuelle;",
            "0299000002;FRÊNE-FICTIF;Cigogne;0149002B;E4;ponctuelle;",
            "0299000003;HOUX-FICTIF;Draine;0149001A;E9;ponctuelle;",
            "0299000004;TREMBLE-FICTIF;Effraie;0149001A;EF1;;",
        ],
    )];
    insta::assert_snapshot!("rows-at-odds", said(wrong));
    let examiners: &[(&str, &[&str])] = &[(
        "Interrogateurs",
        &[
            "N° interrogateur;Nom;Compétences;Établissements;Commune",
            "X1;ÉRABLE-FICTIF Mésange;LV-en;0149002B;Caen",
            "X1;ÉRABLE-FICTIF Mésange;CCST;0149001A;Caen",
            "X2;SAULE-FICTIF Pinson;LV-en;0149002B;Caen",
        ],
    )];
    let raw = read(examiners);
    assert_eq!(
        (&raw.examiners[0].qualifications[..], &raw.examiners[0].schools[..]),
        (&["LV-en".to_string(), "CCST".into()][..], &["0149002B".to_string(), "0149001A".into()][..])
    );
}

#[test]
fn totals_legends_and_repeated_headings_are_no_records() {
    let own: &[(&str, &[&str])] = &[
        (
            "Candidats",
            &[
                "N° candidat;Nom;Prénom;Établissement;E22",
                "0299000001;CHÊNE-FICTIF;Alouette;0149001A;ponctuelle",
                "N° candidat;Nom;Prénom;Établissement;E22",
                "0299000002;ORME-FICTIF;Bruant;0149001A;ponctuelle",
                "* 0299000003;HOUX-FICTIF;Draine;0149001A;ponctuelle",
                "TOTAL;FICTIF;;;",
                "Total : 3 candidats;;;;",
                "Légende : P = ponctuelle;;;;",
                "* en attente de confirmation;;;;",
                "Document provisoire à ne pas diffuser;;;;",
                "-----;;;;",
                "\"Total\";PEUPLIER-FICTIF;Fauvette;0149001A;ponctuelle",
            ],
        ),
        ("Calendrier", &["Date", "03/06/2024", "04/06/2024", "Total : 2 jours"]),
        (
            "Disponibilités",
            &["Interrogateur;Date;De;À", "X1;03/06/2024;8h00;18h30", "X2;04/06/2024;8h00;18h30", "Effectif;2;;"],
        ),
    ];
    let raw = read(own);
    let ids: Vec<&str> = raw.candidates.iter().map(|c| c.id.as_str()).collect();
    assert_eq!(ids, ["0299000001", "0299000002", "* 0299000003", "Total"]);
    insta::assert_snapshot!("asides", said(own));
    let again = filled(&raw).unwrap();
    assert!(!again.is_empty(), "an id that looks like a total reads back as itself");
    // A name without a number is a record whose number is lost.
    let lost: &[(&str, &[&str])] =
        &[("Candidats", &["N° candidat;Nom;Prénom;Établissement;E22", ";CHÊNE-FICTIF;Alouette;;"])];
    assert!(
        said_in(Lang::En, lost, &Mapping::default()).contains("FAULT: sheet \"Candidats\", row 2, column A"),
        "{}",
        said_in(Lang::En, lost, &Mapping::default())
    );
}

#[test]
fn dates_and_hours_that_change_nothing_are_said_at_their_cells() {
    let own: &[(&str, &[&str])] = &[
        (
            "Disponibilités",
            &[
                "Interrogateur;Date;De;À",
                "X1;03/06/2025;8h00;18h30",
                "X1;04/06/2025;8h00;18h30",
                "X2;03/06/2025;8h00;18h30",
                "X2;06/03/2024;8h00;18h30",
                "X2;10/06/2024;8h00;18h30",
                "X2;11/06/2024;8h00;18h30",
                "X2;04/06/2024;19h00;20h30",
                "X2;03/06/2024;12h40;13h20",
                "X1;03/06/2024;8h00;8h15",
            ],
        ),
        (
            "Indisponibilités",
            &[
                "Type;Centre;Candidat ou salle;Date;De;À",
                "candidat;;0299000001;03/06/2023;8h00;12h00",
                "candidat;;0299000002;04/06/2024;19h00;20h00",
                "salle;0149003C;CDI;12/06/2024;8h00;12h00",
                "salle;0149003C;B1;03/06/2024;6h00;7h00",
            ],
        ),
        (
            "Ouvertures",
            &[
                "Centre;Date;De;À",
                "0149003C;03/06/2024;8h00;18h30",
                "0149003C;04/06/2024;8h00;18h30",
                "0149003C;04/06/2023;8h00;18h30",
            ],
        ),
        (
            "Réunions",
            &["Réunion;Date;Début;Fin;Concerne", "R1;03/06/2025;9h00;10h00;LV-en", "R2;03/06/2024;9h00;10h00;PRO"],
        ),
        ("Dates des épreuves", &["Épreuve;Dates", "E22;03/06/2024, 04/06/2024, 05/06/2024"]),
        ("Écrits", &["Écrit;Date;Début;Fin", "E1;15/05/2023;14h00;18h00", "E3;19/05/2024;8h30;12h30"]),
        ("Décisions", &["Candidat;Épreuve;Date;Heure", "0299000001;E22;;"]),
        ("Dérogations", &["Candidat;Interrogateur;Décidée par;Motif", "0299000001;X1;Chef fictif;essai"]),
    ];
    insta::assert_snapshot!("inert", said(own));
}

#[test]
fn shut_days_are_said() {
    let own: &[(&str, &[&str])] = &[
        (
            "Session",
            &[
                "Paramètre;Valeur",
                "Nom;essai",
                "Jours fériés de l'académie;10/05/2024 pont, vendredi",
                "info : Chef de projet;Personne fictive",
            ],
        ),
        ("Groupes", &["Groupe;Centres", "TOUS;0149003C"]),
        ("Calendrier", &["Date", "09/05/2024", "10/05/2024", "20/05/2024", "02/06/2024", "03/06/2024", "10/06/2024"]),
        (
            "Centres",
            &[
                "UAI;Nom;Commune;Latitude;Longitude",
                "0149003C;Lycée fictif trois;Caen;;",
                "9739001A;Lycée fictif quatre;Cayenne;4.93;-52.33",
            ],
        ),
        (
            "Ouvertures",
            &[
                "Centre;Date;De;À",
                "0149003C;09/05/2024;8h00;18h30",
                "0149003C;10/05/2024;8h00;18h30",
                "0149003C;20/05/2024;8h00;18h30",
                "0149003C;02/06/2024;8h00;18h30",
                "9739001A;10/06/2024;8h00;18h30",
            ],
        ),
        ("Disponibilités", &["Interrogateur;Date;De;À", "X1;03/06/2024;8h00;18h30", "X2;02/06/2024;8h00;18h30"]),
    ];
    let raw = read(own);
    assert_eq!(raw.info["holidays"], "10/05/2024 pont, vendredi");
    assert_eq!(raw.info["Chef de projet"], "Personne fictive");
    let text = said(own);
    insta::assert_snapshot!("shut-days", text);
    assert!(filled(&raw).is_ok(), "the instance's own information goes through a workbook");
}

#[test]
fn people_named_twice_are_said() {
    let own: &[(&str, &[&str])] = &[
        (
            "Candidats",
            &[
                "N° candidat;Nom;Prénom;Établissement;E22;INE;Date de naissance",
                "1;CHÊNE-FICTIF;Alouette;0149001A;ponctuelle;0123456789A;14/02/2003",
                "2;CHENE-FICTIF;Alouette;0149001A;ponctuelle;0123456789a;14/02/2003",
                "3;HOUX-FICTIF;Draine;0149001A;ponctuelle;;01/03/2003",
                "4;Houx-Fictif;Draine;0149002B;ponctuelle;;01/03/2003",
                "5;Houx-Fictif;Draine;0149002B;ponctuelle;;02/03/2003",
                "6;SAULE-FICTIF;Pinson;0149001A;CCF;;",
            ],
        ),
        (
            "Interrogateurs",
            &[
                "N° interrogateur;Nom;Prénom;Compétences;Établissements;Commune;Courriel;Jours au plus",
                "X1;ÉRABLE-FICTIF;Mésange;LV-en, CCST;0149002B;Caen;mesange@example.org;",
                "X2;SAULE-FICTIF;Pinson;LV-en;0149002B;Caen;;",
                "X3;ÉRABLE;Mésange;LV-en;0149002B;Caen;Mesange@example.org;",
                "X4;Saule-Fictif;Pinson;PRO;0149002B;Caen;;0",
            ],
        ),
    ];
    insta::assert_snapshot!("twice", said(own));
}

/// The same remarks for an instance in JSON, by its paths.
#[test]
fn solve_and_diagnose_say_the_same() {
    let mut raw = read(&[(
        "Disponibilités",
        &["Interrogateur;Date;De;À", "X1;03/06/2025;8h00;18h30", "X2;03/06/2025;8h00;18h30"],
    )]);
    let twice = raw.examiners[1].available.clone();
    raw.examiners[1].available.extend(twice);
    let instance = Instance::from_raw(raw).unwrap();
    let lines = |lang| {
        within(lang, || once(warnings(&instance)).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    };
    insta::assert_snapshot!("inert-json", format!("{}\n\n{}", lines(Lang::En), lines(Lang::Fr)));
}
