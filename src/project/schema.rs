//! The tables of a project file.

use rusqlite::Connection;

use super::{Error, no_project};
use crate::tr;

/// `ORAX`: by this SQLite's own tools and `file` know a project.
pub(super) const APPLICATION: i32 = 0x4f52_4158;
/// The form of the tables.
pub(super) const FORM: i32 = 1;

const TABLES: &str = "
    CREATE TABLE blob (hash TEXT PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE action (
        revision INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        who TEXT NOT NULL,
        kind TEXT NOT NULL,
        en TEXT NOT NULL,
        fr TEXT NOT NULL,
        cost INTEGER,
        -- The action that an undo takes back, or that a redo carries out again.
        about INTEGER,
        delta BLOB NOT NULL
    );
    CREATE TABLE snapshot (revision INTEGER PRIMARY KEY, document BLOB NOT NULL);
    CREATE TABLE version (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        revision INTEGER NOT NULL,
        name TEXT NOT NULL,
        at TEXT NOT NULL,
        who TEXT NOT NULL
    );
";

/// Settings of each connection: nobody else meanwhile; on the disk before it counts; the file is all there is, since offices copy
/// files and keep them on shares, where a journal beside the file (WAL) gets lost.
pub(super) fn settle(db: &Connection) -> Result<(), Error> {
    db.busy_timeout(std::time::Duration::ZERO)?;
    db.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    db.pragma_update(None, "synchronous", "EXTRA")?;
    db.pragma_update(None, "trusted_schema", false)?;
    db.pragma_update_and_check(None, "journal_mode", "TRUNCATE", |_| Ok(()))?;
    Ok(())
}

/// Makes the tables.
pub(super) fn create(db: &Connection) -> Result<(), Error> {
    db.pragma_update(None, "application_id", APPLICATION)?;
    db.pragma_update(None, "user_version", FORM)?;
    db.execute_batch(TABLES)?;
    Ok(())
}

/// Whether this is a project that this program knows.
pub(super) fn check(db: &Connection) -> Result<(), Error> {
    let number = |name: &str| db.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    if number("application_id")? != APPLICATION {
        return Err(Error::Unusable(no_project()));
    }
    match number("user_version")? {
        FORM => Ok(()),
        later => Err(Error::Unusable(tr!(
            "this project was made by a later oraux (form {later}); update oraux",
            "ce projet vient d'une version plus récente d'oraux (forme {later}) ; mettez oraux à jour"
        ))),
    }
}
