//! The desk: one thread that owns the project, the instance, what is compiled of it and the state, which borrow one another.
//! Requests come one after the other through a short queue; sentences are made here, in the reader's language.
//!
//! A handler changes the project through [`Desk::commit`] and [`Desk::commit_state`] and nothing else. Whatever it changed, the desk
//! takes over afterwards: another instance is read and compiled anew, another schedule loaded.

mod act;
mod commit;
mod compare;
mod data;
mod documents;
mod find;
mod history;
mod import;
mod jobs;
mod need;
mod office;
mod person;
mod places;
mod plan;
mod planned;
mod preview;
mod repair;
mod said;
mod sheets;
mod tables;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use axum::body::Bytes;
use serde::de::DeserializeOwned;
use tokio::sync::oneshot;

pub(crate) use office::Office;
pub(crate) use planned::Planned;

use super::events::Events;
use super::problem::{Answer, Problem};
use super::tickets::Tickets;
use crate::fault::Fault;
use crate::instance::Instance;
use crate::lang::{Lang, within};
use crate::project::{Project, Published};
use crate::schedule::{Plan, Schedule};
use crate::state::Model;
use crate::tr;

pub(crate) mod handlers {
    //! What the table of endpoints names.
    pub(crate) use super::act::{Action, Seat, act, members};
    pub(crate) use super::compare::compare;
    pub(crate) use super::data::{Wanted, check, create, project, recent};
    pub(crate) use super::documents::{Ticket, documents, publish, ticket};
    pub(crate) use super::find::search;
    pub(crate) use super::history::{Name, history, name_version, redo, restore, undo, versions};
    pub(crate) use super::import::{Given, answer, import, last as last_import};
    pub(crate) use super::jobs::{
        Longer, Named, Wanted as Work, adopt, get as job, go_on, list as jobs, remedy, start as start_job, stop,
    };
    pub(crate) use super::need::need;
    pub(crate) use super::person::person;
    pub(crate) use super::places::{Hold, Ranked, Why, hold, places};
    pub(crate) use super::plan::{day, tray, week};
    pub(crate) use super::preview::{Shown, preview};
    pub(crate) use super::said::why;
    pub(crate) use super::tables::{Patch, patch, table, tables};
}

/// So many requests wait; more are told to come back.
const QUEUE: usize = 64;

/// A request as the desk sees it.
pub(crate) struct Call {
    pub(crate) lang: Lang,
    pub(crate) path: HashMap<String, String>,
    pub(crate) query: HashMap<String, String>,
    pub(crate) body: Bytes,
    /// The revision that the change is about.
    pub(crate) revision: Option<u64>,
    pub(crate) needs_revision: bool,
}

impl Call {
    /// A part of the path.
    pub(crate) fn part(&self, name: &str) -> &str {
        self.path.get(name).map_or("", String::as_str)
    }

    /// A parameter.
    pub(crate) fn asked(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str).filter(|v| !v.is_empty())
    }

    /// A parameter of a certain form.
    pub(crate) fn parsed<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, Problem> {
        let wrong = |_| Problem::bad(tr!("{name} is not of the right form", "{name} n'a pas la bonne forme"));
        self.asked(name).map(str::parse).transpose().map_err(wrong)
    }

    /// The body, as JSON of that form.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        serde_json::from_slice(&self.body).map_err(|e| Problem::bad(e.to_string()))
    }
}

struct Order {
    handler: fn(&mut Desk, &Call) -> Answer,
    call: Call,
    reply: oneshot::Sender<Answer>,
}

/// The queue in front of the desk.
pub(crate) struct Queue(SyncSender<Order>);

impl Queue {
    /// Asks; the answer comes later. None, where too many wait.
    pub(crate) fn ask(&self, handler: fn(&mut Desk, &Call) -> Answer, call: Call) -> Option<oneshot::Receiver<Answer>> {
        let (reply, answer) = oneshot::channel();
        self.0.try_send(Order { handler, call, reply }).ok().map(|()| answer)
    }
}

/// The desk's thread.
pub(crate) struct Running {
    thread: JoinHandle<()>,
    close: Arc<AtomicBool>,
}

impl Running {
    /// Lets it end after what it is doing.
    pub(crate) fn close(&mut self) {
        self.close.store(true, Ordering::Relaxed);
    }

    /// Whether it has ended.
    pub(crate) fn ended(&self) -> bool {
        self.thread.is_finished()
    }
}

/// What the desk begins with.
pub(crate) struct Start {
    pub(crate) file: Option<PathBuf>,
    pub(crate) who: String,
    pub(crate) events: Events,
    pub(crate) tickets: Tickets,
}

/// Opens the project, if one is named, and starts the desk.
pub(crate) fn start(start: Start) -> Result<(Queue, Running), Fault> {
    let project = match &start.file {
        Some(path) => Some(Project::open(path, &start.who).map_err(|e| e.of_file(path))?),
        None => None,
    };
    let mut office = Office::new(start.who, start.events, start.tickets, project);
    office.remember();
    let (send, orders) = sync_channel(QUEUE);
    let close: Arc<AtomicBool> = Arc::default();
    let flag = close.clone();
    let broken = |e: std::io::Error| Fault::new("", tr!("cannot be served: {e}", "service impossible : {e}"));
    let thread = std::thread::Builder::new()
        .name("desk".into())
        .stack_size(16 << 20)
        .spawn(move || {
            while work(&mut office, &orders, &flag) {}
            office.end();
        })
        .map_err(broken)?;
    Ok((Queue(send), Running { thread, close }))
}

/// What requests are answered from, as long as the instance stays.
pub(crate) struct Desk<'a> {
    /// The project and what else does not depend on the instance.
    pub(crate) office: &'a mut Office,
    /// The instance, and the plan in the making; none without an instance.
    pub(crate) planned: Option<Planned<'a>>,
}

/// The instance and the publication that a desk stands on.
#[derive(PartialEq)]
struct Ground {
    instance: Option<Arc<str>>,
    published: Option<Published>,
}

impl Ground {
    fn of(project: Option<&Project>) -> Ground {
        let document = project.map(Project::document);
        Ground {
            instance: document.and_then(|d| d.instance.clone()),
            published: document.and_then(|d| d.published.clone()),
        }
    }

    fn same(&self, project: Option<&Project>) -> bool {
        let now = Ground::of(project);
        let instance = match (&self.instance, &now.instance) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b) || a == b,
            (None, None) => true,
            _ => false,
        };
        instance && self.published == now.published
    }
}

/// Answers on one instance until it changes; false at the end.
fn work(office: &mut Office, orders: &Receiver<Order>, close: &AtomicBool) -> bool {
    let ground = Ground::of(office.project.as_ref());
    let instance = ground.instance.as_ref().and_then(|json| Instance::from_json(json.as_bytes()).ok());
    let published: Option<Schedule> = office.published();
    let before = instance.as_ref().zip(published.as_ref()).map(|(i, s)| Plan::new(i, s, None));
    let model = instance.as_ref().map(|i| Model::new(i, before.as_ref()));
    let planned = instance.as_ref().zip(model.as_ref()).map(|(i, m)| Planned::new(i, m, before.as_ref()));
    let mut desk = Desk { office, planned };
    loop {
        desk.settle();
        let order = loop {
            if close.load(Ordering::Relaxed) {
                return false;
            }
            match orders.recv_timeout(Duration::from_millis(50)) {
                Ok(order) => break order,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return false,
            }
        };
        let lang = order.call.lang;
        let done = catch_unwind(AssertUnwindSafe(|| {
            within(lang, || desk.admit(&order.call).and_then(|()| (order.handler)(&mut desk, &order.call)))
        }));
        let panicked = done.is_err();
        // Who asked may have gone.
        let _ = order.reply.send(done.unwrap_or_else(|_| Err(within(lang, || Problem::internal("")))));
        if panicked || !ground.same(desk.office.project.as_ref()) {
            return true;
        }
    }
}

impl Desk<'_> {
    /// Whether a change is about the project as it is.
    fn admit(&self, call: &Call) -> Result<(), Problem> {
        let Some(project) = &self.office.project else { return Ok(()) };
        match call.revision {
            Some(revision) if revision != project.revision() => {
                let later = project.actions().iter().filter(|a| a.revision > revision);
                let changes: Vec<_> = later.map(|a| history::said(a, None)).collect();
                Err(Problem::changed(project.revision(), changes))
            }
            None if call.needs_revision => Err(Problem::unconditional()),
            _ => Ok(()),
        }
    }

    /// Takes over the project's schedule where it is another one.
    fn settle(&mut self) {
        let schedule = self.office.project.as_ref().and_then(|p| p.document().schedule.clone());
        if let Some(planned) = &mut self.planned {
            planned.follow(schedule);
        }
    }

    /// The project that is open.
    pub(crate) fn project(&self) -> Result<&Project, Problem> {
        self.office.project.as_ref().ok_or_else(no_project)
    }

    /// The same, to be changed.
    pub(crate) fn project_mut(&mut self) -> Result<&mut Project, Problem> {
        self.office.project.as_mut().ok_or_else(no_project)
    }
}

/// `mercredi 5 juin`, in the language in force.
fn day_in_words(date: chrono::NaiveDate) -> String {
    match crate::lang::current() {
        Lang::Fr => crate::report::FRENCH.short_date(date),
        Lang::En => date.format("%A %-d %B").to_string(),
    }
}

fn no_project() -> Problem {
    Problem::not_yet(tr!("no project is open", "aucun projet n'est ouvert"))
}
