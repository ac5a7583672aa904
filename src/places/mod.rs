//! Where things are: French communes with their coordinates and départements, distances, and legal times.
//!
//! The table (`communes.csv`) is made by `scripts/communes/make.py`; `NOTICE` names its sources.

mod department;
mod find;
pub mod uai;

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{NaiveDate, NaiveTime, Offset, TimeZone};
use chrono_tz::Tz;

pub use department::{Code, DEPARTMENTS, Department, around, department, of_academy, of_postcode};
pub use find::{Found, Named, find};

/// A road is longer than the great circle by about this factor.
pub const ROAD: f64 = 1.3;
const EARTH_RADIUS_KM: f64 = 6371.0;

/// A point of the map, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// North of the equator.
    pub latitude: f64,
    /// East of Greenwich.
    pub longitude: f64,
}

impl Point {
    /// Kilometres to another point as the crow flies.
    pub fn km(self, other: Point) -> f64 {
        let (a, b) = (self.latitude.to_radians(), other.latitude.to_radians());
        let (dy, dx) = ((b - a) / 2.0, (other.longitude - self.longitude).to_radians() / 2.0);
        let h = dy.sin().powi(2) + a.cos() * b.cos() * dx.sin().powi(2);
        2.0 * EARTH_RADIUS_KM * h.sqrt().asin()
    }

    /// Kilometres by road to another point of the same land: great circle × [`ROAD`], whole.
    pub fn road(self, other: Point) -> u32 {
        (self.km(other) * ROAD).round() as u32
    }
}

/// A commune, or a former one whose name letters still bear.
#[derive(Debug, PartialEq)]
pub struct Commune {
    /// Its name: `Saint-Lô`.
    pub name: &'static str,
    /// The code of its département.
    pub department: Code,
    /// Where it is.
    pub point: Point,
    /// The land that roads cross from there: empty for the mainland, else an island or a territory.
    pub land: &'static str,
    /// For a former commune, the one that it is part of now.
    pub now: Option<&'static str>,
}

impl Commune {
    /// `Saint-Denis (974)`: what tells it from others of that name.
    pub fn label(&self) -> String {
        format!("{} ({})", self.name, self.department)
    }

    /// Its legal time.
    pub fn zone(&self) -> Tz {
        match (self.department, self.land) {
            ("987", "Nuku-Hiva" | "Hiva-Oa" | "Ua-Pou") => Tz::Pacific__Marquesas,
            ("987", "Gambier") => Tz::Pacific__Gambier,
            _ => department(self.department).map_or(Tz::Europe__Paris, |d| d.zone),
        }
    }
}

/// Seconds by which a zone's clocks are ahead of UTC at noon of a date.
pub fn clock(zone: Tz, date: NaiveDate) -> i32 {
    let noon = date.and_time(NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default());
    zone.offset_from_utc_datetime(&noon).fix().local_minus_utc()
}

/// Where the clocks of a zone are, in words: `La Réunion`, `Paris`.
pub fn zone_name(zone: Tz) -> String {
    match DEPARTMENTS.iter().find(|d| d.zone == zone) {
        Some(d) if zone != Tz::Europe__Paris => d.name.to_string(),
        _ => zone.name().rsplit('/').next().unwrap_or_default().replace('_', " "),
    }
}

/// The table of communes, by name and département.
pub fn communes() -> &'static [Commune] {
    static TABLE: LazyLock<Vec<Commune>> = LazyLock::new(|| {
        let rows = include_str!("communes.csv").lines().skip(1);
        rows.map(|row| {
            let cells: Vec<&'static str> = row.split(';').collect();
            let degrees = |i: usize| cells[i].parse().expect("a degree in communes.csv");
            Commune {
                name: cells[0],
                department: department(cells[1]).expect("a département in communes.csv").code,
                point: Point { latitude: degrees(2), longitude: degrees(3) },
                land: cells[4],
                now: Some(cells[5]).filter(|now| !now.is_empty()),
            }
        })
        .collect()
    });
    &TABLE
}

/// The commune of exactly that name in a département.
pub fn commune(name: &str, department: &str) -> Option<&'static Commune> {
    static INDEX: LazyLock<HashMap<(&str, &str), &Commune>> =
        LazyLock::new(|| communes().iter().map(|c| ((c.name, c.department), c)).collect());
    INDEX.get(&(name, department)).copied()
}

/// The land of a point: that of the nearest commune.
pub fn land(point: Point) -> &'static str {
    let nearest = communes().iter().min_by(|a, b| a.point.km(point).total_cmp(&b.point.km(point)));
    nearest.map_or("", |c| c.land)
}

/// The legal time of a centre or school: by its UAI and its town, else mainland France's.
pub fn zone(id: &str, town: &str) -> Tz {
    let known = uai::departments(id);
    // Nearly always the UAI says it all, and the table of communes need not be read.
    let mut zones = known.iter().filter(|code| **code != "987").filter_map(|code| department(code)).map(|d| d.zone);
    if let Some(zone) = zones.next()
        && zones.all(|other| other == zone)
        && !known.contains(&"987")
    {
        return zone;
    }
    match find(&Named::read(town), &known, &[]) {
        Found::One { commune, .. } => commune.zone(),
        _ => known.first().and_then(|code| department(code)).map_or(Tz::Europe__Paris, |d| d.zone),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_every_department_and_lies_where_they_lie() {
        for d in DEPARTMENTS {
            assert!(communes().iter().any(|c| c.department == d.code), "{}", d.name);
        }
        for c in communes() {
            let Point { latitude, longitude } = c.point;
            let here = match c.department {
                "2A" | "2B" => (41.0..43.1).contains(&latitude) && (8.5..9.6).contains(&longitude),
                "971" | "972" | "977" | "978" => {
                    (14.0..18.2).contains(&latitude) && (-63.2..-60.8).contains(&longitude)
                }
                "973" => (2.0..6.0).contains(&latitude) && (-54.7..-51.5).contains(&longitude),
                "974" => (-21.4..-20.8).contains(&latitude) && (55.2..55.9).contains(&longitude),
                "976" => (-13.1..-12.6).contains(&latitude) && (44.9..45.4).contains(&longitude),
                overseas if overseas.starts_with('9') && overseas.len() == 3 => true,
                _ => (42.3..51.1).contains(&latitude) && (-5.2..8.3).contains(&longitude),
            };
            assert!(here, "{c:?}");
        }
    }

    #[test]
    fn no_two_places_of_a_department_have_one_name() {
        let mut keys: Vec<_> = communes().iter().map(|c| (find::key(c.name), c.department)).collect();
        let all = keys.len();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), all);
    }

    #[test]
    fn distances_are_those_of_a_road_map_or_nearly() {
        let at = |name, department| commune(name, department).unwrap().point;
        // Great circles of 110.4 and 660.5 km.
        assert_eq!(at("Caen", "14").road(at("Rouen", "76")), 144);
        assert!((850..870).contains(&at("Paris", "75").road(at("Marseille", "13"))));
        assert_eq!(at("Caen", "14").road(at("Caen", "14")), 0);
        assert!((9_300.0..9_500.0).contains(&at("Saint-Denis", "974").km(at("Paris", "75"))));
    }

    #[test]
    fn a_centre_has_the_time_of_its_department() {
        assert_eq!(zone("9740001A", "Saint-Denis"), Tz::Indian__Reunion);
        assert_eq!(zone("9710001A", "Marigot"), Tz::America__Marigot);
        assert_eq!(zone("9840001A", "Hiva-Oa"), Tz::Pacific__Marquesas);
        assert_eq!(zone("0750001A", "Paris"), Tz::Europe__Paris);
        assert_eq!(zone("9720001A", "?"), Tz::America__Martinique);
        assert_eq!(zone("C1", "Cayenne"), Tz::America__Cayenne);
        assert_eq!(zone("C1", "Saint-Denis"), Tz::Europe__Paris, "two communes of that name: nothing is known");
        assert_eq!(zone("C1", ""), Tz::Europe__Paris);
        assert_eq!([Tz::Indian__Reunion, Tz::Europe__Paris].map(zone_name), ["La Réunion", "Paris"]);
    }

    #[test]
    fn a_point_lies_on_the_land_of_its_nearest_commune() {
        assert_eq!(land(Point { latitude: 49.18, longitude: -0.37 }), "");
        assert_eq!(land(Point { latitude: -21.3, longitude: 55.4 }), "La Réunion");
        assert_eq!(land(Point { latitude: 42.1, longitude: 9.0 }), "Corse");
    }
}
