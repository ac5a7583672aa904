//! Medians and performance profiles.

/// The middle of some figures, the mean of both middles where their number is even; infinity stands for what was
/// never reached. None of no figures.
pub fn median(figures: &[f64]) -> Option<f64> {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let upper = *sorted.get(sorted.len() / 2)?;
    Some(if sorted.len() % 2 == 1 { upper } else { (sorted[sorted.len() / 2 - 1] + upper) / 2.0 })
}

/// The least and the greatest.
pub fn range(figures: &[f64]) -> Option<(f64, f64)> {
    let least = figures.iter().copied().min_by(f64::total_cmp)?;
    Some((least, figures.iter().copied().max_by(f64::total_cmp)?))
}

/// A performance profile (Dolan and Moré, *Benchmarking optimization software with performance profiles*, 2002).
///
/// `costs` has a row a problem and a column a solver, infinite where that solver has no result. The ratio of a
/// solver on a problem is its cost by the least of that row. Gives each solver its ratios in order, infinite ones last:
/// the share of problems that it solves within a ratio is how many stand at or below it.
pub fn profile(costs: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let solvers = costs.first().map_or(0, Vec::len);
    let mut ratios = vec![Vec::new(); solvers];
    for row in costs {
        let (least, _) = range(row).unwrap_or((f64::INFINITY, f64::INFINITY));
        for (solver, &cost) in row.iter().enumerate() {
            // A best of zero leaves only those that reach it within any ratio.
            let ratio = if cost == least && cost.is_finite() { 1.0 } else { cost / least };
            ratios[solver].push(if ratio.is_nan() { f64::INFINITY } else { ratio });
        }
    }
    ratios.iter_mut().for_each(|r| r.sort_by(f64::total_cmp));
    ratios
}

/// The share of sorted ratios that are at most `ratio`.
pub fn share_within(ratios: &[f64], ratio: f64) -> f64 {
    ratios.partition_point(|&r| r <= ratio) as f64 / ratios.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEVER: f64 = f64::INFINITY;

    #[test]
    fn medians_count_what_was_never_reached() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(&[1.0, NEVER, 2.0]), Some(2.0));
        assert_eq!(median(&[1.0, NEVER]), Some(NEVER));
        assert_eq!(range(&[2.0, 1.0, NEVER]), Some((1.0, NEVER)));
    }

    #[test]
    fn a_profile_is_the_share_of_problems_within_a_ratio_of_the_best() {
        // Three problems, two solvers; the second fails on the last.
        let ratios = profile(&[vec![100.0, 110.0], vec![204.0, 200.0], vec![50.0, NEVER]]);
        assert_eq!(ratios[0], [1.0, 1.0, 1.02]);
        assert_eq!(ratios[1][0], 1.0);
        assert!((ratios[1][1] - 1.1).abs() < 1e-12 && ratios[1][2] == NEVER);
        let share = |solver: usize, ratio| (share_within(&ratios[solver], ratio) * 3.0).round();
        assert_eq!((share(0, 1.0), share(0, 1.02)), (2.0, 3.0));
        assert_eq!((share(1, 1.0), share(1, 1.2), share(1, 1e9)), (1.0, 2.0, 2.0));
    }

    #[test]
    fn nobody_solves_a_problem_without_a_result_and_zero_is_no_divisor() {
        assert_eq!(profile(&[vec![NEVER, NEVER]]), [[NEVER], [NEVER]]);
        assert_eq!(profile(&[vec![0.0, 1.0]]), [[1.0], [NEVER]]);
        assert!(profile(&[]).is_empty());
    }
}
