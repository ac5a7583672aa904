//! From bytes to cells: whatever stands in a file is read, or named as what could not be; in bounded memory.

use std::io::Write;
use std::path::Path;
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;
use oraux::exchange::cell::Cell;
use oraux::exchange::headings::Mapping;
use oraux::exchange::import::{Imported, Refused, import};
use oraux::exchange::read::{Repair, Sheet, from_bytes};
use oraux::lang::{Lang, within};

use crate::common::office::{Office, office, zipped};

/// Imports bytes under a name and says all that is said, in French and in English.
fn said(name: &str, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    said_of(&path)
}

fn said_of(path: &Path) -> String {
    let folder = format!("{}/", path.parent().unwrap().display());
    let one = |lang| {
        within(lang, || {
            let (mut lines, result): (Vec<String>, _) = match import(path, &Mapping::default()) {
                Ok(Imported { notes, counts, raw, .. }) => {
                    let schools: Vec<_> = raw
                        .candidates
                        .iter()
                        .map(|c| format!("{}={}", c.id, c.school.as_deref().unwrap_or("-")))
                        .collect();
                    let counts = counts.iter().filter(|c| c.name == "Candidats").map(|c| c.line()).collect::<String>();
                    (notes.iter().map(|n| format!("note {n}")).collect(), format!("ok {}{counts}", schools.join(" ")))
                }
                Err(Refused { faults, notes, .. }) => {
                    let notes = notes.iter().map(|n| format!("note {n}"));
                    (notes.chain(faults.iter().map(ToString::to_string)).collect(), format!("refused {}", faults.len()))
                }
            };
            // A remark that names no file is no part of the case: every import of this session says it.
            let of_file = format!("note {}", path.display());
            lines.retain(|l| !l.starts_with("note ") || l.starts_with(&of_file));
            lines.push(result);
            lines.join("\n").replace(&folder, "")
        })
    };
    format!("{}\n--\n{}\n", one(Lang::Fr), one(Lang::En))
}

fn xlsx(office: &Office) -> String {
    said("x.xlsx", &office.xlsx())
}

/// An office whose four candidates have one merged cell as their school.
fn merged() -> Office {
    let mut office = office();
    office.rows_of("Candidats")[2..].iter_mut().for_each(|row| row[3].clear());
    office.around.insert("Candidats", ("", "<mergeCells><mergeCell ref=\"D2:D5\"/></mergeCells>"));
    office
}

#[test]
fn the_office_itself_is_read_alike_from_every_kind_of_file() {
    let text = xlsx(&office());
    assert!(text.contains("ok C01=0142059M C02=0142059M C03=0142059M C04=0142059M"), "{text}");
    assert_eq!(said("x.ods", &office().ods()).replace("x.ods", "x.xlsx"), text);
}

#[test]
fn merged_cells_carry_their_value_to_every_row() {
    insta::assert_snapshot!("merged", xlsx(&merged()));
    // The same in an ODS, over a hidden row.
    let mut ods = office().cell("Candidats", "D2", "<table:table-cell table:number-rows-spanned=\"4\" office:value-type=\"string\"><text:p>0142059M</text:p></table:table-cell>");
    for at in ["D3", "D4", "D5"] {
        ods = ods.cell("Candidats", at, "<table:covered-table-cell/>");
    }
    ods.rows.insert(("Candidats", 4), "table:visibility=\"filter\"");
    insta::assert_snapshot!("merged-ods", said("x.ods", &ods.ods()));
    // Extra time, headings over two rows, two columns in one, a value hidden below.
    let mut columns = office();
    columns.around.insert("Candidats", ("", "<mergeCells><mergeCell ref=\"B3:C3\"/></mergeCells>"));
    columns.rows_of("Candidats")[2][2].clear();
    insta::assert_snapshot!("merged-columns", xlsx(&columns));
    let mut hides = office();
    hides.around.insert("Candidats", ("", "<mergeCells><mergeCell ref=\"D2:D3\"/></mergeCells>"));
    hides.rows_of("Candidats")[2][3] = "0141111G".into();
    insta::assert_snapshot!("merged-hides", xlsx(&hides));
    let mut headings = office();
    let row = headings.rows_of("Candidats")[0].clone();
    headings.rows_of("Candidats").insert(0, row.clone());
    headings.rows_of("Candidats")[1] = vec![String::new(); row.len()];
    headings.around.insert(
        "Candidats",
        ("", "<mergeCells><mergeCell ref=\"A1:A2\"/><mergeCell ref=\"B1:B2\"/><mergeCell ref=\"D1:D2\"/></mergeCells>"),
    );
    let text = xlsx(&headings);
    assert!(text.contains("ok C01=0142059M C02=0142059M C03=0142059M C04=0142059M"), "{text}");
    let mut over_two = office();
    over_two.around.insert("Candidats", ("", "<mergeCells><mergeCell ref=\"B1:C1\"/></mergeCells>"));
    over_two.rows_of("Candidats")[0][2].clear();
    insta::assert_snapshot!("merged-heading", xlsx(&over_two));
}

#[test]
fn a_merged_cell_over_all_rows_makes_no_rows() {
    let mut office = office();
    office.around.insert("Candidats", ("", "<mergeCells><mergeCell ref=\"D2:D1048576\"/></mergeCells>"));
    office.rows_of("Candidats")[2..].iter_mut().for_each(|row| row[3].clear());
    let text = xlsx(&office);
    assert!(text.contains("C04=0142059M") && text.contains("4 lues"), "{text}");
}

#[test]
fn a_formula_without_a_value_and_an_error_name_their_cell_in_every_column() {
    insta::assert_snapshot!(
        "formula",
        xlsx(&office().cell("Candidats", "D3", "<c r=\"{at}\"><f>VLOOKUP(A3,x,2)</f></c>"))
    );
    for (column, letter) in ["A", "B", "C", "D", "E", "F"].into_iter().enumerate() {
        for (xml, word) in [
            ("<c r=\"{at}\"><f>1+1</f><v></v></c>", "formule sans valeur"),
            ("<c r=\"{at}\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>", "« #DIV/0! » est une erreur"),
        ] {
            let at: &'static str = ["A3", "B3", "C3", "D3", "E3", "F3"][column];
            let text = xlsx(&office().cell("Candidats", at, xml));
            let place = format!("feuille « Candidats », ligne 3, colonne {letter} ");
            assert!(text.lines().any(|l| l.contains(&place) && l.contains(word)), "{at}: {text}");
        }
    }
    let ods = office()
        .cell("Candidats", "D3", "<table:table-cell table:formula=\"of:=[.A3]\"/>")
        .cell("Candidats", "D4", "<table:table-cell table:formula=\"of:=1/0\" office:value-type=\"string\" calcext:value-type=\"error\"><text:p>#DIV/0!</text:p></table:table-cell>");
    insta::assert_snapshot!("formula-ods", said("x.ods", &ods.ods()));
    // The value of `="…"` is certain; a formula may also give no text on purpose.
    let certain = office().cell("Candidats", "D3", "<c r=\"{at}\"><f>\"0142059M\"</f></c>").cell(
        "Candidats",
        "F3",
        "<c r=\"{at}\" t=\"str\"><f>\"\"</f><v></v></c>",
    );
    insta::assert_snapshot!("formula-text", xlsx(&certain));
}

#[test]
fn numbers_that_a_spreadsheet_damaged_are_named_or_read_right() {
    let numbers = office()
        .cell("Candidats", "A2", "<c r=\"{at}\"><v>12345678901234568</v></c>")
        .text("Candidats", 2, 0, "2,14568E+09")
        .text("Candidats", 3, 0, "214567890.0")
        .text("Candidats", 4, 0, "=\"0214567891\"")
        .text("Salles", 1, 1, "03-févr");
    insta::assert_snapshot!("numbers", xlsx(&numbers));
    let mut dated = office()
        .cell("Salles", "B2", "<c r=\"{at}\" s=\"1\"><v>45325</v></c>")
        .cell("Salles", "B3", "<c r=\"{at}\"><v>1.1</v></c>")
        .cell("Candidats", "A2", "<c r=\"{at}\" s=\"2\"><v>14567890</v></c>");
    dated.formats = vec!["d-mmm", "0000000000"];
    insta::assert_snapshot!("numbers-formats", xlsx(&dated));
    let zeros = office().cell("Candidats", "A2", "<table:table-cell office:value-type=\"float\" office:value=\"14567890\"><text:p>0014567890</text:p></table:table-cell>");
    let text = said("x.ods", &zeros.ods());
    assert!(text.contains("ok 0014567890="), "{text}");
}

#[test]
fn hidden_rows_columns_and_sheets_are_counted() {
    let mut office = office();
    office.rows.insert(("Candidats", 3), "hidden=\"1\"");
    office.around.insert("Candidats", ("<cols><col min=\"4\" max=\"4\" hidden=\"1\"/></cols>", ""));
    office.states.insert("Salles", "state=\"veryHidden\"");
    insta::assert_snapshot!("hidden", xlsx(&office));
}

#[test]
fn dates_count_from_1904_where_the_workbook_says_so() {
    let mut office = office().cell("Calendrier", "A2", "<c r=\"{at}\" s=\"1\"><v>43984</v></c>");
    office.formats = vec!["dd/mm/yyyy"];
    let mut parts = zip::ZipArchive::new(std::io::Cursor::new(office.xlsx())).unwrap();
    let mut all = Vec::new();
    for i in 0..parts.len() {
        let mut part = parts.by_index(i).unwrap();
        let name = part.name().unwrap().to_string();
        let text =
            std::io::read_to_string(&mut part).unwrap().replace("<workbook>", "<workbook><workbookPr date1904=\"1\"/>");
        all.push((name, text));
    }
    let sheets = from_bytes("x", "x", &zipped(&all)).unwrap();
    let dates = sheets.iter().find(|s| s.name == "Calendrier").unwrap();
    assert_eq!(dates.at(1, 0).shown(), "03/06/2024");
}

/// The folder of CSV files, with the candidates' file changed.
fn csv(change: impl Fn(String) -> Vec<u8>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    office().csv(&path, |name, text| if name == "Candidats" { change(text) } else { text.into_bytes() });
    said_of(&path)
}

#[test]
fn records_that_cannot_be_read_as_they_stand_are_named() {
    let with = |from: &'static str, to: &'static str| csv(move |t| t.replacen(from, to, 1).into_bytes());
    // A stray quotation mark takes no rows with it, in the first row, a middle one or the last.
    insta::assert_snapshot!(
        "csv-quote",
        with("C02;BETA;Bob;0142059M;ponctuelle;vu", "C02;BETA;Bob;0142059M;ponctuelle;\"vu")
    );
    for (from, to) in [
        ("C01;ALPHA", "C01;\"ALPHA"),
        ("C03;DELTA", "C03;\"DELTA"),
        ("C04;KAPPA", "\"C04;KAPPA"),
        ("Léo;0142059M", "Léo;\"0142059M"),
    ] {
        let text = with(from, to);
        assert!(text.contains("4 lues") || text.contains("guillemet"), "{to}: {text}");
    }
    insta::assert_snapshot!("csv-quotes-within", with("DELTA", "\"DEL \"la\" TA\""));
    insta::assert_snapshot!("csv-torn", with("C03;DELTA", "C03;\nDELTA"));
    insta::assert_snapshot!("csv-long", with("C03;DELTA;Eva", "C03;DELTA;Eva;Anne"));
    insta::assert_snapshot!("csv-short", with("C03;DELTA;", "C03 DELTA;"));
    // Quotation marks as they should be: several lines, doubled marks, separators within.
    let text = with("ponctuelle;vu", "ponctuelle;\"vu; dit \"\"oui\"\"\nle 3\"");
    assert!(text.contains("4 lues") && !text.contains("guillemet"), "{text}");
}

#[test]
fn encodings_are_read_and_doubtful_letters_named() {
    let names = |t: String| t.replace("ALPHA", "LEFÈVRE").replace("BETA", "GUÉRIN").replace("Bob", "Joël");
    let cp850 = |t: String| -> Vec<u8> {
        let table = [('È', 0xd4), ('É', 0x90), ('ë', 0x89), ('é', 0x82), ('°', 0xf8)];
        t.chars().map(|c| table.iter().find(|(l, _)| *l == c).map_or(c as u8, |(_, b)| *b)).collect()
    };
    insta::assert_snapshot!("csv-cp850", csv(|t| cp850(names(t))));
    let doubled = |t: String| {
        names(t)
            .chars()
            .map(|c| if c == 'É' { "Ã‰".to_string() } else { c.to_string() })
            .collect::<String>()
            .into_bytes()
    };
    insta::assert_snapshot!("csv-doubled", csv(doubled));
    insta::assert_snapshot!(
        "csv-lost",
        csv(|t| t
            .replace("BETA", "GU\u{fffd}RIN")
            .replace("DELTA", "GU\u{90}RIN")
            .replace("KAPPA", "GU‚RIN")
            .into_bytes())
    );
    insta::assert_snapshot!("csv-nul", csv(|t| t.replace("BETA", "BE\u{0}TA").into_bytes()));
    insta::assert_snapshot!(
        "csv-mixed",
        csv(|t| {
            let line = |l: &str| {
                if l.starts_with("C02") {
                    l.replace("BETA", "GU\u{1}RIN").bytes().map(|b| if b == 1 { 0xc9 } else { b }).collect()
                } else {
                    names(l.to_string()).into_bytes()
                }
            };
            t.lines().flat_map(|l| [line(l), b"\n".to_vec()].concat()).collect()
        })
    );
    insta::assert_snapshot!(
        "invisible",
        xlsx(&office().text("Candidats", 2, 3, "0142\u{ad}059M\u{200b}").text("Candidats", 3, 1, "DEL\u{a0}TA").text(
            "Candidats",
            4,
            0,
            "'0214567891"
        ))
    );
}

#[test]
fn what_is_no_workbook_is_said_in_one_line() {
    let office = office().xlsx();
    let locked = {
        let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
        file.create_stream("/EncryptedPackage").unwrap().write_all(&[1; 100]).unwrap();
        file.into_inner().into_inner()
    };
    let manifest =
        "<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    let part = |name: &str, text: &str| (name.to_string(), text.to_string());
    let kinds: Vec<(&str, Vec<u8>)> = vec![
        ("html.xls", b"<html><body><table><tr><td>N</td></tr></table></body></html>".to_vec()),
        (
            "xml.xls",
            b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"/>".to_vec(),
        ),
        ("pdf.csv", b"%PDF-1.4 \n".to_vec()),
        ("instance.csv", b"{\"format\": \"oraux-instance/1\"}".to_vec()),
        ("locked.xlsx", locked),
        ("locked.ods", zipped(&[part("META-INF/manifest.xml", manifest), part("content.xml", "x")])),
        ("torn.xlsx", office[..office.len() * 2 / 3].to_vec()),
        ("letter.docx", zipped(&[part("word/document.xml", "<x/>"), part("_rels/.rels", "<x/>")])),
        ("book.xlsb", zipped(&[part("xl/workbook.bin", "x")])),
        ("torn.xml.xlsx", zipped(&[part("xl/workbook.xml", "<workbook><sheets>")])),
        ("torn.xls", [&[0xd0, 0xcf, 0x11, 0xe0][..], &[0; 50]].concat()),
        ("torn.csv.gz", vec![0x1f, 0x8b, 8, 0, 0]),
        ("image.csv", vec![0x89, b'P', b'N', b'G', 0, 0, 0, 13, 0, 0, 1, 2, 3, 4, 5]),
    ];
    let all: String = kinds.iter().map(|(name, bytes)| said(name, bytes)).collect();
    insta::assert_snapshot!("no-workbook", all);
}

/// Runs `oraux` in so many megabytes of data: exit code and what it says, in French. The program's own text does not count (with the
/// fonts of `--features pdf` it is a third of what is asked here).
fn within_megabytes(most: usize, arguments: &[&str]) -> (Option<i32>, String) {
    let program = assert_cmd::cargo::cargo_bin("oraux");
    let script = format!("ulimit -d {}; exec \"$0\" --lang fr \"$@\"", most * 1024);
    let output = Command::new("sh").arg("-c").arg(script).arg(program).args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

fn imported_within(most: usize, name: &str, bytes: &[u8]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let output = folder.path().join("out.json");
    within_megabytes(most, &["import", path.to_str().unwrap(), "-o", output.to_str().unwrap()])
}

#[test]
fn a_cell_at_the_end_of_the_world_costs_one_cell() {
    let mut far = office();
    far.around.insert("Salles", ("", ""));
    let last = "<row r=\"1048576\"><c r=\"XFD1048576\" t=\"inlineStr\"><is><t>x</t></is></c></row></sheetData>";
    let mut parts = zip::ZipArchive::new(std::io::Cursor::new(far.xlsx())).unwrap();
    let mut all = Vec::new();
    for i in 0..parts.len() {
        let mut part = parts.by_index(i).unwrap();
        let name = part.name().unwrap().to_string();
        all.push((name, std::io::read_to_string(&mut part).unwrap().replace("</sheetData>", last)));
    }
    let (code, text) = imported_within(256, "far.xlsx", &zipped(&all));
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("ligne 1048576"), "{text}");
    let blank = last.replace("<t>x</t>", "<t xml:space=\"preserve\"> </t>");
    all.iter_mut().for_each(|(_, xml)| *xml = xml.replace(last, &blank));
    let (code, text) = imported_within(256, "blank.xlsx", &zipped(&all));
    assert_eq!(code, Some(0), "{text}");
}

#[test]
fn repeated_rows_cost_what_they_hold() {
    let mut office = office();
    let empty = "<table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>";
    office.around.insert("Candidats", ("", empty));
    let (code, text) = imported_within(256, "empty.ods", &office.ods());
    assert_eq!(code, Some(0), "{text}");
    let full = "<table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\" office:value-type=\"string\"><text:p>x</text:p></table:table-cell></table:table-row>";
    office.around.insert("Candidats", ("", full));
    let (code, text) = imported_within(256, "full.ods", &office.ods());
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("cellules remplies") && text.contains("--no-limits"), "{text}");
}

#[test]
fn bombs_name_the_limit_that_they_exceed() {
    let text = "<si><t>".to_string() + &"A".repeat(300 << 20) + "</t></si>";
    let bomb = zipped_hard("xl/sharedStrings.xml", &text);
    let (code, said) = imported_within(256, "bomb.xlsx", &bomb);
    assert_eq!(code, Some(2), "{said}");
    // Many texts of usual length, used by many cells.
    let strings: String = (0..2_000).map(|i| format!("<si><t>{}{i}</t></si>", "é".repeat(16_000))).collect();
    let (code, said) = imported_within(256, "strings.xlsx", &zipped_hard("xl/sharedStrings.xml", &strings));
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("--no-limits"), "{said}");
    // Gzip, as an import and as an instance.
    for name in ["bomb.csv.gz", "bomb.json.gz"] {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        let line = if name.contains("csv") { "1;2;3;4\n" } else { "[[[[0,0,0,0]]]]," };
        packed.write_all(b"[").unwrap();
        let block = line.repeat(1 << 16);
        for _ in 0..(200 << 20) / block.len() {
            packed.write_all(block.as_bytes()).unwrap();
        }
        let bytes = packed.finish().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let (path, out) = (path.to_str().unwrap(), folder.path().join("o"));
        let arguments: Vec<&str> = if name.contains("csv") {
            vec!["import", path, "-o", out.to_str().unwrap()]
        } else {
            vec!["diagnose", path]
        };
        let (code, said) = within_megabytes(256, &arguments);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("plus de 32 Mo") && said.contains("--no-limits"), "{said}");
    }
}

/// A workbook whose named part is that text, well packed.
fn zipped_hard(name: &str, text: &str) -> Vec<u8> {
    let mut parts = zip::ZipArchive::new(std::io::Cursor::new(office().xlsx())).unwrap();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .compression_level(Some(1));
    for i in 0..parts.len() {
        let mut part = parts.by_index(i).unwrap();
        let own = part.name().unwrap().to_string();
        let content = std::io::read_to_string(&mut part).unwrap();
        zip.start_file(own.as_str(), options).unwrap();
        let strings =
            "<Relationship Id=\"strings\" Type=\"x/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>";
        let content =
            if own.ends_with("workbook.xml.rels") { content.replace("</Relationships>", strings) } else { content };
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.start_file(name, options).unwrap();
    zip.write_all(b"<sst>").unwrap();
    zip.write_all(text.as_bytes()).unwrap();
    zip.write_all(b"</sst>").unwrap();
    zip.finish().unwrap().into_inner()
}

#[test]
fn lines_and_fields_without_end_take_no_memory() {
    for (block, word) in [("\n", "lignes"), (";", "plus de 16384 champs"), ("\"", "Candidats")] {
        let (code, said) = imported_within(256, "Candidats.csv", block.repeat(31 << 20).as_bytes());
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(word), "{said}");
    }
}

#[test]
fn a_million_faults_are_counted_and_the_first_hundred_shown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.json");
    // 550,000 values, each of the wrong kind.
    std::fs::write(&path, format!("{{\"format\": \"oraux-instance/1\", \"candidates\": [{}0]}}", "0,".repeat(549_999)))
        .unwrap();
    let (code, said) = within_megabytes(400, &["diagnose", path.to_str().unwrap()]);
    assert_eq!(code, Some(2), "{said}");
    assert_eq!(said.lines().count(), 101, "{said}");
    assert!(said.lines().last().unwrap().starts_with("550\u{202f}0"), "{said}");
    // As many rows of a sheet as may be, each with faults.
    let rows: String = (0..90_000).map(|i| format!("C{i};A;B;0142059M;peut-être;\n")).collect();
    let sheet = folder.path().join("sheet");
    office().csv(
        &sheet,
        |name, text| if name == "Candidats" { format!("{text}{rows}").into_bytes() } else { text.into_bytes() },
    );
    let out = folder.path().join("o");
    let (code, said) = within_megabytes(400, &["import", sheet.to_str().unwrap(), "-o", out.to_str().unwrap()]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("candidats et interrogateurs"), "{said}");
}

#[test]
fn limits_are_lifted_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.json");
    std::fs::write(&path, format!("[{}0]", "0,".repeat(800_000))).unwrap();
    let (_, said) = within_megabytes(2_000, &["diagnose", path.to_str().unwrap()]);
    assert!(said.contains("plus de 600\u{202f}000 valeurs") && said.contains("--no-limits"), "{said}");
    let (_, said) = within_megabytes(2_000, &["diagnose", "--no-limits", path.to_str().unwrap()]);
    assert!(!said.contains("--no-limits") && said.contains("[0,0"), "{said}");
}

#[test]
fn sheets_keep_the_places_of_their_cells() {
    let sheets = from_bytes("x.csv", "x", "a;;b\n\n;\u{a0}x;\n".as_bytes()).unwrap();
    let [sheet]: &[Sheet; 1] = sheets.as_slice().try_into().unwrap();
    assert_eq!((sheet.at(0, 2).shown(), sheet.at(2, 1).shown()), ("b".into(), "x".into()));
    assert_eq!(*sheet.at(5, 5), Cell::Empty);
    assert_eq!(sheet.repairs[&Repair::Trimmed], [(2, 1)]);
}
