//! The instance and the plan in the making.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::Desk;
use crate::check::{Verdict, check};
use crate::explain::unscheduled::reason;
use crate::instance::{Instance, OralIx, hopeless};
use crate::lang::Lang;
use crate::schedule::{Plan, Schedule};
use crate::serve::problem::{Problem, Reply};
use crate::state::{Model, Slot, State};
use crate::tr;

/// Of so many orals without a place the reasons are found anew; of more, those stand that the plan came with.
const REASONS: usize = 500;

/// The instance, what is compiled of it, and the plan that hands work on.
pub(crate) struct Planned<'a> {
    /// What has to be planned.
    pub(crate) instance: &'a Instance,
    /// The same compiled, against what was published.
    pub(crate) model: &'a Model<'a>,
    /// What was published, read against the instance as it is now.
    pub(crate) published: Option<&'a Plan<'a>>,
    /// The plan as the search sees it: what of the schedule obeys the rules.
    pub(crate) state: State<'a>,
    /// The plan as it is kept; none before there is one.
    pub(crate) schedule: Option<Arc<Schedule>>,
    /// Sittings of the schedule that the state has not: they break a rule.
    pub(super) lost: usize,
    /// The id of each session of the state, by its uid.
    ids: HashMap<u64, String>,
    verdict: Option<(Lang, Arc<Verdict>)>,
    reasons: Option<(Lang, Arc<BTreeMap<OralIx, String>>)>,
    /// How many remarks there are on the data.
    remarks: Option<usize>,
    /// What is needed and what there is, as it is answered.
    pub(super) need: Option<(Lang, Reply)>,
}

impl<'a> Planned<'a> {
    pub(super) fn new(instance: &'a Instance, model: &'a Model<'a>, published: Option<&'a Plan<'a>>) -> Planned<'a> {
        let state = State::new(model);
        Planned {
            instance,
            model,
            published,
            state,
            schedule: None,
            lost: 0,
            ids: HashMap::new(),
            verdict: None,
            reasons: None,
            remarks: None,
            need: None,
        }
    }

    /// How many remarks there are on the data.
    pub(super) fn remarks(&mut self) -> usize {
        let instance = self.instance;
        *self.remarks.get_or_insert_with(|| hopeless::once(hopeless::warnings(instance)).len())
    }

    /// Takes over another schedule.
    pub(super) fn follow(&mut self, schedule: Option<Arc<Schedule>>) {
        let same = match (&self.schedule, &schedule) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        if same {
            return;
        }
        self.schedule = schedule;
        self.verdict = None;
        self.reasons = None;
        self.reload();
    }

    /// Makes the state of the schedule anew.
    pub(super) fn reload(&mut self) {
        let mut state = State::new(self.model);
        self.ids.clear();
        self.lost = 0;
        if let Some(schedule) = &self.schedule {
            let plan = Plan::new(self.instance, schedule, self.published);
            state.load(&plan);
            let by_oral: HashMap<OralIx, &str> =
                plan.sittings().filter_map(|sat| Some((sat.sitting.oral?, sat.session.raw.id.as_str()))).collect();
            let heard: usize = schedule.sessions.iter().map(|s| s.sittings.len()).sum();
            self.lost = heard.saturating_sub(state.placed.iter().map(|p| usize::from(p.parts)).sum());
            let mut taken: BTreeSet<&str> = BTreeSet::new();
            for &slot in &state.live {
                let session = state.session(slot);
                let orals = session.jobs.iter().flat_map(|&job| &self.model.jobs[job as usize].orals);
                if let Some(id) = orals.filter_map(|o| by_oral.get(o)).copied().find(|id| taken.insert(id)) {
                    self.ids.insert(session.uid, id.to_string());
                }
            }
        }
        self.state = state;
    }

    /// The schedule is what the state was frozen into.
    pub(super) fn agrees(&mut self, schedule: Arc<Schedule>) {
        self.schedule = Some(schedule);
        self.lost = 0;
        self.verdict = None;
        self.reasons = None;
    }

    /// A session that was moved keeps the id that it had.
    pub(super) fn keeps_id(&mut self, id: &str, slot: Slot) {
        let uid = self.state.session(slot).uid;
        self.ids.retain(|_, own| own != id);
        self.ids.insert(uid, id.to_string());
    }

    /// The id of a session of the state, if the schedule has it already.
    pub(crate) fn id_of(&self, slot: Slot) -> Option<&str> {
        self.ids.get(&self.state.session(slot).uid).map(String::as_str)
    }

    /// The session of the state that has that id.
    pub(crate) fn slot_of(&self, id: &str) -> Option<Slot> {
        self.state.live.iter().copied().find(|&slot| self.id_of(slot) == Some(id))
    }

    /// Gives each session of the state that has none an id of its own; all of them by the first oral that each hears.
    pub(super) fn name_sessions(&mut self) -> HashMap<OralIx, String> {
        let known = self.schedule.as_ref().map_or(&[][..], |s| &s.sessions);
        let numbers = known.iter().map(|s| s.id.as_str()).chain(self.ids.values().map(String::as_str));
        let number = |id: &str| id.trim_start_matches(|c: char| !c.is_ascii_digit()).parse::<u64>().ok();
        let mut next = numbers.filter_map(number).max().unwrap_or(0) + 1;
        let mut slots: Vec<Slot> = self.state.live.clone();
        slots.retain(|&s| !self.state.session(s).jobs.is_empty());
        slots.sort_by_key(|&s| self.state.session(s).uid);
        let mut by_oral = HashMap::new();
        for slot in slots {
            let session = self.state.session(slot);
            let id = self.ids.entry(session.uid).or_insert_with(|| {
                next += 1;
                format!("S{:03}", next - 1)
            });
            for &job in &session.jobs {
                by_oral.insert(self.model.jobs[job as usize].orals[0], id.clone());
            }
        }
        by_oral
    }

    /// The schedule read against the instance.
    pub(crate) fn plan<'p>(&'p self) -> Result<Plan<'p>, Problem> {
        let schedule = self.schedule.as_ref().ok_or_else(no_plan)?;
        Ok(Plan::new(self.instance, schedule, self.published))
    }

    /// The checker's verdict on it, in the language in force.
    pub(crate) fn verdict(&mut self) -> Result<Arc<Verdict>, Problem> {
        let lang = crate::lang::current();
        if let Some((_, verdict)) = self.verdict.as_ref().filter(|(l, _)| *l == lang) {
            return Ok(verdict.clone());
        }
        let schedule = self.schedule.as_ref().ok_or_else(no_plan)?;
        let verdict = Arc::new(check(self.instance, schedule, self.published.map(|p| p.schedule)));
        self.verdict = Some((lang, verdict.clone()));
        Ok(verdict)
    }
}

impl Planned<'_> {
    /// Why orals have no place, in the language in force: a plan tells its reasons in that of whoever made it.
    pub(super) fn reasons(&mut self) -> Arc<BTreeMap<OralIx, String>> {
        let lang = crate::lang::current();
        if let Some((_, reasons)) = self.reasons.as_ref().filter(|(l, _)| *l == lang) {
            return reasons.clone();
        }
        let mut left = self.state.left_out();
        if self.schedule.is_none() || left.len() > REASONS {
            left.clear();
        }
        let reasons: Arc<BTreeMap<OralIx, String>> =
            Arc::new(left.into_iter().map(|o| (o, reason(&self.state, o))).collect());
        self.reasons = Some((lang, reasons.clone()));
        reasons
    }
}

fn no_plan() -> Problem {
    Problem::not_yet(tr!("there is no plan yet", "il n'y a pas encore de planning"))
}

impl<'a> Desk<'a> {
    /// The instance and the plan in the making.
    pub(crate) fn planned(&self) -> Result<&Planned<'a>, Problem> {
        self.planned.as_ref().ok_or_else(no_data)
    }

    /// The same, to be changed.
    pub(crate) fn planned_mut(&mut self) -> Result<&mut Planned<'a>, Problem> {
        self.planned.as_mut().ok_or_else(no_data)
    }
}

fn no_data() -> Problem {
    Problem::not_yet(tr!("there are no data without faults yet", "il n'y a pas encore de données sans erreur"))
}
