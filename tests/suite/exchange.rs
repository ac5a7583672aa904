//! Spreadsheets in and out: real files of each kind, broken ones, and the identity.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use oraux::exchange::cell::{Cell, Why};
use oraux::exchange::headings::Mapping;
use oraux::exchange::import::{Imported, import, import_sheets};
use oraux::exchange::layout::LAYOUTS;
use oraux::exchange::read::Sheet;
use oraux::exchange::tables::filled;
use oraux::exchange::workbook::{csv, xlsx};
use oraux::instance::{Instance, RawInstance};
use proptest::prelude::*;

use crate::common;

fn instances() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("instances")
}

fn shipped(name: &str) -> RawInstance {
    Instance::read(&instances().join(name)).unwrap().raw
}

fn read(path: &Path) -> Imported {
    import(path, &Mapping::default()).unwrap_or_else(|e| panic!("{}: {:#?}", path.display(), e.faults))
}

/// Runs `oraux` in the folder of spreadsheets and gives its exit code and what it says, in French.
fn oraux(arguments: &[&str]) -> (i32, String) {
    let mut command = Command::cargo_bin("oraux").unwrap();
    command.current_dir("tests/spreadsheets").args(["--lang", "fr"]).args(arguments);
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout) + &text(output.stderr))
}

/// Imports a broken source: nothing is written, and this is what it says.
fn refused(source: &str) -> String {
    let scratch = tempfile::tempdir().unwrap();
    let output = scratch.path().join("x.json");
    let (code, text) = oraux(&["import", source, "-o", output.to_str().unwrap()]);
    assert_eq!(code, 2, "{text}");
    assert!(!output.exists(), "a file was written in spite of faults");
    text
}

#[test]
fn shipped_instances_go_to_workbooks_and_csv_and_back() {
    let scratch = tempfile::tempdir().unwrap();
    let names =
        ["small.json", "pilot.json", "tight.json", "first-written-day.json", "large.json.gz", "national.json.gz"];
    for name in names {
        let raw = shipped(name);
        let tables = filled(&raw).unwrap();
        let book = scratch.path().join(format!("{name}.xlsx"));
        std::fs::write(&book, xlsx(&tables).unwrap()).unwrap();
        assert!(read(&book).raw == raw, "{name} as a workbook");
        let folder = scratch.path().join(format!("{name}.d"));
        std::fs::create_dir(&folder).unwrap();
        for (file, bytes) in csv(&tables) {
            std::fs::write(folder.join(file), bytes).unwrap();
        }
        assert!(read(&folder).raw == raw, "{name} as CSV");
    }
}

#[test]
fn the_command_writes_french_sheets_that_read_back_in_either_language() {
    let scratch = tempfile::tempdir().unwrap();
    let from = instances().join("small.json");
    for output in ["gabarit.xlsx", "dossier"] {
        let (book, back) = (scratch.path().join(output), scratch.path().join("back.json"));
        let (code, text) = oraux(&["template", "-o", book.to_str().unwrap(), "--from", from.to_str().unwrap()]);
        assert_eq!(code, 0, "{text}");
        Command::cargo_bin("oraux")
            .unwrap()
            .args(["--lang", "en", "import", book.to_str().unwrap(), "-o", back.to_str().unwrap()])
            .assert()
            .success();
        assert!(Instance::read(&back).unwrap().raw == shipped("small.json"), "{output}");
    }
    assert!(scratch.path().join("dossier/Établissements.csv").exists());
}

#[test]
fn files_made_by_libreoffice_are_read() {
    let folder = Path::new("tests/spreadsheets/libreoffice");
    for file in ["small.ods", "small.xlsx", "windows-1252"] {
        assert!(read(&folder.join(file)).raw == shipped("small.json"), "{file}");
    }
}

#[test]
fn the_empty_workbook_has_every_sheet_and_asks_for_what_is_missing() {
    let scratch = tempfile::tempdir().unwrap();
    let book = scratch.path().join("gabarit.xlsx");
    let (code, text) = oraux(&["template", "-o", book.to_str().unwrap()]);
    assert_eq!(code, 0, "{text}");
    let names: Vec<String> = oraux::exchange::read::sheets(&book).unwrap().into_iter().map(|s| s.name).collect();
    let wanted: Vec<&str> = std::iter::once("Mode d'emploi").chain(LAYOUTS.iter().map(|l| l.fr)).collect();
    assert_eq!(names, wanted);
    let again = read(&book);
    assert_eq!((again.raw.candidates.len(), again.raw.step), (0, 5));
}

#[test]
fn an_offices_own_files_are_read_whatever_their_encoding_and_separator() {
    let scratch = tempfile::tempdir().unwrap();
    let output = scratch.path().join("x.json");
    let (code, text) = oraux(&["import", "bureau", "-o", output.to_str().unwrap(), "--explain"]);
    assert_eq!(code, 0, "{text}");
    insta::with_settings!({filters => vec![(r" /\S+/x\.json|: /\S+/x\.json", " x.json")]}, {
        insta::assert_snapshot!("bureau", text);
    });
    let raw = Instance::read(&output).unwrap().raw;
    insta::assert_json_snapshot!(
        "bureau-instance",
        serde_json::json!({
            "candidates": raw.candidates, "schools": raw.schools, "centres": raw.centres, "examiners": raw.examiners,
            "calendar": raw.calendar, "groups": raw.groups, "name": raw.name,
        })
    );
}

#[test]
fn an_offices_own_headings_are_named_by_a_mapping_file() {
    let mapping = Mapping::read(Path::new("tests/spreadsheets/correspondance.txt")).unwrap();
    let raw = import(Path::new("tests/spreadsheets/correspondance"), &mapping).unwrap().raw;
    let c = &raw.candidates[0];
    assert_eq!((c.id.as_str(), c.name.as_deref(), c.group.as_str()), ("001", Some("CHÊNE-FICTIF"), "CAEN"));
    assert_eq!(c.orals.len(), 1);
    assert!(c.info.is_empty(), "the column that the mapping leaves out: {:?}", c.info);
    let without = refused("correspondance");
    assert!(without.contains("« Inscrits » n'est pas lue"), "{without}");
}

#[test]
fn every_fault_names_its_cell() {
    insta::assert_snapshot!("cellules", refused("fautes/cellules"));
    insta::assert_snapshot!("references", refused("fautes/references"));
    insta::assert_snapshot!("titres", refused("fautes/titres"));
}

#[test]
fn what_is_no_spreadsheet_is_said_to_be_none() {
    insta::assert_snapshot!(
        "illisible",
        ["fautes/vide", "fautes/image", "fautes/tronque.xlsx", "fautes/absent"].map(refused).join("")
    );
}

#[test]
fn the_manual_names_every_sheet_and_heading() {
    let manual = std::fs::read_to_string("docs/import.md").unwrap();
    for layout in LAYOUTS {
        assert!(manual.contains(&format!("### {}\n", layout.fr)), "{}", layout.fr);
        let section = manual.split(&format!("### {}\n", layout.fr)).nth(1).unwrap();
        let section = section.split("\n### ").next().unwrap();
        for column in layout.columns {
            assert!(section.contains(&format!("| {} |", column.fr)), "{}: {}", layout.fr, column.fr);
        }
    }
}

#[test]
fn the_example_workbook_is_the_pilot_group() {
    assert!(read(&instances().join("pilot.xlsx")).raw == shipped("pilot.json"), "run `make workbook`");
}

#[test]
fn what_sheets_cannot_say_is_refused_when_writing() {
    let mut raw = shipped("small.json");
    raw.candidates[0].info.insert("".into(), "a key without a letter".into());
    // Quotation marks can say even that.
    assert!(filled(&raw).is_ok());
    // Two exams that a heading cannot tell apart.
    let mut regulation = oraux::regulation::Regulation::shipped("bts-ccst-2024").unwrap();
    let mut twin = regulation.exams[0].clone();
    twin.id = "E4 dossier".into();
    regulation.exams.push(twin);
    raw.regulation = oraux::instance::raw::RegulationChoice::Own(Box::new(regulation));
    let fault = filled(&raw).unwrap_err().to_string();
    assert!(fault.contains("cannot be written as sheets"), "{fault}");
}

/// Texts that spreadsheets like to change.
fn nasty() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,8}",
        "\\PC{0,12}",
        "[0-9]{1,8}",
        "[ \"'=+@_x0;,/\\-–()\n\r\t\\\\]{0,8}",
        Just("oui".to_string()),
        Just("(aucun)".to_string()),
        Just("03/06/2024".to_string()),
        Just("_x0041_".to_string()),
        Just("1e5".to_string()),
        Just("Statut".to_string()),
        Just("\u{feff}x\u{0}".to_string()),
    ]
}

fn any_cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        Just(Cell::Empty),
        nasty().prop_map(Cell::Text),
        any::<f64>().prop_map(Cell::Number),
        (0.0..60_000.0).prop_map(Cell::Number),
        any::<bool>().prop_map(Cell::Bool),
        Just(Cell::broken(Why::Error, "#REF!")),
        Just(Cell::Text("ponctuelle".into())),
        Just(Cell::Text("établissement".into())),
        Just(Cell::Text("candidat".into())),
        Just(Cell::Text("8h30".into())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_instance_is_the_same_after_a_workbook(seed in any::<u64>(), texts in prop::collection::vec(nasty(), 12), own in any::<bool>()) {
        let mut raw: RawInstance = serde_json::from_value(common::wild_json(seed)).unwrap();
        let text = |i: usize| texts[i].clone();
        for (i, c) in raw.candidates.iter_mut().enumerate() {
            c.name = Some(text(i % 12));
            c.info.insert("status".into(), text((i + 1) % 12));
            c.info.insert("Mon Statut".into(), text((i + 2) % 12));
            c.info.insert("address".into(), text((i + 3) % 12));
        }
        raw.centres[0].info.insert("Nom".into(), text(4));
        for (i, (key, ..)) in oraux::instance::office::FIELDS.iter().enumerate() {
            raw.info.insert((*key).into(), text(i % 12));
        }
        raw.schools.iter_mut().for_each(|s| s.town = Some(text(5)));
        if own {
            let mut regulation = oraux::regulation::Regulation::shipped("bts-ccst-2024").unwrap();
            regulation.title = text(6);
            regulation.exams[0].grid = Some(text(7));
            regulation.exams[0].code = Some(text(8));
            regulation.sessions = vec!["2024".into(), "2025".into()];
            regulation.commissions[0].seats[0].prefers.push(text(8));
            regulation.commissions[0].seats[0].any_of.push(vec![text(9), text(10)]);
            regulation.id = "own".into();
            raw.regulation = oraux::instance::raw::RegulationChoice::Own(Box::new(regulation));
        }
        prop_assume!(Instance::from_raw(raw.clone()).is_ok());
        let tables = filled(&raw).unwrap();
        let scratch = tempfile::tempdir().unwrap();
        let book = scratch.path().join("x.xlsx");
        std::fs::write(&book, xlsx(&tables).unwrap()).unwrap();
        let again = read(&book).raw;
        prop_assert_eq!(serde_json::to_value(&again).unwrap(), serde_json::to_value(&raw).unwrap());
        for (file, bytes) in csv(&tables) {
            std::fs::write(scratch.path().join(file), bytes).unwrap();
        }
        std::fs::remove_file(book).unwrap();
        prop_assert!(read(scratch.path()).raw == raw, "as CSV");
    }

    #[test]
    fn no_cell_makes_it_panic(grids in prop::collection::vec(prop::collection::vec(prop::collection::vec(any_cell(), 0..12), 0..4), LAYOUTS.len()), kept in any::<bool>()) {
        let sheets = LAYOUTS.iter().zip(grids).map(|(l, grid)| {
            let headings = l.columns.iter().map(|c| Cell::Text(c.fr.into())).collect();
            let rows = if kept { std::iter::once(headings).chain(grid).collect() } else { grid };
            Sheet::of_rows("x", l.fr, rows)
        });
        let _ = import_sheets(sheets.collect(), "x", &Mapping::default());
    }
}
