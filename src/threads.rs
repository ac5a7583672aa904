//! Independent pieces of work on plain threads, each of which takes the next piece when it is done with one.
//!
//! Not a pool of rayon: a worker of a pool that waits for another pool takes up a further piece meanwhile, and in that the
//! next, one within the other, until its stack is full. Here a thread has one piece at a time, whatever the piece does.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Does the pieces `0..count` on at most so many threads, the caller's among them. Each result goes to `take`, one at a
/// time and in no order; a piece without a result ends the work. Says how many were taken.
///
/// Nothing is kept: the memory that it takes does not grow with the count.
pub fn each<R: Send>(
    count: usize,
    threads: usize,
    piece: impl Fn(usize) -> Option<R> + Sync,
    take: impl FnMut(R) + Send,
) -> usize {
    let next = AtomicUsize::new(0);
    let taken = Mutex::new((0, take));
    let work = || {
        while let Some(i) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|&i| i < count) {
            let Some(result) = piece(i) else {
                // The others end with the piece that they have.
                next.store(count, Ordering::Relaxed);
                return;
            };
            let mut taken = taken.lock().expect("nobody panics while taking a result");
            taken.0 += 1;
            (taken.1)(result);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(count) {
            // Where the system gives no more threads, those that there are do the work.
            if std::thread::Builder::new().spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
    taken.into_inner().expect("nobody panics while taking a result").0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_piece_is_done_once_on_any_number_of_threads() {
        for threads in [1, 2, 7, 200] {
            let mut found = Vec::new();
            assert_eq!(each(100, threads, |i| Some(i * i), |square| found.push(square)), 100);
            found.sort();
            assert_eq!(found, (0..100).map(|i| i * i).collect::<Vec<_>>());
        }
        assert_eq!(each(0, 3, Some, |_| panic!("there is nothing to do")), 0);
    }

    #[test]
    fn a_piece_without_a_result_ends_the_work() {
        let mut sum = 0;
        assert_eq!(each(1_000_000_000, 1, |i| (i < 10).then_some(i), |i| sum += i), 10);
        assert_eq!(sum, 45);
        // With several threads, whatever is begun by then counts as well.
        let taken = each(1_000_000_000, 4, |i| (i < 10).then_some(i), |_| {});
        assert_eq!(taken, 10);
    }
}
