//! `oraux serve`: the planning room.

use std::net::IpAddr;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use super::{Failure, complain, interrupted, print};
use crate::serve::{Access, Options, hash_password, serve};
use crate::tr;

/// Open the planning room: a page in the browser where a group is planned, adjusted and sent out without a terminal
///
/// The one line on standard output is the page's whole address. Ctrl-C ends it; everything is on the disk.
#[derive(clap::Args)]
pub struct Serve {
    /// The project (.oraux); without one, the page offers those that were open lately
    file: Option<PathBuf>,
    /// The port; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
    /// Do not open a browser
    #[arg(long)]
    no_open: bool,
    /// The address to listen on; beyond this machine a password and a proxy with TLS are needed
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    listen: IpAddr,
    /// The proxy's address, as browsers name it: https://oraux.example.fr
    #[arg(long, value_name = "URL")]
    origin: Option<String>,
    /// The file with the password's argon2 hash
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Read a password from standard input, print its hash for --password-file, and nothing else
    #[arg(long, exclusive = true)]
    hash_password: bool,
}

impl Serve {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        if self.hash_password {
            return hash();
        }
        let one = |fault| Failure::Input(vec![fault]);
        let who = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|k| std::env::var(k).ok().filter(|v| !v.is_empty()));
        let options = Options {
            file: self.file,
            listen: self.listen,
            port: self.port,
            access: Access::read(self.origin, self.password_file.as_deref()).map_err(one)?,
            who: who.unwrap_or_else(|| tr!("the office", "le bureau")),
            stop: interrupted().clone(),
        };
        let open = !self.no_open;
        serve(options, |url| {
            print(&format!("{url}\n"));
            if open {
                open_browser(url);
            }
        })
        .map_err(one)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Where no browser can be opened, the address is there to be copied.
fn open_browser(url: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let started =
        Command::new(opener).arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    if started.is_err() {
        complain(&tr!("open this address in a browser", "ouvrez cette adresse dans un navigateur"));
    }
}

fn hash() -> Result<ExitCode, Failure> {
    let mut line = String::new();
    let read = std::io::stdin().read_line(&mut line);
    let hashed = read.map_err(|e| e.to_string()).and_then(|_| hash_password(line.trim_end_matches(['\r', '\n'])));
    print(&(hashed.map_err(Failure::NoResult)? + "\n"));
    Ok(ExitCode::SUCCESS)
}
