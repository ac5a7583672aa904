//! Tells the program which commit it is built from, so that what it measures can be traced back.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// What the program is made of. Nothing else counts: a better best-known value must not start a campaign anew.
const SOURCES: [&str; 3] = ["src", "Cargo.toml", "Cargo.lock"];

fn main() {
    // Not watched: the commit alone. A commit without a change would have everything built again; `make bench` asks for it.
    for source in SOURCES.iter().chain(&["build.rs"]) {
        println!("cargo:rerun-if-changed={source}");
    }
    println!("cargo:rustc-env=ORAUX_COMMIT={}", commit().unwrap_or("unknown".into()));
}

/// The last commit that changed the sources; changes that are not committed have their own mark.
fn commit() -> Option<String> {
    let top = git(&["rev-parse", "--show-toplevel"])?;
    let here = std::env::var("CARGO_MANIFEST_DIR").ok()?;
    if Path::new(&top).canonicalize().ok()? != Path::new(&here).canonicalize().ok()? {
        return None; // the repository of somebody who carries these sources along
    }
    let commit = git(&[&["log", "-1", "--format=%h", "--"][..], &SOURCES].concat()).filter(|c| !c.is_empty())?;
    let changes = git(&[&["diff", "HEAD", "--"][..], &SOURCES].concat())?;
    if changes.is_empty() {
        return Some(commit);
    }
    let mut hash = Command::new("git")
        .args(["hash-object", "--stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    hash.stdin.take()?.write_all(changes.as_bytes()).ok()?;
    let mark = String::from_utf8(hash.wait_with_output().ok()?.stdout).ok()?;
    Some(format!("{commit}+{}", mark.get(..6)?))
}

fn git(args: &[&str]) -> Option<String> {
    let out = Command::new("git").args(args).output().ok().filter(|o| o.status.success())?;
    Some(String::from_utf8_lossy(&out.stdout).trim().to_string())
}
