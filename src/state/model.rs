//! The instance compiled for the search: dense tables that answer in a few nanoseconds what the rules ask
//! again and again. Everything here follows from the instance (and the published schedule) alone.

mod compile;

use chrono::NaiveDate;
use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use compile::{baseline, by_cost, chains, free, kind, not_before, parts, pin};

use crate::hours::*;
use crate::instance::*;
use crate::parts::{ExaminerDates, ExaminerDay, Holder, RepublishedConvocation};
use crate::rules::{Part as _, candidate_gap};
use crate::schedule::Plan;
use crate::starts::{FOREVER, Starts};

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
    /// For each number of orals kept, the date and hour before which the job may not start.
    pub not_before: SmallVec<[Option<(NaiveDate, Minutes)>; 2]>,
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

impl SeatModel {
    /// How good a holder of the seat somebody is.
    pub fn holder(&self, x: ExaminerIx) -> Holder {
        if self.preferred[x.ix()] { Holder::Preferred } else { Holder::Other }
    }
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
    /// By examiner and date, the entries of availability, in order of their beginnings.
    pub available: Vec<SmallVec<[Interval; 2]>>,
    /// By examiner and date, the events that concern the person.
    pub events: Vec<SmallVec<[Interval; 1]>>,
    /// By candidate and date, when the candidate cannot come.
    pub unavailable: Vec<SmallVec<[Interval; 1]>>,
    /// By candidate and date, their written papers.
    pub papers: Vec<SmallVec<[Interval; 1]>>,
    /// By half-day, every start on the grid.
    pub hours: Vec<Starts>,
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
    /// The given sessions that some job could be heard by.
    pub given: Table<GivenIx, Option<Given>>,
    /// By kind, whether it sits in given sessions only.
    pub given_only: Vec<bool>,
    /// By cell and kind, its given sessions.
    pub given_in: Vec<SmallVec<[GivenIx; 2]>>,
    /// Whether some examiner has a target of sittings.
    pub has_targets: bool,
    /// By examiner and date, whether there are hours at which they would rather not hear anybody.
    pub wishes: FixedBitSet,
}

/// A given session, compiled.
#[derive(Clone, Debug)]
pub struct Given {
    /// Its kind.
    pub kind: KindId,
    /// Its centre.
    pub centre: CentreIx,
    /// Its date.
    pub date: DateIx,
    /// Its half-day.
    pub half: usize,
    /// Its exam room, if it is given.
    pub room: Option<RoomIx>,
    /// By seat, who holds it, or [`NONE`].
    pub members: SmallVec<[u32; 4]>,
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
                not_before: not_before(instance, &orals),
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
        let papers = instance.candidates.enumerate().flat_map(|(c, candidate)| {
            let mut days = vec![SmallVec::new(); dates];
            for &p in &candidate.papers {
                if let Some(d) = instance.date(instance.papers[p].date) {
                    days[d.ix()].push(instance.paper_time(c, p));
                }
            }
            days
        });
        let available = instance.examiners.iter().flat_map(|x| {
            let on = |&date: &NaiveDate| -> SmallVec<[Interval; 2]> {
                let mut entries: SmallVec<[Interval; 2]> =
                    x.available.iter().filter(|a| a.date == date).map(|a| a.time).collect();
                entries.sort();
                entries
            };
            instance.dates.iter().map(on).collect::<Vec<_>>()
        });
        let events = instance.examiners.enumerate().flat_map(|(x, examiner)| {
            let on = |&date: &NaiveDate| -> SmallVec<[Interval; 1]> {
                let own = instance.events.iter().filter(|e| e.date == date && e.concerns(x, examiner));
                own.map(|e| e.time).collect()
            };
            instance.dates.iter().map(on).collect::<Vec<_>>()
        });
        let free: Vec<SmallVec<[Interval; 2]>> =
            instance.examiners.enumerate().flat_map(|(x, _)| free(instance, x)).collect();
        for seat in kinds.iter_mut().flat_map(|k| &mut k.seats) {
            seat.by_cost = by_cost(instance, &seat.holders, &free);
        }
        let given: Table<GivenIx, Option<Given>> = instance
            .given_sessions
            .iter()
            .map(|g| {
                let kind = *kind_of.get(&(g.commission, g.language.clone()))?;
                if !g.seats_are_possible(instance) {
                    return None;
                }
                Some(Given {
                    kind,
                    centre: g.centre,
                    date: instance.date(g.date)?,
                    half: g.half,
                    room: g.room,
                    members: g.members.iter().map(|x| x.map_or(NONE, |x| x.0)).collect(),
                })
            })
            .collect();
        let mut given_in = vec![SmallVec::new(); instance.centres.len() * dates * kinds.len()];
        for (i, g) in given.enumerate() {
            if let Some(g) = g {
                given_in[(g.centre.ix() * dates + g.date.ix()) * kinds.len() + g.kind as usize].push(i);
            }
        }
        let mut wishes = FixedBitSet::with_capacity(instance.examiners.len() * dates);
        for (x, examiner) in instance.examiners.enumerate() {
            for d in examiner.rather_not.iter().filter_map(|w| instance.date(w.date)) {
                wishes.insert(x.ix() * dates + d.ix());
            }
        }
        let only = |k: &Kind| instance.given_only.contains(&(k.commission, k.language.clone()));
        Model {
            given_only: kinds.iter().map(only).collect(),
            given,
            given_in,
            wishes,
            has_targets: instance.examiners.iter().any(|x| x.target_sittings.is_some()),
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
            available: available.collect(),
            events: events.collect(),
            unavailable: instance.candidates.iter().flat_map(|c| by_date(&c.unavailable)).collect(),
            papers: papers.collect(),
            hours: instance.half_days.iter().map(|&half| Starts::of(half, instance.step)).collect(),
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

    /// What it costs to convene an examiner, as they are `now`, at a centre on one date more: the day, the
    /// way, the overload, and the call against the published schedule.
    pub fn convening(&self, now: ExaminerDates, d: DateIx, z: CentreIx) -> i64 {
        let x = now.examiner;
        let more = ExaminerDates { days: now.days + 1, ..now };
        let called = self.baseline.as_ref().map_or(0, |baseline| {
            let was = baseline.convened.contains(&(x.0, d.0, z.0));
            let price = |is| RepublishedConvocation { was, is }.cost(self.instance);
            price(true) - price(false)
        });
        ExaminerDay { examiner: x, centre: Some(z) }.cost(self.instance) + more.cost(self.instance)
            - now.cost(self.instance)
            + called
    }

    /// An exam room's date, before any session is there.
    #[inline]
    pub fn room_hours(&self, room: RoomIx, d: DateIx) -> RoomHours<'_> {
        RoomHours { unavailable: &self.room_taken[self.rd(room.ix(), d)], others: Others::NONE }
    }

    /// An examiner's date, before any session.
    #[inline]
    pub fn examiner_hours(&self, x: ExaminerIx, d: DateIx) -> ExaminerHours<'_> {
        let row = self.xd(x, d);
        ExaminerHours {
            examiner: x,
            available: &self.available[row],
            events: &self.events[row],
            others: Others::NONE,
            heard: SmallVec::new(),
        }
    }

    /// The date of a job's candidate at a centre, before any other block; nothing where the centre is closed.
    pub fn candidate_hours(&self, job: JobId, parts: u8, z: CentreIx, d: DateIx) -> Option<CandidateHours<'_>> {
        let spec = &self.jobs[job as usize];
        let row = self.cd(spec.candidate, d);
        Some(CandidateHours {
            candidate: spec.candidate,
            open: self.open[self.zd(z, d)]?,
            unavailable: &self.unavailable[row],
            not_before: self.first_start(spec.not_before[parts as usize - 1], d),
            papers: &self.papers[row],
            others: SmallVec::new(),
            pinned: spec.pin.as_ref().and_then(|p| p.start),
        })
    }

    /// The first start on a date that a date and hour, before which nothing may start, leave.
    pub(super) fn first_start(&self, not_before: Option<(NaiveDate, Minutes)>, d: DateIx) -> Minutes {
        match not_before {
            Some((date, _)) if date > self.instance.dates[d] => FOREVER,
            Some((date, start)) if date == self.instance.dates[d] => start,
            _ => -FOREVER,
        }
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
