//! Centres: their rooms, sized from the need, and their hours.

use std::collections::BTreeMap;

use super::calendar::Dates;
use super::draw::Draw;
use super::names;
use super::need::Need;
use super::places::Site;
use crate::instance::Clock;
use crate::instance::raw::{Info, RawCentre, RawExamRoom, RawPreparationRoom, RawSpan};

const OPENS: Clock = Clock(7 * 60 + 30);
const CLOSES: Clock = Clock(18 * 60 + 30);
const NOON: Clock = Clock(12 * 60 + 30);
/// Seats of the largest preparation room.
const LARGEST: usize = 12;
/// Candidates come to prepare in waves: so many times the mean number of seats are taken at once.
const WAVE: f64 = 2.0;
/// Rooms with a telephone are used by others too.
const SPARE_PHONES: f64 = 1.3;
/// The exams that a side centre hears; the others are for the region's first centres.
const CORE: [&str; 5] = ["E4", "U61", "U62", "E22", "EF3"];

/// The centres of one region. Each candidate's need is shared by the centres that are open to them; a centre turns
/// out a little larger or smaller than its part.
pub(super) fn centres(
    sites: &[Site],
    open: &BTreeMap<String, Vec<String>>,
    needs: &BTreeMap<String, Need>,
    slack: f64,
    dates: &Dates,
    draw: &mut Draw,
) -> Vec<RawCentre> {
    let days: f64 = dates.worth.iter().sum();
    let mut centres = Vec::new();
    for (i, site) in sites.iter().enumerate() {
        let factor = slack * draw.within(0.9, 1.1) / days;
        let part = |of: fn(&Need) -> f64| -> f64 {
            let groups = open.iter().filter(|(_, ids)| ids.contains(&site.id));
            factor * groups.map(|(group, ids)| of(&needs[group]) / ids.len() as f64).sum::<f64>()
        };
        let rooms = at_least_one(part(|n| n.rooms), slack);
        let phones = at_least_one(part(|n| n.phone) * SPARE_PHONES, slack).min(rooms);
        let seats = (part(|n| n.seats) * WAVE).ceil() as usize + 1;
        centres.push(RawCentre {
            id: site.id.clone(),
            name: Some(names::school("Lycée fictif", draw)),
            town: Some(site.town.name.to_string()),
            open: opening(dates, sites.len() > 1, draw),
            exam_rooms: exam_rooms(rooms, phones, dates, draw),
            preparation_rooms: preparation_rooms(seats),
            exams: (sites.len() >= 3 && i == sites.len() - 1).then(|| CORE.map(str::to_string).to_vec()),
            time_zone: None,
            info: Info::from([("académie".to_string(), site.town.academy.to_string())]),
        });
    }
    centres
}

/// Scarce rooms are rounded down, others up.
fn at_least_one(rooms: f64, slack: f64) -> usize {
    (if slack < 1.0 { rooms.floor() } else { rooms.ceil() }).max(1.0) as usize
}

/// Open every date, save now and then one in a long session (a bridge day, a Wednesday afternoon).
fn opening(dates: &Dates, others: bool, draw: &mut Draw) -> Vec<RawSpan> {
    let mut open: Vec<RawSpan> = dates.all.iter().map(|&date| RawSpan { date, from: OPENS, to: CLOSES }).collect();
    if open.len() >= 4 && draw.chance(0.3) {
        let i = draw.below(open.len());
        if others && draw.chance(0.5) {
            open.remove(i);
        } else {
            open[i].to = NOON;
        }
    }
    open
}

/// The first room has all that any candidate can need; telephones go to the next ones.
fn exam_rooms(count: usize, phones: usize, dates: &Dates, draw: &mut Draw) -> Vec<RawExamRoom> {
    let mut rooms = Vec::new();
    for i in 0..count {
        let mut unavailable = Vec::new();
        if i > 1 && draw.chance(0.06) {
            let (from, to) = if draw.chance(0.5) { (OPENS, NOON) } else { (NOON, CLOSES) };
            unavailable.push(RawSpan { date: *draw.pick(&dates.all), from, to });
        }
        rooms.push(RawExamRoom {
            id: format!("B{}{:02}", 1 + i / 20, i % 20 + 1),
            accessible: i < 2 || draw.chance(0.4),
            equipment: if i < phones { vec!["phone".into()] } else { Vec::new() },
            unavailable,
        });
    }
    rooms
}

/// One large room after the other, and a small one for those who prepare alone.
fn preparation_rooms(seats: usize) -> Vec<RawPreparationRoom> {
    let mut rooms = Vec::new();
    let mut left = seats;
    while left > 0 {
        let size = left.min(LARGEST);
        left -= size;
        let id = if rooms.is_empty() { "CDI".to_string() } else { format!("Étude {}", rooms.len()) };
        rooms.push(RawPreparationRoom {
            id,
            seats: size as u32,
            accessible: rooms.len() % 2 == 0,
            unavailable: Vec::new(),
        });
    }
    rooms.push(RawPreparationRoom { id: "Infirmerie".into(), seats: 1, accessible: true, unavailable: Vec::new() });
    rooms
}
