//! What may be, before there are variables: every hour of every oral, every holder of every seat. The rules take away.

use std::collections::BTreeMap;

use super::{Place, Program, Task};
use crate::instance::*;
use crate::linear::Linear;
use crate::schedule::{Plan, PlanSession, Sat};

/// A half-day of a centre on a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The centre.
    pub centre: CentreIx,
    /// The date.
    pub date: DateIx,
    /// The half-day's number.
    pub half: usize,
}

/// One way to place an oral: a spot, a room and a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hour {
    /// The spot.
    pub spot: Spot,
    /// The exam room.
    pub room: RoomIx,
    /// When the oral starts.
    pub start: Minutes,
}

impl Hour {
    /// From the start to the end of the oral.
    pub fn sitting(&self, instance: &Instance, o: OralIx) -> Interval {
        Interval::new(self.start, self.start + instance.orals[o].duration)
    }

    /// From the start of preparation to the end of the oral.
    pub fn block(&self, instance: &Instance, o: OralIx) -> Interval {
        Interval::new(self.start - instance.orals[o].preparation, self.start + instance.orals[o].duration)
    }
}

/// One way to hold a seat: somebody, in a spot, for sittings within a stretch of the day.
#[derive(Clone, Debug, PartialEq)]
pub struct Chair {
    /// Who.
    pub examiner: ExaminerIx,
    /// Where.
    pub spot: Spot,
    /// The sittings of the session lie within.
    pub within: Interval,
}

/// A due oral with its hours and holders.
pub(super) struct Sketch {
    oral: OralIx,
    hours: Vec<Hour>,
    chairs: Vec<Vec<Chair>>,
}

/// What may be, as far as the rules have looked.
pub struct Draft<'a> {
    /// The instance.
    pub instance: &'a Instance,
    /// The published schedule that is re-planned.
    pub baseline: Option<&'a Plan<'a>>,
    sketches: Vec<Sketch>,
}

impl<'a> Draft<'a> {
    /// Everything that a due oral of the instance could be, were there no rules.
    pub fn new(instance: &'a Instance, baseline: Option<&'a Plan<'a>>) -> Draft<'a> {
        let mut spots = Vec::new();
        for centre in instance.centres.indices() {
            for date in instance.dates.indices() {
                spots.extend((0..instance.half_days.len()).map(|half| Spot { centre, date, half }));
            }
        }
        let sketches = instance
            .due()
            .map(|oral| {
                let mut hours = Vec::new();
                for &spot in &spots {
                    let half = instance.half_days[spot.half];
                    let starts = || (half.from..half.to).step_by(1).filter(|s| s % instance.step == 0);
                    for &room in &instance.centres[spot.centre].rooms {
                        hours.extend(starts().map(|start| Hour { spot, room, start }));
                    }
                }
                let whole_day = Interval::new(0, 24 * 60);
                let everybody = || {
                    let all = instance.examiners.indices();
                    all.flat_map(|examiner| spots.iter().map(move |&spot| Chair { examiner, spot, within: whole_day }))
                };
                let chairs = instance.commission_of(oral).seats.iter().map(|_| everybody().collect()).collect();
                Sketch { oral, hours, chairs }
            })
            .collect();
        Draft { instance, baseline, sketches }
    }

    /// Keeps only the hours of each oral that `may` be.
    pub fn keep_hours(&mut self, may: impl Fn(&Instance, OralIx, &Hour) -> bool) {
        for sketch in &mut self.sketches {
            sketch.hours.retain(|h| may(self.instance, sketch.oral, h));
        }
    }

    /// Leaves each holder of each seat (by its number) of each oral only those stretches of the day.
    pub fn keep_chairs<I: IntoIterator<Item = Interval>>(
        &mut self,
        stretches: impl Fn(&Instance, OralIx, usize, &Chair) -> I,
    ) {
        for sketch in &mut self.sketches {
            for (seat, chairs) in sketch.chairs.iter_mut().enumerate() {
                let all = std::mem::take(chairs);
                for chair in all {
                    let left = stretches(self.instance, sketch.oral, seat, &chair);
                    chairs.extend(left.into_iter().map(|within| Chair { within, ..chair.clone() }));
                }
            }
        }
    }

    /// Leaves to each oral only the room, the half-day and the people that a schedule gives it.
    pub fn hold(&mut self, plan: &Plan) {
        let spot = |s: &PlanSession| Some(Spot { centre: s.centre?, date: plan.instance.date(s.date)?, half: s.half? });
        self.keep_hours(|_, o, hour| {
            plan.of_oral(o).any(|s| (s.session.room, spot(s.session)) == (Some(hour.room), Some(hour.spot)))
        });
        self.keep_chairs(|_, o, seat, chair| {
            let held = |s: Sat| {
                spot(s.session) == Some(chair.spot)
                    && s.session.members.iter().any(|m| (m.seat_ix, m.examiner) == (Some(seat), Some(chair.examiner)))
            };
            plan.of_oral(o).any(held).then_some(chair.within)
        });
    }

    /// The variables of what is left.
    pub fn program(self) -> Program<'a> {
        let mut program = Program {
            instance: self.instance,
            baseline: self.baseline,
            linear: Linear::default(),
            names: Vec::new(),
            origins: Vec::new(),
            tasks: Vec::new(),
            asking: "variables",
            convened: BTreeMap::new(),
            present: BTreeMap::new(),
            before: BTreeMap::new(),
            next: BTreeMap::new(),
            prepares: BTreeMap::new(),
            given: BTreeMap::new(),
            unmoved: BTreeMap::new(),
        };
        let due: Vec<OralIx> = self.sketches.iter().map(|s| s.oral).collect();
        for sketch in self.sketches {
            let lead = self.instance.lead_of(sketch.oral).and_then(|l| due.iter().position(|&o| o == l));
            program.add(sketch, lead);
        }
        program.people();
        program.sessions();
        program
    }
}

impl Program<'_> {
    fn add(&mut self, sketch: Sketch, lead: Option<usize>) {
        let instance = self.instance;
        let (o, oral) = (sketch.oral, &instance.orals[sketch.oral]);
        let name = instance.oral_name(o).replace(' ', ".");
        let mut places: Vec<Place> = Vec::new();
        for hour in sketch.hours {
            match places.last_mut() {
                Some(p) if (p.spot, p.room, p.starts.to + instance.step) == (hour.spot, hour.room, hour.start) => {
                    p.starts.to = hour.start;
                }
                _ => {
                    let starts = Interval::new(hour.start, hour.start);
                    places.push(Place { spot: hour.spot, room: hour.room, starts, var: 0 });
                }
            }
        }
        for p in &mut places {
            let room = &instance.rooms[p.room].id;
            let at = format!("{name}.{}.{room}.{}", self.spot_name(p.spot), Clock(p.starts.from));
            p.var = self.choice(format!("in({at})"), 0.0);
        }
        let out = self.choice(format!("out({name})"), 0.0);
        let steps = |m: Minutes| f64::from(m / instance.step);
        let latest = places.iter().map(|p| p.starts.to).max().unwrap_or(0);
        self.names.push(format!("start({name})"));
        let start = self.linear.var(0.0, steps(latest), true);
        // The start lies among those of the place.
        let bound = |f: &dyn Fn(&Place) -> Minutes, sign: f64| {
            let all = places.iter().map(|p| (p.var, sign * steps(f(p))));
            all.chain([(start, -sign)]).collect()
        };
        self.at_most(bound(&|p| p.starts.from, 1.0), 0.0);
        self.at_most(bound(&|p| p.starts.to, -1.0), 0.0);
        let seats = &instance.commission_of(o).seats;
        let mut empty = BTreeMap::new();
        let mut spots: Vec<Spot> = places.iter().map(|p| p.spot).collect();
        spots.dedup();
        let mut chairs = Vec::new();
        for (seat, own) in sketch.chairs.into_iter().enumerate() {
            let fits = |c: &Chair| {
                let here = places.iter().filter(|p| p.spot == c.spot);
                here.map(|p| (p.starts.from.max(c.within.from), p.starts.to.min(c.within.to - oral.duration)))
                    .any(|(from, to)| from <= to)
            };
            let own: Vec<Chair> = own.into_iter().filter(fits).collect();
            let seat_id = &seats[seat].id;
            let with_var = |(c, n): (Chair, usize)| {
                let who = &instance.examiners[c.examiner].id;
                let var = self.choice(format!("sits({name}.{seat_id}.{who}.{}.{n})", self.spot_name(c.spot)), 0.0);
                (c, var)
            };
            chairs.push(own.into_iter().zip(0..).map(with_var).collect());
            if !seats[seat].required {
                for &spot in &spots {
                    let var = self.choice(format!("empty({name}.{seat_id}.{})", self.spot_name(spot)), 0.0);
                    empty.insert((seat, spot), var);
                }
            }
        }
        self.tasks.push(Task {
            oral: o,
            candidate: oral.candidate,
            exam: oral.exam,
            commission: instance.exam_of(o).commission,
            language: oral.language.clone().filter(|_| instance.commission_of(o).has_language),
            preparation: oral.preparation,
            duration: oral.duration,
            turnaround: instance.exam_of(o).turnaround,
            lead,
            places,
            start,
            out,
            chairs,
            empty,
        });
    }

    /// Who is convened where and when, and which candidates come.
    fn people(&mut self) {
        for t in 0..self.tasks.len() {
            let candidate = self.tasks[t].candidate;
            let mut cells: Vec<_> = self.tasks[t].places.iter().map(|p| (p.spot.centre, p.spot.date)).collect();
            cells.dedup();
            for (centre, date) in cells {
                if !self.present.contains_key(&(candidate, centre, date)) {
                    let who = &self.instance.candidates[candidate].id;
                    let name = format!("comes({who}.{})", self.cell_name(centre, date));
                    let var = self.choice(name, 0.0);
                    self.present.insert((candidate, centre, date), var);
                }
                let var = self.present[&(candidate, centre, date)];
                let mut row = self.placed(t, |p| (p.spot.centre, p.spot.date) == (centre, date));
                row.push((var, -1.0));
                self.at_most(row, 0.0);
            }
            self.preparation(t);
            let mut duties: Vec<_> =
                self.tasks[t].chairs.iter().flatten().map(|(c, _)| (c.examiner, c.spot.centre, c.spot.date)).collect();
            duties.sort();
            duties.dedup();
            for (x, centre, date) in duties {
                if !self.convened.contains_key(&(x, centre, date)) {
                    let name = format!("convened({}.{})", self.instance.examiners[x].id, self.cell_name(centre, date));
                    let var = self.choice(name, 0.0);
                    self.convened.insert((x, centre, date), var);
                }
                let var = self.convened[&(x, centre, date)];
                let mut row = self.hears(t, x, |s| (s.centre, s.date) == (centre, date));
                row.push((var, -1.0));
                self.at_most(row, 0.0);
            }
        }
        // Who comes has a sitting.
        for (&(c, centre, date), &var) in &self.present.clone() {
            let mut row = vec![(var, 1.0)];
            for t in self.of_candidate(c) {
                row.extend(super::times(self.placed(t, |p| (p.spot.centre, p.spot.date) == (centre, date)), -1.0));
            }
            self.at_most(row, 0.0);
        }
    }

    /// In which rooms the oral may be prepared, on which dates.
    fn preparation(&mut self, t: usize) {
        if self.tasks[t].preparation == 0 {
            return;
        }
        let mut cells: Vec<_> = self.tasks[t].places.iter().map(|p| (p.spot.centre, p.spot.date)).collect();
        cells.dedup();
        for (centre, date) in cells {
            for &p in &self.instance.centres[centre].preparation_rooms {
                let room = &self.instance.preparation_rooms[p].id;
                let name = format!("prepares({}.{}.{room})", self.name(t), self.cell_name(centre, date));
                let var = self.choice(name, 0.0);
                self.prepares.insert((t, p, date), var);
            }
        }
    }

    fn cell_name(&self, centre: CentreIx, date: DateIx) -> String {
        format!("{}.{}", self.instance.centres[centre].id, self.instance.dates[date])
    }

    /// `0141640G.2024-06-03.0`.
    pub fn spot_name(&self, spot: Spot) -> String {
        format!("{}.{}", self.cell_name(spot.centre, spot.date), spot.half)
    }
}
