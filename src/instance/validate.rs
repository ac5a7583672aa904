//! From what a file says to a resolved [`Instance`], or every fault of meaning at once.

use std::collections::{BTreeMap, BTreeSet};

use super::raw::*;
use super::time::lengthened;
use super::*;
use crate::fault::Faults;
use crate::read::limit::Limit;
use crate::regulation::FileRule;
use crate::tr;

pub(super) fn resolve(mut raw: RawInstance) -> Result<Instance, Vec<Fault>> {
    // An empty list of exams or of centres is no limit.
    raw.centres.iter_mut().for_each(|z| z.exams = z.exams.take().filter(|only| !only.is_empty()));
    raw.examiners.iter_mut().for_each(|x| x.centres = x.centres.take().filter(|only| !only.is_empty()));
    let people = raw.candidates.len() + raw.examiners.len();
    let pairs = (people + raw.schools.len()) as u64 * raw.centres.len() as u64;
    Limit::People
        .holds(people as u64)
        .and_then(|()| Limit::Distances.holds(pairs))
        .map_err(|m| vec![Fault::new("", m)])?;
    let mut r = Resolver { faults: Faults::default() };
    let mut instance = r.instance(&raw);
    if !r.faults.is_empty() {
        return Err(r.faults.into_vec());
    }
    instance.raw = raw;
    Ok(instance)
}

pub(super) struct Resolver {
    pub(super) faults: Faults,
}

pub(super) type ByName<T> = FxHashMap<String, T>;

impl Resolver {
    pub(super) fn say(&mut self, path: impl Into<String>, message: String) {
        self.faults.push(Fault::new(path, message));
    }

    /// The index of a known id, or a fault.
    pub(super) fn known<T: Copy>(&mut self, path: String, what: &str, id: &str, names: &ByName<T>) -> Option<T> {
        let found = names.get(id).copied();
        if found.is_none() {
            self.faults.add(|| Fault::unknown(path, what, id, names.keys()));
        }
        found
    }

    /// Indexes ids in order of the list; empty and duplicate ids are faults.
    pub(super) fn names<'a, I: Ix>(&mut self, list: &str, ids: impl Iterator<Item = &'a String>) -> ByName<I> {
        let mut names = ByName::default();
        for (i, id) in ids.enumerate() {
            let path = format!("{list}[{i}].id");
            if id.trim().is_empty() {
                self.faults.push(Fault::empty_id(path));
            } else if names.contains_key(id) {
                self.faults.push(Fault::duplicate(path, id));
            } else {
                names.insert(id.clone(), I::of(i));
            }
        }
        names
    }

    fn interval(&mut self, path: &str, from: Clock, to: Clock) -> Interval {
        if from >= to {
            self.say(
                path,
                tr!("the hours {from} to {to} are not in order", "les heures {from} à {to} ne sont pas dans l'ordre"),
            );
        }
        Interval::new(from.0, to.0)
    }

    fn spans(&mut self, path: &str, spans: &[RawSpan]) -> Vec<Span> {
        let mut read = Vec::with_capacity(spans.len());
        for (i, s) in spans.iter().enumerate() {
            read.push(Span { date: s.date, time: self.interval(&format!("{path}[{i}]"), s.from, s.to) });
        }
        read
    }

    fn km(
        &mut self,
        path: &str,
        km: &RawKm,
        centres: &ByName<CentreIx>,
        all: &[RawCentre],
    ) -> Table<CentreIx, Kilometres> {
        for id in km.keys() {
            self.known(format!("{path}.{id}"), "centre", id, centres);
        }
        let mut table = Table::default();
        for centre in all {
            match km.get(&centre.id) {
                Some(d) => table.push(Kilometres::from(d.0)),
                None => {
                    let id = &centre.id;
                    self.say(
                        path,
                        tr!(
                            "the distance to the centre \"{id}\" is missing; add \"{id}\": kilometres",
                            "la distance au centre « {id} » manque ; ajoutez \"{id}\" : kilomètres"
                        ),
                    );
                    table.push(0)
                }
            };
        }
        table
    }

    fn instance(&mut self, raw: &RawInstance) -> Instance {
        if raw.name.trim().is_empty() {
            self.say("name", tr!("the instance needs a name", "l'instance doit porter un nom"));
        }
        let step = raw.step as Minutes;
        let regulation = self.regulation(raw);
        let exams: ByName<ExamIx> = regulation.exams.enumerate().map(|(i, e)| (e.id.clone(), i)).collect();

        let mut dates = raw.calendar.dates.clone();
        let mut seen = BTreeSet::new();
        for (i, d) in dates.iter().enumerate() {
            if !seen.insert(d) {
                self.faults.push(Fault::duplicate(format!("calendar.dates[{i}]"), &d.to_string()));
            }
        }
        dates.sort();
        dates.dedup();
        let mut exam_dates: Table<ExamIx, Option<BTreeSet<NaiveDate>>> =
            regulation.exams.iter().map(|_| None).collect();
        for (exam, only) in &raw.calendar.exam_dates {
            if let Some(e) = self.known(format!("calendar.exam_dates.{exam}"), "exam", exam, &exams) {
                exam_dates[e] = Some(only.iter().copied().collect());
            }
        }
        let half_days = self.half_days(&raw.policy);

        let centre_names: ByName<CentreIx> = self.names("centres", raw.centres.iter().map(|c| &c.id));
        let school_names: ByName<SchoolIx> = self.names("schools", raw.schools.iter().map(|s| &s.id));
        let examiner_names: ByName<ExaminerIx> = self.names("examiners", raw.examiners.iter().map(|x| &x.id));
        let candidate_names: ByName<CandidateIx> = self.names("candidates", raw.candidates.iter().map(|c| &c.id));
        let paper_names: ByName<PaperIx> = self.names("calendar.papers", raw.calendar.papers.iter().map(|p| &p.id));
        let _: ByName<PaperIx> = self.names("calendar.events", raw.calendar.events.iter().map(|e| &e.id));

        let papers = raw
            .calendar
            .papers
            .iter()
            .enumerate()
            .map(|(i, p)| Paper {
                id: p.id.clone(),
                date: p.date,
                time: self.interval(&format!("calendar.papers[{i}]"), p.start, p.end),
                loge_until: p.loge_until.map(|t| t.0),
            })
            .collect();

        let mut rooms = Table::default();
        let mut preparation_rooms = Table::default();
        let mut centres = Table::default();
        for (i, c) in raw.centres.iter().enumerate() {
            let centre = self.centre(i, c, &exams, &mut rooms, &mut preparation_rooms);
            centres.push(centre);
        }
        let mut schools = Table::default();
        let mut school_km = Table::<SchoolIx, _>::default();
        for (i, s) in raw.schools.iter().enumerate() {
            school_km.push(self.km(&format!("schools[{i}].km"), &s.km, &centre_names, &raw.centres));
            schools.push(School {
                id: s.id.clone(),
                name: s.name.clone().unwrap_or_else(|| s.id.clone()),
                town: s.town.clone().unwrap_or_default(),
                info: s.info.clone(),
            });
        }
        let mut groups: BTreeMap<&str, BTreeSet<CentreIx>> = BTreeMap::new();
        for (name, ids) in &raw.groups {
            let mut allowed = BTreeSet::new();
            for (i, id) in ids.iter().enumerate() {
                allowed.extend(self.known(format!("groups.{name}[{i}]"), "centre", id, &centre_names));
            }
            groups.insert(name, allowed);
        }

        let mut examiners = Table::default();
        for (i, x) in raw.examiners.iter().enumerate() {
            let examiner = self.examiner(i, x, &centre_names, &school_names, &raw.centres);
            examiners.push(examiner);
        }

        let mut orals: Table<OralIx, Oral> = Table::default();
        let mut candidates = Table::default();
        for (i, c) in raw.candidates.iter().enumerate() {
            let path = format!("candidates[{i}]");
            let allowed = groups.get(c.group.as_str()).cloned();
            if allowed.is_none() {
                self.faults.add(|| Fault::unknown(format!("{path}.group"), "group", &c.group, groups.keys()));
            }
            let school =
                c.school.as_ref().and_then(|s| self.known(format!("{path}.school"), "school", s, &school_names));
            let km = match (&c.km, school) {
                (Some(km), _) => self.km(&format!("{path}.km"), km, &centre_names, &raw.centres),
                (None, Some(s)) => school_km[s].clone(),
                (None, None) => {
                    if c.school.is_none() {
                        self.say(
                            &path,
                            tr!(
                                "a candidate without a school needs a \"km\" of their own",
                                "un candidat sans établissement doit avoir son propre « km »"
                            ),
                        );
                    }
                    raw.centres.iter().map(|_| 0).collect()
                }
            };
            let mut papers = Vec::new();
            for (j, p) in c.papers.iter().enumerate() {
                papers.extend(self.known(format!("{path}.papers[{j}]"), "paper", p, &paper_names));
            }
            let mut excluded = BTreeSet::new();
            for (j, x) in c.excluded_examiners.iter().enumerate() {
                excluded.extend(self.known(format!("{path}.excluded_examiners[{j}]"), "examiner", x, &examiner_names));
            }
            let mut own = Vec::new();
            for (j, o) in c.orals.iter().enumerate() {
                let at = format!("{path}.orals[{j}]");
                let Some(exam) = self.known(format!("{at}.exam"), "exam", &o.exam, &exams) else { continue };
                if own.iter().any(|&other| orals[other].exam == exam) {
                    let code = &o.exam;
                    self.say(
                        &at,
                        tr!(
                            "a second oral of {code} for this candidate; keep one",
                            "un second oral de {code} pour ce candidat ; n'en gardez qu'un"
                        ),
                    );
                    continue;
                }
                let kind = &regulation.exams[exam];
                let has_language = regulation.commissions[kind.commission].has_language;
                if has_language && o.form == Form::Final && o.language.is_none() {
                    let code = &o.exam;
                    self.say(
                        &at,
                        tr!(
                            "{code} needs a \"language\" (es, de, it ...)",
                            "{code} demande une langue (« language » : es, de, it…)"
                        ),
                    );
                }
                own.push(orals.push(Oral {
                    candidate: CandidateIx::of(i),
                    exam,
                    language: o.language.clone().filter(|_| has_language),
                    form: o.form,
                    file: o.file,
                    status: status(o, kind.file),
                    not_before: o.not_before,
                    preparation: lengthened(kind.preparation, c.extra_per_hour.preparation as Minutes, step),
                    duration: lengthened(kind.duration, c.extra_per_hour.exam as Minutes, step),
                }));
            }
            candidates.push(Candidate {
                id: c.id.clone(),
                name: c.name.clone().unwrap_or_else(|| c.id.clone()),
                group: c.group.clone(),
                school,
                centres: allowed.unwrap_or_default(),
                km,
                orals: own,
                papers,
                extra: c.extra_per_hour,
                needs_accessible: c.needs_accessible,
                prepares_alone: c.prepares_alone,
                gap: c.gap.unwrap_or(0) as Minutes,
                unavailable: self.spans(&format!("{path}.unavailable"), &c.unavailable),
                excluded,
                info: c.info.clone(),
            });
        }

        let events = self.events(&raw.calendar.events, &regulation, &examiners, &examiner_names);
        let mut instance = Instance {
            raw: RawInstance { candidates: Vec::new(), examiners: Vec::new(), ..raw.clone() },
            name: raw.name.clone(),
            step,
            office: office::Office::of(&raw.info, &dates, &regulation),
            regulation,
            dates: dates.iter().copied().collect(),
            exam_dates,
            papers,
            events,
            half_days,
            centres,
            rooms,
            preparation_rooms,
            schools,
            examiners,
            candidates,
            orals,
            policy: raw.policy.clone(),
            weights: raw.weights.clone(),
            pins: BTreeMap::new(),
            waivers: BTreeMap::new(),
            given_sessions: Table::default(),
            given_only: BTreeSet::new(),
            lookup: Lookup {
                dates: dates.iter().enumerate().map(|(i, &d)| (d, DateIx::of(i))).collect(),
                centres: centre_names,
                examiners: examiner_names,
                candidates: candidate_names,
            },
        };
        self.pins(&raw.pins, &mut instance);
        self.waivers(&raw.waivers, &mut instance);
        self.given_sessions(&raw.given_sessions, &mut instance);
        instance
    }

    fn regulation(&mut self, raw: &RawInstance) -> Regulation {
        let (resolved, exams): (_, Vec<&str>) = match &raw.regulation {
            RegulationChoice::Named(name) => {
                let resolved = match Regulation::shipped(name) {
                    Some(shipped) => Regulation::resolve(&shipped, "regulation"),
                    None => {
                        let known = crate::regulation::SHIPPED.iter().map(|(n, _)| *n);
                        Err(vec![Fault::unknown("regulation", "regulation", name, known)])
                    }
                };
                // Which exams an unknown regulation has, nobody knows: all that are named.
                let orals = raw.candidates.iter().flat_map(|c| &c.orals).map(|o| &o.exam);
                let elsewhere = raw.calendar.exam_dates.keys().chain(raw.pins.iter().map(|p| &p.exam));
                let centres = raw.centres.iter().flat_map(|c| c.exams.iter().flatten());
                (resolved, orals.chain(elsewhere).chain(centres).map(String::as_str).collect())
            }
            RegulationChoice::Own(own) => {
                (Regulation::resolve(own, "regulation"), own.exams.iter().map(|e| e.id.as_str()).collect())
            }
        };
        resolved.unwrap_or_else(|faults| {
            self.faults.extend(faults);
            Regulation::stand_in(exams)
        })
    }

    fn half_days(&mut self, policy: &Policy) -> Vec<Interval> {
        let mut read = Vec::new();
        for (i, &(from, to)) in policy.half_days.iter().enumerate() {
            let path = format!("policy.half_days[{i}]");
            let half = self.interval(&path, from, to);
            if read.iter().any(|h: &Interval| h.meets(half)) {
                self.say(path, tr!("this half-day overlaps another", "cette demi-journée en chevauche une autre"));
            }
            read.push(half);
        }
        read.sort();
        read
    }

    fn centre(
        &mut self,
        i: usize,
        c: &RawCentre,
        exams: &ByName<ExamIx>,
        rooms: &mut Table<RoomIx, Room>,
        preparation_rooms: &mut Table<PrepIx, PreparationRoom>,
    ) -> Centre {
        let path = format!("centres[{i}]");
        let ix = CentreIx::of(i);
        let mut open = BTreeMap::new();
        for (j, s) in c.open.iter().enumerate() {
            let at = format!("{path}.open[{j}]");
            let time = self.interval(&at, s.from, s.to);
            if open.insert(s.date, time).is_some() {
                let date = s.date;
                self.say(
                    at,
                    tr!(
                        "a second opening on {date}; there is one at most",
                        "une seconde ouverture le {date} ; il y en a une au plus"
                    ),
                );
            }
        }
        let mut seen = BTreeSet::new();
        let ids = (c.exam_rooms.iter().enumerate().map(|(j, r)| (format!("{path}.exam_rooms[{j}].id"), &r.id))).chain(
            c.preparation_rooms.iter().enumerate().map(|(j, r)| (format!("{path}.preparation_rooms[{j}].id"), &r.id)),
        );
        for (at, id) in ids {
            if id.trim().is_empty() {
                self.faults.push(Fault::empty_id(at));
            } else if !seen.insert(id) {
                self.faults.push(Fault::duplicate(at, id));
            }
        }
        let mut own_rooms = Vec::new();
        for (j, r) in c.exam_rooms.iter().enumerate() {
            own_rooms.push(rooms.push(Room {
                id: r.id.clone(),
                centre: ix,
                accessible: r.accessible,
                equipment: r.equipment.iter().cloned().collect(),
                unavailable: self.spans(&format!("{path}.exam_rooms[{j}].unavailable"), &r.unavailable),
            }));
        }
        let mut own_preparation = Vec::new();
        for (j, r) in c.preparation_rooms.iter().enumerate() {
            own_preparation.push(preparation_rooms.push(PreparationRoom {
                id: r.id.clone(),
                centre: ix,
                seats: r.seats,
                accessible: r.accessible,
                unavailable: self.spans(&format!("{path}.preparation_rooms[{j}].unavailable"), &r.unavailable),
            }));
        }
        let only = c.exams.as_ref().map(|ids| {
            let known = ids.iter().enumerate();
            known.filter_map(|(j, e)| self.known(format!("{path}.exams[{j}]"), "exam", e, exams)).collect()
        });
        let own = c.time_zone.as_ref().and_then(|name| {
            let zone = name.parse().ok();
            if zone.is_none() {
                let known = chrono_tz::TZ_VARIANTS.iter().map(|z| z.name());
                self.faults.push(Fault::unknown(format!("{path}.time_zone"), "time zone", name, known));
            }
            zone
        });
        Centre {
            time_zone: own.unwrap_or_else(|| places::zone(&c.id, c.town.as_deref().unwrap_or_default())),
            id: c.id.clone(),
            name: c.name.clone().unwrap_or_else(|| c.id.clone()),
            town: c.town.clone().unwrap_or_default(),
            open,
            rooms: own_rooms,
            preparation_rooms: own_preparation,
            exams: only,
            info: c.info.clone(),
        }
    }

    fn examiner(
        &mut self,
        i: usize,
        x: &RawExaminer,
        centres: &ByName<CentreIx>,
        schools: &ByName<SchoolIx>,
        all: &[RawCentre],
    ) -> Examiner {
        let path = format!("examiners[{i}]");
        let mut own_schools = BTreeSet::new();
        for (j, s) in x.schools.iter().enumerate() {
            own_schools.extend(self.known(format!("{path}.schools[{j}]"), "school", s, schools));
        }
        let only = x.centres.as_ref().map(|ids| {
            let known = ids.iter().enumerate();
            known.filter_map(|(j, c)| self.known(format!("{path}.centres[{j}]"), "centre", c, centres)).collect()
        });
        Examiner {
            id: x.id.clone(),
            name: x.name.clone().unwrap_or_else(|| x.id.clone()),
            qualifications: x.qualifications.iter().cloned().collect(),
            schools: own_schools,
            km: self.km(&format!("{path}.km"), &x.km, centres, all),
            available: self.spans(&format!("{path}.available"), &x.available),
            sittings_a_day: x.sittings_a_day,
            max_sittings: x.max_sittings,
            target_sittings: x.target_sittings,
            rather_not: self.spans(&format!("{path}.rather_not"), &x.rather_not),
            max_days: x.max_days,
            centres: only,
            reserve: x.reserve,
            info: x.info.clone(),
        }
    }

    fn events(
        &mut self,
        events: &[RawEvent],
        regulation: &Regulation,
        examiners: &Table<ExaminerIx, Examiner>,
        names: &ByName<ExaminerIx>,
    ) -> Vec<Event> {
        let asked = regulation
            .commissions
            .iter()
            .flat_map(|c| &c.seats)
            .flat_map(|s| s.any_of.iter().flatten().chain(&s.prefers));
        let qualifications: BTreeSet<&String> = asked.chain(examiners.iter().flat_map(|x| &x.qualifications)).collect();
        let mut read = Vec::new();
        for (i, e) in events.iter().enumerate() {
            let path = format!("calendar.events[{i}]");
            let (mut quals, mut people) = (BTreeSet::new(), BTreeSet::new());
            for (j, who) in e.concerns.iter().enumerate() {
                let person = names.get(who);
                people.extend(person);
                if qualifications.iter().any(|q| crate::regulation::may_mean(q, who)) {
                    quals.insert(who.clone());
                } else if person.is_none() {
                    let known = qualifications.iter().map(|q| q.as_str()).chain(names.keys().map(String::as_str));
                    let at = format!("{path}.concerns[{j}]");
                    self.faults.push(Fault::unknown(at, "qualification or examiner", who, known));
                }
            }
            read.push(Event {
                id: e.id.clone(),
                date: e.date,
                time: self.interval(&path, e.start, e.end),
                qualifications: quals,
                examiners: people,
            });
        }
        read
    }

    fn pins(&mut self, raw: &[RawPin], instance: &mut Instance) {
        let exams: ByName<ExamIx> = instance.regulation.exams.enumerate().map(|(i, e)| (e.id.clone(), i)).collect();
        for (i, p) in raw.iter().enumerate() {
            let path = format!("pins[{i}]");
            let candidate =
                self.known(format!("{path}.candidate"), "candidate", &p.candidate, &instance.lookup.candidates);
            let exam = self.known(format!("{path}.exam"), "exam", &p.exam, &exams);
            let centre = p
                .centre
                .as_ref()
                .and_then(|c| self.known(format!("{path}.centre"), "centre", c, &instance.lookup.centres));
            let examiner = p
                .examiner
                .as_ref()
                .and_then(|x| self.known(format!("{path}.examiner"), "examiner", x, &instance.lookup.examiners));
            if let Some(room) = &p.room {
                let rooms = instance.rooms.iter().filter(|r| centre.is_none_or(|c| r.centre == c));
                if !rooms.clone().any(|r| r.id == *room) {
                    self.faults.push(Fault::unknown(format!("{path}.room"), "room", room, rooms.map(|r| &r.id)));
                }
            }
            let (Some(candidate), Some(exam)) = (candidate, exam) else { continue };
            let Some(oral) = instance.oral(candidate, exam) else {
                let (c, e) = (&p.candidate, &p.exam);
                self.say(path, tr!("{c} has no oral of {e} to pin", "{c} n'a pas d'oral de {e} à fixer"));
                continue;
            };
            instance.pins.entry(oral).or_default().push(Pin {
                date: p.date,
                start: p.start.map(|t| t.0),
                centre,
                room: p.room.clone(),
                examiner,
            });
        }
    }

    fn waivers(&mut self, raw: &[RawWaiver], instance: &mut Instance) {
        for (i, w) in raw.iter().enumerate() {
            let candidate =
                self.known(format!("waivers[{i}].candidate"), "candidate", &w.candidate, &instance.lookup.candidates);
            let examiner =
                self.known(format!("waivers[{i}].examiner"), "examiner", &w.examiner, &instance.lookup.examiners);
            if let (Some(c), Some(x)) = (candidate, examiner) {
                instance.waivers.insert((c, x), Waiver { by: w.by.clone(), reason: w.reason.clone() });
            }
        }
    }
}

/// Whether an oral is due (PROBLEM §2; circular, 1-H and annexe 4; EF2, EF3: "l'épreuve ne peut pas se dérouler").
fn status(o: &RawOral, rule: FileRule) -> Status {
    match (o.form, rule, o.file) {
        (Form::Continuous | Form::Exempt, _, _) => Status::NotFinal,
        (Form::Final, FileRule::Controlled, FileState::Nonconform | FileState::Missing) => Status::NotValid,
        (Form::Final, FileRule::Presented, FileState::Missing) => Status::NotHeld,
        _ => Status::Due,
    }
}
