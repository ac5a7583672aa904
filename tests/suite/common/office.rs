//! A small fictional session as sheets, to be damaged: written as XLSX, ODS or CSV by the fewest bytes that are one.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::Path;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Sheets of texts, with what a test writes in place of single cells.
#[derive(Clone)]
pub struct Office {
    /// Name and rows of each sheet.
    pub sheets: Vec<(&'static str, Vec<Vec<String>>)>,
    /// XML in place of a cell: sheet and place such as `D3`. `{at}` stands for the place.
    pub cells: BTreeMap<(&'static str, String), String>,
    /// Attributes of a row: sheet and number from 1.
    pub rows: BTreeMap<(&'static str, usize), &'static str>,
    /// XML in front of and behind the rows of a sheet: columns, merged cells.
    pub around: BTreeMap<&'static str, (&'static str, &'static str)>,
    /// Merged cells of a sheet, as `B3:B5` (XLSX only).
    pub merged: BTreeMap<&'static str, String>,
    /// Attributes of a sheet.
    pub states: BTreeMap<&'static str, &'static str>,
    /// The formats of numbers, from style 1 on.
    pub formats: Vec<&'static str>,
}

fn table(text: &str) -> Vec<Vec<String>> {
    text.trim().lines().map(|l| l.trim().split('|').map(|c| c.trim().to_string()).collect()).collect()
}

/// Four candidates of a school, an examiner, a centre with two rooms, two days.
pub fn office() -> Office {
    let sheets = vec![
        ("Session", table("Paramètre | Valeur\nNom | essai")),
        ("Calendrier", table("Date\n2024-06-03\n2024-06-04")),
        ("Centres", table("UAI | Nom | Commune\n0141640G | Lycée du centre | Caen")),
        (
            "Ouvertures",
            table("Centre | Date | De | À\n0141640G | 2024-06-03 | 8h00 | 18h30\n0141640G | 2024-06-04 | 8h00 | 18h30"),
        ),
        (
            "Salles",
            table(
                "Centre | Salle | Usage | Places | Accessible | Équipement\n0141640G | B101 | passage | | oui | phone\n0141640G | CDI | préparation | 12 | oui |",
            ),
        ),
        (
            "Établissements",
            table(
                "UAI | Nom | Commune | Type\n0142059M | Lycée un | Lisieux | hors contrat\n0141111G | Lycée deux | Caen | public",
            ),
        ),
        (
            "Interrogateurs",
            table(
                "N° interrogateur | Nom | Prénom | Compétences | Établissements | Commune\nX001 | GAMMA | Gil | LV-en, CCST | 0141111G | Caen",
            ),
        ),
        (
            "Disponibilités",
            table("Interrogateur | Date | De | À\nX001 | 2024-06-03 | 8h00 | 18h30\nX001 | 2024-06-04 | 8h00 | 18h30"),
        ),
        (
            "Candidats",
            table(
                "N° candidat | Nom | Prénom | Établissement | E22 | Remarque
                 C01 | ALPHA | Ada | 0142059M | ponctuelle |
                 C02 | BETA | Bob | 0142059M | ponctuelle | vu
                 C03 | DELTA | Eva | 0142059M | ponctuelle |
                 C04 | KAPPA | Léo | 0142059M | ponctuelle | vu",
            ),
        ),
    ];
    Office {
        sheets,
        cells: BTreeMap::new(),
        rows: BTreeMap::new(),
        around: BTreeMap::new(),
        merged: BTreeMap::new(),
        states: BTreeMap::new(),
        formats: Vec::new(),
    }
}

/// `D` for 3, `AA` for 26.
pub fn letter(column: usize) -> String {
    oraux::fault::letters(column)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// Bytes of an archive of parts.
pub fn zipped(parts: &[(String, String)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

impl Office {
    /// The rows of a sheet.
    pub fn rows_of(&mut self, sheet: &str) -> &mut Vec<Vec<String>> {
        &mut self.sheets.iter_mut().find(|(name, _)| *name == sheet).unwrap().1
    }

    /// The same with XML in place of a cell.
    pub fn cell(mut self, sheet: &'static str, at: &str, xml: &str) -> Office {
        self.cells.insert((sheet, at.to_string()), xml.to_string());
        self
    }

    /// The same with another text in a cell.
    pub fn text(mut self, sheet: &str, row: usize, column: usize, text: &str) -> Office {
        self.rows_of(sheet)[row][column] = text.to_string();
        self
    }

    fn sheet_xml(&self, name: &'static str, rows: &[Vec<String>]) -> String {
        let (before, after) = self.around.get(name).copied().unwrap_or_default();
        let mut xml = format!("<worksheet>{before}<sheetData>");
        for (r, row) in rows.iter().enumerate() {
            let attributes = self.rows.get(&(name, r + 1)).copied().unwrap_or_default();
            xml += &format!("<row r=\"{}\" {attributes}>", r + 1);
            for (c, text) in row.iter().enumerate() {
                let at = format!("{}{}", letter(c), r + 1);
                match self.cells.get(&(name, at.clone())) {
                    Some(own) => xml += &own.replace("{at}", &at),
                    None if text.is_empty() => {}
                    None => xml += &format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{}</t></is></c>", escaped(text)),
                }
            }
            xml += "</row>";
        }
        let merged = self.merged.get(name).map(|m| format!("<mergeCells><mergeCell ref=\"{m}\"/></mergeCells>"));
        xml + "</sheetData>" + &merged.unwrap_or_default() + after + "</worksheet>"
    }

    /// The bytes of an XLSX workbook.
    pub fn xlsx(&self) -> Vec<u8> {
        let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let relation = |id: &str, what: &str, target: &str| {
            format!("<Relationship Id=\"{id}\" Type=\"{kind}/{what}\" Target=\"{target}\"/>")
        };
        let (mut list, mut relations, mut parts) = (String::new(), String::new(), Vec::new());
        for (i, (name, rows)) in self.sheets.iter().enumerate() {
            let state = self.states.get(name).copied().unwrap_or_default();
            list += &format!("<sheet name=\"{name}\" sheetId=\"{}\" r:id=\"r{i}\" {state}/>", i + 1);
            relations += &relation(&format!("r{i}"), "worksheet", &format!("worksheets/sheet{i}.xml"));
            parts.push((format!("xl/worksheets/sheet{i}.xml"), self.sheet_xml(name, rows)));
        }
        relations += &relation("styles", "styles", "styles.xml");
        let formats: String = self
            .formats
            .iter()
            .enumerate()
            .map(|(i, f)| format!("<numFmt numFmtId=\"{}\" formatCode=\"{}\"/>", 164 + i, escaped(f)))
            .collect();
        let styles: String = (0..self.formats.len()).map(|i| format!("<xf numFmtId=\"{}\"/>", 164 + i)).collect();
        parts.push((
            "xl/styles.xml".into(),
            format!(
                "<styleSheet><numFmts>{formats}</numFmts><cellXfs><xf numFmtId=\"0\"/>{styles}</cellXfs></styleSheet>"
            ),
        ));
        parts.push((
            "_rels/.rels".into(),
            format!("<Relationships>{}</Relationships>", relation("w", "officeDocument", "xl/workbook.xml")),
        ));
        parts.push(("xl/workbook.xml".into(), format!("<workbook><sheets>{list}</sheets></workbook>")));
        parts.push(("xl/_rels/workbook.xml.rels".into(), format!("<Relationships>{relations}</Relationships>")));
        zipped(&parts)
    }

    /// The bytes of an ODS workbook; `cells`, `rows`, `around` and `states` hold ODS XML.
    pub fn ods(&self) -> Vec<u8> {
        let mut xml = String::from(
            "<office:document-content><office:automatic-styles><style:style style:name=\"masked\"><style:table-properties table:display=\"false\"/></style:style></office:automatic-styles><office:body><office:spreadsheet>",
        );
        for (name, rows) in &self.sheets {
            let state = self.states.get(name).copied().unwrap_or_default();
            let (before, after) = self.around.get(name).copied().unwrap_or_default();
            xml += &format!("<table:table table:name=\"{name}\" {state}>{before}");
            for (r, row) in rows.iter().enumerate() {
                let attributes = self.rows.get(&(*name, r + 1)).copied().unwrap_or_default();
                xml += &format!("<table:table-row {attributes}>");
                for (c, text) in row.iter().enumerate() {
                    let at = format!("{}{}", letter(c), r + 1);
                    match self.cells.get(&(*name, at)) {
                        Some(own) => xml += own,
                        None if text.is_empty() => xml += "<table:table-cell/>",
                        None => {
                            xml += &format!(
                                "<table:table-cell office:value-type=\"string\"><text:p>{}</text:p></table:table-cell>",
                                escaped(text)
                            )
                        }
                    }
                }
                xml += "</table:table-row>";
            }
            xml += &format!("{after}</table:table>");
        }
        xml += "</office:spreadsheet></office:body></office:document-content>";
        zipped(&[("content.xml".into(), xml)])
    }

    /// Writes a folder of CSV files; `change` may alter the text of a sheet, and its encoding.
    pub fn csv(&self, folder: &Path, change: impl Fn(&str, String) -> Vec<u8>) {
        std::fs::create_dir_all(folder).unwrap();
        for (name, rows) in &self.sheets {
            let text: String = rows.iter().map(|row| row.join(";") + "\n").collect();
            std::fs::write(folder.join(format!("{name}.csv")), change(name, text)).unwrap();
        }
    }
}
