//! The data as sheets, as a clerk mends them: those of an import with faults, or else those of the instance.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Desk;
use crate::exchange::cell::Cell;
use crate::exchange::count::SheetCount;
use crate::exchange::headings::{Mapping, Meaning, Names, heading_row, meanings};
use crate::exchange::import::import_sheets;
use crate::exchange::known::NEEDED;
use crate::exchange::layout::{LAYOUTS, Layout};
use crate::exchange::questions::Question;
use crate::exchange::read::{self, Sheet};
use crate::exchange::tables::{difference, written};
use crate::exchange::titles;
use crate::fault::{Fault, Place};
use crate::instance::raw::RegulationChoice;
use crate::instance::{Instance, RawInstance};
use crate::lang::Lang;
use crate::project::Document;
use crate::regulation::Regulation;
use crate::serve::problem::Problem;
use crate::words::plain;

/// The sheets with what the import says of them.
pub(crate) struct Working {
    /// Of which data they are, and in which language.
    key: Key,
    pub(crate) sheets: Vec<Sheet>,
    pub(crate) findings: Findings,
    /// Why the cells cannot be changed, where the sheets do not say the instance exactly.
    pub(crate) locked: Option<String>,
    /// Whether the project's mapping is meant for them: the instance's own sheets need none.
    pub(super) mapped: bool,
    pub(super) mapping: Mapping,
    names: Names,
}

/// Sheets as a project keeps them.
#[derive(Serialize, Deserialize)]
struct Kept {
    mapped: bool,
    sheets: Vec<Sheet>,
}

#[derive(Clone, PartialEq)]
pub(super) struct Key {
    instance: Option<Arc<str>>,
    sheets: Option<Arc<str>>,
    mapping: Arc<str>,
    lang: Lang,
}

impl Key {
    pub(super) fn of(document: &Document) -> Key {
        Key {
            instance: document.instance.clone(),
            sheets: document.sheets.clone(),
            mapping: document.mapping.clone(),
            lang: crate::lang::current(),
        }
    }

    fn same(&self, other: &Key) -> bool {
        let pair = |a: &Option<Arc<str>>, b: &Option<Arc<str>>| match (a, b) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b) || a == b,
            (None, None) => true,
            _ => false,
        };
        // Of an instance that is not looked at, nothing depends.
        let instance = self.sheets.is_some() || pair(&self.instance, &other.instance);
        instance && pair(&self.sheets, &other.sheets) && self.mapping == other.mapping && self.lang == other.lang
    }
}

/// What an import says.
#[derive(Default)]
pub(crate) struct Findings {
    /// The instance, where there is no fault.
    pub(crate) raw: Option<RawInstance>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) notes: Vec<Fault>,
    pub(crate) questions: Vec<Question>,
    pub(crate) counts: Vec<SheetCount>,
}

/// Imports sheets and says all of it.
pub(super) fn findings(sheets: Vec<Sheet>, name: &str, mapping: &Mapping) -> Findings {
    match import_sheets(sheets, name, mapping) {
        Ok(done) => Findings { raw: Some(done.raw), notes: done.notes, counts: done.counts, ..Findings::default() },
        Err(no) => {
            Findings { raw: None, faults: no.faults, notes: no.notes, questions: no.questions, counts: no.counts }
        }
    }
}

/// The mapping that lines of a mapping file make.
pub(super) fn mapping(lines: &str) -> Result<Mapping, Problem> {
    if lines.trim().is_empty() {
        return Ok(Mapping::default());
    }
    let sheets = read::from_bytes("", "", lines.as_bytes()).map_err(Problem::bad)?;
    Mapping::of_sheets(&sheets).map_err(|faults| Problem::faulty(&faults))
}

/// Sheets as they are kept.
pub(super) fn kept(sheets: Vec<Sheet>, mapped: bool) -> Arc<str> {
    serde_json::to_string(&Kept { mapped, sheets }).expect("sheets are always JSON").into()
}

impl Working {
    pub(super) fn of(document: &Document) -> Result<Working, Problem> {
        let key = Key::of(document);
        let regulation = |raw: &RawInstance| match &raw.regulation {
            RegulationChoice::Named(id) => Regulation::shipped(id),
            RegulationChoice::Own(own) => Some(own.as_ref().clone()),
        };
        let raw: Option<RawInstance> = document.instance.as_ref().and_then(|json| serde_json::from_str(json).ok());
        let shipped = || Regulation::shipped(crate::regulation::SHIPPED[0].0);
        let names = raw.as_ref().and_then(regulation).or_else(shipped).as_ref().map(Names::of).unwrap_or_default();
        let names = match &raw {
            Some(raw) => Names {
                centres: raw.centres.iter().map(|c| c.id.clone()).collect(),
                dates: raw.calendar.dates.clone(),
                ..names
            },
            None => names,
        };
        if let Some(text) = &document.sheets {
            let Kept { mapped, sheets } = serde_json::from_str(text).map_err(|e| Problem::internal(e.to_string()))?;
            let mapping = if mapped { mapping(&document.mapping)? } else { Mapping::default() };
            let findings = findings(sheets.clone(), &document.name, &mapping);
            return Ok(Working { key, sheets, findings, locked: None, mapped, mapping, names });
        }
        let Some(raw) = raw else {
            let (sheets, findings, mapping) = (Vec::new(), Findings::default(), Mapping::default());
            return Ok(Working { key, sheets, findings, locked: None, mapped: false, mapping, names });
        };
        let sheets = written(&raw);
        let mapping = Mapping::default();
        let findings = findings(sheets.clone(), "", &mapping);
        let locked = match &findings.raw {
            Some(again) if *again == raw => None,
            Some(again) => Some(difference(again, &raw)),
            None => Some(findings.faults.first().map(ToString::to_string).unwrap_or_default()),
        };
        let findings = match locked {
            Some(_) => Findings { notes: remarks(&raw), raw: Some(raw), ..Findings::default() },
            None => findings,
        };
        Ok(Working { key, sheets, findings, locked, mapped: false, mapping, names })
    }

    /// What a sheet is about, where it is known.
    pub(super) fn layout(&self, sheet: &Sheet) -> Option<&'static Layout> {
        titles::layout_of(self.mapping.title(&sheet.name), sheet, self.mapping.layout(&sheet.name))
    }

    /// The id of each sheet: what it is about, or its name.
    pub(super) fn ids(&self) -> Vec<String> {
        let mut ids: Vec<String> = Vec::new();
        for sheet in &self.sheets {
            let name = self.layout(sheet).map_or(sheet.name.as_str(), |l| l.en);
            let name = plain(name).replace(' ', "-");
            let name = if name.is_empty() { "sheet".to_string() } else { name };
            let twin = (2..).map(|n| format!("{name}-{n}")).find(|id| !ids.contains(id));
            ids.push(if ids.contains(&name) { twin.unwrap_or_default() } else { name });
        }
        ids
    }

    /// The row of a sheet's headings, from 0, and what each column means.
    pub(super) fn head(&self, sheet: &Sheet) -> (usize, Vec<(String, Meaning)>) {
        let first = sheet.lines().next().map_or(0, |(row, _)| row);
        let layout = self.layout(sheet);
        let row = layout.map_or(first, |l| heading_row(sheet, l, &self.mapping, &self.names));
        let cells = sheet.line(row).map(read::Line::dense).unwrap_or_default();
        let meant = match layout {
            Some(layout) => meanings(&cells, layout, &self.mapping, &self.names),
            None => cells.iter().map(|_| Meaning::Unknown).collect(),
        };
        (row, cells.iter().map(Cell::shown).zip(meant).collect())
    }

    /// The sheet that a place is in.
    pub(super) fn sheet_of(&self, file: Option<&str>, place: &Place) -> Option<usize> {
        let named = |s: &Sheet, file: &str| s.name == place.sheet && s.file == file;
        let of_file = file.and_then(|file| self.sheets.iter().position(|s| named(s, file)));
        of_file.or_else(|| self.sheets.iter().position(|s| s.name == place.sheet))
    }

    /// A fault or remark as data: with its place in the tables.
    pub(super) fn said(&self, fault: &Fault, ids: &[String], severity: &str) -> Value {
        let place = fault.place.as_deref();
        let sheet = place.and_then(|p| self.sheet_of(fault.file.as_deref(), p));
        // What follows are lines for a mapping file, which the page asks as a question.
        let message = fault.message.lines().next().unwrap_or_default().replace(" (--mapping)", "");
        json!({
            "table": sheet.map(|i| &ids[i]),
            "sheet": place.map(|p| &p.sheet),
            "row": place.and_then(|p| p.rows.first()).map(|r| r + 1),
            "rows": place.map(|p| p.rows.iter().map(|r| r + 1).collect::<Vec<_>>()),
            "column": place.and_then(|p| p.column.as_ref()).map(|(c, _)| c),
            "heading": place.and_then(|p| p.column.as_ref()).map(|(_, h)| h),
            "message": message,
            "severity": severity,
        })
    }

    /// Whether there is nothing to plan without a sheet.
    pub(super) fn required(layout: &Layout) -> bool {
        NEEDED.contains(&layout.kind)
    }

    /// The place of a sheet among the known ones.
    pub(super) fn order(layout: Option<&Layout>) -> usize {
        layout.and_then(|l| LAYOUTS.iter().position(|o| o.kind == l.kind)).unwrap_or(LAYOUTS.len())
    }
}

/// What is to be said of an instance that came as a file of its own.
pub(super) fn remarks(raw: &RawInstance) -> Vec<Fault> {
    let Ok(instance) = Instance::from_raw(raw.clone()) else { return Vec::new() };
    let warnings = crate::instance::hopeless::once(crate::instance::hopeless::warnings(&instance));
    warnings.into_iter().map(|w| Fault::new(w.path, w.message)).collect()
}

impl Desk<'_> {
    /// The sheets, made where they are not there yet.
    pub(super) fn working(&mut self) -> Result<&mut Working, Problem> {
        let document = self.project()?.document().clone();
        let there = self.office.working.as_ref().is_some_and(|w| w.key.same(&Key::of(&document)));
        if !there {
            self.office.working = None;
            self.office.working = Some(Working::of(&document)?);
        }
        self.office.working.as_mut().ok_or_else(|| Problem::internal(""))
    }

    /// The sheets, changed, stand for the project's data as they are now; not where they were mended, since what was left out of
    /// them or read by answers is another now.
    pub(super) fn working_is(&mut self, sheets: Vec<Sheet>, findings: Findings) -> Result<(), Problem> {
        let document = self.project()?.document();
        let (key, mended) = (Key::of(document), document.sheets.is_none());
        self.office.working = self.office.working.take().filter(|w| !(mended && w.mapped));
        if let Some(working) = &mut self.office.working {
            (working.key, working.sheets, working.findings) = (key, sheets, findings);
        }
        Ok(())
    }
}
