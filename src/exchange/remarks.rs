//! What is said of a sheet as a whole: what was repaired, what is hidden.

use super::page::place;
use super::read::{Repair, Sheet};
use crate::fault::{Fault, letters};
use crate::tr;

/// How many stretches of cells a remark names.
const NAMED: usize = 12;

/// The remarks on a sheet whose headings are in that row; without the file.
pub fn notes(sheet: &Sheet, heading_row: usize) -> Vec<Fault> {
    let at = |row: usize, column: Option<usize>, message: String| {
        let column = column.map(|c| (c, sheet.at(heading_row, c).shown()));
        let place = place(&sheet.name, row, column.as_ref().map(|(c, h)| (*c, h.as_str())));
        Fault { place: Some(place), ..Fault::new("", message) }
    };
    let mut notes: Vec<Fault> = sheet.notes.iter().map(|n| Fault::new("", n.clone())).collect();
    for (repair, cells) in &sheet.repairs {
        // Titles above the headings mean nothing here.
        let mut cells: Vec<_> = cells.iter().copied().filter(|(row, _)| *row >= heading_row).collect();
        cells.sort_by_key(|(row, column)| (*column, *row));
        cells.dedup();
        let Some(&(row, column)) = cells.first() else { continue };
        let (n, list) = (cells.len(), stretches(cells));
        if *repair == Repair::Trimmed {
            let message = tr!(
                "blanks around the text removed in {n} cell(s)",
                "espaces retirés autour du texte dans {n} cellule(s)"
            );
            notes.push(at(heading_row, None, message));
            continue;
        }
        let shown = sheet.at(row, column).shown();
        let what = said(*repair, &shown);
        notes.push(at(row, Some(column), if n == 1 { what } else { format!("{what} ({list})") }));
    }
    let hidden: Vec<_> =
        sheet.lines().filter(|(row, l)| l.hidden && *row > heading_row).map(|(row, _)| (row, 0)).collect();
    if !hidden.is_empty() {
        let (n, list) = (hidden.len(), stretches(hidden.clone()).replace('A', ""));
        let message = tr!(
            "{n} hidden row(s) read like the others ({list}); show them, and delete those that should not count",
            "{n} ligne(s) masquée(s) lue(s) comme les autres ({list}) ; affichez-les, et supprimez celles qui ne doivent pas compter"
        );
        notes.push(at(hidden[0].0, None, message));
    }
    let columns: Vec<String> =
        sheet.hidden_columns.iter().filter(|c| !sheet.at(heading_row, **c).is_empty()).map(|c| letters(*c)).collect();
    if !columns.is_empty() {
        let list = columns.join(", ");
        let message =
            tr!("hidden columns read like the others: {list}", "colonnes masquées lues comme les autres : {list}");
        notes.push(at(heading_row, None, message));
    }
    if sheet.hidden && !sheet.is_empty() {
        let message = tr!(
            "the sheet is hidden and read like the others; delete it if it should not count",
            "la feuille est masquée et lue comme les autres ; supprimez-la si elle ne doit pas compter"
        );
        notes.push(at(heading_row, None, message));
    }
    notes
}

/// The remark on rows in which nothing stands between the headings and the last record; without the file.
pub fn blank_rows(sheet: &Sheet, heading_row: usize, last: usize) -> Option<Fault> {
    let filled = sheet.lines().filter(|(row, line)| (heading_row..=last).contains(row) && !line.is_blank());
    let filled: Vec<usize> = filled.map(|(row, _)| row).collect();
    let runs: Vec<(usize, usize)> =
        filled.windows(2).filter(|w| w[1] > w[0] + 1).map(|w| (w[0] + 1, w[1] - 1)).collect();
    let (first, _) = *runs.first()?;
    let run = |&(from, to): &(usize, usize)| {
        let (from, to) = (from + 1, to + 1);
        if from == to { from.to_string() } else { tr!("{from} to {to}", "{from} à {to}") }
    };
    let mut list: Vec<String> = runs.iter().take(NAMED).map(run).collect();
    list.extend((runs.len() > NAMED).then(|| "…".to_string()));
    let message = match runs.as_slice() {
        [(from, to)] if from == to => {
            tr!("blank between filled rows; passed over", "vide entre deux lignes remplies ; passée")
        }
        _ => {
            let list = list.join(", ");
            tr!(
                "blank rows between filled ones, passed over: {list}",
                "lignes vides entre des lignes remplies, passées : {list}"
            )
        }
    };
    Some(Fault { place: Some(place(&sheet.name, first, None)), ..Fault::new("", message) })
}

fn said(repair: Repair, shown: &str) -> String {
    match repair {
        Repair::Trimmed => tr!("blanks around the text removed", "espaces retirés autour du texte"),
        Repair::Merged => tr!(
            "the value of the merged cell, \"{shown}\", holds for each row that it covers",
            "la valeur de la cellule fusionnée, « {shown} », vaut pour chaque ligne qu'elle recouvre"
        ),
        Repair::QuotedFormula => tr!(
            "a formula that is a text, read as that text: \"{shown}\"",
            "une formule qui est un texte, lue comme ce texte : « {shown} »"
        ),
        Repair::LeadingZeros => tr!(
            "a number whose zeros in front only the format shows, read with them: \"{shown}\"",
            "un nombre dont seul le format montre les zéros de tête, lu avec eux : « {shown} »"
        ),
        Repair::DecimalZero => tr!(
            "a number that a spreadsheet wrote with decimals, read without them: \"{shown}\"",
            "un nombre qu'un tableur a écrit avec des décimales, lu sans elles : « {shown} »"
        ),
        Repair::DoubledUtf8 => tr!(
            "accents that were encoded twice, read right: \"{shown}\"",
            "des accents codés deux fois, rétablis : « {shown} »"
        ),
        Repair::Invisible => tr!(
            "invisible characters removed, unusual blanks made usual: \"{shown}\"",
            "caractères invisibles retirés, espaces spéciales rendues ordinaires : « {shown} »"
        ),
        Repair::StrayQuote => tr!(
            "a quotation mark that never closes, read as a part of the text: \"{shown}\"",
            "un guillemet qui ne se ferme jamais, lu comme une partie du texte : « {shown} »"
        ),
        Repair::Apostrophe => tr!(
            "the apostrophe in front, a spreadsheet's mark of a text, removed: \"{shown}\"",
            "l'apostrophe de tête, par laquelle un tableur marque un texte, retirée : « {shown} »"
        ),
    }
}

/// `C3:C5, D7`: cells (row, column) as stretches of rows, column by column.
pub fn stretches(mut cells: Vec<(usize, usize)>) -> String {
    cells.sort_by_key(|(row, column)| (*column, *row));
    let mut runs: Vec<(usize, usize, usize)> = Vec::new();
    for (row, column) in cells {
        match runs.last_mut() {
            Some((c, _, last)) if *c == column && *last + 1 == row => *last = row,
            _ => runs.push((column, row, row)),
        }
    }
    let name = |column: usize, row: usize| format!("{}{}", letters(column), row + 1);
    let one = |(column, first, last): &(usize, usize, usize)| {
        if first == last {
            name(*column, *first)
        } else {
            format!("{}:{}", name(*column, *first), name(*column, *last))
        }
    };
    let mut list: Vec<String> = runs.iter().take(NAMED).map(one).collect();
    if runs.len() > NAMED {
        list.push("…".into());
    }
    list.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_stretches() {
        assert_eq!(stretches(vec![(2, 2), (0, 27), (3, 2), (4, 2), (6, 2)]), "C3:C5, C7, AB1");
        let many: Vec<_> = (0..20).map(|i| (2 * i, 0)).collect();
        assert!(stretches(many).ends_with("A23, …"));
    }
}
