//! The form of exams that a sheet leaves empty, from the candidate's status and their school.
//!
//! Pupils of state schools and schools under contract, public continuing training and habilitated bodies take the
//! continuous assessment where the exam has one; schools without contract, bodies that are not habilitated, distance
//! learning, professional experience, individuals and repeaters take the final form (code de l'éducation, D643-19).

use super::cell::{Cell, yes_no};
use super::headings::{Part, plain};
use super::layout::{FORMS, Kind, SCHOOL_KINDS, STATUSES};
use super::page::{Log, Page, not_among};
use super::people::form_of;
use super::words::choice;
use crate::instance::Form;
use crate::tr;

/// An exam's form that was derived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    /// The candidate's id.
    pub candidate: String,
    /// The exam.
    pub exam: String,
    /// Its form.
    pub form: Form,
    /// From what it follows, in words.
    pub because: String,
}

/// What is known of a candidate's school.
#[derive(Clone, Debug, Default)]
pub struct School {
    /// Its kind, as the office writes it.
    pub kind: Option<String>,
    /// Whether it may hold continuous assessment.
    pub habilitated: Option<bool>,
}

/// One row of the table: the first that fits a candidate says the forms.
#[derive(Debug)]
struct Line {
    status: String,
    kind: Option<String>,
    habilitated: Option<bool>,
    all: Option<Form>,
    exams: Vec<(String, Option<Form>)>,
    shown: String,
}

/// Forms by status.
#[derive(Debug)]
pub struct Table {
    lines: Vec<Line>,
}

const DEFAULT: &[(&str, &str, Option<bool>, Form)] = &[
    ("pupil", "state", None, Form::Continuous),
    ("pupil", "under contract", None, Form::Continuous),
    ("pupil", "without contract", None, Form::Final),
    ("apprentice", "", Some(true), Form::Continuous),
    ("apprentice", "", Some(false), Form::Final),
    ("continuing training", "state", None, Form::Continuous),
    ("continuing training", "", Some(true), Form::Continuous),
    ("continuing training", "", Some(false), Form::Final),
    ("distance learning", "", None, Form::Final),
    ("professional experience", "", None, Form::Final),
    ("individual", "", None, Form::Final),
    ("repeater", "", None, Form::Final),
];

/// The English word for a status or kind of school, or the text itself in [`plain`] form.
fn canonical(text: &str, words: &[(&'static str, &'static str)]) -> String {
    choice(text, words).map_or_else(|| plain(text), str::to_string)
}

/// The program's own table as rows of the sheet Statuses.
pub fn usual_rows() -> Vec<Vec<Cell>> {
    let shown = |words: &[(&str, &str)], key: &str| {
        let found = words.iter().find(|(_, en)| *en == key);
        found.map_or(Cell::Empty, |(fr, en)| Cell::Text(tr!("{en}", "{fr}")))
    };
    let row = |&(status, kind, habilitated, form): &(&str, &str, Option<bool>, Form)| {
        let habilitated = habilitated.map_or(Cell::Empty, |h| Cell::Text(yes_no(h)));
        let form = if form == Form::Final { "final" } else { "continuous" };
        vec![shown(STATUSES, status), shown(SCHOOL_KINDS, kind), habilitated, shown(FORMS, form)]
    };
    DEFAULT.iter().map(row).collect()
}

impl Table {
    /// The program's own table.
    pub fn usual() -> Table {
        let lines = DEFAULT.iter().map(|&(status, kind, habilitated, form)| Line {
            status: status.into(),
            kind: (!kind.is_empty()).then(|| kind.to_string()),
            habilitated,
            all: Some(form),
            exams: Vec::new(),
            shown: tr!("the usual table", "le tableau d'usage"),
        });
        Table { lines: lines.collect() }
    }

    /// The workbook's own table, if it has rows.
    pub fn read(pages: &[Page], log: &mut Log) -> Option<Table> {
        let mut lines = Vec::new();
        for page in pages.iter().filter(|p| p.layout.kind == Kind::Statuses) {
            for row in page.rows() {
                let status = row.text("status", log).map_or_else(String::new, |s| canonical(&s, STATUSES));
                let kind = row.text("kind", log).map(|k| canonical(&k, SCHOOL_KINDS));
                let habilitated = (!row.cell("habilitated").is_empty()).then(|| row.yes("habilitated", log));
                let mut form = |cell: &Cell, column: Option<usize>| match form_of(cell) {
                    _ if cell.is_empty() => None,
                    Some(form) => Some(form),
                    None => {
                        let message = not_among(&cell.shown(), FORMS);
                        match column {
                            Some(c) => row.fault_at(c, message, log),
                            None => row.fault("all", message, log),
                        }
                        None
                    }
                };
                let all = form(row.cell("all"), None).flatten();
                let exams = row.exams().filter(|(_, part, _)| *part == Part::Form);
                let exams = exams.filter_map(|(e, _, c)| Some((e.to_string(), form(row.at(c), Some(c))?))).collect();
                let shown = tr!("the sheet {}", "la feuille {}", page.sheet.name);
                lines.push(Line { status, kind, habilitated, all, exams, shown });
            }
        }
        (!lines.is_empty()).then_some(Table { lines })
    }

    /// The form of an exam for a candidate of that status: `Ok(None)` where the exam is not theirs, or what is wanted
    /// to know it.
    pub fn form(&self, exam: &str, status: &str, school: &School) -> Result<Option<(Form, String)>, String> {
        let wanted = canonical(status, STATUSES);
        let kind = school.kind.as_deref().map(|k| canonical(k, SCHOOL_KINDS));
        let of_status: Vec<&Line> = self.lines.iter().filter(|l| l.status == wanted).collect();
        if of_status.is_empty() {
            let known = STATUSES.iter().map(|(fr, en)| tr!("{en}", "{fr}")).collect::<Vec<_>>().join(", ");
            return Err(tr!(
                "no row of the table of forms has the status \"{status}\"; write one of: {known}, fill the exams in, or add a row to the sheet Statuses",
                "aucune ligne du tableau des formes n'a le statut « {status} » ; écrivez l'un de ceux-ci : {known}, remplissez les épreuves, ou ajoutez une ligne à la feuille Statuts"
            ));
        }
        let fits = |l: &&&Line| {
            l.kind.as_ref().is_none_or(|k| kind.as_ref() == Some(k))
                && l.habilitated.is_none_or(|h| school.habilitated == Some(h))
        };
        let Some(line) = of_status.iter().find(fits) else {
            return Err(tr!(
                "the form of exams of the status \"{status}\" depends on the school's kind and habilitation, which are not known or not in the table; fill in Kind and Habilitated in the sheet Schools, or the exams here",
                "la forme des épreuves pour le statut « {status} » dépend du type de l'établissement et de son habilitation, inconnus ou absents du tableau ; remplissez Type et Habilitation CCF dans la feuille Établissements, ou les épreuves ici"
            ));
        };
        let own = line.exams.iter().find(|(e, _)| e == exam).map(|(_, f)| *f);
        // Optional exams (EF1, EF2 …) are never presumed: only a column of their own gives them.
        let form = own.unwrap_or(if exam.starts_with("EF") { None } else { line.all });
        let mut because = tr!("status {status}", "statut {status}");
        if line.kind.is_some()
            && let Some(kind) = &school.kind
        {
            because += &tr!(", school {kind}", ", établissement {kind}");
        }
        match line.habilitated {
            Some(true) => because += &tr!(", habilitated", ", habilité"),
            Some(false) => because += &tr!(", not habilitated", ", non habilité"),
            None => {}
        }
        Ok(form.map(|f| (f, format!("{because} ({})", line.shown))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(status: &str, kind: Option<&str>, habilitated: Option<bool>) -> Option<Form> {
        let school = School { kind: kind.map(str::to_string), habilitated };
        Table::usual().form("E4", status, &school).unwrap().map(|(f, _)| f)
    }

    #[test]
    fn the_usual_table_is_that_of_the_code() {
        assert_eq!(form("scolaire", Some("Public"), None), Some(Form::Continuous));
        assert_eq!(form("élève", Some("privé sous contrat"), None), Some(Form::Continuous));
        assert_eq!(form("étudiant", Some("hors contrat"), None), Some(Form::Final));
        assert_eq!(form("apprenti", Some("CFA"), Some(true)), Some(Form::Continuous));
        assert_eq!(form("apprentie", Some("CFA"), Some(false)), Some(Form::Final));
        assert_eq!(form("formation continue", Some("public"), None), Some(Form::Continuous));
        assert_eq!(form("stagiaire", Some("organisme"), Some(false)), Some(Form::Final));
        for alone in ["CNED", "candidat libre", "VAE", "Redoublant"] {
            assert_eq!(form(alone, None, None), Some(Form::Final), "{alone}");
        }
    }

    #[test]
    fn what_is_not_known_is_asked_for_and_options_are_never_presumed() {
        let table = Table::usual();
        assert!(table.form("E4", "apprenti", &School::default()).is_err());
        assert!(table.form("E4", "auditeur", &School::default()).is_err());
        assert_eq!(table.form("EF1", "CNED", &School::default()), Ok(None));
    }
}
