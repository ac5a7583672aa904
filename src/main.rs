//! The `oraux` command.

use std::io::Write;

/// Looks whether standard output is open, before Rust's start puts `/dev/null` in the place of one that is closed, and an answer
/// would be lost in silence.
#[cfg(target_os = "linux")]
#[used]
#[unsafe(link_section = ".init_array")]
static LOOK: extern "C" fn() = {
    extern "C" fn look() {
        // SAFETY: asks for the flags of a number, and changes nothing.
        if unsafe { libc::fcntl(libc::STDOUT_FILENO, libc::F_GETFD) } == -1 {
            oraux::output::stdout_is_closed();
        }
    }
    look
};

fn main() {
    // A file that grows beyond a limit (`ulimit -f`) is an error that is told and put in order, not the end on the spot.
    // SAFETY: nothing else deals with that signal.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
    let code = oraux::cli::run();
    // Who reads may have gone.
    let _ = std::io::stdout().flush();
    // The solver may still be at work on a thread that nobody waits for, and an ordinary exit would destroy its C++ globals under it:
    // one run in some hundreds then ended in an abort, its plan long written.
    // SAFETY: ends the process and returns to nobody; what was to be written is written.
    unsafe { libc::_exit(code.into()) }
}
