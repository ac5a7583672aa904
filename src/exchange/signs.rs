//! By what a column shows what it is about, whatever its heading: the words of headings, and the values that stand
//! below. All words are in [`plain`] form.

use super::accommodations::{says_third, speaks_of};
use super::cell::{Cell, is_dash};
use super::grid::slot;
use super::headings::{Names, plain};
use super::layout::{FILES, FORMS, Kind, STATUSES};
use super::questions::Topic;
use super::vocabulary::Reading;
use super::words::{LANGUAGES, among, choice, folded};
use crate::places::uai;

/// The words by which headings speak of one topic.
struct Sign {
    sheets: &'static [Kind],
    topic: &'static str,
    /// The column is about it, if its values can be read so.
    sure: &'static str,
    /// It may be: to be asked.
    perhaps: &'static str,
}

use Kind::*;

/// Where pupils come from and people teach.
const SCHOOL: &str = "uai, rne, etab, etabs, etabl, etabliss, ets, etablissement, etablissements, lycee, lycees, cfa, ecole, ecoles, ufa, \
    greta, gretacfa, centre de formation, organisme de formation, organisme formateur, school, schools, etabt, etabs, etablt, \
    codetab, etb";
const PEOPLE_EXCLUDED: &str = "incompatibilite, incompatibilites, incompatible, incompatibles, exclu, exclus, exclusion, exclusions, \
    recuse, recuses, recusation, recusations, a exclure, deport, deports";
const PEOPLE_NEAR: &str = "parente, lien, liens, famille avec, conflit, conflits, ne pas interroger, ne pas etre interroge, \
    professeur, professeurs, prof, profs, enseignant, enseignants, formateur, formateurs, tuteur, tuteurs, interrogateur, interrogateurs, examinateur, \
    examinateurs, \
    enfant, enfants, conjoint, deja eu, a deja eu, connait, teacher, teachers";
const AWAY: &str = "indispo, indispos, indisponible, indisponibilite, indisponibilites, absence, absences, absent, absente, absents, \
    empechement, empechements, empeche, conge, conges, ne pas convoquer, impossible, impossibles, impossibilite, \
    contrainte, contraintes, pas disponible, non disponible, unavailable, absences prevues, abs, ne peut, ne peuvent, \
    pas libre, non libre, occupe, occupee, non dispo, pas dispo";
const TIME: &str = "tiers temps, tierstemps, tiers tps, 1 3 temps, 1 3 tps, 1 3 de temps, tt, temps majore, tps majore, majoration, majorations, \
    temps supplementaire, temps supp, tps supp, temps additionnel, temps en plus, extra time, minutes en plus, tps maj, \
    temps maj, tps majores, temps majores, maj temps, maj tps, maj de temps, maj de tps, temps sup, tps sup, temps suppl, \
    tps suppl, tps supplementaire, tps supplementaires, temps supplementaires, temps compensatoire, tps compensatoire, \
    tps en plus, tps additionnel, tierstps, 1 3 tmps, 1 3 tp";

const SIGNS: &[Sign] = &[
    Sign {
        sheets: &[Candidates],
        topic: "school",
        sure: SCHOOL,
        perhaps: "provenance, lieu de formation, scolarise a, lieu de scolarite, lieu de scolarisation, eple, structure, organisme, gretas",
    },
    Sign {
        sheets: &[Candidates],
        topic: "extra",
        sure: TIME,
        perhaps: "min h, mn h, minutes par heure, majo, majore, majores, tps, 3e temps, tiers, 1 3",
    },
    Sign {
        sheets: &[Candidates],
        topic: "accommodations",
        sure: "amenag*, amen, amgt, amgts, amngt, amngts, mesures accordees, accommodation*",
        perhaps: "handi*, besoin, besoins, aide, aides, aide humaine, mdph, rqth, pap, pps, pai, compensation, compensations, \
            besoins particuliers, besoin particulier, bep, ebep, aesh, avs, secretaire, scripteur, ordinateur, \
            dispositions particulieres, dispositions, mesures, dys, sante, medical, disability, adaptation, adaptations, \
            dossier medical, plan d accompagnement",
    },
    Sign {
        sheets: &[Candidates, Rooms],
        topic: "accessible",
        sure: "pmr, accessib*, fauteuil, mobilite reduite, mob reduite, acces fauteuil, acces pmr, acces handicape, acces handicapes, wheelchair",
        perhaps: "rez de chaussee, rdc, ascenseur, mobilite, acces*, handi*, ufr, moteur, plain pied",
    },
    Sign {
        sheets: &[Candidates],
        topic: "alone",
        sure: "seul, seule, isole, isolee, isolement, salle a part, salle individuelle, salle separee, salle isolee, \
            salle particuliere, salle dediee",
        perhaps: "a part, individuelle, individuel, separe, separee, isol, isolt, dediee",
    },
    Sign { sheets: &[Candidates], topic: "gap", sure: "", perhaps: "repos, pause, pauses, delai entre, ecart" },
    Sign { sheets: &[Candidates], topic: "excluded", sure: PEOPLE_EXCLUDED, perhaps: PEOPLE_NEAR },
    Sign { sheets: &[Examiners], topic: "exclusions", sure: "", perhaps: PEOPLE_EXCLUDED },
    Sign {
        sheets: &[Examiners],
        topic: "exclusions",
        sure: "",
        perhaps: "parente, lien, liens, conflit, conflits, ne pas interroger, enfant, enfants, conjoint, eleves, ne doit pas interroger",
    },
    Sign { sheets: &[Candidates, Examiners], topic: "absences", sure: "", perhaps: AWAY },
    Sign {
        sheets: &[Candidates],
        topic: "languages",
        sure: "",
        perhaps: "langue, langues, lv, lva, lvb, lvc, language, languages, lve",
    },
    Sign {
        sheets: &[Candidates],
        topic: "forms",
        sure: "",
        perhaps: "dispense, dispenses, ccf, ponctuel, ponctuelle, forme, formes, benefice, benefices, notes conservees, \
            mode d evaluation, modalite, modalites, conservation",
    },
    Sign {
        sheets: &[Candidates],
        topic: "files",
        sure: "",
        perhaps: "dossier, dossiers, conformite, conforme, fiche, fiches",
    },
    Sign {
        sheets: &[Candidates],
        topic: "status",
        sure: "statut, categorie candidat, categorie de candidat, type de candidat, type candidat, categorie du candidat, cat candidat, cat cand, type cand, statut cand",
        perhaps: "cat, categorie, situation, redoublant, apprenti, scolarite, voie, origine scolaire",
    },
    Sign { sheets: &[Candidates], topic: "group", sure: "", perhaps: "groupe, regroupement, groupement" },
    Sign { sheets: &[Candidates], topic: "papers", sure: "", perhaps: "ecrit, ecrits, epreuves ecrites" },
    Sign {
        sheets: &[Examiners],
        topic: "schools",
        sure: SCHOOL,
        perhaps: "exercice, affectation, affecte, rattachement, lieu d exercice, service, complement de service, employeur",
    },
    Sign {
        sheets: &[Examiners],
        topic: "qualifications",
        sure: "discipline, disciplines, specialite, specialites, matiere, matieres, competence, competences, qualification, \
            qualifications, langue, langues, lv, lva, lvb, valence, enseigne, profil, subject, subjects",
        perhaps: "domaine, domaines, champ, option, options, concours, recrutement, ccst, section, bts, siege",
    },
    Sign {
        sheets: &[Examiners],
        topic: "reserve",
        sure: "reserve, suppleant, suppleante, reserviste",
        perhaps: "remplacant, suppleance",
    },
    Sign {
        sheets: &[Examiners],
        topic: "free",
        sure: "",
        perhaps: "disponible, disponibilite, disponibilites, dispo, dispos, libre, presence, present",
    },
    Sign {
        sheets: &[Examiners],
        topic: "max_days",
        sure: "jours au plus, jours max, nb jours max, quota",
        perhaps: "jours, journees",
    },
    Sign {
        sheets: &[Examiners],
        topic: "sittings",
        sure: "",
        perhaps: "passages, passage, oraux, candidats par jour, candidats jour, candidats max, nb candidats, nombre de candidats, \
            max candidats, charge, sittings",
    },
    Sign {
        sheets: &[Examiners],
        topic: "centres",
        sure: "",
        perhaps: "centre, centres, centre souhaite, centre impose",
    },
    Sign {
        sheets: &[Rooms],
        topic: "equipment",
        sure: "equipement, equipements, materiel, materiels, equip, equipt, equipts",
        perhaps: "mobilier, telephone, telephones, tel, combine, combines, paravent, paravents, cloison, phone, dotation",
    },
    Sign { sheets: &[Schools], topic: "habilitation", sure: "habilite, habilitee, habilitation", perhaps: "ccf" },
    Sign {
        sheets: &[Schools],
        topic: "kind",
        sure: "secteur, contrat, nature, type",
        perhaps: "statut, public, prive, categorie",
    },
    Sign { sheets: &[Centres], topic: "exams", sure: "", perhaps: "epreuve, epreuves, accueille" },
    Sign {
        sheets: &[Centres],
        topic: "accessible",
        sure: "",
        perhaps: "pmr, acces*, ascenseur, handi*, fauteuil, mobilite",
    },
];

/// What a school has besides its code: beside a column of codes these say nothing new.
const OF_SCHOOL: &str = "nom, libelle, lib, denomination, intitule, ville, commune, academie, departement, type, nature, secteur, statut, \
    adresse, telephone, tel, mail, courriel, mel, name, town, code postal, cp, sigle, prive, public, region, pays";

/// Headings that no rule could use, though yes or no stands below.
const NEUTRAL: &str = "boursier, boursiere, bourse, telephone, tel, tel portable, portable, mobile, adresse, code postal, cp, sexe, civilite, \
    genre, nationalite, age, majeur, majeure, demi pensionnaire, interne, photo, cni, droit a l image, rgpd, rang, \
    convocation envoyee, convocation imprimee, mail envoye, accuse de reception, emarge, fonctionnaire, retraite, rib fourni, \
    rib, vehicule, covoiturage, internat";

/// A heading in plain form with words apart: `CodeUAI` and `code_uai_2` are `code uai` and `code uai 2`.
pub fn spaced(heading: &str) -> String {
    let (mut out, mut before) = (String::new(), ' ');
    for c in heading.chars() {
        let hump = before.is_lowercase() && c.is_uppercase();
        let digit = before.is_alphanumeric() && c.is_alphanumeric() && before.is_ascii_digit() != c.is_ascii_digit();
        if hump || digit {
            out.push(' ');
        }
        out.push(c);
        before = c;
    }
    // Letters apart are one word: `P.M.R.`
    let mut joined = String::new();
    let single = |w: &str| w.chars().count() == 1 && !w.starts_with(|c: char| c.is_ascii_digit());
    let bare = plain(&out);
    let words: Vec<&str> = bare.split(' ').collect();
    for (i, word) in words.iter().enumerate() {
        if i > 0 && !(single(word) && single(words[i - 1])) {
            joined.push(' ');
        }
        joined.push_str(word);
    }
    joined
}

/// Whether one of several words (or groups of them) stands in a text; `amenag*` is every word that begins so.
fn names_one(words: &str, spaced: &str) -> bool {
    let text = format!(" {spaced} ");
    words.split(", ").any(|w| match w.strip_suffix('*') {
        Some(start) => text.contains(&format!(" {start}")),
        None => !w.is_empty() && text.contains(&format!(" {w} ")),
    })
}

/// What a heading speaks of: the topics, and whether each is sure.
pub fn of_heading(heading: &str, kind: Kind) -> Vec<(Topic, bool)> {
    let spaced = spaced(heading);
    let mut found: Vec<(Topic, bool)> = Vec::new();
    for sign in SIGNS.iter().filter(|s| s.sheets.contains(&kind)) {
        let sure = names_one(sign.sure, &spaced);
        let topic = Topic::of(sign.topic);
        if (sure || names_one(sign.perhaps, &spaced)) && !found.iter().any(|(t, _)| *t == topic) {
            found.push((topic, sure));
        }
    }
    // What is sure speaks for what is only near it: in `Tiers temps (handicap)` the column is of extra time.
    if found.iter().filter(|(_, sure)| *sure).count() == 1 {
        found.retain(|(_, sure)| *sure);
    }
    found
}

/// The part of an exam that a heading of extra time is for, as the key of its column; `None` where it says a part and
/// an exception, or parts that no one column has.
pub fn part_of_time(heading: &str) -> Option<&'static str> {
    let spaced = spaced(heading);
    if names_one("sauf, hors, except", &spaced) {
        return None;
    }
    let preparation = names_one("preparation, preparations, prepa, loge", &spaced);
    let exam = names_one("passage, passages, oral, oraux, orale, orales", &spaced);
    let written = names_one("ecrit, ecrits, ecrite, ecrites", &spaced);
    match (preparation, exam, written) {
        (true, false, false) => Some("preparation"),
        (false, true, false) => Some("exam"),
        (false, false, true) => Some("written"),
        (false, false, false) | (_, true, true) => Some("extra"),
        _ => None,
    }
}

/// Whether a heading is of what a school has besides its code.
pub fn is_beside_school(heading: &str) -> bool {
    names_one(OF_SCHOOL, &spaced(heading))
}

/// Whether a text is a UAI, its letter or a lost zero apart.
pub fn reads_code(text: &str) -> bool {
    uai::is_right(text) || uai::mended(text).is_some()
}

/// Whether a UAI stands in a text, alone or among others: `0149001-A`, `TS2 0149001A`. With a wrong letter it is one where the sheet
/// Schools has it.
pub fn holds_code(text: &str, names: &Names) -> bool {
    let code = |word: &str| {
        let word = word.to_uppercase();
        uai::is_right(&word) || (reads_code(&word) && names.schools.contains(&folded(&word)))
    };
    code(&folded(text)) || text.split(|c: char| !c.is_alphanumeric()).any(code)
}

/// Whether at least half of the cells name schools of the sheet Schools.
pub fn name_schools(cells: &[&Cell], names: &Names) -> bool {
    let named = |c: &&&Cell| names.schools.contains(&folded(&c.text()));
    cells.iter().filter(named).count() * 2 >= cells.len() && !cells.is_empty()
}

/// Whether a cell can be a school: a UAI, an id or a name of the sheet Schools, or nobody's.
pub fn reads_school(cell: &Cell, names: &Names) -> bool {
    let one = |text: &str| {
        let bare = folded(text);
        is_dash(text)
            || reads_code(text)
            || names.schools.contains(&bare)
            || text.split(|c: char| !c.is_alphanumeric()).any(reads_code)
            || on_their_own(text)
    };
    one(&cell.text()) || cell.items().iter().all(|item| one(item))
}

/// Whether the text of a candidate's school says that they have none.
pub fn on_their_own(text: &str) -> bool {
    const OWN: &str = "individuel, individuelle, individuels, candidat individuel, candidate individuelle, candidat libre, \
        candidate libre, libre, ci, cned, sans, sans etablissement, aucun, aucune, aucun etablissement, neant, \
        hors etablissement, hors ecole, non scolarise, non scolarisee, sans objet, so, individual, none, on their own, \
        candidat isole, experience professionnelle, vae, ex cned, cand indiv, cand individuel, cand individuelle, cand libre, \
        cand ind, indiv, ind, indep, independant, independante, particulier, autodidacte";
    is_dash(text) || text.trim() == "/" || among(OWN, &plain(text))
}

/// Whether a text says that somebody takes no part any more.
pub fn says_gone(text: &str) -> bool {
    const GONE: &str = "demission, demissionnaire, demissionne, abandon, abandonne, radie, radiee, radiation, supprime, supprimee, \
        a supprimer, annule, annulee, desiste, desistee, desistement, a quitte, decede, decedee, ne se presente pas, withdrawn, \
        withdrew, cancelled";
    names_one(GONE, &plain(text))
}

/// What a remark speaks of that a rule reads: accommodations, absences, people to keep apart.
pub fn matters(text: &str, kind: Kind) -> Option<&'static str> {
    const GONE: &str = "absent, absente, absents, absence, indisponible, indispo, indisponibilite, empeche, empechee, ne peut pas, \
        ne pourra pas, pas disponible, pas dispo, non disponible, non dispo, en conge, en stage, sauf le, pas le, pas avant, pas apres, \
        libere a partir, unavailable";
    const APART: &str = "ne pas mettre avec, pas avec, ne pas interroger, ne doit pas interroger, ne pas etre interroge, \
        ne pas etre interrogee, a eviter avec, eviter, parent de, pere de, mere de, fils de, fille de, frere de, soeur de, \
        conjoint de, epoux de, epouse de, neveu de, niece de, cousin de, cousine de, lien de parente, famille de, eleve de, \
        ancien eleve de, ancienne eleve de, exclure, recuse, recusation, incompatible";
    let bare = plain(text);
    if kind == Candidates && speaks_of(text) {
        Some("accommodations")
    } else if names_one(GONE, &bare) {
        Some("absences")
    } else if names_one(APART, &bare) {
        Some(if kind == Examiners { "exclusions" } else { "excluded" })
    } else {
        None
    }
}

/// What the values of a column look like, whatever its heading.
pub fn of_values(cells: &[&Cell], heading: &str, kind: Kind, full: bool, names: &Names) -> Vec<Topic> {
    let people = matches!(kind, Candidates | Examiners);
    let share = |looks: &dyn Fn(&Cell) -> bool| cells.iter().filter(|c| looks(c)).count() as f64 / cells.len() as f64;
    if cells.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let code = |c: &Cell| holds_code(&c.text(), names);
    if people && share(&code) >= 0.5 {
        found.push(if kind == Candidates { "school" } else { "schools" });
    }
    for topic in ["accommodations", "absences", "excluded"] {
        let topic = if kind == Examiners && topic == "excluded" { "exclusions" } else { topic };
        let read = people && (kind == Candidates || topic != "accommodations");
        if read && cells.iter().any(|c| matters(&c.text(), kind) == Some(topic)) {
            found.push(topic);
        }
    }
    let exam = |w: &str| names.exams.iter().any(|e| folded(e) == folded(w));
    // In a list of any kind: `E22 + E4`, `E22 et E4`.
    let exams = |c: &Cell| {
        let text = c.text();
        let mut words = text.split([',', ';', '+', '/', '&', ' ', '\n']).filter(|w| !w.is_empty() && plain(w) != "et");
        words.clone().next().is_some() && words.all(exam)
    };
    if kind == Candidates && share(&exams) >= 0.5 {
        found.push("orals");
    }
    if kind == Candidates && share(&|c| c.clock().is_some()) >= 0.5 {
        found.push("decisions");
    }
    if kind == Candidates && cells.iter().any(|c| says_third(c)) {
        found.push("extra");
    }
    let on_a_date = |c: &Cell| slot(c, &names.dates).is_some_and(|s| s.dates.iter().any(|d| names.dates.contains(d)));
    if people && cells.iter().any(|c| on_a_date(c)) && !found.contains(&"absences") {
        found.push("absences");
    }
    let language = |c: &Cell| LANGUAGES.iter().any(|(_, words)| among(words, &plain(&c.text())));
    if kind == Candidates && share(&language) >= 0.8 {
        found.push("languages");
    }
    let known = |c: &Cell| {
        let readable = |w: &String| !matches!(names.qualifications.read(w), Reading::Unknown(_));
        !c.items().is_empty() && c.items().iter().all(readable)
    };
    if kind == Examiners && (share(&language) >= 0.8 || share(&known) >= 0.5) {
        found.push("qualifications");
    }
    let useful = |c: &Cell| c.items().iter().any(|w| !matches!(names.equipment.read(w), Reading::Unknown(_)));
    if kind == Rooms && cells.iter().any(|c| useful(c)) {
        found.push("equipment");
    }
    let yes = share(&|c| c.yes().is_some()) == 1.0;
    let word = |words: &[(&'static str, &'static str)], c: &Cell| choice(&c.text(), words).is_some();
    let statuses = share(&|c| word(STATUSES, c));
    if kind == Candidates && !yes && statuses >= 0.8 && cells.iter().any(|c| !on_their_own(&c.text())) {
        found.push("status");
    } else if kind == Candidates && !yes && share(&|c| word(FORMS, c)) >= 0.8 {
        found.push("forms");
    } else if kind == Candidates && !yes && share(&|c| word(FILES, c)) >= 0.8 {
        found.push("files");
    }
    // Ticks and numbers alike all the way down are no answer; a dash alone is none either.
    let number = |c: &&Cell| matches!(c, Cell::Number(_)) || matches!(c.text().as_str(), "0" | "1");
    let ticks = cells.iter().any(number) && full && cells.windows(2).all(|w| w[0] == w[1]);
    let dashes = cells.iter().all(|c| is_dash(&c.text()));
    let asks = matches!(kind, Candidates | Examiners | Schools | Centres | Rooms);
    if found.is_empty() && asks && yes && !ticks && !dashes && !among(NEUTRAL, &plain(heading)) {
        found.push("yes");
    }
    found.into_iter().map(Topic::of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_show_what_they_are_about() {
        let shown = |heading: &str, kind| {
            let found = of_heading(heading, kind);
            let one = |(t, sure): &(Topic, bool)| format!("{}{}", t.key, if *sure { "" } else { "?" });
            found.iter().map(one).collect::<Vec<_>>().join(" ")
        };
        for (heading, wanted) in [
            ("Code UAI", "school"),
            ("CodeUAI", "school"),
            ("code_uai_etab", "school"),
            ("UAI étab. d'origine", "school"),
            ("N° établissement", "school"),
            ("Code RNE", "school"),
            ("Étab.", "school"),
            ("Établ.", "school"),
            ("Lycée d'origine", "school"),
            ("Établissement fréquenté", "school"),
            ("Établissement 2025-2026", "school"),
            ("CFA", "school"),
            ("Provenance", "school?"),
            ("Tiers-temps", "extra"),
            ("Tiers temps (oui/non)", "extra"),
            ("1/3 temps", "extra"),
            ("TT", "extra"),
            ("T.T. oral", "extra"),
            ("Majoration (min/h)", "extra"),
            ("Temps majoré accordé", "extra"),
            ("Temps supplémentaire", "extra"),
            ("Aménagements d'épreuves", "accommodations"),
            ("AMEN", "accommodations"),
            ("Aménag.", "accommodations"),
            ("Handicap", "accommodations? accessible?"),
            ("RQTH", "accommodations?"),
            ("Dossier MDPH", "accommodations? files?"),
            ("Secrétaire", "accommodations?"),
            ("PAP / PPS / PAI", "accommodations?"),
            ("PMR", "accessible"),
            ("P.M.R. (oui/non)", "accessible"),
            ("Accès fauteuil", "accessible"),
            ("Mobilité réduite ?", "accessible"),
            ("Salle RDC", "accessible?"),
            ("Salle à part", "alone"),
            ("Isolé", "alone"),
            ("Incompatibilités", "excluded"),
            ("Ne pas interroger par", "excluded?"),
            ("Lien de parenté", "excluded?"),
            ("Professeur principal", "excluded?"),
            ("Indispo", "absences?"),
            ("Absences prévues", "absences?"),
            ("Dates impossibles", "absences?"),
            ("LV1", "languages?"),
            ("Langue vivante B", "languages?"),
            ("Dispenses", "forms?"),
            ("Conformité", "files?"),
            ("Observations", ""),
            ("Boursier", ""),
            ("Téléphone", ""),
            ("Date d'inscription", ""),
        ] {
            assert_eq!(shown(heading, Candidates), wanted, "{heading}");
        }
        for (heading, wanted) in [
            ("Discipline de poste", "qualifications"),
            ("Spécialité", "qualifications"),
            ("Matière(s) enseignée(s)", "qualifications"),
            ("Matière", "qualifications"),
            ("Langue", "qualifications"),
            ("LV1", "qualifications"),
            ("UAI 2", "schools"),
            ("Établissement d'affectation", "schools"),
            ("Lieu d'exercice", "schools?"),
            ("Indisponibilités", "absences?"),
            ("Lien de parenté", "exclusions?"),
            ("Remplaçant", "reserve?"),
            ("Grade", ""),
        ] {
            assert_eq!(shown(heading, Examiners), wanted, "{heading}");
        }
        for (heading, wanted) in
            [("Tél.", "equipment?"), ("Matériel fourni", "equipment"), ("Accès PMR (o/n)", "accessible"), ("Étage", "")]
        {
            assert_eq!(shown(heading, Rooms), wanted, "{heading}");
        }
    }

    #[test]
    fn a_heading_of_extra_time_names_its_part() {
        for (heading, wanted) in [
            ("Tiers temps", Some("extra")),
            ("Majoration écrit", Some("written")),
            ("TT oral", Some("exam")),
            ("Temps majoré prépa.", Some("preparation")),
            ("Tiers temps écrit et oral", Some("extra")),
            ("Tiers temps (sauf oral)", None),
            ("TT préparation et écrit", None),
        ] {
            assert_eq!(part_of_time(heading), wanted, "{heading}");
        }
    }

    #[test]
    fn values_show_what_they_are_about() {
        let regulation = crate::regulation::Regulation::shipped("bts-ccst-2024").unwrap();
        let names = Names::of(&regulation);
        let shown = |values: &[&str], heading: &str, kind| {
            let cells: Vec<Cell> = values.iter().map(|v| Cell::Text((*v).into())).collect();
            let found = of_values(&cells.iter().collect::<Vec<_>>(), heading, kind, true, &names);
            found.iter().map(|t| t.key).collect::<Vec<_>>().join(" ")
        };
        for (values, wanted) in [
            (&["0142059M", "0141640G"][..], "school"),
            (&["0142059m", "privé"], "school"),
            (&["0142059A", "0141640A"], ""),
            (&["oui", "non"], "yes"),
            (&["x"], "yes"),
            (&["–", "-"], ""),
            (&["espagnol", "Allemand", "ITA"], "languages"),
            (&["ponctuelle", "CCF"], "forms"),
            (&["conforme", "non conforme"], "files"),
            (&["homonyme !", "PAP – tiers temps"], "accommodations"),
            (&["homonyme !", "relance le 2/4"], ""),
        ] {
            assert_eq!(shown(values, "Divers", Candidates), wanted, "{values:?}");
        }
        assert_eq!(shown(&["oui", "non"], "Boursier", Candidates), "");
        assert_eq!(shown(&["EG", "Anglais"], "Divers", Examiners), "qualifications");
        assert_eq!(shown(&["2 téléphones", "vidéoprojecteur"], "Divers", Rooms), "equipment");
        assert_eq!(shown(&["bâtiment A", "1er étage"], "Divers", Rooms), "");
    }
}
