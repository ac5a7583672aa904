//! Need against supply, at once, before any plan.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::said::Names;
use super::{Call, Desk};
use crate::diagnose::{Need, needs};
use crate::instance::{Instance, hopeless};
use crate::lang::{current, decimal};
use crate::serve::problem::{Answer, Reply};
use crate::tr;

/// So many of the scarcest are told as sentences.
const SCARCE: usize = 6;

/// `GET /api/need`
pub(crate) fn need(desk: &mut Desk, _: &Call) -> Answer {
    let planned = desk.planned_mut()?;
    if let Some((_, reply)) = planned.need.as_ref().filter(|(lang, _)| *lang == current()) {
        return Ok(reply.clone());
    }
    let instance = planned.instance;
    let needs = needs(instance);
    let scarce: Vec<Value> = needs
        .iter()
        .filter(|n| n.orals > 0)
        .take(SCARCE)
        .map(|n| json!({ "sentence": Names::new(instance, None).sentence(&sentence(n)), "ratio": n.ratio(), "name": n.name, "kind": n.kind }))
        .collect();
    let names = Names::new(instance, None);
    let bar = |n: &Need| bar(n, &names);
    let by_profession: Vec<Value> =
        needs.iter().filter(|n| n.kind == "seat" || n.centres.is_empty()).map(bar).collect();
    let reply = Reply::json(&json!({
        "scarce": scarce,
        "by_profession": by_profession,
        "by_place": needs.iter().filter(|n| !n.centres.is_empty()).map(bar).collect::<Vec<_>>(),
        "by_centre": by_centre(instance, &needs),
        "half_days": instance.half_days.iter().map(|h| json!({ "from": h.from, "to": h.to })).collect::<Vec<_>>(),
        "hopeless": hopeless(instance),
    }));
    planned.need = Some((current(), reply.clone()));
    Ok(reply)
}

fn sentence(need: &Need) -> String {
    let (name, orals) = (&need.name, crate::lang::thousands(need.orals as i64));
    let (needs, has) = need.hours();
    let percent = decimal(100.0 * need.ratio(), 0);
    let (needs, has) = (crate::lang::thousands(needs), crate::lang::thousands(has));
    if need.ratio() > 1.0 {
        tr!(
            "{name}: {orals} orals need {needs} h, and there are {has} h: not all can be heard",
            "{name} : {orals} oraux demandent {needs} h, et il n'y a que {has} h : tous ne pourront pas être entendus"
        )
    } else {
        tr!(
            "{name}: {orals} orals need {needs} h of {has} h ({percent} %)",
            "{name} : {orals} oraux demandent {needs} h sur {has} h ({percent} %)"
        )
    }
}

fn bar(need: &Need, names: &Names) -> Value {
    let (needed, available) = need.hours();
    json!({
        "label": names.sentence(&need.name), "kind": need.kind, "orals": need.orals, "centres": need.centres,
        "need": needed, "supply": available, "unit": "h", "ratio": need.ratio(),
    })
}

/// For each centre, the hours of its rooms half-day by half-day, and the even share of what its orals need.
fn by_centre(instance: &Instance, needs: &[Need]) -> Vec<Value> {
    let mut all = Vec::new();
    for centre in instance.centres.iter() {
        let own = needs.iter().filter(|n| n.kind == "room" && n.centres.contains(&centre.id));
        let Some(need) = own.max_by(|a, b| a.ratio().total_cmp(&b.ratio())) else { continue };
        let mut halves: BTreeMap<_, (usize, i64)> = BTreeMap::new();
        for supply in &need.supply {
            let half = halves.entry((supply.date, supply.half)).or_default();
            half.0 += supply.count;
            half.1 += supply.minutes;
        }
        let total: i64 = halves.values().map(|h| h.1).sum();
        let days: Vec<Value> = halves
            .into_iter()
            .map(|((date, half), (rooms, minutes))| {
                let share = if total > 0 { need.needed as f64 * minutes as f64 / total as f64 } else { 0.0 };
                json!({ "date": date, "half": half, "rooms": rooms,
                    "need": (share / 6.0).round() / 10.0, "supply": (minutes as f64 / 6.0).round() / 10.0 })
            })
            .collect();
        all.push(json!({
            "centre": centre.id, "name": centre.name, "days": days, "shared_with": need.centres.len() - 1, "ratio": need.ratio(),
        }));
    }
    all
}

fn hopeless(instance: &Instance) -> Vec<Value> {
    let names = Names::new(instance, None);
    let warnings = hopeless::orals(instance);
    let said = |w: &hopeless::Warning| {
        let o = w.oral?;
        let candidate = &instance.candidates[instance.orals[o].candidate];
        Some(json!({
            "candidate": candidate.id, "name": candidate.name, "exam": instance.exam_of(o).id, "rule": w.rule, "sentence": names.sentence(&w.message),
        }))
    };
    warnings.iter().filter_map(said).collect()
}
