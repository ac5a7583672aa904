//! The sheets of a workbook and their columns: the one table that the reader, the template and the manual share.

use super::headings::plain;
use crate::lang::{Lang, current};

/// What a sheet is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Name, time grid and regulation.
    Session,
    /// Candidates, with a form for each exam.
    Candidates,
    /// Where candidates come from and examiners teach.
    Schools,
    /// Sites that hear orals.
    Centres,
    /// When centres are open.
    Openings,
    /// Exam rooms and preparation rooms.
    Rooms,
    /// Groups and their centres.
    Groups,
    /// The people who may sit.
    Examiners,
    /// When examiners are free, or not.
    Availabilities,
    /// When candidates and rooms cannot be used.
    Unavailabilities,
    /// The dates of the orals.
    Calendar,
    /// The only dates of an exam.
    ExamDates,
    /// Written papers.
    Papers,
    /// Meetings.
    Events,
    /// Policy.
    Policy,
    /// Weights of the cost terms.
    Weights,
    /// Decisions already taken.
    Pins,
    /// Waivers.
    Waivers,
    /// Hours before which an oral may not begin.
    NotBefore,
    /// Hours that examiners would rather not have.
    RatherNot,
    /// Sessions composed already.
    GivenSessions,
    /// Kilometres.
    Distances,
    /// Forms by status.
    Statuses,
    /// Exams of a regulation of the instance's own.
    Exams,
    /// Seats of its commissions.
    Commissions,
}

/// What a cell of a column wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// Any text.
    Text,
    /// The id of something in the first column of another sheet.
    Id(Kind),
    /// A date.
    Date,
    /// An hour.
    Clock,
    /// Yes or no.
    Yes,
    /// A whole number.
    Whole,
    /// Degrees.
    Degrees,
    /// Several items between commas.
    List,
    /// One of these, French and English.
    OneOf(&'static [(&'static str, &'static str)]),
    /// A text that no rule reads, kept in `info` under the column's key.
    Info,
}

/// A column.
#[derive(Debug)]
pub struct Column {
    /// Its name in the code; for [`Wants::Info`] the key in `info`.
    pub key: &'static str,
    /// The French heading.
    pub fr: &'static str,
    /// The English heading.
    pub en: &'static str,
    /// Other headings, in [`plain`] form.
    pub also: &'static [&'static str],
    /// What its cells want.
    pub wants: Wants,
    /// Whether every row needs it.
    pub needed: bool,
    /// Whether it is written too, and not only understood where an office has it.
    pub written: bool,
    /// An example.
    pub example: &'static str,
    /// What it is for, French and English.
    pub help: (&'static str, &'static str),
}

/// A sheet.
#[derive(Debug)]
pub struct Layout {
    /// What it is about.
    pub kind: Kind,
    /// The French name, also of the CSV file.
    pub fr: &'static str,
    /// The English name.
    pub en: &'static str,
    /// Other names, in [`plain`] form.
    pub also: &'static [&'static str],
    /// Its columns; candidates, statuses and distances have more, by exam or by centre.
    pub columns: &'static [Column],
    /// What it is for, French and English.
    pub help: (&'static str, &'static str),
}

impl Layout {
    /// Its name in the language in force.
    pub fn name(&self) -> &'static str {
        if current() == Lang::Fr { self.fr } else { self.en }
    }
    /// The column of that key.
    pub fn column(&self, key: &str) -> &'static Column {
        self.columns.iter().find(|c| c.key == key).expect("the code names columns of the layout")
    }
    /// The columns that are written: the first ones.
    pub fn written(&self) -> &'static [Column] {
        &self.columns[..self.columns.iter().take_while(|c| c.written).count()]
    }
    /// Whether columns that it does not know are kept in `info`.
    pub fn keeps_info(&self) -> bool {
        matches!(self.kind, Kind::Candidates | Kind::Schools | Kind::Centres | Kind::Examiners)
    }
    /// Whether it may have a column for each date or half-day.
    pub fn may_be_grid(&self) -> bool {
        matches!(self.kind, Kind::Availabilities | Kind::Unavailabilities | Kind::Openings)
    }
    /// The sheet of that name, tolerantly.
    pub fn named(name: &str) -> Option<&'static Layout> {
        let name = plain(name);
        LAYOUTS.iter().find(|l| plain(l.fr) == name || plain(l.en) == name || l.also.contains(&name.as_str()))
    }
}

impl Column {
    /// Its heading in the language in force.
    pub fn heading(&self) -> &'static str {
        if current() == Lang::Fr { self.fr } else { self.en }
    }
    /// Whether a heading in [`plain`] form means this column.
    pub fn answers_to(&self, heading: &str) -> bool {
        // Blanks do not count: `P.M.R.` is PMR.
        let joined = |text: &str| text.replace(' ', "");
        let heading = joined(heading);
        let own = [plain(self.fr), plain(self.en)];
        own.iter().map(String::as_str).chain(self.also.iter().copied()).any(|name| joined(name) == heading)
    }
}

/// The layout of a kind.
pub fn layout(kind: Kind) -> &'static Layout {
    LAYOUTS.iter().find(|l| l.kind == kind).expect("every kind has a layout")
}

/// Statuses of candidates, French and English, as [`super::derive`] knows them.
pub const STATUSES: &[(&str, &str)] = &[
    ("scolaire", "pupil"),
    ("apprenti", "apprentice"),
    ("formation continue", "continuing training"),
    ("enseignement à distance", "distance learning"),
    ("expérience professionnelle", "professional experience"),
    ("individuel", "individual"),
    ("redoublant", "repeater"),
];
/// Kinds of schools.
pub const SCHOOL_KINDS: &[(&str, &str)] = &[
    ("public", "state"),
    ("sous contrat", "under contract"),
    ("hors contrat", "without contract"),
    ("CFA", "apprenticeship centre"),
    ("organisme de formation", "training organisation"),
];
/// Forms of an exam.
pub const FORMS: &[(&str, &str)] =
    &[("ponctuelle", "final"), ("CCF", "continuous"), ("dispense", "exempt"), ("–", "–")];
/// States of a file.
pub const FILES: &[(&str, &str)] =
    &[("conforme", "conform"), ("en attente", "pending"), ("non conforme", "nonconform"), ("manquant", "missing")];
/// What an exam asks of the file.
pub const FILE_RULES: &[(&str, &str)] = &[("aucun", "none"), ("contrôlé", "controlled"), ("présenté", "presented")];
/// Uses of rooms.
pub const USES: &[(&str, &str)] = &[("passage", "exam"), ("préparation", "preparation")];
/// Half-days of an availability.
pub const HALVES: &[(&str, &str)] = &[("matin", "morning"), ("après-midi", "afternoon"), ("journée", "day")];
/// Whom an unavailability concerns.
pub const WHOM: &[(&str, &str)] = &[("candidat", "candidate"), ("salle", "room"), ("interrogateur", "examiner")];
/// Where a distance starts.
pub const ORIGINS: &[(&str, &str)] =
    &[("établissement", "school"), ("interrogateur", "examiner"), ("candidat", "candidate"), ("commune", "town")];

macro_rules! sheets {
    ($($kind:ident $fr:literal $en:literal [$($also:literal),*] $hfr:literal / $hen:literal {
        $($key:literal $($read_only:ident)? : $cfr:literal, $cen:literal, [$($calso:literal),*], $wants:expr, $needed:literal, $example:literal, $chfr:literal / $chen:literal;)*
    })*) => {
        /// Every sheet, in the order of the workbook.
        pub static LAYOUTS: &[Layout] = &[$(Layout {
            kind: Kind::$kind, fr: $fr, en: $en, also: &[$($also),*], help: ($hfr, $hen),
            columns: &[$(Column {
                key: $key, fr: $cfr, en: $cen, also: &[$($calso),*], wants: $wants, needed: $needed,
                written: concat!("" $(, stringify!($read_only))?).is_empty(), example: $example, help: ($chfr, $chen),
            }),*],
        }),*];
    };
}

use Wants::*;

sheets! {
    Session "Session" "Session" ["instance", "parametres"]
    "Le nom de la session, le pas des horaires et le règlement" / "The session's name, the time grid and the regulation" {
        "key": "Paramètre", "Parameter", ["cle", "key", "libelle"], Text, true, "Nom", "Nom, Pas, Règlement" / "Name, Step, Regulation";
        "value": "Valeur", "Value", [], Text, false, "normandie-2024", "Sa valeur" / "Its value";
    }
    Candidates "Candidats" "Candidates" ["liste des candidats", "inscriptions", "candidat"]
    "Une ligne par candidat, une colonne par épreuve" / "One row a candidate, one column an exam" {
        "id": "N° candidat", "Candidate", ["numero candidat", "no candidat", "candidat", "numero", "n", "id", "matricule", "numero de candidat", "candidate no", "number"], Text, true, "0214567890", "Numéro, en texte : les zéros de tête comptent" / "Number, as a text: leading zeros count";
        "name": "Nom", "Name", ["nom et prenom", "nom prenom", "nom de famille", "candidate name", "last name"], Text, false, "CHÊNE-FICTIF", "Nom, ou nom et prénom" / "Family name, or full name";
        "first_name": "Prénom", "First name", ["prenoms"], Text, false, "Alouette", "S'ajoute au nom" / "Added to the name";
        "group": "Groupe", "Group", ["regroupement", "groupement", "pilote"], Id(Kind::Groups), false, "CAEN", "Groupe de la feuille Groupes ; facultatif s'il n'y en a qu'un" / "A group of the sheet Groups; optional where there is only one";
        "school": "Établissement", "School", ["uai", "uai d origine", "uai origine", "uai etablissement", "rne", "code etablissement", "etablissement d origine", "school id"], Id(Kind::Schools), false, "0142059M", "UAI de l'établissement ; « individuel » pour un candidat qui n'en a pas" / "The school's id; \"individual\" for a candidate on their own";
        "papers": "Écrits", "Papers", ["epreuves ecrites", "ecrit", "written papers"], List, false, "E1, E3, E5", "Écrits passés ; « tous » pour tous" / "Papers sat; \"all\" for all";
        "preparation": "Temps majoré préparation", "Extra preparation", ["tiers temps preparation", "tt preparation", "majoration preparation"], Whole, false, "20", "Minutes en plus par heure ; tiers temps : 20" / "Extra minutes an hour; a third is 20";
        "exam": "Temps majoré passage", "Extra exam", ["tiers temps passage", "tiers temps oral", "tt passage", "tt oral", "majoration passage"], Whole, false, "20", "Minutes en plus par heure" / "Extra minutes an hour";
        "written": "Temps majoré écrit", "Extra written", ["tiers temps ecrit", "tt ecrit", "majoration ecrit"], Whole, false, "20", "Minutes en plus par heure" / "Extra minutes an hour";
        "extra": "Temps majoré", "Extra time", ["tiers temps", "tt", "1 3 temps", "majoration", "temps supplementaire", "tiers temps oui non"], Whole, false, "", "Pour préparation, passage et écrits à la fois : oui (20 minutes par heure), 20, « écrit »…" / "For preparation, sitting and papers at once: yes (20 minutes an hour), 20, \"written\"...";
        "accommodations": "Aménagements", "Accommodations", ["amenagement", "amenagements d epreuves", "amenagements d epreuve", "amenagements d examen"], Text, false, "", "En mots : tiers temps, salle accessible, prépare seul" / "In words: extra time, needs accessible, prepares alone";
        "accessible": "Salle accessible", "Needs accessible", ["accessibilite", "mobilite reduite", "pmr", "acces pmr"], Yes, false, "non", "Mobilité réduite" / "Reduced mobility";
        "alone": "Prépare seul", "Prepares alone", ["preparation seul", "salle a part", "isole"], Yes, false, "non", "Salle de préparation pour lui seul" / "Has the preparation room alone";
        "gap": "Repos minimal (min)", "Gap (min)", ["repos minimal", "repos", "ecart minimal", "gap", "pause minimale"], Whole, false, "60", "Minutes entre deux épreuves d'une journée" / "Minutes between two exams of one date";
        "excluded": "Interrogateurs exclus", "Excluded examiners", ["incompatibilites", "exclusions", "interrogateurs incompatibles"], List, false, "X009", "Ceux qui ne peuvent pas l'entendre" / "Those who may not hear this candidate";
        "order": "Ordre des épreuves", "Exam order", [], List, false, "", "Sert à garder l'ordre d'un fichier" / "Keeps the order of a file";
        "status": "Statut", "Status", ["statut du candidat", "categorie", "voie", "candidate status"], Info, false, "scolaire", "D'où se déduit la forme des épreuves non remplies" / "The form of exams left empty follows from it";
        "ine": "INE", "INE", ["numero ine", "n ine", "identifiant national eleve"], Info, false, "0123456789A", "En texte" / "As a text";
        "birth_date": "Date de naissance", "Birth date", ["ne le", "nee le", "naissance", "ne e le"], Info, false, "14/02/2003", "" / "";
        "académie": "Académie", "Académie", ["academie d origine"], Info, false, "Normandie", "" / "";
        "town": "Commune", "Town", ["ville", "commune de residence"], Info, false, "Lisieux", "Pour les kilomètres d'un candidat sans établissement" / "For the kilometres of a candidate without a school";
        "email": "Courriel", "E-mail", ["mail", "adresse mail", "mel", "adresse electronique"], Info, false, "alouette@example.org", "" / "";
        "title": "Civilité", "Title", ["civ", "titre"], Info, false, "Mme", "Pour les courriers" / "For letters";
        "address": "Adresse", "Address", ["adresse postale", "adresse du candidat", "adresse complete"], Info, false, "1 rue fictive, 14100 Lisieux", "Adresse postale, imprimée sur la convocation" / "Postal address, printed on the convocation";
        "telephone": "Téléphone", "Telephone", ["tel", "portable", "numero de telephone", "mobile"], Info, false, "", "En texte" / "As a text";
    }
    Schools "Établissements" "Schools" ["etablissement", "etablissements d origine", "lycees", "school"]
    "Les établissements des candidats et des interrogateurs" / "Where candidates come from and examiners teach" {
        "id": "UAI", "School", ["rne", "code", "id", "code uai", "etablissement", "numero uai", "uai etablissement"], Text, true, "0142059M", "Sept chiffres et une lettre" / "Seven digits and a letter";
        "name": "Nom", "Name", ["denomination", "nom de l etablissement", "libelle"], Text, false, "Lycée fictif des Ormes", "" / "";
        "town": "Commune", "Town", ["ville"], Text, false, "Lisieux", "Pour les kilomètres" / "For the kilometres";
        "académie": "Académie", "Académie", [], Info, false, "Normandie", "" / "";
        "kind": "Type", "Kind", ["nature", "secteur", "type d etablissement", "contrat"], Info, false, "sous contrat", "Pour la forme des épreuves" / "For the form of the exams";
        "habilitation": "Habilitation CCF", "Habilitated", ["habilite", "habilitation", "habilite ccf"], Info, false, "oui", "Le CFA ou l'organisme est-il habilité au CCF ?" / "Whether it may hold continuous assessment";
        "latitude": "Latitude", "Latitude", ["lat"], Info, false, "49.15", "En degrés, à défaut de commune connue" / "In degrees, where the town is not known";
        "longitude": "Longitude", "Longitude", ["lon", "long", "lng"], Info, false, "0.23", "" / "";
        "address": "Adresse", "Address", ["adresse postale"], Info, false, "", "Pour le bordereau de l'établissement" / "For the school's summary";
        "email": "Courriel", "E-mail", ["mail", "adresse mail", "mel", "adresse electronique"], Info, false, "", "Pour le bordereau de l'établissement" / "For the school's summary";
    }
    Centres "Centres" "Centres" ["centre", "centres d examen", "centres d epreuves"]
    "Les centres d'examen" / "The sites that hear orals" {
        "id": "UAI", "Centre", ["code", "id", "rne", "code uai", "centre d examen", "numero uai"], Text, true, "0141640G", "Sept chiffres et une lettre" / "Seven digits and a letter";
        "name": "Nom", "Name", ["denomination", "libelle", "nom du centre"], Text, false, "Lycée fictif des Tilleuls", "" / "";
        "town": "Commune", "Town", ["ville"], Text, false, "Caen", "Pour les kilomètres" / "For the kilometres";
        "exams": "Épreuves", "Exams", ["epreuves accueillies", "seules epreuves"], List, false, "", "Les seules épreuves du centre ; vide : toutes" / "The only exams heard there; empty: all";
        "time_zone": "Fuseau horaire", "Time zone", ["fuseau"], Text, false, "", "Indian/Reunion, par exemple ; vide : celui du département" / "Indian/Reunion, say; empty: that of the département";
        "académie": "Académie", "Académie", [], Info, false, "Normandie", "" / "";
        "latitude": "Latitude", "Latitude", ["lat"], Info, false, "49.18", "En degrés, à défaut de commune connue" / "In degrees, where the town is not known";
        "longitude": "Longitude", "Longitude", ["lon", "long", "lng"], Info, false, "-0.37", "" / "";
        "address": "Adresse", "Address", ["adresse postale"], Info, false, "2 rue fictive, 14000 Caen", "Imprimée sur les convocations" / "Printed on convocations";
        "telephone": "Téléphone", "Telephone", ["tel", "numero de telephone"], Info, false, "", "Imprimé sur les convocations" / "Printed on convocations";
        "email": "Courriel", "E-mail", ["mail", "adresse mail", "mel", "adresse electronique"], Info, false, "", "" / "";
    }
    Openings "Ouvertures" "Openings" ["ouverture", "ouverture des centres", "horaires", "horaires des centres"]
    "Les heures d'ouverture des centres, une ligne par date" / "When centres are open, one row a date" {
        "centre": "Centre", "Centre", ["uai", "code centre"], Id(Kind::Centres), true, "0141640G", "" / "";
        "date": "Date", "Date", ["jour"], Date, true, "03/06/2024", "" / "";
        "from": "De", "From", ["debut", "ouverture", "heure de debut", "start"], Clock, false, "8h00", "" / "";
        "to": "À", "To", ["fin", "fermeture", "heure de fin", "jusqu a", "end"], Clock, false, "18h30", "" / "";
        "half" read_only: "Demi-journée", "Half-day", ["demi journee", "periode", "moment", "creneau", "creneaux", "plage", "plage horaire", "horaire", "horaires", "heures"], OneOf(HALVES), false, "", "matin, après-midi ou journée, à la place des heures" / "morning, afternoon or day, in place of hours";
    }
    Rooms "Salles" "Rooms" ["salle", "locaux"]
    "Les salles de passage et de préparation (loges)" / "Exam rooms and preparation rooms" {
        "centre": "Centre", "Centre", ["uai", "code centre", "site"], Id(Kind::Centres), true, "0141640G", "" / "";
        "room": "Salle", "Room", ["numero de salle", "nom de la salle", "n salle", "local"], Text, true, "B101", "" / "";
        "use": "Usage", "Use", ["type", "utilisation", "nature", "fonction"], OneOf(USES), true, "passage", "passage ou préparation" / "exam or preparation";
        "seats": "Places", "Seats", ["capacite", "nombre de places"], Whole, false, "12", "Pour une salle de préparation" / "For a preparation room";
        "accessible": "Accessible", "Accessible", ["accessibilite", "pmr", "acces pmr"], Yes, false, "oui", "" / "";
        "equipment": "Équipement", "Equipment", ["equipements", "materiel"], List, false, "phone", "phone : téléphone ou paravent (E22)" / "phone: a device or a partition (E22)";
    }
    Groups "Groupes" "Groups" ["groupe", "groupements", "regroupements"]
    "Les groupes de candidats et leurs centres" / "Groups of candidates and their centres" {
        "group": "Groupe", "Group", ["nom", "regroupement"], Text, true, "CAEN", "" / "";
        "centres": "Centres", "Centres", ["centre", "uai", "centres possibles"], List, false, "0141640G", "Les centres possibles" / "The centres allowed";
    }
    Examiners "Interrogateurs" "Examiners" ["interrogateur", "jury", "jurys", "examinateurs", "intervenants"]
    "Les enseignants et les professionnels" / "Teachers and professionals" {
        "id": "N° interrogateur", "Examiner", ["numero interrogateur", "interrogateur", "numero", "n", "id", "matricule", "numen", "code"], Text, true, "X001", "" / "";
        "name": "Nom", "Name", ["nom et prenom", "nom prenom", "nom de famille", "last name"], Text, false, "ÉRABLE-FICTIF", "" / "";
        "first_name": "Prénom", "First name", ["prenoms"], Text, false, "Mésange", "S'ajoute au nom" / "Added to the name";
        "qualifications": "Compétences", "Qualifications", ["competence", "discipline", "disciplines", "qualification"], List, false, "EG, CCST", "EG, STI, CCST, PRO, LV-en…" / "EG, STI, CCST, PRO, LV-en...";
        "schools": "Établissements", "Schools", ["uai", "uai d exercice", "etablissement", "etablissement d exercice", "uai s d exercice"], List, false, "0142059M", "Où la personne enseigne" / "Where the person teaches";
        "max_days": "Jours au plus", "Max days", ["quota", "jours maximum", "nombre de jours maximum", "max jours"], Whole, false, "4", "" / "";
        "sittings_a_day": "Passages par jour au plus", "Max sittings a day", ["passages par jour", "oraux par jour"], Whole, false, "", "À la place de la limite de la feuille Politique" / "In place of the limit in the sheet Policy";
        "max_sittings": "Passages au plus", "Max sittings", ["nombre de passages maximum", "passages maximum"], Whole, false, "", "Sur toute la session" / "On all dates together";
        "target_sittings": "Passages souhaités", "Target sittings", ["objectif", "objectif de passages", "nombre de passages prevu"], Whole, false, "", "Sur toute la session" / "On all dates together";
        "centres": "Seuls centres", "Only centres", ["centres", "centres possibles", "centre"], List, false, "", "Vide : tous" / "Empty: all";
        "reserve": "Réserve", "Reserve", ["suppleant", "reserviste"], Yes, false, "non", "Appelable en cas de défection" / "On call";
        "free": "Libre par défaut", "Free by default", ["disponible par defaut", "disponible"], Yes, false, "", "oui : libre à toutes les dates, sauf mention dans Disponibilités" / "yes: free on all dates, save what Availabilities says";
        "town": "Commune", "Town", ["ville", "commune de residence", "residence"], Info, false, "Lisieux", "Pour les kilomètres" / "For the kilometres";
        "status": "Statut", "Status", ["fonction", "qualite"], Info, false, "professionnel", "" / "";
        "email": "Courriel", "E-mail", ["mail", "adresse mail", "mel", "adresse electronique"], Info, false, "mesange@example.org", "" / "";
        "latitude": "Latitude", "Latitude", ["lat"], Info, false, "", "" / "";
        "longitude": "Longitude", "Longitude", ["lon", "long", "lng"], Info, false, "", "" / "";
        "title": "Civilité", "Title", ["civ", "titre"], Info, false, "Mme", "Pour les courriers" / "For letters";
        "address": "Adresse", "Address", ["adresse postale", "adresse complete"], Info, false, "", "Adresse postale, imprimée sur la convocation" / "Postal address, printed on the convocation";
        "telephone": "Téléphone", "Telephone", ["tel", "portable", "numero de telephone", "mobile"], Info, false, "", "En texte" / "As a text";
        "employer": "Employeur", "Employer", ["entreprise", "societe", "nom de l employeur"], Info, false, "", "D'un professionnel : une copie de la convocation lui est destinée" / "Of a professional: gets a copy of the convocation";
        "employer_address": "Adresse de l'employeur", "Employer's address", ["adresse entreprise"], Info, false, "", "" / "";
    }
    Availabilities "Disponibilités" "Availabilities" ["disponibilite", "dispos", "indisponibilites des interrogateurs"]
    "Quand les interrogateurs sont libres : une ligne par date ou demi-journée, ou une colonne par demi-journée" / "When examiners are free: one row a date or half-day, or one column a half-day" {
        "examiner": "Interrogateur", "Examiner", ["n interrogateur", "numero interrogateur", "numero", "n", "id", "matricule", "enseignant", "enseignante", "professeur", "professeure", "prof", "intervenant", "interrogatrice", "examinateur", "membre", "membre du jury"], Id(Kind::Examiners), false, "X001", "Numéro, ou nom d'une seule personne" / "Number, or a name that one person alone has";
        "date": "Date", "Date", ["jour", "dates", "du", "date de debut", "le"], Date, true, "03/06/2024", "" / "";
        "from": "De", "From", ["debut", "heure de debut", "start"], Clock, false, "8h00", "" / "";
        "to": "À", "To", ["fin", "heure de fin", "jusqu a", "end"], Clock, false, "12h30", "" / "";
        "half": "Demi-journée", "Half-day", ["demi journee", "periode", "moment", "creneau", "creneaux", "plage", "plage horaire", "horaire", "horaires", "heures"], OneOf(HALVES), false, "", "matin, après-midi ou journée, à la place des heures" / "morning, afternoon or day, in place of hours";
        "free": "Libre", "Free", ["disponible", "dispo"], Yes, false, "", "non : une indisponibilité (avec « Libre par défaut »)" / "no: not free (with \"Free by default\")";
        "apart": "À part", "Apart", ["separee", "non jointe"], Yes, false, "", "oui : non réunie aux heures qui la touchent" / "yes: not joined to the hours that touch it";
        "absent" read_only: "Indisponible", "Unavailable", ["absent", "indispo", "absence"], Yes, false, "", "oui : une indisponibilité" / "yes: not free";
        "name" read_only: "Nom", "Name", ["nom et prenom", "nom prenom", "nom de famille", "last name"], Text, false, "", "À défaut de numéro" / "In place of a number";
        "first_name" read_only: "Prénom", "First name", ["prenoms"], Text, false, "", "S'ajoute au nom" / "Added to the name";
        "until" read_only: "Au", "Until", ["jusqu au", "date de fin"], Date, false, "", "Dernière date d'une suite qui commence à Date" / "The last of several dates from Date on";
    }
    Unavailabilities "Indisponibilités" "Unavailabilities" ["indisponibilite"]
    "Quand un candidat ou un interrogateur ne peut venir, ou une salle servir" / "When a candidate or examiner cannot come, or a room be used" {
        "whom": "Type", "Type", ["nature", "kind"], OneOf(WHOM), false, "candidat", "candidat, salle ou interrogateur ; à défaut, ce que dit le nom de la feuille" / "candidate, room or examiner; else what the sheet's name says";
        "centre": "Centre", "Centre", ["uai"], Id(Kind::Centres), false, "", "Celui de la salle" / "The room's";
        "id": "Candidat ou salle", "Candidate or room", ["qui", "id", "who", "candidat", "salle", "numero", "n candidat", "numero candidat"], Text, false, "0214567890", "Numéro, ou nom d'une seule personne" / "Number, or a name that one person alone has";
        "date": "Date", "Date", ["jour", "dates", "du", "date de debut", "le"], Date, true, "04/06/2024", "" / "";
        "from": "De", "From", ["debut", "heure de debut", "start"], Clock, false, "8h00", "" / "";
        "to": "À", "To", ["fin", "heure de fin", "jusqu a", "end"], Clock, false, "12h30", "" / "";
        "half": "Demi-journée", "Half-day", ["demi journee", "periode", "moment", "creneau", "creneaux", "plage", "plage horaire", "horaire", "horaires", "heures"], OneOf(HALVES), false, "", "matin, après-midi ou journée, à la place des heures" / "morning, afternoon or day, in place of hours";
        "name" read_only: "Nom", "Name", ["nom et prenom", "nom prenom", "nom de famille", "last name"], Text, false, "", "À défaut de numéro" / "In place of a number";
        "first_name" read_only: "Prénom", "First name", ["prenoms"], Text, false, "", "S'ajoute au nom" / "Added to the name";
        "until" read_only: "Au", "Until", ["jusqu au", "date de fin"], Date, false, "", "Dernière date d'une suite qui commence à Date" / "The last of several dates from Date on";
    }
    Calendar "Calendrier" "Calendar" ["dates", "jours", "dates des oraux"]
    "Les dates des oraux" / "The dates of the orals" {
        "date": "Date", "Date", ["jour", "dates"], Date, true, "03/06/2024", "" / "";
    }
    ExamDates "Dates des épreuves" "Exam dates" ["dates par epreuve"]
    "Les épreuves qui n'ont lieu qu'à certaines dates" / "Exams heard on certain dates only" {
        "exam": "Épreuve", "Exam", ["code epreuve"], Id(Kind::Exams), true, "EF1", "" / "";
        "dates": "Dates", "Dates", ["date", "seules dates"], List, false, "05/06/2024, 06/06/2024", "" / "";
    }
    Papers "Écrits" "Papers" ["ecrit", "epreuves ecrites"]
    "Les écrits, pour que nul oral ne les heurte" / "Written papers, so that no oral meets them" {
        "id": "Écrit", "Paper", ["epreuve", "code", "id"], Text, true, "E5", "" / "";
        "date": "Date", "Date", ["jour"], Date, true, "16/05/2024", "" / "";
        "start": "Début", "Start", ["de", "heure de debut", "from"], Clock, true, "14h00", "" / "";
        "end": "Fin", "End", ["a", "heure de fin", "to"], Clock, true, "18h00", "Sans temps majoré" / "Without extra time";
        "loge": "Loge jusqu'à", "Kept until", ["loge", "temps de loge", "loge until"], Clock, false, "15h00", "Nul ne sort avant" / "Nobody leaves before";
    }
    Events "Réunions" "Events" ["reunion", "meetings", "evenements"]
    "Les réunions qui retiennent des interrogateurs" / "Meetings that take examiners" {
        "id": "Réunion", "Event", ["nom", "intitule", "id", "meeting"], Text, true, "E5-bareme", "" / "";
        "date": "Date", "Date", ["jour"], Date, true, "23/05/2024", "" / "";
        "start": "Début", "Start", ["de", "heure de debut", "from"], Clock, true, "14h00", "" / "";
        "end": "Fin", "End", ["a", "heure de fin", "to"], Clock, true, "17h00", "" / "";
        "concerns": "Concerne", "Concerns", ["concernes", "qui"], List, false, "EG, STI", "Compétences ou interrogateurs" / "Qualifications or examiners";
    }
    Policy "Politique" "Policy" ["regles", "choix academiques"]
    "Ce que la circulaire laisse à l'académie ; une ligne absente garde la valeur d'usage" / "What the circular leaves to the académie; a row left out keeps its default" {
        "key": "Paramètre", "Parameter", ["cle", "key", "libelle"], Text, true, "orals_a_day", "" / "";
        "value": "Valeur", "Value", [], Text, false, "3", "" / "";
    }
    Weights "Poids" "Weights" ["couts", "ponderations"]
    "Ce que coûte une unité de chaque poste" / "What a unit of each cost term costs" {
        "key": "Poste", "Term", ["parametre", "cle", "key", "parameter"], Text, true, "examiner_km", "" / "";
        "value": "Poids", "Weight", ["valeur", "value"], Whole, false, "10", "" / "";
    }
    Pins "Décisions" "Decisions" ["decision", "pins", "fixes"]
    "Les passages déjà décidés, en tout ou partie" / "Sittings decided already, wholly or in part" {
        "candidate": "Candidat", "Candidate", ["n candidat", "numero candidat"], Id(Kind::Candidates), true, "0214567890", "" / "";
        "exam": "Épreuve", "Exam", ["code epreuve"], Id(Kind::Exams), true, "E4", "" / "";
        "date": "Date", "Date", ["jour"], Date, false, "03/06/2024", "" / "";
        "start": "Heure", "Start", ["debut", "heure de passage", "heure de debut"], Clock, false, "9h00", "Début du passage, après la préparation" / "When the sitting starts, after preparation";
        "centre": "Centre", "Centre", ["uai"], Id(Kind::Centres), false, "", "" / "";
        "room": "Salle", "Room", [], Text, false, "", "" / "";
        "examiner": "Interrogateur", "Examiner", ["n interrogateur"], Id(Kind::Examiners), false, "", "" / "";
    }
    Waivers "Dérogations" "Waivers" ["derogation"]
    "Un interrogateur peut entendre ce candidat malgré l'impartialité" / "An examiner may hear this candidate in spite of impartiality" {
        "candidate": "Candidat", "Candidate", ["n candidat", "numero candidat"], Id(Kind::Candidates), true, "0214567890", "" / "";
        "examiner": "Interrogateur", "Examiner", ["n interrogateur"], Id(Kind::Examiners), true, "X014", "" / "";
        "by": "Décidée par", "By", ["autorite", "decide par", "responsable"], Text, true, "Chef fictif de division", "" / "";
        "reason": "Motif", "Reason", ["raison"], Text, true, "Seul spécialiste", "" / "";
    }
    NotBefore "Pas avant" "Not before" ["oraux reportes", "pas avant le"]
    "Les oraux qui ne peuvent pas commencer avant une date et une heure" / "Orals that may not begin before a date and hour" {
        "candidate": "Candidat", "Candidate", ["n candidat", "numero candidat"], Id(Kind::Candidates), true, "0214567890", "" / "";
        "exam": "Épreuve", "Exam", ["code epreuve"], Id(Kind::Exams), true, "E4", "" / "";
        "date": "Date", "Date", ["jour", "pas avant le"], Date, true, "04/06/2024", "" / "";
        "start": "Heure", "Hour", ["debut", "a partir de"], Clock, true, "14h00", "Préparation comprise" / "Preparation included";
    }
    RatherNot "À éviter" "Rather not" ["heures a eviter", "a eviter si possible"]
    "Les heures qu'un interrogateur préfère éviter ; ce n'est pas une indisponibilité" / "Hours that an examiner would rather not have; they can come all the same" {
        "examiner": "Interrogateur", "Examiner", ["n interrogateur"], Id(Kind::Examiners), true, "X014", "" / "";
        "date": "Date", "Date", ["jour"], Date, true, "03/06/2024", "" / "";
        "from": "De", "From", ["debut", "heure de debut", "start"], Clock, true, "8h00", "" / "";
        "to": "À", "To", ["fin", "heure de fin", "jusqu a", "end"], Clock, true, "9h30", "" / "";
    }
    GivenSessions "Vacations composées" "Given sessions" ["vacations", "vacations prevues", "commissions composees", "jurys composes"]
    "Les vacations que le service a déjà composées : une ligne par siège ; ce qui est vide reste au choix du programme" / "Sessions that the office has composed already: a row a seat; what is empty is left to the program" {
        "id": "Vacation", "Session", ["n vacation", "numero", "id"], Text, true, "V01", "Les lignes d'un même numéro sont une vacation" / "Rows of one number are one session";
        "commission": "Commission", "Commission", [], Text, true, "technico-commerciale", "" / "";
        "language": "Langue", "Language", [], Text, false, "", "Pour une commission de langue facultative" / "For a commission that has one";
        "centre": "Centre", "Centre", ["uai"], Id(Kind::Centres), true, "0141640G", "" / "";
        "room": "Salle", "Room", [], Text, false, "", "" / "";
        "date": "Date", "Date", ["jour"], Date, true, "03/06/2024", "" / "";
        "half": "Demi-journée", "Half-day", ["demi journee", "periode"], Text, true, "matin", "matin, après-midi, ou le numéro de la feuille Politique" / "morning, afternoon, or the number in the sheet Policy";
        "seat": "Siège", "Seat", [], Text, false, "EG", "" / "";
        "examiner": "Interrogateur", "Examiner", ["n interrogateur", "membre"], Id(Kind::Examiners), false, "X001", "" / "";
    }
    Distances "Distances" "Distances" ["kilometres", "km", "distancier"]
    "Les kilomètres, une colonne par centre" / "Kilometres, one column a centre" {
        "origin": "Type", "Type", ["nature", "kind"], OneOf(ORIGINS), true, "établissement", "établissement, interrogateur, candidat ou commune" / "school, examiner, candidate or town";
        "id": "Origine", "Origin", ["de", "id", "from", "depart"], Text, true, "0142059M", "UAI, numéro ou commune" / "Id or town";
    }
    Statuses "Statuts" "Statuses" ["statut", "formes par statut"]
    "La forme des épreuves non remplies, selon le statut ; remplace le tableau du programme" / "The form of exams left empty, by status; replaces the program's own table" {
        "status": "Statut", "Status", [], Text, true, "apprenti", "" / "";
        "kind": "Type d'établissement", "School kind", ["type", "kind"], Text, false, "CFA", "Vide : tous" / "Empty: any";
        "habilitated": "Habilité", "Habilitated", ["habilitation", "habilitation ccf"], Text, false, "oui", "Vide : peu importe" / "Empty: either";
        "all": "Toutes", "All", ["toutes les epreuves", "forme", "form"], OneOf(FORMS), false, "CCF", "Forme des épreuves sans colonne" / "The form of exams without a column";
    }
    Exams "Épreuves" "Exams" ["epreuve", "reglement epreuves"]
    "Les épreuves d'un règlement propre (vide : celui que nomme Session)" / "Exams of a regulation of one's own (empty: the one that Session names)" {
        "id": "Épreuve", "Exam", ["code", "id"], Text, true, "E4", "" / "";
        "title": "Intitulé", "Title", [], Text, false, "Négociation", "" / "";
        "commission": "Commission", "Commission", [], Id(Kind::Commissions), true, "technico-commerciale", "" / "";
        "preparation": "Préparation", "Preparation", [], Whole, false, "60", "Minutes" / "Minutes";
        "duration": "Durée", "Duration", [], Whole, true, "60", "Minutes" / "Minutes";
        "turnaround": "Battement", "Turnaround", [], Whole, false, "10", "Minutes" / "Minutes";
        "file": "Dossier", "File", [], OneOf(FILE_RULES), false, "contrôlé", "" / "";
        "equipment": "Équipement", "Equipment", [], List, false, "", "" / "";
        "follows": "Suit", "Follows", [], Text, false, "", "" / "";
        "grid": "Grille", "Grid", ["annexe"], Text, false, "11", "" / "";
        "source": "Source", "Source", [], Text, false, "", "" / "";
        "code": "Sigle", "Printed code", ["code imprime"], Text, false, "", "Comme les papiers l'écrivent, si le code n'est pas pour le lecteur" / "As papers write it, where the code is not for readers";
    }
    Commissions "Commissions" "Commissions" ["commission", "sieges"]
    "Les sièges des commissions d'un règlement propre" / "The seats of the commissions of a regulation of one's own" {
        "commission": "Commission", "Commission", [], Text, true, "expertise", "" / "";
        "seat": "Siège", "Seat", [], Text, true, "STI", "" / "";
        "needs": "Compétences", "Needs", ["any of"], Text, false, "STI + CCST", "Ensembles séparés par « / », joints par « + »" / "Sets apart by \"/\", joined by \"+\"";
        "required": "Obligatoire", "Required", [], Yes, true, "oui", "" / "";
        "prefers": "De préférence", "Prefers", ["prefere", "preferees"], List, false, "", "" / "";
    }
}
