//! Project files: what goes in comes out, and every action can be undone, after a restart too.

use std::path::Path;
use std::sync::Arc;

use oraux::project::{Action, Document, Project, Sentence, Step};
use oraux::schedule::Schedule;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::room::{oraux, project};

fn action(kind: &'static str) -> Action {
    let what = Sentence { en: "something".into(), fr: "quelque chose".into() };
    Action { who: "Test".into(), kind, what, cost: None }
}

/// A random change: of a move, a cell, an import, a solve, a publication or a name.
fn change(document: &Document, rng: &mut Pcg64Mcg) -> Document {
    let mut next = document.clone();
    let mut plan: Schedule = next.schedule.as_deref().cloned().unwrap();
    match rng.random_range(0..7) {
        // An hour, or a room.
        0 | 1 if !plan.sessions.is_empty() => {
            let i = rng.random_range(0..plan.sessions.len());
            plan.sessions[i].room = format!("B{}", rng.random_range(0..100));
            if let Some(sitting) = plan.sessions[i].sittings.first_mut() {
                sitting.start.0 += 5;
            }
        }
        // A session goes, another comes.
        2 if !plan.sessions.is_empty() => {
            let i = rng.random_range(0..plan.sessions.len());
            let mut session = plan.sessions.remove(i);
            session.id = format!("H{:05}", rng.random_range(0..100_000));
            plan.sessions.insert(rng.random_range(0..=plan.sessions.len()), session);
        }
        // A cell.
        3 => {
            let text = next.instance.as_deref().unwrap();
            let at = text.char_indices().map(|(i, _)| i).collect::<Vec<_>>();
            let (a, b) = (*at.choose(rng).unwrap(), *at.choose(rng).unwrap());
            let (a, b) = (a.min(b), a.min(b) + (a.max(b) - a.min(b)).min(40));
            let b = (b..=text.len()).find(|b| text.is_char_boundary(*b)).unwrap();
            next.instance = Some([&text[..a], "é\"", &text[b..]].concat().into());
        }
        // An import, or its sheets.
        4 => {
            let text: String = (0..rng.random_range(1..200_000)).map(|i| ['a', 'é', '\n'][i % 3]).collect();
            if rng.random() { next.instance = Some(text.into()) } else { next.sheets = Some(text.into()) }
        }
        // A solve: everything is another order.
        5 => plan.sessions.reverse(),
        _ => next.name = format!("groupe {}", rng.random_range(0..1_000)),
    }
    plan.bound = Some(rng.random_range(0..1_000));
    next.schedule = Some(Arc::new(plan));
    next
}

fn start(folder: &Path) -> (std::path::PathBuf, Document) {
    let file = project(folder, "instances/small.json", true);
    let document = Project::open(&file, "Test").unwrap().document().clone();
    (file, document)
}

#[test]
fn fifty_random_actions_undone_and_done_again_leave_the_same_bytes() {
    for seed in 0..4 {
        let folder = tempfile::tempdir().unwrap();
        let (file, before) = start(folder.path());
        let mut rng = Pcg64Mcg::seed_from_u64(seed);
        let mut open = Project::open(&file, "Test").unwrap();
        let mut documents = vec![before.clone()];
        while documents.len() <= 50 {
            let next = change(open.document(), &mut rng);
            open.commit(next.clone(), action("edit"), &[]).unwrap();
            assert!(*open.document() == next);
            documents.push(next);
        }
        drop(open);
        let mut open = Project::open(&file, "Test").unwrap();
        assert!(open.document() == documents.last().unwrap(), "{seed}");
        for expected in documents.iter().rev().skip(1) {
            assert!(open.step(Step::Undo, "Test").unwrap().is_some());
            assert!(open.document() == expected, "{seed}");
        }
        assert!(open.step(Step::Undo, "Test").unwrap().is_none());
        drop(open);
        let mut open = Project::open(&file, "Test").unwrap();
        assert!(*open.document() == before);
        for expected in &documents[1..] {
            assert!(open.step(Step::Redo, "Test").unwrap().is_some());
            assert!(open.document() == expected, "{seed}");
        }
        assert!(open.step(Step::Redo, "Test").unwrap().is_none());
        assert_eq!(open.revision(), 150);
        // Every moment is still there.
        for (revision, expected) in documents.iter().enumerate() {
            assert!(open.at(revision as u64).unwrap() == *expected, "{seed}: {revision}");
        }
        assert!(open.at(100).unwrap() == before);
        // What was undone and then left for something else is not done again.
        open.step(Step::Undo, "Test").unwrap();
        open.commit(Document { name: "autre".into(), ..open.document().clone() }, action("edit"), &[]).unwrap();
        assert!(open.next(Step::Redo).is_none());
        assert_eq!(open.actions().iter().filter(|a| a.undone).count(), 1);
    }
}

#[test]
fn an_instance_comes_out_as_it_went_in() {
    let folder = tempfile::tempdir().unwrap();
    // As nobody writes it: other white space, another order.
    let text = std::fs::read_to_string("instances/small.json").unwrap().replace("\": ", "\" :\t").replace(",\n", "\n,");
    let own = folder.path().join("own.json");
    std::fs::write(&own, &text).unwrap();
    let file = project(folder.path(), own.to_str().unwrap(), true);
    let out = folder.path().join("out");
    assert!(oraux(folder.path()).arg("project").arg(&file).arg("--to").arg(&out).status().unwrap().success());
    assert_eq!(std::fs::read_to_string(out.join("instance.json")).unwrap(), text);
    let said = oraux(folder.path()).arg("project").arg(&file).output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.contains(text.trim()));
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(json["instance"]["format"], "oraux-instance/1");
    assert_eq!(json["schedule"]["format"], "oraux-schedule/1");
    assert_eq!(json["history"], serde_json::json!([]));
    // A copy of the file is a whole project; a file that is there is not made anew.
    let copy = folder.path().join("copie.oraux");
    std::fs::copy(&file, &copy).unwrap();
    let copied = oraux(folder.path()).arg("project").arg(&copy).output().unwrap();
    assert_eq!(String::from_utf8(copied.stdout).unwrap(), said);
    let again =
        oraux(folder.path()).arg("project").arg(&file).args(["--new", "--instance", "instances/small.json"]).output();
    assert_eq!(again.unwrap().status.code(), Some(2));
}

#[test]
fn what_is_no_project_is_told_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("groupe.oraux");
    let foreign = folder.path().join("foreign.oraux");
    rusqlite::Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
    let later = project(folder.path(), "instances/small.json", false);
    assert_eq!(later, file);
    let later = folder.path().join("later.oraux");
    std::fs::copy(&file, &later).unwrap();
    rusqlite::Connection::open(&later).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let torn = folder.path().join("torn.oraux");
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&torn, &bytes[..bytes.len() / 2]).unwrap();
    let text = folder.path().join("text.oraux");
    std::fs::write(&text, "bonjour").unwrap();
    let missing = folder.path().join("missing.oraux");
    for (path, wanted) in [
        (&foreign, "not a project"),
        (&later, "later oraux (form 99)"),
        (&torn, "damaged"),
        (&text, "not a project"),
        (&missing, "cannot be read"),
    ] {
        let before = std::fs::read(path).ok();
        let output = oraux(folder.path()).arg("project").arg(path).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{path:?}");
        assert!(said.contains(wanted), "{path:?}: {said}");
        assert!(std::fs::read(path).ok() == before, "{path:?}");
    }
}
