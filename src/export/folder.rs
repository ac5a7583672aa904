//! The folder that documents go to: all files together or none, and no file of somebody else is lost.
//!
//! The files wait in a hidden folder until all are made. Then the list of what is to be moved in is written down: an export that
//! is killed before that has done nothing, and the next one takes its hidden folder away; one that is killed later is completed
//! by the next one.
//!
//! A list of what was written, with a fingerprint of each file, stays in the folder. A file that is not on it, or
//! that was changed since, is somebody else's. A file on it that the new export no longer makes is taken away: an
//! old convocation beside the new ones would be sent out.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::fault::Fault;
use crate::{output, tr};

/// The list of what was written.
pub const LIST: &str = "oraux-export.json";

/// The hidden folder in which files wait.
const WAITING: &str = ".oraux-export";
/// What is to be moved in; once it is there, the moving has begun.
const MOVES: &str = "moves.json";

/// What stands in the list.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct List {
    /// The number of the last publication.
    #[serde(default)]
    revision: u32,
    /// A fingerprint of the schedule of the last publication.
    #[serde(default)]
    schedule: String,
    /// The date of each publication.
    #[serde(default)]
    dates: BTreeMap<u32, NaiveDate>,
    /// By path: kind and fingerprint.
    #[serde(default)]
    files: BTreeMap<String, Written>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Written {
    kind: String,
    hash: String,
    /// A fingerprint of the schedule that it was made from.
    #[serde(default)]
    schedule: String,
}

/// All that publishing does, written down before it begins.
#[derive(Serialize, Deserialize)]
struct Moves {
    /// The list as it will be.
    list: List,
    /// The files that wait, each with the fingerprint of what stands at its place.
    files: BTreeMap<String, Option<String>>,
    /// The files to be taken away, with their fingerprints.
    gone: BTreeMap<String, String>,
}

/// The hidden folder, gone when this is.
struct Waiting(PathBuf);

impl Drop for Waiting {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A folder that documents go to.
pub struct Folder {
    path: PathBuf,
    waiting: Waiting,
    /// An earlier export was killed while it moved its files in; they are in now.
    pub completed: bool,
    list: List,
    new: BTreeMap<String, Written>,
    /// Paths without regard to case, as some systems read them.
    taken: BTreeSet<String>,
    /// Locked while an export is at work here.
    _lock: std::fs::File,
}

/// What publishing did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// How many files were written.
    pub written: usize,
    /// Files of an earlier export that are no longer made: taken away.
    pub removed: Vec<String>,
    /// Files of somebody else that were replaced, because it was asked for.
    pub replaced: Vec<String>,
    /// Kinds of which files of another schedule are still there, since they were not asked for.
    pub older: BTreeSet<String>,
}

fn fingerprint(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(16).map(|b| format!("{b:02x}")).collect()
}

impl Folder {
    /// Opens the folder, which is made if it is not there.
    pub fn open(path: &Path) -> Result<Folder, Fault> {
        let about =
            |path: &Path, message: String| Fault { file: Some(path.display().to_string()), ..Fault::new("", message) };
        let unwritable = |e: std::io::Error| output::unwritable(path, &e);
        std::fs::create_dir_all(path).map_err(unwritable)?;
        let lock = std::fs::File::open(path).map_err(unwritable)?;
        if let Err(std::fs::TryLockError::WouldBlock) = lock.try_lock() {
            return Err(about(
                path,
                tr!(
                    "another export is writing here; wait until it has ended",
                    "un autre export écrit dans ce dossier ; attendez qu'il ait fini"
                ),
            ));
        }
        let completed = resume(path)?;
        let name = path.join(LIST);
        let list = match std::fs::read(&name) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|e| {
                about(
                    &name,
                    tr!(
                        "is no list of an export ({e}); choose another folder or take the file away",
                        "n'est pas la liste d'un export ({e}) ; choisissez un autre dossier ou retirez ce fichier"
                    ),
                )
            })?,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => List::default(),
            Err(e) => return Err(about(&name, tr!("cannot be read: {e}", "lecture impossible : {e}"))),
        };
        // What the files say is not for everybody before they have the rights of their places.
        let waiting = Waiting(path.join(WAITING));
        std::fs::DirBuilder::new().mode(0o700).create(&waiting.0).map_err(unwritable)?;
        Ok(Folder {
            path: path.into(),
            waiting,
            completed,
            list,
            new: BTreeMap::new(),
            taken: BTreeSet::new(),
            _lock: lock,
        })
    }

    /// The number of this publication, where nobody says it: the next one after the last that was put here, the same for
    /// the same schedule; in a new folder 0, or 1 for a re-plan.
    pub fn revision(&self, schedule: &str, replans: bool) -> u32 {
        let last = &self.list;
        if last.schedule.is_empty() || last.schedule == schedule {
            last.revision.max(u32::from(replans))
        } else {
            last.revision + 1
        }
    }

    /// The date of the publication before this one.
    pub fn replaced(&self, revision: u32) -> Option<NaiveDate> {
        self.list.dates.range(..revision).next_back().map(|(_, date)| *date)
    }

    /// Says the date of this publication.
    pub fn dated(&mut self, revision: u32, date: NaiveDate) {
        self.list.dates.insert(revision, date);
    }

    /// Puts a file in the waiting room. Two of one name get different ones.
    pub fn add(&mut self, kind: &str, path: &str, bytes: &[u8]) -> Result<(), Fault> {
        let (stem, ending) = path.rsplit_once('.').unwrap_or((path, ""));
        let mut free = path.to_string();
        for n in 2.. {
            if self.taken.insert(free.to_lowercase()) {
                break;
            }
            free = format!("{stem}-{n}.{ending}");
        }
        let place = self.waiting.0.join(&free);
        let parent = place.parent().expect("below the waiting room");
        std::fs::create_dir_all(parent)
            .and_then(|()| std::fs::write(&place, bytes))
            .map_err(|e| output::unwritable(&self.path.join(&free), &e))?;
        self.new.insert(free, Written { kind: kind.to_string(), hash: fingerprint(bytes), schedule: String::new() });
        Ok(())
    }

    /// Moves all files in. Files that are not ours stop it before anything is moved, unless `overwrite`.
    pub fn publish(
        mut self,
        revision: u32,
        schedule: &str,
        kinds: &[&str],
        overwrite: bool,
    ) -> Result<Published, Vec<Fault>> {
        let files: BTreeMap<String, Option<String>> =
            self.new.keys().map(|path| (path.clone(), standing(&self.path.join(path)))).collect();
        let ours = |path: &str, hash: &str| self.list.files.get(path).is_some_and(|written| written.hash == hash);
        let of_others: Vec<String> = files
            .iter()
            .filter(|(path, hash)| hash.as_ref().is_some_and(|hash| !ours(path, hash)))
            .map(|(path, _)| path.clone())
            .collect();
        if !overwrite && !of_others.is_empty() {
            let fault = |path: &String| Fault {
                file: Some(self.path.join(path).display().to_string()),
                ..Fault::new(
                    "",
                    tr!(
                        "is there already and is not as an export left it; nothing was written (--overwrite replaces it)",
                        "existe déjà et n'est pas tel qu'un export l'a laissé ; rien n'a été écrit (--overwrite le remplace)"
                    ),
                )
            };
            return Err(of_others.iter().map(fault).collect());
        }
        let mut list = List { revision, schedule: schedule.to_string(), ..self.list.clone() };
        list.files.retain(|path, w| !kinds.contains(&w.kind.as_str()) || self.new.contains_key(path));
        let not_kept = self.list.files.iter().filter(|(path, _)| !list.files.contains_key(*path));
        // One that somebody changed is theirs now, and stays.
        let gone: BTreeMap<String, String> = not_kept
            .filter(|(path, written)| standing(&self.path.join(path)).as_ref() == Some(&written.hash))
            .map(|(path, written)| (path.clone(), written.hash.clone()))
            .collect();
        for (path, written) in &self.new {
            list.files.insert(path.clone(), Written { schedule: schedule.to_string(), ..written.clone() });
        }
        let older = list.files.values().filter(|w| w.schedule != schedule).map(|w| w.kind.clone()).collect();
        let removed = gone.keys().cloned().collect();
        let published = Published { written: self.new.len(), removed, replaced: of_others, older };
        let moves = serde_json::to_vec(&Moves { list, files, gone }).expect("moves are always JSON");
        output::sync_all(&self.waiting.0)
            .and_then(|()| output::write(&self.waiting.0.join(MOVES), &moves))
            .map_err(|e| vec![output::unwritable(&self.path, &e)])?;
        // From here on whoever opens the folder completes it.
        std::mem::forget(std::mem::replace(&mut self.waiting, Waiting(PathBuf::new())));
        resume(&self.path).map_err(|fault| vec![fault])?;
        Ok(published)
    }
}

/// The fingerprint of what stands at a place; empty for what is no file.
fn standing(place: &Path) -> Option<String> {
    let meta = place.symlink_metadata().ok()?;
    let bytes = meta.is_file().then(|| std::fs::read(place).ok()).flatten();
    Some(bytes.map(|bytes| fingerprint(&bytes)).unwrap_or_default())
}

/// Completes what an export has written down to be moved in, or undoes one that had not come so far; says whether anything
/// was completed.
fn resume(folder: &Path) -> Result<bool, Fault> {
    let waiting = folder.join(WAITING);
    let moves = match std::fs::read(waiting.join(MOVES)) {
        Ok(bytes) => serde_json::from_slice::<Moves>(&bytes).ok(),
        Err(_) => None,
    };
    let Some(Moves { mut list, files, gone }) = moves else {
        if waiting.symlink_metadata().is_ok() {
            std::fs::remove_dir_all(&waiting).map_err(|e| output::unwritable(&waiting, &e))?;
        }
        return Ok(false);
    };
    for (path, hash) in gone {
        let place = folder.join(&path);
        if standing(&place) == Some(hash) {
            std::fs::remove_file(&place).map_err(|e| output::unwritable(&place, &e))?;
        }
    }
    for (path, before) in files {
        let (from, place) = (waiting.join(&path), folder.join(&path));
        if from.symlink_metadata().is_err() {
            continue; // It was moved before the kill.
        }
        if standing(&place) != before {
            // Somebody put something there since: theirs.
            list.files.remove(&path);
            continue;
        }
        move_in(&from, &place).map_err(|e| output::unwritable(&place, &e))?;
    }
    let text = serde_json::to_string_pretty(&list).expect("a list is always JSON") + "\n";
    output::sync_all(folder)
        .and_then(|()| output::write(&folder.join(LIST), text.as_bytes()))
        .and_then(|()| std::fs::remove_dir_all(&waiting))
        .map_err(|e| output::unwritable(folder, &e))?;
    Ok(true)
}

/// What stands there already gives its rights.
fn move_in(from: &Path, place: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(place.parent().expect("below the folder"))?;
    if let Ok(before) = place.symlink_metadata().and_then(|_| place.metadata()) {
        std::fs::set_permissions(from, before.permissions())?;
    }
    std::fs::rename(from, place)
}

/// A name for a file, of an id and what it is called: `0142059M-Lycée-des-Ormes`. Two ids never have the same, on disks that
/// know no capitals either: an id that is more than capital letters and digits has a fingerprint (`a-b_1c2f03de-Dupont`). It is
/// the same in each export, whoever else is there.
pub fn file_stem(id: &str, name: &str) -> String {
    let plain = id.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()) && (1..=40).contains(&id.len());
    let id_part = match plain && !RESERVED.contains(&id.trim_end_matches(|c: char| c.is_ascii_digit())) {
        true => id.to_string(),
        false => format!("{}_{}", shortened(&words(id), 40), &fingerprint(id.as_bytes())[..8]),
    };
    let name_part = if name == id { String::new() } else { words(name) };
    let stem = if name_part.is_empty() { id_part } else { format!("{id_part}-{name_part}") };
    shortened(&stem, 120).to_string()
}

/// Names that Windows keeps for devices, with a number or without.
const RESERVED: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "COM", "LPT"];

/// The letters and digits of a text; everything else parts words.
fn words(text: &str) -> String {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join("-")
}

/// At most so many bytes of a text: names of files have a limit in bytes.
fn shortened(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn export(path: &Path, files: &[(&str, &str)], overwrite: bool) -> Result<Published, Vec<Fault>> {
        let mut folder = Folder::open(path).map_err(|f| vec![f])?;
        for (name, text) in files {
            folder.add("k", name, text.as_bytes()).unwrap();
        }
        folder.publish(0, "s", &["k"], overwrite)
    }

    #[test]
    fn a_file_of_somebody_else_stops_everything() {
        let scratch = tempfile::tempdir().unwrap();
        let read = |name: &str| std::fs::read_to_string(scratch.path().join(name)).unwrap();
        std::fs::write(scratch.path().join("b"), "mine").unwrap();
        let faults = export(scratch.path(), &[("a", "1"), ("b", "2")], false).unwrap_err();
        assert_eq!(faults.len(), 1);
        assert!(!scratch.path().join("a").exists());
        let published = export(scratch.path(), &[("a", "1"), ("b", "2")], true).unwrap();
        assert_eq!((published.written, published.replaced), (2, vec!["b".to_string()]));
        assert_eq!(read("b"), "2");
        // Now both are ours: a new export replaces them, and what is no longer made goes away …
        let published = export(scratch.path(), &[("a", "3")], false).unwrap();
        assert_eq!(published, Published { written: 1, removed: vec!["b".into()], ..Published::default() });
        assert_eq!(read("a"), "3");
        // … unless somebody changed it.
        std::fs::write(scratch.path().join("a"), "changed by hand").unwrap();
        assert!(export(scratch.path(), &[("a", "4")], false).is_err());
        assert_eq!(export(scratch.path(), &[("c", "5")], false).unwrap().removed, Vec::<String>::new());
        assert_eq!(read("a"), "changed by hand");
        let left: Vec<_> = scratch.path().read_dir().unwrap().map(|e| e.unwrap().file_name()).collect();
        assert!(left.iter().all(|n| !n.to_string_lossy().starts_with(".oraux")), "{left:?}");
    }

    #[test]
    fn the_publications_are_counted() {
        let scratch = tempfile::tempdir().unwrap();
        let publish = |schedule: &str, replans: bool| {
            let folder = Folder::open(scratch.path()).unwrap();
            let revision = folder.revision(schedule, replans);
            folder.publish(revision, schedule, &[], false).unwrap();
            revision
        };
        assert_eq!(
            [publish("a", false), publish("b", true), publish("b", true), publish("c", true), publish("d", false)],
            [0, 1, 1, 2, 3]
        );
    }

    #[test]
    fn files_of_another_schedule_are_told() {
        let scratch = tempfile::tempdir().unwrap();
        let publish = |kind: &str, schedule: &str| {
            let mut folder = Folder::open(scratch.path()).unwrap();
            folder.add(kind, kind, b"1").unwrap();
            folder.publish(0, schedule, &[kind], false).unwrap().older
        };
        assert!(publish("csv", "a").is_empty());
        assert!(publish("reports", "a").is_empty());
        assert_eq!(publish("csv", "b"), BTreeSet::from(["reports".to_string()]));
        assert!(publish("reports", "b").is_empty());
    }

    #[test]
    fn any_id_makes_a_file_name_of_its_own() {
        assert_eq!(file_stem("0142059M", "Lycée des Ormes"), "0142059M-Lycée-des-Ormes");
        assert_eq!(file_stem("L1", "L1"), "L1");
        let long = "x".repeat(300);
        let ids = [
            "A-B",
            "a-b",
            "A B",
            "A–B",
            "A.B",
            "A_B",
            "AB",
            "Ab",
            "ab",
            "AB.",
            "AB..",
            "ÀB",
            "A\u{300}B",
            "../AB",
            "A/B",
            "A\\B",
            ".",
            "..",
            "/",
            "CON",
            "con",
            "NUL",
            "COM1",
            "LPT9",
            "AUX.txt",
            "A",
            "É",
            "e",
            "E\u{301}",
            &long,
            &long[1..],
            "日本",
            "🙂",
            " AB",
            "AB ",
            "A:B",
            "A*B",
            "A?B",
            "A|B",
            "A\"B",
            "A<B",
            "A\u{200b}B",
        ];
        let names = ["", "Dupont", "B-C", "Lycée « des Ormes »", "CON", "1c2f03de Dupont", "é".repeat(300).as_str()]
            .map(str::to_string);
        for name in &names {
            let mut seen = BTreeSet::new();
            for id in ids {
                let stem = file_stem(id, name);
                assert!(seen.insert(stem.to_lowercase()), "{id:?} {name:?}: {stem} stands twice");
                let fine = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
                assert!(stem.len() <= 120 && !stem.is_empty() && stem.chars().all(fine), "{stem}");
                assert!(!RESERVED.contains(&stem.trim_end_matches(|c: char| c.is_ascii_digit())), "{stem}");
                assert_eq!(stem, file_stem(id, name));
            }
        }
        // What follows an id is never taken for a part of it.
        assert_ne!(file_stem("A", "B C"), file_stem("A-B", "C"));
        assert_ne!(file_stem("A", "B C"), file_stem("AB", "C"));
        let scratch = tempfile::tempdir().unwrap();
        export(scratch.path(), &[("x/A.pdf", "1"), ("x/a.pdf", "2"), ("x/A.pdf", "3")], false).unwrap();
        for (name, text) in [("x/A.pdf", "1"), ("x/a-2.pdf", "2"), ("x/A-3.pdf", "3")] {
            assert_eq!(std::fs::read_to_string(scratch.path().join(name)).unwrap(), text);
        }
        assert_eq!(scratch.path().join("x").read_dir().unwrap().count(), 3);
    }

    fn hidden(folder: &Path) -> bool {
        folder.join(WAITING).exists()
    }

    #[test]
    fn an_export_that_is_killed_before_it_moves_is_undone() {
        let scratch = tempfile::tempdir().unwrap();
        export(scratch.path(), &[("a", "1")], false).unwrap();
        let mut folder = Folder::open(scratch.path()).unwrap();
        folder.add("k", "a", b"2").unwrap();
        // As a kill leaves it.
        std::mem::forget(std::mem::replace(&mut folder.waiting, Waiting(PathBuf::new())));
        drop(folder);
        assert!(hidden(scratch.path()));
        let folder = Folder::open(scratch.path()).unwrap();
        assert!(!folder.completed);
        assert_eq!(std::fs::read_to_string(scratch.path().join("a")).unwrap(), "1");
        drop(folder);
        assert!(!hidden(scratch.path()));
    }

    #[test]
    fn an_export_that_is_killed_while_it_moves_is_completed() {
        let scratch = tempfile::tempdir().unwrap();
        let at = |name: &str| scratch.path().join(name);
        let read = |name: &str| std::fs::read_to_string(at(name)).unwrap();
        export(scratch.path(), &[("a", "1"), ("b", "1"), ("c", "1"), ("d", "1")], false).unwrap();
        for done in 0..=3 {
            let new = format!("{}", done + 2);
            let mut folder = Folder::open(scratch.path()).unwrap();
            for name in ["a", "b", "c"] {
                folder.add("k", name, new.as_bytes()).unwrap();
            }
            // What publishing writes down, and as many moves as were done before the kill.
            let files = ["a", "b", "c"].map(|n| (n.to_string(), standing(&at(n)))).into();
            let mut list = folder.list.clone();
            list.files.retain(|path, _| path != "d");
            list.files.extend(folder.new.clone());
            let gone =
                folder.list.files.iter().filter(|(path, _)| *path == "d").map(|(p, w)| (p.clone(), w.hash.clone()));
            let moves = Moves { list, files, gone: gone.collect() };
            std::fs::write(folder.waiting.0.join(MOVES), serde_json::to_vec(&moves).unwrap()).unwrap();
            for name in &["a", "b", "c"][..done] {
                std::fs::rename(folder.waiting.0.join(name), at(name)).unwrap();
            }
            std::mem::forget(std::mem::replace(&mut folder.waiting, Waiting(PathBuf::new())));
            drop(folder);
            if done == 1 {
                std::fs::write(at("c"), "by hand").unwrap();
            }
            let folder = Folder::open(scratch.path()).unwrap();
            assert!(folder.completed);
            drop(folder);
            assert!(!hidden(scratch.path()) && !at("d").exists());
            assert_eq!((read("a"), read("b")), (new.clone(), new.clone()));
            if done == 1 {
                // Somebody's own, which an export replaces only if asked to.
                assert_eq!(read("c"), "by hand");
                assert!(export(scratch.path(), &[("c", "9")], false).is_err());
                export(scratch.path(), &[("a", &new), ("b", &new), ("c", &new)], true).unwrap();
            } else {
                assert_eq!(read("c"), new);
            }
        }
    }

    #[test]
    fn two_exports_do_not_meet_and_rights_are_kept() {
        use std::os::unix::fs::PermissionsExt;
        let scratch = tempfile::tempdir().unwrap();
        export(scratch.path(), &[("a", "1")], false).unwrap();
        std::fs::set_permissions(scratch.path().join("a"), std::fs::Permissions::from_mode(0o600)).unwrap();
        let folder = Folder::open(scratch.path()).unwrap();
        assert!(Folder::open(scratch.path()).is_err());
        drop(folder);
        export(scratch.path(), &[("a", "2")], false).unwrap();
        assert_eq!(scratch.path().join("a").metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}
