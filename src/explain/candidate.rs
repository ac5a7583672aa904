//! One candidate: their days, everything that binds them, what they are charged, and what each other day would cost.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rand::SeedableRng;
use serde::Serialize;

use super::{Constraint, Share, costs, list, loaded};
use crate::instance::*;
use crate::lang::{self, count};
use crate::moves::Random;
use crate::moves::insert::{Taste, insert};
use crate::rules;
use crate::schedule::Plan;
use crate::state::{JobId, Model, State};
use crate::tr;

/// What is said of a candidate.
#[derive(Clone, Debug, Serialize)]
pub struct CandidateStory {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Who that is: group, school, accommodations.
    pub about: String,
    /// The sittings, in order.
    pub sittings: Vec<String>,
    /// Due orals without a sitting, and finals that are not heard.
    pub not_heard: Vec<String>,
    /// Everything that binds the candidate.
    pub constraints: Vec<Constraint>,
    /// What the candidate is charged.
    pub costs: Vec<Share>,
    /// Every other date and centre, and what stands in the way of coming then.
    pub otherwise: Vec<Otherwise>,
}

/// What it would take for the candidate to come to a centre on a date instead.
#[derive(Clone, Debug, Serialize)]
pub struct Otherwise {
    /// The date.
    pub date: NaiveDate,
    /// The centre.
    pub centre: String,
    /// The change of cost if all that is heard on the candidate's first date came there, with nobody else moved.
    pub change: Option<i64>,
    /// In one sentence.
    pub text: String,
}

/// Tells everything of a candidate.
pub fn story(plan: &Plan, c: CandidateIx) -> CandidateStory {
    let instance = plan.instance;
    let candidate = &instance.candidates[c];
    let model = Model::new(instance, None);
    CandidateStory {
        id: candidate.id.clone(),
        name: candidate.name.clone(),
        about: about(instance, c),
        sittings: plan.of_candidate(c).map(|sat| sitting(&sat)).collect(),
        not_heard: not_heard(plan, c),
        constraints: constraints(instance, c),
        costs: costs::Shares::new(plan).of_candidate(c).to_vec(),
        otherwise: otherwise(plan, &mut loaded(plan, &model), c),
    }
}

fn about(instance: &Instance, c: CandidateIx) -> String {
    let candidate = &instance.candidates[c];
    let group = &candidate.group;
    let school = candidate.school.map_or_else(
        || tr!("on their own", "candidat individuel"),
        |s| {
            let school = &instance.schools[s];
            if school.town.is_empty() { school.name.clone() } else { format!("{} ({})", school.name, school.town) }
        },
    );
    let due = candidate.orals.iter().filter(|&&o| instance.orals[o].status == Status::Due);
    let exams = list(&due.map(|&o| instance.exam_of(o).id.as_str()).collect::<Vec<_>>());
    tr!("group {group}, {school}; due: {exams}", "regroupement {group}, {school} ; oraux dus : {exams}")
}

fn sitting(sat: &crate::schedule::Sat) -> String {
    let (date, time, exam) = (sat.session.date, sat.sitting.time, &sat.sitting.raw.exam);
    let (room, centre) = (lang::room(lang::current(), &sat.session.raw.room), &sat.session.raw.centre);
    let members = list(&sat.session.members.iter().map(|m| m.id).collect::<Vec<_>>());
    let preparation = match &sat.sitting.raw.preparation_room {
        Some(room) => {
            let from = Clock(sat.sitting.preparation.from);
            let room = lang::room(lang::current(), room);
            tr!(", prepares from {from}, {room}", ", préparation à partir de {from}, {room}")
        }
        None => String::new(),
    };
    tr!(
        "{date} {time} {exam}, {room} ({centre}){preparation}, before {members}",
        "{date} {time} {exam}, {room} ({centre}){preparation}, devant {members}"
    )
}

fn not_heard(plan: &Plan, c: CandidateIx) -> Vec<String> {
    let id = &plan.instance.candidates[c].id;
    let left = plan.schedule.unscheduled.iter().chain(&plan.schedule.not_heard).filter(|l| l.candidate == *id);
    left.map(|l| {
        let (exam, reason) = (&l.exam, &l.reason);
        tr!("{exam} has no sitting: {reason}", "{exam} n'a pas de passage : {reason}")
    })
    .collect()
}

/// Everything in the instance that binds a candidate, with its rule.
pub fn constraints(instance: &Instance, c: CandidateIx) -> Vec<Constraint> {
    let candidate = &instance.candidates[c];
    let policy = &instance.policy;
    let due: Vec<OralIx> =
        candidate.orals.iter().copied().filter(|&o| instance.orals[o].status == Status::Due).collect();
    let mut all = Vec::new();
    let mut say = |rule: &rules::Rule, text: String| all.push(Constraint::new(rule, text));
    let centres: Vec<String> = candidate
        .centres
        .iter()
        .map(|&z| {
            let (id, km) = (&instance.centres[z].id, candidate.km[z]);
            format!("{id} ({km} km)")
        })
        .collect();
    let named = list(&centres);
    say(&rules::centre_allowed::RULE, tr!("may be heard only in {named}", "ne peut être entendu qu'à {named}"));
    for &o in &due {
        let exam = instance.exam_of(o);
        let oral = &instance.orals[o];
        if (oral.preparation, oral.duration) != (exam.preparation, exam.duration) {
            let (id, prepares, lasts) = (&exam.id, oral.preparation, oral.duration);
            let (before, short) = (exam.preparation, exam.duration);
            say(
                &rules::length::RULE,
                tr!(
                    "{id} takes {prepares} + {lasts} min with the extra time, instead of {before} + {short}",
                    "{id} prend {prepares} + {lasts} min avec le temps majoré, au lieu de {before} + {short}"
                ),
            );
        }
        if let Some(only) = &instance.exam_dates[oral.exam] {
            let (id, dates) = (&exam.id, list(&only.iter().map(ToString::to_string).collect::<Vec<_>>()));
            say(&rules::grid::RULE, tr!("{id} is heard only on {dates}", "{id} n'est entendu que le {dates}"));
        }
        if !exam.equipment.is_empty() {
            let (id, needs) = (&exam.id, exam.equipment.join(", "));
            say(
                &rules::room_fit::RULE,
                tr!("{id} needs a room with: {needs}", "{id} demande une salle équipée de : {needs}"),
            );
        }
        if let Some(lead) = instance.lead_of(o) {
            let (id, lead) = (&exam.id, &instance.exam_of(lead).id);
            say(&rules::follows::RULE, tr!("{id} starts at the end of {lead}", "{id} commence à la fin de {lead}"));
        }
        for pin in instance.pins.get(&o).into_iter().flatten() {
            let id = &exam.id;
            let parts = [
                pin.date.map(|d| d.to_string()),
                pin.start.map(|s| Clock(s).to_string()),
                pin.centre.map(|z| instance.centres[z].id.clone()),
                pin.room.clone(),
                pin.examiner.map(|x| instance.examiners[x].id.clone()),
            ];
            let what = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
            say(&rules::pin::RULE, tr!("{id} is pinned: {what}", "{id} est fixé : {what}"));
        }
    }
    let papers: BTreeSet<String> = candidate
        .papers
        .iter()
        .filter(|&&p| instance.date(instance.papers[p].date).is_some())
        .map(|&p| format!("{} {} {}", instance.papers[p].id, instance.papers[p].date, instance.paper_time(c, p)))
        .collect();
    if !papers.is_empty() {
        let named = list(&papers.into_iter().collect::<Vec<_>>());
        let text = if policy.oral_on_paper_day {
            tr!("sits {named}: no oral meanwhile", "compose {named} : pas d'oral pendant ce temps")
        } else {
            tr!("sits {named}: no oral that day", "compose {named} : pas d'oral ce jour-là")
        };
        say(&rules::paper_clash::RULE, text);
    }
    for away in &candidate.unavailable {
        let (date, time) = (away.date, away.time);
        say(
            &rules::candidate_available::RULE,
            tr!("cannot come on {date} {time}", "ne peut pas venir le {date} {time}"),
        );
    }
    impartiality(instance, c, &due, &mut say);
    if candidate.needs_accessible {
        say(&rules::room_fit::RULE, tr!("needs accessible rooms", "a besoin de salles accessibles"));
    }
    if candidate.prepares_alone && due.iter().any(|&o| instance.orals[o].preparation > 0) {
        say(&rules::preparation_seats::RULE, tr!("prepares alone in the room", "prépare seul dans la salle"));
    }
    let counted = due.iter().filter(|&&o| instance.exam_of(o).follows.is_none()).count() as u32;
    if counted > 1 {
        let (a_day, gap) = (policy.orals_a_day, rules::candidate_gap::gap(instance, c, false));
        let lunch = rules::candidate_gap::gap(instance, c, true);
        let days = counted.div_ceil(a_day.max(1)) as usize;
        let days = count(days, &tr!("day", "jour"), &tr!("days", "jours"));
        say(
            &rules::candidate_orals::RULE,
            tr!(
                "{counted} orals, at most {a_day} a day: at least {days}",
                "{counted} oraux, {a_day} par jour au plus : {days} au moins"
            ),
        );
        say(
            &rules::candidate_gap::RULE,
            tr!(
                "{gap} min at least between two orals, {lunch} over lunch",
                "{gap} min au moins entre deux oraux, {lunch} à travers midi"
            ),
        );
        say(&rules::candidate_centre::RULE, tr!("one centre a day", "un seul centre par jour"));
    }
    all
}

/// Who may not hear the candidate, among those who could hold a seat.
fn impartiality(instance: &Instance, c: CandidateIx, due: &[OralIx], say: &mut dyn FnMut(&rules::Rule, String)) {
    let candidate = &instance.candidates[c];
    let could = |x: ExaminerIx| {
        due.iter().any(|&o| {
            let language = instance.orals[o].language.as_deref();
            let seats = &instance.commission_of(o).seats;
            seats.iter().any(|s| s.accepts(&instance.examiners[x].qualifications, language))
        })
    };
    let related: Vec<ExaminerIx> =
        instance.examiners.indices().filter(|&x| instance.related(c, x) && could(x)).collect();
    let ids =
        |people: Vec<ExaminerIx>| list(&people.iter().map(|&x| instance.examiners[x].id.as_str()).collect::<Vec<_>>());
    let (excluded, rest): (Vec<_>, Vec<_>) = related.into_iter().partition(|x| candidate.excluded.contains(x));
    let (waived, taught): (Vec<_>, Vec<_>) = rest.into_iter().partition(|&x| instance.waivers.contains_key(&(c, x)));
    if !taught.is_empty() {
        let one = taught.len() == 1;
        let people = ids(taught);
        let text = if one {
            tr!(
                "not before {people}, who teaches in the candidate's school",
                "pas devant {people}, qui enseigne dans son établissement"
            )
        } else {
            tr!(
                "not before {people}, who teach in the candidate's school",
                "pas devant {people}, qui enseignent dans son établissement"
            )
        };
        say(&rules::impartial::RULE, text);
    }
    if !excluded.is_empty() {
        let one = excluded.len() == 1;
        let people = ids(excluded);
        let text = if one {
            tr!("not before {people}, excluded", "pas devant {people}, récusé")
        } else {
            tr!("not before {people}, excluded", "pas devant {people}, récusés")
        };
        say(&rules::impartial::RULE, text);
    }
    if !waived.is_empty() {
        let people = ids(waived);
        say(
            &rules::impartial::RULE,
            tr!(
                "may be heard by {people} in spite of the school: somebody answers for it (waiver)",
                "peut être entendu par {people} malgré l'établissement : quelqu'un en répond (dérogation)"
            ),
        );
    }
}

/// What coming on each other date and to each other centre would cost, with nobody else moved: the orals of the
/// candidate's first date are taken out of the state, which has loaded the plan, and put back there; it is left as it was.
pub fn otherwise(plan: &Plan, state: &mut State, c: CandidateIx) -> Vec<Otherwise> {
    let instance = plan.instance;
    let Some((first, day)) = plan.candidate_days(c).into_iter().next() else { return Vec::new() };
    let heard: BTreeSet<OralIx> = day.iter().filter_map(|s| s.sitting.oral).collect();
    let there = day.iter().find_map(|s| s.session.centre);
    let mut found = Vec::new();
    for (d, &date) in instance.dates.enumerate() {
        for &z in &instance.candidates[c].centres {
            if date == first && Some(z) == there {
                continue;
            }
            let centre = instance.centres[z].id.clone();
            let (change, text) = match forbidden(instance, c, &heard, date, z) {
                Some(text) => (None, text),
                None => moved(state, c, &heard, (z, d)),
            };
            found.push(Otherwise { date, centre, change, text });
        }
    }
    found
}

/// What of the instance alone forbids a date and a centre, with its rule.
fn forbidden(
    instance: &Instance,
    c: CandidateIx,
    heard: &BTreeSet<OralIx>,
    date: NaiveDate,
    z: CentreIx,
) -> Option<String> {
    let candidate = &instance.candidates[c];
    let rule = |rule: &rules::Rule, text: String| Some(format!("{text} [{}]", rule.name));
    let Some(open) = instance.centres[z].open.get(&date) else {
        return rule(&rules::centre_open::RULE, tr!("the centre is closed", "le centre est fermé"));
    };
    if let Some(&p) = candidate.papers.iter().find(|&&p| instance.papers[p].date == date)
        && !instance.policy.oral_on_paper_day
    {
        let paper = &instance.papers[p].id;
        return rule(&rules::paper_clash::RULE, tr!("sits {paper} that day", "compose {paper} ce jour-là"));
    }
    if candidate.unavailable.iter().any(|u| u.date == date && u.time.contains(*open)) {
        return rule(&rules::candidate_available::RULE, tr!("cannot come", "ne peut pas venir"));
    }
    for &o in heard {
        let (exam, id) = (instance.orals[o].exam, &instance.exam_of(o).id);
        if instance.exam_dates[exam].as_ref().is_some_and(|only| !only.contains(&date)) {
            return rule(&rules::grid::RULE, tr!("{id} is not heard that day", "{id} n'est pas entendu ce jour-là"));
        }
        if instance.centres[z].exams.as_ref().is_some_and(|only| !only.contains(&exam)) {
            return rule(&rules::centre_allowed::RULE, tr!("{id} is not heard there", "{id} n'y est pas entendu"));
        }
    }
    None
}

fn moved(
    state: &mut State,
    c: CandidateIx,
    heard: &BTreeSet<OralIx>,
    there: (CentreIx, DateIx),
) -> (Option<i64>, String) {
    let model = state.model;
    let jobs: Vec<JobId> = model.jobs_of[c]
        .iter()
        .copied()
        .filter(|&j| {
            state.placed[j as usize].parts > 0 && model.jobs[j as usize].orals.iter().any(|o| heard.contains(o))
        })
        .collect();
    let (mark, before) = (state.mark(), state.cost);
    for &j in &jobs {
        let slot = state.placed[j as usize].slot;
        state.unplace(j);
        if state.session(slot).jobs.is_empty() {
            state.close(slot);
        }
    }
    let out = state.mark();
    let taste = Taste { only: Some(there), ..Taste::EXACT };
    // Which of them goes first may decide whether the others find room: each order is tried, there are few.
    let mut best: Option<Result<i64, Vec<JobId>>> = None;
    for turn in 0..jobs.len().max(1) {
        let mut order = jobs.clone();
        order.rotate_left(turn);
        let rng = &mut Random::seed_from_u64(0);
        order.retain(|&j| !insert(state, j, &taste, rng));
        let found = if order.is_empty() { Ok(state.cost - before) } else { Err(order) };
        state.undo(out);
        best = match (best, found) {
            (Some(Ok(a)), Ok(b)) => Some(Ok(a.min(b))),
            (Some(Ok(a)), Err(_)) => Some(Ok(a)),
            (Some(Err(a)), Err(b)) => Some(Err(if b.len() < a.len() { b } else { a })),
            (_, found) => Some(found),
        };
    }
    state.undo(mark);
    let change = match best.expect("at least one order was tried") {
        Ok(change) => change,
        Err(blocked) => {
            let exams: Vec<&str> =
                blocked.iter().map(|&j| model.instance.exam_of(model.jobs[j as usize].orals[0]).id.as_str()).collect();
            let exams = list(&exams);
            let text = tr!(
                "no place was found for {exams} without moving somebody else",
                "aucune place trouvée pour {exams} sans déplacer quelqu'un d'autre"
            );
            return (None, text);
        }
    };
    let by = crate::lang::thousands(change.abs());
    let text = if change >= 0 {
        tr!("possible with nobody else moved, {by} dearer", "possible sans déplacer personne d'autre, {by} de plus")
    } else {
        tr!("possible with nobody else moved, {by} cheaper", "possible sans déplacer personne d'autre, {by} de moins")
    };
    (Some(change), text)
}
