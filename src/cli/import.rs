//! `oraux import`: an instance from spreadsheets.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use super::wrap::for_output;
use super::{Failure, complain, paths, print, progress, writable};
use crate::exchange::count::SheetCount;
use crate::exchange::derive::Derived;
use crate::exchange::headings::Mapping;
use crate::exchange::import::{import, without_school};
use crate::instance::Form;
use crate::lang::count;
use crate::{output, tr};

/// Make an instance from a workbook (XLSX, ODS) or a folder of CSV files (exit 0 written, 2 faults)
#[derive(clap::Args)]
pub struct Import {
    /// The workbook, or the folder of CSV files
    source: PathBuf,
    /// The instance to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// An office's own headings and words: a CSV file of rows "sheet;own heading;expected heading" or, for a word,
    /// "sheet;heading;;own value;expected value"
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Say for each derived form what it follows from
    #[arg(long)]
    explain: bool,
}

impl Import {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        writable(&[&self.output], &paths(&[Some(&self.source), self.mapping.as_ref()]))?;
        let mapping = self.mapping.as_deref().map(Mapping::read).transpose()?.unwrap_or_default();
        progress::tell(progress::Now { stage: "reading", share: Some(0.0), ..progress::Now::default() });
        let imported = match import(&self.source, &mapping) {
            Ok(imported) => imported,
            Err(refused) => {
                notes(&refused.notes);
                print(&for_output(&counted(refused.without_school, &refused.counts)));
                return Err(refused.faults.into());
            }
        };
        notes(&imported.notes);
        let json = serde_json::to_string_pretty(&imported.raw).expect("an instance is always JSON") + "\n";
        output::write(&self.output, json.as_bytes()).map_err(|e| Failure::unwritable(&self.output, &e))?;
        print(&for_output(&summary(&imported.raw, &imported.derived, self.explain)));
        print(&for_output(&counted(without_school(&imported.raw), &imported.counts)));
        let file = self.output.display();
        print(&(tr!("written: {file}", "écrit : {file}") + "\n"));
        Ok(ExitCode::SUCCESS)
    }
}

fn notes(notes: &[crate::fault::Fault]) {
    for note in notes {
        complain(&tr!("note: {note}", "remarque : {note}"));
    }
}

/// What was read, and the forms that follow from statuses.
fn summary(raw: &crate::instance::RawInstance, derived: &[Derived], explain: bool) -> String {
    let orals = raw.candidates.iter().flat_map(|c| &c.orals).filter(|o| o.form == Form::Final).count();
    let said = [
        (raw.candidates.len(), tr!("candidate", "candidat"), tr!("candidates", "candidats")),
        (
            orals,
            tr!("oral in final form", "oral en forme ponctuelle"),
            tr!("orals in final form", "oraux en forme ponctuelle"),
        ),
        (raw.examiners.len(), tr!("examiner", "interrogateur"), tr!("examiners", "interrogateurs")),
        (raw.schools.len(), tr!("school", "établissement"), tr!("schools", "établissements")),
        (raw.centres.len(), tr!("centre", "centre"), tr!("centres", "centres")),
    ];
    let mut out = said.map(|(n, one, many)| count(n, &one, &many)).join(", ") + "\n";
    if derived.is_empty() {
        return out;
    }
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for d in derived {
        *counts.entry((&d.because, form_name(d.form))).or_default() += 1;
    }
    out += &(tr!("forms derived from statuses:", "formes déduites des statuts :") + "\n");
    for ((because, form), n) in counts {
        out += &format!("  {n:>6}  {form:<11} {because}\n");
    }
    for d in derived.iter().filter(|_| explain) {
        let (candidate, exam, form, because) = (&d.candidate, &d.exam, form_name(d.form), &d.because);
        out += &(tr!("  {candidate} {exam}: {form}, {because}", "  {candidate} {exam} : {form}, {because}") + "\n");
    }
    out
}

/// What became of the rows, for the clerk to check; nothing where no sheet could be read.
fn counted(without: usize, counts: &[SheetCount]) -> String {
    if counts.is_empty() {
        return String::new();
    }
    let mut out = tr!("rows, to be checked:", "lignes, à vérifier :") + "\n";
    for count in counts {
        out += &(count.line() + "\n");
    }
    if without > 0 {
        out += &(tr!("candidates without a school: {without}", "candidats sans établissement : {without}") + "\n");
    }
    out
}

fn form_name(form: Form) -> &'static str {
    let french = crate::lang::current() == crate::lang::Lang::Fr;
    match (form, french) {
        (Form::Final, true) => "ponctuelle",
        (Form::Continuous, true) => "CCF",
        (Form::Exempt, true) => "dispense",
        (Form::Final, false) => "final",
        (Form::Continuous, false) => "continuous",
        (Form::Exempt, false) => "exempt",
    }
}
