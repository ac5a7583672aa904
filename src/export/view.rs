//! Who sits where and when: the one view of a schedule from which every document is made.
//!
//! A [`Sitting`] knows no member of a commission. All that goes to a candidate or on a door is made from sittings, so
//! that a jury's names cannot get there.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::granted::{accommodations, birth};
pub use super::place::Place;
use super::texts::Texts;
use crate::instance::*;
use crate::schedule::{Plan, PlanSession, PlanSitting};
use crate::words::plain;

/// A schedule as the documents say it.
#[derive(Debug)]
pub struct View<'a> {
    /// The instance.
    pub instance: &'a Instance,
    /// The texts.
    pub texts: &'a Texts,
    /// The sessions, by centre, date, room and hour.
    pub sessions: Vec<Session>,
    /// All candidates of the instance, in its order.
    pub candidates: Vec<Candidate>,
    /// The convened examiners, in the instance's order.
    pub examiners: Vec<Examiner>,
    /// Those on call, without a session.
    pub reserves: Vec<Reserve>,
    /// Final orals that are not held.
    pub not_heard: Vec<Left>,
    /// Due orals without a sitting.
    pub unscheduled: Vec<Left>,
    /// The published schedule, where this one re-plans.
    pub baseline: Option<Box<View<'a>>>,
    /// What a re-plan says of why something changes for somebody: by id, each with its date.
    pub reasons: BTreeMap<String, Vec<(NaiveDate, String)>>,
}

/// What a candidate may know of a sitting: everything but the jury.
#[derive(Clone, Debug, PartialEq)]
pub struct Sitting {
    /// The candidate's id.
    pub candidate: String,
    /// The candidate's name.
    pub name: String,
    /// The birth date in words, only where somebody else has the same name.
    pub born: Option<String>,
    /// The candidate's group.
    pub group: String,
    /// The candidate's school.
    pub school: Option<Place>,
    /// The exam's id.
    pub exam: String,
    /// Its code as people read it.
    pub code: String,
    /// The exam's title.
    pub title: String,
    /// The language, in words.
    pub language: Option<String>,
    /// The date.
    pub date: NaiveDate,
    /// The centre.
    pub centre: Place,
    /// The exam room.
    pub room: String,
    /// When the candidate is expected.
    pub arrival: Minutes,
    /// Whether it starts at the end of the sitting that it follows.
    pub follows: bool,
    /// Where the candidate prepares.
    pub preparation_room: Option<String>,
    /// From the start of preparation to the start of the oral; empty without preparation.
    pub preparation: Interval,
    /// From the start to the end of the oral.
    pub time: Interval,
    /// Whether the preparation is longer than for others.
    pub extra_preparation: bool,
    /// Whether the oral is.
    pub extra_exam: bool,
    /// Whether the candidate prepares alone.
    pub alone: bool,
    /// Whether the candidate needs rooms without steps.
    pub accessible: bool,
}

impl Sitting {
    /// The name; with the birth date where somebody else has the same name.
    pub fn name_apart(&self, texts: &Texts) -> String {
        match &self.born {
            Some(date) => texts.fill("words.born", &[("name", &self.name), ("date", date)]),
            None => self.name.clone(),
        }
    }
    /// Whether anything of it is longer than for others.
    pub fn extra(&self) -> bool {
        self.extra_preparation || self.extra_exam
    }
    /// `E4`, `EF1 (espagnol)`.
    pub fn exam_and_language(&self) -> String {
        match &self.language {
            Some(language) => format!("{} ({language})", self.code),
            None => self.code.clone(),
        }
    }
    /// The whole stretch of the candidate's day.
    pub fn block(&self) -> Interval {
        Interval::new(self.preparation.from, self.time.to)
    }
}

/// A session with its jury: for commissions, centres and the office.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its id.
    pub id: String,
    /// The kind of commission: its id.
    pub commission: String,
    /// The kind of commission, in words.
    pub label: String,
    /// The language, in words.
    pub language: Option<String>,
    /// The centre.
    pub centre: Place,
    /// The exam room.
    pub room: String,
    /// All its rooms: more than one only where sessions are put together.
    pub rooms: Vec<String>,
    /// The date.
    pub date: NaiveDate,
    /// Which half-day, where it lies in one.
    pub half: Option<usize>,
    /// From the first start to the last end.
    pub time: Interval,
    /// From when its members are wanted.
    pub present_from: Minutes,
    /// The filled seats, in the regulation's order.
    pub members: Vec<Member>,
    /// The seats that nobody holds, in words.
    pub vacant: Vec<String>,
    /// The overrides of impartiality that it uses.
    pub waivers: Vec<Waived>,
    /// The sittings in order of time.
    pub sittings: Vec<Sitting>,
}

impl Session {
    /// `Commission de langue vivante facultative (espagnol)`.
    pub fn label_and_language(&self) -> String {
        match &self.language {
            Some(language) => format!("{} ({language})", self.label),
            None => self.label.clone(),
        }
    }
    /// The codes of the exams heard, as people read them, each once.
    pub fn codes(&self) -> Vec<&str> {
        let mut codes: Vec<&str> = Vec::new();
        for s in &self.sittings {
            if !codes.contains(&s.code.as_str()) {
                codes.push(&s.code);
            }
        }
        codes
    }
    /// The ids of the exams heard, each once.
    pub fn exams(&self) -> Vec<&str> {
        let mut exams: Vec<&str> = Vec::new();
        for s in &self.sittings {
            if !exams.contains(&s.exam.as_str()) {
                exams.push(&s.exam);
            }
        }
        exams
    }
}

/// A filled seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The seat's id.
    pub seat: String,
    /// The seat, in words.
    pub role: String,
    /// The examiner's id.
    pub id: String,
    /// The examiner's name.
    pub name: String,
}

/// An override of impartiality in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waived {
    /// The candidate's name.
    pub candidate: String,
    /// The examiner's name.
    pub examiner: String,
    /// Who answers for it.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// A candidate with all that the convocation says.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The school.
    pub school: Option<Place>,
    /// Texts carried along.
    pub info: Info,
    /// The sittings in order.
    pub sittings: Vec<Sitting>,
    /// The written papers in order.
    pub papers: Vec<WrittenPaper>,
    /// What was granted, in words.
    pub accommodations: Vec<String>,
    /// Exams without a sitting: code, title, why.
    pub not_convened: Vec<(String, String, String)>,
    /// Exams that are not taken in this form: code, title, why (continuous assessment, dispensed or a mark kept).
    pub not_due: Vec<(String, String, String)>,
}

/// A written paper of one candidate.
#[derive(Clone, Debug)]
pub struct WrittenPaper {
    /// Its code.
    pub id: String,
    /// Its date.
    pub date: NaiveDate,
    /// With the candidate's extra time.
    pub time: Interval,
    /// Whether there is extra time in it.
    pub extra: bool,
    /// Nobody leaves before.
    pub loge_until: Option<Minutes>,
}

/// A convened examiner.
#[derive(Clone, Debug)]
pub struct Examiner {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The qualifications.
    pub qualifications: String,
    /// Where the person teaches.
    pub schools: Vec<Place>,
    /// Texts carried along.
    pub info: Info,
    /// One way, by centre id.
    pub km: BTreeMap<String, Kilometres>,
    /// In order of time: which session, and as what.
    pub duties: Vec<Duty>,
}

/// An examiner on call who is convened to no session.
#[derive(Clone, Debug)]
pub struct Reserve {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Where the person teaches.
    pub schools: Vec<Place>,
    /// Texts carried along.
    pub info: Info,
    /// The dates of the calendar on which the person is free at some hour.
    pub dates: Vec<NaiveDate>,
}

/// A seat of an examiner in a session.
#[derive(Clone, Debug)]
pub struct Duty {
    /// Its place among the view's sessions.
    pub session: usize,
    /// The seat, in words.
    pub role: String,
}

/// An oral that has no sitting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The candidate's id.
    pub candidate: String,
    /// The candidate's name.
    pub name: String,
    /// The candidate's school.
    pub school: Option<Place>,
    /// The exam's code.
    pub exam: String,
    /// Why, in words.
    pub reason: String,
}

impl<'a> View<'a> {
    /// Reads a plan for the documents.
    pub fn new(plan: &Plan<'a>, texts: &'a Texts) -> View<'a> {
        let instance = plan.instance;
        let mut names = Names::new();
        for c in instance.candidates.iter() {
            *names.entry(plain(&c.name)).or_default() += 1;
        }
        let mut sessions: Vec<Session> = plan.sessions.iter().map(|s| session(plan, texts, s, &names)).collect();
        sessions.sort_by(|a, b| {
            let key = |s: &Session| (s.centre.id.clone(), s.date, s.room.clone(), s.time, s.id.clone());
            key(a).cmp(&key(b))
        });
        let mut by_candidate: BTreeMap<&str, Vec<Sitting>> = BTreeMap::new();
        let mut by_examiner: BTreeMap<&str, Vec<Duty>> = BTreeMap::new();
        for (i, s) in sessions.iter().enumerate() {
            for sitting in &s.sittings {
                by_candidate.entry(&sitting.candidate).or_default().push(sitting.clone());
            }
            for m in &s.members {
                by_examiner.entry(&m.id).or_default().push(Duty { session: i, role: m.role.clone() });
            }
        }
        let candidates = instance
            .candidates
            .enumerate()
            .map(|(c, own)| {
                let mut sittings = by_candidate.remove(own.id.as_str()).unwrap_or_default();
                sittings.sort_by_key(|s| (s.date, s.block()));
                candidate(plan, texts, c, sittings)
            })
            .collect();
        let examiners: Vec<Examiner> = instance
            .examiners
            .iter()
            .filter_map(|x| {
                let mut duties = by_examiner.remove(x.id.as_str())?;
                duties.sort_by_key(|d| (sessions[d.session].date, sessions[d.session].time));
                Some(Examiner {
                    id: x.id.clone(),
                    name: x.name.clone(),
                    qualifications: x.qualifications.iter().cloned().collect::<Vec<_>>().join(", "),
                    schools: x.schools.iter().map(|&s| school(instance, s)).collect(),
                    info: x.info.clone(),
                    km: instance.centres.enumerate().map(|(z, c)| (c.id.clone(), x.km[z])).collect(),
                    duties,
                })
            })
            .collect();
        let (not_heard, unscheduled) = left(plan, texts);
        let called = |id: &str| examiners.iter().any(|x| x.id == id);
        let on_call = instance.examiners.iter().filter(|x| x.reserve && !called(&x.id));
        let reserves = on_call
            .map(|x| Reserve {
                id: x.id.clone(),
                name: x.name.clone(),
                schools: x.schools.iter().map(|&s| school(instance, s)).collect(),
                info: x.info.clone(),
                dates: instance.dates.iter().copied().filter(|d| x.available.iter().any(|s| s.date == *d)).collect(),
            })
            .collect();
        View {
            instance,
            texts,
            reserves,
            not_heard,
            unscheduled,
            baseline: plan.baseline.map(|b| Box::new(View::new(b, texts))),
            reasons: BTreeMap::new(),
            sessions,
            candidates,
            examiners,
        }
    }

    /// Every sitting, session by session.
    pub fn sittings(&self) -> impl Iterator<Item = &Sitting> {
        self.sessions.iter().flat_map(|s| &s.sittings)
    }

    /// The sessions of each centre.
    pub fn by_centre(&self) -> BTreeMap<&Place, Vec<&Session>> {
        let mut centres: BTreeMap<&Place, Vec<&Session>> = BTreeMap::new();
        for s in &self.sessions {
            centres.entry(&s.centre).or_default().push(s);
        }
        centres
    }

    /// The centre's opening on that date.
    pub fn opening(&self, centre: &Place, date: NaiveDate) -> Option<Interval> {
        self.instance.centre(&centre.id).and_then(|z| self.instance.centres[z].open.get(&date)).copied()
    }

    /// What the texts say of an exam of this regulation: `bring`, `phones`, `reserve`.
    pub fn of_exam(&self, exam: &str, what: &str) -> Option<&'a str> {
        self.texts.of_regulation(&self.instance.regulation.id, &["exams", exam, what])
    }
}

fn school(instance: &Instance, s: SchoolIx) -> Place {
    let own = &instance.schools[s];
    Place::new(&own.id, &own.name, &own.town, &own.info)
}

/// How many candidates have a name, by the name as [`plain`] makes it.
type Names = BTreeMap<String, usize>;

fn session(plan: &Plan, texts: &Texts, s: &PlanSession, names: &Names) -> Session {
    let instance = plan.instance;
    let regulation = &instance.regulation;
    let centre = match s.centre {
        Some(z) => Place::centre(instance, z),
        None => Place::new(&s.raw.centre, &s.raw.centre, "", &Info::new()),
    };
    let role = |seat: &str| texts.of_regulation(&regulation.id, &["seats", seat]).unwrap_or(seat).to_string();
    let mut filled: Vec<_> = s.members.iter().collect();
    filled.sort_by_key(|m| (m.seat_ix.unwrap_or(usize::MAX), m.seat));
    let name = |x: Option<ExaminerIx>, id: &str| x.map_or(id, |x| instance.examiners[x].name.as_str()).to_string();
    let seats = s.commission.map(|k| regulation.commissions[k].seats.as_slice()).unwrap_or_default();
    let mut waivers = Vec::new();
    for sitting in &s.sittings {
        for m in &s.members {
            let Some((c, x)) = sitting.candidate.zip(m.examiner) else { continue };
            let Some(waiver) = instance.waivers.get(&(c, x)).filter(|_| instance.related(c, x)) else { continue };
            let waived = Waived {
                candidate: instance.candidates[c].name.clone(),
                examiner: instance.examiners[x].name.clone(),
                by: waiver.by.clone(),
                reason: waiver.reason.clone(),
            };
            if !waivers.contains(&waived) {
                waivers.push(waived);
            }
        }
    }
    Session {
        id: s.raw.id.clone(),
        commission: s.raw.commission.clone(),
        label: texts
            .of_regulation(&regulation.id, &["commissions", &s.raw.commission])
            .unwrap_or(&s.raw.commission)
            .to_string(),
        language: s.raw.language.as_ref().map(|l| texts.language(l)),
        rooms: vec![s.raw.room.clone()],
        room: s.raw.room.clone(),
        date: s.date,
        half: s.half,
        time: s.span,
        present_from: plan.members_called(s),
        members: filled
            .iter()
            .map(|m| Member {
                seat: m.seat.to_string(),
                role: role(m.seat),
                id: m.id.to_string(),
                name: name(m.examiner, m.id),
            })
            .collect(),
        vacant: seats.iter().filter(|seat| !s.raw.members.contains_key(&seat.id)).map(|seat| role(&seat.id)).collect(),
        waivers,
        sittings: s.sittings.iter().map(|p| sitting(plan, texts, s, p, &centre, names)).collect(),
        centre,
    }
}

fn sitting(
    plan: &Plan,
    texts: &Texts,
    session: &PlanSession,
    p: &PlanSitting,
    centre: &Place,
    names: &Names,
) -> Sitting {
    let instance = plan.instance;
    let own = p.candidate.map(|c| &instance.candidates[c]);
    let extra = own.map(|c| c.extra).unwrap_or_default();
    let prepares = p.preparation.minutes() > 0;
    let language = p.oral.and_then(|o| instance.orals[o].language.clone());
    let called = plan.candidate_called(session, p);
    Sitting {
        candidate: p.raw.candidate.clone(),
        name: own.map_or(&p.raw.candidate, |c| &c.name).clone(),
        born: own.filter(|c| names.get(&plain(&c.name)) > Some(&1)).and_then(|c| birth(texts, &c.info)),
        group: own.map(|c| c.group.clone()).unwrap_or_default(),
        school: own.and_then(|c| c.school).map(|s| school(instance, s)),
        exam: p.raw.exam.clone(),
        code: texts.typeset(p.exam.map_or(&p.raw.exam, |e| &instance.regulation.exams[e].code)),
        title: texts.typeset(p.exam.map_or(&p.raw.exam, |e| &instance.regulation.exams[e].title)),
        language: language.map(|l| texts.language(&l)),
        date: session.date,
        centre: centre.clone(),
        room: session.raw.room.clone(),
        arrival: called.unwrap_or(p.preparation.from),
        follows: called.is_none(),
        preparation_room: p.raw.preparation_room.clone(),
        preparation: p.preparation,
        time: p.time,
        extra_preparation: prepares && extra.preparation > 0,
        extra_exam: extra.exam > 0,
        alone: prepares && own.is_some_and(|c| c.prepares_alone),
        accessible: own.is_some_and(|c| c.needs_accessible),
    }
}

fn candidate(plan: &Plan, texts: &Texts, c: CandidateIx, sittings: Vec<Sitting>) -> Candidate {
    let instance = plan.instance;
    let own = &instance.candidates[c];
    let mut papers: Vec<WrittenPaper> = own
        .papers
        .iter()
        .map(|&p| {
            let paper = &instance.papers[p];
            let length = paper.time.minutes() * own.extra.written as Minutes;
            let end = paper.time.to + time::round_up((length + 59) / 60, instance.step);
            WrittenPaper {
                id: paper.id.clone(),
                date: paper.date,
                time: Interval::new(paper.time.from, end),
                extra: own.extra.written > 0,
                loge_until: paper.loge_until,
            }
        })
        .collect();
    papers.sort_by_key(|p| (p.date, p.time));
    let (mut not_convened, mut not_due) = (Vec::new(), Vec::new());
    for &o in &own.orals {
        let (oral, exam) = (&instance.orals[o], instance.exam_of(o));
        let why = match oral.status {
            Status::NotFinal => {
                let form = if oral.form == Form::Continuous { "continuous" } else { "exempt" };
                let why = texts.get(&format!("convocation_candidat.{form}")).to_string();
                not_due.push((texts.typeset(&exam.code), texts.typeset(&exam.title), why));
                continue;
            }
            Status::NotValid => texts.get("non_entendus.not_valid"),
            Status::NotHeld => texts.get("non_entendus.not_held"),
            Status::Due if plan.of_oral(o).next().is_some() => continue,
            Status::Due => texts.get("convocation_candidat.to_come"),
        };
        not_convened.push((texts.typeset(&exam.code), texts.typeset(&exam.title), why.to_string()));
    }
    Candidate {
        id: own.id.clone(),
        name: own.name.clone(),
        school: own.school.map(|s| school(instance, s)),
        info: own.info.clone(),
        sittings,
        papers,
        accommodations: accommodations(texts, own),
        not_convened,
        not_due,
    }
}

/// What is not held, and what is due without a sitting: found from the instance, since nothing that a schedule says of
/// itself is believed; only the reason for the latter is the schedule's own.
fn left(plan: &Plan, texts: &Texts) -> (Vec<Left>, Vec<Left>) {
    let instance = plan.instance;
    let said: BTreeMap<(&str, &str), &str> = plan
        .schedule
        .unscheduled
        .iter()
        .map(|l| ((l.candidate.as_str(), l.exam.as_str()), l.reason.as_str()))
        .collect();
    let (mut not_heard, mut unscheduled) = (Vec::new(), Vec::new());
    for (o, oral) in instance.orals.enumerate() {
        let (own, kind) = (&instance.candidates[oral.candidate], instance.exam_of(o));
        let line = |reason: &str| Left {
            candidate: own.id.clone(),
            name: own.name.clone(),
            school: own.school.map(|s| school(instance, s)),
            exam: texts.typeset(&kind.code),
            reason: reason.to_string(),
        };
        match oral.status {
            Status::NotValid => not_heard.push(line(texts.get("non_entendus.not_valid"))),
            Status::NotHeld => not_heard.push(line(texts.get("non_entendus.not_held"))),
            Status::Due if plan.of_oral(o).next().is_none() => {
                unscheduled.push(line(said.get(&(own.id.as_str(), kind.id.as_str())).unwrap_or(&"")));
            }
            Status::Due | Status::NotFinal => {}
        }
    }
    (not_heard, unscheduled)
}
