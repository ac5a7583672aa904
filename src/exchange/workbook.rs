//! Tables as an XLSX workbook with instructions and drop-down lists, or as CSV files.

use chrono::Datelike;
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, FormatAlign, Formula, Workbook,
    Worksheet, XlsxError,
};

use super::cell::Cell;
use super::layout::{Column, Kind, LAYOUTS, SCHOOL_KINDS, STATUSES, Wants, layout};
use super::tables::Table;
use crate::{csv_cell, tr};

/// How many rows below the headings have drop-down lists and formats.
const READY_ROWS: u32 = 5_000;
/// What a cell of a workbook holds at most, in UTF-16 units.
const LONGEST: usize = 32_767;

/// The sheet and row, from 1, of a text that no workbook can hold.
pub fn longest_cell(tables: &[Table]) -> Option<(&'static str, usize)> {
    tables.iter().find_map(|table| {
        let long = |row: &Vec<Cell>| row.iter().any(|c| c.shown().encode_utf16().count() > LONGEST);
        let row = table.rows.iter().position(long)?;
        Some((table.layout.name(), row + 2))
    })
}

/// The bytes of a workbook: instructions, then a sheet a table. The same tables give the same bytes.
pub fn xlsx(tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2024, 1, 1)?));
    instructions(book.add_worksheet())?;
    for table in tables {
        let sheet = book.add_worksheet();
        sheet.set_name(table.layout.name())?;
        write_table(sheet, table)?;
    }
    book.save_to_buffer()
}

fn write_table(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let heading = Format::new().set_bold().set_background_color("#D9E2F3").set_text_wrap().set_align(FormatAlign::Top);
    let needed = heading.clone().set_background_color("#B4C6E7");
    let text = Format::new().set_num_format("@");
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let clock = Format::new().set_num_format("hh:mm");
    for (i, (title, wants)) in table.headings.iter().zip(&table.wants).enumerate() {
        let column = i as u16;
        match wants {
            Wants::Date => sheet.set_column_format(column, &date)?,
            Wants::Clock => sheet.set_column_format(column, &clock)?,
            Wants::Whole | Wants::Degrees => sheet,
            _ => sheet.set_column_format(column, &text)?,
        };
        let longest = table.rows.iter().filter_map(|r| r.get(i)).map(|c| c.shown().chars().count()).max().unwrap_or(0);
        let title_width = title.shown().chars().count().min(16);
        sheet.set_column_width(column, (longest.max(title_width) as f64 + 2.0).clamp(9.0, 45.0))?;
        let is_needed = table.layout.columns.get(i).is_some_and(|c| c.needed);
        sheet.write_string_with_format(0, column, title.shown(), if is_needed { &needed } else { &heading })?;
        if let Some(list) = validation(table.layout.columns.get(i), *wants)? {
            sheet.add_data_validation(1, column, READY_ROWS, column, &list)?;
        }
    }
    for (r, row) in table.rows.iter().enumerate() {
        for (c, cell) in row.iter().enumerate() {
            let (r, c) = (r as u32 + 1, c as u16);
            match cell {
                Cell::Empty => {}
                Cell::Number(n) => drop(sheet.write_number(r, c, *n)?),
                Cell::Bool(b) => drop(sheet.write_boolean(r, c, *b)?),
                // A spreadsheet's calendar begins in 1900, with a day too many in its first February.
                Cell::Date(d) if (1901..=9999).contains(&d.year()) => {
                    let at = ExcelDateTime::from_ymd(d.year() as u16, d.month() as u8, d.day() as u8)?;
                    sheet.write_datetime_with_format(r, c, &at, &date)?;
                }
                Cell::Date(d) => drop(sheet.write_string_with_format(r, c, d.to_string(), &text)?),
                Cell::Clock(at) => {
                    let at = ExcelDateTime::from_hms((at.0 / 60) as u16, (at.0 % 60) as u8, 0)?;
                    sheet.write_datetime_with_format(r, c, &at, &clock)?;
                }
                Cell::Text(_) | Cell::Broken(_) => drop(sheet.write_string_with_format(r, c, cell.shown(), &text)?),
            }
        }
    }
    let width = table.headings.len() as u16;
    sheet.set_freeze_panes(1, if table.layout.kind == Kind::Candidates { 2 } else { 0 })?;
    sheet.autofilter(0, 0, (table.rows.len() as u32).max(1), width - 1)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    Ok(())
}

/// The drop-down list of a column. Ids may be written before the thing that they name, so theirs only warns.
fn validation(column: Option<&Column>, wants: Wants) -> Result<Option<DataValidation>, XlsxError> {
    let words = |list: &[(&str, &str)]| list.iter().map(|(fr, en)| tr!("{en}", "{fr}")).collect::<Vec<_>>();
    let yes_no = [("oui", "yes"), ("non", "no")];
    let strict = DataValidation::new().ignore_blank(true);
    let mild = strict.clone().set_error_style(DataValidationErrorStyle::Warning);
    Ok(Some(match (wants, column.map(|c| c.key)) {
        (Wants::OneOf(list), _) => strict.allow_list_strings(&words(list))?,
        (Wants::Yes, _) => mild.allow_list_strings(&words(&yes_no))?,
        (Wants::Info, Some("status")) => mild.allow_list_strings(&words(STATUSES))?,
        (Wants::Info, Some("kind")) => mild.allow_list_strings(&words(SCHOOL_KINDS))?,
        (Wants::Info, Some("habilitation")) => mild.allow_list_strings(&words(&yes_no))?,
        (Wants::Id(Kind::Exams), _) => return Ok(None), // the sheet is empty under a regulation that is named
        (Wants::Id(kind), _) => {
            let name = layout(kind).name();
            mild.allow_list_formula(Formula::new(format!("='{name}'!$A$2:$A${READY_ROWS}")))
        }
        _ => return Ok(None),
    }))
}

fn instructions(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let title = Format::new().set_bold().set_font_size(14);
    let bold = Format::new().set_bold().set_background_color("#D9E2F3");
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_name(tr!("Instructions", "Mode d'emploi"))?;
    sheet.write_string_with_format(
        0,
        0,
        tr!("A session of orals as a workbook", "Une session d'oraux en classeur"),
        &title,
    )?;
    let lines = [
        tr!(
            "One sheet a kind of thing, one row a thing. Sheets and columns that are not needed may stay empty.",
            "Une feuille par sorte de chose, une ligne par chose. Les feuilles et colonnes inutiles peuvent rester vides."
        ),
        tr!(
            "Then: oraux import workbook.xlsx -o instance.json. Every fault is said with its sheet, row and column.",
            "Ensuite : oraux import classeur.xlsx -o instance.json. Chaque faute est dite avec sa feuille, sa ligne et sa colonne."
        ),
        tr!(
            "Dates: 03/06/2024 or 2024-06-03. Hours: 8h30 or 08:30. Yes: yes, y, x. Lists: a, b, c.",
            "Dates : 03/06/2024 ou 2024-06-03. Heures : 8h30 ou 08:30. Oui : oui, o, x. Listes : a, b, c."
        ),
        tr!(
            "Candidates: for each exam final, continuous, exempt or – (not taken). Left empty, the form follows from the status and the school (sheet Statuses).",
            "Candidats : pour chaque épreuve, ponctuelle, CCF, dispense ou – (non passée). Laissée vide, la forme se déduit du statut et de l'établissement (feuille Statuts)."
        ),
        tr!(
            "Your own columns are kept as information and printed where useful.",
            "Vos propres colonnes sont gardées comme informations et imprimées là où elles servent."
        ),
        tr!(
            "Distances left empty are computed between communes (great circle × 1.3).",
            "Les distances laissées vides sont calculées entre communes (vol d'oiseau × 1,3)."
        ),
        tr!("Dark headings must be filled in.", "Les colonnes au titre foncé doivent être remplies."),
    ];
    for (i, line) in lines.iter().enumerate() {
        sheet.write_string(i as u32 + 2, 0, line)?;
    }
    let mut row = lines.len() as u32 + 4;
    let heads = [
        tr!("Sheet", "Feuille"),
        tr!("Column", "Colonne"),
        tr!("Needed", "Obligatoire"),
        tr!("Example", "Exemple"),
        tr!("Explanation", "Explication"),
    ];
    for (c, head) in heads.iter().enumerate() {
        sheet.write_string_with_format(row, c as u16, head, &bold)?;
    }
    for l in LAYOUTS {
        row += 1;
        sheet.write_string_with_format(row, 0, l.name(), &bold)?;
        sheet.write_string_with_format(row, 4, pick(l.help), &wrap)?;
        for column in l.columns {
            row += 1;
            sheet.write_string(row, 1, column.heading())?;
            sheet.write_string(row, 2, if column.needed { tr!("yes", "oui") } else { String::new() })?;
            sheet.write_string(row, 3, column.example)?;
            sheet.write_string_with_format(row, 4, explanation(column), &wrap)?;
        }
    }
    for (c, width) in [22.0, 26.0, 12.0, 24.0, 80.0].into_iter().enumerate() {
        sheet.set_column_width(c as u16, width)?;
    }
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}

fn pick((french, english): (&'static str, &'static str)) -> &'static str {
    if crate::lang::current() == crate::lang::Lang::Fr { french } else { english }
}

/// What a column is for, with the words that it takes.
pub fn explanation(column: &Column) -> String {
    let help = pick(column.help).to_string();
    let words = match column.wants {
        Wants::OneOf(list) => list.iter().map(|(fr, en)| tr!("{en}", "{fr}")).collect::<Vec<_>>().join(", "),
        Wants::Yes => tr!("yes or no", "oui ou non"),
        Wants::Date => tr!("a date", "une date"),
        Wants::Clock => tr!("an hour", "une heure"),
        Wants::Whole => tr!("a whole number", "un nombre entier"),
        Wants::List => tr!("a list: a, b", "une liste : a, b"),
        Wants::Id(kind) => {
            let name = layout(kind).name();
            tr!("as in the sheet {name}", "comme dans la feuille {name}")
        }
        Wants::Text | Wants::Degrees | Wants::Info => String::new(),
    };
    match (help.is_empty(), words.is_empty()) {
        (false, false) => format!("{help} ({words})"),
        (true, _) => words,
        _ => help,
    }
}

/// The tables as CSV files (`;`, UTF-8 with a mark, as spreadsheets want it): name and bytes.
pub fn csv(tables: &[Table]) -> Vec<(String, Vec<u8>)> {
    let file = |table: &Table| {
        let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(b"\xef\xbb\xbf".to_vec());
        for row in std::iter::once(&table.headings).chain(&table.rows) {
            let shown = |cell: &Cell| match cell {
                Cell::Text(_) => csv_cell::written(&cell.shown()).into_owned(),
                _ => cell.shown(),
            };
            let cells = (0..table.headings.len()).map(|i| row.get(i).map(shown).unwrap_or_default());
            writer.write_record(cells).expect("rows of one width go to memory");
        }
        let bytes = writer.into_inner().expect("memory takes what it is given");
        (format!("{}.csv", table.layout.name()), bytes)
    };
    tables.iter().map(file).collect()
}
