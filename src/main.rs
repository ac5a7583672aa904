//! The `oraux` command.

fn main() -> std::process::ExitCode {
    oraux::cli::run()
}
