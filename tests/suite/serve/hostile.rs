//! What must not be granted. Each line fails without what keeps it out.

use std::io::Write;
use std::process::Stdio;

use serde_json::json;

use super::room::{Room, oraux, project};

/// A request's head with the right host and token, unless `more` says others.
fn head(room: &Room, line: &str, host: Option<&str>, more: &str) -> Vec<u8> {
    let own = format!("127.0.0.1:{}", room.port);
    let host = host.unwrap_or(&own);
    let host = if host.is_empty() { String::new() } else { format!("Host: {host}\r\n") };
    format!("{line} HTTP/1.1\r\n{host}{more}Connection: close\r\n\r\n").into_bytes()
}

#[test]
fn other_names_pages_and_readers_are_kept_out() {
    let room = Room::open(None);
    let token = format!("Authorization: Bearer {}\r\n", room.token);
    let port = room.port;
    let project = "GET /api/project";
    let ours = format!("Origin: http://127.0.0.1:{port}\r\n");
    let half = format!("Authorization: Bearer {}\r\n", &room.token[..24]);
    let in_query = format!("GET /api/project?token={}", room.token);
    let elsewhere = format!("GET http://evil.example:{port}/api/project");
    let twice = format!("{token}Host: evil.example\r\n");
    let local = format!("localhost:{port}");
    let evil_port = format!("evil.example:{port}");
    // What, the request line, the host, more lines, the status.
    let table: Vec<(&str, &str, Option<&str>, String, u16)> = vec![
        ("an ordinary request", project, None, token.clone(), 200),
        ("the other name of this machine", project, Some(&local), token.clone(), 200),
        ("our own page", project, None, format!("{token}{ours}Sec-Fetch-Site: same-origin\r\n"), 200),
        ("a name that was bound to this address", project, Some(&evil_port), token.clone(), 421),
        ("the name of another port", project, Some("127.0.0.1:1"), token.clone(), 421),
        ("a name without the port", project, Some("127.0.0.1"), token.clone(), 421),
        ("no name", project, Some(""), token.clone(), 421),
        ("two names", project, None, twice, 421),
        ("another name in the line", &elsewhere, None, token.clone(), 421),
        ("the page by another name", "GET /", Some(&evil_port), String::new(), 421),
        ("another page", project, None, format!("{token}Origin: https://evil.example\r\n"), 403),
        ("a page of another port", project, None, format!("{token}Origin: http://127.0.0.1:1\r\n"), 403),
        ("a page of no origin", project, None, format!("{token}Origin: null\r\n"), 403),
        ("a page that the browser calls another", project, None, format!("{token}Sec-Fetch-Site: cross-site\r\n"), 403),
        ("a page of a sister site", project, None, format!("{token}Sec-Fetch-Site: same-site\r\n"), 403),
        ("a foreign page's link", "GET /", None, "Sec-Fetch-Site: cross-site\r\n".into(), 403),
        ("no token", project, None, String::new(), 401),
        ("another token", project, None, "Authorization: Bearer 0123456789\r\n".into(), 401),
        ("half the token", project, None, half, 401),
        ("two tokens", project, None, format!("{token}{token}"), 401),
        ("the token in the address", &in_query, None, String::new(), 401),
        ("events without a token", "GET /api/events", None, String::new(), 401),
        ("the description without a token", "GET /api/openapi.json", None, String::new(), 401),
        ("an unknown address without a token", "GET /api/nothing", None, String::new(), 401),
        ("an unknown address", "GET /api/nothing", None, token.clone(), 404),
        ("a method that is not answered", "DELETE /api/project", None, token.clone(), 405),
        ("a method to look around", "TRACE /api/project", None, token.clone(), 405),
        ("something sent to the page", "POST /", None, String::new(), 405),
        ("a file beside the page", "GET /assets/../../../Cargo.toml", None, String::new(), 404),
        ("the same in disguise", "GET /assets/..%2f..%2f..%2fCargo.toml", None, String::new(), 404),
        ("a file of the system", "GET /assets//etc/passwd", None, String::new(), 404),
        ("a ticket that was never issued", "GET /download/0123456789abcdef", None, String::new(), 404),
        ("a password where there is none", "POST /api/login", None, "Content-Length: 0\r\n".into(), 403),
        ("a revision that is none", project, None, format!("{token}If-Match: yesterday\r\n"), 400),
        ("a head without an end", project, None, format!("X: {}\r\n", "x".repeat(200_000)), 431),
    ];
    let mut wrong = Vec::new();
    for (what, line, host, more, status) in table {
        let response = room.raw(&head(&room, line, host, &more));
        if response.status != status {
            wrong.push(format!("{what}: {} and not {status}", response.status));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_answer_says_what_a_browser_may_do_with_it() {
    let room = Room::open(None);
    for path in ["/", "/api/project", "/nowhere"] {
        let head = room.ask("GET", path, None, b"").head.to_lowercase();
        for line in [
            "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self';",
            "require-trusted-types-for 'script'",
            "frame-ancestors 'none'",
            "x-content-type-options: nosniff",
            "cache-control: no-store",
            "referrer-policy: no-referrer",
            "cross-origin-resource-policy: same-origin",
        ] {
            assert!(head.contains(line), "{path}: {line}");
        }
        assert!(!head.contains("unsafe") && !head.contains("set-cookie") && !head.contains("access-control-allow"));
    }
    let page = room.ask("GET", "/", None, b"");
    let page = String::from_utf8(page.body).unwrap();
    assert!(!page.contains("style=") && !page.contains("<style") && !page.contains(" onclick"), "{page}");
}

#[test]
fn what_is_sent_has_limits() {
    let room = Room::open(None);
    let large = vec![b' '; 1_100_000];
    assert_eq!(room.ask("POST", "/api/projects", None, &large).status, 413);
    assert_eq!(room.ask("POST", "/api/import?name=a.csv", None, &vec![b'a'; 20_100_000]).status, 413);
    // A hundred thousand times as large once unpacked.
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![b'{'; 1 << 20];
    (0..210).for_each(|_| bomb.write_all(&zeros).unwrap());
    assert_eq!(room.ask("POST", "/api/import?name=a.json.gz", None, &bomb.finish().unwrap()).status, 413);
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for i in 0..3 {
        zip.start_file(format!("{i}.csv"), zip::write::SimpleFileOptions::default()).unwrap();
        (0..90).for_each(|_| zip.write_all(&zeros).unwrap());
    }
    let bomb = zip.finish().unwrap().into_inner();
    assert_eq!(room.ask("POST", "/api/import?name=a.zip", None, &bomb).status, 413);
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(room.ask("POST", "/api/projects", None, deep.as_bytes()).status, 400);
    assert_eq!(room.ask("POST", "/api/import?name=..%2f..%2fx", None, deep.as_bytes()).status, 422);
    // It is as well as before.
    assert_eq!(room.get("/api/project")["open"], false);
    let left: Vec<_> = walk(room.home.path());
    assert!(left.is_empty(), "{left:?}");
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in folder.read_dir().unwrap().map(|e| e.unwrap().path()) {
        if entry.is_dir() { files.extend(walk(&entry)) } else { files.push(entry) }
    }
    files
}

#[test]
fn beyond_this_machine_only_with_a_password_and_a_proxy() {
    let home = tempfile::tempdir().unwrap();
    let hash = home.path().join("hash");
    let mut child = oraux(home.path())
        .args(["serve", "--hash-password"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all("un mot de passe long\n".as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.stdout.starts_with(b"$argon2"), "{output:?}");
    std::fs::write(&hash, output.stdout).unwrap();
    let hash = hash.to_str().unwrap();
    for refused in [
        &["--listen", "0.0.0.0"][..],
        &["--listen", "0.0.0.0", "--password-file", hash],
        &["--listen", "0.0.0.0", "--origin", "https://oraux.example.fr"],
        &["--listen", "::", "--password-file", hash, "--origin", "http://oraux.example.fr"],
        &["--origin", "https://oraux.example.fr"],
        &["--password-file", "Cargo.toml"],
    ] {
        let output = oraux(home.path()).args(["serve", "--no-open"]).args(refused).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{refused:?}: {output:?}");
        assert!(output.stdout.is_empty(), "{refused:?}");
    }
    // Behind a proxy it goes by the proxy's name alone, and gives the token for the password.
    let mut child = oraux(home.path())
        .args(["serve", "--no-open", "--port", "0", "--password-file", hash, "--origin", "https://oraux.example.fr"])
        .args(["--listen", "127.0.0.1"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.as_mut().unwrap()), &mut line).unwrap();
    assert_eq!(line, "https://oraux.example.fr/\n");
    let port = listening(child.id());
    let room = Room { child, port, token: String::new(), home };
    let login = |host: &str, password: &str| {
        let body = json!({ "password": password }).to_string();
        let request = format!(
            "POST /api/login HTTP/1.1\r\nHost: {host}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        room.raw(request.as_bytes())
    };
    assert_eq!(login(&format!("127.0.0.1:{port}"), "un mot de passe long").status, 421);
    assert_eq!(login("oraux.example.fr", "un autre").status, 403);
    let token = login("oraux.example.fr", "un mot de passe long").ok()["token"].as_str().unwrap().to_string();
    let request = format!(
        "GET /api/project HTTP/1.1\r\nHost: oraux.example.fr\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    );
    room.raw(request.as_bytes()).ok();
}

/// The port on which a process listens.
fn listening(process: u32) -> u16 {
    let inodes: Vec<String> = std::fs::read_dir(format!("/proc/{process}/fd"))
        .unwrap()
        .filter_map(|fd| std::fs::read_link(fd.unwrap().path()).ok())
        .filter_map(|link| Some(link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.to_string()))
        .collect();
    let table = std::fs::read_to_string(format!("/proc/{process}/net/tcp")).unwrap();
    table
        .lines()
        .skip(1)
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .find(|fields| fields[3] == "0A" && inodes.iter().any(|i| i == fields[9]))
        .map(|fields| u16::from_str_radix(fields[1].rsplit(':').next().unwrap(), 16).unwrap())
        .unwrap()
}

#[test]
fn a_second_opener_is_told_who_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = project(folder.path(), "instances/small.json", false);
    let room = Room::open(Some(&file));
    let second = oraux(folder.path()).args(["serve", "--no-open"]).arg(&file).output().unwrap();
    let said = String::from_utf8(second.stderr).unwrap();
    assert_eq!(second.status.code(), Some(2));
    assert!(said.contains("open elsewhere: by Test on"), "{said}");
    let other = oraux(folder.path()).arg("project").arg(&file).output().unwrap();
    assert_eq!(other.status.code(), Some(2));
    assert_eq!(room.end().0, Some(0));
    assert!(oraux(folder.path()).arg("project").arg(&file).output().unwrap().status.success());
}
