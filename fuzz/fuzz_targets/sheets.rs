//! Any bytes as a file of cells (XLSX, ODS, XLS, CSV), and those as the sheet of candidates of an import. Behind a
//! first letter `X` or `O` they are the sheet of an XLSX or the content of an ODS, which no checksum protects.
#![no_main]

use std::io::{Cursor, Write};

use libfuzzer_sys::fuzz_target;
use oraux::exchange::headings::Mapping;
use oraux::exchange::import::import_sheets;
use oraux::exchange::read;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        zip.start_file(*name, stored).expect("memory takes what it is given");
        zip.write_all(content).expect("memory takes what it is given");
    }
    zip.finish().expect("memory takes what it is given").into_inner()
}

const RELATIONS: &[u8] = br#"<Relationships><Relationship Id="b" Type="x/worksheet" Target="s.xml"/><Relationship Id="c" Type="x/sharedStrings" Target="t.xml"/><Relationship Id="d" Type="x/styles" Target="y.xml"/></Relationships>"#;
const BOOK: &[u8] = br#"<workbook><sheets><sheet name="Candidats" r:id="b"/></sheets></workbook>"#;
const STRINGS: &[u8] = "<sst><si><t>N° candidat</t></si><si><r><t>Nom</t></r></si></sst>".as_bytes();
const STYLES: &[u8] = br#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0000"/></numFmts><cellXfs><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>"#;

fuzz_target!(|bytes: &[u8]| {
    let file = match bytes.split_first() {
        Some((b'X', sheet)) => zipped(&[
            ("xl/workbook.xml", BOOK),
            ("xl/_rels/workbook.xml.rels", RELATIONS),
            ("xl/t.xml", STRINGS),
            ("xl/y.xml", STYLES),
            ("xl/s.xml", sheet),
        ]),
        Some((b'O', content)) => zipped(&[("content.xml", content)]),
        _ => bytes.to_vec(),
    };
    if let Ok(sheets) = read::from_bytes("x", "Candidats", &file) {
        let _ = import_sheets(sheets, "x", &Mapping::default());
    }
});
