//! Realistic instances of any size, for trials, tests and benchmarks.
//!
//! Shares and sizes follow public sources and the habits of exam offices (`instances/README.md`): pilot groups of
//! one to five académies, clumps of candidates from one school, some with kept marks or accommodations; examiners
//! part of the time; scarce teachers of industrial sciences and professionals. Towns are real, with public
//! coordinates; schools and people are invented and say so.
//! The same options make the same instance, to the byte.

mod calendar;
mod draw;
mod examiners;
mod names;
mod need;
mod people;
mod places;
mod rooms;

use std::collections::BTreeMap;

use draw::Draw;
use examiners::Staff;
use need::Need;
use places::{Codes, Region, Site};

use crate::fault::Fault;
use crate::instance::raw::{Policy, RawInstance, RegulationChoice, Weights};
use crate::instance::{INSTANCE_FORMAT, Info, Instance, Minutes};
use crate::regulation::{Regulation, SHIPPED};
use crate::tr;

const STEP: u32 = 5;
/// More candidates than the whole diploma has in a year.
const MOST_CANDIDATES: usize = 20_000;
/// A pilot group is given so many candidates, where nothing else is said.
const GROUP: usize = 700;
/// A centre is given so many.
const CENTRE: usize = 120;
/// And hears the orals of so many a date.
const DAILY: usize = 18;
const MOST_ACADEMIES: usize = 5;

/// What instance is wanted.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many candidates.
    pub candidates: usize,
    /// Another seed, another instance.
    pub seed: u64,
    /// How much there is of people and rooms: 1 is about what the orals need, below is scarce, 1.5 comfortable.
    pub slack: f64,
    /// How many dates.
    pub dates: Option<usize>,
    /// How many centres, in all.
    pub centres: Option<usize>,
    /// How many pilot groups.
    pub groups: Option<usize>,
    /// How many académies in each group, 1 to 5.
    pub academies: Option<usize>,
    /// Orals from the first written day on, 15 May, so that papers lie within the window.
    pub first_written_day: bool,
    /// The policy `oral_on_paper_day`.
    pub oral_on_paper_day: bool,
    /// The instance's name.
    pub name: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            candidates: 60,
            seed: 1,
            slack: 1.3,
            dates: None,
            centres: None,
            groups: None,
            academies: None,
            first_written_day: false,
            oral_on_paper_day: false,
            name: None,
        }
    }
}

/// The options with every default filled in.
struct Sizes {
    dates: usize,
    centres: usize,
    groups: usize,
    academies: usize,
}

impl Options {
    /// Fills in what was left open, or says everything that cannot be.
    fn sizes(&self) -> Result<Sizes, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut within = |option: &str, value: usize, low: usize, high: usize| {
            if !(low..=high).contains(&value) {
                faults.push(Fault::new(
                    option,
                    tr!(
                        "{value} is out of range; give {low} to {high}",
                        "{value} est hors limites ; donnez de {low} à {high}"
                    ),
                ));
            }
        };
        within("--candidates", self.candidates, 1, MOST_CANDIDATES);
        let n = self.candidates.clamp(1, MOST_CANDIDATES);
        let groups = self.groups.unwrap_or((n.div_ceil(GROUP)).min(8));
        within("--groups", groups, 1, places::academies());
        let groups = groups.clamp(1, places::academies());
        let most = MOST_ACADEMIES.min(places::academies() / groups);
        let usual = match n / groups {
            0..=25 => 1,
            26..=80 => 2,
            81..=200 => 3,
            201..=500 => 4,
            _ => 5,
        };
        let academies = self.academies.unwrap_or(usual.min(most));
        within("--academies", academies, 1, most);
        let centres = self.centres.unwrap_or((n / groups).div_ceil(CENTRE).max(1) * groups);
        within("--centres", centres, groups, 20 * groups);
        // With orals from the first written day on, there must be a date without a paper.
        let (written, fewest) = if self.first_written_day { (calendar::PAPER_DATES, 4) } else { (0, 1) };
        let usual = (n.div_ceil(centres.max(1) * DAILY) + 1).clamp(2, 15);
        let dates = self.dates.unwrap_or(usual + written);
        within("--dates", dates, fewest, calendar::WINDOW + written);
        if !(0.1..=10.0).contains(&self.slack) {
            let slack = self.slack;
            faults.push(Fault::new(
                "--slack",
                tr!("{slack} is out of range; give 0.1 to 10", "{slack} est hors limites ; donnez de 0.1 à 10"),
            ));
        }
        if faults.is_empty() { Ok(Sizes { dates, centres, groups, academies }) } else { Err(faults) }
    }
}

/// Makes the instance, or says every option that is out of range.
pub fn generate(options: &Options) -> Result<RawInstance, Vec<Fault>> {
    let sizes = options.sizes()?;
    let draw = |part| Draw::new(options.seed, part);
    let mut codes = Codes::default();
    let dates = calendar::dates(sizes.dates, options.first_written_day, options.oral_on_paper_day);
    let regions = places::regions(sizes.groups, sizes.academies, sizes.centres, &mut draw(1));
    let sites = sites(&regions, &mut codes, &mut draw(2));
    let all: Vec<Site> = sites.iter().flatten().cloned().collect();
    let (mut candidates, schools) =
        people::candidates(options.candidates, &regions, &all, &dates, &mut codes, &mut draw(3));

    let shipped = Regulation::shipped(SHIPPED[0].0).expect("the first shipped regulation is shipped");
    let regulation = Regulation::resolve(&shipped, "regulation")?;
    let mut centres = Vec::new();
    let (mut for_rooms, mut for_staff) = (draw(4), draw(5));
    let mut staff = Staff {
        regions: &regions,
        centres: &all,
        dates: &dates,
        slack: options.slack,
        codes: &mut codes,
        draw: &mut for_staff,
        schools,
        examiners: Vec::new(),
    };
    let (mut groups, mut by_group) = (BTreeMap::new(), BTreeMap::new());
    for (r, region) in regions.iter().enumerate() {
        let open = region.groups(&sites[r]);
        let need = |among: &dyn Fn(&str) -> bool| {
            Need::of(candidates.iter().filter(|c| among(&c.group)), &regulation, STEP as Minutes)
        };
        let needs = open.keys().map(|group| (group.clone(), need(&|g| g == group))).collect();
        centres.extend(rooms::centres(&sites[r], &open, &needs, options.slack, &dates, &mut for_rooms));
        let before = staff.examiners.len();
        staff.region(r, &need(&|g| open.contains_key(g)));
        let ids: Vec<String> = staff.examiners[before..].iter().map(|x| x.id.clone()).collect();
        by_group.extend(open.keys().map(|group| (group.clone(), ids.clone())));
        groups.extend(open);
    }
    let (schools, examiners) = (staff.schools, staff.examiners);
    people::exclusions(&mut candidates, &by_group, &mut draw(6));

    let raw = RawInstance {
        format: INSTANCE_FORMAT.to_string(),
        name: options.name.clone().unwrap_or_else(|| format!("fictif-{}-{}", options.candidates, options.seed)),
        step: STEP,
        regulation: RegulationChoice::Named(shipped.id),
        calendar: calendar::calendar(&dates),
        groups,
        centres,
        schools: schools.into_iter().map(|p| p.school).collect(),
        examiners,
        candidates,
        policy: Policy { oral_on_paper_day: options.oral_on_paper_day, ..Policy::default() },
        weights: Weights::default(),
        pins: Vec::new(),
        waivers: Vec::new(),
        given_sessions: Vec::new(),
        info: Info::new(),
    };
    Ok(Instance::from_raw(raw)?.raw)
}

/// The centres of each region: in the seats of its académies, then in its other towns.
fn sites(regions: &[Region], codes: &mut Codes, draw: &mut Draw) -> Vec<Vec<Site>> {
    let mut sites = Vec::new();
    for region in regions {
        let towns = region.by_importance();
        let chosen = towns.iter().cycle().take(region.centres);
        sites.push(
            chosen
                .map(|&town| Site { id: codes.next(town.department, draw), point: town.point, town: town.clone() })
                .collect(),
        );
    }
    sites
}

#[cfg(test)]
mod tests;
