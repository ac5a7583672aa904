//! Where an oral could be heard, whatever else is heard then.

use rustc_hash::FxHashMap;

use crate::hours::{Ask, OwnHours};
use crate::instance::*;
use crate::rules::Hours as _;
use crate::starts::Starts;
use crate::state::model::JobPin;
use crate::state::{Given, JobId, KindId, Model, NONE, State};

/// Where and when an oral may be heard.
#[derive(Clone, Copy)]
pub(crate) struct Spot {
    pub(crate) centre: CentreIx,
    pub(crate) date: DateIx,
    pub(crate) half: usize,
    pub(crate) room: RoomIx,
    pub(crate) start: Minutes,
}

/// Where the pins and what never changes let a job be heard.
pub(crate) fn spots(state: &State, job: JobId, parts: u8) -> Vec<Spot> {
    let model = state.model;
    let spec = &model.jobs[job as usize];
    let free = JobPin::default();
    let pin = spec.pin.as_deref().unwrap_or(&free);
    let part = &spec.parts[parts as usize - 1];
    let ask = state.ask(part, None);
    let (mut spots, mut teams) = (Vec::new(), FxHashMap::default());
    let dates = spec.dates.ones().map(DateIx::of).filter(|&d| pin.date.is_none_or(|p| p == d));
    for date in dates {
        for &centre in spec.centres.iter().filter(|&&z| pin.centre.is_none_or(|p| p == z)) {
            let Some(day) = model.candidate_hours(job, parts, centre, date) else { continue };
            let may_come =
                |x: &ExaminerIx| model.instance.examiners[*x].centres.as_ref().is_none_or(|own| own.contains(&centre));
            if !pin.examiners.iter().all(may_come) {
                continue;
            }
            let named = |r: &&RoomIx| pin.room.as_ref().is_none_or(|p| *p == model.instance.rooms[**r].id);
            let rooms = model.room_order[centre.ix()].iter().filter(named);
            for &room in rooms.filter(|r| model.room_fits[spec.need as usize][r.ix()]) {
                let sits = |half: usize| {
                    let given =
                        |(_, g): (GivenIx, &Given)| pin.examiners.iter().all(|x| may_join(model, spec.kind, g, *x));
                    !model.given_only[spec.kind as usize] || state.given_at(spec.kind, room, (date, half)).any(given)
                };
                for (half, hours) in model.hours.iter().enumerate().filter(|(half, _)| sits(*half)) {
                    let mut starts = hours.clone();
                    OwnHours { half: model.instance.half_days[half], sittings: &[] }.shut(&ask, &mut starts);
                    day.shut(&ask, &mut starts);
                    model.room_hours(room, date).shut(&ask, &mut starts);
                    pin.examiners.iter().for_each(|&x| model.examiner_hours(x, date).shut(&ask, &mut starts));
                    if pin.examiners.is_empty() {
                        starts.keep(team_starts(model, job, &ask, (centre, date, half), &mut teams));
                    }
                    spots.extend(starts.hours().map(|start| Spot { centre, date, half, room, start }));
                }
            }
        }
    }
    spots
}

/// The starts at which for each required seat somebody could be there, whatever else they hear.
fn team_starts<'t>(
    model: &Model,
    job: JobId,
    ask: &Ask,
    (centre, date, half): (CentreIx, DateIx, usize),
    known: &'t mut FxHashMap<(CentreIx, DateIx, usize), Starts>,
) -> &'t Starts {
    known.entry((centre, date, half)).or_insert_with(|| {
        let spec = &model.jobs[job as usize];
        let mut all = model.hours[half].clone();
        let partial = &model.partial[spec.candidate.ix()];
        for seat in model.kinds[spec.kind as usize].seats.iter().filter(|s| s.required) {
            let mut any = all.none();
            let may = |x: &&ExaminerIx| {
                let own = &model.instance.examiners[**x].centres;
                !partial[x.ix()] && own.as_ref().is_none_or(|own| own.contains(&centre))
            };
            for &x in seat.holders.iter().filter(may) {
                let mut starts = all.clone();
                model.examiner_hours(x, date).shut(ask, &mut starts);
                any.add(&starts);
                if all.within(&any) {
                    break;
                }
            }
            all = any;
        }
        all
    })
}

/// Whether somebody sits in a given session, or may take a seat that is not given.
fn may_join(model: &Model, kind: KindId, given: &Given, x: ExaminerIx) -> bool {
    let seats = &model.kinds[kind as usize].seats;
    given.members.contains(&x.0) || given.members.iter().zip(seats).any(|(&m, seat)| m == NONE && seat.accepts[x.ix()])
}
