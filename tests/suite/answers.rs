//! What the commands that explain, diagnose and simulate say, on a group of four candidates worked out by hand, and how
//! the page shows it.

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A folder with the instance, its schedule and events, in which the command runs.
struct Group {
    folder: TempDir,
}

/// Two centres on two dates; nobody can examine C4's language, C2 has a paper on the second date.
fn instance() -> Value {
    let (both, second) = (["2024-06-03", "2024-06-04"], ["2024-06-04"]);
    let open = |dates: &[&str]| -> Vec<Value> {
        dates.iter().map(|d| json!({"date": d, "from": "08:00", "to": "18:30"})).collect()
    };
    let examiner = |id: &str, q: &[&str], schools: &[&str], km: [u32; 2], dates: &[&str]| json!({"id": id, "qualifications": q, "schools": schools, "km": {"Z1": km[0], "Z2": km[1]}, "available": open(dates)});
    json!({
        "format": "oraux-instance/1", "name": "two-centres", "regulation": "bts-ccst-2024",
        "calendar": {
            "dates": both,
            "papers": [{"id": "E5", "date": "2024-06-04", "start": "14:00", "end": "18:00"}]
        },
        "groups": {"G": ["Z1", "Z2"]},
        "centres": [
            {"id": "Z1", "name": "Lycée fictif des Pommiers", "town": "Caen", "open": open(&both),
             "exam_rooms": [{"id": "R1", "equipment": ["phone"]}, {"id": "R2"}],
             "preparation_rooms": [{"id": "P1", "seats": 2}]},
            {"id": "Z2", "name": "Lycée fictif des Saules", "town": "Rouen", "open": open(&second),
             "exam_rooms": [{"id": "S1", "equipment": ["phone"]}], "preparation_rooms": [{"id": "Q1", "seats": 2}]}
        ],
        "schools": [
            {"id": "L1", "name": "Lycée fictif des Ifs", "town": "Lisieux", "km": {"Z1": 50, "Z2": 90}},
            {"id": "L2", "name": "Lycée fictif des Aulnes", "town": "Évreux", "km": {"Z1": 120, "Z2": 60}}
        ],
        "examiners": [
            examiner("A1", &["EG", "CCST"], &["L1"], [50, 90], &both),
            examiner("A2", &["EG", "CCST"], &[], [10, 100], &both),
            examiner("B1", &["STI", "CCST"], &[], [20, 110], &both),
            examiner("B2", &["STI", "CCST"], &[], [80, 15], &second),
            examiner("M1", &["PRO"], &[], [5, 130], &both),
            examiner("N1", &["LV-en", "CCST"], &["L2"], [30, 70], &both),
            examiner("N2", &["LV-en", "CCST"], &[], [40, 60], &both)
        ],
        "candidates": [
            {"id": "C1", "name": "MERISIER-FICTIF Mésange", "group": "G", "school": "L1",
             "orals": [{"exam": "E4", "form": "final"}, {"exam": "U61", "form": "final"}]},
            {"id": "C2", "name": "SUREAU-FICTIF Loriot", "group": "G", "school": "L2", "papers": ["E5"],
             "orals": [{"exam": "E4", "form": "final"}, {"exam": "U62", "form": "final"}]},
            {"id": "C3", "name": "TROÈNE-FICTIF Grive", "group": "G", "school": "L2",
             "extra_per_hour": {"preparation": 20, "exam": 20, "written": 20},
             "orals": [{"exam": "E4", "form": "final"}, {"exam": "E22", "form": "final"}]},
            {"id": "C4", "name": "FRÊNE-FICTIF Pinson", "group": "G", "school": "L1",
             "orals": [{"exam": "U61", "form": "final"}, {"exam": "EF1", "form": "final", "language": "es"}]}
        ]
    })
}

fn schedule() -> Value {
    let sitting = |c: &str, e: &str, room: Value, times: [&str; 3]| json!({"candidate": c, "exam": e, "preparation_room": room, "preparation_start": times[0], "start": times[1], "end": times[2]});
    let session = |id: &str, commission: &str, room: &str, members: Value, sittings: Vec<Value>| {
        json!({"id": id, "commission": commission, "language": null, "centre": "Z1", "room": room, "date": "2024-06-03",
               "members": members, "sittings": sittings})
    };
    let three = json!({"EG": "A2", "STI": "B1", "PRO": "M1"});
    json!({
        "format": "oraux-schedule/1", "instance": "two-centres",
        "sessions": [
            session("S1", "technico-commerciale", "R1", three.clone(), vec![
                sitting("C4", "U61", json!(null), ["08:00", "08:00", "08:30"]),
                sitting("C1", "U61", json!(null), ["08:40", "08:40", "09:10"]),
                sitting("C2", "E4", json!("P1"), ["08:20", "09:20", "10:20"]),
                sitting("C3", "E4", json!("P1"), ["09:10", "10:30", "11:50"]),
            ]),
            session("S2", "technico-commerciale", "R1", three, vec![
                sitting("C1", "E4", json!("P1"), ["12:30", "13:30", "14:30"]),
            ]),
            session("S3", "expertise", "R2", json!({"EG": "A2", "STI": "B1"}), vec![
                sitting("C2", "U62", json!(null), ["14:40", "14:40", "15:10"]),
            ]),
            session("S4", "anglais", "R1", json!({"LV": "N2"}), vec![
                sitting("C3", "E22", json!("P1"), ["15:00", "15:30", "16:00"]),
            ]),
        ],
        "unscheduled": [{"candidate": "C4", "exam": "EF1", "reason": "nobody can hold the seat LV (seats)"}],
        "not_heard": [], "bound": 12000
    })
}

impl Group {
    fn new() -> Group {
        let group = Group { folder: tempfile::tempdir().unwrap() };
        group.write("i.json", &instance());
        group.write("s.json", &schedule());
        let replaced = json!({"type": "examiner-replaced", "examiner": "B1", "by": "B2", "date": "2024-06-03"});
        group.write("e.json", &json!({"format": "oraux-events/1", "events": [replaced]}));
        group
    }

    fn write(&self, name: &str, json: &Value) {
        std::fs::write(self.path(name), json.to_string()).unwrap();
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, args: &str) -> Output {
        let mut command = Command::cargo_bin("oraux").unwrap();
        command.current_dir(self.folder.path()).env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", "C");
        // A wish is one argument.
        let words = args.split('\'').enumerate().flat_map(|(i, part)| match i % 2 {
            0 => part.split_whitespace().map(String::from).collect(),
            _ => vec![part.to_string()],
        });
        command.args(words).output().unwrap()
    }

    /// Standard output of a command that has nothing to complain about.
    fn says(&self, args: &str) -> String {
        let output = self.run(args);
        let complaint = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success() && complaint.is_empty(), "{args}: {complaint}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The same, kept in a file as a program would.
    fn keep(&self, args: &str, name: &str) {
        std::fs::write(self.path(name), self.says(args)).unwrap();
    }
}

#[test]
fn the_schedule_worked_out_by_hand_is_valid() {
    assert!(Group::new().says("check i.json s.json").starts_with("valid"));
}

#[test]
fn where_the_cost_comes_from_and_what_has_no_sitting() {
    let group = Group::new();
    insta::assert_snapshot!("explain_cost", group.says("explain i.json s.json"));
    insta::assert_snapshot!("explain_cost_fr", group.says("explain i.json s.json --lang fr"));
}

#[test]
fn what_binds_a_candidate_and_an_examiner() {
    let group = Group::new();
    insta::assert_snapshot!("explain_candidate", group.says("explain i.json s.json --candidate C3"));
    insta::assert_snapshot!("explain_candidate_fr", group.says("explain i.json s.json --candidate C2 --lang fr"));
    insta::assert_snapshot!("explain_examiner", group.says("explain i.json s.json --examiner B1"));
    insta::assert_snapshot!("explain_examiner_not_convened", group.says("explain i.json s.json --examiner A1"));
}

#[test]
fn why_not() {
    let group = Group::new();
    let ask = |wish: &str| group.says(&format!("explain i.json s.json --iterations 400 --why-not '{wish}'"));
    insta::assert_snapshot!("why_not_allowed", ask("C2 U62 2024-06-03 16:00 R2"));
    insta::assert_snapshot!("why_not_forbidden", ask("C2 E4 2024-06-04 09:00"));
    insta::assert_snapshot!("why_not_others_move", ask("C1 E4 2024-06-03 10:30 R1"));
    insta::assert_snapshot!("why_not_examiner", ask("A1 2024-06-03"));
}

#[test]
fn a_diagnosis_of_what_can_be_heard_and_of_what_cannot() {
    let group = Group::new();
    let mut feasible = instance();
    feasible["candidates"][3]["orals"].as_array_mut().unwrap().pop();
    group.write("feasible.json", &feasible);
    insta::assert_snapshot!("diagnose_feasible", group.says("diagnose feasible.json --iterations 400 --remedies 1"));
    // One commission hears 420 minutes a day: eight E4 on one date are one too many.
    let mut crowded = instance();
    crowded["calendar"]["dates"] = json!(["2024-06-03"]);
    crowded["calendar"]["papers"] = json!([]);
    crowded["groups"]["G"] = json!(["Z1"]);
    let one = |i: u32| json!({"id": format!("D{i}"), "group": "G", "school": "L1", "orals": [{"exam": "E4", "form": "final"}]});
    crowded["candidates"] = (1..=8).map(one).collect();
    group.write("crowded.json", &crowded);
    insta::assert_snapshot!("diagnose_crowded", group.says("diagnose crowded.json --iterations 400 --remedies 2"));
    insta::assert_snapshot!(
        "diagnose_crowded_fr",
        group.says("diagnose crowded.json --iterations 400 --remedies 2 --lang fr")
    );
}

#[test]
fn what_if_and_which_centres() {
    let group = Group::new();
    let asked = "whatif i.json --from s.json --iterations 400 --set policy.orals_a_day=1";
    insta::assert_snapshot!("whatif", group.says(asked));
    insta::assert_snapshot!("centres", group.says("centres i.json --iterations 400"));
}

#[test]
fn a_simulation_of_absences() {
    let group = Group::new();
    insta::assert_snapshot!("simulate", group.says("simulate i.json s.json --runs 40 --reserves 1"));
    insta::assert_snapshot!("simulate_fr", group.says("simulate i.json s.json --runs 40 --reserves 1 --lang fr"));
}

/// Several orals of one person that change in the same way are one sentence.
#[test]
fn the_list_to_telephone_from() {
    let group = Group::new();
    let asked = "replan i.json s.json --events e.json -o n.json --amended a.json --time 0";
    insta::assert_snapshot!("replan_list", group.says(asked));
    insta::assert_snapshot!("replan_list_fr", group.says(&format!("{asked} --lang fr")));
}

/// The page says what the commands say, in their words.
#[test]
fn the_page_shows_what_the_commands_say() {
    let group = Group::new();
    group.keep("diagnose i.json --iterations 100 --remedies 1 --json --lang fr", "d.json");
    group.keep("simulate i.json s.json --runs 5 --json --lang fr", "m.json");
    group.keep("replan i.json s.json --events e.json -o n.json --amended a.json --time 0 --json --lang fr", "c.json");
    group.says("report a.json n.json -o p.html --with d.json --with m.json --with c.json");
    let page = std::fs::read_to_string(group.path("p.html")).unwrap();
    // The page has no names of rules, and sets spaces, dates and hours as a reader writes them.
    let even = |text: &str| text.replace(['\u{a0}', '\u{202f}'], " ").replace('’', "'");
    let text = even(&plain(&page));
    let as_read = |said: &str| even(&oraux::lang::readable(said.split(" [").next().unwrap()));
    for command in
        ["explain a.json n.json", "explain a.json n.json --candidate C3", "explain a.json n.json --examiner B2"]
    {
        let said = group.says(&format!("{command} --lang fr"));
        let sentences = sentences(&said);
        assert!(sentences.len() > 2, "{command}: {said}");
        for sentence in sentences {
            assert!(text.contains(&as_read(&sentence)), "{command}: the page lacks \u{ab}{sentence}\u{bb}");
        }
    }
    for (name, fields) in [("d.json", &["summary"][..]), ("c.json", &["message", "because"])] {
        let json: Value = serde_json::from_slice(&std::fs::read(group.path(name)).unwrap()).unwrap();
        let mut said = Vec::new();
        texts(&json, fields, &mut said);
        assert!(!said.is_empty());
        for sentence in said {
            assert!(text.contains(&as_read(&plain(&sentence))), "{name}: the page lacks {sentence}");
        }
    }
    assert!(text.contains("Les absences isolées les plus coûteuses") && text.contains("à l'heure"));
    // Need against supply stands there without any diagnosis.
    group.says("report i.json s.json -o p.html");
    let alone = plain(&std::fs::read_to_string(group.path("p.html")).unwrap());
    assert!(alone.contains("Besoins et moyens, du plus rare au moins rare") && !alone.contains("Absences simulées"));
}

/// What is no answer of these commands, or one about another group, is one error each.
#[test]
fn a_foreign_answer_is_refused() {
    let group = Group::new();
    group.keep("diagnose i.json --iterations 10 --remedies 0 --json", "d.json");
    let mut other: Value = serde_json::from_slice(&std::fs::read(group.path("d.json")).unwrap()).unwrap();
    other["instance"] = json!("elsewhere");
    group.write("other.json", &other);
    other["needs"] = json!(3);
    group.write("torn.json", &other);
    std::fs::write(group.path("text.json"), "Feasible").unwrap();
    let output =
        group.run("report i.json s.json -o p.html --with i.json --with text.json --with other.json --with torn.json");
    assert_eq!(output.status.code(), Some(2));
    assert!(!Path::new(&group.path("p.html")).exists());
    insta::assert_snapshot!("report_with_foreign_answers", String::from_utf8(output.stderr).unwrap());
}

/// The sentences of a command's output, joined where they were wrapped; without the sources, which the page says once.
fn sentences(said: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in said.lines().filter(|l| !l.is_empty()) {
        let indent = line.len() - line.trim_start().len();
        let bullet = line.trim_start().starts_with("- ");
        match found.last_mut() {
            Some(last) if indent >= 4 && !bullet => *last = format!("{last} {}", line.trim()),
            _ => found.push(line.trim().trim_start_matches("- ").to_string()),
        }
    }
    // What binds somebody, and where the cost comes from: those that end with a rule or a figure.
    let bound = found.iter().filter_map(|s| s.split_once(" [").map(|(text, _)| text.to_string()));
    let terms = found.iter().filter(|s| s.contains("%) : ")).map(|s| s.split_once(' ').unwrap().1.trim().to_string());
    bound.filter(|s| !s.contains("  ")).chain(terms).map(|s| plain(&s)).collect()
}

/// The text of a page: without its tags, every space one space.
fn plain(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((text, tag)) = rest.split_once('<') {
        out.push_str(text);
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    let out = out.replace("&#x27;", "'").replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&");
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every text under one of these names.
fn texts(json: &Value, names: &[&str], found: &mut Vec<String>) {
    match json {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_str() {
                    Some(text) if names.contains(&name.as_str()) => found.push(text.to_string()),
                    _ => texts(value, names, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|i| texts(i, names, found)),
        _ => {}
    }
}
