//! Which sheets of a file are read, which are asked about because they look like one that is, and which are only named.

use std::path::Path;

use super::count::SheetCount;
use super::headings::{Mapping, Meaning, Names, heading_row, meanings, plain};
use super::layout::{Kind, LAYOUTS, Layout, layout};
use super::page::{Log, Page, place};
use super::people::family;
use super::questions::of_sheet;
use super::read::{Line, Sheet, is_sheet};
use super::titles;
use super::who::People;
use crate::fault::Fault;
use crate::tr;

/// Sheets that speak to people alone, in plain form.
const SILENT: &[&str] = &["mode d emploi", "instructions", "listes", "lists", "lisez moi", "read me"];

/// Sheets without which there is nothing to plan.
pub const NEEDED: [Kind; 3] = [Kind::Candidates, Kind::Centres, Kind::Calendar];

/// The sheets that are read here; what becomes of the others is said.
pub fn known(sheets: Vec<Sheet>, mapping: &Mapping, log: &mut Log) -> Vec<(Sheet, &'static Layout)> {
    log.notes.extend(mapping.unused_sheets(&sheets));
    let (mut known, mut others) = (Vec::new(), Vec::new());
    for sheet in sheets {
        if mapping.ignores(&sheet.name) {
            skip(&sheet, tr!("left out by the mapping file", "laissées de côté par le fichier de correspondance"), log);
            continue;
        }
        match titles::layout_of(mapping.title(&sheet.name), &sheet, mapping.layout(&sheet.name)) {
            Some(layout) => known.push((sheet, layout)),
            None if SILENT.contains(&plain(&sheet.name).as_str()) || sheet.is_empty() => {}
            None => others.push(sheet),
        }
    }
    let names = Names { dates: dates(&known, mapping), examiners: examiners(&known, mapping), ..Names::default() };
    for sheet in others {
        skip(&sheet, tr!("no sheet of an import", "feuille qui n'est pas d'un import"), log);
        match like(&sheet, mapping, &names) {
            Some(like) => {
                let at = Fault { place: Some(place(&sheet.name, like.row, None)), ..Fault::new("", "") };
                let at = Fault { file: Some(sheet.file.clone()), ..at };
                let (question, fault) = of_sheet(at, &like.layouts, like.headings);
                log.questions.push(question);
                log.faults.push(fault);
            }
            None => {
                let name = &sheet.name;
                let message = tr!(
                    "the sheet \"{name}\" is not read: no sheet has that name here; a mapping file can rename it",
                    "la feuille « {name} » n'est pas lue : aucune feuille ne porte ce nom ici ; un fichier de correspondance peut la renommer"
                );
                log.notes.push(Fault { file: Some(sheet.file), ..Fault::new("", message) });
            }
        }
    }
    known
}

fn skip(sheet: &Sheet, why: String, log: &mut Log) {
    let mut count = SheetCount::new(sheet, 0);
    count.skip(why, sheet.lines().count());
    log.counts.push(count);
}

/// The calendar's dates, by which the headings of a grid are known.
fn dates(sheets: &[(Sheet, &'static Layout)], mapping: &Mapping) -> Vec<chrono::NaiveDate> {
    let mut out = Vec::new();
    for (sheet, layout) in sheets.iter().filter(|(_, l)| l.kind == Kind::Calendar) {
        let page = Page::new(sheet.clone(), layout, mapping, &Names::default(), &mut Log::default());
        let column = page.column("date");
        out.extend(column.iter().flat_map(|c| page.filled(*c)).filter_map(|(_, cell)| cell.date()));
    }
    out
}

/// The examiners of the sheets, by whom a grid may be headed.
pub fn examiners(sheets: &[(Sheet, &'static Layout)], mapping: &Mapping) -> People {
    let (mut people, log) = (People::default(), &mut Log::default());
    for (sheet, layout) in sheets.iter().filter(|(_, l)| l.kind == Kind::Examiners) {
        let page = Page::new(sheet.clone(), layout, mapping, &Names::default(), &mut Log::default());
        for row in page.rows() {
            if let Some(id) = row.id("id", log).filter(|id| !people.has(id)) {
                people.add(&id, row.full_name(log).as_deref(), family(&row).as_deref());
            }
        }
    }
    people
}

/// What a sheet of an unknown name looks like.
struct Like {
    /// The sheets whose columns it has, the likeliest first.
    layouts: Vec<&'static Layout>,
    /// The headings that show it.
    headings: Vec<String>,
    /// Their row, from 0.
    row: usize,
}

/// The sheets whose columns a sheet of an unknown name has.
fn like(sheet: &Sheet, mapping: &Mapping, names: &Names) -> Option<Like> {
    let fits = |layout: &'static Layout| {
        let row = heading_row(sheet, layout, mapping, names);
        sheet.lines().any(|(r, _)| r > row).then_some(())?;
        let cells = sheet.line(row).map(Line::dense)?;
        let (mut keys, mut headings, mut slots, mut persons) = (Vec::new(), Vec::new(), 0, 0);
        for (cell, meaning) in cells.iter().zip(meanings(&cells, layout, mapping, names)) {
            match meaning {
                Meaning::Known(column) if !keys.contains(&column.key) => keys.push(column.key),
                Meaning::Slot(slot) if !slot.dates.is_empty() => slots += 1,
                Meaning::Person(_) => persons += 1,
                _ => continue,
            }
            headings.push(cell.shown());
        }
        let grid = slots > 1;
        let has = |key: &str| keys.contains(&key) || (grid && key == "date");
        let filled = cells.iter().filter(|c| !c.is_empty()).count();
        let most = headings.len() * 2 >= filled || keys.len() > 2;
        let fits = layout.columns.iter().filter(|c| c.needed).all(|c| has(c.key))
            && match layout.kind {
                Kind::Calendar => filled == 1,
                // A name and a centre: an address book has them too.
                Kind::Groups => keys.len() == filled && filled > 1,
                Kind::Availabilities => most && (has("examiner") || has("name") || persons > 1),
                Kind::Unavailabilities => most && (has("id") || has("name")),
                _ => most && keys.len() > 1,
            };
        fits.then_some((keys.len() + usize::from(grid), layout, headings, row))
    };
    let mut all: Vec<_> = LAYOUTS.iter().filter_map(fits).collect();
    // The first of the workbook's order among those with as many columns.
    all.sort_by_key(|(n, ..)| std::cmp::Reverse(*n));
    let (best, _, headings, row) = all.first().cloned()?;
    let mut layouts: Vec<&'static Layout> =
        all.into_iter().filter(|(n, ..)| n + 1 >= best).map(|(_, l, ..)| l).collect();
    // When somebody is free has the columns of when they are not.
    let away = layout(Kind::Unavailabilities);
    if layouts.iter().any(|l| l.kind == Kind::Availabilities) && layouts.iter().all(|l| l.kind != away.kind) {
        layouts.push(away);
    }
    layouts.truncate(5);
    Some(Like { layouts, headings, row })
}

/// The faults of sheets whose rows are one cell each, though the first holds several headings: a separator that is none here.
pub fn glued(sheets: &[Sheet], mapping: &Mapping) -> Vec<Fault> {
    let of = |sheet: &Sheet| {
        let layout = titles::layout_of(mapping.title(&sheet.name), sheet, mapping.layout(&sheet.name))?;
        let (row, first) = sheet.lines().next()?;
        let one = sheet.lines().all(|(_, line)| line.fields == Some(1));
        let text = first.cells().next().filter(|_| one && first.cells().count() == 1)?.1.shown();
        let known = |part: &str| layout.columns.iter().any(|c| c.answers_to(&plain(part)));
        let apart = |by: &str| text.split(by).filter(|part| known(part)).count() > 1;
        let by = ["~", ":", "^", "#", "!", "§", "¤", "·", "  "].into_iter().find(|by| apart(by))?;
        let shown: String = text.chars().take(60).collect();
        let by = if by == "  " { tr!("blanks", "des espaces") } else { format!("\"{by}\"") };
        let message = tr!(
            "the headings stand in one cell, apart by {by} (\"{shown}\"): save the file with semicolons or tabulations between the cells, or as XLSX",
            "les titres tiennent dans une seule cellule, séparés par {by} (« {shown} ») : enregistrez le fichier avec des points-virgules ou des tabulations entre les cellules, ou en XLSX"
        );
        let place = Some(place(&sheet.name, row, None));
        Some(Fault { file: Some(sheet.file.clone()), place, ..Fault::new("", message) })
    };
    sheets.iter().filter(|s| !mapping.ignores(&s.name)).filter_map(of).collect()
}

/// Says the sheets without which there is nothing to plan, once.
pub fn missing(present: &[Kind], log: &mut Log) {
    let lacking: Vec<&str> = NEEDED.iter().filter(|k| !present.contains(k)).map(|k| layout(*k).name()).collect();
    let message = match lacking.as_slice() {
        [] => return,
        [name] => tr!(
            "the sheet \"{name}\" is missing; add it (or, in a folder, the file {name}.csv)",
            "la feuille « {name} » manque ; ajoutez-la (ou, dans un dossier, le fichier {name}.csv)"
        ),
        _ => {
            let names = lacking.join(", ");
            tr!(
                "these sheets are missing: {names}; add them (or, in a folder, a CSV file of each name)",
                "ces feuilles manquent : {names} ; ajoutez-les (ou, dans un dossier, un fichier CSV de chaque nom)"
            )
        }
    };
    log.faults.push(Fault::new("", message));
}

/// Why a file of one sheet alone cannot be imported, and what becomes of its rows.
pub fn lone(path: &Path, sheets: &[Sheet]) -> Option<(Fault, SheetCount)> {
    let mut filled = sheets.iter().filter(|s| !s.is_empty());
    let (sheet, None) = (filled.next()?, filled.next()) else { return None };
    if sheet.lines().any(|(_, line)| line.broken.is_some()) {
        return None; // that is to be said first
    }
    let needed = NEEDED.map(|k| layout(k).name()).join(", ");
    let name = &sheet.name;
    let folder = path.parent().map(|p| if p.as_os_str().is_empty() { Path::new(".") } else { p });
    let others = |folder: &&Path| {
        let files = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        files.filter(|file| file.file_name() != path.file_name() && is_sheet(file)).count() > 0
    };
    let message = match folder.filter(|_| !path.is_dir()).filter(others) {
        Some(folder) => {
            let folder = folder.display();
            tr!(
                "one sheet alone ({name}), and an import takes all of a session together, at least {needed}; give the whole folder: {folder}",
                "une seule feuille ({name}), et un import prend ensemble toutes celles d'une session, au moins {needed} ; donnez le dossier entier : {folder}"
            )
        }
        None => tr!(
            "one sheet alone ({name}), and an import takes all of a session together, at least {needed}; put them into one workbook, or as CSV files into one folder, and give that",
            "une seule feuille ({name}), et un import prend ensemble toutes celles d'une session, au moins {needed} ; réunissez-les dans un classeur, ou en fichiers CSV dans un dossier, et donnez celui-ci"
        ),
    };
    let mut count = SheetCount::new(sheet, 0);
    count.skip(tr!("a sheet alone", "feuille seule"), sheet.lines().count());
    Some((Fault { file: Some(sheet.file.clone()), ..Fault::new("", message) }, count))
}
