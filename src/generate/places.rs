//! Where things are: real towns with their public coordinates, and the académies grouped around a pilot.

use std::collections::{BTreeMap, BTreeSet};

use super::draw::Draw;
use crate::instance::raw::{KmValue, RawKm};

/// A road is longer than the great circle by about this factor.
const ROAD: f64 = 1.3;
/// To how many of its region's centres an académie sends candidates, where there is a choice.
const NEAREST: usize = 3;
const EARTH_RADIUS_KM: f64 = 6371.0;

/// A point of the map, in degrees.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    latitude: f64,
    longitude: f64,
}

impl Point {
    /// Kilometres by road to another point: great circle × 1.3, whole.
    fn road(self, other: Point) -> u32 {
        let (a, b) = (self.latitude.to_radians(), other.latitude.to_radians());
        let (dy, dx) = ((b - a) / 2.0, (other.longitude - self.longitude).to_radians() / 2.0);
        let h = dy.sin().powi(2) + a.cos() * b.cos() * dx.sin().powi(2);
        (2.0 * EARTH_RADIUS_KM * h.sqrt().asin() * ROAD).round() as u32
    }

    /// The distance to every centre.
    pub(super) fn km(self, centres: &[Site]) -> RawKm {
        centres.iter().map(|c| (c.id.clone(), KmValue(self.road(c.point)))).collect()
    }

    /// A point at most `degrees` away in each direction.
    pub(super) fn near(self, degrees: f64, draw: &mut Draw) -> Point {
        Point {
            latitude: self.latitude + draw.within(-degrees, degrees),
            longitude: self.longitude + draw.within(-degrees, degrees),
        }
    }
}

/// A town of `towns.csv`.
#[derive(Clone, Debug)]
pub(super) struct Town {
    pub(super) name: &'static str,
    pub(super) academy: &'static str,
    pub(super) department: &'static str,
    pub(super) point: Point,
}

/// A place with an id: a centre.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub(super) id: String,
    pub(super) town: Town,
    pub(super) point: Point,
}

/// The towns, académie by académie, the seat of each first.
pub(super) fn towns() -> Vec<Town> {
    let rows = include_str!("towns.csv").lines().skip(1);
    rows.map(|row| {
        let cells: Vec<&'static str> = row.split(';').collect();
        let degrees = |i: usize| cells[i].parse().expect("a degree in towns.csv");
        Town {
            name: cells[0],
            academy: cells[1],
            department: cells[2],
            point: Point { latitude: degrees(3), longitude: degrees(4) },
        }
    })
    .collect()
}

/// How many académies `towns.csv` knows.
pub(super) fn academies() -> usize {
    towns().iter().map(|t| t.academy).collect::<BTreeSet<_>>().len()
}

/// A pilot académie with those attached to it.
#[derive(Clone, Debug)]
pub(super) struct Region {
    /// The pilot's name in capitals.
    pub(super) pilot: String,
    /// How many centres it has.
    pub(super) centres: usize,
    /// The towns of its académies, the pilot's seat first.
    pub(super) towns: Vec<Town>,
}

impl Region {
    /// The group of the candidates of an académie. Two centres are open to all; of more, each académie sends its
    /// candidates to the nearest.
    pub(super) fn group(&self, academy: &str) -> String {
        if self.centres < NEAREST { self.pilot.clone() } else { format!("{}/{academy}", self.pilot) }
    }

    /// The groups and the centres open to each.
    pub(super) fn groups(&self, sites: &[Site]) -> BTreeMap<String, Vec<String>> {
        let open = self.centres.div_ceil(2).max(NEAREST);
        let seats = self.by_importance();
        let seat = |academy: &str| seats.iter().find(|t| t.academy == academy).map(|t| t.point);
        let mut groups = BTreeMap::new();
        for academy in self.towns.iter().map(|t| t.academy) {
            let from = seat(academy).expect("a town's académie has a seat");
            let mut near: Vec<&Site> = sites.iter().collect();
            near.sort_by_key(|s| s.point.road(from));
            groups.insert(self.group(academy), near.iter().take(open).map(|s| s.id.clone()).collect());
        }
        groups
    }

    /// Whether a centre lies in one of its académies.
    pub(super) fn owns(&self, site: &Site) -> bool {
        self.towns.iter().any(|t| t.academy == site.town.academy)
    }

    /// The seats of the académies first, the pilot's before all.
    pub(super) fn by_importance(&self) -> Vec<&Town> {
        let seat = |i: usize| i == 0 || self.towns[i].academy != self.towns[i - 1].academy;
        let (seats, others): (Vec<usize>, Vec<usize>) = (0..self.towns.len()).partition(|&i| seat(i));
        seats.into_iter().chain(others).map(|i| &self.towns[i]).collect()
    }
}

/// `groups` regions of `size` académies each, neighbours together. One region lies anywhere; several start from
/// the corners of the map, so that what is left for the last ones still lies together.
pub(super) fn regions(groups: usize, size: usize, centres: usize, draw: &mut Draw) -> Vec<Region> {
    let towns = towns();
    let mut seats: Vec<&Town> = Vec::new();
    for town in &towns {
        if seats.iter().all(|s| s.academy != town.academy) {
            seats.push(town);
        }
    }
    let first = draw.below(seats.len());
    let mut regions = Vec::new();
    for r in 0..groups {
        let n = seats.len() as f64;
        let middle = Point {
            latitude: seats.iter().map(|s| s.point.latitude).sum::<f64>() / n,
            longitude: seats.iter().map(|s| s.point.longitude).sum::<f64>() / n,
        };
        let corner = (0..seats.len()).max_by_key(|&i| seats[i].point.road(middle)).expect("an académie is left");
        let pilot = seats[if groups == 1 { first } else { corner }];
        seats.sort_by_key(|s| s.point.road(pilot.point));
        let own: Vec<&Town> = seats.drain(..size).collect();
        regions.push(Region {
            pilot: pilot.academy.to_uppercase(),
            centres: part(centres, groups, r),
            towns: own.iter().flat_map(|s| towns.iter().filter(|t| t.academy == s.academy)).cloned().collect(),
        });
    }
    regions
}

/// The `i`-th of `parts` nearly equal parts of a whole.
pub(super) fn part(whole: usize, parts: usize, i: usize) -> usize {
    whole / parts + usize::from(i < whole % parts)
}

/// Gives out school codes (UAI): the department, a number that is not in use, and the check letter.
#[derive(Default)]
pub(super) struct Codes(BTreeSet<u32>);

impl Codes {
    /// A new code in a department; numbers from 9000 on keep clear of most real schools.
    pub(super) fn next(&mut self, department: &str, draw: &mut Draw) -> String {
        let department: u32 = department.parse().expect("a department is three digits in towns.csv");
        loop {
            let number = department * 10_000 + draw.between(9_000, 9_999) as u32;
            if self.0.insert(number) {
                return format!("{number:07}{}", check_letter(number));
            }
        }
    }
}

/// The last letter of a UAI: its seven digits modulo 23.
fn check_letter(number: u32) -> char {
    char::from(b"ABCDEFGHJKLMNPRSTUVWXYZ"[(number % 23) as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn town(name: &str) -> Point {
        towns().iter().find(|t| t.name == name).map(|t| t.point).unwrap()
    }

    #[test]
    fn distances_are_those_of_a_road_map_or_nearly() {
        // Great circles of 110.4 and 660.5 km.
        assert_eq!(town("Caen").road(town("Rouen")), 144);
        assert!((850..870).contains(&town("Paris").road(town("Marseille"))));
        assert_eq!(town("Caen").road(town("Caen")), 0);
    }

    #[test]
    fn the_check_letter_is_the_one_of_the_ministry() {
        // 141,640 = 6,158 × 23 + 6 and 142,059 = 6,176 × 23 + 11.
        assert_eq!(check_letter(141_640), 'G');
        assert_eq!(check_letter(142_059), 'M');
    }

    #[test]
    fn the_table_of_towns_lies_in_france_and_has_no_double() {
        let towns = towns();
        let names: BTreeSet<_> = towns.iter().map(|t| t.name).collect();
        assert_eq!(names.len(), towns.len());
        assert_eq!(academies(), 24);
        for t in &towns {
            assert!((42.0..51.5).contains(&t.point.latitude) && (-5.0..8.5).contains(&t.point.longitude), "{t:?}");
        }
    }

    #[test]
    fn an_academy_sends_its_candidates_to_the_nearest_centres() {
        let region = regions(1, 4, 5, &mut Draw::new(1, 1)).remove(0);
        let towns = region.by_importance();
        let sites: Vec<Site> =
            (0..5).map(|i| Site { id: i.to_string(), town: towns[i].clone(), point: towns[i].point }).collect();
        let groups = region.groups(&sites);
        assert_eq!(groups.len(), 4);
        for (i, town) in towns.iter().take(4).enumerate() {
            let open = &groups[&region.group(town.academy)];
            assert_eq!((open.len(), &open[0]), (3, &i.to_string()), "the seat's own centre comes first");
        }
    }

    #[test]
    fn regions_share_no_academy() {
        let regions = regions(8, 3, 26, &mut Draw::new(1, 1));
        let mut seen = BTreeSet::new();
        for region in &regions {
            let own: BTreeSet<_> = region.towns.iter().map(|t| t.academy).collect();
            assert_eq!(own.len(), 3);
            assert!(own.iter().all(|a| seen.insert(*a)), "{region:?}");
        }
    }
}
