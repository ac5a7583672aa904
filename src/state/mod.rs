//! The mutable state of the search: sessions, placements and counters under dense indices, changed by five
//! primitives that keep the cost up to date, each of which can be undone.
//!
//! Feasibility is asked first ([`fit`]); the primitives trust the answer. Frozen schedules come in and go out
//! through [`load`].

pub mod cost;
pub mod fit;
mod kept;
pub mod load;
pub mod model;
mod people;
pub mod places;

use smallvec::SmallVec;

use crate::hours::Spell;
use crate::instance::*;
use crate::parts::ExaminerDates;
use crate::rules::{Limited as _, Part as _};
use kept::{Kept, forget};
pub use model::{Baseline, Given, Job, JobId, Kind, KindId, Model, NONE, Part};

/// A slot of the session table; reused after a session closes.
pub type Slot = u32;

/// A session under construction.
#[derive(Clone, Debug)]
pub struct SessionState {
    /// Never reused: says whether the slot still holds the same session.
    pub uid: u64,
    /// Whether the slot is in use.
    pub live: bool,
    /// The kind of session.
    pub kind: KindId,
    /// The exam room.
    pub room: RoomIx,
    /// Its centre.
    pub centre: CentreIx,
    /// The date.
    pub date: DateIx,
    /// The half-day.
    pub half: usize,
    /// Which given session it is, if any.
    pub given: Option<GivenIx>,
    /// The holder of each seat, or [`NONE`].
    pub members: SmallVec<[u32; 4]>,
    /// The jobs heard, in order of time.
    pub jobs: SmallVec<[JobId; 12]>,
    /// When each is heard.
    pub sittings_heard: SmallVec<[Spell; 12]>,
    /// From the first start to the last end; empty at 0 without jobs.
    pub span: Interval,
    /// After the last end.
    pub turnaround: Minutes,
    /// Minutes heard.
    pub minutes: Minutes,
    /// Sittings heard.
    pub sittings: i64,
    /// What each sitting costs for empty optional seats and not-preferred holders.
    pub per_sitting: i64,
}

/// Where a job is heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// The session's slot.
    pub slot: Slot,
    /// The first start.
    pub start: Minutes,
    /// How many of its orals are heard; 0 if the job is not placed.
    pub parts: u8,
    /// The room of each preparation.
    pub rooms: SmallVec<[PrepIx; 2]>,
}

impl Placement {
    const NOWHERE: Placement = Placement { slot: NONE, start: 0, parts: 0, rooms: SmallVec::new_const() };
}

/// What is needed to undo a change, and to say it again on another state.
#[derive(Clone, Debug)]
pub enum Change {
    /// A session opened.
    Open {
        /// Its slot.
        slot: Slot,
        /// The session as opened, without jobs.
        session: Box<SessionState>,
    },
    /// An empty session closed.
    Close {
        /// Its slot.
        slot: Slot,
        /// The session as it was.
        session: Box<SessionState>,
    },
    /// A job placed.
    Place {
        /// The job.
        job: JobId,
        /// The session's uid.
        uid: u64,
        /// Where.
        placement: Placement,
    },
    /// A job taken out.
    Unplace {
        /// The job.
        job: JobId,
        /// The session's uid.
        uid: u64,
        /// Where it was.
        placement: Placement,
    },
    /// A seat given to somebody else, or emptied.
    SetMember {
        /// The session's slot.
        slot: Slot,
        /// The session's uid.
        uid: u64,
        /// The seat.
        seat: usize,
        /// The holder before.
        from: u32,
        /// The holder after.
        to: u32,
    },
}

/// The mutable state of the search.
#[derive(Clone)]
pub struct State<'m> {
    /// The instance compiled.
    pub model: &'m Model<'m>,
    /// The session table.
    pub sessions: Vec<SessionState>,
    /// Slots in use, in no meaningful order (for random picks).
    pub live: Vec<Slot>,
    /// Where each job is heard.
    pub placed: Vec<Placement>,
    /// The cost of everything, weights applied.
    pub cost: i64,
    /// Orals without a sitting.
    pub unscheduled: i64,
    /// Examiners who exceed a limit over all dates.
    pub exceeded: i64,
    /// Jobs that a pin wants heard and that are not.
    pub pins_missing: i64,
    /// In a re-plan, pairs of a job and a member who hears it and did not in the published schedule.
    pub strangers: i64,
    free_slots: Vec<Slot>,
    live_at: Vec<u32>,
    next_uid: u64,
    by_room: Vec<SmallVec<[Slot; 4]>>,
    by_examiner: Vec<SmallVec<[Slot; 4]>>,
    by_cell: Vec<SmallVec<[Slot; 4]>>,
    people: Vec<Vec<u32>>,
    examiner_days: Vec<u32>,
    examiner_sittings: Vec<i64>,
    given_slots: Table<GivenIx, Slot>,
    cell_sessions: Vec<u32>,
    candidate_cost: Vec<i64>,
    preparing: Vec<u16>,
    /// By preparation room and date, as bits, when all seats are taken.
    full: Vec<u64>,
    /// By preparation room and date, as bits, when somebody prepares.
    prepared_in: Vec<u64>,
    /// By slot, when it hears somebody.
    spells: Vec<Spell>,
    /// By slot, the starts that it leaves to jobs of a length and turnaround, as long as nothing changes.
    kept: Vec<Kept>,
    journal: Vec<Change>,
    /// A move that would end with a higher value is not kept: a repair that cannot come below it gives up.
    pub ceiling: i64,
    /// By date, whether moves may change it: lanes that work side by side share the calendar out.
    pub own: Vec<bool>,
}

impl<'m> State<'m> {
    /// Nothing scheduled.
    pub fn new(model: &'m Model<'m>) -> State<'m> {
        let instance = model.instance;
        let orals: usize = model.jobs.iter().map(|j| j.orals.len()).sum::<usize>() + model.never.len();
        let mut state = State {
            model,
            sessions: Vec::new(),
            live: Vec::new(),
            placed: vec![Placement::NOWHERE; model.jobs.len()],
            cost: orals as i64 * i64::from(instance.weights.unscheduled),
            unscheduled: orals as i64,
            exceeded: 0,
            pins_missing: model.jobs.iter().filter(|j| j.pin.is_some()).count() as i64,
            strangers: 0,
            free_slots: Vec::new(),
            live_at: Vec::new(),
            next_uid: 0,
            by_room: vec![SmallVec::new(); instance.rooms.len() * model.dates],
            by_examiner: vec![SmallVec::new(); instance.examiners.len() * model.dates],
            by_cell: vec![SmallVec::new(); instance.centres.len() * model.dates * model.kinds.len()],
            people: vec![Vec::new(); instance.centres.len() * model.dates],
            examiner_days: vec![0; instance.examiners.len()],
            examiner_sittings: vec![0; instance.examiners.len()],
            given_slots: instance.given_sessions.iter().map(|_| NONE).collect(),
            cell_sessions: vec![0; instance.centres.len() * model.dates],
            candidate_cost: vec![0; instance.candidates.len()],
            preparing: vec![0; instance.preparation_rooms.len() * model.dates * model.slots],
            full: vec![0; instance.preparation_rooms.len() * model.dates * model.slots.div_ceil(64)],
            prepared_in: vec![0; instance.preparation_rooms.len() * model.dates * model.slots.div_ceil(64)],
            spells: Vec::new(),
            kept: Vec::new(),
            journal: Vec::new(),
            ceiling: i64::MAX,
            own: vec![true; model.dates],
        };
        state.cost += state.baseline_constant();
        state.cost += instance.examiners.indices().map(|x| state.dates_of(x).cost(instance)).sum::<i64>();
        state
    }

    /// Where uids of sessions opened from now on start; lanes that run side by side take ranges apart.
    pub fn number_from(&mut self, uid: u64) {
        self.next_uid = uid;
    }

    /// The live session of that uid, if its slot still holds it.
    pub fn session(&self, slot: Slot) -> &SessionState {
        &self.sessions[slot as usize]
    }

    /// The sessions of a kind in a cell (one centre on one date).
    pub fn in_cell(&self, kind: KindId, z: CentreIx, d: DateIx) -> &[Slot] {
        &self.by_cell[self.model.zd(z, d) * self.model.kinds.len() + kind as usize]
    }
    /// An examiner's sessions on a date.
    pub fn of_examiner(&self, x: ExaminerIx, d: DateIx) -> &[Slot] {
        &self.by_examiner[self.model.xd(x, d)]
    }
    /// The sessions in a room on a date.
    pub fn in_room(&self, room: RoomIx, d: DateIx) -> &[Slot] {
        &self.by_room[self.model.rd(room.ix(), d)]
    }
    /// Who is convened in a cell.
    pub fn people_in(&self, z: CentreIx, d: DateIx) -> &[u32] {
        &self.people[self.model.zd(z, d)]
    }
    /// All dates of an examiner.
    pub fn dates_of(&self, x: ExaminerIx) -> ExaminerDates {
        let (days, sittings) = (i64::from(self.examiner_days[x.ix()]), self.examiner_sittings[x.ix()]);
        ExaminerDates { examiner: x, days, sittings }
    }
    /// The session that a given session is, [`NONE`] while nobody is heard there.
    pub fn given_slot(&self, g: GivenIx) -> Slot {
        self.given_slots[g]
    }
    /// On how many dates an examiner is convened.
    pub fn days_of(&self, x: ExaminerIx) -> u32 {
        self.examiner_days[x.ix()]
    }
    /// How many sessions a centre has on a date.
    pub fn cell_use(&self, z: CentreIx, d: DateIx) -> u32 {
        self.cell_sessions[self.model.zd(z, d)]
    }
    /// The part of a placed job that is heard.
    pub fn part_of(&self, job: JobId) -> &'m Part {
        let model: &'m Model<'m> = self.model;
        &model.jobs[job as usize].parts[self.placed[job as usize].parts as usize - 1]
    }

    /// What it costs to leave a job out: its orals without a sitting, its pin not obeyed.
    pub fn cost_left_out(&self, job: JobId) -> i64 {
        let job = &self.model.jobs[job as usize];
        let orals = job.parts.len() as i64 * i64::from(self.model.instance.weights.unscheduled);
        orals + if job.pin.is_some() { PIN } else { 0 }
    }

    /// Whether moves may change a session: by its date.
    pub fn may_change(&self, slot: Slot) -> bool {
        self.own[self.session(slot).date.ix()]
    }

    /// What a search compares: the cost, far above everything while a pin is not obeyed. In a re-plan a little more
    /// for each new face in a commission: the cost does not count them, but each has somebody to be told.
    pub fn value(&self) -> i64 {
        self.cost + (self.pins_missing + self.exceeded) * PIN + self.strangers * STRANGER
    }

    // ---- the journal ----

    /// A point to come back to.
    pub fn mark(&self) -> usize {
        self.journal.len()
    }
    /// The changes since a mark.
    pub fn since(&self, mark: usize) -> &[Change] {
        &self.journal[mark..]
    }
    /// Forgets how to undo anything done so far.
    pub fn forget(&mut self) {
        self.journal.clear();
    }
    /// Undoes everything since the mark.
    pub fn undo(&mut self, mark: usize) {
        while self.journal.len() > mark {
            match self.journal.pop().expect("longer than the mark") {
                Change::Open { slot, .. } => self.do_close(slot),
                Change::Close { slot, session } => self.do_open(slot, *session),
                Change::Place { job, .. } => self.do_unplace(job),
                Change::Unplace { job, placement, .. } => self.do_place(job, placement),
                Change::SetMember { slot, seat, from, .. } => self.do_set_member(slot, seat, from),
            }
        }
    }

    // ---- the primitives ----

    /// Opens a session without jobs, a given one or not.
    pub fn open(
        &mut self,
        kind: KindId,
        room: RoomIx,
        (date, half, given): (DateIx, usize, Option<GivenIx>),
        members: SmallVec<[u32; 4]>,
    ) -> Slot {
        let slot = self.free_slots.last().copied().unwrap_or(self.sessions.len() as Slot);
        let uid = self.next_uid;
        self.next_uid += 1;
        let session = SessionState {
            uid,
            live: true,
            kind,
            room,
            centre: self.model.instance.rooms[room].centre,
            date,
            half,
            given,
            members,
            jobs: SmallVec::new(),
            sittings_heard: SmallVec::new(),
            span: Interval::new(0, 0),
            turnaround: 0,
            minutes: 0,
            sittings: 0,
            per_sitting: 0,
        };
        self.reopen(slot, session);
        slot
    }

    /// Opens a session that another state opened, under its uid.
    pub fn open_as(&mut self, session: &SessionState) -> Slot {
        let slot = self.free_slots.last().copied().unwrap_or(self.sessions.len() as Slot);
        self.reopen(slot, session.clone());
        slot
    }

    fn reopen(&mut self, slot: Slot, session: SessionState) {
        self.journal.push(Change::Open { slot, session: Box::new(session.clone()) });
        self.do_open(slot, session);
    }

    /// Closes a session that hears nobody.
    pub fn close(&mut self, slot: Slot) {
        debug_assert!(self.sessions[slot as usize].jobs.is_empty());
        let session = Box::new(self.sessions[slot as usize].clone());
        self.journal.push(Change::Close { slot, session });
        self.do_close(slot);
    }

    /// Places a job; [`fit`] has said that it fits.
    pub fn place(&mut self, job: JobId, placement: Placement) {
        let uid = self.sessions[placement.slot as usize].uid;
        self.journal.push(Change::Place { job, uid, placement: placement.clone() });
        self.do_place(job, placement);
    }

    /// Takes a job out.
    pub fn unplace(&mut self, job: JobId) {
        let placement = self.placed[job as usize].clone();
        let uid = self.sessions[placement.slot as usize].uid;
        self.journal.push(Change::Unplace { job, uid, placement });
        self.do_unplace(job);
    }

    /// Gives a seat to somebody else, or empties it ([`NONE`]).
    pub fn set_member(&mut self, slot: Slot, seat: usize, to: u32) {
        let session = &self.sessions[slot as usize];
        let (uid, from) = (session.uid, session.members[seat]);
        self.journal.push(Change::SetMember { slot, uid, seat, from, to });
        self.do_set_member(slot, seat, to);
    }

    fn do_open(&mut self, slot: Slot, session: SessionState) {
        if self.free_slots.last() == Some(&slot) {
            self.free_slots.pop();
        } else if slot as usize == self.sessions.len() {
            self.sessions.push(session.clone());
            self.live_at.push(NONE);
            self.spells.push(Spell { span: Interval::new(0, 0), turnaround: 0 });
            self.kept.push(Kept::default());
        } else {
            self.free_slots.retain(|&s| s != slot);
        }
        let model = self.model;
        let (room, date, centre) = (model.rd(session.room.ix(), session.date), session.date, session.centre);
        let cell = model.zd(centre, date);
        self.by_room[room].push(slot);
        self.by_cell[cell * model.kinds.len() + session.kind as usize].push(slot);
        let members = session.members.clone();
        if let Some(g) = session.given {
            self.given_slots[g] = slot;
        }
        self.sessions[slot as usize] = session;
        self.live_at[slot as usize] = self.live.len() as u32;
        self.live.push(slot);
        let weights = &model.instance.weights;
        self.cost += i64::from(weights.sessions);
        self.cell_sessions[cell] += 1;
        if self.cell_sessions[cell] == 1 {
            self.cost += i64::from(weights.centre_days);
        }
        for &x in members.iter().filter(|&&x| x != NONE) {
            self.convene(ExaminerIx(x), slot);
        }
        self.sessions[slot as usize].per_sitting = self.per_sitting(slot);
        self.respan(slot);
    }

    fn do_close(&mut self, slot: Slot) {
        let model = self.model;
        let session = &self.sessions[slot as usize];
        let (room, date, centre, kind) =
            (model.rd(session.room.ix(), session.date), session.date, session.centre, session.kind);
        let members = session.members.clone();
        forget(&mut self.kept[slot as usize]);
        if let Some(g) = session.given {
            self.given_slots[g] = NONE;
        }
        for &x in members.iter().filter(|&&x| x != NONE) {
            self.release(ExaminerIx(x), slot);
        }
        let cell = model.zd(centre, date);
        remove(&mut self.by_room[room], slot);
        remove(&mut self.by_cell[cell * model.kinds.len() + kind as usize], slot);
        self.sessions[slot as usize].live = false;
        let at = self.live_at[slot as usize] as usize;
        self.live.swap_remove(at);
        if let Some(&moved) = self.live.get(at) {
            self.live_at[moved as usize] = at as u32;
        }
        self.free_slots.push(slot);
        let weights = &model.instance.weights;
        self.cost -= i64::from(weights.sessions);
        self.cell_sessions[cell] -= 1;
        if self.cell_sessions[cell] == 0 {
            self.cost -= i64::from(weights.centre_days);
        }
    }

    /// Adds a session to an examiner's date; the session has no jobs, or the caller settles the rest.
    fn convene(&mut self, x: ExaminerIx, slot: Slot) {
        let (d, z) = (self.sessions[slot as usize].date, self.sessions[slot as usize].centre);
        let row = self.model.xd(x, d);
        self.by_examiner[row].push(slot);
        if self.by_examiner[row].len() == 1 {
            self.cost += self.convening(x, d, z);
            self.change_dates(x, |state| state.examiner_days[x.ix()] += 1);
            self.people[self.model.zd(z, d)].push(x.0);
        }
    }

    fn release(&mut self, x: ExaminerIx, slot: Slot) {
        let (d, z) = (self.sessions[slot as usize].date, self.sessions[slot as usize].centre);
        let row = self.model.xd(x, d);
        remove(&mut self.by_examiner[row], slot);
        if self.by_examiner[row].is_empty() {
            self.change_dates(x, |state| state.examiner_days[x.ix()] -= 1);
            let cell = &mut self.people[self.model.zd(z, d)];
            let at = cell.iter().position(|&p| p == x.0).expect("who is convened is in the cell");
            cell.swap_remove(at);
            self.cost -= self.convening(x, d, z);
        }
    }

    fn do_place(&mut self, job: JobId, placement: Placement) {
        let model: &'m Model<'m> = self.model;
        let spec = &model.jobs[job as usize];
        let part = &spec.parts[placement.parts as usize - 1];
        let slot = placement.slot;
        self.cost -= self.jobs_part(slot);
        let start = placement.start;
        for (room, preparation) in placement.rooms.iter().zip(&part.preparations) {
            self.prepare(*room, self.sessions[slot as usize].date, spec.candidate, preparation, start, true);
        }
        let sittings = i64::from(placement.parts);
        let at = {
            let placed = &self.placed;
            self.sessions[slot as usize].jobs.iter().position(|&j| placed[j as usize].start > start)
        };
        self.placed[job as usize] = placement;
        let session = &mut self.sessions[slot as usize];
        let at = at.unwrap_or(session.jobs.len());
        session.jobs.insert(at, job);
        let spell = Spell { span: Interval::new(start, start + part.length), turnaround: part.turnaround };
        session.sittings_heard.insert(at, spell);
        session.minutes += part.length;
        session.sittings += sittings;
        self.respan(slot);
        self.unscheduled -= sittings;
        self.pins_missing -= pinned(spec, sittings);
        self.cost -= sittings * i64::from(model.instance.weights.unscheduled);
        self.cost += self.jobs_part(slot);
        self.strangers += self.strangers_to(job, slot);
        self.hear(job, slot, true);
        self.recost_candidate(spec.candidate);
    }

    fn do_unplace(&mut self, job: JobId) {
        let model: &'m Model<'m> = self.model;
        let spec = &model.jobs[job as usize];
        let part = self.part_of(job);
        let slot = self.placed[job as usize].slot;
        self.cost -= self.jobs_part(slot);
        self.strangers -= self.strangers_to(job, slot);
        self.hear(job, slot, false);
        let placement = std::mem::replace(&mut self.placed[job as usize], Placement::NOWHERE);
        for (room, preparation) in placement.rooms.iter().zip(&part.preparations) {
            let date = self.sessions[slot as usize].date;
            self.prepare(*room, date, spec.candidate, preparation, placement.start, false);
        }
        let sittings = i64::from(placement.parts);
        let session = &mut self.sessions[slot as usize];
        let at = session.jobs.iter().position(|&j| j == job).expect("a placed job is in its session");
        session.jobs.remove(at);
        session.sittings_heard.remove(at);
        session.minutes -= part.length;
        session.sittings -= sittings;
        self.respan(slot);
        self.unscheduled += sittings;
        self.pins_missing += pinned(spec, sittings);
        self.cost += sittings * i64::from(model.instance.weights.unscheduled);
        self.cost += self.jobs_part(slot);
        self.recost_candidate(spec.candidate);
    }

    fn do_set_member(&mut self, slot: Slot, seat: usize, to: u32) {
        let from = self.sessions[slot as usize].members[seat];
        self.cost -= self.members_part(slot, [from, to]);
        self.strangers -= self.strangers_in(slot);
        let sittings = self.sessions[slot as usize].sittings;
        if from != NONE {
            self.cost -= self.hearing_all(ExaminerIx(from), slot);
            self.change_sittings(ExaminerIx(from), -sittings);
            self.release(ExaminerIx(from), slot);
        }
        self.sessions[slot as usize].members[seat] = to;
        if to != NONE {
            self.convene(ExaminerIx(to), slot);
            self.change_sittings(ExaminerIx(to), sittings);
            self.cost += self.hearing_all(ExaminerIx(to), slot);
        }
        self.sessions[slot as usize].per_sitting = self.per_sitting(slot);
        if from != NONE {
            // Who leaves is freer for their other sessions.
            let own = &self.by_examiner[self.model.xd(ExaminerIx(from), self.sessions[slot as usize].date)];
            own.iter().for_each(|&s| forget(&mut self.kept[s as usize]));
        }
        self.respan(slot);
        self.cost += self.members_part(slot, [from, to]);
        self.strangers += self.strangers_in(slot);
    }

    /// Seats that a candidate takes in a preparation room: all of them for one who prepares alone.
    pub(crate) fn seats_taken(&self, room: PrepIx, c: CandidateIx) -> u32 {
        let seats = self.model.instance.preparation_rooms[room].seats;
        if self.model.instance.candidates[c].prepares_alone { seats } else { 1 }
    }
}

/// 1 if so many sittings obey a job's pins.
fn pinned(spec: &Job, sittings: i64) -> i64 {
    i64::from(spec.pin.as_ref().is_some_and(|p| sittings >= p.orals as i64))
}

/// Below every term of a re-plan: decides only between plans that cost about the same.
const STRANGER: i64 = 20;

/// Outweighs any cost: pins are obeyed first.
const PIN: i64 = 1 << 44;

fn remove(list: &mut SmallVec<[Slot; 4]>, slot: Slot) {
    let at = list.iter().position(|&s| s == slot).expect("the slot is in the list");
    list.swap_remove(at);
}
