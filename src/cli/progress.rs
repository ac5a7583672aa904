//! Progress as data: with `--progress json`, standard error carries one JSON object a line, for programs that run this one.

use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use serde_json::{Value, json};

use super::clock;

/// As often something is told at most, unless it is new.
const PAUSE: Duration = Duration::from_millis(200);

/// How progress is told.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// one JSON object a line on standard error, messages too
    Json,
}

static AS_JSON: AtomicBool = AtomicBool::new(false);
static LAST: Mutex<Option<(String, Instant)>> = Mutex::new(None);

/// From now on progress and messages are told as data.
pub(super) fn choose(form: Option<Form>) {
    AS_JSON.store(form == Some(Form::Json), Ordering::Relaxed);
}

/// Whether they are.
pub(super) fn as_json() -> bool {
    AS_JSON.load(Ordering::Relaxed)
}

/// How far a command is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Now<'s> {
    /// What it is doing, in one word.
    pub(super) stage: &'s str,
    /// How much of it is done, from 0 to 1.
    pub(super) share: Option<f64>,
    /// The cost of the best plan so far.
    pub(super) cost: Option<i64>,
    /// What no plan can cost less than.
    pub(super) bound: Option<i64>,
    /// Due orals that it leaves out.
    pub(super) unscheduled: Option<i64>,
}

/// Tells how far the command is; not more often than somebody can look, unless the stage is another.
pub(super) fn tell(now: Now) {
    if !as_json() {
        return;
    }
    let mut last = LAST.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let soon = last.as_ref().is_some_and(|(stage, at)| stage == now.stage && at.elapsed() < PAUSE);
    if soon && now.share.is_none_or(|s| s < 1.0) {
        return;
    }
    *last = Some((now.stage.into(), Instant::now()));
    let seconds = (clock::started().elapsed().as_secs_f64() * 1_000.0).round() / 1_000.0;
    line(&json!({
        "event": "progress", "seconds": seconds, "stage": now.stage, "share": now.share, "cost": now.cost, "bound": now.bound,
        "unscheduled": now.unscheduled,
    }));
}

/// Tells a message as data.
pub(super) fn message(text: &str) {
    line(&json!({ "event": "message", "text": text }));
}

fn line(value: &Value) {
    let _ = writeln!(std::io::stderr().lock(), "{value}");
}
