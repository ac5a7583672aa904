//! The documents, read back: by a CSV reader, a reader of workbooks, a reader of calendars and, where this build sets PDF,
//! by `pdftotext`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use calamine::{Data, DataType, Reader, open_workbook_auto};
use ical::parser::ical::component::IcalCalendar;
use serde_json::{Value, json};
use tempfile::TempDir;

const PDF: bool = oraux::export::HAS_PDF;

pub(crate) fn instance() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("instances/small.json")
}

/// Runs the command, in an English locale, and gives its exit code and what it says.
pub(crate) fn oraux(args: &[&str]) -> (i32, String) {
    let mut command = Command::cargo_bin("oraux").unwrap();
    command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", "C");
    let output = command.args(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout) + &text(output.stderr))
}

/// A schedule of the small instance, and a folder to export it to.
pub(crate) struct Office {
    scratch: TempDir,
    pub(crate) schedule: Value,
}

impl Office {
    pub(crate) fn new() -> Office {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("schedule.json");
        let said =
            oraux(&["solve", instance().to_str().unwrap(), "-o", path.to_str().unwrap(), "--strategy", "greedy"]);
        assert_eq!(said.0, 0, "{}", said.1);
        let schedule = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        Office { scratch, schedule }
    }
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }
    fn write(&self, name: &str, value: &Value) -> String {
        let path = self.path(name);
        std::fs::write(&path, value.to_string()).unwrap();
        path.to_str().unwrap().to_string()
    }
    /// Exports to the folder `out`.
    fn export(&self, schedule: &Value, more: &[&str]) -> (i32, String) {
        let (schedule, out) = (self.write("exported.json", schedule), self.path("out"));
        let args =
            ["export", instance().to_str().unwrap(), &schedule, "--to", out.to_str().unwrap()].map(str::to_string);
        let all: Vec<&str> =
            args.iter().map(String::as_str).chain(["--date", "2024-05-02"]).chain(more.iter().copied()).collect();
        oraux(&all)
    }
    pub(crate) fn export_well(&self, schedule: &Value, more: &[&str]) -> String {
        let (code, said) = self.export(schedule, more);
        assert_eq!(code, 0, "{said}");
        said
    }
    /// Every file below `out`, by its path there.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let root = self.path("out");
        let (mut folders, mut files) = (vec![root.clone()], BTreeMap::new());
        while let Some(folder) = folders.pop() {
            for entry in folder.read_dir().into_iter().flatten().map(|e| e.unwrap().path()) {
                if entry.is_dir() {
                    folders.push(entry);
                } else {
                    let name = entry.strip_prefix(&root).unwrap().to_str().unwrap().to_string();
                    files.insert(name, std::fs::read(&entry).unwrap());
                }
            }
        }
        files
    }
    fn sittings(&self) -> usize {
        self.schedule["sessions"].as_array().unwrap().iter().map(|s| s["sittings"].as_array().unwrap().len()).sum()
    }
}

/// The names and numbers of all who may sit in a jury.
fn jury() -> BTreeSet<String> {
    let raw = oraux::instance::Instance::read(&instance()).unwrap().raw;
    raw.examiners.iter().flat_map(|x| [Some(x.id.clone()), x.name.clone()]).flatten().collect()
}

fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    assert!(bytes.starts_with(b"\xef\xbb\xbf"), "no mark of UTF-8");
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').has_headers(false).from_reader(&bytes[3..]);
    reader.records().map(|r| r.unwrap().iter().map(str::to_string).collect()).collect()
}

fn calendar(bytes: &[u8]) -> IcalCalendar {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(
        text.ends_with("\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']),
        "lines end otherwise than CRLF"
    );
    assert!(text.split("\r\n").all(|l| l.len() <= 75), "a line is not folded");
    let mut all: Vec<_> = ical::IcalParser::new(BufReader::new(bytes)).collect();
    assert_eq!(all.len(), 1);
    all.pop().unwrap().unwrap()
}

/// Property by property, what an entry says.
fn entries(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    let calendar = calendar(bytes);
    assert_eq!(calendar.timezones.len(), 1);
    let method = calendar.properties.iter().find(|p| p.name == "METHOD").and_then(|p| p.value.as_deref());
    assert_eq!(method, Some("PUBLISH"));
    let entry = |e: &ical::parser::ical::component::IcalEvent| {
        e.properties.iter().map(|p| (p.name.clone(), p.value.clone().unwrap_or_default())).collect()
    };
    calendar.events.iter().map(entry).collect()
}

#[test]
fn csv_files_and_the_workbook_hold_every_sitting() {
    let office = Office::new();
    office.export_well(&office.schedule, &["--only", "csv,workbook"]);
    let files = office.files();
    let sittings = rows(&files["bureau/passages.csv"]);
    assert_eq!(sittings.len(), office.sittings() + 1);
    assert_eq!(sittings[0][..2], ["N° candidat", "Candidat"]);
    let column = |name: &str| sittings[0].iter().position(|h| h == name).unwrap();
    let expected: BTreeSet<(String, String, String)> = office.schedule["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|s| s["sittings"].as_array().unwrap())
        .map(|s| (s["candidate"].clone(), s["exam"].clone(), s["start"].clone()))
        .map(|(c, e, s)| [c, e, s].map(|v| v.as_str().unwrap().to_string()).into())
        .collect();
    let start = column("Début du passage");
    let found: BTreeSet<_> =
        sittings[1..].iter().map(|r| (r[0].clone(), r[column("Épreuve")].clone(), r[start].clone())).collect();
    assert_eq!(found, expected);

    let mut book = open_workbook_auto(office.path("out/bureau/classeur.xlsx")).unwrap();
    let names = book.sheet_names();
    assert_eq!(names, ["Candidats", "Interrogateurs", "Commissions", "Salles", "Non interrogés", "Statistiques"]);
    for name in ["Candidats", "Salles"] {
        assert_eq!(book.worksheet_range(name).unwrap().height(), office.sittings() + 1, "{name}");
    }
    let figures = book.worksheet_range("Statistiques").unwrap();
    let value = |label: &str| {
        let row = figures.rows().find(|r| r[0] == Data::String(label.into())).unwrap();
        row[2].as_string().unwrap()
    };
    assert_eq!(value("Passages"), office.sittings().to_string());
    assert_eq!(value("Vacations"), office.schedule["sessions"].as_array().unwrap().len().to_string());
}

#[test]
fn calendars_say_every_sitting_and_no_jury_to_a_candidate() {
    let office = Office::new();
    office.export_well(&office.schedule, &["--only", "calendars"]);
    let files = office.files();
    let of =
        |folder: &str| files.iter().filter(|(p, _)| p.starts_with(folder) && p.ends_with(".ics")).collect::<Vec<_>>();
    let sittings: usize = of("candidats/").iter().map(|(_, bytes)| entries(bytes).len()).sum();
    assert_eq!(sittings, office.sittings());
    assert!(!of("interrogateurs/").is_empty() && !of("centres/").is_empty());
    let mut uids = BTreeSet::new();
    for (path, bytes) in of("") {
        for entry in entries(bytes) {
            assert!(uids.insert(entry["UID"].clone()), "{path}: a UID stands twice");
            assert_eq!((entry["SEQUENCE"].as_str(), entry["STATUS"].as_str()), ("0", "CONFIRMED"));
            assert!(entry["DTSTART"] < entry["DTEND"], "{path}");
        }
    }
}

/// A sitting that moved keeps its UID and has a higher SEQUENCE; what went away is cancelled; the rest is as it was.
#[test]
fn a_replan_updates_the_calendars() {
    let office = Office::new();
    office.export_well(&office.schedule, &["--only", "calendars"]);
    let first = office.files();
    let published = office.write("published.json", &office.schedule);

    // The last session goes away, the first hears in another order of rooms: here only its id stays.
    let mut replan = office.schedule.clone();
    let gone = replan["sessions"].as_array_mut().unwrap().pop().unwrap();
    for s in gone["sittings"].as_array().unwrap() {
        let left = json!({"candidate": s["candidate"], "exam": s["exam"], "reason": "salle inondée"});
        replan["unscheduled"].as_array_mut().unwrap().push(left);
    }
    let more = ["--only", "calendars,csv,changes", "--baseline", &published];
    office.export_well(&replan, &more);
    let second = office.files();
    let cancelled = |files: &BTreeMap<String, Vec<u8>>, folder: &str| {
        let own = files.iter().filter(|(p, _)| p.starts_with(folder) && p.ends_with(".ics"));
        let all: Vec<_> = own.flat_map(|(_, bytes)| entries(bytes)).collect();
        let gone = all.iter().filter(|e| e["STATUS"] == "CANCELLED");
        // The title says it too, and only of those.
        assert!(all.iter().all(|e| e["SUMMARY"].starts_with("ANNULÉ : ") == (e["STATUS"] == "CANCELLED")));
        let raised = all.iter().filter(|e| e["SEQUENCE"] == "1").count();
        (all.len(), gone.inspect(|e| assert_eq!(e["SEQUENCE"], "1")).count(), raised)
    };
    let n = gone["sittings"].as_array().unwrap().len();
    assert_eq!(cancelled(&first, "candidats/"), (office.sittings(), 0, 0));
    assert_eq!(cancelled(&second, "candidats/"), (office.sittings(), n, n));
    let changes = rows(&second["bureau/modifications.csv"]);
    assert_eq!(changes.iter().filter(|r| r[5] == "retiré, sans nouvelle date à ce jour").count(), n);

    // The same again is the same; back to the first schedule, the cancelled entries are raised once more.
    office.export_well(&replan, &more);
    assert!(office.files() == second);
    let replanned = office.write("replanned.json", &replan);
    office.export_well(&office.schedule, &["--only", "calendars", "--baseline", &replanned]);
    let again: Vec<_> =
        office.files().iter().filter(|(p, _)| p.starts_with("candidats/")).flat_map(|(_, b)| entries(b)).collect();
    assert_eq!(again.iter().filter(|e| e["SEQUENCE"] == "2").count(), n);
    assert_eq!(again.iter().filter(|e| e["SEQUENCE"] == "1").count(), office.sittings() - n);
}

/// After a re-plan those whose convocation changed, and nobody else, get another one that says which it replaces; who is convened
/// no more is told so; the log has whom to call.
#[test]
fn a_replan_sends_again_only_what_changed() {
    let office = Office::new();
    let only = ["--sources", "--only", "candidate-convocations,examiner-convocations,calendars,changes"];
    office.export_well(&office.schedule, &only);
    let published = office.write("published.json", &office.schedule);
    let mut replan = office.schedule.clone();
    let gone = replan["sessions"].as_array_mut().unwrap().pop().unwrap();
    for s in gone["sittings"].as_array().unwrap() {
        let left = json!({"candidate": s["candidate"], "exam": s["exam"], "reason": "salle inondée"});
        replan["unscheduled"].as_array_mut().unwrap().push(left);
    }
    office.export_well(&replan, &[&only[..], &["--baseline", &published]].concat());
    let files = office.files();
    let pages = |part: &str| -> Vec<Value> {
        let own = files.iter().filter(|(p, _)| p.starts_with(&format!("typst/{part}")) && p.ends_with(".json"));
        let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap()["pages"].as_array().unwrap().clone();
        own.flat_map(|(_, bytes)| read(bytes)).collect()
    };
    let ids =
        |pages: &[Value]| -> BTreeSet<String> { pages.iter().map(|p| p["id"].as_str().unwrap().to_string()).collect() };
    let touched: BTreeSet<String> =
        gone["sittings"].as_array().unwrap().iter().map(|s| s["candidate"].as_str().unwrap().to_string()).collect();
    let (again, cancelled) = (pages("a-renvoyer-candidats-convocations"), pages("a-renvoyer-candidats-annulations"));
    let told: BTreeSet<String> = ids(&again).union(&ids(&cancelled)).cloned().collect();
    assert_eq!(told, touched);
    assert!(again.iter().all(|p| p["replaces"] == "Annule et remplace la convocation du 2 mai 2024"));
    let whole = pages("candidats-convocations");
    let marked: Vec<Value> = whole.iter().filter(|p| p["replaces"].is_string()).cloned().collect();
    assert_eq!(ids(&marked), ids(&again));
    assert!(whole.len() > marked.len());
    let members: BTreeSet<String> =
        gone["members"].as_object().unwrap().values().map(|x| x.as_str().unwrap().to_string()).collect();
    assert_eq!(ids(&pages("a-renvoyer-interrogateurs-")), members);
    let agendas = files.keys().filter(|p| p.starts_with("a-renvoyer/candidats/calendriers/")).count();
    assert_eq!(agendas, touched.len());
    for page in again.iter().chain(&cancelled) {
        let text = page.to_string();
        assert!(jury().iter().all(|name| !contains_word(&text, name)), "{text}");
    }
    let log = &pages("bureau-modifications")[0];
    assert_eq!(ids(log["candidates"].as_array().unwrap()), touched);
    assert_eq!(ids(log["examiners"].as_array().unwrap()), members);
    for person in log["candidates"].as_array().unwrap() {
        let call = person["call_by"].as_str().unwrap();
        assert!(call.starts_with("le ") || call.starts_with("la veille du "), "{call}");
        assert_eq!(person["changes"][0]["what"], "retiré, sans nouvelle date à ce jour");
    }
}

/// What candidates are given, and what is posted at doors, names nobody of a jury: in the data of the papers, in calendars
/// and, where this build sets PDF, in the papers themselves.
#[test]
fn no_jury_is_named_to_candidates() {
    let office = Office::new();
    office.export_well(&office.schedule, &["--sources"]);
    let jury = jury();
    let (mut seen, mut papers) = (0, 0);
    for (path, bytes) in office.files() {
        let of_candidates = path.starts_with("candidats/")
            || path.starts_with("typst/candidats-")
            || path.contains("ordres-de-passage")
            || path == "bureau/passages.csv";
        if !of_candidates {
            continue;
        }
        seen += 1;
        let text = if path.ends_with(".pdf") {
            let Some(text) = pdf_text(&office.path("out").join(&path)) else { continue };
            papers += 1;
            text
        } else {
            // The folded lines of a calendar hide no name.
            String::from_utf8(bytes).unwrap().replace("\r\n ", "")
        };
        for name in &jury {
            assert!(!contains_word(&text, name), "{path} names {name}");
        }
    }
    assert!(seen > 20, "{seen}");
    assert!(!PDF || papers > 1 || !has_pdftotext(), "{papers}");
    // The same search finds them where they belong.
    let report = &office.files()[&source(&office, "proces-verbaux")];
    let report = String::from_utf8(report.clone()).unwrap();
    assert!(jury.iter().any(|name| contains_word(&report, name)));
}

fn contains_word(text: &str, word: &str) -> bool {
    let apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    text.match_indices(word)
        .any(|(at, _)| apart(text[..at].chars().next_back()) && apart(text[at + word.len()..].chars().next()))
}

/// The source of the paper whose name ends so.
fn source(office: &Office, name: &str) -> String {
    let files = office.files();
    let found = files.keys().find(|p| p.starts_with("typst/") && p.ends_with(&format!("{name}.json")));
    found.unwrap_or_else(|| panic!("no source of {name}")).clone()
}

fn has_pdftotext() -> bool {
    std::process::Command::new("pdftotext").arg("-v").output().is_ok()
}

/// What is written on a PDF; nothing, and aloud, where `pdftotext` is missing.
fn pdf_text(path: &Path) -> Option<String> {
    if !has_pdftotext() {
        eprintln!("SKIPPED: pdftotext is missing, {} was not read back", path.display());
        return None;
    }
    let output = std::process::Command::new("pdftotext").args(["-layout"]).arg(path).arg("-").output().unwrap();
    assert!(output.status.success(), "{}", path.display());
    Some(String::from_utf8(output.stdout).unwrap())
}

/// A hand-made schedule of one candidate with extra time and a paper: the page as its template is given it, then on paper.
#[test]
fn a_convocation() {
    let scratch = tempfile::tempdir().unwrap();
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("instances/tiny/paper-clash-prolonged-just");
    let [instance, schedule] = ["instance.json", "schedule.json"].map(|f| case.join(f).to_str().unwrap().to_string());
    let out = scratch.path().to_str().unwrap();
    let only = ["--only", "candidate-convocations", "--sources", "--date", "2024-05-02"];
    let (code, said) = oraux(&[&["export", &instance, &schedule, "--to", out], &only[..]].concat());
    assert_eq!(code, 0, "{said}");
    let file = scratch.path().join("typst/candidats-convocations-L1.json");
    let data: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    insta::assert_json_snapshot!("convocation", data["pages"][0]);
    if !PDF {
        eprintln!("SKIPPED: this build sets no PDF (--features pdf)");
        return;
    }
    let Some(text) = pdf_text(&scratch.path().join("candidats/convocations/L1.pdf")) else { return };
    assert_eq!(text.matches('\u{c}').count(), 1, "one page a person");
    // How wide the gaps are is up to the version of pdftotext.
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "Convocation aux épreuves orales",
        "Toute utilisation d’un moyen de télécommunication",
        "emps des épreuves écrites majoré",
        "Vos épreuves écrites",
        "Le 2 mai 2024",
    ] {
        assert!(words.contains(said), "{said:?} is not in {words}");
    }
}

/// Every paper is set, in both languages, and says what it is.
#[test]
fn every_paper_in_both_languages() {
    if !PDF {
        eprintln!("SKIPPED: this build sets no PDF (--features pdf)");
        return;
    }
    let office = Office::new();
    let published = office.write("published.json", &office.schedule);
    for (lang, titles) in [
        ("fr", ["Convocation aux épreuves orales", "Procès-verbal de la commission", "Journal des modifications"]),
        ("en", ["Convocation to oral exams", "Report of the commission", "Log of changes"]),
    ] {
        office.export_well(&office.schedule, &["--lang", lang, "--baseline", &published]);
        let files = office.files();
        let pdfs: Vec<&String> = files.keys().filter(|p| p.ends_with(".pdf")).collect();
        for part in
            ["candidats/", "interrogateurs/", "emargement", "preparation", "ordres-de-passage", "tableaux-journees"]
        {
            assert!(pdfs.iter().any(|p| p.contains(part)), "{part} {pdfs:?}");
        }
        let texts: Vec<String> = pdfs.iter().filter_map(|p| pdf_text(&office.path("out").join(p))).collect();
        for title in titles {
            assert!(texts.is_empty() || texts.iter().any(|t| t.contains(title)), "{title}");
        }
    }
}

#[test]
fn a_build_without_pdf_says_so_and_writes_the_rest() {
    if PDF {
        return;
    }
    let office = Office::new();
    let said = office.export_well(&office.schedule, &[]);
    assert!(said.contains("built without PDF") && said.contains("--features pdf"), "{said}");
    assert!(office.files().contains_key("bureau/classeur.xlsx"));
    let (code, said) = office.export(&office.schedule, &["--only", "reports"]);
    assert_eq!(code, 1, "{said}");
}

/// A schedule that breaks a rule is not sent out; its drafts say what they are.
#[test]
fn a_schedule_that_breaks_rules_is_refused() {
    let office = Office::new();
    let mut broken = office.schedule.clone();
    broken["sessions"][0]["members"] = json!({});
    let (code, said) = office.export(&broken, &[]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("seats") && said.contains("--force"), "{said}");
    assert!(!office.path("out").exists());
    office.export_well(&broken, &["--force", "--sources", "--only", "reports"]);
    let data: Value = serde_json::from_slice(&office.files()[&source(&office, "proces-verbaux")]).unwrap();
    assert_eq!(data["draft"], true);
}

#[test]
fn an_office_changes_texts_and_templates() {
    let office = Office::new();
    let own = office.path("own");
    let (code, said) = oraux(&["export", "--defaults", own.to_str().unwrap()]);
    assert_eq!(code, 0, "{said}");
    assert!(own.join("fr.toml").exists() && own.join("common.typ").exists());
    std::fs::write(own.join("fr.toml"), "[office]\nname = \"Bureau fictif des examens\"\n").unwrap();
    std::fs::write(own.join("not_heard.typ"), "#import \"common.typ\": *\n#t.office.name\n").unwrap();
    let own = own.to_str().unwrap().to_string();
    office.export_well(&office.schedule, &["--texts", &own, "--templates", &own, "--sources", "--only", "not-heard"]);
    let files = office.files();
    let data: Value = serde_json::from_slice(&files["typst/bureau-non-interroges.json"]).unwrap();
    assert_eq!(data["t"]["office"]["name"], "Bureau fictif des examens");
    assert!(String::from_utf8_lossy(&files["typst/not_heard.typ"]).starts_with("#import"));
    if PDF && let Some(text) = pdf_text(&office.path("out/bureau/non-interroges.pdf")) {
        assert_eq!(text.trim(), "Bureau fictif des examens");
    }
    // A fault of the office's own file is said with its place, and nothing is written.
    std::fs::write(Path::new(&own).join("not_heard.typ"), "#import \"common.typ\": *\n#nothing\n").unwrap();
    if PDF {
        let (code, said) = office.export(&office.schedule, &["--templates", &own, "--only", "not-heard"]);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains("not_heard.typ:2:2"), "{said}");
    }
}

#[test]
fn completions_and_manual_pages_know_every_command() {
    let (code, script) = oraux(&["completions", "bash"]);
    assert_eq!(code, 0);
    let folder = tempfile::tempdir().unwrap();
    let (code, said) = oraux(&["man", "--to", folder.path().to_str().unwrap()]);
    assert_eq!(code, 0, "{said}");
    for command in ["check", "export", "anonymise", "import", "solve"] {
        assert!(script.contains(&format!("oraux__subcmd__{command}")) || script.contains(&format!("oraux__{command}")));
        let page = std::fs::read_to_string(folder.path().join(format!("oraux-{command}.1"))).unwrap();
        assert!(page.contains(".SH SYNOPSIS"), "{command}");
    }
    assert!(std::fs::read_to_string(folder.path().join("oraux.1")).unwrap().contains("oraux\\-export(1)"));
}
