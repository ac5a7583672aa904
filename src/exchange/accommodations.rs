//! What a candidate is granted: extra time, an accessible room, a preparation room alone, a rest; in the columns made
//! for each, or in words in a column of accommodations.

use chrono::Datelike;

use super::cell::{Cell, is_dash, is_quoted};
use super::headings::plain;
use super::page::{Log, Row};
use super::questions::Topic;
use super::words::among;
use crate::instance::Extra;
use crate::tr;

/// A third: minutes an hour.
const THIRD: u32 = 20;

/// What a row grants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Granted {
    /// Extra minutes an hour.
    pub extra: Extra,
    /// Needs rooms and ways without steps.
    pub accessible: bool,
    /// Prepares alone in the room.
    pub alone: bool,
    /// Minutes between two blocks of one date.
    pub gap: Option<u32>,
}

/// How a cell's minutes an hour were understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Minutes {
    each: u32,
    /// Not written as minutes: to be said.
    said: bool,
}

/// The parts of an exam that extra time is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Parts {
    preparation: bool,
    exam: bool,
    written: bool,
}

const ALL: Parts = Parts { preparation: true, exam: true, written: true };

const NOTHING: &str = "non, n, no, 0, faux, false, aucun, aucune, neant, ras, sans, sans objet, so, rien, pas de majoration, \
    pas d amenagement, aucun amenagement, none, sans amenagement";
const YES: &str = "oui, o, x, vrai, yes, y, true, 1, accorde, accordee, accordes, valide, beneficiaire, ok";
const THIRDS: &str = "1 3, tiers, tiers tps, tierstps, un tiers tps, tps majores, temps majores, un tiers, tiers temps, tierstemps, 1 3 temps, 1 3 tps, tt, t t, 1 3 de temps, 1 3 temps supplementaire, \
    un tiers temps, third, a third, temps majore, majoration, temps supplementaire, temps supplementaire 1 3, \
    majoration d un tiers, majoration 1 3, majoration d 1 3, tps majore, tiers temps oui";
const HALVES: &str = "1 2, mi temps, moitie, un demi, demi temps, half";
const UNITS: &str = ", min, mn, m, minutes, minute, min h, mn h, min heure, mn heure, minutes heure, minutes par heure, \
    min par heure, mn par heure, minutes h, min d h, par heure, 60, min 60, mn 60, minute par heure";
const ACCESSIBLE: &str = "pmr, fauteuil, fauteuil roulant, mobilite reduite, accessible, salle accessible, acces pmr, \
    acces fauteuil, rdc, rez de chaussee, ascenseur, acces ascenseur, salle au rdc, salle au rez de chaussee, \
    accessibilite, acces handicape, salle pmr, en fauteuil, en fauteuil roulant, handicap moteur, wheelchair, \
    needs accessible, acces handicapes";
const ALONE: &str = "salle a part, isole, isolee, seul, seule, salle individuelle, salle isolee, salle separee, \
    salle particuliere, salle dediee, isolement, prepare seul, preparation seul, preparation seule, \
    salle de preparation seul, prepares alone, alone";
/// Accommodations that change no rule of a plan of orals: they stay with the information.
const HARMLESS: &str = "sujet agrandi, sujets agrandis, agrandissement, documents agrandis, document agrandi, sujet en braille, \
    brouillon de couleur, police agrandie, sujet en a3, casque anti bruit";

/// Minutes an hour of a cell; `None` where it does not say how many. `percent`: bare numbers are a percentage.
fn minutes(cell: &Cell, percent: bool) -> Option<Minutes> {
    let exact = |each: f64| (each.fract() == 0.0 && (0.0..=600.0).contains(&each)).then_some(each as u32);
    let third = Some(Minutes { each: THIRD, said: true });
    let of_percent = |n: f64| {
        let each = if (33.0..34.0).contains(&n) { THIRD } else { exact(n * 0.6)? };
        Some(Minutes { each, said: true })
    };
    match cell {
        Cell::Empty | Cell::Bool(false) => Some(Minutes { each: 0, said: false }),
        Cell::Bool(true) => third,
        // A spreadsheet takes 1/3 for the first of March, and shows 33 % for a third.
        Cell::Date(d) if (d.day(), d.month()) == (1, 3) => third,
        Cell::Number(n) if percent && *n >= 1.0 => of_percent(*n),
        Cell::Number(n) if *n == 1.0 || (0.33..0.34).contains(n) => third,
        Cell::Number(n) if (33.0..34.0).contains(n) => None, // per cent or minutes?
        Cell::Number(n) if *n > 0.0 && *n < 1.0 => of_percent(n * 100.0),
        Cell::Number(n) => exact(*n).map(|each| Minutes { each, said: false }),
        Cell::Text(t) if is_quoted(cell) => t.trim_matches('"').parse().ok().map(|each| Minutes { each, said: false }),
        Cell::Text(t) if t.contains('?') => None,
        Cell::Text(t) => {
            let bare = plain(t);
            if is_dash(t) || among(NOTHING, &bare) || t.trim() == "/" {
                return Some(Minutes { each: 0, said: false });
            }
            if among(YES, &bare) || among(THIRDS, &bare) || matches!(t.trim(), "✓" | "✔") {
                return third;
            }
            if among(HALVES, &bare) {
                return Some(Minutes { each: 30, said: true });
            }
            let t = t.trim().trim_start_matches('+').trim_start();
            let end = t.find(|c: char| !c.is_ascii_digit() && !matches!(c, ',' | '.')).unwrap_or(t.len());
            let n: f64 = t[..end].replace(',', ".").parse().ok()?;
            let unit = t[end..].trim();
            if unit.is_empty() && n > 0.0 && n < 1.0 {
                return minutes(&Cell::Number(n), percent);
            }
            let share = unit
                .strip_prefix('%')
                .is_some_and(|rest| among(", de temps, du temps, de temps en plus", &plain(rest)));
            if share || (unit.is_empty() && percent) {
                return of_percent(n);
            }
            let known = among(UNITS, &plain(unit));
            let certain = known && (!unit.is_empty() || !(33.0..34.0).contains(&n));
            certain.then(|| exact(n)).flatten().map(|each| Minutes { each, said: false })
        }
        _ => None,
    }
}

/// The parts that a text names, and the text without them.
fn parts(text: &str) -> (Parts, String) {
    let (mut parts, mut rest) = (Parts::default(), Vec::new());
    let bare = plain(text);
    // Exceptions and percentages of parts are not read.
    if text.contains('%') || bare.split(' ').any(|w| matches!(w, "sauf" | "hors" | "except")) {
        return (parts, text.to_string());
    }
    for word in bare.split(' ') {
        match word {
            "ecrit" | "ecrits" | "ecrite" | "ecrites" | "written" => parts.written = true,
            "oral" | "oraux" | "orale" | "orales" => (parts.preparation, parts.exam) = (true, true),
            "preparation" | "preparations" | "prepa" | "loge" => parts.preparation = true,
            "passage" | "passages" => parts.exam = true,
            word => rest.push(word),
        }
    }
    if parts == Parts::default() {
        return (parts, text.to_string());
    }
    let small = |w: &&str| {
        matches!(*w, "et" | "a" | "l" | "aux" | "en" | "pour" | "les" | "de" | "la" | "le" | "epreuves" | "and")
    };
    rest.retain(|w| !small(w));
    (parts, rest.join(" "))
}

fn grant(extra: &mut Extra, parts: Parts, each: u32) {
    for (wanted, field) in [
        (parts.preparation, &mut extra.preparation),
        (parts.exam, &mut extra.exam),
        (parts.written, &mut extra.written),
    ] {
        if wanted {
            *field = (*field).max(each);
        }
    }
}

/// Extra time in a text that may name the parts it is for: `écrit et oral`, `20 min/h à l'écrit`.
fn extra_of(cell: &Cell, percent: bool) -> Option<(Parts, Minutes)> {
    if let Some(minutes) = minutes(cell, percent) {
        return Some((ALL, minutes));
    }
    let Cell::Text(text) = cell else { return None };
    let (parts, rest) = parts(text);
    if parts == Parts::default() {
        return None;
    }
    let each = if rest.is_empty() { Minutes { each: THIRD, said: true } } else { minutes(&Cell::Text(rest), percent)? };
    Some((parts, Minutes { said: true, ..each }))
}

/// Whether a cell of a column of extra time can be read.
pub fn reads_extra(cell: &Cell) -> bool {
    items(cell).iter().all(|item| extra_of(item, false).is_some())
}

fn items(cell: &Cell) -> Vec<Cell> {
    match cell {
        Cell::Text(_) if !is_quoted(cell) && minutes(cell, false).is_none() => {
            cell.items().into_iter().map(Cell::Text).collect()
        }
        cell => vec![cell.clone()],
    }
}

/// Reads what a row grants; what cannot be read is asked.
pub fn read(row: &Row, log: &mut Log) -> Granted {
    let mut granted = Granted {
        accessible: yes(row, "accessible", ACCESSIBLE, log),
        alone: yes(row, "alone", ALONE, log),
        gap: row.whole("gap", log),
        ..Granted::default()
    };
    for (key, parts) in [
        ("preparation", Parts { preparation: true, ..Parts::default() }),
        ("exam", Parts { exam: true, ..Parts::default() }),
        ("written", Parts { written: true, ..Parts::default() }),
    ] {
        one_part(row, key, parts, &mut granted, log);
    }
    general(row, &mut granted, log);
    words(row, &mut granted, log);
    granted
}

/// Yes or no, or in words what is granted.
fn yes(row: &Row, key: &str, words: &str, log: &mut Log) -> bool {
    let cell = row.cell(key);
    let bare = plain(&cell.text());
    if !is_quoted(cell) && !cell.is_empty() {
        if among(words, &bare) {
            return true;
        }
        if among(NOTHING, &bare) {
            return false;
        }
    }
    row.yes(key, log)
}

/// A column of one part.
fn one_part(row: &Row, key: &'static str, parts: Parts, granted: &mut Granted, log: &mut Log) {
    let Some(column) = row.column(key) else { return };
    let (cell, heading) = (row.at(column), plain(&row.heading(column)));
    if cell.is_empty() || row.refuses(key, log) {
        return;
    }
    let Some(each) = minutes(cell, row.heading(column).contains('%')) else {
        return row.ask(column, cell, Topic::of(key), log);
    };
    // An office that parts `écrit` from `oral` alone means by the latter all of the oral.
    let oral = key == "exam" && heading.split(' ').any(|w| matches!(w, "oral" | "oraux" | "orale" | "orales"));
    let both = oral && row.column("preparation").is_none();
    let parts = Parts { preparation: parts.preparation || both, ..parts };
    if both && each.each > 0 {
        let message = tr!(
            "extra time of orals, read for preparation and sitting",
            "temps majoré à l'oral, lu pour la préparation et le passage"
        );
        row.note_at(column, message, log);
    }
    say(row, column, cell, each, log);
    grant(&mut granted.extra, parts, each.each);
}

fn say(row: &Row, column: usize, cell: &Cell, each: Minutes, log: &mut Log) {
    if each.said {
        let (shown, n) = (cell.shown(), each.each);
        let message = if n == THIRD {
            tr!(
                "\"{shown}\" read as a third: 20 minutes an hour",
                "« {shown} » lu comme un tiers temps : 20 minutes par heure"
            )
        } else {
            tr!("\"{shown}\" read as {n} minutes an hour", "« {shown} » lu comme {n} minutes par heure")
        };
        row.note_at(column, message, log);
    }
}

/// A column of extra time that does not say for which part: for each part whose own cell is empty.
fn general(row: &Row, granted: &mut Granted, log: &mut Log) {
    let Some(column) = row.column("extra") else { return };
    let cell = row.at(column);
    if cell.is_empty() || row.refuses("extra", log) {
        return;
    }
    let mut said = Vec::new();
    for item in items(cell) {
        let Some((parts, each)) = extra_of(&item, row.heading(column).contains('%')) else {
            row.ask(column, &item, Topic::of("extra"), log);
            continue;
        };
        let open = |key: &str| row.cell(key).is_empty();
        let open = Parts {
            preparation: parts.preparation && open("preparation"),
            exam: parts.exam && open("exam"),
            written: parts.written && open("written"),
        };
        grant(&mut granted.extra, open, each.each);
        if each.each > 0 {
            said.push((open, each.each));
        }
    }
    for (parts, n) in said {
        let names = [
            (parts.preparation, tr!("preparation", "préparation")),
            (parts.exam, tr!("sitting", "passage")),
            (parts.written, tr!("papers", "écrits")),
        ];
        let list: Vec<String> = names.into_iter().filter(|(granted, _)| *granted).map(|(_, name)| name).collect();
        let (list, shown) = (list.join(", "), cell.shown());
        let message = tr!(
            "\"{shown}\" read as {n} minutes an hour for: {list}",
            "« {shown} » lu comme {n} minutes par heure pour : {list}"
        );
        row.note_at(column, message, log);
    }
}

/// A column of accommodations in words.
fn words(row: &Row, granted: &mut Granted, log: &mut Log) {
    let Some(column) = row.column("accommodations") else { return };
    if row.refuses("accommodations", log) {
        return;
    }
    for item in row.at(column).items().into_iter().flat_map(|item| and(&item)) {
        let bare = plain(&item);
        if is_dash(&item) || among(NOTHING, &bare) {
            continue;
        }
        if among(HARMLESS, &bare) {
            let message = tr!(
                "\"{item}\" changes no plan of orals; kept with the information",
                "« {item} » ne change aucun planning d'oraux ; gardé parmi les informations"
            );
            row.note_at(column, message, log);
            continue;
        }
        let rest = bare.strip_prefix("repos ").or_else(|| bare.strip_prefix("pause "));
        let cell = Cell::Text(item.clone());
        let vague = among(YES, &bare) || bare.bytes().all(|b| b.is_ascii_digit());
        if among(ACCESSIBLE, &bare) {
            granted.accessible = true;
        } else if among(ALONE, &bare) {
            granted.alone = true;
        } else if let Some(n) = rest.and_then(|r| Cell::Text(r.into()).whole()) {
            granted.gap = Some(granted.gap.unwrap_or(0).max(n));
        } else if let Some((parts, each)) = extra_of(&cell, false).filter(|_| !vague) {
            grant(&mut granted.extra, parts, each.each);
        } else {
            row.ask(column, &cell, Topic::of("accommodations"), log);
            continue;
        }
        let message = tr!("\"{item}\" read as an accommodation", "« {item} » lu comme un aménagement");
        row.note_at(column, message, log);
    }
}

/// `tiers temps et salle à part` as two, unless the parts of one extra time stand so (`écrit et oral`).
fn and(item: &str) -> Vec<String> {
    if extra_of(&Cell::Text(item.into()), false).is_some() {
        return vec![item.to_string()];
    }
    let halves = item.split(" + ").flat_map(|part| part.split(" et ")).map(|part| part.trim().to_string());
    halves.filter(|part| !part.is_empty()).collect()
}

/// Whether a text alone says a third of extra time, whatever its heading: `1/3`, `33 %`, `20 min/h`.
pub fn says_third(cell: &Cell) -> bool {
    let Cell::Text(text) = cell else { return false };
    let in_words = text.contains(|c: char| c.is_alphabetic() || matches!(c, '/' | '%'));
    in_words && !among(YES, &plain(text)) && minutes(cell, false).is_some_and(|m| m.each == THIRD)
}

/// Whether a text speaks of accommodations: a column of remarks may hide one.
pub fn speaks_of(text: &str) -> bool {
    const SIGNS: &str = "tiers temps, 1 3 temps, temps majore, majoration, temps supplementaire, pmr, fauteuil, \
        mobilite reduite, handicap, handicape, rqth, mdph, aesh, avs, secretaire, scripteur, amenagement, amenagements, \
        salle a part, salle isolee, isole, malvoyant, malvoyante, malentendant, malentendante, dyslexie, dyslexique, \
        dyspraxie, lsf, bequille, bequilles, plan d accompagnement, rdc, rez de chaussee, ascenseur, handicapee, handicaps, \
        temps maj, tps maj, tps majore, temps sup, tps sup, tiers tps, 1 3 tps, amenag, amenagt, fauteuils, platre, platree, \
        aveugle, sourd, sourde, non voyant, non voyante, dys, dyscalculie, dysphasie, tdah, autiste, autisme, asperger, \
        epileptique, diabetique, enceinte, seul en loge, seule en loge, loge individuelle, loge a part, salle individuelle, \
        salle separee, salle seul, salle seule, plain pied, accessible, acces pmr";
    let bare = format!(" {} ", plain(text));
    let upper = |sign: &str| text.split(|c: char| !c.is_alphanumeric()).any(|w| w == sign);
    SIGNS.split(", ").any(|sign| bare.contains(&format!(" {sign} ")))
        || ["PAP", "PPS", "PAI", "TT"].into_iter().any(upper)
}

/// What of a row's accommodations no field holds, as the text of the cell.
pub fn aside(row: &Row) -> Option<String> {
    let cell = row.at(row.column("accommodations")?);
    let kept = cell.items().iter().any(|item| among(HARMLESS, &plain(item)));
    (kept || row.answered("accommodations")).then(|| row.original("accommodations")).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn text(t: &str) -> Cell {
        Cell::Text(t.into())
    }

    #[test]
    fn minutes_an_hour_are_read_as_offices_write_them() {
        let read = |cell: Cell| minutes(&cell, false).map(|m| m.each);
        for t in [
            "20",
            "20 min",
            "20 min/h",
            "20 mn/h",
            "20mn",
            "+20",
            "20'",
            "20/60",
            "20 minutes par heure",
            "oui",
            "OUI",
            "O",
            "x",
            "X",
            "1",
            "vrai",
            "✓",
            "1/3",
            "1/3 temps",
            "tiers",
            "Tiers temps",
            "tiers-temps",
            "TT",
            "T.T.",
            "33 %",
            "33,33 %",
            "33%",
            "0,33",
            "0.333",
            "tiers tps",
            "temps majoré",
            "accordé",
        ] {
            assert_eq!(read(text(t)), Some(20), "{t}");
        }
        let march = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        for cell in
            [Cell::Number(20.0), Cell::Number(1.0), Cell::Number(1.0 / 3.0), Cell::Bool(true), Cell::Date(march)]
        {
            assert_eq!(read(cell.clone()), Some(20), "{cell:?}");
        }
        for (t, n) in [("50 %", 30), ("1/2", 30), ("25 %", 15), ("30", 30), ("10 min", 10), ("33 min", 33)] {
            assert_eq!(read(text(t)), Some(n), "{t}");
        }
        for t in ["non", "0", "–", "-", "/", "aucun", "Néant", "RAS", "sans objet", "FAUX"] {
            assert_eq!(read(text(t)), Some(0), "{t}");
        }
        for t in ["voir dossier", "AVS", "ordinateur", "secrétaire", "33", "1h20", "oui ?", "en attente", "20 h", "3/4"]
        {
            assert_eq!(read(text(t)), None, "{t}");
        }
        assert_eq!(read(Cell::Number(33.0)), None);
        assert_eq!(minutes(&Cell::Number(33.0), true).map(|m| m.each), Some(20));
        assert_eq!(minutes(&text("50"), true).map(|m| m.each), Some(30));
    }

    #[test]
    fn extra_time_may_name_its_parts() {
        let read = |t: &str| {
            let (parts, minutes) = extra_of(&text(t), false)?;
            let mut extra = Extra::default();
            grant(&mut extra, parts, minutes.each);
            Some((extra.preparation, extra.exam, extra.written))
        };
        for (t, wanted) in [
            ("oui", Some((20, 20, 20))),
            ("écrit", Some((0, 0, 20))),
            ("oral", Some((20, 20, 0))),
            ("écrit et oral", Some((20, 20, 20))),
            ("écrits/oraux", Some((20, 20, 20))),
            ("préparation", Some((20, 0, 0))),
            ("prépa et passage", Some((20, 20, 0))),
            ("tiers temps à l'écrit", Some((0, 0, 20))),
            ("1/3 temps écrit", Some((0, 0, 20))),
            ("30 min à l'oral", Some((30, 30, 0))),
            ("50 % écrit", None),
            ("sauf oral", None),
            ("hors préparation", None),
            ("oral : voir dossier", None),
        ] {
            assert_eq!(read(t), wanted, "{t}");
        }
    }

    #[test]
    fn remarks_that_hide_an_accommodation_are_found() {
        for t in [
            "PAP – tiers temps",
            "vient en fauteuil roulant",
            "RQTH",
            "dossier MDPH en cours",
            "salle à part",
            "TT écrit",
        ] {
            assert!(speaks_of(t), "{t}");
        }
        for t in
            ["homonyme !", "fiche E4 non signée", "dispense U62", "pap et mamie", "à isoler du lot", "att. dossier", ""]
        {
            assert!(!speaks_of(t), "{t}");
        }
    }
}
