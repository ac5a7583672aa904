//! The report of a campaign: what a [`Summary`] says, in words, tables and plots.

mod document;
mod plot;

use std::collections::BTreeSet;

pub use document::{Block, Document, markdown_table};

use self::plot::{Axis, Line, Plot, STYLES, Scale};
use super::record::{Ending, Record, Solved};
use super::statistics::{median, profile, range, share_within};
use super::summary::{Case, Summary};
use crate::lang::{decimal, thousands};
use crate::tr;

/// The moments at which costs are told, in seconds.
const MOMENTS: [f64; 7] = [1.0, 3.0, 10.0, 60.0, 300.0, 600.0, 3600.0];

/// How near to the best known cost a run should come, in per cent.
const TARGETS: [f64; 3] = [5.0, 2.0, 1.0];

/// The ratios of which the performance profile is told in figures, in per cent above the best.
const WITHIN: [f64; 6] = [0.0, 0.5, 1.0, 2.0, 5.0, 10.0];

/// The least distance from the best known cost that is drawn, in per cent.
const NEAREST: f64 = 0.1;

/// The report of a campaign.
pub fn report(summary: &Summary) -> Document {
    let mut blocks = setup(summary.records);
    blocks.extend(errors(summary.records));
    if summary.cases.iter().any(|c| c.best.is_some()) {
        blocks.push(Block::Heading(2, tr!("In short", "En bref")));
        blocks.push(in_short(summary));
        blocks.extend(comparison(summary));
    }
    summary.cases.iter().filter(|c| c.best.is_some()).for_each(|case| blocks.extend(instance(summary, case)));
    blocks.push(Block::Heading(2, tr!("What the figures mean", "Ce que disent les chiffres")));
    blocks.extend(meanings().into_iter().map(Block::Text));
    Document { title: tr!("Comparison of strategies", "Comparaison de stratégies"), blocks }
}

/// Who ran what, where and when.
fn setup(records: &[Record]) -> Vec<Block> {
    let machines: BTreeSet<_> = records.iter().map(|r| &r.machine).collect();
    let list = |values: BTreeSet<String>| values.into_iter().collect::<Vec<_>>().join(", ");
    let seeds: BTreeSet<u64> = records.iter().map(|r| r.job.seed).collect();
    let threads: BTreeSet<u16> = records.iter().map(|r| r.job.threads).collect();
    let seconds: BTreeSet<u64> = records.iter().map(|r| (r.job.seconds * 1000.0).round() as u64).collect();
    let joined = |values: Vec<String>| values.join(", ");
    let days: BTreeSet<&str> = records.iter().filter_map(|r| r.started.get(..10)).collect();
    let unknown = tr!("unknown", "inconnu");
    let machine = machines.iter().map(|m| {
        let (cpu, cores) = (m.cpu.as_deref().unwrap_or(&unknown), m.cores);
        tr!("{cpu}, {cores} hardware threads", "{cpu}, {cores} fils matériels")
    });
    let period = match (days.first(), days.last()) {
        (Some(first), Some(last)) if first != last => format!("{first} – {last}"),
        (first, _) => first.unwrap_or(&"–").to_string(),
    };
    let peers: BTreeSet<String> =
        records.iter().filter_map(|r| Some(format!("{}: {}", r.job.strategy, r.peer.as_ref()?))).collect();
    let mut rows = vec![
        vec![tr!("machine", "machine"), machine.collect::<Vec<_>>().join(" ; ")],
        vec![tr!("version", "version"), list(records.iter().map(|r| r.program.version.clone()).collect())],
        vec![tr!("commit", "commit"), list(records.iter().map(|r| r.program.commit.clone()).collect())],
        vec![tr!("threads a run", "fils par essai"), joined(threads.iter().map(u16::to_string).collect())],
        vec![
            tr!("seconds a run", "secondes par essai"),
            joined(seconds.iter().map(|ms| (*ms as f64 / 1000.0).to_string()).collect()),
        ],
        vec![tr!("seeds", "graines"), joined(seeds.iter().map(u64::to_string).collect())],
        vec![tr!("runs", "essais"), records.len().to_string()],
        vec![tr!("days (UTC)", "jours (UTC)"), period],
    ];
    if !peers.is_empty() {
        rows.push(vec![tr!("peers", "programmes comparés"), list(peers)]);
    }
    let head = vec![tr!("what", "quoi"), tr!("value", "valeur")];
    let mut blocks = vec![Block::Table { head, rows, words: true }];
    if machines.len() > 1 {
        blocks.push(Block::Text(tr!(
            "These runs come from more than one kind of machine: compare their times with care.",
            "Ces essais viennent de plusieurs sortes de machines : comparez leurs temps avec prudence."
        )));
    }
    let late = records.iter().filter(|r| r.solved().is_some_and(|s| s.elapsed > 1.1 * r.job.seconds + 1.0)).count();
    if late > 0 {
        blocks.push(Block::Text(tr!(
            "{late} runs took more than their time by over a tenth and a second.",
            "{late} essais ont dépassé leur temps de plus d'un dixième et d'une seconde."
        )));
    }
    blocks
}

fn errors(records: &[Record]) -> Vec<Block> {
    let message = |r: &Record| match &r.ending {
        Ending::Invalid { message } => Some(Block::Error(format!("{}: {message}", r.job.title()))),
        Ending::Valid(_) => None,
    };
    records.iter().filter_map(message).collect()
}

/// Every instance with every variant in one table: what the command prints, too.
pub fn in_short(summary: &Summary) -> Block {
    let head = [
        tr!("instance", "instance"),
        tr!("strategy", "stratégie"),
        tr!("runs", "essais"),
        tr!("median cost", "coût médian"),
        tr!("least – greatest", "min – max"),
        tr!("unscheduled", "non programmés"),
        tr!("gap %", "écart %"),
        tr!("net gap %", "écart net %"),
        tr!("above best known %", "au-dessus du meilleur connu %"),
        tr!("first valid s", "premier valable s"),
    ];
    let rows = summary.cases.iter().flat_map(|case| results(summary, case, true));
    Block::Table { head: head.into(), rows: rows.collect(), words: false }
}

/// A row a variant; what was not run has none.
fn results(summary: &Summary, case: &Case, named: bool) -> Vec<Vec<String>> {
    let ran = (0..summary.variants.len()).filter(|&v| !case.runs[v].is_empty());
    let row = |v: usize| {
        let solved = case.solved(v);
        let middle = |figure: &dyn Fn(&Solved) -> Option<f64>, decimals| {
            median(&case.figures(v, figure)).map_or("–".into(), |m| decimal(m, decimals))
        };
        let costs = case.figures(v, |s| Some(s.cost as f64));
        let cells = [
            summary.variants[v].clone(),
            format!("{}/{}", solved.len(), case.runs[v].len()),
            median(&costs).map_or("–".into(), whole),
            range(&costs).map_or("–".into(), span),
            middle(&|s| Some(s.unscheduled as f64), 0),
            middle(&|s| s.gap(case.bound?), 1),
            middle(&|s| s.net_gap(case.bound?), 1),
            middle(&|s| above(s.cost as f64, case), 2),
            middle(&|s| Some(s.first_valid), 2),
        ];
        let name = named.then(|| case.name.clone());
        name.into_iter().chain(cells).collect()
    };
    ran.map(row).collect()
}

/// How far a cost lies above the best known, in per cent.
fn above(cost: f64, case: &Case) -> Option<f64> {
    let best = case.best.as_ref().filter(|b| b.cost > 0)?.cost as f64;
    Some(100.0 * (cost - best) / best)
}

fn whole(figure: f64) -> String {
    if figure.is_finite() { thousands(figure.round() as i64) } else { "∞".into() }
}

/// From the least to the greatest, kept on one line.
fn span((least, greatest): (f64, f64)) -> String {
    format!("{}\u{a0}–\u{a0}{}", whole(least), whole(greatest))
}

/// Who won, against whom, by how much.
fn comparison(summary: &Summary) -> Vec<Block> {
    if summary.variants.len() < 2 {
        return Vec::new();
    }
    let mut blocks = vec![Block::Heading(2, tr!("Wins and losses", "Victoires et défaites"))];
    let costs = summary.common_costs();
    let problems = costs.len();
    blocks.push(Block::Text(tr!(
        "{problems} problems (an instance with a seed) on which every strategy was run; the least cost wins, and a run \
         without a result loses.",
        "{problems} problèmes (une instance avec une graine) sur lesquels chaque stratégie a été essayée ; le coût le plus \
         bas l'emporte, et un essai sans résultat perd."
    )));
    let head = [
        tr!("strategy", "stratégie"),
        tr!("first alone", "seule première"),
        tr!("first with others", "première à égalité"),
        tr!("beaten", "battue"),
    ];
    let scores = summary.variants.iter().zip(summary.scores());
    let rows = scores.map(|(name, s)| {
        let counts = [s.first, s.tied, s.beaten].map(|n| n.to_string());
        [name.clone()].into_iter().chain(counts).collect()
    });
    blocks.push(Block::Table { head: head.into(), rows: rows.collect(), words: false });

    blocks.push(Block::Heading(3, tr!("One against one", "Deux à deux")));
    blocks.push(Block::Text(tr!(
        "The strategy of the row against that of the column: won – tied – lost, on the problems that both were run on.",
        "La stratégie de la ligne contre celle de la colonne : gagnés – ex æquo – perdus, sur les problèmes qu'elles ont \
         tous deux traités."
    )));
    let head = [String::new()].into_iter().chain(summary.variants.iter().cloned()).collect();
    let count = summary.variants.len();
    let row = |v: usize| {
        let duel = |w: usize| match summary.duel(v, w) {
            _ if v == w => "·".to_string(),
            [won, tied, lost] => format!("{won}\u{a0}–\u{a0}{tied}\u{a0}–\u{a0}{lost}"),
        };
        [summary.variants[v].clone()].into_iter().chain((0..count).map(duel)).collect()
    };
    blocks.push(Block::Table { head, rows: (0..count).map(row).collect(), words: false });

    if problems > 0 {
        let ratios = profile(&costs);
        blocks.push(Block::Heading(2, tr!("Performance profile", "Profil de performance")));
        blocks.push(Block::Figure(profile_plot(summary, &ratios)));
        let within = WITHIN.map(|p| {
            let p = if p.fract() == 0.0 { decimal(p, 0) } else { decimal(p, 1) };
            tr!("within {p} %", "à {p} % près")
        });
        let head = [tr!("strategy", "stratégie")].into_iter().chain(within).collect();
        let row = |(name, ratios): (&String, &Vec<f64>)| {
            // A hair more, so that a ratio of just 1.02 is within 2 per cent in whatever way it was rounded.
            let share = |p: f64| decimal(100.0 * share_within(ratios, 1.0 + p / 100.0 + 1e-9), 0) + " %";
            [name.clone()].into_iter().chain(WITHIN.map(share)).collect()
        };
        let rows = summary.variants.iter().zip(&ratios).map(row).collect();
        blocks.push(Block::Table { head, rows, words: false });
    }
    blocks
}

fn profile_plot(summary: &Summary, ratios: &[Vec<f64>]) -> Plot {
    let percent = |ratio: f64| 100.0 * (ratio - 1.0);
    let finite = ratios.iter().flatten().copied().filter(|r| r.is_finite()).map(percent);
    let widest = finite.fold(1.0, f64::max).min(100.0) * 1.05;
    let line = |(v, ratios): (usize, &Vec<f64>)| {
        let mut points = vec![(0.0, 100.0 * share_within(ratios, 1.0))];
        for &ratio in ratios.iter().filter(|&&r| r > 1.0 && percent(r) <= widest) {
            points.push((percent(ratio), 100.0 * share_within(ratios, ratio)));
        }
        points.push((widest, points.last().map_or(0.0, |p| p.1)));
        Line { label: summary.variants[v].clone(), style: v % STYLES, points, band: Vec::new() }
    };
    Plot {
        title: tr!(
            "Share of the problems on which a strategy costs at most so many per cent more than the best of them",
            "Part des problèmes sur lesquels une stratégie coûte au plus tant de pour cent de plus que la meilleure"
        ),
        x: Axis {
            title: tr!("per cent above the best of the comparison", "pour cent au-dessus de la meilleure"),
            range: (0.0, widest),
            scale: Scale::SquareRoot,
        },
        y: Axis { title: tr!("% of problems", "% des problèmes"), range: (0.0, 100.0), scale: Scale::Linear },
        lines: ratios.iter().enumerate().map(line).collect(),
    }
}

fn instance(summary: &Summary, case: &Case) -> Vec<Block> {
    let mut blocks = vec![Block::Heading(2, case.name.clone())];
    if let Some(best) = &case.best {
        let (cost, n) = (thousands(best.cost), best.unscheduled);
        let bound = case.bound.map_or(tr!("none", "aucune"), thousands);
        let new = if best.new { tr!(" (of these runs)", " (de ces essais)") } else { String::new() };
        blocks.push(Block::Text(tr!(
            "Best known cost{new}: {cost}, unscheduled: {n}. Proven bound: {bound}.",
            "Meilleur coût connu{new} : {cost}, non programmés : {n}. Borne prouvée : {bound}."
        )));
    }
    blocks.push(Block::Figure(curves(summary, case)));
    let ran: Vec<usize> = (0..summary.variants.len()).filter(|&v| !case.runs[v].is_empty()).collect();

    blocks.push(Block::Heading(
        3,
        tr!("Cost over time: median (least – greatest)", "Coût au fil du temps : médiane (min – max)"),
    ));
    let moments: Vec<f64> = MOMENTS.into_iter().filter(|&m| m < case.seconds).chain([case.seconds]).collect();
    let strategy = || [tr!("strategy", "stratégie")].into_iter();
    let head = strategy().chain(moments.iter().map(|m| tr!("{m} s", "{m} s"))).collect();
    let rows = ran.iter().map(|&v| {
        let cost = |moment: &f64| {
            let costs = costs_at(case, v, *moment);
            match (median(&costs).filter(|m| m.is_finite()), range(&costs)) {
                (Some(middle), Some(ends)) => {
                    format!("{} ({})", whole(middle), span(ends))
                }
                _ => "–".into(),
            }
        };
        [summary.variants[v].clone()].into_iter().chain(moments.iter().map(cost)).collect()
    });
    blocks.push(Block::Table { head, rows: rows.collect(), words: false });

    blocks.push(Block::Heading(
        3,
        tr!(
            "Seconds to near the best known: median (runs that got there)",
            "Secondes jusqu'au voisinage du meilleur connu : médiane (essais arrivés)"
        ),
    ));
    let head = strategy().chain(TARGETS.map(|p| format!("{p} %"))).collect();
    let rows = ran.iter().map(|&v| {
        let time = |percent: f64| {
            let times = case.times_to(v, percent);
            let there = times.iter().filter(|t| t.is_finite()).count();
            let middle = median(&times).filter(|t| t.is_finite());
            format!("{} ({there}/{})", middle.map_or("∞".into(), |t| decimal(t, 2)), times.len())
        };
        [summary.variants[v].clone()].into_iter().chain(TARGETS.map(time)).collect()
    });
    blocks.push(Block::Table { head, rows: rows.collect(), words: false });
    blocks
}

/// The cost of each run of a variant at a moment, infinite where it had no schedule yet or has no result.
fn costs_at(case: &Case, variant: usize, seconds: f64) -> Vec<f64> {
    // What a run found as its time was up, it may have told a little later.
    let seconds = if seconds >= case.seconds { f64::INFINITY } else { seconds };
    let cost = |r: &&Record| r.solved().and_then(|s| s.cost_at(seconds)).map_or(f64::INFINITY, |c| c as f64);
    case.runs[variant].iter().map(cost).collect()
}

fn curves(summary: &Summary, case: &Case) -> Plot {
    let first = case.runs.iter().flatten().filter_map(|r| r.solved()).map(|s| s.first_valid).fold(1.0, f64::min);
    let (from, to) = (first.max(case.seconds / 10_000.0).max(0.005), case.seconds.max(0.01));
    const STEPS: i32 = 240;
    let moments: Vec<f64> = (0..=STEPS).map(|i| from * (to / from).powf(f64::from(i) / f64::from(STEPS))).collect();
    let distance = |cost: f64| above(cost, case).map_or(f64::INFINITY, |p| p.max(NEAREST));
    let mut lines = Vec::new();
    for v in (0..summary.variants.len()).filter(|&v| !case.solved(v).is_empty()) {
        let (mut points, mut band) = (Vec::new(), Vec::new());
        for &moment in &moments {
            let costs = costs_at(case, v, moment);
            points.push((moment, median(&costs).map_or(f64::INFINITY, distance)));
            if let Some((least, most)) = range(&costs) {
                band.push((moment, distance(least), distance(most)));
            }
        }
        lines.push(Line { label: summary.variants[v].clone(), style: v % STYLES, points, band });
    }
    let far = lines.iter().flat_map(|l| &l.points).map(|p| p.1).filter(|p| p.is_finite()).fold(1.0, f64::max);
    let name = &case.name;
    let nearest = decimal(NEAREST, 1);
    Plot {
        title: tr!(
            "{name}: per cent above the best known cost, median and band from least to greatest; {nearest} % and less at the bottom",
            "{name} : pour cent au-dessus du meilleur coût connu, médiane et bande du minimum au maximum ; {nearest} % et moins en bas"
        ),
        x: Axis { title: tr!("seconds", "secondes"), range: (from, to), scale: Scale::Logarithmic },
        y: Axis {
            title: tr!("% above the best known", "% au-dessus du meilleur"),
            range: (NEAREST, far.min(1000.0) * 1.1),
            scale: Scale::Logarithmic,
        },
        lines,
    }
}

fn meanings() -> [String; 5] {
    [
        tr!(
            "Every schedule was checked by the checker after its run, and costs what the checker says. A run whose schedule breaks \
             a rule, or whose claims the checker refutes, is an error and counts as lost.",
            "Chaque planning a été vérifié après son essai et coûte ce que dit le vérificateur. Un essai dont le planning enfreint \
             une règle, ou dont le vérificateur réfute ce qu'il annonce, est une erreur et compte comme perdu."
        ),
        tr!(
            "Gap: (cost − bound) / cost. Net gap: (cost − bound) / (cost − the kilometres from each candidate to the nearest allowed \
             centre − the unscheduled orals), the last two as they cost: no schedule can avoid the former, and the latter would \
             hide the rest. The bound is the highest proven one, of whatever run.",
            "Écart : (coût − borne) / coût. Écart net : (coût − borne) / (coût − les kilomètres de chaque candidat jusqu'au centre \
             autorisé le plus proche − les oraux non programmés), ces deux-là au prix qu'ils coûtent : aucun planning n'évite les premiers, et les \
             seconds cacheraient le reste. La borne est la plus haute qui soit prouvée, par n'importe quel essai."
        ),
        tr!(
            "Best known: the lowest cost of these runs and of the table of best-known values, where one was given.",
            "Meilleur connu : le coût le plus bas de ces essais et de la table des meilleures valeurs, si elle a été donnée."
        ),
        tr!(
            "Time runs from the start of the process, reading included; medians are over seeds, and a run that never got there counts \
             as infinitely late.",
            "Le temps court depuis le début du processus, lecture comprise ; les médianes portent sur les graines, et un essai qui \
             n'arrive jamais compte comme infiniment tardif."
        ),
        tr!(
            "Performance profile: Dolan and Moré, Benchmarking optimization software with performance profiles (2002), of the final \
             costs. A curve that is higher is better.",
            "Profil de performance : Dolan et Moré, Benchmarking optimization software with performance profiles (2002), sur les \
             coûts finaux. La courbe la plus haute est la meilleure."
        ),
    ]
}
