//! The instance compiled for the search: dense tables that answer in a few nanoseconds what the rules ask
//! again and again. Everything here follows from the instance (and the published schedule) alone.

use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::instance::*;
use crate::parts::{ExaminerDates, ExaminerDay, RepublishedConvocation};
use crate::rules::{Part as _, candidate_gap};
use crate::schedule::Plan;

/// A job: orals of one candidate that stand or fall together, one directly after the other (U61 + EF3).
pub type JobId = u32;
/// A kind of session: a commission, and a language where it has one.
pub type KindId = u32;

/// No centre, date, room …
pub const NONE: u32 = u32::MAX;

/// Orals of one candidate that one session hears one directly after the other.
#[derive(Clone, Debug)]
pub struct Job {
    /// Whose.
    pub candidate: CandidateIx,
    /// Which kind of session hears it.
    pub kind: KindId,
    /// The orals in order; each later one `follows` the one before.
    pub orals: SmallVec<[OralIx; 2]>,
    /// For each number of orals kept (1 for the first alone …), what it takes.
    pub parts: SmallVec<[Part; 2]>,
    /// Whether the first counts among the candidate's orals of a date.
    pub counted: bool,
    /// Equipment and accessibility class: an index into [`Model::room_fits`].
    pub need: u32,
    /// What is pinned.
    pub pin: Option<Box<JobPin>>,
    /// Dates on which it can be heard at all.
    pub dates: FixedBitSet,
    /// Centres where it can be heard at all.
    pub centres: SmallVec<[CentreIx; 6]>,
}

/// What the first orals of a job take, relative to their start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// From the first start to the last end.
    pub length: Minutes,
    /// After the last end, before the same room or people hear again.
    pub turnaround: Minutes,
    /// From the start of the first preparation to the first start.
    pub before: Minutes,
    /// Summed lengths of the blocks.
    pub busy: Minutes,
    /// Preparations: from, to, relative to the first start.
    pub preparations: SmallVec<[Interval; 1]>,
}

/// What is pinned of a job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobPin {
    /// The date.
    pub date: Option<DateIx>,
    /// The start of the first oral.
    pub start: Option<Minutes>,
    /// The centre.
    pub centre: Option<CentreIx>,
    /// The exam room's id.
    pub room: Option<String>,
    /// Members.
    pub examiners: Vec<ExaminerIx>,
    /// How many orals of the job must be heard, at least.
    pub orals: usize,
    /// Pins that no schedule can obey together.
    pub contradictory: bool,
}

/// A kind of session.
#[derive(Clone, Debug)]
pub struct Kind {
    /// The commission.
    pub commission: CommissionIx,
    /// The language, where it has one.
    pub language: Option<String>,
    /// Its seats.
    pub seats: Vec<SeatModel>,
}

/// A seat of a kind of session.
#[derive(Clone, Debug)]
pub struct SeatModel {
    /// Whether the session may not be without.
    pub required: bool,
    /// Who may hold it.
    pub holders: Vec<ExaminerIx>,
    /// The same as a set.
    pub accepts: FixedBitSet,
    /// Who has every preferred qualification.
    pub preferred: FixedBitSet,
    /// By cell, the holders who may be convened there then, cheapest first, with what a day and the way cost.
    pub by_cost: Vec<Vec<(i64, ExaminerIx)>>,
}

/// Where the published schedule has an oral.
#[derive(Clone, Copy, Debug)]
pub struct Published {
    /// The date, or none if the calendar has it no more.
    pub date: u32,
    /// The centre, or none.
    pub centre: u32,
    /// The start.
    pub start: Minutes,
    /// The exam room, or none.
    pub room: u32,
}

/// The published schedule, compiled.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    /// By oral.
    pub orals: FxHashMap<OralIx, Published>,
    /// Convened (examiner, date, centre).
    pub convened: rustc_hash::FxHashSet<(u32, u32, u32)>,
    /// By job, who heard its first oral.
    pub crews: FxHashMap<JobId, SmallVec<[u32; 4]>>,
    /// Convened triples that no schedule of this instance can repeat.
    pub lost: i64,
}

/// The instance compiled for the search.
pub struct Model<'a> {
    /// The instance.
    pub instance: &'a Instance,
    /// The published schedule, in a re-plan.
    pub baseline: Option<Baseline>,
    /// Jobs that stay where the schedule to start from has them: past or under way.
    pub frozen: FixedBitSet,
    /// Number of dates.
    pub dates: usize,
    /// Number of half-days.
    pub halves: usize,
    /// The jobs.
    pub jobs: Vec<Job>,
    /// Jobs by candidate.
    pub jobs_of: Table<CandidateIx, SmallVec<[JobId; 6]>>,
    /// Orals that follow one whose follower is already taken: no session can hear both at its end.
    pub never: Vec<OralIx>,
    /// The kinds of session that some job needs.
    pub kinds: Vec<Kind>,
    /// By room and need class, whether the room fits.
    pub room_fits: Vec<FixedBitSet>,
    /// By exam, the dates allowed for it.
    pub exam_on: Table<ExamIx, FixedBitSet>,
    /// By exam, the centres that hear it.
    pub exam_at: Table<ExamIx, FixedBitSet>,
    /// By centre and date, its opening.
    pub open: Vec<Option<Interval>>,
    /// By examiner and date, the stretches in which the person is free (availability less events).
    pub free: Vec<SmallVec<[Interval; 2]>>,
    /// By candidate, who may not hear them.
    pub partial: Vec<FixedBitSet>,
    /// By candidate and date, when no block may be.
    pub busy: Vec<SmallVec<[Interval; 1]>>,
    /// By room and date, when it cannot be used.
    pub room_taken: Vec<SmallVec<[Interval; 1]>>,
    /// By preparation room and date, when it cannot be used.
    pub preparation_taken: Vec<SmallVec<[Interval; 1]>>,
    /// By centre, its exam rooms, those that few can use last.
    pub room_order: Vec<Vec<RoomIx>>,
    /// By centre, its preparation rooms, those that few can use last.
    pub preparation_order: Vec<Vec<PrepIx>>,
    /// By candidate, minutes between blocks within a half-day and across.
    pub gaps: Vec<(Minutes, Minutes)>,
    /// Grid slots of a day.
    pub slots: usize,
}

impl<'a> Model<'a> {
    /// Compiles an instance; `published` is the schedule that is re-planned.
    pub fn new(instance: &'a Instance, published: Option<&Plan>) -> Model<'a> {
        let (dates, halves) = (instance.dates.len(), instance.half_days.len());
        let mut needs: Vec<(Vec<&str>, bool)> = Vec::new();
        let mut kinds: Vec<Kind> = Vec::new();
        let mut kind_of: FxHashMap<(CommissionIx, Option<String>), KindId> = FxHashMap::default();
        let (chains, never) = chains(instance);
        let exam_on: Table<ExamIx, FixedBitSet> = instance
            .exam_dates
            .iter()
            .map(|only| {
                let allowed = |d: &DateIx| only.as_ref().is_none_or(|only| only.contains(&instance.dates[*d]));
                bits(dates, instance.dates.indices().filter(allowed))
            })
            .collect();
        let exam_at: Table<ExamIx, FixedBitSet> = instance
            .regulation
            .exams
            .indices()
            .map(|e| {
                let hears = |z: &CentreIx| instance.centres[*z].exams.as_ref().is_none_or(|only| only.contains(&e));
                bits(instance.centres.len(), instance.centres.indices().filter(hears))
            })
            .collect();
        let mut jobs = Vec::with_capacity(chains.len());
        let mut jobs_of: Table<CandidateIx, SmallVec<[JobId; 6]>> =
            instance.candidates.iter().map(|_| SmallVec::new()).collect();
        for orals in chains {
            let first = &instance.orals[orals[0]];
            let exam = &instance.regulation.exams[first.exam];
            let kind = *kind_of.entry((exam.commission, first.language.clone())).or_insert_with(|| {
                kinds.push(kind(instance, exam.commission, first.language.clone(), published.is_some()));
                (kinds.len() - 1) as KindId
            });
            let candidate = &instance.candidates[first.candidate];
            let mut equipment: Vec<&str> =
                orals.iter().flat_map(|&o| instance.exam_of(o).equipment.iter().map(String::as_str)).collect();
            equipment.sort_unstable();
            equipment.dedup();
            let need = (equipment, candidate.needs_accessible);
            let need = needs.iter().position(|n| *n == need).unwrap_or_else(|| {
                needs.push(need);
                needs.len() - 1
            });
            let centres = candidate.centres.iter().copied().filter(|z| exam_at[first.exam][z.ix()]).collect();
            let mut possible = FixedBitSet::with_capacity(dates);
            for (d, date) in instance.dates.enumerate() {
                let allowed = exam_on[first.exam][d.ix()];
                let paper = candidate.papers.iter().any(|&p| instance.papers[p].date == *date);
                possible.set(d.ix(), allowed && (instance.policy.oral_on_paper_day || !paper));
            }
            let id = jobs.len() as JobId;
            jobs_of[first.candidate].push(id);
            jobs.push(Job {
                candidate: first.candidate,
                kind,
                parts: parts(instance, &orals),
                counted: exam.follows.is_none(),
                need: need as u32,
                pin: pin(instance, &orals),
                dates: possible,
                centres,
                orals,
            });
        }
        let room_fits = needs
            .iter()
            .map(|(equipment, accessible)| {
                let mut fits = FixedBitSet::with_capacity(instance.rooms.len());
                for (r, room) in instance.rooms.enumerate() {
                    let equipped = equipment.iter().all(|e| room.equipment.contains(*e));
                    fits.set(r.ix(), equipped && (room.accessible || !accessible));
                }
                fits
            })
            .collect();
        let by_date = |spans: &[Span]| -> Vec<SmallVec<[Interval; 1]>> {
            let on = |date| spans.iter().filter(|s| s.date == date).map(|s| s.time).collect();
            instance.dates.iter().map(|&date| on(date)).collect()
        };
        let busy = instance.candidates.enumerate().flat_map(|(c, candidate)| {
            let mut days = by_date(&candidate.unavailable);
            for &p in &candidate.papers {
                if let Some(d) = instance.date(instance.papers[p].date) {
                    days[d.ix()].push(instance.paper_time(c, p));
                }
            }
            days
        });
        let free: Vec<SmallVec<[Interval; 2]>> =
            instance.examiners.enumerate().flat_map(|(x, _)| free(instance, x)).collect();
        for seat in kinds.iter_mut().flat_map(|k| &mut k.seats) {
            seat.by_cost = by_cost(instance, &seat.holders, &free);
        }
        Model {
            baseline: published.map(|plan| baseline(instance, plan, &jobs)),
            frozen: FixedBitSet::with_capacity(jobs.len()),
            dates,
            halves,
            jobs,
            jobs_of,
            never,
            kinds,
            room_fits,
            exam_on,
            exam_at,
            open: instance.centres.iter().flat_map(|z| instance.dates.iter().map(|d| z.open.get(d).copied())).collect(),
            free,
            partial: instance
                .candidates
                .indices()
                .map(|c| {
                    bits(instance.examiners.len(), instance.examiners.indices().filter(|&x| instance.partial(c, x)))
                })
                .collect(),
            busy: busy.collect(),
            room_taken: instance.rooms.iter().flat_map(|r| by_date(&r.unavailable)).collect(),
            preparation_taken: instance.preparation_rooms.iter().flat_map(|r| by_date(&r.unavailable)).collect(),
            gaps: instance
                .candidates
                .indices()
                .map(|c| (candidate_gap::gap(instance, c, false), candidate_gap::gap(instance, c, true)))
                .collect(),
            room_order: instance
                .centres
                .iter()
                .map(|z| {
                    let mut order = z.rooms.clone();
                    order.sort_by_key(|&r| (instance.rooms[r].equipment.len(), instance.rooms[r].accessible, r));
                    order
                })
                .collect(),
            preparation_order: instance
                .centres
                .iter()
                .map(|z| {
                    let mut order = z.preparation_rooms.clone();
                    order.sort_by_key(|&p| {
                        let room = &instance.preparation_rooms[p];
                        (room.accessible, room.seats, p)
                    });
                    order
                })
                .collect(),
            slots: (24 * 60 / instance.step) as usize + 1,
            instance,
        }
    }

    /// Lets the jobs of these orals stay where the schedule to start from has them.
    pub fn freeze(&mut self, orals: impl IntoIterator<Item = OralIx>) {
        let orals: std::collections::BTreeSet<OralIx> = orals.into_iter().collect();
        for (j, job) in self.jobs.iter().enumerate() {
            if job.orals.iter().any(|o| orals.contains(o)) {
                self.frozen.insert(j);
            }
        }
    }

    /// What it costs to convene an examiner, who is convened on so many dates already, at a centre on one more: the day, the
    /// way, the overload, and the call against the published schedule.
    pub fn convening(&self, days: i64, x: ExaminerIx, d: DateIx, z: CentreIx) -> i64 {
        let all = |days| ExaminerDates { days }.cost(self.instance);
        let called = self.baseline.as_ref().map_or(0, |baseline| {
            let was = baseline.convened.contains(&(x.0, d.0, z.0));
            let price = |is| RepublishedConvocation { was, is }.cost(self.instance);
            price(true) - price(false)
        });
        ExaminerDay { examiner: x, centre: Some(z) }.cost(self.instance) + all(days + 1) - all(days) + called
    }

    /// Row of a table by examiner and date.
    pub fn xd(&self, x: ExaminerIx, d: DateIx) -> usize {
        x.ix() * self.dates + d.ix()
    }
    /// Row of a table by room (of either kind) and date.
    pub fn rd(&self, room: usize, d: DateIx) -> usize {
        room * self.dates + d.ix()
    }
    /// Row of a table by centre and date: the cell.
    pub fn zd(&self, z: CentreIx, d: DateIx) -> usize {
        z.ix() * self.dates + d.ix()
    }
    /// Row of a table by candidate and date.
    pub fn cd(&self, c: CandidateIx, d: DateIx) -> usize {
        c.ix() * self.dates + d.ix()
    }
}

fn bits<I: Ix>(length: usize, members: impl Iterator<Item = I>) -> FixedBitSet {
    let mut set = FixedBitSet::with_capacity(length);
    members.for_each(|i| set.insert(i.ix()));
    set
}

/// Due orals chained: each job is a lead with what follows it. Of several followers of one lead only one can
/// start at its end; the others are returned apart.
fn chains(instance: &Instance) -> (Vec<SmallVec<[OralIx; 2]>>, Vec<OralIx>) {
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
fn rested(instance: &Instance, chain: &[OralIx], next: OralIx) -> bool {
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

fn parts(instance: &Instance, orals: &[OralIx]) -> SmallVec<[Part; 2]> {
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

fn kind(instance: &Instance, commission: CommissionIx, language: Option<String>, replan: bool) -> Kind {
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
fn by_cost(
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
fn free(instance: &Instance, x: ExaminerIx) -> Vec<SmallVec<[Interval; 2]>> {
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

fn pin(instance: &Instance, orals: &[OralIx]) -> Option<Box<JobPin>> {
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

fn baseline(instance: &Instance, plan: &Plan, jobs: &[Job]) -> Baseline {
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
