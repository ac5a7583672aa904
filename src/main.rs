//! The `oraux` command.

use std::io::Write;

fn main() {
    let code = oraux::cli::run();
    // Who reads may have gone.
    let _ = std::io::stdout().flush();
    // The solver may still be at work on a thread that nobody waits for, and an ordinary exit would destroy its C++ globals under it:
    // one run in some hundreds then ended in an abort, its plan long written.
    // SAFETY: ends the process and returns to nobody; what was to be written is written.
    unsafe { libc::_exit(code.into()) }
}
