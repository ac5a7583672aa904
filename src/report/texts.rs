//! Every text of the report, in one place: another language is another [`Texts`].
//!
//! `{…}` is filled in by the template; where a text has a `|`, the part before it is for one, the part after it
//! for several (French counts zero with one).

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::lang::Lang;

macro_rules! texts {
    ($($name:ident: $french:literal,)*) => {
        /// The texts of a report in one language.
        #[derive(Debug, Serialize)]
        pub struct Texts {
            #[serde(skip)]
            pub(crate) lang: Lang,
            #[serde(skip)]
            week: [&'static str; 7],
            #[serde(skip)]
            months: [&'static str; 12],
            #[serde(skip)]
            provenance: &'static [(&'static str, &'static str)],
            $(pub(crate) $name: &'static str,)*
        }

        /// The texts in French, for the heads of centre who print them.
        pub static FRENCH: Texts = Texts {
            lang: Lang::Fr,
            week: ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
            months: [
                "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
                "novembre", "décembre",
            ],
            provenance: &[
                ("program", "logiciel"),
                ("version", "version"),
                ("strategy", "stratégie"),
                ("seed", "tirage"),
                ("seconds", "secondes de calcul"),
                ("iterations", "essais"),
                ("threads", "fils d’exécution"),
                ("instance_hash", "empreinte des données"),
                ("replan", "replanification"),
            ],
            $($name: $french,)*
        };
    };
}

texts! {
    html_lang: "fr",
    title: "Planning des oraux – {name}",
    made_on: "page établie le {date}",
    printed_on: "imprimée le",
    skip: "Aller au contenu",
    yes: "oui",
    no: "non",
    closing: " : ",
    // The verdict.
    valid: "Planning valable : toutes les règles sont respectées.",
    valid_but: "Planning valable, mais {n} oral n’est pas programmé.|Planning valable, mais {n} oraux ne sont pas programmés.",
    which: "Lesquels et pourquoi",
    not_valid: "PLANNING NON VALABLE : {n} manquement aux règles. Ne pas diffuser.|PLANNING NON VALABLE : {n} manquements aux règles. Ne pas diffuser.",
    invalid_margin: "PLANNING NON VALABLE – {title}",
    where_: "où",
    what: "ce qui ne va pas",
    remark: "Remarque",
    // Numbers.
    candidates_n: "candidat à interroger|candidats à interroger",
    heard_n: "oral programmé|oraux programmés",
    of_due: "sur {n}",
    unscheduled_n: "oral non programmé|oraux non programmés",
    not_heard_n: "oral non interrogé|oraux non interrogés",
    sessions_n: "vacation|vacations",
    examiners_n: "interrogateur convoqué|interrogateurs convoqués",
    examiner_days_n: "journée d’interrogateur|journées d’interrogateur",
    centre_days_n: "journée de centre|journées de centre",
    cost: "coût",
    bound: "borne prouvée",
    no_bound: "aucune borne prouvée",
    gap: "écart à la borne",
    // Looking for something.
    search: "Chercher un nom, un numéro, une salle…",
    search_help: "touche / pour chercher, Échap pour effacer ; l’impression montre toujours tout",
    all_centres: "tous les centres",
    only_centre: "Centre à montrer et à imprimer",
    extract: "Extrait : {name} seulement",
    print: "Imprimer",
    nothing: "rien ne correspond",
    results: "{n} ligne|{n} lignes",
    contents: "Sommaire",
    // Pictures.
    days: "Centres et journées",
    how_to_read: "Une ligne par salle et par commission, ses interrogateurs à gauche ; chaque pavé porte le numéro du candidat et l’épreuve. Le fond gris d’une vacation laisse voir l’attente de la commission (en minutes). En bas, qui prépare dans chaque salle de préparation.",
    point_at: "Passez sur un pavé pour en lire le détail.",
    legend_preparation: "préparation",
    legend_idle: "attente de la commission",
    legend_lunch: "hors des demi-journées d’interrogation",
    legend_closed: "centre fermé ou salle indisponible",
    legend_extra: "durée majorée (aménagement)",
    open: "ouvert de {from} à {to}",
    closed: "centre fermé ce jour-là",
    day_candidates: "{n} candidat|{n} candidats",
    day_sittings: "{n} passage|{n} passages",
    day_sessions: "{n} vacation|{n} vacations",
    day_examiners: "{n} interrogateur|{n} interrogateurs",
    part: "partie {i} sur {n}",
    picture: "Salles et heures, {place}, {date}",
    preparation_of: "prép.",
    room: "salle",
    hour: "{h} h",
    prepares: "préparation {room}, {from}–{to}, pour",
    waits: "attente de la commission : {n} min ({from}–{to})",
    unavailable: "indisponible de {from} à {to}",
    vacant: "vacant",
    session: "vacation",
    scroll: "à faire défiler",
    more_members: "et {n} autre|et {n} autres",
    // Tables.
    candidates: "Candidats",
    candidate: "candidat",
    exam: "épreuve",
    date: "date",
    arrival: "heure de convocation",
    start: "début",
    end: "fin",
    centre: "centre",
    preparation_room: "préparation",
    exam_room: "salle d’interrogation",
    note: "à noter",
    extra_mark: "temps majoré",
    extra_preparation: "préparation +{n} min/h",
    extra_exam: "interrogation +{n} min/h",
    extra_written: "écrit +{n} min/h",
    needs_accessible: "salles accessibles",
    prepares_alone: "prépare seul",
    gap_of: "repos d’au moins {n} min",
    unknown_candidate: "absent des données",
    changed: "modifié depuis la publication",
    waived: "dérogation",
    unscheduled: "non programmé",
    not_heard: "non interrogé",
    no_reason: "ni programmé ni déclaré non programmé",
    not_due: "n’est pas à interroger",
    nothing_due: "aucun oral à organiser",
    examiners: "Interrogateurs",
    examiner: "interrogateur",
    sessions_of: "vacations",
    first: "premier début",
    last: "dernière fin",
    sittings: "passages",
    minutes: "minutes d’interrogation",
    km: "km (aller)",
    total: "total",
    spared: "{n} interrogateur n’est pas convoqué|{n} interrogateurs ne sont pas convoqués",
    day_sheet: "Vacations de la journée",
    commissions: "Commissions",
    hours: "horaires",
    commission: "commission",
    members: "interrogateurs",
    // The cost.
    explained: "D’où vient le coût",
    cost_link: "Coût",
    unit: "une unité, c’est…",
    units: "unités",
    weight: "poids",
    share: "part",
    biggest: "les plus fortes charges",
    more: "et {n} autre|et {n} autres",
    // Why.
    why_person: "pourquoi ?",
    why_help: "« pourquoi ? » dit ce qui s’impose à chacun, ce qu’il coûte et pourquoi pas autrement.",
    why_dearest: "Le « pourquoi pas autrement » est là pour les {n} plus coûteux ; pour les autres :",
    why_candidate: "oraux explain DONNÉES PLANNING --candidate NUMÉRO",
    why_examiner: "oraux explain DONNÉES PLANNING --examiner NUMÉRO",
    rules_cited: "Règles citées",
    at_once: "à la suite",
    session_of: "session",
    demands: "ce qu’elle demande",
    source: "source",
    needs: "Besoins et moyens",
    needs_help: "D’après les données seules, sans planning : les heures que demandent les oraux à programmer, battements compris, et celles qu’offrent les personnes, les salles et les places. Au-delà de 100 %, tout ne peut pas être interrogé ; en deçà, rien n’est promis.",
    no_means: "aucun moyen",
    need_average: "besoin",
    // Of other commands.
    diagnosis: "Diagnostic",
    simulation: "Absences simulées",
    changes: "Changements à annoncer",
    person: "qui",
    what_changes: "ce qui change",
    // What is left.
    left: "Oraux non programmés, non interrogés, dérogations",
    left_link: "Non programmés",
    left_unscheduled: "Oraux non programmés",
    left_none: "Tous les oraux sont programmés.",
    left_not_heard: "Épreuves non interrogées : dossier absent ou non conforme",
    left_waivers: "Dérogations à l’impartialité utilisées",
    why: "pourquoi",
    not_valid_file: "dossier absent ou non conforme : mention « non valide »",
    not_held: "aucun support présenté : l’épreuve ne peut pas se dérouler",
    by: "décidée par",
    reason: "motif",
    made: "Fabrication",
}

impl Texts {
    /// `lundi 3 juin 2024`.
    pub fn long_date(&self, date: NaiveDate) -> String {
        format!("{} {}", self.short_date(date), date.year())
    }

    /// `lundi 3 juin`.
    pub fn short_date(&self, date: NaiveDate) -> String {
        let day = if date.day() == 1 { "1er".to_string() } else { date.day().to_string() };
        let week = self.week[date.weekday().num_days_from_monday() as usize];
        format!("{week} {day} {}", self.months[date.month0() as usize])
    }

    /// The label of an entry of the provenance; its own key where there is none.
    pub fn provenance<'a>(&self, key: &'a str) -> &'a str {
        self.provenance.iter().find(|(k, _)| *k == key).map_or(key, |(_, label)| label)
    }

    /// The form of a text for so many, with the number in place of `{n}`.
    pub(crate) fn many(&self, text: &str, n: i64) -> String {
        let (one, several) = text.split_once('|').unwrap_or((text, text));
        // French counts zero with one.
        let form = if n.abs() < 2 { one } else { several };
        form.replace("{n}", &thousands(n))
    }

    /// Why an oral is not heard, in words; a schedule's own words stay as they are.
    pub(crate) fn reason<'a>(&self, reason: &'a str) -> &'a str {
        match reason {
            "not-valid" => self.not_valid_file,
            "not-held" => self.not_held,
            "" => self.no_reason,
            own => own,
        }
    }
}

/// `1 234 567`, with narrow no-break spaces.
pub(super) fn thousands(n: i64) -> String {
    crate::lang::thousands(n).replace('-', "−")
}
