//! `oraux explain --places`: where else an oral could be heard with nobody else moved, at what price, and where not.

use serde::Serialize;
use serde_json::json;

use super::Failure;
use super::explain::pretty;
use super::wrap::wrapped;
use crate::explain::place::broken;
use crate::explain::source_of;
use crate::fault::Fault;
use crate::instance::*;
use crate::lang::thousands;
use crate::rules::RuleSet;
use crate::schedule::Plan;
use crate::state::places::{Cell, Held, Run};
use crate::state::{Model, State};
use crate::tr;
use crate::whatif::ask::Asked;

/// A run of starts with the same answer.
#[derive(Serialize)]
struct Hours {
    from: Clock,
    to: Clock,
    price: Option<i64>,
    joins: bool,
    rules: Vec<&'static str>,
}

/// A room with its runs.
#[derive(Serialize)]
struct Room<'a> {
    centre: &'a str,
    date: chrono::NaiveDate,
    room: &'a str,
    hours: Vec<Hours>,
}

pub(super) fn answer(plan: &Plan, asked: &Asked, as_json: bool) -> Result<String, Failure> {
    let instance = plan.instance;
    let Asked::Oral { oral, date, start, centre, room } = asked else {
        let message = tr!("an oral is wanted: \"C0012 E4\"", "il faut un oral : « C0012 E4 »");
        return Err(Failure::Input(vec![Fault::new("--places", message)]));
    };
    let model = Model::new(instance, None);
    let mut state = State::new(&model);
    state.load(plan);
    let jobs = &model.jobs_of[instance.orals[*oral].candidate];
    let Some(&job) = jobs.iter().find(|&&j| model.jobs[j as usize].orals.contains(oral)) else {
        let message = tr!("the oral is not due: it has no place", "l'oral n'est pas dû : il n'a pas de place");
        return Err(Failure::Input(vec![Fault::new("--places", message)]));
    };
    let held = state.hold(job);
    let own = &instance.candidates[instance.orals[*oral].candidate].centres;
    let dates = instance.dates.enumerate().filter(|(_, d)| date.is_none_or(|wanted| wanted == **d));
    let dates: Vec<DateIx> = dates.map(|(d, _)| d).collect();
    let cells = instance.centres.indices().filter(|z| centre.map_or(own.contains(z), |wanted| wanted == *z));
    let mut cells: Vec<Cell> =
        cells.flat_map(|z| dates.iter().map(move |&d| (z, d))).map(|(z, d)| state.places(&held, z, d)).collect();
    let wanted = |r: RoomIx| room.as_ref().is_none_or(|id| instance.rooms[r].id == *id);
    cells.iter_mut().for_each(|cell| cell.rooms.retain(|r| wanted(r.room)));
    if let (Some(start), [cell]) = (start, &cells[..])
        && let [only] = &cell.rooms[..]
        && let Some(spot) = cell.spot(only.room, *start)
        && let Err(rules) = spot.answer
        && !as_json
    {
        let refusal = state.refusal(&held, only.room, cell.date, spot.half, spot.start);
        return Ok(refused(rules, &broken(&state, &held, &refusal, spot.start)));
    }
    let rooms: Vec<Room> = cells.iter().flat_map(|cell| rooms(instance, cell, *start)).collect();
    Ok(if as_json {
        let orals: Vec<String> = held_orals(&model, &held).map(|o| instance.oral_name(o)).collect();
        pretty(&json!({ "orals": orals, "rooms": rooms }))
    } else {
        text(instance, &model, &held, &rooms)
    })
}

fn held_orals<'a>(model: &'a Model, held: &Held) -> impl Iterator<Item = OralIx> + 'a {
    model.jobs[held.job as usize].orals[..held.parts as usize].iter().copied()
}

fn rooms<'a>(instance: &'a Instance, cell: &Cell, start: Option<Minutes>) -> Vec<Room<'a>> {
    let hours = |run: &Run| Hours {
        from: Clock(run.starts.from),
        to: Clock(run.starts.to),
        price: run.answer.ok().map(|o| o.price),
        joins: run.answer.is_ok_and(|o| o.joins.is_some()),
        rules: run.answer.err().map_or_else(Vec::new, names),
    };
    let asked = |run: &&Run| start.is_none_or(|s| run.starts.from <= s && s <= run.starts.to);
    let each = cell.rooms.iter().map(|places| Room {
        centre: &instance.centres[cell.centre].id,
        date: instance.dates[cell.date],
        room: &instance.rooms[places.room].id,
        hours: places.runs(instance.step).iter().filter(asked).map(hours).collect(),
    });
    each.collect()
}

fn names(rules: RuleSet) -> Vec<&'static str> {
    rules.rules().map(|r| r.name).collect()
}

/// A line for each room, under a head for each centre and date; one line where all rooms say the same.
fn text(instance: &Instance, model: &Model, held: &Held, rooms: &[Room]) -> String {
    let orals: Vec<String> = held_orals(model, held).map(|o| instance.oral_name(o)).collect();
    let orals = orals.join(" + ");
    let now = held.was.as_ref().map_or_else(
        || tr!("without a sitting", "sans passage"),
        |was| {
            let (room, start) = (&instance.rooms[was.room], Clock(was.start));
            format!("{} {} {start} {}", instance.centres[room.centre].id, instance.dates[was.date], room.id)
        },
    );
    let mut out = wrapped(
        "",
        &tr!(
            "{orals}, now: {now}. First starts, with what the plan then costs more (+) or less (-); (new): a session is opened.",
            "{orals}, actuellement : {now}. Heures de début, avec ce que le planning coûte alors en plus (+) ou en moins (-) ; (nouvelle) : une vacation est ouverte."
        ),
    );
    for cell in rooms.chunk_by(|a, b| (a.centre, a.date) == (b.centre, b.date)) {
        let head = format!("{} {}", cell[0].centre, cell[0].date);
        let never = |room: &Room| room.hours.iter().all(|h| h.price.is_none());
        if cell.iter().all(never) {
            let common = |rule: &&&str| cell.iter().flat_map(|r| &r.hours).all(|h| h.rules.contains(rule));
            let first = cell.iter().flat_map(|r| &r.hours).next();
            let rules: Vec<&str> = first.iter().flat_map(|h| &h.rules).filter(common).copied().collect();
            let why = if rules.is_empty() { tr!("no place", "aucune place") } else { rules.join(", ") };
            out += &wrapped(&format!("{head}  "), &tr!("never: {why}", "jamais : {why}"));
            continue;
        }
        out += &format!("{head}\n");
        // Rooms that say the same stand on one line.
        let mut lines: Vec<(Vec<&str>, String)> = Vec::new();
        for room in cell {
            let line = line(room);
            match lines.iter_mut().find(|(_, said)| *said == line) {
                Some((rooms, _)) => rooms.push(room.room),
                None => lines.push((vec![room.room], line)),
            }
        }
        for (rooms, line) in lines {
            out += &wrapped(&format!("  {:<8} ", rooms.join(" ")), &line);
        }
    }
    out
}

/// The hours of a room with their prices, then what stands in the way of the others.
fn line(room: &Room) -> String {
    let free: Vec<String> = room.hours.iter().filter_map(said).collect();
    let shut: Vec<&Hours> = room.hours.iter().filter(|h| h.price.is_none()).collect();
    let always = |rule: &&&str| shut.iter().all(|h| h.rules.contains(rule));
    let common: Vec<&str> = shut.iter().take(1).flat_map(|h| &h.rules).filter(always).copied().collect();
    let mut rules: Vec<&str> = Vec::new();
    for rule in shut.iter().flat_map(|h| &h.rules) {
        if !rules.contains(rule) {
            rules.push(rule);
        }
    }
    if free.is_empty() && !common.is_empty() {
        let list = common.join(", ");
        return tr!("never: {list}", "jamais : {list}");
    }
    let (free, list) = (if free.is_empty() { tr!("never", "jamais") } else { free.join("; ") }, rules.join(", "));
    if list.is_empty() { free } else { tr!("{free} (else: {list})", "{free} (sinon : {list})") }
}

fn said(hours: &Hours) -> Option<String> {
    let price = hours.price?;
    let when = if hours.from == hours.to { hours.from.to_string() } else { format!("{}-{}", hours.from, hours.to) };
    let sign = if price < 0 { "-" } else { "+" };
    let new = if hours.joins { String::new() } else { tr!(" (new)", " (nouvelle)") };
    Some(format!("{when} {sign}{}{new}", thousands(price.abs())))
}

/// Why a place is none, rule by rule.
fn refused(rules: RuleSet, broken: &[crate::rules::Violation]) -> String {
    let list = names(rules).join(", ");
    let mut out = wrapped("", &tr!("Not possible: {list}.", "Impossible : {list}."));
    for v in broken {
        let source = source_of(v.rule);
        out += &wrapped("  ", &format!("{}: {}: {} ({source})", v.rule, v.at, v.message));
    }
    out
}
