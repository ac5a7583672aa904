//! What the aggregated model speaks of: cells, kinds of sitting, classes of candidates that are alike.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use super::windows;
use crate::instance::*;
use crate::rules::candidate_gap;

/// A centre that is open on a date of the calendar.
pub(super) struct Cell {
    pub(super) centre: CentreIx,
    pub(super) date: DateIx,
    /// The half-days within the opening.
    pub(super) halves: Vec<Interval>,
}

/// Sittings that an examiner and a room feel alike.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind {
    pub(super) commission: CommissionIx,
    pub(super) exam: ExamIx,
    pub(super) language: Option<String>,
    pub(super) duration: Minutes,
    /// Minutes that surely pass before the same people hear somebody else.
    pub(super) turnaround: Minutes,
}

/// One oral of each candidate of a class.
pub(super) struct ClassOral {
    /// Its exam.
    pub(super) exam: ExamIx,
    pub(super) kind: usize,
    pub(super) preparation: Minutes,
    /// Must be scheduled.
    pub(super) pinned: bool,
    /// The oral of the class at whose end this one starts.
    pub(super) lead: Option<usize>,
    /// Whether `orals_a_day` and `same_school_max` count it: its exam follows none.
    pub(super) counted: bool,
    /// By cell, whether it may be heard there.
    pub(super) allowed: Vec<bool>,
    /// By cell and half-day, whether it may be heard then.
    pub(super) halves: Vec<Vec<bool>>,
}

/// Candidates whom the model cannot tell apart.
pub(super) struct Class {
    pub(super) members: Vec<CandidateIx>,
    pub(super) orals: Vec<ClassOral>,
    /// Minutes between two blocks of one date.
    pub(super) gap: Minutes,
}

/// When the model cannot tell candidates apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Alike {
    /// They may be heard in the same cells.
    ByDate,
    /// And in the same half-days.
    ByHalf,
    Never,
}

/// The instance as the model sees it.
pub(super) struct World<'a> {
    pub(super) instance: &'a Instance,
    pub(super) cells: Vec<Cell>,
    pub(super) kinds: Vec<Kind>,
    /// By kind, the least preparation of its sittings.
    pub(super) preparation: Vec<Minutes>,
    pub(super) classes: Vec<Class>,
    /// By examiner and cell, when the examiner can hear, half-day by half-day.
    pub(super) free: Table<ExaminerIx, Vec<Vec<Vec<Interval>>>>,
    /// By kind and seat, who may hold it.
    pub(super) holders: Vec<Vec<Vec<ExaminerIx>>>,
    /// Orals that no schedule hears.
    hopeless: FxHashSet<OralIx>,
}

impl<'a> World<'a> {
    /// Reads the instance; `reserves` says whether examiners in reserve may sit (in a re-plan).
    pub(super) fn new(instance: &'a Instance, reserves: bool) -> World<'a> {
        Self::read(instance, reserves, Alike::ByDate)
    }

    /// The same without reserves, with candidates told apart who may be heard in other half-days of the same cells.
    pub(super) fn by_half(instance: &'a Instance, reserves: bool) -> World<'a> {
        Self::read(instance, reserves, Alike::ByHalf)
    }

    /// The same with every candidate told apart.
    pub(super) fn by_candidate(instance: &'a Instance, reserves: bool) -> World<'a> {
        Self::read(instance, reserves, Alike::Never)
    }

    fn read(instance: &'a Instance, reserves: bool, alike: Alike) -> World<'a> {
        let mut cells = Vec::new();
        for centre in instance.centres.indices() {
            for date in instance.dates.indices() {
                let halves = windows::open_halves(instance, centre, date);
                if !halves.is_empty() {
                    cells.push(Cell { centre, date, halves });
                }
            }
        }
        let free = instance
            .examiners
            .enumerate()
            .map(|(x, who)| {
                let sits = reserves || !who.reserve;
                let windows = |c: &Cell| if sits { windows::examiner(instance, x, c.centre, c.date) } else { vec![] };
                cells.iter().map(windows).collect()
            })
            .collect();
        let mut preparation: BTreeMap<Kind, Minutes> = BTreeMap::new();
        for o in instance.due() {
            let least = preparation.entry(kind(instance, o)).or_insert(Minutes::MAX);
            *least = (*least).min(instance.orals[o].preparation);
        }
        let kinds: Vec<Kind> = preparation.keys().cloned().collect();
        let holders = kinds.iter().map(|k| holders(instance, k)).collect();
        let preparation = preparation.into_values().collect();
        let hopeless = hopeless::orals(instance).into_iter().filter_map(|w| w.oral).collect();
        let mut world = World { instance, cells, kinds, preparation, classes: Vec::new(), free, holders, hopeless };
        world.classes = world.classify(alike);
        world
    }

    fn classify(&self, alike: Alike) -> Vec<Class> {
        let instance = self.instance;
        let mut classes: Vec<Class> = Vec::new();
        let mut known: BTreeMap<_, usize> = BTreeMap::new();
        for c in instance.candidates.indices() {
            let due: Vec<OralIx> = instance.candidates[c]
                .orals
                .iter()
                .copied()
                .filter(|&o| instance.orals[o].status == Status::Due)
                .collect();
            if due.is_empty() {
                continue;
            }
            let orals: Vec<ClassOral> = due.iter().map(|&o| self.class_oral(o, &due)).collect();
            let gap = candidate_gap::gap(instance, c, false);
            let candidate = &instance.candidates[c];
            let halves = |o: &ClassOral| if alike == Alike::ByHalf { o.halves.clone() } else { Vec::new() };
            let same: Vec<_> =
                orals.iter().map(|o| (o.kind, o.preparation, o.pinned, o.allowed.clone(), halves(o))).collect();
            let waived: BTreeSet<ExaminerIx> =
                instance.waivers.keys().filter(|(who, _)| *who == c).map(|&(_, x)| x).collect();
            let km: Vec<Kilometres> = candidate.km.iter().copied().collect();
            let next = classes.len();
            let own = (alike == Alike::Never).then_some(c);
            let at = *known
                .entry((own, candidate.school, km, gap, candidate.needs_accessible, waived, same))
                .or_insert(next);
            if at == next {
                classes.push(Class { members: Vec::new(), orals, gap });
            }
            classes[at].members.push(c);
        }
        classes
    }

    fn class_oral(&self, o: OralIx, due: &[OralIx]) -> ClassOral {
        let own = kind(self.instance, o);
        let kind = self.kinds.binary_search(&own).expect("every due oral has its kind");
        let lead = self.instance.lead_of(o).and_then(|l| due.iter().position(|&other| other == l));
        let hopeless = self.hopeless.contains(&o);
        let allowed = |(i, cell): (usize, &Cell)| match hopeless {
            true => vec![false; cell.halves.len()],
            false => self.allowed(o, kind, i, cell),
        };
        let halves: Vec<Vec<bool>> = self.cells.iter().enumerate().map(allowed).collect();
        ClassOral {
            exam: self.instance.orals[o].exam,
            kind,
            preparation: self.instance.orals[o].preparation,
            // A pin that cannot be obeyed makes no schedule valid, and the others are bounded all the same.
            pinned: !hopeless && self.instance.pins.contains_key(&o),
            lead,
            counted: self.instance.exam_of(o).follows.is_none(),
            allowed: halves.iter().map(|own| own.contains(&true)).collect(),
            halves,
        }
    }

    /// Those who may hold some seat, and by kind of sitting how many required seats only they can hold.
    pub(super) fn crews(&self) -> Vec<(&Vec<ExaminerIx>, Vec<f64>)> {
        let crews: BTreeSet<&Vec<ExaminerIx>> = self.holders.iter().flatten().filter(|crew| !crew.is_empty()).collect();
        let required = |crew: &Vec<ExaminerIx>| {
            let of_kind = |(own, kind): (Vec<usize>, &Kind)| {
                let seats = &self.instance.regulation.commissions[kind.commission].seats;
                own.into_iter().filter(|&s| seats[s].required).count() as f64
            };
            self.seats_of(crew).into_iter().zip(&self.kinds).map(of_kind).collect()
        };
        crews.into_iter().map(|crew| (crew, required(crew))).collect()
    }

    /// By kind of sitting, the seats that only they can hold, required or not.
    pub(super) fn seats_of(&self, crew: &[ExaminerIx]) -> Vec<Vec<usize>> {
        let own = |holders: &Vec<Vec<ExaminerIx>>| {
            let all = holders.iter().enumerate();
            all.filter(|(_, who)| !who.is_empty() && who.iter().all(|x| crew.contains(x))).map(|(s, _)| s).collect()
        };
        self.holders.iter().map(own).collect()
    }

    /// Each set of equipment that some kind needs, and none at all.
    pub(super) fn needs(&self) -> Vec<&'a [String]> {
        let mut needs: Vec<&[String]> = (0..self.kinds.len()).map(|t| self.equipment(t)).collect();
        needs.push(&[]);
        needs.sort();
        needs.dedup();
        needs
    }

    /// What a kind of sitting needs in its room.
    pub(super) fn equipment(&self, kind: usize) -> &'a [String] {
        &self.instance.regulation.exams[self.kinds[kind].exam].equipment
    }

    /// Whether a kind of sitting needs all of it.
    pub(super) fn asks_for(&self, kind: usize, need: &[String]) -> bool {
        need.iter().all(|n| self.equipment(kind).contains(n))
    }

    /// Minutes of the rooms of a cell that have the equipment, within those stretches, with one turnaround more for each
    /// free one: that of its last sitting may end outside it.
    pub(super) fn room_minutes(&self, cell: &Cell, stretches: &[Interval], need: &[String]) -> Minutes {
        let turnaround = self.kinds.iter().map(|k| k.turnaround).max().unwrap_or(0);
        let rooms = self.instance.centres[cell.centre].rooms.iter().map(|&r| &self.instance.rooms[r]);
        rooms
            .filter(|r| need.iter().all(|n| r.equipment.contains(n)))
            .flat_map(|r| windows::free(stretches, &r.unavailable, self.instance, cell.date))
            .map(|free| free.minutes() + turnaround)
            .sum()
    }

    /// When the centre of a cell is open on its date.
    pub(super) fn open(&self, cell: &Cell) -> Interval {
        self.instance.centres[cell.centre].open[&self.instance.dates[cell.date]]
    }

    /// Minutes of the preparation seats of a cell.
    pub(super) fn seat_minutes(&self, cell: &Cell) -> i64 {
        let centre = &self.instance.centres[cell.centre];
        let open = self.open(cell);
        let rooms = centre.preparation_rooms.iter().map(|&p| &self.instance.preparation_rooms[p]);
        rooms
            .flat_map(|p| {
                let free = windows::free(&[open], &p.unavailable, self.instance, cell.date);
                free.into_iter().map(|f| i64::from(p.seats) * i64::from(f.minutes()))
            })
            .sum()
    }

    /// By half-day, whether any of its hours suits the candidate, the rooms and, each for itself on that date, the seats.
    fn allowed(&self, o: OralIx, kind: usize, i: usize, cell: &Cell) -> Vec<bool> {
        let never = || vec![false; cell.halves.len()];
        let instance = self.instance;
        let oral = &instance.orals[o];
        let (c, candidate) = (oral.candidate, &instance.candidates[oral.candidate]);
        let (centre, date) = (&instance.centres[cell.centre], instance.dates[cell.date]);
        let pins = instance.pins.get(&o).map_or(&[][..], Vec::as_slice);
        let forbidden = !candidate.centres.contains(&cell.centre)
            || centre.exams.as_ref().is_some_and(|only| !only.contains(&oral.exam))
            || instance.exam_dates[oral.exam].as_ref().is_some_and(|only| !only.contains(&date))
            || pins.iter().any(|p| p.date.is_some_and(|d| d != date) || p.centre.is_some_and(|k| k != cell.centre));
        if forbidden {
            return never();
        }
        let papers: Vec<Interval> = candidate
            .papers
            .iter()
            .filter(|&&p| instance.papers[p].date == date)
            .map(|&p| instance.paper_time(c, p))
            .collect();
        if !papers.is_empty() && !instance.policy.oral_on_paper_day {
            return never();
        }
        let open = self.open(cell);
        let taken: Vec<Interval> =
            candidate.unavailable.iter().filter(|u| u.date == date).map(|u| u.time).chain(papers).collect();
        let hour_fits = |start: Minutes| {
            let block = Interval::new(start - oral.preparation, start + oral.duration);
            let sitting = Interval::new(start, block.to);
            open.contains(block)
                && !taken.iter().any(|t| t.meets(block))
                && pins.iter().all(|p| p.start.is_none_or(|s| s == start))
                && centre.rooms.iter().any(|&r| {
                    let room = &instance.rooms[r];
                    (room.accessible || !candidate.needs_accessible)
                        && instance.exam_of(o).equipment.iter().all(|e| room.equipment.contains(e))
                        && !room.unavailable.iter().any(|u| u.date == date && u.time.meets(sitting))
                        && pins.iter().all(|p| p.room.as_ref().is_none_or(|id| *id == room.id))
                })
        };
        let sits = |x: ExaminerIx| {
            let windows = &self.free[x][i];
            !instance.partial(c, x) && windows.iter().flatten().any(|w| w.minutes() >= oral.duration)
        };
        let seats = &instance.regulation.commissions[self.kinds[kind].commission].seats;
        let seated =
            || seats.iter().zip(&self.holders[kind]).all(|(s, who)| !s.required || who.iter().any(|&x| sits(x)));
        let named = || pins.iter().filter_map(|p| p.examiner).all(sits);
        if !seated() || !named() {
            return never();
        }
        let fits = |h: &Interval| {
            let first = time::round_up(h.from, instance.step);
            (first..=h.to - oral.duration).step_by(instance.step as usize).any(hour_fits)
        };
        cell.halves.iter().map(fits).collect()
    }
}

fn kind(instance: &Instance, o: OralIx) -> Kind {
    let oral = &instance.orals[o];
    Kind {
        commission: instance.exam_of(o).commission,
        exam: oral.exam,
        language: oral.language.clone(),
        duration: oral.duration,
        turnaround: turnaround(instance, o),
    }
}

/// Minutes after the sitting that no schedule saves. Before a sitting that follows it there are none, but the
/// chain ends with the turnaround of its last sitting: the least of the chain is charged to its head, and none to
/// the rest.
fn turnaround(instance: &Instance, o: OralIx) -> Minutes {
    if instance.lead_of(o).is_some() {
        return 0;
    }
    let mut least = instance.exam_of(o).turnaround;
    let mut chain = vec![o];
    while let Some(head) = chain.pop() {
        least = least.min(instance.exam_of(head).turnaround);
        let own = &instance.candidates[instance.orals[o].candidate].orals;
        let due = own.iter().copied().filter(|&f| instance.orals[f].status == Status::Due);
        chain.extend(due.filter(|&f| instance.lead_of(f) == Some(head)));
    }
    least
}

fn holders(instance: &Instance, kind: &Kind) -> Vec<Vec<ExaminerIx>> {
    let seats = &instance.regulation.commissions[kind.commission].seats;
    let accepted = |s: &crate::regulation::Seat| {
        let all = instance.examiners.enumerate();
        all.filter(|(_, x)| s.accepts(&x.qualifications, kind.language.as_deref())).map(|(i, _)| i).collect()
    };
    seats.iter().map(accepted).collect()
}
