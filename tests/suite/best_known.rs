//! Best-known values: those that are shipped are true, and only what the checker accepts becomes one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use oraux::bench::best_known::BestKnown;
use oraux::check::check;
use oraux::instance::Instance;
use oraux::schedule::Schedule;
use serde_json::{Value, json};
use tempfile::TempDir;

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("instances").join(name)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        folder.read_dir().unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_file()).collect();
    files.sort();
    files
}

#[test]
fn the_checker_accepts_every_shipped_value() {
    let table = BestKnown::read(&shipped("best_known.csv")).unwrap();
    assert!(!table.rows.is_empty());
    let named = |p: &PathBuf| p.to_string_lossy().ends_with(".json") || p.to_string_lossy().ends_with(".json.gz");
    let instances: BTreeMap<String, Instance> = files(&shipped(""))
        .iter()
        .filter(|p| named(p))
        .map(|p| Instance::read(p).unwrap())
        .map(|i| (i.hash(), i))
        .collect();
    for row in &table.rows {
        let instance = instances.get(&row.hash).unwrap_or_else(|| panic!("{}: no instance of that hash", row.instance));
        assert_eq!(instance.name, row.instance);
        let schedule = Schedule::read(&table.schedule_path(row)).unwrap();
        let verdict = check(instance, &schedule, None);
        assert_eq!(verdict.violations.first(), None, "{}", row.instance);
        assert_eq!((verdict.cost.total, verdict.unscheduled), (row.cost, row.unscheduled), "{}", row.instance);
        assert!(row.bound.is_none_or(|b| b <= row.cost), "{}: the bound is above the cost", row.instance);
    }
    let mut wanted: Vec<PathBuf> = table.rows.iter().map(|r| table.schedule_path(r)).collect();
    wanted.sort();
    let stored = files(&shipped("best"));
    assert_eq!(stored, wanted, "every schedule has its row");
    let bytes: u64 = stored.iter().map(|p| p.metadata().unwrap().len()).sum();
    assert!(bytes < 2_000_000, "the schedules take {bytes} bytes");
}

/// A campaign of one short run, and a table of best-known values beside it.
struct Campaign {
    folder: TempDir,
}

impl Campaign {
    fn new() -> Campaign {
        let campaign = Campaign { folder: TempDir::new().unwrap() };
        let small = shipped("small.json");
        let grid = ["--strategies", "greedy", "--seeds", "1", "--seconds", "1", "--threads", "1"];
        campaign.oraux().arg(small).args(grid).assert().success();
        campaign
    }

    fn oraux(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_oraux"));
        command.args(["--lang", "en", "bench", "-o"]).arg(self.folder.path().join("out"));
        command
    }

    fn update(&self) -> assert_cmd::assert::Assert {
        let table = self.table();
        self.oraux().arg("--report-only").arg("--best-known").arg(table).arg("--update-best-known").assert()
    }

    fn table(&self) -> PathBuf {
        self.folder.path().join("known.csv")
    }

    /// Changes what a file of the campaign says.
    fn change(&self, folder: &str, change: impl Fn(&mut Value)) {
        let path = files(&self.folder.path().join("out").join(folder)).remove(0);
        let mut value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        change(&mut value);
        std::fs::write(&path, value.to_string()).unwrap();
    }

    fn refused(&self, why: &str) {
        let before = std::fs::read(self.table()).ok();
        let refused = self.update().code(2);
        let said = String::from_utf8_lossy(&refused.get_output().stderr).to_string();
        assert!(said.contains(why), "{said}");
        assert_eq!(std::fs::read(self.table()).ok(), before, "the table stays as it was");
    }
}

#[test]
fn a_checked_schedule_becomes_the_best_known_and_a_worse_one_does_not() {
    let campaign = Campaign::new();
    campaign.update().success();
    let table = BestKnown::read(&campaign.table()).unwrap();
    let [row] = table.rows.as_slice() else { panic!("one row is wanted") };
    assert_eq!((row.instance.as_str(), row.strategy.as_str(), row.seed, row.bound), ("small", "greedy", 1, None));
    let (instance, schedule) = (shipped("small.json"), table.schedule_path(row));
    Command::new(env!("CARGO_BIN_EXE_oraux")).arg("check").args([&instance, &schedule]).assert().success();

    let again = campaign.update().success();
    assert!(String::from_utf8_lossy(&again.get_output().stdout).contains("no value is better"));
    assert_eq!(BestKnown::read(&campaign.table()).unwrap(), table);

    let text = std::fs::read_to_string(campaign.table()).unwrap();
    let lower = (row.cost - 1).to_string();
    std::fs::write(campaign.table(), text.replace(&row.cost.to_string(), &lower)).unwrap();
    campaign.update().success();
    assert_eq!(BestKnown::read(&campaign.table()).unwrap().rows[0].cost, row.cost - 1, "a lower value stays");
    // A bound only rises, whoever found the best schedule.
    for (said, kept) in [(1_000, 1_000), (900, 1_000), (1_100, 1_100)] {
        campaign.change("jobs", |r| r["ending"]["bound"] = json!(said));
        campaign.update().success();
        assert_eq!(BestKnown::read(&campaign.table()).unwrap().rows[0].bound, Some(kept));
    }
}

#[test]
fn what_the_checker_does_not_accept_is_refused() {
    let campaign = Campaign::new();
    campaign.change("jobs", |r| r["ending"]["cost"] = json!(r["ending"]["cost"].as_i64().unwrap() - 1));
    campaign.refused("as the record says");
    let campaign = Campaign::new();
    campaign.change("schedules", |s| s["sessions"][0]["members"] = json!({}));
    campaign.refused("it breaks seats");
    let campaign = Campaign::new();
    campaign.change("jobs", |r| r["job"]["instance_hash"] = json!("0123456789abcdef"));
    campaign.refused("is not the instance of the run");
    let campaign = Campaign::new();
    campaign.change("jobs", |r| r["ending"]["bound"] = json!(1_000_000_000));
    campaign.refused("is above the cost");
    assert!(!campaign.table().exists());
}

#[test]
fn a_table_with_faults_says_them_all_before_any_work() {
    let folder = TempDir::new().unwrap();
    let table = folder.path().join("known.csv");
    let head = "instance,hash,cost,unscheduled,bound,strategy,seconds,seed,commit,date";
    std::fs::write(&table, format!("{head}\na,b,much,0,,x,1,1,c,d\na,b,1\n")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_oraux"));
    let out = folder.path().join("out");
    command.args(["--lang", "en", "bench", "-o"]).args([&out, &shipped("small.json")]).arg("--best-known").arg(&table);
    let ended = command.assert().code(2);
    let said = String::from_utf8_lossy(&ended.get_output().stderr).to_string();
    assert!(said.contains("known.csv:2:1") && said.contains("known.csv:3:1"), "{said}");
    assert!(!out.exists());
}
