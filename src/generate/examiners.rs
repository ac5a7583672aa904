//! Examiners: the teachers of the sections of each region, and professionals; as many days as the need and the
//! slack ask for.

use super::calendar::Dates;
use super::draw::Draw;
use super::names;
use super::need::Need;
use super::people::{Placed, school};
use super::places::{Codes, Region, Site, km, near};
use crate::instance::Clock;
use crate::instance::raw::{Info, RawExaminer, RawSpan};
use crate::places::Point;

const MORNING: (Clock, Clock) = (Clock(7 * 60 + 30), Clock(12 * 60 + 30));
const AFTERNOON: (Clock, Clock) = (Clock(13 * 60 + 30), Clock(18 * 60 + 30));
const WHOLE: (Clock, Clock) = (Clock(7 * 60 + 30), Clock(18 * 60 + 30));
/// One reserve for so many examiners of a kind.
const RESERVE: usize = 15;
/// Which part of the sections present candidates here.
const OWN_SECTIONS: f64 = 0.3;
/// Commissions in a day: morning and afternoon.
const HALVES: f64 = 2.0;

/// A kind of teacher: how many one section has, and how far the supply may exceed the slack. Industrial sciences
/// are the bottleneck.
struct Kind {
    qualification: &'static str,
    per_section: (usize, usize),
    margin: f64,
    /// How many also teach in a section of this BTS.
    ccst: f64,
    /// On how many dates at most, where the person says so.
    days: (usize, usize),
}

const STI: Kind = Kind { qualification: "STI", per_section: (1, 2), margin: 1.0, ccst: 0.88, days: (3, 5) };
const EG: Kind = Kind { qualification: "EG", per_section: (2, 3), margin: 1.2, ccst: 0.85, days: (2, 4) };
const ENGLISH: Kind = Kind { qualification: "LV-en", per_section: (1, 1), margin: 1.2, ccst: 0.6, days: (2, 4) };

/// The schools of one region whose teachers are convened, by index.
struct Sections {
    region: usize,
    known: Vec<usize>,
    /// The candidates' schools that have not lent a teacher.
    unused: Vec<usize>,
}

/// Draws the examiners of one region after the other.
pub(super) struct Staff<'a> {
    pub(super) regions: &'a [Region],
    pub(super) centres: &'a [Site],
    pub(super) dates: &'a Dates,
    pub(super) slack: f64,
    pub(super) codes: &'a mut Codes,
    pub(super) draw: &'a mut Draw,
    /// All schools, those of the candidates first; sections without candidates here are added.
    pub(super) schools: Vec<Placed>,
    pub(super) examiners: Vec<RawExaminer>,
}

impl Staff<'_> {
    /// Everybody whom one region needs.
    pub(super) fn region(&mut self, region: usize, need: &Need) {
        let unused = (0..self.schools.len()).filter(|&s| self.schools[s].region == region).collect();
        let mut sections = Sections { region, known: Vec::new(), unused };
        for (kind, days) in [(&STI, need.sti), (&EG, need.eg), (&ENGLISH, need.english)] {
            self.teachers(region, kind, days, &mut sections);
        }
        for (language, days) in &need.languages {
            self.linguists(region, language, *days, &mut sections);
        }
        self.professionals(region, need.professional);
    }

    /// The `k`-th section of a region whose teachers are convened. Every third one presents candidates here, as far
    /// as there are such schools; the others assess theirs continuously, and lend their teachers.
    fn section(&mut self, k: usize, sections: &mut Sections) -> usize {
        while sections.known.len() <= k {
            let own = if self.draw.chance(OWN_SECTIONS) { sections.unused.pop() } else { None };
            let next = own.unwrap_or_else(|| {
                let kind = "Lycée fictif";
                self.schools.push(school(kind, sections.region, self.regions, self.centres, self.codes, self.draw));
                self.schools.len() - 1
            });
            sections.known.push(next);
        }
        sections.known[k]
    }

    fn teachers(&mut self, region: usize, kind: &Kind, need: f64, sections: &mut Sections) {
        if need <= 0.0 {
            return;
        }
        let wanted = need * self.slack * kind.margin;
        // Two at least where people are not scarce, so that one who knows the candidate can be replaced.
        let fewest = if self.slack >= 1.0 { 2 } else { 1 };
        let (mut days, mut count, mut k) = (0.0, 0, 0);
        while days < wanted || count < fewest {
            let section = self.section(k, sections);
            k += 1;
            for _ in 0..self.draw.between(kind.per_section.0, kind.per_section.1) {
                if days >= wanted && count >= fewest {
                    break;
                }
                let mut qualifications = vec![kind.qualification.to_string()];
                if count == 0 || self.draw.chance(kind.ccst) {
                    qualifications.push("CCST".into());
                }
                let (available, free) = self.availability();
                let asked = self.draw.between(kind.days.0, kind.days.1);
                let mut limit = self.draw.chance(0.6).then_some(asked);
                let convened = |limit: Option<usize>| limit.map_or(free, |l| free.min(l as f64));
                // The last one is asked for no more than what is still wanted.
                let left = (wanted - days).ceil().max(1.0);
                if convened(limit) > left {
                    limit = Some(left as usize);
                }
                days += convened(limit);
                count += 1;
                let teacher = self.teacher(section, qualifications);
                self.push(region, RawExaminer { available, max_days: limit.map(|l| l as u32), ..teacher });
            }
        }
        for _ in 0..count / RESERVE {
            let section = self.draw.below(k);
            let (available, _) = self.availability();
            let qualifications = vec![kind.qualification.to_string(), "CCST".into()];
            let teacher = self.teacher(sections.known[section], qualifications);
            self.push(region, RawExaminer { available, reserve: true, ..teacher });
        }
    }

    /// The few who can examine another language; they come when that language is heard.
    fn linguists(&mut self, region: usize, language: &str, need: f64, sections: &mut Sections) {
        let fewest = if self.slack >= 1.2 { 2 } else { 1 };
        let count = ((need * self.slack / 2.0).ceil() as usize).max(fewest);
        for i in 0..count {
            let k = self.draw.below(sections.known.len().max(4));
            let section = self.section(k, sections);
            let mut qualifications = vec![format!("LV-{language}")];
            if i < fewest || self.draw.chance(0.85) {
                qualifications.push("CCST".into());
            }
            let (mut available, _) = self.availability();
            let only = self.dates.optional_language.clone();
            available.retain(|span| !only.contains(&span.date));
            available.extend(only.iter().map(|&date| span(date, WHOLE)));
            available.sort_by_key(|span| (span.date, span.from));
            let teacher = self.teacher(section, qualifications);
            self.push(region, RawExaminer { available, ..teacher });
        }
    }

    /// 0.6 to 1 for each commission that wants one, each free for one to three half-days.
    fn professionals(&mut self, region: usize, need: f64) {
        let usable: Vec<usize> = (0..self.dates.all.len()).filter(|&d| self.dates.worth[d] > 0.0).collect();
        let wanted = need * HALVES * self.draw.within(0.6, 1.0) * self.slack.min(1.0);
        let mut halves = 0;
        while (halves as f64) < wanted {
            let free = self.draw.between(1, 3).min(usable.len() * 2);
            halves += free;
            let mut available = Vec::new();
            for half in self.draw.sample(usable.len() * 2, free) {
                let date = self.dates.all[usable[half / 2]];
                available.push(span(date, if half % 2 == 0 { MORNING } else { AFTERNOON }));
            }
            let town = self.draw.pick(&self.regions[region].towns).point;
            let home = near(town, 0.1, self.draw);
            let mut person = self.person(home, vec!["PRO".into()]);
            person.info.insert("status".into(), "professionnel".into());
            self.push(region, RawExaminer { available, ..person });
        }
    }

    /// Free on most dates, whole or in part; and how many usable days that makes.
    fn availability(&mut self) -> (Vec<RawSpan>, f64) {
        let (mut spans, mut days) = (Vec::new(), 0.0);
        for (i, &date) in self.dates.all.iter().enumerate() {
            let (own, part): (&[_], f64) = self.draw.weighted(&[
                (70.0, (&[WHOLE][..], 1.0)),
                (7.0, (&[MORNING][..], 0.5)),
                (6.0, (&[AFTERNOON][..], 0.5)),
                (4.0, (&[(Clock(7 * 60 + 30), Clock(11 * 60)), (Clock(14 * 60), Clock(18 * 60 + 30))][..], 0.8)),
                (13.0, (&[][..], 0.0)),
            ]);
            spans.extend(own.iter().map(|&hours| span(date, hours)));
            days += part * self.dates.worth[i];
        }
        if days == 0.0 {
            let best =
                (0..self.dates.all.len()).rev().max_by(|&a, &b| self.dates.worth[a].total_cmp(&self.dates.worth[b]));
            let date = self.dates.all[best.expect("an instance has a date")];
            spans.retain(|s| s.date != date);
            spans.push(span(date, WHOLE));
            spans.sort_by_key(|s| (s.date, s.from));
            days = 1.0;
        }
        (spans, days)
    }

    fn teacher(&mut self, section: usize, qualifications: Vec<String>) -> RawExaminer {
        let Placed { school, point, region, .. } = &self.schools[section];
        let (id, point, region) = (school.id.clone(), *point, *region);
        let home = near(point, 0.12, self.draw);
        let mut teacher = self.person(home, qualifications);
        teacher.schools.push(id);
        if self.draw.chance(0.05) {
            let others: Vec<usize> = (0..self.schools.len()).filter(|&s| self.schools[s].region == region).collect();
            let second = &self.schools[*self.draw.pick(&others)].school.id;
            if !teacher.schools.contains(second) {
                teacher.schools.push(second.clone());
            }
        }
        teacher
    }

    fn person(&mut self, home: Point, qualifications: Vec<String>) -> RawExaminer {
        RawExaminer {
            id: String::new(),
            name: Some(names::examiner(self.draw)),
            qualifications,
            schools: Vec::new(),
            km: km(home, self.centres),
            available: Vec::new(),
            max_days: None,
            sittings_a_day: None,
            max_sittings: None,
            target_sittings: None,
            rather_not: Vec::new(),
            centres: None,
            reserve: false,
            info: Info::new(),
        }
    }

    /// Adds a person under the next id. Where there are several groups, an académie convenes its own people only
    /// to the centres of its group.
    fn push(&mut self, region: usize, mut person: RawExaminer) {
        person.id = format!("X{:04}", self.examiners.len() + 1);
        person.info.insert("email".into(), format!("{}@example.org", person.id.to_lowercase()));
        if self.regions.len() > 1 {
            let own = self.centres.iter().filter(|c| self.regions[region].owns(c));
            person.centres = Some(own.map(|c| c.id.clone()).collect());
        }
        self.examiners.push(person);
    }
}

fn span(date: chrono::NaiveDate, (from, to): (Clock, Clock)) -> RawSpan {
    RawSpan { date, from, to }
}
