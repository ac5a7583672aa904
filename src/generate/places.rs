//! Where the generator puts things: real towns, and the académies grouped around a pilot.

use std::collections::{BTreeMap, BTreeSet};

use super::draw::Draw;
use crate::instance::raw::{KmValue, RawKm};
use crate::places::{Point, commune, uai};

/// To how many of its region's centres an académie sends candidates, where there is a choice.
const NEAREST: usize = 3;

/// The distance from a point to every centre.
pub(super) fn km(from: Point, centres: &[Site]) -> RawKm {
    centres.iter().map(|c| (c.id.clone(), KmValue(from.road(c.point)))).collect()
}

/// A point at most `degrees` away in each direction.
pub(super) fn near(point: Point, degrees: f64, draw: &mut Draw) -> Point {
    Point {
        latitude: point.latitude + draw.within(-degrees, degrees),
        longitude: point.longitude + draw.within(-degrees, degrees),
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
        Town {
            name: cells[0],
            academy: cells[1],
            department: cells[2],
            point: commune(cells[0], cells[2].strip_prefix('0').unwrap_or(cells[2]))
                .expect("a commune in towns.csv")
                .point,
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
                return format!("{number:07}{}", uai::check_letter(number));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
