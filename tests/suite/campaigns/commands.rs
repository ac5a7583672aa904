//! Command lines and files as nobody means them: an answer or a complaint, never a panic.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde_json::{Value, json};

use super::Tally;
use crate::common;
use crate::common::good::{instance_json, schedule_json};
use crate::fuzz::{apply, changes, edit, mutate};

/// Commands with little to do: I, S, E and X are an instance, a schedule, events and a workbook.
const COMMANDS: &[&str] = &[
    "check I S",
    "check I S --baseline S --json",
    "solve I -o out.json --iterations 5 --threads 1 -q",
    "solve I -o out.json --iterations 5 --threads 1 --from S --baseline S",
    "replan I S --events E -o out.json --iterations 5 --threads 1 --amended after.json",
    "replan I S --events E -o out.json --iterations 5 --threads 1 --now 2024-06-04T09:05 --json",
    "report I S -o page.html --baseline S",
    "export I S --to docs --only csv,calendars,workbook --overwrite",
    "diagnose I --iterations 5",
    "explain I S --iterations 5",
    "explain I S --iterations 5 --candidate C1",
    "show S --instance I",
    "show S --by examiner",
    "bound I --iterations 5 --threads 1",
    "anonymise I -o out.json",
    "template -o out.xlsx --from I",
    "template -o csv --from I",
    "whatif I --set policy.orals_a_day=2 --iterations 5",
    "centres I --iterations 5 --map out.svg",
    "simulate I S --runs 2 --threads 1",
    "import X -o out.json",
    "import X -o out.json --explain --mapping m.csv",
    "generate -o out.json --candidates 5 --seed 3",
    "rules",
    "schema instance",
    "jobs I -o jobs.json --strategies greedy --seeds 1-2 --seconds 1 --threads 1",
    "merge docs csv -o merged",
];

/// What may stand anywhere in a command line. Nothing here makes a command work for long, or write outside its folder.
const WORDS: &[&str] = &[
    "",
    "-",
    "--",
    "-o",
    "-q",
    "--json",
    "--lang",
    "fr",
    "xx",
    "--iterations",
    "0",
    "-1",
    "1e9",
    "NaN",
    "inf",
    "0.0",
    "99999999999999999999",
    "3",
    "--time",
    "0.01",
    "--seed",
    "--threads",
    "--seeds",
    "5-1",
    "1-",
    "--strategy",
    "greedy",
    "none",
    "--now",
    "2024-06-04T09:05",
    "2024-13-45",
    "24:00",
    "--date",
    "9999-12-31",
    "--only",
    "csv",
    "rien",
    "--from",
    "--baseline",
    "--events",
    "--candidate",
    "C1",
    "C99",
    "é",
    "\u{202e}x",
    "a\nb",
    "--help",
    "--version",
    "--no-limits",
    ".",
    "..",
    "i.json",
    "s.json",
    "missing/x.json",
    "/dev/null",
    "/dev/full",
    "docs",
    "I",
    "S",
    "E",
    "X",
    "--set",
    "policy.orals_a_day=0",
    "policy=",
    "=",
    "candidates.C1.orals=[]",
    "--drop-centre",
    "A",
    "--gap",
    "--why-not",
    "C1 U62 08:00",
    "--by",
    "--most",
    "--slack",
    "--runs",
    "--absent",
    "EG=200",
    "--late",
    "--edited",
    "--candidates-by",
    "person",
    "--revision",
];

/// The folder in which all happens.
pub struct Place {
    folder: tempfile::TempDir,
    book: Vec<u8>,
}

impl Place {
    pub fn new() -> Place {
        let folder = tempfile::tempdir().unwrap();
        let book = common::office::office().xlsx();
        Place { folder, book }
    }

    pub fn case(&self, seed: u64, tally: &mut Tally) {
        let rng = &mut Pcg64Mcg::seed_from_u64(seed);
        let _ = std::fs::remove_dir_all(self.folder.path().join("work"));
        let work = self.folder.path().join("work");
        std::fs::create_dir(&work).unwrap();
        let written = |name: &str, bytes: &[u8]| std::fs::write(work.join(name), bytes).unwrap();
        let instance = if rng.random_bool(0.5) { instance_json() } else { common::wild_json(seed % 1000) };
        let events = json!({"format": "oraux-events/1", "events": [
            {"type": "examiner-absent", "examiner": "XG", "date": "2024-06-04", "from": "09:00"},
            {"type": "candidate-late", "candidate": "C1", "date": "2024-06-04", "to": "10:30"},
            {"type": "accommodation", "candidate": "C2", "extra_per_hour": {"preparation": 20, "exam": 20}}]});
        // Files or words: where both are wrong, most commands come no further than the first complaint.
        let wrong_files = rng.random_bool(0.6);
        for (name, good) in [("i.json", instance), ("s.json", schedule_json()), ("e.json", events)] {
            let wrong = wrong_files && rng.random_bool(0.4);
            written(name, &if wrong { hostile(rng, &good) } else { good.to_string().into_bytes() });
        }
        written("m.csv", "feuille;votre titre;titre attendu\n;Nom;Nom\n".as_bytes());
        written("x.xlsx", &self.book);
        let mut words: Vec<String> = COMMANDS.choose(rng).unwrap().split(' ').map(String::from).collect();
        for _ in 0..if wrong_files { 0 } else { rng.random_range(1..4) } {
            let (at, word) = (rng.random_range(0..=words.len()), WORDS.choose(rng).unwrap().to_string());
            match rng.random_range(0..4) {
                0 if words.len() > 1 => drop(words.remove(at.min(words.len() - 1))),
                1 if at < words.len() => words[at] = word,
                2 if at < words.len() => words.insert(at, words[at].clone()),
                _ => words.insert(at, word),
            }
        }
        for word in &mut words {
            let file = match word.as_str() {
                "I" => "i.json",
                "S" => "s.json",
                "E" => "e.json",
                "X" => "x.xlsx",
                _ => continue,
            };
            *word = file.into();
        }
        let (code, said) = run(&work, &words);
        assert!(!said.contains("panicked at") && !said.contains("RUST_BACKTRACE"), "{words:?}: {said}");
        assert!(matches!(code, Some(0..=3)), "{words:?}: {code:?} {said}");
        assert!(code == Some(0) || code == Some(1) || !said.trim().is_empty(), "{words:?}: {code:?} without a word");
        tally.add(&format!("exit code {}", code.unwrap()));
    }
}

/// A JSON file changed in its values, or in its text.
fn hostile(rng: &mut Pcg64Mcg, good: &Value) -> Vec<u8> {
    let mut key = [0; 32];
    rng.fill(&mut key);
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &key));
    match rng.random_range(0..5) {
        0..4 => {
            let mut value = good.clone();
            let drawn = changes(2).new_tree(&mut runner).unwrap().current();
            drawn.iter().for_each(|c| mutate(&mut value, c));
            value.to_string().into_bytes()
        }
        _ => {
            let mut bytes = good.to_string().into_bytes();
            let drawn = proptest::collection::vec(edit(), 1..4).new_tree(&mut runner).unwrap().current();
            drawn.iter().for_each(|e| apply(&mut bytes, e));
            bytes
        }
    }
}

/// The exit code and what was complained of. A command that goes on for a minute is asked to end, as a person would.
fn run(folder: &std::path::Path, words: &[String]) -> (Option<i32>, String) {
    let log = std::fs::File::create(folder.join(".said")).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_oraux"))
        .current_dir(folder)
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .unwrap();
    let (started, mut asked) = (Instant::now(), false);
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if started.elapsed() > Duration::from_secs(60) && !asked {
            asked = true;
            // SAFETY: the child has not been waited for, so that its number is still its own.
            unsafe { libc::kill(child.id() as libc::pid_t, libc::SIGTERM) };
        }
        if started.elapsed() > Duration::from_secs(120) {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("{words:?} does not end, nor when it is asked to");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let said = String::from_utf8_lossy(&std::fs::read(folder.join(".said")).unwrap()).into_owned();
    (status.code(), said)
}
