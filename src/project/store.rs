//! A project file that is open.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::delta::{Delta, NewBlobs};
use super::document::{Document, Hash, Published};
use super::history::{Action, Known, Stacks, Step, Version, now};
use super::note::{Note, holder};
use super::{Error, Sentence, damaged, schema};
use crate::tr;

/// After so many actions the whole document is kept again, so that opening a project replays few of them.
const SNAPSHOT_EVERY: u64 = 100;
/// A blob unpacks to at most so many bytes.
const LARGEST: u64 = 1 << 30;

/// A project that this process has open.
pub struct Project {
    db: Connection,
    path: PathBuf,
    document: Document,
    actions: Vec<Known>,
    stacks: Stacks,
    /// Until the file is closed.
    _note: Note,
}

/// A document with its large parts kept apart.
#[derive(Serialize, Deserialize)]
struct Snapshot {
    name: String,
    instance: Option<Hash>,
    sheets: Option<Hash>,
    mapping: Arc<str>,
    schedule: Option<Hash>,
    published: Option<Published>,
    files: BTreeMap<String, Hash>,
}

fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::new(4));
    packer.write_all(bytes).and_then(|()| packer.finish()).expect("memory takes every byte")
}

fn unpack(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    let read = ZlibDecoder::new(bytes).take(LARGEST).read_to_end(&mut out);
    read.map(|_| out).map_err(|_| damaged())
}

fn read_blob(db: &Connection, hash: &Hash) -> Result<Vec<u8>, Error> {
    let packed: Option<Vec<u8>> = db
        .prepare_cached("SELECT bytes FROM blob WHERE hash = ?1")?
        .query_row([&hash.0], |row| row.get(0))
        .optional()?;
    let bytes = unpack(&packed.ok_or_else(damaged)?)?;
    if Hash::of(&bytes) == *hash { Ok(bytes) } else { Err(damaged()) }
}

fn write_blobs(tx: &Transaction, blobs: &NewBlobs) -> Result<(), Error> {
    for (hash, bytes) in blobs {
        let there = tx.prepare_cached("SELECT 1 FROM blob WHERE hash = ?1")?.exists([&hash.0])?;
        if !there {
            tx.prepare_cached("INSERT INTO blob VALUES (?1, ?2)")?.execute(params![hash.0, pack(bytes)])?;
        }
    }
    Ok(())
}

fn write_snapshot(tx: &Transaction, revision: u64, document: &Document) -> Result<(), Error> {
    let mut blobs = NewBlobs::new();
    let mut keep = |bytes: &[u8]| {
        let hash = Hash::of(bytes);
        blobs.push((hash.clone(), bytes.to_vec()));
        hash
    };
    let snapshot = Snapshot {
        name: document.name.clone(),
        instance: document.instance.as_ref().map(|t| keep(t.as_bytes())),
        sheets: document.sheets.as_ref().map(|t| keep(t.as_bytes())),
        mapping: document.mapping.clone(),
        schedule: document.schedule.as_ref().map(|s| keep(s.to_json().as_bytes())),
        published: document.published.clone(),
        files: document.files.clone(),
    };
    write_blobs(tx, &blobs)?;
    let text = serde_json::to_vec(&snapshot).expect("a snapshot is always JSON");
    tx.execute("INSERT OR REPLACE INTO snapshot VALUES (?1, ?2)", params![revision, pack(&text)])?;
    Ok(())
}

fn read_snapshot(db: &Connection, at_most: u64) -> Result<(u64, Document), Error> {
    let (revision, packed): (u64, Vec<u8>) = db
        .query_row(
            "SELECT revision, document FROM snapshot WHERE revision <= ?1 ORDER BY revision DESC LIMIT 1",
            [at_most],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?
        .ok_or_else(damaged)?;
    let snapshot: Snapshot = serde_json::from_slice(&unpack(&packed)?).map_err(|_| damaged())?;
    let text = |hash: &Option<Hash>| -> Result<Option<Arc<str>>, Error> {
        let Some(hash) = hash else { return Ok(None) };
        Ok(Some(String::from_utf8(read_blob(db, hash)?).map_err(|_| damaged())?.into()))
    };
    let schedule = match text(&snapshot.schedule)? {
        Some(json) => Some(Arc::new(serde_json::from_str(&json).map_err(|_| damaged())?)),
        None => None,
    };
    let document = Document {
        name: snapshot.name,
        instance: text(&snapshot.instance)?,
        sheets: text(&snapshot.sheets)?,
        mapping: snapshot.mapping,
        schedule,
        published: snapshot.published,
        files: snapshot.files,
    };
    Ok((revision, document))
}

fn read_delta(db: &Connection, revision: u64) -> Result<Delta, Error> {
    let packed: Vec<u8> = db
        .prepare_cached("SELECT delta FROM action WHERE revision = ?1")?
        .query_row([revision], |row| row.get(0))
        .optional()?
        .ok_or_else(damaged)?;
    serde_json::from_slice(&unpack(&packed)?).map_err(|_| damaged())
}

fn document_at(db: &Connection, revision: u64) -> Result<Document, Error> {
    let (from, mut document) = read_snapshot(db, revision)?;
    for later in from + 1..=revision {
        document = read_delta(db, later)?.apply(&document, &|hash| read_blob(db, hash))?;
    }
    Ok(document)
}

impl Project {
    /// Makes a new project file, which must not be there yet.
    ///
    /// # Errors
    /// The file is there, or cannot be written.
    pub fn create(path: &Path, who: &str, document: Document, files: &[(Hash, Vec<u8>)]) -> Result<Project, Error> {
        let made = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
        made.map_err(|e| Error::Disk(crate::output::unwritable(path, &e).message))?;
        let started = (|| {
            let mut db = Connection::open(path)?;
            schema::settle(&db)?;
            let tx = db.transaction_with_behavior(TransactionBehavior::Exclusive)?;
            schema::create(&tx)?;
            write_blobs(&tx, &files.to_vec())?;
            write_snapshot(&tx, 0, &document)?;
            tx.commit()?;
            Ok(db)
        })();
        let db = match started {
            Ok(db) => db,
            Err(e) => {
                let _ = std::fs::remove_file(path);
                return Err(e);
            }
        };
        let _note = Note::write(path, who);
        Ok(Project { db, path: path.into(), document, actions: Vec::new(), stacks: Stacks::default(), _note })
    }

    /// Opens a project file; nobody else can as long as it lives.
    ///
    /// # Errors
    /// It is open elsewhere, no project, of a later form, damaged or not to be read.
    pub fn open(path: &Path, who: &str) -> Result<Project, Error> {
        let mut head = [0; 16];
        let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut head));
        match read {
            Ok(()) if head.starts_with(b"SQLite format 3") => {}
            Err(e) if e.kind() != std::io::ErrorKind::UnexpectedEof => {
                return Err(Error::Disk(tr!("cannot be read: {e}", "lecture impossible : {e}")));
            }
            _ => return Err(Error::Unusable(super::no_project())),
        }
        let mut db =
            Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        let busy = |e: Error, taken: bool| if taken { Error::Taken(holder(path)) } else { e };
        let is_busy = |e: &rusqlite::Error| {
            matches!(
                e.sqlite_error_code(),
                Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked)
            )
        };
        db.busy_timeout(std::time::Duration::ZERO)?;
        db.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        let lock = db.transaction_with_behavior(TransactionBehavior::Exclusive).and_then(Transaction::commit);
        if let Err(e) = lock {
            let taken = is_busy(&e);
            return Err(busy(e.into(), taken));
        }
        schema::check(&db)?;
        schema::settle(&db)?;
        let mut actions: Vec<Known> = Vec::new();
        let mut stacks = Stacks::default();
        {
            let mut all =
                db.prepare("SELECT revision, at, who, kind, en, fr, cost, about FROM action ORDER BY revision")?;
            let mut rows = all.query([])?;
            while let Some(row) = rows.next()? {
                actions.push(Known {
                    revision: row.get(0)?,
                    when: row.get(1)?,
                    who: row.get(2)?,
                    kind: row.get(3)?,
                    what: Sentence { en: row.get(4)?, fr: row.get(5)? },
                    cost: row.get(6)?,
                    about: row.get(7)?,
                    undone: false,
                });
                stacks.take(&mut actions);
            }
        }
        let last = actions.last().map_or(0, |a| a.revision);
        let document = document_at(&db, last)?;
        let _note = Note::write(path, who);
        Ok(Project { db, path: path.into(), document, actions, stacks, _note })
    }

    /// What it holds now.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The number of the last action, 0 for a new project.
    pub fn revision(&self) -> u64 {
        self.actions.last().map_or(0, |a| a.revision)
    }

    /// Where its file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Every action, the oldest first.
    pub fn actions(&self) -> &[Known] {
        &self.actions
    }

    /// What would be undone or redone next.
    pub fn next(&self, step: Step) -> Option<&Known> {
        let stack = match step {
            Step::Undo => &self.stacks.undo,
            Step::Redo => &self.stacks.redo,
        };
        let revision = *stack.last()?;
        self.actions.iter().find(|a| a.revision == revision)
    }

    /// Bytes that the document names by their fingerprint.
    ///
    /// # Errors
    /// They are missing or damaged.
    pub fn blob(&self, hash: &Hash) -> Result<Vec<u8>, Error> {
        read_blob(&self.db, hash)
    }

    /// Carries out an action: the project is `next` from now on, which is on the disk when this returns. Nothing happens where nothing changes.
    ///
    /// # Errors
    /// The disk would not; the project is as it was.
    pub fn commit(&mut self, next: Document, action: Action, files: &[(Hash, Vec<u8>)]) -> Result<(), Error> {
        let (delta, mut blobs) = Delta::between(&self.document, &next);
        if delta.is_empty() {
            return Ok(());
        }
        blobs.extend(files.iter().cloned());
        self.write(next, delta, blobs, action, None)
    }

    /// Takes back the last action, or carries out again what was taken back last; `Ok(None)` where there is nothing of the kind.
    ///
    /// # Errors
    /// The disk would not; the project is as it was.
    pub fn step(&mut self, step: Step, who: &str) -> Result<Option<Known>, Error> {
        let Some(about) = self.next(step).cloned() else { return Ok(None) };
        let done = read_delta(&self.db, about.revision)?;
        let delta = if step == Step::Undo { done.inverse() } else { done };
        let next = delta.apply(&self.document, &|hash| read_blob(&self.db, hash))?;
        let cost = next.schedule.as_ref().and_then(|s| s.cost.as_ref()).map(|c| c.total);
        let action = Action { who: who.into(), kind: step.kind(), what: about.what.clone(), cost };
        self.write(next, delta, NewBlobs::new(), action, Some(about.revision))?;
        Ok(Some(about))
    }

    fn write(
        &mut self,
        next: Document,
        delta: Delta,
        blobs: NewBlobs,
        action: Action,
        about: Option<u64>,
    ) -> Result<(), Error> {
        let known = Known {
            revision: self.revision() + 1,
            when: now(),
            who: action.who,
            kind: action.kind.into(),
            what: action.what,
            cost: action.cost,
            about,
            undone: false,
        };
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        write_blobs(&tx, &blobs)?;
        let packed = pack(&serde_json::to_vec(&delta).expect("a delta is always JSON"));
        let Known { revision, when, who, kind, what, cost, about, .. } = &known;
        tx.prepare_cached("INSERT INTO action VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?
            .execute(params![revision, when, who, kind, what.en, what.fr, cost, about, packed])?;
        if known.revision.is_multiple_of(SNAPSHOT_EVERY) {
            write_snapshot(&tx, known.revision, &next)?;
        }
        tx.commit()?;
        self.document = next;
        self.actions.push(known);
        self.stacks.take(&mut self.actions);
        Ok(())
    }

    /// What the project held after an action.
    ///
    /// # Errors
    /// The file is damaged.
    pub fn at(&self, revision: u64) -> Result<Document, Error> {
        document_at(&self.db, revision.min(self.revision()))
    }

    /// Names this moment; the version's number.
    ///
    /// # Errors
    /// The disk would not.
    pub fn name_version(&mut self, name: &str, who: &str) -> Result<Version, Error> {
        let revision = self.revision();
        let when = now();
        self.db.execute(
            "INSERT INTO version (revision, name, at, who) VALUES (?1, ?2, ?3, ?4)",
            params![revision, name, when, who],
        )?;
        Ok(Version { id: self.db.last_insert_rowid(), revision, name: name.into(), when, who: who.into() })
    }

    /// Every named version, the newest first.
    ///
    /// # Errors
    /// The file is damaged.
    pub fn versions(&self) -> Result<Vec<Version>, Error> {
        let mut all = self.db.prepare_cached("SELECT id, revision, name, at, who FROM version ORDER BY id DESC")?;
        let rows = all.query_map([], |row| {
            Ok(Version {
                id: row.get(0)?,
                revision: row.get(1)?,
                name: row.get(2)?,
                when: row.get(3)?,
                who: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The whole project as JSON: its instance byte for byte as it was given, its schedule, the history and the versions.
    ///
    /// # Errors
    /// The file is damaged.
    pub fn to_json(&self) -> Result<String, Error> {
        let document = &self.document;
        let pretty = |value: &Value| serde_json::to_string_pretty(value).expect("a value is always JSON");
        let text = |text: Option<&str>| text.map_or("null".to_string(), |t| t.trim().to_string());
        let history: Vec<Value> =
            self.actions.iter().map(|a| serde_json::to_value(a).expect("an action is always JSON")).collect();
        let schedule = document.schedule.as_ref().map(|s| s.to_json());
        Ok(format!(
            "{{\n\"format\": \"oraux-project/1\",\n\"name\": {},\n\"revision\": {},\n\"instance\": {},\n\"schedule\": {},\n\
             \"published\": {},\n\"sheets\": {},\n\"mapping\": {},\n\"history\": {},\n\"versions\": {}\n}}\n",
            json!(document.name),
            self.revision(),
            text(document.instance.as_deref()),
            text(schedule.as_deref()),
            json!(document.published),
            text(document.sheets.as_deref()),
            json!(document.mapping),
            pretty(&Value::Array(history)),
            pretty(&json!(self.versions()?)),
        ))
    }
}
