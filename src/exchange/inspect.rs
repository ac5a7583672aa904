//! What stands in a sheet and cannot be read as its columns want, said before any row is read; and what is certain
//! in spite of its form, read right.

use super::cell::{Cell, Why, is_quoted};
use super::headings::{Meaning, plain};
use super::layout::Wants;
use super::read::{Line, Repair, Sheet};
use crate::tr;

/// A fault at a row and, where one shows it, a column, from 0.
pub type Finding = (usize, Option<usize>, String);

/// What was found in a sheet.
#[derive(Debug, Default)]
pub struct Found {
    /// The faults.
    pub findings: Vec<Finding>,
    /// How many rows cannot be read at all; they are taken out of the sheet.
    pub torn: usize,
    /// Filled cells of columns without a heading: row and column.
    pub unheaded: Vec<(usize, usize)>,
}

/// Looks through the rows below the headings.
pub fn inspect(sheet: &mut Sheet, heading_row: usize, columns: &[Meaning]) -> Found {
    let headings = sheet.line(heading_row);
    let width = headings.and_then(|h| h.cells().last()).map_or(0, |(c, _)| c + 1);
    // Some programs end every row but that of the headings with a separator.
    let fields = headings.and_then(|h| h.fields).map(|n| n.max(usual_fields(sheet, heading_row)));
    let rows: Vec<usize> = sheet.rows_within(heading_row + 1, usize::MAX - 1).collect();
    let mut found = Found::default();
    let findings = &mut found.findings;
    let titles = sheet.line(heading_row).and_then(|line| line.broken.clone());
    findings.extend(titles.map(|(column, message)| (heading_row, column, message)));
    for row in rows {
        let whole = |line: &Line| unreadable(line, width, fields).or_else(|| between(line));
        if let Some((column, message)) = sheet.line(row).and_then(whole) {
            findings.push((row, column, message));
            sheet.remove_line(row);
            found.torn += 1;
            continue;
        }
        let cells: Vec<usize> = sheet.line(row).into_iter().flat_map(Line::cells).map(|(c, _)| c).collect();
        for column in cells {
            let cell = sheet.at(row, column);
            let meaning = columns.get(column).unwrap_or(&Meaning::Unknown);
            if matches!(meaning, Meaning::Unknown) && sheet.at(heading_row, column).is_empty() {
                found.unheaded.push((row, column));
                continue;
            }
            match judged(cell, meaning) {
                Judged::Fine => {}
                Judged::As(right, repair) => {
                    sheet.set(row, column, right);
                    if let Some(repair) = repair {
                        sheet.repaired(repair, row, column);
                    }
                }
                Judged::Wrong(message) => findings.push((row, Some(column), message)),
            }
        }
    }
    found
}

/// How many fields most rows below the headings have in a CSV file.
fn usual_fields(sheet: &Sheet, heading_row: usize) -> usize {
    let mut counts = std::collections::BTreeMap::<usize, usize>::new();
    let below = sheet.lines().filter(|(row, _)| *row > heading_row);
    below.filter_map(|(_, line)| line.fields).for_each(|n| *counts.entry(n).or_default() += 1);
    counts.into_iter().max_by_key(|(_, rows)| *rows).map_or(0, |(n, _)| n)
}

/// Why a whole row cannot be read: the headings reach to `width`, and rows have `fields` at most.
fn unreadable(line: &Line, width: usize, fields: Option<usize>) -> Option<(Option<usize>, String)> {
    if line.broken.is_some() {
        return line.broken.clone();
    }
    let n = line.fields?;
    if let Some(most) = fields.filter(|most| n > *most) {
        let message = tr!(
            "{n} fields where the headings have {most}: a separator too many, or one within a text that wants quotation marks",
            "{n} champs là où les titres en ont {most} : un séparateur de trop, ou dans un texte à mettre entre guillemets"
        );
        return Some((None, message));
    }
    let message = tr!(
        "{n} field(s) where the headings have {width}: a row torn in two, or a separator missing; mend the row, or delete it if it is no row of the table",
        "{n} champ(s) là où les titres en ont {width} : une ligne coupée en deux, ou un séparateur qui manque ; corrigez la ligne, ou supprimez-la si elle n'est pas du tableau"
    );
    (n < width).then_some((None, message))
}

/// Why a row is none that is one merged cell: a title between the rows.
fn between(line: &Line) -> Option<(Option<usize>, String)> {
    let beside = |cell: &Cell| matches!(cell, Cell::Broken(b) if b.why == Why::Beside);
    let mut cells = line.cells().map(|(_, cell)| cell);
    let shown = cells.next().filter(|first| !beside(first))?.shown();
    let message = tr!(
        "\"{shown}\" is merged over the whole row: a title between rows, that nothing ties to them; write what it says in each row, or delete it",
        "« {shown} » est fusionnée sur toute la ligne : un intertitre, que rien ne rattache aux lignes ; écrivez ce qu'il dit dans chaque ligne, ou supprimez-le"
    );
    (line.cells().count() > 2 && cells.all(beside)).then_some((None, message))
}

enum Judged {
    Fine,
    As(Cell, Option<Repair>),
    Wrong(String),
}

fn judged(cell: &Cell, meaning: &Meaning) -> Judged {
    let wants = match meaning {
        Meaning::Ignored | Meaning::Unknown => return Judged::Fine,
        Meaning::Known(column) => Some(column.wants),
        Meaning::Info(_) => Some(Wants::Info),
        Meaning::Has(..)
        | Meaning::Exam(..)
        | Meaning::RowExam
        | Meaning::RowPart(_)
        | Meaning::Slot(_)
        | Meaning::Centre(_)
        | Meaning::Person(_) => None,
    };
    let is_id = matches!(wants, Some(Wants::Id(_)))
        || matches!(meaning, Meaning::Known(column) if matches!(column.key, "id" | "room"));
    // Values of settings are of all kinds.
    let is_value = matches!(meaning, Meaning::Known(column) if column.key == "value");
    let is_name = matches!(wants, Some(Wants::Text | Wants::Id(_))) && !is_value;
    match cell {
        Cell::Text(t) if is_error(t) && !is_quoted(cell) => Judged::Wrong(tr!(
            "\"{t}\" is an error of the spreadsheet; mend the formula or write the value itself",
            "« {t} » est une erreur du tableur ; corrigez la formule ou écrivez la valeur elle-même"
        )),
        // What no rule reads may be an hour of a day.
        Cell::Broken(b) if b.why == Why::Moment && wants == Some(Wants::Info) => {
            Judged::As(Cell::Text(b.shown.clone()), None)
        }
        Cell::Broken(b) => Judged::Wrong(b.message()),
        Cell::Text(t) if (is_name || wants == Some(Wants::Info)) && !is_quoted(cell) => match damage(t) {
            Some(Damage::Decimal(right)) if is_name => Judged::As(Cell::Text(right), Some(Repair::DecimalZero)),
            Some(Damage::Power) => Judged::Wrong(tr!(
                "\"{t}\" is a number that a spreadsheet shortened, with digits lost; write the number itself, in a column of texts",
                "« {t} » est un nombre abrégé par un tableur, dont des chiffres sont perdus ; écrivez le nombre lui-même, dans une colonne au format Texte"
            )),
            Some(Damage::Day) if is_name => Judged::Wrong(became_a_date(t)),
            None if is_id && cell.date().is_some() => Judged::Wrong(became_a_date(t)),
            _ => Judged::Fine,
        },
        Cell::Date(_) | Cell::Clock(_) if is_name => Judged::Wrong(became_a_date(&cell.shown())),
        Cell::Number(n) if is_name && n.fract() != 0.0 => {
            let shown = cell.shown();
            Judged::Wrong(tr!(
                "{shown} is a number with decimals where a name or a number to call by is wanted; a zero at its end would be lost: write it as a text",
                "{shown} est un nombre à virgule là où il faut un nom ou un numéro ; un zéro final serait perdu : écrivez-le comme texte"
            ))
        }
        _ => Judged::Fine,
    }
}

/// Whether a text is what a spreadsheet shows where a formula fails, as a CSV file has it.
pub fn is_error(text: &str) -> bool {
    const ERRORS: &[&str] = &[
        "#N/A",
        "#N/D",
        "#REF!",
        "#VALUE!",
        "#VALEUR!",
        "#NAME?",
        "#NOM?",
        "#DIV/0!",
        "#NUM!",
        "#NOMBRE!",
        "#NULL!",
        "#NUL!",
        "#SPILL!",
        "#PROPAGATION!",
        "#EPARS!",
        "#ÉPARS!",
        "#CALC!",
        "#CALCUL!",
        "#FIELD!",
        "#CHAMP!",
        "#BLOCKED!",
        "#BLOQUÉ!",
        "#UNKNOWN!",
        "#INCONNU!",
        "#CONNECT!",
        "#CONNEXION!",
        "#ERROR!",
        "#ERREUR!",
        "#GETTING_DATA",
    ];
    let too_narrow = text.len() > 2 && text.bytes().all(|b| b == b'#');
    ERRORS.contains(&text)
        || too_narrow
        || text.strip_prefix("Err:").is_some_and(|n| n.len() == 3 && n.bytes().all(|b| b.is_ascii_digit()))
}

fn became_a_date(shown: &str) -> String {
    tr!(
        "\"{shown}\" is a date or an hour where a name or a number is wanted; a spreadsheet made it of something like 3-2: write what is meant, as a text",
        "« {shown} » est une date ou une heure là où il faut un nom ou un numéro ; un tableur l'a faite de quelque chose comme 3-2 : écrivez ce qui est voulu, au format Texte"
    )
}

/// What a spreadsheet did to a number or a name before it was saved as a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Damage {
    /// `214567890.0`, and what it was.
    Decimal(String),
    /// `2,14568E+09`: digits are lost.
    Power,
    /// `03-févr`: a room 3-2 that became a date.
    Day,
}

/// What a spreadsheet did to a text, as its form shows.
pub fn damage(text: &str) -> Option<Damage> {
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if let Some((mantissa, power)) = text.split_once(['E', 'e'])
        && let Some(power) = power.strip_prefix('+')
        && digits(power)
        && mantissa.split([',', '.']).all(digits)
    {
        return Some(Damage::Power);
    }
    if let Some((whole, zeros)) = text.split_once(['.', ','])
        && digits(whole)
        && whole.len() >= 4
        && !zeros.is_empty()
        && zeros.bytes().all(|b| b == b'0')
        && zeros.len() <= 2
    {
        return Some(Damage::Decimal(whole.to_string()));
    }
    const MONTHS: &[&str] = &[
        "janv", "fevr", "mars", "avr", "mai", "juin", "juil", "aout", "sept", "oct", "nov", "dec", "jan", "feb", "mar",
        "apr", "may", "jun", "jul", "aug", "sep",
    ];
    let is_month = |s: &str| MONTHS.contains(&plain(s).as_str());
    let is_day = |s: &str| digits(s) && s.len() <= 2;
    let (a, b) = text.split_once('-')?;
    ((is_day(a) && is_month(b)) || (is_month(a) && is_day(b))).then_some(Damage::Day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_did_is_known_by_its_form() {
        assert_eq!(damage("2,14568E+09"), Some(Damage::Power));
        assert_eq!(damage("2E+09"), Some(Damage::Power));
        assert_eq!(damage("214567890.0"), Some(Damage::Decimal("214567890".into())));
        assert_eq!(damage("214567890,00"), Some(Damage::Decimal("214567890".into())));
        assert_eq!(damage("03-févr"), Some(Damage::Day));
        assert_eq!(damage("févr.-03"), Some(Damage::Day));
        for fine in ["1E5", "B-101", "0214567890", "1.0", "12,5", "E+", "LV-en", "3-2", "mars-avril", "2024-06", "E4"] {
            assert_eq!(damage(fine), None, "{fine}");
        }
    }
}
