//! What papers and pages say of the session and of the office that holds it: fields of the instance's `info`, rows of the
//! sheet Session.

use chrono::{Datelike, NaiveDate};

use super::raw::Info;
use super::time::Minutes;
use crate::regulation::Regulation;

/// Each field: its key in `info`, its French and its English label.
pub const FIELDS: &[(&str, &str, &str)] = &[
    ("session", "Session", "Session year"),
    ("examination", "Examen", "Examination"),
    ("authority", "Autorité", "Authority"),
    ("office", "Service", "Office"),
    ("office_address", "Adresse du service", "Office address"),
    ("office_telephone", "Téléphone du service", "Office telephone"),
    ("office_email", "Courriel du service", "Office e-mail"),
    ("place", "Fait à", "Done at"),
    ("signatory", "Signataire", "Signatory"),
    ("references", "Références", "References"),
    ("mission", "Ordre de mission", "Mission order"),
    (CANDIDATES_BEFORE, "Arrivée des candidats avant l'heure (min)", "Candidates' arrival before the hour (min)"),
    (MEMBERS_BEFORE, "Arrivée des interrogateurs avant l'heure (min)", "Examiners' arrival before the hour (min)"),
];

/// The key of how early candidates arrive.
const CANDIDATES_BEFORE: &str = "candidates_before";
/// The key of how early members arrive.
const MEMBERS_BEFORE: &str = "members_before";

/// How early candidates arrive where nobody says otherwise.
const CANDIDATES: Minutes = 15;
/// How early members of commissions arrive where nobody says otherwise: time to read the files.
const MEMBERS: Minutes = 30;
/// The earliest that anybody may be told to arrive, in minutes before the hour.
const EARLIEST: Minutes = 240;

/// The session and its office; a text is empty where nothing says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Office {
    /// The session: `2026`; without its own field the year of all dates of the calendar.
    pub session: String,
    /// The examination: `BTS Conseil et commercialisation de solutions techniques`; by default the regulation's title.
    pub examination: String,
    /// Who holds the examination: `Région académique Normandie`.
    pub authority: String,
    /// The office's name.
    pub name: String,
    /// Its postal address.
    pub address: String,
    /// Its telephone.
    pub telephone: String,
    /// Its e-mail address.
    pub email: String,
    /// Where papers are signed.
    pub place: String,
    /// Who signs.
    pub signatory: String,
    /// The articles and orders that papers refer to.
    pub references: Vec<String>,
    /// What a member's convocation is worth: `IMAG'IN`, a sentence of the office's own, or empty.
    pub mission: String,
    /// Minutes between a candidate's arrival and the hour of preparation, or of the oral without one.
    pub candidates_before: Minutes,
    /// Minutes between a member's arrival and the hour at which files must have been read.
    pub members_before: Minutes,
    /// Fields that are not minutes from 0 to 240: key and text. The default holds in their place.
    pub unread: Vec<(&'static str, String)>,
}

impl Office {
    /// What an instance says.
    pub(super) fn of(info: &Info, dates: &[NaiveDate], regulation: &Regulation) -> Office {
        let text = |key: &str| info.get(key).map(|t| t.trim().to_string()).unwrap_or_default();
        let or = |own: String, other: String| if own.is_empty() { other } else { own };
        let mut unread = Vec::new();
        let mut minutes = |key: &'static str, usual: Minutes| {
            let own = text(key);
            let said = own.trim_end_matches("min").trim();
            match said.parse() {
                Ok(n) if (0..=EARLIEST).contains(&n) => n,
                _ if said.is_empty() => usual,
                _ => {
                    unread.push((key, own));
                    usual
                }
            }
        };
        let (candidates_before, members_before) =
            (minutes(CANDIDATES_BEFORE, CANDIDATES), minutes(MEMBERS_BEFORE, MEMBERS));
        let year = dates.first().map(|d| d.year()).filter(|year| dates.iter().all(|d| d.year() == *year));
        let references = text("references");
        Office {
            session: or(text("session"), year.map(|y| y.to_string()).unwrap_or_default()),
            examination: or(text("examination"), without_session(&regulation.title).to_string()),
            authority: text("authority"),
            name: text("office"),
            address: text("office_address"),
            telephone: text("office_telephone"),
            email: text("office_email"),
            place: text("place"),
            signatory: text("signatory"),
            references: references.split([';', '\n']).map(|r| r.trim().to_string()).filter(|r| !r.is_empty()).collect(),
            mission: text("mission"),
            candidates_before,
            members_before,
            unread,
        }
    }
}

/// A title without the session that it ends with: `BTS X, session 2024` is `BTS X`.
fn without_session(title: &str) -> &str {
    let bare = title.trim_end_matches(|c: char| c.is_ascii_digit());
    let cut = bare.trim_end().strip_suffix("session").or_else(|| bare.trim_end().strip_suffix("Session"));
    match cut {
        Some(cut) if bare.len() < title.len() => cut.trim_end_matches([' ', ',', '–', '-', '—']),
        _ => title,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regulation(title: &str) -> Regulation {
        Regulation { title: title.into(), ..Regulation::stand_in([]) }
    }

    fn info(fields: &[(&str, &str)]) -> Info {
        fields.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect()
    }

    #[test]
    fn the_session_is_that_of_the_dates_and_not_of_the_regulation() {
        let days = |list: &[&str]| list.iter().map(|d| d.parse().unwrap()).collect::<Vec<NaiveDate>>();
        let june = days(&["2026-06-02", "2026-06-03"]);
        let office = Office::of(&Info::new(), &june, &regulation("BTS Essai, session 2024"));
        assert_eq!((office.session.as_str(), office.examination.as_str()), ("2026", "BTS Essai"));
        let office = Office::of(&info(&[("session", " 2027 ")]), &june, &regulation("BTS 2024"));
        assert_eq!((office.session.as_str(), office.examination.as_str()), ("2027", "BTS 2024"));
        assert_eq!(Office::of(&Info::new(), &days(&["2025-12-31", "2026-01-02"]), &regulation("")).session, "");
    }

    #[test]
    fn lists_and_minutes_are_read() {
        let fields = [("references", "art. 1 ; arrêté"), ("members_before", "45 min")];
        let office = Office::of(&info(&fields), &[], &regulation("BTS Essai"));
        assert_eq!(office.references, ["art. 1", "arrêté"]);
        assert_eq!((office.candidates_before, office.members_before), (15, 45));
        let office =
            Office::of(&info(&[("candidates_before", "tôt"), ("members_before", "999")]), &[], &regulation(""));
        assert_eq!(office.unread.len(), 2);
        assert_eq!((office.candidates_before, office.members_before), (15, 30));
    }
}
