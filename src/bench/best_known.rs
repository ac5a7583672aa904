//! The best that was ever found of each instance: a table, and beside it a folder `best` with the schedules, so that
//! anybody can verify a value with `oraux check`.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::{Compression, GzBuilder};
use serde::{Deserialize, Serialize};

use super::record::{Record, Solved};
use super::store::Store;
use crate::check::check;
use crate::fault::Fault;
use crate::instance::Instance;
use crate::lang::thousands;
use crate::schedule::Schedule;
use crate::{output, tr};

/// The best that is known of one instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The instance's name.
    pub instance: String,
    /// The fingerprint of its content.
    pub hash: String,
    /// The lowest cost of a schedule that the checker accepted.
    pub cost: i64,
    /// That schedule's due orals without a sitting.
    pub unscheduled: usize,
    /// The highest proven bound, of whatever run.
    pub bound: Option<i64>,
    /// The strategy that found the schedule.
    pub strategy: String,
    /// The time that it had.
    pub seconds: f64,
    /// Its seed.
    pub seed: u64,
    /// The commit of the program that ran it or, for a peer, judged it.
    pub commit: String,
    /// The day, in UTC.
    pub date: String,
}

/// The table, by instance.
#[derive(Clone, Debug, PartialEq)]
pub struct BestKnown {
    path: PathBuf,
    /// Its rows.
    pub rows: Vec<Row>,
}

impl BestKnown {
    /// Reads the table; every faulty row at once. A file that is not there is an empty table.
    pub fn read(path: &Path) -> Result<BestKnown, Vec<Fault>> {
        let mut table = BestKnown { path: path.to_path_buf(), rows: Vec::new() };
        if !path.exists() {
            return Ok(table);
        }
        let bytes = crate::read::bytes(path).map_err(|f| vec![f])?;
        let mut faults = Vec::new();
        for (i, row) in csv::Reader::from_reader(bytes.as_slice()).deserialize::<Row>().enumerate() {
            match row {
                Ok(row) => table.rows.push(row),
                Err(e) => {
                    let file = Some(path.display().to_string());
                    let position = Some((e.position().map_or(i as u32 + 2, |p| p.line() as u32), 1));
                    let message = tr!(
                        "not a row of best-known values: {e}",
                        "ce n'est pas une ligne de meilleures valeurs : {e}"
                    );
                    faults.push(Fault { file, position, ..Fault::new("", message) });
                }
            }
        }
        if faults.is_empty() { Ok(table) } else { Err(faults) }
    }

    /// The row of the instance of that fingerprint.
    pub fn of(&self, hash: &str) -> Option<&Row> {
        self.rows.iter().find(|r| r.hash == hash)
    }

    /// Where the schedule of a row is.
    pub fn schedule_path(&self, row: &Row) -> PathBuf {
        let name: String = row.instance.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
        let folder = self.path.parent().unwrap_or(Path::new(""));
        folder.join("best").join(format!("{name}-{}.json.gz", row.hash))
    }

    /// Takes from the records what is better than what was known, and writes the table and the schedules; says what
    /// is new. A cost is taken only from a schedule that the checker accepts now and that costs just that; a bound only
    /// upwards, and only below the best cost. One doubtful value is a fault, and nothing at all is written.
    pub fn update(&mut self, records: &[Record], store: &Store) -> Result<Vec<String>, Vec<Fault>> {
        let (mut rows, mut news, mut faults) = (self.rows.clone(), Vec::new(), Vec::new());
        let mut schedules: Vec<(PathBuf, Schedule)> = Vec::new();
        let instances: BTreeSet<(&str, &str)> =
            records.iter().map(|r| (r.job.instance.as_str(), r.job.instance_hash.as_str())).collect();
        for (_, hash) in instances {
            let of_it = records.iter().filter(|r| r.job.instance_hash == hash);
            let solved: Vec<(&Record, &Solved)> = of_it.filter_map(|r| Some((r, r.solved()?))).collect();
            let Some(&(best, result)) = solved.iter().min_by_key(|(r, s)| (s.cost, s.elapsed as u64, &r.key)) else {
                continue;
            };
            let place = rows.iter().position(|r| r.hash == hash);
            if place.is_none_or(|i| result.cost < rows[i].cost) {
                match verified(best, result, store) {
                    Err(more) => {
                        faults.extend(more);
                        continue;
                    }
                    Ok(schedule) => {
                        let row = row(best, result, place.and_then(|i| rows[i].bound));
                        let before = place.map_or(tr!("nothing", "rien"), |i| thousands(rows[i].cost));
                        let (name, cost) = (&row.instance, thousands(row.cost));
                        news.push(tr!(
                            "{name}: cost {cost} (before: {before})",
                            "{name} : coût {cost} (avant : {before})"
                        ));
                        schedules.push((self.schedule_path(&row), schedule));
                        match place {
                            Some(i) => rows[i] = row,
                            None => rows.push(row),
                        }
                    }
                }
            }
            let row = rows.iter_mut().find(|r| r.hash == hash).expect("it is there by now");
            let highest = solved.iter().filter_map(|(r, s)| Some((s.bound?, *r))).max_by_key(|(bound, _)| *bound);
            if let Some((bound, _)) = highest.filter(|(bound, _)| row.bound.is_none_or(|b| *bound > b)) {
                let name = &row.instance;
                let (before, now) = (row.bound.map_or(tr!("none", "aucune"), thousands), thousands(bound));
                news.push(tr!("{name}: bound {now} (before: {before})", "{name} : borne {now} (avant : {before})"));
                row.bound = Some(bound);
            }
            if let Some(bound) = row.bound.filter(|&b| b > row.cost) {
                let (name, cost) = (row.instance.clone(), row.cost);
                let message = tr!(
                    "the bound {bound} is above the cost {cost} of a schedule that the checker accepts; nothing is \
                     written: find out which is wrong",
                    "la borne {bound} dépasse le coût {cost} d'un planning que le vérificateur accepte ; rien n'est \
                     écrit : cherchez lequel est faux"
                );
                faults.push(Fault::new(name, message));
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        if !news.is_empty() {
            rows.sort_by(|a, b| (&a.instance, &a.hash).cmp(&(&b.instance, &b.hash)));
            self.rows = rows;
            self.write(&schedules)?;
        }
        Ok(news)
    }

    /// The schedules first, so that no value stands there without its own.
    fn write(&self, schedules: &[(PathBuf, Schedule)]) -> Result<(), Vec<Fault>> {
        let failed = |path: &Path, e: std::io::Error| vec![output::unwritable(path, &e)];
        for (path, schedule) in schedules {
            let folder = path.parent().expect("it lies in a folder");
            std::fs::create_dir_all(folder)
                .and_then(|()| output::write(path, &packed(schedule)))
                .map_err(|e| failed(path, e))?;
        }
        let mut text = csv::Writer::from_writer(Vec::new());
        self.rows.iter().for_each(|row| text.serialize(row).expect("memory takes every row"));
        let text = text.into_inner().expect("memory takes every row");
        output::write(&self.path, &text).map_err(|e| failed(&self.path, e))
    }
}

fn row(record: &Record, result: &Solved, bound: Option<i64>) -> Row {
    let job = &record.job;
    Row {
        instance: job.instance.clone(),
        hash: job.instance_hash.clone(),
        cost: result.cost,
        unscheduled: result.unscheduled,
        bound,
        strategy: job.strategy.clone(),
        seconds: job.seconds,
        seed: job.seed,
        commit: record.program.commit.clone(),
        date: record.started.get(..10).unwrap_or(&record.started).to_string(),
    }
}

/// The schedule of a run, if the checker accepts it and says the record's cost; the record itself is not believed.
fn verified(record: &Record, result: &Solved, store: &Store) -> Result<Schedule, Vec<Fault>> {
    let instance = Instance::read(&record.job.path)?;
    let path = store.schedule(&record.key);
    let mut schedule = Schedule::read(&path)?;
    let refused = |why: String| {
        let file = Some(path.display().to_string());
        let message = tr!(
            "no best-known value: {why}; nothing is written",
            "refusé comme meilleure valeur : {why} ; rien n'est écrit"
        );
        vec![Fault { file, ..Fault::new("", message) }]
    };
    let (hash, wanted) = (instance.hash(), &record.job.instance_hash);
    if hash != *wanted {
        let instance = record.job.path.display();
        return Err(refused(tr!(
            "{instance} is not the instance of the run ({hash} instead of {wanted})",
            "{instance} n'est pas l'instance de l'essai ({hash} au lieu de {wanted})"
        )));
    }
    let verdict = check(&instance, &schedule, None);
    if let Some(v) = verdict.violations.first() {
        let (rule, at, message) = (v.rule, &v.at, &v.message);
        return Err(refused(tr!("it breaks {rule} at {at}: {message}", "il enfreint {rule} ({at}) : {message}")));
    }
    if (verdict.cost.total, verdict.unscheduled) != (result.cost, result.unscheduled) {
        let (cost, n, said, m) = (verdict.cost.total, verdict.unscheduled, result.cost, result.unscheduled);
        return Err(refused(tr!(
            "it costs {cost} ({n} unscheduled), not {said} ({m}) as the record says",
            "il coûte {cost} ({n} non programmés), non {said} ({m}) comme le dit le relevé"
        )));
    }
    schedule.cost = Some(verdict.cost);
    Ok(schedule)
}

/// The same bytes every time, since no date is written.
fn packed(schedule: &Schedule) -> Vec<u8> {
    let json = serde_json::to_vec(schedule).expect("a schedule is always JSON");
    let mut packer = GzBuilder::new().write(Vec::new(), Compression::best());
    packer.write_all(&json).and_then(|()| packer.finish()).expect("memory takes every byte")
}
