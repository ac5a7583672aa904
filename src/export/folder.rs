//! The folder that documents go to: all files together or none, and no file of somebody else is lost.
//!
//! A list of what was written, with a fingerprint of each file, stays in the folder. A file that is not on it, or
//! that was changed since, is somebody else's. A file on it that the new export no longer makes is taken away: an
//! old convocation beside the new ones would be sent out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::fault::Fault;
use crate::tr;

/// The list of what was written.
pub const LIST: &str = "oraux-export.json";

/// What stands in the list.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct List {
    /// The number of the last publication.
    #[serde(default)]
    revision: u32,
    /// A fingerprint of the schedule of the last publication.
    #[serde(default)]
    schedule: String,
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

/// A folder that documents go to.
pub struct Folder {
    path: PathBuf,
    waiting: tempfile::TempDir,
    list: List,
    new: BTreeMap<String, Written>,
    /// Paths without regard to case, as some systems read them.
    taken: BTreeSet<String>,
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
        let unwritable = |e: std::io::Error| about(path, tr!("cannot be written: {e}", "écriture impossible : {e}"));
        std::fs::create_dir_all(path).map_err(unwritable)?;
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
        let waiting = tempfile::Builder::new().prefix(".oraux-").tempdir_in(path).map_err(unwritable)?;
        Ok(Folder { path: path.into(), waiting, list, new: BTreeMap::new(), taken: BTreeSet::new() })
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
        let place = self.waiting.path().join(&free);
        let parent = place.parent().expect("below the waiting room");
        std::fs::create_dir_all(parent)
            .and_then(|()| std::fs::write(&place, bytes))
            .map_err(|e| self.unwritable(&free, &e))?;
        self.new.insert(free, Written { kind: kind.to_string(), hash: fingerprint(bytes), schedule: String::new() });
        Ok(())
    }

    fn unwritable(&self, path: &str, e: &std::io::Error) -> Fault {
        let file = Some(self.path.join(path).display().to_string());
        Fault { file, ..Fault::new("", tr!("cannot be written: {e}", "écriture impossible : {e}")) }
    }

    /// Whether the file on the disk is as an export left it.
    fn ours(&self, path: &str) -> bool {
        let Some(written) = self.list.files.get(path) else { return false };
        std::fs::read(self.path.join(path)).is_ok_and(|bytes| fingerprint(&bytes) == written.hash)
    }

    /// Moves all files in. Files that are not ours stop it before anything is moved, unless `overwrite`.
    pub fn publish(
        mut self,
        revision: u32,
        schedule: &str,
        kinds: &[&str],
        overwrite: bool,
    ) -> Result<Published, Vec<Fault>> {
        let exists = |path: &str| self.path.join(path).symlink_metadata().is_ok();
        let of_others: Vec<String> = self.new.keys().filter(|p| exists(p) && !self.ours(p)).cloned().collect();
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
        let gone: Vec<String> = self
            .list
            .files
            .iter()
            .filter(|(path, w)| kinds.contains(&w.kind.as_str()) && !self.new.contains_key(*path))
            .map(|(path, _)| path.clone())
            .collect();
        let mut published =
            Published { written: self.new.len(), removed: Vec::new(), replaced: of_others, older: BTreeSet::new() };
        for path in &gone {
            // One that somebody changed is theirs now, and stays.
            if self.ours(path) {
                std::fs::remove_file(self.path.join(path)).map_err(|e| vec![self.unwritable(path, &e)])?;
                published.removed.push(path.clone());
            }
            self.list.files.remove(path);
        }
        for (path, written) in &self.new {
            let place = self.path.join(path);
            let parent = place.parent().expect("below the folder");
            std::fs::create_dir_all(parent)
                .and_then(|()| std::fs::rename(self.waiting.path().join(path), &place))
                .map_err(|e| vec![self.unwritable(path, &e)])?;
            self.list.files.insert(path.clone(), Written { schedule: schedule.to_string(), ..written.clone() });
        }
        let older = self.list.files.values().filter(|w| w.schedule != schedule);
        published.older = older.map(|w| w.kind.clone()).collect();
        self.list.revision = revision;
        self.list.schedule = schedule.to_string();
        let list = serde_json::to_string_pretty(&self.list).expect("a list is always JSON") + "\n";
        crate::schedule::write_atomically(&self.path.join(LIST), list.as_bytes())
            .map_err(|e| vec![self.unwritable(LIST, &e)])?;
        Ok(published)
    }
}

/// A name for a file, of an id and a name that may hold anything: `0142059M-lycee-des-ormes`.
pub fn file_stem(parts: &[&str]) -> String {
    let clean = |part: &&str| {
        let kept: String = part.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '-' }).collect();
        kept.split('-').filter(|w| !w.is_empty()).collect::<Vec<_>>().join("-")
    };
    let mut cleaned: Vec<String> = parts.iter().map(clean).filter(|p| !p.is_empty()).collect();
    // Without a name, the id stands in its place.
    cleaned.dedup();
    let joined = cleaned.join("-");
    let short: String = joined.chars().take(80).collect();
    if short.is_empty() { "x".into() } else { short }
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
        assert!(left.iter().all(|n| !n.to_string_lossy().starts_with(".oraux-")), "{left:?}");
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
        assert_eq!(file_stem(&["0142059M", "Lycée des Ormes"]), "0142059M-Lycée-des-Ormes");
        assert_eq!(file_stem(&["../../etc/passwd", ""]), "etc-passwd");
        assert_eq!(file_stem(&["..", "/"]), "x");
        assert_eq!(file_stem(&["L1", "L1"]), "L1");
        let scratch = tempfile::tempdir().unwrap();
        export(scratch.path(), &[("x/A.pdf", "1"), ("x/a.pdf", "2"), ("x/A.pdf", "3")], false).unwrap();
        for (name, text) in [("x/A.pdf", "1"), ("x/a-2.pdf", "2"), ("x/A-3.pdf", "3")] {
            assert_eq!(std::fs::read_to_string(scratch.path().join(name)).unwrap(), text);
        }
        assert_eq!(scratch.path().join("x").read_dir().unwrap().count(), 3);
    }
}
