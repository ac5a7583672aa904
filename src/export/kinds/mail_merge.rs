//! *Publipostage*: one row a person, with the convocation in words: a sheet for the word processor's mail merge.

use super::super::place::{ADDRESS, CIVILITY, EMAIL, TELEPHONE, said};
use super::super::tables::{Cell, Table};
use super::super::view::{Candidate, Examiner};
use super::super::{File, Kind, Make, Options, View};
use super::{csv, workbook};
use crate::fault::Fault;
use crate::instance::Info;
use crate::tr;

/// The kind.
pub static KIND: Kind = Kind {
    name: "mail-merge",
    summary: || {
        tr!(
            "a sheet for a mail merge: one row a person, with the convocation in words",
            "une feuille de publipostage : une ligne par personne, avec la convocation en mots"
        )
    },
    make: Make::Files(files),
};

fn files(view: &View, options: &Options) -> Result<Vec<File>, Fault> {
    let (candidates, examiners) = (candidates(view), examiners(view));
    let book = workbook::file("bureau/publipostage.xlsx", view, options, &[candidates.clone(), examiners.clone()])?;
    Ok(vec![
        csv::file("publipostage-candidats", view, &candidates),
        csv::file("publipostage-interrogateurs", view, &examiners),
        book,
    ])
}

/// Family and first names: the family name is what stands first in capitals.
fn names(name: &str) -> (String, String) {
    let words: Vec<&str> = name.split_whitespace().collect();
    let capitals = |w: &&&str| w.chars().any(char::is_alphabetic) && !w.chars().any(char::is_lowercase);
    let n = words.iter().take_while(capitals).count();
    let n = if n == 0 { words.len() } else { n };
    (words[..n].join(" "), words[n..].join(" "))
}

fn person(id: &str, name: &str, info: &Info, said_of: String, file: &str) -> Vec<Cell> {
    let (family, first) = names(name);
    let text = |names: &[&str]| Cell::from(said(info, names).as_str());
    vec![
        text(CIVILITY),
        family.as_str().into(),
        first.as_str().into(),
        text(ADDRESS),
        text(EMAIL),
        text(TELEPHONE),
        id.into(),
        said_of.as_str().into(),
        file.into(),
    ]
}

const HEADINGS: [&str; 9] =
    ["title", "family_name", "first_name", "address", "email", "telephone", "number", "convocation", "calendar"];

fn candidates(view: &View) -> Table {
    let row = |c: &Candidate| {
        let stem = super::file_stem(&c.id, &c.name);
        person(&c.id, &c.name, &c.info, of_candidate(view, c), &format!("candidats/calendriers/{stem}.ics"))
    };
    let convened = view.candidates.iter().filter(|c| !c.sittings.is_empty());
    Table { name: "classeur.candidates", headings: HEADINGS.to_vec(), rows: convened.map(row).collect() }
}

/// The convocation of a candidate, in words.
pub(super) fn of_candidate(view: &View, c: &Candidate) -> String {
    let texts = view.texts;
    let one = |s: &super::Sitting| {
        let called = match s.follows {
            true => texts.get("convocation_candidat.at_once").to_string(),
            false => texts.fill("publipostage.called", &[("at", &texts.hour(s.arrival))]),
        };
        let values = [
            ("exam", s.exam_and_language()),
            ("date", texts.date(s.date)),
            ("called", called),
            ("centre", s.centre.label_and_time(texts)),
            ("start", texts.hour(s.time.from)),
            ("room", texts.room(&s.room)),
        ];
        texts.fill("publipostage.oral", &values.each_ref().map(|(k, v)| (*k, v.as_str())))
    };
    c.sittings.iter().map(one).collect::<Vec<_>>().join(" ; ")
}

fn examiners(view: &View) -> Table {
    let row = |x: &Examiner| {
        let stem = super::file_stem(&x.id, &x.name);
        person(&x.id, &x.name, &x.info, of_examiner(view, x), &format!("interrogateurs/calendriers/{stem}.ics"))
    };
    Table { name: "classeur.examiners", headings: HEADINGS.to_vec(), rows: view.examiners.iter().map(row).collect() }
}

/// The convocation of an examiner, in words.
pub(super) fn of_examiner(view: &View, x: &Examiner) -> String {
    let texts = view.texts;
    let one = |d: &super::super::view::Duty| {
        let s = &view.sessions[d.session];
        let values = [
            ("commission", s.label_and_language()),
            ("date", texts.date(s.date)),
            ("present", texts.hour(s.present_from)),
            ("hours", texts.from_to(s.time)),
            ("centre", s.centre.label_and_time(texts)),
            ("room", texts.room(&s.room)),
        ];
        texts.fill("publipostage.duty", &values.each_ref().map(|(k, v)| (*k, v.as_str())))
    };
    x.duties.iter().map(one).collect::<Vec<_>>().join(" ; ")
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn the_family_name_stands_first_in_capitals() {
        let split = |name: &str| {
            let (family, first) = names(name);
            format!("{family}|{first}")
        };
        assert_eq!(split("DE LA CHÊNE-FICTIF Alouette Marie"), "DE LA CHÊNE-FICTIF|Alouette Marie");
        assert_eq!(split("Chêne Alouette"), "Chêne Alouette|");
        assert_eq!(split("L'ORME"), "L'ORME|");
    }
}
