//! What the records of a campaign say together: by instance and variant, who won, how far from the best known.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::best_known::BestKnown;
use super::record::{Record, Solved};
use super::statistics;
use crate::strategy::STRATEGIES;
use crate::tr;

/// A strategy as it was run: what stands side by side in every table.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Variant {
    /// Ours in the order of the registry, then peers by name.
    rank: (usize, String),
    program: String,
    milliseconds: u64,
    threads: u16,
}

/// The records of one campaign, or of several together.
pub struct Summary<'a> {
    /// All records.
    pub records: &'a [Record],
    /// How the variants are called in tables: the strategy, with what else tells them apart.
    pub variants: Vec<String>,
    /// The instances, by name.
    pub cases: Vec<Case<'a>>,
}

/// One instance.
pub struct Case<'a> {
    /// Its name; with its fingerprint where two share the name.
    pub name: String,
    /// The best cost that is known.
    pub best: Option<Best>,
    /// The highest bound that is proven.
    pub bound: Option<i64>,
    /// The longest time of its runs in seconds.
    pub seconds: f64,
    /// By variant, its runs, by seed.
    pub runs: Vec<Vec<&'a Record>>,
}

/// The best cost that is known of an instance.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    /// The cost.
    pub cost: i64,
    /// Its orals without a sitting.
    pub unscheduled: usize,
    /// Whether it comes from these runs and is better than what was known before, or nothing was.
    pub new: bool,
}

/// How often a variant had the least cost; a problem is an instance with a seed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Problems on which it alone had the least cost.
    pub first: usize,
    /// Problems on which it had the least cost together with others.
    pub tied: usize,
    /// Problems on which another had a lower one, or only others had a result.
    pub beaten: usize,
}

impl<'a> Summary<'a> {
    /// Brings records together; known values may be better than all of them.
    pub fn new(records: &'a [Record], known: Option<&BestKnown>) -> Summary<'a> {
        let variant_of = |r: &Record| {
            let place = STRATEGIES.iter().position(|s| s.name() == r.job.strategy).unwrap_or(STRATEGIES.len());
            Variant {
                rank: (place, r.job.strategy.clone()),
                program: r.ran_by(),
                milliseconds: (r.job.seconds * 1000.0).round() as u64,
                threads: r.job.threads,
            }
        };
        let variants: Vec<Variant> = records.iter().map(variant_of).collect::<BTreeSet<_>>().into_iter().collect();
        let mut cases: BTreeMap<(&str, &str), Vec<&Record>> = BTreeMap::new();
        for record in records {
            cases.entry((&record.job.instance, &record.job.instance_hash)).or_default().push(record);
        }
        let names: Vec<&str> = cases.keys().map(|(name, _)| *name).collect();
        let cases = cases.iter().map(|(&(name, hash), mine)| {
            let shared = names.iter().filter(|n| **n == name).count() > 1;
            let runs = variants.iter().map(|v| {
                let mut runs: Vec<&Record> = mine.iter().copied().filter(|r| variant_of(r) == *v).collect();
                runs.sort_by_key(|r| r.job.seed);
                runs
            });
            let known = known.and_then(|k| k.of(hash));
            let found = mine.iter().filter_map(|r| r.solved()).min_by_key(|s| s.cost);
            let before = known.map(|k| Best { cost: k.cost, unscheduled: k.unscheduled, new: false });
            let after = found.map(|s| Best { cost: s.cost, unscheduled: s.unscheduled, new: true });
            let bounds = mine.iter().filter_map(|r| r.solved()?.bound);
            Case {
                name: if shared { format!("{name} ({hash})") } else { name.to_string() },
                // The first of equals: what was known already is not new.
                best: before.into_iter().chain(after).min_by_key(|b| b.cost),
                bound: bounds.chain(known.and_then(|k| k.bound)).max(),
                seconds: mine.iter().map(|r| r.job.seconds).fold(0.0, f64::max),
                runs: runs.collect(),
            }
        });
        Summary { records, cases: cases.collect(), variants: labels(&variants) }
    }

    /// The problems: for each instance and seed the run of each variant that had it.
    fn problems(&self) -> Vec<Vec<Option<&'a Record>>> {
        let seeds = |case: &Case<'a>| case.runs.iter().flatten().map(|r| r.job.seed).collect::<BTreeSet<_>>();
        let row = |case: &Case<'a>, seed| {
            let run = |runs: &Vec<&'a Record>| runs.iter().copied().find(|r| r.job.seed == seed);
            case.runs.iter().map(run).collect()
        };
        self.cases.iter().flat_map(|case| seeds(case).into_iter().map(move |seed| row(case, seed))).collect()
    }

    /// The costs on the problems that every variant was run on, infinite for a run without a result.
    pub fn common_costs(&self) -> Vec<Vec<f64>> {
        let whole = self.problems().into_iter().filter_map(|row| row.into_iter().collect::<Option<Vec<_>>>());
        whole.map(|row| row.into_iter().map(cost_or_never).collect()).collect()
    }

    /// How often each variant had the least cost, on the problems that every variant was run on.
    pub fn scores(&self) -> Vec<Score> {
        let mut scores = vec![Score::default(); self.variants.len()];
        for row in self.common_costs() {
            let Some((least, _)) = statistics::range(&row).filter(|(least, _)| least.is_finite()) else { continue };
            let alone = row.iter().filter(|&&c| c == least).count() == 1;
            for (score, &cost) in scores.iter_mut().zip(&row) {
                match (cost == least, alone) {
                    (true, true) => score.first += 1,
                    (true, false) => score.tied += 1,
                    (false, _) => score.beaten += 1,
                }
            }
        }
        scores
    }

    /// Of the problems that both were run on: on how many the first costs less, as much, more.
    pub fn duel(&self, one: usize, other: usize) -> [usize; 3] {
        let mut count = [0; 3];
        for row in self.problems() {
            let (Some(a), Some(b)) = (row[one], row[other]) else { continue };
            match cost_or_never(a).total_cmp(&cost_or_never(b)) {
                Ordering::Less => count[0] += 1,
                Ordering::Equal => count[1] += 1,
                Ordering::Greater => count[2] += 1,
            }
        }
        count
    }
}

fn cost_or_never(record: &Record) -> f64 {
    record.solved().map_or(f64::INFINITY, |s| s.cost as f64)
}

impl<'a> Case<'a> {
    /// The results of a variant.
    pub fn solved(&self, variant: usize) -> Vec<&'a Solved> {
        self.runs[variant].iter().filter_map(|r| r.solved()).collect()
    }

    /// A figure of each result of a variant.
    pub fn figures(&self, variant: usize, figure: impl Fn(&Solved) -> Option<f64>) -> Vec<f64> {
        self.solved(variant).into_iter().filter_map(figure).collect()
    }

    /// The seconds until each run of a variant came within so many per cent of the best known cost; infinite where
    /// it never did or has no result.
    pub fn times_to(&self, variant: usize, percent: f64) -> Vec<f64> {
        let Some(best) = &self.best else { return Vec::new() };
        let target = best.cost as f64 * (1.0 + percent / 100.0);
        self.runs[variant].iter().map(|r| r.solved().map_or(f64::INFINITY, |s| s.time_to(target))).collect()
    }
}

/// The strategy of each variant, and of what else differs as much as tells them apart.
fn labels(variants: &[Variant]) -> Vec<String> {
    let differ = |of: &dyn Fn(&Variant) -> String| variants.iter().map(of).collect::<BTreeSet<_>>().len() > 1;
    let seconds = |v: &Variant| {
        let s = v.milliseconds as f64 / 1000.0;
        tr!("{s} s", "{s} s")
    };
    let threads = |v: &Variant| {
        let t = v.threads;
        tr!("{t} threads", "{t} fils")
    };
    let (by_seconds, by_threads) = (differ(&seconds), differ(&threads));
    let label = |v: &Variant| {
        let alike = variants.iter().filter(|o| o.rank == v.rank).map(|o| &o.program).collect::<BTreeSet<_>>();
        let more = [
            (alike.len() > 1).then(|| v.program.clone()),
            by_seconds.then(|| seconds(v)),
            by_threads.then(|| threads(v)),
        ];
        let more: Vec<String> = more.into_iter().flatten().collect();
        if more.is_empty() { v.rank.1.clone() } else { format!("{} ({})", v.rank.1, more.join(", ")) }
    };
    variants.iter().map(label).collect()
}
