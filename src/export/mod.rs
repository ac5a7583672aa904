//! Documents out: convocations, timetables, lists, reports, a workbook, CSV and calendars of one schedule.
//!
//! [`View`] is who sits where and when; every kind of document in [`KINDS`] is one file of `kinds/` that reads the
//! view and nothing else. [`Folder`] moves the files in, all together. Papers are set by Typst from a template beside
//! the kind, which an office may replace; their texts are in `texts/`.

pub mod changes;
pub mod folder;
mod granted;
pub mod kinds;
mod mended;
pub mod paper;
#[cfg(feature = "pdf")]
mod pdf;
mod place;
mod remarks;
pub mod tables;
pub mod texts;
pub mod view;
mod zone;

use std::ops::ControlFlow;
use std::path::PathBuf;

use chrono::NaiveDate;
use rayon::prelude::*;
use serde_json::Value;

pub use folder::Folder;
pub use kinds::KINDS;
pub use mended::AGAIN;
pub use paper::Paper;
pub use remarks::remarks;
pub use texts::Texts;
pub use view::View;

use crate::fault::Fault;

/// Whether this build can set PDF (the cargo feature `pdf`).
pub const HAS_PDF: bool = cfg!(feature = "pdf");

/// Under this name stand the templates among the sources.
pub const SOURCES: &str = "sources";

/// A kind of document.
pub struct Kind {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is, in one line.
    pub summary: fn() -> String,
    /// How it is made.
    pub make: Make,
}

/// How a kind of document is made.
pub enum Make {
    /// Set by Typst.
    Papers(fn(&View, &Options) -> Vec<Paper>),
    /// Written straight away.
    Files(fn(&View, &Options) -> Result<Vec<File>, Fault>),
}

/// A document ready to be written.
pub struct File {
    /// Where, below the folder: `bureau/passages.csv`.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// How convocations are put together in files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// One file for each school.
    School,
    /// One file for each centre: that of the person's first convocation.
    Centre,
    /// One file for each person.
    Person,
}

/// What is wanted.
#[derive(Clone)]
pub struct Options {
    /// The kinds.
    pub kinds: Vec<&'static Kind>,
    /// The date on the documents.
    pub today: NaiveDate,
    /// How the candidates' convocations are put together.
    pub candidates_by: By,
    /// How the examiners' are.
    pub examiners_by: By,
    /// Templates and fonts that replace the program's.
    pub templates: Option<PathBuf>,
    /// Whether the sources of the papers are written too.
    pub sources: bool,
    /// Whether each paper says that it is not to be sent.
    pub draft: bool,
    /// The number of this publication, 0 for the first: the calendars' SEQUENCE.
    pub revision: u32,
    /// The date of the publication before this one, where it is known: what is sent again takes the place of it.
    pub replaces: Option<NaiveDate>,
}

/// Why nothing was made.
pub enum Stopped {
    /// Faults of templates, or files that cannot be written.
    Faults(Vec<Fault>),
    /// The watcher asked for it.
    Asked,
}

impl From<Fault> for Stopped {
    fn from(fault: Fault) -> Self {
        Stopped::Faults(vec![fault])
    }
}

/// Makes every document that is wanted in the folder's waiting room; [`Folder::publish`] then moves them in. The watcher
/// hears how many of how many pages and files are done, and may stop the work.
pub fn make(
    view: &View,
    options: &Options,
    folder: &mut Folder,
    watch: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
) -> Result<(), Stopped> {
    let (mut files, mut papers) = (Vec::new(), Vec::new());
    for kind in &options.kinds {
        match kind.make {
            Make::Papers(make) => {
                papers.extend(mended::papers(view, options, kind, make).into_iter().map(|p| (kind.name, p)));
            }
            Make::Files(make) => {
                files.extend(mended::files(view, options, kind, make)?.into_iter().map(|f| (kind.name, f)));
            }
        }
    }
    let total = files.len() as u64 + papers.iter().map(|(_, p)| p.pages.len() as u64).sum::<u64>();
    let mut done = 0;
    let mut say = |more: usize| {
        done += more as u64;
        match watch(done, total) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Stopped::Asked),
        }
    };
    for (kind, file) in files {
        folder.add(kind, &file.path, &file.bytes)?;
        say(1)?;
    }
    #[cfg(feature = "pdf")]
    let press = pdf::Press::new(options.templates.as_deref())?;
    // A few at a time, so that the watcher hears of it and thousands of pages are not held in memory.
    for some in papers.chunks(4 * rayon::current_num_threads()) {
        type Made = Result<(Value, Option<Vec<u8>>), Fault>;
        let made: Vec<Made> = some
            .par_iter()
            .map(|(_, paper)| {
                let data = paper.data(view, options);
                #[cfg(feature = "pdf")]
                let pdf = Some(press.print(paper.template, &data)?);
                #[cfg(not(feature = "pdf"))]
                let pdf = None;
                Ok((data, pdf))
            })
            .collect();
        for ((kind, paper), made) in some.iter().zip(made) {
            let (data, pdf) = made?;
            if options.sources {
                let stem = format!("typst/{}", paper.path.replace('/', "-"));
                folder.add(kind, &format!("{stem}.json"), &serde_json::to_vec(&data).expect("always JSON"))?;
            }
            if let Some(pdf) = pdf {
                folder.add(kind, &format!("{}.pdf", paper.path), &pdf)?;
            }
            say(paper.pages.len())?;
        }
    }
    if options.sources {
        for (name, text) in paper::templates(options.templates.as_deref())? {
            folder.add(SOURCES, &format!("typst/{name}"), text.as_bytes())?;
        }
    }
    Ok(())
}
