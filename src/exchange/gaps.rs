//! Cells that differ from the others of their column: empty where nearly all are filled, or a digit short, as where a spreadsheet
//! took a zero in front away. A value may have been lost there, and nothing else shows it.

use super::headings::{Meaning, Part};
use super::layout::{Kind, Wants};
use super::page::{Log, Page};
use super::remarks::stretches;
use crate::fault::Fault;
use crate::tr;

/// The fewest rows by which a column can be judged.
const ROWS: usize = 4;
/// One empty cell in so many rows is an exception.
const FEW: usize = 8;
/// The same where the office writes "no" out, so that an empty cell says something else.
const FEW_OF_YES: usize = 4;

/// The remark that names them, one for a sheet.
pub fn gaps(page: &Page) -> Option<Fault> {
    if !matches!(page.layout.kind, Kind::Candidates | Kind::Examiners | Kind::Rooms | Kind::Schools | Kind::Centres) {
        return None;
    }
    let rows = page.rows().count();
    let mut cells = Vec::new();
    for column in (0..page.own_columns).filter(|c| counts(&page.columns[*c])) {
        let empty: Vec<usize> = page.rows().filter(|r| r.at(column).is_empty()).map(|r| r.number()).collect();
        let says_no =
            || page.filled(column).iter().any(|(_, cell)| cell.yes() == Some(false) || cell.whole() == Some(0));
        let few = if empty.is_empty() {
            1
        } else if says_no() {
            FEW_OF_YES
        } else {
            FEW
        };
        if rows >= ROWS && empty.len() * few <= rows {
            cells.extend(empty.into_iter().map(|row| (row, column)));
        }
    }
    let first = cells.iter().map(|(row, _)| *row).min()?;
    let (n, list) = (cells.len(), stretches(cells));
    let message = tr!(
        "empty in columns that are filled nearly everywhere else ({n}): {list}; taken as empty",
        "vides dans des colonnes presque partout remplies ({n}) : {list} ; prises comme telles"
    );
    Some(page.about(first, None, message))
}

/// Whether an empty cell of a column changes what a plan is made of, and is said nowhere else.
fn counts(meaning: &Meaning) -> bool {
    match meaning {
        Meaning::Known(column) => {
            // What is needed is a fault; seats are for some rooms; a school is asked.
            let said = column.needed || ["seats", "school", "name", "first_name", "order"].contains(&column.key);
            !said && (column.wants != Wants::Info || column.key == "status")
        }
        Meaning::Has(..) => true,
        Meaning::Exam(_, part) => matches!(part, Part::Form | Part::Language),
        _ => false,
    }
}

/// Numbers of people that lack the zeros with which the others begin: a fault where another row has the whole one, else a remark.
pub fn zeros(page: &Page, log: &mut Log) {
    if !matches!(page.layout.kind, Kind::Candidates | Kind::Examiners) {
        return;
    }
    for (key, column) in ["id", "ine"].into_iter().filter_map(|key| Some((key, page.column(key)?))) {
        let cells: Vec<(usize, String)> = page.filled(column).iter().map(|(row, cell)| (*row, cell.text())).collect();
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let zeros: Vec<&str> =
            cells.iter().map(|(_, t)| t.as_str()).filter(|t| digits(t) && t.len() > 4 && t.starts_with('0')).collect();
        let Some(length) = zeros.first().map(|t| t.len()).filter(|n| zeros.iter().all(|t| t.len() == *n)) else {
            continue;
        };
        if zeros.len() * 2 < cells.len() {
            continue;
        }
        let short = cells.iter().filter(|(_, t)| digits(t) && t.len() < length && t.len() + 2 >= length);
        for (row, text) in short {
            let whole = format!("{text:0>length$}");
            if key == "id" && zeros.contains(&whole.as_str()) {
                let message = tr!(
                    "\"{text}\" is {whole} of another row without its zero in front; write it whole, in a column of texts",
                    "« {text} » est le {whole} d'une autre ligne sans son zéro de tête ; écrivez-le entier, dans une colonne au format Texte"
                );
                log.faults.push(page.about(*row, Some(column), message));
            } else {
                let message = tr!(
                    "\"{text}\" is shorter than the others, which begin with a zero; is {whole} meant? Taken as it is",
                    "« {text} » est plus court que les autres, qui commencent par un zéro ; faut-il lire {whole} ? Pris tel quel"
                );
                log.notes.push(page.about(*row, Some(column), message));
            }
        }
    }
}
