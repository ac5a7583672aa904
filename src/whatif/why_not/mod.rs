//! Why is this oral not there, why is this examiner not convened then? Either rules forbid it, by name, or here is what
//! it would cost and who would move.
//!
//! Three things are asked in turn. Does any schedule have it (the warnings of [`hopeless`] with the wish pinned: sound)?
//! Is there a place in the plan as it stands? If not, what do the nearest places break (the checker says), and does a
//! plan have it in which others move, as few as possible?

use std::time::Instant;

use serde::Serialize;

use super::Effort;
use super::ask::Asked;
use super::compare::{Difference, difference};
use super::place::Tried;
use crate::check::check;
use crate::explain::{list, source_of, unscheduled};
use crate::instance::{hopeless, *};
use crate::lang::count;
use crate::lang::thousands;
use crate::moves::Random;
use crate::moves::insert::{Taste, insert};
use crate::schedule::{Plan, PlanSitting, Schedule};
use crate::state::model::JobPin;
use crate::state::{JobId, Model, State};
use crate::strategy::{Budget, Task, solve_on_threads, strategy};
use crate::tr;
use rand::SeedableRng;

mod people;
mod places;

/// What comes out of a why-not question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is so already.
    AlreadySo,
    /// It can be so with nobody else moved.
    Possible,
    /// It can be so if others move.
    IfOthersMove,
    /// No schedule of this instance has it.
    Forbidden,
    /// In the way stand other sittings, and no plan with it was found.
    NotFound,
}

/// The answer to a why-not question.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// The question.
    pub asked: String,
    /// The short answer.
    pub verdict: Verdict,
    /// The answer in sentences.
    pub summary: String,
    /// The nearest changes of the plan as it stands, with the rules that each breaks.
    pub tried: Vec<Tried>,
    /// What it would cost and who would move, where it can be.
    pub change: Option<Difference>,
    /// Whether it was stopped: a nearer place, or a plan, may have been missed.
    pub stopped: bool,
    /// The plan with the wish fulfilled.
    #[serde(skip)]
    pub schedule: Option<Schedule>,
}

/// Answers a question about a valid schedule. `effort` is for the search of a plan in which others move; stopped, the answer
/// speaks of what was tried by then.
pub fn answer(instance: &Instance, schedule: &Schedule, asked: &Asked, effort: &Effort) -> Answer {
    let plan = Plan::new(instance, schedule, None);
    let mut answer = match asked {
        Asked::Oral { oral, .. } => oral_answer(&plan, asked, *oral, effort),
        Asked::Examiner { examiner, date, centre } => people::answer(&plan, asked, *examiner, *date, *centre, effort),
    };
    // What is so, or can be so at once, more search would not change.
    if effort.stopped() && !matches!(answer.verdict, Verdict::AlreadySo | Verdict::Possible) {
        answer.stopped = true;
        let so_far =
            tr!("Stopped: this is what was tried by then.", "Interrompu : voilà ce qui a été essayé à ce moment-là.");
        answer.summary = format!("{so_far} {}", answer.summary);
    }
    answer
}

impl Answer {
    fn new(plan: &Plan, asked: &Asked, verdict: Verdict, summary: String) -> Answer {
        let asked = asked.text(plan.instance);
        Answer { asked, verdict, summary, tried: Vec::new(), change: None, stopped: false, schedule: None }
    }

    fn not_found(plan: &Plan, asked: &Asked, stands: &str) -> Answer {
        let text = tr!(
            "{stands} No plan with it was found in the time given, which proves nothing.",
            "{stands} Aucun planning ainsi fait n'a été trouvé dans le temps donné, ce qui ne prouve rien."
        );
        Answer::new(plan, asked, Verdict::NotFound, text)
    }

    fn with(mut self, plan: &Plan, after: Schedule) -> Answer {
        let change = difference(plan.instance, plan.schedule, &after);
        self.summary += &format!(" {}", price(&change));
        self.change = Some(change);
        self.schedule = Some(after);
        self
    }
}

/// The price of a change, in one sentence.
fn price(change: &Difference) -> String {
    let by = thousands(change.cost.abs());
    let people = change.candidates().len();
    let people =
        count(people, &tr!("candidate moves", "candidat change"), &tr!("candidates move", "candidats changent"));
    let orals = count(change.moved.len(), &tr!("oral", "oral"), &tr!("orals", "oraux"));
    let terms: Vec<String> = change
        .terms
        .iter()
        .map(|t| {
            format!(
                "{} {}{}",
                t.term,
                if t.after > t.before { "+" } else { "-" },
                thousands((t.after - t.before).abs())
            )
        })
        .collect();
    let terms = terms.join(", ");
    let cost = if change.cost == 0 {
        tr!("It costs nothing more", "Cela ne coûte rien de plus")
    } else if change.cost > 0 {
        tr!("It costs {by} more ({terms})", "Cela coûte {by} de plus ({terms})")
    } else {
        tr!("It saves {by} ({terms})", "Cela économise {by} ({terms})")
    };
    if change.moved.is_empty() {
        return tr!("{cost}; no candidate moves.", "{cost} ; aucun candidat ne change.");
    }
    tr!("{cost}; {people} ({orals}).", "{cost} ; {people} ({orals}).")
}

fn oral_answer(plan: &Plan, asked: &Asked, o: OralIx, effort: &Effort) -> Answer {
    let instance = plan.instance;
    let Asked::Oral { date, start, centre, room, .. } = asked else { unreachable!("asked of an oral") };
    let so = plan.of_oral(o).next().is_some_and(|sat| {
        date.is_none_or(|d| d == sat.session.date)
            && start.is_none_or(|s| s == sat.sitting.time.from)
            && centre.is_none_or(|z| Some(z) == sat.session.centre)
            && room.as_ref().is_none_or(|r| *r == sat.session.raw.room)
    });
    if so {
        let text = tr!("It is so in this plan.", "C'est ainsi dans ce planning.");
        return Answer::new(plan, asked, Verdict::AlreadySo, text);
    }
    let forbidden = never(instance, asked, o);
    if forbidden.is_none()
        && let Some(after) = wished(plan, o, None, &|pin, before| merge(instance, pin, asked, before))
    {
        let text = tr!("It can be so with nobody else moved.", "C'est possible sans déplacer personne d'autre.");
        return Answer::new(plan, asked, Verdict::Possible, text).with(plan, after);
    }
    let tried = places::nearest(plan, asked, o, effort);
    if let Some((rule, why)) = forbidden {
        let source = source_of(rule);
        let text = tr!(
            "No schedule of this instance has it: {why} ({rule}; {source}).",
            "Aucun planning de cette instance ne le permet : {why} ({rule} ; {source})."
        );
        let mut answer = Answer::new(plan, asked, Verdict::Forbidden, text);
        answer.tried = tried;
        return answer;
    }
    // The insertion does not look at every hour: a place that breaks nothing may be among the nearest.
    if let Some(free) = tried.first().filter(|t| t.broken.is_empty()) {
        let text = tr!("It can be so with nobody else moved.", "C'est possible sans déplacer personne d'autre.");
        return Answer::new(plan, asked, Verdict::Possible, text).with(plan, free.change.apply(plan.schedule));
    }
    let stands = match tried.first() {
        Some(first) => {
            let rules = list(&first.rules());
            tr!(
                "Not as the plan stands: the nearest place breaks {rules}.",
                "Pas en l'état du planning : la place la plus proche enfreint {rules}."
            )
        }
        None => tr!("Not as the plan stands.", "Pas en l'état du planning."),
    };
    let mut answer = match wished(plan, o, Some(effort), &|pin, before| merge(instance, pin, asked, before)) {
        Some(after) => {
            let text = tr!("{stands} It can be so if others move.", "{stands} C'est possible si d'autres changent.");
            Answer::new(plan, asked, Verdict::IfOthersMove, text).with(plan, after)
        }
        None => Answer::not_found(plan, asked, &stands),
    };
    answer.tried = tried;
    answer
}

/// Why no schedule at all has an oral there, if that is so: a rule and a sentence.
fn never(instance: &Instance, asked: &Asked, o: OralIx) -> Option<(&'static str, String)> {
    let Asked::Oral { date, start, centre, room, .. } = asked else { unreachable!("asked of an oral") };
    if instance.orals[o].status != Status::Due {
        let text = tr!("the oral is not due", "l'oral n'est pas dû");
        return Some(("oral-once", text));
    }
    if let Some(date) = date.filter(|&d| instance.date(d).is_none()) {
        return Some(("grid", tr!("{date} is not in the calendar", "le {date} n'est pas au calendrier")));
    }
    // The pins that there are stay: they belong to the instance.
    let mut pinned = instance.clone();
    let pin = Pin { date: *date, start: *start, centre: *centre, room: room.clone(), examiner: None };
    pinned.pins.entry(o).or_default().push(pin);
    let warning = hopeless::orals(&pinned).into_iter().find(|w| w.oral == Some(o))?;
    // Its head and tail are said of the file; here the question says as much.
    let mut why = warning.message.as_str();
    let head = tr!("cannot be heard: ", "ne peut pas être entendu : ");
    let tail = tr!(", pinned as it is", ", fixé comme il l'est");
    why = why.strip_prefix(&head).unwrap_or(why);
    why = why.strip_suffix(&tail).unwrap_or(why);
    Some((warning.rule, why.to_string()))
}

/// The pin that says what is asked beside what is pinned already; parts that differ contradict one another. The oral
/// starts `before` minutes after its job.
fn merge(instance: &Instance, pin: &mut JobPin, asked: &Asked, before: Minutes) {
    fn set<T: PartialEq>(slot: &mut Option<T>, value: Option<T>, contradictory: &mut bool) {
        if let Some(value) = value {
            *contradictory |= slot.as_ref().is_some_and(|old| *old != value);
            *slot = Some(value);
        }
    }
    match asked {
        Asked::Oral { date, start, centre, room, .. } => {
            set(&mut pin.start, start.map(|s| s - before), &mut pin.contradictory);
            set(&mut pin.date, date.and_then(|d| instance.date(d)), &mut pin.contradictory);
            set(&mut pin.centre, *centre, &mut pin.contradictory);
            set(&mut pin.room, room.clone(), &mut pin.contradictory);
        }
        Asked::Examiner { examiner, date, centre } => {
            set(&mut pin.date, instance.date(*date), &mut pin.contradictory);
            set(&mut pin.centre, *centre, &mut pin.contradictory);
            pin.examiners.push(*examiner);
        }
    }
}

/// The plan with an oral where the pin wants it: at its cheapest place with nobody else moved, or, with an effort, in
/// a plan that moves few. None if there is none, or none was found.
fn wished(plan: &Plan, o: OralIx, effort: Option<&Effort>, pin: &dyn Fn(&mut JobPin, Minutes)) -> Option<Schedule> {
    if effort.is_some_and(Effort::stopped) {
        return None;
    }
    let mut steady = plan.instance.clone();
    if effort.is_some() {
        hold_still(&mut steady);
    }
    let published = effort.map(|_| plan);
    let mut model = Model::new(&steady, published);
    let (job, index) = job_of(&model, o)?;
    let before: Minutes = model.jobs[job as usize].orals[..index].iter().map(|&l| steady.orals[l].duration).sum();
    let mut own = model.jobs[job as usize].pin.take().map_or_else(JobPin::default, |p| *p);
    pin(&mut own, before);
    own.orals = own.orals.max(index + 1);
    if own.contradictory {
        return None;
    }
    model.jobs[job as usize].pin = Some(Box::new(own));
    let after = match effort {
        None => {
            // Taken out first: where the wish is another room, its whole session would be mended else.
            let others = without(plan, &model.jobs[job as usize].orals);
            let mut state = State::new(&model);
            state.load(&Plan::new(&steady, &others, None));
            let placed = insert(&mut state, job, &Taste::EXACT, &mut Random::seed_from_u64(0));
            if !placed || (state.placed[job as usize].parts as usize) <= index {
                return None;
            }
            state.freeze(|o| unscheduled::reason(&state, o))
        }
        Some(effort) => {
            let task = Task {
                model: &model,
                from: Some(plan),
                seed: effort.seed,
                threads: effort.threads,
                budget: Budget { started: Instant::now(), time: effort.time, iterations: effort.iterations, gap: 0.0 },
                stop: effort.stop,
                watch: &|_, _| {},
            };
            let outcome = solve_on_threads(strategy("anneal")?, &task).ok()?;
            if outcome.best.pins_missing > 0 {
                return None;
            }
            outcome.schedule(None)
        }
    };
    check(plan.instance, &after, None).valid.then_some(after)
}

/// The schedule without some orals.
fn without(plan: &Plan, orals: &[OralIx]) -> Schedule {
    let mut schedule = plan.schedule.clone();
    let kept = |sat: &PlanSitting| !sat.oral.is_some_and(|o| orals.contains(&o));
    for (session, read) in schedule.sessions.iter_mut().zip(&plan.sessions) {
        session.sittings = read.sittings.iter().filter(|sat| kept(sat)).map(|sat| sat.raw.clone()).collect();
    }
    schedule.sessions.retain(|s| !s.sittings.is_empty());
    schedule
}

/// The job that has an oral, and its place there.
fn job_of(model: &Model, o: OralIx) -> Option<(JobId, usize)> {
    let own = &model.jobs_of[model.instance.orals[o].candidate];
    own.iter().find_map(|&j| Some((j, model.jobs[j as usize].orals.iter().position(|&i| i == o)?)))
}

/// Makes every change of the published plan dear, so that few move; who is in reserve stays there.
fn hold_still(instance: &mut Instance) {
    let weights = &mut instance.weights;
    weights.convocation_changed = 20_000;
    weights.oral_moved = 5_000;
    weights.room_changed = 1_000;
    weights.examiner_called = 3_000;
    weights.examiner_released = 1_000;
    for x in instance.examiners.indices() {
        if instance.examiners[x].reserve {
            instance.examiners[x].available.clear();
        }
    }
}
