//! Kilometres: from the sheet Distances where it has them, else between communes of one land: great circle × [`ROAD`].

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::cell::Cell;
use super::layout::Kind;
use super::page::{Log, Page, Row};
use crate::fault::Fault;
use crate::instance::RawInstance;
use crate::instance::raw::{KmValue, RawCentre, RawKm};
use crate::lang::thousands;
use crate::places::{Code, Commune, Found, Named, Point, ROAD, communes, find, land, of_academy, uai};
use crate::tr;

/// The kilometres that stand where no road leads: farther than any way on Earth. Nobody is sent there by them alone:
/// candidates whose group would allow it are a fault, and examiners are kept to the other centres.
pub const NO_ROAD: u32 = 20_000;

/// Where somebody starts from.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// The commune.
    pub town: Option<String>,
    /// The coordinates.
    pub point: Option<Point>,
    /// The départements of the row's own UAI.
    pub known: Vec<Code>,
    /// What else may tell the département where several communes have the name, best first.
    pub hints: Vec<Vec<Code>>,
}

/// Where something is.
#[derive(Clone, Debug)]
struct Spot {
    point: Point,
    land: &'static str,
    label: String,
}

/// The kilometres of a row.
#[derive(Debug)]
pub struct Reach {
    /// To every centre; 0 where `fault` says why they are not known.
    pub km: RawKm,
    /// The centres that no road leads to, whose kilometres nobody has written.
    pub apart: Vec<String>,
    /// Why some are not known.
    pub fault: Option<String>,
}

impl Start {
    /// What a row says in its columns of commune, coordinates and académie; `id` may be a UAI.
    pub fn of(row: &Row, id: &str, log: &mut Log) -> Start {
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
        let academy = row.cell("académie");
        let start = Start {
            town: Some(row.cell("town")).filter(|c| !c.is_empty()).map(Cell::text),
            point: point.map(|(latitude, longitude)| Point { latitude, longitude }),
            known: uai::departments(id),
            hints: if academy.is_empty() { Vec::new() } else { vec![of_academy(&academy.text())] },
        };
        if let (Some(Found::One { commune, .. }), false) = (start.found(), start.known.is_empty())
            && !start.known.contains(&commune.department)
        {
            let (town, codes) = (commune.label(), start.known.join(", "));
            let message = tr!(
                "{town} is not in the département of the UAI ({codes}); taken as written",
                "{town} n'est pas dans le département de l'UAI ({codes}) ; pris tel qu'écrit"
            );
            row.note(Some("town"), message, log);
        }
        start
    }

    fn found(&self) -> Option<Found> {
        Some(find(&Named::read(self.town.as_deref()?), &self.known, &self.hints))
    }

    /// Where it is; nothing where the row does not say; what there is of its commune where that does not tell.
    fn spot(&self) -> Result<Option<Spot>, Found> {
        if let Some(point) = self.point {
            let label = self.town.clone().unwrap_or_else(|| format!("{}, {}", point.latitude, point.longitude));
            return Ok(Some(Spot { point, land: land(point), label }));
        }
        match self.found() {
            None => Ok(None),
            Some(Found::One { commune, .. }) => {
                Ok(Some(Spot { point: commune.point, land: commune.land, label: commune.label() }))
            }
            Some(other) => Err(other),
        }
    }

    /// What to do about a commune that was not found.
    fn doubt(&self, found: &Found) -> String {
        let town = self.town.as_deref().unwrap_or_default();
        let listed = |all: &[&Commune]| abridged(&all.iter().map(|c| c.label()).collect::<Vec<_>>());
        match found {
            Found::Several(all) => {
                let (list, first) = (listed(all), all[0].label());
                tr!(
                    "several communes have the name \"{town}\": {list}; write which one, as here: {first}",
                    "plusieurs communes s'appellent « {town} » : {list} ; écrivez laquelle, ainsi : {first}"
                )
            }
            Found::Elsewhere { codes, all } => {
                let because =
                    if *codes == self.known { tr!(" (that of the UAI)", " (celui de l'UAI)") } else { String::new() };
                let (list, codes) = (listed(all), codes.join(", "));
                tr!(
                    "no commune \"{town}\" is known in the département {codes}{because}, but {list}; write it so if it is meant, else add Latitude and Longitude, or a row of the sheet Distances",
                    "pas de commune « {town} » connue dans le département {codes}{because}, mais {list} ; écrivez-la ainsi si c'est elle, sinon ajoutez Latitude et Longitude, ou une ligne de la feuille Distances"
                )
            }
            _ => {
                let named = Named::read(town);
                let codes = if named.departments().is_empty() { self.known.as_slice() } else { named.departments() };
                let there = communes().iter().filter(|c| codes.is_empty() || codes.contains(&c.department));
                let unknown = Fault::unknown("", "commune", town, there.map(|c| c.name)).message;
                tr!(
                    "{unknown}; the table has communes from 1,000 inhabitants on: add Latitude and Longitude, or a row of the sheet Distances",
                    "{unknown} ; la table a les communes à partir de 1 000 habitants : ajoutez Latitude et Longitude, ou une ligne de la feuille Distances"
                )
            }
        }
    }
}

/// All that is known of distances.
#[derive(Debug, Default)]
pub struct Distances {
    table: HashMap<(&'static str, String), RawKm>,
    /// By row of the table and centre: the cell without kilometres.
    gaps: HashMap<(&'static str, String), BTreeMap<String, String>>,
    centres: Vec<(String, Start, Result<Option<Spot>, Found>)>,
    /// What was said of a commune, by its text and the départements known.
    doubts: HashMap<(Option<String>, Vec<Code>), String>,
    /// The centres whose place was asked for in vain.
    unplaced: BTreeSet<usize>,
    /// How many distances were computed, and how many people were given their school's.
    computed: usize,
    by_school: Vec<String>,
    /// The communes that nothing but their name told.
    alone: BTreeSet<String>,
    /// By origin and id: where it is, and the centres that no road leads to.
    apart: BTreeMap<(&'static str, String), (String, Vec<String>)>,
    /// The examiners who were kept to the centres that a road leads to.
    kept: Vec<String>,
}

impl Distances {
    /// Reads the sheets Distances; `starts` are the centres' own places.
    pub fn read(pages: &[Page], centres: &[RawCentre], starts: &[Start], log: &mut Log) -> Distances {
        let mut known = Distances {
            centres: centres.iter().zip(starts).map(|(c, start)| (c.id.clone(), start.clone(), start.spot())).collect(),
            ..Distances::default()
        };
        for page in pages.iter().filter(|p| p.layout.kind == Kind::Distances) {
            for row in page.rows() {
                let (Some(origin), Some(id)) = (row.choice("origin", log), row.id("id", log)) else { continue };
                let (mut km, mut gaps) = (RawKm::new(), BTreeMap::new());
                for (centre, column) in row.centres() {
                    let cell = row.at(column);
                    if cell.is_empty() {
                        let place = page.about(row.number(), Some(column), String::new()).place;
                        gaps.insert(centre.to_string(), place.map(|p| p.to_string()).unwrap_or_default());
                        continue;
                    }
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
                let key = if origin == "town" { town_key(&id, &[], &[]) } else { id.clone() };
                known.gaps.insert((origin, key.clone()), gaps);
                if known.table.insert((origin, key), km).is_some() {
                    row.fault("id", Fault::duplicate("", &id).message, log);
                }
            }
        }
        known
    }

    /// The table's row for somebody, if it has one.
    pub fn own(&self, origin: &'static str, id: &str) -> Option<&RawKm> {
        self.table.get(&(origin, id.to_string()))
    }

    /// Kilometres to every centre; `None` where there is nothing to know them by.
    pub fn reach(&mut self, origin: &'static str, id: &str, start: &Start) -> Option<Reach> {
        let of_town = |town: &String| {
            let named = self.own("town", &town_key(town, &start.known, &start.hints));
            named.or_else(|| self.own("town", Named::read(town).key())).cloned()
        };
        let table = [self.own(origin, id).cloned(), start.town.as_ref().and_then(of_town)];
        if table.iter().all(Option::is_none) && start.town.is_none() && start.point.is_none() {
            return None;
        }
        let mut spot = None;
        let (mut reach, mut lacking) = (Reach { km: RawKm::new(), apart: Vec::new(), fault: None }, Vec::new());
        for (i, (centre, _, at)) in self.centres.iter().enumerate() {
            if let Some(written) = table.iter().flatten().find_map(|row| row.get(centre).copied()) {
                reach.km.insert(centre.clone(), written);
                continue;
            }
            let value = match (spot.get_or_insert_with(|| start.spot()), at) {
                (Ok(Some(spot)), Ok(Some(at))) if spot.land == at.land => {
                    self.computed += 1;
                    if let (None, Some(Found::One { commune, alone: true })) = (start.point, start.found()) {
                        self.alone.insert(commune.label());
                    }
                    spot.point.road(at.point)
                }
                (Ok(Some(_)), Ok(Some(_))) => {
                    reach.apart.push(centre.clone());
                    NO_ROAD
                }
                (Err(found), _) => {
                    let key = (start.town.clone(), start.known.clone());
                    reach.fault = Some(self.doubts.entry(key).or_insert_with(|| start.doubt(found)).clone());
                    0
                }
                (Ok(Some(_)), _) => {
                    // Said once, at the centre.
                    self.unplaced.insert(i);
                    0
                }
                (Ok(None), _) => {
                    lacking.push(centre.clone());
                    0
                }
            };
            reach.km.insert(centre.clone(), KmValue(value));
        }
        if !lacking.is_empty() {
            let own = self.gaps.get(&(origin, id.to_string()));
            let empty: Vec<String> = lacking.iter().filter_map(|z| own?.get(z).cloned()).collect();
            reach.fault = Some(lacking_message(&lacking, &empty));
        }
        if let (Some(Ok(Some(spot))), false) = (spot, reach.apart.is_empty()) {
            self.apart.insert((origin, id.to_string()), (spot.label, reach.apart.clone()));
        }
        Some(reach)
    }

    /// The kilometres of an examiner's school, for one who says no commune.
    pub fn by_school(&mut self, id: &str, school: &str, km: &RawKm) -> Reach {
        self.by_school.push(id.to_string());
        let found = self.apart.get(&("school", school.to_string())).cloned();
        let apart = found.as_ref().map(|(_, apart)| apart.clone()).unwrap_or_default();
        if let Some(found) = found {
            self.apart.insert(("examiner", id.to_string()), found);
        }
        Reach { km: km.clone(), apart, fault: None }
    }

    /// The only centres of an examiner: those of the row, else those that a road leads to.
    pub fn only(&mut self, row: &Row, id: &str, apart: &[String], log: &mut Log) -> Option<Vec<String>> {
        let said = row.only("centres", log);
        let wanted: Vec<String> = match &said {
            Some(list) if !list.is_empty() => list.clone(),
            _ => self.centres.iter().map(|(c, ..)| c.clone()).collect(),
        };
        let (far, near): (Vec<String>, Vec<String>) = wanted.into_iter().partition(|c| apart.contains(c));
        let asked = said.as_ref().is_some_and(|list| !list.is_empty());
        if far.is_empty() {
            return said;
        }
        if asked || near.is_empty() {
            let (from, centres) = (self.whence("examiner", id), self.labels(&far));
            let message = tr!(
                "no road leads from {from} to {centres}; write these kilometres in the sheet Distances",
                "aucune route ne mène de {from} à {centres} ; écrivez ces kilomètres dans la feuille Distances"
            );
            row.fault(if asked { "centres" } else { "town" }, message, log);
            return said;
        }
        self.kept.push(id.to_string());
        Some(near)
    }

    fn whence(&self, origin: &'static str, id: &str) -> String {
        self.apart.get(&(origin, id.to_string())).map(|(label, _)| label.clone()).unwrap_or_default()
    }

    /// Centres with their communes.
    fn labels(&self, ids: &[String]) -> String {
        let label = |id: &String| match self.centres.iter().find(|(c, ..)| c == id) {
            Some((_, _, Ok(Some(spot)))) => format!("{id}, {}", spot.label),
            _ => id.clone(),
        };
        ids.iter().take(5).map(label).collect::<Vec<_>>().join(" ; ") + if ids.len() > 5 { "…" } else { "" }
    }

    /// What ends the reading of distances: centres that nobody could place, and candidates whose group sends them
    /// where no road leads.
    pub fn faults(&self, raw: &RawInstance, log: &mut Log) {
        for &i in &self.unplaced {
            let (id, start, spot) = &self.centres[i];
            let message = spot.as_ref().err().map(|found| start.doubt(found)).unwrap_or_else(|| {
                tr!(
                    "no kilometres to {id}: add its commune, Latitude and Longitude, or fill in its column of the sheet Distances",
                    "pas de kilomètres vers {id} : ajoutez sa commune, Latitude et Longitude, ou remplissez sa colonne de la feuille Distances"
                )
            });
            fault_at(&format!("centres[{i}].town"), message, log);
        }
        let mut sent: BTreeMap<&String, (BTreeSet<&String>, BTreeSet<String>)> = BTreeMap::new();
        for c in &raw.candidates {
            let from = match (&c.km, &c.school) {
                (None, Some(school)) => ("school", school.clone()),
                _ => ("candidate", c.id.clone()),
            };
            let (Some((label, apart)), Some(allowed)) = (self.apart.get(&from), raw.groups.get(&c.group)) else {
                continue;
            };
            for centre in allowed.iter().filter(|centre| apart.contains(centre)) {
                let (centres, starts) = sent.entry(&c.group).or_default();
                centres.insert(centre);
                starts.insert(format!("{}, {label}", from.1));
            }
        }
        for (group, (centres, starts)) in sent {
            let centres = self.labels(&centres.into_iter().cloned().collect::<Vec<_>>());
            let starts = starts.into_iter().collect::<Vec<_>>();
            let more = if starts.len() > 5 { "…" } else { "" };
            let starts = starts.iter().take(5).cloned().collect::<Vec<_>>().join(" ; ") + more;
            let message = tr!(
                "the group {group} sends candidates where no road leads: from {starts} to {centres}; take such centres out of their group, or write these kilometres in the sheet Distances",
                "le groupe {group} envoie des candidats là où aucune route ne mène : de {starts} à {centres} ; ôtez ces centres de leur groupe, ou écrivez ces kilomètres dans la feuille Distances"
            );
            fault_at(&format!("groups.{group}"), message, log);
        }
    }

    /// What was computed or taken for granted, for the notes.
    pub fn notes(&self, log: &mut Log) {
        let mut note = |message: String| log.notes.push(Fault::new("", message));
        if self.computed > 0 {
            let (n, road) = (self.computed, decimal(ROAD));
            note(tr!(
                "distances computed between communes ({n}): great circle × {road}; write them in the sheet Distances to replace them",
                "distances calculées entre communes ({n}) : vol d'oiseau × {road} ; écrivez-les dans la feuille Distances pour les remplacer"
            ));
        }
        if !self.alone.is_empty() {
            let (n, list) = (self.alone.len(), abridged(&self.alone.iter().cloned().collect::<Vec<_>>()));
            note(tr!(
                "communes told by their name alone, no département being known ({n}): {list}",
                "communes reconnues à leur seul nom, sans département connu ({n}) : {list}"
            ));
        }
        if !self.by_school.is_empty() {
            let (n, list) = (self.by_school.len(), abridged(&self.by_school));
            note(tr!(
                "examiners without a commune, who take the kilometres of their first school ({n}): {list}",
                "interrogateurs sans commune, qui prennent les kilomètres de leur premier établissement ({n}) : {list}"
            ));
        }
        if !self.apart.is_empty() {
            let (n, km) = (self.apart.values().map(|(_, apart)| apart.len()).sum::<usize>(), thousands(NO_ROAD.into()));
            note(tr!(
                "no road joins some places, so no way is computed between them ({n} distances): {km} km stand in its place; write them in the sheet Distances if somebody makes the journey",
                "aucune route ne joint certains lieux, donc aucun trajet n'est calculé entre eux ({n} distances) : {km} km en tiennent lieu ; écrivez-les dans la feuille Distances si quelqu'un fait le voyage"
            ));
        }
        if !self.kept.is_empty() {
            let (n, list) = (self.kept.len(), abridged(&self.kept));
            note(tr!(
                "examiners kept to the centres that a road leads to ({n}): {list}; fill in Only centres, and the sheet Distances, to send them farther",
                "interrogateurs tenus aux centres où mène une route ({n}) : {list} ; remplissez Seuls centres, et la feuille Distances, pour les envoyer plus loin"
            ));
        }
    }
}

/// Says a fault at the cell that a JSON path comes from.
fn fault_at(path: &str, message: String, log: &mut Log) {
    let (file, place) = log.origin(path).unzip();
    log.faults.push(Fault { file, place, ..Fault::new("", message) });
}

/// The message where nothing says where somebody starts from; `empty` are the cells of the sheet Distances that could.
fn lacking_message(centres: &[String], empty: &[String]) -> String {
    let (centres, cells) = (abridged(centres), abridged(empty));
    if !empty.is_empty() {
        return tr!(
            "no kilometres to {centres}: fill in {cells}, or add a commune, or Latitude and Longitude",
            "pas de kilomètres vers {centres} : remplissez {cells}, ou ajoutez une commune, ou Latitude et Longitude"
        );
    }
    tr!(
        "no kilometres to {centres}: add a commune, Latitude and Longitude, or a row of the sheet Distances",
        "pas de kilomètres vers {centres} : ajoutez une commune, Latitude et Longitude, ou une ligne de la feuille Distances"
    )
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

/// What a row of the table about a commune is kept under: the commune, where the name tells one, else the name.
fn town_key(name: &str, known: &[Code], hints: &[Vec<Code>]) -> String {
    let named = Named::read(name);
    match find(&named, known, hints) {
        Found::One { commune, .. } => commune.label(),
        _ => named.key().to_string(),
    }
}

/// The kilometres of who has no start at all.
pub fn nowhere(centres: &[RawCentre]) -> Reach {
    let ids: Vec<String> = centres.iter().map(|c| c.id.clone()).collect();
    let fault = (!ids.is_empty()).then(|| lacking_message(&ids, &[]));
    Reach { km: ids.into_iter().map(|id| (id, KmValue(0))).collect(), apart: Vec::new(), fault }
}
