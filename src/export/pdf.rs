//! Typst as a library: a template and its data become a PDF. Nothing is read but the templates, their data and what
//! lies in the office's folder of templates; fonts are inside the program.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde_json::Value;
use typst::diag::{FileError, FileResult, Severity, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};
use typst_layout::PagedDocument;

use super::paper::templates;
use crate::fault::Fault;
use crate::tr;

/// Sets papers: templates and fonts, read once.
pub struct Press {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    sources: HashMap<FileId, Source>,
    folder: Option<PathBuf>,
    /// Pictures of the office's own templates.
    files: Mutex<HashMap<FileId, Bytes>>,
}

/// One paper to be set.
struct Job<'p> {
    press: &'p Press,
    main: FileId,
    data: FileId,
    json: Bytes,
}

impl Press {
    /// Reads the templates; those of the folder stand in place of the program's, and its fonts beside them.
    pub fn new(folder: Option<&Path>) -> Result<Press, Fault> {
        let mut fonts: Vec<Font> = Vec::new();
        for path in folder.map(font_files).unwrap_or_default() {
            let bytes = std::fs::read(&path).map_err(|e| Fault {
                file: Some(path.display().to_string()),
                ..Fault::new("", tr!("cannot be read: {e}", "lecture impossible : {e}"))
            })?;
            fonts.extend(Font::iter(Bytes::new(bytes)));
        }
        fonts.extend(typst_assets::fonts().flat_map(|bytes| Font::iter(Bytes::new(bytes))));
        let sources = templates(folder)?
            .into_iter()
            .map(|(name, text)| {
                let id = id(&name);
                (id, Source::new(id, text))
            })
            .collect();
        Ok(Press {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            sources,
            folder: folder.map(Path::to_path_buf),
            files: Mutex::default(),
        })
    }

    /// Sets one paper.
    pub fn print(&self, template: &str, data: &Value) -> Result<Vec<u8>, Fault> {
        let json = Bytes::new(serde_json::to_vec(data).expect("always JSON"));
        let job = Job { press: self, main: id(template), data: id("data.json"), json };
        let said = |faults: &[SourceDiagnostic]| job.fault(template, faults);
        let document = typst::compile::<PagedDocument>(&job).output.map_err(|e| said(&e))?;
        let pdf = typst_pdf::pdf(&document, &typst_pdf::PdfOptions::default()).map_err(|e| said(&e))?;
        // What was remembered for one paper is of little use for the next, and there are thousands.
        typst::comemo::evict(2);
        Ok(pdf)
    }
}

fn id(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("the names of templates are paths");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

fn font_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|p| {
            p.extension().is_some_and(|e| ["ttf", "otf", "ttc", "otc"].iter().any(|f| e.eq_ignore_ascii_case(f)))
        })
        .collect();
    files.sort();
    files
}

impl Job<'_> {
    /// The first error of a template, with its place.
    fn fault(&self, template: &str, faults: &[SourceDiagnostic]) -> Fault {
        let Some(first) = faults.iter().find(|f| f.severity == Severity::Error).or(faults.first()) else {
            return Fault::new(template, tr!("cannot be set", "ne peut être composé"));
        };
        let (mut file, mut position) = (template.to_string(), None);
        if let Some(source) = first.span.id().and_then(|id| self.source(id).ok()) {
            file = source.id().vpath().get_without_slash().to_string();
            let lines = source.lines();
            let start = self.range(first.span).map(|range| range.start);
            position =
                start.and_then(|at| Some((lines.byte_to_line(at)? as u32 + 1, lines.byte_to_column(at)? as u32 + 1)));
        }
        let file = self.press.folder.as_ref().map_or(file.clone(), |f| f.join(&file).display().to_string());
        let hints: String = first.hints.iter().map(|h| format!(" ({})", h.v)).collect();
        Fault { file: Some(file), position, ..Fault::new("", format!("{}{hints}", first.message)) }
    }
}

impl World for Job<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.press.library
    }
    fn book(&self) -> &LazyHash<FontBook> {
        &self.press.book
    }
    fn main(&self) -> FileId {
        self.main
    }
    fn source(&self, id: FileId) -> FileResult<Source> {
        match self.press.sources.get(&id) {
            Some(source) => Ok(source.clone()),
            None => {
                let bytes = self.file(id)?;
                let text = std::str::from_utf8(&bytes).map_err(|_| FileError::InvalidUtf8)?;
                Ok(Source::new(id, text.to_string()))
            }
        }
    }
    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data {
            return Ok(self.json.clone());
        }
        let name = PathBuf::from(id.vpath().get_without_slash());
        // No package is ever fetched.
        let own = self.press.folder.as_ref().filter(|_| matches!(id.root(), VirtualRoot::Project));
        let folder = own.ok_or_else(|| FileError::NotFound(name.clone()))?;
        let mut files = self.press.files.lock().unwrap_or_else(|e| e.into_inner());
        if let Some(bytes) = files.get(&id) {
            return Ok(bytes.clone());
        }
        let path = folder.join(&name);
        let bytes = Bytes::new(std::fs::read(&path).map_err(|e| FileError::from_io(e, &path))?);
        files.insert(id, bytes.clone());
        Ok(bytes)
    }
    fn font(&self, index: usize) -> Option<Font> {
        self.press.fonts.get(index).cloned()
    }
    /// Templates are given the date; a clock would make no two papers alike.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
