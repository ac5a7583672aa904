//! HiGHS on a [`Linear`] model, within a time, and what it proves.

use std::os::raw::{c_char, c_int, c_void};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use good_lp::{Expression, SolverModel, constraint, variable, variables};

use super::linear::Linear;

/// How a solve ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Solved to the end.
    Optimal,
    /// The model has no solution.
    Infeasible,
    /// Stopped by time or by the caller.
    Stopped,
}

/// What is taken off a dual bound of the branch and bound, beside a millionth of it, before rounding up: HiGHS
/// calls rows and integers satisfied within 1e-6, so that a bound that it prunes by may be wrong by as much
/// times the multipliers of the rows.
const MARGIN: f64 = 1.0;

struct Watch {
    stop: Arc<AtomicBool>,
    deadline: Instant,
    found: Sender<Message>,
}

enum Message {
    Bound(f64),
    End(End),
}

/// Solves the model, relaxed or as it is, until the deadline; every proven bound goes to `report`.
pub(super) fn solve(
    linear: &Arc<Linear>,
    integers: bool,
    deadline: Instant,
    threads: u32,
    stop: &Arc<AtomicBool>,
    report: &mut dyn FnMut(f64),
) -> End {
    let (found, bounds) = channel();
    let watch = Watch { stop: stop.clone(), deadline, found };
    let own = linear.clone();
    // Presolve does not look at the clock: the solver has a thread of its own, which is left behind at worst.
    let spawned = std::thread::Builder::new().name("bound".into()).spawn(move || run(&own, integers, threads, &watch));
    if spawned.is_err() {
        return End::Stopped;
    }
    listen(&bounds, deadline, stop, report)
}

fn listen(bounds: &Receiver<Message>, deadline: Instant, stop: &AtomicBool, report: &mut dyn FnMut(f64)) -> End {
    const GRACE: Duration = Duration::from_millis(700);
    loop {
        match bounds.recv_timeout(Duration::from_millis(100)) {
            Ok(Message::Bound(b)) => report(b),
            Ok(Message::End(end)) => return end,
            Err(RecvTimeoutError::Disconnected) => return End::Stopped,
            Err(RecvTimeoutError::Timeout) => {}
        }
        if Instant::now() > deadline + GRACE || stop.load(Ordering::Relaxed) {
            return End::Stopped;
        }
    }
}

/// The model as HiGHS takes it, with so much time from now; none if it is beyond HiGHS.
fn loaded(linear: &Linear, integers: bool, threads: u32, deadline: Instant) -> Option<highs::Model> {
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
    let left = deadline.saturating_duration_since(Instant::now()).as_secs_f64();
    model.set_option("time_limit", left.max(0.01));
    model.set_option("threads", threads as i32);
    model.set_option("parallel", if threads > 1 { "on" } else { "off" });
    Some(model)
}

/// The row multipliers of the relaxed model's optimum; none if the deadline came first. Not to be believed before
/// [`Linear::certified`] has seen them.
pub(super) fn multipliers(linear: &Linear, deadline: Instant) -> Option<Vec<f64>> {
    if Instant::now() >= deadline {
        return None;
    }
    let solved = loaded(linear, false, 1, deadline)?.try_solve().ok()?;
    let optimal = solved.status() == highs::HighsModelStatus::Optimal;
    optimal.then(|| solved.get_solution().dual_rows().to_vec())
}

fn run(linear: &Linear, integers: bool, threads: u32, watch: &Watch) {
    let Some(mut model) = loaded(linear, integers, threads, watch.deadline) else { return };
    model.set_option("mip_rel_gap", 0.0);
    // Only the bound counts, and the heuristics for solutions would take most of the time.
    model.set_option("mip_heuristic_effort", 0.0);
    model.set_option("mip_heuristic_run_feasibility_jump", false);
    if !integers && linear.cost.len() > 20_000 {
        // Any multipliers do for the certificate, so the interior point need not be pushed to a corner.
        model.set_option("solver", "ipm");
        model.set_option("run_crossover", "off");
    }
    // SAFETY: the watch outlives the solve, which is over when `try_solve` returns; the callback only reads it.
    unsafe {
        let highs = model.as_mut_ptr();
        highs_sys::Highs_setCallback(highs, Some(callback), std::ptr::from_ref(watch) as *mut c_void);
        for kind in [
            highs_sys::kHighsCallbackSimplexInterrupt,
            highs_sys::kHighsCallbackIpmInterrupt,
            highs_sys::kHighsCallbackMipInterrupt,
        ] {
            highs_sys::Highs_startCallback(highs, kind);
        }
    }
    let Ok(solved) = model.try_solve() else { return };
    let status = solved.status();
    if integers {
        if let Ok(bound) = solved.double_info_value(c"mip_dual_bound") {
            send(watch, bound);
        }
    } else {
        let _ = watch.found.send(Message::Bound(linear.certified(solved.get_solution().dual_rows())));
    }
    let end = match status {
        highs::HighsModelStatus::Optimal => End::Optimal,
        highs::HighsModelStatus::Infeasible => End::Infeasible,
        _ => End::Stopped,
    };
    let _ = watch.found.send(Message::End(end));
}

fn send(watch: &Watch, dual_bound: f64) {
    if dual_bound.is_finite() {
        let _ = watch.found.send(Message::Bound(dual_bound - MARGIN - 1e-6 * dual_bound.abs()));
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
    }
    if let Some(answer) = answer
        && (watch.stop.load(Ordering::Relaxed) || Instant::now() > watch.deadline)
    {
        answer.user_interrupt = 1;
    }
}
