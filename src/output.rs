//! How files are written: each whole or not at all, and on the disk before it counts as written. What stands there keeps its
//! kind, its rights and its other names; where that cannot be, nothing is written.
//!
//! New content has no name while it is made, and the file that it replaces is there until the moment of the renaming. Where a
//! file system knows no files without a name, the content has one that begins with `.oraux-`. Its maker holds a lock on it for as
//! long as it lives: whoever next writes into that folder takes away what a killed process left.

use std::collections::BTreeSet;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{Error, ErrorKind, Result, Write};
use std::os::fd::{AsRawFd, BorrowedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::fs::{AtFlags, CWD, FlockOperation, Mode, OFlags, RenameFlags};

use crate::fault::Fault;
use crate::tr;

/// Names of files that are not finished. Renaming needs the lock; once [`abandon`] has it, nothing is renamed any more.
static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
/// Whether standard output was written to as a file.
static TOOK_STDOUT: AtomicBool = AtomicBool::new(false);
/// Whether the process began without a standard output.
static NO_STDOUT: AtomicBool = AtomicBool::new(false);

fn unfinished() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The fault of a file that cannot be written, with what stands in the way in plain words.
pub fn unwritable(path: &Path, e: &Error) -> Fault {
    let why = match e.kind() {
        ErrorKind::NotFound => tr!("there is no such folder", "ce dossier n'existe pas"),
        ErrorKind::PermissionDenied => {
            tr!("you may not write there", "vous n'avez pas le droit d'écrire à cet endroit")
        }
        ErrorKind::IsADirectory => tr!("a folder has that name", "un dossier porte ce nom"),
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
            tr!("a file stands where a folder is wanted", "un fichier se trouve là où il faut un dossier")
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => tr!("the disk is full", "le disque est plein"),
        ErrorKind::FileTooLarge => {
            tr!("it would be larger than a file may be here", "il serait plus grand qu'un fichier ne peut l'être ici")
        }
        ErrorKind::ReadOnlyFilesystem => tr!("the disk is read-only", "le disque est en lecture seule"),
        _ => e.to_string(),
    };
    let message = tr!("cannot be written: {why}", "écriture impossible : {why}");
    Fault { file: Some(path.display().to_string()), ..Fault::new("", message) }
}

/// Writes a file whole or not at all. Devices, pipes and what the process has open (`/dev/stdout`) are written to as they are; a
/// link stays a link; a file that may not be written, or has a second name (a hard link), is an error.
pub fn write(path: &Path, content: &[u8]) -> Result<()> {
    match Place::of(path)? {
        Place::Open(fd) => {
            if fd == 1 {
                stdout()?;
                TOOK_STDOUT.store(true, Ordering::Relaxed);
            }
            // Its own place in the file, not a new one: what was written before stays.
            // SAFETY: a number that is not open makes the copy an error, and nothing but the copy uses it.
            let mut file = File::from(unsafe { BorrowedFd::borrow_raw(fd) }.try_clone_to_owned()?);
            file.write_all(content)?;
            file.flush()
        }
        Place::Stream => OpenOptions::new().write(true).open(path)?.write_all(content),
        Place::New => {
            let mut draft = Draft::new(folder_of(path), 0o666)?;
            draft.file.write_all(content)?;
            draft.file.sync_all()?;
            draft.become_new(path)
        }
        Place::File(path, before) => {
            let mut draft = Draft::new(folder_of(&path), 0o600)?;
            draft.keep_rights(&before)?;
            draft.file.write_all(content)?;
            draft.file.sync_all()?;
            draft.replace(&path)
        }
    }
}

/// Whether a file could be written: the same errors as [`write`], before the work. Nothing is changed.
pub fn check(path: &Path) -> Result<()> {
    match Place::of(path)? {
        Place::Open(1) => stdout().map(|_| ()),
        // SAFETY: as above.
        Place::Open(fd) => unsafe { BorrowedFd::borrow_raw(fd) }.try_clone_to_owned().map(|_| ()),
        Place::Stream => Ok(()),
        Place::New => Draft::new(folder_of(path), 0o600).map(|_| ()),
        Place::File(path, before) => Draft::new(folder_of(&path), 0o600)?.keep_rights(&before),
    }
}

/// Whether something goes to the path as it comes: a device, a pipe, what the process has open.
pub fn is_stream(path: &Path) -> bool {
    matches!(Place::of(path), Ok(Place::Open(_) | Place::Stream))
}

/// Whether standard output was written to as a file: messages then go elsewhere.
pub fn took_stdout() -> bool {
    TOOK_STDOUT.load(Ordering::Relaxed)
}

/// Says that the process began without a standard output.
pub fn stdout_is_closed() {
    NO_STDOUT.store(true, Ordering::Relaxed);
}

/// Standard output, if there is one.
pub fn stdout() -> Result<std::io::Stdout> {
    match NO_STDOUT.load(Ordering::Relaxed) {
        true => Err(Error::other(tr!("it is closed", "elle est fermée"))),
        false => Ok(std::io::stdout()),
    }
}

/// Whether two paths are one file, by whatever names (links, hard links, `./`). Devices never are.
pub fn same(a: &Path, b: &Path) -> bool {
    let known = |path: &Path| std::fs::metadata(path).ok().filter(|m| !m.file_type().is_char_device());
    let new = |path: &Path| Some((folder_of(path).canonicalize().ok()?, path.file_name()?.to_owned()));
    match (known(a), known(b)) {
        (Some(a), Some(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
        (None, None) => !a.exists() && !b.exists() && new(a).is_some_and(|place| Some(place) == new(b)),
        _ => false,
    }
}

/// Whether a path is the file to which standard output was sent (`> file`).
pub fn is_stdout(path: &Path) -> bool {
    let stdout = rustix::fs::fstat(std::io::stdout()).ok();
    let file = std::fs::metadata(path).ok().filter(Metadata::is_file);
    let same = stdout.zip(file).is_some_and(|(out, file)| (out.st_dev, out.st_ino) == (file.dev(), file.ino()));
    same && descriptor(path).is_none()
}

/// Takes away every unfinished file and lets none become a finished one: the process ends.
pub fn abandon() {
    let names = unfinished();
    for name in names.iter() {
        let _ = std::fs::remove_file(name);
    }
    std::mem::forget(names);
}

/// Sees to it that all that was written to the file system of a folder is on the disk.
pub fn sync_all(folder: &Path) -> Result<()> {
    Ok(rustix::fs::syncfs(File::open(folder)?)?)
}

/// Sees to it that the names in a folder are on the disk.
pub fn sync_names(folder: &Path) -> Result<()> {
    match File::open(folder)?.sync_all() {
        // Some file systems know no such thing.
        Err(e) if e.kind() == ErrorKind::InvalidInput => Ok(()),
        done => done,
    }
}

/// A file with a name, for a library that writes by name; it is gone when this is.
pub struct Scratch(Draft);

impl Scratch {
    /// In the folder of the system for such files; its name ends so.
    pub fn new(ending: &str) -> Result<Scratch> {
        Ok(Scratch(Draft::named(&std::env::temp_dir(), 0o600, ending)?))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.name.as_deref().expect("it was made with a name")
    }
}

/// What stands at a path.
enum Place {
    New,
    /// A file: where it really is, and its rights.
    File(PathBuf, Metadata),
    /// A device or a pipe.
    Stream,
    /// What the process has open under that number.
    Open(i32),
}

impl Place {
    fn of(path: &Path) -> Result<Place> {
        if let Some(fd) = descriptor(path) {
            return Ok(Place::Open(fd));
        }
        let meta = match std::fs::metadata(path) {
            Err(e) if e.kind() == ErrorKind::NotFound && path.symlink_metadata().is_ok() => {
                return Err(Error::other(tr!(
                    "it is a link to a file that is not there; write to that file by its own name",
                    "c'est un lien vers un fichier qui n'existe pas ; donnez le nom de ce fichier"
                )));
            }
            // A name that ends as a folder's does is no file's.
            Err(e) if e.kind() == ErrorKind::NotFound && !path.as_os_str().as_bytes().ends_with(b"/") => {
                return Ok(Place::New);
            }
            meta => meta?,
        };
        if meta.is_dir() {
            return Err(ErrorKind::IsADirectory.into());
        }
        if !meta.is_file() {
            return Ok(Place::Stream);
        }
        if meta.permissions().readonly() {
            return Err(Error::other(tr!(
                "the file is read-only; write to another name, or make it writable first",
                "le fichier est en lecture seule ; donnez un autre nom, ou rendez-le d'abord modifiable"
            )));
        }
        OpenOptions::new().write(true).open(path)?;
        if meta.nlink() > 1 {
            return Err(Error::other(tr!(
                "the file has a second name (a hard link), which would keep the old content; write to another name",
                "le fichier a un second nom (lien physique), qui garderait l'ancien contenu ; donnez un autre nom"
            )));
        }
        Ok(Place::File(path.canonicalize()?, meta))
    }
}

/// The number under which the process has a file open, where a path is only another word for that.
fn descriptor(path: &Path) -> Option<i32> {
    let own = PathBuf::from(format!("/proc/{}/fd", std::process::id()));
    let mut at = path.to_path_buf();
    for _ in 0..8 {
        let folder = folder_of(&at).canonicalize().ok()?;
        if folder == own {
            return at.file_name()?.to_str()?.parse().ok();
        }
        at = folder.join(at.read_link().ok()?);
    }
    None
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Content on its way to a file.
struct Draft {
    file: File,
    /// Where it has a name.
    name: Option<PathBuf>,
    folder: PathBuf,
}

impl Draft {
    /// Without a name, where that is possible.
    fn new(folder: &Path, mode: u32) -> Result<Draft> {
        sweep(folder);
        let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
        match rustix::fs::openat(CWD, folder, flags, Mode::from_raw_mode(mode)) {
            Ok(file) => Ok(Draft { file: file.into(), name: None, folder: folder.into() }),
            // What kernels and file systems say that have no such files.
            Err(rustix::io::Errno::OPNOTSUPP | rustix::io::Errno::ISDIR | rustix::io::Errno::INVAL) => {
                Draft::named(folder, mode, "")
            }
            Err(e) => Err(e.into()),
        }
    }

    fn named(folder: &Path, mode: u32, ending: &str) -> Result<Draft> {
        sweep(folder);
        loop {
            let name = folder.join(free_name(ending));
            let mut names = unfinished();
            let file = match OpenOptions::new().read(true).write(true).create_new(true).mode(mode).open(&name) {
                Err(e) if e.kind() == ErrorKind::AlreadyExists => continue,
                file => file?,
            };
            lock(&file);
            names.insert(name.clone());
            // Between the two somebody may have taken it for a leftover.
            if file.metadata()?.nlink() > 0 {
                return Ok(Draft { file, name: Some(name), folder: folder.into() });
            }
            names.remove(&name);
        }
    }

    /// The rights of the file that it is to replace; its owner too, where that is permitted.
    fn keep_rights(&self, before: &Metadata) -> Result<()> {
        let own = self.file.metadata()?;
        if own.uid() != before.uid() {
            let _ = fchown(&self.file, Some(before.uid()), None);
        }
        if own.gid() != before.gid() {
            fchown(&self.file, None, Some(before.gid()))?;
        }
        self.file.set_permissions(std::fs::Permissions::from_mode(before.mode() & 0o7777))
    }

    /// Takes a name at which nothing stands.
    fn become_new(mut self, path: &Path) -> Result<()> {
        let mut names = unfinished();
        match self.name.take() {
            None => self.link(path)?,
            Some(name) => {
                let moved = rustix::fs::renameat_with(CWD, &name, CWD, path, RenameFlags::NOREPLACE);
                let moved = match moved {
                    Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => std::fs::rename(&name, path),
                    other => other.map_err(Error::from),
                };
                names.remove(&name);
                if moved.is_err() {
                    let _ = std::fs::remove_file(&name);
                }
                moved?;
            }
        }
        drop(names);
        sync_names(&self.folder)
    }

    /// Takes the name of a file.
    fn replace(mut self, path: &Path) -> Result<()> {
        let mut names = unfinished();
        let name = match self.name.take() {
            Some(name) => name,
            None => {
                lock(&self.file);
                let name = self.folder.join(free_name(""));
                self.link(&name)?;
                name
            }
        };
        let moved = std::fs::rename(&name, path);
        names.remove(&name);
        if moved.is_err() {
            let _ = std::fs::remove_file(&name);
        }
        drop(names);
        moved?;
        sync_names(&self.folder)
    }

    fn link(&self, path: &Path) -> Result<()> {
        let own = format!("/proc/self/fd/{}", self.file.as_raw_fd());
        Ok(rustix::fs::linkat(CWD, own, CWD, path, AtFlags::SYMLINK_FOLLOW)?)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Some(name) = self.name.take() {
            let mut names = unfinished();
            let _ = std::fs::remove_file(&name);
            names.remove(&name);
        }
    }
}

/// Says to others that somebody is at work on it; a file system without locks is left at that.
fn lock(file: &File) {
    let _ = rustix::fs::flock(file, FlockOperation::NonBlockingLockExclusive);
}

const PREFIX: &str = ".oraux-";
const MIDDLE: &str = ".tmp";

fn free_name(ending: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let (process, number) = (std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |d| d.subsec_nanos());
    format!("{PREFIX}{process:x}-{number:x}-{now:x}{MIDDLE}{ending}")
}

/// Takes away what killed processes left in a folder; once a process.
fn sweep(folder: &Path) {
    static SWEPT: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
    if !SWEPT.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.into()) {
        return;
    }
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|n| n.starts_with(PREFIX) && n.contains(MIDDLE));
        if !ours || !entry.file_type().is_ok_and(|t| t.is_file()) {
            continue;
        }
        let free = |file: &File| rustix::fs::flock(file, FlockOperation::NonBlockingLockExclusive).is_ok();
        if File::open(entry.path()).is_ok_and(|file| free(&file)) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().mode() & 0o7777
    }

    #[test]
    fn the_old_file_keeps_its_rights_and_a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("plan.json"), folder.path().join("link.json"));
        write(&file, b"one").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::os::unix::fs::symlink("plan.json", &link).unwrap();
        write(&link, b"two").unwrap();
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert_eq!((std::fs::read(&file).unwrap(), mode(&file)), (b"two".to_vec(), 0o600));
        assert_eq!(folder.path().read_dir().unwrap().count(), 2);
    }

    #[test]
    fn what_cannot_keep_its_kind_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        write(&at("a"), b"one").unwrap();
        std::fs::hard_link(at("a"), at("b")).unwrap();
        std::os::unix::fs::symlink("nowhere", at("dangling")).unwrap();
        write(&at("read-only"), b"one").unwrap();
        std::fs::set_permissions(at("read-only"), std::fs::Permissions::from_mode(0o444)).unwrap();
        std::fs::create_dir(at("folder")).unwrap();
        for name in ["a", "b", "dangling", "read-only", "folder", "missing/plan.json"] {
            assert!(check(&at(name)).is_err(), "{name}");
            assert!(write(&at(name), b"two").is_err(), "{name}");
        }
        assert!([at("a"), at("b"), at("read-only")].iter().all(|p| std::fs::read(p).unwrap() == b"one"));
        assert!(!at("nowhere").exists() && !at("missing").exists());
        assert_eq!(mode(&at("read-only")), 0o444);
        assert_eq!(folder.path().read_dir().unwrap().count(), 5);
    }

    #[test]
    fn devices_and_pipes_are_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let null = folder.path().join("null");
        std::os::unix::fs::symlink("/dev/null", &null).unwrap();
        write(&null, b"one").unwrap();
        assert!(is_stream(&null) && null.metadata().unwrap().file_type().is_char_device());
        let pipe = folder.path().join("pipe");
        rustix::fs::mknodat(CWD, &pipe, rustix::fs::FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
        check(&pipe).unwrap();
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::read(pipe).unwrap()
        });
        write(&pipe, b"one").unwrap();
        assert_eq!(reader.join().unwrap(), b"one");
        assert!(pipe.metadata().unwrap().file_type().is_fifo());
        // What is open already goes on where it is.
        let kept = folder.path().join("kept");
        let mut open = File::create(&kept).unwrap();
        open.write_all(b"one ").unwrap();
        write(Path::new(&format!("/dev/fd/{}", open.as_raw_fd())), b"two").unwrap();
        assert_eq!(std::fs::read(&kept).unwrap(), b"one two");
    }

    #[test]
    fn one_file_by_several_names() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        write(&at("a"), b"").unwrap();
        std::fs::hard_link(at("a"), at("b")).unwrap();
        std::os::unix::fs::symlink("a", at("c")).unwrap();
        for (one, other, is) in [
            ("a", "a", true),
            ("a", "./a", true),
            ("a", "b", true),
            ("a", "c", true),
            ("a", "new", false),
            ("new", "new", true),
            ("new", "./new", true),
            ("new", "newer", false),
        ] {
            assert_eq!(same(&at(one), &at(other)), is, "{one} {other}");
        }
        assert!(!same(Path::new("/dev/null"), Path::new("/dev/null")));
    }

    #[test]
    fn what_a_killed_process_left_is_taken_away_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in [".oraux-1-0-1.tmp", ".oraux-2-0-1.tmp", ".oraux-mine", "other.tmp"] {
            std::fs::write(at(name), "").unwrap();
        }
        // Somebody is still at work on this one.
        let busy = File::open(at(".oraux-2-0-1.tmp")).unwrap();
        lock(&busy);
        write(&at("plan.json"), b"one").unwrap();
        let mut left: Vec<String> =
            folder.path().read_dir().unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        left.sort();
        assert_eq!(left, [".oraux-2-0-1.tmp", ".oraux-mine", "other.tmp", "plan.json"]);
    }

    /// Where a file system knows no files without a name.
    #[test]
    fn a_named_draft_does_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.json");
        for content in ["one", "two"] {
            let mut draft = Draft::named(folder.path(), 0o666, "").unwrap();
            draft.file.write_all(content.as_bytes()).unwrap();
            if content == "one" {
                draft.become_new(&path).unwrap()
            } else {
                draft.replace(&path).unwrap()
            }
            assert_eq!(std::fs::read_to_string(&path).unwrap(), content);
        }
        assert!(Draft::named(folder.path(), 0o666, "").unwrap().become_new(&path).is_err());
        drop(Draft::named(folder.path(), 0o666, "").unwrap());
        assert_eq!(folder.path().read_dir().unwrap().count(), 1);
    }
}
