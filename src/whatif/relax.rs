//! What would have to give for an oral to have a sitting: each of the smallest changes of the instance is carried out,
//! and the oral is put back into the plan as it stands, with nobody else moved.

use std::collections::BTreeSet;

use rand::SeedableRng;
use serde::Serialize;

use super::edit::{Edit, edited};
use crate::check::check;
use crate::explain::unscheduled;
use crate::instance::*;
use crate::moves::Random;
use crate::moves::insert::{Taste, insert};
use crate::schedule::{Plan, Schedule};
use crate::state::{Model, State};

/// A change of the instance under which an oral fits into the plan as it stands.
#[derive(Clone, Debug, Serialize)]
pub struct Way {
    /// The change.
    pub edit: Edit,
    /// The change in words.
    pub text: String,
    /// What the plan costs more or less then, the oral no more unscheduled.
    pub change: i64,
    /// The plan then; valid for the changed instance.
    #[serde(skip)]
    pub schedule: Schedule,
}

/// An oral without a sitting.
#[derive(Clone, Debug, Serialize)]
pub struct Stranded {
    /// Whose.
    pub candidate: String,
    /// Which exam.
    pub exam: String,
    /// Why, as the schedule says.
    pub reason: String,
    /// Each change that alone would do, the smallest first.
    pub ways: Vec<Way>,
}

/// How many ways are told of each oral.
const WAYS: usize = 6;

/// Every unscheduled oral (of a candidate, if one is named) with what would have to give.
pub fn stranded(instance: &Instance, schedule: &Schedule, of: Option<CandidateIx>) -> Vec<Stranded> {
    let plan = Plan::new(instance, schedule, None);
    let orals: Vec<OralIx> = instance
        .due()
        .filter(|&o| plan.of_oral(o).next().is_none() && of.is_none_or(|c| c == instance.orals[o].candidate))
        .collect();
    let mut found: Vec<Stranded> = orals.iter().map(|&o| without_ways(instance, schedule, o)).collect();
    if found.is_empty() {
        return found;
    }
    let before = crate::objective::evaluate(&plan).total;
    for edit in edits(instance, &orals) {
        if found.iter().all(|s| s.ways.len() >= WAYS) {
            break;
        }
        let Ok(changed) = edited(instance, std::slice::from_ref(&edit)) else { continue };
        let plan = Plan::new(&changed, schedule, None);
        let model = Model::new(&changed, None);
        let mut state = State::new(&model);
        state.load(&plan);
        for (stranded, &o) in found.iter_mut().zip(&orals) {
            let told = stranded.ways.len() >= WAYS || !concerns(&edit, instance, o);
            if told {
                continue;
            }
            let mark = state.mark();
            if heard(&mut state, o) {
                let after = state.freeze(|o| unscheduled::reason(&state, o));
                let verdict = check(&changed, &after, None);
                if verdict.valid {
                    let change = verdict.cost.total - before;
                    stranded.ways.push(Way { edit: edit.clone(), text: edit.text(), change, schedule: after });
                }
            }
            state.undo(mark);
        }
    }
    found
}

fn without_ways(instance: &Instance, schedule: &Schedule, o: OralIx) -> Stranded {
    let (candidate, exam) = (&instance.candidates[instance.orals[o].candidate].id, &instance.exam_of(o).id);
    let left = schedule.unscheduled.iter().find(|l| l.candidate == *candidate && l.exam == *exam);
    Stranded {
        candidate: candidate.clone(),
        exam: exam.clone(),
        reason: left.map_or_else(String::new, |l| l.reason.clone()),
        ways: Vec::new(),
    }
}

/// Puts an oral with what it follows into the state; says whether it is heard then.
fn heard(state: &mut State, o: OralIx) -> bool {
    let model = state.model;
    let own = &model.jobs_of[model.instance.orals[o].candidate];
    let found = own.iter().find_map(|&j| Some((j, model.jobs[j as usize].orals.iter().position(|&i| i == o)?)));
    let Some((job, index)) = found else { return false };
    if state.placed[job as usize].parts > 0 {
        let slot = state.placed[job as usize].slot;
        state.unplace(job);
        if state.session(slot).jobs.is_empty() {
            state.close(slot);
        }
    }
    let rng = &mut Random::seed_from_u64(0);
    insert(state, job, &Taste::EXACT, rng) && state.placed[job as usize].parts as usize > index
}

/// Whether a change can matter to an oral at all.
fn concerns(edit: &Edit, instance: &Instance, o: OralIx) -> bool {
    let id = &instance.candidates[instance.orals[o].candidate].id;
    match edit {
        Edit::Waiver { candidate, .. } | Edit::Come { candidate } => candidate == id,
        _ => true,
    }
}

/// The changes worth trying for these orals, the smallest first: what concerns one person before what concerns a
/// room, a room before everybody, and somebody more last.
pub fn edits(instance: &Instance, orals: &[OralIx]) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    let candidates: BTreeSet<CandidateIx> = orals.iter().map(|&o| instance.orals[o].candidate).collect();
    let holders: BTreeSet<ExaminerIx> = orals.iter().flat_map(|&o| holders(instance, o)).collect();
    let centres: BTreeSet<CentreIx> =
        candidates.iter().flat_map(|&c| instance.candidates[c].centres.iter().copied()).collect();
    for &c in &candidates {
        let candidate = instance.candidates[c].id.clone();
        if !instance.candidates[c].unavailable.is_empty() {
            edits.push(Edit::Come { candidate: candidate.clone() });
        }
        for &x in holders.iter().filter(|&&x| instance.partial(c, x)) {
            edits.push(Edit::Waiver { candidate: candidate.clone(), examiner: instance.examiners[x].id.clone() });
        }
    }
    let names = |z: CentreIx| instance.centres[z].id.clone();
    for &z in &centres {
        let needed: BTreeSet<&String> = orals.iter().flat_map(|&o| &instance.exam_of(o).equipment).collect();
        for &r in &instance.centres[z].rooms {
            let room = &instance.rooms[r];
            for &what in needed.iter().filter(|e| !room.equipment.contains(**e)) {
                edits.push(Edit::Equip { centre: names(z), room: room.id.clone(), equipment: what.clone() });
            }
        }
        if candidates.iter().any(|&c| instance.candidates[c].needs_accessible) {
            edits.push(Edit::Accessible { centre: names(z) });
        }
        edits.push(Edit::PreparationSeats { centre: names(z), seats: 1 });
    }
    for &x in &holders {
        if instance.examiners[x].max_days.is_some() {
            edits.push(Edit::MoreDays { examiner: instance.examiners[x].id.clone() });
        }
    }
    edits.push(Edit::Longer { minutes: 60 });
    for &x in &holders {
        for &date in instance.dates.iter() {
            if !instance.examiners[x].available.iter().any(|a| a.date == date) {
                edits.push(Edit::Free { examiner: instance.examiners[x].id.clone(), date });
            }
        }
    }
    edits.extend(centres.iter().map(|&z| Edit::Room { centre: names(z) }));
    edits.extend([Edit::OralsADay, Edit::ExaminerHour]);
    if !instance.policy.oral_on_paper_day {
        edits.push(Edit::PaperDay);
    }
    for &z in &centres {
        let closed = instance.dates.iter().filter(|d| !instance.centres[z].open.contains_key(d));
        edits.extend(closed.map(|&date| Edit::CentreDay { centre: names(z), date }));
    }
    let profiles: BTreeSet<Vec<String>> = orals.iter().flat_map(|&o| profiles(instance, o)).collect();
    for qualifications in profiles {
        for &date in instance.dates.iter() {
            edits.push(Edit::Examiner { qualifications: qualifications.clone(), dates: vec![date] });
        }
    }
    edits
}

/// Who may hold a required seat of an oral's commission, as far as qualifications go.
fn holders(instance: &Instance, o: OralIx) -> BTreeSet<ExaminerIx> {
    let language = instance.orals[o].language.as_deref();
    let seats = instance.commission_of(o).seats.iter().filter(|s| s.required);
    seats
        .flat_map(|s| instance.examiners.enumerate().filter(|(_, x)| s.accepts(&x.qualifications, language)))
        .map(|(x, _)| x)
        .collect()
}

/// The qualifications of a newcomer for each required seat of an oral's commission, the preferred ones included.
pub fn profiles(instance: &Instance, o: OralIx) -> Vec<Vec<String>> {
    let language = instance.orals[o].language.as_deref().unwrap_or("");
    let seats = instance.commission_of(o).seats.iter().filter(|s| s.required);
    seats
        .filter_map(|s| {
            let mut all: Vec<String> = s.any_of.first()?.iter().chain(&s.prefers).cloned().collect();
            all.iter_mut().for_each(|q| *q = q.replace("{language}", language));
            let mut seen = BTreeSet::new();
            all.retain(|q| seen.insert(q.clone()));
            Some(all)
        })
        .collect()
}
