//! How the desk changes the project: on the disk first, then told to the pages.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::json;

use super::{Desk, Planned};
use crate::instance::{OralIx, RawInstance};
use crate::objective::evaluate;
use crate::project::{Action, Document, Hash, Sentence};
use crate::schedule::{Left, Plan, Schedule, Session};
use crate::serve::problem::Problem;
use crate::state::State;

/// What an action touched, so that a page draws only that.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Touched {
    pub(crate) sessions: BTreeSet<String>,
    pub(crate) candidates: BTreeSet<String>,
    pub(crate) cells: BTreeSet<Cell>,
    /// Whether the page has to ask for everything anew.
    pub(crate) all: bool,
}

/// A centre on a date.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Cell {
    pub(crate) centre: String,
    pub(crate) date: NaiveDate,
}

impl Touched {
    /// Everything.
    pub(crate) fn all() -> Touched {
        Touched { all: true, ..Touched::default() }
    }

    /// What is not the same in two documents.
    pub(super) fn between(a: &Document, b: &Document) -> Touched {
        if a.instance != b.instance || a.sheets != b.sheets || a.published != b.published || a.name != b.name {
            return Touched::all();
        }
        let (Some(a), Some(b)) = (&a.schedule, &b.schedule) else { return Touched::all() };
        let mut touched = Touched::default();
        if Arc::ptr_eq(a, b) {
            return touched;
        }
        let before: BTreeMap<&str, &Session> = a.sessions.iter().map(|s| (s.id.as_str(), s)).collect();
        let after: BTreeMap<&str, &Session> = b.sessions.iter().map(|s| (s.id.as_str(), s)).collect();
        let ids: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
        for id in ids {
            let (old, new) = (before.get(id), after.get(id));
            if old == new {
                continue;
            }
            touched.sessions.insert(id.to_string());
            for session in [old, new].into_iter().flatten() {
                touched.cells.insert(Cell { centre: session.centre.clone(), date: session.date });
            }
            let heard = |s: Option<&&Session>| -> BTreeSet<String> {
                let sittings = s.into_iter().flat_map(|s| &s.sittings);
                sittings.map(|s| format!("{} {} {} {:?}", s.candidate, s.exam, s.start, s.preparation_room)).collect()
            };
            let moved = old.map(|s| (&s.room, s.date, &s.centre)) != new.map(|s| (&s.room, s.date, &s.centre));
            let (was, is) = (heard(old), heard(new));
            let changed = was.symmetric_difference(&is).chain(was.iter().filter(|_| moved));
            touched.candidates.extend(changed.filter_map(|s| s.split(' ').next()).map(str::to_string));
        }
        touched
    }
}

/// An action as it will stand in the history.
pub(crate) struct Said {
    /// Its kind.
    pub(crate) kind: &'static str,
    /// What it is.
    pub(crate) what: Sentence,
}

/// Why an oral that was just left out has no place.
pub(crate) type Reason<'r> = &'r dyn Fn(&State, OralIx) -> String;

/// What became of an action.
pub(crate) struct Done {
    /// As `/api/actions` answers it.
    pub(crate) answer: serde_json::Value,
}

fn cost_of(document: &Document) -> Option<i64> {
    document.schedule.as_ref()?.cost.as_ref().map(|c| c.total)
}

impl Desk<'_> {
    /// Makes `next` the project's document, on the disk before this returns, and tells the pages.
    pub(crate) fn commit(&mut self, next: Document, said: Said, files: &[(Hash, Vec<u8>)]) -> Result<Done, Problem> {
        let who = self.office.who.clone();
        let project = self.project_mut()?;
        let before = project.document().clone();
        let cost = cost_of(&next);
        let what = said.what.to_string();
        project.commit(next, Action { who, kind: said.kind, what: said.what, cost }, files)?;
        Ok(self.changed(&before, what))
    }

    /// Tells the pages what is another now.
    pub(super) fn changed(&mut self, before: &Document, what: String) -> Done {
        let Some(project) = &self.office.project else { return Done { answer: json!({}) } };
        let now = project.document();
        let touched = Touched::between(before, now);
        let (cost, was, revision) = (cost_of(now), cost_of(before), project.revision());
        let delta = cost.zip(was).map(|(now, was)| now - was);
        self.office.events.tell("revision", &json!({ "revision": revision, "touched": touched }));
        let answer = json!({ "revision": revision, "what": what, "delta": delta, "cost": cost, "touched": touched });
        Done { answer }
    }

    /// Makes the state as it is now the project's plan: frozen with the sessions' ids as they were, on the disk before this returns.
    /// Where that fails, the state is made again from the plan that stays.
    pub(crate) fn commit_state(&mut self, said: Said, reason: Reason) -> Result<Done, Problem> {
        let schedule = Arc::new(self.planned_mut()?.freeze(reason));
        let next = Document { schedule: Some(schedule.clone()), ..self.project()?.document().clone() };
        match self.commit(next, said, &[]) {
            Ok(done) => {
                let planned = self.planned_mut()?;
                planned.state.forget();
                planned.agrees(schedule);
                Ok(done)
            }
            Err(problem) => {
                self.planned_mut()?.reload();
                Err(problem)
            }
        }
    }

    /// Makes changed data the project's: the plan keeps its sittings, its cost is counted again, and its bound, which was proven for
    /// other data, goes.
    pub(crate) fn commit_instance(&mut self, raw: &RawInstance, said: Said) -> Result<Done, Problem> {
        let next = self.with_instance(raw.to_json().into())?;
        self.commit(next, said, &[])
    }

    /// The project's document with another instance.
    pub(super) fn with_instance(&self, json: Arc<str>) -> Result<Document, Problem> {
        let before = self.project()?.document();
        let mut next = Document { instance: Some(json.clone()), sheets: None, ..before.clone() };
        if before.instance.as_ref() != Some(&json)
            && let Some(schedule) = &before.schedule
        {
            let instance = crate::instance::Instance::from_json(json.as_bytes())?;
            let published = self.office.published();
            let baseline = published.as_ref().map(|s| Plan::new(&instance, s, None));
            let cost = evaluate(&Plan::new(&instance, schedule, baseline.as_ref()));
            next.schedule = Some(Arc::new(Schedule { cost: Some(cost), bound: None, ..schedule.as_ref().clone() }));
        }
        Ok(next)
    }
}

impl Planned<'_> {
    /// The state as a schedule with its cost. Sessions keep their ids, orals left out their reasons.
    fn freeze(&mut self, reason: Reason) -> Schedule {
        let ids = self.name_sessions();
        let old = self.schedule.clone();
        let reasons: BTreeMap<(&str, &str), &str> = old
            .iter()
            .flat_map(|s| &s.unscheduled)
            .map(|Left { candidate, exam, reason }| ((candidate.as_str(), exam.as_str()), reason.as_str()))
            .collect();
        let (instance, state) = (self.instance, &self.state);
        let mut schedule = state.freeze(|o| {
            let candidate = &instance.candidates[instance.orals[o].candidate].id;
            match reasons.get(&(candidate.as_str(), instance.exam_of(o).id.as_str())) {
                Some(old) => old.to_string(),
                None => reason(state, o),
            }
        });
        for session in &mut schedule.sessions {
            let orals = session.sittings.iter().filter_map(|s| {
                let candidate = instance.candidate(&s.candidate)?;
                instance.oral(candidate, instance.regulation.exam(&s.exam)?)
            });
            if let Some(id) = orals.filter_map(|o| ids.get(&o)).next() {
                session.id.clone_from(id);
            }
        }
        if let Some(old) = &old {
            schedule.provenance.clone_from(&old.provenance);
            schedule.bound = old.bound;
        }
        schedule.provenance.insert("hand".into(), json!(true));
        schedule.cost = Some(evaluate(&Plan::new(instance, &schedule, self.published)));
        schedule
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instance::{Instance, OralIx};
    use crate::project::{Project, Step};
    use crate::serve::desk::Office;
    use crate::serve::events::Events;
    use crate::serve::tickets::Tickets;
    use crate::state::Model;
    use crate::whatif::{Effort, solve};

    fn said() -> Said {
        Said { kind: "move", what: Sentence::both(|| "taken out".into()) }
    }

    /// A desk on a planned project, and what is asked of it.
    fn at_a_desk(work: impl FnOnce(&mut Desk)) {
        let text = std::fs::read_to_string("instances/small.json").unwrap();
        let instance = Instance::from_json(text.as_bytes()).unwrap();
        let stop = Arc::default();
        let effort = Effort { time: None, iterations: Some(200), seed: 1, threads: 1, stop: &stop };
        let mut schedule = solve(&instance, None, &effort).unwrap().schedule;
        // Numbers as no freezing gives them: they have to stay.
        for session in &mut schedule.sessions {
            session.id = format!("V{}", 500 - session.id[1..].parse::<u32>().unwrap());
        }
        schedule.cost = Some(evaluate(&Plan::new(&instance, &schedule, None)));
        let folder = tempfile::tempdir().unwrap();
        let document =
            Document { instance: Some(text.into()), schedule: Some(Arc::new(schedule)), ..Document::default() };
        let project = Project::create(&folder.path().join("p.oraux"), "Test", document, &[]).unwrap();
        let mut office = Office::new("Test".into(), Events::new(), Tickets::default(), Some(project));
        let model = Model::new(&instance, None);
        let planned = Planned::new(&instance, &model, None);
        let mut desk = Desk { office: &mut office, planned: Some(planned) };
        desk.settle();
        work(&mut desk);
    }

    fn document(desk: &Desk) -> Document {
        desk.project().unwrap().document().clone()
    }

    #[test]
    fn a_state_becomes_the_plan_with_its_sessions_numbers() {
        at_a_desk(|desk| {
            let before = document(desk);
            let was = before.schedule.clone().unwrap();
            let planned = desk.planned_mut().unwrap();
            assert!(was.sessions.iter().all(|s| planned.slot_of(&s.id).is_some()), "every session has its slot");
            // Taken out, and put into the same session again: nothing but the words is another plan.
            let session = was.sessions.iter().find(|s| s.sittings.len() > 2).unwrap();
            let job = planned.state.session(planned.slot_of(&session.id).unwrap()).jobs[0];
            let oral: OralIx = planned.model.jobs[job as usize].orals[0];
            let candidate = planned.instance.candidates[planned.instance.orals[oral].candidate].id.clone();
            let place = planned.state.placed[job as usize].clone();
            planned.state.unplace(job);
            let cost = planned.state.cost;
            let done = desk.commit_state(said(), &|_, _| "taken out".into()).unwrap();
            let after = document(desk).schedule.unwrap();
            assert_eq!(done.answer["cost"], cost);
            assert_eq!(done.answer["touched"]["sessions"], json!([session.id]));
            assert_eq!(done.answer["touched"]["candidates"], json!([candidate]));
            assert!(after.unscheduled.iter().any(|l| l.candidate == candidate && l.reason == "taken out"));
            assert_eq!(after.cost.as_ref().unwrap().total, cost);
            let ids = |s: &Schedule| s.sessions.iter().map(|s| s.id.clone()).collect::<Vec<_>>();
            let mut there = ids(&was);
            there.retain(|id| ids(&after).contains(id));
            assert_eq!(there, ids(&after), "no session has another number");

            let planned = desk.planned_mut().unwrap();
            if planned.state.session(place.slot).live {
                planned.state.place(job, place);
                desk.commit_state(said(), &|_, _| String::new()).unwrap();
                let again = document(desk).schedule.unwrap();
                assert_eq!((&again.sessions, &again.unscheduled), (&was.sessions, &was.unscheduled));
                desk.project_mut().unwrap().step(Step::Undo, "Test").unwrap();
            }
            assert_eq!(document(desk).schedule.unwrap(), after);
            desk.project_mut().unwrap().step(Step::Undo, "Test").unwrap();
            assert!(document(desk) == before);
            desk.settle();
            let planned = desk.planned().unwrap();
            assert_eq!(planned.state.cost, was.cost.as_ref().unwrap().total);
            assert!(planned.state.placed[job as usize].parts > 0);
        });
    }

    #[test]
    fn other_data_keep_the_plan_and_lose_the_bound() {
        at_a_desk(|desk| {
            let mut raw = desk.planned().unwrap().instance.raw.clone();
            raw.weights.candidate_km += 1;
            desk.commit_instance(&raw, said()).unwrap();
            let after = document(desk);
            let instance = Instance::from_json(after.instance.as_ref().unwrap().as_bytes()).unwrap();
            let schedule = after.schedule.unwrap();
            assert_eq!(schedule.bound, None);
            assert_eq!(schedule.cost, Some(evaluate(&Plan::new(&instance, &schedule, None))));
        });
    }
}
