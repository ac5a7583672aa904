//! What the pages tell to type is typed: every command line of README.md, CONTRIBUTING.md and docs/*.md, in the order of its page,
//! at the values that stand there. What they link to is there, and the first pages that a newcomer reads stay short.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// Lines that call for other programs, by their beginning.
const NOT_OURS: &[&str] =
    &["make demo", "make test", "alias oraux=", "parallel ", "sbatch ", "scancel ", "cd out/documents/typst && typst "];

/// Commands that end otherwise than with 0, by their beginning.
const EXITS: &[(&str, i32)] = &[];

/// A command of a page, with what the page shows of its output.
#[derive(Debug, PartialEq)]
struct Typed {
    line: String,
    shown: Vec<String>,
}

/// The commands in a page's fenced blocks: each line of a block `sh`, each line after `$ ` in a block `text`.
fn typed(page: &str) -> Vec<Typed> {
    let mut found: Vec<Typed> = Vec::new();
    let mut fence: Option<&str> = None;
    let mut unfinished = String::new();
    for line in page.lines() {
        if let Some(language) = line.strip_prefix("```") {
            fence = if fence.is_some() { None } else { Some(language) };
            found.push(Typed { line: String::new(), shown: Vec::new() });
            continue;
        }
        let command = match fence {
            Some("sh") => Some(line),
            Some("text") => line.strip_prefix("$ "),
            _ => continue,
        };
        match command {
            Some(part) if part.ends_with('\\') => unfinished += part.trim_end_matches('\\'),
            Some(part) => {
                let line = std::mem::take(&mut unfinished) + part.trim_start();
                found.push(Typed { line, shown: Vec::new() });
            }
            None => found.last_mut().expect("a fence comes before").shown.push(line.to_string()),
        }
    }
    found.retain(|t| !t.line.trim().is_empty() && !t.line.starts_with('#'));
    found
}

/// Whether the shell is to run it; otherwise it must be one of those that are known.
fn ours(line: &str) -> bool {
    ["oraux ", "exec oraux ", "source <(oraux "].iter().any(|start| line.starts_with(start))
}

/// The lines that look the same whatever was planned: not within a paragraph, and without figures, or with nothing but their
/// number behind a colon.
fn heads(shown: &[String]) -> Vec<String> {
    let number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let head = |line: &String| match line.rsplit_once(": ") {
        Some((head, n)) if number(n) => Some(format!("{head}: ")),
        _ => Some(line.clone()).filter(|l| !l.contains(|c: char| c.is_ascii_digit())),
    };
    let within = |line: &str| line.trim().is_empty() || line.starts_with("    ") || line == "…";
    shown.iter().filter(|l| !within(l)).filter_map(head).collect()
}

/// A plan of the pilot group, as `make demo` leaves one behind.
static DEMO: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let desk = Desk::new();
    desk.run("oraux solve instances/pilot.json -o plan.json --iterations 4000 --quiet", &[]);
    std::fs::read(desk.path("plan.json")).unwrap()
});

/// A folder to work in, with the instances at hand.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Desk {
        let desk = Desk(tempfile::tempdir().unwrap());
        for folder in ["instances", "instances/best"] {
            std::fs::create_dir(desk.path(folder)).unwrap();
            let own = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
            for file in own.read_dir().unwrap().map(|f| f.unwrap().path()).filter(|f| f.is_file()) {
                std::fs::copy(&file, desk.path(folder).join(file.file_name().unwrap())).unwrap();
            }
        }
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        std::fs::write(self.path(name), bytes).unwrap();
    }

    /// Runs a command line as somebody types it who has the program in the path.
    fn run(&self, line: &str, shown: &[String]) {
        let own = Path::new(env!("CARGO_BIN_EXE_oraux")).parent().unwrap().to_path_buf();
        let path =
            std::env::join_paths([own].into_iter().chain(std::env::split_paths(&std::env::var("PATH").unwrap())));
        let output = Command::new("bash")
            .args(["-c", line])
            .current_dir(self.0.path())
            .env("PATH", path.unwrap())
            .env("HOME", self.0.path())
            .env("SLURM_ARRAY_TASK_ID", "1")
            .env("LANG", "C")
            .env_remove("LC_ALL")
            .env_remove("LC_MESSAGES")
            .output()
            .unwrap();
        let (out, said) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        let wanted = EXITS.iter().find(|(start, _)| line.starts_with(start)).map_or(0, |e| e.1);
        assert_eq!(output.status.code(), Some(wanted), "{line}\n{out}{said}");
        assert!(!out.contains("panicked") && !said.contains("panicked"), "{line}\n{out}{said}");
        let written = line.contains(" > ") || line.contains(" -o ") || line.contains("<(");
        assert!(written || !out.trim().is_empty(), "{line} says nothing\n{said}");
        for head in heads(shown) {
            assert!(out.lines().any(|l| l.starts_with(&head)), "{line}\ndoes not say: {head}\nbut:\n{out}{said}");
        }
    }
}

/// Types what a page tells to type, with these files at hand.
fn follow(page: &str, files: &[(&str, &[u8])]) {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("out")).unwrap();
    files.iter().for_each(|(name, bytes)| desk.write(name, bytes));
    let all = typed(&read(page));
    assert!(all.iter().any(|t| ours(&t.line)), "{page} has nothing to type");
    for command in all {
        if ours(&command.line) {
            desk.run(&command.line, &command.shown);
        } else {
            let known = NOT_OURS.iter().any(|start| command.line.starts_with(start));
            assert!(known, "{page}: is this a command of ours? {}", command.line);
        }
    }
}

fn read(page: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap()
}

/// The first block of that language in a page.
fn block(page: &str, language: &str) -> String {
    let text = read(page);
    let (_, rest) = text.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_string()
}

#[test]
fn the_readme_can_be_followed() {
    follow("README.md", &[("out/pilot.schedule.json", &DEMO)]);
}

#[test]
fn the_page_on_campaigns_can_be_followed() {
    follow("docs/campaigns.md", &[]);
}

#[test]
fn the_page_on_documents_can_be_followed() {
    let session = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("instances/small.json")).unwrap();
    follow("docs/documents.md", &[("out/pilot.schedule.json", &DEMO), ("session.json", &session)]);
}

#[test]
fn the_page_on_the_planning_room_can_be_followed() {
    follow("docs/planning-room.md", &[]);
}

#[test]
fn the_page_on_imports_can_be_followed() {
    follow("docs/import.md", &[]);
}

#[test]
fn the_page_on_changed_mornings_can_be_followed() {
    let events = block("docs/replan.md", "json");
    follow("docs/replan.md", &[("published.json", &DEMO), ("events.json", events.as_bytes())]);
}

#[test]
fn the_page_on_reasons_can_be_followed() {
    follow("docs/pourquoi.md", &[("out/pilot.schedule.json", &DEMO)]);
}

#[test]
fn the_first_steps_can_be_followed() {
    follow("docs/premiers-pas.md", &[]);
}

/// Every page: those at the root and those of docs/.
fn pages() -> Vec<String> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let names = docs.read_dir().unwrap().map(|f| f.unwrap().file_name().into_string().unwrap());
    let root = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(String::from);
    names.filter(|n| n.ends_with(".md")).map(|n| format!("docs/{n}")).chain(root).collect()
}

/// No page is left out.
#[test]
fn every_page_with_commands_is_followed() {
    let followed = [
        "README.md",
        "docs/campaigns.md",
        "docs/documents.md",
        "docs/import.md",
        "docs/planning-room.md",
        "docs/pourquoi.md",
        "docs/premiers-pas.md",
        "docs/replan.md",
    ];
    for page in pages() {
        assert!(followed.contains(&page.as_str()) || typed(&read(&page)).is_empty(), "{page} has commands");
    }
}

/// The name by which a heading is linked to.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    kept.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c)).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Every link to another page or file of the project leads there, and to a heading that it has.
#[test]
fn links_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for page in pages() {
        let folder = root.join(&page).parent().unwrap().to_path_buf();
        for link in read(&page).split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            if link.starts_with("http") {
                continue;
            }
            let (file, heading) = link.split_once('#').map_or((link, None), |(f, h)| (f, Some(h)));
            let path = if file.is_empty() { root.join(&page) } else { folder.join(file) };
            assert!(path.exists(), "{page}: {link} leads nowhere");
            if let Some(heading) = heading {
                let text = std::fs::read_to_string(&path).unwrap();
                let found =
                    text.lines().filter(|l| l.starts_with('#')).any(|l| anchor(l.trim_start_matches('#')) == heading);
                assert!(found, "{page}: {link} has no such heading");
            }
        }
    }
}

#[test]
fn the_first_pages_stay_short() {
    for (page, most) in [("README.md", 130), ("docs/design.md", 150)] {
        let lines = read(page).lines().count();
        assert!(lines <= most, "{page} has {lines} lines");
    }
}

/// What the text names in passing exists: the command, and each option of it.
#[test]
fn commands_and_options_named_in_the_text_exist() {
    let help = |command: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_oraux")).args([command, "--help"]).output().unwrap();
        assert!(output.status.success(), "oraux {command} --help");
        String::from_utf8(output.stdout).unwrap()
    };
    let mut helps: BTreeMap<String, String> = BTreeMap::new();
    let mut named = BTreeSet::new();
    for page in pages() {
        let text = read(&page);
        for span in text.split('`').filter(|s| s.starts_with("oraux ")) {
            let words: Vec<&str> = span.split_whitespace().skip(1).collect();
            let Some(command) = words.iter().find(|w| !w.starts_with("--") && !["fr", "en"].contains(*w)) else {
                continue;
            };
            if *command == "help" {
                continue;
            }
            let help = helps.entry(command.to_string()).or_insert_with(|| help(command));
            for option in words.iter().filter(|w| w.starts_with("--")) {
                assert!(help.contains(option), "{page}: {span}: oraux {command} has no {option}");
                named.insert(option.to_string());
            }
        }
    }
    assert!(named.len() > 5, "{named:?}");
}

#[test]
fn the_reader_of_pages_reads_them_right() {
    let page = "\
a `oraux x`\n```sh\n# not typed\noraux a  # why\noraux b \\\n    --c\n```\n```text\n$ oraux d\nHead: 7\n  no 2\n    no\n…\nHead\n$ make\n```\n```json\n{}\n```\n";
    let lines: Vec<String> = typed(page).into_iter().map(|t| t.line).collect();
    assert_eq!(lines, ["oraux a  # why", "oraux b --c", "oraux d", "make"]);
    assert_eq!(heads(&typed(page)[2].shown), ["Head: ", "Head"]);
    assert!(ours("oraux a") && ours("source <(oraux completions bash)") && !ours("make oraux "));
}
