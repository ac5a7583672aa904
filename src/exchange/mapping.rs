//! An office's own answers: what its sheets, headings and words mean here.

use std::collections::HashMap;
use std::path::Path;

use super::cell::is_dash;
use super::headings::plain;
use super::layout::{Column, Kind, LAYOUTS, Layout};
use super::page::place;
use super::read::{Sheet, sheets};
use crate::fault::Fault;
use crate::tr;

/// An office's own names: `Feuille;Votre titre;Titre attendu;Votre valeur;Valeur attendue`, one row each.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    sheets: HashMap<String, String>,
    headings: HashMap<(Kind, String), String>,
    values: HashMap<(Kind, String, String), String>,
}

/// What the mapping file says of a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said<'a> {
    /// The column is left out.
    Ignored,
    /// The column is kept with the information.
    Info,
    /// The column is that of this heading.
    Heading(&'a str),
}

/// Whether a text of a mapping file leaves something out.
pub fn says_ignore(text: &str) -> bool {
    is_dash(text) || matches!(plain(text).as_str(), "ignorer" | "ignore" | "ignored" | "a ignorer")
}

/// Whether a text of a mapping file keeps something with the information alone.
pub fn says_info(text: &str) -> bool {
    matches!(plain(text).as_str(), "info" | "information" | "informations")
}

impl Mapping {
    /// Reads a mapping file (CSV or workbook) of three or five columns: sheet, the office's heading, the expected one,
    /// the office's value, the expected one. An empty sheet renames a sheet; a dash (or `ignorer`) leaves out.
    pub fn read(path: &Path) -> Result<Mapping, Vec<Fault>> {
        Mapping::of_sheets(&sheets(path)?)
    }

    /// The same from sheets that are read.
    ///
    /// # Errors
    /// The rows that say nothing here, or two things of one name.
    pub fn of_sheets(sheets: &[Sheet]) -> Result<Mapping, Vec<Fault>> {
        let (mut mapping, mut faults) = (Mapping::default(), Vec::new());
        for sheet in sheets {
            for (i, line) in sheet.lines() {
                let text = |i: usize| line.at(i).text();
                let (on, own) = (text(0), text(1));
                if own.is_empty() || (i == 0 && Layout::named(&on).is_none() && !on.is_empty()) {
                    continue;
                }
                if let Err((column, message)) = mapping.add(&on, &own, [text(2), text(3), text(4)]) {
                    let place = Some(place(&sheet.name, i, Some((column, ""))));
                    faults.push(Fault { file: Some(sheet.file.clone()), place, ..Fault::new("", message) });
                }
            }
        }
        if faults.is_empty() { Ok(mapping) } else { Err(faults) }
    }

    /// Takes one row in; else the column at fault and why.
    fn add(&mut self, on: &str, own: &str, [wanted, value, meant]: [String; 3]) -> Result<(), (usize, String)> {
        let leaves_out = on.is_empty() && says_ignore(&wanted);
        let named = Layout::named(if on.is_empty() { &wanted } else { on });
        // A sheet that is left out is of no kind.
        let Some(layout) = named.or(leaves_out.then(|| &LAYOUTS[0])) else {
            let known = LAYOUTS.iter().map(Layout::name).collect::<Vec<_>>().join(", ");
            let message = tr!(
                "no sheet of that name is read here; those are: {known}",
                "aucune feuille de ce nom n'est lue ici ; ce sont : {known}"
            );
            return Err((if on.is_empty() { 2 } else { 0 }, message));
        };
        let twice = || {
            tr!(
                "this file says two things of \"{own}\"; keep one",
                "ce fichier dit deux choses de « {own} » ; n'en gardez qu'une"
            )
        };
        if on.is_empty() {
            let old = self.sheets.insert(plain(own), wanted.clone());
            return if old.is_some_and(|o| o != wanted) { Err((2, twice())) } else { Ok(()) };
        }
        if !value.is_empty() {
            let key = (layout.kind, plain(own), plain(&value));
            let old = self.values.insert(key, meant.clone());
            if old.is_some_and(|o| o != meant) {
                return Err((4, twice()));
            }
            if wanted.is_empty() {
                return Ok(());
            }
        }
        // The headings of exams and centres are known when the sheets are read: see [`Mapping::heading`].
        let dynamic =
            matches!(layout.kind, Kind::Candidates | Kind::Distances | Kind::Statuses) || layout.may_be_grid();
        let known = says_ignore(&wanted)
            || (layout.keeps_info() && (says_info(&wanted) || plain(&wanted).starts_with("info ")))
            || layout.columns.iter().any(|c| c.answers_to(&plain(&wanted)));
        if wanted.is_empty() || (!known && !dynamic) {
            return Err((2, no_heading(&wanted, layout)));
        }
        let old = self.headings.insert((layout.kind, plain(own)), wanted.clone());
        if old.is_some_and(|o| o != wanted) { Err((2, twice())) } else { Ok(()) }
    }

    /// The layout of a sheet, by the mapping or by its name.
    pub fn layout(&self, name: &str) -> Option<&'static Layout> {
        Layout::named(self.title(name))
    }

    /// The sheet's name, or the one that the mapping gives it.
    pub fn title<'a>(&'a self, name: &'a str) -> &'a str {
        self.sheets.get(&plain(name)).map_or(name, String::as_str)
    }

    /// Whether a sheet is left out.
    pub fn ignores(&self, name: &str) -> bool {
        self.sheets.get(&plain(name)).is_some_and(|wanted| says_ignore(wanted))
    }

    /// What is said of a heading.
    pub fn heading(&self, kind: Kind, heading: &str) -> Option<Said<'_>> {
        let wanted = self.headings.get(&(kind, plain(heading)))?;
        Some(match wanted {
            w if says_ignore(w) => Said::Ignored,
            w if says_info(w) => Said::Info,
            w => Said::Heading(w),
        })
    }

    /// What is meant by a text under a heading.
    pub fn value(&self, kind: Kind, heading: &str, text: &str) -> Option<&str> {
        if self.values.is_empty() {
            return None;
        }
        self.values.get(&(kind, plain(heading), plain(text))).map(String::as_str)
    }

    /// Whether anything is said of the values of a kind of sheet.
    pub fn has_values(&self, kind: Kind) -> bool {
        self.values.keys().any(|(k, ..)| *k == kind)
    }

    /// Says the rows whose sheet is not there.
    pub fn unused_sheets(&self, sheets: &[Sheet]) -> Vec<Fault> {
        let mut lost: Vec<&String> =
            self.sheets.keys().filter(|own| sheets.iter().all(|s| plain(&s.name) != **own)).collect();
        lost.sort();
        let say = |own: &String| {
            let message = tr!(
                "the mapping file speaks of a sheet \"{own}\", and there is none",
                "le fichier de correspondance parle d'une feuille « {own} », qui n'existe pas"
            );
            Fault::new("", message)
        };
        lost.into_iter().map(say).collect()
    }

    /// Says the rows whose heading stands in no sheet: a mistyped answer must not pass for one.
    pub fn unused(&self, sheets: &[(Sheet, &'static Layout)]) -> Vec<Fault> {
        let stands = |kind: Kind, heading: &str| {
            let of_kind = sheets.iter().filter(|(_, l)| l.kind == kind);
            of_kind.flat_map(|(s, _)| s.lines()).flat_map(|(_, l)| l.cells()).any(|(_, c)| plain(&c.text()) == heading)
        };
        let headings = self.headings.keys().map(|(kind, own)| (*kind, own));
        let mut lost: Vec<(Kind, &String)> = headings
            .chain(self.values.keys().map(|(kind, own, _)| (*kind, own)))
            .filter(|(k, o)| !stands(*k, o))
            .collect();
        lost.sort();
        lost.dedup();
        let say = |(kind, own): (Kind, &String)| {
            let sheet = super::layout::layout(kind).name();
            let message = tr!(
                "the mapping file speaks of \"{own}\" in the sheet \"{sheet}\", where no such heading stands",
                "le fichier de correspondance parle de « {own} » dans la feuille « {sheet} », où ce titre ne figure pas"
            );
            Fault::new("", message)
        };
        lost.into_iter().map(say).collect()
    }
}

/// The message for what is no heading of a sheet.
pub fn no_heading(wanted: &str, layout: &Layout) -> String {
    let headings = layout.columns.iter().map(Column::heading).collect::<Vec<_>>().join(", ");
    tr!(
        "\"{wanted}\" is not a heading of that sheet; those are: {headings}",
        "« {wanted} » n'est pas un titre de cette feuille ; ce sont : {headings}"
    )
}
