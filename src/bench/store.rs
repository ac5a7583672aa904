//! The folder of a campaign: `jobs/` holds a record a job, each written whole or not at all, and `schedules/` the
//! schedules; `runs.jsonl` and `runs.csv` are those records gathered.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::record::{Ending, Record};
use crate::fault::Fault;
use crate::schedule::{Schedule, write_atomically};
use crate::tr;

/// The folder of a campaign.
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// Opens the folder, made where it is missing.
    pub fn open(folder: &Path) -> std::io::Result<Store> {
        std::fs::create_dir_all(folder.join("jobs"))?;
        std::fs::create_dir_all(folder.join("schedules"))?;
        Ok(Store { folder: folder.to_path_buf() })
    }

    /// Whether the job of that key has ended.
    pub fn has(&self, key: &str) -> bool {
        self.job(key).exists()
    }

    fn job(&self, key: &str) -> PathBuf {
        self.folder.join("jobs").join(format!("{key}.json"))
    }

    /// Keeps a run: the schedule first, so that a record never lacks its own.
    pub fn keep(&self, record: &Record, schedule: &Schedule) -> std::io::Result<()> {
        schedule.write(&self.folder.join("schedules").join(format!("{}.json", record.key)))?;
        self.keep_record(record)
    }

    fn keep_record(&self, record: &Record) -> std::io::Result<()> {
        let json = serde_json::to_string(record).expect("a record is always JSON") + "\n";
        write_atomically(&self.job(&record.key), json.as_bytes())
    }

    /// Every record, by instance, strategy, seed.
    pub fn records(&self) -> Result<Vec<Record>, Vec<Fault>> {
        let (mut records, mut faults) = (BTreeMap::new(), Vec::new());
        let jobs = self.folder.join("jobs");
        let entries = std::fs::read_dir(&jobs).map_err(|e| {
            let file = Some(jobs.display().to_string());
            vec![Fault { file, ..Fault::new("", tr!("cannot be read: {e}", "lecture impossible : {e}")) }]
        })?;
        for path in entries.filter_map(|e| Some(e.ok()?.path())).filter(|p| p.extension().is_some_and(|e| e == "json"))
        {
            let read = crate::read::bytes(&path).and_then(|bytes| {
                serde_json::from_slice::<Record>(&bytes).map_err(|e| Fault {
                    file: Some(path.display().to_string()),
                    ..Fault::new("", tr!("not a record of a run: {e}", "ce n'est pas le relevé d'un essai : {e}"))
                })
            });
            match read {
                Err(fault) => faults.push(fault),
                Ok(r) => {
                    let at = (r.job.instance.clone(), r.job.strategy.clone(), r.job.seed, r.key.clone());
                    records.insert(at, r);
                }
            }
        }
        if faults.is_empty() { Ok(records.into_values().collect()) } else { Err(faults) }
    }

    /// Takes in what another folder has and this one lacks; says how many runs.
    pub fn merge(&self, other: &Store) -> Result<usize, Vec<Fault>> {
        let mut taken = 0;
        for record in other.records()?.iter().filter(|r| !self.has(&r.key)) {
            let name = Path::new("schedules").join(format!("{}.json", record.key));
            let copied = std::fs::copy(other.folder.join(&name), self.folder.join(&name));
            copied.map(|_| ()).and_then(|()| self.keep_record(record)).map_err(|e| {
                let file = Some(other.folder.join(&name).display().to_string());
                vec![Fault { file, ..Fault::new("", tr!("cannot be copied: {e}", "copie impossible : {e}")) }]
            })?;
            taken += 1;
        }
        Ok(taken)
    }

    /// Writes `runs.jsonl` and `runs.csv` from the records.
    pub fn gather(&self, records: &[Record]) -> std::io::Result<()> {
        let lines: String =
            records.iter().map(|r| serde_json::to_string(r).expect("a record is always JSON") + "\n").collect();
        write_atomically(&self.folder.join("runs.jsonl"), lines.as_bytes())?;
        write_atomically(&self.folder.join("runs.csv"), csv(records).as_bytes())
    }
}

fn csv(records: &[Record]) -> String {
    let mut out = String::from(
        "key,program,instance,instance_hash,strategy,seed,seconds,threads,status,cost,unscheduled,bound,first_valid,elapsed,tries,peak_rss_kib,message\n",
    );
    for Record { key, program, job, ending, .. } in records {
        let name = quoted(&job.instance);
        let _ = write!(out, "{key},{program},{name},{},{}", job.instance_hash, job.strategy);
        let _ = write!(out, ",{},{},{},", job.seed, job.seconds, job.threads);
        let _ = match ending {
            Ending::Valid(s) => {
                let bound = s.bound.map_or(String::new(), |b| b.to_string());
                let memory = s.peak_rss_kib.map_or(String::new(), |m| m.to_string());
                let times = format!("{:.3},{:.3}", s.first_valid, s.elapsed);
                writeln!(out, "valid,{},{},{bound},{times},{},{memory},", s.cost, s.unscheduled, s.tries)
            }
            Ending::Invalid { message } => writeln!(out, "invalid,,,,,,,,{}", quoted(message)),
        };
    }
    out
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_string() }
}
