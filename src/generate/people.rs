//! Candidates: clumps from one school, and those who come alone (*individuels*).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::calendar::Dates;
use super::draw::Draw;
use super::names;
use super::places::{Codes, Region, Site, km, near, part};
use crate::instance::raw::{Extra, FileState, Form, Info, RawCandidate, RawOral, RawSchool, RawSpan};
use crate::instance::{Clock, Minutes};
use crate::places::Point;

/// The orals that every candidate has, in the order of the circular.
const CORE: [&str; 4] = ["E4", "U61", "U62", "E22"];
/// The orals whose file goes through the conformity control.
const CONTROLLED: usize = 3;
const PAPERS: [&str; 4] = ["E1", "E3", "E5", "E21"];
/// Extra minutes an hour of a *tiers temps*.
const THIRD: u32 = 20;

/// A school and where it stands.
pub(super) struct Placed {
    pub(super) school: RawSchool,
    pub(super) point: Point,
    pub(super) academy: &'static str,
    pub(super) region: usize,
}

/// A new school in one of the region's towns.
pub(super) fn school(
    kind: &str,
    region: usize,
    regions: &[Region],
    centres: &[Site],
    codes: &mut Codes,
    draw: &mut Draw,
) -> Placed {
    let town = draw.pick(&regions[region].towns).clone();
    let point = near(town.point, 0.03, draw);
    let school = RawSchool {
        id: codes.next(town.department, draw),
        name: Some(names::school(kind, draw)),
        town: Some(town.name.to_string()),
        km: km(point, centres),
        info: Info::from([("académie".to_string(), town.academy.to_string())]),
    };
    Placed { school, point, academy: town.academy, region }
}

/// `count` candidates spread evenly over the regions, and the schools that present them.
pub(super) fn candidates(
    count: usize,
    regions: &[Region],
    centres: &[Site],
    dates: &Dates,
    codes: &mut Codes,
    draw: &mut Draw,
) -> (Vec<RawCandidate>, Vec<Placed>) {
    let (mut candidates, mut schools) = (Vec::with_capacity(count), Vec::new());
    for (r, region) in regions.iter().enumerate() {
        let share = part(count, regions.len(), r);
        let alone = draw.some(share, 0.08, 0.14).len();
        let mut left = share - alone;
        while left > 0 {
            let mut size = draw.between(5, 35).min(left);
            if left - size < 5 {
                size = left; // no crumbs: the last clump takes them
            }
            left -= size;
            let kind = *draw.pick(&["CFA fictif", "École supérieure fictive", "Lycée privé fictif"]);
            let status = if kind.starts_with("CFA") || draw.chance(0.4) { "apprenti" } else { "scolaire" };
            let placed = school(kind, r, regions, centres, codes, draw);
            let group = region.group(placed.academy);
            for _ in 0..size {
                let number = candidates.len() + 1;
                let school = Some(placed.school.id.clone());
                candidates.push(RawCandidate { school, ..blank(number, &group, status, draw) });
            }
            schools.push(placed);
        }
        for _ in 0..alone {
            let town = draw.pick(&region.towns).clone();
            let km = Some(km(near(town.point, 0.15, draw), centres));
            let status = *draw.pick(&["individuel", "CNED", "expérience professionnelle", "redoublant"]);
            let group = region.group(town.academy);
            candidates.push(RawCandidate { km, ..blank(candidates.len() + 1, &group, status, draw) });
        }
    }
    profiles(&mut candidates, draw);
    optional_orals(&mut candidates, draw);
    files(&mut candidates, draw);
    accommodations(&mut candidates, draw);
    absences(&mut candidates, dates, draw);
    (candidates, schools)
}

fn blank(number: usize, group: &str, status: &str, draw: &mut Draw) -> RawCandidate {
    let id = format!("C{number:04}");
    let born = NaiveDate::from_ymd_opt(2000, 1, 1).expect("a date") + Days::new(draw.below(2192) as u64);
    let info = Info::from([
        ("birth_date".to_string(), born.to_string()),
        ("email".to_string(), format!("{}@example.org", id.to_lowercase())),
        ("ine".to_string(), format!("{:09}ZZ", draw.below(1_000_000_000))),
        ("status".to_string(), status.to_string()),
    ]);
    RawCandidate {
        id,
        name: Some(names::candidate(draw)),
        group: group.to_string(),
        school: None,
        km: None,
        orals: CORE.iter().map(|exam| oral(exam, Form::Final, None)).collect(),
        papers: PAPERS.iter().map(|p| p.to_string()).collect(),
        extra_per_hour: Extra::default(),
        needs_accessible: false,
        prepares_alone: false,
        gap: None,
        unavailable: Vec::new(),
        excluded_examiners: Vec::new(),
        info,
    }
}

fn oral(exam: &str, form: Form, language: Option<&str>) -> RawOral {
    RawOral {
        exam: exam.to_string(),
        form,
        file: FileState::Conform,
        language: language.map(str::to_string),
        not_before: None,
    }
}

/// 15 to 25 % keep marks or are assessed otherwise in some orals, never in all; most of them in papers too.
fn profiles(candidates: &mut [RawCandidate], draw: &mut Draw) {
    for i in draw.some(candidates.len(), 0.15, 0.25) {
        let c = &mut candidates[i];
        let dropped = draw.between(1, CORE.len() - 1);
        for o in draw.sample(CORE.len(), dropped) {
            c.orals[o].form = draw.weighted(&[(3.0, Form::Exempt), (1.0, Form::Continuous)]);
        }
        c.papers.retain(|_| draw.chance(0.6));
    }
}

/// EF1 for 3 to 8 %, EF2 in France or abroad for up to 3 %, EF3 for 2 to 5 %.
fn optional_orals(candidates: &mut [RawCandidate], draw: &mut Draw) {
    for i in draw.some(candidates.len(), 0.03, 0.08) {
        let language = draw.weighted(&[(6.0, "es"), (2.5, "de"), (1.5, "it")]);
        candidates[i].orals.push(oral("EF1", Form::Final, Some(language)));
    }
    for i in draw.some(candidates.len(), 0.0, 0.03) {
        let abroad = draw.chance(0.4);
        candidates[i].orals.push(if abroad {
            let language = draw.weighted(&[(6.0, "en"), (2.0, "es"), (1.5, "de"), (0.5, "it")]);
            oral("EF2-abroad", Form::Final, Some(language))
        } else {
            oral("EF2", Form::Final, None)
        });
    }
    for i in draw.some(candidates.len(), 0.02, 0.05) {
        candidates[i].orals.push(oral("EF3", Form::Final, None));
    }
}

/// One controlled file refused or never handed in for 1 to 3 % of candidates, one still pending for as many; and now
/// and then nothing presented for EF2 or EF3.
fn files(candidates: &mut [RawCandidate], draw: &mut Draw) {
    let n = candidates.len();
    let refused = draw.some(n, 0.01, 0.03);
    let pending = draw.some(n, 0.01, 0.03);
    for (i, broken) in pending.into_iter().map(|i| (i, false)).chain(refused.into_iter().map(|i| (i, true))) {
        let state = match broken {
            true => draw.weighted(&[(2.0, FileState::Nonconform), (1.0, FileState::Missing)]),
            false => FileState::Pending,
        };
        let orals = &mut candidates[i].orals;
        let open: Vec<usize> = (0..CONTROLLED).filter(|&o| orals[o].form == Form::Final).collect();
        if !open.is_empty() {
            orals[*draw.pick(&open)].file = state;
        }
    }
    let presented = candidates.iter_mut().flat_map(|c| &mut c.orals).filter(|o| o.exam.starts_with("EF"));
    for o in presented.filter(|o| o.exam != "EF1") {
        if draw.chance(0.05) {
            o.file = FileState::Missing;
        }
    }
}

/// Extra time for 5 to 8 %, each kind apart; some of them prepare alone or need longer breaks; reduced mobility for
/// about 1 %.
fn accommodations(candidates: &mut [RawCandidate], draw: &mut Draw) {
    for i in draw.some(candidates.len(), 0.05, 0.08) {
        let c = &mut candidates[i];
        let minutes = if draw.chance(0.08) { 30 } else { THIRD };
        let kinds = *draw.pick(&[
            [true, true, true],
            [true, true, true],
            [true, false, true],
            [false, true, true],
            [true, true, false],
            [true, false, false],
            [false, false, true],
        ]);
        let [preparation, exam, written] = kinds.map(|given| if given { minutes } else { 0 });
        c.extra_per_hour = Extra { preparation, exam, written };
        c.prepares_alone = draw.chance(0.12);
        c.gap = draw.chance(0.2).then_some(60);
    }
    for i in draw.some(candidates.len(), 0.008, 0.012) {
        candidates[i].needs_accessible = true;
    }
}

/// 2 to 4 % cannot come on one date or half a date.
fn absences(candidates: &mut [RawCandidate], dates: &Dates, draw: &mut Draw) {
    let at = |hours: Minutes, minutes: Minutes| Clock(hours * 60 + minutes);
    for i in draw.some(candidates.len(), 0.02, 0.04) {
        let date = *draw.pick(&dates.all);
        let whole = dates.all.len() >= 4 && draw.chance(0.5);
        let (from, to) = match (whole, draw.chance(0.5)) {
            (true, _) => (at(7, 30), at(18, 30)),
            (false, true) => (at(7, 30), at(12, 30)),
            (false, false) => (at(13, 30), at(18, 30)),
        };
        candidates[i].unavailable.push(RawSpan { date, from, to });
    }
}

/// 1 to 2 % may not meet one or two examiners of their own region whom they know (kin, employer).
pub(super) fn exclusions(candidates: &mut [RawCandidate], by_group: &BTreeMap<String, Vec<String>>, draw: &mut Draw) {
    for i in draw.some(candidates.len(), 0.01, 0.02) {
        let group = &candidates[i].group;
        let known = &by_group[group];
        if !known.is_empty() {
            let two = draw.between(1, 2);
            let chosen: BTreeSet<&String> = (0..two).map(|_| draw.pick(known)).collect();
            candidates[i].excluded_examiners = chosen.into_iter().cloned().collect();
        }
    }
}
