//! The full model of an instance as a linear program in whole numbers: every schedule that obeys every rule is one of
//! its solutions and costs there what it costs, and every solution is such a schedule.
//!
//! Only what is spoken of stands here: which oral is where and when, who holds which seat, who sits twice in a row. What
//! may be and what it costs is said by the rules and terms, each in its own file: `narrow` takes away hours and holders
//! ([`Draft`]), `post` adds rows and prices ([`Program`]). `docs/bound.md` ("The full model") has the whole.

mod decode;
mod draft;
mod session;

use std::collections::{BTreeMap, BTreeSet};

pub use draft::{Chair, Draft, Hour, Spot};

use crate::instance::*;
use crate::linear::{Linear, Var};
use crate::schedule::Plan;

/// A sum of variables with their factors.
pub type Sum = Vec<(Var, f64)>;

/// Hours at which an oral may start in one room, one after the other on the grid.
#[derive(Clone, Debug)]
pub struct Place {
    /// Centre, date and half-day.
    pub spot: Spot,
    /// The exam room.
    pub room: RoomIx,
    /// From the first start to the last.
    pub starts: Interval,
    /// Whether the oral is heard here.
    pub var: Var,
}

/// A due oral.
#[derive(Clone, Debug)]
pub struct Task {
    /// The oral.
    pub oral: OralIx,
    /// Its candidate.
    pub candidate: CandidateIx,
    /// Its exam.
    pub exam: ExamIx,
    /// Its kind of commission.
    pub commission: CommissionIx,
    /// The language of its session.
    pub language: Option<String>,
    /// Minutes of preparation.
    pub preparation: Minutes,
    /// Minutes of the oral.
    pub duration: Minutes,
    /// Minutes after it, save before what follows it.
    pub turnaround: Minutes,
    /// The due oral at whose end this one starts.
    pub lead: Option<usize>,
    /// Where it may be.
    pub places: Vec<Place>,
    /// Its start, in steps of the grid; 0 if it is left out.
    pub start: Var,
    /// Whether it is left out.
    pub out: Var,
    /// By seat, who may hold it, where and when.
    pub chairs: Vec<Vec<(Chair, Var)>>,
    /// By seat and spot, whether the optional seat stays empty there.
    pub empty: BTreeMap<(usize, Spot), Var>,
}

/// The model of one instance.
pub struct Program<'a> {
    /// The instance.
    pub instance: &'a Instance,
    /// The published schedule that is re-planned.
    pub baseline: Option<&'a Plan<'a>>,
    /// The rows so far.
    pub linear: Linear,
    /// The names of its variables.
    pub names: Vec<String>,
    /// By row, the rule or term that asks for it.
    pub origins: Vec<&'static str>,
    /// Every due oral.
    pub tasks: Vec<Task>,
    /// Whom a rule's rows are asked by, while it posts them.
    pub asking: &'static str,
    /// Whether an examiner is convened to a centre on a date.
    pub convened: BTreeMap<(ExaminerIx, CentreIx, DateIx), Var>,
    /// Whether a candidate comes to a centre on a date.
    pub present: BTreeMap<(CandidateIx, CentreIx, DateIx), Var>,
    /// Whether one oral ends before another starts, its turnaround included, where they share people or a room.
    pub before: BTreeMap<(usize, usize), Var>,
    /// Whether one oral is heard right after another in the same session.
    pub next: BTreeMap<(usize, usize), Var>,
    /// Whether an oral is prepared in that room on that date.
    pub prepares: BTreeMap<(usize, PrepIx, DateIx), Var>,
    /// Whether an oral is heard by that given session.
    pub given: BTreeMap<(usize, GivenIx), Var>,
    /// Whether an oral keeps the centre, date and start of the published schedule.
    unmoved: BTreeMap<usize, Var>,
}

impl<'a> Program<'a> {
    /// A new variable between 0 and `upper`.
    pub fn var(&mut self, name: String, cost: f64, upper: f64) -> Var {
        self.names.push(name);
        self.linear.var(cost, upper, false)
    }

    /// A new variable that is 0 or 1.
    pub fn choice(&mut self, name: String, cost: f64) -> Var {
        self.names.push(name);
        self.linear.var(cost, 1.0, true)
    }

    /// Adds Σ ≤ rhs.
    pub fn at_most(&mut self, sum: Sum, rhs: f64) {
        let rows = self.linear.rows.len();
        self.linear.at_most(merged(sum), rhs);
        self.origins.extend((rows..self.linear.rows.len()).map(|_| self.asking));
    }

    /// Adds Σ ≥ rhs.
    pub fn at_least(&mut self, sum: Sum, rhs: f64) {
        self.at_most(times(sum, -1.0), -rhs);
    }

    /// Adds Σ = rhs.
    pub fn exactly(&mut self, sum: Sum, rhs: f64) {
        self.linear.exactly(merged(sum), rhs);
        self.origins.push(self.asking);
    }

    /// Adds to the price of a variable.
    pub fn charge(&mut self, var: Var, cost: impl Into<f64>) {
        self.linear.cost[var] += cost.into();
    }

    /// The start of an oral in minutes.
    pub fn start(&self, task: usize) -> Sum {
        vec![(self.tasks[task].start, f64::from(self.instance.step))]
    }

    /// The last minute at which the oral may start.
    pub fn latest(&self, task: usize) -> f64 {
        f64::from(self.tasks[task].places.iter().map(|p| p.starts.to).max().unwrap_or(0))
    }

    /// Whether the oral is in a place of that kind.
    pub fn placed(&self, task: usize, fits: impl Fn(&Place) -> bool) -> Sum {
        self.tasks[task].places.iter().filter(|p| fits(p)).map(|p| (p.var, 1.0)).collect()
    }

    /// Whether the oral is heard.
    pub fn heard(&self, task: usize) -> Sum {
        self.placed(task, |_| true)
    }

    /// Whether the oral is heard on that date.
    pub fn on(&self, task: usize, date: DateIx) -> Sum {
        self.placed(task, |p| p.spot.date == date)
    }

    /// Whether that examiner hears the oral in a spot of that kind, in any seat.
    pub fn hears(&self, task: usize, x: ExaminerIx, fits: impl Fn(Spot) -> bool) -> Sum {
        let chairs = self.tasks[task].chairs.iter().flatten();
        chairs.filter(|(c, _)| c.examiner == x && fits(c.spot)).map(|&(_, v)| (v, 1.0)).collect()
    }

    /// The tasks of a candidate.
    pub fn of_candidate(&self, c: CandidateIx) -> Vec<usize> {
        (0..self.tasks.len()).filter(|&t| self.tasks[t].candidate == c).collect()
    }

    /// The dates on which the candidate may come, with whether they do, over all centres.
    pub fn days(&self, c: CandidateIx) -> BTreeMap<DateIx, Sum> {
        let mut days: BTreeMap<DateIx, Sum> = BTreeMap::new();
        let own = self.present.range((c, CentreIx(0), DateIx(0))..=(c, CentreIx(u32::MAX), DateIx(u32::MAX)));
        for (&(_, _, date), &var) in own {
            days.entry(date).or_default().push((var, 1.0));
        }
        days
    }

    /// The dates on which the examiner may be convened, with whether they are, over all centres.
    pub fn duties(&self, x: ExaminerIx) -> BTreeMap<DateIx, Sum> {
        let mut days: BTreeMap<DateIx, Sum> = BTreeMap::new();
        let own = self.convened.range((x, CentreIx(0), DateIx(0))..=(x, CentreIx(u32::MAX), DateIx(u32::MAX)));
        for (&(_, _, date), &var) in own {
            days.entry(date).or_default().push((var, 1.0));
        }
        days
    }

    /// The spots in which the examiner may hear somebody.
    pub fn spots_of(&self, x: ExaminerIx) -> Vec<Spot> {
        let chairs = self.tasks.iter().flat_map(|t| t.chairs.iter().flatten());
        let mut spots: Vec<Spot> = chairs.filter(|(c, _)| c.examiner == x).map(|(c, _)| c.spot).collect();
        spots.sort();
        spots.dedup();
        spots
    }

    /// Half-days so close together that a turnaround reaches from one into the next have the same number.
    pub fn part(&self, half: usize) -> usize {
        let longest = self.tasks.iter().map(|t| t.turnaround).max().unwrap_or(0);
        let halves = &self.instance.half_days;
        let start = halves[half].from;
        let mut ends: Vec<Interval> = halves.iter().copied().filter(|h| h.from <= start).collect();
        ends.sort();
        ends.windows(2).filter(|pair| pair[1].from - pair[0].to >= longest).count()
    }

    /// Whether the oral keeps the centre, date and start of the published schedule; none if it had none.
    pub fn unmoved(&mut self, task: usize) -> Option<Var> {
        if let Some(&known) = self.unmoved.get(&task) {
            return Some(known);
        }
        let sat = self.baseline?.of_oral(self.tasks[task].oral).next()?;
        let (centre, date, from) = (sat.session.centre, self.instance.date(sat.session.date), sat.sitting.time.from);
        let var = self.choice(format!("unmoved({})", self.name(task)), 0.0);
        let there = self.placed(task, |p| Some(p.spot.centre) == centre && Some(p.spot.date) == date);
        let mut bound = vec![(var, 1.0)];
        bound.extend(times(there, -1.0));
        self.at_most(bound, 0.0);
        let (from, latest) = (f64::from(from), self.latest(task));
        self.at_least(joined(self.start(task), vec![(var, -from)]), 0.0);
        self.at_most(joined(self.start(task), vec![(var, latest - from)]), latest.max(from));
        self.unmoved.insert(task, var);
        Some(var)
    }

    /// Holds the order of a schedule, and who is heard right after whom, of any two orals of which one is not `free`.
    pub fn hold_order(&mut self, plan: &Plan, free: impl Fn(OralIx) -> bool) {
        let when = |t: &Task| plan.of_oral(t.oral).next().map(|s| (s.session.date, s.sitting.time.from));
        let whens: Vec<_> = self.tasks.iter().map(when).collect();
        let pairs = plan.sessions.iter().flat_map(|s| s.sittings.windows(2).map(|w| (w[0].oral, w[1].oral)));
        let together: BTreeSet<_> = pairs.collect();
        let oral = |t: usize| self.tasks[t].oral;
        let held = |&(a, b): &(usize, usize)| !(free(oral(a)) && free(oral(b)));
        let never_before = self.before.iter().filter(|(pair, _)| held(pair) && whens[pair.0] > whens[pair.1]);
        let never_next = self
            .next
            .iter()
            .filter(|(pair, _)| held(pair) && !together.contains(&(Some(oral(pair.0)), Some(oral(pair.1)))));
        for (_, &var) in never_before.chain(never_next) {
            self.linear.upper[var] = 0.0;
        }
    }

    /// `C0012.E4`.
    pub fn name(&self, task: usize) -> String {
        self.instance.oral_name(self.tasks[task].oral).replace(' ', ".")
    }
}

/// The sum times a factor.
pub fn times(sum: Sum, factor: f64) -> Sum {
    sum.into_iter().map(|(v, a)| (v, a * factor)).collect()
}

/// Both sums together.
pub fn joined(mut a: Sum, b: Sum) -> Sum {
    a.extend(b);
    a
}

/// Each variable once.
fn merged(mut sum: Sum) -> Sum {
    sum.sort_by_key(|t| t.0);
    sum.dedup_by(|b, a| {
        let same = a.0 == b.0;
        if same {
            a.1 += b.1;
        }
        same
    });
    sum.retain(|t| t.1 != 0.0);
    sum
}
