//! Text files of separated fields. Separator and quotation mark are judged by the whole file, and a record that
//! cannot be read as it stands says so instead of swallowing its neighbours.

use super::room::Room;
use super::sheet::{Repair, Sheet};
use super::text::{Place, text};
use crate::exchange::cell::Cell;
use crate::read::limit::Limit;
use crate::{csv_cell, tr};

/// How many fields a line may have: the columns of a spreadsheet.
const WIDEST: usize = 16_384;
/// How many further lines a cell of several lines may take.
const LONGEST: usize = 50;

/// Reads the records of a text into a sheet.
///
/// # Errors
/// The limit that is exceeded.
pub fn read(content: &str, sheet: &mut Sheet, room: &mut Room) -> Result<(), String> {
    let content = content.trim_end_matches('\u{1a}'); // the end of a file under MS-DOS
    let content = match content.contains('\n') {
        true => content.replace("\r\n", "\n"),
        false => content.replace('\r', "\n"), // as an old Macintosh ends its lines
    };
    let (named, content) = named_separator(&content);
    Limit::Lines.holds(content.bytes().filter(|b| *b == b'\n').count() as u64)?;
    let lines: Vec<&str> = content.split('\n').collect();
    let style = Style::of(&lines, named);
    let (mut at, mut row) = (0, 0);
    while at < lines.len() {
        if lines[at].trim().is_empty() {
            (at, row) = (at + 1, row + 1);
            continue;
        }
        let record = style.record(&lines, at);
        for (column, field) in record.fields.iter().enumerate() {
            let cell = text(csv_cell::read(field), &mut Place { sheet, row, column });
            room.put(sheet, row, column, cell)?;
        }
        if let Some(column) = record.stray {
            sheet.repaired(Repair::StrayQuote, row, column);
        }
        if record.broken.is_some() && sheet.line(row).is_none() {
            room.put(sheet, row, 0, Cell::Text(lines[at].trim().chars().take(60).collect()))?;
        }
        if sheet.line(row).is_some() {
            let line = sheet.line_mut(row);
            (line.fields, line.broken) = (Some(record.fields.len()), record.broken);
        }
        (at, row) = (at + record.lines, row + 1);
    }
    Ok(())
}

/// `sep=;`, the first line by which Excel is told the separator; no row for the clerk.
fn named_separator(content: &str) -> (Option<char>, &str) {
    let (first, rest) = content.split_once('\n').unwrap_or((content, ""));
    let named = first.trim().trim_matches('"').strip_prefix("sep=").or_else(|| first.trim().strip_prefix("SEP="));
    let separator = match named {
        Some("\\t" | "") => Some('\t'),
        Some(other) => other.chars().next(),
        None => None,
    };
    if separator.is_some() { (separator, rest) } else { (None, content) }
}

/// How the fields of a file are separated and quoted.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Style {
    separator: char,
    quote: char,
    /// How many fields most records have.
    width: usize,
}

/// A record: its fields, the lines that it takes, and what was doubtful.
struct Record {
    fields: Vec<String>,
    lines: usize,
    /// The column of a quotation mark that was read as a part of the text.
    stray: Option<usize>,
    broken: Option<(Option<usize>, String)>,
}

impl Style {
    fn of(lines: &[&str], named: Option<char>) -> Style {
        let filled: Vec<&str> = lines.iter().copied().filter(|l| !l.trim().is_empty()).collect();
        let quotes = |mark: char| {
            let quoted = |l: &&&str| l.starts_with(mark) && l.trim_end().len() > 1 && l.trim_end().ends_with(mark);
            filled.iter().filter(quoted).count()
        };
        // Apostrophes begin and end words; only a file that quotes nearly every row with them means them so.
        let quote = if quotes('\'') * 10 > filled.len() * 9 { '\'' } else { '"' };
        let candidates = match named {
            Some(separator) => vec![separator],
            None => vec![';', '\t', '|', ','],
        };
        let judged = candidates.into_iter().map(|s| Style::judged(&filled, s, quote));
        let best = judged.reduce(|a, b| if b.1 > a.1 { b } else { a }).map(|(style, _)| style);
        best.unwrap_or(Style { separator: ';', quote, width: 1 })
    }

    /// The style with that separator, and how well it fits: many records of one width, under a row of words.
    fn judged(lines: &[&str], separator: char, quote: char) -> (Style, f64) {
        let style = Style { separator, quote, width: 1 };
        let widths: Vec<usize> = lines.iter().map(|l| style.split(l).0.len()).collect();
        let mut counts = std::collections::BTreeMap::<usize, usize>::new();
        widths.iter().filter(|w| **w > 1).for_each(|w| *counts.entry(*w).or_default() += 1);
        let Some((&width, &count)) = counts.iter().max_by_key(|(w, n)| (**n, **w)) else { return (style, 0.0) };
        let first = widths.iter().position(|w| *w == width).unwrap_or(0);
        let heading = style.split(lines[first]).0;
        let words = heading.iter().filter(|f| f.chars().any(char::is_alphabetic) || f.trim().is_empty()).count();
        // A title above the headings holds commas, but hardly a semicolon or a tabulation.
        let stronger: &[char] = match separator {
            ',' => &['\t', ';', '|'],
            '|' => &['\t', ';'],
            ';' => &['\t'],
            _ => &[],
        };
        let overlooks = lines[..first].iter().any(|l| l.contains(stronger));
        let fit = count as f64 / lines.len() as f64 * (width as f64).ln() * if overlooks { 0.3 } else { 1.0 };
        (Style { width, ..style }, fit * (0.2 + 0.8 * words as f64 / width as f64))
    }

    /// The fields of one line, a quotation mark that does not close on it read as a part of the text; the column of
    /// the first such mark.
    fn split(&self, line: &str) -> (Vec<String>, Option<usize>) {
        let (mut fields, mut stray, mut rest) = (Vec::new(), None, line);
        loop {
            if fields.len() == WIDEST {
                fields.push(rest.to_string());
                return (fields, stray);
            }
            let quoted = rest.trim_start_matches(' ').strip_prefix(self.quote).and_then(|inner| self.closed(inner));
            let end = rest.find(self.separator);
            match (quoted, end) {
                (Some((field, after)), _) => {
                    fields.push(field);
                    match after {
                        Some(after) => rest = after,
                        None => return (fields, stray),
                    }
                }
                (None, end) => {
                    let field = &rest[..end.unwrap_or(rest.len())];
                    if field.trim_start_matches(' ').starts_with(self.quote) {
                        stray.get_or_insert(fields.len());
                    }
                    fields.push(field.to_string());
                    match end {
                        Some(at) => rest = &rest[at + self.separator.len_utf8()..],
                        None => return (fields, stray),
                    }
                }
            }
        }
    }

    /// The text up to the quotation mark that closes a field, and what follows the separator behind it. None where
    /// no mark closes it, or where something else follows.
    fn closed<'a>(&self, inner: &'a str) -> Option<(String, Option<&'a str>)> {
        let (mut field, mut rest) = (String::new(), inner);
        loop {
            let at = rest.find(self.quote)?;
            field.push_str(&rest[..at]);
            rest = &rest[at + self.quote.len_utf8()..];
            if let Some(after) = rest.strip_prefix(self.quote) {
                field.push(self.quote);
                rest = after;
                continue;
            }
            let blank = rest.trim_start_matches(' ');
            if blank.is_empty() {
                return Some((field, None));
            }
            if let Some(after) = blank.strip_prefix(self.separator) {
                return Some((field, Some(after)));
            }
            return None;
        }
    }

    /// The record that begins at a line.
    fn record(&self, lines: &[&str], at: usize) -> Record {
        let (fields, stray) = self.split(lines[at]);
        let whole = |fields| Record { fields, lines: 1, stray: None, broken: None };
        if fields.len() > WIDEST {
            let message =
                tr!("more than {WIDEST} fields; is this a table?", "plus de {WIDEST} champs ; est-ce un tableau ?");
            return Record { broken: Some((None, message)), ..whole(Vec::new()) };
        }
        let Some(column) = stray else { return whole(fields) };
        // A cell of several lines: the quotation mark closes on a later one, and the record is as wide as others.
        let mut joined = lines[at].to_string();
        for (n, more) in lines[at + 1..].iter().enumerate().take(LONGEST) {
            let is_record = self.width > 1 && self.split(more).0.len() >= self.width;
            joined.push('\n');
            joined.push_str(more);
            let spanning = more.contains(self.quote).then(|| self.split(&joined)).filter(|(_, open)| open.is_none());
            match spanning {
                // Two records whose stray marks look like a pair: each is as wide as the others by itself.
                Some(_) if is_record && fields.len() == self.width => break,
                Some((spanning, _)) if spanning.len() == self.width => {
                    return Record { fields: spanning, lines: n + 2, stray: None, broken: None };
                }
                Some(_) => break,
                None if is_record => break,
                None => {}
            }
        }
        // Else the mark is a part of the text: certain where the line by itself is as wide as the others.
        if fields.len() == self.width && lines[at].matches(self.quote).count() == 1 {
            return Record { stray: Some(column), ..whole(fields) };
        }
        let message = tr!(
            "a quotation mark opens here and does not close before the next separator; close it, double it within the text, or remove it",
            "un guillemet s'ouvre ici et ne se ferme pas avant le séparateur suivant ; fermez-le, doublez-le dans le texte, ou retirez-le"
        );
        Record { broken: Some((Some(column), message)), ..whole(fields) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(content: &str) -> Sheet {
        let mut sheet = Sheet::new("x.csv", "x");
        read(content, &mut sheet, &mut Room::default()).unwrap();
        sheet
    }

    fn separator(content: &str) -> char {
        Style::of(&content.lines().collect::<Vec<_>>(), None).separator
    }

    #[test]
    fn the_whole_file_says_what_separates_it() {
        assert_eq!(separator("a;b;c\n1,2;3,4;5"), ';');
        assert_eq!(separator("a,b\n1,2"), ',');
        assert_eq!(separator("a\tb, c\tc\n"), '\t');
        assert_eq!(separator("\"x,y\";b\n"), ';');
        assert_eq!(separator("titre\nn°;nom\n"), ';');
        assert_eq!(separator("seul\n"), ';');
        assert_eq!(separator("Candidats, session 2024, Caen\nn°;nom;vœux\n1;A;EG\n2;B;EG, E4\n"), ';');
        assert_eq!(separator(&("lat;lon\n".to_string() + &"49,1;-0,3\n".repeat(50))), ';');
        assert_eq!(separator(&("n,nom,exams\n".to_string() + &"1,A,EG; E4\n".repeat(50))), ',');
        assert_eq!(separator("Paramètre;Valeur\nNom;a,b,c,d,e,f\n"), ';');
        assert_eq!(separator("n°|nom\n1|A\n"), '|');
    }

    #[test]
    fn rows_keep_the_number_that_the_clerk_sees() {
        let sheet = sheet("a;b\r\n\r\n1;\"x\n\n\"\"y\"\n3 \" 4;\n\n\n5;6\n");
        let at = |row: usize| sheet.at(row, 0).shown();
        assert_eq!([at(0), at(2), at(3), at(6)], ["a", "1", "3 \" 4", "5"]);
        assert_eq!(*sheet.at(2, 1), Cell::Text("x\n\n\"y".into()));
        assert_eq!(sheet.lines().last().map(|(row, _)| row), Some(6));
        assert!(sheet.repairs.is_empty());
    }

    #[test]
    fn a_quotation_mark_that_never_closes_takes_no_rows_with_it() {
        let two = sheet("n;nom;remarque\n1;A;\"à revoir\n2;B;\n3;C;\"vu le 12\n4;D;\n");
        assert_eq!(two.lines().count(), 5);
        assert_eq!(*two.at(1, 2), Cell::Text("\"à revoir".into()));
        assert_eq!(two.repairs[&Repair::StrayQuote], [(1, 2), (3, 2)]);
        // One that seems to close three rows below: those rows are rows.
        let pair = sheet("n;nom;remarque\n1;A;\"un\n2;B;\n3;C;deux\"\n");
        assert_eq!(pair.lines().count(), 4);
        // In the middle: the row is not as wide as it should be, or is; nothing is swallowed.
        let middle = sheet("n;nom;remarque\n1;\"A;x\n2;B;\n");
        assert_eq!((*middle.at(1, 1)).clone(), Cell::Text("\"A".into()));
        assert_eq!(*middle.at(2, 1), Cell::Text("B".into()));
        // Words quoted within a quoted text, not doubled.
        let within = sheet("n;nom\n1;\"dit \"le grand\" ici\"\n2;B\n");
        assert!(within.line(1).unwrap().broken.is_some());
        assert_eq!(*within.at(2, 1), Cell::Text("B".into()));
    }

    #[test]
    fn other_ends_of_lines_marks_and_quotes() {
        assert_eq!(*sheet("a;b\r1;2\r").at(1, 1), Cell::Text("2".into()));
        assert_eq!(*sheet("sep=,\na,b\n1;x,2\n").at(1, 0), Cell::Text("1;x".into()));
        assert_eq!(*sheet("'a','b'\n'1','L,M'\n").at(1, 1), Cell::Text("L,M".into()));
        assert_eq!(*sheet("a;b\n1;2\u{1a}").at(1, 1), Cell::Text("2".into()));
        assert_eq!(sheet("a;b;c\n1;2\n").line(1).unwrap().fields, Some(2));
    }
}
