//! The words of values in the ways in which offices and their systems write them: one table for each kind, in
//! [`plain`] form.

use super::headings::plain;

/// A word, and others between commas that mean the same.
pub type Synonyms = &'static [(&'static str, &'static str)];

/// Whether a text in [`plain`] form is one of several between commas.
pub fn among(words: &str, bare: &str) -> bool {
    words.split(", ").any(|w| w == bare)
}

/// Others for the words of columns that want one of a list, by the English word.
const CHOICES: Synonyms = &[
    // Statuses of candidates.
    (
        "pupil",
        "eleve, etudiant, etudiante, voie scolaire, student, sous statut scolaire, sco, lyceen, lyceenne, formation initiale, fi, formation initiale scolaire, statut scolaire, fis",
    ),
    (
        "apprentice",
        "apprentie, apprentissage, contrat d apprentissage, app, appr, alternance, alternant, alternante, en apprentissage, par apprentissage",
    ),
    (
        "continuing training",
        "fc, fpc, f c, stagiaire, stagiaire de la formation continue, greta, gretacfa, formation professionnelle continue, form prof continue, form continue, formation pro continue, stagiaire fc, stagiaire de la formation professionnelle continue, contrat de professionnalisation",
    ),
    (
        "distance learning",
        "cned, a distance, distance, ead, formation a distance, ens a distance, enseignement distance",
    ),
    (
        "professional experience",
        "experience, trois ans d experience, 3 ans d experience, vae, salarie, salariee, exp pro, experience pro, exp professionnelle, experience prof, 3 ans exp prof",
    ),
    (
        "individual",
        "candidat individuel, individuelle, candidate individuelle, libre, candidat libre, candidate libre, ci, ind, indiv, isole, candidat isole, cand libre, cand indiv, cand individuel",
    ),
    ("repeater", "redoublante, doublant, doublante, ajourne, ajournee, ex scolaire, ex apprenti"),
    // Kinds of schools.
    ("state", "etat, lycee public, public de l etat, pu, etablissement public, eple"),
    ("under contract", "prive sous contrat, psc, prive sc, prive contrat, etablissement prive sous contrat"),
    ("without contract", "prive hors contrat, prive, phc, prive hc, etablissement prive hors contrat"),
    ("apprenticeship centre", "centre de formation d apprentis, ufa"),
    ("training organisation", "organisme, organisme prive, of, organisme de formation prive"),
    // Forms of an exam.
    (
        "final",
        "ponctuel, p, finale, x, oui, o, forme ponctuelle, controle ponctuel, ponctuel oral, ponctuelle orale, epreuve ponctuelle, a passer, inscrit, inscrite, ponct, ponctuels, ponctuelles, pct, epreuve ponct, forme ponct",
    ),
    ("continuous", "continu, controle en cours de formation, ccf valide, ccf fait, en ccf, c c f, controle continu"),
    (
        "exempt",
        "dispensee, disp, d, benefice, b, note conservee, conservee, dispense d epreuve, benefice de note, note reportee, report de note, report, acquis, acquise, conserve, exempte, exemptee, exempt, dispenses, dispensees, benef, beneficiaire, disp epreuve",
    ),
    ("–", "non, no, non inscrit, non inscrite, sans objet, so, neant"),
    // States of a file.
    (
        "conform",
        "c, oui, valide, validee, ok, conformes, recu conforme, complet, conf, dossier conforme, recu et conforme",
    ),
    (
        "pending",
        "attente, a controler, en cours, a verifier, en cours de controle, non controle, att, en att, att controle, attend",
    ),
    (
        "nonconform",
        "nc, non, refuse, refusee, invalide, pas conforme, non valide, non validee, non conf, dossier non conforme, incomplet",
    ),
    ("missing", "absent, absente, non rendu, non remis, non depose, non recu, manque, pas de dossier"),
    // Uses of rooms.
    (
        "exam",
        "interrogation, interrogations, oral, oraux, salle d interrogation, salle de passage, jury, examen, epreuve, epreuves, salle d examen, salle d oral, passages, commission",
    ),
    ("preparation", "loge, loges, prepa, mise en loge, salle de preparation, salle de loge, preparations"),
    // Half-days.
    ("morning", "matinee, le matin, mat, matins"),
    ("afternoon", "apres midi, apresmidi, aprem, ap midi, apm, a midi, l apres midi, apres midis"),
    ("day", "jour, toute la journee, journee entiere, journee complete, matin et apres midi, tout"),
    // Whom an unavailability concerns, where a distance starts.
    ("candidate", "candidats, candidate, eleve, etudiant"),
    ("room", "salles, local, loge"),
    ("school", "etablissements, lycee, cfa, uai"),
    ("examiner", "interrogateurs, examinateur, enseignant, jury, professeur"),
    ("town", "ville, communes"),
];

/// Languages by code (ISO 639-1).
pub const LANGUAGES: Synonyms = &[
    ("am", "amharique"),
    ("ar", "arabe, arabic, arabe litteral, ara"),
    ("bg", "bulgare"),
    ("br", "breton"),
    ("ca", "catalan"),
    ("co", "corse"),
    ("cs", "tcheque"),
    ("da", "danois"),
    ("de", "allemand, german, deutsch, all"),
    ("el", "grec, grec moderne"),
    ("en", "anglais, english, ang, angl, agl, eng"),
    ("es", "espagnol, spanish, castillan, esp"),
    ("eu", "basque"),
    ("fa", "persan"),
    ("fi", "finnois"),
    ("he", "hebreu, hebreu moderne"),
    ("hr", "croate"),
    ("hu", "hongrois"),
    ("hy", "armenien"),
    ("it", "italien, italian, ita"),
    ("ja", "japonais, japanese, jap"),
    ("km", "cambodgien, khmer"),
    ("ko", "coreen, korean"),
    ("lo", "laotien"),
    ("nl", "neerlandais, hollandais, dutch"),
    ("no", "norvegien"),
    ("oc", "occitan"),
    ("pl", "polonais, polish"),
    ("pt", "portugais, portuguese, por"),
    ("ro", "roumain"),
    ("ru", "russe, russian, rus"),
    ("sk", "slovaque"),
    ("sl", "slovene"),
    ("sr", "serbe"),
    ("sv", "suedois"),
    ("tr", "turc, turkish"),
    ("ty", "tahitien"),
    ("uk", "ukrainien"),
    ("vi", "vietnamien"),
    ("zh", "chinois, chinese, mandarin, chi"),
];

/// Words that stand beside a language without being one.
const ABOUT_LANGUAGES: &str = "lv, lva, lvb, lvc, langue, langues, vivante, vivantes, etrangere, language, facultative, facultatif, fac, option, lve";

/// Qualifications, by the word of the shipped regulation; languages apart.
pub const QUALIFICATIONS: Synonyms = &[
    (
        "EG",
        "eco gestion, eco ge, ecogestion, eco gest, economie gestion, economie et gestion, eco et gestion, economie, gestion, economics, economics management, economie gestion commerce et vente, economie gestion option commerce et vente, eco droit, ecogest",
    ),
    (
        "STI",
        "sii, sciences industrielles, sciences industrielles de l ingenieur, sciences de l ingenieur, si, sciences et techniques industrielles, sciences et technologies industrielles, s t i, s i i, sciences industrielles ingenieur, sciences et techniques de l ingenieur, industrial sciences",
    ),
    (
        "CCST",
        "bts ccst, conseil et commercialisation de solutions techniques, section ccst, enseigne en ccst, c c s t, sts ccst",
    ),
    (
        "PRO",
        "professionnel, professionnelle, professionnels, professional, pros, monde professionnel, membre professionnel, intervenant professionnel, representant de la profession, entreprise, tuteur, tuteur entreprise, tuteur en entreprise, maitre d apprentissage, chef d entreprise, commercial, intervenant pro, membre pro, representant professionnel",
    ),
];

/// Equipment of rooms, by the word of the shipped regulation (a device or a partition, for the simulated call).
pub const EQUIPMENT: Synonyms = &[(
    "phone",
    "telephone, telephones, tel, tels, telephone fixe, telephone ip, combine, combines, combine telephonique, combines telephoniques, poste telephonique, poste tel, phones, paravent, paravents, cloison, cloisons, cloison mobile, partition, telephone portable, telephones portables, telephones fixes, telephones mobiles, tel portable, tel portables, tels portables, tels fixes, portables, mobiles, portable, mobile, gsm, smartphone, telephone mobile, telephone filaire, telephone sans fil, telephone interne, telephonie, tel fixe, tel ip, postes telephoniques, interphone, appareil telephonique, kit telephone, simulateur telephonique, ligne telephonique",
)];

/// Words around a qualification that say nothing of it.
pub const AROUND: &str = "professeur, professeure, prof, profs, enseignant, enseignante, en, de, d, des, du, la, le, les, l, salle, equipee, avec, un, une, plp, certifie, certifiee, agrege, agregee";

/// The English word of a text among a column's, by its own words or by another known for it.
pub fn choice(text: &str, words: &[(&'static str, &'static str)]) -> Option<&'static str> {
    let bare = plain(text);
    let own = words.iter().find(|(fr, en)| plain(fr) == bare || plain(en) == bare);
    let other = |en: &str| CHOICES.iter().any(|(word, others)| *word == en && among(others, &bare));
    own.or_else(|| words.iter().find(|(_, en)| other(en))).map(|(_, en)| *en)
}

/// The code of a language: of its name, its code in capitals, `LV2 espagnol`, `LV-ES`, `ESP2`.
pub fn language(text: &str) -> Option<&'static str> {
    let bare = plain(text);
    let words = bare.split(' ').map(|w| if w == "lv" { w } else { w.trim_end_matches(|c: char| c.is_ascii_digit()) });
    let own: Vec<&str> = words.filter(|w| !w.is_empty() && !among(ABOUT_LANGUAGES, w)).collect();
    let own = own.join(" ");
    LANGUAGES.iter().find(|(code, names)| *code == own || among(names, &own)).map(|(code, _)| *code)
}

/// A text without blanks and what [`plain`] leaves out: what two spellings of one word share.
pub fn folded(text: &str) -> String {
    plain(text).replace(' ', "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::layout::{FILES, FORMS, HALVES, SCHOOL_KINDS, STATUSES, USES};

    #[test]
    fn words_are_in_plain_form_and_mean_one_thing() {
        for list in [STATUSES, SCHOOL_KINDS, FORMS, FILES, USES, HALVES] {
            let mut seen = std::collections::BTreeSet::new();
            for (_, en) in list {
                for other in CHOICES.iter().filter(|(w, _)| w == en).flat_map(|(_, o)| o.split(", ")) {
                    assert!(seen.insert(other), "{other} twice");
                }
            }
        }
        for table in [CHOICES, LANGUAGES, QUALIFICATIONS, EQUIPMENT] {
            for (word, others) in table {
                others.split(", ").for_each(|o| assert_eq!(plain(o), o, "{word}"));
            }
        }
    }

    #[test]
    fn languages_are_known_as_offices_write_them() {
        for (word, wanted) in [
            ("es", "es"),
            ("ES", "es"),
            ("Espagnol", "es"),
            ("LV2 espagnol", "es"),
            ("LV-ES", "es"),
            ("ESP2", "es"),
            ("Langue vivante étrangère : ALLEMAND", "de"),
            ("portugais (facultatif)", "pt"),
            ("Italien LV3", "it"),
            ("chinois", "zh"),
            ("néerlandais", "nl"),
            ("LSF", ""),
            ("LV2", ""),
        ] {
            assert_eq!(language(word).unwrap_or_default(), wanted, "{word}");
        }
    }

    #[test]
    fn choices_are_known_as_offices_write_them() {
        for (word, list, wanted) in [
            ("interrogation", USES, "exam"),
            ("Loge", USES, "preparation"),
            ("Salle de préparation", USES, "preparation"),
            ("APPRENTI", STATUSES, "apprentice"),
            ("Apprentissage", STATUSES, "apprentice"),
            ("FORM. PROF. CONTINUE", STATUSES, "continuing training"),
            ("Étudiant", STATUSES, "pupil"),
            ("ex-scolaire", STATUSES, "repeater"),
            ("candidat(e)", STATUSES, ""),
            ("Privé sous contrat", SCHOOL_KINDS, "under contract"),
            ("Ponctuel", FORMS, "final"),
            ("C.C.F.", FORMS, "continuous"),
            ("Bénéfice", FORMS, "exempt"),
            ("peut-être", FORMS, ""),
            ("NON CONFORME", FILES, "nonconform"),
            ("Non remis", FILES, "missing"),
            ("Matinée", HALVES, "morning"),
            ("Aprèm", HALVES, "afternoon"),
        ] {
            assert_eq!(choice(word, list).unwrap_or_default(), wanted, "{word}");
        }
    }
}
