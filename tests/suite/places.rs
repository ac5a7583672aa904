//! Communes of one name, places that no road joins, and centres with clocks of their own: from an office's sheets to papers
//! and calendars. Schools and people are invented; communes are not.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use oraux::exchange::headings::Mapping;
use oraux::exchange::import::{Imported, import};
use oraux::export::{By, Folder, KINDS, Options, Texts, View, make};
use oraux::instance::Instance;
use oraux::lang::{Lang, within};
use oraux::schedule::{Plan, Schedule};
use serde_json::json;
use tempfile::TempDir;

/// Sheets as CSV text, by name; those that are not given are those of a centre in Saint-Denis (La Réunion) with two
/// candidates of a school beside it.
fn office(own: &[(&str, &str)]) -> TempDir {
    let mut sheets = BTreeMap::from([
        ("Calendrier", "Date\n02/06/2026"),
        ("Centres", "UAI;Nom;Commune\n9749001R;Lycée fictif des Filaos;Saint-Denis"),
        ("Ouvertures", "Centre;Date;De;À\n9749001R;02/06/2026;8h00;18h00"),
        ("Salles", "Centre;Salle;Usage;Places\n9749001R;A1;passage;\n9749001R;CDI;préparation;6"),
        ("Établissements", "UAI;Nom;Commune\n9749002S;Lycée fictif des Vacoas;Saint-Pierre"),
        (
            "Interrogateurs",
            "N° interrogateur;Nom;Compétences;Commune;Libre par défaut\n\
             X1;BADAMIER-FICTIF;EG, CCST;Saint-Paul (974);oui\nX2;TAMARIN-FICTIF;STI, CCST;97430 Le Tampon;oui",
        ),
        (
            "Candidats",
            "N° candidat;Nom;Établissement;U62;U62 dossier\n\
             001;GOYAVIER-FICTIF;9749002S;ponctuelle;conforme\n002;LATANIER-FICTIF;9749002S;ponctuelle;conforme",
        ),
    ]);
    sheets.extend(own.iter().copied());
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in sheets {
        std::fs::write(folder.path().join(format!("{name}.csv")), text).unwrap();
    }
    folder
}

fn read(own: &[(&str, &str)]) -> Imported {
    let folder = office(own);
    within(Lang::Fr, || import(folder.path(), &Mapping::default())).unwrap_or_else(|e| panic!("{:#?}", e.faults))
}

/// What is said of sheets with faults, in both languages; the folder's name is left out.
fn refused(own: &[(&str, &str)]) -> String {
    let folder = office(own);
    let said = |lang| {
        let faults = within(lang, || import(folder.path(), &Mapping::default()).expect_err("faults").faults);
        let lines = within(lang, || faults.iter().map(|f| format!("{f}\n")).collect::<String>());
        lines
            .replace(&format!("{}/", folder.path().file_name().unwrap().to_string_lossy()), "")
            .replace(&format!("{}/", folder.path().parent().unwrap().display()), "")
    };
    said(Lang::En) + &said(Lang::Fr)
}

/// The kilometres of a school, by centre.
fn km(read: &Imported, school: &str) -> Vec<u32> {
    read.raw.schools.iter().find(|s| s.id == school).unwrap().km.values().map(|km| km.0).collect()
}

fn notes(read: &Imported) -> String {
    read.notes.iter().map(|n| format!("{}\n", n.message)).collect()
}

/// Two centres, Saint-Denis (974) and Paris, each with its own group.
const TWO_CENTRES: &str =
    "UAI;Nom;Commune\n9749001R;Lycée fictif des Filaos;Saint-Denis\n0759001B;Lycée fictif des Tilleuls;PARIS 12E";
const TWO_GROUPS: &str = "Groupe;Centres\nREUNION;9749001R\nPARIS;0759001B";

#[test]
fn the_uai_tells_saint_denis_from_saint_denis() {
    let near = "UAI;Commune\n9749002S;Saint-Denis\n0939001D;ST DENIS";
    let read = read(&[
        ("Centres", TWO_CENTRES),
        ("Groupes", TWO_GROUPS),
        ("Établissements", near),
        (
            "Candidats",
            "N° candidat;Groupe;Établissement;U62\n001;REUNION;9749002S;ponctuelle\n002;PARIS;0939001D;ponctuelle",
        ),
        ("Interrogateurs", "N° interrogateur;Compétences;Établissements\nX1;EG, CCST;9749002S\nX2;STI, CCST;0939001D"),
    ]);
    // Paris lies 9 km as the crow flies from Saint-Denis (93): 12 by road. No road leads to La Réunion.
    assert_eq!(km(&read, "9749002S"), [20_000, 0]);
    assert_eq!(km(&read, "0939001D"), [12, 20_000]);
    // Nobody crosses the sea by accident.
    let only = |i: usize| read.raw.examiners[i].centres.clone().unwrap();
    assert_eq!((only(0), only(1)), (vec!["9749001R".to_string()], vec!["0759001B".to_string()]));
    insta::assert_snapshot!("no_road_notes", notes(&read));
}

#[test]
fn a_group_that_sends_candidates_over_the_sea_is_asked_about() {
    let own = [("Centres", TWO_CENTRES)];
    insta::assert_snapshot!("over_the_sea", refused(&own));
    // With the kilometres that the office answers for, it is as the office says.
    let answer = "Type;Origine;9749001R;0759001B\nétablissement;9749002S;;9400";
    let answered = read(&[own[0], ("Distances", answer)]);
    assert_eq!(km(&answered, "9749002S")[0], 9400);
}

#[test]
fn a_ferry_is_no_road() {
    let said = refused(&[
        ("Centres", "UAI;Commune\n0139001A;Marseille 08"),
        ("Ouvertures", "Centre;Date;De;À\n0139001A;02/06/2026;8h00;18h00"),
        ("Salles", "Centre;Salle;Usage\n0139001A;A1;passage"),
        ("Établissements", "UAI;Commune\n6209001P;Ajaccio"),
        ("Interrogateurs", "N° interrogateur;Compétences;Commune\nX1;EG, CCST;20200 BASTIA"),
        ("Candidats", "N° candidat;Établissement;U62\n001;6209001P;ponctuelle"),
    ]);
    insta::assert_snapshot!("ferry", said);
}

#[test]
fn two_communes_that_fit_are_asked_about_and_an_unknown_one_is_said() {
    let said = refused(&[
        ("Centres", "UAI;Commune\nCENTRE-1;Saint-Denis"),
        ("Ouvertures", "Centre;Date;De;À\nCENTRE-1;02/06/2026;8h00;18h00"),
        ("Salles", "Centre;Salle;Usage\nCENTRE-1;A1;passage"),
        ("Établissements", "UAI;Commune\n0149001H;Lisieu\n0149002J;Saint-Denis\n9749002S;Saint-Pierre"),
        (
            "Interrogateurs",
            "N° interrogateur;Compétences;Commune\nX1;EG, CCST;Sainte-Marie\nX2;STI, CCST;Trou-Perdu (14)\nX3;PRO;Caen",
        ),
    ]);
    insta::assert_snapshot!("communes_asked", said);
}

#[test]
fn the_academy_the_group_and_the_school_tell_what_the_name_does_not() {
    let read = read(&[
        (
            "Interrogateurs",
            "N° interrogateur;Compétences;Commune;Établissements\nX1;EG, CCST;Saint-Denis;9749002S\n\
             X2;STI, CCST;Sainte-Marie;9749002S",
        ),
        ("Groupes", "Groupe;Centres\nLA RÉUNION;9749001R"),
        (
            "Candidats",
            "N° candidat;Groupe;Académie;Commune;U62\n001;LA RÉUNION;;Saint-Denis;ponctuelle\n\
             002;LA RÉUNION;La Réunion;Saint-Louis;ponctuelle",
        ),
    ]);
    let examiner = |i: usize| read.raw.examiners[i].km["9749001R"].0;
    assert_eq!(examiner(0), 0);
    assert!((5..25).contains(&examiner(1)), "Sainte-Marie is the next commune: {}", examiner(1));
    assert_eq!(read.raw.candidates[0].km.as_ref().unwrap()["9749001R"].0, 0);
    assert!(!notes(&read).contains("seul nom"), "{}", notes(&read));
}

#[test]
fn what_a_cell_says_goes_before_the_uai_and_is_remarked() {
    let read = read(&[("Établissements", "UAI;Commune\n9749002S;Saint-Denis (974)\n0149001H;Rouen (76)")]);
    assert_eq!(km(&read, "9749002S"), [0]);
    assert!(notes(&read).contains("Rouen (76) n'est pas dans le département de l'UAI (14)"), "{}", notes(&read));
}

#[test]
fn a_distance_of_a_commune_is_found_by_any_of_its_names() {
    let read = read(&[("Distances", "Type;Origine;9749001R\ncommune;ST PIERRE (974);81\ncommune;St-Paul;31")]);
    assert_eq!(km(&read, "9749002S"), [81]);
    assert_eq!(read.raw.examiners[0].km["9749001R"].0, 31, "written without its département: several have the name");
}

#[test]
fn a_time_zone_is_read_checked_and_written() {
    let own = "UAI;Commune;Fuseau horaire\n9749001R;Saint-Denis;Indian/Mauritius";
    let read = read(&[("Centres", own)]);
    assert_eq!(read.raw.centres[0].time_zone.as_deref(), Some("Indian/Mauritius"));
    let instance = Instance::from_raw(read.raw).unwrap();
    assert_eq!(instance.centres.iter().next().unwrap().time_zone.name(), "Indian/Mauritius");
    let raw = instance.raw.clone();
    assert!(oraux::exchange::tables::filled(&raw).is_ok(), "the workbook reads back the same");
    assert!(Instance::from_json(raw.to_json().as_bytes()).unwrap().raw == raw);
    let said = refused(&[("Centres", "UAI;Commune;Fuseau horaire\n9749001R;Saint-Denis;Indian/Réunion")]);
    insta::assert_snapshot!("time_zone_unknown", said);
}

/// A schedule by hand: both candidates in one session of the centre in La Réunion, at 11:25 and 12:05 of its clocks.
fn by_hand(instance: &Instance) -> Schedule {
    let sitting = |candidate: &str, start: &str, end: &str| {
        json!({"candidate": candidate, "exam": "U62", "preparation_room": null, "preparation_start": start,
               "start": start, "end": end})
    };
    let schedule = json!({
        "format": "oraux-schedule/1", "instance": instance.raw.name, "unscheduled": [], "not_heard": [],
        "cost": {"total": 0, "terms": {}}, "bound": null, "provenance": {},
        "sessions": [{
            "id": "S001", "commission": "expertise", "language": null, "centre": "9749001R", "room": "A1",
            "date": "2026-06-02", "members": {"STI": "X2", "EG": "X1"},
            "sittings": [sitting("001", "11:25", "11:55"), sitting("002", "12:05", "12:35")],
        }],
    });
    serde_json::from_value(schedule).unwrap()
}

/// Every file of an export in French, with the sources of the papers, by its path.
fn exported(instance: &Instance) -> BTreeMap<String, String> {
    let (schedule, texts) = (by_hand(instance), Texts::of(Lang::Fr));
    let plan = Plan::new(instance, &schedule, None);
    let view = View::new(&plan, &texts);
    let options = Options {
        kinds: KINDS.to_vec(),
        today: "2026-05-02".parse().unwrap(),
        candidates_by: By::School,
        examiners_by: By::School,
        templates: None,
        sources: true,
        draft: false,
        revision: 0,
        replaces: None,
    };
    let out = tempfile::tempdir().unwrap();
    let mut folder = Folder::open(out.path()).unwrap();
    assert!(make(&view, &options, &mut folder, &mut |_, _| ControlFlow::Continue(())).is_ok());
    assert!(folder.publish(0, "s", &[], false).is_ok());
    let (mut folders, mut files) = (vec![out.path().to_path_buf()], BTreeMap::new());
    while let Some(next) = folders.pop() {
        for entry in next.read_dir().unwrap().map(|e| e.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if let Ok(text) = std::fs::read_to_string(&entry) {
                let name = entry.strip_prefix(out.path()).unwrap().to_str().unwrap().to_string();
                files.insert(name, text.replace("\r\n ", ""));
            }
        }
    }
    files
}

/// The names of the files that say this.
fn saying(files: &BTreeMap<String, String>, words: &str) -> Vec<String> {
    files.iter().filter(|(_, text)| text.contains(words)).map(|(name, _)| name.clone()).collect()
}

#[test]
fn a_calendar_of_la_reunion_is_in_the_time_of_la_reunion() {
    let files = exported(&Instance::from_raw(read(&[]).raw).unwrap());
    let calendars: Vec<_> = files.iter().filter(|(name, _)| name.ends_with(".ics")).collect();
    assert_eq!(calendars.len(), 2 + 2 + 1, "candidates, examiners, the centre");
    for (_, text) in &calendars {
        assert!(text.contains("\r\nX-WR-TIMEZONE:Indian/Reunion\r\n") && !text.contains("Europe/Paris"), "{text}");
        assert!(text.contains("DTSTART;TZID=Indian/Reunion:20260602T1"), "{text}");
        assert!(text.contains("\r\nMETHOD:PUBLISH\r\n"), "{text}");
    }
    let first = calendars[0].1;
    let uid = first.split("UID:").nth(1).unwrap().split("\r\n").next().unwrap();
    insta::assert_snapshot!(
        "calendar_of_la_reunion",
        first.replace("\r\n", "\n").replace(uid, "[uid]").replace(env!("CARGO_PKG_VERSION"), "[version]")
    );
    let local = saying(&files, "heure locale (La");
    assert!(local.is_empty(), "{local:?}");
}

#[test]
fn hours_are_said_to_be_local_where_a_group_spans_zones() {
    let answer = "Type;Origine;9749001R;0759001B\nétablissement;9749002S;;9400\n\
                  interrogateur;X1;;9400\ninterrogateur;X2;;9400";
    let mut raw = read(&[("Centres", TWO_CENTRES), ("Distances", answer)]).raw;
    let said = saying(&exported(&Instance::from_raw(raw.clone()).unwrap()), "heure locale (La Réunion)");
    for paper in [
        "candidats-convocations",
        "interrogateurs-convocations",
        "emargement",
        "ordres-de-passage",
        "tableaux-journees",
        "proces-verbaux",
        "calendriers",
    ] {
        assert!(said.iter().any(|name| name.contains(paper)), "{paper}: {said:?}");
    }
    // The same group with one clock says nothing.
    raw.centres.iter_mut().for_each(|c| c.time_zone = Some("Indian/Reunion".into()));
    let said = saying(&exported(&Instance::from_raw(raw).unwrap()), "heure locale (La");
    assert!(said.is_empty(), "{said:?}");
}
