//! The folder of a campaign: `jobs/` holds a record a job, each written whole or not at all, and `schedules/` the
//! schedules; `runs.jsonl` and `runs.csv` are those records together, which grow as runs end.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::record::{Ending, Record};
use crate::fault::Fault;
use crate::schedule::Schedule;
use crate::{csv_cell, output, tr};

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

    /// Where the schedule of the run of that key is.
    pub fn schedule(&self, key: &str) -> PathBuf {
        self.folder.join("schedules").join(format!("{key}.json"))
    }

    /// Keeps a run: the schedule first, so that a record never lacks its own.
    pub fn keep(&self, record: &Record, schedule: Option<&Schedule>) -> std::io::Result<()> {
        schedule.map_or(Ok(()), |s| s.write(&self.schedule(&record.key)))?;
        self.keep_record(record)
    }

    fn keep_record(&self, record: &Record) -> std::io::Result<()> {
        let json = serde_json::to_string(record).expect("a record is always JSON") + "\n";
        output::write(&self.job(&record.key), json.as_bytes())
    }

    /// Every record, by instance, strategy, seed: those of `jobs/`, and of `runs.jsonl` where that is all there is.
    pub fn records(&self) -> Result<Vec<Record>, Vec<Fault>> {
        let (mut records, mut faults) = (BTreeMap::new(), Vec::new());
        let jobs = self.folder.join("jobs");
        let entries = std::fs::read_dir(&jobs).map_err(|e| {
            let file = Some(jobs.display().to_string());
            vec![Fault { file, ..Fault::new("", tr!("cannot be read: {e}", "lecture impossible : {e}")) }]
        })?;
        let files = entries.filter_map(|e| Some(e.ok()?.path())).filter(|p| p.extension().is_some_and(|e| e == "json"));
        let gathered = Some(self.folder.join("runs.jsonl")).filter(|p| p.exists());
        for path in gathered.into_iter().chain(files) {
            let bytes = match crate::read::bytes(&path) {
                Ok(bytes) => bytes,
                Err(fault) => {
                    faults.push(fault);
                    continue;
                }
            };
            let cut_off = path.ends_with("runs.jsonl") && !bytes.ends_with(b"\n");
            let lines: Vec<&[u8]> = bytes.split(|&b| b == b'\n').collect();
            // A process killed while it appended leaves a last line that is no record; the run itself is in `jobs/`.
            let whole = if cut_off { &lines[..lines.len() - 1] } else { &lines[..] };
            for (i, line) in whole.iter().enumerate().filter(|(_, l)| !l.trim_ascii().is_empty()) {
                match serde_json::from_slice::<Record>(line) {
                    Err(e) => faults.push(Fault {
                        file: Some(path.display().to_string()),
                        position: Some((i as u32 + 1, e.column() as u32)),
                        ..Fault::new("", tr!("not a record of a run: {e}", "ce n'est pas le relevé d'un essai : {e}"))
                    }),
                    Ok(r) => {
                        let at = (r.job.instance.clone(), r.job.strategy.clone(), r.job.seed, r.key.clone());
                        records.insert(at, r);
                    }
                }
            }
        }
        if faults.is_empty() { Ok(records.into_values().collect()) } else { Err(faults) }
    }

    /// The record of a run that has ended.
    pub fn record(&self, key: &str) -> std::io::Result<Record> {
        Ok(serde_json::from_slice(&std::fs::read(self.job(key))?)?)
    }

    /// Takes in what another folder has and this one lacks; says how many runs.
    pub fn merge(&self, other: &Store) -> Result<usize, Vec<Fault>> {
        let mut taken = 0;
        for record in other.records()?.iter().filter(|r| !self.has(&r.key)) {
            let from = other.schedule(&record.key);
            // A run without a result may have no schedule.
            let copied = match record.solved().is_some() || from.exists() {
                true => std::fs::read(&from).and_then(|bytes| output::write(&self.schedule(&record.key), &bytes)),
                false => Ok(()),
            };
            copied.and_then(|()| self.keep_record(record)).map_err(|e| {
                let file = Some(from.display().to_string());
                vec![Fault { file, ..Fault::new("", tr!("cannot be copied: {e}", "copie impossible : {e}")) }]
            })?;
            taken += 1;
        }
        Ok(taken)
    }

    /// Writes `runs.jsonl` and `runs.csv` from the records.
    pub fn gather(&self, records: &[Record]) -> std::io::Result<()> {
        let lines: String = records.iter().map(json_line).collect();
        let rows: String = records.iter().map(csv_row).collect();
        output::write(&self.folder.join("runs.jsonl"), lines.as_bytes())?;
        output::write(&self.folder.join("runs.csv"), format!("{COLUMNS}\n{rows}").as_bytes())
    }

    /// Adds a run that has just ended to `runs.jsonl` and `runs.csv`.
    pub fn append(&self, record: &Record) -> std::io::Result<()> {
        for (file, line) in [("runs.jsonl", json_line(record)), ("runs.csv", csv_row(record))] {
            let mut file = std::fs::OpenOptions::new().append(true).open(self.folder.join(file))?;
            file.write_all(line.as_bytes())?;
        }
        Ok(())
    }
}

fn json_line(record: &Record) -> String {
    serde_json::to_string(record).expect("a record is always JSON") + "\n"
}

const COLUMNS: &str = "key,version,commit,peer,instance,instance_hash,strategy,seed,seconds,threads,status,cost,\
    unscheduled,bound,cost_1s,cost_10s,cost_60s,first_valid,elapsed,tries,peak_rss_kib,cpu,cores,started,message";

fn csv_row(record: &Record) -> String {
    let Record { key, program, peer, job, started, machine, ending } = record;
    let optional = |n: Option<i64>| n.map_or(String::new(), |n| n.to_string());
    let (result, message) = match ending {
        Ending::Valid(s) => {
            let at = |seconds| optional(s.cost_at(seconds).filter(|_| seconds <= job.seconds));
            let memory = s.peak_rss_kib.map_or(String::new(), |m| m.to_string());
            let costs = format!("{},{},{}", at(1.0), at(10.0), at(60.0));
            let times = format!("{:.3},{:.3}", s.first_valid, s.elapsed);
            let bound = optional(s.bound);
            (format!("valid,{},{},{bound},{costs},{times},{},{memory}", s.cost, s.unscheduled, s.tries), "")
        }
        Ending::Invalid { message } => ("invalid,,,,,,,,,,".to_string(), message.as_str()),
    };
    let texts: Vec<String> = [
        key,
        &program.version,
        &program.commit,
        peer.as_deref().unwrap_or(""),
        &job.instance,
        &job.instance_hash,
        &job.strategy,
    ]
    .map(quoted)
    .into();
    let cpu = quoted(machine.cpu.as_deref().unwrap_or(""));
    let (seed, seconds, threads, cores) = (job.seed, job.seconds, job.threads, machine.cores);
    let texts = texts.join(",");
    format!("{texts},{seed},{seconds},{threads},{result},{cpu},{cores},{started},{}\n", quoted(message))
}

fn quoted(text: &str) -> String {
    let text = csv_cell::written(text);
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_string() }
}
