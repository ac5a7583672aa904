//! The clock of a command that ends by `--time`: it starts with the program, and stops the search while there is still time
//! for what comes after it (reasons, the checker, the file).

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// How often it looks.
const TICK: Duration = Duration::from_millis(10);

/// When the program began.
pub(super) fn started() -> Instant {
    static STARTED: OnceLock<Instant> = OnceLock::new();
    *STARTED.get_or_init(Instant::now)
}

/// Stops a search in time for its ending.
pub(super) struct Clock {
    time: Option<Duration>,
    /// How long the ending takes, in nanoseconds.
    ending: Arc<AtomicU64>,
}

impl Clock {
    /// Sets `stop` once so much time is over since the program began, less what the ending takes; never without a time.
    pub(super) fn start(time: Option<Duration>, stop: &'static AtomicBool) -> Clock {
        let ending: Arc<AtomicU64> = Arc::default();
        if let Some(time) = time {
            let (due, own) = (started() + time, ending.clone());
            let watch = move || {
                while Instant::now() + Duration::from_nanos(own.load(Ordering::Relaxed)) < due {
                    std::thread::sleep(TICK);
                }
                stop.store(true, Ordering::Relaxed);
            };
            // Without a thread the search ends by its own clock, and the ending comes on top.
            let _ = std::thread::Builder::new().name("clock".into()).spawn(watch);
        }
        Clock { time, ending }
    }

    /// The time in all, if there is one.
    pub(super) fn time(&self) -> Option<Duration> {
        self.time
    }

    /// Whether there is a time, and it is not over.
    pub(super) fn runs_on(&self) -> bool {
        self.time.is_some_and(|time| started().elapsed() < time)
    }

    /// The ending takes about so long, as was tried out on this machine in this run.
    pub(super) fn ending(&self, takes: Duration) {
        // A solver that cannot be interrupted may still be at work beside it then, and the machine be busier.
        let takes = 2 * takes;
        self.ending.fetch_max(takes.as_nanos().min(u128::from(u64::MAX)) as u64, Ordering::Relaxed);
    }
}
