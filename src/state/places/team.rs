//! Who would hear a job in a session opened for it: the cheapest team at each start, or the rules that no team keeps.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::forbidden::{Broken, no_way};
use super::{Opening, Place, Thing};
use crate::instance::*;
use crate::parts::{ExaminerDates, ExaminerHalfDay, Holder, SeatInSession};
use crate::rules::*;
use crate::state::NONE;

/// People for a session to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Team {
    pub(super) given: Option<GivenIx>,
    pub(super) members: SmallVec<[u32; 4]>,
}

/// No team would do.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NoTeam {
    /// What every team breaks.
    pub(super) all: RuleSet,
    /// What one or another breaks.
    pub(super) any: RuleSet,
}

/// All ways to open a session for a job in a half-day of a cell.
pub(super) struct Teams {
    people: Vec<Person>,
    ways: Vec<Way>,
}

/// Somebody who could hold a seat.
struct Person {
    examiner: ExaminerIx,
    broken: Broken,
    half: ExaminerHalfDay,
    /// What calling them costs, and hearing the job at any hour.
    fixed: i64,
}

/// A session of its own, a given one, or the one that the job has left empty.
struct Way {
    given: Option<GivenIx>,
    /// The only room.
    room: Option<RoomIx>,
    /// Whether it comes before all others: who was called stays.
    first: bool,
    /// What forbids it whoever sits.
    barred: RuleSet,
    seats: Vec<Seat>,
    /// Whether somebody could hold more than one of the seats.
    shared: bool,
    /// By start, once it was asked for.
    known: Vec<Option<Result<(i64, Team), NoTeam>>>,
}

struct Seat {
    required: bool,
    /// What nobody costs there.
    empty: i64,
    /// Who may hold it, each with what the seat adds.
    holders: Vec<(usize, i64)>,
}

impl Teams {
    pub(super) fn new(place: &Place) -> Teams {
        let (state, held, (z, d, half)) = (place.state, place.held, place.cell);
        let model = state.model;
        let spec = &model.jobs[held.job as usize];
        let mut crowd = Crowd { place, people: Vec::new(), number: FxHashMap::default() };
        let kind = &model.kinds[spec.kind as usize];
        let price = |required: bool, holder: Holder| {
            SeatInSession { required, holder, sittings: 1 }.cost(model.instance) * i64::from(held.parts)
        };
        let seats: Vec<Vec<(usize, i64)>> = kind
            .seats
            .iter()
            .map(|seat| {
                let holders = crowd.who_counts(&seat.holders, kind.seats.len()).into_iter();
                holders.map(|x| (crowd.number(x), price(seat.required, seat.holder(x)))).collect()
            })
            .collect();
        let composed = &model.given_in[model.zd(z, d) * model.kinds.len() + spec.kind as usize];
        let composed = composed.iter().filter_map(|&g| {
            let given = model.given[g].as_ref()?;
            (given.half == half && state.given_slot(g) == NONE).then_some((g, given))
        });
        // Whom the office has named may be nobody whom the program would call: a reserve.
        let here = |o: &&Opening| model.instance.rooms[o.room].centre == z && o.date == d && o.half == half;
        let left = held.emptied.as_ref().filter(here);
        let named = composed.clone().flat_map(|(_, given)| &given.members).chain(left.iter().flat_map(|l| &l.members));
        for &x in named.filter(|&&x| x != NONE) {
            crowd.number(ExaminerIx(x));
        }
        let Crowd { people, number, .. } = crowd;
        let starts = place.all.hours().count();
        let way = |given: Option<GivenIx>, named: Option<&[u32]>, whole: bool, room: Option<RoomIx>| {
            let seats: Vec<Seat> = kind
                .seats
                .iter()
                .enumerate()
                .map(|(at, seat)| {
                    let name = named.map_or(NONE, |n| n[at]);
                    let all = &seats[at];
                    let holders = match name {
                        NONE if whole => Vec::new(),
                        NONE => all.clone(),
                        x => vec![(number[&ExaminerIx(x)], price(seat.required, seat.holder(ExaminerIx(x))))],
                    };
                    let required = seat.required || name != NONE;
                    Seat { required, empty: price(seat.required, Holder::Nobody), holders }
                })
                .collect();
            let mut all: Vec<usize> = seats.iter().flat_map(|s| s.holders.iter().map(|h| h.0)).collect();
            let count = all.len();
            all.sort_unstable();
            all.dedup();
            let barred = if given.is_none() && model.given_only[spec.kind as usize] {
                RuleSet::of(&given_session::RULE)
            } else {
                RuleSet::default()
            };
            Way { given, room, first: whole, barred, shared: all.len() < count, seats, known: vec![None; starts] }
        };
        let mut ways = Vec::new();
        if let Some(left) = left {
            ways.push(way(left.given, Some(&left.members), true, Some(left.room)));
        }
        ways.extend(composed.map(|(g, given)| way(Some(g), Some(&given.members), false, given.room)));
        ways.push(way(None, None, false, None));
        Teams { people, ways }
    }

    /// The cheapest team in a room at a start, with what it adds but for the candidate; `wanted` if the price is.
    pub(super) fn offer(
        &mut self,
        place: &Place,
        room: RoomIx,
        at: usize,
        start: Minutes,
        wanted: bool,
    ) -> Result<(i64, Team), NoTeam> {
        let (people, mut best, mut none): (_, Option<(i64, Team)>, Vec<NoTeam>) = (&self.people, None, Vec::new());
        for way in self.ways.iter_mut().filter(|w| w.room.is_none_or(|r| r == room)) {
            if way.known[at].is_none() {
                way.known[at] = Some(way.team(place, people, at, start));
            }
            match way.known[at].as_ref().expect("it was just found") {
                Ok(found) => {
                    if best.as_ref().is_none_or(|b| found.0 < b.0) {
                        best = Some(found.clone());
                    }
                    if way.first || !wanted {
                        break;
                    }
                }
                // The session that the job has left is one of its own, or a given one, that comes again below.
                Err(_) if way.first => {}
                // Where the office has composed sessions, one of its own is no way.
                Err(_) if !way.barred.is_empty() && !none.is_empty() => {}
                Err(no) => none.push(*no),
            }
        }
        best.ok_or_else(|| {
            let all = none.iter().map(|n| n.all).reduce(RuleSet::and);
            let any = none.iter().fold(RuleSet::default(), |any, n| any.or(n.any));
            NoTeam { all: all.unwrap_or_default(), any }
        })
    }
}

/// Those who could hold a seat, each looked at once.
struct Crowd<'p, 's, 'm> {
    place: &'p Place<'s, 'm>,
    people: Vec<Person>,
    number: FxHashMap<ExaminerIx, usize>,
}

impl Crowd<'_, '_, '_> {
    fn number(&mut self, x: ExaminerIx) -> usize {
        *self.number.entry(x).or_insert_with(|| {
            self.people.push(Person::new(self.place, x));
            self.people.len() - 1
        })
    }

    /// The holders of a seat that make a difference. Of all who may not come to the centre and could be called but for that, as
    /// many as there are seats say what the others would.
    fn who_counts(&mut self, holders: &[ExaminerIx], seats: usize) -> Vec<ExaminerIx> {
        let place = self.place;
        let (mut own, mut others): (Vec<ExaminerIx>, Vec<ExaminerIx>) = (Vec::new(), Vec::new());
        for &x in holders {
            (if place.barred(x) { &mut others } else { &mut own }).push(x);
        }
        if !place.whys {
            return own;
        }
        let barred = RuleSet::of(&examiner_centre::RULE);
        let mut free: Vec<ExaminerIx> = Vec::new();
        for &x in &others {
            let number = self.number(x);
            if self.people[number].broken.rules.iter().all(|r| *r == barred) {
                free.push(x);
            }
            if free.len() == seats {
                let pinned = place.pinned();
                own.extend(others.iter().filter(|x| pinned.contains(&x.0) && !free.contains(x)));
                own.extend(free);
                return own;
            }
        }
        own.extend(others);
        own
    }
}

impl Person {
    fn new(place: &Place, x: ExaminerIx) -> Person {
        let (state, held, (z, d, half)) = (place.state, place.held, place.cell);
        let mut broken = Broken::none(&place.all);
        let ask = state.ask(place.part, None);
        let day = state.examiner_hours(x, d, half, NONE);
        let thing = Thing::Examiner(x);
        let there = !state.of_examiner(x, d).is_empty();
        let now = state.dates_of(x);
        let dates = ExaminerDates { days: now.days + i64::from(!there), ..now };
        if place.whys {
            place.hours_broken(&mut broken, &day, &ask, x);
            if place.barred(x) {
                place.always(&mut broken, &examiner_centre::RULE, thing);
            }
            for rule in place.examiner_broken(x, dates) {
                place.always(&mut broken, rule, thing);
            }
        } else if place.barred(x) || !place.examiner_broken(x, dates).is_empty() {
            place.always(&mut broken, &examiner_centre::RULE, thing);
        } else {
            let mut left = place.all.clone();
            day.shut(&ask, &mut left);
            place.but(&mut broken, &examiner_available::RULE, &left, thing);
        }
        let called = if there { 0 } else { state.convening(x, d, z) };
        let fixed = called + state.sittings_more(x, i64::from(held.parts));
        Person { examiner: x, broken, half: state.half_day(x, d, half), fixed }
    }
}

impl Place<'_, '_> {
    /// Who is pinned to hear the job.
    fn pinned(&self) -> SmallVec<[u32; 2]> {
        let pin = &self.state.model.jobs[self.held.job as usize].pin;
        pin.iter().flat_map(|p| p.examiners.iter().map(|x| x.0)).collect()
    }

    /// Whether an examiner may not be called to the centre on the date.
    fn barred(&self, x: ExaminerIx) -> bool {
        let (state, (z, d, _)) = (self.state, self.cell);
        let examiner = &state.model.instance.examiners[x];
        state.of_examiner(x, d).first().is_some_and(|&s| state.session(s).centre != z)
            || (examiner.reserve && state.model.baseline.is_none())
            || examiner.centres.as_ref().is_some_and(|own| !own.contains(&z))
    }
}

impl Way {
    fn team(&self, place: &Place, people: &[Person], at: usize, start: Minutes) -> Result<(i64, Team), NoTeam> {
        let state = place.state;
        let pinned = place.pinned();
        if !self.barred.is_empty() {
            let no = self.no_team(people, at, &pinned).unwrap_or_default();
            return Err(NoTeam { all: no.all.or(self.barred), any: no.any.or(self.barred) });
        }
        let seats = self.seats.len();
        let mut choices: Vec<Vec<(i64, u32)>> = Vec::with_capacity(seats);
        for seat in &self.seats {
            let mut all: Vec<(i64, u32)> = Vec::new();
            for &(p, adds) in &seat.holders {
                let person = &people[p];
                if person.broken.rules[at].is_empty() {
                    all.push((
                        person.fixed + adds + place.hears(person.examiner, person.half, start),
                        person.examiner.0,
                    ));
                }
            }
            // Of several seats, the cheapest for each are enough: no more can be taken by the others.
            all.sort_unstable();
            let enough = if self.shared { seats } else { 1 };
            let kept = |(i, c): &(usize, &(i64, u32))| *i < enough || pinned.contains(&c.1);
            let mut few: Vec<(i64, u32)> = all.iter().enumerate().filter(kept).map(|(_, c)| *c).collect();
            if !seat.required {
                few.push((seat.empty, NONE));
            }
            choices.push(few);
        }
        let mut best: Option<(i64, SmallVec<[u32; 4]>)> = None;
        cheapest(&choices, &pinned, 0, &mut SmallVec::new(), &mut best);
        let Some((price, members)) = best else {
            return Err(self.no_team(people, at, &pinned).unwrap_or_default());
        };
        let (z, d, half) = place.cell;
        let w = &state.model.instance.weights;
        let centre = if state.cell_use(z, d) == 0 { i64::from(w.centre_days) } else { 0 };
        let commission = state.model.kinds[state.model.jobs[place.held.job as usize].kind as usize].commission;
        let school = place.school(|school| state.school_count_of(commission, &members, (d, half), school));
        Ok((i64::from(w.sessions) + centre + price + school, Team { given: self.given, members }))
    }

    /// What stands in the way of every team at a start; nothing if a team would do.
    fn no_team(&self, people: &[Person], at: usize, pinned: &[u32]) -> Option<NoTeam> {
        let mut no = NoTeam::default();
        let required: Vec<&Seat> = self.seats.iter().filter(|s| s.required).collect();
        let mut free = true;
        for seat in &required {
            let each = || seat.holders.iter().map(|&(p, _)| people[p].broken.rules[at]);
            let rules = no_way(each()).unwrap_or(RuleSet::of(&seats::RULE));
            let all = each().reduce(RuleSet::and).unwrap_or(rules);
            free &= rules.is_empty();
            no = NoTeam { all: no.all.or(all), any: no.any.or(rules) };
        }
        let everybody = || self.seats.iter().flat_map(|s| s.holders.iter().map(|h| h.0));
        if self.shared {
            let rules = everybody().fold(RuleSet::default(), |all, p| all.or(people[p].broken.rules[at]));
            for rule in rules.rules().map(RuleSet::of) {
                if !seated(&required, &|p| people[p].broken.rules[at].and(rule).is_empty()) {
                    no.all = no.all.or(rule);
                }
            }
            if !seated(&required, &|_| true) {
                no.all = no.all.or(RuleSet::of(&seats::RULE));
            }
            if !seated(&required, &|p| people[p].broken.rules[at].is_empty()) {
                (free, no.any) = (false, no.any.or(rules));
            }
        }
        for &x in pinned {
            match everybody().find(|&p| people[p].examiner.0 == x) {
                Some(p) if people[p].broken.rules[at].is_empty() => {}
                Some(p) => (free, no.any) = (false, no.any.or(people[p].broken.rules[at])),
                None => {
                    let pin = RuleSet::of(&pin::RULE);
                    (free, no) = (false, NoTeam { all: no.all.or(pin), any: no.any.or(pin) });
                }
            }
        }
        if free && !pinned.is_empty() {
            (free, no.any) = (false, no.any.or(RuleSet::of(&pin::RULE)));
        }
        (!free).then_some(NoTeam { any: no.any.or(no.all), ..no })
    }
}

impl Teams {
    /// Whom to name where no team would do: for each seat the one who breaks fewest rules at that start.
    pub(super) fn nearest(&self, room: RoomIx, at: usize) -> Team {
        let way =
            self.ways.iter().find(|w| !w.first && w.room.is_none_or(|r| r == room)).expect("the last has no room");
        let mut members: SmallVec<[u32; 4]> = SmallVec::new();
        for seat in &way.seats {
            let free = seat.holders.iter().map(|&(p, _)| &self.people[p]).filter(|p| !members.contains(&p.examiner.0));
            let nearest = free.min_by_key(|p| (p.broken.rules[at].rules().count(), p.fixed));
            members.push(nearest.filter(|_| seat.required).map_or(NONE, |p| p.examiner.0));
        }
        Team { given: way.given, members }
    }
}

/// The cheapest choice of one for each seat, nobody twice, with everybody who is pinned.
fn cheapest(
    choices: &[Vec<(i64, u32)>],
    pinned: &[u32],
    price: i64,
    team: &mut SmallVec<[u32; 4]>,
    best: &mut Option<(i64, SmallVec<[u32; 4]>)>,
) {
    let Some(seat) = choices.get(team.len()) else {
        if pinned.iter().all(|x| team.contains(x)) && best.as_ref().is_none_or(|b| price < b.0) {
            *best = Some((price, team.clone()));
        }
        return;
    };
    for &(adds, x) in seat {
        if x == NONE || !team.contains(&x) {
            team.push(x);
            cheapest(choices, pinned, price + adds, team, best);
            team.pop();
        }
    }
}

/// Whether all the seats can be held at once by people of whom that is true, nobody twice.
fn seated(seats: &[&Seat], may: &dyn Fn(usize) -> bool) -> bool {
    let few: Vec<Vec<(i64, u32)>> = seats
        .iter()
        .map(|s| s.holders.iter().filter(|h| may(h.0)).take(seats.len()).map(|h| (0, h.0 as u32)).collect())
        .collect();
    let mut best = None;
    cheapest(&few, &[], 0, &mut SmallVec::new(), &mut best);
    best.is_some()
}
