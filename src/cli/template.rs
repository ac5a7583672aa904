//! `oraux template`: an empty workbook, or one filled with an instance.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::{Failure, distinct, paths, print, writable};
use crate::exchange::tables::{Table, empty, filled};
use crate::exchange::workbook::{csv, longest_cell, xlsx};
use crate::fault::Fault;
use crate::instance::Instance;
use crate::{output, tr};

/// Write a workbook to fill in, or one filled with an instance; headings in the language in force
#[derive(clap::Args)]
pub struct Template {
    /// The workbook to write (.xlsx); any other name is a folder for CSV files
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Fill it with this instance; imported again, it gives the same instance
    #[arg(long, value_name = "INSTANCE")]
    from: Option<PathBuf>,
}

impl Template {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let tables = match &self.from {
            None => empty(),
            Some(path) => {
                let instance = Instance::read(path)?;
                let about = |f: Fault| Failure::Input(vec![Fault { file: Some(path.display().to_string()), ..f }]);
                filled(&instance.raw).map_err(about)?
            }
        };
        let output = &self.output;
        if output.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx")) {
            writable(&[output], &paths(&[self.from.as_ref()]))?;
            write_workbook(output, &tables)?;
        } else {
            distinct(&[output], &paths(&[self.from.as_ref()]))?;
            std::fs::create_dir_all(output).map_err(|e| Failure::unwritable(output, &e))?;
            for (name, bytes) in csv(&tables) {
                let file = output.join(name);
                output::write(&file, &bytes).map_err(|e| Failure::unwritable(&file, &e))?;
            }
        }
        let file = output.display();
        print(&(tr!("written: {file}", "écrit : {file}") + "\n"));
        Ok(ExitCode::SUCCESS)
    }
}

fn write_workbook(output: &Path, tables: &[Table]) -> Result<(), Failure> {
    let failure = |message: String| {
        Failure::Input(vec![Fault { file: Some(output.display().to_string()), ..Fault::new("", message) }])
    };
    if let Some((sheet, row)) = longest_cell(tables) {
        return Err(failure(tr!(
            "sheet \"{sheet}\", row {row}: a text too long for a workbook; write a folder of CSV files",
            "feuille « {sheet} », ligne {row} : un texte trop long pour un classeur ; écrivez un dossier de fichiers CSV"
        )));
    }
    let bytes = xlsx(tables).map_err(|e| failure(tr!("cannot be made: {e}", "ne peut être produit : {e}")))?;
    output::write(output, &bytes).map_err(|e| Failure::unwritable(output, &e))
}
