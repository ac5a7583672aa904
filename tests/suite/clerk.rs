//! A whole workbook as an office keeps it, with all of its habits at once: what is read, what is asked, in both languages.

use std::fmt::Write;

use oraux::exchange::cell::Cell;
use oraux::exchange::headings::Mapping;
use oraux::exchange::import::import_sheets;
use oraux::exchange::read::Sheet;
use oraux::instance::raw::RawSpan;
use oraux::lang::{Lang, within};

/// A sheet of rows with `;` between the cells.
fn sheet(name: &str, rows: &str) -> Sheet {
    let cell = |text: &str| if text.is_empty() { Cell::Empty } else { Cell::Text(text.into()) };
    let rows = rows.lines().map(|row| row.trim().split(';').map(cell).collect()).collect();
    Sheet::of_rows("groupe.xlsx", name, rows)
}

const SESSION: &str = "Paramètre;Valeur
    Nom;Groupe fictif
    Règlement;bts-ccst-2024";
const CANDIDATES: &str = "Session 2026 – académie fictive
    ;
    N° candidat;Nom;Prénom;UAI;Groupe;Tiers-temps;Temps majoré passage;E22;EF1;EF1 langue;Commune;Observations
    0299000001;CHÊNE-FICTIF;Alouette;0149001A;Caen;;;ponctuelle;;;;
    0299000002;ORME-FICTIF;Bruant;0149001A;Caen;1/3;1/3;ponctuelle;ponct.;Espagnol;;PAP – tiers temps écrit et oral, secrétaire
    0299000003;HÊTRE-FICTIF;Pie;CNED;Caen;;;ponctuelle;;;Caen (14);
    TOTAL;;;;;1;;3;1;;;";
const SCHOOLS: &str = "Code UAI;Nom;Ville
    0149001A;Lycée fictif un;Lisieux (14)
    0149002B;Lycée fictif deux;Caen (14)";
const CENTRES: &str = "Code UAI;Nom du centre;Ville;Téléphone
    0149003C;Lycée fictif trois;Caen (14);02 00 00 00 00";
const GROUPS: &str = "Groupe;Centres
    CAEN;0149003C";
const OPENINGS: &str = "Centre;Date;Demi-journée
    0149003C;3/6/26;journée
    0149003C;04-juin-26;matin";
const ROOMS: &str = "Centre;Salle;Usage;Places;Accessible;Équipement
    0149003C;B1;interrogation;;oui;paravent
    0149003C;CDI;loge;4;oui;";
const EXAMINERS: &str = "N°;Nom;Prénom;Discipline;Code UAI;Commune;Libre par défaut
    X1;ÉRABLE-FICTIF;Mésange;Anglais, CCST;0149002B;Caen (14);oui
    X2;SAULE-FICTIF;Pinson;Espagnol et CCST;0149002B;Caen (14);oui
    X3;AULNE-FICTIF;Grive;Éco-gestion;0149002B;Caen (14);oui";
const CALENDAR: &str = "Date
    3/6/26
    4/6/26";
const EXAMINERS_AWAY: &str = ";3 juin;;4 juin;
    Nom;matin;après-midi;matin;après-midi
    ÉRABLE-FICTIF;x;;;
    M. Saule-Fictif;;x;;x";
const CANDIDATES_AWAY: &str = "Candidat;3 juin;4 juin matin
    0299000001;;x
    HÊTRE-FICTIF Pie;M;";

fn group(own: &[(&'static str, &'static str)]) -> Vec<Sheet> {
    let usual = [
        ("Session", SESSION),
        ("Candidats", CANDIDATES),
        ("Établissements", SCHOOLS),
        ("Centres", CENTRES),
        ("Groupes", GROUPS),
        ("Ouvertures", OPENINGS),
        ("Salles", ROOMS),
        ("Interrogateurs", EXAMINERS),
        ("Calendrier", CALENDAR),
        ("Absences des professeurs", EXAMINERS_AWAY),
        ("Absences des élèves", CANDIDATES_AWAY),
    ];
    let kept = usual.into_iter().filter(|(name, _)| own.iter().all(|(n, _)| n != name));
    kept.chain(own.iter().copied()).map(|(name, rows)| sheet(name, rows)).collect()
}

fn spans(spans: &[RawSpan]) -> String {
    let one = |s: &RawSpan| format!("{} {}-{}", s.date.format("%d/%m"), s.from, s.to);
    spans.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// What is said of a group, and what was read.
fn told(own: &[(&'static str, &'static str)], lines: &[&str]) -> String {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("correspondance.csv");
    std::fs::write(&file, format!("Feuille;Votre titre;Titre attendu\n{}\n", lines.join("\n"))).unwrap();
    let mapping = Mapping::read(&file).unwrap();
    let mut out = String::new();
    let (notes, faults) = match import_sheets(group(own), "groupe", &mapping) {
        Ok(imported) => {
            for c in &imported.raw.candidates {
                let e = c.extra_per_hour;
                let extra = [e.preparation, e.exam, e.written].map(|n| n.to_string()).join("/");
                let orals = c.orals.iter().map(|o| format!("{} {}", o.exam, o.language.clone().unwrap_or_default()));
                let orals = orals.collect::<Vec<_>>().join(", ");
                let school = c.school.as_deref().unwrap_or("–");
                writeln!(out, "{} {school} {} +{extra} [{orals}] – {}", c.id, c.group, spans(&c.unavailable)).unwrap();
            }
            for x in &imported.raw.examiners {
                writeln!(out, "{} {} : {}", x.id, x.qualifications.join("+"), spans(&x.available)).unwrap();
            }
            for c in &imported.raw.centres {
                let rooms = c.exam_rooms.iter().map(|r| format!("{} {}", r.id, r.equipment.join("+")));
                let rooms = rooms.collect::<Vec<_>>().join(", ");
                writeln!(out, "{} : {} ; {rooms}", c.id, spans(&c.open)).unwrap();
            }
            (imported.notes, Vec::new())
        }
        Err(refused) => (refused.notes, refused.faults),
    };
    notes.iter().for_each(|note| writeln!(out, "remark: {note}").unwrap());
    faults.iter().for_each(|fault| writeln!(out, "FAULT: {fault}").unwrap());
    out.replace("groupe.xlsx: ", "")
}

fn both(own: &[(&'static str, &'static str)], lines: &[&str]) -> String {
    format!("{}\n{}", within(Lang::Fr, || told(own, lines)), within(Lang::En, || told(own, lines)))
}

#[test]
fn a_group_as_an_office_keeps_it_is_asked_one_thing() {
    insta::assert_snapshot!("clerk-asked", both(&[], &[]));
    insta::assert_snapshot!("clerk-answered", both(&[], &["Candidats;Observations;info"]));
}

#[test]
fn hours_that_an_opening_lacks_and_doubtful_marks_are_named() {
    let openings = "Centre;Date;De;À;Demi-journée
        0149003C;3/6/26;8h00;18h30;
        0149003C;4/6/26;8h00;;
        0149003C;4/6/26;8h00;12h00;matin";
    let away = "Candidat;3 juin;mardi 4 juin
        0299000001;peut-être;
        0299000009;x;";
    let own = [("Ouvertures", openings), ("Absences des élèves", away)];
    insta::assert_snapshot!("clerk-wrong", both(&own, &["Candidats;Observations;info"]));
}

#[test]
fn dates_are_written_in_many_ways() {
    let free = "Prof;Date;Horaires
        X1;lundi 3 juin;8h-12h
        Mme Saule-Fictif;3/6 et 4/6;journée
        X3;du 03/06 au 04/06;matin";
    let openings = "Centre;Date;De;À
        0149003C;3/6, 4/6;8h00;18h30";
    let calendar = "Date
        03-juin-24
        4/6/24";
    let away = "Candidat;Du;Au;Demi-journée
        0299000001;03/06/2024;05/06/2024;journée
        0299000002;mardi 3 juin;;matin
        0299000003;4/6;3/6;matin";
    let examiners = "N°;Nom;Discipline;Code UAI;Commune
        X1;ÉRABLE-FICTIF Mésange;Anglais, CCST;0149002B;Caen (14)
        X2;SAULE-FICTIF Pinson;Espagnol et CCST;0149002B;Caen (14)
        X3;AULNE-FICTIF Grive;Éco-gestion;0149002B;Caen (14)";
    let own = |away| {
        [
            ("Disponibilités", free),
            ("Ouvertures", openings),
            ("Calendrier", calendar),
            ("Interrogateurs", examiners),
            ("Absences des professeurs", ""),
            ("Absences des élèves", away),
        ]
    };
    let wrong = both(&own(away), &["Candidats;Observations;info"]);
    let right = away.lines().take(2).collect::<Vec<_>>().join("\n").leak();
    let read = both(&own(right), &["Candidats;Observations;info"]);
    let kept = |text: &str| {
        let usual = ["UAI", "Observations", "TOTAL", "lu comme", "read as", "distances", "Téléphone"];
        text.lines().filter(|l| !usual.iter().any(|u| l.contains(u))).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!("clerk-dates", format!("{}\n{}", kept(&wrong), kept(&read)));
}
