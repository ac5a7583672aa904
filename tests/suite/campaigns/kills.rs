//! Commands that are killed at any moment: each file is the old one or the whole new one, nothing else is left over, and what comes next puts
//! in order what `kill -9` left.

use std::collections::BTreeMap;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use oraux::check::check;
use oraux::instance::Instance;
use oraux::schedule::Schedule;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use tempfile::TempDir;

use super::Tally;
use crate::common::good::{instance_json, schedule_json};

/// A command that writes one file, and how the new file is known to be whole.
struct Writer {
    words: &'static str,
    file: &'static str,
    whole: fn(&Instance, &[u8]) -> bool,
}

const WRITERS: [Writer; 6] = [
    Writer {
        words: "solve i.json -o plan.json --time 0.3 --checkpoint 0.001 -q --threads 1",
        file: "plan.json",
        whole: planned,
    },
    Writer {
        words: "replan i.json s.json --events e.json -o plan.json --iterations 100 --threads 1",
        file: "plan.json",
        whole: |_, bytes| Schedule::from_json(bytes).is_ok(),
    },
    Writer {
        words: "report i.json s.json -o page.html",
        file: "page.html",
        whole: |_, bytes| bytes.trim_ascii_end().ends_with(b"</html>"),
    },
    Writer {
        words: "import i.xlsx -o new.json",
        file: "new.json",
        whole: |_, bytes| Instance::from_json(bytes).is_ok(),
    },
    Writer {
        words: "anonymise i.json -o new.json",
        file: "new.json",
        whole: |_, bytes| Instance::from_json(bytes).is_ok(),
    },
    Writer {
        words: "template -o t.xlsx --from i.json",
        file: "t.xlsx",
        whole: |_, bytes| zip::ZipArchive::new(std::io::Cursor::new(bytes)).is_ok_and(|z| z.len() > 3),
    },
];

/// A plan that the checker takes; a signal may come before the pins were kept.
fn planned(instance: &Instance, bytes: &[u8]) -> bool {
    Schedule::from_json(bytes).is_ok_and(|s| check(instance, &s, None).violations.iter().all(|v| v.rule == "pin"))
}

const EXPORT: &str = "--to docs --only csv,calendars,workbook --date 2024-05-02 --revision 1";
const BENCH: &str = "bench i.json -o bench --strategies greedy --seeds 1-2 --seconds 0.1 --threads 1";

/// A folder in which commands work and are killed.
pub struct Bench {
    folder: TempDir,
    instance: Instance,
    /// How long each command takes, in microseconds.
    lasts: BTreeMap<String, u64>,
    /// What the folder of documents holds after an export of each schedule.
    documents: BTreeMap<&'static str, BTreeMap<String, Vec<u8>>>,
}

/// Every file below a folder, hidden ones too.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let (mut folders, mut found) = (vec![folder.to_path_buf()], BTreeMap::new());
    while let Some(at) = folders.pop() {
        for entry in at.read_dir().into_iter().flatten().map(|e| e.unwrap().path()) {
            let name = entry.strip_prefix(folder).unwrap().display().to_string();
            if entry.is_dir() {
                found.insert(format!("{name}/"), Vec::new());
                folders.push(entry);
            } else {
                found.insert(name, std::fs::read(&entry).unwrap_or_default());
            }
        }
    }
    found
}

/// Documents without the empty folders that a command leaves behind.
fn documents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    files(folder)
        .into_iter()
        .filter(|(name, _)| !name.ends_with('/') || name.contains("/.") || name.starts_with('.'))
        .collect()
}

fn hidden(folder: &Path) -> Vec<String> {
    files(folder).into_keys().filter(|n| n.split('/').any(|part| part.starts_with('.'))).collect()
}

impl Bench {
    pub fn new() -> Bench {
        let folder = TempDir::new().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("i.json"), instance_json().to_string()).unwrap();
        std::fs::write(at("s.json"), schedule_json().to_string()).unwrap();
        std::fs::write(at("e.json"), r#"{"format": "oraux-events/1", "events": []}"#).unwrap();
        let instance = Instance::read(&at("i.json")).unwrap();
        let mut bench = Bench { instance, lasts: BTreeMap::new(), documents: BTreeMap::new(), folder };
        bench.done("template -o i.xlsx --from i.json");
        bench.done("solve i.json -o s2.json --iterations 100 --seed 5 --threads 1 -q");
        for schedule in ["s.json", "s2.json"] {
            bench.done(&format!("export i.json {schedule} {EXPORT}"));
            bench.documents.insert(schedule, documents(&bench.folder.path().join("docs")));
        }
        for writer in &WRITERS {
            bench.done(writer.words);
        }
        bench.done(BENCH);
        bench
    }

    fn command(&self, words: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_oraux"));
        command.current_dir(self.folder.path()).args(["--lang", "en"]).args(words.split(' ')).stdout(Stdio::null());
        command
    }

    /// Runs a command to its end.
    fn done(&mut self, words: &str) {
        let started = Instant::now();
        let out = self.command(words).output().unwrap();
        assert!(out.status.success(), "{words}: {}", String::from_utf8_lossy(&out.stderr));
        self.lasts.entry(words.to_string()).or_insert(started.elapsed().as_micros() as u64);
    }

    /// Runs a command and kills it at some moment; says by which signal.
    fn killed(&self, rng: &mut Pcg64Mcg, words: &str) -> (libc::c_int, &'static str) {
        let signals = [
            (libc::SIGKILL, "KILL"),
            (libc::SIGKILL, "KILL"),
            (libc::SIGTERM, "TERM"),
            (libc::SIGINT, "INT"),
            (libc::SIGHUP, "HUP"),
        ];
        let signal = *signals.choose(rng).unwrap();
        let lasts = self.lasts.get(words).copied().unwrap_or(100_000);
        let moment = Duration::from_micros(rng.random_range(0..lasts + lasts / 4));
        let mut child = self.command(words).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(moment);
        // SAFETY: the child has not been waited for, so that its number is still its own.
        unsafe { libc::kill(child.id() as libc::pid_t, signal.0) };
        child.wait().unwrap();
        signal
    }

    pub fn case(&mut self, seed: u64, tally: &mut Tally) {
        let rng = &mut Pcg64Mcg::seed_from_u64(seed);
        match rng.random_range(0..10) {
            0..3 => self.export(rng, tally),
            3 => self.bench(rng, tally),
            _ => self.write(rng, tally),
        }
    }

    /// One file: old or new, its rights kept.
    fn write(&mut self, rng: &mut Pcg64Mcg, tally: &mut Tally) {
        let Writer { words, file, whole } = WRITERS.choose(rng).unwrap();
        let path = self.folder.path().join(file);
        let there = rng.random_bool(0.7);
        let _ = std::fs::remove_file(&path);
        if there {
            std::fs::write(&path, "old").unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        let (signal, named) = self.killed(rng, words);
        let now = std::fs::read(&path).ok();
        let old = if there { now.as_deref() == Some(b"old") } else { now.is_none() };
        assert!(old || now.is_some_and(|now| whole(&self.instance, &now)), "{words}: {file} is neither after {named}");
        if there {
            assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o600, "{words}");
        }
        tally.add(&format!("{named}, {} file", if old { "old" } else { "new" }));
        if signal != libc::SIGKILL {
            assert_eq!(hidden(self.folder.path()), [""; 0], "{words} after {named}");
        } else if !hidden(self.folder.path()).is_empty() {
            tally.add("left by KILL");
            self.done(words);
            assert_eq!(hidden(self.folder.path()), [""; 0], "{words} once more after {named}");
        }
    }

    /// A folder of documents: all of them or none, and the next export goes on.
    fn export(&mut self, rng: &mut Pcg64Mcg, tally: &mut Tally) {
        let [a, b] = if rng.random_bool(0.5) { ["s.json", "s2.json"] } else { ["s2.json", "s.json"] };
        let docs = self.folder.path().join("docs");
        self.done(&format!("export i.json {a} {EXPORT}"));
        assert!(documents(&docs) == self.documents[a], "an export is another one each time");
        let (signal, named) = self.killed(rng, &format!("export i.json {b} {EXPORT}"));
        let now = documents(&docs);
        let state = if now == self.documents[a] {
            "old"
        } else if now == self.documents[b] {
            "new"
        } else {
            "half"
        };
        tally.add(&format!("{named}, {state} documents"));
        assert!(signal == libc::SIGKILL || state != "half", "{named}: {:?}", now.keys().collect::<Vec<_>>());
        // Whoever comes next, with the one schedule or the other.
        let next = if rng.random_bool(0.5) { a } else { b };
        self.done(&format!("export i.json {next} {EXPORT}"));
        assert!(documents(&docs) == self.documents[next], "{named}: the next export does not put it in order");
    }

    /// A campaign of runs: the same command goes on.
    fn bench(&mut self, rng: &mut Pcg64Mcg, tally: &mut Tally) {
        let folder = self.folder.path().join("bench");
        let _ = std::fs::remove_dir_all(&folder);
        let (_, named) = self.killed(rng, BENCH);
        tally.add(&format!("{named}, bench"));
        self.done(BENCH);
        let rows = std::fs::read_to_string(folder.join("runs.csv")).unwrap().lines().count();
        assert_eq!(rows, 3, "after {named}");
        assert_eq!(hidden(&folder), [""; 0], "after {named}");
    }
}
