//! Why is an examiner not convened on a date? Seats of that date are given to them, one or a holder's whole day, as the
//! plan stands; else a plan is sought in which they hear somebody then.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Answer, Effort, Verdict, merge, wished};
use crate::explain::{list, source_of, unscheduled};
use crate::instance::*;
use crate::schedule::Plan;
use crate::state::{Model, NONE, Slot, State};
use crate::tr;
use crate::whatif::ask::Asked;
use crate::whatif::place::{self, Change, Tried};

/// Seats of a date that an examiner would take together: slot and seat of each.
type Seats = Vec<(Slot, usize)>;

/// How many orals are tried, one after the other, where no session of the date has a seat.
const ORALS_TRIED: usize = 12;

pub(super) fn answer(
    plan: &Plan,
    asked: &Asked,
    x: ExaminerIx,
    date: NaiveDate,
    centre: Option<CentreIx>,
    effort: &Effort,
) -> Answer {
    let instance = plan.instance;
    let at = |z: Option<CentreIx>| centre.is_none() || z == centre;
    let convened = plan.examiner_days().any(|(who, d, own)| who == x && d == date && own.iter().any(|s| at(s.centre)));
    if convened {
        let text = tr!("The examiner is convened then.", "L'interrogateur est convoqué ce jour-là.");
        return Answer::new(plan, asked, Verdict::AlreadySo, text);
    }
    if let Some((rule, why)) = never(instance, x, date, centre) {
        let source = source_of(rule);
        let text = tr!(
            "No schedule of this instance has it: {why} ({rule}; {source}).",
            "Aucun planning de cette instance ne le permet : {why} ({rule} ; {source})."
        );
        let mut answer = Answer::new(plan, asked, Verdict::Forbidden, text);
        answer.tried = nearest(plan, x, date, centre, effort);
        return answer;
    }
    let d = instance.date(date).expect("dates outside the calendar are out of the question");
    let model = Model::new(instance, None);
    let mut state = State::new(&model);
    state.load(plan);
    if let Some(seats) = cheapest(&mut state, x, d, centre) {
        for &(slot, seat) in &seats {
            state.set_member(slot, seat, x.0);
        }
        let after = state.freeze(|o| unscheduled::reason(&state, o));
        let text = tr!("It can be so with nobody else moved.", "C'est possible sans déplacer personne d'autre.");
        return Answer::new(plan, asked, Verdict::Possible, text).with(plan, after);
    }
    let tried = nearest(plan, x, date, centre, effort);
    if let Some(free) = tried.first().filter(|t| t.broken.is_empty()) {
        let text = tr!("It can be so with nobody else moved.", "C'est possible sans déplacer personne d'autre.");
        return Answer::new(plan, asked, Verdict::Possible, text).with(plan, free.change.apply(plan.schedule));
    }
    let stands = match tried.first() {
        Some(first) => {
            let rules = list(&first.rules());
            tr!(
                "Not as the plan stands: the nearest seat breaks {rules}.",
                "Pas en l'état du planning : le siège le plus proche enfreint {rules}."
            )
        }
        None => tr!(
            "Not as the plan stands: no session of that date has a seat that they may hold.",
            "Pas en l'état du planning : aucune vacation de ce jour n'a de siège qu'il puisse tenir."
        ),
    };
    let orals = hearable(plan, x, date);
    let pin = |pin: &mut crate::state::model::JobPin, before| merge(instance, pin, asked, before);
    let direct =
        orals.iter().take(ORALS_TRIED).take_while(|_| !effort.stopped()).filter_map(|&o| wished(plan, o, None, &pin));
    let best = direct.min_by_key(|after| crate::objective::evaluate(&Plan::new(instance, after, None)).total);
    let found = best.or_else(|| wished(plan, *orals.first()?, Some(effort), &pin));
    let mut answer = match found {
        Some(after) => {
            let text = tr!(
                "{stands} It can be so if somebody is heard then instead.",
                "{stands} C'est possible si quelqu'un est entendu ce jour-là à la place."
            );
            Answer::new(plan, asked, Verdict::IfOthersMove, text).with(plan, after)
        }
        None => Answer::not_found(plan, asked, &stands),
    };
    answer.tried = tried;
    answer
}

/// Why no schedule at all convenes an examiner then, if that is so.
fn never(
    instance: &Instance,
    x: ExaminerIx,
    date: NaiveDate,
    centre: Option<CentreIx>,
) -> Option<(&'static str, String)> {
    let examiner = &instance.examiners[x];
    if instance.date(date).is_none() {
        return Some(("grid", tr!("{date} is not in the calendar", "le {date} n'est pas au calendrier")));
    }
    if examiner.reserve {
        let text = tr!(
            "they are in reserve, and sit only in a re-plan",
            "il est en réserve et ne siège que dans une replanification"
        );
        return Some(("examiner-centre", text));
    }
    if let (Some(z), Some(own)) = (centre, &examiner.centres)
        && !own.contains(&z)
    {
        let z = &instance.centres[z].id;
        return Some(("examiner-centre", tr!("they do not sit in {z}", "il ne siège pas à {z}")));
    }
    if examiner.max_days == Some(0) {
        return Some(("examiner-days", tr!("they may be convened on no date", "il ne peut être convoqué aucun jour")));
    }
    let mut free: Vec<Interval> = examiner.available.iter().filter(|a| a.date == date).map(|a| a.time).collect();
    if free.is_empty() {
        return Some(("examiner-available", tr!("they are not free that day", "il n'est pas libre ce jour-là")));
    }
    for event in instance.events.iter().filter(|e| e.date == date && e.concerns(x, examiner)) {
        free = free.into_iter().flat_map(|f| f.without(event.time)).collect();
        if free.is_empty() {
            let id = &event.id;
            return Some(("examiner-event", tr!("they are at the meeting {id}", "il est à la réunion {id}")));
        }
    }
    None
}

/// The seats that cost least, of those that the examiner may take as the plan stands: one, or somebody's whole day.
fn cheapest(state: &mut State, x: ExaminerIx, d: DateIx, centre: Option<CentreIx>) -> Option<Seats> {
    let mut choices: Vec<Seats> = Vec::new();
    let mut days: BTreeMap<u32, Seats> = BTreeMap::new();
    for &slot in &state.live {
        let session = state.session(slot);
        if session.date != d || centre.is_some_and(|z| z != session.centre) {
            continue;
        }
        for (seat, &holder) in session.members.iter().enumerate() {
            choices.push(vec![(slot, seat)]);
            if holder != NONE {
                days.entry(holder).or_default().push((slot, seat));
            }
        }
    }
    choices.extend(days.into_values().filter(|seats| seats.len() > 1));
    let mark = state.mark();
    let mut best: Option<(i64, Seats)> = None;
    for seats in choices {
        let fits = seats.iter().all(|&(slot, seat)| {
            let fits = state.may_sit(x, slot, seat);
            if fits {
                state.set_member(slot, seat, x.0);
            }
            fits
        });
        if fits && best.as_ref().is_none_or(|b| state.cost < b.0) {
            best = Some((state.cost, seats));
        }
        state.undo(mark);
    }
    best.map(|b| b.1)
}

/// The seats of that date whose change of hands breaks the fewest rules.
fn nearest(plan: &Plan, x: ExaminerIx, date: NaiveDate, centre: Option<CentreIx>, effort: &Effort) -> Vec<Tried> {
    let instance = plan.instance;
    let examiner = &instance.examiners[x];
    let mut tried = Vec::new();
    for session in plan.sessions.iter().filter(|s| s.date == date && (centre.is_none() || s.centre == centre)) {
        let Some(k) = session.commission else { continue };
        for seat in &instance.regulation.commissions[k].seats {
            let fits = seat.accepts(&examiner.qualifications, session.raw.language.as_deref());
            if fits && !effort.stopped() {
                let seats = vec![(session.raw.id.clone(), seat.id.clone())];
                let change = Change::Seat { examiner: examiner.id.clone(), seats };
                tried.push(Tried::new(instance, plan.schedule, change));
            }
        }
    }
    place::nearest(tried, 3)
}

/// Due orals that the examiner could hear on that date as far as the instance says, those heard in the smallest
/// sessions first: to move them leaves the least behind.
fn hearable(plan: &Plan, x: ExaminerIx, date: NaiveDate) -> Vec<OralIx> {
    let instance = plan.instance;
    let examiner = &instance.examiners[x];
    let mut orals: Vec<(usize, OralIx)> = instance
        .due()
        .filter(|&o| {
            let oral = &instance.orals[o];
            let candidate = &instance.candidates[oral.candidate];
            let paper = candidate.papers.iter().any(|&p| instance.papers[p].date == date);
            !instance.partial(oral.candidate, x)
                && instance.lead_of(o).is_none()
                && instance.exam_dates[oral.exam].as_ref().is_none_or(|only| only.contains(&date))
                && (instance.policy.oral_on_paper_day || !paper)
                && (instance.commission_of(o).seats.iter())
                    .any(|s| s.accepts(&examiner.qualifications, oral.language.as_deref()))
        })
        .map(|o| (plan.of_oral(o).next().map_or(0, |s| s.session.sittings.len()), o))
        .collect();
    orals.sort();
    orals.into_iter().map(|(_, o)| o).collect()
}
