//! Columns and words as offices write them: what is read, what is asked, what is kept aside, and the exact words.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use oraux::exchange::headings::Mapping;
use oraux::exchange::import::{Imported, Refused, import};
use oraux::instance::raw::RawCandidate;
use oraux::lang::{Lang, within};

/// The files of a small office: two candidates, two schools, one examiner, one room.
type Office = BTreeMap<&'static str, Vec<Vec<String>>>;

fn office() -> Office {
    let files = [
        ("Session", "Paramètre;Valeur\nNom;colonnes\nRèglement;bts-ccst-2024"),
        (
            "Candidats",
            "N° candidat;Nom;Établissement;E22;Commune\n001;CHÊNE-FICTIF;0149201A;ponctuelle;Caen\n002;HÊTRE-FICTIF;0149202B;ponctuelle;Caen",
        ),
        (
            "Établissements",
            "UAI;Nom;Commune\n0149201A;Lycée fictif des Ormes;Lisieux\n0149202B;Lycée fictif des Houx;Caen",
        ),
        ("Centres", "UAI;Nom;Commune\n0149101S;Centre fictif;Caen"),
        ("Groupes", "Groupe;Centres\nCAEN;0149101S"),
        ("Ouvertures", "Centre;Date;De;À\n0149101S;03/06/2024;8h00;18h30"),
        (
            "Salles",
            "Centre;Salle;Usage;Places;Accessible;Équipement\n0149101S;B1;passage;;oui;phone\n0149101S;P1;préparation;4;oui;",
        ),
        (
            "Interrogateurs",
            "N° interrogateur;Nom;Compétences;Établissements;Commune\nX1;ORME-FICTIF;LV-en, CCST;0149202B;Caen",
        ),
        ("Disponibilités", "Interrogateur;Date;De;À\nX1;03/06/2024;8h00;18h30"),
        ("Calendrier", "Date\n03/06/2024"),
    ];
    let cells = |text: &str| text.lines().map(|l| l.split(';').map(str::to_string).collect()).collect();
    files.map(|(name, text)| (name, cells(text))).into()
}

/// The office with a column more, or with that column in the place of one.
fn with(sheet: &'static str, heading: &str, values: &[&str]) -> Office {
    let mut office = office();
    let rows = office.get_mut(sheet).unwrap();
    rows.iter_mut().zip(std::iter::once(&heading).chain(values)).for_each(|(row, cell)| row.push(cell.to_string()));
    office
}

fn renamed(sheet: &'static str, old: &str, heading: &str, values: &[&str]) -> Office {
    let mut office = office();
    let rows = office.get_mut(sheet).unwrap();
    let column = rows[0].iter().position(|h| h == old).unwrap();
    rows.iter_mut().zip(std::iter::once(&heading).chain(values)).for_each(|(row, cell)| row[column] = cell.to_string());
    office
}

fn write(office: &Office, folder: &Path) {
    for (name, rows) in office {
        let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let lines: Vec<String> = rows.iter().map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(";")).collect();
        std::fs::write(folder.join(format!("{name}.csv")), lines.join("\n") + "\n").unwrap();
    }
}

/// Imports the office, with the lines of a mapping file.
fn imported(office: &Office, lines: &[&str]) -> Result<Imported, Refused> {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("bureau");
    std::fs::create_dir(&folder).unwrap();
    write(office, &folder);
    let mapping = scratch.path().join("correspondance.csv");
    std::fs::write(
        &mapping,
        format!("Feuille;Votre titre;Titre attendu;Votre valeur;Valeur attendue\n{}\n", lines.join("\n")),
    )
    .unwrap();
    let mapping = if lines.is_empty() { Mapping::default() } else { Mapping::read(&mapping).unwrap() };
    import(&folder, &mapping)
}

/// What a candidate is granted and where they come from, in one line.
fn granted(c: &RawCandidate) -> String {
    let e = c.extra_per_hour;
    let mut out = c.school.clone().unwrap_or("–".into());
    if (e.preparation, e.exam, e.written) != (0, 0, 0) {
        write!(out, " +{}/{}/{}", e.preparation, e.exam, e.written).unwrap();
    }
    for (is, word) in [(c.needs_accessible, "accessible"), (c.prepares_alone, "seul")] {
        out += if is { " " } else { "" };
        out += if is { word } else { "" };
    }
    if let Some(gap) = c.gap {
        write!(out, " repos {gap}").unwrap();
    }
    if !c.excluded_examiners.is_empty() {
        write!(out, " sans {}", c.excluded_examiners.join(", ")).unwrap();
    }
    let info: Vec<_> = c.info.iter().filter(|(key, _)| *key != "town").collect();
    if !info.is_empty() {
        write!(out, " {info:?}").unwrap();
    }
    out
}

/// What becomes of the office: the candidates and the notes, or the faults.
fn told(office: &Office, lines: &[&str]) -> String {
    let result = imported(office, lines);
    let clean = |text: String| {
        let start = text.find("/bureau/").map_or(0, |i| i + "/bureau/".len());
        text[start..].to_string()
    };
    // Said of every import of this office.
    let usual = |text: &String| text.contains("vol d'oiseau") || text.contains("great circle") || text.contains("×");
    let mut out = String::new();
    let (faults, notes) = match &result {
        Ok(imported) => (&Vec::new(), &imported.notes),
        Err(refused) => (&refused.faults, &refused.notes),
    };
    if let Ok(imported) = &result {
        let all: Vec<String> = imported.raw.candidates.iter().map(granted).collect();
        writeln!(out, "  = {}", all.join(" | ")).unwrap();
    }
    for fault in faults {
        writeln!(out, "  ! {}", clean(fault.to_string())).unwrap();
    }
    for note in notes.iter().map(ToString::to_string).filter(|n| !usual(n)) {
        writeln!(out, "  - {}", clean(note)).unwrap();
    }
    out
}

/// In one word what becomes of a column: what it was read as, `?` and the answers that are offered, or `info`.
fn fate(office: &Office, column: &str) -> String {
    match imported(office, &[]) {
        Err(refused) if refused.questions.is_empty() => {
            format!("! {}", refused.faults.iter().map(|f| f.message.clone()).collect::<Vec<_>>().join(" / "))
        }
        Err(refused) => {
            let one = |q: &oraux::exchange::questions::Question| {
                let about = q.value.clone().map(|v| format!(" « {v} »")).unwrap_or_default();
                format!("?{about} {}", q.answers.iter().map(|a| a.meaning.clone()).collect::<Vec<_>>().join(", "))
            };
            refused.questions.iter().map(one).collect::<Vec<_>>().join(" / ")
        }
        Ok(imported) => {
            let (c, x) = (&imported.raw.candidates[0], &imported.raw.examiners[0]);
            let rooms: Vec<String> =
                imported.raw.centres[0].exam_rooms.iter().map(|r| r.equipment.join(", ")).collect();
            let kept = c.info.contains_key(column) || x.info.contains_key(column);
            let said = imported
                .notes
                .iter()
                .map(ToString::to_string)
                .any(|n| n.contains("qu'aucune règle ne lit") || n.contains("parmi les informations"));
            assert!(!kept || said, "{column} is kept aside unsaid");
            format!(
                "{}{} ; {} ; {}",
                if kept { "info " } else { "" },
                granted(c),
                x.qualifications.join(", "),
                rooms.join(" ")
            )
        }
    }
}

/// Headings with values of the candidates, and what becomes of each.
const OF_CANDIDATES: &[(&str, [&str; 2])] = &[
    ("Tiers temps", ["oui", "non"]),
    ("Tiers-temps", ["oui", ""]),
    ("Tiers temps (oui/non)", ["oui", "non"]),
    ("TIERS TEMPS ?", ["OUI", "NON"]),
    ("1/3 temps", ["oui", ""]),
    ("1/3 temps", ["X", ""]),
    ("TT", ["1", ""]),
    ("T.T.", ["x", ""]),
    ("Temps majoré", ["1/3", ""]),
    ("Temps majoré accordé", ["33 %", ""]),
    ("Majoration", ["20 min/h", ""]),
    ("Majoration (min/h)", ["20", ""]),
    ("Majoration (%)", ["33", ""]),
    ("Temps supplémentaire", ["vrai", "faux"]),
    ("Tiers temps", ["écrit", ""]),
    ("Tiers temps", ["oral", "écrit et oral"]),
    ("Tiers temps oral", ["oui", ""]),
    ("TT écrit", ["oui", ""]),
    ("Tiers temps préparation", ["20", ""]),
    ("Tiers temps", ["voir dossier", ""]),
    ("Tiers temps", ["AVS", "oui"]),
    ("Tiers temps", ["33", ""]),
    ("Tiers temps", ["sauf oral", ""]),
    ("Tiers temps (sauf oral)", ["oui", ""]),
    ("Temps majoré passage", ["secrétaire", ""]),
    ("Aménagements", ["tiers temps", ""]),
    ("Aménagements d'épreuves", ["Tiers temps, salle à part", "PMR"]),
    ("AMEN", ["ordinateur", ""]),
    ("Aménagements", ["tiers temps et secrétaire", ""]),
    ("Aménagements", ["oui", "non"]),
    ("Aménagements", ["sujet agrandi", ""]),
    ("Aménagement", ["1/3 temps ; repos 30 min ; fauteuil roulant", "néant"]),
    ("Handicap", ["oui", ""]),
    ("RQTH", ["oui", "non"]),
    ("MDPH", ["x", ""]),
    ("PAP", ["oui", ""]),
    ("Secrétaire", ["oui", ""]),
    ("Dispositions particulières", ["casque", ""]),
    ("PMR", ["oui", "non"]),
    ("PMR (oui/non)", ["oui", ""]),
    ("P.M.R.", ["x", ""]),
    ("Accès fauteuil", ["oui", ""]),
    ("Mobilité réduite", ["O", "N"]),
    ("Mobilité réduite ?", ["oui", ""]),
    ("Personne à mobilité réduite", ["oui", ""]),
    ("Salle RDC", ["oui", ""]),
    ("Salle à part", ["oui", ""]),
    ("Isolé", ["x", ""]),
    ("Salle individuelle", ["oui", "non"]),
    ("Incompatibilités", ["X1", ""]),
    ("Interrogateurs à exclure", ["x1", ""]),
    ("Ne pas interroger par", ["M. ORME-FICTIF", ""]),
    ("Parenté", ["ORME-FICTIF (père)", ""]),
    ("Professeur principal", ["M. ORME-FICTIF", ""]),
    ("Indispo", ["03/06 matin", ""]),
    ("Absences", ["3 juin", ""]),
    ("Dates impossibles", ["03/06/2024", ""]),
    ("LV1", ["anglais", "anglais"]),
    ("Langue", ["espagnol", ""]),
    ("Option", ["Espagnol", "ALLEMAND"]),
    ("Dispenses", ["E4", ""]),
    ("Note E4", ["12", ""]),
    ("Bénéfices", ["U61", ""]),
    ("Contrôle", ["conforme", "non conforme"]),
    ("Mode", ["ponctuelle", "CCF"]),
    ("UAI 2", ["0149202B", ""]),
    ("Centre d'écrit", ["0149101S", "0149101S"]),
    ("Divers", ["oui", "non"]),
    ("Fratrie", ["x", ""]),
    ("Observations", ["PAP – tiers temps écrit et oral, secrétaire", ""]),
    ("Remarques", ["", "vient en fauteuil"]),
    ("Observations", ["homonyme !", "relance le 2/4"]),
    ("Boursier", ["oui", "non"]),
    ("Téléphone", ["06 00 00 00 00", ""]),
    ("Ville étab.", ["Lisieux", "Caen"]),
    ("Nom de l'établissement", ["Lycée fictif des Ormes", ""]),
    ("Option", ["sport", ""]),
    ("Handicap", ["", ""]),
    ("tps maj.", ["1/3", ""]),
    ("Majoration tps", ["oui", "non"]),
    ("Tps sup.", ["20", ""]),
    ("Majo", ["33 %", ""]),
    ("tps +", ["20 mn", ""]),
    ("Divers", ["1/3", ""]),
    ("aménagt", ["1/3 temps", ""]),
    ("Aménagts", ["oui", ""]),
    ("Sit. handicap", ["oui", ""]),
    ("Accessib.", ["oui", ""]),
    ("Mob. réduite", ["oui", ""]),
    ("Abs.", ["03/06", ""]),
    ("Ne peut venir", ["3 juin matin", ""]),
    ("Divers", ["03/06/2024", ""]),
    ("Obs.", ["prévoir une salle au RDC", ""]),
    ("Obs.", ["absent le 3 juin", ""]),
    ("Obs.", ["ne pas mettre avec M. ORME-FICTIF", ""]),
    ("Cat. candidat", ["IND", "REDOUBLANT"]),
    ("Divers", ["ex-scolaire", "redoublante"]),
    ("lv2 esp", ["oui", ""]),
    ("Épreuves", ["E22, E4", "E 22"]),
    ("Épreuve 1", ["E22", "E4"]),
    ("Divers", ["#N/A", ""]),
    ("EF1", ["ponct.", "disp."]),
];

/// Headings in the place of the school's, and what becomes of each.
const OF_SCHOOLS: &[(&str, [&str; 2])] = &[
    ("Code UAI", ["0149201A", "0149202B"]),
    ("code_uai", ["0149201A", "0149202B"]),
    ("CodeUAI", ["0149201A", "0149202B"]),
    ("UAI étab. d'origine", ["0149201A", "0149202B"]),
    ("N° établissement", ["0149201A", "0149202B"]),
    ("RNE", ["0149201A", "0149202B"]),
    ("Code RNE", ["0149201A", "0149202B"]),
    ("Étab.", ["0149201A", "0149202B"]),
    ("Établissement (UAI)", ["0149201A", "0149202B"]),
    ("Etablisement", ["0149201A", "0149202B"]),
    ("Lycée d'origine", ["0149201A", "0149202B"]),
    ("Lycée d'origine", ["Lycée fictif des Ormes", "lycee fictif des houx"]),
    ("Établissement fréquenté", ["0149201A – Lycée fictif des Ormes", "0149202B"]),
    ("Établissement", ["Lycée fictif des Ormes", "0149202b"]),
    ("Provenance", ["0149201A", "0149202B"]),
    ("Divers", ["0149201A", "0149202B"]),
    ("Lycée", ["Ormes", "Houx"]),
    ("Établissement", ["149201A", "individuel"]),
    ("Établissement", ["0149201A", "CNED"]),
    ("Établissement", ["0149201A", "Candidat libre"]),
    ("Établissement", ["0149201A", "–"]),
    ("Établissement", ["0149201A", ""]),
    ("N° UAI", ["0149201A", "0149202B"]),
    ("code étab.", ["0149201A", "0149202B"]),
    ("Lieu de scolarité", ["0149201A", "0149202B"]),
    ("Structure", ["0149201A", "0149202B"]),
    ("Établissement", ["0149201A", "Cand. indiv."]),
];

/// The same of examiners and rooms.
const OF_OTHERS: &[(&str, &str, &str, &str)] = &[
    ("Interrogateurs", "Compétences", "Compétences", "lv-en, ccst"),
    ("Interrogateurs", "Compétences", "Compétences", "Anglais ; CCST"),
    ("Interrogateurs", "Compétences", "Discipline de poste", "Éco-gestion"),
    ("Interrogateurs", "Compétences", "Spécialité", "EG + CCST"),
    ("Interrogateurs", "Compétences", "Matière", "Sciences industrielles de l'ingénieur"),
    ("Interrogateurs", "Compétences", "Langue", "espagnol"),
    ("Interrogateurs", "Compétences", "LV1", "ES"),
    ("Interrogateurs", "Compétences", "Divers", "PRO"),
    ("Interrogateurs", "Compétences", "Compétences", "Mathématiques"),
    ("Interrogateurs", "Compétences", "Compétences", "Éco-gestoin"),
    ("Interrogateurs", "", "CCST", "oui"),
    ("Interrogateurs", "", "Anglais (oui/non)", "oui"),
    ("Interrogateurs", "", "Espagnol", "x"),
    ("Interrogateurs", "", "Établissement 2", "0149201A"),
    ("Interrogateurs", "", "UAI service partagé", "0149201A"),
    ("Interrogateurs", "", "Divers", "0149201A"),
    ("Interrogateurs", "", "Lieu d'exercice", "Lycée fictif des Ormes"),
    ("Interrogateurs", "", "Indisponibilités", "03/06 matin"),
    ("Interrogateurs", "", "Lien de parenté", "candidat 001"),
    ("Interrogateurs", "", "Ne doit pas interroger", "001"),
    ("Interrogateurs", "", "Enfant candidat", "oui"),
    ("Interrogateurs", "", "Grade", "certifié"),
    ("Salles", "Équipement", "Équipement", "téléphone"),
    ("Salles", "Équipement", "Équipements", "combiné"),
    ("Salles", "Équipement", "Matériel fourni", "paravent"),
    ("Salles", "Équipement", "Tél.", "2 téléphones"),
    ("Salles", "Équipement", "Téléphone", "oui"),
    ("Salles", "Équipement", "Divers", "Phone"),
    ("Salles", "Équipement", "Équipement", "vidéoprojecteur"),
    ("Salles", "Équipement", "Équipement", "télephonne"),
    ("Interrogateurs", "Compétences", "Compétences", "LV1 anglais et CCST"),
    ("Interrogateurs", "Compétences", "Compétences", "lv2 esp"),
    ("Interrogateurs", "Compétences", "Compétences", "tuteur entreprise"),
    ("Interrogateurs", "Compétences", "Compétences", "Éco gestion marketing"),
    ("Interrogateurs", "", "Remarques", "indispo le 03/06"),
    ("Interrogateurs", "", "Observations", "ne doit pas interroger son neveu"),
    ("Salles", "Équipement", "Équipement", "vidéoproj., tél. fixe"),
    ("Salles", "Équipement", "Équipement", "2 tél portables"),
    ("Salles", "Équipement", "Équipement", "non"),
    ("Salles", "", "Handi", "oui"),
    ("Salles", "", "Climatisée", "oui"),
    ("Salles", "", "Étage", "1"),
];

#[test]
fn columns_are_read_asked_or_kept() {
    within(Lang::Fr, || {
        let mut out = String::from("## Une colonne de plus dans Candidats\n");
        for (heading, values) in OF_CANDIDATES {
            let fate = fate(&with("Candidats", heading, values), heading);
            writeln!(out, "{heading} : {} → {fate}", values.join(" | ")).unwrap();
        }
        out += "\n## À la place d'Établissement dans Candidats\n";
        for (heading, values) in OF_SCHOOLS {
            let office = renamed("Candidats", "Établissement", heading, values);
            let fate = match imported(&office, &[]) {
                Ok(imported) => imported.raw.candidates.iter().map(granted).collect::<Vec<_>>().join(" | "),
                Err(_) => fate(&office, heading),
            };
            writeln!(out, "{heading} : {} → {fate}", values.join(" | ")).unwrap();
        }
        out += "\n## Interrogateurs et salles\n";
        for (sheet, old, heading, value) in OF_OTHERS {
            let office =
                if old.is_empty() { with(sheet, heading, &[value]) } else { renamed(sheet, old, heading, &[value]) };
            writeln!(out, "{sheet}, {heading} : {value} → {}", fate(&office, heading)).unwrap();
        }
        insta::assert_snapshot!("sorts", out);
    });
}

/// Offices whose whole messages are shown in both languages.
fn shown() -> Vec<(&'static str, Office, Vec<&'static str>)> {
    let mut again = with("Candidats", "Temps majoré écrit", &["non", ""]);
    again
        .get_mut("Candidats")
        .unwrap()
        .iter_mut()
        .zip(["Tiers-temps", "1/3", ""])
        .for_each(|(row, c)| row.push(c.into()));
    let mut many = with("Candidats", "Groupe", &["Caen", "CAEN"]);
    let mut lost = with("Candidats", "Groupe", &["Nord", "Nord"]);
    for office in [&mut many, &mut lost] {
        office.get_mut("Groupes").unwrap().push(vec!["NORD-EST".into(), "0149101S".into()]);
        let rows = office.get_mut("Candidats").unwrap();
        for i in 3..12 {
            let mut row = rows[1].clone();
            row[0] = format!("{i:03}");
            rows.push(row);
        }
    }
    let mut names = with("Candidats", "Code UAI", &["0149201A", "0149202B"]);
    let mut gap = with("Candidats", "Code UAI", &["0149201A", ""]);
    for office in [&mut names, &mut gap] {
        let rows = office.get_mut("Candidats").unwrap();
        (rows[1][2], rows[2][2]) = ("Lycée des Ormes".into(), "Lycée des Houx".into());
    }
    let mut tongue = with("Candidats", "EF1", &["ponctuelle", ""]);
    let rows = tongue.get_mut("Candidats").unwrap();
    rows.iter_mut().zip(["EF1 langue", "Allemand", ""]).for_each(|(row, c)| row.push(c.into()));
    vec![
        ("une langue que personne n'entend", tongue, vec![]),
        ("des noms à côté des codes", names, vec![]),
        ("un nom sans code", gap, vec![]),
        ("tiers temps", with("Candidats", "Tiers temps", &["oui", ""]), vec![]),
        ("tiers temps à part", again, vec![]),
        ("une colonne d'origine douteuse", with("Candidats", "Fratrie", &["oui", ""]), vec![]),
        ("une réponse", with("Candidats", "Fratrie", &["oui", ""]), vec!["Candidats;Fratrie;info"]),
        ("une autre", with("Candidats", "Fratrie", &["oui", ""]), vec!["Candidats;Fratrie;ignorer"]),
        ("une troisième", with("Candidats", "Fratrie", &["oui", ""]), vec!["Candidats;Fratrie;Prépare seul"]),
        (
            "une réponse de travers",
            with("Candidats", "Fratrie", &["oui", ""]),
            vec!["Candidats;Fratrie;Prépare seuls ici"],
        ),
        ("une réponse sans objet", office(), vec!["Candidats;Fratrie;info"]),
        ("une valeur", with("Candidats", "Tiers temps", &["voir dossier", "voir dossier"]), vec![]),
        (
            "une valeur dite",
            with("Candidats", "Aménagements", &["AVS", "tiers temps, AVS"]),
            vec!["Candidats;Aménagements;;AVS;prépare seul"],
        ),
        (
            "une valeur sans effet",
            with("Candidats", "Aménagements", &["ordinateur", "tiers temps"]),
            vec!["Candidats;Aménagements;;ordinateur;ignorer"],
        ),
        ("un titre à point-virgule", with("Candidats", "Suivi ; handicap", &["oui", ""]), vec![]),
        (
            "des UAI sous un autre titre",
            renamed("Candidats", "Établissement", "Divers", &["0149201A", "0149202B"]),
            vec![],
        ),
        ("un établissement vide", renamed("Candidats", "Établissement", "Établissement", &["0149201A", ""]), vec![]),
        ("des absences", with("Interrogateurs", "Indisponibilités", &["03/06 matin"]), vec![]),
        ("un groupe en minuscules", many, vec![]),
        ("un groupe inconnu", lost, vec![]),
        ("des mots", renamed("Interrogateurs", "Compétences", "Compétences", &["Anglais, Math, Éco-gestoin"]), vec![]),
        ("un équipement", renamed("Salles", "Équipement", "Équipement", &["téléphone, tableau, paravant"]), vec![]),
        ("un type de salle", renamed("Salles", "Usage", "Usage", &["interrogation", "loge"]), vec![]),
    ]
}

#[test]
fn what_is_asked_is_said_in_both_languages() {
    for (lang, name) in [(Lang::Fr, "questions-fr"), (Lang::En, "questions-en")] {
        within(lang, || {
            let mut out = String::new();
            for (title, office, lines) in shown() {
                writeln!(out, "{title}{}", lines.iter().map(|l| format!(" [{l}]")).collect::<String>()).unwrap();
                out += &told(&office, &lines);
            }
            insta::assert_snapshot!(name, out);
        });
    }
}

#[test]
fn questions_are_data_too() {
    within(Lang::Fr, || {
        let office = with("Candidats", "Fratrie", &["oui", ""]);
        let questions = imported(&office, &[]).unwrap_err().questions;
        let mut json = serde_json::to_value(&questions).unwrap();
        json[0]["file"] = "Candidats.csv".into();
        insta::assert_json_snapshot!("question", json);
        // Each line that is offered is an answer.
        for answer in &questions[0].answers {
            let refused = imported(&office, &[&answer.line]).err();
            assert!(refused.is_none(), "{}: {:#?}", answer.line, refused.map(|r| r.faults));
        }
    });
}

#[test]
fn a_teacher_does_not_hear_their_own_pupil_whatever_the_heading() {
    for heading in ["Code UAI", "UAI étab. d'origine", "Lycée d'origine", "Étab.", "N° établissement"] {
        let office = renamed("Candidats", "Établissement", heading, &["0149202B", "0149202B"]);
        let raw = imported(&office, &[]).unwrap().raw;
        assert!(raw.candidates.iter().all(|c| c.school.as_ref() == raw.examiners[0].schools.first()), "{heading}");
    }
}
