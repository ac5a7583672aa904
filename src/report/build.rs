//! A report from a plan and its verdict.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::why;
use super::*;
use crate::check::check;
use crate::explain::{costs, unscheduled};
use crate::instance::*;
use crate::lang;
use crate::objective;
use crate::rules::{RULES, TERMS};
use crate::schedule::{Plan, PlanSession, PlanSitting, Sat, Schedule};

/// So many charges of a term are named.
const BIGGEST: usize = 10;

impl Report {
    /// Reads a schedule for people; `baseline` is the published one where this re-plans. The schedule need not be
    /// valid: what does not resolve is shown under its id.
    pub fn new(instance: &Instance, schedule: &Schedule, baseline: Option<&Schedule>, texts: &Texts) -> Report {
        lang::within(texts.lang, || {
            let published = baseline.map(|b| Plan::new(instance, b, None));
            let plan = Plan::new(instance, schedule, published.as_ref());
            let verdict = check(instance, schedule, baseline);
            // What is said of a person supposes that the plan obeys the rules.
            let persons = if verdict.valid {
                why::persons(&Plan::new(instance, schedule, None), texts)
            } else {
                why::Persons::default()
            };
            build(&plan, verdict, persons)
        })
    }
}

fn build(plan: &Plan, verdict: Verdict, mut persons: why::Persons) -> Report {
    let instance = plan.instance;
    let total = verdict.cost.total;
    let bound = plan.schedule.bound.filter(|&b| b <= total);
    let days = days(plan);
    let reasons = reasons(plan);
    let (examiners, spared) = examiners(plan, &mut persons);
    let story = costs::story(plan);
    let (needs, halves) = why::scarcity(instance);
    Report {
        instance: instance.name.clone(),
        regulation: instance.office.examination.clone(),
        session: instance.office.session.clone(),
        office: instance.office.name.clone(),
        source: instance.regulation.source.clone(),
        broken: broken(plan, &verdict),
        counts: counts(plan, &verdict, &examiners, days.len()),
        terms: terms(plan, &verdict, &story),
        gap: bound.filter(|_| total > 0).map(|b| 100.0 * (total - b) as f64 / total as f64),
        bound,
        provenance: provenance(plan.schedule),
        exams: instance
            .regulation
            .exams
            .iter()
            .map(|e| ExamLine {
                id: e.code.clone(),
                title: e.title.clone(),
                preparation: e.preparation,
                duration: e.duration,
            })
            .collect(),
        commissions: commissions(&days),
        days,
        candidates: candidates(plan, &reasons, &mut persons),
        examiners,
        spared,
        unscheduled: left(instance, &reasons, |status| status == Status::Due),
        not_heard: left(instance, &reasons, |status| status.not_heard().is_some()),
        waivers: waivers(plan),
        replan: plan.baseline.is_some(),
        story,
        dearest: why::DEAREST,
        rules: persons.rules,
        needs,
        halves,
        answers: Vec::new(),
        verdict,
    }
}

fn named(id: &str, name: Option<&str>) -> Named {
    Named { id: id.to_string(), name: name.filter(|n| *n != id).unwrap_or_default().to_string() }
}

fn examiner(instance: &Instance, id: &str) -> Named {
    named(id, instance.examiner(id).map(|x| instance.examiners[x].name.as_str()))
}

fn candidate(instance: &Instance, id: &str) -> Named {
    named(id, instance.candidate(id).map(|c| instance.candidates[c].name.as_str()))
}

fn centre(instance: &Instance, id: &str) -> Named {
    named(id, instance.centre(id).map(|z| instance.centres[z].name.as_str()))
}

/// `C0012 2024-06-04` with the names of whom it names: `C0012 (…) 2024-06-04`.
fn with_names(instance: &Instance, at: &str) -> String {
    let say = |word: &str| {
        let (id, tail) = word.strip_suffix(',').map_or((word, ""), |id| (id, ","));
        let found = [candidate(instance, id), examiner(instance, id), centre(instance, id)]
            .into_iter()
            .find(|n| !n.name.is_empty());
        found.map_or_else(|| word.to_string(), |n| format!("{id} ({}){tail}", n.name))
    };
    at.split(' ').map(say).collect::<Vec<_>>().join(" ")
}

fn broken(plan: &Plan, verdict: &Verdict) -> Vec<BrokenRule> {
    RULES
        .iter()
        .map(|rule| BrokenRule {
            name: rule.name.to_string(),
            summary: (rule.summary)(),
            places: verdict
                .violations
                .iter()
                .filter(|v| v.rule == rule.name)
                .map(|v| (with_names(plan.instance, &v.at), v.message.clone()))
                .collect(),
        })
        .filter(|rule| !rule.places.is_empty())
        .collect()
}

fn counts(plan: &Plan, verdict: &Verdict, examiners: &[ExaminerLine], centre_days: usize) -> Counts {
    let instance = plan.instance;
    let due = instance.due().count();
    Counts {
        candidates: instance.due().map(|o| instance.orals[o].candidate).collect::<BTreeSet<_>>().len(),
        due,
        heard: due - verdict.unscheduled,
        unscheduled: verdict.unscheduled,
        not_heard: instance.orals.iter().filter(|o| o.status.not_heard().is_some()).count(),
        sessions: plan.sessions.len(),
        examiners: examiners.len(),
        examiner_days: examiners.iter().map(|x| x.days.len()).sum(),
        centre_days,
    }
}

fn terms(plan: &Plan, verdict: &Verdict, story: &Story) -> Vec<TermLine> {
    let total = verdict.cost.total;
    let charges = objective::charges(plan);
    let mut lines: Vec<TermLine> = TERMS
        .iter()
        .filter_map(|term| {
            let part = verdict.cost.terms.get(term.name)?;
            let charges = charges.get(term.name).map_or(&[][..], Vec::as_slice);
            Some(TermLine {
                name: term.name.to_string(),
                meaning: (term.summary)(),
                sentence: story
                    .terms
                    .iter()
                    .find(|t| t.term == term.name)
                    .map_or_else(String::new, |t| t.sentence.clone()),
                units: part.units,
                weight: i64::from((term.weight)(&plan.instance.weights)),
                cost: part.cost,
                share: if total > 0 { 100.0 * part.cost as f64 / total as f64 } else { 0.0 },
                more: charges.len().saturating_sub(BIGGEST),
                biggest: charges.iter().take(BIGGEST).map(|c| (with_names(plan.instance, &c.at), c.units)).collect(),
            })
        })
        .collect();
    lines.sort_by_key(|t| std::cmp::Reverse(t.cost));
    lines
}

fn provenance(schedule: &Schedule) -> Vec<(String, serde_json::Value)> {
    let simple = |v: &serde_json::Value| !v.is_array() && !v.is_object() && !v.is_null();
    schedule.provenance.iter().filter(|(_, v)| simple(v)).map(|(k, v)| (k.clone(), v.clone())).collect()
}

fn days(plan: &Plan) -> Vec<Day> {
    let mut cells: BTreeMap<(&str, NaiveDate), Vec<&PlanSession>> = BTreeMap::new();
    for s in &plan.sessions {
        cells.entry((s.raw.centre.as_str(), s.date)).or_default().push(s);
    }
    cells.into_iter().map(|((id, date), sessions)| day(plan, id, date, sessions)).collect()
}

fn day(plan: &Plan, id: &str, date: NaiveDate, mut sessions: Vec<&PlanSession>) -> Day {
    let instance = plan.instance;
    sessions.sort_by_key(|s| (s.raw.room.as_str(), s.span));
    let site = instance.centre(id).map(|z| &instance.centres[z]);
    let clocks = |i: &Interval| (Clock(i.from), Clock(i.to));
    let sittings = || sessions.iter().flat_map(|s| &s.sittings);
    let rooms: BTreeMap<&str, &[Span]> = sessions
        .iter()
        .filter_map(|s| s.room.map(|r| (s.raw.room.as_str(), instance.rooms[r].unavailable.as_slice())))
        .chain(sittings().filter_map(|s| {
            let room = &instance.preparation_rooms[s.preparation_room?];
            Some((room.id.as_str(), room.unavailable.as_slice()))
        }))
        .collect();
    let closed = rooms.into_iter().flat_map(|(room, spans)| {
        spans.iter().filter(|s| s.date == date).map(move |s| (room.to_string(), Clock(s.time.from), Clock(s.time.to)))
    });
    Day {
        centre: centre(instance, id),
        town: site.map_or(String::new(), |z| z.town.clone()),
        local_time: instance
            .centre(id)
            .and_then(|z| instance.local_time(z))
            .map(|place| crate::tr!("local time ({place})", "heure locale ({place})")),
        date,
        open: site.and_then(|z| z.open.get(&date)).map(clocks),
        half_days: instance.half_days.iter().map(clocks).collect(),
        candidates: sittings().map(|s| s.raw.candidate.as_str()).collect::<BTreeSet<_>>().len(),
        sittings: sittings().count(),
        examiners: sessions.iter().flat_map(|s| &s.members).map(|m| m.id).collect::<BTreeSet<_>>().len(),
        unavailable: closed.collect(),
        sessions: sessions.iter().map(|s| session_line(plan, s)).collect(),
    }
}

fn session_line(plan: &Plan, session: &PlanSession) -> SessionLine {
    let instance = plan.instance;
    let mut members: Vec<_> = session.members.iter().collect();
    members.sort_by_key(|m| m.seat_ix.unwrap_or(usize::MAX));
    let seats = session.commission.map_or(&[][..], |k| &instance.regulation.commissions[k].seats);
    SessionLine {
        id: session.raw.id.clone(),
        commission: session.raw.commission.clone(),
        language: session.raw.language.clone().unwrap_or_default(),
        room: session.raw.room.clone(),
        first: Clock(session.span.from),
        last: Clock(session.span.to),
        members: members
            .iter()
            .map(|m| MemberLine { seat: m.seat.to_string(), who: examiner(instance, m.id) })
            .collect(),
        empty_seats: seats.iter().filter(|s| !session.raw.members.contains_key(&s.id)).map(|s| s.id.clone()).collect(),
        sittings: session.sittings.iter().map(|s| sitting_line(plan, session, s)).collect(),
    }
}

fn sitting_line(plan: &Plan, session: &PlanSession, sitting: &PlanSitting) -> SittingLine {
    let instance = plan.instance;
    let oral = sitting.oral.map(|o| &instance.orals[o]);
    let usual = sitting.exam.map(|e| &instance.regulation.exams[e]);
    let on_grid = |minutes| time::round_up(minutes, instance.step);
    let extra = oral
        .zip(usual)
        .is_some_and(|(o, e)| o.duration > on_grid(e.duration) || o.preparation > on_grid(e.preparation));
    let waived = sitting.candidate.is_some_and(|c| {
        let over = |x| instance.waivers.contains_key(&(c, x)) && instance.related(c, x);
        session.members.iter().filter_map(|m| m.examiner).any(over)
    });
    SittingLine {
        candidate: candidate(instance, &sitting.raw.candidate),
        exam: usual.map_or(&sitting.raw.exam, |e| &e.code).clone(),
        exam_ix: sitting.exam.map(Ix::ix),
        preparation_room: sitting.raw.preparation_room.clone().unwrap_or_default(),
        arrival: plan.candidate_called(session, sitting).map(Clock),
        begins: sitting.raw.preparation_start,
        start: sitting.raw.start,
        end: sitting.raw.end,
        extra,
        waived,
        centre: centre(instance, &session.raw.centre),
        room: session.raw.room.clone(),
        date: session.date,
        session: session.raw.id.clone(),
    }
}

fn candidates(plan: &Plan, reasons: &BTreeMap<OralIx, String>, persons: &mut why::Persons) -> Vec<CandidateLine> {
    let instance = plan.instance;
    let changed = |sat: &Sat| {
        let was = plan.baseline.zip(sat.sitting.oral).and_then(|(b, o)| b.of_oral(o).next());
        was.is_some_and(|was| sat.told_otherwise(&was))
    };
    let sat_oral = |sat: Sat| CandidateOral {
        exam: sat.sitting.raw.exam.clone(),
        exam_ix: sat.sitting.exam.map(Ix::ix),
        due: sat.sitting.oral.is_some_and(|o| instance.orals[o].status == Status::Due),
        sitting: Some(sitting_line(plan, sat.session, sat.sitting)),
        reason: String::new(),
        changed: changed(&sat),
    };
    let mut lines: Vec<CandidateLine> = Vec::new();
    for (c, who) in instance.candidates.enumerate() {
        let mut orals: Vec<CandidateOral> = plan.of_candidate(c).map(sat_oral).collect();
        for &o in &who.orals {
            let oral = &instance.orals[o];
            if oral.status == Status::NotFinal || plan.of_oral(o).next().is_some() {
                continue;
            }
            orals.push(CandidateOral {
                exam: instance.exam_of(o).id.clone(),
                exam_ix: Some(oral.exam.ix()),
                due: oral.status == Status::Due,
                sitting: None,
                reason: reasons.get(&o).cloned().unwrap_or_default(),
                changed: false,
            });
        }
        lines.push(CandidateLine {
            who: candidate(instance, &who.id),
            known: true,
            school: who.school.map_or(Named::default(), |s| {
                let school = &instance.schools[s];
                named(&school.id, Some(&school.name))
            }),
            extra: (who.extra.preparation, who.extra.exam, who.extra.written),
            needs_accessible: who.needs_accessible,
            prepares_alone: who.prepares_alone,
            gap: who.gap,
            orals,
            why: persons.candidates.remove(&c),
        });
    }
    let mut strangers: BTreeMap<&str, Vec<CandidateOral>> = BTreeMap::new();
    for sat in plan.sittings().filter(|sat| sat.sitting.candidate.is_none()) {
        strangers.entry(sat.sitting.raw.candidate.as_str()).or_default().push(sat_oral(sat));
    }
    lines.extend(strangers.into_iter().map(|(id, orals)| CandidateLine {
        who: named(id, None),
        known: false,
        school: Named::default(),
        extra: (0, 0, 0),
        needs_accessible: false,
        prepares_alone: false,
        gap: 0,
        orals,
        why: None,
    }));
    lines
}

/// Those convened, date by date, and those who are not.
fn examiners(plan: &Plan, persons: &mut why::Persons) -> (Vec<ExaminerLine>, Vec<Spared>) {
    let instance = plan.instance;
    let mut lines: BTreeMap<ExaminerIx, ExaminerLine> = BTreeMap::new();
    for (x, date, sessions) in plan.examiner_days() {
        let who = &instance.examiners[x];
        let line = lines.entry(x).or_insert_with(|| ExaminerLine {
            who: examiner(instance, &who.id),
            qualifications: who.qualifications.iter().cloned().collect(),
            days: Vec::new(),
            minutes: 0,
            why: persons.examiners.remove(&x),
        });
        // An examiner in two centres on a date breaks a rule; each centre is then shown on its own line.
        let mut centres: BTreeMap<&str, Vec<&PlanSession>> = BTreeMap::new();
        for s in sessions {
            centres.entry(s.raw.centre.as_str()).or_default().push(s);
        }
        for (id, sessions) in centres {
            let sittings = || sessions.iter().flat_map(|s| &s.sittings);
            let minutes = sittings().map(|s| s.time.minutes()).sum();
            line.minutes += minutes;
            line.days.push(ExaminerDay {
                date,
                centre: centre(instance, id),
                km: instance.centre(id).map(|z| who.km[z]),
                first: Clock(sessions.iter().map(|s| s.span.from).min().unwrap_or(0)),
                last: Clock(sessions.iter().map(|s| s.span.to).max().unwrap_or(0)),
                sittings: sittings().count(),
                minutes,
                sessions: sessions
                    .iter()
                    .map(|s| ExaminerSession {
                        id: s.raw.id.clone(),
                        commission: s.raw.commission.clone(),
                        room: s.raw.room.clone(),
                        first: Clock(s.span.from),
                        last: Clock(s.span.to),
                    })
                    .collect(),
            });
        }
    }
    let spared = instance
        .examiners
        .enumerate()
        .filter(|(x, _)| !lines.contains_key(x))
        .map(|(x, who)| Spared { who: examiner(instance, &who.id), why: persons.examiners.remove(&x) })
        .collect();
    (lines.into_values().collect(), spared)
}

/// Why each oral that should be heard, or would be but for its file, has no sitting. The program's own sentences are
/// said anew, for they are in the language of the day when the schedule was made; what somebody else wrote stays.
fn reasons(plan: &Plan) -> BTreeMap<OralIx, String> {
    let instance = plan.instance;
    let own: BTreeMap<(&str, &str), &str> = (plan.schedule.unscheduled.iter())
        .map(|l| ((l.candidate.as_str(), l.exam.as_str()), l.reason.as_str()))
        .collect();
    let mut reasons: BTreeMap<OralIx, String> = BTreeMap::new();
    for (o, oral) in instance.orals.enumerate().filter(|(o, _)| plan.of_oral(*o).next().is_none()) {
        let who = &instance.candidates[oral.candidate].id;
        let said = own.get(&(who.as_str(), instance.exam_of(o).id.as_str())).copied();
        let why = if oral.status == Status::Due { said.or(Some("")) } else { oral.status.not_heard() };
        reasons.extend(why.map(|why| (o, why.to_string())));
    }
    if reasons.values().any(|why| names_a_rule(why)) {
        for (o, again) in unscheduled::reasons(plan) {
            if let Some(why) = reasons.get_mut(&o).filter(|why| names_a_rule(why)) {
                *why = again;
            }
        }
    }
    reasons
}

/// Whether a reason is the program's: all those end with the rules at work, in brackets.
fn names_a_rule(reason: &str) -> bool {
    let rules = reason.strip_suffix(')').and_then(|text| text.rsplit_once('(')).map_or("", |(_, rules)| rules);
    !rules.is_empty() && rules.split(", ").all(|name| RULES.iter().any(|rule| rule.name == name))
}

fn left(instance: &Instance, reasons: &BTreeMap<OralIx, String>, of: impl Fn(Status) -> bool) -> Vec<LeftLine> {
    let line = |(&o, reason): (&OralIx, &String)| LeftLine {
        who: candidate(instance, &instance.candidates[instance.orals[o].candidate].id),
        exam: instance.exam_of(o).id.clone(),
        reason: reason.clone(),
    };
    reasons.iter().filter(|(o, _)| of(instance.orals[**o].status)).map(line).collect()
}

fn commissions(days: &[Day]) -> Vec<CommissionLine> {
    let mut kinds: BTreeMap<(&str, &str), Vec<(usize, usize)>> = BTreeMap::new();
    for (d, day) in days.iter().enumerate() {
        for (s, session) in day.sessions.iter().enumerate() {
            kinds.entry((&session.commission, &session.language)).or_default().push((d, s));
        }
    }
    let line = |((commission, language), mut sessions): ((&str, &str), Vec<(usize, usize)>)| {
        let session = |(d, s): (usize, usize)| -> &SessionLine { &days[d].sessions[s] };
        sessions.sort_by_key(|&(d, s)| (days[d].date, d, session((d, s)).first, s));
        CommissionLine {
            commission: commission.to_string(),
            language: language.to_string(),
            sittings: sessions.iter().map(|&at| session(at).sittings.len()).sum(),
            sessions,
        }
    };
    kinds.into_iter().map(line).collect()
}

fn waivers(plan: &Plan) -> Vec<WaiverLine> {
    let instance = plan.instance;
    instance
        .waivers
        .iter()
        .filter(|((c, x), _)| instance.related(*c, *x))
        .map(|(&(c, x), waiver)| WaiverLine {
            candidate: candidate(instance, &instance.candidates[c].id),
            examiner: examiner(instance, &instance.examiners[x].id),
            exams: plan
                .of_candidate(c)
                .filter(|s| s.session.members.iter().any(|m| m.examiner == Some(x)))
                .map(|s| s.sitting.raw.exam.clone())
                .collect(),
            by: waiver.by.clone(),
            reason: waiver.reason.clone(),
        })
        .filter(|w| !w.exams.is_empty())
        .collect()
}
