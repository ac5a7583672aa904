//! The cost of a plan: the sum over its [parts](crate::parts), and over their terms, of units × weight.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use crate::instance::{CandidateIx, ExaminerIx, Instance, Interval, Ix, SchoolIx};
use crate::parts::*;
use crate::rules::{Part, TERMS, Term, Unit};
use crate::schedule::{Cost, Plan, PlanSession, Sat, TermCost};

/// Units of a cost term charged to somebody or something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Charge {
    /// How many.
    pub units: i64,
    /// To whom or what, as people read it: `C0012`, `X003 2024-06-04`, `S012`.
    pub at: String,
    /// The same as data.
    #[serde(skip)]
    pub bearer: Bearer,
}

/// Every charge of a plan, by the name of its term.
pub type Charges = BTreeMap<&'static str, Vec<Charge>>;

/// The cost in total and by term; terms without units are left out.
pub fn evaluate(plan: &Plan) -> Cost {
    let mut units: BTreeMap<&str, i64> = BTreeMap::new();
    each_part(plan, &mut |part, _, _| {
        part.units(plan.instance, &mut |term, n| *units.entry(term.name).or_default() += n);
    });
    let mut cost = Cost::default();
    for term in TERMS.iter() {
        let units = units.get(term.name).copied().unwrap_or(0);
        if units != 0 {
            let part = TermCost { units, cost: units * i64::from((term.weight)(&plan.instance.weights)) };
            cost.total += part.cost;
            cost.terms.insert(term.name.to_string(), part);
        }
    }
    cost
}

/// What each term charges, to whom, biggest first.
pub fn charges(plan: &Plan) -> Charges {
    let mut all = Charges::new();
    each_part(plan, &mut |part, bearer, at| {
        part.units(plan.instance, &mut |term: &'static Term, units| {
            if units != 0 {
                all.entry(term.name).or_default().push(Charge { units, at: at(), bearer });
            }
        });
    });
    for own in all.values_mut() {
        own.sort_by(|a, b| b.units.cmp(&a.units).then_with(|| a.at.cmp(&b.at)));
    }
    all
}

/// Shows a part of a plan: with whom it concerns, and how that is written.
type Show<'s> = &'s mut dyn FnMut(&dyn Part, Bearer, &dyn Fn() -> String);

/// Shows every part of a plan once.
fn each_part(plan: &Plan, show: Show) {
    for o in plan.instance.due() {
        let oral = DueOral { heard: plan.of_oral(o).next().is_some() };
        let bearer = Bearer { candidate: Some(plan.instance.orals[o].candidate), ..Bearer::default() };
        show(&oral, bearer, &|| plan.instance.oral_name(o));
    }
    for session in &plan.sessions {
        session_parts(plan, session, show);
    }
    let used: BTreeMap<(&str, NaiveDate), _> =
        plan.sessions.iter().map(|s| ((s.raw.centre.as_str(), s.date), s.centre)).collect();
    for ((id, date), centre) in used {
        show(&CentreDay, Bearer { centre, date: Some(date), ..Bearer::default() }, &|| format!("{id} {date}"));
    }
    examiner_parts(plan, show);
    for c in plan.instance.candidates.indices() {
        candidate_parts(plan, c, show);
    }
    school_parts(plan, show);
    if let Some(published) = plan.baseline {
        republished_parts(plan, published, show);
    }
}

fn session_parts(plan: &Plan, session: &PlanSession, show: Show) {
    let bearer = Bearer { centre: session.centre, date: Some(session.date), ..Bearer::default() };
    let at = || session.raw.id.clone();
    show(&OpenSession, bearer, &at);
    let Some(k) = session.commission else { return };
    for (i, seat) in plan.instance.regulation.commissions[k].seats.iter().enumerate() {
        let preferred =
            |x: ExaminerIx| seat.preferred(&plan.instance.examiners[x].qualifications, session.raw.language.as_deref());
        let holder = match session.members.iter().find(|m| m.seat_ix == Some(i)) {
            None => Holder::Nobody,
            Some(m) if m.examiner.is_none_or(preferred) => Holder::Preferred,
            Some(_) => Holder::Other,
        };
        let sittings = session.sittings.len() as i64;
        show(&SeatInSession { required: seat.required, holder, sittings }, bearer, &at);
    }
}

fn examiner_parts(plan: &Plan, show: Show) {
    let mut all: Vec<ExaminerDates> =
        plan.instance.examiners.indices().map(|examiner| ExaminerDates { examiner, days: 0, sittings: 0 }).collect();
    for (x, date, sessions) in plan.examiner_days() {
        all[x.ix()].days += 1;
        let id = &plan.instance.examiners[x].id;
        let centre = sessions.iter().find_map(|s| s.centre);
        let bearer = Bearer { examiner: Some(x), centre, date: Some(date), ..Bearer::default() };
        let at = || format!("{id} {date}");
        show(&ExaminerDay { examiner: x, centre }, bearer, &at);
        let mut halves: BTreeMap<Option<usize>, Vec<Interval>> = BTreeMap::new();
        for session in &sessions {
            halves.entry(session.half).or_default().extend(session.sittings.iter().map(|s| s.time));
        }
        for sitting in sessions.iter().flat_map(|s| &s.sittings) {
            all[x.ix()].sittings += 1;
            show(&SittingHeard { examiner: x, date, time: sitting.time }, bearer, &at);
        }
        for times in halves.values() {
            let heard = times.iter().map(|t| t.minutes()).sum();
            show(&ExaminerHalfDay { span: around(times), heard }, bearer, &at);
        }
    }
    for dates in all {
        let bearer = Bearer { examiner: Some(dates.examiner), ..Bearer::default() };
        show(&dates, bearer, &|| plan.instance.examiners[dates.examiner].id.clone());
    }
}

fn candidate_parts(plan: &Plan, c: CandidateIx, show: Show) {
    let id = &plan.instance.candidates[c].id;
    let days = plan.candidate_days(c);
    let centres: BTreeSet<&str> = plan.of_candidate(c).map(|s| s.session.raw.centre.as_str()).collect();
    let all = CandidateDates { days: days.len() as i64, centres: centres.len() as i64 };
    show(&all, Bearer { candidate: Some(c), ..Bearer::default() }, &|| id.clone());
    for (date, day) in days {
        let blocks: Vec<Interval> = day.iter().map(|s| s.sitting.block()).collect();
        let busy = blocks.iter().map(|b| b.minutes()).sum();
        let centre = day.iter().find_map(|s| s.session.centre);
        let part = CandidateDay { candidate: c, centre, span: around(&blocks), busy };
        let bearer = Bearer { candidate: Some(c), centre, date: Some(date), ..Bearer::default() };
        show(&part, bearer, &|| format!("{id} {date}"));
    }
}

fn school_parts(plan: &Plan, show: Show) {
    let exams = &plan.instance.regulation.exams;
    let mut heard: BTreeMap<_, BTreeMap<SchoolIx, i64>> = BTreeMap::new();
    for session in &plan.sessions {
        let mut members: Vec<&str> = session.members.iter().map(|m| m.id).collect();
        members.sort_unstable();
        let schools = heard.entry((session.raw.commission.as_str(), members, session.date, session.half)).or_default();
        for sitting in &session.sittings {
            let follows = sitting.exam.is_some_and(|e| exams[e].follows.is_some());
            if let (false, Some(school)) = (follows, sitting.candidate.and_then(|c| plan.instance.candidates[c].school))
            {
                *schools.entry(school).or_default() += 1;
            }
        }
    }
    for ((commission, members, date, _), schools) in heard {
        for (school, sittings) in schools {
            let school = &plan.instance.schools[school].id;
            let at = || format!("{commission} {} {date} {school}", members.join("+"));
            show(&SchoolBeforeTeam { sittings }, Bearer { date: Some(date), ..Bearer::default() }, &at);
        }
    }
}

fn republished_parts(plan: &Plan, published: &Plan, show: Show) {
    let mut moved: BTreeMap<CandidateIx, i64> = BTreeMap::new();
    for o in plan.instance.orals.indices() {
        let Some((was, is)) = published.of_oral(o).next().zip(plan.of_oral(o).next()) else { continue };
        let when = |sat: &Sat| (sat.session.date, sat.session.raw.centre.clone(), sat.sitting.raw.start);
        let part =
            RepublishedOral { moved: when(&was) != when(&is), other_room: was.session.raw.room != is.session.raw.room };
        let c = plan.instance.orals[o].candidate;
        *moved.entry(c).or_default() += i64::from(part.moved);
        show(&part, Bearer { candidate: Some(c), ..Bearer::default() }, &|| plan.instance.oral_name(o));
    }
    for (c, moved) in moved {
        let bearer = Bearer { candidate: Some(c), ..Bearer::default() };
        show(&RepublishedCandidate { moved }, bearer, &|| plan.instance.candidates[c].id.clone());
    }
    let (was, is) = (published.convened(), plan.convened());
    for at @ &(id, date, centre) in was.union(&is) {
        let part = RepublishedConvocation { was: was.contains(at), is: is.contains(at) };
        let instance = plan.instance;
        let bearer = Bearer {
            examiner: instance.examiner(id),
            centre: instance.centre(centre),
            date: Some(date),
            ..Bearer::default()
        };
        show(&part, bearer, &|| format!("{id} {date} {centre}"));
    }
}

/// From the first start to the last end; empty at 0 where there is nothing.
fn around(times: &[Interval]) -> Interval {
    let first = times.iter().map(|t| t.from).min().unwrap_or(0);
    Interval::new(first, times.iter().map(|t| t.to).max().unwrap_or(first))
}

/// Every schedule's cost is a multiple of it: the greatest common divisor of what units cost, where those counted in
/// minutes come in steps of the grid.
pub fn grain(instance: &Instance) -> i64 {
    let price = |term: &&Term| {
        let step = if term.unit == Unit::Minute { i64::from(instance.step) } else { 1 };
        i64::from((term.weight)(&instance.weights)) * step
    };
    let common = |mut a: i64, mut b: i64| {
        while b != 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    TERMS.iter().map(price).fold(0, common).max(1)
}
