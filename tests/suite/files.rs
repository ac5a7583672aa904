//! Where commands write: never onto what they read, never in place of something of another kind, nothing half-written or left over
//! whenever they are killed, and no answer lost in silence.

use std::collections::BTreeSet;
use std::fs::File;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use oraux::check::check;
use oraux::instance::Instance;
use oraux::schedule::Schedule;
use tempfile::TempDir;

use crate::common::good::{instance_json, schedule_json};

/// A folder with the good instance `i.json` and its schedule `s.json`.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("i.json"), instance_json().to_string()).unwrap();
    std::fs::write(folder.path().join("s.json"), schedule_json().to_string()).unwrap();
    folder
}

/// The command in the folder, its words parted by blanks.
fn command(folder: &TempDir, words: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_oraux"));
    command.current_dir(folder.path()).args(["--lang", "en"]).args(words.split(' '));
    command
}

fn run(folder: &TempDir, words: &str) -> Output {
    command(folder, words).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn names(folder: &Path) -> BTreeSet<String> {
    folder.read_dir().unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn nothing_is_written_onto_what_is_read() {
    let folder = folder();
    symlink("i.json", folder.path().join("link.json")).unwrap();
    std::fs::hard_link(folder.path().join("s.json"), folder.path().join("second.json")).unwrap();
    std::fs::write(folder.path().join("e.json"), r#"{"format": "oraux-events/1", "events": []}"#).unwrap();
    let before = (instance_json().to_string(), schedule_json().to_string());
    for words in [
        "solve i.json -o i.json --iterations 1",
        "solve i.json -o ./i.json --iterations 1",
        "solve i.json -o link.json --iterations 1",
        "solve link.json -o i.json --iterations 1",
        "solve i.json -o s.json --from s.json --iterations 1",
        "solve i.json -o second.json --from s.json --iterations 1",
        "solve i.json -o s.json --baseline s.json --iterations 1",
        "report i.json s.json -o s.json",
        "anonymise i.json -o i.json",
        "whatif i.json --set policy.orals_a_day=4 -o i.json --iterations 1",
        "whatif i.json --set policy.orals_a_day=4 -o new.json --output-instance ./new.json --iterations 1",
        "centres i.json --map i.json --iterations 1",
        "replan i.json s.json --events e.json -o s.json --time 0",
        "import i.json -o i.json",
        "template --from i.json -o i.json",
        "jobs i.json -o i.json",
    ] {
        let output = run(&folder, words);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{words}: {output:?}");
        assert!(
            said.contains("is the file that is read") || said.contains("two outputs go to this file"),
            "{words}: {said}"
        );
        let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap_or_default();
        assert_eq!((read("i.json"), read("s.json")), before, "{words}");
    }
    assert_eq!(
        names(folder.path()),
        BTreeSet::from(["e.json", "i.json", "link.json", "s.json", "second.json"].map(String::from))
    );
    let said = text(&run(&folder, "anonymise i.json -o ./link.json").stderr);
    assert_eq!(said, "./link.json: is the file that is read (i.json); write to another name\n");
}

#[test]
fn links_rights_and_other_names_are_kept() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("plan.json"), "old").unwrap();
    std::fs::set_permissions(at("plan.json"), std::fs::Permissions::from_mode(0o600)).unwrap();
    symlink("plan.json", at("link.json")).unwrap();
    let done = run(&folder, "solve i.json -o link.json --iterations 1 -q");
    assert!(done.status.success(), "{done:?}");
    assert!(at("link.json").is_symlink());
    assert_eq!(at("plan.json").metadata().unwrap().mode() & 0o777, 0o600);
    assert!(Schedule::read(&at("plan.json")).is_ok());

    std::fs::hard_link(at("plan.json"), at("second.json")).unwrap();
    std::fs::write(at("kept.json"), "old").unwrap();
    std::fs::set_permissions(at("kept.json"), std::fs::Permissions::from_mode(0o444)).unwrap();
    symlink("nowhere.json", at("dangling.json")).unwrap();
    let names_before = names(folder.path());
    for (file, why) in [("second.json", "second name"), ("kept.json", "read-only"), ("dangling.json", "link to a file")]
    {
        let refused = run(&folder, &format!("solve i.json -o {file} --iterations 1"));
        assert_eq!(refused.status.code(), Some(2), "{file}");
        assert!(text(&refused.stderr).contains(why), "{file}: {refused:?}");
    }
    assert_eq!(std::fs::read_to_string(at("kept.json")).unwrap(), "old");
    assert_eq!(names(folder.path()), names_before);
}

#[test]
fn devices_and_pipes_are_written_through() {
    let folder = folder();
    let schedule = |bytes: &[u8]| Schedule::from_json(bytes).unwrap_or_else(|f| panic!("{f:?}"));
    // Alone on standard output: what else there is to say goes to standard error. Checkpoints do not go to a pipe.
    let done = run(&folder, "solve i.json -o /dev/stdout --iterations 50");
    assert!(done.status.success());
    schedule(&done.stdout);
    assert!(text(&done.stderr).contains("written to /dev/stdout"));
    // Where standard output is a file, it goes on in it.
    let file = folder.path().join("out.json");
    let status =
        command(&folder, "solve i.json -o /dev/stdout --iterations 50").stdout(File::create(&file).unwrap()).status();
    assert!(status.unwrap().success());
    schedule(&std::fs::read(&file).unwrap());
    // … and is not taken for the schedule's file as well.
    let clash =
        command(&folder, "solve i.json -o out.json --iterations 50").stdout(File::create(&file).unwrap()).status();
    assert_eq!(clash.unwrap().code(), Some(2));

    assert!(run(&folder, "solve i.json -o /dev/null --iterations 1").status.success());
    assert!(Path::new("/dev/null").metadata().unwrap().mode() & libc_char_device() != 0);
    let mut shell = Command::new("bash");
    shell.current_dir(folder.path()).env("ORAUX", env!("CARGO_BIN_EXE_oraux"));
    let piped = shell.args([
        "-c",
        "\"$ORAUX\" anonymise i.json -o >(cat > copy.json; echo done > end); until [ -s end ]; do sleep 0.01; done",
    ]);
    assert!(piped.status().unwrap().success());
    Instance::read(&folder.path().join("copy.json")).unwrap();
}

/// Who asks twice to end is obeyed, wherever the command is.
#[test]
fn a_pipe_that_nobody_reads_holds_no_command_for_ever() {
    let folder = folder();
    let made = Command::new("mkfifo").arg(folder.path().join("pipe")).status().unwrap();
    assert!(made.success());
    let mut child = command(&folder, "solve i.json -o pipe --iterations 1 -q").stderr(Stdio::null()).spawn().unwrap();
    while child.try_wait().unwrap().is_none() {
        // SAFETY: the child has not been waited for, so that its number is still its own.
        unsafe { libc::kill(child.id() as libc::pid_t, libc::SIGINT) };
        std::thread::sleep(Duration::from_millis(300));
    }
    assert!(!child.wait().unwrap().success());
}

/// The bits of a mode that say "character device".
fn libc_char_device() -> u32 {
    0o020_000
}

#[test]
fn an_answer_that_cannot_be_printed_is_an_error() {
    let folder = folder();
    for words in
        ["check i.json s.json", "rules", "schema instance", "--help", "--version", "completions bash", "show s.json"]
    {
        let full =
            command(&folder, words).stdout(File::options().write(true).open("/dev/full").unwrap()).output().unwrap();
        assert_eq!(full.status.code(), Some(2), "{words}");
        let said = text(&full.stderr);
        assert!(
            said.starts_with("standard output cannot be written: ") && said.lines().count() == 1,
            "{words}: {said}"
        );
        // Whoever reads has gone.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let gone = command(&folder, words).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert_eq!((gone.status.code(), text(&gone.stderr).lines().count()), (Some(2), 1), "{words}: {gone:?}");
    }
    // Closed: Rust would put the null device in its place.
    for words in ["rules", "check i.json s.json", "solve i.json -o /dev/stdout --iterations 1 -q"] {
        let mut shell = Command::new("sh");
        shell.current_dir(folder.path()).env("ORAUX", env!("CARGO_BIN_EXE_oraux"));
        let closed = shell.args(["-c", &format!("\"$ORAUX\" --lang en {words} >&-")]).output().unwrap();
        assert_eq!(closed.status.code(), Some(2), "{words}");
        assert!(text(&closed.stderr).contains("it is closed"), "{words}: {closed:?}");
    }
    // What was asked for is written all the same.
    let full = command(&folder, "solve i.json -o new.json --iterations 1")
        .stdout(File::options().write(true).open("/dev/full").unwrap())
        .status();
    assert_eq!(full.unwrap().code(), Some(2));
    assert!(Schedule::read(&folder.path().join("new.json")).is_ok());
}

/// Whenever a command is killed, its file is the old one or a whole new one, and the next run leaves nothing else.
#[test]
fn a_kill_leaves_nothing_half_written() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    let instance = Instance::read(&at("i.json")).unwrap();
    let allowed: BTreeSet<String> = ["i.json", "s.json", "plan.json", "page.html", "docs"].map(String::from).into();
    for round in 0..4 {
        for (i, signal) in ["INT", "TERM", "HUP", "KILL"].into_iter().enumerate() {
            for (j, words) in [
                "solve i.json -o plan.json --time 0.3 --checkpoint 0.001 -q",
                "report i.json s.json -o page.html",
                "export i.json s.json --to docs --only csv,calendars,workbook --date 2024-05-02",
            ]
            .into_iter()
            .enumerate()
            {
                let mut child = command(&folder, words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
                // Any moment will do: what is asked below holds at each of them.
                std::thread::sleep(Duration::from_micros(
                    (round * 7919 + i as u64 * 1_009 + j as u64 * 311) * 37 % 120_000,
                ));
                let id = child.id().to_string();
                Command::new("kill").args(["-s", signal, &id]).stderr(Stdio::null()).status().unwrap();
                child.wait().unwrap();
                if let Ok(bytes) = std::fs::read(at("plan.json")) {
                    let plan = Schedule::from_json(&bytes).unwrap_or_else(|f| panic!("{signal}: {f:?}"));
                    // A signal may come before the pins were kept: the plan then says so.
                    let broken = check(&instance, &plan, None).violations;
                    assert!(broken.iter().all(|v| v.rule == "pin"), "{signal}: {broken:?}");
                }
                if let Ok(page) = std::fs::read_to_string(at("page.html")) {
                    assert!(page.trim_end().ends_with("</html>"), "{signal}");
                }
                if signal != "KILL" {
                    assert!(names(folder.path()).is_subset(&allowed), "{signal} {words}: {:?}", names(folder.path()));
                    let hidden = at("docs/.oraux-export").exists() && words.starts_with("export");
                    assert!(!hidden, "{signal} {words}: a hidden folder is left");
                }
            }
            // Whatever was left, the next ones go on without a word to the clerk.
            for words in [
                "report i.json s.json -o page.html",
                "export i.json s.json --to docs --only csv,calendars,workbook --date 2024-05-02",
            ] {
                let done = run(&folder, words);
                assert!(done.status.success(), "after {signal}: {done:?}");
            }
            assert!(names(folder.path()).is_subset(&allowed), "after {signal}: {:?}", names(folder.path()));
            assert!(names(&at("docs")).iter().all(|n| !n.starts_with('.')), "after {signal}: {:?}", names(&at("docs")));
        }
    }
}

#[test]
fn why_a_file_cannot_be_written_is_said_in_plain_words() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("there")).unwrap();
    for (words, why) in [
        ("solve i.json -o nowhere/x.json --iterations 1", "there is no such folder"),
        ("solve i.json -o there --iterations 1", "a folder has that name"),
        ("solve i.json -o new/ --iterations 1", "there is no such folder"),
        ("export i.json s.json --to s.json --only csv", "a file stands where a folder is wanted"),
    ] {
        let said = text(&run(&folder, words).stderr);
        assert!(said.contains(&format!("cannot be written: {why}")), "{words}: {said}");
        assert!(!said.contains("os error"), "{words}: {said}");
        // Before the work, not after it.
        assert!(!said.contains("checkpoint"), "{words}: {said}");
    }
}

/// A limit on the size of files ends no command on the spot: the file that stood there stays, nothing else does, and the reason is said.
#[test]
fn a_file_that_may_not_grow_is_an_error() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("papers")).unwrap();
    let before = names(folder.path());
    for words in ["solve i.json -o s.json --iterations 1 -q", "export i.json s.json --to papers --only csv"] {
        let words = format!("ulimit -f 0; exec {} --lang en {words}", env!("CARGO_BIN_EXE_oraux"));
        let done = Command::new("sh").args(["-c", &words]).current_dir(folder.path()).output().unwrap();
        let said = text(&done.stderr);
        assert_eq!(done.status.code(), Some(2), "{words}: {said}");
        assert!(said.contains("cannot be written: it would be larger"), "{words}: {said}");
        assert_eq!(before, names(folder.path()));
        assert!(names(&folder.path().join("papers")).is_empty());
        assert_eq!(text(&std::fs::read(folder.path().join("s.json")).unwrap()), schedule_json().to_string());
    }
}
