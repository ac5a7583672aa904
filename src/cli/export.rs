//! `oraux export`: the documents of a schedule, for candidates, examiners, centres and the office.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::Ordering;

use chrono::NaiveDate;
use clap::ValueEnum;
use clap::builder::{PossibleValue, PossibleValuesParser};
use indicatif::{ProgressBar, ProgressStyle};
use sha2::{Digest, Sha256};

use super::check::not_valid;
use super::{Failure, complain, interrupted, print, progress, read_both};
use crate::check::{Verdict, check};
use crate::export::paper::TEMPLATES;
use crate::export::{By, Folder, HAS_PDF, KINDS, Kind, Make, Options, Stopped, Texts, View, make, remarks, texts};
use crate::fault::Fault;
use crate::lang::{Lang, plural};
use crate::replan::PersonChanges;
use crate::report::Answer;
use crate::schedule::{Plan, Schedule};
use crate::{output, tr};

/// Write the documents of a schedule: convocations, timetables, lists, reports, workbook, CSV, calendars
///
/// Documents are in French, unless --lang en is given. A schedule that breaks a rule is refused (exit 1).
#[derive(clap::Args)]
pub struct Export {
    /// The instance
    #[arg(required_unless_present = "defaults")]
    instance: Option<PathBuf>,
    /// The schedule
    #[arg(required_unless_present = "defaults")]
    schedule: Option<PathBuf>,
    /// The folder to write to, made if it is not there
    #[arg(long, value_name = "DIR", required_unless_present = "defaults")]
    to: Option<PathBuf>,
    /// The published schedule that this one re-plans: adds the log of changes, updates the calendars
    #[arg(long, value_name = "SCHEDULE")]
    baseline: Option<PathBuf>,
    /// Only these kinds of documents
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = kind_names())]
    only: Vec<String>,
    /// One file of candidates' convocations for each …
    #[arg(long, value_enum, default_value = "school")]
    candidates_by: Grouping,
    /// One file of examiners' convocations for each …
    #[arg(long, value_enum, default_value = "school")]
    examiners_by: Grouping,
    /// The date on the documents (by default today)
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<NaiveDate>,
    /// The number of this publication, for the calendars (by default counted in DIR)
    #[arg(long, value_name = "N")]
    revision: Option<u32>,
    /// With --baseline, what `oraux replan --json` printed: the log of changes says why
    #[arg(long, value_name = "ANSWER", requires = "baseline")]
    with: Option<PathBuf>,
    /// With --baseline, the date of what went out before and is replaced (by default known in DIR)
    #[arg(long, value_name = "YYYY-MM-DD", requires = "baseline")]
    replaces: Option<NaiveDate>,
    /// A folder with the office's own texts (fr.toml, en.toml)
    #[arg(long, value_name = "DIR")]
    texts: Option<PathBuf>,
    /// A folder with the office's own templates (.typ) and fonts
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
    /// Write the Typst sources of the papers too
    #[arg(long)]
    sources: bool,
    /// Replace files in DIR that no export wrote
    #[arg(long)]
    overwrite: bool,
    /// Write the documents of a schedule that breaks rules; each paper says that it is not to be sent
    #[arg(long)]
    force: bool,
    /// Write the texts and templates to DIR, to be changed, and nothing else
    #[arg(long, value_name = "DIR", exclusive = true)]
    defaults: Option<PathBuf>,
}

/// The kinds with what each is, for the help, the completions and the manual.
fn kind_names() -> PossibleValuesParser {
    KINDS.iter().map(|k| PossibleValue::new(k.name).help((k.summary)())).into()
}

#[derive(Clone, Copy, ValueEnum)]
enum Grouping {
    /// school
    School,
    /// centre of the first convocation
    Centre,
    /// person
    Person,
}

impl From<Grouping> for By {
    fn from(grouping: Grouping) -> By {
        match grouping {
            Grouping::School => By::School,
            Grouping::Centre => By::Centre,
            Grouping::Person => By::Person,
        }
    }
}

impl Export {
    /// `lang` is the language asked for on the command line, if any was.
    pub(super) fn run(self, lang: Option<Lang>) -> Result<ExitCode, Failure> {
        if let Some(folder) = &self.defaults {
            return defaults(folder);
        }
        let given = "the command line asks for it unless --defaults is there";
        let (instance, schedule) = (self.instance.as_deref().expect(given), self.schedule.as_deref().expect(given));
        let to = self.to.as_deref().expect(given);
        let texts = Texts::read(lang.unwrap_or(Lang::Fr), self.texts.as_deref())?;
        let (instance, schedule) = read_both(instance, schedule)?;
        let texts = texts.of_session(&instance);
        let baseline = self.baseline.as_deref().map(Schedule::read).transpose()?;
        let verdict = check(&instance, &schedule, baseline.as_ref());
        if !verdict.valid {
            broken(&verdict);
            if !self.force {
                return Err(Failure::NoResult(tr!(
                    "no document was written: a schedule that breaks rules must not be sent out (--force writes drafts)",
                    "aucun document n'a été écrit : un planning non valable ne doit pas être diffusé (--force écrit des projets)"
                )));
            }
        }
        for remark in &verdict.remarks {
            complain(&tr!("note: {remark}", "remarque : {remark}"));
        }
        if verdict.unscheduled > 0 {
            let n = verdict.unscheduled;
            complain(&tr!(
                "note: due orals without a sitting: {n}; see the list of candidates not heard",
                "remarque : oraux non programmés : {n} ; voir la liste des candidats non interrogés"
            ));
        }
        let mut kinds: Vec<&'static Kind> =
            KINDS.iter().filter(|k| self.only.is_empty() || self.only.iter().any(|o| o == k.name)).copied().collect();
        if !HAS_PDF && !self.sources {
            without_pdf(&mut kinds)?;
        }

        let published = baseline.as_ref().map(|b| Plan::new(&instance, b, None));
        let plan = Plan::new(&instance, &schedule, published.as_ref());
        let mut view = View::new(&plan, &texts);
        if let Some(path) = &self.with {
            view.reasons = reasons(path, &instance.name)?;
        }
        for remark in remarks(&plan, &view) {
            complain(&tr!("note: {remark}", "remarque : {remark}"));
        }
        let stop = interrupted();
        let mut folder = Folder::open(to).map_err(one)?;
        if folder.completed {
            complain(&tr!(
                "note: an earlier export was killed while it moved its files in; it was completed first",
                "remarque : un export précédent avait été interrompu pendant la mise en place de ses fichiers ; il a d'abord été achevé"
            ));
        }
        let fingerprint: String =
            Sha256::digest(schedule.to_json()).iter().take(16).map(|b| format!("{b:02x}")).collect();
        let today = self.date.unwrap_or_else(|| chrono::Local::now().date_naive());
        let revision = self.revision.unwrap_or_else(|| folder.revision(&fingerprint, baseline.is_some()));
        let options = Options {
            today,
            candidates_by: self.candidates_by.into(),
            examiners_by: self.examiners_by.into(),
            templates: self.templates.clone(),
            sources: self.sources,
            draft: !verdict.valid,
            revision,
            replaces: self.replaces.or_else(|| folder.replaced(revision)),
            kinds,
        };
        folder.dated(revision, today);
        let bar = ProgressBar::new(0).with_style(
            ProgressStyle::with_template("{bar:40} {pos}/{len} {elapsed}").expect("a template that is tested"),
        );
        let made = make(&view, &options, &mut folder, &mut |done, total| {
            bar.set_length(total);
            bar.set_position(done);
            let share = Some(done as f64 / total.max(1) as f64);
            progress::tell(progress::Now { stage: "documents", share, ..progress::Now::default() });
            if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        bar.finish_and_clear();
        match made {
            Ok(()) => {}
            Err(Stopped::Faults(faults)) => return Err(faults.into()),
            Err(Stopped::Asked) => {
                return Err(Failure::NoResult(tr!(
                    "interrupted: nothing was written",
                    "interrompu : rien n'a été écrit"
                )));
            }
        }
        let mut names: Vec<&str> = options.kinds.iter().map(|k| k.name).collect();
        names.push(crate::export::SOURCES);
        let done = folder.publish(options.revision, &fingerprint, &names, self.overwrite)?;
        for path in &done.removed {
            print(&(tr!("taken away, no longer made: {path}", "retiré, n'est plus produit : {path}") + "\n"));
        }
        for path in &done.replaced {
            print(&(tr!("replaced: {path}", "remplacé : {path}") + "\n"));
        }
        if !done.older.is_empty() {
            let kinds = done.older.into_iter().collect::<Vec<_>>().join(", ");
            complain(&tr!(
                "note: still there from another schedule: {kinds}; do not send them",
                "remarque : restent d'un autre planning : {kinds} ; ne les diffusez pas"
            ));
        }
        let (n, s, to) = (done.written, plural(done.written), to.display());
        print(&(tr!("{n} file{s} written to {to}", "{n} fichier{s} écrit{s} dans {to}") + "\n"));
        Ok(ExitCode::SUCCESS)
    }
}

/// What a re-plan says of why something changes for whom.
fn reasons(path: &Path, instance: &str) -> Result<BTreeMap<String, Vec<(NaiveDate, String)>>, Failure> {
    let Answer::Changes { changes, .. } = Answer::read(path, instance).map_err(one)? else {
        let message = tr!("is no answer of oraux replan --json", "n'est pas une réponse d'oraux replan --json");
        return Err(one(Fault { file: Some(path.display().to_string()), ..Fault::new("", message) }));
    };
    let said = |p: PersonChanges| (p.id, p.changes.into_iter().map(|c| (c.date, c.reason)).collect());
    Ok(changes.candidates.into_iter().chain(changes.examiners).map(said).collect())
}

fn one(fault: Fault) -> Failure {
    Failure::Input(vec![fault])
}

fn broken(verdict: &Verdict) {
    for v in &verdict.violations {
        complain(&format!("{:<18} {}: {}", v.rule, v.at, v.message));
    }
    complain(&not_valid(verdict.violations.len()));
    for remark in &verdict.remarks {
        complain(&tr!("note: {remark}", "remarque : {remark}"));
    }
}

/// Says which papers this build cannot make, and how to get them; leaves the other kinds.
fn without_pdf(kinds: &mut Vec<&'static Kind>) -> Result<(), Failure> {
    let papers: Vec<&str> = kinds.iter().filter(|k| matches!(k.make, Make::Papers(_))).map(|k| k.name).collect();
    if papers.is_empty() {
        return Ok(());
    }
    let list = papers.join(", ");
    let message = tr!(
        "note: this program was built without PDF; not written: {list}. For them, build with \"cargo build --release --features pdf\" \
         (released binaries have it), or add --sources and set the sources with the typst command.",
        "remarque : ce programme a été construit sans PDF ; non écrits : {list}. Pour les avoir : « cargo build --release --features pdf » \
         (les binaires publiés l'ont), ou --sources, puis la commande typst."
    );
    kinds.retain(|k| !matches!(k.make, Make::Papers(_)));
    if kinds.is_empty() {
        return Err(Failure::NoResult(message));
    }
    complain(&message);
    Ok(())
}

/// Writes what an office may change; a file that is there already is kept.
fn defaults(folder: &Path) -> Result<ExitCode, Failure> {
    std::fs::create_dir_all(folder).map_err(|e| Failure::unwritable(folder, &e))?;
    let own = [Lang::Fr, Lang::En].map(|lang| (texts::file_name(lang), texts::shipped(lang)));
    for (name, text) in own.iter().chain(TEMPLATES) {
        let path = folder.join(name);
        let shown = path.display();
        if path.exists() {
            complain(&tr!("kept, is there already: {shown}", "gardé, existe déjà : {shown}"));
            continue;
        }
        output::write(&path, text.as_bytes()).map_err(|e| Failure::unwritable(&path, &e))?;
        print(&(tr!("written: {shown}", "écrit : {shown}") + "\n"));
    }
    Ok(ExitCode::SUCCESS)
}
