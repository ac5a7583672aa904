//! Holds the code to the direction in which its modules may know one another (see `docs/design.md`): each module
//! uses only those below it, and some libraries are named in one place only.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Each module with those that it may use besides itself; a module that is missing here may not exist.
const MAY_USE: &[(&str, &[&str])] = &[
    ("lang", &[]),
    ("threads", &[]),
    ("fault", &["lang"]),
    ("words", &[]),
    ("places", &["words"]),
    ("read", &["fault", "lang"]),
    ("output", &["fault", "lang"]),
    ("csv_cell", &[]),
    // A regulation is a part of an instance that is written down once: the two know each other.
    ("regulation", &["fault", "instance", "lang"]),
    ("instance", &["fault", "lang", "places", "read", "regulation", "words"]),
    ("generate", &["fault", "instance", "lang", "places", "regulation"]),
    ("schedule", &["fault", "instance", "lang", "output", "read", "regulation"]),
    ("linear", &[]),
    ("program", &["instance", "linear", "regulation", "schedule"]),
    ("parts", &["instance"]),
    ("starts", &["instance"]),
    ("hours", &["instance"]),
    ("rules", &["hours", "instance", "lang", "linear", "parts", "program", "regulation", "schedule", "starts"]),
    ("objective", &["instance", "parts", "rules", "schedule"]),
    ("check", &["instance", "lang", "objective", "regulation", "rules", "schedule"]),
    ("state", &["hours", "instance", "lang", "objective", "parts", "regulation", "rules", "schedule", "starts"]),
    (
        "explain",
        &[
            "check",
            "hours",
            "instance",
            "lang",
            "moves",
            "objective",
            "parts",
            "regulation",
            "rules",
            "schedule",
            "starts",
            "state",
        ],
    ),
    (
        "moves",
        &["hours", "instance", "lang", "objective", "parts", "regulation", "rules", "schedule", "starts", "state"],
    ),
    (
        "search",
        &["hours", "instance", "lang", "moves", "objective", "regulation", "rules", "schedule", "starts", "state"],
    ),
    (
        "mip",
        &["check", "instance", "lang", "linear", "objective", "program", "regulation", "rules", "schedule", "state"],
    ),
    (
        "strategy",
        &[
            "check",
            "explain",
            "instance",
            "lang",
            "linear",
            "mip",
            "moves",
            "objective",
            "regulation",
            "rules",
            "schedule",
            "search",
            "state",
        ],
    ),
    (
        "whatif",
        &[
            "check",
            "explain",
            "fault",
            "instance",
            "lang",
            "mip",
            "moves",
            "objective",
            "places",
            "read",
            "regulation",
            "rules",
            "schedule",
            "state",
            "strategy",
        ],
    ),
    (
        "diagnose",
        &["check", "explain", "instance", "lang", "mip", "regulation", "rules", "schedule", "strategy", "whatif"],
    ),
    (
        "replan",
        &[
            "check",
            "explain",
            "fault",
            "instance",
            "lang",
            "mip",
            "moves",
            "objective",
            "read",
            "regulation",
            "rules",
            "schedule",
            "search",
            "state",
            "strategy",
            "threads",
        ],
    ),
    ("facade", &["check", "explain", "fault", "instance", "lang", "replan", "schedule", "state", "strategy"]),
    (
        "report",
        &[
            "check",
            "diagnose",
            "explain",
            "fault",
            "instance",
            "lang",
            "objective",
            "read",
            "regulation",
            "replan",
            "rules",
            "schedule",
            "state",
        ],
    ),
    (
        "exchange",
        &[
            "check",
            "csv_cell",
            "explain",
            "fault",
            "instance",
            "lang",
            "objective",
            "places",
            "read",
            "regulation",
            "replan",
            "rules",
            "schedule",
            "words",
        ],
    ),
    ("export", &["csv_cell", "fault", "instance", "lang", "output", "places", "regulation", "schedule", "words"]),
    (
        "bench",
        &[
            "check",
            "csv_cell",
            "explain",
            "fault",
            "instance",
            "lang",
            "objective",
            "output",
            "read",
            "regulation",
            "rules",
            "schedule",
            "state",
            "strategy",
        ],
    ),
    ("project", &["fault", "lang", "output", "schedule"]),
    ("serve", &["*"]),
    ("cli", &["*"]),
    ("main", &["*"]),
    ("lib", &["*"]),
];

/// What may be named only in some modules: a word, and where.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("good_lp", &["mip"]),
    ("highs", &["mip"]),
    ("rusqlite", &["project"]),
    ("axum", &["serve"]),
    ("hyper", &["serve"]),
    ("tokio", &["serve"]),
    ("argon2", &["serve"]),
    // What makes schedules may work on a pool of its own: never is it named where many are made side by side, for a worker that
    // waits for another pool takes up more work meanwhile, one within the other, until the stack is full. `threads` is for that.
    ("rayon", &["export", "search", "strategy"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("typst", &["export"]),
    ("typst_pdf", &["export"]),
    ("println!", &["cli"]),
    ("eprintln!", &["cli"]),
    ("print!", &["cli"]),
    ("eprint!", &["cli"]),
    ("dbg!", &[]),
    ("todo!", &[]),
    ("unimplemented!", &[]),
];

struct File {
    path: PathBuf,
    module: String,
    /// Without comments and the text of strings.
    code: String,
}

fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut files) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().unwrap().map(|e| e.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|e| e == "rs") {
                let first = entry.strip_prefix(&root).unwrap().iter().next().unwrap().to_str().unwrap();
                let module = first.trim_end_matches(".rs").to_string();
                let code = bare(&std::fs::read_to_string(&entry).unwrap());
                files.push(File { path: entry, module, code });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The code without comments and without what stands in quotes.
fn bare(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '/' if rest.peek() == Some(&'/') => while rest.next_if(|&c| c != '\n').is_some() {},
            '"' => {
                while let Some(inner) = rest.next() {
                    match inner {
                        '\\' => drop(rest.next()),
                        '"' => break,
                        _ => {}
                    }
                }
                out.push_str("\"\"");
            }
            // A quote in a character literal opens no string.
            '\'' if rest.peek() == Some(&'"') => drop((rest.next(), rest.next())),
            _ => out.push(c),
        }
    }
    out
}

/// The modules named after `crate::`, also in `crate::{a, b::c}`.
fn used(code: &str) -> BTreeSet<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with('$') {
            continue; // inside a macro's own body
        }
        let after = &code[at + "crate::".len()..];
        match after.strip_prefix('{') {
            None => drop(found.insert(word(after))),
            Some(list) => {
                let (mut depth, mut expect) = (0, true);
                for (i, c) in list.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => expect = true,
                        c if expect && (c.is_alphanumeric() || c == '_') => {
                            found.insert(word(&list[i..]));
                            expect = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    // The macro `tr!` lies at the root and belongs to `lang`.
    if found.remove("tr") {
        found.insert("lang".into());
    }
    found
}

#[test]
fn modules_use_only_those_below_them() {
    let mut wrong = Vec::new();
    for file in files() {
        let Some((_, allowed)) = MAY_USE.iter().find(|(m, _)| *m == file.module) else {
            wrong.push(format!("{}: the module {} has no row in MAY_USE", file.path.display(), file.module));
            continue;
        };
        for module in used(&file.code) {
            if module != file.module && !allowed.contains(&"*") && !allowed.contains(&module.as_str()) {
                wrong.push(format!("{}: {} uses {module}", file.path.display(), file.module));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_checker_knows_nothing_of_the_search() {
    let files = files();
    let mut seen = BTreeSet::from(["check".to_string()]);
    loop {
        let more: BTreeSet<String> =
            files.iter().filter(|f| seen.contains(&f.module)).flat_map(|f| used(&f.code)).collect();
        let before = seen.len();
        seen.extend(more);
        if seen.len() == before {
            break;
        }
    }
    for apart in ["state", "moves", "search", "mip", "strategy", "explain", "replan", "cli"] {
        assert!(!seen.contains(apart), "check leads to {apart}");
    }
}

#[test]
fn libraries_are_named_in_one_place() {
    let mut wrong = Vec::new();
    for file in files() {
        for (word, places) in ONLY_IN {
            let named = file.code.match_indices(word).any(|(at, _)| {
                let apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_');
                apart(file.code[..at].chars().next_back())
                    && (word.ends_with('!') || apart(file.code[at + word.len()..].chars().next()))
            });
            if named && !places.contains(&file.module.as_str()) {
                wrong.push(format!("{}: {word}", file.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn files_stay_short() {
    for file in files() {
        let lines = std::fs::read_to_string(&file.path).unwrap().lines().count();
        assert!(lines <= 600, "{} has {lines} lines", file.path.display());
    }
}

#[test]
fn the_reader_of_code_reads_it_right() {
    assert_eq!(bare("a // \"b\ncrate::x \"crate::y\\\"\" '\"' z"), "a \ncrate::x \"\"  z");
    let names = |code: &str| used(code).into_iter().collect::<Vec<_>>();
    assert_eq!(names("use crate::{a::{b, c}, d, tr}; crate::e::f()"), ["a", "d", "e", "lang"]);
}
