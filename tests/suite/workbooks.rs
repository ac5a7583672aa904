//! Cells of a good workbook, damaged one at a time: either the instance is the same, or a fault or a remark names that cell.
//!
//! What is neither is counted apart: another value that an office could have meant. `make campaign ONLY=workbooks` goes on with it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use chrono::NaiveDate;
use oraux::exchange::cell::Cell;
use oraux::exchange::headings::Mapping;
use oraux::exchange::import::import;
use oraux::exchange::tables::{Table, filled};
use oraux::exchange::workbook::xlsx;
use oraux::generate::{Options, generate};
use oraux::instance::{Instance, RawInstance};
use oraux::read::schema_of;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use crate::common::dressed_json;
use crate::common::office::{Office, letter};

/// The ways in which a cell is damaged.
const KINDS: [&str; 6] = ["emptied", "another type", "formula without value", "merged", "shifted", "wrong encoding"];

/// What became of a workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Came {
    /// The instance is the same.
    Same,
    /// A fault or a remark names the cell.
    Named,
    /// Another instance, and nothing names the cell.
    Apart,
    /// A fault, but of another cell.
    Elsewhere,
}

/// A damaged cell.
struct Damage {
    sheet: &'static str,
    heading: String,
    /// Rows and columns, from 0, that are not what they were.
    cells: Vec<(usize, usize)>,
    /// Whether nothing is left in the row.
    blank: bool,
    what: String,
}

/// The tables with the types that a spreadsheet program gives to what they hold.
fn typed(tables: &[Table]) -> Office {
    let mut office = crate::common::office::office();
    office.sheets.clear();
    office.formats = vec!["dd/mm/yyyy", "hh:mm"];
    for table in tables.iter().filter(|t| !t.rows.is_empty()) {
        let name = table.layout.name();
        let mut rows = Vec::new();
        for (r, row) in std::iter::once(&table.headings).chain(&table.rows).enumerate() {
            for (c, cell) in row.iter().enumerate() {
                let xml = match cell {
                    Cell::Number(n) => format!("<c r=\"{{at}}\"><v>{n}</v></c>"),
                    Cell::Date(date) => {
                        let origin = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap();
                        format!("<c r=\"{{at}}\" s=\"1\"><v>{}</v></c>", (*date - origin).num_days())
                    }
                    Cell::Clock(clock) => {
                        format!("<c r=\"{{at}}\" s=\"2\"><v>{}</v></c>", f64::from(clock.0) / 1440.0)
                    }
                    _ => continue,
                };
                office.cells.insert((name, format!("{}{}", letter(c), r + 1)), xml);
            }
            rows.push(row.iter().map(Cell::shown).collect());
        }
        office.sheets.push((name, rows));
    }
    office
}

/// A small instance with names, UAI and towns as offices have them, or with every field of the format.
fn instance(seed: u64) -> RawInstance {
    if seed.is_multiple_of(4) {
        return serde_json::from_value(dressed_json(seed)).unwrap();
    }
    let options = Options { candidates: 12, seed, dates: Some(4), centres: Some(2), ..Options::default() };
    generate(&options).unwrap()
}

/// Takes the typed cell of a place away: what is written then is its text.
fn take(office: &mut Office, sheet: &'static str, (row, column): (usize, usize)) -> Option<String> {
    office.cells.remove(&(sheet, format!("{}{}", letter(column), row + 1)))
}

/// Damages a cell that holds something; none where this kind cannot harm the one that was drawn.
fn damage(rng: &mut Pcg64Mcg, office: &mut Office, kind: &'static str) -> Option<Damage> {
    let s = rng.random_range(0..office.sheets.len());
    let (sheet, rows) = &office.sheets[s];
    let (sheet, mut grid) = (*sheet, rows.clone());
    if grid.len() < 2 {
        return None;
    }
    let row = rng.random_range(1..grid.len());
    let filled: Vec<usize> = (0..grid[row].len()).filter(|&c| !grid[row][c].is_empty()).collect();
    let column = *filled.get(rng.random_range(0..filled.len().max(1)))?;
    let (width, before) = (grid[0].len(), grid[row][column].clone());
    let heading = grid[0][column].clone();
    let at = format!("{}{}", letter(column), row + 1);
    let mut cells = vec![(row, column)];
    let mut what = String::new();
    match kind {
        "emptied" => {
            take(office, sheet, (row, column));
            grid[row][column] = String::new();
        }
        "another type" => {
            let others = ["b", "e", "n", "d", "t"];
            let other = others[rng.random_range(0..others.len())];
            let number: Option<f64> = before.parse().ok();
            let xml = match other {
                "b" => "<c r=\"{at}\" t=\"b\"><v>1</v></c>".to_string(),
                "e" => "<c r=\"{at}\" t=\"e\"><v>#REF!</v></c>".to_string(),
                // A text of digits that a spreadsheet program made a number of, or a number that was not there.
                "n" => format!("<c r=\"{{at}}\"><v>{}</v></c>", number.unwrap_or(12.5)),
                "d" => "<c r=\"{at}\" s=\"1\"><v>45447</v></c>".to_string(),
                _ => "<c r=\"{at}\" t=\"inlineStr\"><is><t>2,14E+09</t></is></c>".to_string(),
            };
            what = other.to_string();
            office.cells.insert((sheet, at), xml);
        }
        "formula without value" => {
            office.cells.insert((sheet, at), "<c r=\"{at}\"><f>VLOOKUP(A1,Z:Z,1,0)</f></c>".to_string());
        }
        "merged" => {
            let down = rng.random_bool(0.7) && row + 1 < grid.len();
            let (r, c) = if down { (row + 1, column) } else { (row, column + 1) };
            // Over a row that holds nothing else it is one tall row: the file tells nothing of a second one.
            if c >= width || (down && (0..width).all(|o| o == c || grid[r].get(o).is_none_or(String::is_empty))) {
                return None;
            }
            // A spreadsheet program keeps the first cell only.
            take(office, sheet, (r, c));
            let kept = office.cells.remove(&(sheet, at.clone()));
            if let Some(kept) = kept {
                office.cells.insert((sheet, at.clone()), kept);
            }
            grid[r].resize(width.max(c + 1), String::new());
            grid[r][c] = String::new();
            office.merged.insert(sheet, format!("{at}:{}{}", letter(c), r + 1));
            cells.push((r, c));
            what = if down { "down" } else { "right" }.into();
        }
        "shifted" => {
            let right = rng.random_bool(0.5);
            let mut texts = grid[row].clone();
            texts.resize(width, String::new());
            let mut kept: Vec<(String, Option<String>)> =
                (column..width).map(|c| (texts[c].clone(), take(office, sheet, (row, c)))).collect();
            if right {
                kept.insert(0, (String::new(), None));
            } else {
                kept.remove(0);
                kept.push((String::new(), None));
            }
            let mut moved = texts[..column].to_vec();
            for (i, (text, xml)) in kept.into_iter().enumerate() {
                moved.push(text);
                if let Some(xml) = xml {
                    office.cells.insert((sheet, format!("{}{}", letter(column + i), row + 1)), xml);
                }
            }
            cells = (column..moved.len()).map(|c| (row, c)).collect();
            grid[row] = moved;
            what = if right { "right" } else { "left" }.into();
        }
        _ => {
            if before.is_ascii() {
                return None;
            }
            let (codes, name): (Vec<u8>, _) = match rng.random_range(0..3) {
                0 => (before.clone().into_bytes(), "UTF-8 read as Windows-1252"),
                1 => (
                    oem_cp::encode_string_checked(before.as_str(), &oem_cp::code_table::ENCODING_TABLE_CP850)?,
                    "CP850",
                ),
                _ => (Vec::new(), "lost"),
            };
            let text = match name {
                "lost" => before.chars().map(|c| if c.is_ascii() { c } else { '\u{fffd}' }).collect(),
                _ => encoding_rs::WINDOWS_1252.decode(&codes).0.into_owned(),
            };
            take(office, sheet, (row, column));
            grid[row][column] = text;
            what = name.into();
        }
    }
    let what = format!("{what} \u{ab}{before}\u{bb}");
    let blank = grid[row].iter().all(String::is_empty);
    office.sheets[s].1 = grid;
    Some(Damage { blank, sheet, heading, cells, what })
}

/// Whether a message names one of the cells, by its row and column or in a list of cells.
fn names(message: &str, damage: &Damage) -> bool {
    if !message.contains(&format!("sheet \"{}\"", damage.sheet)) {
        return false;
    }
    damage.cells.iter().any(|&(row, column)| {
        let place = format!("row {}, column {}", row + 1, letter(column));
        let exact =
            message.match_indices(&place).any(|(i, _)| !message[i + place.len()..].starts_with(char::is_alphanumeric));
        let whole = format!("row {}:", row + 1);
        exact || listed(message, row, column) || (damage.blank && message.contains(&whole))
    })
}

/// Whether a list of cells such as `(C3:C5, D7)` in a message has this one.
fn listed(message: &str, row: usize, column: usize) -> bool {
    let cell = |text: &str| -> Option<(String, usize)> {
        let digits = text.find(|c: char| c.is_ascii_digit())?;
        let (letters, number) = text.split_at(digits);
        (!letters.is_empty() && letters.chars().all(|c| c.is_ascii_uppercase()))
            .then(|| Some((letters.to_string(), number.parse().ok()?)))?
    };
    let words = message.split(|c: char| !(c.is_ascii_alphanumeric() || c == ':'));
    words.filter(|w| !w.is_empty()).any(|word| {
        let (from, to) = word.split_once(':').unwrap_or((word, word));
        match (cell(from), cell(to)) {
            (Some((c, first)), Some((_, last))) => c == letter(column) && (first..=last).contains(&(row + 1)),
            _ => false,
        }
    })
}

/// Reads a damaged workbook.
fn judge(office: &Office, raw: &RawInstance, damage: &Damage) -> (Came, Vec<String>) {
    let scratch = tempfile::tempdir().unwrap();
    let book = scratch.path().join("x.xlsx");
    std::fs::write(&book, office.xlsx()).unwrap();
    let (faults, notes, same) = match import(&book, &Mapping::default()) {
        Ok(read) => (Vec::new(), read.notes, read.raw == *raw),
        Err(refused) => (refused.faults, refused.notes, false),
    };
    let said: Vec<String> = faults.iter().chain(&notes).map(ToString::to_string).collect();
    let came = if same {
        Came::Same
    } else if said.iter().any(|m| names(m, damage)) {
        Came::Named
    } else if faults.is_empty() {
        Came::Apart
    } else {
        Came::Elsewhere
    };
    (came, said)
}

/// Damages that no damaged cell may survive unseen: what is there then is no value that an office could have meant.
const NEVER_APART: [&str; 3] = ["formula without value", "merged", "wrong encoding"];

/// Good workbooks by number, made when they are first wanted.
pub(super) type Good = BTreeMap<u64, (RawInstance, Office)>;

/// A damaged workbook and what became of it.
pub(super) struct Damaged {
    pub kind: &'static str,
    came: Came,
    damage: Damage,
    said: Vec<String>,
}

impl Damaged {
    /// What became of it, in a word.
    pub fn came(&self) -> String {
        format!("{:?}", self.came).to_lowercase()
    }

    /// In what the instance is another and nothing names the cell: the kind of damage, the sheet and the heading.
    pub fn apart(&self) -> Option<String> {
        let Damage { sheet, heading, .. } = &self.damage;
        (self.came == Came::Apart).then(|| format!("apart {}: {sheet} / {heading}", self.kind))
    }

    fn place(&self) -> String {
        let (row, column) = self.damage.cells[0];
        format!("{}!{}{} ({}) {}", self.damage.sheet, letter(column), row + 1, self.damage.heading, self.damage.what)
    }
}

/// Damages a good workbook in one cell and reads it.
pub(super) fn damaged(seed: u64, bases: &mut Good) -> Damaged {
    let rng = &mut Pcg64Mcg::seed_from_u64(seed);
    let (raw, good) = bases.entry(seed % 40).or_insert_with(|| {
        let raw = instance(seed % 40);
        let office = typed(&filled(&raw).unwrap());
        let whole = Damage { sheet: "", heading: String::new(), cells: Vec::new(), blank: false, what: String::new() };
        let (came, said) = judge(&office, &raw, &whole);
        assert_eq!(came, Came::Same, "the undamaged workbook {}: {said:#?}", seed % 40);
        (raw, office)
    });
    let kind = KINDS[(seed % KINDS.len() as u64) as usize];
    let (office, damage) = loop {
        let mut office = good.clone();
        if let Some(damage) = damage(rng, &mut office, kind) {
            break (office, damage);
        }
    };
    let (came, said) = judge(&office, raw, &damage);
    Damaged { kind, came, damage, said }
}

#[test]
fn a_damaged_cell_is_named_or_changes_nothing() {
    let mut bases = Good::new();
    let mut counts: BTreeMap<(&str, Came), usize> = BTreeMap::new();
    let mut apart: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut elsewhere = Vec::new();
    // The last ones damage an id that other sheets refer to, and one of two dates of a centre.
    for seed in (0..120).chain([157, 364, 508, 712, 826]) {
        let one = damaged(seed, &mut bases);
        let (kind, place) = (one.kind, one.place());
        *counts.entry((kind, one.came)).or_default() += 1;
        match one.came {
            Came::Apart => {
                assert!(!NEVER_APART.contains(&kind), "seed {seed}: {kind} {place} changes the instance unseen");
                apart
                    .entry(one.apart().unwrap_or_default())
                    .or_insert_with(|| (0, format!("seed {seed}: {place}")))
                    .0 += 1;
            }
            Came::Elsewhere => elsewhere.push(format!("seed {seed}: {kind} {place}: {:#?}", one.said)),
            Came::Same | Came::Named => {}
        }
    }
    eprintln!("{counts:#?}");
    for (key, (n, example)) in &apart {
        eprintln!("{n:4} {key} ({example})");
    }
    assert_eq!(elsewhere, Vec::<String>::new());
}

/// All names of fields in a schema, or in a document.
fn fields(value: &serde_json::Value, of_schema: bool, found: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(map) => {
            if of_schema && let Some(serde_json::Value::Object(properties)) = map.get("properties") {
                found.extend(properties.keys().cloned());
            } else if !of_schema {
                found.extend(map.keys().cloned());
            }
            map.values().for_each(|v| fields(v, of_schema, found));
        }
        serde_json::Value::Array(list) => list.iter().for_each(|v| fields(v, of_schema, found)),
        _ => {}
    }
}

#[test]
fn every_field_of_the_format_goes_through_a_workbook() {
    let (mut wanted, mut used) = (BTreeSet::new(), BTreeSet::new());
    fields(&serde_json::to_value(schema_of::<RawInstance>()).unwrap(), true, &mut wanted);
    for seed in 0..60 {
        let json = dressed_json(seed);
        let raw: RawInstance = serde_json::from_value(json.clone()).unwrap();
        if Instance::from_raw(raw.clone()).is_err() {
            continue;
        }
        let tables = filled(&raw).unwrap_or_else(|f| panic!("seed {seed}: {f}"));
        assert!(!tables.is_empty());
        fields(&json, false, &mut used);
    }
    let missing: Vec<_> = wanted.difference(&used).collect();
    assert!(missing.is_empty(), "no instance tries these fields: {missing:?}");
}

/// Settings of LibreOffice as offices in France have them: dates and hours are written as there.
const FRENCH: &str = r#"<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>fr-FR</value></prop></item></oor:items>"#;

/// Has LibreOffice read the files and write them in that format.
fn converted(format: &str, files: &[std::path::PathBuf], folder: &Path) {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join("user")).unwrap();
    std::fs::write(home.path().join("user/registrymodifications.xcu"), FRENCH).unwrap();
    let status = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", home.path().display()))
        .args(["--headless", "--convert-to", format, "--outdir"])
        .arg(folder)
        .args(files)
        .output()
        .expect("LibreOffice (soffice) is installed");
    assert!(status.status.success(), "{status:?}");
}

/// A dozen instances, each written as a workbook, saved anew by LibreOffice as XLSX, ODS and CSV, and read back.
#[test]
#[ignore = "needs LibreOffice; part of `make campaign`"]
pub(super) fn instances_survive_libreoffice() {
    let scratch = tempfile::tempdir().unwrap();
    let mut all: Vec<RawInstance> = (0..30)
        .map(|seed| serde_json::from_value::<RawInstance>(dressed_json(seed)).unwrap())
        .filter(|raw| Instance::from_raw(raw.clone()).is_ok())
        .take(8)
        .collect();
    all.extend((1..5).map(|seed| instance(4 * seed + 1)));
    assert_eq!(all.len(), 12);
    let path = |i: usize| scratch.path().join(format!("i{i}.xlsx"));
    for (i, raw) in all.iter().enumerate() {
        std::fs::write(path(i), xlsx(&filled(raw).unwrap()).unwrap()).unwrap();
    }
    let files: Vec<_> = (0..all.len()).map(path).collect();
    // All sheets, each as a file of its own, `;` and UTF-8.
    let formats = [
        ("xlsx", "xlsx"),
        ("ods", "ods"),
        ("csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,-1", "csv"),
    ];
    for (format, ending) in formats {
        let folder = scratch.path().join(ending);
        converted(format, &files, &folder);
        for (i, raw) in all.iter().enumerate() {
            let source = match ending {
                "csv" => sheets_of(&folder, i, &scratch.path().join(format!("csv{i}"))),
                _ => folder.join(format!("i{i}.{ending}")),
            };
            let again =
                import(&source, &Mapping::default()).unwrap_or_else(|e| panic!("{ending} {i}: {:#?}", e.faults)).raw;
            let json = |raw: &RawInstance| serde_json::to_value(raw).unwrap();
            let mut again = json(&again);
            again["name"] = json(raw)["name"].clone();
            assert_eq!(again, json(raw), "{ending} {i}");
        }
    }
}

/// Gathers the CSV files of one workbook, `i3-Candidats.csv`, in a folder under the sheets' names.
fn sheets_of(folder: &Path, i: usize, own: &Path) -> std::path::PathBuf {
    std::fs::create_dir(own).unwrap();
    for file in std::fs::read_dir(folder).unwrap().map(|f| f.unwrap()) {
        let name = file.file_name().into_string().unwrap();
        if let Some(sheet) = name.strip_prefix(&format!("i{i}-")) {
            std::fs::copy(file.path(), own.join(sheet)).unwrap();
        }
    }
    own.to_path_buf()
}
