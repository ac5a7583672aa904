//! Kilometres: from the sheet Distances where it has them, else between communes: great circle × [`ROAD`].

use std::collections::{BTreeMap, HashMap};

use super::cell::Cell;
use super::headings::plain;
use super::layout::Kind;
use super::page::{Log, Page, Row};
use crate::fault::Fault;
use crate::generate::places::{Point, ROAD, towns};
use crate::instance::raw::{KmValue, RawCentre, RawKm};
use crate::tr;

/// Where somebody starts from.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// The commune.
    pub town: Option<String>,
    /// The coordinates, in degrees.
    pub point: Option<(f64, f64)>,
}

impl Start {
    /// What a row says in its columns of commune and coordinates.
    pub fn of(row: &Row, log: &mut Log) -> Start {
        let mut degrees = |key: &str| {
            let cell = row.cell(key);
            let read = cell.degrees();
            if read.is_none() && !cell.is_empty() {
                let shown = cell.shown();
                let message = tr!(
                    "\"{shown}\" is not a coordinate in degrees, such as 49.18",
                    "« {shown} » n'est pas une coordonnée en degrés, comme 49,18"
                );
                row.fault(key, message, log);
            }
            read
        };
        let point = degrees("latitude").zip(degrees("longitude"));
        let town = Some(row.cell("town")).filter(|c| !c.is_empty()).map(Cell::text);
        Start { town, point }
    }
}

/// All that is known of distances.
#[derive(Debug, Default)]
pub struct Distances {
    table: HashMap<(&'static str, String), RawKm>,
    towns: HashMap<String, Point>,
    centres: Vec<(String, Option<Point>)>,
    /// How many distances were computed, and how many people were given their school's.
    computed: usize,
    by_school: Vec<String>,
}

impl Distances {
    /// Reads the sheets Distances; `starts` are the centres' own places.
    pub fn read(pages: &[Page], centres: &[RawCentre], starts: &[Start], log: &mut Log) -> Distances {
        let mut known = Distances {
            towns: towns().into_iter().map(|t| (town_key(t.name), t.point)).collect(),
            ..Distances::default()
        };
        for (centre, start) in centres.iter().zip(starts) {
            let point = known.point(start);
            known.centres.push((centre.id.clone(), point));
        }
        for page in pages.iter().filter(|p| p.layout.kind == Kind::Distances) {
            for row in page.rows() {
                let (Some(origin), Some(id)) = (row.choice("origin", log), row.id("id", log)) else { continue };
                let mut km = RawKm::new();
                for (centre, column) in row.centres().filter(|(_, c)| !row.at(*c).is_empty()) {
                    let cell = row.at(column);
                    let Some(n) = cell.decimal().filter(|n| *n <= 100_000.0) else {
                        let shown = cell.shown();
                        let message = tr!(
                            "\"{shown}\" is not a number of kilometres",
                            "« {shown} » n'est pas un nombre de kilomètres"
                        );
                        row.fault_at(column, message, log);
                        continue;
                    };
                    if n.fract() != 0.0 {
                        let (shown, whole) = (decimal(n), n.round());
                        let message = tr!("{shown} km rounded to {whole}", "{shown} km arrondis à {whole}");
                        row.note(None, message, log);
                    }
                    km.insert(centre.to_string(), KmValue(n.round() as u32));
                }
                let key = if origin == "town" { town_key(&id) } else { id.clone() };
                if known.table.insert((origin, key), km).is_some() {
                    row.fault("id", Fault::duplicate("", &id).message, log);
                }
            }
        }
        known
    }

    fn point(&self, start: &Start) -> Option<Point> {
        let own = start.point.map(|(latitude, longitude)| Point { latitude, longitude });
        own.or_else(|| self.towns.get(&town_key(start.town.as_deref()?)).copied())
    }

    /// The table's row for somebody, if it has one.
    pub fn own(&self, origin: &'static str, id: &str) -> Option<&RawKm> {
        self.table.get(&(origin, id.to_string()))
    }

    /// Kilometres to every centre; `None` where there is nothing to know them by. What cannot be known is 0 and said
    /// by `lacking`.
    pub fn km(&mut self, origin: &'static str, id: &str, start: &Start, lacking: &mut Vec<String>) -> Option<RawKm> {
        let by_town = start.town.as_deref().and_then(|t| self.own("town", &town_key(t)).cloned());
        let point = self.point(start);
        if self.own(origin, id).is_none() && by_town.is_none() && point.is_none() && start.town.is_none() {
            return None;
        }
        let table = [self.own(origin, id).cloned(), by_town];
        let mut km = RawKm::new();
        for (centre, at) in &self.centres {
            let written = table.iter().flatten().find_map(|row| row.get(centre).copied());
            let value = written.or_else(|| {
                let computed = KmValue(point?.road((*at)?));
                self.computed += 1;
                Some(computed)
            });
            if value.is_none() {
                lacking.push(centre.clone());
            }
            km.insert(centre.clone(), value.unwrap_or(KmValue(0)));
        }
        Some(km)
    }

    /// Notes that somebody's kilometres are those of their school.
    pub fn by_school(&mut self, id: &str) {
        self.by_school.push(id.to_string());
    }

    /// What was computed or taken for granted, for the notes.
    pub fn notes(&self, log: &mut Log) {
        if self.computed > 0 {
            let (n, road) = (self.computed, decimal(ROAD));
            log.notes.push(Fault::new(
                "",
                tr!(
                    "distances computed between communes ({n}): great circle × {road}; write them in the sheet Distances to replace them",
                    "distances calculées entre communes ({n}) : vol d'oiseau × {road} ; écrivez-les dans la feuille Distances pour les remplacer"
                ),
            ));
        }
        if !self.by_school.is_empty() {
            let (n, list) = (self.by_school.len(), abridged(&self.by_school));
            log.notes.push(Fault::new(
                "",
                tr!(
                    "examiners without a commune, who take the kilometres of their first school ({n}): {list}",
                    "interrogateurs sans commune, qui prennent les kilomètres de leur premier établissement ({n}) : {list}"
                ),
            ));
        }
    }
}

/// The message where distances lack.
pub fn lacking_message(start: &Start, centres: &[String]) -> String {
    let centres = abridged(centres);
    match &start.town {
        Some(town) => tr!(
            "no kilometres to {centres}: the commune \"{town}\" (or the centre's) is not in the table of towns; add Latitude and Longitude, or a row of the sheet Distances",
            "pas de kilomètres vers {centres} : la commune « {town} » (ou celle du centre) n'est pas dans la table des villes ; ajoutez Latitude et Longitude, ou une ligne de la feuille Distances"
        ),
        None => tr!(
            "no kilometres to {centres}: add a commune, Latitude and Longitude, or a row of the sheet Distances",
            "pas de kilomètres vers {centres} : ajoutez une commune, Latitude et Longitude, ou une ligne de la feuille Distances"
        ),
    }
}

/// A number with the decimal mark of the language in force.
fn decimal(n: f64) -> String {
    if crate::lang::current() == crate::lang::Lang::Fr { n.to_string().replace('.', ",") } else { n.to_string() }
}

/// The first five of a list.
pub fn abridged(list: &[String]) -> String {
    let shown = list.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
    if list.len() > 5 { format!("{shown}…") } else { shown }
}

/// A commune's name as different files write it: `ST LÔ CEDEX 9` is `Saint-Lô`.
fn town_key(name: &str) -> String {
    let bare = plain(name);
    let words = bare.split(' ').take_while(|w| *w != "cedex");
    let words: Vec<&str> = words
        .filter(|w| !w.starts_with(|c: char| c.is_ascii_digit()))
        .map(|w| match w {
            "st" => "saint",
            "ste" => "sainte",
            w => w,
        })
        .collect();
    words.join(" ")
}

/// Kilometres by centre, in a stable order, for who has no start at all.
pub fn nowhere(centres: &[RawCentre]) -> BTreeMap<String, KmValue> {
    centres.iter().map(|c| (c.id.clone(), KmValue(0))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn communes_are_found_as_files_write_them() {
        assert_eq!(town_key("ST LÔ CEDEX 9"), town_key("Saint-Lô"));
        assert_eq!(town_key("PARIS 15e"), town_key("Paris"));
        let known: HashMap<String, Point> = towns().into_iter().map(|t| (town_key(t.name), t.point)).collect();
        assert_eq!(known.len(), towns().len(), "two towns of the table have one key");
        let km = known["caen"].road(known["rouen"]);
        assert!((130..155).contains(&km), "Caen to Rouen is about 130 to 140 km by road: {km}");
    }
}
