//! What an import asks: a column or a word that looks like something a rule reads and is not certain. Each is a fault
//! until the mapping file answers it; as data, a page can ask it by clicks.

use serde::Serialize;

use super::headings::Names;
use super::layout::{Kind, Layout};
use super::page::Page;
use crate::fault::{Fault, Place, letters};
use crate::tr;

/// What a column may be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Topic {
    /// The key of the layout's column, or of what has no column.
    pub key: &'static str,
}

/// Topics with their names, and the columns that answer them.
const TOPICS: &[(&str, &str, &str, &[&str])] = &[
    ("school", "l'établissement du candidat", "the candidate's school", &["school"]),
    ("schools", "les établissements où la personne enseigne", "where the person teaches", &["schools"]),
    ("extra", "un temps majoré", "extra time", &["extra", "preparation", "exam", "written"]),
    ("preparation", "un temps majoré", "extra time", &["preparation", "extra"]),
    ("exam", "un temps majoré", "extra time", &["exam", "extra"]),
    ("written", "un temps majoré", "extra time", &["written", "extra"]),
    (
        "accommodations",
        "des aménagements",
        "accommodations",
        &["accommodations", "extra", "accessible", "alone", "gap"],
    ),
    ("accessible", "l'accessibilité", "accessibility", &["accessible"]),
    ("alone", "une préparation seul", "preparation alone", &["alone"]),
    ("gap", "un repos entre deux épreuves", "a rest between two exams", &["gap"]),
    ("excluded", "des interrogateurs à exclure", "examiners to exclude", &["excluded"]),
    ("status", "le statut du candidat", "the candidate's status", &["status"]),
    ("papers", "les écrits passés", "the papers sat", &["papers"]),
    ("group", "le groupe", "the group", &["group"]),
    ("qualifications", "les compétences", "qualifications", &["qualifications"]),
    ("equipment", "l'équipement de la salle", "the room's equipment", &["equipment"]),
    ("reserve", "la réserve", "the reserve", &["reserve"]),
    ("free", "la disponibilité", "availability", &["free"]),
    ("max_days", "un nombre de jours", "a number of days", &["max_days"]),
    (
        "sittings",
        "un nombre de passages",
        "a number of sittings",
        &["sittings_a_day", "max_sittings", "target_sittings"],
    ),
    ("centres", "les seuls centres de la personne", "the person's only centres", &["centres"]),
    ("habilitation", "l'habilitation au CCF", "the habilitation", &["habilitation"]),
    ("kind", "le type de l'établissement", "the school's kind", &["kind"]),
    (
        "decisions",
        "des passages déjà décidés, qui se disent dans une feuille à part (Décisions)",
        "sittings already decided, which go to a sheet of their own (Decisions)",
        &[],
    ),
    (
        "times",
        "une date, des heures ou une demi-journée",
        "a date, hours or a half-day",
        &["date", "until", "from", "to", "half", "free", "absent"],
    ),
    ("languages", "une langue", "a language", &["languages"]),
    ("forms", "la forme d'une épreuve", "the form of an exam", &["forms"]),
    ("files", "le dossier d'une épreuve", "the file of an exam", &["files"]),
    (
        "orals",
        "les épreuves du candidat, qui ont chacune leur colonne (E4, E22…) ou leur ligne (colonnes Épreuve et Forme)",
        "the candidate's exams, each of which has a column (E4, E22...) or a row of its own (columns Exam and Form)",
        &[],
    ),
    ("exams", "les épreuves du centre", "the centre's exams", &["exams"]),
    (
        "absences",
        "des absences, qui vont dans une feuille à part (Indisponibilités ou Disponibilités)",
        "absences, which go to a sheet of their own (Unavailabilities or Availabilities)",
        &[],
    ),
    (
        "exclusions",
        "des candidats à ne pas interroger, qui se disent dans la feuille Candidats (Interrogateurs exclus)",
        "candidates not to be heard, which the sheet Candidates says (Excluded examiners)",
        &[],
    ),
    (
        "yes",
        "une réponse par oui ou non dont rien ne dit le sens",
        "an answer of yes or no of which nothing says the sense",
        &["accessible", "alone", "extra", "reserve", "free", "habilitation"],
    ),
];

impl Topic {
    /// The topic of that key.
    pub fn of(key: &'static str) -> Topic {
        debug_assert!(TOPICS.iter().any(|t| t.0 == key), "{key}");
        Topic { key }
    }

    fn row(self) -> &'static (&'static str, &'static str, &'static str, &'static [&'static str]) {
        TOPICS.iter().find(|t| t.0 == self.key).unwrap_or(&TOPICS[0])
    }

    /// What it is, in words.
    fn name(self) -> String {
        let (_, fr, en, _) = self.row();
        tr!("{en}", "{fr}")
    }

    /// The headings that a column of this topic may be given.
    fn headings(self, page: &Page, names: &Names) -> Vec<String> {
        let layout = page.layout;
        let of_exam = |exams: &[String], part: Option<(&str, &str)>| -> Vec<String> {
            let word = |e: &String| match part {
                Some((fr, en)) => format!("{e} {}", tr!("{en}", "{fr}")),
                None => e.clone(),
            };
            exams.iter().map(word).collect()
        };
        let candidates = layout.kind == Kind::Candidates;
        let free = |key: &str| self.key != "times" || page.column(key).is_none();
        let each = |key: &&str| match *key {
            "languages" if candidates => of_exam(&names.tongued, Some(("langue", "language"))),
            "forms" if candidates => of_exam(&names.exams, None),
            "files" if candidates => of_exam(&names.filed, Some(("dossier", "file"))),
            key => layout.columns.iter().filter(|c| c.key == key).map(|c| c.heading().to_string()).collect(),
        };
        self.row().3.iter().filter(|key| free(key)).flat_map(each).collect()
    }
}

/// An answer that can be given, with the line of the mapping file that gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The expected heading or value, `info` or `ignorer`.
    pub meaning: String,
    /// The line for the mapping file.
    pub line: String,
}

/// A question about a column, or about one value in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Question {
    /// The file.
    pub file: String,
    /// The sheet, the column and its heading, the rows concerned.
    #[serde(flatten)]
    pub at: Asked,
    /// The value asked about, where the column itself is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What it looks like, in words.
    pub about: String,
    /// What stands there, from a few rows.
    pub examples: Vec<String>,
    /// What can be answered.
    pub answers: Vec<Answer>,
}

/// Where a question arises.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// The sheet as the file names it.
    pub sheet: String,
    /// The column's letters.
    pub column: String,
    /// The column's heading.
    pub heading: String,
    /// The rows, from 1.
    pub rows: Vec<usize>,
}

impl From<&Place> for Asked {
    fn from(place: &Place) -> Asked {
        let (column, heading) = place.column.clone().unwrap_or_default();
        let rows = place.rows.iter().map(|r| r + 1).collect();
        Asked { sheet: place.sheet.clone(), column: letters(column), heading, rows }
    }
}

/// A cell of a CSV line.
fn field(text: &str) -> String {
    if text.contains([';', '"', '\n', '\r']) || text.trim() != text {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_string()
    }
}

/// Keeps the information, leaves out.
fn aside(layout: &Layout) -> Vec<String> {
    let info = layout.keeps_info().then(|| "info".to_string());
    info.into_iter().chain([tr!("ignore", "ignorer")]).collect()
}

/// The question about a column: what it may be, and what stands there.
pub fn of_column(
    fault: Fault,
    topics: &[Topic],
    examples: Vec<String>,
    page: &Page,
    names: &Names,
) -> (Question, Fault) {
    let layout = page.layout;
    let at: Asked = fault.place.as_deref().map(Asked::from).expect("a question has a place");
    let mut headings: Vec<String> = Vec::new();
    for heading in topics.iter().flat_map(|t| t.headings(page, names)).chain(aside(layout)) {
        if !headings.contains(&heading) {
            headings.push(heading);
        }
    }
    let about = topics.iter().map(|t| t.name()).collect::<Vec<_>>().join(tr!("; or ", " ; ou ").as_str());
    let line = |meaning: String| {
        let line = [layout.name(), &at.heading, &meaning].map(field).join(";");
        Answer { meaning, line }
    };
    let answers: Vec<Answer> = headings.into_iter().map(line).collect();
    let shown = examples.join(" | ");
    let message = tr!(
        "this column looks like {about} ({shown}), and is not certain; say which by one of these lines in a mapping file (--mapping):",
        "cette colonne semble dire {about} ({shown}), sans certitude ; répondez par l'une de ces lignes dans un fichier de correspondance (--mapping) :"
    );
    asked(fault, message, Question { file: String::new(), at, value: None, about, examples, answers })
}

/// The question about a value in a column that is known.
pub fn of_value(fault: Fault, topic: Topic, value: &str, layout: &Layout) -> (Question, Fault) {
    let at: Asked = fault.place.as_deref().map(Asked::from).expect("a question has a place");
    let meanings: Vec<String> = match topic.key {
        "accommodations" => vec![
            tr!("extra time", "tiers temps"),
            tr!("needs accessible", "salle accessible"),
            tr!("prepares alone", "prépare seul"),
        ],
        _ => vec!["20 min".into(), "0".into()],
    };
    let line = |meaning: String| {
        let line = [layout.name(), &at.heading, "", value, &meaning].map(field).join(";");
        Answer { meaning, line }
    };
    let answers: Vec<Answer> = meanings.into_iter().chain([tr!("ignore", "ignorer")]).map(line).collect();
    let about = topic.name();
    let message = tr!(
        "\"{value}\" is not understood ({about}); correct the cell, or say what it means by one of these lines in a mapping file (--mapping):",
        "« {value} » n'est pas compris ({about}) ; corrigez la cellule, ou dites ce qu'il veut dire par l'une de ces lignes dans un fichier de correspondance (--mapping) :"
    );
    let question =
        Question { file: String::new(), at, value: Some(value.into()), about, examples: vec![value.into()], answers };
    asked(fault, message, question)
}

/// The question about a sheet of an unknown name: which of those it is whose columns it has.
pub fn of_sheet(fault: Fault, layouts: &[&Layout], headings: Vec<String>) -> (Question, Fault) {
    let at: Asked = fault.place.as_deref().map(Asked::from).expect("a question has a place");
    let at = Asked { column: String::new(), ..at };
    let line = |meaning: String| {
        let line = ["", &at.sheet, &meaning].map(field).join(";");
        Answer { meaning, line }
    };
    let names = layouts.iter().map(|l| l.name().to_string());
    let answers: Vec<Answer> = names.chain([tr!("ignore", "ignorer")]).map(line).collect();
    let (about, shown) = (layouts[0].name().to_string(), headings.join(", "));
    let message = tr!(
        "no sheet has that name here, and it has columns of the sheet {about} ({shown}); say which sheet it is by one of these lines in a mapping file (--mapping):",
        "aucune feuille ne porte ce nom ici, et celle-ci a des colonnes de la feuille {about} ({shown}) ; dites quelle feuille c'est par l'une de ces lignes dans un fichier de correspondance (--mapping) :"
    );
    asked(fault, message, Question { file: String::new(), at, value: None, about, examples: headings, answers })
}

fn asked(fault: Fault, message: String, question: Question) -> (Question, Fault) {
    let lines: String = question.answers.iter().map(|a| format!("\n    {}", a.line)).collect();
    let file = fault.file.clone().unwrap_or_default();
    (Question { file, ..question }, Fault { message: message + &lines, ..fault })
}

/// One question for one cause: the same value asked in several rows is asked once.
pub fn together(questions: Vec<Question>) -> Vec<Question> {
    let mut out: Vec<Question> = Vec::new();
    for q in questions {
        let same = |o: &&mut Question| {
            (&o.file, &o.at.sheet, &o.at.column, &o.value) == (&q.file, &q.at.sheet, &q.at.column, &q.value)
        };
        match out.iter_mut().find(same) {
            Some(kept) => kept.at.rows.extend(&q.at.rows),
            None => out.push(q),
        }
    }
    out
}
