//! Rows that are no record: totals, legends and remarks below a table, headings that stand again on each page.

use super::cell::{Cell, is_quoted};
use super::headings::plain;
use super::layout::Kind;
use super::page::{Log, Page};
use super::read::Line;
use crate::tr;

/// What a row is in place of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aside {
    /// `TOTAL`, `Effectif : 25`.
    Total,
    /// `* en attente`, `Légende : x = inscrit`.
    Legend,
    /// The headings again.
    Heading,
}

const TOTALS: &[&str] = &[
    "total",
    "totaux",
    "sous total",
    "sous totaux",
    "total general",
    "somme",
    "effectif",
    "effectifs",
    "moyenne",
    "subtotal",
    "grand total",
    "sum",
    "nombre de candidats",
    "nombre d interrogateurs",
    "nb de candidats",
    "nb candidats",
];
const LEGENDS: &[&str] = &[
    "legende",
    "legend",
    "nota",
    "nota bene",
    "nb",
    "remarque",
    "remarques",
    "note",
    "notes",
    "source",
    "fin de liste",
    "imprime le",
    "imprime par",
    "edite le",
    "edite par",
    "genere le",
    "genere par",
    "extraction du",
    "export du",
    "mis a jour le",
    "mise a jour",
    "derniere mise a jour",
    "page",
    "printed",
];

/// What a text at the head of a row would make of the row; nothing where it is quoted.
pub fn heads(text: &str) -> Option<Aside> {
    let bare = plain(text);
    let begins = |words: &[&str]| {
        words.iter().any(|w| bare.strip_prefix(w).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
    };
    let trimmed = text.trim_start();
    let ruled = trimmed.chars().count() >= 3 && trimmed.chars().all(|c| "-–—_=.…*~ ".contains(c));
    if begins(TOTALS) {
        Some(Aside::Total)
    } else if begins(LEGENDS) || ruled || trimmed.starts_with(['*', '•', '→', '⚠', '†']) || trimmed.starts_with("(*")
    {
        Some(Aside::Legend)
    } else {
        None
    }
}

impl Aside {
    /// Why such a row is not read, for the count of rows.
    pub fn reason(self) -> String {
        match self {
            Aside::Total => tr!("totals", "totaux"),
            Aside::Legend => tr!("legends and remarks", "légendes et commentaires"),
            Aside::Heading => tr!("headings again", "titres répétés"),
        }
    }
}

/// The rows of a page that are no record, each said.
pub fn asides(page: &Page, log: &mut Log) -> Vec<(usize, Aside)> {
    // What stands in a sheet of parameters is said to be one or is a fault.
    if matches!(page.layout.kind, Kind::Session | Kind::Policy | Kind::Weights) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (row, line) in page.sheet.lines().filter(|(row, _)| *row > page.heading_row) {
        let Some((aside, shown)) = aside(page, line) else { continue };
        let message = match aside {
            Aside::Total => tr!(
                "\"{shown}\": a row of totals, not read; if it is a record, write its first cell between quotation marks",
                "« {shown} » : ligne de total, non lue ; si c'est un enregistrement, mettez sa première cellule entre guillemets droits"
            ),
            Aside::Legend => tr!(
                "\"{shown}\": a legend or remark, not read; if it is a record, write its first cell between quotation marks",
                "« {shown} » : légende ou commentaire, non lu ; si c'est un enregistrement, mettez sa première cellule entre guillemets droits"
            ),
            Aside::Heading => tr!("the headings again, not read", "les titres à nouveau, non lus"),
        };
        log.notes.push(page.about(row, None, message));
        found.push((row, aside));
    }
    found
}

fn aside(page: &Page, line: &Line) -> Option<(Aside, String)> {
    let cells: Vec<(usize, &Cell)> = line.cells().collect();
    let &(first, head) = cells.first()?;
    let shown = head.shown();
    let filled = page.sheet.line(page.heading_row).map_or(0, |headings| headings.cells().count());
    let again = |&(c, cell): &(usize, &Cell)| plain(&page.cell(page.heading_row, c).shown()) == plain(&cell.shown());
    if cells.iter().all(again) && 2 * cells.len() > filled && !plain(&shown).is_empty() {
        return Some((Aside::Heading, shown));
    }
    if !matches!(head, Cell::Text(_)) || is_quoted(head) {
        return None;
    }
    // A row whose id stands elsewhere is a record, whatever is written before it.
    let id = page.column(page.layout.columns[0].key);
    if id.is_some_and(|id| id != first && cells.iter().any(|(c, _)| *c == id)) {
        return None;
    }
    let others = &cells[1..];
    let number = |cell: &Cell| matches!(cell, Cell::Number(_)) || cell.decimal().is_some();
    let marked =
        |keys: &[&str]| keys.iter().filter_map(|k| page.column(k)).any(|c| others.iter().any(|(o, _)| *o == c));
    let complete = {
        let needed: Vec<usize> =
            page.layout.columns.iter().filter(|c| c.needed).filter_map(|c| page.column(c.key)).collect();
        needed.len() > 1 && needed.iter().all(|c| *c == first || others.iter().any(|(o, _)| o == c))
    };
    match heads(&shown) {
        _ if complete => None,
        Some(Aside::Total) if !marked(&["ine", "birth_date", "email", "school", "schools", "qualifications"]) => {
            Some((Aside::Total, shown))
        }
        Some(Aside::Legend) if others.len() <= 1 || others.iter().all(|(_, c)| number(c)) => {
            Some((Aside::Legend, shown))
        }
        None if others.is_empty() && (sentence(page.layout.kind, &shown) || shown.contains(" = ")) => {
            Some((Aside::Legend, shown))
        }
        _ => None,
    }
}

/// Whether a text alone in a row is a sentence and no id.
fn sentence(kind: Kind, text: &str) -> bool {
    let people = matches!(
        kind,
        Kind::Candidates
            | Kind::Examiners
            | Kind::Schools
            | Kind::Centres
            | Kind::Availabilities
            | Kind::Unavailabilities
    );
    // A row whose separators are others than the headings' is a torn record, and so is one that begins with a number.
    let torn = text.matches([',', ';', '\t', '|']).count() >= 2;
    let numbered = text.split_whitespace().next().is_some_and(|w| w.contains(|c: char| c.is_ascii_digit()));
    let words = plain(text).split(' ').filter(|w| w.chars().any(char::is_alphabetic)).count();
    people && !torn && !numbered && words >= 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_record_is_no_legend() {
        assert!(sentence(Kind::Candidates, "Ces candidats sont à confirmer"));
        for text in ["001,CHÊNE-FICTIF,0149001A,ponctuelle,Caen", "001 CHÊNE FICTIF ponctuelle Caen", "A,B C,D E,F"] {
            assert!(!sentence(Kind::Candidates, text), "{text}");
        }
    }

    #[test]
    fn totals_and_legends_are_told_from_ids() {
        for text in ["TOTAL", "Total : 25 candidats", "Sous-total", "TOTAUX", "Effectif", "Nombre de candidats : 25"] {
            assert_eq!(heads(text), Some(Aside::Total), "{text}");
        }
        for text in
            ["* en attente", "Légende : x = inscrit", "(*) à confirmer", "-----", "Nota bene : provisoire", "• ajout"]
        {
            assert_eq!(heads(text), Some(Aside::Legend), "{text}");
        }
        for text in ["Totalement", "C001", "0214567890", "NB12", "–", "Notes12", "Somme-Suippe", "TOT-1"] {
            let wanted = if text == "Somme-Suippe" { Some(Aside::Total) } else { None };
            assert_eq!(heads(text), wanted, "{text}");
        }
    }
}
