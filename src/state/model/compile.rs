//! What the model is made of: chains of orals, what each takes, who may hold which seat, what is pinned and published.

use chrono::NaiveDate;
use fixedbitset::FixedBitSet;
use smallvec::SmallVec;

use super::{Baseline, Job, JobId, JobPin, Kind, NONE, Part, Published, SeatModel};
use crate::instance::*;
use crate::rules::candidate_gap;
use crate::schedule::Plan;

/// Due orals chained: each job is a lead with what follows it. Of several followers of one lead only one can
/// start at its end; the others are returned apart.
pub(super) fn chains(instance: &Instance) -> (Vec<SmallVec<[OralIx; 2]>>, Vec<OralIx>) {
    let mut chains: Vec<SmallVec<[OralIx; 2]>> = Vec::new();
    let mut never = Vec::new();
    let follower = |lead: OralIx, taken: &mut Vec<OralIx>| {
        let mut all = instance.candidates[instance.orals[lead].candidate]
            .orals
            .iter()
            .copied()
            .filter(|&o| instance.orals[o].status == Status::Due && instance.lead_of(o) == Some(lead));
        let first = all.next();
        taken.extend(all);
        first
    };
    for o in instance.due().filter(|&o| instance.lead_of(o).is_none()) {
        let mut chain: SmallVec<[OralIx; 2]> = SmallVec::from_slice(&[o]);
        while let Some(next) = follower(chain[chain.len() - 1], &mut never) {
            if !rested(instance, &chain, next) {
                never.push(next);
                break;
            }
            chain.push(next);
        }
        chains.push(chain);
    }
    // What follows an oral that can never be heard is never heard either.
    let mut i = 0;
    while i < never.len() {
        let mut rest = Vec::new();
        if let Some(next) = follower(never[i], &mut rest) {
            never.push(next);
        }
        never.extend(rest);
        i += 1;
    }
    (chains, never)
}

/// Whether an oral at a chain's end lies far enough from all but the one that it follows: `candidate-gap`
/// excepts that pair alone.
pub(super) fn rested(instance: &Instance, chain: &[OralIx], next: OralIx) -> bool {
    let due = candidate_gap::gap(instance, instance.orals[next].candidate, false);
    let mut pause = -instance.orals[next].preparation;
    for &between in chain[1..].iter().rev() {
        pause += instance.orals[between].duration;
        if pause < due {
            return false;
        }
    }
    true
}

pub(super) fn parts(instance: &Instance, orals: &[OralIx]) -> SmallVec<[Part; 2]> {
    let mut parts = SmallVec::new();
    let (mut length, mut busy, mut before) = (0, 0, 0);
    let mut preparations = SmallVec::new();
    for &o in orals {
        let oral = &instance.orals[o];
        if oral.preparation > 0 {
            preparations.push(Interval::new(length - oral.preparation, length));
            before = before.max(oral.preparation - length);
        }
        length += oral.duration;
        busy += oral.preparation + oral.duration;
        parts.push(Part {
            length,
            turnaround: instance.exam_of(o).turnaround,
            before,
            busy,
            preparations: preparations.clone(),
        });
    }
    parts
}

/// For each number of orals, the latest of the moments before which their blocks may not begin, as the start of the first.
pub(super) fn not_before(instance: &Instance, orals: &[OralIx]) -> SmallVec<[Option<(NaiveDate, Minutes)>; 2]> {
    let (mut latest, mut offset) = (None, 0);
    let mut all = SmallVec::new();
    for &o in orals {
        let oral = &instance.orals[o];
        latest = latest.max(oral.not_before.map(|m| (m.date, m.time.0 + oral.preparation - offset)));
        offset += oral.duration;
        all.push(latest);
    }
    all
}

pub(super) fn kind(instance: &Instance, commission: CommissionIx, language: Option<String>, replan: bool) -> Kind {
    let seats = instance.regulation.commissions[commission]
        .seats
        .iter()
        .map(|seat| {
            let mut accepts = FixedBitSet::with_capacity(instance.examiners.len());
            let mut preferred = FixedBitSet::with_capacity(instance.examiners.len());
            for (x, examiner) in instance.examiners.enumerate() {
                let sits = replan || !examiner.reserve;
                accepts.set(x.ix(), sits && seat.accepts(&examiner.qualifications, language.as_deref()));
                preferred.set(x.ix(), seat.preferred(&examiner.qualifications, language.as_deref()));
            }
            let holders = accepts.ones().map(ExaminerIx::of).collect();
            SeatModel { required: seat.required, holders, accepts, preferred, by_cost: Vec::new() }
        })
        .collect();
    Kind { commission, language, seats }
}

/// By cell, who may be convened there then, cheapest first.
pub(super) fn by_cost(
    instance: &Instance,
    holders: &[ExaminerIx],
    free: &[SmallVec<[Interval; 2]>],
) -> Vec<Vec<(i64, ExaminerIx)>> {
    let w = &instance.weights;
    let cell = |z: CentreIx, d: DateIx| {
        let there = holders.iter().copied().filter(|&x| {
            !free[x.ix() * instance.dates.len() + d.ix()].is_empty()
                && instance.examiners[x].centres.as_ref().is_none_or(|own| own.contains(&z))
        });
        let cost = |x: ExaminerIx| i64::from(w.examiner_days) + i64::from(w.examiner_km) * instance.examiners[x].km[z];
        let mut list: Vec<(i64, ExaminerIx)> = there.map(|x| (cost(x), x)).collect();
        list.sort();
        list
    };
    instance
        .centres
        .indices()
        .flat_map(|z| instance.dates.indices().map(move |d| (z, d)))
        .map(|(z, d)| cell(z, d))
        .collect()
}

/// When an examiner is free, by date: each availability less the events that concern the person.
pub(super) fn free(instance: &Instance, x: ExaminerIx) -> Vec<SmallVec<[Interval; 2]>> {
    let examiner = &instance.examiners[x];
    instance
        .dates
        .iter()
        .map(|&date| {
            let mut stretches: Vec<Interval> =
                examiner.available.iter().filter(|a| a.date == date).map(|a| a.time).collect();
            for event in instance.events.iter().filter(|e| e.date == date && e.concerns(x, examiner)) {
                stretches = stretches.into_iter().flat_map(|s| s.without(event.time)).collect();
            }
            stretches.sort();
            stretches.dedup();
            stretches.into()
        })
        .collect()
}

pub(super) fn pin(instance: &Instance, orals: &[OralIx]) -> Option<Box<JobPin>> {
    fn set<T: PartialEq>(slot: &mut Option<T>, value: Option<T>, contradictory: &mut bool) {
        if let Some(value) = value {
            *contradictory |= slot.as_ref().is_some_and(|old| *old != value);
            *slot = Some(value);
        }
    }
    let mut job = JobPin::default();
    let mut offset = 0;
    for (i, &o) in orals.iter().enumerate() {
        for p in instance.pins.get(&o).into_iter().flatten() {
            job.orals = i + 1;
            let date = p.date.map(|d| instance.date(d));
            job.contradictory |= date == Some(None);
            set(&mut job.date, date.flatten(), &mut job.contradictory);
            set(&mut job.start, p.start.map(|s| s - offset), &mut job.contradictory);
            set(&mut job.centre, p.centre, &mut job.contradictory);
            set(&mut job.room, p.room.clone(), &mut job.contradictory);
            job.examiners.extend(p.examiner);
        }
        offset += instance.orals[o].duration;
    }
    (job.orals > 0).then(|| Box::new(job))
}

pub(super) fn baseline(instance: &Instance, plan: &Plan, jobs: &[Job]) -> Baseline {
    let mut baseline = Baseline::default();
    for (j, job) in jobs.iter().enumerate() {
        if let Some(sat) = plan.of_oral(job.orals[0]).next() {
            let crew = sat.session.members.iter().filter_map(|m| Some(m.examiner?.0)).collect();
            baseline.crews.insert(j as JobId, crew);
        }
    }
    for o in instance.orals.indices() {
        if let Some(sat) = plan.of_oral(o).next() {
            baseline.orals.insert(
                o,
                Published {
                    date: instance.date(sat.session.date).map_or(NONE, |d| d.0),
                    centre: sat.session.centre.map_or(NONE, |z| z.0),
                    start: sat.sitting.time.from,
                    room: sat.session.room.map_or(NONE, |r| r.0),
                },
            );
        }
    }
    for (id, date, centre) in plan.convened() {
        match (instance.examiner(id), instance.date(date), instance.centre(centre)) {
            (Some(x), Some(d), Some(z)) => {
                baseline.convened.insert((x.0, d.0, z.0));
            }
            _ => baseline.lost += 1,
        }
    }
    baseline
}
