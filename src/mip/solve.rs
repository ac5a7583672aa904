//! HiGHS on a [`Linear`] model, within a time or an amount of work, and what it proves.

use std::ffi::CString;
use std::os::raw::{c_char, c_int, c_void};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use good_lp::{Expression, SolverModel, constraint, variable, variables};

use super::limits::{INTERIOR_STEP, Limits, Until};
use crate::linear::{Linear, Var};

/// How a solve ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Solved to the end.
    Optimal,
    /// The model has no solution.
    Infeasible,
    /// Stopped by its limits or by the caller.
    Stopped,
}

/// Above so many variables the interior point is faster: for a bound, and where solutions are sought.
const INTERIOR: [usize; 2] = [1000, 8000];

/// How to solve a model.
#[derive(Clone)]
pub(super) struct Run {
    /// As it is, or relaxed.
    pub(super) integers: bool,
    /// What it may use of.
    pub(super) limits: Limits,
    /// When to stop.
    pub(super) until: Until,
    /// Whether solutions are sought and told, or bounds only.
    pub(super) solutions: bool,
    /// Values of some variables in a solution that is known.
    pub(super) known: Vec<(Var, f64)>,
    /// What is taken off a dual bound, and off each unit of it, before it is believed: HiGHS calls rows and integers
    /// satisfied within 1e-6, so that a bound that it prunes by may be wrong by as much times the multipliers of the rows.
    pub(super) margin: (f64, f64),
}

/// What a solve has to tell.
pub(super) enum News {
    /// A proven bound on the optimum, the solver's tolerances taken off.
    Bound(f64),
    /// A better solution; of the relaxed model, about its optimum.
    Solution(Vec<f64>),
}

struct Watch {
    run: Run,
    found: Sender<Message>,
    /// Steps of the solver that it may take at most, and those that it has taken.
    most: u64,
    taken: AtomicU64,
}

enum Message {
    News(News),
    End(End),
}

/// Solves the model; every proven bound, and every solution if they are asked for, goes to `report`, and
/// nothing now and then, for whoever waits.
pub(super) fn solve(linear: &Arc<Linear>, run: &Run, report: &mut dyn FnMut(Option<News>)) -> End {
    let size = linear.size();
    // Presolve alone would take seconds of a large model.
    let Some(most) = run.limits.begin(run.until, size, run.integers) else { return End::Stopped };
    if linear.rows.is_empty() {
        return unbound(linear, run, report);
    }
    let (found, bounds) = channel();
    let watch = Watch { run: run.clone(), found, most, taken: AtomicU64::new(0) };
    let own = linear.clone();
    // Presolve does not look at the clock: the solver has a thread of its own, which is left behind at worst.
    let spawned = std::thread::Builder::new().name("highs".into()).spawn(move || work(&own, &watch));
    if spawned.is_err() {
        return End::Stopped;
    }
    listen(&bounds, run, report)
}

/// A model without rows needs no solver, and HiGHS wants a variable at least: each is what costs least.
fn unbound(linear: &Linear, run: &Run, report: &mut dyn FnMut(Option<News>)) -> End {
    let least = |(&cost, &upper): (&f64, &f64)| if cost < 0.0 { upper } else { 0.0 };
    let values: Vec<f64> = linear.cost.iter().zip(&linear.upper).map(least).collect();
    if run.solutions {
        report(Some(News::Solution(values)));
    }
    report(Some(News::Bound(linear.certified(&[]))));
    End::Optimal
}

/// The best solution that is found, unless `stop` says to stop, and how the solve ended.
pub(super) fn best(linear: &Arc<Linear>, run: &Run, stop: &dyn Fn() -> bool) -> (End, Option<(f64, Vec<f64>)>) {
    let mut best: Option<(f64, Vec<f64>)> = None;
    let end = solve(linear, run, &mut |news| {
        if let Some(News::Solution(values)) = news {
            let cost = values.iter().zip(&linear.cost).map(|(x, c)| x * c).sum();
            if best.as_ref().is_none_or(|b| cost < b.0) {
                best = Some((cost, values));
            }
        }
        if stop() {
            run.limits.stop.store(true, Ordering::Relaxed);
        }
    });
    (end, best)
}

fn listen(bounds: &Receiver<Message>, run: &Run, report: &mut dyn FnMut(Option<News>)) -> End {
    // HiGHS is told to stop a little before the time, so that what it has then is not lost.
    const GRACE: Duration = Duration::from_millis(50);
    const OFTEN: Duration = Duration::from_millis(25);
    loop {
        match bounds.recv_timeout(OFTEN) {
            Ok(Message::News(news)) => report(Some(news)),
            Ok(Message::End(end)) => return end,
            Err(RecvTimeoutError::Disconnected) => return End::Stopped,
            Err(RecvTimeoutError::Timeout) => report(None),
        }
        if Instant::now() > run.until.at + GRACE || run.limits.stop.load(Ordering::Relaxed) {
            return End::Stopped;
        }
    }
}

/// The model as HiGHS takes it; none if it is beyond HiGHS.
fn loaded(linear: &Linear, integers: bool) -> Option<highs::Model> {
    let mut vars = variables!();
    let columns: Vec<_> = (0..linear.cost.len())
        .map(|j| {
            let v = variable().min(0.0).max(linear.upper[j]);
            vars.add(if integers && linear.integer[j] { v.integer() } else { v })
        })
        .collect();
    let objective: Expression = columns.iter().zip(&linear.cost).map(|(&v, &c)| c * v).sum();
    let mut problem = vars.minimise(objective).using(good_lp::highs);
    for row in &linear.rows {
        let left: Expression = row.terms.iter().map(|&(j, a)| a * columns[j]).sum();
        problem.add_constraint(if row.equal { constraint!(left == row.rhs) } else { constraint!(left <= row.rhs) });
    }
    let mut model = problem.try_into_inner().ok()?;
    model.make_quiet();
    Some(model)
}

/// Sets the limits of a model of that size, with so many steps at most.
fn limit(model: &mut highs::Model, run: &Run, most: u64) {
    if run.limits.work.is_some() {
        let steps = |n: u64| n.min(i32::MAX as u64) as i32;
        model.set_option("simplex_iteration_limit", steps(most));
        model.set_option("ipm_iteration_limit", steps(most / INTERIOR_STEP));
    } else {
        let left = run.until.at.saturating_duration_since(Instant::now()).as_secs_f64();
        model.set_option("time_limit", (left - (left / 20.0).min(0.1)).max(0.01));
    }
    let threads = run.limits.threads;
    model.set_option("threads", threads as i32);
    model.set_option("parallel", if threads > 1 { "on" } else { "off" });
}

/// The steps that a solve has taken; of a tree, those that its callback has heard of.
fn taken(solved: &highs::SolvedModel, of_tree: u64) -> u64 {
    let count = |name| solved.int_info_value(name).map_or(0, |n| n.max(0) as u64);
    let interior = count(c"ipm_iteration_count").saturating_mul(INTERIOR_STEP);
    of_tree.max(count(c"simplex_iteration_count") + interior)
}

/// Writes the model to a file in the format of its name's end (`.lp`, `.mps`), under those names.
///
/// # Errors
/// What HiGHS could not do.
pub(super) fn write(linear: &Linear, names: &[String], rows: &[String], path: &Path) -> Result<(), String> {
    let refused = || format!("HiGHS: {}", path.display());
    let mut model = loaded(linear, true).ok_or_else(refused)?;
    let text = |s: &str| CString::new(s).map_err(|e| e.to_string());
    let file = text(&path.to_string_lossy())?;
    // SAFETY: the model lives to the end of the block, and HiGHS copies the strings.
    unsafe {
        let highs = model.as_mut_ptr();
        for (i, name) in names.iter().enumerate() {
            highs_sys::Highs_passColName(highs, i as c_int, text(name)?.as_ptr());
        }
        for (i, name) in rows.iter().enumerate() {
            highs_sys::Highs_passRowName(highs, i as c_int, text(name)?.as_ptr());
        }
        let status = highs_sys::Highs_writeModel(highs, file.as_ptr());
        if status == highs_sys::STATUS_ERROR { Err(refused()) } else { Ok(()) }
    }
}

/// The row multipliers of the relaxed model's optimum; none if the limits came first. Not to be believed before
/// [`Linear::certified`] has seen them.
pub(super) fn multipliers(linear: &Linear, limits: &Limits, until: Until) -> Option<Vec<f64>> {
    let size = linear.size();
    let most = limits.begin(until, size, false)?;
    if linear.rows.is_empty() {
        return Some(Vec::new());
    }
    let mut model = loaded(linear, false)?;
    limit(&mut model, &Run { integers: false, ..limits.run(until) }, most);
    let solved = model.try_solve().ok()?;
    limits.took(taken(&solved, 0), size);
    let optimal = solved.status() == highs::HighsModelStatus::Optimal;
    optimal.then(|| solved.get_solution().dual_rows().to_vec())
}

fn work(linear: &Linear, watch: &Watch) {
    let run = &watch.run;
    let Some(mut model) = loaded(linear, run.integers) else { return };
    limit(&mut model, run, watch.most);
    model.set_option("mip_rel_gap", 0.0);
    model.set_option("mip_abs_gap", 1e-3);
    if !run.solutions {
        // Only the bound counts, and the heuristics for solutions would take most of the time.
        model.set_option("mip_heuristic_effort", 0.0);
        model.set_option("mip_heuristic_run_feasibility_jump", false);
    }
    if linear.cost.len() > INTERIOR[usize::from(run.solutions)] {
        // The simplex takes ten times as long on the model by date.
        model.set_option("mip_lp_solver", "ipm");
        if !run.integers {
            // Any multipliers do for the certificate, so the interior point need not be pushed to a corner.
            model.set_option("solver", "ipm");
            model.set_option("run_crossover", "off");
        }
    }
    // SAFETY: the watch outlives the solve, which is over when `try_solve` returns; the callback only reads it.
    unsafe {
        let highs = model.as_mut_ptr();
        highs_sys::Highs_setCallback(highs, Some(callback), std::ptr::from_ref(watch) as *mut c_void);
        for kind in [
            highs_sys::kHighsCallbackSimplexInterrupt,
            highs_sys::kHighsCallbackIpmInterrupt,
            highs_sys::kHighsCallbackMipInterrupt,
            highs_sys::kHighsCallbackMipImprovingSolution,
        ] {
            highs_sys::Highs_startCallback(highs, kind);
        }
        if !run.known.is_empty() {
            let (index, value): (Vec<c_int>, Vec<f64>) = run.known.iter().map(|&(v, a)| (v as c_int, a)).unzip();
            highs_sys::Highs_setSparseSolution(highs, index.len() as c_int, index.as_ptr(), value.as_ptr());
        }
    }
    let Ok(solved) = model.try_solve() else { return };
    let status = solved.status();
    let tell = |news| {
        let _ = watch.found.send(Message::News(news));
    };
    if run.integers {
        if let Ok(bound) = solved.double_info_value(c"mip_dual_bound") {
            send(watch, bound);
        }
        if run.solutions && solved.primal_solution_status() == highs::HighsSolutionStatus::Feasible {
            tell(News::Solution(solved.get_solution().columns().to_vec()));
        }
    } else {
        let solution = solved.get_solution();
        if run.solutions {
            tell(News::Solution(solution.columns().to_vec()));
        }
        tell(News::Bound(linear.certified(solution.dual_rows())));
    }
    let end = match status {
        highs::HighsModelStatus::Optimal => End::Optimal,
        highs::HighsModelStatus::Infeasible => End::Infeasible,
        _ => End::Stopped,
    };
    run.limits.took(taken(&solved, watch.taken.load(Ordering::Relaxed)), linear.size());
    let _ = watch.found.send(Message::End(end));
}

fn send(watch: &Watch, dual_bound: f64) {
    if dual_bound.is_finite() {
        let proven = dual_bound - watch.run.margin.0 - watch.run.margin.1 * dual_bound.abs();
        let _ = watch.found.send(Message::News(News::Bound(proven)));
    }
}

/// Hands on the bound of a running branch and bound and stops a solver whose time is up. HiGHS calls it on its
/// own threads, and never from the smaller problems that its heuristics solve.
unsafe extern "C" fn callback(
    kind: c_int,
    _message: *const c_char,
    out: *const highs_sys::HighsCallbackDataOut,
    answer: *mut highs_sys::HighsCallbackDataIn,
    data: *mut c_void,
) {
    // SAFETY: `data` is the watch given to `Highs_setCallback`; HiGHS passes its own two structures or null.
    let (watch, out, answer) = unsafe { (&*(data as *const Watch), out.as_ref(), answer.as_mut()) };
    if let Some(out) = out
        && kind == highs_sys::kHighsCallbackMipInterrupt
    {
        send(watch, out.mip_dual_bound);
        watch.taken.fetch_max(out.mip_total_lp_iterations.max(0) as u64, Ordering::Relaxed);
    }
    if let Some(out) = out
        && kind == highs_sys::kHighsCallbackMipImprovingSolution
        && watch.run.solutions
        && !out.mip_solution.is_null()
    {
        // SAFETY: HiGHS says how many values there are.
        let values = unsafe { std::slice::from_raw_parts(out.mip_solution, out.mip_solution_size as usize) };
        let _ = watch.found.send(Message::News(News::Solution(values.to_vec())));
    }
    if let Some(answer) = answer
        && (watch.run.limits.stop.load(Ordering::Relaxed)
            || Instant::now() > watch.run.until.at
            || watch.taken.load(Ordering::Relaxed) >= watch.most)
    {
        answer.user_interrupt = 1;
    }
}
