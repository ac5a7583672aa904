//! Days on which a French school is shut: weekends, public holidays (code du travail, L3133-1), those of Alsace and
//! Moselle (L3134-13) and of the overseas departments (L3422-2), and an academy's own.

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};

use super::Info;
use crate::places::uai::departments;
use crate::tr;
use crate::words::plain;

/// A part of France with holidays of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Territory {
    /// Bas-Rhin, Haut-Rhin and Moselle.
    AlsaceMoselle,
    /// Guadeloupe.
    Guadeloupe,
    /// Martinique.
    Martinique,
    /// Guyane.
    Guyane,
    /// La Réunion.
    Reunion,
    /// Mayotte.
    Mayotte,
}

impl Territory {
    /// By the département that a school's UAI says, else by its académie.
    pub fn of(uai: &str, académie: Option<&str>) -> Option<Territory> {
        if let Some(code) = departments(uai).first() {
            return match *code {
                "57" | "67" | "68" => Some(Territory::AlsaceMoselle),
                "971" => Some(Territory::Guadeloupe),
                "972" => Some(Territory::Martinique),
                "973" => Some(Territory::Guyane),
                "974" => Some(Territory::Reunion),
                "976" => Some(Territory::Mayotte),
                _ => None,
            };
        }
        let académie = plain(académie?);
        let names = [
            ("strasbourg", Territory::AlsaceMoselle),
            ("guadeloupe", Territory::Guadeloupe),
            ("martinique", Territory::Martinique),
            ("guyane", Territory::Guyane),
            ("reunion", Territory::Reunion),
            ("mayotte", Territory::Mayotte),
        ];
        names.into_iter().find(|(name, _)| académie.contains(name)).map(|(_, territory)| territory)
    }

    /// Where the holiday is one: `in La Réunion`.
    pub fn place(self) -> String {
        match self {
            Territory::AlsaceMoselle => tr!("in Alsace and Moselle", "en Alsace et en Moselle"),
            Territory::Guadeloupe => tr!("in Guadeloupe", "en Guadeloupe"),
            Territory::Martinique => tr!("in Martinique", "en Martinique"),
            Territory::Guyane => tr!("in Guyane", "en Guyane"),
            Territory::Reunion => tr!("in La Réunion", "à La Réunion"),
            Territory::Mayotte => tr!("in Mayotte", "à Mayotte"),
        }
    }

    /// The territory's own holiday on that date.
    pub fn holiday(self, date: NaiveDate) -> Option<String> {
        let day = (date.month(), date.day());
        if self == Territory::AlsaceMoselle {
            return if date == easter(date.year()) - TimeDelta::days(2) {
                Some(tr!("Good Friday", "vendredi saint"))
            } else {
                (day == (12, 26)).then(|| tr!("the second day of Christmas", "second jour de Noël"))
            };
        }
        let abolition = match self {
            Territory::Mayotte => (4, 27),
            Territory::Martinique => (5, 22),
            Territory::Guadeloupe => (5, 27),
            Territory::Guyane => (6, 10),
            _ => (12, 20),
        };
        (day == abolition).then(|| tr!("the abolition of slavery", "abolition de l'esclavage"))
    }
}

/// The Sunday of Easter (Gregorian calendar; the computation of Meeus, Jones and Butcher).
pub fn easter(year: i32) -> NaiveDate {
    let (a, b, c) = (year.rem_euclid(19), year.div_euclid(100), year.rem_euclid(100));
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15).rem_euclid(30);
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k).rem_euclid(7);
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19).rem_euclid(32);
    NaiveDate::from_ymd_opt(year, month as u32, day as u32).expect("Easter is a date of March or April")
}

/// The holiday of all France on that date.
pub fn holiday(date: NaiveDate) -> Option<String> {
    let fixed = match (date.month(), date.day()) {
        (1, 1) => Some(tr!("New Year's Day", "jour de l'An")),
        (5, 1) => Some(tr!("Labour Day", "fête du Travail")),
        (5, 8) => Some(tr!("Victory Day", "victoire de 1945")),
        (7, 14) => Some(tr!("the national holiday", "fête nationale")),
        (8, 15) => Some(tr!("Assumption Day", "Assomption")),
        (11, 1) => Some(tr!("All Saints' Day", "Toussaint")),
        (11, 11) => Some(tr!("Armistice Day", "armistice de 1918")),
        (12, 25) => Some(tr!("Christmas Day", "Noël")),
        _ => None,
    };
    fixed.or_else(|| match (date - easter(date.year())).num_days() {
        0 => Some(tr!("Easter Sunday", "dimanche de Pâques")),
        1 => Some(tr!("Easter Monday", "lundi de Pâques")),
        39 => Some(tr!("Ascension Day", "Ascension")),
        49 => Some(tr!("Whit Sunday", "dimanche de Pentecôte")),
        50 => Some(tr!("Whit Monday", "lundi de Pentecôte")),
        _ => None,
    })
}

/// Saturday or Sunday, in words.
pub fn weekend(date: NaiveDate) -> Option<String> {
    match date.weekday() {
        Weekday::Sat => Some(tr!("a Saturday", "un samedi")),
        Weekday::Sun => Some(tr!("a Sunday", "un dimanche")),
        _ => None,
    }
}

/// The key of an instance's `info` that names the academy's own days: `2024-05-10 bridge, 2024-05-11`.
pub const OWN_DAYS: &str = "holidays";

/// The academy's own days, each with its name if it has one, and what of the text is not a date.
pub fn own_days(info: &Info) -> (Vec<(NaiveDate, String)>, Vec<String>) {
    let (mut days, mut unread) = (Vec::new(), Vec::new());
    let text = info.get(OWN_DAYS).map_or("", String::as_str);
    for item in text.split([',', ';', '\n']).map(str::trim).filter(|i| !i.is_empty()) {
        let end = item.find([' ', ':', '(']).unwrap_or(item.len());
        let name = item[end..].trim_matches([' ', ':', '(', ')']).to_string();
        match written(&item[..end]) {
            Some(date) => days.push((date, name)),
            None => unread.push(item.to_string()),
        }
    }
    (days, unread)
}

/// `2024-05-10` or `10/05/2024`.
fn written(text: &str) -> Option<NaiveDate> {
    text.parse().ok().or_else(|| NaiveDate::parse_from_str(text, "%d/%m/%Y").ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn easter_falls_where_almanacs_say() {
        for text in [
            "1900-04-15",
            "1954-04-18",
            "1961-04-02",
            "1981-04-19",
            "2000-04-23",
            "2008-03-23",
            "2019-04-21",
            "2024-03-31",
            "2025-04-20",
            "2026-04-05",
            "2027-03-28",
            "2028-04-16",
            "2030-04-21",
            "2038-04-25",
            "2049-04-18",
            "2285-03-22",
        ] {
            assert_eq!(easter(day(text).year()), day(text));
        }
        let sundays = |year| easter(year).weekday() == Weekday::Sun;
        assert!((1600..2600).all(sundays));
    }

    #[test]
    fn the_eleven_holidays_of_a_year_are_those_of_the_code() {
        let of_year = |year: i32| {
            let days = NaiveDate::from_ymd_opt(year, 1, 1).unwrap().iter_days().take_while(|d| d.year() == year);
            days.filter(|d| holiday(*d).is_some() && d.weekday() != Weekday::Sun)
                .map(|d| d.to_string())
                .collect::<Vec<_>>()
        };
        let wanted = [
            "2024-01-01",
            "2024-04-01",
            "2024-05-01",
            "2024-05-08",
            "2024-05-09",
            "2024-05-20",
            "2024-07-14",
            "2024-08-15",
            "2024-11-01",
            "2024-11-11",
            "2024-12-25",
        ];
        assert_eq!(
            of_year(2024),
            wanted.iter().copied().filter(|d| *d != "2024-07-14").collect::<Vec<_>>(),
            "14 July is a Sunday"
        );
        assert_eq!(holiday(day("2024-07-14")).unwrap(), "the national holiday");
        assert_eq!(holiday(day("2026-05-14")).unwrap(), "Ascension Day");
        assert_eq!(holiday(day("2026-05-25")).unwrap(), "Whit Monday");
        assert_eq!(holiday(day("2024-06-03")), None);
    }

    #[test]
    fn territories_have_their_own() {
        let at = |uai: &str, académie: &str, date: &str| {
            Territory::of(uai, Some(académie)).and_then(|t| Some(format!("{} {}", t.holiday(day(date))?, t.place())))
        };
        assert_eq!(at("0670001X", "", "2024-03-29").unwrap(), "Good Friday in Alsace and Moselle");
        assert_eq!(
            at("0570001X", "Nancy-Metz", "2024-12-26").unwrap(),
            "the second day of Christmas in Alsace and Moselle"
        );
        assert_eq!(at("0540001X", "Nancy-Metz", "2024-12-26"), None, "Meurthe-et-Moselle is not Moselle");
        assert_eq!(at("9710001X", "", "2024-05-27").unwrap(), "the abolition of slavery in Guadeloupe");
        assert_eq!(at("9720001X", "", "2024-05-22").unwrap(), "the abolition of slavery in Martinique");
        assert_eq!(at("9730001X", "", "2024-06-10").unwrap(), "the abolition of slavery in Guyane");
        assert_eq!(at("9740001X", "", "2024-12-20").unwrap(), "the abolition of slavery in La Réunion");
        assert_eq!(at("9760001X", "", "2024-04-27").unwrap(), "the abolition of slavery in Mayotte");
        assert_eq!(at("A", "La Réunion", "2024-12-20").unwrap(), "the abolition of slavery in La Réunion");
        assert_eq!(at("A", "Strasbourg", "2024-12-20"), None);
        assert_eq!(Territory::of("0140001X", Some("Strasbourg")), None, "the UAI is surer than the académie");
    }

    #[test]
    fn an_academy_names_its_own_days() {
        let info = Info::from([(
            OWN_DAYS.into(),
            "2024-05-10 pont de l'Ascension; 11/05/2024 (pont), 2024-06-05\nvendredi".into(),
        )]);
        let (days, unread) = own_days(&info);
        let named = |(d, n): &(NaiveDate, String)| format!("{d} {n}");
        assert_eq!(
            days.iter().map(named).collect::<Vec<_>>(),
            ["2024-05-10 pont de l'Ascension", "2024-05-11 pont", "2024-06-05 "]
        );
        assert_eq!(unread, ["vendredi"]);
    }
}
