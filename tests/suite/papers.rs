//! What papers and pages say: the words of an exam office, the session and the office that holds it, and the same hours everywhere.

use std::collections::BTreeMap;

use oraux::export::{Options, Texts, View, kinds, remarks};
use oraux::instance::Instance;
use oraux::lang::{Lang, typeset, within};
use oraux::schedule::{Plan, Schedule};
use serde_json::{Value, json};

use crate::export::{Office, instance, oraux};

/// What an office was told before and no longer is: on papers, in calendars and tables, on the page.
const OLD: &[&str] = &[
    "de l’examen suivant",
    "Planning de commission",
    "Planning de salle",
    "Planning de la journée",
    "non entendu",
    "Non entendu",
    "oraux placés",
    "oral placé",
    "non placé",
    "qui ne se tiennent pas",
    "ordre de passage et les délibérations",
    "vous vous abstenez",
    "prévenez aussitôt",
    "d’intervenant",
    "N° interrogateur",
    "Intervenant",
    "Commission Commission",
    "Salle Salle",
    "salle Salle",
    "de expertise",
    "de anglais",
    "6.0 %",
    "optional_seat_empty",
    "EF2-abroad",
    "Non faisable",
    "avec phone",
    "instance",
    "graine",
];

/// The texts of a page without its style and script.
fn page_text(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    for (open, close) in [("<style>", "</style>"), ("<script>", "</script>")] {
        let (before, after) = rest.split_once(open).unwrap();
        text += before;
        rest = after.split_once(close).unwrap().1;
    }
    text + rest
}

fn words(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::String(text) => out.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|v| words(v, out)),
        Value::Object(table) => table.values().for_each(|v| words(v, out)),
        _ => {}
    }
}

/// `2024-06-03` or `08:30` in a text for people.
fn computers_own(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let is = |i: usize, form: &str| {
        let fits = |(b, f): (&u8, u8)| if f == b'0' { b.is_ascii_digit() } else { *b == f };
        bytes.get(i..i + form.len()).is_some_and(|part| part.iter().zip(form.bytes()).all(fits))
    };
    let apart = |i: usize| i == 0 || !bytes[i - 1].is_ascii_alphanumeric();
    (0..bytes.len()).find(|&i| apart(i) && (is(i, "0000-00-00") || is(i, "00:00"))).and_then(|i| text.get(i..i + 5))
}

#[test]
fn papers_calendars_and_page_have_the_words_of_an_office() {
    let office = Office::new();
    office.export_well(&office.schedule, &["--sources"]);
    for (path, bytes) in office.files() {
        let Ok(text) = String::from_utf8(bytes) else { continue };
        if path.ends_with(".typ") || path == "oraux-export.json" || path.ends_with(".csv") {
            continue;
        }
        if path.starts_with("typst/") {
            let data: Value = serde_json::from_str(&text).unwrap();
            let mut said = Vec::new();
            words(&data["pages"], &mut said);
            for line in &said {
                assert!(computers_own(line).is_none(), "{path}: {line}");
            }
            words(&data["t"], &mut said);
            said.push(data["session"].as_str().unwrap().into());
            for line in &said {
                let old = OLD.iter().find(|old| line.contains(**old));
                assert!(old.is_none(), "{path} says {old:?}: {line}");
            }
        } else {
            let text = text.replace("\r\n ", "");
            let old = OLD.iter().filter(|old| **old != "instance").find(|old| text.contains(**old));
            assert!(old.is_none(), "{path} says {old:?}");
        }
    }
    let (schedule, page) = (office.path("exported.json"), office.path("page.html"));
    let (code, said) =
        oraux(&["report", instance().to_str().unwrap(), schedule.to_str().unwrap(), "-o", page.to_str().unwrap()]);
    assert_eq!(code, 0, "{said}");
    let text = page_text(&std::fs::read_to_string(page).unwrap());
    for old in OLD {
        let at = text.find(old).map(|at| text[at.saturating_sub(60)..].chars().take(120).collect::<String>());
        assert!(at.is_none(), "the page says {old}: {at:?}");
    }
    for rule in ["examiner-available", "examiner-days", "oral-once"] {
        assert!(!text.contains(rule), "the page names {rule}");
    }
    // Ids and addresses within the page are no text.
    let shown: String = text.split('>').map(|part| part.split('<').next().unwrap()).collect::<Vec<_>>().join("\n");
    for line in shown.lines().filter(|line| !line.contains("instances/")) {
        assert!(computers_own(line).is_none(), "{line}");
    }
}

#[test]
fn every_text_of_the_papers_is_set_by_the_one_function() {
    let mut said = Vec::new();
    words(Texts::of(Lang::Fr).json(), &mut said);
    assert!(said.len() > 250, "{}", said.len());
    for text in said {
        assert_eq!(typeset(&text), text);
        assert!(!text.contains('\''), "{text}");
    }
}

/// The small instance in 2026, with what an office says of itself, and a schedule of it.
fn office_of_2026(info: Value) -> (Instance, Schedule) {
    let office = Office::new();
    let later = |text: String| text.replace("\"2024-", "\"2026-");
    let mut raw: Value = serde_json::from_str(&later(std::fs::read_to_string(instance()).unwrap())).unwrap();
    raw["info"] = info;
    let schedule = serde_json::from_str(&later(office.schedule.to_string())).unwrap();
    (Instance::from_json(raw.to_string().as_bytes()).unwrap(), schedule)
}

fn pages(view: &View, kind: &str) -> Vec<(String, Value)> {
    let kind = kinds::KINDS.iter().find(|k| k.name == kind).unwrap();
    let options = Options {
        kinds: vec![kind],
        today: "2026-05-04".parse().unwrap(),
        candidates_by: oraux::export::By::Person,
        examiners_by: oraux::export::By::Person,
        templates: None,
        sources: true,
        draft: false,
        revision: 1,
        replaces: None,
    };
    let oraux::export::Make::Papers(make) = kind.make else { panic!("{} are no papers", kind.name) };
    make(view, &options).into_iter().map(|p| (p.path.clone(), p.data(view, &options))).collect()
}

#[test]
fn the_session_and_the_office_are_on_every_paper() {
    let info = json!({
        "authority": "Région académique fictive", "office": "Division fictive des examens",
        "office_address": "168 rue fictive, 14000 CAEN", "office_telephone": "02 00 00 00 00",
        "office_email": "dec@example.org", "place": "Caen", "signatory": "Le chef fictif de division",
        "references": "Code de l'éducation, art. D643-1 ; arrêté du 25 novembre 2020", "candidates_before": "20",
    });
    let (instance, schedule) = office_of_2026(info);
    let texts = Texts::of(Lang::Fr).of_session(&instance);
    let plan = Plan::new(&instance, &schedule, None);
    let view = View::new(&plan, &texts);
    for kind in kinds::KINDS.iter().filter(|k| matches!(k.make, oraux::export::Make::Papers(_))) {
        for (path, data) in pages(&view, kind.name) {
            assert_eq!(
                data["session"], "BTS Conseil et commercialisation de solutions techniques, session 2026",
                "{path}"
            );
            assert!(!data.to_string().contains("session 2024"), "{path}");
            assert_eq!(data["t"]["office"]["name"], "Division fictive des examens", "{path}");
            assert_eq!(data["edition"], "Édition n°\u{a0}2 du 4 mai 2026", "{path}");
            assert_eq!(data["done"], "Fait à Caen, le 4 mai 2026", "{path}");
        }
    }
    let said = within(Lang::Fr, || remarks(&plan, &view)).join("\n");
    assert!(!said.contains("PARTIRAIENT SANS"), "{said}");
    assert!(said.contains("vaut pour la session 2024, et ceci est la session 2026"), "{said}");
    assert!(said.contains("sans adresse postale"), "{said}");
    let (_, data) = &pages(&view, "candidate-convocations")[0];
    let page = &data["pages"][0];
    assert!(page["intro"].as_str().unwrap().starts_with(
        "Vous êtes convoqué(e) aux épreuves orales du BTS Conseil et commercialisation de solutions techniques, session 2026,"
    ));
    assert!(
        page["arrival"].as_str().unwrap().contains("précède de 20\u{a0}minutes")
            || page["arrival"].as_str().unwrap().contains("précède de 20 minutes")
    );
    assert!(page["absence"].as_str().unwrap().contains("(02 00 00 00 00, dec@example.org)"));

    // Nobody says anything: the dates say the session, and the rest is missed aloud.
    let (instance, schedule) = office_of_2026(json!({}));
    let texts = Texts::of(Lang::Fr).of_session(&instance);
    let plan = Plan::new(&instance, &schedule, None);
    let view = View::new(&plan, &texts);
    let said = within(Lang::Fr, || remarks(&plan, &view)).join("\n");
    assert!(said.contains("LES DOCUMENTS PARTIRAIENT SANS : Autorité, Service, Adresse du service"), "{said}");
    assert_eq!(texts.get("office.session"), "2026");
}

/// The page, the convocation, the calendar and the list at the entrance say one hour of arrival.
#[test]
fn the_hour_of_arrival_is_one_everywhere() {
    let (instance, schedule) = office_of_2026(json!({"candidates_before": "25"}));
    let texts = Texts::of(Lang::Fr).of_session(&instance);
    let plan = Plan::new(&instance, &schedule, None);
    let view = View::new(&plan, &texts);
    let entrance = pages(&view, "entrance-lists");
    let convocations: BTreeMap<String, Value> = pages(&view, "candidate-convocations").into_iter().collect();
    let report = oraux::report::Report::new(&instance, &schedule, None, &oraux::report::FRENCH);
    let mut seen = 0;
    for c in view.candidates.iter().filter(|c| !c.sittings.is_empty()) {
        let first = &c.sittings[0];
        let hour = texts.hour(first.arrival);
        let opening = view.opening(&first.centre, first.date).unwrap().from;
        assert_eq!(first.arrival, (first.preparation.from - 25).max(opening), "{}", c.id);
        let own = convocations.values().map(|d| &d["pages"][0]).find(|p| p["id"] == json!(c.id)).unwrap();
        assert_eq!(own["days"][0]["sittings"][0]["arrival"], json!(hour), "{}", c.id);
        let line = report.candidates.iter().find(|l| l.who.id == c.id).unwrap();
        let sitting =
            line.orals.iter().filter_map(|o| o.sitting.as_ref()).find(|s| s.begins.0 == first.preparation.from);
        assert_eq!(sitting.unwrap().arrival.map(|a| a.0), Some(first.arrival), "{}", c.id);
        let rows = entrance
            .iter()
            .flat_map(|(_, d)| d["pages"].as_array().unwrap())
            .flat_map(|p| p["rows"].as_array().unwrap());
        seen += rows.filter(|row| row[1] == json!(c.id) && row[2] == json!(hour)).count().min(1);
    }
    assert_eq!(seen, convocations.len());
}

/// Members who must read files before a candidate prepares are called before the first preparation.
#[test]
fn members_are_called_early_enough_to_read_the_files() {
    let (instance, schedule) = office_of_2026(json!({"members_before": "45"}));
    let plan = Plan::new(&instance, &schedule, None);
    let mut prepared = 0;
    for s in &plan.sessions {
        let first = s.sittings.iter().filter(|p| p.raw.exam == "E4").map(|p| p.preparation.from).min();
        let opening = instance.centres[s.centre.unwrap()].open[&s.date].from;
        let wanted = first.map_or(s.span.from, |p| p.min(s.span.from)) - 45;
        assert_eq!(plan.members_called(s), wanted.max(opening).min(s.span.from), "{}", s.raw.id);
        prepared += usize::from(first.is_some_and(|p| p < s.span.from));
    }
    assert!(prepared > 0);
}

/// A commission that changes rooms within a half-day signs one sheet and one report, which name both rooms.
#[test]
fn a_commission_that_changes_room_signs_once() {
    let (instance, mut schedule) = office_of_2026(json!({}));
    let whole = schedule.sessions.iter().position(|s| s.sittings.len() > 1).unwrap();
    let mut second = schedule.sessions[whole].clone();
    let centre = instance.raw.centres.iter().find(|c| c.id == second.centre).unwrap();
    let own = second.room.clone();
    second.id = "SUITE".into();
    second.room = centre.exam_rooms.iter().map(|r| r.id.clone()).find(|r| *r != own).unwrap();
    second.sittings.remove(0);
    schedule.sessions[whole].sittings.truncate(1);
    let before = schedule.sessions.len();
    let (first, other) = (schedule.sessions[whole].id.clone(), second.room.clone());
    schedule.sessions.push(second);
    let texts = Texts::of(Lang::Fr).of_session(&instance);
    let plan = Plan::new(&instance, &schedule, None);
    let view = View::new(&plan, &texts);
    // The commission may have sat in another session of the half-day already.
    let suite = view.sessions.iter().find(|s| s.id == "SUITE").unwrap();
    let one = |s: &&oraux::export::view::Session| {
        (&s.commission, &s.language, s.date, s.half, &s.members)
            == (&suite.commission, &suite.language, suite.date, suite.half, &suite.members)
    };
    let people: usize = view.sessions.iter().filter(one).map(|s| s.sittings.len()).sum();
    for kind in ["attendance", "reports"] {
        let all: Vec<Value> =
            pages(&view, kind).into_iter().flat_map(|(_, d)| d["pages"].as_array().unwrap().clone()).collect();
        let merged = all.iter().find(|p| p["id"].as_str().unwrap().contains("SUITE")).unwrap();
        assert!(merged["id"].as_str().unwrap().contains(&first), "{kind}");
        assert_eq!(merged["sittings"].as_array().unwrap().len(), people, "{kind}");
        let room = merged["room"].as_str().unwrap();
        assert!(room.contains(&own) && room.contains(&other), "{room}");
        assert!(merged["foot"].as_str().unwrap().contains("2026"), "{kind}");
        assert!(all.len() <= before, "{kind}");
        assert!(view.sessions.iter().filter(one).count() > 1);
    }
}

/// Who is on call gets a letter; a professional's employer gets a copy without the names of others.
#[test]
fn reserves_and_employers_get_letters() {
    let (instance, schedule) = office_of_2026(json!({"mission": "IMAG'IN"}));
    let mut raw = instance.raw.clone();
    raw.examiners[0].reserve = true;
    let spare = raw.examiners[0].id.clone();
    let mut schedule = schedule;
    schedule.sessions.iter_mut().for_each(|s| s.members.retain(|_, x| *x != spare));
    let instance = Instance::from_raw(raw).unwrap();
    let texts = Texts::of(Lang::Fr).of_session(&instance);
    let plan = Plan::new(&instance, &schedule, None);
    let view = View::new(&plan, &texts);
    let all = pages(&view, "examiner-convocations");
    let (_, on_call) = all.iter().find(|(_, data)| data["pages"][0]["id"] == json!(spare)).unwrap();
    assert!(on_call["pages"][0]["intro"].as_str().unwrap().contains("suppléant"));
    assert!(!on_call["pages"][0]["dates"].as_array().unwrap().is_empty());
    let letters: Vec<&Value> = all.iter().flat_map(|(_, d)| d["pages"].as_array().unwrap()).collect();
    let copies: Vec<_> = letters.iter().filter(|p| p["copy"] != "").collect();
    assert!(!copies.is_empty());
    let mission = "établi dans l’application IMAG’IN";
    assert!(
        letters.iter().filter(|p| !p["days"].as_array().unwrap().is_empty()).all(|p| p.to_string().contains(mission))
    );
    for copy in copies {
        assert!(copy.to_string().contains("L3142-42") && copy["days"][0]["sessions"][0]["with"] == "", "{copy}");
    }
    let teacher = letters.iter().find(|p| p.to_string().contains("D911-31")).unwrap();
    assert!(teacher.to_string().contains("avec ") || teacher.to_string().contains("seul interrogateur"));
}
