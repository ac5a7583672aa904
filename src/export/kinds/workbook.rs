//! The workbook: sheets by candidate, examiner, commission, room, and figures, with fixed headings, filters and a page
//! set-up.

use chrono::Datelike;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::super::tables::{self, Cell, Table};
use super::super::{File, Kind, Make, Options, View};
use crate::fault::Fault;
use crate::tr;

/// Columns for other programs, in the CSV files only: a printed sheet must stay legible.
const CODES: [&str; 5] = ["exam_title", "group", "school_id", "centre_id", "commission_id"];
/// What a cell of a workbook takes at most.
const LONGEST: usize = 32_767;

/// The kind.
pub static KIND: Kind = Kind {
    name: "workbook",
    summary: || {
        tr!(
            "a workbook by candidate, examiner, commission and room, with figures",
            "un classeur par candidat, interrogateur, commission et salle, avec des statistiques"
        )
    },
    make: Make::Files(files),
};

fn files(view: &View, options: &Options) -> Result<Vec<File>, Fault> {
    let mut tables = vec![
        tables::candidates(view),
        tables::examiners(view),
        tables::sessions(view),
        tables::rooms(view),
        tables::left(view),
    ];
    tables.extend(tables::differences(view));
    tables.push(tables::figures(view));
    Ok(vec![file("bureau/classeur.xlsx", view, options, &tables)?])
}

/// These tables as a workbook of that path.
pub(super) fn file(path: &str, view: &View, options: &Options, tables: &[Table]) -> Result<File, Fault> {
    let bytes = book(view, options, tables).map_err(|e| {
        Fault::new("", tr!("the workbook cannot be made: {e}", "le classeur ne peut être produit : {e}"))
    })?;
    Ok(File { path: path.into(), bytes })
}

fn book(view: &View, options: &Options, tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The date of the documents, so that the same export is the same file.
    let (y, m, d) = (options.today.year(), options.today.month(), options.today.day());
    let created = ExcelDateTime::from_ymd(y.clamp(1900, 9999) as u16, m as u8, d as u8)?;
    let title = view.texts.examination_and_session();
    book.set_properties(&rust_xlsxwriter::DocProperties::new().set_title(&title).set_creation_datetime(&created));
    for table in tables {
        let sheet = book.add_worksheet();
        sheet.set_name(view.texts.get(table.name))?;
        write(sheet, view, &legible(table))?;
    }
    book.save_to_buffer()
}

/// The table without the columns that nobody reads.
fn legible(table: &Table) -> Table {
    let kept: Vec<usize> = (0..table.headings.len()).filter(|&i| !CODES.contains(&table.headings[i])).collect();
    Table {
        name: table.name,
        headings: kept.iter().map(|&i| table.headings[i]).collect(),
        rows: table.rows.iter().map(|row| kept.iter().map(|&i| row[i].clone()).collect()).collect(),
    }
}

fn write(sheet: &mut Worksheet, view: &View, table: &Table) -> Result<(), XlsxError> {
    let heading = Format::new()
        .set_bold()
        .set_background_color("#D9E2F3")
        .set_border_bottom(FormatBorder::Thin)
        .set_text_wrap()
        .set_align(FormatAlign::Top);
    let text = Format::new().set_num_format("@");
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let clock = Format::new().set_num_format("hh:mm");
    for (c, name) in table.headings.iter().enumerate() {
        let title = view.texts.heading(name);
        let width = |cell: &Cell| match cell {
            Cell::Text(t) => t.chars().count(),
            Cell::Date(_) => 10,
            _ => 5,
        };
        let longest = table.rows.iter().map(|row| width(&row[c])).max().unwrap_or(0);
        let wanted = longest.max(title.chars().count().min(14)) as f64 + 2.0;
        sheet.set_column_width(c as u16, wanted.clamp(7.0, 36.0))?;
        sheet.write_string_with_format(0, c as u16, title, &heading)?;
    }
    for (r, row) in table.rows.iter().enumerate() {
        let r = r as u32 + 1;
        for (c, cell) in row.iter().enumerate() {
            let c = c as u16;
            match cell {
                Cell::Empty => {}
                Cell::Number(n) => drop(sheet.write_number(r, c, *n as f64)?),
                Cell::Date(d) if (1900..=9999).contains(&d.year()) => {
                    let at = ExcelDateTime::from_ymd(d.year() as u16, d.month() as u8, d.day() as u8)?;
                    sheet.write_datetime_with_format(r, c, &at, &date)?;
                }
                Cell::Date(d) => drop(sheet.write_string_with_format(r, c, d.to_string(), &text)?),
                Cell::Clock(at) => {
                    // An hour before midnight or after it exists only in a schedule that is not valid.
                    let at = at.rem_euclid(24 * 60);
                    let at = ExcelDateTime::from_hms((at / 60) as u16, (at % 60) as u8, 0)?;
                    sheet.write_datetime_with_format(r, c, &at, &clock)?;
                }
                Cell::Text(t) => {
                    let short: String = t.chars().take(LONGEST).collect();
                    sheet.write_string_with_format(r, c, short, &text)?;
                }
            }
        }
    }
    let names_first = matches!(table.name, "classeur.candidates" | "classeur.examiners");
    sheet.set_freeze_panes(1, if names_first { 2 } else { 0 })?;
    sheet.autofilter(0, 0, (table.rows.len() as u32).max(1), table.headings.len() as u16 - 1)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    let (name, page) = (view.texts.get(table.name), view.texts.get("classeur.page"));
    sheet.set_header(format!("&L{}&R{name}", view.texts.examination_and_session().replace('&', "&&")));
    sheet.set_footer(format!("&C{page}"));
    Ok(())
}
