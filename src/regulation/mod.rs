//! The regulation of a diploma as data: exams, commissions and their seats. The program ships one
//! ([`SHIPPED`]); an instance may carry its own in the same form, so another diploma needs no code.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::instance::{CommissionIx, ExamIx, Ix, Minutes, Table};
use crate::tr;

/// The regulations inside the program: name and text.
pub const SHIPPED: &[(&str, &str)] = &[("bts-ccst-2024", include_str!("bts-ccst-2024.json"))];

/// What rooms are equipped with, in words: `équipées d'un téléphone`.
pub fn equipped(equipment: &[&str]) -> String {
    let known = |e: &&str| match *e {
        "phone" => tr!("a telephone", "d'un téléphone"),
        own => tr!("{own}", "de : {own}"),
    };
    let list = equipment.iter().map(known).collect::<Vec<_>>().join(", ");
    tr!("with {list}", "équipées {list}")
}

/// Stands for the oral's own language in a qualification (`LV-{language}`).
const LANGUAGE: &str = "{language}";

/// A regulation as it stands in a file.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct RawRegulation {
    /// Its name.
    pub id: String,
    /// What diploma it is for.
    #[serde(default)]
    pub title: String,
    /// The sessions that it is for, `2024`; empty where it does not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<String>,
    /// The text that it is drawn from.
    #[serde(default)]
    pub source: String,
    /// The kinds of commission.
    pub commissions: Vec<RawCommission>,
    /// The kinds of oral.
    pub exams: Vec<RawExam>,
}

/// A kind of commission.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct RawCommission {
    /// Unique among commissions.
    pub id: String,
    /// Its seats.
    pub seats: Vec<RawSeat>,
}

/// A place in a commission.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct RawSeat {
    /// Unique in the commission.
    pub id: String,
    /// Any of these sets of qualifications will do; `{language}` stands for the oral's language.
    pub any_of: Vec<Vec<String>>,
    /// Whether the commission may not hear without it.
    #[serde(default = "yes")]
    pub required: bool,
    /// Qualifications that the holder had better have.
    #[serde(default)]
    pub prefers: Vec<String>,
}

fn yes() -> bool {
    true
}

/// A kind of oral.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct RawExam {
    /// Unique among exams.
    pub id: String,
    /// Its title.
    #[serde(default)]
    pub title: String,
    /// Its code as people read it, where the id is not for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The commission that hears it.
    pub commission: String,
    /// Minutes of preparation.
    #[serde(default)]
    #[schemars(range(max = 720))]
    pub preparation: u32,
    /// Minutes of the sitting.
    #[schemars(range(min = 1, max = 720))]
    pub duration: u32,
    /// Minutes before the same commission, or the same room, hears again (policy: the circular is silent).
    #[serde(default)]
    #[schemars(range(max = 720))]
    pub turnaround: u32,
    /// What the candidate must have handed in.
    #[serde(default)]
    pub file: FileRule,
    /// What the exam room must be equipped with.
    #[serde(default)]
    pub equipment: Vec<String>,
    /// The exam at whose end, in the same session, this one starts.
    #[serde(default)]
    pub follows: Option<String>,
    /// The evaluation grid's annex.
    #[serde(default)]
    pub grid: Option<String>,
    /// The paragraph of the text that it comes from.
    #[serde(default)]
    pub source: String,
}

/// What the candidate must have handed in for an exam to be heard.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum FileRule {
    /// Nothing.
    #[default]
    None,
    /// A file that passes the conformity control: nonconform or missing is not-valid.
    Controlled,
    /// A file that is there: missing is not-held.
    Presented,
}

/// A regulation whose references are resolved.
#[derive(Clone, Debug)]
pub struct Regulation {
    /// Its name.
    pub id: String,
    /// What diploma it is for.
    pub title: String,
    /// The sessions that it is for; empty where it does not say.
    pub sessions: Vec<String>,
    /// The text that it is drawn from.
    pub source: String,
    /// The kinds of commission.
    pub commissions: Table<CommissionIx, Commission>,
    /// The kinds of oral.
    pub exams: Table<ExamIx, Exam>,
}

/// A kind of commission.
#[derive(Clone, Debug)]
pub struct Commission {
    /// Its name.
    pub id: String,
    /// Its seats.
    pub seats: Vec<Seat>,
    /// Whether a seat needs the oral's language, so that a session has one language.
    pub has_language: bool,
}

/// A place in a commission.
#[derive(Clone, Debug)]
pub struct Seat {
    /// Its name.
    pub id: String,
    /// Any of these sets of qualifications will do.
    pub any_of: Vec<Vec<String>>,
    /// Whether the commission may not hear without it.
    pub required: bool,
    /// Qualifications that the holder had better have.
    pub prefers: Vec<String>,
}

impl Seat {
    /// Whether these qualifications fill the seat of a session of that language.
    pub fn accepts(&self, qualifications: &BTreeSet<String>, language: Option<&str>) -> bool {
        self.any_of.iter().any(|set| set.iter().all(|q| has(qualifications, q, language)))
    }
    /// Whether none of the preferred qualifications is lacking.
    pub fn preferred(&self, qualifications: &BTreeSet<String>, language: Option<&str>) -> bool {
        self.prefers.iter().all(|q| has(qualifications, q, language))
    }
    /// What fills it, in words: `EG + CCST / STI + CCST`.
    pub fn needs(&self) -> String {
        self.any_of.iter().map(|set| set.join(" + ")).collect::<Vec<_>>().join(" / ")
    }
}

fn has(qualifications: &BTreeSet<String>, needed: &str, language: Option<&str>) -> bool {
    if needed.contains(LANGUAGE) {
        language.is_some_and(|l| qualifications.contains(&needed.replace(LANGUAGE, l)))
    } else {
        qualifications.contains(needed)
    }
}

/// Whether a qualification that a seat names (`LV-{language}`) can be this one (`LV-es`).
pub fn may_mean(named: &str, qualification: &str) -> bool {
    match named.split_once(LANGUAGE) {
        Some((before, after)) => qualification.strip_prefix(before).is_some_and(|rest| rest.ends_with(after)),
        None => named == qualification,
    }
}

/// A kind of oral; minutes without any extra.
#[derive(Clone, Debug)]
pub struct Exam {
    /// Its id.
    pub id: String,
    /// Its code as people read it.
    pub code: String,
    /// Its title.
    pub title: String,
    /// The commission that hears it.
    pub commission: CommissionIx,
    /// Preparation.
    pub preparation: Minutes,
    /// The sitting.
    pub duration: Minutes,
    /// Before the same people, or the same room, hear again.
    pub turnaround: Minutes,
    /// What must have been handed in.
    pub file: FileRule,
    /// What the exam room must be equipped with.
    pub equipment: Vec<String>,
    /// The exam at whose end this one starts.
    pub follows: Option<ExamIx>,
    /// The evaluation grid's annex.
    pub grid: Option<String>,
    /// The paragraph that it comes from.
    pub source: String,
}

impl Regulation {
    /// The exam of that code.
    pub fn exam(&self, id: &str) -> Option<ExamIx> {
        self.exams.enumerate().find(|(_, e)| e.id == id).map(|(i, _)| i)
    }
    /// The commission of that name.
    pub fn commission(&self, id: &str) -> Option<CommissionIx> {
        self.commissions.enumerate().find(|(_, c)| c.id == id).map(|(i, _)| i)
    }
    /// A shipped regulation.
    pub fn shipped(name: &str) -> Option<RawRegulation> {
        let (_, text) = SHIPPED.iter().find(|(id, _)| *id == name)?;
        Some(serde_json::from_str(text).expect("the shipped regulation is read by every test"))
    }
    /// Resolves a regulation, or says all that is wrong with it; `path` is its place in the file.
    pub fn resolve(raw: &RawRegulation, path: &str) -> Result<Regulation, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut seen = BTreeSet::new();
        for (i, c) in raw.commissions.iter().enumerate() {
            let at = format!("{path}.commissions[{i}]");
            own_id(format!("{at}.id"), &c.id, &mut seen, &mut faults);
            if c.seats.is_empty() {
                faults.push(Fault::new(
                    format!("{at}.seats"),
                    tr!(
                        "a commission without a seat hears nobody; give it at least one",
                        "une commission sans siège n'entend personne ; il en faut au moins un"
                    ),
                ));
            }
            let mut seats = BTreeSet::new();
            for (j, s) in c.seats.iter().enumerate() {
                own_id(format!("{at}.seats[{j}].id"), &s.id, &mut seats, &mut faults);
            }
        }
        let commissions: BTreeMap<&str, usize> =
            raw.commissions.iter().enumerate().map(|(i, c)| (c.id.as_str(), i)).collect();
        let exams: BTreeMap<&str, usize> = raw.exams.iter().enumerate().map(|(i, e)| (e.id.as_str(), i)).collect();
        let mut seen = BTreeSet::new();
        for (i, e) in raw.exams.iter().enumerate() {
            let at = format!("{path}.exams[{i}]");
            own_id(format!("{at}.id"), &e.id, &mut seen, &mut faults);
            if !commissions.contains_key(e.commission.as_str()) {
                faults.push(Fault::unknown(
                    format!("{at}.commission"),
                    "commission",
                    &e.commission,
                    commissions.keys(),
                ));
            }
            let Some(lead) = &e.follows else { continue };
            match exams.get(lead.as_str()) {
                None => faults.push(Fault::unknown(format!("{at}.follows"), "exam", lead, exams.keys())),
                Some(&l) if raw.exams[l].commission != e.commission => faults.push(Fault::new(
                    format!("{at}.follows"),
                    tr!(
                        "{} follows {lead}, which another commission hears; both need the same",
                        "{} suit {lead}, qu'une autre commission entend ; il faut la même",
                        e.id
                    ),
                )),
                Some(_) if Self::circular(raw, &exams, i) => faults.push(Fault::new(
                    format!("{at}.follows"),
                    tr!("the exam {} follows itself in the end", "l'épreuve {} finit par se suivre elle-même", e.id),
                )),
                Some(_) => {}
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Regulation {
            id: raw.id.clone(),
            title: raw.title.clone(),
            sessions: raw.sessions.clone(),
            source: raw.source.clone(),
            commissions: raw.commissions.iter().map(commission).collect(),
            exams: raw
                .exams
                .iter()
                .map(|e| Exam {
                    id: e.id.clone(),
                    code: e.code.clone().unwrap_or_else(|| e.id.clone()),
                    title: if e.title.is_empty() { e.id.clone() } else { e.title.clone() },
                    commission: CommissionIx::of(commissions[e.commission.as_str()]),
                    preparation: e.preparation as Minutes,
                    duration: e.duration as Minutes,
                    turnaround: e.turnaround as Minutes,
                    file: e.file,
                    equipment: e.equipment.clone(),
                    follows: e.follows.as_deref().map(|l| ExamIx::of(exams[l])),
                    grid: e.grid.clone(),
                    source: e.source.clone(),
                })
                .collect(),
        })
    }

    /// What stands for a regulation that has faults or is unknown while the rest of the instance is checked: these
    /// exams, before one commission that has no language and knows every qualification.
    pub(crate) fn stand_in<'a>(exams: impl IntoIterator<Item = &'a str>) -> Regulation {
        let seat = Seat { id: String::new(), any_of: Vec::new(), required: false, prefers: vec![LANGUAGE.into()] };
        let commission = Commission { id: String::new(), seats: vec![seat], has_language: false };
        let exam = |id: &str| Exam {
            id: id.into(),
            code: id.into(),
            title: id.into(),
            commission: CommissionIx::of(0),
            preparation: 0,
            duration: 0,
            turnaround: 0,
            file: FileRule::None,
            equipment: Vec::new(),
            follows: None,
            grid: None,
            source: String::new(),
        };
        Regulation {
            id: String::new(),
            title: String::new(),
            sessions: Vec::new(),
            source: String::new(),
            commissions: [commission].into_iter().collect(),
            exams: exams.into_iter().collect::<BTreeSet<_>>().into_iter().map(exam).collect(),
        }
    }

    fn circular(raw: &RawRegulation, exams: &BTreeMap<&str, usize>, start: usize) -> bool {
        let mut at = start;
        for _ in 0..raw.exams.len() {
            match raw.exams[at].follows.as_deref().and_then(|l| exams.get(l)) {
                Some(&next) if next == start => return true,
                Some(&next) => at = next,
                None => return false,
            }
        }
        false
    }
}

fn own_id<'a>(path: String, id: &'a str, seen: &mut BTreeSet<&'a str>, faults: &mut Vec<Fault>) {
    if id.trim().is_empty() {
        faults.push(Fault::empty_id(path));
    } else if !seen.insert(id) {
        faults.push(Fault::duplicate(path, id));
    }
}

fn commission(raw: &RawCommission) -> Commission {
    let seats: Vec<Seat> = raw
        .seats
        .iter()
        .map(|s| Seat { id: s.id.clone(), any_of: s.any_of.clone(), required: s.required, prefers: s.prefers.clone() })
        .collect();
    let has_language = seats.iter().any(|s| s.any_of.iter().flatten().any(|q| q.contains(LANGUAGE)));
    Commission { id: raw.id.clone(), seats, has_language }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ccst() -> Regulation {
        Regulation::resolve(&Regulation::shipped("bts-ccst-2024").unwrap(), "regulation").unwrap()
    }

    #[test]
    fn the_circular_asks_for_three_two_and_one_members() {
        let r = ccst();
        let required = |exam: &str| {
            let c = &r.commissions[r.exams[r.exam(exam).unwrap()].commission];
            (c.seats.len(), c.seats.iter().filter(|s| s.required).count())
        };
        assert_eq!(required("E4"), (3, 2));
        assert_eq!(required("U61"), (3, 2));
        assert_eq!(required("U62"), (2, 2));
        assert_eq!(required("E22"), (1, 1));
        assert_eq!(r.exams[r.exam("EF3").unwrap()].follows, r.exam("U61"));
    }

    #[test]
    fn a_language_seat_asks_for_the_orals_language() {
        let r = ccst();
        let lv = &r.commissions[r.commission("langue-facultative").unwrap()].seats[0];
        let teacher: BTreeSet<String> = ["LV-es", "CCST"].map(String::from).into();
        assert!(lv.accepts(&teacher, Some("es")));
        assert!(!lv.accepts(&teacher, Some("de")));
        assert!(!lv.accepts(&teacher, None));
    }

    #[test]
    fn every_fault_of_a_regulation_is_said() {
        let mut raw = Regulation::shipped("bts-ccst-2024").unwrap();
        raw.exams[0].commission = "nobody".into();
        raw.exams[1].follows = Some("EF3".into());
        raw.exams[2].id = "E4".into();
        raw.commissions[3].seats.clear();
        let faults = Regulation::resolve(&raw, "regulation").unwrap_err();
        let paths: Vec<_> = faults.iter().map(|f| f.path.as_str()).collect();
        for path in [
            "regulation.exams[0].commission",
            "regulation.exams[1].follows",
            "regulation.exams[2].id",
            "regulation.commissions[3].seats",
        ] {
            assert!(paths.contains(&path), "{path} not in {paths:?}");
        }
    }
}
