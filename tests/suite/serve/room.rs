//! A planning room of our own program, and requests to it, byte by byte where they have to be wrong.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

/// A planning room that runs, with a home of its own.
pub struct Room {
    pub child: Child,
    pub port: u16,
    pub token: String,
    pub home: TempDir,
}

/// What came back.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Response {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{self:?}"))
    }

    pub fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        self.json()
    }
}

/// The command, with nothing of this machine's own settings.
pub fn oraux(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_oraux"));
    command.env("HOME", home).env("USER", "Test").env("LC_ALL", "C");
    for variable in ["XDG_STATE_HOME", "ORAUX_PROJECTS"] {
        command.env_remove(variable);
    }
    command
}

/// A new project of an instance, with a plan if one is wanted.
pub fn project(folder: &Path, instance: &str, planned: bool) -> PathBuf {
    let file = folder.join("groupe.oraux");
    let mut command = oraux(folder);
    command.arg("project").arg(&file).args(["--new", "--instance", instance]);
    if planned {
        let plan = folder.join("plan.json");
        let solved = oraux(folder).args(["solve", instance, "--iterations", "300", "-q", "-o"]).arg(&plan).status();
        assert!(solved.unwrap().success());
        command.arg("--schedule").arg(plan);
    }
    assert!(command.output().unwrap().status.success());
    file
}

impl Room {
    /// Opens a planning room, on a project if one is named.
    pub fn open(file: Option<&Path>) -> Room {
        Room::with(TempDir::new().unwrap(), file, &[])
    }

    /// The same with a home and more arguments.
    pub fn with(home: TempDir, file: Option<&Path>, args: &[&str]) -> Room {
        let mut command = oraux(home.path());
        command.args(["serve", "--no-open"]).args(args).args(file).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        if line.is_empty() {
            let mut why = String::new();
            child.stderr.take().unwrap().read_to_string(&mut why).unwrap();
            panic!("no planning room: {why}");
        }
        let rest = line.trim().strip_prefix("http://127.0.0.1:").unwrap_or_else(|| panic!("{line}"));
        let (port, token) = rest.split_once("/#token=").unwrap_or_else(|| panic!("{line}"));
        Room { port: port.parse().unwrap(), token: token.into(), child, home }
    }

    /// Sends bytes as they are and reads to the end.
    pub fn raw(&self, bytes: &[u8]) -> Response {
        self.try_raw(bytes).expect("an answer")
    }

    /// The same, where the server may be gone.
    pub fn try_raw(&self, bytes: &[u8]) -> Option<Response> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(120))).ok()?;
        // A server that refuses early may close while this still writes.
        let _ = stream.write_all(bytes);
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all);
        let end = all.windows(4).position(|w| w == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&all[..end]).into_owned();
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let length = |line: &str| line.to_lowercase().strip_prefix("content-length: ").map(str::to_string);
        let body = all[end + 4..].to_vec();
        if let Some(length) = head.lines().find_map(length)
            && body.len() < length.parse::<usize>().unwrap()
        {
            return None;
        }
        Some(Response { status, head, body })
    }

    /// An ordinary request with the token.
    pub fn ask(&self, method: &str, path: &str, revision: Option<u64>, body: &[u8]) -> Response {
        self.raw(&self.request(method, path, revision, body))
    }

    /// The bytes of an ordinary request.
    pub fn request(&self, method: &str, path: &str, revision: Option<u64>, body: &[u8]) -> Vec<u8> {
        let (port, token, length) = (self.port, &self.token, body.len());
        let revision = revision.map_or(String::new(), |r| format!("If-Match: \"{r}\"\r\n"));
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\nAccept-Language: en\r\n\
             {revision}Content-Length: {length}\r\nConnection: close\r\n\r\n"
        );
        [head.as_bytes(), body].concat()
    }

    pub fn get(&self, path: &str) -> Value {
        self.ask("GET", path, None, b"").ok()
    }

    pub fn post(&self, path: &str, body: &Value) -> Response {
        self.ask("POST", path, None, body.to_string().as_bytes())
    }

    pub fn revision(&self) -> u64 {
        self.get("/api/project")["revision"].as_u64().unwrap()
    }

    /// A change of the project as it is now.
    pub fn change(&self, method: &str, path: &str, body: &Value) -> Response {
        self.ask(method, path, Some(self.revision()), body.to_string().as_bytes())
    }

    /// Waits until a job has ended.
    pub fn ended(&self, job: &Value) -> Value {
        let id = job["id"].as_str().unwrap();
        for _ in 0..2_400 {
            let told = self.get(&format!("/api/jobs/{id}"));
            if told["state"] != "running" {
                return told;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("a job that does not end: {job}");
    }

    /// Ends it as the system does, and says with which code.
    pub fn end(mut self) -> (Option<i32>, TempDir) {
        // SAFETY: our own child, which was not waited for yet.
        unsafe { libc::kill(self.child.id() as libc::pid_t, libc::SIGTERM) };
        let code = self.child.wait().unwrap().code();
        let home = std::mem::replace(&mut self.home, TempDir::new().unwrap());
        (code, home)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
