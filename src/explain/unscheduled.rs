//! Why an oral has no sitting: what stands in the way, everywhere, in the schedule as it is.

use std::collections::BTreeMap;

use super::list;
use crate::hours::{CandidateHours, ExaminerHours, OwnHours};
use crate::instance::time::round_up;
use crate::instance::*;
use crate::rules::Hours as _;
use crate::schedule::Plan;
use crate::starts::FOREVER;
use crate::state::{JobId, Model, NONE, Part, State};
use crate::tr;

/// The reasons, in the language in force, of all orals that a frozen schedule leaves out. They speak of the schedule
/// as far as it obeys the rules: what breaks one stands in nobody's way.
pub fn reasons(plan: &Plan) -> BTreeMap<OralIx, String> {
    let model = Model::new(plan.instance, plan.baseline);
    let mut state = State::new(&model);
    state.load(plan);
    state.left_out().into_iter().map(|o| (o, reason(&state, o))).collect()
}

/// What keeps an examiner from a seat, from the strongest to the weakest; the last says nothing does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Hindrance {
    Partial,
    NotAvailable,
    NotInCentre,
    DaysUsed,
    Elsewhere,
    MinutesFull,
    Busy,
    None,
}

/// The reason, naming the resource and the rule.
pub fn reason(state: &State, o: OralIx) -> String {
    let model = state.model;
    let instance = model.instance;
    let exam = &instance.exam_of(o).id;
    if model.never.contains(&o) {
        return tr!(
            "another exam already follows the same one; only one can start at its end (follows)",
            "une autre épreuve suit déjà la même ; une seule peut commencer à sa fin (follows)"
        );
    }
    let candidate = instance.orals[o].candidate;
    let Some(&job) = model.jobs_of[candidate].iter().find(|&&j| model.jobs[j as usize].orals.contains(&o)) else {
        return tr!("not due", "non dû");
    };
    let spec = &model.jobs[job as usize];
    let parts = spec.orals.iter().position(|&i| i == o).expect("the job has the oral") + 1;
    if let Some(lead) = instance.lead_of(o).filter(|_| state.placed[job as usize].parts == 0) {
        let lead = &instance.exam_of(lead).id;
        return tr!("follows {lead}, which has no sitting (follows)", "suit {lead}, qui n'a pas de passage (follows)");
    }
    let cells: Vec<(CentreIx, DateIx)> = (spec.centres.iter())
        .flat_map(|&z| instance.dates.indices().map(move |d| (z, d)))
        .filter(|&(z, d)| spec.dates[d.ix()] && model.open[model.zd(z, d)].is_some())
        .collect();
    if spec.centres.is_empty() {
        let group = &instance.candidates[candidate].group;
        return tr!(
            "no centre of the group {group} hears {exam} (centre-allowed)",
            "aucun centre du regroupement {group} n'organise {exam} (centre-allowed)"
        );
    }
    if cells.is_empty() {
        return tr!(
            "no date is left: calendar, written papers and openings leave none (grid, paper-clash, centre-open)",
            "aucune date possible : calendrier, écrits et ouvertures n'en laissent pas (grid, paper-clash, centre-open)"
        );
    }
    if let Some(reason) = lacking_seat(state, job, &spec.parts[parts - 1], &cells) {
        return reason;
    }
    if !cells.iter().any(|&(z, d)| state.cell_suits(job, parts as u8, z, d)) {
        let limit = instance.policy.orals_a_day;
        return tr!(
            "on every possible date the candidate already has {limit} orals or is in another centre (candidate-orals, candidate-centre)",
            "à chaque date possible, le candidat a déjà {limit} oraux ou est dans un autre centre (candidate-orals, candidate-centre)"
        );
    }
    let fits = &model.room_fits[spec.need as usize];
    if !cells.iter().any(|&(z, _)| instance.centres[z].rooms.iter().any(|r| fits[r.ix()])) {
        return tr!(
            "no exam room has the equipment or access that it needs (room-fit)",
            "aucune salle n'a l'équipement ou l'accès nécessaires (room-fit)"
        );
    }
    if model.given_only[spec.kind as usize] {
        let own = instance
            .given_sessions
            .enumerate()
            .filter(|(g, _)| model.given[*g].as_ref().is_some_and(|g| g.kind == spec.kind));
        let ids: Vec<&str> = own.map(|(_, g)| g.id.as_str()).collect();
        let named = list(&ids);
        return tr!(
            "its commission sits only in the sessions that the office has composed ({named}), and none of them can hear it: members, hours or rooms (given-session)",
            "sa commission ne siège que dans les vacations composées d'avance ({named}), et aucune ne peut l'entendre : membres, heures ou salles (given-session)"
        );
    }
    no_hour(state, job, parts as u8, &cells)
}

/// That there is no hour left, naming only what is taken at some of the hours.
fn no_hour(state: &State, job: JobId, parts: u8, cells: &[(CentreIx, DateIx)]) -> String {
    let model = state.model;
    let (instance, spec) = (model.instance, &model.jobs[job as usize]);
    let part = &spec.parts[parts as usize - 1];
    let others = state.other_blocks(spec.candidate, job);
    let candidate = |&(_, d): &(CentreIx, DateIx)| {
        !model.unavailable[model.cd(spec.candidate, d)].is_empty()
            || !model.papers[model.cd(spec.candidate, d)].is_empty()
            || others.iter().any(|(o, _)| o.date == d)
    };
    let room = |&(z, d): &(CentreIx, DateIx)| {
        let fitting = instance.centres[z].rooms.iter().filter(|r| model.room_fits[spec.need as usize][r.ix()]);
        fitting
            .into_iter()
            .any(|&r| !state.in_room(r, d).is_empty() || !model.room_taken[model.rd(r.ix(), d)].is_empty())
    };
    let seat = |&(z, d): &(CentreIx, DateIx)| {
        let open = model.open[model.zd(z, d)].expect("only open cells are asked");
        let hours = instance.half_days.iter().flat_map(|h| {
            let first = round_up(h.from.max(open.from + part.before), instance.step);
            (first..=h.to.min(open.to) - part.length).step_by(instance.step as usize)
        });
        hours.into_iter().any(|start| state.preparation_rooms(job, parts, z, d, start).is_none())
    };
    let mut what = Vec::new();
    if cells.iter().any(candidate) {
        what.push((tr!("the candidate", "le candidat"), "candidate-gap"));
    }
    what.push((tr!("a whole commission", "une commission entière"), "turnaround"));
    if cells.iter().any(room) {
        what.push((tr!("a room", "une salle"), "room-fit"));
    }
    if !part.preparations.is_empty() && cells.iter().any(seat) {
        what.push((tr!("a preparation seat", "une place de préparation"), "preparation-seats"));
    }
    let (names, rules): (Vec<String>, Vec<&str>) = what.into_iter().unzip();
    let (names, rules) = (list(&names), (names.len(), rules.join(", ")));
    match rules {
        (1, rules) => tr!(
            "no hour is left at which {names} is free ({rules})",
            "il ne reste aucune heure où {names} soit libre ({rules})"
        ),
        (_, rules) => tr!(
            "no hour is left at which {names} are free together ({rules})",
            "il ne reste aucune heure où {names} soient libres ensemble ({rules})"
        ),
    }
}

/// The required seat that nobody can take in any of the cells, with what keeps each holder from it.
fn lacking_seat(state: &State, job: JobId, part: &Part, cells: &[(CentreIx, DateIx)]) -> Option<String> {
    let model = state.model;
    let spec = &model.jobs[job as usize];
    let kind = &model.kinds[spec.kind as usize];
    let commission = &model.instance.regulation.commissions[kind.commission];
    for (seat, holders) in commission.seats.iter().zip(&kind.seats).filter(|(_, s)| s.required) {
        let mut kept: BTreeMap<Hindrance, Vec<ExaminerIx>> = BTreeMap::new();
        for &x in &holders.holders {
            kept.entry(hindrance(state, job, part, x, cells)).or_default().push(x);
        }
        if kept.contains_key(&Hindrance::None) {
            continue;
        }
        let needs = match &kind.language {
            Some(language) => seat.needs().replace("{language}", language),
            None => seat.needs(),
        };
        let (name, commission) = (&seat.id, &commission.id);
        if kept.is_empty() {
            return Some(tr!(
                "no examiner can hold the seat {name} ({needs}) of {commission} (seats)",
                "aucun interrogateur ne peut tenir le siège {name} ({needs}) de {commission} (seats)"
            ));
        }
        let why: Vec<String> =
            kept.iter().map(|(h, people)| format!("{} {}", named(state, people), said(*h, people.len()))).collect();
        let why = why.join(tr!("; ", " ; ").as_str());
        return Some(tr!(
            "nobody is left for the seat {name} ({needs}) of {commission}: {why}",
            "personne ne reste pour le siège {name} ({needs}) de {commission} : {why}"
        ));
    }
    None
}

fn named(state: &State, people: &[ExaminerIx]) -> String {
    if people.len() <= 3 {
        people.iter().map(|&x| state.model.instance.examiners[x].id.clone()).collect::<Vec<_>>().join(", ")
    } else {
        let n = people.len();
        tr!("{n} people", "{n} personnes")
    }
}

fn said(h: Hindrance, n: usize) -> String {
    match (h, n) {
        (Hindrance::Partial, 1) => {
            tr!("may not hear this candidate (impartial)", "ne peut pas entendre ce candidat (impartial)")
        }
        (Hindrance::Partial, _) => {
            tr!("may not hear this candidate (impartial)", "ne peuvent pas entendre ce candidat (impartial)")
        }
        (Hindrance::NotAvailable, 1) => tr!(
            "is not available on the possible dates (examiner-available, examiner-event)",
            "n'est pas disponible aux dates possibles (examiner-available, examiner-event)"
        ),
        (Hindrance::NotAvailable, _) => tr!(
            "are not available on the possible dates (examiner-available, examiner-event)",
            "ne sont pas disponibles aux dates possibles (examiner-available, examiner-event)"
        ),
        (Hindrance::NotInCentre, 1) => tr!(
            "does not sit in the possible centres (examiner-centre)",
            "ne siège pas dans les centres possibles (examiner-centre)"
        ),
        (Hindrance::NotInCentre, _) => tr!(
            "do not sit in the possible centres (examiner-centre)",
            "ne siègent pas dans les centres possibles (examiner-centre)"
        ),
        (Hindrance::DaysUsed, 1) => tr!("has no day left (examiner-days)", "n'a plus de jour (examiner-days)"),
        (Hindrance::DaysUsed, _) => tr!("have no day left (examiner-days)", "n'ont plus de jour (examiner-days)"),
        (Hindrance::Elsewhere, 1) => tr!(
            "is convened in another centre (examiner-centre)",
            "est convoqué dans un autre centre (examiner-centre)"
        ),
        (Hindrance::Elsewhere, _) => tr!(
            "are convened in other centres (examiner-centre)",
            "sont convoqués dans d'autres centres (examiner-centre)"
        ),
        (Hindrance::MinutesFull, 1) => {
            tr!("has a full day (examiner-minutes)", "a une journée pleine (examiner-minutes)")
        }
        (Hindrance::MinutesFull, _) => {
            tr!("have full days (examiner-minutes)", "ont des journées pleines (examiner-minutes)")
        }
        (Hindrance::Busy, 1) => tr!("is busy with others (turnaround)", "est occupé avec d'autres (turnaround)"),
        (Hindrance::Busy, _) => tr!("are busy with others (turnaround)", "sont occupés avec d'autres (turnaround)"),
        (Hindrance::None, _) => String::new(),
    }
}

/// The weakest hindrance over all cells and half-days: what would have to give first.
fn hindrance<'m>(
    state: &'m State<'m>,
    job: JobId,
    part: &Part,
    x: ExaminerIx,
    cells: &[(CentreIx, DateIx)],
) -> Hindrance {
    let model: &'m Model<'m> = state.model;
    let spec = &model.jobs[job as usize];
    if model.partial[spec.candidate.ix()][x.ix()] {
        return Hindrance::Partial;
    }
    let examiner = &model.instance.examiners[x];
    let ask = state.ask(part, None);
    let at = |z: CentreIx, d: DateIx| {
        let open = model.candidate_hours(job, 1, z, d).expect("only open cells are asked");
        let open = CandidateHours { unavailable: &[], papers: &[], pinned: None, not_before: -FOREVER, ..open };
        let free = |day: &dyn Fn(usize) -> ExaminerHours<'m>| {
            let some_hour = |number: usize| {
                let mut starts = model.hours[number].clone();
                let half = model.instance.half_days[number];
                OwnHours { half, sittings: &[] }.shut(&ask, &mut starts);
                open.shut(&ask, &mut starts);
                day(number).shut(&ask, &mut starts);
                !starts.is_empty()
            };
            (0..model.halves).any(some_hour)
        };
        if !free(&|_| model.examiner_hours(x, d)) {
            return Hindrance::NotAvailable;
        }
        if examiner.centres.as_ref().is_some_and(|own| !own.contains(&z)) {
            return Hindrance::NotInCentre;
        }
        match state.of_examiner(x, d).first() {
            None if !state.may_convene(x, z, d) => return Hindrance::DaysUsed,
            Some(&s) if state.session(s).centre != z => return Hindrance::Elsewhere,
            _ => {}
        }
        if !state.load_allows(x, d, part.length, 1) {
            return Hindrance::MinutesFull;
        }
        if free(&|half| state.examiner_hours(x, d, half, NONE)) { Hindrance::None } else { Hindrance::Busy }
    };
    cells.iter().map(|&(z, d)| at(z, d)).max().unwrap_or(Hindrance::NotAvailable)
}
